/* extremes.c - order statistics, whole and by dimension: largest and smallest elements, where they are, and medians. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- Rules -------------------------------------------------------------------------------------------------------------------- */

/* max, min, median of all        dx = dy shared evenly among the elements that equal y, or, if y is NaN, among those that are NaN */
GRAD(whole_d)
{
    wick_tensor *at = wick_item(y) != wick_item(y) ? wick_ne(a, a) : wick_eq(a, y);
    return wick_where(at, wick_div(dy, wick_sum(at)), 0.0);
}
static const wk_op max_op = {"MaxBackward1", {{whole_d, USES_A | USES_Y, NULL}}, false};
static const wk_op min_op = {"MinBackward1", {{whole_d, USES_A | USES_Y, NULL}}, false};
static const wk_op median_op = {"MedianBackward0", {{whole_d, USES_A | USES_Y, NULL}}, false};

/* max, min, median of a dimension        dx = 0 but for dy at the positions of the results, b */
GRAD(dim_d) { return wk_put(dy, b, node->a_shape, node->a_ndim); }
static const wk_op max_dim_op = {"MaxBackward0", {{dim_d, USES_B, NULL}, {NULL, 0, NULL}}, false};
static const wk_op min_dim_op = {"MinBackward0", {{dim_d, USES_B, NULL}, {NULL, 0, NULL}}, false};
static const wk_op median_dim_op = {"MedianBackward1", {{dim_d, USES_B, NULL}, {NULL, 0, NULL}}, false};

/* amax, amin        dx = dy shared evenly among the elements that equal y; NaN where y is */
GRAD(shared_d)
{
    wick_tensor *at = wick_eq(a, wk_with_dims(node, args, y));
    const wick_sum_options kept = wk_reduce_kept(a, (unsigned)args->start);
    wick_tensor *count = at ? wick_sum_opt(at, &kept) : NULL;
    return wick_div(wick_mul(wk_with_dims(node, args, dy), at), count);
}
static const wk_op amax_op = {"AmaxBackward0", {{shared_d, USES_A | USES_Y, NULL}}, false};
static const wk_op amin_op = {"AminBackward0", {{shared_d, USES_A | USES_Y, NULL}}, false};

/* ---- Largest and smallest ------------------------------------------------------------------------------------------------------- */

/* As wk_reduce_dims; an error for extremes of no elements too. */
static bool extreme_dims(const char *function, const wick_tensor *x, int64_t dim, const wick_dims *dims, unsigned *mask)
{
    if (!wk_reduce_dims(function, x, dim, dims, mask))
        return false;
    if (wk_reduced_count(x, *mask) == 0) {
        wick_fail(WICK_ERROR_SHAPE, "%s: shape %s has no elements; give a dimension of size above 0", function,
                  WK_SHAPE(x));
        return false;
    }
    return true;
}

/* The extremes over mask, recorded as op. */
static wick_tensor *extreme(const wk_op *op, wk_fold fold, wick_tensor *x, unsigned mask, bool keepdim)
{
    wick_tensor *y = wk_reduced(x, mask, keepdim, x->dtype);
    if (y)
        wk_reduce(fold, x, mask, y);
    wk_args args = wk_reduce_args(mask, keepdim);
    return wk_record(op, &args, y, x, NULL, NULL);
}

wick_tensor *wick_amax_opt(wick_tensor *x, const wick_reduce_options *given)
{
    WK_ENTER;
    wick_reduce_options o = WK_OPTIONS(wick_reduce_options, WICK_UNSET, given);
    unsigned mask;
    return extreme_dims("wick_amax", x, o.dim, &o.dims, &mask) ? extreme(&amax_op, WK_FOLD_MAX, x, mask, o.keepdim)
                                                               : NULL;
}

