/* inplace.c - writing in place to tensors that are part of a graph.
 *
 * An in-place operation is its out-of-place operation, whose result then replaces the tensor, data and place in the graph:
 * x += u computes y = x + u, recorded; then x's elements become y's, and x's grad_fn becomes that of y.
 *
 * A view shares its elements with its base, so a write to one changes the history of both. Writing y over a view of base
 * gives base a CopySlices node (base as before, but y where the view lies). The view, and every other view of base, is from
 * then on a view of this new base: a view knows which node of its base its grad_fn belongs to, and when the base has
 * another one, wk_refresh_view gives the view an AsStrided node on the base. The nodes save where the view lies as a layout: a tensor without
 * elements, whose shape, strides and offset are those of the view within its base. Bases are contiguous. */
#include <string.h>

#include "../tensor/thread.h"
#include "node.h"

/* ---- Reading and writing at a layout ------------------------------------------------------------------------------------ */

static wick_tensor *layout_of(const wick_tensor *view)
{
    wick_tensor *empty = wk_new((int64_t[]){0}, 1, view->dtype);
    wick_tensor *layout =
        empty ? wk_alias(empty, view->shape, view->strides, view->ndim, view->offset - view->view_of->offset) : NULL;
    wk_unref(empty);
    return wk_own(layout);
}

/* gather   y = the elements of a at layout b              da = scatter(dy, b)
   scatter  y = 0 but for the elements of a at layout b    da = gather(dy, b)      elements that meet are added up */
static wick_tensor *gather(wick_tensor *x, wick_tensor *layout);
static wick_tensor *scatter(wick_tensor *x, wick_tensor *layout, const int64_t *shape, int ndim);

GRAD(gather_da) { return scatter(dy, b, node->a_shape, node->a_ndim); }
GRAD(scatter_da) { return gather(dy, b); }
static const wk_op gather_op = {"AsStridedBackward0", {{gather_da, USES_B, NULL}}, false};
static const wk_op scatter_op = {"AsStridedScatterBackward0", {{scatter_da, USES_B, NULL}}, false};

static wick_tensor *gather(wick_tensor *x, wick_tensor *layout)
{
    wick_tensor *flat = x ? wk_contiguous(x) : NULL;
    wick_tensor *there =
        flat ? wk_alias(flat, layout->shape, layout->strides, layout->ndim, flat->offset + layout->offset) : NULL;
    wick_tensor *y = there ? wk_new_like(there) : NULL;
    if (y)
        wk_copy(y, there);
    wk_unref(there);
    wk_unref(flat);
    return wk_record(&gather_op, NULL, y, x, layout, NULL);
}

static wick_tensor *scatter(wick_tensor *x, wick_tensor *layout, const int64_t *shape, int ndim)
{
    wick_tensor *y = x ? wk_new(shape, ndim, x->dtype) : NULL;
    if (!y)
        return NULL;
    wk_fill(y, 0);
    int64_t index[WICK_MAX_DIMS] = {0}, at[2] = {x->offset, y->offset + layout->offset};
    const int64_t *const strides[2] = {x->strides, layout->strides};
    for (int64_t n = 0; n < x->numel; n++) {
        wk_store(y, at[1], wk_load(y, at[1]) + wk_load(x, at[0]));
        wk_next(x->shape, x->ndim, index, 2, strides, at);
    }
    return wk_record(&scatter_op, NULL, y, x, layout, NULL);
}

/* copy_slices  y = a, but b at layout c        da = dy, but 0 at layout c        db = dy at layout c */
GRAD(copy_slices_da)
{
    wick_tensor *ones = wk_own(wk_new(c->shape, c->ndim, dy->dtype));
    if (!ones)
        return NULL;
    wk_fill(ones, 1);
    return wick_where(wick_ne(scatter(ones, c, dy->shape, dy->ndim), 0), 0.0, dy);
}
GRAD(copy_slices_db) { return gather(dy, c); }
static const wk_op copy_slices_op = {
    "CopySlices", {{copy_slices_da, USES_C, NULL}, {copy_slices_db, USES_C, NULL}}, false};

