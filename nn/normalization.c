/* normalization.c - BatchNorm1d, LayerNorm, RMSNorm and GroupNorm. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "init.h"
#include "module.h"

/* Weight and bias, each NULL if there is none. */
typedef struct affine {
    wick_tensor *weight, *bias;
} affine;

/* Registers in m a weight of ones, and with bias a bias of zeros. False with an error. */
static bool make_affine(affine *a, wick_module *m, const int64_t *shape, int ndim, wick_dtype dtype, bool bias)
{
    return (a->weight = wk_layer_parameter(m, "weight", shape, ndim, dtype)) != NULL && wick_init_ones_(a->weight) &&
           (!bias ||
            ((a->bias = wk_layer_parameter(m, "bias", shape, ndim, dtype)) != NULL && wick_init_zeros_(a->bias)));
}

static void affine_extra(const affine *a, const char *name, char *text, size_t length)
{
    wk_extra(text, length, "%s=%s, bias=%s", name, a->weight ? "True" : "False", a->bias ? "True" : "False");
}

/* ---- BatchNorm1d and LazyBatchNorm1d ------------------------------------------------------------------------------ */

typedef struct batch_norm {
    wick_nn_batch_norm_options o;
    int64_t channels;
    affine affine;
    wick_tensor *running_mean, *running_var, *count; /* each may be NULL */
} batch_norm;

static bool check_input(const wick_tensor *x) /* (N, C) or (N, C, L) */
{
    return x->ndim == 2 || x->ndim == 3 ||
           wick_fail(WICK_ERROR_SHAPE, "BatchNorm1d: expected 2D or 3D input (got %dD input)", x->ndim) != NULL;
}

static wick_tensor *batch_norm_forward(wick_module *m, wick_tensor *x)
{
    const batch_norm *self = m->fields;
    if (!check_input(x))
        return NULL;
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
    wick_tensor *y = wick_batch_norm(x, self->running_mean, self->running_var, .weight = self->affine.weight,
                                     .bias = self->affine.bias, .training = m->training || !self->count,
                                     .momentum = momentum, .eps = self->o.eps);
    if (!y && moves)
        wk_store_number(self->count, self->count->offset, wick_number_int(wick_item_int(self->count) - 1));
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
    affine_extra(&self->affine, "affine", text, length);
    wk_extra(text, length, "track_running_stats=%s", self->count ? "True" : "False");
}

static bool fill(batch_norm *self, wick_module *m, wick_dtype dtype)
{
    const int64_t *c = &self->channels;
    if (self->o.affine && !make_affine(&self->affine, m, c, 1, dtype, self->o.bias))
        return false;
    return !self->o.track_running_stats ||
           ((self->running_mean = wk_layer_buffer(m, "running_mean", c, 1, dtype)) != NULL &&
            (self->running_var = wk_layer_buffer(m, "running_var", c, 1, dtype)) != NULL &&
            (self->count = wk_layer_buffer(m, "num_batches_tracked", c, 0, WICK_INT64)) != NULL &&
            wick_init_zeros_(self->running_mean) && wick_init_ones_(self->running_var) &&
            wick_init_zeros_(self->count));
}

static wick_module *batch_norm_new(const char *function, wick_module_options o, const char *name, int64_t channels,
                                   wick_nn_batch_norm_options options)
{
    wick_dtype dtype = wk_layer_dtype(function, options.dtype);
    if (dtype == WICK_DTYPE_AUTO)
        return NULL;
    WICK_SCOPE;
    batch_norm fields = {.o = options, .channels = channels};
    o.size = sizeof fields;
    o.print_extra = batch_norm_extra;
    wick_module *m = wk_layer(name, o, &fields);
    if (!m || !fill(m->fields, m, dtype))
        return NULL;
    m->version = 2; /* wk_optional_buffer */
    return wick_out(m);
}

wick_module *wick_nn_batch_norm1d_opt(int64_t num_features, const wick_nn_batch_norm_options *given)
{
    WK_ENTER;
    wick_nn_batch_norm_options options = WK_OPTIONS(wick_nn_batch_norm_options, WICK_NN_BATCH_NORM_DEFAULTS, given);
    const char *function = "wick_nn_batch_norm1d";
    if (num_features < 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: num_features=%lld must not be negative", function,
                         (long long)num_features);
    return batch_norm_new(function, (wick_module_options){.forward = batch_norm_forward}, "BatchNorm1d", num_features,
                          options);
}

