/* test_lr.c - schedulers: their rates against PyTorch's (lr.txt), states, order, errors, memory. */
#include "lr_cases.h"
#include "scenario.h"

/* ---- Against PyTorch --------------------------------------------------------------------------------------------- */

/* The i-th step of a case, from 1. */
static bool step_case(const struct lr_case *c, wick_optim *o, wick_scheduler *s, int i)
{
    if (strstr(c->name, "_hand") && (i == 100 || i == 250))
        for (int g = 0; g < GROUPS; g++)
            wick_optim_set(o, g, "lr", 0.5 * wick_optim_get(o, g, "lr"));
    if (!wick_optim_step(o))
        return false;
    if (is(c, "plateau"))
        return wick_lr_step_metric(s, 1.0 / (1.0 + i * 0.01) + i * 37 % 101 / 500.0);
    if (is(c, "fraction"))
        return wick_lr_step_epoch(s, i * 7 % 311 / 8.0);
    return is(c, "closed") ? wick_lr_step_epoch(s, 3 * i % 170) : wick_lr_step(s);
}

/* The rates, and where the reference has them the momenta. */
static int numbers_of(const struct lr_case *c, wick_optim *o, double *row)
{
    int n = 0;
    for (int g = 0; g < GROUPS; g++)
        row[n++] = wick_optim_get(o, g, "lr");
    for (int g = 0; g < GROUPS && strstr(c->name, "cycl"); g++)
        row[n++] = wick_optim_get(o, g, is(c, "adam") ? "beta1" : "momentum");
    return n;
}

static void compare(const struct lr_case *c, int i, const char *rest, const double *row, int n)
{
    char *end = (char *)(uintptr_t)rest;
    for (int k = 0; k < n; k++) {
        double expected = strtod(end, &end);
        ck_assert_msg(fabs(row[k] - expected) <= 1e-12 * fmax(fabs(expected), 1e-3),
                      "%s, step %d, number %d: %.17g, PyTorch %.17g", c->name, i, k, row[k], expected);
    }
    ck_assert_msg(strcmp(end, "\n") == 0, "%s, step %d: the reference has more: %s", c->name, i, end);
}

START_TEST(rates_are_pytorchs)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/optim/lr.txt", "r");
    ck_assert_ptr_nonnull(file);
    char line[512];
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    for (const struct lr_case *c = cases; c < cases + CASE_COUNT; c++) {
        WICK_SCOPE;
        line[strcspn(line, "\n")] = '\0';
        ck_assert_msg(strncmp(line, "case ", 5) == 0 && strcmp(line + 5, c->name) == 0,
                      "%s is not in lr.txt, which has: %s", c->name, line);
        wick_optim *o = make_optim(c);
        wick_scheduler *s = c->make(o);
        ASSERT_NO_ERROR();
        double row[4], sum[4] = {0};
        bool more = fgets(line, sizeof line, file) != NULL;
        for (int i = 0; i <= STEPS; i++) {
            ck_assert_msg(i == 0 || step_case(c, o, s, i), "%s, step %d: %s", c->name, i, wick_error());
            int n = numbers_of(c, o, row);
            for (int k = 0; k < n; k++)
                sum[k] += (i + 1) * row[k];
            for (int g = 0; g < GROUPS && i > 0; g++)
                ck_assert_double_eq(wick_lr_get_last_lr(s, g), row[g]);
            if (more && strncmp(line, "sum", 3) != 0 && strtol(line, NULL, 10) == i) {
                compare(c, i, strchr(line, ' '), row, n);
                more = fgets(line, sizeof line, file) != NULL;
            }
        }
        ck_assert_msg(more && strncmp(line, "sum ", 4) == 0, "%s: %s", c->name, line);
        compare(c, -1, line + 3, sum, numbers_of(c, o, row));
        if (!fgets(line, sizeof line, file))
            line[0] = '\0';
        wick_clear_warning(); /* in a sequence that begins with a chain, making it is a step */
    }
    ck_assert_msg(line[0] == '\0', "lr.txt has a case more: %s", line);
    fclose(file);
}
END_TEST

/* ---- States ------------------------------------------------------------------------------------------------------ */

