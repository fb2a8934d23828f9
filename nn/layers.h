/* layers.h - layers and activations as modules; a part of nn.h. Names, options and defaults are those of torch.nn; what each
 * computes stands beside the function of its name in autograd/ops. */
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
    char start_;
    bool bias;        /* default true */
    wick_dtype dtype; /* default: the default dtype */
} wick_nn_linear_options;
#define WICK_NN_LINEAR_DEFAULTS 0, true, WICK_DTYPE_AUTO
#define WICK_NN_LINEAR_OPTIONS(...) WICK_OPTIONS(wick_nn_linear_options, WICK_NN_LINEAR_DEFAULTS, __VA_ARGS__)
WICK_API wick_module *wick_nn_linear_opt(int64_t in, int64_t out, wick_nn_linear_options options);
WICK_API wick_module *wick_nn_bilinear_opt(int64_t in1, int64_t in2, int64_t out, wick_nn_linear_options options);
#define wick_nn_linear(in, out, ...) wick_nn_linear_opt(in, out, WICK_NN_LINEAR_OPTIONS(__VA_ARGS__))
#define wick_nn_bilinear(in1, in2, out, ...) wick_nn_bilinear_opt(in1, in2, out, WICK_NN_LINEAR_OPTIONS(__VA_ARGS__))

/* A Linear whose in_features is that of its first input: torch.nn.LazyLinear. Until its first forward, or until a state dict is
 * loaded into it, weight and bias have no shape: wick_nn_parameters and wick_nn_state_dict are errors, and so is every use of
 * them. With the first forward they are drawn, and it becomes a Linear, in print too. */
WICK_API wick_module *wick_nn_lazy_linear_opt(int64_t out, wick_nn_linear_options options);
#define wick_nn_lazy_linear(out, ...) wick_nn_lazy_linear_opt(out, WICK_NN_LINEAR_OPTIONS(__VA_ARGS__))

/* Rows of weight (num_embeddings, embedding_dim) at indices of any shape: torch.nn.Embedding. weight starts normal, with the
 * row padding_idx, which gets no gradient, 0. An index out of range is an error. */
typedef struct wick_nn_embedding_options {
    char start_;
    int64_t padding_idx; /* may be negative, to count from the end; default: none */
    wick_dtype dtype;    /* default: the default dtype */
} wick_nn_embedding_options;
#define WICK_NN_EMBEDDING_DEFAULTS 0, WICK_UNSET, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_embedding_opt(int64_t num_embeddings, int64_t embedding_dim,
                                            wick_nn_embedding_options options);
#define wick_nn_embedding(num_embeddings, embedding_dim, ...) \
    wick_nn_embedding_opt(num_embeddings, embedding_dim,      \
                          WICK_OPTIONS(wick_nn_embedding_options, WICK_NN_EMBEDDING_DEFAULTS, __VA_ARGS__))

/* wick_batch_norm over x (N, C) or (N, C, L): torch.nn.BatchNorm1d. Buffers running_mean, running_var and
 * num_batches_tracked (int64) move in training and are used in evaluation; without them, the batch's own always are. */
typedef struct wick_nn_batch_norm_options {
    char start_;
    double eps;               /* default 1e-5 */
    double momentum;          /* NAN for PyTorch's None, the mean over all batches; default 0.1 */
    bool affine;              /* has weight and bias (C), at first 1 and 0; default true */
    bool track_running_stats; /* default true */
    wick_dtype dtype;         /* default: the default dtype */
    bool bias;                /* with affine, has bias; default true */
} wick_nn_batch_norm_options;
#define WICK_NN_BATCH_NORM_DEFAULTS 0, 1e-5, 0.1, true, true, WICK_DTYPE_AUTO, true
WICK_API wick_module *wick_nn_batch_norm1d_opt(int64_t num_features, wick_nn_batch_norm_options options);
#define wick_nn_batch_norm1d(num_features, ...) \
    wick_nn_batch_norm1d_opt(num_features,      \
                             WICK_OPTIONS(wick_nn_batch_norm_options, WICK_NN_BATCH_NORM_DEFAULTS, __VA_ARGS__))

