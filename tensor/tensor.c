/* tensor.c - the tensor: a view on a storage. Its life, what can be asked of it, and its single elements. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "kernels.h"
#include "tensor_struct.h"
#include "thread.h"

/* ---- Storage ------------------------------------------------------------------------------------------------------------- */

#define STORAGE_HEADER ((sizeof(wk_storage) + 63) / 64 * 64)

static wk_storage *storage_new(size_t bytes)
{
    if (bytes > SIZE_MAX - STORAGE_HEADER)
        return wick_fail(WICK_ERROR_MEMORY, "out of memory: %zu bytes could not be allocated", bytes);
    wk_storage *s = wk_alloc(STORAGE_HEADER + bytes);
    if (!s)
        return NULL;
    atomic_init(&s->refs, 1);
    atomic_init(&s->version, 0);
    atomic_init(&s->written, NULL);
    atomic_init(&s->written_at, NULL);
    atomic_init(&s->written_by, NULL);
    s->bytes = bytes;
    s->data = (unsigned char *)s + STORAGE_HEADER;
    return s;
}

static void storage_unref(wk_storage *s)
{
    if (s && atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1)
        wk_free(s, STORAGE_HEADER + s->bytes);
}

void wk_bump_version(wick_tensor *t, const char *operation)
{
    const wk_site site = wk_this_thread.site;
    atomic_store_explicit(&t->storage->written, operation, memory_order_relaxed);
    atomic_store_explicit(&t->storage->written_at, site.address, memory_order_relaxed);
    atomic_store_explicit(&t->storage->written_by, site.function, memory_order_relaxed);
    atomic_fetch_add_explicit(&t->storage->version, 1, memory_order_relaxed);
}

/* ---- Life ------------------------------------------------------------------------------------------------------------------ */

static void tensor_destroy(wick_object *object)
{
    wick_tensor *t = (wick_tensor *)object;
    if (t->grad_fn || t->grad || t->view_of || atomic_load_explicit(&t->accumulate, memory_order_relaxed))
        wk_tensor_dies(t);
    storage_unref(t->storage);
    if (t->watched)
        wk_debug_died(&t->base);
    wk_free(t, sizeof *t);
}

const wk_class wk_tensor_class = {"tensor", tensor_destroy};
const wk_class wk_uninitialized_class = {"uninitialized parameter", tensor_destroy};

/* A tensor on storage, whose reference it takes; drops it if there is no memory. Shape and strides are for the caller. */
static inline wick_tensor *tensor_new(wk_storage *storage, int ndim, wick_dtype dtype, int64_t offset)
{
    if (!storage)
        return NULL;
    wick_tensor *t = wk_alloc(sizeof *t);
    if (!t) {
        storage_unref(storage);
        return NULL;
    }
    wk_object_init(&t->base, &wk_tensor_class);
    t->storage = storage;
    t->offset = offset;
    t->ndim = (uint8_t)ndim;
    t->dtype = dtype;
    t->is_number = t->is_parameter = t->no_grad_view = t->requires_grad = t->retains_grad = false;
    t->grad = NULL;
    t->grad_fn = NULL;
    atomic_init(&t->accumulate, NULL);
    t->view_of = NULL;
    t->view_history = 0;
    t->draw = 0;
    t->watched = wk_debug_scopes();
    if (t->watched)
        wk_debug_born(&t->base);
    return t;
}

wick_tensor *wk_new(const int64_t *shape, int ndim, wick_dtype dtype)
{
    int64_t numel;
    if (!wk_check_shape("empty", shape, ndim, dtype, &numel))
        return NULL;
    wick_tensor *t = tensor_new(storage_new((size_t)(numel * wk_element_size(dtype))), ndim, dtype, 0);
    if (!t)
        return NULL;
    int64_t stride = 1;
    for (int i = ndim - 1; i >= 0; i--) { /* as wk_contiguous_strides */
        t->shape[i] = shape[i];
        t->strides[i] = stride;
        stride *= shape[i] ? shape[i] : 1;
    }
    t->numel = numel;
    t->contiguous = true;
    return t;
}

wick_tensor *wk_new_like(const wick_tensor *t) { return wk_new(t->shape, t->ndim, t->dtype); }

wick_tensor *wk_alias(const wick_tensor *t, const int64_t *shape, const int64_t *strides, int ndim, int64_t offset)
{
    atomic_fetch_add_explicit(&t->storage->refs, 1, memory_order_relaxed);
    wick_tensor *alias = tensor_new(t->storage, ndim, t->dtype, offset);
    if (!alias)
        return NULL;
    for (int i = 0; i < ndim; i++) {
        alias->shape[i] = shape[i];
        alias->strides[i] = strides[i];
    }
    alias->is_number = t->is_number;
    wk_update_layout(alias);
    return alias;
}

wick_tensor *wk_cast(const wick_tensor *t, wick_dtype dtype)
{
    if (t->dtype == dtype)
        return wk_ref((wick_tensor *)t);
    wick_tensor *copy = wk_new(t->shape, t->ndim, dtype);
    if (copy)
        wk_copy(copy, t);
    return copy;
}

