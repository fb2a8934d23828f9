/* test_streams.c - thousands of numbers of every random function, for 20 seeds, against PyTorch's and NumPy's
 * (streams.txt, which streams.py there describes). */
#include <inttypes.h>

#include "bits.h"
#include "check_wick.h"

enum { N = 4000, M = 3000, SEEDS = 20 };

/* ---- What is drawn ---------------------------------------------------------------------------------------------------- */

/* The samples of two passes of a loader that shuffles, and two numbers after them. */
static wick_tensor *loader(void)
{
    wick_dataset *data = wick_data_tensor_dataset(wick_arange(1500));
    wick_loader *passes = wick_data_loader(data, .batch_size = 64, .shuffle = true);
    wick_tensor *all[2 * 24 + 1], *batch;
    int count = 0;
    for (int pass = 0; pass < 2; pass++)
        WICK_FOR_EACH_BATCH (passes, &batch)
            all[count++] = wick_clone(batch);
    all[count++] = wick_randint(0, 1000, 2);
    return wick_cat(wick_list_n(all, count), 0);
}

static wick_tensor *state(void)
{
    wick_randn(N + 5, .dtype = WICK_FLOAT64);
    wick_randn(3);
    return wick_generator_get_state(wick_default_generator());
}

static wick_tensor *resumed(void)
{
    wick_generator *g = wick_generator_manual_seed(wick_generator_new(), wick_initial_seed() ^ 5);
    wick_generator_set_state(g, wick_generator_get_state(wick_default_generator()));
    wick_tensor *first = wick_rand(N, .generator = g);
    return wick_cat(wick_list_of(first, wick_rand(N)), 0);
}

static wick_tensor *generator(void)
{
    wick_generator *g = wick_generator_manual_seed(wick_generator_new(), wick_initial_seed() + 1);
    wick_tensor *whole = wick_randint(0, 100, N, .generator = g), *order = wick_randperm(N, .generator = g);
    return wick_cat(wick_list_of(whole, order, wick_randint(0, 9, 9)), 0);
}

/* Of fewer than 16 elements at a time. */
static wick_tensor *few(wick_dtype dtype)
{
    wick_tensor *all[375];
    for (int i = 0; i < 375; i++)
        all[i] = wick_randn(1 + i % 15, .dtype = dtype);
    return wick_cat(wick_list_n(all, 375), 0);
}

/* 1, 2, ... n, modulo 17. */
static wick_tensor *weights(int64_t n, wick_dtype dtype)
{
    wick_tensor *w = wick_empty(n, .dtype = dtype);
    for (int64_t i = 0; i < n; i++)
        wick_set(w, (double)((i + 1) % 17), i);
    return w;
}

static wick_tensor *one_by_one(void)
{
    static wick_tensor *all[2000];
    wick_tensor *w = weights(50, WICK_FLOAT32);
    for (int i = 0; i < 2000; i++)
        all[i] = wick_multinomial(w, 1);
    return wick_cat(wick_list_n(all, 2000), 0);
}

static wick_tensor *ten_by_ten(void)
{
    static wick_tensor *all[400];
    wick_tensor *w = wick_add(1, weights(50, WICK_FLOAT32));
    for (int i = 0; i < 400; i++)
        all[i] = wick_multinomial(w, 10);
    return wick_cat(wick_list_n(all, 400), 0);
}

static wick_tensor *dropout_module(void)
{
    return wick_nn_forward(wick_nn_sequential(wick_nn_dropout(0.25), wick_nn_dropout(0.5)), wick_ones(N));
}

static wick_tensor *flat(wick_tensor *t) { return wick_reshape(wick_detach(t), -1); }

static wick_tensor *linear(void)
{
    wick_module *m = wick_nn_linear(60, 70);
    wick_tensor *weight = flat(wick_nn_get(m, "weight"));
    return wick_cat(wick_list_of(weight, wick_nn_get(m, "bias")), 0);
}

static wick_tensor *constants(void)
{
    wick_tensor *a = flat(wick_init_constant_(wick_empty(60, 20), 0.3)), *b = flat(wick_init_ones_(wick_empty(60, 20)));
    wick_tensor *c = flat(wick_init_zeros_(wick_empty(60, 20))), *d = flat(wick_init_eye_(wick_empty(60, 20)));
    return wick_cat(wick_list_of(a, b, c, d), 0);
}

static wick_tensor *shuffled(wick_tensor *t) { return wick_numpy_shuffle(t) ? t : NULL; }

/* (1 .. n) / sum */
static wick_tensor *rising(int64_t n)
{
    return wick_div(wick_add(wick_arange(n, .dtype = WICK_FLOAT64), 1), (double)(n * (n + 1)) / 2);
}

