/* test_data.c - datasets, one's own and those made of others. */
#define _POSIX_C_SOURCE 200809L

#include "data_help.h"

START_TEST(dataset_of_items)
{
    destroyed = 0;
    {
        WICK_SCOPE;
        wick_dataset *d = ten(3);
        ck_assert_int_eq(wick_data_count(d), 3);
        ck_assert_uint_eq((uintptr_t)wick_data_fields(d) % 16, 0);
        ck_assert_double_eq(wick_get(wick_list_get(wick_data_item(d, -1), 0), 1), 3);
        ASSERT_FAILS(wick_data_item(d, 3), WICK_ERROR_INDEX, "wick_data_item", "index 3", "3 samples");
        ASSERT_FAILS(wick_data_item(d, -4), WICK_ERROR_INDEX, "index -4");

        wick_tensor *x, *y;
        int64_t batches = 0;
        WICK_FOR_EACH_BATCH (wick_data_loader(d, .batch_size = 2), &x, &y) {
            WICK_SCOPE;
            int64_t n = batches == 0 ? 2 : 1;
            ck_assert_int_eq(wick_ndim(x), 2);
            ck_assert_int_eq(wick_size(x, 0), n);
            ck_assert_int_eq(wick_size(x, 1), 2);
            ck_assert_int_eq(wick_ndim(y), 1);
            ck_assert_int_eq(wick_data_int64(y)[0], 20 * batches);
            ck_assert_double_eq(wick_get(x, 0, 1), (double)(2 * batches + 1));
            batches++;
        }
        ck_assert_int_eq(batches, 2);
        ck_assert_ptr_null(x);
        ck_assert_ptr_null(wick_error());
    }
    ck_assert_int_eq(destroyed, 1);
}
END_TEST

static wick_list *pair_batch(wick_dataset *d, const int64_t *indices, int64_t count)
{
    (void)d;
    return wick_list_of(wick_from_n(indices, WICK_INT64, &count, 1));
}
static int64_t negative_length(wick_dataset *d)
{
    (void)d;
    return -2;
}
static wick_list *null_item(wick_dataset *d, int64_t i)
{
    (void)d, (void)i;
    return NULL;
}
static wick_list *uneven_item(wick_dataset *d, int64_t i)
{
    (void)d;
    wick_tensor *t = wick_zeros();
    return i ? wick_list_of(t, t) : wick_list_of(t);
}
static wick_list *ragged_item(wick_dataset *d, int64_t i)
{
    (void)d;
    return wick_list_of(wick_zeros(i + 1));
}
static int64_t length_of_4(wick_dataset *d)
{
    (void)d;
    return 4;
}

START_TEST(dataset_of_batches_has_items)
{
    WICK_SCOPE;
    wick_dataset *d = wick_data_dataset(.length = length_of_4, .batch = pair_batch);
    ck_assert_ptr_null(wick_data_fields(d));
    wick_tensor *t = wick_list_get(wick_data_item(d, 2), 0);
    ck_assert_int_eq(wick_ndim(t), 0);
    ck_assert_int_eq(wick_item_int(t), 2);
}
END_TEST

