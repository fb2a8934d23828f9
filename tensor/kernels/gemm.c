/* gemm.c - matrix products: by CBLAS for float32 and float64; by the table's own loop where the product is too small to
 * be worth a call of BLAS, for integers, for sizes beyond BLAS's int, and in builds without BLAS. */
#include "../kernels.h"

#include <limits.h>
#include <string.h>

#ifdef WICK_HAVE_BLAS
#include <cblas.h>

/* Whether the built-in kernel beats a call of BLAS (measured with OpenBLAS). */
static bool is_tiny(int64_t m, int64_t n, int64_t k)
{
    enum { TINY = 4096 };
    return m <= TINY && n <= TINY && k <= TINY && m * n <= TINY && m * n * k <= TINY;
}

/* BLAS counts in int. */
static bool blas_takes(int64_t m, int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc)
{
    return m <= INT_MAX && n <= INT_MAX && k <= INT_MAX && lda <= INT_MAX && ldb <= INT_MAX && ldc <= INT_MAX;
}
#endif

void wk_gemm(wick_dtype dtype, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, double alpha, const void *A,
             int64_t lda, const void *B, int64_t ldb, double beta, void *C, int64_t ldc)
{
    const bool add = beta != 0;
    if (m == 0 || n == 0)
        return;
    if (k == 0) {
        if (!add) {
            const size_t bytes = wick_dtype_size(dtype);
            for (int64_t i = 0; i < m; i++)
                memset((char *)C + (size_t)(i * ldc) * bytes, 0, (size_t)n * bytes);
        }
        return;
    }
#ifdef WICK_HAVE_BLAS
    if (!is_tiny(m, n, k) && wick_dtype_is_floating(dtype) && blas_takes(m, n, k, lda, ldb, ldc)) {
        const CBLAS_TRANSPOSE ta = trans_a ? CblasTrans : CblasNoTrans, tb = trans_b ? CblasTrans : CblasNoTrans;
        if (dtype == WICK_FLOAT32)
            cblas_sgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, (float)alpha, A, (int)lda, B, (int)ldb,
                        (float)beta, C, (int)ldc);
        else
            cblas_dgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, alpha, A, (int)lda, B, (int)ldb, beta, C,
                        (int)ldc);
        return;
    }
#endif
    wk_cpu()->gemm[dtype](trans_a, trans_b, m, n, k, alpha, A, lda, B, ldb, add, C, ldc);
}
