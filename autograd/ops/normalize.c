/* normalize.c - layer_norm and its kin: over last dimensions, channels, groups, and to length 1.
 *
 * layer_norm and batch_norm are one node each. Forward and the gradients of a backward pass that is not recorded use the
 * statistics that the node keeps beside its inputs, in the place of c: (2, rows or channels), means and 1 / standard
 * deviations. The recorded rules compute them anew from x, in differentiable operations. */
#include <float.h>
#include <math.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- What they have in common --------------------------------------------------------------------------------------------- */

static const wick_tensor *kept(const wick_node *node) { return node->saved[2].tensor; }

/* Row k of statistics (2, n), in a shape that broadcasts. Own reference. */
static wick_tensor *statistic(const wick_tensor *statistics, int k, const int64_t *shape, int ndim)
{
    int64_t strides[WICK_MAX_DIMS] = {0};
    wk_contiguous_strides(shape, ndim, strides);
    return wk_alias(statistics, shape, strides, ndim, statistics->offset + k * statistics->shape[1]);
}

/* out = loop(inputs), all in the innermost scope; NULL if one of them is. */
static wick_tensor *mapped(wk_loop_id loop, const wick_tensor *like, int count, const wick_tensor *const *inputs)
{
    for (int k = 0; k < count; k++)
        if (!inputs[k])
            return NULL;
    wick_tensor *out = wk_new_like(like);
    if (out && !wk_map("wick_backward", loop, out, count, inputs, NULL)) {
        wk_unref(out);
        return NULL;
    }
    return wk_own(out);
}

/* dy (x - mean) rstd, statistics in the given shape. */
static wick_tensor *times_normal(wick_tensor *dy, wick_tensor *x, const wick_tensor *statistics, const int64_t *shape,
                                 int ndim)
{
    wick_tensor *mean = wk_own(statistic(statistics, 0, shape, ndim));
    wick_tensor *rstd = wk_own(statistic(statistics, 1, shape, ndim));
    return mapped(WK_NORMALIZE_SUM, dy, 4, (const wick_tensor *const[]){dy, x, mean, rstd});
}

/* x normalised over dims, in differentiable operations, and 1 / the standard deviation. */
static wick_tensor *normal(wick_tensor *x, wick_dims dims, bool centred, double eps, wick_tensor **rstd)
{
    wick_tensor *d = centred ? wick_sub(x, wick_mean(x, .dims = dims, .keepdim = true)) : x;
    wick_tensor *variance = wick_mean(wick_mul(d, d), .dims = dims, .keepdim = true);
    *rstd = wick_rsqrt(wick_add(variance, eps));
    return wick_mul(d, *rstd);
}

/* The gradient of x from g, that of the normalised x:  rstd (g - mean of g - n mean of g n) */
static wick_tensor *through_normal(wick_tensor *g, wick_tensor *x, wick_dims dims, bool centred, double eps)
{
    wick_tensor *rstd, *n = normal(x, dims, centred, eps, &rstd);
    wick_tensor *along = wick_mul(n, wick_mean(wick_mul(g, n), .dims = dims, .keepdim = true));
    wick_tensor *rest = centred ? wick_sub(g, wick_mean(g, .dims = dims, .keepdim = true)) : g;
    return wick_mul(rstd, wick_sub(rest, along));
}

static bool same_dtype(const char *function, const wick_tensor *x, const wick_tensor *t, const char *name)
{
    if (!t)
        return true;
    if (!WK_TENSOR(t, function, name))
        return false;
    if (t->dtype == x->dtype)
        return true;
    wick_fail(WICK_ERROR_DTYPE, "%s: %s must be of x's dtype, %s, and is %s", function, name, wick_dtype_name(x->dtype),
              wick_dtype_name(t->dtype));
    return false;
}

