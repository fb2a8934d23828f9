/* loss_binary.c - losses of targets that are yes or no, or a probability of yes. */
#include <math.h>

#include "../loss_terms.h"

/* ---- Cross-entropy of probabilities and of raw scores ---------------------------------------------------------------------- */

/* A weight of any dtype in x's, stretched to x's shape; NULL with an error if it does not broadcast to it. */
static wick_tensor *stretched(const char *function, wick_tensor *x, wick_tensor *weight, const char *what)
{
    if (!WK_TENSOR(weight, function, what) || !wk_broadcasts_to(function, weight, x->shape, x->ndim) ||
        !wk_loss_constant(function, weight, what))
        return NULL;
    return wick_expand_n(wick_to_dtype(weight, x->dtype), x->shape, x->ndim);
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
GRAD(bce_da_fused)
{
    return c ? bce_da(node, args, dy, a, b, c, y, i) : wk_loss_fused(WK_BCE_GRAD, dy, a, b, args->s, 0);
}
GRAD(bce_db) { return wick_mul(weighted(dy, args, c), wick_sub(wick_log(wick_sub(1, a)), wick_log(a))); }
static const wk_op bce_op = {
    "BinaryCrossEntropyBackward0", {{bce_da, USES_A | USES_B, bce_da_fused}, {bce_db, USES_A, NULL}}, false};
static const wk_op bce_weighted_op = {
    "BinaryCrossEntropyBackward0", {{bce_da, USES_A | USES_B | USES_C, NULL}, {bce_db, USES_A | USES_C, NULL}}, false};

/* Whether all elements are in [0, 1], which NaN is not; what they are is for the message. */
static bool are_probabilities(const char *function, const wick_tensor *x, const char *what)
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
                  "%s: all elements of the %s must be between 0 and 1, and one is %s; apply wick_sigmoid to scores, or "
                  "use wick_binary_cross_entropy_with_logits",
                  function, what, WK_REAL(bad));
    return !found;
}

wick_tensor *wick_binary_cross_entropy_opt(wick_tensor *x, wick_tensor *y,
                                           const wick_binary_cross_entropy_options *given)
{
    WK_ENTER;
    wick_binary_cross_entropy_options o = WK_OPTIONS(wick_binary_cross_entropy_options, 0, given);
    const char *function = "wick_binary_cross_entropy";
    if (!wk_loss_reduction(function, o.reduction) || !wk_loss_inputs(function, x, y, true) ||
        !are_probabilities(function, x, "input") || !are_probabilities(function, y, "target"))
        return NULL;
    WICK_SCOPE;
    wick_tensor *e = wk_loss_elements(function, WK_BCE, x, y, NULL), *w = NULL;
    if (o.weight) {
        if (!(w = stretched(function, x, o.weight, "weight")))
            return NULL;
        bool before = wick_set_grad_enabled(false);
        e = e ? wick_mul(e, w) : NULL;
        wick_set_grad_enabled(before);
    }
    return wick_out(wk_loss_node(w ? &bce_weighted_op : &bce_op, 0, e, o.reduction, x, y, w));
}

/* bce_with_logits   y = s sum w ((1 - b) a + (1 + (p - 1) b) log(1 + e^-a))        without p, it is 1, and c holds w, if
                     da = s dy w ((p b + 1 - b) sigmoid(a) - p b)                   given; with p, c holds (w, p)
                     db = s dy w ((p - 1) log(1 + e^-a) - a) */
GRAD(logits_da) { return wick_mul(weighted(dy, args, c), wick_sub(wick_sigmoid(a), b)); }
GRAD(logits_db) { return wick_mul(weighted(dy, args, c), wick_neg(a)); }
GRAD(logits_positive_da)
{
    wick_tensor *w = wick_select(c, 0, 0), *pb = wick_mul(wick_select(c, 0, 1), b);
    wick_tensor *slope = wick_sub(wick_mul(wick_add(pb, wick_sub(1, b)), wick_sigmoid(a)), pb);
    return wick_mul(wick_mul(wick_mul(dy, args->s), w), slope);
}
GRAD(logits_positive_db)
{
    wick_tensor *w = wick_select(c, 0, 0), *p = wick_select(c, 0, 1);
    wick_tensor *slope = wick_sub(wick_mul(wick_sub(p, 1), wk_softplus_neg(a)), a);
    return wick_mul(wick_mul(wick_mul(dy, args->s), w), slope);
}
static const wk_op logits_op = {
    "BinaryCrossEntropyWithLogitsBackward0", {{logits_da, USES_A | USES_B, NULL}, {logits_db, USES_A, NULL}}, false};
static const wk_op logits_weighted_op = {
    "BinaryCrossEntropyWithLogitsBackward0",
    {{logits_da, USES_A | USES_B | USES_C, NULL}, {logits_db, USES_A | USES_C, NULL}},
    false};
static const wk_op logits_positive_op = {
    "BinaryCrossEntropyWithLogitsBackward0",
    {{logits_positive_da, USES_A | USES_B | USES_C, NULL}, {logits_positive_db, USES_A | USES_C, NULL}},
    false};

