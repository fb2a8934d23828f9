/* ternary.c - pointwise operations on three operands. */
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- What they have in common --------------------------------------------------------------------------------------------- */

/* The shape that three tensors broadcast to. */
static bool common_shape(const char *function, wick_tensor *const in[3], int64_t *shape, int *ndim)
{
    return wk_broadcast(function, in[1]->shape, in[1]->ndim, in[2]->shape, in[2]->ndim, shape, ndim) &&
           wk_broadcast(function, in[0]->shape, in[0]->ndim, shape, *ndim, shape, ndim);
}

/* y = loop(in[0], in[1], in[2]) over inputs in dtype, but for the first where it is a condition; y is a new tensor, or out.
 * One reference, the caller's. */
static wick_tensor *compute(const char *function, wk_loop *loop, wick_tensor *const in[3], bool condition,
                            wick_dtype dtype, const double *s, wick_tensor *out)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!common_shape(function, in, shape, &ndim))
        return NULL;
    const wick_tensor *input[3];
    wick_tensor *temporary[3] = {NULL};
    bool ready = true;
    for (int i = 0; i < 3; i++) {
        bool converts = in[i]->dtype != dtype && !(condition && i == 0);
        temporary[i] = converts ? wk_cast(in[i], dtype) : NULL;
        input[i] = converts ? temporary[i] : in[i];
        ready = ready && input[i];
    }
    wick_tensor *y = !ready ? NULL : out ? wk_ref(out) : wk_new(shape, ndim, dtype);
    if (y)
        wk_map_loop(loop, y, 3, input, s);
    for (int i = 0; i < 3; i++)
        wk_unref(temporary[i]);
    return y;
}

/* A call of an operation: what it computes, and whether it writes over its first operand. */
typedef struct ternary {
    const char *function;
    const wk_op *op;
    wk_loop *loop;
    wick_dtype dtype; /* in which it is computed, and the result */
    bool condition;   /* the first operand of the loop is bool */
    double s;
} ternary;

