/* in_place.c - pointwise operations that write over their operand, from those that make a new tensor. */
#include "../../tensor/kernels.h"
#include "../node.h"

/* x = f(x). Where nothing is recorded and x has a floating dtype, the loop writes over x in one pass. */
static wick_tensor *apply(const char *function, wick_tensor *(*f)(wick_tensor *), wk_loop_id loop, wick_tensor *x)
{
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    bool recorded;
    if (!wk_check_writable(function, x, false) || !wk_recording(x, NULL, &recorded))
        return NULL;
    if (recorded || !wick_dtype_is_floating(x->dtype)) {
        WK_IN_PLACE(function, x, f(before));
    }

    if (!wk_map(function, loop, x, 1, (const wick_tensor *const[]){x}, NULL))
        return NULL;
    wk_bump_version(x, function);
    return x;
}

wick_tensor *wick_exp_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_exp, WK_EXP, x);
}

wick_tensor *wick_exp2_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_exp2, WK_EXP2, x);
}

wick_tensor *wick_expm1_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_expm1, WK_EXPM1, x);
}

wick_tensor *wick_log_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_log, WK_LOG, x);
}

wick_tensor *wick_log1p_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_log1p, WK_LOG1P, x);
}

wick_tensor *wick_log2_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_log2, WK_LOG2, x);
}

wick_tensor *wick_log10_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_log10, WK_LOG10, x);
}

wick_tensor *wick_sqrt_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_sqrt, WK_SQRT, x);
}

wick_tensor *wick_rsqrt_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_rsqrt, WK_RSQRT, x);
}

wick_tensor *wick_reciprocal_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_reciprocal, WK_RECIPROCAL, x);
}

wick_tensor *wick_tanh_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_tanh, WK_TANH, x);
}

wick_tensor *wick_sinh_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_sinh, WK_SINH, x);
}

wick_tensor *wick_cosh_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_cosh, WK_COSH, x);
}

wick_tensor *wick_asinh_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_asinh, WK_ASINH, x);
}

wick_tensor *wick_acosh_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_acosh, WK_ACOSH, x);
}

wick_tensor *wick_atanh_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_atanh, WK_ATANH, x);
}

wick_tensor *wick_sin_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_sin, WK_SIN, x);
}

wick_tensor *wick_cos_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_cos, WK_COS, x);
}

wick_tensor *wick_tan_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_tan, WK_TAN, x);
}

wick_tensor *wick_asin_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_asin, WK_ASIN, x);
}

wick_tensor *wick_acos_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_acos, WK_ACOS, x);
}

wick_tensor *wick_atan_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_atan, WK_ATAN, x);
}

wick_tensor *wick_erf_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_erf, WK_ERF, x);
}

wick_tensor *wick_erfc_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_erfc, WK_ERFC, x);
}

wick_tensor *wick_neg_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_neg, WK_NEG, x);
}

wick_tensor *wick_abs_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_abs, WK_ABS, x);
}

wick_tensor *wick_sign_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_sign, WK_SIGN, x);
}

wick_tensor *wick_floor_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_floor, WK_FLOOR, x);
}

wick_tensor *wick_ceil_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_ceil, WK_CEIL, x);
}

wick_tensor *wick_round_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_round, WK_ROUND, x);
}

wick_tensor *wick_trunc_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_trunc, WK_TRUNC, x);
}

wick_tensor *wick_frac_(wick_tensor *x)
{
    WK_ENTER;
    return apply(__func__, wick_frac, WK_FRAC, x);
}

wick_tensor *wick_square_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_square_", x, wick_square(before));
}

wick_tensor *wick_logical_not_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_logical_not_", x, wick_logical_not(before));
}

wick_tensor *wick_clamp_opt_(wick_tensor *x, const wick_clamp_options *given)
{
    WK_ENTER;
    wick_clamp_options o = WK_OPTIONS(wick_clamp_options, WICK_CLAMP_DEFAULTS, given);
    WK_IN_PLACE("wick_clamp_", x, wick_clamp_opt(before, &o));
}

wick_tensor *wick_nan_to_num_opt_(wick_tensor *x, const wick_nan_to_num_options *given)
{
    WK_ENTER;
    wick_nan_to_num_options o = WK_OPTIONS(wick_nan_to_num_options, WICK_NAN_TO_NUM_DEFAULTS, given);
    WK_IN_PLACE("wick_nan_to_num_", x, wick_nan_to_num_opt(before, &o));
}

#undef wick_logical_and_
wick_tensor *wick_logical_and_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    WK_IN_PLACE("wick_logical_and_", a, wick_logical_and(before, b));
}

#undef wick_logical_or_
wick_tensor *wick_logical_or_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    WK_IN_PLACE("wick_logical_or_", a, wick_logical_or(before, b));
}

#undef wick_logical_xor_
wick_tensor *wick_logical_xor_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    WK_IN_PLACE("wick_logical_xor_", a, wick_logical_xor(before, b));
}
