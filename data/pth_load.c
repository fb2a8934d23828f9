/* pth_load.c - reads the state dicts of torch.save; pth.c describes the format.
 *
 * pickle.c turns the pickle into a tree of values. Here the tree is checked against what a state dict looks like, and
 * every number in it against the bytes that are there, before a tensor is made. */
#include <stdio.h>
#include <string.h>

#include "../autograd/ops/pointwise.h"
#include "../nn/module.h"
#include "archive.h"
#include "data.h"
#include "pickle.h"
#include "pth.h"

#ifndef WICK_HAVE_LIBZIP
wick_dict *wick_load(const char *path)
{
    WK_ENTER;
    (void)path;
    return wk_no_libzip("wick_load");
}
#else

/* A pickle of more bytes than this describes no state dict: it would have some 200,000 tensors. And a packed one has
 * some 5 bytes for each of its own, not UNPACKED and more. */
enum { PICKLE_MAX = 1 << 24, UNPACKED = 64 };

typedef struct {
    wk_archive archive;
    const char *where;
    wk_pickle *pickle;
    wick_tensor **storages; /* by entry: (elements), or NULL as long as it was not read */
    wick_tensor **tensors;  /* those made, by the note of the call that makes them, less 1 */
    size_t tensor_count, tensor_capacity;
    bool swapped; /* its numbers begin at the other end than this machine's */
} reader;

static void *broken(const reader *r, const char *what) { return wick_fail(WICK_ERROR_FILE, "%s: %s", r->where, what); }

/* ---- Tensors ----------------------------------------------------------------------------------------------------- */

static void *other_dtype(const reader *r, const wk_value *what)
{
    return wick_fail(WICK_ERROR_FILE,
                     "%s: it has a tensor of %s; tensors of float32, float64, int64, uint8 and bool are read", r->where,
                     wk_value_describe(what, (char[WK_VALUE_TEXT]){0}));
}

/* Turns each number of count around. */
static void swap_bytes(unsigned char *data, int64_t count, size_t size)
{
    for (int64_t i = 0; i < count; i++, data += size) {
        for (size_t low = 0, high = size - 1; low < high; low++, high--) {
            unsigned char byte = data[low];
            data[low] = data[high];
            data[high] = byte;
        }
    }
}

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

    wick_dtype dtype = WICK_FLOAT32;
    for (; dtype <= WICK_BOOL; dtype++) {
        char name[32];
        snprintf(name, sizeof name, "torch.%s", wk_storage_class[WK_DTYPE_INDEX(dtype)]);
        if (wk_value_is(class, WK_GLOBAL, name))
            break;
    }
    if (dtype > WICK_BOOL)
        return other_dtype(r, class);

    int64_t index = wk_archive_find(&r->archive, "data/", key->text, key->length);
    if (index < 0)
        return index < -1
                   ? NULL
                   : wick_fail(WICK_ERROR_FILE, "%s: it has no entry data/%s, where a tensor's elements should be",
                               r->where, WK_SHOWN(key->text, key->length));
    wick_tensor *t = r->storages[index];
    if (t) {
        if (t->dtype == dtype && t->numel == numel)
            return t;
        return broken(r, "two tensors describe the storage that they share differently");
    }
    wk_archive_entry entry;
    if (!wk_archive_claim(&r->archive, index, &entry))
        return NULL;
    uint64_t bytes = entry.size;
    size_t element = wick_dtype_size(dtype);
    if (bytes % element != 0 || bytes / element != (uint64_t)numel)
        return wick_fail(WICK_ERROR_FILE, "%s: data/%s should hold %lld elements of %zu bytes, and it has %llu bytes",
                         r->where, WK_SHOWN(key->text, key->length), (long long)numel, element,
                         (unsigned long long)bytes);
    t = wk_new(&numel, 1, dtype);
    if (!t)
        return NULL;
    unsigned char *data = wk_data(t);
    if (!wk_archive_read(&r->archive, &entry, data)) {
        wk_unref(t);
        return NULL;
    }
    if (r->swapped)
        swap_bytes(data, numel, element);
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

/* ---- Calls that make tensors ----------------------------------------------------------------------------------------- */

static bool calls(const wk_value *v, const char *function)
{
    return v->kind == WK_CALL && wk_value_is(v->items[0], WK_GLOBAL, function);
}

