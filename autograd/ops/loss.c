/* loss.c - loss functions. Each is one node that includes its reduction: mean, sum or none. */
#include <math.h>
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- Pointwise losses ------------------------------------------------------------------------------------------------------- */

static bool valid_options(const char *function, const wick_loss_options *o)
{
    if ((unsigned)o->reduction <= WICK_NONE && !(o->label_smoothing < 0) && !(o->label_smoothing > 1))
        return true;
    wick_fail(WICK_ERROR_ARGUMENT,
              "%s: reduction must be WICK_MEAN, WICK_SUM or WICK_NONE, and label_smoothing in [0, 1]", function);
    return false;
}

/* x and y floating, of one dtype, and, if asked, of one shape. */
static bool valid_inputs(const char *function, wick_tensor *x, wick_tensor *y, bool same_shape)
{
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y"))
        return false;
    if (x->dtype != y->dtype || !wick_dtype_is_floating((wick_dtype)x->dtype)) {
        wick_fail(WICK_ERROR_DTYPE, "%s: both must have the same floating-point dtype, and they are %s and %s",
                  function, wick_dtype_name((wick_dtype)x->dtype), wick_dtype_name((wick_dtype)y->dtype));
        return false;
    }
    if (same_shape && !wk_same_shape(x, y)) {
        wick_fail(WICK_ERROR_SHAPE, "%s: the target's shape %s must be that of the input, %s", function, WK_SHAPE(y),
                  WK_SHAPE(x));
        return false;
    }
    return true;
}

/* A weight stretched to x's shape; NULL with an error if it does not broadcast to it. */
static wick_tensor *stretched(const char *function, wick_tensor *x, wick_tensor *weight)
{
    if (!valid_inputs(function, x, weight, false) || !wk_broadcasts_to(function, weight, x->shape, x->ndim))
        return NULL;
    return wick_expand_n(weight, x->shape, x->ndim);
}

/* The elements of a loss, unrecorded, in the innermost scope. */
static wick_tensor *elements(const char *function, wk_loop_id loop, wick_tensor *x, wick_tensor *y)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_broadcast(function, x->shape, x->ndim, y->shape, y->ndim, shape, &ndim))
        return NULL;
    wick_tensor *e = wk_new(shape, ndim, (wick_dtype)x->dtype);
    if (e)
        wk_map(function, loop, e, 2, (const wick_tensor *const[]){x, y}, NULL);
    return wk_own(e);
}

/* The reduced elements as the result of op on a, b and c. The node's s is the factor of each element: 1/n or 1. */
static wick_tensor *reduced(const wk_op *op, wick_tensor *e, wick_reduction reduction, wick_tensor *a, wick_tensor *b,
                            wick_tensor *c)
{
    wk_args args = {.s = 1};
    if (e && reduction != WICK_NONE) {
        bool before = wick_set_grad_enabled(false);
        if (reduction == WICK_MEAN)
            args.s = 1 / (double)e->numel;
        e = reduction == WICK_MEAN ? wick_mean(e) : wick_sum(e);
        wick_set_grad_enabled(before);
    }
    return wk_record(op, &args, wk_ref(e), a, b, c);
}

/* A gradient rule in one pass: loop(dy, a, b) with the number s, where dy is of a and b's shape or a single number. */
static wick_tensor *fused(wk_loop_id loop, wick_tensor *dy, wick_tensor *a, wick_tensor *b, double s)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_broadcast("wick_backward", a->shape, a->ndim, b->shape, b->ndim, shape, &ndim))
        return NULL;
    wick_tensor *dx = wk_new(shape, ndim, (wick_dtype)a->dtype);
    if (dx)
        wk_map("wick_backward", loop, dx, 3, (const wick_tensor *const[]){dy, a, b}, (double[]){s, 0});
    return wk_own(dx);
}

