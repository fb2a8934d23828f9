/* lr_decay.c - rates that are a factor of the ones before: StepLR, MultiStepLR, ConstantLR, LinearLR, ExponentialLR,
 * PolynomialLR, and LambdaLR and MultiplicativeLR, whose factors the user computes. The order of the operations is PyTorch's,
 * so that the rates are, too. */
#include <string.h>

#include "scheduler.h"

#define EPOCH (s->counter[WK_LAST_EPOCH])
#define LR wk_lr_now(s, g)
#define BASE (s->base_lrs.v[g])

/* ---- StepLR ------------------------------------------------------------------------------------------------------ */

enum { STEP_GAMMA, STEP_SIZE };

static double step_rate(const wick_scheduler *s, size_t g)
{
    return EPOCH == 0 || fmod(EPOCH, s->number[STEP_SIZE]) != 0 ? LR : LR * s->number[STEP_GAMMA];
}

static double step_closed(const wick_scheduler *s, size_t g)
{
    return BASE * pow(s->number[STEP_GAMMA], floor(EPOCH / s->number[STEP_SIZE]));
}

wick_scheduler *wick_lr_step_lr_opt(wick_optim *optim, int64_t step_size, const wick_lr_step_lr_options *given)
{
    WK_ENTER;
    wick_lr_step_lr_options options = WK_OPTIONS(wick_lr_step_lr_options, WICK_LR_STEP_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {.name = "StepLR",
                                    .function = "wick_lr_step_lr",
                                    .number = {{"gamma", WK_LR_ANY}, {"step_size", WK_LR_WHOLE(1)}},
                                    .rate = step_rate,
                                    .closed = step_closed};
    return wk_lr_begin(
        wk_lr_make(&kind, optim, options.last_epoch, (const double[]){options.gamma, (double)step_size}));
}

/* ---- MultiStepLR ------------------------------------------------------------------------------------------------- */

enum { MULTI_GAMMA, MILESTONES = 0 };

static double multi_rate(const wick_scheduler *s, size_t g)
{
    int here = 0;
    for (size_t i = 0; i < s->list[MILESTONES].count; i++)
        here += s->list[MILESTONES].v[i] == EPOCH;
    return here ? LR * pow(s->number[MULTI_GAMMA], here) : LR;
}

static double multi_closed(const wick_scheduler *s, size_t g)
{
    int passed = 0;
    for (size_t i = 0; i < s->list[MILESTONES].count; i++)
        passed += s->list[MILESTONES].v[i] <= EPOCH;
    return BASE * pow(s->number[MULTI_GAMMA], passed);
}

wick_scheduler *wick_lr_multi_step_lr_opt(wick_optim *optim, const int64_t *milestones, int count,
                                          const wick_lr_step_lr_options *given)
{
    WK_ENTER;
    wick_lr_step_lr_options options = WK_OPTIONS(wick_lr_step_lr_options, WICK_LR_STEP_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {.name = "MultiStepLR",
                                    .function = "wick_lr_multi_step_lr",
                                    .number = {{"gamma", WK_LR_ANY}},
                                    .list = {{"milestones", -WK_LR_MOST, WK_LR_MOST, true, "whole"}},
                                    .rate = multi_rate,
                                    .closed = multi_closed};
    if (count < 0 || (count > 0 && !milestones))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: milestones is NULL, or there are %d; give WICK_INTS(30, 80)",
                         kind.function, count);
    wick_scheduler *s = wk_lr_make(&kind, optim, options.last_epoch, (const double[]){options.gamma});
    if (!s || !wk_lr_room(&s->list[MILESTONES], (size_t)count)) {
        wk_unref(s);
        return NULL;
    }
    for (int i = 0; i < count; i++)
        s->list[MILESTONES].v[i] = (double)milestones[i];
    return wk_lr_begin(s);
}

/* ---- ConstantLR -------------------------------------------------------------------------------------------------- */

enum { CONSTANT_FACTOR, CONSTANT_ITERS };

static double constant_rate(const wick_scheduler *s, size_t g)
{
    double factor = s->number[CONSTANT_FACTOR];
    return EPOCH == 0 ? LR * factor : EPOCH != s->number[CONSTANT_ITERS] ? LR : LR * (1.0 / factor);
}

static double constant_closed(const wick_scheduler *s, size_t g)
{
    double factor = s->number[CONSTANT_FACTOR];
    return BASE * (factor + (EPOCH >= s->number[CONSTANT_ITERS]) * (1 - factor));
}

wick_scheduler *wick_lr_constant_lr_opt(wick_optim *optim, const wick_lr_constant_lr_options *given)
{
    WK_ENTER;
    wick_lr_constant_lr_options options = WK_OPTIONS(wick_lr_constant_lr_options, WICK_LR_CONSTANT_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {
        .name = "ConstantLR",
        .function = "wick_lr_constant_lr",
        .number = {{"factor", WK_LR_UNIT}, {"total_iters", -WK_LR_MOST, WK_LR_MOST, true, "whole"}},
        .rate = constant_rate,
        .closed = constant_closed};
    return wk_lr_begin(
        wk_lr_make(&kind, optim, options.last_epoch, (const double[]){options.factor, (double)options.total_iters}));
}

/* ---- LinearLR ---------------------------------------------------------------------------------------------------- */

enum { LINEAR_START, LINEAR_END, LINEAR_ITERS };

static double linear_rate(const wick_scheduler *s, size_t g)
{
    double start = s->number[LINEAR_START], end = s->number[LINEAR_END], iters = s->number[LINEAR_ITERS];
    if (EPOCH == 0)
        return LR * start;
    if (s->initial || EPOCH > iters)
        return LR;
    return LR * (1.0 + (end - start) / (iters * start + (EPOCH - 1) * (end - start)));
}

static double linear_closed(const wick_scheduler *s, size_t g)
{
    double start = s->number[LINEAR_START], end = s->number[LINEAR_END], iters = s->number[LINEAR_ITERS];
    return BASE * (start + (end - start) * fmin(iters, EPOCH) / iters);
}

wick_scheduler *wick_lr_linear_lr_opt(wick_optim *optim, const wick_lr_linear_lr_options *given)
{
    WK_ENTER;
    wick_lr_linear_lr_options options = WK_OPTIONS(wick_lr_linear_lr_options, WICK_LR_LINEAR_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {.name = "LinearLR",
                                    .function = "wick_lr_linear_lr",
                                    .number = {{"start_factor", DBL_TRUE_MIN, 1, false, "in (0, 1]"},
                                               {"end_factor", WK_LR_UNIT},
                                               {"total_iters", -WK_LR_MOST, WK_LR_MOST, true, "whole"}},
                                    .rate = linear_rate,
                                    .closed = linear_closed};
    return wk_lr_begin(
        wk_lr_make(&kind, optim, options.last_epoch,
                   (const double[]){options.start_factor, options.end_factor, (double)options.total_iters}));
}

/* ---- ExponentialLR ----------------------------------------------------------------------------------------------- */

static double exponential_rate(const wick_scheduler *s, size_t g) { return s->initial ? LR : LR * s->number[0]; }
static double exponential_closed(const wick_scheduler *s, size_t g) { return BASE * pow(s->number[0], EPOCH); }

wick_scheduler *wick_lr_exponential_lr_opt(wick_optim *optim, double gamma, const wick_lr_options *given)
{
    WK_ENTER;
    wick_lr_options options = WK_OPTIONS(wick_lr_options, -1, given);
    static const wk_lr_kind kind = {.name = "ExponentialLR",
                                    .function = "wick_lr_exponential_lr",
                                    .number = {{"gamma", WK_LR_ANY}},
                                    .rate = exponential_rate,
                                    .closed = exponential_closed};
    return wk_lr_begin(wk_lr_make(&kind, optim, options.last_epoch, (const double[]){gamma}));
}

/* ---- PolynomialLR ------------------------------------------------------------------------------------------------ */

enum { POLYNOMIAL_ITERS, POLYNOMIAL_POWER };

static double polynomial_rate(const wick_scheduler *s, size_t g)
{
    double iters = s->number[POLYNOMIAL_ITERS];
    if (s->initial || EPOCH > iters)
        return LR;
    return LR * pow((1.0 - EPOCH / iters) / (1.0 - (EPOCH - 1) / iters), s->number[POLYNOMIAL_POWER]);
}

static double polynomial_closed(const wick_scheduler *s, size_t g)
{
    double iters = s->number[POLYNOMIAL_ITERS];
    return BASE * pow(1.0 - fmin(iters, EPOCH) / iters, s->number[POLYNOMIAL_POWER]);
}

wick_scheduler *wick_lr_polynomial_lr_opt(wick_optim *optim, const wick_lr_polynomial_lr_options *given)
{
    WK_ENTER;
    wick_lr_polynomial_lr_options options =
        WK_OPTIONS(wick_lr_polynomial_lr_options, WICK_LR_POLYNOMIAL_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {
        .name = "PolynomialLR",
        .function = "wick_lr_polynomial_lr",
        .number = {{"total_iters", -WK_LR_MOST, WK_LR_MOST, true, "whole"}, {"power", WK_LR_ANY}},
        .rate = polynomial_rate,
        .closed = polynomial_closed};
    return wk_lr_begin(
        wk_lr_make(&kind, optim, options.last_epoch, (const double[]){(double)options.total_iters, options.power}));
}

/* ---- LambdaLR, MultiplicativeLR ---------------------------------------------------------------------------------- */

static double factor_of(const wick_scheduler *s, size_t g)
{
    const wick_lr_lambda *lambda = &s->lambda[s->lambdas == 1 ? 0 : g];
    WK_USERS_CODE;
    return lambda->f((int64_t)EPOCH, lambda->context);
}

static double lambda_rate(const wick_scheduler *s, size_t g) { return BASE * factor_of(s, g); }
static double multiplicative_rate(const wick_scheduler *s, size_t g) { return s->initial ? LR : LR * factor_of(s, g); }

static wick_scheduler *with_lambdas(const wk_lr_kind *kind, wick_optim *optim, wick_lr_function f,
                                    const wick_lr_lambda_lr_options *options)
{
    const wick_lr_lambda one = {f, options->context}, *item = &one;
    size_t count = 1;
    if (!f && options->lr_lambdas.count > 0 && options->lr_lambdas.item) {
        item = options->lr_lambdas.item;
        count = (size_t)options->lr_lambdas.count;
        int groups = (int)wick_optim_group_count(optim);
        if (groups && groups != options->lr_lambdas.count)
            return wick_fail(WICK_ERROR_ARGUMENT, "%s: Expected %d lr_lambdas, but got %zu", kind->function, groups,
                             count);
    }
    for (size_t i = 0; i < count; i++)
        if (!item[i].f)
            return wick_fail(WICK_ERROR_ARGUMENT, "%s: function %zu is NULL; give one that computes a factor",
                             kind->function, i);
    wick_scheduler *s = wk_lr_make(kind, optim, options->last_epoch, NULL);
    if (!s || (s->lambda = wk_alloc(count * sizeof *s->lambda)) == NULL) {
        wk_unref(s);
        return NULL;
    }
    memcpy(s->lambda, item, count * sizeof *item);
    s->lambdas = count;
    return wk_lr_begin(s);
}

wick_scheduler *wick_lr_lambda_lr_opt(wick_optim *optim, wick_lr_function f, const wick_lr_lambda_lr_options *given)
{
    WK_ENTER;
    wick_lr_lambda_lr_options options = WK_OPTIONS(wick_lr_lambda_lr_options, WICK_LR_LAMBDA_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {
        .name = "LambdaLR", .function = "wick_lr_lambda_lr", .groups_of_old = true, .rate = lambda_rate};
    return with_lambdas(&kind, optim, f, &options);
}

wick_scheduler *wick_lr_multiplicative_lr_opt(wick_optim *optim, wick_lr_function f,
                                              const wick_lr_lambda_lr_options *given)
{
    WK_ENTER;
    wick_lr_lambda_lr_options options = WK_OPTIONS(wick_lr_lambda_lr_options, WICK_LR_LAMBDA_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {.name = "MultiplicativeLR",
                                    .function = "wick_lr_multiplicative_lr",
                                    .groups_of_old = true,
                                    .rate = multiplicative_rate};
    return with_lambdas(&kind, optim, f, &options);
}
