/* test_gradcheck.c - wick_gradcheck and wick_gradgradcheck themselves: they pass what is right and catch what is wrong.
 *
 * A wrong gradient is made of right operations and wick_detach: what is detached counts in the value and not in the
 * derivative. detach(x) x has half the derivative of x^2; 2 detach(f) - f is f with its derivative negated. */
#include <check.h>
#include <string.h>

#include <wick/wick.h>

/* ---- Functions that are right ------------------------------------------------------------------------------------ */

static wick_tensor *square(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(in[0], in[0]);
}

static wick_tensor *product(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(wick_tanh(in[0]), wick_exp(in[1]));
}

static wick_tensor *scaled(wick_tensor *const *in, int n, void *context)
{
    (void)n;
    return wick_mul(in[0], *(const double *)context);
}

static wick_tensor *row_sums(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_sum(wick_mul(in[0], in[0]), 1);
}

/* ---- Functions whose gradient is wrong --------------------------------------------------------------------------- */

static wick_tensor *half(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(wick_detach(in[0]), in[0]);
}

static wick_tensor *negated(wick_tensor *const *in, int n, void *context)
{
    wick_tensor *y = square(in, n, context);
    return wick_sub(wick_mul(2, wick_detach(y)), y);
}

/* x^2, and element 2 has no gradient. */
static wick_tensor *one_element_wrong(wick_tensor *const *in, int n, void *context)
{
    wick_tensor *y = square(in, n, context);
    wick_tensor *is_2 = wick_eq(wick_arange((double)wick_numel(y)), 2);
    return wick_where(is_2, wick_detach(y), y);
}

/* A gradient that is too large by one part in a hundred. */
static wick_tensor *one_percent(wick_tensor *const *in, int n, void *context)
{
    wick_tensor *y = square(in, n, context);
    return wick_sub(wick_mul(1.01, y), wick_mul(0.01, wick_detach(y)));
}

/* Right in in[0], wrong in in[1]. */
static wick_tensor *second_wrong(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(in[0], wick_mul(in[1], wick_detach(in[1])));
}

/* in[1] counts in the value, and has no gradient at all. */
static wick_tensor *second_missing(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(in[0], wick_detach(in[1]));
}

/* A gradient where there should be none: the value is constant. */
static wick_tensor *constant_with_gradient(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_sub(in[0], wick_detach(in[0]));
}

/* x^2 as 2 x c - c^2 with c = detach(x): its gradient 2 c is right, but as a function of x it is constant. The first
 * order passes and the second does not. */
static wick_tensor *second_order_wrong(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    wick_tensor *fixed = wick_detach(in[0]);
    return wick_sub(wick_mul(2, wick_mul(in[0], fixed)), wick_mul(fixed, fixed));
}

/* Every gradient is zero, rightly. */
static wick_tensor *flat(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_sign(in[0]);
}

/* Does not depend on its input in any way that is recorded. */
static wick_tensor *detached(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(wick_detach(in[0]), 2);
}

static wick_tensor *failing(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_matmul(in[0], wick_zeros(7, 7, .dtype = WICK_FLOAT64));
}

/* ---- Inputs ------------------------------------------------------------------------------------------------------ */

static wick_tensor *three(void) { return wick_from(((double[]){0.5, -1.25, 2}), 3, .requires_grad = true); }

static wick_tensor *other_three(void) { return wick_from(((double[]){0.75, 1.5, -0.5}), 3, .requires_grad = true); }

/* ---- Tests ------------------------------------------------------------------------------------------------------- */

static void expect_pass(wick_function f, wick_tensor *const *in, int n)
{
    ck_assert_msg(wick_gradcheck(f, in, n), "%s", wick_error());
    ck_assert_msg(wick_gradgradcheck(f, in, n), "%s", wick_error());
    ck_assert_ptr_null(wick_error());
}

