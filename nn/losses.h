/* losses.h - losses and distances as modules; a part of nn.h.
 *
 * Each is the loss function of autograd/ops/loss.h with its options kept: torch.nn.MSELoss and so on. weight and pos_weight
 * become buffers. Inputs are (prediction, target), unless it says otherwise; another number of them is an error. */
#ifndef WICK_NN_LOSSES_H
#define WICK_NN_LOSSES_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "layers.h"

WICK_BEGIN_DECLS

WICK_API wick_module *wick_nn_l1_loss(void);
WICK_API wick_module *wick_nn_l1_loss_opt(const wick_l1_loss_options *options);
WICK_API wick_module *wick_nn_mse_loss(void);
WICK_API wick_module *wick_nn_mse_loss_opt(const wick_mse_loss_options *options);
WICK_API wick_module *wick_nn_bce_loss(void);
WICK_API wick_module *wick_nn_bce_loss_opt(const wick_binary_cross_entropy_options *options);
WICK_API wick_module *wick_nn_bce_with_logits_loss(void);
WICK_API wick_module *wick_nn_bce_with_logits_loss_opt(const wick_binary_cross_entropy_with_logits_options *options);
WICK_API wick_module *wick_nn_nll_loss(void);
WICK_API wick_module *wick_nn_nll_loss_opt(const wick_nll_loss_options *options);
WICK_API wick_module *wick_nn_cross_entropy_loss(void);
WICK_API wick_module *wick_nn_cross_entropy_loss_opt(const wick_cross_entropy_options *options);
WICK_API wick_module *wick_nn_soft_margin_loss(void);
WICK_API wick_module *wick_nn_soft_margin_loss_opt(const wick_soft_margin_loss_options *options);
WICK_API wick_module *wick_nn_multilabel_soft_margin_loss(void);
WICK_API wick_module *wick_nn_multilabel_soft_margin_loss_opt(const wick_multilabel_soft_margin_loss_options *options);
WICK_API wick_module *wick_nn_multilabel_margin_loss(void);
WICK_API wick_module *wick_nn_multilabel_margin_loss_opt(const wick_multilabel_margin_loss_options *options);
#define wick_nn_l1_loss(...) wick_nn_l1_loss_opt(WICK_OPTIONS(wick_l1_loss_options, WICK_L1_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_mse_loss(...) \
    wick_nn_mse_loss_opt(WICK_OPTIONS(wick_mse_loss_options, WICK_MSE_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_bce_loss(...) \
    wick_nn_bce_loss_opt(     \
        WICK_OPTIONS(wick_binary_cross_entropy_options, WICK_BINARY_CROSS_ENTROPY_DEFAULTS, __VA_ARGS__))
#define wick_nn_bce_with_logits_loss(...)                                                        \
    wick_nn_bce_with_logits_loss_opt(WICK_OPTIONS(wick_binary_cross_entropy_with_logits_options, \
                                                  WICK_BINARY_CROSS_ENTROPY_WITH_LOGITS_DEFAULTS, __VA_ARGS__))
#define wick_nn_nll_loss(...) \
    wick_nn_nll_loss_opt(WICK_OPTIONS(wick_nll_loss_options, WICK_NLL_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_cross_entropy_loss(...) \
    wick_nn_cross_entropy_loss_opt(WICK_OPTIONS(wick_cross_entropy_options, WICK_CROSS_ENTROPY_DEFAULTS, __VA_ARGS__))
#define wick_nn_soft_margin_loss(...) \
    wick_nn_soft_margin_loss_opt(     \
        WICK_OPTIONS(wick_soft_margin_loss_options, WICK_SOFT_MARGIN_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_multilabel_soft_margin_loss(...)                                                   \
    wick_nn_multilabel_soft_margin_loss_opt(WICK_OPTIONS(wick_multilabel_soft_margin_loss_options, \
                                                         WICK_MULTILABEL_SOFT_MARGIN_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_multilabel_margin_loss(...) \
    wick_nn_multilabel_margin_loss_opt(     \
        WICK_OPTIONS(wick_multilabel_margin_loss_options, WICK_MULTILABEL_MARGIN_LOSS_DEFAULTS, __VA_ARGS__))

WICK_API wick_module *wick_nn_smooth_l1_loss(void);
WICK_API wick_module *wick_nn_smooth_l1_loss_opt(const wick_smooth_l1_loss_options *options);
typedef struct wick_nn_huber_loss_options {
    size_t size_;
    char start_;
    wick_reduction reduction; /* default WICK_MEAN */
    double delta;             /* above 0; default 1 */
} wick_nn_huber_loss_options;
#define WICK_NN_HUBER_LOSS_DEFAULTS 0, WICK_MEAN, 1.0
WICK_API wick_module *wick_nn_huber_loss(void);
WICK_API wick_module *wick_nn_huber_loss_opt(const wick_nn_huber_loss_options *options);
WICK_API wick_module *wick_nn_kl_div_loss(void);
WICK_API wick_module *wick_nn_kl_div_loss_opt(const wick_kl_div_options *options);
WICK_API wick_module *wick_nn_poisson_nll_loss(void);
WICK_API wick_module *wick_nn_poisson_nll_loss_opt(const wick_poisson_nll_loss_options *options);
WICK_API wick_module *wick_nn_hinge_embedding_loss(void);
WICK_API wick_module *wick_nn_hinge_embedding_loss_opt(const wick_margin_loss_options *options);
WICK_API wick_module *wick_nn_multi_margin_loss(void);
WICK_API wick_module *wick_nn_multi_margin_loss_opt(
    const wick_multi_margin_loss_options *options); /* weight: a buffer */
#define wick_nn_smooth_l1_loss(...) \
    wick_nn_smooth_l1_loss_opt(WICK_OPTIONS(wick_smooth_l1_loss_options, WICK_SMOOTH_L1_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_huber_loss(...) \
    wick_nn_huber_loss_opt(WICK_OPTIONS(wick_nn_huber_loss_options, WICK_NN_HUBER_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_kl_div_loss(...) \
    wick_nn_kl_div_loss_opt(WICK_OPTIONS(wick_kl_div_options, WICK_KL_DIV_DEFAULTS, __VA_ARGS__))
#define wick_nn_poisson_nll_loss(...) \
    wick_nn_poisson_nll_loss_opt(     \
        WICK_OPTIONS(wick_poisson_nll_loss_options, WICK_POISSON_NLL_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_hinge_embedding_loss(...) \
    wick_nn_hinge_embedding_loss_opt(     \
        WICK_OPTIONS(wick_margin_loss_options, WICK_HINGE_EMBEDDING_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_multi_margin_loss(...) \
    wick_nn_multi_margin_loss_opt(     \
        WICK_OPTIONS(wick_multi_margin_loss_options, WICK_MULTI_MARGIN_LOSS_DEFAULTS, __VA_ARGS__))

/* Not losses: the distance and the cosine of two inputs (x1, x2). */
WICK_API wick_module *wick_nn_pairwise_distance(void);
WICK_API wick_module *wick_nn_pairwise_distance_opt(const wick_pairwise_distance_options *options);
WICK_API wick_module *wick_nn_cosine_similarity(void);
WICK_API wick_module *wick_nn_cosine_similarity_opt(const wick_cosine_similarity_options *options);
#define wick_nn_pairwise_distance(...) \
    wick_nn_pairwise_distance_opt(     \
        WICK_OPTIONS(wick_pairwise_distance_options, WICK_PAIRWISE_DISTANCE_DEFAULTS, __VA_ARGS__))
#define wick_nn_cosine_similarity(...) \
    wick_nn_cosine_similarity_opt(     \
        WICK_OPTIONS(wick_cosine_similarity_options, WICK_COSINE_SIMILARITY_DEFAULTS, __VA_ARGS__))

/* Losses with three inputs: (x1, x2, y), (anchor, positive, negative), (prediction, target, var). */
WICK_API wick_module *wick_nn_cosine_embedding_loss(void);
WICK_API wick_module *wick_nn_cosine_embedding_loss_opt(const wick_margin_loss_options *options);
WICK_API wick_module *wick_nn_margin_ranking_loss(void);
WICK_API wick_module *wick_nn_margin_ranking_loss_opt(const wick_margin_loss_options *options);
WICK_API wick_module *wick_nn_triplet_margin_loss(void);
WICK_API wick_module *wick_nn_triplet_margin_loss_opt(const wick_triplet_margin_loss_options *options);
WICK_API wick_module *wick_nn_gaussian_nll_loss(void);
WICK_API wick_module *wick_nn_gaussian_nll_loss_opt(const wick_gaussian_nll_loss_options *options);
#define wick_nn_cosine_embedding_loss(...) \
    wick_nn_cosine_embedding_loss_opt(     \
        WICK_OPTIONS(wick_margin_loss_options, WICK_COSINE_EMBEDDING_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_margin_ranking_loss(...) \
    wick_nn_margin_ranking_loss_opt(     \
        WICK_OPTIONS(wick_margin_loss_options, WICK_MARGIN_RANKING_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_triplet_margin_loss(...) \
    wick_nn_triplet_margin_loss_opt(     \
        WICK_OPTIONS(wick_triplet_margin_loss_options, WICK_TRIPLET_MARGIN_LOSS_DEFAULTS, __VA_ARGS__))
#define wick_nn_gaussian_nll_loss(...) \
    wick_nn_gaussian_nll_loss_opt(     \
        WICK_OPTIONS(wick_gaussian_nll_loss_options, WICK_GAUSSIAN_NLL_LOSS_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
#endif
