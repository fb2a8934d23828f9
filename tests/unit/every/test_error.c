/* test_error.c - errors: the first cause, the handler, NULL in NULL out everywhere, and what messages say. */
#define _POSIX_C_SOURCE 200809L
#include "check_wick.h"

#include <float.h>
#include <locale.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- A handler that remembers ------------------------------------------------------------------------------------ */

static struct told {
    int calls;
    wick_error_code code;
    char message[4096], recorded[4096];
} told;

static void remember(wick_error_code code, const char *message)
{
    told.calls++;
    told.code = code;
    snprintf(told.message, sizeof told.message, "%s", message);
    snprintf(told.recorded, sizeof told.recorded, "%s", wick_error() ? wick_error() : "nothing");
}

static void listen(void)
{
    memset(&told, 0, sizeof told);
    wick_on_error(remember);
}

/* ---- The first cause --------------------------------------------------------------------------------------------- */

/* A number is told from the bound that it breaks, with a point in every locale; what came from outside is shown without
 * control characters. */
START_TEST(numbers_and_text_in_messages)
{
    wick_tensor *x = wick_ones(2, 2);
    ASSERT_FAILS(wick_dropout(x, 1.0000001, true), WICK_ERROR_ARGUMENT, "and is 1.0000001");
    ASSERT_FAILS(wick_nn_dropout(1 + DBL_EPSILON), WICK_ERROR_ARGUMENT, "got 1.0000000000000002");
    ASSERT_FAILS(wick_binary_cross_entropy(wick_full(1.0000001, 1), wick_ones(1)), WICK_ERROR_ARGUMENT,
                 "one is 1.0000001192092896");
    ASSERT_FAILS(wick_optim_sgd(wick_list_of(x), .lr = -1e-300), WICK_ERROR_ARGUMENT, "learning rate: -1e-300");
    ASSERT_FAILS(wick_numpy_choice(2, 1, .p = wick_from(((double[]){0.5, 0.50001}), 2)), WICK_ERROR_ARGUMENT,
                 "1.00001,");
    ASSERT_FAILS(wick_dropout(x, 2, true), WICK_ERROR_ARGUMENT, "and is 2");
    ASSERT_FAILS(wick_dropout(x, (double)NAN, true), WICK_ERROR_ARGUMENT, "and is nan");
    ASSERT_FAILS(wick_dropout(x, -(double)INFINITY, true), WICK_ERROR_ARGUMENT, "and is -inf");
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (setlocale(LC_NUMERIC, names[i])) {
            wick_dropout(x, 1.5, true);
            setlocale(LC_NUMERIC, "C");
            ASSERT_ERROR(WICK_ERROR_ARGUMENT, "and is 1.5");
        }
    wick_dict *state = wick_nn_dict_new();
    wick_nn_dict_set(state, "we\tird\n\x1b[2J", x);
    ASSERT_FAILS(wick_nn_load_state_dict(wick_nn_relu(), state), WICK_ERROR_SHAPE, "\"we\\tird\\n\\x1b[2J\"");
}
END_TEST

START_TEST(the_first_cause_stays)
{
    ck_assert_ptr_null(wick_error());
    ck_assert_int_eq(wick_error_kind(), WICK_OK);
    ck_assert_ptr_null(wick_add(wick_ones(2), wick_ones(3)));
    const char *message = wick_error();
    ck_assert_ptr_nonnull(message);
    char first[512];
    snprintf(first, sizeof first, "%s", message);
    ck_assert_ptr_null(wick_select(wick_ones(2), 0, 5));
    ck_assert_ptr_null(wick_zeros(-1));
    ck_assert_ptr_eq(wick_error(), message);
    ck_assert_str_eq(wick_error(), first);
    ck_assert_ptr_eq(wick_error_message(), without_place(message));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_SHAPE);
    ASSERT_VALUES(wick_add(wick_ones(1), 1), 2); /* good calls go on working, and do not clear it */
    ck_assert_ptr_eq(wick_error(), message);
    wick_clear_error();
    ck_assert_ptr_null(wick_error());
    ck_assert_int_eq(wick_error_kind(), WICK_OK);
    wick_clear_error();
    ASSERT_FAILS(wick_select(wick_ones(2), 0, 5), WICK_ERROR_INDEX, "IndexError: wick_select", "5");
}
END_TEST

