/* test_results.c - modules that return several tensors; what PyTorch 2.15 prints for the same module with hooks. */
#include "check_wick.h"

/* return 2 * x, x + 1 */
static wick_list *both(wick_module *m, wick_tensor *const *in, int count)
{
    (void)m;
    ck_assert_int_eq(count, 1);
    return wick_list_of(wick_mul(2, in[0]), wick_add(in[0], 1));
}

static wick_module *both_module(void) { return wick_nn_module("Both", .forward_list = both); }

static wick_tensor *ones(void) { return wick_requires_grad_(wick_ones(2), true); }

START_TEST(unpacked)
{
    wick_tensor *x = ones(), *a, *b;
    ck_assert(wick_list_unpack(wick_nn_forward_list(both_module(), x), &a, &b));
    ASSERT_VALUES(a, 2, 2);
    ASSERT_VALUES(b, 2, 2);
    wick_backward(wick_sum(wick_add(a, b)));
    ASSERT_VALUES(wick_grad_of(x), 3, 3);
    ASSERT_FAILS(wick_nn_forward(both_module(), x), WICK_ERROR_ARGUMENT, "Both gives 2 tensors",
                 "wick_nn_forward_list");

    /* Any module has a list of results; a Sequential gives those of its last layer. */
    ck_assert(wick_list_unpack(wick_nn_forward_list(wick_nn_tanh(), x), &a));
    ASSERT_VALUES(a, tanh(1), tanh(1));
    ck_assert(wick_list_unpack(wick_nn_forward_list(wick_nn_sequential(), x), &a));
    ck_assert(a == x);
    wick_module *net = wick_nn_sequential(wick_nn_relu(), both_module());
    ck_assert(wick_list_unpack(wick_nn_forward_list(net, x), &a, &b));
    ASSERT_VALUES(b, 2, 2);
    ASSERT_FAILS(wick_nn_forward(net, x), WICK_ERROR_ARGUMENT, "Both gives 2 tensors");
    ASSERT_FAILS(wick_nn_forward_list(wick_nn_sequential(both_module(), wick_nn_relu()), x), WICK_ERROR_ARGUMENT,
                 "Both gives 2 tensors");
}
END_TEST

static wick_list *broken(wick_module *m, wick_tensor *const *in, int count)
{
    const int *how = wick_nn_fields(m);
    (void)count;
    return *how == 0 ? NULL : *how == 1 ? wick_grads(in[0], NULL) : wick_list_of();
}

static wick_tensor *tanh_of(wick_module *m, wick_tensor *x)
{
    (void)m;
    return wick_tanh(x);
}

START_TEST(refusals)
{
    wick_tensor *x = ones();
    wick_module *m = wick_nn_module("Broken", .forward_list = broken, .size = sizeof(int));
    int *how = wick_nn_fields(m);
    ASSERT_FAILS(wick_nn_forward_list(m, x), WICK_ERROR_ARGUMENT, "the forward of Broken returned NULL");
    *how = 1;
    ASSERT_FAILS(wick_nn_forward_list(m, x), WICK_ERROR_ARGUMENT, "item 1", "forward_list");
    *how = 2;
    ck_assert_int_eq(wick_list_count(wick_nn_forward_list(m, x)), 0);
    ASSERT_FAILS(wick_nn_forward(m, x), WICK_ERROR_ARGUMENT, "gives 0 tensors");
    ASSERT_FAILS(wick_nn_forward_list(NULL, x), WICK_ERROR_ARGUMENT, "wick_nn_forward_list");
    ASSERT_FAILS(wick_nn_forward_list(m, NULL), WICK_ERROR_ARGUMENT, "input");
    ASSERT_FAILS(wick_nn_forward_list_n(m, NULL, 1), WICK_ERROR_ARGUMENT, "Broken");
    ASSERT_FAILS(wick_nn_forward_list(wick_nn_tanh(), x, x), WICK_ERROR_ARGUMENT, "takes 1 input but 2 were given");
    ASSERT_FAILS(wick_nn_module("M", .forward_list = both, .forward = tanh_of), WICK_ERROR_ARGUMENT,
                 "2 forward functions", ".forward_list");
}
END_TEST

/* ---- Hooks ------------------------------------------------------------------------------------------------------- */

static int seen_inputs, seen_results, missing;

static wick_list *see_results(wick_module *m, wick_list *inputs, wick_list *results, void *context)
{
    (void)m;
    seen_inputs = (int)wick_list_count(inputs);
    seen_results = (int)wick_list_count(results);
    wick_tensor *first = wick_list_get(results, 0);
    return context ? wick_list_of(wick_mul(first, 10), wick_list_get(results, 1)) : NULL;
}

static wick_tensor *see_one(wick_module *m, wick_list *inputs, wick_tensor *result, void *context)
{
    (void)m, (void)inputs, (void)context, (void)result;
    return NULL;
}

