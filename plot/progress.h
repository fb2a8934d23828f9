/* progress.h - a progress bar on the terminal, as tqdm's:
 *
 *     for (int epoch = 0; epoch < 10; epoch++) {
 *         WICK_SCOPE;
 *         wick_progress *bar = wick_progress_bar(wick_data_batches(loader), .description = "epoch", .unit = "batch");
 *         WICK_FOR_EACH_BATCH (loader, &X, &y) {
 *             ...
 *             wick_progress_set_postfix(bar, "loss", wick_item(loss));
 *             wick_progress_update(bar, 1);
 *         }
 *     }
 *
 *     epoch:  63% |############        | 591/938 [00:02<00:01, 241 batch/s, loss=0.412]
 *
 * The line is rewritten in place, at most ten times per second. If the file is not a terminal (but a pipe or a log), or with
 * TERM=dumb, nothing is written. Use one bar at a time on a terminal, and each bar in one thread. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <stdio.h>

#include "../tensor/platform.h"

WICK_BEGIN_DECLS

typedef struct wick_progress wick_progress;

typedef struct wick_progress_options {
    size_t size_;
    char start_;
    const char *description; /* the text at the beginning of the line; it is copied; default none */
    const char *unit;        /* the name of one step; it is copied; default "it" */
    double interval;         /* the least number of seconds between two lines; default 0.1 */
    bool leave;              /* the last line stays when the bar is closed; default true */
    FILE *file;              /* default stderr */
} wick_progress_options;
#define WICK_PROGRESS_DEFAULTS NULL, NULL, 0.1, true, NULL

/* A bar for total steps: tqdm(total=total). With 0 the number is not known, and only a count and a rate are shown. A negative
 * total is an error. The innermost scope owns the bar and closes it at its end. */
WICK_API wick_progress *wick_progress_bar_opt(int64_t total, const wick_progress_options *options);
#define wick_progress_bar(total, ...) \
    wick_progress_bar_opt(total, WICK_OPTIONS(wick_progress_options, WICK_PROGRESS_DEFAULTS, __VA_ARGS__))

/* Adds n steps that are done: bar.update(n). */
WICK_API void wick_progress_update(wick_progress *bar, int64_t n);

/* Shows name=value after the rate, from the next line on: bar.set_postfix(name=value). It replaces an earlier value of this
 * name. There can be at most 8 names of at most 31 bytes; more are an error. False on error. */
WICK_API bool wick_progress_set_postfix(wick_progress *bar, const char *name, double value);

/* Replaces the text at the beginning of the line: bar.set_description(text). False on error. */
WICK_API bool wick_progress_set_description(wick_progress *bar, const char *text);

/* Removes the line from the terminal, so that something else can be printed; the next update shows it again: bar.clear(). */
WICK_API void wick_progress_clear(wick_progress *bar);

/* The number of steps that are done: bar.n. */
WICK_API long long wick_progress_count(const wick_progress *bar);

/* Ends the bar: bar.close(). The last line stays, with a newline, or is removed (.leave). Nothing is shown after that. */
WICK_API void wick_progress_close(wick_progress *bar);

WICK_END_DECLS
