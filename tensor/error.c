/* error.c - the one error path: wick_fail records the first cause and tells the handler. */
#include "error.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "tensor_struct.h"
#include "text.h"

/* "train.c:17: ", what a message begins with. */
size_t wk_place_prefix(wk_site site, char text[WK_SITE_TEXT])
{
    size_t length = wk_site_text(site, text);
    if (length == 0 || length > WK_SITE_TEXT - 3)
        return 0;
    memcpy(text + length, ": ", 3);
    return length + 2;
}

static const char *const names[WICK_ERROR_CODE_COUNT] = {
#define NAME(code, name) [code] = name,
    WICK_ERROR_CODES(NAME)
#undef NAME
};

static _Atomic(wick_error_handler) the_handler;

/* The message's block of memory: room for the place, and the text. */
static char *block_of(wk_thread *self) { return self->failure.longer ? self->failure.longer : self->failure.text; }

const char *wick_error(void)
{
    wk_thread *self = &wk_this_thread;
    if (self->failure.code == WICK_OK)
        return NULL;
    char *message = block_of(self) + WK_SITE_TEXT;
    if (!self->failure.placed) {
        char place[WK_SITE_TEXT];
        self->failure.placed = true;
        self->failure.place = wk_place_prefix(self->failure.site, place);
        memcpy(message - self->failure.place, place, self->failure.place);
    }
    return message - self->failure.place;
}

const char *wick_error_message(void)
{
    wk_thread *self = &wk_this_thread;
    return self->failure.code == WICK_OK ? NULL : block_of(self) + WK_SITE_TEXT;
}

wick_error_code wick_error_kind(void) { return wk_this_thread.failure.code; }

void wick_clear_error(void)
{
    wk_thread *self = &wk_this_thread;
    self->failure.code = WICK_OK;
    free(self->failure.longer);
    free(self->failure.before);
    self->failure.longer = self->failure.before = NULL;
    self->failure.second_line = self->failure.placed = false;
    self->failure.place = 0;
    self->held = WICK_OK;
    free(self->held_text);
    self->held_text = NULL;
}

wick_error_handler wick_on_error(wick_error_handler handler) { return atomic_exchange(&the_handler, handler); }

void wick_print_and_exit(wick_error_code code, const char *message)
{
    fprintf(stderr, "%s\n", message);
    if (code != WICK_ERROR_PROGRAM)
        exit(1);
    wick_clear_error();
}

/* ---- What the handler is told, and when -------------------------------------------------------------------------- */

/* How much of a message a handler is given: it gets a copy on the stack, so that it may clear the error, call what fails in
 * turn, or leave by longjmp. */
#define TOLD_TEXT 8192

static wick_error_handler handler_of(const wk_thread *self) { return self->quiet ? NULL : atomic_load(&the_handler); }

/* Gives the handler a copy on the stack, with its place, and frees text if it is on the heap. */
static void tell_handler(const wk_thread *self, wick_error_code code, wk_site site, const char *text, char *heap)
{
    char copy[TOLD_TEXT];
    wick_error_handler handler = handler_of(self);
    if (handler) {
        size_t place = wk_place_prefix(site, copy);
        snprintf(copy + place, sizeof copy - place, "%s", text);
    }
    free(heap);
    if (handler)
        handler(code, copy);
}

/* Keeps the text until the outermost public function returns. The first failure of a call is the one that is told of. */
static void hold(wk_thread *self, wick_error_code code, wk_site site, const char *text)
{
    if (self->held || !handler_of(self))
        return;
    size_t bytes = strlen(text) + 1;
    self->held = code;
    self->held_site = site;
    self->held_text = malloc(bytes);
    if (self->held_text)
        memcpy(self->held_text, text, bytes);
}

void wk_tell_held(wk_thread *self)
{
    if (self->within)
        return;
    wick_error_code code = self->held;
    char *text = self->held_text;
    self->held = WICK_OK;
    self->held_text = NULL;
    if (text)
        tell_handler(self, code, self->held_site, text, text);
    else /* there was no memory for it */
        tell_handler(self, code, self->held_site, self->failure.code == code ? wick_error_message() : names[code],
                     NULL);
}

