/* lr.c - what every scheduler does: its life, its first step and the others, and putting all back when one fails. */
#include <string.h>

#include "../tensor/thread.h"
#include "scheduler.h"

/* A scheduler in a sequence, before its turn, may be some epochs below -1. */
const wk_lr_number wk_lr_counter_rule[WK_LR_COUNTERS] = {
    [WK_LAST_EPOCH] = {"last_epoch", -WK_LR_MOST, WK_LR_MOST, true, "whole"},
    [WK_STEPS_MADE] = {"_step_count", WK_LR_WHOLE(0)},
};

/* ---- Life -------------------------------------------------------------------------------------------------------- */

static void values_free(wk_lr_values *values) { wk_free(values->v, values->count * sizeof *values->v); }

static void scheduler_destroy(wick_object *object)
{
    wick_scheduler *s = (wick_scheduler *)object;
    wk_unref(s->optim);
    for (size_t i = 0; i < s->inners; i++)
        wk_unref(s->inner[i]);
    wk_free(s->inner, s->inners * sizeof *s->inner);
    wk_free(s->lambda, s->lambdas * sizeof *s->lambda);
    wk_free(s->before, s->last_lr.count * sizeof *s->before);
    for (int i = 0; i < WK_LR_LISTS; i++)
        values_free(&s->list[i]);
    values_free(&s->base_lrs);
    values_free(&s->last_lr);
    wk_free(s, sizeof *s);
}

const wk_class wk_scheduler_class = {"scheduler", scheduler_destroy};

/* ---- Making one -------------------------------------------------------------------------------------------------- */

bool wk_lr_check(wk_text *errors, const wk_lr_number *rule, double value)
{
    if (value >= rule->min && value <= rule->max && (!rule->whole || value == floor(value)))
        return true;
    wk_text_add(errors, "%s is %s; it must be %s", rule->name, WK_REAL(value), rule->must);
    return false;
}

int wk_lr_choice(const char *function, const char *name, const char *word, const char *const *words)
{
    for (int i = 0; word && words[i]; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    wk_text known = {0};
    for (int i = 0; words[i]; i++)
        wk_text_add(&known, "%s\"%s\"", i ? ", " : "", words[i]);
    wick_fail(WICK_ERROR_ARGUMENT, "%s: %s \"%s\" is unknown! There are %s", function, name, word ? word : "NULL",
              known.s ? known.s : "others");
    wk_text_free(&known);
    return -1;
}

static int place_of(const wick_optim *optim, const char *name)
{
    for (int i = 0; i < optim->method->hypers; i++)
        if (strcmp(optim->method->hyper[i].name, name) == 0)
            return i;
    return -1;
}

static bool check_settings(const wk_lr_kind *kind, int64_t last_epoch, const double *number)
{
    static const wk_lr_number first = {"last_epoch", WK_LR_WHOLE(-1)};
    wk_text errors = {0};
    bool ok = wk_lr_check(&errors, &first, (double)last_epoch);
    for (int i = 0; ok && kind->number[i].name; i++)
        ok = wk_lr_check(&errors, &kind->number[i], number[i]);
    if (!ok && errors.s)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: %s", kind->function, errors.s);
    wk_text_free(&errors);
    return ok;
}

bool wk_lr_room(wk_lr_values *values, size_t count)
{
    double *v = wk_alloc_zero(count * sizeof *v);
    if (!v)
        return false;
    values_free(values);
    *values = (wk_lr_values){v, count};
    return true;
}

/* Room for what is known of each group of the optimizer: a scheduler may get groups that were added since it was made. */
static bool fit(const char *function, wick_scheduler *s)
{
    size_t old = s->last_lr.count, groups = s->optim->count;
    if (groups == old)
        return true;
    if (old && s->kind->groups_of_old) {
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: the optimizer has %zu parameter groups, and had %zu when its %s was made; add groups before "
                  "the scheduler is made",
                  function, groups, old, s->kind->name);
        return false;
    }
    wk_lr_values last = {0};
    wk_lr_before *before = wk_alloc_zero(groups * sizeof *before);
    if (!before || !wk_lr_room(&last, groups)) {
        wk_free(before, groups * sizeof *before);
        return false;
    }
    for (size_t g = 0; g < groups; g++)
        last.v[g] = g < old ? s->last_lr.v[g] : wk_lr_now(s, g);
    wk_free(s->before, old * sizeof *s->before);
    values_free(&s->last_lr);
    s->before = before;
    s->last_lr = last;
    return true;
}

