/* matmul.c - products of matrices and vectors. */
#include <math.h>
#include <string.h>

#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- Matrices as gemm takes them --------------------------------------------------------------------------------------------- */

/* Rows that lie one after another, or columns that do; ld elements apart. */
typedef struct matrix {
    const char *data;
    int64_t ld;
    bool transposed;   /* columns lie one after another */
    wick_tensor *copy; /* made where the strides are neither; for the caller to drop */
} matrix;

/* The matrix in the last two dimensions of t (1 or 2 of them: a vector is a column), which starts offset elements on. */
static bool matrix_of(const wick_tensor *t, int64_t rows, int64_t cols, int64_t row_stride, int64_t col_stride,
                      matrix *m)
{
    m->copy = NULL;
    m->data = wk_data(t);
    if ((col_stride == 1 || cols == 1) && (row_stride >= cols || rows == 1)) {
        m->transposed = false;
        m->ld = rows == 1 || row_stride < cols ? (cols ? cols : 1) : row_stride;
    } else if ((row_stride == 1 || rows == 1) && (col_stride >= rows || cols == 1)) {
        m->transposed = true;
        m->ld = cols == 1 || col_stride < rows ? (rows ? rows : 1) : col_stride;
    } else {
        m->copy = wk_contiguous(t);
        if (m->copy == t) { /* contiguous, and strides of dimensions of size 0 only looked otherwise */
            wk_unref(m->copy);
            m->copy = NULL;
        } else if (!m->copy) {
            return false;
        } else {
            m->data = wk_data(m->copy);
        }
        m->transposed = false;
        m->ld = cols ? cols : 1;
    }
    if (m->ld < 1)
        m->ld = 1;
    return true;
}

static bool same_dtype(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    if (a->dtype == b->dtype && a->dtype != WICK_BOOL)
        return true;
    if (a->dtype == b->dtype)
        wick_fail(WICK_ERROR_DTYPE, "%s: not for bool; convert with wick_to", function);
    else
        wick_fail(WICK_ERROR_DTYPE,
                  "%s: both must have the same dtype, and they are %s and %s; convert one with wick_to", function,
                  wick_dtype_name(a->dtype), wick_dtype_name(b->dtype));
    return false;
}

static void *shapes_do_not_multiply(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    return wick_fail(
        WICK_ERROR_SHAPE,
        "%s: shapes %s and %s cannot be multiplied; the first must have as many columns as the second has rows",
        function, WK_SHAPE(a), WK_SHAPE(b));
}

/* C (m, n), contiguous, = alpha a b, or that + C, where a (m, k) and b (k, n) have 2 dimensions. */
static bool multiply(wick_tensor *C, double alpha, const wick_tensor *a, bool a_transposed, const wick_tensor *b,
                     bool b_transposed, bool add)
{
    int64_t m = a->shape[a_transposed ? 1 : 0], k = a->shape[a_transposed ? 0 : 1], n = b->shape[b_transposed ? 0 : 1];
    matrix A, B;
    if (!matrix_of(a, a->shape[0], a->shape[1], a->strides[0], a->strides[1], &A))
        return false;
    if (!matrix_of(b, b->shape[0], b->shape[1], b->strides[0], b->strides[1], &B)) {
        wk_unref(A.copy);
        return false;
    }
    wk_gemm(C->dtype, A.transposed != a_transposed, B.transposed != b_transposed, m, n, k, alpha, A.data, A.ld, B.data,
            B.ld, add, wk_data(C), n ? n : 1);
    wk_unref(A.copy);
    wk_unref(B.copy);
    return true;
}

/* The same for each of a batch: y (n, m, p), a (n, m, k), b (n, k, p). */
static bool multiply_each(wick_tensor *y, double alpha, const wick_tensor *a, const wick_tensor *b, bool add)
{
    int64_t m = a->shape[1], k = a->shape[2], p = b->shape[2];
    matrix A, B;
    if (!matrix_of(a, m, k, a->strides[1], a->strides[2], &A))
        return false;
    if (!matrix_of(b, k, p, b->strides[1], b->strides[2], &B)) {
        wk_unref(A.copy);
        return false;
    }
    wk_gemm_batch(y->dtype, A.transposed, B.transposed, y->shape[0], m, p, k, alpha, A.data, A.ld,
                  A.copy ? m * k : a->strides[0], B.data, B.ld, B.copy ? k * p : b->strides[0], add, wk_data(y),
                  p ? p : 1, m * p);
    wk_unref(A.copy);
    wk_unref(B.copy);
    return true;
}

