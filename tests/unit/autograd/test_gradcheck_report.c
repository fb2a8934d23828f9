/* test_gradcheck_report.c - what a gradient check reports: where a gradient is wrong and how, kinks, chance, precision; its
 * options; and what it does not accept. */
#include <wick/autograd/node.h>

#include "check_wick.h"

/* ---- Functions --------------------------------------------------------------------------------------------------- */

static int calls;

static wick_tensor *product(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    calls++;
    return wick_mul(wick_tanh(in[0]), wick_exp(in[1]));
}

/* x^2, and element [1, 2] has the other sign. */
static wick_tensor *one_sign(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    wick_tensor *y = wick_mul(in[0], in[0]), *flipped = wick_sub(wick_mul(2, wick_detach(y)), y);
    wick_tensor *is_5 = wick_eq(wick_reshape(wick_arange(6), 2, 3), 5);
    return wick_where(is_5, flipped, y);
}

/* in[0] times the square of in[1], one factor of which has no gradient; and the sum of in[0]. */
static wick_tensor *second_wrong(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_add(wick_mul(in[0], wick_mul(in[1], wick_detach(in[1]))), wick_sum(in[0]));
}

/* exp, right in the first order and without a second. */
static wick_tensor *no_second(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    wick_tensor *e = wick_detach(wick_exp(in[0]));
    return wick_add(e, wick_mul(wick_sub(in[0], wick_detach(in[0])), e));
}

static wick_tensor *leaky(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_where(wick_gt(in[0], 0), in[0], wick_mul(0.1, in[0]));
}

/* |x| with three times its gradient. */
static wick_tensor *steep_abs(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    wick_tensor *x = wick_add(in[0], 0);
    wick_tensor *y = wick_where(wick_gt(x, -1e-9), wick_mul(3, x), wick_mul(-3, x));
    return wick_sub(y, wick_mul(2, wick_detach(wick_abs(x))));
}

/* Noise of the size *context in the value, or in the gradient alone. */
static wick_tensor *noisy_value(wick_tensor *const *in, int n, void *context)
{
    (void)n;
    return wick_add(in[0], wick_mul(*(const double *)context, wick_rand_like(wick_detach(in[0]))));
}

GRAD(noisy_d) { return wick_mul(dy, wick_add(1, wick_mul(args->s, wick_rand_like(dy)))); }
static const wk_op noisy_op = {"NoisyBackward", {{noisy_d, USES_NOTHING, NULL}}, false};

static wick_tensor *noisy_gradient(wick_tensor *const *in, int n, void *context)
{
    (void)n;
    wick_tensor *y = wick_clone(wick_detach(in[0]));
    return wk_record(&noisy_op, &(wk_args){.s = *(const double *)context}, wick_keep(y), in[0], NULL, NULL);
}

/* Fails outside [-1, 1]. */
static wick_tensor *bounded(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    if (wick_item(wick_max(wick_abs(wick_detach(in[0])))) > 1 + 1.5e-6)
        return wick_fail(WICK_ERROR_ARGUMENT, "bounded: out of bounds");
    return wick_mul(in[0], wick_detach(in[0]));
}

static wick_tensor *nonzero_sum(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    double x = wick_get(in[0], 0);
    return x > 0.5 ? wick_sum(in[0]) : in[0];
}

static wick_tensor *rows(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_sum(wick_mul(in[0], in[0]), 1);
}

static wick_tensor *gathered(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(wick_index(in[0], wick_list_of(in[1])), 2);
}

static wick_tensor *added(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(in[0], wick_exp(in[1]));
}