START_TEST(a_chain_has_one_cause)
{
    wick_tensor *W = wick_ones(3, 4), *b = wick_ones(4), *labels = wick_zeros(2, .dtype = WICK_INT64);
    listen();
    wick_tensor *loss = wick_mul(
        wick_cross_entropy(
            wick_log_softmax(wick_relu(wick_add(
                                 wick_t(wick_reshape(wick_exp(wick_tanh(wick_matmul(wick_ones(2, 5), W))), 4, 2)), b)),
                             1),
            labels),
        2.0);
    ck_assert_ptr_null(loss);
    ck_assert_int_eq(told.calls, 1);
    ck_assert(!wick_backward(loss));
    ck_assert(isnan(wick_item(loss)));
    ck_assert_ptr_null(wick_grad_of(loss));
    ck_assert(!wick_print(loss));
    ck_assert_ptr_null(wick_to_string(loss));
    ck_assert_ptr_null(wick_list_of(W, loss, b));
    ck_assert_ptr_null(wick_cat(wick_list_of(W, loss), 0));
    ck_assert_int_eq(told.calls, 1);
    ck_assert_int_eq(told.code, WICK_ERROR_SHAPE);
    ck_assert_str_eq(told.message, wick_error());
    wick_on_error(NULL);
    ASSERT_ERROR(WICK_ERROR_SHAPE, "ShapeError: wick_matmul", "(2, 5)", "(3, 4)");
}
END_TEST

START_TEST(a_null_without_a_cause_is_one)
{
    ASSERT_FAILS(wick_relu(NULL), WICK_ERROR_ARGUMENT, "ArgumentError: wick_relu", "x is NULL", "tensor");
    ASSERT_FAILS(wick_matmul(wick_ones(1, 1), NULL), WICK_ERROR_ARGUMENT, "wick_matmul", "b is NULL");
}
END_TEST

/* ---- The handler ------------------------------------------------------------------------------------------------- */

static void ignore(wick_error_code code, const char *message)
{
    (void)code;
    (void)message;
}

START_TEST(the_handler_is_told_each_time)
{
    ck_assert(wick_on_error(ignore) == NULL);
    ck_assert(wick_on_error(NULL) == ignore);
    listen();
    wick_zeros(-1);
    ck_assert_int_eq(told.calls, 1);
    ck_assert_str_eq(told.message, told.recorded); /* recorded before the handler is told */
    wick_zeros(-2);
    ck_assert_int_eq(told.calls, 2);
    ck_assert_ptr_nonnull(strstr(told.message, "-2"));
    ck_assert_ptr_nonnull(strstr(told.recorded, "-1")); /* the first cause stays */
    wick_on_error(NULL);
    wick_zeros(-3);
    ck_assert_int_eq(told.calls, 2);
    ASSERT_ERROR(WICK_ERROR_SHAPE, "-1");
}
END_TEST

START_TEST(print_and_exit)
{
    if (is_watched()) { /* the child's exit would be reported, with what it has not freed */
        printf("print_and_exit: skipped under a checker\n");
        return;
    }
    int ends[2], status;
    ck_assert_int_eq(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        wick_on_error(wick_print_and_exit);
        wick_matmul(wick_ones(2, 3), wick_ones(2, 3));
        _exit(0);
    }
    close(ends[1]);
    char text[512] = {0};
    size_t length = 0; /* stderr may be written piece by piece */
    for (ssize_t n; (n = read(ends[0], text + length, sizeof text - 1 - length)) > 0;)
        length += (size_t)n;
    ck_assert_uint_gt(length, 0);
    close(ends[0]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    ck_assert_ptr_eq(strstr(text, "ShapeError: wick_matmul: "), without_place(text));
    ck_assert_int_eq(text[strlen(text) - 1], '\n');
}
END_TEST

/* ---- wick_fail --------------------------------------------------------------------------------------------------- */

START_TEST(users_fail_too)
{
    ck_assert_ptr_null(wick_fail(WICK_ERROR_FILE, "my_reader: %s has %d rows", "a.csv", 3));
    ck_assert_str_eq(wick_error_message(), "FileError: my_reader: a.csv has 3 rows");
    wick_fail(WICK_ERROR_INDEX, "later: %s", wick_error()); /* its own message as an argument */
    ck_assert_str_eq(wick_error_message(), "FileError: my_reader: a.csv has 3 rows");
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_FILE);
    wick_clear_error();
#define NAMED(code, name)                                   \
    if (code != WICK_OK) {                                  \
        wick_fail(code, "x");                               \
        ck_assert_int_eq(wick_error_kind(), code);          \
        ck_assert_str_eq(wick_error_message(), name ": x"); \
        wick_clear_error();                                 \
    }
    WICK_ERROR_CODES(NAMED)
    wick_fail(WICK_OK, "x"); /* no code of an error: */
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "ArgumentError: x");
    wick_fail((wick_error_code)99, "x");
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "ArgumentError: x");
}
END_TEST

