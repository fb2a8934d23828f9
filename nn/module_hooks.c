/* module_hooks.c - hooks of modules.
 *
 * Hooks on gradients need places in the graph where the module begins and ends: its inputs, and its result, go through an
 * operation that does nothing but to have a node, with hooks of its own (PyTorch's BackwardHookFunction). The two ends share a
 * passage, which keeps the gradient of the result for the hooks that are called at the inputs. */
#include "module_hooks.h"

#include <stdatomic.h>

#include "../autograd/node.h"
#include "module.h"

/* ---- Registering ------------------------------------------------------------------------------------------------- */

/* Those of every module. The list is read under the lock of its walks, and only once there was a hook in it. */
static wick_hook *everywhere;
static atomic_bool was_used;

static wick_hook *add(const char *function, wick_hook **list, wk_hook_kind kind, wk_hook_function *f,
                      const wick_nn_hook_options *given)
{
    wick_nn_hook_options o = WK_OPTIONS(wick_nn_hook_options, 0, given);
    if (!f)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the function is NULL", function);
    return wk_hook_add(list, kind, f, o.prepend,
                       (wick_hook_options){sizeof(wick_hook_options), 0, o.context, o.destroy});
}

static wick_hook *add_to(const char *function, wick_module *m, wk_hook_kind kind, wk_hook_function *f,
                         const wick_nn_hook_options *given)
{
    return WK_MODULE(m, function, "m") ? add(function, &m->hooks, kind, f, given) : NULL;
}

wick_hook *wick_nn_register_forward_pre_hook_opt(wick_module *m, wick_nn_forward_pre_hook f,
                                                 const wick_nn_hook_options *options)
{
    WK_ENTER;
    return add_to("wick_nn_register_forward_pre_hook", m, WK_HOOK_FORWARD_PRE, (wk_hook_function *)f, options);
}

wick_hook *wick_nn_register_forward_hook_opt(wick_module *m, wick_nn_forward_hook f,
                                             const wick_nn_hook_options *options)
{
    WK_ENTER;
    return add_to("wick_nn_register_forward_hook", m, WK_HOOK_FORWARD, (wk_hook_function *)f, options);
}

wick_hook *wick_nn_register_forward_list_hook_opt(wick_module *m, wick_nn_forward_list_hook f,
                                                  const wick_nn_hook_options *options)
{
    WK_ENTER;
    return add_to("wick_nn_register_forward_list_hook", m, WK_HOOK_FORWARD_LIST, (wk_hook_function *)f, options);
}

wick_hook *wick_nn_register_full_backward_hook_opt(wick_module *m, wick_nn_backward_hook f,
                                                   const wick_nn_hook_options *options)
{
    WK_ENTER;
    return add_to("wick_nn_register_full_backward_hook", m, WK_HOOK_BACKWARD, (wk_hook_function *)f, options);
}

wick_hook *wick_nn_register_full_backward_pre_hook_opt(wick_module *m, wick_nn_backward_pre_hook f,
                                                       const wick_nn_hook_options *options)
{
    WK_ENTER;
    return add_to("wick_nn_register_full_backward_pre_hook", m, WK_HOOK_BACKWARD_PRE, (wk_hook_function *)f, options);
}

wick_hook *wick_nn_register_module_forward_pre_hook_opt(wick_nn_forward_pre_hook f, const wick_nn_hook_options *options)
{
    WK_ENTER;
    atomic_store(&was_used, true);
    return add("wick_nn_register_module_forward_pre_hook", &everywhere, WK_HOOK_FORWARD_PRE, (wk_hook_function *)f,
               options);
}

wick_hook *wick_nn_register_module_forward_hook_opt(wick_nn_forward_hook f, const wick_nn_hook_options *options)
{
    WK_ENTER;
    atomic_store(&was_used, true);
    return add("wick_nn_register_module_forward_hook", &everywhere, WK_HOOK_FORWARD, (wk_hook_function *)f, options);
}

bool wk_module_has_hooks(const wick_module *m) { return m->hooks || atomic_load(&was_used); }

