/* axes.c - what is written along an axis: tics at round numbers, all with the same number of digits. */
#include "picture.h"

void wk_range_add(wk_range *range, double x)
{
    if (!isfinite(x))
        return;
    if (range->count++ == 0)
        range->low = range->high = x;
    range->low = fmin(range->low, x);
    range->high = fmax(range->high, x);
    range->fractions = range->fractions || x != floor(x);
}

/* A step of 1, 2 or 5 times a power of ten, which a range has some five of. */
static double tic_step(double range)
{
    double power = pow(10, floor(log10(range / 5)));
    double step = range / 5 / power;
    return power * (step <= 1 ? 1 : step <= 2 ? 2 : step <= 5 ? 5 : 10);
}

/* Left to itself gnuplot takes a number's shortest form, 0.1 beside 0.15, and puts a space before it, so that the text stands
 * beside its tic. */
void wk_put_tics(wk_text *out, char axis, wk_range range)
{
    double step = tic_step(range.high - range.low);
    if (range.count == 0 || !isfinite(step) || !(step > 0))
        return;
    if (!range.fractions)
        step = fmax(step, 1);
    int last = (int)floor(log10(step) + 1e-9); /* the place of the last digit that tells tics apart */
    int first = (int)floor(log10(fmax(fabs(range.low), fabs(range.high))) + 1e-9);
    wk_text_add(out, "set %ctics ", axis);
    wk_put_number(out, step);
    if (first > 5 || last < -5)
        wk_text_add(out, "\nset format %c '%%.%de'\n", axis, first > last ? first - last : 0);
    else
        wk_text_add(out, "\nset format %c '%%.%df'\n", axis, last < 0 ? -last : 0);
}
