/* threads.h - the number of threads that compute. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "platform.h"

WICK_BEGIN_DECLS

/* The number of threads that share the work of one large operation, the calling thread included: torch.get_num_threads. Matrix
 * products by BLAS are such operations, too. At first it is the number of processors that the process may use, by its affinity
 * and the limits of its control groups (rounded up), or OMP_NUM_THREADS in the environment if that is less. In a worker of a
 * loader it is 1. */
WICK_API int wick_get_num_threads(void);

/* Sets that number for the whole process, from the next operation on; a call in a worker of a loader sets it for that worker:
 * torch.set_num_threads. n may be greater than the number of processors; n less than 1 is an error, and the result false.
 * Results have the same bits for any number of threads, except for the last bits of products by BLAS. Nothing changes for the
 * rest of the process: neither OpenMP's number of threads nor that of the BLAS in use, except, for some BLAS libraries,
 * during a product. The additional threads start when they are first needed, sleep when there is nothing to do, and block all
 * signals. A child of fork() has none of them, and starts its own. */
WICK_API bool wick_set_num_threads(int n);

WICK_END_DECLS