START_TEST(long_messages_are_whole)
{
    static char text[20001];
    memset(text, 'x', sizeof text - 1);
    for (size_t length = 980; length < 1040; length++) { /* around the size of the buffer */
        wick_fail(WICK_ERROR_ARGUMENT, "%.*s!", (int)length, text);
        ck_assert_uint_eq(strlen(wick_error_message()), strlen("ArgumentError: ") + length + 1);
        ck_assert_int_eq(wick_error()[strlen(wick_error()) - 1], '!');
        wick_clear_error();
    }
    listen();
    wick_fail(WICK_ERROR_ARGUMENT, "%s!", text);
    wick_fail(WICK_ERROR_ARGUMENT, "%s?", text); /* not the first: told, and forgotten */
    ck_assert_int_eq(told.calls, 2);
    wick_on_error(NULL);
    ck_assert_uint_eq(strlen(wick_error_message()), strlen("ArgumentError: ") + 20001);
    ck_assert_int_eq(wick_error()[strlen(wick_error()) - 1], '!');
    wick_clear_error();
    wick_fail(WICK_ERROR_ARGUMENT, "short");
    ck_assert_str_eq(wick_error_message(), "ArgumentError: short");
    wick_clear_error();
}
END_TEST

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

static void *fail_elsewhere(void *unused)
{
    (void)unused;
    if (wick_error())
        return "the error of another thread";
    wick_select(wick_ones(2), 0, 9);
    if (wick_error_kind() != WICK_ERROR_INDEX)
        return "no error of its own";
    return NULL;
}

START_TEST(each_thread_has_its_own_error)
{
    wick_zeros(-1);
    pthread_t thread;
    void *result;
    ck_assert_int_eq(pthread_create(&thread, NULL, fail_elsewhere, NULL), 0);
    ck_assert_int_eq(pthread_join(thread, &result), 0);
    ck_assert_msg(!result, "%s", (char *)result);
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_SHAPE);
    ASSERT_ERROR(WICK_ERROR_SHAPE, "wick_zeros");
}
END_TEST

/* ---- What is no tensor ------------------------------------------------------------------------------------------- */

START_TEST(objects_of_another_kind)
{
    wick_tensor *t = wick_ones(2, .requires_grad = true);
    wick_module *m = wick_nn_relu();
    wick_list *list = wick_list_of(t);
    wick_optim *opt = wick_optim_sgd(list);
    void *const others[] = {m, list, opt, wick_grad_fn(wick_add(t, t))};
    /* A whole number that a compiler made a pointer of, with a warning. */
    ASSERT_FAILS(wick_exp((wick_tensor *)(intptr_t)3), WICK_ERROR_ARGUMENT, "wick_exp: x is the number 3",
                 "wick_scalar");
    ASSERT_FAILS(wick_exp((wick_tensor *)(intptr_t)-1), WICK_ERROR_ARGUMENT, "wick_exp: x is the number -1");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        wick_tensor *no_tensor = others[i];
        ASSERT_FAILS(wick_exp(no_tensor), WICK_ERROR_ARGUMENT, "wick_exp", "x is not a tensor");
        ASSERT_FAILS(wick_add(t, no_tensor), WICK_ERROR_ARGUMENT, "wick_add", "b is not a tensor");
        ASSERT_FAILS(wick_backward(no_tensor), WICK_ERROR_ARGUMENT, "wick_backward", "not a tensor");
        ASSERT_FAILS(wick_list_of(t, no_tensor), WICK_ERROR_ARGUMENT, "wick_list", "not a tensor");
    }
    void *tensor = t;
    ASSERT_FAILS(wick_nn_forward((wick_module *)tensor, t), WICK_ERROR_ARGUMENT, "wick_nn_forward", "not a module");
    ASSERT_FAILS(wick_optim_step((wick_optim *)tensor), WICK_ERROR_ARGUMENT, "wick_optim_step", "not a");
    ASSERT_FAILS(wick_cat((wick_list *)tensor, 0), WICK_ERROR_ARGUMENT, "wick_cat", "not a list");
    ASSERT_FAILS(wick_node_name((wick_node *)tensor), WICK_ERROR_ARGUMENT, "wick_node_name", "not a node");
}
END_TEST

