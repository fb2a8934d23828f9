/* loader.c - a dataset in batches.
 *
 * Random numbers are drawn as PyTorch's DataLoader draws them: a new pass takes one 64-bit number, the base seed of its
 * workers, whether there are any or not; indices are drawn when they are needed, by the thread that asks for batches.
 * Without workers, that is when a batch is asked for; with them, one batch is begun for each that is taken, and so many
 * as may be made ahead when the pass begins. */
#include "../tensor/generator.h"
#include "../tensor/parallel.h"
#include "../tensor/thread.h"
#include "fetch.h"

struct wick_loader {
    wick_object base;
    wk_fetch fetch;
    wick_sampler *batches;
    wick_generator *generator;
    void (*worker_init_fn)(int);
    int num_workers, prefetch_factor;
    wk_workers *workers;    /* that persist; NULL before the first pass */
    wick_iterator *current; /* the pass that they work for; not held */
    bool persistent;
};

struct wick_iterator {
    wick_object base;
    wick_loader *loader;
    wk_pass pass;
    wk_workers *workers; /* NULL: there are none, or no more */
    wick_list *batch;    /* the present one */
    wick_list *ahead;    /* made already, for the next call */
    bool replaced;       /* its workers work for another pass */
};

/* ---- Loaders ----------------------------------------------------------------------------------------------------- */

static void loader_destroy(wick_object *object)
{
    wick_loader *loader = (wick_loader *)object;
    wk_workers_stop(loader->workers);
    wk_unref(loader->fetch.dataset);
    wk_unref(loader->batches);
    wk_unref(loader->generator);
    wk_free(loader, sizeof *loader);
}

static const wk_class loader_class = {"loader", loader_destroy};

/* Whether the options go together; an error as PyTorch has it if not. */
static bool check_options(const char *function, const wick_loader_options *o)
{
    if (o->num_workers < 0)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .num_workers is %d; it must be 0 or more", function, o->num_workers);
    else if (o->prefetch_factor != INT32_MIN && o->num_workers == 0)
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: .prefetch_factor is given, and there are no workers; set .num_workers, or leave it out",
                  function);
    else if (o->prefetch_factor != INT32_MIN && o->prefetch_factor < 1)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .prefetch_factor is %d; it must be 1 or more", function,
                  o->prefetch_factor);
    else if (o->persistent_workers && o->num_workers == 0)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .persistent_workers needs .num_workers above 0", function);
    else if (o->sampler && o->shuffle)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .shuffle and .sampler both set the order; give one of them", function);
    else if (o->batch_sampler && (o->batch_size != 1 || o->shuffle || o->sampler || o->drop_last))
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: .batch_sampler makes the batches; it does not go with .batch_size, .shuffle, .sampler and "
                  ".drop_last",
                  function);
    else if (o->batch_size <= 0)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .batch_size is %lld; it must be positive", function,
                  (long long)o->batch_size);
    else
        return (!o->sampler || wk_check_sampler(function, o->sampler, ".sampler", false)) &&
               (!o->batch_sampler || wk_check_sampler(function, o->batch_sampler, ".batch_sampler", true)) &&
               wk_check_generator(function, o->generator);
    return false;
}

