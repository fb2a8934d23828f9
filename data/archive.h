/* archive.h - internal: reading the entries of a .pth file. */
#pragma once

#include "../tensor/tensor_struct.h"

typedef struct wk_archive {
    const char *where; /* "wick_load: '<path>'": what errors begin with */
    struct zip *zip;
    uint64_t unread; /* bytes of the file that no entry has claimed yet */
    uint64_t entries;
    const char *root; /* the folder that everything lies in; root_length bytes */
    int root_length;
} wk_archive;

/* An entry that was claimed. */
typedef struct wk_archive_entry {
    uint64_t index;
    uint64_t size, packed; /* bytes, unpacked and in the file */
    bool checked;          /* its checksum is there, to be compared */
} wk_archive_entry;

/* Opens the file, and finds the root folder. False, with an error, if it is none of torch.save. Close it in both cases. */
bool wk_archive_open(wk_archive *a, const char *where, const char *path);
void wk_archive_close(wk_archive *a);

/* The index of root/<folder><name>, name of length bytes; -1 if there is none, -2 with an error. */
int64_t wk_archive_find(wk_archive *a, const char *folder, const char *name, size_t length);

/* The sizes of an entry; false, with an error, where the file cannot hold such an entry: no two entries have the same
 * bytes, and deflate packs at most some 1030 bytes into one. */
bool wk_archive_claim(wk_archive *a, int64_t index, wk_archive_entry *entry);

/* Reads a whole entry, and compares its checksum. False with an error. */
bool wk_archive_read(wk_archive *a, const wk_archive_entry *entry, void *to);