START_TEST(freed_objects)
{
    if (is_watched()) {
        printf("freed_objects: skipped under a checker, which sees the read itself\n");
        return;
    }
    wick_tensor *gone;
    wick_module *model;
    {
        WICK_SCOPE;
        gone = wick_ones(2);
        model = wick_nn_linear(2, 2);
    }
    ASSERT_FAILS(wick_exp(gone), WICK_ERROR_ARGUMENT, "wick_exp: x was freed already", "scope", "wick_keep",
                 "wick_out");
    ASSERT_FAILS(wick_nn_forward(model, wick_scalar(1)), WICK_ERROR_ARGUMENT, "wick_nn_forward", "freed already");
    ASSERT_FAILS(wick_nn_parameters(model), WICK_ERROR_ARGUMENT, "freed already");
}
END_TEST

/* ---- Warnings ---------------------------------------------------------------------------------------------------- */

static int warned;
static char warning_text[3000];

static void remember_warning(const char *message)
{
    warned++;
    snprintf(warning_text, sizeof warning_text, "%s", message);
}

static void *warn_in_a_thread(void *unused)
{
    (void)unused;
    CHECK(!wick_warning());
    wick_warn("of %d", 3);
    CHECK(strcmp(without_place(wick_warning()), "Warning: of 3") == 0);
    return NULL; /* the text goes with the thread */
}

START_TEST(warnings_are_no_errors)
{
    ck_assert_ptr_null(wick_warning());
    wick_warn("%s is %d", "this", 1);
    wick_warn("%s", wick_warning());
    ck_assert_str_eq(without_place(wick_warning()), "Warning: this is 1"); /* the first stays */
    ASSERT_NO_ERROR();
    run_in_thread(warn_in_a_thread, NULL, 0);
    ck_assert_str_eq(without_place(wick_warning()), "Warning: this is 1");
    wick_clear_warning();
    ck_assert_ptr_null(wick_warning());
    wick_clear_warning();

    char long_text[2000];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    ck_assert(wick_on_warning(remember_warning) == NULL);
    wick_warn("%s!", long_text);
    wick_warn("again");
    ck_assert_int_eq(warned, 2);
    ck_assert_str_eq(without_place(warning_text), "Warning: again");
    ck_assert_ptr_null(wick_warning()); /* the handler was told */
    ck_assert(wick_on_warning(wick_print_warning) == remember_warning);
    ck_assert(wick_on_warning(NULL) == wick_print_warning);
    wick_warn("%s!", long_text);
    ck_assert_uint_eq(strlen(without_place(wick_warning())), strlen("Warning: ") + 2000);
    wick_clear_warning();
}
END_TEST

/* ---- NULL everywhere --------------------------------------------------------------------------------------------- */

/* Each public function that takes an object, with NULL for each object in turn, and the name that its message has. Of the
 * operations those that take a list; op_suite.h tries the others. */
