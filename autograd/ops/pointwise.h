/* pointwise.h - operations on each element, or on pairs of elements at the same position; a part of ops.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <float.h>
#include <math.h>

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Pointwise, two operands ------------------------------------------------------------------------------------------ */

/* Each operand may be a tensor or a number: wick_add(a, b), wick_mul(3, z), wick_sub(1.0, y). */
WICK_API wick_tensor *wick_add(wick_tensor *a, wick_tensor *b); /* a + b */
#define wick_add(a, b) wick_add(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_sub(wick_tensor *a, wick_tensor *b); /* a - b; not for bool */
#define wick_sub(a, b) wick_sub(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_mul(wick_tensor *a, wick_tensor *b); /* a b */
#define wick_mul(a, b) wick_mul(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_div(wick_tensor *a, wick_tensor *b); /* a / b; integers divide to the default dtype */
WICK_API wick_tensor *wick_pow(wick_tensor *a, wick_tensor *b); /* a^b */
#define wick_pow(a, b) wick_pow(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_fmod(wick_tensor *a, wick_tensor *b); /* a - b trunc(a / b), C's a % b; not for bool */
#define wick_fmod(a, b) wick_fmod(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_remainder(wick_tensor *a, wick_tensor *b); /* a - b floor(a / b), Python's; not for bool */
#define wick_remainder(a, b) wick_remainder(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_atan2(wick_tensor *a, wick_tensor *b);    /* the angle of the point (b, a), from -pi to pi */
WICK_API wick_tensor *wick_hypot(wick_tensor *a, wick_tensor *b);    /* sqrt(a^2 + b^2); not for integers */
WICK_API wick_tensor *wick_copysign(wick_tensor *a, wick_tensor *b); /* |a| with the sign of b, -0 included */
#define wick_copysign(a, b) wick_copysign(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_xlogy(wick_tensor *a, wick_tensor *b); /* a log b, and 0 where a = 0, unless b is NaN */
#define wick_xlogy(a, b) wick_xlogy(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_logaddexp(wick_tensor *a, wick_tensor *b);  /* log(e^a + e^b); not for integers */
WICK_API wick_tensor *wick_logaddexp2(wick_tensor *a, wick_tensor *b); /* log2(2^a + 2^b); not for integers */
WICK_API wick_tensor *wick_fmax(wick_tensor *a, wick_tensor *b);       /* the larger; if one is NaN, the other */
WICK_API wick_tensor *wick_fmin(wick_tensor *a, wick_tensor *b);       /* the smaller; if one is NaN, the other */
WICK_API wick_tensor *wick_maximum(wick_tensor *a, wick_tensor *b); /* the larger; NaN if either is; torch.max(a, b) */
#define wick_maximum(a, b) wick_maximum(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_minimum(wick_tensor *a, wick_tensor *b); /* the smaller; NaN if either is */
#define wick_minimum(a, b) wick_minimum(WICK_OPERAND(a), WICK_OPERAND(b))

/* wick_div(a, b, .rounding_mode = "trunc") is trunc(a / b), and "floor" is floor(a / b), Python's a // b. With both, integers
 * stay integers and the derivative is 0; they are not for bool.
 *
 * For integers, a division by 0 with a rounding mode is an error, as are fmod and remainder by 0: PyTorch's
 * ZeroDivisionError. */
typedef struct wick_div_options {
    size_t size_;
    char start_;
    const char *rounding_mode; /* "trunc", "floor" or NULL for none, the default */
} wick_div_options;
WICK_API wick_tensor *wick_div_opt(wick_tensor *a, wick_tensor *b, const wick_div_options *options);
#define wick_div(a, b, ...) \
    wick_div_opt(WICK_OPERAND(a), WICK_OPERAND(b), WICK_OPTIONS(wick_div_options, 0, __VA_ARGS__))

/* max(x, min), NaN if either is NaN: torch.clamp_min. Where x equals a bound that is a tensor, each has half of the
 * derivative; where it equals a number, its derivative is 0. */
WICK_API wick_tensor *wick_clamp_min(wick_tensor *x, wick_tensor *min);
#define wick_clamp_min(x, min) wick_clamp_min(x, WICK_OPERAND(min))

/* min(x, max), in the same way: torch.clamp_max. */
WICK_API wick_tensor *wick_clamp_max(wick_tensor *x, wick_tensor *max);
#define wick_clamp_max(x, max) wick_clamp_max(x, WICK_OPERAND(max))

