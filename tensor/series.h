/* series.h - a list of numbers that grows: what Python programs keep the losses of their epochs in.
 *
 *     wick_series *losses = wick_series_new();                                       // losses = []
 *     wick_series_append(losses, wick_item(loss));                                   // losses.append(loss.item())
 *     wick_plot_curves(WICK_PLOT_SERIES({"loss", wick_series_tensor(losses)}), "loss.png");
 *
 *     wick_series *history = wick_series_new();                                      // history = []
 *     wick_series_append(history, epoch, train_loss, val_loss);                      // history.append((epoch, ...))
 *     wick_tensor *val_losses = wick_select(wick_series_tensor(history), 1, 2);      // [row[2] for row in history]
 *
 * The first append says how many numbers a row has. The scope in which a series was made owns it, whatever scope is open when
 * it is appended to. */
#ifndef WICK_TENSOR_SERIES_H
#define WICK_TENSOR_SERIES_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "tensor.h"

WICK_BEGIN_DECLS

typedef struct wick_series wick_series;

/* An empty one. */
WICK_API wick_series *wick_series_new(void);

/* Adds a row of one or more numbers. False, with nothing changed, on an error: a row of another length than the first, or no
 * memory. wick_series_append(s, a, b) calls wick_series_append_n with the array (a, b). */
WICK_API bool wick_series_append_n(wick_series *s, const double *row, int count);
#define wick_series_append(s, ...)                         \
    wick_series_append_n(s, (const double[]){__VA_ARGS__}, \
                         (int)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double)))

/* How many rows (0 for NULL), and how many numbers each has (0 as long as there is none). */
WICK_API long long wick_series_size(const wick_series *s);
WICK_API int wick_series_width(const wick_series *s);

/* The first number of row i, s[i]; an i below 0 counts from the end: wick_series_get(s, -1) is the last. And number k of the
 * row, s[i][k]. NaN, with an error, if there is none. */
WICK_API double wick_series_get(const wick_series *s, int64_t i);
WICK_API double wick_series_get_at(const wick_series *s, int64_t i, int k);

/* The numbers so far as a new float64 tensor: (size), or (size, width) where rows have several. It is (0) without rows. */
WICK_API wick_tensor *wick_series_tensor(const wick_series *s);

/* The text of print(s), of a list of floats "[0.5, 0.25]" or of tuples of floats "[(1.0, 0.5), (2.0, 0.25)]", owned by the
 * innermost scope; and the same written to stdout with a newline. */
WICK_API const char *wick_series_to_string(const wick_series *s);
WICK_API bool wick_series_print(const wick_series *s);

WICK_END_DECLS
#endif