static wick_tensor *numpy_mixed(void)
{
    wick_tensor *a = wick_numpy_permutation(1000), *b = shuffled(wick_arange(1000));
    return wick_cat(wick_list_of(a, b, wick_numpy_randint(0, 9, 1000)), 0);
}

#define F64 .dtype = WICK_FLOAT64
#define EMPTY(...) wick_empty(N, __VA_ARGS__)
#define FIFTHS(d) wick_div(wick_arange(N, .dtype = d), N)
#define DROPPED(t, p) wick_dropout(t, p, true)
#define W wick_empty(60, 70)

#define DRAWS(X)                                                                                               \
    X(rand, wick_rand(N))                                                                                      \
    X(rand_f64, wick_rand(N, F64))                                                                             \
    X(rand_like, wick_rand_like(wick_empty(40, 100)))                                                          \
    X(uniform_, wick_uniform_(wick_empty(N), -2.5, 3.25))                                                      \
    X(uniform_f64_, wick_uniform_(EMPTY(F64), -2.5, 3.25))                                                     \
    X(randn, wick_randn(N))                                                                                    \
    X(randn_tail, wick_randn(N + 9))                                                                           \
    X(randn_like, wick_randn_like(wick_empty(40, 100)))                                                        \
    X(randn_f64, wick_randn(M, F64))                                                                           \
    X(randn_few, few(WICK_FLOAT32))                                                                            \
    X(randn_few_f64, few(WICK_FLOAT64))                                                                        \
    X(normal, wick_normal(1.5, 2.25, N))                                                                       \
    X(normal_, wick_normal_(wick_empty(N), -1.5, 0.75))                                                        \
    X(normal_f64_, wick_normal_(wick_empty(M, F64), 0, 0.75))                                                  \
    X(randint, wick_randint(0, 10, N))                                                                         \
    X(randint_negative, wick_randint(-1000, 1001, N))                                                          \
    X(randint_28, wick_randint(0, INT64_C(1) << 28, N))                                                        \
    X(randint_40, wick_randint(-(INT64_C(1) << 40), INT64_C(1) << 40, N))                                      \
    X(randint_f32, wick_randint(0, 1000, N, .dtype = WICK_FLOAT32))                                            \
    X(randint_u8, wick_randint(0, 256, N, .dtype = WICK_UINT8))                                                \
    X(randperm, wick_randperm(N))                                                                              \
    X(random_, wick_random_(EMPTY(.dtype = WICK_INT64)))                                                       \
    X(random_f32_, wick_random_(wick_empty(N)))                                                                \
    X(random_f64_, wick_random_(EMPTY(F64)))                                                                   \
    X(random_u8_, wick_random_(EMPTY(.dtype = WICK_UINT8)))                                                    \
    X(random_to_, wick_random_(EMPTY(.dtype = WICK_INT64), .to = 77))                                          \
    X(random_between_, wick_random_(wick_empty(N), -100, 100))                                                 \
    X(bernoulli, wick_bernoulli(FIFTHS(WICK_FLOAT32)))                                                         \
    X(bernoulli_f64, wick_bernoulli(FIFTHS(WICK_FLOAT64)))                                                     \
    X(bernoulli_, wick_bernoulli_(wick_empty(N), 0.3))                                                         \
    X(bernoulli_i64_, wick_bernoulli_(EMPTY(.dtype = WICK_INT64), 0.8))                                        \
    X(exponential_, wick_exponential_(wick_empty(M), 1.5))                                                     \
    X(exponential_f64_, wick_exponential_(wick_empty(M, F64)))                                                 \
    X(multinomial_replaced, wick_multinomial(weights(100, WICK_FLOAT32), N, .replacement = true))              \
    X(multinomial_replaced_f64, wick_multinomial(weights(100, WICK_FLOAT64), N, .replacement = true))          \
    X(multinomial, ten_by_ten())                                                                               \
    X(multinomial_f64, wick_multinomial(wick_add(1, weights(5000, WICK_FLOAT64)), N))                          \
    X(multinomial_one, one_by_one())                                                                           \
    X(multinomial_rows, wick_multinomial(wick_reshape(wick_add(1, weights(6000, WICK_FLOAT32)), 60, 100), 70)) \
    X(dropout, DROPPED(wick_ones(N), 0.5))                                                                     \
    X(dropout_fifth, DROPPED(wick_ones(40, 100), 0.2))                                                         \
    X(dropout_f64, DROPPED(wick_ones(N, F64), 0.9))                                                            \
    X(dropout_module, dropout_module())                                                                        \
    X(linear, linear())                                                                                        \
    X(loader, loader())                                                                                        \
    X(state, state())                                                                                          \
    X(resumed, resumed())                                                                                      \
    X(generator, generator())                                                                                  \
    X(init_uniform_, wick_init_uniform_(W, -1, 2))                                                             \
    X(init_normal_, wick_init_normal_(W, 0.5, 2))                                                              \
    X(init_xavier_uniform_, wick_init_xavier_uniform_(W, 5.0 / 3))                                             \
    X(init_xavier_uniform_f64_, wick_init_xavier_uniform_(wick_empty(60, 70, F64)))                            \
    X(init_xavier_normal_, wick_init_xavier_normal_(W, 2))                                                     \
    X(init_kaiming_uniform_, wick_init_kaiming_uniform_(W))                                                    \
    X(init_kaiming_uniform_fan_out_, wick_init_kaiming_uniform_(W, 0.2, "fan_out"))                            \
    X(init_kaiming_uniform_relu_, wick_init_kaiming_uniform_(W, .nonlinearity = "relu"))                       \
    X(init_kaiming_uniform_conv_, wick_init_kaiming_uniform_(wick_empty(20, 8, 5, 5), .nonlinearity = "tanh")) \
    X(init_kaiming_normal_, wick_init_kaiming_normal_(W))                                                      \
    X(init_kaiming_normal_fan_out_, wick_init_kaiming_normal_(W, 0, "fan_out", "relu"))                        \
    X(init_kaiming_normal_selu_, wick_init_kaiming_normal_(W, .nonlinearity = "selu"))                         \
    X(init_sparse_, wick_init_sparse_(W, 0.3))                                                                 \
    X(init_constants_, constants())                                                                            \
    X(init_trunc_normal_, wick_init_trunc_normal_(wick_empty(60, 50), 0, 0.02))                                \
    X(init_trunc_normal_tight_, wick_init_trunc_normal_(wick_empty(60, 50), 0, 1, -1, 0.5))                    \
    X(init_orthogonal_, wick_init_orthogonal_(W))                                                              \
    X(init_orthogonal_tall_f64_, wick_init_orthogonal_(wick_empty(90, 50, F64), 1.7))                          \
    X(np_rand, wick_numpy_rand(N))                                                                             \
    X(np_rand_2d, wick_numpy_rand(40, 100))                                                                    \
    X(np_randn, wick_numpy_randn(M))                                                                           \
    X(np_normal, wick_numpy_normal(0, 0.75, M))                                                                \
    X(np_uniform, wick_numpy_uniform(-2.5, 3.25, N))                                                           \
    X(np_randint, wick_numpy_randint(0, 10, N))                                                                \
    X(np_randint_wide, wick_numpy_randint(-(INT64_C(1) << 40), INT64_C(1) << 40, N))                           \
    X(np_randint_17, wick_numpy_randint(0, (1 << 17) + 1, N))                                                  \
    X(np_shuffle, shuffled(wick_arange(N)))                                                                    \
    X(np_shuffle_2d, shuffled(wick_reshape(wick_arange(2 * N), N, 2)))                                         \
    X(np_permutation, wick_numpy_permutation(N))                                                               \
    X(np_choice, wick_numpy_choice(100, N))                                                                    \
    X(np_choice_without, wick_numpy_choice(5000, N, .replace = false))                                         \
    X(np_choice_p, wick_numpy_choice(100, N, .p = rising(100)))                                                \
    X(np_choice_p_without, wick_numpy_choice(2000, 1000, .replace = false, .p = rising(2000)))                 \
    X(np_mixed, numpy_mixed())

