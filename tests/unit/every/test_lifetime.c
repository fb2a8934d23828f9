/* test_lifetime.c - a callback that drops the last reference to what is running, which lives to the end of the call; and calls
 * within calls, which are an error before the stack ends. AddressSanitizer and Valgrind see what is used after its end. */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "check_wick.h"

/* What a callback lets go of: a wick_keep of it is all that holds it. */
static void *victim;
static void drop(void)
{
    void *gone = victim;
    victim = NULL;
    wick_release(gone);
}

/* variable = what the expression makes, kept, with no scope to hold it. */
#define ALONE(variable, expression)       \
    do {                                  \
        WICK_SCOPE;                       \
        variable = wick_keep(expression); \
        ck_assert_ptr_nonnull(variable);  \
        victim = variable;                \
    } while (0)

static int deaths;
static void note_death(wick_module *m) { (void)m, deaths++; }

/* ---- Modules ----------------------------------------------------------------------------------------------------- */

static wick_tensor *drops(wick_module *m, wick_tensor *x)
{
    drop();
    return wick_mul(x, wick_nn_get(m, "w"));
}

static wick_module *dropper(void)
{
    wick_module *m = wick_nn_module("Dropper", .forward = drops, .destroy = note_death);
    wick_nn_register_parameter(m, "w", wick_full(3.0, 1));
    return m;
}

/* Takes the first layer out of the model, whose it was. */
static wick_module *model;
static void pop(void)
{
    WICK_SCOPE;
    if (wick_nn_child_count(model) > 1)
        wick_nn_pop_child(model, 0);
}
static wick_tensor *popping(wick_module *m, wick_tensor *x)
{
    pop();
    return wick_mul(x, wick_nn_get(m, "w"));
}
static wick_list *popping_pre_hook(wick_module *m, wick_list *inputs, void *context)
{
    (void)m, (void)inputs, (void)context;
    pop();
    return NULL;
}
static wick_tensor *popping_hook(wick_module *m, wick_list *inputs, wick_tensor *result, void *context)
{
    (void)m, (void)inputs, (void)result, (void)context;
    pop();
    return NULL;
}
static wick_list *popping_backward_hook(wick_module *m, wick_list *dx, wick_list *dy, void *context)
{
    (void)m, (void)dx, (void)dy, (void)context;
    pop();
    return NULL;
}
static wick_list *popping_backward_pre_hook(wick_module *m, wick_list *dy, void *context)
{
    (void)m, (void)dy, (void)context;
    pop();
    return NULL;
}

static wick_module *popper(void)
{
    wick_module *m = wick_nn_module("Popper", .forward = popping, .destroy = note_death);
    wick_nn_register_parameter(m, "w", wick_full(3.0, 1));
    return m;
}

/* A model of a layer that only the model holds, and another. */
static wick_module *two_layers(wick_module *(*first)(void))
{
    WICK_SCOPE;
    return wick_out(wick_nn_sequential(first(), wick_nn_relu()));
}
static wick_module *mortal_linear(void)
{
    wick_module *m = wick_nn_module("Linear", .forward = drops, .destroy = note_death);
    wick_nn_register_parameter(m, "w", wick_full(3.0, 1));
    return m;
}