wick_scheduler *wk_lr_make(const wk_lr_kind *kind, wick_optim *optim, int64_t last_epoch, const double *number)
{
    if (!WK_OPTIM(optim, kind->function, "optim") || !check_settings(kind, last_epoch, number))
        return NULL;
    wick_scheduler *s = wk_alloc_zero(sizeof *s);
    if (!s)
        return NULL;
    wk_object_init(&s->base, &wk_scheduler_class);
    s->kind = kind;
    s->optim = wk_ref(optim);
    s->lr = place_of(optim, "lr");
    s->momentum = -1;
    s->depth = 1;
    s->counter[WK_LAST_EPOCH] = (double)last_epoch;
    for (int i = 0; kind->number[i].name; i++)
        s->number[i] = number[i];
    if (!fit(kind->function, s)) {
        wk_unref(s);
        return NULL;
    }
    return s;
}

bool wk_lr_fill(wick_scheduler *s, int list, const char *name, wick_lr_list given, double one)
{
    if (!s)
        return false;
    size_t groups = s->optim->count;
    if (given.count != 0 && (given.count < 0 || (size_t)given.count != groups || !given.value)) {
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: %s must have the same length as the optimizer has parameter groups; it has %d values, and there "
                  "are %zu groups",
                  s->kind->function, name, given.count, groups);
        return false;
    }
    if (!wk_lr_room(&s->list[list], groups))
        return false;
    for (size_t g = 0; g < groups; g++)
        s->list[list].v[g] = given.count ? given.value[g] : one;
    return true;
}

bool wk_lr_cycle_momentum(wick_scheduler *s)
{
    if (!s)
        return false;
    s->momentum = place_of(s->optim, "beta1");
    if (s->momentum < 0)
        s->momentum = place_of(s->optim, "momentum");
    if (s->momentum >= 0)
        return true;
    wick_fail(WICK_ERROR_ARGUMENT,
              "%s: optimizer must support momentum or beta1 with cycle_momentum option enabled; give .cycle_momentum = "
              "false",
              s->kind->function);
    return false;
}

wick_scheduler *wk_lr_begin(wick_scheduler *s)
{
    if (!s || !wk_lr_save(s->kind->function, s) || !wk_lr_room(&s->base_lrs, s->optim->count)) {
        wk_unref(s);
        return NULL;
    }
    bool anew = s->counter[WK_LAST_EPOCH] < 0, ok = true;
    if (s->kind->begin)
        s->kind->begin(s, anew);
    for (size_t g = 0; ok && g < s->base_lrs.count; g++) {
        double *initial = &s->optim->group[g].kept[WK_INITIAL_LR];
        if (isnan(*initial)) {
            if (anew)
                *initial = wk_lr_now(s, g);
            else
                ok = wick_fail(WICK_ERROR_ARGUMENT,
                               "%s: \"initial_lr\" is not specified in parameter group %zu, and last_epoch is %s; set "
                               "it (wick_optim_set), or load the optimizer's state, to continue from there",
                               s->kind->function, g, WK_REAL(s->counter[WK_LAST_EPOCH])) != NULL;
        }
        s->base_lrs.v[g] = *initial;
    }
    if (!ok || !wk_lr_first_step(s)) {
        wk_lr_restore(s);
        wk_unref(s);
        return NULL;
    }
    if (!s->optim->scheduled) {
        s->optim->scheduled = true;
        s->optim->stepped = false;
    }
    return wk_own(s);
}

