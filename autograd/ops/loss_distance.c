/* loss_distance.c - distances and angles between vectors, and losses made of them. */
#include <math.h>

#include "../loss_terms.h"

/* ---- Distances ------------------------------------------------------------------------------------------------------------------ */

wick_tensor *wick_pairwise_distance_opt(wick_tensor *x1, wick_tensor *x2, const wick_pairwise_distance_options *given)
{
    WK_ENTER;
    wick_pairwise_distance_options o =
        WK_OPTIONS(wick_pairwise_distance_options, WICK_PAIRWISE_DISTANCE_DEFAULTS, given);
    const char *function = "wick_pairwise_distance";
    if (!wk_loss_pair(function, x1, x2, false))
        return NULL;
    WICK_SCOPE;
    return wick_out(wick_norm(wick_add(wick_sub(x1, x2), o.eps), o.p, -1, .keepdim = o.keepdim));
}

/* cosine_similarity   sum of x1 x2 / (max(|x1|, eps) max(|x2|, eps)), the bounds with the gradient of the norms */
wick_tensor *wick_cosine_similarity_opt(wick_tensor *x1, wick_tensor *x2, const wick_cosine_similarity_options *given)
{
    WK_ENTER;
    wick_cosine_similarity_options o =
        WK_OPTIONS(wick_cosine_similarity_options, WICK_COSINE_SIMILARITY_DEFAULTS, given);
    const char *function = "wick_cosine_similarity";
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_loss_pair(function, x1, x2, true) ||
        !wk_broadcast(function, x1->shape, x1->ndim, x2->shape, x2->ndim, shape, &ndim) ||
        wk_wrap_dim(function, o.dim, ndim) < 0)
        return NULL;
    if (!(o.eps >= 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: eps must be 0 or more, and is %s", function, WK_REAL(o.eps));
    WICK_SCOPE;
    const wick_dtype dtype = wk_result_type(x1, x2);
    wick_tensor *unit[2] = {x1, x2};
    for (int i = 0; i < 2; i++) { /* each in its own precision */
        const bool floating = wick_dtype_is_floating(unit[i]->dtype);
        wick_tensor *x = wick_expand_n(floating ? unit[i] : wick_to_dtype(unit[i], dtype), shape, ndim);
        unit[i] = wick_div(x, wk_loss_at_least(wick_norm(x, 2, o.dim, .keepdim = true), o.eps));
    }
    return wick_out(wick_sum(wick_mul(unit[0], unit[1]), o.dim));
}

/* ---- Losses of distances ----------------------------------------------------------------------------------------------------------- */

/* cosine_embedding   with c = x1 x2 / sqrt((x1^2 + e) (x2^2 + e)):   1 - c where y = 1, max(0, c - margin) where y = -1 */
wick_tensor *wick_cosine_embedding_loss_opt(wick_tensor *x1, wick_tensor *x2, wick_tensor *y,
                                            const wick_margin_loss_options *given)
{
    WK_ENTER;
    wick_margin_loss_options o = WK_OPTIONS(wick_margin_loss_options, 0, given);
    const char *function = "wick_cosine_embedding_loss";
    const double small = (double)1e-12f; /* PyTorch adds this float to doubles, too */
    if (!wk_loss_reduction(function, o.reduction) || !wk_loss_pair(function, x1, x2, true) ||
        !WK_TENSOR(y, function, "y"))
        return NULL;
    if (y->ndim > 1 || x1->ndim != y->ndim + 1 || x2->ndim != y->ndim + 1)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: inputs of shapes %s and %s and target of shape %s; they must be (N, D) and (N), or (D) and ()",
            function, WK_SHAPE(x1), WK_SHAPE(x2), WK_SHAPE(y));
    WICK_SCOPE;
    const int64_t dim = y->ndim;
    wick_tensor *square1 = wick_add(wick_sum(wick_mul(x1, x1), dim), small);
    wick_tensor *square2 = wick_add(wick_sum(wick_mul(x2, x2), dim), small);
    wick_tensor *cosine = wick_div(wick_sum(wick_mul(x1, x2), dim), wick_sqrt(wick_mul(square1, square2)));
    wick_tensor *alike = wick_where(wick_eq(y, 1), wick_sub(1, cosine), 0.0);
    wick_tensor *apart = wick_where(wick_eq(y, -1), wick_clamp(wick_sub(cosine, o.margin), .min = 0), 0.0);
    return wick_out(wk_loss_reduced(wick_add(alike, apart), o.reduction));
}

/* margin_ranking   max(0, -y (x1 - x2) + margin) */
wick_tensor *wick_margin_ranking_loss_opt(wick_tensor *x1, wick_tensor *x2, wick_tensor *y,
                                          const wick_margin_loss_options *given)
{
    WK_ENTER;
    wick_margin_loss_options o = WK_OPTIONS(wick_margin_loss_options, 0, given);
    const char *function = "wick_margin_ranking_loss";
    if (!wk_loss_reduction(function, o.reduction) || !wk_loss_pair(function, x1, x2, false) ||
        !WK_TENSOR(y, function, "y"))
        return NULL;
    if (x1->ndim != x2->ndim || x1->ndim != y->ndim)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: all three must have as many dimensions, and the shapes are %s, %s and %s", function,
                         WK_SHAPE(x1), WK_SHAPE(x2), WK_SHAPE(y));
    WICK_SCOPE;
    wick_tensor *e = wick_add(wick_mul(wick_neg(y), wick_sub(x1, x2)), o.margin);
    return wick_out(wk_loss_reduced(wick_clamp(e, .min = 0), o.reduction));
}

/* triplet_margin   max(0, margin + |a - p| - |a - n|), or, swapped, with the smaller of |a - n| and |p - n| */
wick_tensor *wick_triplet_margin_loss_opt(wick_tensor *anchor, wick_tensor *positive, wick_tensor *negative,
                                          const wick_triplet_margin_loss_options *given)
{
    WK_ENTER;
    wick_triplet_margin_loss_options o =
        WK_OPTIONS(wick_triplet_margin_loss_options, WICK_TRIPLET_MARGIN_LOSS_DEFAULTS, given);
    const char *function = "wick_triplet_margin_loss";
    if (!wk_loss_reduction(function, o.reduction) || !WK_TENSOR(anchor, function, "anchor") ||
        !WK_TENSOR(positive, function, "positive") || !WK_TENSOR(negative, function, "negative"))
        return NULL;
    if (!(o.margin > 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: margin must be above 0, and is %s", function, WK_REAL(o.margin));
    if (anchor->ndim != positive->ndim || anchor->ndim != negative->ndim)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: all three must have as many dimensions, and the shapes are %s, %s and %s", function,
                         WK_SHAPE(anchor), WK_SHAPE(positive), WK_SHAPE(negative));
    WICK_SCOPE;
    wick_tensor *near = wick_pairwise_distance(anchor, positive, o.p, o.eps);
    wick_tensor *distant = wick_pairwise_distance(anchor, negative, o.p, o.eps);
    if (o.swap)
        distant = wick_minimum(distant, wick_pairwise_distance(positive, negative, o.p, o.eps));
    wick_tensor *e = wick_sub(wick_add(near, o.margin), distant);
    return wick_out(wk_loss_reduced(wick_clamp(e, .min = 0), o.reduction));
}
