/* adam.c - Adam (Kingma and Ba 2015) and AMSGrad (Reddi et al. 2018): torch.optim.Adam.
 *
 *     g = grad + weight_decay theta               (-grad with maximize)
 *     m = beta1 m + (1 - beta1) g
 *     v = beta2 v + (1 - beta2) g^2
 *     theta -= lr / (1 - beta1^t)  m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 *                                                 (with amsgrad: the largest v so far in place of v) */
#include <float.h>
#include <math.h>

#include "internal.h"

enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, AMSGRAD, MAXIMIZE, HYPERS };

#define BELOW_ONE (1.0 - DBL_EPSILON / 2)

static int states(const double *hyper) { return hyper[AMSGRAD] != 0.0 ? 3 : 2; } /* m, v, the largest v */

/* What depends on t alone is worked out here, once a step and not once an element. */
static void numbers(const double *hyper, int64_t t, double *s)
{
    double correction1 = 1.0 - pow(hyper[BETA1], (double)t), correction2 = 1.0 - pow(hyper[BETA2], (double)t);
    s[0] = hyper[BETA1];
    s[1] = hyper[BETA2];
    s[2] = hyper[EPS];
    s[3] = hyper[WEIGHT_DECAY];
    s[4] = hyper[MAXIMIZE];
    s[5] = hyper[LR] / correction1;
    s[6] = sqrt(correction2);
    s[7] = hyper[AMSGRAD];
}

static const wk_method adam = {
    .function = "wick_optim_adam",
    .written = "Adam.step",
    .id = WK_STEP_ADAM,
    .hypers = HYPERS,
    .hyper = {[LR] = {"lr", "learning rate", 0.0, (double)INFINITY, false},
              [BETA1] = {"beta1", "beta parameter at index 0", 0.0, BELOW_ONE, false},
              [BETA2] = {"beta2", "beta parameter at index 1", 0.0, BELOW_ONE, false},
              [EPS] = {"eps", "epsilon value", 0.0, (double)INFINITY, false},
              [WEIGHT_DECAY] = {"weight_decay", "weight_decay value", 0.0, (double)INFINITY, false},
              [AMSGRAD] = {"amsgrad", "amsgrad flag (0 or 1)", 0.0, 1.0, true},
              [MAXIMIZE] = {"maximize", "maximize flag (0 or 1)", 0.0, 1.0, true}},
    .states = states,
    .numbers = numbers,
};

wick_optim *wick_optim_adam_opt(wick_list *params, wick_optim_adam_options options)
{
    const double hyper[HYPERS] = {[LR] = options.lr,
                                  [BETA1] = options.betas[0],
                                  [BETA2] = options.betas[1],
                                  [EPS] = options.eps,
                                  [WEIGHT_DECAY] = options.weight_decay,
                                  [AMSGRAD] = options.amsgrad,
                                  [MAXIMIZE] = options.maximize};
    return wk_optim_new(&adam, hyper, params);
}
