/* binary.c - pointwise operations on two operands, and comparisons. */
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

static const double log_2 = 0.693147180559945309417;

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
    if (!wk_can_hold(a->dtype, dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: the result, %s, cannot be put into a tensor of %s", function,
                         wick_dtype_name(dtype), wick_dtype_name(a->dtype));
    if (!wk_broadcasts_to(function, b, a->shape, a->ndim))
        return NULL;
    bool recorded;
    if (!wk_recording(a, b, &recorded))
        return NULL;
    WICK_SCOPE;
    if (recorded) {
        wick_tensor *before = wk_before(a);
        wick_tensor *wide = before ? wk_own(compute(function, o->loop, before, b, dtype, dtype, NULL)) : NULL;
        wick_tensor *y = wide ? wk_cast(wide, a->dtype) : NULL;
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

/* Where the result is of a whole dtype: no element of b may be 0 there. */
static wick_dtype for_division(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    wick_dtype dtype = wk_result_type(a, b);
    if (wick_dtype_is_floating(dtype) || dtype == WICK_BOOL || a->numel == 0)
        return dtype;
    wick_tensor *whole = wk_cast(b, WICK_INT64), *row = whole ? wk_contiguous(whole) : NULL;
    const int64_t *divisor = row ? wk_data(row) : NULL;
    bool zero = false;
    for (int64_t i = 0; divisor && i < b->numel; i++)
        zero |= (dtype == WICK_UINT8 ? divisor[i] & 255 : divisor[i]) == 0;
    wk_unref(row);
    wk_unref(whole);
    if (zero)
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: integer division by zero; convert to a floating-point dtype for inf and NaN", function);
    return divisor && !zero ? dtype : WICK_DTYPE_AUTO;
}

static wick_dtype promoted_not_bool_number(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    wick_dtype dtype = wk_result_type(a, b);
    if (dtype == WICK_BOOL && b->is_number) {
        wick_fail(WICK_ERROR_DTYPE, "%s: a bool tensor has no bound that is a bool", function);
        return WICK_DTYPE_AUTO;
    }
    return dtype;
}

wick_tensor *wk_div_or_0(wick_tensor *a, wick_tensor *b)
{
    wick_tensor *none = wick_eq(b, 0);
    return wick_where(none, 0.0, wick_div(a, wick_where(none, 1.0, b)));
}

/* A number that bounds a uint8 may lie outside: where all of uint8 is on its right side, the nearest uint8 bounds as much, and
 * else it is an error, as in PyTorch. NULL after an error; b itself where there is nothing to do. */
static wick_tensor *bound_of(const char *function, bool low, const wick_tensor *a, wick_tensor *b)
{
    if (!b->is_number || b->dtype != WICK_INT64 || a->is_number || a->dtype != WICK_UINT8)
        return b;
    const int64_t value = wk_load_int(b, b->offset);
    if (low ? value > 255 : value < 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the bound %lld is outside of uint8", function, (long long)value);
    return value < 0 || value > 255 ? wick_scalar_int(low ? 0 : 255) : b;
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

/* A number as a tensor of t's precision, which numbers among themselves do not have; a itself if it is none. */
static wick_tensor *with_dtype(wick_tensor *a, const wick_tensor *t)
{
    return a->is_number ? wick_full_n(WICK_NUMBER(wk_load(a, a->offset)), NULL, 0, t->dtype) : a;
}

/* pow      y = a^b              da = dy b a^(b-1), 0 where b = 0
                                 db = dy y log a,   0 where a = 0 and b >= 0
   Where a rule chooses 0, what it would otherwise compute is made finite: the next derivative multiplies it by 0. */
GRAD(pow_number_da)
{
    const double n = wk_load(b, b->offset);
    if (n == 0)
        return wick_zeros_like(dy); /* and so are its derivatives, at a = 0 too */
    return wick_mul(dy, wick_mul(wick_pow(a, n - 1), n));
}
GRAD(pow_da)
{
    if (!wick_dtype_is_floating(b->dtype))
        b = wick_to_dtype(b, a->dtype);
    wick_tensor *nothing = wick_logical_not(wick_gt(wick_abs(a), 0)); /* 0 or NaN; elsewhere 0 a^-1 is 0 by itself, */
    wick_tensor *vanishes = wick_mul(wick_eq(b, 0), nothing);         /* and its derivative by b is 1 / a */
    wick_tensor *slope = wick_mul(b, wick_pow(wick_where(vanishes, 1.0, a), wick_sub(b, 1)));
    return wick_where(vanishes, 0.0, wick_mul(dy, slope));
}
GRAD(pow_db)
{
    a = with_dtype(a, y);
    wick_tensor *vanishes = wick_mul(wick_eq(a, 0), wick_ge(b, 0));
    wick_tensor *slope = wick_mul(y, wick_log(wick_where(vanishes, 1.0, a)));
    return wick_mul(dy, wick_where(vanishes, 0.0, slope));
}
static const wk_op pow_number_op = {"PowBackward0", {{pow_number_da, USES_A | USES_B, NULL}}, false};
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

/* clamp_min  y = max(a, b), and the derivative of maximum for a tensor b; for a number, dy where a > b, else 0
   clamp_max  the same with < */
GRAD(clamp_min_number_da) { return wick_where(wick_gt(a, b), dy, 0.0); }
GRAD(clamp_max_number_da) { return wick_where(wick_lt(a, b), dy, 0.0); }
static const wk_op clamp_min_op = {
    "ClampMinBackward1", {{maximum_da, USES_A | USES_B, NULL}, {maximum_db, USES_A | USES_B, NULL}}, false};
static const wk_op clamp_max_op = {
    "ClampMaxBackward1", {{maximum_db, USES_A | USES_B, NULL}, {maximum_da, USES_A | USES_B, NULL}}, false};
static const wk_op clamp_min_number_op = {"ClampMinBackward0", {{clamp_min_number_da, USES_A | USES_B, NULL}}, false};
static const wk_op clamp_max_number_op = {"ClampMaxBackward0", {{clamp_max_number_da, USES_A | USES_B, NULL}}, false};
static const binary clamp_min = {"wick_clamp_min", WK_MAXIMUM, &clamp_min_op, promoted, false};
static const binary clamp_max = {"wick_clamp_max", WK_MINIMUM, &clamp_max_op, promoted, false};
static const binary clamp_min_number = {"wick_clamp_min", WK_MAXIMUM, &clamp_min_number_op, promoted_not_bool_number,
                                        false};
static const binary clamp_max_number = {"wick_clamp_max", WK_MINIMUM, &clamp_max_number_op, promoted_not_bool_number,
                                        false};

/* fmax     y = the larger, the number of a number and NaN
            da = dy where a > b or b is NaN, dy / 2 where a = b, else 0        db = the rest of dy
   fmin     the same with < */
static wick_tensor *to_a(wick_tensor *chosen, wick_tensor *b) { return wick_logical_or(chosen, wick_isnan(b)); }
static wick_tensor *to_b(wick_tensor *chosen, wick_tensor *b) { return wick_logical_not(to_a(chosen, b)); }
GRAD(fmax_da) { return to_the_chosen(dy, to_a(wick_ge(a, b), b), a, b); }
GRAD(fmax_db) { return to_the_chosen(dy, to_b(wick_gt(a, b), b), a, b); }
GRAD(fmin_da) { return to_the_chosen(dy, to_a(wick_le(a, b), b), a, b); }
GRAD(fmin_db) { return to_the_chosen(dy, to_b(wick_lt(a, b), b), a, b); }
static const wk_op fmax_op = {
    "FmaxBackward0", {{fmax_da, USES_A | USES_B, NULL}, {fmax_db, USES_A | USES_B, NULL}}, false};
static const wk_op fmin_op = {
    "FminBackward0", {{fmin_da, USES_A | USES_B, NULL}, {fmin_db, USES_A | USES_B, NULL}}, false};
static const binary larger = {"wick_fmax", WK_FMAX, &fmax_op, promoted, false};
static const binary smaller = {"wick_fmin", WK_FMIN, &fmin_op, promoted, false};

/* div      y = trunc(a / b) or floor(a / b)        da = db = 0 */
static const wk_op div_rounded_op = {"DivBackward2", {{wk_zero_rule, 0, NULL}, {wk_zero_rule, 0, NULL}}, false};
static const binary div_trunc = {"wick_div", WK_DIV_TRUNC, &div_rounded_op, for_division, false};
static const binary div_floor = {"wick_div", WK_DIV_FLOOR, &div_rounded_op, for_division, false};

/* fmod       y = a - b trunc(a / b)        da = dy        db = -dy trunc(a / b)
   remainder  y = a - b floor(a / b)        da = dy        db = -dy floor(a / b) */
GRAD(fmod_db) { return wick_mul(wick_neg(dy), wick_div(a, b, .rounding_mode = "trunc")); }
GRAD(remainder_db) { return wick_mul(wick_neg(dy), wick_div(a, b, .rounding_mode = "floor")); }
static const wk_op fmod_number_op = {"FmodBackward0", {{add_d, 0, NULL}}, false};
static const wk_op fmod_op = {"FmodBackward1", {{add_d, 0, NULL}, {fmod_db, USES_A | USES_B, NULL}}, false};
static const wk_op remainder_number_op = {"RemainderBackward0", {{add_d, 0, NULL}}, false};
static const wk_op remainder_op = {
    "RemainderBackward1", {{add_d, 0, NULL}, {remainder_db, USES_A | USES_B, NULL}}, false};
static const binary truncated = {"wick_fmod", WK_FMOD, &fmod_op, for_division, false};
static const binary truncated_number = {"wick_fmod", WK_FMOD, &fmod_number_op, for_division, false};
static const binary modulo = {"wick_remainder", WK_REMAINDER, &remainder_op, for_division, false};
static const binary modulo_number = {"wick_remainder", WK_REMAINDER, &remainder_number_op, for_division, false};

/* atan2    y = the angle of the point (b, a)        da = dy b / (a^2 + b^2)        db = -dy a / (a^2 + b^2)        0 for 0 / 0 */
static wick_tensor *inverse_square(wick_tensor *a, wick_tensor *b)
{
    return wk_div_or_0(wick_scalar_float(1), wick_add(wick_mul(a, a), wick_mul(b, b)));
}
GRAD(atan2_da) { return wick_mul(dy, wick_mul(b, inverse_square(a, b))); }
GRAD(atan2_db) { return wick_mul(dy, wick_mul(wick_neg(a), inverse_square(a, b))); }
static const wk_op atan2_op = {
    "Atan2Backward0", {{atan2_da, USES_A | USES_B, NULL}, {atan2_db, USES_A | USES_B, NULL}}, false};
static const binary angle = {"wick_atan2", WK_ATAN2, &atan2_op, floating, false};

/* hypot    y = sqrt(a^2 + b^2)        da = dy a / y        db = dy b / y */
GRAD(hypot_da) { return wick_mul(dy, wick_div(a, y)); }
GRAD(hypot_db) { return wick_mul(dy, wick_div(b, y)); }
static const wk_op hypot_op = {
    "HypotBackward0", {{hypot_da, USES_A | USES_Y, NULL}, {hypot_db, USES_B | USES_Y, NULL}}, false};
static const binary hypotenuse = {"wick_hypot", WK_HYPOT, &hypot_op, promoted, false};

/* copysign  y = |a| with the sign of b        da = dy y / a, 0 where a = 0; y / a is 1 or -1        db = 0 */
GRAD(copysign_da) { return wick_mul(dy, wick_detach(wk_div_or_0(y, a))); }
static const wk_op copysign_op = {
    "CopysignBackward0", {{copysign_da, USES_A | USES_Y, NULL}, {wk_zero_rule, 0, NULL}}, false};
static const wk_op copysign_number_op = {"CopysignBackward1", {{copysign_da, USES_A | USES_Y, NULL}}, false};
static const binary signed_as = {"wick_copysign", WK_COPYSIGN, &copysign_op, floating, false};
static const binary signed_as_number = {"wick_copysign", WK_COPYSIGN, &copysign_number_op, floating, false};

/* logaddexp   y = log(e^a + e^b)         da = dy / (1 + e^(b - a))        db = dy / (1 + e^(a - b))
   logaddexp2  y = log2(2^a + 2^b)        the same with 2
   The sigmoid's own rule stays finite where e^(b - a) does not. */
GRAD(logaddexp_da) { return wick_mul(dy, wick_sigmoid(wick_sub(a, b))); }
GRAD(logaddexp_db) { return wick_mul(dy, wick_sigmoid(wick_sub(b, a))); }
GRAD(logaddexp2_da) { return wick_mul(dy, wick_sigmoid(wick_mul(wick_sub(a, b), log_2))); }
GRAD(logaddexp2_db) { return wick_mul(dy, wick_sigmoid(wick_mul(wick_sub(b, a), log_2))); }
static const wk_op logaddexp_op = {
    "LogaddexpBackward0", {{logaddexp_da, USES_A | USES_B, NULL}, {logaddexp_db, USES_A | USES_B, NULL}}, false};
static const wk_op logaddexp2_op = {
    "Logaddexp2Backward0", {{logaddexp2_da, USES_A | USES_B, NULL}, {logaddexp2_db, USES_A | USES_B, NULL}}, false};
static const binary log_sum = {"wick_logaddexp", WK_LOGADDEXP, &logaddexp_op, promoted, false};
static const binary log2_sum = {"wick_logaddexp2", WK_LOGADDEXP2, &logaddexp2_op, promoted, false};

/* xlogy    y = a log b, 0 where a = 0        da = dy log b, 0 where a = 0 and b <= 0        db = dy a / b, 0 where a = b = 0 */
GRAD(xlogy_da)
{
    wick_tensor *vanishes = wick_mul(wick_eq(a, 0), wick_le(b, 0));
    return wick_where(vanishes, 0.0, wick_xlogy(dy, wick_where(vanishes, 1.0, with_dtype(b, dy))));
}
GRAD(xlogy_db)
{
    wick_tensor *vanishes = wick_mul(wick_eq(a, 0), wick_eq(b, 0));
    return wick_where(vanishes, 0.0, wick_div(wick_mul(dy, a), wick_where(vanishes, 1.0, b)));
}
static const wk_op xlogy_op = {
    "XlogyBackward0", {{xlogy_da, USES_A | USES_B, NULL}, {xlogy_db, USES_A | USES_B, NULL}}, false};
static const wk_op number_xlogy_op = {"XlogyBackward1", {{NULL, 0, NULL}, {xlogy_db, USES_A | USES_B, NULL}}, false};
static const wk_op xlogy_number_op = {"XlogyBackward2", {{xlogy_da, USES_A | USES_B, NULL}}, false};
static const binary times_log = {"wick_xlogy", WK_XLOGY, &xlogy_op, floating, false};
static const binary number_times_log = {"wick_xlogy", WK_XLOGY, &number_xlogy_op, floating, false};
static const binary times_log_number = {"wick_xlogy", WK_XLOGY, &xlogy_number_op, floating, false};

#define COMPARISON(name, NAME) static const binary name = {"wick_" #name, WK_##NAME, NULL, promoted, true}
COMPARISON(eq, EQ);
COMPARISON(ne, NE);
COMPARISON(lt, LT);
COMPARISON(le, LE);
COMPARISON(gt, GT);
COMPARISON(ge, GE);
COMPARISON(logical_and, LOGICAL_AND);
COMPARISON(logical_or, LOGICAL_OR);
COMPARISON(logical_xor, LOGICAL_XOR);

/* ops.h has macros over these names, which take numbers too; they end here, so that the functions are defined. */
#undef wick_add
wick_tensor *wick_add(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&add, a, b);
}
#undef wick_sub
wick_tensor *wick_sub(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&sub, a, b);
}
#undef wick_mul
wick_tensor *wick_mul(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&mul, a, b);
}
#undef wick_div
wick_tensor *wick_div(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&divide, a, b);
}
#undef wick_maximum
wick_tensor *wick_maximum(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&maximum, a, b);
}
#undef wick_minimum
wick_tensor *wick_minimum(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&minimum, a, b);
}
#undef wick_eq
wick_tensor *wick_eq(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&eq, a, b);
}
#undef wick_ne
wick_tensor *wick_ne(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&ne, a, b);
}
#undef wick_lt
wick_tensor *wick_lt(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&lt, a, b);
}
#undef wick_le
wick_tensor *wick_le(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&le, a, b);
}
#undef wick_gt
wick_tensor *wick_gt(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&gt, a, b);
}
#undef wick_ge
wick_tensor *wick_ge(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&ge, a, b);
}
#undef wick_fmax
wick_tensor *wick_fmax(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&larger, a, b);
}
#undef wick_fmin
wick_tensor *wick_fmin(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&smaller, a, b);
}
#undef wick_atan2
wick_tensor *wick_atan2(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&angle, a, b);
}
#undef wick_hypot
wick_tensor *wick_hypot(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&hypotenuse, a, b);
}
#undef wick_logaddexp
wick_tensor *wick_logaddexp(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&log_sum, a, b);
}
#undef wick_logaddexp2
wick_tensor *wick_logaddexp2(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&log2_sum, a, b);
}
#undef wick_logical_and
wick_tensor *wick_logical_and(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&logical_and, a, b);
}
#undef wick_logical_or
wick_tensor *wick_logical_or(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&logical_or, a, b);
}
#undef wick_logical_xor
wick_tensor *wick_logical_xor(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply(&logical_xor, a, b);
}
#undef wick_add_
wick_tensor *wick_add_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply_in_place(&add, "wick_add_", a, b);
}
#undef wick_sub_
wick_tensor *wick_sub_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply_in_place(&sub, "wick_sub_", a, b);
}
#undef wick_mul_
wick_tensor *wick_mul_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply_in_place(&mul, "wick_mul_", a, b);
}
#undef wick_div_
wick_tensor *wick_div_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply_in_place(&divide, "wick_div_", a, b);
}
#undef wick_atan2_
wick_tensor *wick_atan2_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply_in_place(&angle, "wick_atan2_", a, b);
}
#undef wick_hypot_
wick_tensor *wick_hypot_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return apply_in_place(&hypotenuse, "wick_hypot_", a, b);
}

