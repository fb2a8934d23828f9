/* test_averaging.c - averages of weights: values against PyTorch's (averaging.txt), use in a model, states, errors. */
#include "scenario.h"

/* ---- The model of averaging.py ------------------------------------------------------------------------- */

typedef struct fields {
    wick_tensor *w, *v, *mean, *count;
} fields;

static wick_tensor *forward(wick_module *m, wick_tensor *x) { return wick_mul(x, ((fields *)wick_nn_fields(m))->w); }

static wick_module *make_model(void)
{
    wick_module *m = wick_nn_module("Model", .forward = forward, .size = sizeof(fields));
    fields *f = wick_nn_fields(m);
    if (!f)
        return NULL;
    f->w = wick_nn_register_parameter(m, "w", wick_zeros(3));
    f->v = wick_nn_register_parameter(m, "v", wick_zeros(2, .dtype = WICK_FLOAT64));
    f->mean = wick_nn_register_buffer(m, "mean", wick_zeros(2));
    f->count = wick_nn_register_buffer(m, "count", wick_zeros(.dtype = WICK_INT64));
    return f->w && f->v && f->mean && f->count ? m : NULL;
}

static void set_model(wick_module *m, int t)
{
    const fields *f = wick_nn_fields(m);
    const double w[] = {0.3 * t - 1, 1.0 / (t + 1), 0.1 * t * t}, v[] = {0.7 * t, 2.0 - t},
                 mean[] = {0.5 * t, -t / 3.0};
    for (int i = 0; i < 3; i++)
        wick_set(f->w, w[i], i);
    for (int i = 0; i < 2; i++) {
        wick_set(f->v, v[i], i);
        wick_set(f->mean, mean[i], i);
    }
    wick_set(f->count, 3 * t + 1);
}

static wick_tensor *own(wick_tensor *averaged, wick_tensor *current, int64_t n, void *context)
{
    ck_assert(!wick_is_grad_enabled());
    return wick_add(wick_add(wick_mul(averaged, *(double *)context), wick_mul(current, 0.25)), (double)n * 0.125);
}

static double half = 0.5;

static wick_averaged_model *make_averages(const char *name, wick_module *m)
{
    bool buffers = strstr(name, "buffers") != NULL;
    if (strcmp(name, "own") == 0)
        return wick_optim_averaged_model(m, .avg_fn = own, .context = &half);
    if (strncmp(name, "ema", 3) == 0)
        return wick_optim_averaged_model(m, .decay = strcmp(name, "ema_fast") == 0 ? 0.3 : 0.9, .use_buffers = buffers);
    return wick_optim_averaged_model(m, .use_buffers = buffers);
}

/* ---- Against PyTorch --------------------------------------------------------------------------------------------- */

static const char *const names[] = {"module.w", "module.v", "module.mean", "module.count"};

START_TEST(averages_are_pytorchs)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/optim/averaging.txt", "r");
    ck_assert_ptr_nonnull(file);
    char line[512], name[32] = "";
    wick_module *m = make_model();
    wick_averaged_model *a = NULL;
    int cases = 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "case %31s", name) == 1) {
            set_model(m, 100);
            a = make_averages(name, m);
            ck_assert_int_eq(wick_optim_n_averaged(a), 0);
            cases++;
            continue;
        }
        char *rest = line;
        int updates = (int)strtol(rest, &rest, 10);
        set_model(m, updates - 1);
        ck_assert_msg(wick_optim_update_parameters(a, m), "%s: %s", name, wick_error());
        ck_assert_int_eq(wick_optim_n_averaged(a), updates);
        wick_dict *state = wick_optim_averaged_state_dict(a);
        for (int k = 0; k < 4; k++) {
            wick_tensor *t = wick_nn_dict_get(state, names[k]);
            for (int64_t i = 0; i < wick_numel(t); i++) {
                double expected = strtod(rest, &rest), limit = k == 1 ? 1e-15 : k == 3 ? 0 : 1e-7;
                double got = k == 3 ? wick_item(t) : wick_get(t, i);
                ck_assert_msg(fabs(got - expected) <= limit * fmax(1, fabs(expected)),
                              "%s, update %d, %s[%d]: %.17g, PyTorch %.17g", name, updates, names[k], (int)i, got,
                              expected);
            }
        }
    }
    fclose(file);
    ck_assert_int_eq(cases, 6);
    ASSERT_NO_ERROR();
}
END_TEST

/* ---- In use ------------------------------------------------------------------------------------------------------ */

