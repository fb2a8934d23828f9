/* pointwise_loops.h - the loops of WK_LOOPS for every dtype; part of loops.c.
 *
 * A loop is its value, VALUE_ADD and so on, put into one of three templates that treat apart the cases that vectorise:
 * all operands contiguous, or one of two inputs a single number. Operands with other steps take the plain loop at the
 * end. In VALUE_... a, b, c are the inputs, s0 a number of type T; T is the element type, tag its short name, U the
 * type in which arithmetic wraps. bool is stored as a byte 0 or 1, so that its loops are those of uint8 but for +. */
#pragma once

#include <math.h>

#include "vecmath.h"

/* Tells the vectoriser that iterations are independent: an output is an input's very memory or apart from it. */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif

#define EACH_F(M, ...) M(f32, float, float, __VA_ARGS__) M(f64, double, double, __VA_ARGS__)
#define EACH_N(M, ...) \
    EACH_F(M, __VA_ARGS__) M(i64, int64_t, uint64_t, __VA_ARGS__) M(u8, uint8_t, unsigned, __VA_ARGS__)

/* The element at index i of operand k. */
#define AT(T, k, i) (*(T *)(void *)(p[k] + step[k] * (i)))

/* ---- Values whose form depends on the type ------------------------------------------------------ */

static inline float max_f32(float a, float b) { return a > b || a != a ? a : b; }
static inline double max_f64(double a, double b) { return a > b || a != a ? a : b; }
static inline int64_t max_i64(int64_t a, int64_t b) { return a > b ? a : b; }
static inline uint8_t max_u8(uint8_t a, uint8_t b) { return a > b ? a : b; }
static inline float min_f32(float a, float b) { return a < b || a != a ? a : b; }
static inline double min_f64(double a, double b) { return a < b || a != a ? a : b; }
static inline int64_t min_i64(int64_t a, int64_t b) { return a < b ? a : b; }
static inline uint8_t min_u8(uint8_t a, uint8_t b) { return a < b ? a : b; }
static inline float fmax_f32(float a, float b) { return a >= b || b != b ? a : b; }
static inline double fmax_f64(double a, double b) { return a >= b || b != b ? a : b; }
static inline float fmin_f32(float a, float b) { return a <= b || b != b ? a : b; }
static inline double fmin_f64(double a, double b) { return a <= b || b != b ? a : b; }
static inline float abs_f32(float a) { return fabsf(a); }
static inline double abs_f64(double a) { return fabs(a); }
static inline int64_t abs_i64(int64_t a) { return a < 0 ? (int64_t)(0 - (uint64_t)a) : a; }
static inline uint8_t abs_u8(uint8_t a) { return a; }
static inline float sign_f32(float a) { return (a > 0 ? 1.0f : 0.0f) - (a < 0 ? 1.0f : 0.0f); }
static inline double sign_f64(double a) { return (a > 0 ? 1.0 : 0.0) - (a < 0 ? 1.0 : 0.0); }
static inline int64_t sign_i64(int64_t a) { return (a > 0) - (a < 0); }
static inline uint8_t sign_u8(uint8_t a) { return a > 0; }
static inline float relu_f32(float a) { return a < 0 ? 0 : a; } /* NaN and -0 stay */
static inline double relu_f64(double a) { return a < 0 ? 0 : a; }
static inline int64_t relu_i64(int64_t a) { return a < 0 ? 0 : a; }
static inline uint8_t relu_u8(uint8_t a) { return a; }
static inline float sqrt_f32(float a) { return sqrtf(a); }
static inline double sqrt_f64(double a) { return sqrt(a); }
static inline float floor_f32(float a) { return floorf(a); }
static inline double floor_f64(double a) { return floor(a); }
static inline float ceil_f32(float a) { return ceilf(a); }
static inline double ceil_f64(double a) { return ceil(a); }
static inline float round_f32(float a) { return rintf(a); } /* halves to the even number */
static inline double round_f64(double a) { return rint(a); }
static inline float trunc_f32(float a) { return truncf(a); }
static inline double trunc_f64(double a) { return trunc(a); }

/* Of the C library, for SLEEF's overflow too early: sinh and cosh where e^|x| does, asinh and acosh where x^2 does. */
#define OF_C(name)                                                 \
    static inline float name##_f32(float a) { return name##f(a); } \
    static inline double name##_f64(double a) { return name(a); }
OF_C(sinh)
OF_C(cosh)
OF_C(asinh)
OF_C(acosh)
#undef OF_C

/* x to int64 as x86 converts it: what does not fit, and NaN, is the smallest int64. */
static inline int64_t to_int64(double x) { return x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : INT64_MIN; }

