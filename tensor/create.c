/* create.c - making tensors whose elements follow from the arguments; random.c makes the others. */
#include <math.h>
#include <string.h>

#include "tensor_struct.h"

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

void wk_refuse_size(const char *function, const int64_t *shape, int ndim, int64_t size)
{
    static const char *const of_sizes_alone[] = {"empty", "zeros", "ones", "rand", "randn", "eye"};
    const char *name = wk_dtype_enumerator(size);
    char sizes[WK_SHAPE_TEXT] = "..., ";
    if (!name) {
        wick_fail(WICK_ERROR_SHAPE, "wick_%s: negative dimension %lld in shape %s", function, (long long)size,
                  wk_shape_text(shape, ndim, sizes));
        return;
    }
    int length = (int)strlen(sizes);
    for (size_t i = 0; i < sizeof of_sizes_alone / sizeof *of_sizes_alone; i++)
        if (strcmp(function, of_sizes_alone[i]) == 0)
            length = 0;
    for (int i = 0; i < ndim && length < WK_SHAPE_TEXT - 32; i++)
        if (!wk_is_dtype(shape[i]))
            length += snprintf(sizes + length, (size_t)(WK_SHAPE_TEXT - length), "%lld, ", (long long)shape[i]);
    sizes[length] = '\0';
    wick_fail(WICK_ERROR_DTYPE,
              "wick_%s: %s stands where a size is wanted; a dtype goes in by name: wick_%s(%s.dtype = %s)", function,
              name, function, sizes, name);
}

wick_tensor *wk_finish(const char *function, wick_tensor *t, const wick_tensor_options *o)
{
    if (t && o->requires_grad && !wick_dtype_is_floating(t->dtype)) {
        wick_fail(WICK_ERROR_DTYPE, "wick_%s: only floating-point tensors can require gradients, not %s", function,
                  wick_dtype_name(t->dtype));
        wk_unref(t);
        return NULL;
    }
    if (t)
        t->requires_grad = o->requires_grad;
    return wk_own(t);
}

static wick_dtype dtype_or_default(wick_dtype dtype) { return dtype == WICK_DTYPE_AUTO ? wick_default_dtype() : dtype; }

static const wick_number zero = {WICK_NUMBER_FLOAT, {.real = 0}}, one = {WICK_NUMBER_FLOAT, {.real = 1}};

/* An uninitialised tensor, or one filled with *value; of no dtype, that of the value, or the default. */
static wick_tensor *filled(const char *function, const int64_t *shape, int ndim, wick_dtype dtype,
                           const wick_number *value)
{
    int64_t numel;
    if (dtype == WICK_DTYPE_AUTO && value && value->kind != WICK_NUMBER_FLOAT)
        dtype = value->kind == WICK_NUMBER_BOOL ? WICK_BOOL : WICK_INT64;
    dtype = dtype_or_default(dtype);
    if (!wk_check_shape(function, shape, ndim, dtype, &numel))
        return NULL;
    if (value && value != &zero && value != &one) { /* which every dtype holds */
        char name[40];
        snprintf(name, sizeof name, "wick_%s", function);
        if (!wk_check_number(name, *value, dtype))
            return NULL;
    }
    wick_tensor *t = wk_new(shape, ndim, dtype);
    if (t && value)
        wk_fill_number(t, *value);
    return t;
}

static wick_tensor *filled_opt(const char *function, const wick_tensor_options *o, const wick_number *value)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_options_shape(function, o, shape, &ndim))
        return NULL;
    return wk_finish(function, filled(function, shape, ndim, o->dtype, value), o);
}

wick_tensor *wick_empty_opt(const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    return filled_opt("empty", &o, NULL);
}
wick_tensor *wick_zeros_opt(const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    return filled_opt("zeros", &o, &zero);
}
wick_tensor *wick_ones_opt(const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    return filled_opt("ones", &o, &one);
}
wick_tensor *wick_full_opt(wick_number value, const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    return filled_opt("full", &o, &value);
}

