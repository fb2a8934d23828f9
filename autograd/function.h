/* function.h - operations that users define, forward and backward, and functions that are computed again in the backward
 * pass instead of being remembered; a part of autograd.h. */
#ifndef WICK_AUTOGRAD_FUNCTION_H
#define WICK_AUTOGRAD_FUNCTION_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/tensor.h"
#include "anomaly.h"

WICK_BEGIN_DECLS

/* ---- Operations with a backward of one's own: torch.autograd.Function ------------------------------------------------- */

/* One call of such an operation, from its forward to the end of its place in the graph. It is the library's. */
typedef struct wick_ctx wick_ctx;

/* An operation: what it computes, and the gradients of its inputs.
 *
 *     static wick_tensor *relu_forward(wick_ctx *ctx, wick_tensor *const *inputs, int n)
 *     {
 *         wick_ctx_save(ctx, inputs[0]);
 *         return wick_clamp(inputs[0], 0);
 *     }
 *     static wick_list *relu_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
 *     {
 *         return wick_grads(wick_mul(dy[0], wick_gt(wick_ctx_saved(ctx, 0), 0)));
 *     }
 *     static const wick_function_def my_relu = {"MyReLU", .forward = relu_forward, .backward = relu_backward};
 *
 *     wick_tensor *y = wick_apply(&my_relu, WICK_TENSORS(x));       // grad_fn=<MyReLUBackward>
 *
 * forward runs with grad mode off. It makes its results from the inputs, and does not write to inputs that require grad.
 * backward gets the gradients of the results, zeros where there is none, and returns a list with one gradient per input:
 * NULL for an input that has none, or that needs none. A gradient is summed to its input's shape where that was broadcast,
 * and brought to its dtype. Written in differentiable operations, backward is differentiable again: in a pass with
 * .create_graph it runs with grad mode on, and the saved inputs and results have their places in the graph. Both fail by
 * returning NULL with an error. */
typedef struct wick_function_def {
    const char *name;                                                          /* the node is called <name>Backward */
    wick_tensor *(*forward)(wick_ctx *ctx, wick_tensor *const *inputs, int n); /* of one result; or */
    wick_list *(*forward_n)(wick_ctx *ctx, wick_tensor *const *inputs, int n); /* of several: exactly one of the two */
    wick_list *(*backward)(wick_ctx *ctx, wick_tensor *const *dy, int n);      /* n: the number of results */
    size_t size;                 /* bytes of data that each call has for itself, zeroed: wick_ctx_data; default 0 */
    void (*destroy)(void *data); /* called on that data, once, when the call's place in the graph goes; default none */
    bool once_differentiable;    /* backward is no function to differentiate: it always runs with grad mode off, and
                                    differentiating its result is an error */
} wick_function_def;

typedef struct wick_apply_options {
    size_t size_;
    char start_;
    void *context; /* for forward: wick_ctx_context; default NULL */
} wick_apply_options;
#define WICK_APPLY_DEFAULTS 0, NULL
#define WICK_APPLY_OPTIONS(...) WICK_OPTIONS(wick_apply_options, WICK_APPLY_DEFAULTS, __VA_ARGS__)

/* Tensors, one by one, as the two arguments (pointer, count). */
#define WICK_TENSORS(...) WICK_POINTERS_(int, wick_tensor *const, __VA_ARGS__)

/* The operation's result for these inputs: MyReLU.apply(x). An input may be NULL, for none, while no error is recorded.
 *     wick_apply(&def, WICK_TENSORS(x, w), .context = &settings)
 * wick_apply_n gives all results of an operation of several; wick_apply is for one result. An operation that returns one
 * of its inputs, or a view of one, gives a tensor that shares its elements and cannot be written in place where the input
 * requires grad. */
WICK_API wick_tensor *wick_apply_opt(const wick_function_def *def, wick_tensor *const *inputs, int n,
                                     const wick_apply_options *options);
WICK_API wick_list *wick_apply_n_opt(const wick_function_def *def, wick_tensor *const *inputs, int n,
                                     const wick_apply_options *options);
