/* test_numbers.c - numbers as arguments: of every type of C, and of whole numbers beyond 2^53 every digit. */
#include "check_wick.h"

#include <float.h>
#include <limits.h>

/* The first whole number that no double holds, and the others that these tests use. */
#define BIG INT64_C(9007199254740993)

/* The tensor is int64 with these elements, to the last digit. */
#define ASSERT_WHOLE(t, ...)                                 \
    check_whole(__LINE__, t, (const int64_t[]){__VA_ARGS__}, \
                (int64_t)(sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)))
static void check_whole(int line, wick_tensor *t, const int64_t *values, int64_t count)
{
    ck_assert_msg(t != NULL, "line %d: %s", line, wick_error());
    ck_assert_msg(wick_dtype_of(t) == WICK_INT64, "line %d: %s", line, wick_dtype_name(wick_dtype_of(t)));
    ck_assert_msg(wick_numel(t) == count, "line %d: %lld elements", line, (long long)wick_numel(t));
    const int64_t *data = wick_data_int64(wick_contiguous(t));
    for (int64_t i = 0; i < count; i++)
        ck_assert_msg(data[i] == values[i], "line %d: element %lld is %lld, not %lld", line, (long long)i,
                      (long long)data[i], (long long)values[i]);
}

/* ---- The types of C ---------------------------------------------------------------------------------------------- */

typedef enum plain { PLAIN = 7 } plain;                   /* an unsigned, or an int */
typedef enum negative { BELOW = -7, ABOVE = 7 } negative; /* an int */

/* Every type of whole numbers, and two of its values. */
#define WHOLE_TYPES(X)                   \
    X(char, CHAR_MIN, CHAR_MAX)          \
    X(signed char, SCHAR_MIN, SCHAR_MAX) \
    X(unsigned char, 0, UCHAR_MAX)       \
    X(short, SHRT_MIN, SHRT_MAX)         \
    X(unsigned short, 0, USHRT_MAX)      \
    X(int, INT_MIN, INT_MAX)             \
    X(unsigned, 0, UINT_MAX)             \
    X(long, LONG_MIN, LONG_MAX)          \
    X(unsigned long, 0, LONG_MAX)        \
    X(long long, LLONG_MIN, LLONG_MAX)   \
    X(unsigned long long, 0, LLONG_MAX)  \
    X(plain, PLAIN, PLAIN)               \
    X(negative, BELOW, ABOVE)            \
    X(int8_t, INT8_MIN, INT8_MAX)        \
    X(uint16_t, 0, UINT16_MAX)           \
    X(size_t, 0, LONG_MAX)               \
    X(const int, -5, 5)                  \
    X(volatile unsigned char, 3, 200)

#define REAL_TYPES(X)            \
    X(float, -0.5F, 3.25F)       \
    X(double, -0.5, DBL_MAX)     \
    X(long double, -0.5L, 2.25L) \
    X(const double, 1e300, -1e300)

START_TEST(whole_operands)
{
    wick_tensor *x = wick_zeros(1, .dtype = WICK_INT64), *mask = wick_ones(1, .dtype = WICK_BOOL);
    wick_tensor *index = wick_zeros(1, .dtype = WICK_INT64);
#define TRY(type, low, high)                                                                    \
    for (int i = 0; i < 2; i++) {                                                               \
        WICK_SCOPE;                                                                             \
        type n = i ? high : low;                                                                \
        const int64_t v = (int64_t)n;                                                           \
        ASSERT_WHOLE(wick_add(x, n), v);                                                        \
        ASSERT_WHOLE(wick_add(n, x), v);                                                        \
        ASSERT_WHOLE(wick_add_(wick_clone(x), n), v);                                           \
        ASSERT_WHOLE(wick_mul(wick_ones_like(x), n), v);                                        \
        ASSERT_WHOLE(wick_where(mask, n, 0), v);                                                \
        ASSERT_WHOLE(wick_where(mask, n, n), v);                                                \
        ASSERT_WHOLE(wick_masked_fill(x, mask, n), v);                                          \
        ASSERT_WHOLE(wick_index_fill(x, 0, index, n), v);                                       \
        ASSERT_WHOLE(wick_scatter(x, 0, index, n), v);                                          \
        ASSERT_WHOLE(wick_full(n, 1), v);                                                       \
        ASSERT_WHOLE(wick_full_n(WICK_NUMBER(n), (const int64_t[]){1}, 1, WICK_DTYPE_AUTO), v); \
        ASSERT_WHOLE(wick_full_like(x, n), v);                                                  \
        ASSERT_WHOLE(wick_fill_(wick_clone(x), n), v);                                          \
        ASSERT_WHOLE(wick_init_constant_(wick_clone(x), n), v);                                 \
        ASSERT_WHOLE(wick_threshold(x, 0, n), v);                                               \
        ASSERT_WHOLE(wick_scalar(n), v);                                                        \
        ck_assert(wick_set(x, n, 0) && wick_get_int(x, 0) == v && wick_item_int(x) == v);       \
        ck_assert(wick_item(wick_eq(x, n)) == 1 && wick_item(wick_ne(x, n)) == 0);              \
        wick_zero_(x);                                                                          \
        ck_assert_int_eq(wick_dtype_of(wick_add(wick_ones(1), n)), WICK_FLOAT32);               \
        ck_assert_int_eq(wick_dtype_of(wick_add(mask, n)), WICK_INT64);                         \
        ck_assert_int_eq(wick_dtype_of(wick_add(wick_to(x, WICK_UINT8), n)), WICK_UINT8);       \
    }
    WHOLE_TYPES(TRY)
#undef TRY
}
END_TEST