/* What follows the name of a function that a message begins with: ": x is NULL". NULL if it begins with none. */
static const char *after_name(const char *message)
{
    size_t length = strspn(message, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return strncmp(message, "wick_", 5) == 0 && message[length] == ':' ? message + length : NULL;
}

/* How much of a function's name is that of what users call: wick_sum_opt and wick_view_n stand behind wick_sum and wick_view,
 * and wick_init_normal_opt_ behind wick_init_normal_, whose end is then *ending. */
static int name_length(const char *function, const char **ending)
{
    static const char *const tails[][2] = {{"_opt", ""}, {"_opt_", "_"}, {"_n", ""}};
    size_t length = strlen(function);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        size_t tail = strlen(tails[i][0]);
        if (length > tail && strcmp(function + length - tail, tails[i][0]) == 0) {
            *ending = tails[i][1];
            return (int)(length - tail);
        }
    }
    return (int)length;
}

/* Adds a line to the message that stands. Pointers to it stay valid, and so memory that it outgrows is kept. */
static void add_line(wk_thread *self, const char *line)
{
    char *before = block_of(self), *to = before;
    size_t length = WK_SITE_TEXT + strlen(before + WK_SITE_TEXT), size = length + strlen(line) + 2;
    if (self->failure.second_line)
        return;
    self->failure.second_line = true;
    if (self->failure.longer || size > sizeof self->failure.text) {
        if (!(to = malloc(size)))
            return;
        memcpy(to, before, length);
        self->failure.before = self->failure.longer;
        self->failure.longer = to;
    }
    snprintf(to + length, size - length, "\n%s", line);
}

/* What a message that shows the value of a dtype should add. No size, dimension, index or count is such a number (dtype.h), and so
 * the dtype stands where one is asked for. "" where there is none. */
static const char *about_dtype(const char *message, char *text, size_t size)
{
    for (const char *number = message; (number = strchr(number, '-')) != NULL; number++) {
        const long long value = strtoll(number, NULL, 10);
        const char *name = wk_dtype_enumerator(value);
        if (name) {
            snprintf(text, size, "; %lld is %s: a dtype goes in by name, .dtype = %s, or wick_to converts", value, name,
                     name);
            return text;
        }
    }
    return "";
}

static void record(bool besides, wk_site site, wick_error_code code, const char *format, va_list arguments)
{
    wk_thread *self = &wk_this_thread;
    if (code <= WICK_OK || code >= WICK_ERROR_CODE_COUNT)
        code = WICK_ERROR_ARGUMENT;
    if (self->function || self->within)
        site = self->site;

    /* Formatted into buffers of this call first: an argument may be the message that is recorded now. A message that does
     * not fit gets memory outside the allocator whose failure it may report; if there is none, its beginning has to do. */
    char body[WK_ERROR_TEXT], text[WK_ERROR_TEXT], *long_body = NULL, *block = NULL;
    va_list list;
    va_copy(list, arguments);
    int size = wk_vsnprintf(body, sizeof body, format, list);
    va_end(list);
    if (size >= (int)sizeof body && (long_body = malloc((size_t)size + 1)) != NULL)
        wk_vsnprintf(long_body, (size_t)size + 1, format, arguments);
    const char *message = long_body ? long_body : body, *rest = self->function ? after_name(message) : NULL;
    const char *format_whole = "%s: %.*s%s%s%s%s", *function = "", *ending = "";
    char frames[512] = "";
    if (self->work)
        self->work->describe(self->work, frames, sizeof frames);
    char dtype[160];
    const char *hint = about_dtype(message, dtype, sizeof dtype);
    int name = 0;
    if (rest) {
        message = rest;
        function = self->function;
        name = name_length(function, &ending);
    }
    size = snprintf(text, sizeof text, format_whole, names[code], name, function, ending, message, hint, frames);
    if (size >= (int)sizeof text && (block = malloc(WK_SITE_TEXT + (size_t)size + 1)) != NULL)
        snprintf(block + WK_SITE_TEXT, (size_t)size + 1, format_whole, names[code], name, function, ending, message,
                 hint, frames);
    free(long_body);
    const char *whole = block ? block + WK_SITE_TEXT : text;

    self->failures++;
    bool first = self->failure.code == WICK_OK;
    if (first) {
        self->failure.code = code;
        self->failure.longer = block;
        self->failure.site = site;
        self->failure.placed = false;
        self->failure.place = 0;
        memcpy(self->failure.text + WK_SITE_TEXT, text, sizeof text);
    } else if (besides) {
        add_line(self, whole);
    }
    if (self->function || self->within) {
        hold(self, code, site, whole);
        if (!first)
            free(block);
    } else {
        tell_handler(self, code, site, whole, first ? NULL : block);
    }
}

void *wick_fail(wick_error_code code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    record(false, WK_SITE, code, format, list);
    va_end(list);
    return NULL;
}

void *wk_fail_besides(wick_error_code code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    record(true, (wk_site){NULL, NULL}, code, format, list);
    va_end(list);
    return NULL;
}