/* ---- Views ----------------------------------------------------------------------------------------------------------------- */

/* Which history t has: the number of its node, 0 without one. */
static uint64_t history(const wick_tensor *t) { return t->grad_fn ? t->grad_fn->number : 0; }

/* Gives t another node, or none. What t was no longer reports to a t that retains its gradient; what it becomes does. */
static void replace_grad_fn(wick_tensor *t, wick_node *node)
{
    if (t->retains_grad) {
        t->grad_fn->retains = NULL;
        t->retains_grad = node != NULL;
        if (node)
            node->retains = t;
    }
    wk_ref(node);
    wk_unref(t->grad_fn);
    t->grad_fn = node;
}

void wk_note_view(wick_tensor *y, wick_tensor *x)
{
    wick_tensor *base = x->view_of ? x->view_of : x;
    if (wk_this_thread.grad_off && !wk_needs_grad(base)) /* neither can get a history through the other */
        return;
    y->no_grad_view = wk_this_thread.grad_off || x->no_grad_view;
    y->view_of = wk_ref(base);
    y->view_history = history(y->view_of);
}

/* The layout of a view within its base; NULL with an error. */
static wick_tensor *layout_in_base(const char *operation, const wick_tensor *view)
{
    if (!view->view_of->contiguous)
        return wick_fail(WICK_ERROR_AUTOGRAD,
                         "%s: writing in place to a view of a tensor that is not contiguous, of shape %s, cannot be "
                         "recorded; clone that tensor first",
                         operation, WK_SHAPE(view->view_of));
    return layout_of(view);
}

bool wk_follow_base(wick_tensor *view)
{
    wick_tensor *base = view->view_of;
    if (view->no_grad_view || view->view_history == history(base))
        return true;
    WICK_SCOPE;
    bool before = wick_set_grad_enabled(true);
    wick_tensor *layout = layout_in_base("a view", view);
    wick_tensor *y = layout ? wk_alias(view, view->shape, view->strides, view->ndim, view->offset) : NULL;
    y = wk_record(&gather_op, NULL, y, base, layout, NULL);
    wick_set_grad_enabled(before);
    if (!y)
        return false;
    replace_grad_fn(view, y->grad_fn);
    view->view_history = history(base);
    return true;
}

/* ---- In-place operations --------------------------------------------------------------------------------------------------- */

bool wk_recording(wick_tensor *a, wick_tensor *b, bool *recording)
{
    *recording = false;
    if (wk_this_thread.grad_off)
        return true;
    if (!wk_refresh_view(a) || (b && !wk_refresh_view(b)))
        return false;
    *recording = wk_needs_grad(a) || wk_needs_grad(b);
    return true;
}

/* Whether elements of t share a place in memory: a step of a dimension, taken from the smallest on, must lead beyond all
 * that the smaller ones reach. */
static bool overlaps(const wick_tensor *t)
{
    bool done[WICK_MAX_DIMS] = {false};
    int64_t reach = 0; /* how far the last element of the dimensions that are done is from the first */
    for (int n = 0; n < t->ndim && !t->contiguous; n++) {
        int next = -1;
        for (int d = 0; d < t->ndim; d++)
            if (!done[d] && (next < 0 || t->strides[d] < t->strides[next]))
                next = d;
        done[next] = true;
        if (t->shape[next] > 1 && t->strides[next] <= reach)
            return true;
        reach += (t->shape[next] - 1) * t->strides[next];
    }
    return false;
}

static bool refuse_no_grad_view(const char *operation)
{
    wick_fail(
        WICK_ERROR_AUTOGRAD,
        "%s: a view that was made under no-grad, or by a function of the user's, is written in place with grad mode "
        "on, which would change the tensor it is a view of without recording it; make the view with grad mode "
        "on, or write under WICK_NO_GRAD",
        operation);
    return false;
}

