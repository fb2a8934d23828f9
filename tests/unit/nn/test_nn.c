/* test_nn.c - the nn layer: modules and their structure, print, state dicts, and every error's message. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_wick.h"

/* ---- Modules of a user ------------------------------------------------------------------------------------------- */

/* y = 3 (x W^T + b) */
typedef struct scaled {
    long double aligned; /* fields are aligned for any type */
    wick_tensor *W, *b;
    int calls;
} scaled;

static wick_tensor *scaled_forward(wick_module *m, wick_tensor *x)
{
    WICK_SCOPE;
    scaled *self = wick_nn_fields(m);
    self->calls++;
    return wick_out(wick_mul(3, wick_add(wick_matmul(x, wick_t(self->W)), self->b)));
}

static int destroyed; /* modules whose destroy was called */

static void scaled_destroy(wick_module *m)
{
    scaled *self = wick_nn_fields(m);
    if (self && self->W && strcmp(wick_nn_name(m), "Scaled") == 0)
        destroyed++;
}

static wick_module *scaled_new(int64_t in, int64_t out)
{
    wick_module *m =
        wick_nn_module("Scaled", .forward = scaled_forward, .size = sizeof(scaled), .destroy = scaled_destroy);
    scaled *self = wick_nn_fields(m);
    self->W = wick_nn_register_parameter(m, "W", wick_ones(out, in));
    self->b = wick_nn_register_parameter(m, "b", wick_zeros(out));
    return m;
}

/* A module with children and fields of its own: the two of them one after the other. */
typedef struct net {
    wick_module *first, *second;
} net;

static wick_tensor *net_forward(wick_module *m, wick_tensor *x)
{
    net *self = wick_nn_fields(m);
    return wick_nn_forward(self->second, wick_nn_forward(self->first, x));
}

static wick_module *net_new(wick_module *first, wick_module *second)
{
    wick_module *m = wick_nn_module("Net", .forward = net_forward, .size = sizeof(net));
    net *self = wick_nn_fields(m);
    self->first = wick_nn_register_module(m, "first", first);
    self->second = wick_nn_register_module(m, "second", second);
    return m;
}

static wick_tensor *pass(wick_module *m, wick_tensor *x)
{
    (void)m;
    return x;
}

static wick_tensor *silent_failure(wick_module *m, wick_tensor *x)
{
    (void)m, (void)x;
    return NULL;
}

static wick_tensor *total(wick_module *m, wick_tensor *const *inputs, int count)
{
    (void)m;
    wick_tensor *sum = wick_zeros();
    for (int i = 0; i < count; i++)
        sum = wick_add(sum, wick_sum(inputs[i]));
    return sum;
}

START_TEST(a_users_module)
{
    destroyed = 0;
    {
        WICK_SCOPE;
        wick_module *a = scaled_new(3, 2), *m = net_new(a, scaled_new(2, 1));
        ck_assert_uint_eq((uintptr_t)wick_nn_fields(a) % 16, 0);
        wick_tensor *y = wick_nn_forward(m, wick_ones(4, 3)); /* (4, 1): 3 * 2 * 9 */
        ck_assert_int_eq(wick_ndim(y), 2);
        ck_assert_double_eq(wick_get(y, 3, 0), 54);
        ck_assert_int_eq(((scaled *)wick_nn_fields(a))->calls, 1);
        ck_assert(wick_backward(wick_sum(y)));
        ck_assert_double_eq(wick_get(wick_grad_of(wick_nn_get(m, "first.W")), 1, 2), 4 * 9);
        ck_assert_str_eq(wick_nn_name(m), "Net");
        ck_assert_ptr_null(wick_nn_fields(wick_nn_tanh()));
        wick_module *n = wick_nn_module("Total", .forward_n = total);
        wick_tensor *x = wick_ones(2);
        ck_assert_double_eq(wick_item(wick_nn_forward(n, x, x, x)), 6);
        ck_assert_double_eq(wick_item(wick_nn_forward_n(n, NULL, 0)), 0);
        ASSERT_NO_ERROR();
    }
    ck_assert_int_eq(destroyed, 2);
}
END_TEST

START_TEST(what_a_module_needs)
{
    WICK_SCOPE;
    ck_assert_ptr_null(wick_nn_module(NULL, .forward = pass));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT, "ArgumentError: wick_nn_module: name is NULL; a module needs a class name");
    ck_assert_ptr_null(wick_nn_module("Mine"));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT,
                   "ArgumentError: wick_nn_module: Mine has 0 forward functions; give exactly one of "
                   ".forward, .forward2, .forward_n and .forward_list");
    ck_assert_ptr_null(wick_nn_module("Mine", .forward = pass, .forward_n = total));
    wick_clear_error();
}
END_TEST

START_TEST(forward_errors)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_linear(2, 1), *loss = wick_nn_mse_loss();
    wick_tensor *x = wick_ones(3, 2);
    ck_assert_ptr_null(wick_nn_forward(m, x, x));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT, "ArgumentError: wick_nn_forward: Linear takes 1 input but 2 were given");
    ck_assert_ptr_null(wick_nn_forward(loss, x));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT, "ArgumentError: wick_nn_forward: MSELoss takes 2 inputs but 1 was given");
    ck_assert_ptr_null(wick_nn_forward_n(m, NULL, 1));
    wick_clear_error();
    ck_assert_ptr_null(wick_nn_forward(wick_nn_module("Mute", .forward = silent_failure), x));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT, "ArgumentError: wick_nn_forward: the forward of Mute returned NULL");
    ck_assert_ptr_null(wick_nn_forward(m, wick_ones(3, 5)));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_SHAPE);
    ck_assert_ptr_null(wick_nn_forward(m, NULL)); /* the first cause stays */
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_SHAPE);
    wick_clear_error();
    ck_assert_ptr_null(wick_nn_forward(NULL, x));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_ARGUMENT);
    wick_clear_error();
    ck_assert_ptr_null(wick_nn_forward((wick_module *)(void *)x, x));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT, "ArgumentError: wick_nn_forward: m is not a module");
}
END_TEST

