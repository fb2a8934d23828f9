/* error.c - the one error path: wick_fail records the first cause and tells the handler. */
#include "error.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "thread.h"

static const char *const names[WICK_ERROR_CODE_COUNT] = {
#define NAME(code, name) [code] = name,
    WICK_ERROR_CODES(NAME)
#undef NAME
};

static _Atomic(wick_error_handler) the_handler;

const char *wick_error(void)
{
    const wk_thread *self = &wk_this_thread;
    if (self->error == WICK_OK)
        return NULL;
    return self->error_long ? self->error_long : self->error_text;
}

wick_error_code wick_error_kind(void) { return wk_this_thread.error; }

void wick_clear_error(void)
{
    wk_thread *self = &wk_this_thread;
    self->error = WICK_OK;
    free(self->error_long);
    self->error_long = NULL;
}

wick_error_handler wick_on_error(wick_error_handler handler) { return atomic_exchange(&the_handler, handler); }

void wick_print_and_exit(wick_error_code code, const char *message)
{
    (void)code;
    fprintf(stderr, "%s\n", message);
    exit(1);
}

void *wick_fail(wick_error_code code, const char *format, ...)
{
    wk_thread *self = &wk_this_thread;
    if (code <= WICK_OK || code >= WICK_ERROR_CODE_COUNT)
        code = WICK_ERROR_ARGUMENT;

    /* Formatted into a buffer of this call first: an argument may be the message that is recorded now. */
    char text[WK_ERROR_TEXT];
    int head = snprintf(text, sizeof text, "%s: ", names[code]);
    va_list list;
    va_start(list, format);
    int tail = vsnprintf(text + head, sizeof text - (size_t)head, format, list);
    va_end(list);

    /* A message that does not fit gets memory of its own, outside the allocator whose failure it may report; if there is
     * none, its beginning has to do. */
    char *whole = NULL;
    size_t length = (size_t)head + (tail > 0 ? (size_t)tail : 0);
    if (length >= sizeof text && (whole = malloc(length + 1)) != NULL) {
        memcpy(whole, text, (size_t)head);
        va_start(list, format);
        vsnprintf(whole + head, length + 1 - (size_t)head, format, list);
        va_end(list);
    }

    bool first = self->error == WICK_OK;
    if (first) {
        self->error = code;
        self->error_long = whole;
        memcpy(self->error_text, text, sizeof text);
        wk_thread_register(self);
    }
    wick_error_handler handler = atomic_load(&the_handler);
    if (handler)
        handler(code, whole ? whole : text);
    if (!first)
        free(whole);
    return NULL;
}