/* ---- layer_norm, rms_norm --------------------------------------------------------------------------------------------------

   layer_norm   y = a' b + c, a' = (a - mean) rstd over the last dimensions        rms_norm: mean = 0, no c
                g = dy b        da = rstd (g - mean of g - a' mean of g a')        db = sum of dy a'        dc = sum of dy */

static wick_dims last(const wk_args *args, int ndim)
{
    wick_dims dims = {args->ndim, {0}};
    for (int k = 0; k < args->ndim; k++)
        dims.dim[k] = ndim - args->ndim + k;
    return dims;
}

GRAD(layer_norm_da)
{
    return through_normal(b ? wick_mul(dy, b) : dy, a, last(args, a->ndim), (args->t != 0), args->s);
}
GRAD(layer_norm_da_fused)
{
    wick_tensor *flat_dy = wick_contiguous(dy), *x = wick_contiguous(a), *w = b ? wick_contiguous(b) : NULL;
    wick_tensor *dx = flat_dy && x && (w || !b) ? wk_new_like(a) : NULL;
    if (dx)
        wk_layer_norm_grad((args->t != 0), args->step, flat_dy, x, w, kept(node), dx);
    return wk_own(dx);
}
GRAD(layer_norm_db)
{
    wick_tensor *rstd;
    return wick_mul(dy, normal(a, last(args, a->ndim), (args->t != 0), args->s, &rstd));
}
GRAD(layer_norm_db_fused)
{
    int64_t shape[WICK_MAX_DIMS]; /* (..., 1): one statistic a row */
    for (int d = 0; d < a->ndim; d++)
        shape[d] = d < a->ndim - args->ndim ? a->shape[d] : 1;
    return times_normal(dy, a, kept(node), shape, a->ndim);
}
GRAD(passed) { return dy; }
static const wk_op layer_norm_op = {"NativeLayerNormBackward0",
                                    {{layer_norm_da, USES_A | USES_B, layer_norm_da_fused},
                                     {layer_norm_db, USES_A, layer_norm_db_fused},
                                     {passed, 0, NULL}},
                                    false};
static const wk_op layer_norm_plain_op = {
    "NativeLayerNormBackward0", {{layer_norm_da, USES_A, layer_norm_da_fused}}, false};
static const wk_op rms_norm_op = {
    "FusedRmsNormBackward0",
    {{layer_norm_da, USES_A | USES_B, layer_norm_da_fused}, {layer_norm_db, USES_A, layer_norm_db_fused}},
    false};
static const wk_op rms_norm_plain_op = {"FusedRmsNormBackward0", {{layer_norm_da, USES_A, layer_norm_da_fused}}, false};

/* Whether t, which may be NULL, has exactly this shape. */
static bool has_shape(const char *function, const wick_tensor *t, const char *name, const wick_dims *shape)
{
    bool same = !t || t->ndim == shape->count;
    for (int k = 0; t && same && k < shape->count; k++)
        same = t->shape[k] == shape->dim[k];
    if (!same)
        wick_fail(WICK_ERROR_SHAPE, "%s: %s must have the shape normalized_shape, %s, and its shape is %s", function,
                  name, wk_shape_text(shape->dim, shape->count, (char[WK_SHAPE_TEXT]){0}), WK_SHAPE(t));
    return same;
}

