/* pth_load.c - reads the state dicts of torch.save; pth.c describes the format.
 *
 * pickle.c turns the pickle into a tree of values. Here the tree is checked against what a state dict looks like, and
 * every number in it against the bytes that are there, before a tensor is made. */
#include <stdio.h>
#include <string.h>

#include "../tensor/internal.h"
#include "data.h"
#include "pickle.h"
#include "pth.h"

#ifndef WICK_HAVE_LIBZIP
wick_dict *wick_load(const char *path)
{
    (void)path;
    return wk_no_libzip("wick_load");
}
#else
#include <zip.h>

/* A pickle of more bytes than this describes no state dict: it would have some 100,000 tensors. */
enum { PICKLE_MAX = 1 << 24 };

typedef struct {
    char *where; /* "wick_load: '<path>'" */
    zip_t *zip;
    uint64_t unread;        /* bytes of the file that no entry has claimed yet */
    wick_tensor **storages; /* by entry: (elements), or NULL as long as it was not read */
    size_t entries;
    const char *root; /* the folder that everything lies in; root_length bytes */
    int root_length;
} reader;

static void *broken(const reader *r, const char *what) { return wick_fail(WICK_ERROR_FILE, "%s: %s", r->where, what); }

/* ---- Entries of the archive -------------------------------------------------------------------------------------- */

/* The entry root/<folder><name>; -1 if there is none. */
static zip_int64_t find_entry(const reader *r, const char *folder, const char *name, size_t length)
{
    char full[1280];
    if (length > 128)
        return -1;
    snprintf(full, sizeof full, "%.*s/%s%.*s", r->root_length, r->root, folder, (int)length, name);
    return zip_name_locate(r->zip, full, ZIP_FL_ENC_RAW);
}

/* The unpacked size of an entry, and false, with an error, where the file cannot hold such an entry: no two entries
 * have the same bytes, and deflate packs at most some 1030 bytes into one. */
static bool claim_entry(reader *r, zip_uint64_t index, uint64_t *size)
{
    zip_stat_t status;
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(r->zip, index, 0, &status) != 0 || (status.valid & needed) != needed) {
        broken(r, "an entry of the archive has no size");
        return false;
    }
    bool fits =
        status.comp_size <= r->unread &&
        (status.comp_method == ZIP_CM_STORE ? status.size == status.comp_size : status.size / 1040 <= status.comp_size);
    if (!fits) {
        wick_fail(WICK_ERROR_FILE,
                  "%s: entry '%.100s' says it has %llu bytes, which the file cannot hold: it is truncated or "
                  "damaged",
                  r->where, zip_get_name(r->zip, index, ZIP_FL_ENC_RAW), (unsigned long long)status.size);
        return false;
    }
    r->unread -= status.comp_size;
    *size = status.size;
    return true;
}

/* Reads a whole entry of this size, and checks its checksum. */
static bool read_entry(reader *r, zip_uint64_t index, void *to, size_t size)
{
    zip_file_t *file = zip_fopen_index(r->zip, index, 0);
    if (!file) {
        wick_fail(WICK_ERROR_FILE, "%s: entry '%.100s' cannot be opened: %s", r->where,
                  zip_get_name(r->zip, index, ZIP_FL_ENC_RAW), zip_strerror(r->zip));
        return false;
    }
    size_t done = 0;
    zip_int64_t got = 0;
    while (done < size && (got = zip_fread(file, (char *)to + done, size - done)) > 0)
        done += (size_t)got;
    char more;
    if (got >= 0) /* libzip compares the checksum when it finds the end */
        got = zip_fread(file, &more, 1);
    bool good = done == size && got == 0;
    if (!good)
        wick_fail(WICK_ERROR_FILE, "%s: entry '%.100s' is damaged: %s", r->where,
                  zip_get_name(r->zip, index, ZIP_FL_ENC_RAW), got < 0 ? zip_file_strerror(file) : "its size is wrong");
    zip_fclose(file);
    return good;
}

/* ---- Tensors ----------------------------------------------------------------------------------------------------- */

/* The tensor of all elements of a storage, which the reader holds. id is
 * ('storage', class, key, location, elements). */