/* What a line says that lies behind "case", a step and a name: the numbers, and how many. */
static int numbers_behind(const char *rest, double *numbers, int most)
{
    int n = 0;
    char *at = (char *)(uintptr_t)rest, *end;
    for (; n < most; at = end, n++) {
        numbers[n] = strtod(at, &end);
        if (end == at)
            break;
    }
    return n;
}

/* The getters and the states, as they are made and after steps, are PyTorch's; the states have all that PyTorch's have. */
START_TEST(getters_and_states_are_pytorchs)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/optim/lr_states.txt", "r");
    ck_assert_ptr_nonnull(file);
    char line[512], name[128];
    const struct lr_case *c = NULL;
    wick_optim *o = NULL;
    wick_scheduler *s = NULL;
    int at = 0, seen = 0;
    while (fgets(line, sizeof line, file)) {
        double expected[8];
        int step, length;
        if (sscanf(line, "case %127s", name) == 1) {
            c = c ? c + 1 : cases;
            ck_assert_msg(c < cases + CASE_COUNT && strcmp(c->name, name) == 0, "%s is not the next case", name);
            o = make_optim(c);
            s = c->make(o);
            at = 0;
            seen++;
            continue;
        }
        ck_assert_int_eq(sscanf(line, "%d %127s%n", &step, name, &length), 2);
        for (; at < step; at++)
            ck_assert_msg(step_case(c, o, s, at + 1), "%s: %s", c->name, wick_error());
        const int n = numbers_behind(line + length, expected, 8);
        if (strcmp(name, "last_epoch()") == 0) {
            long long epoch = wick_lr_last_epoch(s);
            ck_assert_msg(epoch == (n ? (long long)expected[0] : -1), "%s, step %d: last_epoch is %lld, PyTorch %s",
                          c->name, step, epoch, line + length);
        } else if (strcmp(name, "get_last_lr()") == 0) {
            for (int g = 0; g < GROUPS; g++)
                ck_assert_msg(fabs(wick_lr_get_last_lr(s, g) - expected[g]) <= 1e-12 * fmax(fabs(expected[g]), 1e-3),
                              "%s, step %d: get_last_lr of group %d is %.17g, PyTorch %.17g", c->name, step, g,
                              wick_lr_get_last_lr(s, g), expected[g]);
        } else {
            WICK_SCOPE;
            wick_dict *state = wick_lr_state_dict(s);
            wick_tensor *t = wick_nn_dict_get(state, name);
            wick_clear_error();
            ck_assert_msg(t != NULL, "%s, step %d: the state has no %s, PyTorch %s", c->name, step, name,
                          line + length);
            ck_assert_msg(wick_numel(t) == n, "%s, step %d: %s has %lld numbers, PyTorch %s", c->name, step, name,
                          (long long)wick_numel(t), line + length);
            t = wick_reshape(t, -1);
            for (int k = 0; k < n; k++)
                ck_assert_msg(wick_get(t, k) == expected[k] ||
                                  fabs(wick_get(t, k) - expected[k]) <= 1e-12 * fmax(fabs(expected[k]), 1e-3),
                              "%s, step %d: %s is %.17g, PyTorch %s", c->name, step, name, wick_get(t, k),
                              line + length);
        }
    }
    ck_assert_int_eq(seen, CASE_COUNT);
    fclose(file);
    wick_clear_warning();
}
END_TEST

/* A scheduler that was made anew and has taken a state over goes on as the one whose state it is, to the bit. */
START_TEST(restored_schedulers_go_on)
{
    for (const struct lr_case *c = cases; c < cases + CASE_COUNT; c += is_watched() ? 5 : 1) {
        WICK_SCOPE;
        wick_optim *o = make_optim(c), *again = make_optim(c);
        wick_scheduler *s = c->make(o), *restored = c->make(again);
        for (int i = 1; i <= 137; i++)
            ck_assert(step_case(c, o, s, i));
        ck_assert_msg(wick_lr_load_state_dict(restored, wick_lr_state_dict(s)), "%s: %s", c->name, wick_error());
        if (!is(c, "plateau")) {
            for (int g = 0; g < GROUPS; g++)
                wick_optim_set(again, g, "initial_lr", 77); /* it is in the optimizer's state */
        }
        ck_assert_msg(wick_optim_load_state_dict(again, wick_optim_state_dict(o)), "%s: %s", c->name, wick_error());
        for (int g = 0; g < GROUPS && !is(c, "plateau"); g++)
            ck_assert_double_eq(wick_optim_get(again, g, "initial_lr"), wick_optim_get(o, g, "initial_lr"));
        for (int i = 138; i <= 300; i++) {
            ck_assert(step_case(c, o, s, i) && step_case(c, again, restored, i));
            ck_assert_int_eq(wick_lr_last_epoch(s), wick_lr_last_epoch(restored));
            double a[4], b[4];
            int n = numbers_of(c, o, a);
            numbers_of(c, again, b);
            ck_assert_msg(memcmp(a, b, (size_t)n * sizeof *a) == 0, "%s, step %d: %g and %g", c->name, i, a[0], b[0]);
        }
        wick_clear_warning();
    }
}
END_TEST

