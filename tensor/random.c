/* random.c - random numbers: PyTorch's CPU stream, draw for draw.
 *
 * What turns a generator's words into uniforms, normals, integers and permutations follows PyTorch's CPU kernels as they
 * run on x86-64 with AVX2: how many words each element takes, in which order, and where two roundings are fused into one.
 * So the same seed gives the same bits. A fill takes the lock of its generator once. */
#include "random.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "generator.h"

#define PI 3.14159265358979323846
#define NORMAL_BLOCK 16 /* normals that one Box-Muller step makes */

uint64_t wk_random64(wick_generator *g)
{
    g = wk_generator_lock(g);
    uint64_t word = wk_draw64(g);
    wk_generator_unlock(g);
    return word;
}

/* ---- Uniform and Bernoulli --------------------------------------------------------------------------------------- */

void wk_rand_fill(wick_tensor *t, double low, double high, wick_generator *g)
{
    g = wk_generator_lock(g);
    if (t->dtype == WICK_FLOAT32) {
        float *out = wk_data(t);
        float from = (float)low, to = (float)high, width = to - from;
        for (int64_t i = 0; i < t->numel; i++) {
            float value = fmaf(wk_uniform_float(g), width, from);
            out[i] = value == to ? from : value; /* rounded up onto the end that the interval excludes */
        }
    } else {
        double *out = wk_data(t);
        double width = high - low;
        for (int64_t i = 0; i < t->numel; i++) {
            double value = fma(wk_uniform_double(g), width, low);
            out[i] = value == high ? low : value;
        }
    }
    wk_generator_unlock(g);
}

/* One float64 uniform for each element, as bernoulli_(p) in PyTorch. */
void wk_bernoulli_fill(wick_tensor *t, double p, wick_generator *g)
{
    g = wk_generator_lock(g);
    for (int64_t i = 0; i < t->numel; i++)
        wk_store(t, t->offset + i, wk_uniform_double(g) < p);
    wk_generator_unlock(g);
}

/* ---- Normal: Box-Muller ------------------------------------------------------------------------------------------ */

/* Below, fmaf stands where PyTorch's compiler fused a product with a sum. The polynomials are those of the Cephes
 * library (Moshier), which PyTorch's vector kernel takes from avx_mathfun. */

/* ln x for a normal x > 0: x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), then a polynomial in f. */
static float log_float(float x)
{
    static const float p[] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
                              -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
                              2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    float e = (float)((int32_t)(bits >> 23) - 126);
    bits = (bits & 0x007fffffu) | 0x3f000000u; /* the significand, in [1/2, 1) */
    float f;
    memcpy(&f, &bits, sizeof f);
    if (f < 0.707106781186547524f) {
        e -= 1.0f;
        f = (f - 1.0f) + f;
    } else {
        f -= 1.0f;
    }
    float square = f * f;
    float y = p[0];
    for (int i = 1; i < 9; i++)
        y = fmaf(y, f, p[i]);
    y = fmaf(y * f, square, e * -2.12194440e-4f); /* ln 2 = 0.693359375 - 2.12194440e-4 */
    y = fmaf(-square, 0.5f, y);
    return fmaf(e, 0.693359375f, f + y);
}

/* sin x and cos x for x >= 0: what x is beyond the nearest even multiple of pi/4, then a polynomial for each. */
static void sincos_float(float x, float *sine, float *cosine)
{
    int octant = ((int)(x * 1.27323954473516f) + 1) & ~1; /* 4 / pi */
    float y = (float)octant;
    x = fmaf(y, -0.78515625f, x); /* pi / 4 in three parts */
    x = fmaf(y, -2.4187564849853515625e-4f, x);
    x = fmaf(y, -3.77489497744594108e-8f, x);
    float z = x * x;
    float c = fmaf(2.443315711809948e-5f, z, -1.388731625493765e-3f);
    c = fmaf(c, z, 4.166664568298827e-2f);
    c = fmaf(c * z, z, -(z * 0.5f)) + 1.0f;
    float s = fmaf(-1.9515295891e-4f, z, 8.3321608736e-3f);
    s = fmaf(s, z, -1.6666654611e-1f);
    s = fmaf(s * z, x, x);
    bool swapped = octant & 2;
    float sin_x = swapped ? c : s, cos_x = swapped ? s : c;
    *sine = octant & 4 ? -sin_x : sin_x;
    *cosine = (octant + 2) & 4 ? -cos_x : cos_x;
}

/* Turns 16 uniforms into 16 normals: elements j and j + 8 are a pair. */
static void normal_block_float(float *x, float mean, float std)
{
    for (int j = 0; j < NORMAL_BLOCK / 2; j++) {
        float sine, cosine;
        float radius = sqrtf(-2.0f * log_float(1.0f - x[j]));
        sincos_float((float)(2 * PI) * x[j + 8], &sine, &cosine);
        x[j] = fmaf(radius * cosine, std, mean);
        x[j + 8] = fmaf(radius * sine, std, mean);
    }
}

