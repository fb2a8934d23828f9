/* thread.c - each thread's own data: made when the thread first calls the library, given up when it ends.
 *
 * The library may be loaded while a program runs, by Python's ctypes or as a plugin. What the C library then has left of
 * the memory that code reaches directly, without a call, is a few hundred bytes for all libraries that come so late. So a
 * thread keeps a pointer there and nothing else, and its data lie in the heap. A thread for which there is no memory takes
 * one of a few places that stand ready: finding its data never fails. */
#define _POSIX_C_SOURCE 200809L
#include "thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "parallel.h"

WK_TLS_DIRECT _Thread_local wk_thread *wk_thread_address;

static const wk_thread fresh = {.print = {sizeof(wick_print_options), 0, 4, 1000, 3, 80, 2}};

/* ---- Places for threads without memory ----------------------------------------------------------------------------------- */

enum { PLACES = 64 };
static wk_thread places[PLACES];
static atomic_bool taken[PLACES];

/* A place, or memory after all: with as many threads as there are places in the same need, waits for one of the two. */
static wk_thread *take_place(void)
{
    for (;;) {
        for (int i = 0; i < PLACES; i++)
            if (!atomic_exchange_explicit(&taken[i], true, memory_order_acquire))
                return &places[i];
        wk_thread *self = malloc(sizeof *self);
        if (self)
            return self;
        sched_yield();
    }
}

static void give_back(wk_thread *self)
{
    for (int i = 0; i < PLACES; i++) {
        if (self == &places[i]) {
            atomic_store_explicit(&taken[i], false, memory_order_release);
            return;
        }
    }
    free(self);
}

/* ---- The end of a thread --------------------------------------------------------------------------------------------------- */

static void thread_end(void *argument)
{
    wk_thread *self = argument;
    wk_scope_end_all(self);
    wick_clear_error();
    wick_clear_warning();
    wick_empty_cache();
    wk_thread_address = NULL; /* what is made from now on, by other destructors, begins anew */
    give_back(self);
}

static pthread_key_t key;
static bool key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void make_key(void)
{
    /* Without a key, a thread's caches live until the process ends; nothing else depends on it. */
    key_made = pthread_key_create(&key, thread_end) == 0;
}

wk_thread *wk_thread_start(void)
{
    wk_thread *self = malloc(sizeof *self);
    if (!self)
        self = take_place();
    *self = fresh;
    self->cache_max = wk_cache_max();
    wk_thread_address = self;
    pthread_once(&once, make_key);
    if (key_made)
        (void)pthread_setspecific(key, self);
    return self;
}

#if defined(__GNUC__)
/* Keys have no destructors called in the thread that ends the process. */
__attribute__((destructor)) static void process_end(void)
{
    wk_parallel_end(); /* its threads' data, too, are given up by the key */
    if (key_made)      /* the code may be unloaded, as a part of a plugin, before a thread ends */
        (void)pthread_key_delete(key);
    key_made = false;
    thread_end(&wk_this_thread);
    wk_debug_report();
}
#endif