static wick_optim *sgd(void) { return make_optim(&cases[0]); }

START_TEST(states_by_name)
{
    wick_optim *o = sgd();
    wick_scheduler *s = wick_lr_sequential_lr(
        o, WICK_SCHEDULERS(wick_lr_step_lr(o, 30, 0.5), wick_lr_multi_step_lr(o, WICK_INTS(30, 80))), WICK_INTS(20));
    wick_optim_step(o);
    ck_assert(wick_lr_step(s));
    wick_dict *state = wick_lr_state_dict(s);
    ck_assert_int_eq(wick_item_int(wick_nn_dict_get(state, "last_epoch")), 1);
    ck_assert_int_eq(wick_dtype_of(wick_nn_dict_get(state, "last_epoch")), WICK_INT64);
    ck_assert_int_eq(wick_ndim(wick_nn_dict_get(state, "last_epoch")), 0);
    ck_assert_int_eq(wick_item_int(wick_nn_dict_get(state, "_schedulers.0._step_count")), 2);
    ck_assert_int_eq(wick_item_int(wick_nn_dict_get(state, "_schedulers.0.step_size")), 30);
    ck_assert_double_eq(wick_item(wick_nn_dict_get(state, "_schedulers.0.gamma")), 0.5);
    ASSERT_VALUES(wick_nn_dict_get(state, "_schedulers.1.milestones"), 30, 80);
    ASSERT_VALUES(wick_nn_dict_get(state, "_schedulers.1.base_lrs"), 0.1, 0.03);
    ASSERT_VALUES(wick_nn_dict_get(state, "_last_lr"), 0.1, 0.03);
    ck_assert_int_eq(wick_nn_dict_count(state), 4 + 6 + 6);
    wick_clear_warning();
}
END_TEST

START_TEST(states_that_do_not_fit)
{
    wick_optim *o = sgd();
    wick_scheduler *s = wick_lr_step_lr(o, 30);
    wick_dict *state = wick_nn_dict_new(), *good = wick_lr_state_dict(s);
    wick_nn_dict_set(state, "last_epoch", wick_scalar(7));
    wick_nn_dict_set(state, "gamma", wick_ones(3));
    wick_nn_dict_set(state, "size", wick_scalar(1));
    wick_nn_dict_set(state, "colour", wick_scalar(1));
    ASSERT_FAILS(wick_lr_load_state_dict(s, state), WICK_ERROR_SHAPE, "wick_lr_load_state_dict", "StepLR",
                 "Missing key(s) in state_dict: \"_step_count\", \"step_size\", \"base_lrs\", \"_last_lr\"",
                 "Unexpected key(s) in state_dict: \"size\", \"colour\"", "size mismatch for gamma");
    wick_nn_dict_set(good, "step_size", wick_scalar(0));
    wick_nn_dict_set(good, "last_epoch", wick_scalar(2.5));
    wick_nn_dict_set(good, "gamma", wick_full((double)NAN));
    ASSERT_FAILS(wick_lr_load_state_dict(s, good), WICK_ERROR_ARGUMENT, "step_size is 0", "whole number from 1",
                 "last_epoch is 2.5", "gamma is nan");
    ck_assert_int_eq(wick_lr_last_epoch(s), 0);
    ck_assert_double_eq(wick_item(wick_nn_dict_get(wick_lr_state_dict(s), "gamma")), 0.1);
}
END_TEST

/* ---- The order of steps ------------------------------------------------------------------------------------------ */

static int warnings;
static char warning[512];

