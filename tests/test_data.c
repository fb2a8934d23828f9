/* test_data.c - datasets, samplers, the loader and IDX files. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef WICK_HAVE_ZLIB
#include <zlib.h>
#endif

#include "check_wick.h"

/* ---- Help -------------------------------------------------------------------------------------------------------- */

static char folder[64];

static void make_folder(void)
{
    strcpy(folder, "/tmp/wick_data_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    static const char *const names[] = {"a", "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"};
    wick_clear_error();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

/* The path of a file in the folder, which holds these bytes. */
static const char *write_file(const char *name, const void *bytes, size_t size)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, access(path, F_OK) == 0 ? "r+b" : "wb"); /* emptying it first would flush it to the disk */
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fflush(file), 0);
    ck_assert_int_eq(ftruncate(fileno(file), (off_t)size), 0);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

#define WRITE(...) write_file("a", (const unsigned char[]){__VA_ARGS__}, sizeof((const unsigned char[]){__VA_ARGS__}))

/* ---- Datasets ---------------------------------------------------------------------------------------------------- */

/* Sample i is (i, i + 1) as float32, and 10 i as int64. */
static int destroyed;
static int64_t ten_length(wick_dataset *d) { return *(int64_t *)wick_data_fields(d); }
static void ten_destroy(wick_dataset *d) { (void)d, destroyed++; }
static wick_list *ten_item(wick_dataset *d, int64_t i)
{
    (void)d;
    WICK_SCOPE;
    return wick_out(wick_list_of(wick_from(((float[]){(float)i, (float)i + 1}), 2), wick_from(((int64_t[]){10 * i}))));
}

static wick_dataset *ten(int64_t length)
{
    wick_dataset *d =
        wick_data_dataset(.length = ten_length, .item = ten_item, .size = sizeof(int64_t), .destroy = ten_destroy);
    *(int64_t *)wick_data_fields(d) = length;
    return d;
}