static wick_tensor *over_last(const char *function, bool centred, wick_tensor *x, const wick_dims *shape,
                              wick_tensor *weight, wick_tensor *bias, double eps)
{
    if (!WK_TENSOR(x, function, "x") || !wk_check_floating(function, x, "x") ||
        (centred && !same_dtype(function, x, weight, "weight")) || !same_dtype(function, x, bias, "bias") ||
        (weight && !WK_TENSOR(weight, function, "weight")))
        return NULL;
    bool fits = shape->count >= 1 && shape->count <= x->ndim;
    int64_t n = 1;
    for (int k = 0; fits && k < shape->count; k++) {
        fits = x->shape[x->ndim - shape->count + k] == shape->dim[k];
        n *= shape->dim[k];
    }
    if (!fits)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: normalized_shape must be the sizes of the last dimensions of x, at least one; it is %s, and "
            "the shape of x %s",
            function, wk_shape_text(shape->dim, shape->count, (char[WK_SHAPE_TEXT]){0}), WK_SHAPE(x));
    if (!has_shape(function, weight, "weight", shape) || !has_shape(function, bias, "bias", shape))
        return NULL;
    WICK_SCOPE;
    if (bias && !weight) {
        wick_tensor *y = over_last(function, centred, x, shape, NULL, NULL, eps);
        return wick_out(y ? wick_add(y, bias) : NULL);
    }
    if (weight && weight->dtype != x->dtype) { /* rms_norm alone */
        wick_tensor *y = over_last(function, centred, x, shape, NULL, NULL, eps);
        return wick_out(y ? wick_to_dtype(wick_mul(y, weight), x->dtype) : NULL);
    }
    wick_tensor *flat = wk_own(wk_contiguous(x)), *w = weight ? wk_own(wk_contiguous(weight)) : NULL;
    wick_tensor *b = bias ? wk_own(wk_contiguous(bias)) : NULL;
    int64_t rows = n ? x->numel / n : 0;
    wick_tensor *statistics = wk_own(wk_new((int64_t[]){2, rows}, 2, x->dtype));
    wick_tensor *y = flat && (w || !weight) && (b || !bias) && statistics ? wk_new_like(x) : NULL;
    if (!y)
        return NULL;
    wk_layer_norm(centred, n, eps, flat, w, b, y, statistics);
    const wk_op *op = centred  ? weight ? &layer_norm_op : &layer_norm_plain_op
                      : weight ? &rms_norm_op
                               : &rms_norm_plain_op;
    y = wk_record(op, &(wk_args){.s = eps, .t = centred, .ndim = shape->count, .step = n}, y, x, weight, bias);
    return y && wk_save_extra(y, statistics) ? wick_out(y) : NULL;
}

wick_tensor *wick_layer_norm_opt(wick_tensor *x, wick_dims normalized_shape, const wick_layer_norm_options *given)
{
    WK_ENTER;
    wick_layer_norm_options o = WK_OPTIONS(wick_layer_norm_options, WICK_LAYER_NORM_DEFAULTS, given);
    return over_last("wick_layer_norm", true, x, &normalized_shape, o.weight, o.bias, o.eps);
}

wick_tensor *wick_rms_norm_opt(wick_tensor *x, wick_dims normalized_shape, const wick_rms_norm_options *given)
{
    WK_ENTER;
    wick_rms_norm_options o = WK_OPTIONS(wick_rms_norm_options, WICK_RMS_NORM_DEFAULTS, given);
    double eps = !isnan(o.eps) ? o.eps : x && x->dtype == WICK_FLOAT64 ? DBL_EPSILON : (double)FLT_EPSILON;
    return over_last("wick_rms_norm", false, x, &normalized_shape, o.weight, NULL, eps);
}

/* ---- batch_norm ----------------------------------------------------------------------------------------------------------------

   y = a' b + c, a' = (a - mean) rstd, a channel at a time; b and c (1, C, 1, ...)
   da as that of layer_norm in training, where mean and rstd depend on a; else dy b rstd        db, dc as there */

/* (1, C, 1, ...) for x, and all dimensions but 1. */
static void channel_shape(const wick_tensor *x, int64_t *shape, wick_dims *dims)
{
    dims->count = 0;
    for (int d = 0; d < x->ndim; d++) {
        shape[d] = d == 1 ? x->shape[1] : 1;
        if (d != 1)
            dims->dim[dims->count++] = d;
    }
}

/* The kept statistics in shape (1, C, 1, ...), as constants. */
static wick_tensor *constant(const wick_node *node, const wick_tensor *x, int k)
{
    int64_t shape[WICK_MAX_DIMS];
    wick_dims dims;
    channel_shape(x, shape, &dims);
    return wk_own(statistic(kept(node), k, shape, x->ndim));
}

