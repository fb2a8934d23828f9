/* test_optim.c - the optim layer: steps against PyTorch's (optim.txt), groups, hyperparameters, errors. */
#include "optim_cases.h"

/* ---- Against PyTorch --------------------------------------------------------------------------------------------- */

enum { STEPS = 120, VALUES = 7 };

/* Sets the second group's hyperparameters, those whose name ends in _1, and returns how many; optim may be NULL. */
static int set_second_group(const run *r, wick_optim *optim)
{
    int found = 0;
    for (int i = 0; i < r->count; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s", r->options[i].name);
        size_t length = strlen(name);
        if (length > 2 && strcmp(name + length - 2, "_1") == 0) {
            name[length - 2] = '\0';
            ck_assert(!optim || wick_optim_set(optim, 1, name, r->options[i].value));
            found++;
        }
    }
    return found;
}

/* The problem of optim.py: values, scales and targets of a (3) and b (2, 2). */
static const double problem[3][VALUES] = {
    {1.0, -2.0, 0.5, 3.0, -1.0, 0.0, 0.75},
    {0.25, 0.5, 0.125, 0.5, 1.0, 0.25, 0.375},
    {0.5, 1.0, 3.0, -1.0, 2.0, 0.0, 0.5},
};

/* How a parameter and its gradient lie in memory: the result must not depend on it. */
typedef enum layout { CONTIGUOUS, STRIDED } layout;

static wick_tensor *place(const double *values, int64_t rows, int64_t columns, wick_dtype dtype, layout l)
{
    wick_tensor *t;
    if (l == STRIDED) { /* every second element of every row, of the transposed */
        t = wick_zeros(columns, rows * 2, .dtype = dtype);
        t = wick_t(wick_slice(t, 1, 0, WICK_UNSET, 2));
    } else {
        t = wick_zeros(rows, columns, .dtype = dtype);
    }
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            ck_assert(wick_set(t, values[i * columns + j], i, j));
    return wick_detach(t);
}

static double round_to(wick_dtype dtype, double x) { return dtype == WICK_FLOAT32 ? (double)(float)x : x; }

static void set_gradient(wick_tensor *p, int first, int t, layout l)
{
    int64_t rows = wick_size(p, 0), columns = wick_size(p, 1);
    wick_dtype dtype = wick_dtype_of(p);
    double g[VALUES];
    for (int64_t k = 0; k < rows * columns; k++) {
        double x = wick_get(p, k / columns, k % columns);
        double d = round_to(dtype, problem[1][first + k] * round_to(dtype, x - problem[2][first + k]));
        g[k] = round_to(dtype, d + (t % 7 - 3) / 8.0);
    }
    wick_tensor *grad = place(g, rows, columns, dtype, l);
    ck_assert(wick_set_grad(p, grad));
}

static void compare(const run *r, char *line, wick_tensor *const *params)
{
    double limit = r->dtype == WICK_FLOAT32 ? 1e-6 : 1e-13;
    char *rest = line;
    long steps = strtol(rest, &rest, 10);
    for (int k = 0; k < VALUES; k++) {
        double expected = strtod(rest, &rest);
        wick_tensor *p = params[k >= 3];
        int64_t at = k >= 3 ? k - 3 : k, columns = wick_size(p, 1);
        double value = wick_get(p, at / columns, at % columns);
        ck_assert_msg(fabs(value - expected) <= limit * fmax(fabs(expected), 1.0),
                      "%s %s, %d options, %ld steps, value %d: %.9g, PyTorch %.9g", r->method,
                      wick_dtype_name(r->dtype), r->count, steps, k, value, expected);
    }
}