/* The four whose shape LazyBatchNorm1d learns: those that are there and, if asked for, still without one. */
static int lazy_tensors(const batch_norm *self, bool uninitialized, wick_tensor **t)
{
    wick_tensor *const all[] = {self->affine.weight, self->running_var, self->affine.bias, self->running_mean};
    int count = 0;
    for (int i = 0; i < 4; i++)
        if (all[i] && (!uninitialized || wk_is_uninitialized(all[i])))
            t[count++] = all[i];
    return count;
}

static wick_tensor *lazy_batch_norm_forward(wick_module *m, wick_tensor *x)
{
    batch_norm *self = m->fields;
    if (!check_input(x))
        return NULL;
    wick_tensor *t[4];
    int count = lazy_tensors(self, true, t), made = 0;
    for (; made < count && wk_materialize(t[made], &x->shape[1], 1); made++)
        wk_fill(t[made], t[made] == self->affine.weight || t[made] == self->running_var);
    if (made < count) { /* the next forward begins anew */
        wk_make_uninitialized(t, made);
        return NULL;
    }
    self->channels = self->affine.weight  ? self->affine.weight->numel
                     : self->running_mean ? self->running_mean->numel
                                          : x->shape[1];
    m->options.forward = batch_norm_forward;
    memcpy(m->name, "BatchNorm1d", sizeof "BatchNorm1d"); /* shorter than what stood there */
    return batch_norm_forward(m, x);
}

wick_module *wick_nn_lazy_batch_norm1d_opt(const wick_nn_batch_norm_options *given)
{
    WK_ENTER;
    wick_nn_batch_norm_options options = WK_OPTIONS(wick_nn_batch_norm_options, WICK_NN_BATCH_NORM_DEFAULTS, given);
    if (!wk_warn_of_laziness())
        return NULL;
    wick_module_options o = {.forward = lazy_batch_norm_forward};
    wick_module *m = batch_norm_new("wick_nn_lazy_batch_norm1d", o, "LazyBatchNorm1d", 0, options);
    wick_tensor *t[4];
    if (m)
        wk_make_uninitialized(t, lazy_tensors(m->fields, false, t));
    return m;
}

double *wk_batch_norm_momentum(wick_module *m)
{
    return m->options.forward == batch_norm_forward ? &((batch_norm *)m->fields)->o.momentum : NULL;
}

const char *wk_optional_buffer(const wick_module *m, int64_t version)
{
    bool is_one = m->options.forward == batch_norm_forward || m->options.forward == lazy_batch_norm_forward;
    return is_one && version < 2 && ((const batch_norm *)m->fields)->count ? "num_batches_tracked" : NULL;
}

/* ---- LayerNorm and RMSNorm --------------------------------------------------------------------------------------- */

typedef struct layer_norm {
    double eps; /* NAN: None */
    wick_dims dims;
    affine affine;
} layer_norm;

static wick_tensor *layer_norm_forward(wick_module *m, wick_tensor *x)
{
    const layer_norm *self = m->fields;
    return wick_layer_norm(x, self->dims, self->affine.weight, self->affine.bias, self->eps);
}

static wick_tensor *rms_norm_forward(wick_module *m, wick_tensor *x)
{
    const layer_norm *self = m->fields;
    return wick_rms_norm(x, self->dims, self->affine.weight, self->eps);
}

static void dims_extra(const layer_norm *self, char *text, size_t length)
{
    wk_extra_dims(text, length, "", &self->dims);
    if (isnan(self->eps))
        wk_extra(text, length, "eps=None");
    else
        wk_extra_float(text, length, "eps=", self->eps);
}

static void layer_norm_extra(wick_module *m, char *text, size_t length)
{
    const layer_norm *self = m->fields;
    dims_extra(self, text, length);
    affine_extra(&self->affine, "elementwise_affine", text, length);
}

static void rms_norm_extra(wick_module *m, char *text, size_t length)
{
    const layer_norm *self = m->fields;
    dims_extra(self, text, length);
    wk_extra(text, length, "elementwise_affine=%s", self->affine.weight ? "True" : "False");
}

