/* scope.c - scopes, and what becomes of a thread's objects at its end.
 *
 * A thread has one stack of owned objects, each with a reference that the stack holds. A scope is a height of this stack:
 * opening one remembers the height, ending it drops all objects above. */
#define _POSIX_C_SOURCE 200809L
#include "scope.h"

#include <pthread.h>

#include "thread.h"

_Thread_local wk_thread wk_thread_storage;
WK_TLS_DIRECT _Thread_local wk_thread *wk_thread_address;

wick_scope wick_scope_push_at(const char *file, int line)
{
    wk_thread *self = &wk_this_thread;
    wick_scope scope = {self->innermost, self->depth, self->scope_file, self->scope_line};
    self->innermost = self->owned_count;
    self->depth++;
    self->scope_file = file;
    self->scope_line = line;
    return scope;
}

wick_scope wick_scope_push(void) { return wick_scope_push_at(wk_this_thread.scope_file, wk_this_thread.scope_line); }

static void drop_down_to(wk_thread *self, size_t height)
{
    while (self->owned_count > height)
        wk_unref(self->owned[--self->owned_count]);
}

void wick_scope_pop(wick_scope *scope)
{
    wk_thread *self = &wk_this_thread;
    if (!scope || scope->depth_ >= self->depth) /* it ended with a scope around it */
        return;
    /* What inner scopes that nobody ended still own goes to the scope outside, rather than being freed too early. */
    drop_down_to(self, self->innermost);
    self->innermost = scope->outer_;
    self->depth = scope->depth_;
    self->scope_file = scope->outer_file_;
    self->scope_line = scope->outer_line_;
}

void *wk_own(void *object)
{
    wk_thread *self = &wk_this_thread;
    if (!object)
        return NULL;
    if (self->owned_count == self->owned_capacity && !WK_GROW(self->owned, self->owned_count, self->owned_capacity)) {
        wk_unref(object);
        return NULL;
    }
    self->owned[self->owned_count++] = object;
    return object;
}

void *(wick_out)(void *object)
{
    wk_thread *self = &wk_this_thread;
    if (!object)
        return NULL;
    if (self->depth == 0) /* the root scope has none outside it */
        return object;
    if (!wk_own(wk_ref(object)))
        return NULL;
    /* The first place of the innermost scope becomes the last one of the scope outside. */
    size_t last = self->owned_count - 1;
    self->owned[last] = self->owned[self->innermost];
    self->owned[self->innermost++] = object;
    return object;
}

bool wk_owns(const void *object)
{
    const wk_thread *self = &wk_this_thread;
    for (size_t i = self->owned_count; i-- > 0;) /* the youngest is asked for, mostly */
        if (self->owned[i] == object)
            return true;
    return false;
}

size_t wick_scope_count(void) { return wk_this_thread.owned_count; }

/* ---- The end of a thread ------------------------------------------------------------------------------------------------------ */

static void thread_end(void *argument)
{
    wk_thread *self = argument;
    self->depth = 0;
    self->innermost = 0;
    drop_down_to(self, 0);
    wick_clear_error();
    wick_clear_warning();
    wk_free(self->owned, self->owned_capacity * sizeof *self->owned);
    self->owned = NULL;
    self->owned_capacity = 0;
    wick_empty_cache();
    self->registered = false; /* what is made from now on, by other destructors, registers anew */
}

static pthread_key_t key;
static bool key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void make_key(void)
{
    /* Without a key, a thread's caches live until the process ends; nothing else depends on it. */
    key_made = pthread_key_create(&key, thread_end) == 0;
}

void wk_thread_register(wk_thread *self)
{
    if (self->registered)
        return;
    self->registered = true;
    self->no_cache = !wk_cache_wanted();
    pthread_once(&once, make_key);
    if (key_made)
        (void)pthread_setspecific(key, self);
}

#if defined(__GNUC__)
/* Keys have no destructors called in the thread that ends the process. */
__attribute__((destructor)) static void process_end(void)
{
    if (key_made) /* the library may be unloaded before a thread ends */
        (void)pthread_key_delete(key);
    key_made = false;
    thread_end(&wk_this_thread);
    wk_debug_report();
}
#endif
