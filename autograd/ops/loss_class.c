/* loss_class.c - losses of scores for classes and of labels that name the right ones. */
#include "../loss_terms.h"

/* ---- Labels ------------------------------------------------------------------------------------------------------------------- */

static int classes_dim(const wick_tensor *x) { return x->ndim == 1 ? 0 : 1; }

/* Whether y has x's shape without the classes: (N, C, ...) and (N, ...), or (C) and (). */
static bool labels_fit(const wick_tensor *x, const wick_tensor *y)
{
    if (x->ndim < 1 || y->ndim != x->ndim - 1)
        return false;
    for (int d = 0; d < y->ndim; d++)
        if (y->shape[d] != x->shape[d ? d + 1 : 0])
            return false;
    return true;
}

/* of_labels: then a weight is of x's dtype, and a constant. */
static bool valid_weight(const char *function, const wick_tensor *x, wick_tensor *w, bool of_labels)
{
    if (!w)
        return true;
    if (!WK_TENSOR(w, function, "weight"))
        return false;
    int64_t classes = x->shape[classes_dim(x)];
    if (w->ndim == 1 && w->shape[0] == classes && (w->dtype == x->dtype || !of_labels))
        return !of_labels || wk_loss_constant(function, w, "weight");
    wick_fail(WICK_ERROR_SHAPE, "%s: weight must have one %s per class, shape (%lld,), and is %s of shape %s", function,
              wick_dtype_name(x->dtype), (long long)classes, wick_dtype_name(w->dtype), WK_SHAPE(w));
    return false;
}

/* What the labels y (N, ...) pick from x (N, C, ...): flat positions, weights (0 for ignored ones), and their sum. */
typedef struct labels {
    wick_tensor *positions; /* int64, in y's shape; -1 for an ignored label */
    wick_tensor *weights;   /* in y's shape and x's dtype */
    double total;
} labels;

/* Labels are int64; bytes: of (N, C) and (C) they may be uint8. */
static bool read_labels(const char *function, wick_tensor *x, wick_tensor *y, wick_tensor *w, int64_t ignore_index,
                        bool bytes, labels *l)
{
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y"))
        return false;
    if (!wick_dtype_is_floating(x->dtype) ||
        (y->dtype != WICK_INT64 && !(y->dtype == WICK_UINT8 && bytes && x->ndim <= 2))) {
        wick_fail(WICK_ERROR_DTYPE, "%s: the input must be floating point and the labels int64, and they are %s and %s",
                  function, wick_dtype_name(x->dtype), wick_dtype_name(y->dtype));
        return false;
    }
    if (!labels_fit(x, y)) {
        wick_fail(
            WICK_ERROR_SHAPE,
            "%s: input of shape %s and labels of shape %s; they must be (N, C) and (N), (N, C, ...) and (N, ...), "
            "or (C) and ()",
            function, WK_SHAPE(x), WK_SHAPE(y));
        return false;
    }
    if (!valid_weight(function, x, w, true))
        return false;
    wick_tensor *at = wk_own(wk_contiguous(y));
    l->positions = wk_own(wk_new(y->shape, y->ndim, WICK_INT64));
    l->weights = wk_own(wk_new(y->shape, y->ndim, x->dtype));
    if (!at || !l->positions || !l->weights)
        return false;
    const int64_t classes = x->shape[classes_dim(x)];
    int64_t *position = wk_data(l->positions), inner = 1;
    for (int d = 1; d < y->ndim; d++)
        inner *= y->shape[d];
    l->total = 0;
    for (int64_t i = 0; i < y->numel; i++) {
        int64_t label = wk_load_int(at, at->offset + i);
        bool counts = label != ignore_index;
        if (counts && (label < 0 || label >= classes)) {
            wick_fail(WICK_ERROR_INDEX,
                      "%s: label %lld at position %lld is out of bounds: there are %lld classes, 0 to %lld", function,
                      (long long)label, (long long)i, (long long)classes, (long long)classes - 1);
            return false;
        }
        double weight = !counts ? 0 : w ? wk_load(w, w->offset + label * w->strides[0]) : 1;
        position[i] = counts ? (i / inner * classes + label) * inner + i % inner : -1;
        wk_store(l->weights, i, weight);
        l->total += weight;
    }
    return true;
}