#define FUNCTION(name, call) \
    static wick_tensor *draw_##name(void) { return call; }
DRAWS(FUNCTION)

static const struct {
    const char *name;
    wick_tensor *(*draw)(void);
} draws[] = {
#define ROW(name, call) {#name, draw_##name},
    DRAWS(ROW)};
enum { DRAW_COUNT = sizeof draws / sizeof *draws };

/* The numbers of a line, after a seed. */
static wick_tensor *draw(const char *name, uint64_t seed, int64_t count)
{
    size_t i = 0;
    while (i < DRAW_COUNT && strcmp(draws[i].name, name) != 0)
        i++;
    ck_assert_msg(i < DRAW_COUNT, "no function %s", name);
    wick_manual_seed(seed);
    wick_numpy_seed((uint32_t)seed);
    wick_tensor *t = draws[i].draw();
    ck_assert_msg(t && wick_numel(t) == count, "%s: %s", name, wick_error() ? wick_error() : "another count");
    return wick_contiguous(t);
}

/* ---- What is compared --------------------------------------------------------------------------------------------------- */

/* The place of a number among the floating-point numbers of its dtype, modulo 4. */
static unsigned place(const wick_tensor *t, int64_t i)
{
    uint64_t b = bits_of(t, i), sign = UINT64_C(1) << (8 * wick_dtype_size(wick_dtype_of(t)) - 1);
    return (unsigned)(b & sign ? 0 - (b & (sign - 1)) : b) & 3;
}

