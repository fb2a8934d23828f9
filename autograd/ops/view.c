/* view.c - operations that give the elements of a tensor another shape, and share its storage. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

wick_tensor *wk_view(const wk_op *op, const wk_args *args, wick_tensor *x, const int64_t *shape, const int64_t *strides,
                     int ndim, int64_t offset)
{
    wick_tensor *y = wk_alias(x, shape, strides, ndim, offset);
    if (y) {
        y->is_number = false;
        wk_note_view(y, x);
    }
    return wk_record(op, args, y, x, NULL, NULL);
}

/* A shape and strides to be changed step by step. */
typedef struct layout {
    int ndim;
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
} layout;

static layout layout_of(const wick_tensor *x)
{
    layout l = {.ndim = x->ndim};
    memcpy(l.shape, x->shape, (size_t)x->ndim * sizeof *l.shape);
    memcpy(l.strides, x->strides, (size_t)x->ndim * sizeof *l.strides);
    return l;
}

static void remove_dim(layout *l, int dim)
{
    l->ndim--;
    for (int i = dim; i < l->ndim; i++) {
        l->shape[i] = l->shape[i + 1];
        l->strides[i] = l->strides[i + 1];
    }
}

static wick_tensor *view(const wk_op *op, const wk_args *args, wick_tensor *x, const layout *l, int64_t offset)
{
    return wk_view(op, args, x, l->shape, l->strides, l->ndim, offset);
}

/* ---- reshape ------------------------------------------------------------------------------------------------------------- */

/* Puts the size that -1 stands for; an error if the sizes do not make x's number of elements. */
static bool infer_shape(const char *function, const wick_tensor *x, const int64_t *wanted, int ndim, int64_t *shape)
{
    int64_t product = 1;
    int unknown = -1;
    bool valid = ndim >= 0 && ndim <= WICK_MAX_DIMS && (ndim == 0 || wanted);
    for (int i = 0; valid && i < ndim; i++) {
        shape[i] = wanted[i];
        if (wanted[i] == -1 && unknown < 0) {
            unknown = i;
        } else {
            /* Beyond x's own elements a product can only be wrong, so it need not be computed to its end. */
            valid = wanted[i] >= 0 && (wanted[i] == 0 || product <= INT64_MAX / wanted[i]);
            product = valid ? product * wanted[i] : 0;
        }
    }
    if (valid && unknown >= 0) {
        valid = product != 0 && x->numel % product == 0;
        shape[unknown] = valid ? x->numel / product : 0;
    } else {
        valid = valid && product == x->numel;
    }
    if (!valid)
        wick_fail(WICK_ERROR_SHAPE, "%s: shape %s is invalid for a tensor of shape %s with %lld elements", function,
                  ndim >= 0 && ndim <= WICK_MAX_DIMS && wanted ? wk_shape_text(wanted, ndim, (char[WK_SHAPE_TEXT]){0})
                                                               : "?",
                  WK_SHAPE(x), (long long)x->numel);
    return valid;
}

/* Strides by which x's elements can be read in this shape without a copy; false if there are none. Each run of dimensions
 * of x that lies in memory like one dimension must be split into whole dimensions of the shape. */
static bool view_strides(const wick_tensor *x, const int64_t *shape, int ndim, int64_t *strides)
{
    if (x->numel == 0 || x->contiguous) {
        wk_contiguous_strides(shape, ndim, strides);
        return true;
    }
    int to = ndim - 1;
    int64_t run = 1, covered = 1; /* elements of the run, and of the new dimensions laid into it so far */
    int64_t stride = x->strides[x->ndim - 1];
    for (int from = x->ndim - 1; from >= 0; from--) {
        run *= x->shape[from];
        bool ends = from == 0 || (x->shape[from - 1] != 1 && x->strides[from - 1] != run * stride);
        if (!ends)
            continue;
        while (to >= 0 && (covered < run || shape[to] == 1)) {
            strides[to] = covered * stride;
            covered *= shape[to--];
        }
        if (covered != run)
            return false;
        if (from > 0) {
            stride = x->strides[from - 1];
            run = covered = 1;
        }
    }
    return to < 0;
}

/* view           y = x in another shape        dx = dy in x's shape
   _unsafe_view   the same of a copy */
GRAD(view_d) { return wick_reshape_n(dy, node->a_shape, node->a_ndim); }
static const wk_op view_op = {"ViewBackward0", {{view_d, 0, NULL}}, false};
static const wk_op unsafe_view_op = {"UnsafeViewBackward0", {{view_d, 0, NULL}}, false};

