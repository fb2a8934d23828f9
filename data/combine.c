/* combine.c - datasets made of others: subsets, several in a row, several side by side, and random splits. */
#include <math.h>
#include <string.h>

#include "../tensor/generator.h"
#include "fetch.h"

/* ---- Subset ------------------------------------------------------------------------------------------------------ */

bool wk_check_indices(const char *function, wick_tensor *indices)
{
    if (!WK_TENSOR(indices, function, "indices"))
        return false;
    if (indices->dtype != WICK_INT64)
        wick_fail(WICK_ERROR_DTYPE, "%s: indices are %s; they must be int64: wick_to(indices, WICK_INT64)", function,
                  wick_dtype_name(indices->dtype));
    else if (indices->ndim != 1)
        wick_fail(WICK_ERROR_SHAPE, "%s: indices have shape %s; they must have one dimension", function,
                  WK_SHAPE(indices));
    else
        return true;
    return false;
}

bool wk_wrap_indices(const char *function, const char *whose, int64_t *indices, int64_t count, int64_t length)
{
    for (int64_t i = 0; i < count; i++) {
        if (indices[i] < -length || indices[i] >= length) {
            wick_fail(WICK_ERROR_INDEX, "%s: the %s index %lld is out of range for a dataset of %lld samples", function,
                      whose, (long long)indices[i], (long long)length);
            return false;
        }
        if (indices[i] < 0)
            indices[i] += length;
    }
    return true;
}

typedef struct {
    wick_dataset *all;
    wick_tensor *indices;
} subset;

static int64_t subset_length(wick_dataset *d) { return ((subset *)wick_data_fields(d))->indices->shape[0]; }

static void subset_destroy(wick_dataset *d)
{
    subset *self = wick_data_fields(d);
    wk_unref(self->all);
    wk_unref(self->indices);
}

static int64_t subset_index(const subset *self, int64_t i)
{
    return ((const int64_t *)wk_data(self->indices))[i * self->indices->strides[0]];
}

static wick_list *subset_item(wick_dataset *d, int64_t i)
{
    const subset *self = wick_data_fields(d);
    int64_t index = subset_index(self, i), length = wick_data_count(self->all);
    if (length < 0 || !wk_wrap_indices("wick_data_subset", "subset's", &index, 1, length))
        return NULL;
    return wk_dataset_item(self->all, index, "wick_data_subset");
}

static wick_list *subset_batch(wick_dataset *d, const int64_t *indices, int64_t count)
{
    const subset *self = wick_data_fields(d);
    int64_t length = wick_data_count(self->all);
    size_t bytes = wk_bytes(count, sizeof(int64_t));
    int64_t *inner = length < 0 ? NULL : wk_alloc(bytes);
    if (!inner)
        return NULL;
    for (int64_t i = 0; i < count; i++)
        inner[i] = subset_index(self, indices[i]);
    wick_list *batch = wk_wrap_indices("wick_data_subset", "subset's", inner, count, length)
                           ? wk_dataset_batch(self->all, inner, count, "wick_data_subset")
                           : NULL;
    wk_free(inner, bytes);
    return batch;
}

wick_dataset *wick_data_subset(wick_dataset *d, wick_tensor *indices)
{
    WK_ENTER;
    if (!wk_check_dataset(d, "wick_data_subset", "d") || !wk_check_indices("wick_data_subset", indices))
        return NULL;
    wick_dataset *part = wk_dataset_new(&(wick_dataset_options){.length = subset_length,
                                                                .item = subset_item,
                                                                .batch = subset_batch,
                                                                .size = sizeof(subset),
                                                                .destroy = subset_destroy});
    if (part)
        *(subset *)wick_data_fields(part) = (subset){wk_ref(d), wk_ref(indices)};
    return part;
}

/* ---- Random splits ----------------------------------------------------------------------------------------------- */

/* Rounded once, as Python's sum of floats is from 3.12 on (Neumaier 1974): 0.7 + 0.2 + 0.1 is 1. */
static double sum_of(const wick_split *parts, int count)
{
    double sum = 0, lost = 0;
    for (int i = 0; i < count; i++) {
        double x = parts[i].length, t = sum + x;
        lost += fabs(sum) >= fabs(x) ? (sum - t) + x : (x - t) + sum;
        sum = t;
    }
    return sum + lost;
}

