/* test_optim_state.c - optimizers' state dicts, steps with closures, and what all methods have in common. */
#include "optim_cases.h"

static const char *const methods[] = {"SGD",      "Adam",    "AdamW", "NAdam", "RAdam", "Adamax", "Adagrad",
                                      "Adadelta", "RMSprop", "Rprop", "ASGD",  "Muon",  "LBFGS"};
enum { METHOD_COUNT = sizeof methods / sizeof *methods };

/* A method with options that make it keep all the state it can. */
static run everything(const char *method, wick_dtype dtype)
{
    char line[256];
    const char *options = strcmp(method, "SGD") == 0       ? "lr=0.05 momentum=0.9"
                          : strcmp(method, "RMSprop") == 0 ? "lr=0.01 momentum=0.5 centered=1"
                          : strstr(method, "Adam") == method && strcmp(method, "Adamax") != 0 ? "lr=0.01 amsgrad=1"
                          : strcmp(method, "ASGD") == 0                                       ? "lr=0.05 t0=2"
                          : strcmp(method, "LBFGS") == 0 ? "max_iter=3 line_search_fn=1 history_size=4"
                                                         : "lr=0.02";
    snprintf(line, sizeof line, "case %s %s %s", method, wick_dtype_name(dtype), options);
    return parse_case(line);
}

/* ---- A problem that all of them take: |W - T|^4 + a coupling of the elements ------------------------------------- */

typedef struct problem {
    wick_tensor *p[2]; /* (3, 2), (1, 4) */
    wick_optim *optim;
    int calls;
    int fail_at; /* the call that returns NULL with an error; 0: none */
    bool grad_mode;
} problem;

static void begin(problem *b, const char *method, wick_dtype dtype)
{
    *b = (problem){0};
    const int64_t shape[2][2] = {{3, 2}, {1, 4}};
    for (int i = 0; i < 2; i++) {
        b->p[i] = wick_zeros(shape[i][0], shape[i][1], .dtype = dtype);
        for (int64_t k = 0; k < wick_numel(b->p[i]); k++)
            ck_assert(wick_set(b->p[i], 0.25 * (double)(k * 5 % 7) - 0.5, k / shape[i][1], k % shape[i][1]));
        wick_requires_grad_(b->p[i], true);
    }
    run r = everything(method, dtype);
    b->optim = make_optim(&r, wick_list_of(b->p[0], b->p[1]));
    ASSERT_NO_ERROR();
}

static wick_tensor *evaluate(void *context)
{
    problem *b = context;
    b->grad_mode = wick_is_grad_enabled();
    if (++b->calls == b->fail_at)
        return wick_fail(WICK_ERROR_ARGUMENT, "evaluate: as asked");
    wick_optim_zero_grad(b->optim);
    wick_tensor *loss = wick_add(wick_mean(wick_square(wick_sub(b->p[0], 0.3))), wick_mean(wick_square(b->p[1])));
    loss = wick_add(loss, wick_square(wick_sub(wick_sum(wick_tanh(b->p[0])), wick_sum(b->p[1]))));
    return wick_backward(loss) ? loss : NULL;
}

static void steps(problem *b, int n)
{
    for (int i = 0; i < n; i++) {
        WICK_SCOPE;
        ck_assert(wick_optim_step_closure(b->optim, evaluate, b) != NULL);
    }
}

static void ck_assert_same(const problem *a, const problem *b)
{
    for (int i = 0; i < 2; i++)
        ck_assert(wick_equal(a->p[i], b->p[i]));
}

/* Parameters of a from b. */
static void copy_parameters(problem *a, const problem *b)
{
    WICK_NO_GRAD;
    for (int i = 0; i < 2; i++)
        wick_copy_(a->p[i], b->p[i]);
}

/* ---- Closures ---------------------------------------------------------------------------------------------------- */