/* ---- The two ends of a module in the graph ------------------------------------------------------------------------ */

typedef struct passage {
    wick_object base;
    wick_module *module; /* held, with its hooks */
    wk_hook_walk before, after;
    int inputs, results;
    wick_node *at_inputs;    /* where hooks wait for the inputs' gradients; not held; NULL: no input requires grad */
    wick_list *grad_outputs; /* held; of the pass that has come to the result and not yet to the inputs */
} passage;

static void forget(passage *p)
{
    wk_unref(p->grad_outputs);
    p->grad_outputs = NULL;
}

static void passage_destroy(wick_object *object)
{
    passage *p = (passage *)object;
    forget(p);
    wk_unref(p->module);
    wk_free(p, sizeof *p);
}

static const wk_class passage_class = {"passage", passage_destroy};

/* What hooks of m will wait for; NULL with an error. Owned by the innermost scope. */
static passage *passage_new(wick_module *m, int inputs)
{
    passage *p = wk_alloc_zero(sizeof *p);
    if (!p)
        return NULL;
    wk_object_init(&p->base, &passage_class);
    p->module = wk_ref(m);
    p->before = wk_hooks_begin(&m->hooks, WK_HOOK_BACKWARD_PRE);
    p->after = wk_hooks_begin(&m->hooks, WK_HOOK_BACKWARD);
    p->inputs = inputs;
    return wk_own(p);
}

static wick_list *same(wick_ctx *ctx, wick_tensor *const *inputs, int n)
{
    WK_OWN_CODE;
    for (int i = 0; i < n; i++)
        if (!wick_ctx_needs_input_grad(ctx, i) && !wick_ctx_mark_non_differentiable(ctx, inputs[i]))
            return NULL;
    return wick_list_n(inputs, n);
}

static wick_list *same_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    WK_OWN_CODE;
    (void)ctx;
    return wick_grads_n(dy, n);
}

static const wick_function_def same_function = {"BackwardHookFunction", .forward_n = same, .backward = same_backward};

/* The tensors with a node of their own, at which hook or prehook is called; NULL with an error. */
static wick_list *through(passage *p, wick_tensor *const *tensors, int n, wick_node_hook hook,
                          wick_node_prehook prehook)
{
    wick_list *same_tensors = wick_apply_list(&same_function, tensors, n);
    for (int i = 0; same_tensors && i < n; i++) {
        wick_node *node = wick_grad_fn(same_tensors->items[i]);
        if (!node)
            continue;
        if (hook)
            p->at_inputs = node;
        wk_ref(p);
        if (hook ? wick_node_register_hook(node, hook, .context = p, .destroy = wk_unref)
                 : wick_node_register_prehook(node, prehook, .context = p, .destroy = wk_unref))
            return same_tensors;
        wk_unref(p);
        return NULL;
    }
    return same_tensors;
}

static wick_list *backward_hook(const wk_hook_walk *w, wick_module *m, wick_list *grad_inputs, wick_list *grad_outputs)
{
    WK_USERS_CODE;
    return ((wick_nn_backward_hook)w->f)(m, grad_inputs, grad_outputs, w->context);
}

static wick_list *backward_pre_hook(const wk_hook_walk *w, wick_module *m, wick_list *grad_outputs)
{
    WK_USERS_CODE;
    return ((wick_nn_backward_pre_hook)w->f)(m, grad_outputs, w->context);
}

static wick_list *forward_pre_hook(const wk_hook_walk *w, wick_module *m, wick_list *inputs)
{
    WK_USERS_CODE;
    return ((wick_nn_forward_pre_hook)w->f)(m, inputs, w->context);
}

static wick_list *forward_list_hook(const wk_hook_walk *w, wick_module *m, wick_list *inputs, wick_list *results)
{
    WK_USERS_CODE;
    return ((wick_nn_forward_list_hook)w->f)(m, inputs, results, w->context);
}

