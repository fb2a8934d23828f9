/* test_corners.c - derivatives of the first to the fifth order where a function, or the rule of its gradient, has a corner: at
 * 0, where a bound is met, where elements are equal, at the edge of a domain, at infinity.
 *
 * A row is a function of a vector v, a point, and the vectors g_1, g_2, ...: with g_0 the function's value, g_k is the
 * gradient by v of the sum of g_(k-1), by backward passes that are recorded. Of a function of single elements it is the k-th
 * derivative. Orders that a row does not give are 0. The numbers are mathematics, derivatives and their limits; where there
 * is neither, PyTorch's, or 0 as docs/decisions.md has it. */
#include "check_wick.h"

enum { ORDERS = 5, MOST = 4 };

/* Constants of v's dtype, (n) and (). */
static wick_tensor *constant(wick_tensor *v, const double *values, int64_t count)
{
    wick_tensor *t = wick_zeros_n(&count, 1, wick_dtype_of(v));
    for (int64_t i = 0; t && i < count; i++)
        wick_set(t, values[i], i);
    return t;
}
#define C(...) \
    constant(v, (const double[]){__VA_ARGS__}, (int64_t)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double)))
#define D(number) wick_reshape_n(C(number), NULL, 0)

/* Elements of v, its halves, and the weighted sum that tells the elements of a result apart. */
#define X wick_narrow(v, 0, 0, 1)
#define Y wick_narrow(v, 0, 1, 1)
#define FIRST wick_narrow(v, 0, 0, 2)
#define SECOND wick_narrow(v, 0, 2, 2)
static wick_tensor *weighted(wick_tensor *t)
{
    const double factors[] = {1, 2, 4, 8};
    t = wick_ravel(t);
    return t ? wick_mul(t, constant(t, factors, wick_numel(t))) : NULL;
}

#define I ((double)INFINITY)
#define N ((double)NAN)
#define ANY 1e300 /* not looked at: infinite from one side, and minus infinite or finite from the other */
#define END   \
    {         \
        1e301 \
    }                             /* neither that nor any higher order */
#define S5 0.44721359549995793928 /* 1 / sqrt(5) */
#define H2 0.70710678118654752440 /* 1 / sqrt(2) */
#define L2 0.69314718055994530942 /* log(2) */

