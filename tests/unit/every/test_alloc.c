/* test_alloc.c - when memory runs out: every allocation of whole training steps, and of what stands around them, fails
 * in turn. Each time there is an error of memory and no other, nothing leaks, nothing is half done, and the next try
 * works. */
#define _POSIX_C_SOURCE 200809L
#include "check_wick.h"

#include <unistd.h>

/* ---- Failing each allocation in turn ----------------------------------------------------------------------------- */

/* Calls f(argument) with its n-th allocation failing; whether f passed. It must pass exactly if nothing failed. */
static bool attempt(const char *name, bool (*f)(void *), void *argument, long n)
{
    wick_fail_allocation(n);
    bool passed = f(argument), failed = wk_this_thread.fail_in == 0;
    wick_fail_allocation(0);
    ck_assert_msg(passed || failed, "%s fails by itself: %s", name, wick_error() ? wick_error() : "no error");
    ck_assert_msg(!passed || !failed, "%s passes, though its allocation %ld failed", name, n);
    ck_assert_msg(passed == !wick_error(), "%s, allocation %ld: %s", name, n, wick_error() ? wick_error() : "no error");
    if (!passed)
        ck_assert_msg(wick_error_kind() == WICK_ERROR_MEMORY, "%s, allocation %ld: %s", name, n, wick_error());
    wick_clear_error();
    return passed;
}

/* The same for n = 1, 2, ... until it passes, each time in a scope after which nothing is left. */
static long exhaust(const char *name, bool (*f)(void *), void *argument)
{
    for (long n = 1;; n++) {
        size_t bytes = memory_in_use();
        long long objects = wick_scope_count();
        bool passed;
        {
            WICK_SCOPE;
            passed = attempt(name, f, argument, n);
        }
        ck_assert_msg(memory_in_use() == bytes, "%s, allocation %ld leaves %lld bytes", name, n,
                      (long long)(memory_in_use() - bytes));
        ck_assert_int_eq(wick_scope_count(), objects);
        ck_assert(wick_is_grad_enabled());
        if (passed)
            return n - 1;
        ck_assert_int_lt(n, 100000);
    }
}

/* ---- Training steps ---------------------------------------------------------------------------------------------- */

typedef struct bench {
    wick_module *model, *loss_fn;
    wick_optim *opt;
    wick_tensor *X, *y;
    bool (*step)(void *);
} bench;

/* The student of four points: 2-4-1, BCELoss, Adam. */
static bool make_student(void *argument)
{
    bench *b = argument;
    wick_manual_seed(0);
    b->X = wick_from(((float[][2]){{5, 7}, {1, 2}, {10, 6}, {2, 8}}), 4, 2);
    b->y = wick_from(((float[][1]){{1}, {0}, {1}, {0}}), 4, 1);
    b->model = wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_linear(4, 1), wick_nn_sigmoid());
    b->loss_fn = wick_nn_bce_loss();
    b->opt = wick_optim_adam(wick_nn_parameters(b->model), .lr = 0.01);
    return b->X && b->y && b->model && b->loss_fn && b->opt;
}

static bool step_student(void *argument)
{
    bench *b = argument;
    WICK_SCOPE;
    wick_tensor *loss = wick_nn_forward(b->loss_fn, wick_nn_forward(b->model, b->X), b->y);
    wick_optim_zero_grad(b->opt);
    return wick_backward(loss) && wick_optim_step(b->opt) && isfinite(wick_item(loss));
}

/* One with everything: dropout, views, cat, writing in place, cross entropy; SGD with momentum. */
static bool make_mixture(void *argument)
{
    bench *b = argument;
    wick_manual_seed(1);
    b->X = wick_rand(6, 4);
    b->y = wick_randint(0, 3, 6);
    b->model = wick_nn_sequential(wick_nn_linear(4, 5), wick_nn_dropout(0.5), wick_nn_linear(7, 3));
    b->loss_fn = wick_nn_cross_entropy_loss(.label_smoothing = 0.1);
    b->opt = wick_optim_sgd(wick_nn_parameters(b->model), .lr = 0.1, .momentum = 0.9, .nesterov = true);
    return b->X && b->y && b->model && b->loss_fn && b->opt;
}