static const wick_tensor *load_storage(reader *r, const wk_value *id)
{
    static const wk_value_kind kinds[] = {WK_STRING, WK_GLOBAL, WK_STRING, WK_STRING, WK_INT};
    bool good = id->kind == WK_TUPLE && id->count == 5;
    for (uint32_t i = 0; good && i < 5; i++)
        good = id->items[i]->kind == kinds[i];
    if (!good || !wk_value_is(id->items[0], WK_STRING, "storage") || id->items[4]->number < 0)
        return broken(r, "a tensor's storage is not described as torch.save describes it");
    const wk_value *class = id->items[1], *key = id->items[2];
    int64_t numel = id->items[4]->number;

    int dtype = 0;
    for (; dtype < WICK_DTYPE_COUNT; dtype++) {
        char name[32];
        snprintf(name, sizeof name, "torch.%s", wk_storage_class[dtype]);
        if (wk_value_is(class, WK_GLOBAL, name))
            break;
    }
    if (dtype == WICK_DTYPE_COUNT)
        return wick_fail(WICK_ERROR_FILE,
                         "%s: it has a tensor on a %s; tensors of float32, float64, int64, uint8 and bool are "
                         "read",
                         r->where, wk_value_describe(class, (char[WK_VALUE_TEXT]){0}));

    zip_int64_t entry = find_entry(r, "data/", key->text, key->length);
    if (entry < 0)
        return wick_fail(WICK_ERROR_FILE, "%s: it has no entry data/%.*s, where a tensor's elements should be",
                         r->where, (int)(key->length < 100 ? key->length : 100), key->text);
    zip_uint64_t index = (zip_uint64_t)entry;
    wick_tensor *t = r->storages[index];
    if (t) {
        if (t->dtype == dtype && t->numel == numel)
            return t;
        return broken(r, "two tensors describe the storage that they share differently");
    }
    uint64_t bytes;
    if (!claim_entry(r, index, &bytes))
        return NULL;
    size_t element = wick_dtype_size((wick_dtype)dtype);
    if (bytes % element != 0 || bytes / element != (uint64_t)numel)
        return wick_fail(WICK_ERROR_FILE, "%s: data/%.*s should hold %lld elements of %zu bytes, and it has %llu bytes",
                         r->where, (int)key->length, key->text, (long long)numel, element, (unsigned long long)bytes);
    t = wk_new(&numel, 1, (wick_dtype)dtype);
    if (!t)
        return NULL;
    unsigned char *data = wk_data(t);
    if (!read_entry(r, index, data, (size_t)bytes)) {
        wk_unref(t);
        return NULL;
    }
    for (size_t i = 0; dtype == WICK_BOOL && i < bytes; i++) /* a C bool is 0 or 1 */
        data[i] = data[i] != 0;
    return r->storages[index] = t;
}

/* The numbers of a tuple; -1 if it is none, has too many, or a negative one. */
static int read_sizes(const wk_value *tuple, int64_t *sizes)
{
    if (tuple->kind != WK_TUPLE || tuple->count > WICK_MAX_DIMS)
        return -1;
    for (uint32_t i = 0; i < tuple->count; i++) {
        if (tuple->items[i]->kind != WK_INT || tuple->items[i]->number < 0)
            return -1;
        sizes[i] = tuple->items[i]->number;
    }
    return (int)tuple->count;
}

/* The number of elements; -1 if they are more than could be addressed. A size of 0 does not excuse the others. */
static int64_t count_elements(const int64_t *shape, int ndim)
{
    int64_t count = 1;
    bool empty = false;
    for (int dim = 0; dim < ndim; dim++) {
        if (shape[dim] == 0)
            empty = true;
        else if (count > INT64_MAX / 8 / shape[dim])
            return -1;
        else
            count *= shape[dim];
    }
    return empty ? 0 : count;
}

/* Whether offset + sum of (size - 1) stride, the last element's place, is below count. */
static bool lies_within(int64_t offset, const int64_t *shape, const int64_t *strides, int ndim, int64_t numel,
                        int64_t count)
{
    if (numel == 0)
        return offset <= count;
    if (offset >= count)
        return false;
    int64_t room = count - 1 - offset;
    for (int dim = 0; dim < ndim; dim++) {
        if (shape[dim] == 1 || strides[dim] == 0)
            continue;
        if (shape[dim] - 1 > room / strides[dim])
            return false;
        room -= (shape[dim] - 1) * strides[dim];
    }
    return true;
}

static bool calls(const wk_value *v, const char *function)
{
    return v->kind == WK_CALL && wk_value_is(v->items[0], WK_GLOBAL, function);
}

