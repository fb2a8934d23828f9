/* sampler.c - orders of samples: 0 .. n-1, a random permutation, given indices.
 *
 * A sampler writes the order of a whole pass into an array of the loader's. */
#include "sampler.h"

#include "dataset.h"

static void sampler_destroy(wick_object *object)
{
    wick_sampler *s = (wick_sampler *)object;
    wk_unref(s->dataset);
    wk_unref(s->indices);
    wk_free(s, sizeof *s);
}

const wk_class wk_sampler_class = {"sampler", sampler_destroy};

static wick_sampler *make(wick_dataset *dataset, wick_tensor *indices,
                          void (*fill)(const wick_sampler *, int64_t *, int64_t))
{
    wick_sampler *s = wk_alloc_zero(sizeof *s);
    if (!s)
        return NULL;
    wk_object_init(&s->base, &wk_sampler_class);
    s->dataset = wk_ref(dataset);
    s->indices = wk_ref(indices);
    s->fill = fill;
    return wk_own(s);
}

int64_t wk_sampler_length(const wick_sampler *s)
{
    return s->indices ? s->indices->shape[0] : wick_data_length(s->dataset);
}

static void fill_sequential(const wick_sampler *s, int64_t *order, int64_t n)
{
    (void)s;
    for (int64_t i = 0; i < n; i++)
        order[i] = i;
}

wick_sampler *wick_data_sequential_sampler(wick_dataset *d)
{
    if (!wk_check_dataset(d, "wick_data_sequential_sampler", "d"))
        return NULL;
    return make(d, NULL, fill_sequential);
}

/* PyTorch's RandomSampler: a 63-bit number of the default generator seeds a generator of this pass's own. */
static void fill_random(const wick_sampler *s, int64_t *order, int64_t n)
{
    (void)s;
    wk_randperm_seeded(order, n, wk_random64(NULL) & INT64_MAX);
}

wick_sampler *wick_data_random_sampler(wick_dataset *d)
{
    if (!wk_check_dataset(d, "wick_data_random_sampler", "d"))
        return NULL;
    int64_t n = wick_data_length(d);
    if (n < 0)
        return NULL;
    if (n == 0)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_data_random_sampler: the dataset is empty; a random order needs at least one sample");
    return make(d, NULL, fill_random);
}

static void fill_indices(const wick_sampler *s, int64_t *order, int64_t n)
{
    const int64_t *from = wk_data(s->indices);
    for (int64_t i = 0; i < n; i++)
        order[i] = from[i * s->indices->strides[0]];
}

/* PyTorch's SubsetRandomSampler: a permutation from the default generator itself picks the indices. */
static void fill_subset(const wick_sampler *s, int64_t *order, int64_t n)
{
    wk_randperm_fill(order, n, NULL);
    const int64_t *from = wk_data(s->indices);
    for (int64_t i = 0; i < n; i++)
        order[i] = from[order[i] * s->indices->strides[0]];
}

static wick_sampler *of_indices(const char *function, wick_tensor *indices,
                                void (*fill)(const wick_sampler *, int64_t *, int64_t))
{
    if (!WK_TENSOR(indices, function, "indices"))
        return NULL;
    if (indices->dtype != WICK_INT64)
        return wick_fail(WICK_ERROR_DTYPE, "%s: indices are %s; they must be int64: wick_to(indices, WICK_INT64)",
                         function, wick_dtype_name((wick_dtype)indices->dtype));
    if (indices->ndim != 1)
        return wick_fail(WICK_ERROR_SHAPE, "%s: indices have shape %s; they must have one dimension", function,
                         WK_SHAPE(indices));
    return make(NULL, indices, fill);
}

wick_sampler *wick_data_index_sampler(wick_tensor *indices)
{
    return of_indices("wick_data_index_sampler", indices, fill_indices);
}

wick_sampler *wick_data_subset_random_sampler(wick_tensor *indices)
{
    return of_indices("wick_data_subset_random_sampler", indices, fill_subset);
}