/* ---- Before a step ----------------------------------------------------------------------------------------------- */

bool wk_lr_save(const char *function, wick_scheduler *s)
{
    for (size_t i = 0; i < s->inners; i++)
        if (!wk_lr_save(function, s->inner[i]))
            return false;
    if (!fit(function, s))
        return false;
    memcpy(s->counter_before, s->counter, sizeof s->counter);
    memcpy(s->number_before, s->number, sizeof s->number);
    for (size_t g = 0; g < s->last_lr.count; g++) {
        const wk_group *group = &s->optim->group[g];
        wk_lr_before *before = &s->before[g];
        before->last_lr = s->last_lr.v[g];
        before->lr = group->hyper[s->lr];
        before->momentum = s->momentum < 0 ? 0 : group->hyper[s->momentum];
        memcpy(before->kept, group->kept, sizeof group->kept);
    }
    return true;
}

void wk_lr_restore(wick_scheduler *s)
{
    for (size_t i = 0; i < s->inners; i++)
        wk_lr_restore(s->inner[i]);
    memcpy(s->counter, s->counter_before, sizeof s->counter);
    memcpy(s->number, s->number_before, sizeof s->number);
    for (size_t g = 0; g < s->last_lr.count; g++) {
        wk_group *group = &s->optim->group[g];
        const wk_lr_before *before = &s->before[g];
        s->last_lr.v[g] = before->last_lr;
        group->hyper[s->lr] = before->lr;
        if (s->momentum >= 0)
            group->hyper[s->momentum] = before->momentum;
        memcpy(group->kept, before->kept, sizeof group->kept);
    }
}

/* ---- Steps ------------------------------------------------------------------------------------------------------- */

void wk_lr_look(wick_scheduler *s)
{
    for (size_t g = 0; g < s->last_lr.count; g++)
        s->last_lr.v[g] = wk_lr_now(s, g);
}

/* Puts a hyperparameter into its place, whatever its range: PyTorch's schedulers do not ask for it either. */
static bool put(wick_scheduler *s, size_t g, int place, double value)
{
    if (isnan(value))
        value = (double)NAN; /* and not -nan, which the message would have */
    if (isfinite(value)) {
        s->optim->group[g].hyper[place] = value;
        return true;
    }
    wick_fail(WICK_ERROR_ARGUMENT, "%s: the %s of parameter group %zu would become %s in epoch %s of a %s",
              s->initial ? s->kind->function : "wick_lr_step", s->optim->method->hyper[place].name, g, WK_REAL(value),
              WK_REAL(s->counter[WK_LAST_EPOCH]), s->kind->name);
    return false;
}

bool wk_lr_write(wick_scheduler *s, double (*rate)(const wick_scheduler *s, size_t g))
{
    bool ok = !s->kind->may || s->kind->may(s);
    for (size_t g = 0; ok && g < s->last_lr.count; g++)
        ok = (s->momentum < 0 || put(s, g, s->momentum, s->kind->momentum(s, g))) && put(s, g, s->lr, rate(s, g));
    if (ok)
        wk_lr_look(s);
    return ok;
}

/* Of a second step, counted or still to be counted, before any of the optimizer's. False if that is an error. */
static bool warn_of_order(const wick_scheduler *s)
{
    return s->counter[WK_STEPS_MADE] != 2 || s->optim->stepped ||
           wick_warn(
               "wick_lr_step: Detected call of wick_lr_step before wick_optim_step. Call them in the opposite order: "
               "otherwise the first value of the learning rate schedule is skipped. (%s)",
               s->kind->name);
}

bool wk_lr_update(wick_scheduler *s, double epoch)
{
    s->counter[WK_LAST_EPOCH] = epoch;
    return wk_lr_write(s, s->kind->closed ? s->kind->closed : s->kind->rate);
}

