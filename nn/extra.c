/* extra.c - what print shows in the parentheses of a layer: entries separated by commas, numbers as Python writes them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "module.h"

void wk_extra(char *text, size_t length, const char *format, ...)
{
    size_t used = strlen(text);
    if (used && used + 2 < length) {
        memcpy(text + used, ", ", 3);
        used += 2;
    }
    va_list list;
    va_start(list, format);
    vsnprintf(text + used, length - used, format, list);
    va_end(list);
}

void wk_extra_dims(char *text, size_t length, const char *name, const wick_dims *dims)
{
    char sizes[16 + 22 * WICK_MAX_DIMS] = "";
    for (int d = 0; d < dims->count; d++)
        wk_extra(sizes, sizeof sizes, "%lld", (long long)dims->dim[d]);
    wk_extra(text, length, "%s(%s%s)", name, sizes, dims->count == 1 ? "," : "");
}

void wk_extra_float(char *text, size_t length, const char *name, double x)
{
    char number[WK_FLOAT_TEXT];
    wk_extra(text, length, "%s%s", name, wk_float_text(x, number));
}
