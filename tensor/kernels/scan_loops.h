/* scan_loops.h - running totals along a dimension, and first-order recurrences; part of loops.c.
 *
 * A tensor is (outer, n, inner), contiguous, and the totals run along n. Each total waits for the one before it, so several
 * run side by side: SIDE rows where inner is 1, columns otherwise. */
#pragma once

#include "pointwise_loops.h"

enum { SIDE = 4, SCAN_TILE = 64 };

/* Of (n, inner) at x: columns [0, width), width <= SCAN_TILE, rows first to last by step elements. A: type of a total. */
#define SCAN(tag, T, A, name, start, op)                                                                       \
    static void name##_tile_##tag(int64_t n, int64_t step, int64_t width, const T *x, T *y)                    \
    {                                                                                                          \
        A total[SCAN_TILE];                                                                                    \
        for (int64_t j = 0; j < width; j++)                                                                    \
            total[j] = start;                                                                                  \
        for (int64_t i = 0; i < n; i++, x += step, y += step) {                                                \
            INDEPENDENT                                                                                        \
            for (int64_t j = 0; j < width; j++) {                                                              \
                total[j] = total[j] op(A) x[j];                                                                \
                y[j] = (T)total[j];                                                                            \
            }                                                                                                  \
        }                                                                                                      \
    }                                                                                                          \
    static void name##_##tag(int64_t outer, int64_t n, int64_t inner, bool reverse, const void *in, void *out) \
    {                                                                                                          \
        const int64_t step = reverse ? -inner : inner, first = reverse ? (n - 1) * inner : 0;                  \
        const T *x = (const T *)in + first;                                                                    \
        T *y = (T *)out + first;                                                                               \
        int64_t o = 0;                                                                                         \
        for (; inner == 1 && o + SIDE <= outer; o += SIDE, x += SIDE * n, y += SIDE * n) {                     \
            A a = start, b = start, c = start, d = start;                                                      \
            for (int64_t i = 0, at = 0; i < n; i++, at += step) {                                              \
                y[at] = (T)(a = a op(A) x[at]);                                                                \
                y[at + n] = (T)(b = b op(A) x[at + n]);                                                        \
                y[at + 2 * n] = (T)(c = c op(A) x[at + 2 * n]);                                                \
                y[at + 3 * n] = (T)(d = d op(A) x[at + 3 * n]);                                                \
            }                                                                                                  \
        }                                                                                                      \
        for (; o < outer; o++, x += n * inner, y += n * inner)                                                 \
            for (int64_t j = 0; j < inner; j += SCAN_TILE)                                                     \
                name##_tile_##tag(n, step, inner - j < SCAN_TILE ? inner - j : SCAN_TILE, x + j, y + j);       \
    }
SCAN(f32, float, double, scan_sum, 0, +)
SCAN(f64, double, double, scan_sum, 0, +)
SCAN(i64, int64_t, uint64_t, scan_sum, 0, +)
SCAN(f32, float, double, scan_prod, 1, *)
SCAN(f64, double, double, scan_prod, 1, *)
SCAN(i64, int64_t, uint64_t, scan_prod, 1, *)

/* y_k = b_k + a_k y_(k-1), where y_(k-1) of the first is 0 */
#define RECURRENCE(tag, T, U, name)                                                                   \
    static void name##_##tag(int64_t outer, int64_t n, int64_t inner, bool reverse, const void *in_a, \
                             const void *in_b, void *out)                                             \
    {                                                                                                 \
        const int64_t step = reverse ? -inner : inner, first = reverse ? (n - 1) * inner : 0;         \
        const T *a = (const T *)in_a + first, *b = (const T *)in_b + first;                           \
        T *y = (T *)out + first;                                                                      \
        for (int64_t o = 0; o < outer; o++, a += n * inner, b += n * inner, y += n * inner) {         \
            memmove(y, b, (size_t)inner * sizeof(T));                                                 \
            for (int64_t i = 1; i < n; i++) {                                                         \
                const T *a_row = a + i * step, *b_row = b + i * step;                                 \
                T *y_row = y + i * step;                                                              \
                for (int64_t j = 0; j < inner; j++)                                                   \
                    y_row[j] = b_row[j] + a_row[j] * y_row[j - step];                                 \
            }                                                                                         \
        }                                                                                             \
    }
EACH_F(RECURRENCE, recurrence)
