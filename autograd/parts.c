/* parts.c - see parts.h. */
#include "parts.h"

#include <string.h>

#include "../tensor/kernels.h"

/* ---- Loops: n parts, each of bytes (or, where they are added, of elements) -------------------------------------------------- */

#define TAKE(type)                                                                   \
    static void take_##type(int64_t n, const int64_t *p, const void *from, void *to) \
    {                                                                                \
        const type *x = from;                                                        \
        type *y = to;                                                                \
        for (int64_t i = 0; i < n; i++)                                              \
            y[i] = p[i] < 0 ? 0 : x[p[i]];                                           \
    }
TAKE(uint8_t)
TAKE(uint32_t)
TAKE(uint64_t)

static void take_parts(int64_t n, const int64_t *p, size_t bytes, const char *from, char *to)
{
    if (bytes == 1)
        take_uint8_t(n, p, from, to);
    else if (bytes == 4)
        take_uint32_t(n, p, from, to);
    else if (bytes == 8)
        take_uint64_t(n, p, from, to);
    else
        for (int64_t i = 0; i < n; i++) {
            if (p[i] < 0)
                memset(to + (size_t)i * bytes, 0, bytes);
            else
                memcpy(to + (size_t)i * bytes, from + (size_t)p[i] * bytes, bytes);
        }
}

#define WRITE(type)                                                                   \
    static void write_##type(int64_t n, const int64_t *p, const void *from, void *to) \
    {                                                                                 \
        const type *x = from;                                                         \
        type *y = to;                                                                 \
        for (int64_t i = 0; i < n; i++)                                               \
            if (p[i] >= 0)                                                            \
                y[p[i]] = x[i];                                                       \
    }
WRITE(uint8_t)
WRITE(uint32_t)
WRITE(uint64_t)

static void write_parts(int64_t n, const int64_t *p, size_t bytes, const char *from, char *to)
{
    if (bytes == 1)
        write_uint8_t(n, p, from, to);
    else if (bytes == 4)
        write_uint32_t(n, p, from, to);
    else if (bytes == 8)
        write_uint64_t(n, p, from, to);
    else
        for (int64_t i = 0; i < n; i++)
            if (p[i] >= 0)
                memcpy(to + (size_t)p[i] * bytes, from + (size_t)i * bytes, bytes);
}

/* Sums are computed in the dtype: integers wrap, and of bools it is the or. */
#define ADD(enumerator, type, plus)                                             \
    case enumerator: {                                                          \
        const type *x = from;                                                   \
        type *y = to;                                                           \
        for (int64_t i = 0; i < n && part == 1; i++)                            \
            if (p[i] >= 0)                                                      \
                y[p[i]] = plus(y[p[i]], x[i]);                                  \
        for (int64_t i = 0; i < n && part > 1; i++)                             \
            for (int64_t k = 0; p[i] >= 0 && k < part; k++)                     \
                y[p[i] * part + k] = plus(y[p[i] * part + k], x[i * part + k]); \
        break;                                                                  \
    }
#define PLUS(a, b) ((a) + (b))
#define WRAPPING_PLUS(a, b) ((int64_t)((uint64_t)(a) + (uint64_t)(b)))
#define BYTE_PLUS(a, b) ((uint8_t)((a) + (b)))
#define OR(a, b) ((a) || (b))
static void add_parts(wick_dtype dtype, int64_t n, const int64_t *p, int64_t part, const void *from, void *to)
{
    switch (dtype) {
        ADD(WICK_FLOAT32, float, PLUS)
        ADD(WICK_FLOAT64, double, PLUS)
        ADD(WICK_INT64, int64_t, WRAPPING_PLUS)
        ADD(WICK_UINT8, uint8_t, BYTE_PLUS)
        ADD(WICK_BOOL, bool, OR)
    case WICK_DTYPE_AUTO: break;
    }
}

/* Puts values, contiguous, into the contiguous y. */
static void put(wk_put_how how, wick_tensor *y, const wick_tensor *values, const wick_tensor *places)
{
    if (values->numel == 0) /* no places, or parts of no length */
        return;
    int64_t part = values->numel / places->numel;
    if (how == WK_WRITE)
        write_parts(places->numel, wk_data(places), (size_t)part * wick_dtype_size(y->dtype), wk_data(values),
                    wk_data(y));
    else
        add_parts(y->dtype, places->numel, wk_data(places), part, wk_data(values), wk_data(y));
}

