/* activation.h - what a network puts between its layers; a part of ops.h. */
#ifndef WICK_AUTOGRAD_OPS_ACTIVATION_H
#define WICK_AUTOGRAD_OPS_ACTIVATION_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

WICK_API wick_tensor *wick_relu(wick_tensor *x);    /* max(x, 0); derivative 0 at 0 */
WICK_API wick_tensor *wick_sigmoid(wick_tensor *x); /* 1 / (1 + e^-x) */

/* y = e^x / sum of e^x over dim, and its logarithm; both computed from x - max(x). */
WICK_API wick_tensor *wick_softmax(wick_tensor *x, int64_t dim);
WICK_API wick_tensor *wick_log_softmax(wick_tensor *x, int64_t dim);

/* Each element is 0 with probability p, else x / (1 - p), while training; x itself otherwise (Srivastava et al. 2014).
 * Draws one Bernoulli an element from the default generator. p outside [0, 1] is an error. */
WICK_API wick_tensor *wick_dropout(wick_tensor *x, double p, bool training);

WICK_END_DECLS
#endif
