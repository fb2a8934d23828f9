/* lr_cycle.c - rates that rise and fall, with momenta that go the other way (Smith 2017; Smith and Topin 2018): CyclicLR,
 * OneCycleLR; and SWALR, which anneals like the latter. */
#include "scheduler.h"

#define EPOCH (s->counter[WK_LAST_EPOCH])

static const double pi = 3.14159265358979323846;

/* Puts the momenta at the top, and what they go between beside them, as PyTorch does. */
static void begin_momenta(wick_scheduler *s, int base, int max)
{
    for (size_t g = 0; s->momentum >= 0 && g < s->last_lr.count; g++) {
        wk_group *group = &s->optim->group[g];
        group->hyper[s->momentum] = s->list[max].v[g];
        group->kept[WK_MAX_MOMENTUM] = s->list[max].v[g];
        group->kept[WK_BASE_MOMENTUM] = s->list[base].v[g];
    }
}

/* ---- CyclicLR ---------------------------------------------------------------------------------------------------- */

enum { TOTAL_SIZE, STEP_RATIO, GAMMA, MODE, SCALE_MODE };
enum { TRIANGULAR, TRIANGULAR2, EXP_RANGE };
enum { MAX_LRS, BASE_MOMENTA, MAX_MOMENTA, LOWER }; /* LOWER: what the first step leaves aside; see below */

/* How far from the lower end, of the full height: 0 to 1, times what the mode makes of the height. */
static double part_of(const wick_scheduler *s, double height)
{
    double total = s->number[TOTAL_SIZE], ratio = s->number[STEP_RATIO];
    double cycle = floor(1 + EPOCH / total), x = 1.0 + EPOCH / total - cycle;
    double part = height * (x <= ratio ? x / ratio : (x - 1) / (ratio - 1));
    if (s->scale_fn) {
        WK_USERS_CODE;
        return part * s->scale_fn(s->number[SCALE_MODE] == 0 ? cycle : EPOCH, s->scale_context);
    }
    const int mode = (int)s->number[MODE];
    if (mode == TRIANGULAR)
        return part;
    return part * (mode == TRIANGULAR2 ? 1 / pow(2.0, cycle - 1) : pow(s->number[GAMMA], EPOCH));
}

static double cyclic_rate(const wick_scheduler *s, size_t g)
{
    double base = s->base_lrs.v[g];
    return base + part_of(s, s->list[MAX_LRS].v[g] - base);
}

static double cyclic_momentum(const wick_scheduler *s, size_t g)
{
    double max = s->list[MAX_MOMENTA].v[g];
    return max - part_of(s, max - s->list[BASE_MOMENTA].v[g]);
}

static void cyclic_begin(wick_scheduler *s, bool anew)
{
    for (size_t g = 0; anew && g < s->last_lr.count; g++)
        s->optim->group[g].hyper[s->lr] = s->list[LOWER].v[g];
    if (anew)
        begin_momenta(s, BASE_MOMENTA, MAX_MOMENTA);
}

wick_scheduler *wick_lr_cyclic_lr_opt(wick_optim *optim, double base_lr, double max_lr,
                                      const wick_lr_cyclic_lr_options *given)
{
    WK_ENTER;
    wick_lr_cyclic_lr_options options = WK_OPTIONS(wick_lr_cyclic_lr_options, WICK_LR_CYCLIC_LR_DEFAULTS, given);
    static const char *const modes[] = {"triangular", "triangular2", "exp_range", NULL};
    static const char *const scale_modes[] = {"cycle", "iterations", NULL};
    static const wk_lr_kind kind = {
        .name = "CyclicLR",
        .function = "wick_lr_cyclic_lr",
        .number = {[TOTAL_SIZE] = {"total_size", DBL_TRUE_MIN, DBL_MAX, false,
                                   "greater than 0: .step_size_up and .step_size_down are how long a cycle takes"},
                   [STEP_RATIO] = {"step_ratio", 0, 1, false, "in [0, 1]: no step size may be negative"},
                   [GAMMA] = {"gamma", WK_LR_ANY},
                   [MODE] = {"mode", 0, 2, true, "0, 1 or 2"},
                   [SCALE_MODE] = {"scale_mode", WK_LR_FLAG}},
        .list = {{"max_lrs", WK_LR_ANY}, {"base_momentums", WK_LR_ANY}, {"max_momentums", WK_LR_ANY}},
        .groups_of_old = true,
        .rate = cyclic_rate,
        .momentum = cyclic_momentum,
        .begin = cyclic_begin};
    double up = options.step_size_up, down = options.step_size_down == -1 ? up : options.step_size_down;
    int mode = options.scale_fn ? 0 : wk_lr_choice(kind.function, "mode", options.mode, modes);
    int scale_mode = wk_lr_choice(kind.function, "scale_mode", options.scale_mode, scale_modes);
    if (mode < 0 || scale_mode < 0)
        return NULL;
    const double number[] = {up + down, up / (up + down), options.gamma, mode, scale_mode};
    wick_scheduler *s = wk_lr_make(&kind, optim, options.last_epoch, number);
    if (!wk_lr_fill(s, LOWER, "base_lr", options.base_lrs, base_lr) ||
        !wk_lr_fill(s, MAX_LRS, "max_lr", options.max_lrs, max_lr) ||
        !wk_lr_fill(s, BASE_MOMENTA, "base_momentum", options.base_momentums, options.base_momentum) ||
        !wk_lr_fill(s, MAX_MOMENTA, "max_momentum", options.max_momentums, options.max_momentum) ||
        (options.cycle_momentum && !wk_lr_cycle_momentum(s))) {
        wk_unref(s);
        return NULL;
    }
    s->scale_fn = options.scale_fn;
    s->scale_context = options.context;
    s = wk_lr_begin(s);
    if (s) { /* only now, so that the first rate is the group's "initial_lr", whoever set that: PyTorch has it so */
        wk_lr_values initial = s->base_lrs;
        s->base_lrs = s->list[LOWER];
        s->list[LOWER] = initial;
    }
    return s;
}

