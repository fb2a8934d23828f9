/* shape.h - changing shapes and moving elements: views, joining, copies; a part of ops.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"
#include "reduce.h"

WICK_BEGIN_DECLS

/* Any number of integers, as a tuple in Python: wick_split(x, WICK_TUPLE(2, 3)). */
typedef struct wick_tuple {
    const int64_t *item;
    int count;
} wick_tuple;
#define WICK_TUPLE(...) ((wick_tuple){WICK_INTS(__VA_ARGS__)})

#ifndef __cplusplus
/* A single dimension, or the dimensions of WICK_DIMS(...). */
static inline wick_dims wick_one_dim_(int64_t dim) { return WICK_DIMS(dim); }
static inline wick_dims wick_same_dims_(wick_dims dims) { return dims; }
/* clang-format off */
#define WICK_AS_DIMS(d) \
    _Generic((d), WICK_INTEGERS_(wick_one_dim_, wick_one_dim_), wick_dims : wick_same_dims_)(d)
/* clang-format on */
#else
#define WICK_AS_DIMS(d) d
#endif

/* A dimension as a keyword argument. */
typedef struct wick_dim_options {
    size_t size_;
    char start_;
    int64_t dim; /* default 0 */
} wick_dim_options;

/* ---- Shape: results share storage with x where they can -------------------------------------------------------------------- */

/* reshape: x in another shape with the same number of elements, a view if the strides allow it, else a copy. view: the same,
 * but an error if the strides do not allow a view. One size may be -1, for the size that fits. */
WICK_API wick_tensor *wick_reshape_n(wick_tensor *x, const int64_t *shape, int ndim);
#define wick_reshape(x, ...) wick_reshape_n(x, WICK_INTS(__VA_ARGS__))
WICK_API wick_tensor *wick_view_n(wick_tensor *x, const int64_t *shape, int ndim);
#define wick_view(x, ...) wick_view_n(x, WICK_INTS(__VA_ARGS__))
WICK_API wick_tensor *wick_view_as(wick_tensor *x, wick_tensor *other);    /* view to the shape of other */
WICK_API wick_tensor *wick_reshape_as(wick_tensor *x, wick_tensor *other); /* reshape to the shape of other */
WICK_API wick_tensor *wick_ravel(wick_tensor *x); /* x in 1 dimension; a copy only if x is not contiguous */

/* Views with the dimensions in another order. */
WICK_API wick_tensor *wick_transpose(wick_tensor *x, int64_t dim0, int64_t dim1); /* swaps two dimensions */
WICK_API wick_tensor *wick_t(wick_tensor *x);                                     /* x.t(), for at most 2 dimensions */
WICK_API wick_tensor *wick_permute_n(wick_tensor *x, const int64_t *dims, int ndim); /* dimension i is x's dims[i] */
#define wick_permute(x, ...) wick_permute_n(x, WICK_INTS(__VA_ARGS__))

/* Moves dimensions to other positions; the others keep their order in the positions that are left: torch.movedim.
 * wick_movedim(x, 0, -1), wick_movedim(x, WICK_DIMS(0, 1), WICK_DIMS(1, 0)). */
WICK_API wick_tensor *wick_movedim(wick_tensor *x, wick_dims source, wick_dims destination);
#define wick_movedim(x, source, destination) wick_movedim(x, WICK_AS_DIMS(source), WICK_AS_DIMS(destination))

/* Removes all dimensions of size 1, wick_squeeze(x); or the given ones whose size is 1: wick_squeeze(x, 1),
 * wick_squeeze(x, .dims = WICK_DIMS(0, 2)). */
typedef struct wick_squeeze_options {
    size_t size_;
    char start_;
    int64_t dim;    /* default: all */
    wick_dims dims; /* several dimensions, instead of dim */
} wick_squeeze_options;
/* clang-format off */
/* clang-format on */
WICK_API wick_tensor *wick_squeeze(wick_tensor *x);
WICK_API wick_tensor *wick_squeeze_opt(wick_tensor *x, const wick_squeeze_options *options);
#define wick_squeeze(x, ...) wick_squeeze_opt(x, WICK_OPTIONS(wick_squeeze_options, WICK_UNSET, __VA_ARGS__))

WICK_API wick_tensor *wick_unsqueeze(wick_tensor *x, int64_t dim); /* inserts a dimension of size 1 at dim */

