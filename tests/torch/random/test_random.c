/* test_random.c - random numbers: the stream against PyTorch's (rng.txt, which rng.py there describes), and
 * what a seed, an error and a thread do to it. */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wick/wick.h>

#include "../../../tensor/tensor_struct.h"
#include "bits.h"

/* ---- Against PyTorch --------------------------------------------------------------------------------------------- */

static wick_dtype dtype_named(const char *name)
{
    for (wick_dtype dtype = WICK_FLOAT32; dtype <= WICK_BOOL; dtype++)
        if (strcmp(name, wick_dtype_name(dtype)) == 0)
            return dtype;
    ck_abort_msg("no dtype %s", name);
    return WICK_DTYPE_AUTO;
}

/* The numbers that a line asks for, drawn in the way that the line names. */
static wick_tensor *draw(const char *kind, wick_dtype dtype, int64_t n, const char *a, const char *b)
{
    double x = strtod(a, NULL), y = strtod(b, NULL);
    if (strcmp(kind, "rand") == 0)
        return wick_rand(n, .dtype = dtype);
    if (strcmp(kind, "randn") == 0)
        return wick_randn(n, .dtype = dtype);
    if (strcmp(kind, "normal") == 0)
        return wick_normal(x, y, n, .dtype = dtype);
    if (strcmp(kind, "randint") == 0)
        return wick_randint(strtoll(a, NULL, 10), strtoll(b, NULL, 10), n, .dtype = dtype);
    if (strcmp(kind, "randperm") == 0)
        return wick_randperm(n);
    if (strcmp(kind, "probabilities") == 0)
        return wick_bernoulli(wick_full(x, n, .dtype = dtype));
    if (strcmp(kind, "multinomial") == 0)
        return wick_multinomial(wick_add(wick_arange(n, .dtype = dtype), 1), atoll(a), .replacement = *b == '1');
    if (strcmp(kind, "strided") == 0)
        return wick_reshape(wick_normal_(wick_t(wick_empty(n, 3, .dtype = dtype)), x, y), -1);
    if (strcmp(kind, "state") == 0)
        return wick_generator_get_state(wick_default_generator());
    wick_tensor *t = wick_empty(n, .dtype = dtype);
    ck_assert_ptr_nonnull(t);
    if (strcmp(kind, "uniform") == 0)
        wick_uniform_(t, x, y);
    else if (strcmp(kind, "exponential") == 0)
        wick_exponential_(t, x);
    else if (strcmp(kind, "random") == 0)
        wick_random_(t);
    else if (strcmp(kind, "between") == 0)
        wick_random_(t, atoll(a), strtoll(b, NULL, 10));
    else if (strcmp(kind, "bernoulli") == 0)
        wick_bernoulli_(t, x);
    else if (strcmp(kind, "generator") == 0)
        wk_randperm_seeded(wk_data(t), n, strtoull(a, NULL, 10));
    else if (strcmp(kind, "word") == 0)
        *(int64_t *)wk_data(t) = (int64_t)(wk_random64(NULL) & INT64_MAX);
    else
        ck_abort_msg("no kind %s", kind);
    return t;
}

/* values: hexadecimal numbers, all of t's or the first and the last four. */
static void check_near(const wick_tensor *t, char *values, double size, int line)
{
    int64_t n = wick_numel(t);
    double eps = wick_dtype_of(t) == WICK_FLOAT32 ? (double)FLT_EPSILON : DBL_EPSILON;
    for (int64_t i = 0; i < n; i++) {
        if (n >= 8 && i == 4)
            i = n - 4;
        char *end = values;
        double expected = strtod(values, &end), value = wk_load(t, i);
        ck_assert_msg(end != values, "rng.txt:%d: too few values", line);
        ck_assert_msg(fabs(value - expected) <= 4 * eps * (fabs(expected) + size),
                      "rng.txt:%d: element %lld is %a, not %a", line, (long long)i, value, expected);
        values = end;
    }
}

