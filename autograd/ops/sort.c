/* sort.c - elements along a dimension in order: all, the first k, or the k-th. The gradients go where the elements came from. */
#include "../parts.h"
#include "../radix.h"

/* sort, topk, kthvalue   y = x at positions b along dim        dx = 0 but for dy there */
static const wk_op sort_op = WK_TAKE_OP("SortBackward0");
static const wk_op stable_op = WK_TAKE_OP("SortBackward1");
static const wk_op topk_op = WK_TAKE_OP("TopkBackward0");
static const wk_op kthvalue_op = WK_TAKE_OP("KthvalueBackward0");

/* What is wanted of each row along dim: the elements first to first + count - 1 in order. */
typedef struct wanted {
    int dim;
    int64_t first, count;
    bool descending, in_order; /* not in order: as they come */
} wanted;

/* Fills indices (x's shape, but count along dim) and positions, flat ones in x; false with an error. */
static bool find(const wick_tensor *x, const wanted *w, wick_tensor *indices, wick_tensor *positions)
{
    int64_t n = x->ndim ? x->shape[w->dim] : 1, inner = 1;
    for (int d = w->dim + 1; d < x->ndim; d++)
        inner *= x->shape[d];
    if (!indices->numel)
        return true;
    wick_tensor *flat = wk_contiguous(x);
    const size_t bytes = wick_dtype_size(x->dtype), room = wk_bytes(n, sizeof(wk_keyed));
    wk_keyed *items = wk_alloc(room), *spare = wk_alloc(room);
    const bool good = flat && items && spare;
    for (int64_t row = 0; good && row < x->numel / n; row++) {
        const int64_t i = row % inner, o = row / inner, start = o * n * inner + i;
        wk_keyed *found = items, *other = spare;
        const int64_t last = w->first + w->count;
        if (last < n) {
            wk_smallest_keys(flat, start, inner, w->descending, n, last, items, spare);
            found = spare;
            other = items;
        } else {
            wk_read_keys(flat, start, inner, w->descending, false, n, items);
        }
        if (w->in_order)
            found = wk_sort_keys(found, other, last, bytes);
        int64_t *index = (int64_t *)wk_data(indices) + o * w->count * inner + i;
        int64_t *position = (int64_t *)wk_data(positions) + o * w->count * inner + i;
        for (int64_t k = 0; k < w->count; k++) {
            index[k * inner] = found[w->first + k].at;
            position[k * inner] = start + found[w->first + k].at * inner;
        }
    }
    wk_free(items, room);
    wk_free(spare, room);
    wk_unref(flat);
    return good;
}

/* The elements that are wanted, and their indices where indices says; keepdim: leave dim in the shape. */
static wick_tensor *ordered(const wk_op *op, wick_tensor *x, const wanted *w, bool keepdim, wick_tensor **indices)
{
    WICK_SCOPE;
    int64_t shape[WICK_MAX_DIMS];
    int ndim = 0;
    for (int d = 0; d < x->ndim; d++)
        if (d != w->dim || keepdim)
            shape[ndim++] = d == w->dim ? w->count : x->shape[d];
    wick_tensor *found = wk_own(wk_new(shape, ndim, WICK_INT64));
    wick_tensor *positions = found ? wk_own(wk_new(shape, ndim, WICK_INT64)) : NULL;
    if (!positions || !find(x, w, found, positions))
        return NULL;
    wick_tensor *y = wk_take_places(op, x, positions, NULL, shape, ndim);
    if (!y || (indices && !wick_out(found)) || !wick_out(y))
        return NULL;
    if (indices)
        *indices = found;
    return y;
}

static wick_tensor *sort(const char *function, wick_tensor *x, const wick_sort_options *o, wick_tensor **indices)
{
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    int dim = wk_wrap_dim(function, o->dim, x->ndim);
    if (dim < 0)
        return NULL;
    wanted w = {dim, 0, x->ndim ? x->shape[dim] : 1, o->descending, true};
    return ordered(o->stable ? &stable_op : &sort_op, x, &w, true, indices);
}

wick_tensor *wick_sort_opt(wick_tensor *x, const wick_sort_options *given)
{
    WK_ENTER;
    wick_sort_options o = WK_OPTIONS(wick_sort_options, -1, given);
    return sort("wick_sort", x, &o, o.indices);
}

wick_tensor *wick_argsort_opt(wick_tensor *x, const wick_sort_options *given)
{
    WK_ENTER;
    wick_sort_options o = WK_OPTIONS(wick_sort_options, -1, given);
    wick_tensor *indices = NULL;
    WICK_SCOPE;
    return sort("wick_argsort", x, &o, &indices) ? wick_out(indices) : NULL;
}

/* Whether k elements, at least so many, can be selected along dim, which w gets. */
static bool check_k(const char *function, const wick_tensor *x, int64_t dim, int64_t k, int64_t least, wanted *w)
{
    if (!WK_TENSOR(x, function, "x") || (w->dim = wk_wrap_dim(function, dim, x->ndim)) < 0)
        return false;
    const int64_t n = x->ndim ? x->shape[w->dim] : 1;
    if (x->dtype == WICK_BOOL)
        wick_fail(WICK_ERROR_DTYPE, "%s: not for bool; convert with wick_to(x, WICK_UINT8)", function);
    else if (k < least || k > n)
        wick_fail(WICK_ERROR_INDEX,
                  "%s: k is %lld, and must be in [%lld, %lld], the size of dimension %d of a tensor of shape %s",
                  function, (long long)k, (long long)least, (long long)n, w->dim, WK_SHAPE(x));
    return x->dtype != WICK_BOOL && k >= least && k <= n;
}

wick_tensor *wick_topk_opt(wick_tensor *x, int64_t k, const wick_topk_options *given)
{
    WK_ENTER;
    wick_topk_options o = WK_OPTIONS(wick_topk_options, WICK_TOPK_DEFAULTS, given);
    wanted w = {0, 0, k, o.largest, o.sorted};
    if (!check_k("wick_topk", x, o.dim, k, 0, &w))
        return NULL;
    if (!x->ndim) /* its one element, whatever k */
        w.count = 1;
    return ordered(&topk_op, x, &w, true, o.indices);
}

wick_tensor *wick_kthvalue_opt(wick_tensor *x, int64_t k, const wick_kthvalue_options *given)
{
    WK_ENTER;
    wick_kthvalue_options o = WK_OPTIONS(wick_kthvalue_options, -1, given);
    wanted w = {0, 0, 1, false, true};
    if (!check_k("wick_kthvalue", x, o.dim, k, 1, &w))
        return NULL;
    w.first = k - 1;
    return ordered(&kthvalue_op, x, &w, o.keepdim, o.indices);
}
