/* named_modules.c - layers, losses and initialisations as functions without options, which have an address.
 * NULL stands for the defaults. The macros over the names are those of the headers. */
#include "../tensor/call.h"
#include "init.h"
#include "nn.h"

/* ---- Layers ---- */

#undef wick_nn_linear
wick_module *wick_nn_linear(int64_t in, int64_t out)
{
    WK_ENTER;
    return wick_nn_linear_opt(in, out, NULL);
}

#undef wick_nn_bilinear
wick_module *wick_nn_bilinear(int64_t in1, int64_t in2, int64_t out)
{
    WK_ENTER;
    return wick_nn_bilinear_opt(in1, in2, out, NULL);
}

#undef wick_nn_lazy_linear
wick_module *wick_nn_lazy_linear(int64_t out)
{
    WK_ENTER;
    return wick_nn_lazy_linear_opt(out, NULL);
}

#undef wick_nn_embedding
wick_module *wick_nn_embedding(int64_t num_embeddings, int64_t embedding_dim)
{
    WK_ENTER;
    return wick_nn_embedding_opt(num_embeddings, embedding_dim, NULL);
}

#undef wick_nn_batch_norm1d
wick_module *wick_nn_batch_norm1d(int64_t num_features)
{
    WK_ENTER;
    return wick_nn_batch_norm1d_opt(num_features, NULL);
}

#undef wick_nn_layer_norm
wick_module *wick_nn_layer_norm(wick_dims normalized_shape)
{
    WK_ENTER;
    return wick_nn_layer_norm_opt(normalized_shape, NULL);
}

#undef wick_nn_rms_norm
wick_module *wick_nn_rms_norm(wick_dims normalized_shape)
{
    WK_ENTER;
    return wick_nn_rms_norm_opt(normalized_shape, NULL);
}

#undef wick_nn_group_norm
wick_module *wick_nn_group_norm(int64_t num_groups, int64_t num_channels)
{
    WK_ENTER;
    return wick_nn_group_norm_opt(num_groups, num_channels, NULL);
}

#undef wick_nn_lazy_batch_norm1d
wick_module *wick_nn_lazy_batch_norm1d(void)
{
    WK_ENTER;
    return wick_nn_lazy_batch_norm1d_opt(NULL);
}

#undef wick_nn_prelu
wick_module *wick_nn_prelu(void)
{
    WK_ENTER;
    return wick_nn_prelu_opt(NULL);
}

#undef wick_nn_flatten
wick_module *wick_nn_flatten(void)
{
    WK_ENTER;
    return wick_nn_flatten_opt(NULL);
}

#undef wick_nn_dropout
wick_module *wick_nn_dropout(void)
{
    WK_ENTER;
    return wick_nn_dropout_opt(NULL);
}

#undef wick_nn_alpha_dropout
wick_module *wick_nn_alpha_dropout(void)
{
    WK_ENTER;
    return wick_nn_alpha_dropout_opt(NULL);
}

#undef wick_nn_softmax
wick_module *wick_nn_softmax(void)
{
    WK_ENTER;
    return wick_nn_softmax_opt(NULL);
}

#undef wick_nn_log_softmax
wick_module *wick_nn_log_softmax(void)
{
    WK_ENTER;
    return wick_nn_log_softmax_opt(NULL);
}

#undef wick_nn_softmin
wick_module *wick_nn_softmin(void)
{
    WK_ENTER;
    return wick_nn_softmin_opt(NULL);
}

#undef wick_nn_relu
wick_module *wick_nn_relu(void)
{
    WK_ENTER;
    return wick_nn_relu_opt(NULL);
}

#undef wick_nn_relu6
wick_module *wick_nn_relu6(void)
{
    WK_ENTER;
    return wick_nn_relu6_opt(NULL);
}

#undef wick_nn_selu
wick_module *wick_nn_selu(void)
{
    WK_ENTER;
    return wick_nn_selu_opt(NULL);
}