/* A call of a check that fails in a report's words, and without an error. */
#define ASSERT_VERDICT(call, report, ...)                                                    \
    do {                                                                                     \
        ck_assert_msg(!(call), "%s:%d: %s passes", __FILE__, __LINE__, #call);               \
        check_verdict(__FILE__, __LINE__, report, (const char *const[]){__VA_ARGS__, NULL}); \
    } while (0)

static void check_verdict(const char *file, int line, const wick_gradcheck_report *r, const char *const *words)
{
    ck_assert_msg(!wick_error(), "%s:%d: an error: %s", file, line, wick_error());
    ck_assert_msg(!r->passed && r->verdict != WICK_GRADCHECK_ERROR, "%s:%d: no verdict", file, line);
    for (; *words; words++)
        ck_assert_msg(strstr(r->message, *words), "%s:%d: no '%s' in: %s", file, line, *words, r->message);
}

static wick_tensor *three(void) { return wick_from(((double[]){0.5, -1.25, 2}), 3, .requires_grad = true); }

static wick_tensor *six(void)
{
    return wick_requires_grad_(wick_reshape(wick_from(((double[]){0.5, -1.25, 2, 1, 0.75, -3}), 6), 2, 3), true);
}

/* ---- Where and how ----------------------------------------------------------------------------------------------- */

START_TEST(test_pass)
{
    wick_tensor *in[] = {three(), three()};
    wick_gradcheck_report r;
    ck_assert(wick_gradcheck(product, in, 2, .report = &r));
    ck_assert(r.passed && r.verdict == WICK_GRADCHECK_PASS && r.order == 1 && r.inputs == 2);
    ck_assert_str_eq(r.operation, "MulBackward0");
    ck_assert(r.compared == 18 && r.wrong == 0 && r.kinks == 0 && r.imprecise == 0 && r.zero == 12);
    ck_assert(r.largest_error < 1e-8 && r.error < 1e-8 && r.largest_gradient > 1);
    ck_assert(isnan(r.ratio) && isnan(r.left) && r.note == NULL && r.dtype == WICK_FLOAT64);
    ck_assert(r.best_eps > 5e-6 && r.best_eps < 9e-6 && r.best_error < r.rounding);
    ck_assert(wick_gradgradcheck(product, in, 2, .report = &r));
    ck_assert(r.order == 2 && r.inputs == 2 && r.verdict == WICK_GRADCHECK_PASS);
    ck_assert_str_eq(r.operation, "MulBackward0");
}
END_TEST

START_TEST(test_worst_element)
{
    wick_tensor *x = six();
    wick_gradcheck_report r;
    ASSERT_VERDICT(
        wick_gradcheck(one_sign, &x, 1, .report = &r), &r,
        "wick_gradcheck: the derivative of output element [1, 2] by element [1, 2] of input 0 is 6 analytically "
        "and -6",
        "1 of 36 elements", "other sign there", "WhereBackward0, through MulBackward0");
    ck_assert(!r.passed && r.verdict == WICK_GRADCHECK_WRONG);
    ck_assert(r.input == 0 && r.ndim == 2 && r.index[0] == 1 && r.index[1] == 2);
    ck_assert(r.gradient_of == -1 && r.output_ndim == 2 && r.output_index[0] == 1 && r.output_index[1] == 2);
    ck_assert_double_eq(r.analytical, 6);
    ck_assert_double_eq_tol(r.numerical, -6, 1e-6);
    ck_assert_double_eq_tol(r.error, 12, 1e-6);
    ck_assert_double_eq_tol(r.relative, 2, 1e-6);
    ck_assert_double_eq_tol(r.tolerance, 1e-5 + 6e-3, 1e-6);
    ck_assert_double_eq_tol(r.ratio, -1, 1e-6);
    ck_assert(r.wrong == 1 && r.compared == 36 && r.zero == 30 && !r.kink);
    ck_assert_double_eq_tol(r.largest_error, 12, 1e-6);
    ck_assert_str_eq(r.operation, "WhereBackward0");
    ck_assert_str_eq(r.through, "MulBackward0");
}
END_TEST

START_TEST(test_wrong_input_and_factor)
{
    wick_tensor *in[] = {three(), wick_from(((double[]){0.75, 1.5, -0.5}), 3, .requires_grad = true)};
    wick_gradcheck_report r;
    ASSERT_VERDICT(wick_gradcheck(second_wrong, in, 2, .report = &r), &r, "of input 1", "3 of 18 elements differ",
                   "0.5 times the derivative in every wrong element");
    ck_assert(r.input == 1 && r.wrong == 3);
    ck_assert_double_eq_tol(r.ratio, 0.5, 1e-6);
    ck_assert_str_eq(r.operation, "AddBackward0");
    ck_assert_str_eq(r.through, "MulBackward0");
}
END_TEST

/* In the second order the output is a gradient, and the last input that of the output. */
START_TEST(test_second_order)
{
    wick_tensor *in[] = {three(), three()};
    wick_gradcheck_report r;
    ASSERT_VERDICT(wick_gradgradcheck(no_second, in, 1, .report = &r), &r,
                   "the derivative of element [2] of the gradient of input 0 by element [2] of input 0",
                   "backward gives nothing");
    ck_assert(r.order == 2 && r.verdict == WICK_GRADCHECK_WRONG && r.gradient_of == 0 && r.input == 0 && r.wrong == 3);
    ck_assert_str_eq(r.operation, "AddBackward0");
    ASSERT_VERDICT(wick_gradgradcheck(second_wrong, in, 2, .report = &r, .grad_outputs = three()), &r,
                   "of the gradient of input");
    ck_assert(r.wrong > 0 && r.inputs == 2 && r.compared == 6 * 9);
}
END_TEST

/* ---- Kinks ------------------------------------------------------------------------------------------------------- */

START_TEST(test_kink)
{
    wick_tensor *x = wick_from(((double[]){0.5, 0, 2}), 3, .requires_grad = true);
    wick_gradcheck_report r;
    ASSERT_VERDICT(wick_gradcheck(leaky, &x, 1, .report = &r), &r, "kink", "element [1] of input 0",
                   "0.1 from the left and 1 from the right", "move the input", ".allow_kinks");
    ck_assert(r.verdict == WICK_GRADCHECK_KINK && r.kink && r.subgradient && r.kinks == 1 && r.wrong == 0);
    ck_assert_double_eq_tol(r.analytical, 0.1, 1e-12);
    ck_assert_double_eq_tol(r.numerical, 0.55, 1e-6);
    ck_assert_double_eq_tol(r.left, 0.1, 1e-5);
    ck_assert_double_eq_tol(r.right, 1, 1e-5);
    ck_assert(wick_gradcheck(leaky, &x, 1, .report = &r, .allow_kinks = true));
    ck_assert(r.passed && r.verdict == WICK_GRADCHECK_KINK && r.kinks == 1);
}
END_TEST

/* A gradient that no side has is wrong at a kink, too, and is not allowed with kinks. */
START_TEST(test_wrong_at_a_kink)
{
    wick_tensor *x = wick_from(((double[]){0.5, 0, -2}), 3, .requires_grad = true);
    wick_gradcheck_report r;
    ASSERT_VERDICT(wick_gradcheck(steep_abs, &x, 1, .report = &r, .allow_kinks = true), &r, "3 of 9");
    ck_assert(r.verdict == WICK_GRADCHECK_WRONG && r.wrong == 3 && r.kinks == 0);
    wick_tensor *at_0 = wick_zeros(1, .dtype = WICK_FLOAT64, .requires_grad = true);
    ASSERT_VERDICT(wick_gradcheck(steep_abs, &at_0, 1, .report = &r, .allow_kinks = true), &r,
                   "at a kink where neither side has that derivative");
    ck_assert(r.kink && !r.subgradient);
    ck_assert_double_eq_tol(r.left, -1, 1e-5);
    ck_assert_double_eq_tol(r.right, 1, 1e-5);
    ck_assert_double_eq(r.analytical, 3);
}
END_TEST

/* Beyond x +- eps the function may fail: that is no error of the check. */
START_TEST(test_domain)
{
    wick_tensor *x = wick_from(((double[]){1, 0.5}), 2, .requires_grad = true);
    wick_gradcheck_report r;
    ASSERT_VERDICT(wick_gradcheck(bounded, &x, 1, .report = &r), &r, "wick_gradcheck: the derivative");
    ck_assert(r.verdict == WICK_GRADCHECK_WRONG && r.wrong == 2);
    wick_tensor *outside = wick_from(((double[]){1.5}), 1, .requires_grad = true);
    ASSERT_FAILS(wick_gradcheck(bounded, &outside, 1, .report = &r), WICK_ERROR_ARGUMENT, "bounded: out of bounds");
    ck_assert(r.verdict == WICK_GRADCHECK_ERROR && !r.passed);
}
END_TEST

/* ---- Chance and precision ---------------------------------------------------------------------------------------- */

START_TEST(test_nondeterministic)
{
    wick_tensor *x = three();
    wick_gradcheck_report r;
    double noise = 1;
    ASSERT_VERDICT(wick_gradcheck(noisy_value, &x, 1, .context = &noise, .report = &r), &r, "not deterministic",
                   "output element [0]", ".nondet_tol");
    ck_assert(r.verdict == WICK_GRADCHECK_NONDETERMINISTIC && r.input == -1 && r.output_index[0] == 0);
    ck_assert(r.analytical != r.numerical && r.error > 0);
    noise = 1e-13;
    ASSERT_FAILS(wick_gradcheck(noisy_value, &x, 1, .context = &noise), WICK_ERROR_AUTOGRAD, "not deterministic");
    ck_assert(wick_gradcheck(noisy_value, &x, 1, .context = &noise, .nondet_tol = 1e-12));
    noise = 1e-9;
    ASSERT_VERDICT(wick_gradcheck(noisy_gradient, &x, 1, .context = &noise, .report = &r), &r,
                   "not deterministic: backward", "of output element [0] by element [0] of input 0");
    ck_assert(r.verdict == WICK_GRADCHECK_NONDETERMINISTIC && r.input == 0 && r.error > 0 && r.error <= 1e-9);
    ck_assert(wick_gradcheck(noisy_gradient, &x, 1, .context = &noise, .nondet_tol = 1e-8));
    ASSERT_FAILS(wick_gradcheck(noisy_gradient, &x, 1, .context = &noise, .fast_mode = true), WICK_ERROR_AUTOGRAD,
                 "not deterministic");
}
END_TEST

START_TEST(test_float32)
{
    wick_tensor *in[] = {wick_from(((float[]){0.5F, -1.25F, 2}), 3, .requires_grad = true),
                         wick_from(((float[]){0.75F, 1.5F, -0.5F}), 3, .requires_grad = true)};
    wick_gradcheck_report r;
    ASSERT_VERDICT(wick_gradcheck(product, in, 2, .report = &r), &r, "float32", "use float64", "no more than rounding");
    ck_assert(r.verdict == WICK_GRADCHECK_IMPRECISE && r.imprecise > 0 && r.wrong == 0 && r.dtype == WICK_FLOAT32);
    ck_assert(r.rounding > 0.01 && r.best_eps > 1e-3 && r.best_eps < 1e-2 && r.best_error < 1e-3);
    ck_assert(wick_gradcheck(product, in, 2, .report = &r, .eps = r.best_eps, .atol = 1e-2, .rtol = 1e-2));
    ck_assert(r.largest_error < 30 * r.best_error); /* the estimate is of this size */
    in[1] = wick_from(((double[]){0.75, 1.5, -0.5}), 3, .requires_grad = true);
    ASSERT_VERDICT(wick_gradcheck(second_wrong, in, 2, .report = &r), &r, "float32");
    ck_assert(r.verdict == WICK_GRADCHECK_WRONG && r.input == 1); /* float64 itself, and wrong by half */
    wick_clear_warning();                                         /* of float32 */
}
END_TEST

/* ---- Options ----------------------------------------------------------------------------------------------------- */

START_TEST(test_fast_mode)
{
    wick_tensor *in[] = {three(), three()}, *x = six();
    wick_gradcheck_report r;
    calls = 0;
    ck_assert(wick_gradcheck(product, in, 2, .report = &r, .fast_mode = true));
    ck_assert_int_eq(calls, 2 + 2 * 2); /* the value twice, and a step up and down for each input */
    ck_assert(r.fast_mode && r.compared == 2 && r.input == -1);
    calls = 0;
    ck_assert(wick_gradcheck(product, in, 2));
    ck_assert_int_eq(calls, 2 + 2 * 6);
    /* What fails is gone through element by element, to say where. */
    ASSERT_VERDICT(wick_gradcheck(one_sign, &x, 1, .report = &r, .fast_mode = true), &r, "[1, 2]");
    ck_assert(r.fast_mode && r.wrong == 1 && r.compared == 36);
}
END_TEST

/* The random gradient of the second order comes from elsewhere than wick_randn and its like. */
START_TEST(test_generator_is_left_alone)
{
    wick_tensor *in[] = {three(), three()};
    wick_manual_seed(3);
    double want = wick_item(wick_rand(1));
    wick_manual_seed(3);
    ck_assert(wick_gradcheck(product, in, 2, .fast_mode = true));
    ck_assert(wick_gradgradcheck(product, in, 2));
    ck_assert(wick_gradgradcheck(product, in, 2, .gen_non_contig_grad_outputs = true));
    ck_assert_double_eq(wick_item(wick_rand(1)), want);
}
END_TEST

START_TEST(test_refused)
{
    wick_tensor *x = three(), *wide = wick_requires_grad_(wick_detach(wick_expand(three(), 2, 3)), true);
    wick_gradcheck_report r;
    ASSERT_FAILS(wick_gradcheck(rows, &wide, 1, .report = &r), WICK_ERROR_ARGUMENT, "input 0", "(2, 3)", "share memory",
                 "wick_clone");
    ck_assert_int_eq(r.verdict, WICK_GRADCHECK_ERROR);
    ASSERT_FAILS(wick_gradgradcheck(rows, &wide, 1, .report = &r), WICK_ERROR_ARGUMENT, "wick_gradgradcheck",
                 "wick_clone");
    ASSERT_FAILS(wick_gradcheck(product, &x, 1, .eps = 0), WICK_ERROR_ARGUMENT, "eps must be positive");
    ASSERT_FAILS(wick_gradcheck(product, &x, 1, .atol = -1), WICK_ERROR_ARGUMENT, "not negative");
    ASSERT_FAILS(wick_gradcheck(product, &x, 1, .rtol = NAN), WICK_ERROR_ARGUMENT, "not negative");
    wick_tensor *edge = wick_from(((double[]){0.5, 1}), 2, .requires_grad = true);
    ASSERT_FAILS(wick_gradcheck(nonzero_sum, &edge, 1), WICK_ERROR_AUTOGRAD, "shape (2,)", "shape ()");
    ASSERT_FAILS(wick_gradgradcheck(rows, &x, 1), WICK_ERROR_INDEX, "wick_sum");
}
END_TEST

/* A tensor given twice, views of one storage, an integer input, an input that is no leaf. */
START_TEST(test_inputs)
{
    wick_tensor *x = three(), *twice[] = {x, x};
    ck_assert_msg(wick_gradcheck(added, twice, 2), "%s", wick_error());
    wick_tensor *base = wick_mul(wick_reshape(wick_arange(12, .dtype = WICK_FLOAT64), 3, 4), 0.25);
    wick_tensor *views[] = {wick_requires_grad_(wick_detach(wick_select(base, 0, 0)), true),
                            wick_requires_grad_(wick_detach(wick_select(base, 0, 2)), true)};
    ck_assert_msg(wick_gradcheck(added, views, 2), "%s", wick_error());
    wick_tensor *indexed[] = {x, wick_from(((int64_t[]){2, 0, 2}), 3)};
    ck_assert_msg(wick_gradcheck(gathered, indexed, 2), "%s", wick_error());
    ck_assert_msg(wick_gradgradcheck(gathered, indexed, 2), "%s", wick_error());
    wick_tensor *inner[] = {wick_mul(x, 2), wick_narrow(wick_exp(six()), 0, 1, 1)};
    ck_assert_msg(wick_gradcheck(added, inner, 2), "%s", wick_error());
}
END_TEST

/* ---- Printing and memory ----------------------------------------------------------------------------------------- */

static void print_into(char *text, size_t size, const wick_gradcheck_report *r)
{
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    wick_gradcheck_print(file, r);
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

START_TEST(test_print)
{
    wick_tensor *x = six(), *pair[] = {three(), three()};
    wick_gradcheck_report r;
    char text[2048];
    wick_gradcheck(one_sign, &x, 1, .report = &r);
    print_into(text, sizeof text, &r);
    static const char *const words[] = {"gradcheck of WhereBackward0: wrong gradient\n",
                                        "output element [1, 2] by element [1, 2] of input 0, through MulBackward0\n",
                                        "backward     6\n",
                                        "differences  -6",
                                        "error        1.20e+01",
                                        "pattern      backward has the other sign there\n",
                                        "elements     36 compared: 1 wrong; 30 are exactly zero\n",
                                        "precision    float64, eps 1e-06"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        ck_assert_msg(strstr(text, words[i]) != NULL, "no '%s' in:\n%s", words[i], text);
    ck_assert(wick_gradgradcheck(product, pair, 2, .report = &r));
    print_into(text, sizeof text, &r);
    ck_assert_msg(strncmp(text, "gradgradcheck of MulBackward0: pass\n    largest", 40) == 0, "%s", text);
    wick_gradcheck_print(NULL, &r);
    wick_gradcheck_print(stdout, NULL);
    ck_assert_str_eq(wick_gradcheck_verdict_name(WICK_GRADCHECK_VACUOUS), "vacuous");
}
END_TEST

/* Whichever allocation fails, the check says so, leaves the inputs as they were, and nothing behind. */
START_TEST(test_without_memory)
{
    const bool fast[] = {false, true};
    for (int k = 0; k < 4; k++) {
        wick_tensor *in[] = {three(), three()};
        ck_assert(wick_gradcheck(product, in, 2, .fast_mode = true)); /* gives the leaves their nodes */
        size_t before = memory_in_use();
        bool done = false;
        for (long n = 1; !done; n++) {
            WICK_SCOPE;
            ck_assert_int_lt(n, 5000);
            wick_gradcheck_report r;
            wick_fail_allocation(n);
            done = k < 2 ? wick_gradcheck(product, in, 2, .report = &r, .fast_mode = fast[k % 2])
                         : wick_gradgradcheck(product, in, 2, .report = &r, .fast_mode = fast[k % 2]);
            wick_fail_allocation(0);
            ck_assert_int_eq(wick_error_kind(), done ? WICK_OK : WICK_ERROR_MEMORY);
            ck_assert_int_eq(r.verdict, done ? WICK_GRADCHECK_PASS : WICK_GRADCHECK_ERROR);
            ASSERT_VALUES(wick_detach(in[0]), 0.5, -1.25, 2);
            wick_clear_error();
        }
        ck_assert_uint_eq(memory_in_use(), before);
    }
}
END_TEST

/* ---- The edge of a domain, and lists ------------------------------------------------------------------------------ */

static wick_tensor *at_edge(wick_tensor *const *in, int n, void *context)
{
    (void)n;
    switch (*(const char *)context) {
    case 'a': return wick_asin(in[0]);
    case 'c': return wick_acosh(in[0]);
    case 'h': return wick_atanh(in[0]);
    case 's': return wick_sqrt(in[0]);
    case 'l': return wick_log(in[0]);
    case 'p': return wick_pow(in[0], 0.3);
    case 'b': return wick_binary_cross_entropy(in[0], wick_zeros(1, .dtype = WICK_FLOAT64));
    default: return wick_exp(in[0]);
    }
}

/* Right gradients, whose differences have no value: a verdict of its own, and an eps that will do. */
START_TEST(test_no_value)
{
    const struct {
        const char *f;
        double x;
    } cases[] = {{"a", 0.9999999}, {"a", -0.9999999}, {"c", 1 + 1e-9}, {"h", 0.9999999}, {"s", 1e-12},
                 {"l", 1e-9},      {"p", 1e-9},       {"b", 1e-7},     {"e", 710}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        for (int fast = 0; fast < 2; fast++) {
            WICK_SCOPE;
            char f = *cases[k].f;
            wick_tensor *x = wick_from_n(&cases[k].x, WICK_FLOAT64, (const int64_t[]){1}, 1);
            x = wick_requires_grad_(x, true);
            wick_gradcheck_report r;
            ck_assert(!wick_gradcheck(at_edge, &x, 1, .context = &f, .report = &r, .fast_mode = fast == 1));
            ck_assert_msg(r.verdict == WICK_GRADCHECK_NO_VALUE, "%c: %s", f, r.message);
            check_verdict(
                __FILE__, __LINE__, &r,
                (const char *const[]){"wick_gradcheck: no value within eps: f has no value for output element [",
                                      f != 'e' ? "use a smaller eps, such as 1e-" : "f itself is not finite", NULL});
            ck_assert_int_eq(r.no_value, 1);
            ck_assert(f == 'e' ? r.usable_eps == 0 : r.usable_eps > 0 && r.usable_eps < 1e-6);
            wick_gradcheck_report again;
            if (f != 'e')
                wick_gradcheck(at_edge, &x, 1, .context = &f, .report = &again, .eps = r.usable_eps);
            ck_assert(f == 'e' || again.no_value == 0);
            ck_assert(!wick_gradgradcheck(at_edge, &x, 1, .context = &f, .report = &r, .fast_mode = fast == 1));
            ck_assert_msg(r.verdict == WICK_GRADCHECK_NO_VALUE, "%c, second order: %s", f, r.message);
            ASSERT_NO_ERROR();
        }
    }
    /* With such an eps they pass. */
    double x0 = 0.9999;
    wick_tensor *x = wick_requires_grad_(wick_from_n(&x0, WICK_FLOAT64, (const int64_t[]){1}, 1), true);
    char f = 'a';
    ck_assert(!wick_gradcheck(at_edge, &x, 1, .context = &f, .eps = 1e-3));
    ASSERT_ERROR(WICK_ERROR_AUTOGRAD, "use a smaller eps, such as 1e-05");
    ck_assert(wick_gradcheck(at_edge, &x, 1, .context = &f, .eps = 1e-7));
}
END_TEST

/* Every element that differs is listed, as far as there is room. */
START_TEST(test_elements)
{
    wick_tensor *in[] = {wick_from(((double[]){1, 2, 3}), 3, .requires_grad = true),
                         wick_from(((double[]){4, 5, 6}), 3, .requires_grad = true)};
    wick_gradcheck_element e[8];
    wick_gradcheck_report r;
    char text[4096] = "";
    for (int64_t room = 0; room <= 8; room += 2) {
        ck_assert(
            !wick_gradcheck(second_wrong, in, 2, .report = &r, .elements = room ? e : NULL, .element_room = room));
        ASSERT_NO_ERROR();
        ck_assert_int_eq(r.wrong, 3);
        ck_assert_int_eq(r.listed, room < 3 ? room : 3);
        ck_assert_ptr_eq(r.elements, room ? e : NULL);
        for (int64_t i = 0; i < r.listed; i++) {
            ck_assert_int_eq(e[i].verdict, WICK_GRADCHECK_WRONG);
            ck_assert_int_eq(e[i].input, 1);
            ck_assert(e[i].ndim == 1 && e[i].index[0] == i && e[i].output_ndim == 1 && e[i].output_index[0] == i);
            ck_assert_int_eq(e[i].gradient_of, -1);
            ck_assert_double_eq_tol(e[i].numerical, 2 * e[i].analytical, 1e-6);
        }
        if (room == 2) {
            FILE *file = tmpfile();
            ck_assert_ptr_nonnull(file);
            wick_gradcheck_print(file, &r);
            rewind(file);
            ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
            fclose(file);
        }
    }
    ck_assert_ptr_nonnull(
        strstr(text, "    differ       output element [0] by element [0] of input 1: backward 4, differences "));
    ck_assert_ptr_nonnull(strstr(text, "; wrong gradient\n                 output element [1]"));
    ck_assert_ptr_nonnull(strstr(text, "                 and 1 more\n"));
    ASSERT_FAILS(wick_gradcheck(second_wrong, in, 2, .element_room = 2), WICK_ERROR_ARGUMENT, ".element_room is 2");
    ck_assert(!wick_gradcheck(one_sign, in, 0, .report = &r));
    ck_assert_int_eq(r.verdict, WICK_GRADCHECK_ERROR);
    ck_assert_str_eq(r.message, wick_error());
    wick_clear_error();
    ck_assert(!wick_gradgradcheck(one_sign, in, 0, .report = &r));
    ck_assert_int_eq(r.verdict, WICK_GRADCHECK_ERROR);
    ck_assert_str_eq(r.message, wick_error());
    wick_clear_error();
}
END_TEST

/* ---- Results and errors ------------------------------------------------------------------------------------------- */

static int told;
static char told_text[2048];

static void listen(wick_error_code code, const char *message)
{
    (void)code;
    told++;
    snprintf(told_text, sizeof told_text, "%s", without_place(message));
}

static wick_tensor *unused(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(in[0], 0);
}

static wick_tensor *constant(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_ones_like(wick_detach(in[0]));
}

/* Fails outside [-1, 1], as a function does that calls others: their failure is that of this one. *context: the kind. */
static wick_tensor *strict(wick_tensor *const *in, int n, void *context)
{
    (void)n;
    if (wick_item(wick_max(wick_abs(wick_detach(in[0])))) > 1 + 1e-12)
        return *(const int *)context == WICK_ERROR_ARGUMENT ? wick_nn_forward(NULL, in[0]) : wick_select(in[0], 0, 77);
    return wick_mul(in[0], wick_mul(in[0], in[0]));
}

/* Whatever a check says, with a report it is a result: no handler hears of it, no error stands. Without one it is an
 * error, told of once. */
START_TEST(test_reports_are_no_errors)
{
    int argument = WICK_ERROR_ARGUMENT;
    double noise = 1;
    wick_tensor *sixth = six(), *at_0 = wick_zeros(1, .dtype = WICK_FLOAT64, .requires_grad = true);
    wick_tensor *edge = wick_from(((double[]){0.9999999}), 1, .requires_grad = true);
    wick_tensor *single = wick_requires_grad_(wick_to(wick_detach(six()), WICK_FLOAT32), true);
    const struct {
        wick_function f;
        wick_tensor *x;
        void *context;
        wick_gradcheck_verdict first, second;
    } cases[] = {
        {one_sign, sixth, NULL, WICK_GRADCHECK_WRONG, WICK_GRADCHECK_PASS},
        {no_second, sixth, NULL, WICK_GRADCHECK_PASS, WICK_GRADCHECK_WRONG},
        {leaky, at_0, NULL, WICK_GRADCHECK_KINK, WICK_GRADCHECK_KINK},
        {rows, single, NULL, WICK_GRADCHECK_IMPRECISE, WICK_GRADCHECK_IMPRECISE},
        {unused, sixth, NULL, WICK_GRADCHECK_VACUOUS, WICK_GRADCHECK_VACUOUS},
        {constant, sixth, NULL, WICK_GRADCHECK_VACUOUS, WICK_GRADCHECK_VACUOUS},
        {noisy_value, sixth, &noise, WICK_GRADCHECK_NONDETERMINISTIC, WICK_GRADCHECK_PASS},
        {noisy_gradient, sixth, &noise, WICK_GRADCHECK_NONDETERMINISTIC, WICK_GRADCHECK_NONDETERMINISTIC},
        {strict, edge, &argument, WICK_GRADCHECK_NO_VALUE, WICK_GRADCHECK_NO_VALUE},
    };
    wick_on_error(listen);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int how = 0; how < 4; how++) {
            WICK_SCOPE;
            const int order = how < 2 ? 1 : 2;
            const bool fast = how % 2;
            wick_tensor *x = cases[i].x;
            wick_gradcheck_report r;
            const wick_gradcheck_verdict want = order == 1 ? cases[i].first : cases[i].second;
            told = 0;
            bool passed = order == 1 ? wick_gradcheck(cases[i].f, &x, 1, .context = cases[i].context, .report = &r,
                                                      .fast_mode = fast)
                                     : wick_gradgradcheck(cases[i].f, &x, 1, .context = cases[i].context, .report = &r,
                                                          .fast_mode = fast);
            ck_assert_msg(r.verdict == want, "%zu, %d: %s: %s", i, how, wick_gradcheck_verdict_name(r.verdict),
                          r.message);
            ck_assert(passed == (want == WICK_GRADCHECK_PASS) && passed == r.passed);
            ck_assert_msg((r.message[0] == '\0') == passed, "%zu, %d: %s", i, how, r.message);
            ck_assert_msg(told == 0, "%zu, %d: the handler is told: %s", i, how, told_text);
            ASSERT_NO_ERROR();

            const char *name = order == 1 ? "wick_gradcheck: " : "wick_gradgradcheck: ";
            ck_assert(passed || strncmp(r.message, name, strlen(name)) == 0);
            ck_assert(passed ==
                      (order == 1
                           ? wick_gradcheck(cases[i].f, &x, 1, .context = cases[i].context, .fast_mode = fast)
                           : wick_gradgradcheck(cases[i].f, &x, 1, .context = cases[i].context, .fast_mode = fast)));
            ck_assert_msg(told == !passed, "%zu, %d: the handler is told %d times, at last: %s", i, how, told,
                          told_text);
            if (passed)
                continue;
            ck_assert_msg(strncmp(told_text, "AutogradError: ", 15) == 0 &&
                              strncmp(told_text + 15, name, strlen(name)) == 0,
                          "%s", told_text);
            if (want != WICK_GRADCHECK_NONDETERMINISTIC) /* whose numbers are others now */
                ck_assert_str_eq(told_text + 15, r.message);
            ASSERT_ERROR(WICK_ERROR_AUTOGRAD, name);
        }
    }
    wick_on_error(NULL);
    wick_clear_warning(); /* of float32 */
}
END_TEST

/* f fails at points that the check chose: an answer if it has no value there, and else an error, told of once and as the
 * check returns. Errors that stood before stay. */
START_TEST(test_failures_of_probes)
{
    wick_tensor *edge = wick_from(((double[]){0.9999999}), 1, .requires_grad = true);
    wick_tensor *outside = wick_from(((double[]){2}), 1, .requires_grad = true);
    wick_gradcheck_report r;
    int kind = WICK_ERROR_ARGUMENT;
    wick_on_error(listen);
    for (int fast = 0; fast < 2; fast++) {
        kind = WICK_ERROR_ARGUMENT;
        told = 0;
        ck_assert(!wick_gradcheck(strict, &edge, 1, .context = &kind, .report = &r, .fast_mode = fast));
        ck_assert_int_eq(told, 0);
        ck_assert_int_eq(r.verdict, WICK_GRADCHECK_NO_VALUE);
        ck_assert_ptr_nonnull(strstr(r.message, "; f says: ArgumentError: wick_nn_forward: "));
        ck_assert(wick_gradcheck(strict, &edge, 1, .context = &kind, .eps = r.usable_eps, .fast_mode = fast));
        ck_assert_int_eq(told, 0);

        wick_fail(WICK_ERROR_FILE, "before");
        ck_assert_int_eq(told, 1);
        ck_assert(!wick_gradcheck(strict, &edge, 1, .context = &kind, .report = &r, .fast_mode = fast));
        ck_assert(wick_gradcheck(strict, &edge, 1, .context = &kind, .eps = r.usable_eps, .fast_mode = fast));
        ck_assert_int_eq(told, 1);
        ck_assert_int_eq(r.verdict, WICK_GRADCHECK_NO_VALUE);
        ck_assert_str_eq(wick_error_message(), "FileError: before");
        wick_clear_error();

        kind = WICK_ERROR_INDEX;
        told = 0;
        ck_assert(!wick_gradcheck(strict, &edge, 1, .context = &kind, .report = &r, .fast_mode = fast));
        ck_assert_int_eq(r.verdict, WICK_GRADCHECK_ERROR);
        ck_assert_int_eq(told, 1);
        ck_assert_msg(strncmp(told_text, "IndexError: wick_select: ", 25) == 0, "%s", told_text);
        ck_assert_str_eq(r.message, wick_error());
        ASSERT_ERROR(WICK_ERROR_INDEX, "IndexError: wick_select: ", "77");

        told = 0; /* where it is asked for, that f fails is an error */
        ck_assert(!wick_gradcheck(strict, &outside, 1, .context = &kind, .report = &r, .fast_mode = fast));
        ck_assert_int_ge(told, 1);
        ck_assert_int_eq(r.verdict, WICK_GRADCHECK_ERROR);
        ASSERT_ERROR(WICK_ERROR_INDEX, "77");
    }
    wick_on_error(NULL);
}
END_TEST

Suite *gradcheck_report_suite(void)
{
    const TTest *const tests[] = {
        test_pass,
        test_worst_element,
        test_wrong_input_and_factor,
        test_second_order,
        test_kink,
        test_wrong_at_a_kink,
        test_domain,
        test_nondeterministic,
        test_float32,
        test_fast_mode,
        test_generator_is_left_alone,
        test_refused,
        test_inputs,
        test_print,
        test_no_value,
        test_elements,
        test_reports_are_no_errors,
        test_failures_of_probes,
        test_without_memory,
    };
    return MAKE_SUITE("gradcheck_report", tests);
}