/* beta start, broadcast to the shape: what a product is added to. start NULL or beta 0: uninitialised, for a product
 * that is not. One reference, the caller's. */
static wick_tensor *started(const wick_tensor *start, double beta, const int64_t *shape, int ndim, wick_dtype dtype)
{
    wick_tensor *y = wk_new(shape, ndim, dtype);
    if (!y || !start || beta == 0)
        return y;
    wk_copy(y, start);
    if (beta != 1)
        wk_map("wick_addmm", WK_SCALE, y, 1, (const wick_tensor *const[]){y}, (double[]){beta, 0});
    return y;
}

/* y (m, n) = beta start + alpha a b; start, broadcast, may be NULL, for 0. One reference, the caller's. */
static wick_tensor *scaled_product(const wick_tensor *start, double beta, double alpha, const wick_tensor *a,
                                   bool a_transposed, const wick_tensor *b, bool b_transposed)
{
    int64_t shape[] = {a->shape[a_transposed ? 1 : 0], b->shape[b_transposed ? 0 : 1]};
    wick_tensor *y = started(start, beta, shape, 2, a->dtype);
    if (y && !multiply(y, alpha, a, a_transposed, b, b_transposed, start && beta != 0)) {
        wk_unref(y);
        y = NULL;
    }
    return y;
}

static wick_tensor *product(const wick_tensor *start, const wick_tensor *a, bool a_transposed, const wick_tensor *b,
                            bool b_transposed)
{
    return scaled_product(start, 1, 1, a, a_transposed, b, b_transposed);
}

/* ---- Two matrices -------------------------------------------------------------------------------------------------------------- */

/* mm       y = a b                 da = dy b^T            db = a^T dy */
GRAD(mm_da) { return wick_mm(dy, wick_t(b)); }
GRAD(mm_db) { return wick_mm(wick_t(a), dy); }
static const wk_op mm_op = {"MmBackward0", {{mm_da, USES_B, NULL}, {mm_db, USES_A, NULL}}, false};

/* Whether a and b are matrices that multiply. */
static bool multiplies(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    if (a->ndim != 2 || b->ndim != 2) {
        wick_fail(WICK_ERROR_SHAPE, "%s: takes matrices, and the shapes are %s and %s; wick_matmul takes other shapes",
                  function, WK_SHAPE(a), WK_SHAPE(b));
        return false;
    }
    if (a->shape[1] != b->shape[0]) {
        shapes_do_not_multiply(function, a, b);
        return false;
    }
    return same_dtype(function, a, b);
}

wick_tensor *wick_mm(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    if (!WK_TENSOR(a, "wick_mm", "a") || !WK_TENSOR(b, "wick_mm", "b") || !multiplies("wick_mm", a, b))
        return NULL;
    return wk_record(&mm_op, NULL, product(NULL, a, false, b, false), a, b, NULL);
}

/* addmm    y = s a + t b c         da = s dy              db = t dy c^T          dc = t b^T dy        s = beta, t = alpha */
static wick_tensor *times(wick_tensor *x, double factor) { return factor == 1 ? x : wick_mul(x, factor); }
GRAD(addmm_da) { return times(dy, args->s); }
GRAD(addmm_db) { return times(wick_mm(dy, wick_t(c)), args->t); }
GRAD(addmm_dc) { return times(wick_mm(wick_t(b), dy), args->t); }
static const wk_op addmm_op = {
    "AddmmBackward0", {{addmm_da, 0, NULL}, {addmm_db, USES_C, NULL}, {addmm_dc, USES_B, NULL}}, false};

