/* hooks.c - hooks: lists of functions, at the node that a gradient belongs to, or at a module (nn/module_hooks.c).
 *
 * A hook is an object that its list, its user's scopes and the call in progress hold; with the last of them its context
 * goes. Hooks of a leaf are at its AccumulateGrad node, which lives as long as the leaf. A leaf may be shared by graphs of
 * several threads, so the lists are walked under a lock, which is not held while a hook runs: the next hook is the one with
 * the next higher number. */
#define _POSIX_C_SOURCE 200809L
#include "hooks.h"

#include <pthread.h>

#include "../tensor/thread.h"
#include "node.h"

struct wick_hook {
    wick_object base;
    wk_hook_kind kind;
    wk_hook_function *f; /* as its kind says */
    wick_hook_options options;
    int64_t number;   /* rises along the list */
    wick_hook **list; /* NULL once it was removed, or what has the list died */
    wick_hook *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t first_number = 1, last_number;

static void hook_destroy(wick_object *object)
{
    wick_hook *hook = (wick_hook *)object;
    if (hook->options.destroy) {
        WK_USERS_CODE;
        hook->options.destroy(hook->options.context);
    }
    wk_free(hook, sizeof *hook);
}

static const wk_class hook_class = {"hook", hook_destroy};

/* ---- Registering ----------------------------------------------------------------------------------------------------------- */

wick_hook *wk_hook_add(wick_hook **list, wk_hook_kind kind, wk_hook_function *f, bool first, wick_hook_options options)
{
    wick_hook *hook = wk_alloc(sizeof *hook);
    if (!hook)
        return NULL;
    wk_object_init(&hook->base, &hook_class);
    hook->kind = kind;
    hook->f = f;
    hook->options =
        (wick_hook_options){.size_ = sizeof(wick_hook_options)}; /* one that fails leaves the context alone */
    hook->list = NULL;
    if (!wk_own(hook))
        return NULL;
    hook->options = options;
    wk_ref(hook);
    pthread_mutex_lock(&lock);
    wick_hook **at = list;
    while (*at && !first)
        at = &(*at)->next;
    hook->next = *at;
    *at = hook;
    hook->list = list;
    hook->number = first ? --first_number : ++last_number;
    pthread_mutex_unlock(&lock);
    return hook;
}

/* The node of a tensor's hooks; NULL with an error. */
static wick_node *node_of(wick_tensor *t, const char *function, bool given)
{
    if (!WK_TENSOR(t, function, "t") || !wk_refresh_view(t))
        return NULL;
    if (!given)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the function is NULL", function);
    if (!wk_needs_grad(t))
        return wick_fail(WICK_ERROR_AUTOGRAD, "%s: cannot register a hook on a tensor that does not require grad",
                         function);
    return wk_edge(t);
}

wick_hook *wick_register_hook_opt(wick_tensor *t, wick_tensor_hook f, const wick_hook_options *given)
{
    WK_ENTER;
    wick_hook_options options = WK_OPTIONS(wick_hook_options, 0, given);
    wick_node *node = node_of(t, "wick_register_hook", f != NULL);
    return node ? wk_hook_add(&node->hooks, WK_HOOK_TENSOR, (wk_hook_function *)f, false, options) : NULL;
}

wick_hook *wick_register_post_accumulate_grad_hook_opt(wick_tensor *t, wick_accumulated_hook f,
                                                       const wick_hook_options *given)
{
    WK_ENTER;
    wick_hook_options options = WK_OPTIONS(wick_hook_options, 0, given);
    const char *function = "wick_register_post_accumulate_grad_hook";
    wick_node *node = node_of(t, function, f != NULL);
    if (node && !node->leaf)
        return wick_fail(WICK_ERROR_AUTOGRAD, "%s: the tensor is not a leaf: it was made by %s; use wick_register_hook",
                         function, node->op->name);
    return node ? wk_hook_add(&node->hooks, WK_HOOK_ACCUMULATED, (wk_hook_function *)f, false, options) : NULL;
}

static bool check_node(const wick_node *node, const char *function, bool given)
{
    if (!wk_check(node, &wk_node_class, function, "node"))
        return false;
    if (!given)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the function is NULL", function);
    return given;
}

wick_hook *wick_node_register_hook_opt(wick_node *node, wick_node_hook f, const wick_hook_options *given)
{
    WK_ENTER;
    wick_hook_options options = WK_OPTIONS(wick_hook_options, 0, given);
    if (!check_node(node, "wick_node_register_hook", f != NULL))
        return NULL;
    return wk_hook_add(&node->hooks, WK_HOOK_POST, (wk_hook_function *)f, false, options);
}

wick_hook *wick_node_register_prehook_opt(wick_node *node, wick_node_prehook f, const wick_hook_options *given)
{
    WK_ENTER;
    wick_hook_options options = WK_OPTIONS(wick_hook_options, 0, given);
    if (!check_node(node, "wick_node_register_prehook", f != NULL))
        return NULL;
    return wk_hook_add(&node->hooks, WK_HOOK_PRE, (wk_hook_function *)f, false, options);
}

void wick_hook_remove(wick_hook *hook)
{
    WK_ENTER;
    if (!hook || !wk_check(hook, &hook_class, "wick_hook_remove", "hook"))
        return;
    pthread_mutex_lock(&lock);
    bool attached = hook->list != NULL;
    if (attached) {
        wick_hook **at = hook->list;
        while (*at != hook)
            at = &(*at)->next;
        *at = hook->next;
        hook->list = NULL;
    }
    pthread_mutex_unlock(&lock);
    if (attached)
        wk_unref(hook);
}

void wk_drop_hooks(wick_hook **list)
{
    while (*list)
        wick_hook_remove(*list);
}

wick_list *wick_grads_n(wick_tensor *const *gradients, int64_t count)
{
    WK_ENTER;
    if (wick_error_kind())
        return NULL;
    if (count < 0 || count > INT32_MAX || (count && !gradients))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_grads: %lld gradients", (long long)count);
    for (int64_t i = 0; i < count; i++)
        if (gradients[i] && !WK_TENSOR(gradients[i], "wick_grads", "a member"))
            return NULL;
    return wk_list_with_holes(gradients, count);
}

/* ---- Calling ----------------------------------------------------------------------------------------------------------------- */

bool wk_user_failed(unsigned failures) { return wick_error_kind() && wk_this_thread.failures != failures; }

wk_hook_walk wk_hooks_begin(wick_hook **list, wk_hook_kind kind)
{
    pthread_mutex_lock(&lock);
    wk_hook_walk w = {list, kind, first_number - 1, last_number, NULL, NULL, NULL, wk_this_thread.failures};
    pthread_mutex_unlock(&lock);
    return w;
}

wk_hook_walk wk_hooks_again(const wk_hook_walk *begun)
{
    wk_hook_walk w = *begun;
    w.failures = wk_this_thread.failures;
    return w;
}

bool wk_hooks_next(wk_hook_walk *w)
{
    wk_unref(w->hook);
    pthread_mutex_lock(&lock);
    wick_hook *hook = *w->list;
    while (hook && (hook->kind != w->kind || hook->number <= w->at))
        hook = hook->next;
    w->hook = hook && hook->number <= w->end ? wk_ref(hook) : NULL;
    pthread_mutex_unlock(&lock);
    if (!w->hook)
        return false;
    w->at = hook->number;
    w->f = hook->f;
    w->context = hook->options.context;
    return true;
}

bool wk_hooks_stop(wk_hook_walk *w)
{
    wk_unref(w->hook);
    return false;
}

static wick_tensor *tensor_hook(const wk_hook_walk *w, wick_tensor *g)
{
    WK_USERS_CODE;
    return ((wick_tensor_hook)w->f)(g, w->context);
}

static wick_list *node_prehook(const wk_hook_walk *w, wick_list *dy)
{
    WK_USERS_CODE;
    return ((wick_node_prehook)w->f)(dy, w->context);
}

static wick_list *node_hook(const wk_hook_walk *w, wick_list *dx, wick_list *dy)
{
    WK_USERS_CODE;
    return ((wick_node_hook)w->f)(dx, dy, w->context);
}

static void accumulated_hook(const wk_hook_walk *w, wick_tensor *leaf)
{
    WK_USERS_CODE;
    ((wick_accumulated_hook)w->f)(leaf, w->context);
}

/* Whether a hook's gradient may take the place of another of this shape and dtype. */
static bool fits(const wick_node *node, const wick_tensor *g, const int64_t *shape, int ndim, wick_dtype dtype)
{
    if (!WK_TENSOR(g, "wick_backward", "what a hook returned"))
        return false;
    bool same = g->ndim == ndim && g->dtype == dtype;
    for (int d = 0; same && d < ndim; d++)
        same = g->shape[d] == shape[d];
    if (!same)
        wick_fail(WICK_ERROR_SHAPE,
                  "wick_backward: a hook at %s returned a gradient of shape %s and dtype %s; it must be %s and %s",
                  node->op->name, WK_SHAPE(g), wick_dtype_name(g->dtype),
                  wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}), wick_dtype_name(dtype));
    return same;
}