/* ---- Registering and finding ------------------------------------------------------------------------------------- */

START_TEST(registering)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_module("Mine", .forward = pass);
    wick_tensor *w = wick_ones(2), *mean = wick_zeros(2), *counter = wick_full(1.0, .dtype = WICK_INT64);
    ck_assert_ptr_eq(wick_nn_register_parameter(m, "w", w), w);
    ck_assert(wick_requires_grad(w));
    ck_assert_ptr_eq(wick_nn_register_buffer(m, "mean", mean), mean);
    ck_assert_ptr_eq(wick_nn_register_buffer(m, "counter", counter), counter);
    ck_assert(!wick_requires_grad(mean));
    wick_module *child = wick_nn_linear(1, 1);
    ck_assert_ptr_eq(wick_nn_register_module(m, "child", child), child);
    ck_assert_ptr_eq(wick_nn_get(m, "w"), w);
    ck_assert_ptr_eq(wick_nn_get(m, "counter"), counter);
    ck_assert_ptr_eq(wick_nn_get_module(m, "child"), child);
    ck_assert_ptr_eq(wick_nn_get_module(m, ""), m);
    ck_assert_ptr_null(wick_nn_get(m, "child"));
    ck_assert_ptr_null(wick_nn_get(m, "child."));
    ck_assert_ptr_null(wick_nn_get(m, "none.weight"));
    ck_assert_ptr_null(wick_nn_get_module(m, "w"));
    ck_assert_ptr_nonnull(wick_nn_get(m, "child.weight"));
    ck_assert_int_eq(wick_nn_child_count(m), 1);
    ck_assert_str_eq(wick_nn_child_name(m, 0), "child");
    ck_assert_ptr_eq(wick_nn_child(m, 0), child);
    ASSERT_NO_ERROR();
    /* NULL passes through. */
    ck_assert_ptr_null(wick_nn_register_parameter(m, "none", NULL));
    ck_assert_ptr_null(wick_nn_register_buffer(m, "none", NULL));
    ck_assert_ptr_null(wick_nn_register_module(m, "none", NULL));
    ASSERT_NO_ERROR();
    ck_assert_ptr_null(wick_nn_child(m, 1));
    ASSERT_MESSAGE(WICK_ERROR_INDEX, "IndexError: wick_nn_child: index 1 is out of range: Mine has 1 children");
    ck_assert_str_eq(wick_nn_child_name(m, -1), "child");
    ck_assert_ptr_null(wick_nn_child_name(m, -2));
    wick_clear_error();
}
END_TEST

START_TEST(registering_errors)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_module("Mine", .forward = pass);
    wick_tensor *w = wick_ones(2);
    const wick_error_code argument = WICK_ERROR_ARGUMENT;
    ck_assert_ptr_null(wick_nn_register_parameter(m, "", w));
    ASSERT_MESSAGE(argument,
                   "ArgumentError: wick_nn_register_parameter: the name can't be empty string \"\" (in a Mine)");
    ck_assert_ptr_null(wick_nn_register_buffer(m, NULL, w));
    wick_clear_error();
    ck_assert_ptr_null(wick_nn_register_buffer(m, "a.b", w));
    ASSERT_MESSAGE(argument,
                   "ArgumentError: wick_nn_register_buffer: name \"a.b\" can't contain \".\"; dots separate the names "
                   "of nested modules (in a Mine)");
    ck_assert(!wick_requires_grad(w));
    wick_nn_register_parameter(m, "w", w);
    ck_assert_ptr_null(wick_nn_register_module(m, "w", wick_nn_relu()));
    ASSERT_MESSAGE(argument,
                   "ArgumentError: wick_nn_register_module: attribute 'w' already exists in this Mine; choose another "
                   "name");
    ck_assert_ptr_null(wick_nn_register_parameter(m, "i", wick_zeros(2, .dtype = WICK_INT64)));
    ASSERT_MESSAGE(
        WICK_ERROR_DTYPE,
        "DtypeError: wick_nn_register_parameter: parameter \"i\" of Mine is int64, and only floating-point tensors "
        "can require gradients; register it as a buffer, or convert it");
    ck_assert_ptr_null(wick_nn_register_parameter(m, "v", wick_mul(w, 2)));
    ASSERT_MESSAGE(
        WICK_ERROR_AUTOGRAD,
        "AutogradError: wick_nn_register_parameter: parameter \"v\" of Mine is the result of an operation that is "
        "recorded, not a leaf; register wick_detach of it");
    ck_assert_int_eq(wick_nn_parameter_count(m), 2);

    /* No module contains itself. */
    wick_module *inner = wick_nn_sequential(wick_nn_relu()), *outer = wick_nn_sequential(wick_nn_sequential(inner));
    ck_assert_ptr_null(wick_nn_register_module(m, "m", m));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_nn_register_module: \"m\" would make this Mine contain itself");
    ck_assert_ptr_null(wick_nn_append(inner, outer));
    ASSERT_MESSAGE(argument, "ArgumentError: wick_nn_append: \"1\" would make this Sequential contain itself");
    ck_assert_int_eq(wick_nn_child_count(inner), 1);
}
END_TEST

