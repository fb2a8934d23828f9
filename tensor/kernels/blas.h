/* blas.h - internal: calls of BLAS with one thread, whichever BLAS it is. */
#pragma once

#include <stdbool.h>

/* What the calling thread had before: to be given back by wk_blas_end. */
typedef struct wk_blas_setting {
    int openmp, mkl;
} wk_blas_setting;

/* Between the two, calls of BLAS from this thread, and from threads of the pool, use one thread. */
wk_blas_setting wk_blas_begin(void);
void wk_blas_end(wk_blas_setting before);

/* A thread of the pool calls this once. */
void wk_blas_in_pool(void);

/* Before a fork: waits until no thread is in a product, and keeps them from beginning one, because a lock of BLAS's that is
 * held by a thread which the child does not have would be held for ever there. After it, in the parent and in the child. */
void wk_blas_before_fork(void);
void wk_blas_after_fork(bool in_child);
