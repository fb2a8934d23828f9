/* triangle.c - the triangles of matrices. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* tril     y = x where column <= row + k, else 0        dx = the same of dy        k = start
   triu     y = x where column >= row + k, else 0        dx = the same of dy */
static wick_tensor *triangle(const wk_op *op, wick_tensor *x, int64_t k);
static const wk_op tril_op, triu_op;
GRAD(tril_d) { return triangle(&tril_op, dy, args->start); }
GRAD(triu_d) { return triangle(&triu_op, dy, args->start); }
static const wk_op tril_op = {"TrilBackward0", {{tril_d, 0, NULL}}, false};
static const wk_op triu_op = {"TriuBackward0", {{triu_d, 0, NULL}}, false};

/* Copies the triangles of whole matrices, contiguous, row by row: element bytes an element. */
static void copy_rows(bool lower, int64_t k, wick_tensor *y, const wick_tensor *x, size_t element)
{
    const int64_t rows = x->shape[x->ndim - 2], columns = x->shape[x->ndim - 1];
    const size_t row = (size_t)columns * element;
    const char *from = wk_data(x);
    char *to = wk_data(y);
    for (int64_t n = 0; n < x->numel / columns; n++, from += row, to += row) {
        const int64_t i = n % rows + (lower ? 1 : 0);
        /* The first column above the diagonal, or on it: i + k in [0, columns]. */
        const int64_t edge = k < -i ? 0 : k > columns - i ? columns : i + k;
        const size_t left = (size_t)edge * element;
        if (lower) {
            memcpy(to, from, left);
            memset(to + left, 0, row - left);
        } else {
            memset(to, 0, left);
            memcpy(to + left, from + left, row - left);
        }
    }
}

static wick_tensor *triangle(const wk_op *op, wick_tensor *x, int64_t k)
{
    wick_tensor *from = wk_contiguous(x), *y = from ? wk_new_like(x) : NULL;
    if (y && y->numel)
        copy_rows(op == &tril_op, k, y, from, wick_dtype_size(x->dtype));
    wk_unref(from);
    return wk_record(op, &(wk_args){.start = k}, y, x, NULL, NULL);
}

static wick_tensor *checked(const char *function, const wk_op *op, wick_tensor *x, int64_t k)
{
    if (!WK_TENSOR(x, function, "x") || !wk_check_whole(function, "diagonal", k))
        return NULL;
    if (x->ndim < 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: x must have at least 2 dimensions, and has shape %s", function,
                         WK_SHAPE(x));
    return triangle(op, x, k);
}

wick_tensor *wick_tril_opt(wick_tensor *x, const wick_triangle_options *given)
{
    WK_ENTER;
    wick_triangle_options o = WK_OPTIONS(wick_triangle_options, 0, given);
    return checked("wick_tril", &tril_op, x, o.diagonal);
}
wick_tensor *wick_triu_opt(wick_tensor *x, const wick_triangle_options *given)
{
    WK_ENTER;
    wick_triangle_options o = WK_OPTIONS(wick_triangle_options, 0, given);
    return checked("wick_triu", &triu_op, x, o.diagonal);
}
wick_tensor *wick_tril_opt_(wick_tensor *x, const wick_triangle_options *given)
{
    WK_ENTER;
    wick_triangle_options o = WK_OPTIONS(wick_triangle_options, 0, given);
    WK_IN_PLACE("wick_tril_", x, wick_tril_opt(before, &o));
}
wick_tensor *wick_triu_opt_(wick_tensor *x, const wick_triangle_options *given)
{
    WK_ENTER;
    wick_triangle_options o = WK_OPTIONS(wick_triangle_options, 0, given);
    WK_IN_PLACE("wick_triu_", x, wick_triu_opt(before, &o));
}
