/* unary.c - pointwise operations on one operand. */
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

static const double log_2 = 0.693147180559945309417, log_10 = 2.30258509299404568402;

/* y = loop(x) with numbers s. floating: integers are computed in the default dtype. */
static wick_tensor *apply(const char *function, wk_loop_id loop, const wk_op *op, bool floating, wick_tensor *x,
                          const double *s)
{
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    bool converts = floating && !wick_dtype_is_floating(x->dtype);
    wick_tensor *in = converts ? wk_cast(x, wick_default_dtype()) : x;
    wick_tensor *y = in ? wk_new_like(in) : NULL;
    if (y && !wk_map(function, loop, y, 1, (const wick_tensor *const[]){in}, s)) {
        wk_unref(y);
        y = NULL;
    }
    if (converts)
        wk_unref(in);
    if (y)
        y->is_number = x->is_number;
    wk_args args = {0};
    if (s) {
        args.s = s[0];
        args.t = s[1];
    }
    return wk_record(op, s ? &args : NULL, y, x, NULL, NULL);
}

/* dx from dy and y in one pass, for a backward pass that is not recorded. */
static wick_tensor *fused(wk_loop_id loop, wick_tensor *dy, wick_tensor *y)
{
    wick_tensor *dx = wk_new_like(dy);
    if (dx && !wk_map("wick_backward", loop, dx, 2, (const wick_tensor *const[]){dy, y}, NULL)) {
        wk_unref(dx);
        dx = NULL;
    }
    return wk_own(dx);
}

/* neg      y = -x                  dx = -dy */
GRAD(neg_d) { return wick_neg(dy); }
static const wk_op neg_op = {"NegBackward0", {{neg_d, 0, NULL}}, false};
wick_tensor *wick_neg(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_neg", WK_NEG, &neg_op, false, x, NULL);
}

/* abs      y = |x|                 dx = dy sign(x) */
GRAD(abs_d) { return wick_mul(dy, wick_sign(a)); }
static const wk_op abs_op = {"AbsBackward0", {{abs_d, USES_A, NULL}}, false};
wick_tensor *wick_abs(wick_tensor *x)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_abs", "x"))
        return NULL;
    if (x->dtype == WICK_BOOL)
        return wick_fail(WICK_ERROR_DTYPE, "wick_abs: not for bool");
    return apply("wick_abs", WK_ABS, &abs_op, false, x, NULL);
}

/* sign     y = -1, 0 or 1          dx = 0 */
static const wk_op sign_op = {"SignBackward0", {{wk_zero_rule, 0, NULL}}, false};
wick_tensor *wick_sign(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_sign", WK_SIGN, &sign_op, false, x, NULL);
}

/* exp      y = e^x                 dx = dy y */
GRAD(exp_d) { return wick_mul(dy, y); }
static const wk_op exp_op = {"ExpBackward0", {{exp_d, USES_Y, NULL}}, false};
wick_tensor *wick_exp(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_exp", WK_EXP, &exp_op, true, x, NULL);
}

/* exp2     y = 2^x                 dx = dy y log 2 */
GRAD(exp2_d) { return wick_mul(wick_mul(dy, y), log_2); }
static const wk_op exp2_op = {"Exp2Backward0", {{exp2_d, USES_Y, NULL}}, false};
wick_tensor *wick_exp2(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_exp2", WK_EXP2, &exp2_op, true, x, NULL);
}

/* expm1    y = e^x - 1             dx = dy (y + 1) */
GRAD(expm1_d) { return wick_mul(dy, wick_add(y, 1)); }
static const wk_op expm1_op = {"Expm1Backward0", {{expm1_d, USES_Y, NULL}}, false};
wick_tensor *wick_expm1(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_expm1", WK_EXPM1, &expm1_op, true, x, NULL);
}

/* log      y = log x               dx = dy / x */
GRAD(log_d) { return wick_div(dy, a); }
static const wk_op log_op = {"LogBackward0", {{log_d, USES_A, NULL}}, false};
wick_tensor *wick_log(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_log", WK_LOG, &log_op, true, x, NULL);
}

