/* create.c - making tensors whose elements follow from the arguments; random.c makes the others. */
#include <math.h>
#include <string.h>

#include "internal.h"

bool wk_options_shape(const char *function, const wick_tensor_options *o, int64_t *shape, int *ndim)
{
    const int64_t sizes[] = {o->size0, o->size1, o->size2, o->size3, o->size4, o->size5, o->size6, o->size7};
    int n = 0;
    while (n < WICK_MAX_DIMS && sizes[n] != WICK_UNSET)
        n++;
    if (o->too_many_ != WICK_UNSET) {
        wick_fail(WICK_ERROR_SHAPE, "wick_%s: more than %d sizes", function, WICK_MAX_DIMS);
        return false;
    }
    memcpy(shape, sizes, (size_t)n * sizeof *shape);
    *ndim = n;
    return true;
}

wick_tensor *wk_finish(const char *function, wick_tensor *t, const wick_tensor_options *o)
{
    if (t && o->requires_grad && !wick_dtype_is_floating((wick_dtype)t->dtype)) {
        wick_fail(WICK_ERROR_DTYPE, "wick_%s: only floating-point tensors can require gradients, not %s", function,
                  wick_dtype_name((wick_dtype)t->dtype));
        wk_unref(t);
        return NULL;
    }
    if (t)
        t->requires_grad = o->requires_grad;
    return wk_own(t);
}

static wick_dtype dtype_or_default(wick_dtype dtype) { return dtype == WICK_DTYPE_AUTO ? wick_default_dtype() : dtype; }

/* An uninitialised tensor, or one filled with *value. */
static wick_tensor *filled(const char *function, const int64_t *shape, int ndim, wick_dtype dtype, const double *value)
{
    int64_t numel;
    dtype = dtype_or_default(dtype);
    if (!wk_check_shape(function, shape, ndim, dtype, &numel))
        return NULL;
    wick_tensor *t = wk_new(shape, ndim, dtype);
    if (t && value) {
        if (*value == 0) /* of every dtype, 0 is zero bytes; -0.0 stands for itself no less */
            memset(wk_data(t), 0, (size_t)numel * wick_dtype_size(dtype));
        if (*value != 0 || signbit(*value))
            wk_fill(t, *value);
    }
    return t;
}

static wick_tensor *filled_opt(const char *function, const wick_tensor_options *o, const double *value)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape(function, o, shape, &ndim))
        return NULL;
    return wk_finish(function, filled(function, shape, ndim, o->dtype, value), o);
}

static const double zero = 0, one = 1;

wick_tensor *wick_empty_opt(wick_tensor_options o) { return filled_opt("empty", &o, NULL); }
wick_tensor *wick_zeros_opt(wick_tensor_options o) { return filled_opt("zeros", &o, &zero); }
wick_tensor *wick_ones_opt(wick_tensor_options o) { return filled_opt("ones", &o, &one); }
wick_tensor *wick_full_opt(double value, wick_tensor_options o) { return filled_opt("full", &o, &value); }

wick_tensor *wick_empty_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    return wk_own(filled("empty", shape, ndim, dtype, NULL));
}

wick_tensor *wick_zeros_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    return wk_own(filled("zeros", shape, ndim, dtype, &zero));
}

wick_tensor *wick_ones_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    return wk_own(filled("ones", shape, ndim, dtype, &one));
}

wick_tensor *wick_full_n(double value, const int64_t *shape, int ndim, wick_dtype dtype)
{
    return wk_own(filled("full", shape, ndim, dtype, &value));
}

static wick_tensor *filled_like(const char *function, wick_tensor *t, const double *value)
{
    if (!WK_TENSOR(t, function, "t"))
        return NULL;
    return wk_own(filled(function + strlen("wick_"), t->shape, t->ndim, (wick_dtype)t->dtype, value));
}

wick_tensor *wick_empty_like(wick_tensor *t) { return filled_like("wick_empty_like", t, NULL); }
wick_tensor *wick_zeros_like(wick_tensor *t) { return filled_like("wick_zeros_like", t, &zero); }
wick_tensor *wick_ones_like(wick_tensor *t) { return filled_like("wick_ones_like", t, &one); }
wick_tensor *wick_full_like(wick_tensor *t, double value) { return filled_like("wick_full_like", t, &value); }

/* ---- From C data ----------------------------------------------------------------------------------------------------------- */

/* A tensor with a copy of contiguous C data, in another dtype if wanted. ints: the data are of type int, not int64. */
static wick_tensor *from(const void *data, wick_dtype dtype, bool ints, const int64_t *shape, int ndim,
                         wick_dtype wanted)
{
    int64_t numel;
    if (!wk_check_shape("from", shape, ndim, dtype, &numel))
        return NULL;
    if (!data && numel)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_from: data is NULL, shape %s needs %lld elements",
                         wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}), (long long)numel);
    wick_tensor *t = wk_new(shape, ndim, dtype);
    if (!t)
        return NULL;
    if (ints) {
        int64_t *to = wk_data(t);
        for (int64_t i = 0; i < numel; i++)
            to[i] = ((const int *)data)[i];
    } else if (numel) {
        memcpy(wk_data(t), data, (size_t)numel * wick_dtype_size(dtype));
    }
    wick_tensor *result = wk_cast(t, wanted == WICK_DTYPE_AUTO ? dtype : wanted);
    wk_unref(t);
    return result;
}

