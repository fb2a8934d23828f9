/* rounding.c - whole numbers near to a number, what is left over; tests for NaN, infinity and closeness, and what stands in
 * for them. */
#include <float.h>
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

/* floor    y = the largest whole number <= x        dx = 0, where there is a derivative, here and below */
static const wk_op floor_op = {"FloorBackward0", {{wk_zero_rule, 0, NULL}}, false};
wick_tensor *wick_floor(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_floor", WK_FLOOR, &floor_op, true, x);
}

/* ceil     y = the smallest whole number >= x */
static const wk_op ceil_op = {"CeilBackward0", {{wk_zero_rule, 0, NULL}}, false};
wick_tensor *wick_ceil(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_ceil", WK_CEIL, &ceil_op, true, x);
}

/* round    y = the nearest whole number, of two the even one */
static const wk_op round_op = {"RoundBackward0", {{wk_zero_rule, 0, NULL}}, false};
wick_tensor *wick_round(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_round", WK_ROUND, &round_op, true, x);
}

/* trunc    y = x without its fraction */
static const wk_op trunc_op = {"TruncBackward0", {{wk_zero_rule, 0, NULL}}, false};
wick_tensor *wick_trunc(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_trunc", WK_TRUNC, &trunc_op, true, x);
}

/* frac     y = x - trunc x         dx = dy */
GRAD(frac_d) { return dy; }
static const wk_op frac_op = {"FracBackward0", {{frac_d, 0, NULL}}, false};
wick_tensor *wick_frac(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_frac", WK_FRAC, &frac_op, false, x);
}

/* isnan    y = x != x */
wick_tensor *wick_isnan(wick_tensor *x)
{
    WK_ENTER;
    return WK_TENSOR(x, "wick_isnan", "x") ? wick_ne(x, x) : NULL;
}

/* |x| of a floating dtype, unrecorded; the numbers of the others are finite. */
static wick_tensor *magnitude(wick_tensor *x) { return wick_abs(wick_detach(x)); }

/* isinf    y = |x| == inf */
wick_tensor *wick_isinf(wick_tensor *x)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_isinf", "x"))
        return NULL;
    if (!wick_dtype_is_floating(x->dtype))
        return wick_ne(x, x);
    WICK_SCOPE;
    return wick_out(wick_eq(magnitude(x), (double)INFINITY));
}

/* isfinite y = |x| < inf, which NaN is not */
wick_tensor *wick_isfinite(wick_tensor *x)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_isfinite", "x"))
        return NULL;
    if (!wick_dtype_is_floating(x->dtype))
        return wick_eq(x, x);
    WICK_SCOPE;
    return wick_out(wick_lt(magnitude(x), (double)INFINITY));
}

/* logical_not  y = x == 0 */
wick_tensor *wick_logical_not(wick_tensor *x)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_logical_not", "x"))
        return NULL;
    return wick_eq(x, false);
}

/* isclose  y = |a - b| <= atol + rtol |b|, or a == b; never for NaN, but for two if they are to be equal */
wick_tensor *wick_isclose_opt(wick_tensor *a, wick_tensor *b, const wick_isclose_options *given)
{
    WK_ENTER;
    wick_isclose_options o = WK_OPTIONS(wick_isclose_options, WICK_ISCLOSE_DEFAULTS, given);
    const char *function = "wick_isclose";
    if (!WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b"))
        return NULL;
    if (a->dtype != b->dtype)
        return wick_fail(WICK_ERROR_DTYPE, "%s: a is %s and b is %s; convert one", function, wick_dtype_name(a->dtype),
                         wick_dtype_name(b->dtype));
    if (!(o.rtol >= 0 && o.atol >= 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: .rtol and .atol must be at least 0, and are %s and %s", function,
                         WK_REAL(o.rtol), WK_REAL(o.atol));
    WICK_NO_GRAD;
    WICK_SCOPE;
    bool floating = wick_dtype_is_floating(a->dtype);
    wick_tensor *close = wick_eq(a, b);
    if (floating && o.equal_nan)
        close = wick_logical_or(close, wick_logical_and(wick_isnan(a), wick_isnan(b)));
    if (o.rtol == 0 && o.atol == 0)
        return wick_out(close);
    wick_tensor *other = floating ? b : wick_to_dtype(b, wick_default_dtype());
    wick_tensor *difference =
        wick_abs(wick_sub(a->dtype == WICK_BOOL ? wick_to_dtype(a, wick_default_dtype()) : a, other));
    wick_tensor *allowed = wick_add(wick_abs(wick_mul(other, o.rtol)), o.atol);
    wick_tensor *near = wick_logical_and(wick_isfinite(difference), wick_le(difference, allowed));
    return wick_out(wick_logical_or(close, near));
}

bool wick_allclose_opt(wick_tensor *a, wick_tensor *b, const wick_isclose_options *given)
{
    WK_ENTER;
    wick_isclose_options o = WK_OPTIONS(wick_isclose_options, WICK_ISCLOSE_DEFAULTS, given);
    WICK_SCOPE;
    wick_tensor *close = wick_isclose_opt(a, b, &o), *count = close ? wick_sum(close) : NULL;
    return count && wick_item_int(count) == close->numel;
}

/* nan_to_num  y = x, but numbers for NaN, inf and -inf        dx = dy where x is finite, else 0 */
GRAD(nan_to_num_d) { return wick_where(wick_isfinite(a), dy, 0.0); }
static const wk_op nan_to_num_op = {"NanToNumBackward0", {{nan_to_num_d, USES_A, NULL}}, false};
wick_tensor *wick_nan_to_num_opt(wick_tensor *x, const wick_nan_to_num_options *given)
{
    WK_ENTER;
    wick_nan_to_num_options o = WK_OPTIONS(wick_nan_to_num_options, WICK_NAN_TO_NUM_DEFAULTS, given);
    const char *function = "wick_nan_to_num";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    if (!wick_dtype_is_floating(x->dtype))
        return wick_clone(x);
    bool single = x->dtype == WICK_FLOAT32; /* whose largest numbers the defaults stand for */
    const double s[3] = {o.nan, single && o.posinf == DBL_MAX ? (double)FLT_MAX : o.posinf,
                         single && o.neginf == -DBL_MAX ? -(double)FLT_MAX : o.neginf};
    wick_tensor *y = wk_new_like(x);
    if (y && !wk_map(function, WK_NAN_TO_NUM, y, 1, (const wick_tensor *const[]){x}, s)) {
        wk_unref(y);
        y = NULL;
    }
    return wk_record(&nan_to_num_op, NULL, y, x, NULL, NULL);
}