static void normal_block_double(double *x, double mean, double std)
{
    for (int j = 0; j < NORMAL_BLOCK / 2; j++) {
        double radius = sqrt(-2 * log(1 - x[j]));
        double angle = 2 * PI * x[j + 8];
        x[j] = fma(radius * cos(angle), std, mean);
        x[j + 8] = fma(radius * sin(angle), std, mean);
    }
}

/* One normal, in double, of mean 0 and standard deviation 1: the first of a pair, or the second of the pair before. */
static double normal_one(wick_generator *g)
{
    if (g->has_normal) {
        g->has_normal = false;
        return g->normal;
    }
    double u1 = wk_uniform_double(g);
    double u2 = wk_uniform_double(g);
    double radius = sqrt(-2 * log1p(-u2));
    double angle = 2 * PI * u1;
    g->normal = radius * sin(angle);
    g->has_normal = true;
    return radius * cos(angle);
}

/* The normals of a float32 or float64 tensor of 16 elements or more: uniforms everywhere, then block by block. Where a
 * part of a block is left over, the last 16 elements are drawn anew. */
#define DEFINE_NORMAL_FILL(type)                                                                 \
    static void normal_fill_##type(wick_generator *g, type *out, int64_t n, type mean, type std) \
    {                                                                                            \
        for (int64_t i = 0; i < n; i++) {                                                        \
            out[i] = wk_uniform_##type(g);                                                       \
        }                                                                                        \
        for (int64_t i = 0; i + NORMAL_BLOCK <= n; i += NORMAL_BLOCK) {                          \
            normal_block_##type(out + i, mean, std);                                             \
        }                                                                                        \
        if (n % NORMAL_BLOCK != 0) {                                                             \
            out += n - NORMAL_BLOCK;                                                             \
            for (int i = 0; i < NORMAL_BLOCK; i++) {                                             \
                out[i] = wk_uniform_##type(g);                                                   \
            }                                                                                    \
            normal_block_##type(out, mean, std);                                                 \
        }                                                                                        \
    }
DEFINE_NORMAL_FILL(float)
DEFINE_NORMAL_FILL(double)
#undef DEFINE_NORMAL_FILL

void wk_randn_fill(wick_tensor *t, double mean, double std, wick_generator *g)
{
    g = wk_generator_lock(g);
    if (t->numel < NORMAL_BLOCK) {
        for (int64_t i = 0; i < t->numel; i++) {
            double value = fma(normal_one(g), std, mean);
            if (t->dtype == WICK_FLOAT32) {
                ((float *)wk_data(t))[i] = (float)value;
            } else {
                ((double *)wk_data(t))[i] = value;
            }
        }
    } else if (t->dtype == WICK_FLOAT32) {
        normal_fill_float(g, wk_data(t), t->numel, (float)mean, (float)std);
    } else {
        normal_fill_double(g, wk_data(t), t->numel, mean, std);
    }
    wk_generator_unlock(g);
}

/* ---- Permutations ------------------------------------------------------------------------------------------------ */

/* Fisher-Yates. Where the remainder of a 32-bit word would prefer some elements by more than 5 %, PyTorch takes 64-bit
 * draws, and goes the other way through the array. */
static void permute(wk_mt *mt, int64_t *out, int64_t n)
{
    if (n < UINT32_MAX / 20) {
        for (int64_t i = 0; i < n; i++)
            out[i] = i;
        for (int64_t i = 0; i < n - 1; i++) {
            int64_t j = i + (int64_t)(wk_mt_draw(mt) % (uint32_t)(n - i));
            int64_t kept = out[i];
            out[i] = out[j];
            out[j] = kept;
        }
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        uint64_t high = wk_mt_draw(mt);
        int64_t j = (int64_t)((high << 32 | wk_mt_draw(mt)) % (uint64_t)(i + 1));
        out[i] = i;
        out[i] = out[j];
        out[j] = i;
    }
}

void wk_randperm_fill(int64_t *out, int64_t n, wick_generator *g)
{
    g = wk_generator_lock(g);
    permute(&g->mt, out, n);
    wk_generator_unlock(g);
}

void wk_randperm_seeded(int64_t *out, int64_t n, uint64_t seed)
{
    wk_mt mt;
    wk_mt_seed(&mt, (uint32_t)seed);
    permute(&mt, out, n);
}

/* ---- Creation functions ------------------------------------------------------------------------------------------ */

/* What they share: checks, and a new tensor that the innermost scope owns already, so that nothing can fail once
 * numbers are drawn. */