static wick_tensor *reshape(const char *function, wick_tensor *x, const int64_t *wanted, int ndim, bool may_copy)
{
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
    if (!WK_TENSOR(x, function, "x") || !infer_shape(function, x, wanted, ndim, shape))
        return NULL;
    if (view_strides(x, shape, ndim, strides))
        return wk_view(&view_op, NULL, x, shape, strides, ndim, x->offset);
    if (!may_copy)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: a tensor of shape %s with these strides cannot be viewed as %s without a copy; use wick_reshape",
            function, WK_SHAPE(x), wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}));
    wick_tensor *copy = wk_contiguous(x), *y = NULL;
    if (copy) {
        wk_contiguous_strides(shape, ndim, strides);
        y = wk_alias(copy, shape, strides, ndim, copy->offset);
    }
    wk_unref(copy);
    return wk_record(&unsafe_view_op, NULL, y, x, NULL, NULL);
}

wick_tensor *wick_reshape_n(wick_tensor *x, const int64_t *shape, int ndim)
{
    WK_ENTER;
    return reshape("wick_reshape", x, shape, ndim, true);
}

wick_tensor *wick_view_n(wick_tensor *x, const int64_t *shape, int ndim)
{
    WK_ENTER;
    return reshape("wick_view", x, shape, ndim, false);
}

wick_tensor *wick_flatten_opt(wick_tensor *x, const wick_flatten_options *given)
{
    WK_ENTER;
    wick_flatten_options o = WK_OPTIONS(wick_flatten_options, WICK_FLATTEN_DEFAULTS, given);
    const char *function = "wick_flatten";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    int first = wk_wrap_dim(function, o.start_dim, x->ndim), last = wk_wrap_dim(function, o.end_dim, x->ndim);
    if (first < 0 || last < 0)
        return NULL;
    if (first > last)
        return wick_fail(WICK_ERROR_INDEX, "%s: start dimension %d comes after end dimension %d", function, first,
                         last);
    if (x->ndim == 0)
        return wick_reshape(x, 1);
    if (first == last)
        return wk_own(wk_ref(x));
    layout l = layout_of(x);
    for (int i = first; i < last; i++) {
        l.shape[first + 1] *= l.shape[first];
        remove_dim(&l, first);
    }
    return wick_reshape_n(x, l.shape, l.ndim);
}

wick_tensor *wick_ravel(wick_tensor *x)
{
    WK_ENTER;
    return WK_TENSOR(x, "wick_ravel", "x") ? wick_view(wick_contiguous(x), -1) : NULL;
}

wick_tensor *wick_unflatten_n(wick_tensor *x, int64_t dim, const int64_t *sizes, int count)
{
    WK_ENTER;
    const char *function = "wick_unflatten";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    if (x->ndim == 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: a 0-dimensional tensor has no dimension to be split", function);
    int d = wk_wrap_dim(function, dim, x->ndim);
    if (d < 0)
        return NULL;
    int64_t part = x->shape[d], product = 1, shape[WICK_MAX_DIMS];
    int unknown = -1;
    bool valid = count > 0 && sizes && x->ndim - 1 <= WICK_MAX_DIMS - count;
    for (int i = 0; valid && i < count; i++) {
        shape[d + i] = sizes[i];
        if (sizes[i] == -1 && unknown < 0) {
            unknown = d + i;
            continue;
        }
        valid = sizes[i] >= 0 && (sizes[i] == 0 || product <= INT64_MAX / sizes[i]);
        product = valid ? product * sizes[i] : 0;
    }
    if (valid && unknown >= 0) {
        valid = product != 0 && part % product == 0;
        shape[unknown] = valid ? part / product : 0;
    } else {
        valid = valid && product == part;
    }
    if (!valid)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: the %d sizes given, %s, do not multiply up to dimension %d of shape %s, or make more than "
            "%d dimensions",
            function, count,
            wk_shape_text(sizes, count < WICK_MAX_DIMS ? count : WICK_MAX_DIMS, (char[WK_SHAPE_TEXT]){0}), d,
            WK_SHAPE(x), WICK_MAX_DIMS);
    for (int i = 0; i < x->ndim; i++)
        if (i != d)
            shape[i < d ? i : i + count - 1] = x->shape[i];
    return wick_view_n(x, shape, x->ndim + count - 1);
}

wick_tensor *wick_view_as(wick_tensor *x, wick_tensor *other)
{
    WK_ENTER;
    return WK_TENSOR(other, "wick_view_as", "other") ? wick_view_n(x, other->shape, other->ndim) : NULL;
}

wick_tensor *wick_reshape_as(wick_tensor *x, wick_tensor *other)
{
    WK_ENTER;
    return WK_TENSOR(other, "wick_reshape_as", "other") ? wick_reshape_n(x, other->shape, other->ndim) : NULL;
}

