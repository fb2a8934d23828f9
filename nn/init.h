/* init.h - torch.nn.init: how weights begin.
 *
 * Each function fills t in place, in any grad mode, and returns it, or NULL after an error. It draws from .generator
 * (default: the default generator) in PyTorch's order, so that a seed gives PyTorch's weights. fan_in is t.size(1) and
 * fan_out t.size(0), each times the sizes of the further dimensions. https://pytorch.org/docs/stable/nn.init.html
 *
 * A call with options is a macro; the name without parentheses is a function that uses the defaults, and has an address:
 *     wick_tensor *(*rule)(wick_tensor *) = wick_init_xavier_normal_; */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"
#include "../autograd/draws.h"

WICK_BEGIN_DECLS

/* The factor that keeps the variance of signals through a nonlinearity: 1 for "linear", "conv1d" to "conv_transpose3d" and
 * "sigmoid"; 5/3 for "tanh"; sqrt(2) for "relu"; sqrt(2 / (1 + param^2)) for "leaky_relu" with slope param; 3/4 for "selu". Any
 * other name is an error, and the result NaN. */
WICK_API double wick_init_calculate_gain(const char *nonlinearity, double param);

/* Every element becomes value, a number that t's dtype can hold: torch.nn.init.constant_. */
WICK_API wick_tensor *wick_init_constant_(wick_tensor *t, wick_number value);
#define wick_init_constant_(t, value) wick_init_constant_(t, WICK_NUMBER(value))

/* Every element becomes 1. */
WICK_API wick_tensor *wick_init_ones_(wick_tensor *t);

/* Every element becomes 0. */
WICK_API wick_tensor *wick_init_zeros_(wick_tensor *t);

/* t, a matrix, becomes the identity: 1 on the diagonal, 0 elsewhere. Another number of dimensions is an error. */
WICK_API wick_tensor *wick_init_eye_(wick_tensor *t);

/* Uniform on [a, b). a above b is an error. */
typedef struct wick_init_uniform_options {
    size_t size_;
    char start_;
    double a; /* default 0 */
    double b; /* default 1 */
    wick_generator *generator;
} wick_init_uniform_options;
#define WICK_INIT_UNIFORM_DEFAULTS 0.0, 1.0, NULL
WICK_API wick_tensor *wick_init_uniform_(wick_tensor *t);
#define wick_init_uniform_(t, ...) \
    wick_init_uniform_opt_(t, WICK_OPTIONS(wick_init_uniform_options, WICK_INIT_UNIFORM_DEFAULTS, __VA_ARGS__))
WICK_API wick_tensor *wick_init_uniform_opt_(wick_tensor *t, const wick_init_uniform_options *options);

typedef struct wick_init_normal_options {
    size_t size_;
    char start_;
    double mean; /* default 0 */
    double std;  /* default 1 */
    wick_generator *generator;
} wick_init_normal_options;
#define WICK_INIT_NORMAL_DEFAULTS 0.0, 1.0, NULL

/* Normal with the given mean and standard deviation. std below 0 is an error. */
WICK_API wick_tensor *wick_init_normal_(wick_tensor *t);
#define wick_init_normal_(t, ...) \
    wick_init_normal_opt_(t, WICK_OPTIONS(wick_init_normal_options, WICK_INIT_NORMAL_DEFAULTS, __VA_ARGS__))
WICK_API wick_tensor *wick_init_normal_opt_(wick_tensor *t, const wick_init_normal_options *options);

/* Normal with the given mean and standard deviation, drawn again until the number lies in [a, b]. Warns where the mean is
 * more than 2 std outside. std not above 0, or a not below b, is an error. */
typedef struct wick_init_trunc_normal_options {
    size_t size_;
    char start_;
    double mean; /* default 0 */
    double std;  /* default 1 */
    double a;    /* default -2 */
    double b;    /* default 2 */
    wick_generator *generator;
} wick_init_trunc_normal_options;
#define WICK_INIT_TRUNC_NORMAL_DEFAULTS 0.0, 1.0, -2.0, 2.0, NULL
WICK_API wick_tensor *wick_init_trunc_normal_(wick_tensor *t);
#define wick_init_trunc_normal_(t, ...) \
    wick_init_trunc_normal_opt_(        \
        t, WICK_OPTIONS(wick_init_trunc_normal_options, WICK_INIT_TRUNC_NORMAL_DEFAULTS, __VA_ARGS__))
