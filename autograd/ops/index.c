/* index.c - x[i, j, ...]: reading and writing by a list of indices, masks and whole dimensions.
 *
 * As in Python, a number or 0-dimensional index picks first, and its dimension is gone. A mask stands for the indices of its
 * true elements, in as many dimensions as it has. The remaining indices broadcast together, and the dimensions of what
 * they give stand where they stood, or in front if a whole dimension lies between them. */
#include "../parts.h"

#include <string.h>

enum { MAX_TENSORS = 2 * WICK_MAX_DIMS };

/* A call, read from its list. x counts as parts: the last dimensions of x that nothing indexes are one part. */
typedef struct indexing {
    const char *function;
    const wick_tensor *x;
    int dims;                    /* of x that are indexed or lie before one that is */
    int64_t step[WICK_MAX_DIMS]; /* parts from one element to the next in these */
    int64_t base;                /* where the numbers lead */
    int tensors;                 /* int64, with dimensions */
    wick_tensor *tensor[MAX_TENSORS];
    int dim[MAX_TENSORS];      /* that it indexes; -1: none, as a 0-dimensional mask does not */
    int64_t size[MAX_TENSORS]; /* that its elements are below; of a mask's positions, no bound */
    int whole;                 /* dimensions that are kept; of these */
    int kept[WICK_MAX_DIMS];
    int in_front; /* so many stand before the tensors */
    int ndim;     /* of the result */
    int64_t shape[WICK_MAX_DIMS];
    int broadcast_ndim; /* of the tensors, broadcast */
    int64_t broadcast[WICK_MAX_DIMS];
    wick_tensor *places;
} indexing;

static bool is_mask(const wick_tensor *t) { return t->dtype == WICK_BOOL || t->dtype == WICK_UINT8; }

static bool is_all(const wick_tensor *t)
{
    return t->is_number && t->dtype == WICK_INT64 && wk_load_int(t, t->offset) == WICK_UNSET;
}

static bool add_tensor(indexing *x, wick_tensor *t, int dim, int64_t size)
{
    if (x->tensors == MAX_TENSORS)
        wick_fail(WICK_ERROR_INDEX, "%s: more than %d indices", x->function, MAX_TENSORS);
    if (!t || x->tensors == MAX_TENSORS)
        return false;
    x->tensor[x->tensors] = t;
    x->size[x->tensors] = size;
    x->dim[x->tensors++] = dim;
    return true;
}

/* A mask of the dimensions from dim on: the flat positions in these, which are indices into the last of them. One without
 * dimensions is an index into a new dimension of size 1: the first there, or none. */
static bool add_mask(indexing *x, wick_tensor *mask, int dim)
{
    bool fits = dim + mask->ndim <= x->x->ndim;
    for (int d = 0; fits && d < mask->ndim; d++)
        fits = mask->shape[d] == x->x->shape[dim + d];
    if (!fits) {
        wick_fail(WICK_ERROR_INDEX,
                  "%s: the mask, of shape %s, does not match a tensor of shape %s from dimension %d on", x->function,
                  WK_SHAPE(mask), WK_SHAPE(x->x), dim);
        return false;
    }
    return add_tensor(x, wk_mask_positions(mask), mask->ndim ? dim + mask->ndim - 1 : -1, INT64_MAX);
}

/* index, or index + size if it is negative; -1 with an error if it is out of range. */
static int64_t wrap(const indexing *x, int64_t index, int dim, int64_t size)
{
    int64_t wrapped = index < 0 ? index + size : index;
    if (wrapped >= 0 && wrapped < size)
        return wrapped;
    wk_out_of_range(x->function, index, dim, size);
    return -1;
}

