/* ops.h - the operations.
 *
 * Names, semantics, defaults, broadcasting and type promotion are PyTorch's. Every operation returns a new tensor, which
 * the innermost scope owns, and NULL after an error; one whose name ends in _ works in place and returns its first
 * argument. x, a, b stand for inputs, y for the result, d for a gradient; a dimension may be negative, to count from the
 * end. Operations record a node where an input requires grad and grad mode is on.
 *
 * Broadcasting: shapes are aligned at their last dimension, and a dimension of size 1 or absent is stretched.
 * https://pytorch.org/docs/stable/notes/broadcasting.html
 * Promotion: operands are brought to one dtype, in which those of the higher category decide.
 * https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc */
#ifndef WICK_AUTOGRAD_OPS_H
#define WICK_AUTOGRAD_OPS_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <math.h>

#include "../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Pointwise, two operands ------------------------------------------------------------------------------------------ */

/* Each operand may be a tensor or a number: wick_add(a, b), wick_mul(3, z), wick_sub(1.0, y). */
WICK_API wick_tensor *wick_add(wick_tensor *a, wick_tensor *b);     /* a + b */
WICK_API wick_tensor *wick_sub(wick_tensor *a, wick_tensor *b);     /* a - b; not for bool */
WICK_API wick_tensor *wick_mul(wick_tensor *a, wick_tensor *b);     /* a b */
WICK_API wick_tensor *wick_div(wick_tensor *a, wick_tensor *b);     /* a / b; integers divide to the default dtype */
WICK_API wick_tensor *wick_pow(wick_tensor *a, wick_tensor *b);     /* a^b */
WICK_API wick_tensor *wick_maximum(wick_tensor *a, wick_tensor *b); /* the larger; NaN if either is; torch.max(a, b) */
WICK_API wick_tensor *wick_minimum(wick_tensor *a, wick_tensor *b); /* the smaller; NaN if either is */

/* Comparisons, to bool. Not differentiable. */
WICK_API wick_tensor *wick_eq(wick_tensor *a, wick_tensor *b); /* a == b */
WICK_API wick_tensor *wick_ne(wick_tensor *a, wick_tensor *b); /* a != b */
WICK_API wick_tensor *wick_lt(wick_tensor *a, wick_tensor *b); /* a <  b */
WICK_API wick_tensor *wick_le(wick_tensor *a, wick_tensor *b); /* a <= b */
WICK_API wick_tensor *wick_gt(wick_tensor *a, wick_tensor *b); /* a >  b */
WICK_API wick_tensor *wick_ge(wick_tensor *a, wick_tensor *b); /* a >= b */

/* a where condition (bool) is true, else b; all three broadcast: torch.where. */
WICK_API wick_tensor *wick_where(wick_tensor *condition, wick_tensor *a, wick_tensor *b);

/* In place: a is overwritten and returned. The result must have a's shape and a dtype that a can hold. A leaf that
 * requires grad refuses while grad mode is on. */
WICK_API wick_tensor *wick_add_(wick_tensor *a, wick_tensor *b); /* a += b */
WICK_API wick_tensor *wick_sub_(wick_tensor *a, wick_tensor *b); /* a -= b */
WICK_API wick_tensor *wick_mul_(wick_tensor *a, wick_tensor *b); /* a *= b */
WICK_API wick_tensor *wick_div_(wick_tensor *a, wick_tensor *b); /* a /= b */

#ifndef __cplusplus
#define wick_add(a, b) wick_add(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_sub(a, b) wick_sub(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_mul(a, b) wick_mul(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_div(a, b) wick_div(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_pow(a, b) wick_pow(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_maximum(a, b) wick_maximum(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_minimum(a, b) wick_minimum(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_eq(a, b) wick_eq(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_ne(a, b) wick_ne(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_lt(a, b) wick_lt(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_le(a, b) wick_le(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_gt(a, b) wick_gt(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_ge(a, b) wick_ge(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_where(condition, a, b) wick_where(condition, WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_add_(a, b) wick_add_(a, WICK_OPERAND(b))
#define wick_sub_(a, b) wick_sub_(a, WICK_OPERAND(b))
#define wick_mul_(a, b) wick_mul_(a, WICK_OPERAND(b))
#define wick_div_(a, b) wick_div_(a, WICK_OPERAND(b))
#endif

