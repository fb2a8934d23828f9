/* init.h - torch.nn.init: how weights begin.
 *
 * Each function fills t in place, whatever the grad mode, and returns it; it draws from .generator (default: the default
 * generator) in PyTorch's order, so that a seed gives PyTorch's weights. fan_in is t's size 1 and fan_out its size 0, each
 * times the sizes of the further dimensions. https://pytorch.org/docs/stable/nn.init.html */
#ifndef WICK_NN_INIT_H
#define WICK_NN_INIT_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"
#include "../autograd/draws.h"

WICK_BEGIN_DECLS

/* The factor that keeps the variance of signals through a nonlinearity: "linear", "conv1d" ..., "sigmoid": 1; "tanh": 5/3;
 * "relu": sqrt(2); "leaky_relu": sqrt(2 / (1 + param^2)), param its slope; "selu": 3/4. NaN, with an error, for another. */
WICK_API double wick_init_calculate_gain(const char *nonlinearity, double param);

WICK_API wick_tensor *wick_init_constant_(wick_tensor *t, wick_number value);
#ifndef __cplusplus
#define wick_init_constant_(t, value) wick_init_constant_(t, WICK_NUMBER(value))
#endif
WICK_API wick_tensor *wick_init_ones_(wick_tensor *t);
WICK_API wick_tensor *wick_init_zeros_(wick_tensor *t);
WICK_API wick_tensor *wick_init_eye_(wick_tensor *t); /* the identity matrix, of 2 dimensions */

/* Uniform on [a, b), and normal. */
typedef struct wick_init_uniform_options {
    size_t size_;
    char start_;
    double a; /* default 0 */
    double b; /* default 1 */
    wick_generator *generator;
} wick_init_uniform_options;
#define WICK_INIT_UNIFORM_DEFAULTS 0, 0.0, 1.0, NULL
WICK_API wick_tensor *wick_init_uniform_(wick_tensor *t);
WICK_API wick_tensor *wick_init_uniform_opt_(wick_tensor *t, const wick_init_uniform_options *options);
#define wick_init_uniform_(t, ...) \
    wick_init_uniform_opt_(t, WICK_OPTIONS(wick_init_uniform_options, WICK_INIT_UNIFORM_DEFAULTS, __VA_ARGS__))

typedef struct wick_init_normal_options {
    size_t size_;
    char start_;
    double mean; /* default 0 */
    double std;  /* default 1 */
    wick_generator *generator;
} wick_init_normal_options;
#define WICK_INIT_NORMAL_DEFAULTS 0, 0.0, 1.0, NULL
WICK_API wick_tensor *wick_init_normal_(wick_tensor *t);
WICK_API wick_tensor *wick_init_normal_opt_(wick_tensor *t, const wick_init_normal_options *options);
#define wick_init_normal_(t, ...) \
    wick_init_normal_opt_(t, WICK_OPTIONS(wick_init_normal_options, WICK_INIT_NORMAL_DEFAULTS, __VA_ARGS__))

/* Normal, drawn anew until within [a, b]. Warns where the mean is more than 2 std from it. */
typedef struct wick_init_trunc_normal_options {
    size_t size_;
    char start_;
    double mean; /* default 0 */
    double std;  /* default 1 */
    double a;    /* default -2 */
    double b;    /* default 2 */
    wick_generator *generator;
} wick_init_trunc_normal_options;
#define WICK_INIT_TRUNC_NORMAL_DEFAULTS 0, 0.0, 1.0, -2.0, 2.0, NULL
WICK_API wick_tensor *wick_init_trunc_normal_(wick_tensor *t);
WICK_API wick_tensor *wick_init_trunc_normal_opt_(wick_tensor *t, const wick_init_trunc_normal_options *options);
#define wick_init_trunc_normal_(t, ...) \
    wick_init_trunc_normal_opt_(        \
        t, WICK_OPTIONS(wick_init_trunc_normal_options, WICK_INIT_TRUNC_NORMAL_DEFAULTS, __VA_ARGS__))

/* Uniform on +-gain sqrt(6 / (fan_in + fan_out)), and normal of standard deviation gain sqrt(2 / (fan_in + fan_out))
 * (Glorot and Bengio 2010). Orthogonal: a matrix of orthonormal rows or columns, whichever are fewer, times gain (Saxe et
 * al. 2014). */