START_TEST(a_model_borrows_the_averages)
{
    wick_module *m = make_model();
    const fields *f = wick_nn_fields(m);
    wick_averaged_model *a = wick_optim_averaged_model(m);
    for (int t = 0; t < 3; t++) {
        set_model(m, t);
        ck_assert(wick_optim_update_parameters(a, m));
    }
    uint32_t version = wick_version(f->w);
    ck_assert(wick_optim_swap_averages(a, m));
    ASSERT_VALUES(f->w, -0.7, (1 + 0.5 + 1 / 3.0) / 3, 0.5 / 3);
    ASSERT_VALUES(wick_nn_forward(m, wick_full(2.0, 3)), -1.4, 11.0 / 9, 1 / 3.0);
    ASSERT_VALUES(wick_nn_dict_get(wick_optim_averaged_state_dict(a), "module.w"), -0.4, 1 / 3.0, 0.4);
    ck_assert_uint_gt(wick_version(f->w), version);
    ck_assert(wick_optim_swap_averages(a, m));
    ASSERT_VALUES(f->w, -0.4, 1 / 3.0, 0.4);
    ASSERT_VALUES(f->count, 7);
    wick_module *final = make_model();
    ck_assert(wick_optim_store_averages(a, final));
    ASSERT_VALUES(wick_nn_get(final, "w"), -0.7, (1 + 0.5 + 1 / 3.0) / 3, 0.5 / 3);
    ASSERT_VALUES(wick_nn_get(final, "count"), 7);
    ASSERT_VALUES(f->w, -0.4, 1 / 3.0, 0.4);
    ck_assert(wick_requires_grad(f->w) && wick_is_leaf(f->w));
}
END_TEST

START_TEST(shared_parameters_are_one)
{
    wick_module *m = wick_nn_module("Tied", .forward = forward);
    wick_tensor *w = wick_nn_register_parameter(m, "w", wick_ones(2));
    wick_module *child = wick_nn_register_module(m, "child", wick_nn_module("Child", .forward = forward));
    wick_nn_register_parameter(child, "w", w);
    wick_averaged_model *a = wick_optim_averaged_model(m, .decay = 0.5);
    ck_assert(wick_optim_update_parameters(a, m));
    wick_set(w, 3, 0);
    ck_assert(wick_optim_update_parameters(a, m));
    wick_dict *state = wick_optim_averaged_state_dict(a);
    ck_assert_int_eq(wick_nn_dict_count(state), 3);
    ck_assert_str_eq(wick_nn_dict_name(state, 0), "n_averaged");
    ck_assert_str_eq(wick_nn_dict_name(state, 2), "module.child.w");
    ASSERT_VALUES(wick_nn_dict_tensor(state, 1), 2, 1);
    ck_assert(wick_same_storage(wick_nn_dict_tensor(state, 1), wick_nn_dict_tensor(state, 2)));
}
END_TEST

START_TEST(states)
{
    wick_module *m = make_model();
    wick_averaged_model *a = wick_optim_averaged_model(m), *b = wick_optim_averaged_model(m);
    for (int t = 0; t < 2; t++) {
        set_model(m, t);
        ck_assert(wick_optim_update_parameters(a, m));
    }
    ck_assert(wick_optim_load_averaged_state_dict(b, wick_optim_averaged_state_dict(a)));
    ck_assert_int_eq(wick_optim_n_averaged(b), 2);
    set_model(m, 5);
    ck_assert(wick_optim_update_parameters(a, m) && wick_optim_update_parameters(b, m));
    wick_dict *mine = wick_optim_averaged_state_dict(a), *other = wick_optim_averaged_state_dict(b);
    for (int k = 0; k < 4; k++)
        ck_assert(wick_equal(wick_nn_dict_get(mine, names[k]), wick_nn_dict_get(other, names[k])));

    wick_dict *wrong = wick_nn_dict_new();
    wick_nn_dict_set(wrong, "n_averaged", wick_scalar(4));
    wick_nn_dict_set(wrong, "module.w", wick_zeros(4));
    wick_nn_dict_set(wrong, "module.v", wick_zeros(2));
    wick_nn_dict_set(wrong, "w", wick_zeros(3));
    ASSERT_FAILS(wick_optim_load_averaged_state_dict(a, wrong), WICK_ERROR_SHAPE, "wick_optim_load_averaged_state_dict",
                 "Missing key(s) in state_dict: \"module.mean\", \"module.count\"",
                 "Unexpected key(s) in state_dict: \"w\"", "size mismatch for module.w");
    wick_nn_dict_set(mine, "n_averaged", wick_scalar(-1));
    ASSERT_FAILS(wick_optim_load_averaged_state_dict(a, mine), WICK_ERROR_ARGUMENT, "n_averaged is -1");
    ck_assert_int_eq(wick_optim_n_averaged(a), 3);
    wick_nn_dict_set(mine, "n_averaged", wick_full(6.0, 1));
    wick_nn_dict_set(mine, "module.count", wick_full(8.0, 1)); /* of shape (1), as PyTorch takes it */
    ck_assert(wick_optim_load_averaged_state_dict(b, mine));
    ck_assert_int_eq(wick_optim_n_averaged(b), 6);
    ASSERT_VALUES(wick_nn_dict_get(wick_optim_averaged_state_dict(b), "module.count"), 8);
}
END_TEST