/* mse      y = s sum (a - b)^2            da = 2 s dy (a - b)            db = -da */
GRAD(mse_da) { return wick_mul(wick_mul(dy, 2 * args->s), wick_sub(a, b)); }
GRAD(mse_db) { return wick_mul(wick_mul(dy, 2 * args->s), wick_sub(b, a)); }
GRAD(mse_da_fused) { return fused(WK_SQUARED_ERROR_GRAD, dy, a, b, 2 * args->s); }
GRAD(mse_db_fused) { return fused(WK_SQUARED_ERROR_GRAD, dy, b, a, 2 * args->s); }
static const wk_op mse_op = {
    "MseLossBackward0", {{mse_da, USES_A | USES_B, mse_da_fused}, {mse_db, USES_A | USES_B, mse_db_fused}}, false};

wick_tensor *wick_mse_loss_opt(wick_tensor *x, wick_tensor *y, wick_loss_options o)
{
    const char *function = "wick_mse_loss";
    if (!valid_options(function, &o) || !valid_inputs(function, x, y, false))
        return NULL;
    WICK_SCOPE;
    return wick_out(reduced(&mse_op, elements(function, WK_SQUARED_ERROR, x, y), o.reduction, x, y, NULL));
}

/* bce      y = -s sum w (b log a + (1 - b) log(1 - a)), logarithms at least -100        w = c, if given
            da = s dy w (a - b) / max(a (1 - a), 1e-12)        db = s dy w (log(1 - a) - log a) */
static wick_tensor *weighted(wick_tensor *dy, const wk_args *args, wick_tensor *w)
{
    dy = wick_mul(dy, args->s);
    return w ? wick_mul(dy, w) : dy;
}
GRAD(bce_da)
{
    wick_tensor *slope = wick_div(wick_sub(a, b), wick_clamp(wick_mul(wick_sub(1, a), a), .min = (double)1e-12f));
    return wick_mul(weighted(dy, args, c), slope);
}
GRAD(bce_da_fused) { return c ? bce_da(node, args, dy, a, b, c, y, i) : fused(WK_BCE_GRAD, dy, a, b, args->s); }
GRAD(bce_db) { return wick_mul(weighted(dy, args, c), wick_sub(wick_log(wick_sub(1, a)), wick_log(a))); }
static const wk_op bce_op = {
    "BinaryCrossEntropyBackward0", {{bce_da, USES_A | USES_B, bce_da_fused}, {bce_db, USES_A, NULL}}, false};
static const wk_op bce_weighted_op = {
    "BinaryCrossEntropyBackward0", {{bce_da, USES_A | USES_B | USES_C, NULL}, {bce_db, USES_A | USES_C, NULL}}, false};

/* Whether all elements are in [0, 1], which NaN is not. */
static bool are_probabilities(const char *function, const wick_tensor *x)
{
    wick_tensor *flat = wk_contiguous(x);
    if (!flat)
        return false;
    double bad = 0;
    bool found = false;
    if (flat->dtype == WICK_FLOAT32) {
        const float *v = wk_data(flat);
        for (int64_t i = 0; i < flat->numel && !found; i++)
            if (!(v[i] >= 0 && v[i] <= 1))
                bad = (double)v[i], found = true;
    } else {
        const double *v = wk_data(flat);
        for (int64_t i = 0; i < flat->numel && !found; i++)
            if (!(v[i] >= 0 && v[i] <= 1))
                bad = v[i], found = true;
    }
    wk_unref(flat);
    if (found)
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: all elements of the input must be between 0 and 1, and one is %g; apply wick_sigmoid, or use "
                  "wick_binary_cross_entropy_with_logits",
                  function, bad);
    return !found;
}

