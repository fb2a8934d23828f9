/* softmax_rows.c - softmax and log_softmax over the last dimension: shares the rows out among threads. */
#include "../kernels.h"
#include "../parallel.h"

enum {
    PARALLEL = 1 << 17, /* elements from which several threads share the work */
    GRAIN = 1 << 13     /* elements, or one row, that a thread takes at a time */
};

/* Length of the last dimension, the number of rows, and how many rows make a grain; false if there is nothing to do. */
static bool rows_of(const wick_tensor *x, int64_t *n, int64_t *rows, int64_t *grain)
{
    if (x->numel == 0)
        return false;
    *n = x->ndim ? x->shape[x->ndim - 1] : 1;
    *rows = x->numel / *n;
    *grain = *n < GRAIN ? GRAIN / *n : 1;
    return true;
}

typedef struct softmax {
    bool log;
    wick_dtype dtype;
    int64_t n, rows, grain, row_bytes;
    const char *x, *dy; /* dy: the gradient's; x is y then */
    char *to;
} softmax;

static void run(void *context, int64_t from, int64_t to)
{
    const softmax *s = context;
    const int64_t start = from * s->grain, end = to * s->grain < s->rows ? to * s->grain : s->rows;
    const int64_t at = start * s->row_bytes;
    if (s->dy)
        wk_cpu()->softmax_grad[WK_DTYPE_INDEX(s->dtype)](s->log, end - start, s->n, s->dy + at, s->x + at, s->to + at);
    else
        wk_cpu()->softmax[WK_DTYPE_INDEX(s->dtype)](s->log, end - start, s->n, s->x + at, s->to + at);
}

static void share(bool log, const wick_tensor *x, const wick_tensor *dy, wick_tensor *to)
{
    softmax s = {.log = log, .dtype = x->dtype, .x = wk_data(x), .dy = dy ? wk_data(dy) : NULL, .to = wk_data(to)};
    if (!rows_of(x, &s.n, &s.rows, &s.grain))
        return;
    s.row_bytes = s.n * wk_element_size(s.dtype);
    const int64_t parts = (s.rows + s.grain - 1) / s.grain;
    if (x->numel < PARALLEL)
        run(&s, 0, parts);
    else
        wk_parallel(parts, run, &s);
}

void wk_softmax(bool log, const wick_tensor *x, wick_tensor *y) { share(log, x, NULL, y); }
void wk_softmax_grad(bool log, const wick_tensor *dy, const wick_tensor *y, wick_tensor *dx) { share(log, y, dy, dx); }
