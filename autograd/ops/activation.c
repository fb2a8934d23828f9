/* activation.c - activations of one element: of straight pieces, and smooth ones; and in place.
 *
 * Each is one node and one loop. Its gradient is a loop of (dy, x) too, and, for a backward pass that is recorded, a rule in
 * differentiable operations. At a kink both give what PyTorch gives. */
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* The numbers of a loop; the node keeps the first two as s and t. */
typedef struct numbers {
    double s[3];
} numbers;
#define NUMBERS(...) ((numbers){{__VA_ARGS__}})

/* y = loop(x) */
static wick_tensor *apply(const char *function, wk_loop_id loop, const wk_op *op, wick_tensor *x, numbers k)
{
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    wick_tensor *y = wk_new_like(x);
    if (y && !wk_map(function, loop, y, 1, (const wick_tensor *const[]){x}, k.s)) {
        wk_unref(y);
        return NULL;
    }
    if (y)
        y->is_number = x->is_number;
    return wk_record(op, &(wk_args){.s = k.s[0], .t = k.s[1]}, y, x, NULL, NULL);
}

/* dx = loop(dy, x) */
static wick_tensor *fused(wk_loop_id loop, wick_tensor *dy, wick_tensor *x, numbers k)
{
    wick_tensor *dx = wk_new_like(dy);
    if (dx && !wk_map("wick_backward", loop, dx, 2, (const wick_tensor *const[]){dy, x}, k.s)) {
        wk_unref(dx);
        return NULL;
    }
    return wk_own(dx);
}

/* A node whose rules are name_d and the loop LOOP_GRAD, which takes the node's s and t. */
#define NODE(name, LOOP, node_name)                                                          \
    GRAD(name##_fused) { return fused(WK_##LOOP##_GRAD, dy, a, NUMBERS(args->s, args->t)); } \
    static const wk_op name##_op = {node_name, {{name##_d, USES_A, name##_fused}}, false};

/* ---- Straight pieces -------------------------------------------------------------------------------------------------------- */

/* leaky_relu   y = x where x > 0, else s x        dx = dy where x > 0, else s dy */
GRAD(leaky_relu_d) { return wick_where(wick_gt(a, 0), dy, wick_mul(dy, args->s)); }
NODE(leaky_relu, LEAKY_RELU, "LeakyReluBackward0")
wick_tensor *wick_leaky_relu_opt(wick_tensor *x, const wick_leaky_relu_options *given)
{
    WK_ENTER;
    wick_leaky_relu_options o = WK_OPTIONS(wick_leaky_relu_options, 0.01, given);
    return apply("wick_leaky_relu", WK_LEAKY_RELU, &leaky_relu_op, x, NUMBERS(o.negative_slope));
}

/* prelu        y = a where a > 0, else b a        da = dy where a > 0, else dy b        db = 0 where a > 0, else dy a */
GRAD(prelu_da) { return wick_mul(dy, wick_where(wick_gt(a, 0), 1.0, b)); }
GRAD(prelu_db)
{
    wick_tensor *straight = wick_gt(a, 0);
    return wick_where(straight, 0.0, wick_mul(dy, wick_where(straight, 0.0, a))); /* not dy times an infinite a */
}
GRAD(prelu_da_fused)
{
    wick_tensor *da = wk_new_like(dy);
    if (da)
        wk_map("wick_backward", WK_PRELU_GRAD, da, 3, (const wick_tensor *const[]){dy, a, b}, NULL);
    return wk_own(da);
}
GRAD(prelu_db_fused) { return fused(WK_PRELU_WEIGHT_GRAD, dy, a, NUMBERS(0)); }
static const wk_op prelu_op = {
    "PreluKernelBackward0", {{prelu_da, USES_A | USES_B, prelu_da_fused}, {prelu_db, USES_A, prelu_db_fused}}, false};
wick_tensor *wick_prelu(wick_tensor *x, wick_tensor *weight)
{
    WK_ENTER;
    const char *function = "wick_prelu";
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(weight, function, "weight"))
        return NULL;
    if (x->dtype != weight->dtype || !wick_dtype_is_floating(x->dtype))
        return wick_fail(WICK_ERROR_DTYPE, "%s: both must have the same floating-point dtype, and they are %s and %s",
                         function, wick_dtype_name(x->dtype), wick_dtype_name(weight->dtype));
    int64_t channels = x->ndim > 1 ? x->shape[1] : 1;
    if (weight->ndim > 1 || (weight->numel != 1 && (weight->numel != channels || x->ndim == 0)))
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: weight must have 1 element or one per channel, dimension 1 of x; it is %s, and x %s",
                         function, WK_SHAPE(weight), WK_SHAPE(x));
    WICK_SCOPE;
    int64_t shape[WICK_MAX_DIMS];
    for (int d = 0; d < x->ndim; d++)
        shape[d] = d == 1 ? weight->numel : 1;
    wick_tensor *w = wick_reshape_n(weight, shape, x->ndim); /* (1, C, 1, ...) */
    wick_tensor *y = w ? wk_new_like(x) : NULL;
    if (y)
        wk_map(function, WK_PRELU, y, 2, (const wick_tensor *const[]){x, w}, NULL);
    return wick_out(wk_record(&prelu_op, NULL, y, x, w, NULL));
}

