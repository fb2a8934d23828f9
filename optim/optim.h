/* optim.h - the public header of the optim layer.
 *
 * An optimizer keeps its parameters alive, in groups with hyperparameters of their own, and the state that its method has for
 * each parameter. A step reads .grad of every parameter that has one and writes the parameter, in one pass over memory; either
 * all parameters are updated or, after an error, none. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"
#include "averaging.h"
#include "lr.h"

WICK_BEGIN_DECLS

typedef struct wick_optim wick_optim;

/* ---- Methods ----------------------------------------------------------------------------------------------------------- */

/* theta is a parameter, grad its gradient, t the number of the step, from 1, and g = grad + weight_decay theta; with
 * maximize, -grad takes the place of grad. Defaults and ranges are PyTorch's. Errors: a value out of range, an empty list,
 * and a parameter that is not a leaf, not floating point or in the list twice. wick_optim_get and wick_optim_set use the
 * options' names.
 *
 * The name of a method without parentheses is a function that uses the defaults, and has an address:
 *     const struct { const char *name; wick_optim *(*make)(wick_list *params); } all[] = {{"sgd", wick_optim_sgd}, ...}; */

/* SGD: torch.optim.SGD (Sutskever et al. 2013).
 *     v = momentum v + (1 - dampening) g          (v = g at the first step)
 *     theta -= lr v                               (with nesterov: lr (g + momentum v))
 * nesterov without momentum, or with dampening, is an error. State: momentum_buffer, unless momentum is 0. */
typedef struct wick_optim_sgd_options {
    size_t size_;
    char start_;
    double lr;           /* default 1e-3 */
    double momentum;     /* default 0 */
    double dampening;    /* default 0 */
    double weight_decay; /* default 0 */
    bool nesterov;       /* default false */
    bool maximize;       /* ascend: use -grad; default false */
} wick_optim_sgd_options;
#define WICK_OPTIM_SGD_DEFAULTS 1e-3, 0.0, 0.0, 0.0, false, false
WICK_API wick_optim *wick_optim_sgd(wick_list *params);
WICK_API wick_optim *wick_optim_sgd_opt(wick_list *params, const wick_optim_sgd_options *options);
#define wick_optim_sgd(params, ...) \
    wick_optim_sgd_opt(params, WICK_OPTIONS(wick_optim_sgd_options, WICK_OPTIM_SGD_DEFAULTS, __VA_ARGS__))

/* Adam: torch.optim.Adam (Kingma and Ba 2015; amsgrad: Reddi et al. 2018).
 *     m = beta1 m + (1 - beta1) g,  v = beta2 v + (1 - beta2) g^2
 *     theta -= lr / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + eps)      (with amsgrad: the largest v so far)
 * State: step, exp_avg, exp_avg_sq, and max_exp_avg_sq with amsgrad. */
typedef struct wick_optim_adam_options {
    size_t size_;
    char start_;
    double lr;                   /* default 1e-3 */
    double beta1, beta2;         /* PyTorch's betas; default 0.9 and 0.999 */
    double eps;                  /* default 1e-8 */
    double weight_decay;         /* default 0 */
    bool amsgrad;                /* default false */
    bool maximize;               /* ascend: use -grad; default false */
    bool decoupled_weight_decay; /* as in AdamW: theta shrinks by 1 - lr weight_decay, and g is grad; default false */
} wick_optim_adam_options;
#define WICK_OPTIM_ADAM_DEFAULTS 1e-3, 0.9, 0.999, 1e-8, 0.0, false, false, false
WICK_API wick_optim *wick_optim_adam(wick_list *params);
WICK_API wick_optim *wick_optim_adam_opt(wick_list *params, const wick_optim_adam_options *options);
#define wick_optim_adam(params, ...) \
    wick_optim_adam_opt(params, WICK_OPTIONS(wick_optim_adam_options, WICK_OPTIM_ADAM_DEFAULTS, __VA_ARGS__))

