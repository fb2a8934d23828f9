/* pad.c - padding: elements added, or taken away, before and after. */
#include <math.h>
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- Constant ------------------------------------------------------------------------------------------------------------------- */

/* constant_pad     y = x, with a number around it        dx = dy with as much taken away        dims: what comes before */
static wick_tensor *constant_pad(wick_tensor *x, const int64_t *before, const int64_t *shape, wick_number value);
GRAD(constant_pad_d)
{
    int64_t before[WICK_MAX_DIMS];
    for (int d = 0; d < node->a_ndim; d++)
        before[d] = -args->dims[d];
    return constant_pad(dy, before, node->a_shape, wick_number_int(0));
}
static const wk_op constant_pad_op = {"ConstantPadNdBackward0", {{constant_pad_d, 0, NULL}}, false};

/* Fills y with the value where dimension d is in [from, to), those before it in the part that x fills, and those after it
 * anywhere. */
static bool fill_slab(wick_tensor *y, const int64_t *start, const int64_t *length, int d, int64_t from, int64_t to,
                      wick_number value)
{
    if (from >= to)
        return true;
    int64_t shape[WICK_MAX_DIMS], offset = from * y->strides[d];
    for (int i = 0; i < y->ndim; i++) {
        shape[i] = i < d ? length[i] : i == d ? to - from : y->shape[i];
        offset += i < d ? start[i] * y->strides[i] : 0;
    }
    wick_tensor *slab = wk_alias(y, shape, y->strides, y->ndim, offset);
    if (slab)
        wk_fill_number(slab, value);
    wk_unref(slab);
    return slab != NULL;
}

/* y = x surrounded by the value; y's dimension d begins before[d] ahead of x. */
static bool surround(wick_tensor *y, const wick_tensor *x, const int64_t *before, wick_number value)
{
    int64_t start[WICK_MAX_DIMS], length[WICK_MAX_DIMS], from = x->offset, to = 0;
    for (int d = 0; d < x->ndim; d++) {
        int64_t skipped = before[d] < 0 ? -before[d] : 0;
        start[d] = before[d] > 0 ? before[d] : 0;
        length[d] = x->shape[d] - skipped < y->shape[d] - start[d] ? x->shape[d] - skipped : y->shape[d] - start[d];
        from += skipped * x->strides[d];
        to += start[d] * y->strides[d];
    }
    for (int d = 0; d < x->ndim; d++)
        if (!fill_slab(y, start, length, d, 0, start[d], value) ||
            !fill_slab(y, start, length, d, start[d] + length[d], y->shape[d], value))
            return false;
    wick_tensor *source = wk_alias(x, length, x->strides, x->ndim, from);
    bool copied = source && wk_copy_at(y, to, y->strides, source);
    wk_unref(source);
    return copied;
}

static wick_tensor *constant_pad(wick_tensor *x, const int64_t *before, const int64_t *shape, wick_number value)
{
    wick_tensor *y = x ? wk_new(shape, x->ndim, x->dtype) : NULL;
    if (y && y->numel && !surround(y, x, before, value)) {
        wk_unref(y);
        y = NULL;
    }
    wk_args args = {0};
    for (int d = 0; x && d < x->ndim; d++)
        args.dims[d] = before[d];
    return wk_record(&constant_pad_op, &args, y, x, NULL, NULL);
}

/* ---- With elements of x ------------------------------------------------------------------------------------------------------------ */

/* pad              y[i] = x[source(i)] in the last 3 dimensions        dx = pad_backward(dy)
   pad_backward     y[source(i)] = sum of x[i]                          dx = pad(dy)        start: mode; dims: what comes before */
