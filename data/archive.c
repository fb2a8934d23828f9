/* archive.c - the entries of a .pth file, by libzip; pth.c describes the format.
 *
 * Checksums are compared by libzip where they are not 0: PyTorch compares none, and leaves them out when asked to
 * (torch.serialization.set_crc32_options(False), torch.serialization.skip_data). */
#include "archive.h"

#include "pth.h"

#ifdef WICK_HAVE_LIBZIP
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "../tensor/text.h"

enum { DIRECTORY = 1 << 18 }; /* bytes: more than libzip takes to look for one */

static bool broken(const wk_archive *a, const char *what)
{
    return wick_fail(WICK_ERROR_FILE, "%s: %s", a->where, what) != NULL;
}

/* The name of an entry, for messages. */
static const char *name_of(const wk_archive *a, uint64_t index, char *text)
{
    const char *name = zip_get_name(a->zip, index, ZIP_FL_ENC_GUESS);
    return name ? wk_shown_text(name, strlen(name), text) : "?";
}
#define NAME_OF(a, index) name_of(a, index, (char[WK_SHOWN_TEXT]){0})

/* The error of what libzip could not do; false. It has its memory from the system, and may get none. */
static bool zip_failed(const wk_archive *a, zip_error_t *error, const char *what, uint64_t index)
{
    if (wk_zip_got_no_memory(error))
        wick_fail(WICK_ERROR_MEMORY, "%s: libzip got no memory to read it", a->where);
    else
        wick_fail(WICK_ERROR_FILE, "%s: entry '%s' %s: %s", a->where, NAME_OF(a, index), what,
                  zip_error_strerror(error));
    return false;
}

/* ---- Entries ------------------------------------------------------------------------------------------------------------ */

int64_t wk_archive_find(wk_archive *a, const char *folder, const char *name, size_t length)
{
    char full[1280];
    if (length > 128 || memchr(name, '\0', length))
        return -1;
    snprintf(full, sizeof full, "%.*s/%s%.*s", a->root_length, a->root, folder, (int)length, name);
    zip_int64_t index = zip_name_locate(a->zip, full, ZIP_FL_ENC_GUESS);
    if (index < 0 && wk_zip_got_no_memory(zip_get_error(a->zip))) {
        zip_failed(a, zip_get_error(a->zip), "", 0);
        return -2;
    }
    return index < 0 ? -1 : index;
}

bool wk_archive_claim(wk_archive *a, int64_t index, wk_archive_entry *entry)
{
    zip_stat_t status;
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(a->zip, (zip_uint64_t)index, 0, &status) != 0)
        return zip_failed(a, zip_get_error(a->zip), "cannot be found", (uint64_t)index);
    if ((status.valid & needed) != needed)
        return broken(a, "an entry of the archive has no size");
    bool fits =
        status.comp_size <= a->unread &&
        (status.comp_method == ZIP_CM_STORE ? status.size == status.comp_size : status.size / 1040 <= status.comp_size);
    if (!fits) {
        wick_fail(WICK_ERROR_FILE,
                  "%s: entry '%s' says it has %llu bytes, which the file cannot hold: it is truncated or damaged",
                  a->where, NAME_OF(a, (uint64_t)index), (unsigned long long)status.size);
        return false;
    }
    a->unread -= status.comp_size;
    *entry = (wk_archive_entry){(uint64_t)index, status.size, status.comp_size,
                                status.valid & ZIP_STAT_CRC && status.crc != 0};
    return true;
}

bool wk_archive_read(wk_archive *a, const wk_archive_entry *entry, void *to)
{
    zip_file_t *file = zip_fopen_index(a->zip, entry->index, 0);
    if (!file)
        return zip_failed(a, zip_get_error(a->zip), "cannot be opened", entry->index);
    size_t done = 0, size = (size_t)entry->size;
    zip_int64_t got = 0;
    while (done < size && (got = zip_fread(file, (char *)to + done, size - done)) > 0)
        done += (size_t)got;
    char more;
    if (got >= 0) /* libzip compares the checksum when it finds the end */
        got = zip_fread(file, &more, 1);
    zip_error_t *error = zip_file_get_error(file);
    bool good = done == size && (got == 0 || (got < 0 && !entry->checked && zip_error_code_zip(error) == ZIP_ER_CRC));
    if (!good && got < 0)
        zip_failed(a, error, "is damaged", entry->index);
    else if (!good)
        wick_fail(WICK_ERROR_FILE, "%s: entry '%s' is damaged: its size is wrong", a->where, NAME_OF(a, entry->index));
    zip_fclose(file);
    return good;
}

