/* test_sampler.c - samplers: their orders, which are PyTorch's, and what they refuse. */
#define _POSIX_C_SOURCE 200809L

#include "data_help.h"

/* The order of the sampler is the line of this name, with the default generator and with one of its own. */
#define CHECK_ORDER(name, make)                                          \
    for (int own = 0; own < 2; own++) {                                  \
        WICK_SCOPE;                                                      \
        wick_generator *g = seeded(own);                                 \
        wick_sampler *s = make;                                          \
        wick_tensor *order = wick_data_sampler_indices(s);               \
        note_indices(order);                                             \
        ck_assert_int_eq(wick_data_sampler_count(s), wick_numel(order)); \
        check_noted(name, g);                                            \
    }

START_TEST(orders_are_those_of_pytorch)
{
    wick_dataset *d = wick_data_tensor_dataset(wick_arange(10));
    wick_tensor *indices = wick_from(((int64_t[]){5, 3, 9, 1}), 4);
    wick_tensor *weights = wick_from(((double[]){1, 0, 2, 0.5, 3, 0.25}), 6);
    CHECK_ORDER("random", wick_data_random_sampler(d, .generator = g));
    CHECK_ORDER("random 25", wick_data_random_sampler(d, .num_samples = 25, .generator = g));
    CHECK_ORDER("random 4", wick_data_random_sampler(d, false, 4, g));
    CHECK_ORDER("random replacement", wick_data_random_sampler(d, .replacement = true, .generator = g));
    CHECK_ORDER("random replacement 70", wick_data_random_sampler(d, true, 70, g));
    CHECK_ORDER("random replacement 64", wick_data_random_sampler(d, true, 64, g));
    CHECK_ORDER("subset", wick_data_subset_random_sampler(indices, .generator = g));
    CHECK_ORDER("weighted 8", wick_data_weighted_random_sampler(weights, 8, .generator = g));
    CHECK_ORDER("weighted 1", wick_data_weighted_random_sampler(weights, 1, .generator = g));
    CHECK_ORDER("weighted 4 without", wick_data_weighted_random_sampler(weights, 4, false, g));
    CHECK_ORDER("weighted float32",
                wick_data_weighted_random_sampler(wick_to(weights, WICK_FLOAT32), 20, .generator = g));
    ASSERT_VALUES(wick_data_sampler_indices(wick_data_index_sampler(indices)), 5, 3, 9, 1);
    ASSERT_VALUES(wick_data_sampler_indices(wick_data_index_sampler(wick_slice(indices, 0, .step = 2))), 5, 9);
    ASSERT_VALUES(wick_data_sampler_indices(wick_data_sequential_sampler(d)), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    wick_dataset *empty = wick_data_tensor_dataset(wick_zeros(0));
    ck_assert_int_eq(wick_numel(wick_data_sampler_indices(wick_data_sequential_sampler(empty))), 0);
}
END_TEST

static void note_batches(wick_sampler *s)
{
    wick_list *batches = wick_data_sampler_batches(s);
    ck_assert_msg(batches != NULL, "%s", wick_error());
    ck_assert_int_eq(wick_list_count(batches), wick_data_sampler_count(s));
    for (int64_t i = 0; i < wick_list_count(batches); i++) {
        note_whole(wick_numel(wick_list_get(batches, i)));
        note_indices(wick_list_get(batches, i));
    }
}

START_TEST(batches_are_those_of_pytorch)
{
    wick_dataset *d = wick_data_tensor_dataset(wick_arange(10));
    static const int sizes[] = {1, 3, 5, 20};
    for (int own = 0; own < 2; own++) {
        for (int k = 0; k < 8; k++) {
            WICK_SCOPE;
            char name[32];
            snprintf(name, sizeof name, "batch %d %d", sizes[k / 2], k % 2);
            wick_generator *g = seeded(own);
            wick_sampler *order = wick_data_random_sampler(d, .num_samples = 13, .generator = g);
            note_batches(wick_data_batch_sampler(order, sizes[k / 2], k % 2));
            check_noted(name, g);
        }
        wick_generator *g = seeded(own);
        wick_tensor *indices = wick_from(((int64_t[]){5, 3, 9, 1}), 4);
        note_batches(wick_data_batch_sampler(wick_data_subset_random_sampler(indices, .generator = g), 3, false));
        check_noted("batch subset", g);
    }
}
END_TEST

/* A sampler of one's own: the fields are a number n; the indices are n-1, ..., 0. */
static int destroyed_samplers;
static void count_destroyed(wick_sampler *s) { destroyed_samplers += *(int64_t *)wick_data_sampler_fields(s) == 5; }
static int64_t backwards_length(wick_sampler *s) { return *(int64_t *)wick_data_sampler_fields(s); }
static wick_tensor *backwards(wick_sampler *s)
{
    return wick_sub(backwards_length(s) - 1, wick_arange((double)backwards_length(s)));
}
static wick_list *own_batches(wick_sampler *s)
{
    (void)s;
    return wick_list_of(wick_from(((int64_t[]){4, 0}), 2), wick_from(((int64_t[]){-4}), 1));
}
static wick_tensor *no_indices(wick_sampler *s) { return (void)s, NULL; }
static wick_tensor *empty_indices(wick_sampler *s) { return (void)s, wick_zeros(0, .dtype = WICK_INT64); }
static wick_tensor *floats(wick_sampler *s) { return (void)s, wick_zeros(2); }
static wick_list *no_batches(wick_sampler *s) { return (void)s, NULL; }
static wick_list *empty_batch(wick_sampler *s) { return wick_list_of(empty_indices(s)); }
static int64_t negative(wick_sampler *s) { return (void)s, -3; }

START_TEST(samplers_of_ones_own)
{
    destroyed_samplers = 0;
    {
        WICK_SCOPE;
        wick_dataset *d = wick_data_tensor_dataset(wick_arange(10));
        wick_sampler *s = wick_data_sampler(.length = backwards_length, .indices = backwards, .size = sizeof(int64_t),
                                            .destroy = count_destroyed);
        *(int64_t *)wick_data_sampler_fields(s) = 5;
        ck_assert_int_eq(wick_data_sampler_count(s), 5);
        ASSERT_VALUES(wick_data_sampler_indices(s), 4, 3, 2, 1, 0);
        wick_tensor *x;
        wick_loader *loader = wick_data_loader(d, .batch_size = 3, .sampler = s);
        ck_assert_int_eq(wick_data_batches(loader), 2);
        for (int pass = 0; pass < 2; pass++) {
            wick_iterator *it = wick_data_iterate(loader);
            ck_assert(wick_data_next(it, &x));
            ASSERT_VALUES(x, 4, 3, 2);
            ck_assert(wick_data_next(it, &x));
            ASSERT_VALUES(x, 1, 0);
            ck_assert(!wick_data_next(it, &x));
        }
        s = wick_data_sampler(.batches = own_batches);
        ck_assert_ptr_null(wick_data_sampler_fields(s));
        ck_assert_int_eq(wick_data_sampler_count(s), 2);
        loader = wick_data_loader(d, .batch_sampler = s);
        ck_assert_int_eq(wick_data_batches(loader), 2);
        wick_iterator *it = wick_data_iterate(loader);
        ck_assert(wick_data_next(it, &x));
        ASSERT_VALUES(x, 4, 0);
        ck_assert(wick_data_next(it, &x));
        ASSERT_VALUES(x, 6);
        ck_assert(!wick_data_next(it, &x));
        ck_assert_int_eq(wick_numel(wick_data_sampler_indices(wick_data_sampler(.indices = empty_indices))), 0);
    }
    ck_assert_int_eq(destroyed_samplers, 1);
}
END_TEST

START_TEST(sampler_errors)
{
    wick_dataset *d = wick_data_tensor_dataset(wick_arange(10)), *empty = wick_data_tensor_dataset(wick_zeros(0));
    wick_sampler *s = wick_data_sequential_sampler(d), *batches = wick_data_batch_sampler(s, 2, false);
    ASSERT_FAILS(wick_data_random_sampler(empty), WICK_ERROR_ARGUMENT, "wick_data_random_sampler", "empty");
    ASSERT_FAILS(wick_data_random_sampler(NULL), WICK_ERROR_ARGUMENT, "wick_data_random_sampler");
    ASSERT_FAILS(wick_data_random_sampler(d, .num_samples = 0), WICK_ERROR_ARGUMENT, ".num_samples is 0", "positive");
    ASSERT_FAILS(wick_data_random_sampler(d, .num_samples = -1), WICK_ERROR_ARGUMENT, ".num_samples is -1");
    ASSERT_FAILS(wick_data_random_sampler(d, .generator = (wick_generator *)d), WICK_ERROR_ARGUMENT, "generator");
    ASSERT_FAILS(wick_data_sequential_sampler(NULL), WICK_ERROR_ARGUMENT, "wick_data_sequential_sampler");
    ASSERT_FAILS(wick_data_index_sampler(NULL), WICK_ERROR_ARGUMENT, "wick_data_index_sampler");
    ASSERT_FAILS(wick_data_index_sampler(wick_zeros(2)), WICK_ERROR_DTYPE, "float32", "int64");
    ASSERT_FAILS(wick_data_index_sampler(wick_zeros(2, 2, .dtype = WICK_INT64)), WICK_ERROR_SHAPE, "(2, 2)");
    ASSERT_FAILS(wick_data_subset_random_sampler(wick_zeros(2)), WICK_ERROR_DTYPE, "wick_data_subset_random_sampler");
    ASSERT_FAILS(wick_data_weighted_random_sampler(NULL, 1), WICK_ERROR_ARGUMENT, "weights", "NULL");
    ASSERT_FAILS(wick_data_weighted_random_sampler(wick_ones(2, 2), 1), WICK_ERROR_SHAPE, "(2, 2)");
    ASSERT_FAILS(wick_data_weighted_random_sampler(wick_ones(2), 0), WICK_ERROR_ARGUMENT, "num_samples is 0");
    wick_sampler *bad = wick_data_weighted_random_sampler(wick_from(((float[]){1, -1}), 2), 1);
    ASSERT_FAILS(wick_data_sampler_indices(bad), WICK_ERROR_ARGUMENT, "wick_data_weighted_random_sampler", "-1");
    bad = wick_data_weighted_random_sampler(wick_ones(2), 3, .replacement = false);
    ASSERT_FAILS(wick_data_sampler_indices(bad), WICK_ERROR_ARGUMENT, "3 samples of 2 weights");

    ASSERT_FAILS(wick_data_batch_sampler(NULL, 1, false), WICK_ERROR_ARGUMENT, "wick_data_batch_sampler", "NULL");
    ASSERT_FAILS(wick_data_batch_sampler(s, 0, false), WICK_ERROR_ARGUMENT, "batch_size is 0", "positive");
    ASSERT_FAILS(wick_data_batch_sampler(batches, 1, false), WICK_ERROR_ARGUMENT, "gives batches");
    ASSERT_FAILS(wick_data_sampler_indices(batches), WICK_ERROR_ARGUMENT, "wick_data_sampler_indices", "gives batches");
    ASSERT_FAILS(wick_data_sampler_batches(s), WICK_ERROR_ARGUMENT, "one by one", "wick_data_batch_sampler");
    ASSERT_FAILS(wick_data_sampler_count(NULL) >= 0, WICK_ERROR_ARGUMENT, "wick_data_sampler_count", "NULL");
    ASSERT_FAILS(wick_data_sampler_fields(NULL), WICK_ERROR_ARGUMENT, "NULL");

    ASSERT_FAILS(wick_data_sampler(.length = negative), WICK_ERROR_ARGUMENT, ".indices", ".batches");
    ASSERT_FAILS(wick_data_sampler(.indices = floats, .batches = no_batches), WICK_ERROR_ARGUMENT, "one of");
    ASSERT_FAILS(wick_data_sampler(.indices = floats, .size = SIZE_MAX), WICK_ERROR_ARGUMENT, ".size");
    ASSERT_FAILS(wick_data_sampler_count(wick_data_sampler(.length = negative, .indices = floats)) >= 0,
                 WICK_ERROR_ARGUMENT, "-3");
    ASSERT_FAILS(wick_data_sampler_indices(wick_data_sampler(.indices = no_indices)), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_data_sampler_indices(wick_data_sampler(.indices = floats)), WICK_ERROR_DTYPE, "float32");
    ASSERT_FAILS(wick_data_sampler_batches(wick_data_sampler(.batches = no_batches)), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_data_sampler_batches(wick_data_sampler(.batches = empty_batch)), WICK_ERROR_ARGUMENT,
                 "batch 0 is empty");
}
END_TEST

/* Without replacement, every index once; and in less than quadratic time. */
START_TEST(many_weights)
{
    int64_t n = is_slow() ? 3000 : 200000;
    wick_tensor *all =
        wick_data_sampler_indices(wick_data_weighted_random_sampler(wick_rand(n), n, .replacement = false));
    ck_assert(wick_equal(wick_sort(all), wick_arange((double)n)));
}
END_TEST

static bool run_samplers(void)
{
    WICK_SCOPE;
    wick_dataset *d = wick_data_tensor_dataset(wick_zeros(10));
    wick_sampler *s = wick_data_sampler(.length = backwards_length, .indices = backwards, .size = sizeof(int64_t));
    if (!s)
        return false;
    *(int64_t *)wick_data_sampler_fields(s) = 5;
    return wick_data_sampler_indices(s) && wick_data_sampler_batches(wick_data_sampler(.batches = own_batches)) &&
           wick_data_sampler_batches(wick_data_batch_sampler(wick_data_random_sampler(d, true, 40), 3, true)) &&
           wick_data_sampler_indices(wick_data_weighted_random_sampler(wick_ones(4), 3)) &&
           wick_data_sampler_indices(wick_data_subset_random_sampler(wick_arange(4))) && !wick_error();
}

START_TEST(failed_allocations) { check_allocations(run_samplers, "samplers"); }
END_TEST

Suite *sampler_suite(void);
Suite *sampler_suite(void)
{
    const TTest *const tests[] = {
        orders_are_those_of_pytorch, batches_are_those_of_pytorch, samplers_of_ones_own, sampler_errors, many_weights,
        failed_allocations};
    return MAKE_SUITE("sampler", tests);
}
