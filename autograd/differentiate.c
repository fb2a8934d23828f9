/* differentiate.c - wick_backward and wick_grad: a run from roots, for their leaves or for chosen tensors. */
#include "../tensor/thread.h"
#include "run.h"

/* A run with the roots and their gradients listed, ordered. gradients[i] NULL: 1, for a root with one element. */
static bool start(wk_run *r, const char *function, wick_list *roots, wick_list *gradients)
{
    wk_run_begin(r);
    r->checks_nan = wk_anomaly_checks_nan();
    if (gradients && gradients->count != roots->count) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld gradients for %lld roots; give one per root", function,
                  (long long)gradients->count, (long long)roots->count);
        return false;
    }
    for (int64_t i = 0; i < roots->count; i++) {
        wick_tensor *root = roots->items[i], *g = gradients ? gradients->items[i] : NULL; /* NULL: 1 */
        if (!wk_refresh_view(root))
            return false;
        if (!wk_needs_grad(root)) {
            wick_fail(WICK_ERROR_AUTOGRAD,
                      "%s: the tensor does not require grad and has no grad_fn: nothing that it was made from requires "
                      "grad, or it was made under no-grad",
                      function);
            return false;
        }
        if (!g && root->numel != 1) {
            wick_fail(
                WICK_ERROR_AUTOGRAD,
                "%s: grad can be created implicitly only for scalar outputs, and this one has shape %s; reduce it "
                "first, or give its gradient",
                function, WK_SHAPE(root));
            return false;
        }
        if (g && !wk_same_shape(g, root)) {
            wick_fail(WICK_ERROR_SHAPE, "%s: a gradient of shape %s for a tensor of shape %s; they must be equal",
                      function, WK_SHAPE(g), WK_SHAPE(root));
            return false;
        }
        if (!g)
            g = wick_ones_like(root);
        else if (g->dtype != root->dtype)
            g = wick_to_dtype(g, root->dtype);
        wick_node *node = wk_edge(root);
        if (!g || !node || !wk_run_enter(r, node))
            return false;
        wk_visit *v = wk_run_find(r, node);
        if (!v->root)
            wk_node_ref(node);
        v->root = true;
        if (!wk_run_add(r, &v->grad, g))
            return false;
    }
    return wk_run_order(r);
}

/* ---- wick_backward: the gradients of all leaves -------------------------------------------------------------------------- */

bool wick_backward_from(wick_list *roots, wick_list *gradients, bool retain_graph, bool create_graph)
{
    WK_ENTER;
    if (!WK_LIST(roots, "wick_backward", "roots") ||
        (gradients && !WK_LIST_OR_HOLES(gradients, "wick_backward", "gradients")) || !wk_stack_left("wick_backward"))
        return false;
    if (create_graph &&
        !wick_warn(
            "wick_backward: Using wick_backward with .create_graph = true will create a reference cycle between a "
            "parameter and its gradient, which is never freed. We recommend wick_grad instead; if you use "
            "wick_backward, set the gradients to NULL after use (wick_nn_zero_grad)"))
        return false;
    WICK_SCOPE;
    bool before = wick_set_grad_enabled(create_graph);
    wk_run r = {.recorded = create_graph, .retain_graph = retain_graph || create_graph, .to_leaves = true};
    bool ok = start(&r, "wick_backward", roots, gradients);
    for (size_t i = 0; i < r.count; i++)
        r.visits[i].runs = true;
    ok = ok && wk_run_nodes(&r) && wk_run_commit(&r) && wk_run_committed(&r);
    wk_run_end(&r);
    wick_set_grad_enabled(before);
    return ok;
}

bool wick_backward_opt(wick_tensor *root, const wick_backward_options *given)
{
    WK_ENTER;
    wick_backward_options o = WK_OPTIONS(wick_backward_options, 0, given);
    WICK_SCOPE;
    wick_list *roots = WK_TENSOR(root, "wick_backward", "root") ? wick_list_of(root) : NULL;
    wick_list *gradients =
        o.gradient && WK_TENSOR(o.gradient, "wick_backward", "gradient") ? wick_list_of(o.gradient) : NULL;
    if (!roots || (o.gradient && !gradients))
        return false;
    return wick_backward_from(roots, gradients, o.retain_graph, o.create_graph);
}

