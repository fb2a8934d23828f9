/* ops.h - the operations.
 *
 * Names, semantics, defaults, broadcasting and type promotion are PyTorch's. Every operation returns a new tensor, which
 * the innermost scope owns, and NULL after an error; one whose name ends in _ works in place and returns its first
 * argument. x, a, b stand for inputs, y for the result, d for a gradient; a dimension may be negative, to count from the
 * end. Operations record a node where an input requires grad and grad mode is on.
 *
 * Broadcasting: shapes are aligned at their last dimension, and a dimension of size 1 or absent is stretched.
 * https://pytorch.org/docs/stable/notes/broadcasting.html
 * Promotion: operands are brought to one dtype, in which those of the higher category decide.
 * https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc
 *
 * The families have a header each in ops/. */
#ifndef WICK_AUTOGRAD_OPS_H
#define WICK_AUTOGRAD_OPS_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "ops/activation.h"
#include "ops/index.h"
#include "ops/loss.h"
#include "ops/normalize.h"
#include "ops/pointwise.h"
#include "ops/product.h"
#include "ops/reduce.h"
#include "ops/shape.h"

WICK_BEGIN_DECLS

/* Whether all of wick_isclose(a, b) is true, with its options: torch.allclose. False after an error. */
WICK_API bool wick_allclose_opt(wick_tensor *a, wick_tensor *b, const wick_isclose_options *options);
#define wick_allclose(a, b, ...) \
    wick_allclose_opt(a, b, WICK_OPTIONS(wick_isclose_options, WICK_ISCLOSE_DEFAULTS, __VA_ARGS__))

/* ---- Functions to name ---------------------------------------------------------------------------------------------------- */

/* An operation with options is a macro, and a macro has no address. So each one of these signatures is a function of the same
 * name, too, with the options' defaults: a name that no parenthesis follows is the function.
 *     const struct { const char *name; wick_tensor *(*f)(wick_tensor *); } pools[] = {{"mean", wick_mean}, {"max", wick_max}};
 *     wick_plot_activations(WICK_PLOT_FUNCTIONS({"GELU", wick_gelu}, {"ELU", wick_elu}), "activations.png"); */
/* clang-format off */
#define WICK_NAMED_OF_TENSOR(X) \
    X(wick_leaky_relu) X(wick_elu) X(wick_celu) X(wick_gelu) X(wick_softplus) X(wick_hardtanh) X(wick_softshrink) \
    X(wick_hardshrink) X(wick_glu) X(wick_rrelu) X(wick_leaky_relu_) X(wick_elu_) X(wick_celu_) X(wick_hardtanh_) \
    X(wick_rrelu_) X(wick_clamp) X(wick_clamp_) X(wick_nan_to_num) X(wick_nan_to_num_) X(wick_normalize) \
    X(wick_sum) X(wick_mean) X(wick_nansum) X(wick_nanmean) X(wick_prod) X(wick_count_nonzero) X(wick_any) \
    X(wick_all) X(wick_max) X(wick_min) X(wick_argmax) X(wick_argmin) X(wick_amax) X(wick_amin) X(wick_median) \
    X(wick_logsumexp) X(wick_var) X(wick_std) X(wick_norm) X(wick_sort) X(wick_argsort) X(wick_unique) \
    X(wick_unique_consecutive) X(wick_bincount) X(wick_one_hot) X(wick_squeeze) X(wick_flatten) X(wick_diagonal) \
    X(wick_diff) X(wick_tril) X(wick_triu) X(wick_tril_) X(wick_triu_) X(wick_diag) X(wick_diag_embed)
#define WICK_NAMED_OF_TWO(X) \
    X(wick_l1_loss) X(wick_mse_loss) X(wick_smooth_l1_loss) X(wick_huber_loss) X(wick_kl_div) \
    X(wick_poisson_nll_loss) X(wick_binary_cross_entropy) X(wick_binary_cross_entropy_with_logits) \
    X(wick_multilabel_soft_margin_loss) X(wick_soft_margin_loss) X(wick_hinge_embedding_loss) X(wick_nll_loss) \
    X(wick_cross_entropy) X(wick_multi_margin_loss) X(wick_multilabel_margin_loss) X(wick_pairwise_distance) \
    X(wick_cosine_similarity) X(wick_isclose)
/* clang-format on */
#define WICK_DECLARE_(name) WICK_API wick_tensor *(name)(wick_tensor * x);
WICK_NAMED_OF_TENSOR(WICK_DECLARE_)
#undef WICK_DECLARE_
#define WICK_DECLARE_(name) WICK_API wick_tensor *(name)(wick_tensor * x, wick_tensor * y);
WICK_NAMED_OF_TWO(WICK_DECLARE_)
#undef WICK_DECLARE_

WICK_END_DECLS

#endif