START_TEST(modules)
{
    wick_tensor *x = wick_ones(2, 3, .requires_grad = true);
    deaths = 0;
    wick_module *m;
    ALONE(m, dropper());
    ASSERT_VALUES(wick_nn_forward(m, x), 3, 3, 3, 3, 3, 3);
    ck_assert_int_eq(deaths, 1);
    ALONE(m, wick_nn_sequential(dropper(), wick_nn_relu())); /* a child drops the model */
    ASSERT_VALUES(wick_nn_forward(m, x), 3, 3, 3, 3, 3, 3);
    ck_assert_int_eq(deaths, 2);

    model = two_layers(popper); /* of its own model */
    ck_assert_ptr_nonnull(wick_nn_forward(model, x));
    ck_assert_int_eq(deaths, 3);
    for (int kind = 0; kind < 4; kind++) {
        WICK_SCOPE;
        model = two_layers(mortal_linear);
        wick_module *first = wick_nn_child(model, 0);
        switch (kind) {
        case 0: wick_nn_register_forward_pre_hook(first, popping_pre_hook); break;
        case 1: wick_nn_register_forward_hook(first, popping_hook); break;
        case 2: wick_nn_register_full_backward_hook(first, popping_backward_hook); break;
        default: wick_nn_register_full_backward_pre_hook(first, popping_backward_pre_hook);
        }
        wick_tensor *y = wick_nn_forward(model, x);
        ck_assert_ptr_nonnull(y);
        ck_assert(wick_backward(wick_sum(y)));
        ck_assert_int_eq(wick_nn_child_count(model), 1);
    }
    ck_assert_int_eq(deaths, 7);
}
END_TEST

static void pop_one(wick_module *m, void *visited)
{
    ++*(int *)visited;
    pop();
    ck_assert_ptr_nonnull(wick_nn_name(m));
}

static void popping_extra(wick_module *m, char *text, size_t length)
{
    pop();
    snprintf(text, length, "%s", wick_nn_name(m));
}

START_TEST(visits)
{
    int visited = 0;
    deaths = 0;
    model = two_layers(popper);
    ck_assert_ptr_eq(wick_nn_apply(model, pop_one, &visited), model);
    ck_assert_int_eq(visited, 3);
    ck_assert_int_eq(deaths, 1);
    {
        WICK_SCOPE;
        wick_module *m =
            wick_nn_module("Shown", .forward = popping, .print_extra = popping_extra, .destroy = note_death);
        model = wick_out(wick_nn_sequential(m, wick_nn_relu()));
    }
    ck_assert_ptr_nonnull(strstr(wick_nn_to_string(model), "Shown(Shown)"));
    ck_assert_int_eq(deaths, 2);
}
END_TEST

/* A destroy function may give its object a new owner: that is then what frees it, and destroy is not called again. */
static void saves_itself(wick_module *m)
{
    deaths++;
    victim = wick_keep(m);
}
static void joins(wick_module *m)
{
    deaths++;
    wick_nn_append(model, m);
}

START_TEST(destroy_functions)
{
    deaths = 0;
    {
        WICK_SCOPE;
        wick_nn_register_parameter(wick_nn_module("Saved", .forward = drops, .destroy = saves_itself), "w",
                                   wick_ones(1));
    }
    ck_assert_int_eq(deaths, 1);
    ck_assert_str_eq(wick_nn_name(victim), "Saved");
    ck_assert_ptr_nonnull(wick_nn_get(victim, "w"));
    drop();
    ck_assert_int_eq(deaths, 1);
    model = wick_nn_sequential(wick_nn_relu());
    {
        WICK_SCOPE;
        wick_nn_module("Joined", .forward = drops, .destroy = joins);
    }
    ck_assert_int_eq(deaths, 2);
    ck_assert_str_eq(wick_nn_name(wick_nn_child(model, 1)), "Joined");
}
END_TEST

/* ---- Optimizers, schedulers, averages ---------------------------------------------------------------------------- */

static wick_tensor *w;
static wick_optim *optim;
static wick_dict *state;

static wick_tensor *loss_of_w(void)
{
    wick_set_grad(w, NULL);
    wick_tensor *loss = wick_sum(wick_mul(wick_sub(w, 1), wick_sub(w, 1)));
    return wick_backward(loss) ? loss : NULL;
}
static wick_tensor *dropping_closure(void *context)
{
    (void)context;
    drop();
    return loss_of_w();
}
static wick_tensor *longer_history(void *context)
{
    (void)context;
    wick_optim_set(optim, 0, "history_size", 100);
    wick_optim_set(optim, 0, "max_iter", 100);
    return loss_of_w();
}
static wick_tensor *loading_closure(void *context)
{
    (void)context;
    wick_optim_load_state_dict(optim, state);
    wick_clear_error();
    return loss_of_w();
}
static double dropping_rate(int64_t epoch, void *context)
{
    (void)context;
    if (epoch == 1)
        drop();
    return 0.5;
}
static wick_tensor *dropping_average(wick_tensor *averaged, wick_tensor *current, int64_t n, void *context)
{
    (void)current, (void)n, (void)context;
    drop();
    return averaged;
}
static wick_tensor *next_input(void *left)
{
    drop();
    return --*(int *)left < 0 ? NULL : wick_ones(4, 3);
}

