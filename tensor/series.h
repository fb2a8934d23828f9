/* series.h - a list of numbers that grows, for what Python programs put into a list: the losses of their epochs.
 *
 *     wick_series *losses = wick_series_new();                                       // losses = []
 *     wick_series_append(losses, wick_item(loss));                                   // losses.append(loss.item())
 *     wick_plot_curves(WICK_PLOT_SERIES({"loss", wick_series_tensor(losses)}), "loss.png");
 *
 *     wick_series *history = wick_series_new();                                      // history = []
 *     wick_series_append(history, epoch, train_loss, val_loss);                      // history.append((epoch, ...))
 *     wick_tensor *val_losses = wick_select(wick_series_tensor(history), 1, 2);      // [row[2] for row in history]
 *
 * The first append sets the number of numbers in a row. The scope in which a series was made owns it; it can be appended to in
 * any scope. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "tensor.h"

WICK_BEGIN_DECLS

typedef struct wick_series wick_series;

/* An empty series. */
WICK_API wick_series *wick_series_new(void);

/* Adds a row of one or more numbers: wick_series_append(s, a, b). A row whose length differs from the first is an error:
 * false, and nothing changes. */
WICK_API bool wick_series_append_n(wick_series *s, const double *row, int count);
#define wick_series_append(s, ...)                         \
    wick_series_append_n(s, (const double[]){__VA_ARGS__}, \
                         (int)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double)))

/* The number of rows; 0 for NULL. */
WICK_API long long wick_series_count(const wick_series *s);

/* The number of numbers in each row; 0 as long as there is no row, and for NULL. */
WICK_API int wick_series_width(const wick_series *s);

/* The first number of row i, s[i]; a negative i counts from the end: wick_series_get(s, -1) is the last. If there is no such
 * row, that is an error, and the result NaN. */
WICK_API double wick_series_get(const wick_series *s, int64_t i);

/* Number k of row i, s[i][k], with the same errors. */
WICK_API double wick_series_get_at(const wick_series *s, int64_t i, int k);

/* The numbers so far as a new float64 tensor of shape (size), or (size, width) if a row has several; (0) if there is no row. */
WICK_API wick_tensor *wick_series_tensor(const wick_series *s);

/* The text of print(s) for a list of floats, "[0.5, 0.25]", or of tuples of floats, "[(1.0, 0.5), (2.0, 0.25)]". The string
 * belongs to the innermost scope. */
WICK_API const char *wick_series_to_string(const wick_series *s);

/* Writes that text and a newline to stdout. False on error. */
WICK_API bool wick_series_print(const wick_series *s);

WICK_END_DECLS