static wick_tensor *new_random(const char *function, const int64_t *shape, int ndim, wick_dtype dtype, bool floating,
                               bool requires_grad)
{
    int64_t numel;
    if (!wk_check_shape(function, shape, ndim, dtype, &numel))
        return NULL;
    if (floating && !wick_dtype_is_floating(dtype))
        return wick_fail(WICK_ERROR_DTYPE, "wick_%s: dtype %s; it must be float32 or float64", function,
                         wick_dtype_name(dtype));
    wick_tensor_options options = {.size_ = sizeof options, 0, WICK_TENSOR_DEFAULTS};
    options.requires_grad = requires_grad;
    return wk_finish(function, wk_new(shape, ndim, dtype), &options);
}

/* Whether the function named without its wick_ may draw from g. */
static bool valid(const char *function, wick_generator *g)
{
    char name[64];
    snprintf(name, sizeof name, "wick_%s", function);
    return wk_check_generator(name, g);
}

static wick_dtype dtype_or_default(wick_dtype dtype) { return dtype == WICK_DTYPE_AUTO ? wick_default_dtype() : dtype; }

static wick_tensor *new_uniform(const char *function, const int64_t *shape, int ndim, wick_dtype dtype,
                                bool requires_grad, wick_generator *g)
{
    if (!valid(function, g))
        return NULL;
    wick_tensor *t = new_random(function, shape, ndim, dtype_or_default(dtype), true, requires_grad);
    if (t)
        wk_rand_fill(t, 0, 1, g);
    return wk_note_draw(t);
}

static wick_tensor *new_normal(const char *function, double mean, double std, const int64_t *shape, int ndim,
                               wick_dtype dtype, bool requires_grad, wick_generator *g)
{
    if (!valid(function, g))
        return NULL;
    if (!(std >= 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_%s: std is %s; it must be 0 or more", function, WK_REAL(std));
    wick_tensor *t = new_random(function, shape, ndim, dtype_or_default(dtype), true, requires_grad);
    if (t)
        wk_randn_fill(t, mean, std, g);
    return wk_note_draw(t);
}

/* The whole numbers that a dtype holds without a gap. */
static const struct {
    int64_t first, last;
} whole_numbers[WK_DTYPE_COUNT] = {
    [WK_DTYPE_INDEX(WICK_FLOAT32)] = {-(INT64_C(1) << 24), INT64_C(1) << 24},
    [WK_DTYPE_INDEX(WICK_FLOAT64)] = {-(INT64_C(1) << 53), INT64_C(1) << 53},
    [WK_DTYPE_INDEX(WICK_INT64)] = {INT64_MIN, INT64_MAX},
    [WK_DTYPE_INDEX(WICK_UINT8)] = {0, UINT8_MAX},
    [WK_DTYPE_INDEX(WICK_BOOL)] = {0, 1},
};

static void store_whole(wick_tensor *t, int64_t i, int64_t value)
{
    void *data = wk_data(t);
    switch (t->dtype) {
    case WICK_FLOAT32: ((float *)data)[i] = (float)value; break;
    case WICK_FLOAT64: ((double *)data)[i] = (double)value; break;
    case WICK_INT64: ((int64_t *)data)[i] = value; break;
    case WICK_UINT8: ((uint8_t *)data)[i] = (uint8_t)value; break;
    case WICK_BOOL: ((bool *)data)[i] = value != 0; break;
    case WICK_DTYPE_AUTO: break;
    }
}

/* Whether [low, high) is not empty and within the whole numbers that the dtype holds. */
bool wk_check_whole_interval(const char *function, int64_t low, int64_t high, wick_dtype dtype)
{
    if (!wk_check_whole(function, "low", low))
        return false;
    if (high <= low)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the interval [%lld, %lld) is empty; high must be above low", function,
                  (long long)low, (long long)high);
    else if (wk_is_dtype(dtype) &&
             (low < whole_numbers[WK_DTYPE_INDEX(dtype)].first || high - 1 > whole_numbers[WK_DTYPE_INDEX(dtype)].last))
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the interval [%lld, %lld) goes beyond the whole numbers of %s", function,
                  (long long)low, (long long)high, wick_dtype_name(dtype));
    else
        return true;
    return false;
}

void wk_randint_fill(wick_tensor *t, int64_t low, int64_t high, wick_generator *g)
{
    /* A remainder of 32 bits; of 64 where that would prefer some numbers by more than 5 %. */
    uint64_t range = (uint64_t)high - (uint64_t)low;
    bool wide = range >= UINT64_C(1) << 28;
    g = wk_generator_lock(g);
    for (int64_t i = 0; i < t->numel; i++) {
        uint64_t word = wide ? wk_draw64(g) : wk_draw32(g);
        store_whole(t, i, (int64_t)(word % range + (uint64_t)low));
    }
    wk_generator_unlock(g);
}

