/* test_loader.c - the loader, with workers and without. */
#define _POSIX_C_SOURCE 200809L

#include <stdatomic.h>
#include <time.h>

#include "data_help.h"

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

/* ---- Workers ----------------------------------------------------------------------------------------------------- */

/* Sample i is i, a number drawn from the default generator, and the worker that made it, or -1. */
static int64_t length_of_11(wick_dataset *d) { return (void)d, 11; }
static wick_list *drawing_item(wick_dataset *d, int64_t i)
{
    WICK_SCOPE;
    const wick_worker_info *info = wick_data_worker_info();
    if (info && (info->dataset != d || wick_initial_seed() != info->seed))
        return wick_fail(WICK_ERROR_ARGUMENT, "another worker's info");
    return wick_out(wick_list_of(wick_scalar(i), wick_randint(0, 1000), wick_scalar(info ? info->id : -1)));
}

static void note_pass(wick_loader *loader, int most)
{
    wick_tensor *i, *drawn, *worker;
    int64_t batches = 0;
    WICK_FOR_EACH_BATCH (loader, &i, &drawn, &worker) {
        if (batches++ == most)
            break;
        for (int64_t k = 0; k < wick_numel(i); k++) {
            note_whole(tensor_whole(i, k));
            note_whole(tensor_whole(drawn, k));
            note_whole(tensor_whole(worker, k));
        }
    }
    ASSERT_NO_ERROR();
    if (most < 0)
        ck_assert_int_eq(batches, wick_data_batches(loader));
}

/* The passes of the loader that a scope makes, each of at most so many batches (-1: all). */
#define CHECK_PASSES(name, count, first, ...)                                                    \
    for (int own = 0; own < 2; own++) {                                                          \
        WICK_SCOPE;                                                                              \
        wick_generator *g = seeded(own);                                                         \
        wick_dataset *d = wick_data_dataset(.length = length_of_11, .item = drawing_item);       \
        wick_loader *loader = wick_data_loader(d, .batch_size = 2, .generator = g, __VA_ARGS__); \
        for (int pass = 0; pass < (count); pass++) {                                             \
            WICK_SCOPE;                                                                          \
            note_pass(loader, pass == 0 ? (first) : -1);                                         \
        }                                                                                        \
        check_noted(name, g);                                                                    \
    }

START_TEST(workers_draw_as_in_pytorch)
{
    char name[64];
    for (int w = 0; w < 4; w++) {
        snprintf(name, sizeof name, "loader %d", w);
        CHECK_PASSES(name, 2, -1, .num_workers = w);
        snprintf(name, sizeof name, "loader shuffle %d", w);
        CHECK_PASSES(name, 2, -1, .num_workers = w, .shuffle = true);
        snprintf(name, sizeof name, "loader broken %d", w);
        CHECK_PASSES(name, 2, 2, .num_workers = w, .shuffle = true);
    }
    CHECK_PASSES("loader drop 2", 2, -1, .num_workers = 2, .shuffle = true, .drop_last = true);
    CHECK_PASSES("loader prefetch 2 1", 2, -1, .num_workers = 2, .shuffle = true, .prefetch_factor = 1);
    CHECK_PASSES("loader persistent 2", 3, -1, .num_workers = 2, .shuffle = true, .persistent_workers = true);
    CHECK_PASSES("loader persistent broken 2", 2, 2, .num_workers = 2, .shuffle = true, .persistent_workers = true);
}
END_TEST

/* Batches come in the same order from any number of workers, fast or slow. */
static wick_list *slow_item(wick_dataset *d, int64_t i)
{
    (void)d;
    WICK_SCOPE;
    if (i % 3 == 0)
        nanosleep(&(struct timespec){0, 300000}, NULL);
    return wick_out(wick_list_of(wick_full((double)i, 3)));
}

START_TEST(order_does_not_depend_on_workers)
{
    wick_tensor *order = NULL;
    for (int w = 0; w <= 8; w += w < 3 ? 1 : 5) {
        WICK_SCOPE;
        wick_manual_seed(3);
        wick_dataset *d = wick_data_dataset(.length = length_of_11, .item = slow_item);
        wick_loader *loader = wick_data_loader(d, .batch_size = 3, .shuffle = true, .num_workers = w);
        wick_tensor *x, *all = wick_zeros(0, 3);
        WICK_FOR_EACH_BATCH (loader, &x)
            all = wick_cat(wick_list_of(all, x), 0);
        ASSERT_SHAPE(all, 11, 3);
        if (!order)
            order = wick_keep(all);
        ck_assert(wick_equal(all, order));
    }
    wick_release(order);
}
END_TEST

