/* blas.c - one thread for each call of BLAS, whichever BLAS it is.
 *
 * Wick cuts products into pieces for its own threads, so BLAS is not to use more than one. Each BLAS has its own way to be
 * told. Which one there is, is known when the program is loaded (on Debian, libopenblas.so.0 may be any of three builds);
 * so all ways are looked for as weak symbols, and those that are there are taken:
 *
 * - OpenMP's number of threads belongs to the calling thread. OpenBLAS and BLIS, built with OpenMP, and MKL ask for it.
 * - MKL has one for each thread, too.
 * - OpenBLAS with threads of its own has one number for the process, and so has BLIS. It is 1 while any thread of the
 *   program is in a product of Wick's, and then what it was, unless somebody has changed it meanwhile. */
#include "blas.h"

#include <pthread.h>
#include <stdint.h>

#if defined(WICK_HAVE_BLAS) && defined(__GNUC__) && defined(__ELF__)

#define FOUND_AT_START __attribute__((weak)) /* NULL if it is not there */

extern FOUND_AT_START int omp_get_max_threads(void);
extern FOUND_AT_START void omp_set_num_threads(int n);
extern FOUND_AT_START int MKL_Set_Num_Threads_Local(int n); /* returns the number before; 0: that of the process */
extern FOUND_AT_START int openblas_get_parallel(void);      /* 0: one thread, 1: threads of its own, 2: OpenMP */
extern FOUND_AT_START int openblas_get_num_threads(void);
extern FOUND_AT_START void openblas_set_num_threads(int n);
extern FOUND_AT_START int64_t bli_thread_get_num_threads(void); /* -1: not set, which is 1 */
extern FOUND_AT_START void bli_thread_set_num_threads(int64_t n);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;
static int users; /* threads between begin and end */
static int forks; /* threads that wait for the end of products, to fork */
static int64_t openblas_before,
    blis_before; /* the numbers before the first of them; more than 1 if they were changed */

static void restrict_process(void)
{
    openblas_before = blis_before = 0;
    if (openblas_get_num_threads && openblas_set_num_threads && openblas_get_parallel && openblas_get_parallel() == 1 &&
        (openblas_before = openblas_get_num_threads()) > 1)
        openblas_set_num_threads(1);
    if (bli_thread_get_num_threads && bli_thread_set_num_threads && (blis_before = bli_thread_get_num_threads()) > 1)
        bli_thread_set_num_threads(1);
}

static void release_process(void)
{
    if (openblas_before > 1 && openblas_get_num_threads() == 1)
        openblas_set_num_threads((int)openblas_before);
    if (blis_before > 1 && bli_thread_get_num_threads() == 1)
        bli_thread_set_num_threads(blis_before);
}

wk_blas_setting wk_blas_begin(void)
{
    wk_blas_setting before = {0, 0};
    if (omp_get_max_threads && omp_set_num_threads && (before.openmp = omp_get_max_threads()) != 1)
        omp_set_num_threads(1);
    if (MKL_Set_Num_Threads_Local)
        before.mkl = MKL_Set_Num_Threads_Local(1);
    pthread_mutex_lock(&lock);
    while (forks > 0) /* lest the one who wants to fork waits for ever, because one product follows another */
        pthread_cond_wait(&idle, &lock);
    if (users++ == 0)
        restrict_process();
    pthread_mutex_unlock(&lock);
    return before;
}

void wk_blas_end(wk_blas_setting before)
{
    pthread_mutex_lock(&lock);
    if (--users == 0) {
        release_process();
        pthread_cond_broadcast(&idle);
    }
    pthread_mutex_unlock(&lock);
    if (MKL_Set_Num_Threads_Local)
        (void)MKL_Set_Num_Threads_Local(before.mkl);
    if (before.openmp > 1)
        omp_set_num_threads(before.openmp);
}

void wk_blas_in_pool(void)
{
    if (omp_set_num_threads)
        omp_set_num_threads(1);
    if (MKL_Set_Num_Threads_Local)
        (void)MKL_Set_Num_Threads_Local(1);
}

void wk_blas_before_fork(void)
{
    pthread_mutex_lock(&lock);
    forks++;
    while (users > 0)
        pthread_cond_wait(&idle, &lock);
}

void wk_blas_after_fork(bool in_child)
{
    forks = in_child ? 0 : forks - 1;
    if (in_child) {
        pthread_mutex_init(&lock, NULL);
        pthread_cond_init(&idle, NULL);
    } else {
        pthread_cond_broadcast(&idle);
        pthread_mutex_unlock(&lock);
    }
}

#else
wk_blas_setting wk_blas_begin(void) { return (wk_blas_setting){0, 0}; }
void wk_blas_end(wk_blas_setting before) { (void)before; }
void wk_blas_in_pool(void) {}
void wk_blas_before_fork(void) {}
void wk_blas_after_fork(bool in_child) { (void)in_child; }
#endif
