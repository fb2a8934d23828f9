/* bins.c - classes and bins: one_hot, bincount, and the bin that a value falls into. None is differentiable. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../parts.h"

wick_tensor *wick_one_hot_opt(wick_tensor *classes, const wick_one_hot_options *given)
{
    WK_ENTER;
    wick_one_hot_options o = WK_OPTIONS(wick_one_hot_options, -1, given);
    const char *function = "wick_one_hot";
    if (!wk_check_index(function, classes, "classes"))
        return NULL;
    if (classes->ndim == WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the result would have more than %d dimensions", function,
                         WICK_MAX_DIMS);
    if (!classes->numel && o.num_classes <= 0)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: without elements the number of classes is not known; give .num_classes", function);
    WICK_SCOPE;
    wick_tensor *flat = wk_own(wk_contiguous(classes));
    if (!flat)
        return NULL;
    const int64_t *in = wk_data(flat);
    int64_t largest = -1, shape[WICK_MAX_DIMS];
    for (int64_t i = 0; i < flat->numel; i++) {
        if (in[i] < 0 || (o.num_classes != -1 && in[i] >= o.num_classes) || in[i] == INT64_MAX)
            return wick_fail(WICK_ERROR_INDEX, "%s: class %lld is not in [0, %lld)", function, (long long)in[i],
                             (long long)(o.num_classes == -1 ? INT64_MAX : o.num_classes));
        largest = in[i] > largest ? in[i] : largest;
    }
    memcpy(shape, classes->shape, (size_t)classes->ndim * sizeof *shape);
    const int64_t count = shape[classes->ndim] = o.num_classes == -1 ? largest + 1 : o.num_classes;
    wick_tensor *y = wk_new(shape, classes->ndim + 1, WICK_INT64);
    if (y) {
        wk_fill(y, 0);
        int64_t *to = wk_data(y);
        for (int64_t i = 0; i < flat->numel; i++)
            to[i * count + in[i]] = 1;
    }
    return wick_out(wk_own(y));
}

wick_tensor *wick_bincount_opt(wick_tensor *x, const wick_bincount_options *given)
{
    WK_ENTER;
    wick_bincount_options o = WK_OPTIONS(wick_bincount_options, 0, given);
    const char *function = "wick_bincount";
    if (!WK_TENSOR(x, function, "x") || (o.weights && !WK_TENSOR(o.weights, function, "weights")))
        return NULL;
    if (x->dtype != WICK_INT64 && x->dtype != WICK_UINT8)
        return wick_fail(WICK_ERROR_DTYPE, "%s: x must be int64 or uint8, not %s", function, wick_dtype_name(x->dtype));
    if (x->ndim != 1 || o.minlength < 0)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: x must have one dimension, and has shape %s; minlength is %lld, and must not be "
                         "negative",
                         function, WK_SHAPE(x), (long long)o.minlength);
    if (o.weights && x->numel && !wk_same_shape(x, o.weights))
        return wick_fail(WICK_ERROR_SHAPE, "%s: the weights, of shape %s, must have x's shape, %s", function,
                         WK_SHAPE(o.weights), WK_SHAPE(x));
    int64_t length = o.minlength;
    for (int64_t i = 0; i < x->numel; i++) {
        int64_t value = wk_load_int(x, x->offset + i * x->strides[0]);
        if (value < 0 || value == INT64_MAX)
            return wick_fail(WICK_ERROR_INDEX, "%s: %lld cannot be counted; values must be 0 or more", function,
                             (long long)value);
        length = value >= length ? value + 1 : length;
    }
    const wick_tensor *w = x->numel ? o.weights : NULL;
    wick_tensor *y = wk_new(&length, 1, !w ? WICK_INT64 : w->dtype == WICK_FLOAT32 ? WICK_FLOAT32 : WICK_FLOAT64);
    if (!y)
        return NULL;
    wk_fill(y, 0);
    for (int64_t i = 0; i < x->numel; i++) {
        int64_t at = wk_load_int(x, x->offset + i * x->strides[0]);
        if (w)
            wk_store(y, at, wk_load(y, at) + wk_load(w, w->offset + i * w->strides[0]));
        else
            ((int64_t *)wk_data(y))[at]++;
    }
    return wk_own(y);
}

/* Whether the boundary lies before value: is less, or, from the right, not greater. A NaN boundary does. */
static bool lies_before(const wick_tensor *boundaries, int64_t i, const wick_tensor *values, int64_t k, bool right)
{
    if (values->dtype == WICK_INT64) {
        int64_t b = wk_load_int(boundaries, i), v = wk_load_int(values, k);
        return right ? b <= v : b < v;
    }
    double b = wk_load(boundaries, i), v = wk_load(values, k);
    return right ? !(b > v) : !(b >= v);
}

