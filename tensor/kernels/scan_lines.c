/* scan_lines.c - running totals and recurrences along a dimension: shares the outer dimensions out among threads. */
#include "../kernels.h"
#include "../parallel.h"

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

typedef struct along {
    wk_scan scan;
    wick_dtype dtype;
    bool reverse;
    int64_t outer, n, inner, grain, bytes; /* of one outer place */
    const char *x, *a;                     /* a: the recurrence's; x is b then */
    char *to;
} along;

static void run(void *context, int64_t from, int64_t to)
{
    const along *s = context;
    const int64_t o = from * s->grain, count = (to * s->grain < s->outer ? to * s->grain : s->outer) - o,
                  at = o * s->bytes;
    if (s->a)
        wk_cpu()->recurrence[WK_DTYPE_INDEX(s->dtype)](count, s->n, s->inner, s->reverse, s->a + at, s->x + at,
                                                       s->to + at);
    else
        wk_cpu()->scan[s->scan][WK_DTYPE_INDEX(s->dtype)](count, s->n, s->inner, s->reverse, s->x + at, s->to + at);
}

static void share(along s, const wick_tensor *x, int dim)
{
    if (!around(x, dim, &s.outer, &s.n, &s.inner))
        return;
    s.dtype = x->dtype;
    s.grain = grain_of(s.outer, s.n * s.inner);
    s.bytes = s.n * s.inner * wk_element_size(s.dtype);
    s.x = wk_data(x);
    wk_parallel((s.outer + s.grain - 1) / s.grain, run, &s);
}

void wk_scan_along(wk_scan scan, const wick_tensor *x, int dim, bool reverse, wick_tensor *y)
{
    share((along){.scan = scan, .reverse = reverse, .to = wk_data(y)}, x, dim);
}

void wk_recurrence(const wick_tensor *a, const wick_tensor *b, int dim, bool reverse, wick_tensor *y)
{
    share((along){.reverse = reverse, .a = wk_data(a), .to = wk_data(y)}, b, dim);
}
