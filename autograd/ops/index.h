/* index.h - reading and writing elements by index, and ordering them; a part of ops.h.
 *
 * Indices are int64, and an index out of range is an error. They may be negative, to count from the end, if the comment says
 * so. An element that is read several times gets the sum of all gradients. If several values are written to one position, the
 * last one stays, as in PyTorch on the CPU, although PyTorch does not promise it; each value gets the gradient of the
 * position. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <math.h>

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- x[i, j, ...] ------------------------------------------------------------------------------------------------------- */

/* x[i, j, ...] in Python. The list has an item for each dimension of x, from the first on:
 *     int64 tensors        they broadcast together; negative indices count from the end
 *     masks                bool or uint8 tensors in the shape of the dimensions that they index: selects where they are true
 *     numbers              wick_scalar(2), and 0-dimensional int64 tensors: removes the dimension
 *     WICK_ALL             the whole dimension, ':'
 * The dimensions of the index tensors take the place of the dimensions that they index, or come first if a WICK_ALL is between
 * them. The result is a copy, even where Python's is a view (for views: wick_select, wick_slice).
 *     y_hat[range(n), y]   wick_index(y_hat, wick_list_of(wick_arange(n), y))
 *     x[x > 0]             wick_index(x, wick_list_of(wick_gt(x, 0)))
 *     x[:, i]              wick_index(x, wick_list_of(WICK_ALL, i))
 * https://pytorch.org/docs/stable/tensor_view.html, https://numpy.org/doc/stable/user/basics.indexing.html */
WICK_API wick_tensor *wick_index(wick_tensor *x, wick_list *indices);
#define WICK_ALL wick_scalar_int(WICK_UNSET)

/* x after x[i, j, ...] = values, or with .accumulate after x[i, j, ...] += values, where values for one position are summed:
 * torch.index_put. values is a number, or a tensor of x's dtype that broadcasts to the shape of wick_index(x, indices). With
 * _, in place. */
typedef struct wick_index_put_options {
    size_t size_;
    char start_;
    bool accumulate; /* default false */
} wick_index_put_options;
WICK_API wick_tensor *wick_index_put_opt(wick_tensor *x, wick_list *indices, wick_tensor *values,
                                         const wick_index_put_options *options);
#define wick_index_put(x, indices, values, ...) \
    wick_index_put_opt(x, indices, WICK_OPERAND(values), WICK_OPTIONS(wick_index_put_options, 0, __VA_ARGS__))
WICK_API wick_tensor *wick_index_put_opt_(wick_tensor *x, wick_list *indices, wick_tensor *values,
                                          const wick_index_put_options *options);
#define wick_index_put_(x, indices, values, ...) \
    wick_index_put_opt_(x, indices, WICK_OPERAND(values), WICK_OPTIONS(wick_index_put_options, 0, __VA_ARGS__))

/* ---- Element by element along a dimension --------------------------------------------------------------------------------- */

/* For dim 1:
 *     gather: y[i, j, k] = x[i, index[i, j, k], k];
 *     scatter: y = x, then y[i, index[i, j, k], k] = src[i, j, k], for src a tensor of x's dtype or a number;
 *     scatter_add: y = x, then y[i, index[i, j, k], k] += src[i, j, k].
 * index has the same number of dimensions as x. Its sizes may be smaller than those of x, except in dim, and smaller than
 * those of src. Negative indices are an error. The part of src that index does not cover gets the gradient 0 (in PyTorch,
 * backward fails there). With _, in place. */
WICK_API wick_tensor *wick_gather(wick_tensor *x, int64_t dim, wick_tensor *index);
WICK_API wick_tensor *wick_scatter(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src);
#define wick_scatter(x, dim, index, src) wick_scatter(x, dim, index, WICK_OPERAND(src))
WICK_API wick_tensor *wick_scatter_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src);
#define wick_scatter_(x, dim, index, src) wick_scatter_(x, dim, index, WICK_OPERAND(src))
WICK_API wick_tensor *wick_scatter_add(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src);
WICK_API wick_tensor *wick_scatter_add_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src);

/* x.flatten()[index], in the shape of index: torch.take. Negative indices count from the end. */
WICK_API wick_tensor *wick_take(wick_tensor *x, wick_tensor *index);