static bool step_mixture(void *argument)
{
    bench *b = argument;
    WICK_SCOPE;
    wick_manual_seed(2);
    wick_tensor *h = wick_relu(wick_nn_forward(wick_nn_get_module(b->model, "0"), b->X));
    h = wick_nn_forward(wick_nn_get_module(b->model, "1"), h);
    wick_tensor *z = wick_cat(wick_list_of(h, wick_slice(b->X, 1, 0, 2, 1)), 1); /* (6, 7) */
    wick_tensor *scores = wick_nn_forward(wick_nn_get_module(b->model, "2"), z); /* (6, 3) */
    wick_tensor *done = wick_mul_(scores, 0.5);
    done = done ? wick_add_(wick_select(scores, 0, 1), wick_nn_get(b->model, "2.bias")) : NULL;
    done = done ? wick_copy_(wick_select(wick_t(scores), 0, 2), wick_sum(h, 1)) : NULL;
    wick_tensor *loss = done ? wick_nn_forward(b->loss_fn, scores, b->y) : NULL;
    wick_optim_zero_grad(b->opt);
    return wick_backward(loss) && wick_optim_step(b->opt) && isfinite(wick_item(loss));
}

enum { MOST_NUMBERS = 64 };

/* All parameters, one after another. */
static int read_parameters(const bench *b, float *numbers)
{
    WICK_SCOPE;
    int count = 0;
    wick_list *parameters = wick_nn_parameters(b->model);
    for (int64_t i = 0; i < wick_list_count(parameters); i++) {
        wick_tensor *p = wick_list_get(parameters, i);
        for (int64_t k = 0; k < wick_numel(p); k++)
            numbers[count++] = wick_data_float32(p)[k];
    }
    ck_assert_int_le(count, MOST_NUMBERS);
    return count;
}

static void check_steps(bool (*make)(void *), bool (*step)(void *))
{
    float before[MOST_NUMBERS], after[3][MOST_NUMBERS], now[MOST_NUMBERS];
    size_t size;
    {
        WICK_SCOPE;
        bench b;
        ck_assert(make(&b));
        size = (size_t)read_parameters(&b, before) * sizeof *before;
        for (int i = 0; i < 3; i++) {
            ck_assert(step(&b));
            read_parameters(&b, after[i]);
        }
        ck_assert_mem_ne(before, after[0], size);
    }
    /* The first step makes gradients and the optimizer's state, the second finds them there. */
    for (int warm = 0; warm < 2; warm++) {
        long failures = 0;
        for (bool passed = false; !passed; failures++) {
            size_t bytes = memory_in_use();
            {
                WICK_SCOPE;
                bench b;
                ck_assert(make(&b));
                if (warm)
                    ck_assert(step(&b));
                const float *old = warm ? after[0] : before;
                size_t level = memory_in_use();
                long long objects = wick_scope_count();
                passed = attempt("a step", step, &b, failures + 1);
                ck_assert_int_eq(wick_scope_count(), objects);
                read_parameters(&b, now);
                if (passed) {
                    ck_assert_mem_eq(now, after[warm], size);
                    break;
                }
                ck_assert_msg(memcmp(now, old, size) == 0 || memcmp(now, after[warm], size) == 0,
                              "allocation %ld: some parameters were updated and others not", failures + 1);
                if (warm)
                    ck_assert_uint_le(memory_in_use(), level); /* zero_grad may have freed gradients */
                bool updated = memcmp(now, old, size) != 0;
                ck_assert(step(&b)); /* as if nothing had happened: no count, no moment has moved */
                read_parameters(&b, now);
                ck_assert_msg(memcmp(now, after[warm + updated], size) == 0, "allocation %ld: the step after differs",
                              failures + 1);
            }
            ck_assert_uint_eq(memory_in_use(), bytes);
        }
        ck_assert_int_gt(failures, 20);
    }
}

START_TEST(a_step_of_the_student) { check_steps(make_student, step_student); }
END_TEST

START_TEST(a_step_of_everything) { check_steps(make_mixture, step_mixture); }
END_TEST

/* ---- Writing in place -------------------------------------------------------------------------------------------- */

typedef struct written {
    wick_tensor *w, *x, *row;
} written;

static bool mul_row(void *argument)
{
    return wick_mul_(((written *)argument)->row, wick_select(((written *)argument)->w, 0, 1));
}
static bool add_all(void *argument) { return wick_add_(((written *)argument)->x, ((written *)argument)->w); }
static bool zero_row(void *argument) { return wick_zero_(((written *)argument)->row); }
static bool copy_row(void *argument) { return wick_copy_(((written *)argument)->row, wick_scalar(2.0)); }

