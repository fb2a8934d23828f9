/* product_loops.h - matrix products C <- alpha op(A) op(B) + C, without BLAS; part of loops.c.
 *
 * op(B) is walked in panels of DEPTH rows and as many columns as two vectors hold. A panel that does not lie in memory
 * row by row, or that is narrower, is first copied into one that does, filled up with zeros. Against a panel, HEIGHT
 * rows of op(A) at a time give a tile of C that is held in registers. With few columns, plain dot products are cheaper.
 *
 * Each element of C adds its products in the order of k, DEPTH of them at a time, on every instruction set. */
#pragma once

#include <string.h>

#include "pointwise_loops.h"

enum { HEIGHT = 4, DEPTH = 256 };

/* Vectors of T, in which integers wrap; a single element where the compiler has none. They have 16 bytes on every
 * instruction set: tiny products matter most here, and wider vectors would stay partly empty. */
#if defined(__GNUC__)
#define VECTOR_TYPE(tag, T) typedef T lanes_##tag __attribute__((vector_size(16)))
#define INLINE static inline __attribute__((always_inline))
#else
#define VECTOR_TYPE(tag, T) typedef T lanes_##tag
#define INLINE static inline
#endif
VECTOR_TYPE(f32, float);
VECTOR_TYPE(f64, double);
VECTOR_TYPE(i64, uint64_t);
VECTOR_TYPE(u8, uint8_t);

