/* lr_compose.c - schedulers of schedulers: SequentialLR, ChainedScheduler. */
#include <string.h>

#include "scheduler.h"

#define EPOCH (s->counter[WK_LAST_EPOCH])

enum { MILESTONES, DEEPEST = 64 };

/* ---- Holding ----------------------------------------------------------------------------------------------------- */

static bool check_inner(const char *function, const wick_optim *optim, wick_scheduler *const *inner, int count)
{
    if (count < 1 || !inner) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: expects at least one scheduler, but got no scheduler", function);
        return false;
    }
    for (int i = 0; i < count; i++) {
        if (!WK_SCHEDULER(inner[i], function, "scheduler"))
            return false;
        if (!optim)
            optim = inner[i]->optim;
        const char *wrong = !inner[i]->kind->rate && !inner[i]->kind->holds ? "needs a metric to step"
                            : inner[i]->optim != optim                      ? "belongs to another optimizer"
                            : inner[i]->depth >= DEEPEST                    ? "is nested too deep"
                                                                            : NULL;
        if (wrong) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: the scheduler at index %d, a %s, %s; it cannot be one of these",
                      function, i, inner[i]->kind->name, wrong);
            return false;
        }
    }
    return true;
}

static wick_scheduler *hold(const wk_lr_kind *kind, wick_optim *optim, double last_epoch, wick_scheduler *const *inner,
                            int count)
{
    if (!check_inner(kind->function, optim, inner, count))
        return NULL;
    wick_scheduler *s = wk_lr_make(kind, inner[0]->optim, 0, NULL);
    if (!s || (s->inner = wk_alloc((size_t)count * sizeof *s->inner)) == NULL) {
        wk_unref(s);
        return NULL;
    }
    EPOCH = last_epoch;
    s->inners = (size_t)count;
    for (int i = 0; i < count; i++) {
        s->inner[i] = wk_ref(inner[i]);
        if (s->depth <= inner[i]->depth)
            s->depth = inner[i]->depth + 1;
    }
    return s;
}

/* ---- SequentialLR ------------------------------------------------------------------------------------------------ */

/* Whose turn it is: how many milestones are not after this epoch, by bisection, as PyTorch finds it in any list. */
static size_t turn(const wick_scheduler *s, double epoch)
{
    size_t low = 0, high = s->list[MILESTONES].count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (epoch < s->list[MILESTONES].v[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void take_last(wick_scheduler *s, const wick_scheduler *inner)
{
    for (size_t g = 0; g < s->last_lr.count; g++)
        s->last_lr.v[g] = inner->last_lr.v[g];
}

static bool sequential_step(wick_scheduler *s)
{
    size_t i = turn(s, ++EPOCH);
    wick_scheduler *inner = s->inner[i];
    if (!(i > 0 && s->list[MILESTONES].v[i - 1] == EPOCH ? wk_lr_update(inner, 0) : wk_lr_step(inner)))
        return false;
    take_last(s, inner);
    return true;
}

/* Takes back the epoch that making them was. */
static void undo(wick_scheduler *s)
{
    if (!s->kind->holds)
        EPOCH--;
    for (size_t i = 0; i < s->inners; i++)
        undo(s->inner[i]);
}

static bool sequential_begin(wick_scheduler *s)
{
    const char *function = s->kind->function;
    if (!wk_lr_save(function, s))
        return false;
    for (size_t g = 0; g < s->last_lr.count; g++) {
        wk_group *group = &s->optim->group[g];
        if (isnan(group->kept[WK_INITIAL_LR])) {
            wk_lr_restore(s);
            wick_fail(WICK_ERROR_ARGUMENT,
                      "%s: parameter group %zu has no \"initial_lr\"; add groups before its schedulers are made",
                      function, g);
            return false;
        }
        group->hyper[s->lr] = group->kept[WK_INITIAL_LR];
    }
    undo(s);
    wick_scheduler *first = s->inner[turn(s, 0)];
    if (!wk_lr_first_step(first)) {
        wk_lr_restore(s);
        return false;
    }
    take_last(s, first);
    return true;
}

wick_scheduler *wick_lr_sequential_lr_opt(wick_optim *optim, wick_scheduler *const *schedulers, int count,
                                          const int64_t *milestones, int milestone_count, const wick_lr_options *given)
{
    WK_ENTER;
    wick_lr_options options = WK_OPTIONS(wick_lr_options, -1, given);
    static const wk_lr_kind kind = {.name = "SequentialLR",
                                    .function = "wick_lr_sequential_lr",
                                    .list = {{"_milestones", -WK_LR_MOST, WK_LR_MOST, true, "whole"}},
                                    .holds = true,
                                    .step = sequential_step};
    if (!WK_OPTIM(optim, kind.function, "optim"))
        return NULL;
    wick_scheduler *s = hold(&kind, optim, (double)options.last_epoch + 1, schedulers, count);
    bool ok = s != NULL;
    if (ok && (milestone_count != count - 1 || (milestone_count > 0 && !milestones)))
        ok = wick_fail(WICK_ERROR_ARGUMENT,
                       "%s: expects number of schedulers provided to be one more than the number of milestone points, "
                       "but got number of schedulers %d and the number of milestones to be equal to %d",
                       kind.function, count, milestone_count) != NULL;
    for (int i = 1; ok && i < count; i++)
        if (schedulers[i]->kind->holds)
            ok = wick_fail(
                     WICK_ERROR_ARGUMENT,
                     "%s: the scheduler at index %d is a %s, which cannot begin at a milestone; only the first may "
                     "hold schedulers",
                     kind.function, i, schedulers[i]->kind->name) != NULL;
    ok = ok && wk_lr_room(&s->list[MILESTONES], (size_t)milestone_count);
    for (int i = 0; ok && i < milestone_count; i++)
        s->list[MILESTONES].v[i] = (double)milestones[i];
    if (!ok || !sequential_begin(s)) {
        wk_unref(s);
        return NULL;
    }
    return wk_own(s);
}

/* ---- ChainedScheduler -------------------------------------------------------------------------------------------- */

static bool chained_step(wick_scheduler *s)
{
    for (size_t i = 0; i < s->inners; i++)
        if (!wk_lr_step(s->inner[i]))
            return false;
    wk_lr_look(s);
    return true;
}

wick_scheduler *wick_lr_chained_scheduler_n(wick_scheduler *const *schedulers, int count)
{
    WK_ENTER;
    static const wk_lr_kind kind = {.name = "ChainedScheduler",
                                    .function = "wick_lr_chained_scheduler",
                                    .holds = true,
                                    .uncounted = true,
                                    .step = chained_step};
    return wk_own(hold(&kind, NULL, 0, schedulers, count));
}
