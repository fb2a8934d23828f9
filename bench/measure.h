/* measure.h - how the programs of this folder measure, and how they are asked to: for every line on standard input
 * they run one round, and answer with a line "case seconds check" for each case and an empty line. run.py asks the
 * sides in turn; by hand, "echo | bench_student_step" does.
 *
 * Time is processor time of the whole process, all its threads together: others who share the machine slow it far
 * less than they slow the clock on the wall, and a side that used a second thread would gain nothing by it. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/* For what several threads do at once. */
static inline double wall_seconds(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline double seconds_now(void) { return (double)clock() / (double)CLOCKS_PER_SEC; }

/* Seconds that one call of f takes, over as many calls as fill at_least seconds. */
static inline double seconds_of(void (*f)(void *), void *context, double at_least)
{
    for (long calls = 1;; calls *= 2) {
        double start = seconds_now();
        for (long i = 0; i < calls; i++)
            f(context);
        double taken = seconds_now() - start;
        if (taken >= at_least)
            return taken / (double)calls;
    }
}

/* Whether another round is asked for. */
static inline bool next_round(void)
{
    int c = getchar();
    while (c != '\n' && c != EOF)
        c = getchar();
    return c != EOF;
}

/* check is a number that all sides must agree on, such as the loss that they have come to. */
static inline void report(const char *name, double seconds, double check)
{
    printf("%s %.9g %.9g\n", name, seconds, check);
}

static inline void end_round(void)
{
    puts("");
    fflush(stdout);
}
