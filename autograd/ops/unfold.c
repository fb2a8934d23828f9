/* unfold.c - windows of a dimension, as a view. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* unfold           y[.., w, .., j] = x[.., w step + j, ..]        dx = unfold_backward(dy)
   unfold_backward  the sums over the windows that meet            dx = unfold(dy)        dim, step, start: the size */
static wick_tensor *unfold(wick_tensor *x, const wk_args *args);
static wick_tensor *unfold_backward(wick_tensor *x, const wk_args *args, const int64_t *shape, int ndim);
GRAD(unfold_d) { return unfold_backward(dy, args, node->a_shape, node->a_ndim); }
GRAD(unfold_backward_d) { return unfold(dy, args); }
static const wk_op unfold_op = {"UnfoldBackward0", {{unfold_d, 0, NULL}}, false};
static const wk_op unfold_backward_op = {"UnfoldBackwardBackward0", {{unfold_backward_d, 0, NULL}}, false};

static wick_tensor *unfold(wick_tensor *x, const wk_args *args)
{
    if (!x)
        return NULL;
    const int d = (int)args->dim, last = x->ndim;
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    memcpy(strides, x->strides, sizeof strides);
    shape[last] = args->start;
    strides[last] = last ? x->strides[d] : 1;
    if (last) { /* a 0-dimensional tensor is one window */
        shape[d] = (x->shape[d] - args->start) / args->step + 1;
        strides[d] = shape[d] > 1 ? args->step * x->strides[d] : x->strides[d];
    }
    int64_t numel; /* windows of a stretched tensor may be more than can be counted */
    return wk_check_shape("unfold", shape, last + 1, x->dtype, &numel)
               ? wk_view(&unfold_op, args, x, shape, strides, last + 1, x->offset)
               : NULL;
}

/* y += element j of the windows, for each j: windows do not meet in one j. */
static bool add_windows(wick_tensor *y, const wick_tensor *x, const wk_args *args)
{
    const int d = (int)args->dim, last = y->ndim;
    int64_t strides[WICK_MAX_DIMS];
    memcpy(strides, y->strides, sizeof strides);
    if (last)
        strides[d] *= x->shape[d] > 1 ? args->step : 1;
    for (int64_t j = 0; j < args->start; j++) {
        wick_tensor *there = wk_alias(y, x->shape, strides, last, last ? j * y->strides[d] : 0);
        wick_tensor *parts = there ? wk_alias(x, x->shape, x->strides, last, x->offset + j * x->strides[last]) : NULL;
        bool done = parts && wk_map("wick_unfold", WK_ADD, there, 2, (const wick_tensor *const[]){there, parts}, NULL);
        wk_unref(there);
        wk_unref(parts);
        if (!done)
            return false;
    }
    return true;
}

static wick_tensor *unfold_backward(wick_tensor *x, const wk_args *args, const int64_t *shape, int ndim)
{
    wick_tensor *y = x ? wk_new(shape, ndim, x->dtype) : NULL;
    if (y)
        wk_fill(y, 0);
    if (y && x->numel && !add_windows(y, x, args)) {
        wk_unref(y);
        y = NULL;
    }
    return wk_record(&unfold_backward_op, args, y, x, NULL, NULL);
}

wick_tensor *wick_unfold(wick_tensor *x, int64_t dim, int64_t size, int64_t step)
{
    WK_ENTER;
    const char *function = "wick_unfold";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    const int d = wk_wrap_dim(function, dim, x->ndim);
    if (d < 0)
        return NULL;
    if (x->ndim == WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the result would have more than %d dimensions", function,
                         WICK_MAX_DIMS);
    const int64_t n = x->ndim ? x->shape[d] : 1;
    if (size < 0 || size > n || step <= 0)
        return wick_fail(
            WICK_ERROR_ARGUMENT,
            "%s: windows of %lld elements every %lld of dimension %d with size %lld; the size must be from 0 "
            "to that, and the step above 0",
            function, (long long)size, (long long)step, d, (long long)n);
    return unfold(x, &(wk_args){.dim = d, .start = size, .step = step});
}