bool wk_call_tensor_hooks(wick_node *node, wick_tensor **g)
{
    for (wk_hook_walk w = wk_hooks_begin(&node->hooks, WK_HOOK_TENSOR); wk_hooks_next(&w);) {
        WICK_SCOPE;
        wick_tensor *other = tensor_hook(&w, *g);
        if (wk_user_failed(w.failures) || (other && !fits(node, other, node->shape, node->ndim, node->dtype)))
            return wk_hooks_stop(&w);
        if (other && other != *g) {
            wk_ref(other);
            wk_unref(*g);
            *g = other;
        }
    }
    return true;
}

/* Whether a list that a hook returned has the right length; an error if not. */
static bool has_count(const wick_node *node, const wick_list *list, int64_t count)
{
    if (!WK_LIST_OR_HOLES(list, "wick_backward", "what a hook returned"))
        return false;
    if (list->count != count)
        wick_fail(WICK_ERROR_ARGUMENT, "wick_backward: a hook at %s returned %lld gradients instead of %lld",
                  node->op->name, (long long)list->count, (long long)count);
    return list->count == count;
}

bool wk_call_pre_hooks(wick_node *node, wick_tensor **dy)
{
    for (wk_hook_walk w = wk_hooks_begin(&node->hooks, WK_HOOK_PRE); wk_hooks_next(&w);) {
        wick_list *given = wk_list_with_holes(dy, node->outputs);
        wick_list *other = given ? node_prehook(&w, given) : NULL;
        if (!given || wk_user_failed(w.failures) || (other && !has_count(node, other, node->outputs)))
            return wk_hooks_stop(&w);
        for (int k = 0; other && k < node->outputs; k++) {
            int ndim;
            wick_dtype dtype;
            const int64_t *shape = wk_output_shape(node, k, &ndim, &dtype);
            if (other->items[k] && !fits(node, other->items[k], shape, ndim, dtype))
                return wk_hooks_stop(&w);
            dy[k] = other->items[k];
        }
    }
    return true;
}

