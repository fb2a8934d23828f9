/* index.h - elements picked, put and ordered by position; a part of ops.h.
 *
 * Indices are int64, and an index out of range is an error. They may be negative, to count from the end, where this is said.
 * What is picked several times gets the sum of all gradients. Where several values are put in one place, the last stays, as
 * in PyTorch on the CPU, which leaves this open; each of them gets the gradient of the place. */
#ifndef WICK_AUTOGRAD_OPS_INDEX_H
#define WICK_AUTOGRAD_OPS_INDEX_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <math.h>

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- x[i, j, ...] ------------------------------------------------------------------------------------------------------- */

/* x[i, j, ...] in Python. Members of the list, one for each dimension of x from the first on, are
 *     int64 tensors        they broadcast together; negative indices count from the end
 *     masks                bool or uint8 tensors of the shape of the dimensions of x that they index: their true elements
 *     numbers              wick_scalar(2), and 0-dimensional int64 tensors: the dimension goes
 *     WICK_ALL             the whole dimension, ':'
 * The dimensions that the tensors give stand where the tensors stood, or first if a WICK_ALL lies between them. The result is
 * a copy, even where Python's is a view (wick_select, wick_slice).
 *     y_hat[range(n), y]   wick_index(y_hat, wick_list_of(wick_arange(n), y))
 *     x[x > 0]             wick_index(x, wick_list_of(wick_gt(x, 0)))
 *     x[:, i]              wick_index(x, wick_list_of(WICK_ALL, i))
 * https://pytorch.org/docs/stable/tensor_view.html, https://numpy.org/doc/stable/user/basics.indexing.html */
WICK_API wick_tensor *wick_index(wick_tensor *x, wick_list *indices);
#define WICK_ALL wick_scalar_int(WICK_UNSET)

/* x with x[i, j, ...] = values, or, with .accumulate, += values, where what meets in one place is added up. values is a
 * number, or a tensor of x's dtype that broadcasts to the shape of wick_index(x, indices). With _, in place. */
typedef struct wick_index_put_options {
    size_t size_;
    char start_;
    bool accumulate; /* default false */
} wick_index_put_options;
#define WICK_INDEX_PUT_DEFAULTS 0, false
#define WICK_INDEX_PUT_OPTIONS(...) WICK_OPTIONS(wick_index_put_options, WICK_INDEX_PUT_DEFAULTS, __VA_ARGS__)
WICK_API wick_tensor *wick_index_put_opt(wick_tensor *x, wick_list *indices, wick_tensor *values,
                                         const wick_index_put_options *options);
WICK_API wick_tensor *wick_index_put__opt(wick_tensor *x, wick_list *indices, wick_tensor *values,
                                          const wick_index_put_options *options);
#ifndef __cplusplus
#define wick_index_put(x, indices, values, ...) \
    wick_index_put_opt(x, indices, WICK_OPERAND(values), WICK_INDEX_PUT_OPTIONS(__VA_ARGS__))
#define wick_index_put_(x, indices, values, ...) \
    wick_index_put__opt(x, indices, WICK_OPERAND(values), WICK_INDEX_PUT_OPTIONS(__VA_ARGS__))
#endif

/* ---- Element by element along a dimension --------------------------------------------------------------------------------- */

/* gather       y[i, j, k] = x[i, index[i, j, k], k], for dim 1
 * scatter      y = x, but y[i, index[i, j, k], k] = src[i, j, k]; src is a tensor of x's dtype or a number
 * scatter_add  y = x, and y[i, index[i, j, k], k] += src[i, j, k]
 * index has as many dimensions as x, and may be smaller than x in those other than dim, and than src in all; no negative
 * indices. The part of src that index does not cover gets a gradient of zero (PyTorch's backward refuses there). */
WICK_API wick_tensor *wick_gather(wick_tensor *x, int64_t dim, wick_tensor *index);
WICK_API wick_tensor *wick_scatter(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src);
WICK_API wick_tensor *wick_scatter_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src);
WICK_API wick_tensor *wick_scatter_add(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src);
WICK_API wick_tensor *wick_scatter_add_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src);

/* The elements at flat positions, in the shape of index: x.flatten()[index]. Negative positions count from the end. */
WICK_API wick_tensor *wick_take(wick_tensor *x, wick_tensor *index);

/* gather after x and indices, which have as many dimensions, are broadcast in those other than dim: what wick_argsort and
 * wick_argmax with .keepdim return fits. Without .dim, of the flattened x at the flattened indices. Negative indices count from
 * the end with .dim, and only there, as in PyTorch, which also lets those pass that are out of range. */