/* wick_layer_norm over the last dimensions, wick_nn_layer_norm(WICK_DIMS(3, 4)): torch.nn.LayerNorm. */
typedef struct wick_nn_layer_norm_options {
    char start_;
    double eps;              /* default 1e-5 */
    bool elementwise_affine; /* has weight and bias, at first 1 and 0; default true */
    bool bias;               /* default true */
    wick_dtype dtype;        /* default: the default dtype */
} wick_nn_layer_norm_options;
#define WICK_NN_LAYER_NORM_DEFAULTS 0, 1e-5, true, true, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_layer_norm_opt(wick_dims normalized_shape, wick_nn_layer_norm_options options);
#define wick_nn_layer_norm(normalized_shape, ...) \
    wick_nn_layer_norm_opt(normalized_shape,      \
                           WICK_OPTIONS(wick_nn_layer_norm_options, WICK_NN_LAYER_NORM_DEFAULTS, __VA_ARGS__))

/* ---- Containers and shapes ------------------------------------------------------------------------------------------------ */

WICK_API wick_module *wick_nn_identity(void);

/* Dimensions start_dim to end_dim as one: torch.nn.Flatten. */
typedef struct wick_nn_flatten_options {
    char start_;
    int64_t start_dim; /* default 1 */
    int64_t end_dim;   /* default -1 */
} wick_nn_flatten_options;
#define WICK_NN_FLATTEN_DEFAULTS 0, 1, -1
WICK_API wick_module *wick_nn_flatten_opt(wick_nn_flatten_options options);
#define wick_nn_flatten(...) \
    wick_nn_flatten_opt(WICK_OPTIONS(wick_nn_flatten_options, WICK_NN_FLATTEN_DEFAULTS, __VA_ARGS__))

/* ---- Dropout -------------------------------------------------------------------------------------------------------------- */

/* Drops with probability p while training, wick_dropout and wick_alpha_dropout. p outside [0, 1] is an error. */
typedef struct wick_nn_dropout_options {
    char start_;
    double p; /* default 0.5 */
} wick_nn_dropout_options;
#define WICK_NN_DROPOUT_DEFAULTS 0, 0.5
#define WICK_NN_DROPOUT_OPTIONS(...) WICK_OPTIONS(wick_nn_dropout_options, WICK_NN_DROPOUT_DEFAULTS, __VA_ARGS__)
WICK_API wick_module *wick_nn_dropout_opt(wick_nn_dropout_options options);
WICK_API wick_module *wick_nn_alpha_dropout_opt(wick_nn_dropout_options options);
#define wick_nn_dropout(...) wick_nn_dropout_opt(WICK_NN_DROPOUT_OPTIONS(__VA_ARGS__))
#define wick_nn_alpha_dropout(...) wick_nn_alpha_dropout_opt(WICK_NN_DROPOUT_OPTIONS(__VA_ARGS__))

/* ---- Activations ---------------------------------------------------------------------------------------------------------- */

WICK_API wick_module *wick_nn_sigmoid(void);
WICK_API wick_module *wick_nn_tanh(void);
WICK_API wick_module *wick_nn_logsigmoid(void);
WICK_API wick_module *wick_nn_softsign(void);
WICK_API wick_module *wick_nn_tanhshrink(void);
WICK_API wick_module *wick_nn_softmax(int64_t dim);
WICK_API wick_module *wick_nn_log_softmax(int64_t dim);
WICK_API wick_module *wick_nn_softmin(int64_t dim);

/* With .inplace = true the input is overwritten, here and below. */
typedef struct wick_nn_activation_options {
    char start_;
    bool inplace; /* default false */
} wick_nn_activation_options;
#define WICK_NN_ACTIVATION_DEFAULTS 0, false
#define WICK_NN_ACTIVATION_OPTIONS(...) \
    WICK_OPTIONS(wick_nn_activation_options, WICK_NN_ACTIVATION_DEFAULTS, __VA_ARGS__)
