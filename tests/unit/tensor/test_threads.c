/* test_threads.c - how many threads compute, that their number changes no bit, and forks. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../tensor/parallel.h"

#include "bits.h"
#include "check_wick.h"
#include "forks.h"

/* ---- The number ---------------------------------------------------------------------------------------------------- */

/* A test's end: the number that there was. */
#define KEEP_NUMBER WICK_GUARD(number, int, set_number, wick_get_num_threads())
static void set_number(int *n) { wick_set_num_threads(*n); }

START_TEST(number)
{
    KEEP_NUMBER;
    int before = wick_get_num_threads();
    ck_assert_int_ge(before, 1);
    ck_assert_int_le(before, wk_processors());
    ck_assert(wick_set_num_threads(3));
    ck_assert_int_eq(wick_get_num_threads(), 3);
    ck_assert(!wick_set_num_threads(0));
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "n is 0");
    ck_assert(!wick_set_num_threads(-1));
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "n is -1");
    ck_assert_int_eq(wick_get_num_threads(), 3);
}
END_TEST

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

/* A tree of control groups: limits of the group a/b and of a, and how /proc says where they are. */
static int limit_of(bool version_2, const char *inner, const char *outer, const char *group, const char *root)
{
    char folder[] = "/tmp/wick_cgroup_XXXXXX", path[300], cgroup[300], mountinfo[300], text[900];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a", folder);
    mkdir(path, 0700);
    for (int level = 0; level < 2; level++) {
        const char *value = level == 0 ? outer : inner;
        if (level == 1) {
            snprintf(path, sizeof path, "%s/a/b", folder);
            mkdir(path, 0700);
        }
        if (version_2) {
            write_file(path, "cpu.max", value);
        } else {
            char quota[64];
            snprintf(quota, sizeof quota, "%.*s\n", (int)strcspn(value, " "), value);
            write_file(path, "cpu.cfs_quota_us", quota);
            write_file(path, "cpu.cfs_period_us", "100000\n");
        }
    }
    snprintf(text, sizeof text, version_2 ? "0::%s\n" : "7:memory:/z\n3:cpu,cpuacct:%s\n0::/\n", group);
    write_file(folder, "cgroup", text);
    snprintf(text, sizeof text,
             "25 30 0:23 / /sys rw,nosuid - sysfs sysfs rw\n36 25 0:30 %s %s rw,nosuid shared:9 - %s\n", root, folder,
             version_2 ? "cgroup2 cgroup2 rw,nsdelegate" : "cgroup cgroup rw,cpu,cpuacct");
    write_file(folder, "mountinfo", text);
    snprintf(cgroup, sizeof cgroup, "%s/cgroup", folder);
    snprintf(mountinfo, sizeof mountinfo, "%s/mountinfo", folder);
    int limit = wk_cgroup_limit(cgroup, mountinfo);
    static const char *const parts[] = {"a/b/cpu.max",
                                        "a/b/cpu.cfs_quota_us",
                                        "a/b/cpu.cfs_period_us",
                                        "a/b",
                                        "a/cpu.max",
                                        "a/cpu.cfs_quota_us",
                                        "a/cpu.cfs_period_us",
                                        "a",
                                        "cgroup",
                                        "mountinfo",
                                        ""};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, parts[i]);
        remove(path);
    }
    return limit;
}

START_TEST(control_groups)
{
    for (int version_2 = 0; version_2 < 2; version_2++) {
        const char *none = version_2 ? "max 100000" : "-1";
        ck_assert_int_eq(limit_of(version_2, none, none, "/a/b", "/"), 0);
        ck_assert_int_eq(limit_of(version_2, "200000 100000", none, "/a/b", "/"), 2);
        ck_assert_int_eq(limit_of(version_2, "150000 100000", none, "/a/b", "/"), 2);
        ck_assert_int_eq(limit_of(version_2, "20000 100000", none, "/a/b", "/"), 1);
        ck_assert_int_eq(limit_of(version_2, "400000 100000", "300000 100000", "/a/b", "/"), 3); /* the group outside */
        ck_assert_int_eq(limit_of(version_2, "400000 100000", none, "/x/y/a/b", "/x/y"), 4);     /* in a container */
        ck_assert_int_eq(limit_of(version_2, "400000 100000", "300000 100000", "/a", "/"), 3);
        ck_assert_int_eq(limit_of(version_2, "nonsense", none, "/a/b", "/"), 0);
    }
    ck_assert_int_eq(wk_cgroup_limit("/nonexistent", "/nonexistent"), 0);
}
END_TEST

