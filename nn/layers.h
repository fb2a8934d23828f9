/* layers.h - layers and activations as modules; a part of nn.h. Names, options and defaults are those of torch.nn. The
 * functions of the same names in autograd/ops say more about dtypes, derivatives and errors.
 *
 * Every function here returns a new module, which the innermost open scope owns, or NULL after an error. A call with options
 * is a macro; the name without parentheses is a function that uses the defaults, and can be put into a table:
 *     const struct { const char *name; wick_module *(*make)(void); } NLS[] = {{"relu", wick_nn_relu}, {"tanh", wick_nn_tanh}}; */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"

WICK_BEGIN_DECLS

typedef struct wick_module wick_module;

/* ---- With weights --------------------------------------------------------------------------------------------------------- */

/* y = x W^T + b for x (..., in); y (..., out): torch.nn.Linear. weight (out, in) and bias (out) start uniform on +-1/sqrt(in),
 * weight first. */
typedef struct wick_nn_linear_options {
    size_t size_;
    char start_;
    bool bias;        /* default true */
    wick_dtype dtype; /* default: the default dtype */
} wick_nn_linear_options;
WICK_API wick_module *wick_nn_linear(int64_t in, int64_t out);
WICK_API wick_module *wick_nn_linear_opt(int64_t in, int64_t out, const wick_nn_linear_options *options);
#define wick_nn_linear(in, out, ...) \
    wick_nn_linear_opt(in, out, WICK_OPTIONS(wick_nn_linear_options, true, __VA_ARGS__))

/* y_o = x1^T W_o x2 + b_o for two inputs x1 (..., in1) and x2 (..., in2); y (..., out): torch.nn.Bilinear. weight (out, in1,
 * in2) and bias (out) start uniform on +-1/sqrt(in1), weight first. The options are those of wick_nn_linear. in1 below 1 is
 * an error. */
WICK_API wick_module *wick_nn_bilinear(int64_t in1, int64_t in2, int64_t out);
WICK_API wick_module *wick_nn_bilinear_opt(int64_t in1, int64_t in2, int64_t out,
                                           const wick_nn_linear_options *options);
#define wick_nn_bilinear(in1, in2, out, ...) \
    wick_nn_bilinear_opt(in1, in2, out, WICK_OPTIONS(wick_nn_linear_options, true, __VA_ARGS__))

/* A Linear whose in_features is that of its first input: torch.nn.LazyLinear. Until its first forward, or until a state dict is
 * loaded into it, weight and bias have no shape, and every use of them is an error, wick_nn_parameters and wick_nn_state_dict
 * included. The first forward draws them, after the forward pre-hooks, and the module becomes a Linear, in print too. Making
 * one warns, as in PyTorch. */
WICK_API wick_module *wick_nn_lazy_linear(int64_t out);
WICK_API wick_module *wick_nn_lazy_linear_opt(int64_t out, const wick_nn_linear_options *options);
#define wick_nn_lazy_linear(out, ...) \
    wick_nn_lazy_linear_opt(out, WICK_OPTIONS(wick_nn_linear_options, true, __VA_ARGS__))

/* Rows of weight (num_embeddings, embedding_dim) at indices of any shape: torch.nn.Embedding. weight starts normal, except
 * for the row padding_idx, which is 0 and gets no gradient. An index out of range is an error. The options are those of
 * wick_embedding. */
typedef struct wick_nn_embedding_options {
    size_t size_;
    char start_;
    int64_t padding_idx; /* may be negative, to count from the end; default: none */
    double max_norm;  /* each forward scales rows whose norm is greater to it, in weight; default NAN: PyTorch's None */
    double norm_type; /* default 2 */
    bool scale_grad_by_freq; /* default false */
    wick_dtype dtype;        /* default: the default dtype */
} wick_nn_embedding_options;
#define WICK_NN_EMBEDDING_DEFAULTS WICK_UNSET, (double)NAN, 2.0, false, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_embedding(int64_t num_embeddings, int64_t embedding_dim);
WICK_API wick_module *wick_nn_embedding_opt(int64_t num_embeddings, int64_t embedding_dim,
                                            const wick_nn_embedding_options *options);
#define wick_nn_embedding(num_embeddings, embedding_dim, ...) \
    wick_nn_embedding_opt(num_embeddings, embedding_dim,      \
                          WICK_OPTIONS(wick_nn_embedding_options, WICK_NN_EMBEDDING_DEFAULTS, __VA_ARGS__))