#define BOTH(op) X(wick_##op, wick_##op(N, t)) X(wick_##op, wick_##op(t, N)) X(wick_##op, wick_##op(N, N))
#define ONE(op) X(wick_##op, wick_##op(N))
/* clang-format off */
#define CALLS \
    ONE(empty_like) ONE(zeros_like) ONE(ones_like) X(wick_full_like, wick_full_like(N, 1)) ONE(rand_like) \
    ONE(randn_like) X(wick_list, wick_list_n(&N, 1)) X(wick_list, wick_list_n(NULL, 2)) \
    X(wick_list_get, wick_list_get(NULL, 0)) ONE(ndim) ONE(numel) X(wick_size, wick_size(N, 0) + 1) ONE(shape) \
    ONE(shape_string) \
    ONE(strides) ONE(storage_offset) X(wick_dtype_of, wick_dtype_of(N) != WICK_DTYPE_AUTO) \
    X(wick_device_of, wick_device_of(N).type) ONE(is_contiguous) BOTH(same_storage) ONE(version) BOTH(equal) \
    X(wick_item, !isnan(wick_item(N))) ONE(item_int) X(wick_get, !isnan(wick_get(N, 0))) \
    X(wick_set, wick_set(N, 0, 0)) ONE(data_ptr) X(wick_data, wick_data_float32(N)) \
    X(wick_data, wick_data_float64(N)) X(wick_data, wick_data_int64(N)) X(wick_data, wick_data_uint8(N)) \
    X(wick_data, wick_data_bool(N)) X(wick_to_string, wick_to_string(N)) X(wick_print, wick_print(N)) \
    X(wick_fprint, wick_fprint(stdout, N)) X(wick_from, wick_from_n(NULL, WICK_FLOAT32, (const int64_t[]){1}, 1)) \
    X(wick_cat, wick_cat(NULL, 0)) X(wick_stack, wick_stack(NULL, 0)) X(wick_index, wick_index(t, NULL)) \
    X(wick_requires_grad_, wick_requires_grad_(N, true)) ONE(requires_grad) ONE(is_leaf) ONE(grad_of) \
    X(wick_set_grad, wick_set_grad(N, t)) X(wick_set_grad, wick_set_grad(N, NULL)) ONE(retain_grad) ONE(detach) \
    X(wick_backward, wick_backward(N)) X(wick_backward, wick_backward_from(NULL, NULL, false, false)) \
    X(wick_grad, wick_grad(NULL, list)) X(wick_grad, wick_grad(list, NULL)) ONE(grad_fn) \
    X(wick_node_name, wick_node_name(NULL)) X(wick_node_inputs, wick_node_inputs(NULL)) \
    X(wick_node_input, wick_node_input(NULL, 0)) X(wick_node_variable, wick_node_variable(NULL)) \
    X(wick_gradcheck, wick_gradcheck(NULL, &t, 1)) X(wick_gradcheck, wick_gradcheck(identity, NULL, 1)) \
    X(wick_gradcheck, wick_gradcheck(identity, &N, 1)) X(wick_gradgradcheck, wick_gradgradcheck(NULL, &t, 1)) \
    X(wick_gradgradcheck, wick_gradgradcheck(identity, &N, 1)) X(wick_vjp, wick_vjp(NULL, &t, 1, t)) \
    X(wick_vjp, wick_vjp(identity, NULL, 1, t)) X(wick_vjp, wick_vjp(identity, &N, 1, t)) \
    X(wick_jvp, wick_jvp(NULL, &t, 1, list)) X(wick_jvp, wick_jvp(identity, NULL, 1, list)) \
    X(wick_jvp, wick_jvp(identity, &N, 1, list)) X(wick_jacobian, wick_jacobian(NULL, &t, 1)) \
    X(wick_jacobian, wick_jacobian(identity, NULL, 1)) X(wick_jacobian, wick_jacobian(identity, &N, 1)) \
    X(wick_hessian, wick_hessian(NULL, &t, 1)) X(wick_hessian, wick_hessian(identity, NULL, 1)) \
    X(wick_hessian, wick_hessian(identity, &N, 1)) X(wick_hvp, wick_hvp(NULL, &t, 1, list)) \
    X(wick_hvp, wick_hvp(identity, NULL, 1, list)) X(wick_hvp, wick_hvp(identity, &N, 1, list))
/* clang-format on */

static wick_tensor *identity(wick_tensor *const *inputs, int n, void *context)
{
    (void)n;
    (void)context;
    return inputs[0];
}

