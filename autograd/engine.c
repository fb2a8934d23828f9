/* engine.c - backward: the graph in topological order, each node's rules called once.
 *
 *     visit    from the roots, everything reachable is listed (with a stack of its own: no recursion)
 *     order    newest first. A node's number is greater than the number of every node it depends on, so this is a
 *              topological order: when a node is reached, all its consumers have sent their part of its gradient
 *     run      each node's rules turn the gradient of its result into gradients of its inputs, which are summed over
 *              broadcast dimensions, added to what other consumers sent, and freed when the node is done
 *     commit   the leaves' gradients go to their .grad, in a step that cannot fail: after an error no .grad has changed
 *
 * A node stands in the list of the present run at the place that its mark tells. Threads may run backward at the same time
 * through graphs that share leaves, but not through one and the same graph. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../tensor/kernels.h"
#include "../tensor/thread.h"
#include "node.h"

typedef struct visit {
    wick_node *node;
    wick_tensor *grad; /* of the node's result, as far as it has come in; held */
    bool needed;       /* leads to one of the wanted inputs */
    bool wanted;       /* is one of them: its gradient is for the caller */
} visit;

typedef struct run {
    uint32_t number;
    bool alone;    /* no other run was active when it began */
    bool recorded; /* create_graph */
    bool retain_graph;
    visit *visits;
    size_t count, capacity;
} run;

static atomic_uint last_run, active_runs;

/* ---- Visit and order --------------------------------------------------------------------------------------------------- */

static visit *find(run *r, wick_node *node)
{
    unsigned long long mark = atomic_load_explicit(&node->mark, memory_order_acquire);
    size_t i = (uint32_t)mark;
    if (mark >> 32 == r->number && i < r->count && r->visits[i].node == node) /* numbers of runs come round again */
        return &r->visits[i];
    bool undisturbed = r->alone && atomic_load_explicit(&last_run, memory_order_relaxed) == r->number;
    if (node->leaf && mark && !undisturbed) /* another thread's run may have marked the leaf since */
        for (i = 0; i < r->count; i++)
            if (r->visits[i].node == node)
                return &r->visits[i];
    return NULL;
}

static void set_mark(run *r, size_t i)
{
    atomic_store_explicit(&r->visits[i].node->mark, (unsigned long long)r->number << 32 | i, memory_order_release);
}

/* Lists the node if it is new. */
static bool enter(run *r, wick_node *node)
{
    if (find(r, node))
        return true;
    if (r->count == UINT32_MAX || !WK_GROW(r->visits, r->count, r->capacity))
        return false;
    r->visits[r->count] = (visit){.node = node};
    set_mark(r, r->count++);
    return true;
}

static int newest_first(const void *a, const void *b)
{
    uint64_t na = ((const visit *)a)->node->number, nb = ((const visit *)b)->node->number;
    return na < nb ? 1 : na > nb ? -1 : 0;
}

