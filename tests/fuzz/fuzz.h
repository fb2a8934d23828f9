/* fuzz.h - what the fuzz targets share: bytes as a file, and no error, object or byte left over. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include <wick/wick.h>

/* Called by libFuzzer, or by run_corpus.c, with bytes of any kind. Aborts where something is wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A path to a file, in memory if the system has such, which holds these bytes, until the next call. */
static inline const char *path_of(const uint8_t *data, size_t size)
{
    static char path[64];
    static int file = -1;
    if (file < 0) {
#ifdef __linux__
        file = memfd_create("fuzz", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
#else
        strcpy(path, "/tmp/wick_fuzz_XXXXXX");
        file = mkstemp(path);
#endif
    }
    if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size)
        abort();
    return path;
}

/* A call gives its result, or else there is an error. Forgets it. */
static inline void check(bool succeeded)
{
    if (succeeded != (wick_error() == NULL))
        abort();
    wick_clear_error();
}
static inline void check_result(wick_tensor *t) { check(t != NULL); }

/* Reads what a tensor says it has, for a sanitizer to see. */
static inline void touch(wick_tensor *t)
{
    if (!t || wick_numel(t) == 0)
        return;
    int64_t index[WICK_MAX_DIMS] = {0};
    wick_get_n(t, index, wick_ndim(t));
    for (int d = 0; d < wick_ndim(t); d++)
        index[d] = wick_shape(t)[d] - 1;
    wick_get_n(t, index, wick_ndim(t));
    check(true);
}

/* The next byte, and the next number of eight; 0 where there are no more. */
typedef struct {
    const uint8_t *data;
    size_t size;
} input;

static inline uint8_t next_byte(input *in)
{
    if (in->size == 0)
        return 0;
    in->size--;
    return *in->data++;
}

static inline double next_double(input *in)
{
    double x = 0;
    if (in->size >= sizeof x) {
        memcpy(&x, in->data, sizeof x);
        in->data += sizeof x;
        in->size -= sizeof x;
    }
    return x;
}

static inline void check_left_over(void)
{
    if (wick_scope_count() != 0 || wick_error())
        abort();
}
