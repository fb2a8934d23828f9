/* flip.c - elements in another order along dimensions: turned round, or rolled. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- flip ---------------------------------------------------------------------------------------------------------------------- */

/* flip     y[i] = x[n - 1 - i] in dimensions        dx = dy flipped in the same        start: their bits */
static wick_tensor *flip(wick_tensor *x, unsigned dims);
GRAD(flip_d) { return flip(dy, (unsigned)args->start); }
static const wk_op flip_op = {"FlipBackward0", {{flip_d, 0, NULL}}, false};

/* Rows of n contiguous elements, each turned round. */
#define REVERSE(T)                                                              \
    static void reverse_##T(int64_t rows, int64_t n, T *restrict y, const T *x) \
    {                                                                           \
        for (int64_t row = 0; row < rows; row++, x += n, y += n)                \
            for (int64_t i = 0; i < n; i++)                                     \
                y[i] = x[n - 1 - i];                                            \
    }
REVERSE(uint8_t)
REVERSE(uint32_t)
REVERSE(uint64_t)
#undef REVERSE

static void reverse_rows(wick_tensor *y, const wick_tensor *x, int64_t n)
{
    const int64_t rows = x->numel / n;
    switch (wick_dtype_size(x->dtype)) {
    case 1: reverse_uint8_t(rows, n, wk_data(y), wk_data(x)); break;
    case 4: reverse_uint32_t(rows, n, wk_data(y), wk_data(x)); break;
    default: reverse_uint64_t(rows, n, wk_data(y), wk_data(x)); break;
    }
}

/* y = x flipped: a copy by strides that run backwards. */
static bool copy_flipped(wick_tensor *y, const wick_tensor *x, unsigned dims)
{
    int64_t strides[WICK_MAX_DIMS] = {0}, offset = x->offset;
    for (int d = 0; d < x->ndim; d++) {
        const bool turned = dims >> d & 1;
        strides[d] = turned ? -x->strides[d] : x->strides[d];
        offset += turned ? (x->shape[d] - 1) * x->strides[d] : 0;
    }
    wick_tensor *backwards = wk_alias(x, x->shape, strides, x->ndim, offset);
    if (backwards)
        wk_copy(y, backwards);
    wk_unref(backwards);
    return backwards != NULL;
}

static wick_tensor *flip(wick_tensor *x, unsigned dims)
{
    wick_tensor *y = wk_new_like(x);
    int64_t n =
        1; /* elements of the last dimensions that are flipped: turned round as one, where they are contiguous */
    int first = x->ndim;
    while (first > 0 && dims >> (first - 1) & 1)
        n *= x->shape[--first];
    bool done = y && y->numel == 0;
    if (y && !done && n > 1 && x->contiguous && !(dims & ((1u << first) - 1))) {
        reverse_rows(y, x, n);
        done = true;
    }
    if (y && !done && !copy_flipped(y, x, dims)) {
        wk_unref(y);
        y = NULL;
    }
    return wk_record(&flip_op, &(wk_args){.start = dims}, y, x, NULL, NULL);
}

wick_tensor *wick_flip_n(wick_tensor *x, const int64_t *dims, int count)
{
    WK_ENTER;
    const char *function = "wick_flip";
    if (!WK_TENSOR(x, function, "x") || !wk_check_tuple(function, (wick_tuple){dims, count}))
        return NULL;
    unsigned seen = 0;
    for (int i = 0; i < count; i++) {
        int d = wk_wrap_dim(function, dims[i], x->ndim);
        if (d < 0)
            return NULL;
        if (seen & (1u << d))
            return wick_fail(WICK_ERROR_INDEX, "%s: dimension %d is given twice", function, d);
        seen |= 1u << d;
    }
    return flip(x, x->ndim ? seen : 0);
}

/* ---- roll ---------------------------------------------------------------------------------------------------------------------- */

/* roll     y[(i + s) mod n] = x[i] in dimensions    dx = dy rolled back        dims: the shifts s in [0, n), of each dimension;
            start: whether x counts as flattened, and dims[0] is the shift */
static wick_tensor *roll(wick_tensor *x, const int64_t *shift, bool flat);
GRAD(roll_d)
{
    int64_t back[WICK_MAX_DIMS], n = 1;
    for (int d = 0; d < node->a_ndim; d++)
        n *= node->a_shape[d];
    for (int d = 0; d < (args->start ? 1 : node->a_ndim); d++) {
        int64_t size = args->start ? n : node->a_shape[d];
        back[d] = args->dims[d] ? size - args->dims[d] : 0;
    }
    return roll(dy, back, args->start != 0);
}
static const wk_op roll_op = {"RollBackward0", {{roll_d, 0, NULL}}, false};

