/* pth_save.c - writes a state dict as torch.save does; pth.c describes the format. */
#include <stdio.h>
#include <string.h>

#include "../nn/internal.h"
#include "../tensor/internal.h"
#include "data.h"
#include "pth.h"

#ifndef WICK_HAVE_LIBZIP
bool wick_save(wick_dict *dict, const char *path)
{
    (void)dict;
    (void)path;
    return wk_no_libzip("wick_save") != NULL;
}
#else
#include <zip.h>

/* One entry data/<n>. A storage that tensors of two dtypes share is written once a dtype: PyTorch's have one. */
typedef struct {
    const wk_storage *storage;
    uint8_t dtype;
} entry;

/* The pickle as it grows, and the entries that it refers to. After a failed allocation nothing more is written. */
typedef struct {
    unsigned char *bytes;
    size_t size, capacity;
    entry *entries;
    size_t entry_count, entry_capacity;
    bool failed;
} writer;

/* ---- The pickle -------------------------------------------------------------------------------------------------- */

static void put_bytes(writer *w, const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (w->failed || !WK_GROW(w->bytes, w->size, w->capacity)) {
            w->failed = true;
            return;
        }
        w->bytes[w->size++] = ((const unsigned char *)bytes)[i];
    }
}

static void put_text(writer *w, const char *text) { put_bytes(w, text, strlen(text)); }

static void put_little_endian(writer *w, uint64_t value, int count)
{
    for (int i = 0; i < count; i++)
        put_bytes(w, &(unsigned char){(unsigned char)(value >> 8 * i)}, 1);
}

static void put_int(writer *w, int64_t value)
{
    if (value >= 0 && value < 256) {
        put_text(w, "K"); /* BININT1 */
        put_little_endian(w, (uint64_t)value, 1);
    } else if (value >= INT32_MIN && value <= INT32_MAX) {
        put_text(w, "J"); /* BININT */
        put_little_endian(w, (uint64_t)value, 4);
    } else {
        put_text(w, "\x8a\x08"); /* LONG1, of 8 bytes */
        put_little_endian(w, (uint64_t)value, 8);
    }
}

static void put_string(writer *w, const char *text)
{
    put_text(w, "X"); /* BINUNICODE */
    put_little_endian(w, strlen(text), 4);
    put_text(w, text);
}

static void put_tuple(writer *w, const int64_t *values, int count)
{
    put_text(w, "("); /* MARK */
    for (int i = 0; i < count; i++)
        put_int(w, values[i]);
    put_text(w, "t"); /* TUPLE */
}

/* The number of the entry that holds t's storage. */
static size_t entry_of(writer *w, const wick_tensor *t)
{
    for (size_t i = 0; i < w->entry_count; i++)
        if (w->entries[i].storage == t->storage && w->entries[i].dtype == t->dtype)
            return i;
    if (w->failed || !WK_GROW(w->entries, w->entry_count, w->entry_capacity)) {
        w->failed = true;
        return 0;
    }
    w->entries[w->entry_count] = (entry){t->storage, t->dtype};
    return w->entry_count++;
}

static void put_tensor(writer *w, const wick_tensor *t)
{
    char key[24];
    snprintf(key, sizeof key, "%zu", entry_of(w, t));
    put_text(w, "ctorch._utils\n_rebuild_tensor_v2\n(("); /* GLOBAL, MARK, MARK */
    put_string(w, "storage");
    put_text(w, "ctorch\n");
    put_text(w, wk_storage_class[t->dtype]);
    put_text(w, "\n");
    put_string(w, key);
    put_string(w, "cpu");
    put_int(w, (int64_t)(t->storage->bytes / wick_dtype_size((wick_dtype)t->dtype)));
    put_text(w, "tQ"); /* TUPLE, BINPERSID */
    put_int(w, t->offset);
    put_tuple(w, t->shape, t->ndim);
    put_tuple(w, t->strides, t->ndim);
    put_text(w, wick_requires_grad(t) ? "\x88" : "\x89"); /* NEWTRUE, NEWFALSE */
    put_text(w, "ccollections\nOrderedDict\n)RtR");       /* hooks: OrderedDict(); TUPLE, REDUCE */
}

static void put_dict(writer *w, wick_dict *dict)
{
    put_text(w, "\x80\x02"
                "ccollections\nOrderedDict\n)R("); /* PROTO 2, GLOBAL, EMPTY_TUPLE, REDUCE, MARK */
    for (int64_t i = 0; i < wick_dict_size(dict); i++) {
        put_string(w, wick_dict_name(dict, i));
        put_tensor(w, wick_dict_tensor(dict, i));
    }
    put_text(w, "u."); /* SETITEMS, STOP */
}

