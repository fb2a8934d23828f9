/* list.c - lists of tensors.
 *
 * A list has its items right behind it, as most lists never grow. One that is appended to moves to blocks of twice the size;
 * the blocks before stay until the list goes, so that what reads items while a user's function runs (hooks, forwards) need
 * not know whether that function appends. */
#include "tensor_struct.h"

/* A block that a list moved to. */
struct wk_list_block {
    wk_list_block *before;
    size_t size;
    wick_tensor *items[];
};

static size_t list_size(int64_t count)
{
    const size_t bytes = wk_bytes(count, sizeof(wick_tensor *));
    return bytes < SIZE_MAX - sizeof(wick_list) ? sizeof(wick_list) + bytes : SIZE_MAX;
}

static void list_destroy(wick_object *object)
{
    wick_list *list = (wick_list *)object;
    for (int64_t i = 0; i < list->count; i++)
        wk_unref(list->items[i]);
    for (wk_list_block *block = list->block, *before; block; block = before) {
        before = block->before;
        wk_free(block, block->size);
    }
    wk_free(list, list_size(list->own_count));
}

const wk_class wk_list_class = {"list", list_destroy};

wick_list *wk_list_with_holes(wick_tensor *const *items, int64_t count)
{
    wick_list *list = wk_alloc(list_size(count));
    if (!list)
        return NULL;
    wk_object_init(&list->base, &wk_list_class);
    list->count = list->own_count = list->capacity = count;
    list->block = NULL;
    list->items = list->own;
    list->has_holes = false;
    for (int64_t i = 0; i < count; i++) {
        list->items[i] = wk_ref(items[i]);
        list->has_holes |= !items[i];
    }
    return wk_own(list);
}

wick_list *wick_list_n(wick_tensor *const *tensors, int64_t count)
{
    WK_ENTER;
    if (count < 0 || count > INT32_MAX || (count && !tensors))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_list: %lld tensors", (long long)count);
    for (int64_t i = 0; i < count; i++)
        if (!WK_TENSOR(tensors[i], "wick_list", "a member"))
            return NULL;
    return wk_list_with_holes(tensors, count);
}

bool wk_check_list(const wick_list *list, const char *function, const char *name)
{
    if (!wk_check(list, &wk_list_class, function, name))
        return false;
    for (int64_t i = 0; list->has_holes && i < list->count; i++)
        if (!list->items[i]) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: item %lld of %s is NULL: there is no such gradient", function,
                      (long long)i, name);
            return false;
        }
    return true;
}

long long wick_list_count(const wick_list *list)
{
    WK_ENTER;
    return list && WK_LIST_OR_HOLES(list, "wick_list_count", "list") ? list->count : 0;
}

wick_tensor *wick_list_get(const wick_list *list, int64_t i)
{
    WK_ENTER;
    if (!WK_LIST_OR_HOLES(list, "wick_list_get", "list"))
        return NULL;
    if (i < -list->count || i >= list->count)
        return wick_fail(WICK_ERROR_INDEX, "wick_list_get: index %lld of a list of %lld", (long long)i,
                         (long long)list->count);
    return list->items[i < 0 ? i + list->count : i];
}

/* ---- Growing ----------------------------------------------------------------------------------------------------- */

/* Makes room for more items; false, with nothing changed, if there is none. */
static bool reserve(const char *function, wick_list *list, int64_t more)
{
    if (more <= list->capacity - list->count)
        return true;
    if (more > INT32_MAX - list->count)
        return wick_fail(WICK_ERROR_MEMORY, "%s: a list of more than %d tensors", function, INT32_MAX) != NULL;
    int64_t capacity = 2 * list->count > list->count + more ? 2 * list->count : list->count + more;
    capacity = capacity < 8 ? 8 : capacity;
    size_t size = sizeof(wk_list_block) + (size_t)capacity * sizeof(wick_tensor *);
    wk_list_block *block = wk_alloc(size);
    if (!block)
        return false;
    block->before = list->block;
    block->size = size;
    for (int64_t i = 0; i < list->count; i++)
        block->items[i] = list->items[i];
    list->block = block;
    list->items = block->items;
    list->capacity = capacity;
    return true;
}

bool wick_list_append(wick_list *list, wick_tensor *tensor)
{
    WK_ENTER;
    const char *function = "wick_list_append";
    if (!WK_LIST_OR_HOLES(list, function, "list") || !WK_TENSOR(tensor, function, "tensor") ||
        !reserve(function, list, 1))
        return false;
    list->items[list->count++] = wk_ref(tensor);
    return true;
}

bool wick_list_extend(wick_list *list, const wick_list *other)
{
    WK_ENTER;
    const char *function = "wick_list_extend";
    if (!WK_LIST_OR_HOLES(list, function, "list") || !WK_LIST_OR_HOLES(other, function, "other"))
        return false;
    const int64_t count = other->count; /* as it is now: other may be list */
    if (!reserve(function, list, count))
        return false;
    for (int64_t i = 0; i < count; i++)
        list->items[list->count++] = wk_ref(other->items[i]);
    list->has_holes |= other->has_holes;
    return true;
}

wick_list *wick_list_join(const wick_list *a, const wick_list *b)
{
    WK_ENTER;
    const char *function = "wick_list_join";
    if (!WK_LIST_OR_HOLES(a, function, "a") || !WK_LIST_OR_HOLES(b, function, "b"))
        return NULL;
    WICK_SCOPE;
    wick_list *joined = wk_list_with_holes(a->items, a->count);
    return joined && wick_list_extend(joined, b) ? wick_out(joined) : NULL;
}

/* ---- Reading all of it ------------------------------------------------------------------------------------------- */

bool wick_list_unpack_n(const wick_list *list, wick_tensor **const *tensors, int count)
{
    WK_ENTER;
    const char *function = "wick_list_unpack";
    if (count < 0 || (count && !tensors))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d places to unpack to", function, count) != NULL;
    for (int i = 0; i < count; i++)
        if (!tensors[i])
            return wick_fail(WICK_ERROR_ARGUMENT, "%s: place %d is NULL; give the address of a wick_tensor *", function,
                             i) != NULL;
    for (int i = 0; i < count; i++)
        *tensors[i] = NULL;
    if (!WK_LIST_OR_HOLES(list, function, "list"))
        return false;
    if (list->count != count)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %s values to unpack (expected %d, got %lld)", function,
                         list->count > count ? "too many" : "not enough", count, (long long)list->count) != NULL;
    for (int i = 0; i < count; i++)
        *tensors[i] = list->items[i];
    return true;
}

wick_list_each wick_list_each_(const wick_list *list)
{
    WK_ENTER;
    bool usable = list && WK_LIST_OR_HOLES(list, "WICK_FOR_EACH", "list");
    return (wick_list_each){.list_ = usable ? list : NULL};
}

bool wick_list_next_(wick_list_each *each)
{
    if (!each->list_ || each->open_ || each->next_ >= each->list_->count) /* open: left by break */
        return false;
    each->item_ = each->list_->items[each->next_++];
    return each->open_ = true;
}
