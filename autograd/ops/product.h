/* product.h - products of matrices and vectors; a part of ops.h. */
#ifndef WICK_AUTOGRAD_OPS_PRODUCT_H
#define WICK_AUTOGRAD_OPS_PRODUCT_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Products ------------------------------------------------------------------------------------------------------------ */

/* torch.matmul: (n) (n) -> (), (m, n) (n, p) -> (m, p), (n) (n, p) -> (p), (m, n) (n) -> (m), and
 * (..., m, n) (..., n, p) -> (..., m, p) with the leading dimensions broadcast. */
WICK_API wick_tensor *wick_matmul(wick_tensor *a, wick_tensor *b);

/* (m, n) (n, p) -> (m, p): torch.mm. */
WICK_API wick_tensor *wick_mm(wick_tensor *a, wick_tensor *b);

/* c + a b, with c broadcast to (m, p): torch.addmm(c, a, b). */
WICK_API wick_tensor *wick_addmm(wick_tensor *c, wick_tensor *a, wick_tensor *b);

/* y = x W^T + b: x (..., in), W (out, in), b (out) or NULL; y (..., out). torch.nn.functional.linear. */
WICK_API wick_tensor *wick_linear(wick_tensor *x, wick_tensor *W, wick_tensor *b);

WICK_END_DECLS
#endif
