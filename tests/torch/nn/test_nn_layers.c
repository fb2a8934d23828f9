/* test_nn_layers.c - the layers and losses of the nn layer, and Sequential. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_wick.h"

START_TEST(linear_starts_as_pytorchs)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/nn/nn.txt", "r");
    ck_assert_ptr_nonnull(file);
    static char line[1 << 15];
    int cases = 0;
    for (; fgets(line, sizeof line, file); cases++) {
        WICK_SCOPE;
        long long seed, in, out;
        int bias, at;
        char dtype[16];
        ck_assert_int_eq(sscanf(line, "linear %lld %lld %lld %d %15s%n", &seed, &in, &out, &bias, dtype, &at), 5);
        wick_manual_seed((uint64_t)seed);
        wick_module *m = wick_nn_linear(in, out, .bias = bias != 0,
                                        .dtype = strcmp(dtype, "float64") == 0 ? WICK_FLOAT64 : WICK_FLOAT32);
        ASSERT_NO_ERROR();
        ck_assert(!wick_warning() == (in && out));
        wick_clear_warning();
        char *rest = line + at;
        wick_list *params = wick_nn_parameters(m);
        ck_assert_int_eq(wick_list_count(params), 1 + bias);
        for (int64_t p = 0; p <= bias; p++) {
            wick_tensor *flat = wick_view(wick_detach(wick_list_get(params, p)), -1);
            for (int64_t i = 0; i < wick_numel(flat); i++) {
                double expected = strtod(rest, &rest), value = wick_get(flat, i);
                ck_assert_msg(value == expected, "case %d, parameter %d, element %d: %a, PyTorch %a", cases, (int)p,
                              (int)i, value, expected);
            }
        }
    }
    fclose(file);
    ck_assert_int_eq(cases, 7);
}
END_TEST

START_TEST(linear_forward)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_linear(3, 2), *plain = wick_nn_linear(3, 2, .bias = false);
    wick_tensor *x = wick_rand(4, 5, 3);
    wick_tensor *y = wick_nn_forward(m, x); /* (4, 5, 2) */
    ck_assert_int_eq(wick_ndim(y), 3);
    ck_assert_int_eq(wick_size(y, -1), 2);
    wick_tensor *W = wick_nn_get(m, "weight"), *b = wick_nn_get(m, "bias");
    double expected = wick_get(b, 1);
    for (int k = 0; k < 3; k++)
        expected += wick_get(x, 3, 4, k) * wick_get(W, 1, k);
    ck_assert_double_eq_tol(wick_get(y, 3, 4, 1), expected, 1e-6);
    ck_assert_ptr_null(wick_nn_get(plain, "bias"));
    ck_assert_int_eq(wick_nn_parameter_count(plain), 6);
    ck_assert_ptr_nonnull(wick_nn_forward(plain, x));
    ASSERT_NO_ERROR();
    ck_assert_ptr_null(wick_nn_linear(-1, 2));
    ASSERT_MESSAGE(WICK_ERROR_SHAPE,
                   "ShapeError: wick_nn_linear: in_features=-1 and out_features=2 must not be negative");
    ck_assert_ptr_null(wick_nn_linear(1, 2, .dtype = WICK_INT64));
    ASSERT_MESSAGE(WICK_ERROR_DTYPE,
                   "DtypeError: wick_nn_linear: dtype int64 cannot require gradients; use float32 or float64");
    ck_assert_ptr_null(wick_nn_linear(INT64_MAX, INT64_MAX));
    ck_assert_ptr_nonnull(wick_error());
    wick_clear_error();
}
END_TEST

