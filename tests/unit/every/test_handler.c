/* test_handler.c - when and where the error handler is called: as the outermost public function returns, in its name and
 * with nothing held, so that it may leave by longjmp; and at once in code of the user's that the library calls. */
#define _POSIX_C_SOURCE 200809L
#include "check_wick.h"

#include <setjmp.h>
#include <unistd.h>

/* ---- Leaving by longjmp ------------------------------------------------------------------------------------------ */

static jmp_buf away;
static char thrown[4096]; /* as a binding would make its own error of the message */

static void throw(wick_error_code code, const char *message)
{
    (void)code;
    snprintf(thrown, sizeof thrown, "%s", message);
    longjmp(away, 1);
}

static wick_tensor *closure_without_loss(void *context)
{
    (void)context;
    return NULL;
}

static double bad_factor(int64_t epoch, void *context)
{
    (void)context;
    return epoch == 0 ? 1 : (double)NAN;
}

static wick_tensor *first(wick_tensor *const *inputs, int n, void *context)
{
    (void)n, (void)context;
    return inputs[0];
}

static wick_list *wrong_count(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)ctx, (void)n;
    return wick_grads(dy[0], dy[0]);
}

static wick_tensor *doubled(wick_ctx *ctx, wick_tensor *const *inputs, int n)
{
    (void)ctx, (void)n;
    return wick_mul(inputs[0], 2);
}

static wick_list *two_gradients(wick_module *m, wick_list *grad_inputs, wick_list *grad_outputs, void *context)
{
    (void)m, (void)grad_outputs, (void)context;
    return wick_grads(wick_list_get(grad_inputs, 0), NULL);
}

static int64_t three(wick_dataset *d)
{
    (void)d;
    return 3;
}

static wick_list *no_item(wick_dataset *d, int64_t i)
{
    (void)d, (void)i;
    return NULL;
}

static wick_tensor *leaf(void) { return wick_ones(2, 3, .requires_grad = true); }

static void op(void) { wick_matmul(leaf(), leaf()); }
static void op_in_place(void) { wick_exp_(leaf()); }
static void op_of_many(void) { wick_mse_loss(wick_ones(2, 3), wick_ones(4)); }
static void op_of_options(void) { wick_sum(leaf(), 7); }
static void op_of_index(void) { wick_select(wick_ones(2), 0, 5); }
static void op_of_sizes(void) { wick_view(leaf(), 4, 4); }
static void composed(void) { wick_cosine_embedding_loss(leaf(), leaf(), wick_ones(5)); }
static void creation(void) { wick_zeros(-1); }
static void list(void) { wick_cat(wick_list_of(leaf(), wick_ones(5)), 0); }
static void backward(void) { wick_backward(wick_mul(leaf(), 2)); }

static void second_backward(void)
{
    wick_tensor *y = wick_sum(wick_exp(leaf()));
    wick_backward(y);
    wick_backward(y);
}

static void custom_backward(void)
{
    static const wick_function_def def = {"Doubled", .forward = doubled, .backward = wrong_count};
    wick_tensor *x = leaf();
    wick_backward(wick_sum(wick_apply(&def, WICK_TENSORS(x))));
}

static void module(void) { wick_nn_linear(-1, 2); }

static void model(void)
{
    wick_nn_forward(wick_nn_sequential(wick_nn_relu(), wick_nn_sequential(wick_nn_linear(4, 2))), leaf());
}

static void module_hook(void)
{
    wick_module *m = wick_nn_linear(3, 2);
    wick_nn_register_full_backward_hook(m, two_gradients);
    wick_backward(wick_sum(wick_nn_forward(m, leaf())));
}

static void state_dict(void)
{
    wick_nn_load_state_dict(wick_nn_linear(3, 2), wick_nn_state_dict(wick_nn_linear(2, 2)));
}

static void optimizer(void) { wick_optim_adam(wick_list_of(leaf()), .lr = -1); }

static void step_closure(void)
{
    wick_optim_step_closure(wick_optim_sgd(wick_list_of(leaf())), closure_without_loss, NULL);
}

static void lbfgs(void) { wick_optim_step_closure(wick_optim_lbfgs(wick_list_of(leaf())), closure_without_loss, NULL); }

