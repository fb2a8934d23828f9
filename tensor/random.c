/* random.c - random numbers: PyTorch's CPU stream, draw for draw.
 *
 * The generator is MT19937 (Matsumoto and Nishimura 1998), seeded from the low 32 bits of the seed. What turns its
 * words into uniforms, normals, integers and permutations follows PyTorch's CPU kernels as they run on x86-64 with
 * AVX2: how many words each element takes, in which order, and where two roundings are fused into one. So the same seed
 * gives the same bits. Normals in float64, and those of tensors of fewer than 16 elements, rest on the C library's sin,
 * cos, log and log1p; another C library may round these differently.
 *
 * A fill takes the lock of the default generator once. */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "internal.h"

#define STATE_WORDS 624
#define STATE_MIDDLE 397
#define PI 3.14159265358979323846
#define NORMAL_BLOCK 16 /* normals that one Box-Muller step makes */

/* ---- The generator ----------------------------------------------------------------------------------------------- */

typedef struct generator {
    uint32_t state[STATE_WORDS];
    int next;        /* of state, the word to hand out next */
    bool has_normal; /* Box-Muller makes normals in pairs; the second of one waits here */
    double normal;
} generator;

static void seed_generator(generator *g, uint64_t seed)
{
    g->state[0] = (uint32_t)seed;
    for (uint32_t i = 1; i < STATE_WORDS; i++) {
        uint32_t before = g->state[i - 1];
        g->state[i] = 1812433253u * (before ^ (before >> 30)) + i;
    }
    g->next = STATE_WORDS;
    g->has_normal = false;
}

static uint32_t twist(uint32_t high, uint32_t low)
{
    uint32_t joined = (high & 0x80000000u) | (low & 0x7fffffffu);
    return (joined >> 1) ^ (low & 1u ? 0x9908b0dfu : 0u);
}

static void next_state(generator *g)
{
    const int n = STATE_WORDS, m = STATE_MIDDLE;
    uint32_t *s = g->state;
    for (int i = 0; i < n - m; i++)
        s[i] = s[i + m] ^ twist(s[i], s[i + 1]);
    for (int i = n - m; i < n - 1; i++)
        s[i] = s[i + m - n] ^ twist(s[i], s[i + 1]);
    s[n - 1] = s[m - 1] ^ twist(s[n - 1], s[0]);
    g->next = 0;
}

