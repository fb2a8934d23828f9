/* slice.c - parts of a dimension, as views: slices, single elements, and all the parts that a dimension is split into. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* A dimension to cut; a 0-dimensional tensor has none. */
static int cut_dim(const char *function, const wick_tensor *x, int64_t dim)
{
    if (!WK_TENSOR(x, function, "x"))
        return -1;
    if (x->ndim == 0) {
        wick_fail(WICK_ERROR_INDEX, "%s: a 0-dimensional tensor has no dimension to take a part of", function);
        return -1;
    }
    return wk_wrap_dim(function, dim, x->ndim);
}

/* ---- slice, narrow, select -------------------------------------------------------------------------------------------------- */

/* slice            y = x[start:end:step] in a dimension        dx = 0 but for dy in these places
   slice_backward   the same the other way                      dx = dy sliced */
static wick_tensor *slice(wick_tensor *x, int dim, int64_t start, int64_t length, int64_t step);
static wick_tensor *slice_backward(wick_tensor *x, const wk_args *args, const int64_t *shape, int ndim);
GRAD(slice_d) { return slice_backward(dy, args, node->a_shape, node->a_ndim); }
GRAD(slice_backward_d) { return slice(dy, (int)args->dim, args->start, node->a_shape[args->dim], args->step); }
static const wk_op slice_op = {"SliceBackward0", {{slice_d, 0, NULL}}, false};
static const wk_op slice_backward_op = {"SliceBackwardBackward0", {{slice_backward_d, 0, NULL}}, false};

static wick_tensor *slice_backward(wick_tensor *x, const wk_args *args, const int64_t *shape, int ndim)
{
    wick_tensor *y = x ? wk_new(shape, ndim, x->dtype) : NULL;
    if (!y)
        return NULL;
    wk_fill(y, 0);
    int64_t strides[WICK_MAX_DIMS];
    memcpy(strides, y->strides, sizeof strides);
    int64_t offset = args->start * strides[args->dim];
    strides[args->dim] *= args->step;
    if (!wk_copy_at(y, x->numel ? offset : 0, strides, x)) {
        wk_unref(y);
        y = NULL;
    }
    return wk_record(&slice_backward_op, args, y, x, NULL, NULL);
}

/* length elements of a dimension, as a view that op records. */
static wick_tensor *part(const wk_op *op, wick_tensor *x, int dim, int64_t start, int64_t length, int64_t step)
{
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    memcpy(strides, x->strides, sizeof strides);
    shape[dim] = length;
    strides[dim] *= step;
    /* An empty part may begin at the very end. */
    int64_t offset = x->offset + (length ? start * x->strides[dim] : 0);
    return wk_view(op, &(wk_args){.dim = dim, .start = start, .step = step}, x, shape, strides, x->ndim, offset);
}

static wick_tensor *slice(wick_tensor *x, int dim, int64_t start, int64_t length, int64_t step)
{
    return part(&slice_op, x, dim, start, length, step);
}

/* One element of a dimension, without the dimension. */
static wick_tensor *element(const wk_op *op, wick_tensor *x, int dim, int64_t i)
{
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
    for (int d = 0, k = 0; d < x->ndim; d++) {
        if (d == dim)
            continue;
        shape[k] = x->shape[d];
        strides[k++] = x->strides[d];
    }
    return wk_view(op, &(wk_args){.dim = dim, .start = i, .step = 1}, x, shape, strides, x->ndim - 1,
                   x->offset + i * x->strides[dim]);
}

/* A slice's bound in [0, size], as Python clips it. */
static int64_t clip(int64_t bound, int64_t size, int64_t open)
{
    if (bound == WICK_UNSET)
        return open;
    if (bound < 0)
        bound = bound < -size ? 0 : bound + size;
    return bound > size ? size : bound;
}

wick_tensor *wick_slice_opt(wick_tensor *x, int64_t dim, const wick_slice_options *given)
{
    WK_ENTER;
    wick_slice_options o = WK_OPTIONS(wick_slice_options, WICK_SLICE_DEFAULTS, given);
    int d = cut_dim("wick_slice", x, dim);
    if (d < 0 || !wk_check_whole("wick_slice", "start", o.start) || !wk_check_whole("wick_slice", "end", o.end))
        return NULL;
    if (o.step <= 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_slice: the step must be greater than 0, and is %lld",
                         (long long)o.step);
    int64_t size = x->shape[d], start = clip(o.start, size, 0), end = clip(o.end, size, size), step = o.step;
    if (step > size) /* the same elements, by strides that can be computed */
        step = size ? size : 1;
    return slice(x, d, start, end > start ? (end - start - 1) / step + 1 : 0, step);
}

