/* test_clip.c - clipping gradients, and parameters as one vector: values against PyTorch's (clip.txt), errors. */
#include "scenario.h"

static double a_at(int i) { return 0.75 * (i - 2.5); }
static double b_at(int i) { return 0.6 * (i - 1.5) * (i + 0.5); }

static wick_dtype dtype_named(const char *name) { return strcmp(name, "float64") == 0 ? WICK_FLOAT64 : WICK_FLOAT32; }

/* The problem of clip.py. With strided, the gradient of a is transposed in memory. */
static wick_list *parameters(wick_dtype first, wick_dtype second, bool strided)
{
    wick_tensor *a = wick_zeros(3, 2, .dtype = first, .requires_grad = true);
    wick_tensor *b = wick_zeros(4, .dtype = second, .requires_grad = true);
    wick_tensor *da = strided ? wick_t(wick_zeros(2, 3, .dtype = first)) : wick_zeros(3, 2, .dtype = first);
    wick_tensor *db = wick_zeros(4, .dtype = second);
    for (int i = 0; i < 6; i++)
        wick_set(da, a_at(i), i / 2, i % 2);
    for (int i = 0; i < 4; i++)
        wick_set(db, b_at(i), i);
    wick_set_grad(a, da);
    wick_set_grad(b, db);
    return wick_list_of(a, b, wick_ones(2, .requires_grad = true));
}

static wick_tensor *grad_of(wick_list *params, int i) { return wick_grad_of(wick_list_get(params, i)); }

static void compare(const char *line, double got, double expected, bool wide)
{
    double limit = wide ? 1e-13 : 5e-7; /* PyTorch sums in float32 */
    ck_assert_msg(fabs(got - expected) <= limit * fmax(1, fabs(expected)), "%s: %.17g, PyTorch %.17g", line, got,
                  expected);
}

static void check_line(const char *line, bool strided)
{
    WICK_SCOPE;
    char what[8], first[8], second[8], of_norm[8];
    int used;
    ck_assert_int_eq(sscanf(line, "%7s %7s %7s%n", what, first, second, &used), 3);
    wick_list *params = parameters(dtype_named(first), dtype_named(second), strided);
    bool wide = dtype_named(first) == WICK_FLOAT64 && dtype_named(second) == WICK_FLOAT64;
    char *rest = (char *)(uintptr_t)line + used;
    if (strcmp(what, "norm") == 0) {
        double p = strtod(rest, &rest), most = strtod(rest, &rest), expected;
        ck_assert_int_eq(sscanf(rest, "%7s %lf%n", of_norm, &expected, &used), 2);
        rest += used;
        wick_tensor *known = wick_nn_get_total_norm(wick_list_of(grad_of(params, 0), grad_of(params, 1)), p);
        wick_tensor *norm = wick_nn_clip_grad_norm_(params, most, .norm_type = p);
        ASSERT_NO_ERROR();
        ck_assert_int_eq(wick_dtype_of(norm), dtype_named(of_norm));
        ck_assert_int_eq(wick_ndim(norm), 0);
        ck_assert(wick_equal(known, norm));
        compare(line, wick_item(norm), expected, wide);
    } else {
        ck_assert(wick_nn_clip_grad_value_(params, strtod(rest, &rest)));
    }
    for (int i = 0; i < 10; i++) {
        wick_tensor *g = grad_of(params, i >= 6);
        double got = i < 6 ? wick_get(g, i / 2, i % 2) : wick_get(g, i - 6);
        compare(line, got, strtod(rest, &rest), wick_dtype_of(g) == WICK_FLOAT64 && wide);
    }
    ck_assert_uint_eq(wick_version(grad_of(params, 1)), 4 + 1);
    ck_assert_ptr_null(grad_of(params, 2));
    ASSERT_NO_ERROR();
}

START_TEST(clipped_as_in_pytorch)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/nn/clip.txt", "r");
    ck_assert_ptr_nonnull(file);
    char line[1024];
    int lines = 0;
    for (; fgets(line, sizeof line, file); lines++) {
        check_line(line, false);
        check_line(line, true);
    }
    fclose(file);
    ck_assert_int_eq(lines, 4 * (8 * 3 + 2));
}
END_TEST