/* ---- OneCycleLR -------------------------------------------------------------------------------------------------- */

static const char *const strategies[] = {"cos", "linear", NULL};

enum { TOTAL_STEPS, PCT_START, THREE_PHASE, STRATEGY, DIV, FINAL_DIV };
enum { ONE_MAX_LRS, ONE_BASE_MOMENTA, ONE_MAX_MOMENTA };

/* A stretch of the cycle: up to which step, and between which of the values in a group. */
typedef struct phase {
    double end;
    wk_kept lr[2], momentum[2];
} phase;

static const phase phases[2][3] = {
    {{0, {WK_INITIAL_LR, WK_MAX_LR}, {WK_MAX_MOMENTUM, WK_BASE_MOMENTUM}},
     {0, {WK_MAX_LR, WK_MIN_LR}, {WK_BASE_MOMENTUM, WK_MAX_MOMENTUM}}},
    {{0, {WK_INITIAL_LR, WK_MAX_LR}, {WK_MAX_MOMENTUM, WK_BASE_MOMENTUM}},
     {0, {WK_MAX_LR, WK_INITIAL_LR}, {WK_BASE_MOMENTUM, WK_MAX_MOMENTUM}},
     {0, {WK_INITIAL_LR, WK_MIN_LR}, {WK_MAX_MOMENTUM, WK_MAX_MOMENTUM}}},
};

static double anneal(int strategy, double start, double end, double t)
{
    return strategy ? (end - start) * t + start : end + (start - end) / 2.0 * (cos(pi * t) + 1);
}

static double one_cycle(const wick_scheduler *s, size_t g, bool momentum)
{
    double total = s->number[TOTAL_STEPS], pct = s->number[PCT_START];
    int three = s->number[THREE_PHASE] != 0, last = 1 + three, i = 0;
    const double end[3] = {pct * total - 1, three ? 2 * pct * total - 2 : total - 1, total - 1};
    while (i < last && EPOCH > end[i])
        i++;
    double start = i ? end[i - 1] : 0.0, t = (EPOCH - start) / (end[i] - start);
    const wk_kept *k = momentum ? phases[three][i].momentum : phases[three][i].lr;
    return anneal((int)s->number[STRATEGY], wk_lr_kept(s, g, k[0]), wk_lr_kept(s, g, k[1]), t);
}

static double one_cycle_rate(const wick_scheduler *s, size_t g) { return one_cycle(s, g, false); }
static double one_cycle_momentum(const wick_scheduler *s, size_t g) { return one_cycle(s, g, true); }

static void one_cycle_begin(wick_scheduler *s, bool anew)
{
    for (size_t g = 0; anew && g < s->last_lr.count; g++) {
        double *kept = s->optim->group[g].kept, max = s->list[ONE_MAX_LRS].v[g];
        kept[WK_INITIAL_LR] = max / s->number[DIV];
        kept[WK_MAX_LR] = max;
        kept[WK_MIN_LR] = kept[WK_INITIAL_LR] / s->number[FINAL_DIV];
    }
    if (anew)
        begin_momenta(s, ONE_BASE_MOMENTA, ONE_MAX_MOMENTA);
}

static bool one_cycle_may(const wick_scheduler *s)
{
    if (EPOCH <= s->number[TOTAL_STEPS])
        return true;
    wick_fail(WICK_ERROR_ARGUMENT,
              "%s: Tried to step %s times. The specified number of total steps is %s; a OneCycleLR ends there",
              s->initial ? s->kind->function : "wick_lr_step", WK_REAL(EPOCH), WK_REAL(s->number[TOTAL_STEPS]));
    return false;
}

/* total_steps, or epochs times steps_per_epoch; -1 with an error. */
static double total_steps(const char *function, const wick_lr_one_cycle_lr_options *o)
{
    bool total = o->total_steps != WICK_UNSET, both = o->epochs != WICK_UNSET && o->steps_per_epoch != WICK_UNSET;
    if (!total && !both)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: You must define either .total_steps OR (.epochs AND .steps_per_epoch)",
                  function);
    else if (total ? o->total_steps <= 0 : o->epochs <= 0 || o->steps_per_epoch <= 0)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: Expected positive integer %s, but got %lld", function,
                  total            ? "total_steps"
                  : o->epochs <= 0 ? "epochs"
                                   : "steps_per_epoch",
                  (long long)(total            ? o->total_steps
                              : o->epochs <= 0 ? o->epochs
                                               : o->steps_per_epoch));
    else
        return total ? (double)o->total_steps : (double)o->epochs * (double)o->steps_per_epoch;
    return -1;
}

