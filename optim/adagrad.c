/* adagrad.c - learning rates that shrink with the gradients seen: torch.optim.Adagrad. */
#include "optimizer.h"

enum { LR, LR_DECAY, WEIGHT_DECAY, INITIAL, EPS, MAXIMIZE, HYPERS };

static void numbers(const double *hyper, float *scalar, double *s)
{
    s[0] = hyper[MAXIMIZE] != 0.0 ? -1 : 1;
    s[1] = hyper[WEIGHT_DECAY];
    s[2] = hyper[EPS];
    s[3] = -(hyper[LR] / (1 + ((double)scalar[0] - 1) * hyper[LR_DECAY]));
}

static const wk_hyper hypers[HYPERS] = {
    WK_LR,  WK_AT_LEAST_0("lr_decay"), WK_AT_LEAST_0("weight_decay"), WK_AT_LEAST_0("initial_accumulator_value"),
    WK_EPS, WK_FLAG_OF("maximize")};

static const wk_method adagrad = {
    .name = "Adagrad",
    .function = "wick_optim_adagrad",
    .written = "Adagrad.step",
    .id = WK_STEP_ADAGRAD,
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"sum", INITIAL}},
    .states = 1,
    .scalar = {"step"},
    .scalars = 1,
    .at_once = true,
    .uses = wk_uses_one,
    .numbers = numbers,
};

wick_optim *wick_optim_adagrad_opt(wick_list *params, const wick_optim_adagrad_options *given)
{
    WK_ENTER;
    wick_optim_adagrad_options o = WK_OPTIONS(wick_optim_adagrad_options, WICK_OPTIM_ADAGRAD_DEFAULTS, given);
    const double hyper[HYPERS] = {o.lr, o.lr_decay, o.weight_decay, o.initial_accumulator_value, o.eps, o.maximize};
    return wk_optim_new(&adagrad, hyper, params);
}
