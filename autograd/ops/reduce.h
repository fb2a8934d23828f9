/* reduce.h - whole tensors and dimensions brought to one number; a part of ops.h. */
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

WICK_END_DECLS
#endif
