/* test_tensor.c - making tensors, asking about them, their elements, and type promotion. Values are PyTorch's. */
#include <limits.h>

#include "check_wick.h"

#include <wick/tensor/tensor_struct.h>

/* ---- From C data ------------------------------------------------------------------------------------------------- */

START_TEST(arrays_of_every_type)
{
    const float f[] = {1.5f, -2, 3};
    const double d[] = {0.1, 1e300};
    const int n[] = {INT_MIN, 0, INT_MAX};
    const long l[] = {-7, 7};
    const long long ll[] = {INT64_MIN, INT64_MAX};
    const int64_t i64[] = {INT64_C(9007199254740993)};
    const uint8_t u8[] = {0, 255};
    const bool b[] = {true, false, true};

    wick_tensor *t = wick_from(f, 3);
    ASSERT_VALUES(t, 1.5, -2, 3);
    ck_assert_int_eq(wick_dtype_of(t), WICK_FLOAT32);
    t = wick_from(d, 2);
    ck_assert_int_eq(wick_dtype_of(t), WICK_FLOAT64);
    ck_assert_double_eq(wick_get(t, 0), 0.1);
    ck_assert_double_eq(wick_get(t, 1), 1e300);
    t = wick_from(n, 3);
    ck_assert_int_eq(wick_dtype_of(t), WICK_INT64);
    ASSERT_VALUES(t, INT_MIN, 0, INT_MAX);
    t = wick_from(l, 2);
    ck_assert_int_eq(wick_dtype_of(t), WICK_INT64);
    ASSERT_VALUES(t, -7, 7);
    t = wick_from(ll, 2);
    ck_assert_int_eq(wick_item_int(wick_select(t, 0, 0)), INT64_MIN);
    ck_assert_int_eq(wick_item_int(wick_select(t, 0, 1)), INT64_MAX);
    ck_assert_int_eq(wick_item_int(wick_from(i64, 1)), INT64_C(9007199254740993));
    t = wick_from(u8, 2);
    ck_assert_int_eq(wick_dtype_of(t), WICK_UINT8);
    ASSERT_VALUES(t, 0, 255);
    t = wick_from(b, 3);
    ck_assert_int_eq(wick_dtype_of(t), WICK_BOOL);
    ASSERT_VALUES(t, 1, 0, 1);
}
END_TEST

START_TEST(arrays_of_more_dimensions)
{
    wick_tensor *t = wick_from(((float[][2]){{1, 2}, {3, 4}, {5, 6}}), 3, 2);
    ASSERT_SHAPE(t, 3, 2);
    ASSERT_VALUES(t, 1, 2, 3, 4, 5, 6);
    double cube[2][2][3] = {{{1, 2, 3}, {4, 5, 6}}, {{7, 8, 9}, {10, 11, 12}}};
    t = wick_from(cube, 2, 2, 3);
    ASSERT_SHAPE(t, 2, 2, 3);
    ck_assert_int_eq(wick_dtype_of(t), WICK_FLOAT64);
    ck_assert_double_eq(wick_get(t, 1, 0, 2), 9);
    ASSERT_SHAPE(wick_from(cube, 12), 12); /* another shape with as many elements */
    cube[0][0][0] = 99;                    /* the data were copied */
    ck_assert_double_eq(wick_get(t, 0, 0, 0), 1);
    const int grid[2][2] = {{1, 2}, {3, 4}};
    ASSERT_VALUES(wick_from(grid, 2, 2), 1, 2, 3, 4);
    const int block[2][1][2] = {{{1, 2}}, {{3, 4}}};
    ASSERT_VALUES(wick_from(block, 2, 1, 2), 1, 2, 3, 4);
    ASSERT_VALUES(wick_from(((bool[][2]){{true, false}}), 1, 2), 1, 0);
    ASSERT_VALUES(wick_from(((uint8_t[][1]){{3}, {4}}), 2, 1), 3, 4);
    ASSERT_VALUES(wick_from(((int64_t[][1][1]){{{3}}, {{4}}}), 2, 1, 1), 3, 4);
}
END_TEST

