/* fetch.h - what the files of the data layer ask of datasets, samplers and loaders. */
#pragma once

#include "../tensor/tensor_struct.h"
#include "data.h"

/* ---- Datasets ---------------------------------------------------------------------------------------------------- */

/* A dataset of the library's own, in the innermost scope: wick_data_dataset without the checks. */
wick_dataset *wk_dataset_new(const wick_dataset_options *options);
bool wk_check_dataset(const void *object, const char *function, const char *name);

/* Sample i, for 0 <= i < length, owned by the innermost scope. */
wick_list *wk_dataset_item(wick_dataset *d, int64_t i, const char *function);

/* The samples of count > 0 indices, each in [0, length), as one list, owned by the innermost scope. */
wick_list *wk_dataset_batch(wick_dataset *d, const int64_t *indices, int64_t count, const char *function);

/* Puts samples in [0, length) in place of indices that count from the end; false, with an error that says whose it is
 * (the sampler's, the subset's), for one that is out of range. */
bool wk_wrap_indices(const char *function, const char *whose, int64_t *indices, int64_t count, int64_t length);

/* Whether indices are int64 of shape (n). */
bool wk_check_indices(const char *function, wick_tensor *indices);

/* ---- Samplers ---------------------------------------------------------------------------------------------------- */

extern const wk_class wk_sampler_class;

/* Whether the sampler gives batches; an error that tells what to do if it is not as wanted. */
bool wk_check_sampler(const char *function, wick_sampler *s, const char *name, bool batches);

/* One pass over a sampler. Indices are drawn as they are taken. It begins as {.sampler = s}. */
typedef struct wk_pass {
    wick_sampler *sampler;
    wick_generator *generator; /* of this pass, if the sampler makes one */
    wick_tensor *part;         /* the indices drawn last, (n) */
    wick_list *batches;        /* of a sampler with batches of its own */
    int64_t parts;             /* drawn so far */
    int64_t taken;             /* of part, or of batches */
    bool over;                 /* nothing more is drawn */
} wk_pass;

/* The next batch of a sampler of batches, int64 (n); one reference, the caller's. NULL at the end, and with an error. */
wick_tensor *wk_pass_batch(wk_pass *pass, const char *function);

void wk_pass_end(wk_pass *pass);

/* ---- Workers ----------------------------------------------------------------------------------------------------- */

/* What is done with the indices of a batch: the same with workers and without. */
typedef struct wk_fetch {
    wick_dataset *dataset;
    wick_list *(*collate_fn)(wick_list *const *samples, int64_t count);
} wk_fetch;

/* The batch; one reference, the caller's. */
wick_list *wk_fetch_batch(const wk_fetch *fetch, wick_tensor *indices, const char *function);

typedef struct wk_workers wk_workers;

/* Starts so many threads, for so many batches at a time; NULL with an error. fetch must live as long as they. */
wk_workers *wk_workers_start(const wk_fetch *fetch, int count, int64_t ahead, uint64_t base_seed, void (*init)(int));

/* Whether they are threads of another process, from which this one comes by fork(): only the end of a pass and of the
 * workers do something then, and do not wait; wk_workers_take fails. */
bool wk_workers_missing(const wk_workers *w);

/* Gives the workers, in turn, the next batch to make; takes over the reference to the indices. */
void wk_workers_put(wk_workers *w, wick_tensor *indices);

/* Whether a batch was put and not taken; and waits for the oldest such: one reference, the caller's; NULL with the
 * worker's error. */
bool wk_workers_pending(wk_workers *w);
wick_list *wk_workers_take(wk_workers *w);

/* Takes over the reference to the batch that wk_workers_take gave last: its memory serves the worker that made it. */
void wk_workers_give_back(wk_workers *w, wick_list *batch);

/* Drops what was put and not taken, once it is made, as PyTorch does, so that the numbers that it takes are drawn; the
 * next batch goes to worker 0. And the end of the workers, who make nothing more; NULL is ignored. */
void wk_workers_clear(wk_workers *w);
void wk_workers_stop(wk_workers *w);
