/* loss.h - losses as functions, and the distances that some of them use; a part of ops.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* How the elements of a loss become one: torch's reduction="mean", "sum", "none" and, for kl_div alone, "batchmean". */
typedef enum wick_reduction { WICK_MEAN, WICK_SUM, WICK_NONE, WICK_BATCHMEAN } wick_reduction;

/* Each loss is the function of this name in torch.nn.functional, of a prediction x (its "input") and a target y. The formula
 * is for one element. x and y, or the tensors in their place, broadcast if their shapes differ, unless the comment says
 * otherwise; dtypes are promoted. Every loss has .reduction, WICK_MEAN by default; WICK_NONE gives one loss per element. */

/* ---- Numbers -------------------------------------------------------------------------------------------------------------------- */

/* The four losses of this section broadcast x and y, and warn if they have to, as PyTorch does: (N, 1) with (N) makes (N, N)
 * differences. */

/* |x - y|. With a weight, the mean is the sum divided by the sum of the weights. */
typedef struct wick_l1_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
    wick_tensor *weight; /* of x's shape; default 1 */
} wick_l1_loss_options;
WICK_API wick_tensor *wick_l1_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_l1_loss_opt(wick_tensor *x, wick_tensor *y, const wick_l1_loss_options *options);
#define wick_l1_loss(x, y, ...) wick_l1_loss_opt(x, y, WICK_OPTIONS(wick_l1_loss_options, 0, __VA_ARGS__))

/* (x - y)^2. With a weight, the mean is the sum divided by the sum of the weights. */
typedef struct wick_mse_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
    wick_tensor *weight; /* of x's shape; default 1 */
} wick_mse_loss_options;
WICK_API wick_tensor *wick_mse_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_mse_loss_opt(wick_tensor *x, wick_tensor *y, const wick_mse_loss_options *options);
#define wick_mse_loss(x, y, ...) wick_mse_loss_opt(x, y, WICK_OPTIONS(wick_mse_loss_options, 0, __VA_ARGS__))

/* d^2 / (2 beta) where d = |x - y| < beta, else d - beta / 2. */
typedef struct wick_smooth_l1_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction; /* default WICK_MEAN, here and below */
    double beta;              /* 0 or more; 0 gives l1_loss; default 1 */
} wick_smooth_l1_loss_options;
#define WICK_SMOOTH_L1_LOSS_DEFAULTS WICK_MEAN, 1.0
WICK_API wick_tensor *wick_smooth_l1_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_smooth_l1_loss_opt(wick_tensor *x, wick_tensor *y,
                                              const wick_smooth_l1_loss_options *options);
#define wick_smooth_l1_loss(x, y, ...) \
    wick_smooth_l1_loss_opt(x, y, WICK_OPTIONS(wick_smooth_l1_loss_options, WICK_SMOOTH_L1_LOSS_DEFAULTS, __VA_ARGS__))

/* d^2 / 2 where d = |x - y| <= delta, else delta (d - delta / 2), in x's dtype. */
typedef struct wick_huber_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
    double delta;        /* above 0; default 1 */
    wick_tensor *weight; /* in x's shape; the mean still divides by the number of elements; default 1 */
} wick_huber_loss_options;
#define WICK_HUBER_LOSS_DEFAULTS WICK_MEAN, 1.0, NULL
WICK_API wick_tensor *wick_huber_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_huber_loss_opt(wick_tensor *x, wick_tensor *y, const wick_huber_loss_options *options);
#define wick_huber_loss(x, y, ...) \
    wick_huber_loss_opt(x, y, WICK_OPTIONS(wick_huber_loss_options, WICK_HUBER_LOSS_DEFAULTS, __VA_ARGS__))

/* ---- Likelihoods ------------------------------------------------------------------------------------------------------------------ */

/* y (log y - x), for log-probabilities x and probabilities y; with log_target, e^y (y - x). It warns with WICK_MEAN, PyTorch's
 * default, which divides by the number of elements; WICK_BATCHMEAN is the mathematical mean. */