static wick_tensor *pad(const wk_op *op, wick_tensor *x, const wk_args *args, const int64_t *shape);
static wick_tensor *pad_backward(wick_tensor *x, const wk_args *args, const int64_t *shape);
static const wk_op pad_again_op;
GRAD(pad_d) { return pad_backward(dy, args, node->a_shape); }
GRAD(pad_backward_d) { return pad(&pad_again_op, dy, args, node->a_shape); }
static const wk_op pad_again_op = {"PadBackward0", {{pad_d, 0, NULL}}, false};
static const wk_op pad_backward_op = {"PadBackwardBackward0", {{pad_backward_d, 0, NULL}}, false};
static const wk_op pad_ops[][3] = {
    [WICK_PAD_REFLECT] = {{"ReflectionPad1DBackward0", {{pad_d, 0, NULL}}, false},
                          {"ReflectionPad2DBackward0", {{pad_d, 0, NULL}}, false},
                          {"ReflectionPad3DBackward0", {{pad_d, 0, NULL}}, false}},
    [WICK_PAD_REPLICATE] = {{"ReplicationPad1DBackward0", {{pad_d, 0, NULL}}, false},
                            {"ReplicationPad2DBackward0", {{pad_d, 0, NULL}}, false},
                            {"ReplicationPad3DBackward0", {{pad_d, 0, NULL}}, false}},
    [WICK_PAD_CIRCULAR] = {{"CircularPad1DBackward0", {{pad_d, 0, NULL}}, false},
                           {"CircularPad2DBackward0", {{pad_d, 0, NULL}}, false},
                           {"CircularPad3DBackward0", {{pad_d, 0, NULL}}, false}},
};

/* One dimension: its size without and with padding, and where in y the elements lie that have x's order. */
typedef struct axis {
    wick_pad_mode mode;
    int64_t size, padded, before;
    int64_t start, length; /* y[start + i] = x[start - before + i] for i < length */
} axis;

static axis axis_of(wick_pad_mode mode, int64_t size, int64_t padded, int64_t before)
{
    axis a = {mode, size, padded, before, before > 0 ? before : 0, 0};
    int64_t end = before + size < padded ? before + size : padded;
    a.length = end > a.start ? end - a.start : 0;
    return a;
}

/* The element of x that element i of the padded dimension is. */
static int64_t source_of(const axis *a, int64_t i)
{
    int64_t at = i - a->before, last = a->size - 1;
    if (a->mode == WICK_PAD_REFLECT)
        return at < 0 ? -at : at > last ? 2 * last - at : at;
    if (a->mode == WICK_PAD_REPLICATE)
        return at < 0 ? 0 : at > last ? last : at;
    /* Circular: round what is left of x after elements were taken away. */
    int64_t first = a->before < 0 ? -a->before : 0;
    int64_t turn = (i - a->start) % a->length;
    return first + (turn < 0 ? turn + a->length : turn);
}

/* The last three dimensions, and how many blocks of these there are; missing ones have size 1. */
typedef struct blocks {
    int64_t count;
    axis axis[3];
} blocks;

static blocks blocks_of(const wk_args *args, const int64_t *shape, const int64_t *padded, int ndim)
{
    blocks b = {.count = 1};
    for (int d = 0; d < ndim - 3; d++)
        b.count *= shape[d];
    for (int k = 0; k < 3; k++) {
        int d = ndim - 3 + k;
        b.axis[k] = d < 0 ? axis_of(WICK_PAD_REPLICATE, 1, 1, 0)
                          : axis_of((wick_pad_mode)args->start, shape[d], padded[d], args->dims[d]);
    }
    return b;
}

/* A row of y from the row of x that is its source. */
#define PAD_ROW(T)                                                                           \
    static void pad_row_##T(const axis *a, T *y, const T *x)                                 \
    {                                                                                        \
        const int64_t end = a->start + a->length;                                            \
        for (int64_t i = 0; i < a->start; i++)                                               \
            y[i] = x[source_of(a, i)];                                                       \
        if (a->length)                                                                       \
            memcpy(y + a->start, x + (a->start - a->before), (size_t)a->length * sizeof(T)); \
        for (int64_t i = end; i < a->padded; i++)                                            \
            y[i] = x[source_of(a, i)];                                                       \
    }
PAD_ROW(uint8_t)
PAD_ROW(uint32_t)
PAD_ROW(uint64_t)
#undef PAD_ROW

/* The same the other way: x's row is added to the row of y that is its source. */
#define ADD_ROW(T)                                                 \
    static void add_row_##T(const axis *a, T *y, const T *x)       \
    {                                                              \
        for (int64_t i = 0; i < a->start; i++)                     \
            y[source_of(a, i)] += x[i];                            \
        for (int64_t i = 0; i < a->length; i++)                    \
            y[a->start - a->before + i] += x[a->start + i];        \
        for (int64_t i = a->start + a->length; i < a->padded; i++) \
            y[source_of(a, i)] += x[i];                            \
    }
