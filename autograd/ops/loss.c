/* loss.c - what losses share: checks of their arguments, and nodes that include the reduction. */
#include "../loss_terms.h"

/* ---- Arguments -------------------------------------------------------------------------------------------------------------- */

bool wk_loss_reduction(const char *function, wick_reduction reduction)
{
    if ((unsigned)reduction <= WICK_NONE)
        return true;
    wick_fail(WICK_ERROR_ARGUMENT, "%s: reduction must be WICK_MEAN, WICK_SUM or WICK_NONE", function);
    return false;
}

bool wk_loss_inputs(const char *function, wick_tensor *x, wick_tensor *y, bool same_shape)
{
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y"))
        return false;
    if (x->dtype != y->dtype || !wick_dtype_is_floating(x->dtype)) {
        wick_fail(WICK_ERROR_DTYPE, "%s: both must have the same floating-point dtype, and they are %s and %s",
                  function, wick_dtype_name(x->dtype), wick_dtype_name(y->dtype));
        return false;
    }
    if (same_shape && !wk_same_shape(x, y)) {
        wick_fail(WICK_ERROR_SHAPE, "%s: the target's shape %s must be that of the input, %s", function, WK_SHAPE(y),
                  WK_SHAPE(x));
        return false;
    }
    return true;
}

bool wk_loss_constant(const char *function, wick_tensor *t, const char *what)
{
    bool recorded;
    if (!wk_recording(t, NULL, &recorded))
        return false;
    if (recorded)
        wick_fail(WICK_ERROR_AUTOGRAD,
                  "%s: there is no derivative with respect to the %s, which requires grad; pass wick_detach of it",
                  function, what);
    return !recorded;
}

bool wk_loss_pair(const char *function, wick_tensor *x, wick_tensor *y, bool floating)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y"))
        return false;
    if (floating && !wick_dtype_is_floating(x->dtype) && !wick_dtype_is_floating(y->dtype)) {
        wick_fail(WICK_ERROR_DTYPE, "%s: one of the two must be floating point, and they are %s and %s", function,
                  wick_dtype_name(x->dtype), wick_dtype_name(y->dtype));
        return false;
    }
    return wk_broadcast(function, x->shape, x->ndim, y->shape, y->ndim, shape, &ndim);
}

/* ---- One node ----------------------------------------------------------------------------------------------------------------- */

/* The loop over input, each brought to dtype where it has another; in the innermost scope. */
static wick_tensor *mapped(const char *function, wk_loop_id loop, wick_dtype dtype, const wick_tensor *a,
                           const wick_tensor *b, wick_tensor *dy, const double *s)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim, n = 0;
    if (!wk_broadcast(function, a->shape, a->ndim, b->shape, b->ndim, shape, &ndim))
        return NULL;
    wick_tensor *cast_a = a->dtype == dtype ? NULL : wk_cast(a, dtype);
    wick_tensor *cast_b = b->dtype == dtype ? NULL : wk_cast(b, dtype);
    bool ok = (a->dtype == dtype || cast_a) && (b->dtype == dtype || cast_b);
    wick_tensor *y = ok ? wk_new(shape, ndim, dtype) : NULL;
    if (y) {
        const wick_tensor *input[3];
        if (dy)
            input[n++] = dy;
        input[n++] = cast_a ? cast_a : a;
        input[n++] = cast_b ? cast_b : b;
        wk_map(function, loop, y, n, input, s);
    }
    wk_unref(cast_a);
    wk_unref(cast_b);
    return wk_own(y);
}

wick_tensor *wk_loss_elements(const char *function, wk_loop_id loop, wick_tensor *x, wick_tensor *y, const double *s)
{
    const bool wide = x->dtype == WICK_FLOAT64 || y->dtype == WICK_FLOAT64;
    return mapped(function, loop, wide ? WICK_FLOAT64 : WICK_FLOAT32, x, y, NULL, s);
}

wick_tensor *wk_loss_node(const wk_op *op, double t, wick_tensor *e, wick_reduction reduction, wick_tensor *a,
                          wick_tensor *b, wick_tensor *c)
{
    wk_args args = {.s = 1, .t = t};
    if (e && reduction != WICK_NONE) {
        bool before = wick_set_grad_enabled(false);
        if (reduction == WICK_MEAN)
            args.s = 1 / (double)e->numel;
        e = wk_loss_reduced(e, reduction);
        wick_set_grad_enabled(before);
    }
    return wk_record(op, &args, wk_ref(e), a, b, c);
}

wick_tensor *wk_loss_fused(wk_loop_id loop, wick_tensor *dy, wick_tensor *a, wick_tensor *b, double s, double t)
{
    return mapped("wick_backward", loop, dy->dtype, a, b, dy, (double[]){s, t});
}

/* ---- Compositions --------------------------------------------------------------------------------------------------------------- */

wick_tensor *wk_loss_reduced(wick_tensor *e, wick_reduction reduction)
{
    return reduction == WICK_NONE ? e : reduction == WICK_SUM ? wick_sum(e) : wick_mean(e);
}

/* at_least  y = max(x, low)        dx = dy */
GRAD(at_least_d) { return dy; }
static const wk_op at_least_op = {"CloneBackward0", {{at_least_d, 0, NULL}}, false};

wick_tensor *wk_loss_at_least(wick_tensor *x, double low)
{
    bool before = wick_set_grad_enabled(false);
    wick_tensor *y = wick_clamp(x, .min = low);
    wick_set_grad_enabled(before);
    return wk_record(&at_least_op, NULL, wk_ref(y), x, NULL, NULL);
}

/* softplus_neg    y = log(1 + e^-x) = max(-x, 0) + log1p(e^-|x|)        dx = dy (sigmoid(x) - 1) */
GRAD(softplus_neg_d) { return wick_mul(dy, wick_sub(wick_sigmoid(a), 1)); }
static const wk_op softplus_neg_op = {"SoftplusBackward0", {{softplus_neg_d, USES_A, NULL}}, false};

wick_tensor *wk_softplus_neg(wick_tensor *x)
{
    WICK_SCOPE;
    bool before = wick_set_grad_enabled(false);
    wick_tensor *small = wick_exp(wick_neg(wick_abs(x)));
    if (small && !wk_map("wick_softplus", WK_LOG1P, small, 1, (const wick_tensor *const[]){small}, NULL))
        small = NULL;
    wick_tensor *y = wick_add(wick_relu(wick_neg(x)), small);
    wick_set_grad_enabled(before);
    return wick_out(wk_record(&softplus_neg_op, NULL, wk_ref(y), x, NULL, NULL));
}