static wick_tensor *forward_hook(const wk_hook_walk *w, wick_module *m, wick_list *inputs, wick_tensor *result)
{
    WK_USERS_CODE;
    return ((wick_nn_forward_hook)w->f)(m, inputs, result, w->context);
}

/* Whether what a hook of a module returned, NULL or a list, may take the place of count gradients; an error if not. */
static bool fits(const passage *p, const wick_list *given, const wick_list *other, int64_t count, unsigned failures)
{
    const char *function = "wick_backward";
    if (!given || wk_user_failed(failures) ||
        (other && !WK_LIST_OR_HOLES(other, function, "what a hook of a module returned")))
        return false;
    if (!other || other->count == count)
        return true;
    wick_fail(WICK_ERROR_ARGUMENT, "%s: a backward hook of %s returned %lld gradients, but expected %lld", function,
              p->module->name, (long long)other->count, (long long)count);
    return false;
}

/* The hooks with the gradients of inputs and result, one after the other. What is left of the former; NULL with an error. */
static wick_list *call_after(passage *p, wick_list *grad_inputs, wick_list *grad_outputs)
{
    for (wk_hook_walk w = wk_hooks_again(&p->after); wk_hooks_next(&w);) {
        wick_list *other = backward_hook(&w, p->module, grad_inputs, grad_outputs);
        if (!fits(p, grad_inputs, other, p->inputs, w.failures)) {
            wk_hooks_stop(&w);
            return NULL;
        }
        grad_inputs = other ? other : grad_inputs;
    }
    return grad_inputs;
}

/* The gradients with zeros where there is none, as PyTorch's functions have them. NULL with an error. */
static wick_list *with_zeros(const passage *p, const wick_list *gradients)
{
    wick_list *all = wk_list_with_holes(gradients->items, gradients->count);
    for (int i = 0; all && i < all->count; i++) {
        int ndim;
        wick_dtype dtype;
        const int64_t *shape = wk_output_shape(p->at_inputs, i, &ndim, &dtype);
        if (!all->items[i] && !(all->items[i] = wk_ref(wick_zeros_n(shape, ndim, dtype))))
            return NULL;
    }
    if (all)
        all->has_holes = false;
    return all;
}

/* At the inputs. */
static wick_list *at_inputs(wick_list *grad_inputs, wick_list *dy, void *context)
{
    (void)dy;
    WK_OWN_CODE;
    passage *p = context;
    if (!p->grad_outputs) /* the pass did not come through the result */
        return NULL;
    wick_list *all = with_zeros(p, grad_inputs), *left = all ? call_after(p, all, p->grad_outputs) : NULL;
    forget(p);
    return left;
}

/* Of a module of whose inputs none requires grad: nothing is there to replace. */
static bool call_without_inputs(passage *p, wick_list *grad_outputs)
{
    size_t bytes = (size_t)p->inputs * sizeof(wick_tensor *);
    wick_tensor **none = wk_alloc_zero(bytes);
    wick_list *left = none ? wk_list_with_holes(none, p->inputs) : NULL;
    left = left ? call_after(p, left, grad_outputs) : NULL;
    wk_free(none, bytes);
    for (int64_t i = 0; left && i < left->count; i++)
        if (left->items[i])
            left =
                wick_fail(WICK_ERROR_ARGUMENT,
                          "wick_backward: a backward hook of %s, of whose inputs none requires grad, must return NULL, "
                          "or NULL for all gradients",
                          p->module->name);
    return left != NULL;
}

/* At the result. */
static wick_list *at_result(wick_list *dy, void *context)
{
    WK_OWN_CODE;
    passage *p = context;
    wick_list *grad_outputs = dy;
    for (wk_hook_walk w = wk_hooks_again(&p->before); wk_hooks_next(&w);) {
        wick_list *other = backward_pre_hook(&w, p->module, grad_outputs);
        if (!fits(p, grad_outputs, other, p->results, w.failures)) {
            wk_hooks_stop(&w);
            return NULL;
        }
        grad_outputs = other ? other : grad_outputs;
    }
    forget(p);
    if (p->at_inputs)
        p->grad_outputs = wk_ref(grad_outputs);
    else if (!call_without_inputs(p, grad_outputs))
        return NULL;
    return grad_outputs;
}

