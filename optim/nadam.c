/* nadam.c - Adam with Nesterov momentum: torch.optim.NAdam. */
#include "optimizer.h"

enum { MOMENTUM_DECAY = WK_MOMENT_HYPERS, DECOUPLED, MAXIMIZE, HYPERS };

static void numbers(const double *hyper, float *scalar, double *s)
{
    const double t = scalar[0], lr = hyper[WK_MOMENT_LR], beta1 = hyper[WK_MOMENT_BETA1];
    const double mu = beta1 * (1 - 0.5 * pow(0.96, t * hyper[MOMENTUM_DECAY]));
    const double mu_next = beta1 * (1 - 0.5 * pow(0.96, (t + 1) * hyper[MOMENTUM_DECAY]));
    scalar[1] = (t == 1 ? 1 : scalar[1]) * (float)mu; /* in float32, as PyTorch's state is */
    const double product = (double)scalar[1];
    wk_moment_numbers(hyper, hyper[MAXIMIZE] != 0.0, hyper[DECOUPLED] != 0.0, s);
    s[7] = 1 - pow(hyper[WK_MOMENT_BETA2], t);
    s[8] = -lr * (1 - mu) / (1 - product);
    s[9] = -lr * mu_next / (1 - product * mu_next);
}

static const wk_hyper hypers[HYPERS] = {WK_MOMENT_ROWS, WK_AT_LEAST_0("momentum_decay"),
                                        WK_FLAG_OF("decoupled_weight_decay"), WK_FLAG_OF("maximize")};

static const wk_method nadam = {
    .name = "NAdam",
    .function = "wick_optim_nadam",
    .written = "NAdam.step",
    .id = WK_STEP_NADAM,
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"exp_avg", WK_NO_HYPER}, {"exp_avg_sq", WK_NO_HYPER}},
    .states = 2,
    .scalar = {"step", "mu_product"},
    .scalars = 2,
    .uses = wk_uses_two,
    .numbers = numbers,
};

wick_optim *wick_optim_nadam_opt(wick_list *params, const wick_optim_nadam_options *given)
{
    WK_ENTER;
    wick_optim_nadam_options o = WK_OPTIONS(wick_optim_nadam_options, WICK_OPTIM_NADAM_DEFAULTS, given);
    const double hyper[HYPERS] = {WK_MOMENT_VALUES(o), o.momentum_decay, o.decoupled_weight_decay, o.maximize};
    return wk_optim_new(&nadam, hyper, params);
}