START_TEST(real_operands)
{
    wick_tensor *x = wick_zeros(1, .dtype = WICK_FLOAT64), *whole = wick_zeros(1, .dtype = WICK_INT64);
#define TRY(type, low, high)                                                    \
    for (int i = 0; i < 2; i++) {                                               \
        WICK_SCOPE;                                                             \
        type n = i ? high : low;                                                \
        const double v = (double)n;                                             \
        ck_assert_double_eq(wick_item(wick_add(x, n)), v);                      \
        ck_assert_double_eq(wick_item(wick_add(n, x)), v);                      \
        ck_assert_double_eq(wick_item(wick_full(n, .dtype = WICK_FLOAT64)), v); \
        ck_assert_double_eq(wick_item(wick_full_like(x, n)), v);                \
        ck_assert_double_eq(wick_item(wick_fill_(wick_clone(x), n)), v);        \
        ck_assert_double_eq(wick_item(wick_scalar(n)), v);                      \
        ck_assert_double_eq(wick_item(wick_threshold(x, 0, n)), v);             \
        ck_assert(wick_set(x, n, 0) && wick_get(x, 0) == v);                    \
        wick_zero_(x);                                                          \
        ck_assert_int_eq(wick_dtype_of(wick_add(whole, n)), WICK_FLOAT32);      \
    }
    REAL_TYPES(TRY)
#undef TRY
    ck_assert_int_eq(wick_dtype_of(wick_full(0.5F, 1)), WICK_FLOAT32);
    ck_assert_int_eq(wick_dtype_of(wick_full(0.5L, 1)), WICK_FLOAT32);
}
END_TEST

/* As Python's bool: it widens nothing. The macro true of C11 is an int. */
START_TEST(bool_operands)
{
    const bool yes = true;
    const wick_dtype dtypes[] = {WICK_BOOL, WICK_UINT8, WICK_INT64, WICK_FLOAT32, WICK_FLOAT64};
    for (int i = 0; i < 5; i++) {
        wick_tensor *x = wick_ones(1, .dtype = dtypes[i]);
        ck_assert_int_eq(wick_dtype_of(wick_add(x, yes)), dtypes[i]);
        ck_assert_int_eq(wick_dtype_of(wick_mul(yes, x)), dtypes[i]);
        ck_assert_double_eq(wick_item(wick_add(x, yes)), dtypes[i] == WICK_BOOL ? 1 : 2);
    }
    ck_assert_int_eq(wick_dtype_of(wick_full(yes, 1)), WICK_BOOL);
    ck_assert_int_eq(wick_dtype_of(wick_full((bool)true, 1)), WICK_BOOL);
    ck_assert_int_eq(wick_dtype_of(wick_where(wick_full(yes, 1), yes, (bool)false)), WICK_BOOL);
    ck_assert_double_eq(wick_item(wick_full(yes, .dtype = WICK_FLOAT64)), 1);
}
END_TEST