/* ---- wick_grad: the gradients of chosen tensors ------------------------------------------------------------------------- */

static bool refuse_unused(int64_t i)
{
    wick_fail(
        WICK_ERROR_AUTOGRAD,
        "wick_grad: input %lld was not used in making the outputs; set .allow_unused = true for no gradient there "
        "(NULL), or .materialize_grads = true for zeros",
        (long long)i);
    return false;
}

/* Marks the nodes of the inputs, and what leads to them. */
static bool want(wk_run *r, wick_list *inputs, bool allow_unused)
{
    for (int64_t i = 0; i < inputs->count; i++) {
        wick_tensor *t = inputs->items[i];
        if (!wk_refresh_view(t))
            return false;
        wick_node *node = wk_edge(t);
        wk_visit *v = node ? wk_run_find(r, node) : NULL;
        if (!node) {
            if (!wk_needs_grad(t))
                wick_fail(WICK_ERROR_AUTOGRAD, "wick_grad: input %lld does not require grad", (long long)i);
            return false;
        }
        if (!v && !allow_unused)
            return refuse_unused(i);
        if (v)
            v->wanted = true;
    }
    for (size_t i = r->count; i-- > 0;) { /* oldest first: what a node depends on is decided before it */
        wk_visit *v = &r->visits[i];
        for (int k = 0; k < v->node->inputs && !v->runs; k++)
            if (!wk_run_needs(r, v->node->input[k], &v->runs))
                return false;
    }
    return true;
}

wick_list *wick_grad_opt(wick_list *outputs, wick_list *inputs, const wick_grad_options *given)
{
    WK_ENTER;
    wick_grad_options o = WK_OPTIONS(wick_grad_options, 0, given);
    return wk_grad(outputs, inputs, o, &(int64_t){0});
}

/* The gradients of the inputs, NULL or zeros for those that have none. */
static bool results(wk_run *r, wick_list *inputs, wick_grad_options o, wick_tensor **gradients, int64_t *unused)
{
    for (int64_t i = 0; i < inputs->count; i++) {
        wick_tensor *t = inputs->items[i];
        const wk_visit *v = wk_run_find(r, wk_edge(t));
        bool none = !v || (!v->result && !v->zero);
        if (none && *unused < 0)
            *unused = i;
        if (none && !o.allow_unused && !o.materialize_grads)
            return refuse_unused(i);
        gradients[i] = v && v->result ? v->result : none && !o.materialize_grads ? NULL : wick_zeros_like(t);
        if (!gradients[i] && !(none && !o.materialize_grads))
            return false;
    }
    return true;
}

wick_list *wk_grad(wick_list *outputs, wick_list *inputs, wick_grad_options o, int64_t *unused)
{
    if (!WK_LIST(outputs, "wick_grad", "outputs") || !WK_LIST(inputs, "wick_grad", "inputs") ||
        (o.grad_outputs && !WK_LIST_OR_HOLES(o.grad_outputs, "wick_grad", "grad_outputs")) ||
        !wk_stack_left("wick_grad"))
        return NULL;
    WICK_SCOPE;
    *unused = -1;
    bool before = wick_set_grad_enabled(o.create_graph);
    wk_run r = {.recorded = o.create_graph, .retain_graph = o.retain_graph || o.create_graph};
    bool ok = start(&r, "wick_grad", outputs, o.grad_outputs) &&
              want(&r, inputs, o.allow_unused || o.materialize_grads) && wk_run_nodes(&r);
    size_t bytes = (size_t)inputs->count * sizeof(wick_tensor *);
    wick_tensor **gradients = ok ? wk_alloc(bytes) : NULL;
    wick_list *list =
        gradients && results(&r, inputs, o, gradients, unused) ? wk_list_with_holes(gradients, inputs->count) : NULL;
    if (gradients)
        wk_free(gradients, bytes);
    list = wick_out(list);
    if (list && !wk_run_commit(&r)) /* of the tensors with retain_grad */
        list = NULL;
    wk_run_end(&r);
    wick_set_grad_enabled(before);
    return list;
}
