/* test_ops_loss.c - the rows of the losses. */
#include "op_suite.h"

/* Numbers: reduction, whether a weight and a pos_weight follow the two inputs, ignore_index, label_smoothing. */
static wick_loss_options loss_options(wick_tensor *const *in, const double *real, const int64_t *whole, int args)
{
    wick_loss_options o = {WICK_LOSS_DEFAULTS};
    int next = 2;
    o.reduction = (wick_reduction)whole[0];
    if (args > 1 && whole[1])
        o.weight = in[next++];
    if (args > 2 && whole[2])
        o.pos_weight = in[next];
    if (args > 3)
        o.ignore_index = whole[3];
    if (args > 4)
        o.label_smoothing = real[4];
    return o;
}

#define LOSS loss_options(in, real, whole, args)

/* The other losses' numbers are their options in order; for a weight, whether it is the last input. */
#define REDUCTION(i) (wick_reduction) whole[i]
#define LAST_IF(given) ((given) ? in[n - 1] : NULL)
#define OPTIONS(type, ...) \
    (wick_##type##_options) { 0, __VA_ARGS__ }

#define ROWS(X)                                                                                                       \
    X(mse_loss, SCALED, CHECKED | NULL_FROM(2), wick_mse_loss_opt(in[0], in[1], LOSS))                                \
    X(binary_cross_entropy, SCALED, CHECKED | NULL_FROM(2), wick_binary_cross_entropy_opt(in[0], in[1], LOSS))        \
    X(binary_cross_entropy_with_logits, SCALED, CHECKED | NULL_FROM(2),                                               \
      wick_binary_cross_entropy_with_logits_opt(in[0], in[1], LOSS))                                                  \
    X(nll_loss, SUMMED, CHECKED | NULL_FROM(2), wick_nll_loss_opt(in[0], in[1], LOSS))                                \
    X(cross_entropy, SCALED, CHECKED | NULL_FROM(2), wick_cross_entropy_opt(in[0], in[1], LOSS))                      \
    X(l1_loss, SCALED, CHECKED | NULL_FROM(2), wick_l1_loss_opt(in[0], in[1], LOSS))                                  \
    X(smooth_l1_loss, SCALED, CHECKED,                                                                                \
      wick_smooth_l1_loss_opt(in[0], in[1], OPTIONS(smooth_l1_loss, REDUCTION(0), real[1])))                          \
    X(huber_loss, SCALED, CHECKED | NULL_FROM(2),                                                                     \
      wick_huber_loss_opt(in[0], in[1], OPTIONS(huber_loss, REDUCTION(0), real[1], LAST_IF(whole[2]))))               \
    X(kl_div, SUMMED, CHECKED, wick_kl_div_opt(in[0], in[1], OPTIONS(kl_div, REDUCTION(0), whole[1] != 0)))           \
    X(poisson_nll_loss, SUMMED, CHECKED,                                                                              \
      wick_poisson_nll_loss_opt(in[0], in[1],                                                                         \
                                OPTIONS(poisson_nll_loss, whole[0] != 0, whole[1] != 0, real[2], REDUCTION(3))))      \
    X(gaussian_nll_loss, SUMMED, CHECKED,                                                                             \
      wick_gaussian_nll_loss_opt(in[0], in[1], in[2],                                                                 \
                                 OPTIONS(gaussian_nll_loss, whole[0] != 0, real[1], REDUCTION(2))))                   \
    X(soft_margin_loss, SCALED, CHECKED, wick_soft_margin_loss_opt(in[0], in[1], LOSS))                               \
    X(multilabel_soft_margin_loss, SCALED, CHECKED | NULL_FROM(2),                                                    \
      wick_multilabel_soft_margin_loss_opt(in[0], in[1], LOSS))                                                       \
    X(hinge_embedding_loss, SCALED, CHECKED,                                                                          \
      wick_hinge_embedding_loss_opt(in[0], in[1], OPTIONS(margin_loss, real[0], REDUCTION(1))))                       \
    X(pairwise_distance, SCALED, CHECKED,                                                                             \
      wick_pairwise_distance_opt(in[0], in[1], OPTIONS(pairwise_distance, real[0], real[1], whole[2] != 0)))          \
    X(cosine_similarity, SUMMED, CHECKED,                                                                             \
      wick_cosine_similarity_opt(in[0], in[1], OPTIONS(cosine_similarity, whole[0], real[1])))                        \
    X(cosine_embedding_loss, SUMMED, CHECKED,                                                                         \
      wick_cosine_embedding_loss_opt(in[0], in[1], in[2], OPTIONS(margin_loss, real[0], REDUCTION(1))))               \
    X(margin_ranking_loss, SUMMED, CHECKED,                                                                           \
      wick_margin_ranking_loss_opt(in[0], in[1], in[2], OPTIONS(margin_loss, real[0], REDUCTION(1))))                 \
    X(triplet_margin_loss, SUMMED, CHECKED,                                                                           \
      wick_triplet_margin_loss_opt(                                                                                   \
          in[0], in[1], in[2], OPTIONS(triplet_margin_loss, real[0], real[1], real[2], whole[3] != 0, REDUCTION(4)))) \
    X(multi_margin_loss, SUMMED, CHECKED | NULL_FROM(2),                                                              \
      wick_multi_margin_loss_opt(in[0], in[1],                                                                        \
                                 OPTIONS(multi_margin_loss, whole[0], real[1], LAST_IF(whole[2]), REDUCTION(3))))     \
    X(multilabel_margin_loss, SUMMED, CHECKED, wick_multilabel_margin_loss_opt(in[0], in[1], LOSS))

OP_FAMILY(loss, ROWS)

Suite *ops_loss_suite(void) { return op_suite(&family, enter); }
