/* gemm.c - matrix products: by CBLAS for float32 and float64; by the table's own loop where the product is too small to
 * be worth a call of BLAS, for integers, for sizes beyond BLAS's int, and in builds without BLAS.
 *
 * A large product is cut into pieces of C, one for each thread, and each piece is a product of its own, which BLAS computes
 * with one thread. They begin at multiples of 64 rows and columns, where the tiles of most kernels begin, too. k is not
 * cut: an element of C is one sum. */
#include "../kernels.h"
#include "../parallel.h"
#include "blas.h"

#include <limits.h>
#include <string.h>

#ifdef WICK_HAVE_BLAS
#include <cblas.h>
#endif

enum {
    TINY = 4096,              /* the built-in kernel beats a call of BLAS (measured with OpenBLAS) */
    PARALLEL = 1 << 20,       /* multiplications from which several threads share a product */
    PARALLEL_BATCH = 1 << 18, /* and from which they share a batch of products */
    ALIGN = 64
};

typedef struct product {
    wick_dtype dtype;
    bool trans_a, trans_b, add, blas;
    int64_t m, n, k, lda, ldb, ldc;
    double alpha;
    const char *A, *B;
    char *C;
    int64_t size;                   /* bytes of an element */
    int64_t rows, columns;          /* pieces that C is cut into */
    int64_t step_a, step_b, step_c; /* bytes from one product of a batch to the next */
} product;

static bool is_tiny(int64_t m, int64_t n, int64_t k)
{
    return m <= TINY && n <= TINY && k <= TINY && m * n <= TINY && m * n * k <= TINY;
}

/* BLAS counts in int. */
static bool is_for_blas(const product *p)
{
#ifdef WICK_HAVE_BLAS
    return !is_tiny(p->m, p->n, p->k) && wick_dtype_is_floating(p->dtype) && p->m <= INT_MAX && p->n <= INT_MAX &&
           p->k <= INT_MAX && p->lda <= INT_MAX && p->ldb <= INT_MAX && p->ldc <= INT_MAX;
#else
    (void)p;
    return false;
#endif
}

/* C (m, n) of one piece. */
static void multiply(const product *p, int64_t m, int64_t n, const char *A, const char *B, char *C)
{
#ifdef WICK_HAVE_BLAS
    if (p->blas) {
        const CBLAS_TRANSPOSE ta = p->trans_a ? CblasTrans : CblasNoTrans, tb = p->trans_b ? CblasTrans : CblasNoTrans;
        if (p->dtype == WICK_FLOAT32)
            cblas_sgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)p->k, (float)p->alpha, (const void *)A, (int)p->lda,
                        (const void *)B, (int)p->ldb, p->add ? 1.0F : 0.0F, (void *)C, (int)p->ldc);
        else
            cblas_dgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)p->k, p->alpha, (const void *)A, (int)p->lda,
                        (const void *)B, (int)p->ldb, p->add ? 1.0 : 0.0, (void *)C, (int)p->ldc);
        return;
    }
#endif
    wk_cpu()->gemm[WK_DTYPE_INDEX(p->dtype)](p->trans_a, p->trans_b, m, n, p->k, p->alpha, A, p->lda, B, p->ldb, p->add,
                                             C, p->ldc);
}

/* Where piece i of `count` begins: a multiple of ALIGN, or the end. Each has at least ALIGN, if there are as many. */
static int64_t start_of(int64_t i, int64_t count, int64_t size)
{
    return i == count ? size : size / ALIGN * i / count * ALIGN;
}

static void multiply_pieces(void *context, int64_t from, int64_t to)
{
    const product *p = context;
    for (int64_t i = from; i < to; i++) {
        const int64_t r = i / p->columns, c = i % p->columns;
        const int64_t row = start_of(r, p->rows, p->m), rows = start_of(r + 1, p->rows, p->m) - row;
        const int64_t column = start_of(c, p->columns, p->n), columns = start_of(c + 1, p->columns, p->n) - column;
        multiply(p, rows, columns, p->A + row * (p->trans_a ? 1 : p->lda) * p->size,
                 p->B + column * (p->trans_b ? p->ldb : 1) * p->size, p->C + (row * p->ldc + column) * p->size);
    }
}

