/* rprop.c - resilient backpropagation: torch.optim.Rprop. */
#include "optimizer.h"

enum { LR, ETA_MINUS, ETA_PLUS, LEAST, MOST, MAXIMIZE, HYPERS };

static void numbers(const double *hyper, float *scalar, double *s)
{
    (void)scalar;
    s[0] = hyper[MAXIMIZE] != 0.0 ? -1 : 1;
    for (int i = 0; i < 4; i++)
        s[1 + i] = hyper[ETA_MINUS + i];
}

static const wk_hyper hypers[HYPERS] = {
    WK_LR,
    {"etaminus", "eta value at index 0, which is more than 0 and less than 1", DBL_MIN, WK_BELOW_ONE, WK_REAL},
    {"etaplus", "eta value at index 1, which is more than 1", 1 + DBL_EPSILON, WK_INF, WK_REAL},
    WK_ANY("step_size_min"),
    WK_ANY("step_size_max"),
    WK_FLAG_OF("maximize")};

static const wk_method rprop = {
    .name = "Rprop",
    .function = "wick_optim_rprop",
    .written = "Rprop.step",
    .id = WK_STEP_RPROP,
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"prev", WK_NO_HYPER}, {"step_size", LR}},
    .states = 2,
    .scalar = {"step"},
    .scalars = 1,
    .uses = wk_uses_two,
    .numbers = numbers,
};

wick_optim *wick_optim_rprop_opt(wick_list *params, const wick_optim_rprop_options *given)
{
    WK_ENTER;
    wick_optim_rprop_options o = WK_OPTIONS(wick_optim_rprop_options, WICK_OPTIM_RPROP_DEFAULTS, given);
    const double hyper[HYPERS] = {o.lr, o.etaminus, o.etaplus, o.step_size_min, o.step_size_max, o.maximize};
    return wk_optim_new(&rprop, hyper, params);
}
