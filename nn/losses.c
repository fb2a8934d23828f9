/* losses.c - the losses, and the distances that some are made of, as modules that keep their options. */
#include <string.h>

#include "module.h"

/* A loss whose fields are its options. weight and pos_weight, where it has them, are those there, and are held as buffers, as
 * in PyTorch. */
static wick_module *loss(const char *name, wick_tensor *(*forward2)(wick_module *, wick_tensor *, wick_tensor *),
                         const void *options, size_t size, wick_tensor *weight, wick_tensor *pos_weight)
{
    if ((weight && !WK_TENSOR(weight, name, "weight")) || (pos_weight && !WK_TENSOR(pos_weight, name, "pos_weight")))
        return NULL;
    wick_module *m = wk_module_new(name, &(wick_module_options){.forward2 = forward2, .size = size});
    if (!m)
        return NULL;
    memcpy(m->fields, options, size);
    if ((weight && !wick_nn_register_buffer(m, "weight", weight)) ||
        (pos_weight && !wick_nn_register_buffer(m, "pos_weight", pos_weight))) {
        wk_unref(m);
        return NULL;
    }
    return wk_own(m);
}

static wick_tensor *l1_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_l1_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_l1_loss_opt(const wick_l1_loss_options *given)
{
    WK_ENTER;
    const wick_l1_loss_options options = WK_OPTIONS(wick_l1_loss_options, 0, given);
    return loss("L1Loss", l1_loss_forward, &options, sizeof options, options.weight, NULL);
}

static wick_tensor *soft_margin_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_soft_margin_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_soft_margin_loss_opt(const wick_soft_margin_loss_options *given)
{
    WK_ENTER;
    const wick_soft_margin_loss_options options = WK_OPTIONS(wick_soft_margin_loss_options, 0, given);
    return loss("SoftMarginLoss", soft_margin_loss_forward, &options, sizeof options, NULL, NULL);
}

static wick_tensor *multilabel_soft_margin_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_multilabel_soft_margin_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_multilabel_soft_margin_loss_opt(const wick_multilabel_soft_margin_loss_options *given)
{
    WK_ENTER;
    const wick_multilabel_soft_margin_loss_options options =
        WK_OPTIONS(wick_multilabel_soft_margin_loss_options, 0, given);
    return loss("MultiLabelSoftMarginLoss", multilabel_soft_margin_loss_forward, &options, sizeof options,
                options.weight, NULL);
}

static wick_tensor *multilabel_margin_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_multilabel_margin_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_multilabel_margin_loss_opt(const wick_multilabel_margin_loss_options *given)
{
    WK_ENTER;
    const wick_multilabel_margin_loss_options options = WK_OPTIONS(wick_multilabel_margin_loss_options, 0, given);
    return loss("MultiLabelMarginLoss", multilabel_margin_loss_forward, &options, sizeof options, NULL, NULL);
}

static wick_tensor *mse_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_mse_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_mse_loss_opt(const wick_mse_loss_options *given)
{
    WK_ENTER;
    const wick_mse_loss_options options = WK_OPTIONS(wick_mse_loss_options, 0, given);
    return loss("MSELoss", mse_loss_forward, &options, sizeof options, options.weight, NULL);
}

static wick_tensor *bce_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_binary_cross_entropy_opt(prediction, target, m->fields);
}
wick_module *wick_nn_bce_loss_opt(const wick_binary_cross_entropy_options *given)
{
    WK_ENTER;
    const wick_binary_cross_entropy_options options = WK_OPTIONS(wick_binary_cross_entropy_options, 0, given);
    return loss("BCELoss", bce_loss_forward, &options, sizeof options, options.weight, NULL);
}

static wick_tensor *bce_with_logits_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_binary_cross_entropy_with_logits_opt(prediction, target, m->fields);
}
wick_module *wick_nn_bce_with_logits_loss_opt(const wick_binary_cross_entropy_with_logits_options *given)
{
    WK_ENTER;
    const wick_binary_cross_entropy_with_logits_options options =
        WK_OPTIONS(wick_binary_cross_entropy_with_logits_options, 0, given);
    return loss("BCEWithLogitsLoss", bce_with_logits_loss_forward, &options, sizeof options, options.weight,
                options.pos_weight);
}

