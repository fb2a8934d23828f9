/* losses.h - losses and distances as modules; a part of nn.h.
 *
 * Each keeps the options of its function in autograd/ops/loss.h, which also says what shapes and dtypes it takes. The inputs
 * are a prediction x and a target y, wick_nn_forward(loss, x, y), unless the comment says otherwise; another number of inputs
 * is an error. The formulas are for the default .reduction, WICK_MEAN; WICK_SUM adds the terms up, and WICK_NONE returns them
 * one by one. w is the option .weight, default 1; .weight and .pos_weight become buffers. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "layers.h"

WICK_BEGIN_DECLS

/* ---- Losses of a prediction and a target ---------------------------------------------------------------------------------- */

/* The mean of |x - y|: torch.nn.L1Loss. */
WICK_API wick_module *wick_nn_l1_loss(void);
WICK_API wick_module *wick_nn_l1_loss_opt(const wick_l1_loss_options *options);
#define wick_nn_l1_loss(...) wick_nn_l1_loss_opt(WICK_OPTIONS(wick_l1_loss_options, 0, __VA_ARGS__))

/* The mean of (x - y)^2: torch.nn.MSELoss. */
WICK_API wick_module *wick_nn_mse_loss(void);
WICK_API wick_module *wick_nn_mse_loss_opt(const wick_mse_loss_options *options);
#define wick_nn_mse_loss(...) wick_nn_mse_loss_opt(WICK_OPTIONS(wick_mse_loss_options, 0, __VA_ARGS__))

/* The mean of -w (y log x + (1 - y) log(1 - x)), for probabilities x in [0, 1]: torch.nn.BCELoss. */
WICK_API wick_module *wick_nn_bce_loss(void);
WICK_API wick_module *wick_nn_bce_loss_opt(const wick_binary_cross_entropy_options *options);
#define wick_nn_bce_loss(...) wick_nn_bce_loss_opt(WICK_OPTIONS(wick_binary_cross_entropy_options, 0, __VA_ARGS__))

/* The mean of -w (p y log s(x) + (1 - y) log(1 - s(x))), where s is sigmoid and p is pos_weight:
 * torch.nn.BCEWithLogitsLoss. It does not overflow, for any scores x. */
WICK_API wick_module *wick_nn_bce_with_logits_loss(void);
WICK_API wick_module *wick_nn_bce_with_logits_loss_opt(const wick_binary_cross_entropy_with_logits_options *options);
#define wick_nn_bce_with_logits_loss(...) \
    wick_nn_bce_with_logits_loss_opt(WICK_OPTIONS(wick_binary_cross_entropy_with_logits_options, 0, __VA_ARGS__))

/* The mean of -w[y] x[y], for log-probabilities x (N, C) and labels y (N), over the sum of the weights: torch.nn.NLLLoss. */
WICK_API wick_module *wick_nn_nll_loss(void);
WICK_API wick_module *wick_nn_nll_loss_opt(const wick_nll_loss_options *options);
#define wick_nn_nll_loss(...) \
    wick_nn_nll_loss_opt(WICK_OPTIONS(wick_nll_loss_options, WICK_NLL_LOSS_DEFAULTS, __VA_ARGS__))

/* The mean of -w[y] log softmax(x)[y], for scores x (N, C) and labels y (N), over the sum of the weights; y may also hold
 * probabilities (N, C): torch.nn.CrossEntropyLoss. */
WICK_API wick_module *wick_nn_cross_entropy_loss(void);
WICK_API wick_module *wick_nn_cross_entropy_loss_opt(const wick_cross_entropy_options *options);
#define wick_nn_cross_entropy_loss(...) \
    wick_nn_cross_entropy_loss_opt(WICK_OPTIONS(wick_cross_entropy_options, WICK_CROSS_ENTROPY_DEFAULTS, __VA_ARGS__))

/* The mean of log(1 + e^(-y x)), for y of 1 and -1: torch.nn.SoftMarginLoss. */
WICK_API wick_module *wick_nn_soft_margin_loss(void);
WICK_API wick_module *wick_nn_soft_margin_loss_opt(const wick_soft_margin_loss_options *options);
#define wick_nn_soft_margin_loss(...) \
    wick_nn_soft_margin_loss_opt(WICK_OPTIONS(wick_soft_margin_loss_options, 0, __VA_ARGS__))

/* The mean of -w (y log s(x) + (1 - y) log(1 - s(x))), where s is sigmoid, for scores x and y of 0 and 1, both (N, C):
 * torch.nn.MultiLabelSoftMarginLoss. weight: (C). */