/* Most graphs are small, and found nearly in order. */
static void sort(visit *v, size_t count)
{
    if (count > 64) {
        qsort(v, count, sizeof *v, newest_first);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        visit x = v[i];
        size_t k = i;
        for (; k > 0 && v[k - 1].node->number < x.node->number; k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

/* Lists all that is reachable from what is listed. The list itself is the queue of what is still to be looked at. */
static bool discover(run *r)
{
    bool sorted = true;
    for (size_t i = 0; i < r->count; i++) {
        wick_node *node = r->visits[i].node;
        for (int k = 0; k < node->inputs; k++)
            if (node->input[k] && !enter(r, node->input[k]))
                return false;
        sorted = sorted && (i == 0 || r->visits[i - 1].node->number >= node->number);
    }
    if (!sorted) {
        sort(r->visits, r->count);
        for (size_t i = 0; i < r->count; i++)
            set_mark(r, i);
    }
    return true;
}

/* ---- Gradients on their way --------------------------------------------------------------------------------------------- */

wick_tensor *wk_sum_to(wick_tensor *g, const int64_t *shape, int ndim)
{
    int extra = g->ndim - ndim;
    wick_reduce_options o = {WICK_REDUCE_DEFAULTS};
    o.keepdim = true;
    unsigned mask = 0;
    for (int i = 0; i < g->ndim; i++)
        if (i < extra || (shape[i - extra] == 1 && g->shape[i] != 1)) { /* was stretched */
            o.dims.dim[o.dims.count++] = i;
            mask |= 1u << i;
        }
    if (!mask)
        return g;
    if (wick_is_grad_enabled())
        return wick_reshape_n(wick_sum_opt(g, o), shape, ndim);
    wick_tensor *sum = wk_new(shape, ndim, (wick_dtype)g->dtype); /* not recorded: straight to the shape */
    if (sum)
        wk_reduce_sum(g, mask, sum);
    return wk_own(sum);
}

/* Whether nothing else can see t's elements, so that they may be added to in place. */
static bool is_private(const wick_tensor *t)
{
    return atomic_load_explicit(&t->base.refs, memory_order_acquire) == 1 && t->contiguous && !t->view_of &&
           atomic_load_explicit(&t->storage->refs, memory_order_acquire) == 1;
}

/* *sum += g; *sum may be NULL, and is held. */
static bool accumulate(run *r, wick_tensor **sum, wick_tensor *g)
{
    if (!*sum) {
        *sum = wk_ref(g);
        return true;
    }
    if (!r->recorded && is_private(*sum) && (*sum)->dtype == g->dtype)
        return wk_map("wick_backward", WK_ADD, *sum, 2, (const wick_tensor *const[]){*sum, g}, NULL);
    wick_tensor *total = (wick_add)(*sum, g);
    if (!total)
        return false;
    wk_unref(*sum);
    *sum = wk_ref(total);
    return true;
}

/* Sends g to the node that computed an input: fits it to the input's shape and dtype, and adds it up. */
static bool deliver(run *r, wick_node *to, wick_tensor *g, const wick_node *from)
{
    g = wk_sum_to(g, to->shape, to->ndim);
    if (g && g->dtype != to->dtype)
        g = wick_to_dtype(g, to->dtype);
    if (!g)
        return false;
    if (g->ndim != to->ndim || memcmp(g->shape, to->shape, (size_t)g->ndim * sizeof *g->shape) != 0) {
        wick_fail(WICK_ERROR_AUTOGRAD, "wick_backward: %s gave a gradient of shape %s for an input of shape %s",
                  from->op->name, WK_SHAPE(g), wk_shape_text(to->shape, to->ndim, (char[WK_SHAPE_TEXT]){0}));
        return false;
    }
    return accumulate(r, &find(r, to)->grad, g);
}

/* ---- Run ---------------------------------------------------------------------------------------------------------------- */

/* Calls the rules of one node. */
static bool call_rules(run *r, wick_node *node, wick_tensor *dy)
{
    WICK_SCOPE;
    for (int i = 0; i < node->inputs; i++) {
        wick_node *to = node->input[i];
        if (!to || !find(r, to)->needed)
            continue;
        const wk_rule *rule = &node->op->rule[node->op->any_inputs ? 0 : i];
        wick_tensor *saved[4] = {NULL};
        for (int k = 0; k < 4; k++)
            if (rule->uses & (1u << k) && !(saved[k] = wk_unpack(node, k, r->recorded)))
                return false;
        wk_grad_rule *f = rule->fused && !r->recorded ? rule->fused : rule->rule;
        wick_tensor *dx = f(node, &node->args, dy, saved[0], saved[1], saved[2], saved[3], i);
        if (!dx && wick_error())
            return false;
        if (dx && !deliver(r, to, dx, node))
            return false;
    }
    return true;
}

static bool run_nodes(run *r)
{
    for (size_t i = 0; i < r->count; i++) {
        wick_node *node = r->visits[i].node;
        if (node->leaf || !r->visits[i].needed)
            continue;
        wick_tensor *dy = r->visits[i].grad;
        if (dy && !call_rules(r, node, dy))
            return false;
        if (!r->retain_graph)
            wk_release_saved(node);
        if (!node->retains && !r->visits[i].wanted) {
            r->visits[i].grad = NULL;
            wk_unref(dy);
        }
    }
    return true;
}

/* A run with the roots and their gradients listed, ordered. gradients[i] NULL: 1, for a root with one element. */
static bool start(run *r, const char *function, wick_list *roots, wick_list *gradients)
{
    r->alone = atomic_fetch_add(&active_runs, 1) == 0;
    do /* number 0 is that of nodes no run has seen */
        r->number = atomic_fetch_add(&last_run, 1) + 1;
    while (r->number == 0);
    if (gradients && gradients->count != roots->count) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld gradients for %lld roots; give one a root", function,
                  (long long)gradients->count, (long long)roots->count);
        return false;
    }
    for (int64_t i = 0; i < roots->count; i++) {
        wick_tensor *root = roots->items[i], *g = gradients ? gradients->items[i] : NULL;
        if (!wk_refresh_view(root))
            return false;
        if (!wk_needs_grad(root)) {
            wick_fail(
                WICK_ERROR_AUTOGRAD,
                "%s: the tensor does not require grad and has no grad_fn: none of what it was made from requires grad, "
                "or it was made under no-grad",
                function);
            return false;
        }
        if (!g && root->numel != 1) {
            wick_fail(
                WICK_ERROR_AUTOGRAD,
                "%s: grad can be created implicitly only for scalar outputs, and this one has shape %s; reduce it first, "
                "or give its gradient",
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
            g = wick_to_dtype(g, (wick_dtype)root->dtype);
        wick_node *node = wk_edge(root);
        if (!g || !node || !enter(r, node) || !accumulate(r, &find(r, node)->grad, g))
            return false;
    }
    return discover(r);
}

static void finish(run *r)
{
    atomic_fetch_sub(&active_runs, 1);
    for (size_t i = 0; i < r->count; i++)
        wk_unref(r->visits[i].grad);
    wk_free(r->visits, r->capacity * sizeof *r->visits);
}

/* ---- Commit -------------------------------------------------------------------------------------------------------------- */

/* Several threads may bring gradients to one leaf. */
static pthread_mutex_t leaf_lock = PTHREAD_MUTEX_INITIALIZER;

/* Whether g may be added into old as it is, whose elements must each have a place of their own. */
static bool adds_in_place(const run *r, const wick_tensor *old, const wick_tensor *g)
{
    return !r->recorded && !wk_needs_grad(old) && old->dtype == g->dtype && old->contiguous;
}

/* The tensor that a visit's gradient belongs to: its leaf, or what asked for retain_grad; NULL for none. */
static wick_tensor *receiver(const visit *v)
{
    wick_tensor *leaf = v->node->leaf;
    if (!v->grad || (leaf && !leaf->requires_grad)) /* which it may have stopped doing since */
        return NULL;
    return leaf ? leaf : v->node->retains;
}

static bool commit(run *r)
{
    bool ok = true;
    pthread_mutex_lock(&leaf_lock);
    /* All that needs memory first. A gradient becomes a .grad as it is if nobody else can see it. */
    for (size_t i = 0; ok && i < r->count; i++) {
        visit *v = &r->visits[i];
        wick_tensor *t = receiver(v), *g = v->grad;
        if (!t || (t->grad && adds_in_place(r, t->grad, g)))
            continue;
        if (t->grad)
            g = (wick_add)(t->grad, g);
        else if (r->recorded || !is_private(g))
            g = wick_clone(g);
        ok = g != NULL;
        if (ok && g != v->grad) {
            wk_unref(v->grad);
            v->grad = wk_ref(g);
        }
    }
    for (size_t i = 0; ok && i < r->count; i++) {
        visit *v = &r->visits[i];
        wick_tensor *t = receiver(v);
        if (!t)
            continue;
        if (t->grad && adds_in_place(r, t->grad, v->grad)) {
            wk_map("wick_backward", WK_ADD, t->grad, 2, (const wick_tensor *const[]){t->grad, v->grad}, NULL);
            wk_bump_version(t->grad, "wick_backward");
        } else {
            wk_unref(t->grad);
            t->grad = v->grad;
            v->grad = NULL;
        }
    }
    pthread_mutex_unlock(&leaf_lock);
    return ok;
}

bool wick_backward_n(wick_list *roots, wick_list *gradients, bool retain_graph, bool create_graph)
{
    if (!WK_LIST(roots, "wick_backward", "roots") || (gradients && !WK_LIST(gradients, "wick_backward", "gradients")))
        return false;
    WICK_SCOPE;
    bool before = wick_set_grad_enabled(create_graph);
    run r = {.recorded = create_graph, .retain_graph = retain_graph || create_graph};
    bool ok = start(&r, "wick_backward", roots, gradients);
    for (size_t i = 0; i < r.count; i++)
        r.visits[i].needed = true;
    ok = ok && run_nodes(&r) && commit(&r);
    finish(&r);
    wick_set_grad_enabled(before);
    return ok;
}

bool wick_backward_opt(wick_tensor *root, wick_backward_options o)
{
    WICK_SCOPE;
    wick_list *roots = WK_TENSOR(root, "wick_backward", "root") ? wick_list_of(root) : NULL;
    wick_list *gradients =
        o.gradient && WK_TENSOR(o.gradient, "wick_backward", "gradient") ? wick_list_of(o.gradient) : NULL;
    if (!roots || (o.gradient && !gradients))
        return false;
    return wick_backward_n(roots, gradients, o.retain_graph, o.create_graph);
}

/* ---- wick_grad: the gradients of chosen tensors ------------------------------------------------------------------------- */

/* Marks the nodes of the inputs, and what leads to them. */
static bool want(run *r, wick_list *inputs, bool allow_unused)
{
    for (int64_t i = 0; i < inputs->count; i++) {
        wick_tensor *t = inputs->items[i];
        if (!wk_refresh_view(t))
            return false;
        wick_node *node = wk_edge(t);
        visit *v = node ? find(r, node) : NULL;
        if (!node) {
            if (!wk_needs_grad(t))
                wick_fail(WICK_ERROR_AUTOGRAD, "wick_grad: input %lld does not require grad", (long long)i);
            return false;
        }
        if (!v && !allow_unused) {
            wick_fail(
                WICK_ERROR_AUTOGRAD,
                "wick_grad: input %lld was not used in making the outputs; set .allow_unused = true if zeros are meant",
                (long long)i);
            return false;
        }
        if (v)
            v->wanted = true;
    }
    for (size_t i = r->count; i-- > 0;) { /* oldest first: what a node depends on is decided before it */
        visit *v = &r->visits[i];
        v->needed = v->wanted;
        for (int k = 0; k < v->node->inputs && !v->needed; k++)
            v->needed = v->node->input[k] && find(r, v->node->input[k])->needed;
    }
    return true;
}

wick_list *wick_grad_opt(wick_list *outputs, wick_list *inputs, wick_grad_options o)
{
    return wk_grad(outputs, inputs, o, &(int64_t){0});
}

wick_list *wk_grad(wick_list *outputs, wick_list *inputs, wick_grad_options o, int64_t *unused)
{
    if (!WK_LIST(outputs, "wick_grad", "outputs") || !WK_LIST(inputs, "wick_grad", "inputs") ||
        (o.grad_outputs && !WK_LIST(o.grad_outputs, "wick_grad", "grad_outputs")))
        return NULL;
    WICK_SCOPE;
    bool before = wick_set_grad_enabled(o.create_graph);
    run r = {.recorded = o.create_graph, .retain_graph = o.retain_graph || o.create_graph};
    bool ok = start(&r, "wick_grad", outputs, o.grad_outputs) && want(&r, inputs, o.allow_unused) && run_nodes(&r);

    size_t bytes = (size_t)inputs->count * sizeof(wick_tensor *);
    wick_tensor **gradients = ok ? wk_alloc(bytes) : NULL;
    ok = gradients != NULL;
    *unused = -1;
    for (int64_t i = 0; ok && i < inputs->count; i++) {
        visit *v = find(&r, wk_edge(inputs->items[i]));
        if (!v && *unused < 0)
            *unused = i;
        gradients[i] = v && v->grad ? v->grad : wick_zeros_like(inputs->items[i]);
        ok = gradients[i] != NULL;
    }
    wick_list *result = ok ? wick_list_n(gradients, inputs->count) : NULL;
    wk_free(gradients, bytes);
    finish(&r);
    wick_set_grad_enabled(before);
    return wick_out(result);
}
