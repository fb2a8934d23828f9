/* no_memory.c - threads for whose own data malloc has no memory, more of them than the library has places for: each works,
 * and ends. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <wick/wick.h>

enum { THREADS = 100 };

static _Thread_local bool fails;

#ifdef __GLIBC__
void *__libc_malloc(size_t size);
void *malloc(size_t size) { return fails ? NULL : __libc_malloc(size); } /* the library calls this one, too */
#endif

static void *work(void *result)
{
    fails = true;
    WICK_SCOPE;
    double two = wick_item(wick_add(wick_full(1), 1));
    bool none = !wick_matmul(NULL, NULL) && wick_error_kind() == WICK_ERROR_ARGUMENT;
    wick_clear_error();
    fails = false; /* so that the thread can end */
    *(bool *)result = two == 2 && none && !wick_error();
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    bool good[THREADS] = {false};
    int count = 0, right = 0;
    while (count < THREADS && pthread_create(&threads[count], NULL, work, &good[count]) == 0)
        count++;
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < count; i++)
        right += good[i];
    printf("%d threads of %d\n", right, THREADS);
    return right == THREADS ? 0 : 1;
}