START_TEST(optimizers)
{
    w = wick_zeros(5, .requires_grad = true);
    wick_list *params = wick_list_of(w);
    ALONE(optim, wick_optim_adam(params));
    ck_assert_ptr_nonnull(wick_optim_step_closure(optim, dropping_closure, NULL));
    for (int search = 0; search < 2; search++) {
        ALONE(optim, wick_optim_lbfgs(params, .line_search_fn = search ? "strong_wolfe" : NULL));
        ck_assert_ptr_nonnull(wick_optim_step_closure(optim, dropping_closure, NULL));
        optim = wick_optim_lbfgs(params, .history_size = 1);
        ck_assert_ptr_nonnull(wick_optim_step_closure(optim, longer_history, NULL));
        state = wick_optim_state_dict(optim);
        ck_assert_ptr_nonnull(wick_optim_step_closure(optim, loading_closure, NULL));
        ck_assert(wick_optim_load_state_dict(optim, state));
    }
}
END_TEST

START_TEST(schedulers_and_averages)
{
    w = wick_zeros(5, .requires_grad = true);
    for (int which = 0; which < 2; which++) {
        wick_scheduler *lr;
        WICK_SCOPE;
        wick_optim *opt;
        ALONE(opt, wick_optim_sgd(wick_list_of(w), 0.1));
        ALONE(lr, wick_lr_lambda_lr(opt, dropping_rate, NULL));
        if (which == 0)
            wick_release(opt); /* the scheduler holds it */
        else
            victim = opt;
        ck_assert(wick_lr_step(lr));
        if (which == 1)
            wick_release(lr);
    }
    wick_clear_warning(); /* of the order of steps */
    wick_module *m = wick_nn_sequential(wick_nn_linear(3, 3), wick_nn_batch_norm1d(3));
    wick_averaged_model *averages;
    ALONE(averages, wick_optim_averaged_model(m, .avg_fn = dropping_average));
    ck_assert(wick_optim_update_parameters(averages, m)); /* the first copies */
    ck_assert(wick_optim_update_parameters(averages, m));
    int left = 3;
    ALONE(m, wick_nn_sequential(wick_nn_linear(3, 3), wick_nn_batch_norm1d(3)));
    ck_assert(wick_optim_update_bn(m, next_input, &left));
    ASSERT_NO_ERROR();
}
END_TEST

/* ---- Data -------------------------------------------------------------------------------------------------------- */

static int64_t dropping_length(wick_dataset *d)
{
    drop();
    return wick_data_fields(d) ? 4 : 0;
}
static int64_t four(wick_dataset *d) { return wick_data_fields(d) ? 4 : 0; }
static wick_list *dropping_item(wick_dataset *d, int64_t i)
{
    drop();
    return wick_list_of(wick_scalar(wick_data_fields(d) ? i : 0));
}
static wick_list *dropping_batch(wick_dataset *d, const int64_t *indices, int64_t count)
{
    drop();
    return wick_list_of(wick_full(wick_data_fields(d) ? (double)indices[0] : 0, count));
}
static wick_tensor *dropping_indices(wick_sampler *s)
{
    drop();
    return wick_arange(wick_data_sampler_fields(s) ? 4 : 0);
}
static int64_t sampler_length(wick_sampler *s)
{
    drop();
    return wick_data_sampler_fields(s) ? 4 : 0;
}
static wick_list *dropping_batches(wick_sampler *s)
{
    drop();
    return wick_data_sampler_fields(s) ? wick_list_of(wick_arange(2), wick_arange(3)) : NULL;
}
static wick_list *dropping_collate(wick_list *const *samples, int64_t count)
{
    drop();
    return count > 0 ? samples[0] : NULL;
}

