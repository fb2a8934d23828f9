/* test_ops_pointwise.c - the rows of the pointwise operations. */
#include "../op_suite.h"

#include <math.h>
#include <string.h>

/* A case's number is the rounding mode, where it has one. */
static const char *const modes[] = {NULL, "trunc", "floor", "up"};
static wick_tensor *divide(wick_tensor *const *in, const int64_t *mode)
{
    return mode ? wick_div(in[0], in[1], .rounding_mode = modes[*mode]) : wick_div(in[0], in[1]);
}
static wick_tensor *divide_(wick_tensor *a, wick_tensor *b, const int64_t *mode)
{
    return mode ? wick_div_(a, b, .rounding_mode = modes[*mode]) : wick_div_(a, b);
}

static wick_tensor *isclose(wick_tensor *const *in, const double *o)
{
    return o ? wick_isclose(in[0], in[1], o[0], o[1], .equal_nan = o[2] != 0) : wick_isclose(in[0], in[1]);
}

/* What the header lists as elementary, and in place. */
/* clang-format off */
#define ELEMENTARY(F, X) \
    F(X, exp) \
    F(X, exp2) \
    F(X, expm1) \
    F(X, log) \
    F(X, log1p) \
    F(X, log2) \
    F(X, log10) \
    F(X, sqrt) \
    F(X, rsqrt) \
    F(X, reciprocal) \
    F(X, tanh) \
    F(X, sinh) \
    F(X, cosh) \
    F(X, asinh) \
    F(X, acosh) \
    F(X, atanh) \
    F(X, sin) \
    F(X, cos) \
    F(X, tan) \
    F(X, asin) \
    F(X, acos) \
    F(X, atan) \
    F(X, erf) \
    F(X, erfc)