/* The lengths in samples; false with an error if they do not add up to n. */
static bool split_lengths(const char *function, const wick_split *parts, int count, int64_t n, int64_t *lengths)
{
    double sum = sum_of(parts, count);
    bool fractions = sum <= 1 && 1 - sum <= 1e-9;
    int64_t total = 0;
    for (int i = 0; i < count; i++) {
        double x = parts[i].length;
        if (fractions && !(x >= 0 && x <= 1)) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: part %d is the fraction %s of the dataset; it must be in [0, 1]",
                      function, i, WK_REAL(x));
            return false;
        }
        if (!fractions && !(x >= 0 && x <= 0x1p53 && x == floor(x))) {
            wick_fail(WICK_ERROR_ARGUMENT,
                      "%s: part %d has length %s; give whole numbers of samples that add up to the %lld of the "
                      "dataset, or fractions that add up to 1 (these add up to %s)",
                      function, i, WK_REAL(x), (long long)n, WK_REAL(sum));
            return false;
        }
        lengths[i] = (int64_t)(fractions ? floor((double)n * x) : x);
        if (total <= INT64_MAX - lengths[i])
            total += lengths[i];
    }
    for (int i = 0; fractions && total < n; i = (i + 1) % count, total++)
        lengths[i]++;
    for (int i = 0; fractions && total == n && i < count; i++)
        if (lengths[i] == 0 &&
            !wick_warn("%s: Length of split at index %d is 0. This might result in an empty dataset.", function, i))
            return false;
    if (total == n)
        return true;
    wick_fail(WICK_ERROR_ARGUMENT,
              "%s: the lengths add up to %lld, and the dataset has %lld samples; they must be equal, or fractions that "
              "add up to 1",
              function, (long long)total, (long long)n);
    return false;
}

bool wick_data_random_split_opt(wick_dataset *d, const wick_split *parts, int count, const wick_random_options *given)
{
    WK_ENTER;
    wick_random_options options = WK_OPTIONS(wick_random_options, 0, given);
    const char *function = "wick_data_random_split";
    for (int i = 0; parts && i < count; i++) {
        if (!parts[i].into) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: the place for part %d is NULL", function, i);
            return false;
        }
        *parts[i].into = NULL;
    }
    if (!parts || count < 1) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: no parts given", function);
        return false;
    }
    if (!wk_check_dataset(d, function, "d") || !wk_check_generator(function, options.generator))
        return false;
    int64_t n = wick_data_count(d);
    size_t bytes = wk_bytes(count, sizeof(int64_t));
    int64_t *lengths = n < 0 ? NULL : wk_alloc(bytes);
    if (!lengths)
        return false;
    wick_tensor *order = NULL;
    if (split_lengths(function, parts, count, n, lengths))
        order = wick_randperm_opt(n, &options);
    int made = 0;
    int64_t from = 0;
    for (; order && made < count; from += lengths[made++])
        if (!(*parts[made].into = wick_data_subset(d, wick_narrow(order, 0, from, lengths[made]))))
            break;
    wk_free(lengths, bytes);
    for (int i = 0; made < count && i < count; i++)
        *parts[i].into = NULL;
    return made == count;
}

/* ---- Several datasets -------------------------------------------------------------------------------------------- */

typedef struct {
    wick_dataset **datasets;
    int64_t *ends; /* of a row of datasets: where each one's samples end */
    int count;
    int64_t length;
} several;

static int64_t several_length(wick_dataset *d) { return ((several *)wick_data_fields(d))->length; }

static void several_destroy(wick_dataset *d)
{
    several *self = wick_data_fields(d);
    for (int i = 0; self->datasets && i < self->count; i++)
        wk_unref(self->datasets[i]);
    wk_free(self->datasets, (size_t)self->count * sizeof *self->datasets);
    wk_free(self->ends, (size_t)self->count * sizeof *self->ends);
}

/* Holds the datasets in a new one; *ends are where they would end in a row, length is of the row. */
static wick_dataset *several_new(const char *function, wick_dataset *const *datasets, int count,
                                 wick_dataset_options options)
{
    if (!datasets || count < 1)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: no datasets given; at least one is needed", function);
    for (int i = 0; i < count; i++)
        if (!wk_check_dataset(datasets[i], function, "datasets"))
            return NULL;
    options.length = several_length;
    options.size = sizeof(several);
    options.destroy = several_destroy;
    WICK_SCOPE;
    wick_dataset *d = wk_dataset_new(&options);
    if (!d)
        return NULL;
    several *self = wick_data_fields(d);
    self->count = count;
    self->datasets = wk_alloc_zero((size_t)count * sizeof *self->datasets);
    self->ends = wk_alloc((size_t)count * sizeof *self->ends);
    if (!self->datasets || !self->ends)
        return NULL;
    for (int i = 0; i < count; i++) {
        int64_t length = wick_data_count(datasets[i]);
        if (length < 0)
            return NULL;
        if (length > INT64_MAX - self->length)
            return wick_fail(WICK_ERROR_ARGUMENT, "%s: the datasets have more samples than can be counted", function);
        self->datasets[i] = wk_ref(datasets[i]);
        self->ends[i] = self->length += length;
    }
    return wick_out(d);
}

/* The dataset that sample i lies in; *i becomes its index there. */
static wick_dataset *find(const several *self, int64_t *i)
{
    int low = 0, high = self->count - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (*i < self->ends[middle])
            high = middle;
        else
            low = middle + 1;
    }
    *i -= low ? self->ends[low - 1] : 0;
    return self->datasets[low];
}

static wick_list *concat_item(wick_dataset *d, int64_t i)
{
    wick_dataset *part = find(wick_data_fields(d), &i);
    return wk_dataset_item(part, i, "wick_data_concat_dataset");
}

