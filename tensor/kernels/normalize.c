/* normalize.c - rows brought to mean 0 and variance 1: shares them out among threads. */
#include "../kernels.h"

enum {
    PARALLEL = 1 << 17, /* elements from which several threads share the work */
    GRAIN = 1 << 13     /* elements, or one row, that a thread takes at a time */
};

static int64_t grain_of(int64_t elements, int64_t rows, int64_t n)
{
    return elements < PARALLEL ? rows : n < GRAIN ? GRAIN / n : 1;
}

void wk_layer_norm(bool centred, int64_t n, double eps, const wick_tensor *x, const wick_tensor *w,
                   const wick_tensor *b, wick_tensor *y, wick_tensor *statistics)
{
    if (x->numel == 0)
        return;
    const int64_t rows = x->numel / n, size = (int64_t)wick_dtype_size((wick_dtype)x->dtype);
    const int64_t grain = grain_of(x->numel, rows, n);
    const wk_device *cpu = wk_cpu();
    const char *from = wk_data(x), *weight = w ? wk_data(w) : NULL, *bias = b ? wk_data(b) : NULL;
    char *to = wk_data(y), *mean = wk_data(statistics), *rstd = mean + rows * size;
#ifdef WICK_HAVE_OPENMP
#pragma omp parallel for schedule(static) if (grain < rows)
#endif
    for (int64_t r = 0; r < rows; r += grain)
        cpu->layer_norm[x->dtype](centred, rows - r < grain ? rows - r : grain, n, eps, from + r * n * size, weight,
                                  bias, to + r * n * size, mean + r * size, rstd + r * size);
}

void wk_layer_norm_grad(bool centred, int64_t n, const wick_tensor *dy, const wick_tensor *x, const wick_tensor *w,
                        const wick_tensor *statistics, wick_tensor *dx)
{
    if (x->numel == 0)
        return;
    const int64_t rows = x->numel / n, size = (int64_t)wick_dtype_size((wick_dtype)x->dtype);
    const int64_t grain = grain_of(x->numel, rows, n);
    const wk_device *cpu = wk_cpu();
    const char *gradient = wk_data(dy), *from = wk_data(x), *weight = w ? wk_data(w) : NULL;
    const char *mean = wk_data(statistics), *rstd = mean + rows * size;
    char *to = wk_data(dx);
#ifdef WICK_HAVE_OPENMP
#pragma omp parallel for schedule(static) if (grain < rows)
#endif
    for (int64_t r = 0; r < rows; r += grain)
        cpu->layer_norm_grad[x->dtype](centred, rows - r < grain ? rows - r : grain, n, gradient + r * n * size,
                                       from + r * n * size, weight, mean + r * size, rstd + r * size,
                                       to + r * n * size);
}