/* ---- Pointwise, one operand --------------------------------------------------------------------------------------------- */

WICK_API wick_tensor *wick_neg(wick_tensor *x);        /* -x; not for bool */
WICK_API wick_tensor *wick_abs(wick_tensor *x);        /* |x|; derivative 0 at 0 */
WICK_API wick_tensor *wick_sign(wick_tensor *x);       /* -1, 0 or 1 */
WICK_API wick_tensor *wick_square(wick_tensor *x);     /* x^2; bool becomes int64 */
WICK_API wick_tensor *wick_relu(wick_tensor *x);       /* max(x, 0); derivative 0 at 0 */
WICK_API wick_tensor *wick_exp(wick_tensor *x);        /* e^x; integers become the default dtype, here and below */
WICK_API wick_tensor *wick_exp2(wick_tensor *x);       /* 2^x */
WICK_API wick_tensor *wick_expm1(wick_tensor *x);      /* e^x - 1, precise for x near 0 */
WICK_API wick_tensor *wick_log(wick_tensor *x);        /* natural logarithm */
WICK_API wick_tensor *wick_log1p(wick_tensor *x);      /* log(1 + x), precise for x near 0 */
WICK_API wick_tensor *wick_log2(wick_tensor *x);       /* logarithm to base 2 */
WICK_API wick_tensor *wick_log10(wick_tensor *x);      /* logarithm to base 10 */
WICK_API wick_tensor *wick_sqrt(wick_tensor *x);       /* square root */
WICK_API wick_tensor *wick_rsqrt(wick_tensor *x);      /* 1 / sqrt(x) */
WICK_API wick_tensor *wick_reciprocal(wick_tensor *x); /* 1 / x */
WICK_API wick_tensor *wick_sigmoid(wick_tensor *x);    /* 1 / (1 + e^-x) */
WICK_API wick_tensor *wick_tanh(wick_tensor *x);       /* (e^x - e^-x) / (e^x + e^-x) */
WICK_API wick_tensor *wick_sinh(wick_tensor *x);       /* (e^x - e^-x) / 2 */
WICK_API wick_tensor *wick_cosh(wick_tensor *x);       /* (e^x + e^-x) / 2 */
WICK_API wick_tensor *wick_asinh(wick_tensor *x);      /* the number whose sinh is x */
WICK_API wick_tensor *wick_acosh(wick_tensor *x);      /* the number >= 0 whose cosh is x; NaN for x < 1 */
WICK_API wick_tensor *wick_atanh(wick_tensor *x);      /* the number whose tanh is x; NaN for |x| > 1 */
WICK_API wick_tensor *wick_sin(wick_tensor *x);        /* sine of x radians */
WICK_API wick_tensor *wick_cos(wick_tensor *x);        /* cosine */
WICK_API wick_tensor *wick_tan(wick_tensor *x);        /* tangent */
WICK_API wick_tensor *wick_asin(wick_tensor *x); /* the angle from -pi/2 to pi/2 whose sine is x; NaN for |x| > 1 */
WICK_API wick_tensor *wick_acos(wick_tensor *x); /* the angle from 0 to pi whose cosine is x; NaN for |x| > 1 */
WICK_API wick_tensor *wick_atan(wick_tensor *x); /* the angle from -pi/2 to pi/2 whose tangent is x */
WICK_API wick_tensor *wick_erf(wick_tensor *x);  /* 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x */
WICK_API wick_tensor *wick_erfc(wick_tensor *x); /* 1 - erf(x), precise for large x */

/* Whole numbers, in x's dtype; integers stay as they are; not for bool. Derivative 0. */
WICK_API wick_tensor *wick_floor(wick_tensor *x); /* the largest <= x */
WICK_API wick_tensor *wick_ceil(wick_tensor *x);  /* the smallest >= x */
WICK_API wick_tensor *wick_round(wick_tensor *x); /* the nearest; of two, the even one */
WICK_API wick_tensor *wick_trunc(wick_tensor *x); /* x without its fraction */
WICK_API wick_tensor *wick_frac(wick_tensor *x);  /* the fraction: x - trunc(x); floating point only; derivative 1 */