START_TEST(a_closure_gives_the_loss)
{
    for (int m = 0; m < METHOD_COUNT; m++) {
        WICK_SCOPE;
        problem a, b;
        begin(&a, methods[m], WICK_FLOAT64);
        begin(&b, methods[m], WICK_FLOAT64);
        wick_tensor *before = evaluate(&a);
        a.calls = 0;
        WICK_NO_GRAD; /* the closure has grad mode all the same */
        wick_tensor *loss = wick_optim_step_closure(b.optim, evaluate, &b);
        ck_assert(b.grad_mode);
        ck_assert(!wick_is_grad_enabled());
        ck_assert_double_eq(wick_item(loss), wick_item(before));
        ck_assert(!wick_equal(a.p[0], b.p[0]));
        if (strcmp(methods[m], "LBFGS") == 0) {
            ck_assert_int_gt(b.calls, 2);
            ck_assert(!wick_optim_step(a.optim));
            ASSERT_MESSAGE(
                WICK_ERROR_ARGUMENT,
                "ArgumentError: wick_optim_step: LBFGS evaluates the loss several times per step and needs a "
                "closure that does so: wick_optim_step_closure(optim, closure, context)");
        } else {
            ck_assert_int_eq(b.calls, 1);
            ck_assert(wick_optim_step(a.optim));
            ck_assert_same(&a, &b);
        }
    }
}
END_TEST

static wick_tensor *no_loss(void *context)
{
    (void)context;
    return NULL;
}

static wick_tensor *two_losses(void *context)
{
    (void)context;
    return wick_ones(2);
}

START_TEST(closures_that_fail)
{
    for (int m = 0; m < METHOD_COUNT; m++)
        for (int fail_at = 1; fail_at < 4; fail_at++) {
            WICK_SCOPE;
            problem a, b;
            begin(&a, methods[m], WICK_FLOAT32);
            begin(&b, methods[m], WICK_FLOAT32);
            steps(&a, 2);
            steps(&b, 2);
            a.fail_at = a.calls + fail_at;
            if (wick_optim_step_closure(a.optim, evaluate, &a) == NULL) {
                ASSERT_MESSAGE(WICK_ERROR_ARGUMENT, "ArgumentError: evaluate: as asked");
                ck_assert_same(&a, &b);
                steps(&a, 1);
            } else {
                ck_assert_int_gt(fail_at, 1);
            }
            steps(&b, 1);
            ck_assert_same(&a, &b);
        }
    WICK_SCOPE;
    problem a;
    begin(&a, "LBFGS", WICK_FLOAT32);
    ck_assert_ptr_null(wick_optim_step_closure(a.optim, no_loss, NULL));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT,
                   "ArgumentError: wick_optim_step_closure: the closure returned NULL; it has to return the loss");
    ck_assert_ptr_null(wick_optim_step_closure(a.optim, two_losses, NULL));
    ASSERT_MESSAGE(
        WICK_ERROR_SHAPE,
        "ShapeError: wick_optim_step_closure: the closure returned a tensor of shape (2,); the loss must have one "
        "element");
    ck_assert_ptr_null(wick_optim_step_closure(a.optim, NULL, NULL));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_ARGUMENT);
    wick_clear_error();
    ck_assert_int_eq(wick_optim_add_param_group(a.optim, wick_list_of(wick_ones(2))), -1);
    ck_assert_ptr_nonnull(strstr(wick_error(), "LBFGS doesn't support per-parameter options (parameter groups)"));
    wick_clear_error();
}
END_TEST

/* ---- State dicts ------------------------------------------------------------------------------------------------- */