static wick_tensor *nll_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_nll_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_nll_loss_opt(const wick_nll_loss_options *given)
{
    WK_ENTER;
    const wick_nll_loss_options options = WK_OPTIONS(wick_nll_loss_options, WICK_NLL_LOSS_DEFAULTS, given);
    return loss("NLLLoss", nll_loss_forward, &options, sizeof options, options.weight, NULL);
}

static wick_tensor *cross_entropy_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_cross_entropy_opt(prediction, target, m->fields);
}
wick_module *wick_nn_cross_entropy_loss_opt(const wick_cross_entropy_options *given)
{
    WK_ENTER;
    const wick_cross_entropy_options options =
        WK_OPTIONS(wick_cross_entropy_options, WICK_CROSS_ENTROPY_DEFAULTS, given);
    return loss("CrossEntropyLoss", cross_entropy_loss_forward, &options, sizeof options, options.weight, NULL);
}

/* ---- Without tensors among the options --------------------------------------------------------------------------- */

static wick_tensor *smooth_l1_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_smooth_l1_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_smooth_l1_loss_opt(const wick_smooth_l1_loss_options *given)
{
    WK_ENTER;
    wick_smooth_l1_loss_options options = WK_OPTIONS(wick_smooth_l1_loss_options, WICK_SMOOTH_L1_LOSS_DEFAULTS, given);
    wick_module_options o = {.forward2 = smooth_l1_loss_forward, .size = sizeof options};
    return wk_layer("SmoothL1Loss", o, &options);
}

static wick_tensor *kl_div_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_kl_div_opt(prediction, target, m->fields);
}
wick_module *wick_nn_kl_div_loss_opt(const wick_kl_div_options *given)
{
    WK_ENTER;
    wick_kl_div_options options = WK_OPTIONS(wick_kl_div_options, 0, given);
    wick_module_options o = {.forward2 = kl_div_loss_forward, .size = sizeof options};
    return wk_layer("KLDivLoss", o, &options);
}

static wick_tensor *poisson_nll_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_poisson_nll_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_poisson_nll_loss_opt(const wick_poisson_nll_loss_options *given)
{
    WK_ENTER;
    wick_poisson_nll_loss_options options =
        WK_OPTIONS(wick_poisson_nll_loss_options, WICK_POISSON_NLL_LOSS_DEFAULTS, given);
    wick_module_options o = {.forward2 = poisson_nll_loss_forward, .size = sizeof options};
    return wk_layer("PoissonNLLLoss", o, &options);
}

static wick_tensor *hinge_embedding_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_hinge_embedding_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_hinge_embedding_loss_opt(const wick_hinge_embedding_loss_options *given)
{
    WK_ENTER;
    wick_hinge_embedding_loss_options options = WK_OPTIONS(wick_hinge_embedding_loss_options, 1.0, given);
    wick_module_options o = {.forward2 = hinge_embedding_loss_forward, .size = sizeof options};
    return wk_layer("HingeEmbeddingLoss", o, &options);
}

static wick_tensor *cosine_similarity_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_cosine_similarity_opt(prediction, target, m->fields);
}
wick_module *wick_nn_cosine_similarity_opt(const wick_cosine_similarity_options *given)
{
    WK_ENTER;
    wick_cosine_similarity_options options =
        WK_OPTIONS(wick_cosine_similarity_options, WICK_COSINE_SIMILARITY_DEFAULTS, given);
    wick_module_options o = {.forward2 = cosine_similarity_forward, .size = sizeof options};
    return wk_layer("CosineSimilarity", o, &options);
}

static wick_tensor *pairwise_distance_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_pairwise_distance_opt(prediction, target, m->fields);
}
wick_module *wick_nn_pairwise_distance_opt(const wick_pairwise_distance_options *given)
{
    WK_ENTER;
    wick_pairwise_distance_options options =
        WK_OPTIONS(wick_pairwise_distance_options, WICK_PAIRWISE_DISTANCE_DEFAULTS, given);
    wick_module_options o = {.forward2 = pairwise_distance_forward, .size = sizeof options};
    return wk_layer("PairwiseDistance", o, &options);
}

static wick_tensor *huber_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    const wick_nn_huber_loss_options *o = m->fields;
    return wick_huber_loss(prediction, target, o->reduction, o->delta);
}
wick_module *wick_nn_huber_loss_opt(const wick_nn_huber_loss_options *given)
{
    WK_ENTER;
    wick_nn_huber_loss_options options = WK_OPTIONS(wick_nn_huber_loss_options, WICK_NN_HUBER_LOSS_DEFAULTS, given);
    wick_module_options o = {.forward2 = huber_loss_forward, .size = sizeof options};
    return wk_layer("HuberLoss", o, &options);
}