START_TEST(test_reference)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/random/rng.txt", "r");
    ck_assert_msg(file != NULL, "no file " WICK_TESTS_DIR "/torch/random/rng.txt");
    char text[1024], kind[32], dtype[32], a[64], b[64], how[16];
    int draws = 0, seeds = 0, end = -1;
    for (int line = 1; fgets(text, sizeof text, file); line++) {
        WICK_SCOPE;
        uint64_t seed;
        int64_t n;
        int rest = 0;
        if (sscanf(text, "seed %" SCNu64, &seed) == 1) {
            wick_manual_seed(seed);
            seeds++;
        } else if (sscanf(text, "end %d", &end) != 1) {
            int read = sscanf(text, "%31s %31s %" SCNd64 " %63s %63s %15s%n", kind, dtype, &n, a, b, how, &rest);
            ck_assert_msg(read == 6, "rng.txt:%d: not understood", line);
            wick_tensor *t = draw(kind, dtype_named(dtype), n, a, b);
            ck_assert_msg(t != NULL, "rng.txt:%d: %s", line, wick_error());
            if (strcmp(how, "hash") == 0)
                ck_assert_msg(has_hash(t, strtoull(text + rest, NULL, 16)), "rng.txt:%d: other bits: %s", line, text);
            else
                check_near(t, text + rest, strcmp(kind, "normal") == 0 || strcmp(kind, "strided") == 0 ? 8 : 1, line);
            draws++;
        }
    }
    fclose(file);
    ck_assert_int_eq(draws, end);
    ck_assert_int_ge(seeds, 20);
}
END_TEST

/* ---- Seeds ------------------------------------------------------------------------------------------------------- */

/* Numbers that are in PyTorch's own documentation and in many a tutorial. */
START_TEST(test_known_numbers)
{
    WICK_SCOPE;
    wick_manual_seed(42);
    wick_tensor *x = wick_randn(3);
    ck_assert_double_eq_tol(wick_get(x, 0), 0.3367, 5e-5);
    ck_assert_double_eq_tol(wick_get(x, 1), 0.1288, 5e-5);
    ck_assert_double_eq_tol(wick_get(x, 2), 0.2345, 5e-5);

    static const int64_t integers[] = {75, 71, 6, 65, 16, 64}, permutation[] = {3, 2, 4, 5, 1, 0};
    wick_manual_seed(1234);
    wick_tensor *i = wick_randint(0, 100, 6);
    wick_manual_seed(1234);
    wick_tensor *p = wick_randperm(6);
    ck_assert_mem_eq(wick_data_int64(i), integers, sizeof integers);
    ck_assert_mem_eq(wick_data_int64(p), permutation, sizeof permutation);
}
END_TEST

START_TEST(test_seed_forgets)
{
    WICK_SCOPE;
    wick_manual_seed(5);
    wick_tensor *first = wick_randn(3); /* leaves the second of a pair waiting */
    wick_manual_seed(5);
    wick_tensor *again = wick_randn(3);
    ck_assert(wick_equal(first, again));
    wick_tensor *other = wick_randn(3);
    ck_assert(!wick_equal(first, other));
    wick_manual_seed(5 + (UINT64_C(1) << 32)); /* the low 32 bits count */
    ck_assert(wick_equal(first, wick_randn(3)));
}
END_TEST

/* ---- The creation functions -------------------------------------------------------------------------------------- */

START_TEST(test_twins)
{
    WICK_SCOPE;
    const int64_t shape[] = {4, 5};
    wick_tensor *pairs[5][2];
    for (int i = 0; i < 2; i++) {
        wick_manual_seed(9);
        pairs[0][i] = i ? wick_rand_n(shape, 2, WICK_FLOAT64) : wick_rand(4, 5, .dtype = WICK_FLOAT64);
        pairs[1][i] = i ? wick_randn_n(shape, 2, WICK_DTYPE_AUTO) : wick_randn(4, 5);
        pairs[2][i] = i ? wick_randint_n(-3, 4, shape, 2, WICK_DTYPE_AUTO) : wick_randint(-3, 4, 4, 5);
        pairs[3][i] = i ? wick_rand(4, 5) : wick_rand_like(wick_zeros(4, 5));
        pairs[4][i] =
            i ? wick_randn(4, 5, .dtype = WICK_FLOAT64) : wick_randn_like(wick_zeros(4, 5, .dtype = WICK_FLOAT64));
    }
    for (int i = 0; i < 5; i++) {
        ck_assert_msg(pairs[i][0] && wick_equal(pairs[i][0], pairs[i][1]), "pair %d", i);
        ck_assert_int_eq(wick_ndim(pairs[i][0]), 2);
        ck_assert_int_eq(wick_size(pairs[i][0], 1), 5);
    }
    ck_assert_int_eq(wick_dtype_of(pairs[1][0]), WICK_FLOAT32);
    ck_assert_int_eq(wick_dtype_of(pairs[2][0]), WICK_INT64);
}
END_TEST

