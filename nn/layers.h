/* layers.h - layers and activations as modules; a part of nn.h. Names, options and defaults are those of torch.nn; what each
 * computes stands beside the function of its name in autograd/ops.
 *
 * One with options is a macro, and a macro has no address. So its name, with the options' defaults, is a function, too: a name
 * that no parenthesis follows is the function.
 *     const struct { const char *name; wick_module *(*make)(void); } NLS[] = {{"relu", wick_nn_relu}, {"tanh", wick_nn_tanh}}; */
#ifndef WICK_NN_LAYERS_H
#define WICK_NN_LAYERS_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"

WICK_BEGIN_DECLS

typedef struct wick_module wick_module;

/* ---- With weights --------------------------------------------------------------------------------------------------------- */

/* y = x W^T + b, x (..., in), weight (out, in), bias (out). Both start uniform on +-1/sqrt(in), weight drawn first:
 * torch.nn.Linear. Bilinear, of two inputs: y_o = x1^T W_o x2 + b_o, weight (out, in1, in2), uniform on +-1/sqrt(in1). */
typedef struct wick_nn_linear_options {
    size_t size_;
    char start_;
    bool bias;        /* default true */
    wick_dtype dtype; /* default: the default dtype */
} wick_nn_linear_options;
#define WICK_NN_LINEAR_DEFAULTS 0, true, WICK_DTYPE_AUTO
#define WICK_NN_LINEAR_OPTIONS(...) WICK_OPTIONS(wick_nn_linear_options, WICK_NN_LINEAR_DEFAULTS, __VA_ARGS__)
WICK_API wick_module *wick_nn_linear(int64_t in, int64_t out);
WICK_API wick_module *wick_nn_linear_opt(int64_t in, int64_t out, const wick_nn_linear_options *options);
WICK_API wick_module *wick_nn_bilinear(int64_t in1, int64_t in2, int64_t out);
WICK_API wick_module *wick_nn_bilinear_opt(int64_t in1, int64_t in2, int64_t out,
                                           const wick_nn_linear_options *options);
#define wick_nn_linear(in, out, ...) wick_nn_linear_opt(in, out, WICK_NN_LINEAR_OPTIONS(__VA_ARGS__))
#define wick_nn_bilinear(in1, in2, out, ...) wick_nn_bilinear_opt(in1, in2, out, WICK_NN_LINEAR_OPTIONS(__VA_ARGS__))

/* A Linear whose in_features is that of its first input: torch.nn.LazyLinear. Until its first forward, or until a state dict is
 * loaded into it, weight and bias have no shape: wick_nn_parameters and wick_nn_state_dict are errors, and so is every use of
 * them. With the first forward they are drawn, after the forward pre-hooks, and it becomes a Linear, in print too.
 * Making one warns, as in PyTorch. */
WICK_API wick_module *wick_nn_lazy_linear(int64_t out);
WICK_API wick_module *wick_nn_lazy_linear_opt(int64_t out, const wick_nn_linear_options *options);
#define wick_nn_lazy_linear(out, ...) wick_nn_lazy_linear_opt(out, WICK_NN_LINEAR_OPTIONS(__VA_ARGS__))

/* Rows of weight (num_embeddings, embedding_dim) at indices of any shape: torch.nn.Embedding. weight starts normal, with the
 * row padding_idx, which gets no gradient, 0. An index out of range is an error. The options are those of wick_embedding. */
typedef struct wick_nn_embedding_options {
    size_t size_;
    char start_;
    int64_t padding_idx; /* may be negative, to count from the end; default: none */
    double max_norm;     /* each forward scales rows of a greater norm to it, in weight; default NAN: PyTorch's None */
    double norm_type;    /* default 2 */
    bool scale_grad_by_freq; /* default false */
    wick_dtype dtype;        /* default: the default dtype */
} wick_nn_embedding_options;
#define WICK_NN_EMBEDDING_DEFAULTS 0, WICK_UNSET, (double)NAN, 2.0, false, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_embedding(int64_t num_embeddings, int64_t embedding_dim);
WICK_API wick_module *wick_nn_embedding_opt(int64_t num_embeddings, int64_t embedding_dim,
                                            const wick_nn_embedding_options *options);
