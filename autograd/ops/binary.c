/* binary.c - pointwise operations on two operands, comparisons, and where. */
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- What they have in common --------------------------------------------------------------------------------------------- */

/* t in another dtype, for the kernel only: the node is recorded over t itself, and the engine converts gradients back.
 * *temporary is the copy, if one was made, for the caller to drop. */
static const wick_tensor *converted(const wick_tensor *t, wick_dtype dtype, wick_tensor **temporary)
{
    if (t->dtype == dtype)
        return t;
    return *temporary = wk_cast(t, dtype);
}

/* y = loop(a, b), computed in dtype; y is a new tensor of dtype result, or out. One reference, the caller's. */
static wick_tensor *compute(const char *function, wk_loop_id loop, const wick_tensor *a, const wick_tensor *b,
                            wick_dtype dtype, wick_dtype result, wick_tensor *out)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    wick_tensor *temporary[2] = {NULL, NULL}, *y = NULL;
    if (!out && wk_same_shape(a, b))
        y = wk_new(a->shape, a->ndim, result);
    else if (wk_broadcast(function, a->shape, a->ndim, b->shape, b->ndim, shape, &ndim))
        y = out ? wk_ref(out) : wk_new(shape, ndim, result);
    const wick_tensor *input[2] = {converted(a, dtype, &temporary[0]), converted(b, dtype, &temporary[1])};
    if (y && (!input[0] || !input[1] || !wk_map(function, loop, y, 2, input, NULL))) {
        wk_unref(y);
        y = NULL;
    }
    wk_unref(temporary[0]);
    wk_unref(temporary[1]);
    return y;
}

typedef struct binary {
    const char *function;
    wk_loop_id loop;
    const wk_op *op; /* NULL: not differentiable */
    wick_dtype (*dtype)(const char *function, const wick_tensor *a, const wick_tensor *b); /* in which it is computed */
    bool compares;                                                                         /* the result is bool */
} binary;

static wick_tensor *apply(const binary *o, wick_tensor *a, wick_tensor *b)
{
    if (!WK_TENSOR(a, o->function, "a") || !WK_TENSOR(b, o->function, "b"))
        return NULL;
    wick_dtype dtype = o->dtype(o->function, a, b);
    if (dtype == WICK_DTYPE_AUTO)
        return NULL;
    wick_tensor *y = compute(o->function, o->loop, a, b, dtype, o->compares ? WICK_BOOL : dtype, NULL);
    if (y)
        y->is_number = a->is_number && b->is_number;
    return o->op ? wk_record(o->op, NULL, y, a, b, NULL) : wk_own(y);
}