/* beta c + alpha ab for integers, whose loops do not scale: the factors without their fractions, as in PyTorch. */
static wick_tensor *whole_sum(const char *function, wick_tensor *c, wick_tensor *ab, const wick_addmm_options *o)
{
    if (!(fabs(o->beta) < 0x1p63) || !(fabs(o->alpha) < 0x1p63))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: beta %s or alpha %s is not an int64, and the dtype is %s", function,
                         WK_REAL(o->beta), WK_REAL(o->alpha), wick_dtype_name(c->dtype));
    const wick_dtype dtype = c->dtype;
    if (!wk_check_exact(function, ".beta", o->beta, dtype, "multiply c by it first") ||
        !wk_check_exact(function, ".alpha", o->alpha, dtype, "multiply a by it first"))
        return NULL;
    return wick_add(wick_mul(c, (int64_t)o->beta), wick_mul(ab, (int64_t)o->alpha));
}

static bool is_scaled(const wick_addmm_options *o) { return o->beta != 1 || o->alpha != 1; }

wick_tensor *wick_addmm_opt(wick_tensor *c, wick_tensor *a, wick_tensor *b, const wick_addmm_options *given)
{
    WK_ENTER;
    wick_addmm_options o = WK_OPTIONS(wick_addmm_options, WICK_ADDMM_DEFAULTS, given);
    const char *function = "wick_addmm";
    if (!WK_TENSOR(c, function, "c") || !WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b") ||
        !multiplies(function, a, b) || !same_dtype(function, c, a))
        return NULL;
    if (!wk_broadcasts_to(function, c, (int64_t[]){a->shape[0], b->shape[1]}, 2))
        return NULL;
    if (is_scaled(&o) && !wick_dtype_is_floating(a->dtype)) {
        WICK_SCOPE;
        return wick_out(whole_sum(function, c, wick_mm(a, b), &o));
    }
    wk_args args = {.s = o.beta, .t = o.alpha};
    return wk_record(&addmm_op, &args, scaled_product(c, o.beta, o.alpha, a, false, b, false), c, a, b);
}

/* linear   Y = X W^T + b           X (n, in)   W (out, in)   b (out)   Y (n, out)
            dX = dY W               dW = dY^T X               db = sum of dY over n, which the engine does */
GRAD(linear_dx) { return wick_mm(dy, b); }
GRAD(linear_dx_fused) { return wk_own(product(NULL, dy, false, b, false)); }
GRAD(linear_dw) { return wick_mm(wick_t(dy), a); }
GRAD(linear_dw_fused) { return wk_own(product(NULL, dy, true, a, false)); }
GRAD(linear_db) { return dy; }
static const wk_op linear_op = {
    "AddmmBackward0",
    {{linear_dx, USES_B, linear_dx_fused}, {linear_dw, USES_A, linear_dw_fused}, {linear_db, 0, NULL}},
    false};
static const wk_op linear_no_bias_op = {
    "MmBackward0", {{linear_dx, USES_B, linear_dx_fused}, {linear_dw, USES_A, linear_dw_fused}}, false};

/* The same for x of 1 or more than 2 dimensions: those before the last are rows. */
static wick_tensor *linear_of_rows(wick_tensor *x, wick_tensor *W, wick_tensor *b)
{
    WICK_SCOPE;
    int64_t shape[WICK_MAX_DIMS], rows = 1;
    memcpy(shape, x->shape, sizeof shape);
    for (int i = 0; i < x->ndim - 1; i++)
        rows *= x->shape[i];
    shape[x->ndim - 1] = W->shape[0];
    return wick_out(wick_reshape_n(wick_linear(wick_reshape(x, rows, W->shape[1]), W, b), shape, x->ndim));
}

/* Whether t has one dimension, but for those of size 1. */
static bool is_row(const wick_tensor *t)
{
    int longer = 0;
    for (int d = 0; d < t->ndim; d++)
        longer += t->shape[d] != 1;
    return t->ndim == 1 || longer == 1;
}

/* Whether b broadcasts to (n, out). */
static bool stretches(const wick_tensor *b, int64_t n, int64_t out)
{
    const int64_t last = b->ndim ? b->shape[b->ndim - 1] : 1, first = b->ndim == 2 ? b->shape[0] : 1;
    return b->ndim <= 2 && (last == 1 || last == out) && (first == 1 || first == n);
}