static void count_warning(const char *message)
{
    warnings++;
    snprintf(warning, sizeof warning, "%s", message);
}

START_TEST(warned_once_of_the_wrong_order)
{
    wick_optim *o = sgd();
    wick_scheduler *s = wick_lr_step_lr(o, 1), *later = wick_lr_exponential_lr(o, 0.5);
    warnings = 0;
    wick_on_warning(count_warning);
    ck_assert(wick_lr_step(s));
    ck_assert_int_eq(warnings, 1);
    ck_assert_ptr_nonnull(
        strstr(warning, "Warning: wick_lr_step: Detected call of wick_lr_step before wick_optim_step"));
    ck_assert_double_eq_tol(wick_optim_get(o, 0, "lr"), 0.01, 1e-15); /* and has done it */
    ck_assert(wick_lr_step(s));
    ck_assert_int_eq(warnings, 1);
    ck_assert(wick_optim_step(o));
    ck_assert(wick_lr_step(later)); /* the right order */
    ck_assert_int_eq(warnings, 1);
    /* A step from before there was any scheduler does not count, as in PyTorch. */
    wick_optim *other = sgd();
    wick_optim_step(other);
    ck_assert(wick_lr_step(wick_lr_step_lr(other, 1)));
    ck_assert_int_eq(warnings, 2);
    wick_on_warning(NULL);
    ck_assert_ptr_null(wick_warning());
    ck_assert(wick_lr_step(wick_lr_step_lr(sgd(), 1)));
    ck_assert_ptr_nonnull(strstr(wick_warning(), "StepLR"));
    wick_clear_warning();
}
END_TEST

START_TEST(initial_rates_are_the_first_schedulers)
{
    wick_optim *o = sgd();
    ck_assert(isnan(wick_optim_get(o, 0, "initial_lr")));
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "wick_optim_get", "group 0 has no initial_lr");
    wick_lr_constant_lr(o, 0.5);
    ck_assert_double_eq(wick_optim_get(o, 0, "initial_lr"), 0.1);
    ck_assert_double_eq(wick_optim_get(o, 0, "lr"), 0.05);
    wick_lr_linear_lr(o, 0.5);
    ck_assert_double_eq(wick_optim_get(o, 0, "initial_lr"), 0.1);
    ck_assert_double_eq(wick_optim_get(o, 0, "lr"), 0.025);
    ck_assert(wick_optim_set(o, 0, "initial_lr", 7));
    ck_assert_double_eq(wick_optim_get(o, 0, "initial_lr"), 7);
    /* A state from before there was a scheduler leaves it alone. */
    ck_assert(wick_optim_load_state_dict(o, wick_optim_state_dict(sgd())));
    ck_assert_double_eq(wick_optim_get(o, 0, "initial_lr"), 7);
    ck_assert(isnan(wick_optim_get(o, 0, "max_lr")));
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "wick_optim_get", "no max_lr");
    ck_assert(wick_optim_set(o, 0, "lr", 0.025));
    ck_assert(wick_optim_set(o, 1, "lr", 0.0075));
    /* Groups that are added later. */
    wick_scheduler *s = wick_lr_exponential_lr(o, 0.5), *l = wick_lr_lambda_lr(o, power_of_95);
    ck_assert_int_eq(wick_optim_add_param_group(o, wick_list_of(wick_ones(1, .requires_grad = true))), 2);
    wick_optim_step(o);
    ck_assert(wick_lr_step(s));
    ck_assert_double_eq(wick_lr_get_last_lr(s, 2), 0.05);
    ASSERT_FAILS(wick_lr_step(l), WICK_ERROR_ARGUMENT, "wick_lr_step", "3 parameter groups", "had 2", "LambdaLR");
    ck_assert(isnan(wick_lr_get_last_lr(s, 3)));
    ASSERT_ERROR(WICK_ERROR_INDEX, "wick_lr_get_last_lr", "group 3");
}
END_TEST

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

static double not_a_number(int64_t epoch, void *context)
{
    (void)context;
    return epoch < 2 ? 1 : (double)NAN;
}