wick_tensor *wk_contiguous(const wick_tensor *t)
{
    if (t->contiguous)
        return wk_ref((wick_tensor *)t);
    wick_tensor *copy = wk_new_like(t);
    if (copy)
        wk_copy(copy, t);
    return copy;
}

/* ---- Asking ---------------------------------------------------------------------------------------------------------------- */

int wick_ndim(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_ndim", "t") ? t->ndim : 0;
}
long long wick_numel(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_numel", "t") ? t->numel : 0;
}
const int64_t *wick_shape(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_shape", "t") ? t->shape : NULL;
}
const int64_t *wick_strides(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_strides", "t") ? t->strides : NULL;
}
bool wick_is_contiguous(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_is_contiguous", "t") && t->contiguous;
}

long long wick_storage_offset(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_storage_offset", "t") ? t->offset : 0;
}

wick_dtype wick_dtype_of(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_dtype_of", "t") ? t->dtype : WICK_DTYPE_AUTO;
}

long long wick_size(const wick_tensor *t, int dim)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_size", "t"))
        return -1;
    int d = wk_wrap_dim("wick_size", dim, t->ndim);
    if (d >= 0 && t->ndim == 0)
        wick_fail(WICK_ERROR_INDEX, "wick_size: a 0-dimensional tensor has no dimension %d", dim);
    return d < 0 || t->ndim == 0 ? -1 : t->shape[d];
}

bool wick_same_storage(const wick_tensor *a, const wick_tensor *b)
{
    WK_ENTER;
    return WK_TENSOR(a, "wick_same_storage", "a") && WK_TENSOR(b, "wick_same_storage", "b") && a->storage == b->storage;
}

unsigned wick_version(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_version", "t") ? atomic_load(&t->storage->version) : 0;
}

wick_device wick_device_of(const wick_tensor *t)
{
    WK_ENTER;
    (void)WK_TENSOR(t, "wick_device_of", "t");
    return wick_cpu();
}

bool wick_equal(const wick_tensor *a, const wick_tensor *b)
{
    WK_ENTER;
    if (!WK_TENSOR(a, "wick_equal", "a") || !WK_TENSOR(b, "wick_equal", "b") || !wk_same_shape(a, b) ||
        a->dtype != b->dtype)
        return false;
    int64_t index[WICK_MAX_DIMS] = {0}, at[2] = {a->offset, b->offset};
    const int64_t *const strides[2] = {a->strides, b->strides};
    bool same = true;
    for (int64_t n = 0; same && n < a->numel; n++) {
        same = a->dtype == WICK_INT64 ? wk_load_int(a, at[0]) == wk_load_int(b, at[1])
                                      : wk_load(a, at[0]) == wk_load(b, at[1]);
        wk_next(a->shape, a->ndim, index, 2, strides, at);
    }
    return same;
}

void *wick_data_ptr(wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_data_ptr", "t") ? wk_data(t) : NULL;
}

static void *data_as(wick_tensor *t, wick_dtype dtype)
{
    if (!WK_TENSOR(t, "wick_data", "t"))
        return NULL;
    if (t->dtype != dtype)
        return wick_fail(WICK_ERROR_DTYPE, "wick_data_%s: the tensor is %s; convert it with wick_to(t, dtype)",
                         wick_dtype_name(dtype), wick_dtype_name(t->dtype));
    return wk_data(t);
}

float *wick_data_float32(wick_tensor *t)
{
    WK_ENTER;
    return data_as(t, WICK_FLOAT32);
}
double *wick_data_float64(wick_tensor *t)
{
    WK_ENTER;
    return data_as(t, WICK_FLOAT64);
}
int64_t *wick_data_int64(wick_tensor *t)
{
    WK_ENTER;
    return data_as(t, WICK_INT64);
}
uint8_t *wick_data_uint8(wick_tensor *t)
{
    WK_ENTER;
    return data_as(t, WICK_UINT8);
}
bool *wick_data_bool(wick_tensor *t)
{
    WK_ENTER;
    return data_as(t, WICK_BOOL);
}

/* ---- Single elements ------------------------------------------------------------------------------------------------------- */

double wk_load(const wick_tensor *t, int64_t at)
{
    const void *data = t->storage->data;
    switch (t->dtype) {
#define CASE(enumerator, value, type, name) \
    case enumerator: return (double)((const type *)data)[at];
        WICK_DTYPES(CASE)
#undef CASE
    default: return NAN;
    }
}

int64_t wk_load_int(const wick_tensor *t, int64_t at)
{
    if (t->dtype == WICK_INT64)
        return ((const int64_t *)(const void *)t->storage->data)[at];
    double value = wk_load(t, at);
    if (value != value)
        return 0;
    return value >= 9223372036854775808.0 ? INT64_MAX : value < -9223372036854775808.0 ? INT64_MIN : (int64_t)value;
}

void wk_store(wick_tensor *t, int64_t at, double value) { wk_store_number(t, at, wick_number_float(value)); }