/* A bound for CLAMP in each type; NaN is no bound. */
static inline float bound_f32(double s, bool low) { return s != s ? (low ? -INFINITY : INFINITY) : (float)s; }
static inline double bound_f64(double s, bool low) { return s != s ? (low ? -(double)INFINITY : (double)INFINITY) : s; }

/* Repeated squaring; a negative exponent gives what PyTorch gives: 1/a rounded towards 0, and 0 for 1/0. */
static inline int64_t pow_i64(int64_t a, int64_t b)
{
    if (b < 0)
        return a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0;
    uint64_t result = 1;
    for (uint64_t square = (uint64_t)a, rest = (uint64_t)b; rest; rest >>= 1, square *= square)
        if (rest & 1)
            result *= square;
    return (int64_t)result;
}
static inline uint8_t pow_u8(uint8_t a, uint8_t b) { return (uint8_t)pow_i64(a, b); }

/* Integer division, b not 0. Divided by -1, the smallest int64 stays what it is: it wraps. */
static inline int64_t div_i64(int64_t a, int64_t b) { return b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b; }
static inline int64_t mod_i64(int64_t a, int64_t b) { return b == -1 ? 0 : a % b; }
static inline bool rounds_up(int64_t a, int64_t b) { return (a < 0) != (b < 0) && mod_i64(a, b) != 0; }
static inline int64_t floor_div_i64(int64_t a, int64_t b) { return div_i64(a, b) - rounds_up(a, b); }
static inline int64_t remainder_i64(int64_t a, int64_t b) { return mod_i64(a, b) + (rounds_up(a, b) ? b : 0); }
static inline uint8_t div_u8(uint8_t a, uint8_t b) { return (uint8_t)(a / b); }
static inline uint8_t mod_u8(uint8_t a, uint8_t b) { return (uint8_t)(a % b); }
#define floor_div_u8 div_u8
#define remainder_u8 mod_u8

/* a b + c, rounded once, or in double and then to float: PyTorch has lerp and addcmul so. */
static inline float fma_f32(float a, float b, float c) { return (float)((double)a * (double)b + (double)c); }
static inline double fma_f64(double a, double b, double c) { return fma(a, b, c); }

/* From the end that is nearer, so that weight 1 gives b itself. */
static inline float lerp_f32(float a, float b, float weight)
{
    const float minus = weight - 1, size = fabsf(weight); /* values to choose from, so that it vectorises */
    const float factor = size < 0.5f ? weight : minus, end = size < 0.5f ? a : b;
    return fma_f32(factor, b - a, end);
}
static inline double lerp_f64(double a, double b, double weight)
{
    const double minus = weight - 1, size = fabs(weight);
    const double factor = size < 0.5 ? weight : minus, end = size < 0.5 ? a : b;
    return fma_f64(factor, b - a, end);
}

/* ---- Values ------------------------------------------------------------------------------------- */