/* y = op(a, b, c), or a = op(a, b, c) in one pass where nothing is recorded. */
static wick_tensor *apply(const ternary *o, wick_tensor *a, wick_tensor *b, wick_tensor *c, bool in_place)
{
    const wk_args args = {.s = o->s};
    wick_tensor *const in[3] = {a, b, c};
    if (!in_place)
        return wk_record(o->op, &args, compute(o->function, o->loop, in, o->condition, o->dtype, &o->s, NULL), a, b, c);
    const char *function = o->function;
    if (!wk_check_writable(function, a, false))
        return NULL;
    if (!wk_can_hold(a->dtype, o->dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: the result, %s, cannot be put into a tensor of %s", function,
                         wick_dtype_name(o->dtype), wick_dtype_name(a->dtype));
    if (!wk_broadcasts_to(function, b, a->shape, a->ndim) || !wk_broadcasts_to(function, c, a->shape, a->ndim))
        return NULL;
    bool recorded, recorded_c;
    if (!wk_recording(a, b, &recorded) || !wk_recording(c, NULL, &recorded_c))
        return NULL;
    WICK_SCOPE;
    if (recorded || recorded_c) {
        wick_tensor *before = wk_before(a);
        wick_tensor *const inputs[3] = {before, b, c};
        wick_tensor *wide =
            before ? wk_own(compute(function, o->loop, inputs, o->condition, o->dtype, &o->s, NULL)) : NULL;
        wick_tensor *y = wide ? wk_cast(wide, a->dtype) : NULL;
        return wk_assign(function, a, wk_record(o->op, &args, y, before, b, c));
    }
    /* A loop may write over its own input, but not over one that lies elsewhere in the same memory. */
    bool direct = o->dtype == a->dtype && (b == a || b->storage != a->storage) && (c == a || c->storage != a->storage);
    wick_tensor *y = compute(function, o->loop, in, o->condition, o->dtype, &o->s, direct ? a : NULL);
    if (!y)
        return NULL;
    if (!direct)
        wk_copy(a, y);
    wk_unref(y);
    wk_bump_version(a, function);
    return a;
}

/* The dtype of three operands: those with dimensions decide, unless one without is of a higher category. */
static wick_dtype promoted(const wick_tensor *a, const wick_tensor *b, const wick_tensor *c)
{
    const wick_tensor *in[3] = {a, b, c};
    wick_dtype high = WICK_DTYPE_AUTO, low = WICK_DTYPE_AUTO;
    for (int i = 0; i < 3; i++) {
        wick_dtype *level = in[i]->ndim ? &high : &low, dtype = in[i]->dtype;
        *level = *level == WICK_DTYPE_AUTO ? dtype : wick_promote_types(*level, dtype);
    }
    return high == WICK_DTYPE_AUTO || (low != WICK_DTYPE_AUTO && !wk_can_hold(high, low)) ? low : high;
}

/* The table's loop for a dtype; NULL with an error. */
static wk_loop *loop_of(const char *function, wk_loop_id id, wick_dtype dtype)
{
    wk_loop *loop = wk_cpu()->loop[id][WK_DTYPE_INDEX(dtype)];
    if (!loop)
        wick_fail(WICK_ERROR_DTYPE, "%s: not defined for %s; convert to a floating-point dtype first", function,
                  wick_dtype_name(dtype));
    return loop;
}

/* ---- The operations ----------------------------------------------------------------------------------------------------------- */

/* where    y = b where a is true, else c        db = dy where a, else 0        dc = 0 where a, else dy */
GRAD(where_db) { return wick_where(a, dy, 0.0); }
GRAD(where_dc) { return wick_where(a, 0.0, dy); }
static const wk_op where_op = {
    "WhereBackward0", {{NULL, 0, NULL}, {where_db, USES_A, NULL}, {where_dc, USES_A, NULL}}, false};

/* masked_fill  y = c where b is true, else a        da = 0 where b, else dy        dc = the sum of dy where b */
GRAD(masked_fill_da) { return wick_where(b, 0.0, dy); }
GRAD(masked_fill_dc) { return wick_where(b, dy, 0.0); }
static const wk_op masked_fill_number_op = {"MaskedFillBackward0", {{masked_fill_da, USES_B, NULL}}, false};
static const wk_op masked_fill_op = {
    "MaskedFillBackward1", {{masked_fill_da, USES_B, NULL}, {NULL, 0, NULL}, {masked_fill_dc, USES_B, NULL}}, false};

static bool check_masked_fill(const char *function, wick_tensor *x, wick_tensor *mask, wick_tensor *value)
{
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(mask, function, "mask") || !WK_TENSOR(value, function, "value"))
        return false;
    if (mask->dtype != WICK_BOOL) {
        wick_fail(WICK_ERROR_DTYPE, "%s: the mask must be bool, not %s; compare first", function,
                  wick_dtype_name(mask->dtype));
        return false;
    }
    if (value->ndim > 0) {
        wick_fail(WICK_ERROR_SHAPE, "%s: the value must be a number or a 0-dimensional tensor, not of shape %s",
                  function, WK_SHAPE(value));
        return false;
    }
    return wk_check_number(function, wk_load_number(value, value->offset), x->dtype);
}

#undef wick_masked_fill
wick_tensor *wick_masked_fill(wick_tensor *x, wick_tensor *mask, wick_tensor *value)
{
    WK_ENTER;
    const char *function = "wick_masked_fill";
    if (!check_masked_fill(function, x, mask, value))
        return NULL;
    /* The loop's operands are the condition, and what is chosen where it is true and where it is not. */
    wick_tensor *const in[3] = {mask, value, x};
    wick_tensor *y = compute(function, wk_cpu()->where[WK_DTYPE_INDEX(x->dtype)], in, true, x->dtype, NULL, NULL);
    if (!wick_dtype_is_floating(x->dtype)) /* nothing to differentiate, whatever the value is */
        return wk_own(y);
    return wk_record(value->is_number ? &masked_fill_number_op : &masked_fill_op, NULL, y, x, mask, value);
}

#undef wick_masked_fill_
wick_tensor *wick_masked_fill_(wick_tensor *x, wick_tensor *mask, wick_tensor *value)
{
    WK_ENTER;
    WK_IN_PLACE("wick_masked_fill_", x, wick_masked_fill(before, mask, value));
}

/* lerp     y = a + c (b - a)        da = dy (1 - c)        db = dy c        dc = dy (b - a) */
GRAD(lerp_da) { return wick_mul(dy, wick_sub(1, c)); }
GRAD(lerp_db) { return wick_mul(dy, c); }
GRAD(lerp_dc) { return wick_mul(dy, wick_sub(b, a)); }
static const wk_op lerp_number_op = {"LerpBackward0", {{lerp_da, USES_C, NULL}, {lerp_db, USES_C, NULL}}, false};
static const wk_op lerp_op = {
    "LerpBackward1", {{lerp_da, USES_C, NULL}, {lerp_db, USES_C, NULL}, {lerp_dc, USES_A | USES_B, NULL}}, false};

