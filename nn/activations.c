/* activations.c - activations, and the other modules that are a name, options and a call. */
#include <stdio.h>
#include <string.h>

#include "init.h"
#include "module.h"

wick_module *wk_layer(const char *name, wick_module_options options, const void *fields)
{
    wick_module *m = wk_module_new(name, &options);
    if (m && fields)
        memcpy(m->fields, fields, options.size);
    return wk_own(m);
}

/* ---- Without options --------------------------------------------------------------------------------------------- */

static wick_tensor *identity_forward(wick_module *m, wick_tensor *x)
{
    (void)m;
    return x;
}
wick_module *wick_nn_identity(void)
{
    WK_ENTER;
    return wk_layer("Identity", (wick_module_options){.forward = identity_forward}, NULL);
}

static wick_tensor *sigmoid_forward(wick_module *m, wick_tensor *x)
{
    (void)m;
    return wick_sigmoid(x);
}
wick_module *wick_nn_sigmoid(void)
{
    WK_ENTER;
    return wk_layer("Sigmoid", (wick_module_options){.forward = sigmoid_forward}, NULL);
}

static wick_tensor *tanh_forward(wick_module *m, wick_tensor *x)
{
    (void)m;
    return wick_tanh(x);
}
wick_module *wick_nn_tanh(void)
{
    WK_ENTER;
    return wk_layer("Tanh", (wick_module_options){.forward = tanh_forward}, NULL);
}

static wick_tensor *logsigmoid_forward(wick_module *m, wick_tensor *x)
{
    (void)m;
    return wick_logsigmoid(x);
}
wick_module *wick_nn_logsigmoid(void)
{
    WK_ENTER;
    return wk_layer("LogSigmoid", (wick_module_options){.forward = logsigmoid_forward}, NULL);
}

static wick_tensor *softsign_forward(wick_module *m, wick_tensor *x)
{
    (void)m;
    return wick_softsign(x);
}
wick_module *wick_nn_softsign(void)
{
    WK_ENTER;
    return wk_layer("Softsign", (wick_module_options){.forward = softsign_forward}, NULL);
}

static wick_tensor *tanhshrink_forward(wick_module *m, wick_tensor *x)
{
    (void)m;
    return wick_tanhshrink(x);
}
wick_module *wick_nn_tanhshrink(void)
{
    WK_ENTER;
    return wk_layer("Tanhshrink", (wick_module_options){.forward = tanhshrink_forward}, NULL);
}

/* ---- With options, which are the fields ----------------------------------------------------------- */

#define FLOAT(name, value) wk_extra_float(text, length, name, value)
#define INT(name, value) wk_extra(text, length, name "%lld", (long long)(value))
#define INPLACE (void)(o->inplace ? wk_extra(text, length, "inplace=True") : (void)0)
#define EITHER(function, ...) (o->inplace ? wick_##function##_(__VA_ARGS__) : wick_##function(__VA_ARGS__))

#define MODULE(function, class_name, o)                                                                                \
    wk_layer(class_name,                                                                                               \
             (wick_module_options){.forward = function##_forward, .print_extra = function##_extra, .size = sizeof(o)}, \
             &(o))

/* Those whose one option is whether they work in place. */
static void inplace_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_activation_options *o = m->fields;
    INPLACE;
}
static wick_module *in_place_or_not(const char *name, wick_tensor *(*forward)(wick_module *, wick_tensor *),
                                    const wick_nn_activation_options *options)
{
    wick_module_options o = {.forward = forward, .print_extra = inplace_extra, .size = sizeof *options};
    return wk_layer(name, o, options);
}

static wick_tensor *relu_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_activation_options *o = m->fields;
    return EITHER(relu, x);
}
wick_module *wick_nn_relu_opt(const wick_nn_activation_options *given)
{
    WK_ENTER;
    wick_nn_activation_options options = WK_OPTIONS(wick_nn_activation_options, 0, given);
    return in_place_or_not("ReLU", relu_forward, &options);
}

