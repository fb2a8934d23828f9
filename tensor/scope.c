/* scope.c - scopes: who owns what.
 *
 * A thread has one stack of owned objects, each with a reference that the stack holds. A scope is a height of this stack:
 * opening one remembers the height, ending it drops all objects above. */
#include "scope.h"

#include "call.h"

wick_scope wick_scope_push_at(const char *file, int line)
{
    wick_scope scope = wk_scope_open();
    wk_thread *self = &wk_this_thread;
    self->scope_file = file;
    self->scope_line = line;
    return scope;
}

wick_scope wick_scope_push(void) { return wk_scope_open(); }

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
    /* Scopes inside that nobody ended, as those that a longjmp went past, end with it. Where it is too deep to know where it
     * begins, what the outer ones of them own goes to the scope outside, rather than being freed too early. */
    size_t at = scope->depth_ + 1;
    drop_down_to(self, at < self->depth && at < WK_SCOPES ? self->begin[at] : self->innermost);
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
    if (!WK_GROW(self->owned, self->owned_count, self->owned_capacity)) {
        wk_unref(object);
        return NULL;
    }
    self->owned[self->owned_count++] = object;
    return object;
}

#undef wick_out
void *wick_out(void *object)
{
    WK_ENTER;
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

long long wick_scope_count(void) { return (long long)wk_this_thread.owned_count; }

void wk_scope_end_all(wk_thread *self)
{
    self->depth = 0;
    self->innermost = 0;
    drop_down_to(self, 0);
    wk_free(self->owned, self->owned_capacity * sizeof *self->owned);
    self->owned = NULL;
    self->owned_capacity = 0;
}