typedef struct wick_kl_div_options {
    size_t size_;
    char start_;
    wick_reduction reduction; /* also WICK_BATCHMEAN: the sum divided by the size of x's first dimension */
    bool log_target;          /* y holds log-probabilities; default false */
} wick_kl_div_options;
WICK_API wick_tensor *wick_kl_div(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_kl_div_opt(wick_tensor *x, wick_tensor *y, const wick_kl_div_options *options);
#define wick_kl_div(x, y, ...) wick_kl_div_opt(x, y, WICK_OPTIONS(wick_kl_div_options, 0, __VA_ARGS__))

/* e^x - y x for counts y and the logarithm x of their mean; with .log_input = false, x - y log(x + eps) for the mean x
 * itself. */
typedef struct wick_poisson_nll_loss_options {
    size_t size_;
    char start_;
    bool log_input; /* default true */
    bool full;      /* adds log y! where y > 1, by Stirling's y log y - y + log(2 pi y) / 2; default false */
    double eps;     /* default 1e-8 */
    wick_reduction reduction;
} wick_poisson_nll_loss_options;
#define WICK_POISSON_NLL_LOSS_DEFAULTS true, false, 1e-8, WICK_MEAN
WICK_API wick_tensor *wick_poisson_nll_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_poisson_nll_loss_opt(wick_tensor *x, wick_tensor *y,
                                                const wick_poisson_nll_loss_options *options);
#define wick_poisson_nll_loss(x, y, ...) \
    wick_poisson_nll_loss_opt(           \
        x, y, WICK_OPTIONS(wick_poisson_nll_loss_options, WICK_POISSON_NLL_LOSS_DEFAULTS, __VA_ARGS__))

/* (log v + (x - y)^2 / v) / 2 for a mean x and v = max(var, eps); gradients pass through the max as if v were var. var is a
 * number or a tensor: of x's shape, of x's shape with size 1 in one dimension, or of x's shape without the last dimension.
 * Negative elements are an error. */
typedef struct wick_gaussian_nll_loss_options {
    size_t size_;
    char start_;
    bool full;  /* adds log(2 pi) / 2; default false */
    double eps; /* default 1e-6 */
    wick_reduction reduction;
} wick_gaussian_nll_loss_options;
#define WICK_GAUSSIAN_NLL_LOSS_DEFAULTS false, 1e-6, WICK_MEAN
WICK_API wick_tensor *wick_gaussian_nll_loss_opt(wick_tensor *x, wick_tensor *y, wick_tensor *var,
                                                 const wick_gaussian_nll_loss_options *options);
#define wick_gaussian_nll_loss(x, y, var, ...) \
    wick_gaussian_nll_loss_opt(                \
        x, y, WICK_OPERAND(var),               \
        WICK_OPTIONS(wick_gaussian_nll_loss_options, WICK_GAUSSIAN_NLL_LOSS_DEFAULTS, __VA_ARGS__))

/* ---- Yes or no --------------------------------------------------------------------------------------------------------------------- */

/* -w (y log x + (1 - y) log(1 - x)) for probabilities x in [0, 1], where each logarithm is at least -100. x and y must have
 * the same shape. */
typedef struct wick_binary_cross_entropy_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
    wick_tensor *weight; /* broadcasts to x; default 1 */
} wick_binary_cross_entropy_options;
WICK_API wick_tensor *wick_binary_cross_entropy(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_binary_cross_entropy_opt(wick_tensor *x, wick_tensor *y,
                                                    const wick_binary_cross_entropy_options *options);
#define wick_binary_cross_entropy(x, y, ...) \
    wick_binary_cross_entropy_opt(x, y, WICK_OPTIONS(wick_binary_cross_entropy_options, 0, __VA_ARGS__))

/* -w (p y log s(x) + (1 - y) log(1 - s(x))) for scores x, where s is sigmoid and p is pos_weight, computed without overflow. */
typedef struct wick_binary_cross_entropy_with_logits_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
    wick_tensor *weight;     /* broadcasts to x; default 1 */
    wick_tensor *pos_weight; /* multiplies the term of y; broadcasts to x; default 1 */
} wick_binary_cross_entropy_with_logits_options;
WICK_API wick_tensor *wick_binary_cross_entropy_with_logits(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_binary_cross_entropy_with_logits_opt(
    wick_tensor *x, wick_tensor *y, const wick_binary_cross_entropy_with_logits_options *options);
#define wick_binary_cross_entropy_with_logits(x, y, ...) \
    wick_binary_cross_entropy_with_logits_opt(           \
        x, y, WICK_OPTIONS(wick_binary_cross_entropy_with_logits_options, 0, __VA_ARGS__))

/* The mean of binary_cross_entropy_with_logits over the last dimension, the classes: x (..., C), and y of 0 and 1; result
 * (...). */
typedef struct wick_multilabel_soft_margin_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
    wick_tensor *weight; /* broadcasts to x; default 1 */
} wick_multilabel_soft_margin_loss_options;
WICK_API wick_tensor *wick_multilabel_soft_margin_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_multilabel_soft_margin_loss_opt(wick_tensor *x, wick_tensor *y,
                                                           const wick_multilabel_soft_margin_loss_options *options);
