/* normalization.c - BatchNorm1d and LayerNorm. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "init.h"
#include "internal.h"

/* ---- BatchNorm1d ------------------------------------------------------------------------------------------------- */

typedef struct batch_norm {
    wick_nn_batch_norm_options o;
    int64_t channels;
    wick_tensor *weight, *bias, *running_mean, *running_var, *count; /* each may be NULL */
} batch_norm;

static wick_tensor *batch_norm_forward(wick_module *m, wick_tensor *x) /* (N, C) or (N, C, L) */
{
    const batch_norm *self = m->fields;
    if (x->ndim != 2 && x->ndim != 3)
        return wick_fail(WICK_ERROR_SHAPE, "BatchNorm1d: expected 2D or 3D input (got %dD input)", x->ndim);
    if (x->shape[1] != self->channels)
        return wick_fail(WICK_ERROR_SHAPE, "BatchNorm1d: x has %lld channels, and the module %lld",
                         (long long)x->shape[1], (long long)self->channels);
    /* The count moves first, for that may fail while nothing has changed; after an error it moves back. */
    bool moves = m->training && self->count;
    if (moves && !wick_add_(self->count, 1))
        return NULL;
    double momentum = self->o.momentum;
    if (isnan(momentum))
        momentum = moves ? 1.0 / (double)wick_item_int(self->count) : 0.0;
    wick_tensor *y =
        wick_batch_norm(x, self->running_mean, self->running_var, .weight = self->weight, .bias = self->bias,
                        .training = m->training || !self->count, .momentum = momentum, .eps = self->o.eps);
    if (!y && moves)
        wk_store(self->count, self->count->offset, (double)(wick_item_int(self->count) - 1));
    return y;
}

static void batch_norm_extra(wick_module *m, char *text, size_t length)
{
    const batch_norm *self = m->fields;
    wk_extra(text, length, "%lld", (long long)self->channels);
    wk_extra_float(text, length, "eps=", self->o.eps);
    if (isnan(self->o.momentum))
        wk_extra(text, length, "momentum=None");
    else
        wk_extra_float(text, length, "momentum=", self->o.momentum);
    wk_extra(text, length, "affine=%s, bias=%s", self->weight ? "True" : "False", self->bias ? "True" : "False");
    wk_extra(text, length, "track_running_stats=%s", self->count ? "True" : "False");
}

static bool fill(batch_norm *self, wick_module *m, wick_dtype dtype)
{
    const int64_t *c = &self->channels;
    if (self->o.affine &&
        ((self->weight = wk_layer_parameter(m, "weight", c, 1, dtype)) == NULL || !wick_init_ones_(self->weight)))
        return false;
    if (self->o.affine && self->o.bias &&
        ((self->bias = wk_layer_parameter(m, "bias", c, 1, dtype)) == NULL || !wick_init_zeros_(self->bias)))
        return false;
    return !self->o.track_running_stats ||
           ((self->running_mean = wk_layer_buffer(m, "running_mean", c, 1, dtype)) != NULL &&
            (self->running_var = wk_layer_buffer(m, "running_var", c, 1, dtype)) != NULL &&
            (self->count = wk_layer_buffer(m, "num_batches_tracked", c, 0, WICK_INT64)) != NULL &&
            wick_init_zeros_(self->running_mean) && wick_init_ones_(self->running_var) &&
            wick_init_zeros_(self->count));
}

wick_module *wick_nn_batch_norm1d_opt(int64_t num_features, wick_nn_batch_norm_options options)
{
    const char *function = "wick_nn_batch_norm1d";
    if (num_features < 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: num_features=%lld must not be negative", function,
                         (long long)num_features);
    wick_dtype dtype = wk_layer_dtype(function, options.dtype);
    wick_module_options o = {
        .forward = batch_norm_forward, .size = sizeof(batch_norm), .print_extra = batch_norm_extra};
    wick_module *m = dtype == WICK_DTYPE_AUTO ? NULL : wk_module_new("BatchNorm1d", &o);
    if (!m)
        return NULL;
    batch_norm *self = m->fields;
    self->o = options;
    self->channels = num_features;
    if (!fill(self, m, dtype)) {
        wk_unref(m);
        return NULL;
    }
    return wk_own(m);
}

double *wk_batch_norm_momentum(wick_module *m)
{
    return m->options.forward == batch_norm_forward ? &((batch_norm *)m->fields)->o.momentum : NULL;
}

/* ---- LayerNorm --------------------------------------------------------------------------------------------------- */

typedef struct layer_norm {
    wick_nn_layer_norm_options o;
    wick_dims dims;
    wick_tensor *weight, *bias; /* each may be NULL */
} layer_norm;

static wick_tensor *layer_norm_forward(wick_module *m, wick_tensor *x)
{
    const layer_norm *self = m->fields;
    return wick_layer_norm(x, self->dims, .weight = self->weight, .bias = self->bias, .eps = self->o.eps);
}

static void layer_norm_extra(wick_module *m, char *text, size_t length)
{
    const layer_norm *self = m->fields;
    char shape[16 + 22 * WICK_MAX_DIMS] = "";
    for (int d = 0; d < self->dims.count; d++)
        wk_extra(shape, sizeof shape, "%lld", (long long)self->dims.dim[d]);
    wk_extra(text, length, "(%s%s)", shape, self->dims.count == 1 ? "," : "");
    wk_extra_float(text, length, "eps=", self->o.eps);
    wk_extra(text, length, "elementwise_affine=%s, bias=%s", self->weight ? "True" : "False",
             self->bias ? "True" : "False");
}

wick_module *wick_nn_layer_norm_opt(wick_dims normalized_shape, wick_nn_layer_norm_options options)
{
    const char *function = "wick_nn_layer_norm";
    int ndim = normalized_shape.count;
    if (ndim < 1 || ndim > WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_SHAPE, "%s: normalized_shape has %d dimensions; it must have 1 to %d", function,
                         ndim, WICK_MAX_DIMS);
    wick_dtype dtype = wk_layer_dtype(function, options.dtype);
    wick_module_options o = {
        .forward = layer_norm_forward, .size = sizeof(layer_norm), .print_extra = layer_norm_extra};
    wick_module *m = dtype == WICK_DTYPE_AUTO ? NULL : wk_module_new("LayerNorm", &o);
    if (!m)
        return NULL;
    layer_norm *self = m->fields;
    self->o = options;
    self->dims = normalized_shape;
    const int64_t *shape = self->dims.dim;
    if (options.elementwise_affine &&
        ((self->weight = wk_layer_parameter(m, "weight", shape, ndim, dtype)) == NULL ||
         !wick_init_ones_(self->weight) ||
         (options.bias && ((self->bias = wk_layer_parameter(m, "bias", shape, ndim, dtype)) == NULL ||
                           !wick_init_zeros_(self->bias))))) {
        wk_unref(m);
        return NULL;
    }
    return wk_own(m);
}