static wick_tensor *relu6_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_activation_options *o = m->fields;
    return EITHER(relu6, x);
}
wick_module *wick_nn_relu6_opt(const wick_nn_activation_options *given)
{
    WK_ENTER;
    wick_nn_activation_options options = WK_OPTIONS(wick_nn_activation_options, 0, given);
    return in_place_or_not("ReLU6", relu6_forward, &options);
}

static wick_tensor *selu_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_activation_options *o = m->fields;
    return EITHER(selu, x);
}
wick_module *wick_nn_selu_opt(const wick_nn_activation_options *given)
{
    WK_ENTER;
    wick_nn_activation_options options = WK_OPTIONS(wick_nn_activation_options, 0, given);
    return in_place_or_not("SELU", selu_forward, &options);
}

static wick_tensor *silu_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_activation_options *o = m->fields;
    return EITHER(silu, x);
}
wick_module *wick_nn_silu_opt(const wick_nn_activation_options *given)
{
    WK_ENTER;
    wick_nn_activation_options options = WK_OPTIONS(wick_nn_activation_options, 0, given);
    return in_place_or_not("SiLU", silu_forward, &options);
}

static wick_tensor *mish_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_activation_options *o = m->fields;
    return EITHER(mish, x);
}
wick_module *wick_nn_mish_opt(const wick_nn_activation_options *given)
{
    WK_ENTER;
    wick_nn_activation_options options = WK_OPTIONS(wick_nn_activation_options, 0, given);
    return in_place_or_not("Mish", mish_forward, &options);
}

static wick_tensor *hardsigmoid_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_activation_options *o = m->fields;
    return EITHER(hardsigmoid, x);
}
wick_module *wick_nn_hardsigmoid_opt(const wick_nn_activation_options *given)
{
    WK_ENTER;
    wick_nn_activation_options options = WK_OPTIONS(wick_nn_activation_options, 0, given);
    wick_module_options o = {.forward = hardsigmoid_forward, .size = sizeof options};
    return wk_layer("Hardsigmoid", o, &options);
}

static wick_tensor *hardswish_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_activation_options *o = m->fields;
    return EITHER(hardswish, x);
}
wick_module *wick_nn_hardswish_opt(const wick_nn_activation_options *given)
{
    WK_ENTER;
    wick_nn_activation_options options = WK_OPTIONS(wick_nn_activation_options, 0, given);
    wick_module_options o = {.forward = hardswish_forward, .size = sizeof options};
    return wk_layer("Hardswish", o, &options);
}

static wick_tensor *leaky_relu_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_leaky_relu_options *o = m->fields;
    return EITHER(leaky_relu, x, o->negative_slope);
}
static void leaky_relu_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_leaky_relu_options *o = m->fields;
    FLOAT("negative_slope=", o->negative_slope);
    INPLACE;
}
wick_module *wick_nn_leaky_relu_opt(const wick_nn_leaky_relu_options *given)
{
    WK_ENTER;
    wick_nn_leaky_relu_options options = WK_OPTIONS(wick_nn_leaky_relu_options, 0.01, given);
    return MODULE(leaky_relu, "LeakyReLU", options);
}

static wick_tensor *elu_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_elu_options *o = m->fields;
    return EITHER(elu, x, o->alpha);
}
static void elu_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_elu_options *o = m->fields;
    FLOAT("alpha=", o->alpha);
    INPLACE;
}
wick_module *wick_nn_elu_opt(const wick_nn_elu_options *given)
{
    WK_ENTER;
    wick_nn_elu_options options = WK_OPTIONS(wick_nn_elu_options, 1.0, given);
    return MODULE(elu, "ELU", options);
}

