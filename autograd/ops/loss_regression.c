/* loss_regression.c - losses of a prediction x and a target y that are numbers: functions of x - y. */
#include "../loss_terms.h"

/* The weighted elements e of a loss of x, reduced; the mean is over the sum of the weights, or, plain, over the number of
 * elements. */
static wick_tensor *weighted(const char *function, wick_tensor *x, wick_tensor *e, wick_tensor *weight,
                             wick_reduction reduction, bool plain)
{
    if (!wk_same_shape(weight, x))
        return wick_fail(WICK_ERROR_SHAPE, "%s: the weight's shape %s must be that of the input, %s", function,
                         WK_SHAPE(weight), WK_SHAPE(x));
    e = wick_mul(e, weight);
    if (reduction != WICK_MEAN || plain)
        return wk_loss_reduced(e, reduction);
    return wick_div(wick_sum(e), wick_sum(weight));
}

/* PyTorch's warning of a target that is stretched, or stretches the input: (N) against (N, 1) makes (N, N) differences, and
 * the network learns the mean. False where warnings are errors. */
static bool warn_of_stretching(const char *function, const wick_tensor *x, const wick_tensor *y)
{
    return wk_same_shape(x, y) ||
           wick_warn(
               "%s: Using a target size %s that is different to the input size %s. This will likely lead to incorrect "
               "results due to broadcasting. Please ensure they have the same size.",
               function, WK_SHAPE(y), WK_SHAPE(x));
}

/* mse      y = s sum (a - b)^2            da = 2 s dy (a - b)            db = -da */
GRAD(mse_da) { return wick_mul(wick_mul(dy, 2 * args->s), wick_sub(a, b)); }
GRAD(mse_db) { return wick_mul(wick_mul(dy, 2 * args->s), wick_sub(b, a)); }
GRAD(mse_da_fused) { return wk_loss_fused(WK_SQUARED_ERROR_GRAD, dy, a, b, 2 * args->s, 0); }
GRAD(mse_db_fused) { return wk_loss_fused(WK_SQUARED_ERROR_GRAD, dy, b, a, 2 * args->s, 0); }
static const wk_op mse_op = {
    "MseLossBackward0", {{mse_da, USES_A | USES_B, mse_da_fused}, {mse_db, USES_A | USES_B, mse_db_fused}}, false};

wick_tensor *wick_mse_loss_opt(wick_tensor *x, wick_tensor *y, const wick_mse_loss_options *given)
{
    WK_ENTER;
    wick_mse_loss_options o = WK_OPTIONS(wick_mse_loss_options, 0, given);
    const char *function = "wick_mse_loss";
    if (!wk_loss_reduction(function, o.reduction) || !wk_loss_pair(function, x, y, true) ||
        (o.weight && !WK_TENSOR(o.weight, function, "weight")) || !warn_of_stretching(function, x, y))
        return NULL;
    WICK_SCOPE;
    if (o.weight) {
        return wick_out(weighted(function, x, wick_square(wick_sub(x, y)), o.weight, o.reduction, false));
    }
    wick_tensor *e = wk_loss_elements(function, WK_SQUARED_ERROR, x, y, NULL);
    return wick_out(wk_loss_node(&mse_op, 0, e, o.reduction, x, y, NULL));
}

/* t stretched to the shape that x and y have together, so that one of 0 dimensions counts in full in type promotion. */
static wick_tensor *brought(const char *function, wick_tensor *t, const wick_tensor *x, const wick_tensor *y)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (wk_same_shape(x, y))
        return t;
    return wk_broadcast(function, x->shape, x->ndim, y->shape, y->ndim, shape, &ndim) ? wick_expand_n(t, shape, ndim)
                                                                                      : NULL;
}

/* l1       |x - y| */
static wick_tensor *l1_loss(const char *function, wick_tensor *x, wick_tensor *y, wick_tensor *weight,
                            wick_reduction reduction)
{
    if (!wk_loss_reduction(function, reduction) || !wk_loss_pair(function, x, y, reduction == WICK_MEAN) ||
        (weight && !WK_TENSOR(weight, function, "weight")) || !warn_of_stretching(function, x, y))
        return NULL;
    WICK_SCOPE;
    wick_tensor *e = wick_abs(wick_sub(brought(function, x, x, y), brought(function, y, x, y)));
    return wick_out(weight ? weighted(function, x, e, weight, reduction, false) : wk_loss_reduced(e, reduction));
}

wick_tensor *wick_l1_loss_opt(wick_tensor *x, wick_tensor *y, const wick_l1_loss_options *given)
{
    WK_ENTER;
    wick_l1_loss_options o = WK_OPTIONS(wick_l1_loss_options, 0, given);
    return l1_loss("wick_l1_loss", x, y, o.weight, o.reduction);
}

