/* test_init.c - nn.init against PyTorch (init.txt, which init.py there describes). */
#include <float.h>
#include <inttypes.h>
#include <string.h>

#include "check_wick.h"

static const char *const modes[] = {"fan_in", "fan_out"};
static const char *const names[] = {"leaky_relu", "relu", "tanh", "sigmoid", "linear", "selu"};

static wick_tensor *fill(const char *name, wick_tensor *t, const double *x)
{
#define IS(word) strcmp(name, word) == 0
    return IS("uniform")           ? wick_init_uniform_(t, x[0], x[1])
           : IS("normal")          ? wick_init_normal_(t, x[0], x[1])
           : IS("constant")        ? wick_init_constant_(t, x[0])
           : IS("eye")             ? wick_init_eye_(t)
           : IS("trunc_normal")    ? wick_init_trunc_normal_(t, x[0], x[1], x[2], x[3])
           : IS("xavier_uniform")  ? wick_init_xavier_uniform_(t, x[0])
           : IS("xavier_normal")   ? wick_init_xavier_normal_(t, x[0])
           : IS("orthogonal")      ? wick_init_orthogonal_(t, x[0])
           : IS("kaiming_uniform") ? wick_init_kaiming_uniform_(t, x[0], modes[(int)x[1]], names[(int)x[2]])
           : IS("kaiming_normal")  ? wick_init_kaiming_normal_(t, x[0], modes[(int)x[1]], names[(int)x[2]])
           : IS("sparse")          ? wick_init_sparse_(t, x[0], x[1])
                                   : NULL;
#undef IS
}

static int parse_shape(const char *text, int64_t *shape)
{
    int ndim = 0;
    for (char *end = NULL; *text; text = *end ? end + 1 : end)
        shape[ndim++] = strtoll(text, &end, 10);
    return ndim;
}

START_TEST(against_pytorch)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/nn/init.txt", "r");
    ck_assert_msg(file != NULL, "no file " WICK_TESTS_DIR "/torch/nn/init.txt");
    char text[2048], name[32], dtype_name[32], shape_text[32];
    int cases = 0, end = -1;
    while (fgets(text, sizeof text, file)) {
        WICK_SCOPE;
        if (sscanf(text, "end %d", &end) == 1)
            continue;
        uint64_t seed;
        double x[4];
        int rest = 0;
        int64_t shape[WICK_MAX_DIMS];
        ck_assert_int_eq(sscanf(text, "%31s %31s %31s %" SCNu64 " %lf %lf %lf %lf%n", name, dtype_name, shape_text,
                                &seed, &x[0], &x[1], &x[2], &x[3], &rest),
                         8);
        wick_dtype dtype = strcmp(dtype_name, "float32") == 0 ? WICK_FLOAT32 : WICK_FLOAT64;
        int ndim = parse_shape(shape_text, shape);
        wick_manual_seed(seed);
        wick_tensor *t = wick_requires_grad_(wick_empty_n(shape, ndim, dtype), true); /* as a parameter */
        ck_assert_msg(fill(name, t, x) == t, "%s: %s", text, wick_error());
        ck_assert(wick_requires_grad(t) && wick_is_leaf(t));
        double eps = dtype == WICK_FLOAT32 ? (double)FLT_EPSILON : DBL_EPSILON;
        double tolerance = (strcmp(name, "orthogonal") == 0 ? 64 : 4) * eps;
        char *values = text + rest;
        for (int64_t i = 0, n = wick_numel(t); i < n; i++) {
            if (n >= 16 && i == 8)
                i = n - 8;
            double expected = strtod(values, &values), value = wick_get(wick_reshape(wick_detach(t), -1), i);
            ck_assert_msg(fabs(value - expected) <= tolerance * fmax(fabs(expected), 1),
                          "element %" PRId64 " is %a: %s", i, value, text);
        }
        cases++;
    }
    fclose(file);
    ck_assert_int_eq(cases, end);
}
END_TEST

START_TEST(gains)
{
    ck_assert_double_eq_tol(wick_init_calculate_gain("tanh", 0), 5.0 / 3, 1e-15);
    ck_assert_double_eq_tol(wick_init_calculate_gain("leaky_relu", 0.2), 1.3867504905630728, 1e-15);
    ck_assert_double_eq(wick_init_calculate_gain("conv2d", 0), 1);
    ASSERT_FAILS(!isnan(wick_init_calculate_gain("swish", 0)), WICK_ERROR_ARGUMENT, "wick_init_calculate_gain",
                 "swish");
}
END_TEST

START_TEST(refusals)
{
    wick_tensor *v = wick_ones(3), *m = wick_ones(2, 3), *none = wick_ones(0, 3), *cube = wick_ones(2, 2, 2);
    ASSERT_FAILS(wick_init_xavier_uniform_(v), WICK_ERROR_SHAPE, "wick_init_xavier_uniform_", "(3,)");
    ASSERT_FAILS(wick_init_kaiming_normal_(v), WICK_ERROR_SHAPE, "wick_init_kaiming_normal_", "(3,)");
    ASSERT_FAILS(wick_init_kaiming_uniform_(m, .mode = "fan"), WICK_ERROR_ARGUMENT, "wick_init_kaiming_uniform_",
                 "fan");
    ASSERT_FAILS(wick_init_kaiming_uniform_(m, .nonlinearity = "x"), WICK_ERROR_ARGUMENT, "kaiming_uniform_", "\"x\"");
    ASSERT_FAILS(wick_init_orthogonal_(v), WICK_ERROR_SHAPE, "wick_init_orthogonal_");
    ASSERT_FAILS(wick_init_eye_(cube), WICK_ERROR_SHAPE, "wick_init_eye_");
    ASSERT_FAILS(wick_init_sparse_(cube, 0.5), WICK_ERROR_SHAPE, "wick_init_sparse_");
    ASSERT_FAILS(wick_init_sparse_(m, 1.5), WICK_ERROR_ARGUMENT, "wick_init_sparse_", "1.5");
    ASSERT_FAILS(wick_init_normal_(m, .std = -1), WICK_ERROR_ARGUMENT, "wick_init_normal_", "-1");
    ASSERT_FAILS(wick_init_trunc_normal_(m, .a = 3), WICK_ERROR_ARGUMENT, "wick_init_trunc_normal_", "3");
    ASSERT_FAILS(wick_init_ones_(NULL), WICK_ERROR_ARGUMENT, "wick_init_ones_");
    ck_assert_ptr_eq(wick_init_xavier_normal_(none), none);
    ck_assert_ptr_eq(wick_init_orthogonal_(none), none);
    ASSERT_VALUES(m, 1, 1, 1, 1, 1, 1);
}
END_TEST

Suite *init_suite(void)
{
    const TTest *const tests[] = {against_pytorch, gains, refusals};
    return MAKE_SUITE("init", tests);
}
