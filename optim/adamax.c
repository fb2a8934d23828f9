/* adamax.c - Adam with the infinity norm: torch.optim.Adamax. */
#include "optimizer.h"

enum { MAXIMIZE = WK_MOMENT_HYPERS, HYPERS };

static void numbers(const double *hyper, float *scalar, double *s)
{
    s[0] = hyper[MAXIMIZE] != 0.0 ? -1 : 1;
    s[1] = hyper[WK_MOMENT_DECAY];
    s[2] = 1 - hyper[WK_MOMENT_BETA1];
    s[3] = hyper[WK_MOMENT_BETA2];
    s[4] = hyper[WK_MOMENT_EPS];
    s[5] = -(hyper[WK_MOMENT_LR] / (1 - pow(hyper[WK_MOMENT_BETA1], (double)scalar[0])));
}

static const wk_hyper hypers[HYPERS] = {WK_MOMENT_ROWS, WK_FLAG_OF("maximize")};

static const wk_method adamax = {
    .name = "Adamax",
    .function = "wick_optim_adamax",
    .written = "Adamax.step",
    .id = WK_STEP_ADAMAX,
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"exp_avg", WK_NO_HYPER}, {"exp_inf", WK_NO_HYPER}},
    .states = 2,
    .scalar = {"step"},
    .scalars = 1,
    .uses = wk_uses_two,
    .numbers = numbers,
};

wick_optim *wick_optim_adamax_opt(wick_list *params, const wick_optim_adamax_options *given)
{
    WK_ENTER;
    wick_optim_adamax_options o = WK_OPTIONS(wick_optim_adamax_options, WICK_OPTIM_ADAMAX_DEFAULTS, given);
    const double hyper[HYPERS] = {WK_MOMENT_VALUES(o), o.maximize};
    return wk_optim_new(&adamax, hyper, params);
}