START_TEST(pointers_and_options)
{
    float data[] = {1, 2, 3, 4};
    float *pointer = data;
    const float *constant = data;
    ASSERT_VALUES(wick_from(pointer, 2, 2), 1, 2, 3, 4);
    ASSERT_VALUES(wick_from(constant, 3), 1, 2, 3);
    int whole[] = {1, 0, 300};
    const int *ints = whole;
    ASSERT_VALUES(wick_from(ints, 2), 1, 0);
    ASSERT_VALUES(wick_from(pointer), 1); /* 0-dimensional */
    ASSERT_SHAPE(wick_from((float *)NULL, 0, 3), 0, 3);
    ASSERT_FAILS(wick_from((float *)NULL, 2), WICK_ERROR_ARGUMENT, "wick_from", "NULL", "(2,)");

    wick_tensor *t = wick_from(data, 4, .dtype = WICK_FLOAT64, .requires_grad = true);
    ck_assert_int_eq(wick_dtype_of(t), WICK_FLOAT64);
    ck_assert(wick_requires_grad(t) && wick_is_leaf(t));
    /* Conversions as torch.Tensor.to: towards zero, and to bool whether it is not 0. */
    ASSERT_VALUES(wick_from(((double[]){1.9, -1.9, 300, 0.5}), 4, .dtype = WICK_INT64), 1, -1, 300, 0);
    ASSERT_VALUES(wick_from(((double[]){1.9, 0.2, 200}), 3, .dtype = WICK_UINT8), 1, 0, 200);
    ASSERT_VALUES(wick_from(((double[]){1.9, 0, NAN, -0.0}), 4, .dtype = WICK_BOOL), 1, 0, 1, 0);
    ASSERT_FAILS(wick_from(whole, 3, .requires_grad = true), WICK_ERROR_DTYPE, "wick_from", "int64");
    ASSERT_VALUES(wick_from(whole, 3, .dtype = WICK_FLOAT32, .requires_grad = true), 1, 0, 300);

    ASSERT_VALUES(wick_from_n(data, WICK_FLOAT32, (int64_t[]){2, 2}, 2), 1, 2, 3, 4);
    ASSERT_VALUES(wick_from_n(data, WICK_FLOAT32, NULL, 0), 1);
    ASSERT_FAILS(wick_from_n(NULL, WICK_FLOAT32, (int64_t[]){2}, 1), WICK_ERROR_ARGUMENT, "wick_from");
    ASSERT_FAILS(wick_from_n(data, WICK_DTYPE_AUTO, (int64_t[]){2}, 1), WICK_ERROR_DTYPE, "wick_from");
}
END_TEST

START_TEST(arrays_of_another_size)
{
    float three[3] = {0}, grid[2][3] = {{0}};
    int ints[5] = {0};
    ASSERT_FAILS(wick_from(three, 4), WICK_ERROR_SHAPE, "wick_from", "3 elements", "(4,)", "4");
    ASSERT_FAILS(wick_from(three, 2), WICK_ERROR_SHAPE, "3 elements", "(2,)");
    ASSERT_FAILS(wick_from(grid, 3, 3), WICK_ERROR_SHAPE, "6 elements", "(3, 3)", "9");
    ASSERT_FAILS(wick_from(ints, 4), WICK_ERROR_SHAPE, "5 elements", "(4,)");
    ASSERT_FAILS(wick_from(three, -3), WICK_ERROR_SHAPE, "wick_from", "negative", "-3");
    ASSERT_FAILS(wick_from(three), WICK_ERROR_SHAPE, "3 elements", "()");
}
END_TEST

/* ---- Filled tensors ---------------------------------------------------------------------------------------------- */

START_TEST(filled)
{
    ASSERT_VALUES(wick_zeros(2, 2), 0, 0, 0, 0);
    ASSERT_VALUES(wick_ones(3, .dtype = WICK_INT64), 1, 1, 1);
    ASSERT_VALUES(wick_ones(2, .dtype = WICK_BOOL), 1, 1);
    ASSERT_VALUES(wick_full(INFINITY, 2), INFINITY, INFINITY);
    ASSERT_VALUES(wick_full(NAN, 1), NAN);
    ASSERT_VALUES(wick_full(3.7, 2, .dtype = WICK_INT64), 3, 3);
    ck_assert(signbit(wick_item(wick_full(-0.0, 1))));
    ck_assert_int_eq(wick_ndim(wick_zeros()), 0);
    ASSERT_VALUES(wick_ones(), 1);
    ASSERT_VALUES(wick_full(2.5), 2.5);
    ASSERT_SHAPE(wick_empty(2, 0, 3), 2, 0, 3);
    ck_assert_int_eq(wick_numel(wick_empty(2, 0, 3)), 0);
    wick_tensor *t = wick_ones(2, 3, .requires_grad = true);
    ck_assert(wick_requires_grad(t) && wick_is_leaf(t) && !wick_grad_of(t));
    ck_assert(!wick_requires_grad(wick_ones(2)));
    ASSERT_FAILS(wick_zeros(2, .dtype = WICK_BOOL, .requires_grad = true), WICK_ERROR_DTYPE, "wick_zeros", "bool");
    ASSERT_FAILS(wick_zeros(2, .dtype = (wick_dtype)17), WICK_ERROR_DTYPE, "wick_zeros", "17");

    const int64_t shape[] = {2, 1};
    ASSERT_VALUES(wick_zeros_n(shape, 2, WICK_UINT8), 0, 0);
    ASSERT_VALUES(wick_ones_n(shape, 2, WICK_DTYPE_AUTO), 1, 1);
    ASSERT_VALUES(wick_full_n(WICK_NUMBER(4), shape, 2, WICK_FLOAT64), 4, 4);
    ASSERT_SHAPE(wick_empty_n(shape, 2, WICK_BOOL), 2, 1);
    wick_tensor_options o = {.size_ = sizeof o, 0, WICK_TENSOR_DEFAULTS}; /* as another language calls it */
    o.size0 = 2;
    o.dtype = WICK_FLOAT64;
    ASSERT_VALUES(wick_ones_opt(&o), 1, 1);
}
END_TEST