/* Each makes the tensor of its arguments, owned by the innermost scope; NULL with an error. What an argument asks for is
 * done, or is an error. */
typedef wick_tensor *builder(reader *r, const wk_value *arguments);
static wick_tensor *load_tensor(reader *r, wk_value *call);
static builder rebuild_tensor, rebuild_other_dtype, rebuild_parameter, rebuild_from_type;

static const struct {
    const char *function;
    uint32_t least, most; /* arguments */
    builder *build;       /* NULL: not read */
    const char *what;
} builders[] = {
    {"torch._utils._rebuild_tensor_v2", 6, 7, rebuild_tensor, NULL},
    {"torch._utils._rebuild_tensor_v3", 7, 8, rebuild_other_dtype, NULL},
    {"torch._utils._rebuild_parameter", 3, 3, rebuild_parameter, NULL},
    {"torch._utils._rebuild_parameter_with_state", 4, 4, rebuild_parameter, NULL},
    {"torch._tensor._rebuild_from_type_v2", 4, 4, rebuild_from_type, NULL},
    {"torch._utils._rebuild_sparse_tensor", 0, 0, NULL, "a sparse tensor; to_dense() makes it one that is read"},
    {"torch._utils._rebuild_sparse_csr_tensor", 0, 0, NULL, "a sparse tensor; to_dense() makes it one that is read"},
    {"torch._utils._rebuild_nested_tensor", 0, 0, NULL, "a nested tensor"},
    {"torch._utils._rebuild_qtensor", 0, 0, NULL, "a quantized tensor; dequantize() makes it one that is read"},
    {"torch._utils._rebuild_meta_tensor_no_storage", 0, 0, NULL, "a tensor of the device meta, which has no elements"},
    {"torch._utils._rebuild_device_tensor_from_numpy", 0, 0, NULL,
     "a tensor of another library's device; cpu() makes it one that is read"},
    {"torch._utils._rebuild_device_tensor_from_cpu_tensor", 0, 0, NULL,
     "a tensor of another library's device; cpu() makes it one that is read"},
    {"torch._utils._rebuild_wrapper_subclass", 0, 0, NULL, "a tensor of a class of somebody's own"},
};
enum { BUILDERS = sizeof builders / sizeof *builders };

/* Which of them a call is of; BUILDERS if none. */
static int builder_of(const wk_value *v)
{
    int i = 0;
    while (i < BUILDERS && !calls(v, builders[i].function))
        i++;
    return i;
}

static bool is_tensor(const wk_value *v) { return builder_of(v) < BUILDERS; }

static bool is_bool(const wk_value *v) { return v->kind == WK_TRUE_OR_FALSE; }

/* Whether there are no hooks, which are functions of Python: an empty dict, or None. */
static bool has_no_hooks(const reader *r, const wk_value *hooks)
{
    if (hooks->kind == WK_NONE || (hooks->kind == WK_MAPPING && hooks->count == 0))
        return true;
    return broken(r, "it has a tensor with backward hooks, which are not read") != NULL;
}

/* The seventh argument, {'neg': True} of a view such as x.conj().imag, whose elements are the negative of those in the
 * storage. As in PyTorch the value under the key is not looked at. In PyTorch this tensor goes on to share its storage; here
 * it becomes one of its own. */
static wick_tensor *apply_metadata(reader *r, wick_tensor *t, const wk_value *metadata)
{
    if (metadata->kind == WK_NONE)
        return t;
    if (metadata->kind != WK_MAPPING)
        return broken(r, "a tensor is not described as torch.save describes it");
    bool negative = false;
    for (uint32_t i = 0; i < metadata->count; i += 2) {
        if (!wk_value_is(metadata->items[i], WK_STRING, "neg"))
            return broken(
                r, "it has a tensor whose metadata ask for something else than 'neg', which is all that is read");
        negative = true;
    }
    if (negative && wick_dtype_of(t) == WICK_BOOL)
        return broken(r, "it has a bool tensor that is to be negated");
    WICK_NO_GRAD;
    return negative ? wick_neg(t) : t;
}