WICK_API wick_module *wick_nn_relu_opt(wick_nn_activation_options options);
WICK_API wick_module *wick_nn_relu6_opt(wick_nn_activation_options options);
WICK_API wick_module *wick_nn_selu_opt(wick_nn_activation_options options);
WICK_API wick_module *wick_nn_silu_opt(wick_nn_activation_options options);
WICK_API wick_module *wick_nn_mish_opt(wick_nn_activation_options options);
WICK_API wick_module *wick_nn_hardsigmoid_opt(wick_nn_activation_options options);
WICK_API wick_module *wick_nn_hardswish_opt(wick_nn_activation_options options);
#define wick_nn_relu(...) wick_nn_relu_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_relu6(...) wick_nn_relu6_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_selu(...) wick_nn_selu_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_silu(...) wick_nn_silu_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_mish(...) wick_nn_mish_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_hardsigmoid(...) wick_nn_hardsigmoid_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))
#define wick_nn_hardswish(...) wick_nn_hardswish_opt(WICK_NN_ACTIVATION_OPTIONS(__VA_ARGS__))

typedef struct wick_nn_leaky_relu_options {
    char start_;
    double negative_slope; /* default 0.01 */
    bool inplace;
} wick_nn_leaky_relu_options;
#define WICK_NN_LEAKY_RELU_DEFAULTS 0, 0.01, false
WICK_API wick_module *wick_nn_leaky_relu_opt(wick_nn_leaky_relu_options options);
#define wick_nn_leaky_relu(...) \
    wick_nn_leaky_relu_opt(WICK_OPTIONS(wick_nn_leaky_relu_options, WICK_NN_LEAKY_RELU_DEFAULTS, __VA_ARGS__))

typedef struct wick_nn_elu_options {
    char start_;
    double alpha; /* default 1 */
    bool inplace;
} wick_nn_elu_options;
#define WICK_NN_ELU_DEFAULTS 0, 1.0, false
#define WICK_NN_ELU_OPTIONS(...) WICK_OPTIONS(wick_nn_elu_options, WICK_NN_ELU_DEFAULTS, __VA_ARGS__)
WICK_API wick_module *wick_nn_elu_opt(wick_nn_elu_options options);
WICK_API wick_module *wick_nn_celu_opt(wick_nn_elu_options options);
#define wick_nn_elu(...) wick_nn_elu_opt(WICK_NN_ELU_OPTIONS(__VA_ARGS__))
#define wick_nn_celu(...) wick_nn_celu_opt(WICK_NN_ELU_OPTIONS(__VA_ARGS__))

typedef struct wick_nn_hardtanh_options {
    char start_;
    double min_val; /* default -1 */
    double max_val; /* default 1 */
    bool inplace;
} wick_nn_hardtanh_options;
#define WICK_NN_HARDTANH_DEFAULTS 0, -1.0, 1.0, false
WICK_API wick_module *wick_nn_hardtanh_opt(wick_nn_hardtanh_options options);
#define wick_nn_hardtanh(...) \
    wick_nn_hardtanh_opt(WICK_OPTIONS(wick_nn_hardtanh_options, WICK_NN_HARDTANH_DEFAULTS, __VA_ARGS__))

/* Those with the options of their functions. */
WICK_API wick_module *wick_nn_gelu_opt(wick_gelu_options options);
WICK_API wick_module *wick_nn_softplus_opt(wick_softplus_options options);
WICK_API wick_module *wick_nn_softshrink_opt(wick_shrink_options options);
WICK_API wick_module *wick_nn_hardshrink_opt(wick_shrink_options options);
WICK_API wick_module *wick_nn_glu_opt(wick_glu_options options);
#define wick_nn_gelu(...) wick_nn_gelu_opt(WICK_OPTIONS(wick_gelu_options, WICK_GELU_DEFAULTS, __VA_ARGS__))
#define wick_nn_softplus(...) \
    wick_nn_softplus_opt(WICK_OPTIONS(wick_softplus_options, WICK_SOFTPLUS_DEFAULTS, __VA_ARGS__))
#define wick_nn_softshrink(...) wick_nn_softshrink_opt(WICK_SHRINK_OPTIONS(__VA_ARGS__))
#define wick_nn_hardshrink(...) wick_nn_hardshrink_opt(WICK_SHRINK_OPTIONS(__VA_ARGS__))
#define wick_nn_glu(...) wick_nn_glu_opt(WICK_OPTIONS(wick_glu_options, WICK_GLU_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
#endif