/* The check fails, the message begins with the function's name and has these words, and the inputs are as they were. */
static void expect_failure(bool passed, const char *function, const char *words)
{
    ck_assert_msg(!passed, "%s passes", function);
    ck_assert_ptr_nonnull(wick_error());
    ck_assert_msg(strstr(wick_error(), function) && strstr(wick_error(), words), "%s", wick_error());
    wick_clear_error();
}

START_TEST(test_right_gradients_pass)
{
    WICK_SCOPE;
    wick_tensor *both[] = {three(), other_three()};
    expect_pass(square, both, 1);
    expect_pass(product, both, 2);
    double factor = -3;
    ck_assert(wick_gradcheck(scaled, both, 1, .context = &factor));
    ck_assert(wick_gradgradcheck(scaled, both, 1, .context = &factor));
    ck_assert(wick_equal(wick_detach(both[0]), wick_from(((double[]){0.5, -1.25, 2}), 3)));
    ck_assert_ptr_null(wick_grad_of(both[0]));
}
END_TEST

START_TEST(test_inputs_of_any_layout)
{
    WICK_SCOPE;
    wick_tensor *base = wick_mul(wick_reshape(wick_arange(12, .dtype = WICK_FLOAT64), 3, 4), 0.25);
    wick_tensor *views[] = {wick_t(base), wick_slice(base, 1, 1, WICK_UNSET, 2), wick_narrow(base, 0, 1, 2)};
    for (int i = 0; i < 3; i++) {
        wick_tensor *x = wick_requires_grad_(wick_detach(views[i]), true);
        expect_pass(row_sums, &x, 1);
    }
    wick_tensor *number = wick_full(0.5, .dtype = WICK_FLOAT64, .requires_grad = true);
    expect_pass(square, &number, 1);
}
END_TEST

START_TEST(test_only_what_requires_grad_is_checked)
{
    WICK_SCOPE;
    wick_tensor *in[] = {three(), wick_detach(other_three())};
    expect_pass(product, in, 2);
    ck_assert(wick_gradcheck(second_wrong, in, 2));
    wick_tensor *none[] = {wick_detach(three()), wick_detach(other_three())};
    expect_failure(wick_gradcheck(product, none, 2), "wick_gradcheck", "");
}
END_TEST

