/* pth_save.c - writes a state dict as torch.save does; pth.c describes the format. */
#include <stdio.h>
#include <string.h>

#include "../nn/module.h"
#include "../tensor/file.h"
#include "../tensor/tensor_struct.h"
#include "../tensor/thread.h"
#include "data.h"
#include "pth.h"

#ifndef WICK_HAVE_LIBZIP
bool wick_save(wick_dict *dict, const char *path)
{
    WK_ENTER;
    (void)dict;
    (void)path;
    return wk_no_libzip("wick_save") != NULL;
}
#else
#include <zip.h>

/* One entry data/<n>. A storage that tensors of two dtypes share is written once a dtype: PyTorch's have one. */
typedef struct {
    const wk_storage *storage;
    wick_dtype dtype;
} entry;

/* The pickle as it grows, and the entries that it refers to. After a failed allocation nothing more is written. */
typedef struct {
    unsigned char *bytes;
    size_t size, capacity;
    entry *entries;
    size_t entry_count, entry_capacity;
    size_t *index; /* of entries by storage and dtype: positions plus 1, 0 is free; open addressing */
    size_t index_size;
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

/* Where the index has the entry, or would have it. */
static size_t *place(size_t *index, size_t size, const entry *entries, const entry *e)
{
    uint64_t h =
        (((uint64_t)(uintptr_t)e->storage >> 6) ^ WK_DTYPE_INDEX(e->dtype)) * 0x9E3779B97F4A7C15u; /* 2^64 / phi */
    size_t i = (size_t)(h >> 32) & (size - 1);
    for (; index[i]; i = (i + 1) & (size - 1))
        if (entries[index[i] - 1].storage == e->storage && entries[index[i] - 1].dtype == e->dtype)
            break;
    return &index[i];
}

/* Makes room in the index for one more entry; it stays at least half empty. */
static bool grow_index(writer *w)
{
    if (w->entry_count < w->index_size / 2)
        return true;
    size_t size = w->index_size ? w->index_size * 2 : 64;
    size_t *index = wk_alloc_zero(size * sizeof *index);
    for (size_t i = 0; index && i < w->entry_count; i++)
        *place(index, size, w->entries, &w->entries[i]) = i + 1;
    if (index) {
        wk_free(w->index, w->index_size * sizeof *index);
        w->index = index;
        w->index_size = size;
    }
    return index;
}

/* The number of the entry that holds t's storage. */
static size_t entry_of(writer *w, const wick_tensor *t)
{
    entry e = {t->storage, t->dtype};
    if (w->failed || !grow_index(w) || !WK_GROW(w->entries, w->entry_count, w->entry_capacity)) {
        w->failed = true;
        return 0;
    }
    size_t *at = place(w->index, w->index_size, w->entries, &e);
    if (*at)
        return *at - 1;
    *at = w->entry_count + 1;
    w->entries[w->entry_count] = e;
    return w->entry_count++;
}

static void put_tensor(writer *w, const wick_tensor *t)
{
    char key[24];
    snprintf(key, sizeof key, "%zu", entry_of(w, t));
    put_text(w, "ctorch._utils\n_rebuild_tensor_v2\n(("); /* GLOBAL, MARK, MARK */
    put_string(w, "storage");
    put_text(w, "ctorch\n");
    put_text(w, wk_storage_class[WK_DTYPE_INDEX(t->dtype)]);
    put_text(w, "\n");
    put_string(w, key);
    put_string(w, "cpu");
    put_int(w, (int64_t)(t->storage->bytes / wick_dtype_size(t->dtype)));
    put_text(w, "tQ"); /* TUPLE, BINPERSID */
    put_int(w, t->offset);
    put_tuple(w, t->shape, t->ndim);
    put_tuple(w, t->strides, t->ndim);
    put_text(w, wick_requires_grad(t) ? "\x88" : "\x89"); /* NEWTRUE, NEWFALSE */
    put_text(w, "ccollections\nOrderedDict\n)RtR");       /* hooks: OrderedDict(); TUPLE, REDUCE */
}

/* Sets the attributes {'_metadata': OrderedDict([(name, {'version': version}), ...])}. */
static void put_versions(writer *w, const wk_names *versions)
{
    put_text(w, "}"); /* EMPTY_DICT */
    put_string(w, "_metadata");
    put_text(w, "ccollections\nOrderedDict\n)R("); /* GLOBAL, EMPTY_TUPLE, REDUCE, MARK */
    for (size_t i = 0; i < versions->count; i++) {
        const wick_tensor *version = versions->entry[i].object;
        put_string(w, versions->entry[i].name);
        put_text(w, "}"); /* EMPTY_DICT */
        put_string(w, "version");
        put_int(w, wk_load_int(version, version->offset));
        put_text(w, "s"); /* SETITEM */
    }
    put_text(w, "usb"); /* SETITEMS, SETITEM, BUILD */
}

static void put_dict(writer *w, wick_dict *dict)
{
    put_text(w, "\x80\x02"
                "ccollections\nOrderedDict\n)R("); /* PROTO 2, GLOBAL, EMPTY_TUPLE, REDUCE, MARK */
    for (int64_t i = 0; i < wick_nn_dict_count(dict); i++) {
        put_string(w, wick_nn_dict_name(dict, i));
        put_tensor(w, wick_nn_dict_tensor(dict, i));
    }
    put_text(w, "u"); /* SETITEMS */
    if (dict->versions.count > 0)
        put_versions(w, &dict->versions);
    put_text(w, "."); /* STOP */
}

/* ---- The archive ------------------------------------------------------------------------------------------------- */

/* libzip writes through this into the file. It goes back to complete the header of each entry. */
typedef struct {
    wk_file file;
    int64_t at, size; /* where it writes; how much there is */
    zip_error_t error;
} sink;

static zip_int64_t cannot(sink *out)
{
    zip_error_set(&out->error, ZIP_ER_WRITE, out->file.why);
    return -1;
}

static zip_int64_t write_to_sink(void *user, void *data, zip_uint64_t length, zip_source_cmd_t command)
{
    sink *out = user;
    switch (command) {
    case ZIP_SOURCE_SUPPORTS: /* it is not read: but libzip writes only into what can be read as well */
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                              ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
                                              ZIP_SOURCE_SUPPORTS, ZIP_SOURCE_BEGIN_WRITE, ZIP_SOURCE_WRITE,
                                              ZIP_SOURCE_COMMIT_WRITE, ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_SEEK_WRITE,
                                              ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_REMOVE, -1);
    case ZIP_SOURCE_STAT:
        if (length < sizeof(zip_stat_t))
            break;
        zip_stat_init(data);
        ((zip_stat_t *)data)->size = 0;
        ((zip_stat_t *)data)->valid = ZIP_STAT_SIZE;
        return sizeof(zip_stat_t);
    case ZIP_SOURCE_BEGIN_WRITE:
    case ZIP_SOURCE_COMMIT_WRITE:
    case ZIP_SOURCE_ROLLBACK_WRITE:
    case ZIP_SOURCE_OPEN:
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE: return 0;
    case ZIP_SOURCE_WRITE:
        if (!wk_file_put(&out->file, data, (size_t)length))
            return cannot(out);
        out->at += (int64_t)length;
        out->size = out->at > out->size ? out->at : out->size;
        return (zip_int64_t)length;
    case ZIP_SOURCE_TELL_WRITE: return out->at;
    case ZIP_SOURCE_SEEK_WRITE: {
        zip_int64_t to =
            zip_source_seek_compute_offset((zip_uint64_t)out->at, (zip_uint64_t)out->size, data, length, &out->error);
        if (to < 0)
            return -1;
        if (!wk_file_seek(&out->file, to))
            return cannot(out);
        out->at = to;
        return 0;
    }
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&out->error, data, length);
    default: break;
    }
    zip_error_set(&out->error, ZIP_ER_OPNOTSUPP, 0);
    return -1;
}