START_TEST(datasets)
{
    wick_dataset *d;
    for (int k = 0; k < 3; k++) {
        wick_dataset_options o = {.size_ = sizeof o};
        o.size = 8;
        o.length = k == 0 ? dropping_length : four;
        o.item = k < 2 ? dropping_item : NULL;
        o.batch = k == 2 ? dropping_batch : NULL;
        ALONE(d, wick_data_dataset_opt(&o));
        ck_assert_ptr_nonnull(wick_data_item(d, -1));
        ALONE(d, wick_data_subset(wick_data_dataset_opt(&o), wick_arange(4)));
        ck_assert_ptr_nonnull(wick_data_item(d, -1));
        ALONE(d, wick_data_concat_dataset(wick_data_dataset_opt(&o), wick_data_dataset_opt(&o)));
        if (k > 0) /* its parts' lengths were asked for when it was made */
            ck_assert_ptr_nonnull(wick_data_item(d, 5));
        drop();
        if (k == 0)
            continue;
        /* The loader, and then the iterator, with collate_fn and without. */
        for (int which = 0; which < 4; which++) {
            WICK_SCOPE;
            wick_loader *loader;
            wick_iterator *it;
            wick_tensor *x;
            d = wick_data_dataset_opt(&o);
            ALONE(loader, wick_data_loader(d, .batch_size = 2, .collate_fn = which & 1 ? dropping_collate : NULL));
            if (which < 2) {
                ALONE(it, wick_data_iterate(loader));
                wick_release(loader);
            } else {
                it = wick_data_iterate(loader);
                victim = loader;
            }
            ck_assert(wick_data_next(it, &x) || which < 2);
            if (which >= 2)
                ck_assert(wick_data_next(it, &x));
            wick_clear_error();
        }
    }
}
END_TEST

START_TEST(samplers)
{
    wick_sampler *s;
    wick_sampler_options o = {.size_ = sizeof o};
    o.size = 8;
    o.indices = dropping_indices;
    ALONE(s, wick_data_sampler_opt(&o));
    ASSERT_VALUES(wick_data_sampler_indices(s), 0, 1, 2, 3);
    ALONE(s, wick_data_sampler_opt(&o));
    ck_assert_int_eq(wick_data_sampler_count(s), 4);
    ALONE(s, wick_data_batch_sampler(wick_data_sampler_opt(&o), 3, false));
    ck_assert_int_eq(wick_list_count(wick_data_sampler_batches(s)), 2);
    wick_dataset *d = wick_data_tensor_dataset(wick_arange(4));
    wick_loader *loader;
    wick_tensor *x;
    for (int workers = 0; workers < 2; workers++) {
        ALONE(loader, wick_data_loader(d, .sampler = wick_data_sampler_opt(&o), .num_workers = workers));
        wick_iterator *it = wick_data_iterate(loader);
        for (int i = 0; i < 4; i++) {
            ck_assert(wick_data_next(it, &x));
            ASSERT_VALUES(x, i);
        }
    }
    o.length = sampler_length;
    ALONE(s, wick_data_sampler_opt(&o));
    ck_assert_int_eq(wick_data_sampler_count(s), 4);
    o.length = NULL, o.indices = NULL, o.batches = dropping_batches;
    ALONE(s, wick_data_sampler_opt(&o));
    ck_assert_int_eq(wick_list_count(wick_data_sampler_batches(s)), 2);
    ALONE(s, wick_data_sampler_opt(&o));
    ck_assert_int_eq(wick_data_sampler_count(s), 2);
}
END_TEST

