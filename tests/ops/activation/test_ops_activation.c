/* test_ops_activation.c - the rows of the activations. */
#include <math.h>
#include <string.h>

#include "../op_suite.h"

/* tanhshrink and gelu are differences of numbers that nearly cancel, as logaddexp is: PyTorch's own float32 is up to 2e4 (gelu:
 * 7e5) units in the last place from the exact value, and depends on whether an element is reached by vector code. So they are
 * compared by the largest number, and not in units of their own last place. */
#define ROWS(X)                                                                                           \
    X(relu, EXACT, CHECKED, wick_relu(in[0]))                                                             \
    X(relu6, EXACT, CHECKED, wick_relu6(in[0]))                                                           \
    X(selu, ULPS, CHECKED, wick_selu(in[0]))                                                              \
    X(silu, ULPS, CHECKED, wick_silu(in[0]))                                                              \
    X(mish, ULPS, CHECKED, wick_mish(in[0]))                                                              \
    X(sigmoid, ULPS, CHECKED, wick_sigmoid(in[0]))                                                        \
    X(logsigmoid, ULPS, CHECKED, wick_logsigmoid(in[0]))                                                  \
    X(softsign, ULPS, CHECKED, wick_softsign(in[0]))                                                      \
    X(tanhshrink, SUMMED, CHECKED, wick_tanhshrink(in[0]))                                                \
    X(hardsigmoid, ULPS, CHECKED, wick_hardsigmoid(in[0]))                                                \
    X(hardswish, ULPS, CHECKED, wick_hardswish(in[0]))                                                    \
    X(leaky_relu, ULPS, CHECKED, wick_leaky_relu(in[0], .negative_slope = real[0]))                       \
    X(elu, ULPS, CHECKED, wick_elu(in[0], .alpha = real[0]))                                              \
    X(celu, ULPS, CHECKED, wick_celu(in[0], .alpha = real[0]))                                            \
    X(gelu, SUMMED, CHECKED, wick_gelu(in[0], .approximate = (wick_gelu_approximate)whole[0]))            \
    X(softplus, ULPS, CHECKED, wick_softplus(in[0], .beta = real[0], .threshold = real[1]))               \
    X(hardtanh, EXACT, CHECKED, wick_hardtanh(in[0], .min_val = real[0], .max_val = real[1]))             \
    X(softshrink, ULPS, CHECKED, wick_softshrink(in[0], .lambd = real[0]))                                \
    X(hardshrink, EXACT, CHECKED, wick_hardshrink(in[0], .lambd = real[0]))                               \
    X(threshold, EXACT, CHECKED, wick_threshold(in[0], real[0], real[1]))                                 \
    X(prelu, ULPS, CHECKED, wick_prelu(in[0], in[1]))                                                     \
    X(glu, ULPS, CHECKED, wick_glu(in[0], .dim = whole[0]))                                               \
    X(relu_, EXACT, CHECKED, ON_COPY(wick_relu_(target)))                                                 \
    X(relu6_, EXACT, CHECKED, ON_COPY(wick_relu6_(target)))                                               \
    X(selu_, ULPS, CHECKED, ON_COPY(wick_selu_(target)))                                                  \
    X(silu_, ULPS, CHECKED, ON_COPY(wick_silu_(target)))                                                  \
    X(mish_, ULPS, CHECKED, ON_COPY(wick_mish_(target)))                                                  \
    X(sigmoid_, ULPS, CHECKED, ON_COPY(wick_sigmoid_(target)))                                            \
    X(hardsigmoid_, ULPS, CHECKED, ON_COPY(wick_hardsigmoid_(target)))                                    \
    X(hardswish_, ULPS, CHECKED, ON_COPY(wick_hardswish_(target)))                                        \
    X(threshold_, EXACT, CHECKED, ON_COPY(wick_threshold_(target, real[1], real[2])))                     \
    X(leaky_relu_, ULPS, CHECKED, ON_COPY(wick_leaky_relu_(target, .negative_slope = real[1])))           \
    X(elu_, ULPS, CHECKED, ON_COPY(wick_elu_(target, .alpha = real[1])))                                  \
    X(celu_, ULPS, CHECKED, ON_COPY(wick_celu_(target, .alpha = real[1])))                                \
    X(hardtanh_, EXACT, CHECKED, ON_COPY(wick_hardtanh_(target, .min_val = real[1], .max_val = real[2]))) \
    X(softmax, SCALED, CHECKED, wick_softmax(in[0], whole[0]))                                            \
    X(log_softmax, SCALED, CHECKED, wick_log_softmax(in[0], whole[0]))                                    \
    X(softmin, SCALED, CHECKED, wick_softmin(in[0], whole[0]))                                            \
    X(dropout, ULPS, CHECKED, wick_dropout(in[0], real[0], whole[1] != 0))                                \
    X(alpha_dropout, ULPS, CHECKED, wick_alpha_dropout(in[0], real[0], whole[1] != 0))                    \
    X(rrelu, ULPS, CHECKED, wick_rrelu(in[0], real[0], real[1], .training = whole[2] != 0))               \
    X(dropout_, ULPS, CHECKED, ON_COPY(wick_dropout_(target, real[1], whole[2] != 0)))                    \
    X(alpha_dropout_, ULPS, CHECKED, ON_COPY(wick_alpha_dropout_(target, real[1], whole[2] != 0)))        \
    X(rrelu_, ULPS, CHECKED, ON_COPY(wick_rrelu_(target, real[1], real[2], whole[3] != 0)))

