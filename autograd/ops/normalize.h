/* normalize.h - scaling elements to mean 0 and variance 1, or to norm 1; a part of ops.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <math.h>

#include "reduce.h"

WICK_BEGIN_DECLS

/* x / max(n, eps), where n = (sum of |x|^p over dim)^(1/p): torch.nn.functional.normalize. For p = 0, n is the number of
 * elements other than 0, for INFINITY the largest |x|, and for -INFINITY the smallest. */
typedef struct wick_normalize_options {
    size_t size_;
    char start_;
    double p;    /* default 2 */
    int64_t dim; /* default 1 */
    double eps;  /* default 1e-12 */
} wick_normalize_options;
#define WICK_NORMALIZE_DEFAULTS 2.0, 1, 1e-12
WICK_API wick_tensor *wick_normalize(wick_tensor *x);
WICK_API wick_tensor *wick_normalize_opt(wick_tensor *x, const wick_normalize_options *options);
#define wick_normalize(x, ...) \
    wick_normalize_opt(x, WICK_OPTIONS(wick_normalize_options, WICK_NORMALIZE_DEFAULTS, __VA_ARGS__))

/* (x - mean) / sqrt(variance + eps) weight + bias, with mean and variance (divided by n) over the last dimensions (Ba et al.
 * 2016). normalized_shape has the sizes of these dimensions: wick_layer_norm(x, WICK_DIMS(16), .weight = w). weight and bias
 * have this shape and x's dtype. */
typedef struct wick_layer_norm_options {
    size_t size_;
    char start_;
    wick_tensor *weight; /* default: none, as if 1 */
    wick_tensor *bias;   /* default: none, as if 0 */
    double eps;          /* default 1e-5 */
} wick_layer_norm_options;
#define WICK_LAYER_NORM_DEFAULTS NULL, NULL, 1e-5
WICK_API wick_tensor *wick_layer_norm_opt(wick_tensor *x, wick_dims normalized_shape,
                                          const wick_layer_norm_options *options);
#define wick_layer_norm(x, normalized_shape, ...) \
    wick_layer_norm_opt(x, normalized_shape,      \
                        WICK_OPTIONS(wick_layer_norm_options, WICK_LAYER_NORM_DEFAULTS, __VA_ARGS__))

/* x / sqrt(mean of x^2 + eps) weight, with the mean over the last dimensions, whose sizes are normalized_shape (Zhang and
 * Sennrich 2019). weight has this shape, and may have another dtype than x. */
typedef struct wick_rms_norm_options {
    size_t size_;
    char start_;
    wick_tensor *weight; /* default: none, as if 1 */
    double eps;          /* default: the machine epsilon of x's dtype */
} wick_rms_norm_options;
#define WICK_RMS_NORM_DEFAULTS NULL, (double)NAN
WICK_API wick_tensor *wick_rms_norm_opt(wick_tensor *x, wick_dims normalized_shape,
                                        const wick_rms_norm_options *options);
#define wick_rms_norm(x, normalized_shape, ...) \
    wick_rms_norm_opt(x, normalized_shape, WICK_OPTIONS(wick_rms_norm_options, WICK_RMS_NORM_DEFAULTS, __VA_ARGS__))

/* (x - mean) / sqrt(variance + eps) weight + bias for each channel of x (N, C, ...) (Ioffe and Szegedy 2015). With .training
 * these are the mean and the variance of the batch, over all dimensions except 1; running_mean and running_var, if given, are
 * updated in place: r = (1 - momentum) r + momentum s, with the unbiased variance (divided by n - 1). A single value per
 * channel is then an error. Without .training they are running_mean and running_var, which must be given. running_mean,
 * running_var, weight and bias have C elements of x's dtype, or are NULL. */
typedef struct wick_batch_norm_options {
    size_t size_;
    char start_;
    wick_tensor *weight; /* default: none, as if 1 */
    wick_tensor *bias;   /* default: none, as if 0 */
    bool training;       /* default false */
    double momentum;     /* default 0.1 */
    double eps;          /* default 1e-5 */
} wick_batch_norm_options;
#define WICK_BATCH_NORM_DEFAULTS NULL, NULL, false, 0.1, 1e-5
WICK_API wick_tensor *wick_batch_norm_opt(wick_tensor *x, wick_tensor *running_mean, wick_tensor *running_var,
                                          const wick_batch_norm_options *options);
#define wick_batch_norm(x, running_mean, running_var, ...) \
    wick_batch_norm_opt(x, running_mean, running_var,      \
                        WICK_OPTIONS(wick_batch_norm_options, WICK_BATCH_NORM_DEFAULTS, __VA_ARGS__))

/* (x - mean) / sqrt(variance + eps) weight + bias for x (N, C, ...), whose channels form num_groups groups: mean and variance
 * are those of a group in one item of the batch (Wu and He 2018). weight and bias are (C). C must be a multiple of
 * num_groups. */
typedef struct wick_group_norm_options {
    size_t size_;
    char start_;
    wick_tensor *weight; /* default: none, as if 1 */
    wick_tensor *bias;   /* default: none, as if 0 */
    double eps;          /* default 1e-5 */
} wick_group_norm_options;
#define WICK_GROUP_NORM_DEFAULTS NULL, NULL, 1e-5
WICK_API wick_tensor *wick_group_norm_opt(wick_tensor *x, int64_t num_groups, const wick_group_norm_options *options);
#define wick_group_norm(x, num_groups, ...) \
    wick_group_norm_opt(x, num_groups, WICK_OPTIONS(wick_group_norm_options, WICK_GROUP_NORM_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