/* clang-format off */
#define VALUE_ADD(tag, T, U) (T)((U)a + (U)b)
#define VALUE_OR(tag, T, U) (T)(a | b)
#define VALUE_SUB(tag, T, U) (T)((U)a - (U)b)
#define VALUE_MUL(tag, T, U) (T)((U)a * (U)b)
#define VALUE_DIV(tag, T, U) a / b
#define VALUE_INT_POW(tag, T, U) pow_##tag(a, b)
#define VALUE_MAXIMUM(tag, T, U) max_##tag(a, b)
#define VALUE_MINIMUM(tag, T, U) min_##tag(a, b)
#define VALUE_EQ(tag, T, U) a == b
#define VALUE_NE(tag, T, U) a != b
#define VALUE_LT(tag, T, U) a < b
#define VALUE_LE(tag, T, U) a <= b
#define VALUE_GT(tag, T, U) a > b
#define VALUE_GE(tag, T, U) a >= b
#define VALUE_NEG_F(tag, T, U) -a
#define VALUE_NEG_I(tag, T, U) (T)(0 - (U)a)
#define VALUE_ABS(tag, T, U) abs_##tag(a)
#define VALUE_SIGN(tag, T, U) sign_##tag(a)
#define VALUE_SQRT(tag, T, U) sqrt_##tag(a)
#define VALUE_SINH(tag, T, U) sinh_##tag(a)
#define VALUE_COSH(tag, T, U) cosh_##tag(a)
#define VALUE_ASINH(tag, T, U) asinh_##tag(a)
#define VALUE_ACOSH(tag, T, U) acosh_##tag(a)
#define VALUE_RECIPROCAL(tag, T, U) 1 / a
#define VALUE_RSQRT(tag, T, U) 1 / sqrt_##tag(a)
#define VALUE_RELU(tag, T, U) relu_##tag(a)
#define VALUE_FLOOR(tag, T, U) floor_##tag(a)
#define VALUE_CEIL(tag, T, U) ceil_##tag(a)
#define VALUE_ROUND(tag, T, U) round_##tag(a)
#define VALUE_TRUNC(tag, T, U) trunc_##tag(a)
#define VALUE_FRAC(tag, T, U) a - trunc_##tag(a)
#define VALUE_SCALE(tag, T, U) s0 * a
#define VALUE_RELU_GRAD(tag, T, U) b <= 0 ? 0 : a
#define VALUE_SIGMOID_GRAD(tag, T, U) a * (1 - b) * b
#define VALUE_TANH_GRAD(tag, T, U) a * (1 - b * b)
#define VALUE_BCE_GRAD(tag, T, U) s0 * a * (b - c) / max_##tag((1 - b) * b, (T)1e-12f)
#define VALUE_SQUARED_ERROR(tag, T, U) (a - b) * (a - b)
#define VALUE_SQUARED_ERROR_GRAD(tag, T, U) s0 * (b - c) * a
#define VALUE_MOD(tag, T, U) mod_##tag(a, b)
#define VALUE_REMAINDER(tag, T, U) remainder_##tag(a, b)
#define VALUE_DIV_TRUNC_F(tag, T, U) trunc_##tag(a / b)
#define VALUE_DIV_TRUNC_I(tag, T, U) div_##tag(a, b)
#define VALUE_DIV_FLOOR_I(tag, T, U) floor_div_##tag(a, b)
#define VALUE_FMAX(tag, T, U) fmax_##tag(a, b)
#define VALUE_FMIN(tag, T, U) fmin_##tag(a, b)
#define VALUE_COPYSIGN_F32(tag, T, U) copysignf(a, b)
#define VALUE_COPYSIGN_F64(tag, T, U) copysign(a, b)
#define VALUE_LOGICAL_AND(tag, T, U) (a != 0) & (b != 0)
#define VALUE_LOGICAL_OR(tag, T, U) (a != 0) | (b != 0)
#define VALUE_LOGICAL_XOR(tag, T, U) (a != 0) ^ (b != 0)
#define VALUE_LERP(tag, T, U) lerp_##tag(a, b, c)
#define VALUE_ADDCMUL_F(tag, T, U) fma_##tag(s0 * b, c, a)
#define VALUE_ADDCMUL_I(tag, T, U) (T)((U)a + (U)b * (U)c)
#define VALUE_ADDCDIV(tag, T, U) a + s0 * b / c
#define VALUE_CLAMP_TENSOR(tag, T, U) min_##tag(max_##tag(a, b), c)
#define VALUE_HUBER(tag, T, U) min_##tag(abs_##tag(a - b), s0) * (abs_##tag(a - b) - (T)0.5 * min_##tag(abs_##tag(a - b), s0))
#define VALUE_SMOOTH_L1(tag, T, U) VALUE_HUBER(tag, T, U) / s0
#define VALUE_HUBER_GRAD(tag, T, U) s0 * max_##tag(min_##tag(b - c, (T)s[1]), -(T)s[1]) * a
#define VALUE_SMOOTH_L1_GRAD(tag, T, U) s0 * (max_##tag(min_##tag(b - c, (T)s[1]), -(T)s[1]) / (T)s[1]) * a
/* clang-format on */

/* ---- Templates: O is the output's type ---------------------------------------------------------- */

#define SIGNATURE int64_t n, char *const *p, const int64_t *step, const double *s
#define NUMBER(T) const T s0 = s ? (T)s[0] : (T)0

#define UNARY(tag, T, U, name, value)                       \
    static void name##_##tag(SIGNATURE)                     \
    {                                                       \
        NUMBER(T);                                          \
        (void)s0;                                           \
        if (step[0] == sizeof(T) && step[1] == sizeof(T)) { \
            T *out = (T *)(void *)p[0];                     \
            const T *x = (const T *)(void *)p[1];           \
            INDEPENDENT                                     \
            for (int64_t i = 0; i < n; i++) {               \
                const T a = x[i];                           \
                out[i] = value(tag, T, U);                  \
            }                                               \
            return;                                         \
        }                                                   \
        for (int64_t i = 0; i < n; i++) {                   \
            const T a = AT(const T, 1, i);                  \
            AT(T, 0, i) = value(tag, T, U);                 \
        }                                                   \
    }

#define BINARY_LOOP(tag, T, U, O, value, A, B) \
    INDEPENDENT                                \
    for (int64_t i = 0; i < n; i++) {          \
        const T a = A, b = B;                  \
        out[i] = value(tag, T, U);             \
    }