/* Whether the dtype, if it is one of whole numbers, can hold the number. */
static bool holds(wick_dtype dtype, wick_number number)
{
    return wick_dtype_is_floating(dtype) || wk_in_range(number, dtype);
}
static bool is_integer(const wick_tensor *x) { return x->dtype == WICK_INT64 || x->dtype == WICK_UINT8; }
/* Whether numbers of the dtype lie between the bounds, which may be outside uint8, but not outside int64. */
static bool reaches(wick_dtype dtype, double low, double high)
{
    return dtype == WICK_UINT8 ? reaches(WICK_INT64, low, high) && low < 256 && high > -1
                               : holds(dtype, wick_number_float(low)) && holds(dtype, wick_number_float(high));
}

/* hardtanh     y = min(max(x, s), t)              dx = dy where s < x < t, else 0 */
GRAD(hardtanh_d) { return wick_where(wick_mul(wick_gt(a, args->s), wick_lt(a, args->t)), dy, 0.0); }
NODE(hardtanh, HARDTANH, "HardtanhBackward0")
static wick_tensor *hardtanh(const char *function, wick_tensor *x, double low, double high)
{
    if (!x || !is_integer(x))
        return apply(function, WK_CLAMP, &hardtanh_op, x, NUMBERS(low, high));
    return wk_check_exact(function, "min_val", low, x->dtype, "use wick_clamp with .min_int") &&
                   wk_check_exact(function, "max_val", high, x->dtype, "use wick_clamp with .max_int")
               ? wick_clamp(x, trunc(low), trunc(high))
               : NULL;
}
wick_tensor *wick_hardtanh_opt(wick_tensor *x, const wick_hardtanh_options *given)
{
    WK_ENTER;
    wick_hardtanh_options o = WK_OPTIONS(wick_hardtanh_options, WICK_HARDTANH_DEFAULTS, given);
    if (!(o.min_val <= o.max_val))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_hardtanh: min_val cannot be greater than max_val, and they are %s and %s",
                         WK_REAL(o.min_val), WK_REAL(o.max_val));
    if (x && !reaches(x->dtype, o.min_val, o.max_val))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_hardtanh: no %s lies between %s and %s", wick_dtype_name(x->dtype),
                         WK_REAL(o.min_val), WK_REAL(o.max_val));
    return hardtanh("wick_hardtanh", x, o.min_val, o.max_val);
}
wick_tensor *wick_relu6(wick_tensor *x)
{
    WK_ENTER;
    return hardtanh("wick_relu6", x, 0, 6);
}

/* hardsigmoid  y = min(max(x + 3, 0), 6) / 6      dx = dy / 6 where -3 < x < 3, else 0 */
GRAD(hardsigmoid_d)
{
    wick_tensor *inside = wick_mul(wick_gt(a, -3), wick_lt(a, 3));
    return wick_mul(wick_where(inside, dy, 0.0), (double)(1.0F / 6)); /* a float in PyTorch, too */
}
NODE(hardsigmoid, HARDSIGMOID, "HardsigmoidBackward0")
wick_tensor *wick_hardsigmoid(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_hardsigmoid", WK_HARDSIGMOID, &hardsigmoid_op, x, NUMBERS(0));
}

/* hardswish    y = x min(max(x + 3, 0), 6) / 6    dx = 0 where x <= -3, dy where x >= 3, else dy (x / 3 + 1 / 2) */
GRAD(hardswish_d)
{
    wick_tensor *below = wick_le(a, -3), *above = wick_ge(a, 3);
    wick_tensor *z = wick_where(wick_add(below, above), 0.0, a); /* not dy times an infinite a */
    return wick_where(below, 0.0, wick_where(above, dy, wick_mul(dy, wick_add(wick_div(z, 3), 0.5))));
}
NODE(hardswish, HARDSWISH, "HardswishBackward0")
wick_tensor *wick_hardswish(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_hardswish", WK_HARDSWISH, &hardswish_op, x, NUMBERS(0));
}