#undef wick_nn_silu
wick_module *wick_nn_silu(void)
{
    WK_ENTER;
    return wick_nn_silu_opt(NULL);
}

#undef wick_nn_mish
wick_module *wick_nn_mish(void)
{
    WK_ENTER;
    return wick_nn_mish_opt(NULL);
}

#undef wick_nn_hardsigmoid
wick_module *wick_nn_hardsigmoid(void)
{
    WK_ENTER;
    return wick_nn_hardsigmoid_opt(NULL);
}

#undef wick_nn_hardswish
wick_module *wick_nn_hardswish(void)
{
    WK_ENTER;
    return wick_nn_hardswish_opt(NULL);
}

#undef wick_nn_leaky_relu
wick_module *wick_nn_leaky_relu(void)
{
    WK_ENTER;
    return wick_nn_leaky_relu_opt(NULL);
}

#undef wick_nn_rrelu
wick_module *wick_nn_rrelu(void)
{
    WK_ENTER;
    return wick_nn_rrelu_opt(NULL);
}

#undef wick_nn_elu
wick_module *wick_nn_elu(void)
{
    WK_ENTER;
    return wick_nn_elu_opt(NULL);
}

#undef wick_nn_celu
wick_module *wick_nn_celu(void)
{
    WK_ENTER;
    return wick_nn_celu_opt(NULL);
}

#undef wick_nn_hardtanh
wick_module *wick_nn_hardtanh(void)
{
    WK_ENTER;
    return wick_nn_hardtanh_opt(NULL);
}

#undef wick_nn_gelu
wick_module *wick_nn_gelu(void)
{
    WK_ENTER;
    return wick_nn_gelu_opt(NULL);
}

#undef wick_nn_softplus
wick_module *wick_nn_softplus(void)
{
    WK_ENTER;
    return wick_nn_softplus_opt(NULL);
}

#undef wick_nn_softshrink
wick_module *wick_nn_softshrink(void)
{
    WK_ENTER;
    return wick_nn_softshrink_opt(NULL);
}

#undef wick_nn_hardshrink
wick_module *wick_nn_hardshrink(void)
{
    WK_ENTER;
    return wick_nn_hardshrink_opt(NULL);
}

#undef wick_nn_glu
wick_module *wick_nn_glu(void)
{
    WK_ENTER;
    return wick_nn_glu_opt(NULL);
}

/* ---- Losses ---- */

#undef wick_nn_l1_loss
wick_module *wick_nn_l1_loss(void)
{
    WK_ENTER;
    return wick_nn_l1_loss_opt(NULL);
}

#undef wick_nn_mse_loss
wick_module *wick_nn_mse_loss(void)
{
    WK_ENTER;
    return wick_nn_mse_loss_opt(NULL);
}

#undef wick_nn_bce_loss
wick_module *wick_nn_bce_loss(void)
{
    WK_ENTER;
    return wick_nn_bce_loss_opt(NULL);
}

#undef wick_nn_bce_with_logits_loss
wick_module *wick_nn_bce_with_logits_loss(void)
{
    WK_ENTER;
    return wick_nn_bce_with_logits_loss_opt(NULL);
}

#undef wick_nn_nll_loss
wick_module *wick_nn_nll_loss(void)
{
    WK_ENTER;
    return wick_nn_nll_loss_opt(NULL);
}

#undef wick_nn_cross_entropy_loss
wick_module *wick_nn_cross_entropy_loss(void)
{
    WK_ENTER;
    return wick_nn_cross_entropy_loss_opt(NULL);
}

#undef wick_nn_soft_margin_loss
wick_module *wick_nn_soft_margin_loss(void)
{
    WK_ENTER;
    return wick_nn_soft_margin_loss_opt(NULL);
}

#undef wick_nn_multilabel_soft_margin_loss
wick_module *wick_nn_multilabel_soft_margin_loss(void)
{
    WK_ENTER;
    return wick_nn_multilabel_soft_margin_loss_opt(NULL);
}