static void scheduler(void)
{
    wick_optim *o = wick_optim_sgd(wick_list_of(leaf()));
    wick_scheduler *s = wick_lr_lambda_lr(o, bad_factor);
    wick_optim_step(o);
    wick_lr_step(s);
}

static void loader(void)
{
    wick_tensor *x;
    wick_iterator *it = wick_data_iterate(wick_data_loader(wick_data_dataset(.length = three, .item = no_item)));
    wick_data_next(it, &x);
}

static void loader_with_workers(void)
{
    wick_tensor *x;
    wick_dataset *d = wick_data_dataset(.length = three, .item = no_item);
    wick_iterator *it = wick_data_iterate(wick_data_loader(d, .num_workers = 1));
    wick_data_next(it, &x);
}

static void sampler(void) { wick_data_sampler_indices(wick_data_weighted_random_sampler(wick_full(-1, 3), 2)); }
static void save(void) { wick_save(wick_nn_state_dict(wick_nn_linear(3, 2)), "/nowhere/at/all.pth"); }
static void load(void) { wick_load("/nowhere/at/all.pth"); }
static void table(void) { wick_data_loadtxt("/nowhere/at/all.csv"); }
static void gradcheck(void)
{
    wick_tensor *t = wick_ones(2);
    wick_gradcheck(first, &t, 1, .eps = -1);
}
static void gradgradcheck(void)
{
    wick_tensor *t = wick_ones(2);
    wick_gradgradcheck(first, &t, 1, .eps = -1);
}
static void jacobian(void)
{
    wick_tensor *t = wick_ones(2);
    wick_jacobian(NULL, &t, 1);
}
static void freed(void) { wick_print(NULL); }

static const struct thrower {
    void (*f)(void);
    const char *message;
} throwers[] = {
    {op, "ShapeError: wick_matmul: "},
    {op_in_place, "AutogradError: wick_exp_: "},
    {op_of_many, "ShapeError: wick_mse_loss: "},
    {op_of_options, "IndexError: wick_sum: "},
    {op_of_sizes, "ShapeError: wick_view: "},
    {composed, "ShapeError: wick_cosine_embedding_loss: "},
    {creation, "ShapeError: wick_zeros: "},
    {list, "ShapeError: wick_cat: "},
    {backward, "AutogradError: wick_backward: "},
    {second_backward, "AutogradError: wick_backward: "},
    {custom_backward, "ArgumentError: wick_backward: "},
    {module, "ShapeError: wick_nn_linear: "},
    {model, "ShapeError: wick_linear: "}, /* the function that the layer is made of */
    {module_hook, "ArgumentError: wick_backward: "},
    {state_dict, "ShapeError: wick_nn_load_state_dict: "},
    {optimizer, "ArgumentError: wick_optim_adam: "},
    {step_closure, "ArgumentError: wick_optim_step_closure: "},
    {lbfgs, "ArgumentError: wick_optim_step_closure: "},
    {scheduler, "ArgumentError: wick_lr_step: "},
    {loader, "ArgumentError: wick_data_next: "},
    {loader_with_workers, "ArgumentError: wick_data_next: "},
    {sampler, "ArgumentError: wick_data_weighted_random_sampler: "},
    {save, ""}, /* FileError, or BuildError */
    {load, ""},
    {table, "FileError: wick_data_loadtxt: "},
    {gradcheck, "ArgumentError: wick_gradcheck: "},
    {gradgradcheck, "ArgumentError: wick_gradgradcheck: "},
    {jacobian, "ArgumentError: wick_jacobian: "},
    {freed, "ArgumentError: wick_print: "},
};

/* Whether f threw, with what it had opened closed: the way of a binding's protected call. */
static bool protected_call(void (*f)(void))
{
    wick_scope scope = wick_scope_push();
    const bool grad_mode = wick_is_grad_enabled();
    thrown[0] = '\0';
    if (!setjmp(away))
        f();
    wick_scope_pop(&scope);
    wick_set_grad_enabled(grad_mode);
    wick_clear_error();
    return thrown[0] != '\0';
}

