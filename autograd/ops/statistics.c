/* statistics.c - variances, norms, and the logarithm of a sum of exponentials, whole and by dimension. */
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- Variance ----------------------------------------------------------------------------------------------------------------- */

/* var      y = sum of (x - mean)^2 / f        dx = 2 dy (x - mean) / f        f = n - correction = s, t: whole */
static wick_tensor *var_grad(const wick_node *node, const wk_args *args, wick_tensor *dy, wick_tensor *a)
{
    const wick_sum_options kept = wk_reduce_kept(a, (unsigned)args->start);
    wick_tensor *mean = wick_mean_opt(a, &kept);
    if (args->t != 0 && args->s <= 0) /* PyTorch's answer here */
        return wick_mul(dy, wick_where(wick_eq(a, mean), (double)NAN, (double)INFINITY));
    return wick_mul(wick_mul(wk_with_dims(node, args, dy), 2 / args->s), wick_sub(a, mean));
}
GRAD(var_d) { return var_grad(node, args, dy, a); }
static const wk_op var_op = {"VarBackward0", {{var_d, USES_A, NULL}}, false};

/* std      y = sqrt(var)                      dx = that of var for dy / (2 y), 0 where y = 0 */
GRAD(std_d)
{
    wick_tensor *inner = wk_div_or_0(dy, wick_mul(y, 2));
    return inner ? var_grad(node, args, inner, a) : NULL;
}
static const wk_op std_op = {"StdBackward0", {{std_d, USES_A | USES_Y, NULL}}, false};

/* False where warnings are errors. */
static bool warn_of_freedom(const char *function, const wick_tensor *x, double correction)
{
    return wick_warn(
        "%s: degrees of freedom is <= 0 for x of shape %s and correction %s. Correction should be strictly less than "
        "the number of elements that are reduced to one: the result is inf or NaN",
        function, WK_SHAPE(x), WK_REAL(correction));
}

static wick_tensor *variance(const char *function, const wk_op *op, bool root, wick_tensor *x,
                             const wick_var_options *o)
{
    unsigned mask;
    if (!wk_reduce_dims(function, x, o->dim, &o->dims, &mask) || !wk_check_floating(function, x, "x"))
        return NULL;
    wick_tensor *y = wk_reduced(x, mask, o->keepdim, x->dtype);
    wk_args args = wk_reduce_args(mask, o->keepdim);
    args.s = (double)wk_reduced_count(x, mask) - o->correction;
    if (y && (y->numel == 0 ? -o->correction : args.s) <= 0 && !warn_of_freedom(function, x, o->correction)) {
        wk_unref(y);
        return NULL;
    }
    if (y)
        wk_reduce_var(x, mask, o->correction, root, y);
    args.t = x->ndim == 0 || (o->dim == WICK_UNSET && !o->dims.count);
    return wk_record(op, &args, y, x, NULL, NULL);
}

wick_tensor *wick_var_opt(wick_tensor *x, const wick_var_options *given)
{
    WK_ENTER;
    wick_var_options o = WK_OPTIONS(wick_var_options, WICK_VAR_DEFAULTS, given);
    return variance("wick_var", &var_op, false, x, &o);
}
wick_tensor *wick_std_opt(wick_tensor *x, const wick_var_options *given)
{
    WK_ENTER;
    wick_var_options o = WK_OPTIONS(wick_var_options, WICK_VAR_DEFAULTS, given);
    return variance("wick_std", &std_op, true, x, &o);
}

/* ---- Norm --------------------------------------------------------------------------------------------------------------------- */

/* even power   y = |x|^s                            dx = dy s sign(x) |x|^(s-1)
   odd power    y = sign(x) |x|^s, 0 where x = 0     dx = dy s |x|^(s-1)                   both 0 where s = 0 */
static wick_tensor *power(wick_tensor *x, double s, bool odd);
GRAD(even_power_d)
{
    return args->s == 0 ? wick_zeros_like(dy) : wick_mul(dy, wick_mul(power(a, args->s - 1, true), args->s));
}
GRAD(odd_power_d)
{
    return args->s == 0 ? wick_zeros_like(dy) : wick_mul(dy, wick_mul(power(a, args->s - 1, false), args->s));
}
static const wk_op even_power_op = {"PowBackward0", {{even_power_d, USES_A, NULL}}, false};
static const wk_op odd_power_op = {"MulBackward0", {{odd_power_d, USES_A, NULL}}, false};

