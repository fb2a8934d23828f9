/* test_ops_normalize.c - the rows of the normalizations. */
#include <math.h>

#include "../op_suite.h"

/* The sizes whole[1], whole[2], ..., whole[0] of them. */
static wick_dims sizes(const int64_t *whole)
{
    wick_dims dims = {(int)whole[0], {0}};
    for (int k = 0; k < dims.count; k++)
        dims.dim[k] = whole[k + 1];
    return dims;
}

/* The inputs after the first are, by the bits of mask: running statistics (two), weight, bias. */
enum { RUNNING = 1, WEIGHT = 2, BIAS = 4 };
static wick_tensor *at(wick_tensor *const *in, int64_t mask, int which)
{
    int k = 1 + (which > RUNNING && mask & RUNNING ? 2 : 0) + (which > WEIGHT && mask & WEIGHT ? 1 : 0);
    return mask & which ? in[k] : NULL;
}

/* whole[1]: training; real[2], real[3]: momentum, eps. whole[4]: 0 for the result, 1 for the running statistics after the
 * call, which gets copies of them. */
static wick_tensor *batch_norm(wick_tensor *const *in, const double *real, const int64_t *whole)
{
    wick_tensor *mean = at(in, whole[0], RUNNING), *var = NULL;
    if (mean && (!(mean = wick_clone(mean)) || !(var = wick_clone(in[2]))))
        return NULL;
    wick_tensor *y =
        wick_batch_norm(in[0], mean, var, .weight = at(in, whole[0], WEIGHT), .bias = at(in, whole[0], BIAS),
                        .training = whole[1] != 0, .momentum = real[2], .eps = real[3]);
    return y && whole[4] ? wick_stack(wick_list_of(mean, var), 0) : y;
}

#define ROWS(X)                                                                                                    \
    X(normalize, SCALED, CHECKED, wick_normalize(in[0], .p = real[0], .dim = whole[1], .eps = real[2]))            \
    X(layer_norm, SUMMED, CHECKED | NULL_FROM(1),                                                                  \
      wick_layer_norm(in[0], sizes(whole + 2), .weight = at(in, whole[0], WEIGHT), .bias = at(in, whole[0], BIAS), \
                      .eps = real[1]))                                                                             \
    X(rms_norm, SUMMED, CHECKED | NULL_FROM(1),                                                                    \
      wick_rms_norm(in[0], sizes(whole + 2), .weight = at(in, whole[0], WEIGHT), .eps = real[1]))                  \
    X(batch_norm, SUMMED, CHECKED | NULL_FROM(1), batch_norm(in, real, whole))                                     \
    X(group_norm, SUMMED, CHECKED | NULL_FROM(1),                                                                  \
      wick_group_norm(in[0], whole[2], .weight = at(in, whole[0], WEIGHT), .bias = at(in, whole[0], BIAS),         \
                      .eps = real[1]))

OP_FAMILY(normalize, ROWS)

/* Numbers far from 0, and long rows: the statistics are those of float64. */
START_TEST(test_precision)
{
    WICK_SCOPE;
    wick_manual_seed(5);
    static const int64_t lengths[] = {1, 2, 15, 16, 17, 511, 513, 1024, 5000};
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        WICK_SCOPE;
        int64_t n = lengths[k];
        wick_tensor *x = wick_add(wick_mul(wick_randn(3, n), 0.25), 100);
        wick_tensor *y = wick_layer_norm(x, WICK_DIMS(n)), *wide = wick_to(x, WICK_FLOAT64);
        wick_tensor *error = wick_abs(wick_sub(wick_layer_norm(wide, WICK_DIMS(n)), y));
        ck_assert_double_le(wick_item(wick_max(error)), 1e-4); /* the mean, rounded to float32, over 0.25 */
        x = wick_randn(3, n);
        wide = wick_to(x, WICK_FLOAT64);
        error = wick_abs(wick_sub(wick_layer_norm(wide, WICK_DIMS(n)), wick_layer_norm(x, WICK_DIMS(n))));
        ck_assert_double_le(wick_item(wick_max(error)), n > 2 ? 3e-6 : 1e-4);
        error = wick_abs(wick_sub(wick_rms_norm(wide, WICK_DIMS(n)), wick_rms_norm(x, WICK_DIMS(n))));
        ck_assert_double_le(wick_item(wick_max(error)), 2e-6);
    }
    ck_assert_ptr_null(wick_error());
}
END_TEST

/* The defaults, and running statistics that are written in place, and left alone by a call that fails. */
START_TEST(test_defaults)
{
    WICK_SCOPE;
    wick_tensor *x = wick_view(wick_linspace(-3, 4, 24), 4, 6), *w = wick_linspace(1, 2, 6),
                *b = wick_linspace(0, 1, 6);
#define SAME(call, with_options) ck_assert_msg(wick_equal(call, with_options), "%s is not %s", #call, #with_options)
    SAME(wick_normalize(x), wick_normalize(x, .p = 2, .dim = 1, .eps = 1e-12));
    SAME(wick_layer_norm(x, WICK_DIMS(6)), wick_layer_norm(x, WICK_DIMS(6), .eps = 1e-5));
    SAME(wick_layer_norm(x, WICK_DIMS(4, 6)), wick_layer_norm(x, WICK_DIMS(4, 6), NULL, NULL, 1e-5));
    SAME(wick_rms_norm(x, WICK_DIMS(6), w), wick_rms_norm(x, WICK_DIMS(6), .weight = w, .eps = 0x1p-23));
    SAME(wick_group_norm(x, 2, w, b), wick_group_norm(x, 2, .weight = w, .bias = b, .eps = 1e-5));
    wick_tensor *mean = wick_zeros(6), *var = wick_ones(6);
    SAME(wick_batch_norm(x, mean, var), wick_batch_norm(x, mean, var, .training = false, .eps = 1e-5));
    ck_assert_int_eq((int)wick_version(mean), 0);
    ck_assert_ptr_nonnull(wick_batch_norm(x, mean, var, .training = true));
    ck_assert_int_eq((int)wick_version(mean), 1);
    ck_assert_int_eq((int)wick_version(var), 1);
    ck_assert_double_eq_tol(wick_get(mean, 0), 0.1 * wick_item(wick_mean(wick_select(x, 1, 0))), 1e-6);
#undef SAME
    ck_assert_ptr_null(wick_error());
    ck_assert_ptr_null(wick_batch_norm(x, mean, var, .weight = wick_ones(5), .training = true));
    ck_assert_int_eq((int)wick_version(mean), 1);
    wick_clear_error();
    wick_tensor *shared = wick_expand(wick_zeros(1), 6), *leaf = wick_zeros(6, .requires_grad = true);
    ck_assert_ptr_null(wick_batch_norm(x, shared, var, .training = true));
    ck_assert_ptr_null(wick_batch_norm(x, mean, leaf, .training = true));
    wick_clear_error();
    ck_assert_int_eq((int)wick_version(mean), 1);
    ck_assert_ptr_null(wick_group_norm(x, 0));
    ck_assert_ptr_nonnull(wick_error());
    wick_clear_error();
}
END_TEST

Suite *ops_normalize_suite(void)
{
    Suite *suite = op_suite(&family, enter);
    TCase *tc = tcase_create("numbers");
    tcase_add_test(tc, test_precision);
    tcase_add_test(tc, test_defaults);
    suite_add_tcase(suite, tc);
    return suite;
}
