/* plot.h - the public header of the plot layer: pictures, drawn by gnuplot and Graphviz; and, in progress.h, a progress bar.
 *
 *     wick_plot_curves(WICK_PLOT_SERIES({"training", train_losses}, {"validation", val_losses}), "loss.png",
 *                      .title = "Loss over epochs", .xlabel = "Epochs", .ylabel = "Loss");
 *
 * A picture's file ends in .png or .svg. Next to it every call writes the files from which the picture is made, and leaves
 * them there: the data, loss.dat, and the script, loss.gp (loss.dot for a graph). Existing files of these names are
 * overwritten. Then the call runs gnuplot or dot, which are not part of the library and need not be installed: without them,
 * the data and the script are still written, and the call fails with WICK_ERROR_PROGRAM, whose message says what was written
 * and what to install. A script uses the paths of the call, so run it again in the same directory.
 *
 * Every function returns whether the picture was drawn. False after an error: a NULL, shapes that do not fit, nothing finite
 * to draw, an option that the picture does not have, a file that cannot be written (WICK_ERROR_FILE), or a program that fails
 * (also WICK_ERROR_FILE, with the program's last output). Tensors may have any dtype and may require grad: nothing is
 * recorded, and nothing changes. NaN and infinities are left out. Texts are UTF-8 and have no special characters: quotes,
 * backslashes, percent signs and newlines are shown as they are. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"
#include "progress.h"

WICK_BEGIN_DECLS

/* ---- Options --------------------------------------------------------------------------------------------------------- */

/* Texts, one by one, as an array that ends with NULL, for .class_names and .captions: WICK_PLOT_NAMES("cat", "dog"). */
#define WICK_PLOT_NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Several pictures in one: see wick_plot_subplots. */
typedef struct wick_figure wick_figure;

/* All pictures take the options of the first paragraph. The comment of each picture lists which of the others it takes. */
typedef struct wick_plot_options {
    size_t size_;
    char start_;
    const char *title, *xlabel, *ylabel; /* default: none, or what the picture's comment says; labels for axes only */
    int width, height; /* in pixels, 64 to 16384; fonts and lines grow with it; default: depends on the picture */
    /* Or in inches, plt.figure(figsize=(10, 5)): 100 points per inch, 200 pixels in a .png; fonts keep their size. */
    double figsize[2];

    bool legend;                    /* a legend also for a single line; default: only for two lines or more */
    wick_figure *figure;            /* draws into the next panel of this figure; path must then be NULL */
    bool logx, logy;                /* logarithmic axes; numbers that are not positive are left out; default false */
    wick_tensor *x;                 /* the x of the lines, one per number of a line; default: 0, 1, 2, ... */
    const char *const *class_names; /* the names of class 0, 1, ..., then NULL; default: the numbers */
    const char *const *captions;    /* the captions of image 0, 1, ..., then NULL; default: the labels */
    int64_t count;                  /* the number of images; default: all, at most 100 */
    int columns;                    /* the columns of a grid; default: depends on the picture */
    int bins;                       /* the bins of a histogram; default 40 */
    int resolution;                 /* points along each side of a map; default 300 */
    double low, high;               /* the range of x; default -4 to 4 */
    bool logits;                    /* the model returns logits, not probabilities; default false */
    bool gradients;                 /* shows the parameters' gradients, not their values; default false */
    bool normalize;                 /* each row of a confusion matrix is divided by its sum; default false */
    bool show_saved;                /* a graph shows the tensors that are saved for backward; default false */
} wick_plot_options;

/* ---- Curves ---------------------------------------------------------------------------------------------------------- */

/* A line, with a name for the legend (NULL: none): plt.plot(y, label=name). wick_from(values, n) makes a tensor from an array
 * of C numbers. */
typedef struct wick_plot_line {
    const char *name;
    wick_tensor *y; /* (n), or any shape with n elements */
} wick_plot_line;

/* Lines, one by one in braces, as the two arguments (pointer, count). */
#define WICK_PLOT_SERIES(...)                \
    ((const wick_plot_line[]){__VA_ARGS__}), \
        (int)(sizeof((const wick_plot_line[]){__VA_ARGS__}) / sizeof(wick_plot_line))