#define wick_nn_embedding(num_embeddings, embedding_dim, ...) \
    wick_nn_embedding_opt(num_embeddings, embedding_dim,      \
                          WICK_OPTIONS(wick_nn_embedding_options, WICK_NN_EMBEDDING_DEFAULTS, __VA_ARGS__))

/* The same with given weights, whose elements it shares: torch.nn.Embedding.from_pretrained. embeddings: 2 dimensions. */
typedef struct wick_nn_embedding_from_pretrained_options {
    size_t size_;
    char start_;
    bool freeze; /* weight does not require grad; default true */
    int64_t padding_idx;
    double max_norm;
    double norm_type;
    bool scale_grad_by_freq;
} wick_nn_embedding_from_pretrained_options;
#define WICK_NN_EMBEDDING_FROM_PRETRAINED_DEFAULTS 0, true, WICK_UNSET, (double)NAN, 2.0, false
WICK_API wick_module *wick_nn_embedding_from_pretrained_opt(wick_tensor *embeddings,
                                                            const wick_nn_embedding_from_pretrained_options *options);
#define wick_nn_embedding_from_pretrained(embeddings, ...)                                        \
    wick_nn_embedding_from_pretrained_opt(embeddings,                                             \
                                          WICK_OPTIONS(wick_nn_embedding_from_pretrained_options, \
                                                       WICK_NN_EMBEDDING_FROM_PRETRAINED_DEFAULTS, __VA_ARGS__))

/* wick_batch_norm over x (N, C) or (N, C, L): torch.nn.BatchNorm1d. Buffers running_mean, running_var and
 * num_batches_tracked (int64) move in training and are used in evaluation; without them, the batch's own always are. */
typedef struct wick_nn_batch_norm_options {
    size_t size_;
    char start_;
    double eps;               /* default 1e-5 */
    double momentum;          /* NAN for PyTorch's None, the mean over all batches; default 0.1 */
    bool affine;              /* has weight and bias (C), at first 1 and 0; default true */
    bool track_running_stats; /* default true */
    wick_dtype dtype;         /* default: the default dtype */
    bool bias;                /* with affine, has bias; default true */
} wick_nn_batch_norm_options;
#define WICK_NN_BATCH_NORM_DEFAULTS 0, 1e-5, 0.1, true, true, WICK_DTYPE_AUTO, true
WICK_API wick_module *wick_nn_batch_norm1d(int64_t num_features);
WICK_API wick_module *wick_nn_batch_norm1d_opt(int64_t num_features, const wick_nn_batch_norm_options *options);
#define wick_nn_batch_norm1d(num_features, ...) \
    wick_nn_batch_norm1d_opt(num_features,      \
                             WICK_OPTIONS(wick_nn_batch_norm_options, WICK_NN_BATCH_NORM_DEFAULTS, __VA_ARGS__))

/* A BatchNorm1d whose num_features is the size 1 of its first input: torch.nn.LazyBatchNorm1d. Until then it is as
 * wick_nn_lazy_linear is. */
WICK_API wick_module *wick_nn_lazy_batch_norm1d(void);
WICK_API wick_module *wick_nn_lazy_batch_norm1d_opt(const wick_nn_batch_norm_options *options);
#define wick_nn_lazy_batch_norm1d(...) \
    wick_nn_lazy_batch_norm1d_opt(WICK_OPTIONS(wick_nn_batch_norm_options, WICK_NN_BATCH_NORM_DEFAULTS, __VA_ARGS__))