static void run_all_cases(layout l)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/optim/optim.txt", "r");
    ck_assert_ptr_nonnull(file);
    char line[1024];
    int cases = 0;
    bool more = fgets(line, sizeof line, file) != NULL;
    while (more) {
        WICK_SCOPE;
        ck_assert_int_eq(strncmp(line, "case ", 5), 0);
        run r = parse_case(line);
        wick_tensor *params[2] = {place(problem[0], 1, 3, r.dtype, l), place(problem[0] + 3, 2, 2, r.dtype, l)};
        for (int i = 0; i < 2; i++)
            wick_requires_grad_(params[i], true);
        /* Two parameters of one group are at different steps; two groups have different hyperparameters. */
        int groups = set_second_group(&r, NULL) ? 2 : 1;
        wick_optim *optim = make_optim(&r, wick_list_n(params, 3 - groups));
        ASSERT_NO_ERROR();
        if (groups == 2) {
            ck_assert_int_eq(wick_optim_add_param_group(optim, wick_list_of(params[1])), 1);
            set_second_group(&r, optim);
        }
        more = fgets(line, sizeof line, file) != NULL;
        for (int t = 0; t < STEPS; t++) {
            WICK_SCOPE;
            if (t == (int)option_of(&r, "half_at", -1))
                for (int g = 0; g < groups; g++)
                    wick_optim_set(optim, g, "lr", 0.5 * wick_optim_get(optim, g, "lr"));
            wick_optim_zero_grad(optim);
            set_gradient(params[0], 0, t, l);
            if (t > 3 && t % 3 != 2)
                set_gradient(params[1], 3, t, l);
            ck_assert(wick_optim_step(optim));
            if (more && strtol(line, NULL, 10) == t + 1) {
                compare(&r, line, params);
                more = fgets(line, sizeof line, file) != NULL;
            }
        }
        ASSERT_NO_ERROR();
        cases++;
    }
    fclose(file);
    ck_assert_int_eq(cases, 56);
}

START_TEST(steps_are_pytorchs) { run_all_cases(CONTIGUOUS); }
END_TEST

START_TEST(steps_of_strided_tensors) { run_all_cases(STRIDED); }
END_TEST

/* A whole training run: numbers from the same program in PyTorch, after torch.manual_seed(0). */
START_TEST(training_follows_pytorch)
{
    WICK_SCOPE;
    wick_manual_seed(0);
    wick_tensor *X = wick_from(((float[][2]){{5, 7}, {1, 2}, {10, 6}, {2, 8}}), 4, 2);
    wick_tensor *y = wick_from(((float[][1]){{1}, {0}, {1}, {0}}), 4, 1);
    wick_module *model =
        wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_linear(4, 1), wick_nn_sigmoid());
    wick_module *loss_fn = wick_nn_bce_loss();
    wick_optim *optim = wick_optim_adam(wick_nn_parameters(model), .lr = 0.01);
    const double expected[] = {0.8297716975212097, 0.07302568107843399, 0.014163671061396599, 0.005901723634451628};
    size_t allocated = 0;
    for (int epoch = 0; epoch <= 300; epoch++) {
        WICK_SCOPE;
        wick_tensor *loss = wick_nn_forward(loss_fn, wick_nn_forward(model, X), y);
        wick_optim_zero_grad(optim);
        ck_assert(wick_backward(loss));
        ck_assert(wick_optim_step(optim));
        if (epoch % 100 == 0)
            ck_assert_double_eq_tol(wick_item(loss), expected[epoch / 100], 1e-5);
        if (epoch == 2)
            allocated = wick_memory_allocated();
        if (epoch > 2)
            ck_assert_uint_eq(wick_memory_allocated(), allocated);
    }
    ASSERT_NO_ERROR();
}
END_TEST

/* ---- Groups and hyperparameters ---------------------------------------------------------------------------------- */

