/* scan.c - running totals and recurrences along a dimension: shares the outer dimensions out among threads. */
#include "../kernels.h"

enum { PARALLEL = 1 << 17 }; /* elements from which several threads share the work */

/* t as (outer, n, inner) around dimension dim; false if it has no elements. */
static bool around(const wick_tensor *t, int dim, int64_t *outer, int64_t *n, int64_t *inner)
{
    *inner = 1;
    for (int i = dim + 1; i < t->ndim; i++)
        *inner *= t->shape[i];
    *n = t->ndim ? t->shape[dim] : 1;
    *outer = t->numel ? t->numel / (*n * *inner) : 0;
    return t->numel > 0;
}

/* How many of the outer places a thread takes at a time; all of them where the work is not worth sharing. */
static int64_t grain_of(int64_t outer, int64_t part)
{
    const int64_t least = (PARALLEL / 8 + part - 1) / part;
    return outer * part < PARALLEL || outer < least ? outer : least;
}

void wk_scan_along(wk_scan scan, const wick_tensor *x, int dim, bool reverse, wick_tensor *y)
{
    int64_t outer, n, inner;
    if (!around(x, dim, &outer, &n, &inner))
        return;
    const wk_device *cpu = wk_cpu();
    const int64_t grain = grain_of(outer, n * inner),
                  bytes = n * inner * (int64_t)wick_dtype_size((wick_dtype)x->dtype);
    const char *from = wk_data(x);
    char *to = wk_data(y);
#ifdef WICK_HAVE_OPENMP
#pragma omp parallel for schedule(static) if (grain < outer)
#endif
    for (int64_t o = 0; o < outer; o += grain)
        cpu->scan[scan][x->dtype](outer - o < grain ? outer - o : grain, n, inner, reverse, from + o * bytes,
                                  to + o * bytes);
}

void wk_recurrence(const wick_tensor *a, const wick_tensor *b, int dim, bool reverse, wick_tensor *y)
{
    int64_t outer, n, inner;
    if (!around(b, dim, &outer, &n, &inner))
        return;
    const wk_device *cpu = wk_cpu();
    const int64_t grain = grain_of(outer, n * inner),
                  bytes = n * inner * (int64_t)wick_dtype_size((wick_dtype)b->dtype);
    const char *from_a = wk_data(a), *from_b = wk_data(b);
    char *to = wk_data(y);
#ifdef WICK_HAVE_OPENMP
#pragma omp parallel for schedule(static) if (grain < outer)
#endif
    for (int64_t o = 0; o < outer; o += grain)
        cpu->recurrence[b->dtype](outer - o < grain ? outer - o : grain, n, inner, reverse, from_a + o * bytes,
                                  from_b + o * bytes, to + o * bytes);
}