wick_tensor *wick_binary_cross_entropy_opt(wick_tensor *x, wick_tensor *y, wick_loss_options o)
{
    const char *function = "wick_binary_cross_entropy";
    if (!valid_options(function, &o) || !valid_inputs(function, x, y, true) || !are_probabilities(function, x))
        return NULL;
    WICK_SCOPE;
    wick_tensor *e = elements(function, WK_BCE, x, y), *w = NULL;
    if (o.weight) {
        if (!(w = stretched(function, x, o.weight)))
            return NULL;
        bool before = wick_set_grad_enabled(false);
        e = e ? wick_mul(e, w) : NULL;
        wick_set_grad_enabled(before);
    }
    return wick_out(reduced(w ? &bce_weighted_op : &bce_op, e, o.reduction, x, y, w));
}

/* softplus_neg    y = log(1 + e^-x) = max(-x, 0) + log1p(e^-|x|)        dx = dy (sigmoid(x) - 1) */
GRAD(softplus_neg_d) { return wick_mul(dy, wick_sub(wick_sigmoid(a), 1)); }
static const wk_op softplus_neg_op = {"SoftplusBackward0", {{softplus_neg_d, USES_A, NULL}}, false};

static wick_tensor *softplus_neg(wick_tensor *x)
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

/* bce_with_logits   y = s sum w ((1 - b) a + (1 + (p - 1) b) log(1 + e^-a))        c holds (w, p), if given; else both 1
                     da = s dy w ((p b + 1 - b) sigmoid(a) - p b)        with both 1:    s dy (sigmoid(a) - b)
                     db = s dy w ((p - 1) log(1 + e^-a) - a)                             -s dy a */
GRAD(logits_da) { return wick_mul(wick_mul(dy, args->s), wick_sub(wick_sigmoid(a), b)); }
GRAD(logits_db) { return wick_mul(wick_mul(dy, -args->s), a); }
GRAD(logits_weighted_da)
{
    wick_tensor *w = wick_select(c, 0, 0), *pb = wick_mul(wick_select(c, 0, 1), b);
    wick_tensor *slope = wick_sub(wick_mul(wick_add(pb, wick_sub(1, b)), wick_sigmoid(a)), pb);
    return wick_mul(wick_mul(wick_mul(dy, args->s), w), slope);
}
GRAD(logits_weighted_db)
{
    wick_tensor *w = wick_select(c, 0, 0), *p = wick_select(c, 0, 1);
    wick_tensor *slope = wick_sub(wick_mul(wick_sub(p, 1), softplus_neg(a)), a);
    return wick_mul(wick_mul(wick_mul(dy, args->s), w), slope);
}
static const wk_op logits_op = {
    "BinaryCrossEntropyWithLogitsBackward0", {{logits_da, USES_A | USES_B, NULL}, {logits_db, USES_A, NULL}}, false};
static const wk_op logits_weighted_op = {
    "BinaryCrossEntropyWithLogitsBackward0",
    {{logits_weighted_da, USES_A | USES_B | USES_C, NULL}, {logits_weighted_db, USES_A | USES_C, NULL}},
    false};

wick_tensor *wick_binary_cross_entropy_with_logits_opt(wick_tensor *x, wick_tensor *y, wick_loss_options o)
{
    const char *function = "wick_binary_cross_entropy_with_logits";
    if (!valid_options(function, &o) || !valid_inputs(function, x, y, true))
        return NULL;
    WICK_SCOPE;
    bool before = wick_set_grad_enabled(false);
    wick_tensor *weights = NULL, *linear = wick_mul(wick_sub(1, y), x), *curved = softplus_neg(x), *e;
    if (o.weight || o.pos_weight) {
        wick_tensor *w = o.weight ? stretched(function, x, o.weight) : wick_ones_like(x);
        weights =
            wick_stack(wick_list_of(w, o.pos_weight ? stretched(function, x, o.pos_weight) : wick_ones_like(x)), 0);
        wick_tensor *p = wick_select(weights, 0, 1);
        e = wick_mul(wick_select(weights, 0, 0),
                     wick_add(linear, wick_mul(wick_add(1, wick_mul(wick_sub(p, 1), y)), curved)));
    } else {
        e = wick_add(linear, curved);
    }
    wick_set_grad_enabled(before);
    return wick_out(reduced(weights ? &logits_weighted_op : &logits_op, e, o.reduction, x, y, weights));
}