/* softshrink   y = x - s where x > s, x + s where x < -s, else 0        dx = dy where x > s or x < -s, else 0
   hardshrink   y = 0 where -s <= x <= s, else x                         dx the same */
GRAD(shrink_d) { return wick_where(wick_add(wick_gt(a, args->s), wick_lt(a, -args->s)), dy, 0.0); }
GRAD(shrink_fused) { return fused(WK_SHRINK_GRAD, dy, a, NUMBERS(args->s)); }
static const wk_op softshrink_op = {"SoftshrinkBackward0", {{shrink_d, USES_A, shrink_fused}}, false};
static const wk_op hardshrink_op = {"HardshrinkBackward0", {{shrink_d, USES_A, shrink_fused}}, false};
wick_tensor *wick_softshrink_opt(wick_tensor *x, const wick_shrink_options *given)
{
    WK_ENTER;
    wick_shrink_options o = WK_OPTIONS(wick_shrink_options, 0.5, given);
    if (!(o.lambd >= 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_softshrink: lambd must be 0 or more, and is %s", WK_REAL(o.lambd));
    return apply("wick_softshrink", WK_SOFTSHRINK, &softshrink_op, x, NUMBERS(o.lambd));
}
wick_tensor *wick_hardshrink_opt(wick_tensor *x, const wick_shrink_options *given)
{
    WK_ENTER;
    wick_shrink_options o = WK_OPTIONS(wick_shrink_options, 0.5, given);
    return apply("wick_hardshrink", WK_HARDSHRINK, &hardshrink_op, x, NUMBERS(o.lambd));
}

/* threshold    y = t where x <= s, else x         dx = 0 where x <= s, else dy */
GRAD(threshold_d) { return wick_where(wick_le(a, args->s), 0.0, dy); }
NODE(threshold, THRESHOLD, "ThresholdBackward0")
#undef wick_threshold
wick_tensor *wick_threshold(wick_tensor *x, wick_number threshold, wick_number value)
{
    WK_ENTER;
    const char *function = "wick_threshold";
    if (!WK_TENSOR(x, function, "x") || !wk_is_number(function, threshold) || !wk_is_number(function, value))
        return NULL;
    if (!holds(x->dtype, threshold) || !holds(x->dtype, value))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: threshold and value must fit into x's dtype, %s, and they are %s and %s", function,
                         wick_dtype_name(x->dtype), WK_NUMBER(threshold), WK_NUMBER(value));
    if (is_integer(x)) {
        WICK_SCOPE;
        wick_tensor *limit = wick_full_n(WICK_NUMBER(threshold), NULL, 0, x->dtype); /* without its fraction */
        wick_tensor *other = wick_full_n(WICK_NUMBER(value), NULL, 0, x->dtype);
        return wick_out(wick_where(wick_le(x, limit), other, x));
    }
    return apply(function, WK_THRESHOLD, &threshold_op, x, NUMBERS(wk_number_real(threshold), wk_number_real(value)));
}

/* ---- Smooth ones ------------------------------------------------------------------------------------------------------------ */

/* elu, selu    y = s (e^x - 1) where x < 0, else t x           dx = dy t where x > 0, else dy s e^x
   celu         y = s (e^(x / s) - 1) where x < 0, else x       dx = dy where x > 0, else dy e^(x / s) */
static wick_tensor *elu_slope(wick_tensor *dy, wick_tensor *x, double s, double t, double inner)
{
    wick_tensor *straight = wick_gt(x, 0);
    wick_tensor *z = wick_where(wick_ge(x, 0), 0.0, x); /* where x = 0 the second derivative is the right one, 0 */
    return wick_where(straight, wick_mul(dy, t), wick_mul(wick_mul(dy, s * inner), wick_exp(wick_mul(z, inner))));
}
GRAD(elu_d) { return elu_slope(dy, a, args->s, args->t, 1); }
GRAD(elu_fused) { return fused(WK_ELU_GRAD, dy, a, NUMBERS(args->s, args->t, 1)); }
GRAD(celu_d) { return elu_slope(dy, a, args->s, 1, 1 / args->s); }
GRAD(celu_fused) { return fused(WK_ELU_GRAD, dy, a, NUMBERS(args->s, 1, 1 / args->s)); }
static const wk_op elu_op = {"EluBackward0", {{elu_d, USES_A, elu_fused}}, false};
static const wk_op celu_op = {"CeluBackward0", {{celu_d, USES_A, celu_fused}}, false};
wick_tensor *wick_elu_opt(wick_tensor *x, const wick_elu_options *given)
{
    WK_ENTER;
    wick_elu_options o = WK_OPTIONS(wick_elu_options, 1.0, given);
    return apply("wick_elu", WK_ELU, &elu_op, x, NUMBERS(o.alpha, 1, 1));
}
wick_tensor *wick_celu_opt(wick_tensor *x, const wick_elu_options *given)
{
    WK_ENTER;
    wick_elu_options o = WK_OPTIONS(wick_elu_options, 1.0, given);
    if (o.alpha == 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_celu: alpha cannot be 0");
    return apply("wick_celu", WK_ELU, &celu_op, x, NUMBERS(o.alpha, 1, 1 / o.alpha));
}
wick_tensor *wick_selu(wick_tensor *x)
{
    WK_ENTER;
    const double alpha = 1.6732632423543772848, scale = 1.0507009873554804934;
    return apply("wick_selu", WK_ELU, &elu_op, x, NUMBERS(alpha * scale, scale, 1));
}

/* gelu         y = x Phi(x), Phi(x) = (1 + erf(x / sqrt 2)) / 2         dx = dy (Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi)) */
GRAD(gelu_d)
{
    const double root = 0.70710678118654752440, bell = 0.39894228040143267794;
    wick_tensor *phi = wick_mul(wick_exp(wick_mul(wick_mul(a, a), -0.5)), bell);
    return wick_mul(dy, wick_add(wick_mul(wick_add(wick_erf(wick_mul(a, root)), 1), 0.5), wick_mul(a, phi)));
}
NODE(gelu, GELU, "GeluBackward0")

/* gelu, tanh   y = x (1 + h) / 2, h = tanh(b (x + k x^3))               dx = dy (1 + h + x (1 - h^2) b (1 + 3 k x^2)) / 2 */
GRAD(gelu_tanh_d)
{
    const double beta = 0.79788456080286535588, kappa = 0.044715;
    wick_tensor *square = wick_mul(a, a);
    wick_tensor *h = wick_tanh(wick_mul(wick_add(a, wick_mul(wick_mul(square, a), kappa)), beta));
    wick_tensor *inner = wick_mul(wick_add(wick_mul(square, 3 * kappa), 1), beta);
    wick_tensor *curved = wick_mul(wick_mul(wick_mul(a, 0.5), wick_sub(1, wick_mul(h, h))), inner);
    return wick_mul(dy, wick_add(wick_mul(wick_add(h, 1), 0.5), curved));
}
NODE(gelu_tanh, GELU_TANH, "GeluBackward0")
wick_tensor *wick_gelu_opt(wick_tensor *x, const wick_gelu_options *given)
{
    WK_ENTER;
    wick_gelu_options o = WK_OPTIONS(wick_gelu_options, 0, given);
    switch (o.approximate) {
    case WICK_GELU_NONE: return apply("wick_gelu", WK_GELU, &gelu_op, x, NUMBERS(0));
    case WICK_GELU_TANH: return apply("wick_gelu", WK_GELU_TANH, &gelu_tanh_op, x, NUMBERS(0));
    }
    return wick_fail(WICK_ERROR_ARGUMENT, "wick_gelu: approximate must be WICK_GELU_NONE or WICK_GELU_TANH, and is %d",
                     (int)o.approximate);
}

/* silu         y = x p, p = 1 / (1 + e^-x)                    dx = dy p (1 + x (1 - p)) */
GRAD(silu_d)
{
    wick_tensor *p = wick_sigmoid(a);
    return wick_mul(dy, wick_mul(p, wick_add(wick_mul(a, wick_sub(1, p)), 1)));
}
NODE(silu, SILU, "SiluBackward0")
wick_tensor *wick_silu(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_silu", WK_SILU, &silu_op, x, NUMBERS(0));
}

/* mish         y = x h, h = tanh(log(1 + e^x))                dx = dy (h + x p (1 - h^2)), p = 1 / (1 + e^-x) */
GRAD(mish_d)
{
    wick_tensor *h = wick_tanh(wick_softplus(a)), *slope = wick_mul(wick_sigmoid(a), wick_sub(1, wick_mul(h, h)));
    return wick_mul(dy, wick_add(h, wick_mul(a, slope)));
}
NODE(mish, MISH, "MishBackward0")
wick_tensor *wick_mish(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_mish", WK_MISH, &mish_op, x, NUMBERS(0));
}

/* softplus     y = log(1 + e^(s x)) / s, x where s x > t      dx = dy / (1 + e^(-s x)), dy where s x > t */
GRAD(softplus_d)
{
    wick_tensor *z = wick_mul(a, args->s);
    return wick_where(wick_gt(z, args->t), dy, wick_mul(dy, wick_sigmoid(z)));
}
NODE(softplus, SOFTPLUS, "SoftplusBackward0")
wick_tensor *wick_softplus_opt(wick_tensor *x, const wick_softplus_options *given)
{
    WK_ENTER;
    wick_softplus_options o = WK_OPTIONS(wick_softplus_options, WICK_SOFTPLUS_DEFAULTS, given);
    return apply("wick_softplus", WK_SOFTPLUS, &softplus_op, x, NUMBERS(o.beta, o.threshold));
}

/* logsigmoid   y = min(x, 0) - log(1 + e^-|x|)                dx = dy / (1 + e^x) */
GRAD(logsigmoid_d) { return wick_mul(dy, wick_sigmoid(wick_neg(a))); }
NODE(logsigmoid, LOGSIGMOID, "LogSigmoidBackward0")
wick_tensor *wick_logsigmoid(wick_tensor *x)
{
    WK_ENTER;
    return apply("wick_logsigmoid", WK_LOGSIGMOID, &logsigmoid_op, x, NUMBERS(0));
}

/* ---- Made of others --------------------------------------------------------------------------------------------------------- */

wick_tensor *wick_softmin(wick_tensor *x, int64_t dim)
{
    WK_ENTER;
    return WK_TENSOR(x, "wick_softmin", "x") ? wick_softmax(wick_neg(x), dim) : NULL;
}

wick_tensor *wick_glu_opt(wick_tensor *x, const wick_glu_options *given)
{
    WK_ENTER;
    wick_glu_options o = WK_OPTIONS(wick_glu_options, -1, given);
    const char *function = "wick_glu";
    if (!WK_TENSOR(x, function, "x") || !wk_check_floating(function, x, "x"))
        return NULL;
    int dim = wk_wrap_dim(function, o.dim, x->ndim);
    if (dim < 0)
        return NULL;
    if (x->ndim == 0 || x->shape[dim] % 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: the size of dimension %d must be even, to be halved; the shape is %s",
                         function, dim, WK_SHAPE(x));
    WICK_SCOPE;
    int64_t half = x->shape[dim] / 2;
    return wick_out(wick_mul(wick_narrow(x, dim, 0, half), wick_sigmoid(wick_narrow(x, dim, half, half))));
}

/* ---- In place --------------------------------------------------------------------------------------------------------------- */

wick_tensor *wick_relu_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_relu_", x, wick_relu(before));
}

wick_tensor *wick_relu6_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_relu6_", x, wick_relu6(before));
}