START_TEST(order_and_names_of_parameters)
{
    WICK_SCOPE;
    /* Children come after the module's own, in whatever order they were registered. */
    wick_module *m = wick_nn_module("Mine", .forward = pass);
    wick_module *body =
        wick_nn_sequential(wick_nn_linear(2, 3), wick_nn_relu(), wick_nn_sequential(wick_nn_linear(3, 1)));
    wick_nn_register_module(m, "body", body);
    wick_tensor *w = wick_nn_register_parameter(m, "w", wick_ones(5));
    wick_nn_register_parameter(m, "same", w);
    wick_nn_register_module(m, "tail", wick_nn_child(body, 0)); /* shared */
    wick_nn_register_buffer(m, "running", wick_zeros(1));
    const char *names[] = {"w", "body.0.weight", "body.0.bias", "body.2.0.weight", "body.2.0.bias"};
    wick_dict *named = wick_nn_named_parameters(m);
    wick_list *list = wick_nn_parameters(m);
    ck_assert_int_eq(wick_nn_dict_count(named), 5);
    ck_assert_int_eq(wick_list_count(list), 5);
    for (int i = 0; i < 5; i++) {
        ck_assert_str_eq(wick_nn_dict_name(named, i), names[i]);
        ck_assert_ptr_eq(wick_nn_dict_tensor(named, i), wick_list_get(list, i));
        ck_assert_ptr_eq(wick_nn_get(m, names[i]), wick_list_get(list, i));
    }
    ck_assert_int_eq(wick_nn_parameter_count(m), 5 + 9 + 4);
    ck_assert_int_eq(wick_nn_dict_count(wick_nn_named_buffers(m)), 1);

    /* A state dict has every name, PyTorch's order: parameters, buffers, children. */
    const char *all[] = {
        "w",           "same",     "running", "body.0.weight", "body.0.bias", "body.2.0.weight", "body.2.0.bias",
        "tail.weight", "tail.bias"};
    wick_dict *state = wick_nn_state_dict(m);
    ck_assert_int_eq(wick_nn_dict_count(state), 9);
    for (int i = 0; i < 9; i++)
        ck_assert_str_eq(wick_nn_dict_name(state, i), all[i]);

    wick_list *none = wick_nn_parameters(wick_nn_relu());
    ck_assert_ptr_nonnull(none);
    ck_assert_int_eq(wick_list_count(none), 0);
    ASSERT_NO_ERROR();
}
END_TEST

static void note(wick_module *m, void *context) { strcat(strcat(context, wick_nn_name(m)), " "); }

START_TEST(modes_and_whole_model_calls)
{
    WICK_SCOPE;
    wick_module *shared = wick_nn_linear(1, 1);
    wick_module *m =
        wick_nn_sequential(shared, wick_nn_sequential(wick_nn_dropout(0.5), shared), shared, wick_nn_tanh());
    ck_assert(wick_nn_is_training(m));
    ck_assert_ptr_eq(wick_nn_eval(m), m);
    ck_assert(!wick_nn_is_training(m) && !wick_nn_is_training(wick_nn_get_module(m, "1.0")));
    ck_assert_ptr_eq(wick_nn_train(m), m);
    ck_assert(wick_nn_is_training(m) && wick_nn_is_training(wick_nn_get_module(m, "1.0")));

    /* Children first; as model.apply, a shared one once in each parent. */
    char text[256] = "";
    ck_assert_ptr_eq(wick_nn_apply(m, note, text), m);
    ck_assert_str_eq(text, "Linear Dropout Linear Sequential Tanh Sequential ");

    wick_tensor *weight = wick_nn_get(m, "0.weight");
    ck_assert(wick_backward(wick_sum(wick_nn_forward(m, wick_ones(2, 1)))));
    ck_assert_ptr_nonnull(wick_grad_of(weight));
    wick_nn_zero_grad(m);
    ck_assert_ptr_null(wick_grad_of(weight));
    ck_assert_ptr_eq(wick_nn_requires_grad_(m, false), m);
    ck_assert(!wick_requires_grad(weight));
    ck_assert(!wick_requires_grad(wick_nn_forward(m, wick_ones(2, 1))));
    wick_nn_requires_grad_(m, true);
    ck_assert(wick_requires_grad(weight));
    ASSERT_NO_ERROR();
    ck_assert_ptr_null(wick_nn_apply(m, NULL, NULL));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT,
                   "ArgumentError: wick_nn_apply: f is NULL; give the function to call on each module");
}
END_TEST

