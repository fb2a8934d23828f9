/* curves.c - lines over x: what training reports, and activation functions beside their derivatives. */
#include <string.h>

#include "picture.h"

/* A line as a block of the data: x, y. Where y is not finite, x is left out, too: an axis ends with the last point that is
 * seen. A block that were empty would not count as one. */
static void put_block(wk_text *data, const double *x, const double *y, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        wk_put_number(data, !isfinite(y[i]) ? NAN : x ? x[i] : (double)i);
        wk_text_put(data, " ");
        wk_put_number(data, y[i]);
        wk_text_put(data, "\n");
    }
    wk_text_put(data, n > 0 ? "\n\n" : "NaN NaN\n\n\n");
}

/* "plot" of the blocks from first on; prefix, in gnuplot's language, stands before each name. Solid lines, and past the last colour dashed ones;
 * few points are marked. */
static void put_plot(wk_text *script, int first, int count, const char *const *names, size_t stride, const char *prefix,
                     bool marked)
{
    for (int i = 0; i < count; i++) {
        const char *name = *(const char *const *)((const char *)names + (size_t)i * stride);
        wk_text_add(script, "%s data index %d using 1:2 with %s lw 2 dt %d lc rgb '#%06x'%s %s",
                    i ? ", \\\n    " : "plot", first + i, marked ? "linespoints" : "lines", 1 + i / 10,
                    (unsigned)wk_color(i), marked ? " pt 7 ps 0.5 * point" : "", name ? "title " : "notitle");
        if (name) {
            wk_text_put(script, prefix);
            wk_put_quoted(script, name);
        }
    }
    wk_text_put(script, "\n");
}

/* ---- Curves ---------------------------------------------------------------------------------------------------------- */

static bool can_be_shown(double x, double y, const wick_plot_options *o)
{
    return isfinite(x) && isfinite(y) && (!o->logx || x > 0) && (!o->logy || y > 0);
}

bool wick_plot_curves_opt(const wick_plot_line *lines, int count, const char *path, const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_curves";
    WICK_SCOPE;
    wk_picture p;
    if (!lines || count < 1)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: no lines are given; give some by WICK_PLOT_SERIES", function);
    if (!wk_picture_begin(&p, function, path, &options,
                          WK_TAKES_x | WK_TAKES_logx | WK_TAKES_logy | WK_TAKES_legend | WK_TAKES_figure) ||
        (options.x && !WK_TENSOR(options.x, function, ".x")))
        return false;
    int64_t longest = 0;
    wk_range across = {0}, up = {.fractions = true};
    bool named = false, drawn = false;
    for (int k = 0; k < count; k++) {
        const wick_plot_line *line = &lines[k];
        if (!WK_TENSOR(line->y, function, "y"))
            goto end;
        if (options.x && options.x->numel != line->y->numel) {
            wick_fail(WICK_ERROR_SHAPE, "%s: line %d has shape %s and .x has %s; give one x for each y", function, k,
                      WK_SHAPE(line->y), WK_SHAPE(options.x));
            goto end;
        }
        const double *y = wk_plot_values(line->y), *x = options.x ? wk_plot_values(options.x) : NULL;
        if (!y || (options.x && !x))
            goto end;
        int64_t n = line->y->numel;
        for (int64_t i = 0; i < n; i++) {
            double at = x ? x[i] : (double)i;
            if (can_be_shown(at, y[i], &options)) {
                wk_range_add(&across, at);
                wk_range_add(&up, y[i]);
            }
        }
        put_block(&p.data, x, y, n);
        longest = n > longest ? n : longest;
        named = named || line->name;
    }
    if (up.count == 0) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: no line has a point to draw: all are empty, not finite%s", function,
                  options.logx || options.logy ? ", or not positive, as a logarithmic axis asks" : "");
        goto end;
    }
    wk_picture_head(&p, 640, 448, NULL, NULL);
    /* a line alone needs no legend: the title and the label say what it is */
    bool legend = named && (count > 1 || options.legend);
    wk_text_put(&p.script, legend ? "set key bmargin center horizontal Left reverse height 0.5\n" : "unset key\n");
    if (!options.logx)
        wk_put_tics(&p.script, 'x', across);
    if (!options.logy)
        wk_put_tics(&p.script, 'y', up);
    wk_text_put(&p.script, options.logx ? "" : "set autoscale xfix\nset offsets graph 0.02, graph 0.02, 0, 0\n");
    put_plot(&p.script, 0, count, &lines->name, sizeof *lines, "", longest <= 25);
    drawn = wk_picture_draw(&p);
end:
    wk_picture_free(&p);
    return drawn;
}

/* ---- Activation functions ------------------------------------------------------------------------------------------------ */

enum { SAMPLES = 1025 };