#define BINARY(tag, T, U, name, O, value)                                       \
    static void name##_##tag(SIGNATURE)                                         \
    {                                                                           \
        NUMBER(T);                                                              \
        (void)s0;                                                               \
        if (step[0] == sizeof(O)) {                                             \
            O *out = (O *)(void *)p[0];                                         \
            const T *x = (const T *)(void *)p[1], *y = (const T *)(void *)p[2]; \
            if (step[1] == sizeof(T) && step[2] == sizeof(T)) {                 \
                BINARY_LOOP(tag, T, U, O, value, x[i], y[i])                    \
                return;                                                         \
            }                                                                   \
            if (step[1] == sizeof(T) && step[2] == 0) {                         \
                const T y0 = *y;                                                \
                BINARY_LOOP(tag, T, U, O, value, x[i], y0)                      \
                return;                                                         \
            }                                                                   \
            if (step[1] == 0 && step[2] == sizeof(T)) {                         \
                const T x0 = *x;                                                \
                BINARY_LOOP(tag, T, U, O, value, x0, y[i])                      \
                return;                                                         \
            }                                                                   \
        }                                                                       \
        for (int64_t i = 0; i < n; i++) {                                       \
            const T a = AT(const T, 1, i), b = AT(const T, 2, i);               \
            AT(O, 0, i) = value(tag, T, U);                                     \
        }                                                                       \
    }
#define BINARY_SAME(tag, T, U, name, value) BINARY(tag, T, U, name, T, value)
#define BINARY_BOOL(tag, T, U, name, value) BINARY(tag, T, U, name, uint8_t, value)

#define TERNARY_LOOP(tag, T, U, value, A, C) \
    INDEPENDENT                              \
    for (int64_t i = 0; i < n; i++) {        \
        const T a = A, b = y[i], c = C;      \
        out[i] = value(tag, T, U);           \
    }                                        \
    return;

/* One of the outer inputs may be a single number: dy of a sum, a weight of lerp. */
#define TERNARY(tag, T, U, name, value)                                                  \
    static void name##_##tag(SIGNATURE)                                                  \
    {                                                                                    \
        NUMBER(T);                                                                       \
        (void)s0;                                                                        \
        if (step[0] == sizeof(T) && step[2] == sizeof(T)) {                              \
            T *out = (T *)(void *)p[0];                                                  \
            const T *x = (const T *)(void *)p[1], *y = (const T *)(void *)p[2];          \
            const T *z = (const T *)(void *)p[3];                                        \
            if (step[1] == sizeof(T) && step[3] == sizeof(T)) {                          \
                TERNARY_LOOP(tag, T, U, value, x[i], z[i])                               \
            }                                                                            \
            if (step[1] == 0 && step[3] == sizeof(T)) {                                  \
                const T x0 = *x;                                                         \
                TERNARY_LOOP(tag, T, U, value, x0, z[i])                                 \
            }                                                                            \
            if (step[1] == sizeof(T) && step[3] == 0) {                                  \
                const T z0 = *z;                                                         \
                TERNARY_LOOP(tag, T, U, value, x[i], z0)                                 \
            }                                                                            \
        }                                                                                \
        for (int64_t i = 0; i < n; i++) {                                                \
            const T a = AT(const T, 1, i), b = AT(const T, 2, i), c = AT(const T, 3, i); \
            AT(T, 0, i) = value(tag, T, U);                                              \
        }                                                                                \
    }

/* ---- The loops: plain arithmetic ---------------------------------------------------------------- */