/* AdamW: torch.optim.AdamW (Loshchilov and Hutter 2019): Adam with theta -= lr weight_decay theta before the step, instead of a
 * term in the gradient. The state is that of Adam. */
typedef struct wick_optim_adamw_options {
    size_t size_;
    char start_;
    double lr;           /* default 1e-3 */
    double beta1, beta2; /* PyTorch's betas; default 0.9 and 0.999 */
    double eps;          /* default 1e-8 */
    double weight_decay; /* default 1e-2 */
    bool amsgrad;        /* default false */
    bool maximize;       /* ascend: use -grad; default false */
} wick_optim_adamw_options;
#define WICK_OPTIM_ADAMW_DEFAULTS 1e-3, 0.9, 0.999, 1e-8, 1e-2, false, false
WICK_API wick_optim *wick_optim_adamw(wick_list *params);
WICK_API wick_optim *wick_optim_adamw_opt(wick_list *params, const wick_optim_adamw_options *options);
#define wick_optim_adamw(params, ...) \
    wick_optim_adamw_opt(params, WICK_OPTIONS(wick_optim_adamw_options, WICK_OPTIM_ADAMW_DEFAULTS, __VA_ARGS__))

/* NAdam: torch.optim.NAdam (Dozat 2016): Adam with Nesterov momentum, mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2).
 *     n = (1 - mu_t) g / (1 - mu_1 ... mu_t) + mu_(t+1) m / (1 - mu_1 ... mu_(t+1))
 *     theta -= lr n / (sqrt(v / (1 - beta2^t)) + eps)
 * State: step, mu_product, exp_avg, exp_avg_sq. */
typedef struct wick_optim_nadam_options {
    size_t size_;
    char start_;
    double lr;                   /* default 2e-3 */
    double beta1, beta2;         /* PyTorch's betas; default 0.9 and 0.999 */
    double eps;                  /* default 1e-8 */
    double weight_decay;         /* default 0 */
    double momentum_decay;       /* default 4e-3 */
    bool decoupled_weight_decay; /* as in AdamW: theta shrinks by 1 - lr weight_decay, and g is grad; default false */
    bool maximize;               /* ascend: use -grad; default false */
} wick_optim_nadam_options;
#define WICK_OPTIM_NADAM_DEFAULTS 2e-3, 0.9, 0.999, 1e-8, 0.0, 4e-3, false, false
WICK_API wick_optim *wick_optim_nadam(wick_list *params);
WICK_API wick_optim *wick_optim_nadam_opt(wick_list *params, const wick_optim_nadam_options *options);
#define wick_optim_nadam(params, ...) \
    wick_optim_nadam_opt(params, WICK_OPTIONS(wick_optim_nadam_options, WICK_OPTIM_NADAM_DEFAULTS, __VA_ARGS__))

/* RAdam: torch.optim.RAdam (Liu et al. 2020): Adam whose variance is rectified by r_t, and left out as long as it is not
 * tractable.
 *     theta -= lr m^ r_t sqrt(1 - beta2^t) / (sqrt(v) + eps) if rho_t > 5, else lr m^, where m^ = m / (1 - beta1^t)
 *     rho_inf = 2 / (1 - beta2) - 1,  rho_t = rho_inf - 2 t beta2^t / (1 - beta2^t)
 *     r_t = sqrt((rho_t - 4) (rho_t - 2) rho_inf / ((rho_inf - 4) (rho_inf - 2) rho_t))
 * State: step, exp_avg, exp_avg_sq. */
typedef struct wick_optim_radam_options {
    size_t size_;
    char start_;
    double lr;                   /* default 1e-3 */
    double beta1, beta2;         /* PyTorch's betas; default 0.9 and 0.999 */
    double eps;                  /* default 1e-8 */
    double weight_decay;         /* default 0 */
    bool decoupled_weight_decay; /* as in AdamW: theta shrinks by 1 - lr weight_decay, and g is grad; default false */
    bool maximize;               /* ascend: use -grad; default false */
} wick_optim_radam_options;
#define WICK_OPTIM_RADAM_DEFAULTS 1e-3, 0.9, 0.999, 1e-8, 0.0, false, false
WICK_API wick_optim *wick_optim_radam(wick_list *params);
WICK_API wick_optim *wick_optim_radam_opt(wick_list *params, const wick_optim_radam_options *options);
#define wick_optim_radam(params, ...) \
    wick_optim_radam_opt(params, WICK_OPTIONS(wick_optim_radam_options, WICK_OPTIM_RADAM_DEFAULTS, __VA_ARGS__))

