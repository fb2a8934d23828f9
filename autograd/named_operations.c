/* named_operations.c - the operations with options as functions without any, which have an address.
 * NULL stands for the defaults. The macros over the names are those of the headers. */
#include "../tensor/call.h"
#include "ops.h"

/* ---- Of one tensor ---- */

#undef wick_leaky_relu
wick_tensor *wick_leaky_relu(wick_tensor *x)
{
    WK_ENTER;
    return wick_leaky_relu_opt(x, NULL);
}

#undef wick_elu
wick_tensor *wick_elu(wick_tensor *x)
{
    WK_ENTER;
    return wick_elu_opt(x, NULL);
}

#undef wick_celu
wick_tensor *wick_celu(wick_tensor *x)
{
    WK_ENTER;
    return wick_celu_opt(x, NULL);
}

#undef wick_gelu
wick_tensor *wick_gelu(wick_tensor *x)
{
    WK_ENTER;
    return wick_gelu_opt(x, NULL);
}

#undef wick_softplus
wick_tensor *wick_softplus(wick_tensor *x)
{
    WK_ENTER;
    return wick_softplus_opt(x, NULL);
}

#undef wick_hardtanh
wick_tensor *wick_hardtanh(wick_tensor *x)
{
    WK_ENTER;
    return wick_hardtanh_opt(x, NULL);
}

#undef wick_softshrink
wick_tensor *wick_softshrink(wick_tensor *x)
{
    WK_ENTER;
    return wick_softshrink_opt(x, NULL);
}

#undef wick_hardshrink
wick_tensor *wick_hardshrink(wick_tensor *x)
{
    WK_ENTER;
    return wick_hardshrink_opt(x, NULL);
}

#undef wick_glu
wick_tensor *wick_glu(wick_tensor *x)
{
    WK_ENTER;
    return wick_glu_opt(x, NULL);
}

#undef wick_rrelu
wick_tensor *wick_rrelu(wick_tensor *x)
{
    WK_ENTER;
    return wick_rrelu_opt(x, NULL);
}

#undef wick_leaky_relu_
wick_tensor *wick_leaky_relu_(wick_tensor *x)
{
    WK_ENTER;
    return wick_leaky_relu_opt_(x, NULL);
}

#undef wick_elu_
wick_tensor *wick_elu_(wick_tensor *x)
{
    WK_ENTER;
    return wick_elu_opt_(x, NULL);
}

#undef wick_celu_
wick_tensor *wick_celu_(wick_tensor *x)
{
    WK_ENTER;
    return wick_celu_opt_(x, NULL);
}

#undef wick_hardtanh_
wick_tensor *wick_hardtanh_(wick_tensor *x)
{
    WK_ENTER;
    return wick_hardtanh_opt_(x, NULL);
}

#undef wick_rrelu_
wick_tensor *wick_rrelu_(wick_tensor *x)
{
    WK_ENTER;
    return wick_rrelu_opt_(x, NULL);
}

#undef wick_clamp
wick_tensor *wick_clamp(wick_tensor *x)
{
    WK_ENTER;
    return wick_clamp_opt(x, NULL);
}

#undef wick_clamp_
wick_tensor *wick_clamp_(wick_tensor *x)
{
    WK_ENTER;
    return wick_clamp_opt_(x, NULL);
}

#undef wick_nan_to_num
wick_tensor *wick_nan_to_num(wick_tensor *x)
{
    WK_ENTER;
    return wick_nan_to_num_opt(x, NULL);
}

#undef wick_nan_to_num_
wick_tensor *wick_nan_to_num_(wick_tensor *x)
{
    WK_ENTER;
    return wick_nan_to_num_opt_(x, NULL);
}

#undef wick_normalize
wick_tensor *wick_normalize(wick_tensor *x)
{
    WK_ENTER;
    return wick_normalize_opt(x, NULL);
}

#undef wick_sum
wick_tensor *wick_sum(wick_tensor *x)
{
    WK_ENTER;
    return wick_sum_opt(x, NULL);
}

#undef wick_mean
wick_tensor *wick_mean(wick_tensor *x)
{
    WK_ENTER;
    return wick_mean_opt(x, NULL);
}