wick_tensor *wick_empty_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    WK_ENTER;
    return wk_own(filled("empty", shape, ndim, dtype, NULL));
}

wick_tensor *wick_zeros_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    WK_ENTER;
    return wk_own(filled("zeros", shape, ndim, dtype, &zero));
}

wick_tensor *wick_ones_n(const int64_t *shape, int ndim, wick_dtype dtype)
{
    WK_ENTER;
    return wk_own(filled("ones", shape, ndim, dtype, &one));
}

wick_tensor *wick_full_n(wick_number value, const int64_t *shape, int ndim, wick_dtype dtype)
{
    WK_ENTER;
    return wk_own(filled("full", shape, ndim, dtype, &value));
}

static wick_tensor *filled_like(const char *function, wick_tensor *t, const wick_number *value)
{
    if (!WK_TENSOR(t, function, "t"))
        return NULL;
    return wk_own(filled(function + strlen("wick_"), t->shape, t->ndim, t->dtype, value));
}

wick_tensor *wick_empty_like(wick_tensor *t)
{
    WK_ENTER;
    return filled_like("wick_empty_like", t, NULL);
}
wick_tensor *wick_zeros_like(wick_tensor *t)
{
    WK_ENTER;
    return filled_like("wick_zeros_like", t, &zero);
}
wick_tensor *wick_ones_like(wick_tensor *t)
{
    WK_ENTER;
    return filled_like("wick_ones_like", t, &one);
}
#undef wick_full_like
wick_tensor *wick_full_like(wick_tensor *t, wick_number value)
{
    WK_ENTER;
    return filled_like("wick_full_like", t, &value);
}

/* ---- From C data ----------------------------------------------------------------------------------------------------------- */

static bool is_given(const void *data, int64_t numel, const int64_t *shape, int ndim)
{
    if (!data && numel)
        wick_fail(WICK_ERROR_ARGUMENT, "wick_from: data is NULL, shape %s needs %lld elements",
                  wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}), (long long)numel);
    return data || !numel;
}

/* Each type of C that data may have: what it is called, and the dtype that it becomes. */
#define ELEMENTS(X)                           \
    X(FLOAT, float, WICK_FLOAT32)             \
    X(DOUBLE, double, WICK_FLOAT64)           \
    X(LONG_DOUBLE, long double, WICK_FLOAT64) \
    X(BOOL, bool, WICK_BOOL)                  \
    X(SCHAR, signed char, WICK_INT64)         \
    X(UCHAR, unsigned char, WICK_UINT8)       \
    X(SHORT, short, WICK_INT64)               \
    X(USHORT, unsigned short, WICK_INT64)     \
    X(INT, int, WICK_INT64)                   \
    X(UINT, unsigned, WICK_INT64)             \
    X(LONG, long, WICK_INT64)                 \
    X(ULONG, unsigned long, WICK_INT64)       \
    X(LLONG, long long, WICK_INT64)           \
    X(ULLONG, unsigned long long, WICK_INT64)

static const struct {
    const char *name;
    size_t size;
    wick_dtype dtype;
} elements[] = {
#define ELEMENT(name, type, dtype) [WICK_ELEMENT_##name] = {#type, sizeof(type), dtype},
    ELEMENTS(ELEMENT)
#undef ELEMENT
};

#define NUMBERED(name, type, dtype) _Static_assert(WICK_ELEMENT_OF_((type *)NULL) == WICK_ELEMENT_##name, #type);
ELEMENTS(NUMBERED)
#undef NUMBERED

