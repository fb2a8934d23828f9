/* hooks.h - functions that the backward pass calls with the gradients that pass by; a part of autograd.h. */
#ifndef WICK_AUTOGRAD_HOOKS_H
#define WICK_AUTOGRAD_HOOKS_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/tensor.h"

WICK_BEGIN_DECLS

typedef struct wick_node wick_node;

/* A hook as it is registered: owned by the innermost scope, whose end does not remove it. */
typedef struct wick_hook wick_hook;

typedef struct wick_hook_options {
    size_t size_;
    char start_;
    void *context;           /* passed to the function; default NULL */
    void (*destroy)(void *); /* called on context, once, when the hook can be called no more and no scope and no
                                 wick_keep holds it; default none. After a failed registration it is not called */
} wick_hook_options;
#define WICK_HOOK_DEFAULTS 0, NULL, NULL
#define WICK_HOOK_OPTIONS(...) WICK_OPTIONS(wick_hook_options, WICK_HOOK_DEFAULTS, __VA_ARGS__)

/* Hooks of all kinds are called in the order of their registration, in a scope of their own, with grad mode on if the
 * backward pass is recorded (.create_graph) and off otherwise. They return NULL for "as it is", or what is to take its
 * place, of the same shape and dtype. One that fails (wick_fail, or a failing call whose error it leaves) ends the pass with
 * its error, and no .grad is changed. They are called for gradients that are there, and so not for a tensor that the root
 * does not depend on. A hook may register and remove hooks: new ones are not called in this pass at this place, removed ones
 * not any more. A hook belongs to the place in the graph that its tensor has when it is registered: it stays there when the
 * tensor is written in place, and works on when the tensor is freed.
 * https://pytorch.org/docs/stable/notes/autograd.html#backward-hooks-execution */

/* t.register_hook(f): f sees the gradient of t, summed over all that use t, once a pass, before it is passed on to what t was
 * made from, accumulated into t's .grad or, for retain_grad, kept: whenever wick_retain_grad was called. wick_grad calls it
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
 * An error for a t that does not require grad. */
typedef wick_tensor *(*wick_tensor_hook)(wick_tensor *grad, void *context);
WICK_API wick_hook *wick_register_hook_opt(wick_tensor *t, wick_tensor_hook f, const wick_hook_options *options);
#define wick_register_hook(t, f, ...) wick_register_hook_opt(t, f, WICK_HOOK_OPTIONS(__VA_ARGS__))

/* t.register_post_accumulate_grad_hook(f), for a leaf that requires grad: f is called with t after backward has added to
 * t's .grad, and may use and change it: an optimizer's step, say. The hooks of all leaves are called after the last .grad has
 * changed, so an error in one leaves the gradients there. wick_grad does not call it. */
typedef void (*wick_accumulated_hook)(wick_tensor *t, void *context);
WICK_API wick_hook *wick_register_post_accumulate_grad_hook_opt(wick_tensor *t, wick_accumulated_hook f,
                                                                const wick_hook_options *options);
#define wick_register_post_accumulate_grad_hook(t, f, ...) \
    wick_register_post_accumulate_grad_hook_opt(t, f, WICK_HOOK_OPTIONS(__VA_ARGS__))

/* node.register_hook(f): f is called after the node, with the gradients of its inputs, which it may replace, and of its
 * results. An item is NULL where there is no gradient, and so may be one of the list that f returns (wick_grads). For the
 * AccumulateGrad node of a leaf there are no inputs, and f is called after .grad has changed. */
typedef wick_list *(*wick_node_hook)(wick_list *grad_inputs, wick_list *grad_outputs, void *context);
WICK_API wick_hook *wick_node_register_hook_opt(wick_node *node, wick_node_hook f, const wick_hook_options *options);
#define wick_node_register_hook(node, f, ...) wick_node_register_hook_opt(node, f, WICK_HOOK_OPTIONS(__VA_ARGS__))

/* node.register_prehook(f): f is called before the node, after the hooks on its results, with the gradients of its results,
 * which it may replace: for the node alone, and not for what retain_grad and wick_grad see. */
typedef wick_list *(*wick_node_prehook)(wick_list *grad_outputs, void *context);
WICK_API wick_hook *wick_node_register_prehook_opt(wick_node *node, wick_node_prehook f,
                                                   const wick_hook_options *options);
#define wick_node_register_prehook(node, f, ...) wick_node_register_prehook_opt(node, f, WICK_HOOK_OPTIONS(__VA_ARGS__))

/* Removes the hook; a second time, and after its tensor is gone, it does nothing. NULL is ignored. */
WICK_API void wick_hook_remove(wick_hook *hook);

/* A list of gradients, in which NULL stands for none: wick_grads(dx, NULL). NULL if an error is recorded, so that a failed
 * call is not taken for no gradient. */
WICK_API wick_list *wick_grads_n(wick_tensor *const *gradients, int64_t count);
#define wick_grads(...) wick_grads_n(WICK_POINTERS_(int64_t, wick_tensor *const, __VA_ARGS__))

WICK_END_DECLS
#endif
