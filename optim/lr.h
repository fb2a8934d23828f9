/* lr.h - learning-rate schedulers: torch.optim.lr_scheduler; a part of optim.h.
 *
 *     wick_optim *opt = wick_optim_sgd(wick_nn_parameters(model), .lr = 0.1);
 *     wick_scheduler *scheduler = wick_lr_step_lr(opt, 30, .gamma = 0.1);
 *     for (int epoch = 0; epoch < 100; epoch++) {
 *         train(model, opt);                                          // with wick_optim_step(opt)
 *         wick_lr_step(scheduler);                                    // scheduler.step()
 *     }
 *
 * A scheduler keeps its optimizer alive and writes the "lr" of its groups: when it is made, for the first epoch, and at each
 * step. Most schedulers compute the next rate from the current one, as in PyTorch, so that several schedulers of one
 * optimizer work together, and a program may set the rate itself. The numbers are PyTorch's, to the bit with the same C
 * library. As in PyTorch, a group's "initial_lr" is the rate that it had when it got its first scheduler.
 *
 * With last_epoch = -1, the default, a scheduler starts at the beginning. With another number it continues after that epoch,
 * with the current rates of the optimizer; every group must then have its "initial_lr" (wick_optim_set).
 *
 * A call that fails changes neither rates nor schedulers. Where PyTorch divides by zero, or would continue with a rate that
 * is infinite or NaN, there is an error. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"

WICK_BEGIN_DECLS

typedef struct wick_optim wick_optim;

/* A scheduler. The innermost scope owns a new one. */
typedef struct wick_scheduler wick_scheduler;

/* ---- Using a scheduler ---------------------------------------------------------------------------------------------- */

/* Sets the rates of the next epoch: scheduler.step(). False, with an error, after the end of a OneCycleLR, for a
 * ReduceLROnPlateau, and if a rate would not be finite. Warns, once per scheduler, if the optimizer has not made a step before:
 * the first rate was then never used. */
WICK_API bool wick_lr_step(wick_scheduler *scheduler);

/* Sets the rates of any epoch: scheduler.step(epoch). For a CosineAnnealingWarmRestarts the epoch may be a fraction, such as
 * epoch + i / iterations, and must not be negative. The other schedulers take whole numbers, and compute the rate from the
 * initial one if they have a formula for that; PyTorch deprecates this for them, so they warn. For SequentialLR and
 * ChainedScheduler it is an error. */
WICK_API bool wick_lr_step_epoch(wick_scheduler *scheduler, double epoch);

/* Sets the rates of a ReduceLROnPlateau after an epoch with this metric: scheduler.step(metric). NaN counts as no
 * improvement. For other schedulers it is an error. */
WICK_API bool wick_lr_step_metric(wick_scheduler *scheduler, double metric);

/* The last rate that the scheduler set for this group: scheduler.get_last_lr()[group]. NaN with an error. */
WICK_API double wick_lr_get_last_lr(const wick_scheduler *scheduler, int group);

/* The epoch of the current rates, from 0: scheduler.last_epoch. -1 with an error; and -1 without one for a ChainedScheduler,
 * which does not count epochs. */
WICK_API long long wick_lr_last_epoch(const wick_scheduler *scheduler);

/* The settings and the state of a scheduler by name: scheduler.state_dict(). The tensors are copies: numbers are
 * 0-dimensional float64 or int64, and lists have one dimension. The names are PyTorch's, if PyTorch has the value; names of
 * the schedulers inside a SequentialLR or ChainedScheduler begin with "_schedulers.0." and so on. Functions are not included. */
WICK_API wick_dict *wick_lr_state_dict(wick_scheduler *scheduler);

/* Sets the scheduler to such a state: scheduler.load_state_dict(dict). The rates themselves belong to the optimizer and do
 * not change. Missing and unexpected names, and values that do not fit, are an error that lists them all; then nothing
 * changes. */