/* A module over these dimensions, with weight and bias as asked. */
static wick_module *over_dims(const char *function, const char *name, wick_module_options options, layer_norm fields,
                              bool weight, bool bias, wick_dtype dtype)
{
    if (!wk_check_dims(function, "normalized_shape", &fields.dims) ||
        (dtype = wk_layer_dtype(function, dtype)) == WICK_DTYPE_AUTO)
        return NULL;
    WICK_SCOPE;
    options.size = sizeof fields;
    wick_module *m = wk_layer(name, options, &fields);
    layer_norm *self = m ? m->fields : NULL;
    if (!self || (weight && !make_affine(&self->affine, m, self->dims.dim, self->dims.count, dtype, bias)))
        return NULL;
    return wick_out(m);
}

wick_module *wick_nn_layer_norm_opt(wick_dims normalized_shape, const wick_nn_layer_norm_options *given)
{
    WK_ENTER;
    wick_nn_layer_norm_options o = WK_OPTIONS(wick_nn_layer_norm_options, WICK_NN_LAYER_NORM_DEFAULTS, given);
    return over_dims("wick_nn_layer_norm", "LayerNorm",
                     (wick_module_options){.forward = layer_norm_forward, .print_extra = layer_norm_extra},
                     (layer_norm){.eps = o.eps, .dims = normalized_shape}, o.elementwise_affine, o.bias, o.dtype);
}

wick_module *wick_nn_rms_norm_opt(wick_dims normalized_shape, const wick_nn_rms_norm_options *given)
{
    WK_ENTER;
    wick_nn_rms_norm_options o = WK_OPTIONS(wick_nn_rms_norm_options, WICK_NN_RMS_NORM_DEFAULTS, given);
    return over_dims("wick_nn_rms_norm", "RMSNorm",
                     (wick_module_options){.forward = rms_norm_forward, .print_extra = rms_norm_extra},
                     (layer_norm){.eps = o.eps, .dims = normalized_shape}, o.elementwise_affine, false, o.dtype);
}

/* ---- GroupNorm --------------------------------------------------------------------------------------------------- */

typedef struct group_norm {
    double eps;
    int64_t groups, channels;
    affine affine;
} group_norm;

static wick_tensor *group_norm_forward(wick_module *m, wick_tensor *x) /* (N, C, ...) */
{
    const group_norm *self = m->fields;
    return wick_group_norm(x, self->groups, self->affine.weight, self->affine.bias, self->eps);
}

static void group_norm_extra(wick_module *m, char *text, size_t length)
{
    const group_norm *self = m->fields;
    wk_extra(text, length, "%lld, %lld", (long long)self->groups, (long long)self->channels);
    wk_extra_float(text, length, "eps=", self->eps);
    affine_extra(&self->affine, "affine", text, length);
}

wick_module *wick_nn_group_norm_opt(int64_t num_groups, int64_t num_channels, const wick_nn_group_norm_options *given)
{
    WK_ENTER;
    wick_nn_group_norm_options o = WK_OPTIONS(wick_nn_group_norm_options, WICK_NN_GROUP_NORM_DEFAULTS, given);
    const char *function = "wick_nn_group_norm";
    if (num_groups < 1 || num_channels < 0 || num_channels % num_groups)
        return wick_fail(WICK_ERROR_SHAPE, "%s: num_channels (%lld) must be divisible by num_groups (%lld)", function,
                         (long long)num_channels, (long long)num_groups);
    wick_dtype dtype = wk_layer_dtype(function, o.dtype);
    if (dtype == WICK_DTYPE_AUTO)
        return NULL;
    WICK_SCOPE;
    group_norm fields = {o.eps, num_groups, num_channels, {NULL, NULL}};
    wick_module *m = wk_layer(
        "GroupNorm",
        (wick_module_options){.forward = group_norm_forward, .size = sizeof fields, .print_extra = group_norm_extra},
        &fields);
    group_norm *self = m ? m->fields : NULL;
    if (!self || (o.affine && !make_affine(&self->affine, m, &self->channels, 1, dtype, o.bias)))
        return NULL;
    return wick_out(m);
}
