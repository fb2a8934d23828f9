/* dropout.c - elements dropped at random. */
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* Whether the arguments are good; *drops, whether there is anything to drop. */
static bool check(const char *function, const wick_tensor *x, double p, bool training, bool *drops)
{
    if (!WK_TENSOR(x, function, "x"))
        return false;
    if (!(p >= 0 && p <= 1)) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the probability must be between 0 and 1, and is %g", function, p);
        return false;
    }
    *drops = training && p > 0 && x->numel > 0;
    return !*drops || wk_check_floating(function, x, "x");
}

/* 0 with probability p, else 1, in x's shape; one draw an element. */
static wick_tensor *mask_of(const wick_tensor *x, double p)
{
    wick_tensor *mask = wk_own(wk_new_like(x));
    if (mask)
        wk_bernoulli_fill(mask, 1 - p, NULL);
    return mask;
}

/* dropout  y = x m / (1 - p), m = 0 with probability p, else 1 */
wick_tensor *wick_dropout(wick_tensor *x, double p, bool training)
{
    const char *function = "wick_dropout";
    bool drops;
    if (!check(function, x, p, training, &drops))
        return NULL;
    if (!drops)
        return wk_own(wk_ref(x));
    WICK_SCOPE;
    if (p == 1) /* nothing is drawn */
        return wick_out(wick_mul(x, wick_zeros_n(x->shape, x->ndim, (wick_dtype)x->dtype)));
    wick_tensor *mask = mask_of(x, p);
    if (!mask)
        return NULL;
    wk_map(function, WK_SCALE, mask, 1, (const wick_tensor *const[]){mask}, (double[]){1 / (1 - p), 0});
    return wick_out(wick_mul(x, mask));
}

/* alpha_dropout  y = x a m + b, m = 0 with probability p, else 1; dropped elements become -alpha' a + alpha' a p, and
   a = ((1 - p) (1 + alpha'^2 p))^(-1/2) keeps mean 0 and variance 1. alpha' = selu's alpha times its scale. */
wick_tensor *wick_alpha_dropout(wick_tensor *x, double p, bool training)
{
    const char *function = "wick_alpha_dropout";
    WK_NAMED(function);
    bool drops;
    if (!check(function, x, p, training, &drops))
        return NULL;
    if (!drops)
        return wk_own(wk_ref(x));
    if (p == 1)
        return wick_mul(x, 0.0);
    WICK_SCOPE;
    const double alpha = 1.7580993408473766, a = 1 / sqrt((alpha * alpha * p + 1) * (1 - p));
    wick_tensor *mask = mask_of(x, p);
    wick_tensor *shift = wick_add(wick_mul(wick_sub(mask, 1), alpha * a), alpha * a * p);
    return wick_out(wick_add(wick_mul(x, wick_mul(mask, a)), shift));
}
