/* stack.c - where this thread's stack ends: calls that nest without a bound, as those of modules within modules do, are an
 * error before that. */
#if defined(__linux__)
#define _GNU_SOURCE /* pthread_getattr_np */
#endif
#include <pthread.h>

#include "thread.h"

/* What a call may need that does not nest further: OpenBLAS, for one, takes some 25 KiB. Of a small stack, a quarter. */
enum { RESERVE = 96 << 10 };

/* The thread's stack; false where the system does not tell. */
static bool find_stack(uintptr_t *low, size_t *size)
{
    bool found = false;
#if defined(__linux__)
    pthread_attr_t attributes;
    void *address;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        found = pthread_attr_getstack(&attributes, &address, size) == 0;
        *low = (uintptr_t)address;
        pthread_attr_destroy(&attributes);
    }
#elif defined(__APPLE__)
    *size = pthread_get_stacksize_np(pthread_self());
    *low = (uintptr_t)pthread_get_stackaddr_np(pthread_self()) - *size;
    found = true;
#else
    (void)low, (void)size;
#endif
    return found;
}

bool wk_stack_ends(wk_thread *self, uintptr_t here, const char *function)
{
    if (!self->stack_limit) {
        uintptr_t low;
        size_t size;
        self->stack_limit = 1;
        if (find_stack(&low, &size)) {
            self->stack_low = low;
            self->stack_limit = low + (size / 4 < RESERVE ? size / 4 : RESERVE);
        }
        if (here > self->stack_limit)
            return false;
    }
    if (here < self->stack_low) /* on a stack of the program's own, such as a coroutine's */
        return false;
    wick_fail(
        WICK_ERROR_MEMORY,
        "%s: calls are nested so deeply that this thread's stack is nearly used up; nest less deeply, or give the "
        "thread a larger stack",
        function);
    return true;
}
