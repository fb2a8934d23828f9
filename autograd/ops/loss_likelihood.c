/* loss_likelihood.c - losses that are the negative logarithm of a probability of the target: Kullback and Leibler's
 * divergence, Poisson's and Gauss's distributions. */
#include "../loss_terms.h"

/* entropy  y = a log a, 0 where a = 0        da = dy (log a + 1) */
GRAD(entropy_d) { return wick_mul(dy, wick_add(wick_log(a), 1)); }
static const wk_op entropy_op = {"XlogyBackward0", {{entropy_d, USES_A, NULL}}, false};
static wick_tensor *entropy(wick_tensor *a)
{
    bool before = wick_set_grad_enabled(false);
    wick_tensor *y = wick_xlogy(a, a);
    wick_set_grad_enabled(before);
    return wk_record(&entropy_op, NULL, wk_ref(y), a, NULL, NULL);
}

/* kl_div   y (log y - x), 0 where y = 0; or, of log y, e^y (y - x) */
wick_tensor *wick_kl_div_opt(wick_tensor *x, wick_tensor *y, const wick_kl_div_options *given)
{
    WK_ENTER;
    wick_kl_div_options o = WK_OPTIONS(wick_kl_div_options, 0, given);
    const char *function = "wick_kl_div";
    const bool by_batch = o.reduction == WICK_BATCHMEAN;
    if ((!by_batch && !wk_loss_reduction(function, o.reduction)) || !wk_loss_pair(function, x, y, false))
        return NULL;
    if (!wick_dtype_is_floating(x->dtype) || !wick_dtype_is_floating(y->dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: both must be floating point, and they are %s and %s", function,
                         wick_dtype_name(x->dtype), wick_dtype_name(y->dtype));
    if (o.reduction == WICK_MEAN &&
        !wick_warn("%s: the reduction mean divides the total loss by both the batch size and "
                   "the support size; .reduction = WICK_BATCHMEAN divides by the batch size "
                   "alone, as the mathematical definition does",
                   function))
        return NULL;
    WICK_SCOPE;
    wick_tensor *e;
    if (o.log_target)
        e = wick_mul(wick_exp(y), wick_sub(y, x));
    else
        e = wick_sub(entropy(y), wick_mul(y, x));
    e = wk_loss_reduced(e, by_batch ? WICK_SUM : o.reduction);
    return wick_out(by_batch && x->ndim ? wick_div(e, x->shape[0]) : e);
}

/* poisson  e^x - y x, or x - y log(x + eps), and, in full, Stirling's y log y - y + log(2 pi y) / 2 where y > 1 */
wick_tensor *wick_poisson_nll_loss_opt(wick_tensor *x, wick_tensor *y, const wick_poisson_nll_loss_options *given)
{
    WK_ENTER;
    wick_poisson_nll_loss_options o = WK_OPTIONS(wick_poisson_nll_loss_options, WICK_POISSON_NLL_LOSS_DEFAULTS, given);
    const char *function = "wick_poisson_nll_loss";
    const double two_pi = 6.283185307179586477;
    if (!wk_loss_reduction(function, o.reduction) || !wk_loss_pair(function, x, y, false))
        return NULL;
    WICK_SCOPE;
    wick_tensor *e =
        o.log_input ? wick_sub(wick_exp(x), wick_mul(y, x)) : wick_sub(x, wick_mul(y, wick_log(wick_add(x, o.eps))));
    if (o.full) {
        wick_tensor *small = wick_le(y, 1), *large = wick_where(small, 1.0, y);
        wick_tensor *stirling = wick_add(wick_sub(wick_mul(large, wick_log(large)), large),
                                         wick_mul(0.5, wick_log(wick_mul(two_pi, large))));
        e = wick_add(e, wick_where(small, 0.0, stirling));
    }
    return wick_out(wk_loss_reduced(e, o.reduction));
}

/* The variance in a shape that broadcasts to x's as PyTorch has it: x's own; x's without the last dimension; or x's with one
 * dimension of size 1 in place of another. NULL with an error for any other. */
static wick_tensor *fitted_variance(const char *function, const wick_tensor *x, wick_tensor *var)
{
    if (wk_same_shape(var, x))
        return var;
    int other = -1, others = 0;
    const int n = var->ndim < x->ndim ? var->ndim : x->ndim;
    for (int d = 0; d < n; d++)
        if (var->shape[d] != x->shape[d])
            other = d, others++;
    if (var->ndim == x->ndim - 1 && others == 0)
        return wick_unsqueeze(var, -1);
    if (var->ndim == x->ndim && others == 1 && var->shape[other] == 1)
        return var;
    return wick_fail(WICK_ERROR_SHAPE,
                     "%s: var of shape %s does not fit the input of shape %s; it may have that shape, or size 1 in one "
                     "dimension, or lack the last",
                     function, WK_SHAPE(var), WK_SHAPE(x));
}

/* gaussian   (log v + (x - y)^2 / v) / 2, and, in full, log(2 pi) / 2 more; v = max(var, eps), with the gradient of var */
wick_tensor *wick_gaussian_nll_loss_opt(wick_tensor *x, wick_tensor *y, wick_tensor *var,
                                        const wick_gaussian_nll_loss_options *given)
{
    WK_ENTER;
    wick_gaussian_nll_loss_options o =
        WK_OPTIONS(wick_gaussian_nll_loss_options, WICK_GAUSSIAN_NLL_LOSS_DEFAULTS, given);
    const char *function = "wick_gaussian_nll_loss";
    const double half_log_two_pi = 0.918938533204672741780;
    if (!wk_loss_reduction(function, o.reduction) || !wk_loss_pair(function, x, y, false) ||
        !WK_TENSOR(var, function, "var"))
        return NULL;
    if (!var->is_number && !wick_dtype_is_floating(var->dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: var must be floating point, and is %s", function,
                         wick_dtype_name(var->dtype));
    WICK_SCOPE;
    wick_tensor *negative = wick_sum(wick_lt(var, 0));
    if (!negative)
        return NULL;
    if (wick_item(negative) > 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: var has negative elements; it is a variance", function);
    if (var->is_number)
        var = wick_full_n(WICK_NUMBER(wick_item(var)), x->shape, x->ndim,
                          wick_dtype_is_floating(x->dtype) ? x->dtype : wick_default_dtype());
    if (!var || !(var = fitted_variance(function, x, var)))
        return NULL;
    var = wk_loss_at_least(var, o.eps);
    wick_tensor *e = wick_mul(0.5, wick_add(wick_log(var), wick_div(wick_square(wick_sub(x, y)), var)));
    if (o.full)
        e = wick_add(e, half_log_two_pi);
    return wick_out(wk_loss_reduced(e, o.reduction));
}