#define wick_multilabel_soft_margin_loss(x, y, ...) \
    wick_multilabel_soft_margin_loss_opt(x, y, WICK_OPTIONS(wick_multilabel_soft_margin_loss_options, 0, __VA_ARGS__))

/* log(1 + e^(-y x)) for y of 1 and -1, which broadcasts to x. As in PyTorch, it overflows to inf. */
typedef struct wick_soft_margin_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
} wick_soft_margin_loss_options;
WICK_API wick_tensor *wick_soft_margin_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_soft_margin_loss_opt(wick_tensor *x, wick_tensor *y,
                                                const wick_soft_margin_loss_options *options);
#define wick_soft_margin_loss(x, y, ...) \
    wick_soft_margin_loss_opt(x, y, WICK_OPTIONS(wick_soft_margin_loss_options, 0, __VA_ARGS__))

/* x where y is 1, and max(0, margin - x) where y is -1, for a distance x. */
typedef struct wick_hinge_embedding_loss_options {
    size_t size_;
    char start_;
    double margin;            /* default 1 */
    wick_reduction reduction; /* default WICK_MEAN */
} wick_hinge_embedding_loss_options;
WICK_API wick_tensor *wick_hinge_embedding_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_hinge_embedding_loss_opt(wick_tensor *x, wick_tensor *y,
                                                    const wick_hinge_embedding_loss_options *options);
#define wick_hinge_embedding_loss(x, y, ...) \
    wick_hinge_embedding_loss_opt(x, y, WICK_OPTIONS(wick_hinge_embedding_loss_options, 1.0, __VA_ARGS__))

/* ---- Distances and angles ------------------------------------------------------------------------------------------------------------ */

/* The p-norm of x1 - x2 + eps over the last dimension: torch.nn.functional.pairwise_distance. It is not a loss and has no
 * reduction. */
typedef struct wick_pairwise_distance_options {
    size_t size_;
    char start_;
    double p;     /* any number, also INFINITY; default 2 */
    double eps;   /* default 1e-6 */
    bool keepdim; /* default false */
} wick_pairwise_distance_options;
#define WICK_PAIRWISE_DISTANCE_DEFAULTS 2.0, 1e-6, false
WICK_API wick_tensor *wick_pairwise_distance(wick_tensor *x1, wick_tensor *x2);
WICK_API wick_tensor *wick_pairwise_distance_opt(wick_tensor *x1, wick_tensor *x2,
                                                 const wick_pairwise_distance_options *options);
#define wick_pairwise_distance(x1, x2, ...) \
    wick_pairwise_distance_opt(             \
        x1, x2, WICK_OPTIONS(wick_pairwise_distance_options, WICK_PAIRWISE_DISTANCE_DEFAULTS, __VA_ARGS__))