static wick_tensor *multi_margin_loss_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target)
{
    return wick_multi_margin_loss_opt(prediction, target, m->fields);
}
wick_module *wick_nn_multi_margin_loss_opt(const wick_multi_margin_loss_options *given)
{
    WK_ENTER;
    wick_multi_margin_loss_options options =
        WK_OPTIONS(wick_multi_margin_loss_options, WICK_MULTI_MARGIN_LOSS_DEFAULTS, given);
    wick_module_options o = {.forward2 = multi_margin_loss_forward, .size = sizeof options};
    if (options.weight && !WK_TENSOR(options.weight, "wick_nn_multi_margin_loss", "weight"))
        return NULL;
    wick_module *m = wk_layer("MultiMarginLoss", o, &options);
    if (m && options.weight && !wick_nn_register_buffer(m, "weight", options.weight))
        return NULL;
    return m;
}

/* ---- Of three inputs ------------------------------------------------------------------------------------------------------ */

static bool are_three(const char *name, int count)
{
    if (count != 3)
        wick_fail(WICK_ERROR_ARGUMENT, "wick_nn_forward: %s takes 3 inputs but %d %s given", name, count,
                  count == 1 ? "was" : "were");
    return count == 3;
}

static wick_tensor *cosine_embedding_loss_forward(wick_module *m, wick_tensor *const *in, int count)
{
    return are_three("CosineEmbeddingLoss", count) ? wick_cosine_embedding_loss_opt(in[0], in[1], in[2], m->fields)
                                                   : NULL;
}
wick_module *wick_nn_cosine_embedding_loss_opt(const wick_margin_loss_options *given)
{
    WK_ENTER;
    wick_margin_loss_options options = WK_OPTIONS(wick_margin_loss_options, 0, given);
    wick_module_options o = {.forward_n = cosine_embedding_loss_forward, .size = sizeof options};
    return wk_layer("CosineEmbeddingLoss", o, &options);
}

static wick_tensor *margin_ranking_loss_forward(wick_module *m, wick_tensor *const *in, int count)
{
    return are_three("MarginRankingLoss", count) ? wick_margin_ranking_loss_opt(in[0], in[1], in[2], m->fields) : NULL;
}
wick_module *wick_nn_margin_ranking_loss_opt(const wick_margin_loss_options *given)
{
    WK_ENTER;
    wick_margin_loss_options options = WK_OPTIONS(wick_margin_loss_options, 0, given);
    wick_module_options o = {.forward_n = margin_ranking_loss_forward, .size = sizeof options};
    return wk_layer("MarginRankingLoss", o, &options);
}

static wick_tensor *triplet_margin_loss_forward(wick_module *m, wick_tensor *const *in, int count)
{
    return are_three("TripletMarginLoss", count) ? wick_triplet_margin_loss_opt(in[0], in[1], in[2], m->fields) : NULL;
}
wick_module *wick_nn_triplet_margin_loss_opt(const wick_triplet_margin_loss_options *given)
{
    WK_ENTER;
    wick_triplet_margin_loss_options options =
        WK_OPTIONS(wick_triplet_margin_loss_options, WICK_TRIPLET_MARGIN_LOSS_DEFAULTS, given);
    wick_module_options o = {.forward_n = triplet_margin_loss_forward, .size = sizeof options};
    return wk_layer("TripletMarginLoss", o, &options);
}

static wick_tensor *gaussian_nll_loss_forward(wick_module *m, wick_tensor *const *in, int count)
{
    return are_three("GaussianNLLLoss", count) ? wick_gaussian_nll_loss_opt(in[0], in[1], in[2], m->fields) : NULL;
}
wick_module *wick_nn_gaussian_nll_loss_opt(const wick_gaussian_nll_loss_options *given)
{
    WK_ENTER;
    wick_gaussian_nll_loss_options options =
        WK_OPTIONS(wick_gaussian_nll_loss_options, WICK_GAUSSIAN_NLL_LOSS_DEFAULTS, given);
    wick_module_options o = {.forward_n = gaussian_nll_loss_forward, .size = sizeof options};
    return wk_layer("GaussianNLLLoss", o, &options);
}