/* gather of x and indices, which have the same number of dimensions and broadcast except in dim: torch.take_along_dim. It
 * takes what wick_argsort, and wick_argmax with .keepdim, return. Without .dim it reads the flattened x at the flattened
 * indices. As in PyTorch, negative indices count from the end only with .dim. (PyTorch does not report indices out of range
 * there.) */
typedef struct wick_take_along_dim_options {
    size_t size_;
    char start_;
    int64_t dim; /* default: flattened */
} wick_take_along_dim_options;
WICK_API wick_tensor *wick_take_along_dim_opt(wick_tensor *x, wick_tensor *indices,
                                              const wick_take_along_dim_options *options);
#define wick_take_along_dim(x, indices, ...) \
    wick_take_along_dim_opt(x, indices, WICK_OPTIONS(wick_take_along_dim_options, WICK_UNSET, __VA_ARGS__))

/* ---- Slices along a dimension --------------------------------------------------------------------------------------------- */

/* index, (n) or 0-dimensional, lists slices of x; source has x's dtype, and x's shape with size n in dim. For dim 1:
 *     index_select: y = x[:, index];
 *     index_add: y = x, then y[:, index] += alpha source, where slices for one index are summed;
 *     index_copy: y = x, then y[:, index] = source;
 *     index_fill: y = x, then y[:, index] = value, a number or a 0-dimensional tensor, converted to x's dtype.
 * As in PyTorch, only index_fill takes negative indices. With _, in place. */
typedef struct wick_index_add_options {
    size_t size_;
    char start_;
    double alpha; /* for integers a whole number, for int64 below 2^53; default 1 */
} wick_index_add_options;
WICK_API wick_tensor *wick_index_select(wick_tensor *x, int64_t dim, wick_tensor *index);
WICK_API wick_tensor *wick_index_add_opt(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source,
                                         const wick_index_add_options *options);
#define wick_index_add(x, dim, index, source, ...) \
    wick_index_add_opt(x, dim, index, source, WICK_OPTIONS(wick_index_add_options, 1, __VA_ARGS__))
WICK_API wick_tensor *wick_index_add_opt_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source,
                                          const wick_index_add_options *options);
#define wick_index_add_(x, dim, index, source, ...) \
    wick_index_add_opt_(x, dim, index, source, WICK_OPTIONS(wick_index_add_options, 1, __VA_ARGS__))
WICK_API wick_tensor *wick_index_copy(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source);
WICK_API wick_tensor *wick_index_copy_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *source);
WICK_API wick_tensor *wick_index_fill(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *value);
#define wick_index_fill(x, dim, index, value) wick_index_fill(x, dim, index, WICK_OPERAND(value))
WICK_API wick_tensor *wick_index_fill_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *value);
#define wick_index_fill_(x, dim, index, value) wick_index_fill_(x, dim, index, WICK_OPERAND(value))

/* The rows of weight (rows, features) at indices of any shape (...), as (..., features): torch.nn.functional.embedding.
 * Negative indices are an error. There is no option sparse. */
typedef struct wick_embedding_options {
    size_t size_;
    char start_;
    int64_t padding_idx; /* this row gets no gradient; a negative one counts from the end; default: none */
    /* The rows at the indices whose norm is greater than max_norm are first scaled to it, in weight itself, unrecorded. */
    double max_norm;         /* default NAN: no row is scaled */
    double norm_type;        /* the p of the norm; default 2 */
    bool scale_grad_by_freq; /* the gradient of a row is divided by the number of its indices; default false */
} wick_embedding_options;
#define WICK_EMBEDDING_DEFAULTS WICK_UNSET, (double)NAN, 2.0, false
WICK_API wick_tensor *wick_embedding_opt(wick_tensor *indices, wick_tensor *weight,
                                         const wick_embedding_options *options);
#define wick_embedding(indices, weight, ...) \
    wick_embedding_opt(indices, weight, WICK_OPTIONS(wick_embedding_options, WICK_EMBEDDING_DEFAULTS, __VA_ARGS__))

/* ---- Masks ---------------------------------------------------------------------------------------------------------------- */

/* The n elements of x where mask (bool) is true, as (n); x and mask broadcast: torch.masked_select. */
WICK_API wick_tensor *wick_masked_select(wick_tensor *x, wick_tensor *mask);

