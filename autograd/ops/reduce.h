/* reduce.h - reductions of whole tensors and of dimensions, and running totals; a part of ops.h. */
#pragma once

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

/* Without options over all elements; wick_sum(x, 1) and wick_sum(x, .dim = 1, .keepdim = true) over one dimension, and
 * wick_sum(x, .dims = WICK_DIMS(0, 2)) over several. Errors: a dimension that is given twice or is out of range, .dim together
 * with .dims, .indices without .dim. */
typedef struct wick_reduce_options {
    size_t size_;
    char start_;
    int64_t dim;    /* default: all */
    bool keepdim;   /* keep reduced dimensions in the shape, with size 1; default false */
    wick_dims dims; /* several dimensions, instead of dim */
} wick_reduce_options;
typedef struct wick_sum_options {
    size_t size_;
    char start_;
    int64_t dim;
    bool keepdim;
    wick_dims dims;
    wick_dtype dtype; /* of the result; x is converted to it first; default: as below */
} wick_sum_options;
typedef struct wick_prod_options {
    size_t size_;
    char start_;
    int64_t dim;
    bool keepdim;
    wick_dtype dtype; /* as of a sum */
} wick_prod_options;
typedef struct wick_max_options {
    size_t size_;
    char start_;
    int64_t dim;
    bool keepdim;
    wick_tensor **indices; /* along one dimension: where to put the indices (int64); default nowhere */
} wick_max_options;
typedef struct wick_argmax_options {
    size_t size_;
    char start_;
    int64_t dim;
    bool keepdim;
} wick_argmax_options;

/* sum: the sum; integers and bool give int64; 0 if there is no element. mean: the sum divided by the number of elements;
 * floating point only; NaN if there is no element. nansum, nanmean: the same without the elements that are NaN; 0 and NaN if
 * none is left. prod: the product of all elements or along one dimension; integers and bool give int64; 1 if there is no
 * element. count_nonzero: the number of elements other than 0, NaN included; int64. any, all: whether at least one element,
 * or every element, is other than 0; bool, and uint8 for uint8; any is false and all is true if there is no element. */
WICK_API wick_tensor *wick_sum(wick_tensor *x);
WICK_API wick_tensor *wick_sum_opt(wick_tensor *x, const wick_sum_options *options);
#define wick_sum(x, ...) wick_sum_opt(x, WICK_OPTIONS(wick_sum_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_mean(wick_tensor *x);
WICK_API wick_tensor *wick_mean_opt(wick_tensor *x, const wick_sum_options *options);
#define wick_mean(x, ...) wick_mean_opt(x, WICK_OPTIONS(wick_sum_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_nansum(wick_tensor *x);
WICK_API wick_tensor *wick_nansum_opt(wick_tensor *x, const wick_sum_options *options);
#define wick_nansum(x, ...) wick_nansum_opt(x, WICK_OPTIONS(wick_sum_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_nanmean(wick_tensor *x);
WICK_API wick_tensor *wick_nanmean_opt(wick_tensor *x, const wick_sum_options *options);
#define wick_nanmean(x, ...) wick_nanmean_opt(x, WICK_OPTIONS(wick_sum_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_prod(wick_tensor *x);
WICK_API wick_tensor *wick_prod_opt(wick_tensor *x, const wick_prod_options *options);
#define wick_prod(x, ...) wick_prod_opt(x, WICK_OPTIONS(wick_prod_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_count_nonzero(wick_tensor *x);
WICK_API wick_tensor *wick_count_nonzero_opt(wick_tensor *x, const wick_reduce_options *options);
#define wick_count_nonzero(x, ...) wick_count_nonzero_opt(x, WICK_OPTIONS(wick_reduce_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_any(wick_tensor *x);
WICK_API wick_tensor *wick_any_opt(wick_tensor *x, const wick_reduce_options *options);
#define wick_any(x, ...) wick_any_opt(x, WICK_OPTIONS(wick_reduce_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_all(wick_tensor *x);
WICK_API wick_tensor *wick_all_opt(wick_tensor *x, const wick_reduce_options *options);
#define wick_all(x, ...) wick_all_opt(x, WICK_OPTIONS(wick_reduce_options, WICK_UNSET, __VA_ARGS__))

/* max, min: the largest or smallest of all elements or along one dimension, where *indices gets the position of the first
 * such element; if an element is NaN, the result is NaN. argmax, argmin: only this position, by default in the flattened
 * tensor. amax, amin: the same as max and min, also over several dimensions. For all of these, no elements are an error.
 * median: the lower of the two middle elements of all or along one dimension; NaN if one is NaN. *indices gets its position;
 * equal elements count in their order in x. Not for bool. Without elements it is NaN, and along a dimension an error. As in
 * PyTorch, the gradient of amax and amin, and of max, min and median over all elements, is shared equally by the elements
 * that are equal to the result; that of max, min and median along a dimension goes to the position. */
