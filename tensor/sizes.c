/* sizes.c - arithmetic on shapes: sizes, strides, broadcasting, and the text of a shape. */
#include <stdio.h>

#include "tensor_struct.h"

/* a * b, neither of them negative, in *result; false if it overflows. Each new tensor's sizes come by: no division. */
static bool multiply(int64_t a, int64_t b, int64_t *result)
{
#if defined(__GNUC__)
    return !__builtin_mul_overflow(a, b, result);
#else
    if (b != 0 && a > INT64_MAX / b)
        return false;
    *result = a * b;
    return true;
#endif
}

/* The error of a shape or dtype that wk_check_shape does not take; false. */
static bool refuse(const char *function, const int64_t *shape, int ndim, wick_dtype dtype)
{
    char text[WK_SHAPE_TEXT];
    if ((unsigned)ndim > WICK_MAX_DIMS || (ndim && !shape)) {
        wick_fail(WICK_ERROR_SHAPE, "wick_%s: %d dimensions; a tensor has 0 to %d", function, ndim, WICK_MAX_DIMS);
        return false;
    }
    if (!wk_is_dtype(dtype)) {
        wick_fail(WICK_ERROR_DTYPE, "wick_%s: %d is not a dtype", function, (int)dtype);
        return false;
    }
    for (int i = 0; i < ndim; i++)
        if (shape[i] < 0) {
            wk_refuse_size(function, shape, ndim, shape[i]);
            return false;
        }
    wick_fail(WICK_ERROR_MEMORY, "wick_%s: a tensor of shape %s and dtype %s has more bytes than can be addressed",
              function, wk_shape_text(shape, ndim, text), wick_dtype_name(dtype));
    return false;
}

bool wk_check_shape(const char *function, const int64_t *shape, int ndim, wick_dtype dtype, int64_t *numel)
{
    if ((unsigned)ndim > WICK_MAX_DIMS || (ndim && !shape) || !wk_is_dtype(dtype))
        return refuse(function, shape, ndim, dtype);
    /* The product of the sizes other than 0 must fit too, as strides are made of it. */
    const int64_t most = PTRDIFF_MAX < INT64_MAX / 2 ? PTRDIFF_MAX - 64 : INT64_MAX / 2;
    int64_t elements = 1, bytes;
    bool fits = true, empty = false;
    for (int i = 0; i < ndim; i++) {
        empty |= shape[i] == 0;
        fits &= shape[i] >= 0 && multiply(elements, shape[i] ? shape[i] : 1, &elements);
    }
    if (!fits || !multiply(elements, wk_element_size(dtype), &bytes) || bytes > most)
        return refuse(function, shape, ndim, dtype);
    *numel = empty ? 0 : elements;
    return true;
}

void wk_contiguous_strides(const int64_t *shape, int ndim, int64_t *strides)
{
    int64_t stride = 1;
    for (int i = ndim - 1; i >= 0; i--) {
        strides[i] = stride;
        stride *= shape[i] ? shape[i] : 1;
    }
}

void wk_update_layout(wick_tensor *t)
{
    int64_t numel = 1;
    bool contiguous = true;
    for (int i = t->ndim - 1; i >= 0; i--) {
        if (t->shape[i] != 1) {
            contiguous = contiguous && t->strides[i] == numel;
            numel *= t->shape[i];
        }
    }
    t->numel = numel;
    t->contiguous = contiguous || numel == 0;
}

int wk_wrap_dim(const char *function, int64_t dim, int ndim)
{
    int range = ndim ? ndim : 1; /* a 0-dimensional tensor takes the dimensions of a 1-dimensional one */
    if (dim < -range || dim >= range) {
        wick_fail(WICK_ERROR_INDEX, "%s: dimension out of range (expected to be in range of [%d, %d], but got %lld)",
                  function, -range, range - 1, (long long)dim);
        return -1;
    }
    return (int)(dim < 0 ? dim + range : dim);
}

bool wk_broadcast(const char *function, const int64_t *a, int na, const int64_t *b, int nb, int64_t *shape, int *ndim)
{
    int n = na > nb ? na : nb;
    int64_t result[WICK_MAX_DIMS];
    for (int i = 1; i <= n; i++) { /* from the last dimension */
        int64_t sa = i <= na ? a[na - i] : 1, sb = i <= nb ? b[nb - i] : 1;
        if (sa != sb && sa != 1 && sb != 1) {
            wick_fail(
                WICK_ERROR_SHAPE,
                "%s: shapes %s and %s do not broadcast: sizes %lld and %lld at dimension %d must be equal, or one "
                "of them 1",
                function, wk_shape_text(a, na, (char[WK_SHAPE_TEXT]){0}),
                wk_shape_text(b, nb, (char[WK_SHAPE_TEXT]){0}), (long long)sa, (long long)sb, n - i);
            return false;
        }
        result[n - i] = sa == 1 ? sb : sa;
    }
    for (int i = 0; i < n; i++)
        shape[i] = result[i];
    *ndim = n;
    return true;
}

bool wk_same_shape(const wick_tensor *a, const wick_tensor *b)
{
    if (a->ndim != b->ndim)
        return false;
    for (int i = 0; i < a->ndim; i++)
        if (a->shape[i] != b->shape[i])
            return false;
    return true;
}

bool wk_broadcasts_to(const char *function, const wick_tensor *t, const int64_t *shape, int ndim)
{
    bool fits = t->ndim <= ndim;
    for (int i = 1; fits && i <= t->ndim; i++) /* from the last dimension */
        fits = t->shape[t->ndim - i] == shape[ndim - i] || t->shape[t->ndim - i] == 1;
    if (!fits)
        wick_fail(WICK_ERROR_SHAPE, "%s: a tensor of shape %s does not broadcast to shape %s", function, WK_SHAPE(t),
                  wk_shape_text(shape, ndim, (char[WK_SHAPE_TEXT]){0}));
    return fits;
}

void wk_next(const int64_t *shape, int ndim, int64_t *index, int n, const int64_t *const *strides, int64_t *at)
{
    for (int d = ndim - 1; d >= 0; d--) { /* as an odometer counts */
        bool carry = ++index[d] == shape[d];
        for (int k = 0; k < n; k++)
            at[k] += carry ? strides[k][d] * (1 - shape[d]) : strides[k][d];
        if (!carry)
            return;
        index[d] = 0;
    }
}

char *wk_shape_text(const int64_t *shape, int ndim, char *text)
{
    int length = snprintf(text, WK_SHAPE_TEXT, "(");
    for (int i = 0; i < ndim && length < WK_SHAPE_TEXT - 32; i++)
        length += snprintf(text + length, (size_t)(WK_SHAPE_TEXT - length), i ? ", %lld" : "%lld", (long long)shape[i]);
    snprintf(text + length, (size_t)(WK_SHAPE_TEXT - length), ndim == 1 ? ",)" : ")");
    return text;
}