START_TEST(null_in_null_out)
{
    WICK_SCOPE;
    wick_tensor *x = wick_ones(1);
    wick_fail(WICK_ERROR_SHAPE, "the cause");
    ck_assert_ptr_null(wick_nn_fields(NULL));
    ck_assert_ptr_null(wick_nn_name(NULL));
    ck_assert_ptr_null(wick_nn_register_parameter(NULL, "w", x));
    ck_assert_ptr_null(wick_nn_register_buffer(NULL, "w", x));
    ck_assert_ptr_null(wick_nn_register_module(NULL, "w", NULL));
    ck_assert_ptr_null(wick_nn_parameters(NULL));
    ck_assert_ptr_null(wick_nn_named_parameters(NULL));
    ck_assert_ptr_null(wick_nn_named_buffers(NULL));
    ck_assert_int_eq(wick_nn_parameter_count(NULL), 0);
    ck_assert_ptr_null(wick_nn_get(NULL, "w"));
    ck_assert_ptr_null(wick_nn_get_module(NULL, "w"));
    ck_assert_int_eq(wick_nn_child_count(NULL), 0);
    ck_assert_ptr_null(wick_nn_child(NULL, 0));
    ck_assert_ptr_null(wick_nn_child_name(NULL, 0));
    ck_assert_ptr_null(wick_nn_train(NULL));
    ck_assert_ptr_null(wick_nn_eval(NULL));
    ck_assert(!wick_nn_is_training(NULL));
    wick_nn_zero_grad(NULL);
    ck_assert_ptr_null(wick_nn_requires_grad_(NULL, true));
    ck_assert_ptr_null(wick_nn_apply(NULL, note, NULL));
    ck_assert_ptr_null(wick_nn_to(NULL, WICK_FLOAT64));
    ck_assert_ptr_null(wick_nn_to(NULL, wick_cpu()));
    ck_assert_ptr_null(wick_nn_state_dict(NULL));
    ck_assert(!wick_nn_load_state_dict(NULL, wick_nn_dict_new()));
    ck_assert(!wick_nn_load_state_dict(wick_nn_relu(), NULL));
    ck_assert_ptr_null(wick_nn_to_string(NULL));
    ck_assert(!wick_nn_print(NULL));
    ck_assert_ptr_null(wick_nn_sequential(wick_nn_relu(), NULL));
    ck_assert_ptr_null(wick_nn_append(NULL, wick_nn_relu()));
    ck_assert_ptr_null(wick_nn_append(wick_nn_sequential(wick_nn_relu()), NULL));
    ck_assert(!wick_nn_dict_set(NULL, "a", x));
    ck_assert(!wick_nn_dict_set(wick_nn_dict_new(), "a", NULL));
    ck_assert_ptr_null(wick_nn_dict_get(NULL, "a"));
    ck_assert_int_eq(wick_nn_dict_count(NULL), 0);
    ck_assert_ptr_null(wick_nn_dict_name(NULL, 0));
    ck_assert_ptr_null(wick_nn_dict_tensor(NULL, 0));
    ck_assert_ptr_null(wick_nn_dict_tensors(NULL));
    ASSERT_MESSAGE(WICK_ERROR_SHAPE, "ShapeError: the cause");
}
END_TEST

/* ---- Deep and wide models ---------------------------------------------------------------------------------------- */

START_TEST(deep_nesting)
{
    WICK_SCOPE;
    enum { DEPTH = 20000 };
    wick_module *m = wick_nn_linear(1, 1);
    for (int i = 0; i < DEPTH; i++)
        m = wick_nn_sequential(m);
    ck_assert_int_eq(wick_nn_parameter_count(m), 2);
    wick_dict *named = wick_nn_named_parameters(m);
    ck_assert_uint_eq(strlen(wick_nn_dict_name(named, 0)), 2 * DEPTH + strlen("weight"));
    ck_assert_ptr_eq(wick_nn_get(m, wick_nn_dict_name(named, 1)), wick_nn_dict_tensor(named, 1));
    wick_nn_eval(m);
    ck_assert(wick_nn_load_state_dict(m, wick_nn_state_dict(m)));
    ASSERT_NO_ERROR();
}
END_TEST

/* Each level holds the one below twice: 2^40 paths, 41 modules. */
START_TEST(a_much_shared_module)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_linear(1, 1);
    for (int i = 0; i < 40; i++)
        m = wick_nn_sequential(m, m);
    ck_assert_int_eq(wick_list_count(wick_nn_parameters(m)), 2);
    wick_nn_eval(m);
    wick_nn_zero_grad(m);
    ck_assert_ptr_null(wick_nn_append(wick_nn_child(m, 0), m));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_ARGUMENT);
    wick_clear_error();
}
END_TEST

START_TEST(wide_model)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_sequential(wick_nn_linear(1, 1));
    for (int i = 1; i < 1000; i++)
        ck_assert_ptr_eq(wick_nn_append(m, wick_nn_linear(1, 1)), m);
    ck_assert_int_eq(wick_nn_child_count(m), 1000);
    ck_assert_str_eq(wick_nn_child_name(m, 999), "999");
    ck_assert_int_eq(wick_nn_dict_count(wick_nn_state_dict(m)), 2000);
    ck_assert_ptr_null(wick_nn_append(wick_nn_relu(), m));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT,
                   "ArgumentError: wick_nn_append: the first argument is a ReLU, not a Sequential or "
                   "ModuleList; use wick_nn_register_module");
}
END_TEST

/* ---- Dicts ------------------------------------------------------------------------------------------------------- */