START_TEST(dataset_of_items)
{
    destroyed = 0;
    {
        WICK_SCOPE;
        wick_dataset *d = ten(3);
        ck_assert_int_eq(wick_data_length(d), 3);
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
    ASSERT_FAILS(wick_data_length(wick_data_dataset(.length = negative_length, .item = ten_item)) >= 0,
                 WICK_ERROR_ARGUMENT, "-2");
    ASSERT_FAILS(wick_data_length(NULL) >= 0, WICK_ERROR_ARGUMENT, "wick_data_length", "NULL");
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
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_SHAPE, "wick_stack");

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
    for (wick_dtype dtype = 0; dtype < WICK_DTYPE_COUNT; dtype++) {
        wick_tensor *all = wick_to(wick_arange(24), dtype);
        wick_tensor *a = wick_reshape(all, 4, 3, 2);
        wick_tensor *rows_apart = wick_narrow(a, 1, 1, 2);
        wick_tensor *b = wick_transpose(wick_reshape(all, 3, 2, 4), 0, 2); /* (4, 2, 3), rows not in one piece */
        wick_dataset *d = wick_data_tensor_dataset(a, rows_apart, b);
        ck_assert_int_eq(wick_data_length(d), 4);
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
    ASSERT_FAILS(wick_data_tensor_dataset_n(NULL), WICK_ERROR_ARGUMENT, "wick_data_tensor_dataset", "NULL");
    ASSERT_FAILS(wick_data_tensor_dataset_n(wick_list_n(NULL, 0)), WICK_ERROR_ARGUMENT, "no tensors");
    ASSERT_FAILS(wick_data_tensor_dataset(wick_zeros()), WICK_ERROR_SHAPE, "0 dimensions");
    ASSERT_FAILS(wick_data_tensor_dataset(wick_zeros(3, 2), wick_zeros(4)), WICK_ERROR_SHAPE, "(3, 2)", "(4,)");
}
END_TEST

/* ---- Samplers and the loader ------------------------------------------------------------------------------------- */

START_TEST(orders_are_those_of_pytorch)
{
    FILE *file = fopen(WICK_REFERENCE_DIR "/loader.txt", "r");
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
    size_t owned = wick_scope_count();
    ck_assert(wick_data_next(it, &x));
    ck_assert_uint_eq(wick_scope_count(), owned); /* a batch leaves nothing in the scope of the loop */
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

    wick_dataset *empty = wick_data_tensor_dataset(wick_zeros(0, 2));
    ASSERT_FAILS(wick_data_random_sampler(empty), WICK_ERROR_ARGUMENT, "wick_data_random_sampler", "empty");
    ASSERT_FAILS(wick_data_loader(empty, .shuffle = true), WICK_ERROR_ARGUMENT, "empty");
    ASSERT_FAILS(wick_data_random_sampler(NULL), WICK_ERROR_ARGUMENT, "wick_data_random_sampler");
    ASSERT_FAILS(wick_data_sequential_sampler(NULL), WICK_ERROR_ARGUMENT, "wick_data_sequential_sampler");
    ASSERT_FAILS(wick_data_index_sampler(NULL), WICK_ERROR_ARGUMENT, "wick_data_index_sampler");
    ASSERT_FAILS(wick_data_index_sampler(wick_zeros(2)), WICK_ERROR_DTYPE, "float32", "int64");
    ASSERT_FAILS(wick_data_index_sampler(wick_zeros(2, 2, .dtype = WICK_INT64)), WICK_ERROR_SHAPE, "(2, 2)");

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

static bool run_idx(void)
{
    WICK_SCOPE;
    char path[128];
    snprintf(path, sizeof path, "%s/a", folder);
    return wick_data_read_idx(path) != NULL;
}

static bool run_mnist(void)
{
    WICK_SCOPE;
    wick_tensor *x, *y;
    wick_iterator *it = wick_data_iterate(wick_data_loader(wick_data_mnist(folder, true), .batch_size = 2));
    return wick_data_next(it, &x, &y);
}

/* Fails each allocation in turn: no crash, an error of memory, and nothing left behind. */
static void check_allocations(bool (*run)(void), const char *name)
{
    ck_assert_msg(run(), "%s: %s", name, wick_error() ? wick_error() : "false");
    size_t before = wick_memory_allocated();
    for (long n = 1;; n++) {
        wick_fail_allocation(n);
        bool good = run();
        wick_fail_allocation(0);
        ck_assert_msg(wick_memory_allocated() == before, "%s: allocation %ld leaks", name, n);
        if (good)
            return;
        ck_assert_msg(wick_error_kind() == WICK_ERROR_MEMORY, "%s: allocation %ld: %s", name, n,
                      wick_error() ? wick_error() : "no error");
        wick_clear_error();
        ck_assert_int_lt(n, 10000);
    }
}

START_TEST(failed_allocations)
{
    check_allocations(run_rows, "rows");
    check_allocations(run_stacked, "stacked");
}
END_TEST

/* ---- IDX files --------------------------------------------------------------------------------------------------- */

START_TEST(idx)
{
    WICK_SCOPE;
    wick_tensor *t = wick_data_read_idx(WRITE(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255));
    ck_assert(wick_equal(t, wick_from(((unsigned char[][3]){{1, 2, 3}, {4, 5, 255}}), 2, 3)));
    t = wick_data_read_idx(WRITE(0, 0, 8, 1, 0, 0, 0, 1, 7));
    ck_assert_int_eq(wick_ndim(t), 1);
    ck_assert_double_eq(wick_item(t), 7);
    ck_assert_ptr_null(wick_error());
}
END_TEST

START_TEST(idx_errors)
{
    WICK_SCOPE;
#define ck_idx_fails(path, ...) \
    ASSERT_FAILS(wick_data_read_idx(path), WICK_ERROR_FILE, "wick_data_read_idx", folder, __VA_ARGS__)
    char missing[128];
    snprintf(missing, sizeof missing, "%s/missing", folder);
    ASSERT_FAILS(wick_data_read_idx(NULL), WICK_ERROR_ARGUMENT, "wick_data_read_idx", "NULL");
    ck_idx_fails(missing, strerror(ENOENT));
    ck_idx_fails(folder, "directory");
    ck_idx_fails(write_file("a", "", 0), "ends in its header", "0 bytes of 4");
    ck_idx_fails(WRITE(0, 0, 8), "3 bytes of 4");
    ck_idx_fails(WRITE(0, 0, 8, 2, 0, 0, 0), "7 bytes of 12");
    ck_idx_fails(WRITE(1, 0, 8, 1, 0, 0, 0, 1, 5), "01 00 08 01", "00 00 08");
    ck_idx_fails(WRITE(0, 0, 0x0D, 1, 0, 0, 0, 1, 5, 0, 0, 0), "0x0d", "float32", "0x08");
    ck_idx_fails(WRITE(0, 0, 0x77, 1, 0, 0, 0, 1, 5), "0x77", "no type");
    ck_idx_fails(WRITE(0, 0, 8, 0), "0 dimensions");
    ck_idx_fails(WRITE(0, 0, 8, 9, 0, 0, 0, 1), "9 dimensions", "1 to 8");
    ck_idx_fails(WRITE(0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 3), "(0, 3)", "no elements");
    ck_idx_fails(WRITE(0, 0, 8, 1, 0, 0, 0, 3, 1, 2), "(3,)", "3 bytes", "holds 2");
    ck_idx_fails(WRITE(0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3, 4), "(3,)", "holds more than 3");
    ck_idx_fails(WRITE(0, 0, 8, 1, 255, 255, 255, 255, 1), "4294967295 bytes", "a file of 9 bytes");
    ck_idx_fails(WRITE(0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255), "more elements");
#ifndef WICK_HAVE_ZLIB
    ASSERT_FAILS(wick_data_read_idx(WRITE(0x1F, 0x8B, 8, 0)), WICK_ERROR_BUILD, "zlib", folder);
#endif
}
END_TEST

/* Each change of a small file gives a tensor or an error, and no crash. */
static void damage(unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        WICK_SCOPE;
        wick_data_read_idx(write_file("a", bytes, i));
        for (int k = 0; k < 3; k++) {
            unsigned char was = bytes[i];
            bytes[i] = (unsigned char)(was ^ (k == 0 ? 0xFF : k == 1 ? 0x01 : 0x80));
            wick_data_read_idx(write_file("a", bytes, size));
            bytes[i] = was;
        }
        wick_clear_error();
    }
}

START_TEST(damaged_idx)
{
    unsigned char bytes[] = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6};
    damage(bytes, sizeof bytes);
}
END_TEST