START_TEST(numbers_beyond_int64)
{
    const uint64_t n = (uint64_t)INT64_MAX + 1;
    const unsigned long long m = ULLONG_MAX;
    wick_tensor *x = wick_ones(2, .dtype = WICK_INT64), *mask = wick_ones(2, .dtype = WICK_BOOL);
#define REFUSED(call) ASSERT_FAILS(call, WICK_ERROR_ARGUMENT, "9223372036854775808", "int64", "9223372036854775807")
    REFUSED(wick_add(x, n));
    REFUSED(wick_add(n, x));
    REFUSED(wick_eq(x, n));
    REFUSED(wick_where(mask, n, 0));
    REFUSED(wick_masked_fill(x, mask, n));
    REFUSED(wick_scatter(x, 0, x, n));
    REFUSED(wick_full(n, 2));
    REFUSED(wick_full(n, 2, .dtype = WICK_FLOAT64)); /* as an integer, which it is */
    REFUSED(wick_full_like(x, n));
    REFUSED(wick_fill_(x, n));
    REFUSED(wick_set(x, n, 0));
    REFUSED(wick_threshold(x, 0, n));
    REFUSED(wick_threshold(x, n, 0));
    REFUSED(wick_init_constant_(x, n));
    REFUSED(wick_nn_threshold(0, n));
    REFUSED(wick_scalar(n));
    ASSERT_FAILS(wick_mul(x, m), WICK_ERROR_ARGUMENT, "18446744073709551615");
    ASSERT_WHOLE(x, 1, 1); /* nothing was written */
    ASSERT_FAILS((wick_fill_)(x, (wick_number){0}), WICK_ERROR_ARGUMENT, "wick_fill_", "not a number");
}
END_TEST

#if defined(__GNUC__) /* a size_t in place of an int64_t is what is tried; unoptimised, gcc does not see that it is 2 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif
START_TEST(dims_of_every_type)
{
    wick_tensor *x = wick_arange(6);
#define TRY(type, value)                                                \
    do {                                                                \
        const type n = value;                                           \
        ck_assert_int_eq(wick_list_count(wick_split(x, n)), 3);         \
        ck_assert_int_eq(wick_list_count(wick_tensor_split(x, n)), 2);  \
        ASSERT_WHOLE(wick_roll(x, n), 4, 5, 0, 1, 2, 3);                \
        ASSERT_SHAPE(wick_movedim(wick_zeros(2, 3, 4), n, 0), 4, 2, 3); \
    } while (0)
    TRY(char, 2);
    TRY(short, 2);
    TRY(unsigned, 2);
    TRY(size_t, 2);
    TRY(unsigned long long, 2);
    TRY(int8_t, 2);
#undef TRY
}
END_TEST
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/* ---- wick_from --------------------------------------------------------------------------------------------------- */

START_TEST(data_of_every_type)
{
#define TRY(type, low, high)                                                  \
    do {                                                                      \
        const type data[3] = {low, high, 1}, grid[1][3] = {{low, high, 1}};   \
        const type cube[1][1][3] = {{{low, high, 1}}}, *pointer = data;       \
        const int64_t a = (int64_t)low, b = (int64_t)high;                    \
        ASSERT_WHOLE(wick_to(wick_from(data, 3), WICK_INT64), a, b, 1);       \
        ASSERT_WHOLE(wick_to(wick_from(grid, 1, 3), WICK_INT64), a, b, 1);    \
        ASSERT_WHOLE(wick_to(wick_from(cube, 1, 1, 3), WICK_INT64), a, b, 1); \
        ASSERT_WHOLE(wick_to(wick_from(pointer, 3), WICK_INT64), a, b, 1);    \
        ASSERT_WHOLE(wick_from(data, 3, .dtype = WICK_INT64), a, b, 1);       \
    } while (0)
    TRY(signed char, SCHAR_MIN, SCHAR_MAX);
    TRY(unsigned char, 0, UCHAR_MAX);
    TRY(short, SHRT_MIN, SHRT_MAX);
    TRY(unsigned short, 0, USHRT_MAX);
    TRY(int, INT_MIN, INT_MAX);
    TRY(unsigned, 0, UINT_MAX);
    TRY(long, LONG_MIN, LONG_MAX);
    TRY(unsigned long, 0, LONG_MAX);
    TRY(long long, LLONG_MIN, LLONG_MAX);
    TRY(unsigned long long, 0, INT64_MAX);
    TRY(bool, false, true);
    TRY(float, -3, 100);
    TRY(double, -3, 9007199254740992);
    TRY(long double, -3, 9007199254740992);
#undef TRY
    ck_assert_int_eq(wick_dtype_of(wick_from(((unsigned char[]){1}), 1)), WICK_UINT8);
    ck_assert_int_eq(wick_dtype_of(wick_from(((short[]){1}), 1)), WICK_INT64);
    ck_assert_int_eq(wick_dtype_of(wick_from(((unsigned long[]){1}), 1)), WICK_INT64);
    ck_assert_int_eq(wick_dtype_of(wick_from(((bool[]){1}), 1)), WICK_BOOL);
    ck_assert_int_eq(wick_dtype_of(wick_from(((long double[]){1}), 1)), WICK_FLOAT64);
    ASSERT_FAILS(wick_from(((uint64_t[]){1, UINT64_MAX, 2}), 3), WICK_ERROR_ARGUMENT, "wick_from", "unsigned long",
                 "18446744073709551615");
    ASSERT_FAILS(wick_from(((short[]){1, 2, 3}), 2), WICK_ERROR_SHAPE, "3 elements"); /* of no pointer's size */
    ASSERT_FAILS(wick_from((const short *)NULL, 3), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_from_opt("", (wick_element)99, 1, NULL), WICK_ERROR_ARGUMENT, "99");
}
END_TEST