static wick_tensor *celu_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_elu_options *o = m->fields;
    return EITHER(celu, x, o->alpha);
}
static void celu_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_elu_options *o = m->fields;
    FLOAT("alpha=", o->alpha);
    INPLACE;
}
wick_module *wick_nn_celu_opt(const wick_nn_elu_options *given)
{
    WK_ENTER;
    wick_nn_elu_options options = WK_OPTIONS(wick_nn_elu_options, 1.0, given);
    return MODULE(celu, "CELU", options);
}

static wick_tensor *rrelu_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_rrelu_options *o = m->fields;
    return EITHER(rrelu, x, o->lower, o->upper, m->training);
}
static void rrelu_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_rrelu_options *o = m->fields;
    FLOAT("lower=", o->lower);
    FLOAT("upper=", o->upper);
    INPLACE;
}
wick_module *wick_nn_rrelu_opt(const wick_nn_rrelu_options *given)
{
    WK_ENTER;
    wick_nn_rrelu_options options = WK_OPTIONS(wick_nn_rrelu_options, WICK_NN_RRELU_DEFAULTS, given);
    return MODULE(rrelu, "RReLU", options);
}

static wick_tensor *hardtanh_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_hardtanh_options *o = m->fields;
    return EITHER(hardtanh, x, o->min_val, o->max_val);
}
static void hardtanh_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_hardtanh_options *o = m->fields;
    FLOAT("min_val=", o->min_val);
    FLOAT("max_val=", o->max_val);
    INPLACE;
}
wick_module *wick_nn_hardtanh_opt(const wick_nn_hardtanh_options *given)
{
    WK_ENTER;
    wick_nn_hardtanh_options options = WK_OPTIONS(wick_nn_hardtanh_options, WICK_NN_HARDTANH_DEFAULTS, given);
    return MODULE(hardtanh, "Hardtanh", options);
}

static wick_tensor *gelu_forward(wick_module *m, wick_tensor *x)
{
    const wick_gelu_options *o = m->fields;
    return wick_gelu_opt(x, o);
}
static void gelu_extra(wick_module *m, char *text, size_t length)
{
    const wick_gelu_options *o = m->fields;
    wk_extra(text, length, "approximate='%s'", o->approximate == WICK_GELU_TANH ? "tanh" : "none");
}
wick_module *wick_nn_gelu_opt(const wick_gelu_options *given)
{
    WK_ENTER;
    wick_gelu_options options = WK_OPTIONS(wick_gelu_options, 0, given);
    return MODULE(gelu, "GELU", options);
}

static wick_tensor *softplus_forward(wick_module *m, wick_tensor *x)
{
    const wick_softplus_options *o = m->fields;
    return wick_softplus_opt(x, o);
}
static void softplus_extra(wick_module *m, char *text, size_t length)
{
    const wick_softplus_options *o = m->fields;
    FLOAT("beta=", o->beta);
    FLOAT("threshold=", o->threshold);
}
wick_module *wick_nn_softplus_opt(const wick_softplus_options *given)
{
    WK_ENTER;
    wick_softplus_options options = WK_OPTIONS(wick_softplus_options, WICK_SOFTPLUS_DEFAULTS, given);
    return MODULE(softplus, "Softplus", options);
}

static wick_tensor *softshrink_forward(wick_module *m, wick_tensor *x)
{
    const wick_shrink_options *o = m->fields;
    return wick_softshrink_opt(x, o);
}
static void softshrink_extra(wick_module *m, char *text, size_t length)
{
    const wick_shrink_options *o = m->fields;
    FLOAT("", o->lambd);
}
wick_module *wick_nn_softshrink_opt(const wick_shrink_options *given)
{
    WK_ENTER;
    wick_shrink_options options = WK_OPTIONS(wick_shrink_options, 0.5, given);
    return MODULE(softshrink, "Softshrink", options);
}