/* T: as stored and in vectors; U: the type in which a single product and sum wraps or rounds. */
/* clang-format off */ /* it takes products for declarations */
#define PRODUCT(tag, T, U)                                                                                             \
    enum { LANES_OF_##tag = sizeof(lanes_##tag) / sizeof(T), WIDTH_##tag = 2 * LANES_OF_##tag };                       \
                                                                                                                       \
    INLINE void put_##tag(lanes_##tag sum, int64_t columns, bool add, T *c)                                            \
    {                                                                                                                  \
        if (columns >= LANES_OF_##tag) {                                                                               \
            if (add) {                                                                                                 \
                lanes_##tag old;                                                                                       \
                memcpy(&old, c, sizeof old);                                                                           \
                sum += old;                                                                                            \
            }                                                                                                          \
            memcpy(c, &sum, sizeof sum);                                                                               \
        } else {                                                                                                       \
            T part[LANES_OF_##tag];                                                                                    \
            memcpy(part, &sum, sizeof part);                                                                           \
            for (int64_t j = 0; j < columns; j++)                                                                      \
                c[j] = add ? (T)((U)part[j] + (U)c[j]) : part[j];                                                      \
        }                                                                                                              \
    }                                                                                                                  \
                                                                                                                       \
    /* C (4, columns) <- alpha A panel, or that + C; A (4, depth) at steps down and right. `four` rows or one, and */  \
    /* `two` vectors of columns or one, are constants where this is called; the sums are to stay in registers */       \
    INLINE void tile_##tag(bool four, bool two, int64_t columns, int64_t depth, T alpha, const T *A, int64_t down,     \
                           int64_t right, const T *panel, int64_t ldp, bool add, T *C, int64_t ldc)                    \
    {                                                                                                                  \
        lanes_##tag s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, t0 = {0}, t1 = {0}, t2 = {0}, t3 = {0}, b;                 \
        for (int64_t p = 0; p < depth; p++, A += right, panel += ldp) {                                                \
            const T a0 = A[0], a1 = four ? A[down] : 0, a2 = four ? A[2 * down] : 0, a3 = four ? A[3 * down] : 0;      \
            memcpy(&b, panel, sizeof b);                                                                               \
            s0 += b * a0;                                                                                              \
            if (four) {                                                                                                \
                s1 += b * a1;                                                                                          \
                s2 += b * a2;                                                                                          \
                s3 += b * a3;                                                                                          \
            }                                                                                                          \
            if (two) {                                                                                                 \
                memcpy(&b, panel + LANES_OF_##tag, sizeof b);                                                          \
                t0 += b * a0;                                                                                          \
                if (four) {                                                                                            \
                    t1 += b * a1;                                                                                      \
                    t2 += b * a2;                                                                                      \
                    t3 += b * a3;                                                                                      \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
        put_##tag(alpha * s0, columns, add, C);                                                                        \
        if (two)                                                                                                       \
            put_##tag(alpha * t0, columns - LANES_OF_##tag, add, C + LANES_OF_##tag);                                  \
        if (!four)                                                                                                     \
            return;                                                                                                    \
        put_##tag(alpha * s1, columns, add, C + ldc);                                                                  \
        put_##tag(alpha * s2, columns, add, C + 2 * ldc);                                                              \
        put_##tag(alpha * s3, columns, add, C + 3 * ldc);                                                              \
        if (two) {                                                                                                     \
            put_##tag(alpha * t1, columns - LANES_OF_##tag, add, C + ldc + LANES_OF_##tag);                            \
            put_##tag(alpha * t2, columns - LANES_OF_##tag, add, C + 2 * ldc + LANES_OF_##tag);                        \
            put_##tag(alpha * t3, columns - LANES_OF_##tag, add, C + 3 * ldc + LANES_OF_##tag);                        \
        }                                                                                                              \
    }                                                                                                                  \
                                                                                                                       \
    /* The same for m x n elements of C, B and C at steps too, without vectors */                                      \
    static void dots_##tag(int64_t m, int64_t n, int64_t depth, T alpha, const T *A, int64_t down, int64_t right,      \
                           const T *B, int64_t b_down, int64_t b_right, bool add, T *C, int64_t c_down,                \
                           int64_t c_right)                                                                            \
    {                                                                                                                  \
        for (int64_t i = 0; i < m; i += HEIGHT)                                                                        \
            for (int64_t j = 0; j < n; j++) {                                                                          \
                U sum[HEIGHT] = {0};                                                                                   \
                const T *a = A + i * down, *b = B + j * b_right;                                                       \
                const int rows = m - i < HEIGHT ? (int)(m - i) : HEIGHT;                                               \
                if (rows == HEIGHT) {                                                                                  \
                    for (int64_t p = 0; p < depth; p++, a += right, b += b_down)                                       \
                        for (int r = 0; r < HEIGHT; r++)                                                               \
                            sum[r] += (U)a[r * down] * (U)*b;                                                          \
                } else {                                                                                               \
                    for (int64_t p = 0; p < depth; p++, a += right, b += b_down)                                       \
                        for (int r = 0; r < rows; r++)                                                                 \
                            sum[r] += (U)a[r * down] * (U)*b;                                                          \
                }                                                                                                      \
                for (int r = 0; r < rows; r++) {                                                                       \
                    T *c = C + (i + r) * c_down + j * c_right;                                                         \
                    *c = (T)(add ? (U)alpha * sum[r] + (U)*c : (U)alpha * sum[r]);                                     \
                }                                                                                                      \
            }                                                                                                          \
    }                                                                                                                  \
                                                                                                                       \
    static void product_##tag(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, double scale,               \
                              const void *a_in, int64_t lda, const void *b_in, int64_t ldb, bool add, void *c_out,     \
                              int64_t ldc)                                                                             \
    {                                                                                                                  \
        const T *A = a_in, *B = b_in, alpha = (T)(U)scale;                                                             \
        T *C = c_out, copy[DEPTH * WIDTH_##tag];                                                                       \
        const int64_t down = trans_a ? 1 : lda, right = trans_a ? lda : 1;                                             \
        const int64_t b_down = trans_b ? 1 : ldb, b_right = trans_b ? ldb : 1;                                         \
        for (int64_t p = 0; p < k; p += DEPTH, add = true) {                                                           \
            const int64_t depth = k - p < DEPTH ? k - p : DEPTH;                                                       \
            const T *a_part = A + p * right, *b_part = B + p * b_down;                                                 \
            if (n < 4) {                                                                                               \
                dots_##tag(m, n, depth, alpha, a_part, down, right, b_part, b_down, b_right, add, C, ldc, 1);          \
                continue;                                                                                              \
            }                                                                                                          \
            if (m < 4 && trans_b) { /* C^T = op(B)^T op(A)^T: spares the copies of panels */                           \
                dots_##tag(n, m, depth, alpha, b_part, b_right, b_down, a_part, right, down, add, C, 1, ldc);          \
                continue;                                                                                              \
            }                                                                                                          \
            for (int64_t j = 0; j < n; j += WIDTH_##tag) {                                                             \
                const int64_t columns = n - j < WIDTH_##tag ? n - j : WIDTH_##tag;                                     \
                const int64_t width = columns <= LANES_OF_##tag ? LANES_OF_##tag : WIDTH_##tag;                        \
                const T *panel = b_part + j * b_right;                                                                 \
                int64_t ldp = ldb;                                                                                     \
                if (trans_b || columns < width) {                                                                      \
                    for (int64_t r = 0; r < depth; r++) {                                                              \
                        T *row = copy + r * width;                                                                     \
                        for (int64_t c = 0; c < columns; c++)                                                          \
                            row[c] = panel[r * b_down + c * b_right];                                                  \
                        for (int64_t c = columns; c < width; c++)                                                      \
                            row[c] = 0;                                                                                \
                    }                                                                                                  \
                    panel = copy;                                                                                      \
                    ldp = width;                                                                                       \
                }                                                                                                      \
                int64_t i = 0;                                                                                         \
                for (; i + HEIGHT <= m; i += HEIGHT)                                                                   \
                    if (width == WIDTH_##tag)                                                                          \
                        tile_##tag(true, true, columns, depth, alpha, a_part + i * down, down, right, panel, ldp, add, \
                                   C + i * ldc + j, ldc);                                                              \
                    else                                                                                               \
                        tile_##tag(true, false, columns, depth, alpha, a_part + i * down, down, right, panel, ldp,     \
                                   add, C + i * ldc + j, ldc);                                                         \
                for (; i < m; i++)                                                                                     \
                    if (width == WIDTH_##tag)                                                                          \
                        tile_##tag(false, true, columns, depth, alpha, a_part + i * down, down, right, panel, ldp,     \
                                   add, C + i * ldc + j, ldc);                                                         \
                    else                                                                                               \
                        tile_##tag(false, false, columns, depth, alpha, a_part + i * down, down, right, panel, ldp,    \
                                   add, C + i * ldc + j, ldc);                                                         \
            }                                                                                                          \
        }                                                                                                              \
    }
/* clang-format on */
PRODUCT(f32, float, float)
PRODUCT(f64, double, double)
PRODUCT(i64, uint64_t, uint64_t)
PRODUCT(u8, uint8_t, unsigned)