/* ---- The file ------------------------------------------------------------------------------------------------------------ */

/* The error for a file that is no archive; PyTorch's format before 1.6 is told by its magic number. */
static bool no_archive(const wk_archive *a, const char *path, zip_error_t *error)
{
    static const unsigned char magic[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c,
                                          0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};
    unsigned char head[sizeof magic] = {0};
    FILE *file = zip_error_code_zip(error) == ZIP_ER_NOZIP ? fopen(path, "rb") : NULL;
    if (file) {
        (void)!fread(head, 1, sizeof head, file);
        (void)fclose(file);
    }
    if (memcmp(head, magic, sizeof magic) == 0)
        return broken(
            a, "it is in PyTorch's old format; torch.save(..., _use_new_zipfile_serialization=True) writes the one "
               "that is read");
    if (zip_error_code_zip(error) == ZIP_ER_NOZIP)
        return broken(a, "it is no zip archive, or a truncated one, and so not a file of torch.save");
    if (wk_zip_got_no_memory(error))
        wick_fail(WICK_ERROR_MEMORY, "%s: libzip got no memory to open it", a->where);
    else
        wick_fail(WICK_ERROR_FILE, "%s: it cannot be opened: %s", a->where, zip_error_strerror(error));
    return false;
}

/* Finds the root folder, that of data.pkl. */
static bool find_root(wk_archive *a)
{
    for (uint64_t i = 0; i < a->entries; i++) {
        const char *name = zip_get_name(a->zip, i, ZIP_FL_ENC_GUESS); /* as libzip's index of names has it */
        if (!name && wk_zip_got_no_memory(zip_get_error(a->zip)))
            return zip_failed(a, zip_get_error(a->zip), "", i);
        const char *slash = name ? strchr(name, '/') : NULL;
        if (!slash || strcmp(slash, "/data.pkl") != 0 || slash - name >= 1024)
            continue;
        a->root = name;
        a->root_length = (int)(slash - name);
        return true;
    }
    return broken(a, "it is a zip file without data.pkl in its root folder, and so not one of torch.save");
}

static bool open_zip(wk_archive *a, const char *path, zip_error_t *error)
{
    zip_stat_t status;
    zip_source_t *source = zip_source_file_create(path, 0, -1, error);
    if (source && zip_source_stat(source, &status) == 0 && status.valid & ZIP_STAT_SIZE)
        a->unread = status.size;
    if (source && !(a->zip = zip_open_from_source(source, ZIP_RDONLY, error)))
        zip_source_free(source);
    return a->zip;
}

bool wk_archive_open(wk_archive *a, const char *where, const char *path)
{
    *a = (wk_archive){.where = where};
    zip_error_t error;
    zip_error_init(&error);
    bool opened = open_zip(a, path, &error);
    if (!opened && zip_error_code_zip(&error) == ZIP_ER_NOZIP) {
        /* libzip says so, too, when it gets no memory to read the archive's directory */
        void *memory = malloc(DIRECTORY);
        zip_error_set(&error, memory ? ZIP_ER_NOZIP : ZIP_ER_MEMORY, 0);
        opened = memory && open_zip(a, path, &error);
        free(memory);
    }
    if (opened) {
        a->entries = (uint64_t)zip_get_num_entries(a->zip, 0);
        opened = find_root(a);
    } else {
        no_archive(a, path, &error);
    }
    zip_error_fini(&error);
    return opened;
}

void wk_archive_close(wk_archive *a)
{
    if (a->zip)
        zip_discard(a->zip);
    a->zip = NULL;
}
#endif
