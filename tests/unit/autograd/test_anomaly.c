/* test_anomaly.c - anomaly mode: a NaN in a gradient names the node and the line of the call that made it. */
#include "scenario.h"

/* The statement, and its place in `here`: its line, or what stands for it where lines are not known. */
#define AT(...)  \
    __VA_ARGS__; \
    snprintf(here, sizeof here, has_lines() ? "test_anomaly.c:%d" : "+0x", __LINE__)

static bool has_lines(void)
{
    static const char *line;
    if (!line) {
        wick_tensor *y = wick_neg(wick_ones(1, .requires_grad = true));
        line = wick_place_of(y) && strstr(wick_place_of(y), "test_anomaly.c:") ? "yes" : "no";
        if (*line == 'n')
            printf("anomaly: lines are not known here; addresses are checked alone\n");
    }
    return *line == 'y';
}

START_TEST(a_nan_names_its_call)
{
    char here[64];
    WICK_DETECT_ANOMALY;
    wick_clear_warning();
    ck_assert(wick_is_anomaly_enabled());
    wick_tensor *x = wick_zeros(2, .requires_grad = true);
    AT(wick_tensor *root = wick_sqrt(wick_mul(x, 3)));
    wick_tensor *y = wick_sum(wick_mul(root, 0));
    ASSERT_FAILS(wick_backward(y), WICK_ERROR_AUTOGRAD,
                 "Function 'SqrtBackward0' returned nan values in its 0th output, made at ", here);
    ck_assert(!wick_grad_of(x));
    ck_assert(strstr(wick_place_of(root), here));
    ck_assert(!wick_place_of(x));

    /* The second input of two. */
    wick_tensor *a = wick_ones(1, .requires_grad = true), *b = wick_ones(1, .requires_grad = true);
    wick_tensor *nan = wick_mul(a, wick_full((double)NAN, 1));
    ASSERT_FAILS(wick_backward(wick_mul(nan, b)), WICK_ERROR_AUTOGRAD, "'MulBackward0'", "1th output");
}
END_TEST

START_TEST(on_and_off)
{
    char here[64];
    wick_tensor *x = wick_zeros(2, .requires_grad = true);
    AT(wick_tensor *root = wick_sqrt(x));
    wick_tensor *y = wick_sum(wick_mul(root, 0));
    ck_assert(strstr(wick_place_of(root), here)); /* without anomaly mode, too */
    {
        WICK_DETECT_ANOMALY;
        wick_clear_warning();
        ASSERT_FAILS(wick_backward(y, .retain_graph = true), WICK_ERROR_AUTOGRAD, "SqrtBackward0", here);
    }
    ck_assert(!wick_is_anomaly_enabled());
    ck_assert(wick_backward(y, .retain_graph = true));
    ck_assert(isnan(wick_get(wick_grad_of(x), 0)));

    int before = wick_set_detect_anomaly(true, .check_nan = false);
    ck_assert(wick_is_anomaly_enabled());
    ck_assert(wick_backward(y, .retain_graph = true));
    {
        WICK_DETECT_ANOMALY;
        wick_clear_warning();
        ASSERT_FAILS(wick_backward(y, .retain_graph = true), WICK_ERROR_AUTOGRAD, "nan values");
    }
    ck_assert(wick_backward(y)); /* the block's end has brought check_nan = false back */
    wick_anomaly_restore(before);
    ck_assert(!wick_is_anomaly_enabled());
}
END_TEST

static int forwards;
static wick_tensor *forward(wick_module *m, wick_tensor *x)
{
    (void)m;
    wick_tensor *y = wick_log(wick_exp(x));
    forwards++; /* so that the call is not the last thing here, which the compiler would jump to */
    return y;
}