START_TEST(dataset_errors)
{
    WICK_SCOPE;
    wick_tensor *x, *y;
    ASSERT_FAILS(wick_data_dataset(.item = ten_item), WICK_ERROR_ARGUMENT, "wick_data_dataset", ".length");
    ASSERT_FAILS(wick_data_dataset(.length = ten_length), WICK_ERROR_ARGUMENT, ".item", ".batch");
    ASSERT_FAILS(wick_data_dataset(.length = ten_length, .item = ten_item, .size = SIZE_MAX), WICK_ERROR_ARGUMENT,
                 ".size");
    ASSERT_FAILS(wick_data_count(wick_data_dataset(.length = negative_length, .item = ten_item)) >= 0,
                 WICK_ERROR_ARGUMENT, "-2");
    ASSERT_FAILS(wick_data_count(NULL) >= 0, WICK_ERROR_ARGUMENT, "wick_data_count", "NULL");
    ASSERT_FAILS(wick_data_item(NULL, 0), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_data_fields(NULL), WICK_ERROR_ARGUMENT, "NULL");

    wick_dataset *d = wick_data_dataset(.length = length_of_4, .item = null_item);
    ASSERT_FAILS(wick_data_item(d, 0), WICK_ERROR_ARGUMENT, "wick_data_item", "item function returned NULL");
    wick_iterator *it = wick_data_iterate(wick_data_loader(d));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_ARGUMENT, "wick_data_next", "item function returned NULL");

    it = wick_data_iterate(
        wick_data_loader(wick_data_dataset(.length = length_of_4, .item = uneven_item), .batch_size = 2));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_SHAPE, "sample 0 has 1", "sample 1 has 2");
    it = wick_data_iterate(
        wick_data_loader(wick_data_dataset(.length = length_of_4, .item = ragged_item), .batch_size = 2));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_SHAPE, "wick_data_next", "one shape");

    it = wick_data_iterate(wick_data_loader(ten(4)));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_ARGUMENT, "wick_data_next", "2 tensors", "1");
    ASSERT_FAILS(wick_data_next(it, &x, NULL), WICK_ERROR_ARGUMENT, "tensor 1", "NULL");
    ck_assert(wick_data_next(it, &x, &y));
    ck_assert_int_eq(wick_item_int(y), 0); /* the failed calls took nothing */
    ASSERT_FAILS(wick_data_next(NULL, &x), WICK_ERROR_ARGUMENT, "wick_data_next", "NULL");
    ASSERT_FAILS(wick_data_next_n(it, NULL, 1), WICK_ERROR_ARGUMENT, "wick_data_next");
}
END_TEST

START_TEST(tensor_dataset)
{
    WICK_SCOPE;
    for (wick_dtype dtype = WICK_FLOAT32; dtype <= WICK_BOOL; dtype++) {
        wick_tensor *all = wick_to(wick_arange(24), dtype);
        wick_tensor *a = wick_reshape(all, 4, 3, 2);
        wick_tensor *rows_apart = wick_narrow(a, 1, 1, 2);
        wick_tensor *b = wick_transpose(wick_reshape(all, 3, 2, 4), 0, 2); /* (4, 2, 3), rows not in one piece */
        wick_dataset *d = wick_data_tensor_dataset(a, rows_apart, b);
        ck_assert_int_eq(wick_data_count(d), 4);
        ck_assert(wick_equal(wick_list_get(wick_data_item(d, -2), 2), wick_select(b, 0, 2)));
        ck_assert(wick_same_storage(wick_list_get(wick_data_item(d, 0), 0), a));

        wick_tensor *order = wick_from(((int64_t[]){3, -4, 3}), 3);
        wick_tensor *x, *y, *z;
        wick_iterator *it =
            wick_data_iterate(wick_data_loader(d, .batch_size = 4, .sampler = wick_data_index_sampler(order)));
        ck_assert(wick_data_next(it, &x, &y, &z));
        wick_tensor *index = wick_from(((int64_t[]){3, 0, 3}), 3);
        ck_assert(wick_equal(x, wick_index(a, wick_list_of(index))));
        ck_assert(wick_equal(y, wick_index(rows_apart, wick_list_of(index))));
        ck_assert(wick_equal(z, wick_index(b, wick_list_of(index))));
        ck_assert(!wick_data_next(it, &x, &y, &z));
        ck_assert(!wick_data_next(it, &x, &y, &z));
    }
    ck_assert_ptr_null(wick_error());
}
END_TEST

START_TEST(tensor_dataset_shows_later_changes)
{
    WICK_SCOPE;
    wick_tensor *a = wick_zeros(2, 2), *x;
    wick_loader *loader = wick_data_loader(wick_data_tensor_dataset(a), .batch_size = 2);
    wick_fill_(a, 5);
    wick_iterator *it = wick_data_iterate(loader);
    ck_assert(wick_data_next(it, &x));
    ck_assert(wick_equal(x, a));
    ck_assert(!wick_same_storage(x, a));
}
END_TEST

START_TEST(tensor_dataset_keeps_gradients)
{
    WICK_SCOPE;
    wick_tensor *a = wick_ones(3, 2, .requires_grad = true), *x;
    wick_iterator *it = wick_data_iterate(wick_data_loader(wick_data_tensor_dataset(a), .batch_size = 2));
    ck_assert(wick_data_next(it, &x));
    ck_assert(wick_requires_grad(x));
    ck_assert(wick_backward(wick_sum(x)));
    ck_assert_double_eq(wick_item(wick_sum(wick_grad_of(a))), 4);
    WICK_NO_GRAD;
    ck_assert(wick_data_next(it, &x));
    ck_assert(!wick_requires_grad(x));
}
END_TEST

