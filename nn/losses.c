/* losses.c - the losses, and the distances that some are made of, as modules that keep their options. */
#include "internal.h"

/* The fields of a loss are its options; weight and pos_weight are held as buffers, as in PyTorch. */
static wick_module *loss(const char *name, wick_tensor *(*forward2)(wick_module *, wick_tensor *, wick_tensor *),
                         const wick_loss_options *options)
{
    if ((options->weight && !WK_TENSOR(options->weight, name, "weight")) ||
        (options->pos_weight && !WK_TENSOR(options->pos_weight, name, "pos_weight")))
        return NULL;
    wick_module *m = wk_module_new(name, &(wick_module_options){.forward2 = forward2, .size = sizeof *options});
    if (!m)
        return NULL;
    *(wick_loss_options *)m->fields = *options;
    if ((options->weight && !wick_nn_register_buffer(m, "weight", options->weight)) ||
        (options->pos_weight && !wick_nn_register_buffer(m, "pos_weight", options->pos_weight))) {
        wk_unref(m);
        return NULL;
    }
    return wk_own(m);
}

#define LOSSES(X)                                                                                    \
    X(l1_loss, "L1Loss", wick_l1_loss_opt)                                                           \
    X(soft_margin_loss, "SoftMarginLoss", wick_soft_margin_loss_opt)                                 \
    X(multilabel_soft_margin_loss, "MultiLabelSoftMarginLoss", wick_multilabel_soft_margin_loss_opt) \
    X(multilabel_margin_loss, "MultiLabelMarginLoss", wick_multilabel_margin_loss_opt)               \
    X(mse_loss, "MSELoss", wick_mse_loss_opt)                                                        \
    X(bce_loss, "BCELoss", wick_binary_cross_entropy_opt)                                            \
    X(bce_with_logits_loss, "BCEWithLogitsLoss", wick_binary_cross_entropy_with_logits_opt)          \
    X(nll_loss, "NLLLoss", wick_nll_loss_opt)                                                        \
    X(cross_entropy_loss, "CrossEntropyLoss", wick_cross_entropy_opt)

#define DEFINE(function, class_name, operation)                                                          \
    static wick_tensor *function##_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target) \
    {                                                                                                    \
        return operation(prediction, target, *(const wick_loss_options *)m->fields);                     \
    }                                                                                                    \
    wick_module *wick_nn_##function##_opt(wick_loss_options options)                                     \
    {                                                                                                    \
        WK_ENTER;                                                                                        \
        return loss(class_name, function##_forward, &options);                                           \
    }
LOSSES(DEFINE)
#undef DEFINE

/* ---- Without tensors among the options --------------------------------------------------------------------------- */

#define TWO(X)                                                                                             \
    X(smooth_l1_loss, "SmoothL1Loss", wick_smooth_l1_loss_options, wick_smooth_l1_loss_opt)                \
    X(kl_div_loss, "KLDivLoss", wick_kl_div_options, wick_kl_div_opt)                                      \
    X(poisson_nll_loss, "PoissonNLLLoss", wick_poisson_nll_loss_options, wick_poisson_nll_loss_opt)        \
    X(hinge_embedding_loss, "HingeEmbeddingLoss", wick_margin_loss_options, wick_hinge_embedding_loss_opt) \
    X(cosine_similarity, "CosineSimilarity", wick_cosine_similarity_options, wick_cosine_similarity_opt)   \
    X(pairwise_distance, "PairwiseDistance", wick_pairwise_distance_options, wick_pairwise_distance_opt)
#define DEFINE(function, class_name, type, operation)                                                    \
    static wick_tensor *function##_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target) \
    {                                                                                                    \
        return operation(prediction, target, *(const type *)m->fields);                                  \
    }                                                                                                    \
    wick_module *wick_nn_##function##_opt(type options)                                                  \
    {                                                                                                    \
        WK_ENTER;                                                                                        \
        wick_module_options o = {.forward2 = function##_forward, .size = sizeof options};                \
        return wk_layer(class_name, o, &options);                                                        \
    }
TWO(DEFINE)
#undef DEFINE

static wick_tensor *huber_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_huber_loss_opt(prediction, target, *(const wick_huber_loss_options *)m->fields);
}
wick_module *wick_nn_huber_loss_opt(wick_huber_loss_options options)
{
    WK_ENTER;
    if (options.weight)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_nn_huber_loss: it takes no weight; use wick_huber_loss");
    wick_module_options o = {.forward2 = huber_loss_forward, .size = sizeof options};
    return wk_layer("HuberLoss", o, &options);
}

static wick_tensor *multi_margin_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_multi_margin_loss_opt(prediction, target, *(const wick_multi_margin_loss_options *)m->fields);
}
wick_module *wick_nn_multi_margin_loss_opt(wick_multi_margin_loss_options options)
{
    WK_ENTER;
    wick_module_options o = {.forward2 = multi_margin_loss_forward, .size = sizeof options};
    if (options.weight && !WK_TENSOR(options.weight, "wick_nn_multi_margin_loss", "weight"))
        return NULL;
    wick_module *m = wk_layer("MultiMarginLoss", o, &options);
    if (m && options.weight && !wick_nn_register_buffer(m, "weight", options.weight))
        return NULL;
    return m;
}

#define THREE(X)                                                                                                \
    X(cosine_embedding_loss, "CosineEmbeddingLoss", wick_margin_loss_options, wick_cosine_embedding_loss_opt)   \
    X(margin_ranking_loss, "MarginRankingLoss", wick_margin_loss_options, wick_margin_ranking_loss_opt)         \
    X(triplet_margin_loss, "TripletMarginLoss", wick_triplet_margin_loss_options, wick_triplet_margin_loss_opt) \
    X(gaussian_nll_loss, "GaussianNLLLoss", wick_gaussian_nll_loss_options, wick_gaussian_nll_loss_opt)
#define DEFINE(function, class_name, type, operation)                                                               \
    static wick_tensor *function##_forward(wick_module *m, wick_tensor *const *in, int count)                       \
    {                                                                                                               \
        if (count != 3)                                                                                             \
            return wick_fail(WICK_ERROR_ARGUMENT, "wick_nn_forward: %s takes 3 inputs but %d %s given", class_name, \
                             count, count == 1 ? "was" : "were");                                                   \
        return operation(in[0], in[1], in[2], *(const type *)m->fields);                                            \
    }                                                                                                               \
    wick_module *wick_nn_##function##_opt(type options)                                                             \
    {                                                                                                               \
        WK_ENTER;                                                                                                   \
        wick_module_options o = {.forward_n = function##_forward, .size = sizeof options};                          \
        return wk_layer(class_name, o, &options);                                                                   \
    }
THREE(DEFINE)
#undef DEFINE
