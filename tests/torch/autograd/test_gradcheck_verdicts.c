/* test_gradcheck_verdicts.c - functions right and wrong: wick_gradcheck, with and without fast_mode, and
 * wick_gradgradcheck pass those that torch.autograd.gradcheck passes, as gradcheck.txt has it, but for the
 * vacuous ones; and the verdicts say why. gradcheck.py has the same functions in Python. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <wick/autograd/node.h>
#include <wick/wick.h>

#ifndef WICK_TESTS_DIR
#define WICK_TESTS_DIR "tests"
#endif

/* ---- Inputs ------------------------------------------------------------------------------------------------------ */

static wick_tensor *numbers(int k, const int64_t *shape, int ndim, double shift)
{
    wick_tensor *t = wick_empty_n(shape, ndim, WICK_FLOAT64);
    double *x = wick_data_ptr(t);
    for (uint32_t i = 0; i < wick_numel(t); i++)
        x[i] = (i * 2654435761U + (uint32_t)(k + 1) * 1013904223U) / 4294967296.0 - 0.5 + shift;
    return t;
}
#define NUMBERS(k, shift, ...) numbers(k, WICK_INTS(__VA_ARGS__), shift)

static wick_tensor *input(char letter)
{
    switch (letter) {
    case 'a': return NUMBERS(0, 0, 3);
    case 'b': return NUMBERS(1, 0, 3);
    case 'm': return NUMBERS(2, 0, 2, 3);
    case 'w': return NUMBERS(3, 0, 3, 2);
    case 's': return numbers(4, NULL, 0, 0);
    case 'p': return NUMBERS(5, 1, 3);
    case 'z': return wick_zeros(3, .dtype = WICK_FLOAT64);
    case 'k': return wick_from(((double[]){0.5, 0, -0.25}), 3);
    case 'i': return wick_from(((double[]){1, -2, 3}), 3);
    case 't': return wick_from(((double[]){1, 1, 0.5}), 3);
    case 'n': return wick_from(((double[]){5e-7, -0.25, 1}), 3);
    case 'f': return wick_to(NUMBERS(0, 0, 3), WICK_FLOAT32);
    case 'v': return wick_detach(wick_t(NUMBERS(2, 0, 3, 2)));
    default: return NULL;
    }
}

/* ---- Functions --------------------------------------------------------------------------------------------------- */

static wick_tensor *times(wick_tensor *y, double factor)
{
    return wick_add(wick_mul(y, factor), wick_mul(wick_detach(y), 1 - factor));
}

static wick_tensor *given(wick_tensor *x, wick_tensor *y, wick_tensor *gradient)
{
    return wick_add(wick_detach(y), wick_mul(wick_sub(x, wick_detach(x)), gradient));
}

GRAD(adds_one_d) { return wick_add(dy, 1e-6); }
static const wk_op adds_one_op = {"AddsOneBackward", {{adds_one_d, USES_NOTHING, NULL}}, false};

static wick_tensor *adds_one(wick_tensor *x)
{
    WICK_NO_GRAD;
    wick_tensor *y = wick_mul(x, 1);
    wick_set_grad_enabled(true);
    return wk_record(&adds_one_op, NULL, y ? wick_keep(y) : NULL, x, NULL, NULL);
}

#define A in[0]
#define B in[1]
#define FIXED(x) wick_detach(x)
#define SQUARE(x) wick_mul(x, x)
#define ROLLED(x) wick_cat(wick_list_of(wick_slice(x, 0, 2, 3, 1), wick_slice(x, 0, 0, 2, 1)), 0)