/* ---- Permutations ---------------------------------------------------------------------------------------------------------- */

/* transpose   y = x with two dimensions swapped        dx = dy with the same swapped */
GRAD(transpose_d) { return wick_transpose(dy, args->dim, args->dim2); }
GRAD(t_d) { return wick_t(dy); }
static const wk_op transpose_op = {"TransposeBackward0", {{transpose_d, 0, NULL}}, false};
static const wk_op t_op = {"TBackward0", {{t_d, 0, NULL}}, false};

static wick_tensor *swap(const wk_op *op, wick_tensor *x, int i, int k)
{
    layout l = layout_of(x);
    if (x->ndim) {
        l.shape[i] = x->shape[k], l.shape[k] = x->shape[i];
        l.strides[i] = x->strides[k], l.strides[k] = x->strides[i];
    }
    return view(op, &(wk_args){.dim = i, .dim2 = k}, x, &l, x->offset);
}

wick_tensor *wick_transpose(wick_tensor *x, int64_t dim0, int64_t dim1)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_transpose", "x"))
        return NULL;
    int i = wk_wrap_dim("wick_transpose", dim0, x->ndim), k = wk_wrap_dim("wick_transpose", dim1, x->ndim);
    return i < 0 || k < 0 ? NULL : swap(&transpose_op, x, i, k);
}

wick_tensor *wick_t(wick_tensor *x)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_t", "x"))
        return NULL;
    if (x->ndim > 2)
        return wick_fail(WICK_ERROR_SHAPE, "wick_t: at most 2 dimensions, and shape %s has %d; use wick_transpose",
                         WK_SHAPE(x), x->ndim);
    return swap(&t_op, x, 0, x->ndim == 2);
}

/* permute     y's dimension i is x's dims[i]            dx = dy permuted back */
GRAD(permute_d)
{
    int64_t back[WICK_MAX_DIMS];
    for (int d = 0; d < args->ndim; d++)
        back[args->dims[d]] = d;
    return wick_permute_n(dy, back, args->ndim);
}
static const wk_op permute_op = {"PermuteBackward0", {{permute_d, 0, NULL}}, false};

wick_tensor *wick_permute_n(wick_tensor *x, const int64_t *dims, int ndim)
{
    WK_ENTER;
    const char *function = "wick_permute";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    if (ndim != x->ndim || (ndim && !dims))
        return wick_fail(WICK_ERROR_SHAPE, "%s: %d dimensions are given, and shape %s has %d", function, ndim,
                         WK_SHAPE(x), x->ndim);
    wk_args args = {.ndim = ndim};
    layout l = {.ndim = ndim};
    unsigned seen = 0;
    for (int i = 0; i < ndim; i++) {
        int d = wk_wrap_dim(function, dims[i], ndim);
        if (d < 0)
            return NULL;
        if (seen & (1u << d))
            return wick_fail(WICK_ERROR_INDEX, "%s: dimension %d is given twice", function, d);
        seen |= 1u << d;
        args.dims[i] = d;
        l.shape[i] = x->shape[d];
        l.strides[i] = x->strides[d];
    }
    return view(&permute_op, &args, x, &l, x->offset);
}

#undef wick_movedim
wick_tensor *wick_movedim(wick_tensor *x, wick_dims source, wick_dims destination)
{
    WK_ENTER;
    const char *function = "wick_movedim";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    if (source.count != destination.count || source.count < 0 || source.count > WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d source dimensions and %d destinations; the numbers must be equal",
                         function, source.count, destination.count);
    int64_t order[WICK_MAX_DIMS]; /* where each dimension of the result comes from */
    unsigned taken = 0, put = 0;
    for (int i = 0; i < source.count; i++) {
        int from = wk_wrap_dim(function, source.dim[i], x->ndim);
        int to = wk_wrap_dim(function, destination.dim[i], x->ndim);
        if (from < 0 || to < 0)
            return NULL;
        if (taken & (1u << from) || put & (1u << to))
            return wick_fail(WICK_ERROR_INDEX, "%s: dimension %d is given twice", function,
                             taken & (1u << from) ? from : to);
        taken |= 1u << from;
        put |= 1u << to;
        order[to] = from;
    }
    for (int to = 0, from = 0; to < x->ndim; to++) {
        if (put & (1u << to))
            continue;
        while (taken & (1u << from))
            from++;
        order[to] = from++;
    }
    return wick_permute_n(x, order, x->ndim);
}

/* ---- Dimensions of size 1 ----------------------------------------------------------------------------------------------------- */