START_TEST(values_out_of_range)
{
    wick_optim *o = sgd();
    const wick_error_code e = WICK_ERROR_ARGUMENT;
    ASSERT_FAILS(wick_lr_step_lr(o, 0), e, "wick_lr_step_lr", "step_size is 0");
    ASSERT_FAILS(wick_lr_step_lr(o, 1, (double)NAN), e, "wick_lr_step_lr", "gamma is nan");
    ASSERT_FAILS(wick_lr_step_lr(o, 1, .last_epoch = -2), e, "last_epoch is -2");
    ASSERT_FAILS(wick_lr_multi_step_lr(o, NULL, 2), e, "wick_lr_multi_step_lr", "milestones");
    ASSERT_FAILS(wick_lr_constant_lr(o, 1.5), e, "wick_lr_constant_lr", "factor is 1.5", "[0, 1]");
    ASSERT_FAILS(wick_lr_constant_lr(o, -0.5), e, "factor is -0.5");
    ASSERT_FAILS(wick_lr_linear_lr(o, 0), e, "wick_lr_linear_lr", "start_factor is 0", "(0, 1]");
    ASSERT_FAILS(wick_lr_linear_lr(o, 0.5, 1.5), e, "end_factor is 1.5");
    ASSERT_FAILS(wick_lr_cosine_annealing_lr(o, 0), e, "T_max is 0");
    ASSERT_FAILS(wick_lr_cosine_annealing_warm_restarts(o, 0), e, "T_0 is 0");
    ASSERT_FAILS(wick_lr_cosine_annealing_warm_restarts(o, 5, 0), e, "T_mult is 0");
    ASSERT_FAILS(wick_lr_cyclic_lr(o, 0.1, 1, 0, 0), e, "wick_lr_cyclic_lr", "total_size");
    ASSERT_FAILS(wick_lr_cyclic_lr(o, 0.1, 1, .mode = "square"), e, "mode \"square\" is unknown!", "triangular2");
    ASSERT_FAILS(wick_lr_cyclic_lr(o, 0.1, 1, .mode = NULL), e, "mode \"NULL\"");
    ASSERT_FAILS(wick_lr_cyclic_lr(o, 0.1, 1, .max_lrs = WICK_LR_LIST(1, 2, 3)), e, "max_lr", "3 values", "2 groups");
    ASSERT_FAILS(wick_lr_one_cycle_lr(o, 0.1), e, "either .total_steps OR (.epochs AND .steps_per_epoch)");
    ASSERT_FAILS(wick_lr_one_cycle_lr(o, 0.1, .epochs = 3), e, "either .total_steps OR");
    ASSERT_FAILS(wick_lr_one_cycle_lr(o, 0.1, 0), e, "positive integer total_steps, but got 0");
    ASSERT_FAILS(wick_lr_one_cycle_lr(o, 0.1, .epochs = 3, .steps_per_epoch = -1), e, "steps_per_epoch, but got -1");
    ASSERT_FAILS(wick_lr_one_cycle_lr(o, 0.1, 10, .pct_start = 1.5), e, "pct_start is 1.5");
    ASSERT_FAILS(wick_lr_one_cycle_lr(o, 0.1, 10, .anneal_strategy = "log"), e, "anneal_strategy \"log\"");
    ASSERT_FAILS(wick_lr_one_cycle_lr(o, 0.1, 10, .div_factor = 0), e, "would become inf");
    ASSERT_FAILS(wick_lr_swa_lr(o, 0.1, -1), e, "anneal_epochs is -1");
    ASSERT_FAILS(wick_lr_swa_lr(o, 0.1, .swa_lrs = WICK_LR_LIST(1)), e, "swa_lr", "1 values");
    ASSERT_FAILS(wick_lr_lambda_lr(o, NULL), e, "wick_lr_lambda_lr", "NULL");
    ASSERT_FAILS(wick_lr_lambda_lr(o, NULL, .lr_lambdas = WICK_LR_LAMBDAS({thirds, NULL})), e, "Expected 2 lr_lambdas");
    ASSERT_FAILS(wick_lr_reduce_on_plateau(o, .factor = 1), e, "factor is 1", "less than 1");
    ASSERT_FAILS(wick_lr_reduce_on_plateau(o, "mean"), e, "mode \"mean\" is unknown!");
    ASSERT_FAILS(wick_lr_reduce_on_plateau(o, .threshold_mode = "r"), e, "threshold_mode \"r\" is unknown!");
    ASSERT_FAILS(wick_lr_reduce_on_plateau(o, .min_lrs = WICK_LR_LIST(1)), e, "min_lr", "1 values", "2 groups");
    ASSERT_FAILS(wick_lr_step_lr(o, 3, .last_epoch = 4), e, "initial_lr", "last_epoch is 4");
    ck_assert_double_eq(wick_optim_get(o, 0, "lr"), 0.1);
    ck_assert(isnan(wick_optim_get(o, 0, "max_lr"))); /* nothing is left in the groups */
    wick_clear_error();
}
END_TEST