/* Tests, to bool. Not differentiable. */
WICK_API wick_tensor *wick_isnan(wick_tensor *x);    /* x is NaN */
WICK_API wick_tensor *wick_isinf(wick_tensor *x);    /* x is inf or -inf */
WICK_API wick_tensor *wick_isfinite(wick_tensor *x); /* x is neither */

/* min(max(x, min), max): torch.clamp. NaN for a bound means none; the derivative is 1 where min < x < max, else 0. */
typedef struct wick_clamp_options {
    char start_;
    double min; /* default: none */
    double max; /* default: none */
} wick_clamp_options;
#define WICK_CLAMP_DEFAULTS 0, (double)NAN, (double)NAN
WICK_API wick_tensor *wick_clamp_opt(wick_tensor *x, wick_clamp_options options);
#define wick_clamp(x, ...) wick_clamp_opt(x, WICK_OPTIONS(wick_clamp_options, WICK_CLAMP_DEFAULTS, __VA_ARGS__))

/* Each element is 0 with probability p, else x / (1 - p), while training; x itself otherwise (Srivastava et al. 2014).
 * Draws one Bernoulli an element from the default generator. p outside [0, 1] is an error. */
WICK_API wick_tensor *wick_dropout(wick_tensor *x, double p, bool training);

/* ---- Products ------------------------------------------------------------------------------------------------------------ */

/* torch.matmul: (n) (n) -> (), (m, n) (n, p) -> (m, p), (n) (n, p) -> (p), (m, n) (n) -> (m), and
 * (..., m, n) (..., n, p) -> (..., m, p) with the leading dimensions broadcast. */
WICK_API wick_tensor *wick_matmul(wick_tensor *a, wick_tensor *b);

/* (m, n) (n, p) -> (m, p): torch.mm. */
WICK_API wick_tensor *wick_mm(wick_tensor *a, wick_tensor *b);

/* c + a b, with c broadcast to (m, p): torch.addmm(c, a, b). */
WICK_API wick_tensor *wick_addmm(wick_tensor *c, wick_tensor *a, wick_tensor *b);

/* y = x W^T + b: x (..., in), W (out, in), b (out) or NULL; y (..., out). torch.nn.functional.linear. */
WICK_API wick_tensor *wick_linear(wick_tensor *x, wick_tensor *W, wick_tensor *b);

/* ---- Reductions ---------------------------------------------------------------------------------------------------------- */

/* Several dimensions: .dims = WICK_DIMS(0, 2). */
typedef struct wick_dims {
    int count;
    int64_t dim[WICK_MAX_DIMS];
} wick_dims;
#define WICK_DIMS(...) ((wick_dims){(int)(sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), {__VA_ARGS__}})

/* wick_sum(x) is over all elements; wick_sum(x, 1) and wick_sum(x, .dim = 1, .keepdim = true) over one dimension. */
typedef struct wick_reduce_options {
    char start_;
    int64_t dim;           /* default: all */
    bool keepdim;          /* leave reduced dimensions in the shape, with size 1; default false */
    wick_dims dims;        /* several dimensions, in place of dim */
    wick_tensor **indices; /* max, min over one dimension: where to put the indices (int64); default nowhere */
} wick_reduce_options;
#define WICK_REDUCE_DEFAULTS 0, WICK_UNSET, false, {0, {0}}, NULL
#define WICK_REDUCE_OPTIONS(...) WICK_OPTIONS(wick_reduce_options, WICK_REDUCE_DEFAULTS, __VA_ARGS__)

/* sum: integers and bool sum to int64. mean: floating point only. max, min: over all, or over one dimension, where
 * *indices receives the position of the first extreme; NaN wins. argmax, argmin: that position alone (over the flattened
 * tensor by default). The gradient of whole-tensor max and min is shared evenly by equal extremes, as in PyTorch. */
