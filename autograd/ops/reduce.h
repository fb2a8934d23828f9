/* reduce.h - whole tensors and dimensions brought to one number, and running totals; a part of ops.h. */
#ifndef WICK_AUTOGRAD_OPS_REDUCE_H
#define WICK_AUTOGRAD_OPS_REDUCE_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Reductions ---------------------------------------------------------------------------------------------------------- */

/* Several dimensions: .dims = WICK_DIMS(0, 2). */
typedef struct wick_dims {
    int count;
    int64_t dim[WICK_MAX_DIMS];
} wick_dims;
#define WICK_DIMS(...) ((wick_dims){(int)(sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), {__VA_ARGS__}})

/* wick_sum(x) is over all elements; wick_sum(x, 1) and wick_sum(x, .dim = 1, .keepdim = true) over one dimension. An option
 * that a reduction does not take is an error, and so are a dimension that is given twice and one out of range. */
typedef struct wick_reduce_options {
    size_t size_;
    char start_;
    int64_t dim;           /* default: all */
    bool keepdim;          /* leave reduced dimensions in the shape, with size 1; default false */
    wick_dims dims;        /* several dimensions, in place of dim */
    wick_tensor **indices; /* max, min, median over one dimension: where to put the indices (int64); default nowhere */
    wick_dtype
        dtype; /* sum, nansum, mean, nanmean, prod: of the result; x is converted to it first; default: as below */
} wick_reduce_options;
#define WICK_REDUCE_DEFAULTS 0, WICK_UNSET, false, {0, {0}}, NULL, WICK_DTYPE_AUTO
#define WICK_REDUCE_OPTIONS(...) WICK_OPTIONS(wick_reduce_options, WICK_REDUCE_DEFAULTS, __VA_ARGS__)

/* sum: integers and bool sum to int64. mean: floating point only. nansum, nanmean: the same of what is not NaN; 0 and NaN if
 * nothing is. prod: over all or one dimension; integers and bool multiply to int64. count_nonzero: how many elements are not 0,
 * int64; NaN is not 0. any, all: whether some, or every, element is not 0: bool, and uint8 for uint8. Of no elements: 0, NaN,
 * prod 1, any false, all true. */
WICK_API wick_tensor *wick_sum(wick_tensor *x);
WICK_API wick_tensor *wick_sum_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_mean(wick_tensor *x);
WICK_API wick_tensor *wick_mean_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_nansum(wick_tensor *x);
WICK_API wick_tensor *wick_nansum_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_nanmean(wick_tensor *x);
WICK_API wick_tensor *wick_nanmean_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_prod(wick_tensor *x);
WICK_API wick_tensor *wick_prod_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_count_nonzero(wick_tensor *x);
WICK_API wick_tensor *wick_count_nonzero_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_any(wick_tensor *x);
WICK_API wick_tensor *wick_any_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_all(wick_tensor *x);
WICK_API wick_tensor *wick_all_opt(wick_tensor *x, const wick_reduce_options *options);
#define wick_sum(x, ...) wick_sum_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_mean(x, ...) wick_mean_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_nansum(x, ...) wick_nansum_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_nanmean(x, ...) wick_nanmean_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_prod(x, ...) wick_prod_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_count_nonzero(x, ...) wick_count_nonzero_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_any(x, ...) wick_any_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_all(x, ...) wick_all_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))

/* max, min: over all, or over one dimension, where *indices receives the position of the first extreme; NaN wins. argmax,
 * argmin: that position alone (over the flattened tensor by default). amax, amin: over all, one or several dimensions. Of no
 * elements: an error. median: over all or one dimension, the lower of the two middle ones; NaN if there is one; *indices
 * receives its position, with equal ones in the order of theirs; of no elements NaN, over a dimension an error; not for
 * bool. The gradient of amax and amin, and of max, min and median over all, is shared evenly by the elements that are equal
 * to the result, as in PyTorch; that of max, min and median over a dimension goes to the position. */