/* ---- Losses of labels -------------------------------------------------------------------------------------------------------- */

/* What the labels y (N) pick from x (N, C): flat positions, weights (0 for ignored ones), and their sum. */
typedef struct labels {
    wick_tensor *positions; /* int64, in y's shape; -1 for an ignored label */
    wick_tensor *weights;   /* in y's shape and x's dtype */
    double total;
} labels;

static bool read_labels(const char *function, wick_tensor *x, wick_tensor *y, const wick_loss_options *o, labels *l)
{
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y") || !valid_options(function, o))
        return false;
    if (!wick_dtype_is_floating((wick_dtype)x->dtype) || y->dtype != WICK_INT64) {
        wick_fail(WICK_ERROR_DTYPE, "%s: the input must be floating point and the labels int64, and they are %s and %s",
                  function, wick_dtype_name((wick_dtype)x->dtype), wick_dtype_name((wick_dtype)y->dtype));
        return false;
    }
    if (x->ndim < 1 || x->ndim > 2 || y->ndim != x->ndim - 1 || (y->ndim && y->shape[0] != x->shape[0])) {
        wick_fail(WICK_ERROR_SHAPE,
                  "%s: input of shape %s and labels of shape %s; they must be (N, C) and (N), or (C) and ()", function,
                  WK_SHAPE(x), WK_SHAPE(y));
        return false;
    }
    int64_t classes = x->shape[x->ndim - 1];
    const wick_tensor *w = o->weight;
    if (w && (!WK_TENSOR(w, function, "weight") || w->ndim != 1 || w->shape[0] != classes || w->dtype != x->dtype)) {
        if (!wick_error())
            wick_fail(WICK_ERROR_SHAPE, "%s: weight must be one %s a class, shape (%lld,), and is %s of shape %s",
                      function, wick_dtype_name((wick_dtype)x->dtype), (long long)classes,
                      wick_dtype_name((wick_dtype)w->dtype), WK_SHAPE(w));
        return false;
    }
    l->positions = wk_own(wk_new_like(y));
    l->weights = wk_own(wk_new(y->shape, y->ndim, (wick_dtype)x->dtype));
    if (!l->positions || !l->weights)
        return false;
    int64_t *position = wk_data(l->positions), stride = y->ndim ? y->strides[0] : 0;
    l->total = 0;
    for (int64_t i = 0; i < y->numel; i++) {
        int64_t label = wk_load_int(y, y->offset + i * stride);
        bool counts = label != o->ignore_index;
        if (counts && (label < 0 || label >= classes)) {
            wick_fail(WICK_ERROR_INDEX,
                      "%s: label %lld at position %lld is out of bounds: there are %lld classes, 0 to %lld", function,
                      (long long)label, (long long)i, (long long)classes, (long long)classes - 1);
            return false;
        }
        double weight = !counts ? 0 : w ? wk_load(w, w->offset + label * w->strides[0]) : 1;
        position[i] = counts ? i * classes + label : -1;
        wk_store(l->weights, i, weight);
        l->total += weight;
    }
    return true;
}

/* nll      y = -sum of c x[b], x at the positions b of the labels, c their weights, over the sum of these for the mean
            dx = -dy c at these positions, 0 elsewhere */
GRAD(nll_d) { return wk_put(wick_mul(wick_neg(dy), c), b, node->a_shape, node->a_ndim); }
static const wk_op nll_op = {"NllLossBackward0", {{nll_d, USES_B | USES_C, NULL}}, false};

