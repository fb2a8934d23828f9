/* repeat.c - elements repeated: side by side, in a row, and as the coordinates of a grid. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- repeat, tile -------------------------------------------------------------------------------------------------------------- */

/* repeat   y = copies of x side by side, r[d] in dimension d        dx = dy summed over the copies        dims: r */
GRAD(repeat_d)
{
    /* A dimension at a time, each as (copies, what is in a copy), the first one first. */
    const int extra = args->ndim - node->a_ndim;
    wick_tensor *sum = dy;
    int64_t outer = 1; /* elements of x in the dimensions before */
    for (int d = 0; sum && d < args->ndim; d++) {
        const int64_t size = d < extra ? 1 : node->a_shape[d - extra];
        int64_t inner = size; /* elements of a copy */
        for (int k = d + 1; k < args->ndim; k++)
            inner *= args->dims[k] * (k < extra ? 1 : node->a_shape[k - extra]);
        if (args->dims[d] != 1)
            sum = wick_sum(wick_reshape(sum, outer, args->dims[d], inner), 1);
        outer *= size;
    }
    return wick_reshape_n(sum, node->a_shape, node->a_ndim);
}
static const wk_op repeat_op = {"RepeatBackward0", {{repeat_d, 0, NULL}}, false};

/* y = copies of x, whose dimensions are counted from y's last: the rows of x, each as often as it is wanted; then, from
 * the last dimension but one on, what is there as often as it is wanted. */
static void copy_repeated(wick_tensor *y, const wick_tensor *x, const int64_t *repeats)
{
    const int extra = y->ndim - x->ndim, last = y->ndim - 1;
    const size_t element = wick_dtype_size(x->dtype);
    int64_t size[WICK_MAX_DIMS];
    for (int d = 0; d < y->ndim; d++)
        size[d] = d < extra ? 1 : x->shape[d - extra];
    const char *from = wk_data(x);
    if (last < 0)
        memcpy(wk_data(y), from, element);
    for (int d = last; d >= 0; d--) {
        const size_t bytes = (size_t)(d == last ? size[d] : size[d] * y->strides[d]) * element;
        int64_t outer = 1, index[WICK_MAX_DIMS] = {0}, at = 0; /* elements */
        for (int k = 0; k < d; k++)
            outer *= size[k];
        for (int64_t n = 0; n < outer; n++) {
            char *first = (char *)wk_data(y) + (size_t)at * element;
            if (d == last) {
                memcpy(first, from, bytes);
                from += bytes;
            }
            for (int64_t r = 1; r < repeats[d]; r++)
                memcpy(first + (size_t)r * bytes, first, bytes);
            wk_next(size, d, index, 1, (const int64_t *const[]){y->strides}, &at);
        }
    }
}

/* x repeated, with a number for each of count >= x->ndim dimensions of the result. */
static wick_tensor *repeat(const char *function, wick_tensor *x, const int64_t *repeats, int count)
{
    const int extra = count - x->ndim;
    int64_t shape[WICK_MAX_DIMS];
    wk_args args = {.ndim = count};
    for (int d = 0; d < count; d++) {
        const int64_t size = d < extra ? 1 : x->shape[d - extra];
        if (repeats[d] < 0)
            return wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld copies in dimension %d; give 0 or more", function,
                             (long long)repeats[d], d);
        if (size && repeats[d] > INT64_MAX / size)
            return wick_fail(WICK_ERROR_MEMORY, "%s: %lld copies in dimension %d are more than can be addressed",
                             function, (long long)repeats[d], d);
        shape[d] = size * repeats[d];
        args.dims[d] = repeats[d];
    }
    wick_tensor *from = wk_contiguous(x), *y = from ? wk_new(shape, count, x->dtype) : NULL;
    if (y && y->numel)
        copy_repeated(y, from, repeats);
    wk_unref(from);
    return wk_record(&repeat_op, &args, y, x, NULL, NULL);
}

wick_tensor *wick_repeat_n(wick_tensor *x, const int64_t *repeats, int count)
{
    WK_ENTER;
    const char *function = "wick_repeat";
    if (!WK_TENSOR(x, function, "x") || !wk_check_tuple(function, (wick_tuple){repeats, count}))
        return NULL;
    if (count < x->ndim || count > WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: %d numbers for shape %s; give one for each dimension, and at most %d", function, count,
                         WK_SHAPE(x), WICK_MAX_DIMS);
    return repeat(function, x, repeats, count);
}

wick_tensor *wick_tile_n(wick_tensor *x, const int64_t *repeats, int count)
{
    WK_ENTER;
    const char *function = "wick_tile";
    if (!WK_TENSOR(x, function, "x") || !wk_check_tuple(function, (wick_tuple){repeats, count}))
        return NULL;
    if (count > WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d numbers; a tensor has at most %d dimensions", function, count,
                         WICK_MAX_DIMS);
    int64_t all[WICK_MAX_DIMS];
    const int ndim = count > x->ndim ? count : x->ndim;
    for (int d = 0; d < ndim; d++)
        all[d] = d < ndim - count ? 1 : repeats[d - (ndim - count)];
    return repeat(function, x, all, ndim);
}

/* ---- repeat_interleave ------------------------------------------------------------------------------------------------------------ */

/* repeat_interleave   y = each part of x r times in a row        dx = dy summed over these        start: parts; dim: r;
                       step: elements of a part */
