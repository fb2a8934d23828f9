/* loss_terms.h - internal: what the files of losses share. loss.c. */
#pragma once

#include "../tensor/kernels.h"
#include "node.h"

/* ---- Arguments: each says no with an error that names the function -------------------------------------------------------- */

/* One of mean, sum and none. */
bool wk_loss_reduction(const char *function, wick_reduction reduction);

/* x and y floating, of one dtype, and, if asked, of one shape. */
bool wk_loss_inputs(const char *function, wick_tensor *x, wick_tensor *y, bool same_shape);

/* Tensors that broadcast together to *shape; with floating, one of them must be so. */
bool wk_loss_pair(const char *function, wick_tensor *x, wick_tensor *y, bool floating);

/* Not to be differentiated by: a weight, say, that requires grad would be left without. what it is, is for the message. */
bool wk_loss_constant(const char *function, wick_tensor *t, const char *what);

/* ---- A loss that is one node, its reduction included ---------------------------------------------------------------------- */

/* The elements of a loss, of a loop over x and y with numbers s, unrecorded, in the innermost scope. Of the wider dtype. */
wick_tensor *wk_loss_elements(const char *function, wk_loop_id loop, wick_tensor *x, wick_tensor *y, const double *s);

/* The elements e reduced, as the result of op on a, b and c. The node's s is the factor of each element: 1/n or 1; t is as
 * given. */
wick_tensor *wk_loss_node(const wk_op *op, double t, wick_tensor *e, wick_reduction reduction, wick_tensor *a,
                          wick_tensor *b, wick_tensor *c);

/* A gradient rule in one pass: loop(dy, a, b) with numbers s and t, where dy is of a and b's shape or a single number. */
wick_tensor *wk_loss_fused(wk_loop_id loop, wick_tensor *dy, wick_tensor *a, wick_tensor *b, double s, double t);

/* ---- Pieces of losses that are composed ------------------------------------------------------------------------------------- */

/* The elements' mean or sum, or they themselves. */
wick_tensor *wk_loss_reduced(wick_tensor *e, wick_reduction reduction);

/* max(x, low), NaN for NaN, with the gradient of x itself: a bound that keeps a loss finite and is not learned from. */
wick_tensor *wk_loss_at_least(wick_tensor *x, double low);

/* log(1 + e^-x), without overflow. */
wick_tensor *wk_softplus_neg(wick_tensor *x);