wick_tensor *wick_linear(wick_tensor *x, wick_tensor *W, wick_tensor *b)
{
    WK_ENTER;
    const char *function = "wick_linear";
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(W, function, "W") || (b && !WK_TENSOR(b, function, "b")))
        return NULL;
    if ((W->ndim != 1 && W->ndim != 2) || x->ndim == 0 || x->shape[x->ndim - 1] != W->shape[W->ndim - 1])
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: x of shape %s and W of shape %s cannot be multiplied; x must be (..., in) and W (out, in) or (in)",
            function, WK_SHAPE(x), WK_SHAPE(W));
    /* As in PyTorch, a bias is a part of the product of matrices, or else is added to what comes out. */
    const bool inside = b && (x->ndim == 2 || is_row(b));
    if (inside && W->ndim == 1)
        return wick_fail(
            WICK_ERROR_SHAPE,
            "%s: b of shape %s, with x of shape %s and W of shape %s; with a W of one dimension b must be NULL or, if "
            "x is not a matrix, of shape (); wick_add adds another",
            function, WK_SHAPE(b), WK_SHAPE(x), WK_SHAPE(W));
    if (!same_dtype(function, x, W) || (b && !same_dtype(function, x, b)))
        return NULL;
    if (x->ndim == 2 && W->ndim == 2) {
        if (b && !stretches(b, x->shape[0], W->shape[0]))
            return wick_fail(WICK_ERROR_SHAPE, "%s: b of shape %s does not fit W of shape %s; it must be (out)",
                             function, WK_SHAPE(b), WK_SHAPE(W));
        return wk_record(b ? &linear_op : &linear_no_bias_op, NULL, product(b, x, false, W, true), x, W, b);
    }
    WICK_SCOPE;
    wick_tensor *y = W->ndim == 1 ? wick_matmul(x, W) : linear_of_rows(x, W, inside ? b : NULL);
    if (!y || !b || inside)
        return wick_out(y);
    return wk_broadcasts_to(function, b, y->shape, y->ndim) ? wick_out(wick_add(y, b)) : NULL;
}

/* ---- Batches of matrices --------------------------------------------------------------------------------------------------------- */

/* bmm      y[i] = a[i] b[i]        da[i] = dy[i] b[i]^T        db[i] = a[i]^T dy[i] */
GRAD(bmm_da) { return wick_bmm(dy, wick_transpose(b, 1, 2)); }
GRAD(bmm_db) { return wick_bmm(wick_transpose(a, 1, 2), dy); }
static const wk_op bmm_op = {"BmmBackward0", {{bmm_da, USES_B, NULL}, {bmm_db, USES_A, NULL}}, false};

/* Whether a (n, m, k) and b (n, k, p) are batches that multiply. */
static bool multiplies_each(const char *function, const wick_tensor *a, const wick_tensor *b)
{
    if (a->ndim != 3 || b->ndim != 3 || a->shape[0] != b->shape[0] || a->shape[2] != b->shape[1]) {
        wick_fail(WICK_ERROR_SHAPE,
                  "%s: shapes %s and %s cannot be multiplied; they must be (n, m, k) and (n, k, p); wick_matmul "
                  "broadcasts",
                  function, WK_SHAPE(a), WK_SHAPE(b));
        return false;
    }
    return same_dtype(function, a, b);
}

/* beta start + alpha a b; start may be NULL, for 0. One reference, the caller's. */
static wick_tensor *products(const wick_tensor *start, double beta, double alpha, const wick_tensor *a,
                             const wick_tensor *b)
{
    int64_t shape[] = {a->shape[0], a->shape[1], b->shape[2]};
    wick_tensor *y = started(start, beta, shape, 3, a->dtype);
    if (y && !multiply_each(y, alpha, a, b, start && beta != 0)) {
        wk_unref(y);
        y = NULL;
    }
    return y;
}

