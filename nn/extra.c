/* extra.c - what print shows in the parentheses of a layer: entries separated by commas, numbers as Python writes them. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

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
    /* The fewest digits that read back as the same number; an exponent from 1e16 on and below 1e-4. */
    char digits[48];
    int places = 0;
    do
        snprintf(digits, sizeof digits, "%.*e", places, x);
    while (isfinite(x) && strtod(digits, NULL) != x && ++places < 17);
    const char *e = strchr(digits, 'e');
    int exponent = isfinite(x) && e ? atoi(e + 1) : 99;
    if (exponent >= -4 && exponent < 16)
        snprintf(digits, sizeof digits, "%.*f", places > exponent + 1 ? places - exponent : 1, x);
    wk_extra(text, length, "%s%s", name, digits);
}
