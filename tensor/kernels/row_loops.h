/* row_loops.h - loops that look at a whole row of elements: folds, moments, argmax, argmin, softmax; part of loops.c. */
#pragma once

#include "pointwise_loops.h"

/* The element at index i of a row that starts at x and has a step. */
#define ROW(T, i) (*(const T *)(const void *)(x + step * (i)))

/* ---- Sums: the same order of additions on every instruction set ---------------------------------
 *
 * A block of SUM_BLOCK elements is summed in 16 lanes, lane j taking every 16th element from j on, and the lanes are
 * then added in pairs. Blocks are added pairwise, as a binary counter: partial[l] holds the sum of 2^l blocks. The
 * rounding error thus grows with the logarithm of n. What is summed is term(a) of each element a. */
enum { SUM_BLOCK = 512, SUM_LANES = 16 };

#define SUM_REAL(tag, T, U, name, term)                                          \
    static T block_##name##_##tag(int64_t n, const char *x, int64_t step)        \
    {                                                                            \
        if (n < SUM_LANES) {                                                     \
            T total = 0;                                                         \
            for (int64_t i = 0; i < n; i++)                                      \
                total += term(tag, ROW(T, i));                                   \
            return total;                                                        \
        }                                                                        \
        T lane[SUM_LANES] = {0};                                                 \
        int64_t i = 0;                                                           \
        if (step == sizeof(T)) {                                                 \
            const T *v = (const T *)(const void *)x;                             \
            for (; i + SUM_LANES <= n; i += SUM_LANES)                           \
                for (int j = 0; j < SUM_LANES; j++)                              \
                    lane[j] += term(tag, v[i + j]);                              \
        } else {                                                                 \
            for (; i + SUM_LANES <= n; i += SUM_LANES)                           \
                for (int j = 0; j < SUM_LANES; j++)                              \
                    lane[j] += term(tag, ROW(T, i + j));                         \
        }                                                                        \
        for (int j = 0; j < SUM_LANES && i < n; i++, j++)                        \
            lane[j] += term(tag, ROW(T, i));                                     \
        for (int width = SUM_LANES / 2; width; width /= 2)                       \
            for (int j = 0; j < width; j++)                                      \
                lane[j] += lane[j + width];                                      \
        return lane[0];                                                          \
    }                                                                            \
    static void name##_##tag(int64_t n, const char *x, int64_t step, void *out)  \
    {                                                                            \
        T partial[56], total = 0;                                                \
        uint64_t blocks = 0; /* before this one */                               \
        for (; n > SUM_BLOCK; n -= SUM_BLOCK, x += SUM_BLOCK * step, blocks++) { \
            total = block_##name##_##tag(SUM_BLOCK, x, step);                    \
            int level = 0;                                                       \
            for (uint64_t carry = blocks; carry & 1; carry >>= 1)                \
                total = partial[level++] + total;                                \
            partial[level] = total;                                              \
        }                                                                        \
        total = block_##name##_##tag(n, x, step);                                \
        for (int level = 0; blocks; blocks >>= 1, level++)                       \
            if (blocks & 1)                                                      \
                total = partial[level] + total;                                  \
        *(T *)out = total;                                                       \
    }
#define TERM(tag, a) (a)
#define TERM_ABS(tag, a) abs_##tag(a)
#define TERM_SQUARE(tag, a) ((a) * (a))
EACH_F(SUM_REAL, sum, TERM)
EACH_F(SUM_REAL, sum_abs, TERM_ABS)
EACH_F(SUM_REAL, sum_squares, TERM_SQUARE)

#define FOLD_TO_INT64(tag, T, name, first, op)                                  \
    static void name##_##tag(int64_t n, const char *x, int64_t step, void *out) \
    {                                                                           \
        uint64_t total = first;                                                 \
        if (step == sizeof(T)) {                                                \
            const T *v = (const T *)(const void *)x;                            \
            for (int64_t i = 0; i < n; i++)                                     \
                total op(uint64_t) v[i];                                        \
        } else {                                                                \
            for (int64_t i = 0; i < n; i++)                                     \
                total op(uint64_t) ROW(T, i);                                   \
        }                                                                       \
        *(int64_t *)out = (int64_t)total;                                       \
    }
FOLD_TO_INT64(i64, int64_t, sum, 0, +=)
FOLD_TO_INT64(u8, uint8_t, sum, 0, +=)
FOLD_TO_INT64(i64, int64_t, prod, 1, *=)
FOLD_TO_INT64(u8, uint8_t, prod, 1, *=)

/* ---- Other folds, of a value of pointwise_loops.h: 32 lanes, which are then folded in pairs ----------- */

enum { FOLD_LANES = 32 };