/* ---- nll and cross-entropy ------------------------------------------------------------------------------------------------------ */

/* nll      y = -sum of c x[b], x at the positions b of the labels, c their weights, over the sum of these for the mean
            dx = -dy c at these positions, 0 elsewhere */
GRAD(nll_d) { return wk_put(wick_mul(wick_neg(dy), c), b, node->a_shape, node->a_ndim); }
static const wk_op nll_op = {"NllLossBackward0", {{nll_d, USES_B | USES_C, NULL}}, false};
static const wk_op nll_nd_op = {"NllLoss2DBackward0", {{nll_d, USES_B | USES_C, NULL}}, false};

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
    return wick_out(wk_record(x->ndim > 2 ? &nll_nd_op : &nll_op, NULL, wk_ref(y), x, l->positions, factors));
}

/* The one label of (C) may stand in a tensor of shape (1), and is brought to (). */
static wick_tensor *one_label(const wick_tensor *x, wick_tensor *y)
{
    const bool single = x && y && x->ndim == 1 && y->ndim == 1 && y->numel == 1;
    return single ? wick_reshape_n(y, NULL, 0) : y;
}

wick_tensor *wick_nll_loss_opt(wick_tensor *x, wick_tensor *y, const wick_nll_loss_options *given)
{
    WK_ENTER;
    wick_nll_loss_options o = WK_OPTIONS(wick_nll_loss_options, WICK_NLL_LOSS_DEFAULTS, given);
    const char *function = "wick_nll_loss";
    WICK_SCOPE;
    labels l;
    y = one_label(x, y);
    if (!wk_loss_reduction(function, o.reduction) || !read_labels(function, x, y, o.weight, o.ignore_index, true, &l))
        return NULL;
    return wick_out(nll(x, &l, o.reduction));
}

/* A sum or mean of losses, the mean over total. */
static wick_tensor *reduce_by(wick_tensor *losses, wick_reduction reduction, double total)
{
    if (reduction == WICK_NONE)
        return losses;
    losses = wick_sum(losses);
    return reduction == WICK_MEAN ? wick_div(losses, total) : losses;
}

/* x (N, C, ...) times the weight (C) of each class, if there is one. */
static wick_tensor *weighted(wick_tensor *x, wick_tensor *weight)
{
    if (!x || !weight)
        return x;
    int64_t shape[WICK_MAX_DIMS];
    const int dim = classes_dim(x), ndim = x->ndim - dim;
    for (int d = 0; d < ndim; d++)
        shape[d] = d ? 1 : weight->shape[0];
    return wick_mul(x, wick_reshape_n(weight, shape, ndim));
}

/* Of labels: (1 - e) nll + e/C smooth, with smooth = -sum over the classes of w log p, and the normaliser of nll. */
static wick_tensor *of_labels(wick_tensor *x, wick_tensor *y, const wick_cross_entropy_options *o)
{
    labels l;
    if (!read_labels("wick_cross_entropy", x, y, o->weight, o->ignore_index, true, &l))
        return NULL;
    const int dim = classes_dim(x);
    wick_tensor *log_p = wick_log_softmax(x, dim);
    wick_tensor *loss = nll(log_p, &l, o->reduction);
    if (o->label_smoothing == 0)
        return loss;
    wick_tensor *smooth = wick_neg(wick_sum(weighted(log_p, o->weight), dim));
    smooth = wick_where(wick_eq(y, o->ignore_index), 0.0, smooth);
    smooth = reduce_by(smooth, o->reduction, l.total);
    return wick_add(wick_mul(loss, 1 - o->label_smoothing),
                    wick_mul(smooth, o->label_smoothing / (double)x->shape[dim]));
}

/* Of probabilities t (N, C, ...): -sum over the classes of w t log p, with t = (1 - e) y + e/C; the mean is over the rest. */
static wick_tensor *of_probabilities(wick_tensor *x, wick_tensor *y, const wick_cross_entropy_options *o)
{
    const char *function = "wick_cross_entropy";
    if (o->ignore_index >= 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: ignore_index (%lld) cannot be used with a target of probabilities",
                         function, (long long)o->ignore_index);
    if (!wk_check_floating(function, x, "the input"))
        return NULL;
    if (x->ndim < 1)
        return wick_fail(WICK_ERROR_SHAPE, "%s: input of shape %s; it must be (N, C), (N, C, ...) or (C)", function,
                         WK_SHAPE(x));
    if (!valid_weight(function, x, o->weight, false))
        return NULL;
    const int dim = classes_dim(x);
    const double classes = (double)x->shape[dim];
    wick_tensor *log_p = wick_log_softmax(x, dim);
    if (o->label_smoothing > 0)
        y = wick_add(wick_mul(y, 1 - o->label_smoothing), o->label_smoothing / classes);
    wick_tensor *losses = wick_neg(wick_sum(wick_mul(log_p, weighted(y, o->weight)), dim));
    return reduce_by(losses, o->reduction, (double)x->numel / classes);
}