/* wick_layer_norm over the last dimensions, wick_nn_layer_norm(WICK_DIMS(3, 4)): torch.nn.LayerNorm. */
typedef struct wick_nn_layer_norm_options {
    size_t size_;
    char start_;
    double eps;              /* default 1e-5 */
    bool elementwise_affine; /* has weight and bias, at first 1 and 0; default true */
    bool bias;               /* default true */
    wick_dtype dtype;        /* default: the default dtype */
} wick_nn_layer_norm_options;
#define WICK_NN_LAYER_NORM_DEFAULTS 0, 1e-5, true, true, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_layer_norm(wick_dims normalized_shape);
WICK_API wick_module *wick_nn_layer_norm_opt(wick_dims normalized_shape, const wick_nn_layer_norm_options *options);
#define wick_nn_layer_norm(normalized_shape, ...) \
    wick_nn_layer_norm_opt(normalized_shape,      \
                           WICK_OPTIONS(wick_nn_layer_norm_options, WICK_NN_LAYER_NORM_DEFAULTS, __VA_ARGS__))

/* wick_rms_norm over the last dimensions: torch.nn.RMSNorm. */
typedef struct wick_nn_rms_norm_options {
    size_t size_;
    char start_;
    double eps;              /* default NAN, PyTorch's None: the machine epsilon of the input's dtype */
    bool elementwise_affine; /* has weight, at first 1; default true */
    wick_dtype dtype;        /* default: the default dtype */
} wick_nn_rms_norm_options;
#define WICK_NN_RMS_NORM_DEFAULTS 0, (double)NAN, true, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_rms_norm(wick_dims normalized_shape);
WICK_API wick_module *wick_nn_rms_norm_opt(wick_dims normalized_shape, const wick_nn_rms_norm_options *options);
#define wick_nn_rms_norm(normalized_shape, ...) \
    wick_nn_rms_norm_opt(normalized_shape,      \
                         WICK_OPTIONS(wick_nn_rms_norm_options, WICK_NN_RMS_NORM_DEFAULTS, __VA_ARGS__))

/* wick_group_norm over x (N, num_channels, ...): torch.nn.GroupNorm. num_channels that num_groups do not divide: an error. */
typedef struct wick_nn_group_norm_options {
    size_t size_;
    char start_;
    double eps;       /* default 1e-5 */
    bool affine;      /* has weight and bias, at first 1 and 0; default true */
    wick_dtype dtype; /* default: the default dtype */
    bool bias;        /* with affine, has bias; default true */
} wick_nn_group_norm_options;
#define WICK_NN_GROUP_NORM_DEFAULTS 0, 1e-5, true, WICK_DTYPE_AUTO, true
WICK_API wick_module *wick_nn_group_norm(int64_t num_groups, int64_t num_channels);
WICK_API wick_module *wick_nn_group_norm_opt(int64_t num_groups, int64_t num_channels,
                                             const wick_nn_group_norm_options *options);
#define wick_nn_group_norm(num_groups, num_channels, ...) \
    wick_nn_group_norm_opt(num_groups, num_channels,      \
                           WICK_OPTIONS(wick_nn_group_norm_options, WICK_NN_GROUP_NORM_DEFAULTS, __VA_ARGS__))

/* x where x > 0, else weight x, weight learned: one number or one per channel, the size 1 of x; torch.nn.PReLU. */
typedef struct wick_nn_prelu_options {
    size_t size_;
    char start_;
    int64_t num_parameters; /* default 1 */
    double init;            /* what weight starts with; default 0.25 */
    wick_dtype dtype;       /* default: the default dtype */
} wick_nn_prelu_options;
#define WICK_NN_PRELU_DEFAULTS 0, 1, 0.25, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_prelu(void);
WICK_API wick_module *wick_nn_prelu_opt(const wick_nn_prelu_options *options);
#define wick_nn_prelu(...) wick_nn_prelu_opt(WICK_OPTIONS(wick_nn_prelu_options, WICK_NN_PRELU_DEFAULTS, __VA_ARGS__))