/* The indices of the n elements of x that are not 0, int64 (n, dimensions of x): torch.nonzero. Column d, wick_select(y, 1,
 * d), is item d of the tuple that as_tuple=True gives. */
WICK_API wick_tensor *wick_nonzero(wick_tensor *x);

/* ---- Order ---------------------------------------------------------------------------------------------------------------- */

/* sort: the elements along dim in ascending order; NaN is the largest, and -0 equals 0. argsort: only their indices, int64.
 * Equal elements keep their order with and without .stable; PyTorch promises it only with it. .stable only changes the name
 * of the node. */
typedef struct wick_sort_options {
    size_t size_;
    char start_;
    int64_t dim;           /* default -1 */
    bool descending;       /* default false */
    bool stable;           /* default false */
    wick_tensor **indices; /* for sort: where to put the indices; default: nowhere */
} wick_sort_options;
WICK_API wick_tensor *wick_sort(wick_tensor *x);
WICK_API wick_tensor *wick_sort_opt(wick_tensor *x, const wick_sort_options *options);
#define wick_sort(x, ...) wick_sort_opt(x, WICK_OPTIONS(wick_sort_options, -1, __VA_ARGS__))
WICK_API wick_tensor *wick_argsort(wick_tensor *x);
WICK_API wick_tensor *wick_argsort_opt(wick_tensor *x, const wick_sort_options *options);
#define wick_argsort(x, ...) wick_argsort_opt(x, WICK_OPTIONS(wick_sort_options, -1, __VA_ARGS__))

/* The k largest elements along dim in descending order, or with .largest = false the k smallest in ascending order:
 * torch.topk. With .sorted = false they are in their order in x. Among equal elements the first are taken, in their order;
 * PyTorch promises neither this nor an order without sorted. Not for bool. */
typedef struct wick_topk_options {
    size_t size_;
    char start_;
    int64_t dim;           /* default -1 */
    bool largest;          /* default true */
    bool sorted;           /* default true */
    wick_tensor **indices; /* where to put the indices; default: nowhere */
} wick_topk_options;
#define WICK_TOPK_DEFAULTS -1, true, true, NULL
WICK_API wick_tensor *wick_topk_opt(wick_tensor *x, int64_t k, const wick_topk_options *options);
#define wick_topk(x, k, ...) wick_topk_opt(x, k, WICK_OPTIONS(wick_topk_options, WICK_TOPK_DEFAULTS, __VA_ARGS__))

/* The k-th smallest element along dim, k from 1: torch.kthvalue. Equal elements count in their order in x. Not for bool. */
typedef struct wick_kthvalue_options {
    size_t size_;
    char start_;
    int64_t dim;           /* default -1 */
    bool keepdim;          /* default false */
    wick_tensor **indices; /* where to put the indices; default: nowhere */
} wick_kthvalue_options;
WICK_API wick_tensor *wick_kthvalue_opt(wick_tensor *x, int64_t k, const wick_kthvalue_options *options);
#define wick_kthvalue(x, k, ...) wick_kthvalue_opt(x, k, WICK_OPTIONS(wick_kthvalue_options, -1, __VA_ARGS__))

/* The different elements of x in ascending order, (n), or with .dim the different slices along it in lexicographic order:
 * torch.unique. With .sorted = false the result is sorted, too, as in PyTorch on the CPU. NaN differs from NaN, and -0 equals
 * 0. A slice with NaN comes after those without, from the element where they first differ; PyTorch does not promise where it
 * is. *inverse gets the index in the result of each element, in x's shape, or of each slice; *counts gets, (n), how often
 * each occurs. Not differentiable. */
typedef struct wick_unique_options {
    size_t size_;
    char start_;
    bool sorted;           /* default true */
    wick_tensor **inverse; /* where to put the inverse; default: nowhere */
    wick_tensor **counts;  /* where to put the counts; default: nowhere */
    int64_t dim;           /* default: all elements */
} wick_unique_options;
#define WICK_UNIQUE_DEFAULTS true, NULL, NULL, WICK_UNSET
WICK_API wick_tensor *wick_unique(wick_tensor *x);
WICK_API wick_tensor *wick_unique_opt(wick_tensor *x, const wick_unique_options *options);
#define wick_unique(x, ...) wick_unique_opt(x, WICK_OPTIONS(wick_unique_options, WICK_UNIQUE_DEFAULTS, __VA_ARGS__))

