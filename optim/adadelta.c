/* adadelta.c - steps in the scale of earlier steps: torch.optim.Adadelta. */
#include "optimizer.h"

enum { LR, RHO, EPS, WEIGHT_DECAY, MAXIMIZE, HYPERS };

static void numbers(const double *hyper, float *scalar, double *s)
{
    (void)scalar;
    s[0] = hyper[MAXIMIZE] != 0.0 ? -1 : 1;
    s[1] = hyper[WEIGHT_DECAY];
    s[2] = -hyper[LR];
    s[3] = hyper[RHO];
    s[4] = 1 - hyper[RHO];
    s[5] = hyper[EPS];
}

static const wk_hyper hypers[HYPERS] = {
    WK_LR, {"rho", "rho value", 0.0, 1.0, WK_REAL}, WK_EPS, WK_AT_LEAST_0("weight_decay"), WK_FLAG_OF("maximize")};

static const wk_method adadelta = {
    .name = "Adadelta",
    .function = "wick_optim_adadelta",
    .written = "Adadelta.step",
    .id = WK_STEP_ADADELTA,
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"square_avg", WK_NO_HYPER}, {"acc_delta", WK_NO_HYPER}},
    .states = 2,
    .scalar = {"step"},
    .scalars = 1,
    .uses = wk_uses_two,
    .numbers = numbers,
};

wick_optim *wick_optim_adadelta_opt(wick_list *params, const wick_optim_adadelta_options *given)
{
    WK_ENTER;
    wick_optim_adadelta_options o = WK_OPTIONS(wick_optim_adadelta_options, WICK_OPTIM_ADADELTA_DEFAULTS, given);
    const double hyper[HYPERS] = {o.lr, o.rho, o.eps, o.weight_decay, o.maximize};
    return wk_optim_new(&adadelta, hyper, params);
}