wick_tensor *wick_narrow(wick_tensor *x, int64_t dim, int64_t start, int64_t length)
{
    WK_ENTER;
    int d = cut_dim("wick_narrow", x, dim);
    if (d < 0)
        return NULL;
    int64_t size = x->shape[d], from = start < 0 ? start + size : start;
    if (from < 0 || from > size || length < 0 || length > size - from)
        return wick_fail(WICK_ERROR_INDEX, "wick_narrow: %lld elements from %lld on exceed dimension %d with size %lld",
                         (long long)length, (long long)start, d, (long long)size);
    return slice(x, d, from, length, 1);
}

/* select      y = x[index] in a dimension        dx = 0 but for dy there */
GRAD(select_d) { return slice_backward(wick_unsqueeze(dy, args->dim), args, node->a_shape, node->a_ndim); }
static const wk_op select_op = {"SelectBackward0", {{select_d, 0, NULL}}, false};

wick_tensor *wick_select(wick_tensor *x, int64_t dim, int64_t index)
{
    WK_ENTER;
    int d = cut_dim("wick_select", x, dim);
    if (d < 0)
        return NULL;
    int64_t size = x->shape[d], i = index < 0 ? index + size : index;
    if (i < 0 || i >= size)
        return wick_fail(WICK_ERROR_INDEX, "wick_select: index %lld out of range for dimension %d with size %lld",
                         (long long)index, d, (long long)size);
    return element(&select_op, x, d, i);
}

/* ---- split, chunk, tensor_split, unbind -------------------------------------------------------------------------------------- */

/* split, unbind    y[i] = part i of x                                dx = 0 but for dy[i] there, a node for each part */
static const wk_op split_op = {"SplitBackward0", {{slice_d, 0, NULL}}, false};
static const wk_op split_sizes_op = {"SplitWithSizesBackward0", {{slice_d, 0, NULL}}, false};
static const wk_op unbind_op = {"UnbindBackward0", {{select_d, 0, NULL}}, false};

/* How a dimension is split: count parts, of which part i starts at bounds[i] and ends before bounds[i + 1]; without bounds,
 * of which each has the same size, and the last one what is left. */
typedef struct partition {
    const wk_op *op;
    int64_t count, size;
    const int64_t *bounds;
} partition;

static bool check_count(const char *function, int64_t count)
{
    if (count > INT32_MAX)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld parts are more than a list can hold", function, (long long)count);
    return count <= INT32_MAX;
}

static wick_list *parts(const char *function, wick_tensor *x, int dim, const partition *p)
{
    if (!check_count(function, p->count))
        return NULL;
    WICK_SCOPE;
    const size_t bytes = wk_bytes(p->count, sizeof(wick_tensor *));
    wick_tensor **items = bytes ? wk_alloc(bytes) : NULL;
    bool ok = items || !bytes;
    for (int64_t i = 0; ok && i < p->count; i++) {
        if (p->op == &unbind_op) {
            items[i] = element(p->op, x, dim, i);
        } else {
            int64_t start = p->bounds ? p->bounds[i] : i * p->size;
            int64_t left = x->shape[dim] - start, length = p->bounds ? p->bounds[i + 1] - start : p->size;
            items[i] = part(p->op, x, dim, start, length < left ? length : left, 1);
        }
        ok = items[i] != NULL;
    }
    wick_list *list = ok ? wick_list_n(items, p->count) : NULL;
    if (items)
        wk_free(items, bytes);
    return wick_out(list);
}

wick_list *wick_split_opt(wick_tensor *x, int64_t size, const wick_dim_options *given)
{
    WK_ENTER;
    wick_dim_options o = WK_OPTIONS(wick_dim_options, 0, given);
    const char *function = "wick_split";
    int d = cut_dim(function, x, o.dim);
    if (d < 0)
        return NULL;
    const int64_t n = x->shape[d];
    if (size < 0 || (size == 0 && n))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: parts of size %lld of dimension %d with size %lld", function,
                         (long long)size, d, (long long)n);
    return parts(function, x, d, &(partition){&split_op, n ? (n - 1) / size + 1 : 1, size, NULL});
}