START_TEST(steps_that_fail_change_nothing)
{
    wick_optim *o = sgd();
    wick_scheduler *end = wick_lr_one_cycle_lr(o, 0.3, 10);
    for (int i = 1; i <= 10; i++) {
        wick_optim_step(o);
        ck_assert(wick_lr_step(end));
    }
    double lr = wick_optim_get(o, 1, "lr"), momentum = wick_optim_get(o, 1, "momentum");
    ASSERT_FAILS(wick_lr_step(end), WICK_ERROR_ARGUMENT, "wick_lr_step", "Tried to step 11 times",
                 "number of total steps is 10");
    ck_assert_double_eq(wick_optim_get(o, 1, "lr"), lr);
    ck_assert_double_eq(wick_optim_get(o, 1, "momentum"), momentum);
    ck_assert_int_eq(wick_lr_last_epoch(end), 10);

    o = sgd();
    wick_scheduler *first = wick_lr_exponential_lr(o, 0.5), *second = wick_lr_multiplicative_lr(o, not_a_number);
    wick_scheduler *chain = wick_lr_chained_scheduler(WICK_SCHEDULERS(first, second));
    wick_optim_step(o);
    ck_assert(wick_lr_step(chain));
    ck_assert_double_eq(wick_optim_get(o, 0, "lr"), 0.05);
    ASSERT_FAILS(wick_lr_step(chain), WICK_ERROR_ARGUMENT, "wick_lr_step",
                 "the lr of parameter group 0 would become nan", "MultiplicativeLR");
    ck_assert_double_eq(wick_optim_get(o, 0, "lr"), 0.05);
    ck_assert_int_eq(wick_lr_last_epoch(first), 1);
    ck_assert_int_eq(wick_lr_last_epoch(chain), -1); /* it counts none, and has none in its state */
    ASSERT_NO_ERROR();
    ck_assert_ptr_null(wick_nn_dict_get(wick_lr_state_dict(chain), "last_epoch"));
    wick_clear_error();
    ck_assert_double_eq(wick_lr_get_last_lr(first, 0), 0.05);
    wick_scheduler *never = wick_lr_constant_lr(sgd(), 0.0, 1); /* PyTorch divides by zero */
    ASSERT_FAILS(wick_lr_step(never), WICK_ERROR_ARGUMENT, "the lr of parameter group 0 would become nan in epoch 1");
    ASSERT_FAILS(wick_lr_step_epoch(never, -1), WICK_ERROR_ARGUMENT, "Expected non-negative whole epoch, but got -1");
    ASSERT_FAILS(wick_lr_step_epoch(never, 0.5), WICK_ERROR_ARGUMENT, "but got 0.5");
    ASSERT_FAILS(wick_lr_step_epoch(chain, 3), WICK_ERROR_ARGUMENT, "ChainedScheduler takes no epoch");
}
END_TEST