/* Divides the list into numbers, tensors and whole dimensions. */
static bool read_list(indexing *x, const wick_list *list)
{
    int numbered[WICK_MAX_DIMS], numbers = 0, dim = 0, between = -1; /* whole dimensions before the last tensor */
    int64_t number[WICK_MAX_DIMS];
    for (int64_t i = 0; i < list->count; i++) {
        wick_tensor *t = list->items[i];
        const bool mask = is_mask(t);
        if (!mask && t->dtype != WICK_INT64) {
            wick_fail(WICK_ERROR_DTYPE, "%s: index %lld is %s; indices are int64, and masks bool or uint8", x->function,
                      (long long)i, wick_dtype_name(t->dtype));
            return false;
        }
        if (!mask && dim == x->x->ndim) {
            wick_fail(WICK_ERROR_INDEX, "%s: too many indices for a tensor of shape %s", x->function, WK_SHAPE(x->x));
            return false;
        }
        if (is_all(t)) {
            x->kept[x->whole++] = dim++;
        } else if (!mask && t->ndim == 0) {
            number[numbers] = wrap(x, wk_load_int(t, t->offset), dim, x->x->shape[dim]);
            if (number[numbers] < 0)
                return false;
            numbered[numbers++] = dim++;
        } else {
            x->in_front = between < 0 ? x->whole : between == x->whole ? x->in_front : 0;
            between = between < 0 || between == x->whole ? x->whole : WICK_MAX_DIMS;
            if (!(mask ? add_mask(x, t, dim) : add_tensor(x, t, dim, x->x->shape[dim])))
                return false;
            dim += mask ? t->ndim : 1;
        }
    }
    int last = x->whole ? x->kept[x->whole - 1] : -1; /* whole dimensions at the end of the list belong to the parts */
    for (x->dims = dim; x->whole && last == x->dims - 1 && x->in_front < x->whole; x->dims--)
        last = --x->whole ? x->kept[x->whole - 1] : -1;
    for (int d = x->dims - 1; d >= 0; d--)
        x->step[d] = d == x->dims - 1 ? 1 : x->step[d + 1] * x->x->shape[d + 1];
    for (int i = 0; i < numbers; i++)
        x->base += number[i] * x->step[numbered[i]];
    return true;
}

/* The shape of the result: dimensions in front, those of the tensors, the other kept ones, those of a part. */
static bool shape_of(indexing *x)
{
    for (int i = 0; i < x->tensors; i++)
        if (!wk_broadcast(x->function, x->broadcast, x->broadcast_ndim, x->tensor[i]->shape, x->tensor[i]->ndim,
                          x->broadcast, &x->broadcast_ndim))
            return false;
    if (x->whole + x->broadcast_ndim + x->x->ndim - x->dims > WICK_MAX_DIMS) {
        wick_fail(WICK_ERROR_SHAPE, "%s: the result would have more than %d dimensions", x->function, WICK_MAX_DIMS);
        return false;
    }
    for (int k = 0; k < x->in_front; k++)
        x->shape[x->ndim++] = x->x->shape[x->kept[k]];
    for (int k = 0; k < x->broadcast_ndim; k++)
        x->shape[x->ndim++] = x->broadcast[k];
    for (int k = x->in_front; k < x->whole; k++)
        x->shape[x->ndim++] = x->x->shape[x->kept[k]];
    for (int d = x->dims; d < x->x->ndim; d++)
        x->shape[x->ndim++] = x->x->shape[d];
    return true;
}

/* Where the tensors lead: for each of their elements the sum of all steps. In the innermost scope. */
static wick_tensor *tensor_steps(const indexing *x)
{
    wick_tensor *steps = wk_own(wk_new(x->broadcast, x->broadcast_ndim, WICK_INT64));
    if (!steps)
        return NULL;
    int64_t *to = wk_data(steps);
    for (int64_t n = 0; n < steps->numel; n++)
        to[n] = x->base;
    for (int i = 0; i < x->tensors; i++) {
        const wick_tensor *t = x->tensor[i];
        const int64_t step = x->dim[i] < 0 ? 0 : x->step[x->dim[i]], *data = (const void *)t->storage->data;
        int64_t strides[WICK_MAX_DIMS] = {0}, index[WICK_MAX_DIMS] = {0}, at = t->offset;
        for (int d = 0; d < t->ndim; d++)
            strides[x->broadcast_ndim - t->ndim + d] = t->shape[d] == 1 ? 0 : t->strides[d];
        for (int64_t n = 0; n < steps->numel; n++) {
            int64_t wrapped = wrap(x, data[at], x->dim[i], x->size[i]);
            if (wrapped < 0)
                return NULL;
            to[n] += wrapped * step;
            wk_next(x->broadcast, x->broadcast_ndim, index, 1, (const int64_t *const[]){strides}, &at);
        }
    }
    return steps;
}