static wick_tensor *power(wick_tensor *x, double s, bool odd)
{
    if (odd && s == 1)
        return x;
    bool before = wick_set_grad_enabled(false);
    wick_tensor *size = wick_abs(x), *y = NULL;
    if (!odd)
        y = wick_pow(size, s);
    else if (s > 1)
        y = wick_mul(x, wick_pow(size, s - 1));
    else
        y = wick_where(wick_eq(x, 0), 0.0, wick_mul(wick_sign(x), wick_pow(size, s)));
    wick_set_grad_enabled(before);
    return wk_record(odd ? &odd_power_op : &even_power_op, &(wk_args){.s = s}, wk_ref(y), x, NULL, NULL);
}

/* norm     y = (sum of |x|^p)^(1/p)
     p = 0           dx = 0
     p = 1           dx = dy sign(x)
     p = 2           dx = dy x / y                               0 where y = 0
     p = inf, -inf   dx = dy sign(x) / n at the n elements with |x| = y, or NaN; else 0
     p < 1           dx = dy sign(x) |x|^(p-1) y^(1-p)           0 where x = 0
     else            dx = dy / y^(p-1) sign(x) |x|^(p-1)         0 where y = 0        as in PyTorch, which differs at 0 by case */
GRAD(norm_d)
{
    const double p = args->s;
    if (p == 0)
        return wick_zeros_like(a);
    dy = wk_with_dims(node, args, dy);
    if (p == 1)
        return wick_mul(wick_sign(a), dy);
    y = wk_with_dims(node, args, y);
    if (p == 2)
        return wick_mul(dy, wk_div_or_0(a, y));
    if (isinf(p)) {
        wick_tensor *at = wick_add(wick_eq(wick_abs(a), y), wick_ne(a, a));
        const wick_sum_options kept = wk_reduce_kept(a, (unsigned)args->start);
        wick_tensor *count = at ? wick_sum_opt(at, &kept) : NULL;
        return wick_mul(wick_sign(a), wick_mul(wick_div(dy, count), at));
    }
    wick_tensor *none = wick_eq(y, 0), *size = wick_where(none, 1.0, y); /* so that what is not chosen stays finite */
    wick_tensor *slope = power(wick_where(none, 1.0, a), p - 1, true);
    slope = p < 1 ? wick_mul(wick_mul(slope, dy), wick_pow(size, 1 - p))
                  : wick_mul(slope, wick_div(dy, wick_pow(size, p - 1)));
    return wick_where(none, 0.0, slope);
}
static const wk_op norm_op = {"LinalgVectorNormBackward0", {{norm_d, USES_A | USES_Y, NULL}}, false};

/* The norm of x over mask, in y. False with an error. */
static bool norm_into(const wick_tensor *x, unsigned mask, double p, wick_tensor *y)
{
    const bool single = x->ndim > 0 && wk_reduced_count(x, mask) == 1; /* |x| itself, without powers that overflow */
    const wick_tensor *in = x;
    if (single || p == 1 || p == 2) {
        wk_reduce(single || p == 1 ? WK_FOLD_SUM_ABS : WK_FOLD_SUM_SQUARES, x, mask, y);
        return single || p == 1 || wk_map("wick_norm", WK_SQRT, y, 1, (const wick_tensor *const[]){y}, NULL);
    }
    wick_tensor *size = wk_new_like(x), *exponent = wk_new(NULL, 0, x->dtype);
    bool done = size && exponent && wk_map("wick_norm", WK_ABS, size, 1, &in, NULL);
    if (done && isinf(p)) {
        wk_reduce(p > 0 ? WK_FOLD_MAX : WK_FOLD_MIN, size, mask, y);
    } else if (done) {
        wk_store(exponent, 0, p);
        wk_map("wick_norm", WK_POW, size, 2, (const wick_tensor *const[]){size, exponent}, NULL);
        wk_reduce_sum(size, mask, y);
        wk_store(exponent, 0, 1 / p);
        wk_map("wick_norm", WK_POW, y, 2, (const wick_tensor *const[]){y, exponent}, NULL);
    }
    wk_unref(size);
    wk_unref(exponent);
    return done;
}

