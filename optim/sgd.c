/* sgd.c - stochastic gradient descent with momentum (Sutskever et al. 2013): torch.optim.SGD.
 *
 *     g = grad + weight_decay theta               (-grad with maximize)
 *     v = momentum v + (1 - dampening) g          (v = g at the first step)
 *     theta -= lr v                               (lr (g + momentum v) with nesterov; lr g without momentum) */
#include <math.h>

#include "internal.h"

enum { LR, MOMENTUM, DAMPENING, WEIGHT_DECAY, NESTEROV, MAXIMIZE, HYPERS };

static bool check(const char *function, const double *hyper)
{
    if (hyper[NESTEROV] == 0.0 || (hyper[MOMENTUM] > 0.0 && hyper[DAMPENING] == 0.0))
        return true;
    wick_fail(WICK_ERROR_ARGUMENT,
              "%s: Nesterov momentum requires a momentum and zero dampening; momentum is %g and dampening %g", function,
              hyper[MOMENTUM], hyper[DAMPENING]);
    return false;
}

static int states(const double *hyper) { return hyper[MOMENTUM] != 0.0; } /* the momentum buffer v */

static void numbers(const double *hyper, int64_t t, double *s)
{
    for (int i = 0; i < HYPERS; i++) /* the kernel takes them in this order */
        s[i] = hyper[i];
    s[HYPERS] = t == 1;
}

static const wk_method sgd = {
    .function = "wick_optim_sgd",
    .written = "SGD.step",
    .id = WK_STEP_SGD,
    .hypers = HYPERS,
    .hyper = {[LR] = {"lr", "learning rate", 0.0, (double)INFINITY, false},
              [MOMENTUM] = {"momentum", "momentum value", 0.0, (double)INFINITY, false},
              [DAMPENING] = {"dampening", "dampening value", -(double)INFINITY, (double)INFINITY, false},
              [WEIGHT_DECAY] = {"weight_decay", "weight_decay value", 0.0, (double)INFINITY, false},
              [NESTEROV] = {"nesterov", "nesterov flag (0 or 1)", 0.0, 1.0, true},
              [MAXIMIZE] = {"maximize", "maximize flag (0 or 1)", 0.0, 1.0, true}},
    .check = check,
    .states = states,
    .numbers = numbers,
};

wick_optim *wick_optim_sgd_opt(wick_list *params, wick_optim_sgd_options options)
{
    const double hyper[HYPERS] = {[LR] = options.lr,
                                  [MOMENTUM] = options.momentum,
                                  [DAMPENING] = options.dampening,
                                  [WEIGHT_DECAY] = options.weight_decay,
                                  [NESTEROV] = options.nesterov,
                                  [MAXIMIZE] = options.maximize};
    return wk_optim_new(&sgd, hyper, params);
}