/* ---- Beyond 2^53: PyTorch 2.15's values ------------------------------------------------------------------------------ */

START_TEST(exact_making)
{
    ASSERT_WHOLE(wick_full(BIG, 2), BIG, BIG);
    ASSERT_WHOLE(wick_full(INT64_MAX, 1), INT64_MAX);
    ASSERT_WHOLE(wick_full(INT64_MIN, 1), INT64_MIN);
    ASSERT_WHOLE(wick_full(1e18, 1, .dtype = WICK_INT64), 1000000000000000000);
    ASSERT_WHOLE(wick_full(2.7, 1, .dtype = WICK_INT64), 2);
    ASSERT_VALUES(wick_full(-1, 1, .dtype = WICK_UINT8), 255);
    ASSERT_VALUES(wick_full(16777217, 1, .dtype = WICK_FLOAT32), 16777216);
    ASSERT_FAILS(wick_full(300, 1, .dtype = WICK_UINT8), WICK_ERROR_ARGUMENT, "wick_full", "300", "uint8");
    ASSERT_FAILS(wick_full(NAN, 1, .dtype = WICK_INT64), WICK_ERROR_ARGUMENT, "wick_full", "int64");
    ASSERT_FAILS(wick_full(1e300, 1, .dtype = WICK_FLOAT32), WICK_ERROR_ARGUMENT, "1e+300", "float32");
    ASSERT_FAILS(wick_full_like(wick_zeros(1, .dtype = WICK_UINT8), -300), WICK_ERROR_ARGUMENT, "wick_full_like",
                 "-300");
    wick_tensor *x = wick_zeros(2, .dtype = WICK_INT64);
    ASSERT_WHOLE(wick_full_like(x, BIG), BIG, BIG);
    ASSERT_WHOLE(wick_fill_(wick_clone(x), -BIG), -BIG, -BIG);
    ck_assert(wick_set(x, BIG, 1));
    ck_assert_int_eq(wick_get_int(x, 1), BIG);
    ck_assert_int_eq(wick_get_int(x, -2), 0);
    ck_assert_double_eq(wick_get(x, 1), 9007199254740992.0);
    ck_assert_int_eq(wick_item_int(wick_select(x, 0, 1)), BIG);
    ck_assert_int_eq(wick_get_int(wick_full(2.9, 1), 0), 2);
    ck_assert_str_eq(wick_to_string(x), "tensor([               0, 9007199254740993])");
    ASSERT_FAILS(wick_get_int(x, 2), WICK_ERROR_INDEX, "wick_get_int", "index 2");
    ASSERT_FAILS(wick_set(x, INFINITY, 0), WICK_ERROR_ARGUMENT, "wick_set", "inf", "int64");
    ASSERT_FAILS(wick_set(wick_zeros(1, .dtype = WICK_UINT8), 300, 0), WICK_ERROR_ARGUMENT, "wick_set", "300", "uint8");
    ASSERT_WHOLE(wick_from(((int64_t[]){BIG}), 1), BIG);
    ASSERT_WHOLE(wick_randint(BIG, BIG + 1, 2), BIG, BIG);
    ASSERT_WHOLE(wick_randint(INT64_MAX - 1, INT64_MAX, 1), INT64_MAX - 1);
    ASSERT_WHOLE(wick_init_constant_(x, BIG), BIG, BIG);
}
END_TEST

