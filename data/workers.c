/* workers.c - threads that make batches ahead.
 *
 * Batch k of a pass is worker k mod count's, as in PyTorch: each worker makes its batches in their order, with a default
 * generator of its own, so that neither the order nor the numbers depend on which of them is fast. All that threads share
 * is a ring of slots behind one lock; the thread that uses the loader fills them with indices and takes batches out, in
 * the same order.
 *
 * A batch is memory of its worker's. wk_workers_give_back returns it there when nobody else holds it, so that the worker
 * makes its next batch in the same memory, and counts of allocated bytes follow the batch from one thread to the other.
 *
 * A child of fork() has none of these threads, and finds lock and conditions as they were left in that moment, perhaps held
 * and waited for: there, nothing touches them, and what the threads made is given up. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tensor/thread.h"
#include "fetch.h"

typedef struct slot {
    enum { EMPTY, WAITING, BUSY, MADE } state;
    wick_tensor *indices;
    wick_list *batch; /* once made; NULL with an error */
    size_t bytes;     /* that making it allocated */
    wick_error_code code;
    char *error; /* the worker's message; NULL if there is no memory for it */
} slot;

typedef struct worker {
    wk_workers *all;
    pthread_t thread;
    pthread_cond_t wake;
    wick_worker_info info;
    wick_generator *generator;
    wick_list *returned; /* for this worker to free, and its bytes */
    size_t returned_bytes;
} worker;

struct wk_workers {
    pid_t process; /* that has the threads */
    const wk_fetch *fetch;
    void (*init)(int);
    pthread_mutex_t lock; /* of all that follows, and of the workers' returned */
    pthread_cond_t made;
    bool stop, grad_off;
    slot *slots; /* a ring */
    size_t slot_count;
    uint64_t first;     /* the number of the oldest batch that was put and not taken */
    uint64_t next;      /* the number of the next one to be put */
    size_t taken_bytes; /* of the batch that was taken last, and whose it was */
    int taken_from;
    int started, count;
    worker workers[];
};

const wick_worker_info *wick_data_worker_info(void) { return wk_this_thread.worker; }

bool wk_workers_missing(const wk_workers *w) { return w->process != getpid(); }

static slot *slot_of(wk_workers *w, uint64_t number) { return &w->slots[number % w->slot_count]; }

/* ---- In a worker ------------------------------------------------------------------------------------------------- */

/* What this thread has recorded as an error, without the name of its kind, goes into the slot. */
static void note_error(slot *s)
{
    const char *text = wick_error_message(), *message = text ? strstr(text, ": ") : NULL;
    s->code = text ? wick_error_kind() : WICK_ERROR_ARGUMENT;
    message = message ? message + 2 : "a worker failed without an error";
    size_t bytes = strlen(message) + 1;
    char *copy = malloc(bytes); /* outside the allocator, whose failure it may report */
    s->error = copy ? memcpy(copy, message, bytes) : NULL;
    wick_clear_error();
}

/* This worker's oldest batch that waits; NULL if there is none. */
static slot *find_work(const worker *self)
{
    wk_workers *w = self->all;
    for (uint64_t k = w->first; k < w->next; k++) {
        slot *s = slot_of(w, k);
        if (k % (uint64_t)w->count == (uint64_t)self->info.id && s->state == WAITING)
            return s;
    }
    return NULL;
}

/* Bytes of objects; the stack of owned ones grows as it needs, and stays. */
static size_t bytes_in_use(const wk_thread *thread)
{
    return thread->allocated - thread->owned_capacity * sizeof *thread->owned;
}

/* Makes the batch of a slot that no other thread touches while it is busy. failed: init did. */
static void make_batch(wk_workers *w, slot *s, bool failed)
{
    wk_thread *thread = &wk_this_thread;
    size_t before = bytes_in_use(thread), after;
    WK_ENTER_AS("wick_data_next");
    s->batch = failed ? NULL : wk_fetch_batch(w->fetch, s->indices, "wick_data_next");
    if (!s->batch)
        note_error(s);
    wick_clear_error();
    after = bytes_in_use(thread);
    s->bytes = after > before ? after - before : 0;
    thread->allocated -= s->bytes;
}

