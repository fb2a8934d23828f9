/* test_ops_activation.c - the rows of the activations. */
#include <math.h>

#include "op_suite.h"

#define ROWS(X)                                                        \
    X(relu, EXACT, CHECKED, wick_relu(in[0]))                          \
    X(sigmoid, ULPS, CHECKED, wick_sigmoid(in[0]))                     \
    X(softmax, SCALED, CHECKED, wick_softmax(in[0], whole[0]))         \
    X(log_softmax, SCALED, CHECKED, wick_log_softmax(in[0], whole[0])) \
    X(dropout, ULPS, CHECKED, wick_dropout(in[0], real[0], whole[1] != 0))

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

Suite *ops_activation_suite(void)
{
    Suite *suite = op_suite(&family, enter);
    TCase *tc = tcase_create("dropout");
    tcase_add_test(tc, test_dropout_mask);
    suite_add_tcase(suite, tc);
    return suite;
}