EACH_N(BINARY_SAME, ADD, VALUE_ADD)
BINARY_SAME(b8, uint8_t, unsigned, ADD, VALUE_OR)
EACH_N(BINARY_SAME, SUB, VALUE_SUB)
EACH_N(BINARY_SAME, MUL, VALUE_MUL)
EACH_F(BINARY_SAME, DIV, VALUE_DIV)
BINARY_SAME(i64, int64_t, uint64_t, POW, VALUE_INT_POW)
BINARY_SAME(u8, uint8_t, unsigned, POW, VALUE_INT_POW)
EACH_N(BINARY_SAME, MAXIMUM, VALUE_MAXIMUM)
EACH_N(BINARY_SAME, MINIMUM, VALUE_MINIMUM)
EACH_N(BINARY_BOOL, EQ, VALUE_EQ)
EACH_N(BINARY_BOOL, NE, VALUE_NE)
EACH_N(BINARY_BOOL, LT, VALUE_LT)
EACH_N(BINARY_BOOL, LE, VALUE_LE)
EACH_N(BINARY_BOOL, GT, VALUE_GT)
EACH_N(BINARY_BOOL, GE, VALUE_GE)
EACH_F(UNARY, NEG, VALUE_NEG_F)
UNARY(i64, int64_t, uint64_t, NEG, VALUE_NEG_I)
UNARY(u8, uint8_t, unsigned, NEG, VALUE_NEG_I)
EACH_N(UNARY, ABS, VALUE_ABS)
EACH_N(UNARY, SIGN, VALUE_SIGN)
EACH_F(UNARY, SQRT, VALUE_SQRT)
EACH_F(UNARY, RECIPROCAL, VALUE_RECIPROCAL)
EACH_F(UNARY, RSQRT, VALUE_RSQRT)
EACH_F(UNARY, SINH, VALUE_SINH)
EACH_F(UNARY, COSH, VALUE_COSH)
EACH_F(UNARY, ASINH, VALUE_ASINH)
EACH_F(UNARY, ACOSH, VALUE_ACOSH)
EACH_N(UNARY, RELU, VALUE_RELU)
EACH_F(UNARY, FLOOR, VALUE_FLOOR)
EACH_F(UNARY, CEIL, VALUE_CEIL)
EACH_F(UNARY, ROUND, VALUE_ROUND)
EACH_F(UNARY, TRUNC, VALUE_TRUNC)
EACH_F(UNARY, FRAC, VALUE_FRAC)
EACH_F(UNARY, SCALE, VALUE_SCALE)
EACH_F(BINARY_SAME, RELU_GRAD, VALUE_RELU_GRAD)
EACH_F(BINARY_SAME, SIGMOID_GRAD, VALUE_SIGMOID_GRAD)
EACH_F(BINARY_SAME, TANH_GRAD, VALUE_TANH_GRAD)
EACH_F(TERNARY, BCE_GRAD, VALUE_BCE_GRAD)
EACH_F(BINARY_SAME, SQUARED_ERROR, VALUE_SQUARED_ERROR)
EACH_F(TERNARY, SQUARED_ERROR_GRAD, VALUE_SQUARED_ERROR_GRAD)
EACH_F(BINARY_SAME, HUBER, VALUE_HUBER)
EACH_F(BINARY_SAME, SMOOTH_L1, VALUE_SMOOTH_L1)
EACH_F(TERNARY, HUBER_GRAD, VALUE_HUBER_GRAD)
EACH_F(TERNARY, SMOOTH_L1_GRAD, VALUE_SMOOTH_L1_GRAD)

BINARY_SAME(i64, int64_t, uint64_t, FMOD, VALUE_MOD)
BINARY_SAME(u8, uint8_t, unsigned, FMOD, VALUE_MOD)
BINARY_SAME(i64, int64_t, uint64_t, REMAINDER, VALUE_REMAINDER)
BINARY_SAME(u8, uint8_t, unsigned, REMAINDER, VALUE_REMAINDER)
EACH_F(BINARY_SAME, DIV_TRUNC, VALUE_DIV_TRUNC_F)
BINARY_SAME(i64, int64_t, uint64_t, DIV_TRUNC, VALUE_DIV_TRUNC_I)
BINARY_SAME(u8, uint8_t, unsigned, DIV_TRUNC, VALUE_DIV_TRUNC_I)
BINARY_SAME(i64, int64_t, uint64_t, DIV_FLOOR, VALUE_DIV_FLOOR_I)
BINARY_SAME(u8, uint8_t, unsigned, DIV_FLOOR, VALUE_DIV_FLOOR_I)
EACH_F(BINARY_SAME, FMAX, VALUE_FMAX)
EACH_F(BINARY_SAME, FMIN, VALUE_FMIN)
BINARY_SAME(f32, float, float, COPYSIGN, VALUE_COPYSIGN_F32)
BINARY_SAME(f64, double, double, COPYSIGN, VALUE_COPYSIGN_F64)
EACH_N(BINARY_BOOL, LOGICAL_AND, VALUE_LOGICAL_AND)
EACH_N(BINARY_BOOL, LOGICAL_OR, VALUE_LOGICAL_OR)
EACH_N(BINARY_BOOL, LOGICAL_XOR, VALUE_LOGICAL_XOR)
EACH_F(TERNARY, LERP, VALUE_LERP)
EACH_F(TERNARY, ADDCMUL, VALUE_ADDCMUL_F)
TERNARY(i64, int64_t, uint64_t, ADDCMUL, VALUE_ADDCMUL_I)
TERNARY(u8, uint8_t, unsigned, ADDCMUL, VALUE_ADDCMUL_I)
EACH_F(TERNARY, ADDCDIV, VALUE_ADDCDIV)
EACH_N(TERNARY, CLAMP_TENSOR, VALUE_CLAMP_TENSOR)