static wick_list *see_gradients(wick_module *m, wick_list *grad_inputs, wick_list *grad_outputs, void *context)
{
    (void)m, (void)context;
    ck_assert_int_eq(wick_list_count(grad_inputs), 1);
    seen_results = (int)wick_list_count(grad_outputs);
    missing = !wick_list_get(grad_outputs, 0) + !wick_list_get(grad_outputs, 1);
    return NULL;
}

static wick_list *times_ten(wick_module *m, wick_list *grad_outputs, void *context)
{
    (void)m;
    wick_tensor *first = wick_mul(wick_list_get(grad_outputs, 0), 10);
    return context ? wick_list_of(first) : wick_list_of(first, wick_list_get(grad_outputs, 1));
}

START_TEST(forward_hooks)
{
    wick_tensor *x = ones(), *a, *b;
    wick_module *m = both_module();
    wick_hook *seeing = wick_nn_register_forward_list_hook(m, see_results);
    ck_assert(wick_list_unpack(wick_nn_forward_list(m, x), &a, &b));
    ck_assert_int_eq(seen_inputs, 1);
    ck_assert_int_eq(seen_results, 2);
    ASSERT_VALUES(a, 2, 2);
    int replace = 1;
    wick_nn_register_forward_list_hook(m, see_results, &replace);
    ck_assert(wick_list_unpack(wick_nn_forward_list(m, x), &a, &b));
    ASSERT_VALUES(a, 20, 20);
    ASSERT_VALUES(b, 2, 2);
    wick_hook_remove(seeing);

    wick_hook *one = wick_nn_register_forward_hook(m, see_one);
    ASSERT_FAILS(wick_nn_forward_list(m, x), WICK_ERROR_ARGUMENT, "Both gives 2", "wick_nn_register_forward_list_hook");
    wick_hook_remove(one);

    wick_module *single = wick_nn_tanh(); /* of one result, a list of one */
    wick_nn_register_forward_list_hook(single, see_results);
    ASSERT_VALUES(wick_nn_forward(single, x), tanh(1), tanh(1));
    ck_assert_int_eq(seen_results, 1);
    ck_assert(strstr(wick_nn_summary(wick_nn_sequential(wick_nn_linear(2, 2), both_module()), x), "(2,), (2,)") !=
              NULL);
}
END_TEST

START_TEST(backward_hooks)
{
    wick_tensor *x = ones(), *a, *b;
    wick_module *m = both_module();
    wick_nn_register_full_backward_hook(m, see_gradients);
    wick_list_unpack(wick_nn_forward_list(m, x), &a, &b);
    ck_assert_str_eq(wick_to_string(a), "tensor([2., 2.], grad_fn=<BackwardHookFunctionBackward>)");
    wick_backward(wick_sum(a)); /* PyTorch: bw (tensor([2., 2.]),) (tensor([1., 1.]), None) */
    ck_assert_int_eq(seen_results, 2);
    ck_assert_int_eq(missing, 1);
    ASSERT_VALUES(wick_grad_of(x), 2, 2);
    wick_set_grad(x, NULL);
    wick_list_unpack(wick_nn_forward_list(m, x), &a, &b);
    wick_backward(wick_sum(wick_add(a, b)));
    ck_assert_int_eq(missing, 0);
    ASSERT_VALUES(wick_grad_of(x), 3, 3);

    wick_module *changed = both_module();
    wick_nn_register_full_backward_pre_hook(changed, times_ten);
    wick_set_grad(x, NULL);
    wick_list_unpack(wick_nn_forward_list(changed, x), &a, &b);
    wick_backward(wick_sum(wick_add(a, b)));
    ASSERT_VALUES(wick_grad_of(x), 21, 21);
    int fewer = 1;
    wick_nn_register_full_backward_pre_hook(changed, times_ten, &fewer);
    wick_list_unpack(wick_nn_forward_list(changed, x), &a, &b);
    ASSERT_FAILS(wick_backward(wick_sum(wick_add(a, b))), WICK_ERROR_ARGUMENT, "returned 1 gradients, but expected 2");
}
END_TEST

START_TEST(no_memory)
{
    wick_module *m = wick_nn_sequential(wick_nn_tanh(), both_module());
    wick_nn_register_forward_list_hook(m, see_results);
    wick_nn_register_full_backward_hook(m, see_gradients);
    wick_tensor *x = ones();
    for (long n = 1, done = 0; !done; n++) {
        WICK_SCOPE;
        wick_fail_allocation(n);
        done = wick_nn_forward_list(m, x) != NULL;
        wick_fail_allocation(0);
        if (!done)
            ASSERT_ERROR(WICK_ERROR_MEMORY, "");
    }
}
END_TEST

Suite *results_suite(void);
Suite *results_suite(void)
{
    const TTest *const tests[] = {unpacked, refusals, forward_hooks, backward_hooks, no_memory};
    return MAKE_SUITE("results", tests);
}