wick_tensor *wick_cross_entropy_opt(wick_tensor *x, wick_tensor *y, const wick_cross_entropy_options *given)
{
    WK_ENTER;
    wick_cross_entropy_options o = WK_OPTIONS(wick_cross_entropy_options, WICK_CROSS_ENTROPY_DEFAULTS, given);
    if (!WK_TENSOR(x, "wick_cross_entropy", "x") || !WK_TENSOR(y, "wick_cross_entropy", "y"))
        return NULL;
    if (!wk_loss_reduction("wick_cross_entropy", o.reduction))
        return NULL;
    if (!(o.label_smoothing >= 0) || !(o.label_smoothing <= 1))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_cross_entropy: label_smoothing must be in [0, 1], and is %s",
                         WK_REAL(o.label_smoothing));
    WICK_SCOPE;
    const bool alike = wk_same_shape(x, y);
    if (alike && wick_dtype_is_floating(y->dtype))
        return wick_out(of_probabilities(x, y, &o));
    return wick_out(of_labels(x, alike ? y : one_label(x, y), &o));
}

/* ---- Margins --------------------------------------------------------------------------------------------------------------------- */

/* max(x, 0) where it is kept, else 0; NaN becomes 0, as in PyTorch. */
static wick_tensor *hinge(wick_tensor *x, wick_tensor *kept)
{
    return wick_where(wick_mul(wick_gt(x, 0), kept), x, 0.0);
}

/* x as (N, C): x itself, or (C) or () as one row. NULL with an error for other shapes, and without classes. */
static wick_tensor *as_rows(const char *function, wick_tensor *x)
{
    const int64_t classes = x->ndim ? x->shape[x->ndim - 1] : 1;
    if (x->ndim > 2 || classes == 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: input of shape %s; it must be (N, C), (C) or (), with C above 0",
                         function, WK_SHAPE(x));
    return x->ndim == 2 ? x : wick_reshape_n(x, (const int64_t[]){1, classes}, 2);
}

/* multi_margin   sum over j other than y of w max(0, margin - x[y] + x[j])^p / C */
wick_tensor *wick_multi_margin_loss_opt(wick_tensor *x, wick_tensor *y, const wick_multi_margin_loss_options *given)
{
    WK_ENTER;
    wick_multi_margin_loss_options o =
        WK_OPTIONS(wick_multi_margin_loss_options, WICK_MULTI_MARGIN_LOSS_DEFAULTS, given);
    const char *function = "wick_multi_margin_loss";
    if (o.p != 1 && o.p != 2)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: p must be 1 or 2, and is %lld", function, (long long)o.p);
    if (!wk_loss_reduction(function, o.reduction) || !WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y"))
        return NULL;
    WICK_SCOPE;
    wick_tensor *rows = as_rows(function, x); /* (N, C) */
    if (!rows)
        return NULL;
    if (y->ndim > 1 || y->numel != rows->shape[0])
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: input of shape %s and labels of shape %s; they must be (N, C) and (N), or for one row (C) or () and "
            "(1) or ()",
            function, WK_SHAPE(x), WK_SHAPE(y));
    wick_tensor *flat = wick_reshape(y, -1); /* (N) */
    labels l;
    if (!read_labels(function, rows, flat, o.weight, INT64_MIN, false, &l))
        return NULL;
    const int64_t classes = rows->shape[1];
    wick_tensor *others = wick_ne(wick_arange((double)classes), wick_unsqueeze(flat, -1)); /* (N, C) */
    wick_tensor *own = wick_unsqueeze(wk_take(rows, l.positions), -1);
    wick_tensor *e = hinge(wick_add(wick_sub(o.margin, own), rows), others);
    if (o.p == 2)
        e = wick_mul(e, e);
    if (o.weight)
        e = wick_mul(e, wick_unsqueeze(l.weights, -1));
    e = wick_reshape_n(wick_div(wick_sum(e, -1), classes), y->shape, y->ndim);
    return wick_out(wk_loss_reduced(e, o.reduction));
}

