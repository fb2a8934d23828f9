/* loader.h - the loader: a dataset in batches, which the calling thread or worker threads make. */
#pragma once

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
    wick_sampler *batch_sampler; /* the batches; not together with the three above or drop_last; default: none */
    int num_workers; /* the number of threads that make batches ahead; default 0: the calling thread makes them */
    wick_list *(*collate_fn)(wick_list *const *samples, int64_t count); /* makes a batch; default: stacks the samples */
    bool drop_last;                     /* leaves out a last batch that is not full; default false */
    void (*worker_init_fn)(int worker); /* called in each worker when it starts; default: none */
    wick_generator *generator;          /* default: the default generator */
    int prefetch_factor;                /* the number of batches that each worker makes ahead; default 2 */
    bool persistent_workers;            /* workers live as long as the loader, not for one pass; default false */
} wick_loader_options;
#define WICK_LOADER_DEFAULTS 1, false, NULL, NULL, 0, NULL, false, NULL, NULL, INT32_MIN, false
/* Batches of a dataset: torch.utils.data.DataLoader, with its options, defaults and errors.
 *
 * For the same seed the orders are PyTorch's: a new pass takes one 64-bit number from the generator (the base seed of the
 * workers, even if there are none), and a random sampler then draws from it, too. The order of batches does not depend on
 * num_workers. Worker w has a default generator of its own, seeded with base seed + w, and makes batches w, w + num_workers,
 * ...: a dataset's functions draw the same numbers there as in PyTorch's workers, and these depend on num_workers as they do
 * in PyTorch. Without workers they draw from the program's default generator. If a dataset has a generator of its own, the
 * workers share it, and with more than one worker its draws are not reproducible.
 *
 * Workers are threads: they share the dataset, and call its functions and collate_fn at the same time. A failure in a worker
 * is reported, with its first cause, by the wick_data_next that asks for the batch, which also calls the handler of
 * wick_on_error. More workers than the process has processors give a warning. A child of fork() has no workers: it has to
 * begin its own passes, which start workers. */
WICK_API wick_loader *wick_data_loader_opt(wick_dataset *dataset, const wick_loader_options *options);
#define wick_data_loader(dataset, ...) \
    wick_data_loader_opt(dataset, WICK_OPTIONS(wick_loader_options, WICK_LOADER_DEFAULTS, __VA_ARGS__))

/* The number of batches in a pass: len(loader). -1 after an error. */
WICK_API long long wick_data_batches(wick_loader *loader);

/* The dataset, which the loader keeps alive: loader.dataset. */
WICK_API wick_dataset *wick_data_loader_dataset(wick_loader *loader);

/* One pass over a loader: iter(loader). The iterator keeps its current batch alive: a tensor of a batch is valid until the
 * next batch is asked for; wick_keep keeps it longer. Workers begin to make batches at once, and end with the pass or the
 * iterator. If workers persist, a new pass over the loader ends the one before. */
typedef struct wick_iterator wick_iterator;
WICK_API wick_iterator *wick_data_iterate(wick_loader *loader);

/* Puts the tensors of the next batch into *tensors[0], ..., *tensors[count - 1]: wick_data_next(it, &X, &y). False at the
 * end, and after an error (see wick_error()); the tensors are then NULL. After an error in a batch, the next call continues
 * with the batch behind it. */
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
 * The pass ends with the loop, also by break, return and goto: its workers end, or wait for the next pass if they persist. The
 * iterator and its last batch belong to the scope around the loop. At its end the loop calls wick_data_end_pass_. */
#if defined(__GNUC__)
#define WICK_END_PASS_ __attribute__((cleanup(wick_data_end_pass_)))
#else
#define WICK_END_PASS_
#endif
WICK_API void wick_data_end_pass_(wick_iterator **it);
#define WICK_FOR_EACH_BATCH(loader, ...)                                                            \
    for (wick_iterator * WICK_PASTE(wick_it_, __LINE__) WICK_END_PASS_ = wick_data_iterate(loader); \
         wick_data_next(WICK_PASTE(wick_it_, __LINE__), __VA_ARGS__);)

/* Information for a dataset's functions about the worker that calls them: torch.utils.data.get_worker_info(). NULL in other
 * threads. */
typedef struct wick_worker_info {
    int id, num_workers;
    uint64_t seed; /* the seed of this worker's default generator */
    wick_dataset *dataset;
} wick_worker_info;
WICK_API const wick_worker_info *wick_data_worker_info(void);

WICK_END_DECLS
