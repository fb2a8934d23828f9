/* confusion.c - the confusion matrix: which class was taken for which, how often. */
#include <string.h>

#include "picture.h"

enum { MOST_CLASSES = 200, MOST_WITH_NUMBERS = 30 };

static void put_axis_names(wk_text *out, char axis, const char *const *names, int64_t classes)
{
    size_t longest = 0;
    for (int64_t k = 0; k < wk_name_count(names); k++)
        longest = strlen(names[k]) > longest ? strlen(names[k]) : longest;
    bool rotated = axis == 'x' && longest * (size_t)classes > 40; /* names side by side would touch */
    wk_text_add(out, "set %ctics %sscale 0 (", axis, rotated ? "rotate by 45 right " : "");
    for (int64_t k = 0; k < classes; k++) {
        char number[32];
        wk_text_put(out, k ? ", " : "");
        wk_put_quoted(out, wk_class_name(names, k, number));
        wk_text_add(out, " %lld", (long long)k);
    }
    wk_text_put(out, ") noenhanced\n");
}

/* Row, column and count of every cell; with share, the count's part of its row. The largest. */
static double put_cells(wk_text *data, const int64_t *count, int64_t classes, bool share)
{
    double most = 0;
    for (int64_t i = 0; i < classes; i++) {
        int64_t row = 0;
        for (int64_t j = 0; j < classes; j++)
            row += count[i * classes + j];
        for (int64_t j = 0; j < classes; j++) {
            double cell = (double)count[i * classes + j];
            if (share)
                cell = row ? cell / (double)row : 0;
            most = fmax(most, cell);
            wk_text_add(data, "%lld %lld ", (long long)i, (long long)j);
            wk_put_number(data, cell);
            wk_text_put(data, "\n");
        }
    }
    return most;
}

bool wick_plot_confusion_matrix_opt(wick_tensor *labels, wick_tensor *predictions, const char *path,
                                    const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_confusion_matrix";
    WICK_SCOPE;
    wk_picture p;
    int64_t classes = wk_name_count(options.class_names), most[2];
    if (!WK_TENSOR(labels, function, "labels"))
        return false;
    int64_t n = labels->numel;
    if (n == 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: labels has shape %s: there is nothing to count", function,
                         WK_SHAPE(labels));
    const int64_t *truth = wk_plot_classes(function, "labels", labels, n, MOST_CLASSES, &most[0]);
    const int64_t *taken =
        truth ? wk_plot_classes(function, "predictions", predictions, n, MOST_CLASSES, &most[1]) : NULL;
    if (!taken ||
        !wk_picture_begin(&p, function, path, &options, WK_TAKES_class_names | WK_TAKES_normalize | WK_TAKES_figure))
        return false;
    for (int i = 0; i < 2; i++)
        classes = most[i] > classes ? most[i] : classes;
    if (classes > MOST_CLASSES)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld names; at most %d classes can be drawn", function,
                         (long long)classes, MOST_CLASSES);
    wick_tensor *table = wick_zeros(classes, classes, .dtype = WICK_INT64);
    if (!table)
        return false;
    int64_t *count = wk_data(table);
    for (int64_t i = 0; i < n; i++)
        count[truth[i] * classes + taken[i]]++;
    double most_often = put_cells(&p.data, count, classes, options.normalize);

    int side = classes < 5 ? 320 : classes < 12 ? 460 : 640;
    wk_picture_head(&p, side + 120, side + 60, "Predicted label", "True label");
    wk_text *out = &p.script;
    wk_text_put(out, "unset grid\nunset key\nset border 15\nset size ratio 1\n");
    put_axis_names(out, 'x', options.class_names, classes);
    put_axis_names(out, 'y', options.class_names, classes);
    wk_text_add(out, "set xrange [-0.5:%lld.5]\nset yrange [%lld.5:-0.5]\n", (long long)classes - 1,
                (long long)classes - 1);
    wk_text_put(out, "most = ");
    wk_put_number(out, most_often);
    wk_text_add(
        out,
        "\nset palette defined (0 '#ffffff', 0.5 '#%06x', 1 '#%06x')\nset cbrange [0:most]\nset cbtics scale 0.5\n"
        "plot data using 2:1:3 with image",
        (unsigned)wk_shade(wk_color(0), 0.45), (unsigned)wk_color(0));
    if (classes <= MOST_WITH_NUMBERS) {
        const char *format = options.normalize ? "sprintf('%.2f', $3)" : "sprintf('%d', $3)";
        int font = classes <= 10 ? 10 : classes <= 20 ? 7 : 5;
        wk_text_add(out,
                    ", \\\n    data using 2:($3 <= 0.55 * most ? $1 : NaN):(%s) with labels font ',%d' tc rgb '#222222'"
                    ", \\\n    data using 2:($3 > 0.55 * most ? $1 : NaN):(%s) with labels font ',%d' tc rgb '#ffffff'",
                    format, font, format, font);
    }
    wk_text_put(out, "\n");
    bool drawn = wk_picture_draw(&p);
    wk_picture_free(&p);
    return drawn;
}
