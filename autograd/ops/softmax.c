/* softmax.c - softmax and its logarithm. */
#include "../../tensor/kernels.h"
#include "../node.h"

/* x with dimension dim last, contiguous; the kernels work along the last. Own reference. */
static wick_tensor *with_last(const wick_tensor *x, int dim)
{
    if (dim >= x->ndim - 1)
        return wk_contiguous(x);
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
    int last = x->ndim - 1;
    for (int i = 0; i < x->ndim; i++) {
        int from = i == dim ? last : i == last ? dim : i;
        shape[i] = x->shape[from];
        strides[i] = x->strides[from];
    }
    wick_tensor *swapped = wk_alias(x, shape, strides, x->ndim, x->offset);
    wick_tensor *result = swapped ? wk_contiguous(swapped) : NULL;
    wk_unref(swapped);
    return result;
}

/* Calls the kernel for dimension dim: forward with a = x, or backward with a = dy and b = y. Own reference. */
static wick_tensor *along(bool log, int dim, const wick_tensor *a, const wick_tensor *b)
{
    wick_tensor *in = with_last(a, dim), *saved = b ? with_last(b, dim) : NULL;
    wick_tensor *out = in && (saved || !b) ? wk_new_like(in) : NULL;
    if (out && out->numel) {
        if (b)
            wk_softmax_grad(log, in, saved, out);
        else
            wk_softmax(log, in, out);
    }
    wk_unref(in);
    wk_unref(saved);
    wick_tensor *result = out ? with_last(out, dim) : NULL;
    wk_unref(out);
    return result;
}

/* softmax      y = e^x / sum of e^x over dim         dx = y (dy - sum of dy y)
   log_softmax  y = x - log of sum of e^x over dim    dx = dy - e^y sum of dy */
GRAD(softmax_d) { return wick_mul(y, wick_sub(dy, wick_sum(wick_mul(dy, y), args->dim, .keepdim = true))); }
GRAD(softmax_fused) { return wk_own(along(false, (int)args->dim, dy, y)); }
GRAD(log_softmax_d) { return wick_sub(dy, wick_mul(wick_exp(y), wick_sum(dy, args->dim, .keepdim = true))); }
GRAD(log_softmax_fused) { return wk_own(along(true, (int)args->dim, dy, y)); }
static const wk_op softmax_op = {"SoftmaxBackward0", {{softmax_d, USES_Y, softmax_fused}}, false};
static const wk_op log_softmax_op = {"LogSoftmaxBackward0", {{log_softmax_d, USES_Y, log_softmax_fused}}, false};

static wick_tensor *softmax(const char *function, bool log, const wk_op *op, wick_tensor *x, int64_t dim)
{
    if (!WK_TENSOR(x, function, "x") || !wk_check_floating(function, x, "x"))
        return NULL;
    int d = wk_wrap_dim(function, dim, x->ndim);
    return d < 0 ? NULL : wk_record(op, &(wk_args){.dim = d}, along(log, d, x, NULL), x, NULL, NULL);
}

wick_tensor *wick_softmax(wick_tensor *x, int64_t dim)
{
    WK_ENTER;
    return softmax("wick_softmax", false, &softmax_op, x, dim);
}

wick_tensor *wick_log_softmax(wick_tensor *x, int64_t dim)
{
    WK_ENTER;
    return softmax("wick_log_softmax", true, &log_softmax_op, x, dim);
}
