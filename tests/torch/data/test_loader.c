/* test_loader.c - the loader: its options, its orders, how it makes batches. */
#define _POSIX_C_SOURCE 200809L

#include "data_help.h"

START_TEST(orders_are_those_of_pytorch)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/data/loader.txt", "r");
    ck_assert_ptr_nonnull(file);
    unsigned long long seed;
    long long n, expected;
    int lines = 0;
    for (; fscanf(file, "%llu %lld", &seed, &n) == 2; lines++) {
        WICK_SCOPE;
        wick_manual_seed(seed);
        wick_tensor *x;
        wick_dataset *d = wick_data_tensor_dataset(wick_arange((double)n));
        wick_loader *loader = wick_data_loader(d, .batch_size = 4, .shuffle = true);
        for (int pass = 0; pass < 2; pass++) {
            int64_t batches = 0;
            WICK_FOR_EACH_BATCH (loader, &x) {
                ck_assert_int_eq(wick_numel(x), ++batches * 4 <= n ? 4 : n % 4);
                for (int64_t i = 0; i < wick_numel(x); i++) {
                    ck_assert_int_eq(fscanf(file, "%lld", &expected), 1);
                    ck_assert_int_eq(wick_data_int64(x)[i], expected);
                }
            }
            ck_assert_int_eq(batches, wick_data_batches(loader));
        }
        int64_t next = 0;
        WICK_FOR_EACH_BATCH (wick_data_loader(d, .batch_size = 3), &x) {
            for (int64_t i = 0; i < wick_numel(x); i++)
                ck_assert_int_eq(wick_data_int64(x)[i], next++);
        }
        ck_assert_int_eq(next, n);
        wick_tensor *after = wick_randint(0, 1000, 2);
        for (int64_t i = 0; i < 2; i++) {
            ck_assert_int_eq(fscanf(file, "%lld", &expected), 1);
            ck_assert_int_eq(wick_data_int64(after)[i], expected);
        }
    }
    fclose(file);
    ck_assert_int_eq(lines, 15);
    ck_assert_ptr_null(wick_error());
}
END_TEST

/* As in PyTorch, where a sampler draws its seed when its first index is asked for. */
START_TEST(random_order_is_drawn_late)
{
    WICK_SCOPE;
    wick_tensor *x;
    wick_dataset *d = wick_data_tensor_dataset(wick_arange(11));
    wick_loader *loader = wick_data_loader(d, .batch_size = 4, .shuffle = true);
    wick_manual_seed(0);
    wick_iterator *a = wick_data_iterate(loader), *b = wick_data_iterate(loader);
    ck_assert(wick_data_next(b, &x));
    ck_assert(wick_equal(x, wick_from(((int64_t[]){3, 10, 4, 2}), 4)));
    ck_assert(wick_data_next(a, &x));
    ck_assert(wick_equal(x, wick_from(((int64_t[]){10, 3, 4, 8}), 4)));
    ck_assert_int_eq(wick_data_batches(wick_data_loader(d, .sampler = wick_data_random_sampler(d))), 11);
}
END_TEST

START_TEST(drop_last_and_lengths)
{
    WICK_SCOPE;
    static const struct {
        int n, size, kept, all;
    } rows[] = {{10, 3, 3, 4}, {9, 3, 3, 3}, {2, 3, 0, 1}, {0, 3, 0, 0}, {5, 1, 5, 5}};
    wick_tensor *x;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        wick_dataset *d = wick_data_tensor_dataset(wick_arange(rows[r].n));
        for (int drop = 0; drop < 2; drop++) {
            wick_loader *loader = wick_data_loader(d, .batch_size = rows[r].size, .drop_last = drop);
            ck_assert_int_eq(wick_data_batches(loader), drop ? rows[r].kept : rows[r].all);
            int batches = 0;
            WICK_FOR_EACH_BATCH (loader, &x)
                batches++;
            ck_assert_int_eq(batches, drop ? rows[r].kept : rows[r].all);
        }
    }
    wick_loader *huge = wick_data_loader(wick_data_tensor_dataset(wick_arange(3)), .batch_size = INT64_MAX);
    ck_assert_int_eq(wick_data_batches(huge), 1);
    WICK_FOR_EACH_BATCH (huge, &x)
        ck_assert_int_eq(wick_numel(x), 3);
    ck_assert_ptr_null(wick_error());
}
END_TEST