WICK_API bool wick_lr_load_state_dict(wick_scheduler *scheduler, wick_dict *dict);

/* ---- Rates that fall or rise ------------------------------------------------------------------------------------------ */

/* One number for each group, instead of one for all: .max_lrs = WICK_LR_LIST(0.1, 0.02). */
typedef struct wick_lr_list {
    int count; /* 0, the default: not given */
    const double *value;
} wick_lr_list;
#define WICK_LR_LIST(...) \
    ((wick_lr_list){(int)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double)), (const double[]){__VA_ARGS__}})

/* lr gamma^floor(epoch / step_size): StepLR. step_size is 1 or more. */
typedef struct wick_lr_step_lr_options {
    size_t size_;
    char start_;
    double gamma;       /* default 0.1 */
    int64_t last_epoch; /* default -1, here and below */
} wick_lr_step_lr_options;
#define WICK_LR_STEP_LR_DEFAULTS 0.1, -1
WICK_API wick_scheduler *wick_lr_step_lr_opt(wick_optim *optim, int64_t step_size,
                                             const wick_lr_step_lr_options *options);
#define wick_lr_step_lr(optim, step_size, ...) \
    wick_lr_step_lr_opt(optim, step_size, WICK_OPTIONS(wick_lr_step_lr_options, WICK_LR_STEP_LR_DEFAULTS, __VA_ARGS__))

/* Multiplies the rate by gamma at each milestone: MultiStepLR. Milestones may be in any order; one that is listed twice
 * counts twice.
 *     wick_lr_multi_step_lr(opt, WICK_INTS(30, 80), .gamma = 0.1) */
WICK_API wick_scheduler *wick_lr_multi_step_lr_opt(wick_optim *optim, const int64_t *milestones, int count,
                                                   const wick_lr_step_lr_options *options);
#define wick_lr_multi_step_lr(optim, ...) WICK_LR_MULTI_STEP_LR_(optim, __VA_ARGS__)
#define WICK_LR_MULTI_STEP_LR_(optim, milestones, count, ...) \
    wick_lr_multi_step_lr_opt(optim, milestones, count,       \
                              WICK_OPTIONS(wick_lr_step_lr_options, WICK_LR_STEP_LR_DEFAULTS, __VA_ARGS__))

/* lr factor before epoch total_iters, and lr from then on: ConstantLR. factor is in [0, 1]. */
typedef struct wick_lr_constant_lr_options {
    size_t size_;
    char start_;
    double factor;       /* default 1/3 */
    int64_t total_iters; /* default 5 */
    int64_t last_epoch;
} wick_lr_constant_lr_options;
#define WICK_LR_CONSTANT_LR_DEFAULTS 1.0 / 3, 5, -1
WICK_API wick_scheduler *wick_lr_constant_lr_opt(wick_optim *optim, const wick_lr_constant_lr_options *options);
#define wick_lr_constant_lr(optim, ...) \
    wick_lr_constant_lr_opt(optim, WICK_OPTIONS(wick_lr_constant_lr_options, WICK_LR_CONSTANT_LR_DEFAULTS, __VA_ARGS__))

/* lr times a factor that goes in equal steps from start_factor, in (0, 1], to end_factor, in [0, 1], which it reaches at epoch
 * total_iters: LinearLR. */
typedef struct wick_lr_linear_lr_options {
    size_t size_;
    char start_;
    double start_factor; /* default 1/3 */
    double end_factor;   /* default 1 */
    int64_t total_iters; /* default 5 */
    int64_t last_epoch;
} wick_lr_linear_lr_options;
#define WICK_LR_LINEAR_LR_DEFAULTS 1.0 / 3, 1.0, 5, -1
WICK_API wick_scheduler *wick_lr_linear_lr_opt(wick_optim *optim, const wick_lr_linear_lr_options *options);
#define wick_lr_linear_lr(optim, ...) \
    wick_lr_linear_lr_opt(optim, WICK_OPTIONS(wick_lr_linear_lr_options, WICK_LR_LINEAR_LR_DEFAULTS, __VA_ARGS__))