START_TEST(writing_in_place)
{
    static bool (*const writes[])(void *) = {mul_row, add_all, zero_row, copy_row};
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        bool passed = false;
        for (long n = 1; !passed; n++) {
            WICK_SCOPE;
            written t = {.w = wick_from(((float[][2]){{1, 2}, {3, 4}}), 2, 2, .requires_grad = true)};
            t.x = wick_mul(t.w, 2);
            t.row = wick_select(t.x, 0, 0);
            passed = attempt("a write", writes[i], &t, n);
            if (!passed) { /* neither data, nor version, nor history */
                ASSERT_VALUES(t.x, 2, 4, 6, 8);
                ck_assert_uint_eq(wick_version(t.x), 0);
                ck_assert_str_eq(wick_node_name(wick_grad_fn(t.x)), "MulBackward0");
                ck_assert_str_eq(wick_node_name(wick_grad_fn(t.row)), "SelectBackward0");
                ck_assert(wick_backward(wick_sum(wick_add(t.x, t.row))));
                ASSERT_VALUES(wick_grad_of(t.w), 6, 6, 2, 2);
            }
        }
    }
}
END_TEST

/* ---- Operations -------------------------------------------------------------------------------------------------- */

/* Each forward, and backward through a graph that is itself recorded. */
/* clang-format off */
#define OPERATIONS(X) \
    X(wick_div(wick_add(x, 1), wick_sub(wick_mul(x, x), w))) X(wick_pow(x, w)) X(wick_maximum(x, 0.5)) \
    X(wick_where(wick_gt(x, 0.3), x, w)) X(wick_log(wick_exp(wick_sqrt(x)))) \
    X(wick_tanh(wick_sigmoid(wick_relu(x)))) X(wick_clamp(x, .min = 0.2, .max = 0.4)) X(wick_dropout(x, 0.5, true)) \
    X(wick_matmul(x, wick_t(w))) X(wick_matmul(wick_expand(wick_unsqueeze(x, 0), 2, 3, 2), wick_select(w, 0, 1))) \
    X(wick_addmm(w, x, wick_slice(w, 0, 0, 2, 1))) X(linear(x, w)) X(wick_mean(x, 1, .keepdim = true)) \
    X(wick_max(x)) X(wick_min(x, 0)) X(wick_softmax(x, 1)) X(wick_log_softmax(x, 0)) X(wick_reshape(wick_t(x), 6)) \
    X(wick_permute(wick_narrow(x, 0, 1, 2), 1, 0)) X(wick_cat(wick_list_of(x, w, x), 1)) \
    X(wick_stack(wick_list_of(x, w), 0)) X(wick_index(x, wick_list_of(wick_argmax(x, 1)))) \
    X(wick_clone(wick_flatten(x, 0, -1))) X(wick_to(wick_to(x, WICK_FLOAT32), WICK_FLOAT64)) X(wick_mse_loss(x, w)) \
    X(wick_binary_cross_entropy(x, w)) X(wick_binary_cross_entropy_with_logits(x, w)) \
    X(wick_nll_loss(x, wick_zeros(3, .dtype = WICK_INT64))) X(weighted(x)) X(wick_mul(x, wick_rand(3, 2))) \
    X(wick_mul(x, wick_arange(2))) X(wick_mul(x, wick_linspace(0, 1, 2))) X(wick_mul(x, wick_randperm(2))) \
    X(wick_mul(x, wick_normal(0.0, 1.0, 2))) X(wick_mul(wick_eye(2, 3), wick_t(x)))
/* clang-format on */

static double numbers[3][2] = {{0.1, 0.2}, {0.3, 0.4}, {0.5, 0.6}};

/* An optional argument that failed is not the same as none. */
static wick_tensor *linear(wick_tensor *x, wick_tensor *w)
{
    wick_tensor *bias = wick_select(wick_t(w), 0, 1);
    return bias ? wick_linear(x, w, bias) : NULL;
}

static wick_tensor *weighted(wick_tensor *x)
{
    wick_tensor *weight = wick_ones(2, .dtype = WICK_FLOAT64);
    return weight ? wick_cross_entropy(x, wick_ones(3, .dtype = WICK_INT64), .weight = weight) : NULL;
}

/* d(y^2)/dx and d/dw of it. */
static bool differentiate(wick_tensor *y, wick_tensor *x, wick_tensor *w)
{
    if (!y)
        return false;
    wick_list *g = wick_grad(wick_list_of(wick_sum(wick_mul(y, y))), wick_list_of(x, w), .create_graph = true,
                             .materialize_grads = true);
    wick_tensor *squared = g ? wick_sum(wick_mul(wick_list_get(g, 0), wick_list_get(g, 0))) : NULL;
    if (!squared || !wick_backward(wick_add(squared, wick_sum(x))))
        return false;
    return wick_set_grad(x, NULL);
}