#ifdef WICK_HAVE_ZLIB
static const char *write_gzipped(const char *name, const void *bytes, unsigned size)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    gzFile file = gzopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(gzwrite(file, bytes, size), (int)size);
    ck_assert_int_eq(gzclose(file), Z_OK);
    return path;
}

START_TEST(gzipped_idx)
{
    WICK_SCOPE;
    static unsigned char large[8 + 300000] = {0,           0, 8, 1, 300000 >> 24, 300000 >> 16 & 255, 300000 >> 8 & 255,
                                              300000 & 255};
    large[8 + 299999] = 9;
    wick_tensor *t = wick_data_read_idx(write_gzipped("a", large, sizeof large));
    ck_assert_int_eq(wick_numel(t), 300000);
    ck_assert_double_eq(wick_get(t, 299999), 9);
    large[4] = 1; /* 16 MiB more */
    ck_idx_fails(write_gzipped("a", large, sizeof large), "cannot hold");
    large[4] = 0;
    large[7]++;
    ck_idx_fails(write_gzipped("a", large, sizeof large), "300001 bytes", "holds 300000");

    unsigned char bytes[256];
    unsigned char small[] = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6};
    FILE *file = fopen(write_gzipped("a", small, sizeof small), "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    bytes[size - 6] ^= 1; /* of the checksum */
    ck_idx_fails(write_file("a", bytes, size), "cannot be read");
    bytes[size - 6] ^= 1;
    damage(bytes, size);
}
END_TEST
#endif

/* ---- MNIST ------------------------------------------------------------------------------------------------------- */

enum { FILES = 3 };

/* An image file of so many 28 x 28 images, in which pixel j of image i is (i + j) mod 256. */
static void write_images(const char *name, int count)
{
    static unsigned char bytes[16 + FILES * 784];
    memcpy(bytes, (const unsigned char[]){0, 0, 8, 3, 0, 0, 0, (unsigned char)count, 0, 0, 0, 28, 0, 0, 0, 28}, 16);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < 784; j++)
            bytes[16 + 784 * i + j] = (unsigned char)(i + j);
