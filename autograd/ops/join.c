/* join.c - tensors put side by side. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* The dtype of the result, to which all are promoted; false with an error for an empty list. */
static bool common_dtype(const char *function, const wick_list *list, wick_dtype *dtype)
{
    if (!WK_LIST(list, function, "tensors"))
        return false;
    if (list->count == 0) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: expected a non-empty list of tensors", function);
        return false;
    }
    *dtype = list->items[0]->dtype;
    for (int64_t i = 1; i < list->count; i++)
        *dtype = wick_promote_types(*dtype, list->items[i]->dtype);
    return true;
}

/* Whether the tensors can be copied into y by put_runs: contiguous, of its dtype, and in runs that are worth a memcpy. */
static bool in_runs(const wick_list *list, wick_dtype dtype, int dim)
{
    bool fit = true;
    for (int64_t i = 0; fit && i < list->count; i++) {
        const wick_tensor *t = list->items[i];
        int64_t run = (int64_t)wick_dtype_size(dtype);
        for (int d = dim; d < t->ndim; d++)
            run *= t->shape[d];
        fit = t->contiguous && t->dtype == dtype && (run >= 64 || t->numel == 0);
    }
    return fit;
}

/* y = the tensors side by side, a run of each in turn; a run is what they have from a dimension on, and there are outer of
 * them. */
static void put_runs(wick_tensor *y, const wick_list *list, int64_t outer)
{
    const int64_t element = (int64_t)wick_dtype_size(y->dtype);
    char *to = wk_data(y);
    for (int64_t n = 0; n < outer; n++) {
        for (int64_t i = 0; i < list->count; i++) {
            const wick_tensor *t = list->items[i];
            const size_t run = (size_t)(t->numel / outer * element);
            memcpy(to, (const char *)wk_data(t) + (size_t)n * run, run);
            to += run;
        }
    }
}

/* Copies t into y where dimension dim runs from start on for length. */
static bool put_part(wick_tensor *y, const wick_tensor *t, int dim, int64_t start)
{
    return t->numel == 0 || wk_copy_at(y, start * y->strides[dim], y->strides, t);
}

/* cat      y = all a[i] along a dimension; c holds where each begins        da[i] = dy from there on */
GRAD(cat_d)
{
    int64_t start = wk_load_int(c, i), length = wk_load_int(c, i + 1) - start;
    const wick_node *to = node->input[i];
    return length ? wick_narrow(dy, args->dim, start, length) : wick_zeros_n(to->shape, to->ndim, to->dtype);
}
static const wk_op cat_op = {"CatBackward0", {{cat_d, USES_C, NULL}}, true};

/* PyTorch lets a 1-dimensional tensor without elements stand among others of any shape. */
static bool is_legacy_empty(const wick_tensor *t) { return t->ndim == 1 && t->shape[0] == 0; }