/* Comparisons, whose result is bool. Not differentiable. */
WICK_API wick_tensor *wick_eq(wick_tensor *a, wick_tensor *b); /* a == b */
#define wick_eq(a, b) wick_eq(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_ne(wick_tensor *a, wick_tensor *b); /* a != b */
#define wick_ne(a, b) wick_ne(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_lt(wick_tensor *a, wick_tensor *b); /* a <  b */
#define wick_lt(a, b) wick_lt(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_le(wick_tensor *a, wick_tensor *b); /* a <= b */
#define wick_le(a, b) wick_le(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_gt(wick_tensor *a, wick_tensor *b); /* a >  b */
#define wick_gt(a, b) wick_gt(WICK_OPERAND(a), WICK_OPERAND(b))
WICK_API wick_tensor *wick_ge(wick_tensor *a, wick_tensor *b); /* a >= b */
#define wick_ge(a, b) wick_ge(WICK_OPERAND(a), WICK_OPERAND(b))

/* Logic on elements of any dtype, of which those other than 0 are true, NaN included; the result is bool. Not differentiable. */
WICK_API wick_tensor *wick_logical_and(wick_tensor *a, wick_tensor *b); /* whether both are true */
WICK_API wick_tensor *wick_logical_or(wick_tensor *a, wick_tensor *b);  /* whether a or b is true, or both */
WICK_API wick_tensor *wick_logical_xor(wick_tensor *a, wick_tensor *b); /* whether exactly one is true */