START_TEST(hyperparameters_by_name)
{
    WICK_SCOPE;
    wick_tensor *w = wick_ones(2, .requires_grad = true), *v = wick_ones(2, .requires_grad = true);
    wick_optim *sgd = wick_optim_sgd(wick_list_of(w), 0.5, .momentum = 0.9, .weight_decay = 0.1);
    ck_assert_int_eq(wick_optim_group_count(sgd), 1);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "lr"), 0.5);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "momentum"), 0.9);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "dampening"), 0);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "weight_decay"), 0.1);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "nesterov"), 0);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "maximize"), 0);
    ck_assert(wick_optim_set(sgd, 0, "lr", 0.25));
    ck_assert(wick_optim_set(sgd, 0, "nesterov", 1));
    /* A new group has the hyperparameters that the optimizer was made with. */
    ck_assert_int_eq(wick_optim_add_param_group(sgd, wick_list_of(v)), 1);
    ck_assert_int_eq(wick_optim_group_count(sgd), 2);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "lr"), 0.25);
    ck_assert_double_eq(wick_optim_get(sgd, 1, "lr"), 0.5);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "nesterov"), 1);
    ck_assert_double_eq(wick_optim_get(sgd, 1, "nesterov"), 0);

    wick_optim *adam = wick_optim_adam(wick_list_of(w), .beta1 = 0.5, .beta2 = 0.75, .amsgrad = true);
    ck_assert_double_eq(wick_optim_get(adam, 0, "lr"), 1e-3);
    ck_assert_double_eq(wick_optim_get(adam, 0, "beta1"), 0.5);
    ck_assert_double_eq(wick_optim_get(adam, 0, "beta2"), 0.75);
    ck_assert_double_eq(wick_optim_get(adam, 0, "eps"), 1e-8);
    ck_assert_double_eq(wick_optim_get(adam, 0, "amsgrad"), 1);
    ASSERT_NO_ERROR();
}
END_TEST

START_TEST(values_out_of_range)
{
    WICK_SCOPE;
    wick_list *w = wick_list_of(wick_ones(2, .requires_grad = true));
    const wick_error_code argument = WICK_ERROR_ARGUMENT;
    ck_assert_ptr_null(wick_optim_sgd(w, -1));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_sgd: Invalid learning rate: -1");
    ck_assert_ptr_null(wick_optim_sgd(w, (double)NAN));
    wick_clear_error();
    ck_assert_ptr_null(wick_optim_sgd(w, .momentum = -0.5));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_sgd: Invalid momentum value: -0.5");
    ck_assert_ptr_null(wick_optim_sgd(w, .weight_decay = -1));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_sgd: Invalid weight_decay value: -1");
    ck_assert_ptr_null(wick_optim_sgd(w, .nesterov = true));
    ASSERT_MESSAGE(argument,
                   "ArgumentError: wick_optim_sgd: Nesterov momentum requires a momentum and zero dampening; momentum "
                   "is 0 and dampening 0");
    ck_assert_ptr_null(wick_optim_sgd(w, .momentum = 0.9, .dampening = 0.1, .nesterov = true));
    wick_clear_error();
    ck_assert_ptr_null(wick_optim_adam(w, -0.5));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_adam: Invalid learning rate: -0.5");
    ck_assert_ptr_null(wick_optim_adam(w, .beta1 = 1.0, .beta2 = 0.9));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_adam: Invalid beta parameter at index 0: 1");
    ck_assert_ptr_null(wick_optim_adam(w, .beta1 = 0.9, .beta2 = -0.5));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_adam: Invalid beta parameter at index 1: -0.5");
    ck_assert_ptr_null(wick_optim_adam(w, .eps = -1));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_adam: Invalid epsilon value: -1");
    ck_assert_ptr_null(wick_optim_adam(w, .weight_decay = -1));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_adam: Invalid weight_decay value: -1");

    wick_optim *sgd = wick_optim_sgd(w, 0.1);
    ck_assert(!wick_optim_set(sgd, 0, "lr", -2));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_set: Invalid learning rate: -2");
    ck_assert(!wick_optim_set(sgd, 0, "maximize", 0.5));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_optim_set: Invalid maximize flag (0 or 1): 0.5");
    ck_assert(!wick_optim_set(sgd, 0, "nesterov", 1));
    wick_clear_error();
    ck_assert_double_eq(wick_optim_get(sgd, 0, "nesterov"), 0);
    ck_assert_double_eq(wick_optim_get(sgd, 0, "lr"), 0.1);
    ck_assert(!wick_optim_set(sgd, 0, "betas", 1));
    ASSERT_MESSAGE(argument,
                   "ArgumentError: wick_optim_set: no hyperparameter is named \"betas\"; there are lr, momentum, "
                   "dampening, weight_decay, nesterov, maximize");
    ck_assert(isnan(wick_optim_get(sgd, 0, NULL)));
    wick_clear_error();
    ck_assert(isnan(wick_optim_get(sgd, 1, "lr")));
    ASSERT_MESSAGE(WICK_ERROR_INDEX,
                   "IndexError: wick_optim_get: group 1 of an optimizer with 1; groups are counted from 0");
    ck_assert(isnan(wick_optim_get(sgd, -1, "lr")));
    wick_clear_error();
}
END_TEST

