/* call.h - internal: what a public function that can fail begins with, and what stands around a call of user's code.
 *
 * The outermost public function of a thread names its errors, and where it was called is where they stand (site.h). While it runs, the handler is not told of them: that is
 * done as it returns, when it holds nothing any more. So a handler may leave by longjmp. User's code that a public function
 * calls (a closure, a hook, a module's forward) is a new level: the functions that it calls are outermost ones again. */
#pragma once

#include <stdlib.h>

#include "thread.h"

/* The first line of a public function, so that it is what is undone last. scripts/check_entries.py finds those that need it. */
#define WK_ENTER WK_ENTER_AS(__func__)

/* The same for a function that users know by another name. */
#define WK_ENTER_AS(name) WICK_GUARD(enter, wk_thread *, wk_leave, wk_enter(name, WK_SITE))

static inline wk_thread *wk_enter(const char *function, wk_site site)
{
    wk_thread *self = wk_find_thread();
    if (self->function)
        return NULL;
    self->function = function;
    if (!self->within)
        self->site = site;
    return self;
}

/* Inside the library WICK_SCOPE is opened without a call; the place that counts is its caller's. */
#undef WICK_SCOPE
#define WICK_SCOPE WICK_GUARD(scope, wick_scope, wick_scope_pop, wk_scope_open())

static inline wick_scope wk_scope_open(void)
{
    wk_thread *self = wk_find_thread();
    wick_scope scope = {self->innermost, self->depth, self->scope_file, self->scope_line};
    if (self->depth < WK_SCOPES)
        self->begin[self->depth] = self->innermost;
    self->innermost = self->owned_count;
    self->depth++;
    return scope;
}

void wk_tell_held(wk_thread *self); /* error.c */

static inline void wk_leave(wk_thread **outermost)
{
    wk_thread *self = *outermost;
    if (!self)
        return;
    self->function = NULL;
    if (self->held)
        wk_tell_held(self);
}

/* To the end of the block, code is called that the user gave. What fails there is told of at once, or as the public function
 * returns that the code called; the handler may not leave by longjmp then. */
#define WK_USERS_CODE WK_CODE_OF(true)

/* To the end of the block, code of the library's own is called through an object, or by the engine, as a user's could be: errors
 * bear the name of the public function that it calls, but are told of as the public function around it returns. */
#define WK_OWN_CODE WK_CODE_OF(false)
#define WK_CODE_OF(users) WICK_GUARD(level, wk_level, wk_level_end, wk_level_begin(users))

typedef struct wk_level {
    wk_thread *thread;
    const char *function;
    int within;
    wk_site site;
    const wk_site *deriving;
    wick_error_code held;
    wk_site held_site;
    char *held_text;
} wk_level;

static inline wk_level wk_level_begin(bool users)
{
    wk_thread *self = wk_find_thread();
    wk_level before = {self, self->function, self->within, self->site, self->deriving, WICK_OK, {NULL, NULL}, NULL};
    self->function = NULL;
    if (!users) {
        self->within++;
        return before;
    }
    self->within = 0;
    self->deriving = NULL;
    before.held = self->held;
    before.held_site = self->held_site;
    before.held_text = self->held_text;
    self->held = WICK_OK;
    self->held_text = NULL;
    return before;
}

static inline void wk_level_end(wk_level *before)
{
    wk_thread *self = before->thread;
    self->function = before->function;
    self->within = before->within;
    self->site = before->site;
    self->deriving = before->deriving;
    if (!before->held)
        return;
    free(self->held_text); /* what failed before is the cause */
    self->held = before->held;
    self->held_site = before->held_site;
    self->held_text = before->held_text;
}