/* Whether |a - b| <= atol + rtol |b| or a == b, as bool, for tensors of one dtype: torch.isclose. Not differentiable. */
typedef struct wick_isclose_options {
    size_t size_;
    char start_;
    double rtol, atol; /* default 1e-5 and 1e-8; not negative */
    bool equal_nan;    /* default false: NaN is close to nothing */
} wick_isclose_options;
#define WICK_ISCLOSE_DEFAULTS 1e-5, 1e-8, false
WICK_API wick_tensor *wick_isclose(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_isclose_opt(wick_tensor *a, wick_tensor *b, const wick_isclose_options *options);
#define wick_isclose(a, b, ...) \
    wick_isclose_opt(a, b, WICK_OPTIONS(wick_isclose_options, WICK_ISCLOSE_DEFAULTS, __VA_ARGS__))

/* a where condition (bool or uint8) is true, else b; all three broadcast: torch.where. */
WICK_API wick_tensor *wick_where(wick_tensor *condition, wick_tensor *a, wick_tensor *b);
#define wick_where(condition, a, b) wick_where(condition, WICK_OPERAND(a), WICK_OPERAND(b))

/* Overwrites a with the result, and returns it. The result must have a's shape and a dtype that a can hold. A leaf that
 * requires grad is an error while grad mode is on. */
WICK_API wick_tensor *wick_add_(wick_tensor *a, wick_tensor *b); /* a += b */
#define wick_add_(a, b) wick_add_(a, WICK_OPERAND(b))
WICK_API wick_tensor *wick_sub_(wick_tensor *a, wick_tensor *b); /* a -= b */
#define wick_sub_(a, b) wick_sub_(a, WICK_OPERAND(b))
WICK_API wick_tensor *wick_mul_(wick_tensor *a, wick_tensor *b); /* a *= b */
#define wick_mul_(a, b) wick_mul_(a, WICK_OPERAND(b))
WICK_API wick_tensor *wick_div_(wick_tensor *a, wick_tensor *b); /* a /= b */
WICK_API wick_tensor *wick_div_opt_(wick_tensor *a, wick_tensor *b, const wick_div_options *options);
#define wick_div_(a, b, ...) wick_div_opt_(a, WICK_OPERAND(b), WICK_OPTIONS(wick_div_options, 0, __VA_ARGS__))
WICK_API wick_tensor *wick_pow_(wick_tensor *a, wick_tensor *b);
#define wick_pow_(a, b) wick_pow_(a, WICK_OPERAND(b))
WICK_API wick_tensor *wick_fmod_(wick_tensor *a, wick_tensor *b);
#define wick_fmod_(a, b) wick_fmod_(a, WICK_OPERAND(b))
WICK_API wick_tensor *wick_remainder_(wick_tensor *a, wick_tensor *b);
#define wick_remainder_(a, b) wick_remainder_(a, WICK_OPERAND(b))
WICK_API wick_tensor *wick_atan2_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_hypot_(wick_tensor *a, wick_tensor *b);
WICK_API wick_tensor *wick_copysign_(wick_tensor *a, wick_tensor *b);
#define wick_copysign_(a, b) wick_copysign_(a, WICK_OPERAND(b))
WICK_API wick_tensor *wick_xlogy_(wick_tensor *a, wick_tensor *b);
#define wick_xlogy_(a, b) wick_xlogy_(a, WICK_OPERAND(b))
WICK_API wick_tensor *wick_clamp_min_(wick_tensor *x, wick_tensor *min);
#define wick_clamp_min_(a, b) wick_clamp_min_(a, WICK_OPERAND(b))
WICK_API wick_tensor *wick_clamp_max_(wick_tensor *x, wick_tensor *max);
#define wick_clamp_max_(a, b) wick_clamp_max_(a, WICK_OPERAND(b))
/* Logic in place: the results are 0 and 1 in a's dtype, and a loses its history. */
WICK_API wick_tensor *wick_logical_and_(wick_tensor *a, wick_tensor *b); /* a = a and b */
WICK_API wick_tensor *wick_logical_or_(wick_tensor *a, wick_tensor *b);  /* a = a or b */
WICK_API wick_tensor *wick_logical_xor_(wick_tensor *a, wick_tensor *b); /* a = a xor b */

/* ---- Pointwise, three operands ------------------------------------------------------------------------------------------ */

/* x + weight (end - x): torch.lerp. The weight is a number or a tensor; x, end and a weight with dimensions must have the same
 * floating-point dtype. It is computed from the nearer end, so that weight 1 gives end itself. */
WICK_API wick_tensor *wick_lerp(wick_tensor *x, wick_tensor *end, wick_tensor *weight);
#define wick_lerp(x, end, weight) wick_lerp(x, end, WICK_OPERAND(weight))
WICK_API wick_tensor *wick_lerp_(wick_tensor *x, wick_tensor *end, wick_tensor *weight);
#define wick_lerp_(x, end, weight) wick_lerp_(x, end, WICK_OPERAND(weight))

/* value where mask (bool) is true, else x: torch.masked_fill. mask and x broadcast; in place, mask broadcasts to x. value is
 * a number or a 0-dimensional tensor that x's dtype can hold. */
WICK_API wick_tensor *wick_masked_fill(wick_tensor *x, wick_tensor *mask, wick_tensor *value);
#define wick_masked_fill(x, mask, value) wick_masked_fill(x, mask, WICK_OPERAND(value))
WICK_API wick_tensor *wick_masked_fill_(wick_tensor *x, wick_tensor *mask, wick_tensor *value);
#define wick_masked_fill_(x, mask, value) wick_masked_fill_(x, mask, WICK_OPERAND(value))

/* min(max(x, min), max) with tensors as bounds, NaN if one is NaN: torch.clamp(x, min, max). For a single bound there are
 * wick_clamp_min and wick_clamp_max. Where x equals one of the bounds, each has half of the derivative. */
WICK_API wick_tensor *wick_clamp_tensor(wick_tensor *x, wick_tensor *min, wick_tensor *max);
WICK_API wick_tensor *wick_clamp_tensor_(wick_tensor *x, wick_tensor *min, wick_tensor *max);

/* addcmul: x + value a b, not for bool. addcdiv: x + value a / b, where a or b is floating point. With _, in place. If the
 * result has an integer dtype, value loses its fraction; for int64 a value of 2^53 or more is an error: multiply a by it
 * first. */
typedef struct wick_addc_options {
    size_t size_;
    char start_;
    double value; /* default 1 */
} wick_addc_options;
WICK_API wick_tensor *wick_addcmul_opt(wick_tensor *x, wick_tensor *a, wick_tensor *b,
                                       const wick_addc_options *options);
#define wick_addcmul(x, a, b, ...) wick_addcmul_opt(x, a, b, WICK_OPTIONS(wick_addc_options, 1, __VA_ARGS__))
WICK_API wick_tensor *wick_addcdiv_opt(wick_tensor *x, wick_tensor *a, wick_tensor *b,
                                       const wick_addc_options *options);
#define wick_addcdiv(x, a, b, ...) wick_addcdiv_opt(x, a, b, WICK_OPTIONS(wick_addc_options, 1, __VA_ARGS__))
WICK_API wick_tensor *wick_addcmul_opt_(wick_tensor *x, wick_tensor *a, wick_tensor *b,
                                        const wick_addc_options *options);
#define wick_addcmul_(x, a, b, ...) wick_addcmul_opt_(x, a, b, WICK_OPTIONS(wick_addc_options, 1, __VA_ARGS__))
WICK_API wick_tensor *wick_addcdiv_opt_(wick_tensor *x, wick_tensor *a, wick_tensor *b,
                                        const wick_addc_options *options);
#define wick_addcdiv_(x, a, b, ...) wick_addcdiv_opt_(x, a, b, WICK_OPTIONS(wick_addc_options, 1, __VA_ARGS__))

/* ---- Pointwise, one operand --------------------------------------------------------------------------------------------- */

/* Results have x's dtype. */
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

/* Overwrites x with the function's value, and returns it. Integers cannot hold the result, and are an error. */
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

/* Rounding to whole numbers in x's dtype; integers do not change; not for bool. The derivative is 0. */
WICK_API wick_tensor *wick_floor(wick_tensor *x); /* the largest <= x */
WICK_API wick_tensor *wick_ceil(wick_tensor *x);  /* the smallest >= x */
WICK_API wick_tensor *wick_round(wick_tensor *x); /* the nearest; the even one of two */
WICK_API wick_tensor *wick_trunc(wick_tensor *x); /* x without its fraction */
WICK_API wick_tensor *wick_frac(wick_tensor *x);  /* the fraction: x - trunc(x); floating point only; derivative 1 */

/* Tests, whose result is bool. Not differentiable. */
WICK_API wick_tensor *wick_isnan(wick_tensor *x);       /* x is NaN */
WICK_API wick_tensor *wick_isinf(wick_tensor *x);       /* x is inf or -inf */
WICK_API wick_tensor *wick_isfinite(wick_tensor *x);    /* x is neither NaN nor infinite */
WICK_API wick_tensor *wick_logical_not(wick_tensor *x); /* x is 0 */

/* min(max(x, min), max): torch.clamp. NaN means that there is no such bound. The derivative is 1 where min < x < max, else 0.
 * A double does not hold every whole number from 2^53 on: for int64 such a bound is an error; give it as .min_int or
 * .max_int. */
typedef struct wick_clamp_options {
    size_t size_;
    char start_;
    double min;               /* default: none */
    double max;               /* default: none */
    int64_t min_int, max_int; /* the bounds as int64; default: none */
} wick_clamp_options;
#define WICK_CLAMP_DEFAULTS (double)NAN, (double)NAN, WICK_UNSET, WICK_UNSET
WICK_API wick_tensor *wick_clamp(wick_tensor *x);
WICK_API wick_tensor *wick_clamp_opt(wick_tensor *x, const wick_clamp_options *options);
#define wick_clamp(x, ...) wick_clamp_opt(x, WICK_OPTIONS(wick_clamp_options, WICK_CLAMP_DEFAULTS, __VA_ARGS__))

/* The same in place: x is overwritten and returned. */
WICK_API wick_tensor *wick_clamp_(wick_tensor *x);
WICK_API wick_tensor *wick_clamp_opt_(wick_tensor *x, const wick_clamp_options *options);
#define wick_clamp_(x, ...) wick_clamp_opt_(x, WICK_OPTIONS(wick_clamp_options, WICK_CLAMP_DEFAULTS, __VA_ARGS__))

/* x with NaN and the infinities replaced by numbers: torch.nan_to_num. Integers and bool do not change. The derivative is 0
 * where an element is replaced. */
typedef struct wick_nan_to_num_options {
    size_t size_;
    char start_;
    double nan;            /* replaces NaN; default 0 */
    double posinf, neginf; /* replace inf and -inf; the defaults, DBL_MAX and -DBL_MAX, mean the largest and the
                              lowest number of x's dtype */
} wick_nan_to_num_options;
#define WICK_NAN_TO_NUM_DEFAULTS 0, DBL_MAX, -DBL_MAX
WICK_API wick_tensor *wick_nan_to_num(wick_tensor *x);
WICK_API wick_tensor *wick_nan_to_num_opt(wick_tensor *x, const wick_nan_to_num_options *options);
#define wick_nan_to_num(x, ...) \
    wick_nan_to_num_opt(x, WICK_OPTIONS(wick_nan_to_num_options, WICK_NAN_TO_NUM_DEFAULTS, __VA_ARGS__))
WICK_API wick_tensor *wick_nan_to_num_(wick_tensor *x);
WICK_API wick_tensor *wick_nan_to_num_opt_(wick_tensor *x, const wick_nan_to_num_options *options);
#define wick_nan_to_num_(x, ...) \
    wick_nan_to_num_opt_(x, WICK_OPTIONS(wick_nan_to_num_options, WICK_NAN_TO_NUM_DEFAULTS, __VA_ARGS__))

/* Overwrites x with the result of the operation of this name, and returns it. If the result has the default dtype, integers
 * cannot hold it, and are an error. */
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

/* These overwrite x, and return it. value is a number that x's dtype can hold (number.h). */
WICK_API wick_tensor *wick_fill_(wick_tensor *x, wick_number value); /* every element becomes value */
#define wick_fill_(x, value) wick_fill_(x, WICK_NUMBER(value))
WICK_API wick_tensor *wick_zero_(wick_tensor *x);                      /* every element becomes 0 */
WICK_API wick_tensor *wick_copy_(wick_tensor *x, wick_tensor *source); /* x becomes source, broadcast and converted */

WICK_END_DECLS