wick_loader *wick_data_loader_opt(wick_dataset *dataset, const wick_loader_options *given)
{
    WK_ENTER;
    wick_loader_options o = WK_OPTIONS(wick_loader_options, WICK_LOADER_DEFAULTS, given);
    const char *function = "wick_data_loader";
    if (!wk_check_dataset(dataset, function, "dataset") || !check_options(function, &o))
        return NULL;
    const int most = o.num_workers > 1 ? wk_processors() : 1;
    if (o.num_workers > most &&
        !wick_warn(
            "%s: This loader will create %d worker threads in total. Our suggested max number of worker in current "
            "system is %d, which is smaller than what this loader is going to create. Please be aware that excessive "
            "worker creation might get it running slow, lower the worker number to avoid potential slowness if "
            "necessary.",
            function, o.num_workers, most))
        return NULL;
    WICK_SCOPE; /* of the samplers, which the loader then holds */
    wick_sampler *batches = o.batch_sampler;
    if (!batches) {
        wick_sampler *order = o.sampler   ? o.sampler
                              : o.shuffle ? wick_data_random_sampler(dataset, .generator = o.generator)
                                          : wick_data_sequential_sampler(dataset);
        batches = order ? wick_data_batch_sampler(order, o.batch_size, o.drop_last) : NULL;
    }
    wick_loader *loader = batches ? wk_alloc_zero(sizeof *loader) : NULL;
    if (!loader)
        return NULL;
    wk_object_init(&loader->base, &loader_class);
    loader->fetch = (wk_fetch){wk_ref(dataset), o.collate_fn};
    loader->batches = wk_ref(batches);
    loader->generator = wk_ref(o.generator);
    loader->worker_init_fn = o.worker_init_fn;
    loader->num_workers = o.num_workers;
    loader->prefetch_factor = o.prefetch_factor == INT32_MIN ? 2 : o.prefetch_factor;
    loader->persistent = o.persistent_workers;
    return wick_out(wk_own(loader));
}

long long wick_data_batches(wick_loader *loader)
{
    WK_ENTER;
    if (!wk_check(loader, &loader_class, "wick_data_batches", "loader"))
        return -1;
    WK_HOLD(loader);
    return wick_data_sampler_count(loader->batches);
}

wick_dataset *wick_data_loader_dataset(wick_loader *loader)
{
    WK_ENTER;
    return wk_check(loader, &loader_class, "wick_data_loader_dataset", "loader") ? loader->fetch.dataset : NULL;
}

/* ---- Batches ----------------------------------------------------------------------------------------------------- */

static wick_list *users_batch(const wk_fetch *fetch, wick_list *const *samples, int64_t count)
{
    WK_USERS_CODE;
    return fetch->collate_fn(samples, count);
}

static wick_list *collate(const wk_fetch *fetch, const int64_t *indices, int64_t count, const char *function)
{
    size_t bytes = wk_bytes(count, sizeof(wick_list *));
    wick_list **samples = wk_alloc(bytes), *batch = NULL;
    int64_t i = 0;
    while (samples && i < count && (samples[i] = wk_dataset_item(fetch->dataset, indices[i], function)) != NULL)
        i++;
    if (samples && i == count && !(batch = users_batch(fetch, samples, count)) && wick_error_kind() == WICK_OK)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .collate_fn returned NULL", function);
    wk_free(samples, bytes);
    return batch;
}

wick_list *wk_fetch_batch(const wk_fetch *fetch, wick_tensor *indices, const char *function)
{
    WICK_SCOPE; /* of what making the batch leaves behind */
    int64_t *index = wk_data(indices), count = indices->shape[0], samples = wick_data_count(fetch->dataset);
    if (samples < 0 || !wk_wrap_indices(function, "sampler's", index, count, samples))
        return NULL;
    return wk_ref(fetch->collate_fn ? collate(fetch, index, count, function)
                                    : wk_dataset_batch(fetch->dataset, index, count, function));
}

/* ---- Passes ------------------------------------------------------------------------------------------------------ */

/* The workers no longer work for this pass. */
static void leave_workers(wick_iterator *it)
{
    wick_loader *loader = it->loader;
    if (!it->workers)
        return;
    if (!loader->persistent) {
        wk_workers_stop(it->workers);
    } else {
        wk_workers_clear(it->workers);
        loader->current = NULL;
    }
    it->workers = NULL;
}

static void drop_batch(wick_iterator *it)
{
    if (it->batch && it->workers)
        wk_workers_give_back(it->workers, it->batch);
    else
        wk_unref(it->batch);
    it->batch = NULL;
}

static void iterator_destroy(wick_object *object)
{
    wick_iterator *it = (wick_iterator *)object;
    drop_batch(it);
    wk_unref(it->ahead);
    leave_workers(it);
    wk_pass_end(&it->pass);
    wk_unref(it->loader);
    wk_free(it, sizeof *it);
}

static const wk_class iterator_class = {"iterator", iterator_destroy};