/* What the rows of labels y (N, C), each up to its first -1, pick from x (N, C). */
typedef struct label_rows {
    wick_tensor *positions; /* (N, C), flat in x; -1 behind the last label */
    wick_tensor *is_label;  /* (N, C), bool: whether there is a label */
    wick_tensor *others;    /* (N, C), bool: classes that no label names */
} label_rows;

static bool read_label_rows(const char *function, wick_tensor *x, wick_tensor *y, label_rows *l)
{
    const int64_t classes = x->shape[x->ndim - 1];
    wick_tensor *at = wk_own(wk_contiguous(y));
    l->positions = wk_own(wk_new(x->shape, x->ndim, WICK_INT64));
    l->is_label = wk_own(wk_new(x->shape, x->ndim, WICK_BOOL));
    l->others = wk_own(wk_new(x->shape, x->ndim, WICK_BOOL));
    if (!at || !l->positions || !l->is_label || !l->others)
        return false;
    const int64_t *label = wk_data(at);
    int64_t *position = wk_data(l->positions);
    bool *is_label = wk_data(l->is_label), *others = wk_data(l->others);
    for (int64_t row = 0; row < x->numel; row += classes) {
        bool open = true;
        for (int64_t j = row; j < row + classes; j++)
            others[j] = true;
        for (int64_t j = row; j < row + classes; j++) {
            if (label[j] < -1 || label[j] >= classes) {
                wick_fail(WICK_ERROR_INDEX,
                          "%s: label %lld is out of bounds: there are %lld classes, and -1 ends a row", function,
                          (long long)label[j], (long long)classes);
                return false;
            }
            open = open && label[j] >= 0;
            is_label[j] = open;
            position[j] = open ? row + label[j] : -1;
            if (open)
                others[row + label[j]] = false;
        }
    }
    return true;
}

/* multilabel_margin   sum over labels y and classes j that are none of max(0, 1 - x[y] + x[j]) / C */
wick_tensor *wick_multilabel_margin_loss_opt(wick_tensor *x, wick_tensor *y,
                                             const wick_multilabel_margin_loss_options *given)
{
    WK_ENTER;
    wick_multilabel_margin_loss_options o = WK_OPTIONS(wick_multilabel_margin_loss_options, 0, given);
    const char *function = "wick_multilabel_margin_loss";
    if (!wk_loss_reduction(function, o.reduction) || !WK_TENSOR(x, function, "x") || !WK_TENSOR(y, function, "y"))
        return NULL;
    WICK_SCOPE;
    wick_tensor *rows = as_rows(function, x); /* (N, C) */
    if (!rows)
        return NULL;
    const bool fits = x->ndim == 2 ? wk_same_shape(x, y) : y->ndim < 2 && y->numel == x->numel;
    if (!wick_dtype_is_floating(x->dtype) || y->dtype != WICK_INT64 || !fits)
        return wick_fail(
            WICK_ERROR_DTYPE,
            "%s: the labels must be int64 and of the shape of the input, which is floating point; they are "
            "%s of shape %s, and it is %s of shape %s",
            function, wick_dtype_name(y->dtype), WK_SHAPE(y), wick_dtype_name(x->dtype), WK_SHAPE(x));
    label_rows l;
    if (!read_label_rows(function, rows, y, &l))
        return NULL;
    wick_tensor *own = wick_unsqueeze(wk_take(rows, l.positions), -1);                          /* (N, C, 1) */
    wick_tensor *kept = wick_mul(wick_unsqueeze(l.is_label, -1), wick_unsqueeze(l.others, -2)); /* (N, C, C) */
    wick_tensor *e = hinge(wick_add(wick_sub(1, own), wick_unsqueeze(rows, -2)), kept);
    e = wick_div(wick_sum(wick_sum(e, -1), -1), rows->shape[1]); /* (N) */
    return wick_out(wk_loss_reduced(x->ndim == 2 ? e : wick_reshape_n(e, NULL, 0), o.reduction));
}
