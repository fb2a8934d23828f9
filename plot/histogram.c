/* histogram.c - how the elements of a tensor are distributed, or those of every parameter of a model. */
#include <string.h>

#include "picture.h"

enum { MOST_PANELS = 100, MOST_BINS = 10000 };

/* A tensor's elements in bins of equal width; elements that are not finite are counted apart. */
typedef struct histogram {
    double low, width;
    int bins;
    int64_t *count;
    int64_t finite, others;
} histogram;

/* Into count, which has room for the bins. False, with an error, if memory runs out. */
static bool fill(histogram *h, const wick_tensor *t)
{
    WICK_SCOPE;
    const double *values = wk_plot_values(t);
    if (!values)
        return false;
    double low = INFINITY, high = -INFINITY;
    memset(h->count, 0, (size_t)h->bins * sizeof *h->count);
    h->finite = 0;
    for (int64_t i = 0; i < t->numel; i++) {
        if (!isfinite(values[i]))
            continue;
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
        h->finite++;
    }
    h->others = t->numel - h->finite;
    if (h->finite == 0)
        return true;
    if (low == high) { /* as NumPy: a unit around the one value */
        low -= 0.5;
        high += 0.5;
    }
    h->low = low;
    h->width = high / h->bins - low / h->bins;
    for (int64_t i = 0; i < t->numel; i++) {
        if (!isfinite(values[i]))
            continue;
        double at = h->width > 0 ? values[i] / h->width - low / h->width : 0;
        int64_t bin = at < 0 ? 0 : at >= h->bins ? h->bins - 1 : (int64_t)at;
        h->count[bin]++;
    }
    return true;
}

static void put_bins(wk_text *data, const histogram *h)
{
    for (int i = 0; i < h->bins && h->finite > 0; i++) {
        wk_put_number(data, h->low + h->width * (i + 0.5));
        wk_text_add(data, " %lld\n", (long long)h->count[i]);
    }
    wk_text_put(data, h->finite > 0 ? "\n\n" : "NaN NaN\n\n\n");
}

/* The panel of block index. */
static void put_panel(wk_picture *p, const histogram *h, int64_t index)
{
    wk_text *out = &p->script;
    wk_text_put(out, "unset label 1\n");
    if (h->others > 0 || h->finite == 0)
        wk_text_add(out, "set label 1 '%lld not finite' at graph 0.98, graph 0.95 right tc rgb '#%06x' front\n",
                    (long long)h->others, (unsigned)wk_color(1));
    if (h->finite == 0) {
        wk_text_put(out, "set xrange [-1:1]\nset yrange [0:1]\nplot NaN notitle\nset xrange [*:*]\n");
    } else {
        wk_range across = wk_range_of(h->low, h->low + h->width * h->bins), up = {0};
        wk_range_add(&up, 0);
        for (int i = 0; i < h->bins; i++)
            wk_range_add(&up, (double)h->count[i]);
        wk_text_put(out, "set xrange [");
        wk_put_number(out, across.low);
        wk_text_put(out, ":");
        wk_put_number(out, across.high);
        wk_text_put(out, "]\n");
        wk_put_tics(out, 'x', across);
        if (p->options->logy) {
            wk_text_put(out, "set yrange [0.5:*]\n");
        } else {
            wk_text_put(out, "set yrange [0:");
            wk_put_number(out, 1.05 * up.high);
            wk_text_put(out, "]\n");
            wk_put_tics(out, 'y', up);
        }
        wk_text_put(out, "set boxwidth ");
        wk_put_number(out, h->width);
        wk_text_add(out,
                    "\nplot data index %lld using 1:2 with boxes fs solid 0.75 border lc rgb '#ffffff' lw 0.4 fc rgb "
                    "'#%06x' notitle\n",
                    (long long)index, (unsigned)wk_color(0));
    }
}