/* Adamax: torch.optim.Adamax (Kingma and Ba 2015).
 *     m = beta1 m + (1 - beta1) g,  u = max(beta2 u, |g| + eps),  theta -= lr / (1 - beta1^t) m / u
 * State: step, exp_avg, exp_inf. */
typedef struct wick_optim_adamax_options {
    size_t size_;
    char start_;
    double lr;           /* default 2e-3 */
    double beta1, beta2; /* PyTorch's betas; default 0.9 and 0.999 */
    double eps;          /* default 1e-8 */
    double weight_decay; /* default 0 */
    bool maximize;       /* ascend: use -grad; default false */
} wick_optim_adamax_options;
#define WICK_OPTIM_ADAMAX_DEFAULTS 2e-3, 0.9, 0.999, 1e-8, 0.0, false
WICK_API wick_optim *wick_optim_adamax(wick_list *params);
WICK_API wick_optim *wick_optim_adamax_opt(wick_list *params, const wick_optim_adamax_options *options);
#define wick_optim_adamax(params, ...) \
    wick_optim_adamax_opt(params, WICK_OPTIONS(wick_optim_adamax_options, WICK_OPTIM_ADAMAX_DEFAULTS, __VA_ARGS__))

/* Adagrad: torch.optim.Adagrad (Duchi et al. 2011).
 *     sum += g^2,  theta -= lr / (1 + (t - 1) lr_decay) g / (sqrt(sum) + eps)
 * State, which exists from the start: step, sum. */
typedef struct wick_optim_adagrad_options {
    size_t size_;
    char start_;
    double lr;                        /* default 1e-2 */
    double lr_decay;                  /* default 0 */
    double weight_decay;              /* default 0 */
    double initial_accumulator_value; /* the first value of sum; default 0 */
    double eps;                       /* default 1e-10 */
    bool maximize;                    /* ascend: use -grad; default false */
} wick_optim_adagrad_options;
#define WICK_OPTIM_ADAGRAD_DEFAULTS 1e-2, 0.0, 0.0, 0.0, 1e-10, false
WICK_API wick_optim *wick_optim_adagrad(wick_list *params);
WICK_API wick_optim *wick_optim_adagrad_opt(wick_list *params, const wick_optim_adagrad_options *options);
#define wick_optim_adagrad(params, ...) \
    wick_optim_adagrad_opt(params, WICK_OPTIONS(wick_optim_adagrad_options, WICK_OPTIM_ADAGRAD_DEFAULTS, __VA_ARGS__))

/* Adadelta: torch.optim.Adadelta (Zeiler 2012).
 *     v = rho v + (1 - rho) g^2,  d = sqrt(u + eps) / sqrt(v + eps) g,  u = rho u + (1 - rho) d^2,  theta -= lr d
 * rho is in [0, 1]. State: step, square_avg, acc_delta. */
typedef struct wick_optim_adadelta_options {
    size_t size_;
    char start_;
    double lr;           /* default 1.0 */
    double rho;          /* default 0.9 */
    double eps;          /* default 1e-6 */
    double weight_decay; /* default 0 */
    bool maximize;       /* ascend: use -grad; default false */
} wick_optim_adadelta_options;
#define WICK_OPTIM_ADADELTA_DEFAULTS 1.0, 0.9, 1e-6, 0.0, false
WICK_API wick_optim *wick_optim_adadelta(wick_list *params);
WICK_API wick_optim *wick_optim_adadelta_opt(wick_list *params, const wick_optim_adadelta_options *options);
#define wick_optim_adadelta(params, ...) \
    wick_optim_adadelta_opt(params,      \
                            WICK_OPTIONS(wick_optim_adadelta_options, WICK_OPTIM_ADADELTA_DEFAULTS, __VA_ARGS__))

