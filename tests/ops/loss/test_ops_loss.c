/* test_ops_loss.c - the rows of the losses. */
#include "../op_suite.h"

/* Numbers: reduction, whether a weight and a pos_weight follow the two inputs, ignore_index, label_smoothing. */
typedef struct numbers {
    wick_reduction reduction;
    wick_tensor *weight, *pos_weight;
    int64_t ignore_index;
    double label_smoothing;
} numbers;

static numbers numbers_of(wick_tensor *const *in, const double *real, const int64_t *whole, int args)
{
    numbers o = {(wick_reduction)whole[0], NULL, NULL, -100, 0};
    int next = 2;
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

#define LOSS numbers_of(in, real, whole, args)

static wick_tensor *mse_loss(wick_tensor *const *in, numbers o)
{
    return wick_mse_loss(in[0], in[1], .reduction = o.reduction, .weight = o.weight);
}

static wick_tensor *l1_loss(wick_tensor *const *in, numbers o)
{
    return wick_l1_loss(in[0], in[1], .reduction = o.reduction, .weight = o.weight);
}

static wick_tensor *binary_cross_entropy(wick_tensor *const *in, numbers o)
{
    return wick_binary_cross_entropy(in[0], in[1], .reduction = o.reduction, .weight = o.weight);
}

static wick_tensor *binary_cross_entropy_with_logits(wick_tensor *const *in, numbers o)
{
    return wick_binary_cross_entropy_with_logits(in[0], in[1], .reduction = o.reduction, .weight = o.weight,
                                                 .pos_weight = o.pos_weight);
}

static wick_tensor *nll_loss(wick_tensor *const *in, numbers o)
{
    return wick_nll_loss(in[0], in[1], .reduction = o.reduction, .weight = o.weight, .ignore_index = o.ignore_index);
}

static wick_tensor *cross_entropy(wick_tensor *const *in, numbers o)
{
    return wick_cross_entropy(in[0], in[1], .reduction = o.reduction, .weight = o.weight,
                              .ignore_index = o.ignore_index, .label_smoothing = o.label_smoothing);
}

static wick_tensor *soft_margin_loss(wick_tensor *const *in, numbers o)
{
    return wick_soft_margin_loss(in[0], in[1], .reduction = o.reduction);
}

static wick_tensor *multilabel_soft_margin_loss(wick_tensor *const *in, numbers o)
{
    return wick_multilabel_soft_margin_loss(in[0], in[1], .reduction = o.reduction, .weight = o.weight);
}

static wick_tensor *multilabel_margin_loss(wick_tensor *const *in, numbers o)
{
    return wick_multilabel_margin_loss(in[0], in[1], .reduction = o.reduction);
}

/* The other losses' numbers are their options in order; for a weight, whether it is the last input. */
#define REDUCTION(i) (wick_reduction) whole[i]
#define LAST_IF(given) ((given) ? in[n - 1] : NULL)
#define OPTIONS(type, ...) (&(wick_##type##_options){sizeof(wick_##type##_options), 0, __VA_ARGS__})

#define ROWS(X)                                                                                                       \
    X(mse_loss, SCALED, CHECKED | NULL_FROM(2), mse_loss(in, LOSS))                                                   \
    X(binary_cross_entropy, SCALED, CHECKED | NULL_FROM(2), binary_cross_entropy(in, LOSS))                           \
    X(binary_cross_entropy_with_logits, SCALED, CHECKED | NULL_FROM(2), binary_cross_entropy_with_logits(in, LOSS))   \
    X(nll_loss, SUMMED, CHECKED | NULL_FROM(2), nll_loss(in, LOSS))                                                   \
    X(cross_entropy, SCALED, CHECKED | NULL_FROM(2), cross_entropy(in, LOSS))                                         \
    X(l1_loss, SCALED, CHECKED | NULL_FROM(2), l1_loss(in, LOSS))                                                     \
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
    X(soft_margin_loss, SCALED, CHECKED, soft_margin_loss(in, LOSS))                                                  \
    X(multilabel_soft_margin_loss, SCALED, CHECKED | NULL_FROM(2), multilabel_soft_margin_loss(in, LOSS))             \
    X(hinge_embedding_loss, SCALED, CHECKED,                                                                          \
      wick_hinge_embedding_loss_opt(in[0], in[1], OPTIONS(hinge_embedding_loss, real[0], REDUCTION(1))))              \
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
    X(multilabel_margin_loss, SUMMED, CHECKED, multilabel_margin_loss(in, LOSS))

OP_FAMILY(loss, ROWS)

Suite *ops_loss_suite(void) { return op_suite(&family, enter); }