/* Makes dimensions start_dim to end_dim one: wick_flatten(x), wick_flatten(x, 1). */
typedef struct wick_flatten_options {
    size_t size_;
    char start_;
    int64_t start_dim; /* default 0 */
    int64_t end_dim;   /* included; default -1, the last */
} wick_flatten_options;
#define WICK_FLATTEN_DEFAULTS 0, -1
WICK_API wick_tensor *wick_flatten(wick_tensor *x);
WICK_API wick_tensor *wick_flatten_opt(wick_tensor *x, const wick_flatten_options *options);
#define wick_flatten(x, ...) wick_flatten_opt(x, WICK_OPTIONS(wick_flatten_options, WICK_FLATTEN_DEFAULTS, __VA_ARGS__))

/* Makes dimension dim several with these sizes, whose product is its size; one may be -1: wick_unflatten(x, 1, 4, -1). */
WICK_API wick_tensor *wick_unflatten_n(wick_tensor *x, int64_t dim, const int64_t *sizes, int count);
#define wick_unflatten(x, dim, ...) wick_unflatten_n(x, dim, WICK_INTS(__VA_ARGS__))

/* Stretches dimensions of size 1, and new leading ones, to these sizes without a copy; -1 keeps a size: x.expand(2, 3). */
WICK_API wick_tensor *wick_expand_n(wick_tensor *x, const int64_t *shape, int ndim);
#define wick_expand(x, ...) wick_expand_n(x, WICK_INTS(__VA_ARGS__))
WICK_API wick_tensor *wick_expand_as(wick_tensor *x, wick_tensor *other); /* expand to the shape of other */
WICK_API wick_tensor *wick_broadcast_to_n(wick_tensor *x, const int64_t *shape, int ndim); /* another name for expand */
#define wick_broadcast_to(x, ...) wick_broadcast_to_n(x, WICK_INTS(__VA_ARGS__))

/* The coordinates of a grid: torch.meshgrid. The tensors have one dtype, at most 1 dimension, and n0, n1, ... elements. The
 * result is a list of tensors (n0, n1, ...), of which tensor k varies along dimension k. With WICK_XY, dimensions 0 and 1 are
 * swapped. */
typedef enum wick_indexing { WICK_IJ, WICK_XY } wick_indexing;
typedef struct wick_meshgrid_options {
    size_t size_;
    char start_;
    wick_indexing indexing; /* default WICK_IJ */
} wick_meshgrid_options;
WICK_API wick_list *wick_meshgrid_opt(wick_list *tensors, const wick_meshgrid_options *options);
#define wick_meshgrid(tensors, ...) wick_meshgrid_opt(tensors, WICK_OPTIONS(wick_meshgrid_options, 0, __VA_ARGS__))

/* x[..., start:end:step, ...] in dimension dim, a view; bounds are clipped as in Python. X[:n] is wick_slice(X, 0, .end = n),
 * and X[2:8] is wick_slice(X, 0, 2, 8). */
typedef struct wick_slice_options {
    size_t size_;
    char start_;
    int64_t start; /* default: the first */
    int64_t end;   /* exclusive; default: the last is included */
    int64_t step;  /* above 0; default 1 */
} wick_slice_options;
#define WICK_SLICE_DEFAULTS WICK_UNSET, WICK_UNSET, 1
WICK_API wick_tensor *wick_slice_opt(wick_tensor *x, int64_t dim, const wick_slice_options *options);
#define wick_slice(x, dim, ...) \
    wick_slice_opt(x, dim, WICK_OPTIONS(wick_slice_options, WICK_SLICE_DEFAULTS, __VA_ARGS__))

/* length elements of dimension dim from start on, a view: x.narrow(dim, start, length). */
WICK_API wick_tensor *wick_narrow(wick_tensor *x, int64_t dim, int64_t start, int64_t length);

/* x[..., index, ...] in dimension dim, which is removed; a view: x.select(dim, index). */
WICK_API wick_tensor *wick_select(wick_tensor *x, int64_t dim, int64_t index);

/* The parts of a dimension in order, as a list of views: wick_split(x, 2), wick_split(x, WICK_TUPLE(2, 3), .dim = 1).
 *     split: parts of this size, the last one with the rest, or parts of these sizes, whose sum is that of the dimension;
 *     chunk: at most that many parts of the same size, except the last, which may be smaller;
 *     tensor_split: exactly that many parts, the first ones longer by 1, or x[:i], x[i:j], x[j:] for the indices (i, j);
 *     unbind: single elements, without the dimension.
 * The list keeps the parts alive: wick_list_get(list, 0). */