START_TEST(dict)
{
    WICK_SCOPE;
    wick_dict *d = wick_nn_dict_new();
    wick_tensor *a = wick_ones(1), *b = wick_ones(2);
    char name[16] = "a";
    ck_assert(wick_nn_dict_set(d, name, a));
    snprintf(name, sizeof name, "b"); /* the dict has a copy */
    ck_assert(wick_nn_dict_set(d, name, b));
    ck_assert(wick_nn_dict_set(d, "", a));
    ck_assert_int_eq(wick_nn_dict_count(d), 3);
    ck_assert_str_eq(wick_nn_dict_name(d, 0), "a");
    ck_assert_ptr_eq(wick_nn_dict_get(d, "b"), b);
    ck_assert_ptr_eq(wick_nn_dict_get(d, ""), a);
    ck_assert(wick_nn_dict_set(d, "a", b)); /* in place */
    ck_assert_int_eq(wick_nn_dict_count(d), 3);
    ck_assert_ptr_eq(wick_nn_dict_tensor(d, 0), b);
    ck_assert_ptr_eq(wick_list_get(wick_nn_dict_tensors(d), 0), b);
    ck_assert_ptr_null(wick_nn_dict_get(d, "c"));
    ck_assert_ptr_null(wick_nn_dict_get(d, NULL));
    ck_assert_ptr_null(wick_nn_dict_name(d, 3));
    ck_assert_ptr_null(wick_nn_dict_tensor(d, -1));
    ck_assert_int_eq(wick_list_count(wick_nn_dict_tensors(wick_nn_dict_new())), 0);
    ASSERT_NO_ERROR();
    ck_assert(!wick_nn_dict_set(d, NULL, a));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT, "ArgumentError: wick_nn_dict_set: name is NULL; an entry needs a name");
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "%d", i);
        ck_assert(wick_nn_dict_set(d, name, i % 2 ? a : b));
    }
    ck_assert_int_eq(wick_nn_dict_count(d), 5003);
    ck_assert_ptr_eq(wick_nn_dict_get(d, "4321"), a);
}
END_TEST

/* ---- Conversion -------------------------------------------------------------------------------------------------- */

START_TEST(to_dtype_and_device)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_sequential(wick_nn_linear(2, 3), wick_nn_tanh(), wick_nn_linear(3, 1));
    wick_tensor *counter = wick_nn_register_buffer(m, "counter", wick_full(3.0, .dtype = WICK_INT64));
    wick_tensor *weight = wick_nn_get(m, "0.weight");
    wick_tensor *x = wick_ones(4, 2);
    ck_assert(wick_backward(wick_sum(wick_nn_forward(m, x))));
    double before = wick_get(weight, 2, 1), grad = wick_get(wick_grad_of(weight), 2, 1);
    ck_assert_ptr_eq(wick_nn_to(m, wick_cpu()), m);
    ck_assert_ptr_eq(wick_nn_to(m, WICK_FLOAT64), m);
    ck_assert_ptr_eq(wick_nn_get(m, "0.weight"), weight); /* the same tensor, which an optimizer may hold */
    ck_assert_int_eq(wick_dtype_of(weight), WICK_FLOAT64);
    ck_assert_int_eq(wick_dtype_of(wick_grad_of(weight)), WICK_FLOAT64);
    ck_assert_int_eq(wick_dtype_of(counter), WICK_INT64);
    ck_assert_double_eq(wick_get(weight, 2, 1), before);
    ck_assert(wick_is_leaf(weight) && wick_requires_grad(weight));
    ck_assert(wick_backward(wick_sum(wick_nn_forward(m, wick_to(x, WICK_FLOAT64)))));
    ck_assert_int_eq(wick_dtype_of(wick_grad_of(weight)), WICK_FLOAT64);
    ck_assert_double_eq_tol(wick_get(wick_grad_of(weight), 2, 1), 2 * grad, 1e-6);
    ASSERT_NO_ERROR();
    ck_assert_ptr_null(wick_nn_to(m, WICK_INT64));
    ASSERT_MESSAGE(WICK_ERROR_DTYPE,
                   "DtypeError: wick_nn_to: a module takes floating-point dtypes only, but got int64");
    ck_assert_ptr_null(wick_nn_to(m, wick_cuda(1)));
    ASSERT_MESSAGE(WICK_ERROR_DEVICE, "DeviceError: wick_nn_to: cuda:1 is not available: there is no CUDA backend; use "
                                      "wick_cpu(), or ask wick_cuda_is_available() first");
    /* A graph from before the conversion cannot be used any more. */
    wick_tensor *old = wick_sum(wick_nn_forward(m, wick_to(x, WICK_FLOAT64)));
    wick_nn_to(m, WICK_FLOAT32);
    ck_assert(!wick_backward(old));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_AUTOGRAD);
    ck_assert_ptr_nonnull(strstr(wick_error(), "wick_nn_to"));
    wick_clear_error();
    wick_nn_to(m, WICK_FLOAT64);
    wick_nn_register_buffer(m, "made", wick_mul(weight, 2));
    ck_assert_ptr_null(wick_nn_to(m, WICK_FLOAT32));
    ASSERT_MESSAGE(WICK_ERROR_AUTOGRAD,
                   "AutogradError: wick_nn_to: buffer \"made\" is the result of an operation that is "
                   "recorded, and cannot be converted in place; register wick_detach of it");
    ck_assert_int_eq(wick_dtype_of(weight), WICK_FLOAT64);
}
END_TEST

/* ---- Print ------------------------------------------------------------------------------------------------------- */

static const char *extra_text;
static void write_extra(wick_module *m, char *text, size_t length)
{
    (void)m;
    snprintf(text, length, "%s", extra_text);
}

#define ASSERT_PRINTS(m, text) ck_assert_str_eq(wick_nn_to_string(m), text)