/* log1p    y = log(1 + x)          dx = dy / (x + 1) */
GRAD(log1p_d) { return wick_div(dy, wick_add(a, 1)); }
static const wk_op log1p_op = {"Log1PBackward0", {{log1p_d, USES_A, NULL}}, false};
wick_tensor *wick_log1p(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_log1p", WK_LOG1P, &log1p_op, true, x, NULL);
}

/* log2     y = log x / log 2       dx = dy / (x log 2) */
GRAD(log2_d) { return wick_div(dy, wick_mul(a, log_2)); }
static const wk_op log2_op = {"Log2Backward0", {{log2_d, USES_A, NULL}}, false};
wick_tensor *wick_log2(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_log2", WK_LOG2, &log2_op, true, x, NULL);
}

/* log10    y = log x / log 10      dx = dy / (x log 10) */
GRAD(log10_d) { return wick_div(dy, wick_mul(a, log_10)); }
static const wk_op log10_op = {"Log10Backward0", {{log10_d, USES_A, NULL}}, false};
wick_tensor *wick_log10(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_log10", WK_LOG10, &log10_op, true, x, NULL);
}

/* sqrt     y = sqrt(x)             dx = dy / (2 y) */
GRAD(sqrt_d) { return wick_div(dy, wick_mul(2, y)); }
static const wk_op sqrt_op = {"SqrtBackward0", {{sqrt_d, USES_Y, NULL}}, false};
wick_tensor *wick_sqrt(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_sqrt", WK_SQRT, &sqrt_op, true, x, NULL);
}

/* rsqrt    y = 1 / sqrt(x)         dx = -dy y^3 / 2 */
GRAD(rsqrt_d) { return wick_mul(wick_mul(-0.5, dy), wick_pow(y, 3)); }
static const wk_op rsqrt_op = {"RsqrtBackward0", {{rsqrt_d, USES_Y, NULL}}, false};
wick_tensor *wick_rsqrt(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_rsqrt", WK_RSQRT, &rsqrt_op, true, x, NULL);
}

/* reciprocal y = 1 / x               dx = -dy y^2 */
GRAD(reciprocal_d) { return wick_mul(wick_neg(dy), wick_mul(y, y)); }
static const wk_op reciprocal_op = {"ReciprocalBackward0", {{reciprocal_d, USES_Y, NULL}}, false};
wick_tensor *wick_reciprocal(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_reciprocal", WK_RECIPROCAL, &reciprocal_op, true, x, NULL);
}

/* relu     y = max(x, 0)           dx = 0 where y <= 0, else dy */
GRAD(relu_d) { return wick_where(wick_le(y, 0), 0.0, dy); }
GRAD(relu_fused) { return fused(WK_RELU_GRAD, dy, y); }
static const wk_op relu_op = {"ReluBackward0", {{relu_d, USES_Y, relu_fused}}, false};
wick_tensor *wick_relu(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_relu", WK_RELU, &relu_op, false, x, NULL);
}

/* sigmoid  y = 1 / (1 + e^-x)      dx = dy (1 - y) y */
GRAD(sigmoid_d) { return wick_mul(wick_mul(dy, wick_sub(1, y)), y); }
GRAD(sigmoid_fused) { return fused(WK_SIGMOID_GRAD, dy, y); }
static const wk_op sigmoid_op = {"SigmoidBackward0", {{sigmoid_d, USES_Y, sigmoid_fused}}, false};
wick_tensor *wick_sigmoid(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_sigmoid", WK_SIGMOID, &sigmoid_op, true, x, NULL);
}

/* tanh     y = tanh x              dx = dy (1 - y^2) */
GRAD(tanh_d) { return wick_mul(dy, wick_sub(1, wick_mul(y, y))); }
GRAD(tanh_fused) { return fused(WK_TANH_GRAD, dy, y); }
static const wk_op tanh_op = {"TanhBackward0", {{tanh_d, USES_Y, tanh_fused}}, false};
wick_tensor *wick_tanh(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_tanh", WK_TANH, &tanh_op, true, x, NULL);
}

/* sinh     y = sinh x              dx = dy cosh x */
GRAD(sinh_d) { return wick_mul(dy, wick_cosh(a)); }
static const wk_op sinh_op = {"SinhBackward0", {{sinh_d, USES_A, NULL}}, false};
wick_tensor *wick_sinh(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_sinh", WK_SINH, &sinh_op, true, x, NULL);
}