#define POWERS(ROW)                                                                                                    \
    ROW(pow_0, wick_pow(v, 0), AT(0, 2), {0})                                                                          \
    ROW(pow_1, wick_pow(v, 1), AT(0, 2), {1, 1})                                                                       \
    ROW(pow_2, wick_pow(v, 2), AT(0, 3), {0, 6}, {2, 2})                                                               \
    ROW(pow_3, wick_pow(v, 3), AT(0, 2), {0, 12}, {0, 12}, {6, 6})                                                     \
    ROW(pow_4, wick_pow(v, 4), AT(0, -1), {0, -4}, {0, 12}, {0, -24}, {24, 24})                                        \
    ROW(pow_5, wick_pow(v, 5), AT(0, 1), {0, 5}, {0, 20}, {0, 60}, {0, 120}, {120, 120})                               \
    ROW(pow_2_half, wick_pow(v, 2.5), AT(0), {0}, {0}, {I}, {-I}, {I})                                                 \
    ROW(pow_half, wick_pow(v, 0.5), AT(0), {I}, {-I}, {I}, {-I}, {I})                                                  \
    ROW(pow_minus_1, wick_pow(v, -1), AT(0, 1), {-I, -1}, {I, 2}, {-I, -6}, {I, 24}, {-I, -120})                       \
    ROW(pow_2_infinite, wick_pow(v, 2), AT(I, -I), {I, -I}, {2, 2})                                                    \
    ROW(pow_true, wick_pow(v, true), AT(0), {1})                                                                       \
    ROW(pow_pow, wick_pow(wick_pow(v, 2), 2), AT(0, 1), {0, 4}, {0, 12}, {0, 24}, {24, 24})                            \
    ROW(square, wick_square(v), AT(0, -1), {0, -2}, {2, 2})                                                            \
    ROW(pow_abs_1, wick_pow(wick_abs(v), 1), AT(0, -2), {0, -1})                                                       \
    ROW(pow_abs_3, wick_pow(wick_abs(v), 3), AT(0, -2), {0, -12}, {0, 12}, {0, -6})                                    \
    ROW(pow_relu, wick_pow(wick_relu(v), 2), AT(0, 2, -1), {0, 4, 0}, {0, 2, 0})                                       \
    ROW(pow_tensor, wick_pow(v, C(0, 1, 2, 3)), AT(0, 0, 0, 0), {0, 1, 0, 0}, {0, 0, 2, 0}, {0, 0, 0, 6})              \
    ROW(pow_tensor_0, wick_pow(v, C(0, 0, 0, 0)), AT(0, I, -2, N), {0})                                                \
    ROW(pow_tensor_half, wick_pow(v, C(2.5)), AT(0), {0}, {0}, {I}, {-I}, {I})                                         \
    ROW(pow_scalar_tensor, wick_pow(v, D(2)), AT(0, 3), {0, 6}, {2, 2})                                                \
    ROW(pow_integer_tensor, wick_pow(v, wick_full(2, 1, .dtype = WICK_INT64)), AT(0, 3), {0, 6}, {2, 2})               \
    ROW(number_pow, wick_pow(0, v), AT(2, 1, 0.5, 0), {0})                                                             \
    ROW(number_pow_minus, wick_pow(0, v), AT(-1), {-I}, {I}, {-I}, {I}, {-I})                                          \
    ROW(number_pow_2, wick_pow(2, v), AT(0), {L2}, {L2 * L2}, {L2 * L2 * L2}, {L2 * L2 * L2 * L2},                     \
        {L2 * L2 * L2 * L2 * L2})                                                                                      \
    ROW(number_pow_1, wick_pow(1, v), AT(0, 3), {0})                                                                   \
    ROW(tensor_pow, wick_pow(C(0, 0, 1), v), AT(2, 1, 2), {0})                                                         \
    ROW(pow_both_2, wick_pow(X, Y), AT(0, 2), {0, 0}, {2, 0}, END)                                                     \
    ROW(pow_both_6, wick_pow(X, Y), AT(0, 6), {0})                                                                     \
    ROW(pow_both_0, wick_pow(X, Y), AT(2, 0), {0, L2}, {0.5, 0.5 + L2 * L2}, {L2 - 0.5, 2 * L2 - 0.25 + L2 * L2 * L2}, \
        END)

