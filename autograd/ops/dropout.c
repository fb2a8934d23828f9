/* dropout.c - elements dropped at random, or scaled by slopes drawn at random. */
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* Whether the arguments are good; *drops, whether there is anything to drop. */
static bool check(const char *function, const wick_tensor *x, double p, bool training, bool *drops)
{
    if (!WK_TENSOR(x, function, "x"))
        return false;
    if (!(p >= 0 && p <= 1)) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the probability must be between 0 and 1, and is %s", function, WK_REAL(p));
        return false;
    }
    *drops = training && p > 0 && x->numel > 0;
    return !*drops || wk_check_floating(function, x, "x");
}

/* 0 with probability p, else 1, in x's shape; one draw an element, row by row. */
static wick_tensor *mask_of(const wick_tensor *x, double p)
{
    wick_tensor *mask = wk_own(wk_new_like(x));
    if (mask)
        wk_bernoulli_fill(mask, 1 - p, NULL);
    return mask;
}

/* The same in x's order of memory. */
static void draw_kept(wick_tensor *t, const void *kept) { wk_bernoulli_fill(t, *(const double *)kept, NULL); }
static wick_tensor *mask_like(const wick_tensor *x, double p)
{
    if (x->contiguous)
        return mask_of(x, p);
    const double kept = 1 - p;
    wick_tensor *mask = wk_own(wk_new_like(x));
    return mask && wk_draw_into(mask, x, 0, draw_kept, &kept) ? mask : NULL;
}

/* Both take the order in which the mask is drawn from like: x itself, or, in place, the tensor that is written. */

/* dropout  y = x m / (1 - p), m = 0 with probability p, else 1 */
static wick_tensor *dropped(wick_tensor *x, const wick_tensor *like, double p)
{
    WICK_SCOPE;
    if (p == 1) /* nothing is drawn */
        return wick_out(wick_mul(x, wick_zeros_n(x->shape, x->ndim, x->dtype)));
    wick_tensor *mask = mask_like(like, p);
    if (!mask)
        return NULL;
    wk_map("wick_dropout", WK_SCALE, mask, 1, (const wick_tensor *const[]){mask}, (double[]){1 / (1 - p), 0});
    return wk_note_draw(wick_out(wick_mul(x, mask)));
}

/* alpha_dropout  y = x a m + b, m = 0 with probability p, else 1; dropped elements become -alpha' a + alpha' a p, and
   a = ((1 - p) (1 + alpha'^2 p))^(-1/2) keeps mean 0 and variance 1. alpha' = selu's alpha times its scale. */
static wick_tensor *alpha_dropped(wick_tensor *x, const wick_tensor *like, double p)
{
    if (p == 1)
        return wick_mul(x, 0.0);
    WICK_SCOPE;
    const double alpha = 1.7580993408473766, a = 1 / sqrt((alpha * alpha * p + 1) * (1 - p));
    wick_tensor *mask = mask_like(like, p);
    wick_tensor *shift = wick_add(wick_mul(wick_sub(mask, 1), alpha * a), alpha * a * p);
    return wk_note_draw(wick_out(wick_add(wick_mul(x, wick_mul(mask, a)), shift)));
}

wick_tensor *wick_dropout(wick_tensor *x, double p, bool training)
{
    WK_ENTER;
    bool drops;
    if (!check("wick_dropout", x, p, training, &drops))
        return NULL;
    return drops ? dropped(x, x, p) : wk_own(wk_ref(x));
}
wick_tensor *wick_dropout_(wick_tensor *x, double p, bool training)
{
    WK_ENTER;
    bool drops;
    if (!check("wick_dropout_", x, p, training, &drops))
        return NULL;
    if (!drops)
        return x;
    WK_IN_PLACE("wick_dropout_", x, dropped(before, x, p));
}

wick_tensor *wick_alpha_dropout(wick_tensor *x, double p, bool training)
{
    WK_ENTER;
    bool drops;
    if (!check("wick_alpha_dropout", x, p, training, &drops))
        return NULL;
    return drops ? alpha_dropped(x, x, p) : wk_own(wk_ref(x));
}
wick_tensor *wick_alpha_dropout_(wick_tensor *x, double p, bool training)
{
    WK_ENTER;
    bool drops;
    if (!check("wick_alpha_dropout_", x, p, training, &drops))
        return NULL;
    if (!drops)
        return x;
    WK_IN_PLACE("wick_alpha_dropout_", x, alpha_dropped(before, x, p));
}

/* rrelu    y = x m, m = 1 where x > 0, else a slope, drawn from [lower, upper) or the middle of it         dx = dy m */
GRAD(rrelu_d) { return wick_mul(dy, b); }
static const wk_op rrelu_op = {"RreluWithNoiseBackward0", {{rrelu_d, USES_B, NULL}}, false};

/* m for a contiguous x. In the innermost scope. */
static wick_tensor *slopes_of(const wick_tensor *x, const wick_rrelu_options *o)
{
    wick_tensor *m = wk_own(wk_new_like(x)), *drawn = NULL;
    int64_t count = 0, next = 0;
    for (int64_t i = 0; m && i < x->numel; i++) {
        double value = wk_load(x, x->offset + i);
        bool slopes = o->training ? value <= 0 : !(value > 0); /* PyTorch takes a NaN for either */
        wk_store(m, i, slopes ? (o->lower + o->upper) / 2 : 1);
        count += slopes;
    }
    if (!m || !o->training)
        return m;
    if (!(drawn = wk_own(wk_new(&count, 1, WICK_FLOAT64))))
        return NULL;
    wk_rand_fill(drawn, o->lower, o->upper, NULL);
    for (int64_t i = 0; i < x->numel; i++)
        if (wk_load(x, x->offset + i) <= 0)
            wk_store(m, i, wk_load(drawn, next++));
    return m;
}

wick_tensor *wick_rrelu_opt(wick_tensor *x, const wick_rrelu_options *given)
{
    WK_ENTER;
    wick_rrelu_options o = WK_OPTIONS(wick_rrelu_options, WICK_RRELU_DEFAULTS, given);
    const char *function = "wick_rrelu";
    if (!WK_TENSOR(x, function, "x") || !wk_check_floating(function, x, "x"))
        return NULL;
    if (!(o.lower <= o.upper && isfinite(o.lower) && isfinite(o.upper)))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: lower is %s and upper is %s; they must be finite, and lower not above "
                         "upper",
                         function, WK_REAL(o.lower), WK_REAL(o.upper));
    WICK_SCOPE;
    wick_tensor *from = wk_own(wk_contiguous(x)), *m = from ? slopes_of(from, &o) : NULL,
                *y = m ? wk_new_like(m) : NULL;
    if (!y)
        return NULL;
    wk_map(function, WK_MUL, y, 2, (const wick_tensor *const[]){from, m}, NULL);
    return wk_note_draw(wick_out(wk_record(&rrelu_op, NULL, y, x, m, NULL)));
}

wick_tensor *wick_rrelu_opt_(wick_tensor *x, const wick_rrelu_options *given)
{
    WK_ENTER;
    wick_rrelu_options o = WK_OPTIONS(wick_rrelu_options, WICK_RRELU_DEFAULTS, given);
    WK_IN_PLACE("wick_rrelu_", x, wick_rrelu_opt(before, &o));
}
