/* softmax.c - softmax and log_softmax over the last dimension: shares the rows out among threads. */
#include "../kernels.h"

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

void wk_softmax(bool log, const wick_tensor *x, wick_tensor *y)
{
    int64_t n, rows, grain;
    if (!rows_of(x, &n, &rows, &grain))
        return;
    const wk_device *cpu = wk_cpu();
    const int64_t row_bytes = n * (int64_t)wick_dtype_size((wick_dtype)x->dtype);
    const char *from = wk_data(x);
    char *to = wk_data(y);
    if (x->numel < PARALLEL) {
        cpu->softmax[x->dtype](log, rows, n, from, to);
        return;
    }
#ifdef WICK_HAVE_OPENMP
#pragma omp parallel for schedule(static)
#endif
    for (int64_t r = 0; r < rows; r += grain)
        cpu->softmax[x->dtype](log, rows - r < grain ? rows - r : grain, n, from + r * row_bytes, to + r * row_bytes);
}

void wk_softmax_grad(bool log, const wick_tensor *dy, const wick_tensor *y, wick_tensor *dx)
{
    int64_t n, rows, grain;
    if (!rows_of(y, &n, &rows, &grain))
        return;
    const wk_device *cpu = wk_cpu();
    const int64_t row_bytes = n * (int64_t)wick_dtype_size((wick_dtype)y->dtype);
    const char *from_dy = wk_data(dy), *from_y = wk_data(y);
    char *to = wk_data(dx);
    if (y->numel < PARALLEL) {
        cpu->softmax_grad[y->dtype](log, rows, n, from_dy, from_y, to);
        return;
    }
#ifdef WICK_HAVE_OPENMP
#pragma omp parallel for schedule(static)
#endif
    for (int64_t r = 0; r < rows; r += grain)
        cpu->softmax_grad[y->dtype](log, rows - r < grain ? rows - r : grain, n, from_dy + r * row_bytes,
                                    from_y + r * row_bytes, to + r * row_bytes);
}
