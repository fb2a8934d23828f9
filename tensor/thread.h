/* thread.h - internal: everything that each thread has for itself. */
#pragma once

#include "object.h"
#include "site.h"
#include "tensor.h"

#define WK_ERROR_TEXT 1024
#define WK_SIZE_CLASSES 144
#define WK_SCOPES 32

/* An object that is at work around what fails, for the message: a module in its forward (nn/module.c). */
typedef struct wk_work {
    const struct wk_work *outer;
    const void *object;
    void (*describe)(const struct wk_work *work, char *text,
                     size_t size); /* writes of all of them, ", in 2 (Linear) of Net" */
} wk_work;

/* A failure, or none: code WICK_OK. The message has room before it for its place. */
typedef struct wk_failure {
    wick_error_code code;
    bool second_line; /* the message has one */
    bool placed;      /* its place was asked for */
    size_t place;     /* the length of the place's text, right before the message */
    wk_site site;     /* where the call stands that failed */
    char *longer;     /* a message that is longer than text; else NULL */
    char *before;     /* longer as it was before the second line, or NULL */
    char text[WK_SITE_TEXT + WK_ERROR_TEXT];
} wk_failure;

typedef struct wk_thread {
    wk_failure failure; /* error.c: the first since it was last cleared */
    char *warning;      /* the first warning since it was last cleared, or NULL */

    /* call.h: the outermost public function that runs; NULL: none, user's code does. How many more are around it that called
     * it through an object. What the handler is yet to be told: a kind, and the text if it is not the recorded one. */
    const char *function;
    int within;
    const wk_work *work; /* the innermost; NULL: none */
    wk_site site;        /* where the outermost one of all was called */
    wick_error_code held;
    wk_site held_site;
    char *held_text;

    unsigned failures; /* how often wick_fail was called: who compares sees whether a user's function failed */
    bool quiet;        /* a loader's worker: the thread that takes its batches tells the handler */

    /* scope.c: a stack of owned objects. The innermost scope's are those from innermost on. */
    wick_object **owned;
    size_t owned_count, owned_capacity;
    size_t innermost;
    size_t depth;            /* open scopes, without the root scope */
    size_t begin[WK_SCOPES]; /* where the objects begin of the scope at this depth, since one was opened inside it */
    const char *scope_file;  /* where the innermost was opened */
    int scope_line;

    /* object.c: objects that wait to be destroyed, and how deep in destroying we are. */
    wick_object *dying;
    int destroying;

    /* stack.c: how far down nested calls may go, 0: not asked for yet; and the stack's lowest address */
    uintptr_t stack_limit, stack_low;

    /* alloc.c */
    void *cache[WK_SIZE_CLASSES + 1]; /* free blocks by size class, linked; the last one, of no class, is empty */
    size_t cached, cache_max;         /* bytes in them, and at most */
    size_t allocated;                 /* bytes handed out less bytes taken back */
    long fail_in;                     /* fail the allocation after this many; 0: never */

    struct wick_generator *generator; /* generator.c: in place of the default one; NULL: none */

    /* The autograd layer: with grad mode off, nothing is recorded. */
    bool grad_off;
    struct wk_run *run;         /* autograd: the innermost backward pass that this thread is in */
    const wk_site *deriving;    /* autograd: of the node whose derivative a recorded pass makes; NULL: none */
    struct wk_segment *segment; /* checkpoint.c: the checkpointed function that is being called */

    int num_threads; /* threads.c: a number of threads of its own; 0: the process's */

    wick_print_options print;              /* print.c */
    const struct wick_worker_info *worker; /* data/workers.c: which of a loader's workers this is; NULL: none */
} wk_thread;

#if defined(__GLIBC__) && defined(__GNUC__)
#define WK_TLS_DIRECT __attribute__((tls_model("initial-exec")))
#else
#define WK_TLS_DIRECT
#endif

/* In a shared library, finding a thread-local object is a call of the dynamic linker's, which was a fifth of a small
 * training step. So each thread asks once, and keeps the address in a pointer that the code reaches directly. It is all
 * that lies in that memory: a library that is loaded while the program runs gets little of it (thread.c). */
extern WK_TLS_DIRECT _Thread_local wk_thread *wk_thread_address;

/* Makes the data of a thread that has none yet, to be given up at its end. Does not fail. */
wk_thread *wk_thread_start(void);

static inline wk_thread *wk_find_thread(void)
{
    wk_thread *self = wk_thread_address;
    return self ? self : wk_thread_start();
}
#define wk_this_thread (*wk_find_thread())

/* wick_fail for what must not be missed, a file that was not written: if an error stands already, its message gets this one
 * as a second line; a third one is not added. */
void *wk_fail_besides(wick_error_code code, const char *format, ...) WICK_PRINTF(2, 3);

/* The place as a message begins with it, "train.c:17: ", and its length, or 0. */
size_t wk_place_prefix(wk_site site, char text[WK_SITE_TEXT]);

/* Whether there is stack enough for calls within calls of the named function, which may nest to any depth; an error if not. */
bool wk_stack_ends(wk_thread *self, uintptr_t here, const char *function);
static inline bool wk_stack_left(const char *function)
{
#if defined(__GNUC__)
    wk_thread *self = wk_find_thread();
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    return (self->stack_limit && here > self->stack_limit) || !wk_stack_ends(self, here, function);
#else
    (void)function;
    return true;
#endif
}

/* scope.c: drops all that a thread owns, at its end. */
void wk_scope_end_all(wk_thread *self);

/* debug.c, for WICK_DEBUG=draws: whether draws are numbered, and the warning of operands that were drawn from right to left. */
bool wk_debug_draws(bool on); /* switches it, for tests; what the environment says holds until then */
void wk_debug_order(const char *operation, uint32_t left, uint32_t right);

/* The same for WICK_DEBUG=scopes: notes that a tensor was made or died, and lists those that never died. */
extern atomic_int wk_scopes_watched; /* below 0: the environment has not been read */
bool wk_debug_read(void);
static inline bool wk_debug_scopes(void)
{
    const int watched = atomic_load_explicit(&wk_scopes_watched, memory_order_relaxed);
    return watched < 0 ? wk_debug_read() : watched;
}
void wk_debug_born(wick_object *tensor);
void wk_debug_died(wick_object *tensor);
void wk_debug_report(void);

/* How many bytes a thread caches at most, as the build and WICK_CACHE in the environment say; 0: none. */
size_t wk_cache_max(void);
