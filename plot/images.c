/* images.c - the first images of a data set in a grid. */
#include <string.h>

#include "picture.h"

enum { MOST_PIXELS = 10000000, MOST_IMAGES = 100 };

/* Images as grey values. */
typedef struct pixels {
    const double *values; /* (n, channels, h, w) */
    int64_t n, channels, h, w;
} pixels;

static bool read_images(const char *function, wick_tensor *images, int64_t wanted, pixels *px)
{
    if (!WK_TENSOR(images, function, "images"))
        return false;
    const int64_t *shape = images->shape;
    int ndim = images->ndim;
    if ((ndim != 3 && ndim != 4) || (ndim == 4 && shape[1] != 1 && shape[1] != 3))
        return wick_fail(WICK_ERROR_SHAPE, "%s: images has shape %s; give (n, h, w), (n, 1, h, w) or (n, 3, h, w)",
                         function, WK_SHAPE(images));
    *px = (pixels){.n = shape[0], .channels = ndim == 4 ? shape[1] : 1, .h = shape[ndim - 2], .w = shape[ndim - 1]};
    if (images->numel == 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: images has shape %s: there is nothing to draw", function,
                         WK_SHAPE(images));
    if (wanted < 0 || wanted > px->n)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .count = %lld of %lld images", function, (long long)wanted,
                         (long long)px->n);
    px->n = wanted ? wanted : px->n < MOST_IMAGES ? px->n : MOST_IMAGES;
    if (px->h * px->w > MOST_PIXELS / px->n)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: %lld images of (%lld, %lld) are more than %d pixels; give fewer by .count", function,
                         (long long)px->n, (long long)px->h, (long long)px->w, MOST_PIXELS);
    px->values = wk_plot_values(wick_narrow(wick_detach(images), 0, 0, px->n));
    return px->values != NULL;
}

/* Channels of red, green and blue become their brightness (ITU-R BT.601). */
static double grey(const pixels *px, int64_t image, int64_t at)
{
    const double *v = px->values + image * px->channels * px->h * px->w + at;
    int64_t plane = px->h * px->w;
    return px->channels == 1 ? v[0] : 0.299 * v[0] + 0.587 * v[plane] + 0.114 * v[2 * plane];
}

/* Each image as a matrix, from 0 to 1; the first row is the top. */
static void put_images(wk_text *data, const pixels *px)
{
    int64_t area = px->h * px->w;
    for (int64_t k = 0; k < px->n; k++) {
        double least = INFINITY, most = -INFINITY;
        for (int64_t i = 0; i < area; i++) {
            double v = grey(px, k, i);
            if (isfinite(v)) {
                least = fmin(least, v);
                most = fmax(most, v);
            }
        }
        double range = most > least ? most - least : 1;
        for (int64_t i = 0; i < area; i++) {
            double v = (grey(px, k, i) - least) / range;
            wk_put_number(data, isfinite(v) ? round(v * 255) / 255 : NAN);
            wk_text_put(data, (i + 1) % px->w ? " " : "\n");
        }
        wk_text_put(data, "\n\n");
    }
}

bool wick_plot_images_opt(wick_tensor *images, wick_tensor *labels, const char *path, const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_images";
    WICK_SCOPE;
    wk_picture p;
    pixels px = {0};
    const int64_t *classes = NULL;
    int64_t largest;
    if (!read_images(function, images, options.count, &px) ||
        !wk_picture_begin(&p, function, path, &options,
                          WK_TAKES_class_names | WK_TAKES_captions | WK_TAKES_count | WK_TAKES_columns))
        return false;
    if (labels) {
        if (!WK_TENSOR(labels, function, "labels"))
            return false;
        if (labels->numel < px.n)
            return wick_fail(WICK_ERROR_SHAPE, "%s: labels has shape %s, for %lld images", function, WK_SHAPE(labels),
                             (long long)px.n);
        wick_tensor *first = wick_narrow(wick_reshape(wick_detach(labels), labels->numel), 0, 0, px.n);
        if (!first || !(classes = wk_plot_classes(function, "labels", first, px.n, INT32_MAX, &largest)))
            return false;
    }
    int64_t captions = wk_name_count(options.captions), columns = options.columns;
    if (options.columns < 0 || options.columns > 1000)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .columns = %d; give 1 to 1000", function, options.columns);
    if (columns == 0)
        columns = px.n <= 5 ? px.n : px.n <= 20 ? 5 : 10;
    int64_t rows = (px.n + columns - 1) / columns;
    bool labelled = captions > 0 || classes;

    put_images(&p.data, &px);
    /* an image's shape decides how much room it has: 64 to 96 points across */
    int across = columns > 6 ? 64 : 96, title = options.title ? 30 : 8;
    int64_t down = across * px.h / px.w;
    down = (down < 24 ? 24 : down > 600 ? 600 : down) + (labelled ? 20 : 4);
    int64_t width = columns * (across + 8) + 8, height = rows * down + title;
    wk_picture_head(&p, (int)(width < 8000 ? width : 8000), (int)(height < 8000 ? height : 8000), NULL, NULL);
    wk_text *out = &p.script;
    wk_text_put(out,
                "unset key\nunset border\nunset tics\nunset grid\nunset xlabel\nunset ylabel\n"
                "set palette defined (0 'black', 1 'white')\nset cbrange [0:1]\nunset colorbox\nset size ratio -1\n");
    wk_text_add(out, "set xrange [-0.5:%lld.5]\nset yrange [%lld.5:-0.5]\n", (long long)px.w - 1, (long long)px.h - 1);
    const double places[] = {0.01, 0.99, labelled ? 18.0 / (double)height : 0.01, 1 - (double)title / (double)height};
    wk_picture_panels(&p, rows, columns);
    wk_text_put(out, " margins ");
    for (int i = 0; i < 4; i++) {
        wk_text_put(out, i ? ", " : "");
        wk_put_number(out, places[i]);
    }
    wk_text_put(out, " spacing 0.01, ");
    wk_put_number(out, (labelled ? 20.0 : 4.0) / (double)height);
    wk_text_put(out, "\n");
    for (int64_t k = 0; k < px.n; k++) {
        char number[32];
        const char *text = k < captions ? options.captions[k] : "";
        if (classes && !options.captions)
            text = wk_class_name(options.class_names, classes[k], number);
        wk_text_put(out, "set label 1 ");
        wk_put_quoted(out, text);
        wk_text_put(out, " at graph 0.5, graph 0 center offset 0, -0.7 noenhanced\n");
        wk_text_add(out, "plot data index %lld matrix with image\n", (long long)k);
    }
    wk_text_put(out, "unset multiplot\n");
    bool drawn = wk_picture_draw(&p);
    wk_picture_free(&p);
    return drawn;
}