/* cosh     y = cosh x              dx = dy sinh x */
GRAD(cosh_d) { return wick_mul(dy, wick_sinh(a)); }
static const wk_op cosh_op = {"CoshBackward0", {{cosh_d, USES_A, NULL}}, false};
wick_tensor *wick_cosh(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_cosh", WK_COSH, &cosh_op, true, x, NULL);
}

/* asinh    y = arsinh x            dx = dy / sqrt(x^2 + 1) */
GRAD(asinh_d) { return wick_mul(dy, wick_rsqrt(wick_add(wick_mul(a, a), 1))); }
static const wk_op asinh_op = {"AsinhBackward0", {{asinh_d, USES_A, NULL}}, false};
wick_tensor *wick_asinh(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_asinh", WK_ASINH, &asinh_op, true, x, NULL);
}

/* acosh    y = arcosh x            dx = dy / sqrt(x^2 - 1) */
GRAD(acosh_d) { return wick_mul(dy, wick_rsqrt(wick_sub(wick_mul(a, a), 1))); }
static const wk_op acosh_op = {"AcoshBackward0", {{acosh_d, USES_A, NULL}}, false};
wick_tensor *wick_acosh(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_acosh", WK_ACOSH, &acosh_op, true, x, NULL);
}

/* atanh    y = artanh x            dx = dy / (1 - x^2) */
GRAD(atanh_d) { return wick_div(dy, wick_sub(1, wick_mul(a, a))); }
static const wk_op atanh_op = {"AtanhBackward0", {{atanh_d, USES_A, NULL}}, false};
wick_tensor *wick_atanh(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_atanh", WK_ATANH, &atanh_op, true, x, NULL);
}

/* sin      y = sin x               dx = dy cos x */
GRAD(sin_d) { return wick_mul(dy, wick_cos(a)); }
static const wk_op sin_op = {"SinBackward0", {{sin_d, USES_A, NULL}}, false};
wick_tensor *wick_sin(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_sin", WK_SIN, &sin_op, true, x, NULL);
}

/* cos      y = cos x               dx = -dy sin x */
GRAD(cos_d) { return wick_mul(dy, wick_neg(wick_sin(a))); }
static const wk_op cos_op = {"CosBackward0", {{cos_d, USES_A, NULL}}, false};
wick_tensor *wick_cos(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_cos", WK_COS, &cos_op, true, x, NULL);
}

/* tan      y = tan x               dx = dy (1 + y^2) */
GRAD(tan_d) { return wick_mul(dy, wick_add(1, wick_mul(y, y))); }
static const wk_op tan_op = {"TanBackward0", {{tan_d, USES_Y, NULL}}, false};
wick_tensor *wick_tan(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_tan", WK_TAN, &tan_op, true, x, NULL);
}

/* asin     y = arcsin x            dx = dy / sqrt(1 - x^2) */
GRAD(asin_d) { return wick_mul(dy, wick_rsqrt(wick_sub(1, wick_mul(a, a)))); }
static const wk_op asin_op = {"AsinBackward0", {{asin_d, USES_A, NULL}}, false};
wick_tensor *wick_asin(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_asin", WK_ASIN, &asin_op, true, x, NULL);
}

/* acos     y = arccos x            dx = -dy / sqrt(1 - x^2) */
GRAD(acos_d) { return wick_mul(dy, wick_neg(wick_rsqrt(wick_sub(1, wick_mul(a, a))))); }
static const wk_op acos_op = {"AcosBackward0", {{acos_d, USES_A, NULL}}, false};
wick_tensor *wick_acos(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_acos", WK_ACOS, &acos_op, true, x, NULL);
}

/* atan     y = arctan x            dx = dy / (x^2 + 1) */
GRAD(atan_d) { return wick_div(dy, wick_add(wick_mul(a, a), 1)); }
static const wk_op atan_op = {"AtanBackward0", {{atan_d, USES_A, NULL}}, false};
wick_tensor *wick_atan(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_atan", WK_ATAN, &atan_op, true, x, NULL);
}