static wick_tensor *search(const char *function, wick_tensor *boundaries, wick_tensor *values, bool right)
{
    if (boundaries->dtype == WICK_BOOL && values->dtype == WICK_BOOL)
        return wick_fail(WICK_ERROR_DTYPE, "%s: the boundaries and the values must not both be bool", function);
    bool fits = boundaries->ndim == 1 || (boundaries->ndim == values->ndim && boundaries->ndim > 0);
    for (int d = 0; fits && boundaries->ndim > 1 && d < values->ndim - 1; d++)
        fits = boundaries->shape[d] == values->shape[d];
    if (!fits)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: the boundaries, of shape %s, must have one dimension, or the shape of the values, %s, in all but "
            "the last",
            function, WK_SHAPE(boundaries), WK_SHAPE(values));
    WICK_SCOPE;
    wick_dtype dtype = wick_promote_types(boundaries->dtype, values->dtype);
    wick_tensor *b = wk_own(wk_cast(boundaries, dtype)), *v = wk_own(wk_cast(values, dtype));
    b = b ? wk_own(wk_contiguous(b)) : NULL;
    v = v ? wk_own(wk_contiguous(v)) : NULL;
    wick_tensor *y = b && v ? wk_own(wk_new(values->shape, values->ndim, WICK_INT64)) : NULL;
    if (!y)
        return NULL;
    const int64_t n = b->shape[b->ndim - 1], row = v->ndim ? v->shape[v->ndim - 1] : 1;
    int64_t *to = wk_data(y);
    for (int64_t k = 0; k < v->numel; k++) {
        const int64_t first = b->offset + (b->ndim > 1 ? k / row * n : 0);
        int64_t low = 0, high = n;
        while (low < high) {
            int64_t middle = low + (high - low) / 2;
            if (lies_before(b, first + middle, v, v->offset + k, right))
                low = middle + 1;
            else
                high = middle;
        }
        to[k] = low;
    }
    return wick_out(y);
}

wick_tensor *wick_searchsorted_opt(wick_tensor *sorted_sequence, wick_tensor *values,
                                   const wick_searchsorted_options *given)
{
    WK_ENTER;
    wick_searchsorted_options o = WK_OPTIONS(wick_searchsorted_options, 0, given);
    const char *function = "wick_searchsorted";
    if (!WK_TENSOR(sorted_sequence, function, "sorted_sequence") || !WK_TENSOR(values, function, "values"))
        return NULL;
    return search(function, sorted_sequence, values, o.right);
}

wick_tensor *wick_bucketize_opt(wick_tensor *x, wick_tensor *boundaries, const wick_searchsorted_options *given)
{
    WK_ENTER;
    wick_searchsorted_options o = WK_OPTIONS(wick_searchsorted_options, 0, given);
    const char *function = "wick_bucketize";
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(boundaries, function, "boundaries"))
        return NULL;
    if (boundaries->ndim != 1)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the boundaries must have one dimension, and have shape %s", function,
                         WK_SHAPE(boundaries));
    return search(function, boundaries, x, o.right);
}