/* The texts are PyTorch's. */
START_TEST(print_layers)
{
    WICK_SCOPE;
    ASSERT_PRINTS(wick_nn_sequential_n(NULL, 0), "Sequential()");
    ASSERT_PRINTS(wick_nn_linear(2, 4), "Linear(in_features=2, out_features=4, bias=True)");
    ASSERT_PRINTS(wick_nn_linear(2, 3, .bias = false), "Linear(in_features=2, out_features=3, bias=False)");
    ASSERT_PRINTS(wick_nn_identity(), "Identity()");
    ASSERT_PRINTS(wick_nn_relu(), "ReLU()");
    ASSERT_PRINTS(wick_nn_sigmoid(), "Sigmoid()");
    ASSERT_PRINTS(wick_nn_tanh(), "Tanh()");
    ASSERT_PRINTS(wick_nn_softmax(-1), "Softmax(dim=-1)");
    ASSERT_PRINTS(wick_nn_log_softmax(1), "LogSoftmax(dim=1)");
    ASSERT_PRINTS(wick_nn_flatten(), "Flatten(start_dim=1, end_dim=-1)");
    ASSERT_PRINTS(wick_nn_dropout(0.2), "Dropout(p=0.2, inplace=False)");
    ASSERT_PRINTS(wick_nn_dropout(1.0 / 3), "Dropout(p=0.3333333333333333, inplace=False)");
    ASSERT_PRINTS(wick_nn_dropout(0.1 + 0.2), "Dropout(p=0.30000000000000004, inplace=False)");
    ASSERT_PRINTS(wick_nn_dropout(1e-7), "Dropout(p=1e-07, inplace=False)");
    ASSERT_PRINTS(wick_nn_dropout(0.0001), "Dropout(p=0.0001, inplace=False)");
    ASSERT_PRINTS(wick_nn_dropout(0), "Dropout(p=0.0, inplace=False)");
    ASSERT_PRINTS(wick_nn_dropout(1), "Dropout(p=1.0, inplace=False)");
    ASSERT_PRINTS(wick_nn_mse_loss(), "MSELoss()");
    ASSERT_PRINTS(wick_nn_bce_loss(), "BCELoss()");
    ASSERT_PRINTS(wick_nn_bce_with_logits_loss(), "BCEWithLogitsLoss()");
    ASSERT_PRINTS(wick_nn_nll_loss(), "NLLLoss()");
    ASSERT_PRINTS(wick_nn_cross_entropy_loss(.weight = wick_ones(3)), "CrossEntropyLoss()");
    ASSERT_NO_ERROR();
}
END_TEST

START_TEST(print_models)
{
    WICK_SCOPE;
    wick_module *fc = wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_dropout(0.2), wick_nn_flatten(),
                                         wick_nn_softmax(1));
    wick_module *m = wick_nn_module("Net", .forward = pass);
    ASSERT_PRINTS(m, "Net()");
    wick_nn_register_module(m, "fc", fc);
    wick_nn_register_module(m, "loss", wick_nn_bce_loss());
    wick_nn_register_module(m, "e", wick_nn_sequential_n(NULL, 0));
    ASSERT_PRINTS(m, "Net(\n"
                     "  (fc): Sequential(\n"
                     "    (0): Linear(in_features=2, out_features=4, bias=True)\n"
                     "    (1): ReLU()\n"
                     "    (2): Dropout(p=0.2, inplace=False)\n"
                     "    (3): Flatten(start_dim=1, end_dim=-1)\n"
                     "    (4): Softmax(dim=1)\n"
                     "  )\n"
                     "  (loss): BCELoss()\n"
                     "  (e): Sequential()\n"
                     ")");
    wick_module *shared = wick_nn_relu();
    ASSERT_PRINTS(wick_nn_sequential(shared, shared), "Sequential(\n  (0): ReLU()\n  (1): ReLU()\n)");

    wick_module *x = wick_nn_module("X", .forward = pass, .print_extra = write_extra);
    extra_text = "";
    ASSERT_PRINTS(x, "X()");
    extra_text = "a=1";
    ASSERT_PRINTS(x, "X(a=1)");
    extra_text = "a=1\nb=2";
    ASSERT_PRINTS(x, "X(\n  a=1\n  b=2\n)");
    ASSERT_PRINTS(wick_nn_sequential(x), "Sequential(\n  (0): X(\n    a=1\n    b=2\n  )\n)");
    char name[501];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    ck_assert_uint_eq(strlen(wick_nn_to_string(wick_nn_module(name, .forward = pass))), 502);
    extra_text = "a=1\n\nb=2"; /* blank lines of nested modules stay empty */
    ASSERT_PRINTS(x, "X(\n  a=1\n  \n  b=2\n)");
    ASSERT_PRINTS(wick_nn_sequential(x), "Sequential(\n  (0): X(\n    a=1\n\n    b=2\n  )\n)");
    extra_text = "a=1";
    wick_nn_register_module(x, "l", wick_nn_linear(1, 1));
    ASSERT_PRINTS(x, "X(\n  a=1\n  (l): Linear(in_features=1, out_features=1, bias=True)\n)");
    ASSERT_NO_ERROR();
}
END_TEST

START_TEST(print_goes_to_stdout)
{
    WICK_SCOPE;
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fflush(stdout);
    int keep = dup(1);
    ck_assert_int_ge(dup2(fileno(file), 1), 0);
    bool ok = wick_nn_print(wick_nn_sequential(wick_nn_relu()));
    fflush(stdout);
    dup2(keep, 1);
    close(keep);
    ck_assert(ok);
    rewind(file);
    char text[64] = "";
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
    fclose(file);
    ck_assert_str_eq(text, "Sequential(\n  (0): ReLU()\n)\n");
}
END_TEST

/* ---- State dicts ------------------------------------------------------------------------------------------------- */