static bool begin(wk_picture *p, histogram *h, const char *function, const char *path, const wick_plot_options *options,
                  unsigned takes)
{
    if (!wk_picture_begin(p, function, path, options, takes))
        return false;
    int bins = options->bins ? options->bins : 40;
    if (bins < 1 || bins > MOST_BINS)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .bins = %d; give 1 to %d", function, bins, MOST_BINS);
    *h = (histogram){.bins = bins, .count = wk_alloc((size_t)bins * sizeof *h->count)};
    return h->count != NULL;
}

static void end(wk_picture *p, histogram *h)
{
    wk_free(h->count, (size_t)h->bins * sizeof *h->count);
    wk_picture_free(p);
}

bool wick_plot_histogram_opt(wick_tensor *t, const char *path, const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_histogram";
    wk_picture p;
    histogram h;
    if (!WK_TENSOR(t, function, "t") ||
        !begin(&p, &h, function, path, &options, WK_TAKES_bins | WK_TAKES_logy | WK_TAKES_figure))
        return false;
    bool drawn = fill(&h, t);
    if (drawn && h.finite == 0) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: none of the %lld elements of t is finite", function, (long long)t->numel);
        drawn = false;
    }
    if (drawn) {
        put_bins(&p.data, &h);
        wk_picture_head(&p, 640, 448, "value", "count");
        put_panel(&p, &h, 0);
        drawn = wk_picture_draw(&p);
    }
    end(&p, &h);
    return drawn;
}

/* The tensors of the picture under their names: parameters, or the gradients that there are. */
static wick_dict *chosen(const char *function, wick_module *model, bool gradients)
{
    wick_dict *parameters = wick_nn_named_parameters(model), *all = gradients ? wick_nn_dict_new() : parameters;
    if (!parameters || !all)
        return NULL;
    for (int64_t i = 0; gradients && i < wick_nn_dict_count(parameters); i++) {
        wick_tensor *gradient = wick_grad_of(wick_nn_dict_tensor(parameters, i));
        if (gradient && !wick_nn_dict_set(all, wick_nn_dict_name(parameters, i), gradient))
            return NULL;
    }
    int64_t count = wick_nn_dict_count(all);
    if (count == 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the model has no %s", function,
                         gradients ? "gradients; call wick_backward first" : "parameters");
    if (count > MOST_PANELS)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld parameters; %d fit in a picture: draw parts of the model",
                         function, (long long)count, MOST_PANELS);
    return all;
}

bool wick_plot_parameters_opt(wick_module *model, const char *path, const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_parameters";
    WICK_SCOPE;
    wk_picture p;
    histogram h;
    if (!WK_MODULE(model, function, "model"))
        return false;
    wick_dict *all = chosen(function, model, options.gradients);
    if (!all ||
        !begin(&p, &h, function, path, &options, WK_TAKES_bins | WK_TAKES_logy | WK_TAKES_gradients | WK_TAKES_columns))
        return false;
    int64_t count = wick_nn_dict_count(all), columns = options.columns > 0 ? options.columns : 2;
    while (options.columns <= 0 && columns < 6 && columns * columns < count)
        columns++;
    columns = columns > count ? count : columns;
    int64_t rows = (count + columns - 1) / columns, width = columns * 280 + 20,
            height = rows * 200 + (options.title ? 34 : 10);
    wk_picture_head(&p, (int)width, (int)height, NULL, NULL);
    wk_text *out = &p.script;
    wk_picture_panels(&p, rows, columns);
    wk_text_put(out, "\n");
    bool drawn = true;
    for (int64_t i = 0; i < count && drawn; i++) {
        drawn = fill(&h, wick_nn_dict_tensor(all, i));
        put_bins(&p.data, &h);
        wk_text_put(out, "set title ");
        wk_put_quoted(out, wick_nn_dict_name(all, i));
        wk_text_put(out, " noenhanced offset 0, -0.6\n");
        put_panel(&p, &h, i);
    }
    wk_text_put(out, "unset multiplot\n");
    drawn = drawn && wk_picture_draw(&p);
    end(&p, &h);
    return drawn;
}