#define POINTWISE(ROW)                                                                                       \
    ROW(sqrt, wick_sqrt(v), AT(0), {I}, {-I}, {I}, {-I}, {I})                                                \
    ROW(rsqrt, wick_rsqrt(v), AT(0), {-I}, {I}, {-I}, {I}, {-I})                                             \
    ROW(reciprocal, wick_reciprocal(v), AT(0), {-I}, {I}, {-I}, {I}, {-I})                                   \
    ROW(log, wick_log(v), AT(0), {I}, {-I}, {I}, {-I}, {I})                                                  \
    ROW(log1p, wick_log1p(v), AT(-1), {I}, {-I}, {I}, {-I}, {I})                                             \
    ROW(div, wick_div(v, C(0, 0)), AT(1, -1), {I, I})                                                        \
    ROW(div_by, wick_div(C(0), v), AT(2), {0})                                                               \
    ROW(atan2, wick_atan2(X, Y), AT(0, 0), {0})                                                              \
    ROW(atan2_axis, wick_atan2(X, Y), AT(0, 2), {0.5, 0}, {-0.25, -0.25}, {0, 0.5}, {0.75, -0.75}, {-3, 0})  \
    ROW(hypot, wick_hypot(X, Y), AT(0, 0), {N, N}, {N, N}, {N, N}, {N, N}, {N, N})                           \
    ROW(hypot_axis, wick_hypot(X, Y), AT(0, 3), {0, 1}, {1. / 3, 0}, {-2. / 9, -1. / 9}, {1. / 9, 2. / 9},   \
        {4. / 27, -1. / 3})                                                                                  \
    ROW(copysign, wick_copysign(v, C(1, -1, 1)), AT(0, 3, -2), {0, -1, -1})                                  \
    ROW(copysign_number, wick_copysign(v, -1), AT(0, 3), {0, -1})                                            \
    ROW(abs, wick_abs(v), AT(0, -1), {0, -1})                                                                \
    ROW(xlogy, wick_xlogy(X, Y), AT(0, 2), {L2, 0}, {0.5, 0.5}, {-0.25, -0.5}, {0.25, 0.75}, {-0.375, -1.5}) \
    ROW(xlogy_0, wick_xlogy(X, Y), AT(0, 0), {0})                                                            \
    ROW(xlogy_number, wick_xlogy(v, 0), AT(0), {0})                                                          \
    ROW(number_xlogy, wick_xlogy(0, v), AT(0, 2), {0})                                                       \
    ROW(logaddexp, wick_logaddexp(X, Y), AT(-I, 0), {0, 1})                                                  \
    ROW(logaddexp_equal, wick_logaddexp(X, Y), AT(1, 1), {0.5, 0.5})                                         \
    ROW(logaddexp2, wick_logaddexp2(X, Y), AT(3, -I), {1, 0})                                                \
    ROW(fmod, wick_fmod(v, C(3, 3)), AT(0, 3), {1, 1})                                                       \
    ROW(fmod_by, wick_fmod(C(0, 4), v), AT(2, 2), {0, -2})                                                   \
    ROW(remainder, wick_remainder(v, C(3, 3)), AT(0, -3), {1, 1})                                            \
    ROW(remainder_by, wick_remainder(C(0, 4), v), AT(2, 2), {0, -2})                                         \
    ROW(lerp, wick_lerp(X, Y, 0.25), AT(0, 0), {0.75, 0.25})                                                 \
    ROW(lerp_weight, wick_lerp(C(0), C(0), v), AT(0), {0})                                                   \
    ROW(addcmul, wick_addcmul(C(1), X, Y), AT(0, 0), {0, 0}, {1, 1})                                         \
    ROW(addcdiv, wick_addcdiv(C(1), X, C(2)), AT(0), {0.5})                                                  \
    ROW(addcdiv_by, wick_addcdiv(C(1), C(0), v), AT(2), {0})                                                 \
    ROW(maximum, wick_maximum(X, Y), AT(1, 1), {0.5, 0.5})                                                   \
    ROW(clamp, wick_clamp(v, 0, 1), AT(0, 1, 0.5), {0, 0, 1})                                                \
    ROW(where, wick_where(wick_gt(v, 0), wick_square(v), 0.0), AT(0, 2), {0, 4}, {0, 2})                     \
    ROW(erf, wick_erf(v), AT(0), {1.12837916709551257390}, {0}, {-2.25675833419102514779}, {0},              \
        {13.54055000514615088675})                                                                           \
    ROW(acosh, wick_acosh(v), AT(1), {I}, {-I}, END)                                                         \
    ROW(atanh, wick_atanh(v), AT(0), {1}, {0}, {2}, {0}, {24})                                               \
    ROW(tan, wick_tan(v), AT(0), {1}, {0}, {2}, {0}, {16})

