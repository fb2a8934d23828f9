/* module_hooks.h - functions that are called before and after the forward of a module, and with the gradients of its inputs
 * and of its result; a part of nn.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"

WICK_BEGIN_DECLS

typedef struct wick_module wick_module;

typedef struct wick_nn_hook_options {
    size_t size_;
    char start_;
    void *context; /* passed to the function; default NULL */
    /* Called once with context, when the hook cannot be called any more and neither a scope nor wick_keep holds it; not
     * called after a failed registration. Default none. */
    void (*destroy)(void *);
    bool prepend; /* call it before the existing hooks of its kind; default false */
} wick_nn_hook_options;

/* Hooks of each kind are called in the order of their registration, by wick_nn_forward and by the backward pass. They return
 * NULL to change nothing, or a replacement. A hook that fails (by wick_fail, or by a failing call whose error it does not
 * clear) ends the forward or the backward pass with its error. A hook may register and remove hooks: a new one is not called
 * in this forward or backward of this module, and a removed one is not called any more. wick_hook_remove(hook) removes a
 * hook, which may remove itself; all are removed when the module is freed.
 * https://pytorch.org/docs/stable/notes/modules.html#module-hooks */

/* m.register_forward_pre_hook(f): f gets the inputs before forward, and may return a list of others.
 *
 *     static wick_list *noise(wick_module *m, wick_list *inputs, void *context)
 *     {
 *         wick_tensor *x = wick_list_get(inputs, 0);
 *         return wick_nn_is_training(m) ? wick_list_of(wick_add(x, wick_mul(0.1, wick_randn_like(x)))) : NULL;
 *     }
 *     wick_hook *h = wick_nn_register_forward_pre_hook(layer, noise); */
typedef wick_list *(*wick_nn_forward_pre_hook)(wick_module *m, wick_list *inputs, void *context);
WICK_API wick_hook *wick_nn_register_forward_pre_hook_opt(wick_module *m, wick_nn_forward_pre_hook f,
                                                          const wick_nn_hook_options *options);
#define wick_nn_register_forward_pre_hook(m, f, ...) \
    wick_nn_register_forward_pre_hook_opt(m, f, WICK_OPTIONS(wick_nn_hook_options, 0, __VA_ARGS__))

/* m.register_forward_hook(f): f gets the inputs and the result after forward, and may return another result. */
typedef wick_tensor *(*wick_nn_forward_hook)(wick_module *m, wick_list *inputs, wick_tensor *result, void *context);
WICK_API wick_hook *wick_nn_register_forward_hook_opt(wick_module *m, wick_nn_forward_hook f,
                                                      const wick_nn_hook_options *options);
#define wick_nn_register_forward_hook(m, f, ...) \
    wick_nn_register_forward_hook_opt(m, f, WICK_OPTIONS(wick_nn_hook_options, 0, __VA_ARGS__))

/* The same for a module with several results (.forward_list), and for any other module, whose result is then a list of one: f
 * gets all results and may return a list of others. These hooks are called after those of wick_nn_register_forward_hook,
 * which are an error if there are several results. */
typedef wick_list *(*wick_nn_forward_list_hook)(wick_module *m, wick_list *inputs, wick_list *results, void *context);
WICK_API wick_hook *wick_nn_register_forward_list_hook_opt(wick_module *m, wick_nn_forward_list_hook f,
                                                           const wick_nn_hook_options *options);
#define wick_nn_register_forward_list_hook(m, f, ...) \
    wick_nn_register_forward_list_hook_opt(m, f, WICK_OPTIONS(wick_nn_hook_options, 0, __VA_ARGS__))

/* wick_nn_register_forward_pre_hook for every forward of every module, in every thread, before the module's own hooks of this
 * kind: torch.nn.modules.module.register_module_forward_pre_hook(f). Only wick_hook_remove removes such a hook. The same
 * holds for wick_nn_register_module_forward_hook: torch.nn.modules.module.register_module_forward_hook(f). */
WICK_API wick_hook *wick_nn_register_module_forward_pre_hook_opt(wick_nn_forward_pre_hook f,
                                                                 const wick_nn_hook_options *options);
#define wick_nn_register_module_forward_pre_hook(f, ...) \
    wick_nn_register_module_forward_pre_hook_opt(f, WICK_OPTIONS(wick_nn_hook_options, 0, __VA_ARGS__))
WICK_API wick_hook *wick_nn_register_module_forward_hook_opt(wick_nn_forward_hook f,
                                                             const wick_nn_hook_options *options);
#define wick_nn_register_module_forward_hook(f, ...) \
    wick_nn_register_module_forward_hook_opt(f, WICK_OPTIONS(wick_nn_hook_options, 0, __VA_ARGS__))

/* m.register_full_backward_hook(f): f is called in the backward pass when the gradients of the module's inputs are known, and
 * may return others. An input that does not require grad has the gradient 0. If no input requires grad, f is called when the
 * gradient of the result is known, with NULL for each input, and must not return others. grad_outputs has an item for each
 * result, NULL where there is no gradient. Only hooks that existed during the forward are called, and only if the forward was
 * recorded. As in PyTorch, the inputs that forward gets, and the result, then have the grad_fn
 * <BackwardHookFunctionBackward>, and must not be written in place. */
typedef wick_list *(*wick_nn_backward_hook)(wick_module *m, wick_list *grad_inputs, wick_list *grad_outputs,
                                            void *context);
WICK_API wick_hook *wick_nn_register_full_backward_hook_opt(wick_module *m, wick_nn_backward_hook f,
                                                            const wick_nn_hook_options *options);
#define wick_nn_register_full_backward_hook(m, f, ...) \
    wick_nn_register_full_backward_hook_opt(m, f, WICK_OPTIONS(wick_nn_hook_options, 0, __VA_ARGS__))

/* m.register_full_backward_pre_hook(f): f gets the gradients of the module's results before the backward of the module, and may
 * return a list of others. */
typedef wick_list *(*wick_nn_backward_pre_hook)(wick_module *m, wick_list *grad_outputs, void *context);
WICK_API wick_hook *wick_nn_register_full_backward_pre_hook_opt(wick_module *m, wick_nn_backward_pre_hook f,
                                                                const wick_nn_hook_options *options);
#define wick_nn_register_full_backward_pre_hook(m, f, ...) \
    wick_nn_register_full_backward_pre_hook_opt(m, f, WICK_OPTIONS(wick_nn_hook_options, 0, __VA_ARGS__))

WICK_END_DECLS