/* Those whose node depends on which operand is a number, as PyTorch's does. */
static const binary *which_fmod(const wick_tensor *b) { return b->is_number ? &truncated_number : &truncated; }
#undef wick_fmod
wick_tensor *wick_fmod(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    bool given = WK_TENSOR(a, "wick_fmod", "a") && WK_TENSOR(b, "wick_fmod", "b");
    return given ? apply(which_fmod(b), a, b) : NULL;
}
#undef wick_fmod_
wick_tensor *wick_fmod_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    bool given = WK_TENSOR(a, "wick_fmod_", "a") && WK_TENSOR(b, "wick_fmod_", "b");
    return given ? apply_in_place(which_fmod(b), "wick_fmod_", a, b) : NULL;
}

static const binary *which_remainder(const wick_tensor *b) { return b->is_number ? &modulo_number : &modulo; }
#undef wick_remainder
wick_tensor *wick_remainder(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    bool given = WK_TENSOR(a, "wick_remainder", "a") && WK_TENSOR(b, "wick_remainder", "b");
    return given ? apply(which_remainder(b), a, b) : NULL;
}
#undef wick_remainder_
wick_tensor *wick_remainder_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    bool given = WK_TENSOR(a, "wick_remainder_", "a") && WK_TENSOR(b, "wick_remainder_", "b");
    return given ? apply_in_place(which_remainder(b), "wick_remainder_", a, b) : NULL;
}