WICK_API wick_module *wick_nn_multilabel_soft_margin_loss(void);
WICK_API wick_module *wick_nn_multilabel_soft_margin_loss_opt(const wick_multilabel_soft_margin_loss_options *options);
#define wick_nn_multilabel_soft_margin_loss(...) \
    wick_nn_multilabel_soft_margin_loss_opt(WICK_OPTIONS(wick_multilabel_soft_margin_loss_options, 0, __VA_ARGS__))

/* For each row, the sum of max(0, 1 - x[k] + x[j]) over its labels k and all classes j that are not labels, over C; then
 * the mean over the rows: torch.nn.MultiLabelMarginLoss. x and y are (N, C); the labels in a row of y, int64, end at the
 * first -1. */
WICK_API wick_module *wick_nn_multilabel_margin_loss(void);
WICK_API wick_module *wick_nn_multilabel_margin_loss_opt(const wick_multilabel_margin_loss_options *options);
#define wick_nn_multilabel_margin_loss(...) \
    wick_nn_multilabel_margin_loss_opt(WICK_OPTIONS(wick_multilabel_margin_loss_options, 0, __VA_ARGS__))

/* The mean of d^2 / (2 beta) where d = |x - y| < beta, else of d - beta / 2: torch.nn.SmoothL1Loss. */
WICK_API wick_module *wick_nn_smooth_l1_loss(void);
WICK_API wick_module *wick_nn_smooth_l1_loss_opt(const wick_smooth_l1_loss_options *options);
#define wick_nn_smooth_l1_loss(...) \
    wick_nn_smooth_l1_loss_opt(WICK_OPTIONS(wick_smooth_l1_loss_options, WICK_SMOOTH_L1_LOSS_DEFAULTS, __VA_ARGS__))

/* The mean of d^2 / 2 where d = |x - y| <= delta, else of delta (d - delta / 2): torch.nn.HuberLoss. */
typedef struct wick_nn_huber_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction; /* default WICK_MEAN */
    double delta;             /* above 0; default 1 */
} wick_nn_huber_loss_options;
#define WICK_NN_HUBER_LOSS_DEFAULTS WICK_MEAN, 1.0
WICK_API wick_module *wick_nn_huber_loss(void);
WICK_API wick_module *wick_nn_huber_loss_opt(const wick_nn_huber_loss_options *options);
#define wick_nn_huber_loss(...) \
    wick_nn_huber_loss_opt(WICK_OPTIONS(wick_nn_huber_loss_options, WICK_NN_HUBER_LOSS_DEFAULTS, __VA_ARGS__))

/* The mean of y (log y - x), for log-probabilities x and probabilities y, or of e^y (y - x) with .log_target:
 * torch.nn.KLDivLoss. .reduction = WICK_BATCHMEAN gives the mathematical mean over the rows; the default mean warns. */
WICK_API wick_module *wick_nn_kl_div_loss(void);
WICK_API wick_module *wick_nn_kl_div_loss_opt(const wick_kl_div_options *options);
#define wick_nn_kl_div_loss(...) wick_nn_kl_div_loss_opt(WICK_OPTIONS(wick_kl_div_options, 0, __VA_ARGS__))

/* The mean of e^x - y x, for the logarithm x of a Poisson distribution's mean, or of x - y log(x + eps) for the mean x
 * itself, with .log_input = false: torch.nn.PoissonNLLLoss. */
WICK_API wick_module *wick_nn_poisson_nll_loss(void);
WICK_API wick_module *wick_nn_poisson_nll_loss_opt(const wick_poisson_nll_loss_options *options);
#define wick_nn_poisson_nll_loss(...) \
    wick_nn_poisson_nll_loss_opt(     \
        WICK_OPTIONS(wick_poisson_nll_loss_options, WICK_POISSON_NLL_LOSS_DEFAULTS, __VA_ARGS__))

/* The mean of x where y is 1 and max(0, margin - x) where y is -1, for distances x: torch.nn.HingeEmbeddingLoss. margin:
 * default 1. */
WICK_API wick_module *wick_nn_hinge_embedding_loss(void);
WICK_API wick_module *wick_nn_hinge_embedding_loss_opt(const wick_hinge_embedding_loss_options *options);
#define wick_nn_hinge_embedding_loss(...) \
    wick_nn_hinge_embedding_loss_opt(WICK_OPTIONS(wick_hinge_embedding_loss_options, 1.0, __VA_ARGS__))

