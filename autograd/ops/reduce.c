/* reduce.c - sums, means and extremes, whole and by dimension. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- Dimensions ------------------------------------------------------------------------------------------------------------- */

/* The dimensions that the options name, as a set of bits; every one if they name none. False with an error. */
static bool dims_of(const char *function, const wick_tensor *x, const wick_reduce_options *o, unsigned *mask)
{
    *mask = 0;
    if (o->dim == WICK_UNSET && o->dims.count == 0) {
        *mask = (1u << x->ndim) - 1;
        return true;
    }
    if (o->dims.count < 0 || o->dims.count > WICK_MAX_DIMS || (o->dim != WICK_UNSET && o->dims.count)) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: give either .dim or .dims, of at most %d dimensions", function,
                  WICK_MAX_DIMS);
        return false;
    }
    const int64_t *dims = o->dims.count ? o->dims.dim : &o->dim;
    for (int i = 0; i < (o->dims.count ? o->dims.count : 1); i++) {
        int d = wk_wrap_dim(function, dims[i], x->ndim);
        if (d < 0)
            return false;
        if (*mask & (1u << d)) {
            wick_fail(WICK_ERROR_INDEX, "%s: dimension %d is given twice", function, d);
            return false;
        }
        *mask |= 1u << d;
    }
    if (x->ndim == 0) /* which has no dimension 0 to be reduced */
        *mask = 0;
    return true;
}

/* An uninitialised result of reducing x over mask; its shape with sizes of 1 left in if kept. */
static wick_tensor *reduced(const wick_tensor *x, unsigned mask, bool keepdim, wick_dtype dtype)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim = 0;
    for (int i = 0; i < x->ndim; i++) {
        if (!(mask & (1u << i)))
            shape[ndim++] = x->shape[i];
        else if (keepdim)
            shape[ndim++] = 1;
    }
    return wk_new(shape, ndim, dtype);
}

static int64_t reduced_count(const wick_tensor *x, unsigned mask)
{
    int64_t count = 1;
    for (int i = 0; i < x->ndim; i++)
        count *= mask & (1u << i) ? x->shape[i] : 1;
    return count;
}

static wk_args args_of(unsigned mask, bool keepdim) { return (wk_args){.start = mask, .keepdim = keepdim}; }

/* t with sizes of 1 where dimensions were reduced away. */
static wick_tensor *with_dims(const wick_node *node, const wk_args *args, wick_tensor *t)
{
    if (!t || args->keepdim || t->ndim == node->a_ndim)
        return t;
    int64_t shape[WICK_MAX_DIMS];
    for (int i = 0; i < node->a_ndim; i++)
        shape[i] = args->start & (1 << i) ? 1 : node->a_shape[i];
    return wick_reshape_n(t, shape, node->a_ndim);
}

wick_tensor *wk_unreduce(const wick_node *node, const wk_args *args, wick_tensor *dy)
{
    return wick_expand_n(with_dims(node, args, dy), node->a_shape, node->a_ndim);
}

/* ---- sum and mean ------------------------------------------------------------------------------------------------------------ */

/* sum      y = sum of x              dx = dy, stretched to x's shape */
GRAD(sum_d) { return wk_unreduce(node, args, dy); }
static const wk_op sum_op = {"SumBackward0", {{sum_d, 0, NULL}}, false};
static const wk_op sum_dim_op = {"SumBackward1", {{sum_d, 0, NULL}}, false};

wick_tensor *wick_sum_opt(wick_tensor *x, wick_reduce_options o)
{
    unsigned mask;
    if (!WK_TENSOR(x, "wick_sum", "x") || !dims_of("wick_sum", x, &o, &mask))
        return NULL;
    wick_dtype dtype = wick_dtype_is_floating((wick_dtype)x->dtype) ? (wick_dtype)x->dtype : WICK_INT64;
    wick_tensor *y = reduced(x, mask, o.keepdim, dtype);
    if (y)
        wk_reduce_sum(x, mask, y);
    wk_args args = args_of(mask, o.keepdim);
    bool whole = o.dim == WICK_UNSET && !o.dims.count && !o.keepdim;
    return wk_record(whole ? &sum_op : &sum_dim_op, &args, y, x, NULL, NULL);
}

/* mean     y = sum of x / n          dx = dy / n, stretched to x's shape; n = s */
GRAD(mean_d) { return wick_div(wk_unreduce(node, args, dy), args->s); }
GRAD(mean_fused) { return wk_unreduce(node, args, wick_div(dy, args->s)); }
static const wk_op mean_op = {"MeanBackward0", {{mean_d, 0, mean_fused}}, false};
static const wk_op mean_dim_op = {"MeanBackward1", {{mean_d, 0, mean_fused}}, false};

wick_tensor *wick_mean_opt(wick_tensor *x, wick_reduce_options o)
{
    unsigned mask;
    if (!WK_TENSOR(x, "wick_mean", "x") || !dims_of("wick_mean", x, &o, &mask))
        return NULL;
    if (!wick_dtype_is_floating((wick_dtype)x->dtype))
        return wick_fail(WICK_ERROR_DTYPE,
                         "wick_mean: x must be of a floating-point dtype, not %s; convert it with wick_to",
                         wick_dtype_name((wick_dtype)x->dtype));
    wick_tensor *y = reduced(x, mask, o.keepdim, (wick_dtype)x->dtype);
    wk_args args = args_of(mask, o.keepdim);
    args.s = (double)reduced_count(x, mask);
    if (y) {
        wk_reduce_sum(x, mask, y);
        /* Rounding the double quotient of two floats gives their float quotient. */
        const double n = x->dtype == WICK_FLOAT32 ? (double)(float)args.s : args.s;
        for (int64_t i = 0; i < y->numel; i++)
            wk_store(y, i, wk_load(y, i) / n);
    }
    bool whole = o.dim == WICK_UNSET && !o.dims.count && !o.keepdim;
    return wk_record(whole ? &mean_op : &mean_dim_op, &args, y, x, NULL, NULL);
}