/* Saved after some steps and loaded into a fresh optimizer, all go on bit for bit. */
START_TEST(a_restored_optimizer_goes_on)
{
    for (int m = 0; m < METHOD_COUNT; m++)
        for (wick_dtype dtype = WICK_FLOAT32; dtype <= WICK_FLOAT64; dtype++)
            for (int before = 0; before <= 5; before += 5) {
                WICK_SCOPE;
                problem a, b;
                begin(&a, methods[m], dtype);
                begin(&b, methods[m], dtype);
                steps(&a, before);
                if (strcmp(methods[m], "LBFGS") != 0)
                    ck_assert(wick_optim_set(a.optim, 0, "lr", 0.03));
                wick_dict *saved = wick_optim_state_dict(a.optim);
                copy_parameters(&b, &a);
                ck_assert_msg(wick_optim_load_state_dict(b.optim, saved), "%s", wick_error());
                steps(&a, 4); /* which leaves the dict as it is */
                problem c;
                begin(&c, methods[m], dtype);
                copy_parameters(&c, &b);
                steps(&b, 4);
                ck_assert_same(&a, &b);
                ck_assert(wick_optim_load_state_dict(c.optim, saved));
                steps(&c, 4);
                ck_assert_same(&a, &c);
                ASSERT_NO_ERROR();
            }
}
END_TEST

START_TEST(names_are_pytorchs)
{
    WICK_SCOPE;
    problem a;
    begin(&a, "Adam", WICK_FLOAT64);
    steps(&a, 3);
    wick_dict *d = wick_optim_state_dict(a.optim);
    static const char *const names[] = {"state.0.step",
                                        "state.0.exp_avg",
                                        "state.0.exp_avg_sq",
                                        "state.0.max_exp_avg_sq",
                                        "state.1.step",
                                        "state.1.exp_avg",
                                        "state.1.exp_avg_sq",
                                        "state.1.max_exp_avg_sq",
                                        "param_groups.0.lr",
                                        "param_groups.0.beta1",
                                        "param_groups.0.beta2",
                                        "param_groups.0.eps",
                                        "param_groups.0.weight_decay",
                                        "param_groups.0.amsgrad",
                                        "param_groups.0.maximize",
                                        "param_groups.0.decoupled_weight_decay",
                                        "param_groups.0.params"};
    ck_assert_int_eq(wick_nn_dict_count(d), sizeof names / sizeof *names);
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        ck_assert_str_eq(wick_nn_dict_name(d, i), names[i]);
    ck_assert_int_eq(wick_dtype_of(wick_nn_dict_get(d, "state.0.step")), WICK_FLOAT32);
    ck_assert_double_eq(wick_item(wick_nn_dict_get(d, "state.0.step")), 3);
    ck_assert_int_eq(wick_dtype_of(wick_nn_dict_get(d, "state.1.exp_avg")), WICK_FLOAT64);
    ck_assert_int_eq(wick_dtype_of(wick_nn_dict_get(d, "param_groups.0.lr")), WICK_FLOAT64);
    ck_assert_double_eq(wick_item(wick_nn_dict_get(d, "param_groups.0.lr")), 0.01);
    ck_assert(wick_equal(wick_nn_dict_get(d, "param_groups.0.params"), wick_from(((int[]){0, 1}), 2)));

    /* State that the parameters have not come to is not there; that of Adagrad is from the start. */
    problem b;
    begin(&b, "Adam", WICK_FLOAT64);
    ck_assert_ptr_null(wick_nn_dict_get(wick_optim_state_dict(b.optim), "state.0.step"));
    begin(&b, "Adagrad", WICK_FLOAT64);
    ck_assert_double_eq(wick_item(wick_nn_dict_get(wick_optim_state_dict(b.optim), "state.0.step")), 0);
}
END_TEST

static wick_dict *without(const wick_dict *d, const char *name)
{
    wick_dict *fewer = wick_nn_dict_new();
    for (int64_t i = 0; i < wick_nn_dict_count(d); i++)
        if (strcmp(wick_nn_dict_name(d, i), name) != 0)
            ck_assert(wick_nn_dict_set(fewer, wick_nn_dict_name(d, i), wick_nn_dict_tensor(d, i)));
    return fewer;
}