/* The cosine of the angle between x1 and x2 over a dimension, x1 x2 / (max(|x1|, eps) max(|x2|, eps)). It is not a loss and
 * has no reduction. */
typedef struct wick_cosine_similarity_options {
    size_t size_;
    char start_;
    int64_t dim; /* of the shape that x1 and x2 broadcast to; default 1 */
    double eps;  /* 0 or more; default 1e-8 */
} wick_cosine_similarity_options;
#define WICK_COSINE_SIMILARITY_DEFAULTS 1, 1e-8
WICK_API wick_tensor *wick_cosine_similarity(wick_tensor *x1, wick_tensor *x2);
WICK_API wick_tensor *wick_cosine_similarity_opt(wick_tensor *x1, wick_tensor *x2,
                                                 const wick_cosine_similarity_options *options);
#define wick_cosine_similarity(x1, x2, ...) \
    wick_cosine_similarity_opt(             \
        x1, x2, WICK_OPTIONS(wick_cosine_similarity_options, WICK_COSINE_SIMILARITY_DEFAULTS, __VA_ARGS__))

/* 1 - c where y is 1 and max(0, c - margin) where y is -1, where c is the cosine of x1 and x2. x1 and x2 are (N, D) or (D),
 * and y is (N) or (). */
typedef struct wick_margin_loss_options {
    size_t size_;
    char start_;
    double margin;            /* default 0 */
    wick_reduction reduction; /* default WICK_MEAN */
} wick_margin_loss_options;
WICK_API wick_tensor *wick_cosine_embedding_loss_opt(wick_tensor *x1, wick_tensor *x2, wick_tensor *y,
                                                     const wick_margin_loss_options *options);
#define wick_cosine_embedding_loss(x1, x2, y, ...) \
    wick_cosine_embedding_loss_opt(x1, x2, y, WICK_OPTIONS(wick_margin_loss_options, 0, __VA_ARGS__))

/* max(0, -y (x1 - x2) + margin), where y is 1 if x1 should be the larger, else -1. All must have the same number of
 * dimensions. */
WICK_API wick_tensor *wick_margin_ranking_loss_opt(wick_tensor *x1, wick_tensor *x2, wick_tensor *y,
                                                   const wick_margin_loss_options *options);
#define wick_margin_ranking_loss(x1, x2, y, ...) \
    wick_margin_ranking_loss_opt(x1, x2, y, WICK_OPTIONS(wick_margin_loss_options, 0, __VA_ARGS__))

/* max(0, margin + d(anchor, positive) - d(anchor, negative)), where d is pairwise_distance. The inputs are (N, D) or (D), and
 * the loss is (N) or (). */
typedef struct wick_triplet_margin_loss_options {
    size_t size_;
    char start_;
    double margin; /* above 0; default 1 */
    double p;      /* default 2 */
    double eps;    /* default 1e-6 */
    bool swap;     /* the last d is at most d(positive, negative) (Balntas et al. 2016); default false */
    wick_reduction reduction;
} wick_triplet_margin_loss_options;
#define WICK_TRIPLET_MARGIN_LOSS_DEFAULTS 1.0, 2.0, 1e-6, false, WICK_MEAN
WICK_API wick_tensor *wick_triplet_margin_loss_opt(wick_tensor *anchor, wick_tensor *positive, wick_tensor *negative,
                                                   const wick_triplet_margin_loss_options *options);
#define wick_triplet_margin_loss(anchor, positive, negative, ...) \
    wick_triplet_margin_loss_opt(                                 \
        anchor, positive, negative,                               \
        WICK_OPTIONS(wick_triplet_margin_loss_options, WICK_TRIPLET_MARGIN_LOSS_DEFAULTS, __VA_ARGS__))

/* ---- Classes -------------------------------------------------------------------------------------------------------------------- */

