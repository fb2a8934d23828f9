/* reduce.c - what reductions have in common, and those that count and add: sums and means, any and all. */
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- Dimensions ------------------------------------------------------------------------------------------------------------- */

bool wk_reduce_dims(const char *function, const wick_tensor *x, int64_t dim, const wick_dims *several, unsigned *mask)
{
    *mask = 0;
    if (!WK_TENSOR(x, function, "x"))
        return false;
    const int count = several ? several->count : 0;
    if (count < 0 || count > WICK_MAX_DIMS || (dim != WICK_UNSET && count)) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: give either .dim or .dims, of at most %d dimensions", function,
                  WICK_MAX_DIMS);
        return false;
    }
    if (dim == WICK_UNSET && count == 0) {
        *mask = (1u << x->ndim) - 1;
        return true;
    }
    const int64_t *dims = count ? several->dim : &dim;
    for (int i = 0; i < (count ? count : 1); i++) {
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

wick_sum_options wk_reduce_kept(const wick_tensor *x, unsigned mask)
{
    wick_sum_options o = {.size_ = sizeof o, .dim = WICK_UNSET, .keepdim = true};
    for (int i = 0; i < x->ndim; i++)
        if (mask & (1u << i))
            o.dims.dim[o.dims.count++] = i;
    return o;
}

wick_tensor *wk_reduced(const wick_tensor *x, unsigned mask, bool keepdim, wick_dtype dtype)
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

int64_t wk_reduced_count(const wick_tensor *x, unsigned mask)
{
    int64_t count = 1;
    for (int i = 0; i < x->ndim; i++)
        count *= mask & (1u << i) ? x->shape[i] : 1;
    return count;
}

wk_args wk_reduce_args(unsigned mask, bool keepdim) { return (wk_args){.start = mask, .keepdim = keepdim}; }

wick_tensor *wk_with_dims(const wick_node *node, const wk_args *args, wick_tensor *t)
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
    return wick_expand_n(wk_with_dims(node, args, dy), node->a_shape, node->a_ndim);
}

/* Over everything, as PyTorch's overload without dimensions. */
static bool is_whole(const wick_sum_options *o) { return o->dim == WICK_UNSET && !o->dims.count && !o->keepdim; }

wick_tensor *wk_reduce_input(const char *function, wick_tensor *x, wick_dtype dtype)
{
    if (!wk_is_dtype(dtype))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .dtype is none of wick_dtype", function);
    if (!wick_dtype_is_floating(dtype) && wick_is_grad_enabled() && wk_needs_grad(x))
        return wick_fail(WICK_ERROR_DTYPE,
                         "%s: .dtype is %s, and x requires grad; only floating point has gradients: give "
                         "wick_detach(x)",
                         function, wick_dtype_name(dtype));
    return wick_to_dtype(x, dtype);
}

/* f of x in the dtype that o asks for, and the result in it. */
static wick_tensor *in_dtype(const char *function, wick_tensor *(*f)(wick_tensor *, const wick_sum_options *),
                             wick_tensor *x, wick_sum_options o)
{
    WICK_SCOPE;
    const wick_dtype dtype = o.dtype;
    o.dtype = WICK_DTYPE_AUTO;
    wick_tensor *converted = wk_reduce_input(function, x, dtype), *y = converted ? f(converted, &o) : NULL;
    return y ? wick_out(wick_to_dtype(y, dtype)) : NULL;
}

static wick_dtype widened(const wick_tensor *x) { return wick_dtype_is_floating(x->dtype) ? x->dtype : WICK_INT64; }

/* ---- sum and mean ------------------------------------------------------------------------------------------------------------ */

/* sum      y = sum of x              dx = dy, stretched to x's shape */
GRAD(sum_d) { return wk_unreduce(node, args, dy); }
static const wk_op sum_op = {"SumBackward0", {{sum_d, 0, NULL}}, false};
static const wk_op sum_dim_op = {"SumBackward1", {{sum_d, 0, NULL}}, false};

wick_tensor *wick_sum_opt(wick_tensor *x, const wick_sum_options *given)
{
    WK_ENTER;
    wick_sum_options o = WK_OPTIONS(wick_sum_options, WICK_UNSET, given);
    unsigned mask;
    if (!wk_reduce_dims("wick_sum", x, o.dim, &o.dims, &mask))
        return NULL;
    if (o.dtype != WICK_DTYPE_AUTO)
        return in_dtype("wick_sum", wick_sum_opt, x, o);
    wick_tensor *y = wk_reduced(x, mask, o.keepdim, widened(x));
    if (y)
        wk_reduce_sum(x, mask, y);
    wk_args args = wk_reduce_args(mask, o.keepdim);
    return wk_record(is_whole(&o) ? &sum_op : &sum_dim_op, &args, y, x, NULL, NULL);
}

/* mean     y = sum of x / n          dx = dy / n, stretched to x's shape; n = s */
GRAD(mean_d) { return wick_div(wk_unreduce(node, args, dy), args->s); }
GRAD(mean_fused) { return wk_unreduce(node, args, wick_div(dy, args->s)); }
static const wk_op mean_op = {"MeanBackward0", {{mean_d, 0, mean_fused}}, false};
static const wk_op mean_dim_op = {"MeanBackward1", {{mean_d, 0, mean_fused}}, false};