#define REDUCTIONS(ROW)                                                                                                \
    ROW(norm_0, wick_norm(v, 0), AT(0, 3), {0})                                                                        \
    ROW(norm_half, wick_norm(v, 0.5), AT(0, 3), {0, 1}, END)                                                           \
    ROW(norm_1, wick_norm(v, 1), AT(0, 3), {0, 1})                                                                     \
    ROW(norm_1_zeros, wick_norm(v, 1), AT(0, 0), {0})                                                                  \
    ROW(norm_1_half, wick_norm(v, 1.5), AT(0, 3), {0, 1}, {I, 0}, END)                                                 \
    ROW(norm_half_zeros, wick_norm(v, 0.5), AT(0, 0), {0})                                                             \
    ROW(norm_minus_1_zero, wick_norm(v, -1), AT(0, 2), {ANY, 0}, END)                                                  \
    ROW(norm_1_half_zeros, wick_norm(v, 1.5), AT(0, 0), {0})                                                           \
    ROW(norm_2, wick_norm(v), AT(0, 3), {0, 1}, {1. / 3, 0}, {-2. / 9, -1. / 9}, {1. / 9, 2. / 9}, {4. / 27, -1. / 3}) \
    ROW(norm_2_zeros, wick_norm(v), AT(0, 0), {0})                                                                     \
    ROW(norm_2_rows, weighted(wick_norm(ROWS2, 2, 1)), AT(0, 0, 3, 4), {0, 0, 1.2, 1.6}, {0, 0, 0.064, -0.048}, END)   \
    ROW(norm_2_square, wick_square(wick_norm(v)), AT(0, 0), {0})                                                       \
    ROW(norm_2_half, wick_norm(v, 2.5), AT(0, 3), {0, 1}, {0, 0}, END)                                                 \
    ROW(norm_3, wick_norm(v, 3), AT(0, 3), {0, 1})                                                                     \
    ROW(norm_3_zeros, wick_norm(v, 3), AT(0, 0), {0})                                                                  \
    ROW(norm_3_columns, weighted(wick_norm(ROWS2, 3, 0)), AT(0, 0, 3, 0), {0, 0, 1, 0})                                \
    ROW(norm_4, wick_norm(v, 4), AT(0, 3), {0, 1}, {0, 0}, {0, 0}, {6. / 27, 0}, {-24. / 27, -6. / 27})                \
    ROW(norm_inf, wick_norm(v, I), AT(0, 3), {0, 1})                                                                   \
    ROW(norm_inf_zeros, wick_norm(v, I), AT(0, 0), {0})                                                                \
    ROW(norm_inf_ties, wick_norm(v, I), AT(-3, 3), {-0.5, 0.5})                                                        \
    ROW(norm_minus_inf, wick_norm(v, -I), AT(0, 3), {0})                                                               \
    ROW(norm_empty_row, wick_norm(wick_mul(v, C(0, 0)), 2), AT(1, 2), {0})                                             \
    ROW(var_equal, wick_var(wick_mul(v, C(1, 2))), AT(0, 0), {0, 0}, {-1, 2})                                          \
    ROW(std_equal, wick_std(wick_mul(v, C(1, 2))), AT(0, 0), {0})                                                      \
    ROW(std_rows, weighted(wick_std(ROWS2, 1)), AT(1, 1, 0, 2), {0, 0, -2 * H2, 2 * H2})                               \
    ROW(prod_1_zero, wick_prod(v), AT(0, 2, 3), {6, 0, 0}, {5, 3, 2}, {2, 2, 2})                                       \
    ROW(prod_2_zeros, wick_prod(v), AT(0, 0, 3), {0, 0, 0}, {3, 3, 0}, {2, 2, 2})                                      \
    ROW(prod_3_zeros, wick_prod(v), AT(0, 0, 0), {0}, {0}, {2, 2, 2})                                                  \
    ROW(prod_dim, weighted(wick_prod(ROWS2, 1)), AT(0, 2, 0, 0), {2, 0, 0, 0}, {1, 1, 2, 2})                           \
    ROW(cumprod, wick_cumprod(v, 0), AT(0, 2, 0), {3, 0, 0}, {3, 1, 2}, {2, 2, 2})                                     \
    ROW(max_ties, wick_max(v), AT(2, 2), {0.5, 0.5})                                                                   \
    ROW(amax_ties, wick_amax(v), AT(2, 2), {0.5, 0.5})                                                                 \
    ROW(logsumexp, wick_logsumexp(v), AT(-I, 1), {0, 1})                                                               \
    ROW(logsumexp_nothing, wick_logsumexp(v), AT(-I, -I), {N, N}, {N, N}, {N, N}, {N, N}, {N, N})                      \
    ROW(softmax, weighted(wick_softmax(wick_mul(v, C(1, 1, 2)), 0)), AT(-I, 0, 0.5), SOFTMAX)                          \
    ROW(log_softmax, wick_narrow(wick_log_softmax(wick_mul(v, C(1, 1, 2)), 0), 0, 1, 1), AT(-I, 0, 0.5), LOG_SOFTMAX)