#ifdef WICK_HAVE_ZLIB
    if (strstr(name, ".gz")) {
        write_gzipped(name, bytes, (unsigned)(16 + 784 * count));
        return;
    }
#endif
    write_file(name, bytes, (size_t)(16 + 784 * count));
}

#define LABELS(...)                                                                                  \
    write_file("train-labels-idx1-ubyte", (const unsigned char[]){0, 0, 8, 1, 0, 0, 0, __VA_ARGS__}, \
               sizeof((const unsigned char[]){0, 0, 8, 1, 0, 0, 0, __VA_ARGS__}))

START_TEST(mnist)
{
    WICK_SCOPE;
    write_images("train-images-idx3-ubyte", 3);
    LABELS(3, 7, 0, 9);
    wick_dataset *d = wick_data_mnist(folder, true);
    ck_assert_int_eq(wick_data_length(d), 3);
    wick_list *item = wick_data_item(d, 1);
    ck_assert_int_eq(wick_ndim(wick_list_get(item, 0)), 3);
    ck_assert_int_eq(wick_ndim(wick_list_get(item, 1)), 0);
    wick_tensor *x, *y;
    wick_tensor *order = wick_from(((int64_t[]){2, 0}), 2);
    wick_iterator *it =
        wick_data_iterate(wick_data_loader(d, .batch_size = 2, .sampler = wick_data_index_sampler(order)));
    ck_assert(wick_data_next(it, &x, &y));
    ck_assert_int_eq(wick_ndim(x), 4);
    ck_assert_int_eq(wick_size(x, 0), 2);
    ck_assert_int_eq(wick_size(x, 1), 1);
    ck_assert_int_eq(wick_size(x, 3), 28);
    ck_assert_int_eq(wick_dtype_of(y), WICK_INT64);
    ck_assert_int_eq(wick_data_int64(y)[0], 9);
    ck_assert_int_eq(wick_data_int64(y)[1], 7);
    for (int j = 0; j < 784; j++) {
        ck_assert_float_eq(wick_data_float32(x)[j], (float)((j + 2) % 256) / 255.0f);
        ck_assert_float_eq(wick_data_float32(x)[784 + j], (float)(j % 256) / 255.0f);
    }
    ck_assert_ptr_null(wick_error());
    check_allocations(run_mnist, "mnist");
    write_file("a", (const unsigned char[]){0, 0, 8, 1, 0, 0, 0, 1, 7}, 9);
    check_allocations(run_idx, "idx");
}
END_TEST

START_TEST(mnist_errors)
{
    WICK_SCOPE;
    ASSERT_FAILS(wick_data_mnist(NULL, true), WICK_ERROR_ARGUMENT, "wick_data_mnist", "NULL");
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "wick_data_mnist", folder, "train-images-idx3-ubyte'",
                 "train-images-idx3-ubyte.gz'");
    ASSERT_FAILS(wick_data_fashion_mnist(folder, false), WICK_ERROR_FILE, "wick_data_fashion_mnist",
                 "t10k-images-idx3-ubyte");
    write_images("train-images-idx3-ubyte", 3);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "wick_data_mnist", "train-labels-idx1-ubyte");
    LABELS(2, 7, 0);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "train-labels", "2 labels", "3");
    LABELS(3, 7, 0, 10);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "label 10", "index 2", "0 to 9");
    write_images("train-labels-idx1-ubyte", 3);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "train-labels", "(3, 28, 28)", "(N)");
    write_file("train-images-idx3-ubyte", (const unsigned char[]){0, 0, 8, 1, 0, 0, 0, 1, 7}, 9);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "train-images", "(1,)", "(N, 28, 28)");
}
END_TEST

#ifdef WICK_HAVE_ZLIB
START_TEST(gzipped_mnist)
{
    WICK_SCOPE;
    write_images("train-images-idx3-ubyte.gz", 2);
    LABELS(2, 1, 2);
    ck_assert_int_eq(wick_data_length(wick_data_fashion_mnist(folder, true)), 2);
}
END_TEST