/* ---- What fails in a worker, and what is left early -------------------------------------------------------------- */

static wick_list *failing_item(wick_dataset *d, int64_t i)
{
    (void)d;
    WICK_SCOPE;
    if (i == 5)
        return wick_fail(WICK_ERROR_FILE, "sample %lld is broken", (long long)i);
    return wick_out(wick_list_of(wick_scalar(i)));
}

static atomic_int told;
static pthread_t told_in;
static void tell(wick_error_code code, const char *message)
{
    (void)code, (void)message;
    told++;
    told_in = pthread_self();
}

START_TEST(errors_reach_the_consumer)
{
    wick_dataset *d = wick_data_dataset(.length = length_of_11, .item = failing_item);
    wick_tensor *x;
    for (int w = 0; w < 4; w++) {
        WICK_SCOPE;
        wick_iterator *it = wick_data_iterate(wick_data_loader(d, .batch_size = 2, .num_workers = w));
        told = 0;
        wick_on_error(tell);
        for (int i = 0; i < 2; i++) {
            ck_assert(wick_data_next(it, &x));
            ASSERT_VALUES(x, 2 * i, 2 * i + 1);
        }
        ck_assert_int_eq(told, 0);
        ck_assert(!wick_data_next(it, &x));
        wick_on_error(NULL);
        ck_assert_int_eq(told, 1);
        ck_assert(pthread_equal(told_in, pthread_self()));
        ck_assert_ptr_null(x);
        char where[40];
        snprintf(where, sizeof where, w ? "[in worker %d of the loader]" : "sample", w ? 2 % w : 0);
        ASSERT_ERROR(WICK_ERROR_FILE, "FileError: sample 5 is broken", where);
        ck_assert(wick_data_next(it, &x)); /* the batch after it, as in PyTorch */
        ASSERT_VALUES(x, 6, 7);
    }
    wick_dataset *beyond = wick_data_tensor_dataset(wick_zeros(12));
    wick_iterator *it = wick_data_iterate(
        wick_data_loader(d, .batch_size = 12, .sampler = wick_data_sequential_sampler(beyond), .num_workers = 1));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_INDEX, "sampler's index 11", "11 samples", "worker 0");
    wick_sampler *bad = wick_data_weighted_random_sampler(wick_from(((float[]){1, -1}), 2), 1);
    ASSERT_FAILS(wick_data_iterate(wick_data_loader(d, .sampler = bad, .num_workers = 2)), WICK_ERROR_ARGUMENT, "-1");
    it = wick_data_iterate(wick_data_loader(ten(4), .num_workers = 2));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_ARGUMENT, "2 tensors", "1 were asked for");
    wick_tensor *y;
    ck_assert(wick_data_next(it, &x, &y)); /* the failed call took nothing */
    ck_assert_int_eq(wick_item_int(y), 0);
}
END_TEST

static atomic_int begun, begun_in[8];
static void begin_worker(int worker)
{
    begun++;
    begun_in[worker]++;
}
static void fail_worker(int worker)
{
    if (worker == 1)
        wick_fail(WICK_ERROR_DEVICE, "no tape in drive %d", worker);
}

START_TEST(worker_init)
{
    wick_dataset *d = wick_data_dataset(.length = length_of_11, .item = slow_item);
    wick_tensor *x;
    int batches = 0;
    WICK_FOR_EACH_BATCH (wick_data_loader(d, .num_workers = 3, .worker_init_fn = begin_worker), &x)
        batches++;
    ck_assert_int_eq(batches, 11);
    ck_assert_int_eq(begun, 3);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(begun_in[i], 1);
    ck_assert_ptr_null(wick_data_worker_info());
    wick_iterator *it = wick_data_iterate(wick_data_loader(d, .num_workers = 2, .worker_init_fn = fail_worker));
    ck_assert(wick_data_next(it, &x));
    ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_DEVICE, "no tape in drive 1", "worker 1");
    ck_assert(wick_data_next(it, &x));
    begun = 0;
    wick_loader *loader =
        wick_data_loader(d, .num_workers = 2, .persistent_workers = true, .worker_init_fn = begin_worker);
    for (int pass = 0; pass < 3; pass++)
        WICK_FOR_EACH_BATCH (loader, &x)
            batches++;
    ck_assert_int_eq(begun, 2);
    ck_assert_int_eq(batches, 44);
}
END_TEST