WICK_API wick_tensor *wick_max(wick_tensor *x);
WICK_API wick_tensor *wick_max_opt(wick_tensor *x, const wick_max_options *options);
#define wick_max(x, ...) wick_max_opt(x, WICK_OPTIONS(wick_max_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_min(wick_tensor *x);
WICK_API wick_tensor *wick_min_opt(wick_tensor *x, const wick_max_options *options);
#define wick_min(x, ...) wick_min_opt(x, WICK_OPTIONS(wick_max_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_argmax(wick_tensor *x);
WICK_API wick_tensor *wick_argmax_opt(wick_tensor *x, const wick_argmax_options *options);
#define wick_argmax(x, ...) wick_argmax_opt(x, WICK_OPTIONS(wick_argmax_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_argmin(wick_tensor *x);
WICK_API wick_tensor *wick_argmin_opt(wick_tensor *x, const wick_argmax_options *options);
#define wick_argmin(x, ...) wick_argmin_opt(x, WICK_OPTIONS(wick_argmax_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_amax(wick_tensor *x);
WICK_API wick_tensor *wick_amax_opt(wick_tensor *x, const wick_reduce_options *options);
#define wick_amax(x, ...) wick_amax_opt(x, WICK_OPTIONS(wick_reduce_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_amin(wick_tensor *x);
WICK_API wick_tensor *wick_amin_opt(wick_tensor *x, const wick_reduce_options *options);
#define wick_amin(x, ...) wick_amin_opt(x, WICK_OPTIONS(wick_reduce_options, WICK_UNSET, __VA_ARGS__))
WICK_API wick_tensor *wick_median(wick_tensor *x);
WICK_API wick_tensor *wick_median_opt(wick_tensor *x, const wick_max_options *options);
#define wick_median(x, ...) wick_median_opt(x, WICK_OPTIONS(wick_max_options, WICK_UNSET, __VA_ARGS__))

/* The logarithm of the sum of e^x, computed from x - max(x), so that nothing overflows; -inf if there is no element. Integers
 * become the default dtype. If every x is -inf, or one is inf, that is the result, and as in PyTorch the gradient is NaN
 * there. */
WICK_API wick_tensor *wick_logsumexp(wick_tensor *x);
WICK_API wick_tensor *wick_logsumexp_opt(wick_tensor *x, const wick_reduce_options *options);
#define wick_logsumexp(x, ...) wick_logsumexp_opt(x, WICK_OPTIONS(wick_reduce_options, WICK_UNSET, __VA_ARGS__))

/* var: the sum of (x - mean)^2 / max(n - correction, 0) for n elements. std: the square root of var; its derivative is 0
 * where it is 0. Floating point only. If n <= correction, the result is inf, or NaN if all elements are equal, as in PyTorch,
 * with a warning. */
typedef struct wick_var_options {
    size_t size_;
    char start_;
    int64_t dim;       /* default: all */
    double correction; /* default 1 */
    bool keepdim;      /* default false */
    wick_dims dims;    /* several dimensions, instead of dim */
} wick_var_options;
#define WICK_VAR_DEFAULTS \
    WICK_UNSET, 1, false, \
    {                     \
        0, { 0 }          \
    }
WICK_API wick_tensor *wick_var(wick_tensor *x);
WICK_API wick_tensor *wick_var_opt(wick_tensor *x, const wick_var_options *options);
#define wick_var(x, ...) wick_var_opt(x, WICK_OPTIONS(wick_var_options, WICK_VAR_DEFAULTS, __VA_ARGS__))
WICK_API wick_tensor *wick_std(wick_tensor *x);
WICK_API wick_tensor *wick_std_opt(wick_tensor *x, const wick_var_options *options);
#define wick_std(x, ...) wick_std_opt(x, WICK_OPTIONS(wick_var_options, WICK_VAR_DEFAULTS, __VA_ARGS__))

/* (sum of |x|^p)^(1/p), with all elements as one vector: torch.norm and torch.linalg.vector_norm. For p = 0 it is the number
 * of elements other than 0, for inf the largest |x| and for -inf the smallest. Floating point only. Without elements it is 0,
 * and for p < 0 and inf an error. Where the derivative is not unique, it is 0 at x = 0; for inf and -inf the elements that
 * are equal to the norm share it equally. */
typedef struct wick_norm_options {
    size_t size_;
    char start_;
    double p;       /* default 2 */
    int64_t dim;    /* default: all */
    bool keepdim;   /* default false */
    wick_dims dims; /* several dimensions, instead of dim */
} wick_norm_options;
#define WICK_NORM_DEFAULTS \
    2, WICK_UNSET, false,  \
    {                      \
        0, { 0 }           \
    }
WICK_API wick_tensor *wick_norm(wick_tensor *x);
WICK_API wick_tensor *wick_norm_opt(wick_tensor *x, const wick_norm_options *options);
#define wick_norm(x, ...) wick_norm_opt(x, WICK_OPTIONS(wick_norm_options, WICK_NORM_DEFAULTS, __VA_ARGS__))

/* ---- Running totals, in x's shape ----------------------------------------------------------------------------------------- */

/* Integers and bool become int64. */
WICK_API wick_tensor *wick_cumsum(wick_tensor *x, int64_t dim);  /* y_k = x_0 + ... + x_k along dim */
WICK_API wick_tensor *wick_cumprod(wick_tensor *x, int64_t dim); /* y_k = x_0 x_1 ... x_k along dim */

/* The same in place, in x's dtype, in which integers wrap around; not for bool. */
WICK_API wick_tensor *wick_cumsum_(wick_tensor *x, int64_t dim);
WICK_API wick_tensor *wick_cumprod_(wick_tensor *x, int64_t dim);

WICK_END_DECLS