static const binary *which_copysign(const wick_tensor *b) { return b->is_number ? &signed_as_number : &signed_as; }
#undef wick_copysign
wick_tensor *wick_copysign(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    bool given = WK_TENSOR(a, "wick_copysign", "a") && WK_TENSOR(b, "wick_copysign", "b");
    return given ? apply(which_copysign(b), a, b) : NULL;
}
#undef wick_copysign_
wick_tensor *wick_copysign_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    bool given = WK_TENSOR(a, "wick_copysign_", "a") && WK_TENSOR(b, "wick_copysign_", "b");
    return given ? apply_in_place(which_copysign(b), "wick_copysign_", a, b) : NULL;
}

static const binary *which_xlogy(const wick_tensor *a, const wick_tensor *b)
{
    return b->is_number ? &times_log_number : a->is_number ? &number_times_log : &times_log;
}
#undef wick_xlogy
wick_tensor *wick_xlogy(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    bool given = WK_TENSOR(a, "wick_xlogy", "a") && WK_TENSOR(b, "wick_xlogy", "b");
    return given ? apply(which_xlogy(a, b), a, b) : NULL;
}
#undef wick_xlogy_
wick_tensor *wick_xlogy_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    bool given = WK_TENSOR(a, "wick_xlogy_", "a") && WK_TENSOR(b, "wick_xlogy_", "b");
    return given ? apply_in_place(which_xlogy(a, b), "wick_xlogy_", a, b) : NULL;
}