START_TEST(iterator_holds_its_batch)
{
    WICK_SCOPE;
    wick_tensor *x, *kept = NULL;
    wick_iterator *it;
    {
        WICK_SCOPE;
        it = wick_out(wick_data_iterate(wick_data_loader(wick_data_tensor_dataset(wick_arange(4)), .batch_size = 2)));
    }
    {
        WICK_SCOPE;
        ck_assert(wick_data_next(it, &x));
        kept = wick_keep(x);
    }
    ck_assert_int_eq(wick_data_int64(x)[1], 1);
    long long owned = wick_scope_count();
    ck_assert(wick_data_next(it, &x));
    ck_assert_int_eq(wick_scope_count(), owned); /* a batch leaves nothing in the scope of the loop */
    ck_assert_int_eq(wick_data_int64(x)[1], 3);
    ck_assert_int_eq(wick_data_int64(kept)[1], 1);
    wick_release(kept);
}
END_TEST

START_TEST(loader_errors)
{
    WICK_SCOPE;
    wick_tensor *x;
    wick_dataset *d = wick_data_tensor_dataset(wick_arange(11));
    wick_sampler *s = wick_data_sequential_sampler(d);
    ASSERT_FAILS(wick_data_loader(NULL), WICK_ERROR_ARGUMENT, "wick_data_loader", "dataset", "NULL");
    ASSERT_FAILS(wick_data_loader(d, .batch_size = 0), WICK_ERROR_ARGUMENT, "wick_data_loader", ".batch_size is 0");
    ASSERT_FAILS(wick_data_loader(d, .batch_size = -3), WICK_ERROR_ARGUMENT, "-3");
    ASSERT_FAILS(wick_data_loader(d, .shuffle = true, .sampler = s), WICK_ERROR_ARGUMENT, ".shuffle", ".sampler");
    ASSERT_FAILS(wick_data_loader(d, .sampler = (wick_sampler *)d), WICK_ERROR_ARGUMENT, ".sampler");
    ASSERT_FAILS(wick_data_batches(NULL) >= 0, WICK_ERROR_ARGUMENT, "wick_data_batches");
    ASSERT_FAILS(wick_data_loader_dataset(NULL), WICK_ERROR_ARGUMENT, "wick_data_loader_dataset");
    ASSERT_FAILS(wick_data_iterate(NULL), WICK_ERROR_ARGUMENT, "wick_data_iterate");
    ck_assert_ptr_eq(wick_data_loader_dataset(wick_data_loader(d)), d);
    ASSERT_FAILS(wick_data_loader(d, .num_workers = -1), WICK_ERROR_ARGUMENT, ".num_workers is -1");
    ASSERT_FAILS(wick_data_loader(d, .prefetch_factor = 2), WICK_ERROR_ARGUMENT, ".prefetch_factor", ".num_workers");
    ASSERT_FAILS(wick_data_loader(d, .num_workers = 1, .prefetch_factor = 0), WICK_ERROR_ARGUMENT,
                 ".prefetch_factor is 0");
    ASSERT_FAILS(wick_data_loader(d, .persistent_workers = true), WICK_ERROR_ARGUMENT, ".persistent_workers");
    ASSERT_FAILS(wick_data_loader(d, .generator = (wick_generator *)d), WICK_ERROR_ARGUMENT, "generator");
    wick_sampler *batches = wick_data_batch_sampler(s, 4, true);
    ASSERT_FAILS(wick_data_loader(d, .sampler = batches), WICK_ERROR_ARGUMENT, ".sampler", ".batch_sampler");
    ASSERT_FAILS(wick_data_loader(d, .batch_sampler = s), WICK_ERROR_ARGUMENT, ".batch_sampler", "one by one");
    ASSERT_FAILS(wick_data_loader(d, .batch_sampler = batches, .batch_size = 2), WICK_ERROR_ARGUMENT, ".batch_size");
    ASSERT_FAILS(wick_data_loader(d, .batch_sampler = batches, .shuffle = true), WICK_ERROR_ARGUMENT, ".shuffle");
    ASSERT_FAILS(wick_data_loader(d, .batch_sampler = batches, .sampler = s), WICK_ERROR_ARGUMENT, ".sampler");
    ASSERT_FAILS(wick_data_loader(d, .batch_sampler = batches, .drop_last = true), WICK_ERROR_ARGUMENT, ".drop_last");
    ck_assert_int_eq(wick_data_batches(wick_data_loader(d, .batch_sampler = batches)), 2);

    wick_dataset *empty = wick_data_tensor_dataset(wick_zeros(0, 2));
    ASSERT_FAILS(wick_data_loader(empty, .shuffle = true), WICK_ERROR_ARGUMENT, "empty");

    wick_sampler *beyond = wick_data_index_sampler(wick_from(((int64_t[]){0, 11}), 2));
    wick_iterator *it = wick_data_iterate(wick_data_loader(d, .sampler = beyond));
    ck_assert(wick_data_next(it, &x));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_INDEX, "wick_data_next", "sampler's index 11", "11 samples");
    beyond = wick_data_index_sampler(wick_from(((int64_t[]){INT64_MIN}), 1));
    it = wick_data_iterate(wick_data_loader(d, .sampler = beyond));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_INDEX, "-9223372036854775808");
    beyond = wick_data_sequential_sampler(wick_data_tensor_dataset(wick_zeros(12)));
    it = wick_data_iterate(wick_data_loader(d, .batch_size = 12, .sampler = beyond));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_INDEX, "index 11");
}
END_TEST

