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

size_t wk_utf8_character(const char *s, size_t count)
{
    const unsigned char *c = (const unsigned char *)s;
    if (count == 0 || c[0] < 0x80)
        return count > 0;
    size_t length = c[0] >= 0xF0 ? 4 : c[0] >= 0xE0 ? 3 : 2;
    if (c[0] < 0xC2 || c[0] > 0xF4 || length > count)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((c[i] & 0xC0) != 0x80)
            return 0;
    bool wrong = (c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xF0 && c[1] < 0x90) || (c[0] == 0xF4 && c[1] > 0x8F);
    return wrong ? 0 : length;
}

bool wk_is_utf8(const char *s, size_t count)
{
    for (size_t length; count > 0; s += length, count -= length)
        if ((length = wk_utf8_character(s, count)) == 0)
            return false;
    return true;
}
