/* values.c - tensors as pictures read them: numbers, and classes with names. */
#include "picture.h"

const double *wk_plot_values(const wick_tensor *t)
{
    wick_tensor *real = t ? wk_cast(t, WICK_FLOAT64) : NULL, *values = real ? wk_own(wk_contiguous(real)) : NULL;
    wk_unref(real);
    return values ? wk_data(values) : NULL;
}

const int64_t *wk_plot_classes(const char *function, const char *name, wick_tensor *t, int64_t n, int64_t limit,
                               int64_t *classes)
{
    if (!WK_TENSOR(t, function, name))
        return NULL;
    if (t->numel != n)
        return wick_fail(WICK_ERROR_SHAPE, "%s: %s has shape %s; give %lld classes, one for each sample", function,
                         name, WK_SHAPE(t), (long long)n);
    const double *values = wk_plot_values(t);
    wick_tensor *whole = values ? wk_own(wk_new(&n, 1, WICK_INT64)) : NULL;
    if (!whole)
        return NULL;
    int64_t *out = wk_data(whole);
    *classes = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!(values[i] >= 0 && values[i] < (double)limit) || floor(values[i]) != values[i])
            return wick_fail(WICK_ERROR_ARGUMENT,
                             "%s: element %lld of %s is %s; a class is a whole number from 0 to %lld", function,
                             (long long)i, name, WK_REAL(values[i]), (long long)limit - 1);
        out[i] = (int64_t)values[i];
        *classes = out[i] >= *classes ? out[i] + 1 : *classes;
    }
    return out;
}

int64_t wk_name_count(const char *const *names)
{
    int64_t count = 0;
    while (names && names[count])
        count++;
    return count;
}

const char *wk_class_name(const char *const *names, int64_t i, char text[32])
{
    if (i < wk_name_count(names))
        return names[i];
    snprintf(text, 32, "%lld", (long long)i);
    return text;
}
