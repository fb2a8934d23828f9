/* test_lazy.c - LazyLinear, against modules.txt, and LazyBatchNorm1d: before and after they get their shapes. */
#include "transcript.h"

START_TEST(lazy_linear)
{
    wick_manual_seed(3);
    wick_module *m = wick_nn_sequential_n(NULL, 0);
    wick_nn_append(m, wick_nn_lazy_linear(2));
    wick_nn_append(m, wick_nn_relu());
    wick_nn_append(m, wick_nn_lazy_linear(1, .bias = false));
    say("%t", wick_rand(1));
    wick_tensor *y = wick_nn_forward(m, wick_neg(wick_ones(4, 3)));
    say("%s", wick_nn_to_string(m));
    wick_dict *named = wick_nn_named_parameters(m);
    for (int64_t i = 0; i < wick_nn_dict_count(named); i++)
        say("%s %t %s", wick_nn_dict_name(named, i), wick_nn_dict_tensor(named, i),
            wick_requires_grad(wick_nn_dict_tensor(named, i)) ? "True" : "False");
    say("%t %t", y, wick_rand(1));
    ck_assert(wick_backward(wick_sum(y)));
    say("%t %t", wick_grad_of(wick_nn_get(m, "0.weight")), wick_grad_of(wick_nn_get(m, "2.weight")));
    wick_manual_seed(4);
    m = wick_nn_lazy_linear(3);
    wick_tensor *weight = wick_nn_get(m, "weight"), *bias = wick_nn_get(m, "bias");
    ck_assert(wick_nn_load_state_dict(m, wick_nn_state_dict(wick_nn_linear(2, 3))));
    say("%s", wick_nn_to_string(m));
    say("%t %t %t", weight, bias, wick_rand(1));
    wick_nn_forward(m, wick_ones(1, 2));
    say("%s", wick_nn_to_string(m));
    say("%t %t %t", weight, bias, wick_rand(1));
    m = wick_nn_double(wick_nn_lazy_linear(2));
    wick_nn_forward(m, wick_ones(1, 2, .dtype = WICK_FLOAT64));
    weight = wick_nn_get(m, "weight");
    say("%t %t torch.%s", weight, wick_nn_get(m, "bias"), wick_dtype_name(wick_dtype_of(weight)));
    compare("lazy");
    ck_assert_ptr_nonnull(strstr(wick_warning(), "Lazy modules"));
    wick_clear_warning();
}
END_TEST