ADD_ROW(float)
ADD_ROW(double)
#undef ADD_ROW

/* Calls add_row or pad_row for each row of the padded tensor; small and large: x and y, or y and x. */
static void each_row(const blocks *b, bool adds, size_t element, char *small, char *large)
{
    const axis *depth = &b->axis[0], *height = &b->axis[1], *width = &b->axis[2];
    const size_t row = (size_t)width->size * element, block = (size_t)(depth->size * height->size) * row;
    for (int64_t n = 0; n < b->count; n++, small += block) {
        for (int64_t i = 0; i < depth->padded; i++) {
            for (int64_t j = 0; j < height->padded; j++, large += (size_t)width->padded * element) {
                void *in = small + (size_t)(source_of(depth, i) * height->size + source_of(height, j)) * row,
                     *out = large;
                switch (element) {
                case 1: pad_row_uint8_t(width, out, in); break;
                case 4: adds ? add_row_float(width, in, out) : pad_row_uint32_t(width, out, in); break;
                default: adds ? add_row_double(width, in, out) : pad_row_uint64_t(width, out, in); break;
                }
            }
        }
    }
}

static wick_tensor *pad(const wk_op *op, wick_tensor *x, const wk_args *args, const int64_t *shape)
{
    wick_tensor *from = x ? wk_contiguous(x) : NULL;
    wick_tensor *y = from ? wk_new(shape, x->ndim, x->dtype) : NULL;
    if (y && y->numel) {
        blocks b = blocks_of(args, x->shape, shape, x->ndim);
        each_row(&b, false, wick_dtype_size(x->dtype), wk_data(from), wk_data(y));
    }
    wk_unref(from);
    return wk_record(op, args, y, x, NULL, NULL);
}

static wick_tensor *pad_backward(wick_tensor *x, const wk_args *args, const int64_t *shape)
{
    wick_tensor *from = x ? wk_contiguous(x) : NULL;
    wick_tensor *y = from ? wk_new(shape, x->ndim, x->dtype) : NULL;
    if (y)
        wk_fill(y, 0);
    if (y && x->numel) {
        blocks b = blocks_of(args, shape, x->shape, x->ndim);
        each_row(&b, true, wick_dtype_size(x->dtype), wk_data(y), wk_data(from));
    }
    wk_unref(from);
    return wk_record(&pad_backward_op, args, y, x, NULL, NULL);
}

/* ---- pad -------------------------------------------------------------------------------------------------------------------------- */

/* Whether x's dtype can hold the value, as torch.full asks. */
static bool check_value(const char *function, const wick_tensor *x, wick_number value)
{
    const wick_dtype dtype = x->dtype;
    const bool fits = wk_in_range(value, dtype);
    if (!fits)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the value %s does not fit into %s", function, WK_NUMBER(value),
                  wick_dtype_name(dtype));
    return fits && (value.kind != WICK_NUMBER_FLOAT ||
                    wk_check_exact(function, ".value", value.real, dtype, "give it as .value_int"));
}

/* The pads by dimension, and the padded shape; false with an error if more is taken away than there is. */
static bool padded_shape(const char *function, const wick_tensor *x, wick_tuple pads, int64_t *before, int64_t *after,
                         int64_t *shape)
{
    if (!wk_check_tuple(function, pads))
        return false;
    if (pads.count % 2 || pads.count / 2 > x->ndim) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: %d numbers for shape %s; give two for each of the last dimensions",
                  function, pads.count, WK_SHAPE(x));
        return false;
    }
    for (int d = 0; d < x->ndim; d++) {
        const int k = x->ndim - 1 - d;
        before[d] = 2 * k < pads.count ? pads.item[2 * k] : 0;
        after[d] = 2 * k < pads.count ? pads.item[2 * k + 1] : 0;
        int64_t left = x->shape[d]; /* of x */
        bool fits = before[d] >= -left && after[d] >= -left;
        left += fits && before[d] < 0 ? before[d] : 0;
        left += fits && after[d] < 0 ? after[d] : 0;
        if (!fits || left < 0) {
            wick_fail(WICK_ERROR_SHAPE, "%s: padding (%lld, %lld) takes more from dimension %d of shape %s than it has",
                      function, (long long)before[d], (long long)after[d], d, WK_SHAPE(x));
            return false;
        }
        int64_t more = before[d] > 0 ? before[d] : 0, rest = after[d] > 0 ? after[d] : 0;
        if (more > INT64_MAX / 4 || rest > INT64_MAX / 4 || left > INT64_MAX / 4) {
            wick_fail(WICK_ERROR_MEMORY, "%s: padding (%lld, %lld) makes more elements than can be addressed", function,
                      (long long)before[d], (long long)after[d]);
            return false;
        }
        shape[d] = left + more + rest;
    }
    return true;
}