bool wk_call_post_hooks(wick_node *node, wick_tensor **dx, wick_tensor *const *dy)
{
    for (wk_hook_walk w = wk_hooks_begin(&node->hooks, WK_HOOK_POST); wk_hooks_next(&w);) {
        wick_list *gradients = wk_list_with_holes(dx, node->inputs);
        wick_list *given = gradients ? wk_list_with_holes(dy, node->outputs) : NULL;
        wick_list *other = given ? node_hook(&w, gradients, given) : NULL;
        if (!given || wk_user_failed(w.failures) || (other && !has_count(node, other, node->inputs)))
            return wk_hooks_stop(&w);
        for (int i = 0; other && i < node->inputs; i++) {
            const wick_tensor *g = other->items[i];
            const wick_node *to = node->input[i]; /* NULL: what is given there goes nowhere */
            if (g && to && !fits(node, g, to->shape, to->ndim, to->dtype))
                return wk_hooks_stop(&w);
            dx[i] = other->items[i];
        }
    }
    return true;
}

bool wk_call_accumulated_hooks(wick_node *node, wick_tensor *dy)
{
    for (wk_hook_walk w = wk_hooks_begin(&node->hooks, WK_HOOK_ACCUMULATED); wk_hooks_next(&w);) {
        WICK_SCOPE;
        accumulated_hook(&w, node->leaf);
        if (wk_user_failed(w.failures))
            return wk_hooks_stop(&w);
    }
    WICK_SCOPE;
    return !dy || wk_call_post_hooks(node, NULL, &dy);
}
