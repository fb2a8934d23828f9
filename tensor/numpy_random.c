/* numpy_random.c - NumPy's legacy stream, draw for draw: MT19937, seeded as PyTorch's, but with other ways from its words
 * to numbers. */
#define _POSIX_C_SOURCE 200809L
#include "numpy_random.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "generator.h"

static struct {
    pthread_mutex_t lock;
    wk_mt mt;
    bool seeded, has_normal;
    double normal; /* normals come in pairs; the second waits here */
} stream = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void seed_stream(uint32_t seed)
{
    wk_mt_seed(&stream.mt, seed);
    stream.seeded = true;
    stream.has_normal = false;
}

static void lock_stream(void)
{
    pthread_mutex_lock(&stream.lock);
    if (!stream.seeded)
        seed_stream((uint32_t)time(NULL) ^ (uint32_t)((uintptr_t)&stream >> 12));
}

static void unlock_stream(void) { pthread_mutex_unlock(&stream.lock); }

bool wick_numpy_seed(int64_t seed)
{
    WK_ENTER;
    if (seed < 0 || seed > UINT32_MAX)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_numpy_seed: Seed must be between 0 and 2**32 - 1, not %lld",
                         (long long)seed) != NULL;
    pthread_mutex_lock(&stream.lock);
    seed_stream((uint32_t)seed);
    unlock_stream();
    return true;
}

/* ---- From words to numbers; under the lock ----------------------------------------------------------------------- */

static uint32_t draw32(void) { return wk_mt_draw(&stream.mt); }

/* Uniform on [0, 1), of 27 bits and then 26. */
static double uniform(void)
{
    uint32_t high = draw32() >> 5, low = draw32() >> 6;
    return ((double)high * 67108864.0 + (double)low) / 9007199254740992.0;
}

/* The polar method (Marsaglia and Bray 1964). */
static double normal(void)
{
    if (stream.has_normal) {
        stream.has_normal = false;
        return stream.normal;
    }
    double x, y, r;
    do {
        x = 2.0 * uniform() - 1.0;
        y = 2.0 * uniform() - 1.0;
        r = x * x + y * y;
    } while (r >= 1.0 || r == 0.0);
    double f = sqrt(-2.0 * log(r) / r);
    stream.normal = f * x;
    stream.has_normal = true;
    return f * y;
}

/* Uniform on 0 .. last: words masked to the bits of last, until one is not above it. */
static uint64_t up_to(uint64_t last)
{
    uint64_t mask = last, value;
    for (int shift = 1; shift < 64; shift *= 2)
        mask |= mask >> shift;
    if (last == 0)
        return 0;
    do {
        value = draw32();
        if (last > UINT32_MAX)
            value = value << 32 | draw32();
        value &= mask;
    } while (value > last);
    return value;
}

/* ---- Tensors ----------------------------------------------------------------------------------------------------- */

/* A tensor of the options, float64 unless they say float32, with each element a + b next(). */
static wick_tensor *fill(const char *function, wick_tensor_options *o, double (*next)(void), double a, double b)
{
    int64_t shape[WICK_MAX_DIMS], numel;
    int ndim;
    wick_dtype dtype = o->dtype == WICK_DTYPE_AUTO ? WICK_FLOAT64 : o->dtype;
    if (!wk_options_shape(function, o, shape, &ndim) || !wk_check_shape(function, shape, ndim, dtype, &numel))
        return NULL;
    if (!wick_dtype_is_floating(dtype))
        return wick_fail(WICK_ERROR_DTYPE, "wick_%s: dtype %s; it must be float32 or float64", function,
                         wick_dtype_name(dtype));
    wick_tensor *t = wk_finish(function, wk_new(shape, ndim, dtype), o);
    if (!t)
        return NULL;
    lock_stream();
    for (int64_t i = 0; i < t->numel; i++)
        wk_store(t, t->offset + i, a + b * next());
    unlock_stream();
    return t;
}

wick_tensor *wick_numpy_rand_opt(const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    return fill("numpy_rand", &o, uniform, 0, 1);
}
wick_tensor *wick_numpy_randn_opt(const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    return fill("numpy_randn", &o, normal, 0, 1);
}