/* An Embedding whose weight is the matrix embeddings, on the same storage: torch.nn.Embedding.from_pretrained. */
typedef struct wick_nn_embedding_from_pretrained_options {
    size_t size_;
    char start_;
    bool freeze; /* weight does not require grad; default true */
    int64_t padding_idx;
    double max_norm;
    double norm_type;
    bool scale_grad_by_freq;
} wick_nn_embedding_from_pretrained_options;
#define WICK_NN_EMBEDDING_FROM_PRETRAINED_DEFAULTS true, WICK_UNSET, (double)NAN, 2.0, false
WICK_API wick_module *wick_nn_embedding_from_pretrained_opt(wick_tensor *embeddings,
                                                            const wick_nn_embedding_from_pretrained_options *options);
#define wick_nn_embedding_from_pretrained(embeddings, ...)                                        \
    wick_nn_embedding_from_pretrained_opt(embeddings,                                             \
                                          WICK_OPTIONS(wick_nn_embedding_from_pretrained_options, \
                                                       WICK_NN_EMBEDDING_FROM_PRETRAINED_DEFAULTS, __VA_ARGS__))

/* (x - mean) / sqrt(variance + eps) weight + bias for each channel of x (N, C) or (N, C, L): torch.nn.BatchNorm1d. Training
 * updates the buffers running_mean, running_var and num_batches_tracked (int64), and evaluation uses them; with
 * .track_running_stats = false there are none, and both use the statistics of the batch. */
typedef struct wick_nn_batch_norm_options {
    size_t size_;
    char start_;
    double eps;               /* default 1e-5 */
    double momentum;          /* NAN for PyTorch's None, the mean over all batches; default 0.1 */
    bool affine;              /* has weight and bias (C), which start at 1 and 0; default true */
    bool track_running_stats; /* default true */
    wick_dtype dtype;         /* default: the default dtype */
    bool bias;                /* with affine, has bias; default true */
} wick_nn_batch_norm_options;
#define WICK_NN_BATCH_NORM_DEFAULTS 1e-5, 0.1, true, true, WICK_DTYPE_AUTO, true
WICK_API wick_module *wick_nn_batch_norm1d(int64_t num_features);
WICK_API wick_module *wick_nn_batch_norm1d_opt(int64_t num_features, const wick_nn_batch_norm_options *options);
#define wick_nn_batch_norm1d(num_features, ...) \
    wick_nn_batch_norm1d_opt(num_features,      \
                             WICK_OPTIONS(wick_nn_batch_norm_options, WICK_NN_BATCH_NORM_DEFAULTS, __VA_ARGS__))

/* A BatchNorm1d whose num_features is size(1) of its first input: torch.nn.LazyBatchNorm1d. Before that, the same holds as for
 * wick_nn_lazy_linear. */
WICK_API wick_module *wick_nn_lazy_batch_norm1d(void);
WICK_API wick_module *wick_nn_lazy_batch_norm1d_opt(const wick_nn_batch_norm_options *options);
#define wick_nn_lazy_batch_norm1d(...) \
    wick_nn_lazy_batch_norm1d_opt(WICK_OPTIONS(wick_nn_batch_norm_options, WICK_NN_BATCH_NORM_DEFAULTS, __VA_ARGS__))

/* (x - mean) / sqrt(variance + eps) weight + bias, with mean and variance over the last dimensions, whose sizes are
 * normalized_shape: torch.nn.LayerNorm. wick_nn_layer_norm(WICK_DIMS(3, 4)). */
typedef struct wick_nn_layer_norm_options {
    size_t size_;
    char start_;
    double eps;              /* default 1e-5 */
    bool elementwise_affine; /* has weight and bias, which start at 1 and 0; default true */
    bool bias;               /* default true */
    wick_dtype dtype;        /* default: the default dtype */
} wick_nn_layer_norm_options;
#define WICK_NN_LAYER_NORM_DEFAULTS 1e-5, true, true, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_layer_norm(wick_dims normalized_shape);
WICK_API wick_module *wick_nn_layer_norm_opt(wick_dims normalized_shape, const wick_nn_layer_norm_options *options);
#define wick_nn_layer_norm(normalized_shape, ...) \
    wick_nn_layer_norm_opt(normalized_shape,      \
                           WICK_OPTIONS(wick_nn_layer_norm_options, WICK_NN_LAYER_NORM_DEFAULTS, __VA_ARGS__))