#undef wick_nansum
wick_tensor *wick_nansum(wick_tensor *x)
{
    WK_ENTER;
    return wick_nansum_opt(x, NULL);
}

#undef wick_nanmean
wick_tensor *wick_nanmean(wick_tensor *x)
{
    WK_ENTER;
    return wick_nanmean_opt(x, NULL);
}

#undef wick_prod
wick_tensor *wick_prod(wick_tensor *x)
{
    WK_ENTER;
    return wick_prod_opt(x, NULL);
}

#undef wick_count_nonzero
wick_tensor *wick_count_nonzero(wick_tensor *x)
{
    WK_ENTER;
    return wick_count_nonzero_opt(x, NULL);
}

#undef wick_any
wick_tensor *wick_any(wick_tensor *x)
{
    WK_ENTER;
    return wick_any_opt(x, NULL);
}

#undef wick_all
wick_tensor *wick_all(wick_tensor *x)
{
    WK_ENTER;
    return wick_all_opt(x, NULL);
}

#undef wick_max
wick_tensor *wick_max(wick_tensor *x)
{
    WK_ENTER;
    return wick_max_opt(x, NULL);
}

#undef wick_min
wick_tensor *wick_min(wick_tensor *x)
{
    WK_ENTER;
    return wick_min_opt(x, NULL);
}

#undef wick_argmax
wick_tensor *wick_argmax(wick_tensor *x)
{
    WK_ENTER;
    return wick_argmax_opt(x, NULL);
}

#undef wick_argmin
wick_tensor *wick_argmin(wick_tensor *x)
{
    WK_ENTER;
    return wick_argmin_opt(x, NULL);
}

#undef wick_amax
wick_tensor *wick_amax(wick_tensor *x)
{
    WK_ENTER;
    return wick_amax_opt(x, NULL);
}

#undef wick_amin
wick_tensor *wick_amin(wick_tensor *x)
{
    WK_ENTER;
    return wick_amin_opt(x, NULL);
}

#undef wick_median
wick_tensor *wick_median(wick_tensor *x)
{
    WK_ENTER;
    return wick_median_opt(x, NULL);
}

#undef wick_logsumexp
wick_tensor *wick_logsumexp(wick_tensor *x)
{
    WK_ENTER;
    return wick_logsumexp_opt(x, NULL);
}

#undef wick_var
wick_tensor *wick_var(wick_tensor *x)
{
    WK_ENTER;
    return wick_var_opt(x, NULL);
}

#undef wick_std
wick_tensor *wick_std(wick_tensor *x)
{
    WK_ENTER;
    return wick_std_opt(x, NULL);
}

#undef wick_norm
wick_tensor *wick_norm(wick_tensor *x)
{
    WK_ENTER;
    return wick_norm_opt(x, NULL);
}

#undef wick_sort
wick_tensor *wick_sort(wick_tensor *x)
{
    WK_ENTER;
    return wick_sort_opt(x, NULL);
}

#undef wick_argsort
wick_tensor *wick_argsort(wick_tensor *x)
{
    WK_ENTER;
    return wick_argsort_opt(x, NULL);
}

#undef wick_unique
wick_tensor *wick_unique(wick_tensor *x)
{
    WK_ENTER;
    return wick_unique_opt(x, NULL);
}

#undef wick_unique_consecutive
wick_tensor *wick_unique_consecutive(wick_tensor *x)
{
    WK_ENTER;
    return wick_unique_consecutive_opt(x, NULL);
}

#undef wick_bincount
wick_tensor *wick_bincount(wick_tensor *x)
{
    WK_ENTER;
    return wick_bincount_opt(x, NULL);
}

#undef wick_one_hot
wick_tensor *wick_one_hot(wick_tensor *x)
{
    WK_ENTER;
    return wick_one_hot_opt(x, NULL);
}

#undef wick_squeeze
wick_tensor *wick_squeeze(wick_tensor *x)
{
    WK_ENTER;
    return wick_squeeze_opt(x, NULL);
}

#undef wick_flatten
wick_tensor *wick_flatten(wick_tensor *x)
{
    WK_ENTER;
    return wick_flatten_opt(x, NULL);
}