START_TEST(layers_do_what_their_operations_do)
{
    WICK_SCOPE;
    wick_tensor *x = wick_randn(3, 4);
    const struct {
        wick_module *m;
        wick_tensor *y;
    } rows[] = {
        {wick_nn_identity(), x},
        {wick_nn_relu(), wick_relu(x)},
        {wick_nn_sigmoid(), wick_sigmoid(x)},
        {wick_nn_tanh(), wick_tanh(x)},
        {wick_nn_softmax(1), wick_softmax(x, 1)},
        {wick_nn_log_softmax(0), wick_log_softmax(x, 0)},
        {wick_nn_flatten(0), wick_flatten(x, 0, -1)},
        {wick_nn_flatten(.start_dim = 0, .end_dim = 1), wick_flatten(x, 0, 1)},
        {wick_nn_flatten(), x},
        {wick_nn_sequential(wick_nn_relu(), wick_nn_tanh()), wick_tanh(wick_relu(x))},
        {wick_nn_sequential_n(NULL, 0), x},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(wick_equal(wick_nn_forward(rows[i].m, x), rows[i].y), "row %zu: %s", i, wick_nn_name(rows[i].m));
    ASSERT_NO_ERROR();
}
END_TEST

START_TEST(dropout)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_dropout(0.25);
    wick_tensor *x = wick_ones(10000);
    wick_manual_seed(1);
    wick_tensor *y = wick_nn_forward(m, x);
    int64_t kept = 0;
    for (int64_t i = 0; i < 10000; i++) {
        double v = wick_get(y, i);
        ck_assert(v == 0 || fabs(v - 1 / 0.75) < 1e-6);
        kept += v != 0;
    }
    ck_assert_int_gt(kept, 7300);
    ck_assert_int_lt(kept, 7700);
    wick_nn_eval(m);
    ck_assert(wick_equal(wick_nn_forward(m, x), x));
    ASSERT_NO_ERROR();
    ck_assert_ptr_null(wick_nn_dropout(1.5));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT,
                   "ArgumentError: wick_nn_dropout: dropout probability has to be between 0 and 1, but got 1.5");
    ck_assert_ptr_null(wick_nn_dropout((double)NAN));
    wick_clear_error();
    /* In place, what drops nothing writes nothing, and so takes a leaf that requires grad. */
    wick_tensor *leaf = wick_ones(3, .requires_grad = true);
    wick_module *inplace[] = {wick_nn_dropout(0.5, true), wick_nn_alpha_dropout(0.5, .inplace = true)};
    for (int i = 0; i < 2; i++) {
        ASSERT_FAILS(wick_nn_forward(inplace[i], leaf), WICK_ERROR_AUTOGRAD, "a leaf tensor that requires grad");
        ck_assert_ptr_eq(wick_nn_forward(wick_nn_eval(inplace[i]), leaf), leaf);
    }
}
END_TEST

START_TEST(losses)
{
    WICK_SCOPE;
    wick_tensor *x = wick_rand(4, 3), *y = wick_rand(4, 3), *w = wick_rand(3);
    wick_tensor *labels = wick_from(((int[]){0, 2, 1, 0}), 4);
    const struct {
        wick_module *m;
        wick_tensor *target, *expected;
    } rows[] = {
        {wick_nn_mse_loss(), y, wick_mse_loss(x, y)},
        {wick_nn_mse_loss(.reduction = WICK_SUM), y, wick_mse_loss(x, y, .reduction = WICK_SUM)},
        {wick_nn_bce_loss(.weight = w), y, wick_binary_cross_entropy(x, y, .weight = w)},
        {wick_nn_bce_with_logits_loss(.pos_weight = w), y,
         wick_binary_cross_entropy_with_logits(x, y, .pos_weight = w)},
        {wick_nn_nll_loss(.ignore_index = 1), labels, wick_nll_loss(x, labels, .ignore_index = 1)},
        {wick_nn_cross_entropy_loss(.weight = w, .label_smoothing = 0.1), labels,
         wick_cross_entropy(x, labels, .weight = w, .label_smoothing = 0.1)},
        {wick_nn_cross_entropy_loss(.reduction = WICK_NONE), labels,
         wick_cross_entropy(x, labels, .reduction = WICK_NONE)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(wick_equal(wick_nn_forward(rows[i].m, x, rows[i].target), rows[i].expected), "row %zu", i);
    wick_module *both = wick_nn_bce_with_logits_loss(.pos_weight = w, .weight = wick_ones(3));
    wick_dict *state = wick_nn_state_dict(both);
    ck_assert_int_eq(wick_nn_dict_count(state), 2);
    ck_assert_str_eq(wick_nn_dict_name(state, 0), "weight");
    ck_assert_str_eq(wick_nn_dict_name(state, 1), "pos_weight");
    ck_assert_int_eq(wick_nn_dict_count(wick_nn_state_dict(wick_nn_bce_loss())), 0);
    ASSERT_NO_ERROR();
    ck_assert_ptr_null(wick_nn_nll_loss(.weight = (wick_tensor *)(void *)both));
    ASSERT_MESSAGE(WICK_ERROR_ARGUMENT, "ArgumentError: NLLLoss: weight is not a tensor");
}
END_TEST

/* Without a graph, a Sequential's intermediate results are gone when it returns. */
START_TEST(sequential_frees_what_nothing_holds)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_sequential(wick_nn_relu(), wick_nn_tanh(), wick_nn_sigmoid());
    wick_tensor *x = wick_rand(1000);
    wick_nn_forward(m, x); /* the scope's stack has grown as far as it needs to */
    size_t before = wick_memory_allocated();
    long long objects = wick_scope_count();
    wick_tensor *y = wick_nn_forward(m, x);
    ck_assert_int_eq(wick_scope_count(), objects + 1);
    ck_assert_uint_lt(wick_memory_allocated() - before, 2 * 4000);
    ck_assert_double_eq_tol(wick_get(y, 5), 1 / (1 + exp(-tanh(wick_get(x, 5)))), 1e-6);
}
END_TEST

Suite *nn_layers_suite(void)
{
    const TTest *const tests[] = {
        linear_starts_as_pytorchs,           linear_forward, layers_do_what_their_operations_do, dropout, losses,
        sequential_frees_what_nothing_holds,
    };
    return MAKE_SUITE("nn_layers", tests);
}