/* More elements than a chunk, in lanes and behind them; NaN and infinities. */
START_TEST(norms_of_many_elements)
{
    wick_tensor *x = wick_arange(1003, .dtype = WICK_FLOAT32);
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(x)), sqrt(1002.0 * 1003 * 2005 / 6));
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(x), 1), 1002 * 1003 / 2);
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(x), INFINITY), 1002);
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(wick_slice(x, 0, 1, WICK_UNSET, 2)), INFINITY), 1001);
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(x), -INFINITY), 0);
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(wick_full(1e30, 5))), 1e30 * sqrt(5)); /* whose square is inf */
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_n(NULL, 0)), 0);
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(wick_zeros(0), wick_full(2.0, 1))), 2);
    wick_tensor *nan = wick_from(((float[]){1, NAN, 3}), 3), *inf = wick_from(((float[]){1, -INFINITY}), 2);
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(nan)), NAN);
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(nan), INFINITY), NAN);
    ASSERT_VALUES(wick_nn_get_total_norm(wick_list_of(inf)), INFINITY);
}
END_TEST

START_TEST(norms_that_are_not_finite)
{
    wick_tensor *w = wick_ones(2, .requires_grad = true), *v = wick_ones(1, .requires_grad = true);
    wick_list *params = wick_list_of(w, v);
    ASSERT_VALUES(wick_nn_clip_grad_norm_(params, 1), 0); /* there is no gradient */
    wick_set_grad(w, wick_from(((float[]){1, INFINITY}), 2));
    wick_set_grad(v, wick_full(4.0, 1));
    ASSERT_FAILS(wick_nn_clip_grad_norm_(params, 1, .error_if_nonfinite = true), WICK_ERROR_ARGUMENT,
                 "wick_nn_clip_grad_norm_", "total norm of order 2", "inf", ".error_if_nonfinite");
    ASSERT_VALUES(wick_grad_of(v), 4);
    ASSERT_VALUES(wick_nn_clip_grad_norm_(params, 1), INFINITY);
    ASSERT_VALUES(wick_grad_of(w), 0, NAN);
    ASSERT_VALUES(wick_grad_of(v), 0);
    wick_set_grad(w, wick_from(((float[]){NAN, 8}), 2));
    ck_assert(wick_nn_clip_grad_value_(params, 2));
    ASSERT_VALUES(wick_grad_of(w), NAN, 2);
    ck_assert(wick_nn_clip_grad_value_(params, NAN));
    ASSERT_VALUES(wick_grad_of(w), NAN, NAN);
}
END_TEST

START_TEST(clipping_with_a_known_norm)
{
    wick_tensor *w = wick_ones(2, .requires_grad = true);
    wick_list *params = wick_list_of(w);
    wick_set_grad(w, wick_from(((float[]){3, 4}), 2));
    ck_assert(wick_nn_clip_grads_with_norm_(params, 1, wick_scalar(10.0)));
    ASSERT_VALUES(wick_grad_of(w), 3 / 10.000001, 4 / 10.000001);
    ASSERT_FAILS(wick_nn_clip_grads_with_norm_(params, 1, wick_ones(2)), WICK_ERROR_SHAPE, "total_norm", "(2,)");
}
END_TEST

START_TEST(parameters_as_a_vector)
{
    wick_tensor *w = wick_from(((float[][2]){{1, 2}, {3, 4}}), 2, 2, .requires_grad = true);
    wick_tensor *t = wick_t(wick_from(((double[][2]){{5, 6}, {7, 8}}), 2, 2)),
                *s = wick_full(9.0, .requires_grad = true);
    wick_list *params = wick_list_of(w, s);
    wick_tensor *vector = wick_nn_parameters_to_vector(params);
    ASSERT_VALUES(vector, 1, 2, 3, 4, 9);
    ck_assert(wick_backward(wick_sum(wick_mul(vector, vector))));
    ASSERT_VALUES(wick_grad_of(w), 2, 4, 6, 8);
    ASSERT_VALUES(wick_nn_parameters_to_vector(wick_list_of(w, t)), 1, 2, 3, 4, 5, 7, 6, 8);
    ck_assert(wick_nn_vector_to_parameters(wick_arange(9), wick_list_of(w, s, t)));
    ASSERT_VALUES(w, 0, 1, 2, 3);
    ASSERT_VALUES(s, 4);
    ASSERT_VALUES(t, 5, 6, 7, 8);
    ck_assert(wick_is_leaf(w) && wick_requires_grad(w));
    ASSERT_FAILS(wick_nn_vector_to_parameters(wick_arange(4), params), WICK_ERROR_SHAPE, "(4,)", "(5,)");
    ASSERT_FAILS(wick_nn_vector_to_parameters(wick_ones(5, 1), params), WICK_ERROR_SHAPE, "(5, 1)");
    ASSERT_FAILS(wick_nn_parameters_to_vector(wick_list_n(NULL, 0)), WICK_ERROR_ARGUMENT,
                 "wick_nn_parameters_to_vector");
    ASSERT_VALUES(w, 0, 1, 2, 3);
}
END_TEST