/* The files themselves, where they are at hand. */
START_TEST(real_files)
{
    const char *parent = getenv("WICK_DATA_DIR");
    if (!parent || !*parent) {
        printf("skipped: the real MNIST files (WICK_DATA_DIR is not set)\n");
        return;
    }
    /* The first labels, and the sums of the pixels, computed with numpy. */
    static const struct {
        const char *name;
        wick_dataset *(*open)(const char *, bool);
        bool train;
        int64_t length, labels[5];
        long long sum;
    } rows[] = {
        {"mnist", wick_data_mnist, true, 60000, {5, 0, 4, 1, 9}, 1567298545},
        {"mnist", wick_data_mnist, false, 10000, {7, 2, 1, 0, 4}, 264923200},
        {"fashion-mnist", wick_data_fashion_mnist, true, 60000, {9, 0, 0, 3, 0}, 3431114169},
        {"fashion-mnist", wick_data_fashion_mnist, false, 10000, {9, 2, 1, 1, 6}, 573469082},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        WICK_SCOPE;
        char path[512];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", parent, rows[r].name);
        if (stat(path, &status) != 0) {
            printf("skipped: %s (it is not there)\n", path);
            continue;
        }
        wick_dataset *d = rows[r].open(path, rows[r].train);
        ck_assert_msg(d != NULL, "%s", wick_error());
        ck_assert_int_eq(wick_data_length(d), rows[r].length);
        long long sum = 0;
        int64_t seen = 0;
        wick_tensor *x, *y;
        WICK_FOR_EACH_BATCH (wick_data_loader(d, .batch_size = 256), &x, &y) {
            for (int64_t i = 0; i < wick_numel(x); i++)
                sum += (long long)(wick_data_float32(x)[i] * 255.0f + 0.5f);
            for (int64_t i = 0; seen == 0 && i < 5; i++)
                ck_assert_int_eq(wick_data_int64(y)[i], rows[r].labels[i]);
            seen += wick_numel(y);
        }
        ck_assert_int_eq(seen, rows[r].length);
        ck_assert_int_eq(sum, rows[r].sum);
    }
}
END_TEST
#endif

START_TEST(class_names)
{
    ck_assert_str_eq(wick_data_fashion_mnist_class(0), "T-shirt/top");
    ck_assert_str_eq(wick_data_fashion_mnist_class(9), "Ankle boot");
    ck_assert_ptr_null(wick_data_fashion_mnist_class(10));
    ck_assert_ptr_null(wick_data_fashion_mnist_class(-1));
    ck_assert_ptr_null(wick_error());
}
END_TEST

Suite *data_suite(void);
Suite *data_suite(void)
{
    Suite *s = suite_create("data");
    TCase *c = tcase_create("loader");
    tcase_add_test(c, dataset_of_items);
    tcase_add_test(c, dataset_of_batches_has_items);
    tcase_add_test(c, dataset_errors);
    tcase_add_test(c, tensor_dataset);
    tcase_add_test(c, tensor_dataset_shows_later_changes);
    tcase_add_test(c, tensor_dataset_keeps_gradients);
    tcase_add_test(c, tensor_dataset_errors);
    tcase_add_test(c, orders_are_those_of_pytorch);
    tcase_add_test(c, random_order_is_drawn_late);
    tcase_add_test(c, drop_last_and_lengths);
    tcase_add_test(c, iterator_holds_its_batch);
    tcase_add_test(c, loader_errors);
    tcase_add_test(c, failed_allocations);
    suite_add_tcase(s, c);

    c = tcase_create("files");
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    tcase_add_test(c, idx);
    tcase_add_test(c, idx_errors);
    tcase_add_test(c, damaged_idx);
    tcase_add_test(c, mnist);
    tcase_add_test(c, mnist_errors);
    tcase_add_test(c, class_names);
#ifdef WICK_HAVE_ZLIB
    tcase_add_test(c, gzipped_idx);
    tcase_add_test(c, gzipped_mnist);
    tcase_add_test(c, real_files);
#endif
    suite_add_tcase(s, c);
    return s;
}