#define FMAX_i64 MAXIMUM_i64
#define FMAX_u8 MAXIMUM_u8
#define FMAX_b8 MAXIMUM_u8
#define FMIN_i64 MINIMUM_i64
#define FMIN_u8 MINIMUM_u8
#define FMIN_b8 MINIMUM_u8
#define LOGICAL_AND_b8 LOGICAL_AND_u8
#define LOGICAL_OR_b8 LOGICAL_OR_u8
#define LOGICAL_XOR_b8 LOGICAL_XOR_u8
#define MUL_b8 MUL_u8
#define MAXIMUM_b8 MAXIMUM_u8
#define MINIMUM_b8 MINIMUM_u8
#define EQ_b8 EQ_u8
#define NE_b8 NE_u8
#define LT_b8 LT_u8
#define LE_b8 LE_u8
#define GT_b8 GT_u8
#define GE_b8 GE_u8
#define ABS_b8 ABS_u8
#define SIGN_b8 SIGN_u8

#define CLAMP_LOOP(tag, T, U, name)                                             \
    static void name##_##tag(SIGNATURE)                                         \
    {                                                                           \
        const T low = bound_##tag(s[0], true), high = bound_##tag(s[1], false); \
        if (step[0] == sizeof(T) && step[1] == sizeof(T)) {                     \
            T *out = (T *)(void *)p[0];                                         \
            const T *x = (const T *)(void *)p[1];                               \
            INDEPENDENT                                                         \
            for (int64_t i = 0; i < n; i++) {                                   \
                const T a = x[i] < low ? low : x[i];                            \
                out[i] = a > high ? high : a;                                   \
            }                                                                   \
            return;                                                             \
        }                                                                       \
        for (int64_t i = 0; i < n; i++) {                                       \
            T a = AT(const T, 1, i);                                            \
            a = a < low ? low : a;                                              \
            AT(T, 0, i) = a > high ? high : a;                                  \
        }                                                                       \
    }
EACH_F(CLAMP_LOOP, CLAMP)

#define NAN_TO_NUM_LOOP(tag, T, U, name)                                                               \
    static void name##_##tag(SIGNATURE)                                                                \
    {                                                                                                  \
        const T nan = (T)s[0], above = (T)s[1], below = (T)s[2];                                       \
        if (step[0] == sizeof(T) && step[1] == sizeof(T)) {                                            \
            T *out = (T *)(void *)p[0];                                                                \
            const T *x = (const T *)(void *)p[1];                                                      \
            INDEPENDENT                                                                                \
            for (int64_t i = 0; i < n; i++) {                                                          \
                const T a = x[i], b = a == (T)INFINITY ? above : a, c = a == -(T)INFINITY ? below : b; \
                out[i] = a != a ? nan : c;                                                             \
            }                                                                                          \
            return;                                                                                    \
        }                                                                                              \
        for (int64_t i = 0; i < n; i++) {                                                              \
            const T a = AT(const T, 1, i);                                                             \
            AT(T, 0, i) = a != a ? nan : a == (T)INFINITY ? above : a == -(T)INFINITY ? below : a;     \
        }                                                                                              \
    }
EACH_F(NAN_TO_NUM_LOOP, NAN_TO_NUM)

/* ---- The loops: functions of vecmath.h, over contiguous memory or through a buffer -------------- */

enum { CHUNK = 256 }; /* elements that a buffer holds */

#define GATHER(T, k, from, m, buffer)    \
    for (int64_t j_ = 0; j_ < (m); j_++) \
        (buffer)[j_] = AT(const T, k, (from) + j_);

#define SCATTER(T, from, m, buffer)      \
    for (int64_t j_ = 0; j_ < (m); j_++) \
        AT(T, 0, (from) + j_) = (buffer)[j_];

#define MATH_LOOP(tag, T, U, name, function)                                 \
    static void name##_##tag(SIGNATURE)                                      \
    {                                                                        \
        (void)s;                                                             \
        if (step[0] == sizeof(T) && step[1] == sizeof(T)) {                  \
            function##_##tag(n, (const T *)(void *)p[1], (T *)(void *)p[0]); \
            return;                                                          \
        }                                                                    \
        T x[CHUNK];                                                          \
        for (int64_t i = 0; i < n; i += CHUNK) {                             \
            const int64_t m = n - i < CHUNK ? n - i : CHUNK;                 \
            GATHER(T, 1, i, m, x)                                            \
            function##_##tag(m, x, x);                                       \
            SCATTER(T, i, m, x)                                              \
        }                                                                    \
    }
#define FUNCTION_LOOPS(unused, name, function, bound) EACH_F(MATH_LOOP, name, v##function)
WK_MATH_FUNCTIONS(FUNCTION_LOOPS, )
EACH_F(MATH_LOOP, SIGMOID, vsigmoid)
EACH_F(MATH_LOOP, ERF, verf)