/* lr gamma^epoch: ExponentialLR. */
typedef struct wick_lr_options {
    size_t size_;
    char start_;
    int64_t last_epoch;
} wick_lr_options;
WICK_API wick_scheduler *wick_lr_exponential_lr_opt(wick_optim *optim, double gamma, const wick_lr_options *options);
#define wick_lr_exponential_lr(optim, gamma, ...) \
    wick_lr_exponential_lr_opt(optim, gamma, WICK_OPTIONS(wick_lr_options, -1, __VA_ARGS__))

/* lr (1 - epoch / total_iters)^power, down to 0 at epoch total_iters: PolynomialLR. */
typedef struct wick_lr_polynomial_lr_options {
    size_t size_;
    char start_;
    int64_t total_iters; /* default 5 */
    double power;        /* default 1 */
    int64_t last_epoch;
} wick_lr_polynomial_lr_options;
#define WICK_LR_POLYNOMIAL_LR_DEFAULTS 5, 1.0, -1
WICK_API wick_scheduler *wick_lr_polynomial_lr_opt(wick_optim *optim, const wick_lr_polynomial_lr_options *options);
#define wick_lr_polynomial_lr(optim, ...) \
    wick_lr_polynomial_lr_opt(            \
        optim, WICK_OPTIONS(wick_lr_polynomial_lr_options, WICK_LR_POLYNOMIAL_LR_DEFAULTS, __VA_ARGS__))

/* ---- Rates by your own function ----------------------------------------------------------------------------------------- */

/* Returns a factor for the epoch, which counts from 0. It fails by calling wick_fail, or by returning a number that is not
 * finite. */
typedef double (*wick_lr_function)(int64_t epoch, void *context);

/* The function of one group, in a list with one for each: .lr_lambdas = WICK_LR_LAMBDAS({warm_up, &a}, {decay, &b}). */
typedef struct wick_lr_lambda {
    wick_lr_function f;
    void *context;
} wick_lr_lambda;
typedef struct wick_lr_lambdas {
    int count;
    const wick_lr_lambda *item;
} wick_lr_lambdas;
#define WICK_LR_LAMBDAS(...)                                                                          \
    ((wick_lr_lambdas){(int)(sizeof((const wick_lr_lambda[]){__VA_ARGS__}) / sizeof(wick_lr_lambda)), \
                       (const wick_lr_lambda[]){__VA_ARGS__}})

/* lambda_lr: the initial lr times f(epoch): LambdaLR. multiplicative_lr: the current lr times f(epoch), from epoch 1 on:
 * MultiplicativeLR. f is NULL if .lr_lambdas is given. What context points to must live as long as the scheduler makes steps. */
typedef struct wick_lr_lambda_lr_options {
    size_t size_;
    char start_;
    void *context;              /* passed to f; default NULL */
    wick_lr_lambdas lr_lambdas; /* default: f for all groups */
    int64_t last_epoch;
} wick_lr_lambda_lr_options;
#define WICK_LR_LAMBDA_LR_DEFAULTS NULL, {0, NULL}, -1
WICK_API wick_scheduler *wick_lr_lambda_lr_opt(wick_optim *optim, wick_lr_function f,
                                               const wick_lr_lambda_lr_options *options);
#define wick_lr_lambda_lr(optim, f, ...) \
    wick_lr_lambda_lr_opt(optim, f, WICK_OPTIONS(wick_lr_lambda_lr_options, WICK_LR_LAMBDA_LR_DEFAULTS, __VA_ARGS__))
WICK_API wick_scheduler *wick_lr_multiplicative_lr_opt(wick_optim *optim, wick_lr_function f,
                                                       const wick_lr_lambda_lr_options *options);
#define wick_lr_multiplicative_lr(optim, f, ...) \
    wick_lr_multiplicative_lr_opt(optim, f,      \
                                  WICK_OPTIONS(wick_lr_lambda_lr_options, WICK_LR_LAMBDA_LR_DEFAULTS, __VA_ARGS__))