#define FOLD_LANE(tag, T, U, value, j, other) \
    {                                         \
        const T a = lane[j], b = other;       \
        lane[j] = value(tag, T, U);           \
    }

#define FOLD(tag, T, U, name, value)                                            \
    static void name##_##tag(int64_t n, const char *x, int64_t step, void *out) \
    {                                                                           \
        T total = ROW(T, 0);                                                    \
        int64_t i = 1;                                                          \
        if (step == sizeof(T) && n >= 2 * FOLD_LANES) {                         \
            const T *v = (const T *)(const void *)x;                            \
            T lane[FOLD_LANES];                                                 \
            memcpy(lane, v, sizeof lane);                                       \
            for (i = FOLD_LANES; i + FOLD_LANES <= n; i += FOLD_LANES)          \
                for (int j = 0; j < FOLD_LANES; j++)                            \
                    FOLD_LANE(tag, T, U, value, j, v[i + j])                    \
            for (int j = 0; j < 16; j++)                                        \
                FOLD_LANE(tag, T, U, value, j, lane[j + 16])                    \
            for (int j = 0; j < 8; j++)                                         \
                FOLD_LANE(tag, T, U, value, j, lane[j + 8])                     \
            for (int j = 0; j < 4; j++)                                         \
                FOLD_LANE(tag, T, U, value, j, lane[j + 4])                     \
            FOLD_LANE(tag, T, U, value, 0, lane[2])                             \
            FOLD_LANE(tag, T, U, value, 1, lane[3])                             \
            FOLD_LANE(tag, T, U, value, 0, lane[1])                             \
            total = lane[0];                                                    \
        }                                                                       \
        for (; i < n; i++) {                                                    \
            const T a = total, b = ROW(T, i);                                   \
            total = value(tag, T, U);                                           \
        }                                                                       \
        *(T *)out = total;                                                      \
    }
EACH_F(FOLD, prod, VALUE_MUL)
EACH_N(FOLD, largest, VALUE_MAXIMUM)
EACH_N(FOLD, smallest, VALUE_MINIMUM)

/* ---- Folds of columns: four rows at a time, one after the other, for each load and store of a total ---- */

/* t folded with element j of the row at v */
#define FOLD_ROW(tag, T, U, value, term, t, v)                           \
    {                                                                    \
        const T a = t, b = term(tag, ((const T *)(const void *)(v))[j]); \
        t = value(tag, T, U);                                            \
    }

#define FOLD_COLUMNS(tag, T, U, name, value, term)                                                                     \
    static void name##_columns_##tag(int64_t rows, int64_t columns, const char *x, int64_t step, void *out, bool more) \
    {                                                                                                                  \
        T *total = out;                                                                                                \
        int64_t r = 0;                                                                                                 \
        if (!more) {                                                                                                   \
            for (int64_t j = 0; j < columns; j++)                                                                      \
                total[j] = term(tag, ((const T *)(const void *)x)[j]);                                                 \
            r = 1;                                                                                                     \
        }                                                                                                              \
        for (; r + 4 <= rows; r += 4) {                                                                                \
            const char *row = x + r * step;                                                                            \
            INDEPENDENT                                                                                                \
            for (int64_t j = 0; j < columns; j++) {                                                                    \
                T t = total[j];                                                                                        \
                FOLD_ROW(tag, T, U, value, term, t, row)                                                               \
                FOLD_ROW(tag, T, U, value, term, t, row + step)                                                        \
                FOLD_ROW(tag, T, U, value, term, t, row + 2 * step)                                                    \
                FOLD_ROW(tag, T, U, value, term, t, row + 3 * step)                                                    \
                total[j] = t;                                                                                          \
            }                                                                                                          \
        }                                                                                                              \
        for (; r < rows; r++) {                                                                                        \
            INDEPENDENT                                                                                                \
            for (int64_t j = 0; j < columns; j++)                                                                      \
                FOLD_ROW(tag, T, U, value, term, total[j], x + r * step)                                               \
        }                                                                                                              \
    }
EACH_F(FOLD_COLUMNS, sum, VALUE_ADD, TERM)
EACH_F(FOLD_COLUMNS, sum_abs, VALUE_ADD, TERM_ABS)
EACH_F(FOLD_COLUMNS, sum_squares, VALUE_ADD, TERM_SQUARE)
EACH_F(FOLD_COLUMNS, prod, VALUE_MUL, TERM)
FOLD_COLUMNS(i64, int64_t, uint64_t, sum, VALUE_ADD, TERM)
FOLD_COLUMNS(i64, int64_t, uint64_t, prod, VALUE_MUL, TERM)
EACH_N(FOLD_COLUMNS, largest, VALUE_MAXIMUM, TERM)
EACH_N(FOLD_COLUMNS, smallest, VALUE_MINIMUM, TERM)

