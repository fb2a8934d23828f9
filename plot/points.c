/* points.c - points of two features in the colours of their classes, and what a model says in the plane around them. */
#include <string.h>

#include "picture.h"

enum { CLASSES = 64, CHUNK = 4096 };

/* ---- Points ---------------------------------------------------------------------------------------------------------- */

bool wk_points_read(wk_points *points, const char *function, wick_tensor *X, wick_tensor *y, int64_t classes)
{
    if (!WK_TENSOR(X, function, "X"))
        return false;
    if (X->ndim != 2 || X->shape[1] != 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: X has shape %s; give (n, 2), two features for each point", function,
                         WK_SHAPE(X));
    *points = (wk_points){
        .x = wk_plot_values(X), .n = X->shape[0], .low = {INFINITY, INFINITY}, .high = {-INFINITY, -INFINITY}};
    if (!points->x)
        return false;
    points->classes = 1;
    if (y && !(points->y = wk_plot_classes(function, "y", y, points->n, classes, &points->classes)))
        return false;
    for (int64_t i = 0; i < 2 * points->n; i++) {
        double a = points->x[i];
        if (isfinite(a) && isfinite(points->x[i ^ 1])) {
            points->low[i & 1] = fmin(points->low[i & 1], a);
            points->high[i & 1] = fmax(points->high[i & 1], a);
        }
    }
    if (!(points->low[0] <= points->high[0]))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: X has no point whose two features are finite", function);
    return true;
}

void wk_points_data(wk_picture *p, const wk_points *points)
{
    for (int64_t k = 0; k < points->classes; k++) {
        int64_t before = (int64_t)p->data.length;
        for (int64_t i = 0; i < points->n; i++) {
            if (points->y && points->y[i] != k)
                continue;
            wk_put_number(&p->data, points->x[2 * i]);
            wk_text_put(&p->data, " ");
            wk_put_number(&p->data, points->x[2 * i + 1]);
            wk_text_put(&p->data, "\n");
        }
        wk_text_put(&p->data, (int64_t)p->data.length > before ? "\n\n" : "NaN NaN\n\n\n");
    }
}

void wk_points_plot(wk_picture *p, const wk_points *points, int first)
{
    static const int shapes[] = {7, 5, 9, 13, 11}; /* disc, square, triangles, diamond: filled */
    wk_text *out = &p->script;
    double size = (points->n > 2000 ? 0.45 : points->n > 500 ? 0.6 : 0.8);
    for (int64_t k = 0; k < points->classes; k++) {
        char number[32];
        bool present = !points->y;
        for (int64_t i = 0; i < points->n && !present; i++)
            present = points->y[i] == k;
        if (!present)
            continue;
        /* a light rim, so that points that lie on each other, or on their own colour, can be told apart */
        for (int rim = 1; rim >= 0; rim--) {
            wk_text_add(out, ", \\\n    data index %lld using 1:2 with points pt %d ps ", (long long)(first + k),
                        shapes[k % 5]);
            wk_put_number(out, rim ? size * 1.45 : size);
            wk_text_add(out, " * point lc rgb '#%06x' %s", rim ? 0xFFFFFFu : (unsigned)wk_color(k),
                        rim || !points->y ? "notitle" : "title ");
            if (!rim && points->y)
                wk_put_quoted(out, wk_class_name(p->options->class_names, k, number));
        }
    }
    wk_text_put(out, "\n");
}

/* "set xrange [...]" and the y range. */
static void put_ranges(wk_text *out, const double *low, const double *high)
{
    for (int d = 0; d < 2; d++) {
        wk_text_add(out, "set %crange [", d ? 'y' : 'x');
        wk_put_number(out, low[d]);
        wk_text_put(out, ":");
        wk_put_number(out, high[d]);
        wk_text_put(out, "]\n");
    }
}

/* The tics of both axes. They set formats, in which "set table" would write its numbers: they come after it. */
static void put_both_tics(wk_text *out, const double *low, const double *high)
{
    for (int d = 0; d < 2; d++)
        wk_put_tics(out, d ? 'y' : 'x', wk_range_of(low[d], high[d]));
}

/* The points' range and a margin on each side, part of the range or at least something. */
static void widen(const wk_points *points, double part, double *low, double *high)
{
    for (int d = 0; d < 2; d++) {
        double range = points->high[d] - points->low[d];
        double margin = range > 0 ? part * range : fmax(fabs(points->low[d]), 1) * 0.5;
        low[d] = points->low[d] - margin;
        high[d] = points->high[d] + margin;
    }
}