bool wk_lr_step(wick_scheduler *s)
{
    if (s->kind->step)
        return s->kind->step(s);
    s->counter[WK_STEPS_MADE]++;
    s->counter[WK_LAST_EPOCH]++;
    if (!wk_lr_write(s, s->kind->rate))
        return false;
    return warn_of_order(s);
}

bool wk_lr_first_step(wick_scheduler *s)
{
    s->counter[WK_STEPS_MADE] = 0;
    s->initial = true;
    bool ok = wk_lr_step(s);
    s->initial = false;
    return ok;
}

static bool step_to(wick_scheduler *s, double epoch)
{
    if (s->kind->to) {
        s->kind->to(s, epoch);
        return wk_lr_write(s, s->kind->rate);
    }
    s->counter[WK_STEPS_MADE]++;
    if (!wk_lr_update(s, epoch))
        return false;
    return warn_of_order(s);
}

/* ---- The public functions ---------------------------------------------------------------------------------------- */

static bool needs_metric(const wick_scheduler *s, const char *function)
{
    if (s->kind->rate || s->kind->holds)
        return false;
    wick_fail(WICK_ERROR_ARGUMENT, "%s: a %s follows a metric; call wick_lr_step_metric(scheduler, metric)", function,
              s->kind->name);
    return true;
}

bool wick_lr_step(wick_scheduler *scheduler)
{
    WK_ENTER;
    const char *function = "wick_lr_step";
    if (!WK_SCHEDULER(scheduler, function, "scheduler") || needs_metric(scheduler, function) ||
        !wk_stack_left(function) || !wk_lr_save(function, scheduler))
        return false;
    WK_HOLD(scheduler);
    bool ok = wk_lr_step(scheduler);
    if (!ok)
        wk_lr_restore(scheduler);
    return ok;
}

bool wick_lr_step_epoch(wick_scheduler *scheduler, double epoch)
{
    WK_ENTER;
    const char *function = "wick_lr_step_epoch";
    if (!WK_SCHEDULER(scheduler, function, "scheduler") || needs_metric(scheduler, function))
        return false;
    if (scheduler->kind->holds)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: a %s takes no epoch; call wick_lr_step(scheduler)", function,
                         scheduler->kind->name) != NULL;
    bool whole = scheduler->kind->to == NULL;
    if (!(epoch >= 0 && epoch <= WK_LR_MOST) || (whole && epoch != floor(epoch)))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: Expected non-negative%s epoch, but got %s", function,
                         whole ? " whole" : "", WK_REAL(epoch)) != NULL;
    if (whole && !wick_warn("%s: The epoch parameter was not necessary and is being deprecated in PyTorch. Please use "
                            "wick_lr_step(scheduler) to step the scheduler. (%s)",
                            function, scheduler->kind->name))
        return false;
    if (!wk_stack_left(function) || !wk_lr_save(function, scheduler))
        return false;
    WK_HOLD(scheduler);
    bool ok = step_to(scheduler, epoch);
    if (!ok)
        wk_lr_restore(scheduler);
    return ok;
}

double wick_lr_get_last_lr(const wick_scheduler *scheduler, int group)
{
    WK_ENTER;
    const char *function = "wick_lr_get_last_lr";
    if (!WK_SCHEDULER(scheduler, function, "scheduler"))
        return (double)NAN;
    if (group >= 0 && (size_t)group < scheduler->last_lr.count)
        return scheduler->last_lr.v[group];
    wick_fail(WICK_ERROR_INDEX, "%s: group %d of a scheduler of %zu; groups are counted from 0", function, group,
              scheduler->last_lr.count);
    return (double)NAN;
}

long long wick_lr_last_epoch(const wick_scheduler *scheduler)
{
    WK_ENTER;
    const bool counts = WK_SCHEDULER(scheduler, "wick_lr_last_epoch", "scheduler") && !scheduler->kind->uncounted;
    return counts ? (int64_t)scheduler->counter[WK_LAST_EPOCH] : -1;
}