/* ---- Mean and squared deviations from it, in double: two passes ---------------------------------
 *
 * The mean is found by its distance from the first element, so that of equal elements the deviations are exactly 0. */
#define MOMENTS(tag, T, U, name)                                                                    \
    static void name##_##tag(int64_t n, const char *x, int64_t step, double *mean, double *squares) \
    {                                                                                               \
        const bool packed = step == sizeof(T);                                                      \
        const T *v = (const T *)(const void *)x;                                                    \
        double from = (double)*v, total = 0;                                                        \
        for (int pass = 0; pass < 2; pass++) {                                                      \
            double lane[SUM_LANES] = {0};                                                           \
            int64_t i = 0;                                                                          \
            for (; packed && pass == 0 && i + SUM_LANES <= n; i += SUM_LANES)                       \
                for (int j = 0; j < SUM_LANES; j++)                                                 \
                    lane[j] += (double)v[i + j] - from;                                             \
            for (; packed && pass == 1 && i + SUM_LANES <= n; i += SUM_LANES)                       \
                for (int j = 0; j < SUM_LANES; j++)                                                 \
                    lane[j] += ((double)v[i + j] - from) * ((double)v[i + j] - from);               \
            for (; i < n; i++) {                                                                    \
                const double d = (double)ROW(T, i) - from;                                          \
                lane[i % SUM_LANES] += pass == 0 ? d : d * d;                                       \
            }                                                                                       \
            total = 0;                                                                              \
            for (int j = 0; j < SUM_LANES; j++)                                                     \
                total += lane[j];                                                                   \
            if (pass == 0)                                                                          \
                from += total / (double)n;                                                          \
        }                                                                                           \
        *mean = from;                                                                               \
        *squares = total;                                                                           \
    }
EACH_F(MOMENTS, moments)

/* ---- Position of an extreme element ------------------------------------------------------------- */

#define IS_NAN_REAL(a) ((a) != (a))
#define IS_NAN_INTEGER(a) false

#define ARG(name, tag, T, better, is_nan)                               \
    static int64_t name##_##tag(int64_t n, const char *x, int64_t step) \
    {                                                                   \
        int64_t at = 0;                                                 \
        T best = ROW(T, 0);                                             \
        for (int64_t i = 0; i < n; i++) {                               \
            const T a = ROW(T, i);                                      \
            if (is_nan(a))                                              \
                return i;                                               \
            if (a better best) {                                        \
                best = a;                                               \
                at = i;                                                 \
            }                                                           \
        }                                                               \
        return at;                                                      \
    }
ARG(argmax, f32, float, >, IS_NAN_REAL)
ARG(argmax, f64, double, >, IS_NAN_REAL)
ARG(argmax, i64, int64_t, >, IS_NAN_INTEGER)
ARG(argmax, u8, uint8_t, >, IS_NAN_INTEGER)
ARG(argmin, f32, float, <, IS_NAN_REAL)
ARG(argmin, f64, double, <, IS_NAN_REAL)
ARG(argmin, i64, int64_t, <, IS_NAN_INTEGER)
ARG(argmin, u8, uint8_t, <, IS_NAN_INTEGER)

/* ---- Softmax of rows of n contiguous elements ---------------------------------------------------
 *
 *     y = e^(x - M) / S      log_softmax: y = x - M - log S      M = max x, S = sum of e^(x - M)
 *
 * exp is taken over as many rows at a time as make a good length for it. A row with a NaN or an infinite M is all
 * NaN. */
#define ROW_MAX(tag, T)                                                \
    static T row_max_##tag(int64_t n, const T *x)                      \
    {                                                                  \
        T lane[SUM_LANES], best = x[0];                                \
        int64_t i = 0;                                                 \
        if (n >= 2 * SUM_LANES) {                                      \
            memcpy(lane, x, sizeof lane);                              \
            for (i = SUM_LANES; i + SUM_LANES <= n; i += SUM_LANES)    \
                for (int j = 0; j < SUM_LANES; j++)                    \
                    lane[j] = x[i + j] > lane[j] ? x[i + j] : lane[j]; \
            for (int j = 0; j < SUM_LANES; j++)                        \
                best = lane[j] > best ? lane[j] : best;                \
        }                                                              \
        for (; i < n; i++)                                             \
            best = x[i] > best ? x[i] : best;                          \
        return best;                                                   \
    }
ROW_MAX(f32, float)
ROW_MAX(f64, double)