/* Training and validation curves, or any other lines, with a grid and, for two lines or more with names, a legend. Takes .x,
 * .logx, .logy, .legend, .figure. A line without a finite element appears only in the legend, as long as another line has
 * some. */
WICK_API bool wick_plot_curves_opt(const wick_plot_line *lines, int count, const char *path,
                                   const wick_plot_options *options);
#define wick_plot_curves(lines, ...) WICK_PLOT_CURVES_(lines, __VA_ARGS__)
#define WICK_PLOT_CURVES_(lines, count, path, ...) \
    wick_plot_curves_opt(lines, count, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* A pointwise function of one tensor, and its name. */
typedef struct wick_plot_function {
    const char *name;
    wick_tensor *(*f)(wick_tensor *x);
} wick_plot_function;
#define WICK_PLOT_FUNCTIONS(...)                 \
    ((const wick_plot_function[]){__VA_ARGS__}), \
        (int)(sizeof((const wick_plot_function[]){__VA_ARGS__}) / sizeof(wick_plot_function))

/* Activation functions and, next to them, their derivatives, which autograd computes, from .low to .high. A function whose
 * result does not require grad has the derivative 0.
 *     wick_plot_activations(WICK_PLOT_FUNCTIONS({"ReLU", wick_relu}, {"tanh", wick_tanh}), "activations.png"); */
WICK_API bool wick_plot_activations_opt(const wick_plot_function *functions, int count, const char *path,
                                        const wick_plot_options *options);
#define wick_plot_activations(functions, ...) WICK_PLOT_ACTIVATIONS_(functions, __VA_ARGS__)
#define WICK_PLOT_ACTIVATIONS_(functions, count, path, ...) \
    wick_plot_activations_opt(functions, count, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* ---- Points and classes ------------------------------------------------------------------------------------------------ */

/* The points X (n, 2), coloured by their classes y, (n) or (n, 1), whole numbers from 0 to 63; with y NULL they have one
 * colour. plt.scatter(X[:, 0], X[:, 1], c=y). Takes .class_names, .figure. The labels are by default "Feature 1" and "Feature
 * 2". */
WICK_API bool wick_plot_scatter_opt(wick_tensor *X, wick_tensor *y, const char *path, const wick_plot_options *options);
#define wick_plot_scatter(X, y, path, ...) \
    wick_plot_scatter_opt(X, y, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* The predictions of a model with two features in the plane around the points X (n, 2), which are drawn over them in the
 * colours of their classes y, as in wick_plot_scatter. The model is called in evaluation mode, without grad, on (m, 2) inputs
 * in the dtype of its first floating-point parameter (in X's if it has none); afterwards every module has its mode from
 * before. Its result must be
 *     (m) or (m, 1): the probability of class 1, from 0 to 1 (with .logits a logit), drawn as a map with a line at 0.5;
 *     (m, C): the scores of C classes, at most 64, drawn as the region of each class, by the argmax.
 * Takes .class_names, .logits, .resolution (10 to 2000), .figure. */
WICK_API bool wick_plot_decision_boundary_opt(wick_module *model, wick_tensor *X, wick_tensor *y, const char *path,
                                              const wick_plot_options *options);
#define wick_plot_decision_boundary(model, X, y, path, ...) \
    wick_plot_decision_boundary_opt(model, X, y, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* The number of times that class i (row) was predicted as class j (column): sklearn's ConfusionMatrixDisplay. labels and
 * predictions have n elements, whole numbers from 0 to 199. The number of classes is that of .class_names, or the largest
 * number + 1. Takes .class_names, .normalize, .figure. The labels are by default "Predicted label" and "True label". */
WICK_API bool wick_plot_confusion_matrix_opt(wick_tensor *labels, wick_tensor *predictions, const char *path,
                                             const wick_plot_options *options);
#define wick_plot_confusion_matrix(labels, predictions, path, ...) \
    wick_plot_confusion_matrix_opt(labels, predictions, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* ---- Images ---------------------------------------------------------------------------------------------------------- */

/* The first .count images of (n, h, w), (n, 1, h, w) or (n, 3, h, w), which becomes grey, in a grid. Each goes from black
 * (its smallest element) to white (its largest). Under it stands its caption (.captions), or the name (.class_names) or
 * number of its class in labels (n), whole numbers from 0 on. labels may be NULL. Takes .captions, .class_names, .count,
 * .columns. At most 10^7 pixels. */
WICK_API bool wick_plot_images_opt(wick_tensor *images, wick_tensor *labels, const char *path,
                                   const wick_plot_options *options);
#define wick_plot_images(images, labels, path, ...) \
    wick_plot_images_opt(images, labels, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* ---- Histograms -------------------------------------------------------------------------------------------------------- */

/* The distribution of the elements of t, in .bins (1 to 10000) equal bins from the smallest to the largest: plt.hist. Takes
 * .bins, .logy, .figure. The picture says how many elements are not finite. */
WICK_API bool wick_plot_histogram_opt(wick_tensor *t, const char *path, const wick_plot_options *options);
#define wick_plot_histogram(t, path, ...) \
    wick_plot_histogram_opt(t, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* The same for each parameter of a model, or with .gradients for each gradient that exists, in a grid under the parameters'
 * names; at most 100. Takes .bins, .logy, .gradients, .columns. */
WICK_API bool wick_plot_parameters_opt(wick_module *model, const char *path, const wick_plot_options *options);
#define wick_plot_parameters(model, path, ...) \
    wick_plot_parameters_opt(model, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* ---- The graph --------------------------------------------------------------------------------------------------------- */

/* The graph that computed t, as torchviz.make_dot(t, params) draws it: a node for each grad_fn (grey); for each leaf that
 * requires grad, with its name in params and its shape (blue); for t (green); and with .show_saved for each tensor that is
 * saved for backward (orange). params may be NULL. Takes .title and .show_saved, but no size, which dot finds itself. A t
 * without a graph is a single node. */
WICK_API bool wick_plot_graph_opt(wick_tensor *t, wick_dict *params, const char *path,
                                  const wick_plot_options *options);
#define wick_plot_graph(t, params, path, ...) \
    wick_plot_graph_opt(t, params, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* ---- Any other picture --------------------------------------------------------------------------------------------------- */

/* Writes table (rows, columns) to the .dat file, and to the script first lines that set the terminal, the output, a style,
 * the title and the labels, and then commands, lines in gnuplot's language; and draws. In the commands the variable data is
 * the name of the table's file:
 *     wick_plot_gnuplot(table, "plot data using 1:2 with lines notitle", "mine.png", .logy = true);
 * Elements that are not finite are NaN there. The commands are run as they are, and gnuplot's commands can run programs: do
 * not build them from text that you do not trust. Takes .logx, .logy, .figure. */
WICK_API bool wick_plot_gnuplot_opt(wick_tensor *table, const char *commands, const char *path,
                                    const wick_plot_options *options);
#define wick_plot_gnuplot(table, commands, path, ...) \
    wick_plot_gnuplot_opt(table, commands, path, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* ---- Several pictures in one ---------------------------------------------------------------------------------------------- */

/* A figure with rows x columns panels, at most 100: plt.subplots(rows, columns). Pictures that take .figure, with NULL for
 * path, fill the panels row by row. Takes .title and a size.
 *     wick_figure *figure = wick_plot_subplots(1, 2, .figsize = {10, 4});
 *     wick_plot_curves(WICK_PLOT_SERIES({"training", losses}), NULL, .figure = figure, .ylabel = "Loss");
 *     wick_plot_scatter(X, y, NULL, .figure = figure);
 *     wick_plot_savefig(figure, "both.png");
 * The figure belongs to the innermost scope. It has a copy of what is drawn, and does not keep the tensors alive. */
WICK_API wick_figure *wick_plot_subplots_opt(int rows, int columns, const wick_plot_options *options);
#define wick_plot_subplots(rows, ...) WICK_PLOT_SUBPLOTS_(rows, __VA_ARGS__)
#define WICK_PLOT_SUBPLOTS_(rows, columns, ...) \
    wick_plot_subplots_opt(rows, columns, WICK_OPTIONS(wick_plot_options, 0, __VA_ARGS__))

/* Draws the panels that are filled: plt.savefig(path). For both.png, the data of the first panel are in both.1.dat. It may be
 * called again, with another path, and after more panels were filled. */
WICK_API bool wick_plot_savefig(wick_figure *figure, const char *path);

WICK_END_DECLS