START_TEST(exact_ranges)
{
    ASSERT_WHOLE(wick_arange_int(BIG, BIG + 3, 1), BIG, BIG + 1, BIG + 2);
    ASSERT_WHOLE(wick_arange_int(BIG, BIG + 3, 2), BIG, BIG + 2);
    ASSERT_WHOLE(wick_arange_int(BIG + 3, BIG, -2), BIG + 3, BIG + 1);
    ASSERT_WHOLE(wick_arange_int(INT64_MAX - 2, INT64_MAX, 1), INT64_MAX - 2, INT64_MAX - 1);
    ASSERT_WHOLE(wick_arange_int(INT64_MIN, INT64_MIN + 2, 1), INT64_MIN, INT64_MIN + 1);
    ASSERT_WHOLE(wick_arange_int(INT64_MIN, INT64_MAX, INT64_MAX), INT64_MIN, -1, INT64_MAX - 1);
    ASSERT_WHOLE(wick_arange_int(INT64_MAX, INT64_MIN, INT64_MIN), INT64_MAX, -1);
    ASSERT_WHOLE(wick_arange_int(0, 5, INT64_MAX), 0);
    ck_assert_int_eq(wick_numel(wick_arange_int(5, 5, -1)), 0);
    ASSERT_FAILS(wick_arange_int(5, 4, 1), WICK_ERROR_ARGUMENT, "wick_arange_int", "from 5 to 4");
    ASSERT_FAILS(wick_arange_int(5, 6, 0), WICK_ERROR_ARGUMENT, "wick_arange_int", "steps of 0");
    ASSERT_FAILS(wick_arange_int(INT64_MIN, INT64_MAX, 1), WICK_ERROR_MEMORY, "wick_arange_int");
    ASSERT_FAILS(wick_arange_int(0, INT64_C(1) << 62, 1), WICK_ERROR_MEMORY, "4611686018427387904");
    ASSERT_FAILS(wick_arange((double)BIG, (double)(BIG + 3)), WICK_ERROR_ARGUMENT, "wick_arange", "2^53",
                 "wick_arange_int");
    ASSERT_FAILS(wick_arange(0, (double)BIG, INT64_C(1) << 52), WICK_ERROR_ARGUMENT, "end", "9007199254740992",
                 "wick_arange_int");
    ASSERT_FAILS(wick_arange(5, 4.5), WICK_ERROR_ARGUMENT, "wick_arange", "from 5 to 4.5");
    ck_assert_int_eq(wick_dtype_of(wick_arange(1e16, 1e16 + 4, .dtype = WICK_FLOAT64)), WICK_FLOAT64);
    ASSERT_WHOLE(wick_arange((INT64_C(1) << 53) - 3, (INT64_C(1) << 53) - 1), BIG - 4, BIG - 3);
}
END_TEST

