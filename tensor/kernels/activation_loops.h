/* activation_loops.h - the loops of activations; part of loops.c.
 *
 * Those made of plain arithmetic are values in the templates of pointwise_loops.h, or in the two here that take three numbers. The
 * others need a function of vecmath.h: they go through the operands in chunks that stay in the cache, and compute what the
 * function is applied to, the function, and the value from its result e. In the value of a gradient, a is dy and b is x.
 * Both sides of a choice are cheap and made without a branch, so that the compiler vectorises. */
#pragma once

#include "pointwise_loops.h"

/* ---- Piecewise linear ones ---------------------------------------------------------------------- */

#define CONSTANT(T, value) ((T)(value))

/* min(max(x + 3, 0), 6) */
static inline float six_f32(float a) { return min_f32(max_f32(a + 3, 0), 6); }
static inline double six_f64(double a) { return min_f64(max_f64(a + 3, 0), 6); }

/* dy times the slope of hardswish: 0 up to -3, 1 from 3 on, x / 3 + 1 / 2 between */
#define HARDSWISH_SLOPE(tag, T)                    \
    static inline T hardswish_slope_##tag(T x)     \
    {                                              \
        const T inside = x / 3 + CONSTANT(T, 0.5); \
        const T low = x <= -3 ? 0 : inside;        \
        return x >= 3 ? 1 : low;                   \
    }
HARDSWISH_SLOPE(f32, float)
HARDSWISH_SLOPE(f64, double)
#undef HARDSWISH_SLOPE

/* clang-format off */
#define VALUE_LEAKY_RELU(tag, T, U) a * (a > 0 ? 1 : s0)
#define VALUE_LEAKY_RELU_GRAD(tag, T, U) a * (b > 0 ? 1 : s0)
#define VALUE_PRELU(tag, T, U) a * (a > 0 ? 1 : b)
#define VALUE_PRELU_GRAD(tag, T, U) a * (b > 0 ? 1 : c)
#define VALUE_PRELU_WEIGHT_GRAD(tag, T, U) a * (b > 0 ? 0 : b)
#define VALUE_HARDSIGMOID(tag, T, U) six_##tag(a) / 6
#define VALUE_HARDSIGMOID_GRAD(tag, T, U) (b > -3 && b < 3 ? a : 0) * CONSTANT(T, 1.0F / 6) /* a float in PyTorch, too */
#define VALUE_HARDSWISH(tag, T, U) a * six_##tag(a) / 6
#define VALUE_HARDSWISH_GRAD(tag, T, U) a * hardswish_slope_##tag(b)
#define VALUE_SOFTSHRINK(tag, T, U) a - (a > s0 ? s0 : a < -s0 ? -s0 : a)
#define VALUE_HARDSHRINK(tag, T, U) a >= -s0 && a <= s0 ? 0 : a
#define VALUE_SHRINK_GRAD(tag, T, U) b > s0 || b < -s0 ? a : 0
#define VALUE_THRESHOLD_GRAD(tag, T, U) b <= s0 ? 0 : a
/* clang-format on */
EACH_F(UNARY, LEAKY_RELU, VALUE_LEAKY_RELU)
EACH_F(BINARY_SAME, LEAKY_RELU_GRAD, VALUE_LEAKY_RELU_GRAD)
EACH_F(BINARY_SAME, PRELU, VALUE_PRELU)
EACH_F(TERNARY, PRELU_GRAD, VALUE_PRELU_GRAD)
EACH_F(BINARY_SAME, PRELU_WEIGHT_GRAD, VALUE_PRELU_WEIGHT_GRAD)
EACH_F(UNARY, HARDSIGMOID, VALUE_HARDSIGMOID)
EACH_F(BINARY_SAME, HARDSIGMOID_GRAD, VALUE_HARDSIGMOID_GRAD)
EACH_F(UNARY, HARDSWISH, VALUE_HARDSWISH)
EACH_F(BINARY_SAME, HARDSWISH_GRAD, VALUE_HARDSWISH_GRAD)
EACH_F(UNARY, SOFTSHRINK, VALUE_SOFTSHRINK)
EACH_F(UNARY, HARDSHRINK, VALUE_HARDSHRINK)
EACH_F(BINARY_SAME, SHRINK_GRAD, VALUE_SHRINK_GRAD)
EACH_F(BINARY_SAME, THRESHOLD_GRAD, VALUE_THRESHOLD_GRAD)