#define WICK_APPLY_(def, inputs, n, ...) wick_apply_opt(def, inputs, n, WICK_APPLY_OPTIONS(__VA_ARGS__))
#define WICK_APPLY_N_(def, inputs, n, ...) wick_apply_n_opt(def, inputs, n, WICK_APPLY_OPTIONS(__VA_ARGS__))
#define wick_apply(def, ...) WICK_APPLY_(def, __VA_ARGS__)
#define wick_apply_n(def, ...) WICK_APPLY_N_(def, __VA_ARGS__)

/* In forward: keeps tensors for backward, behind those that were kept before: ctx.save_for_backward. NULL stands for none,
 * while no error is recorded. Inputs and results keep their places in the graph. False on error. And in backward: the i-th of
 * them; NULL, with an error, if it was written in place since, or freed by a pass that did not retain the graph. */
WICK_API bool wick_ctx_save_n(wick_ctx *ctx, wick_tensor *const *tensors, int n);
#define wick_ctx_save(ctx, ...) wick_ctx_save_n(ctx, WICK_TENSORS(__VA_ARGS__))
WICK_API wick_tensor *wick_ctx_saved(wick_ctx *ctx, int i);

/* The data of this call, def.size bytes, aligned for any type; and in forward what wick_apply was given (NULL in backward:
 * copy to the data what that needs). */
WICK_API void *wick_ctx_data(wick_ctx *ctx);
WICK_API void *wick_ctx_context(wick_ctx *ctx);

/* Whether input i is a tensor that requires grad: ctx.needs_input_grad[i]. */
WICK_API bool wick_ctx_needs_input_grad(const wick_ctx *ctx, int i);

/* In forward: this result has no gradient. Results that are not floating point have none anyway. False on error. */
WICK_API bool wick_ctx_mark_non_differentiable(wick_ctx *ctx, wick_tensor *result);

/* In forward: whether backward gets zeros (true, the default) or NULL where a result has no gradient. */
WICK_API void wick_ctx_set_materialize_grads(wick_ctx *ctx, bool materialize);

/* ---- Checkpointing: torch.utils.checkpoint ------------------------------------------------------------------------------ */

typedef struct wick_checkpoint_options {
    size_t size_;
    char start_;
    void *context;           /* passed to the function; default NULL. It must be there in the backward pass, too */
    void (*destroy)(void *); /* called on context, once, when the function can be called no more; default none. After a
                                call that failed it is not called */
    bool preserve_rng_state; /* the second call draws the random numbers of the first; default true */
} wick_checkpoint_options;
#define WICK_CHECKPOINT_DEFAULTS 0, NULL, NULL, true

/* y = f(inputs), whose intermediate results are freed at once, and computed again by calling f a second time when the
 * backward pass needs the first of them: memory for time (Chen et al. 2016, https://arxiv.org/abs/1604.06174). The gradients
 * are those without it, to the bit. Only elements are forgotten and not the graph, so it works in wick_grad, for derivatives of
 * derivatives, and with checkpoints within f, and what f uses besides its inputs, such as parameters, gets its gradients.
 *
 *     static wick_tensor *block(wick_tensor *const *x, int n, void *model) { return wick_nn_forward(model, x[0]); }
 *     wick_tensor *h = wick_checkpoint(block, WICK_TENSORS(x), .context = model);     // checkpoint(model, x, use_reentrant=False)
 *
 * f must do the same each time. If the second call saves other tensors for backward, in number, shape or dtype, that is
 * an error of the backward pass. With .retain_graph, what was computed again stays until the graph goes. */
typedef wick_tensor *(*wick_function)(wick_tensor *const *inputs, int n, void *context);
WICK_API wick_tensor *wick_checkpoint_opt(wick_function f, wick_tensor *const *inputs, int n,
                                          const wick_checkpoint_options *options);
#define WICK_CHECKPOINT_(f, inputs, n, ...) \
    wick_checkpoint_opt(f, inputs, n, WICK_OPTIONS(wick_checkpoint_options, WICK_CHECKPOINT_DEFAULTS, __VA_ARGS__))
#define wick_checkpoint(f, ...) WICK_CHECKPOINT_(f, __VA_ARGS__)

WICK_END_DECLS
#endif