/* -w[y] x[y] for log-probabilities x and labels y. x is (N, C), (N, C, d1, ...) or (C); y is then (N), (N, d1, ...), or () or
 * (1). y is int64; with (N, C) and (C) it may be uint8. The mean is the sum divided by the sum of the weights of the labels
 * that count. A label outside [0, C) is an error. */
typedef struct wick_nll_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
    wick_tensor *weight;  /* per class (C); default 1 */
    int64_t ignore_index; /* labels of this value do not count; default -100 */
} wick_nll_loss_options;
#define WICK_NLL_LOSS_DEFAULTS WICK_MEAN, NULL, -100
WICK_API wick_tensor *wick_nll_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_nll_loss_opt(wick_tensor *x, wick_tensor *y, const wick_nll_loss_options *options);
#define wick_nll_loss(x, y, ...) \
    wick_nll_loss_opt(x, y, WICK_OPTIONS(wick_nll_loss_options, WICK_NLL_LOSS_DEFAULTS, __VA_ARGS__))

/* nll_loss(log_softmax(x), y) for raw scores x. y holds labels; or, in x's shape and floating point, probabilities. With
 * probabilities an ignore_index >= 0 is an error, and the mean divides by the number of elements without the class dimension. */
typedef struct wick_cross_entropy_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
    wick_tensor *weight;    /* per class (C); default 1 */
    int64_t ignore_index;   /* labels of this value do not count; default -100 */
    double label_smoothing; /* in [0, 1]; default 0 */
} wick_cross_entropy_options;
#define WICK_CROSS_ENTROPY_DEFAULTS WICK_MEAN, NULL, -100, 0.0
WICK_API wick_tensor *wick_cross_entropy(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_cross_entropy_opt(wick_tensor *x, wick_tensor *y, const wick_cross_entropy_options *options);
#define wick_cross_entropy(x, y, ...) \
    wick_cross_entropy_opt(x, y, WICK_OPTIONS(wick_cross_entropy_options, WICK_CROSS_ENTROPY_DEFAULTS, __VA_ARGS__))

/* The sum over the classes j other than y of w[y] max(0, margin - x[y] + x[j])^p, divided by C: x (N, C) and y (N); or for
 * one row x (C) or (), and y () or (1). With WICK_NONE the result has y's shape. */
typedef struct wick_multi_margin_loss_options {
    size_t size_;
    char start_;
    int64_t p;           /* 1 or 2; default 1 */
    double margin;       /* default 1 */
    wick_tensor *weight; /* per class (C); default 1 */
    wick_reduction reduction;
} wick_multi_margin_loss_options;
#define WICK_MULTI_MARGIN_LOSS_DEFAULTS 1, 1.0, NULL, WICK_MEAN
WICK_API wick_tensor *wick_multi_margin_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_multi_margin_loss_opt(wick_tensor *x, wick_tensor *y,
                                                 const wick_multi_margin_loss_options *options);
#define wick_multi_margin_loss(x, y, ...) \
    wick_multi_margin_loss_opt(           \
        x, y, WICK_OPTIONS(wick_multi_margin_loss_options, WICK_MULTI_MARGIN_LOSS_DEFAULTS, __VA_ARGS__))

/* The sum of max(0, 1 - x[k] + x[j]) over the labels k and the classes j that are not labels, divided by C: x and y are (N,
 * C), (C) or (). The labels in a row of y, int64, end at the first -1. */
typedef struct wick_multilabel_margin_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction;
} wick_multilabel_margin_loss_options;
WICK_API wick_tensor *wick_multilabel_margin_loss(wick_tensor *x, wick_tensor *y);
WICK_API wick_tensor *wick_multilabel_margin_loss_opt(wick_tensor *x, wick_tensor *y,
                                                      const wick_multilabel_margin_loss_options *options);
#define wick_multilabel_margin_loss(x, y, ...) \
    wick_multilabel_margin_loss_opt(x, y, WICK_OPTIONS(wick_multilabel_margin_loss_options, 0, __VA_ARGS__))

WICK_END_DECLS