/* ---- The same bits for any number ---------------------------------------------------------------------------------- */

/* Operations large enough to be shared, as one number of all bits of their results. */
static uint64_t bits_of_much(void)
{
    WICK_SCOPE;
    wick_manual_seed(1);
    wick_tensor *x = wick_requires_grad_(wick_randn(520, 511), true), *v = wick_randn(511);
    wick_tensor *a = wick_mul(wick_exp(x), v), *b = wick_add(wick_t(x), wick_full(0.5, 1));
    wick_tensor *results[] = {
        a,
        b,
        wick_sum(a),
        wick_sum(a, 0),
        wick_sum(a, 1),
        wick_prod(b, 1),
        wick_var(a, 0),
        wick_std(a, 1),
        wick_argmax(a, 1),
        wick_amin(b),
        wick_softmax(a, 1),
        wick_log_softmax(a, 0),
        wick_layer_norm(x, WICK_DIMS(511)),
        wick_cumsum(a, 0),
        wick_sum(wick_randn((1 << 18) + 999)),
    };
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        bits = bits * 31 + fnv(results[i]);
    wick_backward(wick_sum(wick_add(wick_sum(results[12]), wick_sum(wick_mul(results[10], results[11])))));
    bits = bits * 31 + fnv(wick_grad_of(x));
    ASSERT_NO_ERROR();
    return bits;
}

START_TEST(same_bits)
{
    KEEP_NUMBER;
    wick_set_num_threads(1);
    uint64_t one = bits_of_much();
    static const int numbers[] = {2, 7};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        wick_set_num_threads(numbers[i]);
        ck_assert_msg(bits_of_much() == one, "other bits with %d threads", numbers[i]);
    }
}
END_TEST

/* Products of all forms. k is not cut; but a BLAS may have other kernels for edges and for small matrices. */
static void check_products(wick_dtype dtype, int64_t m, int64_t n, int64_t k)
{
    for (int form = 0; form < 4; form++) {
        WICK_SCOPE;
        wick_tensor *a = wick_to(wick_mul(wick_rand(form & 1 ? k : m, form & 1 ? m : k), 9), dtype);
        wick_tensor *b = wick_to(wick_mul(wick_rand(form & 2 ? n : k, form & 2 ? k : n), 9), dtype), *c[2];
        for (int t = 0; t < 2; t++) {
            wick_set_num_threads(t ? 3 : 1);
            c[t] = wick_matmul(form & 1 ? wick_t(a) : a, form & 2 ? wick_t(b) : b);
        }
        ASSERT_NO_ERROR();
#ifdef WICK_HAVE_BLAS
        if (dtype != WICK_INT64) {
            ck_assert(wick_allclose(c[0], c[1], .rtol = dtype == WICK_FLOAT32 ? 1e-5 : 1e-13, .atol = 0));
            continue;
        }
#endif
        ck_assert(fnv(c[0]) == fnv(c[1]));
    }
}

START_TEST(products)
{
    KEEP_NUMBER;
    static const wick_dtype dtypes[] = {WICK_FLOAT32, WICK_FLOAT64, WICK_INT64};
    for (int i = 0; i < 3; i++) {
        check_products(dtypes[i], 200, 300, 100);
        check_products(dtypes[i], 64, 129, 257);
        check_products(dtypes[i], 1, 1100, 1000);
        check_products(dtypes[i], 1100, 1, 1000);
        check_products(dtypes[i], 10, 10, 20000);
        check_products(dtypes[i], 256, 255, 33);
    }
    wick_tensor *a = wick_randn(40, 50, 30), *b = wick_randn(40, 30, 60), *y[2];
    for (int t = 0; t < 2; t++) {
        wick_set_num_threads(t ? 3 : 1);
        y[t] = wick_bmm(a, b);
    }
    ck_assert(fnv(y[0]) == fnv(y[1])); /* each is a product of its own */
}
END_TEST