typedef struct wick_take_along_dim_options {
    size_t size_;
    char start_;
    int64_t dim; /* default: flattened */
} wick_take_along_dim_options;
#define WICK_TAKE_ALONG_DIM_DEFAULTS 0, WICK_UNSET
WICK_API wick_tensor *wick_take_along_dim_opt(wick_tensor *x, wick_tensor *indices,
                                              const wick_take_along_dim_options *options);
#define wick_take_along_dim(x, indices, ...) \
    wick_take_along_dim_opt(x, indices,      \
                            WICK_OPTIONS(wick_take_along_dim_options, WICK_TAKE_ALONG_DIM_DEFAULTS, __VA_ARGS__))

/* ---- Slices along a dimension --------------------------------------------------------------------------------------------- */

/* index, 0- or 1-dimensional (n), names slices of x; source has x's shape, but n along dim, and x's dtype.
 * index_select  y = x[:, index], for dim 1
 * index_add     y = x, and y[:, index] += alpha source; slices that meet are added up
 * index_copy    y = x, but y[:, index] = source
 * index_fill    y = x, but y[:, index] = value, a number or 0-dimensional tensor, converted to x's dtype
 * Negative indices are for index_fill alone, as in PyTorch. */
typedef struct wick_index_add_options {
    size_t size_;
    char start_;
    double alpha; /* a whole number for integers, for int64 below 2^53; default 1 */
} wick_index_add_options;
#define WICK_INDEX_ADD_DEFAULTS 0, 1
#define WICK_INDEX_ADD_OPTIONS(...) WICK_OPTIONS(wick_index_add_options, WICK_INDEX_ADD_DEFAULTS, __VA_ARGS__)
WICK_API wick_tensor *wick_index_select(wick_tensor *x, int64_t dim, wick_tensor *index);
WICK_API wick_tensor *wick_index_add_opt(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source,
                                         const wick_index_add_options *options);
WICK_API wick_tensor *wick_index_add__opt(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source,
                                          const wick_index_add_options *options);
WICK_API wick_tensor *wick_index_copy(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source);
WICK_API wick_tensor *wick_index_copy_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source);
WICK_API wick_tensor *wick_index_fill(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *value);
WICK_API wick_tensor *wick_index_fill_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *value);
#define wick_index_add(x, dim, index, source, ...) \
    wick_index_add_opt(x, dim, index, source, WICK_INDEX_ADD_OPTIONS(__VA_ARGS__))
#define wick_index_add_(x, dim, index, source, ...) \
    wick_index_add__opt(x, dim, index, source, WICK_INDEX_ADD_OPTIONS(__VA_ARGS__))

#ifndef __cplusplus
#define wick_scatter(x, dim, index, src) wick_scatter(x, dim, index, WICK_OPERAND(src))
#define wick_scatter_(x, dim, index, src) wick_scatter_(x, dim, index, WICK_OPERAND(src))
#define wick_index_fill(x, dim, index, value) wick_index_fill(x, dim, index, WICK_OPERAND(value))
#define wick_index_fill_(x, dim, index, value) wick_index_fill_(x, dim, index, WICK_OPERAND(value))
#endif

/* Rows of weight (rows, features) at indices of any shape (...): (..., features); torch.nn.functional.embedding. No negative
 * indices. PyTorch's sparse does not exist. */
typedef struct wick_embedding_options {
    size_t size_;
    char start_;
    int64_t padding_idx; /* this row, which may be negative, gets no gradient from here; default: none */
    /* Rows at the indices whose norm is above max_norm are first scaled to it, in weight itself, without a gradient. */
    double max_norm;         /* default NAN: none are */
    double norm_type;        /* the p of that norm; default 2 */
    bool scale_grad_by_freq; /* the gradient of a row is divided by how often the indices name it; default false */
} wick_embedding_options;
#define WICK_EMBEDDING_DEFAULTS 0, WICK_UNSET, (double)NAN, 2.0, false
WICK_API wick_tensor *wick_embedding_opt(wick_tensor *indices, wick_tensor *weight,
                                         const wick_embedding_options *options);
#define wick_embedding(indices, weight, ...) \
    wick_embedding_opt(indices, weight, WICK_OPTIONS(wick_embedding_options, WICK_EMBEDDING_DEFAULTS, __VA_ARGS__))

/* ---- Masks ---------------------------------------------------------------------------------------------------------------- */

