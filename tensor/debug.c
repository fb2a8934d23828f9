/* debug.c - WICK_DEBUG in the environment: scopes, draws, or both.
 *
 * draws: every result of random numbers is numbered, and a call whose operands' numbers fall from left to right is warned of. C
 * leaves the order of arguments to the compiler, and gcc takes them from right to left.
 *
 * scopes: which tensors outlived the scope that they were made in, and everything else.
 * Every tensor is noted with the place where the innermost scope was opened when it was made. What is left at the end of the
 * process was kept and not released, or is part of a cycle. The notes are outside the library's own allocator, so that they
 * disturb neither its counts nor tests of failing allocations. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tensor_struct.h"
#include "thread.h"

typedef struct note {
    const wick_tensor *tensor;
    const char *file; /* of the scope; NULL: the root scope, or one opened by push */
    int line;
} note;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static note *notes;
static size_t count, capacity;

static pthread_once_t once = PTHREAD_ONCE_INIT;
atomic_int wk_scopes_watched = -1;
static atomic_bool draws;
static atomic_uint drawn;

static void read_environment(void)
{
    const char *setting = getenv("WICK_DEBUG");
    atomic_store(&wk_scopes_watched, setting && strstr(setting, "scopes"));
    atomic_store(&draws, setting && strstr(setting, "draws"));
}

bool wk_debug_draws(bool on)
{
    pthread_once(&once, read_environment);
    return atomic_exchange(&draws, on);
}

wick_tensor *wk_note_draw(wick_tensor *t)
{
    pthread_once(&once, read_environment);
    if (t && atomic_load_explicit(&draws, memory_order_relaxed))
        t->draw = atomic_fetch_add(&drawn, 1) + 1;
    return t;
}

void wk_debug_order(const char *operation, uint32_t left, uint32_t right)
{
    wick_warn(
        "%s: its operands were drawn from right to left (draw %u stands left of draw %u). C does not define the order "
        "of arguments, and PyTorch draws from left to right: draw into variables first.",
        operation, left, right);
}

bool wk_debug_read(void)
{
    pthread_once(&once, read_environment);
    return atomic_load(&wk_scopes_watched);
}

void wk_debug_born(wick_object *tensor)
{
    pthread_mutex_lock(&lock);
    if (count == capacity) {
        size_t wanted = capacity ? capacity * 2 : 256;
        note *larger = realloc(notes, wanted * sizeof *notes);
        if (larger) {
            notes = larger;
            capacity = wanted;
        }
    }
    if (count < capacity)
        notes[count++] = (note){(const wick_tensor *)tensor, wk_this_thread.scope_file, wk_this_thread.scope_line};
    pthread_mutex_unlock(&lock);
}

void wk_debug_died(wick_object *tensor)
{
    pthread_mutex_lock(&lock);
    for (size_t i = count; i-- > 0;) /* the youngest die first, mostly */
        if (notes[i].tensor == (const wick_tensor *)tensor) {
            notes[i] = notes[--count];
            break;
        }
    pthread_mutex_unlock(&lock);
}

void wk_debug_report(void)
{
    if (!wk_debug_scopes())
        return;
    fprintf(stderr, "wick: %zu tensor%s outlived every scope\n", count, count == 1 ? "" : "s");
    for (size_t i = 0; i < count; i++) {
        const wick_tensor *t = notes[i].tensor;
        const char *made_by = wk_grad_fn_name(t);
        fprintf(stderr, "wick:   %s %s", wick_dtype_name(t->dtype), WK_SHAPE(t));
        if (made_by)
            fprintf(stderr, " by %s", made_by);
        if (notes[i].file)
            fprintf(stderr, ", made in the scope opened at %s:%d\n", notes[i].file, notes[i].line);
        else
            fprintf(stderr, ", made in the root scope\n");
    }
    free(notes);
    notes = NULL;
    count = capacity = 0;
}