/* The data as elements of the dtype that their type becomes. False, with an error, if an unsigned number is beyond int64. */
static bool convert(void *to, const void *data, wick_element element, int64_t n)
{
    if (elements[element].size == wick_dtype_size(elements[element].dtype) && element != WICK_ELEMENT_ULONG &&
        element != WICK_ELEMENT_ULLONG && element != WICK_ELEMENT_LONG_DOUBLE) {
        memcpy(to, data, (size_t)n * elements[element].size);
        return true;
    }
    unsigned long long largest = 0;
    for (int64_t i = 0; i < n; i++)
        switch (element) {
        case WICK_ELEMENT_LONG_DOUBLE: ((double *)to)[i] = (double)((const long double *)data)[i]; break;
#define WHOLE(name, type) \
    case WICK_ELEMENT_##name: ((int64_t *)to)[i] = ((const type *)data)[i]; break;
            WHOLE(SCHAR, signed char)
            WHOLE(SHORT, short)
            WHOLE(USHORT, unsigned short)
            WHOLE(INT, int)
            WHOLE(UINT, unsigned)
            WHOLE(LONG, long)
            WHOLE(LLONG, long long)
#undef WHOLE
#define NATURAL(name, type)                                       \
    case WICK_ELEMENT_##name: {                                   \
        const unsigned long long value = ((const type *)data)[i]; \
        ((int64_t *)to)[i] = (int64_t)(value & INT64_MAX);        \
        largest = value > largest ? value : largest;              \
        break;                                                    \
    }
            NATURAL(ULONG, unsigned long)
            NATURAL(ULLONG, unsigned long long)
#undef NATURAL
        default: break; /* copied above */
        }
    if (largest > INT64_MAX)
        wick_fail(WICK_ERROR_ARGUMENT, "wick_from: the data, of type %s, hold %llu, which does not fit into int64",
                  elements[element].name, largest);
    return largest <= INT64_MAX;
}

wick_tensor *wick_from_opt(const void *data, wick_element element, size_t bytes, const wick_tensor_options *given)
{
    WK_ENTER;
    wick_tensor_options o = WK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, given);
    int64_t shape[WICK_MAX_DIMS], numel;
    int ndim;
    if ((size_t)element >= sizeof elements / sizeof *elements)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_from: %d is not an element type", (int)element);
    const wick_dtype dtype = elements[element].dtype;
    const size_t size = elements[element].size;
    if (!wk_options_shape("from", &o, shape, &ndim) || !wk_check_shape("from", shape, ndim, dtype, &numel))
        return NULL;
    /* A pointer has the size of a pointer, whatever it points to. */
    if (bytes != sizeof(void *) && bytes != (size_t)numel * size)
        return wick_fail(WICK_ERROR_SHAPE, "wick_from: the array has %zu elements, and shape %s has %lld", bytes / size,
                         wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}), (long long)numel);
    wick_tensor *t = is_given(data, numel, shape, ndim) ? wk_new(shape, ndim, dtype) : NULL;
    if (t && numel && !convert(wk_data(t), data, element, numel)) {
        wk_unref(t);
        t = NULL;
    }
    wick_tensor *result = t ? wk_cast(t, o.dtype == WICK_DTYPE_AUTO ? dtype : o.dtype) : NULL;
    wk_unref(t);
    return wk_finish("from", result, &o);
}

wick_tensor *wick_from_n(const void *data, wick_dtype dtype, const int64_t *shape, int ndim)
{
    WK_ENTER;
    int64_t numel;
    if (!wk_check_shape("from", shape, ndim, dtype, &numel) || !is_given(data, numel, shape, ndim))
        return NULL;
    wick_tensor *t = wk_new(shape, ndim, dtype);
    if (t && numel)
        memcpy(wk_data(t), data, (size_t)numel * wick_dtype_size(dtype));
    return wk_own(t);
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
    WK_ENTER;
    wick_tensor *t = number(WICK_FLOAT64);
    if (t)
        *(double *)wk_data(t) = value;
    return wk_own(t);
}

wick_tensor *wick_scalar_int(int64_t value)
{
    WK_ENTER;
    wick_tensor *t = number(WICK_INT64);
    if (t)
        *(int64_t *)wk_data(t) = value;
    return wk_own(t);
}

wick_tensor *wick_scalar_uint(uint64_t value)
{
    WK_ENTER;
    bool fits;
    const int64_t whole = wick_natural_(value, &fits);
    return fits ? wick_scalar_int(whole) : NULL;
}

