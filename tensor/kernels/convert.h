/* convert.h - where and cast, whose operands differ in type; part of loops.c. */
#pragma once

#include "pointwise_loops.h"

#define WHERE_LOOP(A, B)                \
    INDEPENDENT                         \
    for (int64_t i = 0; i < n; i++) {   \
        const uint8_t k = condition[i]; \
        out[i] = k ? A : B;             \
    }                                   \
    return;

#define WHERE(tag, T)                                                                      \
    static void where_##tag(SIGNATURE)                                                     \
    {                                                                                      \
        (void)s;                                                                           \
        if (step[0] == sizeof(T) && step[1] == 1) {                                        \
            T *out = (T *)(void *)p[0];                                                    \
            const uint8_t *condition = (const uint8_t *)p[1];                              \
            const T *x = (const T *)(void *)p[2], *y = (const T *)(void *)p[3];            \
            if (step[2] == sizeof(T) && step[3] == sizeof(T)) {                            \
                WHERE_LOOP(x[i], y[i])                                                     \
            }                                                                              \
            if (step[2] == sizeof(T) && step[3] == 0) {                                    \
                const T y0 = *y;                                                           \
                WHERE_LOOP(x[i], y0)                                                       \
            }                                                                              \
            if (step[2] == 0 && step[3] == sizeof(T)) {                                    \
                const T x0 = *x;                                                           \
                WHERE_LOOP(x0, y[i])                                                       \
            }                                                                              \
        }                                                                                  \
        for (int64_t i = 0; i < n; i++)                                                    \
            AT(T, 0, i) = AT(const uint8_t, 1, i) ? AT(const T, 2, i) : AT(const T, 3, i); \
    }
WHERE(f32, float)
WHERE(f64, double)
WHERE(i64, int64_t)
WHERE(u8, uint8_t)

/* How a number x of some type becomes each type. */
#define TO_FLOAT(x) (float)(x)
#define TO_DOUBLE(x) (double)(x)
#define TO_INT64(x) (int64_t)(x)
#define TO_UINT8(x) (uint8_t)(x)
#define TO_BOOL(x) (x) != 0
#define REAL_TO_INT64(x) to_int64((double)(x))
#define REAL_TO_UINT8(x) (uint8_t) to_int64((double)(x)) /* modulo 256 */

#define CAST(from, F, to, T, value)                         \
    static void cast_##from##_##to(SIGNATURE)               \
    {                                                       \
        (void)s;                                            \
        if (step[0] == sizeof(T) && step[1] == sizeof(F)) { \
            T *out = (T *)(void *)p[0];                     \
            const F *x = (const F *)(void *)p[1];           \
            INDEPENDENT                                     \
            for (int64_t i = 0; i < n; i++)                 \
                out[i] = value(x[i]);                       \
            return;                                         \
        }                                                   \
        for (int64_t i = 0; i < n; i++)                     \
            AT(T, 0, i) = value(AT(const F, 1, i));         \
    }
#define CAST_FROM(from, F, INT64, UINT8)  \
    CAST(from, F, f32, float, TO_FLOAT)   \
    CAST(from, F, f64, double, TO_DOUBLE) \
    CAST(from, F, i64, int64_t, INT64)    \
    CAST(from, F, u8, uint8_t, UINT8)     \
    CAST(from, F, b8, uint8_t, TO_BOOL)
CAST_FROM(f32, float, REAL_TO_INT64, REAL_TO_UINT8)
CAST_FROM(f64, double, REAL_TO_INT64, REAL_TO_UINT8)
CAST_FROM(i64, int64_t, TO_INT64, TO_UINT8)
CAST_FROM(u8, uint8_t, TO_INT64, TO_UINT8)

#define CASTS_FROM(from)                                                                            \
    {                                                                                               \
        cast_##from##_f32, cast_##from##_f64, cast_##from##_i64, cast_##from##_u8, cast_##from##_b8 \
    }
