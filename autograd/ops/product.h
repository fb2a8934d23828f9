/* product.h - products of matrices and vectors; a part of ops.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Products ------------------------------------------------------------------------------------------------------------ */

/* The product of matrices and vectors, torch.matmul: (n) (n) -> (), (m, n) (n, p) -> (m, p), (n) (n, p) -> (p), (m, n) (n) ->
 * (m), and (..., m, n) (..., n, p) -> (..., m, p) with the leading dimensions broadcast. Here and below, the operands of a
 * product must have the same dtype, other than bool. */
WICK_API wick_tensor *wick_matmul(wick_tensor *a, wick_tensor *b);

/* The products of fixed shapes. */
WICK_API wick_tensor *wick_mm(wick_tensor *a, wick_tensor *b);    /* (m, n) (n, p) -> (m, p) */
WICK_API wick_tensor *wick_mv(wick_tensor *a, wick_tensor *x);    /* (m, n) (n) -> (m) */
WICK_API wick_tensor *wick_dot(wick_tensor *a, wick_tensor *b);   /* (n) (n) -> () */
WICK_API wick_tensor *wick_outer(wick_tensor *a, wick_tensor *b); /* a b^T: (m) (n) -> (m, n), any dtypes */
WICK_API wick_tensor *wick_bmm(wick_tensor *a, wick_tensor *b);   /* (n, m, k) (n, k, p) -> (n, m, p) */

/* beta c + alpha a b, with c broadcast to the shape of the product: addmm for matrices, torch.addmm(c, a, b), and baddbmm for
 * batches as in bmm, torch.baddbmm(c, a, b). With beta 0, c is ignored, even if it is NaN. For integers, beta and alpha lose
 * their fractions; for int64 they must be below 2^53. */
typedef struct wick_addmm_options {
    size_t size_;
    char start_;
    double beta;  /* default 1 */
    double alpha; /* default 1 */
} wick_addmm_options;
#define WICK_ADDMM_DEFAULTS 1.0, 1.0
WICK_API wick_tensor *wick_addmm_opt(wick_tensor *c, wick_tensor *a, wick_tensor *b, const wick_addmm_options *options);
#define wick_addmm(c, a, b, ...) \
    wick_addmm_opt(c, a, b, WICK_OPTIONS(wick_addmm_options, WICK_ADDMM_DEFAULTS, __VA_ARGS__))
WICK_API wick_tensor *wick_baddbmm_opt(wick_tensor *c, wick_tensor *a, wick_tensor *b,
                                       const wick_addmm_options *options);
#define wick_baddbmm(c, a, b, ...) \
    wick_baddbmm_opt(c, a, b, WICK_OPTIONS(wick_addmm_options, WICK_ADDMM_DEFAULTS, __VA_ARGS__))

/* y = x W^T + b: torch.nn.functional.linear. x is (..., in), W is (out, in), b is (out), () or NULL, and y is (..., out). W
 * may also be (in); then y is (...), and b is NULL or, if x is not a matrix, (). */
WICK_API wick_tensor *wick_linear(wick_tensor *x, wick_tensor *W, wick_tensor *b);

/* y_o = x1^T W_o x2 + b_o: torch.nn.functional.bilinear. x1 is (..., in1) and x2 is (..., in2), with the same leading
 * dimensions; W is (out, in1, in2), b is (out) or NULL, and y is (..., out). */
WICK_API wick_tensor *wick_bilinear(wick_tensor *x1, wick_tensor *x2, wick_tensor *W, wick_tensor *b);

/* Einstein's summation: torch.einsum. Letters name the dimensions of the operands and of the result; products of the
 * operands' elements are summed over the letters that the result does not have.
 *     wick_einsum("ij,jk->ik", a, b)       a b                     wick_einsum("ii->i", a)           the diagonal of a
 *     wick_einsum("bij,bkj->bik", q, k)    q k^T, batch b          wick_einsum("...ij->...ji", a)    "...": any dimensions,
 *     wick_einsum("i,j", a, b)             the outer product       wick_einsum("ij->", a)            which broadcast
 * Without "->" the result has the letters that occur once, in alphabetical order, capitals first, after the "...". A
 * dimension of size 1 broadcasts. Operands are multiplied from left to right, two at a time; an intermediate result must not
 * have more than 8 dimensions. An equation that is malformed, or that does not fit the operands, is an error that shows the
 * equation and the position in it. wick_einsum_from takes a list. */
WICK_API wick_tensor *wick_einsum_from(const char *equation, wick_list *operands);
#define wick_einsum(equation, ...) wick_einsum_from(equation, wick_list_of(__VA_ARGS__))

WICK_END_DECLS