static bool places_of(indexing *x)
{
    wick_tensor *steps = tensor_steps(x);
    x->places = steps;
    if (!steps || x->whole == 0)
        return steps != NULL;
    /* Kept dimensions around the tensors, which count as one. */
    int64_t shape[WICK_MAX_DIMS + 1], by[WICK_MAX_DIMS + 1] = {0}, by_tensor[WICK_MAX_DIMS + 1] = {0};
    int ndim = 0;
    for (int k = 0; k <= x->whole; k++) {
        if (k == x->in_front) {
            by_tensor[ndim] = 1;
            shape[ndim++] = steps->numel;
        }
        if (k < x->whole) {
            by[ndim] = x->step[x->kept[k]];
            shape[ndim++] = x->x->shape[x->kept[k]];
        }
    }
    int64_t index[WICK_MAX_DIMS + 1] = {0}, at[2] = {0}, count = 1;
    for (int d = 0; d < ndim; d++)
        count *= shape[d];
    x->places = wk_own(wk_new(&count, 1, WICK_INT64));
    if (!x->places)
        return false;
    int64_t *to = wk_data(x->places);
    const int64_t *from = wk_data(steps);
    for (int64_t n = 0; n < count; n++) {
        to[n] = at[0] + from[at[1]];
        wk_next(shape, ndim, index, 2, (const int64_t *const[]){by, by_tensor}, at);
    }
    return true;
}

static bool read_indices(indexing *i, const char *function, wick_tensor *x, wick_list *list)
{
    *i = (indexing){.function = function, .x = x};
    if (!WK_TENSOR(x, function, "x") || !WK_LIST(list, function, "indices"))
        return false;
    if (list->count == 0) {
        wick_fail(WICK_ERROR_INDEX, "%s: no index is given; a list of WICK_ALL selects every element", function);
        return false;
    }
    return read_list(i, list) && shape_of(i) && places_of(i);
}

/* index        y = x[...] */
static const wk_op index_op = WK_TAKE_OP("IndexBackward0");

wick_tensor *wick_index(wick_tensor *x, wick_list *indices)
{
    WK_ENTER;
    indexing i;
    WICK_SCOPE;
    if (!read_indices(&i, "wick_index", x, indices))
        return NULL;
    return wick_out(wk_take_places(&index_op, x, i.places, NULL, i.shape, i.ndim));
}

/* index_put    y = x, but y[...] = values, or with .accumulate y[...] += values */
static const wk_op index_put_op = WK_WRITE_OP("IndexPutBackward0");
static const wk_op index_put_add_op = WK_ADD_OP("IndexPutBackward0");

static wick_tensor *index_put(const char *function, bool in_place, wick_tensor *x, wick_list *indices,
                              wick_tensor *values, bool accumulate)
{
    indexing i;
    WICK_SCOPE;
    if (!WK_TENSOR(values, function, "values") || !read_indices(&i, function, x, indices))
        return NULL;
    values = wk_as_value(function, x, values);
    if (!values || !wk_check_source(function, x, values) || !wk_broadcasts_to(function, values, i.shape, i.ndim))
        return NULL;
    values = wick_expand_n(values, i.shape, i.ndim);
    const wk_op *op = accumulate ? &index_put_add_op : &index_put_op;
    const wk_put_how how = accumulate ? WK_ADD_UP : WK_WRITE;
    if (in_place)
        return wk_put_places_(function, op, how, x, values, i.places);
    return wick_out(wk_put_places(op, how, x, values, i.places));
}

wick_tensor *wick_index_put_opt(wick_tensor *x, wick_list *indices, wick_tensor *values,
                                const wick_index_put_options *given)
{
    WK_ENTER;
    wick_index_put_options o = WK_OPTIONS(wick_index_put_options, 0, given);
    return index_put("wick_index_put", false, x, indices, values, o.accumulate);
}

wick_tensor *wick_index_put_opt_(wick_tensor *x, wick_list *indices, wick_tensor *values,
                                 const wick_index_put_options *given)
{
    WK_ENTER;
    wick_index_put_options o = WK_OPTIONS(wick_index_put_options, 0, given);
    return index_put("wick_index_put_", true, x, indices, values, o.accumulate);
}