wick_scheduler *wick_lr_one_cycle_lr_opt(wick_optim *optim, double max_lr, const wick_lr_one_cycle_lr_options *given)
{
    WK_ENTER;
    wick_lr_one_cycle_lr_options options =
        WK_OPTIONS(wick_lr_one_cycle_lr_options, WICK_LR_ONE_CYCLE_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {.name = "OneCycleLR",
                                    .function = "wick_lr_one_cycle_lr",
                                    .number = {[TOTAL_STEPS] = {"total_steps", WK_LR_WHOLE(1)},
                                               [PCT_START] = {"pct_start", WK_LR_UNIT},
                                               [THREE_PHASE] = {"three_phase", WK_LR_FLAG},
                                               [STRATEGY] = {"anneal_strategy", WK_LR_FLAG}},
                                    .groups_of_old = true,
                                    .rate = one_cycle_rate,
                                    .momentum = one_cycle_momentum,
                                    .begin = one_cycle_begin,
                                    .may = one_cycle_may};
    int strategy = wk_lr_choice(kind.function, "anneal_strategy", options.anneal_strategy, strategies);
    double total = strategy < 0 ? -1 : total_steps(kind.function, &options);
    if (total < 0)
        return NULL;
    const double number[] = {total, options.pct_start, options.three_phase, strategy};
    wick_scheduler *s = wk_lr_make(&kind, optim, options.last_epoch, number);
    if (!wk_lr_fill(s, ONE_MAX_LRS, "max_lr", options.max_lrs, max_lr) ||
        !wk_lr_fill(s, ONE_BASE_MOMENTA, "base_momentum", options.base_momentums, options.base_momentum) ||
        !wk_lr_fill(s, ONE_MAX_MOMENTA, "max_momentum", options.max_momentums, options.max_momentum) ||
        (options.cycle_momentum && !wk_lr_cycle_momentum(s))) {
        wk_unref(s);
        return NULL;
    }
    s->number[DIV] = options.div_factor;
    s->number[FINAL_DIV] = options.final_div_factor;
    return wk_lr_begin(s);
}

/* ---- SWALR ------------------------------------------------------------------------------------------------------- */

enum { ANNEAL_EPOCHS, SWA_STRATEGY };
enum { SWA_LRS };

/* How much of the averaging's rate there is at this step: 0 to 1. */
static double swa_share(const wick_scheduler *s, double step)
{
    double t = fmax(0, fmin(1, step / fmax(1, s->number[ANNEAL_EPOCHS])));
    return s->number[SWA_STRATEGY] != 0 ? t : (1 - cos(pi * t)) / 2;
}

static double swa_rate(const wick_scheduler *s, size_t g)
{
    double step = s->counter[WK_STEPS_MADE] - 1, swa = wk_lr_kept(s, g, WK_SWA_LR), lr = wk_lr_now(s, g);
    if (s->number[ANNEAL_EPOCHS] == 0)
        step = fmax(1, step);
    double before = swa_share(s, step - 1), now = swa_share(s, step);
    double first = before == 1 ? swa : (lr - before * swa) / (1 - before); /* where the annealing began */
    return swa * now + first * (1 - now);
}

static void swa_begin(wick_scheduler *s, bool anew)
{
    (void)anew; /* PyTorch writes it in any case */
    for (size_t g = 0; g < s->last_lr.count; g++)
        s->optim->group[g].kept[WK_SWA_LR] = s->list[SWA_LRS].v[g];
}

wick_scheduler *wick_lr_swa_lr_opt(wick_optim *optim, double swa_lr, const wick_lr_swa_lr_options *given)
{
    WK_ENTER;
    wick_lr_swa_lr_options options = WK_OPTIONS(wick_lr_swa_lr_options, WICK_LR_SWA_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {
        .name = "SWALR",
        .function = "wick_lr_swa_lr",
        .number =
            {[ANNEAL_EPOCHS] = {"anneal_epochs", WK_LR_WHOLE(0)}, [SWA_STRATEGY] = {"_anneal_strategy", WK_LR_FLAG}},
        .groups_of_old = true,
        .rate = swa_rate,
        .begin = swa_begin};
    int strategy = wk_lr_choice(kind.function, "anneal_strategy", options.anneal_strategy, strategies);
    if (strategy < 0)
        return NULL;
    wick_scheduler *s =
        wk_lr_make(&kind, optim, options.last_epoch, (const double[]){(double)options.anneal_epochs, strategy});
    if (!wk_lr_fill(s, SWA_LRS, "swa_lr", options.swa_lrs, swa_lr)) {
        wk_unref(s);
        return NULL;
    }
    return wk_lr_begin(s);
}