GRAD(batch_norm_da)
{
    int64_t shape[WICK_MAX_DIMS];
    wick_dims dims;
    channel_shape(a, shape, &dims);
    wick_tensor *g = b ? wick_mul(dy, b) : dy;
    return args->t != 0 ? through_normal(g, a, dims, true, args->s) : wick_mul(g, constant(node, a, 1));
}
GRAD(batch_norm_da_fused)
{
    int64_t shape[WICK_MAX_DIMS];
    wick_dims dims;
    channel_shape(a, shape, &dims);
    wick_tensor *rstd = constant(node, a, 1), *p = b ? wick_mul(b, rstd) : rstd;
    if (args->t == 0)
        return wick_mul(dy, p);
    wick_tensor *mean = constant(node, a, 0);
    /* dy p + (a - mean) q + r */
    wick_tensor *mean_g = wick_mean(dy, .dims = dims, .keepdim = true);
    wick_tensor *mean_gn = wick_mean(times_normal(dy, a, kept(node), shape, a->ndim), .dims = dims, .keepdim = true);
    wick_tensor *q = wick_neg(wick_mul(wick_mul(p, rstd), mean_gn)), *r = wick_neg(wick_mul(p, mean_g));
    return mapped(WK_NORMALIZE_GRAD, dy, 6, (const wick_tensor *const[]){dy, a, mean, p, q, r});
}
GRAD(batch_norm_db)
{
    int64_t shape[WICK_MAX_DIMS];
    wick_dims dims;
    channel_shape(a, shape, &dims);
    wick_tensor *rstd;
    return wick_mul(dy, args->t != 0 ? normal(a, dims, true, args->s, &rstd)
                                     : wick_mul(wick_sub(a, constant(node, a, 0)), constant(node, a, 1)));
}
GRAD(batch_norm_db_fused)
{
    int64_t shape[WICK_MAX_DIMS];
    wick_dims dims;
    channel_shape(a, shape, &dims);
    return times_normal(dy, a, kept(node), shape, a->ndim);
}
static const wk_op batch_norm_op = {"NativeBatchNormBackward0",
                                    {{batch_norm_da, USES_A | USES_B, batch_norm_da_fused},
                                     {batch_norm_db, USES_A, batch_norm_db_fused},
                                     {passed, 0, NULL}},
                                    false};
static const wk_op batch_norm_plain_op = {
    "NativeBatchNormBackward0", {{batch_norm_da, USES_A, batch_norm_da_fused}}, false};

/* Whether t, which may be NULL, has an element a channel and x's dtype. */
static bool one_a_channel(const char *function, const wick_tensor *x, const wick_tensor *t, const char *name)
{
    if (!same_dtype(function, x, t, name))
        return false;
    if (!t || (t->ndim == 1 && t->numel == x->shape[1]))
        return true;
    wick_fail(WICK_ERROR_SHAPE, "%s: %s must have one element per channel, shape (%lld,), and its shape is %s",
              function, name, (long long)x->shape[1], WK_SHAPE(t));
    return false;
}

/* Mean and 1 / standard deviation of the channels of x into statistics, the variances into variance (C), unrecorded. */
static bool of_batch(const wick_tensor *x, double eps, const int64_t *shape, wick_tensor *statistics,
                     wick_tensor *variance)
{
    int64_t channels = x->shape[1], n = channels ? x->numel / channels : 0;
    wick_tensor *mean = wk_own(statistic(statistics, 0, shape, x->ndim)), *square = wk_own(wk_new_like(x));
    if (!mean || !square)
        return false;
    const unsigned mask = ((1u << x->ndim) - 1) & ~2u;
    wk_reduce_sum(x, mask, mean);
    for (int64_t c = 0; c < channels; c++)
        wk_store(statistics, c, wk_load(statistics, c) / (double)n);
    wk_map("wick_batch_norm", WK_SQUARED_ERROR, square, 2, (const wick_tensor *const[]){x, mean}, NULL);
    wk_reduce_sum(square, mask, variance);
    for (int64_t c = 0; c < channels; c++) {
        double v = wk_load(variance, c) / (double)n;
        wk_store(variance, c, v);
        wk_store(statistics, channels + c, 1 / sqrt(v + eps));
    }
    return true;
}

