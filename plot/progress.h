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
 * The line is written over again and again, at most ten times a second. Where the file is not a terminal (a pipe, a log),
 * and where TERM=dumb, nothing is ever written. One bar at a time makes sense on a terminal. A bar is of one thread. */
#ifndef WICK_PLOT_PROGRESS_H
#define WICK_PLOT_PROGRESS_H

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
    const char *description; /* in front of the line; it is copied; default none */
    const char *unit;        /* of what is counted; it is copied; default "it" */
    double interval;         /* seconds that pass between two lines at least; default 0.1 */
    bool leave;              /* the last line stays when the bar is closed, instead of going; default true */
    FILE *file;              /* default stderr */
} wick_progress_options;
#define WICK_PROGRESS_DEFAULTS 0, NULL, NULL, 0.1, true, NULL

/* A bar for total steps: tqdm(total=total). 0: the number is not known, and there are a count and a rate alone. A negative
 * total is an error. The innermost scope owns it and closes it at its end. */
WICK_API wick_progress *wick_progress_bar_opt(int64_t total, const wick_progress_options *options);
#define wick_progress_bar(total, ...) \
    wick_progress_bar_opt(total, WICK_OPTIONS(wick_progress_options, WICK_PROGRESS_DEFAULTS, __VA_ARGS__))

/* n more steps are done: bar.update(n). */
WICK_API void wick_progress_update(wick_progress *bar, int64_t n);

/* Shows name=value behind the rate from the next line on; a value that was set before under this name is replaced:
 * bar.set_postfix(name=value). At most 8 names, of at most 31 bytes; others are an error. False on error. */
WICK_API bool wick_progress_set_postfix(wick_progress *bar, const char *name, double value);

/* Another text in front: bar.set_description(text). False on error. */
WICK_API bool wick_progress_set_description(wick_progress *bar, const char *text);

/* Takes the line off the terminal, before something else is printed; the next update shows it again: bar.clear(). */
WICK_API void wick_progress_clear(wick_progress *bar);

/* The steps that are done: bar.n. */
WICK_API long long wick_progress_count(const wick_progress *bar);

/* The end: the last line stays, with a newline, or goes (.leave). Nothing is shown after that: bar.close(). */
WICK_API void wick_progress_close(wick_progress *bar);

WICK_END_DECLS
#endif
