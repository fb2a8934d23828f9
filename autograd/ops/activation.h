/* activation.h - the functions between a network's layers; a part of ops.h.
 *
 * x is floating point and has any shape, unless a comment says otherwise; names, options and defaults are those of
 * torch.nn.functional. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Without options ---------------------------------------------------------------------------------------------------- */

/* Functions of each element; the result has x's shape. */
WICK_API wick_tensor *wick_relu(wick_tensor *x);       /* max(x, 0); derivative 0 at 0; integers too */
WICK_API wick_tensor *wick_relu6(wick_tensor *x);      /* min(max(x, 0), 6); derivative 0 at 0 and 6; integers too */
WICK_API wick_tensor *wick_selu(wick_tensor *x);       /* 1.0507 elu(x) of alpha 1.67326 (Klambauer et al. 2017) */
WICK_API wick_tensor *wick_silu(wick_tensor *x);       /* x sigmoid(x), also called swish (Hendrycks and Gimpel 2016) */
WICK_API wick_tensor *wick_mish(wick_tensor *x);       /* x tanh(log(1 + e^x)) (Misra 2019) */
WICK_API wick_tensor *wick_sigmoid(wick_tensor *x);    /* 1 / (1 + e^-x); integers become the default dtype */
WICK_API wick_tensor *wick_logsigmoid(wick_tensor *x); /* log of sigmoid(x), finite for every finite x */
WICK_API wick_tensor *wick_hardsigmoid(wick_tensor *x); /* min(max(x + 3, 0), 6) / 6; derivative 0 at -3 and 3 */
WICK_API wick_tensor *wick_hardswish(wick_tensor *x);   /* x hardsigmoid(x); derivative 0 up to -3, 1 from 3 on */
WICK_API wick_tensor *wick_softsign(wick_tensor *x);    /* x / (|x| + 1); integers become the default dtype */
WICK_API wick_tensor *wick_tanhshrink(wick_tensor *x);  /* x - tanh(x); integers become the default dtype */

/* ---- With options ------------------------------------------------------------------------------------------------------- */

/* x where x > 0, else negative_slope x (Maas et al. 2013). */
typedef struct wick_leaky_relu_options {
    size_t size_;
    char start_;
    double negative_slope; /* default 0.01 */
} wick_leaky_relu_options;
WICK_API wick_tensor *wick_leaky_relu(wick_tensor *x);
WICK_API wick_tensor *wick_leaky_relu_opt(wick_tensor *x, const wick_leaky_relu_options *options);
#define wick_leaky_relu(x, ...) wick_leaky_relu_opt(x, WICK_OPTIONS(wick_leaky_relu_options, 0.01, __VA_ARGS__))

/* elu: x where x > 0, else alpha (e^x - 1) (Clevert et al. 2016). celu: x where x > 0, else alpha (e^(x / alpha) - 1), whose
 * derivative is continuous (Barron 2017); alpha 0 is an error. */
typedef struct wick_elu_options {
    size_t size_;
    char start_;
    double alpha; /* default 1 */
} wick_elu_options;
WICK_API wick_tensor *wick_elu(wick_tensor *x);
WICK_API wick_tensor *wick_elu_opt(wick_tensor *x, const wick_elu_options *options);
#define wick_elu(x, ...) wick_elu_opt(x, WICK_OPTIONS(wick_elu_options, 1.0, __VA_ARGS__))
WICK_API wick_tensor *wick_celu(wick_tensor *x);
WICK_API wick_tensor *wick_celu_opt(wick_tensor *x, const wick_elu_options *options);
#define wick_celu(x, ...) wick_celu_opt(x, WICK_OPTIONS(wick_elu_options, 1.0, __VA_ARGS__))

/* x Phi(x), where Phi is the distribution function of the standard normal distribution (Hendrycks and Gimpel 2016); with
 * .approximate = WICK_GELU_TANH, x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. */
typedef enum wick_gelu_approximate { WICK_GELU_NONE, WICK_GELU_TANH } wick_gelu_approximate;
typedef struct wick_gelu_options {
    size_t size_;
    char start_;
    wick_gelu_approximate approximate; /* WICK_GELU_NONE (default) or WICK_GELU_TANH */
} wick_gelu_options;
WICK_API wick_tensor *wick_gelu(wick_tensor *x);
WICK_API wick_tensor *wick_gelu_opt(wick_tensor *x, const wick_gelu_options *options);
#define wick_gelu(x, ...) wick_gelu_opt(x, WICK_OPTIONS(wick_gelu_options, 0, __VA_ARGS__))

