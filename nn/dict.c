/* dict.c - named objects in order of insertion, with an index by hash; and wick_dict, which is such a map of tensors.
 *
 * Entries are seldom removed: the index has no tombstones, and is made anew then. */
#include <string.h>

#include "module.h"

/* ---- The map ----------------------------------------------------------------------------------------------------- */

/* FNV-1a. http://www.isthe.com/chongo/tech/comp/fnv/ */
static size_t hash(const char *name, size_t length)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)name[i]) * 1099511628211u;
    return (size_t)(h ^ (h >> 32));
}

static wk_entry *find(const wk_names *names, const char *name, size_t length)
{
    if (names->count == 0)
        return NULL;
    size_t mask = names->index_size - 1;
    for (size_t i = hash(name, length) & mask; names->index[i]; i = (i + 1) & mask) {
        wk_entry *e = &names->entry[names->index[i] - 1];
        if (e->length == length && memcmp(e->name, name, length) == 0)
            return e;
    }
    return NULL;
}

static void index_entry(size_t *index, size_t size, const wk_entry *e, size_t position)
{
    size_t i = hash(e->name, e->length) & (size - 1);
    while (index[i])
        i = (i + 1) & (size - 1);
    index[i] = position + 1;
}

/* Makes room in the index for one more entry; it stays at least half empty. */
static bool grow_index(wk_names *names)
{
    if (names->count < names->index_size / 2)
        return true;
    size_t size = names->index_size ? names->index_size * 2 : 8;
    size_t *index = wk_alloc_zero(size * sizeof *index);
    if (!index)
        return false;
    for (size_t i = 0; i < names->count; i++)
        index_entry(index, size, &names->entry[i], i);
    wk_free(names->index, names->index_size * sizeof *index);
    names->index = index;
    names->index_size = size;
    return true;
}

void *wk_names_find(const wk_names *names, const char *name, size_t length)
{
    const wk_entry *e = find(names, name, length);
    return e ? e->object : NULL;
}

bool wk_names_set(wk_names *names, const char *name, size_t length, void *object)
{
    wk_entry *e = find(names, name, length);
    if (e) {
        void *before = e->object;
        e->object = wk_ref(object);
        wk_unref(before);
        return true;
    }
    if (!WK_GROW(names->entry, names->count, names->capacity) || !grow_index(names))
        return false;
    char *copy = wk_alloc(length + 1);
    if (!copy)
        return false;
    memcpy(copy, name, length);
    copy[length] = '\0';
    names->entry[names->count] = (wk_entry){copy, length, wk_ref(object), false};
    index_entry(names->index, names->index_size, &names->entry[names->count], names->count);
    names->count++;
    return true;
}

void wk_names_remove(wk_names *names, const char *name, size_t length)
{
    wk_entry *e = find(names, name, length);
    if (!e)
        return;
    wk_entry gone = *e;
    memmove(e, e + 1, (size_t)(names->entry + names->count - (e + 1)) * sizeof *e);
    names->count--;
    memset(names->index, 0, names->index_size * sizeof *names->index);
    for (size_t i = 0; i < names->count; i++)
        index_entry(names->index, names->index_size, &names->entry[i], i);
    wk_free(gone.name, gone.length + 1);
    wk_unref(gone.object);
}

void wk_names_cut(wk_names *names, size_t count)
{
    if (names->count <= count)
        return;
    while (names->count > count) {
        wk_entry *last = &names->entry[--names->count];
        wk_unref(last->object);
        wk_free(last->name, last->length + 1);
    }
    memset(names->index, 0, names->index_size * sizeof *names->index);
    for (size_t i = 0; i < names->count; i++)
        index_entry(names->index, names->index_size, &names->entry[i], i);
}

void wk_names_clear(wk_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        wk_unref(names->entry[i].object);
        wk_free(names->entry[i].name, names->entry[i].length + 1);
    }
    wk_free(names->entry, names->capacity * sizeof *names->entry);
    wk_free(names->index, names->index_size * sizeof *names->index);
    *names = (wk_names){0};
}

/* ---- The dict ---------------------------------------------------------------------------------------------------- */

static void dict_destroy(wick_object *object)
{
    wick_dict *dict = (wick_dict *)object;
    wk_names_clear(&dict->names);
    wk_names_clear(&dict->versions);
    wk_free(dict, sizeof *dict);
}

const wk_class wk_dict_class = {"dict", dict_destroy};

wick_dict *wk_dict_new(void)
{
    wick_dict *dict = wk_alloc_zero(sizeof *dict);
    if (dict)
        wk_object_init(&dict->base, &wk_dict_class);
    return dict;
}

wick_dict *wick_nn_dict_new(void)
{
    WK_ENTER;
    return wk_own(wk_dict_new());
}

bool wick_nn_dict_set(wick_dict *dict, const char *name, wick_tensor *tensor)
{
    WK_ENTER;
    if (!WK_DICT(dict, "wick_nn_dict_set", "dict") || !WK_TENSOR(tensor, "wick_nn_dict_set", "tensor"))
        return false;
    if (!name)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_nn_dict_set: name is NULL; an entry needs a name") != NULL;
    return wk_names_set(&dict->names, name, strlen(name), tensor);
}

wick_dict *wick_nn_dict_n(const wick_named_tensor *tensors, int count)
{
    WK_ENTER;
    if (count < 0 || (count && !tensors))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_nn_dict: %d tensors", count);
    WICK_SCOPE;
    wick_dict *dict = wick_nn_dict_new();
    for (int i = 0; dict && i < count; i++)
        if (!wick_nn_dict_set(dict, tensors[i].name, tensors[i].tensor))
            return NULL;
    return wick_out(dict);
}

wick_tensor *wick_nn_dict_get(const wick_dict *dict, const char *name)
{
    WK_ENTER;
    if (!WK_DICT(dict, "wick_nn_dict_get", "dict") || !name)
        return NULL;
    return wk_names_find(&dict->names, name, strlen(name));
}

long long wick_nn_dict_count(const wick_dict *dict)
{
    WK_ENTER;
    return dict && WK_DICT(dict, "wick_nn_dict_count", "dict") ? (int64_t)dict->names.count : 0;
}

static const wk_entry *entry_at(const wick_dict *dict, int64_t i, const char *function)
{
    if (!WK_DICT(dict, function, "dict") || i < 0 || (uint64_t)i >= dict->names.count)
        return NULL;
    return &dict->names.entry[i];
}

const char *wick_nn_dict_name(const wick_dict *dict, int64_t i)
{
    WK_ENTER;
    const wk_entry *e = entry_at(dict, i, "wick_nn_dict_name");
    return e ? e->name : NULL;
}

wick_tensor *wick_nn_dict_tensor(const wick_dict *dict, int64_t i)
{
    WK_ENTER;
    const wk_entry *e = entry_at(dict, i, "wick_nn_dict_tensor");
    return e ? e->object : NULL;
}

wick_list *wick_nn_dict_tensors(const wick_dict *dict)
{
    WK_ENTER;
    if (!WK_DICT(dict, "wick_nn_dict_tensors", "dict"))
        return NULL;
    size_t count = dict->names.count;
    wick_tensor **tensors = wk_alloc(count * sizeof *tensors);
    if (!tensors)
        return NULL;
    for (size_t i = 0; i < count; i++)
        tensors[i] = dict->names.entry[i].object;
    wick_list *list = wick_list_n(tensors, (int64_t)count);
    wk_free(tensors, count * sizeof *tensors);
    return list;
}
