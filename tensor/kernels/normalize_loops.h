/* normalize_loops.h - loops that bring elements to mean 0 and variance 1; part of loops.c. */
#pragma once

#include "row_loops.h"

/* ---- Rows: layer_norm --------------------------------------------------------------------------
 *
 * mean = sum of x / n, and in a second pass, while the row is in the cache, rstd = 1 / sqrt(sum of (x - mean)^2 / n + eps).
 * Sums are those of blocks, added up in double. */

#define LAYER_NORM(tag, T, U, name)                                                                                 \
    static double squares_##tag(int64_t n, const T *x, T mean) /* sum of (x - mean)^2 */                            \
    {                                                                                                               \
        double sum = 0;                                                                                             \
        T block[SUM_BLOCK];                                                                                         \
        for (int64_t at = 0; at < n; at += SUM_BLOCK) {                                                             \
            const int64_t m = n - at < SUM_BLOCK ? n - at : SUM_BLOCK;                                              \
            for (int64_t i = 0; i < m; i++)                                                                         \
                block[i] = (x[at + i] - mean) * (x[at + i] - mean);                                                 \
            sum += (double)block_sum_##tag(m, (const char *)block, sizeof(T));                                      \
        }                                                                                                           \
        return sum;                                                                                                 \
    }                                                                                                               \
    /* The sums of g and of g (x - mean), g = dy w. */                                                              \
    static void products_##tag(int64_t n, const T *dy, const T *w, const T *x, T mean, double *sum)                 \
    {                                                                                                               \
        T block[SUM_BLOCK];                                                                                         \
        sum[0] = sum[1] = 0;                                                                                        \
        for (int64_t at = 0; at < n; at += SUM_BLOCK) {                                                             \
            const int64_t m = n - at < SUM_BLOCK ? n - at : SUM_BLOCK;                                              \
            const T *g = dy + at;                                                                                   \
            for (int64_t i = 0; w && i < m; i++)                                                                    \
                block[i] = dy[at + i] * w[at + i];                                                                  \
            g = w ? block : g;                                                                                      \
            sum[0] += (double)block_sum_##tag(m, (const char *)g, sizeof(T));                                       \
            INDEPENDENT                                                                                             \
            for (int64_t i = 0; i < m; i++)                                                                         \
                block[i] = g[i] * (x[at + i] - mean);                                                               \
            sum[1] += (double)block_sum_##tag(m, (const char *)block, sizeof(T));                                   \
        }                                                                                                           \
    }                                                                                                               \
    static void name##_##tag(bool centred, int64_t rows, int64_t n, double eps, const void *in, const void *weight, \
                             const void *bias, void *result, void *means, void *rstds)                              \
    {                                                                                                               \
        const T *w = weight, *b = bias;                                                                             \
        const int64_t scaled = w ? n : 0, shifted = b ? n : 0;                                                      \
        for (int64_t row = 0; row < rows; row++) {                                                                  \
            const T *x = (const T *)in + row * n;                                                                   \
            T *y = (T *)result + row * n, sum = 0;                                                                  \
            if (centred)                                                                                            \
                sum_##tag(n, (const char *)x, sizeof(T), &sum);                                                     \
            const T mean = sum / (T)n;                                                                              \
            const T rstd = (T)(1 / sqrt(squares_##tag(n, x, mean) / (double)n + eps));                              \
            ((T *)means)[row] = mean;                                                                               \
            ((T *)rstds)[row] = rstd;                                                                               \
            INDEPENDENT                                                                                             \
            for (int64_t i = 0; i < n; i++)                                                                         \
                y[i] = (x[i] - mean) * rstd;                                                                        \
            INDEPENDENT                                                                                             \
            for (int64_t i = 0; i < scaled; i++)                                                                    \
                y[i] *= w[i];                                                                                       \
            INDEPENDENT                                                                                             \
            for (int64_t i = 0; i < shifted; i++)                                                                   \
                y[i] += b[i];                                                                                       \
        }                                                                                                           \
    }                                                                                                               \
    /* dx = rstd (g - mean of g - (x - mean) rstd^2 mean of g (x - mean)), g = dy w */                              \
    static void name##_grad_##tag(bool centred, int64_t rows, int64_t n, const void *gradient, const void *in,      \
                                  const void *weight, const void *means, const void *rstds, void *result)           \
    {                                                                                                               \
        const T *w = weight;                                                                                        \
        const int64_t weighted = w ? n : 0, plain = w ? 0 : n;                                                      \
        for (int64_t row = 0; row < rows; row++) {                                                                  \
            const T *x = (const T *)in + row * n, *dy = (const T *)gradient + row * n;                              \
            T *dx = (T *)result + row * n;                                                                          \
            const T mean = ((const T *)means)[row], rstd = ((const T *)rstds)[row];                                 \
            double sum[2];                                                                                          \
            products_##tag(n, dy, w, x, mean, sum);                                                                 \
            const T shift = centred ? (T)(sum[0] / (double)n) : 0;                                                  \
            const T slope = (T)(sum[1] / (double)n * (double)rstd * (double)rstd);                                  \
            INDEPENDENT                                                                                             \
            for (int64_t i = 0; i < weighted; i++)                                                                  \
                dx[i] = rstd * (dy[i] * w[i] - shift - (x[i] - mean) * slope);                                      \
            INDEPENDENT                                                                                             \
            for (int64_t i = 0; i < plain; i++)                                                                     \
                dx[i] = rstd * (dy[i] - shift - (x[i] - mean) * slope);                                             \
        }                                                                                                           \
    }
EACH_F(LAYER_NORM, layer_norm)
#undef LAYER_NORM

/* ---- Elements with statistics ------------------------------------------------------------------
 *
 * Operands from first on are statistics: one for all elements of a run, or one an element. In a value, W is how an operand of
 * elements is read, S how a statistic is. */
#define VALUE_NORMALIZE(W, S) (W(1) - S(2)) * S(3) + S(4)
#define VALUE_NORMALIZE_SUM(W, S) W(1) * (W(2) - S(3)) * S(4)
#define VALUE_NORMALIZE_GRAD(W, S) W(1) * S(4) + (W(2) - S(3)) * S(5) + S(6)

#define ELEMENT(k) x##k[i]
#define THE_ONE(k) s##k
#define ANYWHERE(k) AT(const real, k, i)
#define OPERAND(k, count)                                                 \
    const real *const x##k = (const real *)(void *)p[k <= count ? k : 1]; \
    const real s##k = *x##k;                                              \
    (void)s##k;
#define STATISTICS(tag, T, U, name, first, count, value)           \
    static void name##_##tag(SIGNATURE)                            \
    {                                                              \
        typedef T real;                                            \
        OPERAND(1, count)                                          \
        OPERAND(2, count)                                          \
        OPERAND(3, count)                                          \
        OPERAND(4, count)                                          \
        OPERAND(5, count)                                          \
        OPERAND(6, count)                                          \
        (void)s;                                                   \
        bool flat = step[0] == sizeof(T), one = true, each = true; \
        for (int k = 1; k <= count; k++) {                         \
            flat = flat && (k >= first || step[k] == sizeof(T));   \
            one = one && (k < first || step[k] == 0);              \
            each = each && (k < first || step[k] == sizeof(T));    \
        }                                                          \
        real *out = (real *)(void *)p[0];                          \
        if (flat && one) {                                         \
            INDEPENDENT                                            \
            for (int64_t i = 0; i < n; i++)                        \
                out[i] = value(ELEMENT, THE_ONE);                  \
        } else if (flat && each) {                                 \
            INDEPENDENT                                            \
            for (int64_t i = 0; i < n; i++)                        \
                out[i] = value(ELEMENT, ELEMENT);                  \
        } else {                                                   \
            for (int64_t i = 0; i < n; i++)                        \
                AT(real, 0, i) = value(ANYWHERE, ANYWHERE);        \
        }                                                          \
    }
EACH_F(STATISTICS, NORMALIZE, 2, 4, VALUE_NORMALIZE)
EACH_F(STATISTICS, NORMALIZE_SUM, 3, 4, VALUE_NORMALIZE_SUM)
EACH_F(STATISTICS, NORMALIZE_GRAD, 3, 6, VALUE_NORMALIZE_GRAD)
#undef ELEMENT
#undef THE_ONE
#undef ANYWHERE
#undef OPERAND
#undef STATISTICS