START_TEST(test_shapes_and_flags)
{
    WICK_SCOPE;
    ck_assert_int_eq(wick_ndim(wick_rand()), 0);
    ck_assert_int_eq(wick_numel(wick_randn(0, 3)), 0);
    ck_assert_int_eq(wick_numel(wick_randint(0, 2, 3, 0)), 0);
    ck_assert_int_eq(wick_numel(wick_randperm(0)), 0);
    ck_assert(wick_rand(2, .requires_grad = true)->requires_grad);
    ck_assert(!wick_randn(2)->requires_grad);
    wick_set_default_dtype(WICK_FLOAT64);
    ck_assert_int_eq(wick_dtype_of(wick_normal(0, 1, 2)), WICK_FLOAT64);
    wick_set_default_dtype(WICK_FLOAT32);
    ck_assert_ptr_null(wick_error());
}
END_TEST

START_TEST(test_ends_of_intervals)
{
    WICK_SCOPE;
    wick_tensor *x = wick_empty(1000);
    float low = 1.0f, high = nextafterf(1.0f, 2.0f); /* nothing in between, and high is excluded */
    wk_rand_fill(x, low, high, NULL);
    for (int64_t i = 0; i < 1000; i++)
        ck_assert(wick_data_float32(x)[i] == low);
    wk_bernoulli_fill(x, 0, NULL);
    for (int64_t i = 0; i < 1000; i++)
        ck_assert(wick_data_float32(x)[i] == 0);
    wk_bernoulli_fill(x, 1, NULL);
    for (int64_t i = 0; i < 1000; i++)
        ck_assert(wick_data_float32(x)[i] == 1);
    wick_tensor *constant = wick_normal(2.5, 0, 20);
    for (int64_t i = 0; i < 20; i++)
        ck_assert(wick_data_float32(constant)[i] == 2.5f);
}
END_TEST

/* ---- Errors: each names its function, and draws nothing ---------------------------------------------------------- */

static void expect_error(const wick_tensor *t, wick_error_code code, const char *function)
{
    ck_assert_ptr_null(t);
    ck_assert_msg(wick_error() && strstr(wick_error(), function), "%s expected: %s", function,
                  wick_error() ? wick_error() : "no error");
    ck_assert_int_eq(wick_error_kind(), code);
    wick_clear_error();
}