START_TEST(schedulers_that_do_not_go_together)
{
    wick_optim *o = sgd(), *other = sgd();
    const wick_error_code e = WICK_ERROR_ARGUMENT;
    wick_scheduler *s = wick_lr_step_lr(o, 3), *t = wick_lr_step_lr(other, 3), *p = wick_lr_reduce_on_plateau(o);
    wick_scheduler *chain = wick_lr_chained_scheduler(WICK_SCHEDULERS(s));
    ASSERT_FAILS(wick_lr_chained_scheduler(WICK_SCHEDULERS(s, t)), e, "index 1", "another optimizer");
    ASSERT_FAILS(wick_lr_chained_scheduler(WICK_SCHEDULERS(s, p)), e, "index 1", "ReduceLROnPlateau", "metric");
    ASSERT_FAILS(wick_lr_chained_scheduler(NULL, 0), e, "wick_lr_chained_scheduler", "got no scheduler");
    ASSERT_FAILS(wick_lr_sequential_lr(o, WICK_SCHEDULERS(s, s), WICK_INTS(1, 2)), e, "number of schedulers provided",
                 "schedulers 2", "equal to 2");
    ASSERT_FAILS(wick_lr_sequential_lr(o, WICK_SCHEDULERS(t), NULL, 0), e, "another optimizer");
    ASSERT_FAILS(wick_lr_sequential_lr(o, WICK_SCHEDULERS(s, chain), WICK_INTS(5)), e, "index 1", "ChainedScheduler");
    ASSERT_FAILS(wick_lr_step(p), e, "wick_lr_step_metric");
    ASSERT_FAILS(wick_lr_step_metric(s, 1), e, "StepLR does not follow a metric");
    for (int i = 0; i < 62; i++)
        chain = wick_lr_chained_scheduler(WICK_SCHEDULERS(chain));
    ck_assert_ptr_nonnull(chain);
    ASSERT_FAILS(wick_lr_chained_scheduler(WICK_SCHEDULERS(chain)), e, "nested too deep");
    /* NULL in, NULL out. */
    ASSERT_FAILS(wick_lr_step_lr(NULL, 3), e, "wick_lr_step_lr: optim is NULL");
    ASSERT_FAILS(wick_lr_lambda_lr(NULL, thirds), e, "wick_lr_lambda_lr: optim is NULL");
    ASSERT_FAILS(wick_lr_sequential_lr(NULL, WICK_SCHEDULERS(s), NULL, 0), e, "optim is NULL");
    ASSERT_FAILS(wick_lr_chained_scheduler(WICK_SCHEDULERS(s, NULL)), e, "scheduler is NULL");
    ASSERT_FAILS(wick_lr_step(NULL), e, "wick_lr_step: scheduler is NULL");
    ASSERT_FAILS(wick_lr_step_epoch(NULL, 1), e, "wick_lr_step_epoch: scheduler is NULL");
    ASSERT_FAILS(wick_lr_step_metric(NULL, 1), e, "wick_lr_step_metric: scheduler is NULL");
    ASSERT_FAILS(wick_lr_last_epoch(NULL) != -1, e, "wick_lr_last_epoch");
    ASSERT_FAILS(!isnan(wick_lr_get_last_lr(NULL, 0)), e, "wick_lr_get_last_lr");
    ASSERT_FAILS(wick_lr_state_dict(NULL), e, "wick_lr_state_dict");
    ASSERT_FAILS(wick_lr_load_state_dict(NULL, wick_nn_dict_new()), e, "wick_lr_load_state_dict");
    ASSERT_FAILS(wick_lr_load_state_dict(s, NULL), e, "dict is NULL");
    ASSERT_FAILS(wick_lr_step((wick_scheduler *)(void *)o), e, "scheduler is not a scheduler");
}
END_TEST

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static const struct lr_case *failing;

static bool make_step_and_restore(void)
{
    WICK_SCOPE;
    wick_optim *o = make_optim(failing);
    if (!o || wick_optim_group_count(o) != GROUPS || wick_error())
        return false;
    wick_scheduler *s = failing->make(o);
    bool ok = s && step_case(failing, o, s, 1) && wick_lr_load_state_dict(s, wick_lr_state_dict(s));
    wick_clear_warning();
    return ok;
}

START_TEST(failing_allocations)
{
    for (failing = cases; failing < cases + CASE_COUNT; failing += is_watched() ? 7 : 1)
        if (make_step_and_restore())
            check_failing_allocations(make_step_and_restore);
        else
            ck_abort_msg("%s: %s", failing->name, wick_error());
}
END_TEST

Suite *lr_suite(void);
Suite *lr_suite(void)
{
    const TTest *const tests[] = {
        rates_are_pytorchs,
        getters_and_states_are_pytorchs,
        restored_schedulers_go_on,
        states_by_name,
        states_that_do_not_fit,
        warned_once_of_the_wrong_order,
        initial_rates_are_the_first_schedulers,
        values_out_of_range,
        steps_that_fail_change_nothing,
        schedulers_that_do_not_go_together,
        failing_allocations,
    };
    return MAKE_SUITE("lr", tests);
}