START_TEST(tensor_dataset_errors)
{
    WICK_SCOPE;
    ASSERT_FAILS(wick_data_tensor_dataset_from(NULL), WICK_ERROR_ARGUMENT, "wick_data_tensor_dataset", "NULL");
    ASSERT_FAILS(wick_data_tensor_dataset_from(wick_list_n(NULL, 0)), WICK_ERROR_ARGUMENT, "no tensors");
    ASSERT_FAILS(wick_data_tensor_dataset(wick_zeros()), WICK_ERROR_SHAPE, "0 dimensions");
    ASSERT_FAILS(wick_data_tensor_dataset(wick_zeros(3, 2), wick_zeros(4)), WICK_ERROR_SHAPE, "(3, 2)", "(4,)");
}
END_TEST

/* ---- Datasets made of others ------------------------------------------------------------------------------------- */

static wick_dataset *range_of(int from, int to) { return wick_data_tensor_dataset(wick_arange(from, to)); }

/* The only batch of all samples, in this order. */
static wick_tensor *batch_of(wick_dataset *d, wick_tensor *order)
{
    wick_tensor *x = NULL;
    wick_iterator *it =
        wick_data_iterate(wick_data_loader(d, .batch_size = 100, .sampler = wick_data_index_sampler(order)));
    ck_assert_msg(wick_data_next(it, &x), "%s", wick_error());
    return x;
}

START_TEST(subsets)
{
    wick_dataset *all = range_of(0, 10);
    wick_tensor *indices = wick_from(((int64_t[]){7, -1, 7, 2}), 4);
    wick_dataset *part = wick_data_subset(all, indices);
    ck_assert_int_eq(wick_data_count(part), 4);
    ck_assert_int_eq(wick_item_int(wick_list_get(wick_data_item(part, 1), 0)), 9);
    ASSERT_VALUES(batch_of(part, wick_arange(4)), 7, 9, 7, 2);
    wick_dataset *of_part = wick_data_subset(part, wick_slice(wick_arange(4), 0, .step = 3)); /* strides of 3 */
    ASSERT_VALUES(batch_of(of_part, wick_arange(2)), 7, 2);
    ck_assert_int_eq(wick_data_count(wick_data_subset(all, wick_zeros(0, .dtype = WICK_INT64))), 0);

    wick_dataset *items = wick_data_subset(ten(5), wick_from(((int64_t[]){4, 0}), 2)); /* a dataset of items */
    wick_tensor *x, *y;
    wick_iterator *it = wick_data_iterate(wick_data_loader(items, .batch_size = 2));
    ck_assert(wick_data_next(it, &x, &y));
    ASSERT_VALUES(y, 40, 0);

    wick_tensor *far = wick_from(((int64_t[]){0, 10}), 2);
    part = wick_data_subset(all, far);
    ck_assert_ptr_nonnull(wick_data_item(part, 0));
    ASSERT_FAILS(wick_data_item(part, 1), WICK_ERROR_INDEX, "wick_data_subset", "index 10", "10 samples");
    it = wick_data_iterate(wick_data_loader(part, .batch_size = 2));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_INDEX, "subset's index 10");
    ASSERT_FAILS(wick_data_subset(NULL, far), WICK_ERROR_ARGUMENT, "wick_data_subset", "NULL");
    ASSERT_FAILS(wick_data_subset(all, NULL), WICK_ERROR_ARGUMENT, "wick_data_subset", "NULL");
    ASSERT_FAILS(wick_data_subset(all, wick_zeros(2)), WICK_ERROR_DTYPE, "float32", "int64");
    ASSERT_FAILS(wick_data_subset(all, wick_zeros(2, 1, .dtype = WICK_INT64)), WICK_ERROR_SHAPE, "(2, 1)");
}
END_TEST

