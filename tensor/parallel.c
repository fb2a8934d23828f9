/* parallel.c - the pool of threads that share the work of large operations.
 *
 * Who has work to share puts a job on a list and then takes ranges of it itself, one after the other; so do the pool's
 * threads, as long as the job has any left. Nobody waits for a thread that has not come: a pool that is busy, or whose
 * threads cannot be started, costs time and nothing else. Several threads of a program may have jobs on the list at once.
 *
 * A thread that finds nothing to do looks again for a short time, because an operation follows another within
 * microseconds and waking a thread takes many, and then sleeps. Longer would take time from the program's other threads.
 *
 * All that the pool has for matrix products is this, too: BLAS is called for pieces, with one thread (kernels/blas.h). Two
 * pools of threads, each of which waits for work on the same processors, cost more than they gain. */
#define _POSIX_C_SOURCE 200809L
#include "parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "generator.h"
#include "kernels/blas.h"

enum {
    MOST = 1024,     /* threads of the pool */
    SHARES = 4,      /* ranges that each thread takes of a job, if it has so many parts: who is slow takes fewer */
    PATIENCE = 50000 /* nanoseconds for which a thread looks again before it sleeps */
};

typedef struct job {
    wk_part *part;
    void *context;
    int64_t count, grain;
    _Atomic int64_t next;
    atomic_int working; /* pool threads that are in it */
    int wanted;         /* pool threads that may still come; under the lock */
    struct job *link;
} job;

static struct {
    pthread_mutex_t lock; /* of all but posted */
    pthread_cond_t work, done;
    job *jobs;
    int count, sleeping;
    bool stop;
    atomic_uint posted; /* grows with each job: what threads look at that do not sleep */
    pthread_t threads[MOST];
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};

static inline void relax(void)
{
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
    __builtin_ia32_pause();
#elif defined(__GNUC__) && defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void do_ranges(job *j)
{
    int64_t from;
    while ((from = atomic_fetch_add_explicit(&j->next, j->grain, memory_order_relaxed)) < j->count)
        j->part(j->context, from, j->count - from < j->grain ? j->count : from + j->grain);
}

static bool is_busy(job *j) { return atomic_load_explicit(&j->working, memory_order_acquire) > 0; }

/* A job that wants another thread; under the lock. */
static job *find_job(void)
{
    for (job *j = pool.jobs; j; j = j->link)
        if (j->wanted > 0 && atomic_load_explicit(&j->next, memory_order_relaxed) < j->count)
            return j;
    return NULL;
}

static bool has_news(unsigned seen) { return atomic_load_explicit(&pool.posted, memory_order_relaxed) != seen; }

static void *work(void *unused)
{
    wk_blas_in_pool();
    pthread_mutex_lock(&pool.lock);
    while (!pool.stop) {
        job *j = find_job();
        if (j) {
            j->wanted--;
            atomic_fetch_add_explicit(&j->working, 1, memory_order_relaxed);
            pthread_mutex_unlock(&pool.lock);
            do_ranges(j);
            pthread_mutex_lock(&pool.lock);
            /* The job is its caller's, who goes on as soon as nobody works; he may be looking, or asleep. */
            if (atomic_fetch_sub_explicit(&j->working, 1, memory_order_release) == 1)
                pthread_cond_broadcast(&pool.done);
            continue;
        }
        unsigned seen = atomic_load_explicit(&pool.posted, memory_order_relaxed);
        pthread_mutex_unlock(&pool.lock);
        for (int64_t end = nanoseconds() + PATIENCE; !has_news(seen) && nanoseconds() < end;)
            for (int k = 0; k < 32 && !has_news(seen); k++)
                relax();
        pthread_mutex_lock(&pool.lock);
        if (!has_news(seen) && !pool.stop) {
            pool.sleeping++;
            pthread_cond_wait(&pool.work, &pool.lock);
            pool.sleeping--;
        }
    }
    pthread_mutex_unlock(&pool.lock);
    return unused;
}

/* ---- fork() -------------------------------------------------------------------------------------------------------- */

#ifdef WICK_POSIX
/* A child has the thread that called fork and no other. It starts its own when it needs them. */
static void before_fork(void)
{
    wk_generator_before_fork();
    wk_blas_before_fork();
    pthread_mutex_lock(&pool.lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&pool.lock);
    wk_blas_after_fork(false);
    wk_generator_after_fork();
}

static void after_fork_in_child(void)
{
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.work, NULL);
    pthread_cond_init(&pool.done, NULL);
    pool.jobs = NULL;
    pool.count = pool.sleeping = 0;
    wk_blas_after_fork(true);
    wk_generator_after_fork();
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void watch_forks(void) { (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child); }
#endif

/* ---- Jobs ---------------------------------------------------------------------------------------------------------- */

/* Starts threads up to `wanted`, as far as the system allows; under the lock. They leave signals to the program's threads. */
static void start(int wanted)
{
#ifdef WICK_POSIX
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
#endif
    while (pool.count < wanted && pthread_create(&pool.threads[pool.count], NULL, work, NULL) == 0)
        pool.count++;
#ifdef WICK_POSIX
    pthread_sigmask(SIG_SETMASK, &before, NULL);
#endif
}

void wk_parallel(int64_t count, wk_part *part, void *context)
{
    int64_t threads = count < 2 ? 1 : wick_get_num_threads();
    if (threads > count)
        threads = count;
    if (threads > MOST)
        threads = MOST;
    if (threads < 2) {
        if (count > 0)
            part(context, 0, count);
        return;
    }
    job j = {.part = part,
             .context = context,
             .count = count,
             .grain = count / (threads * SHARES),
             .wanted = (int)threads - 1};
    if (j.grain < 1)
        j.grain = 1;
#ifdef WICK_POSIX
    pthread_once(&once, watch_forks);
#endif
    pthread_mutex_lock(&pool.lock);
    if (pool.count < j.wanted && !pool.stop)
        start(j.wanted);
    j.link = pool.jobs;
    pool.jobs = &j;
    atomic_fetch_add_explicit(&pool.posted, 1, memory_order_relaxed);
    if (j.wanted >= pool.sleeping)
        pthread_cond_broadcast(&pool.work);
    else
        for (int i = 0; i < j.wanted; i++)
            pthread_cond_signal(&pool.work);
    pthread_mutex_unlock(&pool.lock);

    do_ranges(&j);

    pthread_mutex_lock(&pool.lock);
    job **at = &pool.jobs;
    while (*at != &j)
        at = &(*at)->link;
    *at = j.link; /* nobody comes any more */
    if (is_busy(&j)) {
        pthread_mutex_unlock(&pool.lock);
        for (int64_t end = nanoseconds() + PATIENCE; is_busy(&j) && nanoseconds() < end;)
            for (int k = 0; k < 32 && is_busy(&j); k++)
                relax();
        pthread_mutex_lock(&pool.lock);
        while (is_busy(&j))
            pthread_cond_wait(&pool.done, &pool.lock);
    }
    pthread_mutex_unlock(&pool.lock);
}

void wk_parallel_end(void)
{
    pthread_mutex_lock(&pool.lock);
    pool.stop = true;
    int count = pool.count;
    pool.count = 0;
    pthread_cond_broadcast(&pool.work);
    pthread_mutex_unlock(&pool.lock);
    for (int i = 0; i < count; i++)
        pthread_join(pool.threads[i], NULL);
}