/* Name, inputs, the verdicts of the first and of the second order, and the function. */
#define FUNCTIONS(X)                                                                                                  \
    X(identity, "a", PASS, PASS, A)                                                                                   \
    X(exp, "a", PASS, PASS, wick_exp(A))                                                                              \
    X(log, "p", PASS, PASS, wick_log(A))                                                                              \
    X(sin, "a", PASS, PASS, wick_sin(A))                                                                              \
    X(cos, "a", PASS, PASS, wick_cos(A))                                                                              \
    X(tan, "a", PASS, PASS, wick_tan(A))                                                                              \
    X(tanh, "a", PASS, PASS, wick_tanh(A))                                                                            \
    X(sigmoid, "a", PASS, PASS, wick_sigmoid(A))                                                                      \
    X(sqrt, "p", PASS, PASS, wick_sqrt(A))                                                                            \
    X(square, "a", PASS, PASS, SQUARE(A))                                                                             \
    X(cube, "a", PASS, PASS, wick_pow(A, 3))                                                                          \
    X(reciprocal, "p", PASS, PASS, wick_div(1, A))                                                                    \
    X(erf, "a", PASS, PASS, wick_erf(A))                                                                              \
    X(abs, "a", PASS, PASS, wick_abs(A))                                                                              \
    X(relu, "a", PASS, PASS, wick_relu(A))                                                                            \
    X(add, "ab", PASS, PASS, wick_add(A, B))                                                                          \
    X(mul, "ab", PASS, PASS, wick_mul(A, B))                                                                          \
    X(div, "ap", PASS, PASS, wick_div(A, B))                                                                          \
    X(power, "pa", PASS, PASS, wick_pow(A, B))                                                                        \
    X(matmul, "mw", PASS, PASS, wick_matmul(A, B))                                                                    \
    X(broadcast, "mb", PASS, PASS, wick_mul(A, B))                                                                    \
    X(number, "ms", PASS, PASS, wick_mul(A, B))                                                                       \
    X(sum, "m", PASS, PASS, wick_sum(SQUARE(A)))                                                                      \
    X(mean, "m", PASS, PASS, wick_mean(SQUARE(A), 1))                                                                 \
    X(softmax, "m", PASS, PASS, wick_softmax(A, 1))                                                                   \
    X(log_softmax, "m", PASS, PASS, wick_log_softmax(A, 0))                                                           \
    X(maximum, "m", PASS, PASS, wick_max(A))                                                                          \
    X(reshape, "m", PASS, PASS, wick_reshape(wick_exp(A), 3, 2))                                                      \
    X(transposed, "v", PASS, PASS, wick_t(wick_exp(A)))                                                               \
    X(cat, "ab", PASS, PASS, wick_cat(wick_list_of(wick_mul(A, B), B), 0))                                            \
    X(where, "ab", PASS, PASS, wick_where(wick_gt(A, B), SQUARE(A), wick_mul(SQUARE(B), B)))                          \
    X(twice, "a", PASS, PASS, wick_add(wick_mul(A, wick_exp(A)), A))                                                  \
    X(steep, "a", PASS, PASS, wick_exp(wick_mul(20, A)))                                                              \
    X(flat_tail, "a", PASS, PASS, wick_mul(1e-4, A))                                                                  \
    X(tiny, "a", PASS, PASS, wick_mul(1e-7, A))                                                                       \
    X(huge, "a", PASS, PASS, wick_mul(1e6, SQUARE(A)))                                                                \
    X(sign, "a", VACUOUS, VACUOUS, wick_sign(A))                                                                      \
    X(floor, "a", VACUOUS, VACUOUS, wick_floor(A))                                                                    \
    X(zero_times, "a", VACUOUS, VACUOUS, wick_mul(A, 0))                                                              \
    X(constant, "a", VACUOUS, VACUOUS, wick_ones(2, .dtype = WICK_FLOAT64))                                           \
    X(detached, "a", WRONG, VACUOUS, wick_mul(2, FIXED(A)))                                                           \
    X(half, "a", WRONG, WRONG, wick_mul(FIXED(A), A))                                                                 \
    X(flipped_exp, "a", WRONG, PASS, times(wick_exp(A), -1))                                                          \
    X(flipped_sum, "m", WRONG, PASS, times(wick_sum(SQUARE(A)), -1))                                                  \
    X(flipped_matmul, "mw", WRONG, PASS, times(wick_matmul(A, B), -1))                                                \
    X(double_tanh, "a", WRONG, PASS, times(wick_tanh(A), 2))                                                          \
    X(half_softmax, "m", WRONG, PASS, times(wick_softmax(A, 1), 0.5))                                                 \
    X(percent_sin, "a", WRONG, PASS, times(wick_sin(A), 1.01))                                                        \
    X(percent_log, "p", WRONG, PASS, times(wick_log(A), 0.99))                                                        \
    X(percent_matmul, "mw", WRONG, PASS, times(wick_matmul(A, B), 1.01))                                              \
    X(within_rtol, "a", PASS, PASS, times(wick_exp(A), 1.0005))                                                       \
    X(beyond_rtol, "a", WRONG, PASS, times(wick_exp(A), 1.002))                                                       \
    X(within_atol, "a", PASS, PASS, wick_add(A, times(wick_mul(5e-6, A), 0)))                                         \
    X(beyond_atol, "a", WRONG, PASS, wick_add(wick_mul(1e-3, A), times(wick_mul(2e-5, A), 0)))                        \
    X(dropped_term, "a", WRONG, PASS, wick_add(wick_exp(A), FIXED(SQUARE(A))))                                        \
    X(dropped_factor, "ab", WRONG, WRONG, wick_mul(A, FIXED(B)))                                                      \
    X(dropped_mean, "m", WRONG, PASS, wick_sub(A, wick_mean(FIXED(A))))                                               \
    X(missing_element, "a", WRONG, PASS, wick_where(wick_gt(A, 0), wick_exp(A), FIXED(wick_exp(A))))                  \
    X(no_broadcast_sum, "mb", WRONG, WRONG, wick_mul(A, times(B, 0.5)))                                               \
    X(wrong_saved, "ab", WRONG, WRONG, given(A, wick_mul(A, B), FIXED(A)))                                            \
    X(rolled, "a", WRONG, WRONG, given(A, SQUARE(A), wick_mul(2, ROLLED(FIXED(A)))))                                  \
    X(transposed_gradient, "m", WRONG, WRONG, given(A, SQUARE(A), wick_mul(2, wick_t(wick_reshape(FIXED(A), 3, 2))))) \
    X(where_there_is_none, "a", WRONG, PASS, wick_sub(A, FIXED(A)))                                                   \
    X(softmax_diagonal, "m", WRONG, WRONG, given(A, wick_softmax(A, 1), wick_softmax(FIXED(A), 1)))                   \
    X(sigmoid_of_sigmoid, "a", WRONG, WRONG, given(A, wick_sigmoid(A), wick_sigmoid(FIXED(A))))                       \
    X(second_input, "ab", WRONG, WRONG, wick_mul(wick_mul(A, B), FIXED(B)))                                           \
    X(second_order, "a", PASS, WRONG, wick_sub(wick_mul(wick_mul(2, A), FIXED(A)), SQUARE(FIXED(A))))                 \
    X(second_order_exp, "a", PASS, WRONG, given(A, wick_exp(A), wick_exp(FIXED(A))))                                  \
    X(second_order_matmul, "mw", PASS, WRONG,                                                                         \
      wick_sub(wick_add(wick_matmul(A, FIXED(B)), wick_matmul(FIXED(A), B)), FIXED(wick_matmul(A, B))))               \
    X(adds_one, "a", WRONG, PASS, adds_one(A))                                                                        \
    X(abs_at_0, "k", PASS, KINK, wick_abs(A))                                                                         \
    X(relu_at_0, "k", KINK, KINK, wick_relu(A))                                                                       \
    X(clamp_at_end, "k", KINK, KINK, wick_clamp(A, 0, 2))                                                             \
    X(max_of_ties, "t", PASS, KINK, wick_max(A))                                                                      \
    X(floor_at_whole, "i", KINK, VACUOUS, wick_floor(A))                                                              \
    X(frac_at_whole, "i", KINK, PASS, wick_frac(A))                                                                   \
    X(abs_near_0, "n", KINK, KINK, wick_abs(A))                                                                       \
    X(flipped_abs_at_0, "k", WRONG, KINK, times(wick_abs(A), -1))                                                     \
    X(sqrt_at_0, "z", WRONG, NO_VALUE, wick_sqrt(A))                                                                  \
    X(log_at_0, "z", NO_VALUE, WRONG, wick_log(A))                                                                    \
    X(square_at_0, "k", PASS, PASS, SQUARE(A))                                                                        \
    X(single_exp, "f", IMPRECISE, IMPRECISE, wick_exp(A))                                                             \
    X(single_flipped, "f", WRONG, IMPRECISE, times(wick_exp(A), -1))