/* ---- Containers and shapes ------------------------------------------------------------------------------------------------ */

WICK_API wick_module *wick_nn_identity(void);

/* Dimensions start_dim to end_dim as one: torch.nn.Flatten. */
typedef struct wick_nn_flatten_options {
    size_t size_;
    char start_;
    int64_t start_dim; /* default 1 */
    int64_t end_dim;   /* default -1 */
} wick_nn_flatten_options;
#define WICK_NN_FLATTEN_DEFAULTS 0, 1, -1
WICK_API wick_module *wick_nn_flatten(void);
WICK_API wick_module *wick_nn_flatten_opt(const wick_nn_flatten_options *options);
#define wick_nn_flatten(...) \
    wick_nn_flatten_opt(WICK_OPTIONS(wick_nn_flatten_options, WICK_NN_FLATTEN_DEFAULTS, __VA_ARGS__))

/* Dimension dim as several, one of which may be -1: torch.nn.Unflatten(1, (2, 3)) is wick_nn_unflatten(1, WICK_DIMS(2, 3)). */
WICK_API wick_module *wick_nn_unflatten(int64_t dim, wick_dims unflattened_size);

/* ---- Dropout -------------------------------------------------------------------------------------------------------------- */

/* Drops with probability p while training, wick_dropout and wick_alpha_dropout. p outside [0, 1] is an error. */
typedef struct wick_nn_dropout_options {
    size_t size_;
    char start_;
    double p;     /* default 0.5 */
    bool inplace; /* the input is overwritten; default false */
} wick_nn_dropout_options;
#define WICK_NN_DROPOUT_DEFAULTS 0, 0.5, false
#define WICK_NN_DROPOUT_OPTIONS(...) WICK_OPTIONS(wick_nn_dropout_options, WICK_NN_DROPOUT_DEFAULTS, __VA_ARGS__)
WICK_API wick_module *wick_nn_dropout(void);
WICK_API wick_module *wick_nn_dropout_opt(const wick_nn_dropout_options *options);
WICK_API wick_module *wick_nn_alpha_dropout(void);
WICK_API wick_module *wick_nn_alpha_dropout_opt(const wick_nn_dropout_options *options);
#define wick_nn_dropout(...) wick_nn_dropout_opt(WICK_NN_DROPOUT_OPTIONS(__VA_ARGS__))
#define wick_nn_alpha_dropout(...) wick_nn_alpha_dropout_opt(WICK_NN_DROPOUT_OPTIONS(__VA_ARGS__))

/* ---- Activations ---------------------------------------------------------------------------------------------------------- */

WICK_API wick_module *wick_nn_sigmoid(void);
WICK_API wick_module *wick_nn_tanh(void);
WICK_API wick_module *wick_nn_logsigmoid(void);
WICK_API wick_module *wick_nn_softsign(void);
WICK_API wick_module *wick_nn_tanhshrink(void);

typedef struct wick_nn_softmax_options {
    size_t size_;
    char start_;
    int64_t dim; /* default: PyTorch's None, 0 for an input of 0, 1 or 3 dimensions, else 1; each forward then warns */
} wick_nn_softmax_options;
#define WICK_NN_SOFTMAX_DEFAULTS 0, WICK_UNSET
#define WICK_NN_SOFTMAX_OPTIONS(...) WICK_OPTIONS(wick_nn_softmax_options, WICK_NN_SOFTMAX_DEFAULTS, __VA_ARGS__)
WICK_API wick_module *wick_nn_softmax(void);
WICK_API wick_module *wick_nn_softmax_opt(const wick_nn_softmax_options *options);
WICK_API wick_module *wick_nn_log_softmax(void);
WICK_API wick_module *wick_nn_log_softmax_opt(const wick_nn_softmax_options *options);
WICK_API wick_module *wick_nn_softmin(void);
WICK_API wick_module *wick_nn_softmin_opt(const wick_nn_softmax_options *options);
#define wick_nn_softmax(...) wick_nn_softmax_opt(WICK_NN_SOFTMAX_OPTIONS(__VA_ARGS__))
#define wick_nn_log_softmax(...) wick_nn_log_softmax_opt(WICK_NN_SOFTMAX_OPTIONS(__VA_ARGS__))
#define wick_nn_softmin(...) wick_nn_softmin_opt(WICK_NN_SOFTMAX_OPTIONS(__VA_ARGS__))