static wick_tensor *hardshrink_forward(wick_module *m, wick_tensor *x)
{
    const wick_shrink_options *o = m->fields;
    return wick_hardshrink_opt(x, o);
}
static void hardshrink_extra(wick_module *m, char *text, size_t length)
{
    const wick_shrink_options *o = m->fields;
    FLOAT("", o->lambd);
}
wick_module *wick_nn_hardshrink_opt(const wick_shrink_options *given)
{
    WK_ENTER;
    wick_shrink_options options = WK_OPTIONS(wick_shrink_options, 0.5, given);
    return MODULE(hardshrink, "Hardshrink", options);
}

static wick_tensor *glu_forward(wick_module *m, wick_tensor *x)
{
    const wick_glu_options *o = m->fields;
    return wick_glu_opt(x, o);
}
static void glu_extra(wick_module *m, char *text, size_t length)
{
    const wick_glu_options *o = m->fields;
    INT("dim=", o->dim);
}
wick_module *wick_nn_glu_opt(const wick_glu_options *given)
{
    WK_ENTER;
    wick_glu_options options = WK_OPTIONS(wick_glu_options, -1, given);
    return MODULE(glu, "GLU", options);
}

static wick_tensor *flatten_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_flatten_options *o = m->fields;
    return wick_flatten(x, o->start_dim, o->end_dim);
}
static void flatten_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_flatten_options *o = m->fields;
    INT("start_dim=", o->start_dim);
    INT("end_dim=", o->end_dim);
}
wick_module *wick_nn_flatten_opt(const wick_nn_flatten_options *given)
{
    WK_ENTER;
    wick_nn_flatten_options options = WK_OPTIONS(wick_nn_flatten_options, WICK_NN_FLATTEN_DEFAULTS, given);
    return MODULE(flatten, "Flatten", options);
}

/* The dimension of a softmax that names none, with the warning that PyTorch gives; none at all where that is an error. */
static int64_t implicit_dim(const char *name, const wick_tensor *x)
{
    if (!wick_warn(
            "Implicit dimension choice for %s has been deprecated. Change the call to include .dim = X as an argument.",
            name))
        return INT64_MIN;
    return x->ndim == 0 || x->ndim == 1 || x->ndim == 3 ? 0 : 1;
}

static wick_tensor *softmax_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_softmax_options *o = m->fields;
    return wick_softmax(x, o->dim == WICK_UNSET ? implicit_dim("softmax", x) : o->dim);
}
static void softmax_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_softmax_options *o = m->fields;
    o->dim == WICK_UNSET ? wk_extra(text, length, "dim=None") : INT("dim=", o->dim);
}
wick_module *wick_nn_softmax_opt(const wick_nn_softmax_options *given)
{
    WK_ENTER;
    wick_nn_softmax_options options = WK_OPTIONS(wick_nn_softmax_options, WICK_UNSET, given);
    return MODULE(softmax, "Softmax", options);
}

static wick_tensor *log_softmax_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_softmax_options *o = m->fields;
    return wick_log_softmax(x, o->dim == WICK_UNSET ? implicit_dim("log_softmax", x) : o->dim);
}
static void log_softmax_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_softmax_options *o = m->fields;
    o->dim == WICK_UNSET ? wk_extra(text, length, "dim=None") : INT("dim=", o->dim);
}
wick_module *wick_nn_log_softmax_opt(const wick_nn_softmax_options *given)
{
    WK_ENTER;
    wick_nn_softmax_options options = WK_OPTIONS(wick_nn_softmax_options, WICK_UNSET, given);
    return MODULE(log_softmax, "LogSoftmax", options);
}

static wick_tensor *softmin_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_softmax_options *o = m->fields;
    return wick_softmin(x, o->dim == WICK_UNSET ? implicit_dim("softmin", x) : o->dim);
}
static void softmin_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_softmax_options *o = m->fields;
    o->dim == WICK_UNSET ? wk_extra(text, length, "dim=None") : INT("dim=", o->dim);
}
wick_module *wick_nn_softmin_opt(const wick_nn_softmax_options *given)
{
    WK_ENTER;
    wick_nn_softmax_options options = WK_OPTIONS(wick_nn_softmax_options, WICK_UNSET, given);
    return MODULE(softmin, "Softmin", options);
}

