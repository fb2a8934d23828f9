/* threads.c - how many threads compute: what was set, or what the machine and the environment allow. */
#if defined(__linux__)
#define _GNU_SOURCE       /* sched_getaffinity */
#elif !defined(__APPLE__) /* where it would hide _SC_NPROCESSORS_ONLN */
#define _POSIX_C_SOURCE 200809L
#endif
#include "threads.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

#include "call.h"
#include "parallel.h"
#include "thread.h"

/* ---- Control groups ------------------------------------------------------------------------------------------------ */

enum { PATH = 4096 };

/* The processors' time that folder/name grants, in processors, rounded up; 0: no limit. cpu.max of version 2 has quota
 * and period on one line, "max" for no quota; version 1 has a file for each, -1 for no quota. */
static int limit_in(const char *folder, bool version_2)
{
    char path[PATH + 32];
    double quota = -1, period = -1;
    for (int i = 0; i < (version_2 ? 1 : 2); i++) {
        snprintf(path, sizeof path, "%s/%s", folder,
                 version_2 ? "cpu.max"
                 : i == 0  ? "cpu.cfs_quota_us"
                           : "cpu.cfs_period_us");
        FILE *file = fopen(path, "r");
        if (!file)
            return 0;
        int read =
            version_2 ? fscanf(file, "%lf %lf", &quota, &period) : fscanf(file, "%lf", i == 0 ? &quota : &period);
        fclose(file);
        if (read < 1)
            return 0;
    }
    if (!(quota > 0 && period > 0))
        return 0;
    double limit = quota / period;
    return limit >= INT_MAX ? INT_MAX : limit > (int)limit ? (int)limit + 1 : (int)limit;
}

/* Whether a list "a,b,c" has this word. */
static bool lists(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, word, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    return false;
}

/* The path of this process in the hierarchy of version 2, or in that of version 1 which has the controller cpu. */
static bool find_group(const char *proc_cgroup, bool version_2, char *path)
{
    char line[PATH];
    bool found = false;
    FILE *file = fopen(proc_cgroup, "r");
    while (file && !found && fgets(line, sizeof line, file)) { /* "number:controllers:path" */
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':'), *start = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!start)
            continue;
        *start++ = '\0';
        found = version_2 ? controllers[1] == '\0' : lists(controllers + 1, "cpu");
        if (found)
            snprintf(path, PATH, "%s", start);
    }
    if (file)
        fclose(file);
    return found;
}

/* Where that hierarchy is mounted, and which of its folders is. */
static bool find_mount(const char *proc_mountinfo, bool version_2, char *root, char *point)
{
    char line[2 * PATH];
    bool found = false;
    FILE *file = fopen(proc_mountinfo, "r");
    while (file && !found && fgets(line, sizeof line, file)) { /* "... root point options - type source its_options" */
        line[strcspn(line, "\n")] = '\0';
        char *rest = strstr(line, " - "), type[32], options[PATH];
        found = rest && sscanf(line, "%*s %*s %*s %4095s %4095s", root, point) == 2 &&
                sscanf(rest, " - %31s %*s %4095s", type, options) == 2 &&
                (version_2 ? strcmp(type, "cgroup2") == 0 : strcmp(type, "cgroup") == 0 && lists(options, "cpu"));
    }
    if (file)
        fclose(file);
    return found;
}

int wk_cgroup_limit(const char *proc_cgroup, const char *proc_mountinfo)
{
    int least = 0;
    for (int version = 1; version <= 2; version++) {
        char group[PATH], root[PATH], point[PATH], folder[2 * PATH];
        if (!find_group(proc_cgroup, version == 2, group) || !find_mount(proc_mountinfo, version == 2, root, point))
            continue;
        /* In a container the mounted folder may be the process's own, under the name that it has outside. */
        size_t shared = strcmp(root, "/") == 0 ? 0 : strlen(root);
        const char *below = strncmp(group, root, shared) == 0 ? group + shared : "";
        snprintf(folder, sizeof folder, "%s%s", point, strcmp(below, "/") == 0 ? "" : below);
        for (size_t end = strlen(point);;) {
            int limit = strlen(folder) < PATH ? limit_in(folder, version == 2) : 0;
            if (limit && (!least || limit < least))
                least = limit;
            char *slash = strrchr(folder, '/');
            if (strlen(folder) <= end || !slash)
                break;
            *slash = '\0'; /* the group outside */
        }
    }
    return least;
}

/* ---- The number ---------------------------------------------------------------------------------------------------- */

int wk_processors(void)
{
    long count = 0;
#ifdef __linux__
    /* The kernel refuses a set that is smaller than its own. */
    for (int most = 1024; count == 0 && most <= 1 << 20; most *= 4) {
        cpu_set_t *set = CPU_ALLOC((size_t)most);
        if (!set)
            break;
        if (sched_getaffinity(0, CPU_ALLOC_SIZE((size_t)most), set) == 0)
            count = CPU_COUNT_S(CPU_ALLOC_SIZE((size_t)most), set);
        CPU_FREE(set);
    }
    int limit = wk_cgroup_limit("/proc/self/cgroup", "/proc/self/mountinfo");
    if (count > 0)
        return limit && limit < count ? limit : (int)count;
#endif
#ifdef _WIN32
    count = pthread_num_processors_np(); /* winpthreads has it */
#else
    count = sysconf(_SC_NPROCESSORS_ONLN);
#endif
    return count < 1 ? 1 : count > INT_MAX ? INT_MAX : (int)count;
}

static atomic_int chosen; /* by wick_set_num_threads; 0: nothing yet */
static int by_default;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_default(void)
{
    const char *setting = getenv("OMP_NUM_THREADS"); /* "4", or "4,2": the first is the outer level's */
    char *end = NULL;
    long wanted = setting ? strtol(setting, &end, 10) : 0;
    by_default = wk_processors();
    if (wanted > 0 && wanted < by_default && (*end == '\0' || *end == ',' || *end == ' '))
        by_default = (int)wanted;
}

int wick_get_num_threads(void)
{
    int own = wk_this_thread.num_threads, all = own ? own : atomic_load_explicit(&chosen, memory_order_relaxed);
    if (all)
        return all;
    pthread_once(&once, find_default);
    return by_default;
}

bool wick_set_num_threads(int n)
{
    WK_ENTER;
    if (n < 1)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_set_num_threads: n is %d; it must be at least 1", n) != NULL;
    wk_thread *self = &wk_this_thread;
    if (self->num_threads)
        self->num_threads = n;
    else
        atomic_store_explicit(&chosen, n, memory_order_relaxed);
    return true;
}
