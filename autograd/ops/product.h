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
 * (..., m, n) (..., n, p) -> (..., m, p) with the leading dimensions broadcast. The operands of a product have one dtype, not
 * bool, here and below. */
WICK_API wick_tensor *wick_matmul(wick_tensor *a, wick_tensor *b);

WICK_API wick_tensor *wick_mm(wick_tensor *a, wick_tensor *b);    /* (m, n) (n, p) -> (m, p) */
WICK_API wick_tensor *wick_mv(wick_tensor *a, wick_tensor *x);    /* (m, n) (n) -> (m) */
WICK_API wick_tensor *wick_dot(wick_tensor *a, wick_tensor *b);   /* (n) (n) -> () */
WICK_API wick_tensor *wick_outer(wick_tensor *a, wick_tensor *b); /* a b^T: (m) (n) -> (m, n), of any dtypes */
WICK_API wick_tensor *wick_bmm(wick_tensor *a, wick_tensor *b);   /* (n, m, k) (n, k, p) -> (n, m, p) */

/* beta c + alpha a b, with c broadcast to the shape of the product: torch.addmm(c, a, b), and, for batches as of bmm,
 * torch.baddbmm. With beta 0, c does not count, not even if it is NaN. For integers both factors lose their fractions,
 * and for int64 they must be below 2^53. */
typedef struct wick_addmm_options {
    size_t size_;
    char start_;
    double beta;  /* default 1 */
    double alpha; /* default 1 */
} wick_addmm_options;
#define WICK_ADDMM_DEFAULTS 0, 1.0, 1.0
#define WICK_ADDMM_OPTIONS(...) WICK_OPTIONS(wick_addmm_options, WICK_ADDMM_DEFAULTS, __VA_ARGS__)
WICK_API wick_tensor *wick_addmm_opt(wick_tensor *c, wick_tensor *a, wick_tensor *b, const wick_addmm_options *options);
WICK_API wick_tensor *wick_baddbmm_opt(wick_tensor *c, wick_tensor *a, wick_tensor *b,
                                       const wick_addmm_options *options);
#define wick_addmm(c, a, b, ...) wick_addmm_opt(c, a, b, WICK_ADDMM_OPTIONS(__VA_ARGS__))
#define wick_baddbmm(c, a, b, ...) wick_baddbmm_opt(c, a, b, WICK_ADDMM_OPTIONS(__VA_ARGS__))

/* y = x W^T + b: x (..., in), W (out, in), b (out) or () or NULL; y (..., out). Or W (in), and y (...): then b is NULL, or,
 * where x is no matrix, (). torch.nn.functional.linear. */
WICK_API wick_tensor *wick_linear(wick_tensor *x, wick_tensor *W, wick_tensor *b);

/* y_o = x1^T W_o x2 + b_o: x1 (..., in1), x2 (..., in2) with the same leading dimensions, W (out, in1, in2), b (out) or
 * NULL; y (..., out). torch.nn.functional.bilinear. */
WICK_API wick_tensor *wick_bilinear(wick_tensor *x1, wick_tensor *x2, wick_tensor *W, wick_tensor *b);

/* Einstein's summation, torch.einsum: a letter names a dimension, and the products of the operands' elements are summed over
 * those that the result does not name.
 *     wick_einsum("ij,jk->ik", a, b)       a b                     wick_einsum("ii->i", a)           the diagonal of a
 *     wick_einsum("bij,bkj->bik", q, k)    q k^T, batch b          wick_einsum("...ij->...ji", a)    "...": any dimensions,
 *     wick_einsum("i,j", a, b)             the outer product       wick_einsum("ij->", a)            which broadcast
 * Without "->" the result names the letters that occur once, in alphabetical order, capitals first, after the "...". A
 * dimension of size 1 broadcasts. Operands are taken from left to right, two at a time; no result on the way may have more
 * than 8 dimensions. An equation that is malformed, or that does not fit the operands, is an error that shows the equation
 * and the position in it. wick_einsum_n takes a list. */
WICK_API wick_tensor *wick_einsum_n(const char *equation, wick_list *operands);
#define wick_einsum(equation, ...) wick_einsum_n(equation, wick_list_of(__VA_ARGS__))

WICK_END_DECLS

#endif
