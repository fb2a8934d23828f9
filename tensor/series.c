/* series.c - a list of numbers that grows: rows of doubles, one behind the other, in an array that doubles. */
#include "series.h"

#include <stdio.h>
#include <string.h>

#include "tensor_struct.h"
#include "text.h"

struct wick_series {
    wick_object base;
    double *number;
    size_t count, capacity; /* of numbers */
    int width;              /* numbers a row; 0: there was none yet */
};

static void series_destroy(wick_object *object)
{
    wick_series *s = (wick_series *)object;
    wk_free(s->number, s->capacity * sizeof *s->number);
    wk_free(s, sizeof *s);
}

static const wk_class series_class = {"series", series_destroy};
#define SERIES(s, function) wk_check(s, &series_class, function, "s")

wick_series *wick_series_new(void)
{
    WK_ENTER;
    wick_series *s = wk_alloc_zero(sizeof *s);
    if (s)
        wk_object_init(&s->base, &series_class);
    return wk_own(s);
}

bool wick_series_append_n(wick_series *s, const double *row, int count)
{
    WK_ENTER;
    const char *function = "wick_series_append";
    if (!SERIES(s, function))
        return false;
    if (count < 1 || !row)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: a row of %d numbers; it must have at least one", function, count) !=
               NULL;
    if (s->width && count != s->width)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: a row of %d numbers; the rows before have %d", function, count,
                         s->width) != NULL;
    while (s->capacity - s->count < (size_t)count)
        if (!WK_GROW(s->number, s->capacity, s->capacity))
            return false;
    memcpy(s->number + s->count, row, (size_t)count * sizeof *row);
    s->count += (size_t)count;
    s->width = count;
    return true;
}

static int64_t rows(const wick_series *s) { return s->width ? (int64_t)(s->count / (size_t)s->width) : 0; }

long long wick_series_count(const wick_series *s)
{
    WK_ENTER;
    return s && SERIES(s, "wick_series_count") ? rows(s) : 0;
}
int wick_series_width(const wick_series *s)
{
    WK_ENTER;
    return s && SERIES(s, "wick_series_width") ? s->width : 0;
}

static double get(const char *function, const wick_series *s, int64_t i, int k)
{
    if (!SERIES(s, function))
        return NAN;
    if (i < -rows(s) || i >= rows(s) || k < 0 || k >= s->width) {
        wick_fail(WICK_ERROR_INDEX, "%s: number %d of row %lld of a series of %lld rows of %d", function, k,
                  (long long)i, (long long)rows(s), s->width);
        return NAN;
    }
    return s->number[(size_t)(i < 0 ? i + rows(s) : i) * (size_t)s->width + (size_t)k];
}

double wick_series_get(const wick_series *s, int64_t i)
{
    WK_ENTER;
    return get("wick_series_get", s, i, 0);
}
double wick_series_get_at(const wick_series *s, int64_t i, int k)
{
    WK_ENTER;
    return get("wick_series_get_at", s, i, k);
}

wick_tensor *wick_series_tensor(const wick_series *s)
{
    WK_ENTER;
    if (!SERIES(s, "wick_series_tensor"))
        return NULL;
    wick_tensor *t = wk_new((const int64_t[]){rows(s), s->width}, s->width > 1 ? 2 : 1, WICK_FLOAT64);
    if (t && s->count)
        memcpy(wk_data(t), s->number, s->count * sizeof *s->number);
    return wk_own(t);
}

static bool series_text(const wick_series *s, wk_text *out)
{
    wk_text_put(out, "[");
    for (size_t i = 0; i < s->count; i++) {
        bool first = i % (size_t)s->width == 0, last = (i + 1) % (size_t)s->width == 0;
        wk_text_put(out, i ? ", " : "");
        wk_text_put(out, s->width > 1 && first ? "(" : "");
        wk_text_add_float(out, s->number[i]);
        wk_text_put(out, s->width > 1 && last ? ")" : "");
    }
    wk_text_put(out, "]");
    return !out->failed;
}

const char *wick_series_to_string(const wick_series *s)
{
    WK_ENTER;
    if (!SERIES(s, "wick_series_to_string"))
        return NULL;
    wk_text out = {0};
    const char *string = series_text(s, &out) ? wk_string(out.s, out.length) : NULL;
    wk_text_free(&out);
    return string;
}

bool wick_series_print(const wick_series *s)
{
    WK_ENTER;
    if (!SERIES(s, "wick_series_print"))
        return false;
    wk_text out = {0};
    bool done = series_text(s, &out) && wk_print_text("wick_series_print", out.s);
    wk_text_free(&out);
    return done;
}