/* With .inplace = true the input is overwritten, here and below. */
typedef struct wick_nn_activation_options {
    size_t size_;
    char start_;
    bool inplace; /* default false */
} wick_nn_activation_options;
#define WICK_NN_ACTIVATION_DEFAULTS 0, false
#define WICK_NN_ACTIVATION_OPTIONS(...) \
    WICK_OPTIONS(wick_nn_activation_options, WICK_NN_ACTIVATION_DEFAULTS, __VA_ARGS__)
WICK_API wick_module *wick_nn_relu(void);
WICK_API wick_module *wick_nn_relu_opt(const wick_nn_activation_options *options);
WICK_API wick_module *wick_nn_relu6(void);
WICK_API wick_module *wick_nn_relu6_opt(const wick_nn_activation_options *options);
WICK_API wick_module *wick_nn_selu(void);
WICK_API wick_module *wick_nn_selu_opt(const wick_nn_activation_options *options);
WICK_API wick_module *wick_nn_silu(void);
WICK_API wick_module *wick_nn_silu_opt(const wick_nn_activation_options *options);
WICK_API wick_module *wick_nn_mish(void);
WICK_API wick_module *wick_nn_mish_opt(const wick_nn_activation_options *options);
WICK_API wick_module *wick_nn_hardsigmoid(void);
WICK_API wick_module *wick_nn_hardsigmoid_opt(const wick_nn_activation_options *options);
WICK_API wick_module *wick_nn_hardswish(void);
WICK_API wick_module *wick_nn_hardswish_opt(const wick_nn_activation_options *options);
#define wick_nn_relu(...) wick_nn_relu_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_relu6(...) wick_nn_relu6_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_selu(...) wick_nn_selu_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_silu(...) wick_nn_silu_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_mish(...) wick_nn_mish_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_hardsigmoid(...) wick_nn_hardsigmoid_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_hardswish(...) wick_nn_hardswish_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
WICK_API wick_module *wick_nn_threshold_opt(wick_number threshold, wick_number value,
                                            const wick_nn_activation_options *options);
#ifndef __cplusplus
#define wick_nn_threshold_opt(threshold, value, ...) \
    wick_nn_threshold_opt(WICK_NUMBER(threshold), WICK_NUMBER(value), __VA_ARGS__)
#endif
#define wick_nn_threshold(threshold, value, ...) \
    wick_nn_threshold_opt(threshold, value, WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))

typedef struct wick_nn_leaky_relu_options {
    size_t size_;
    char start_;
    double negative_slope; /* default 0.01 */
    bool inplace;
} wick_nn_leaky_relu_options;
#define WICK_NN_LEAKY_RELU_DEFAULTS 0, 0.01, false
WICK_API wick_module *wick_nn_leaky_relu(void);
WICK_API wick_module *wick_nn_leaky_relu_opt(const wick_nn_leaky_relu_options *options);
#define wick_nn_leaky_relu(...) \
    wick_nn_leaky_relu_opt(WICK_OPTIONS(wick_nn_leaky_relu_options, WICK_NN_LEAKY_RELU_DEFAULTS, __VA_ARGS__))