/* A function of two arrays, CHUNK elements at a time: over the operands' own memory where they are contiguous. */
#define CHUNKS(tag, T, U, name, function)                                       \
    static void name##_##tag(SIGNATURE)                                         \
    {                                                                           \
        (void)s;                                                                \
        T buffer[3][CHUNK];                                                     \
        const T *x[3] = {NULL, buffer[1], buffer[2]};                           \
        for (int64_t i = 0; i < n; i += CHUNK) {                                \
            const int64_t m = n - i < CHUNK ? n - i : CHUNK;                    \
            for (int k = 1; k < 3; k++)                                         \
                if (step[k] == sizeof(T))                                       \
                    x[k] = (const T *)(void *)p[k] + i;                         \
                else if (i == 0 || step[k] != 0) /* one number fills it once */ \
                    GATHER(T, k, i, m, buffer[k])                               \
            if (step[0] == sizeof(T)) {                                         \
                function##_##tag(m, x[1], x[2], (T *)(void *)p[0] + i);         \
                continue;                                                       \
            }                                                                   \
            function##_##tag(m, x[1], x[2], buffer[0]);                         \
            SCATTER(T, i, m, buffer[0])                                         \
        }                                                                       \
    }
EACH_F(CHUNKS, ATAN2, vatan2)
EACH_F(CHUNKS, HYPOT, vhypot)

/* a - b trunc(a / b), exact. In double, the quotient of two floats below 2^28 is truncated rightly, for no quotient but a
 * whole one is as near to a whole number as double rounds, and the product and the difference are exact. What is left over,
 * NaN, infinities and large quotients, goes to the C library, as does double itself. */
static void vmod_f32(int64_t n, const float *x, const float *y, float *out)
{
    float result[CHUNK];
    int left = 0;
    for (int64_t i = 0; i < n; i++) {
        const double a = fabs((double)x[i]), b = fabs((double)y[i]), quotient = a / b;
        const double whole = (quotient + 0x1p52) - 0x1p52, down = whole > quotient ? 1.0 : 0.0; /* it vectorises */
        result[i] = copysignf((float)(a - (whole - down) * b), x[i]);
        left |= !(quotient < 0x1p28) | (b > FLT_MAX);
    }
    for (int64_t i = 0; left && i < n; i++)
        if (!(fabs((double)x[i] / (double)y[i]) < 0x1p28) || isinf(y[i]))
            result[i] = fmodf(x[i], y[i]);
    memcpy(out, result, (size_t)n * sizeof *out);
}
static void vmod_f64(int64_t n, const double *x, const double *y, double *out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = fmod(x[i], y[i]);
}

/* From m = a mod b: the remainder of b's sign, and floor(a / b) = (a - m) / b, rounded to the whole number that it is but for
 * rounding. */
#define REMAINDERS(tag, T, U, floor, copysign)                                        \
    static void vremainder_##tag(int64_t n, const T *x, const T *y, T *out)           \
    {                                                                                 \
        T mod[CHUNK];                                                                 \
        vmod_##tag(n, x, y, mod);                                                     \
        for (int64_t i = 0; i < n; i++) {                                             \
            const T m = mod[i], b = y[i], moved = m + b;                              \
            const bool other = (m != 0) & ((b < 0) != (m < 0));                       \
            out[i] = other ? moved : m;                                               \
        }                                                                             \
    }                                                                                 \
    static void vfloor_div_##tag(int64_t n, const T *x, const T *y, T *out)           \
    {                                                                                 \
        T mod[CHUNK];                                                                 \
        vmod_##tag(n, x, y, mod);                                                     \
        for (int64_t i = 0; i < n; i++) {                                             \
            const T a = x[i], b = y[i], m = mod[i], exact = a / b;                    \
            const T q = (a - m) / b - ((m != 0 && (b < 0) != (m < 0)) ? (T)1 : (T)0); \
            const T low = floor(q), whole = q - low > (T)0.5 ? low + 1 : low;         \
            out[i] = b == 0 ? exact : q == 0 ? copysign((T)0, exact) : whole;         \
        }                                                                             \
    }
REMAINDERS(f32, float, float, floorf, copysignf)
REMAINDERS(f64, double, double, floor, copysign)
EACH_F(CHUNKS, FMOD, vmod)
EACH_F(CHUNKS, REMAINDER, vremainder)
EACH_F(CHUNKS, DIV_FLOOR, vfloor_div)