/* ---- Running statistics ------------------------------------------------------------------------------------------ */

typedef struct batches {
    int t, count;
    bool fails;
} batches;

/* Batch t: rows i, columns j = 1, 2, of (i + t j) (t + 1). */
static wick_tensor *next_batch(void *context)
{
    batches *b = context;
    if (b->t == b->count)
        return b->fails ? wick_fail(WICK_ERROR_FILE, "no more") : NULL;
    wick_tensor *x = wick_zeros(3, 2);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 2; j++)
            wick_set(x, (i + b->t * (j + 1)) * (b->t + 1), i, j);
    b->t++;
    return x;
}

START_TEST(statistics_of_all_batches)
{
    wick_module *first = wick_nn_batch_norm1d(2), *second = wick_nn_batch_norm1d(2, .momentum = (double)NAN);
    wick_module *m = wick_nn_sequential(first, second, wick_nn_batch_norm1d(2, .track_running_stats = false));
    wick_fill_(wick_nn_get(m, "0.running_mean"), 7);
    wick_nn_eval(m);
    ck_assert(wick_optim_update_bn(m, next_batch, &(batches){.count = 3}));
    ASSERT_VALUES(wick_nn_get(m, "0.running_mean"), 14 / 3.0, 22 / 3.0);
    ASSERT_VALUES(wick_nn_get(m, "0.running_var"), 14 / 3.0, 14 / 3.0);
    ck_assert(fabs(wick_get(wick_nn_get(m, "1.running_var"), 1) - 1.49999) < 1e-5); /* of what eps leaves */
    ASSERT_VALUES(wick_nn_get(m, "1.num_batches_tracked"), 3);
    ck_assert(!wick_nn_is_training(m) && !wick_nn_is_training(second));
    ck_assert_ptr_nonnull(strstr(wick_nn_to_string(first), "momentum=0.1"));
    ASSERT_FAILS(wick_optim_update_bn(m, next_batch, &(batches){.count = 2, .fails = true}), WICK_ERROR_FILE,
                 "no more");
    ASSERT_VALUES(wick_nn_get(m, "0.running_mean"), 14 / 3.0, 22 / 3.0); /* as it was */
    ASSERT_VALUES(wick_nn_get(m, "0.num_batches_tracked"), 3);
    ck_assert_ptr_nonnull(strstr(wick_nn_to_string(first), "momentum=0.1"));
    wick_nn_append(m, wick_nn_linear(5, 1));
    ASSERT_FAILS(wick_optim_update_bn(m, next_batch, &(batches){.count = 2}), WICK_ERROR_SHAPE, "(3, 2)");
    ASSERT_VALUES(wick_nn_get(m, "1.num_batches_tracked"), 3);
    batches unused = {.count = 1};
    ck_assert(wick_optim_update_bn(wick_nn_relu(), next_batch, &unused));
    ck_assert_int_eq(unused.t, 0);
    ASSERT_FAILS(wick_optim_update_bn(NULL, next_batch, NULL), WICK_ERROR_ARGUMENT, "model is NULL");
    ASSERT_FAILS(wick_optim_update_bn(m, NULL, NULL), WICK_ERROR_ARGUMENT, "wick_optim_update_bn", "next is NULL");
    ASSERT_NO_ERROR();
}
END_TEST

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

static wick_tensor *nothing(wick_tensor *averaged, wick_tensor *current, int64_t n, void *context)
{
    (void)averaged;
    (void)current;
    (void)n;
    (void)context;
    return NULL;
}
static wick_tensor *too_much(wick_tensor *averaged, wick_tensor *current, int64_t n, void *context)
{
    (void)current;
    (void)n;
    (void)context;
    return wick_numel(averaged) == 3 ? wick_full_like(averaged, 9) : wick_zeros(7);
}

