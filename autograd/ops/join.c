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
    *dtype = (wick_dtype)list->items[0]->dtype;
    for (int64_t i = 1; i < list->count; i++)
        *dtype = wick_promote_types(*dtype, (wick_dtype)list->items[i]->dtype);
    return true;
}

/* Copies t into y where dimension dim runs from start on for length. */
static bool put_part(wick_tensor *y, const wick_tensor *t, int dim, int64_t start)
{
    if (t->numel == 0)
        return true;
    wick_tensor *there = wk_alias(y, t->shape, y->strides, y->ndim, start * y->strides[dim]);
    if (there)
        wk_copy(there, t);
    wk_unref(there);
    return there != NULL;
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

wick_tensor *wick_cat(wick_list *list, int64_t dim)
{
    const char *function = "wick_cat";
    wick_dtype dtype;
    if (!common_dtype(function, list, &dtype))
        return NULL;
    const wick_tensor *model = list->items[0];
    for (int64_t i = 1; i < list->count && is_legacy_empty(model); i++)
        model = list->items[i];
    if (model->ndim == 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: 0-dimensional tensors cannot be joined; use wick_stack", function);
    int d = wk_wrap_dim(function, dim, model->ndim);
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
    int64_t start = 0, *begin = starts ? wk_data(starts) : NULL;
    for (int64_t i = 0; y && i < list->count; i++) {
        const wick_tensor *t = list->items[i];
        begin[i] = start;
        if (is_legacy_empty(t) && model->ndim != 1)
            continue;
        if (!put_part(y, t, d, start)) {
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

wick_tensor *wick_stack(wick_list *list, int64_t dim)
{
    const char *function = "wick_stack";
    wick_dtype dtype;
    if (!common_dtype(function, list, &dtype))
        return NULL;
    const wick_tensor *model = list->items[0];
    if (model->ndim == WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the result would have more than %d dimensions", function,
                         WICK_MAX_DIMS);
    int d = wk_wrap_dim(function, dim, model->ndim + 1);
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
    for (int64_t i = 0; y && i < list->count && model->numel; i++) {
        wick_tensor *there = wk_alias(y, model->shape, strides, model->ndim, i * y->strides[d]);
        if (there) {
            wk_copy(there, list->items[i]);
        } else {
            wk_unref(y);
            y = NULL;
        }
        wk_unref(there);
    }
    return wk_record_n(&stack_op, &(wk_args){.dim = d}, y, list->items, (int)list->count);
}