WICK_API wick_list *wick_split_opt(wick_tensor *x, int64_t size, const wick_dim_options *options);
WICK_API wick_list *wick_split_tuple(wick_tensor *x, wick_tuple sizes, const wick_dim_options *options);
#define wick_split(x, size, ...)                                                \
    _Generic((size), WICK_INTEGERS_(wick_split_opt, wick_split_opt), wick_tuple \
             : wick_split_tuple)(x, size, WICK_OPTIONS(wick_dim_options, 0, __VA_ARGS__))
WICK_API wick_list *wick_chunk_opt(wick_tensor *x, int64_t chunks, const wick_dim_options *options);
#define wick_chunk(x, chunks, ...) wick_chunk_opt(x, chunks, WICK_OPTIONS(wick_dim_options, 0, __VA_ARGS__))
WICK_API wick_list *wick_tensor_split_opt(wick_tensor *x, int64_t sections, const wick_dim_options *options);
WICK_API wick_list *wick_tensor_split_tuple(wick_tensor *x, wick_tuple indices, const wick_dim_options *options);
#define wick_tensor_split(x, at, ...)                                                       \
    _Generic((at), WICK_INTEGERS_(wick_tensor_split_opt, wick_tensor_split_opt), wick_tuple \
             : wick_tensor_split_tuple)(x, at, WICK_OPTIONS(wick_dim_options, 0, __VA_ARGS__))
WICK_API wick_list *wick_unbind_opt(wick_tensor *x, const wick_dim_options *options);
#define wick_unbind(x, ...) wick_unbind_opt(x, WICK_OPTIONS(wick_dim_options, 0, __VA_ARGS__))

/* Windows of size elements of a dimension, one every step elements, as a new last dimension: x.unfold(dim, size, step). (...,
 * n, ...) becomes (..., (n - size) / step + 1, ..., size). It is a view; if step < size, its elements share memory, and the
 * only write in place that is allowed sets all elements to one value (otherwise clone it). */
WICK_API wick_tensor *wick_unfold(wick_tensor *x, int64_t dim, int64_t size, int64_t step);

/* The diagonal x[i, i + offset] of dimensions dim1 and dim2 as a new last dimension, a view: torch.diagonal. */
typedef struct wick_diagonal_options {
    size_t size_;
    char start_;
    int64_t offset;     /* positive: above the main diagonal; default 0 */
    int64_t dim1, dim2; /* default: the first two */
} wick_diagonal_options;
#define WICK_DIAGONAL_DEFAULTS 0, 0, 1
WICK_API wick_tensor *wick_diagonal(wick_tensor *x);
WICK_API wick_tensor *wick_diagonal_opt(wick_tensor *x, const wick_diagonal_options *options);
#define wick_diagonal(x, ...) \
    wick_diagonal_opt(x, WICK_OPTIONS(wick_diagonal_options, WICK_DIAGONAL_DEFAULTS, __VA_ARGS__))

/* ---- Joining ------------------------------------------------------------------------------------------------------------------ */

/* Joins tensors along an existing dimension, .dim, default 0: torch.cat. wick_cat(wick_list_of(a, b), 1). */
WICK_API wick_tensor *wick_cat_opt(wick_list *tensors, const wick_dim_options *options);
#define wick_cat(tensors, ...) wick_cat_opt(tensors, WICK_OPTIONS(wick_dim_options, 0, __VA_ARGS__))

/* Joins tensors of one shape along a new dimension, .dim, default 0: torch.stack. */
WICK_API wick_tensor *wick_stack_opt(wick_list *tensors, const wick_dim_options *options);
#define wick_stack(tensors, ...) wick_stack_opt(tensors, WICK_OPTIONS(wick_dim_options, 0, __VA_ARGS__))

/* Joins tensors side by side: along dimension 1, or along dimension 0 if the first has 1 dimension: torch.hstack. */
WICK_API wick_tensor *wick_hstack(wick_list *tensors);

/* Joins tensors as rows, along dimension 0; a tensor with fewer than 2 dimensions is one row: torch.vstack. */
WICK_API wick_tensor *wick_vstack(wick_list *tensors);

/* Joins tensors along dimension 2; (n) counts as (1, n, 1), and (m, n) as (m, n, 1): torch.dstack. */
WICK_API wick_tensor *wick_dstack(wick_list *tensors);

/* ---- Moving, repeating and removing elements: copies ----------------------------------------------------------------------------- */

/* Reverses the order of the elements in each of these dimensions (with none: a copy): wick_flip(x, 0, 1). */
WICK_API wick_tensor *wick_flip_n(wick_tensor *x, const int64_t *dims, int count);
#define wick_flip(x, ...) wick_flip_n(x, WICK_INTS(__VA_ARGS__))