#define NORMALIZED(ROW)                                                                                                \
    ROW(normalize_1, weighted(wick_normalize(v, 1, 0)), AT(0, 0), {1e12, 2e12})                                        \
    ROW(normalize_1_half, weighted(wick_normalize(v, 1.5, 0)), AT(0, 0), {1e12, 2e12})                                 \
    ROW(normalize_2, weighted(wick_normalize(v, 2, 0)), AT(0, 0), {1e12, 2e12})                                        \
    ROW(normalize_3, weighted(wick_normalize(v, 3, 0)), AT(0, 0), {1e12, 2e12})                                        \
    ROW(normalize_inf, weighted(wick_normalize(v, I, 0)), AT(0, 0), {1e12, 2e12})                                      \
    ROW(normalize_rows, weighted(wick_normalize(ROWS2, 2, 1)), AT(0, 0, 0, 5), {1e12, 2e12, 0.8, 0},                   \
        {0, 0, -0.48, -0.16}, END)                                                                                     \
    ROW(cosine_one, wick_cosine_similarity(v, C(1, 2), 0), AT(0, 0), {S5 * 1e8, 2 * S5 * 1e8})                         \
    ROW(cosine_both, wick_cosine_similarity(FIRST, SECOND, 0), AT(0, 0, 1, 2), {S5 * 1e8, 2 * S5 * 1e8, 0, 0},         \
        {0.4 * S5 * 1e8, -0.2 * S5 * 1e8, 0.4 * S5 * 1e8, -0.2 * S5 * 1e8}, END)                                       \
    ROW(cosine_zeros, wick_cosine_similarity(FIRST, SECOND, 0), AT(0, 0, 0, 0), {0, 0, 0, 0},                          \
        {1e16, 1e16, 1e16, 1e16})                                                                                      \
    ROW(cosine_rows, wick_cosine_similarity(ROWS2, ROWS2, 1), AT(0, 0, 1, 0), {0, 0, 0, 0}, {2e16, 2e16, ANY, ANY},    \
        END)                                                                                                           \
    ROW(distance, wick_pairwise_distance(v, C(1, 2), 2), AT(1, 2), {H2, H2}, END)                                      \
    ROW(distance_0, wick_pairwise_distance(v, C(1, 2), 2, 0), AT(1, 2), {0})                                           \
    ROW(distance_3, wick_pairwise_distance(v, C(1, 2), 3, 0), AT(1, 2), {0})                                           \
    ROW(layer_norm_equal, weighted(wick_layer_norm(wick_mul(v, C(1, 2, 4)), WICK_DIMS(3), .eps = 1)), AT(0, 0, 0),     \
        LAYER_NORM)                                                                                                    \
    ROW(rms_norm_zeros, weighted(wick_rms_norm(v, WICK_DIMS(2), .eps = 1)), AT(0, 0), {1, 2}, {0, 0}, {-4, -5},        \
        {0, 0}, {63, 72})                                                                                              \
    ROW(group_norm_equal, weighted(wick_group_norm(wick_unsqueeze(wick_mul(v, C(1, 2, 4)), 0), 1, .eps = 1)),          \
        AT(0, 0, 0), LAYER_NORM)                                                                                       \
    ROW(batch_norm_equal,                                                                                              \
        weighted(wick_batch_norm(wick_unsqueeze(wick_mul(v, C(1, 2, 4)), 1), NULL, NULL, .training = true, .eps = 1)), \
        AT(0, 0, 0), LAYER_NORM)

#define LOSSES(ROW)                                                                                                   \
    ROW(bce_0, wick_binary_cross_entropy(v, C(0), WICK_SUM), AT(0), {0}, END)                                         \
    ROW(bce_logits, wick_binary_cross_entropy_with_logits(v, C(0), WICK_SUM), AT(-I), {0})                            \
    ROW(kl_div, wick_kl_div(v, C(0, 1), WICK_SUM), AT(1, 0), {0, -1})                                                 \
    ROW(kl_div_target, wick_kl_div(C(1), v, WICK_SUM), AT(0), {-I}, {I}, {-I}, {I}, {-I})                             \
    ROW(poisson, wick_poisson_nll_loss(v, C(0), .full = true, .reduction = WICK_SUM), AT(0), {1}, {1}, {1}, {1}, {1}) \
    ROW(poisson_target, wick_poisson_nll_loss(C(1, 1), v, .full = true, .reduction = WICK_SUM), AT(0, 1), {-1, -1})   \
    ROW(gaussian, wick_gaussian_nll_loss(v, C(0), C(1), .reduction = WICK_SUM), AT(0), {0}, {1})                      \
    ROW(cosine_embedding, wick_cosine_embedding_loss(ROW1, wick_unsqueeze(C(1, 2), 0), C(1), .reduction = WICK_SUM),  \
        AT(0, 0), {-447213.596393, -894427.192787}, END)                                                              \
    ROW(triplet, wick_triplet_margin_loss(ROW1, ROW1, wick_unsqueeze(C(1, 2), 0), .eps = 0, .reduction = WICK_SUM),   \
        AT(1, 2), {0})                                                                                                \
    ROW(mse, wick_mse_loss(v, C(0), WICK_SUM), AT(0), {0}, {2})                                                       \
    ROW(l1, wick_l1_loss(v, C(0), WICK_SUM), AT(0), {0})                                                              \
    ROW(huber, wick_huber_loss(v, C(0, 0, 0), WICK_SUM), AT(0, 1, -1), {0, 1, -1}, {1, 0, 0})                         \
    ROW(smooth_l1, wick_smooth_l1_loss(v, C(0, 0, 0), WICK_SUM), AT(0, 1, -1), {0, 1, -1}, {1, 0, 0})                 \
    ROW(cross_entropy, wick_cross_entropy(v, C(0, 1), WICK_SUM), AT(0, 0), {0.5, -0.5})                               \
    ROW(outer, wick_outer(FIRST, FIRST), AT(0, 0), {0, 0}, {4, 4})                                                    \
    ROW(einsum, wick_einsum("i,i,i->", v, v, v), AT(0, 1), {0, 3}, {0, 6}, {6, 6})                                    \
    ROW(dot, wick_dot(v, v), AT(0, 0), {0, 0}, {2, 2})