WICK_API wick_tensor *wick_init_trunc_normal_opt_(wick_tensor *t, const wick_init_trunc_normal_options *options);

/* Uniform on +-gain sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010). t has 2 dimensions or more. */
typedef struct wick_init_gain_options {
    size_t size_;
    char start_;
    double gain; /* default 1 */
    wick_generator *generator;
} wick_init_gain_options;
WICK_API wick_tensor *wick_init_xavier_uniform_(wick_tensor *t);
#define wick_init_xavier_uniform_(t, ...) \
    wick_init_xavier_uniform_opt_(t, WICK_OPTIONS(wick_init_gain_options, 1.0, __VA_ARGS__))
WICK_API wick_tensor *wick_init_xavier_uniform_opt_(wick_tensor *t, const wick_init_gain_options *options);

/* Normal with mean 0 and standard deviation gain sqrt(2 / (fan_in + fan_out)) (Glorot and Bengio 2010). t has 2 dimensions
 * or more. */
WICK_API wick_tensor *wick_init_xavier_normal_(wick_tensor *t);
#define wick_init_xavier_normal_(t, ...) \
    wick_init_xavier_normal_opt_(t, WICK_OPTIONS(wick_init_gain_options, 1.0, __VA_ARGS__))
WICK_API wick_tensor *wick_init_xavier_normal_opt_(wick_tensor *t, const wick_init_gain_options *options);

/* A matrix whose rows or columns, whichever are fewer, are orthonormal, times gain (Saxe et al. 2014). t has 2 dimensions
 * or more; its size 0 counts the rows, and the other sizes together the columns. */
WICK_API wick_tensor *wick_init_orthogonal_(wick_tensor *t);
#define wick_init_orthogonal_(t, ...) \
    wick_init_orthogonal_opt_(t, WICK_OPTIONS(wick_init_gain_options, 1.0, __VA_ARGS__))
WICK_API wick_tensor *wick_init_orthogonal_opt_(wick_tensor *t, const wick_init_gain_options *options);

/* Uniform on +-gain sqrt(3 / fan), where gain is wick_init_calculate_gain(nonlinearity, a) and fan is fan_in or fan_out (He
 * et al. 2015). t has 2 dimensions or more; without elements it stays as it is, with a warning. */
typedef struct wick_init_kaiming_options {
    size_t size_;
    char start_;
    double a;                 /* default 0 */
    const char *mode;         /* "fan_in" (default) or "fan_out" */
    const char *nonlinearity; /* default "leaky_relu" */
    wick_generator *generator;
} wick_init_kaiming_options;
#define WICK_INIT_KAIMING_DEFAULTS 0.0, "fan_in", "leaky_relu", NULL
WICK_API wick_tensor *wick_init_kaiming_uniform_(wick_tensor *t);
#define wick_init_kaiming_uniform_(t, ...) \
    wick_init_kaiming_uniform_opt_(t, WICK_OPTIONS(wick_init_kaiming_options, WICK_INIT_KAIMING_DEFAULTS, __VA_ARGS__))
WICK_API wick_tensor *wick_init_kaiming_uniform_opt_(wick_tensor *t, const wick_init_kaiming_options *options);

/* Normal with mean 0 and standard deviation gain / sqrt(fan), with the same gain and fan (He et al. 2015). */
WICK_API wick_tensor *wick_init_kaiming_normal_(wick_tensor *t);
#define wick_init_kaiming_normal_(t, ...) \
    wick_init_kaiming_normal_opt_(t, WICK_OPTIONS(wick_init_kaiming_options, WICK_INIT_KAIMING_DEFAULTS, __VA_ARGS__))
WICK_API wick_tensor *wick_init_kaiming_normal_opt_(wick_tensor *t, const wick_init_kaiming_options *options);

/* Normal with mean 0 and standard deviation std, and in each column the fraction sparsity of the rows, at random, is 0 (Martens
 * 2010). t is a matrix. The rows come from the default generator, as in PyTorch. */
typedef struct wick_init_sparse_options {
    size_t size_;
    char start_;
    double std; /* default 0.01 */
    wick_generator *generator;
} wick_init_sparse_options;
WICK_API wick_tensor *wick_init_sparse_opt_(wick_tensor *t, double sparsity, const wick_init_sparse_options *options);
#define wick_init_sparse_(t, sparsity, ...) \
    wick_init_sparse_opt_(t, sparsity, WICK_OPTIONS(wick_init_sparse_options, 0.01, __VA_ARGS__))

WICK_END_DECLS