wick_tensor *wick_numpy_normal_opt(double loc, double scale, const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    if (!(scale >= 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_numpy_normal: scale is %s; it must be 0 or more", WK_REAL(scale));
    return fill("numpy_normal", &o, normal, loc, scale);
}

wick_tensor *wick_numpy_uniform_opt(double low, double high, const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    if (!isfinite(high - low))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_numpy_uniform: low is %s and high %s; both must be finite",
                         WK_REAL(low), WK_REAL(high));
    return fill("numpy_uniform", &o, uniform, low, high - low);
}

wick_tensor *wick_numpy_randint_opt(int64_t low, int64_t high, const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    const char *function = "numpy_randint";
    int64_t shape[WICK_MAX_DIMS], numel;
    int ndim;
    if (!wk_options_shape(function, &o, shape, &ndim) || !wk_check_shape(function, shape, ndim, WICK_INT64, &numel) ||
        !wk_check_whole_interval("wick_numpy_randint", low, high, WICK_INT64))
        return NULL;
    if (o.dtype != WICK_DTYPE_AUTO && o.dtype != WICK_INT64)
        return wick_fail(WICK_ERROR_DTYPE, "wick_numpy_randint: gives int64; convert with wick_to");
    wick_tensor *t = wk_finish(function, wk_new(shape, ndim, WICK_INT64), &o);
    if (!t)
        return NULL;
    int64_t *out = wk_data(t);
    lock_stream();
    for (int64_t i = 0; i < t->numel; i++)
        out[i] = (int64_t)((uint64_t)low + up_to((uint64_t)high - (uint64_t)low - 1));
    unlock_stream();
    return t;
}

/* ---- Orders ------------------------------------------------------------------------------------------------------ */

/* Fisher-Yates from the end; under the lock. */
static void shuffle_indices(int64_t *order, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        order[i] = i;
    for (int64_t i = n - 1; i > 0; i--) {
        int64_t j = (int64_t)up_to((uint64_t)i), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

/* The indices 0 .. n-1 in a random order; one reference, the caller's. */
static wick_tensor *shuffled(const char *function, int64_t n)
{
    int64_t numel;
    if (!wk_check_shape(function, &n, 1, WICK_INT64, &numel))
        return NULL;
    wick_tensor *order = wk_new(&n, 1, WICK_INT64);
    if (order) {
        lock_stream();
        shuffle_indices(wk_data(order), n);
        unlock_stream();
    }
    return order;
}

wick_tensor *wick_numpy_permutation(int64_t n)
{
    WK_ENTER;
    return wk_own(shuffled("numpy_permutation", n));
}

bool wick_numpy_shuffle(wick_tensor *x)
{
    WK_ENTER;
    const char *function = "wick_numpy_shuffle";
    if (!WK_TENSOR(x, function, "x"))
        return false;
    if (x->ndim == 0) {
        wick_fail(WICK_ERROR_SHAPE, "%s: x has no dimension to shuffle", function);
        return false;
    }
    if (x->requires_grad || x->grad_fn) {
        wick_fail(WICK_ERROR_AUTOGRAD, "%s: x is part of a graph; shuffle wick_detach(x)", function);
        return false;
    }
    int64_t rows = x->shape[0];
    wick_tensor *before = wk_new_like(x), *order = before ? shuffled("numpy_shuffle", rows) : NULL;
    bool good = order != NULL;
    if (good)
        wk_copy(before, x);
    for (int64_t i = 0; good && i < rows; i++) {
        int64_t from = ((int64_t *)wk_data(order))[i];
        wick_tensor *to = wk_alias(x, x->shape + 1, x->strides + 1, x->ndim - 1, x->offset + i * x->strides[0]);
        wick_tensor *row = wk_alias(before, x->shape + 1, before->strides + 1, x->ndim - 1, from * before->strides[0]);
        good = to && row;
        if (good)
            wk_copy(to, row);
        wk_unref(to);
        wk_unref(row);
    }
    if (!good && order)
        wk_copy(x, before);
    if (good)
        wk_bump_version(x, function);
    wk_unref(before);
    wk_unref(order);
    return good;
}

/* ---- Choice ------------------------------------------------------------------------------------------------------ */

/* The running sums of p, divided by the last. */
static void cumulate(const double *p, double *sums, int64_t n)
{
    double total = 0;
    for (int64_t i = 0; i < n; i++)
        sums[i] = total += p[i];
    for (int64_t i = 0; i < n; i++)
        sums[i] /= total;
}

/* How many of the sums are not above u. */
static int64_t find(const double *sums, int64_t n, double u)
{
    int64_t low = 0, high = n;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (u < sums[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* size different numbers: as many uniforms as are still missing at a time, repeated finds dropped, and the probabilities
 * of those found set to 0. Changes p. */
static void choose_distinct(double *p, double *sums, double *u, int64_t n, int64_t size, int64_t *out)
{
    for (int64_t found = 0; found < size;) {
        int64_t missing = size - found, before = found;
        for (int64_t i = 0; i < missing; i++)
            u[i] = uniform();
        for (int64_t i = 0; i < before; i++)
            p[out[i]] = 0;
        cumulate(p, sums, n);
        for (int64_t i = 0; i < missing; i++) {
            int64_t value = find(sums, n, u[i]);
            bool again = false;
            for (int64_t k = before; k < found && !again; k++)
                again = out[k] == value;
            if (!again)
                out[found++] = value;
        }
    }
}

/* Whether p is n probabilities that add up to 1, of which enough are above 0. */
static bool check_probabilities(const char *function, const wick_tensor *p, int64_t n, int64_t at_least)
{
    if (p->ndim != 1 || p->numel != n || !wick_dtype_is_floating(p->dtype)) {
        wick_fail(WICK_ERROR_SHAPE, "%s: p must be floating point of shape (%lld), not %s of shape %s", function,
                  (long long)n, wick_dtype_name(p->dtype), WK_SHAPE(p));
        return false;
    }
    double sum = 0;
    int64_t positive = 0;
    for (int64_t i = 0; i < n; i++) {
        double value = wk_load(p, p->offset + i * p->strides[0]);
        if (!(value >= 0)) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: element %lld of p is %s; probabilities are 0 or more", function,
                      (long long)i, WK_REAL(value));
            return false;
        }
        sum += value;
        positive += value > 0;
    }
    if (!(fabs(sum - 1) <= (p->dtype == WICK_FLOAT32 ? 3.5e-4 : 1.5e-8))) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: p adds up to %s, not to 1", function, WK_REAL(sum));
        return false;
    }
    if (positive < at_least) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: only %lld of the probabilities are above 0, fewer than the %lld to choose",
                  function, (long long)positive, (long long)at_least);
        return false;
    }
    return true;
}

wick_tensor *wick_numpy_choice_opt(int64_t n, int64_t size, const wick_numpy_choice_options *given)
{
    WK_ENTER;
    wick_numpy_choice_options o = WK_OPTIONS(wick_numpy_choice_options, true, given);
    const char *function = "wick_numpy_choice";
    if (o.p && !WK_TENSOR(o.p, function, "p"))
        return NULL;
    if (n < 1 || size < 0 || (!o.replace && size > n))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld of %lld numbers; n must be above 0, and size not negative%s",
                         function, (long long)size, (long long)n, o.replace ? "" : ", nor above n without replacement");
    if (o.p && !check_probabilities(function, o.p, n, o.replace ? 0 : size))
        return NULL;
    int64_t numel;
    if (!wk_check_shape("numpy_choice", &size, 1, WICK_INT64, &numel))
        return NULL;
    if (!o.p && !o.replace) {
        wick_tensor *order = wk_own(shuffled("numpy_choice", n));
        return order ? wk_own(wk_alias(order, &size, (int64_t[]){1}, 1, 0)) : NULL;
    }
    wick_tensor *y = wk_new(&size, 1, WICK_INT64);
    wick_tensor *work = wk_new((int64_t[]){o.p ? 2 * n + size : 0}, 1, WICK_FLOAT64);
    if (y && work) {
        int64_t *out = wk_data(y);
        double *p = wk_data(work), *sums = p + (o.p ? n : 0), *u = sums + (o.p ? n : 0);
        for (int64_t i = 0; o.p && i < n; i++)
            p[i] = wk_load(o.p, o.p->offset + i * o.p->strides[0]);
        lock_stream();
        if (o.p && !o.replace) {
            choose_distinct(p, sums, u, n, size, out);
        } else {
            if (o.p)
                cumulate(p, sums, n);
            for (int64_t i = 0; i < size; i++)
                out[i] = o.p ? find(sums, n, uniform()) : (int64_t)up_to((uint64_t)n - 1);
        }
        unlock_stream();
    } else {
        wk_unref(y);
        y = NULL;
    }
    wk_unref(work);
    return wk_own(y);
}
