/* unique.c - the different elements of a tensor, or its different slices along a dimension.
 *
 * Slices are put in order as words are: by stable sorts for each of their elements, the last first. Equal ones are then
 * neighbours. */
#include "../parts.h"
#include "../radix.h"

/* n items: elements, or slices along dim; element e of item s is at e / inner * n * inner + s * inner + e % inner. */
typedef struct items {
    wick_tensor *x; /* contiguous */
    int64_t n, size, inner;
} items;

static int64_t element_of(const items *all, int64_t s, int64_t e)
{
    return e / all->inner * all->n * all->inner + s * all->inner + e % all->inner;
}

static bool are_equal(const items *all, int64_t a, int64_t b)
{
    const wick_tensor *x = all->x;
    bool equal = true;
    for (int64_t e = 0; equal && e < all->size; e++) {
        int64_t i = x->offset + element_of(all, a, e), k = x->offset + element_of(all, b, e);
        equal = x->dtype == WICK_INT64 ? wk_load_int(x, i) == wk_load_int(x, k) : wk_load(x, i) == wk_load(x, k);
    }
    return equal;
}

static bool items_of(const char *function, wick_tensor *x, int64_t dim, items *all, int *wrapped)
{
    *wrapped = -1;
    *all = (items){wk_own(wk_contiguous(x)), x->numel, 1, 1};
    if (!all->x || dim == WICK_UNSET)
        return all->x != NULL;
    int d = *wrapped = wk_wrap_dim(function, dim, x->ndim);
    if (d < 0)
        return false;
    bool slices_are_empty = false;
    for (int i = 0; i < x->ndim; i++)
        slices_are_empty |= i != d && x->shape[i] == 0;
    if (x->ndim == 0 || slices_are_empty) {
        wick_fail(WICK_ERROR_SHAPE,
                  "%s: a tensor of shape %s has no elements by which its slices along dimension %d could be compared",
                  function, WK_SHAPE(x), d);
        return false;
    }
    all->n = x->shape[d];
    for (int i = 0; i < x->ndim; i++) {
        all->size *= i == d ? 1 : x->shape[i];
        all->inner *= i > d ? x->shape[i] : 1;
    }
    return true;
}

/* Numbers the groups of equal neighbours among the items in order; returns how many. first: the first item of each. */
static int64_t number_groups(const items *all, const wk_keyed *order, int64_t *inverse, int64_t *counts, int64_t *first)
{
    int64_t groups = 0;
    for (int64_t i = 0; i < all->n; i++) {
        if (i == 0 || !are_equal(all, order[i - 1].at, order[i].at)) {
            counts[groups] = 0;
            first[groups++] = order[i].at;
        }
        counts[groups - 1]++;
        inverse[order[i].at] = groups - 1;
    }
    return groups;
}

/* The items in order, or as they are; room, for twice all, holds the result. */
static const wk_keyed *put_in_order(const items *all, bool sorted, wk_keyed *room)
{
    wk_keyed *order = room, *spare = room + all->n;
    for (int64_t i = 0; i < all->n; i++)
        order[i] = (wk_keyed){0, i};
    const size_t bytes = wick_dtype_size(all->x->dtype);
    for (int64_t e = all->n ? all->size : 0; sorted && e-- > 0;) {
        wk_read_keys(all->x, element_of(all, 0, e), all->inner, false, true, all->n, order);
        wk_keyed *result = wk_sort_keys(order, spare, all->n, bytes);
        spare = result == order ? spare : order;
        order = result;
    }
    return order;
}

static wick_tensor *unique(const char *function, wick_tensor *x, bool sorted, int64_t dim, wick_tensor **inverse,
                           wick_tensor **counts)
{
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    WICK_SCOPE;
    WICK_NO_GRAD;
    items all;
    int d;
    if (!items_of(function, x, dim, &all, &d))
        return NULL;
    wick_tensor *group = wk_own(d < 0 ? wk_new(x->shape, x->ndim, WICK_INT64) : wk_new(&all.n, 1, WICK_INT64));
    wick_tensor *sizes = wk_own(wk_new(&all.n, 1, WICK_INT64)), *first = wk_own(wk_new(&all.n, 1, WICK_INT64));
    if (!group || !sizes || !first)
        return NULL;
    const size_t bytes = wk_bytes(all.n, 2 * sizeof(wk_keyed));
    wk_keyed *room = wk_alloc(bytes);
    if (!room)
        return NULL;
    const wk_keyed *order = put_in_order(&all, sorted, room);
    int64_t groups = number_groups(&all, order, wk_data(group), wk_data(sizes), wk_data(first));
    wk_free(room, bytes);
    first = wick_narrow(first, 0, 0, groups);
    sizes = counts ? wick_clone(wick_narrow(sizes, 0, 0, groups)) : sizes;
    wick_tensor *y = d < 0 ? wk_take(x, first) : wick_index_select(x, d, first);
    if (!y || !sizes || (inverse && !wick_out(group)) || (counts && !wick_out(sizes)) || !wick_out(y))
        return NULL;
    if (inverse)
        *inverse = group;
    if (counts)
        *counts = sizes;
    return y;
}

wick_tensor *wick_unique_opt(wick_tensor *x, const wick_unique_options *given)
{
    WK_ENTER;
    wick_unique_options o = WK_OPTIONS(wick_unique_options, WICK_UNIQUE_DEFAULTS, given);
    return unique("wick_unique", x, true, o.dim, o.inverse, o.counts);
}

wick_tensor *wick_unique_consecutive_opt(wick_tensor *x, const wick_unique_consecutive_options *given)
{
    WK_ENTER;
    wick_unique_consecutive_options o =
        WK_OPTIONS(wick_unique_consecutive_options, WICK_UNIQUE_CONSECUTIVE_DEFAULTS, given);
    return unique("wick_unique_consecutive", x, false, o.dim, o.inverse, o.counts);
}