START_TEST(left_early)
{
    wick_tensor *x, *kept = NULL;
    for (int n = 0; n < 12; n++) {
        WICK_SCOPE;
        wick_dataset *d = wick_data_dataset(.length = length_of_11, .item = slow_item);
        wick_iterator *it =
            wick_data_iterate(wick_data_loader(d, .num_workers = 1 + n % 4, .prefetch_factor = 1 + n % 3));
        for (int i = 0; i < n; i++) {
            ck_assert(wick_data_next(it, &x) == (i < 11));
            if (i == 3)
                kept = wick_keep(x);
        }
        if (n > 3) {
            ASSERT_VALUES(kept, 3, 3, 3);
            wick_release(kept);
        }
    }
    /* A pass over persistent workers ends the one before, whose batch lives on. */
    wick_loader *loader = wick_data_loader(ten(9), .num_workers = 2, .persistent_workers = true);
    wick_iterator *a = wick_data_iterate(loader), *b;
    wick_tensor *y, *z, *w;
    ck_assert(wick_data_next(a, &x, &y));
    b = wick_data_iterate(loader);
    ck_assert(wick_data_next(b, &z, &w));
    ck_assert(wick_equal(x, z));
    ASSERT_FAILS(wick_data_next(a, &x, &y), WICK_ERROR_ARGUMENT, "later pass", "persistent");
    ck_assert(wick_data_next(b, &z, &w));
    ASSERT_VALUES(w, 10);
}
END_TEST

/* The bytes that the thread has in use are the same after each batch. */
START_TEST(memory_does_not_grow)
{
    wick_dataset *d = wick_data_tensor_dataset(wick_zeros(64, 100), wick_arange(64));
    wick_tensor *x, *y;
    size_t at = 0;
    int batches = 0;
    WICK_FOR_EACH_BATCH (wick_data_loader(d, .batch_size = 4, .num_workers = 2), &x, &y) {
        WICK_SCOPE;
        wick_add(x, 1);
        if (batches++ == 2)
            at = wick_memory_allocated();
        if (batches > 3 && batches < 12) /* all of one size, with as many still to come */
            ck_assert_uint_eq(wick_memory_allocated(), at);
    }
    ck_assert_int_eq(batches, 16);
}
END_TEST

START_TEST(workers_know_grad_mode)
{
    wick_tensor *a = wick_ones(4, 2, .requires_grad = true), *x;
    wick_loader *loader = wick_data_loader(wick_data_tensor_dataset(a), .batch_size = 2, .num_workers = 2);
    int batches = 0;
    WICK_FOR_EACH_BATCH (loader, &x) {
        ck_assert(wick_requires_grad(x));
        ck_assert(wick_backward(wick_sum(x)));
        batches++;
    }
    ASSERT_VALUES(wick_grad_of(a), 1, 1, 1, 1, 1, 1, 1, 1);
    {
        WICK_NO_GRAD;
        WICK_FOR_EACH_BATCH (loader, &x) {
            ck_assert(!wick_requires_grad(x));
            batches++;
        }
    }
    ck_assert_int_eq(batches, 4);
}
END_TEST

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
        ASSERT_FAILS(wick_data_next(it, &x), WICK_ERROR_SHAPE, "wick_stack");
    }
}
END_TEST

static bool run_workers(void)
{
    WICK_SCOPE;
    wick_tensor *x, *y;
    wick_dataset *d = wick_data_dataset(.length = length_of_4, .item = ten_item);
    int batches = 0;
    WICK_FOR_EACH_BATCH (wick_data_loader(d, .batch_size = 3, .num_workers = 2, .shuffle = true), &x, &y)
        batches++;
    return batches == 2 && !wick_error();
}

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
    check_allocations(run_workers, "workers");
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
                                  workers_draw_as_in_pytorch,
                                  order_does_not_depend_on_workers,
                                  errors_reach_the_consumer,
                                  worker_init,
                                  left_early,
                                  memory_does_not_grow,
                                  workers_know_grad_mode,
                                  collate,
                                  failed_allocations};
    return MAKE_SUITE("loader", tests);
}