START_TEST(parameters_that_cannot_be_optimized)
{
    WICK_SCOPE;
    wick_tensor *w = wick_ones(2, .requires_grad = true), *v = wick_ones(2, .requires_grad = true);
    ck_assert_ptr_null(wick_optim_sgd(wick_list_n(NULL, 0)));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT, "ArgumentError: wick_optim_sgd: optimizer got an empty parameter list");
    ck_assert_ptr_null(wick_optim_sgd(wick_list_of(w, wick_mul(w, 2))));
    ASSERT_MESSAGE(WICK_ERROR_AUTOGRAD,
                   "AutogradError: wick_optim_sgd: can't optimize a non-leaf Tensor: parameter 1 is the "
                   "result of a recorded operation; give wick_detach of it");
    ck_assert_ptr_null(wick_optim_adam(wick_list_of(wick_zeros(2, .dtype = WICK_INT64))));
    ASSERT_MESSAGE(WICK_ERROR_DTYPE,
                   "DtypeError: wick_optim_adam: parameter 0 is int64; only float32 and float64 can be optimized");
    ck_assert_ptr_null(wick_optim_sgd(wick_list_of(w, v, w)));
    ASSERT_MESSAGE(
        WICK_ERROR_ARGUMENT,
        "ArgumentError: wick_optim_sgd: some parameters appear more than once: parameter 2 is in the list twice");
    wick_optim *sgd = wick_optim_sgd(wick_list_of(w));
    ck_assert_int_eq(wick_optim_add_param_group(sgd, wick_list_of(v, w)), -1);
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT,
                   "ArgumentError: wick_optim_add_param_group: some parameters appear more than once: "
                   "parameter 1 is in the list twice or in another parameter group");
    ck_assert_int_eq(wick_optim_group_count(sgd), 1);
    ck_assert_int_eq(wick_optim_add_param_group(sgd, wick_list_n(NULL, 0)),
                     1); /* as PyTorch, an empty one may be added */
    ck_assert(wick_optim_step(sgd));

    /* NULL in, NULL out: the first cause stays. */
    wick_fail(WICK_ERROR_SHAPE, "the cause");
    ck_assert_ptr_null(wick_optim_sgd(NULL));
    ck_assert(!wick_optim_step(NULL));
    wick_optim_zero_grad(NULL);
    ck_assert_int_eq(wick_optim_add_param_group(NULL, NULL), -1);
    ck_assert_int_eq(wick_optim_group_count(NULL), 0);
    ck_assert(isnan(wick_optim_get(NULL, 0, "lr")));
    ASSERT_MESSAGE(WICK_ERROR_SHAPE, "ShapeError: the cause");
    ck_assert(!wick_optim_step((wick_optim *)(void *)w));
    ck_assert_ptr_nonnull(strstr(wick_error(), "wick_optim_step: optim is not a"));
    wick_clear_error();
}
END_TEST

/* ---- Steps ------------------------------------------------------------------------------------------------------- */

