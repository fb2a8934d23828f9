/* text.c - text that grows as it is written: what print shows, error messages that list things, dotted names. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "object.h"

/* Makes room for more characters and the final 0. */
static bool reserve(wk_text *text, size_t more)
{
    if (text->failed || more < text->capacity - text->length)
        return !text->failed;
    size_t wanted = text->capacity ? text->capacity * 2 : 128;
    while (wanted - text->length <= more)
        wanted *= 2;
    char *larger = wk_alloc(wanted);
    if (!larger) {
        text->failed = true;
        return false;
    }
    if (text->s)
        memcpy(larger, text->s, text->length + 1);
    wk_free(text->s, text->capacity);
    text->s = larger;
    text->capacity = wanted;
    return true;
}

void wk_text_put(wk_text *text, const char *characters)
{
    size_t length = strlen(characters);
    if (!reserve(text, length))
        return;
    memcpy(text->s + text->length, characters, length + 1);
    text->length += length;
}

void wk_text_add(wk_text *text, const char *format, ...)
{
    if (text->failed)
        return;
    va_list list;
    va_start(list, format);
    int needed = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (needed < 0 || !reserve(text, (size_t)needed))
        return;
    va_start(list, format);
    vsnprintf(text->s + text->length, (size_t)needed + 1, format, list);
    va_end(list);
    text->length += (size_t)needed;
}

void wk_text_cut(wk_text *text, size_t length)
{
    if (length < text->length) {
        text->length = length;
        text->s[length] = '\0';
    }
}

void wk_text_free(wk_text *text)
{
    wk_free(text->s, text->capacity);
    *text = (wk_text){0};
}

void wk_text_use_point(wk_text *text, size_t start)
{
    if (text->failed)
        return;
    char *mark = text->s + start;
    mark += strspn(mark, " +-0123456789");
    size_t length = strcspn(mark, "0123456789eE");
    if (length == 0)
        return;
    memmove(mark + 1, mark + length, strlen(mark + length) + 1);
    *mark = '.';
    text->length -= length - 1;
}