/* a = a op b: in one pass where nothing is recorded, else out of place and then assigned. */
static wick_tensor *apply_in_place(const binary *o, const char *function, wick_tensor *a, wick_tensor *b)
{
    if (!WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b"))
        return NULL;
    wick_dtype dtype = o->dtype(function, a, b);
    if (dtype == WICK_DTYPE_AUTO || !wk_check_writable(function, a, false))
        return NULL;
    if (!wk_can_hold((wick_dtype)a->dtype, dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: the result, %s, cannot be put into a tensor of %s", function,
                         wick_dtype_name(dtype), wick_dtype_name((wick_dtype)a->dtype));
    if (!wk_broadcasts_to(function, b, a->shape, a->ndim))
        return NULL;
    bool recorded;
    if (!wk_recording(a, b, &recorded))
        return NULL;
    WICK_SCOPE;
    if (recorded) {
        wick_tensor *before = wk_before(a);
        wick_tensor *wide = before ? wk_own(compute(function, o->loop, before, b, dtype, dtype, NULL)) : NULL;
        wick_tensor *y = wide ? wk_cast(wide, (wick_dtype)a->dtype) : NULL;
        return wk_assign(function, a, wk_record(o->op, NULL, y, before, b, NULL));
    }
    /* A loop may write over its own input, but not over one that lies elsewhere in the same memory. */
    bool direct = dtype == a->dtype && (b == a || b->storage != a->storage);
    wick_tensor *y = compute(function, o->loop, a, b, dtype, dtype, direct ? a : NULL);
    if (!y)
        return NULL;
    if (!direct)
        wk_copy(a, y);
    wk_unref(y);
    wk_bump_version(a, function);
    return a;
}

/* ---- The dtypes they compute in --------------------------------------------------------------------------------------------- */

static wick_dtype promoted(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    (void)function;
    return wk_result_type(a, b);
}

static wick_dtype promoted_not_bool(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    if (a->dtype == WICK_BOOL || b->dtype == WICK_BOOL) {
        wick_fail(WICK_ERROR_DTYPE,
                  "%s: subtraction with bool is not supported; use wick_ne for exclusive or, or convert", function);
        return WICK_DTYPE_AUTO;
    }
    return wk_result_type(a, b);
}

static wick_dtype floating(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    (void)function;
    wick_dtype dtype = wk_result_type(a, b);
    return wick_dtype_is_floating(dtype) ? dtype : wick_default_dtype();
}

static wick_dtype for_pow(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    wick_dtype dtype = wk_result_type(a, b);
    if (!wick_dtype_is_floating(dtype) && b->is_number && wk_load(b, b->offset) < 0) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: integers to negative integer powers are not allowed", function);
        return WICK_DTYPE_AUTO;
    }
    return dtype;
}

/* ---- The operations ----------------------------------------------------------------------------------------------------------- */

/* add      y = a + b            da = dy            db = dy */
GRAD(add_d) { return dy; }
static const wk_op add_op = {"AddBackward0", {{add_d, 0, NULL}, {add_d, 0, NULL}}, false};
static const binary add = {"wick_add", WK_ADD, &add_op, promoted, false};

/* sub      y = a - b            da = dy            db = -dy */
GRAD(sub_db) { return wick_neg(dy); }
static const wk_op sub_op = {"SubBackward0", {{add_d, 0, NULL}, {sub_db, 0, NULL}}, false};
static const binary sub = {"wick_sub", WK_SUB, &sub_op, promoted_not_bool, false};

/* mul      y = a b              da = dy b          db = dy a */
GRAD(mul_da) { return wick_mul(dy, b); }
GRAD(mul_db) { return wick_mul(dy, a); }
static const wk_op mul_op = {"MulBackward0", {{mul_da, USES_B, NULL}, {mul_db, USES_A, NULL}}, false};
static const binary mul = {"wick_mul", WK_MUL, &mul_op, promoted, false};

/* div      y = a / b            da = dy / b        db = -dy (a / b) / b */
GRAD(div_da) { return wick_div(dy, b); }
GRAD(div_db) { return wick_mul(wick_neg(dy), wick_div(wick_div(a, b), b)); }
static const wk_op div_op = {"DivBackward0", {{div_da, USES_B, NULL}, {div_db, USES_A | USES_B, NULL}}, false};
static const binary divide = {"wick_div", WK_DIV, &div_op, floating, false};

/* pow      y = a^b              da = dy b a^(b-1), 0 where b = 0
                                 db = dy y log a,   0 where a = 0 and b >= 0 */
GRAD(pow_da)
{
    if (b->is_number && wk_load(b, b->offset) == 0)
        return wick_zeros_like(dy); /* and so are its derivatives, at a = 0 too */
    if (b->is_number)               /* in a's precision, which numbers among themselves do not have */
        b = wick_full_n(wk_load(b, b->offset), NULL, 0, (wick_dtype)a->dtype);
    else if (!wick_dtype_is_floating((wick_dtype)b->dtype))
        b = wick_to_dtype(b, (wick_dtype)a->dtype);
    return wick_where(wick_eq(b, 0), 0.0, wick_mul(dy, wick_mul(b, wick_pow(a, wick_sub(b, 1)))));
}
GRAD(pow_db)
{
    wick_tensor *vanishes = wick_mul(wick_eq(a, 0), wick_ge(b, 0));
    return wick_mul(dy, wick_where(vanishes, 0.0, wick_mul(y, wick_log(a))));
}
static const wk_op pow_number_op = {"PowBackward0", {{pow_da, USES_A | USES_B, NULL}}, false};
static const wk_op pow_op = {
    "PowBackward1", {{pow_da, USES_A | USES_B, NULL}, {pow_db, USES_A | USES_B | USES_Y, NULL}}, false};
static const wk_op number_pow_op = {"PowBackward2", {{NULL, 0, NULL}, {pow_db, USES_A | USES_B | USES_Y, NULL}}, false};
static const binary power = {"wick_pow", WK_POW, &pow_op, for_pow, false};
static const binary power_number = {"wick_pow", WK_POW, &pow_number_op, for_pow, false};
static const binary number_power = {"wick_pow", WK_POW, &number_pow_op, for_pow, false};

/* maximum  y = max(a, b)        da = dy where a > b, dy / 2 where a = b, else 0        db likewise
   minimum  y = min(a, b)        the same with < */
static wick_tensor *to_the_chosen(wick_tensor *dy, wick_tensor *passes, wick_tensor *a, wick_tensor *b)
{
    wick_tensor *shared = wick_where(wick_eq(a, b), wick_div(dy, 2), dy);
    return wick_where(passes, shared, 0.0);
}
GRAD(maximum_da) { return to_the_chosen(dy, wick_eq(wick_lt(a, b), false), a, b); }
GRAD(maximum_db) { return to_the_chosen(dy, wick_eq(wick_lt(b, a), false), a, b); }
static const wk_op maximum_op = {
    "MaximumBackward0", {{maximum_da, USES_A | USES_B, NULL}, {maximum_db, USES_A | USES_B, NULL}}, false};
static const wk_op minimum_op = {
    "MinimumBackward0", {{maximum_db, USES_A | USES_B, NULL}, {maximum_da, USES_A | USES_B, NULL}}, false};
static const binary maximum = {"wick_maximum", WK_MAXIMUM, &maximum_op, promoted, false};
static const binary minimum = {"wick_minimum", WK_MINIMUM, &minimum_op, promoted, false};

#define COMPARISON(name, NAME) static const binary name = {"wick_" #name, WK_##NAME, NULL, promoted, true};
COMPARISON(eq, EQ)
COMPARISON(ne, NE)
COMPARISON(lt, LT)
COMPARISON(le, LE)
COMPARISON(gt, GT)
COMPARISON(ge, GE)

/* The names stand in parentheses because ops.h has macros over them, which take numbers too. */
wick_tensor *(wick_add)(wick_tensor *a, wick_tensor *b) { return apply(&add, a, b); }
wick_tensor *(wick_sub)(wick_tensor *a, wick_tensor *b) { return apply(&sub, a, b); }
wick_tensor *(wick_mul)(wick_tensor *a, wick_tensor *b) { return apply(&mul, a, b); }
wick_tensor *(wick_div)(wick_tensor *a, wick_tensor *b) { return apply(&divide, a, b); }
wick_tensor *(wick_pow)(wick_tensor *a, wick_tensor *b)
{
    if (!WK_TENSOR(a, "wick_pow", "a") || !WK_TENSOR(b, "wick_pow", "b"))
        return NULL;
    return apply(b->is_number ? &power_number : a->is_number ? &number_power : &power, a, b);
}
wick_tensor *(wick_maximum)(wick_tensor *a, wick_tensor *b) { return apply(&maximum, a, b); }
wick_tensor *(wick_minimum)(wick_tensor *a, wick_tensor *b) { return apply(&minimum, a, b); }
wick_tensor *(wick_eq)(wick_tensor *a, wick_tensor *b) { return apply(&eq, a, b); }
wick_tensor *(wick_ne)(wick_tensor *a, wick_tensor *b) { return apply(&ne, a, b); }
wick_tensor *(wick_lt)(wick_tensor *a, wick_tensor *b) { return apply(&lt, a, b); }
wick_tensor *(wick_le)(wick_tensor *a, wick_tensor *b) { return apply(&le, a, b); }
wick_tensor *(wick_gt)(wick_tensor *a, wick_tensor *b) { return apply(&gt, a, b); }
wick_tensor *(wick_ge)(wick_tensor *a, wick_tensor *b) { return apply(&ge, a, b); }
wick_tensor *(wick_add_)(wick_tensor *a, wick_tensor *b) { return apply_in_place(&add, "wick_add_", a, b); }
wick_tensor *(wick_sub_)(wick_tensor *a, wick_tensor *b) { return apply_in_place(&sub, "wick_sub_", a, b); }
wick_tensor *(wick_mul_)(wick_tensor *a, wick_tensor *b) { return apply_in_place(&mul, "wick_mul_", a, b); }
wick_tensor *(wick_div_)(wick_tensor *a, wick_tensor *b) { return apply_in_place(&divide, "wick_div_", a, b); }

/* where    y = b where a is true, else c        db = dy where a, else 0        dc = 0 where a, else dy */
GRAD(where_db) { return wick_where(a, dy, 0.0); }
GRAD(where_dc) { return wick_where(a, 0.0, dy); }
static const wk_op where_op = {
    "WhereBackward0", {{NULL, 0, NULL}, {where_db, USES_A, NULL}, {where_dc, USES_A, NULL}}, false};

wick_tensor *(wick_where)(wick_tensor *condition, wick_tensor *a, wick_tensor *b)
{
    const char *function = "wick_where";
    if (!WK_TENSOR(condition, function, "condition") || !WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b"))
        return NULL;
    if (condition->dtype != WICK_BOOL)
        return wick_fail(WICK_ERROR_DTYPE, "%s: the condition must be bool, not %s; compare first", function,
                         wick_dtype_name((wick_dtype)condition->dtype));
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_broadcast(function, a->shape, a->ndim, b->shape, b->ndim, shape, &ndim) ||
        !wk_broadcast(function, condition->shape, condition->ndim, shape, ndim, shape, &ndim))
        return NULL;
    wick_dtype dtype = wk_result_type(a, b);
    wick_tensor *temporary[2] = {NULL, NULL};
    const wick_tensor *input[3] = {condition, converted(a, dtype, &temporary[0]), converted(b, dtype, &temporary[1])};
    wick_tensor *y = input[1] && input[2] ? wk_new(shape, ndim, dtype) : NULL;
    if (y)
        wk_map_loop(wk_cpu()->where[dtype], y, 3, input, NULL);
    wk_unref(temporary[0]);
    wk_unref(temporary[1]);
    return wk_record(&where_op, NULL, y, condition, a, b);
}