START_TEST(exact_bounds)
{
    wick_tensor *x = wick_from(((int64_t[]){1, BIG, INT64_MAX, INT64_MIN}), 4);
    ASSERT_WHOLE(wick_clamp(x, .min_int = BIG), BIG, BIG, INT64_MAX, BIG);
    ASSERT_WHOLE(wick_clamp(x, .max_int = BIG), 1, BIG, BIG, INT64_MIN);
    ASSERT_WHOLE(wick_clamp(x, 0, .max_int = BIG), 1, BIG, BIG, 0);
    ASSERT_WHOLE(wick_clamp(x, .min_int = BIG, .max_int = 3), 3, 3, 3, 3); /* as PyTorch: the upper bound wins */
    ASSERT_WHOLE(wick_clamp_(wick_clone(x), .min_int = BIG, .max_int = BIG), BIG, BIG, BIG, BIG);
    ASSERT_WHOLE(wick_clamp_min(x, BIG), BIG, BIG, INT64_MAX, BIG);
    ASSERT_WHOLE(wick_clamp_max(x, BIG), 1, BIG, BIG, INT64_MIN);
    ASSERT_WHOLE(wick_clamp(x, 0, 7), 1, 7, 7, 0);
    ASSERT_WHOLE(wick_clamp(x, .max = INFINITY), 1, BIG, INT64_MAX, INT64_MIN);
    ASSERT_WHOLE(wick_clamp(x, .min = -1e300, .max = 1e300), 1, BIG, INT64_MAX, INT64_MIN);
    ASSERT_VALUES(wick_clamp(wick_ones(1), .max_int = 0), 0);
    ASSERT_FAILS(wick_clamp(x, .max = (double)BIG), WICK_ERROR_ARGUMENT, "wick_clamp", "max", "2^53", ".max_int");
    ASSERT_FAILS(wick_clamp(x, .min = -0x1p63), WICK_ERROR_ARGUMENT, "wick_clamp", "min", "2^53", ".min_int");
    ASSERT_FAILS(wick_clamp(x, .min = 1, .min_int = 1), WICK_ERROR_ARGUMENT, ".min and .min_int are both given");
    ASSERT_WHOLE(wick_hardtanh(x, 0.5, 7), 1, 7, 7, 0);
    ASSERT_WHOLE(wick_relu6(x), 1, 6, 6, 0);
    ASSERT_FAILS(wick_hardtanh(x, 0, 0x1p53), WICK_ERROR_ARGUMENT, "wick_hardtanh", "max_val", "wick_clamp");
    ASSERT_WHOLE(wick_threshold(x, 1, BIG), BIG, BIG, INT64_MAX, BIG);
    ASSERT_WHOLE(wick_threshold(x, BIG, 7), 7, 7, INT64_MAX, 7);
    ASSERT_WHOLE(wick_threshold_(wick_clone(x), BIG - 1, 7), 7, BIG, INT64_MAX, 7);
    ASSERT_WHOLE(wick_nn_forward(wick_nn_threshold(BIG, BIG), x), BIG, BIG, INT64_MAX, BIG);
    ck_assert_str_eq(wick_nn_to_string(wick_nn_threshold(BIG, 0.5)),
                     "Threshold(threshold=9007199254740993, value=0.5)");
    wick_tensor *u = wick_from(((uint8_t[]){44, 200}), 2);
    ASSERT_VALUES(wick_clamp(u, .max = 300), 44, 200);
    ASSERT_VALUES(wick_clamp(u, -5, 100), 44, 100);
    ASSERT_VALUES(wick_clamp(u, .max_int = BIG), 44, 200);
    ASSERT_VALUES(wick_clamp_max(u, 300), 44, 200);
    ASSERT_VALUES(wick_clamp_min(u, -1), 44, 200);
    ASSERT_VALUES(wick_clamp_min_(wick_clone(u), 50), 50, 200);
    ASSERT_VALUES(wick_hardtanh(u, -300, 300), 44, 200);
    ASSERT_FAILS(wick_clamp(u, .min = 300), WICK_ERROR_ARGUMENT, "wick_clamp", "300", "uint8");
    ASSERT_FAILS(wick_clamp_max(u, -1), WICK_ERROR_ARGUMENT, "wick_clamp_max", "-1", "uint8");
    ASSERT_FAILS(wick_clamp_max_(u, -1), WICK_ERROR_ARGUMENT, "wick_clamp_max_", "-1", "uint8");
}
END_TEST