START_TEST(like)
{
    wick_tensor *t = wick_from(((int64_t[][2]){{1, 2}, {3, 4}}), 2, 2);
    wick_tensor *grad = wick_ones(2, 1, .requires_grad = true, .dtype = WICK_FLOAT64);
    ASSERT_VALUES(wick_zeros_like(t), 0, 0, 0, 0);
    ASSERT_VALUES(wick_ones_like(t), 1, 1, 1, 1);
    ASSERT_VALUES(wick_full_like(t, 7.5), 7, 7, 7, 7);
    ASSERT_SHAPE(wick_empty_like(wick_zeros(0, 5)), 0, 5);
    ck_assert_int_eq(wick_dtype_of(wick_zeros_like(t)), WICK_INT64);
    ck_assert_int_eq(wick_dtype_of(wick_rand_like(grad)), WICK_FLOAT64);
    ck_assert(!wick_requires_grad(wick_ones_like(grad)));
    ck_assert(!wick_requires_grad(wick_randn_like(grad)));
    ck_assert_int_eq(wick_ndim(wick_zeros_like(wick_ones())), 0);
    ck_assert(wick_is_contiguous(wick_zeros_like(wick_expand(wick_ones(1, 3), 4, 3))));
    ASSERT_FAILS(wick_rand_like(t), WICK_ERROR_DTYPE, "wick_rand", "int64");
}
END_TEST

START_TEST(sequences)
{
    ASSERT_VALUES(wick_arange(5), 0, 1, 2, 3, 4);
    ASSERT_VALUES(wick_arange(2, 7, 3), 2, 5);
    ASSERT_VALUES(wick_arange(5, 0, -2), 5, 3, 1);
    ASSERT_VALUES(wick_arange(7, .end = 2, .step = -2), 7, 5, 3);
    ASSERT_VALUES(wick_arange(1, .step = 0.25), 0, 0.25, 0.5, 0.75);
    ASSERT_VALUES(wick_arange(1, 2, 0.3), 1, 1.2999999523162842, 1.600000023841858, 1.899999976158142);
    ASSERT_VALUES(wick_arange(0.5), 0);
    ASSERT_SHAPE(wick_arange(0), 0);
    ASSERT_SHAPE(wick_arange(3, 3), 0);
    ASSERT_VALUES(wick_arange(4.5, 5), 4.5);
    ASSERT_VALUES(wick_arange(5, 4.5, -1), 5);
    ASSERT_FAILS(wick_arange(5, 4.5), WICK_ERROR_ARGUMENT, "wick_arange", "from 5 to 4.5 in steps of 1");
    ASSERT_FAILS(wick_arange(4.5, 5, -1), WICK_ERROR_ARGUMENT, "must lead from start to end");
    ck_assert_int_eq(wick_dtype_of(wick_arange(5)), WICK_INT64);
    ck_assert_int_eq(wick_dtype_of(wick_arange(0.5)), WICK_FLOAT32);
    ck_assert_int_eq(wick_dtype_of(wick_arange(3, .dtype = WICK_UINT8)), WICK_UINT8);
    ck_assert_int_eq(wick_dtype_of(wick_arange(3, .dtype = WICK_FLOAT64)), WICK_FLOAT64);
    ASSERT_FAILS(wick_arange(5, .step = 0), WICK_ERROR_ARGUMENT, "wick_arange", "step");
    ASSERT_FAILS(wick_arange(5, .step = -1), WICK_ERROR_ARGUMENT, "wick_arange", "from 0 to 5");
    ASSERT_FAILS(wick_arange(NAN), WICK_ERROR_ARGUMENT, "wick_arange");
    ASSERT_FAILS(wick_arange(INFINITY), WICK_ERROR_ARGUMENT, "wick_arange");
    ASSERT_FAILS(wick_arange(1e30), WICK_ERROR_MEMORY, "wick_arange");

    ASSERT_VALUES(wick_linspace(0, 1, 5), 0, 0.25, 0.5, 0.75, 1);
    ASSERT_VALUES(wick_linspace(3, 10, 5), 3, 4.75, 6.5, 8.25, 10);
    ASSERT_VALUES(wick_linspace(-10, 10, 1), -10);
    ASSERT_VALUES(wick_linspace(0, 1, 2), 0, 1);
    ASSERT_SHAPE(wick_linspace(0, 1, 0), 0);
    static const float seven[] = {0.f, 0.166666672f, 0.333333343f, 0.5f, 0.666666627f, 0.833333313f, 1.f};
    ck_assert(wick_equal(wick_linspace(0, 1, 7), wick_from(seven, 7))); /* bit by bit */
    ck_assert(
        wick_equal(wick_linspace(1, 0, 4), wick_from(((float[]){1, 0.6666666269302368f, 0.3333333432674408f, 0}), 4)));
    ASSERT_FAILS(wick_linspace(0, 1, -1), WICK_ERROR_ARGUMENT, "wick_linspace", "-1");

    ASSERT_VALUES(wick_eye(2, 3), 1, 0, 0, 0, 1, 0);
    ASSERT_VALUES(wick_eye(3, 2), 1, 0, 0, 1, 0, 0);
    ASSERT_VALUES(wick_eye(2), 1, 0, 0, 1);
    ck_assert_int_eq(wick_dtype_of(wick_eye(2, .dtype = WICK_BOOL)), WICK_BOOL);
    ASSERT_SHAPE(wick_eye(0, 3), 0, 3);
    ASSERT_FAILS(wick_eye(2, -1), WICK_ERROR_SHAPE, "-1");
    ASSERT_FAILS(wick_eye(-1, 3), WICK_ERROR_SHAPE, "-1");
}
END_TEST