static void multiply_batch(void *context, int64_t from, int64_t to)
{
    const product *p = context;
    for (int64_t i = from; i < to; i++)
        multiply(p, p->m, p->n, p->A + i * p->step_a, p->B + i * p->step_b, p->C + i * p->step_c);
}

/* Cuts C so that as many threads have a piece and what they read, rows of A and columns of B, is least. */
static void cut(product *p, int threads)
{
    const int64_t most_rows = p->m / ALIGN, most_columns = p->n / ALIGN;
    int64_t best = INT64_MAX;
    p->rows = p->columns = 1;
    for (int64_t rows = 1; rows <= threads && (rows == 1 || rows <= most_rows); rows++) {
        int64_t columns = threads / rows;
        if (columns > 1 && columns > most_columns)
            columns = most_columns > 1 ? most_columns : 1;
        /* A piece's time is that of its products and, some hundred times less, that of reading. */
        const int64_t m = (p->m + rows - 1) / rows, n = (p->n + columns - 1) / columns, time = m * n + 64 * (m + n);
        if (time < best) {
            best = time;
            p->rows = rows;
            p->columns = columns;
        }
    }
}

/* Whether a b c >= least. */
static bool reaches(int64_t a, int64_t b, int64_t c, int64_t least)
{
    return a >= least || b >= least || a * b >= least || c >= least || a * b * c >= least;
}

void wk_gemm_batch(wick_dtype dtype, bool trans_a, bool trans_b, int64_t count, int64_t m, int64_t n, int64_t k,
                   double alpha, const void *A, int64_t lda, int64_t step_a, const void *B, int64_t ldb, int64_t step_b,
                   double beta, void *C, int64_t ldc, int64_t step_c)
{
    const int64_t size = wk_element_size(dtype);
    product p = {.dtype = dtype,
                 .trans_a = trans_a,
                 .trans_b = trans_b,
                 .add = beta != 0,
                 .m = m,
                 .n = n,
                 .k = k,
                 .lda = lda,
                 .ldb = ldb,
                 .ldc = ldc,
                 .alpha = alpha,
                 .A = A,
                 .B = B,
                 .C = C,
                 .size = size,
                 .step_a = step_a * size,
                 .step_b = step_b * size,
                 .step_c = step_c * size};
    if (count == 0 || m == 0 || n == 0)
        return;
    if (k == 0) {
        for (int64_t b = 0; !p.add && b < count; b++)
            for (int64_t i = 0; i < m; i++)
                memset(p.C + b * p.step_c + i * ldc * size, 0, (size_t)(n * size));
        return;
    }
    p.blas = is_for_blas(&p);
    wk_blas_setting before = {0, 0};
    if (p.blas)
        before = wk_blas_begin();
    const int threads = reaches(m, n, k, (PARALLEL_BATCH + count - 1) / count) ? wick_get_num_threads() : 1;
    if (threads > 1 && count >= threads) {
        wk_parallel(count, multiply_batch, &p);
    } else if (threads > 1 && reaches(m, n, k, PARALLEL)) {
        cut(&p, threads);
        for (int64_t b = 0; b < count; b++, p.A += p.step_a, p.B += p.step_b, p.C += p.step_c)
            wk_parallel(p.rows * p.columns, multiply_pieces, &p);
    } else {
        multiply_batch(&p, 0, count);
    }
    if (p.blas)
        wk_blas_end(before);
}

void wk_gemm(wick_dtype dtype, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, double alpha, const void *A,
             int64_t lda, const void *B, int64_t ldb, double beta, void *C, int64_t ldc)
{
    if (m > 0 && n > 0 && k > 0 && is_tiny(m, n, k)) /* the shortest way for these, whose arithmetic is short, too */
        wk_cpu()->gemm[WK_DTYPE_INDEX(dtype)](trans_a, trans_b, m, n, k, alpha, A, lda, B, ldb, beta != 0, C, ldc);
    else
        wk_gemm_batch(dtype, trans_a, trans_b, 1, m, n, k, alpha, A, lda, 0, B, ldb, 0, beta, C, ldc, 0);
}