typedef struct wick_init_gain_options {
    size_t size_;
    char start_;
    double gain; /* default 1 */
    wick_generator *generator;
} wick_init_gain_options;
#define WICK_INIT_GAIN_DEFAULTS 0, 1.0, NULL
#define WICK_INIT_GAIN_OPTIONS(...) WICK_OPTIONS(wick_init_gain_options, WICK_INIT_GAIN_DEFAULTS, __VA_ARGS__)
WICK_API wick_tensor *wick_init_xavier_uniform_(wick_tensor *t);
WICK_API wick_tensor *wick_init_xavier_uniform_opt_(wick_tensor *t, const wick_init_gain_options *options);
WICK_API wick_tensor *wick_init_xavier_normal_(wick_tensor *t);
WICK_API wick_tensor *wick_init_xavier_normal_opt_(wick_tensor *t, const wick_init_gain_options *options);
WICK_API wick_tensor *wick_init_orthogonal_(wick_tensor *t);
WICK_API wick_tensor *wick_init_orthogonal_opt_(wick_tensor *t, const wick_init_gain_options *options);
#define wick_init_xavier_uniform_(t, ...) wick_init_xavier_uniform_opt_(t, WICK_INIT_GAIN_OPTIONS(__VA_ARGS__))
#define wick_init_xavier_normal_(t, ...) wick_init_xavier_normal_opt_(t, WICK_INIT_GAIN_OPTIONS(__VA_ARGS__))
#define wick_init_orthogonal_(t, ...) wick_init_orthogonal_opt_(t, WICK_INIT_GAIN_OPTIONS(__VA_ARGS__))

/* Uniform on +-gain sqrt(3 / fan), and normal of standard deviation gain / sqrt(fan), gain that of the nonlinearity with
 * slope a (He et al. 2015). A tensor without elements stays as it is, with a warning. */
typedef struct wick_init_kaiming_options {
    size_t size_;
    char start_;
    double a;                 /* default 0 */
    const char *mode;         /* "fan_in" (default) or "fan_out" */
    const char *nonlinearity; /* default "leaky_relu" */
    wick_generator *generator;
} wick_init_kaiming_options;
#define WICK_INIT_KAIMING_DEFAULTS 0, 0.0, "fan_in", "leaky_relu", NULL
#define WICK_INIT_KAIMING_OPTIONS(...) WICK_OPTIONS(wick_init_kaiming_options, WICK_INIT_KAIMING_DEFAULTS, __VA_ARGS__)
WICK_API wick_tensor *wick_init_kaiming_uniform_(wick_tensor *t);
WICK_API wick_tensor *wick_init_kaiming_uniform_opt_(wick_tensor *t, const wick_init_kaiming_options *options);
WICK_API wick_tensor *wick_init_kaiming_normal_(wick_tensor *t);
WICK_API wick_tensor *wick_init_kaiming_normal_opt_(wick_tensor *t, const wick_init_kaiming_options *options);
#define wick_init_kaiming_uniform_(t, ...) wick_init_kaiming_uniform_opt_(t, WICK_INIT_KAIMING_OPTIONS(__VA_ARGS__))
#define wick_init_kaiming_normal_(t, ...) wick_init_kaiming_normal_opt_(t, WICK_INIT_KAIMING_OPTIONS(__VA_ARGS__))

/* Normal of standard deviation std, with the fraction sparsity of each column 0, at random rows; of 2 dimensions (Martens
 * 2010). The rows come from the default generator, as in PyTorch. */
typedef struct wick_init_sparse_options {
    size_t size_;
    char start_;
    double std; /* default 0.01 */
    wick_generator *generator;
} wick_init_sparse_options;
#define WICK_INIT_SPARSE_DEFAULTS 0, 0.01, NULL
WICK_API wick_tensor *wick_init_sparse_opt_(wick_tensor *t, double sparsity, const wick_init_sparse_options *options);
#define wick_init_sparse_(t, sparsity, ...) \
    wick_init_sparse_opt_(t, sparsity, WICK_OPTIONS(wick_init_sparse_options, WICK_INIT_SPARSE_DEFAULTS, __VA_ARGS__))

/* Those with options are macros, and, with the options' defaults, functions, which have an address:
 *     wick_tensor *(*rule)(wick_tensor *) = wick_init_xavier_normal_; */

WICK_END_DECLS
#endif