START_TEST(dicts_that_do_not_fit)
{
    WICK_SCOPE;
    problem a, b;
    begin(&a, "Adam", WICK_FLOAT32);
    begin(&b, "Adam", WICK_FLOAT32);
    steps(&a, 2);
    steps(&b, 2);
    wick_dict *d = without(without(wick_optim_state_dict(a.optim), "state.1.exp_avg"), "param_groups.0.eps");
    wick_nn_dict_set(d, "state.0.exp_avg_sq", wick_ones(2, 3));
    wick_nn_dict_set(d, "param_groups.0.lr", wick_full(-1.0));
    wick_nn_dict_set(d, "state.0.momentum_buffer", wick_ones(3, 2));
    wick_nn_dict_set(d, "param_groups.1.lr", wick_full(1.0));
    ck_assert(!wick_optim_load_state_dict(b.optim, d));
    ASSERT_MESSAGE(WICK_ERROR_SHAPE,
                   "ShapeError: wick_optim_load_state_dict: Error(s) in loading state_dict for Adam:"
                   "\n\tMissing key(s) in state_dict: \"param_groups.0.eps\", \"state.1.exp_avg\". "
                   "\n\tUnexpected key(s) in state_dict: \"state.0.momentum_buffer\", \"param_groups.1.lr\". "
                   "\n\tparam_groups.0.lr: Invalid learning rate: -1."
                   "\n\tsize mismatch for state.0.exp_avg_sq: shape (2, 3) in the dict, (3, 2) in the optimizer.");
    steps(&a, 2);
    steps(&b, 2);
    ck_assert_same(&a, &b); /* nothing had changed */
    ck_assert(!wick_optim_load_state_dict(b.optim, wick_nn_dict_new()));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_SHAPE);
    wick_clear_error();
    ck_assert(!wick_optim_load_state_dict(b.optim, NULL));
    ck_assert_ptr_null(wick_optim_state_dict(NULL));
    wick_clear_error();
}
END_TEST

/* ---- When memory runs out ---------------------------------------------------------------------------------------- */

START_TEST(without_memory_nothing_changes)
{
    for (int m = 0; m < METHOD_COUNT; m++)
        for (int what = 0; what < 3; what++) {
            bool done = false;
            for (long n = 1; !done; n += n < 40 ? 1 : 23) { /* a step of LBFGS allocates thousands of times */
                WICK_SCOPE;
                problem a, b;
                begin(&a, methods[m], WICK_FLOAT32);
                begin(&b, methods[m], WICK_FLOAT32);
                steps(&b, 2);
                wick_dict *saved = wick_optim_state_dict(b.optim);
                copy_parameters(&b, &a);
                if (what != 0)
                    ck_assert(wick_optim_load_state_dict(a.optim, saved));
                wick_fail_allocation(n);
                if (what == 0)
                    done = wick_optim_load_state_dict(a.optim, saved);
                else if (what == 1)
                    done = wick_optim_step_closure(a.optim, evaluate, &a) != NULL;
                else
                    done = wick_optim_state_dict(a.optim) != NULL;
                wick_fail_allocation(0);
                ck_assert_int_eq(wick_error_kind(), done ? WICK_OK : WICK_ERROR_MEMORY);
                wick_clear_error();
                if (what == 1 && !done)
                    ck_assert(wick_optim_step_closure(a.optim, evaluate, &a) != NULL);
                if (what == 0 && !done)
                    ck_assert(wick_optim_load_state_dict(a.optim, saved));
                ck_assert(wick_optim_load_state_dict(b.optim, saved));
                steps(&b, what == 1 ? 2 : 1);
                steps(&a, 1);
                ck_assert_same(&a, &b);
            }
        }
}
END_TEST

/* ---- Ranges ------------------------------------------------------------------------------------------------------ */

#define REFUSED(call, message)                                \
    do {                                                      \
        ck_assert_ptr_null(call);                             \
        ck_assert_ptr_nonnull(strstr(wick_error(), message)); \
        wick_clear_error();                                   \
    } while (0)