static void *work(void *argument)
{
    worker *self = argument;
    wk_workers *w = self->all;
    wk_thread *thread = &wk_this_thread;
    thread->worker = &self->info;
    thread->generator = self->generator;
    thread->quiet = true;
    thread->grad_off = w->grad_off;
    thread->num_threads = 1; /* as PyTorch's workers: there are several of them already */
    if (w->init)
        w->init(self->info.id);
    bool failed = wick_error() != NULL;
    slot *s;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        if (self->returned) {
            wick_list *returned = self->returned;
            self->returned = NULL;
            thread->allocated += self->returned_bytes;
            pthread_mutex_unlock(&w->lock);
            wk_unref(returned);
            pthread_mutex_lock(&w->lock);
        } else if (w->stop) {
            break;
        } else if ((s = find_work(self)) != NULL) {
            s->state = BUSY;
            pthread_mutex_unlock(&w->lock);
            make_batch(w, s, failed);
            failed = false;
            pthread_mutex_lock(&w->lock);
            s->state = MADE;
            pthread_cond_broadcast(&w->made);
        } else {
            pthread_cond_wait(&self->wake, &w->lock);
        }
    }
    pthread_mutex_unlock(&w->lock);
    wick_clear_error();
    thread->generator = NULL; /* what the thread's end still destroys may draw */
    return NULL;
}

/* ---- In the thread that uses the loader -------------------------------------------------------------------------- */

/* Drops what a made or waiting slot holds. */
static void empty(slot *s)
{
    if (s->batch) { /* it is freed here and was allocated there */
        wk_this_thread.allocated += s->bytes;
        wk_unref(s->batch);
    }
    wk_unref(s->indices);
    free(s->error);
    *s = (slot){.state = EMPTY};
}

wk_workers *wk_workers_start(const wk_fetch *fetch, int count, int64_t ahead, uint64_t base_seed, void (*init)(int))
{
    const char *function = "wick_data_iterate";
    size_t bytes = sizeof(wk_workers) + (size_t)count * sizeof(worker);
    size_t slot_bytes = wk_bytes(ahead, sizeof(slot));
    if (slot_bytes == SIZE_MAX)
        return wick_fail(WICK_ERROR_MEMORY, "%s: %lld batches ahead do not fit in memory", function, (long long)ahead);
    wk_workers *w = wk_alloc_zero(bytes);
    if (!w)
        return NULL;
    w->process = getpid();
    w->fetch = fetch;
    w->init = init;
    w->count = count;
    w->slot_count = (size_t)ahead;
    w->grad_off = wk_this_thread.grad_off;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->made, NULL);
    w->slots = wk_alloc_zero(slot_bytes);
    WICK_SCOPE;
    for (int i = 0; w->slots && i < count; i++) {
        worker *one = &w->workers[i];
        uint64_t seed = base_seed + (uint64_t)i;
        one->all = w;
        one->info = (wick_worker_info){i, count, seed, fetch->dataset};
        one->generator = wk_ref(wick_generator_manual_seed(wick_generator_new(), seed));
        if (!one->generator)
            break;
        pthread_cond_init(&one->wake, NULL);
        int status = pthread_create(&one->thread, NULL, work, one);
        if (status != 0) {
            pthread_cond_destroy(&one->wake);
            wk_unref(one->generator);
            wick_fail(WICK_ERROR_MEMORY, "%s: worker %d of %d cannot be started: %s; take fewer .num_workers", function,
                      i, count, strerror(status));
            break;
        }
        w->started++;
    }
    if (w->started == count)
        return w;
    wk_workers_stop(w);
    return NULL;
}

void wk_workers_put(wk_workers *w, wick_tensor *indices)
{
    pthread_mutex_lock(&w->lock);
    *slot_of(w, w->next) = (slot){.state = WAITING, .indices = indices};
    pthread_cond_signal(&w->workers[w->next % (uint64_t)w->count].wake);
    w->next++;
    pthread_mutex_unlock(&w->lock);
}

bool wk_workers_pending(wk_workers *w) { return w->first < w->next; }