/* clang-format on */
#define ELEMENTARY_ROWS(X, name)               \
    X(name, ULPS, CHECKED, wick_##name(in[0])) \
    X(name##_, ULPS, CHECKED, ON_COPY(wick_##name##_(target)))

#define ROWS(X)                                                                                                     \
    X(add, ULPS, CHECKED, wick_add(in[0], in[1]))                                                                   \
    X(sub, ULPS, CHECKED, wick_sub(in[0], in[1]))                                                                   \
    X(mul, ULPS, CHECKED, wick_mul(in[0], in[1]))                                                                   \
    X(div, ULPS, CHECKED, divide(in, args > 0 ? whole : NULL))                                                      \
    X(pow, ULPS, CHECKED, wick_pow(in[0], in[1]))                                                                   \
    X(maximum, EXACT, CHECKED, wick_maximum(in[0], in[1]))                                                          \
    X(minimum, EXACT, CHECKED, wick_minimum(in[0], in[1]))                                                          \
    X(eq, EXACT, NO_GRAD, wick_eq(in[0], in[1]))                                                                    \
    X(ne, EXACT, NO_GRAD, wick_ne(in[0], in[1]))                                                                    \
    X(lt, EXACT, NO_GRAD, wick_lt(in[0], in[1]))                                                                    \
    X(le, EXACT, NO_GRAD, wick_le(in[0], in[1]))                                                                    \
    X(gt, EXACT, NO_GRAD, wick_gt(in[0], in[1]))                                                                    \
    X(ge, EXACT, NO_GRAD, wick_ge(in[0], in[1]))                                                                    \
    X(where, EXACT, CHECKED, wick_where(in[0], in[1], in[2]))                                                       \
    X(add_, ULPS, CHECKED, ON_COPY(wick_add_(target, in[1])))                                                       \
    X(sub_, ULPS, CHECKED, ON_COPY(wick_sub_(target, in[1])))                                                       \
    X(mul_, ULPS, CHECKED, ON_COPY(wick_mul_(target, in[1])))                                                       \
    X(div_, ULPS, CHECKED, ON_COPY(divide_(target, in[1], args > 1 ? whole + 1 : NULL)))                            \
    X(neg, EXACT, CHECKED, wick_neg(in[0]))                                                                         \
    X(abs, EXACT, CHECKED, wick_abs(in[0]))                                                                         \
    ELEMENTARY(ELEMENTARY_ROWS, X)                                                                                  \
    X(sign, EXACT, ZERO_GRAD, wick_sign(in[0]))                                                                     \
    X(square, ULPS, CHECKED, wick_square(in[0]))                                                                    \
    X(floor, EXACT, ZERO_GRAD, wick_floor(in[0]))                                                                   \
    X(ceil, EXACT, ZERO_GRAD, wick_ceil(in[0]))                                                                     \
    X(round, EXACT, ZERO_GRAD, wick_round(in[0]))                                                                   \
    X(trunc, EXACT, ZERO_GRAD, wick_trunc(in[0]))                                                                   \
    X(frac, EXACT, CHECKED, wick_frac(in[0]))                                                                       \
    X(isnan, EXACT, NO_GRAD, wick_isnan(in[0]))                                                                     \
    X(isinf, EXACT, NO_GRAD, wick_isinf(in[0]))                                                                     \
    X(isfinite, EXACT, NO_GRAD, wick_isfinite(in[0]))                                                               \
    X(clamp, EXACT, CHECKED, wick_clamp(in[0], real[0], real[1]))                                                   \
    X(fill_, EXACT, ZERO_GRAD, ON_COPY(wick_fill_(target, real[1])))                                                \
    X(zero_, EXACT, ZERO_GRAD, ON_COPY(wick_zero_(target)))                                                         \
    X(copy_, EXACT, CHECKED, ON_COPY(wick_copy_(target, in[1])))                                                    \
    X(fmod, ULPS, CHECKED, wick_fmod(in[0], in[1]))                                                                 \
    X(remainder, ULPS, CHECKED, wick_remainder(in[0], in[1]))                                                       \
    X(atan2, ULPS, CHECKED, wick_atan2(in[0], in[1]))                                                               \
    X(hypot, ULPS, CHECKED, wick_hypot(in[0], in[1]))                                                               \
    X(copysign, EXACT, CHECKED, wick_copysign(in[0], in[1]))                                                        \
    X(xlogy, ULPS, CHECKED, wick_xlogy(in[0], in[1]))                                                               \
    X(logaddexp, SUMMED, CHECKED, wick_logaddexp(in[0], in[1]))                                                     \
    X(logaddexp2, SUMMED, CHECKED, wick_logaddexp2(in[0], in[1]))                                                   \
    X(fmax, EXACT, CHECKED, wick_fmax(in[0], in[1]))                                                                \
    X(fmin, EXACT, CHECKED, wick_fmin(in[0], in[1]))                                                                \
    X(clamp_min, EXACT, CHECKED, wick_clamp_min(in[0], in[1]))                                                      \
    X(clamp_max, EXACT, CHECKED, wick_clamp_max(in[0], in[1]))                                                      \
    X(logical_and, EXACT, NO_GRAD, wick_logical_and(in[0], in[1]))                                                  \
    X(logical_or, EXACT, NO_GRAD, wick_logical_or(in[0], in[1]))                                                    \
    X(logical_xor, EXACT, NO_GRAD, wick_logical_xor(in[0], in[1]))                                                  \
    X(logical_not, EXACT, NO_GRAD, wick_logical_not(in[0]))                                                         \
    X(isclose, EXACT, NO_GRAD, isclose(in, args > 0 ? real : NULL))                                                 \
    X(lerp, ULPS, CHECKED, wick_lerp(in[0], in[1], in[2]))                                                          \
    X(addcmul, ULPS, CHECKED,                                                                                       \
      args ? wick_addcmul(in[0], in[1], in[2], .value = real[0]) : wick_addcmul(in[0], in[1], in[2]))               \
    X(addcdiv, ULPS, CHECKED,                                                                                       \
      args ? wick_addcdiv(in[0], in[1], in[2], .value = real[0]) : wick_addcdiv(in[0], in[1], in[2]))               \
    X(masked_fill, EXACT, CHECKED, wick_masked_fill(in[0], in[1], in[2]))                                           \
    X(clamp_tensor, EXACT, CHECKED, wick_clamp_tensor(in[0], in[1], in[2]))                                         \
    X(nan_to_num, EXACT, CHECKED,                                                                                   \
      args ? wick_nan_to_num(in[0], .nan = real[0], .posinf = real[1], .neginf = real[2]) : wick_nan_to_num(in[0])) \
    X(neg_, EXACT, CHECKED, ON_COPY(wick_neg_(target)))                                                             \
    X(abs_, EXACT, CHECKED, ON_COPY(wick_abs_(target)))                                                             \
    X(square_, ULPS, CHECKED, ON_COPY(wick_square_(target)))                                                        \
    X(frac_, EXACT, CHECKED, ON_COPY(wick_frac_(target)))                                                           \
    X(sign_, EXACT, ZERO_GRAD, ON_COPY(wick_sign_(target)))                                                         \
    X(floor_, EXACT, ZERO_GRAD, ON_COPY(wick_floor_(target)))                                                       \
    X(ceil_, EXACT, ZERO_GRAD, ON_COPY(wick_ceil_(target)))                                                         \
    X(round_, EXACT, ZERO_GRAD, ON_COPY(wick_round_(target)))                                                       \
    X(trunc_, EXACT, ZERO_GRAD, ON_COPY(wick_trunc_(target)))                                                       \
    X(logical_not_, EXACT, NO_GRAD, ON_COPY(wick_logical_not_(target)))                                             \
    X(pow_, ULPS, CHECKED, ON_COPY(wick_pow_(target, in[1])))                                                       \
    X(fmod_, ULPS, CHECKED, ON_COPY(wick_fmod_(target, in[1])))                                                     \
    X(remainder_, ULPS, CHECKED, ON_COPY(wick_remainder_(target, in[1])))                                           \
    X(atan2_, ULPS, CHECKED, ON_COPY(wick_atan2_(target, in[1])))                                                   \
    X(hypot_, ULPS, CHECKED, ON_COPY(wick_hypot_(target, in[1])))                                                   \
    X(copysign_, EXACT, CHECKED, ON_COPY(wick_copysign_(target, in[1])))                                            \
    X(xlogy_, ULPS, CHECKED, ON_COPY(wick_xlogy_(target, in[1])))                                                   \
    X(clamp_min_, EXACT, CHECKED, ON_COPY(wick_clamp_min_(target, in[1])))                                          \
    X(clamp_max_, EXACT, CHECKED, ON_COPY(wick_clamp_max_(target, in[1])))                                          \
    X(logical_and_, EXACT, NO_GRAD, ON_COPY(wick_logical_and_(target, in[1])))                                      \
    X(logical_or_, EXACT, NO_GRAD, ON_COPY(wick_logical_or_(target, in[1])))                                        \
    X(logical_xor_, EXACT, NO_GRAD, ON_COPY(wick_logical_xor_(target, in[1])))                                      \
    X(clamp_, EXACT, CHECKED, ON_COPY(wick_clamp_(target, real[1], real[2])))                                       \
    X(nan_to_num_, EXACT, CHECKED,                                                                                  \
      ON_COPY(wick_nan_to_num_(target, .nan = real[1], .posinf = real[2], .neginf = real[3])))                      \
    X(lerp_, ULPS, CHECKED, ON_COPY(wick_lerp_(target, in[1], in[2])))                                              \
    X(addcmul_, ULPS, CHECKED, ON_COPY(wick_addcmul_(target, in[1], in[2], .value = real[1])))                      \
    X(addcdiv_, ULPS, CHECKED, ON_COPY(wick_addcdiv_(target, in[1], in[2], .value = real[1])))                      \
    X(masked_fill_, EXACT, CHECKED, ON_COPY(wick_masked_fill_(target, in[1], in[2])))                               \
    X(clamp_tensor_, EXACT, CHECKED, ON_COPY(wick_clamp_tensor_(target, in[1], in[2])))

OP_FAMILY(pointwise, ROWS)

/* A number on either side, of each type of C, and arguments without a name. */
START_TEST(test_numbers_as_operands)
{
    WICK_SCOPE;
    wick_tensor *x = wick_from(((float[]){1, 2, 4}), 3), *n = wick_from(((int[]){1, 2, 4}), 3);
    unsigned char small = 2;
    ck_assert_double_eq(wick_get(wick_mul(3, x), 1), 6);
    ck_assert_double_eq(wick_get(wick_sub(1.0, x), 1), -1);
    ck_assert_double_eq(wick_get(wick_div(x, 2L), 1), 1);
    ck_assert_double_eq(wick_get(wick_pow(x, 2.0F), 2), 16);
    ck_assert_double_eq(wick_get(wick_pow(2U, x), 2), 16);
    ck_assert_double_eq(wick_get(wick_add(x, true), 0), 2);
    ck_assert_double_eq(wick_get(wick_add(x, 5LL), 0), 6);
    ck_assert_double_eq(wick_get(wick_maximum(x, 3), 0), 3);
    ck_assert_double_eq(wick_get(wick_minimum(3, x), 2), 3);
    ck_assert_double_eq(wick_get(wick_where(wick_gt(x, 1.5), x, -1), 0), -1);
    ck_assert_double_eq(wick_get(wick_where(wick_le(2, n), 1, 0), 2), 1);
    ck_assert_double_eq(wick_get(wick_add_(x, 1), 2), 5);
    ck_assert_double_eq(wick_get(wick_sub_(x, 1.0), 2), 4);
    ck_assert_double_eq(wick_get(wick_mul_(x, small + 0), 2), 8);
    ck_assert_double_eq(wick_get(wick_div_(x, 2), 2), 4);
    ck_assert_double_eq(wick_get(wick_div(7, n, .rounding_mode = "floor"), 1), 3);
    ck_assert_double_eq(wick_get(wick_remainder(-7, n), 2), 1);
    ck_assert_double_eq(wick_get(wick_div(wick_div(n, 2), wick_div(n, 4)), 2), 2);
    ck_assert_double_eq(wick_get(wick_lerp(x, x, 0.5), 0), 1);
    ck_assert_double_eq(wick_get(wick_masked_fill(x, wick_gt(n, 1), -1.5), 1), -1.5);
    ck_assert_int_eq(wick_dtype_of(wick_add(n, 1)), WICK_INT64);
    ck_assert_int_eq(wick_dtype_of(wick_add(n, 1.0)), WICK_FLOAT32);
    ck_assert_int_eq(wick_dtype_of(wick_eq(n, true)), WICK_BOOL);

    wick_tensor *m = wick_reshape(x, 1, 3), *where = NULL;
    ck_assert_double_eq(wick_item(wick_sum(x)), 7);
    ck_assert_int_eq(wick_ndim(wick_sum(m, 1)), 1);
    ck_assert_int_eq(wick_ndim(wick_sum(m, 1, .keepdim = true)), 2);
    ck_assert_int_eq(wick_ndim(wick_mean(m, .dims = WICK_DIMS(0, 1))), 0);
    ck_assert_double_eq(wick_get(wick_max(m, 1, .indices = &where), 0), 4);
    ck_assert_int_eq(wick_item_int(where), 2);
    ck_assert_double_eq(wick_get(wick_clamp(x, .max = 2), 2), 2);
    ck_assert_double_eq(wick_get(wick_clamp(x, 2), 0), 2);
    ck_assert_int_eq(wick_dtype_of(wick_to(x, WICK_FLOAT64)), WICK_FLOAT64);
    ck_assert(wick_to(x, wick_cpu()) == x);
    ck_assert_double_eq(wick_get(wick_mse_loss(x, x, .reduction = WICK_NONE), 2), 0);
    ck_assert_int_eq(wick_ndim(wick_view(m, -1)), 1);
    ck_assert_int_eq((int)wick_size(wick_expand(m, 4, -1), 0), 4);
    ck_assert_int_eq((int)wick_size(wick_permute(m, 1, 0), 0), 3);
    ck_assert_ptr_null(wick_error());
}
END_TEST

START_TEST(test_allclose)
{
    WICK_SCOPE;
    wick_tensor *x = wick_from(((float[]){1, 2, NAN}), 3), *y = wick_from(((float[]){1, 2.00001F, NAN}), 3);
    ck_assert(!wick_allclose(x, y));
    ck_assert(wick_allclose(x, y, .equal_nan = true));
    ck_assert(!wick_allclose(x, y, .rtol = 0, .equal_nan = true));
    ck_assert(wick_allclose(wick_zeros(0, 2), wick_ones(1, 2)));
    ck_assert(wick_allclose(wick_zeros(2), wick_zeros(3, 1)));
    ck_assert_ptr_null(wick_error());
    ck_assert(!wick_allclose(wick_zeros(2), wick_zeros(3)));
    ck_assert_ptr_nonnull(strstr(wick_error(), "wick_allclose"));
    wick_clear_error();
    ck_assert(!wick_allclose(NULL, x));
    ck_assert_ptr_nonnull(strstr(wick_error(), "wick_allclose"));
    wick_clear_error();
}
END_TEST

/* Where nothing is recorded, a write in place needs no memory. */
START_TEST(test_in_place_without_memory)
{
    WICK_SCOPE;
    WICK_NO_GRAD;
    wick_tensor *x = wick_full(0.25, 3), *y = wick_full(4.0, 3), *w = wick_full(0.5, 3);
    uint32_t version = wick_version(x);
    wick_fail_allocation(1);
    ck_assert(wick_exp_(x) == x && wick_log_(x) == x);
    ck_assert(wick_lerp_(x, y, w) == x && wick_addcmul_(x, y, w, .value = 2) == x && wick_hypot_(x, y) == x);
    wick_fail_allocation(0);
    ck_assert_int_eq((int)(wick_version(x) - version), 5);
    ck_assert_double_eq_tol(wick_get(x, 0), sqrt(6.125 * 6.125 + 16), 1e-6);
}
END_TEST

Suite *ops_pointwise_suite(void)
{
    Suite *suite = op_suite(&family, enter);
    TCase *tc = tcase_create("numbers");
    tcase_add_test(tc, test_numbers_as_operands);
    tcase_add_test(tc, test_allclose);
    tcase_add_test(tc, test_in_place_without_memory);
    suite_add_tcase(suite, tc);
    return suite;
}
