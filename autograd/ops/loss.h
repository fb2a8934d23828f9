/* loss.h - losses as functions; a part of ops.h. */
#ifndef WICK_AUTOGRAD_OPS_LOSS_H
#define WICK_AUTOGRAD_OPS_LOSS_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Losses -------------------------------------------------------------------------------------------------------------------- */

typedef enum wick_reduction { WICK_MEAN, WICK_SUM, WICK_NONE } wick_reduction;

typedef struct wick_loss_options {
    char start_;
    wick_reduction reduction; /* WICK_MEAN (default), WICK_SUM, or WICK_NONE for a loss an element */
    wick_tensor *weight;      /* bce: broadcast to the elements; nll, cross_entropy: one a class (C); default 1 */
    wick_tensor *pos_weight;  /* bce_with_logits: weight of the positive term; default 1 */
    int64_t ignore_index;     /* nll, cross_entropy: targets of this value do not count; default -100 */
    double label_smoothing;   /* cross_entropy: in [0, 1]; default 0 */
} wick_loss_options;
#define WICK_LOSS_DEFAULTS 0, WICK_MEAN, NULL, NULL, -100, 0.0
#define WICK_LOSS_OPTIONS(...) WICK_OPTIONS(wick_loss_options, WICK_LOSS_DEFAULTS, __VA_ARGS__)

/* (x - y)^2: torch.nn.functional.mse_loss. */
WICK_API wick_tensor *wick_mse_loss_opt(wick_tensor *x, wick_tensor *y, wick_loss_options options);
#define wick_mse_loss(x, y, ...) wick_mse_loss_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

/* -w (y log x + (1 - y) log(1 - x)) for probabilities x in [0, 1], each logarithm at least -100; x and y of one shape. */
WICK_API wick_tensor *wick_binary_cross_entropy_opt(wick_tensor *x, wick_tensor *y, wick_loss_options options);
#define wick_binary_cross_entropy(x, y, ...) wick_binary_cross_entropy_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

/* The same of sigmoid(x), computed without overflow; pos_weight multiplies the term of y. */
WICK_API wick_tensor *wick_binary_cross_entropy_with_logits_opt(wick_tensor *x, wick_tensor *y,
                                                                wick_loss_options options);
#define wick_binary_cross_entropy_with_logits(x, y, ...) \
    wick_binary_cross_entropy_with_logits_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

/* -w[y] x[y] for log-probabilities x (N, C) or (C) and labels y (N) or (), int64; the mean is over the summed weights of
 * the labels that count. A label outside [0, C) is an error. */
WICK_API wick_tensor *wick_nll_loss_opt(wick_tensor *x, wick_tensor *y, wick_loss_options options);
#define wick_nll_loss(x, y, ...) wick_nll_loss_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

/* nll_loss(log_softmax(x), y) for raw scores x. y holds labels, or, in x's shape and floating point, probabilities. */
WICK_API wick_tensor *wick_cross_entropy_opt(wick_tensor *x, wick_tensor *y, wick_loss_options options);
#define wick_cross_entropy(x, y, ...) wick_cross_entropy_opt(x, y, WICK_LOSS_OPTIONS(__VA_ARGS__))

WICK_END_DECLS
#endif