bool wk_check_writable(const char *operation, wick_tensor *t, bool one_value)
{
    if (!one_value && overlaps(t)) {
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: several elements of the tensor of shape %s share one place in memory, as wick_expand and "
                  "wick_unfold make them; clone it before writing to it",
                  operation, WK_SHAPE(t));
        return false;
    }
    if (wk_this_thread.grad_off)
        return true;
    const wick_tensor *base = t->view_of;
    if (t->no_grad_view && wk_needs_grad(base))
        return refuse_no_grad_view(operation);
    bool leaf = t->requires_grad && !t->grad_fn, leaf_view = base && base->requires_grad && !base->grad_fn;
    if (leaf || leaf_view) {
        wick_fail(
            WICK_ERROR_AUTOGRAD,
            "%s: a%s leaf tensor that requires grad cannot be written in place; do it under WICK_NO_GRAD, or use the "
            "out-of-place operation",
            operation, leaf ? "" : " view of a");
        return false;
    }
    return true;
}

wick_tensor *wk_before(wick_tensor *t)
{
    wick_tensor *copy = wk_new_like(t);
    if (copy) {
        wk_copy(copy, t);
        copy->grad_fn = wk_ref(t->grad_fn);
    }
    return wk_own(copy);
}

/* Gives the base of view the history of itself with src where the view lies. */
static bool rebase(const char *operation, wick_tensor *view, wick_tensor *src)
{
    if (view->no_grad_view)
        return refuse_no_grad_view(operation);
    wick_tensor *base = view->view_of, *layout = layout_in_base(operation, view);
    wick_tensor *y = layout ? wk_alias(base, base->shape, base->strides, base->ndim, base->offset) : NULL;
    y = wk_record(&copy_slices_op, NULL, y, base, src, layout);
    if (y)
        replace_grad_fn(base, y->grad_fn);
    return y != NULL;
}

wick_tensor *wk_assign(const char *operation, wick_tensor *dst, wick_tensor *src)
{
    if (!src)
        return NULL;
    WICK_SCOPE;
    if (!dst->view_of)
        replace_grad_fn(dst, src->grad_fn);
    else if (!rebase(operation, dst, src))
        return NULL;
    wk_copy(dst, src);
    wk_bump_version(dst, operation);
    /* A view gets its new node when it is next asked for; one that retains its gradient is asked by the engine. */
    return dst->retains_grad && !wk_refresh_view(dst) ? NULL : dst;
}

/* ---- From operations out of place ------------------------------------------------------------------------------------------ */

wick_tensor *wk_begin_in_place(const char *function, wick_tensor *x)
{
    if (!WK_TENSOR(x, function, "x") || !wk_check_writable(function, x, false))
        return NULL;
    if (wk_this_thread.grad_off)
        return x;
    return wk_refresh_view(x) ? wk_before(x) : NULL; /* a rule for another operand may need what x was, too */
}

wick_tensor *wk_end_in_place(const char *function, wick_tensor *x, wick_tensor *value)
{
    if (!value)
        return NULL;
    if (!wk_same_shape(value, x))
        return wick_fail(WICK_ERROR_SHAPE, "%s: the result, of shape %s, does not fit the tensor, of shape %s",
                         function, WK_SHAPE(value), WK_SHAPE(x));
    if (!wk_can_hold(x->dtype, value->dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: the result, %s, cannot be put into a tensor of %s", function,
                         wick_dtype_name(value->dtype), wick_dtype_name(x->dtype));
    value = wick_to_dtype(value, x->dtype);
    if (!value || value == x)
        return value;
    if (!wk_this_thread.grad_off && (wk_needs_grad(x) || wk_needs_grad(value)))
        return wk_assign(function, x, value);
    wk_copy(x, value);
    wk_bump_version(x, function);
    return x;
}
