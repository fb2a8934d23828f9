/* linear.c - the layers with weights that are products, Linear and Bilinear; and what layers with weights share. */
#include <math.h>
#include <stdio.h>

#include "init.h"
#include "module.h"

/* ---- What layers with weights share ------------------------------------------------------------------------------ */

wick_tensor *wk_layer_parameter(wick_module *m, const char *name, const int64_t *shape, int ndim, wick_dtype dtype)
{
    wick_tensor *t = wk_new(shape, ndim, dtype), *registered = t ? wick_nn_register_parameter(m, name, t) : NULL;
    wk_unref(t);
    return registered;
}

wick_tensor *wk_layer_buffer(wick_module *m, const char *name, const int64_t *shape, int ndim, wick_dtype dtype)
{
    wick_tensor *t = wk_new(shape, ndim, dtype), *registered = t ? wick_nn_register_buffer(m, name, t) : NULL;
    wk_unref(t);
    return registered;
}

wick_dtype wk_layer_dtype(const char *function, wick_dtype dtype)
{
    dtype = dtype == WICK_DTYPE_AUTO ? wick_default_dtype() : dtype;
    if (wick_dtype_is_floating(dtype))
        return dtype;
    wick_fail(WICK_ERROR_DTYPE, "%s: dtype %s cannot require gradients; use float32 or float64", function,
              wick_dtype_name(dtype));
    return WICK_DTYPE_AUTO;
}

bool wk_check_dims(const char *function, const char *name, const wick_dims *dims)
{
    if (dims->count >= 1 && dims->count <= WICK_MAX_DIMS)
        return true;
    return wick_fail(WICK_ERROR_SHAPE, "%s: %s has %d dimensions; it must have 1 to %d", function, name, dims->count,
                     WICK_MAX_DIMS) != NULL;
}

/* ---- Linear: y = x W^T + b, and Bilinear: y_o = x1^T W_o x2 + b_o ------------------------------------------------- */

wick_tensor *wk_linear_forward(wick_module *m, wick_tensor *x) /* (..., in) -> (..., out) */
{
    const wk_linear *self = m->fields;
    return wick_linear(x, self->weight, self->bias);
}

static wick_tensor *bilinear_forward(wick_module *m, wick_tensor *x1, wick_tensor *x2)
{
    const wk_linear *self = m->fields;
    return wick_bilinear(x1, x2, self->weight, self->bias);
}

void wk_linear_extra(wick_module *m, char *text, size_t length)
{
    const wk_linear *self = m->fields;
    const int64_t *shape = self->weight->shape;
    if (self->weight->ndim == 2)
        wk_extra(text, length, "in_features=%lld", (long long)shape[1]);
    else
        wk_extra(text, length, "in1_features=%lld, in2_features=%lld", (long long)shape[1], (long long)shape[2]);
    wk_extra(text, length, "out_features=%lld, bias=%s", (long long)shape[0], self->bias ? "True" : "False");
}

/* weight, of shape, and bias registered in m; m, or NULL with m gone. */
static wk_linear *make(wick_module *m, const int64_t *shape, int ndim, bool bias, wick_dtype dtype)
{
    wk_linear *self = m ? m->fields : NULL;
    if (self && (self->weight = wk_layer_parameter(m, "weight", shape, ndim, dtype)) != NULL &&
        (!bias || (self->bias = wk_layer_parameter(m, "bias", shape, 1, dtype)) != NULL))
        return self;
    wk_unref(m);
    return NULL;
}

bool wk_linear_reset(const wk_linear *self)
{
    int64_t in = self->weight->shape[1];
    double bound = in > 0 ? 1.0 / sqrt((double)in) : 0.0;
    return wick_init_kaiming_uniform_(self->weight, .a = sqrt(5.0)) &&
           (!self->bias || wick_init_uniform_(self->bias, -bound, bound));
}

wick_module *wick_nn_linear_opt(int64_t in, int64_t out, const wick_nn_linear_options *given)
{
    WK_ENTER;
    wick_nn_linear_options options = WK_OPTIONS(wick_nn_linear_options, true, given);
    if (in < 0 || out < 0)
        return wick_fail(WICK_ERROR_SHAPE,
                         "wick_nn_linear: in_features=%lld and out_features=%lld must not be negative", (long long)in,
                         (long long)out);
    wick_dtype dtype = wk_layer_dtype("wick_nn_linear", options.dtype);
    if (dtype == WICK_DTYPE_AUTO)
        return NULL;
    wick_module *m = wk_module_new("Linear", &(wick_module_options){.forward = wk_linear_forward,
                                                                    .size = sizeof(wk_linear),
                                                                    .print_extra = wk_linear_extra});
    wk_linear *self = make(m, (const int64_t[]){out, in}, 2, options.bias, dtype);
    if (!self)
        return NULL;
    if (!wk_linear_reset(self)) {
        wk_unref(m);
        return NULL;
    }
    return wk_own(m);
}

wick_module *wick_nn_bilinear_opt(int64_t in1, int64_t in2, int64_t out, const wick_nn_linear_options *given)
{
    WK_ENTER;
    wick_nn_linear_options options = WK_OPTIONS(wick_nn_linear_options, true, given);
    if (in1 <= 0 || in2 < 0 || out < 0)
        return wick_fail(WICK_ERROR_SHAPE,
                         "wick_nn_bilinear: in1_features=%lld must be above 0, in2_features=%lld and out_features=%lld "
                         "not negative",
                         (long long)in1, (long long)in2, (long long)out);
    wick_dtype dtype = wk_layer_dtype("wick_nn_bilinear", options.dtype);
    if (dtype == WICK_DTYPE_AUTO)
        return NULL;
    wick_module *m = wk_module_new("Bilinear", &(wick_module_options){.forward2 = bilinear_forward,
                                                                      .size = sizeof(wk_linear),
                                                                      .print_extra = wk_linear_extra});
    wk_linear *self = make(m, (const int64_t[]){out, in1, in2}, 3, options.bias, dtype);
    if (!self)
        return NULL;
    double bound = 1.0 / sqrt((double)in1);
    if (!wick_init_uniform_(self->weight, -bound, bound) ||
        (self->bias && !wick_init_uniform_(self->bias, -bound, bound))) {
        wk_unref(m);
        return NULL;
    }
    return wk_own(m);
}