START_TEST(default_dtype)
{
    ck_assert_int_eq(wick_default_dtype(), WICK_FLOAT32);
    ASSERT_FAILS(wick_set_default_dtype(WICK_INT64), WICK_ERROR_DTYPE, "wick_set_default_dtype", "int64");
    ASSERT_FAILS(wick_set_default_dtype(WICK_DTYPE_AUTO), WICK_ERROR_DTYPE, "wick_set_default_dtype");
    ck_assert_int_eq(wick_default_dtype(), WICK_FLOAT32);
    ck_assert(wick_set_default_dtype(WICK_FLOAT64));
    wick_tensor *const made[] = {
        wick_zeros(1), wick_rand(1),      wick_linspace(0, 1, 7),      wick_arange(0.5),
        wick_eye(2),   wick_full(1.0, 2), wick_div(wick_arange(2), 2), wick_add(wick_arange(2), 0.5)};
    wick_tensor *data = wick_from(((float[]){1}), 1);
    wick_set_default_dtype(WICK_FLOAT32);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        ck_assert_msg(wick_dtype_of(made[i]) == WICK_FLOAT64, "tensor %zu", i);
    ck_assert_int_eq(wick_dtype_of(data), WICK_FLOAT32);
    ASSERT_VALUES(made[2], 0, 1 / 6.0, 2 / 6.0, 0.5, 4 / 6.0, 5 / 6.0, 1);
}
END_TEST

/* ---- Sizes ------------------------------------------------------------------------------------------------------- */