OP_FAMILY(activation, ROWS)

/* Of 40000 elements about p are 0, the rest 1 / (1 - p), and the gradient is the same mask. */
START_TEST(test_dropout_mask)
{
    static const double ps[] = {0.1, 0.3, 0.5, 0.9};
    wick_manual_seed(1);
    for (size_t k = 0; k < sizeof ps / sizeof *ps; k++) {
        for (int dtype = WICK_FLOAT32; dtype <= WICK_FLOAT64; dtype++) {
            WICK_SCOPE;
            double p = ps[k], n = 40000;
            wick_tensor *x = wick_ones(200, 200, .dtype = (wick_dtype)dtype, .requires_grad = true);
            wick_tensor *y = wick_dropout(x, p, true);
            wick_tensor *dx = wick_list_get(
                wick_grad(wick_list_of(y), wick_list_of(x), .grad_outputs = wick_list_of(wick_ones_like(y))), 0);
            ck_assert_msg(dx, "%s", wick_error());
            ck_assert(wick_equal(wick_detach(y), dx));
            double zeros = 0;
            for (int64_t i = 0; i < 40000; i++) {
                double v = tensor_real(y, i);
                zeros += v == 0;
                ck_assert_double_eq_tol(v == 0 ? 1 / (1 - p) : v, 1 / (1 - p), 1e-6 / (1 - p));
            }
            ck_assert_double_eq_tol(zeros / n, p, 5 * sqrt(p * (1 - p) / n));
            ck_assert(!wick_equal(wick_detach(y), wick_detach(wick_dropout(x, p, true)))); /* another draw */
            ck_assert(wick_equal(wick_detach(x), wick_detach(wick_dropout(x, p, false))));
        }
    }
    ck_assert_ptr_null(wick_error());
}
END_TEST

/* With the generator at PyTorch's seed the masks are PyTorch's: torch.manual_seed(3); F.alpha_dropout(ones(8), 0.4, True). */
START_TEST(test_alpha_dropout_draws)
{
    WICK_SCOPE;
    static const double want[] = {1.47037721,   1.47037721,   -0.910642028, 1.47037721,
                                  -0.910642028, -0.910642028, 1.47037721,   1.47037721};
    wick_manual_seed(3);
    wick_tensor *x = wick_ones(8, .requires_grad = true), *y = wick_alpha_dropout(x, 0.4, true);
    ck_assert(wick_backward(wick_sum(y)));
    for (int i = 0; i < 8; i++) {
        ck_assert_double_eq_tol(wick_get(y, i), want[i], 1e-6);
        ck_assert_int_eq(wick_get(wick_grad_of(x), i) != 0, want[i] > 0);
    }
    ck_assert_ptr_null(wick_error());
}
END_TEST

/* The defaults of the options, against calls that give them. */
START_TEST(test_defaults)
{
    WICK_SCOPE;
    wick_tensor *x = wick_linspace(-8, 8, 65);
#define SAME(call, with_options) ck_assert_msg(wick_equal(call, with_options), "%s is not %s", #call, #with_options)
    SAME(wick_leaky_relu(x), wick_leaky_relu(x, .negative_slope = 0.01));
    SAME(wick_elu(x), wick_elu(x, .alpha = 1));
    SAME(wick_celu(x), wick_celu(x, .alpha = 1));
    SAME(wick_gelu(x), wick_gelu(x, .approximate = WICK_GELU_NONE));
    SAME(wick_softplus(x), wick_softplus(x, .beta = 1, .threshold = 20));
    SAME(wick_hardtanh(x), wick_hardtanh(x, .min_val = -1, .max_val = 1));
    SAME(wick_softshrink(x), wick_softshrink(x, .lambd = 0.5));
    SAME(wick_hardshrink(x), wick_hardshrink(x, .lambd = 0.5));
    wick_tensor *m = wick_linspace(0, 1, 8);
    m = wick_view(m, 2, 4);
    SAME(wick_glu(m), wick_glu(m, .dim = 1));
    SAME(wick_leaky_relu_(wick_clone(x)), wick_leaky_relu(x));
    SAME(wick_elu_(wick_clone(x)), wick_elu(x));
    SAME(wick_celu_(wick_clone(x)), wick_celu(x));
    SAME(wick_hardtanh_(wick_clone(x)), wick_hardtanh(x));
#undef SAME
    ck_assert_ptr_null(wick_gelu(x, .approximate = (wick_gelu_approximate)2));
    ck_assert_ptr_nonnull(strstr(wick_error(), "wick_gelu"));
    wick_clear_error();
    /* Far beyond where e^x overflows, also with a threshold that leaves it to the formula. */
    ck_assert_double_eq(wick_get(wick_softplus(wick_from(((float[]){1000}), 1), .threshold = 1e5), 0), 1000);
    ck_assert_ptr_null(wick_error());
}
END_TEST

Suite *ops_activation_suite(void)
{
    Suite *suite = op_suite(&family, enter);
    TCase *tc = tcase_create("dropout");
    tcase_add_test(tc, test_dropout_mask);
    tcase_add_test(tc, test_alpha_dropout_draws);
    suite_add_tcase(suite, tc);
    tc = tcase_create("defaults");
    tcase_add_test(tc, test_defaults);
    suite_add_tcase(suite, tc);
    return suite;
}