wick_tensor *wick_amin_opt(wick_tensor *x, const wick_reduce_options *given)
{
    WK_ENTER;
    wick_reduce_options o = WK_OPTIONS(wick_reduce_options, WICK_UNSET, given);
    unsigned mask;
    return extreme_dims("wick_amin", x, o.dim, &o.dims, &mask) ? extreme(&amin_op, WK_FOLD_MIN, x, mask, o.keepdim)
                                                               : NULL;
}

static wick_tensor *arg_extreme(const char *function, wick_tensor *x, const wick_argmax_options *o, bool largest)
{
    unsigned mask;
    if (!extreme_dims(function, x, o->dim, NULL, &mask))
        return NULL;
    if (x->dtype == WICK_BOOL)
        return wick_fail(WICK_ERROR_DTYPE, "%s: not for bool; convert with wick_to(x, WICK_UINT8)", function);
    wick_tensor *y = wk_reduced(x, mask, o->keepdim, WICK_INT64);
    if (y)
        wk_reduce_arg(x, mask, largest, y);
    return wk_own(y);
}

wick_tensor *wick_argmax_opt(wick_tensor *x, const wick_argmax_options *given)
{
    WK_ENTER;
    wick_argmax_options o = WK_OPTIONS(wick_argmax_options, WICK_UNSET, given);
    return arg_extreme("wick_argmax", x, &o, true);
}
wick_tensor *wick_argmin_opt(wick_tensor *x, const wick_argmax_options *given)
{
    WK_ENTER;
    wick_argmax_options o = WK_OPTIONS(wick_argmax_options, WICK_UNSET, given);
    return arg_extreme("wick_argmin", x, &o, false);
}

/* ---- With indices along one dimension -------------------------------------------------------------------------------------------- */

/* The number of the only dimension in mask; 0 of a 0-dimensional tensor. */
static int dim_of(unsigned mask)
{
    int dim = 0;
    while (mask >> dim > 1)
        dim++;
    return dim;
}

/* How many elements along dim, and how far apart they are in the contiguous x. */
static int64_t size_of(const wick_tensor *x, int dim, int64_t *inner)
{
    *inner = 1;
    for (int i = dim + 1; i < x->ndim; i++)
        *inner *= x->shape[i];
    return x->ndim ? x->shape[dim] : 1;
}

/* indices (of elements along dim, in the shape of the result) as flat positions in the contiguous x; own reference. */
static wick_tensor *flat_positions(const wick_tensor *x, int dim, const wick_tensor *indices)
{
    wick_tensor *positions = wk_new_like(indices);
    if (!positions)
        return NULL;
    int64_t inner;
    const int64_t size = size_of(x, dim, &inner), *from = wk_data(indices);
    int64_t *to = wk_data(positions);
    for (int64_t n = 0; n < indices->numel; n++)
        to[n] = (n / inner * size + from[n]) * inner + n % inner;
    return positions;
}

/* Writes the indices of what is wanted along the dimension of mask in the contiguous x; false with an error. */
typedef bool finder(const wick_tensor *x, unsigned mask, wick_tensor *indices);

/* Whether indices are asked for without a dimension that they could be of: an error. */
static bool indices_of_nothing(const char *function, const wick_max_options *o)
{
    bool wrong = o->indices && o->dim == WICK_UNSET;
    if (wrong)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: indices are of one dimension; give .dim too", function);
    return wrong;
}

/* The elements that find finds along a dimension, recorded as op; their indices where o wants them. */
static wick_tensor *found(const wk_op *op, finder *find, wick_tensor *x, unsigned mask, const wick_max_options *o)
{
    WICK_SCOPE;
    wick_tensor *indices = wk_own(wk_reduced(x, mask, o->keepdim, WICK_INT64));
    wick_tensor *flat = wk_own(wk_contiguous(x));
    if (!indices || !flat || !find(flat, mask, indices))
        return NULL;
    wick_tensor *positions = wk_own(flat_positions(x, dim_of(mask), indices));
    wick_tensor *y = positions ? wk_new(indices->shape, indices->ndim, x->dtype) : NULL;
    if (!y)
        return NULL;
    size_t element = wick_dtype_size(x->dtype);
    for (int64_t n = 0; n < y->numel; n++)
        memcpy((char *)wk_data(y) + (size_t)n * element,
               (char *)wk_data(flat) + (size_t)((int64_t *)wk_data(positions))[n] * element, element);
    wk_args args = wk_reduce_args(mask, o->keepdim);
    y = wk_record(op, &args, y, x, positions, NULL);
    if (y && o->indices)
        *o->indices = wick_out(indices);
    return wick_out(y);
}