/* All that the dtype holds from 0 on, by as many words as it has. */
void wk_random_fill(wick_tensor *t, wick_generator *g)
{
    static const uint64_t ranges[WK_DTYPE_COUNT] = {[WK_DTYPE_INDEX(WICK_FLOAT32)] = (UINT64_C(1) << 24) + 1,
                                                    [WK_DTYPE_INDEX(WICK_FLOAT64)] = (UINT64_C(1) << 53) + 1,
                                                    [WK_DTYPE_INDEX(WICK_INT64)] = UINT64_C(1) << 63,
                                                    [WK_DTYPE_INDEX(WICK_UINT8)] = 256,
                                                    [WK_DTYPE_INDEX(WICK_BOOL)] = 2};
    bool wide = t->dtype == WICK_FLOAT64 || t->dtype == WICK_INT64;
    g = wk_generator_lock(g);
    for (int64_t i = 0; i < t->numel; i++)
        store_whole(t, i, (int64_t)((wide ? wk_draw64(g) : wk_draw32(g)) % ranges[WK_DTYPE_INDEX(t->dtype)]));
    wk_generator_unlock(g);
}

static wick_tensor *new_integers(const char *function, int64_t low, int64_t high, const int64_t *shape, int ndim,
                                 wick_dtype dtype, bool requires_grad, wick_generator *g)
{
    char name[64];
    snprintf(name, sizeof name, "wick_%s", function);
    dtype = dtype == WICK_DTYPE_AUTO ? WICK_INT64 : dtype;
    if (!valid(function, g) || !wk_check_whole_interval(name, low, high, dtype))
        return NULL;
    wick_tensor *t = new_random(function, shape, ndim, dtype, false, requires_grad);
    if (t)
        wk_randint_fill(t, low, high, g);
    return wk_note_draw(t);
}

wick_tensor *wick_rand_opt(const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options options = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape("rand", &options, shape, &ndim))
        return NULL;
    return new_uniform("rand", shape, ndim, options.dtype, options.requires_grad, options.generator);
}

wick_tensor *wick_rand_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    WK_ENTER;
    return new_uniform("rand_n", shape, ndim, dtype, false, NULL);
}

static void draw_uniform(wick_tensor *t, const void *unused)
{
    (void)unused;
    wk_rand_fill(t, 0, 1, NULL);
}
static void draw_normal(wick_tensor *t, const void *unused)
{
    (void)unused;
    wk_randn_fill(t, 0, 1, NULL);
}

/* Drawn in t's order of memory, and contiguous. */
static wick_tensor *like(const char *function, const wick_tensor *t, int64_t part, wk_filler *draw)
{
    if (!wick_dtype_is_floating(t->dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: dtype %s; it must be float32 or float64", function,
                         wick_dtype_name(t->dtype));
    wick_tensor *y = wk_own(wk_new_like(t));
    return y && wk_draw_into(y, t, part, draw, NULL) ? wk_note_draw(y) : NULL;
}

wick_tensor *wick_rand_like(wick_tensor *t)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_rand_like", "t"))
        return NULL;
    return like("wick_rand_like", t, 0, draw_uniform);
}

wick_tensor *wick_randn_opt(const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options options = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape("randn", &options, shape, &ndim))
        return NULL;
    return new_normal("randn", 0, 1, shape, ndim, options.dtype, options.requires_grad, options.generator);
}

wick_tensor *wick_randn_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    WK_ENTER;
    return new_normal("randn_n", 0, 1, shape, ndim, dtype, false, NULL);
}

wick_tensor *wick_randn_like(wick_tensor *t)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_randn_like", "t"))
        return NULL;
    return like("wick_randn_like", t, WK_NORMAL_PART, draw_normal);
}

wick_tensor *wick_normal_opt(double mean, double std, const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options options = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape("normal", &options, shape, &ndim))
        return NULL;
    return new_normal("normal", mean, std, shape, ndim, options.dtype, options.requires_grad, options.generator);
}

wick_tensor *wick_randint_opt(int64_t low, int64_t high, const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options options = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape("randint", &options, shape, &ndim))
        return NULL;
    return new_integers("randint", low, high, shape, ndim, options.dtype, options.requires_grad, options.generator);
}

wick_tensor *wick_randint_n(int64_t low, int64_t high, const int64_t *shape, int ndim, wick_dtype dtype)
{
    WK_ENTER;
    return new_integers("randint_n", low, high, shape, ndim, dtype, false, NULL);
}

wick_tensor *wick_randperm_opt(int64_t n, const wick_random_options *given)
{
    WK_ENTER;
    wick_random_options options = WK_OPTIONS(wick_random_options, 0, given);
    if (!valid("randperm", options.generator))
        return NULL;
    wick_tensor *t = new_random("randperm", &n, 1, WICK_INT64, false, false);
    if (t)
        wk_randperm_fill(wk_data(t), n, options.generator);
    return wk_note_draw(t);
}