#undef wick_clamp_min
wick_tensor *wick_clamp_min(wick_tensor *x, wick_tensor *bound)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_clamp_min", "x") || !WK_TENSOR(bound, "wick_clamp_min", "b"))
        return NULL;
    bound = bound_of("wick_clamp_min", true, x, bound);
    return bound ? apply(bound->is_number ? &clamp_min_number : &clamp_min, x, bound) : NULL;
}
#undef wick_clamp_min_
wick_tensor *wick_clamp_min_(wick_tensor *x, wick_tensor *bound)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_clamp_min_", "x") || !WK_TENSOR(bound, "wick_clamp_min_", "b"))
        return NULL;
    bound = bound_of("wick_clamp_min_", true, x, bound);
    return bound ? apply_in_place(bound->is_number ? &clamp_min_number : &clamp_min, "wick_clamp_min_", x, bound)
                 : NULL;
}

#undef wick_clamp_max
wick_tensor *wick_clamp_max(wick_tensor *x, wick_tensor *bound)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_clamp_max", "x") || !WK_TENSOR(bound, "wick_clamp_max", "b"))
        return NULL;
    bound = bound_of("wick_clamp_max", false, x, bound);
    return bound ? apply(bound->is_number ? &clamp_max_number : &clamp_max, x, bound) : NULL;
}
#undef wick_clamp_max_
wick_tensor *wick_clamp_max_(wick_tensor *x, wick_tensor *bound)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_clamp_max_", "x") || !WK_TENSOR(bound, "wick_clamp_max_", "b"))
        return NULL;
    bound = bound_of("wick_clamp_max_", false, x, bound);
    return bound ? apply_in_place(bound->is_number ? &clamp_max_number : &clamp_max, "wick_clamp_max_", x, bound)
                 : NULL;
}