wick_tensor *wick_from_opt(const void *data, wick_dtype dtype, bool is_int, size_t bytes, wick_tensor_options o)
{
    int64_t shape[WICK_MAX_DIMS], numel;
    int ndim;
    if (!wk_options_shape("from", &o, shape, &ndim) || !wk_check_shape("from", shape, ndim, dtype, &numel))
        return NULL;
    /* A pointer has the size of a pointer, whatever it points to. */
    size_t element = is_int ? sizeof(int) : wick_dtype_size(dtype);
    if (bytes != sizeof(void *) && bytes != (size_t)numel * element)
        return wick_fail(WICK_ERROR_SHAPE, "wick_from: the array has %zu elements, and shape %s has %lld",
                         bytes / element, wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}), (long long)numel);
    return wk_finish("from", from(data, dtype, is_int, shape, ndim, o.dtype), &o);
}

wick_tensor *wick_from_n(const void *data, wick_dtype dtype, const int64_t *shape, int ndim)
{
    return wk_own(from(data, dtype, false, shape, ndim, WICK_DTYPE_AUTO));
}

static wick_tensor *number(wick_dtype dtype)
{
    wick_tensor *t = wk_new(NULL, 0, dtype);
    if (t)
        t->is_number = true;
    return t;
}

wick_tensor *wick_scalar_float(double value)
{
    wick_tensor *t = number(WICK_FLOAT64);
    if (t)
        *(double *)wk_data(t) = value;
    return wk_own(t);
}

wick_tensor *wick_scalar_int(int64_t value)
{
    wick_tensor *t = number(WICK_INT64);
    if (t)
        *(int64_t *)wk_data(t) = value;
    return wk_own(t);
}

wick_tensor *wick_scalar_bool(bool value)
{
    wick_tensor *t = number(WICK_BOOL);
    if (t)
        *(bool *)wk_data(t) = value;
    return wk_own(t);
}

/* ---- Sequences --------------------------------------------------------------------------------------------------------------- */

wick_tensor *wick_arange_opt(double first, wick_arange_options o)
{
    double start = isnan(o.end) ? 0 : first, end = isnan(o.end) ? first : o.end;
    double count = ceil((end - start) / o.step);
    if (o.step == 0 || !isfinite(start) || !isfinite(end) || !(o.step > 0 ? start <= end : end <= start))
        return wick_fail(
            WICK_ERROR_ARGUMENT,
            "wick_arange: from %s to %s in steps of %s; the step must not be 0 and must lead from start to end",
            WK_REAL(start), WK_REAL(end), WK_REAL(o.step));
    if (count > 9e18)
        return wick_fail(WICK_ERROR_MEMORY, "wick_arange: %s elements are more than can be addressed", WK_REAL(count));
    bool whole = start == floor(start) && end == floor(end) && o.step == floor(o.step);
    wick_dtype dtype = o.dtype != WICK_DTYPE_AUTO ? o.dtype : whole ? WICK_INT64 : wick_default_dtype();
    wick_tensor *t = wk_new((int64_t[]){(int64_t)count}, 1, dtype);
    for (int64_t i = 0; t && i < t->numel; i++)
        wk_store(t, i, start + (double)i * o.step);
    return wk_own(t);
}

wick_tensor *wick_linspace(double start, double end, int64_t steps)
{
    if (steps < 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_linspace: %lld steps; there must be 0 or more", (long long)steps);
    wick_tensor *t = wk_new(&steps, 1, wick_default_dtype());
    /* In the dtype itself, and from both ends to the middle, as PyTorch does. */
    if (t && t->dtype == WICK_FLOAT32) {
        float *x = wk_data(t), a = (float)start, b = (float)end, step = steps > 1 ? (b - a) / (float)(steps - 1) : 0;
        for (int64_t i = 0; i < steps; i++)
            x[i] = i < steps / 2 || steps == 1 ? a + step * (float)i : b - step * (float)(steps - i - 1);
    } else if (t) {
        double *x = wk_data(t), step = steps > 1 ? (end - start) / (double)(steps - 1) : 0;
        for (int64_t i = 0; i < steps; i++)
            x[i] = i < steps / 2 || steps == 1 ? start + step * (double)i : end - step * (double)(steps - i - 1);
    }
    return wk_own(t);
}

wick_tensor *wick_eye_opt(int64_t n, wick_eye_options o)
{
    const int64_t m = o.m == WICK_UNSET ? n : o.m;
    wick_tensor *t = wk_own(filled("eye", (int64_t[]){n, m}, 2, o.dtype, &zero));
    for (int64_t i = 0; t && i < n && i < m; i++)
        wk_store(t, i * m + i, 1);
    return t;
}