START_TEST(a_step_is_not_recorded_but_counted)
{
    WICK_SCOPE;
    wick_tensor *w = wick_ones(2, .requires_grad = true), *idle = wick_ones(3, .requires_grad = true);
    wick_tensor *empty = wick_zeros(0, 4, .requires_grad = true), *scalar = wick_full(2.0, .requires_grad = true);
    wick_optim *optim = wick_optim_sgd(wick_list_of(w, idle, empty, scalar), 0.5, .momentum = 0.9);
    ck_assert(wick_optim_step(optim)); /* without any gradient, nothing happens */
    ck_assert_uint_eq(wick_version(w), 0);
    wick_set_grad(w, wick_ones(2));
    wick_set_grad(empty, wick_zeros(0, 4));
    wick_set_grad(scalar, wick_full(1.0));
    uint32_t before = wick_version(w);
    ck_assert(wick_optim_step(optim));
    ck_assert(wick_is_leaf(w) && wick_requires_grad(w));
    ck_assert_uint_eq(wick_version(w), before + 1);
    ck_assert_uint_eq(wick_version(idle), 0);
    ck_assert_double_eq(wick_get(w, 1), 0.5);
    ck_assert_double_eq(wick_item(scalar), 1.5);
    ck_assert_double_eq(wick_get(idle, 2), 1.0);
    wick_optim_zero_grad(optim);
    ck_assert_ptr_null(wick_grad_of(w));
    ASSERT_NO_ERROR();
}
END_TEST

/* The graph remembers what the parameter was: backward after a step is an error that names both sides. */
START_TEST(backward_after_a_step_is_an_error)
{
    WICK_SCOPE;
    wick_tensor *w = wick_ones(2, .requires_grad = true);
    wick_optim *optim = wick_optim_sgd(wick_list_of(w), 0.5);
    wick_tensor *loss = wick_sum(wick_mul(w, w));
    ck_assert(wick_backward(loss, .retain_graph = true));
    ck_assert(wick_optim_step(optim));
    ck_assert(!wick_backward(loss));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_AUTOGRAD);
    ck_assert_ptr_nonnull(strstr(wick_error(), "SGD.step"));
    wick_clear_error();
}
END_TEST

START_TEST(nan_and_inf_pass_through)
{
    WICK_SCOPE;
    wick_tensor *w = wick_ones(3, .requires_grad = true);
    wick_optim *optim = wick_optim_adam(wick_list_of(w), 0.5);
    wick_set_grad(w, wick_from(((float[]){NAN, INFINITY, 1.0f}), 3));
    ck_assert(wick_optim_step(optim));
    ck_assert(isnan(wick_get(w, 0)));
    ck_assert(isnan(wick_get(w, 1))); /* inf / inf, as in PyTorch */
    ck_assert_double_eq_tol(wick_get(w, 2), 0.5, 1e-6);
}
END_TEST

/* Enough elements for several threads: each is updated as a single one is. */
START_TEST(large_parameters)
{
    WICK_SCOPE;
    const int64_t n = 200001;
    wick_tensor *w = wick_ones(n, .requires_grad = true), *one = wick_ones(1, .requires_grad = true);
    wick_optim *optim = wick_optim_adam(wick_list_of(w, one), 0.1, .amsgrad = true);
    for (int t = 0; t < 3; t++) {
        wick_set_grad(w, wick_full(0.5 + t, n));
        wick_set_grad(one, wick_full(0.5 + t, 1));
        ck_assert(wick_optim_step(optim));
    }
    ck_assert(wick_equal(w, wick_contiguous(wick_expand(one, n))));
}
END_TEST

START_TEST(the_optimizer_holds_its_parameters)
{
    WICK_SCOPE;
    size_t before = wick_memory_allocated();
    wick_optim *optim;
    {
        WICK_SCOPE;
        wick_tensor *w = wick_ones(2, .requires_grad = true);
        optim = wick_out(wick_optim_sgd(wick_list_of(w), 0.5, .momentum = 0.5));
        wick_set_grad(w, wick_ones(2));
    }
    ck_assert(wick_optim_step(optim));
    ck_assert_uint_gt(wick_memory_allocated(), before);
    ASSERT_NO_ERROR();
}
END_TEST