/* A new tensor from a call of _rebuild_tensor_v2, or of _rebuild_parameter around one. */
static wick_tensor *load_tensor(reader *r, const wk_value *v)
{
    bool requires_grad = false;
    if (calls(v, "torch._utils._rebuild_parameter")) { /* (tensor, requires_grad, hooks) */
        const wk_value *arguments = v->items[1];
        if (arguments->count < 2 || arguments->items[1]->kind != WK_TRUE_OR_FALSE)
            return broken(r, "a parameter is not described as torch.save describes it");
        v = arguments->items[0];
        requires_grad = arguments->items[1]->number != 0;
    }
    const wk_value *arguments = calls(v, "torch._utils._rebuild_tensor_v2") ? v->items[1] : NULL;
    if (!arguments || arguments->count < 6 || arguments->items[0]->kind != WK_PERSISTENT ||
        arguments->items[1]->kind != WK_INT || arguments->items[4]->kind != WK_TRUE_OR_FALSE)
        return broken(r, "a tensor is not described as torch.save describes it");
    requires_grad = requires_grad || arguments->items[4]->number;
    int64_t offset = arguments->items[1]->number;
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
    int ndim = read_sizes(arguments->items[2], shape);
    if (ndim < 0 || read_sizes(arguments->items[3], strides) != ndim || offset < 0)
        return broken(r, "a tensor's size, stride or offset is not what a tensor of at most 8 dimensions has");
    const wick_tensor *storage = load_storage(r, arguments->items[0]->items[0]);
    if (!storage)
        return NULL;
    int64_t numel = count_elements(shape, ndim);
    if (numel < 0)
        return wick_fail(WICK_ERROR_FILE, "%s: a tensor of size %s has more elements than can be addressed", r->where,
                         wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}));
    if (!lies_within(offset, shape, strides, ndim, numel, storage->numel))
        return wick_fail(WICK_ERROR_FILE,
                         "%s: a tensor of size %s and stride %s from element %lld on lies beyond its storage "
                         "of %lld elements",
                         r->where, wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}),
                         wk_shape_text(strides, ndim, (char[WK_SHAPE_TEXT]){0}), (long long)offset,
                         (long long)storage->numel);
    wick_tensor *t = wk_own(wk_alias(storage, shape, strides, ndim, offset));
    return t && requires_grad ? wick_requires_grad_(t, true) : t;
}

/* ---- The state dict ---------------------------------------------------------------------------------------------- */

static bool is_tensor(const wk_value *v)
{
    return calls(v, "torch._utils._rebuild_tensor_v2") || calls(v, "torch._utils._rebuild_parameter");
}

static const char *describe(const wk_value *v, char *text)
{
    return is_tensor(v) ? "a tensor" : wk_value_describe(v, text);
}

#define EXPECTED "wick_load reads state dicts, dicts of tensors: torch.save(model.state_dict(), path)"

/* The dict that root describes, owned by the innermost scope. */
static wick_dict *load_dict(reader *r, const wk_value *root)
{
    char text[WK_VALUE_TEXT] = "";
    if (root->kind != WK_MAPPING)
        return wick_fail(WICK_ERROR_FILE, "%s: it holds %s; " EXPECTED, r->where, describe(root, text));
    wick_dict *dict = wick_dict_new();
    for (uint32_t i = 0; dict && i < root->count; i += 2) {
        const wk_value *key = root->items[i], *value = root->items[i + 1];
        if (key->kind != WK_STRING || memchr(key->text, '\0', key->length))
            return wick_fail(WICK_ERROR_FILE, "%s: it has %s as a key; " EXPECTED, r->where,
                             key->kind == WK_STRING ? "a string with a zero byte" : describe(key, text));
        if (!is_tensor(value))
            return wick_fail(WICK_ERROR_FILE, "%s: it holds %s under '%.*s'; " EXPECTED, r->where,
                             describe(value, text), (int)(key->length < 200 ? key->length : 200), key->text);
        char *name = wk_string(key->text, key->length);
        wick_tensor *t = name ? load_tensor(r, value) : NULL;
        if (!t || !wick_dict_set(dict, name, t))
            return NULL;
    }
    return dict;
}

static bool check_byteorder(reader *r)
{
    zip_int64_t entry = find_entry(r, "", "byteorder", 9);
    if (entry < 0) /* as in files of PyTorch before 2.1 */
        return true;
    char text[8] = "";
    uint64_t size;
    if (!claim_entry(r, (zip_uint64_t)entry, &size))
        return false;
    if (size >= sizeof text) {
        broken(r, "its entry byteorder says neither little nor big");
        return false;
    }
    if (!read_entry(r, (zip_uint64_t)entry, text, (size_t)size))
        return false;
    if (strcmp(text, wk_byteorder()) == 0)
        return true;
    wick_fail(WICK_ERROR_FILE,
              "%s: its byte order is '%s', and this machine's is '%s'; save it again on such a machine", r->where, text,
              wk_byteorder());
    return false;
}