wick_list *wk_workers_take(wk_workers *w)
{
    if (wk_workers_missing(w))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_data_next: the loader's workers are threads of the process that began this pass, and a "
                         "child of fork() has none of them; begin a pass of its own there with wick_data_iterate");
    pthread_mutex_lock(&w->lock);
    slot *s = slot_of(w, w->first), got;
    while (s->state != MADE)
        pthread_cond_wait(&w->made, &w->lock);
    got = *s;
    *s = (slot){.state = EMPTY};
    w->taken_from = (int)(w->first % (uint64_t)w->count);
    w->taken_bytes = got.bytes;
    w->first++;
    pthread_mutex_unlock(&w->lock);
    if (!got.batch) {
        WK_OWN_CODE; /* the message bears its name already */
        if (got.error)
            wick_fail(got.code, "%s [in worker %d of the loader]", got.error, w->taken_from);
        else
            wick_fail(got.code, "wick_data_next: worker %d of the loader failed, without memory for the reason",
                      w->taken_from);
        empty(&got);
        return NULL;
    }
    wk_this_thread.allocated += got.bytes;
    wick_list *batch = got.batch;
    got.batch = NULL;
    empty(&got);
    return batch;
}

/* Whether nobody but the caller holds any part of the batch, nor a graph. */
static bool is_alone(const wick_list *batch)
{
    bool alone = batch->base.refs == 1;
    for (int64_t i = 0; alone && i < batch->count; i++)
        alone = batch->items[i]->base.refs == 1 && batch->items[i]->storage->refs == 1 && !batch->items[i]->grad_fn;
    return alone;
}

void wk_workers_give_back(wk_workers *w, wick_list *batch)
{
    wk_thread *thread = &wk_this_thread;
    worker *maker = &w->workers[w->taken_from];
    bool given = false;
    if (!wk_workers_missing(w) && is_alone(batch) && thread->allocated >= w->taken_bytes) {
        pthread_mutex_lock(&w->lock);
        given = !maker->returned;
        if (given) {
            maker->returned = batch;
            maker->returned_bytes = w->taken_bytes;
            thread->allocated -= w->taken_bytes;
        }
        pthread_mutex_unlock(&w->lock);
    }
    if (!given)
        wk_unref(batch);
}

/* Empties every slot; what is being made, and what waits if wait is set, is made first. */
static void clear(wk_workers *w, bool wait)
{
    pthread_mutex_lock(&w->lock);
    for (uint64_t k = w->first; k < w->next; k++) {
        slot *s = slot_of(w, k);
        if (s->state == WAITING && !wait)
            s->state = MADE; /* by nobody */
        while (s->state != MADE)
            pthread_cond_wait(&w->made, &w->lock);
    }
    uint64_t first = w->first, next = w->next;
    w->first = w->next = 0;
    pthread_mutex_unlock(&w->lock);
    for (; first < next; first++) /* which no worker looks at any more */
        empty(slot_of(w, first));
}

void wk_workers_clear(wk_workers *w)
{
    if (!wk_workers_missing(w))
        clear(w, true);
}

/* Ends the threads. */
static void join(wk_workers *w)
{
    if (w->slots)
        clear(w, false);
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    for (int i = 0; i < w->started; i++)
        pthread_cond_signal(&w->workers[i].wake);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->started; i++) {
        pthread_join(w->workers[i].thread, NULL);
        pthread_cond_destroy(&w->workers[i].wake);
    }
    pthread_cond_destroy(&w->made);
    pthread_mutex_destroy(&w->lock);
}

/* In a child of fork(): frees what the caller's thread gave to threads that are not there. A batch may be half made, and
 * destroying a condition waits for those who wait for it. */
static void forget(wk_workers *w)
{
    for (uint64_t k = w->first; k < w->next; k++)
        wk_unref(slot_of(w, k)->indices);
}

void wk_workers_stop(wk_workers *w)
{
    if (!w)
        return;
    if (wk_workers_missing(w))
        forget(w);
    else
        join(w);
    for (int i = 0; i < w->started; i++)
        wk_unref(w->workers[i].generator);
    wk_free(w->slots, w->slot_count * sizeof *w->slots);
    wk_free(w, sizeof *w + (size_t)w->count * sizeof *w->workers);
}