/* What a mode other than WICK_PAD_CONSTANT asks of x and its padding. */
static bool check_mode(const char *function, const wick_tensor *x, wick_pad_mode mode, int pairs, const int64_t *before,
                       const int64_t *after, const int64_t *shape)
{
    if (pairs < 1 || pairs > 3 || x->ndim < pairs + 1 || x->ndim > pairs + 2) {
        wick_fail(WICK_ERROR_SHAPE,
                  "%s: %d pairs of padding for shape %s; this mode takes 1 to 3, for 1 or 2 dimensions more", function,
                  pairs, WK_SHAPE(x));
        return false;
    }
    if (x->dtype == WICK_BOOL && mode != WICK_PAD_CIRCULAR) {
        wick_fail(WICK_ERROR_DTYPE, "%s: in this mode not for bool; convert with wick_to(x, WICK_UINT8)", function);
        return false;
    }
    for (int d = 0; d < x->ndim; d++) {
        const int64_t n = x->shape[d], most = before[d] > after[d] ? before[d] : after[d];
        const bool batch = d == 0 && x->ndim == pairs + 2;
        bool fits = true;
        if (mode == WICK_PAD_CIRCULAR) /* round what is left after elements were taken away, once */
            fits = most <= 0 || most <= n + (before[d] < 0 ? before[d] : 0) + (after[d] < 0 ? after[d] : 0);
        else
            fits = (n > 0 || batch) && (shape[d] > 0 || batch) && (mode != WICK_PAD_REFLECT || most < n || most == 0);
        if (!fits) {
            wick_fail(WICK_ERROR_SHAPE,
                      "%s: padding (%lld, %lld) of dimension %d does not go with shape %s; REFLECT takes less than the "
                      "size, CIRCULAR at most the size, and something must be left",
                      function, (long long)before[d], (long long)after[d], d, WK_SHAPE(x));
            return false;
        }
    }
    return true;
}

wick_tensor *wick_pad_opt(wick_tensor *x, wick_tuple pads, const wick_pad_options *given)
{
    WK_ENTER;
    wick_pad_options o = WK_OPTIONS(wick_pad_options, WICK_PAD_DEFAULTS, given);
    const char *function = "wick_pad";
    int64_t before[WICK_MAX_DIMS], after[WICK_MAX_DIMS], shape[WICK_MAX_DIMS];
    if (!WK_TENSOR(x, function, "x") || !padded_shape(function, x, pads, before, after, shape))
        return NULL;
    if ((unsigned)o.mode > WICK_PAD_CIRCULAR)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d is not a mode", function, (int)o.mode);
    const bool whole = o.value_int != WICK_UNSET;
    if (whole && o.value != 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .value and .value_int are both given", function);
    const wick_number value = whole ? wick_number_int(o.value_int) : wick_number_float(o.value);
    if (o.mode == WICK_PAD_CONSTANT)
        return check_value(function, x, value) ? constant_pad(x, before, shape, value) : NULL;
    if (o.value != 0 || whole)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: a value is only for WICK_PAD_CONSTANT", function);
    if (!check_mode(function, x, o.mode, pads.count / 2, before, after, shape))
        return NULL;
    wk_args args = {.start = o.mode};
    memcpy(args.dims, before, (size_t)x->ndim * sizeof *before);
    return pad(&pad_ops[o.mode][pads.count / 2 - 1], x, &args, shape);
}
