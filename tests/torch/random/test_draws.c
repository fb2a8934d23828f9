/* test_draws.c - random numbers in tensors that do not lie row by row: those that PyTorch has at each place. */
#include "check_wick.h"

#include <float.h>

#include <wick/tensor/tensor_struct.h>

/* The numbers 1/128, 2/128, ... */
static wick_tensor *numbers(wick_dtype dtype, wick_tuple shape)
{
    int64_t n = 1;
    for (int i = 0; i < shape.count; i++)
        n *= shape.item[i];
    wick_tensor *x = wick_div(wick_add(wick_arange(n, .dtype = dtype), 1), 128);
    return wick_reshape_n(x, shape.item, shape.count);
}

/* The layouts of draws.py. */
static wick_tensor *layout(const char *name, wick_dtype d)
{
    if (strcmp(name, "rows") == 0)
        return numbers(d, WICK_TUPLE(6, 4));
    if (strcmp(name, "t") == 0)
        return wick_t(numbers(d, WICK_TUPLE(6, 4)));
    if (strcmp(name, "small") == 0)
        return wick_t(numbers(d, WICK_TUPLE(2, 3)));
    if (strcmp(name, "step") == 0)
        return wick_slice(numbers(d, WICK_TUPLE(6, 8)), 1, .step = 2);
    if (strcmp(name, "step_t") == 0)
        return wick_t(wick_slice(numbers(d, WICK_TUPLE(6, 8)), 1, .step = 2));
    if (strcmp(name, "expand_t") == 0)
        return wick_t(wick_expand(numbers(d, WICK_TUPLE(6, 1)), 6, 4));
    if (strcmp(name, "permute") == 0)
        return wick_permute(numbers(d, WICK_TUPLE(3, 4, 5)), 1, 2, 0);
    if (strcmp(name, "permute_back") == 0)
        return wick_permute(numbers(d, WICK_TUPLE(3, 4, 5)), 2, 0, 1);
    ck_assert_str_eq(name, "expand_3");
    return wick_permute(wick_expand(numbers(d, WICK_TUPLE(1, 4, 3)), 6, 4, 3), 2, 0, 1);
}

#define FUNCTIONS(X)                                                        \
    X(rand_like, wick_rand_like(x))                                         \
    X(randn_like, wick_randn_like(x))                                       \
    X(dropout, wick_dropout(x, 0.5, true))                                  \
    X(alpha_dropout, wick_alpha_dropout(x, 0.25, true))                     \
    X(bernoulli, wick_bernoulli(x))                                         \
    X(rrelu, wick_rrelu(wick_neg(x), .training = true))                     \
    X(multinomial, wick_multinomial(x, 2))                                  \
    X(multinomial_1, wick_multinomial(x, 1))                                \
    X(multinomial_replacement, wick_multinomial(x, 3, .replacement = true)) \
    X(uniform_, wick_uniform_(x, -1, 1))                                    \
    X(normal_, wick_normal_(x, 1, 2))                                       \
    X(bernoulli_, wick_bernoulli_(x, 0.25))                                 \
    X(exponential_, wick_exponential_(x, 2))                                \
    X(random_, wick_random_(x, 0, 100))                                     \
    X(dropout_, wick_dropout_(x, 0.5, true))                                \
    X(xavier_uniform_, wick_init_xavier_uniform_(x))                        \
    X(xavier_normal_, wick_init_xavier_normal_(x))                          \
    X(kaiming_uniform_, wick_init_kaiming_uniform_(x))                      \
    X(kaiming_normal_, wick_init_kaiming_normal_(x))                        \
    X(trunc_normal_, wick_init_trunc_normal_(x))                            \
    X(orthogonal_, wick_init_orthogonal_(x))                                \
    X(sparse_, wick_init_sparse_(x, 0.5))

