/* lr_cases.h - the cases of lr.py, in C: for tests/torch/optim/test_lr.c. */
#pragma once

#include "check_wick.h"

enum { STEPS = 500, GROUPS = 2 };

static double power_of_95(int64_t epoch, void *context)
{
    (void)context;
    return pow(0.95, (double)epoch);
}
static double power_of_90(int64_t epoch, void *context)
{
    (void)context;
    return pow(0.9, (double)epoch);
}
static double thirds(int64_t epoch, void *context)
{
    (void)context;
    return (double)(epoch / 30);
}
static double always(int64_t epoch, void *context)
{
    (void)epoch;
    return *(double *)context;
}
static double near_one(int64_t epoch, void *context)
{
    (void)context;
    return 1 + 1 / (double)(epoch * epoch + 1);
}
static double inverse(double x, void *context) { return 1 / (x + *(double *)context); }

static double p98 = 0.98, p99 = 0.99, zero = 0, one = 1;

/* clang-format off */
#define CASES(X) \
    X(step, wick_lr_step_lr(o, 30, 0.5)) \
    X(step_default, wick_lr_step_lr(o, 7)) \
    X(step_hand, wick_lr_step_lr(o, 30, .gamma = 0.5)) \
    X(multi, wick_lr_multi_step_lr(o, WICK_INTS(30, 80, 80, 200), .gamma = 0.3)) \
    X(multi_unordered, wick_lr_multi_step_lr(o, WICK_INTS(200, 30, 80))) \
    X(constant, wick_lr_constant_lr(o)) \
    X(constant_long, wick_lr_constant_lr(o, 0.25, 40)) \
    X(linear, wick_lr_linear_lr(o)) \
    X(linear_long, wick_lr_linear_lr(o, 0.1, 0.7, 120)) \
    X(linear_to_zero, wick_lr_linear_lr(o, 0.7, 0.0, 33)) \
    X(linear_hand, wick_lr_linear_lr(o, 0.1, 0.7, .total_iters = 300)) \
    X(exponential, wick_lr_exponential_lr(o, 0.97)) \
    X(exponential_hand, wick_lr_exponential_lr(o, 0.99)) \
    X(polynomial, wick_lr_polynomial_lr(o)) \
    X(polynomial_long, wick_lr_polynomial_lr(o, 300, 0.9)) \
    X(polynomial_hand, wick_lr_polynomial_lr(o, 450, .power = 2)) \
    X(cosine, wick_lr_cosine_annealing_lr(o, 50)) \
    X(cosine_min, wick_lr_cosine_annealing_lr(o, 33, .eta_min = 0.001)) \
    X(cosine_hand, wick_lr_cosine_annealing_lr(o, 70, 0.002)) \
    X(restarts, wick_lr_cosine_annealing_warm_restarts(o, 10)) \
    X(restarts_double, wick_lr_cosine_annealing_warm_restarts(o, 10, 2, 1e-4)) \
    X(restarts_hand, wick_lr_cosine_annealing_warm_restarts(o, 7, .T_mult = 3)) \
    X(fraction_restarts, wick_lr_cosine_annealing_warm_restarts(o, 10)) \
    X(fraction_restarts_triple, wick_lr_cosine_annealing_warm_restarts(o, 4, 3, 1e-3)) \
    X(cyclic, wick_lr_cyclic_lr(o, 0.01, 0.1, 20)) \
    X(cyclic_uneven, wick_lr_cyclic_lr(o, 0.01, 0.1, 20, 35, .mode = "triangular2")) \
    X(cyclic_exp, wick_lr_cyclic_lr(o, 0.01, 0.1, 20, 35, .mode = "exp_range", .gamma = 0.994)) \
    X(cyclic_scale, wick_lr_cyclic_lr(o, 0.01, 0.1, 17, .scale_fn = inverse, .context = &zero, .base_momentum = 0.7)) \
    X(cyclic_scale_steps, wick_lr_cyclic_lr(o, 0.01, 0.1, 17, .scale_fn = inverse, .context = &one, \
                                            .scale_mode = "iterations", .cycle_momentum = false)) \
    X(cyclic_lists, wick_lr_cyclic_lr(o, 0, 0, 25, .base_lrs = WICK_LR_LIST(0.01, 0.02), \
                                      .max_lrs = WICK_LR_LIST(0.1, 0.5), .base_momentums = WICK_LR_LIST(0.6, 0.7), \
                                      .max_momentums = WICK_LR_LIST(0.8, 0.95))) \
    X(adam_cyclic, wick_lr_cyclic_lr(o, 0.001, 0.01, 20)) \
    X(cyclic_hand, wick_lr_cyclic_lr(o, 0.01, 0.1, .step_size_up = 20)) \
    X(one_cycle, wick_lr_one_cycle_lr(o, 0.3, 600)) \
    X(one_cycle_exact, wick_lr_one_cycle_lr(o, 0.3, .total_steps = 500)) \
    X(one_cycle_linear, wick_lr_one_cycle_lr(o, 0.3, .epochs = 20, .steps_per_epoch = 30, .anneal_strategy = "linear", \
                                             .pct_start = 0.2)) \
    X(one_cycle_three, wick_lr_one_cycle_lr(o, 0.3, 555, .three_phase = true, .pct_start = 0.35, .div_factor = 10, \
                                            .final_div_factor = 100)) \
    X(one_cycle_lists, wick_lr_one_cycle_lr(o, 0, 600, .max_lrs = WICK_LR_LIST(0.3, 0.1), \
                                            .base_momentums = WICK_LR_LIST(0.8, 0.7), \
                                            .max_momentums = WICK_LR_LIST(0.9, 0.99))) \
    X(one_cycle_still, wick_lr_one_cycle_lr(o, 0.3, 600, .cycle_momentum = false)) \
    X(adam_one_cycle, wick_lr_one_cycle_lr(o, 0.01, 600)) \
    X(one_cycle_hand, wick_lr_one_cycle_lr(o, 0.3, 600)) \
    X(lambda, wick_lr_lambda_lr(o, power_of_95)) \
    X(lambda_list, wick_lr_lambda_lr(o, NULL, .lr_lambdas = WICK_LR_LAMBDAS({power_of_95, NULL}, {thirds, NULL}))) \
    X(multiplicative, wick_lr_multiplicative_lr(o, always, .context = &p98)) \
    X(multiplicative_list, wick_lr_multiplicative_lr(o, NULL, .lr_lambdas = WICK_LR_LAMBDAS({always, &p98}, {near_one, NULL}))) \
    X(multiplicative_hand, wick_lr_multiplicative_lr(o, always, &p99)) \
    X(sequential, wick_lr_sequential_lr(o, WICK_SCHEDULERS(wick_lr_constant_lr(o, 0.1, 20), \
                                                           wick_lr_exponential_lr(o, 0.99)), WICK_INTS(20))) \
    X(sequential_three, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_linear_lr(o, 0.2, 1.0, 10), wick_lr_cosine_annealing_lr(o, 60, 1e-3), wick_lr_step_lr(o, 40, 0.5)), \
        WICK_INTS(10, 130))) \
    X(sequential_closed, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_exponential_lr(o, 0.9), wick_lr_polynomial_lr(o, 100, 2.0), wick_lr_linear_lr(o), \
        wick_lr_constant_lr(o, 0.5, 30), wick_lr_multi_step_lr(o, WICK_INTS(10, 20))), WICK_INTS(30, 100, 200, 300))) \
    X(sequential_restarts, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_cosine_annealing_warm_restarts(o, 9), wick_lr_cosine_annealing_warm_restarts(o, 10, 2), \
        wick_lr_lambda_lr(o, power_of_90)), WICK_INTS(50, 300))) \
    X(sequential_cyclic, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_cyclic_lr(o, 0.01, 0.1, 20), wick_lr_multiplicative_lr(o, always, &p98)), WICK_INTS(90))) \
    X(sequential_one_cycle, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_linear_lr(o), wick_lr_one_cycle_lr(o, 0.3, 450)), WICK_INTS(60))) \
    X(sequential_at_once, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_constant_lr(o), wick_lr_exponential_lr(o, 0.99)), WICK_INTS(0))) \
    X(sequential_chained, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_chained_scheduler(WICK_SCHEDULERS(wick_lr_exponential_lr(o, 0.98), wick_lr_step_lr(o, 20))), \
        wick_lr_cosine_annealing_lr(o, 90)), WICK_INTS(70))) \
    X(sequential_nested, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_sequential_lr(o, WICK_SCHEDULERS(wick_lr_linear_lr(o), wick_lr_exponential_lr(o, 0.97)), WICK_INTS(6)), \
        wick_lr_cosine_annealing_lr(o, 90)), WICK_INTS(70))) \
    X(sequential_hand, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_linear_lr(o, 0.2, 1.0, 150), wick_lr_cosine_annealing_lr(o, 400)), WICK_INTS(150))) \
    X(chained, wick_lr_chained_scheduler(WICK_SCHEDULERS( \
        wick_lr_constant_lr(o, 0.1, 20), wick_lr_exponential_lr(o, 0.99)))) \
    X(chained_three, wick_lr_chained_scheduler(WICK_SCHEDULERS( \
        wick_lr_linear_lr(o, 0.2, 1.0, 30), wick_lr_cosine_annealing_lr(o, 400), wick_lr_step_lr(o, 100)))) \
    X(chained_hand, wick_lr_chained_scheduler(WICK_SCHEDULERS( \
        wick_lr_polynomial_lr(o, 480), wick_lr_step_lr(o, 100, 0.7)))) \
    X(plateau, wick_lr_reduce_on_plateau(o)) \
    X(plateau_max, wick_lr_reduce_on_plateau(o, "max", 0.5, 3)) \
    X(plateau_cooldown, wick_lr_reduce_on_plateau(o, .factor = 0.7, .patience = 2, .cooldown = 15, .min_lr = 0.001)) \
    X(plateau_abs, wick_lr_reduce_on_plateau(o, "min", 0.9, 4, .threshold = 0.01, .threshold_mode = "abs", \
                                             .min_lrs = WICK_LR_LIST(0.02, 0.0001))) \
    X(plateau_max_abs, wick_lr_reduce_on_plateau(o, "max", 0.9, 4, 0.1, "abs", .eps = 1e-3)) \
    X(plateau_hand, wick_lr_reduce_on_plateau(o, .patience = 40)) \
    X(swa, wick_lr_swa_lr(o, 0.05)) \
    X(swa_linear, wick_lr_swa_lr(o, 0.05, 35, "linear")) \
    X(swa_at_once, wick_lr_swa_lr(o, 0.05, 0)) \
    X(swa_lists, wick_lr_swa_lr(o, 0, 120, .swa_lrs = WICK_LR_LIST(0.05, 0.2))) \
    X(swa_hand, wick_lr_swa_lr(o, 0.05, .anneal_epochs = 200)) \
    X(resume_step, wick_lr_step_lr(o, 15, 0.5, .last_epoch = 44)) \
    X(resume_multi, wick_lr_multi_step_lr(o, WICK_INTS(30, 45, 200), .last_epoch = 44)) \
    X(resume_constant, wick_lr_constant_lr(o, 0.5, 60, .last_epoch = 44)) \
    X(resume_linear, wick_lr_linear_lr(o, 0.5, 1.0, 60, .last_epoch = 44)) \
    X(resume_exponential, wick_lr_exponential_lr(o, 0.97, .last_epoch = 44)) \
    X(resume_polynomial, wick_lr_polynomial_lr(o, 200, 2.0, .last_epoch = 44)) \
    X(resume_cosine, wick_lr_cosine_annealing_lr(o, 40, .last_epoch = 44)) \
    X(resume_restarts, wick_lr_cosine_annealing_warm_restarts(o, 10, 2, .last_epoch = 24)) \
    X(resume_cyclic, wick_lr_cyclic_lr(o, 0.01, 0.1, 20, .last_epoch = 44)) \
    X(resume_one_cycle, wick_lr_one_cycle_lr(o, 0.5, 600, .last_epoch = 44)) \
    X(resume_lambda, wick_lr_lambda_lr(o, power_of_95, .last_epoch = 44)) \
    X(resume_multiplicative, wick_lr_multiplicative_lr(o, always, &p98, .last_epoch = 44)) \
    X(resume_sequential, wick_lr_sequential_lr(o, WICK_SCHEDULERS( \
        wick_lr_constant_lr(o, 0.1, 20), wick_lr_exponential_lr(o, 0.99)), WICK_INTS(20), .last_epoch = 44)) \
    X(resume_swa, wick_lr_swa_lr(o, 0.05, .last_epoch = 44)) \
    X(closed_step, wick_lr_step_lr(o, 30, 0.5)) \
    X(closed_multi, wick_lr_multi_step_lr(o, WICK_INTS(80, 30, 80))) \
    X(closed_constant, wick_lr_constant_lr(o, 0.25, 40)) \
    X(closed_linear, wick_lr_linear_lr(o, 0.1, 0.7, 120)) \
    X(closed_exponential, wick_lr_exponential_lr(o, 0.97)) \
    X(closed_polynomial, wick_lr_polynomial_lr(o, 100, 0.9)) \
    X(closed_cosine, wick_lr_cosine_annealing_lr(o, 50, 1e-3)) \
    X(closed_cyclic, wick_lr_cyclic_lr(o, 0.01, 0.1, 20)) \
    X(closed_one_cycle, wick_lr_one_cycle_lr(o, 0.3, 200)) \
    X(closed_lambda, wick_lr_lambda_lr(o, power_of_95))