/* Moves elements forward by shift positions; those that leave at the end come back at the beginning: torch.roll. In the
 * flattened tensor: wick_roll(x, 1); in one dimension: wick_roll(x, 1, 0); in several: wick_roll(x, WICK_TUPLE(1, 2), .dims =
 * WICK_DIMS(0, 1)). */
typedef struct wick_roll_options {
    size_t size_;
    char start_;
    int64_t dim;    /* default: the flattened tensor */
    wick_dims dims; /* one for each shift, instead of dim */
} wick_roll_options;
/* clang-format off */
/* clang-format on */
WICK_API wick_tensor *wick_roll_opt(wick_tensor *x, int64_t shift, const wick_roll_options *options);
WICK_API wick_tensor *wick_roll_tuple(wick_tensor *x, wick_tuple shifts, const wick_roll_options *options);
#define wick_roll(x, shift, ...)                                               \
    _Generic((shift), WICK_INTEGERS_(wick_roll_opt, wick_roll_opt), wick_tuple \
             : wick_roll_tuple)(x, shift, WICK_OPTIONS(wick_roll_options, WICK_UNSET, __VA_ARGS__))

/* Copies of x side by side, in the given number for each dimension; additional numbers in front are for new dimensions. repeat:
 * x.repeat(2, 3). tile: the same, but there may be fewer numbers than dimensions; they are for the last dimensions. */
WICK_API wick_tensor *wick_repeat_n(wick_tensor *x, const int64_t *repeats, int count);
#define wick_repeat(x, ...) wick_repeat_n(x, WICK_INTS(__VA_ARGS__))
WICK_API wick_tensor *wick_tile_n(wick_tensor *x, const int64_t *repeats, int count);
#define wick_tile(x, ...) wick_tile_n(x, WICK_INTS(__VA_ARGS__))

/* Repeats each element the given number of times, along a dimension: torch.repeat_interleave with a number. */
typedef struct wick_repeat_interleave_options {
    size_t size_;
    char start_;
    int64_t dim; /* default: the flattened tensor */
} wick_repeat_interleave_options;
WICK_API wick_tensor *wick_repeat_interleave_opt(wick_tensor *x, int64_t repeats,
                                                 const wick_repeat_interleave_options *options);
#define wick_repeat_interleave(x, repeats, ...) \
    wick_repeat_interleave_opt(x, repeats, WICK_OPTIONS(wick_repeat_interleave_options, WICK_UNSET, __VA_ARGS__))

/* Adds elements before and after: torch.nn.functional.pad. pad has a pair of numbers for each of the last dimensions,
 * beginning with the last one; a negative number removes elements.
 *     wick_pad(x, WICK_TUPLE(1, 2))                                        1 before and 2 after in the last dimension
 *     wick_pad(x, WICK_TUPLE(1, 1, 2, 2), .mode = WICK_PAD_REFLECT)        1 on each side, and 2 rows above and below
 * CONSTANT adds value, and takes any number of pairs. The other modes add elements of x. They take 1, 2 or 3 pairs, and x
 * must have 1 or 2 dimensions more than there are pairs. REFLECT mirrors at the first and last element without repeating it
 * (padding less than the size), REPLICATE repeats these elements, and CIRCULAR continues at the other end (padding at most
 * the size). */
typedef enum wick_pad_mode { WICK_PAD_CONSTANT, WICK_PAD_REFLECT, WICK_PAD_REPLICATE, WICK_PAD_CIRCULAR } wick_pad_mode;
typedef struct wick_pad_options {
    size_t size_;
    char start_;
    wick_pad_mode mode; /* default WICK_PAD_CONSTANT */
    double value;       /* for CONSTANT; x's dtype must be able to hold it; default 0 */
    int64_t value_int;  /* instead of value, for an int64 of 2^53 or more, which a double does not hold */
} wick_pad_options;
#define WICK_PAD_DEFAULTS WICK_PAD_CONSTANT, 0.0, WICK_UNSET
WICK_API wick_tensor *wick_pad_opt(wick_tensor *x, wick_tuple pad, const wick_pad_options *options);
#define wick_pad(x, pad, ...) wick_pad_opt(x, pad, WICK_OPTIONS(wick_pad_options, WICK_PAD_DEFAULTS, __VA_ARGS__))

