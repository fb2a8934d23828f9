/* test_workers.c - a loader's worker threads: what they draw, in which order, and how they end. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include <dirent.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "data_help.h"
#include "forks.h"

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

/* Threads of this process, or 0 where the system does not list them. */
static int threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;
    for (struct dirent *entry; tasks && (entry = readdir(tasks)) != NULL;)
        count += entry->d_name[0] != '.';
    if (tasks)
        closedir(tasks);
    return count;
}

/* The same, once it is no more than so many, or after a second: an emulator ends a thread after it was joined. */
static int threads_left(int most)
{
    int count = threads();
    for (int i = 0; i < 100 && count > most; i++, count = threads())
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    return count;
}

static double first_of(wick_loader *loader)
{
    wick_tensor *x;
    WICK_FOR_EACH_BATCH (loader, &x) {
        WICK_SCOPE;
        return wick_get(x, 0, 0);
    }
    return -1;
}

static bool scope_ends_within(wick_loader *loader)
{
    wick_tensor *x;
    wick_scope scope = wick_scope_push();
    WICK_FOR_EACH_BATCH (loader, &x) {
        wick_scope_pop(&scope); /* and the iterator with it */
        wick_zeros(5);
        return true;
    }
    return false;
}

/* Workers end with their loop, and not with the scope around it, however the loop is left. */
START_TEST(workers_end_with_the_loop)
{
    wick_dataset *d = wick_data_dataset(.length = length_of_11, .item = slow_item);
    first_of(wick_data_loader(d, .num_workers = 2)); /* a sanitizer begins a thread of its own with the first one */
    int before = threads();
    wick_tensor *x = NULL, *y;
    for (int persistent = 0; persistent < 2; persistent++) {
        int waiting = persistent ? 2 : 0; /* for the next pass */
        wick_loader *loader = wick_data_loader(d, .num_workers = 2, .persistent_workers = persistent == 1);
        for (int i = 0; i < 20; i++) {
            WICK_FOR_EACH_BATCH (loader, &x)
                break;
            ck_assert_int_le(threads_left(before + waiting), before + waiting);
        }
        ASSERT_VALUES(x, 0, 0, 0); /* the last batch belongs to this scope */
        ck_assert_double_eq(first_of(loader), 0);
        ck_assert_int_le(threads_left(before + waiting), before + waiting);
        WICK_FOR_EACH_BATCH (loader, &x)
            if (wick_get(x, 0, 0) == 3)
                goto out;
    out:
        ck_assert_int_le(threads_left(before + waiting), before + waiting);
        ASSERT_VALUES(x, 3, 3, 3);
        ck_assert(scope_ends_within(loader));
        ck_assert_int_le(threads_left(before + waiting), before + waiting);
        before += waiting;
    }
    /* Loops over one loader within each other: each has its own pass. */
    wick_loader *loader = wick_data_loader(d, .batch_size = 4, .num_workers = 2);
    int batches = 0;
    WICK_FOR_EACH_BATCH (loader, &x) {
        WICK_FOR_EACH_BATCH (loader, &y) {
            if (++batches % 2 == 0)
                break;
        }
        ck_assert_int_le(threads_left(before + 2), before + 2);
    }
    ck_assert_int_eq(batches, 6);
    ck_assert_int_le(threads_left(before), before);
    wick_loader *one = wick_data_loader(d, .batch_size = 4, .num_workers = 2, .persistent_workers = true);
    WICK_FOR_EACH_BATCH (one, &x) {
        WICK_FOR_EACH_BATCH (one, &y)
            batches++;
    }
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "later pass", "persistent");
    ck_assert_int_eq(batches, 9);
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

static int64_t length_of_4(wick_dataset *d) { return (void)d, 4; }

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

START_TEST(failed_allocations) { check_allocations(run_workers, "workers"); }
END_TEST

enum { EXIT, END_OF_SCOPE, NEXT_BATCH, NEW_PASS, WAYS };

/* What a child does with a pass that its parent began. */
static bool goes_on(int way, wick_loader *loader, wick_iterator *it, bool persistent)
{
    wick_tensor *x;
    bool good = true;
    if (way == NEXT_BATCH) {
        good = !wick_data_next(it, &x) && wick_error_kind() == WICK_ERROR_ARGUMENT &&
               strstr(wick_error(), "begin a pass of its own");
    } else if (way == NEW_PASS) {
        int batches = 0;
        for (int pass = 0; pass < 2; pass++)
            WICK_FOR_EACH_BATCH (loader, &x)
                batches += wick_get(x, 0, 0) == batches % 11;
        good = batches == 22 && !wick_error() &&
               (!persistent || (!wick_data_next(it, &x) && strstr(wick_error(), "later pass")));
    }
    wick_clear_error();
    return good;
}

static void fork_in_a_pass(int way, bool persistent)
{
    /* The child's exit status may be that of a checker, which sees no free of what the missing workers have made. */
    bool *good = mmap(NULL, sizeof *good, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert(good != MAP_FAILED);
    *good = false;
    wick_scope scope = wick_scope_push();
    wick_dataset *d = wick_data_dataset(.length = length_of_11, .item = slow_item);
    wick_loader *loader = wick_data_loader(d, .num_workers = 2, .persistent_workers = persistent);
    wick_iterator *it = wick_data_iterate(loader);
    wick_tensor *x;
    ck_assert(wick_data_next(it, &x));
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        signal(SIGALRM, SIG_DFL); /* libcheck's handler would end the whole group */
        alarm(is_watched() ? 300 : 20);
        *good = goes_on(way, loader, it, persistent);
        if (way != EXIT)
            wick_scope_pop(&scope);
        exit(0); /* with all that happens at the end of a program */
    }
    int status, batches = 1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status), "way %d, persistent %d: the child hangs", way, persistent);
    ck_assert_msg(*good, "way %d, persistent %d: the child does not go on", way, persistent);
    while (wick_data_next(it, &x)) /* and the parent goes on */
        batches++;
    ck_assert_int_eq(batches, 11);
    wick_scope_pop(&scope);
    munmap(good, sizeof *good);
}

/* A child of fork() has no workers, and waits for none. */
START_TEST(fork_while_workers_run)
{
    for (int way = 0; FORKS && way < WAYS; way++)
        for (int i = 0; i < (is_watched() ? 2 : 8); i++)
            fork_in_a_pass(way, i % 2 == 1);
}
END_TEST

Suite *workers_suite(void);
Suite *workers_suite(void)
{
    const TTest *const tests[] = {
        workers_draw_as_in_pytorch,
        order_does_not_depend_on_workers,
        errors_reach_the_consumer,
        worker_init,
        left_early,
        workers_end_with_the_loop,
        memory_does_not_grow,
        workers_know_grad_mode,
        fork_while_workers_run,
        failed_allocations,
    };
    return MAKE_SUITE("workers", tests);
}
