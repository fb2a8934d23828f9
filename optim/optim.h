/* optim.h - the public header of the optim layer.
 *
 * An optimizer holds lists of parameters, in groups that each have hyperparameters of their own, and the state that its
 * method keeps for each parameter. A step reads .grad of every parameter that has one and writes the parameter, in one
 * pass over memory; either all parameters are updated, or, after an error, none. */
#ifndef WICK_OPTIM_OPTIM_H
#define WICK_OPTIM_OPTIM_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"
#include "averaging.h"
#include "lr.h"

WICK_BEGIN_DECLS

typedef struct wick_optim wick_optim;

/* theta -= lr v, with g = grad + weight_decay theta, v = momentum v + (1 - dampening) g (v = g at the first step), and
 * with nesterov g + momentum v in place of v: torch.optim.SGD (Sutskever et al. 2013). A negative lr, momentum or weight
 * decay, and nesterov without momentum or with dampening, are errors. */
typedef struct wick_optim_sgd_options {
    char start_;
    double lr;           /* default 1e-3 */
    double momentum;     /* default 0 */
    double dampening;    /* default 0 */
    double weight_decay; /* default 0 */
    bool nesterov;       /* default false */
    bool maximize;       /* ascend: use -grad; default false */
} wick_optim_sgd_options;
#define WICK_OPTIM_SGD_DEFAULTS 0, 1e-3, 0.0, 0.0, 0.0, false, false
WICK_API wick_optim *wick_optim_sgd_opt(wick_list *params, wick_optim_sgd_options options);
#define wick_optim_sgd(params, ...) \
    wick_optim_sgd_opt(params, WICK_OPTIONS(wick_optim_sgd_options, WICK_OPTIM_SGD_DEFAULTS, __VA_ARGS__))

/* m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, theta -= lr m^ / (sqrt(v^) + eps), where m^ and v^ are
 * divided by 1 - beta^t, and g = grad + weight_decay theta: torch.optim.Adam (Kingma and Ba 2015; amsgrad: Reddi et al.
 * 2018). */
typedef struct wick_optim_adam_options {
    char start_;
    double lr;           /* default 1e-3 */
    double betas[2];     /* default {0.9, 0.999} */
    double eps;          /* default 1e-8 */
    double weight_decay; /* default 0 */
    bool amsgrad;        /* default false */
    bool maximize;       /* default false */
} wick_optim_adam_options;
#define WICK_OPTIM_ADAM_DEFAULTS 0, 1e-3, {0.9, 0.999}, 1e-8, 0.0, false, false
WICK_API wick_optim *wick_optim_adam_opt(wick_list *params, wick_optim_adam_options options);
#define wick_optim_adam(params, ...) \
    wick_optim_adam_opt(params, WICK_OPTIONS(wick_optim_adam_options, WICK_OPTIM_ADAM_DEFAULTS, __VA_ARGS__))

/* Updates every parameter that has a gradient: optimizer.step(). False, with an error and nothing updated. */
WICK_API bool wick_optim_step(wick_optim *optim);

/* Clears the gradient of every parameter: optimizer.zero_grad(). */
WICK_API void wick_optim_zero_grad(wick_optim *optim);

/* Adds a group of parameters with the hyperparameters that the optimizer was made with, and returns its index (the group
 * made first is 0); -1 on error. A parameter may be in one group only. */
WICK_API int wick_optim_add_param_group(wick_optim *optim, wick_list *params);
WICK_API int wick_optim_group_count(const wick_optim *optim);

/* A hyperparameter of a group by its PyTorch name: optimizer.param_groups[group]["lr"]. Betas are "beta1" and "beta2",
 * and booleans 0 and 1. An unknown name is an error (get: NaN, set: false), as is a value out of range. What schedulers
 * (lr.h) keep in a group has the names "initial_lr", "max_lr", "min_lr", "base_momentum", "max_momentum" and "swa_lr"; to
 * get it before it was set is an error. */
WICK_API double wick_optim_get(const wick_optim *optim, int group, const char *name);
WICK_API bool wick_optim_set(wick_optim *optim, int group, const char *name, double value);

WICK_END_DECLS
#endif