START_TEST(concatenated)
{
    wick_dataset *d = wick_data_concat_dataset(range_of(0, 3), range_of(10, 10), range_of(20, 22), range_of(30, 34));
    ck_assert_int_eq(wick_data_count(d), 9);
    const int all[] = {0, 1, 2, 20, 21, 30, 31, 32, 33};
    for (int i = 0; i < 9; i++)
        ck_assert_int_eq(wick_item_int(wick_list_get(wick_data_item(d, i), 0)), all[i]);
    ck_assert_int_eq(wick_item_int(wick_list_get(wick_data_item(d, -1), 0)), 33);
    ASSERT_VALUES(batch_of(d, wick_arange(9)), 0, 1, 2, 20, 21, 30, 31, 32, 33);
    ASSERT_VALUES(batch_of(d, wick_from(((int64_t[]){8, 0, 3, 8, 2, 5}), 6)), 33, 0, 20, 33, 2, 30);
    ASSERT_VALUES(batch_of(d, wick_from(((int64_t[]){4, 3}), 2)), 21, 20);
    ASSERT_FAILS(wick_data_item(d, 9), WICK_ERROR_INDEX, "9 samples");

    wick_tensor *x;
    wick_dataset *mixed = wick_data_concat_dataset(range_of(0, 2), ten(2));
    wick_iterator *it = wick_data_iterate(wick_data_loader(mixed, .batch_size = 3));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_SHAPE, "wick_data_concat_dataset", "2 tensors", "1");
    mixed = wick_data_concat_dataset(wick_data_tensor_dataset(wick_zeros(2, 3)),
                                     wick_data_tensor_dataset(wick_zeros(2, 4)));
    it = wick_data_iterate(wick_data_loader(mixed, .batch_size = 3));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_SHAPE, "wick_data_concat_dataset");
    ASSERT_FAILS(wick_data_concat_dataset_n(NULL, 0), WICK_ERROR_ARGUMENT, "wick_data_concat_dataset", "no datasets");
    ASSERT_FAILS(wick_data_concat_dataset(d, NULL), WICK_ERROR_ARGUMENT, "wick_data_concat_dataset", "NULL");
}
END_TEST

START_TEST(stacked)
{
    wick_dataset *d = wick_data_stack_dataset(range_of(5, 8), ten(3));
    ck_assert_int_eq(wick_data_count(d), 3);
    ck_assert_int_eq(wick_list_count(wick_data_item(d, 1)), 3);
    wick_tensor *a, *x, *y;
    wick_iterator *it = wick_data_iterate(wick_data_loader(d, .batch_size = 3));
    ck_assert(wick_data_next(it, &a, &x, &y));
    ASSERT_VALUES(a, 5, 6, 7);
    ASSERT_SHAPE(x, 3, 2);
    ASSERT_VALUES(y, 0, 10, 20);
    ASSERT_FAILS(wick_data_stack_dataset(d, ten(4)), WICK_ERROR_ARGUMENT, "wick_data_stack_dataset", "3 samples",
                 "dataset 1 has 4");
    ASSERT_FAILS(wick_data_stack_dataset_n(NULL, 1), WICK_ERROR_ARGUMENT, "no datasets");
}
END_TEST

static void check_split(const char *name, wick_dataset *all, const double *lengths, int count)
{
    for (int own = 0; own < 2; own++) {
        WICK_SCOPE;
        wick_generator *g = seeded(own);
        wick_dataset *part[4];
        wick_split parts[4];
        for (int i = 0; i < count; i++)
            parts[i] = (wick_split){lengths[i], &part[i]};
        wick_random_options options = {.size_ = sizeof options};
        options.generator = g;
        ck_assert_msg(wick_data_random_split_opt(all, parts, count, &options), "%s", wick_error());
        for (int i = 0; i < count; i++) {
            note_whole(wick_data_count(part[i]));
            for (int64_t k = 0; k < wick_data_count(part[i]); k++)
                note_indices(wick_list_get(wick_data_item(part[i], k), 0));
        }
        check_noted(name, g);
    }
}
#define SPLIT(name, n, ...) \
    check_split(name, range_of(0, n), (double[]){__VA_ARGS__}, (int)(sizeof((double[]){__VA_ARGS__}) / sizeof(double)))