/* x / sqrt(mean of x^2 + eps) weight, with the mean over the last dimensions, whose sizes are normalized_shape:
 * torch.nn.RMSNorm. */
typedef struct wick_nn_rms_norm_options {
    size_t size_;
    char start_;
    double eps;              /* default NAN, PyTorch's None: the machine epsilon of the input's dtype */
    bool elementwise_affine; /* has weight, which starts at 1; default true */
    wick_dtype dtype;        /* default: the default dtype */
} wick_nn_rms_norm_options;
#define WICK_NN_RMS_NORM_DEFAULTS (double)NAN, true, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_rms_norm(wick_dims normalized_shape);
WICK_API wick_module *wick_nn_rms_norm_opt(wick_dims normalized_shape, const wick_nn_rms_norm_options *options);
#define wick_nn_rms_norm(normalized_shape, ...) \
    wick_nn_rms_norm_opt(normalized_shape,      \
                         WICK_OPTIONS(wick_nn_rms_norm_options, WICK_NN_RMS_NORM_DEFAULTS, __VA_ARGS__))

/* (x - mean) / sqrt(variance + eps) weight + bias for x (N, num_channels, ...), with mean and variance over a group of channels
 * in one item of the batch: torch.nn.GroupNorm. If num_groups does not divide
 * num_channels, it is an error. */
typedef struct wick_nn_group_norm_options {
    size_t size_;
    char start_;
    double eps;       /* default 1e-5 */
    bool affine;      /* has weight and bias, which start at 1 and 0; default true */
    wick_dtype dtype; /* default: the default dtype */
    bool bias;        /* with affine, has bias; default true */
} wick_nn_group_norm_options;
#define WICK_NN_GROUP_NORM_DEFAULTS 1e-5, true, WICK_DTYPE_AUTO, true
WICK_API wick_module *wick_nn_group_norm(int64_t num_groups, int64_t num_channels);
WICK_API wick_module *wick_nn_group_norm_opt(int64_t num_groups, int64_t num_channels,
                                             const wick_nn_group_norm_options *options);
#define wick_nn_group_norm(num_groups, num_channels, ...) \
    wick_nn_group_norm_opt(num_groups, num_channels,      \
                           WICK_OPTIONS(wick_nn_group_norm_options, WICK_NN_GROUP_NORM_DEFAULTS, __VA_ARGS__))

/* x where x > 0, else weight x: torch.nn.PReLU. weight is learned: one number, or one per channel, x.size(1). */
typedef struct wick_nn_prelu_options {
    size_t size_;
    char start_;
    int64_t num_parameters; /* default 1 */
    double init;            /* what weight starts with; default 0.25 */
    wick_dtype dtype;       /* default: the default dtype */
} wick_nn_prelu_options;
#define WICK_NN_PRELU_DEFAULTS 1, 0.25, WICK_DTYPE_AUTO
WICK_API wick_module *wick_nn_prelu(void);
WICK_API wick_module *wick_nn_prelu_opt(const wick_nn_prelu_options *options);
#define wick_nn_prelu(...) wick_nn_prelu_opt(WICK_OPTIONS(wick_nn_prelu_options, WICK_NN_PRELU_DEFAULTS, __VA_ARGS__))

/* ---- Containers and shapes ------------------------------------------------------------------------------------------------ */

/* Returns its input itself: torch.nn.Identity. */
WICK_API wick_module *wick_nn_identity(void);

/* Makes dimensions start_dim to end_dim, both included, one: torch.nn.Flatten. */
typedef struct wick_nn_flatten_options {
    size_t size_;
    char start_;
    int64_t start_dim; /* default 1 */
    int64_t end_dim;   /* default -1 */
} wick_nn_flatten_options;
#define WICK_NN_FLATTEN_DEFAULTS 1, -1
WICK_API wick_module *wick_nn_flatten(void);
WICK_API wick_module *wick_nn_flatten_opt(const wick_nn_flatten_options *options);
#define wick_nn_flatten(...) \
    wick_nn_flatten_opt(WICK_OPTIONS(wick_nn_flatten_options, WICK_NN_FLATTEN_DEFAULTS, __VA_ARGS__))