static wick_tensor *lerp(const char *function, wick_tensor *x, wick_tensor *end, wick_tensor *weight, bool in_place)
{
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(end, function, "end") || !WK_TENSOR(weight, function, "weight"))
        return NULL;
    if (end->dtype != x->dtype || (weight->ndim > 0 && weight->dtype != x->dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: x is %s, the end %s and the weight %s; convert them to one dtype",
                         function, wick_dtype_name(x->dtype), wick_dtype_name(end->dtype),
                         wick_dtype_name(weight->dtype));
    bool number = weight->is_number;
    wick_dtype dtype = number ? x->dtype : promoted(x, end, weight);
    wk_loop *loop = loop_of(function, WK_LERP, dtype);
    if (!loop)
        return NULL;
    if (number) /* in x's precision, which numbers among themselves do not have */
        weight = wick_full_n(WICK_NUMBER(wk_load(weight, weight->offset)), NULL, 0, dtype);
    const ternary o = {function, number ? &lerp_number_op : &lerp_op, loop, dtype, false, 0};
    return weight ? apply(&o, x, end, weight, in_place) : NULL;
}
#undef wick_lerp
wick_tensor *wick_lerp(wick_tensor *x, wick_tensor *end, wick_tensor *weight)
{
    WK_ENTER;
    return lerp("wick_lerp", x, end, weight, false);
}
#undef wick_lerp_
wick_tensor *wick_lerp_(wick_tensor *x, wick_tensor *end, wick_tensor *weight)
{
    WK_ENTER;
    return lerp("wick_lerp_", x, end, weight, true);
}

/* addcmul  y = a + s b c        da = dy        db = dy s c        dc = dy s b */
GRAD(add_da) { return dy; }
GRAD(addcmul_db) { return wick_mul(dy, wick_mul(c, args->s)); }
GRAD(addcmul_dc) { return wick_mul(dy, wick_mul(b, args->s)); }
static const wk_op addcmul_op = {
    "AddcmulBackward0", {{add_da, 0, NULL}, {addcmul_db, USES_C, NULL}, {addcmul_dc, USES_B, NULL}}, false};

/* addcdiv  y = a + s b / c        da = dy        db = dy s / c        dc = -dy s b / c^2 */
GRAD(addcdiv_db) { return wick_mul(dy, wick_div(args->s, c)); }
GRAD(addcdiv_dc) { return wick_mul(wick_neg(dy), wick_div(wick_mul(b, args->s), wick_mul(c, c))); }
static const wk_op addcdiv_op = {
    "AddcdivBackward0", {{add_da, 0, NULL}, {addcdiv_db, USES_C, NULL}, {addcdiv_dc, USES_B | USES_C, NULL}}, false};

