/* diagonal.c - diagonals: as views, copied, put into matrices, summed. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* diagonal     y = x[.., i, .., i + k, ..]         dx = 0 but for dy there        k = start, dim, dim2: its dimensions
   diag_embed   y = 0 but for x there               dx = the diagonal of dy
   trace        y = sum of the diagonal             dx = 0 but for dy there, everywhere the same */
static wick_tensor *diagonal(const wk_op *op, wick_tensor *x, const wk_args *args);
static wick_tensor *embed(const wk_op *op, wick_tensor *x, const wk_args *args, const int64_t *shape, int ndim);
static const wk_op diagonal_op, diagonal_backward_op;
GRAD(diagonal_d) { return embed(&diagonal_backward_op, dy, args, node->a_shape, node->a_ndim); }
GRAD(embed_d) { return diagonal(&diagonal_op, dy, args); }
static const wk_op diagonal_op = {"DiagonalBackward0", {{diagonal_d, 0, NULL}}, false};
static const wk_op diagonal_copy_op = {"DiagonalBackward0_copy", {{diagonal_d, 0, NULL}}, false};
static const wk_op diagonal_backward_op = {"DiagonalBackwardBackward0", {{embed_d, 0, NULL}}, false};
static const wk_op embed_op = {"DiagEmbedBackward0", {{embed_d, 0, NULL}}, false};

/* Where the diagonal lies in a tensor of this shape and these strides: its shape and strides, and how far its first element
 * is from the tensor's. */
typedef struct place {
    int ndim;
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS], offset;
} place;

static place place_of(const int64_t *shape, const int64_t *strides, int ndim, const wk_args *args)
{
    place p = {.ndim = ndim - 1};
    const int64_t k = args->start, rows = shape[args->dim], columns = shape[args->dim2];
    int n = 0;
    for (int d = 0; d < ndim; d++) {
        if (d == args->dim || d == args->dim2)
            continue;
        p.shape[n] = shape[d];
        p.strides[n++] = strides[d];
    }
    /* Rows from -k on, or columns from k on, as many as there are of both. */
    int64_t rows_left = k >= 0 ? rows : k < -rows ? 0 : rows + k;
    int64_t columns_left = k <= 0 ? columns : k > columns ? 0 : columns - k;
    p.shape[n] = rows_left < columns_left ? rows_left : columns_left;
    p.strides[n] = strides[args->dim] + strides[args->dim2];
    if (p.shape[n])
        p.offset = k >= 0 ? k * strides[args->dim2] : -k * strides[args->dim];
    return p;
}

static wick_tensor *diagonal(const wk_op *op, wick_tensor *x, const wk_args *args)
{
    if (!x)
        return NULL;
    place p = place_of(x->shape, x->strides, x->ndim, args);
    if (op == &diagonal_op)
        return wk_view(op, args, x, p.shape, p.strides, p.ndim, x->offset + p.offset);
    wick_tensor *there = wk_alias(x, p.shape, p.strides, p.ndim, x->offset + p.offset);
    wick_tensor *y = there ? wk_new_like(there) : NULL;
    if (y)
        wk_copy(y, there);
    wk_unref(there);
    return wk_record(op, args, y, x, NULL, NULL);
}

static wick_tensor *embed(const wk_op *op, wick_tensor *x, const wk_args *args, const int64_t *shape, int ndim)
{
    wick_tensor *y = x ? wk_new(shape, ndim, x->dtype) : NULL;
    if (!y)
        return NULL;
    wk_fill(y, 0);
    place p = place_of(y->shape, y->strides, ndim, args);
    if (!wk_copy_at(y, p.offset, p.strides, x)) {
        wk_unref(y);
        y = NULL;
    }
    return wk_record(op, args, y, x, NULL, NULL);
}

/* The two dimensions of a diagonal among ndim; false with an error. */
static bool find_dims(const char *function, int64_t offset, int64_t dim1, int64_t dim2, int ndim, wk_args *args)
{
    if (!wk_check_whole(function, "offset", offset))
        return false;
    int d1 = wk_wrap_dim(function, dim1, ndim), d2 = d1 < 0 ? -1 : wk_wrap_dim(function, dim2, ndim);
    if (d1 < 0 || d2 < 0)
        return false;
    if (d1 == d2)
        wick_fail(WICK_ERROR_INDEX, "%s: the two dimensions of a diagonal must differ, and both are %d", function, d1);
    *args = (wk_args){.start = offset, .dim = d1, .dim2 = d2};
    return d1 != d2;
}