/* ---- The kinds -------------------------------------------------------------------------------------------------------------- */

static const wk_op take_op = WK_TAKE_OP("TakeBackward0");

/* put      y = 0 but for x at places b, added up        dx = the parts of dy at b */
GRAD(put_dx) { return wk_take_places(&take_op, dy, b, NULL, node->a_shape, node->a_ndim); }
static const wk_op put_op = {"PutBackward0", {{put_dx, USES_B, NULL}, {NULL, 0, NULL}}, false};

wick_tensor *wk_take_places(const wk_op *op, wick_tensor *x, wick_tensor *places, wick_tensor *saved,
                            const int64_t *shape, int ndim)
{
    if (!x || !places)
        return NULL;
    wick_tensor *flat = wk_contiguous(x), *at = wk_contiguous(places);
    wick_tensor *y = flat && at ? wk_new(shape, ndim, x->dtype) : NULL;
    if (y && y->numel) {
        size_t bytes = (size_t)(y->numel / at->numel) * wick_dtype_size(x->dtype);
        take_parts(at->numel, wk_data(at), bytes, wk_data(flat), wk_data(y));
    }
    wk_unref(flat);
    wk_unref(at);
    return wk_record(op, NULL, y, x, saved ? saved : places, NULL);
}

/* A contiguous copy of x with the values put into it; one reference, the caller's. */
static wick_tensor *with_values(wk_put_how how, const wick_tensor *x, const wick_tensor *values,
                                const wick_tensor *places)
{
    wick_tensor *from = wk_contiguous(values), *at = wk_contiguous(places);
    wick_tensor *y = from && at ? wk_new_like(x) : NULL;
    if (y) {
        wk_copy(y, x);
        put(how, y, from, at);
    }
    wk_unref(from);
    wk_unref(at);
    return y;
}

wick_tensor *wk_put_places(const wk_op *op, wk_put_how how, wick_tensor *x, wick_tensor *values, wick_tensor *places)
{
    if (!x || !values || !places)
        return NULL;
    wk_args args = {.ndim = values->ndim};
    memcpy(args.dims, values->shape, (size_t)values->ndim * sizeof *args.dims);
    return wk_record(op, &args, with_values(how, x, values, places), x, values, places);
}

wick_tensor *wk_put_places_(const char *function, const wk_op *op, wk_put_how how, wick_tensor *x, wick_tensor *values,
                            wick_tensor *places)
{
    bool recorded = false;
    if (!x || !values || !places || !wk_check_writable(function, x, false) || !wk_recording(x, values, &recorded))
        return NULL;
    WICK_SCOPE;
    if (recorded)
        return wk_assign(function, x, wk_put_places(op, how, x, values, places));
    if (x->contiguous && x->storage != values->storage) {
        wick_tensor *from = wk_own(wk_contiguous(values));
        if (!from)
            return NULL;
        put(how, x, from, places);
    } else {
        wick_tensor *y = wk_own(with_values(how, x, values, places));
        if (!y)
            return NULL;
        wk_copy(x, y);
    }
    wk_bump_version(x, function);
    return x;
}

wick_tensor *wk_take(wick_tensor *x, wick_tensor *positions)
{
    return positions ? wk_take_places(&take_op, x, positions, NULL, positions->shape, positions->ndim) : NULL;
}

wick_tensor *wk_put(wick_tensor *x, wick_tensor *places, const int64_t *shape, int ndim)
{
    if (!x || !places)
        return NULL;
    wick_tensor *from = wk_contiguous(x), *at = wk_contiguous(places);
    wick_tensor *y = from && at ? wk_new(shape, ndim, x->dtype) : NULL;
    if (y) {
        memset(wk_data(y), 0, (size_t)y->numel * wick_dtype_size(y->dtype));
        put(WK_ADD_UP, y, from, at);
    }
    wk_unref(from);
    wk_unref(at);
    return wk_record(&put_op, NULL, y, x, places, NULL);
}

