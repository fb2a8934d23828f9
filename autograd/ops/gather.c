/* gather.c - elements picked and put one by one, each by an index along one dimension or into the flattened tensor. */
#include "../parts.h"

/* The flat positions in x that index names along dimension dim: x[index[i, j, k], j, k] for dim 0. index has as many
 * dimensions as x, and is no larger in those other than dim; one without elements may have any shape. 0 dimensions count
 * as one of size 1. wrap: negative indices count from the end. In the innermost scope. */
static wick_tensor *positions_of(const char *function, const wick_tensor *x, int dim, const wick_tensor *index,
                                 bool wrap)
{
    int ndim = x->ndim ? x->ndim : 1;
    bool fits = (index->ndim ? index->ndim : 1) == ndim;
    for (int d = 0; fits && d < index->ndim; d++)
        fits = d == dim || index->shape[d] <= x->shape[d];
    if (!fits && index->numel)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: the index, of shape %s, must have as many dimensions as the tensor, of shape %s, and be "
                         "no larger in those other than %d",
                         function, WK_SHAPE(index), WK_SHAPE(x), dim);
    wick_tensor *from = wk_own(wk_contiguous(index)), *positions = wk_own(wk_new_like(index));
    if (!from || !positions || !index->numel)
        return positions && from ? positions : NULL;
    int64_t strides[WICK_MAX_DIMS] = {1}, at[WICK_MAX_DIMS] = {0}, base = 0;
    wk_contiguous_strides(x->shape, x->ndim, strides);
    const uint64_t size = (uint64_t)(x->ndim ? x->shape[dim] : 1), added = wrap ? size : 0;
    const uint64_t step = (uint64_t)strides[dim], along = dim == ndim - 1 ? 0 : 1;
    const int64_t row = index->ndim ? index->shape[index->ndim - 1] : 1, *in = wk_data(from);
    strides[dim] = 0;
    int64_t *out = wk_data(positions);
    for (const int64_t *end = in + index->numel; in != end; in += row, out += row) {
        bool good =
            true; /* looked at after the row, which has no branch then; unsigned, as a bad index may be any number */
        for (int64_t k = 0; k < row; k++) {
            const uint64_t i = (uint64_t)in[k] + (in[k] < 0 ? added : 0);
            good &= i < size;
            out[k] = (int64_t)((uint64_t)base + i * step + (uint64_t)k * along);
        }
        for (int64_t k = 0; k < row && !good; k++)
            if ((uint64_t)in[k] + (in[k] < 0 ? added : 0) >= size) {
                wk_out_of_range(function, in[k], dim, (int64_t)size);
                return NULL;
            }
        wk_next(index->shape, index->ndim - 1, at, 1, (const int64_t *const[]){strides}, &base);
    }
    return positions;
}

/* gather   y = x at index along dim */
static const wk_op gather_op = WK_TAKE_OP("GatherBackward0");

static wick_tensor *gather(const char *function, wick_tensor *x, int dim, wick_tensor *index, bool wrap)
{
    if (!x || !index)
        return NULL;
    WICK_SCOPE;
    wick_tensor *positions = positions_of(function, x, dim, index, wrap);
    return wick_out(wk_take_places(&gather_op, x, positions, NULL, index->shape, index->ndim));
}

wick_tensor *wick_gather(wick_tensor *x, int64_t dim, wick_tensor *index)
{
    WK_ENTER;
    const char *function = "wick_gather";
    if (!WK_TENSOR(x, function, "x") || !wk_check_index(function, index, "index"))
        return NULL;
    int d = wk_wrap_dim(function, dim, x->ndim);
    return d < 0 ? NULL : gather(function, x, d, index, false);
}

wick_tensor *wick_take_along_dim_opt(wick_tensor *x, wick_tensor *indices, const wick_take_along_dim_options *given)
{
    WK_ENTER;
    wick_take_along_dim_options o = WK_OPTIONS(wick_take_along_dim_options, WICK_UNSET, given);
    const char *function = "wick_take_along_dim";
    if (!WK_TENSOR(x, function, "x") || !wk_check_index(function, indices, "indices"))
        return NULL;
    WICK_SCOPE;
    if (o.dim == WICK_UNSET)
        return wick_out(gather(function, wick_reshape(x, -1), 0, wick_reshape(indices, -1), false));
    int d = wk_wrap_dim(function, o.dim, x->ndim);
    if (d < 0)
        return NULL;
    if (x->ndim == 0 || x->ndim != indices->ndim)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: the tensor, of shape %s, and the indices, of shape %s, must have the same number of dimensions, at "
            "least one",
            function, WK_SHAPE(x), WK_SHAPE(indices));
    int64_t shape[WICK_MAX_DIMS], of_x[WICK_MAX_DIMS], of_indices[WICK_MAX_DIMS];
    for (int i = 0; i < x->ndim; i++) {
        of_x[i] = i == d ? 1 : x->shape[i];
        of_indices[i] = i == d ? 1 : indices->shape[i];
    }
    int ndim;
    if (!wk_broadcast(function, of_x, x->ndim, of_indices, x->ndim, shape, &ndim))
        return NULL;
    shape[d] = indices->shape[d];
    indices = wick_expand_n(indices, shape, ndim);
    shape[d] = x->shape[d];
    return wick_out(gather(function, wick_expand_n(x, shape, ndim), d, indices, true));
}