wick_tensor *wick_diagonal_opt(wick_tensor *x, const wick_diagonal_options *given)
{
    WK_ENTER;
    wick_diagonal_options o = WK_OPTIONS(wick_diagonal_options, WICK_DIAGONAL_DEFAULTS, given);
    wk_args args;
    if (!WK_TENSOR(x, "wick_diagonal", "x") || !find_dims("wick_diagonal", o.offset, o.dim1, o.dim2, x->ndim, &args))
        return NULL;
    return diagonal(&diagonal_op, x, &args);
}

/* diag_embed with the name of the function that was called. */
static wick_tensor *diag_embed(const char *function, wick_tensor *x, const wick_diag_embed_options *o)
{
    wk_args args;
    if (x->ndim == WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the result would have more than %d dimensions", function,
                         WICK_MAX_DIMS);
    if (!find_dims(function, o->offset, o->dim1, o->dim2, x->ndim + 1, &args))
        return NULL;
    const int64_t size = x->shape[x->ndim - 1], k = o->offset;
    if (k == INT64_MIN || (k < 0 ? -k : k) > INT64_MAX - size)
        return wick_fail(WICK_ERROR_SHAPE, "%s: no matrix has a diagonal of %lld elements with offset %lld", function,
                         (long long)size, (long long)k);
    int64_t shape[WICK_MAX_DIMS];
    for (int d = 0, n = 0; d <= x->ndim; d++)
        shape[d] = d == args.dim || d == args.dim2 ? size + (k < 0 ? -k : k) : x->shape[n++];
    return embed(&embed_op, x, &args, shape, x->ndim + 1);
}

wick_tensor *wick_diag_embed_opt(wick_tensor *x, const wick_diag_embed_options *given)
{
    WK_ENTER;
    wick_diag_embed_options o = WK_OPTIONS(wick_diag_embed_options, WICK_DIAG_EMBED_DEFAULTS, given);
    if (!WK_TENSOR(x, "wick_diag_embed", "x"))
        return NULL;
    if (x->ndim == 0)
        return wick_fail(WICK_ERROR_SHAPE, "wick_diag_embed: x must have at least 1 dimension");
    return diag_embed("wick_diag_embed", x, &o);
}

wick_tensor *wick_diag_opt(wick_tensor *x, const wick_triangle_options *given)
{
    WK_ENTER;
    wick_triangle_options o = WK_OPTIONS(wick_triangle_options, 0, given);
    const char *function = "wick_diag";
    if (!WK_TENSOR(x, function, "x") || !wk_check_whole(function, "diagonal", o.diagonal))
        return NULL;
    if (x->ndim == 1)
        return diag_embed(function, x, &(wick_diag_embed_options){.offset = o.diagonal, .dim1 = 0, .dim2 = 1});
    if (x->ndim != 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: x must have 1 or 2 dimensions, and has shape %s; use wick_diagonal",
                         function, WK_SHAPE(x));
    return diagonal(&diagonal_copy_op, x, &(wk_args){.start = o.diagonal, .dim = 0, .dim2 = 1});
}

static const wk_args main_diagonal = {.start = 0, .dim = 0, .dim2 = 1};
GRAD(trace_d)
{
    const int64_t *shape = node->a_shape;
    wick_tensor *all = wick_expand(dy, shape[0] < shape[1] ? shape[0] : shape[1]);
    return embed(&diagonal_backward_op, all, &main_diagonal, shape, 2);
}
static const wk_op trace_op = {"TraceBackward0", {{trace_d, 0, NULL}}, false};

wick_tensor *wick_trace(wick_tensor *x)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_trace", "x"))
        return NULL;
    if (x->ndim != 2)
        return wick_fail(WICK_ERROR_SHAPE, "wick_trace: x must be a matrix, and has shape %s", WK_SHAPE(x));
    if (x->dtype == WICK_BOOL)
        return wick_fail(WICK_ERROR_DTYPE, "wick_trace: not for bool; convert with wick_to(x, WICK_INT64)");
    place p = place_of(x->shape, x->strides, 2, &main_diagonal);
    wick_tensor *there = wk_alias(x, p.shape, p.strides, 1, x->offset);
    bool floating = wick_dtype_is_floating(x->dtype);
    wick_tensor *y = there ? wk_new(NULL, 0, floating ? x->dtype : WICK_INT64) : NULL;
    if (y)
        wk_reduce_sum(there, 1, y);
    wk_unref(there);
    return wk_record(&trace_op, NULL, y, x, NULL, NULL);
}