static const binary *which_pow(const wick_tensor *a, const wick_tensor *b)
{
    return b->is_number ? &power_number : a->is_number ? &number_power : &power;
}

/* Of bool, there are the powers true and false only: a itself, and true. */
static bool is_bool_power(const wick_tensor *a, const wick_tensor *b)
{
    return a->dtype == WICK_BOOL && b->dtype == WICK_BOOL && b->is_number;
}

#undef wick_pow
wick_tensor *wick_pow(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    if (!WK_TENSOR(a, "wick_pow", "a") || !WK_TENSOR(b, "wick_pow", "b"))
        return NULL;
    if (is_bool_power(a, b))
        return wk_load(b, b->offset) != 0 ? wick_clone(a) : wick_ones_like(a);
    return apply(which_pow(a, b), a, b);
}

#undef wick_pow_
wick_tensor *wick_pow_(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    const char *function = "wick_pow_";
    if (!WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b"))
        return NULL;
    if (!is_bool_power(a, b))
        return apply_in_place(which_pow(a, b), function, a, b);
    return wk_load(b, b->offset) != 0 ? wick_copy_(a, a) : wick_fill_(a, 1);
}

/* The division that a rounding mode asks for; NULL with an error. */
static const binary *which_div(const char *function, wick_div_options o)
{
    if (!o.rounding_mode)
        return &divide;
    if (strcmp(o.rounding_mode, "trunc") == 0)
        return &div_trunc;
    if (strcmp(o.rounding_mode, "floor") == 0)
        return &div_floor;
    return wick_fail(WICK_ERROR_ARGUMENT, "%s: .rounding_mode must be \"trunc\", \"floor\" or NULL, and is \"%s\"",
                     function, o.rounding_mode);
}

wick_tensor *wick_div_opt(wick_tensor *a, wick_tensor *b, const wick_div_options *given)
{
    WK_ENTER;
    wick_div_options o = WK_OPTIONS(wick_div_options, 0, given);
    const binary *which = which_div("wick_div", o);
    return which ? apply(which, a, b) : NULL;
}

wick_tensor *wick_div_opt_(wick_tensor *a, wick_tensor *b, const wick_div_options *given)
{
    WK_ENTER;
    wick_div_options o = WK_OPTIONS(wick_div_options, 0, given);
    const binary *which = which_div("wick_div_", o);
    return which ? apply_in_place(which, "wick_div_", a, b) : NULL;
}
