/* tensor_dataset.c - the rows of tensors as samples.
 *
 * The dataset holds the tensors themselves, so that later in-place changes of them show in later batches, as in
 * PyTorch. A batch is gathered row by row with memcpy. Rows that are not in one piece, and tensors through which
 * gradients flow, go the way of the indexing operation, which gives the same values. */
#include <string.h>

#include "fetch.h"

typedef struct {
    wick_list *tensors;
    int64_t length;
} rows;

static int64_t rows_length(wick_dataset *d) { return ((rows *)wick_data_fields(d))->length; }

static wick_list *rows_item(wick_dataset *d, int64_t i)
{
    wick_list *tensors = ((rows *)wick_data_fields(d))->tensors;
    size_t bytes = (size_t)tensors->count * sizeof(wick_tensor *);
    wick_tensor **item = wk_alloc(bytes);
    if (!item)
        return NULL;
    wick_list *list = NULL;
    for (int64_t k = 0; k < tensors->count; k++)
        if (!(item[k] = wick_select(tensors->items[k], 0, i)))
            goto done;
    list = wick_list_n(item, tensors->count);
done:
    wk_free(item, bytes);
    return list;
}

/* Whether each row of t is in one piece, wherever the rows lie. */
static bool has_contiguous_rows(const wick_tensor *t)
{
    int64_t expected = 1;
    for (int dim = t->ndim - 1; dim > 0; dim--) {
        if (t->shape[dim] != 1 && t->strides[dim] != expected)
            return false;
        expected *= t->shape[dim];
    }
    return true;
}

/* t[indices] */
static wick_tensor *gather(wick_tensor *t, const int64_t *indices, int64_t count)
{
    if (!has_contiguous_rows(t) || (wick_is_grad_enabled() && wick_requires_grad(t)))
        return wick_index(t, wick_list_of(wick_from_n(indices, WICK_INT64, &count, 1)));
    int64_t shape[WICK_MAX_DIMS];
    memcpy(shape, t->shape, sizeof shape);
    shape[0] = count;
    wick_tensor *batch = wk_new(shape, t->ndim, t->dtype);
    if (!batch || batch->numel == 0)
        return wk_own(batch);
    size_t element = wick_dtype_size(t->dtype);
    size_t row = (size_t)(batch->numel / count) * element;
    size_t step = (size_t)t->strides[0] * element;
    const char *from = wk_data(t);
    char *to = wk_data(batch);
    for (int64_t i = 0; i < count; i++, to += row)
        memcpy(to, from + (size_t)indices[i] * step, row);
    return wk_own(batch);
}

static wick_list *rows_batch(wick_dataset *d, const int64_t *indices, int64_t count)
{
    wick_list *tensors = ((rows *)wick_data_fields(d))->tensors;
    size_t bytes = (size_t)tensors->count * sizeof(wick_tensor *);
    wick_tensor **batch = wk_alloc(bytes);
    if (!batch)
        return NULL;
    wick_list *list = NULL;
    for (int64_t k = 0; k < tensors->count; k++)
        if (!(batch[k] = gather(tensors->items[k], indices, count)))
            goto done;
    list = wick_list_n(batch, tensors->count);
done:
    wk_free(batch, bytes);
    return list;
}

static void rows_destroy(wick_dataset *d) { wk_unref(((rows *)wick_data_fields(d))->tensors); }

wick_dataset *wick_data_tensor_dataset_from(wick_list *tensors)
{
    WK_ENTER;
    const char *function = "wick_data_tensor_dataset";
    if (!WK_LIST(tensors, function, "tensors"))
        return NULL;
    if (tensors->count == 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: no tensors given; the rows of at least one are the samples",
                         function);
    for (int64_t k = 0; k < tensors->count; k++) {
        wick_tensor *t = tensors->items[k], *first = tensors->items[0];
        if (t->ndim == 0)
            return wick_fail(WICK_ERROR_SHAPE,
                             "%s: tensor %lld has 0 dimensions and so no rows; wick_unsqueeze(t, 0) has one", function,
                             (long long)k);
        if (t->shape[0] != first->shape[0])
            return wick_fail(
                WICK_ERROR_SHAPE,
                "%s: tensor 0 of shape %s has %lld rows and tensor %lld of shape %s has %lld; they must match",
                function, WK_SHAPE(first), (long long)first->shape[0], (long long)k, WK_SHAPE(t),
                (long long)t->shape[0]);
    }
    wick_dataset *d = wk_dataset_new(&(wick_dataset_options){
        .length = rows_length, .item = rows_item, .batch = rows_batch, .size = sizeof(rows), .destroy = rows_destroy});
    if (d)
        *(rows *)wick_data_fields(d) = (rows){wk_ref(tensors), tensors->items[0]->shape[0]};
    return d;
}