wick_tensor *wick_selu_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_selu_", x, wick_selu(before));
}

wick_tensor *wick_silu_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_silu_", x, wick_silu(before));
}

wick_tensor *wick_mish_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_mish_", x, wick_mish(before));
}

wick_tensor *wick_sigmoid_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_sigmoid_", x, wick_sigmoid(before));
}

wick_tensor *wick_hardsigmoid_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_hardsigmoid_", x, wick_hardsigmoid(before));
}

wick_tensor *wick_hardswish_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_hardswish_", x, wick_hardswish(before));
}

wick_tensor *wick_leaky_relu_opt_(wick_tensor *x, const wick_leaky_relu_options *options)
{
    WK_ENTER;
    WK_IN_PLACE("wick_leaky_relu_", x, wick_leaky_relu_opt(before, options));
}

wick_tensor *wick_elu_opt_(wick_tensor *x, const wick_elu_options *options)
{
    WK_ENTER;
    WK_IN_PLACE("wick_elu_", x, wick_elu_opt(before, options));
}

wick_tensor *wick_celu_opt_(wick_tensor *x, const wick_elu_options *options)
{
    WK_ENTER;
    WK_IN_PLACE("wick_celu_", x, wick_celu_opt(before, options));
}

wick_tensor *wick_hardtanh_opt_(wick_tensor *x, const wick_hardtanh_options *options)
{
    WK_ENTER;
    WK_IN_PLACE("wick_hardtanh_", x, wick_hardtanh_opt(before, options));
}

#undef wick_threshold_
wick_tensor *wick_threshold_(wick_tensor *x, wick_number threshold, wick_number value)
{
    WK_ENTER;
    WK_IN_PLACE("wick_threshold_", x, wick_threshold(before, threshold, value));
}