static inline uint32_t draw32(generator *g)
{
    if (g->next == STATE_WORDS)
        next_state(g);
    uint32_t y = g->state[g->next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

/* Two words, the first one high. */
static inline uint64_t draw64(generator *g)
{
    uint64_t high = draw32(g);
    return (high << 32) | draw32(g);
}

/* Uniform on [0, 1): as many of the low bits as the type's significand has. */
static inline float uniform_float(generator *g) { return (float)(draw32(g) & 0xffffffu) * 0x1p-24f; }

static inline double uniform_double(generator *g) { return (double)(draw64(g) & 0x1fffffffffffffu) * 0x1p-53; }

/* ---- The default generator: one for the process ------------------------------------------------------------------ */

static pthread_mutex_t default_lock = PTHREAD_MUTEX_INITIALIZER;
static generator default_generator;
static bool default_seeded;

/* Locks the default generator. As in PyTorch, a program that sets no seed gets other numbers in each run: what differs
 * between runs is the time, and the address at which the system loaded the library. */
static generator *lock_default(void)
{
    pthread_mutex_lock(&default_lock);
    if (!default_seeded) {
        struct timespec now = {0};
        clock_gettime(CLOCK_REALTIME, &now);
        uint64_t address = (uint64_t)(uintptr_t)&default_generator;
        seed_generator(&default_generator, (uint64_t)now.tv_sec * 1000000007u ^ (uint64_t)now.tv_nsec ^ address >> 12);
        default_seeded = true;
    }
    return &default_generator;
}

static void unlock_default(void) { pthread_mutex_unlock(&default_lock); }

void wick_manual_seed(uint64_t seed)
{
    pthread_mutex_lock(&default_lock);
    seed_generator(&default_generator, seed);
    default_seeded = true;
    unlock_default();
}

uint32_t wk_random32(void)
{
    uint32_t word = draw32(lock_default());
    unlock_default();
    return word;
}

uint64_t wk_random64(void)
{
    uint64_t word = draw64(lock_default());
    unlock_default();
    return word;
}

/* ---- Uniform and Bernoulli --------------------------------------------------------------------------------------- */

void wk_rand_fill(wick_tensor *t, double low, double high)
{
    generator *g = lock_default();
    if (t->dtype == WICK_FLOAT32) {
        float *out = wk_data(t);
        float from = (float)low, to = (float)high, width = to - from;
        for (int64_t i = 0; i < t->numel; i++) {
            float value = fmaf(uniform_float(g), width, from);
            out[i] = value == to ? from : value; /* rounded up onto the end that the interval excludes */
        }
    } else {
        double *out = wk_data(t);
        double width = high - low;
        for (int64_t i = 0; i < t->numel; i++) {
            double value = fma(uniform_double(g), width, low);
            out[i] = value == high ? low : value;
        }
    }
    unlock_default();
}

/* One float64 uniform for each element, as bernoulli_(p) in PyTorch. PyTorch's builds with MKL draw the masks of
 * bernoulli_(p) and of dropout from a stream of MKL's own (MCG31) instead, which is not public and is not followed. */
void wk_bernoulli_fill(wick_tensor *t, double p)
{
    void *data = wk_data(t);
    generator *g = lock_default();
    for (int64_t i = 0; i < t->numel; i++) {
        bool one = uniform_double(g) < p;
        if (t->dtype == WICK_FLOAT32)
            ((float *)data)[i] = one ? 1.0f : 0.0f;
        else
            ((double *)data)[i] = one ? 1.0 : 0.0;
    }
    unlock_default();
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
static double normal_one(generator *g)
{
    if (g->has_normal) {
        g->has_normal = false;
        return g->normal;
    }
    double u1 = uniform_double(g);
    double u2 = uniform_double(g);
    double radius = sqrt(-2 * log1p(-u2));
    double angle = 2 * PI * u1;
    g->normal = radius * sin(angle);
    g->has_normal = true;
    return radius * cos(angle);
}

/* The normals of a float32 or float64 tensor of 16 elements or more: uniforms everywhere, then block by block. Where a
 * part of a block is left over, the last 16 elements are drawn anew. */
#define DEFINE_NORMAL_FILL(type)                                                            \
    static void normal_fill_##type(generator *g, type *out, int64_t n, type mean, type std) \
    {                                                                                       \
        for (int64_t i = 0; i < n; i++) {                                                   \
            out[i] = uniform_##type(g);                                                     \
        }                                                                                   \
        for (int64_t i = 0; i + NORMAL_BLOCK <= n; i += NORMAL_BLOCK) {                     \
            normal_block_##type(out + i, mean, std);                                        \
        }                                                                                   \
        if (n % NORMAL_BLOCK != 0) {                                                        \
            out += n - NORMAL_BLOCK;                                                        \
            for (int i = 0; i < NORMAL_BLOCK; i++) {                                        \
                out[i] = uniform_##type(g);                                                 \
            }                                                                               \
            normal_block_##type(out, mean, std);                                            \
        }                                                                                   \
    }
DEFINE_NORMAL_FILL(float)
DEFINE_NORMAL_FILL(double)
#undef DEFINE_NORMAL_FILL

void wk_randn_fill(wick_tensor *t, double mean, double std)
{
    generator *g = lock_default();
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
    unlock_default();
}

/* ---- Permutations ------------------------------------------------------------------------------------------------ */

/* Fisher-Yates. Where the remainder of a 32-bit word would prefer some elements by more than 5 %, PyTorch takes 64-bit
 * draws, and goes the other way through the array. */
static void permute(generator *g, int64_t *out, int64_t n)
{
    if (n < UINT32_MAX / 20) {
        for (int64_t i = 0; i < n; i++)
            out[i] = i;
        for (int64_t i = 0; i < n - 1; i++) {
            int64_t j = i + (int64_t)(draw32(g) % (uint32_t)(n - i));
            int64_t kept = out[i];
            out[i] = out[j];
            out[j] = kept;
        }
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t j = (int64_t)(draw64(g) % (uint64_t)(i + 1));
        out[i] = i;
        out[i] = out[j];
        out[j] = i;
    }
}

void wk_randperm_fill(int64_t *out, int64_t n, uint64_t seed, bool own_generator)
{
    if (own_generator) {
        generator g;
        seed_generator(&g, seed);
        permute(&g, out, n);
    } else {
        permute(lock_default(), out, n);
        unlock_default();
    }
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
    wick_tensor_options options = {WICK_TENSOR_DEFAULTS};
    options.requires_grad = requires_grad;
    return wk_finish(function, wk_new(shape, ndim, dtype), &options);
}

static wick_dtype dtype_or_default(wick_dtype dtype) { return dtype == WICK_DTYPE_AUTO ? wick_default_dtype() : dtype; }

static wick_tensor *new_uniform(const char *function, const int64_t *shape, int ndim, wick_dtype dtype,
                                bool requires_grad)
{
    wick_tensor *t = new_random(function, shape, ndim, dtype_or_default(dtype), true, requires_grad);
    if (t)
        wk_rand_fill(t, 0, 1);
    return t;
}

static wick_tensor *new_normal(const char *function, double mean, double std, const int64_t *shape, int ndim,
                               wick_dtype dtype, bool requires_grad)
{
    if (!(std >= 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_%s: std is %g; it must be 0 or more", function, std);
    wick_tensor *t = new_random(function, shape, ndim, dtype_or_default(dtype), true, requires_grad);
    if (t)
        wk_randn_fill(t, mean, std);
    return t;
}

/* The whole numbers that a dtype holds without a gap. */
static const struct {
    int64_t first, last;
} whole_numbers[WICK_DTYPE_COUNT] = {
    [WICK_FLOAT32] = {-(INT64_C(1) << 24), INT64_C(1) << 24},
    [WICK_FLOAT64] = {-(INT64_C(1) << 53), INT64_C(1) << 53},
    [WICK_INT64] = {INT64_MIN, INT64_MAX},
    [WICK_UINT8] = {0, UINT8_MAX},
    [WICK_BOOL] = {0, 1},
};

static void store_whole(wick_tensor *t, int64_t i, int64_t value)
{
    void *data = wk_data(t);
    switch ((wick_dtype)t->dtype) {
    case WICK_FLOAT32: ((float *)data)[i] = (float)value; break;
    case WICK_FLOAT64: ((double *)data)[i] = (double)value; break;
    case WICK_INT64: ((int64_t *)data)[i] = value; break;
    case WICK_UINT8: ((uint8_t *)data)[i] = (uint8_t)value; break;
    case WICK_BOOL: ((bool *)data)[i] = value != 0; break;
    case WICK_DTYPE_COUNT: break;
    }
}

static wick_tensor *new_integers(const char *function, int64_t low, int64_t high, const int64_t *shape, int ndim,
                                 wick_dtype dtype, bool requires_grad)
{
    if (high <= low)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_%s: the interval [%lld, %lld) is empty; high must be above low",
                         function, (long long)low, (long long)high);
    dtype = dtype == WICK_DTYPE_AUTO ? WICK_INT64 : dtype;
    if ((unsigned)dtype < WICK_DTYPE_COUNT &&
        (low < whole_numbers[dtype].first || high - 1 > whole_numbers[dtype].last))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_%s: the interval [%lld, %lld) goes beyond the whole numbers of %s",
                         function, (long long)low, (long long)high, wick_dtype_name(dtype));
    wick_tensor *t = new_random(function, shape, ndim, dtype, false, requires_grad);
    if (!t)
        return NULL;
    /* A remainder of 32 bits; of 64 where that would prefer some numbers by more than 5 %. */
    uint64_t range = (uint64_t)high - (uint64_t)low;
    bool wide = range >= UINT64_C(1) << 28;
    generator *g = lock_default();
    for (int64_t i = 0; i < t->numel; i++) {
        uint64_t word = wide ? draw64(g) : draw32(g);
        store_whole(t, i, (int64_t)(word % range + (uint64_t)low));
    }
    unlock_default();
    return t;
}

wick_tensor *wick_rand_opt(wick_tensor_options options)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape("rand", &options, shape, &ndim))
        return NULL;
    return new_uniform("rand", shape, ndim, options.dtype, options.requires_grad);
}

wick_tensor *wick_rand_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    return new_uniform("rand_n", shape, ndim, dtype, false);
}