/* ---- The pool ------------------------------------------------------------------------------------------------------ */

typedef struct marks {
    atomic_int seen[1000];
    atomic_int inner;
} marks;

static void mark_inner(void *context, int64_t from, int64_t to)
{
    atomic_fetch_add(&((marks *)context)->inner, (int)(to - from));
}
static void mark(void *context, int64_t from, int64_t to)
{
    marks *m = context;
    for (int64_t i = from; i < to; i++)
        atomic_fetch_add(&m->seen[i], 1);
    if (from == 0)
        wk_parallel(100, mark_inner, m); /* work within work */
}

static void *mark_all(void *good)
{
    for (int round = 0; round < 200; round++) {
        static const int counts[] = {0, 1, 2, 3, 17, 1000};
        int count = counts[round % 6];
        marks *m = calloc(1, sizeof *m);
        wk_parallel(count, mark, m);
        bool right = m->inner == (count ? 100 : 0);
        for (int i = 0; i < 1000; i++)
            right = right && m->seen[i] == (i < count);
        free(m);
        if (!right)
            return good;
    }
    *(bool *)good = true;
    return good;
}

/* Each index once, with several threads of the program at it at the same time. */
START_TEST(every_index_once)
{
    KEEP_NUMBER;
    pthread_t threads[4];
    bool good[5] = {false};
    wick_set_num_threads(5);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, mark_all, &good[i]), 0);
    mark_all(&good[4]);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 5; i++)
        ck_assert(good[i]);
}
END_TEST

/* A child of a process whose threads have computed computes, too, and so do its children and the parent. */
static uint64_t some_bits(void)
{
    WICK_SCOPE;
    wick_manual_seed(2);
    wick_tensor *x = wick_randn(520, 520), *w = wick_randn(128, 128);
    return fnv(wick_exp(x)) + fnv(wick_sum(wick_matmul(w, w), 0));
}

static bool child_is_right(uint64_t expected, int generations)
{
    fflush(NULL);
    /* Its exit status may be that of valgrind, which knows of no free of what the parent has. */
    bool *good = mmap(NULL, sizeof *good, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (good == MAP_FAILED)
        return false;
    *good = false;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGALRM, SIG_DFL); /* libcheck's handler would end the whole group */
        alarm(300);               /* rather than hang */
        bool right = some_bits() == expected && (generations == 1 || child_is_right(expected, generations - 1));
        right = right && some_bits() == expected;
        *good = right;
        if (generations == 1)
            exit(0); /* with all that happens at the end of a program */
        _exit(0);
    }
    int status;
    bool ended = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status), right = ended && *good;
    munmap(good, sizeof *good);
    return right;
}

static atomic_bool stop;
static void *compute(void *unused)
{
    while (!stop)
        (void)some_bits();
    return unused;
}

START_TEST(fork_after_threads)
{
    if (!FORKS)
        return;
    KEEP_NUMBER;
    wick_set_num_threads(3);
    uint64_t expected = some_bits();
    ck_assert(child_is_right(expected, 2));
    ck_assert(some_bits() == expected);
    /* While others compute. */
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, compute, NULL), 0);
    for (int i = 0; i < 3; i++)
        ck_assert(child_is_right(expected, 1));
    stop = true;
    pthread_join(thread, NULL);
    ck_assert(some_bits() == expected);
}
END_TEST

Suite *threads_suite(void);
Suite *threads_suite(void)
{
    const TTest *const tests[] = {
        number, control_groups, same_bits, products, every_index_once, fork_after_threads,
    };
    return MAKE_SUITE("threads", tests);
}