#define DEFINE(name, letters, first, second, call)                              \
    static wick_tensor *name##_of(wick_tensor *const *in, int n, void *context) \
    {                                                                           \
        (void)in, (void)n, (void)context;                                       \
        return call;                                                            \
    }
FUNCTIONS(DEFINE)

typedef struct function {
    const char *name, *letters;
    wick_gradcheck_verdict verdict[2];
    wick_function f;
} function;
#define ROW(name, letters, first, second, call) \
    {#name, letters, {WICK_GRADCHECK_##first, WICK_GRADCHECK_##second}, name##_of},
static const function functions[] = {FUNCTIONS(ROW)};
enum { COUNT = sizeof functions / sizeof *functions };

/* ---- Tests ------------------------------------------------------------------------------------------------------- */

/* What PyTorch says to the function. */
static void reference_of(const char *name, bool passes[3])
{
    char line[128], word[64], verdict[3][8];
    FILE *file = fopen(WICK_TESTS_DIR "/torch/autograd/gradcheck.txt", "r");
    ck_assert_msg(file != NULL, WICK_TESTS_DIR "/gradcheck.txt cannot be read");
    bool found = false;
    while (!found && fgets(line, sizeof line, file)) {
        ck_assert_int_eq(sscanf(line, "%63s %7s %7s %7s", word, verdict[0], verdict[1], verdict[2]), 4);
        found = strcmp(word, name) == 0;
    }
    fclose(file);
    ck_assert_msg(found, "gradcheck.txt has no %s", name);
    for (int i = 0; i < 3; i++)
        passes[i] = strcmp(verdict[i], "pass") == 0;
}

/* The check's result is PyTorch's but where it is vacuous; its verdict, its message and its report belong together. */
static void compare(const char *what, const function *f, bool passed, const wick_gradcheck_report *r, bool torch_passes)
{
    bool vacuous = r->verdict == WICK_GRADCHECK_VACUOUS;
    ck_assert_msg(passed == (torch_passes && !vacuous), "%s of %s: %s, and PyTorch %s: %s", what, f->name,
                  wick_gradcheck_verdict_name(r->verdict), torch_passes ? "passes it" : "does not", r->message);
    ck_assert_int_eq(r->passed, passed);
    ck_assert_msg(passed == !r->message[0], "%s of %s: %s", what, f->name, r->message);
    ck_assert_msg(!wick_error(), "%s of %s: %s", what, f->name, wick_error());
    ck_assert_msg(passed == (r->verdict == WICK_GRADCHECK_PASS), "%s of %s", what, f->name);
}

START_TEST(test_verdicts)
{
    WICK_SCOPE;
    const function *f = &functions[_i];
    int n = (int)strlen(f->letters);
    wick_tensor *in[2] = {NULL};
    bool torch[3];
    wick_gradcheck_report r;
    for (int k = 0; k < n; k++)
        in[k] = wick_requires_grad_(input(f->letters[k]), true);
    reference_of(f->name, torch);

    bool passed = wick_gradcheck(f->f, in, n, .report = &r);
    ck_assert_msg(r.verdict == f->verdict[0], "gradcheck of %s: %s: %s", f->name,
                  wick_gradcheck_verdict_name(r.verdict), r.message);
    compare("gradcheck", f, passed, &r, torch[0]);

    passed = wick_gradcheck(f->f, in, n, .report = &r, .fast_mode = true);
    ck_assert(r.fast_mode);
    if (torch[0] == torch[1]) /* where they are not, it hangs by the random direction */
        compare("gradcheck in fast mode", f, passed, &r, torch[1]);

    passed = wick_gradgradcheck(f->f, in, n, .report = &r);
    ck_assert_msg(r.verdict == f->verdict[1], "gradgradcheck of %s: %s: %s", f->name,
                  wick_gradcheck_verdict_name(r.verdict), r.message);
    compare("gradgradcheck", f, passed, &r, torch[2]);
}
END_TEST

/* Kinks, and they alone, pass where they are allowed. */
START_TEST(test_allowed_kinks)
{
    WICK_SCOPE;
    const function *f = &functions[_i];
    wick_tensor *in[2] = {NULL};
    int n = (int)strlen(f->letters);
    wick_gradcheck_report r;
    for (int k = 0; k < n; k++)
        in[k] = wick_requires_grad_(input(f->letters[k]), true);
    bool passed = wick_gradcheck(f->f, in, n, .report = &r, .allow_kinks = true);
    ck_assert_int_eq(r.verdict, f->verdict[0]);
    ck_assert_msg(passed == (r.verdict == WICK_GRADCHECK_PASS || r.verdict == WICK_GRADCHECK_KINK), "%s", f->name);
    ck_assert_ptr_null(wick_error());
}
END_TEST

Suite *gradcheck_verdicts_suite(void)
{
    Suite *suite = suite_create("gradcheck_verdicts");
    TCase *tc = tcase_create("verdicts");
    tcase_add_loop_test(tc, test_verdicts, 0, COUNT);
    tcase_add_loop_test(tc, test_allowed_kinks, 0, COUNT);
    suite_add_tcase(suite, tc);
    return suite;
}