START_TEST(a_handler_may_leave)
{
    wick_on_error(throw);
    for (size_t i = 0; i < sizeof throwers / sizeof *throwers; i++) {
        const struct thrower *t = &throwers[i];
        size_t bytes = 0;
        long long owned = 0;
        for (int round = 0; round < 4; round++) {
            ck_assert_msg(protected_call(t->f), "%zu (%s) did not throw", i, t->message);
            ck_assert_msg(strncmp(without_place(thrown), t->message, strlen(t->message)) == 0, "not %s: %s", t->message,
                          thrown);
            ck_assert_ptr_null(wk_this_thread.function);
            ck_assert_int_eq(wk_this_thread.within, 0);
            ck_assert_int_eq((int)wk_this_thread.held, WICK_OK);
            if (round == 1) {
                bytes = wick_memory_allocated();
                owned = wick_scope_count();
            } else if (round > 1) {
                ck_assert_msg(wick_memory_allocated() == bytes, "%s keeps %lld bytes", t->message,
                              (long long)(wick_memory_allocated() - bytes));
                ck_assert_int_eq(wick_scope_count(), owned);
            }
            /* What fails afterwards is blamed on itself. */
            ck_assert(protected_call(op_of_index));
            ck_assert_ptr_eq(strstr(thrown, "IndexError: wick_select: "), without_place(thrown));
        }
    }
    wick_on_error(NULL);
}
END_TEST

/* Scopes and settings of the user's that the jump goes past are for the user to restore, as protected_call does. */
static void leave_from_within(void)
{
    WICK_SCOPE;
    wick_tensor *x = wick_ones(4);
    for (int i = 0; i < 3; i++) {
        WICK_SCOPE;
        WICK_NO_GRAD;
        wick_select(wick_add(x, 1), 0, i + 2); /* the last one is beyond the end */
    }
}

START_TEST(what_the_jump_goes_past)
{
    wick_on_error(throw);
    size_t bytes = 0;
    for (int i = 0; i < 50; i++) {
        ck_assert(protected_call(leave_from_within));
        ck_assert(wick_is_grad_enabled());
        ck_assert_ptr_null(wick_error());
        if (i == 1)
            bytes = wick_memory_allocated();
        else if (i > 1)
            ck_assert_uint_eq(wick_memory_allocated(), bytes);
    }
    wick_on_error(NULL);
}
END_TEST

/* ---- What the handler may do besides ----------------------------------------------------------------------------- */

static char seen[20000];
static int calls;

static void clear_and_read(wick_error_code code, const char *message)
{
    (void)code;
    calls++;
    wick_clear_error();
    snprintf(seen, sizeof seen, "%s", message);
}

START_TEST(a_handler_may_clear_the_error_it_reads)
{
    static char name[9000];
    memset(name, 'x', sizeof name - 1);
    wick_on_error(clear_and_read);
    wick_matmul(wick_ones(2), wick_ones(3));
    ck_assert_ptr_eq(strstr(seen, "ShapeError: wick_matmul: "), without_place(seen));
    ck_assert_ptr_null(wick_error());
    for (size_t length = 500; length < sizeof name; length *= 2) { /* in the thread's own buffer, and beyond it */
        ck_assert_ptr_null(wick_fail(WICK_ERROR_FILE, "%.*s", (int)length, name));
        ck_assert_uint_gt(strlen(seen), length < 8000 ? length : 8000);
        ck_assert(!wick_nn_load_state_dict(wick_nn_linear(1, 1), NULL));
        ck_assert_ptr_eq(strstr(seen, "ArgumentError: wick_nn_load_state_dict: "), without_place(seen));
    }
    ck_assert_ptr_null(wick_error());
    wick_on_error(NULL);
}
END_TEST

static void fail_in_turn(wick_error_code code, const char *message)
{
    char before[200];
    (void)code;
    snprintf(before, sizeof before, "%s", message);
    if (calls++ < 3)
        wick_fail(WICK_ERROR_FILE, "in the handler: %5000d", calls);
    if (calls < 3)
        wick_select(wick_ones(2), 0, 5);
    ck_assert(strncmp(before, message, strlen(before)) == 0);
}