START_TEST(bad_input)
{
    const wick_error_code e = WICK_ERROR_ARGUMENT;
    wick_module *m = make_model();
    set_model(m, 1);
    ASSERT_FAILS(wick_optim_averaged_model(m, .decay = 1.5), e, "wick_optim_averaged_model", "Invalid decay value 1.5");
    ASSERT_FAILS(wick_optim_averaged_model(m, .decay = (double)NAN), e, "Invalid decay value nan");
    ASSERT_FAILS(wick_optim_averaged_model(m, .decay = 0.5, .avg_fn = own), e, "Only one of");
    wick_averaged_model *a = wick_optim_averaged_model(m, .avg_fn = nothing),
                        *b = wick_optim_averaged_model(m, .avg_fn = too_much);
    ck_assert(wick_optim_update_parameters(a, m) && wick_optim_update_parameters(b, m));
    ASSERT_FAILS(wick_optim_update_parameters(a, m), e, ".avg_fn returned NULL for \"w\"");
    ASSERT_FAILS(wick_optim_update_parameters(b, m), WICK_ERROR_SHAPE, "wick_optim_update_parameters", "(7,)", "(2,)");
    ASSERT_VALUES(wick_nn_dict_get(wick_optim_averaged_state_dict(b), "module.w"), -0.7, 0.5, 0.1); /* not 9 */
    ck_assert_int_eq(wick_optim_n_averaged(b), 1);
    wick_module *linear = wick_nn_linear(2, 3);
    ASSERT_FAILS(wick_optim_update_parameters(a, linear), WICK_ERROR_SHAPE, "\"w\" of shape (3,)",
                 "\"weight\" of shape (3, 2)");
    ASSERT_FAILS(wick_optim_swap_averages(a, wick_nn_relu()), WICK_ERROR_SHAPE, "wick_optim_swap_averages",
                 "2 parameters", "the model 0");
    ASSERT_FAILS(wick_optim_store_averages(a, linear), WICK_ERROR_SHAPE, "wick_optim_store_averages");
    wick_averaged_model *c = wick_optim_averaged_model(linear);
    ck_assert_ptr_nonnull(wick_nn_to(linear, WICK_FLOAT64));
    ASSERT_FAILS(wick_optim_swap_averages(c, linear), WICK_ERROR_DTYPE, "\"weight\" is float32",
                 "float64 in the model");
    ck_assert(wick_optim_update_parameters(c, linear) && wick_optim_update_parameters(c, linear));
    ck_assert(wick_optim_store_averages(c, linear));

    ASSERT_FAILS(wick_optim_averaged_model(wick_nn_lazy_linear(3)), e, "wick_optim_averaged_model");
    wick_clear_warning(); /* of laziness */
    ASSERT_FAILS(wick_optim_averaged_model(NULL), e, "wick_optim_averaged_model: model is NULL");
    ASSERT_FAILS(wick_optim_update_parameters(NULL, m), e, "averages is NULL");
    ASSERT_FAILS(wick_optim_update_parameters(a, NULL), e, "model is NULL");
    ASSERT_FAILS(wick_optim_swap_averages(NULL, m), e, "averages is NULL");
    ASSERT_FAILS(wick_optim_store_averages(a, NULL), e, "model is NULL");
    ASSERT_FAILS(wick_optim_n_averaged(NULL) != -1, e, "wick_optim_n_averaged");
    ASSERT_FAILS(wick_optim_averaged_state_dict(NULL), e, "wick_optim_averaged_state_dict");
    ASSERT_FAILS(wick_optim_load_averaged_state_dict(NULL, wick_nn_dict_new()), e,
                 "wick_optim_load_averaged_state_dict");
    ASSERT_FAILS(wick_optim_load_averaged_state_dict(a, NULL), e, "dict is NULL");
    ASSERT_FAILS(wick_optim_n_averaged((wick_averaged_model *)(void *)m) != -1, e, "averages is not an averaged model");
}
END_TEST

static const char *failing;

static bool average_twice(void)
{
    WICK_SCOPE;
    wick_module *m = make_model();
    wick_averaged_model *a = m ? make_averages(failing, m) : NULL;
    return a && wick_optim_update_parameters(a, m) && wick_optim_update_parameters(a, m) &&
           wick_optim_swap_averages(a, m) && wick_optim_store_averages(a, m) &&
           wick_optim_load_averaged_state_dict(a, wick_optim_averaged_state_dict(a));
}

START_TEST(failing_allocations)
{
    static const char *const kinds[] = {"swa", "ema_buffers", "own"};
    for (int i = 0; i < 3; i++) {
        failing = kinds[i];
        check_failing_allocations(average_twice);
    }
}
END_TEST

Suite *averaging_suite(void);
Suite *averaging_suite(void)
{
    const TTest *const tests[] = {
        averages_are_pytorchs,     a_model_borrows_the_averages,
        shared_parameters_are_one, states,
        statistics_of_all_batches, bad_input,
        failing_allocations,
    };
    return MAKE_SUITE("averaging", tests);
}