/* ---- Their gradients -------------------------------------------------------------------------------------------------------- */

/* erase    y = x but for 0 at places b                  dx = dy but for 0 at b */
static wick_tensor *erase(wick_tensor *x, wick_tensor *places, const int64_t *shape, int ndim);
GRAD(erase_dx) { return erase(dy, b, args->dims, args->ndim); }
static const wk_op erase_op = {"IndexFillBackward0", {{erase_dx, USES_B, NULL}, {NULL, 0, NULL}}, false};

/* shape: that of the parts at all places together. */
static wick_tensor *erase(wick_tensor *x, wick_tensor *places, const int64_t *shape, int ndim)
{
    wick_tensor *zeros = x && places ? wk_own(wk_new(shape, ndim, x->dtype)) : NULL;
    if (!zeros)
        return NULL;
    wk_fill(zeros, 0);
    wk_args args = {.ndim = ndim};
    memcpy(args.dims, shape, (size_t)ndim * sizeof *shape);
    return wk_record(&erase_op, &args, with_values(WK_WRITE, x, zeros, places), x, places, NULL);
}

wick_tensor *wk_take_dx(const wick_node *node, const wk_args *args, wick_tensor *dy, wick_tensor *a, wick_tensor *b,
                        wick_tensor *c, wick_tensor *y, int i)
{
    (void)args, (void)a, (void)c, (void)y, (void)i;
    return wk_put(dy, b, node->a_shape, node->a_ndim);
}

wick_tensor *wk_add_dx(const wick_node *node, const wk_args *args, wick_tensor *dy, wick_tensor *a, wick_tensor *b,
                       wick_tensor *c, wick_tensor *y, int i)
{
    (void)node, (void)args, (void)a, (void)b, (void)c, (void)y, (void)i;
    return dy;
}

wick_tensor *wk_write_dx(const wick_node *node, const wk_args *args, wick_tensor *dy, wick_tensor *a, wick_tensor *b,
                         wick_tensor *c, wick_tensor *y, int i)
{
    (void)node, (void)a, (void)b, (void)y, (void)i;
    return erase(dy, c, args->dims, args->ndim);
}

wick_tensor *wk_write_dvalues(const wick_node *node, const wk_args *args, wick_tensor *dy, wick_tensor *a,
                              wick_tensor *b, wick_tensor *c, wick_tensor *y, int i)
{
    (void)node, (void)a, (void)b, (void)y, (void)i;
    return wk_take_places(&take_op, dy, c, NULL, args->dims, args->ndim);
}

/* ---- Checks that the operations share ---------------------------------------------------------------------------------------- */

bool wk_check_index(const char *function, const wick_tensor *t, const char *name)
{
    if (!WK_TENSOR(t, function, name))
        return false;
    if (t->dtype != WICK_INT64)
        wick_fail(WICK_ERROR_DTYPE, "%s: %s must be int64, not %s; convert it with wick_to(t, WICK_INT64)", function,
                  name, wick_dtype_name(t->dtype));
    return t->dtype == WICK_INT64;
}

bool wk_out_of_range(const char *function, int64_t index, int dim, int64_t size)
{
    wick_fail(WICK_ERROR_INDEX, "%s: index %lld is out of bounds for dimension %d with size %lld", function,
              (long long)index, dim, (long long)size);
    return false;
}

bool wk_check_source(const char *function, const wick_tensor *x, const wick_tensor *source)
{
    if (source->dtype != x->dtype)
        wick_fail(WICK_ERROR_DTYPE,
                  "%s: the values must have the dtype of the tensor, %s, and are %s; convert it with "
                  "wick_to",
                  function, wick_dtype_name(x->dtype), wick_dtype_name(source->dtype));
    return source->dtype == x->dtype;
}

wick_tensor *wk_as_value(const char *function, const wick_tensor *x, wick_tensor *value)
{
    if (!value->is_number)
        return value;
    return wk_check_number(function, wk_load_number(value, value->offset), x->dtype) ? wick_to_dtype(value, x->dtype)
                                                                                     : NULL;
}