#undef wick_diagonal
wick_tensor *wick_diagonal(wick_tensor *x)
{
    WK_ENTER;
    return wick_diagonal_opt(x, NULL);
}

#undef wick_diff
wick_tensor *wick_diff(wick_tensor *x)
{
    WK_ENTER;
    return wick_diff_opt(x, NULL);
}

#undef wick_tril
wick_tensor *wick_tril(wick_tensor *x)
{
    WK_ENTER;
    return wick_tril_opt(x, NULL);
}

#undef wick_triu
wick_tensor *wick_triu(wick_tensor *x)
{
    WK_ENTER;
    return wick_triu_opt(x, NULL);
}

#undef wick_tril_
wick_tensor *wick_tril_(wick_tensor *x)
{
    WK_ENTER;
    return wick_tril_opt_(x, NULL);
}

#undef wick_triu_
wick_tensor *wick_triu_(wick_tensor *x)
{
    WK_ENTER;
    return wick_triu_opt_(x, NULL);
}

#undef wick_diag
wick_tensor *wick_diag(wick_tensor *x)
{
    WK_ENTER;
    return wick_diag_opt(x, NULL);
}

#undef wick_diag_embed
wick_tensor *wick_diag_embed(wick_tensor *x)
{
    WK_ENTER;
    return wick_diag_embed_opt(x, NULL);
}

/* ---- Of two ---- */

#undef wick_l1_loss
wick_tensor *wick_l1_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_l1_loss_opt(x, y, NULL);
}

#undef wick_mse_loss
wick_tensor *wick_mse_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_mse_loss_opt(x, y, NULL);
}

#undef wick_smooth_l1_loss
wick_tensor *wick_smooth_l1_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_smooth_l1_loss_opt(x, y, NULL);
}

#undef wick_huber_loss
wick_tensor *wick_huber_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_huber_loss_opt(x, y, NULL);
}

#undef wick_kl_div
wick_tensor *wick_kl_div(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_kl_div_opt(x, y, NULL);
}

#undef wick_poisson_nll_loss
wick_tensor *wick_poisson_nll_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_poisson_nll_loss_opt(x, y, NULL);
}

#undef wick_binary_cross_entropy
wick_tensor *wick_binary_cross_entropy(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_binary_cross_entropy_opt(x, y, NULL);
}

#undef wick_binary_cross_entropy_with_logits
wick_tensor *wick_binary_cross_entropy_with_logits(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_binary_cross_entropy_with_logits_opt(x, y, NULL);
}

#undef wick_multilabel_soft_margin_loss
wick_tensor *wick_multilabel_soft_margin_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_multilabel_soft_margin_loss_opt(x, y, NULL);
}

#undef wick_soft_margin_loss
wick_tensor *wick_soft_margin_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_soft_margin_loss_opt(x, y, NULL);
}

#undef wick_hinge_embedding_loss
wick_tensor *wick_hinge_embedding_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_hinge_embedding_loss_opt(x, y, NULL);
}

#undef wick_nll_loss
wick_tensor *wick_nll_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_nll_loss_opt(x, y, NULL);
}

#undef wick_cross_entropy
wick_tensor *wick_cross_entropy(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_cross_entropy_opt(x, y, NULL);
}

#undef wick_multi_margin_loss
wick_tensor *wick_multi_margin_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_multi_margin_loss_opt(x, y, NULL);
}

#undef wick_multilabel_margin_loss
wick_tensor *wick_multilabel_margin_loss(wick_tensor *x, wick_tensor *y)
{
    WK_ENTER;
    return wick_multilabel_margin_loss_opt(x, y, NULL);
}

#undef wick_pairwise_distance
wick_tensor *wick_pairwise_distance(wick_tensor *x1, wick_tensor *x2)
{
    WK_ENTER;
    return wick_pairwise_distance_opt(x1, x2, NULL);
}

#undef wick_cosine_similarity
wick_tensor *wick_cosine_similarity(wick_tensor *x1, wick_tensor *x2)
{
    WK_ENTER;
    return wick_cosine_similarity_opt(x1, x2, NULL);
}

#undef wick_isclose
wick_tensor *wick_isclose(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    return wick_isclose_opt(a, b, NULL);
}