START_TEST(state_dict_round_trip)
{
    WICK_SCOPE;
    wick_module *a = wick_nn_sequential(wick_nn_linear(2, 3), wick_nn_relu(), wick_nn_linear(3, 1));
    wick_module *b = wick_nn_sequential(wick_nn_linear(2, 3), wick_nn_relu(), wick_nn_linear(3, 1));
    wick_tensor *x = wick_rand(5, 2);
    ck_assert(!wick_equal(wick_nn_forward(a, x), wick_nn_forward(b, x)));
    wick_dict *state = wick_nn_state_dict(a);
    wick_tensor *weight = wick_nn_get(b, "0.weight");
    uint32_t version = wick_version(weight);
    ck_assert(wick_nn_load_state_dict(b, state));
    ck_assert(wick_equal(wick_nn_forward(a, x), wick_nn_forward(b, x)));
    ck_assert_uint_gt(wick_version(weight), version);
    ck_assert(wick_is_leaf(weight) && wick_requires_grad(weight));
    /* Entries are detached and share storage with the model. */
    wick_tensor *entry = wick_nn_dict_get(state, "2.bias");
    ck_assert(!wick_requires_grad(entry));
    ck_assert(wick_same_storage(entry, wick_nn_get(a, "2.bias")));
    wick_set(entry, 7, 0);
    ck_assert_double_eq(wick_get(wick_nn_get(a, "2.bias"), 0), 7);
    ck_assert_double_ne(wick_get(wick_nn_get(b, "2.bias"), 0), 7);
    ASSERT_NO_ERROR();
}
END_TEST

START_TEST(loading_converts)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_module("Mine", .forward = pass);
    wick_tensor *w = wick_nn_register_parameter(m, "w", wick_zeros(2, 2));
    wick_tensor *n = wick_nn_register_buffer(m, "n", wick_zeros(.dtype = WICK_INT64));
    wick_dict *d = wick_nn_dict_new();
    wick_nn_dict_set(d, "w", wick_t(wick_from(((double[][2]){{1, 2}, {3, 4}}), 2, 2)));
    wick_nn_dict_set(d, "n", wick_from(((float[]){5.75f}), 1)); /* of shape (1), for a 0-dimensional one */
    ck_assert(wick_nn_load_state_dict(m, d));
    ck_assert_double_eq(wick_get(w, 0, 1), 3);
    ck_assert_int_eq(wick_dtype_of(w), WICK_FLOAT32);
    ck_assert_int_eq(wick_item_int(n), 5);
    ASSERT_NO_ERROR();
}
END_TEST

START_TEST(load_errors_list_everything)
{
    WICK_SCOPE;
    wick_module *small = wick_nn_sequential(wick_nn_linear(2, 3));
    wick_module *large = wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_linear(4, 1));
    wick_tensor *before = wick_clone(wick_detach(wick_nn_get(small, "0.weight")));
    ck_assert(!wick_nn_load_state_dict(small, wick_nn_state_dict(large)));
    ASSERT_MESSAGE(
        WICK_ERROR_SHAPE,
        "ShapeError: wick_nn_load_state_dict: Error(s) in loading state_dict for Sequential:\n"
        "\tUnexpected key(s) in state_dict: \"2.weight\", \"2.bias\". \n"
        "\tsize mismatch for 0.weight: copying a param with shape torch.Size([4, 2]) from checkpoint, the shape in "
        "current model is torch.Size([3, 2]).\n"
        "\tsize mismatch for 0.bias: copying a param with shape torch.Size([4]) from checkpoint, the shape in current "
        "model is torch.Size([3]).");
    ck_assert(!wick_nn_load_state_dict(large, wick_nn_state_dict(small)));
    ASSERT_MESSAGE(
        WICK_ERROR_SHAPE,
        "ShapeError: wick_nn_load_state_dict: Error(s) in loading state_dict for Sequential:\n"
        "\tMissing key(s) in state_dict: \"2.weight\", \"2.bias\". \n"
        "\tsize mismatch for 0.weight: copying a param with shape torch.Size([3, 2]) from checkpoint, the shape in "
        "current model is torch.Size([4, 2]).\n"
        "\tsize mismatch for 0.bias: copying a param with shape torch.Size([3]) from checkpoint, the shape in current "
        "model is torch.Size([4]).");
    /* Without strict, names may be missing or unexpected, but sizes must match. */
    ck_assert(!wick_nn_load_state_dict(large, wick_nn_state_dict(small), .strict = false));
    wick_clear_error();
    wick_dict *d = wick_nn_state_dict(small);
    wick_nn_dict_set(d, "0", wick_zeros(1));
    wick_nn_dict_set(d, "0.weight.x", wick_zeros(1));
    wick_nn_dict_set(d, "1.weight", wick_zeros(1));
    wick_nn_dict_set(d, "0.bias", wick_full(2.5, 3));
    ck_assert(!wick_nn_load_state_dict(small, d));
    ASSERT_MESSAGE(WICK_ERROR_SHAPE,
                   "ShapeError: wick_nn_load_state_dict: Error(s) in loading state_dict for Sequential:\n"
                   "\tUnexpected key(s) in state_dict: \"0\", \"1.weight\", \"0.weight.x\". ");
    ck_assert(wick_nn_load_state_dict(small, d, .strict = false));
    ck_assert_double_eq(wick_get(wick_nn_get(small, "0.bias"), 2), 2.5);
    ck_assert(wick_equal(wick_nn_get(small, "0.weight"), before));
    ASSERT_NO_ERROR();

    /* The whole list, however long. */
    wick_module *wide = wick_nn_sequential_n(NULL, 0);
    for (int i = 0; i < 200; i++)
        wick_nn_append(wide, wick_nn_linear(1, 1));
    ck_assert(!wick_nn_load_state_dict(wide, wick_nn_dict_new()));
    ck_assert_ptr_nonnull(strstr(wick_error(), "\"0.weight\", \"0.bias\", \"1.weight\""));
    ck_assert_ptr_nonnull(strstr(wick_error(), "\"199.weight\", \"199.bias\". "));
    wick_clear_error();
}
END_TEST