START_TEST(test_errors)
{
    WICK_SCOPE;
    wick_manual_seed(3);
    wick_tensor *expected = wick_rand(2);
    wick_manual_seed(3);
    expect_error(wick_rand(2, .dtype = WICK_INT64), WICK_ERROR_DTYPE, "wick_rand:");
    expect_error(wick_randn(2, .dtype = WICK_BOOL), WICK_ERROR_DTYPE, "wick_randn:");
    expect_error(wick_rand_like(wick_zeros(2, .dtype = WICK_UINT8)), WICK_ERROR_DTYPE, "wick_rand_like:");
    expect_error(wick_randn_like(NULL), WICK_ERROR_ARGUMENT, "wick_randn_like:");
    expect_error(wick_rand(2, -1), WICK_ERROR_SHAPE, "wick_rand:");
    expect_error(wick_rand(1, 1, 1, 1, 1, 1, 1, 1, 1), WICK_ERROR_SHAPE, "wick_rand:");
    expect_error(wick_rand_n(NULL, 2, WICK_FLOAT32), WICK_ERROR_SHAPE, "wick_rand:");
    expect_error(wick_rand_n((int64_t[]){2}, 1, (wick_dtype)99), WICK_ERROR_DTYPE, "wick_rand:");
    expect_error(wick_randn(INT64_MAX, 4), WICK_ERROR_MEMORY, "wick_randn:");
    expect_error(wick_normal(0, -1, 2), WICK_ERROR_ARGUMENT, "wick_normal:");
    expect_error(wick_normal(0, (double)NAN, 2), WICK_ERROR_ARGUMENT, "wick_normal:");
    expect_error(wick_randint(3, 3, 2), WICK_ERROR_ARGUMENT, "wick_randint:");
    expect_error(wick_randint(4, 3, 2), WICK_ERROR_ARGUMENT, "wick_randint:");
    expect_error(wick_randint(0, 257, 2, .dtype = WICK_UINT8), WICK_ERROR_ARGUMENT, "wick_randint:");
    expect_error(wick_randint(-1, 2, 2, .dtype = WICK_BOOL), WICK_ERROR_ARGUMENT, "wick_randint:");
    expect_error(wick_randint(0, 2, 2, .requires_grad = true), WICK_ERROR_DTYPE, "wick_randint:");
    expect_error(wick_randint_n(0, 2, (int64_t[]){2}, 1, (wick_dtype)99), WICK_ERROR_DTYPE, "wick_randint:");
    expect_error(wick_randperm(-1), WICK_ERROR_SHAPE, "wick_randperm:");
    ck_assert(wick_equal(wick_rand(2), expected));
}
END_TEST

START_TEST(test_no_memory)
{
    WICK_SCOPE;
    wick_manual_seed(3);
    wick_tensor *expected = wick_randn(3);
    wick_manual_seed(3);
    size_t before = wick_memory_allocated();
    wick_tensor *t = NULL;
    for (long n = 1; !t; n++) {
        ck_assert_int_lt(n, 50);
        wick_fail_allocation(n);
        t = wick_randn(3);
        wick_fail_allocation(0);
        if (!t) {
            ck_assert_int_eq(wick_error_kind(), WICK_ERROR_MEMORY);
            ck_assert_uint_eq(wick_memory_allocated(), before);
            wick_clear_error();
        }
    }
    ck_assert(wick_equal(t, expected));
}
END_TEST

/* ---- Generators ------------------------------------------------------------------------------------------------- */

/* What PyTorch 2.15 gives after torch.manual_seed(seed), and torch.initial_seed(). */
START_TEST(test_seeds_of_64_bits)
{
    const struct {
        uint64_t seed; /* -1 and -2**63 are 2**64 - 1 and 2**63, as in PyTorch */
        double first;
    } seeds[] = {{(uint64_t)-1, 0.9937993884086609},
                 {(uint64_t)INT64_MIN, 0.49625658988952637},
                 {INT64_MAX, 0.9937993884086609},
                 {UINT64_C(4294967296), 0.49625658988952637},
                 {0, 0.49625658988952637}};
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        WICK_SCOPE;
        wick_manual_seed(seeds[i].seed);
        ck_assert_uint_eq(wick_initial_seed(), seeds[i].seed);
        ck_assert_double_eq(wick_item(wick_rand(1)), seeds[i].first);
        wick_generator *g = wick_generator_manual_seed(wick_generator_new(), seeds[i].seed);
        ck_assert_uint_eq(wick_generator_initial_seed(g), seeds[i].seed);
        ck_assert_double_eq(wick_item(wick_rand(1, .generator = g)), seeds[i].first);
    }
}
END_TEST