/* wick_rrelu, which draws its slopes while training. */
typedef struct wick_nn_rrelu_options {
    size_t size_;
    char start_;
    double lower; /* default 1/8 */
    double upper; /* default 1/3 */
    bool inplace;
} wick_nn_rrelu_options;
#define WICK_NN_RRELU_DEFAULTS 0, 1.0 / 8, 1.0 / 3, false
WICK_API wick_module *wick_nn_rrelu(void);
WICK_API wick_module *wick_nn_rrelu_opt(const wick_nn_rrelu_options *options);
#define wick_nn_rrelu(...) wick_nn_rrelu_opt(WICK_OPTIONS(wick_nn_rrelu_options, WICK_NN_RRELU_DEFAULTS, __VA_ARGS__))

typedef struct wick_nn_elu_options {
    size_t size_;
    char start_;
    double alpha; /* default 1 */
    bool inplace;
} wick_nn_elu_options;
#define WICK_NN_ELU_DEFAULTS 0, 1.0, false
#define WICK_NN_ELU_OPTIONS(...) WICK_OPTIONS(wick_nn_elu_options, WICK_NN_ELU_DEFAULTS, __VA_ARGS__)
WICK_API wick_module *wick_nn_elu(void);
WICK_API wick_module *wick_nn_elu_opt(const wick_nn_elu_options *options);
WICK_API wick_module *wick_nn_celu(void);
WICK_API wick_module *wick_nn_celu_opt(const wick_nn_elu_options *options);
#define wick_nn_elu(...) wick_nn_elu_opt(WICK_NN_ELU_OPTIONS(__VA_ARGS__))
#define wick_nn_celu(...) wick_nn_celu_opt(WICK_NN_ELU_OPTIONS(__VA_ARGS__))

typedef struct wick_nn_hardtanh_options {
    size_t size_;
    char start_;
    double min_val; /* default -1 */
    double max_val; /* default 1 */
    bool inplace;
} wick_nn_hardtanh_options;
#define WICK_NN_HARDTANH_DEFAULTS 0, -1.0, 1.0, false
WICK_API wick_module *wick_nn_hardtanh(void);
WICK_API wick_module *wick_nn_hardtanh_opt(const wick_nn_hardtanh_options *options);
#define wick_nn_hardtanh(...) \
    wick_nn_hardtanh_opt(WICK_OPTIONS(wick_nn_hardtanh_options, WICK_NN_HARDTANH_DEFAULTS, __VA_ARGS__))

/* Those with the options of their functions. */
WICK_API wick_module *wick_nn_gelu(void);
WICK_API wick_module *wick_nn_gelu_opt(const wick_gelu_options *options);
WICK_API wick_module *wick_nn_softplus(void);
WICK_API wick_module *wick_nn_softplus_opt(const wick_softplus_options *options);
WICK_API wick_module *wick_nn_softshrink(void);
WICK_API wick_module *wick_nn_softshrink_opt(const wick_shrink_options *options);
WICK_API wick_module *wick_nn_hardshrink(void);
WICK_API wick_module *wick_nn_hardshrink_opt(const wick_shrink_options *options);
WICK_API wick_module *wick_nn_glu(void);
WICK_API wick_module *wick_nn_glu_opt(const wick_glu_options *options);
#define wick_nn_gelu(...) wick_nn_gelu_opt(WICK_OPTIONS(wick_gelu_options, WICK_GELU_DEFAULTS, __VA_ARGS__))
#define wick_nn_softplus(...) \
    wick_nn_softplus_opt(WICK_OPTIONS(wick_softplus_options, WICK_SOFTPLUS_DEFAULTS, __VA_ARGS__))
#define wick_nn_softshrink(...) wick_nn_softshrink_opt(WICK_SHRINK_OPTIONS(__VA_ARGS__))
#define wick_nn_hardshrink(...) wick_nn_hardshrink_opt(WICK_SHRINK_OPTIONS(__VA_ARGS__))
#define wick_nn_glu(...) wick_nn_glu_opt(WICK_OPTIONS(wick_glu_options, WICK_GLU_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
#endif