START_TEST(refusals)
{
    wick_module *m = wick_nn_sequential(wick_nn_relu(), wick_nn_lazy_linear(2));
    ASSERT_FAILS(wick_nn_parameters(m), WICK_ERROR_ARGUMENT,
                 "wick_nn_parameters: parameter \"1.weight\" is uninitialized",
                 "call wick_nn_forward on the model once before");
    ASSERT_FAILS(wick_optim_sgd(wick_nn_parameters(m), .lr = 0.1), WICK_ERROR_ARGUMENT,
                 "\"1.weight\" is uninitialized");
    ASSERT_FAILS(wick_nn_state_dict(m), WICK_ERROR_ARGUMENT, "wick_nn_state_dict: parameter \"1.weight\"");
    ASSERT_FAILS(wick_nn_parameter_count(m), WICK_ERROR_ARGUMENT, "wick_nn_parameter_count");
    ASSERT_FAILS(wick_nn_requires_grad_(m, false), WICK_ERROR_ARGUMENT, "wick_nn_requires_grad_");
    ASSERT_FAILS(wick_nn_summary(m, wick_ones(1, 1)), WICK_ERROR_ARGUMENT, "is uninitialized");
    ASSERT_FAILS(wick_add(wick_nn_get(m, "1.weight"), 1), WICK_ERROR_ARGUMENT,
                 "is an uninitialized parameter: its shape is known after the first forward");
    ASSERT_FAILS(wick_nn_forward(wick_nn_child(m, 1), wick_ones()), WICK_ERROR_SHAPE, "LazyLinear");
    ASSERT_FAILS(wick_nn_lazy_linear(-1), WICK_ERROR_SHAPE, "out_features=-1");
    ASSERT_FAILS(wick_nn_lazy_linear(1, .dtype = WICK_INT64), WICK_ERROR_DTYPE, "wick_nn_lazy_linear");
    wick_nn_zero_grad(m);
    wick_nn_eval(m);
    ASSERT_NO_ERROR();
    ck_assert_int_eq(wick_nn_dict_count(wick_nn_named_parameters(m)), 2);
    ck_assert_ptr_nonnull(wick_nn_forward(m, wick_ones(3, 5)));
    ck_assert_int_eq(wick_nn_parameter_count(m), 12);
    ASSERT_FAILS(wick_nn_forward(m, wick_ones(3, 4)), WICK_ERROR_SHAPE, "wick_linear");
    for (long n = 1;; n++) { /* each allocation of the first forward fails once; then it works */
        WICK_SCOPE;
        m = wick_nn_lazy_linear(2);
        wick_tensor *x = wick_ones(1, 3);
        wick_fail_allocation(n);
        bool done = wick_nn_forward(m, x) != NULL;
        wick_fail_allocation(0);
        if (done)
            break;
        ASSERT_ERROR(WICK_ERROR_MEMORY, "");
        ck_assert_ptr_nonnull(wick_nn_forward(m, x));
    }
    wick_clear_error();
    ck_assert_ptr_nonnull(strstr(wick_warning(), "Lazy modules"));
    wick_clear_warning();
}
END_TEST

START_TEST(lazy_batch_norm)
{
    wick_module *m = wick_nn_lazy_batch_norm1d();
    ASSERT_FAILS(wick_nn_parameters(m), WICK_ERROR_ARGUMENT, "parameter \"weight\" is uninitialized");
    ASSERT_FAILS(wick_nn_forward(m, wick_ones(3)), WICK_ERROR_SHAPE, "expected 2D or 3D input (got 1D input)");
    ck_assert_str_eq(wick_nn_name(m), "LazyBatchNorm1d");
    wick_module *loaded = wick_nn_batch_norm1d(3);
    wick_fill_(wick_nn_get(loaded, "running_mean"), 2);
    ck_assert(wick_nn_load_state_dict(m, wick_nn_state_dict(loaded)));
    ck_assert_ptr_nonnull(wick_nn_forward(wick_nn_eval(m), wick_ones(1, 3)));
    ck_assert_str_eq(wick_nn_to_string(m), wick_nn_to_string(loaded));
    ASSERT_VALUES(wick_nn_get(m, "running_mean"), 2, 2, 2);
    for (long n = 1, done = 0; !done; n++) { /* a forward that fails leaves a module that may get another shape */
        WICK_SCOPE;
        m = wick_nn_lazy_batch_norm1d();
        wick_tensor *x = wick_ones(2, 3), *y = wick_ones(2, 4);
        wick_fail_allocation(n);
        done = wick_nn_forward(m, x) != NULL;
        wick_fail_allocation(0);
        bool lazy = strcmp(wick_nn_name(m), "LazyBatchNorm1d") == 0;
        ck_assert(done || wick_error_kind() == WICK_ERROR_MEMORY);
        wick_clear_error();
        ck_assert_ptr_nonnull(wick_nn_forward(m, lazy ? y : x));
        ck_assert_int_eq(wick_nn_parameter_count(m), lazy ? 8 : 6);
    }
    ck_assert_ptr_nonnull(strstr(wick_warning(), "Lazy modules"));
    wick_clear_warning();
}
END_TEST

Suite *lazy_suite(void)
{
    const TTest *const tests[] = {lazy_linear, refusals, lazy_batch_norm};
    return MAKE_SUITE("lazy", tests);
}
