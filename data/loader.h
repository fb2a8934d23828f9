/* loader.h - the loader: a dataset in batches, made by the thread that asks for them or by worker threads. */
#ifndef WICK_DATA_LOADER_H
#define WICK_DATA_LOADER_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "sampler.h"

WICK_BEGIN_DECLS

typedef struct wick_loader wick_loader;

typedef struct wick_loader_options {
    size_t size_;
    char start_;
    int64_t batch_size;          /* default 1 */
    bool shuffle;                /* a new random order for every pass; default false */
    wick_sampler *sampler;       /* the order; not together with shuffle; default: sequential */
    wick_sampler *batch_sampler; /* the batches; not together with the three above and drop_last; default: none */
    int num_workers;             /* threads that make batches ahead; default 0: they are made when asked for */
    wick_list *(*collate_fn)(wick_list *const *samples, int64_t count); /* makes a batch; default: stacks */
    bool drop_last;                                                     /* leave out a last batch that is not full */
    void (*worker_init_fn)(int worker); /* called in each worker as it begins; default: none */
    wick_generator *generator;          /* default: the default generator */
    int prefetch_factor;                /* batches that each worker makes ahead; default 2 */
    bool persistent_workers;            /* workers live as long as the loader, and not for one pass; default false */
} wick_loader_options;
#define WICK_LOADER_DEFAULTS 0, 1, false, NULL, NULL, 0, NULL, false, NULL, NULL, INT32_MIN, false
/* Batches of a dataset: torch.utils.data.DataLoader, with its options, defaults and errors.
 *
 * The orders of a seed are PyTorch's: a new pass takes one 64-bit number of the generator (the base seed of the workers,
 * whether there are any or not), and a random sampler then draws from it, too. The order of batches does not depend on
 * num_workers. Worker w has a default generator of its own, seeded with base seed + w, and makes batches w,
 * w + num_workers, ...: what a dataset's functions draw there is what PyTorch's workers draw, and depends on num_workers
 * as it does in PyTorch. Without workers they draw from the program's default generator. The draws of a dataset that
 * keeps its own generator are not reproducible with more than one worker, as the workers share it.
 *
 * Workers are threads: they share the dataset, whose functions they call at the same time, and collate_fn, too. What
 * fails in a worker fails again, with the first cause, in the wick_data_next that asks for its batch; a handler of
 * wick_on_error is told then. More of them than the process has processors give a warning. A child of fork() has no workers: it begins passes, and with them workers, of its own. */
WICK_API wick_loader *wick_data_loader_opt(wick_dataset *dataset, const wick_loader_options *options);
#define wick_data_loader(dataset, ...) \
    wick_data_loader_opt(dataset, WICK_OPTIONS(wick_loader_options, WICK_LOADER_DEFAULTS, __VA_ARGS__))

/* len(loader), the number of batches, -1 after an error; and loader.dataset. */
WICK_API long long wick_data_batches(wick_loader *loader);
WICK_API wick_dataset *wick_data_loader_dataset(wick_loader *loader);

/* One pass over a loader. It holds its present batch: a tensor that it gave is valid until the next one is asked for,
 * and wick_keep keeps it longer. With workers it begins to make batches at once; at the end of the pass, or with the
 * iterator, they end. Where workers persist, a new pass over the loader ends the one before. */
typedef struct wick_iterator wick_iterator;
WICK_API wick_iterator *wick_data_iterate(wick_loader *loader);

/* Puts the tensors of the next batch into *tensors[0], ..., *tensors[count-1]. False when there is none, or after an
 * error (see wick_error()); they are NULL then. A batch that could not be made is passed over: the next call gives the
 * one after it. */
WICK_API bool wick_data_next_n(wick_iterator *it, wick_tensor **const *tensors, int count);
#define wick_data_next(it, ...)                                 \
    wick_data_next_n(it, (wick_tensor * *const[]){__VA_ARGS__}, \
                     (int)(sizeof((wick_tensor **const[]){__VA_ARGS__}) / sizeof(wick_tensor **)))

/* for X, y in loader:
 *     wick_tensor *X, *y;
 *     WICK_FOR_EACH_BATCH (loader, &X, &y) {
 *         WICK_SCOPE;
 *         ...
 *     }
 * The pass ends with the loop, however that is left: its workers end, or wait for the next pass if they persist. The
 * iterator and its last batch belong to the scope around the loop. */
#if defined(__GNUC__)
#define WICK_END_PASS_ __attribute__((cleanup(wick_data_end_pass_)))
#else
#define WICK_END_PASS_
#endif
WICK_API void wick_data_end_pass_(wick_iterator **it);
#define WICK_FOR_EACH_BATCH(loader, ...)                                                            \
    for (wick_iterator * WICK_PASTE(wick_it_, __LINE__) WICK_END_PASS_ = wick_data_iterate(loader); \
         wick_data_next(WICK_PASTE(wick_it_, __LINE__), __VA_ARGS__);)

/* torch.utils.data.get_worker_info(): what a dataset's function may want to know in a worker; NULL in other threads. */
typedef struct wick_worker_info {
    int id, num_workers;
    uint64_t seed; /* of this worker's default generator */
    wick_dataset *dataset;
} wick_worker_info;
WICK_API const wick_worker_info *wick_data_worker_info(void);

WICK_END_DECLS
#endif