wick_tensor *wick_mean_opt(wick_tensor *x, const wick_sum_options *given)
{
    WK_ENTER;
    wick_sum_options o = WK_OPTIONS(wick_sum_options, WICK_UNSET, given);
    unsigned mask;
    if (!wk_reduce_dims("wick_mean", x, o.dim, &o.dims, &mask))
        return NULL;
    if (o.dtype != WICK_DTYPE_AUTO)
        return in_dtype("wick_mean", wick_mean_opt, x, o);
    if (!wk_check_floating("wick_mean", x, "x"))
        return NULL;
    wick_tensor *y = wk_reduced(x, mask, o.keepdim, x->dtype);
    wk_args args = wk_reduce_args(mask, o.keepdim);
    args.s = (double)wk_reduced_count(x, mask);
    if (y) {
        wk_reduce_sum(x, mask, y);
        /* Rounding the double quotient of two floats gives their float quotient. */
        const double n = x->dtype == WICK_FLOAT32 ? (double)(float)args.s : args.s;
        for (int64_t i = 0; i < y->numel; i++)
            wk_store(y, i, wk_load(y, i) / n);
    }
    return wk_record(is_whole(&o) ? &mean_op : &mean_dim_op, &args, y, x, NULL, NULL);
}

/* nansum   y = sum of x that is not NaN        dx = dy where x is not NaN, else 0 dy */
GRAD(nansum_d) { return wick_mul(wk_unreduce(node, args, dy), wick_eq(a, a)); }
static const wk_op nansum_op = {"NansumBackward0", {{nansum_d, USES_A, NULL}}, false};

wick_tensor *wick_nansum_opt(wick_tensor *x, const wick_sum_options *given)
{
    WK_ENTER;
    wick_sum_options o = WK_OPTIONS(wick_sum_options, WICK_UNSET, given);
    unsigned mask;
    if (!wk_reduce_dims("wick_nansum", x, o.dim, &o.dims, &mask))
        return NULL;
    if (o.dtype != WICK_DTYPE_AUTO)
        return in_dtype("wick_nansum", wick_nansum_opt, x, o);
    wick_tensor *y = wk_reduced(x, mask, o.keepdim, widened(x)), *number = y ? wk_new_like(x) : NULL;
    if (number) {
        wk_copy(number, x);
        for (int64_t i = 0; wick_dtype_is_floating(x->dtype) && i < number->numel; i++)
            if (isnan(wk_load(number, i)))
                wk_store(number, i, 0);
        wk_reduce_sum(number, mask, y);
    } else {
        wk_unref(y);
        y = NULL;
    }
    wk_unref(number);
    wk_args args = wk_reduce_args(mask, o.keepdim);
    return wk_record(&nansum_op, &args, y, x, NULL, NULL);
}

/* nanmean  the same over how many are not NaN */
wick_tensor *wick_nanmean_opt(wick_tensor *x, const wick_sum_options *given)
{
    WK_ENTER;
    wick_sum_options o = WK_OPTIONS(wick_sum_options, WICK_UNSET, given);
    unsigned mask;
    if (!wk_reduce_dims("wick_nanmean", x, o.dim, &o.dims, &mask) || !wk_check_floating("wick_nanmean", x, "x"))
        return NULL;
    WICK_SCOPE;
    wick_tensor *total = wick_nansum_opt(x, &o);
    o.dtype = WICK_DTYPE_AUTO;
    return wick_out(wick_div(total, wick_sum_opt(wick_eq(x, x), &o)));
}

/* ---- Of what is not 0: to bool, not differentiable --------------------------------------------------------------------------- */

static wick_tensor *of_truth(const char *function, wk_fold fold, wick_tensor *x, const wick_reduce_options *o)
{
    unsigned mask;
    if (!wk_reduce_dims(function, x, o->dim, &o->dims, &mask))
        return NULL;
    wick_tensor *truth = wk_cast(x, WICK_BOOL);
    wick_tensor *y = truth ? wk_reduced(x, mask, o->keepdim, fold == WK_FOLD_SUM ? WICK_INT64 : WICK_BOOL) : NULL;
    if (y)
        wk_reduce(fold, truth, mask, y);
    wk_unref(truth);
    if (y && fold != WK_FOLD_SUM && x->dtype == WICK_UINT8) {
        wick_tensor *bytes = wk_cast(y, WICK_UINT8);
        wk_unref(y);
        y = bytes;
    }
    return wk_own(y);
}

wick_tensor *wick_count_nonzero_opt(wick_tensor *x, const wick_reduce_options *given)
{
    WK_ENTER;
    wick_reduce_options o = WK_OPTIONS(wick_reduce_options, WICK_UNSET, given);
    return of_truth("wick_count_nonzero", WK_FOLD_SUM, x, &o);
}
wick_tensor *wick_any_opt(wick_tensor *x, const wick_reduce_options *given)
{
    WK_ENTER;
    wick_reduce_options o = WK_OPTIONS(wick_reduce_options, WICK_UNSET, given);
    return of_truth("wick_any", WK_FOLD_MAX, x, &o);
}
wick_tensor *wick_all_opt(wick_tensor *x, const wick_reduce_options *given)
{
    WK_ENTER;
    wick_reduce_options o = WK_OPTIONS(wick_reduce_options, WICK_UNSET, given);
    return of_truth("wick_all", WK_FOLD_MIN, x, &o);
}