/* ---- Cosines and cycles -------------------------------------------------------------------------------------------------- */

/* Half a cosine from lr down to eta_min at epoch T_max, then up again: CosineAnnealingLR (Loshchilov and Hutter 2017).
 *     eta_min + (lr - eta_min) (1 + cos(pi epoch / T_max)) / 2
 * T_max is 1 or more. */
typedef struct wick_lr_cosine_annealing_lr_options {
    size_t size_;
    char start_;
    double eta_min; /* default 0 */
    int64_t last_epoch;
} wick_lr_cosine_annealing_lr_options;
#define WICK_LR_COSINE_ANNEALING_LR_DEFAULTS 0.0, -1
WICK_API wick_scheduler *wick_lr_cosine_annealing_lr_opt(wick_optim *optim, int64_t T_max,
                                                         const wick_lr_cosine_annealing_lr_options *options);
#define wick_lr_cosine_annealing_lr(optim, T_max, ...) \
    wick_lr_cosine_annealing_lr_opt(                   \
        optim, T_max,                                  \
        WICK_OPTIONS(wick_lr_cosine_annealing_lr_options, WICK_LR_COSINE_ANNEALING_LR_DEFAULTS, __VA_ARGS__))

/* Only the falling half of the cosine, which starts again after T_0 epochs, then after T_0 T_mult more, and so on:
 * CosineAnnealingWarmRestarts (Loshchilov and Hutter 2017). T_0 and T_mult are 1 or more. */
typedef struct wick_lr_cosine_annealing_warm_restarts_options {
    size_t size_;
    char start_;
    int64_t T_mult; /* default 1 */
    double eta_min; /* default 0 */
    int64_t last_epoch;
} wick_lr_cosine_annealing_warm_restarts_options;
#define WICK_LR_COSINE_ANNEALING_WARM_RESTARTS_DEFAULTS 1, 0.0, -1
WICK_API wick_scheduler *wick_lr_cosine_annealing_warm_restarts_opt(
    wick_optim *optim, int64_t T_0, const wick_lr_cosine_annealing_warm_restarts_options *options);
#define wick_lr_cosine_annealing_warm_restarts(optim, T_0, ...)                                              \
    wick_lr_cosine_annealing_warm_restarts_opt(optim, T_0,                                                   \
                                               WICK_OPTIONS(wick_lr_cosine_annealing_warm_restarts_options,  \
                                                            WICK_LR_COSINE_ANNEALING_WARM_RESTARTS_DEFAULTS, \
                                                            __VA_ARGS__))

/* Up and down between base_lr and max_lr in straight lines, step by step: CyclicLR (Smith 2017). The height of a cycle stays
 * the same ("triangular"), halves each time ("triangular2"), or shrinks by gamma^step ("exp_range"); or scale_fn returns it,
 * for the number of the cycle from 1 ("cycle") or for the step ("iterations"). The momentum, or beta1, moves in the other
 * direction; an optimizer with neither needs .cycle_momentum = false. The rates of the groups become base_lr. */
typedef struct wick_lr_cyclic_lr_options {
    size_t size_;
    char start_;
    double step_size_up;                         /* default 2000 */
    double step_size_down;                       /* default: step_size_up */
    const char *mode;                            /* default "triangular" */
    double gamma;                                /* default 1 */
    double (*scale_fn)(double x, void *context); /* instead of mode; default none */
    void *context;                               /* passed to scale_fn; default NULL */
    const char *scale_mode;                      /* for scale_fn: "cycle" (default) or "iterations" */
    bool cycle_momentum;                         /* default true */
    double base_momentum;                        /* default 0.8 */
    double max_momentum;                         /* default 0.9 */
    int64_t last_epoch;
    wick_lr_list base_lrs, max_lrs, base_momentums, max_momentums; /* for each group, instead of one for all */
} wick_lr_cyclic_lr_options;
#define WICK_LR_CYCLIC_LR_DEFAULTS                                                                             \
    2000.0, -1.0, "triangular", 1.0, NULL, NULL, "cycle", true, 0.8, 0.9, -1, {0, NULL}, {0, NULL}, {0, NULL}, \
    {                                                                                                          \
        0, NULL                                                                                                \
    }
