/* lr_plateau.c - a rate that is reduced when a metric stops getting better: ReduceLROnPlateau. */
#include "scheduler.h"

enum { MAXIMIZE, FACTOR, PATIENCE, THRESHOLD, ABSOLUTE, COOLDOWN, COOLING, EPS, MIN_LR, BEST, BAD_EPOCHS, NUMBERS };
enum { MIN_LRS };

_Static_assert((int)NUMBERS <= (int)WK_LR_NUMBERS, "room for the numbers");

static bool is_better(const wick_scheduler *s, double a)
{
    double best = s->number[BEST], threshold = s->number[THRESHOLD];
    bool absolute = s->number[ABSOLUTE] != 0;
    if (s->number[MAXIMIZE] != 0)
        return a > (absolute ? best + threshold : best * (threshold + 1.0));
    return a < (absolute ? best - threshold : best * (1.0 - threshold));
}

static bool reduce(wick_scheduler *s)
{
    const wk_lr_values *min = &s->list[MIN_LRS];
    if (min->count && min->count != s->optim->count) {
        wick_fail(
            WICK_ERROR_ARGUMENT,
            "wick_lr_step_metric: the optimizer has %zu parameter groups, and min_lrs %zu values; add groups before "
            "the scheduler is made",
            s->optim->count, min->count);
        return false;
    }
    for (size_t g = 0; g < s->optim->count; g++) {
        double *lr = &s->optim->group[g].hyper[s->lr], least = min->count ? min->v[g] : s->number[MIN_LR];
        double lower = *lr * s->number[FACTOR];
        if (least > lower)
            lower = least;
        if (*lr - lower > s->number[EPS])
            *lr = lower;
    }
    return true;
}

bool wick_lr_step_metric(wick_scheduler *scheduler, double metric)
{
    WK_ENTER;
    const char *function = "wick_lr_step_metric";
    wick_scheduler *s = scheduler;
    if (!WK_SCHEDULER(s, function, "scheduler"))
        return false;
    if (s->kind->rate || s->kind->holds)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: a %s does not follow a metric; call wick_lr_step(scheduler)",
                         function, s->kind->name) != NULL;
    if (!wk_lr_save(function, s))
        return false;
    s->counter[WK_LAST_EPOCH]++;
    if (is_better(s, metric)) {
        s->number[BEST] = metric;
        s->number[BAD_EPOCHS] = 0;
    } else {
        s->number[BAD_EPOCHS]++;
    }
    if (s->number[COOLING] > 0) {
        s->number[COOLING]--;
        s->number[BAD_EPOCHS] = 0;
    }
    if (s->number[BAD_EPOCHS] > s->number[PATIENCE]) {
        if (!reduce(s)) {
            wk_lr_restore(s);
            return false;
        }
        s->number[COOLING] = s->number[COOLDOWN];
        s->number[BAD_EPOCHS] = 0;
    }
    wk_lr_look(s);
    return true;
}

wick_scheduler *wick_lr_reduce_on_plateau_opt(wick_optim *optim, const wick_lr_reduce_on_plateau_options *given)
{
    WK_ENTER;
    wick_lr_reduce_on_plateau_options options =
        WK_OPTIONS(wick_lr_reduce_on_plateau_options, WICK_LR_REDUCE_ON_PLATEAU_DEFAULTS, given);
    static const char *const modes[] = {"min", "max", NULL}, *const threshold_modes[] = {"rel", "abs", NULL};
    static const wk_lr_kind kind = {
        .name = "ReduceLROnPlateau",
        .function = "wick_lr_reduce_on_plateau",
        .number = {[MAXIMIZE] = {"mode", WK_LR_FLAG},
                   [FACTOR] = {"factor", -DBL_MAX, 1 - DBL_EPSILON / 2, false, "less than 1"},
                   [PATIENCE] = {"patience", -WK_LR_MOST, WK_LR_MOST, true, "whole"},
                   [THRESHOLD] = {"threshold", WK_LR_ANY},
                   [ABSOLUTE] = {"threshold_mode", WK_LR_FLAG},
                   [COOLDOWN] = {"cooldown", -WK_LR_MOST, WK_LR_MOST, true, "whole"},
                   [COOLING] = {"cooldown_counter", -WK_LR_MOST, WK_LR_MOST, true, "whole"},
                   [EPS] = {"eps", WK_LR_ANY},
                   [MIN_LR] = {"default_min_lr", WK_LR_ANY},
                   [BEST] = {"best", -(double)INFINITY, (double)INFINITY, false, "a number"},
                   [BAD_EPOCHS] = {"num_bad_epochs", WK_LR_WHOLE(0)}},
        .list = {{"min_lrs", WK_LR_ANY}}};
    int mode = wk_lr_choice(kind.function, "mode", options.mode, modes);
    int threshold_mode = wk_lr_choice(kind.function, "threshold_mode", options.threshold_mode, threshold_modes);
    if (mode < 0 || threshold_mode < 0)
        return NULL;
    const double number[NUMBERS] = {[MAXIMIZE] = mode,
                                    [FACTOR] = options.factor,
                                    [PATIENCE] = (double)options.patience,
                                    [THRESHOLD] = options.threshold,
                                    [ABSOLUTE] = threshold_mode,
                                    [COOLDOWN] = (double)options.cooldown,
                                    [EPS] = options.eps,
                                    [MIN_LR] = options.min_lr,
                                    [BEST] = mode ? -(double)INFINITY : (double)INFINITY};
    wick_scheduler *s = wk_lr_make(&kind, optim, 0, number);
    if (s && options.min_lrs.count != 0 && !wk_lr_fill(s, MIN_LRS, "min_lr", options.min_lrs, 0)) {
        wk_unref(s);
        return NULL;
    }
    return wk_own(s);
}
