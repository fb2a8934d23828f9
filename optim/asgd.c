/* asgd.c - averaged stochastic gradient descent: torch.optim.ASGD. */
#include "optimizer.h"

enum { LR, LAMBD, ALPHA, T0, WEIGHT_DECAY, MAXIMIZE, HYPERS };

static void numbers(const double *hyper, float *scalar, double *s)
{
    /* eta and mu are for the next step; PyTorch keeps them in float32. */
    const double t = scalar[0], lr = hyper[LR];
    if (t == 1) {
        scalar[1] = (float)lr;
        scalar[2] = 1;
    }
    s[0] = hyper[MAXIMIZE] != 0.0 ? -1 : 1;
    s[1] = hyper[WEIGHT_DECAY];
    s[2] = 1 - hyper[LAMBD] * (double)scalar[1];
    s[3] = scalar[1];
    s[4] = scalar[2];
    scalar[1] = (float)(lr / pow(1 + hyper[LAMBD] * lr * t, hyper[ALPHA]));
    scalar[2] = (float)(1 / fmax(1, t - hyper[T0]));
}

static const wk_hyper hypers[HYPERS] = {WK_LR,        WK_AT_LEAST_0("lambd"),        WK_AT_LEAST_0("alpha"),
                                        WK_ANY("t0"), WK_AT_LEAST_0("weight_decay"), WK_FLAG_OF("maximize")};

static const wk_method asgd = {
    .name = "ASGD",
    .function = "wick_optim_asgd",
    .written = "ASGD.step",
    .id = WK_STEP_ASGD,
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"ax", WK_NO_HYPER}},
    .states = 1,
    .scalar = {"step", "eta", "mu"},
    .scalars = 3,
    .uses = wk_uses_one,
    .numbers = numbers,
};

wick_optim *wick_optim_asgd_opt(wick_list *params, const wick_optim_asgd_options *given)
{
    WK_ENTER;
    wick_optim_asgd_options o = WK_OPTIONS(wick_optim_asgd_options, WICK_OPTIM_ASGD_DEFAULTS, given);
    const double hyper[HYPERS] = {o.lr, o.lambd, o.alpha, o.t0, o.weight_decay, o.maximize};
    return wk_optim_new(&asgd, hyper, params);
}