/* Makes dimension dim several, one of whose sizes may be -1: torch.nn.Unflatten(1, (2, 3)) is
 * wick_nn_unflatten(1, WICK_DIMS(2, 3)). */
WICK_API wick_module *wick_nn_unflatten(int64_t dim, wick_dims unflattened_size);

/* ---- Dropout -------------------------------------------------------------------------------------------------------------- */

/* While training, each element is 0 with probability p, else x / (1 - p); in evaluation, x itself: torch.nn.Dropout. p outside
 * [0, 1] is an error. */
typedef struct wick_nn_dropout_options {
    size_t size_;
    char start_;
    double p;     /* default 0.5 */
    bool inplace; /* the input is overwritten; default false */
} wick_nn_dropout_options;
WICK_API wick_module *wick_nn_dropout(void);
WICK_API wick_module *wick_nn_dropout_opt(const wick_nn_dropout_options *options);
#define wick_nn_dropout(...) wick_nn_dropout_opt(WICK_OPTIONS(wick_nn_dropout_options, 0.5, __VA_ARGS__))

/* Dropout that keeps mean 0 and variance 1 behind selu, while training, as wick_alpha_dropout says: torch.nn.AlphaDropout. */
WICK_API wick_module *wick_nn_alpha_dropout(void);
WICK_API wick_module *wick_nn_alpha_dropout_opt(const wick_nn_dropout_options *options);
#define wick_nn_alpha_dropout(...) wick_nn_alpha_dropout_opt(WICK_OPTIONS(wick_nn_dropout_options, 0.5, __VA_ARGS__))

/* ---- Activations ---------------------------------------------------------------------------------------------------------- */

/* 1 / (1 + e^-x): torch.nn.Sigmoid. */
WICK_API wick_module *wick_nn_sigmoid(void);

/* (e^x - e^-x) / (e^x + e^-x): torch.nn.Tanh. */
WICK_API wick_module *wick_nn_tanh(void);

/* log(1 / (1 + e^-x)): torch.nn.LogSigmoid. */
WICK_API wick_module *wick_nn_logsigmoid(void);

/* x / (|x| + 1): torch.nn.Softsign. */
WICK_API wick_module *wick_nn_softsign(void);

/* x - tanh(x): torch.nn.Tanhshrink. */
WICK_API wick_module *wick_nn_tanhshrink(void);

/* e^x / sum of e^x over dim: torch.nn.Softmax. */
typedef struct wick_nn_softmax_options {
    size_t size_;
    char start_;
    int64_t dim; /* default: PyTorch's None, 0 for inputs of 0, 1 or 3 dimensions, else 1; each forward then warns */
} wick_nn_softmax_options;
WICK_API wick_module *wick_nn_softmax(void);
WICK_API wick_module *wick_nn_softmax_opt(const wick_nn_softmax_options *options);
#define wick_nn_softmax(...) wick_nn_softmax_opt(WICK_OPTIONS(wick_nn_softmax_options, WICK_UNSET, __VA_ARGS__))

/* The logarithm of softmax over dim: torch.nn.LogSoftmax. */
WICK_API wick_module *wick_nn_log_softmax(void);
WICK_API wick_module *wick_nn_log_softmax_opt(const wick_nn_softmax_options *options);
#define wick_nn_log_softmax(...) wick_nn_log_softmax_opt(WICK_OPTIONS(wick_nn_softmax_options, WICK_UNSET, __VA_ARGS__))

/* The softmax of -x over dim: torch.nn.Softmin. */
WICK_API wick_module *wick_nn_softmin(void);
WICK_API wick_module *wick_nn_softmin_opt(const wick_nn_softmax_options *options);
#define wick_nn_softmin(...) wick_nn_softmin_opt(WICK_OPTIONS(wick_nn_softmax_options, WICK_UNSET, __VA_ARGS__))

/* What the following activations have in common: with .inplace = true they overwrite their input. */
typedef struct wick_nn_activation_options {
    size_t size_;
    char start_;
    bool inplace; /* default false */
} wick_nn_activation_options;

/* max(x, 0): torch.nn.ReLU. */
WICK_API wick_module *wick_nn_relu(void);
WICK_API wick_module *wick_nn_relu_opt(const wick_nn_activation_options *options);
#define wick_nn_relu(...) wick_nn_relu_opt(WICK_OPTIONS(wick_nn_activation_options, 0, __VA_ARGS__))