wick_tensor *wick_scalar_bool(bool value)
{
    WK_ENTER;
    wick_tensor *t = number(WICK_BOOL);
    if (t)
        *(bool *)wk_data(t) = value;
    return wk_own(t);
}

/* ---- Sequences --------------------------------------------------------------------------------------------------------------- */

wick_tensor *wick_arange_opt(double first, const wick_arange_options *given)
{
    WK_ENTER;
    wick_arange_options o = WK_OPTIONS(wick_arange_options, WICK_ARANGE_DEFAULTS, given);
    const char *function = "wick_arange", *instead = "use wick_arange_int, or ask for a floating-point .dtype";
    double start = isnan(o.end) ? 0 : first, end = isnan(o.end) ? first : o.end;
    double count = ceil((end - start) / o.step);
    if (o.step == 0 || !isfinite(start) || !isfinite(end) || !((end - start) / o.step >= 0))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: from %s to %s in steps of %s; the step must not be 0 and must lead from start to end",
                         function, WK_REAL(start), WK_REAL(end), WK_REAL(o.step));
    if (count > 9e18)
        return wick_fail(WICK_ERROR_MEMORY, "%s: %s elements are more than can be addressed", function, WK_REAL(count));
    bool whole = start == floor(start) && end == floor(end) && o.step == floor(o.step);
    wick_dtype dtype = o.dtype != WICK_DTYPE_AUTO ? o.dtype : whole ? WICK_INT64 : wick_default_dtype();
    int64_t numel;
    if (!wk_check_shape("arange", (int64_t[]){(int64_t)count}, 1, dtype, &numel) ||
        !wk_check_exact(function, "start", start, dtype, instead) ||
        !wk_check_exact(function, "end", end, dtype, instead) ||
        !wk_check_exact(function, "step", o.step, dtype, instead))
        return NULL;
    wick_tensor *t = wk_new((int64_t[]){(int64_t)count}, 1, dtype);
    for (int64_t i = 0; t && i < t->numel; i++)
        wk_store(t, i, start + (double)i * o.step);
    return wk_own(t);
}

wick_tensor *wick_arange_int(int64_t start, int64_t end, int64_t step)
{
    WK_ENTER;
    if (step == 0 || (step > 0 ? start > end : start < end))
        return wick_fail(
            WICK_ERROR_ARGUMENT,
            "wick_arange_int: from %lld to %lld in steps of %lld; the step must not be 0 and must lead from "
            "start to end",
            (long long)start, (long long)end, (long long)step);
    /* In unsigned arithmetic, as end - start may not fit into int64. */
    const uint64_t way = step > 0 ? (uint64_t)end - (uint64_t)start : (uint64_t)start - (uint64_t)end;
    const uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    const uint64_t count = way / stride + (way % stride != 0);
    if (count > INT64_MAX)
        return wick_fail(WICK_ERROR_MEMORY, "wick_arange_int: %llu elements are more than can be addressed",
                         (unsigned long long)count);
    wick_tensor *t = wk_new((int64_t[]){(int64_t)count}, 1, WICK_INT64);
    int64_t *out = t ? wk_data(t) : NULL;
    for (int64_t i = 0; t && i < t->numel; i++)
        out[i] = (int64_t)((uint64_t)start + (uint64_t)i * (uint64_t)step);
    return wk_own(t);
}

wick_tensor *wick_linspace(double start, double end, int64_t steps)
{
    WK_ENTER;
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

wick_tensor *wick_eye_opt(int64_t n, const wick_eye_options *given)
{
    WK_ENTER;
    wick_eye_options o = WK_OPTIONS(wick_eye_options, WICK_UNSET, given);
    const int64_t m = o.m == WICK_UNSET ? n : o.m;
    wick_tensor *t = wk_own(filled("eye", (int64_t[]){n, m}, 2, o.dtype, &zero));
    for (int64_t i = 0; t && i < n && i < m; i++)
        wk_store(t, i * m + i, 1);
    return t;
}