/* smooth_l1   y = s sum of d^2 / (2 t) where |d| < t, else |d| - t / 2, with d = a - b        da = s dy min(max(d / t, -1), 1)
                                                                                             db = -da
   huber       y = s sum of d^2 / 2 where |d| <= t, else t (|d| - t / 2)                     da = s dy min(max(d, -t), t)
   Where the parts meet, the slope of the slope is 0, as in PyTorch. NaN stays. */
static wick_tensor *slope(wick_tensor *a, wick_tensor *b, double t)
{
    wick_tensor *d = wick_sub(a, b);
    return wick_where(wick_ge(wick_abs(d), t), wick_sign(d), wick_div(d, t));
}
GRAD(smooth_l1_da) { return wick_mul(wick_mul(dy, args->s), slope(a, b, args->t)); }
GRAD(smooth_l1_db) { return wick_mul(wick_mul(dy, args->s), slope(b, a, args->t)); }
GRAD(smooth_l1_da_fused) { return wk_loss_fused(WK_SMOOTH_L1_GRAD, dy, a, b, args->s, args->t); }
GRAD(smooth_l1_db_fused) { return wk_loss_fused(WK_SMOOTH_L1_GRAD, dy, b, a, args->s, args->t); }
static const wk_op smooth_l1_op = {
    "SmoothL1LossBackward0",
    {{smooth_l1_da, USES_A | USES_B, smooth_l1_da_fused}, {smooth_l1_db, USES_A | USES_B, smooth_l1_db_fused}},
    false};

wick_tensor *wick_smooth_l1_loss_opt(wick_tensor *x, wick_tensor *y, const wick_smooth_l1_loss_options *given)
{
    WK_ENTER;
    wick_smooth_l1_loss_options o = WK_OPTIONS(wick_smooth_l1_loss_options, WICK_SMOOTH_L1_LOSS_DEFAULTS, given);
    const char *function = "wick_smooth_l1_loss";
    if (!(o.beta >= 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: beta must be 0 or more, and is %s", function, WK_REAL(o.beta));
    if (o.beta == 0)
        return l1_loss(function, x, y, NULL, o.reduction);
    if (!wk_loss_reduction(function, o.reduction) || !wk_loss_pair(function, x, y, true) ||
        !warn_of_stretching(function, x, y))
        return NULL;
    WICK_SCOPE;
    wick_tensor *e = wk_loss_elements(function, WK_SMOOTH_L1, x, y, (double[]){o.beta, 0});
    return wick_out(wk_loss_node(&smooth_l1_op, o.beta, e, o.reduction, x, y, NULL));
}

static wick_tensor *bounded(wick_tensor *a, wick_tensor *b, double t)
{
    wick_tensor *d = wick_sub(a, b);
    return wick_where(wick_ge(wick_abs(d), t), wick_mul(wick_sign(d), t), d);
}
GRAD(huber_da) { return wick_mul(wick_mul(dy, args->s), bounded(a, b, args->t)); }
GRAD(huber_db) { return wick_mul(wick_mul(dy, args->s), bounded(b, a, args->t)); }
GRAD(huber_da_fused) { return wk_loss_fused(WK_HUBER_GRAD, dy, a, b, args->s, args->t); }
GRAD(huber_db_fused) { return wk_loss_fused(WK_HUBER_GRAD, dy, b, a, args->s, args->t); }
static const wk_op huber_op = {
    "HuberLossBackward0",
    {{huber_da, USES_A | USES_B, huber_da_fused}, {huber_db, USES_A | USES_B, huber_db_fused}},
    false};

wick_tensor *wick_huber_loss_opt(wick_tensor *x, wick_tensor *y, const wick_huber_loss_options *given)
{
    WK_ENTER;
    wick_huber_loss_options o = WK_OPTIONS(wick_huber_loss_options, WICK_HUBER_LOSS_DEFAULTS, given);
    const char *function = "wick_huber_loss";
    if (!(o.delta > 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: delta must be above 0, and is %s", function, WK_REAL(o.delta));
    if (!wk_loss_reduction(function, o.reduction) || !wk_loss_pair(function, x, y, true) ||
        (o.weight && !WK_TENSOR(o.weight, function, "weight")) || !warn_of_stretching(function, x, y))
        return NULL;
    if (!wk_check_floating(function, x, "the input"))
        return NULL;
    WICK_SCOPE;
    if (!(y = wick_to_dtype(y, x->dtype))) /* the loss has the input's dtype */
        return NULL;
    wick_tensor *e = wk_loss_elements(function, WK_HUBER, x, y, (double[]){o.delta, 0});
    e = wk_loss_node(&huber_op, o.delta, e, o.weight ? WICK_NONE : o.reduction, x, y, NULL);
    return wick_out(o.weight ? weighted(function, x, e, o.weight, o.reduction, true) : e);
}