/* ---- The archive ------------------------------------------------------------------------------------------------- */

typedef struct {
    zip_t *zip;
    const char *root; /* root_length bytes */
    int root_length;
    uint64_t at; /* where the next entry will lie in the file */
} archive;

enum { LOCAL_HEADER = 30, EXTRA_HEADER = 4, ALIGNMENT = 64 };

/* Adds an entry of these bytes, which must live until the archive is closed. As in PyTorch's files the bytes begin at a
 * multiple of 64, so that they can be used in a mapped file; padding goes into an extra field "FB" of the entry. */
static bool add_entry(archive *a, const char *name, const void *bytes, size_t size)
{
    static const unsigned char padding[ALIGNMENT];
    size_t length = (size_t)a->root_length + 1 + strlen(name);
    char *full = wk_alloc(length + 1);
    if (!full)
        return false;
    snprintf(full, length + 1, "%.*s/%s", a->root_length, a->root, name);
    zip_source_t *source = zip_source_buffer(a->zip, bytes, size, 0);
    zip_int64_t added = source ? zip_file_add(a->zip, full, source, ZIP_FL_ENC_GUESS) : -1;
    wk_free(full, length + 1);
    if (added < 0) {
        zip_source_free(source);
        return false;
    }
    uint64_t begin = a->at + LOCAL_HEADER + length + EXTRA_HEADER;
    zip_uint16_t pad = (zip_uint16_t)((ALIGNMENT - begin % ALIGNMENT) % ALIGNMENT);
    a->at = begin + pad + size;
    zip_uint64_t index = (zip_uint64_t)added;
    return zip_set_file_compression(a->zip, index, ZIP_CM_STORE, 0) == 0 &&
           zip_file_set_dostime(a->zip, index, 0, 1 << 5 | 1, 0) == 0 && /* 1 January 1980: equal dicts, equal files */
           zip_file_extra_field_set(a->zip, index, 'F' | 'B' << 8, ZIP_EXTRA_FIELD_NEW, padding, pad, ZIP_FL_LOCAL) ==
               0;
}

static bool add_entries(archive *a, const writer *w)
{
    const char *byteorder = wk_byteorder();
    if (!add_entry(a, "data.pkl", w->bytes, w->size) || !add_entry(a, "byteorder", byteorder, strlen(byteorder)))
        return false;
    for (size_t i = 0; i < w->entry_count; i++) {
        char name[32];
        snprintf(name, sizeof name, "data/%zu", i);
        if (!add_entry(a, name, w->entries[i].storage->data, w->entries[i].storage->bytes))
            return false;
    }
    return add_entry(a, "version", "3\n", 2);
}

/* The file's name without folders and ending; "archive" where nothing is left. */
static void name_root(archive *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t length = dot ? (size_t)(dot - name) : strlen(name);
    bool usable = length > 0 && length < 1024;
    a->root = usable ? name : "archive";
    a->root_length = usable ? (int)length : 7;
}

static bool not_written(const char *path, const char *why)
{
    if (wick_error_kind() == WICK_OK)
        wick_fail(WICK_ERROR_FILE, "wick_save: '%s' cannot be written: %s", path, why);
    return false;
}

/* libzip writes into a temporary file beside path, and renames it when all is in it. */
static bool write_archive(const writer *w, const char *path)
{
    archive a = {NULL, NULL, 0, 0};
    name_root(&a, path);
    int code;
    a.zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (!a.zip) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        not_written(path, zip_error_strerror(&error));
        zip_error_fini(&error);
        return false;
    }
    if (add_entries(&a, w) && zip_close(a.zip) == 0)
        return true;
    not_written(path, zip_strerror(a.zip));
    zip_discard(a.zip);
    return false;
}

bool wick_save(wick_dict *dict, const char *path)
{
    if (!WK_DICT(dict, "wick_save", "dict"))
        return false;
    if (!path) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_save: the path is NULL");
        return false;
    }
    writer w = {NULL, 0, 0, NULL, 0, 0, false};
    put_dict(&w, dict);
    bool saved = !w.failed && write_archive(&w, path);
    wk_free(w.bytes, w.capacity);
    wk_free(w.entries, w.entry_capacity * sizeof *w.entries);
    return saved;
}
#endif
