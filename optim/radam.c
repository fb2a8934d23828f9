/* radam.c - Adam with a rectified variance: torch.optim.RAdam. */
#include "optimizer.h"

enum { DECOUPLED = WK_MOMENT_HYPERS, MAXIMIZE, HYPERS };

static void numbers(const double *hyper, float *scalar, double *s)
{
    const double t = scalar[0], beta2 = hyper[WK_MOMENT_BETA2], correction2 = 1 - pow(beta2, t);
    const double rho_inf = 2 / (1 - beta2) - 1, rho = rho_inf - 2 * t * pow(beta2, t) / correction2;
    wk_moment_numbers(hyper, hyper[MAXIMIZE] != 0.0, hyper[DECOUPLED] != 0.0, s);
    s[7] = 1 - pow(hyper[WK_MOMENT_BETA1], t);
    s[8] = hyper[WK_MOMENT_LR];
    s[9] = sqrt(correction2);
    s[10] = rho > 5 ? sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) : 0;
    s[11] = rho > 5;
}

static const wk_hyper hypers[HYPERS] = {WK_MOMENT_ROWS, WK_FLAG_OF("decoupled_weight_decay"), WK_FLAG_OF("maximize")};

static const wk_method radam = {
    .name = "RAdam",
    .function = "wick_optim_radam",
    .written = "RAdam.step",
    .id = WK_STEP_RADAM,
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"exp_avg", WK_NO_HYPER}, {"exp_avg_sq", WK_NO_HYPER}},
    .states = 2,
    .scalar = {"step"},
    .scalars = 1,
    .uses = wk_uses_two,
    .numbers = numbers,
};

wick_optim *wick_optim_radam_opt(wick_list *params, const wick_optim_radam_options *given)
{
    WK_ENTER;
    wick_optim_radam_options o = WK_OPTIONS(wick_optim_radam_options, WICK_OPTIM_RADAM_DEFAULTS, given);
    const double hyper[HYPERS] = {WK_MOMENT_VALUES(o), o.decoupled_weight_decay, o.maximize};
    return wk_optim_new(&radam, hyper, params);
}