WICK_API wick_tensor *wick_max(wick_tensor *x);
WICK_API wick_tensor *wick_max_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_min(wick_tensor *x);
WICK_API wick_tensor *wick_min_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_argmax(wick_tensor *x);
WICK_API wick_tensor *wick_argmax_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_argmin(wick_tensor *x);
WICK_API wick_tensor *wick_argmin_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_amax(wick_tensor *x);
WICK_API wick_tensor *wick_amax_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_amin(wick_tensor *x);
WICK_API wick_tensor *wick_amin_opt(wick_tensor *x, const wick_reduce_options *options);
WICK_API wick_tensor *wick_median(wick_tensor *x);
WICK_API wick_tensor *wick_median_opt(wick_tensor *x, const wick_reduce_options *options);
#define wick_max(x, ...) wick_max_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_min(x, ...) wick_min_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_argmax(x, ...) wick_argmax_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_argmin(x, ...) wick_argmin_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_amax(x, ...) wick_amax_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_amin(x, ...) wick_amin_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))
#define wick_median(x, ...) wick_median_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))

/* log of the sum of e^x, computed from x - max(x), so that nothing overflows; -inf of no elements. Integers become the default
 * dtype. Where every x is -inf, or one is inf, the result is that, and the gradient NaN there, as in PyTorch. */
WICK_API wick_tensor *wick_logsumexp(wick_tensor *x);
WICK_API wick_tensor *wick_logsumexp_opt(wick_tensor *x, const wick_reduce_options *options);
#define wick_logsumexp(x, ...) wick_logsumexp_opt(x, WICK_REDUCE_OPTIONS(__VA_ARGS__))

/* var: the sum of (x - mean)^2 / max(n - correction, 0), n elements with mean mean. std: its square root; derivative 0 where
 * it is 0. Floating point only. Where n <= correction it is inf, or NaN if all elements are equal, as in PyTorch, with a
 * warning. */
typedef struct wick_var_options {
    size_t size_;
    char start_;
    int64_t dim;       /* default: all */
    double correction; /* default 1 */
    bool keepdim;      /* default false */
    wick_dims dims;    /* several dimensions, in place of dim */
} wick_var_options;
#define WICK_VAR_DEFAULTS    \
    0, WICK_UNSET, 1, false, \
    {                        \
        0, { 0 }             \
    }
WICK_API wick_tensor *wick_var(wick_tensor *x);
WICK_API wick_tensor *wick_var_opt(wick_tensor *x, const wick_var_options *options);
WICK_API wick_tensor *wick_std(wick_tensor *x);
WICK_API wick_tensor *wick_std_opt(wick_tensor *x, const wick_var_options *options);
#define wick_var(x, ...) wick_var_opt(x, WICK_OPTIONS(wick_var_options, WICK_VAR_DEFAULTS, __VA_ARGS__))
#define wick_std(x, ...) wick_std_opt(x, WICK_OPTIONS(wick_var_options, WICK_VAR_DEFAULTS, __VA_ARGS__))

/* (sum of |x|^p)^(1/p), of all elements as of one vector: torch.norm and torch.linalg.vector_norm. p = 0 counts the elements
 * that are not 0, inf and -inf are the largest and the smallest |x|. Floating point only; of no elements 0, and for p < 0 and
 * inf an error. Derivative where it is not unique: 0 at x = 0; for inf and -inf shared evenly by those that attain it. */
typedef struct wick_norm_options {
    size_t size_;
    char start_;
    double p;       /* default 2 */
    int64_t dim;    /* default: all */
    bool keepdim;   /* default false */
    wick_dims dims; /* several dimensions, in place of dim */
} wick_norm_options;
#define WICK_NORM_DEFAULTS   \
    0, 2, WICK_UNSET, false, \
    {                        \
        0, { 0 }             \
    }
WICK_API wick_tensor *wick_norm(wick_tensor *x);
WICK_API wick_tensor *wick_norm_opt(wick_tensor *x, const wick_norm_options *options);
#define wick_norm(x, ...) wick_norm_opt(x, WICK_OPTIONS(wick_norm_options, WICK_NORM_DEFAULTS, __VA_ARGS__))

/* ---- Running totals, in x's shape ----------------------------------------------------------------------------------------- */

/* y_k = x_0 + ... + x_k and x_0 ... x_k along dim. Integers and bool become int64. */
WICK_API wick_tensor *wick_cumsum(wick_tensor *x, int64_t dim);
WICK_API wick_tensor *wick_cumprod(wick_tensor *x, int64_t dim);

/* In place, in x's dtype, in which integers wrap; not for bool. */
WICK_API wick_tensor *wick_cumsum_(wick_tensor *x, int64_t dim);
WICK_API wick_tensor *wick_cumprod_(wick_tensor *x, int64_t dim);

WICK_END_DECLS

#endif