static wick_tensor *nll(wick_tensor *x, const labels *l, wick_reduction reduction)
{
    if (!x)
        return NULL;
    WICK_SCOPE;
    bool before = wick_set_grad_enabled(false);
    /* 0 - ... and not the negative, which would make the 0 of an ignored label -0. */
    wick_tensor *y = wick_sub(0, wick_mul(wk_take(x, l->positions), l->weights)), *factors = l->weights;
    if (reduction != WICK_NONE)
        y = wick_sum(y);
    if (reduction == WICK_MEAN) {
        y = wick_div(y, l->total);
        factors = wick_div(l->weights, l->total);
    }
    wick_set_grad_enabled(before);
    return wick_out(wk_record(&nll_op, NULL, wk_ref(y), x, l->positions, factors));
}

wick_tensor *wick_nll_loss_opt(wick_tensor *x, wick_tensor *y, wick_loss_options o)
{
    WICK_SCOPE;
    labels l;
    return read_labels("wick_nll_loss", x, y, &o, &l) ? wick_out(nll(x, &l, o.reduction)) : NULL;
}

/* A sum or mean of losses (N), the mean over total. */
static wick_tensor *reduce_by(wick_tensor *losses, wick_reduction reduction, double total)
{
    if (reduction == WICK_NONE)
        return losses;
    losses = wick_sum(losses);
    return reduction == WICK_MEAN ? wick_div(losses, total) : losses;
}

/* Of labels: (1 - e) nll + e/C smooth, with smooth = -sum over the classes of w log p, and the normaliser of nll. */
static wick_tensor *of_labels(wick_tensor *x, wick_tensor *y, const wick_loss_options *o)
{
    labels l;
    if (!read_labels("wick_cross_entropy", x, y, o, &l))
        return NULL;
    int classes_dim = x->ndim - 1;
    wick_tensor *log_p = wick_log_softmax(x, classes_dim);
    wick_tensor *loss = nll(log_p, &l, o->reduction);
    if (o->label_smoothing == 0)
        return loss;
    wick_tensor *smooth = wick_neg(wick_sum(o->weight ? wick_mul(log_p, o->weight) : log_p, classes_dim));
    smooth = wick_where(wick_eq(y, o->ignore_index), 0.0, smooth);
    smooth = reduce_by(smooth, o->reduction, l.total);
    return wick_add(wick_mul(loss, 1 - o->label_smoothing),
                    wick_mul(smooth, o->label_smoothing / (double)x->shape[classes_dim]));
}

/* Of probabilities t (N, C): -sum over the classes of w t log p, with t = (1 - e) y + e/C; the mean is over N. */
static wick_tensor *of_probabilities(wick_tensor *x, wick_tensor *y, const wick_loss_options *o)
{
    const char *function = "wick_cross_entropy";
    if (!valid_inputs(function, x, y, true) || !valid_options(function, o) ||
        (o->weight && !valid_inputs(function, x, o->weight, false)))
        return NULL;
    if (x->ndim < 1 || x->ndim > 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: input of shape %s; it must be (N, C) or (C)", function, WK_SHAPE(x));
    int classes_dim = x->ndim - 1;
    wick_tensor *log_p = wick_log_softmax(x, classes_dim);
    if (o->label_smoothing > 0)
        y = wick_add(wick_mul(y, 1 - o->label_smoothing), o->label_smoothing / (double)x->shape[classes_dim]);
    wick_tensor *e = wick_mul(log_p, o->weight ? wick_mul(y, o->weight) : y);
    wick_tensor *losses = wick_neg(wick_sum(e, classes_dim));
    return reduce_by(losses, o->reduction, x->ndim == 2 ? (double)x->shape[0] : 1);
}

wick_tensor *wick_cross_entropy_opt(wick_tensor *x, wick_tensor *y, wick_loss_options o)
{
    if (!WK_TENSOR(x, "wick_cross_entropy", "x") || !WK_TENSOR(y, "wick_cross_entropy", "y"))
        return NULL;
    WICK_SCOPE;
    bool probabilities = wick_dtype_is_floating((wick_dtype)y->dtype) && wk_same_shape(x, y);
    return wick_out(probabilities ? of_probabilities(x, y, &o) : of_labels(x, y, &o));
}