START_TEST(exact_arithmetic)
{
    wick_tensor *x = wick_from(((int64_t[]){1, BIG, INT64_MAX, INT64_MIN}), 4);
    ASSERT_VALUES(wick_eq(x, BIG), 0, 1, 0, 0);
    ASSERT_VALUES(wick_ne(BIG, x), 1, 0, 1, 1);
    ASSERT_VALUES(wick_gt(x, BIG), 0, 0, 1, 0);
    ASSERT_VALUES(wick_ge(x, BIG), 0, 1, 1, 0);
    ASSERT_VALUES(wick_lt(x, BIG + 1), 1, 1, 0, 1);
    ASSERT_WHOLE(wick_sub(BIG, x), BIG - 1, 0, -9214364837600034814, -9214364837600034815);
    ASSERT_WHOLE(wick_mul(x, 3), 3, 3 * BIG, INT64_MAX - 2, INT64_MIN);
    ASSERT_WHOLE(wick_pow(x, 1), 1, BIG, INT64_MAX, INT64_MIN);
    ASSERT_WHOLE(wick_pow(3, wick_full(BIG)), 6593269854470406147);
    ASSERT_WHOLE(wick_remainder(x, BIG), 1, 0, 9007199254739968, 1024);
    ASSERT_WHOLE(wick_fmod(x, BIG), 1, 0, 9007199254739968, -9007199254739969);
    ASSERT_WHOLE(wick_div(x, BIG, .rounding_mode = "floor"), 0, 1, 1023, -1024);
    ASSERT_WHOLE(wick_div(x, 3, .rounding_mode = "trunc"), 0, 3002399751580331, 3074457345618258602,
                 -3074457345618258602);
    ASSERT_WHOLE(wick_maximum(x, BIG), BIG, BIG, INT64_MAX, BIG);
    ASSERT_WHOLE(wick_addcmul(x, x, x, .value = 3), 4, BIG + 3 * 18014398509481985, INT64_MIN + 2, INT64_MIN);
    ASSERT_WHOLE(wick_addcmul_(wick_clone(x), x, x, .value = 1.5), 2, BIG + 18014398509481985, INT64_MIN, INT64_MIN);
    ASSERT_FAILS(wick_addcmul(x, x, x, .value = (double)BIG), WICK_ERROR_ARGUMENT, "wick_addcmul", ".value",
                 "multiply a");
    ASSERT_WHOLE(wick_sum(x), BIG);
    ASSERT_WHOLE(wick_cumsum(x, 0), 1, BIG + 1, -9214364837600034815, BIG);
    ASSERT_WHOLE(wick_diff(wick_narrow(x, 0, 0, 2)), BIG - 1);
    ASSERT_WHOLE(wick_max(x), INT64_MAX);
    ASSERT_WHOLE(wick_min(x), INT64_MIN);
    wick_tensor *close = wick_from(((int64_t[]){BIG, BIG - 1, BIG + 1}), 3);
    ASSERT_WHOLE(wick_sort(close), BIG - 1, BIG, BIG + 1);
    ASSERT_WHOLE(wick_topk(close, 2), BIG + 1, BIG);
    ASSERT_WHOLE(wick_kthvalue(close, 2), BIG);
    ASSERT_WHOLE(wick_median(close), BIG);
    ASSERT_WHOLE(wick_unique(wick_cat(wick_list_of(close, close))), BIG - 1, BIG, BIG + 1);
    ASSERT_WHOLE(wick_argmax(close), 2);
    ASSERT_WHOLE(wick_argmin(close), 1);
    ASSERT_WHOLE(wick_searchsorted(wick_sort(close), BIG), 1);
    ASSERT_WHOLE(wick_bucketize(BIG + 1, wick_sort(close)), 2);
    ck_assert(!wick_equal(wick_full(BIG, 1), wick_full(BIG - 1, 1)));
    ASSERT_VALUES(wick_isclose(close, wick_full(BIG, 3), .rtol = 0, .atol = 0), 1, 0, 0);
    wick_tensor *one = wick_ones(1, 1, .dtype = WICK_INT64), *big = wick_full(BIG, 1, 1);
    ASSERT_WHOLE(wick_addmm(one, big, one, .alpha = 3, .beta = 5), 3 * BIG + 5);
    ASSERT_WHOLE(wick_mm(big, one), BIG);
    ASSERT_FAILS(wick_addmm(one, big, one, .alpha = 0x1p53), WICK_ERROR_ARGUMENT, "wick_addmm", ".alpha", "2^53");
    ASSERT_FAILS(wick_addmm(one, big, one, .beta = 0x1p60), WICK_ERROR_ARGUMENT, "wick_addmm", ".beta", "2^53");
}
END_TEST