/* Has the workers begin one batch more, if there is one; false with an error. */
static bool begin_batch(wick_iterator *it, const char *function)
{
    unsigned failures = wk_this_thread.failures;
    wick_tensor *indices = wk_pass_batch(&it->pass, function);
    if (indices)
        wk_workers_put(it->workers, indices);
    return wk_this_thread.failures == failures;
}

/* Another pass takes the workers that persist. */
static void replace_current(wick_loader *loader)
{
    if (!loader->current)
        return;
    loader->current->replaced = true;
    leave_workers(loader->current);
}

/* Starts the workers of a pass, or takes those that persist, and begins as many batches as may be made ahead. */
static bool begin_workers(wick_iterator *it, uint64_t base_seed, const char *function)
{
    wick_loader *loader = it->loader;
    int64_t ahead = (int64_t)loader->num_workers * loader->prefetch_factor;
    replace_current(loader);
    it->workers = loader->workers
                      ? loader->workers
                      : wk_workers_start(&loader->fetch, loader->num_workers, ahead, base_seed, loader->worker_init_fn);
    if (!it->workers)
        return false;
    if (loader->persistent) {
        loader->workers = it->workers;
        loader->current = it;
    }
    for (int64_t i = 0; i < ahead && !it->pass.over; i++)
        if (!begin_batch(it, function))
            return false;
    return true;
}

wick_iterator *wick_data_iterate(wick_loader *loader)
{
    WK_ENTER;
    const char *function = "wick_data_iterate";
    if (!wk_check(loader, &loader_class, function, "loader"))
        return NULL;
    WK_HOLD(loader);
    WICK_SCOPE;
    wick_iterator *it = wk_alloc_zero(sizeof *it);
    if (!it)
        return NULL;
    wk_object_init(&it->base, &iterator_class);
    it->loader = wk_ref(loader);
    it->pass.sampler = loader->batches;
    if (!wk_own(it))
        return NULL;
    if (loader->workers && wk_workers_missing(loader->workers)) { /* the first pass in a child of fork() */
        replace_current(loader);
        wk_workers_stop(loader->workers);
        loader->workers = NULL;
    }
    /* Workers that persist keep their generators from pass to pass, and need no seed again. */
    uint64_t base_seed = loader->workers ? 0 : wk_random64(loader->generator) & INT64_MAX;
    if (loader->num_workers > 0 && !begin_workers(it, base_seed, function))
        return NULL;
    return wick_out(it);
}

/* A program may end the scope that owns the iterator before it leaves the loop. */
void wick_data_end_pass_(wick_iterator **place)
{
    wick_iterator *it = *place;
    if (!it || !wk_owns(it) || it->base.cls != &iterator_class)
        return;
    leave_workers(it); /* the batch stays: what the loop found may be used behind it */
}

/* The next batch; one reference. NULL at the end, and with an error. */
static wick_list *next_batch(wick_iterator *it, const char *function)
{
    if (it->workers) {
        if (!wk_workers_pending(it->workers)) {
            leave_workers(it);
            return NULL;
        }
        wick_list *batch = wk_workers_take(it->workers);
        if (!batch && wk_workers_missing(it->workers))
            return NULL; /* and nobody makes another */
        if (!it->pass.over && !begin_batch(it, function)) {
            wk_unref(batch);
            return NULL;
        }
        return batch;
    }
    WICK_SCOPE;
    wick_tensor *indices = wk_own(wk_pass_batch(&it->pass, function));
    return indices ? wk_fetch_batch(&it->loader->fetch, indices, function) : NULL;
}

bool wick_data_next_n(wick_iterator *it, wick_tensor **const *tensors, int count)
{
    WK_ENTER;
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
    WK_HOLD(it);
    if (it->replaced) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: a later pass over the loader has taken its persistent workers", function);
        return false;
    }
    drop_batch(it);
    wick_list *batch = it->ahead ? it->ahead : next_batch(it, function);
    it->ahead = NULL;
    if (!batch)
        return false;
    if (batch->count != count) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: a batch of this dataset has %lld tensors, and %d were asked for", function,
                  (long long)batch->count, count);
        it->ahead = batch;
        return false;
    }
    it->batch = batch;
    for (int k = 0; k < count; k++)
        *tensors[k] = batch->items[k];
    return true;
}