typedef struct {
    zip_t *zip;
    const char *root; /* root_length bytes */
    int root_length;
    uint64_t at; /* where the next entry will lie in the file */
} archive;

enum { LOCAL_HEADER = 30, EXTRA_HEADER = 4, ZIP64_HEADER = 20, ALIGNMENT = 64 };

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
    /* The size of an entry of 4 GiB or more stands in an extra field of its own. */
    uint64_t begin = a->at + LOCAL_HEADER + length + EXTRA_HEADER + (size > UINT32_MAX ? ZIP64_HEADER : 0);
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

/* The file's name without folders and ending; "archive", as in PyTorch, where nothing is left or the path is not ASCII. */
static void name_root(archive *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t length = dot ? (size_t)(dot - name) : strlen(name);
    bool usable = length > 0 && length < 1024;
    for (; usable && *path; path++)
        usable = (unsigned char)*path < 0x80;
    a->root = usable ? name : "archive";
    a->root_length = usable ? (int)length : 7;
}

/* Ends the file, which libzip could not write for this reason; false. */
static bool not_written(sink *out, zip_error_t *error)
{
    if (out->file.why) /* as strerror says it; libzip's text puts its own before that */
        return wk_file_end(&out->file);
    if (wk_zip_got_no_memory(error))
        wk_fail_besides(WICK_ERROR_MEMORY, "wick_save: '%s' cannot be written: libzip got no memory", out->file.path);
    return wk_file_fail(&out->file, zip_error_strerror(error));
}

static bool write_archive(const writer *w, const char *path)
{
    sink out = {.at = 0};
    if (!wk_file_begin(&out.file, "wick_save", path, true))
        return false;
    archive a = {NULL, NULL, 0, 0};
    name_root(&a, path);
    zip_error_t error;
    zip_error_init(&error);
    zip_error_init(&out.error);
    zip_source_t *source = zip_source_function_create(write_to_sink, &out, &error);
    if (source && !(a.zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error)))
        zip_source_free(source);
    bool good = a.zip && add_entries(&a, w) && zip_close(a.zip) == 0;
    if (good) {
        good = wk_file_end(&out.file);
    } else {
        not_written(&out, a.zip ? zip_get_error(a.zip) : &error);
        if (a.zip)
            zip_discard(a.zip);
    }
    zip_error_fini(&error);
    zip_error_fini(&out.error);
    return good;
}

/* Names are text in Python, and PyTorch loads no file with others. */
static bool check_names(wick_dict *dict)
{
    for (int64_t i = 0; i < wick_nn_dict_count(dict); i++) {
        const char *name = wick_nn_dict_name(dict, i);
        if (!wk_is_utf8(name, strlen(name))) {
            wk_fail_besides(
                WICK_ERROR_ARGUMENT,
                "wick_save: the name of entry %lld is not UTF-8, as names in a .pth file must be; give it another "
                "one: '%.200s'",
                (long long)i, name);
            return false;
        }
    }
    return true;
}

bool wick_save(wick_dict *dict, const char *path)
{
    WK_ENTER;
    if (!WK_DICT(dict, "wick_save", "dict"))
        return false;
    if (!path) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_save: the path is NULL");
        return false;
    }
    if (!check_names(dict))
        return false;
    writer w = {.failed = false};
    put_dict(&w, dict);
    bool saved = !w.failed && write_archive(&w, path);
    wk_free(w.bytes, w.capacity);
    wk_free(w.entries, w.entry_capacity * sizeof *w.entries);
    wk_free(w.index, w.index_size * sizeof *w.index);
    return saved;
}
#endif