/* RMSprop: torch.optim.RMSprop (Hinton 2012; centered: Graves 2013).
 *     v = alpha v + (1 - alpha) g^2,  d = sqrt(v) + eps
 *                          (centered: m = alpha m + (1 - alpha) g,  d = sqrt(v - m^2) + eps)
 *     theta -= lr g / d    (with momentum: b = momentum b + g / d,  theta -= lr b)
 * State: step, square_avg, momentum_buffer with momentum, grad_avg if centered. */
typedef struct wick_optim_rmsprop_options {
    size_t size_;
    char start_;
    double lr;           /* default 1e-2 */
    double alpha;        /* default 0.99 */
    double eps;          /* default 1e-8 */
    double weight_decay; /* default 0 */
    double momentum;     /* default 0 */
    bool centered;       /* default false */
    bool maximize;       /* ascend: use -grad; default false */
} wick_optim_rmsprop_options;
#define WICK_OPTIM_RMSPROP_DEFAULTS 1e-2, 0.99, 1e-8, 0.0, 0.0, false, false
WICK_API wick_optim *wick_optim_rmsprop(wick_list *params);
WICK_API wick_optim *wick_optim_rmsprop_opt(wick_list *params, const wick_optim_rmsprop_options *options);
#define wick_optim_rmsprop(params, ...) \
    wick_optim_rmsprop_opt(params, WICK_OPTIONS(wick_optim_rmsprop_options, WICK_OPTIM_RMSPROP_DEFAULTS, __VA_ARGS__))

/* Rprop: torch.optim.Rprop (Riedmiller and Braun 1993). Each element has a step size, at first lr, between step_size_min and
 * step_size_max. It is multiplied by etaplus where the gradient keeps its sign and by etaminus where the sign changes; only
 * signs count.
 *     theta -= sign(g) size                    (where the sign has changed, g is taken as 0 in this step and the next)
 * 0 < etaminus < 1 < etaplus. State: step, prev, step_size. */
typedef struct wick_optim_rprop_options {
    size_t size_;
    char start_;
    double lr;                           /* default 1e-2 */
    double etaminus, etaplus;            /* PyTorch's etas; default 0.5 and 1.2 */
    double step_size_min, step_size_max; /* PyTorch's step_sizes; default 1e-6 and 50 */
    bool maximize;                       /* ascend: use -grad; default false */
} wick_optim_rprop_options;
#define WICK_OPTIM_RPROP_DEFAULTS 1e-2, 0.5, 1.2, 1e-6, 50.0, false
WICK_API wick_optim *wick_optim_rprop(wick_list *params);
WICK_API wick_optim *wick_optim_rprop_opt(wick_list *params, const wick_optim_rprop_options *options);
#define wick_optim_rprop(params, ...) \
    wick_optim_rprop_opt(params, WICK_OPTIONS(wick_optim_rprop_options, WICK_OPTIM_RPROP_DEFAULTS, __VA_ARGS__))

/* ASGD: torch.optim.ASGD (Polyak and Juditsky 1992).
 *     theta = (1 - lambd eta_t) theta - eta_t g,  ax += mu_t (theta - ax)
 *     eta_(t+1) = lr / (1 + lambd lr t)^alpha,  mu_(t+1) = 1 / max(1, t - t0),  eta_1 = lr,  mu_1 = 1
 * State: step, eta, mu, ax, which is the average. */