static wick_tensor *addc(const char *function, wk_loop_id id, wick_tensor *x, wick_tensor *a, wick_tensor *b,
                         double value, bool in_place)
{
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b"))
        return NULL;
    bool divides = id == WK_ADDCDIV;
    if (divides && !wick_dtype_is_floating(a->dtype) && !wick_dtype_is_floating(b->dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: a is %s and b is %s; integers are not divided, convert one first",
                         function, wick_dtype_name(a->dtype), wick_dtype_name(b->dtype));
    wick_dtype dtype = promoted(x, a, b);
    if (!wick_dtype_is_floating(dtype)) {
        if (!wk_check_number(function, wick_number_float(value), dtype) ||
            !wk_check_exact(function, ".value", value, dtype, "multiply a by it first"))
            return NULL;
        if (value != 1) /* the loop has no number that is an int64 */
            a = wick_mul(wick_to_dtype(a, dtype), (int64_t)value);
        if (!a)
            return NULL;
        value = 1;
    }
    const ternary o = {function, divides ? &addcdiv_op : &addcmul_op, loop_of(function, id, dtype), dtype, false,
                       value};
    return o.loop ? apply(&o, x, a, b, in_place) : NULL;
}
wick_tensor *wick_addcmul_opt(wick_tensor *x, wick_tensor *a, wick_tensor *b, const wick_addc_options *given)
{
    WK_ENTER;
    wick_addc_options o = WK_OPTIONS(wick_addc_options, 1, given);
    return addc("wick_addcmul", WK_ADDCMUL, x, a, b, o.value, false);
}
wick_tensor *wick_addcdiv_opt(wick_tensor *x, wick_tensor *a, wick_tensor *b, const wick_addc_options *given)
{
    WK_ENTER;
    wick_addc_options o = WK_OPTIONS(wick_addc_options, 1, given);
    return addc("wick_addcdiv", WK_ADDCDIV, x, a, b, o.value, false);
}
wick_tensor *wick_addcmul_opt_(wick_tensor *x, wick_tensor *a, wick_tensor *b, const wick_addc_options *given)
{
    WK_ENTER;
    wick_addc_options o = WK_OPTIONS(wick_addc_options, 1, given);
    return addc("wick_addcmul_", WK_ADDCMUL, x, a, b, o.value, true);
}
wick_tensor *wick_addcdiv_opt_(wick_tensor *x, wick_tensor *a, wick_tensor *b, const wick_addc_options *given)
{
    WK_ENTER;
    wick_addc_options o = WK_OPTIONS(wick_addc_options, 1, given);
    return addc("wick_addcdiv_", WK_ADDCDIV, x, a, b, o.value, true);
}

/* clamp    y = min(max(a, b), c), NaN if one is
            da = dy where b <= a <= c, halved where a is one of two bounds b < c, else 0
            db = dy where a < b <= c, dy / 2 where a = b < c, else 0
            dc = dy where a > c >= b or b > c, dy / 2 where a = c > b, else 0 */
static wick_tensor *both(wick_tensor *p, wick_tensor *q) { return wick_mul(p, q); }
static wick_tensor *either(wick_tensor *p, wick_tensor *q) { return wick_add(p, q); }
static wick_tensor *halved(wick_tensor *dy, wick_tensor *at_bound, wick_tensor *b, wick_tensor *c,
                           wick_tensor *elsewhere)
{
    return wick_where(both(at_bound, wick_lt(b, c)), wick_div(dy, 2), elsewhere);
}
GRAD(clamp_da)
{
    wick_tensor *outside = either(wick_lt(a, b), wick_gt(a, c)), *at_bound = either(wick_eq(a, b), wick_eq(a, c));
    return halved(dy, at_bound, b, c, wick_where(outside, 0.0, dy));
}
GRAD(clamp_db)
{
    wick_tensor *bound = both(wick_lt(a, b), wick_le(b, c));
    return halved(dy, wick_eq(a, b), b, c, wick_where(bound, dy, 0.0));
}
GRAD(clamp_dc)
{
    wick_tensor *bound = either(both(wick_gt(a, c), wick_le(b, c)), wick_gt(b, c));
    return halved(dy, wick_eq(a, c), b, c, wick_where(bound, dy, 0.0));
}
enum { USES_ALL = USES_A | USES_B | USES_C };
static const wk_op clamp_op = {
    "ClampBackward0", {{clamp_da, USES_ALL, NULL}, {clamp_db, USES_ALL, NULL}, {clamp_dc, USES_ALL, NULL}}, false};

static wick_tensor *clamp(const char *function, wick_tensor *x, wick_tensor *min, wick_tensor *max, bool in_place)
{
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(min, function, "min") || !WK_TENSOR(max, function, "max"))
        return NULL;
    wick_dtype dtype = promoted(x, min, max);
    const ternary o = {function, &clamp_op, loop_of(function, WK_CLAMP_TENSOR, dtype), dtype, false, 0};
    return o.loop ? apply(&o, x, min, max, in_place) : NULL;
}
wick_tensor *wick_clamp_tensor(wick_tensor *x, wick_tensor *min, wick_tensor *max)
{
    WK_ENTER;
    return clamp("wick_clamp_tensor", x, min, max, false);
}
wick_tensor *wick_clamp_tensor_(wick_tensor *x, wick_tensor *min, wick_tensor *max)
{
    WK_ENTER;
    return clamp("wick_clamp_tensor_", x, min, max, true);
}

#undef wick_where
wick_tensor *wick_where(wick_tensor *condition, wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    const char *function = "wick_where";
    if (!WK_TENSOR(condition, function, "condition") || !WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b"))
        return NULL;
    if (condition->dtype != WICK_BOOL && condition->dtype != WICK_UINT8)
        return wick_fail(WICK_ERROR_DTYPE, "%s: the condition must be bool, not %s; compare first", function,
                         wick_dtype_name(condition->dtype));
    wick_dtype dtype = wk_result_type(a, b);
    const ternary o = {function, &where_op, wk_cpu()->where[WK_DTYPE_INDEX(dtype)], dtype, true, 0};
    if (condition->dtype == WICK_BOOL)
        return apply(&o, condition, a, b, false);
    WICK_SCOPE;
    condition = wk_own(wk_cast(condition, WICK_BOOL));
    return condition ? wick_out(apply(&o, condition, a, b, false)) : NULL;
}