static bool find_max(const wick_tensor *x, unsigned mask, wick_tensor *indices)
{
    wk_reduce_arg(x, mask, true, indices);
    return true;
}

static bool find_min(const wick_tensor *x, unsigned mask, wick_tensor *indices)
{
    wk_reduce_arg(x, mask, false, indices);
    return true;
}

wick_tensor *wick_max_opt(wick_tensor *x, const wick_max_options *given)
{
    WK_ENTER;
    wick_max_options o = WK_OPTIONS(wick_max_options, WICK_UNSET, given);
    unsigned mask;
    if (indices_of_nothing("wick_max", &o) || !extreme_dims("wick_max", x, o.dim, NULL, &mask))
        return NULL;
    return o.dim == WICK_UNSET ? extreme(&max_op, WK_FOLD_MAX, x, mask, o.keepdim)
                               : found(&max_dim_op, find_max, x, mask, &o);
}

wick_tensor *wick_min_opt(wick_tensor *x, const wick_max_options *given)
{
    WK_ENTER;
    wick_max_options o = WK_OPTIONS(wick_max_options, WICK_UNSET, given);
    unsigned mask;
    if (indices_of_nothing("wick_min", &o) || !extreme_dims("wick_min", x, o.dim, NULL, &mask))
        return NULL;
    return o.dim == WICK_UNSET ? extreme(&min_op, WK_FOLD_MIN, x, mask, o.keepdim)
                               : found(&min_dim_op, find_min, x, mask, &o);
}

/* ---- Medians ------------------------------------------------------------------------------------------------------------------------ */