/* (storage, offset, size, stride, requires_grad, hooks, metadata) */
static wick_tensor *rebuild_tensor(reader *r, const wk_value *arguments)
{
    wk_value *const *item = arguments->items;
    if (item[0]->kind != WK_PERSISTENT || item[1]->kind != WK_INT || !is_bool(item[4]))
        return broken(r, "a tensor is not described as torch.save describes it");
    int64_t offset = item[1]->number;
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
    int ndim = read_sizes(item[2], shape);
    if (ndim < 0 || read_sizes(item[3], strides) != ndim || offset < 0)
        return broken(r, "a tensor's size, stride or offset is not what a tensor of at most 8 dimensions has");
    const wick_tensor *storage = has_no_hooks(r, item[5]) ? load_storage(r, item[0]->items[0]) : NULL;
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
    if (t && arguments->count > 6)
        t = apply_metadata(r, t, item[6]);
    return t && item[4]->number ? wick_requires_grad_(t, true) : t;
}

/* (storage, offset, size, stride, requires_grad, hooks, dtype, metadata), for the dtypes that have no storage class */
static wick_tensor *rebuild_other_dtype(reader *r, const wk_value *arguments)
{
    return other_dtype(r, arguments->items[6]);
}

/* Attributes of an object of Python, (dict, slots), dict or None, have no meaning here. But the names of a tensor's own
 * properties would change it. */
static bool check_attributes(const reader *r, const wk_value *state)
{
    static const char *const own[] = {"data", "grad", "_grad", "requires_grad",
                                      "real", "imag", "names", "_backward_hooks"};
    if (state->kind == WK_NONE)
        return true;
    if (state->kind == WK_TUPLE && state->count == 2)
        return check_attributes(r, state->items[0]) && check_attributes(r, state->items[1]);
    if (state->kind != WK_MAPPING)
        return broken(r, "a tensor's attributes are not described as torch.save describes them") != NULL;
    for (uint32_t i = 0; i < state->count; i += 2)
        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            if (wk_value_is(state->items[i], WK_STRING, own[k])) {
                wick_fail(WICK_ERROR_FILE, "%s: it has a tensor whose .%s is set afterwards, which is not read",
                          r->where, own[k]);
                return false;
            }
    return true;
}

/* (tensor, requires_grad, hooks) and (tensor, requires_grad, hooks, attributes) */
static wick_tensor *rebuild_parameter(reader *r, const wk_value *arguments)
{
    const wk_value *tensor = arguments->items[0];
    int b = builder_of(tensor);
    if (!is_bool(arguments->items[1]) || b == BUILDERS || builders[b].build == rebuild_parameter ||
        builders[b].build == rebuild_from_type)
        return broken(r, "a parameter is not described as torch.save describes it");
    if (!has_no_hooks(r, arguments->items[2]) || (arguments->count > 3 && !check_attributes(r, arguments->items[3])))
        return NULL;
    wick_tensor *t = load_tensor(r, arguments->items[0]);
    /* what the parameter is made of may be shared with an entry that requires no gradient */
    t = t ? wk_own(wk_alias(t, t->shape, t->strides, t->ndim, t->offset)) : NULL;
    return t && arguments->items[1]->number ? wick_requires_grad_(t, true) : t;
}

/* (function, class, its arguments, attributes): a tensor with attributes of its own, or an nn.Buffer */
static wick_tensor *rebuild_from_type(reader *r, const wk_value *arguments)
{
    const wk_value *class = arguments->items[1];
    wk_value call = {.kind = WK_CALL, .items = (wk_value *[]){arguments->items[0], arguments->items[2]}, .count = 2};
    if (class->kind != WK_GLOBAL || call.items[1]->kind != WK_TUPLE || !is_tensor(&call) ||
        calls(&call, "torch._tensor._rebuild_from_type_v2"))
        return broken(r, "a tensor is not described as torch.save describes it");
    if (!wk_value_is(class, WK_GLOBAL, "torch.Tensor") && !wk_value_is(class, WK_GLOBAL, "torch.nn.parameter.Buffer") &&
        !wk_value_is(class, WK_GLOBAL, "torch.nn.parameter.Parameter"))
        return wick_fail(WICK_ERROR_FILE, "%s: it has a tensor of the class %s; torch.Tensor and nn.Parameter are read",
                         r->where, wk_value_describe(class, (char[WK_VALUE_TEXT]){0}));
    return check_attributes(r, arguments->items[3]) ? load_tensor(r, &call) : NULL;
}

