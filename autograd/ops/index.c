/* index.c - picking elements by position. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* take     y = the parts of x at places b     dx = put(dy, b)
   put      y = 0 but for x at places b        dx = take(dy, b)        parts that meet are added up
   A place counts parts, all as long as it takes for y (of put: x) to have one for each place: rows, or single elements. */
static wick_tensor *take(wick_tensor *x, wick_tensor *places, const int64_t *shape, int ndim);
GRAD(take_d) { return wk_put(dy, b, node->a_shape, node->a_ndim); }
GRAD(put_d) { return take(dy, b, node->a_shape, node->a_ndim); }
static const wk_op take_op = {"TakeBackward0", {{take_d, USES_B, NULL}, {NULL, 0, NULL}}, false};
static const wk_op put_op = {"PutBackward0", {{put_d, USES_B, NULL}, {NULL, 0, NULL}}, false};

/* The parts of x at the places (valid, or -1, for zeros), in the given shape. One reference, the caller's. */
static wick_tensor *taken(const wick_tensor *x, const wick_tensor *places, const int64_t *shape, int ndim)
{
    wick_tensor *flat = wk_contiguous(x), *at = wk_contiguous(places);
    wick_tensor *y = flat && at ? wk_new(shape, ndim, (wick_dtype)x->dtype) : NULL;
    if (y && y->numel) {
        const int64_t *p = wk_data(at);
        const size_t part = (size_t)(y->numel / at->numel) * wick_dtype_size((wick_dtype)x->dtype);
        const char *from = wk_data(flat);
        char *to = wk_data(y);
        for (int64_t i = 0; i < at->numel; i++)
            if (p[i] < 0)
                memset(to + (size_t)i * part, 0, part);
            else
                memcpy(to + (size_t)i * part, from + (size_t)p[i] * part, part);
    }
    wk_unref(flat);
    wk_unref(at);
    return y;
}

static wick_tensor *take(wick_tensor *x, wick_tensor *places, const int64_t *shape, int ndim)
{
    if (!x || !places)
        return NULL;
    return wk_record(&take_op, NULL, taken(x, places, shape, ndim), x, places, NULL);
}

wick_tensor *wk_take(wick_tensor *x, wick_tensor *positions)
{
    return positions ? take(x, positions, positions->shape, positions->ndim) : NULL;
}

wick_tensor *wk_put(wick_tensor *x, wick_tensor *places, const int64_t *shape, int ndim)
{
    if (!x || !places)
        return NULL;
    wick_tensor *y = wk_new(shape, ndim, (wick_dtype)x->dtype);
    wick_tensor *from = wk_contiguous(x), *at = wk_contiguous(places);
    if (y && from && at) {
        const int64_t *p = wk_data(at), part = at->numel ? from->numel / at->numel : 0;
        memset(wk_data(y), 0, (size_t)y->numel * wick_dtype_size((wick_dtype)y->dtype));
        for (int64_t i = 0; i < at->numel; i++) {
            if (p[i] < 0)
                continue;
            if (y->dtype == WICK_FLOAT32) {
                float *sum = (float *)wk_data(y) + p[i] * part;
                const float *add = (const float *)wk_data(from) + i * part;
                for (int64_t k = 0; k < part; k++)
                    sum[k] += add[k];
            } else {
                for (int64_t k = 0; k < part; k++)
                    wk_store(y, p[i] * part + k,
                             wk_load(y, p[i] * part + k) + wk_load(from, from->offset + i * part + k));
            }
        }
    } else {
        wk_unref(y);
        y = NULL;
    }
    wk_unref(from);
    wk_unref(at);
    return wk_record(&put_op, NULL, y, x, places, NULL);
}

/* index    y = x[b0, b1, ...]                 dx = put(dy) at these places */
static const wk_op index_op = {"IndexBackward0", {{take_d, USES_B, NULL}, {NULL, 0, NULL}}, false};

/* The places that the indices name in the leading dimensions of x, taken as one, in the broadcast shape of the indices;
 * the result has this shape and then the dimensions of x that are not indexed. One reference, the caller's. */
static wick_tensor *places_of(const char *function, const wick_tensor *x, const wick_list *indices, int64_t *shape,
                              int *ndim)
{
    int n = (int)indices->count, outer = 0;
    for (int i = 0; i < n; i++)
        if (!wk_broadcast(function, shape, outer, indices->items[i]->shape, indices->items[i]->ndim, shape, &outer))
            return NULL;
    *ndim = outer + x->ndim - n;
    if (*ndim > WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the result would have more than %d dimensions", function,
                         WICK_MAX_DIMS);
    for (int d = n; d < x->ndim; d++)
        shape[outer + d - n] = x->shape[d];
    wick_tensor *places = wk_new(shape, outer, WICK_INT64);
    if (!places)
        return NULL;
    int64_t *to = wk_data(places), index[WICK_MAX_DIMS] = {0};
    for (int64_t place = 0; place < places->numel; place++) {
        int64_t at = 0;
        for (int i = 0; i < n; i++) {
            const wick_tensor *t = indices->items[i];
            int64_t from = t->offset;
            for (int d = 0; d < t->ndim; d++)
                from += t->shape[d] == 1 ? 0 : index[outer - t->ndim + d] * t->strides[d];
            int64_t value = wk_load_int(t, from), size = x->shape[i], wrapped = value < 0 ? value + size : value;
            if (wrapped < 0 || wrapped >= size) {
                wk_unref(places);
                return wick_fail(WICK_ERROR_INDEX, "%s: index %lld is out of bounds for dimension %d with size %lld",
                                 function, (long long)value, i, (long long)size);
            }
            at = at * size + wrapped;
        }
        *to++ = at;
        wk_next(shape, outer, index, 0, NULL, NULL);
    }
    return places;
}

wick_tensor *wick_index(wick_tensor *x, wick_list *indices)
{
    const char *function = "wick_index";
    if (!WK_TENSOR(x, function, "x") || !WK_LIST(indices, function, "indices"))
        return NULL;
    if (indices->count < 1 || indices->count > x->ndim)
        return wick_fail(WICK_ERROR_INDEX, "%s: %lld indices for a tensor of shape %s; give 1 to %d", function,
                         (long long)indices->count, WK_SHAPE(x), x->ndim);
    for (int64_t i = 0; i < indices->count; i++)
        if (indices->items[i]->dtype != WICK_INT64)
            return wick_fail(WICK_ERROR_DTYPE, "%s: index %lld is %s; indices are int64", function, (long long)i,
                             wick_dtype_name((wick_dtype)indices->items[i]->dtype));
    int64_t shape[WICK_MAX_DIMS] = {0};
    int ndim;
    wick_tensor *places = places_of(function, x, indices, shape, &ndim);
    wick_tensor *y = places ? wk_record(&index_op, NULL, taken(x, places, shape, ndim), x, places, NULL) : NULL;
    wk_unref(places);
    return y;
}
