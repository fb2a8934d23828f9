/* pointwise.h - operations on each element by itself, or on elements that meet; a part of ops.h. */
#ifndef WICK_AUTOGRAD_OPS_POINTWISE_H
#define WICK_AUTOGRAD_OPS_POINTWISE_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <float.h>
#include <math.h>

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Pointwise, two operands ------------------------------------------------------------------------------------------ */

/* Each operand may be a tensor or a number: wick_add(a, b), wick_mul(3, z), wick_sub(1.0, y). */
WICK_API wick_tensor *wick_add(wick_tensor *a, wick_tensor *b);       /* a + b */
WICK_API wick_tensor *wick_sub(wick_tensor *a, wick_tensor *b);       /* a - b; not for bool */
WICK_API wick_tensor *wick_mul(wick_tensor *a, wick_tensor *b);       /* a b */
WICK_API wick_tensor *wick_div(wick_tensor *a, wick_tensor *b);       /* a / b; integers divide to the default dtype */
WICK_API wick_tensor *wick_pow(wick_tensor *a, wick_tensor *b);       /* a^b */
WICK_API wick_tensor *wick_fmod(wick_tensor *a, wick_tensor *b);      /* a - b trunc(a / b), C's a % b; not for bool */
WICK_API wick_tensor *wick_remainder(wick_tensor *a, wick_tensor *b); /* a - b floor(a / b), Python's; not for bool */
WICK_API wick_tensor *wick_atan2(wick_tensor *a, wick_tensor *b);    /* the angle of the point (b, a), from -pi to pi */
WICK_API wick_tensor *wick_hypot(wick_tensor *a, wick_tensor *b);    /* sqrt(a^2 + b^2); not for integers */
WICK_API wick_tensor *wick_copysign(wick_tensor *a, wick_tensor *b); /* |a| with the sign of b, -0 included */
WICK_API wick_tensor *wick_xlogy(wick_tensor *a, wick_tensor *b);    /* a log b, and 0 where a = 0, unless b is NaN */
WICK_API wick_tensor *wick_logaddexp(wick_tensor *a, wick_tensor *b);  /* log(e^a + e^b); not for integers */
WICK_API wick_tensor *wick_logaddexp2(wick_tensor *a, wick_tensor *b); /* log2(2^a + 2^b); not for integers */
WICK_API wick_tensor *wick_fmax(wick_tensor *a, wick_tensor *b);       /* the larger; of a number and NaN the number */
WICK_API wick_tensor *wick_fmin(wick_tensor *a, wick_tensor *b);       /* the smaller; the same */
WICK_API wick_tensor *wick_maximum(wick_tensor *a, wick_tensor *b); /* the larger; NaN if either is; torch.max(a, b) */
WICK_API wick_tensor *wick_minimum(wick_tensor *a, wick_tensor *b); /* the smaller; NaN if either is */

/* Integers modulo 0, or divided by 0 with a rounding mode, are an error: PyTorch's ZeroDivisionError.
 *
 * wick_div(a, b, .rounding_mode = "trunc") is trunc(a / b), "floor" is floor(a / b), Python's a // b; both keep integers
 * integers, are not for bool, and have derivative 0. */
typedef struct wick_div_options {
    size_t size_;
    char start_;
    const char *rounding_mode; /* "trunc", "floor" or, the default, NULL for none */
} wick_div_options;
#define WICK_DIV_DEFAULTS 0, NULL
WICK_API wick_tensor *wick_div_opt(wick_tensor *a, wick_tensor *b, const wick_div_options *options);

/* max(x, min) and min(x, max), NaN if either is: torch.clamp_min and torch.clamp_max. Where x meets a bound that is a tensor,
 * each has half of the derivative; where it is a number, x has none. */
WICK_API wick_tensor *wick_clamp_min(wick_tensor *x, wick_tensor *min);
WICK_API wick_tensor *wick_clamp_max(wick_tensor *x, wick_tensor *max);