#define LEAVES                                                        \
    wick_tensor *x = wick_from(numbers, 3, 2, .requires_grad = true); \
    wick_tensor *w = x ? wick_from(numbers, 3, 2, .requires_grad = true) : NULL

static int chosen; /* which of the operations run_operation runs */

static bool run_operation(void *unused)
{
    (void)unused;
    WICK_SCOPE;
    int i = 0;
    LEAVES;
    if (!w)
        return false;
#define X(expression)  \
    if (i++ == chosen) \
        return differentiate(expression, x, w);
    OPERATIONS(X)
#undef X
    return true;
}

START_TEST(every_operation)
{
    int count = 0;
#define X(expression) count++;
    OPERATIONS(X)
#undef X
    for (chosen = 0; chosen < count; chosen++) {
        char name[32];
        snprintf(name, sizeof name, "operation %d", chosen);
        ck_assert_int_gt(exhaust(name, run_operation, NULL), 5);
    }
}
END_TEST

/* ---- Derivatives of functions ------------------------------------------------------------------------------------ */

static wick_tensor *cubic(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_sum(wick_mul(wick_mul(in[0], in[0]), in[1]));
}

static wick_tensor *in[2]; /* (3, 2) */

static bool find_vjp(void *create_graph)
{
    wick_tensor *value = NULL;
    return wick_vjp(cubic, in, 2, NULL, create_graph != NULL, .value = &value) && value;
}
static bool find_jvp(void *create_graph)
{
    wick_list *v = wick_list_n(in, 2);
    return v && wick_jvp(cubic, in, 2, v, create_graph != NULL);
}
static bool find_jacobian(void *create_graph) { return wick_jacobian(cubic, in, 2, create_graph != NULL); }
static bool find_hessian(void *create_graph) { return wick_hessian(cubic, in, 2, create_graph != NULL); }
static bool find_hvp(void *create_graph)
{
    wick_list *v = wick_list_n(in, 2);
    return v && wick_hvp(cubic, in, 2, v, create_graph != NULL);
}

START_TEST(derivatives_of_functions)
{
    static bool (*const find[])(void *) = {find_vjp, find_jvp, find_jacobian, find_hessian, find_hvp};
    LEAVES;
    in[0] = x;
    in[1] = w;
    ck_assert(wick_grad_fn(wick_add(x, w)) != NULL); /* they have their nodes */
    for (size_t i = 0; i < sizeof find / sizeof *find; i++) {
        ck_assert_int_gt(exhaust("a derivative", find[i], NULL), 20);
        ck_assert_int_gt(exhaust("a recorded derivative", find[i], x), 20);
    }
    ck_assert(!wick_grad_of(x) && !wick_grad_of(w));
}
END_TEST

/* ---- What stands around a step ----------------------------------------------------------------------------------- */

static bool load_state(void *argument)
{
    bench *b = argument;
    wick_dict *state = wick_nn_dict_new();
    wick_dict *from = wick_nn_state_dict(b->model);
    for (int64_t i = 0; i < wick_nn_dict_count(from); i++)
        if (!wick_nn_dict_set(state, wick_nn_dict_name(from, i), wick_full_like(wick_nn_dict_tensor(from, i), 9)))
            return false;
    return from && wick_nn_load_state_dict(b->model, state);
}

START_TEST(making_and_loading_a_model)
{
    bench b;
    ck_assert_int_gt(exhaust("a student", make_student, &b), 20);
    ck_assert_int_gt(exhaust("a mixture", make_mixture, &b), 20);

    ck_assert(make_student(&b));
    float before[MOST_NUMBERS], now[MOST_NUMBERS];
    size_t size = (size_t)read_parameters(&b, before) * sizeof *before;
    bool passed = false;
    for (long n = 1; !passed; n++) {
        WICK_SCOPE;
        passed = attempt("loading", load_state, &b, n);
        read_parameters(&b, now);
        if (passed)
            ck_assert(now[0] == 9 && now[size / sizeof *now - 1] == 9);
        else
            ck_assert_mem_eq(now, before, size);
    }
}
END_TEST