/* clang-format off */ /* it takes products for declarations */
#define SOFTMAX(tag, T, U, name)                                                                   \
    static void name##_##tag(bool log_of, int64_t rows, int64_t n, const void *in, void *result)   \
    {                                                                                              \
        enum { BUFFER = 1024 };                                                                    \
        T e[BUFFER], sum, part;                                                                    \
        const T *x = in;                                                                           \
        T *y = result;                                                                             \
        int64_t together = n < BUFFER ? BUFFER / n : 1; /* rows */                                 \
        for (int64_t row = 0; row < rows; row += together, x += together * n, y += together * n) { \
            if (together > rows - row)                                                             \
                together = rows - row;                                                             \
            for (int64_t r = 0; r < together; r++) {                                               \
                const T *x_row = x + r * n, max = row_max_##tag(n, x_row);                         \
                T *y_row = y + r * n;                                                              \
                INDEPENDENT                                                                        \
                for (int64_t i = 0; i < n; i++)                                                    \
                    y_row[i] = x_row[i] - max;                                                     \
            }                                                                                      \
            if (!log_of) {                                                                         \
                vexp_##tag(together * n, y, y);                                                    \
                for (int64_t r = 0; r < together; r++) {                                           \
                    T *y_row = y + r * n;                                                          \
                    sum_##tag(n, (const char *)y_row, sizeof(T), &sum);                            \
                    for (int64_t i = 0; i < n; i++)                                                \
                        y_row[i] /= sum;                                                           \
                }                                                                                  \
                continue;                                                                          \
            }                                                                                      \
            if (n <= BUFFER)                                                                       \
                vexp_##tag(together * n, y, e);                                                    \
            for (int64_t r = 0; r < together; r++) {                                               \
                T *y_row = y + r * n;                                                              \
                if (n <= BUFFER) {                                                                 \
                    sum_##tag(n, (const char *)(e + r * n), sizeof(T), &sum);                      \
                } else {                                                                           \
                    double total = 0;                                                              \
                    for (int64_t i = 0; i < n; i += BUFFER) {                                      \
                        const int64_t m = n - i < BUFFER ? n - i : BUFFER;                         \
                        vexp_##tag(m, y_row + i, e);                                               \
                        sum_##tag(m, (const char *)e, sizeof(T), &part);                           \
                        total += (double)part;                                                     \
                    }                                                                              \
                    sum = (T)total;                                                                \
                }                                                                                  \
                vlog_##tag(1, &sum, &sum);                                                         \
                for (int64_t i = 0; i < n; i++)                                                    \
                    y_row[i] -= sum;                                                               \
            }                                                                                      \
        }                                                                                          \
    }
/* clang-format on */
EACH_F(SOFTMAX, softmax)

/* dx = y (dy - sum of dy y)      log_softmax: dx = dy - e^y sum of dy */
#define SOFTMAX_GRAD(tag, T, U, name)                                                                                 \
    static void name##_##tag(bool log_of, int64_t rows, int64_t n, const void *dy_in, const void *y_in, void *result) \
    {                                                                                                                 \
        enum { BUFFER = 1024 };                                                                                       \
        T e[BUFFER], sum, part;                                                                                       \
        for (int64_t row = 0; row < rows; row++) {                                                                    \
            const T *dy = (const T *)dy_in + row * n, *y = (const T *)y_in + row * n;                                 \
            T *dx = (T *)result + row * n;                                                                            \
            if (log_of) {                                                                                             \
                sum_##tag(n, (const char *)dy, sizeof(T), &sum);                                                      \
                for (int64_t at = 0; at < n; at += BUFFER) {                                                          \
                    const int64_t m = n - at < BUFFER ? n - at : BUFFER;                                              \
                    vexp_##tag(m, y + at, e);                                                                         \
                    INDEPENDENT                                                                                       \
                    for (int64_t i = 0; i < m; i++)                                                                   \
                        dx[at + i] = dy[at + i] - e[i] * sum;                                                         \
                }                                                                                                     \
                continue;                                                                                             \
            }                                                                                                         \
            double total = 0;                                                                                         \
            for (int64_t at = 0; at < n; at += BUFFER) {                                                              \
                const int64_t m = n - at < BUFFER ? n - at : BUFFER;                                                  \
                for (int64_t i = 0; i < m; i++)                                                                       \
                    e[i] = dy[at + i] * y[at + i];                                                                    \
                sum_##tag(m, (const char *)e, sizeof(T), &part);                                                      \
                total += (double)part;                                                                                \
            }                                                                                                         \
            sum = (T)total;                                                                                           \
            INDEPENDENT                                                                                               \
            for (int64_t i = 0; i < n; i++)                                                                           \
                dx[i] = y[i] * (dy[i] - sum);                                                                         \
        }                                                                                                             \
    }
EACH_F(SOFTMAX_GRAD, softmax_grad)