/* Comparisons, to bool. Not differentiable. */
WICK_API wick_tensor *wick_eq(wick_tensor *a, wick_tensor *b); /* a == b */
WICK_API wick_tensor *wick_ne(wick_tensor *a, wick_tensor *b); /* a != b */
WICK_API wick_tensor *wick_lt(wick_tensor *a, wick_tensor *b); /* a <  b */
WICK_API wick_tensor *wick_le(wick_tensor *a, wick_tensor *b); /* a <= b */
WICK_API wick_tensor *wick_gt(wick_tensor *a, wick_tensor *b); /* a >  b */
WICK_API wick_tensor *wick_ge(wick_tensor *a, wick_tensor *b); /* a >= b */

/* Whether elements are not 0, to bool, of any dtype; NaN is not 0. Not differentiable. */
WICK_API wick_tensor *wick_logical_and(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_logical_or(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_logical_xor(wick_tensor *a, wick_tensor *b); /* one of them, not both */

/* |a - b| <= atol + rtol |b|, or a == b, to bool, for tensors of one dtype: torch.isclose. Not differentiable. */
typedef struct wick_isclose_options {
    size_t size_;
    char start_;
    double rtol, atol; /* default 1e-5 and 1e-8; not negative */
    bool equal_nan;    /* default false: NaN is close to nothing */
} wick_isclose_options;
#define WICK_ISCLOSE_DEFAULTS 0, 1e-5, 1e-8, false
WICK_API wick_tensor *wick_isclose(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_isclose_opt(wick_tensor *a, wick_tensor *b, const wick_isclose_options *options);
#define wick_isclose(a, b, ...) \
    wick_isclose_opt(a, b, WICK_OPTIONS(wick_isclose_options, WICK_ISCLOSE_DEFAULTS, __VA_ARGS__))

/* a where condition (bool, or uint8) is true, else b; all three broadcast: torch.where. */
WICK_API wick_tensor *wick_where(wick_tensor *condition, wick_tensor *a, wick_tensor *b);

/* In place: a is overwritten and returned. The result must have a's shape and a dtype that a can hold. A leaf that
 * requires grad refuses while grad mode is on. */
WICK_API wick_tensor *wick_add_(wick_tensor *a, wick_tensor *b); /* a += b */
WICK_API wick_tensor *wick_sub_(wick_tensor *a, wick_tensor *b); /* a -= b */
WICK_API wick_tensor *wick_mul_(wick_tensor *a, wick_tensor *b); /* a *= b */
WICK_API wick_tensor *wick_div_(wick_tensor *a, wick_tensor *b); /* a /= b */
WICK_API wick_tensor *wick_div__opt(wick_tensor *a, wick_tensor *b, const wick_div_options *options);
WICK_API wick_tensor *wick_pow_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_fmod_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_remainder_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_atan2_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_hypot_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_copysign_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_xlogy_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_clamp_min_(wick_tensor *x, wick_tensor *min);
WICK_API wick_tensor *wick_clamp_max_(wick_tensor *x, wick_tensor *max);
/* These leave 0 or 1 in a's dtype, and the history that a had is no longer its own. */
WICK_API wick_tensor *wick_logical_and_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_logical_or_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_logical_xor_(wick_tensor *a, wick_tensor *b);

#ifndef __cplusplus
#define wick_add(a, b) wick_add(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_sub(a, b) wick_sub(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_mul(a, b) wick_mul(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_div(a, b, ...) \
    wick_div_opt(WICK_OPERAND(a), WICK_OPERAND(b), WICK_OPTIONS(wick_div_options, WICK_DIV_DEFAULTS, __VA_ARGS__))
#define wick_div_(a, b, ...) \
    wick_div__opt(a, WICK_OPERAND(b), WICK_OPTIONS(wick_div_options, WICK_DIV_DEFAULTS, __VA_ARGS__))
#define wick_pow(a, b) wick_pow(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_fmod(a, b) wick_fmod(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_remainder(a, b) wick_remainder(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_atan2(a, b) wick_atan2(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_hypot(a, b) wick_hypot(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_copysign(a, b) wick_copysign(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_xlogy(a, b) wick_xlogy(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_logaddexp(a, b) wick_logaddexp(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_logaddexp2(a, b) wick_logaddexp2(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_fmax(a, b) wick_fmax(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_fmin(a, b) wick_fmin(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_logical_and(a, b) wick_logical_and(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_logical_or(a, b) wick_logical_or(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_logical_xor(a, b) wick_logical_xor(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_clamp_min(x, min) wick_clamp_min(x, WICK_OPERAND(min))
#define wick_clamp_max(x, max) wick_clamp_max(x, WICK_OPERAND(max))
#define wick_maximum(a, b) wick_maximum(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_minimum(a, b) wick_minimum(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_eq(a, b) wick_eq(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_ne(a, b) wick_ne(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_lt(a, b) wick_lt(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_le(a, b) wick_le(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_gt(a, b) wick_gt(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_ge(a, b) wick_ge(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_where(condition, a, b) wick_where(condition, WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_add_(a, b) wick_add_(a, WICK_OPERAND(b))
#define wick_sub_(a, b) wick_sub_(a, WICK_OPERAND(b))
#define wick_mul_(a, b) wick_mul_(a, WICK_OPERAND(b))
#define wick_pow_(a, b) wick_pow_(a, WICK_OPERAND(b))
#define wick_fmod_(a, b) wick_fmod_(a, WICK_OPERAND(b))
#define wick_remainder_(a, b) wick_remainder_(a, WICK_OPERAND(b))
#define wick_atan2_(a, b) wick_atan2_(a, WICK_OPERAND(b))
#define wick_hypot_(a, b) wick_hypot_(a, WICK_OPERAND(b))
#define wick_copysign_(a, b) wick_copysign_(a, WICK_OPERAND(b))
#define wick_xlogy_(a, b) wick_xlogy_(a, WICK_OPERAND(b))
#define wick_clamp_min_(a, b) wick_clamp_min_(a, WICK_OPERAND(b))
#define wick_clamp_max_(a, b) wick_clamp_max_(a, WICK_OPERAND(b))
#define wick_logical_and_(a, b) wick_logical_and_(a, WICK_OPERAND(b))
#define wick_logical_or_(a, b) wick_logical_or_(a, WICK_OPERAND(b))
#define wick_logical_xor_(a, b) wick_logical_xor_(a, WICK_OPERAND(b))
#endif

/* ---- Pointwise, three operands ------------------------------------------------------------------------------------------ */

/* x + weight (end - x): torch.lerp. The weight is a number or a tensor; x, end and a weight with dimensions have one
 * floating dtype. It is computed from the nearer end, so that weight 1 gives the end itself. */
WICK_API wick_tensor *wick_lerp(wick_tensor *x, wick_tensor *end, wick_tensor *weight);
WICK_API wick_tensor *wick_lerp_(wick_tensor *x, wick_tensor *end, wick_tensor *weight);

/* x with value where mask (bool) is true; mask and x broadcast, in place mask to x. value is a number or a tensor of no
 * dimensions, which x's dtype must be able to hold. */
WICK_API wick_tensor *wick_masked_fill(wick_tensor *x, wick_tensor *mask, wick_tensor *value);
WICK_API wick_tensor *wick_masked_fill_(wick_tensor *x, wick_tensor *mask, wick_tensor *value);
#ifndef __cplusplus
#define wick_lerp(x, end, weight) wick_lerp(x, end, WICK_OPERAND(weight))
#define wick_lerp_(x, end, weight) wick_lerp_(x, end, WICK_OPERAND(weight))
#define wick_masked_fill(x, mask, value) wick_masked_fill(x, mask, WICK_OPERAND(value))
#define wick_masked_fill_(x, mask, value) wick_masked_fill_(x, mask, WICK_OPERAND(value))
#endif

/* min(max(x, min), max), NaN if one is, with tensors for bounds: torch.clamp(x, min, max). One bound alone: wick_clamp_min,
 * wick_clamp_max. Where x meets one of two bounds, each has half of the derivative. */
WICK_API wick_tensor *wick_clamp_tensor(wick_tensor *x, wick_tensor *min, wick_tensor *max);
WICK_API wick_tensor *wick_clamp_tensor_(wick_tensor *x, wick_tensor *min, wick_tensor *max);

/* x + value a b (not for bool), and x + value a / b (a or b of a floating dtype). Where the result is of an integer dtype,
 * value loses its fraction; from 2^53 on it is an error for int64: multiply a by it first. */
typedef struct wick_addc_options {
    size_t size_;
    char start_;
    double value; /* default 1 */
} wick_addc_options;
#define WICK_ADDC_DEFAULTS 0, 1
#define WICK_ADDC_OPTIONS_(...) WICK_OPTIONS(wick_addc_options, WICK_ADDC_DEFAULTS, __VA_ARGS__)
WICK_API wick_tensor *wick_addcmul_opt(wick_tensor *x, wick_tensor *a, wick_tensor *b,
                                       const wick_addc_options *options);
WICK_API wick_tensor *wick_addcdiv_opt(wick_tensor *x, wick_tensor *a, wick_tensor *b,
                                       const wick_addc_options *options);
WICK_API wick_tensor *wick_addcmul__opt(wick_tensor *x, wick_tensor *a, wick_tensor *b,
                                        const wick_addc_options *options);
WICK_API wick_tensor *wick_addcdiv__opt(wick_tensor *x, wick_tensor *a, wick_tensor *b,
                                        const wick_addc_options *options);
#define wick_addcmul(x, a, b, ...) wick_addcmul_opt(x, a, b, WICK_ADDC_OPTIONS_(__VA_ARGS__))
#define wick_addcdiv(x, a, b, ...) wick_addcdiv_opt(x, a, b, WICK_ADDC_OPTIONS_(__VA_ARGS__))
#define wick_addcmul_(x, a, b, ...) wick_addcmul__opt(x, a, b, WICK_ADDC_OPTIONS_(__VA_ARGS__))
#define wick_addcdiv_(x, a, b, ...) wick_addcdiv__opt(x, a, b, WICK_ADDC_OPTIONS_(__VA_ARGS__))

/* ---- Pointwise, one operand --------------------------------------------------------------------------------------------- */

WICK_API wick_tensor *wick_neg(wick_tensor *x);  /* -x; not for bool */
WICK_API wick_tensor *wick_abs(wick_tensor *x);  /* |x|; derivative 0 at 0 */
WICK_API wick_tensor *wick_sign(wick_tensor *x); /* -1, 0 or 1 */

/* Functions of one number; integers become the default dtype. */
WICK_API wick_tensor *wick_exp(wick_tensor *x);        /* e^x */
WICK_API wick_tensor *wick_exp2(wick_tensor *x);       /* 2^x */
WICK_API wick_tensor *wick_expm1(wick_tensor *x);      /* e^x - 1, precise for x near 0 */
WICK_API wick_tensor *wick_log(wick_tensor *x);        /* natural logarithm */
WICK_API wick_tensor *wick_log1p(wick_tensor *x);      /* log(1 + x), precise for x near 0 */
WICK_API wick_tensor *wick_log2(wick_tensor *x);       /* logarithm to base 2 */
WICK_API wick_tensor *wick_log10(wick_tensor *x);      /* logarithm to base 10 */
WICK_API wick_tensor *wick_sqrt(wick_tensor *x);       /* square root */
WICK_API wick_tensor *wick_rsqrt(wick_tensor *x);      /* 1 / sqrt(x) */
WICK_API wick_tensor *wick_reciprocal(wick_tensor *x); /* 1 / x */
WICK_API wick_tensor *wick_tanh(wick_tensor *x);       /* (e^x - e^-x) / (e^x + e^-x) */
WICK_API wick_tensor *wick_sinh(wick_tensor *x);       /* (e^x - e^-x) / 2 */
WICK_API wick_tensor *wick_cosh(wick_tensor *x);       /* (e^x + e^-x) / 2 */
WICK_API wick_tensor *wick_asinh(wick_tensor *x);      /* the number whose sinh is x */
WICK_API wick_tensor *wick_acosh(wick_tensor *x);      /* the number >= 0 whose cosh is x; NaN for x < 1 */
WICK_API wick_tensor *wick_atanh(wick_tensor *x);      /* the number whose tanh is x; NaN for |x| > 1 */
WICK_API wick_tensor *wick_sin(wick_tensor *x);        /* sine of x radians */
WICK_API wick_tensor *wick_cos(wick_tensor *x);        /* cosine */
WICK_API wick_tensor *wick_tan(wick_tensor *x);        /* tangent */
WICK_API wick_tensor *wick_asin(wick_tensor *x); /* the angle from -pi/2 to pi/2 whose sine is x; NaN for |x| > 1 */
WICK_API wick_tensor *wick_acos(wick_tensor *x); /* the angle from 0 to pi whose cosine is x; NaN for |x| > 1 */
WICK_API wick_tensor *wick_atan(wick_tensor *x); /* the angle from -pi/2 to pi/2 whose tangent is x */
WICK_API wick_tensor *wick_erf(wick_tensor *x);  /* 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x */
WICK_API wick_tensor *wick_erfc(wick_tensor *x); /* 1 - erf(x), precise for large x */

/* The same in place: x becomes the function's value, and is returned. Integers have no room for it, and are an error. */
WICK_API wick_tensor *wick_exp_(wick_tensor *x);
WICK_API wick_tensor *wick_exp2_(wick_tensor *x);
WICK_API wick_tensor *wick_expm1_(wick_tensor *x);
WICK_API wick_tensor *wick_log_(wick_tensor *x);
WICK_API wick_tensor *wick_log1p_(wick_tensor *x);
WICK_API wick_tensor *wick_log2_(wick_tensor *x);
WICK_API wick_tensor *wick_log10_(wick_tensor *x);
WICK_API wick_tensor *wick_sqrt_(wick_tensor *x);
WICK_API wick_tensor *wick_rsqrt_(wick_tensor *x);
WICK_API wick_tensor *wick_reciprocal_(wick_tensor *x);
WICK_API wick_tensor *wick_tanh_(wick_tensor *x);
WICK_API wick_tensor *wick_sinh_(wick_tensor *x);
WICK_API wick_tensor *wick_cosh_(wick_tensor *x);
WICK_API wick_tensor *wick_asinh_(wick_tensor *x);
WICK_API wick_tensor *wick_acosh_(wick_tensor *x);
WICK_API wick_tensor *wick_atanh_(wick_tensor *x);
WICK_API wick_tensor *wick_sin_(wick_tensor *x);
WICK_API wick_tensor *wick_cos_(wick_tensor *x);
WICK_API wick_tensor *wick_tan_(wick_tensor *x);
WICK_API wick_tensor *wick_asin_(wick_tensor *x);
WICK_API wick_tensor *wick_acos_(wick_tensor *x);
WICK_API wick_tensor *wick_atan_(wick_tensor *x);
WICK_API wick_tensor *wick_erf_(wick_tensor *x);
WICK_API wick_tensor *wick_erfc_(wick_tensor *x);

WICK_API wick_tensor *wick_square(wick_tensor *x); /* x^2; bool becomes int64 */

/* Whole numbers, in x's dtype; integers stay as they are; not for bool. Derivative 0. */
WICK_API wick_tensor *wick_floor(wick_tensor *x); /* the largest <= x */
WICK_API wick_tensor *wick_ceil(wick_tensor *x);  /* the smallest >= x */
WICK_API wick_tensor *wick_round(wick_tensor *x); /* the nearest; of two, the even one */
WICK_API wick_tensor *wick_trunc(wick_tensor *x); /* x without its fraction */
WICK_API wick_tensor *wick_frac(wick_tensor *x);  /* the fraction: x - trunc(x); floating point only; derivative 1 */

/* Tests, to bool. Not differentiable. */
WICK_API wick_tensor *wick_isnan(wick_tensor *x);       /* x is NaN */
WICK_API wick_tensor *wick_isinf(wick_tensor *x);       /* x is inf or -inf */
WICK_API wick_tensor *wick_isfinite(wick_tensor *x);    /* x is neither */
WICK_API wick_tensor *wick_logical_not(wick_tensor *x); /* x is 0 */

/* min(max(x, min), max): torch.clamp. NaN for a bound means none; the derivative is 1 where min < x < max, else 0. A double does
 * not hold every whole number from 2^53 on: for int64 such a bound is an error, and goes to .min_int or .max_int instead. */
typedef struct wick_clamp_options {
    size_t size_;
    char start_;
    double min;               /* default: none */
    double max;               /* default: none */
    int64_t min_int, max_int; /* the same as int64; default: none */
} wick_clamp_options;
#define WICK_CLAMP_DEFAULTS 0, (double)NAN, (double)NAN, WICK_UNSET, WICK_UNSET
WICK_API wick_tensor *wick_clamp(wick_tensor *x);
WICK_API wick_tensor *wick_clamp_opt(wick_tensor *x, const wick_clamp_options *options);
#define wick_clamp(x, ...) wick_clamp_opt(x, WICK_OPTIONS(wick_clamp_options, WICK_CLAMP_DEFAULTS, __VA_ARGS__))

WICK_API wick_tensor *wick_clamp_(wick_tensor *x);
WICK_API wick_tensor *wick_clamp__opt(wick_tensor *x, const wick_clamp_options *options);
#define wick_clamp_(x, ...) wick_clamp__opt(x, WICK_OPTIONS(wick_clamp_options, WICK_CLAMP_DEFAULTS, __VA_ARGS__))

/* x with numbers for what is none: torch.nan_to_num. Integers and bool stay as they are; the derivative is 0 where a number
 * stands in. */
typedef struct wick_nan_to_num_options {
    size_t size_;
    char start_;
    double nan; /* for NaN; default 0 */
    double posinf,
        neginf; /* for inf and -inf; default: the largest and the lowest number of x's dtype, for which DBL_MAX
                              and -DBL_MAX stand */
} wick_nan_to_num_options;
#define WICK_NAN_TO_NUM_DEFAULTS 0, 0, DBL_MAX, -DBL_MAX
WICK_API wick_tensor *wick_nan_to_num(wick_tensor *x);
WICK_API wick_tensor *wick_nan_to_num_opt(wick_tensor *x, const wick_nan_to_num_options *options);
WICK_API wick_tensor *wick_nan_to_num_(wick_tensor *x);
WICK_API wick_tensor *wick_nan_to_num__opt(wick_tensor *x, const wick_nan_to_num_options *options);
#define wick_nan_to_num(x, ...) \
    wick_nan_to_num_opt(x, WICK_OPTIONS(wick_nan_to_num_options, WICK_NAN_TO_NUM_DEFAULTS, __VA_ARGS__))
#define wick_nan_to_num_(x, ...) \
    wick_nan_to_num__opt(x, WICK_OPTIONS(wick_nan_to_num_options, WICK_NAN_TO_NUM_DEFAULTS, __VA_ARGS__))

/* In place: x becomes the value of the operation of that name, and is returned. Where the result is of the default dtype,
 * integers have no room for it, and are an error. */
WICK_API wick_tensor *wick_neg_(wick_tensor *x);
WICK_API wick_tensor *wick_abs_(wick_tensor *x);
WICK_API wick_tensor *wick_sign_(wick_tensor *x);
WICK_API wick_tensor *wick_square_(wick_tensor *x);
WICK_API wick_tensor *wick_floor_(wick_tensor *x);
WICK_API wick_tensor *wick_ceil_(wick_tensor *x);
WICK_API wick_tensor *wick_round_(wick_tensor *x);
WICK_API wick_tensor *wick_trunc_(wick_tensor *x);
WICK_API wick_tensor *wick_frac_(wick_tensor *x);
WICK_API wick_tensor *wick_logical_not_(wick_tensor *x);

/* ---- Filling ---------------------------------------- */

/* In place: every element becomes value, a number (number.h) that x's dtype can hold, or 0, or the (broadcast, converted) element of source. */
WICK_API wick_tensor *wick_fill_(wick_tensor *x, wick_number value);
WICK_API wick_tensor *wick_zero_(wick_tensor *x);
WICK_API wick_tensor *wick_copy_(wick_tensor *x, wick_tensor *source);
#ifndef __cplusplus
#define wick_fill_(x, value) wick_fill_(x, WICK_NUMBER(value))
#endif

WICK_END_DECLS

#endif