/* The mean over the rows of the sum over the classes j other than y of w[y] max(0, margin - x[y] + x[j])^p, over C, for
 * scores x (N, C) and labels y (N): torch.nn.MultiMarginLoss. */
WICK_API wick_module *wick_nn_multi_margin_loss(void);
WICK_API wick_module *wick_nn_multi_margin_loss_opt(const wick_multi_margin_loss_options *options);
#define wick_nn_multi_margin_loss(...) \
    wick_nn_multi_margin_loss_opt(     \
        WICK_OPTIONS(wick_multi_margin_loss_options, WICK_MULTI_MARGIN_LOSS_DEFAULTS, __VA_ARGS__))

/* ---- Distances and angles, which are not losses and have no reduction ----------------------------------------------------- */

/* The p-norm of x1 - x2 + eps over the last dimension: torch.nn.PairwiseDistance. Its inputs are (x1, x2). */
WICK_API wick_module *wick_nn_pairwise_distance(void);
WICK_API wick_module *wick_nn_pairwise_distance_opt(const wick_pairwise_distance_options *options);
#define wick_nn_pairwise_distance(...) \
    wick_nn_pairwise_distance_opt(     \
        WICK_OPTIONS(wick_pairwise_distance_options, WICK_PAIRWISE_DISTANCE_DEFAULTS, __VA_ARGS__))

/* x1 x2 / (max(|x1|, eps) max(|x2|, eps)) over dimension dim: torch.nn.CosineSimilarity. Its inputs are (x1, x2). */
WICK_API wick_module *wick_nn_cosine_similarity(void);
WICK_API wick_module *wick_nn_cosine_similarity_opt(const wick_cosine_similarity_options *options);
#define wick_nn_cosine_similarity(...) \
    wick_nn_cosine_similarity_opt(     \
        WICK_OPTIONS(wick_cosine_similarity_options, WICK_COSINE_SIMILARITY_DEFAULTS, __VA_ARGS__))

/* ---- Losses with three inputs --------------------------------------------------------------------------------------------- */

/* The mean of 1 - c where y is 1 and max(0, c - margin) where y is -1, where c is the cosine of x1 and x2:
 * torch.nn.CosineEmbeddingLoss. Its inputs are (x1, x2, y): (N, D), (N, D), (N). margin: default 0. */
WICK_API wick_module *wick_nn_cosine_embedding_loss(void);
WICK_API wick_module *wick_nn_cosine_embedding_loss_opt(const wick_margin_loss_options *options);
#define wick_nn_cosine_embedding_loss(...) \
    wick_nn_cosine_embedding_loss_opt(WICK_OPTIONS(wick_margin_loss_options, 0, __VA_ARGS__))

/* The mean of max(0, -y (x1 - x2) + margin), where y is 1 if x1 should be the larger, else -1:
 * torch.nn.MarginRankingLoss. Its inputs are (x1, x2, y). margin: default 0. */
WICK_API wick_module *wick_nn_margin_ranking_loss(void);
WICK_API wick_module *wick_nn_margin_ranking_loss_opt(const wick_margin_loss_options *options);
#define wick_nn_margin_ranking_loss(...) \
    wick_nn_margin_ranking_loss_opt(WICK_OPTIONS(wick_margin_loss_options, 0, __VA_ARGS__))

/* The mean of max(0, d(anchor, positive) - d(anchor, negative) + margin), where d is the pairwise_distance
 * with .p and .eps: torch.nn.TripletMarginLoss. Its inputs are (anchor, positive, negative), (N, D) each. */
WICK_API wick_module *wick_nn_triplet_margin_loss(void);
WICK_API wick_module *wick_nn_triplet_margin_loss_opt(const wick_triplet_margin_loss_options *options);
#define wick_nn_triplet_margin_loss(...) \
    wick_nn_triplet_margin_loss_opt(     \
        WICK_OPTIONS(wick_triplet_margin_loss_options, WICK_TRIPLET_MARGIN_LOSS_DEFAULTS, __VA_ARGS__))

/* The mean of (log v + (x - y)^2 / v) / 2, where v = max(var, eps): torch.nn.GaussianNLLLoss. Its inputs are (prediction,
 * target, var). */
WICK_API wick_module *wick_nn_gaussian_nll_loss(void);
WICK_API wick_module *wick_nn_gaussian_nll_loss_opt(const wick_gaussian_nll_loss_options *options);
#define wick_nn_gaussian_nll_loss(...) \
    wick_nn_gaussian_nll_loss_opt(     \
        WICK_OPTIONS(wick_gaussian_nll_loss_options, WICK_GAUSSIAN_NLL_LOSS_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
