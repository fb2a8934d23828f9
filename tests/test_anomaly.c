/* test_anomaly.c - anomaly mode: a NaN in a gradient names the node and the line of the call that made it. */
#include "scenario.h"

/* The statement, and its place in `here`. */
#define AT(...)  \
    __VA_ARGS__; \
    snprintf(here, sizeof here, "test_anomaly.c:%d", __LINE__)

START_TEST(a_nan_names_its_call)
{
    char here[64];
    WICK_DETECT_ANOMALY;
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

START_TEST(without_a_place)
{
    wick_tensor *x = wick_zeros(2, .requires_grad = true), *y = wick_sum(wick_mul(wick_sqrt(x), 0));
    {
        WICK_DETECT_ANOMALY;
        wick_tensor *z = wick_mul(y, 1); /* does not claim what was made before */
        ck_assert(wick_place_of(z) && !wick_place_of(y));
        ASSERT_FAILS(wick_backward(z, .retain_graph = true), WICK_ERROR_AUTOGRAD, "SqrtBackward0",
                     "WICK_DETECT_ANOMALY");
    }
    ck_assert(!wick_is_anomaly_enabled());
    ck_assert(wick_backward(y, .retain_graph = true));
    ck_assert(isnan(wick_get(wick_grad_of(x), 0)));

    int before = wick_set_detect_anomaly(true, .check_nan = false);
    ck_assert(wick_is_anomaly_enabled());
    ck_assert(wick_backward(y, .retain_graph = true));
    {
        WICK_DETECT_ANOMALY;
        ASSERT_FAILS(wick_backward(y, .retain_graph = true), WICK_ERROR_AUTOGRAD, "nan values");
    }
    ck_assert(wick_backward(y)); /* the block's end has brought check_nan = false back */
    wick_anomaly_restore(before);
    ck_assert(!wick_is_anomaly_enabled());
}
END_TEST

static wick_tensor *forward(wick_module *m, wick_tensor *x)
{
    (void)m;
    return wick_log(wick_exp(x));
}

/* Operations made of others, modules, lists, in place and views. */
START_TEST(places_of_all_kinds)
{
    char here[64];
    WICK_DETECT_ANOMALY;
    wick_tensor *x = wick_ones(2, 3, .requires_grad = true);
    wick_module *linear = wick_nn_sequential(wick_nn_linear(3, 4), wick_nn_relu());
    AT(wick_tensor *h = wick_nn_forward(linear, x));
    ck_assert(strstr(wick_place_of(h), here));
    AT(wick_tensor *loss = wick_cross_entropy(h, wick_from(((int[]){1, 2}), 2)));
    const wick_node *node = wick_grad_fn(loss);
    ck_assert(node && strstr(wick_place_of(loss), here));

    wick_tensor *y = wick_nn_forward(wick_nn_module("Mine", .forward = forward), x);
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

START_TEST(other_errors_have_places)
{
    char here[64];
    WICK_DETECT_ANOMALY;
    wick_tensor *x = wick_ones(2, .requires_grad = true), *a = wick_mul(x, 1);
    AT(wick_tensor *y = wick_exp(a));
    wick_mul_(y, 2);
    ASSERT_FAILS(wick_backward(wick_sum(y)), WICK_ERROR_AUTOGRAD, "ExpBackward0", "modified in place", "made at", here);
    y = wick_sum(wick_exp(a));
    ck_assert(wick_backward(y));
    ASSERT_FAILS(wick_backward(y), WICK_ERROR_AUTOGRAD, "second time", "made at");
}
END_TEST

/* A long graph without places is walked without recursion; and the walk may run out of memory. */
START_TEST(a_deep_call)
{
    WICK_DETECT_ANOMALY;
    wick_tensor *x = wick_ones(1, .requires_grad = true), *y = x;
    for (int i = 0; i < (is_slow() ? 1000 : 100000); i++)
        y = (wick_neg)(y); /* the function: no place */
    ck_assert(!wick_place_of(y));
    wick_fail_allocation(6);
    wick_tensor *failed = wick_neg(y);
    wick_fail_allocation(0);
    ck_assert(!failed || !wick_error());
    wick_clear_error();
    y = wick_neg(y);
    ck_assert(wick_place_of(y) != NULL);
    ck_assert(wick_backward(y));
}
END_TEST

static bool everything(void)
{
    WICK_SCOPE;
    WICK_DETECT_ANOMALY;
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
        a_nan_names_its_call,     without_a_place, places_of_all_kinds,
        other_errors_have_places, a_deep_call,     without_memory,
    };
    return MAKE_SUITE("anomaly", tests);
}