/* y = x rolled: each dimension that moves is two parts that change places. */
static bool copy_rolled(wick_tensor *y, const wick_tensor *x, const int64_t *shift)
{
    unsigned moves = 0;
    for (int d = 0; d < x->ndim; d++)
        moves |= (unsigned)(shift[d] != 0) << d;
    /* Every subset of the dimensions that move: those where it is the second part. */
    for (unsigned second = moves;; second = (second - 1) & moves) {
        int64_t shape[WICK_MAX_DIMS], from = x->offset, to = y->offset;
        for (int d = 0; d < x->ndim; d++) {
            const int64_t first = x->shape[d] - shift[d];
            shape[d] = second >> d & 1 ? shift[d] : first;
            from += second >> d & 1 ? first * x->strides[d] : 0;
            to += second >> d & 1 ? 0 : shift[d] * y->strides[d];
        }
        wick_tensor *source = wk_alias(x, shape, x->strides, x->ndim, from);
        bool copied = source && wk_copy_at(y, to, y->strides, source);
        wk_unref(source);
        if (!copied || !second)
            return copied;
    }
}

static wick_tensor *roll(wick_tensor *x, const int64_t *shift, bool flat)
{
    wick_tensor *y = wk_new_like(x), *from = NULL, *to = NULL;
    if (y && flat) {
        wick_tensor *rows = wk_contiguous(x);
        const int64_t one = 1;
        from = rows ? wk_alias(rows, &x->numel, &one, 1, rows->offset) : NULL;
        to = from ? wk_alias(y, &x->numel, &one, 1, 0) : NULL;
        wk_unref(rows);
    } else if (y) {
        from = wk_ref(x);
        to = wk_ref(y);
    }
    if (y && (!to || (y->numel && !copy_rolled(to, from, shift)))) {
        wk_unref(y);
        y = NULL;
    }
    wk_unref(from);
    wk_unref(to);
    wk_args args = {.start = flat};
    memcpy(args.dims, shift, (size_t)(flat ? 1 : x->ndim) * sizeof *shift);
    return wk_record(&roll_op, &args, y, x, NULL, NULL);
}

/* (shift + s) mod n, where shift is in [0, n). */
static int64_t turned(int64_t shift, int64_t s, int64_t n)
{
    s = n ? s % n : 0;
    s += s < 0 ? n : 0;
    return shift < n - s ? shift + s : shift - (n - s);
}

wick_tensor *wick_roll_tuple(wick_tensor *x, wick_tuple shifts, const wick_roll_options *given)
{
    WK_ENTER;
    wick_roll_options o = WK_OPTIONS(wick_roll_options, WICK_UNSET, given);
    const char *function = "wick_roll";
    if (!WK_TENSOR(x, function, "x") || !wk_check_tuple(function, shifts))
        return NULL;
    const bool flat = o.dim == WICK_UNSET && o.dims.count == 0;
    const int64_t *dims = o.dims.count ? o.dims.dim : &o.dim;
    const int count = o.dims.count ? o.dims.count : 1;
    if ((o.dim != WICK_UNSET && o.dims.count) || count > WICK_MAX_DIMS || shifts.count != count)
        return wick_fail(
            WICK_ERROR_ARGUMENT,
            "%s: %d shifts for %d dimensions; give one shift for each of .dim or .dims (at most %d), or a single one "
            "for the flattened tensor",
            function, shifts.count, flat ? 0 : count, WICK_MAX_DIMS);
    for (int i = 0; i < shifts.count; i++)
        if (!wk_check_whole(function, "a shift", shifts.item[i]))
            return NULL;
    int64_t shift[WICK_MAX_DIMS] = {0};
    if (flat)
        shift[0] = turned(0, shifts.item[0], x->numel);
    for (int i = 0; !flat && i < count; i++) {
        if (x->ndim == 0)
            return wick_fail(WICK_ERROR_INDEX, "%s: a 0-dimensional tensor has no dimension to roll", function);
        int d = wk_wrap_dim(function, dims[i], x->ndim);
        if (d < 0)
            return NULL;
        shift[d] = turned(shift[d], shifts.item[i], x->shape[d]);
    }
    return roll(x, shift, flat);
}

wick_tensor *wick_roll_opt(wick_tensor *x, int64_t shift, const wick_roll_options *options)
{
    WK_ENTER;
    return wick_roll_tuple(x, WICK_TUPLE(shift), options);
}