START_TEST(splits_are_those_of_pytorch)
{
    SPLIT("split 10 7 3", 10, 7, 3);
    SPLIT("split 10 0.5 0.5", 10, 0.5, 0.5);
    SPLIT("split 10 0.7 0.2 0.1", 10, 0.7, 0.2, 0.1);
    SPLIT("split 11 0.25 0.25 0.25 0.25", 11, 0.25, 0.25, 0.25, 0.25);
    SPLIT("split 3 0.1 0.1 0.8", 3, 0.1, 0.1, 0.8);
    SPLIT("split 150 0.7 0.15 0.15", 150, 0.7, 0.15, 0.15);
    SPLIT("split 5 1 0", 5, 1, 0);
    SPLIT("split 1 1", 1, 1);
    SPLIT("split 4 0 4", 4, 0, 4);
    wick_clear_warning(); /* of a part without samples */
}
END_TEST

START_TEST(split_errors)
{
    wick_dataset *d = range_of(0, 10), *a, *b = d;
    ASSERT_FAILS(wick_data_random_split(d, WICK_SPLITS({7, &a}, {4, &b})), WICK_ERROR_ARGUMENT,
                 "wick_data_random_split", "add up to 11", "10 samples");
    ck_assert_ptr_null(a);
    ck_assert_ptr_null(b);
    ASSERT_FAILS(wick_data_random_split(d, WICK_SPLITS({0.5, &a}, {0.4, &b})), WICK_ERROR_ARGUMENT, "part 0", "0.5",
                 "add up to 0.9");
    ASSERT_FAILS(wick_data_random_split(d, WICK_SPLITS({0.5, &a}, {0.6, &b})), WICK_ERROR_ARGUMENT, "1.1");
    ASSERT_FAILS(wick_data_random_split(d, WICK_SPLITS({1.5, &a}, {-0.5, &b})), WICK_ERROR_ARGUMENT, "part 0",
                 "fraction 1.5", "[0, 1]");
    ASSERT_FAILS(wick_data_random_split(d, WICK_SPLITS({11, &a}, {-1, &b})), WICK_ERROR_ARGUMENT, "part 1", "-1");
    ASSERT_FAILS(wick_data_random_split(d, WICK_SPLITS({NAN, &a}, {1, &b})), WICK_ERROR_ARGUMENT, "part 0", "nan");
    ASSERT_FAILS(wick_data_random_split(d, WICK_SPLITS({0x1p53, &a}, {0x1p53, &b})), WICK_ERROR_ARGUMENT, "add up to");
    ASSERT_FAILS(wick_data_random_split(d, WICK_SPLITS({7, &a}, {3, NULL})), WICK_ERROR_ARGUMENT, "part 1", "NULL");
    ASSERT_FAILS(wick_data_random_split(NULL, WICK_SPLITS({7, &a})), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_data_random_split_opt(d, NULL, 0, NULL), WICK_ERROR_ARGUMENT, "no parts");
    ASSERT_FAILS(wick_data_random_split(d, WICK_SPLITS({10, &a}), .generator = (wick_generator *)d),
                 WICK_ERROR_ARGUMENT, "generator");
}
END_TEST

static bool run_combined(void)
{
    WICK_SCOPE;
    wick_dataset *a = range_of(0, 5), *b = range_of(5, 8), *train, *test;
    wick_dataset *all = wick_data_stack_dataset(wick_data_concat_dataset(a, b), range_of(0, 8));
    bool good = wick_data_random_split(all, WICK_SPLITS({0.75, &train}, {0.25, &test}));
    wick_tensor *x, *y;
    int batches = 0;
    WICK_FOR_EACH_BATCH (wick_data_loader(train, .batch_size = 3, .shuffle = true), &x, &y)
        batches++;
    return good && batches == 2 && wick_data_item(test, 0) && !wick_error();
}

START_TEST(failed_allocations) { check_allocations(run_combined, "combined"); }
END_TEST

Suite *data_suite(void);
Suite *data_suite(void)
{
    const TTest *const tests[] = {dataset_of_items,
                                  dataset_of_batches_has_items,
                                  dataset_errors,
                                  tensor_dataset,
                                  tensor_dataset_shows_later_changes,
                                  tensor_dataset_keeps_gradients,
                                  tensor_dataset_errors,
                                  subsets,
                                  concatenated,
                                  stacked,
                                  splits_are_those_of_pytorch,
                                  split_errors,
                                  failed_allocations};
    return MAKE_SUITE("data", tests);
}
