/* fuzz.h - what the fuzz targets share: bytes as a file, and no error, object or byte left over. */
#ifndef WICK_TESTS_FUZZ_H
#define WICK_TESTS_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <wick/wick.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A path to a file in memory, which holds these bytes, until the next call. */
static inline const char *path_of(const uint8_t *data, size_t size)
{
    static char path[64];
    static int file = -1;
    if (file < 0)
        file = memfd_create("fuzz", 0);
    if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return path;
}

/* What the reader gives is a tensor, or else there is an error that begins as errors do. */
static inline void check_result(wick_tensor *t)
{
    if ((t == NULL) != (wick_error() != NULL))
        abort();
    wick_clear_error();
}

#endif