/* log(1 + e^(beta x)) / beta, computed without overflow; x itself where beta x > threshold. */
typedef struct wick_softplus_options {
    size_t size_;
    char start_;
    double beta;      /* default 1 */
    double threshold; /* default 20 */
} wick_softplus_options;
#define WICK_SOFTPLUS_DEFAULTS 1.0, 20.0
WICK_API wick_tensor *wick_softplus(wick_tensor *x);
WICK_API wick_tensor *wick_softplus_opt(wick_tensor *x, const wick_softplus_options *options);
#define wick_softplus(x, ...) \
    wick_softplus_opt(x, WICK_OPTIONS(wick_softplus_options, WICK_SOFTPLUS_DEFAULTS, __VA_ARGS__))

/* min(max(x, min_val), max_val); the derivative at both bounds is 0; integers too. min_val above max_val is an error. */
typedef struct wick_hardtanh_options {
    size_t size_;
    char start_;
    double min_val; /* default -1 */
    double max_val; /* default 1 */
} wick_hardtanh_options;
#define WICK_HARDTANH_DEFAULTS -1.0, 1.0
WICK_API wick_tensor *wick_hardtanh(wick_tensor *x);
WICK_API wick_tensor *wick_hardtanh_opt(wick_tensor *x, const wick_hardtanh_options *options);
#define wick_hardtanh(x, ...) \
    wick_hardtanh_opt(x, WICK_OPTIONS(wick_hardtanh_options, WICK_HARDTANH_DEFAULTS, __VA_ARGS__))

/* 0 where |x| <= lambd; elsewhere hardshrink is x, and softshrink is x - lambd for x > 0 and x + lambd for x < 0. The
 * derivative is 0 at +-lambd. For softshrink, lambd below 0 is an error. */
typedef struct wick_shrink_options {
    size_t size_;
    char start_;
    double lambd; /* default 0.5 */
} wick_shrink_options;
WICK_API wick_tensor *wick_softshrink(wick_tensor *x);
WICK_API wick_tensor *wick_softshrink_opt(wick_tensor *x, const wick_shrink_options *options);
#define wick_softshrink(x, ...) wick_softshrink_opt(x, WICK_OPTIONS(wick_shrink_options, 0.5, __VA_ARGS__))
WICK_API wick_tensor *wick_hardshrink(wick_tensor *x);
WICK_API wick_tensor *wick_hardshrink_opt(wick_tensor *x, const wick_shrink_options *options);
#define wick_hardshrink(x, ...) wick_hardshrink_opt(x, WICK_OPTIONS(wick_shrink_options, 0.5, __VA_ARGS__))

/* x where x > threshold, else value; integers too. Both numbers must lie in the range of x's dtype. */
WICK_API wick_tensor *wick_threshold(wick_tensor *x, wick_number threshold, wick_number value);
#define wick_threshold(x, threshold, value) wick_threshold(x, WICK_NUMBER(threshold), WICK_NUMBER(value))

/* x where x > 0, else weight x, where weight is one learned number, or one per channel, dimension 1 of x (He et al. 2015).
 * weight has x's dtype, 0 or 1 dimensions, and 1 or x.size(1) elements. */
WICK_API wick_tensor *wick_prelu(wick_tensor *x, wick_tensor *weight);

/* a sigmoid(b) for the first half a and the second half b of x along dim, whose size must be even (Dauphin et al. 2017). */
typedef struct wick_glu_options {
    size_t size_;
    char start_;
    int64_t dim; /* default -1 */
} wick_glu_options;
WICK_API wick_tensor *wick_glu(wick_tensor *x);
WICK_API wick_tensor *wick_glu_opt(wick_tensor *x, const wick_glu_options *options);
#define wick_glu(x, ...) wick_glu_opt(x, WICK_OPTIONS(wick_glu_options, -1, __VA_ARGS__))

/* ---- In place: x is overwritten and returned, as by inplace=True ------------------------------------------------------------ */