/* low and high are the two numbers; a is the first operand and b the last. */
#define TWO_NUMBERS(tag, T, U, name, inputs, value)                                      \
    static void name##_##tag(SIGNATURE)                                                  \
    {                                                                                    \
        const T low = (T)s[0], high = (T)s[1];                                           \
        if (step[0] == sizeof(T) && step[1] == sizeof(T) && step[inputs] == sizeof(T)) { \
            T *out = (T *)(void *)p[0];                                                  \
            const T *as = (const T *)(void *)p[1], *bs = (const T *)(void *)p[inputs];   \
            INDEPENDENT                                                                  \
            for (int64_t i = 0; i < n; i++) {                                            \
                const T a = as[i], b = bs[i];                                            \
                out[i] = value(tag, T, U);                                               \
            }                                                                            \
            return;                                                                      \
        }                                                                                \
        for (int64_t i = 0; i < n; i++) {                                                \
            const T a = AT(const T, 1, i), b = AT(const T, inputs, i);                   \
            AT(T, 0, i) = value(tag, T, U);                                              \
        }                                                                                \
    }
/* clang-format off */
#define VALUE_THRESHOLD(tag, T, U) b <= low ? high : a
#define VALUE_HARDTANH_GRAD(tag, T, U) b > low && b < high ? a : 0
/* clang-format on */
EACH_F(TWO_NUMBERS, THRESHOLD, 1, VALUE_THRESHOLD)
EACH_F(TWO_NUMBERS, HARDTANH_GRAD, 2, VALUE_HARDTANH_GRAD)
#undef TWO_NUMBERS

/* ---- Those of a function, in chunks ------------------------------------------------------------- */

#define PART_OF(tag, T)                                                                                   \
    static inline const T *part_of_##tag(const char *p, int64_t step, int64_t from, int64_t m, T *buffer) \
    {                                                                                                     \
        if (step == sizeof(T))                                                                            \
            return (const T *)(const void *)p + from;                                                     \
        for (int64_t j = 0; j < m; j++)                                                                   \
            buffer[j] = *(const T *)(const void *)(p + step * (from + j));                                \
        return buffer;                                                                                    \
    }
PART_OF(f32, float)
PART_OF(f64, double)
#undef PART_OF

/* before: of a (or b, for a gradient), what function is applied to; value: of a, b and the result e. */
#define CHUNKED(tag, T, U, name, gradient, before, function, value)              \
    static void name##_##tag(SIGNATURE)                                          \
    {                                                                            \
        const T s0 = (T)s[0], s1 = (T)s[1], s2 = (T)s[2];                        \
        (void)s0, (void)s1, (void)s2;                                            \
        T x[CHUNK], y[CHUNK], r[CHUNK];                                          \
        for (int64_t i = 0; i < n; i += CHUNK) {                                 \
            const int64_t m = n - i < CHUNK ? n - i : CHUNK;                     \
            const T *as = part_of_##tag(p[1], step[1], i, m, x);                 \
            const T *bs = gradient ? part_of_##tag(p[2], step[2], i, m, y) : as; \
            INDEPENDENT                                                          \
            for (int64_t j = 0; j < m; j++) {                                    \
                const T b = bs[j];                                               \
                r[j] = before(tag, T, U);                                        \
            }                                                                    \
            function##_##tag(m, r, r);                                           \
            const bool flat = step[0] == sizeof(T);                              \
            T *out = flat ? (T *)(void *)p[0] + i : x;                           \
            INDEPENDENT                                                          \
            for (int64_t j = 0; j < m; j++) {                                    \
                const T a = as[j], b = bs[j], e = r[j];                          \
                (void)a, (void)b;                                                \
                out[j] = value(tag, T, U);                                       \
            }                                                                    \
            if (!flat)                                                           \
                SCATTER(T, i, m, x)                                              \
        }                                                                        \
    }