/* max(a, b) + log1p(e^-|a - b|), and the same to base 2; equal infinities give themselves. */
#define LOG_SUMS(tag, T, U, exp, scale, name)                                      \
    static void name##_##tag(int64_t n, const T *x, const T *y, T *out)            \
    {                                                                              \
        T t[CHUNK];                                                                \
        for (int64_t i = 0; i < n; i++)                                            \
            t[i] = -abs_##tag(x[i] - y[i]);                                        \
        exp##_##tag(n, t, t);                                                      \
        vlog1p_##tag(n, t, t);                                                     \
        for (int64_t i = 0; i < n; i++) {                                          \
            const T a = x[i], b = y[i], sum = max_##tag(a, b) + t[i] * (T)(scale); \
            out[i] = (a == b && abs_##tag(a) == (T)INFINITY) ? a : sum;            \
        }                                                                          \
    }
EACH_F(LOG_SUMS, vexp, 1, vlogaddexp)
EACH_F(LOG_SUMS, vexp2, 1.44269504088896340736, vlogaddexp2)
EACH_F(CHUNKS, LOGADDEXP, vlogaddexp)
EACH_F(CHUNKS, LOGADDEXP2, vlogaddexp2)

#define XLOGY_ARRAY(tag, T, U, name)                                    \
    static void name##_##tag(int64_t n, const T *x, const T *y, T *out) \
    {                                                                   \
        T t[CHUNK];                                                     \
        vlog_##tag(n, y, t);                                            \
        for (int64_t i = 0; i < n; i++) {                               \
            const T a = x[i], b = y[i], product = a * t[i];             \
            out[i] = b != b ? b : a == 0 ? (T)0 : product;              \
        }                                                               \
    }
EACH_F(XLOGY_ARRAY, vxlogy)
EACH_F(CHUNKS, XLOGY, vxlogy)

/* (t - 1) max(log1p(-x), -100) - t max(log x, -100) */
#define BCE_LOOP(tag, T, U, name)                                                             \
    static void name##_##tag(SIGNATURE)                                                       \
    {                                                                                         \
        (void)s;                                                                              \
        T x[CHUNK], t[CHUNK], log_x[CHUNK];                                                   \
        for (int64_t i = 0; i < n; i += CHUNK) {                                              \
            const int64_t m = n - i < CHUNK ? n - i : CHUNK;                                  \
            GATHER(T, 1, i, m, x)                                                             \
            GATHER(T, 2, i, m, t)                                                             \
            vlog_##tag(m, x, log_x);                                                          \
            for (int64_t j = 0; j < m; j++)                                                   \
                x[j] = -x[j];                                                                 \
            vlog1p_##tag(m, x, x);                                                            \
            for (int64_t j = 0; j < m; j++)                                                   \
                x[j] = (t[j] - 1) * max_##tag(x[j], -100) - t[j] * max_##tag(log_x[j], -100); \
            SCATTER(T, i, m, x)                                                               \
        }                                                                                     \
    }
EACH_F(BCE_LOOP, BCE)

/* One number as exponent for all: the powers that PyTorch, too, computes by multiplying, dividing and square roots. */
#define POWER_1(tag, T, U) a
/* clang-format off */ /* it takes products for declarations */
#define POWER_2(tag, T, U) a * a
#define POWER_3(tag, T, U) a * a * a
/* clang-format on */
#define POWER_MINUS_2(tag, T, U) 1 / (a * a)
EACH_F(UNARY, power_1, POWER_1)
EACH_F(UNARY, power_2, POWER_2)
EACH_F(UNARY, power_3, POWER_3)
EACH_F(UNARY, power_minus_2, POWER_MINUS_2)
EACH_F(CHUNKS, power_any, vpow)

#define POW_LOOP(tag, T, U, name)                                                                     \
    static void name##_##tag(SIGNATURE)                                                               \
    {                                                                                                 \
        if (step[2] == 0 && n > 0) {                                                                  \
            static const struct {                                                                     \
                T exponent;                                                                           \
                wk_loop *loop;                                                                        \
            } special[] = {{2, power_2_##tag},     {(T)0.5, SQRT_##tag},      {3, power_3_##tag},     \
                           {-1, RECIPROCAL_##tag}, {-2, power_minus_2_##tag}, {(T)-0.5, RSQRT_##tag}, \
                           {1, power_1_##tag}};                                                       \
            const T exponent = AT(const T, 2, 0);                                                     \
            for (size_t i = 0; i < sizeof special / sizeof *special; i++)                             \
                if (exponent == special[i].exponent) {                                                \
                    special[i].loop(n, p, step, NULL);                                                \
                    return;                                                                           \
                }                                                                                     \
        }                                                                                             \
        power_any_##tag(n, p, step, s);                                                               \
    }
EACH_F(POW_LOOP, POW)