START_TEST(exact_places)
{
    wick_tensor *x = wick_from(((int64_t[]){1, 2, 3}), 3), *mask = wick_gt(x, 2);
    wick_tensor *first = wick_zeros(1, .dtype = WICK_INT64);
    ASSERT_WHOLE(wick_masked_fill(x, mask, BIG), 1, 2, BIG);
    ASSERT_WHOLE(wick_masked_fill_(wick_clone(x), mask, -BIG), 1, 2, -BIG);
    ASSERT_WHOLE(wick_masked_fill(x, mask, wick_full(BIG)), 1, 2, BIG);
    ASSERT_WHOLE(wick_where(mask, BIG, x), 1, 2, BIG);
    ASSERT_WHOLE(wick_where(mask, BIG, BIG + 1), BIG + 1, BIG + 1, BIG);
    ASSERT_WHOLE(wick_index_fill(x, 0, first, BIG), BIG, 2, 3);
    ASSERT_WHOLE(wick_scatter(x, 0, first, BIG), BIG, 2, 3);
    ASSERT_WHOLE(wick_index_add(x, 0, first, wick_full(BIG, 1), .alpha = 3), 1 + 3 * BIG, 2, 3);
    ASSERT_FAILS(wick_index_add(x, 0, first, first, .alpha = 0x1p53), WICK_ERROR_ARGUMENT, ".alpha", "multiply source");
    ASSERT_WHOLE(wick_pad(x, WICK_TUPLE(1, 1), .value_int = BIG), BIG, 1, 2, 3, BIG);
    ASSERT_WHOLE(wick_pad(x, WICK_TUPLE(0, 1), .value = 2.5), 1, 2, 3, 2);
    ASSERT_FAILS(wick_pad(x, WICK_TUPLE(0, 1), .value = 0x1p53), WICK_ERROR_ARGUMENT, "wick_pad", ".value_int");
    ASSERT_FAILS(wick_pad(x, WICK_TUPLE(0, 1), .value = 1, .value_int = 1), WICK_ERROR_ARGUMENT, "both given");
    ASSERT_FAILS(wick_pad(wick_ones(1, .dtype = WICK_UINT8), WICK_TUPLE(0, 1), .value_int = 300), WICK_ERROR_ARGUMENT,
                 "300", "uint8");
    ASSERT_FAILS(wick_one_hot(wick_full(INT64_C(1) << 62, 1)), WICK_ERROR_MEMORY, "wick_one_hot");
    ASSERT_FAILS(wick_one_hot(wick_full(BIG, 1), .num_classes = BIG), WICK_ERROR_INDEX, "9007199254740993");
    ASSERT_FAILS(wick_one_hot(wick_full(BIG, 1)), WICK_ERROR_MEMORY, /* 8 (BIG + 1) + 64 */
                 sizeof(size_t) < 8 ? "(1, 9007199254740994)" : "72057594037928016 bytes");
    ASSERT_WHOLE(wick_index_put(x, wick_list_of(first), wick_full(BIG, 1)), BIG, 2, 3);
    ASSERT_WHOLE(wick_repeat(wick_full(BIG, 1), 2), BIG, BIG);
    ASSERT_WHOLE(wick_to(wick_to(wick_full(BIG, 1), WICK_FLOAT64), WICK_INT64), BIG - 1);
}
END_TEST

START_TEST(exact_files)
{
    const char *path = "numbers_exact.csv";
    wick_tensor *x = wick_from(((int64_t[][2]){{BIG, INT64_MIN}, {INT64_MAX, -BIG}}), 2, 2);
    ck_assert(wick_data_savetxt(path, x, .fmt = "%d", .delimiter = ","));
    ASSERT_WHOLE(wick_data_loadtxt(path, .delimiter = ",", .dtype = WICK_INT64), BIG, INT64_MIN, INT64_MAX, -BIG);
    ck_assert_int_eq(remove(path), 0);
}
END_TEST

START_TEST(numbers_where_they_are_used)
{
    wick_tensor *x = wick_from(WICK_FLOATS(5, 7, 1, 2), 2, 2);
    ASSERT_SHAPE(x, 2, 2);
    ASSERT_VALUES(x, 5, 7, 1, 2);
    ck_assert_int_eq(wick_dtype_of(x), WICK_FLOAT32);
    x = wick_from(WICK_DOUBLES(0.1, 2), 2, .requires_grad = true);
    ASSERT_VALUES(x, 0.1, 2);
    ck_assert_int_eq(wick_dtype_of(x), WICK_FLOAT64);
    ck_assert_int_eq(wick_dtype_of(wick_from(WICK_INT64S(1, 0, 2), 3)), WICK_INT64);
    ck_assert_int_eq(wick_dtype_of(wick_from(WICK_UINT8S(1, 255), 2)), WICK_UINT8);
    ck_assert_int_eq(wick_dtype_of(wick_from(WICK_BOOLS(1, 0), 2)), WICK_BOOL);
    ASSERT_FAILS(wick_from(WICK_FLOATS(1, 2, 3), 2), WICK_ERROR_SHAPE, "3 elements", "(2,) has 2");
}
END_TEST

Suite *numbers_suite(void);
Suite *numbers_suite(void)
{
    const TTest *const tests[] = {
        numbers_where_they_are_used,
        whole_operands,
        real_operands,
        bool_operands,
        numbers_beyond_int64,
        dims_of_every_type,
        data_of_every_type,
        exact_making,
        exact_ranges,
        exact_bounds,
        exact_arithmetic,
        exact_places,
        exact_files,
    };
    return MAKE_SUITE("numbers", tests);
}
