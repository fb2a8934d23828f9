/* source.h - internal: the bytes of a file, unpacked if it is gzipped. */
#pragma once

#include "../tensor/tensor_struct.h"

typedef struct wk_source {
    const char *function, *path; /* for messages */
    void *file;
    uint64_t bytes; /* as it lies on the disk */
} wk_source;

/* what: "an IDX file", what the path should lead to. False with an error; then there is nothing to close. */
bool wk_source_open(wk_source *s, const char *function, const char *path, const char *what);
void wk_source_close(wk_source *s);

/* How many bytes were read; fewer than size at the end of the file, -1 after an error. */
int64_t wk_source_read(wk_source *s, void *to, size_t size);

/* Whether the file, which begins with these bytes, is gzipped and the library cannot unpack it: an error. */
bool wk_source_is_packed(const wk_source *s, const void *begin, int64_t count);