START_TEST(a_handler_may_fail_itself)
{
    calls = 0;
    wick_on_error(fail_in_turn);
    wick_matmul(wick_ones(2), wick_ones(3));
    ck_assert_int_ge(calls, 3);
    wick_on_error(NULL);
    ASSERT_ERROR(WICK_ERROR_SHAPE, "wick_matmul"); /* the first cause */
}
END_TEST

/* ---- In the user's code ------------------------------------------------------------------------------------------ */

static char order[400];

static void note(wick_error_code code, const char *message)
{
    (void)code;
    const char *name = strchr(without_place(message), ' ') + 1;
    size_t at = strlen(order), length = strcspn(name, ":");
    snprintf(order + at, sizeof order - at, "%.*s;", (int)length, name);
}

static void mark(const char *text) { snprintf(order + strlen(order), sizeof order - strlen(order), "%s;", text); }

static wick_tensor *failing_closure(void *context)
{
    (void)context;
    mark("closure");
    wick_tensor *y = wick_sum(wick_matmul(wick_ones(2, 2), wick_ones(3, 3)));
    mark("goes on");
    return y;
}

static wick_tensor *failing_forward(wick_module *m, wick_tensor *x)
{
    (void)m;
    mark("forward");
    wick_fail(WICK_ERROR_SHAPE, "only_square: not square");
    mark("goes on");
    return wick_neg(x);
}

static void failing_destroy(void *context)
{
    (void)context;
    mark("destroy");
    wick_select(wick_ones(2), 0, 5);
    mark("goes on");
}

static wick_tensor *pass_on(wick_tensor *grad, void *context)
{
    (void)context;
    return grad;
}

START_TEST(users_code_is_a_level_of_its_own)
{
    wick_on_error(note);
    order[0] = '\0';
    wick_optim *o = wick_optim_sgd(wick_list_of(leaf()));
    ck_assert_ptr_null(wick_optim_step_closure(o, failing_closure, NULL));
    ck_assert_str_eq(order, "closure;wick_matmul;goes on;wick_optim_step_closure;");
    ASSERT_ERROR(WICK_ERROR_SHAPE, "wick_matmul"); /* not the name of the function that called the closure */

    order[0] = '\0';
    wick_module *m = wick_nn_module("OnlySquare", .forward = failing_forward);
    wick_module *both = wick_nn_sequential(m, wick_nn_linear(4, 4));
    wick_nn_forward(both, wick_ones(2, 3));
    ck_assert_str_eq(order, "forward;only_square;goes on;wick_linear;"); /* and wick_nn_forward went on, as before */
    ASSERT_ERROR(WICK_ERROR_SHAPE, "only_square: not square");

    /* A user's function that fails while a public one fails tells for itself, and the cause is told of afterwards. */
    order[0] = '\0';
    wick_tensor *x = leaf(), *y = wick_sum(wick_mul(x, 2));
    wick_hook *hook = wick_register_hook(x, pass_on, .destroy = failing_destroy);
    ck_assert_ptr_nonnull(hook);
    wick_hook_remove(hook);
    (void)y;
    mark("removed");
    ck_assert_str_eq(order, "removed;"); /* the scope holds the hook to its end */
    wick_on_error(NULL);
    wick_clear_error();
}
END_TEST

START_TEST(a_chain_is_told_of_once)
{
    wick_on_error(note);
    order[0] = '\0';
    ck_assert_ptr_null(wick_cross_entropy(wick_relu(wick_matmul(wick_ones(2), wick_ones(3))), NULL));
    ck_assert_str_eq(order, "wick_matmul;");
    order[0] = '\0';
    ck_assert_ptr_null(
        wick_mse_loss(wick_ones(2), wick_ones(3))); /* the first cause stands; this one is told of, too */
    ck_assert_str_eq(order, "wick_mse_loss;");
    ASSERT_ERROR(WICK_ERROR_SHAPE, "wick_matmul");
    wick_on_error(NULL);
}
END_TEST

Suite *handler_suite(void);
Suite *handler_suite(void)
{
    const TTest *const tests[] = {
        a_handler_may_leave,       what_the_jump_goes_past,          a_handler_may_clear_the_error_it_reads,
        a_handler_may_fail_itself, users_code_is_a_level_of_its_own, a_chain_is_told_of_once,
    };
    return MAKE_SUITE("handler", tests);
}
