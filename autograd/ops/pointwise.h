/* pointwise.h - operations on each element by itself, or on elements that meet; a part of ops.h. */
#ifndef WICK_AUTOGRAD_OPS_POINTWISE_H
#define WICK_AUTOGRAD_OPS_POINTWISE_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <math.h>

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Pointwise, two operands ------------------------------------------------------------------------------------------ */

/* Each operand may be a tensor or a number: wick_add(a, b), wick_mul(3, z), wick_sub(1.0, y). */
WICK_API wick_tensor *wick_add(wick_tensor *a, wick_tensor *b);     /* a + b */
WICK_API wick_tensor *wick_sub(wick_tensor *a, wick_tensor *b);     /* a - b; not for bool */
WICK_API wick_tensor *wick_mul(wick_tensor *a, wick_tensor *b);     /* a b */
WICK_API wick_tensor *wick_div(wick_tensor *a, wick_tensor *b);     /* a / b; integers divide to the default dtype */
WICK_API wick_tensor *wick_pow(wick_tensor *a, wick_tensor *b);     /* a^b */
WICK_API wick_tensor *wick_maximum(wick_tensor *a, wick_tensor *b); /* the larger; NaN if either is; torch.max(a, b) */
WICK_API wick_tensor *wick_minimum(wick_tensor *a, wick_tensor *b); /* the smaller; NaN if either is */

/* Comparisons, to bool. Not differentiable. */
WICK_API wick_tensor *wick_eq(wick_tensor *a, wick_tensor *b); /* a == b */
WICK_API wick_tensor *wick_ne(wick_tensor *a, wick_tensor *b); /* a != b */
WICK_API wick_tensor *wick_lt(wick_tensor *a, wick_tensor *b); /* a <  b */
WICK_API wick_tensor *wick_le(wick_tensor *a, wick_tensor *b); /* a <= b */
WICK_API wick_tensor *wick_gt(wick_tensor *a, wick_tensor *b); /* a >  b */
WICK_API wick_tensor *wick_ge(wick_tensor *a, wick_tensor *b); /* a >= b */

/* a where condition (bool) is true, else b; all three broadcast: torch.where. */
WICK_API wick_tensor *wick_where(wick_tensor *condition, wick_tensor *a, wick_tensor *b);

/* In place: a is overwritten and returned. The result must have a's shape and a dtype that a can hold. A leaf that
 * requires grad refuses while grad mode is on. */
WICK_API wick_tensor *wick_add_(wick_tensor *a, wick_tensor *b); /* a += b */
WICK_API wick_tensor *wick_sub_(wick_tensor *a, wick_tensor *b); /* a -= b */
WICK_API wick_tensor *wick_mul_(wick_tensor *a, wick_tensor *b); /* a *= b */
WICK_API wick_tensor *wick_div_(wick_tensor *a, wick_tensor *b); /* a /= b */

#ifndef __cplusplus
#define wick_add(a, b) wick_add(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_sub(a, b) wick_sub(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_mul(a, b) wick_mul(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_div(a, b) wick_div(WICK_OPERAND(a), WICK_OPERAND(b))
#define wick_pow(a, b) wick_pow(WICK_OPERAND(a), WICK_OPERAND(b))
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
#define wick_div_(a, b) wick_div_(a, WICK_OPERAND(b))
#endif

/* ---- Pointwise, one operand --------------------------------------------------------------------------------------------- */

WICK_API wick_tensor *wick_neg(wick_tensor *x);        /* -x; not for bool */
WICK_API wick_tensor *wick_abs(wick_tensor *x);        /* |x|; derivative 0 at 0 */
WICK_API wick_tensor *wick_sign(wick_tensor *x);       /* -1, 0 or 1 */
WICK_API wick_tensor *wick_square(wick_tensor *x);     /* x^2; bool becomes int64 */
WICK_API wick_tensor *wick_exp(wick_tensor *x);        /* e^x; integers become the default dtype, here and below */
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

/* Whole numbers, in x's dtype; integers stay as they are; not for bool. Derivative 0. */
WICK_API wick_tensor *wick_floor(wick_tensor *x); /* the largest <= x */
WICK_API wick_tensor *wick_ceil(wick_tensor *x);  /* the smallest >= x */
WICK_API wick_tensor *wick_round(wick_tensor *x); /* the nearest; of two, the even one */
WICK_API wick_tensor *wick_trunc(wick_tensor *x); /* x without its fraction */
WICK_API wick_tensor *wick_frac(wick_tensor *x);  /* the fraction: x - trunc(x); floating point only; derivative 1 */

/* Tests, to bool. Not differentiable. */
WICK_API wick_tensor *wick_isnan(wick_tensor *x);    /* x is NaN */
WICK_API wick_tensor *wick_isinf(wick_tensor *x);    /* x is inf or -inf */
WICK_API wick_tensor *wick_isfinite(wick_tensor *x); /* x is neither */

/* min(max(x, min), max): torch.clamp. NaN for a bound means none; the derivative is 1 where min < x < max, else 0. */
typedef struct wick_clamp_options {
    char start_;
    double min; /* default: none */
    double max; /* default: none */
} wick_clamp_options;
#define WICK_CLAMP_DEFAULTS 0, (double)NAN, (double)NAN
WICK_API wick_tensor *wick_clamp_opt(wick_tensor *x, wick_clamp_options options);
#define wick_clamp(x, ...) wick_clamp_opt(x, WICK_OPTIONS(wick_clamp_options, WICK_CLAMP_DEFAULTS, __VA_ARGS__))

/* ---- Filling ---------------------------------------- */

/* In place: every element becomes value, or 0, or the (broadcast, converted) element of source. */
WICK_API wick_tensor *wick_fill_(wick_tensor *x, double value);
WICK_API wick_tensor *wick_zero_(wick_tensor *x);
WICK_API wick_tensor *wick_copy_(wick_tensor *x, wick_tensor *source);

WICK_END_DECLS
#endif