/* masked_select: the n elements of x where mask (bool) is true, both broadcast: (n). nonzero: the indices of the n elements
 * that are not zero, int64 (n, dimensions of x); column d, wick_select(y, 1, d), is what as_tuple has. */
WICK_API wick_tensor *wick_masked_select(wick_tensor *x, wick_tensor *mask);
WICK_API wick_tensor *wick_nonzero(wick_tensor *x);

/* ---- Order ---------------------------------------------------------------------------------------------------------------- */

/* sort     the elements along dim in order; NaN is largest, -0 equals 0. Equal elements keep their order, with .stable and
 *          without, where PyTorch leaves it open; .stable shows in the name of the node alone
 * argsort  their indices alone; int64, as all indices are */
typedef struct wick_sort_options {
    size_t size_;
    char start_;
    int64_t dim;           /* default -1 */
    bool descending;       /* default false */
    bool stable;           /* default false */
    wick_tensor **indices; /* of sort: where to put the indices; default nowhere */
} wick_sort_options;
#define WICK_SORT_DEFAULTS 0, -1, false, false, NULL
#define WICK_SORT_OPTIONS(...) WICK_OPTIONS(wick_sort_options, WICK_SORT_DEFAULTS, __VA_ARGS__)
WICK_API wick_tensor *wick_sort(wick_tensor *x);
WICK_API wick_tensor *wick_sort_opt(wick_tensor *x, const wick_sort_options *options);
WICK_API wick_tensor *wick_argsort(wick_tensor *x);
WICK_API wick_tensor *wick_argsort_opt(wick_tensor *x, const wick_sort_options *options);
#define wick_sort(x, ...) wick_sort_opt(x, WICK_SORT_OPTIONS(__VA_ARGS__))
#define wick_argsort(x, ...) wick_argsort_opt(x, WICK_SORT_OPTIONS(__VA_ARGS__))

/* The k largest (or smallest) elements along dim, from the largest (smallest) on; not .sorted: in their order in x. Of equal
 * ones the first are taken, the first first; PyTorch leaves open which, and its order without sorted. Not for bool. */
typedef struct wick_topk_options {
    size_t size_;
    char start_;
    int64_t dim;           /* default -1 */
    bool largest;          /* default true */
    bool sorted;           /* default true */
    wick_tensor **indices; /* where to put the indices; default nowhere */
} wick_topk_options;
#define WICK_TOPK_DEFAULTS 0, -1, true, true, NULL
WICK_API wick_tensor *wick_topk_opt(wick_tensor *x, int64_t k, const wick_topk_options *options);
#define wick_topk(x, k, ...) wick_topk_opt(x, k, WICK_OPTIONS(wick_topk_options, WICK_TOPK_DEFAULTS, __VA_ARGS__))

/* The k-th smallest element along dim, k from 1 on; of equal ones the k-th in a stable order. Not for bool. */
typedef struct wick_kthvalue_options {
    size_t size_;
    char start_;
    int64_t dim;           /* default -1 */
    bool keepdim;          /* default false */
    wick_tensor **indices; /* where to put the indices; default nowhere */
} wick_kthvalue_options;
#define WICK_KTHVALUE_DEFAULTS 0, -1, false, NULL
WICK_API wick_tensor *wick_kthvalue_opt(wick_tensor *x, int64_t k, const wick_kthvalue_options *options);
#define wick_kthvalue(x, k, ...) \
    wick_kthvalue_opt(x, k, WICK_OPTIONS(wick_kthvalue_options, WICK_KTHVALUE_DEFAULTS, __VA_ARGS__))

/* unique              the different elements in ascending order (n), or with .dim the different slices along it, in the order
 *                     of words; .sorted = false is sorted too, as in PyTorch on the CPU. NaN differs from NaN, and -0
 *                     equals 0. Slices with NaN are last where they first differ; PyTorch leaves open where
 * unique_consecutive  the same of neighbours alone, in the order of x
 * inverse: which of the results each element (the shape of x) or slice (its number along dim) became. counts (n): how many became
 * it. Not differentiable. */
typedef struct wick_unique_options {
    size_t size_;
    char start_;
    bool sorted;           /* default true */
    wick_tensor **inverse; /* where to put the inverse; default nowhere */
    wick_tensor **counts;  /* where to put the counts; default nowhere */
    int64_t dim;           /* default: of all elements */
} wick_unique_options;
#define WICK_UNIQUE_DEFAULTS 0, true, NULL, NULL, WICK_UNSET
WICK_API wick_tensor *wick_unique(wick_tensor *x);
WICK_API wick_tensor *wick_unique_opt(wick_tensor *x, const wick_unique_options *options);
#define wick_unique(x, ...) wick_unique_opt(x, WICK_OPTIONS(wick_unique_options, WICK_UNIQUE_DEFAULTS, __VA_ARGS__))