/* Overwrites x with the value of the function without the _, and returns it. */
WICK_API wick_tensor *wick_relu_(wick_tensor *x);
WICK_API wick_tensor *wick_relu6_(wick_tensor *x);
WICK_API wick_tensor *wick_selu_(wick_tensor *x);
WICK_API wick_tensor *wick_silu_(wick_tensor *x);
WICK_API wick_tensor *wick_mish_(wick_tensor *x);
WICK_API wick_tensor *wick_sigmoid_(wick_tensor *x);
WICK_API wick_tensor *wick_hardsigmoid_(wick_tensor *x);
WICK_API wick_tensor *wick_hardswish_(wick_tensor *x);
WICK_API wick_tensor *wick_threshold_(wick_tensor *x, wick_number threshold, wick_number value);
#define wick_threshold_(x, threshold, value) wick_threshold_(x, WICK_NUMBER(threshold), WICK_NUMBER(value))
WICK_API wick_tensor *wick_leaky_relu_(wick_tensor *x);
WICK_API wick_tensor *wick_leaky_relu_opt_(wick_tensor *x, const wick_leaky_relu_options *options);
#define wick_leaky_relu_(x, ...) wick_leaky_relu_opt_(x, WICK_OPTIONS(wick_leaky_relu_options, 0.01, __VA_ARGS__))
WICK_API wick_tensor *wick_elu_(wick_tensor *x);
WICK_API wick_tensor *wick_elu_opt_(wick_tensor *x, const wick_elu_options *options);
#define wick_elu_(x, ...) wick_elu_opt_(x, WICK_OPTIONS(wick_elu_options, 1.0, __VA_ARGS__))
WICK_API wick_tensor *wick_celu_(wick_tensor *x);
WICK_API wick_tensor *wick_celu_opt_(wick_tensor *x, const wick_elu_options *options);
#define wick_celu_(x, ...) wick_celu_opt_(x, WICK_OPTIONS(wick_elu_options, 1.0, __VA_ARGS__))
WICK_API wick_tensor *wick_hardtanh_(wick_tensor *x);
WICK_API wick_tensor *wick_hardtanh_opt_(wick_tensor *x, const wick_hardtanh_options *options);
#define wick_hardtanh_(x, ...) \
    wick_hardtanh_opt_(x, WICK_OPTIONS(wick_hardtanh_options, WICK_HARDTANH_DEFAULTS, __VA_ARGS__))

/* ---- Along a dimension ---------------------------------------------------------------------------------------------------- */

/* The results are computed from x - max(x), so that nothing overflows. */
WICK_API wick_tensor *wick_softmax(wick_tensor *x, int64_t dim);     /* e^x / sum of e^x over dim */
WICK_API wick_tensor *wick_log_softmax(wick_tensor *x, int64_t dim); /* x - log(sum of e^x over dim) */
WICK_API wick_tensor *wick_softmin(wick_tensor *x, int64_t dim);     /* softmax(-x) */

/* ---- At random ------------------------------------------------------------------------------------------------------------ */

/* While training, each element is 0 with probability p, else x / (1 - p); otherwise the result is x itself (Srivastava et al.
 * 2014). It draws one Bernoulli number per element from the default generator. p outside [0, 1] is an error. */
WICK_API wick_tensor *wick_dropout(wick_tensor *x, double p, bool training);

/* The same for the output of selu: a dropped element becomes selu's limit at -inf, and the result is scaled and shifted so
 * that mean 0 and variance 1 are kept (Klambauer et al. 2017). p = 1 gives zeros. */
WICK_API wick_tensor *wick_alpha_dropout(wick_tensor *x, double p, bool training);

/* x where x > 0, else s x. While training, the slope s is drawn for each element, uniform on [lower, upper); otherwise it is
 * (lower + upper) / 2 (Xu et al. 2015). It draws one float64 from the default generator for each element that is not above 0,
 * in row-major order. lower above upper, or a bound that is not finite, is an error. */
typedef struct wick_rrelu_options {
    size_t size_;
    char start_;
    double lower;  /* default 1/8 */
    double upper;  /* default 1/3 */
    bool training; /* default false */
} wick_rrelu_options;
#define WICK_RRELU_DEFAULTS 1.0 / 8, 1.0 / 3, false
WICK_API wick_tensor *wick_rrelu(wick_tensor *x);
WICK_API wick_tensor *wick_rrelu_opt(wick_tensor *x, const wick_rrelu_options *options);
#define wick_rrelu(x, ...) wick_rrelu_opt(x, WICK_OPTIONS(wick_rrelu_options, WICK_RRELU_DEFAULTS, __VA_ARGS__))

/* The same in place, as with inplace=True: x is overwritten and returned. */
WICK_API wick_tensor *wick_dropout_(wick_tensor *x, double p, bool training);
WICK_API wick_tensor *wick_alpha_dropout_(wick_tensor *x, double p, bool training);
WICK_API wick_tensor *wick_rrelu_(wick_tensor *x);
WICK_API wick_tensor *wick_rrelu_opt_(wick_tensor *x, const wick_rrelu_options *options);
#define wick_rrelu_(x, ...) wick_rrelu_opt_(x, WICK_OPTIONS(wick_rrelu_options, WICK_RRELU_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