START_TEST(options_out_of_range)
{
    WICK_SCOPE;
    wick_list *p = wick_list_of(wick_ones(2, 2));
    REFUSED(wick_optim_adamw(p, .lr = -1), "wick_optim_adamw: Invalid learning rate: -1");
    REFUSED(wick_optim_adamw(p, .beta1 = 0.9, .beta2 = 1), "Invalid beta parameter at index 1: 1");
    REFUSED(wick_optim_nadam(p, .momentum_decay = -1), "Invalid momentum_decay value: -1");
    REFUSED(wick_optim_radam(p, .eps = -1), "Invalid epsilon value: -1");
    REFUSED(wick_optim_adamax(p, .weight_decay = -0.5), "Invalid weight_decay value: -0.5");
    REFUSED(wick_optim_adagrad(p, .lr_decay = -1), "Invalid lr_decay value: -1");
    REFUSED(wick_optim_adagrad(p, .initial_accumulator_value = -1), "Invalid initial_accumulator_value value: -1");
    REFUSED(wick_optim_adadelta(p, .rho = 1.5), "Invalid rho value: 1.5");
    REFUSED(wick_optim_rmsprop(p, .alpha = -1), "Invalid alpha value: -1");
    REFUSED(wick_optim_rmsprop(p, .momentum = (double)NAN), "Invalid momentum value: nan");
    REFUSED(wick_optim_rprop(p, .etaminus = 0.5, .etaplus = 1.0),
            "Invalid eta value at index 1, which is more than 1: 1");
    REFUSED(wick_optim_rprop(p, .etaminus = 0.0, .etaplus = 1.2), "Invalid eta value at index 0");
    REFUSED(wick_optim_asgd(p, .lambd = -1), "Invalid lambd value: -1");
    REFUSED(wick_optim_muon(p, .ns_steps = 100), "Invalid ns_steps value, which is whole and less than 100,: 100");
    REFUSED(wick_optim_muon(p, .adjust_lr_fn = "other"), "Adjust learning rate function other is not supported");
    REFUSED(wick_optim_muon(wick_list_of(wick_ones(3))),
            "Muon only supports 2D parameters whereas we found a parameter "
            "with size: (3,)");
    REFUSED(wick_optim_lbfgs(p, .line_search_fn = "armijo"), "only 'strong_wolfe' is supported");
    REFUSED(wick_optim_lbfgs(p, .history_size = 0), "Invalid history_size value");
    for (int m = 0; m < METHOD_COUNT; m++) {
        run r = everything(methods[m], WICK_FLOAT32);
        REFUSED(make_optim(&r, wick_list_n(NULL, 0)), "optimizer got an empty parameter list");
        ck_assert_ptr_null(make_optim(&r, NULL));
        wick_optim *optim = make_optim(&r, wick_list_of(wick_ones(2, 2)));
        ck_assert(!wick_optim_set(optim, 0, "lr", -1));
        ck_assert_int_eq(wick_error_kind(), WICK_ERROR_ARGUMENT);
        wick_clear_error();
        ck_assert_double_gt(wick_optim_get(optim, 0, "lr"), 0);
    }
    wick_optim *rprop = wick_optim_rprop(p);
    ck_assert_double_eq(wick_optim_get(rprop, 0, "etaplus"), 1.2);
    ck_assert_double_eq(wick_optim_get(rprop, 0, "step_size_max"), 50);
    wick_optim *lbfgs = wick_optim_lbfgs(p);
    ck_assert_double_eq(wick_optim_get(lbfgs, 0, "max_eval"), 25);
    ck_assert(!wick_optim_set(lbfgs, 0, "max_iter", 2.5));
    wick_clear_error();
}
END_TEST

Suite *optim_state_suite(void)
{
    const TTest *const tests[] = {a_closure_gives_the_loss, closures_that_fail,    a_restored_optimizer_goes_on,
                                  names_are_pytorchs,       dicts_that_do_not_fit, without_memory_nothing_changes,
                                  options_out_of_range};
    return MAKE_SUITE("optim_state", tests);
}