/* take     y = the elements of x at flat positions, which may count from the end */
static const wk_op take_op = WK_TAKE_OP("TakeBackward0");

wick_tensor *wick_take(wick_tensor *x, wick_tensor *index)
{
    WK_ENTER;
    const char *function = "wick_take";
    if (!WK_TENSOR(x, function, "x") || !wk_check_index(function, index, "index"))
        return NULL;
    WICK_SCOPE;
    wick_tensor *positions = wk_own(wk_new_like(index));
    if (!positions)
        return NULL;
    wk_copy(positions, index);
    int64_t *p = wk_data(positions), n = x->numel;
    for (int64_t i = 0; i < positions->numel; i++) {
        if (p[i] < -n || p[i] >= n)
            return wick_fail(WICK_ERROR_INDEX, "%s: index %lld is out of range for a tensor of %lld elements", function,
                             (long long)p[i], (long long)n);
        p[i] += p[i] < 0 ? n : 0;
    }
    return wick_out(wk_take_places(&take_op, x, positions, NULL, index->shape, index->ndim));
}

/* scatter      y = x but for src at index along dim
   scatter_add  y = x + src at index along dim */
static const wk_op scatter_op = WK_WRITE_OP("ScatterBackward0");
static const wk_op scatter_number_op = WK_WRITE_OP("ScatterBackward1");
static const wk_op scatter_add_op = WK_ADD_OP("ScatterAddBackward0");

/* The part of src that index covers, which must not be larger. */
static wick_tensor *covered(const char *function, wick_tensor *src, const wick_tensor *index)
{
    if (!index->numel) /* of any shape */
        return wick_reshape_n(wick_narrow(wick_reshape(src, -1), 0, 0, 0), index->shape, index->ndim);
    bool fits = (index->ndim ? index->ndim : 1) == (src->ndim ? src->ndim : 1);
    for (int d = 0; fits && d < index->ndim && src->ndim; d++)
        fits = index->shape[d] <= src->shape[d];
    if (!fits || (!index->ndim && !src->numel) || (!src->ndim && index->numel > 1))
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: the index, of shape %s, must have as many dimensions as the source, of shape %s, and be no "
            "larger",
            function, WK_SHAPE(index), WK_SHAPE(src));
    for (int d = 0; d < index->ndim && src && src->ndim; d++)
        if (index->shape[d] < src->shape[d])
            src = wick_narrow(src, d, 0, index->shape[d]);
    if (src && !index->ndim && src->ndim && src->shape[0] > 1)
        src = wick_narrow(src, 0, 0, 1);
    return src;
}

static wick_tensor *scatter(const char *function, wk_put_how how, bool in_place, wick_tensor *x, int64_t dim,
                            wick_tensor *index, wick_tensor *src)
{
    if (!WK_TENSOR(x, function, "x") || !wk_check_index(function, index, "index") || !WK_TENSOR(src, function, "src"))
        return NULL;
    int d = wk_wrap_dim(function, dim, x->ndim);
    if (d < 0)
        return NULL;
    WICK_SCOPE;
    const wk_op *op = how == WK_ADD_UP ? &scatter_add_op : src->is_number ? &scatter_number_op : &scatter_op;
    bool number = src->is_number;
    if (number) {
        src = wk_as_value(function, x, src);
        src = src ? wick_expand_n(src, index->shape, index->ndim) : NULL;
    }
    if (!src || !wk_check_source(function, x, src))
        return NULL;
    wick_tensor *positions = positions_of(function, x, d, index, false);
    src = positions ? covered(function, src, index) : NULL;
    if (in_place)
        return wk_put_places_(function, op, how, x, src, positions);
    return wick_out(wk_put_places(op, how, x, src, positions));
}

#undef wick_scatter
wick_tensor *wick_scatter(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src)
{
    WK_ENTER;
    return scatter("wick_scatter", WK_WRITE, false, x, dim, index, src);
}

#undef wick_scatter_
wick_tensor *wick_scatter_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src)
{
    WK_ENTER;
    return scatter("wick_scatter_", WK_WRITE, true, x, dim, index, src);
}

wick_tensor *wick_scatter_add(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src)
{
    WK_ENTER;
    return scatter("wick_scatter_add", WK_ADD_UP, false, x, dim, index, src);
}

wick_tensor *wick_scatter_add_(wick_tensor *x, int64_t dim, wick_tensor *index, wick_tensor *src)
{
    WK_ENTER;
    return scatter("wick_scatter_add_", WK_ADD_UP, true, x, dim, index, src);
}