static double dropping_converter(const char *text, void *context)
{
    (void)text, (void)context;
    drop();
    return 7;
}

START_TEST(converters)
{
    char path[] = "/tmp/wick_lifetime_XXXXXX";
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, "a b\nc d\n", 8), 8);
    close(file);
    wick_dict *classes;
    ALONE(classes, wick_nn_dict_new());
    wick_tensor *t = wick_data_loadtxt(
        path, .converters = WICK_CONVERTERS(WICK_CONVERTER(0, dropping_converter, NULL), WICK_CLASSES(1, classes)));
    ASSERT_VALUES(t, 7, 0, 7, 1);
    ck_assert_int_eq(remove(path), 0);
}
END_TEST

/* ---- Autograd ---------------------------------------------------------------------------------------------------- */

static wick_tensor *dropping_tensor_hook(wick_tensor *grad, void *context)
{
    (void)grad, (void)context;
    drop();
    return NULL;
}
static void dropping_accumulated(wick_tensor *t, void *context)
{
    (void)t, (void)context;
    drop();
}
static wick_tensor *dropping_forward(wick_ctx *ctx, wick_tensor *const *inputs, int n)
{
    (void)n;
    wick_tensor *y = wick_clone(inputs[0]);
    wick_ctx_save(ctx, inputs[0]);
    drop();
    return y;
}
static wick_list *dropping_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)n;
    drop();
    return wick_grads(wick_mul(dy[0], wick_ctx_saved(ctx, 0)));
}
static wick_tensor *product(wick_tensor *const *inputs, int n, void *context)
{
    (void)context;
    wick_tensor *y = wick_mul(inputs[0], inputs[n - 1]);
    drop();
    return y;
}

START_TEST(graphs)
{
    static const wick_function_def def = {"Dropping", .forward = dropping_forward, .backward = dropping_backward};
    wick_tensor *x = wick_full(2.0, 3, .requires_grad = true), *t;
    ALONE(t, wick_sum(wick_mul(x, x))); /* the root, by a hook in its graph, and by one at itself */
    wick_register_hook(x, dropping_tensor_hook);
    ck_assert(wick_backward(t));
    ALONE(t, wick_sum(wick_mul(x, x)));
    wick_register_hook(t, dropping_tensor_hook);
    ck_assert(wick_backward(t));
    ALONE(t, wick_ones(1, .requires_grad = true)); /* a leaf that is the root */
    wick_register_post_accumulate_grad_hook(t, dropping_accumulated);
    ck_assert(wick_backward(t));

    ALONE(t, wick_full(2.0, 3, .requires_grad = true)); /* a function's input, and its result */
    wick_tensor *y = wick_apply(&def, WICK_TENSORS(t));
    ASSERT_VALUES(y, 2, 2, 2);
    ALONE(t, wick_apply(&def, WICK_TENSORS(x)));
    ck_assert(wick_backward_from(wick_list_of(t), wick_list_of(wick_ones(3)), false, false));

    wick_tensor *pair[2] = {wick_full(2.0, 2, .dtype = WICK_FLOAT64, .requires_grad = true)};
    ALONE(pair[1], wick_full(3.0, 2, .dtype = WICK_FLOAT64));
    ck_assert(wick_gradcheck(product, pair, 2));
    ALONE(pair[1], wick_full(3.0, 2, .dtype = WICK_FLOAT64));
    ck_assert_ptr_nonnull(wick_jacobian(product, pair, 2));
    ALONE(pair[1], wick_full(3.0, 2, .dtype = WICK_FLOAT64));
    y = wick_checkpoint(product, pair, 2);
    ck_assert(wick_backward(wick_sum(y)));
    ASSERT_VALUES(wick_grad_of(pair[0]), 3, 3);
}
END_TEST

/* ---- Calls within calls ------------------------------------------------------------------------------------------ */

/* Deep enough for a small stack, and for one of 8 MiB. */
enum { SOME_LEVELS = 6000, LEVELS = 60000 };