/* One of the two panels: blocks of the data, and the range of y. */
typedef struct half {
    wk_text data;
    wk_range up;
} half;

static void put_half(half *to, const double *x, const double *y)
{
    put_block(&to->data, x, y, SAMPLES);
    for (int i = 0; i < SAMPLES; i++)
        wk_range_add(&to->up, y[i]);
}

static wick_tensor *users_value(const wick_plot_function *f, wick_tensor *x)
{
    WK_USERS_CODE;
    return f->f(x);
}

/* y = f(x) and dy/dx, each into its panel. */
static bool sample(const char *function, const wick_plot_function *f, wick_tensor *at, half halves[2])
{
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    if (!f->f)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: function \"%s\" is NULL", function, f->name ? f->name : "");
    wick_tensor *x = wick_requires_grad_(wick_detach(at), true), *y = x ? users_value(f, x) : NULL;
    if (!y) {
        if (!wick_error_kind())
            wick_fail(WICK_ERROR_ARGUMENT, "%s: function \"%s\" returns NULL", function, f->name ? f->name : "");
        return false;
    }
    if (!WK_TENSOR(y, function, "result"))
        return false;
    if (y->numel != SAMPLES)
        return wick_fail(WICK_ERROR_SHAPE, "%s: function \"%s\" makes %s of %s; it must give one number for each",
                         function, f->name ? f->name : "", WK_SHAPE(y), WK_SHAPE(x));
    wick_tensor *slope = wick_zeros_like(x);
    if (wick_requires_grad(y)) {
        wick_list *g = wick_grad(wick_list_of(y), wick_list_of(x), .grad_outputs = wick_list_of(wick_ones_like(y)),
                                 .allow_unused = true, .materialize_grads = true);
        slope = wick_list_get(g, 0);
    }
    const double *xs = wk_plot_values(x), *ys = wk_plot_values(y), *dys = slope ? wk_plot_values(slope) : NULL;
    if (!xs || !ys || !dys)
        return false;
    put_half(&halves[0], xs, ys);
    put_half(&halves[1], xs, dys);
    return true;
}

bool wick_plot_activations_opt(const wick_plot_function *functions, int count, const char *path,
                               const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_activations";
    WICK_SCOPE;
    wk_picture p;
    if (!functions || count < 1)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: no functions are given; give some by WICK_PLOT_FUNCTIONS", function);
    if (!wk_picture_begin(&p, function, path, &options, WK_TAKES_low | WK_TAKES_high))
        return false;
    double low = options.low, high = options.high;
    if (low == 0 && high == 0)
        low = -4, high = 4;
    if (!(low < high) || !isfinite(high - low))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: x from .low = %s to .high = %s; give .low < .high", function,
                         WK_REAL(low), WK_REAL(high));
    wick_tensor *x = wick_zeros(SAMPLES, .dtype = WICK_FLOAT64);
    bool drawn = false;
    half halves[2] = {0};
    if (!x)
        return false;
    for (int i = 0; i < SAMPLES; i++)
        wk_store(x, i, low + (high - low) * i / (SAMPLES - 1));
    for (int k = 0; k < count; k++)
        if (!sample(function, &functions[k], x, halves))
            goto end;
    for (int h = 0; h < 2; h++) {
        wk_text_put(&p.data, halves[h].data.s ? halves[h].data.s : "");
        p.data.failed |= halves[h].data.failed;
    }
    wk_picture_head(&p, 960, 400, "x", NULL);
    wk_text *out = &p.script;
    wk_picture_panels(&p, 1, 2);
    wk_text_put(out, options.title ? " margins 0.06, 0.98, 0.14, 0.88" : " margins 0.06, 0.98, 0.14, 0.96");
    wk_text_put(out, " spacing 0.09, 0.1");
    wk_text_put(
        out, "\nset key top left Left reverse\nset zeroaxis lc rgb '#999999' lt 1\nset offsets 0, 0, graph 0.04, graph "
             "0.04\n"
             "set xrange [");
    wk_put_number(out, low);
    wk_text_put(out, ":");
    wk_put_number(out, high);
    wk_text_put(out, "]\n");
    wk_put_tics(out, 'x', wk_range_of(low, high));
    for (int h = 0; h < 2; h++) {
        wk_put_tics(out, 'y', halves[h].up);
        put_plot(out, h * count, count, &functions->name, sizeof *functions, h ? "'\xE2\x88\x82/\xE2\x88\x82x '." : "",
                 false);
    }
    wk_text_put(out, "unset multiplot\n");
    drawn = wk_picture_draw(&p);
end:
    for (int h = 0; h < 2; h++)
        wk_text_free(&halves[h].data);
    wk_picture_free(&p);
    return drawn;
}