static wick_tensor *run(const char *name, wick_tensor *x)
{
#define RUN(function, call)           \
    if (strcmp(name, #function) == 0) \
        return call;
    FUNCTIONS(RUN)
#undef RUN
    ck_abort_msg("no function %s", name);
    return NULL;
}

START_TEST(layouts)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/random/draws.txt", "r");
    ck_assert_msg(file != NULL, "no file draws.txt");
    char text[4096], name[32], dtype[32], at[32];
    int lines = 0;
    for (int line = 1; fgets(text, sizeof text, file); line++, lines++) {
        WICK_SCOPE;
        int seed, rest = 0;
        ck_assert_int_eq(sscanf(text, "%31s %31s %31s %d%n", name, dtype, at, &seed, &rest), 4);
        wick_manual_seed((uint64_t)seed);
        const bool single = strcmp(dtype, "float32") == 0;
        if (strcmp(name, "trunc_normal_") == 0 && strcmp(at, "rows") != 0)
            continue; /* drawn row by row here: in decisions.md */
        wick_tensor *y = run(name, layout(at, single ? WICK_FLOAT32 : WICK_FLOAT64));
        ck_assert_msg(y != NULL, "draws.txt:%d: %s", line, wick_error());
        const double eps = strcmp(name, "orthogonal_") == 0 ? 1e-5 : single ? (double)FLT_EPSILON : DBL_EPSILON;
        wick_tensor *row = wick_to(wick_reshape(y, -1), WICK_FLOAT64);
        char *values = text + rest;
        for (int64_t i = 0; i < wick_numel(row); i++) {
            char *end = values;
            const double expected = strtod(values, &end), value = wick_get(row, i);
            ck_assert_msg(end != values, "draws.txt:%d: too few values", line);
            ck_assert_msg(fabs(value - expected) <= 8 * eps * (fabs(expected) + 1),
                          "draws.txt:%d: %s, %s, %s: element %lld is %.9g, not %.9g", line, name, dtype, at,
                          (long long)i, value, expected);
            values = end;
        }
        ck_assert_msg(wick_is_contiguous(y) || strchr(name, 0)[-1] == '_', "draws.txt:%d", line);
    }
    fclose(file);
    ck_assert_int_ge(lines, 200);
}
END_TEST

/* ---- The order of arguments ---------------------------------------------------------------------------------------- */

static int calls;
static int next_call(void) { return ++calls; }
static wick_tensor *numbered(void) { return wick_full(next_call(), 1); }
static wick_module *numbered_module(void) { return wick_nn_linear(next_call(), 1); }

/* C promises nothing here, either; gcc and clang take initialisers from left to right, and the macros of lists rest on it. */
START_TEST(lists_from_left_to_right)
{
    calls = 0;
    wick_list *list = wick_list_of(numbered(), numbered(), numbered(), numbered(), numbered());
    for (int i = 0; i < 5; i++)
        ck_assert_double_eq(wick_item(wick_list_get(list, i)), i + 1);
    calls = 0;
    wick_module *m = wick_nn_sequential(numbered_module(), numbered_module(), numbered_module());
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(wick_size(wick_list_get(wick_nn_parameters(m), 2 * i), 1), i + 1);
    calls = 0;
    const int64_t shape[] = {next_call(), next_call(), next_call()};
    ck_assert(shape[0] == 1 && shape[1] == 2 && shape[2] == 3);
    wick_manual_seed(3);
    wick_list *drawn = wick_list_of(wick_rand(2), wick_rand(2));
    wick_manual_seed(3);
    wick_tensor *a = wick_rand(2), *b = wick_rand(2);
    ck_assert(wick_equal(wick_list_get(drawn, 0), a) && wick_equal(wick_list_get(drawn, 1), b));
}
END_TEST

static int warnings;
static char last[400];
static void count_warning(const char *message)
{
    warnings++;
    snprintf(last, sizeof last, "%s", message);
}

START_TEST(falling_draws)
{
    wick_warning_handler before = wick_on_warning(count_warning);
    warnings = 0;
    wick_tensor *right = wick_rand(2), *left = wick_rand(2);
    wick_sub(left, right); /* off: nothing is numbered */
    ck_assert_int_eq(warnings, 0);
    wk_debug_draws(true);
    right = wick_rand(2), left = wick_randn(2);
    wick_sub(right, left);
    wick_sub(right, 1);
    wick_sub(wick_add(left, 1), right); /* one is no draw */
    ck_assert_int_eq(warnings, 0);
    wick_sub(left, right);
    ck_assert_int_eq(warnings, 1);
    ck_assert_msg(strstr(last, "SubBackward0") && strstr(last, "from right to left") && strstr(last, "variables"), "%s",
                  last);
    wick_tensor *weight = wick_rand(3, 2), *x = wick_rand(4, 2);
    wick_linear(x, weight, NULL);
    ck_assert_int_eq(warnings, 2);
    wick_tensor *first = wick_dropout(wick_ones(2), 0.5, true), *second = wick_bernoulli(wick_full(0.5, 2));
    wick_mul(first, second);
    ck_assert_int_eq(warnings, 2);
    wick_mul(second, first);
    ck_assert_int_eq(warnings, 3);
    wk_debug_draws(false);
    wick_on_warning(before);
    wick_clear_warning();
}
END_TEST

Suite *draws_suite(void);
Suite *draws_suite(void)
{
    const TTest *const tests[] = {layouts, lists_from_left_to_right, falling_draws};
    return MAKE_SUITE("draws", tests);
}