/* squeeze, unsqueeze   y = x without, or with, dimensions of size 1        dx = dy in x's shape */
static const wk_op squeeze_all_op = {"SqueezeBackward0", {{view_d, 0, NULL}}, false};
static const wk_op squeeze_op = {"SqueezeBackward1", {{view_d, 0, NULL}}, false};
static const wk_op squeeze_dims_op = {"SqueezeBackward2", {{view_d, 0, NULL}}, false};
static const wk_op unsqueeze_op = {"UnsqueezeBackward0", {{view_d, 0, NULL}}, false};

wick_tensor *wick_squeeze_opt(wick_tensor *x, const wick_squeeze_options *given)
{
    WK_ENTER;
    wick_squeeze_options o = WK_OPTIONS(wick_squeeze_options, WICK_UNSET, given);
    const char *function = "wick_squeeze";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    bool all = o.dim == WICK_UNSET && o.dims.count == 0;
    if (o.dims.count < 0 || o.dims.count > WICK_MAX_DIMS || (o.dim != WICK_UNSET && o.dims.count))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: give either .dim or .dims, of at most %d dimensions", function,
                         WICK_MAX_DIMS);
    const int64_t *dims = o.dims.count ? o.dims.dim : &o.dim;
    unsigned chosen = all ? ~0u : 0;
    for (int i = 0; !all && i < (o.dims.count ? o.dims.count : 1); i++) {
        int d = wk_wrap_dim(function, dims[i], x->ndim);
        if (d < 0)
            return NULL;
        if (chosen & (1u << d))
            return wick_fail(WICK_ERROR_INDEX, "%s: dimension %d is given twice", function, d);
        chosen |= 1u << d;
    }
    layout l = layout_of(x);
    for (int i = x->ndim - 1; i >= 0; i--)
        if (chosen & (1u << i) && x->shape[i] == 1)
            remove_dim(&l, i);
    const wk_op *op = all ? &squeeze_all_op : o.dims.count ? &squeeze_dims_op : &squeeze_op;
    return view(op, NULL, x, &l, x->offset);
}

wick_tensor *wick_unsqueeze(wick_tensor *x, int64_t dim)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_unsqueeze", "x"))
        return NULL;
    if (x->ndim == WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE, "wick_unsqueeze: shape %s has %d dimensions, and no tensor has more",
                         WK_SHAPE(x), WICK_MAX_DIMS);
    int at = wk_wrap_dim("wick_unsqueeze", dim, x->ndim + 1);
    if (at < 0)
        return NULL;
    layout l = layout_of(x);
    for (int i = l.ndim++; i > at; i--) {
        l.shape[i] = l.shape[i - 1];
        l.strides[i] = l.strides[i - 1];
    }
    l.strides[at] = at < x->ndim ? x->shape[at] * x->strides[at] : 1;
    l.shape[at] = 1;
    return view(&unsqueeze_op, NULL, x, &l, x->offset);
}

/* ---- Stretching --------------------------------------------------------------------------------------------------- */

/* expand      y = x, repeated along dimensions of size 1        dx = dy summed over these, which the engine does */
GRAD(expand_d) { return dy; }
static const wk_op expand_op = {"ExpandBackward0", {{expand_d, 0, NULL}}, false};

wick_tensor *wick_expand_n(wick_tensor *x, const int64_t *shape, int ndim)
{
    WK_ENTER;
    const char *function = "wick_expand";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    int extra = ndim - x->ndim;
    bool fits = extra >= 0 && ndim <= WICK_MAX_DIMS && (ndim == 0 || shape);
    layout l = {.ndim = ndim};
    for (int i = 0; fits && i < ndim; i++) {
        int64_t old = i < extra ? 1 : x->shape[i - extra];
        bool keeps = i >= extra && (shape[i] == -1 || shape[i] == old);
        fits = keeps || (old == 1 && shape[i] >= 0);
        l.shape[i] = keeps ? old : shape[i];
        l.strides[i] = keeps ? x->strides[i - extra] : 0;
    }
    if (!fits)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: shape %s cannot be expanded to %s; only dimensions of size 1, and new leading ones, can be", function,
            WK_SHAPE(x),
            ndim >= 0 && ndim <= WICK_MAX_DIMS && shape ? wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}) : "?");
    int64_t numel;
    if (!wk_check_shape("expand", l.shape, ndim, x->dtype, &numel))
        return NULL;
    return view(&expand_op, NULL, x, &l, x->offset);
}

wick_tensor *wick_broadcast_to_n(wick_tensor *x, const int64_t *shape, int ndim)
{
    WK_ENTER;
    return wick_expand_n(x, shape, ndim);
}

wick_tensor *wick_expand_as(wick_tensor *x, wick_tensor *other)
{
    WK_ENTER;
    return WK_TENSOR(other, "wick_expand_as", "other") ? wick_expand_n(x, other->shape, other->ndim) : NULL;
}