static bool pass_over_a_loader(void *unused)
{
    (void)unused;
    int64_t seen = 0;
    wick_tensor *X, *y;
    wick_dataset *data = wick_data_tensor_dataset(wick_rand(7, 3), wick_arange(7));
    WICK_FOR_EACH_BATCH (wick_data_loader(data, .batch_size = 3, .shuffle = true), &X, &y) {
        WICK_SCOPE;
        wick_tensor *sum = wick_sum(wick_mul(X, wick_unsqueeze(y, 1)));
        if (!sum)
            return false;
        seen += wick_size(X, 0);
    }
    return seen == 7;
}

static bool print_things(void *argument)
{
    bench *b = argument;
    FILE *file = fopen("/dev/null", "w");
    ck_assert_ptr_nonnull(file);
    wick_tensor *x = wick_mul(wick_nn_get(b->model, "0.weight"), 1000.5);
    bool ok = wick_fprint(file, x) && wick_to_string(b->X) && wick_nn_to_string(b->model);
    fclose(file);
    return ok;
}

START_TEST(loading_batches_and_printing)
{
    bench b;
    ck_assert(make_student(&b));
    ck_assert_int_gt(exhaust("a pass over a loader", pass_over_a_loader, NULL), 20);
    ck_assert(print_things(&b)); /* a weight gets its node when it is first used */
    ck_assert_int_gt(exhaust("printing", print_things, &b), 5);
}
END_TEST

#ifdef WICK_HAVE_LIBZIP
static char path[64];

static bool save_model(void *argument) { return wick_save(wick_nn_state_dict(((bench *)argument)->model), path); }

static bool load_model(void *argument) { return wick_nn_load_state_dict(((bench *)argument)->model, wick_load(path)); }

START_TEST(saving_and_loading_a_file)
{
    bench b;
    ck_assert(make_student(&b));
    float before[MOST_NUMBERS], now[MOST_NUMBERS];
    size_t size = (size_t)read_parameters(&b, before) * sizeof *before;
    strcpy(path, "/tmp/wick_alloc_XXXXXX");
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
    ck_assert_int_gt(exhaust("saving", save_model, &b), 5);
    ck_assert_int_gt(exhaust("loading", load_model, &b), 5);
    read_parameters(&b, now);
    ck_assert_mem_eq(now, before, size);
    ck_assert_int_eq(remove(path), 0);
}
END_TEST
#endif

/* ---- The stack of owned objects ---------------------------------------------------------------------------------- */

START_TEST(a_scope_that_cannot_grow)
{
    size_t bytes;
    {
        WICK_SCOPE;
        {
            WICK_SCOPE;
            while (wk_this_thread.owned_count < wk_this_thread.owned_capacity || wk_this_thread.owned_count == 0)
                ck_assert_ptr_nonnull(wick_ones(1));
            bytes = memory_in_use();
            wick_fail_allocation(3); /* a tensor, its storage, and its place in the scope */
            wick_tensor *t = wick_ones(1);
            wick_fail_allocation(0);
            ck_assert_ptr_null(t);
            ASSERT_ERROR(WICK_ERROR_MEMORY, "out of memory");
            ck_assert_uint_eq(memory_in_use(), bytes);
        }
        {
            WICK_SCOPE;
            wick_tensor *t = wick_ones(1);
            while (wk_this_thread.owned_count < wk_this_thread.owned_capacity)
                ck_assert_ptr_nonnull(wick_ones(1));
            wick_fail_allocation(1);
            ck_assert_ptr_null(wick_out(t));
            wick_fail_allocation(0);
            ASSERT_ERROR(WICK_ERROR_MEMORY, "out of memory");
            ASSERT_VALUES(t, 1); /* still the inner scope's */
        }
    }
    /* wick_fail_allocation itself: the n-th, once; 0 takes it back. */
    wick_fail_allocation(1);
    ASSERT_FAILS(wick_ones(1), WICK_ERROR_MEMORY, "out of memory", "bytes");
    ck_assert_ptr_nonnull(wick_ones(1));
    wick_fail_allocation(1);
    wick_fail_allocation(0);
    ck_assert_ptr_nonnull(wick_ones(1));
}
END_TEST

Suite *alloc_suite(void);
Suite *alloc_suite(void)
{
    const TTest *const tests[] = {
        a_step_of_the_student,
        a_step_of_everything,
        writing_in_place,
        every_operation,
        derivatives_of_functions,
        making_and_loading_a_model,
        loading_batches_and_printing,
        a_scope_that_cannot_grow,
#ifdef WICK_HAVE_LIBZIP
        saving_and_loading_a_file,
#endif
    };
    return MAKE_SUITE("alloc", tests);
}
