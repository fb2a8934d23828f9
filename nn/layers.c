/* layers.c - the layers of one input: Linear, activations, Dropout, Flatten. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* ---- Linear: y = x W^T + b --------------------------------------------------------------------------------------- */

typedef struct linear {
    wick_tensor *weight; /* (out, in) */
    wick_tensor *bias;   /* (out); or NULL */
    int64_t in, out;
} linear;

static wick_tensor *linear_forward(wick_module *m, wick_tensor *x) /* (..., in) -> (..., out) */
{
    const linear *self = m->fields;
    return wick_linear(x, self->weight, self->bias);
}

static void linear_extra(wick_module *m, char *text, size_t length)
{
    const linear *self = m->fields;
    snprintf(text, length, "in_features=%lld, out_features=%lld, bias=%s", (long long)self->in, (long long)self->out,
             self->bias ? "True" : "False");
}

/* Registers a parameter and drops the caller's reference to it. */
static wick_tensor *give_parameter(wick_module *m, const char *name, wick_tensor *t)
{
    wick_tensor *registered = wick_nn_register_parameter(m, name, t);
    wk_unref(t);
    return registered;
}

/* The numbers of torch.nn.Linear, in its arithmetic: kaiming_uniform_(weight, a = sqrt(5)), whose bound
 * sqrt(3) gain / sqrt(in) with gain = sqrt(2 / (1 + a^2)) is 1 / sqrt(in), and then the bias. */
static void linear_reset(linear *self)
{
    double fan_in = (double)self->in, a = sqrt(5.0);
    if (self->weight->numel > 0) {
        double gain = sqrt(2.0 / (1.0 + a * a)), std = gain / sqrt(fan_in), bound = sqrt(3.0) * std;
        wk_rand_fill(self->weight, -bound, bound, NULL);
    }
    if (self->bias) {
        double bound = fan_in > 0 ? 1.0 / sqrt(fan_in) : 0.0;
        wk_rand_fill(self->bias, -bound, bound, NULL);
    }
}

wick_module *wick_nn_linear_opt(int64_t in, int64_t out, wick_nn_linear_options options)
{
    if (in < 0 || out < 0)
        return wick_fail(WICK_ERROR_SHAPE,
                         "wick_nn_linear: in_features=%lld and out_features=%lld must not be negative", (long long)in,
                         (long long)out);
    wick_dtype dtype = options.dtype == WICK_DTYPE_AUTO ? wick_default_dtype() : options.dtype;
    if (!wick_dtype_is_floating(dtype))
        return wick_fail(WICK_ERROR_DTYPE, "wick_nn_linear: dtype %s cannot require gradients; use float32 or float64",
                         wick_dtype_name(dtype));
    wick_module *m = wk_module_new(
        "Linear",
        &(wick_module_options){.forward = linear_forward, .size = sizeof(linear), .print_extra = linear_extra});
    if (!m)
        return NULL;
    linear *self = m->fields;
    self->in = in;
    self->out = out;
    self->weight = give_parameter(m, "weight", wk_new((const int64_t[]){out, in}, 2, dtype));
    if (self->weight && options.bias)
        self->bias = give_parameter(m, "bias", wk_new(&out, 1, dtype));
    if (!self->weight || (options.bias && !self->bias)) {
        wk_unref(m);
        return NULL;
    }
    linear_reset(self);
    return wk_own(m);
}

/* ---- Layers without fields --------------------------------------------------------------------------------------- */

#define PLAIN_LAYERS(X)                    \
    X(identity, "Identity", x)             \
    X(relu, "ReLU", wick_relu(x))          \
    X(sigmoid, "Sigmoid", wick_sigmoid(x)) \
    X(tanh, "Tanh", wick_tanh(x))

#define DEFINE(function, class_name, y)                                                                  \
    static wick_tensor *function##_forward(wick_module *m, wick_tensor *x)                               \
    {                                                                                                    \
        (void)m;                                                                                         \
        return y;                                                                                        \
    }                                                                                                    \
    wick_module *wick_nn_##function(void)                                                                \
    {                                                                                                    \
        return wk_own(wk_module_new(class_name, &(wick_module_options){.forward = function##_forward})); \
    }
PLAIN_LAYERS(DEFINE)
#undef DEFINE

/* ---- Softmax, LogSoftmax ----------------------------------------------------------------------------------------- */

/* A layer whose fields are a copy of what fields points to. */
static wick_module *layer(const char *name, wick_module_options options, const void *fields)
{
    wick_module *m = wk_module_new(name, &options);
    if (m)
        memcpy(m->fields, fields, options.size);
    return wk_own(m);
}

static void softmax_extra(wick_module *m, char *text, size_t length)
{
    snprintf(text, length, "dim=%lld", (long long)*(const int64_t *)m->fields);
}

static wick_tensor *softmax_forward(wick_module *m, wick_tensor *x)
{
    return wick_softmax(x, *(const int64_t *)m->fields);
}

static wick_tensor *log_softmax_forward(wick_module *m, wick_tensor *x)
{
    return wick_log_softmax(x, *(const int64_t *)m->fields);
}

wick_module *wick_nn_softmax(int64_t dim)
{
    wick_module_options o = {.forward = softmax_forward, .size = sizeof dim, .print_extra = softmax_extra};
    return layer("Softmax", o, &dim);
}

wick_module *wick_nn_log_softmax(int64_t dim)
{
    wick_module_options o = {.forward = log_softmax_forward, .size = sizeof dim, .print_extra = softmax_extra};
    return layer("LogSoftmax", o, &dim);
}

/* ---- Dropout ----------------------------------------------------------------------------------------------------- */

static wick_tensor *dropout_forward(wick_module *m, wick_tensor *x)
{
    return wick_dropout(x, *(const double *)m->fields, m->training);
}

/* p as Python writes it: the fewest digits that read back as the same number, and always a point or an exponent. */
static void dropout_extra(wick_module *m, char *text, size_t length)
{
    double p = *(const double *)m->fields;
    char digits[32];
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, p);
        if (strtod(digits, NULL) == p)
            break;
    }
    snprintf(text, length, "p=%s%s, inplace=False", digits, strpbrk(digits, ".,e") ? "" : ".0");
}

wick_module *wick_nn_dropout(double p)
{
    if (!(p >= 0.0 && p <= 1.0))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_nn_dropout: dropout probability has to be between 0 and 1, but got %g", p);
    wick_module_options o = {.forward = dropout_forward, .size = sizeof p, .print_extra = dropout_extra};
    return layer("Dropout", o, &p);
}

/* ---- Flatten ----------------------------------------------------------------------------------------------------- */

static wick_tensor *flatten_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_flatten_options *self = m->fields;
    return wick_flatten(x, self->start_dim, self->end_dim);
}

static void flatten_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_flatten_options *self = m->fields;
    snprintf(text, length, "start_dim=%lld, end_dim=%lld", (long long)self->start_dim, (long long)self->end_dim);
}

wick_module *wick_nn_flatten_opt(wick_nn_flatten_options options)
{
    wick_module_options o = {.forward = flatten_forward, .size = sizeof options, .print_extra = flatten_extra};
    return layer("Flatten", o, &options);
}
