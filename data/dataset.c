/* dataset.c - datasets: a length, and samples by their index.
 *
 * Every dataset is one of these structs, the library's own ones too: functions that a constructor gives, and fields
 * behind the struct. What a dataset does not say follows from what it says: a batch is its items, stacked, and an item
 * is the only row of a batch of one. */
#include "../tensor/thread.h"
#include "fetch.h"

struct wick_dataset {
    wick_object base;
    wick_dataset_options options;
    void *fields; /* behind this struct, aligned to 64; NULL if there are none */
    bool users;   /* the functions are a user's */
};

enum { FIELDS_AT = (sizeof(wick_dataset) + 63) / 64 * 64 };

static void dataset_destroy(wick_object *object);

static const wk_class dataset_class = {"dataset", dataset_destroy};

static void dataset_destroy(wick_object *object)
{
    wick_dataset *d = (wick_dataset *)object;
    void (*destroy)(wick_dataset *) = d->options.destroy;
    if (destroy) {
        d->options.destroy = NULL; /* it is called once */
        wk_revive(object, &dataset_class);
        {
            WK_CODE_OF(d->users);
            destroy(d);
        }
        if (wk_lives_on(object))
            return;
    }
    wk_free(d, FIELDS_AT + d->options.size);
}

wick_dataset *wk_dataset_new(const wick_dataset_options *options)
{
    wick_dataset *d = wk_alloc_zero(FIELDS_AT + options->size);
    if (!d)
        return NULL;
    wk_object_init(&d->base, &dataset_class);
    d->options = *options;
    d->fields = options->size ? (char *)d + FIELDS_AT : NULL;
    return wk_own(d);
}

wick_dataset *wick_data_dataset_opt(const wick_dataset_options *given)
{
    WK_ENTER;
    wick_dataset_options options = WK_OPTIONS(wick_dataset_options, 0, given);
    if (!options.length)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_data_dataset: .length is missing: the number of samples");
    if (!options.item && !options.batch)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_data_dataset: neither .item nor .batch is given; one of them must make the samples");
    if (options.size > SIZE_MAX / 2)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_data_dataset: .size is %zu bytes, more than can be addressed",
                         options.size);
    wick_dataset *d = wk_dataset_new(&options);
    if (d)
        d->users = true;
    return d;
}

bool wk_check_dataset(const void *object, const char *function, const char *name)
{
    return wk_check(object, &dataset_class, function, name);
}

void *wick_data_fields(const wick_dataset *d)
{
    WK_ENTER;
    return wk_check_dataset(d, "wick_data_fields", "d") ? d->fields : NULL;
}

static int64_t length_of(wick_dataset *d)
{
    WK_CODE_OF(d->users);
    return d->options.length(d);
}

static wick_list *item_of(wick_dataset *d, int64_t i)
{
    WK_CODE_OF(d->users);
    return d->options.item(d, i);
}

static wick_list *batch_of(wick_dataset *d, const int64_t *indices, int64_t count)
{
    WK_CODE_OF(d->users);
    return d->options.batch(d, indices, count);
}

long long wick_data_count(wick_dataset *d)
{
    WK_ENTER;
    if (!wk_check_dataset(d, "wick_data_count", "d") || !wk_stack_left("wick_data_count"))
        return -1;
    WK_HOLD(d);
    int64_t length = length_of(d);
    if (length >= 0)
        return length;
    wick_fail(WICK_ERROR_ARGUMENT, "wick_data_count: the dataset's length function returned %lld", (long long)length);
    return -1;
}

/* What a dataset's function made. A NULL must not pass for the end of the data, so it always leaves an error. */
static wick_list *checked(wick_list *list, const char *function, const char *maker)
{
    if (!list && wick_error_kind() == WICK_OK)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the dataset's %s function returned NULL", function, maker);
    return list;
}

wick_list *wk_dataset_item(wick_dataset *d, int64_t i, const char *function)
{
    if (!wk_stack_left(function))
        return NULL;
    WK_HOLD(d);
    if (d->options.item)
        return checked(item_of(d, i), function, "item");
    wick_list *batch = checked(batch_of(d, &i, 1), function, "batch");
    if (!batch)
        return NULL;
    size_t bytes = (size_t)batch->count * sizeof(wick_tensor *);
    wick_tensor **rows = wk_alloc(bytes);
    if (!rows)
        return NULL;
    wick_list *item = NULL;
    for (int64_t k = 0; k < batch->count; k++)
        if (!(rows[k] = wick_select(batch->items[k], 0, 0)))
            goto done;
    item = wick_list_n(rows, batch->count);
done:
    wk_free(rows, bytes);
    return item;
}

wick_list *wick_data_item(wick_dataset *d, int64_t i)
{
    WK_ENTER;
    if (!wk_check_dataset(d, "wick_data_item", "d"))
        return NULL;
    WK_HOLD(d);
    int64_t length = wick_data_count(d);
    if (length < 0)
        return NULL;
    if (i < -length || i >= length)
        return wick_fail(WICK_ERROR_INDEX, "wick_data_item: index %lld is out of range for a dataset of %lld samples",
                         (long long)i, (long long)length);
    return wk_dataset_item(d, i < 0 ? i + length : i, "wick_data_item");
}

/* The k-th tensors of the samples as one: [(a, b), (c, d)] -> (stack(a, c), stack(b, d)). */
static wick_list *stack_items(wick_dataset *d, const int64_t *indices, int64_t count, const char *function)
{
    wick_list *batch = NULL;
    size_t bytes = wk_bytes(count, sizeof(void *));
    wick_list **samples = wk_alloc(bytes);
    wick_tensor **column = wk_alloc(bytes);
    if (!samples || !column)
        goto done;
    for (int64_t i = 0; i < count; i++) {
        if (!(samples[i] = wk_dataset_item(d, indices[i], function)))
            goto done;
        if (samples[i]->count != samples[0]->count) {
            wick_fail(
                WICK_ERROR_SHAPE,
                "%s: sample %lld has %lld tensors and sample %lld has %lld; a batch needs the same number for each",
                function, (long long)indices[0], (long long)samples[0]->count, (long long)indices[i],
                (long long)samples[i]->count);
            goto done;
        }
    }
    int64_t width = samples[0]->count;
    wick_tensor **stacked = wk_alloc(wk_bytes(width, sizeof(void *)));
    if (!stacked)
        goto done;
    int64_t k = 0;
    for (; k < width; k++) {
        for (int64_t i = 0; i < count; i++)
            column[i] = samples[i]->items[k];
        if (!(stacked[k] = wick_stack(wick_list_n(column, count), 0)))
            break;
    }
    if (k == width)
        batch = wick_list_n(stacked, width);
    wk_free(stacked, wk_bytes(width, sizeof(void *)));
done:
    wk_free(column, column ? bytes : 0);
    wk_free(samples, samples ? bytes : 0);
    return batch;
}

wick_list *wk_dataset_batch(wick_dataset *d, const int64_t *indices, int64_t count, const char *function)
{
    if (!wk_stack_left(function))
        return NULL;
    WK_HOLD(d);
    if (d->options.batch)
        return checked(batch_of(d, indices, count), function, "batch");
    return stack_items(d, indices, count, function);
}