wick_tensor *wick_binary_cross_entropy_with_logits_opt(wick_tensor *x, wick_tensor *y,
                                                       const wick_binary_cross_entropy_with_logits_options *given)
{
    WK_ENTER;
    wick_binary_cross_entropy_with_logits_options o =
        WK_OPTIONS(wick_binary_cross_entropy_with_logits_options, 0, given);
    const char *function = "wick_binary_cross_entropy_with_logits";
    if (!wk_loss_reduction(function, o.reduction) || !wk_loss_inputs(function, x, y, true))
        return NULL;
    WICK_SCOPE;
    wick_tensor *w = o.weight ? stretched(function, x, o.weight, "weight") : NULL;
    wick_tensor *p = o.pos_weight ? stretched(function, x, o.pos_weight, "pos_weight") : NULL;
    if ((o.weight && !w) || (o.pos_weight && !p))
        return NULL;
    bool before = wick_set_grad_enabled(false);
    wick_tensor *linear = wick_mul(wick_sub(1, y), x), *curved = wk_softplus_neg(x);
    if (p)
        curved = wick_mul(wick_add(1, wick_mul(wick_sub(p, 1), y)), curved);
    wick_tensor *e = wick_add(linear, curved);
    e = w ? wick_mul(w, e) : e;
    if (p)
        w = wick_stack(wick_list_of(w ? w : wick_ones_like(x), p), 0);
    wick_set_grad_enabled(before);
    const wk_op *op = p ? &logits_positive_op : w ? &logits_weighted_op : &logits_op;
    return wick_out(p && !w ? NULL : wk_loss_node(op, 0, e, o.reduction, x, y, w));
}

/* ---- Margins: targets are 1 or -1 -------------------------------------------------------------------------------------------- */

/* soft_margin   log(1 + e^(-y x)) */
wick_tensor *wick_soft_margin_loss_opt(wick_tensor *x, wick_tensor *y, const wick_soft_margin_loss_options *given)
{
    WK_ENTER;
    wick_soft_margin_loss_options o = WK_OPTIONS(wick_soft_margin_loss_options, 0, given);
    const char *function = "wick_soft_margin_loss";
    if (!wk_loss_reduction(function, o.reduction) || !WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y"))
        return NULL;
    if (!wk_check_floating(function, x, "the input"))
        return NULL;
    if (!wk_broadcasts_to(function, y, x->shape, x->ndim))
        return NULL;
    WICK_SCOPE;
    y = wick_to_dtype(y, x->dtype);
    return wick_out(wk_loss_reduced(wick_log1p(wick_exp(wick_mul(wick_neg(y), x))), o.reduction));
}

/* hinge_embedding   x where y = 1, max(0, margin - x) where y = -1, and both added where y is neither */
wick_tensor *wick_hinge_embedding_loss_opt(wick_tensor *x, wick_tensor *y,
                                           const wick_hinge_embedding_loss_options *given)
{
    WK_ENTER;
    wick_hinge_embedding_loss_options o = WK_OPTIONS(wick_hinge_embedding_loss_options, 1.0, given);
    const char *function = "wick_hinge_embedding_loss";
    if (!wk_loss_reduction(function, o.reduction) || !WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y"))
        return NULL;
    if (!wk_check_floating(function, x, "the input"))
        return NULL;
    WICK_SCOPE;
    wick_tensor *distant = wick_where(wick_ne(y, 1), wick_clamp(wick_sub(o.margin, x), .min = 0), 0.0);
    wick_tensor *near = wick_where(wick_ne(y, -1), x, 0.0);
    return wick_out(wk_loss_reduced(wick_add(distant, near), o.reduction));
}

/* multilabel_soft_margin   mean over the last dimension of w (y log(1 + e^-x) + (1 - y) log(1 + e^x)) */
wick_tensor *wick_multilabel_soft_margin_loss_opt(wick_tensor *x, wick_tensor *y,
                                                  const wick_multilabel_soft_margin_loss_options *given)
{
    WK_ENTER;
    wick_multilabel_soft_margin_loss_options o = WK_OPTIONS(wick_multilabel_soft_margin_loss_options, 0, given);
    const char *function = "wick_multilabel_soft_margin_loss";
    if (!wk_loss_reduction(function, o.reduction) || !WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y") ||
        (o.weight && !WK_TENSOR(o.weight, function, "weight")))
        return NULL;
    if (!wick_dtype_is_floating(x->dtype) || x->ndim == 0)
        return wick_fail(x->ndim ? WICK_ERROR_DTYPE : WICK_ERROR_SHAPE,
                         "%s: the input must be floating point and have a dimension of classes; it is %s of shape %s",
                         function, wick_dtype_name(x->dtype), WK_SHAPE(x));
    WICK_SCOPE;
    wick_tensor *e = wick_add(wick_mul(y, wk_softplus_neg(x)), wick_mul(wick_sub(1, y), wk_softplus_neg(wick_neg(x))));
    if (o.weight)
        e = wick_mul(e, o.weight);
    int classes = x->ndim - 1;
    return wick_out(wk_loss_reduced(wick_div(wick_sum(e, classes), x->shape[classes]), o.reduction));
}