START_TEST(test_wrong_gradients_fail)
{
    static const struct {
        const char *name;
        wick_function f;
        int inputs;
        const char *input; /* which one the message names */
    } wrong[] = {
        {"half", half, 1, "input 0"},
        {"negated", negated, 1, "input 0"},
        {"one element", one_element_wrong, 1, "input 0"},
        {"one percent", one_percent, 1, "input 0"},
        {"second wrong", second_wrong, 2, "input 1"},
        {"second missing", second_missing, 2, "input 1"},
        {"constant", constant_with_gradient, 1, "input 0"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        WICK_SCOPE;
        wick_tensor *in[] = {three(), other_three()};
        expect_failure(wick_gradcheck(wrong[i].f, in, wrong[i].inputs), "wick_gradcheck", wrong[i].input);
    }
}
END_TEST

/* The message has the analytical and the numerical value: x = 0.5 has derivative 1 and not 0.5. */
START_TEST(test_message_has_both_values)
{
    WICK_SCOPE;
    wick_tensor *in[] = {wick_from(((double[]){0.5}), 1, .requires_grad = true)};
    ck_assert(!wick_gradcheck(half, in, 1));
    ck_assert_msg(strstr(wick_error(), "0.5"), "%s", wick_error());
    ck_assert_msg(strstr(wick_error(), " 1") || strstr(wick_error(), "0.99999"), "%s", wick_error());
    wick_clear_error();
}
END_TEST

START_TEST(test_second_order_is_checked)
{
    WICK_SCOPE;
    wick_tensor *in[] = {three(), other_three()};
    ck_assert_msg(wick_gradcheck(second_order_wrong, in, 1), "%s", wick_error());
    expect_failure(wick_gradgradcheck(second_order_wrong, in, 1), "wick_gradgradcheck", "input");
}
END_TEST

START_TEST(test_vacuous_checks_fail)
{
    WICK_SCOPE;
    wick_tensor *in[] = {three()};
    expect_failure(wick_gradcheck(flat, in, 1), "wick_gradcheck", "zero");
    expect_failure(wick_gradcheck(detached, in, 1), "wick_gradcheck", "");
    wick_tensor *empty[] = {wick_zeros(0, .dtype = WICK_FLOAT64, .requires_grad = true)};
    expect_failure(wick_gradcheck(square, empty, 1), "wick_gradcheck", "");
    expect_failure(wick_gradcheck(square, in, 0), "wick_gradcheck", "");
}
END_TEST

/* A difference of float32 numbers needs a longer step and a wider tolerance, and then tells right from wrong. */
START_TEST(test_float32)
{
    WICK_SCOPE;
    wick_tensor *in[] = {wick_from(((float[]){0.5F, -1.25F, 2}), 3, .requires_grad = true)};
    ck_assert_msg(wick_gradcheck(square, in, 1, .eps = 1e-2, .atol = 1e-2, .rtol = 1e-2), "%s", wick_error());
    expect_failure(wick_gradcheck(half, in, 1, .eps = 1e-2, .atol = 1e-2, .rtol = 1e-2), "wick_gradcheck", "input 0");
    ck_assert_int_eq(wick_dtype_of(in[0]), WICK_FLOAT32);
}
END_TEST

START_TEST(test_tolerances)
{
    WICK_SCOPE;
    wick_tensor *in[] = {three()};
    ck_assert_msg(wick_gradcheck(one_percent, in, 1, .rtol = 0.05), "%s", wick_error());
    expect_failure(wick_gradcheck(one_percent, in, 1, .rtol = 0.005), "wick_gradcheck", "input 0");
    ck_assert_msg(wick_gradcheck(one_percent, in, 1, .atol = 0.1), "%s", wick_error());
}
END_TEST

/* What fails inside is what is reported; grad mode and memory are as before. */
START_TEST(test_errors_come_through)
{
    for (int round = 0; round < 2; round++) {
        size_t before = wick_memory_allocated();
        {
            WICK_SCOPE;
            wick_tensor *in[] = {three()};
            expect_failure(wick_gradcheck(failing, in, 1), "wick_matmul", "");
            expect_failure(wick_gradgradcheck(failing, in, 1), "wick_matmul", "");
            expect_failure(wick_gradcheck(half, in, 1), "wick_gradcheck", "");
            wick_tensor *none[] = {NULL};
            expect_failure(wick_gradcheck(square, none, 1), "wick_gradcheck", "");
            expect_failure(wick_gradcheck(NULL, in, 1), "wick_gradcheck", "");
        }
        ck_assert(round == 0 || wick_memory_allocated() == before);
        ck_assert(wick_is_grad_enabled());
    }
}
END_TEST

START_TEST(test_in_no_grad)
{
    WICK_SCOPE;
    wick_tensor *in[] = {three()};
    WICK_NO_GRAD;
    ck_assert_msg(wick_gradcheck(square, in, 1), "%s", wick_error());
    ck_assert(!wick_is_grad_enabled());
}
END_TEST

Suite *gradcheck_suite(void)
{
    Suite *suite = suite_create("gradcheck");
    TCase *tc = tcase_create("gradcheck");
    tcase_add_test(tc, test_right_gradients_pass);
    tcase_add_test(tc, test_inputs_of_any_layout);
    tcase_add_test(tc, test_only_what_requires_grad_is_checked);
    tcase_add_test(tc, test_wrong_gradients_fail);
    tcase_add_test(tc, test_message_has_both_values);
    tcase_add_test(tc, test_second_order_is_checked);
    tcase_add_test(tc, test_vacuous_checks_fail);
    tcase_add_test(tc, test_float32);
    tcase_add_test(tc, test_tolerances);
    tcase_add_test(tc, test_errors_come_through);
    tcase_add_test(tc, test_in_no_grad);
    suite_add_tcase(suite, tc);
    return suite;
}
