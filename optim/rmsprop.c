/* rmsprop.c - gradients over their root mean square: torch.optim.RMSprop. */
#include "optimizer.h"

enum { LR, ALPHA, EPS, WEIGHT_DECAY, MOMENTUM, CENTERED, MAXIMIZE, HYPERS };

static unsigned uses(const double *hyper)
{
    return 1u | (hyper[MOMENTUM] > 0.0 ? 2u : 0u) | (hyper[CENTERED] != 0.0 ? 4u : 0u);
}

static void numbers(const double *hyper, float *scalar, double *s)
{
    (void)scalar;
    s[0] = hyper[MAXIMIZE] != 0.0 ? -1 : 1;
    s[1] = hyper[WEIGHT_DECAY];
    s[2] = -hyper[LR];
    s[3] = hyper[ALPHA];
    s[4] = 1 - hyper[ALPHA];
    s[5] = hyper[EPS];
    s[6] = hyper[MOMENTUM];
    s[7] = hyper[CENTERED];
}

static const wk_hyper hypers[HYPERS] = {WK_LR,
                                        WK_AT_LEAST_0("alpha"),
                                        WK_EPS,
                                        WK_AT_LEAST_0("weight_decay"),
                                        WK_AT_LEAST_0("momentum"),
                                        WK_FLAG_OF("centered"),
                                        WK_FLAG_OF("maximize")};

static const wk_method rmsprop = {
    .name = "RMSprop",
    .function = "wick_optim_rmsprop",
    .written = "RMSprop.step",
    .id = WK_STEP_RMSPROP,
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"square_avg", WK_NO_HYPER}, {"momentum_buffer", WK_NO_HYPER}, {"grad_avg", WK_NO_HYPER}},
    .states = 3,
    .scalar = {"step"},
    .scalars = 1,
    .uses = uses,
    .numbers = numbers,
};

wick_optim *wick_optim_rmsprop_opt(wick_list *params, const wick_optim_rmsprop_options *given)
{
    WK_ENTER;
    wick_optim_rmsprop_options o = WK_OPTIONS(wick_optim_rmsprop_options, WICK_OPTIM_RMSPROP_DEFAULTS, given);
    const double hyper[HYPERS] = {o.lr, o.alpha, o.eps, o.weight_decay, o.momentum, o.centered, o.maximize};
    return wk_optim_new(&rmsprop, hyper, params);
}
