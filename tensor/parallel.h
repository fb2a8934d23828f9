/* parallel.h - internal: work that several threads share. */
#pragma once

#include "threads.h"

/* Does the parts [from, to) of some work. Runs in any thread: it records no error and allocates nothing. */
typedef void wk_part(void *context, int64_t from, int64_t to);

/* Calls part for ranges that together are [0, count), each index once, in any order, in this thread and up to
 * wick_get_num_threads() - 1 others; returns when all is done. How work is cut into ranges is no matter of the result: what
 * is one index must not depend on the number of threads. */
void wk_parallel(int64_t count, wk_part *part, void *context);

/* Ends the pool's threads, at the end of the process or of a plugin whose code is about to go. Work is done by who has it then. */
void wk_parallel_end(void);

/* threads.c: the processors that this process may use by control groups, as two files of /proc say: of version 1 or 2, the
 * least of the limits on the way to the root, rounded up. 0: no limit. */
int wk_cgroup_limit(const char *proc_cgroup, const char *proc_mountinfo);

/* The processors that this process may use, at least 1. */
int wk_processors(void);
