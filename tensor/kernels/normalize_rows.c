/* normalize_rows.c - rows brought to mean 0 and variance 1: shares them out among threads. */
#include "../kernels.h"
#include "../parallel.h"

enum {
    PARALLEL = 1 << 17, /* elements from which several threads share the work */
    GRAIN = 1 << 13     /* elements, or one row, that a thread takes at a time */
};

static int64_t grain_of(int64_t elements, int64_t rows, int64_t n)
{
    return elements < PARALLEL ? rows : n < GRAIN ? GRAIN / n : 1;
}

typedef struct norm {
    bool centred;
    wick_dtype dtype;
    double eps;
    int64_t n, rows, size, grain;
    const char *x, *w, *b, *dy; /* dy: the gradient's */
    char *mean, *rstd, *to;
} norm;

static void run(void *context, int64_t from, int64_t to)
{
    const norm *s = context;
    const int64_t r = from * s->grain, count = (to * s->grain < s->rows ? to * s->grain : s->rows) - r;
    const int64_t at = r * s->n * s->size;
    char *mean = s->mean + r * s->size, *rstd = s->rstd + r * s->size;
    if (s->dy)
        wk_cpu()->layer_norm_grad[WK_DTYPE_INDEX(s->dtype)](s->centred, count, s->n, s->dy + at, s->x + at, s->w, mean,
                                                            rstd, s->to + at);
    else
        wk_cpu()->layer_norm[WK_DTYPE_INDEX(s->dtype)](s->centred, count, s->n, s->eps, s->x + at, s->w, s->b,
                                                       s->to + at, mean, rstd);
}

static void share(norm s, const wick_tensor *x, const wick_tensor *w, const wick_tensor *statistics)
{
    if (x->numel == 0)
        return;
    s.dtype = x->dtype;
    s.rows = x->numel / s.n;
    s.size = wk_element_size(s.dtype);
    s.grain = grain_of(x->numel, s.rows, s.n);
    s.x = wk_data(x);
    s.w = w ? wk_data(w) : NULL;
    s.mean = wk_data(statistics);
    s.rstd = s.mean + s.rows * s.size;
    wk_parallel((s.rows + s.grain - 1) / s.grain, run, &s);
}

void wk_layer_norm(bool centred, int64_t n, double eps, const wick_tensor *x, const wick_tensor *w,
                   const wick_tensor *b, wick_tensor *y, wick_tensor *statistics)
{
    share((norm){.centred = centred, .n = n, .eps = eps, .b = b ? wk_data(b) : NULL, .to = wk_data(y)}, x, w,
          statistics);
}

void wk_layer_norm_grad(bool centred, int64_t n, const wick_tensor *dy, const wick_tensor *x, const wick_tensor *w,
                        const wick_tensor *statistics, wick_tensor *dx)
{
    share((norm){.centred = centred, .n = n, .dy = wk_data(dy), .to = wk_data(dx)}, x, w, statistics);
}
