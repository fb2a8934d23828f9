/* threads.h - how many threads compute. */
#ifndef WICK_TENSOR_THREADS_H
#define WICK_TENSOR_THREADS_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "platform.h"

WICK_BEGIN_DECLS

/* How many threads share the work of one large operation, matrix products by BLAS among them, the calling thread included:
 * torch.get_num_threads. At first as many as there are processors that the process may use, by its affinity and the limits
 * of its control groups (rounded up), or OMP_NUM_THREADS in the environment if that is less. In a worker of a loader: 1. */
WICK_API int wick_get_num_threads(void);

/* Sets that number for the whole process, from the next operation on; called in a worker of a loader, for that worker:
 * torch.set_num_threads. May be more than there are processors. False, with an error, if n is less than 1.
 * Results have the same bits for any number of threads, except the last ones of products by BLAS. Nothing is
 * changed for others in the process: neither OpenMP's number of threads nor that of the BLAS in use, except, for some
 * BLAS, while a product is being computed. Threads beyond the caller's are started when they are first needed, sleep when
 * there is nothing to do, and block all signals. A child of fork() has none of them, and starts its own. */
WICK_API bool wick_set_num_threads(int n);

WICK_END_DECLS
#endif
