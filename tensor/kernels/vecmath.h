/* vecmath.h - functions of the vector mathematics library over contiguous arrays; part of loops.c.
 *
 * With SLEEF (Shibata and Petrogalli 2020) an array goes through the vector functions with 1.0 ulp bound (of some, there
 * is only a wider one), in the widest registers that this copy of loops.c is compiled for. What is left at its end goes
 * through the same function in a partly filled register, so that the value for an element depends neither on its place
 * nor on the length of the array. Without SLEEF these are the functions of the C library, one element at a time. Output
 * may be the input's own memory. */
#pragma once

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(WICK_HAVE_SLEEF) && (defined(__x86_64__) || defined(__aarch64__))
#include <sleef.h>
#define VECTOR_MATH 1
#endif

/* For each type: the vector type, its number of lanes, and the name of a function. */
#if defined(VECTOR_MATH) && defined(__AVX512F__)
typedef __m512 vector_f32;
typedef __m512d vector_f64;
enum { LANES_f32 = 16, LANES_f64 = 8 };
#define MATH_f32(function, bound) Sleef_##function##f16_##bound##avx512f
#define MATH_f64(function, bound) Sleef_##function##d8_##bound##avx512f
#elif defined(VECTOR_MATH) && defined(__AVX2__)
typedef __m256 vector_f32;
typedef __m256d vector_f64;
enum { LANES_f32 = 8, LANES_f64 = 4 };
#define MATH_f32(function, bound) Sleef_##function##f8_##bound##avx2
#define MATH_f64(function, bound) Sleef_##function##d4_##bound##avx2
#elif defined(VECTOR_MATH)
/* On x86-64 these choose by themselves, at run time, between SSE and 128-bit AVX2. */
#if defined(__x86_64__)
typedef __m128 vector_f32;
typedef __m128d vector_f64;
#else
typedef float32x4_t vector_f32;
typedef float64x2_t vector_f64;
#endif
enum { LANES_f32 = 4, LANES_f64 = 2 };
#define MATH_f32(function, bound) Sleef_##function##f4_##bound
#define MATH_f64(function, bound) Sleef_##function##d2_##bound
#else
typedef float vector_f32;
typedef double vector_f64;
enum { LANES_f32 = 1, LANES_f64 = 1 };
#define MATH_f32(function, bound) function##f
#define MATH_f64(function, bound) function
#endif