#define FORWARD(tag, T, U, name, before, function, value) CHUNKED(tag, T, U, name, false, before, function, value)
#define BACKWARD(tag, T, U, name, before, function, value) CHUNKED(tag, T, U, name, true, before, function, value)

/* Functions made of several: log(1 + e^x), and the slope of gelu, Phi(x) + x phi(x). At most CHUNK elements. */
#define SEVERAL(tag, T)                                                                    \
    static void vlog1pexp_##tag(int64_t n, const T *x, T *y)                               \
    {                                                                                      \
        vexp_##tag(n, x, y);                                                               \
        vlog1p_##tag(n, y, y);                                                             \
    }                                                                                      \
    static void vgelu_slope_##tag(int64_t n, const T *x, T *y)                             \
    {                                                                                      \
        T erf[CHUNK], bell[CHUNK];                                                         \
        for (int64_t j = 0; j < n; j++) {                                                  \
            erf[j] = x[j] * CONSTANT(T, SQRT_HALF);                                        \
            bell[j] = CONSTANT(T, -0.5) * x[j] * x[j];                                     \
        }                                                                                  \
        verf_##tag(n, erf, erf);                                                           \
        vexp_##tag(n, bell, bell);                                                         \
        for (int64_t j = 0; j < n; j++)                                                    \
            y[j] = CONSTANT(T, 0.5) * (1 + erf[j]) + x[j] * (bell[j] * CONSTANT(T, BELL)); \
    }
#define SQRT_HALF 0.70710678118654752440 /* 1 / sqrt(2) */
#define BELL 0.39894228040143267794      /* 1 / sqrt(2 pi) */
#define GELU_BETA 0.79788456080286535588 /* sqrt(2 / pi) */
#define GELU_KAPPA 0.044715
SEVERAL(f32, float)
SEVERAL(f64, double)
#undef SEVERAL

/* tanh(log(1 + e^x)) from e = e^x: n / (n + 2) with n = e (e + 2); and its derivative, 4 e (1 + e) / (n + 2)^2, which is 0
 * from 40 on, where e is no longer that of x. */
#define MISH(tag, T)                                                                 \
    static inline T mish_tanh_##tag(T e) { return e * (e + 2) / (e * (e + 2) + 2); } \
    static inline T mish_slope_##tag(T x, T e)                                       \
    {                                                                                \
        const T d = e * (e + 2) + 2, inside = 4 * (e / d) * ((1 + e) / d);           \
        return x > 40 ? 0 : inside;                                                  \
    }
MISH(f32, float)
MISH(f64, double)
#undef MISH