typedef struct wick_optim_asgd_options {
    size_t size_;
    char start_;
    double lr;           /* default 1e-2 */
    double lambd;        /* decay term; default 1e-4 */
    double alpha;        /* power of eta; default 0.75 */
    double t0;           /* where averaging starts; default 1e6 */
    double weight_decay; /* default 0 */
    bool maximize;       /* ascend: use -grad; default false */
} wick_optim_asgd_options;
#define WICK_OPTIM_ASGD_DEFAULTS 1e-2, 1e-4, 0.75, 1e6, 0.0, false
WICK_API wick_optim *wick_optim_asgd(wick_list *params);
WICK_API wick_optim *wick_optim_asgd_opt(wick_list *params, const wick_optim_asgd_options *options);
#define wick_optim_asgd(params, ...) \
    wick_optim_asgd_opt(params, WICK_OPTIONS(wick_optim_asgd_options, WICK_OPTIM_ASGD_DEFAULTS, __VA_ARGS__))

/* Muon: torch.optim.Muon (Jordan et al. 2024), for parameters with two dimensions, (A, B); others are an error.
 *     m = momentum m + (1 - momentum) g,  u = m      (with nesterov: momentum m + (1 - momentum) g)
 *     O = u / max(|u|, eps), then ns_steps times  O = a O + (b G + c G^2) O,  G = O O^T,  in bfloat16
 *     theta = (1 - lr weight_decay) theta - lr' O
 * lr' is lr sqrt(max(1, A / B)) (adjust_lr_fn NULL or "original"), 0.2 lr sqrt(max(A, B)) ("match_rms_adamw") or lr
 * sqrt(A / B) ("spectral_unclamped"). State: momentum_buffer. */
typedef struct wick_optim_muon_options {
    size_t size_;
    char start_;
    double lr;                /* default 1e-3 */
    double weight_decay;      /* default 0.1 */
    double momentum;          /* default 0.95 */
    bool nesterov;            /* default true */
    double ns_a, ns_b, ns_c;  /* PyTorch's ns_coefficients; default 3.4445, -4.7750 and 2.0315 */
    double eps;               /* default 1e-7 */
    int ns_steps;             /* less than 100; default 5 */
    const char *adjust_lr_fn; /* default NULL; in wick_optim_get 0 for NULL, else 1, 2, 3 in the order above */
} wick_optim_muon_options;
#define WICK_OPTIM_MUON_DEFAULTS 1e-3, 0.1, 0.95, true, 3.4445, -4.7750, 2.0315, 1e-7, 5, NULL
WICK_API wick_optim *wick_optim_muon(wick_list *params);
WICK_API wick_optim *wick_optim_muon_opt(wick_list *params, const wick_optim_muon_options *options);
#define wick_optim_muon(params, ...) \
    wick_optim_muon_opt(params, WICK_OPTIONS(wick_optim_muon_options, WICK_OPTIM_MUON_DEFAULTS, __VA_ARGS__))

/* LBFGS: torch.optim.LBFGS (Nocedal and Wright 2006, algorithms 7.4 and 3.5). It needs a closure: wick_optim_step_closure.
 * One step makes up to max_iter iterations along d = -H g, where H comes from the last history_size differences of positions
 * and gradients. The length is lr, or with "strong_wolfe" what a line search finds. The step ends early after max_eval
 * evaluations, when no gradient exceeds tolerance_grad, or when the loss or the parameters change by less than
 * tolerance_change. There can be only one group. The first parameter has all of the state: func_evals, n_iter, d, t,
 * old_dirs.i, old_stps.i, ro.i, H_diag, prev_flat_grad, prev_loss. */
typedef struct wick_optim_lbfgs_options {
    size_t size_;
    char start_;
    double lr;                  /* default 1.0 */
    int max_iter;               /* default 20 */
    int max_eval;               /* default -1: max_iter 5 / 4 */
    double tolerance_grad;      /* default 1e-7 */
    double tolerance_change;    /* default 1e-9 */
    int history_size;           /* at least 1; default 100 */
    const char *line_search_fn; /* NULL or "strong_wolfe", in wick_optim_get 0 and 1; default NULL */
    bool maximize;              /* ascend: use -grad; default false */
} wick_optim_lbfgs_options;
#define WICK_OPTIM_LBFGS_DEFAULTS 1.0, 20, -1, 1e-7, 1e-9, 100, NULL, false
WICK_API wick_optim *wick_optim_lbfgs(wick_list *params);
WICK_API wick_optim *wick_optim_lbfgs_opt(wick_list *params, const wick_optim_lbfgs_options *options);
#define wick_optim_lbfgs(params, ...) \
    wick_optim_lbfgs_opt(params, WICK_OPTIONS(wick_optim_lbfgs_options, WICK_OPTIM_LBFGS_DEFAULTS, __VA_ARGS__))