wick_number wk_load_number(const wick_tensor *t, int64_t at)
{
    if (wick_dtype_is_floating(t->dtype))
        return wick_number_float(wk_load(t, at));
    return t->dtype == WICK_BOOL ? wick_number_bool(wk_load(t, at) != 0) : wick_number_int(wk_load_int(t, at));
}

void wk_store_number(wick_tensor *t, int64_t at, wick_number value)
{
    const wick_dtype dtype = t->dtype;
    wk_write_number(t->storage->data + at * wk_element_size(dtype), dtype, value);
}

/* The position of the only element; false, with an error, if there is none or more than one. */
static bool one_element(const wick_tensor *t, const char *function)
{
    if (!WK_TENSOR(t, function, "t"))
        return false;
    if (t->numel != 1)
        wick_fail(WICK_ERROR_SHAPE, "%s: a tensor with %lld elements, shape %s, cannot become a number", function,
                  (long long)t->numel, WK_SHAPE(t));
    return t->numel == 1;
}

double wick_item(const wick_tensor *t)
{
    WK_ENTER;
    return one_element(t, "wick_item") ? wk_load(t, t->offset) : (double)NAN;
}

long long wick_item_int(const wick_tensor *t)
{
    WK_ENTER;
    return one_element(t, "wick_item_int") ? wk_load_int(t, t->offset) : 0;
}

/* The position of an element in the storage; false, with an error, for indices that do not fit. */
static bool position(const char *function, const wick_tensor *t, const int64_t *index, int count, int64_t *at)
{
    if (!WK_TENSOR(t, function, "t"))
        return false;
    if (count != t->ndim || (count && !index)) {
        wick_fail(WICK_ERROR_INDEX, "%s: %d indices for a tensor of shape %s; give one per dimension", function, count,
                  WK_SHAPE(t));
        return false;
    }
    *at = t->offset;
    for (int d = 0; d < count; d++) {
        int64_t i = index[d] < 0 ? index[d] + t->shape[d] : index[d];
        if (i < 0 || i >= t->shape[d]) {
            wick_fail(WICK_ERROR_INDEX, "%s: index %lld is out of bounds for dimension %d with size %lld", function,
                      (long long)index[d], d, (long long)t->shape[d]);
            return false;
        }
        *at += i * t->strides[d];
    }
    return true;
}

double wick_get_n(const wick_tensor *t, const int64_t *index, int count)
{
    WK_ENTER;
    int64_t at;
    return position("wick_get", t, index, count, &at) ? wk_load(t, at) : (double)NAN;
}

long long wick_get_int_n(const wick_tensor *t, const int64_t *index, int count)
{
    WK_ENTER;
    int64_t at;
    return position("wick_get_int", t, index, count, &at) ? wk_load_int(t, at) : 0;
}

bool wick_set_n(wick_tensor *t, wick_number value, const int64_t *index, int count)
{
    WK_ENTER;
    int64_t at;
    if (!position("wick_set", t, index, count, &at) || !wk_check_number("wick_set", value, t->dtype))
        return false;
    wk_store_number(t, at, value);
    wk_bump_version(t, "wick_set");
    return true;
}

/* ---- Whole contents --------------------------------------------------------------------------------------------------------- */

bool wk_copy(wick_tensor *dst, const wick_tensor *src)
{
    if (dst->numel == 0)
        return true;
    wk_map_loop(wk_cpu()->cast[WK_DTYPE_INDEX(src->dtype)][WK_DTYPE_INDEX(dst->dtype)], dst, 1, &src, NULL);
    return true;
}

bool wk_copy_at(wick_tensor *dst, int64_t offset, const int64_t *strides, const wick_tensor *src)
{
    wick_tensor *there = wk_alias(dst, src->shape, strides, src->ndim, offset);
    if (there)
        wk_copy(there, src);
    wk_unref(there);
    return there != NULL;
}

void wk_fill(wick_tensor *t, double value) { wk_fill_number(t, wick_number_float(value)); }

void wk_fill_number(wick_tensor *t, wick_number value)
{
    if (t->numel == 0)
        return;
    const bool zero = value.kind == WICK_NUMBER_FLOAT ? value.real == 0 && !signbit(value.real) : value.integer == 0;
    if (zero && t->contiguous) {
        memset(wk_data(t), 0, (size_t)(t->numel * wk_element_size(t->dtype)));
        return;
    }
    /* A 0-dimensional tensor on the stack as the source of a broadcasting copy. */
    union {
        double align;
        unsigned char bytes[8];
    } element = {0};
    wk_storage storage = {.bytes = sizeof element, .data = element.bytes};
    wick_tensor source = {.base = {.cls = &wk_tensor_class}, .storage = &storage, .numel = 1, .dtype = t->dtype};
    source.contiguous = true;
    wk_store_number(&source, 0, value);
    const wick_tensor *input = &source;
    wk_map_loop(wk_cpu()->cast[WK_DTYPE_INDEX(t->dtype)][WK_DTYPE_INDEX(t->dtype)], t, 1, &input, NULL);
}