#undef wick_nn_multilabel_margin_loss
wick_module *wick_nn_multilabel_margin_loss(void)
{
    WK_ENTER;
    return wick_nn_multilabel_margin_loss_opt(NULL);
}

#undef wick_nn_smooth_l1_loss
wick_module *wick_nn_smooth_l1_loss(void)
{
    WK_ENTER;
    return wick_nn_smooth_l1_loss_opt(NULL);
}

#undef wick_nn_huber_loss
wick_module *wick_nn_huber_loss(void)
{
    WK_ENTER;
    return wick_nn_huber_loss_opt(NULL);
}

#undef wick_nn_kl_div_loss
wick_module *wick_nn_kl_div_loss(void)
{
    WK_ENTER;
    return wick_nn_kl_div_loss_opt(NULL);
}

#undef wick_nn_poisson_nll_loss
wick_module *wick_nn_poisson_nll_loss(void)
{
    WK_ENTER;
    return wick_nn_poisson_nll_loss_opt(NULL);
}

#undef wick_nn_hinge_embedding_loss
wick_module *wick_nn_hinge_embedding_loss(void)
{
    WK_ENTER;
    return wick_nn_hinge_embedding_loss_opt(NULL);
}

#undef wick_nn_multi_margin_loss
wick_module *wick_nn_multi_margin_loss(void)
{
    WK_ENTER;
    return wick_nn_multi_margin_loss_opt(NULL);
}

#undef wick_nn_pairwise_distance
wick_module *wick_nn_pairwise_distance(void)
{
    WK_ENTER;
    return wick_nn_pairwise_distance_opt(NULL);
}

#undef wick_nn_cosine_similarity
wick_module *wick_nn_cosine_similarity(void)
{
    WK_ENTER;
    return wick_nn_cosine_similarity_opt(NULL);
}

#undef wick_nn_cosine_embedding_loss
wick_module *wick_nn_cosine_embedding_loss(void)
{
    WK_ENTER;
    return wick_nn_cosine_embedding_loss_opt(NULL);
}

#undef wick_nn_margin_ranking_loss
wick_module *wick_nn_margin_ranking_loss(void)
{
    WK_ENTER;
    return wick_nn_margin_ranking_loss_opt(NULL);
}

#undef wick_nn_triplet_margin_loss
wick_module *wick_nn_triplet_margin_loss(void)
{
    WK_ENTER;
    return wick_nn_triplet_margin_loss_opt(NULL);
}

#undef wick_nn_gaussian_nll_loss
wick_module *wick_nn_gaussian_nll_loss(void)
{
    WK_ENTER;
    return wick_nn_gaussian_nll_loss_opt(NULL);
}

/* ---- Initialisations ---- */

#undef wick_init_uniform_
wick_tensor *wick_init_uniform_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_uniform_opt_(t, NULL);
}

#undef wick_init_normal_
wick_tensor *wick_init_normal_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_normal_opt_(t, NULL);
}

#undef wick_init_trunc_normal_
wick_tensor *wick_init_trunc_normal_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_trunc_normal_opt_(t, NULL);
}

#undef wick_init_xavier_uniform_
wick_tensor *wick_init_xavier_uniform_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_xavier_uniform_opt_(t, NULL);
}

#undef wick_init_xavier_normal_
wick_tensor *wick_init_xavier_normal_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_xavier_normal_opt_(t, NULL);
}

#undef wick_init_orthogonal_
wick_tensor *wick_init_orthogonal_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_orthogonal_opt_(t, NULL);
}

#undef wick_init_kaiming_uniform_
wick_tensor *wick_init_kaiming_uniform_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_kaiming_uniform_opt_(t, NULL);
}

#undef wick_init_kaiming_normal_
wick_tensor *wick_init_kaiming_normal_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_kaiming_normal_opt_(t, NULL);
}
