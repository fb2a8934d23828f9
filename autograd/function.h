/* function.h - operations that users define, with a forward and a backward, and functions whose intermediate results are
 * computed again in the backward pass instead of being stored; a part of autograd.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/tensor.h"
#include "anomaly.h"

WICK_BEGIN_DECLS

/* ---- Operations with your own backward: torch.autograd.Function ------ ------------------------------------------------- */

/* One call of such an operation, from its forward until its node is freed. The library owns it. */
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
 * forward runs with grad mode off. It computes its results from the inputs, and does not write to inputs that require grad.
 * backward gets the gradients of the results, zeros where there is none, and returns a list with one gradient per input:
 * NULL for an input that has none or needs none. If an input was broadcast, its gradient is summed to its shape; a gradient is
 * converted to the dtype of its input. If backward consists of differentiable operations, it can itself be differentiated: in a
 * pass with .create_graph it runs with grad mode on, and the saved inputs and results are part of the graph. Both functions
 * report a failure by returning NULL with an error. */
typedef struct wick_function_def {
    const char *name;                                                          /* the node is called <name>Backward */
    wick_tensor *(*forward)(wick_ctx *ctx, wick_tensor *const *inputs, int n); /* with one result; or */
    wick_list *(*forward_n)(wick_ctx *ctx, wick_tensor *const *inputs,
                            int n);                                       /* with several: exactly one of the two */
    wick_list *(*backward)(wick_ctx *ctx, wick_tensor *const *dy, int n); /* n: the number of results */
    size_t size;                 /* bytes of data for each call, which start at 0: wick_ctx_data; default 0 */
    void (*destroy)(void *data); /* called once with that data, when the call's node is freed; default none */
    bool once_differentiable;    /* backward cannot be differentiated: it always runs with grad mode off, and
                                    differentiating its result is an error */
} wick_function_def;

typedef struct wick_apply_options {
    size_t size_;
    char start_;
    void *context; /* for forward: wick_ctx_context; default NULL */
} wick_apply_options;

/* Tensors, one by one, as the two arguments (pointer, count). */
#define WICK_TENSORS(...) WICK_POINTERS_(int, wick_tensor *const, __VA_ARGS__)

/* The operation's one result for these inputs: MyReLU.apply(x). An input may be NULL, which means none, as long as no error is
 * recorded.
 *     wick_apply(&def, WICK_TENSORS(x, w), .context = &settings)
 * wick_apply_list is for an operation with several results and returns them as a list. If forward returns one of its inputs, or a
 * view of one, the result shares its elements, and cannot be written in place if the input requires grad. */
WICK_API wick_tensor *wick_apply_opt(const wick_function_def *def, wick_tensor *const *inputs, int n,
                                     const wick_apply_options *options);
#define wick_apply(def, ...) WICK_APPLY_(def, __VA_ARGS__)
WICK_API wick_list *wick_apply_list_opt(const wick_function_def *def, wick_tensor *const *inputs, int n,
                                        const wick_apply_options *options);
#define wick_apply_list(def, ...) WICK_APPLY_N_(def, __VA_ARGS__)
#define WICK_APPLY_(def, inputs, n, ...) \
    wick_apply_opt(def, inputs, n, WICK_OPTIONS(wick_apply_options, 0, __VA_ARGS__))
#define WICK_APPLY_N_(def, inputs, n, ...) \
    wick_apply_list_opt(def, inputs, n, WICK_OPTIONS(wick_apply_options, 0, __VA_ARGS__))

/* Saves tensors for backward, after those that were saved before: ctx.save_for_backward. Called in forward. NULL means none, as
 * long as no error is recorded. Saved inputs and results stay part of the graph. False on error. */
WICK_API bool wick_ctx_save_n(wick_ctx *ctx, wick_tensor *const *tensors, int n);
#define wick_ctx_save(ctx, ...) wick_ctx_save_n(ctx, WICK_TENSORS(__VA_ARGS__))

/* The i-th saved tensor: ctx.saved_tensors[i]. Called in backward. It is an error, and the result NULL, if the tensor was
 * written in place since, or freed by a pass that did not retain the graph. */
WICK_API wick_tensor *wick_ctx_saved(wick_ctx *ctx, int i);

/* The data of this call: def.size bytes, aligned for any type. */
WICK_API void *wick_ctx_data(wick_ctx *ctx);

/* The .context of wick_apply, in forward. NULL in backward: copy what that needs to the data. */
WICK_API void *wick_ctx_context(wick_ctx *ctx);

/* Whether input i is a tensor that requires grad: ctx.needs_input_grad[i]. */
WICK_API bool wick_ctx_needs_input_grad(const wick_ctx *ctx, int i);

/* Marks a result as one without a gradient; called in forward. Results that are not floating point never have one. False on
 * error. */
WICK_API bool wick_ctx_mark_non_differentiable(wick_ctx *ctx, wick_tensor *result);

/* Sets whether backward gets zeros (true, the default) or NULL for a result without a gradient; called in forward. */
WICK_API void wick_ctx_set_materialize_grads(wick_ctx *ctx, bool materialize);

/* ---- Checkpointing: torch.utils.checkpoint ------------------------------------------------------------------------------ */

typedef struct wick_checkpoint_options {
    size_t size_;
    char start_;
    void *context;           /* passed to the function; default NULL. It must still be valid in the backward pass */
    void (*destroy)(void *); /* called once with context, when the function cannot be called any more; default none. Not
                                called after a call that failed */
    bool preserve_rng_state; /* the second call draws the random numbers of the first; default true */
} wick_checkpoint_options;
#define WICK_CHECKPOINT_DEFAULTS NULL, NULL, true

/* y = f(inputs), whose intermediate results are freed at once. When the backward pass needs the first of them, f is called a
 * second time to compute them again: this saves memory and costs time (Chen et al. 2016, https://arxiv.org/abs/1604.06174).
 * The gradients have the same bits as without it. Only the elements are freed, not the graph, so it works in wick_grad, for
 * derivatives of derivatives, and with checkpoints inside f; and what f uses besides its inputs, such as parameters, gets its
 * gradients.
 *
 *     static wick_tensor *block(wick_tensor *const *x, int n, void *model) { return wick_nn_forward(model, x[0]); }
 *     wick_tensor *h = wick_checkpoint(block, WICK_TENSORS(x), .context = model);     // checkpoint(model, x, use_reentrant=False)
 *
 * f must do the same each time. If the tensors that the second call saves for backward differ in number, shape or dtype, the
 * backward pass fails. With .retain_graph, what was computed again is kept until the graph is freed. */
typedef wick_tensor *(*wick_function)(wick_tensor *const *inputs, int n, void *context);
WICK_API wick_tensor *wick_checkpoint_opt(wick_function f, wick_tensor *const *inputs, int n,
                                          const wick_checkpoint_options *options);
#define wick_checkpoint(f, ...) WICK_CHECKPOINT_(f, __VA_ARGS__)
#define WICK_CHECKPOINT_(f, inputs, n, ...) \
    wick_checkpoint_opt(f, inputs, n, WICK_OPTIONS(wick_checkpoint_options, WICK_CHECKPOINT_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