START_TEST(test_generators)
{
    WICK_SCOPE;
    wick_manual_seed(7);
    wick_generator *g = wick_generator_manual_seed(wick_generator_new(), 7);
    ck_assert_uint_eq(wick_generator_initial_seed(wick_generator_new()), UINT64_C(67280421310721));
    ck_assert_uint_eq(wick_initial_seed(), 7);
    wick_tensor *of_default = wick_rand(5), *of_own = wick_rand(5, .generator = g);
    ck_assert(wick_equal(of_default, of_own));
    ck_assert(wick_equal(wick_randperm(9), wick_randperm(9, .generator = g)));
    ck_assert(wick_equal(wick_randint(0, 9, 3), wick_randint(0, 9, 3, .generator = g)));
    ck_assert(wick_equal(wick_uniform_(wick_empty(3)), wick_uniform_(wick_empty(3), .generator = g)));
    wick_tensor *odd = wick_randn(3, .generator = g); /* the second of a pair waits */
    wick_tensor *state = wick_generator_get_state(g), *next = wick_randn(4, .generator = g);
    ck_assert(odd && wick_generator_set_state(g, state));
    ck_assert(wick_equal(next, wick_randn(4, .generator = g)));
    uint64_t seed = wick_generator_seed(g);
    ck_assert_uint_eq(seed, wick_generator_initial_seed(g));
    ck_assert_ptr_null(wick_error());

    wick_data_uint8(state)[8] = 3; /* as many words left as cannot be */
    ck_assert(!wick_generator_set_state(g, state));
    expect_error(NULL, WICK_ERROR_ARGUMENT, "wick_generator_set_state: the bytes are not the state");
    ck_assert(!wick_generator_set_state(g, wick_zeros(5)));
    expect_error(NULL, WICK_ERROR_ARGUMENT, "wick_generator_set_state: the state must be 5056");
    expect_error(wick_rand(2, .generator = (wick_generator *)(void *)odd), WICK_ERROR_ARGUMENT, "wick_rand: generator");
}
END_TEST

/* A draw from what requires grad has a history, of which the derivative is 0; nodes are called as PyTorch's. */
START_TEST(test_history)
{
    WICK_SCOPE;
    wick_tensor *p = wick_full(0.5, 4, .requires_grad = true), *y = wick_bernoulli(p);
    ck_assert_str_eq(wick_node_name(wick_grad_fn(y)), "BernoulliBackward0");
    ck_assert(wick_backward(wick_sum(wick_mul(y, 3))));
    for (int i = 0; i < 4; i++)
        ck_assert_double_eq(wick_get(wick_grad_of(p), i), 0);
    ck_assert(!wick_requires_grad(wick_bernoulli(wick_detach(p))));
    ck_assert(!wick_requires_grad(wick_multinomial(p, 2)) && !wick_requires_grad(wick_rand_like(p)));
    const struct {
        const char *node;
        wick_tensor *y;
    } drawn[] = {{"BernoulliBackward2", wick_bernoulli_(wick_clone(p), 0.5)},
                 {"RandomBackward2", wick_random_(wick_clone(p))},
                 {"RandomBackward1", wick_random_(wick_clone(p), .to = 5)},
                 {"RandomBackward0", wick_random_(wick_clone(p), 1, 5)},
                 {"NormalBackward0", wick_normal_(wick_clone(p))},
                 {"ExponentialBackward0", wick_exponential_(wick_clone(p))}};
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++)
        ck_assert_str_eq(wick_node_name(wick_grad_fn(drawn[i].y)), drawn[i].node);
}
END_TEST