/* The samples of each dataset make a batch of its own; where there are several, their rows are put in order. */
static wick_list *concat_batch(wick_dataset *d, const int64_t *indices, int64_t count)
{
    const char *function = "wick_data_concat_dataset";
    WK_ENTER_AS(function);
    const several *self = wick_data_fields(d);
    WICK_SCOPE;
    size_t bytes = wk_bytes(count, sizeof(int64_t)), list_bytes = (size_t)self->count * sizeof(wick_list *);
    wick_tensor *row = wk_own(wk_new(&count, 1, WICK_INT64)); /* of the joined batches: of sample i */
    int64_t *inner = wk_alloc(bytes);
    wick_list **batches = wk_alloc_zero(list_bytes), *batch = NULL;
    int64_t done = 0;
    int used = 0;
    for (int k = 0; row && inner && batches && k < self->count; k++) {
        int64_t own = 0;
        for (int64_t i = 0; i < count; i++) {
            int64_t index = indices[i], first = k ? self->ends[k - 1] : 0;
            if (index < first || index >= self->ends[k])
                continue;
            ((int64_t *)wk_data(row))[i] = done++;
            inner[own++] = index - first;
        }
        if (own == 0)
            continue;
        wick_list *made = batches[used] = wk_dataset_batch(self->datasets[k], inner, own, function);
        if (!made)
            goto out;
        if (made->count != batches[0]->count) {
            wick_fail(WICK_ERROR_SHAPE, "%s: the samples of dataset %d have %lld tensors, and others %lld", function, k,
                      (long long)made->count, (long long)batches[0]->count);
            goto out;
        }
        used++;
    }
    if (used == 1) {
        batch = batches[0];
    } else if (used > 1) {
        int64_t width = batches[0]->count;
        size_t width_bytes = wk_bytes(width, sizeof(wick_tensor *)), used_bytes = (size_t)used * sizeof(wick_tensor *);
        wick_tensor **columns = wk_alloc(width_bytes), **pieces = wk_alloc(used_bytes);
        int64_t k = 0;
        for (; columns && pieces && k < width; k++) {
            for (int i = 0; i < used; i++)
                pieces[i] = batches[i]->items[k];
            if (!(columns[k] = wick_index(wick_cat(wick_list_n(pieces, used), 0), wick_list_of(row))))
                break;
        }
        if (columns && pieces && k == width)
            batch = wick_list_n(columns, width);
        wk_free(columns, width_bytes);
        wk_free(pieces, used_bytes);
    }
out:
    wk_free(inner, bytes);
    wk_free(batches, list_bytes);
    return wick_out(batch);
}

wick_dataset *wick_data_concat_dataset_n(wick_dataset *const *datasets, int count)
{
    WK_ENTER;
    return several_new("wick_data_concat_dataset", datasets, count,
                       (wick_dataset_options){.item = concat_item, .batch = concat_batch});
}

/* One list of what each dataset gives for these indices, or, with batch false, for this index. */
static wick_list *side_by_side(wick_dataset *d, const int64_t *indices, int64_t count, bool batch)
{
    const char *function = "wick_data_stack_dataset";
    const several *self = wick_data_fields(d);
    WICK_SCOPE;
    wick_list *all = wick_list_n(NULL, 0);
    for (int k = 0; all && k < self->count; k++) {
        wick_dataset *one = self->datasets[k];
        wick_list *made =
            batch ? wk_dataset_batch(one, indices, count, function) : wk_dataset_item(one, *indices, function);
        if (!made)
            return NULL;
        size_t bytes = (size_t)(all->count + made->count) * sizeof(wick_tensor *);
        wick_tensor **items = wk_alloc(bytes);
        if (!items)
            return NULL;
        if (all->count)
            memcpy(items, all->items, (size_t)all->count * sizeof *items);
        if (made->count)
            memcpy(items + all->count, made->items, (size_t)made->count * sizeof *items);
        all = wick_list_n(items, all->count + made->count);
        wk_free(items, bytes);
    }
    return wick_out(all);
}

static wick_list *stack_item(wick_dataset *d, int64_t i) { return side_by_side(d, &i, 1, false); }

static wick_list *stack_batch(wick_dataset *d, const int64_t *indices, int64_t count)
{
    return side_by_side(d, indices, count, true);
}

wick_dataset *wick_data_stack_dataset_n(wick_dataset *const *datasets, int count)
{
    WK_ENTER;
    const char *function = "wick_data_stack_dataset";
    WICK_SCOPE;
    wick_dataset *d =
        several_new(function, datasets, count, (wick_dataset_options){.item = stack_item, .batch = stack_batch});
    if (!d)
        return NULL;
    several *self = wick_data_fields(d);
    self->length = self->ends[0];
    for (int k = 1; k < count; k++)
        if (self->ends[k] - self->ends[k - 1] != self->length)
            return wick_fail(WICK_ERROR_ARGUMENT,
                             "%s: dataset 0 has %lld samples and dataset %d has %lld; they must match", function,
                             (long long)self->length, k, (long long)(self->ends[k] - self->ends[k - 1]));
    return wick_out(d);
}
