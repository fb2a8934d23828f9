/* picture.h - what the pictures share: the files that a picture is made from, the texts in them, and running the program
 * that draws. */
#pragma once

#include "../nn/module.h"
#include "plot.h"

/* ---- A picture in the making (picture.c) ----------------------------------------------------------------------------- */

typedef struct wk_picture {
    const char *function; /* for messages */
    const char *path;     /* of the picture, as the caller gave it */
    bool svg;
    const wick_plot_options *options;
    int width, height;
    double unit;  /* how much larger than usual fonts and lines are */
    wk_text data; /* becomes the .dat file; empty: none */
    wk_text script;
} wk_picture;

/* Options that not every picture takes, as bits WK_TAKES_<option>. Each is zero where it is not given. */
/* clang-format off */
#define WK_PLOT_OPTIONS(X) \
    X(logx) X(logy) X(x) X(legend) X(class_names) X(captions) X(count) X(columns) X(bins) X(resolution) X(low) X(high) \
    X(logits) X(gradients) X(normalize) X(show_saved) X(figure)
/* clang-format on */
#define WK_INDEX_(option) WK_INDEX_##option,
#define WK_TAKES_(option) WK_TAKES_##option = 1 << WK_INDEX_##option,
enum { WK_PLOT_OPTIONS(WK_INDEX_) WK_PLOT_OPTION_COUNT };
enum { WK_PLOT_OPTIONS(WK_TAKES_) WK_TAKES_NONE = 0 };

/* Whether the options are within their ranges, and the picture takes them. False with an error. */
bool wk_check_plot_options(const char *function, const wick_plot_options *o, unsigned takes);

/* Checks path, which is NULL where the picture becomes a panel of .figure, and options. False with an error. What it begins,
 * wk_picture_free ends. */
bool wk_picture_begin(wk_picture *p, const char *function, const char *path, const wick_plot_options *options,
                      unsigned takes);

/* The head of what gnuplot is told: the picture's size (unless the options say another), style, title and labels (where the
 * options have none, xlabel and ylabel, which may be NULL). The terminal and the output are put before it by
 * wk_picture_draw, and two variables: data, the data file, and point, by which sizes of points are multiplied. */
void wk_picture_head(wk_picture *p, int width, int height, const char *xlabel, const char *ylabel);

/* Begins a grid of panels, and a line that says more about it; the title becomes that of the whole. */
void wk_picture_panels(wk_picture *p, int64_t rows, int64_t columns);

/* Writes one more data file, of this ending, which the variable data names from here on. False with an error. */
bool wk_picture_data(wk_picture *p, const char *ending, const wk_text *data);

/* Writes both files and runs the program on the script; or gives the picture to .figure. False with an error. */
bool wk_picture_draw(wk_picture *p);
bool wk_picture_draw_graph(wk_picture *p); /* the script is for dot */

void wk_picture_free(wk_picture *p);

/* A number, with a point whatever the locale; NaN where it is not finite. */
void wk_put_number(wk_text *out, double x);

/* A text that is shown, as a string of gnuplot's, or, without the quotes around it, of dot's. Control characters and what is
 * no UTF-8 become question marks. */
void wk_put_quoted(wk_text *out, const char *text);
void wk_put_dot(wk_text *out, const char *text);

/* Colours for classes and lines that the colour-blind tell apart (Okabe and Ito 2008), as 0xRRGGBB; and their shade on a
 * white ground, from 0 (white) to 1 (as it is). */
uint32_t wk_color(int64_t i);
uint32_t wk_shade(uint32_t color, double strength);

/* ---- Figures (figure.c) ----------------------------------------------------------------------------------------------- */

/* Whether it is a figure with a panel left; an error if not. And the next panel: takes data and script from the picture. */
bool wk_figure_has_room(const wick_figure *figure, const char *function);
bool wk_figure_take(wick_figure *figure, wk_picture *p);

/* ---- Axes (axes.c) ------------------------------------------------------------------------------------------------------- */

/* Where the numbers along an axis lie; empty at first: (wk_range){0}. Numbers that are not finite do not count. */
typedef struct wk_range {
    double low, high;
    int64_t count;
    bool fractions; /* not all are whole: else no tic stands between two of them */
} wk_range;
void wk_range_add(wk_range *range, double x);

static inline wk_range wk_range_of(double low, double high) /* low < high */
{
    return (wk_range){.low = low, .high = high, .count = 2, .fractions = true};
}

/* The distance of the tics of axis 'x' or 'y', and a format with as many digits as it takes to tell them apart. Nothing where
 * the range is empty or a point. */
void wk_put_tics(wk_text *out, char axis, wk_range range);

/* ---- Values (values.c) --------------------------------------------------------------------------------------------------- */

/* The elements of t in row-major order; a tensor of the innermost scope has them. NULL with an error, and for NULL. */
const double *wk_plot_values(const wick_tensor *t);

/* The elements of t, which has n, as classes from 0 to limit - 1. One beyond the largest in *classes. The same. */
const int64_t *wk_plot_classes(const char *function, const char *name, wick_tensor *t, int64_t n, int64_t limit,
                               int64_t *classes);

/* How many names there are, and the i-th, or its number in the buffer. */
int64_t wk_name_count(const char *const *names);
const char *wk_class_name(const char *const *names, int64_t i, char text[32]);

/* ---- Points (points.c) -------------------------------------------------------------------------------------------------- */

typedef struct wk_points {
    const double *x; /* (n, 2) */
    const int64_t *y;
    int64_t n, classes;
    double low[2], high[2]; /* of the finite ones */
} wk_points;

bool wk_points_read(wk_points *points, const char *function, wick_tensor *X, wick_tensor *y, int64_t classes);

/* Each class as a block of the data; and what plot draws of it, block first being class 0. */
void wk_points_data(wk_picture *p, const wk_points *points);
void wk_points_plot(wk_picture *p, const wk_points *points, int first);

/* ---- Programs (program.c) ------------------------------------------------------------------------------------------------- */

typedef enum wk_outcome { WK_RAN, WK_FAILED, WK_NOT_INSTALLED, WK_NO_PROCESSES } wk_outcome;

/* Runs the program argv[0], found in PATH, with these arguments (ending with NULL), without a shell. said gets the last line
 * that it wrote to its standard error or output, or why it could not be run. */
wk_outcome wk_run_program(const char *const *argv, char *said, size_t size);