/* bell = 2 / sqrt(pi) e^-x^2: the derivative of erf */
static wick_tensor *bell(wick_tensor *x)
{
    return wick_mul(1.12837916709551257390, wick_exp(wick_neg(wick_mul(x, x))));
}

/* erf      y = erf x               dx = dy bell */
GRAD(erf_d) { return wick_mul(bell(a), dy); }
static const wk_op erf_op = {"ErfBackward0", {{erf_d, USES_A, NULL}}, false};
wick_tensor *wick_erf(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_erf", WK_ERF, &erf_op, true, x, NULL);
}

/* erfc     y = 1 - erf x           dx = -dy bell */
GRAD(erfc_d) { return wick_mul(wick_neg(bell(a)), dy); }
static const wk_op erfc_op = {"ErfcBackward0", {{erfc_d, USES_A, NULL}}, false};
wick_tensor *wick_erfc(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_erfc", WK_ERFC, &erfc_op, true, x, NULL);
}

/* clamp    y = min(max(x, s), t)   dx = dy where s < x < t, else 0          a NaN bound is none */
GRAD(clamp_d)
{
    wick_tensor *dx = dy;
    if (!isnan(args->s))
        dx = wick_where(wick_gt(a, args->s), dx, 0.0);
    if (!isnan(args->t))
        dx = wick_where(wick_lt(a, args->t), dx, 0.0);
    return dx;
}
static const wk_op clamp_op = {"ClampBackward1", {{clamp_d, USES_A, NULL}}, false};

/* One bound from the two members that may give it; kind WICK_NUMBER_NONE if neither does. False with an error. */
static bool bound(const char *function, const wick_tensor *x, const char *name, double real, int64_t whole,
                  wick_number *bound)
{
    char instead[40];
    *bound = whole != WICK_UNSET ? wick_number_int(whole) : wick_number_float(real);
    if (whole == WICK_UNSET && isnan(real))
        bound->kind = WICK_NUMBER_NONE;
    if (whole != WICK_UNSET && !isnan(real)) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .%s and .%s_int are both given", function, name, name);
        return false;
    }
    snprintf(instead, sizeof instead, "give it as .%s_int", name);
    return whole != WICK_UNSET || wk_check_exact(function, name, real, x->dtype, instead);
}

static bool is_whole(wick_number n) { return n.kind != WICK_NUMBER_FLOAT || n.real == floor(n.real); }

/* Of a whole number, as a scalar of int64; beyond int64 its end. */
static wick_tensor *whole_bound(wick_number n)
{
    const double real = wk_number_real(n);
    if (n.kind == WICK_NUMBER_INT)
        return wick_scalar_int(n.integer);
    return wick_scalar_int(real >= 0x1p63 ? INT64_MAX : real < -0x1p63 ? INT64_MIN : (int64_t)real);
}

wick_tensor *wick_clamp_opt(wick_tensor *x, const wick_clamp_options *given)
{
    WK_ENTER;
    wick_clamp_options o = WK_OPTIONS(wick_clamp_options, WICK_CLAMP_DEFAULTS, given);
    const char *function = "wick_clamp";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    wick_number min, max;
    if (!bound(function, x, "min", o.min, o.min_int, &min) || !bound(function, x, "max", o.max, o.max_int, &max))
        return NULL;
    if (!min.kind && !max.kind)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: at least one of .min and .max must be given", function);
    if (x->dtype == WICK_BOOL)
        return wick_clamp_opt(wick_to_dtype(x, WICK_INT64), &o);
    /* Bounds that are no whole numbers make an integer tensor one of the default dtype. */
    if (!wick_dtype_is_floating(x->dtype) && is_whole(min) && is_whole(max)) {
        WICK_SCOPE;
        wick_tensor *y = min.kind ? wick_clamp_min(x, whole_bound(min)) : x;
        return wick_out(max.kind ? wick_clamp_max(y, whole_bound(max)) : y);
    }
    return apply(
        function, WK_CLAMP, &clamp_op, true, x,
        (double[]){min.kind ? wk_number_real(min) : (double)NAN, max.kind ? wk_number_real(max) : (double)NAN});
}