wick_tensor *wick_norm_opt(wick_tensor *x, const wick_norm_options *given)
{
    WK_ENTER;
    wick_norm_options o = WK_OPTIONS(wick_norm_options, WICK_NORM_DEFAULTS, given);
    const char *function = "wick_norm";
    unsigned mask;
    if (!wk_reduce_dims(function, x, o.dim, &o.dims, &mask) || !wk_check_floating(function, x, "x"))
        return NULL;
    if ((o.p < 0 || isinf(o.p)) && wk_reduced_count(x, mask) == 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: without elements there is no norm with p = %s: shape %s", function,
                         WK_REAL(o.p), WK_SHAPE(x));
    wick_tensor *y = NULL;
    if (o.p == 0) {
        const wick_reduce_options dims = {.size_ = sizeof dims, 0, o.dim, o.keepdim, o.dims};
        wick_tensor *count = wick_count_nonzero_opt(x, &dims);
        y = count ? wk_cast(count, x->dtype) : NULL;
    } else {
        y = wk_reduced(x, mask, o.keepdim, x->dtype);
        if (y && !norm_into(x, mask, o.p, y)) {
            wk_unref(y);
            y = NULL;
        }
    }
    wk_args args = wk_reduce_args(mask, o.keepdim);
    args.s = o.p;
    return wk_record(&norm_op, &args, y, x, NULL, NULL);
}

/* ---- Log of the sum of exponentials ---------------------------------------------------------------------------------------------- */

/* logsumexp      y = log of sum of e^x        dx = dy e^(x - y) */
GRAD(logsumexp_d) { return wick_mul(wk_with_dims(node, args, dy), wick_exp(wick_sub(a, wk_with_dims(node, args, y)))); }
static const wk_op logsumexp_op = {"LogsumexpBackward0", {{logsumexp_d, USES_A | USES_Y, NULL}}, false};

/* Of x, floating point: y = log of sum of e^(x - M) + M over mask, M the maximum where it is finite, else 0. Own reference. */
static wick_tensor *logsumexp_of(const wick_tensor *x, unsigned mask, bool keepdim)
{
    const char *function = "wick_logsumexp";
    wick_tensor *y = wk_reduced(x, mask, keepdim, x->dtype);
    wick_tensor *max = wk_reduced(x, mask, true, x->dtype), *e = wk_new_like(x);
    bool done = y && max && e;
    if (done) {
        wk_reduce(WK_FOLD_MAX, x, mask, max);
        for (int64_t i = 0; i < max->numel; i++)
            if (isinf(wk_load(max, i)))
                wk_store(max, i, 0);
        done = wk_map(function, WK_SUB, e, 2, (const wick_tensor *const[]){x, max}, NULL) &&
               wk_map(function, WK_EXP, e, 1, (const wick_tensor *const[]){e}, NULL);
    }
    if (done) {
        wk_reduce_sum(e, mask, y);
        done = wk_map(function, WK_LOG, y, 1, (const wick_tensor *const[]){y}, NULL);
        for (int64_t i = 0; i < y->numel; i++)
            wk_store(y, i, wk_load(y, i) + wk_load(max, i));
    }
    wk_unref(max);
    wk_unref(e);
    if (done)
        return y;
    wk_unref(y);
    return NULL;
}

wick_tensor *wick_logsumexp_opt(wick_tensor *x, const wick_reduce_options *given)
{
    WK_ENTER;
    wick_reduce_options o = WK_OPTIONS(wick_reduce_options, WICK_UNSET, given);
    unsigned mask;
    if (!wk_reduce_dims("wick_logsumexp", x, o.dim, &o.dims, &mask))
        return NULL;
    bool converts = !wick_dtype_is_floating(x->dtype);
    wick_tensor *in = converts ? wk_cast(x, wick_default_dtype()) : x;
    wick_tensor *y = in ? logsumexp_of(in, mask, o.keepdim) : NULL;
    if (converts)
        wk_unref(in);
    wk_args args = wk_reduce_args(mask, o.keepdim);
    return wk_record(&logsumexp_op, &args, y, x, NULL, NULL);
}