wick_tensor *wick_rand_like(wick_tensor *t)
{
    if (!WK_TENSOR(t, "wick_rand_like", "t"))
        return NULL;
    return new_uniform("rand_like", t->shape, t->ndim, (wick_dtype)t->dtype, false);
}

wick_tensor *wick_randn_opt(wick_tensor_options options)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape("randn", &options, shape, &ndim))
        return NULL;
    return new_normal("randn", 0, 1, shape, ndim, options.dtype, options.requires_grad);
}

wick_tensor *wick_randn_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    return new_normal("randn_n", 0, 1, shape, ndim, dtype, false);
}

wick_tensor *wick_randn_like(wick_tensor *t)
{
    if (!WK_TENSOR(t, "wick_randn_like", "t"))
        return NULL;
    return new_normal("randn_like", 0, 1, t->shape, t->ndim, (wick_dtype)t->dtype, false);
}

wick_tensor *wick_normal_opt(double mean, double std, wick_tensor_options options)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape("normal", &options, shape, &ndim))
        return NULL;
    return new_normal("normal", mean, std, shape, ndim, options.dtype, options.requires_grad);
}

wick_tensor *wick_randint_opt(int64_t low, int64_t high, wick_tensor_options options)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape("randint", &options, shape, &ndim))
        return NULL;
    return new_integers("randint", low, high, shape, ndim, options.dtype, options.requires_grad);
}

wick_tensor *wick_randint_n(int64_t low, int64_t high, const int64_t *shape, int ndim, wick_dtype dtype)
{
    return new_integers("randint_n", low, high, shape, ndim, dtype, false);
}

wick_tensor *wick_randperm(int64_t n)
{
    wick_tensor *t = new_random("randperm", &n, 1, WICK_INT64, false, false);
    if (t)
        wk_randperm_fill(wk_data(t), n, 0, false);
    return t;
}