START_TEST(bad_input)
{
    const wick_error_code e = WICK_ERROR_ARGUMENT;
    wick_tensor *w = wick_ones(3, .requires_grad = true), *v = wick_ones(2, .requires_grad = true);
    wick_list *params = wick_list_of(v, w);
    wick_set_grad(v, wick_full(7.0, 2));
    wick_set_grad(w, wick_expand(wick_ones(1), 3));
    ASSERT_FAILS(wick_nn_clip_grad_norm_(params, 1), e, "wick_nn_clip_grad_norm_", "(3,)", "clone");
    ASSERT_FAILS(wick_nn_clip_grad_value_(params, 1), e, "wick_nn_clip_grad_value_", "clone");
    ASSERT_VALUES(wick_grad_of(v), 7, 7);
    ASSERT_FAILS(wick_nn_get_total_norm(wick_list_of(wick_arange(3))), WICK_ERROR_DTYPE, "wick_nn_get_total_norm",
                 "int64");
    ASSERT_FAILS(wick_nn_get_total_norm(wick_list_of(wick_zeros(0)), INFINITY), WICK_ERROR_SHAPE, "inf", "(0,)");
    ASSERT_FAILS(wick_nn_get_total_norm(wick_list_of(wick_zeros(0)), -1), WICK_ERROR_SHAPE, "-1 norm");
    ASSERT_FAILS(wick_nn_get_total_norm(NULL), e, "wick_nn_get_total_norm: tensors is NULL");
    ASSERT_FAILS(wick_nn_clip_grad_norm_(NULL, 1), e, "wick_nn_clip_grad_norm_: parameters is NULL");
    ASSERT_FAILS(wick_nn_clip_grad_value_(NULL, 1), e, "wick_nn_clip_grad_value_");
    ASSERT_FAILS(wick_nn_clip_grads_with_norm_(NULL, 1, w), e, "wick_nn_clip_grads_with_norm_");
    ASSERT_FAILS(wick_nn_clip_grads_with_norm_(params, 1, NULL), e, "total_norm is NULL");
    ASSERT_FAILS(wick_nn_parameters_to_vector(NULL), e, "wick_nn_parameters_to_vector");
    ASSERT_FAILS(wick_nn_vector_to_parameters(NULL, params), e, "vector is NULL");
    ASSERT_FAILS(wick_nn_vector_to_parameters(w, NULL), e, "parameters is NULL");
}
END_TEST

static wick_list *the_params;

static bool clip_and_copy(void)
{
    WICK_SCOPE;
    double before = wick_get(grad_of(the_params, 1), 0);
    wick_tensor *norm = wick_nn_clip_grad_norm_(the_params, 1000);
    ck_assert_double_eq(wick_get(grad_of(the_params, 1), 0), before); /* whether or not it failed */
    return norm && wick_nn_vector_to_parameters(wick_nn_parameters_to_vector(the_params), the_params);
}

START_TEST(failing_allocations)
{
    the_params = parameters(WICK_FLOAT32, WICK_FLOAT32, true);
    check_failing_allocations(clip_and_copy);
}
END_TEST

Suite *clip_suite(void);
Suite *clip_suite(void)
{
    const TTest *const tests[] = {
        clipped_as_in_pytorch,      norms_of_many_elements, norms_that_are_not_finite,
        clipping_with_a_known_norm, parameters_as_a_vector, bad_input,
        failing_allocations,
    };
    return MAKE_SUITE("clip", tests);
}