WICK_API wick_scheduler *wick_lr_cyclic_lr_opt(wick_optim *optim, double base_lr, double max_lr,
                                               const wick_lr_cyclic_lr_options *options);
#define wick_lr_cyclic_lr(optim, base_lr, max_lr, ...) \
    wick_lr_cyclic_lr_opt(optim, base_lr, max_lr,      \
                          WICK_OPTIONS(wick_lr_cyclic_lr_options, WICK_LR_CYCLIC_LR_DEFAULTS, __VA_ARGS__))

/* One cycle over the whole training: OneCycleLR (Smith and Topin 2018). The rate rises from the initial rate, max_lr /
 * div_factor, to max_lr at the fraction pct_start of the steps, and falls to the initial rate / final_div_factor, with
 * three_phase first back to the initial rate. The number of steps is total_steps, or epochs times steps_per_epoch. The
 * momentum moves as in CyclicLR. */
typedef struct wick_lr_one_cycle_lr_options {
    size_t size_;
    char start_;
    int64_t total_steps;         /* default: not given */
    int64_t epochs;              /* default: not given */
    int64_t steps_per_epoch;     /* default: not given */
    double pct_start;            /* default 0.3 */
    const char *anneal_strategy; /* "cos" (default) or "linear" */
    bool cycle_momentum;         /* default true */
    double base_momentum;        /* default 0.85 */
    double max_momentum;         /* default 0.95 */
    double div_factor;           /* default 25 */
    double final_div_factor;     /* default 1e4 */
    bool three_phase;            /* default false */
    int64_t last_epoch;
    wick_lr_list max_lrs, base_momentums, max_momentums; /* for each group, instead of one for all */
} wick_lr_one_cycle_lr_options;
#define WICK_LR_ONE_CYCLE_LR_DEFAULTS                                                                             \
    WICK_UNSET, WICK_UNSET, WICK_UNSET, 0.3, "cos", true, 0.85, 0.95, 25.0, 1e4, false, -1, {0, NULL}, {0, NULL}, \
    {                                                                                                             \
        0, NULL                                                                                                   \
    }
WICK_API wick_scheduler *wick_lr_one_cycle_lr_opt(wick_optim *optim, double max_lr,
                                                  const wick_lr_one_cycle_lr_options *options);
#define wick_lr_one_cycle_lr(optim, max_lr, ...) \
    wick_lr_one_cycle_lr_opt(optim, max_lr,      \
                             WICK_OPTIONS(wick_lr_one_cycle_lr_options, WICK_LR_ONE_CYCLE_LR_DEFAULTS, __VA_ARGS__))

/* From the current rate to swa_lr in anneal_epochs epochs, and swa_lr from then on: torch.optim.swa_utils.SWALR. */
typedef struct wick_lr_swa_lr_options {
    size_t size_;
    char start_;
    int64_t anneal_epochs;       /* default 10 */
    const char *anneal_strategy; /* "cos" (default) or "linear" */
    int64_t last_epoch;
    wick_lr_list swa_lrs; /* for each group, instead of one for all */
} wick_lr_swa_lr_options;
#define WICK_LR_SWA_LR_DEFAULTS \
    10, "cos", -1, { 0, NULL }
WICK_API wick_scheduler *wick_lr_swa_lr_opt(wick_optim *optim, double swa_lr, const wick_lr_swa_lr_options *options);
#define wick_lr_swa_lr(optim, swa_lr, ...) \
    wick_lr_swa_lr_opt(optim, swa_lr, WICK_OPTIONS(wick_lr_swa_lr_options, WICK_LR_SWA_LR_DEFAULTS, __VA_ARGS__))

