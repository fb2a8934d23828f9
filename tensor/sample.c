/* sample.c - draws from distributions over what a tensor holds: Bernoulli, multinomial, and the exponential that
 * multinomial rests on. */
#include <math.h>

#include "generator.h"
#include "random.h"

/* -log(1 - u) / lambda, of one float64 uniform an element, in float32 too. */
void wk_exponential_fill(wick_tensor *t, double lambd, wick_generator *g)
{
    g = wk_generator_lock(g);
    for (int64_t i = 0; i < t->numel; i++)
        wk_store(t, t->offset + i, -1 / lambd * log1p(-wk_uniform_double(g)));
    wk_generator_unlock(g);
}

/* One uniform of p's own dtype for each element. */
wick_tensor *wk_bernoulli(wick_tensor *p, wick_generator *generator)
{
    WK_ENTER;
    const char *function = "wick_bernoulli";
    if (!WK_TENSOR(p, function, "p") || !wk_check_generator(function, generator) ||
        !wk_check_floating(function, p, "p"))
        return NULL;
    wick_tensor *from = wk_contiguous(p), *y = from ? wk_new_like(p) : NULL;
    for (int64_t i = 0; y && i < from->numel; i++) {
        double chance = wk_load(from, from->offset + i);
        if (!(chance >= 0 && chance <= 1)) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: element %lld of p is %s; probabilities lie in [0, 1]", function,
                      (long long)i, WK_REAL(chance));
            wk_unref(y);
            y = NULL;
        }
    }
    if (y) {
        wick_generator *g = wk_generator_lock(generator);
        for (int64_t i = 0; i < y->numel; i++) {
            double u = y->dtype == WICK_FLOAT32 ? (double)wk_uniform_float(g) : wk_uniform_double(g);
            wk_store(y, y->offset + i, u < wk_load(from, from->offset + i));
        }
        wk_generator_unlock(g);
    }
    wk_unref(from);
    return wk_note_draw(y);
}

/* ---- Multinomial ------------------------------------------------------------------------------------------------- */

/* How many weights of the row are above 0; -1, with an error, for a row that cannot be drawn from. */
static int64_t check_row(const char *function, const wick_tensor *w, int64_t row, int64_t n)
{
    int64_t positive = 0;
    for (int64_t i = 0; i < n; i++) {
        double value = wk_load(w, w->offset + row * n + i);
        if (!(value >= 0 && isfinite(value))) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: weight %lld of row %lld is %s; weights are finite, and 0 or more",
                      function, (long long)i, (long long)row, WK_REAL(value));
            return -1;
        }
        positive += value > 0;
    }
    if (positive == 0) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the weights of row %lld are all 0; at least one must be above 0", function,
                  (long long)row);
        return -1;
    }
    return positive;
}

/* With replacement: for each sample a float64 uniform, looked up in the running sums of the weights. */
static bool with_replacement(const wick_tensor *given, const wick_tensor *w, int64_t rows, int64_t n, int64_t count,
                             int64_t *out, wick_generator *g)
{
    (void)given;
    bool single = w->dtype == WICK_FLOAT32; /* whose sums PyTorch keeps in single precision too */
    wick_tensor *sums = wk_new((int64_t[]){n}, 1, WICK_FLOAT64);
    if (!sums)
        return false;
    double *sum = wk_data(sums);
    g = wk_generator_lock(g);
    for (int64_t row = 0; row < rows; row++) {
        double total = 0;
        for (int64_t i = 0; i < n; i++) {
            total += wk_load(w, w->offset + row * n + i);
            sum[i] = total = single ? (double)(float)total : total;
        }
        for (int64_t i = 0; i < n; i++)
            sum[i] = single ? (double)((float)sum[i] / (float)total) : sum[i] / total;
        sum[n - 1] = 1;
        for (int64_t k = 0; k < count; k++) {
            double u = wk_uniform_double(g);
            int64_t low = 0, high = n;
            while (high > low) {
                int64_t middle = low + (high - low) / 2;
                if (sum[middle] < u)
                    low = middle + 1;
                else
                    high = middle;
            }
            out[row * count + k] = low;
        }
    }
    wk_generator_unlock(g);
    wk_unref(sums);
    return true;
}

/* An index and what it is ordered by. */
typedef struct {
    double key;
    int64_t index;
} keyed;

