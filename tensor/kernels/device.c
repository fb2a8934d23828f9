/* device.c - which table of loops this machine uses: the best instruction set that it has, or a lower one if asked. */
#include "../kernels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

extern const wk_device wk_device_base;

/* Builds for x86-64 have all three tables; WICK_BASE_ONLY leaves the two others out. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(WICK_BASE_ONLY)
extern const wk_device wk_device_avx2, wk_device_avx512;

static bool has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

static const wk_device *choose(void)
{
    const char *asked = getenv("WICK_ISA");
    if (asked && strcmp(asked, "base") == 0)
        return &wk_device_base;
    if (has_avx512() && !(asked && strcmp(asked, "avx2") == 0))
        return &wk_device_avx512;
    return has_avx2() ? &wk_device_avx2 : &wk_device_base;
}
#else
static const wk_device *choose(void) { return &wk_device_base; }
#endif

const wk_device *wk_cpu(void)
{
    static const wk_device *_Atomic chosen; /* every thread that finds it unset sets it to the same table */
    const wk_device *device = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (!device) {
        device = choose();
        atomic_store_explicit(&chosen, device, memory_order_relaxed);
    }
    return device;
}
