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

#define ROWS(X)                                                                                                \
    X(mse_loss, SCALED, CHECKED | NULL_FROM(2), wick_mse_loss_opt(in[0], in[1], LOSS))                         \
    X(binary_cross_entropy, SCALED, CHECKED | NULL_FROM(2), wick_binary_cross_entropy_opt(in[0], in[1], LOSS)) \
    X(binary_cross_entropy_with_logits, SCALED, CHECKED | NULL_FROM(2),                                        \
      wick_binary_cross_entropy_with_logits_opt(in[0], in[1], LOSS))                                           \
    X(nll_loss, SUMMED, CHECKED | NULL_FROM(2), wick_nll_loss_opt(in[0], in[1], LOSS))                         \
    X(cross_entropy, SCALED, CHECKED | NULL_FROM(2), wick_cross_entropy_opt(in[0], in[1], LOSS))

OP_FAMILY(loss, ROWS)

Suite *ops_loss_suite(void) { return op_suite(&family, enter); }
