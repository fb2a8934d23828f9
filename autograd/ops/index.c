/* index.c - picking elements by position. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* take     y = x at flat positions b          dx = put(dy, b)
   put      y = 0 but for x at positions b     dx = take(dy, b)        elements that meet are added up */
GRAD(take_d) { return wk_put(dy, b, node->a_shape, node->a_ndim); }
GRAD(put_d) { return wk_take(dy, b); }
static const wk_op take_op = {"TakeBackward0", {{take_d, USES_B, NULL}, {NULL, 0, NULL}}, false};
static const wk_op put_op = {"PutBackward0", {{put_d, USES_B, NULL}, {NULL, 0, NULL}}, false};

/* The elements of x at the positions (valid, or -1), in their shape. One reference, the caller's. */
static wick_tensor *take(const wick_tensor *x, const wick_tensor *positions)
{
    wick_tensor *flat = wk_contiguous(x), *at = wk_contiguous(positions);
    wick_tensor *y = flat && at ? wk_new(at->shape, at->ndim, (wick_dtype)x->dtype) : NULL;
    if (y) {
        const int64_t *p = wk_data(at);
        size_t size = wick_dtype_size((wick_dtype)x->dtype);
        const char *from = wk_data(flat);
        char *to = wk_data(y);
        for (int64_t i = 0; i < y->numel; i++)
            if (p[i] < 0)
                memset(to + (size_t)i * size, 0, size);
            else
                memcpy(to + (size_t)i * size, from + (size_t)p[i] * size, size);
    }
    wk_unref(flat);
    wk_unref(at);
    return y;
}

wick_tensor *wk_take(wick_tensor *x, wick_tensor *positions)
{
    if (!x || !positions)
        return NULL;
    return wk_record(&take_op, NULL, take(x, positions), x, positions, NULL);
}

wick_tensor *wk_put(wick_tensor *x, wick_tensor *positions, const int64_t *shape, int ndim)
{
    if (!x || !positions)
        return NULL;
    wick_tensor *y = wk_new(shape, ndim, (wick_dtype)x->dtype);
    wick_tensor *from = wk_contiguous(x), *at = wk_contiguous(positions);
    if (y && from && at) {
        const int64_t *p = wk_data(at);
        memset(wk_data(y), 0, (size_t)y->numel * wick_dtype_size((wick_dtype)y->dtype));
        if (y->dtype == WICK_FLOAT32) {
            for (int64_t i = 0; i < at->numel; i++)
                if (p[i] >= 0)
                    ((float *)wk_data(y))[p[i]] += ((const float *)wk_data(from))[i];
        } else {
            for (int64_t i = 0; i < at->numel; i++)
                if (p[i] >= 0)
                    wk_store(y, p[i], wk_load(y, p[i]) + wk_load(from, from->offset + i));
        }
    } else {
        wk_unref(y);
        y = NULL;
    }
    wk_unref(from);
    wk_unref(at);
    return wk_record(&put_op, NULL, y, x, positions, NULL);
}

/* index    y = x[b0, b1, ...]                 dx = put(dy) at these places */
static const wk_op index_op = {"IndexBackward0", {{take_d, USES_B, NULL}, {NULL, 0, NULL}}, false};

/* Flat positions in a contiguous x of the elements that the indices name, in the result's shape: the broadcast shape of the
 * indices, then the dimensions of x that are not indexed. One reference, the caller's. */
static wick_tensor *positions_of(const char *function, const wick_tensor *x, const wick_list *indices)
{
    int64_t shape[WICK_MAX_DIMS] = {0};
    int ndim = 0, n = (int)indices->count;
    for (int i = 0; i < n; i++)
        if (!wk_broadcast(function, shape, ndim, indices->items[i]->shape, indices->items[i]->ndim, shape, &ndim))
            return NULL;
    int64_t inner = 1; /* elements of one indexed place */
    for (int d = n; d < x->ndim; d++) {
        if (ndim == WICK_MAX_DIMS)
            return wick_fail(WICK_ERROR_SHAPE, "%s: the result would have more than %d dimensions", function,
                             WICK_MAX_DIMS);
        shape[ndim++] = x->shape[d];
        inner *= x->shape[d];
    }
    wick_tensor *positions = wk_new(shape, ndim, WICK_INT64);
    if (!positions)
        return NULL;
    int64_t *to = wk_data(positions), places = inner ? positions->numel / inner : 0, index[WICK_MAX_DIMS] = {0};
    int outer = ndim - (x->ndim - n); /* dimensions of the indices together */
    for (int64_t place = 0; place < places; place++) {
        int64_t at = 0;
        for (int i = 0; i < n; i++) {
            const wick_tensor *t = indices->items[i];
            int64_t from = t->offset;
            for (int d = 0; d < t->ndim; d++)
                from += t->shape[d] == 1 ? 0 : index[outer - t->ndim + d] * t->strides[d];
            int64_t value = wk_load_int(t, from), size = x->shape[i], wrapped = value < 0 ? value + size : value;
            if (wrapped < 0 || wrapped >= size) {
                wk_unref(positions);
                return wick_fail(WICK_ERROR_INDEX, "%s: index %lld is out of bounds for dimension %d with size %lld",
                                 function, (long long)value, i, (long long)size);
            }
            at = at * size + wrapped;
        }
        for (int64_t k = 0; k < inner; k++)
            *to++ = at * inner + k;
        wk_next(shape, outer, index, 0, NULL, NULL);
    }
    return positions;
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
    wick_tensor *positions = positions_of(function, x, indices);
    wick_tensor *y = positions ? wk_record(&index_op, NULL, take(x, positions), x, positions, NULL) : NULL;
    wk_unref(positions);
    return y;
}