#define ROW1 wick_unsqueeze(v, 0)
#define ROWS2 wick_reshape(v, 2, 2)
#define AT(...)     \
    {               \
        __VA_ARGS__ \
    }
#define SOFTMAX                                                                                  \
    {0, -0.393223866482964, 0.786447732965927}, {0, 0.181715495345897, -0.363430990691793},      \
        {0, 0.0706511610324713, -0.141302322064943}, {0, -0.247013722732785, 0.494027445465574}, \
    {                                                                                            \
        0, 0.102083952249105, -0.20416790449821                                                  \
    }
#define LOG_SOFTMAX                                                                                \
    {0, 0.731058578630005, -1.46211715726001}, {0, 0.196611933241482, -0.393223866482964},         \
        {0, -0.0908577476729484, 0.181715495345897}, {0, -0.0353255805162357, 0.0706511610324718}, \
    {                                                                                              \
        0, 0.123506861366394, -0.247013722732787                                                   \
    }
#define LAYER_NORM                                                                    \
    {-4. / 3, -2. / 3, 20. / 3}, {0, 0, 0}, {56. / 9, 28. / 9, -280. / 9}, {0, 0, 0}, \
    {                                                                                 \
        -3920. / 27, -1960. / 27, 19600. / 27                                         \
    }

#define ACTIVATIONS(ROW)                                                                                         \
    ROW(elu_0, wick_elu(v), AT(0, 1, -1), {1, 1, 0.36787944117144233}, {0, 0, 0.36787944117144233}, END)         \
    ROW(elu_2, wick_elu(v, 2), AT(0), {2})                                                                       \
    ROW(selu_0, wick_selu(v), AT(0), {1.7580993408473766})                                                       \
    ROW(celu_2, wick_celu(v, 2), AT(0, -2), {1, 0.36787944117144233}, {0, 0.18393972058572117}, END)             \
    ROW(relu_0, wick_relu(v), AT(0, 1, -1), {0, 1, 0})                                                           \
    ROW(relu6_joints, wick_relu6(v), AT(0, 6), {0, 0})                                                           \
    ROW(leaky_relu_0, wick_leaky_relu(v, 0.1), AT(0), {0.1})                                                     \
    ROW(hardtanh_joints, wick_hardtanh(v), AT(-1, 1), {0, 0})                                                    \
    ROW(hardsigmoid_joints, wick_hardsigmoid(v), AT(-3, 3), {0, 0})                                              \
    ROW(hardswish_joints, wick_hardswish(v), AT(-3, 3, 0), {0, 1, 0.5}, {0, 0, 1. / 3})                          \
    ROW(softshrink_joints, wick_softshrink(v, 0.5), AT(-0.5, 0.5, 0), {0, 0, 0})                                 \
    ROW(hardshrink_joints, wick_hardshrink(v, 0.5), AT(-0.5, 0.5, 0), {0, 0, 0})                                 \
    ROW(threshold_joint, wick_threshold(v, 1, 5), AT(1), {0})                                                    \
    ROW(softplus_joint, wick_softplus(v, 2, 4), AT(2, 3), {0.98201379003790845, 1}, {0.035325412426582, 0}, END) \
    ROW(prelu_0, wick_prelu(v, C(0.25)), AT(0, 1, -1), {0.25, 1, 0.25})                                          \
    ROW(logsigmoid_0, wick_logsigmoid(v), AT(0), {0.5}, {-0.25}, {0}, {0.125}, {0})                              \
    ROW(softsign_0, wick_softsign(v), AT(0), {1}, END)