/* In place: other dtypes, strides, history, refusals. */
START_TEST(test_in_place)
{
    WICK_SCOPE;
    wick_tensor *x = wick_zeros(6, .requires_grad = true), *y = wick_mul(x, 2);
    expect_error(wick_uniform_(x), WICK_ERROR_AUTOGRAD, "wick_uniform_:");
    ck_assert_ptr_eq(wick_uniform_(y, 1, 2), y);
    ck_assert_str_eq(wick_node_name(wick_grad_fn(y)), "UniformBackward0");
    ck_assert(wick_backward(wick_sum(y)));
    ck_assert_double_eq(wick_get(wick_grad_of(x), 3), 0);
    wick_tensor *flags = wick_zeros(400, .dtype = WICK_BOOL);
    ck_assert_ptr_nonnull(wick_bernoulli_(flags, .p = 0.25));
    ck_assert_double_eq_tol(wick_item(wick_sum(flags)), 100, 40);
    ck_assert_uint_eq(wick_version(flags), 1);
    expect_error(wick_uniform_(flags), WICK_ERROR_DTYPE, "wick_uniform_:");
    wick_tensor *t = wick_zeros(3);
    expect_error(wick_uniform_(t, 2, 1), WICK_ERROR_ARGUMENT, "wick_uniform_:");
    expect_error(wick_uniform_(t, 0, (double)INFINITY), WICK_ERROR_ARGUMENT, "wick_uniform_:");
    expect_error(wick_normal_(t, .std = -1), WICK_ERROR_ARGUMENT, "wick_normal_:");
    expect_error(wick_bernoulli_(t, 1.5), WICK_ERROR_ARGUMENT, "wick_bernoulli_:");
    expect_error(wick_exponential_(t, 0), WICK_ERROR_ARGUMENT, "wick_exponential_:");
    expect_error(wick_random_(t, 3, 3), WICK_ERROR_ARGUMENT, "wick_random_:");
    expect_error(wick_random_(t, .from = 3), WICK_ERROR_ARGUMENT, "wick_random_:");
    expect_error(wick_random_(flags, 0, 3), WICK_ERROR_ARGUMENT, "wick_random_:");
    expect_error(wick_normal_(NULL), WICK_ERROR_ARGUMENT, "wick_normal_:");
    expect_error(wick_multinomial(wick_ones(3), 4), WICK_ERROR_ARGUMENT, "wick_multinomial:");
    expect_error(wick_multinomial(wick_zeros(3), 1), WICK_ERROR_ARGUMENT, "wick_multinomial:");
    expect_error(wick_multinomial(wick_neg(wick_ones(3)), 1), WICK_ERROR_ARGUMENT, "wick_multinomial:");
    expect_error(wick_multinomial(wick_ones(2, 2, 2), 1), WICK_ERROR_SHAPE, "wick_multinomial:");
    expect_error(wick_bernoulli(wick_full(1.5, 2)), WICK_ERROR_ARGUMENT, "wick_bernoulli:");
    for (int64_t i = 0; i < 3; i++)
        ck_assert_double_eq(wick_get(t, i), 0);
}
END_TEST

/* ---- Threads share one generator, and no word is handed out twice ------------------------------------------------ */

enum { THREAD_WORDS = 20000 };

static void *draw_words(void *words)
{
    for (int i = 0; i < THREAD_WORDS; i++)
        ((uint64_t *)words)[i] = wk_random64(NULL);
    return NULL;
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

START_TEST(test_threads)
{
    static uint64_t together[2][THREAD_WORDS], alone[2][THREAD_WORDS];
    wick_manual_seed(8);
    draw_words(alone[0]);
    draw_words(alone[1]);
    wick_manual_seed(8);
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, draw_words, together[0]), 0);
    draw_words(together[1]);
    pthread_join(thread, NULL);
    qsort(alone, sizeof alone / sizeof(uint64_t), sizeof(uint64_t), ascending);
    qsort(together, sizeof together / sizeof(uint64_t), sizeof(uint64_t), ascending);
    ck_assert_mem_eq(alone, together, sizeof alone);
}
END_TEST

Suite *random_suite(void);
Suite *random_suite(void)
{
    Suite *suite = suite_create("random");
    TCase *tests = tcase_create("random");
    tcase_add_test(tests, test_reference);
    tcase_add_test(tests, test_known_numbers);
    tcase_add_test(tests, test_seed_forgets);
    tcase_add_test(tests, test_twins);
    tcase_add_test(tests, test_shapes_and_flags);
    tcase_add_test(tests, test_ends_of_intervals);
    tcase_add_test(tests, test_errors);
    tcase_add_test(tests, test_no_memory);
    tcase_add_test(tests, test_generators);
    tcase_add_test(tests, test_seeds_of_64_bits);
    tcase_add_test(tests, test_in_place);
    tcase_add_test(tests, test_history);
    tcase_add_test(tests, test_threads);
    suite_add_tcase(suite, tests);
    return suite;
}
