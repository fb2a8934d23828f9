/* warning.c - what a call says that succeeds and was probably not meant so: shown once, as Python's warnings module does. */
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "text.h"

static _Atomic(wick_warning_handler) the_handler;

const char *wick_warning(void) { return wk_this_thread.warning; }

void wick_clear_warning(void)
{
    wk_thread *self = &wk_this_thread;
    free(self->warning);
    self->warning = NULL;
}

wick_warning_handler wick_on_warning(wick_warning_handler handler) { return atomic_exchange(&the_handler, handler); }

void wick_print_warning(const char *message) { fprintf(stderr, "%s\n", message); }

/* What WICK_WARNINGS in the environment asks for, read at the first warning. */
typedef enum wish { ONCE, IGNORE, ERROR } wish;
static wish the_wish;
static void read_wish(void)
{
    const char *text = getenv("WICK_WARNINGS");
    the_wish = text && strcmp(text, "ignore") == 0 ? IGNORE : text && strcmp(text, "error") == 0 ? ERROR : ONCE;
}

/* Whether the text is new in this process. Texts are known by their hashes, the last ones: a program that warns of ever
 * new shapes needs no more memory, and sees an old text again. */
enum { KNOWN = 1024 };
static bool is_new(const char *text)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static uint64_t known[KNOWN];
    static size_t count;
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    pthread_mutex_lock(&lock);
    bool found = false;
    for (size_t i = 0; i < count && i < KNOWN && !found; i++)
        found = known[i] == hash;
    if (!found)
        known[count++ % KNOWN] = hash;
    pthread_mutex_unlock(&lock);
    return !found;
}

/* The text has memory outside the allocator, as that of errors has; a warning for which there is none is lost. */
bool wick_warn(const char *format, ...)
{
    static const char head[] = "Warning: ";
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_wish);
    if (the_wish == IGNORE)
        return true;
    wk_thread *self = &wk_this_thread;
    char place[WK_SITE_TEXT];
    size_t before = wk_place_prefix(self->function || self->within ? self->site : WK_SITE, place);
    va_list list;
    va_start(list, format);
    int size = wk_vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *text = size < 0 ? NULL : malloc(before + sizeof head + (size_t)size);
    if (!text)
        return true;
    memcpy(text, place, before);
    memcpy(text + before, head, sizeof head);
    va_start(list, format);
    wk_vsnprintf(text + before + sizeof head - 1, (size_t)size + 1, format, list);
    va_end(list);

    wick_warning_handler handler = atomic_load(&the_handler);
    if (the_wish == ERROR) {
        wick_fail(WICK_ERROR_WARNING, "%s", text + before + sizeof head - 1);
    } else if (handler) {
        handler(text);
    } else {
        if (!self->quiet && is_new(text))
            wick_print_warning(text);
        if (!self->warning) {
            self->warning = text;
            return true;
        }
    }
    free(text);
    return the_wish != ERROR;
}