START_TEST(sizes_that_cannot_be)
{
    int64_t nine[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    ASSERT_SHAPE(wick_zeros(1, 2, 1, 2, 1, 2, 1, 2), 1, 2, 1, 2, 1, 2, 1, 2);
    ASSERT_SHAPE(wick_ones_n(nine, 8, WICK_DTYPE_AUTO), 1, 1, 1, 1, 1, 1, 1, 1);
    ASSERT_FAILS(wick_zeros(1, 1, 1, 1, 1, 1, 1, 1, 1), WICK_ERROR_SHAPE, "wick_zeros", "8");
    ASSERT_FAILS(wick_zeros_n(nine, 9, WICK_DTYPE_AUTO), WICK_ERROR_SHAPE, "wick_zeros", "9 dimensions");
    ASSERT_FAILS(wick_zeros_n(nine, -1, WICK_DTYPE_AUTO), WICK_ERROR_SHAPE, "-1 dimensions");
    ASSERT_FAILS(wick_zeros_n(NULL, 2, WICK_DTYPE_AUTO), WICK_ERROR_SHAPE, "wick_zeros");
    wick_tensor *eight = wick_ones_n(nine, 8, WICK_DTYPE_AUTO);
    ASSERT_FAILS(wick_unsqueeze(eight, 0), WICK_ERROR_SHAPE, "wick_unsqueeze", "8 dimensions");
    ASSERT_FAILS(wick_reshape_n(eight, nine, 9), WICK_ERROR_SHAPE, "wick_reshape");
    ASSERT_FAILS(wick_expand_n(eight, nine, 9), WICK_ERROR_SHAPE, "wick_expand");
    ASSERT_FAILS(wick_stack(wick_list_of(eight, eight), 0), WICK_ERROR_SHAPE, "wick_stack", "8 dimensions");

    ASSERT_FAILS(wick_ones(-1), WICK_ERROR_SHAPE, "wick_ones", "-1", "(-1,)");
    ASSERT_FAILS(wick_empty(2, -3, 4), WICK_ERROR_SHAPE, "wick_empty", "-3", "(2, -3, 4)");
    ASSERT_FAILS(wick_full(1.0, 0, -1), WICK_ERROR_SHAPE, "wick_full", "(0, -1)");
    ASSERT_FAILS(wick_rand(-1), WICK_ERROR_SHAPE, "wick_rand", "-1");
    ASSERT_FAILS(wick_randn(-1), WICK_ERROR_SHAPE, "wick_randn", "-1");

    /* More bytes than can be addressed, the product overflowing or not, and with a 0 that makes it no smaller. */
    const int64_t big = INT64_C(1) << 62;
    ASSERT_FAILS(wick_zeros(big, 4), WICK_ERROR_MEMORY, "wick_zeros", "(4611686018427387904, 4)");
    ASSERT_FAILS(wick_zeros(big, 4, 0), WICK_ERROR_MEMORY, "wick_zeros");
    ASSERT_FAILS(wick_zeros(0, big, 4), WICK_ERROR_MEMORY, "wick_zeros");
    ASSERT_FAILS(wick_ones(big, big, big, big), WICK_ERROR_MEMORY, "wick_ones");
    ASSERT_FAILS(wick_empty(INT64_MAX), WICK_ERROR_MEMORY, "wick_empty");
    ASSERT_FAILS(wick_empty(INT64_MAX, .dtype = WICK_BOOL), WICK_ERROR_MEMORY, "wick_empty");
    ASSERT_FAILS(wick_linspace(0, 1, INT64_MAX), WICK_ERROR_MEMORY, "more bytes");
    ASSERT_FAILS(wick_eye(big, 4), WICK_ERROR_MEMORY, "more bytes");
    ASSERT_FAILS(wick_arange(9e18), WICK_ERROR_MEMORY, "more bytes");
    ASSERT_FAILS(wick_from((float *)NULL, 0, big, 4), WICK_ERROR_MEMORY, "wick_from");
    wick_tensor *one = wick_ones(1, 1, 1);
    ASSERT_FAILS(wick_add(wick_expand(one, big, 1, 1), wick_expand(one, 1, 1, 4)), WICK_ERROR_MEMORY, "bytes");
}
END_TEST

/* A size_t of 32 bits cuts what an int64_t holds: 2^32 + 4 bytes are not 4. */
START_TEST(sizes_beyond_32_bits)
{
    if (sizeof(size_t) > 4)
        return;
    const int64_t size = INT64_C(1) << 30; /* of floats: 2^32 bytes */
    ASSERT_FAILS(wick_zeros(size + 1), WICK_ERROR_MEMORY, "wick_zeros", "(1073741825,)", "more bytes");
    ASSERT_FAILS(wick_empty(1 << 16, (1 << 16) + 1, .dtype = WICK_BOOL), WICK_ERROR_MEMORY, "more bytes");
    ASSERT_FAILS(wick_rand(size, 4), WICK_ERROR_MEMORY, "wick_rand", "more bytes");
    ASSERT_FAILS(wick_expand(wick_ones(1), size + 1), WICK_ERROR_MEMORY, "wick_expand", "more bytes");
    ASSERT_FAILS(wick_repeat(wick_ones(1), size + 1), WICK_ERROR_MEMORY, "more bytes");
    ASSERT_FAILS(wick_arange(4e9), WICK_ERROR_MEMORY, "more bytes");
    ASSERT_FAILS(wick_from((float *)NULL, size + 1), WICK_ERROR_MEMORY, "wick_from", "more bytes");
    /* What works on more bytes than the tensor has: 16 to each of 2^28. */
    wick_tensor *bytes = wick_zeros(1 << 28, .dtype = WICK_UINT8);
    if (bytes) { /* else this machine has no 256 MiB */
        ASSERT_FAILS(wick_median(bytes), WICK_ERROR_MEMORY, "out of memory");
        ASSERT_FAILS(wick_sort(bytes, .dim = 0), WICK_ERROR_MEMORY, "");
        ASSERT_FAILS(wick_unique(bytes), WICK_ERROR_MEMORY, "");
    }
}
END_TEST

START_TEST(sizes_beyond_memory)
{
    if (is_slow()) { /* sanitizers end the program over a request this large */
        printf("sizes_beyond_memory: skipped under a checker\n");
        return;
    }
    ASSERT_FAILS(wick_empty(INT64_C(1) << 55), WICK_ERROR_MEMORY, sizeof(size_t) > 4 ? "out of memory" : "more bytes",
                 "");
    ASSERT_VALUES(wick_ones(2), 1, 1);
}
END_TEST

/* ---- Metadata ---------------------------------------------------------------------------------------------------- */

static void assert_strides(wick_tensor *t, const int64_t *strides, int ndim)
{
    for (int d = 0; d < ndim; d++)
        ck_assert_int_eq(wick_strides(t)[d], strides[d]);
}

START_TEST(metadata)
{
    wick_tensor *t = wick_zeros(4, 5, 6, .dtype = WICK_FLOAT64);
    ck_assert_int_eq(wick_ndim(t), 3);
    ck_assert_int_eq(wick_numel(t), 120);
    ck_assert_int_eq(wick_size(t, 0), 4);
    ck_assert_int_eq(wick_size(t, -1), 6);
    ck_assert_int_eq(wick_shape(t)[1], 5);
    assert_strides(t, WICK_INTS(30, 6, 1));
    assert_strides(wick_zeros(2, 0, 3), WICK_INTS(3, 3, 1)); /* as in PyTorch, a 0 counts as 1 */
    ck_assert_int_eq(wick_storage_offset(t), 0);
    ck_assert_int_eq(wick_dtype_of(t), WICK_FLOAT64);
    ck_assert_int_eq(wick_device_of(t).type, WICK_DEVICE_CPU);
    ck_assert(wick_is_contiguous(t));
    ck_assert_int_eq(wick_numel(wick_zeros()), 1);
    ck_assert_int_eq(wick_size(t, 3), -1);
    ASSERT_ERROR(WICK_ERROR_INDEX, "wick_size", "[-3, 2]", "3");
    ck_assert_int_eq(wick_size(t, -4), -1);
    ASSERT_ERROR(WICK_ERROR_INDEX, "wick_size", "-4");
    ck_assert_int_eq(wick_size(wick_ones(), 0), -1);
    ASSERT_ERROR(WICK_ERROR_INDEX, "wick_size", "0-dimensional");

    ck_assert_str_eq(wick_dtype_name(WICK_FLOAT32), "float32");
    ck_assert_str_eq(wick_dtype_name(WICK_UINT8), "uint8");
    ck_assert_str_eq(wick_dtype_name(WICK_DTYPE_AUTO), "auto");
    static const size_t sizes[] = {4, 8, 8, 1, 1};
    for (int d = 0; d < 5; d++)
        ck_assert_uint_eq(wick_dtype_size(WICK_FLOAT32 + d), sizes[d]);
    ck_assert_uint_eq(wick_dtype_size(WICK_DTYPE_AUTO), 0);
    ck_assert_uint_eq(wick_dtype_size(WICK_FLOAT32 - 1), 0);
    ck_assert_uint_eq(wick_dtype_size(WICK_BOOL + 1), 0);
    ck_assert(wick_dtype_is_floating(WICK_FLOAT64) && !wick_dtype_is_floating(WICK_INT64));
    ck_assert(!wick_cuda_is_available());
    ck_assert_ptr_eq(wick_to(t, wick_cpu()), t);
    ASSERT_FAILS(wick_to(t, wick_cuda(0)), WICK_ERROR_DEVICE, "wick_to", "CUDA");
}
END_TEST

START_TEST(views_share_storage)
{
    wick_tensor *t = wick_reshape(wick_arange(12, .dtype = WICK_FLOAT32), 3, 4);
    wick_tensor *row = wick_select(t, 0, 1), *columns = wick_t(t), *part = wick_slice(t, 1, 1, WICK_UNSET, 2);
    wick_tensor *copy = wick_clone(t), *detached = wick_detach(t);
    wick_tensor *const views[] = {
        row, columns, part, detached, wick_view(t, 12), wick_unsqueeze(t, 0), wick_reshape(t, 4, 3)};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        ck_assert_msg(wick_same_storage(t, views[i]), "view %zu", i);
    ck_assert(!wick_same_storage(t, copy));
    ck_assert(!wick_same_storage(t, wick_reshape(columns, 12))); /* no view is possible */
    ck_assert_int_eq(wick_storage_offset(row), 4);
    ck_assert_int_eq(wick_storage_offset(part), 1);
    assert_strides(columns, WICK_INTS(1, 4));
    assert_strides(part, WICK_INTS(4, 2));
    ck_assert(!wick_is_contiguous(columns) && !wick_is_contiguous(part) && wick_is_contiguous(row));
    ck_assert(wick_is_contiguous(wick_t(wick_zeros(1, 5)))); /* a dimension of size 1 may have any stride */
    ASSERT_VALUES(part, 1, 3, 5, 7, 9, 11);
    ck_assert(wick_set(part, 100, 1, 0));
    ck_assert_double_eq(wick_get(t, 1, 1), 100);
    ck_assert_double_eq(wick_get(row, 1), 100);
    ck_assert_double_eq(wick_get(columns, 1, 1), 100);
    ck_assert_double_eq(wick_get(copy, 1, 1), 5);
    ck_assert_ptr_eq(wick_data_float32(row), wick_data_float32(t) + 4);
}
END_TEST

START_TEST(versions)
{
    wick_tensor *t = wick_zeros(3), *view = wick_select(t, 0, 0), *detached = wick_detach(t), *copy;
    ck_assert_uint_eq(wick_version(t), 0);
    wick_fill_(t, 1);
    ck_assert_uint_eq(wick_version(t), 1);
    wick_add_(view, 1);
    ck_assert_uint_eq(wick_version(t), 2);
    ck_assert_uint_eq(wick_version(view), 2);
    ck_assert_uint_eq(wick_version(detached), 2);
    copy = wick_clone(t);
    ck_assert_uint_eq(wick_version(copy), 0);
    wick_add(t, 1);
    ck_assert_uint_eq(wick_version(t), 2);
    wick_data_float32(t)[0] = 5; /* unseen */
    ck_assert_uint_eq(wick_version(t), 2);
    wick_set(t, 1, 0);
    ck_assert_uint_eq(wick_version(t), 3);
    wick_zero_(t), wick_copy_(t, copy), wick_sub_(t, 1), wick_mul_(t, 2), wick_div_(t, 2);
    ck_assert_uint_eq(wick_version(t), 8);
}
END_TEST

START_TEST(equal)
{
    wick_tensor *t = wick_from(((float[][2]){{1, 2}, {3, 4}}), 2, 2);
    ck_assert(wick_equal(t, t));
    ck_assert(wick_equal(t, wick_clone(t)));
    ck_assert(wick_equal(wick_t(wick_contiguous(wick_t(t))), t)); /* other strides */
    ck_assert(!wick_equal(t, wick_t(t)));
    ck_assert(!wick_equal(t, wick_view(t, 4)));
    ck_assert(!wick_equal(t, wick_to(t, WICK_FLOAT64)));
    ck_assert(wick_equal(wick_zeros(0, 2), wick_zeros(0, 2)));
    ck_assert(!wick_equal(wick_zeros(0, 2), wick_zeros(0, 3)));
    wick_tensor *nan = wick_full(NAN, 1);
    ck_assert(!wick_equal(nan, nan));
    ck_assert(wick_equal(wick_full(0.0, 1), wick_full(-0.0, 1)));
    ck_assert(!wick_equal(wick_full(INT64_MAX, 1), wick_full(INT64_MAX - 1, 1)));
}
END_TEST

/* ---- Elements ---------------------------------------------------------------------------------------------------- */

START_TEST(elements)
{
    wick_tensor *t = wick_from(((float[][3]){{1, 2, 3}, {4, 5, 6}}), 2, 3);
    ck_assert_double_eq(wick_get(t, 1, 2), 6);
    ck_assert_double_eq(wick_get(t, -1, -3), 4);
    ck_assert_double_eq(wick_get(wick_t(t), 2, 0), 3);
    ck_assert(wick_set(t, 9.5, 0, -1));
    ASSERT_VALUES(t, 1, 2, 9.5, 4, 5, 6);
    ck_assert_double_eq(wick_get_n(wick_ones(), NULL, 0), 1);
    ck_assert(isnan(wick_get(t, 2, 0)));
    ASSERT_ERROR(WICK_ERROR_INDEX, "wick_get", "index 2", "dimension 0", "size 2");
    ck_assert(isnan(wick_get(t, 0, -4)));
    ASSERT_ERROR(WICK_ERROR_INDEX, "wick_get", "index -4", "dimension 1", "size 3");
    ck_assert(isnan(wick_get(t, 0)));
    ASSERT_ERROR(WICK_ERROR_INDEX, "wick_get", "1 indices", "(2, 3)");
    ASSERT_FAILS(wick_set(t, 0, 0, 3), WICK_ERROR_INDEX, "wick_set", "index 3");
    ASSERT_FAILS(wick_set(wick_zeros(0), 0, 0), WICK_ERROR_INDEX, "wick_set", "size 0");
    ASSERT_FAILS(wick_set_n(t, WICK_NUMBER(0), NULL, 2), WICK_ERROR_INDEX, "wick_set");
    ck_assert(isnan(wick_get(t, INT64_MIN, 0)));
    ASSERT_ERROR(WICK_ERROR_INDEX, "wick_get");

    ck_assert_double_eq(wick_item(wick_full(2.5, 1, 1)), 2.5);
    ck_assert_int_eq(wick_item_int(wick_full(-2.9, 1)), -2);
    ck_assert_int_eq(wick_item_int(wick_full(1e30, 1)), INT64_MAX);
    ck_assert(isnan(wick_item(t)));
    ASSERT_ERROR(WICK_ERROR_SHAPE, "wick_item", "6 elements", "(2, 3)");
    ck_assert_int_eq(wick_item_int(wick_zeros(0)), 0);
    ASSERT_ERROR(WICK_ERROR_SHAPE, "wick_item_int", "0 elements");
    ck_assert(isnan(wick_item(wick_full(NAN, 1))));
    ASSERT_NO_ERROR();

    wick_tensor *bytes = wick_zeros(2, .dtype = WICK_UINT8), *flags = wick_zeros(1, .dtype = WICK_BOOL);
    wick_set(bytes, 200.9, 0);
    wick_set(flags, 0.5, 0);
    ASSERT_VALUES(bytes, 200, 0);
    ASSERT_VALUES(flags, 1);
}
END_TEST

START_TEST(data_pointers)
{
    wick_tensor *made[5];
    for (int d = 0; d < 5; d++)
        made[d] = wick_ones(2, .dtype = WICK_FLOAT32 + d);
    ck_assert_float_eq(wick_data_float32(made[0])[1], 1);
    ck_assert_double_eq(wick_data_float64(made[1])[1], 1);
    ck_assert_int_eq(wick_data_int64(made[2])[1], 1);
    ck_assert_uint_eq(wick_data_uint8(made[3])[1], 1);
    ck_assert(wick_data_bool(made[4])[1]);
    for (int d = 0; d < 5; d++) {
        void *const pointers[] = {wick_data_float32(made[d]), wick_data_float64(made[d]), wick_data_int64(made[d]),
                                  wick_data_uint8(made[d]), wick_data_bool(made[d])};
        for (int p = 0; p < 5; p++)
            ck_assert_ptr_eq(pointers[p], p == d ? wick_data_ptr(made[d]) : NULL);
        ASSERT_ERROR(WICK_ERROR_DTYPE, "wick_data_", wick_dtype_name(WICK_FLOAT32 + d));
        ck_assert_uint_eq((uintptr_t)wick_data_ptr(made[d]) % 64, 0);
    }
}
END_TEST

START_TEST(lists)
{
    wick_tensor *a = wick_ones(1), *b = wick_zeros(2);
    wick_list *list = wick_list_of(a, b, a);
    ck_assert_int_eq(wick_list_count(list), 3);
    ck_assert_ptr_eq(wick_list_get(list, 1), b);
    ck_assert_ptr_eq(wick_list_get(list, 2), a);
    ASSERT_FAILS(wick_list_get(list, 3), WICK_ERROR_INDEX, "wick_list_get", "3");
    ASSERT_FAILS(wick_list_get(list, -4), WICK_ERROR_INDEX, "wick_list_get", "-4");
    ASSERT_FAILS(wick_list_of(a, NULL), WICK_ERROR_ARGUMENT, "wick_list", "NULL");
    ck_assert_int_eq(wick_list_count(wick_list_n(NULL, 0)), 0);
    ASSERT_FAILS(wick_list_n(NULL, 1), WICK_ERROR_ARGUMENT, "wick_list");
    ASSERT_FAILS(wick_list_n(&a, -1), WICK_ERROR_ARGUMENT, "wick_list", "-1");
    ck_assert_int_eq(wick_list_count(NULL), 0);
    wick_list *kept;
    {
        WICK_SCOPE;
        kept = wick_out(wick_list_of(wick_full(7.0, 1)));
    }
    ck_assert_double_eq(wick_item(wick_list_get(kept, 0)), 7); /* a list holds its members */
}
END_TEST

/* ---- Promotion --------------------------------------------------------------------------------------------------- */

/* f, d, i, u, b: float32, float64, int64, uint8, bool, in the order of wick_dtype. */
static wick_dtype dtype_of_letter(char letter) { return WICK_FLOAT32 + (int)(strchr("fdiub", letter) - "fdiub"); }

START_TEST(promote_types)
{
    static const char table[5][6] = {"fdfff", "ddddd", "fdiii", "fdiuu", "fdiub"}; /* torch.promote_types */
    for (int a = 0; a < 5; a++)
        for (int b = 0; b < 5; b++)
            ck_assert_int_eq(wick_promote_types(WICK_FLOAT32 + a, WICK_FLOAT32 + b), dtype_of_letter(table[a][b]));
    ck_assert_int_eq(wick_promote_types(WICK_DTYPE_AUTO, WICK_FLOAT32), WICK_DTYPE_AUTO);
    ASSERT_ERROR(WICK_ERROR_DTYPE, "wick_promote_types");
}
END_TEST

/* torch.result_type of: the five dtypes with a dimension, the same with none, and the numbers 1.5, 2 and True; with the
 * default dtype float32, and float64. */
static const char result_types[2][13][14] = {
    {"fdfffffffffff", "ddddddddddddd", "fdiiifdiiifii", "fdiuufduuufuu", "fdiubfdiubfib", "fdffffdffffff",
     "fdddddddddddd", "fdiuifdiiifii", "fdiuufdiuufuu", "fdiubfdiubfib", "fdffffdffffff", "fdiuifdiuifii",
     "fdiubfdiubfib"},
    {"fdfffffffffff", "ddddddddddddd", "fdiiifdiiidii", "fdiuufduuuduu", "fdiubfdiubdib", "fdffffdffffff",
     "fdddddddddddd", "fdiuifdiiidii", "fdiuufdiuuduu", "fdiubfdiubdib", "fddddfddddddd", "fdiuifdiuidii",
     "fdiubfdiubdib"},
};

START_TEST(result_type)
{
    for (int d = 0; d < 2; d++) {
        wick_set_default_dtype(d ? WICK_FLOAT64 : WICK_FLOAT32);
        wick_tensor *operands[13];
        for (int i = 0; i < 5; i++) {
            operands[i] = wick_ones(2, .dtype = WICK_FLOAT32 + i);
            operands[5 + i] = wick_ones(.dtype = WICK_FLOAT32 + i);
        }
        operands[10] = wick_scalar(1.5), operands[11] = wick_scalar(2), operands[12] = wick_scalar((bool)true);
        for (int a = 0; a < 13; a++)
            for (int b = 0; b < 13; b++) {
                wick_dtype expected = dtype_of_letter(result_types[d][a][b]);
                ck_assert_msg(wk_result_type(operands[a], operands[b]) == expected, "operands %d, %d: %s, not %s", a, b,
                              wick_dtype_name(wk_result_type(operands[a], operands[b])), wick_dtype_name(expected));
                if (a < 10 || b < 10)
                    ck_assert_int_eq(wick_dtype_of(wick_add(operands[a], operands[b])), expected);
            }
    }
    wick_set_default_dtype(WICK_FLOAT32);
}
END_TEST

Suite *tensor_suite(void);
Suite *tensor_suite(void)
{
    const TTest *const tests[] = {
        arrays_of_every_type,
        arrays_of_more_dimensions,
        pointers_and_options,
        arrays_of_another_size,
        filled,
        like,
        sequences,
        default_dtype,
        sizes_that_cannot_be,
        sizes_beyond_32_bits,
        sizes_beyond_memory,
        metadata,
        views_share_storage,
        versions,
        equal,
        elements,
        data_pointers,
        lists,
        promote_types,
        result_type,
    };
    return MAKE_SUITE("tensor", tests);
}