bool wick_plot_scatter_opt(wick_tensor *X, wick_tensor *y, const char *path, const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_scatter";
    WICK_SCOPE;
    wk_picture p;
    wk_points points;
    double low[2], high[2];
    if (!wk_points_read(&points, function, X, y, CLASSES) ||
        !wk_picture_begin(&p, function, path, &options, WK_TAKES_class_names | WK_TAKES_figure))
        return false;
    widen(&points, 0.05, low, high);
    wk_points_data(&p, &points);
    wk_picture_head(&p, 600, 480, "Feature 1", "Feature 2");
    put_ranges(&p.script, low, high);
    put_both_tics(&p.script, low, high);
    wk_text_put(&p.script, "set key outside right top Left reverse\nplot NaN notitle");
    wk_points_plot(&p, &points, 0);
    bool drawn = wk_picture_draw(&p);
    wk_picture_free(&p);
    return drawn;
}

/* ---- What a model says ----------------------------------------------------------------------------------------------- */

/* The modes of a model's modules, in the order in which wick_nn_apply visits them. */
typedef struct modes {
    bool *training;
    size_t count, room; /* the model's forward may add modules */
    bool restore;
} modes;

static void each_mode(wick_module *m, void *context)
{
    modes *all = context;
    if (all->training && all->count >= all->room)
        return;
    if (all->restore)
        m->training = all->training[all->count];
    else if (all->training)
        all->training[all->count] = m->training;
    all->count++;
}

/* A map of (size, size) numbers, the first row the lowest. */
typedef struct map {
    int64_t size, classes; /* 1: of probabilities */
    double low[2], high[2];
    double *values;
} map;

/* The part of the map that the rows from first on make, of the model's result y. */
static bool take_values(const char *function, map *m, int64_t first, int64_t rows, wick_tensor *y, bool logits)
{
    if (!y || !WK_TENSOR(y, function, "the model's result"))
        return false;
    int64_t columns = y->ndim == 2 ? y->shape[1] : 1;
    if (y->ndim < 1 || y->ndim > 2 || y->shape[0] != rows || columns < 1 || columns > CLASSES)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: for inputs (%lld, 2) the model returns %s; a picture shows (n), (n, 1), or (n, C) with at most %d "
            "classes",
            function, (long long)rows, WK_SHAPE(y), CLASSES);
    const double *values = wk_plot_values(y);
    if (!values)
        return false;
    m->classes = columns;
    for (int64_t i = 0; i < rows; i++) {
        const double *row = values + i * columns;
        double *to = &m->values[first + i];
        if (columns == 1) {
            *to = logits ? 1 / (1 + exp(-row[0])) : row[0];
            if (*to < 0 || *to > 1)
                return wick_fail(
                    WICK_ERROR_ARGUMENT,
                    "%s: the model returns %s, which is not a probability; if it returns logits, set .logits = true",
                    function, WK_REAL(*to));
            continue;
        }
        int64_t best = 0;
        for (int64_t k = 1; k < columns; k++)
            best = row[k] > row[best] ? k : best;
        *to = isnan(row[best]) ? NAN : (double)best;
    }
    return true;
}

/* Calls the model on every point of the map, some at a time. */
static bool ask(const char *function, wick_module *model, map *m, wick_dtype dtype, bool logits)
{
    WICK_NO_GRAD;
    int64_t all = m->size * m->size;
    for (int64_t first = 0; first < all; first += CHUNK) {
        WICK_SCOPE;
        int64_t rows = all - first < CHUNK ? all - first : CHUNK;
        wick_tensor *x = wick_zeros(rows, 2, .dtype = dtype);
        if (!x)
            return false;
        for (int64_t i = 0; i < 2 * rows; i++) {
            int64_t d = i & 1, at = d ? (first + i / 2) / m->size : (first + i / 2) % m->size;
            wk_store(x, i, m->low[d] + (m->high[d] - m->low[d]) * ((double)at + 0.5) / (double)m->size);
        }
        if (!take_values(function, m, first, rows, wick_nn_forward(model, x), logits))
            return false;
    }
    return true;
}

/* The same in evaluation mode; every module's own mode afterwards. */
static bool ask_in_evaluation(const char *function, wick_module *model, map *m, wick_dtype dtype, bool logits)
{
    modes all = {0};
    if (!wick_nn_apply(model, each_mode, &all))
        return false;
    size_t bytes = all.count * sizeof *all.training;
    all = (modes){.training = wk_alloc(bytes), .room = all.count};
    bool asked = all.training && wick_nn_apply(model, each_mode, &all);
    if (asked) {
        asked = wick_nn_eval(model) && ask(function, model, m, dtype, logits);
        all.count = 0;
        all.restore = true;
        asked = wick_nn_apply(model, each_mode, &all) && asked;
    }
    wk_free(all.training, bytes);
    return asked;
}

/* The map as a matrix behind the blocks of the points. */
static void put_map(wk_text *data, const map *m)
{
    for (int64_t i = 0; i < m->size * m->size; i++) {
        if (m->classes == 1 && isfinite(m->values[i]))
            wk_put_number(data, round(m->values[i] * 1e4) / 1e4);
        else
            wk_put_number(data, m->values[i]);
        wk_text_put(data, (i + 1) % m->size ? " " : "\n");
    }
}