static wick_tensor *forever(wick_module *m, wick_tensor *x) { return wick_nn_forward(m, x); }
static wick_tensor *again(wick_tensor *const *inputs, int n, void *context)
{
    return wick_checkpoint(again, inputs, n, context);
}
static void apply_again(wick_module *m, void *context) { wick_nn_apply(m, apply_again, context); }
static wick_tensor *step_again(void *context) { return wick_optim_step_closure(context, step_again, context); }

/* NULL, or what is wrong: it runs in threads of their own, too. */
static void *nest(void *levels)
{
    WICK_SCOPE;
    int count = *(int *)levels;
#define SAYS_SO(call)                                                                 \
    do {                                                                              \
        if (!(call)) {                                                                \
            CHECK(wick_error_kind() == WICK_ERROR_MEMORY);                            \
            CHECK(strstr(wick_error(), "nested so deeply that this thread's stack")); \
            wick_clear_error();                                                       \
            ends++;                                                                   \
        }                                                                             \
        CHECK(!wick_error());                                                         \
    } while (0)
    int ends = 0; /* of the stack; a large one may be enough for what the compiler makes small */
    wick_tensor *x = wick_ones(1, 1);
    wick_module *m = wick_nn_linear(1, 1), *some = m;
    for (int i = 0; i < count; i++) {
        m = wick_nn_sequential(m);
        if (i == SOME_LEVELS - 1)
            some = m;
    }
    SAYS_SO(wick_nn_forward(m, x));
    CHECK(wick_nn_eval(m) == m && wick_nn_parameter_count(m) == 2);
    CHECK(wick_nn_load_state_dict(some, wick_nn_state_dict(some))); /* a name a level: 4 GB of them for all levels */
    CHECK(wick_nn_to(m, WICK_FLOAT64) == m);
    CHECK(!wick_nn_to_string(m) && strstr(wick_error(), "nested more than"));
    wick_clear_error();
    CHECK(!wick_nn_modules(m) && strstr(wick_error(), "nested more than"));
    wick_clear_error();
    CHECK(!wick_nn_summary(m, x) && wick_error());
    wick_clear_error();

    wick_dataset *d = wick_data_tensor_dataset(x), *subset = d;
    for (int i = 0; i < count; i++) {
        d = wick_data_concat_dataset(d);
        subset = wick_data_subset(subset, wick_arange(1));
    }
    CHECK(wick_data_count(d) == 1 && wick_data_count(subset) == 1);
    SAYS_SO(wick_data_item(d, 0));
    SAYS_SO(wick_data_item(subset, 0));
    wick_iterator *it = wick_data_iterate(wick_data_loader(d));
    SAYS_SO(wick_data_next(it, &x));

    CHECK(ends >= 1);

    /* What calls itself. */
    ends = 0;
    x = wick_ones(1, 1);
    SAYS_SO(wick_nn_forward(wick_nn_module("Forever", .forward = forever), x));
    SAYS_SO(wick_checkpoint(again, &x, 1));
    wick_optim *opt = wick_optim_sgd(wick_nn_parameters(wick_nn_linear(1, 1)), 0.1);
    SAYS_SO(wick_optim_step_closure(opt, step_again, opt));
    wick_nn_apply(wick_nn_relu(), apply_again, NULL);
    SAYS_SO(!wick_error());
    CHECK(ends == 4);
    return NULL;
}

START_TEST(nesting)
{
    int count = is_slow() ? SOME_LEVELS : LEVELS;
    run_in_thread(nest, &count, (size_t)256 << 10);
    if (!is_slow())
        run_in_thread(nest, &count, 0);
}
END_TEST

Suite *lifetime_suite(void);
Suite *lifetime_suite(void)
{
    const TTest *const tests[] = {
        modules,  visits,   destroy_functions, optimizers, schedulers_and_averages,
        datasets, samplers, converters,        graphs,     nesting,
    };
    return MAKE_SUITE("lifetime", tests);
}
