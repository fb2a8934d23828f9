/* file.h - internal: writing a file, whole or not at all. */
#pragma once

#include <stdio.h>

#include "platform.h"

/* A file that is being written. What was there before stays until wk_file_end, and after a failure. */
typedef struct wk_file {
    const char *function, *path; /* for messages */
    unsigned failures;           /* of the thread when writing began: whether the cause was recorded already */
    int why;                     /* the errno of the first failure; 0: none */
#ifdef WICK_POSIX
    int to;             /* what is written to: the new file, a device or pipe, or what is copied there at the end */
    int device;         /* the device or pipe that to is copied into at the end; -1: none */
    int folder;         /* the folder of the new file; -1: none */
    char *name;         /* that it will have there */
    char temporary[96]; /* that it has there until then; "": none */
#else
    FILE *to;
    char *temporary;
#endif
} wk_file;

/* Begins a file at path; seeks: wk_file_seek will be called. False with an error, and there is nothing to end. path must
 * live until the end. */
bool wk_file_begin(wk_file *f, const char *function, const char *path, bool seeks);

/* False, with f->why set, if it fails; the error is recorded at the end. */
bool wk_file_put(wk_file *f, const void *bytes, size_t size);
bool wk_file_seek(wk_file *f, int64_t at);

/* Puts the file in its place, if nothing failed. False with an error. */
bool wk_file_end(wk_file *f);

/* Forgets the file and records why, unless the cause was recorded since writing began; false. */
bool wk_file_fail(wk_file *f, const char *why);

/* Writes a file of these bytes, head before the others; NULL for none. False with an error. */
bool wk_write_file(const char *function, const char *path, const void *head, size_t head_size, const void *bytes,
                   size_t size);

#ifdef WICK_POSIX
/* For tests: how the new file is made. Unlinkable: as where a file without a name can be made, but never get one. */
typedef enum wk_file_way { WK_FILE_BEST, WK_FILE_NAMED, WK_FILE_UNLINKABLE } wk_file_way;
extern wk_file_way wk_file_how;
#endif