#define ALL(ROW) ACTIVATIONS(ROW) POWERS(ROW) POINTWISE(ROW) REDUCTIONS(ROW) NORMALIZED(ROW) LOSSES(ROW)

#define FUNCTION(name, call, ...) \
    static wick_tensor *row_##name(wick_tensor *v) { return call; }
ALL(FUNCTION)

typedef struct row {
    const char *name;
    wick_tensor *(*f)(wick_tensor *v);
    int count;
    double point[MOST], right[ORDERS][MOST];
} row;
#define COUNT(...) (int)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double))
#define ENTRY(name, call, point, ...) \
    {#name, row_##name, (int)(sizeof((const double[])point) / sizeof(double)), point, {__VA_ARGS__}},
static const row rows[] = {ALL(ENTRY)};

/* The gradient of the sum of y by x, recorded or not; zeros where y does not depend on x. */
static wick_tensor *gradient(wick_tensor *y, wick_tensor *x, bool recorded)
{
    wick_list *g = wick_grad(wick_list_of(wick_sum(y)), wick_list_of(x), .create_graph = recorded, .retain_graph = true,
                             .allow_unused = true, .materialize_grads = true);
    return g ? wick_list_get(g, 0) : NULL;
}

static bool same(double x, double right)
{
    return right == ANY || x == right || (isnan(x) && isnan(right)) || fabs(x - right) <= 1e-9 * fmax(1, fabs(right));
}

/* How many elements of the row are wrong; each is printed. */
static int wrong_elements(const row *r)
{
    WICK_SCOPE;
    const int64_t count = r->count;
    int wrong = 0;
    wick_tensor *v = wick_from_n(r->point, WICK_FLOAT64, &count, 1);
    v = wick_requires_grad_(v, true);
    wick_tensor *g = r->f(v);
    ck_assert_msg(g != NULL, "%s: %s", r->name, wick_error());
    for (int k = 0; k < ORDERS; k++) {
        if (r->right[k][0] == ((double[])END)[0])
            break;
        /* What no longer depends on v is 0 from there on. */
        const bool constant = !wick_requires_grad(g);
        wick_tensor *plain = constant ? wick_zeros_like(v) : gradient(g, v, false);
        wick_tensor *next = constant ? plain : gradient(g, v, true);
        ck_assert_msg(plain && next, "%s, order %d: %s", r->name, k + 1, wick_error());
        for (int64_t i = 0; i < count; i++) {
            const double right = r->right[k][i], x = wick_get(next, i), fused = wick_get(plain, i);
            if (!same(x, right) || !same(fused, isfinite(x) ? x : right)) {
                printf("%s, order %d, element %d: %.12g, and %.12g unrecorded; right is %.12g\n", r->name, k + 1,
                       (int)i, x, fused, right);
                wrong++;
            }
        }
        g = next;
    }
    return wrong;
}

START_TEST(derivatives_at_corners)
{
    int wrong = 0;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        wrong += wrong_elements(&rows[k]);
    ck_assert_int_eq(wrong, 0);
}
END_TEST

/* Functions of single elements. */
#define UNARY(X)                               \
    X(wick_relu(v))                            \
    X(wick_relu6(v))                           \
    X(wick_leaky_relu(v))                      \
    X(wick_elu(v))                             \
    X(wick_selu(v))                            \
    X(wick_celu(v, 2))                         \
    X(wick_gelu(v))                            \
    X(wick_gelu(v, WICK_GELU_TANH))            \
    X(wick_silu(v))                            \
    X(wick_mish(v))                            \
    X(wick_softplus(v))                        \
    X(wick_logsigmoid(v))                      \
    X(wick_softsign(v))                        \
    X(wick_tanhshrink(v))                      \
    X(wick_hardtanh(v))                        \
    X(wick_hardsigmoid(v))                     \
    X(wick_hardswish(v))                       \
    X(wick_softshrink(v))                      \
    X(wick_hardshrink(v))                      \
    X(wick_threshold(v, 0, 1))                 \
    X(wick_prelu(v, D(0.25)))                  \
    X(wick_prelu(v, D(INFINITY)))              \
    X(wick_sigmoid(v))                         \
    X(wick_tanh(v))                            \
    X(wick_exp(v))                             \
    X(wick_abs(v))                             \
    X(wick_sqrt(v))                            \
    X(wick_log(v))                             \
    X(wick_erf(v))                             \
    X(wick_clamp(v, -1, 1))                    \
    X(wick_clamp_min(v, 0))                    \
    X(wick_square(v))                          \
    X(wick_pow(v, 3))                          \
    X(wick_pow(v, -1))                         \
    X(wick_pow(2, v))                          \
    X(wick_pow(v, D(2)))                       \
    X(wick_sign(v))                            \
    X(wick_copysign(v, 1))                     \
    X(wick_logaddexp(v, D(0)))                 \
    X(wick_xlogy(v, D(2)))                     \
    X(wick_xlogy(D(2), v))                     \
    X(wick_nan_to_num(v))                      \
    X(wick_fmax(v, D(0)))                      \
    X(wick_maximum(v, D(0)))                   \
    X(wick_where(wick_gt(v, 0), v, 0.0))       \
    X(wick_smooth_l1_loss(v, D(0), WICK_NONE)) \
    X(wick_huber_loss(v, D(0), WICK_NONE))     \
    X(wick_l1_loss(v, D(0), WICK_NONE))        \
    X(wick_mse_loss(v, D(0), WICK_NONE))       \
    X(wick_atan2(v, D(1)))                     \
    X(wick_rsqrt(v))

/* A gradient is linear in that of the result, so that its derivative by that is the slope itself: also where what a rule does
 * not choose would be infinite. */
static int wrong_slopes(const char *text, wick_tensor *y, wick_tensor *v)
{
    int wrong = 0;
    ck_assert_msg(y != NULL, "%s: %s", text, wick_error());
    wick_tensor *dy = wick_requires_grad_(wick_ones_like(wick_detach(y)), true);
    wick_list *plain = wick_grad(wick_list_of(y), wick_list_of(v), .grad_outputs = wick_list_of(wick_detach(dy)),
                                 .retain_graph = true);
    wick_list *g = wick_grad(wick_list_of(y), wick_list_of(v), .grad_outputs = wick_list_of(dy), .create_graph = true);
    ck_assert_msg(plain && g, "%s: %s", text, wick_error());
    if (!wick_requires_grad(wick_list_get(g, 0)))
        return 0;
    wick_tensor *by_dy = wick_ravel(gradient(wick_list_get(g, 0), dy, false));
    for (int64_t i = 0; i < wick_numel(v); i++) {
        const double slope = wick_get(wick_list_get(plain, 0), i), x = wick_get(by_dy, i);
        if (!same(x, slope)) {
            printf("%s at %g: %.12g by the cotangent, and the slope is %.12g\n", text, wick_get(v, i), x, slope);
            wrong++;
        }
    }
    return wrong;
}

START_TEST(slopes_by_the_cotangent)
{
    const double points[] = {-I, -3, -1, -0.5, 0, 0.5, 1, 3, 6, I, N};
    const int64_t count = sizeof points / sizeof *points;
    wick_tensor *v = wick_requires_grad_(wick_from_n(points, WICK_FLOAT64, &count, 1), true);
    int wrong = 0;
#define CHECK_SLOPES(call) wrong += wrong_slopes(#call, call, v);
    UNARY(CHECK_SLOPES)
    /* prelu by its weight, one per channel: inputs of any size. */
    wick_tensor *w = wick_requires_grad_(wick_from_n(points, WICK_FLOAT64, &count, 1), true);
    wrong += wrong_slopes("prelu by its weight", wick_prelu(wick_unsqueeze(wick_detach(v), 0), w), w);
    ck_assert_int_eq(wrong, 0);
    wick_clear_warning(); /* of losses whose target has no dimensions */
}
END_TEST

/* The derivatives of a power with a number for its exponent are products, to the end of the graph. */
START_TEST(powers_leave_no_condition)
{
    for (int n = 1; n <= 4; n++) {
        WICK_SCOPE;
        wick_tensor *v = wick_zeros(2, .requires_grad = true), *g = wick_pow(v, n);
        ck_assert_str_eq(wick_node_name(wick_grad_fn(g)), "PowBackward0");
        for (int order = 1; order <= n; order++) {
            g = gradient(g, v, true);
            ck_assert_str_eq(wick_node_name(wick_grad_fn(g)), "MulBackward0");
        }
        ck_assert(!wick_requires_grad(gradient(g, v, true)));
    }
}
END_TEST

Suite *corners_suite(void)
{
    const TTest *const tests[] = {derivatives_at_corners, slopes_by_the_cotangent, powers_leave_no_condition};
    return MAKE_SUITE("corners", tests);
}