/* ---- When memory runs out ---------------------------------------------------------------------------------------- */

typedef struct bench {
    wick_module *m;
    wick_dict *state;
} bench;

static bool make_model(bench *b)
{
    (void)b;
    wick_module *shared = wick_nn_linear(2, 2);
    return wick_nn_sequential(shared, wick_nn_relu(), wick_nn_sequential(shared, wick_nn_dropout(0.5))) != NULL;
}
static bool make_loss(bench *b) { return wick_nn_bce_loss(.weight = wick_nn_get(b->m, "buffer")) != NULL; }
static bool list_parameters(bench *b) { return wick_nn_parameters(b->m) != NULL; }
static bool name_parameters(bench *b) { return wick_nn_named_parameters(b->m) != NULL; }
static bool write_text(bench *b) { return wick_nn_to_string(b->m) != NULL; }
static bool to_eval(bench *b) { return wick_nn_eval(b->m) != NULL; }
static bool freeze(bench *b) { return wick_nn_requires_grad_(b->m, false) != NULL; }
static bool take_state(bench *b) { return wick_nn_state_dict(b->m) != NULL; }
static bool load_state(bench *b) { return wick_nn_load_state_dict(b->m, b->state); }
static bool to_float64(bench *b) { return wick_nn_to(b->m, WICK_FLOAT64) != NULL; }
static bool add_child(bench *b) { return wick_nn_append(b->m, wick_nn_get_module(b->m, "0")) != NULL; }
static bool add_below(bench *b)
{
    return wick_nn_append(wick_nn_get_module(b->m, "1"), wick_nn_get_module(b->m, "0")) != NULL;
}
static bool extend(bench *b) { return wick_nn_extend(b->m, b->m) != NULL; }
static bool insert(bench *b) { return wick_nn_insert(b->m, 0, wick_nn_child(b->m, 1)) != NULL; }
static bool list_modules(bench *b) { return wick_nn_modules(b->m) && wick_nn_children(b->m); }
static bool forward(bench *b) { return wick_nn_forward(b->m, wick_nn_get(b->m, "buffer")) != NULL; }

/* Every call, with its n-th allocation failing, n rising until it passes: a MemoryError, and the model as it was. */
START_TEST(without_memory_nothing_changes)
{
    static bool (*const calls[])(bench *) = {
        make_model, make_loss,  list_parameters, name_parameters, write_text, to_eval, freeze, take_state,
        load_state, to_float64, add_child,       add_below,       forward,    extend,  insert, list_modules};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        bool done = false;
        for (long n = 1; !done; n++) {
            WICK_SCOPE;
            bench b = {.m = wick_nn_sequential(wick_nn_linear(2, 2), wick_nn_sequential(wick_nn_linear(2, 2)))};
            wick_nn_register_buffer(b.m, "buffer", wick_ones(2));
            b.state = wick_nn_state_dict(b.m);
            wick_nn_dict_set(b.state, "0.weight", wick_full(9.0, 2, 2));
            wick_nn_dict_set(b.state, "1.0.weight", wick_full(9.0, 2, 2));
            ASSERT_NO_ERROR();
            size_t before = wick_memory_allocated();
            {
                WICK_SCOPE;
                wick_fail_allocation(n);
                done = calls[i](&b);
                wick_fail_allocation(0);
            }
            ck_assert_int_eq(wick_error_kind(), done ? WICK_OK : WICK_ERROR_MEMORY);
            wick_clear_error();
            if (done)
                break;
            /* Tables may have room for more than before, and nothing else is left behind. */
            ck_assert_msg(wick_memory_allocated() <= before + 4096, "call %zu, allocation %ld leaks", i, n);
            wick_tensor *weight = wick_nn_get(b.m, "0.weight"), *inner = wick_nn_get(b.m, "1.0.weight");
            ck_assert(wick_nn_is_training(b.m) && wick_nn_is_training(wick_nn_get_module(b.m, "1.0")));
            ck_assert(wick_requires_grad(weight) && wick_requires_grad(inner));
            ck_assert(wick_dtype_of(weight) == WICK_FLOAT32 && wick_dtype_of(inner) == WICK_FLOAT32);
            ck_assert(wick_get(weight, 0, 0) < 1 && wick_get(inner, 0, 0) < 1);
            ck_assert_int_eq(wick_nn_child_count(b.m), 2);
            ck_assert_int_eq(wick_nn_child_count(wick_nn_get_module(b.m, "1")), 1);
        }
    }
}
END_TEST

Suite *nn_suite(void)
{
    const TTest *const tests[] = {
        a_users_module,
        what_a_module_needs,
        forward_errors,
        registering,
        registering_errors,
        order_and_names_of_parameters,
        null_in_null_out,
        deep_nesting,
        modes_and_whole_model_calls,
        a_much_shared_module,
        wide_model,
        dict,
        to_dtype_and_device,
        print_layers,
        print_models,
        print_goes_to_stdout,
        state_dict_round_trip,
        load_errors_list_everything,
        loading_converts,
        without_memory_nothing_changes,
    };
    Suite *suite = suite_create("nn");
    TCase *c = tcase_create("nn");
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(c, tests[i]);
    suite_add_tcase(suite, c);
    return suite;
}