GRAD(repeat_interleave_d)
{
    wick_tensor *sum = wick_sum(wick_reshape(dy, args->start, args->dim, args->step), 1);
    return wick_reshape_n(sum, node->a_shape, node->a_ndim);
}
static const wk_op repeat_interleave_op = {"RepeatInterleaveBackward0", {{repeat_interleave_d, 0, NULL}}, false};

/* Single elements. */
#define REPEAT_EACH(T)                                                                 \
    static void repeat_each_##T(int64_t n, int64_t repeats, T *restrict y, const T *x) \
    {                                                                                  \
        for (int64_t i = 0; i < n; i++)                                                \
            for (int64_t r = 0; r < repeats; r++)                                      \
                *y++ = x[i];                                                           \
    }
REPEAT_EACH(uint8_t)
REPEAT_EACH(uint32_t)
REPEAT_EACH(uint64_t)
#undef REPEAT_EACH

/* Parts of so many elements. */
static void repeat_parts(wick_tensor *y, const wick_tensor *x, int64_t parts, int64_t part, int64_t repeats)
{
    const size_t element = wick_dtype_size(x->dtype), bytes = (size_t)part * element;
    if (part == 1) {
        switch (element) {
        case 1: repeat_each_uint8_t(parts, repeats, wk_data(y), wk_data(x)); return;
        case 4: repeat_each_uint32_t(parts, repeats, wk_data(y), wk_data(x)); return;
        default: repeat_each_uint64_t(parts, repeats, wk_data(y), wk_data(x)); return;
        }
    }
    const char *from = wk_data(x);
    char *to = wk_data(y);
    for (int64_t i = 0; i < parts; i++, from += bytes)
        for (int64_t r = 0; r < repeats; r++, to += bytes)
            memcpy(to, from, bytes);
}

wick_tensor *wick_repeat_interleave_opt(wick_tensor *x, int64_t repeats, const wick_repeat_interleave_options *given)
{
    WK_ENTER;
    wick_repeat_interleave_options o = WK_OPTIONS(wick_repeat_interleave_options, WICK_UNSET, given);
    const char *function = "wick_repeat_interleave";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    if (repeats < 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld repeats; give 0 or more", function, (long long)repeats);
    const bool flat = o.dim == WICK_UNSET;
    if (!flat && x->ndim == 0)
        return wick_fail(WICK_ERROR_INDEX, "%s: a 0-dimensional tensor has no dimension to repeat along", function);
    const int d = flat ? 0 : wk_wrap_dim(function, o.dim, x->ndim);
    if (d < 0)
        return NULL;
    int64_t shape[WICK_MAX_DIMS], outer = 1, inner = 1; /* elements in the dimensions up to d, and after it */
    memcpy(shape, x->shape, sizeof shape);
    for (int k = 0; k < x->ndim; k++)
        *(k <= d || flat ? &outer : &inner) *= x->shape[k];
    if (flat)
        shape[0] = outer;
    if (repeats && shape[d] > INT64_MAX / repeats)
        return wick_fail(WICK_ERROR_MEMORY, "%s: %lld repeats are more than can be addressed", function,
                         (long long)repeats);
    shape[d] *= repeats;
    wick_tensor *from = wk_contiguous(x), *y = from ? wk_new(shape, flat ? 1 : x->ndim, x->dtype) : NULL;
    if (y && y->numel)
        repeat_parts(y, from, outer, inner, repeats);
    wk_unref(from);
    return wk_record(&repeat_interleave_op, &(wk_args){.start = outer, .dim = repeats, .step = inner}, y, x, NULL,
                     NULL);
}

/* ---- meshgrid --------------------------------------------------------------------------------------------------------------------- */

wick_list *wick_meshgrid_opt(wick_list *tensors, const wick_meshgrid_options *given)
{
    WK_ENTER;
    wick_meshgrid_options o = WK_OPTIONS(wick_meshgrid_options, 0, given);
    const char *function = "wick_meshgrid";
    if (!WK_LIST(tensors, function, "tensors"))
        return NULL;
    const int n = (int)tensors->count;
    if (n < 1 || n > WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d tensors; give 1 to %d", function, n, WICK_MAX_DIMS);
    if ((unsigned)o.indexing > WICK_XY)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d is not an indexing", function, (int)o.indexing);
    int64_t shape[WICK_MAX_DIMS];
    int place[WICK_MAX_DIMS]; /* the dimension along which each tensor varies */
    for (int i = 0; i < n; i++) {
        const wick_tensor *t = tensors->items[i];
        if (t->ndim > 1 || t->dtype != tensors->items[0]->dtype)
            return wick_fail(t->ndim > 1 ? WICK_ERROR_SHAPE : WICK_ERROR_DTYPE,
                             "%s: the tensors must have at most 1 dimension and one dtype; number %d has shape %s and "
                             "dtype %s",
                             function, i, WK_SHAPE(t), wick_dtype_name(t->dtype));
        place[i] = o.indexing == WICK_XY && n > 1 && i < 2 ? 1 - i : i;
        shape[place[i]] = t->numel;
    }
    WICK_SCOPE;
    wick_tensor *items[WICK_MAX_DIMS];
    for (int i = 0; i < n; i++) {
        int64_t own[WICK_MAX_DIMS];
        for (int d = 0; d < n; d++)
            own[d] = d == place[i] ? shape[d] : 1;
        items[i] = wick_expand_n(wick_view_n(tensors->items[i], own, n), shape, n);
        if (!items[i])
            return NULL;
    }
    return wick_out(wick_list_n(items, n));
}