/* A number in the order of the elements: keys compare as the elements do, and 0 and -0 are equal. Not for NaN. */
static int64_t key_of(const wick_tensor *x, int64_t at)
{
    if (!wick_dtype_is_floating(x->dtype))
        return wk_load_int(x, at);
    const double value = wk_load(x, at);
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static void swap(int64_t *a, int64_t *b)
{
    const int64_t t = *a;
    *a = *b;
    *b = t;
}

/* Elements in order: by key, and equal ones by position. */
static bool less(const int64_t *key, int64_t a, int64_t b) { return key[a] < key[b] || (key[a] == key[b] && a < b); }

/* Of three places, the one whose element is between the others. */
static int64_t *middle(const int64_t *key, int64_t *a, int64_t *b, int64_t *c)
{
    if (less(key, *a, *b))
        return less(key, *b, *c) ? b : less(key, *a, *c) ? c : a;
    return less(key, *a, *c) ? a : less(key, *b, *c) ? c : b;
}

/* Restores the order of a heap of n, the last on top, below place k. */
static void sift(const int64_t *key, int64_t *heap, int64_t k, int64_t n)
{
    for (int64_t child; (child = 2 * k + 1) < n; k = child) {
        if (child + 1 < n && less(key, heap[child], heap[child + 1]))
            child++;
        if (!less(key, heap[k], heap[child]))
            return;
        swap(&heap[k], &heap[child]);
    }
}

/* Which of the numbers 0 .. n-1 comes at place nth in the order of their elements; i has room for n. Quickselect (Hoare 1961),
 * the pivot the median of three; where that stalls, the nth first go through a heap. */
static int64_t select_nth(const int64_t *key, int64_t *i, int64_t n, int64_t nth)
{
    int64_t first = 0, last = n, rounds = 0; /* it is among places [first, last) */
    for (int64_t k = 0; k < n; k++)
        i[k] = k;
    for (int64_t k = n; k > 1; k /= 2)
        rounds += 2;
    while (last - first > 3 && rounds-- > 0) {
        swap(&i[first], middle(key, &i[first + 1], &i[first + (last - first) / 2], &i[last - 1]));
        const int64_t pivot = i[first];
        int64_t low = first + 1, high = last;
        for (;; low++) {
            while (less(key, i[low], pivot))
                low++;
            high--;
            while (less(key, pivot, i[high]))
                high--;
            if (low >= high)
                break;
            swap(&i[low], &i[high]);
        }
        if (low <= nth)
            first = low;
        else
            last = low;
    }
    int64_t *heap = i + first;
    const int64_t count = nth - first + 1;
    for (int64_t k = count; k-- > 0;)
        sift(key, heap, k, count);
    for (int64_t k = count; k < last - first; k++)
        if (less(key, heap[k], heap[0])) {
            swap(&heap[k], &heap[0]);
            sift(key, heap, 0, count);
        }
    return heap[0];
}

/* Position of the lower median of n elements of the contiguous x from `start` on, `step` apart; of the first NaN if there is
 * one. work has room for 2 n. */
static int64_t median_of(const wick_tensor *x, int64_t start, int64_t step, int64_t n, int64_t *work)
{
    for (int64_t k = 0; k < n; k++) {
        const int64_t at = x->offset + start + k * step;
        if (wick_dtype_is_floating(x->dtype) && wk_load(x, at) != wk_load(x, at))
            return k;
        work[k] = key_of(x, at);
    }
    return select_nth(work, work + n, n, (n - 1) / 2);
}

static bool find_median(const wick_tensor *x, unsigned mask, wick_tensor *indices)
{
    int64_t inner;
    const int64_t n = size_of(x, dim_of(mask), &inner);
    const size_t bytes = wk_bytes(n, 2 * sizeof(int64_t));
    int64_t *to = wk_data(indices), *work = wk_alloc(bytes);
    if (!work)
        return false;
    for (int64_t i = 0; i < indices->numel; i++)
        to[i] = median_of(x, i / inner * n * inner + i % inner, inner, n, work);
    wk_free(work, bytes);
    return true;
}

wick_tensor *wick_median_opt(wick_tensor *x, const wick_max_options *given)
{
    WK_ENTER;
    wick_max_options o = WK_OPTIONS(wick_max_options, WICK_UNSET, given);
    const char *function = "wick_median";
    unsigned mask;
    if (indices_of_nothing(function, &o) || !wk_reduce_dims(function, x, o.dim, NULL, &mask))
        return NULL;
    if (x->dtype == WICK_BOOL)
        return wick_fail(WICK_ERROR_DTYPE, "%s: not for bool; convert with wick_to(x, WICK_UINT8)", function);
    if (o.dim != WICK_UNSET)
        return extreme_dims(function, x, o.dim, NULL, &mask) ? found(&median_dim_op, find_median, x, mask, &o) : NULL;
    wick_tensor *flat = wk_contiguous(x), *y = flat ? wk_reduced(x, mask, o.keepdim, x->dtype) : NULL;
    const size_t bytes = wk_bytes(x->numel, 2 * sizeof(int64_t));
    int64_t *work = y && bytes ? wk_alloc(bytes) : NULL;
    if (work) {
        memcpy(wk_data(y),
               (char *)wk_data(flat) + (size_t)median_of(flat, 0, 1, x->numel, work) * wick_dtype_size(x->dtype),
               wick_dtype_size(x->dtype));
        wk_free(work, bytes);
    } else if (y && !bytes) {
        wk_fill(y, (double)NAN); /* of integers the smallest, as PyTorch */
    } else {
        wk_unref(y);
        y = NULL;
    }
    wk_unref(flat);
    wk_args args = wk_reduce_args(mask, o.keepdim);
    return wk_record(&median_op, &args, y, x, NULL, NULL);
}