/* clang-format on */

#define MAKE(name, ...) \
    static wick_scheduler *make_##name(wick_optim *o) { return __VA_ARGS__; }
CASES(MAKE)
#undef MAKE

static const struct lr_case {
    const char *name;
    wick_scheduler *(*make)(wick_optim *o);
} cases[] = {
#define ROW(name, ...) {#name, make_##name},
    CASES(ROW)
#undef ROW
};
enum { CASE_COUNT = sizeof cases / sizeof *cases };

static bool is(const struct lr_case *c, const char *word) { return strncmp(c->name, word, strlen(word)) == 0; }

static wick_optim *make_optim(const struct lr_case *c)
{
    wick_list *first = wick_list_of(wick_ones(1, .requires_grad = true));
    wick_list *second = wick_list_of(wick_ones(1, .requires_grad = true));
    wick_optim *o = is(c, "adam") ? wick_optim_adam(first, 0.1) : wick_optim_sgd(first, 0.1, .momentum = 0.9);
    wick_optim_add_param_group(o, second);
    wick_optim_set(o, 1, "lr", 0.03);
    for (int g = 0; g < GROUPS && is(c, "resume"); g++) {
        double lr = g ? 0.06 : 0.2;
        wick_optim_set(o, g, "initial_lr", lr);
        wick_optim_set(o, g, "max_lr", 5 * lr);
        wick_optim_set(o, g, "min_lr", lr / 1e4);
        wick_optim_set(o, g, "max_momentum", 0.95);
        wick_optim_set(o, g, "base_momentum", 0.8);
    }
    return o;
}