WICK_API wick_tensor *wick_sum_opt(wick_tensor *x, wick_reduce_options options);
WICK_API wick_tensor *wick_mean_opt(wick_tensor *x, wick_reduce_options options);
WICK_API wick_tensor *wick_max_opt(wick_tensor *x, wick_reduce_options options);
WICK_API wick_tensor *wick_min_opt(wick_tensor *x, wick_reduce_options options);
WICK_API wick_tensor *wick_argmax_opt(wick_tensor *x, wick_reduce_options options);
WICK_API wick_tensor *wick_argmin_opt(wick_tensor *x, wick_reduce_options options);
#define wick_sum(x, ...) wick_sum_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_mean(x, ...) wick_mean_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_max(x, ...) wick_max_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_min(x, ...) wick_min_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_argmax(x, ...) wick_argmax_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_argmin(x, ...) wick_argmin_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))

/* y = e^x / sum of e^x over dim, and its logarithm; both computed from x - max(x). */
WICK_API wick_tensor *wick_softmax(wick_tensor *x, int64_t dim);
WICK_API wick_tensor *wick_log_softmax(wick_tensor *x, int64_t dim);

/* ---- Shape: views share storage with x where they can ---------------------------------------------------------------------- */

/* x in another shape with as many elements; one size may be -1, for what remains. reshape copies where the strides allow
 * no view, and view refuses. */
WICK_API wick_tensor *wick_reshape_n(wick_tensor *x, const int64_t *shape, int ndim);
WICK_API wick_tensor *wick_view_n(wick_tensor *x, const int64_t *shape, int ndim);
#define wick_reshape(x, ...) wick_reshape_n(x, WICK_INTS(__VA_ARGS__))
#define wick_view(x, ...) wick_view_n(x, WICK_INTS(__VA_ARGS__))

WICK_API wick_tensor *wick_transpose(wick_tensor *x, int64_t dim0, int64_t dim1); /* swaps two dimensions */
WICK_API wick_tensor *wick_t(wick_tensor *x);                                     /* x.t(), for at most 2 dimensions */
WICK_API wick_tensor *wick_permute_n(wick_tensor *x, const int64_t *dims, int ndim); /* dimension i is x's dims[i] */
#define wick_permute(x, ...) wick_permute_n(x, WICK_INTS(__VA_ARGS__))

/* squeeze: without dimension dim if its size is 1, or, with WICK_UNSET, without all such. unsqueeze: a new dimension of
 * size 1 at dim. flatten: dimensions start to end (-1: the last) as one. */
WICK_API wick_tensor *wick_squeeze(wick_tensor *x, int64_t dim);
WICK_API wick_tensor *wick_unsqueeze(wick_tensor *x, int64_t dim);
WICK_API wick_tensor *wick_flatten(wick_tensor *x, int64_t start, int64_t end);

/* x with dimensions of size 1, and new leading ones, stretched without a copy; -1 keeps a size. */
WICK_API wick_tensor *wick_expand_n(wick_tensor *x, const int64_t *shape, int ndim);
#define wick_expand(x, ...) wick_expand_n(x, WICK_INTS(__VA_ARGS__))

/* x[..., start:end:step, ...] in dimension dim, bounds clipped as in Python: X[:n] is wick_slice(X, 0, .end = n), and X[2:8]
 * is wick_slice(X, 0, 2, 8). */
typedef struct wick_slice_options {
    char start_;
    int64_t start; /* default: the first */
    int64_t end;   /* exclusive; default: behind the last */
    int64_t step;  /* above 0; default 1 */
} wick_slice_options;
#define WICK_SLICE_DEFAULTS 0, WICK_UNSET, WICK_UNSET, 1
WICK_API wick_tensor *wick_slice_opt(wick_tensor *x, int64_t dim, wick_slice_options options);
#define wick_slice(x, dim, ...) \
    wick_slice_opt(x, dim, WICK_OPTIONS(wick_slice_options, WICK_SLICE_DEFAULTS, __VA_ARGS__))

/* narrow: length elements from start on. select: x[..., index, ...], one dimension fewer. */
WICK_API wick_tensor *wick_narrow(wick_tensor *x, int64_t dim, int64_t start, int64_t length);
WICK_API wick_tensor *wick_select(wick_tensor *x, int64_t dim, int64_t index);

/* Tensors joined along an existing dimension, or along a new one: wick_cat(wick_list_of(a, b), 0). */
WICK_API wick_tensor *wick_cat(wick_list *tensors, int64_t dim);
WICK_API wick_tensor *wick_stack(wick_list *tensors, int64_t dim);