wick_list *wick_split_tuple(wick_tensor *x, wick_tuple sizes, const wick_dim_options *given)
{
    WK_ENTER;
    wick_dim_options o = WK_OPTIONS(wick_dim_options, 0, given);
    const char *function = "wick_split";
    int d = cut_dim(function, x, o.dim);
    if (d < 0 || !wk_check_tuple(function, sizes))
        return NULL;
    int64_t *bounds = wk_alloc(((size_t)sizes.count + 1) * sizeof *bounds), left = x->shape[d];
    if (!bounds)
        return NULL;
    bounds[0] = 0;
    bool fits = true;
    for (int i = 0; fits && i < sizes.count; i++) {
        fits = sizes.item[i] >= 0 && sizes.item[i] <= left;
        left -= fits ? sizes.item[i] : 0;
        bounds[i + 1] = x->shape[d] - left;
    }
    wick_list *list = NULL;
    if (fits && left == 0)
        list = parts(function, x, d, &(partition){&split_sizes_op, sizes.count, 0, bounds});
    else
        wick_fail(WICK_ERROR_SHAPE, "%s: the %d sizes must be at least 0 and add up to %lld, the size of dimension %d",
                  function, sizes.count, (long long)x->shape[d], d);
    wk_free(bounds, ((size_t)sizes.count + 1) * sizeof *bounds);
    return list;
}

wick_list *wick_chunk_opt(wick_tensor *x, int64_t chunks, const wick_dim_options *given)
{
    WK_ENTER;
    wick_dim_options o = WK_OPTIONS(wick_dim_options, 0, given);
    const char *function = "wick_chunk";
    int d = cut_dim(function, x, o.dim);
    if (d < 0)
        return NULL;
    if (chunks <= 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld chunks; there must be at least 1", function, (long long)chunks);
    const int64_t n = x->shape[d];
    if (n == 0) /* as many as asked for, all empty */
        return parts(function, x, d, &(partition){&split_sizes_op, chunks, 0, NULL});
    const int64_t size = (n - 1) / chunks + 1;
    return parts(function, x, d, &(partition){&split_op, (n - 1) / size + 1, size, NULL});
}

wick_list *wick_tensor_split_opt(wick_tensor *x, int64_t sections, const wick_dim_options *given)
{
    WK_ENTER;
    wick_dim_options o = WK_OPTIONS(wick_dim_options, 0, given);
    const char *function = "wick_tensor_split";
    int d = cut_dim(function, x, o.dim);
    if (d < 0)
        return NULL;
    if (sections <= 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld sections; there must be at least 1", function,
                         (long long)sections);
    if (!check_count(function, sections))
        return NULL;
    const int64_t n = x->shape[d], size = n / sections, longer = n % sections;
    const size_t bytes = wk_bytes(sections + 1, sizeof(int64_t));
    int64_t *bounds = wk_alloc(bytes);
    if (!bounds)
        return NULL;
    for (int64_t i = 0; i <= sections; i++)
        bounds[i] = i * size + (i < longer ? i : longer);
    wick_list *list = parts(function, x, d, &(partition){&slice_op, sections, 0, bounds});
    wk_free(bounds, bytes);
    return list;
}

wick_list *wick_tensor_split_tuple(wick_tensor *x, wick_tuple indices, const wick_dim_options *given)
{
    WK_ENTER;
    wick_dim_options o = WK_OPTIONS(wick_dim_options, 0, given);
    const char *function = "wick_tensor_split";
    int d = cut_dim(function, x, o.dim);
    if (d < 0 || !wk_check_tuple(function, indices))
        return NULL;
    WICK_SCOPE;
    const size_t bytes = ((size_t)indices.count + 1) * sizeof(wick_tensor *);
    wick_tensor **items = wk_alloc(bytes);
    bool ok = items != NULL;
    const int64_t n = x->shape[d];
    for (int i = 0; ok && i <= indices.count; i++) { /* x[indices[i - 1]:indices[i]] */
        int64_t start = i ? clip(indices.item[i - 1], n, 0) : 0,
                end = i < indices.count ? clip(indices.item[i], n, n) : n;
        items[i] = slice(x, d, start, end > start ? end - start : 0, 1);
        ok = items[i] != NULL;
    }
    wick_list *list = ok ? wick_list_n(items, indices.count + 1) : NULL;
    if (items)
        wk_free(items, bytes);
    return wick_out(list);
}

wick_list *wick_unbind_opt(wick_tensor *x, const wick_dim_options *given)
{
    WK_ENTER;
    wick_dim_options o = WK_OPTIONS(wick_dim_options, 0, given);
    const char *function = "wick_unbind";
    int d = cut_dim(function, x, o.dim);
    return d < 0 ? NULL : parts(function, x, d, &(partition){&unbind_op, x->shape[d], 0, NULL});
}
