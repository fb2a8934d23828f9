/* test_numpy_random.c - NumPy's legacy stream against NumPy (numpy_rng.txt, which numpy_rng.py describes). */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "check_wick.h"

static wick_tensor *draw(const char *kind, int64_t n, const char *a, const char *b)
{
    double x = strtod(a, NULL), y = strtod(b, NULL);
    if (strcmp(kind, "rand") == 0)
        return wick_numpy_rand(n);
    if (strcmp(kind, "randn") == 0)
        return wick_numpy_randn(n);
    if (strcmp(kind, "uniform") == 0)
        return wick_numpy_uniform(x, y, n);
    if (strcmp(kind, "normal") == 0)
        return wick_numpy_normal(x, y, n);
    if (strcmp(kind, "randint") == 0)
        return wick_numpy_randint(strtoll(a, NULL, 10), strtoll(b, NULL, 10), n);
    if (strcmp(kind, "permutation") == 0)
        return wick_numpy_permutation(n);
    if (strcmp(kind, "choice") == 0)
        return wick_numpy_choice(atoll(a), n, .replace = *b == '1');
    if (strcmp(kind, "weighted") == 0) {
        int64_t m = atoll(a);
        wick_tensor *p = wick_div(wick_add(wick_arange(m, .dtype = WICK_FLOAT64), 1), (double)(m * (m + 1)) / 2);
        return wick_numpy_choice(m, n, .replace = *b == '1', .p = p);
    }
    ck_assert_str_eq(kind, "shuffle");
    wick_tensor *t = wick_reshape(wick_arange(2 * n), n, 2);
    ck_assert_msg(wick_numpy_shuffle(t), "%s", wick_error());
    return t;
}

static void check_near(wick_tensor *t, char *values, double size, int line)
{
    int64_t n = wick_numel(t);
    for (int64_t i = 0; i < n; i++) {
        if (n >= 8 && i == 4)
            i = n - 4;
        char *end = values;
        double expected = strtod(values, &end), value = wick_data_float64(t)[i];
        ck_assert_msg(end != values && fabs(value - expected) <= 1e-15 * (fabs(expected) + size),
                      "numpy_rng.txt:%d: element %lld is %a, not %a", line, (long long)i, value, expected);
        values = end;
    }
}

START_TEST(against_numpy)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/random/numpy_rng.txt", "r");
    ck_assert_msg(file != NULL, "no file " WICK_TESTS_DIR "/torch/random/numpy_rng.txt");
    char text[1024], kind[32], a[64], b[64], how[16];
    int draws = 0, end = -1;
    for (int line = 1; fgets(text, sizeof text, file); line++) {
        WICK_SCOPE;
        uint32_t seed;
        int64_t n;
        int rest = 0;
        if (sscanf(text, "seed %" SCNu32, &seed) == 1) {
            wick_numpy_seed(seed);
        } else if (sscanf(text, "end %d", &end) != 1) {
            int read = sscanf(text, "%31s %" SCNd64 " %63s %63s %15s%n", kind, &n, a, b, how, &rest);
            ck_assert_msg(read == 5, "numpy_rng.txt:%d: not understood", line);
            wick_tensor *t = draw(kind, n, a, b);
            ck_assert_msg(t != NULL, "numpy_rng.txt:%d: %s", line, wick_error());
            if (strcmp(how, "hash") == 0)
                ck_assert_msg(fnv(t) == strtoull(text + rest, NULL, 16), "numpy_rng.txt:%d: other bits: %s", line,
                              text);
            else
                check_near(t, text + rest, 8, line);
            draws++;
        }
    }
    fclose(file);
    ck_assert_int_eq(draws, end);
}
END_TEST

/* NumPy 2: ValueError: Seed must be between 0 and 2**32 - 1, and the stream goes on. */
START_TEST(seeds_out_of_range)
{
    ck_assert(wick_numpy_seed(7));
    double first = wick_item(wick_numpy_rand(1)), second = wick_item(wick_numpy_rand(1));
    ck_assert(wick_numpy_seed(7));
    ck_assert_double_eq(wick_item(wick_numpy_rand(1)), first);
    const int64_t bad[] = {-1, INT64_C(4294967296), INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ASSERT_FAILS(wick_numpy_seed(bad[i]), WICK_ERROR_ARGUMENT, "wick_numpy_seed", "between 0 and 2**32 - 1");
    ck_assert_double_eq(wick_item(wick_numpy_rand(1)), second);
    ck_assert(wick_numpy_seed(4294967295)); /* the last one, whose first number NumPy gives so */
    ck_assert_double_eq_tol(wick_item(wick_numpy_rand(1)), 0.0976320289940138, 1e-15);
}
END_TEST

START_TEST(refusals)
{
    wick_numpy_seed(1);
    wick_tensor *expected = wick_numpy_rand(2), *x = wick_ones(3, .requires_grad = true), *p = wick_ones(3);
    wick_numpy_seed(1);
    ASSERT_FAILS(wick_numpy_rand(2, .dtype = WICK_INT64), WICK_ERROR_DTYPE, "wick_numpy_rand");
    ASSERT_FAILS(wick_numpy_rand(-2), WICK_ERROR_SHAPE, "wick_numpy_rand");
    ASSERT_FAILS(wick_numpy_normal(0, -1, 2), WICK_ERROR_ARGUMENT, "wick_numpy_normal", "scale");
    ASSERT_FAILS(wick_numpy_uniform(0, (double)INFINITY, 2), WICK_ERROR_ARGUMENT, "wick_numpy_uniform", "inf");
    ASSERT_FAILS(wick_numpy_randint(2, 2, 2), WICK_ERROR_ARGUMENT, "wick_numpy_randint", "[2, 2)");
    ASSERT_FAILS(wick_numpy_permutation(-1), WICK_ERROR_SHAPE, "wick_numpy_permutation");
    ASSERT_FAILS(wick_numpy_shuffle(wick_scalar(1)), WICK_ERROR_SHAPE, "wick_numpy_shuffle");
    ASSERT_FAILS(wick_numpy_shuffle(x), WICK_ERROR_AUTOGRAD, "wick_numpy_shuffle", "detach");
    ASSERT_FAILS(wick_numpy_shuffle(NULL), WICK_ERROR_ARGUMENT, "wick_numpy_shuffle");
    ASSERT_FAILS(wick_numpy_choice(3, 4, .replace = false), WICK_ERROR_ARGUMENT, "wick_numpy_choice", "replacement");
    ASSERT_FAILS(wick_numpy_choice(0, 1), WICK_ERROR_ARGUMENT, "wick_numpy_choice");
    ASSERT_FAILS(wick_numpy_choice(3, 1, .p = p), WICK_ERROR_ARGUMENT, "wick_numpy_choice", "adds up to 3");
    ASSERT_FAILS(wick_numpy_choice(4, 1, .p = p), WICK_ERROR_SHAPE, "wick_numpy_choice", "(4)");
    wick_tensor *one = wick_from(((float[]){1, 0, 0}), 3);
    ASSERT_FAILS(wick_numpy_choice(3, 2, .p = one, .replace = false), WICK_ERROR_ARGUMENT, "wick_numpy_choice",
                 "only 1");
    ck_assert(wick_equal(wick_numpy_rand(2), expected)); /* nothing was drawn */
}
END_TEST

Suite *numpy_random_suite(void)
{
    const TTest *const tests[] = {against_numpy, seeds_out_of_range, refusals};
    return MAKE_SUITE("numpy_random", tests);
}