wick_tensor *wick_bmm(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    const char *function = "wick_bmm";
    if (!WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b") || !multiplies_each(function, a, b))
        return NULL;
    return wk_record(&bmm_op, NULL, products(NULL, 0, 1, a, b), a, b, NULL);
}

/* baddbmm  y[i] = s a[i] + t b[i] c[i]        da = s dy        db[i] = t dy[i] c[i]^T        dc[i] = t b[i]^T dy[i] */
GRAD(baddbmm_db) { return times(wick_bmm(dy, wick_transpose(c, 1, 2)), args->t); }
GRAD(baddbmm_dc) { return times(wick_bmm(wick_transpose(b, 1, 2), dy), args->t); }
static const wk_op baddbmm_op = {
    "BaddbmmBackward0", {{addmm_da, 0, NULL}, {baddbmm_db, USES_C, NULL}, {baddbmm_dc, USES_B, NULL}}, false};

wick_tensor *wick_baddbmm_opt(wick_tensor *c, wick_tensor *a, wick_tensor *b, const wick_addmm_options *given)
{
    WK_ENTER;
    wick_addmm_options o = WK_OPTIONS(wick_addmm_options, WICK_ADDMM_DEFAULTS, given);
    const char *function = "wick_baddbmm";
    if (!WK_TENSOR(c, function, "c") || !WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b") ||
        !multiplies_each(function, a, b) || !same_dtype(function, c, a))
        return NULL;
    if (!wk_broadcasts_to(function, c, (int64_t[]){a->shape[0], a->shape[1], b->shape[2]}, 3))
        return NULL;
    if (is_scaled(&o) && !wick_dtype_is_floating(a->dtype)) {
        WICK_SCOPE;
        return wick_out(whole_sum(function, c, wick_bmm(a, b), &o));
    }
    wk_args args = {.s = o.beta, .t = o.alpha};
    return wk_record(&baddbmm_op, &args, products(c, o.beta, o.alpha, a, b), c, a, b);
}

/* ---- Vectors ----------------------------------------------------------------------------------------------------------------------- */

/* dot      y = sum of a b          da = dy b              db = dy a
   mv       y = a b, a matrix       da = dy b^T            db = a^T dy */
GRAD(dot_da) { return wick_mul(dy, b); }
GRAD(dot_db) { return wick_mul(dy, a); }
GRAD(mv_da) { return wick_mul(wick_unsqueeze(dy, 1), b); }
GRAD(mv_db) { return wick_mv(wick_t(a), dy); }
static const wk_op dot_op = {"DotBackward0", {{dot_da, USES_B, NULL}, {dot_db, USES_A, NULL}}, false};
static const wk_op mv_op = {"MvBackward0", {{mv_da, USES_B, NULL}, {mv_db, USES_A, NULL}}, false};

/* The product of a, taken as a matrix with the given rows, and the vector b, in the given shape. */
static wick_tensor *times_vector(const wk_op *op, wick_tensor *a, int64_t rows, wick_tensor *b, int ndim)
{
    int64_t k = b->shape[0];
    wick_tensor *row =
        ndim ? wk_ref(a) : wk_alias(a, (int64_t[]){1, k}, (int64_t[]){k * a->strides[0], a->strides[0]}, 2, a->offset);
    wick_tensor *column = wk_alias(b, (int64_t[]){k, 1}, (int64_t[]){b->strides[0], 1}, 2, b->offset);
    wick_tensor *y = row && column ? wk_new(&rows, ndim, a->dtype) : NULL;
    wick_tensor *flat = y ? wk_alias(y, (int64_t[]){rows, 1}, (int64_t[]){1, 1}, 2, 0) : NULL;
    if (y && (!flat || !multiply(flat, 1, row, false, column, false, false))) {
        wk_unref(y);
        y = NULL;
    }
    wk_unref(flat);
    wk_unref(column);
    wk_unref(row);
    return wk_record(op, NULL, y, a, b, NULL);
}

wick_tensor *wick_dot(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    const char *function = "wick_dot";
    if (!WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b"))
        return NULL;
    if (a->ndim != 1 || b->ndim != 1 || a->shape[0] != b->shape[0])
        return wick_fail(WICK_ERROR_SHAPE, "%s: takes two vectors of one length, and the shapes are %s and %s",
                         function, WK_SHAPE(a), WK_SHAPE(b));
    return same_dtype(function, a, b) ? times_vector(&dot_op, a, 1, b, 0) : NULL;
}

wick_tensor *wick_mv(wick_tensor *a, wick_tensor *x)
{
    WK_ENTER;
    const char *function = "wick_mv";
    if (!WK_TENSOR(a, function, "a") || !WK_TENSOR(x, function, "x"))
        return NULL;
    if (a->ndim != 2 || x->ndim != 1)
        return wick_fail(WICK_ERROR_SHAPE, "%s: takes a matrix and a vector, and the shapes are %s and %s", function,
                         WK_SHAPE(a), WK_SHAPE(x));
    if (a->shape[1] != x->shape[0])
        return shapes_do_not_multiply(function, a, x);
    return same_dtype(function, a, x) ? times_vector(&mv_op, a, a->shape[0], x, 1) : NULL;
}

/* outer    y = a b^T */
wick_tensor *wick_outer(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    if (!WK_TENSOR(a, "wick_outer", "a") || !WK_TENSOR(b, "wick_outer", "b"))
        return NULL;
    if (a->ndim != 1 || b->ndim != 1)
        return wick_fail(WICK_ERROR_SHAPE, "wick_outer: takes two vectors, and the shapes are %s and %s", WK_SHAPE(a),
                         WK_SHAPE(b));
    WICK_SCOPE;
    return wick_out(wick_mul(wick_unsqueeze(a, 1), b));
}

/* ---- matmul: whatever the shapes call for ------------------------------------------------------------------------------------------ */

/* Both as batches of the broadcast leading dimensions, folded into one, multiplied, and unfolded. */
static wick_tensor *batched(wick_tensor *a, wick_tensor *b)
{
    const char *function = "wick_matmul";
    WICK_SCOPE;
    bool row = a->ndim == 1, column = b->ndim == 1;
    if (row)
        a = wick_unsqueeze(a, 0);
    if (column)
        b = wick_unsqueeze(b, 1);
    if (!a || !b)
        return NULL;
    int64_t batch[WICK_MAX_DIMS], count, shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_broadcast(function, a->shape, a->ndim - 2, b->shape, b->ndim - 2, batch, &ndim))
        return NULL;
    if (!wk_check_shape("matmul", batch, ndim, a->dtype, &count))
        return NULL;
    int64_t m = a->shape[a->ndim - 2], k = a->shape[a->ndim - 1], p = b->shape[b->ndim - 1];
    memcpy(shape, batch, sizeof shape);
    shape[ndim] = m, shape[ndim + 1] = k;
    wick_tensor *A = wick_reshape(wick_expand_n(a, shape, ndim + 2), count, m, k);
    shape[ndim] = k, shape[ndim + 1] = p;
    wick_tensor *B = wick_reshape(wick_expand_n(b, shape, ndim + 2), count, k, p);
    wick_tensor *y = wick_bmm(A, B);
    int n = ndim;
    if (!row)
        shape[n++] = m;
    if (!column)
        shape[n++] = p;
    return wick_out(wick_reshape_n(y, shape, n));
}

wick_tensor *wick_matmul(wick_tensor *a, wick_tensor *b)
{
    WK_ENTER;
    const char *function = "wick_matmul";
    if (!WK_TENSOR(a, function, "a") || !WK_TENSOR(b, function, "b"))
        return NULL;
    if (a->ndim == 0 || b->ndim == 0)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: both must have at least 1 dimension, and the shapes are %s and %s; use "
                         "wick_mul",
                         function, WK_SHAPE(a), WK_SHAPE(b));
    int64_t columns = a->shape[a->ndim - 1], rows = b->shape[b->ndim == 1 ? 0 : b->ndim - 2];
    if (columns != rows)
        return shapes_do_not_multiply(function, a, b);
    if (!same_dtype(function, a, b))
        return NULL;
    if (a->ndim == 2 && b->ndim == 2)
        return wk_record(&mm_op, NULL, product(NULL, a, false, b, false), a, b, NULL);
    if (a->ndim == 1 && b->ndim == 1)
        return times_vector(&dot_op, a, 1, b, 0);
    if (a->ndim == 2 && b->ndim == 1)
        return times_vector(&mv_op, a, a->shape[0], b, 1);
    if (b->ndim <= 2 && a->ndim >= 2) { /* one matrix for the whole batch: all rows at once */
        WICK_SCOPE;
        int64_t shape[WICK_MAX_DIMS], n = 1;
        memcpy(shape, a->shape, sizeof shape);
        for (int i = 0; i < a->ndim - 1; i++)
            n *= a->shape[i];
        shape[a->ndim - 1] = b->shape[b->ndim - 1];
        wick_tensor *y = wick_matmul(wick_reshape(a, n, columns), b);
        return wick_out(wick_reshape_n(y, shape, a->ndim - (b->ndim == 1)));
    }
    return batched(a, b);
}