START_TEST(null_everywhere)
{
    wick_tensor *t = wick_ones(1, 1, .dtype = WICK_FLOAT64, .requires_grad = true), *N = NULL;
    wick_list *list = wick_list_of(wick_sum(t));
    int calls = 0;
    long long objects = wick_scope_count();

    /* Without an earlier error, the NULL is the first cause: one message that names the function. */
#define X(name, call)                                                                           \
    {                                                                                           \
        WICK_SCOPE;                                                                             \
        listen();                                                                               \
        ck_assert_msg(!(call), "%s does not fail", #call);                                      \
        ck_assert_msg(told.calls == 1, "%s told the handler %d times", #call, told.calls);      \
        ck_assert_msg(strstr(wick_error(), #name) != NULL, "%s: %s", #call, wick_error());      \
        ck_assert_msg(wick_error_kind() == WICK_ERROR_ARGUMENT, "%s: %s", #call, wick_error()); \
        wick_clear_error();                                                                     \
        calls++;                                                                                \
    }
    CALLS
#undef X
    /* After an error it is what that call returned: nothing more is said. */
    wick_on_error(NULL);
    wick_zeros(-1);
    listen();
#define X(name, call)                                                           \
    {                                                                           \
        WICK_SCOPE;                                                             \
        ck_assert_msg(!(call), "%s does not fail", #call);                      \
        if (strncmp(#name, "wick_from", 9) != 0 && !strstr(#call, "NULL"))      \
            ck_assert_msg(told.calls == 0, "%s told: %s", #call, told.message); \
        told.calls = 0;                                                         \
    }
    CALLS
#undef X
    wick_on_error(NULL);
    ASSERT_ERROR(WICK_ERROR_SHAPE, "wick_zeros", "-1");
    ck_assert_int_gt(calls, 60);
    ck_assert_int_eq(wick_scope_count(), objects);
    ASSERT_VALUES(t, 1); /* in-place functions with a NULL changed nothing */
    ck_assert_uint_eq(wick_version(t), 0);
    ck_assert_int_eq(wick_list_count(NULL), 0); /* NULL is no error to these */
    ck_assert(wick_set_grad(t, NULL));
    ASSERT_NO_ERROR();
}
END_TEST

/* ---- What messages say ------------------------------------------------------------------------------------------- */

START_TEST(shapes)
{
    wick_tensor *a = wick_ones(2, 3), *b = wick_ones(4, 3), *v = wick_ones(4);
    ASSERT_FAILS(wick_add(a, b), WICK_ERROR_SHAPE, "wick_add", "(2, 3)", "(4, 3)", "sizes 2 and 4 at dimension 0");
    ASSERT_FAILS(wick_mul(a, v), WICK_ERROR_SHAPE, "wick_mul", "(2, 3)", "(4,)");
    ASSERT_FAILS(wick_where(wick_ones(2, .dtype = WICK_BOOL), a, a), WICK_ERROR_SHAPE, "wick_where", "(2,)", "(2, 3)");
    ASSERT_FAILS(wick_matmul(a, b), WICK_ERROR_SHAPE, "wick_matmul", "(2, 3)", "(4, 3)", "rows");
    ASSERT_FAILS(wick_matmul(a, v), WICK_ERROR_SHAPE, "wick_matmul", "(2, 3)", "(4,)");
    ASSERT_FAILS(wick_matmul(wick_ones(), a), WICK_ERROR_SHAPE, "wick_matmul", "()", "wick_mul");
    ASSERT_FAILS(wick_matmul(wick_ones(2, 1, 1), wick_ones(3, 1, 1)), WICK_ERROR_SHAPE, "wick_matmul");
    ASSERT_FAILS(wick_mm(a, v), WICK_ERROR_SHAPE, "wick_mm", "matrices", "(4,)", "wick_matmul");
    ASSERT_FAILS(wick_addmm(wick_ones(5), a, wick_ones(3, 2)), WICK_ERROR_SHAPE, "wick_addmm", "(5,)", "(2, 2)");
    ASSERT_FAILS(wick_linear(a, wick_ones(4, 5), NULL), WICK_ERROR_SHAPE, "wick_linear", "(2, 3)", "(4, 5)", "in");
    ASSERT_FAILS(wick_linear(a, b, wick_ones(3)), WICK_ERROR_SHAPE, "wick_linear", "(3,)", "(4, 3)");
    ASSERT_FAILS(wick_matmul(a, wick_ones(3, 2, .dtype = WICK_FLOAT64)), WICK_ERROR_DTYPE, "wick_matmul", "float32",
                 "float64", "wick_to");
    ASSERT_FAILS(wick_reshape(a, 4, 2), WICK_ERROR_SHAPE, "wick_reshape", "(4, 2)", "(2, 3)", "6 elements");
    ASSERT_FAILS(wick_reshape(a, -1, 4), WICK_ERROR_SHAPE, "wick_reshape", "(-1, 4)");
    ASSERT_FAILS(wick_reshape(a, -1, -1), WICK_ERROR_SHAPE, "wick_reshape", "(-1, -1)");
    ASSERT_FAILS(wick_view(wick_t(a), 6), WICK_ERROR_SHAPE, "wick_view", "(3, 2)", "(6,)", "wick_reshape");
    ASSERT_FAILS(wick_expand(a, 2, 4), WICK_ERROR_SHAPE, "wick_expand", "(2, 3)", "(2, 4)");
    ASSERT_FAILS(wick_cat(wick_list_of(a, wick_ones(2, 4, 1)), 0), WICK_ERROR_SHAPE, "wick_cat", "(2, 3)", "(2, 4, 1)");
    ASSERT_FAILS(wick_stack(wick_list_of(a, b), 0), WICK_ERROR_SHAPE, "wick_stack", "(2, 3)", "(4, 3)");
    ASSERT_FAILS(wick_mse_loss(a, wick_ones(4, 2)), WICK_ERROR_SHAPE, "wick_mse_loss", "(2, 3)", "(4, 2)");
    ASSERT_FAILS(wick_binary_cross_entropy(a, b), WICK_ERROR_SHAPE, "wick_binary_cross_entropy", "(4, 3)", "(2, 3)");
    ASSERT_FAILS(wick_add_(wick_ones(3), a), WICK_ERROR_SHAPE, "wick_add_", "(2, 3)", "(3,)");
    ASSERT_FAILS(wick_copy_(wick_ones(3), a), WICK_ERROR_SHAPE, "wick_copy_", "(3,)", "(2, 3)");
    ASSERT_FAILS(wick_add_(wick_ones(2, .dtype = WICK_INT64), 0.5), WICK_ERROR_DTYPE, "wick_add_", "float32", "int64");
    ASSERT_FAILS(wick_add_(wick_expand(wick_ones(1), 3), 1), WICK_ERROR_ARGUMENT, "wick_add_", "(3,)", "clone");
}
END_TEST

START_TEST(indices_and_labels)
{
    wick_tensor *x = wick_ones(3, 4);
    wick_tensor *labels = wick_from(((int64_t[]){0, 7, 1}), 3), *negative = wick_from(((int64_t[]){0, -1, 1}), 3);
    ASSERT_FAILS(wick_cross_entropy(x, labels), WICK_ERROR_INDEX, "wick_cross_entropy", "label 7", "position 1",
                 "4 classes");
    ASSERT_FAILS(wick_nll_loss(x, labels), WICK_ERROR_INDEX, "wick_nll_loss", "label 7", "4 classes");
    ASSERT_FAILS(wick_nll_loss(x, negative), WICK_ERROR_INDEX, "wick_nll_loss", "label -1");
    ASSERT_FAILS(wick_cross_entropy(x, wick_from(((int64_t[]){0, 1}), 2)), WICK_ERROR_SHAPE, "wick_cross_entropy",
                 "(3, 4)", "(2,)");
    ASSERT_FAILS(wick_nll_loss(x, wick_ones(3)), WICK_ERROR_DTYPE, "wick_nll_loss", "int64", "float32");
    ASSERT_FAILS(wick_binary_cross_entropy(wick_full(1.5, 2), wick_ones(2)), WICK_ERROR_ARGUMENT,
                 "wick_binary_cross_entropy", "1.5", "wick_sigmoid");
    ASSERT_FAILS(wick_select(x, 0, 3), WICK_ERROR_INDEX, "wick_select", "index 3", "size 3");
    ASSERT_FAILS(wick_select(x, 2, 0), WICK_ERROR_INDEX, "wick_select", "[-2, 1]", "2");
    ASSERT_FAILS(wick_narrow(x, 1, 2, 3), WICK_ERROR_INDEX, "wick_narrow", "3 elements", "size 4");
    ASSERT_FAILS(wick_slice(x, 0, 0, 2, 0), WICK_ERROR_ARGUMENT, "wick_slice", "step");
    ASSERT_FAILS(wick_sum(x, 5), WICK_ERROR_INDEX, "wick_sum", "5");
    ASSERT_FAILS(wick_permute(x, 0, 0), WICK_ERROR_INDEX, "wick_permute", "0", "twice");
    ASSERT_FAILS(wick_index(x, wick_list_of(labels)), WICK_ERROR_INDEX, "wick_index", "7", "size 3");
    ASSERT_FAILS(wick_index(x, wick_list_of(wick_ones(1))), WICK_ERROR_DTYPE, "wick_index", "float32");
    ASSERT_FAILS(wick_dropout(x, 1.5, true), WICK_ERROR_ARGUMENT, "wick_dropout", "1.5");
    ASSERT_FAILS(wick_clamp(x), WICK_ERROR_ARGUMENT, "wick_clamp", ".min", ".max");
    ASSERT_FAILS(wick_cat(wick_list_n(NULL, 0), 0), WICK_ERROR_ARGUMENT, "wick_cat", "empty");
    ASSERT_FAILS(wick_max(wick_zeros(0)), WICK_ERROR_SHAPE, "wick_max");
}
END_TEST

START_TEST(graphs)
{
    wick_tensor *w = wick_from(((float[]){1, 2}), 2, .requires_grad = true);
    ASSERT_FAILS(wick_backward(wick_mul(w, 2)), WICK_ERROR_AUTOGRAD, "wick_backward", "(2,)", "gradient");
    ASSERT_FAILS(wick_backward(wick_mul(w, 2), .gradient = wick_ones(3)), WICK_ERROR_SHAPE, "wick_backward", "(3,)",
                 "(2,)");
    ASSERT_FAILS(wick_backward(wick_ones(1)), WICK_ERROR_AUTOGRAD, "wick_backward", "does not require grad");
    wick_tensor *y = wick_sum(wick_mul(w, w));
    ck_assert(wick_backward(y));
    ASSERT_FAILS(wick_backward(y), WICK_ERROR_AUTOGRAD, "wick_backward", "second time", "MulBackward0", "retain_graph");
    ASSERT_VALUES(wick_grad_of(w), 2, 4);

    wick_tensor *x = wick_mul(w, 1), *s = wick_sum(wick_exp(x)), *e = wick_exp(x), *q = wick_sum(wick_mul(e, 1.0));
    wick_add_(x, 1);
    ck_assert(wick_backward(s)); /* exp saves its result, not x */
    wick_mul_(e, 3);
    ASSERT_FAILS(wick_backward(q), WICK_ERROR_AUTOGRAD, "(2,)", "ExpBackward0", "modified in place by wick_mul_",
                 "version 1", "version 0");
    ASSERT_FAILS(wick_add_(w, 1), WICK_ERROR_AUTOGRAD, "wick_add_", "leaf", "WICK_NO_GRAD");
    ASSERT_FAILS(wick_requires_grad_(y, false), WICK_ERROR_AUTOGRAD, "wick_requires_grad_", "leaf", "wick_detach");
    ASSERT_FAILS(wick_requires_grad_(wick_arange(3), true), WICK_ERROR_DTYPE, "wick_requires_grad_", "int64");
    ASSERT_FAILS(wick_set_grad(w, wick_ones(3)), WICK_ERROR_SHAPE, "wick_set_grad", "(3,)", "(2,)");
    ASSERT_FAILS(wick_set_grad(w, wick_ones(2, .dtype = WICK_FLOAT64)), WICK_ERROR_SHAPE, "wick_set_grad", "float64");
    ASSERT_FAILS(wick_retain_grad(wick_ones(2)), WICK_ERROR_AUTOGRAD, "wick_retain_grad");
}
END_TEST

Suite *error_suite(void);
Suite *error_suite(void)
{
    const TTest *const tests[] = {
        numbers_and_text_in_messages,
        the_first_cause_stays,
        a_chain_has_one_cause,
        a_null_without_a_cause_is_one,
        the_handler_is_told_each_time,
        print_and_exit,
        users_fail_too,
        long_messages_are_whole,
        each_thread_has_its_own_error,
        objects_of_another_kind,
        freed_objects,
        warnings_are_no_errors,
        null_everywhere,
        shapes,
        indices_and_labels,
        graphs,
    };
    return MAKE_SUITE("error", tests);
}