START_TEST(a_converted_parameter_is_refused)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_linear(2, 1, .bias = false);
    wick_tensor *w = wick_nn_get(m, "weight");
    wick_optim *optim = wick_optim_sgd(wick_nn_parameters(m), 0.5, .momentum = 0.5);
    wick_set_grad(w, wick_ones(1, 2));
    ck_assert(wick_optim_step(optim));
    ck_assert_ptr_eq(wick_nn_to(m, WICK_FLOAT64), m);
    double before = wick_get(w, 0, 0);
    ck_assert(!wick_optim_step(optim));
    ASSERT_MESSAGE(WICK_ERROR_DTYPE,
                   "DtypeError: wick_optim_step: a parameter of shape (1, 2) has become float64 since its "
                   "first step as float32; make the optimizer after the conversion");
    ck_assert_double_eq(wick_get(w, 0, 0), before);
}
END_TEST

/* ---- When memory runs out ---------------------------------------------------------------------------------------- */

START_TEST(a_step_without_memory_changes_nothing)
{
    long failures = 0;
    for (bool done = false; !done; failures++) {
        WICK_SCOPE;
        wick_tensor *w = wick_ones(2, .requires_grad = true), *v = wick_ones(2, .requires_grad = true);
        wick_optim *optim = wick_optim_adam(wick_list_of(w, v), 0.5, .amsgrad = true);
        wick_set_grad(w, wick_ones(2));
        wick_set_grad(v, wick_ones(2));
        wick_fail_allocation(failures + 1);
        done = wick_optim_step(optim);
        wick_fail_allocation(0);
        if (!done) {
            ck_assert_int_eq(wick_error_kind(), WICK_ERROR_MEMORY);
            wick_clear_error();
            ck_assert(wick_equal(w, wick_ones(2)) && wick_equal(v, wick_ones(2)));
            ck_assert_uint_eq(wick_version(w) + wick_version(v), 0);
            ck_assert(wick_optim_step(optim)); /* it is the first step */
        }
        ck_assert_double_eq_tol(wick_get(w, 0), 0.5, 1e-6);
        ck_assert_double_eq_tol(wick_get(v, 0), 0.5, 1e-6);
    }
    ck_assert_int_gt(failures, 6); /* six tensors of state */
    ASSERT_NO_ERROR();
}
END_TEST

START_TEST(making_one_without_memory)
{
    bool done = false;
    for (long n = 1; !done; n++) {
        WICK_SCOPE;
        wick_list *params = wick_list_of(wick_ones(2), wick_ones(3));
        wick_list *more = wick_list_of(wick_ones(2));
        size_t before = wick_memory_allocated();
        {
            WICK_SCOPE;
            wick_fail_allocation(n);
            wick_optim *optim = wick_optim_sgd(params);
            done = wick_optim_add_param_group(optim, more) == 1;
            wick_fail_allocation(0);
            ck_assert_int_eq(wick_error_kind(), done ? WICK_OK : WICK_ERROR_MEMORY);
            if (optim && !done)
                ck_assert_int_eq(wick_optim_group_count(optim), 1);
            wick_clear_error();
        }
        /* The stack of owned objects may have grown. */
        ck_assert_uint_le(wick_memory_allocated(), before + 4096);
    }
}
END_TEST

Suite *optim_suite(void)
{
    Suite *suite = suite_create("optim");
    TCase *c = tcase_create("optim");
    tcase_add_test(c, steps_are_pytorchs);
    tcase_add_test(c, steps_of_strided_tensors);
    tcase_add_test(c, training_follows_pytorch);
    tcase_add_test(c, hyperparameters_by_name);
    tcase_add_test(c, values_out_of_range);
    tcase_add_test(c, parameters_that_cannot_be_optimized);
    tcase_add_test(c, a_step_is_not_recorded_but_counted);
    tcase_add_test(c, backward_after_a_step_is_an_error);
    tcase_add_test(c, nan_and_inf_pass_through);
    tcase_add_test(c, large_parameters);
    tcase_add_test(c, the_optimizer_holds_its_parameters);
    tcase_add_test(c, a_converted_parameter_is_refused);
    tcase_add_test(c, a_step_without_memory_changes_nothing);
    tcase_add_test(c, making_one_without_memory);
    suite_add_tcase(suite, c);
    return suite;
}