/* x[i, j, ...] with int64 tensors that broadcast together and index the leading dimensions; negative indices count from
 * the end: y_hat[range(n), y] is wick_index(y_hat, wick_list_of(wick_arange(n), y)). */
WICK_API wick_tensor *wick_index(wick_tensor *x, wick_list *indices);

/* ---- Copies ------------------------------------------------------------------------------------------------------------------ */

WICK_API wick_tensor *wick_clone(wick_tensor *x);                      /* a copy with storage of its own */
WICK_API wick_tensor *wick_contiguous(wick_tensor *x);                 /* x itself if contiguous, else a copy that is */
WICK_API wick_tensor *wick_to_dtype(wick_tensor *x, wick_dtype dtype); /* x itself if it has that dtype */
WICK_API wick_tensor *wick_to_device(wick_tensor *x, wick_device device); /* x itself; any device but the CPU: error */
#ifndef __cplusplus
/* x.to(dtype) and x.to(device). */
#define wick_to(x, target) _Generic((target), wick_device : wick_to_device, default : wick_to_dtype)(x, target)
#endif

/* In place: every element becomes value, or 0, or the (broadcast, converted) element of source. */
WICK_API wick_tensor *wick_fill_(wick_tensor *x, double value);
WICK_API wick_tensor *wick_zero_(wick_tensor *x);
WICK_API wick_tensor *wick_copy_(wick_tensor *x, wick_tensor *source);

/* ---- Losses -------------------------------------------------------------------------------------------------------------------- */

typedef enum wick_reduction { WICK_MEAN, WICK_SUM, WICK_NONE } wick_reduction;

typedef struct wick_loss_options {
    char start_;
    wick_reduction reduction; /* WICK_MEAN (default), WICK_SUM, or WICK_NONE for a loss an element */
    wick_tensor *weight;      /* bce: broadcast to the elements; nll, cross_entropy: one a class (C); default 1 */
    wick_tensor *pos_weight;  /* bce_with_logits: weight of the positive term; default 1 */
    int64_t ignore_index;     /* nll, cross_entropy: targets of this value do not count; default -100 */
    double label_smoothing;   /* cross_entropy: in [0, 1]; default 0 */
} wick_loss_options;
#define WICK_LOSS_DEFAULTS 0, WICK_MEAN, NULL, NULL, -100, 0.0
#define WICK_LOSS_OPTIONS(...) WICK_OPTIONS(wick_loss_options, WICK_LOSS_DEFAULTS, __VA_ARGS__)

/* (x - y)^2: torch.nn.functional.mse_loss. */
WICK_API wick_tensor *wick_mse_loss_opt(wick_tensor *x, wick_tensor *y, wick_loss_options options);
#define wick_mse_loss(x, y, ...) wick_mse_loss_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

/* -w (y log x + (1 - y) log(1 - x)) for probabilities x in [0, 1], each logarithm at least -100; x and y of one shape. */
WICK_API wick_tensor *wick_binary_cross_entropy_opt(wick_tensor *x, wick_tensor *y, wick_loss_options options);
#define wick_binary_cross_entropy(x, y, ...) wick_binary_cross_entropy_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

/* The same of sigmoid(x), computed without overflow; pos_weight multiplies the term of y. */
WICK_API wick_tensor *wick_binary_cross_entropy_with_logits_opt(wick_tensor *x, wick_tensor *y,
                                                                wick_loss_options options);
#define wick_binary_cross_entropy_with_logits(x, y, ...) \
    wick_binary_cross_entropy_with_logits_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

/* -w[y] x[y] for log-probabilities x (N, C) or (C) and labels y (N) or (), int64; the mean is over the summed weights of
 * the labels that count. A label outside [0, C) is an error. */
WICK_API wick_tensor *wick_nll_loss_opt(wick_tensor *x, wick_tensor *y, wick_loss_options options);
#define wick_nll_loss(x, y, ...) wick_nll_loss_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

/* nll_loss(log_softmax(x), y) for raw scores x. y holds labels, or, in x's shape and floating point, probabilities. */
WICK_API wick_tensor *wick_cross_entropy_opt(wick_tensor *x, wick_tensor *y, wick_loss_options options);
#define wick_cross_entropy(x, y, ...) wick_cross_entropy_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

WICK_END_DECLS
#endif