/* ---- max, min and where they are ------------------------------------------------------------------------------------------------ */

/* max, min of all        dx = dy shared evenly among the elements that equal y, or, if y is NaN, among those that are NaN */
GRAD(extreme_d)
{
    wick_tensor *at = wick_item(y) != wick_item(y) ? wick_ne(a, a) : wick_eq(a, y);
    return wick_where(at, wick_div(dy, wick_sum(at)), 0.0);
}
static const wk_op max_op = {"MaxBackward1", {{extreme_d, USES_A | USES_Y, NULL}}, false};
static const wk_op min_op = {"MinBackward1", {{extreme_d, USES_A | USES_Y, NULL}}, false};

/* max, min of a dimension        dx = 0 but for dy at the positions of the extremes, b */
GRAD(extreme_dim_d) { return wk_put(dy, b, node->a_shape, node->a_ndim); }
static const wk_op max_dim_op = {"MaxBackward0", {{extreme_dim_d, USES_B, NULL}, {NULL, 0, NULL}}, false};
static const wk_op min_dim_op = {"MinBackward0", {{extreme_dim_d, USES_B, NULL}, {NULL, 0, NULL}}, false};

/* One dimension, or all: an extreme has its index in one of the two. */
static bool extreme_dims(const char *function, const wick_tensor *x, const wick_reduce_options *o, unsigned *mask)
{
    if (!WK_TENSOR(x, function, "x") || !dims_of(function, x, o, mask))
        return false;
    if (o->dims.count) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: takes one dimension, as .dim", function);
        return false;
    }
    if (reduced_count(x, *mask) == 0) {
        wick_fail(WICK_ERROR_SHAPE,
                  "%s: there is no extreme of no elements: shape %s; give a dimension of size above 0", function,
                  WK_SHAPE(x));
        return false;
    }
    return true;
}

static wick_tensor *arg_extreme(const char *function, wick_tensor *x, const wick_reduce_options *o, bool largest)
{
    unsigned mask;
    if (!extreme_dims(function, x, o, &mask))
        return NULL;
    if (x->dtype == WICK_BOOL)
        return wick_fail(WICK_ERROR_DTYPE, "%s: not for bool; convert with wick_to(x, WICK_UINT8)", function);
    wick_tensor *y = reduced(x, mask, o->keepdim, WICK_INT64);
    if (y)
        wk_reduce_arg(x, mask, largest, y);
    return wk_own(y);
}

wick_tensor *wick_argmax_opt(wick_tensor *x, wick_reduce_options o) { return arg_extreme("wick_argmax", x, &o, true); }
wick_tensor *wick_argmin_opt(wick_tensor *x, wick_reduce_options o) { return arg_extreme("wick_argmin", x, &o, false); }

/* indices (of elements along dim, in the shape of the result) as flat positions in the contiguous x; own reference. */
static wick_tensor *flat_positions(const wick_tensor *x, int dim, const wick_tensor *indices)
{
    wick_tensor *positions = wk_new_like(indices);
    if (!positions)
        return NULL;
    int64_t inner = 1, size = x->ndim ? x->shape[dim] : 1;
    for (int i = dim + 1; i < x->ndim; i++)
        inner *= x->shape[i];
    const int64_t *from = wk_data(indices);
    int64_t *to = wk_data(positions);
    for (int64_t n = 0; n < indices->numel; n++)
        to[n] = (n / inner * size + from[n]) * inner + n % inner;
    return positions;
}

static wick_tensor *extreme(const char *function, wick_tensor *x, const wick_reduce_options *o, bool largest)
{
    unsigned mask;
    if (!extreme_dims(function, x, o, &mask))
        return NULL;
    bool whole = o->dim == WICK_UNSET;
    if (whole && o->indices)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: indices are of one dimension; give .dim too", function);
    WICK_SCOPE;
    wick_tensor *indices = wk_own(reduced(x, mask, o->keepdim, WICK_INT64));
    wick_tensor *flat = wk_own(wk_contiguous(x));
    if (!indices || !flat)
        return NULL;
    wk_reduce_arg(flat, mask, largest, indices);
    int dim = 0;
    while (!whole && x->ndim && !(mask & (1u << dim)))
        dim++;
    wick_tensor *positions = whole ? indices : wk_own(flat_positions(x, dim, indices));
    wick_tensor *y = positions ? wk_new(indices->shape, indices->ndim, (wick_dtype)x->dtype) : NULL;
    if (!y)
        return NULL;
    size_t element = wick_dtype_size((wick_dtype)x->dtype);
    for (int64_t n = 0; n < y->numel; n++)
        memcpy((char *)wk_data(y) + (size_t)n * element,
               (char *)wk_data(flat) + (size_t)((int64_t *)wk_data(positions))[n] * element, element);
    wk_args args = args_of(mask, o->keepdim);
    y = whole ? wk_record(largest ? &max_op : &min_op, &args, y, x, NULL, NULL)
              : wk_record(largest ? &max_dim_op : &min_dim_op, &args, y, x, positions, NULL);
    if (y && o->indices && !(*o->indices = wick_out(indices)))
        return NULL;
    return wick_out(y);
}

wick_tensor *wick_max_opt(wick_tensor *x, wick_reduce_options o) { return extreme("wick_max", x, &o, true); }
wick_tensor *wick_min_opt(wick_tensor *x, wick_reduce_options o) { return extreme("wick_min", x, &o, false); }
