/* activations.c - activations, and what else is a name, options and a call: one row a class. */
#include <stdio.h>
#include <string.h>

#include "init.h"
#include "internal.h"

wick_module *wk_layer(const char *name, wick_module_options options, const void *fields)
{
    wick_module *m = wk_module_new(name, &options);
    if (m && fields)
        memcpy(m->fields, fields, options.size);
    return wk_own(m);
}

/* ---- Without options --------------------------------------------------------------------------------------------- */

#define PLAIN(X)                                    \
    X(identity, "Identity", x)                      \
    X(sigmoid, "Sigmoid", wick_sigmoid(x))          \
    X(tanh, "Tanh", wick_tanh(x))                   \
    X(logsigmoid, "LogSigmoid", wick_logsigmoid(x)) \
    X(softsign, "Softsign", wick_softsign(x))       \
    X(tanhshrink, "Tanhshrink", wick_tanhshrink(x))

#define DEFINE(function, class_name, y)                                                          \
    static wick_tensor *function##_forward(wick_module *m, wick_tensor *x)                       \
    {                                                                                            \
        (void)m;                                                                                 \
        return y;                                                                                \
    }                                                                                            \
    wick_module *wick_nn_##function(void)                                                        \
    {                                                                                            \
        WK_ENTER;                                                                                \
        return wk_layer(class_name, (wick_module_options){.forward = function##_forward}, NULL); \
    }
PLAIN(DEFINE)
#undef DEFINE

/* ---- With options: a row is name, class, type of the options o, y, what print shows ------------------------------ */

#define FLOAT(name, value) wk_extra_float(text, length, name, value)
#define INT(name, value) wk_extra(text, length, name "%lld", (long long)(value))
#define INPLACE (void)(o->inplace ? wk_extra(text, length, "inplace=True") : (void)0)
#define EITHER(function, ...) (o->inplace ? wick_##function##_(__VA_ARGS__) : wick_##function(__VA_ARGS__))

#define ROWS(X)                                                                                                     \
    X(relu, "ReLU", wick_nn_activation_options, NN_ACTIVATION, EITHER(relu, x), INPLACE)                            \
    X(relu6, "ReLU6", wick_nn_activation_options, NN_ACTIVATION, EITHER(relu6, x), INPLACE)                         \
    X(selu, "SELU", wick_nn_activation_options, NN_ACTIVATION, EITHER(selu, x), INPLACE)                            \
    X(silu, "SiLU", wick_nn_activation_options, NN_ACTIVATION, EITHER(silu, x), INPLACE)                            \
    X(mish, "Mish", wick_nn_activation_options, NN_ACTIVATION, EITHER(mish, x), INPLACE)                            \
    X(hardsigmoid, "Hardsigmoid", wick_nn_activation_options, NN_ACTIVATION, EITHER(hardsigmoid, x), (void)0)       \
    X(hardswish, "Hardswish", wick_nn_activation_options, NN_ACTIVATION, EITHER(hardswish, x), (void)0)             \
    X(leaky_relu, "LeakyReLU", wick_nn_leaky_relu_options, NN_LEAKY_RELU, EITHER(leaky_relu, x, o->negative_slope), \
      (FLOAT("negative_slope=", o->negative_slope), INPLACE))                                                       \
    X(elu, "ELU", wick_nn_elu_options, NN_ELU, EITHER(elu, x, o->alpha), (FLOAT("alpha=", o->alpha), INPLACE))      \
    X(celu, "CELU", wick_nn_elu_options, NN_ELU, EITHER(celu, x, o->alpha), (FLOAT("alpha=", o->alpha), INPLACE))   \
    X(rrelu, "RReLU", wick_nn_rrelu_options, NN_RRELU, EITHER(rrelu, x, o->lower, o->upper, m->training),           \
      (FLOAT("lower=", o->lower), FLOAT("upper=", o->upper), INPLACE))                                              \
    X(hardtanh, "Hardtanh", wick_nn_hardtanh_options, NN_HARDTANH, EITHER(hardtanh, x, o->min_val, o->max_val),     \
      (FLOAT("min_val=", o->min_val), FLOAT("max_val=", o->max_val), INPLACE))                                      \
    X(gelu, "GELU", wick_gelu_options, GELU, wick_gelu_opt(x, o),                                                   \
      wk_extra(text, length, "approximate='%s'", o->approximate == WICK_GELU_TANH ? "tanh" : "none"))               \
    X(softplus, "Softplus", wick_softplus_options, SOFTPLUS, wick_softplus_opt(x, o),                               \
      (FLOAT("beta=", o->beta), FLOAT("threshold=", o->threshold)))                                                 \
    X(softshrink, "Softshrink", wick_shrink_options, SHRINK, wick_softshrink_opt(x, o), FLOAT("", o->lambd))        \
    X(hardshrink, "Hardshrink", wick_shrink_options, SHRINK, wick_hardshrink_opt(x, o), FLOAT("", o->lambd))        \
    X(glu, "GLU", wick_glu_options, GLU, wick_glu_opt(x, o), INT("dim=", o->dim))                                   \
    X(flatten, "Flatten", wick_nn_flatten_options, NN_FLATTEN, wick_flatten(x, o->start_dim, o->end_dim),           \
      (INT("start_dim=", o->start_dim), INT("end_dim=", o->end_dim)))

#define FORWARD_AND_EXTRA(function, type, y, extra)                         \
    static wick_tensor *function##_forward(wick_module *m, wick_tensor *x)  \
    {                                                                       \
        const type *o = m->fields;                                          \
        return y;                                                           \
    }                                                                       \
    static void function##_extra(wick_module *m, char *text, size_t length) \
    {                                                                       \
        const type *o = m->fields;                                          \
        (void)o, (void)text, (void)length;                                  \
        extra;                                                              \
    }
#define MODULE(function, class_name, o)                                                                                \
    wk_layer(class_name,                                                                                               \
             (wick_module_options){.forward = function##_forward, .print_extra = function##_extra, .size = sizeof(o)}, \
             &(o))
#define DEFINE(function, class_name, type, DEFAULTS, y, extra)              \
    FORWARD_AND_EXTRA(function, type, y, extra)                             \
    wick_module *wick_nn_##function##_opt(const type *given)                \
    {                                                                       \
        WK_ENTER;                                                           \
        type options = WK_OPTIONS(type, WICK_##DEFAULTS##_DEFAULTS, given); \
        return MODULE(function, class_name, options);                       \
    }
ROWS(DEFINE)
#undef DEFINE

/* The dimension of a softmax that names none, with the warning that PyTorch gives; none at all where that is an error. */
static int64_t implicit_dim(const char *name, const wick_tensor *x)
{
    if (!wick_warn(
            "Implicit dimension choice for %s has been deprecated. Change the call to include .dim = X as an argument.",
            name))
        return INT64_MIN;
    return x->ndim == 0 || x->ndim == 1 || x->ndim == 3 ? 0 : 1;
}

#define ALONG(X)                 \
    X(softmax, "Softmax")        \
    X(log_softmax, "LogSoftmax") \
    X(softmin, "Softmin")
#define DEFINE(function, class_name)                                                                            \
    FORWARD_AND_EXTRA(function, wick_nn_softmax_options,                                                        \
                      wick_##function(x, o->dim == WICK_UNSET ? implicit_dim(#function, x) : o->dim),           \
                      o->dim == WICK_UNSET ? wk_extra(text, length, "dim=None") : INT("dim=", o->dim))          \
    wick_module *wick_nn_##function##_opt(const wick_nn_softmax_options *given)                                 \
    {                                                                                                           \
        WK_ENTER;                                                                                               \
        wick_nn_softmax_options options = WK_OPTIONS(wick_nn_softmax_options, WICK_NN_SOFTMAX_DEFAULTS, given); \
        return MODULE(function, class_name, options);                                                           \
    }
ALONG(DEFINE)
#undef DEFINE

typedef struct threshold {
    wick_number threshold, value;
    bool inplace;
} threshold;
#define NUMBER(name, value) ((value).kind == WICK_NUMBER_FLOAT ? FLOAT(name, (value).real) : INT(name, (value).integer))
FORWARD_AND_EXTRA(threshold, threshold, EITHER(threshold, x, o->threshold, o->value),
                  (NUMBER("threshold=", o->threshold), NUMBER("value=", o->value), INPLACE))
wick_module *(wick_nn_threshold_opt)(wick_number limit, wick_number value, const wick_nn_activation_options *given)
{
    WK_ENTER;
    wick_nn_activation_options options = WK_OPTIONS(wick_nn_activation_options, WICK_NN_ACTIVATION_DEFAULTS, given);
    if (!wk_is_number("wick_nn_threshold", limit) || !wk_is_number("wick_nn_threshold", value))
        return NULL;
    threshold fields = {limit, value, options.inplace};
    return MODULE(threshold, "Threshold", fields);
}

typedef struct unflatten {
    int64_t dim;
    wick_dims sizes;
} unflatten;
FORWARD_AND_EXTRA(unflatten, unflatten, wick_unflatten_n(x, o->dim, o->sizes.dim, o->sizes.count),
                  (INT("dim=", o->dim), wk_extra_dims(text, length, "unflattened_size=", &o->sizes)))
wick_module *wick_nn_unflatten(int64_t dim, wick_dims unflattened_size)
{
    WK_ENTER;
    unflatten fields = {dim, unflattened_size};
    if (!wk_check_dims("wick_nn_unflatten", "unflattened_size", &fields.sizes))
        return NULL;
    return MODULE(unflatten, "Unflatten", fields);
}

/* ---- PReLU ------------------------------------------------------------------------------------------------------- */

typedef struct prelu {
    wick_tensor *weight; /* (num_parameters) */
} prelu;
FORWARD_AND_EXTRA(prelu, prelu, wick_prelu(x, o->weight), INT("num_parameters=", o->weight->numel))

wick_module *wick_nn_prelu_opt(const wick_nn_prelu_options *given)
{
    WK_ENTER;
    wick_nn_prelu_options options = WK_OPTIONS(wick_nn_prelu_options, WICK_NN_PRELU_DEFAULTS, given);
    wick_dtype dtype = wk_layer_dtype("wick_nn_prelu", options.dtype);
    if (dtype == WICK_DTYPE_AUTO)
        return NULL;
    prelu fields = {NULL};
    WICK_SCOPE;
    wick_module *m = MODULE(prelu, "PReLU", fields);
    prelu *self = m ? m->fields : NULL;
    if (!self || !(self->weight = wk_layer_parameter(m, "weight", &options.num_parameters, 1, dtype)) ||
        !wick_init_constant_(self->weight, options.init))
        return NULL;
    return wick_out(m);
}

/* ---- Dropout ----------------------------------------------------------------------------------------------------- */

#define DROPOUTS(X)       \
    X(dropout, "Dropout") \
    X(alpha_dropout, "AlphaDropout")
#define DEFINE(function, class_name)                                                                             \
    FORWARD_AND_EXTRA(function, wick_nn_dropout_options, EITHER(function, x, o->p, m->training),                 \
                      (FLOAT("p=", o->p), wk_extra(text, length, "inplace=%s", o->inplace ? "True" : "False")))  \
    wick_module *wick_nn_##function##_opt(const wick_nn_dropout_options *given)                                  \
    {                                                                                                            \
        WK_ENTER;                                                                                                \
        wick_nn_dropout_options options = WK_OPTIONS(wick_nn_dropout_options, WICK_NN_DROPOUT_DEFAULTS, given);  \
        if (!(options.p >= 0.0 && options.p <= 1.0))                                                             \
            return wick_fail(WICK_ERROR_ARGUMENT,                                                                \
                             "wick_nn_" #function ": dropout probability has to be between 0 and 1, but got %s", \
                             WK_REAL(options.p));                                                                \
        return MODULE(function, class_name, options);                                                            \
    }
DROPOUTS(DEFINE)
#undef DEFINE
