/* hooks.h - functions that the backward pass calls with gradients on their way; a part of autograd.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/tensor.h"

WICK_BEGIN_DECLS

typedef struct wick_node wick_node;

/* A registered hook. The innermost scope owns the object; the hook stays registered when that scope ends. */
typedef struct wick_hook wick_hook;

typedef struct wick_hook_options {
    size_t size_;
    char start_;
    void *context; /* passed to the function; default NULL */
    /* Called once with context, when the hook cannot be called any more and neither a scope nor wick_keep holds it; not
     * called after a failed registration. Default none. */
    void (*destroy)(void *);
} wick_hook_options;

/* Hooks of all kinds are called in the order of their registration, in a scope of their own, with grad mode on if the
 * backward pass is recorded (.create_graph) and off otherwise. They return NULL to change nothing, or a replacement of the same
 * shape and dtype. A hook that fails (by wick_fail, or by a failing call whose error it does not clear) ends the pass with its
 * error, and no .grad changes. Hooks are called only where there is a gradient, and so not for a tensor on which the root does
 * not depend. A hook may register and remove hooks: a new one is not called in this pass for this tensor or node, and a removed
 * one is not called any more. A hook belongs to the node that its tensor has at registration: it stays there when the tensor is
 * written in place, and still works when the tensor is freed.
 * https://pytorch.org/docs/stable/notes/autograd.html#backward-hooks-execution */

/* t.register_hook(f): f gets the gradient of t, summed over all uses of t, once per pass, before it is passed on to the
 * inputs of t's node, added to t's .grad, or kept for wick_retain_grad, no matter when that was called. wick_grad calls it,
 * too, for the tensors between outputs and inputs, and for the inputs.
 *
 *     static wick_tensor *clip(wick_tensor *grad, void *context)
 *     {
 *         double limit = *(double *)context;
 *         return wick_clamp(grad, -limit, limit);
 *     }
 *     wick_hook *h = wick_register_hook(w, clip, &limit);      // w.register_hook(lambda g: g.clamp(-limit, limit))
 *     wick_hook_remove(h);                                     // h.remove()
 *
 * A t that does not require grad is an error. */
typedef wick_tensor *(*wick_tensor_hook)(wick_tensor *grad, void *context);
WICK_API wick_hook *wick_register_hook_opt(wick_tensor *t, wick_tensor_hook f, const wick_hook_options *options);
#define wick_register_hook(t, f, ...) wick_register_hook_opt(t, f, WICK_OPTIONS(wick_hook_options, 0, __VA_ARGS__))

/* t.register_post_accumulate_grad_hook(f), for a leaf that requires grad: f is called with t after backward has added to
 * t's .grad, and may use and change it, for example for the step of an optimizer. The hooks of all leaves are called after the
 * last .grad has changed, so the gradients stay when one of the hooks fails. wick_grad does not call it. */
typedef void (*wick_accumulated_hook)(wick_tensor *t, void *context);
WICK_API wick_hook *wick_register_post_accumulate_grad_hook_opt(wick_tensor *t, wick_accumulated_hook f,
                                                                const wick_hook_options *options);
#define wick_register_post_accumulate_grad_hook(t, f, ...) \
    wick_register_post_accumulate_grad_hook_opt(t, f, WICK_OPTIONS(wick_hook_options, 0, __VA_ARGS__))

/* node.register_hook(f): f is called after the node, with the gradients of its inputs, which it may replace, and of its
 * results. An item is NULL where there is no gradient, and the list that f returns (wick_grads) may have such items, too. The
 * AccumulateGrad node of a leaf has no inputs, and there f is called after .grad has changed. */
typedef wick_list *(*wick_node_hook)(wick_list *grad_inputs, wick_list *grad_outputs, void *context);
WICK_API wick_hook *wick_node_register_hook_opt(wick_node *node, wick_node_hook f, const wick_hook_options *options);
#define wick_node_register_hook(node, f, ...) \
    wick_node_register_hook_opt(node, f, WICK_OPTIONS(wick_hook_options, 0, __VA_ARGS__))

/* node.register_prehook(f): f is called before the node and after the hooks of its results, with the gradients of its
 * results. It may replace them for the node; wick_retain_grad and wick_grad do not see the replacement. */
typedef wick_list *(*wick_node_prehook)(wick_list *grad_outputs, void *context);
WICK_API wick_hook *wick_node_register_prehook_opt(wick_node *node, wick_node_prehook f,
                                                   const wick_hook_options *options);
#define wick_node_register_prehook(node, f, ...) \
    wick_node_register_prehook_opt(node, f, WICK_OPTIONS(wick_hook_options, 0, __VA_ARGS__))

/* Removes the hook: h.remove(). It does nothing the second time, or when the hook's tensor is gone. NULL is ignored. */
WICK_API void wick_hook_remove(wick_hook *hook);

/* A list of gradients, in which NULL means that there is none: wick_grads(dx, NULL). The result is NULL if an error is
 * recorded, so that the NULL of a failed call is not taken for a missing gradient. */
WICK_API wick_list *wick_grads_n(wick_tensor *const *gradients, int64_t count);
#define wick_grads(...) wick_grads_n(WICK_POINTERS_(int64_t, wick_tensor *const, __VA_ARGS__))

WICK_END_DECLS