/* Operations made of others, modules, lists, in place and views. */
START_TEST(places_of_all_kinds)
{
    char here[64];
    WICK_DETECT_ANOMALY;
    wick_clear_warning();
    wick_tensor *x = wick_ones(2, 3, .requires_grad = true);
    wick_module *linear = wick_nn_sequential(wick_nn_linear(3, 4), wick_nn_relu());
    AT(wick_tensor *h = wick_nn_forward(linear, x));
    ck_assert(strstr(wick_place_of(h), here));
    AT(wick_tensor *loss = wick_cross_entropy(h, wick_from(((int[]){1, 2}), 2)));
    const wick_node *node = wick_grad_fn(loss);
    ck_assert(node && strstr(wick_place_of(loss), here));

    wick_tensor *y = wick_nn_forward(wick_nn_module("Mine", .forward = forward), x);
    if (has_lines())
        ck_assert(!strstr(wick_place_of(y), here)); /* the line within forward */

    y = wick_mul(x, 2);
    wick_tensor *row = wick_select(y, 0, 1);
    AT(wick_mul_(row, 3));
    ck_assert(strstr(wick_place_of(y), here));
    AT(y = wick_clamp(x, .min = 0));
    ck_assert(strstr(wick_place_of(y), here));
    AT(y = wick_reshape(x, 3, 2));
    ck_assert(strstr(wick_place_of(y), here));
    AT(y = wick_add(1, x));
    ck_assert(strstr(wick_place_of(y), here));

    /* What a recorded backward pass makes stands where its cause stands. */
    AT(y = wick_sqrt(x));
    wick_list *g = wick_grad(wick_list_of(wick_sum(y)), wick_list_of(x), .create_graph = true);
    ck_assert(strstr(wick_place_of(wick_list_get(g, 0)), here));
}
END_TEST

/* The function that has saved, the one that has written, and the one that fails. */
START_TEST(other_errors_have_places)
{
    char here[64], wrote[64], failed[64];
    wick_tensor *x = wick_ones(2, .requires_grad = true), *a = wick_mul(x, 1);
    AT(wick_tensor *y = wick_exp(a));
    snprintf(wrote, sizeof wrote, "%s", here);
    AT(wick_mul_(y, 2));
    char saved[80];
    snprintf(saved, sizeof saved, "ExpBackward0, made at ");
    ck_assert_ptr_nonnull(strstr(wick_place_of(y), here));
    AT(ck_assert(!wick_backward(wick_sum(y))));
    snprintf(failed, sizeof failed, "%s: AutogradError: wick_backward: ", has_lines() ? strchr(here, ':') : "");
    ck_assert_msg(strstr(wick_error(), wrote) && strstr(wick_error(), failed), "%s", wick_error());
    ASSERT_ERROR(WICK_ERROR_AUTOGRAD, saved, "modified in place by wick_mul_ at ");
    y = wick_sum(wick_exp(a));
    ck_assert(wick_backward(y));
    ASSERT_FAILS(wick_backward(y), WICK_ERROR_AUTOGRAD, "second time", "made at");
}
END_TEST

static wick_tensor *two_layers(wick_module *m, wick_tensor *x) { return wick_nn_forward(wick_nn_child(m, 0), x); }

START_TEST(errors_name_the_module)
{
    wick_module *body = wick_nn_sequential(wick_nn_linear(2, 3), wick_nn_relu(), wick_nn_linear(4, 1));
    wick_tensor *x = wick_ones(1, 2);
    ck_assert(!wick_nn_forward(body, x));
    ASSERT_ERROR(WICK_ERROR_SHAPE, "wick_linear: ", ", in 2 (Linear) of Sequential");
    wick_module *net = wick_nn_module("Net", .forward = two_layers);
    wick_nn_register_module(net, "body", body);
    ck_assert(!wick_nn_forward(net, x));
    ASSERT_ERROR(WICK_ERROR_SHAPE, ", in 2 (Linear) of body (Sequential) of Net");
    ck_assert(!wick_nn_forward_list(wick_nn_sequential(net), x));
    ASSERT_ERROR(WICK_ERROR_SHAPE, ", in 2 (Linear) of body (Sequential) of 0 (Net) of Sequential");
    ck_assert(!wick_matmul(x, x)); /* outside again */
    ck_assert(!strstr(wick_error(), ", in "));
    wick_clear_error();
    ck_assert_ptr_null(wk_this_thread.work);
}
END_TEST

static bool everything(void)
{
    WICK_SCOPE;
    WICK_DETECT_ANOMALY;
    wick_clear_warning();
    wick_tensor *x = leaf2(1, 2), *y = x ? wick_nll_loss(wick_softmax(wick_mul(x, 3), 0), wick_scalar(1)) : NULL;
    wick_list *g = y ? wick_grad(wick_list_of(y), wick_list_of(x), .create_graph = true) : NULL;
    return g && wick_backward(wick_sum(wick_list_get(g, 0))) && wick_place_of(y) && wick_set_grad(x, NULL);
}

START_TEST(without_memory) { check_failing_allocations(everything); }
END_TEST

Suite *anomaly_suite(void);
Suite *anomaly_suite(void)
{
    const TTest *const tests[] = {
        a_nan_names_its_call,   on_and_off,     places_of_all_kinds, other_errors_have_places,
        errors_name_the_module, without_memory,
    };
    return MAKE_SUITE("anomaly", tests);
}
