/* sgd.c - stochastic gradient descent with momentum: torch.optim.SGD. */
#include "optimizer.h"

enum { LR, MOMENTUM, DAMPENING, WEIGHT_DECAY, NESTEROV, MAXIMIZE, HYPERS };

static bool check(const char *function, const double *hyper)
{
    if (hyper[NESTEROV] == 0.0 || (hyper[MOMENTUM] > 0.0 && hyper[DAMPENING] == 0.0))
        return true;
    wick_fail(WICK_ERROR_ARGUMENT,
              "%s: Nesterov momentum requires a momentum and zero dampening; momentum is %s and dampening %s", function,
              WK_REAL(hyper[MOMENTUM]), WK_REAL(hyper[DAMPENING]));
    return false;
}

static unsigned uses(const double *hyper) { return hyper[MOMENTUM] != 0.0; }

static void numbers(const double *hyper, float *scalar, double *s)
{
    s[0] = hyper[MAXIMIZE] != 0.0 ? -1 : 1;
    s[1] = hyper[WEIGHT_DECAY];
    s[2] = -hyper[LR];
    s[3] = hyper[MOMENTUM];
    s[4] = 1 - hyper[DAMPENING];
    s[5] = hyper[NESTEROV];
    s[6] = scalar[0] == 1;
}

static const wk_hyper hypers[HYPERS] = {WK_LR,
                                        WK_AT_LEAST_0("momentum"),
                                        WK_ANY("dampening"),
                                        WK_AT_LEAST_0("weight_decay"),
                                        WK_FLAG_OF("nesterov"),
                                        WK_FLAG_OF("maximize")};

static const wk_method sgd = {
    .name = "SGD",
    .function = "wick_optim_sgd",
    .written = "SGD.step",
    .id = WK_STEP_SGD,
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"momentum_buffer", WK_NO_HYPER}},
    .states = 1,
    .check = check,
    .uses = uses,
    .numbers = numbers,
};

wick_optim *wick_optim_sgd_opt(wick_list *params, const wick_optim_sgd_options *given)
{
    WK_ENTER;
    wick_optim_sgd_options o = WK_OPTIONS(wick_optim_sgd_options, WICK_OPTIM_SGD_DEFAULTS, given);
    const double hyper[HYPERS] = {o.lr, o.momentum, o.dampening, o.weight_decay, o.nesterov, o.maximize};
    return wk_optim_new(&sgd, hyper, params);
}