/* The tensor that a call makes, which the innermost scope owns. The same call gives the same tensor. */
static wick_tensor *load_tensor(reader *r, wk_value *v)
{
    if (v->note)
        return r->tensors[v->note - 1];
    int b = builder_of(v);
    const wk_value *arguments = v->items[1];
    if (!builders[b].build)
        return wick_fail(WICK_ERROR_FILE, "%s: it has %s", r->where, builders[b].what);
    if (v->changed)
        return broken(r, "it has a tensor that is changed after it was made, which is not read");
    if (arguments->count < builders[b].least || arguments->count > builders[b].most)
        return broken(r, "a tensor is not described as torch.save describes it");
    wick_tensor *t = wk_pickle_spend(r->pickle, sizeof *t) ? builders[b].build(r, arguments) : NULL;
    if (!t || !WK_GROW(r->tensors, r->tensor_count, r->tensor_capacity))
        return NULL;
    r->tensors[r->tensor_count++] = t;
    v->note = (uint32_t)r->tensor_count;
    return t;
}

/* ---- The state dict ---------------------------------------------------------------------------------------------- */

static const char *describe(const wk_value *v, char *text)
{
    return is_tensor(v) ? "a tensor" : wk_value_describe(v, text);
}

#define EXPECTED "wick_load reads state dicts, dicts of tensors: torch.save(model.state_dict(), path)"

/* A key as the name of an entry, owned by the innermost scope; NULL with an error. */
static const char *load_name(const reader *r, const wk_value *key)
{
    char text[WK_VALUE_TEXT] = "";
    const char *wrong = NULL;
    if (key->kind != WK_STRING)
        wrong = describe(key, text);
    else if (memchr(key->text, '\0', key->length))
        wrong = "a string with a zero byte";
    else if (!wk_is_utf8(key->text, key->length))
        wrong = "a string that is not UTF-8";
    if (wrong)
        return wick_fail(WICK_ERROR_FILE, "%s: it has %s as a key; " EXPECTED, r->where, wrong);
    if (!wk_pickle_spend(r->pickle, key->length + 64))
        return NULL;
    return wk_string(key->text, key->length);
}

/* The versions of the modules that the dict is of: attributes {'_metadata': {'0.': {'version': 2}, ...}} of an OrderedDict,
 * by the names of modules. What else it has there means nothing to Wick. */
static bool load_versions(reader *r, wick_dict *dict, const wk_value *state)
{
    const wk_value *modules = NULL;
    wick_tensor *t = NULL; /* the version of the module before, which is mostly that of the next */
    if (state->kind != WK_MAPPING)
        return broken(r, "the attributes of its dict are no dict") != NULL;
    for (uint32_t i = 0; i < state->count; i += 2)
        if (wk_value_is(state->items[i], WK_STRING, "_metadata"))
            modules = state->items[i + 1];
    if (!modules || modules->kind == WK_NONE)
        return true;
    bool good = modules->kind == WK_MAPPING;
    for (uint32_t i = 0; good && i < modules->count; i += 2) {
        const wk_value *module = modules->items[i + 1], *version = NULL;
        if (modules->items[i]->kind == WK_ATTRIBUTES)
            continue;
        if (!(good = module->kind == WK_MAPPING))
            break;
        for (uint32_t k = 0; k < module->count; k += 2)
            if (wk_value_is(module->items[k], WK_STRING, "version"))
                version = module->items[k + 1];
        if (!version || version->kind == WK_NONE)
            continue;
        if (!(good = version->kind == WK_INT))
            break;
        const char *name = load_name(r, modules->items[i]);
        if (!t || wk_load_int(t, t->offset) != version->number)
            t = wk_pickle_spend(r->pickle, sizeof *t) ? wick_scalar_int(version->number) : NULL;
        if (!name || !t || !wk_names_set(&dict->versions, name, strlen(name), t))
            return false;
    }
    return good || broken(r, "its _metadata is not what torch.save writes");
}