/* The first n lanes from or to memory; the other lanes read as 0 and are not written. */
#if defined(VECTOR_MATH) && defined(__AVX512F__)
static inline vector_f32 load_part_f32(const float *x, int64_t n)
{
    return _mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), x);
}
static inline vector_f64 load_part_f64(const double *x, int64_t n)
{
    return _mm512_maskz_loadu_pd((__mmask8)((1u << n) - 1), x);
}
static inline void store_part_f32(float *y, int64_t n, vector_f32 v)
{
    _mm512_mask_storeu_ps(y, (__mmask16)((1u << n) - 1), v);
}
static inline void store_part_f64(double *y, int64_t n, vector_f64 v)
{
    _mm512_mask_storeu_pd(y, (__mmask8)((1u << n) - 1), v);
}
#elif defined(VECTOR_MATH) && defined(__AVX2__)
/* LANES - n words into this lies a mask with the first n lanes set. */
static const int32_t mask_words[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

static inline __m256i part_mask(int64_t lanes32)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)(mask_words + 8 - lanes32));
}
static inline vector_f32 load_part_f32(const float *x, int64_t n) { return _mm256_maskload_ps(x, part_mask(n)); }
static inline vector_f64 load_part_f64(const double *x, int64_t n) { return _mm256_maskload_pd(x, part_mask(2 * n)); }
static inline void store_part_f32(float *y, int64_t n, vector_f32 v) { _mm256_maskstore_ps(y, part_mask(n), v); }
static inline void store_part_f64(double *y, int64_t n, vector_f64 v) { _mm256_maskstore_pd(y, part_mask(2 * n), v); }
#else
#define PART(tag, T)                                                     \
    static inline vector_##tag load_part_##tag(const T *x, int64_t n)    \
    {                                                                    \
        T lane[LANES_##tag] = {0};                                       \
        for (int64_t i = 0; i < n; i++)                                  \
            lane[i] = x[i];                                              \
        vector_##tag v;                                                  \
        memcpy(&v, lane, sizeof v);                                      \
        return v;                                                        \
    }                                                                    \
    static inline void store_part_##tag(T *y, int64_t n, vector_##tag v) \
    {                                                                    \
        T lane[LANES_##tag];                                             \
        memcpy(lane, &v, sizeof v);                                      \
        for (int64_t i = 0; i < n; i++)                                  \
            y[i] = lane[i];                                              \
    }
PART(f32, float)
PART(f64, double)
#undef PART
#endif

#define VECTOR_UNARY(name, tag, T, value)                    \
    static void v##name##_##tag(int64_t n, const T *x, T *y) \
    {                                                        \
        int64_t i = 0;                                       \
        vector_##tag a;                                      \
        for (; i + LANES_##tag <= n; i += LANES_##tag) {     \
            memcpy(&a, x + i, sizeof a);                     \
            a = value;                                       \
            memcpy(y + i, &a, sizeof a);                     \
        }                                                    \
        if (i < n) {                                         \
            a = load_part_##tag(x + i, n - i);               \
            store_part_##tag(y + i, n - i, value);           \
        }                                                    \
    }
#define VECTOR_FUNCTION(unused, name, function, bound)               \
    VECTOR_UNARY(function, f32, float, MATH_f32(function, bound)(a)) \
    VECTOR_UNARY(function, f64, double, MATH_f64(function, bound)(a))
WK_MATH_FUNCTIONS(VECTOR_FUNCTION, )
VECTOR_UNARY(sigmoid, f32, float, 1.0f / (1.0f + MATH_f32(exp, u10)(-a)))
VECTOR_UNARY(sigmoid, f64, double, 1.0 / (1.0 + MATH_f64(exp, u10)(-a)))
VECTOR_UNARY(erf, f64, double, MATH_f64(erf, u10)(a))
#undef VECTOR_FUNCTION
#undef VECTOR_UNARY

/* erf of float32: a polynomial, and 1 - e^polynomial from 0.9277 on; 1.2 units in the last place at most, of all floats, and
 * several times as fast as SLEEF's. Coefficients: N. Juffa, https://stackoverflow.com/a/35148199 */
static void verf_f32(int64_t n, const float *x, float *y)
{
    enum { BLOCK = 256 };
    float e[BLOCK];
    for (int64_t i = 0; i < n; i += BLOCK) {
        const int64_t m = n - i < BLOCK ? n - i : BLOCK;
        for (int64_t j = 0; j < m; j++) {
            const float size = fabsf(x[i + j]), t = size > 4.5F ? 4.5F : size, s = t * t;
            const float high = -1.72853470e-5F * t + 3.83197126e-4F, low = -3.88396438e-3F * t + 2.42546219e-2F;
            const float r = ((high * s + low) * t - 1.06777877e-1F) * t - 6.34846687e-1F;
            e[j] = (r * t - 1.28717512e-1F) * t - t;
        }
        vexp_f32(m, e, e);
        for (int64_t j = 0; j < m; j++) {
            const float a = x[i + j], s = a * a, far = copysignf(1 - e[j], a);
            const float r = (-5.96761703e-4F * s + 4.99119423e-3F) * s - 2.67681349e-2F;
            const float near = (((r * s + 1.12819925e-1F) * s - 3.76125336e-1F) * s + 1.28379166e-1F) * a + a;
            y[i + j] = fabsf(a) > 0.927734375F ? far : near;
        }
    }
}

/* The functions of two arguments, x first. */
#define VECTOR_BINARY(name, tag, T, bound)                                   \
    static void v##name##_##tag(int64_t n, const T *x, const T *y, T *out)   \
    {                                                                        \
        int64_t i = 0;                                                       \
        vector_##tag a, b;                                                   \
        for (; i + LANES_##tag <= n; i += LANES_##tag) {                     \
            memcpy(&a, x + i, sizeof a);                                     \
            memcpy(&b, y + i, sizeof b);                                     \
            a = MATH_##tag(name, bound)(a, b);                               \
            memcpy(out + i, &a, sizeof a);                                   \
        }                                                                    \
        if (i < n) {                                                         \
            a = load_part_##tag(x + i, n - i);                               \
            b = load_part_##tag(y + i, n - i);                               \
            store_part_##tag(out + i, n - i, MATH_##tag(name, bound)(a, b)); \
        }                                                                    \
    }
#define VECTOR_BINARIES(name, bound)       \
    VECTOR_BINARY(name, f32, float, bound) \
    VECTOR_BINARY(name, f64, double, bound)
VECTOR_BINARIES(pow, u10)
VECTOR_BINARIES(atan2, u10)
VECTOR_BINARIES(hypot, u05)
#undef VECTOR_BINARIES
#undef VECTOR_BINARY