/* x without the elements, or with .dim the slices, that equal the one before them: torch.unique_consecutive. *inverse and
 * *counts as for wick_unique. */
typedef struct wick_unique_consecutive_options {
    size_t size_;
    char start_;
    wick_tensor **inverse; /* where to put the inverse; default: nowhere */
    wick_tensor **counts;  /* where to put the counts; default: nowhere */
    int64_t dim;           /* default: all elements */
} wick_unique_consecutive_options;
#define WICK_UNIQUE_CONSECUTIVE_DEFAULTS NULL, NULL, WICK_UNSET
WICK_API wick_tensor *wick_unique_consecutive(wick_tensor *x);
WICK_API wick_tensor *wick_unique_consecutive_opt(wick_tensor *x, const wick_unique_consecutive_options *options);
#define wick_unique_consecutive(x, ...) \
    wick_unique_consecutive_opt(        \
        x, WICK_OPTIONS(wick_unique_consecutive_options, WICK_UNIQUE_CONSECUTIVE_DEFAULTS, __VA_ARGS__))

/* ---- Classes and bins: not differentiable ----------------------------------------------------------------------------------- */

/* 1 at the class of each element and 0 elsewhere, int64 (..., num_classes), for classes (...), int64 and not negative:
 * torch.nn.functional.one_hot. */
typedef struct wick_one_hot_options {
    size_t size_;
    char start_;
    int64_t num_classes; /* default -1: the largest class + 1 */
} wick_one_hot_options;
WICK_API wick_tensor *wick_one_hot(wick_tensor *x);
WICK_API wick_tensor *wick_one_hot_opt(wick_tensor *classes, const wick_one_hot_options *options);
#define wick_one_hot(classes, ...) wick_one_hot_opt(classes, WICK_OPTIONS(wick_one_hot_options, -1, __VA_ARGS__))

/* How often each of 0, 1, ... occurs among the elements of x (n), int64 or uint8 and not negative: torch.bincount. The result
 * is int64, (largest + 1) or (minlength) if that is longer. With weights (n) it has the sums of the weights, float32 if they
 * are float32, else float64. The confusion matrix of c classes is bincount of target * c + prediction, reshaped to (c, c). */
typedef struct wick_bincount_options {
    size_t size_;
    char start_;
    wick_tensor *weights; /* default: 1 for each element */
    int64_t minlength;    /* default 0 */
} wick_bincount_options;
WICK_API wick_tensor *wick_bincount(wick_tensor *x);
WICK_API wick_tensor *wick_bincount_opt(wick_tensor *x, const wick_bincount_options *options);
#define wick_bincount(x, ...) wick_bincount_opt(x, WICK_OPTIONS(wick_bincount_options, 0, __VA_ARGS__))

/* searchsorted: the index at which each value would be inserted into an ascending row, int64 in the shape of values: before
 * equal elements, or with .right after them. sorted_sequence is one row (n) for all values, or (..., n) with values (..., m).
 * bucketize: the same with one row of boundaries, and the arguments in the other order. */
typedef struct wick_searchsorted_options {
    size_t size_;
    char start_;
    bool right; /* default false */
} wick_searchsorted_options;
WICK_API wick_tensor *wick_searchsorted_opt(wick_tensor *sorted_sequence, wick_tensor *values,
                                            const wick_searchsorted_options *options);
#define wick_searchsorted(sorted_sequence, values, ...)          \
    wick_searchsorted_opt(sorted_sequence, WICK_OPERAND(values), \
                          WICK_OPTIONS(wick_searchsorted_options, 0, __VA_ARGS__))
WICK_API wick_tensor *wick_bucketize_opt(wick_tensor *x, wick_tensor *boundaries,
                                         const wick_searchsorted_options *options);
#define wick_bucketize(x, boundaries, ...) \
    wick_bucketize_opt(WICK_OPERAND(x), boundaries, WICK_OPTIONS(wick_searchsorted_options, 0, __VA_ARGS__))

WICK_END_DECLS