/* r = (1 - momentum) r + momentum scale s */
static void move_towards(wick_tensor *r, const wick_tensor *s, double momentum, double scale)
{
    for (int64_t c = 0; r && c < r->numel; c++) {
        int64_t at = r->offset + c * r->strides[0];
        wk_store(r, at, (1 - momentum) * wk_load(r, at) + momentum * scale * wk_load(s, c));
    }
    if (r)
        wk_bump_version(r, "wick_batch_norm");
}

wick_tensor *wick_batch_norm_opt(wick_tensor *x, wick_tensor *running_mean, wick_tensor *running_var,
                                 const wick_batch_norm_options *given)
{
    WK_ENTER;
    wick_batch_norm_options o = WK_OPTIONS(wick_batch_norm_options, WICK_BATCH_NORM_DEFAULTS, given);
    const char *function = "wick_batch_norm";
    if (!WK_TENSOR(x, function, "x") || !wk_check_floating(function, x, "x"))
        return NULL;
    if (x->ndim < 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: x must have at least 2 dimensions, (N, C, ...), and its shape is %s",
                         function, WK_SHAPE(x));
    if (!one_a_channel(function, x, running_mean, "running_mean") ||
        !one_a_channel(function, x, running_var, "running_var") || !one_a_channel(function, x, o.weight, "weight") ||
        !one_a_channel(function, x, o.bias, "bias"))
        return NULL;
    if (!running_mean != !running_var || (!o.training && !running_mean))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: running_mean and running_var must both be given%s", function,
                         o.training ? ", or neither" : " outside training");
    int64_t channels = x->shape[1], n = channels ? x->numel / channels : 0;
    if (o.training && n == 1)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: Expected more than 1 value per channel when training, got input size %s", function,
                         WK_SHAPE(x));
    if (!(o.eps >= 0) || (o.training && o.eps == 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: eps is %s; it must be 0 or more, and above 0 in training", function,
                         WK_REAL(o.eps));
    if (o.training && running_mean &&
        (!wk_check_writable(function, running_mean, false) || !wk_check_writable(function, running_var, false)))
        return NULL;
    WICK_SCOPE;
    int64_t shape[WICK_MAX_DIMS];
    wick_dims dims;
    channel_shape(x, shape, &dims);
    wick_tensor *statistics = wk_own(wk_new((int64_t[]){2, channels}, 2, x->dtype));
    wick_tensor *variance = wk_own(wk_new(&channels, 1, x->dtype));
    wick_tensor *w = o.weight ? wick_reshape_n(o.weight, shape, x->ndim) : NULL;
    wick_tensor *b = o.bias ? wick_reshape_n(o.bias, shape, x->ndim) : NULL;
    wick_tensor *factor = wk_own(wk_new(shape, x->ndim, x->dtype));
    wick_tensor *zero = wk_own(wk_new(NULL, 0, x->dtype));
    if (!statistics || !variance || !factor || !zero || (o.weight && !w) || (o.bias && !b))
        return NULL;
    wk_fill(zero, 0);
    if (o.training && n && !of_batch(x, o.eps, shape, statistics, variance))
        return NULL;
    for (int64_t c = 0; c < channels && !o.training; c++) {
        wk_store(statistics, c, wk_load(running_mean, running_mean->offset + c * running_mean->strides[0]));
        wk_store(statistics, channels + c,
                 1 / sqrt(wk_load(running_var, running_var->offset + c * running_var->strides[0]) + o.eps));
    }
    for (int64_t c = 0; c < channels; c++)
        wk_store(factor, c, wk_load(statistics, channels + c) * (w ? wk_load(w, w->offset + c * w->strides[1]) : 1));
    wick_tensor *mean = wk_own(statistic(statistics, 0, shape, x->ndim)), *y = mean ? wk_new_like(x) : NULL;
    if (!y)
        return NULL;
    const wick_tensor *shift = w && b ? b : zero;
    wk_map(function, WK_NORMALIZE, y, 4, (const wick_tensor *const[]){x, mean, factor, shift}, NULL);
    y = wk_record(w ? &batch_norm_op : &batch_norm_plain_op, &(wk_args){.s = o.eps, .t = o.training}, y, x, w,
                  w ? b : NULL);
    if (!y || !wk_save_extra(y, statistics))
        return NULL;
    if (b && !w)
        y = wick_add(y, b);
    if (y && o.training && n) {
        move_towards(running_mean, statistics, o.momentum, 1);
        move_towards(running_var, variance, o.momentum, (double)n / (double)(n - 1));
    }
    return wick_out(y);
}