/* The dict that root describes, owned by the innermost scope. */
static wick_dict *load_dict(reader *r, const wk_value *root)
{
    char text[WK_VALUE_TEXT] = "";
    if (root->kind != WK_MAPPING)
        return wick_fail(WICK_ERROR_FILE, "%s: it holds %s; " EXPECTED, r->where, describe(root, text));
    wick_dict *dict = wick_nn_dict_new();
    for (uint32_t i = 0; dict && i < root->count; i += 2) {
        const wk_value *key = root->items[i];
        wk_value *value = root->items[i + 1];
        if (key->kind == WK_ATTRIBUTES) {
            if (!load_versions(r, dict, value))
                return NULL;
            continue;
        }
        const char *name = load_name(r, key);
        if (!name)
            return NULL;
        if (!is_tensor(value))
            return wick_fail(WICK_ERROR_FILE, "%s: it holds %s under '%.200s'; " EXPECTED, r->where,
                             describe(value, text), name);
        wick_tensor *t = load_tensor(r, value);
        if (!t || !wick_nn_dict_set(dict, name, t))
            return NULL;
    }
    return dict;
}

/* Whether the numbers of the file are to be turned around. A file that does not say, as those of PyTorch before 2.1, is
 * taken for little-endian. */
static bool read_byteorder(reader *r)
{
    char text[8] = "little";
    int64_t index = wk_archive_find(&r->archive, "", "byteorder", 9);
    if (index < -1)
        return false;
    if (index >= 0) {
        wk_archive_entry entry;
        if (!wk_archive_claim(&r->archive, index, &entry))
            return false;
        memset(text, 0, sizeof text);
        if (entry.size < sizeof text && !wk_archive_read(&r->archive, &entry, text))
            return false;
    }
    r->swapped = strcmp(text, wk_byteorder()) != 0;
    if (strcmp(text, "little") != 0 && strcmp(text, "big") != 0) {
        broken(r, "its entry byteorder says neither little nor big");
        return false;
    }
    return true;
}

/* The pickle's bytes, allocated; NULL with an error. */
static unsigned char *read_pickle(reader *r, size_t *size)
{
    int64_t index = wk_archive_find(&r->archive, "", "data.pkl", 8);
    wk_archive_entry entry;
    if (index < 0 || !wk_archive_claim(&r->archive, index, &entry))
        return NULL;
    if (entry.size > PICKLE_MAX)
        return wick_fail(WICK_ERROR_FILE, "%s: its data.pkl has %llu bytes; at most %d are read", r->where,
                         (unsigned long long)entry.size, PICKLE_MAX);
    if (entry.size > 4096 && entry.size / UNPACKED > entry.packed)
        return wick_fail(
            WICK_ERROR_FILE,
            "%s: its data.pkl unpacks from %llu bytes to %llu, more than %d times as many, as no state dict "
            "does",
            r->where, (unsigned long long)entry.packed, (unsigned long long)entry.size, UNPACKED);
    unsigned char *bytes = wk_alloc(*size = (size_t)entry.size);
    if (bytes && !wk_archive_read(&r->archive, &entry, bytes)) {
        wk_free(bytes, *size);
        return NULL;
    }
    return bytes;
}

static wick_dict *load_archive(reader *r)
{
    size_t size = 0;
    unsigned char *bytes = read_byteorder(r) ? read_pickle(r, &size) : NULL;
    if (!bytes)
        return NULL;
    wick_dict *dict = NULL;
    r->pickle = wk_pickle_read(r->where, bytes, size);
    if (r->pickle)
        dict = load_dict(r, wk_pickle_root(r->pickle));
    wk_pickle_free(r->pickle);
    wk_free(bytes, size);
    return dict;
}

wick_dict *wick_load(const char *path)
{
    WK_ENTER;
    if (!path)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_load: the path is NULL");
    size_t size = strlen(path) + 16;
    char *where = wk_alloc(size);
    if (!where)
        return NULL;
    snprintf(where, size, "wick_load: '%s'", path);
    wick_dict *dict = NULL;
    reader r = {.where = where};
    if (wk_archive_open(&r.archive, where, path)) {
        size_t bytes = (size_t)r.archive.entries * sizeof *r.storages;
        WICK_SCOPE; /* of the tensors and names that the dict then holds */
        r.storages = wk_alloc_zero(bytes);
        if (r.storages)
            dict = wick_out(load_archive(&r));
        for (uint64_t i = 0; r.storages && i < r.archive.entries; i++)
            wk_unref(r.storages[i]);
        wk_free(r.storages, bytes);
        wk_free(r.tensors, r.tensor_capacity * sizeof *r.tensors);
    }
    wk_archive_close(&r.archive);
    wk_free(where, size);
    return dict;
}
#endif