typedef struct wick_unique_consecutive_options {
    size_t size_;
    char start_;
    wick_tensor **inverse; /* where to put the inverse; default nowhere */
    wick_tensor **counts;  /* where to put the counts; default nowhere */
    int64_t dim;           /* default: of all elements */
} wick_unique_consecutive_options;
#define WICK_UNIQUE_CONSECUTIVE_DEFAULTS 0, NULL, NULL, WICK_UNSET
WICK_API wick_tensor *wick_unique_consecutive(wick_tensor *x);
WICK_API wick_tensor *wick_unique_consecutive_opt(wick_tensor *x, const wick_unique_consecutive_options *options);
#define wick_unique_consecutive(x, ...) \
    wick_unique_consecutive_opt(        \
        x, WICK_OPTIONS(wick_unique_consecutive_options, WICK_UNIQUE_CONSECUTIVE_DEFAULTS, __VA_ARGS__))

/* ---- Classes and bins: not differentiable ----------------------------------------------------------------------------------- */

/* 1 at the class of each element and 0 elsewhere, int64 (..., classes), of classes (...), int64 and not negative. */
typedef struct wick_one_hot_options {
    size_t size_;
    char start_;
    int64_t num_classes; /* default -1: the largest class + 1 */
} wick_one_hot_options;
#define WICK_ONE_HOT_DEFAULTS 0, -1
WICK_API wick_tensor *wick_one_hot(wick_tensor *x);
WICK_API wick_tensor *wick_one_hot_opt(wick_tensor *classes, const wick_one_hot_options *options);
#define wick_one_hot(classes, ...) \
    wick_one_hot_opt(classes, WICK_OPTIONS(wick_one_hot_options, WICK_ONE_HOT_DEFAULTS, __VA_ARGS__))

/* How often each of 0, 1, ... occurs among the elements of x (n), int64 or uint8, not negative: int64 (largest + 1), or
 * (minlength) if that is longer. With weights (n), their sums: float32, or float64 for weights of another dtype. A confusion
 * matrix of c classes is the count of target * c + prediction, reshaped to (c, c). */
typedef struct wick_bincount_options {
    size_t size_;
    char start_;
    wick_tensor *weights; /* default: 1 each */
    int64_t minlength;    /* default 0 */
} wick_bincount_options;
#define WICK_BINCOUNT_DEFAULTS 0, NULL, 0
WICK_API wick_tensor *wick_bincount(wick_tensor *x);
WICK_API wick_tensor *wick_bincount_opt(wick_tensor *x, const wick_bincount_options *options);
#define wick_bincount(x, ...) \
    wick_bincount_opt(x, WICK_OPTIONS(wick_bincount_options, WICK_BINCOUNT_DEFAULTS, __VA_ARGS__))

/* The position at which each value would be put into an ascending row, int64 in the shape of values: before all that are equal, or,
 * with .right, behind them. sorted_sequence is one row (n) for all, or (..., n) with values (..., m). bucketize has one row of
 * boundaries, and its arguments the other way round. */
typedef struct wick_searchsorted_options {
    size_t size_;
    char start_;
    bool right; /* default false */
} wick_searchsorted_options;
#define WICK_SEARCHSORTED_DEFAULTS 0, false
#define WICK_SEARCHSORTED_OPTIONS(...) WICK_OPTIONS(wick_searchsorted_options, WICK_SEARCHSORTED_DEFAULTS, __VA_ARGS__)
WICK_API wick_tensor *wick_searchsorted_opt(wick_tensor *sorted_sequence, wick_tensor *values,
                                            const wick_searchsorted_options *options);
WICK_API wick_tensor *wick_bucketize_opt(wick_tensor *x, wick_tensor *boundaries,
                                         const wick_searchsorted_options *options);
#ifndef __cplusplus
#define wick_searchsorted(sorted_sequence, values, ...) \
    wick_searchsorted_opt(sorted_sequence, WICK_OPERAND(values), WICK_SEARCHSORTED_OPTIONS(__VA_ARGS__))
#define wick_bucketize(x, boundaries, ...) \
    wick_bucketize_opt(WICK_OPERAND(x), boundaries, WICK_SEARCHSORTED_OPTIONS(__VA_ARGS__))
#endif

WICK_END_DECLS

#endif