/* Differences of neighbours in a dimension, y[i] = x[i + 1] - x[i], or for bool x[i + 1] != x[i]; n times: torch.diff. */
typedef struct wick_diff_options {
    size_t size_;
    char start_;
    int64_t n;            /* default 1 */
    int64_t dim;          /* default -1 */
    wick_tensor *prepend; /* prepend and append are joined to x first; in x's shape, except in dim; default: none */
    wick_tensor *append;
} wick_diff_options;
#define WICK_DIFF_DEFAULTS 1, -1, NULL, NULL
WICK_API wick_tensor *wick_diff(wick_tensor *x);
WICK_API wick_tensor *wick_diff_opt(wick_tensor *x, const wick_diff_options *options);
#define wick_diff(x, ...) wick_diff_opt(x, WICK_OPTIONS(wick_diff_options, WICK_DIFF_DEFAULTS, __VA_ARGS__))

/* tril: the lower triangle of the matrices in the last two dimensions, 0 elsewhere. triu: the upper triangle, 0 elsewhere. A
 * triangle is the diagonal x[i, i + diagonal] and everything below (tril) or above (triu) it. With _, in place. */
typedef struct wick_triangle_options {
    size_t size_;
    char start_;
    int64_t diagonal; /* default 0 */
} wick_triangle_options;
WICK_API wick_tensor *wick_tril(wick_tensor *x);
WICK_API wick_tensor *wick_tril_opt(wick_tensor *x, const wick_triangle_options *options);
#define wick_tril(x, ...) wick_tril_opt(x, WICK_OPTIONS(wick_triangle_options, 0, __VA_ARGS__))
WICK_API wick_tensor *wick_triu(wick_tensor *x);
WICK_API wick_tensor *wick_triu_opt(wick_tensor *x, const wick_triangle_options *options);
#define wick_triu(x, ...) wick_triu_opt(x, WICK_OPTIONS(wick_triangle_options, 0, __VA_ARGS__))
WICK_API wick_tensor *wick_tril_(wick_tensor *x);
WICK_API wick_tensor *wick_tril_opt_(wick_tensor *x, const wick_triangle_options *options);
#define wick_tril_(x, ...) wick_tril_opt_(x, WICK_OPTIONS(wick_triangle_options, 0, __VA_ARGS__))
WICK_API wick_tensor *wick_triu_(wick_tensor *x);
WICK_API wick_tensor *wick_triu_opt_(wick_tensor *x, const wick_triangle_options *options);
#define wick_triu_(x, ...) wick_triu_opt_(x, WICK_OPTIONS(wick_triangle_options, 0, __VA_ARGS__))

/* diag: for a matrix, a copy of its diagonal; for a vector, the matrix with this diagonal, and 0 elsewhere. diag_embed: the
 * last dimension becomes the diagonal of dimensions dim1 and dim2 of the result, and the rest is 0. trace: the sum of a
 * matrix's diagonal; integers give int64. */
WICK_API wick_tensor *wick_diag(wick_tensor *x);
WICK_API wick_tensor *wick_diag_opt(wick_tensor *x, const wick_triangle_options *options);
#define wick_diag(x, ...) wick_diag_opt(x, WICK_OPTIONS(wick_triangle_options, 0, __VA_ARGS__))
typedef struct wick_diag_embed_options {
    size_t size_;
    char start_;
    int64_t offset;     /* as in wick_diagonal; default 0 */
    int64_t dim1, dim2; /* of the result; default: the last two */
} wick_diag_embed_options;
#define WICK_DIAG_EMBED_DEFAULTS 0, -2, -1
WICK_API wick_tensor *wick_diag_embed(wick_tensor *x);
WICK_API wick_tensor *wick_diag_embed_opt(wick_tensor *x, const wick_diag_embed_options *options);
#define wick_diag_embed(x, ...) \
    wick_diag_embed_opt(x, WICK_OPTIONS(wick_diag_embed_options, WICK_DIAG_EMBED_DEFAULTS, __VA_ARGS__))
WICK_API wick_tensor *wick_trace(wick_tensor *x);

/* ---- Copies ------------------------------------------------------------------------------------------------------------------ */

/* The results are new tensors, or x itself where nothing has to change. */
WICK_API wick_tensor *wick_clone(wick_tensor *x);                      /* a copy with storage of its own */
WICK_API wick_tensor *wick_contiguous(wick_tensor *x);                 /* x itself if contiguous, else a copy that is */
WICK_API wick_tensor *wick_to_dtype(wick_tensor *x, wick_dtype dtype); /* x itself if it has that dtype */
WICK_API wick_tensor *wick_to_device(wick_tensor *x,
                                     wick_device device); /* x itself; another device than the CPU is an error */
#ifndef __cplusplus
/* x.to(dtype) and x.to(device). wick_dtype is an int to most compilers. */
#define wick_to(x, target) \
    _Generic((target), wick_device : wick_to_device, int : wick_to_dtype, unsigned : wick_to_dtype)(x, target)
#endif

WICK_END_DECLS
