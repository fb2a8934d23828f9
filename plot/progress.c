/* progress.c - the progress bar: counting, the rate, the line, and when it is written. */
#define _POSIX_C_SOURCE 200809L

#include "progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../tensor/call.h"
#include "../tensor/object.h"
#include "../tensor/options.h"
#include "../tensor/text.h"

#ifdef WICK_POSIX
#include <sys/ioctl.h>
#include <unistd.h>
#endif

enum { METRICS = 8, NAME = 32, WIDEST_BAR = 40 };

struct wick_progress {
    wick_object base;
    wick_progress_options options;
    wk_text description, unit, line;
    struct {
        char name[NAME];
        double value;
    } metric[METRICS];
    int metrics;
    bool terminal, shown, closed;
    int64_t total, count;
    double began;       /* seconds */
    double last;        /* when a line was written, */
    int64_t last_count; /* and what the count was */
    double rate;        /* steps a second, of late; 0: not known yet */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool is_terminal(FILE *file)
{
#ifdef WICK_POSIX
    const char *kind = getenv("TERM");
    int descriptor = fileno(file);
    return descriptor >= 0 && isatty(descriptor) && !(kind && strcmp(kind, "dumb") == 0);
#else
    (void)file;
    return false;
#endif
}

/* Of the terminal, in characters. */
static int columns_of(FILE *file)
{
#if defined(WICK_POSIX) && defined(TIOCGWINSZ)
    struct winsize size;
    if (ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
#else
    (void)file;
#endif
    return 80;
}

/* ---- The line -------------------------------------------------------------------------------------------------------- */

/* "02:05", or "1:02:05". */
static void put_time(wk_text *out, double seconds)
{
    if (!(seconds < 360000)) {
        wk_text_put(out, "?");
        return;
    }
    int s = seconds > 0 ? (int)(seconds + 0.5) : 0;
    if (s >= 3600)
        wk_text_add(out, "%d:", s / 3600);
    wk_text_add(out, "%02d:%02d", s / 60 % 60, s % 60);
}

/* What stands behind the bar: "591/938 [00:02<00:01, 241 batch/s, loss=0.412]". */
static void put_numbers(wk_text *out, const wick_progress *bar, double elapsed)
{
    double rate = bar->rate > 0 ? bar->rate : elapsed > 0 ? (double)bar->count / elapsed : 0;
    wk_text_add(out, bar->total ? "%lld/%lld [" : "%lld [", (long long)bar->count, (long long)bar->total);
    put_time(out, elapsed);
    if (bar->total) {
        wk_text_put(out, "<");
        put_time(out, rate > 0 ? (double)(bar->total - bar->count) / rate : INFINITY);
    }
    if (rate <= 0)
        wk_text_add(out, ", ? %s/s", bar->unit.s);
    else if (rate < 1)
        wk_text_add(out, ", %.2f s/%s", 1 / rate, bar->unit.s);
    else
        wk_text_add(out, rate < 10 ? ", %.2f %s/s" : ", %.0f %s/s", rate, bar->unit.s);
    for (int i = 0; i < bar->metrics; i++)
        wk_text_add(out, ", %s=%.3g", bar->metric[i].name, bar->metric[i].value);
    wk_text_put(out, "]");
}

/* How many characters the UTF-8 text has, and how many bytes the first of them take. */
static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}
static size_t bytes_of(const char *text, size_t count)
{
    const char *at = text;
    for (; *at; at++)
        if (((unsigned char)*at & 0xC0) != 0x80 && count-- == 0)
            break;
    return (size_t)(at - text);
}

static void show(wick_progress *bar, double time)
{
    wk_text *line = &bar->line, numbers = {0};
    int columns = columns_of(bar->options.file) - 1; /* a full line would wrap */
    put_numbers(&numbers, bar, time - bar->began);
    if (!line->s)
        wk_text_put(line, "");
    wk_text_cut(line, 0);
    if (bar->description.length)
        wk_text_add(line, "%s: ", bar->description.s);
    if (bar->total) {
        double part = (double)bar->count / (double)bar->total;
        part = part > 1 ? 1 : part;
        wk_text_add(line, "%3.0f%% ", floor(100 * part));
        int room = columns < 0 || line->failed || numbers.failed
                       ? 0
                       : columns - (int)characters(line->s) - (int)characters(numbers.s) - 3;
        room = room > WIDEST_BAR ? WIDEST_BAR : room;
        if (room >= 5) {
            int full = (int)(part * room);
            wk_text_add(line, "|%.*s%*s| ", full, "########################################", room - full, "");
        }
    }
    if (numbers.s)
        wk_text_put(line, numbers.s);
    if (!line->failed && !numbers.failed && columns > 0) {
        wk_text_cut(line, bytes_of(line->s, (size_t)columns));
        fprintf(bar->options.file, "\r%s\033[K", line->s);
        fflush(bar->options.file);
        bar->shown = true;
    }
    wk_text_free(&numbers);
}

static void clear(wick_progress *bar)
{
    if (!bar->shown)
        return;
    fputs("\r\033[K", bar->options.file);
    fflush(bar->options.file);
    bar->shown = false;
}

static void finish(wick_progress *bar)
{
    bool was_closed = bar->closed;
    bar->closed = true;
    if (was_closed || !bar->terminal)
        return;
    if (!bar->options.leave) {
        clear(bar);
        return;
    }
    bar->rate = 0; /* that of the whole */
    show(bar, now());
    if (bar->shown)
        fputs("\n", bar->options.file);
    fflush(bar->options.file);
    bar->shown = false;
}

static void destroy(wick_object *object)
{
    wick_progress *bar = (wick_progress *)object;
    finish(bar);
    wk_text_free(&bar->description);
    wk_text_free(&bar->unit);
    wk_text_free(&bar->line);
    wk_free(bar, sizeof *bar);
}

static const wk_class progress_class = {"progress bar", destroy};
#define BAR(bar, function) wk_check(bar, &progress_class, function, "bar")

/* ---- The calls --------------------------------------------------------------------------------------------------------- */

/* A copy of text on one line; control characters would move the cursor. */
static bool set_text(wk_text *to, const char *text)
{
    wk_text copy = {0};
    wk_text_put(&copy, text);
    if (copy.failed)
        return false;
    for (char *c = copy.s; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = ' ';
    wk_text_free(to);
    *to = copy;
    return true;
}

wick_progress *wick_progress_bar_opt(int64_t total, const wick_progress_options *given)
{
    WK_ENTER;
    wick_progress_options options = WK_OPTIONS(wick_progress_options, WICK_PROGRESS_DEFAULTS, given);
    if (total < 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_progress_bar: total is %lld; give the number of steps, or 0",
                         (long long)total);
    wick_progress *bar = wk_alloc_zero(sizeof *bar);
    if (!bar)
        return NULL;
    wk_object_init(&bar->base, &progress_class);
    bar->options = options;
    if (!bar->options.file)
        bar->options.file = stderr;
    bar->total = total;
    bar->terminal = is_terminal(bar->options.file);
    bar->began = bar->last = now();
    if (!set_text(&bar->description, options.description ? options.description : "") ||
        !set_text(&bar->unit, options.unit ? options.unit : "it")) {
        bar->closed = true;
        wk_unref(bar);
        return NULL;
    }
    return wk_own(bar);
}

void wick_progress_update(wick_progress *bar, int64_t n)
{
    WK_ENTER;
    if (!BAR(bar, "wick_progress_update"))
        return;
    bar->count += n;
    if (!bar->terminal || bar->closed)
        return;
    double time = now(), passed = time - bar->last;
    if (passed < 0) /* the clock was set back */
        bar->began += passed, bar->last = time;
    if (passed < bar->options.interval && !(bar->total && bar->count == bar->total))
        return;
    if (passed > 0 && passed >= bar->options.interval) { /* the last few lines count, not the beginning */
        double rate = (double)(bar->count - bar->last_count) / passed;
        bar->rate = bar->rate > 0 ? 0.7 * bar->rate + 0.3 * rate : rate;
        bar->last = time;
        bar->last_count = bar->count;
    }
    show(bar, time);
}

bool wick_progress_set_postfix(wick_progress *bar, const char *name, double value)
{
    WK_ENTER;
    if (!BAR(bar, "wick_progress_set_postfix"))
        return false;
    size_t length = name ? strlen(name) : 0;
    if (length < 1 || length >= NAME)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_progress_set_postfix: a name has 1 to %d bytes, not %zu", NAME - 1,
                         length);
    int i = 0;
    while (i < bar->metrics && strcmp(bar->metric[i].name, name) != 0)
        i++;
    if (i == METRICS)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_progress_set_postfix: \"%s\" is one name too many; %d fit", name,
                         METRICS);
    if (i == bar->metrics) {
        memcpy(bar->metric[i].name, name, length + 1);
        for (char *c = bar->metric[i].name; *c; c++)
            if ((unsigned char)*c < 0x20 || *c == 0x7F)
                *c = ' ';
        bar->metrics++;
    }
    bar->metric[i].value = value;
    return true;
}

bool wick_progress_set_description(wick_progress *bar, const char *text)
{
    WK_ENTER;
    if (!BAR(bar, "wick_progress_set_description"))
        return false;
    return set_text(&bar->description, text ? text : "");
}

void wick_progress_clear(wick_progress *bar)
{
    WK_ENTER;
    if (BAR(bar, "wick_progress_clear"))
        clear(bar);
}

long long wick_progress_count(const wick_progress *bar)
{
    WK_ENTER;
    return BAR(bar, "wick_progress_count") ? bar->count : 0;
}

void wick_progress_close(wick_progress *bar)
{
    WK_ENTER;
    if (BAR(bar, "wick_progress_close"))
        finish(bar);
}