/* ---- Steps ------------------------------------------------------------------------------------------------------------- */

/* Updates every parameter that has a gradient: optimizer.step(). After an error the result is false, and no parameter has
 * changed. For LBFGS, which needs a closure, it is an error. */
WICK_API bool wick_optim_step(wick_optim *optim);

/* Clears the gradients, computes the loss and its gradients (wick_backward), and returns the loss; NULL on error. */
typedef wick_tensor *wick_optim_closure(void *context);

/* optimizer.step(closure): calls the closure with grad mode on, and then makes a step; LBFGS calls it as often as it needs.
 * Returns the loss of the first call, which is the loss before the step. If the closure returns NULL or the step fails, that
 * is an error, the result is NULL and no parameter has changed. What the closure makes is freed when it returns, except for
 * that loss. */
WICK_API wick_tensor *wick_optim_step_closure(wick_optim *optim, wick_optim_closure *closure, void *context);

/* Drops the gradient of every parameter, which has none (NULL) afterwards: optimizer.zero_grad(). */
WICK_API void wick_optim_zero_grad(wick_optim *optim);

/* ---- Groups ------------------------------------------------------------------------------------------------------------ */

/* Adds a group of parameters with the hyperparameters that the optimizer was made with, and returns its index (the first group
 * has index 0); -1 on error. A parameter can be in one group only: optimizer.add_param_group. */
WICK_API int wick_optim_add_param_group(wick_optim *optim, wick_list *params);

/* The number of groups: len(optimizer.param_groups). 0 for NULL. */
WICK_API long long wick_optim_group_count(const wick_optim *optim);

/* A hyperparameter of a group by its PyTorch name: optimizer.param_groups[group]["lr"]. The betas are "beta1" and "beta2", and
 * booleans are 0 and 1. Schedulers (lr.h) store further values in a group: "initial_lr", "max_lr", "min_lr", "base_momentum",
 * "max_momentum" and "swa_lr". An unknown name, and one of these before it was set, is an error, and the result NaN. */
WICK_API double wick_optim_get(const wick_optim *optim, int group, const char *name);

/* Sets a hyperparameter of a group: optimizer.param_groups[group]["lr"] = value. False, with an error, for an unknown name
 * and a value out of range. */
WICK_API bool wick_optim_set(wick_optim *optim, int group, const char *name, double value);

/* ---- State dicts ------------------------------------------------------------------------------------------------------- */

/* A copy of the state and the hyperparameters, under flat names: optimizer.state_dict(). Parameters are numbered through all
 * groups.
 *
 *     state.0.step, state.0.exp_avg, ...     for each parameter that has state: tensors of its shape; the scalars (step,
 *                                            mu_product, eta, mu) are 0-dimensional float32
 *     param_groups.0.lr, ...                 every hyperparameter, by its name in wick_optim_get: 0-dimensional float64
 *     param_groups.0.params                  int64: the numbers of the group's parameters
 *
 * PyTorch's dict shares the tensors with the optimizer; this dict does not change when the optimizer steps. */
WICK_API wick_dict *wick_optim_state_dict(wick_optim *optim);

/* Sets the state and the hyperparameters to those of such a dict: optimizer.load_state_dict(dict). The optimizer then
 * continues as the other would, bit for bit, if the dtypes are the same; otherwise the state is converted to the dtype of its
 * parameter. The number of groups and the number of parameters in each must be the same; parameters are matched by their
 * position. Missing and unexpected entries, wrong shapes and values out of range give one error that lists them all, and
 * nothing changes. */
WICK_API bool wick_optim_load_state_dict(wick_optim *optim, wick_dict *dict);

WICK_END_DECLS
