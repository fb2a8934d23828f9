/* rounding.c - whole numbers near to a number, what is left over, and the tests for NaN and infinity. */
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* y = loop(x) for a floating dtype. whole: integers are whole already, and y is a copy of them. */
static wick_tensor *apply(const char *function, wk_loop_id loop, const wk_op *op, bool whole, wick_tensor *x)
{
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    if (whole && (x->dtype == WICK_INT64 || x->dtype == WICK_UINT8))
        return wick_clone(x);
    wick_tensor *y = wk_new_like(x);
    if (y && !wk_map(function, loop, y, 1, (const wick_tensor *const[]){x}, NULL)) {
        wk_unref(y);
        y = NULL;
    }
    if (y)
        y->is_number = x->is_number;
    return wk_record(op, NULL, y, x, NULL, NULL);
}

/* The derivative of a step function, where it has one. */
GRAD(zero_d) { return wick_zeros_like(dy); }

/* floor    y = the largest whole number <= x */
static const wk_op floor_op = {"FloorBackward0", {{zero_d, 0, NULL}}, false};
wick_tensor *wick_floor(wick_tensor *x) { return apply("wick_floor", WK_FLOOR, &floor_op, true, x); }

/* ceil     y = the smallest whole number >= x */
static const wk_op ceil_op = {"CeilBackward0", {{zero_d, 0, NULL}}, false};
wick_tensor *wick_ceil(wick_tensor *x) { return apply("wick_ceil", WK_CEIL, &ceil_op, true, x); }

/* round    y = the nearest whole number, of two the even one */
static const wk_op round_op = {"RoundBackward0", {{zero_d, 0, NULL}}, false};
wick_tensor *wick_round(wick_tensor *x) { return apply("wick_round", WK_ROUND, &round_op, true, x); }

/* trunc    y = x without its fraction */
static const wk_op trunc_op = {"TruncBackward0", {{zero_d, 0, NULL}}, false};
wick_tensor *wick_trunc(wick_tensor *x) { return apply("wick_trunc", WK_TRUNC, &trunc_op, true, x); }

/* frac     y = x - trunc x         dx = dy */
GRAD(frac_d) { return dy; }
static const wk_op frac_op = {"FracBackward0", {{frac_d, 0, NULL}}, false};
wick_tensor *wick_frac(wick_tensor *x) { return apply("wick_frac", WK_FRAC, &frac_op, false, x); }

/* isnan    y = x != x */
wick_tensor *wick_isnan(wick_tensor *x) { return WK_TENSOR(x, "wick_isnan", "x") ? wick_ne(x, x) : NULL; }

/* |x| of a floating dtype, unrecorded; the numbers of the others are finite. */
static wick_tensor *magnitude(wick_tensor *x) { return wick_abs(wick_detach(x)); }

/* isinf    y = |x| == inf */
wick_tensor *wick_isinf(wick_tensor *x)
{
    if (!WK_TENSOR(x, "wick_isinf", "x"))
        return NULL;
    if (!wick_dtype_is_floating((wick_dtype)x->dtype))
        return wick_ne(x, x);
    WICK_SCOPE;
    return wick_out(wick_eq(magnitude(x), (double)INFINITY));
}

/* isfinite y = |x| < inf, which NaN is not */
wick_tensor *wick_isfinite(wick_tensor *x)
{
    if (!WK_TENSOR(x, "wick_isfinite", "x"))
        return NULL;
    if (!wick_dtype_is_floating((wick_dtype)x->dtype))
        return wick_eq(x, x);
    WICK_SCOPE;
    return wick_out(wick_lt(magnitude(x), (double)INFINITY));
}