/* ---- group_norm: layer_norm of groups, then a factor and a shift a channel -------------------------------------------------- */

wick_tensor *wick_group_norm_opt(wick_tensor *x, int64_t num_groups, const wick_group_norm_options *given)
{
    WK_ENTER;
    wick_group_norm_options o = WK_OPTIONS(wick_group_norm_options, WICK_GROUP_NORM_DEFAULTS, given);
    const char *function = "wick_group_norm";
    if (!WK_TENSOR(x, function, "x") || !wk_check_floating(function, x, "x"))
        return NULL;
    if (x->ndim < 2 || num_groups < 1 || x->shape[1] < 1 || x->shape[1] % num_groups)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: x must have at least 2 dimensions, (N, C, ...), and C be above 0 and a multiple of num_groups; the "
            "shape is %s, and num_groups %lld",
            function, WK_SHAPE(x), (long long)num_groups);
    if (!one_a_channel(function, x, o.weight, "weight") || !one_a_channel(function, x, o.bias, "bias"))
        return NULL;
    int64_t each = x->shape[1] / num_groups, places = 1;
    for (int d = 2; d < x->ndim; d++)
        places *= x->shape[d];
    if (places == 0 || x->shape[0] * each * places == 1)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: Expected more than 1 value per channel when training, got input size %s", function,
                         WK_SHAPE(x));
    WICK_SCOPE;
    int64_t shape[WICK_MAX_DIMS], groups[] = {x->shape[0], num_groups, each * places};
    wick_dims dims, last_one = {1, {groups[2]}};
    channel_shape(x, shape, &dims);
    wick_tensor *y = over_last(function, true, wick_reshape_n(x, groups, 3), &last_one, NULL, NULL, o.eps);
    y = wick_reshape_n(y, x->shape, x->ndim);
    if (o.weight)
        y = wick_mul(y, wick_reshape_n(o.weight, shape, x->ndim));
    if (o.bias)
        y = wick_add(y, wick_reshape_n(o.bias, shape, x->ndim));
    return wick_out(y);
}

/* ---- normalize ------------------------------------------------------------------------------------------------------------- */

wick_tensor *wick_normalize_opt(wick_tensor *x, const wick_normalize_options *given)
{
    WK_ENTER;
    wick_normalize_options o = WK_OPTIONS(wick_normalize_options, WICK_NORMALIZE_DEFAULTS, given);
    const char *function = "wick_normalize";
    if (!WK_TENSOR(x, function, "x") || !wk_check_floating(function, x, "x"))
        return NULL;
    int dim = wk_wrap_dim(function, o.dim, x->ndim);
    if (dim < 0)
        return NULL;
    WICK_SCOPE;
    wick_tensor *length = wick_norm(x, o.p, dim, .keepdim = true);
    return wick_out(length ? wick_div(x, wick_clamp(length, .min = o.eps)) : NULL);
}