/* ---- Schedulers of schedulers ------------------------------------------------------------------------------------------- */

/* One scheduler after the other: SequentialLR. Scheduler i, from 0, is used before milestone i, and the last one from the
 * last milestone on. All must belong to optim, none may be a ReduceLROnPlateau, and only the first may itself contain
 * schedulers. The rates are set back to their initial values, and the first scheduler begins.
 *     wick_lr_sequential_lr(opt, WICK_SCHEDULERS(warm_up, decay), WICK_INTS(20)) */
WICK_API wick_scheduler *wick_lr_sequential_lr_opt(wick_optim *optim, wick_scheduler *const *schedulers, int count,
                                                   const int64_t *milestones, int milestone_count,
                                                   const wick_lr_options *options);
#define wick_lr_sequential_lr(optim, ...) WICK_LR_SEQUENTIAL_LR_(optim, __VA_ARGS__)
#define WICK_LR_SEQUENTIAL_LR_(optim, schedulers, count, milestones, milestone_count, ...) \
    wick_lr_sequential_lr_opt(optim, schedulers, count, milestones, milestone_count,       \
                              WICK_OPTIONS(wick_lr_options, -1, __VA_ARGS__))

/* All schedulers at every step: ChainedScheduler. All must belong to one optimizer, and none may be a ReduceLROnPlateau.
 *     wick_lr_chained_scheduler(WICK_SCHEDULERS(warm_up, decay)) */
WICK_API wick_scheduler *wick_lr_chained_scheduler_n(wick_scheduler *const *schedulers, int count);
#define wick_lr_chained_scheduler(...) WICK_LR_CHAINED_SCHEDULER_(__VA_ARGS__)
#define WICK_LR_CHAINED_SCHEDULER_(schedulers, count) wick_lr_chained_scheduler_n(schedulers, count)

/* Schedulers, one by one, as the two arguments (pointer, count). */
#define WICK_SCHEDULERS(...)                  \
    ((wick_scheduler *const[]){__VA_ARGS__}), \
        (int)(sizeof((wick_scheduler *const[]){__VA_ARGS__}) / sizeof(wick_scheduler *))

/* ---- Rates that follow a metric ------------------------------------------------------------------------------------------ */

/* Multiplies the rate by factor, less than 1, when the metric has not improved for more than patience steps; the rate does
 * not go below min_lr: ReduceLROnPlateau. An improvement is less ("min") or more ("max") than the best so far by the
 * threshold, which is a fraction of the best ("rel") or a difference ("abs"). After a reduction, cooldown steps are not
 * counted. A change by eps or less is not made. */
typedef struct wick_lr_reduce_on_plateau_options {
    size_t size_;
    char start_;
    const char *mode;           /* "min" (default) or "max" */
    double factor;              /* default 0.1 */
    int64_t patience;           /* default 10 */
    double threshold;           /* default 1e-4 */
    const char *threshold_mode; /* "rel" (default) or "abs" */
    int64_t cooldown;           /* default 0 */
    double min_lr;              /* default 0 */
    double eps;                 /* default 1e-8 */
    wick_lr_list min_lrs;       /* for each group, instead of one for all */
} wick_lr_reduce_on_plateau_options;
#define WICK_LR_REDUCE_ON_PLATEAU_DEFAULTS \
    "min", 0.1, 10, 1e-4, "rel", 0, 0.0, 1e-8, { 0, NULL }
WICK_API wick_scheduler *wick_lr_reduce_on_plateau_opt(wick_optim *optim,
                                                       const wick_lr_reduce_on_plateau_options *options);
#define wick_lr_reduce_on_plateau(optim, ...) \
    wick_lr_reduce_on_plateau_opt(            \
        optim, WICK_OPTIONS(wick_lr_reduce_on_plateau_options, WICK_LR_REDUCE_ON_PLATEAU_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