/* The columns of the matrix as places in the plane. */
static void put_using(wk_text *out, const map *m)
{
    for (int d = 0; d < 2; d++) {
        double step = (m->high[d] - m->low[d]) / (double)m->size;
        wk_text_put(out, d ? ":(" : "using (");
        wk_put_number(out, m->low[d] + step / 2);
        wk_text_add(out, " + $%d * ", d + 1);
        wk_put_number(out, step);
        wk_text_put(out, ")");
    }
    wk_text_put(out, ":3");
}

static void put_boundary(wk_picture *p, const map *m, const wk_points *points)
{
    wk_text *out = &p->script;
    int64_t first = points->classes;
    put_ranges(out, m->low, m->high);
    wk_text_put(out, "unset grid\nset border 15 front\nset tics front out\nset key outside right top Left reverse\n");
    if (m->classes == 1) {
        int64_t room =
            16; /* on the right: left to itself, gnuplot leaves some for names, but none for the colour box */
        for (int64_t k = 0; k < wk_name_count(p->options->class_names); k++)
            room = (int64_t)fmax((double)room, fmin(40, 7 + (double)strlen(p->options->class_names[k])));
        wk_text_add(out, "set rmargin %lld\nset key at graph 1.02, graph 1 left top\n", (long long)room);
        wk_text_add(
            out,
            "set palette defined (0 '#%06x', 0.5 '#ffffff', 1 '#%06x')\nset cbrange [0:1]\nset colorbox user "
            "origin graph 1.03, graph 0 size graph 0.035, graph 0.6\nset cbtics 0, 0.25 scale 0.5\nset format cb '%%.2f'\n"
            "set cblabel 'probability of class 1' offset 0.5\n",
            (unsigned)wk_shade(wk_color(0), 0.6), (unsigned)wk_shade(wk_color(1), 0.6));
        wk_text_put(
            out,
            "set contour base\nset cntrparam levels discrete 0.5\nunset surface\nset table $boundary\nsplot data ");
        wk_text_add(out, "index %lld matrix ", (long long)first);
        put_using(out, m);
        wk_text_put(out, " with lines nosurface\nunset table\nunset contour\n");
    } else {
        wk_text_add(out, "set palette maxcolors %lld defined (", (long long)m->classes);
        for (int64_t k = 0; k < m->classes; k++)
            wk_text_add(out, "%s%lld '#%06x'", k ? ", " : "", (long long)k, (unsigned)wk_shade(wk_color(k), 0.35));
        wk_text_add(out, ")\nset cbrange [-0.5:%lld.5]\nunset colorbox\n", (long long)m->classes - 1);
    }
    put_both_tics(out, m->low, m->high);
    wk_text_add(out, "plot data index %lld matrix ", (long long)first);
    put_using(out, m);
    wk_text_put(out, " with image notitle");
    if (m->classes == 1)
        wk_text_put(out, ", \\\n    $boundary using 1:2 with lines lw 1.5 lc rgb '#222222' notitle");
    wk_points_plot(p, points, 0);
}

bool wick_plot_decision_boundary_opt(wick_module *model, wick_tensor *X, wick_tensor *y, const char *path,
                                     const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_decision_boundary";
    WICK_SCOPE;
    wk_picture p;
    wk_points points;
    int64_t size = options.resolution ? options.resolution : 300;
    if (!WK_MODULE(model, function, "model") || !wk_points_read(&points, function, X, y, CLASSES) ||
        !wk_picture_begin(&p, function, path, &options,
                          WK_TAKES_class_names | WK_TAKES_logits | WK_TAKES_resolution | WK_TAKES_figure))
        return false;
    if (size < 10 || size > 2000)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .resolution = %lld; give 10 to 2000", function, (long long)size);
    WK_HOLD(model);
    wick_dtype dtype = wick_dtype_is_floating(X->dtype) ? X->dtype : wick_default_dtype();
    wick_list *parameters = wick_nn_parameters(model);
    if (!parameters)
        return false;
    for (int64_t i = parameters->count; i-- > 0;)
        if (wick_dtype_is_floating(parameters->items[i]->dtype))
            dtype = parameters->items[i]->dtype;

    size_t bytes = (size_t)(size * size) * sizeof(double);
    map m = {.size = size, .values = wk_alloc(bytes)};
    widen(&points, 0.1, m.low, m.high);
    bool drawn = m.values && ask_in_evaluation(function, model, &m, dtype, options.logits);
    if (drawn) {
        wk_points_data(&p, &points);
        put_map(&p.data, &m);
        wk_picture_head(&p, 640, 500, "Feature 1", "Feature 2");
        put_boundary(&p, &m, &points);
        drawn = wk_picture_draw(&p);
    }
    wk_free(m.values, bytes);
    wk_picture_free(&p);
    return drawn;
}
