/* loader.c - a dataset in batches.
 *
 * Random numbers are drawn as PyTorch's DataLoader draws them: a new iterator takes one 64-bit number (PyTorch's seed
 * for its worker processes, taken whether there are workers or not), and a random sampler takes its own when the first
 * batch is asked for. A pass has one array with its order, and each batch is made from a piece of it. */
#include "dataset.h"
#include "sampler.h"

struct wick_loader {
    wick_object base;
    wick_dataset *dataset;
    wick_sampler *sampler;
    int64_t batch_size;
    bool drop_last;
};

struct wick_iterator {
    wick_object base;
    wick_loader *loader;
    int64_t *order; /* (length), from the first batch to the last */
    int64_t length;
    int64_t position; /* in order, of the next batch; -1 before the first */
    wick_list *batch; /* the present one */
};

static void loader_destroy(wick_object *object)
{
    wick_loader *loader = (wick_loader *)object;
    wk_unref(loader->dataset);
    wk_unref(loader->sampler);
    wk_free(loader, sizeof *loader);
}

static const wk_class loader_class = {"loader", loader_destroy};

static void free_order(wick_iterator *it)
{
    if (it->order)
        wk_free(it->order, (size_t)it->length * sizeof(int64_t));
    it->order = NULL;
}

static void iterator_destroy(wick_object *object)
{
    wick_iterator *it = (wick_iterator *)object;
    free_order(it);
    wk_unref(it->loader);
    wk_unref(it->batch);
    wk_free(it, sizeof *it);
}

static const wk_class iterator_class = {"iterator", iterator_destroy};

wick_loader *wick_data_loader_opt(wick_dataset *dataset, wick_loader_options options)
{
    const char *function = "wick_data_loader";
    if (!wk_check_dataset(dataset, function, "dataset"))
        return NULL;
    if (options.batch_size <= 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .batch_size is %lld; it must be positive", function,
                         (long long)options.batch_size);
    if (options.sampler && !wk_check(options.sampler, &wk_sampler_class, function, ".sampler"))
        return NULL;
    if (options.sampler && options.shuffle)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .shuffle and .sampler both set the order; give one of them",
                         function);
    wick_loader *loader = wk_alloc_zero(sizeof *loader);
    if (!loader)
        return NULL;
    wk_object_init(&loader->base, &loader_class);
    loader->dataset = wk_ref(dataset);
    loader->batch_size = options.batch_size;
    loader->drop_last = options.drop_last;
    WICK_SCOPE; /* of the sampler, which the loader then holds */
    wick_sampler *sampler = options.sampler   ? options.sampler
                            : options.shuffle ? wick_data_random_sampler(dataset)
                                              : wick_data_sequential_sampler(dataset);
    if (!sampler) {
        wk_unref(loader);
        return NULL;
    }
    loader->sampler = wk_ref(sampler);
    return wick_out(wk_own(loader));
}

int64_t wick_data_batches(wick_loader *loader)
{
    if (!wk_check(loader, &loader_class, "wick_data_batches", "loader"))
        return -1;
    int64_t n = wk_sampler_length(loader->sampler);
    if (n < 0)
        return -1;
    return n / loader->batch_size + (!loader->drop_last && n % loader->batch_size != 0);
}

wick_dataset *wick_data_loader_dataset(wick_loader *loader)
{
    return wk_check(loader, &loader_class, "wick_data_loader_dataset", "loader") ? loader->dataset : NULL;
}

wick_iterator *wick_data_iterate(wick_loader *loader)
{
    if (!wk_check(loader, &loader_class, "wick_data_iterate", "loader"))
        return NULL;
    wick_iterator *it = wk_alloc_zero(sizeof *it);
    if (!it)
        return NULL;
    wk_object_init(&it->base, &iterator_class);
    it->loader = wk_ref(loader);
    it->position = -1;
    if (!wk_own(it))
        return NULL;
    wk_random64(NULL);
    return it;
}

/* Makes the order of the pass, with every index in [0, number of samples). */
static bool begin_pass(wick_iterator *it)
{
    const wick_sampler *sampler = it->loader->sampler;
    int64_t samples = wick_data_length(it->loader->dataset);
    int64_t length = wk_sampler_length(sampler);
    if (samples < 0 || length < 0)
        return false;
    size_t bytes;
    if (!wk_mul_size((size_t)length, sizeof(int64_t), &bytes)) {
        wick_fail(WICK_ERROR_MEMORY, "wick_data_next: an order of %lld samples does not fit in memory",
                  (long long)length);
        return false;
    }
    int64_t *order = wk_alloc(bytes);
    if (!order)
        return false;
    sampler->fill(sampler, order, length);
    for (int64_t i = 0; i < length; i++) {
        if (order[i] < -samples || order[i] >= samples) {
            wick_fail(WICK_ERROR_INDEX,
                      "wick_data_next: the sampler's index %lld, at position %lld, is out of range for a "
                      "dataset of %lld samples",
                      (long long)order[i], (long long)i, (long long)samples);
            wk_free(order, bytes);
            return false;
        }
        if (order[i] < 0)
            order[i] += samples;
    }
    it->order = order;
    it->length = length;
    it->position = 0;
    return true;
}

bool wick_data_next_n(wick_iterator *it, wick_tensor **const *tensors, int count)
{
    const char *function = "wick_data_next";
    if (!tensors || count < 1) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: no place for the tensors of the batch given", function);
        return false;
    }
    /* A tensor that is used after the last batch is then a NULL and not a freed one. */
    for (int k = 0; k < count; k++) {
        if (!tensors[k]) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: the place for tensor %d of the batch is NULL", function, k);
            return false;
        }
        *tensors[k] = NULL;
    }
    if (!wk_check(it, &iterator_class, function, "it"))
        return false;
    wk_unref(it->batch);
    it->batch = NULL;
    if (it->position < 0 && !begin_pass(it))
        return false;
    int64_t left = it->length - it->position, size = it->loader->batch_size;
    if (left < size) {
        if (left == 0 || it->loader->drop_last) {
            free_order(it);
            it->position = it->length;
            return false;
        }
        size = left;
    }
    WICK_SCOPE; /* of what making the batch leaves behind */
    wick_list *batch = wk_dataset_batch(it->loader->dataset, it->order + it->position, size, function);
    if (!batch)
        return false;
    if (batch->count != count) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: a batch of this dataset has %lld tensors, and %d were asked for", function,
                  (long long)batch->count, count);
        return false;
    }
    it->batch = wk_ref(batch);
    it->position += size;
    for (int k = 0; k < count; k++)
        *tensors[k] = batch->items[k];
    return true;
}