/* Each number is PyTorch's, or a neighbour of it. Returns how many are not PyTorch's own. */
static int check_ulps(const char *name, uint64_t seed, const wick_tensor *t, double sum, const char *bits)
{
    double own = 0;
    int others = 0;
    ck_assert_uint_eq(strlen(bits), (size_t)(wick_numel(t) + 2) / 3);
    for (int64_t i = 0; i < wick_numel(t); i++) {
        char c = bits[i / 3] == '~' ? '\\' : bits[i / 3];
        unsigned apart = (place(t, i) - ((unsigned)(c - '0') >> 2 * (i % 3))) & 3;
        ck_assert_msg(apart != 2 || !SAME_LIBM, "%s, seed %" PRIu64 ": element %lld, %a, is not within 1 ulp", name,
                      seed, (long long)i, wk_load(t, i));
        others += apart != 0;
        own += fabs(wk_load(t, i));
    }
    ck_assert_msg(fabs(own - sum) <= 2e-8 * sum, "%s, seed %" PRIu64 ": the sum of magnitudes is %.9g, not %.9g", name,
                  seed, own, sum);
    return others;
}

static void check_sums(const char *name, uint64_t seed, wick_tensor *t, char *text)
{
    double limit = wick_dtype_of(t) == WICK_FLOAT32 ? 2e-4 : 1e-6;
    for (int k = 0; k < 8; k++) {
        double expected = strtod(text, &text), sum = 0;
        for (int64_t i = 0; i < wick_numel(t); i++)
            sum += i * (2 * k + 3) % 7 < 3 ? wk_load(t, i) : -wk_load(t, i);
        ck_assert_msg(fabs(sum - expected) <= limit, "%s, seed %" PRIu64 ": sum %d is %.9g, not %.9g", name, seed, k,
                      sum, expected);
    }
}

START_TEST(against_pytorch_and_numpy)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/random/streams.txt", "r");
    ck_assert_msg(file != NULL, "streams.txt is missing");
    static char line[1 << 13], bits[1 << 12];
    char how[8], name[64];
    uint64_t seeds[SEEDS] = {0};
    int lines = 0, end = -1, functions = 0, seed = 0, most = is_slow() ? 2 : SEEDS, others = 0;
    char last[64] = "";
    for (; fgets(line, sizeof line, file); lines++) {
        WICK_SCOPE;
        int64_t count;
        int rest = 0;
        if (strncmp(line, "seeds", 5) == 0) {
            char *at = line + 5;
            for (int i = 0; i < SEEDS; i++)
                seeds[i] = strtoull(at, &at, 10);
            continue;
        }
        if (sscanf(line, "end %d", &end) == 1)
            break;
        ck_assert_int_eq(sscanf(line, "%7s %63s %" SCNd64 "%n", how, name, &count, &rest), 3);
        bool same = strcmp(name, last) == 0;
        seed = same ? seed + 1 : 0;
        if (!same && *last && others)
            printf("%s: %d numbers are a neighbour of the reference's\n", last, others);
        others = same ? others : 0;
        functions += !same;
        memcpy(last, name, sizeof last);
        char *at = line + rest;
        for (int i = 0; strcmp(how, "hash") == 0 && i < most; i++) {
            WICK_SCOPE;
            uint64_t expected = strtoull(at, &at, 16);
            ck_assert_msg(has_hash(draw(name, seeds[i], count), expected), "%s, seed %" PRIu64 ": other bits", name,
                          seeds[i]);
        }
        if (strcmp(how, "hash") == 0 || seed >= most)
            continue;
        wick_tensor *t = draw(name, seeds[seed], count);
        double sum;
        if (strcmp(how, "sums") == 0) {
            check_sums(name, seeds[seed], t, at);
        } else {
            ck_assert_int_eq(sscanf(at, "%lf %4095s", &sum, bits), 2);
            others += check_ulps(name, seeds[seed], t, sum, bits);
        }
    }
    fclose(file);
    ck_assert_int_eq(lines, end);
    ck_assert_int_eq(functions, DRAW_COUNT);
}
END_TEST

Suite *streams_suite(void)
{
    const TTest *const tests[] = {against_pytorch_and_numpy};
    return MAKE_SUITE("streams", tests);
}