typedef struct threshold {
    wick_number threshold, value;
    bool inplace;
} threshold;
#define NUMBER(name, value) ((value).kind == WICK_NUMBER_FLOAT ? FLOAT(name, (value).real) : INT(name, (value).integer))
static wick_tensor *threshold_forward(wick_module *m, wick_tensor *x)
{
    const threshold *o = m->fields;
    return EITHER(threshold, x, o->threshold, o->value);
}
static void threshold_extra(wick_module *m, char *text, size_t length)
{
    const threshold *o = m->fields;
    NUMBER("threshold=", o->threshold);
    NUMBER("value=", o->value);
    INPLACE;
}
wick_module *wick_nn_threshold_opt(wick_number limit, wick_number value, const wick_nn_activation_options *given)
{
    WK_ENTER;
    wick_nn_activation_options options = WK_OPTIONS(wick_nn_activation_options, 0, given);
    if (!wk_is_number("wick_nn_threshold", limit) || !wk_is_number("wick_nn_threshold", value))
        return NULL;
    threshold fields = {limit, value, options.inplace};
    return MODULE(threshold, "Threshold", fields);
}

typedef struct unflatten {
    int64_t dim;
    wick_dims sizes;
} unflatten;
static wick_tensor *unflatten_forward(wick_module *m, wick_tensor *x)
{
    const unflatten *o = m->fields;
    return wick_unflatten_n(x, o->dim, o->sizes.dim, o->sizes.count);
}
static void unflatten_extra(wick_module *m, char *text, size_t length)
{
    const unflatten *o = m->fields;
    INT("dim=", o->dim);
    wk_extra_dims(text, length, "unflattened_size=", &o->sizes);
}
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
static wick_tensor *prelu_forward(wick_module *m, wick_tensor *x)
{
    const prelu *o = m->fields;
    return wick_prelu(x, o->weight);
}
static void prelu_extra(wick_module *m, char *text, size_t length)
{
    const prelu *o = m->fields;
    INT("num_parameters=", o->weight->numel);
}

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

static bool is_probability(const char *function, double p)
{
    if (!(p >= 0.0 && p <= 1.0))
        wick_fail(WICK_ERROR_ARGUMENT, "%s: dropout probability has to be between 0 and 1, but got %s", function,
                  WK_REAL(p));
    return p >= 0.0 && p <= 1.0;
}

static wick_tensor *dropout_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_dropout_options *o = m->fields;
    return EITHER(dropout, x, o->p, m->training);
}
static void dropout_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_dropout_options *o = m->fields;
    FLOAT("p=", o->p);
    wk_extra(text, length, "inplace=%s", o->inplace ? "True" : "False");
}
wick_module *wick_nn_dropout_opt(const wick_nn_dropout_options *given)
{
    WK_ENTER;
    wick_nn_dropout_options options = WK_OPTIONS(wick_nn_dropout_options, 0.5, given);
    return is_probability("wick_nn_dropout", options.p) ? MODULE(dropout, "Dropout", options) : NULL;
}

static wick_tensor *alpha_dropout_forward(wick_module *m, wick_tensor *x)
{
    const wick_nn_dropout_options *o = m->fields;
    return EITHER(alpha_dropout, x, o->p, m->training);
}
static void alpha_dropout_extra(wick_module *m, char *text, size_t length)
{
    const wick_nn_dropout_options *o = m->fields;
    FLOAT("p=", o->p);
    wk_extra(text, length, "inplace=%s", o->inplace ? "True" : "False");
}
wick_module *wick_nn_alpha_dropout_opt(const wick_nn_dropout_options *given)
{
    WK_ENTER;
    wick_nn_dropout_options options = WK_OPTIONS(wick_nn_dropout_options, 0.5, given);
    return is_probability("wick_nn_alpha_dropout", options.p) ? MODULE(alpha_dropout, "AlphaDropout", options) : NULL;
}