static int64_t length_of_4(wick_dataset *d) { return (void)d, 4; }

static bool run_rows(void)
{
    WICK_SCOPE;
    wick_tensor *x, *y;
    wick_dataset *d = wick_data_tensor_dataset(wick_zeros(5, 2), wick_arange(5));
    int batches = 0;
    WICK_FOR_EACH_BATCH (wick_data_loader(d, .batch_size = 2, .shuffle = true), &x, &y)
        batches++;
    wick_list *item = wick_data_item(d, 1);
    return batches == 3 && item && !wick_error();
}

static bool run_stacked(void)
{
    WICK_SCOPE;
    wick_tensor *x, *y;
    wick_dataset *d = wick_data_dataset(.length = length_of_4, .item = ten_item);
    int batches = 0;
    WICK_FOR_EACH_BATCH (wick_data_loader(d, .batch_size = 3), &x, &y)
        batches++;
    return batches == 2 && !wick_error();
}

/* ---- collate_fn -------------------------------------------------------------------------------------------------- */

/* Samples of i numbers become rows that zeros fill up, and their lengths. */
static wick_list *ragged_row(wick_dataset *d, int64_t i)
{
    (void)d;
    return wick_list_of(wick_full((double)i, (int)i));
}
static wick_list *pad(wick_list *const *samples, int64_t count)
{
    WICK_SCOPE;
    int64_t longest = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t n = wick_numel(wick_list_get(samples[i], 0));
        longest = n > longest ? n : longest;
    }
    wick_tensor *rows = wick_zeros((int)count, (int)longest), *lengths = wick_zeros((int)count);
    for (int64_t i = 0; i < count; i++) {
        wick_tensor *row = wick_list_get(samples[i], 0);
        wick_copy_(wick_narrow(wick_select(rows, 0, i), 0, 0, wick_numel(row)), row);
        wick_fill_(wick_select(lengths, 0, i), (double)wick_numel(row));
    }
    return wick_out(wick_list_of(rows, lengths));
}
static wick_list *no_batch(wick_list *const *samples, int64_t count)
{
    (void)samples, (void)count;
    return NULL;
}

START_TEST(collate)
{
    wick_dataset *d = wick_data_dataset(.length = length_of_4, .item = ragged_row);
    wick_tensor *x, *n;
    for (int w = 0; w < 3; w++) {
        WICK_SCOPE;
        wick_iterator *it =
            wick_data_iterate(wick_data_loader(d, .batch_size = 3, .collate_fn = pad, .num_workers = w));
        ck_assert(wick_data_next(it, &x, &n));
        ASSERT_SHAPE(x, 3, 2);
        ASSERT_VALUES(x, 0, 0, 1, 0, 2, 2);
        ASSERT_VALUES(n, 0, 1, 2);
        ck_assert(wick_data_next(it, &x, &n));
        ASSERT_VALUES(x, 3, 3, 3);
        ck_assert(!wick_data_next(it, &x, &n));
        it = wick_data_iterate(wick_data_loader(d, .collate_fn = no_batch, .num_workers = w));
        ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_ARGUMENT, ".collate_fn returned NULL");
        it = wick_data_iterate(wick_data_loader(d, .batch_size = 2, .num_workers = w));
        ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_SHAPE, "wick_data_next", "one shape");
    }
}
END_TEST

static bool run_collate(void)
{
    WICK_SCOPE;
    wick_tensor *x, *n;
    wick_dataset *d = wick_data_dataset(.length = length_of_4, .item = ragged_row);
    wick_iterator *it = wick_data_iterate(wick_data_loader(d, .batch_size = 3, .collate_fn = pad));
    return wick_data_next(it, &x, &n) && !wick_error();
}

START_TEST(failed_allocations)
{
    check_allocations(run_rows, "rows");
    check_allocations(run_stacked, "stacked");
    check_allocations(run_collate, "collate");
}
END_TEST

Suite *loader_suite(void);
Suite *loader_suite(void)
{
    const TTest *const tests[] = {orders_are_those_of_pytorch,
                                  random_order_is_drawn_late,
                                  drop_last_and_lengths,
                                  iterator_holds_its_batch,
                                  loader_errors,
                                  collate,
                                  failed_allocations};
    return MAKE_SUITE("loader", tests);
}