/* e: log(1 + e^-|beta x|) */
#define SOFTPLUS(tag, T)                                          \
    static inline T softplus_##tag(T x, T e, T beta, T threshold) \
    {                                                             \
        const T curved = (max_##tag(x * beta, 0) + e) / beta;     \
        return x * beta > threshold ? x : curved;                 \
    }
SOFTPLUS(f32, float)
SOFTPLUS(f64, double)
#undef SOFTPLUS

/* clang-format off */
#define BEFORE_SAME(tag, T, U) b
#define BEFORE_NEG(tag, T, U) -b
#define BEFORE_NEG_ABS(tag, T, U) -abs_##tag(b)
#define BEFORE_ELU(tag, T, U) b * s2
#define BEFORE_GELU(tag, T, U) b * CONSTANT(T, SQRT_HALF)
#define BEFORE_GELU_TANH(tag, T, U) CONSTANT(T, GELU_BETA) * (b + CONSTANT(T, GELU_KAPPA) * (b * b * b))
#define BEFORE_MISH(tag, T, U) b > 40 ? 40 : b
#define BEFORE_SOFTPLUS(tag, T, U) -abs_##tag(b * s0)
#define BEFORE_SOFTPLUS_GRAD(tag, T, U) -(b * s0)
#define VALUE_ELU(tag, T, U) (b < 0 ? e : b) * (b < 0 ? s0 : s1)
#define VALUE_ELU_GRAD(tag, T, U) a * (b > 0 ? 1 : e) * (b > 0 ? s1 : s2 * s0)
#define VALUE_GELU(tag, T, U) CONSTANT(T, 0.5) * b * (1 + e)
#define VALUE_TIMES(tag, T, U) a * e
#define VALUE_GELU_TANH_GRAD(tag, T, U) \
    a * (CONSTANT(T, 0.5) * (1 + e) + CONSTANT(T, 0.5) * b * (1 - e * e) * \
        (CONSTANT(T, GELU_BETA) * (1 + 3 * CONSTANT(T, GELU_KAPPA) * (b * b))))
#define VALUE_SILU(tag, T, U) b / (1 + e)
#define VALUE_SILU_GRAD(tag, T, U) a * (1 / (1 + e)) * (1 + b * (1 - 1 / (1 + e)))
#define VALUE_MISH(tag, T, U) b * mish_tanh_##tag(e)
#define VALUE_MISH_GRAD(tag, T, U) a * (mish_tanh_##tag(e) + b * mish_slope_##tag(b, e))
#define VALUE_SOFTPLUS(tag, T, U) softplus_##tag(b, e, s0, s1)
#define VALUE_SOFTPLUS_GRAD(tag, T, U) a / (1 + (b * s0 > s1 ? 0 : e))
#define VALUE_LOGSIGMOID(tag, T, U) min_##tag(b, 0) - e
#define VALUE_LOGSIGMOID_GRAD(tag, T, U) a / (1 + e)
/* clang-format on */
EACH_F(FORWARD, ELU, BEFORE_ELU, vexpm1, VALUE_ELU)
EACH_F(BACKWARD, ELU_GRAD, BEFORE_ELU, vexp, VALUE_ELU_GRAD)
EACH_F(FORWARD, GELU, BEFORE_GELU, verf, VALUE_GELU)
EACH_F(BACKWARD, GELU_GRAD, BEFORE_SAME, vgelu_slope, VALUE_TIMES)
EACH_F(FORWARD, GELU_TANH, BEFORE_GELU_TANH, vtanh, VALUE_GELU)
EACH_F(BACKWARD, GELU_TANH_GRAD, BEFORE_GELU_TANH, vtanh, VALUE_GELU_TANH_GRAD)
EACH_F(FORWARD, SILU, BEFORE_NEG, vexp, VALUE_SILU)
EACH_F(BACKWARD, SILU_GRAD, BEFORE_NEG, vexp, VALUE_SILU_GRAD)
EACH_F(FORWARD, MISH, BEFORE_MISH, vexp, VALUE_MISH)
EACH_F(BACKWARD, MISH_GRAD, BEFORE_MISH, vexp, VALUE_MISH_GRAD)
EACH_F(FORWARD, SOFTPLUS, BEFORE_SOFTPLUS, vlog1pexp, VALUE_SOFTPLUS)
EACH_F(BACKWARD, SOFTPLUS_GRAD, BEFORE_SOFTPLUS_GRAD, vexp, VALUE_SOFTPLUS_GRAD)
EACH_F(FORWARD, LOGSIGMOID, BEFORE_NEG_ABS, vlog1pexp, VALUE_LOGSIGMOID)
EACH_F(BACKWARD, LOGSIGMOID_GRAD, BEFORE_SAME, vexp, VALUE_LOGSIGMOID_GRAD)