/* Whether a comes before b: the larger key, or the smaller index. */
static bool before(keyed a, keyed b) { return a.key > b.key || (a.key == b.key && a.index < b.index); }

/* Lets the element at i sink in a heap of n whose root is the first. */
static void sink(keyed *heap, int64_t i, int64_t n)
{
    keyed moving = heap[i];
    for (int64_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && before(heap[child + 1], heap[child]))
            child++;
        if (!before(heap[child], moving))
            break;
        heap[i] = heap[child];
    }
    heap[i] = moving;
}

/* Without: the count largest of weight / e, where e is exponential for each weight (Efraimidis and Spirakis 2006), off a
 * heap. */
static void draw_exponential(wick_tensor *t, const void *g) { wk_exponential_fill(t, 1, *(wick_generator *const *)g); }

static bool without_replacement(const wick_tensor *given, const wick_tensor *w, int64_t rows, int64_t n, int64_t count,
                                int64_t *out, wick_generator *g)
{
    size_t bytes = wk_bytes(n, sizeof(keyed));
    wick_tensor *e = wk_new_like(w);
    keyed *heap = e ? wk_alloc(bytes) : NULL;
    /* Drawn in the order in which the given weights lie in memory. */
    if (heap && !wk_draw_into(e, given, 0, draw_exponential, &g)) {
        wk_free(heap, bytes);
        heap = NULL;
    }
    for (int64_t i = 0; heap && i < rows * n; i++)
        wk_store(e, i, wk_load(w, w->offset + i) / wk_load(e, i));
    for (int64_t row = 0; heap && row < rows; row++) {
        for (int64_t i = 0; i < n; i++)
            heap[i] = (keyed){wk_load(e, row * n + i), i};
        for (int64_t i = n / 2; i-- > 0;)
            sink(heap, i, n);
        for (int64_t k = 0, left = n; k < count; k++) {
            out[row * count + k] = heap[0].index;
            heap[0] = heap[--left];
            sink(heap, 0, left);
        }
    }
    wk_unref(e);
    wk_free(heap, heap ? bytes : 0);
    return heap;
}

wick_tensor *wick_multinomial_opt(wick_tensor *weights, int64_t count, const wick_multinomial_options *given)
{
    WK_ENTER;
    wick_multinomial_options o = WK_OPTIONS(wick_multinomial_options, 0, given);
    const char *function = "wick_multinomial";
    if (!WK_TENSOR(weights, function, "weights") || !wk_check_generator(function, o.generator) ||
        !wk_check_floating(function, weights, "weights"))
        return NULL;
    if (weights->ndim < 1 || weights->ndim > 2 || weights->shape[weights->ndim - 1] == 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the weights must be of shape (n) or (m, n), n above 0, not %s",
                         function, WK_SHAPE(weights));
    int64_t n = weights->shape[weights->ndim - 1], rows = weights->ndim == 2 ? weights->shape[0] : 1;
    if (count < 1 || (!o.replacement && count > n))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld samples of %lld weights; give 1 or more%s", function,
                         (long long)count, (long long)n, o.replacement ? "" : ", and at most as many as weights");
    wick_tensor *w = wk_contiguous(weights);
    bool good = w != NULL;
    for (int64_t row = 0; good && row < rows; row++) {
        int64_t positive = check_row(function, w, row, n);
        good = positive >= 0 && (o.replacement || positive >= count);
        if (positive >= 0 && !good)
            wick_fail(WICK_ERROR_ARGUMENT,
                      "%s: row %lld has %lld weights above 0, fewer than the %lld samples; set .replacement = true",
                      function, (long long)row, (long long)positive, (long long)count);
    }
    wick_tensor *y = good ? wk_own(wk_new((int64_t[]){rows, count}, 2, WICK_INT64)) : NULL;
    /* A single sample is drawn in the same way with and without replacement. */
    if (y && !(o.replacement && count > 1 ? with_replacement : without_replacement)(weights, w, rows, n, count,
                                                                                    wk_data(y), o.generator))
        y = NULL;
    wk_unref(w);
    wk_note_draw(y);
    return y && weights->ndim == 1 ? wk_own(wk_alias(y, (int64_t[]){count}, (int64_t[]){1}, 1, y->offset)) : y;
}