/* The entry data.pkl in the root folder, which it also finds; -1, with an error, if there is none. */
static zip_int64_t find_pickle(reader *r)
{
    for (size_t i = 0; i < r->entries; i++) {
        const char *name = zip_get_name(r->zip, i, ZIP_FL_ENC_RAW);
        const char *slash = name ? strchr(name, '/') : NULL;
        if (slash && strcmp(slash, "/data.pkl") == 0 && slash - name <= 1024) {
            r->root = name;
            r->root_length = (int)(slash - name);
            return (zip_int64_t)i;
        }
    }
    broken(r, "it is a zip file without data.pkl in its root folder, and so not one of torch.save");
    return -1;
}

static wick_dict *load_archive(reader *r)
{
    zip_int64_t entry = find_pickle(r);
    uint64_t size;
    if (entry < 0 || !check_byteorder(r) || !claim_entry(r, (zip_uint64_t)entry, &size))
        return NULL;
    if (size > PICKLE_MAX)
        return wick_fail(WICK_ERROR_FILE, "%s: its data.pkl has %llu bytes; at most %d are read", r->where,
                         (unsigned long long)size, PICKLE_MAX);
    unsigned char *bytes = wk_alloc((size_t)size);
    if (!bytes)
        return NULL;
    wick_dict *dict = NULL;
    if (read_entry(r, (zip_uint64_t)entry, bytes, (size_t)size)) {
        wk_pickle *pickle = wk_pickle_read(r->where, bytes, (size_t)size);
        if (pickle)
            dict = load_dict(r, wk_pickle_root(pickle));
        wk_pickle_free(pickle);
    }
    wk_free(bytes, (size_t)size);
    return dict;
}

/* The error for a file that is no archive; PyTorch's format before 1.6 is told by its magic number. */
static void *no_archive(const reader *r, const char *path, int code)
{
    static const unsigned char magic[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c,
                                          0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};
    unsigned char head[sizeof magic] = {0};
    FILE *file = fopen(path, "rb");
    if (file) {
        (void)!fread(head, 1, sizeof head, file);
        (void)fclose(file);
    }
    if (memcmp(head, magic, sizeof magic) == 0)
        return broken(
            r, "it is in PyTorch's old format; torch.save(..., _use_new_zipfile_serialization=True) writes the one "
               "that is read");
    if (code == ZIP_ER_NOZIP)
        return broken(r, "it is no zip archive, or a truncated one, and so not a file of torch.save");
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    wick_fail(WICK_ERROR_FILE, "%s: it cannot be opened: %s", r->where, zip_error_strerror(&error));
    zip_error_fini(&error);
    return NULL;
}

/* The number of bytes of a file; 0 if it cannot be told. */
static uint64_t file_bytes(const char *path)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_file_create(path, 0, -1, &error);
    zip_stat_t status;
    uint64_t bytes = 0;
    if (source && zip_source_stat(source, &status) == 0 && status.valid & ZIP_STAT_SIZE)
        bytes = status.size;
    zip_source_free(source);
    zip_error_fini(&error);
    return bytes;
}

wick_dict *wick_load(const char *path)
{
    if (!path)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_load: the path is NULL");
    size_t size = strlen(path) + 16;
    reader r = {.where = wk_alloc(size)};
    if (!r.where)
        return NULL;
    snprintf(r.where, size, "wick_load: '%s'", path);
    wick_dict *dict = NULL;
    int code;
    r.zip = zip_open(path, ZIP_RDONLY, &code);
    if (!r.zip) {
        no_archive(&r, path, code);
        goto done;
    }
    r.unread = file_bytes(path);
    r.entries = (size_t)zip_get_num_entries(r.zip, 0);
    r.storages = wk_alloc_zero(r.entries * sizeof *r.storages);
    if (r.storages) {
        WICK_SCOPE; /* of the tensors and names that the dict then holds */
        dict = wick_out(load_archive(&r));
    }
    for (size_t i = 0; r.storages && i < r.entries; i++)
        wk_unref(r.storages[i]);
    wk_free(r.storages, r.entries * sizeof *r.storages);
    zip_discard(r.zip);
done:
    wk_free(r.where, size);
    return dict;
}
#endif