wick_tensor *wick_cat_opt(wick_list *list, const wick_dim_options *given)
{
    WK_ENTER;
    wick_dim_options o = WK_OPTIONS(wick_dim_options, 0, given);
    const char *function = "wick_cat";
    wick_dtype dtype;
    if (!common_dtype(function, list, &dtype))
        return NULL;
    const wick_tensor *model = list->items[0];
    for (int64_t i = 1; i < list->count && is_legacy_empty(model); i++)
        model = list->items[i];
    if (model->ndim == 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: 0-dimensional tensors cannot be joined; use wick_stack", function);
    int d = is_legacy_empty(model) ? 0 : wk_wrap_dim(function, o.dim, model->ndim);
    if (d < 0)
        return NULL;
    int64_t shape[WICK_MAX_DIMS];
    memcpy(shape, model->shape, sizeof shape);
    shape[d] = 0;
    for (int64_t i = 0; i < list->count; i++) {
        const wick_tensor *t = list->items[i];
        if (is_legacy_empty(t))
            continue;
        bool fits = t->ndim == model->ndim;
        for (int k = 0; fits && k < t->ndim; k++)
            fits = k == d || t->shape[k] == model->shape[k];
        if (!fits || t->shape[d] > INT64_MAX - shape[d])
            return wick_fail(WICK_ERROR_SHAPE, "%s: shapes %s and %s must be equal except in dimension %d", function,
                             WK_SHAPE(model), WK_SHAPE(t), d);
        shape[d] += t->shape[d];
    }
    WICK_SCOPE;
    wick_tensor *starts = wk_own(wk_new((int64_t[]){list->count + 1}, 1, WICK_INT64));
    wick_tensor *y = starts ? wk_new(shape, model->ndim, dtype) : NULL;
    int64_t start = 0, outer = 1, *begin = starts ? wk_data(starts) : NULL;
    for (int k = 0; k < d; k++)
        outer *= shape[k];
    const bool runs = in_runs(list, dtype, d);
    if (y && y->numel && runs)
        put_runs(y, list, outer);
    for (int64_t i = 0; y && i < list->count; i++) {
        const wick_tensor *t = list->items[i];
        begin[i] = start;
        if (is_legacy_empty(t) && model->ndim != 1)
            continue;
        if (!runs && !put_part(y, t, d, start)) {
            wk_unref(y);
            y = NULL;
        }
        start += t->shape[d];
    }
    if (y)
        begin[list->count] = start;
    y = wk_record_n(&cat_op, &(wk_args){.dim = d}, y, list->items, (int)list->count);
    return y && wk_save_extra(y, starts) ? wick_out(y) : NULL;
}

/* stack    y = all a[i] along a new dimension                               da[i] = dy there */
GRAD(stack_d) { return wick_select(dy, args->dim, i); }
static const wk_op stack_op = {"StackBackward0", {{stack_d, 0, NULL}}, true};

wick_tensor *wick_stack_opt(wick_list *list, const wick_dim_options *given)
{
    WK_ENTER;
    wick_dim_options o = WK_OPTIONS(wick_dim_options, 0, given);
    const char *function = "wick_stack";
    wick_dtype dtype;
    if (!common_dtype(function, list, &dtype))
        return NULL;
    const wick_tensor *model = list->items[0];
    if (model->ndim == WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the result would have more than %d dimensions", function,
                         WICK_MAX_DIMS);
    int d = wk_wrap_dim(function, o.dim, model->ndim + 1);
    if (d < 0)
        return NULL;
    for (int64_t i = 1; i < list->count; i++)
        if (!wk_same_shape(model, list->items[i]))
            return wick_fail(WICK_ERROR_SHAPE, "%s: the tensors must have one shape, and have %s and %s", function,
                             WK_SHAPE(model), WK_SHAPE(list->items[i]));
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
    for (int k = 0; k <= model->ndim; k++)
        shape[k] = k < d ? model->shape[k] : k == d ? list->count : model->shape[k - 1];
    wick_tensor *y = wk_new(shape, model->ndim + 1, dtype);
    if (y)
        for (int k = 0; k < model->ndim; k++)
            strides[k] = y->strides[k < d ? k : k + 1];
    int64_t outer = 1;
    for (int k = 0; k < d; k++)
        outer *= shape[k];
    const bool runs = in_runs(list, dtype, d);
    if (y && y->numel && runs)
        put_runs(y, list, outer);
    for (int64_t i = 0; y && i < list->count && model->numel && !runs; i++)
        if (!wk_copy_at(y, i * y->strides[d], strides, list->items[i])) {
            wk_unref(y);
            y = NULL;
        }
    return wk_record_n(&stack_op, &(wk_args){.dim = d}, y, list->items, (int)list->count);
}

/* ---- hstack, vstack, dstack ---------------------------------------------------------------------------------------------------- */

/* The tensors with at least ndim dimensions, joined. */
static wick_tensor *join(const char *function, wick_list *list, int ndim)
{
    wick_dtype dtype;
    if (!common_dtype(function, list, &dtype))
        return NULL;
    WICK_SCOPE;
    const size_t bytes = (size_t)list->count * sizeof(wick_tensor *);
    wick_tensor **items = wk_alloc(bytes);
    bool ok = items != NULL;
    for (int64_t i = 0; ok && i < list->count; i++) {
        items[i] = list->items[i];
        while (items[i] && items[i]->ndim < ndim) /* (), (n), (1, n), (1, n, 1) */
            items[i] = wick_unsqueeze(items[i], items[i]->ndim == 2 ? 2 : 0);
        ok = items[i] != NULL;
    }
    int dim = ndim == 3 ? 2 : ndim == 1 && list->items[0]->ndim > 1;
    wick_tensor *y = ok ? wick_cat(wick_list_n(items, list->count), dim) : NULL;
    if (items)
        wk_free(items, bytes);
    return wick_out(y);
}

wick_tensor *wick_hstack(wick_list *list)
{
    WK_ENTER;
    return join("wick_hstack", list, 1);
}
wick_tensor *wick_vstack(wick_list *list)
{
    WK_ENTER;
    return join("wick_vstack", list, 2);
}
wick_tensor *wick_dstack(wick_list *list)
{
    WK_ENTER;
    return join("wick_dstack", list, 3);
}