/* min(max(x, 0), 6): torch.nn.ReLU6. */
WICK_API wick_module *wick_nn_relu6(void);
WICK_API wick_module *wick_nn_relu6_opt(const wick_nn_activation_options *options);
#define wick_nn_relu6(...) wick_nn_relu6_opt(WICK_OPTIONS(wick_nn_activation_options, 0, __VA_ARGS__))

/* 1.0507 elu(x) with alpha 1.67326: torch.nn.SELU. */
WICK_API wick_module *wick_nn_selu(void);
WICK_API wick_module *wick_nn_selu_opt(const wick_nn_activation_options *options);
#define wick_nn_selu(...) wick_nn_selu_opt(WICK_OPTIONS(wick_nn_activation_options, 0, __VA_ARGS__))

/* x sigmoid(x), also called swish: torch.nn.SiLU. */
WICK_API wick_module *wick_nn_silu(void);
WICK_API wick_module *wick_nn_silu_opt(const wick_nn_activation_options *options);
#define wick_nn_silu(...) wick_nn_silu_opt(WICK_OPTIONS(wick_nn_activation_options, 0, __VA_ARGS__))

/* x tanh(log(1 + e^x)): torch.nn.Mish. */
WICK_API wick_module *wick_nn_mish(void);
WICK_API wick_module *wick_nn_mish_opt(const wick_nn_activation_options *options);
#define wick_nn_mish(...) wick_nn_mish_opt(WICK_OPTIONS(wick_nn_activation_options, 0, __VA_ARGS__))

/* min(max(x + 3, 0), 6) / 6: torch.nn.Hardsigmoid. */
WICK_API wick_module *wick_nn_hardsigmoid(void);
WICK_API wick_module *wick_nn_hardsigmoid_opt(const wick_nn_activation_options *options);
#define wick_nn_hardsigmoid(...) wick_nn_hardsigmoid_opt(WICK_OPTIONS(wick_nn_activation_options, 0, __VA_ARGS__))

/* x min(max(x + 3, 0), 6) / 6: torch.nn.Hardswish. */
WICK_API wick_module *wick_nn_hardswish(void);
WICK_API wick_module *wick_nn_hardswish_opt(const wick_nn_activation_options *options);
#define wick_nn_hardswish(...) wick_nn_hardswish_opt(WICK_OPTIONS(wick_nn_activation_options, 0, __VA_ARGS__))

/* x where x > threshold, else value, two numbers in the range of x's dtype: torch.nn.Threshold. */
WICK_API wick_module *wick_nn_threshold_opt(wick_number threshold, wick_number value,
                                            const wick_nn_activation_options *options);
#define wick_nn_threshold(threshold, value, ...)                      \
    wick_nn_threshold_opt(WICK_NUMBER(threshold), WICK_NUMBER(value), \
                          WICK_OPTIONS(wick_nn_activation_options, 0, __VA_ARGS__))

/* x where x > 0, else negative_slope x: torch.nn.LeakyReLU. */
typedef struct wick_nn_leaky_relu_options {
    size_t size_;
    char start_;
    double negative_slope; /* default 0.01 */
    bool inplace;
} wick_nn_leaky_relu_options;
WICK_API wick_module *wick_nn_leaky_relu(void);
WICK_API wick_module *wick_nn_leaky_relu_opt(const wick_nn_leaky_relu_options *options);
#define wick_nn_leaky_relu(...) wick_nn_leaky_relu_opt(WICK_OPTIONS(wick_nn_leaky_relu_options, 0.01, __VA_ARGS__))

/* x where x > 0, else s x: torch.nn.RReLU. While training, the slope s is drawn for each element, uniform on [lower, upper); in
 * evaluation it is their mean. */
typedef struct wick_nn_rrelu_options {
    size_t size_;
    char start_;
    double lower; /* default 1/8 */
    double upper; /* default 1/3 */
    bool inplace;
} wick_nn_rrelu_options;
#define WICK_NN_RRELU_DEFAULTS 1.0 / 8, 1.0 / 3, false
WICK_API wick_module *wick_nn_rrelu(void);
WICK_API wick_module *wick_nn_rrelu_opt(const wick_nn_rrelu_options *options);
#define wick_nn_rrelu(...) wick_nn_rrelu_opt(WICK_OPTIONS(wick_nn_rrelu_options, WICK_NN_RRELU_DEFAULTS, __VA_ARGS__))