/* ---- Forward with hooks -------------------------------------------------------------------------------------------- */

static bool has_backward_hooks(wick_module *m)
{
    for (wk_hook_kind kind = WK_HOOK_BACKWARD_PRE; kind <= WK_HOOK_BACKWARD; kind++) {
        wk_hook_walk w = wk_hooks_begin(&m->hooks, kind);
        if (wk_hooks_next(&w)) {
            wk_hooks_stop(&w);
            return true;
        }
    }
    return false;
}

static wick_list *call_forward_pre_hooks(wick_module *m, wick_hook **hooks, wick_list *inputs)
{
    for (wk_hook_walk w = wk_hooks_begin(hooks, WK_HOOK_FORWARD_PRE); wk_hooks_next(&w);) {
        wick_list *other = forward_pre_hook(&w, m, inputs);
        if (wk_user_failed(w.failures) ||
            (other && !WK_LIST(other, "wick_nn_forward", "what a forward pre-hook returned"))) {
            wk_hooks_stop(&w);
            return NULL;
        }
        inputs = other ? other : inputs;
    }
    return inputs;
}

static wick_list *call_forward_hooks(wick_module *m, wick_hook **hooks, wick_list *inputs, wick_list *results)
{
    for (wk_hook_walk w = wk_hooks_begin(hooks, WK_HOOK_FORWARD); wk_hooks_next(&w);) {
        wick_tensor *other = NULL;
        if (results->count == 1)
            other = forward_hook(&w, m, inputs, results->items[0]);
        else
            wick_fail(WICK_ERROR_ARGUMENT,
                      "wick_nn_forward: a forward hook sees one result, and %s gives %lld; register it by "
                      "wick_nn_register_forward_list_hook",
                      m->name, (long long)results->count);
        if (wk_user_failed(w.failures) ||
            (other && !WK_TENSOR(other, "wick_nn_forward", "what a forward hook returned")) ||
            (other && !(results = wick_list_n(&other, 1)))) {
            wk_hooks_stop(&w);
            return NULL;
        }
    }
    for (wk_hook_walk w = wk_hooks_begin(hooks, WK_HOOK_FORWARD_LIST); wk_hooks_next(&w);) {
        wick_list *other = forward_list_hook(&w, m, inputs, results);
        if (wk_user_failed(w.failures) ||
            (other && !WK_LIST(other, "wick_nn_forward", "what a forward hook returned"))) {
            wk_hooks_stop(&w);
            return NULL;
        }
        results = other ? other : results;
    }
    return results;
}

static bool needs_grad(const wick_list *tensors)
{
    bool needs = false;
    for (int64_t i = 0; i < tensors->count; i++)
        needs |= wk_needs_grad(tensors->items[i]);
    return needs && wick_is_grad_enabled();
}

wick_list *wk_module_run_with_hooks(wick_module *m, wick_tensor *const *inputs, int count)
{
    WICK_SCOPE;
    wick_list *given = wick_list_n(inputs, count);
    given = given ? call_forward_pre_hooks(m, &everywhere, given) : NULL;
    given = given ? call_forward_pre_hooks(m, &m->hooks, given) : NULL;
    if (!given)
        return NULL;
    passage *p = NULL;
    if (has_backward_hooks(m)) {
        if ((p = passage_new(m, (int)given->count)) == NULL)
            return NULL;
        if (needs_grad(given) && !(given = through(p, given->items, (int)given->count, at_inputs, NULL)))
            return NULL;
    }
    wick_list *results = wk_module_results(m, given->items, (int)given->count);
    results = results ? call_forward_hooks(m, &everywhere, given, results) : NULL;
    results = results ? call_forward_hooks(m, &m->hooks, given, results) : NULL;
    if (results && p && needs_grad(results)) {
        p->results = (int)results->count;
        results = through(p, results->items, p->results, NULL, at_result);
    }
    return wick_out(results);
}