/* x where x > 0, else alpha (e^x - 1): torch.nn.ELU. */
typedef struct wick_nn_elu_options {
    size_t size_;
    char start_;
    double alpha; /* default 1 */
    bool inplace;
} wick_nn_elu_options;
WICK_API wick_module *wick_nn_elu(void);
WICK_API wick_module *wick_nn_elu_opt(const wick_nn_elu_options *options);
#define wick_nn_elu(...) wick_nn_elu_opt(WICK_OPTIONS(wick_nn_elu_options, 1.0, __VA_ARGS__))

/* x where x > 0, else alpha (e^(x / alpha) - 1): torch.nn.CELU. With alpha 0, each forward is an error. */
WICK_API wick_module *wick_nn_celu(void);
WICK_API wick_module *wick_nn_celu_opt(const wick_nn_elu_options *options);
#define wick_nn_celu(...) wick_nn_celu_opt(WICK_OPTIONS(wick_nn_elu_options, 1.0, __VA_ARGS__))

/* min(max(x, min_val), max_val): torch.nn.Hardtanh. With min_val above max_val, each forward is an error. */
typedef struct wick_nn_hardtanh_options {
    size_t size_;
    char start_;
    double min_val; /* default -1 */
    double max_val; /* default 1 */
    bool inplace;
} wick_nn_hardtanh_options;
#define WICK_NN_HARDTANH_DEFAULTS -1.0, 1.0, false
WICK_API wick_module *wick_nn_hardtanh(void);
WICK_API wick_module *wick_nn_hardtanh_opt(const wick_nn_hardtanh_options *options);
#define wick_nn_hardtanh(...) \
    wick_nn_hardtanh_opt(WICK_OPTIONS(wick_nn_hardtanh_options, WICK_NN_HARDTANH_DEFAULTS, __VA_ARGS__))

/* x Phi(x), where Phi is the distribution function of the standard normal distribution, or its approximation by tanh with
 * .approximate = WICK_GELU_TANH: torch.nn.GELU. The options are those of wick_gelu. */
WICK_API wick_module *wick_nn_gelu(void);
WICK_API wick_module *wick_nn_gelu_opt(const wick_gelu_options *options);
#define wick_nn_gelu(...) wick_nn_gelu_opt(WICK_OPTIONS(wick_gelu_options, 0, __VA_ARGS__))

/* log(1 + e^(beta x)) / beta, and x itself where beta x > threshold: torch.nn.Softplus. The options, beta 1 and threshold
 * 20, are those of wick_softplus. */
WICK_API wick_module *wick_nn_softplus(void);
WICK_API wick_module *wick_nn_softplus_opt(const wick_softplus_options *options);
#define wick_nn_softplus(...) \
    wick_nn_softplus_opt(WICK_OPTIONS(wick_softplus_options, WICK_SOFTPLUS_DEFAULTS, __VA_ARGS__))

/* x - lambd where x > lambd, x + lambd where x < -lambd, else 0: torch.nn.Softshrink. lambd: default 0.5; below 0, each
 * forward is an error. */
WICK_API wick_module *wick_nn_softshrink(void);
WICK_API wick_module *wick_nn_softshrink_opt(const wick_shrink_options *options);
#define wick_nn_softshrink(...) wick_nn_softshrink_opt(WICK_OPTIONS(wick_shrink_options, 0.5, __VA_ARGS__))

/* x where |x| > lambd, else 0: torch.nn.Hardshrink. lambd: default 0.5. */
WICK_API wick_module *wick_nn_hardshrink(void);
WICK_API wick_module *wick_nn_hardshrink_opt(const wick_shrink_options *options);
#define wick_nn_hardshrink(...) wick_nn_hardshrink_opt(WICK_OPTIONS(wick_shrink_options, 0.5, __VA_ARGS__))

/* a sigmoid(b) for the first half a and the second half b of x along dim, default -1, whose size must be even:
 * torch.nn.GLU. */
WICK_API wick_module *wick_nn_glu(void);
WICK_API wick_module *wick_nn_glu_opt(const wick_glu_options *options);
#define wick_nn_glu(...) wick_nn_glu_opt(WICK_OPTIONS(wick_glu_options, -1, __VA_ARGS__))

WICK_END_DECLS
