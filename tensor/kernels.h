/* kernels.h - internal: the table of loops that do the arithmetic, one table a device.
 *
 * Operations choose shapes and dtypes, allocate results, and call wk_map, wk_reduce, wk_softmax or wk_gemm; these walk the
 * strides and call the table's loops. A second device is a second table. */
#pragma once

#include "tensor_struct.h"

/* A loop over n elements. p[0] is the output and p[1]... the inputs, each advancing by step[i] bytes an element (0 for a
 * broadcast operand). s holds the operation's numbers, for floating dtypes alone: a double is no int64. Output may be the very same memory as an input. */
typedef void wk_loop(int64_t n, char *const *p, const int64_t *step, const double *s);

/* Functions of one number that the vector mathematics library has: the loop's name, the function's, the same in SLEEF and in
 * the C library, and SLEEF's bound of the error: u10 is 1.0 ulp, u15 is 1.5. A row is all of a loop: its place among the
 * loops below, and what it computes. SLEEF's sinh, cosh, asinh and acosh are infinite before their time: those of the C
 * library stand in kernels/pointwise_loops.h. */
/* clang-format off */
#define WK_MATH_FUNCTIONS(F, X) \
    F(X, EXP, exp, u10) \
    F(X, EXP2, exp2, u10) /* 2^x */ \
    F(X, EXPM1, expm1, u10) /* e^x - 1 */ \
    F(X, LOG, log, u10) \
    F(X, LOG1P, log1p, u10) /* log(1 + x) */ \
    F(X, LOG2, log2, u10) \
    F(X, LOG10, log10, u10) \
    F(X, TANH, tanh, u10) \
    F(X, ATANH, atanh, u10) \
    F(X, SIN, sin, u10) \
    F(X, COS, cos, u10) \
    F(X, TAN, tan, u10) \
    F(X, ASIN, asin, u10) \
    F(X, ACOS, acos, u10) \
    F(X, ATAN, atan, u10) \
    F(X, ERFC, erfc, u15) /* 1 - erf x */
/* clang-format on */
#define WK_MATH_LOOP_(X, name, function, bound) X(name, 1, F, SAME)

/* Every pointwise loop: name, inputs, the dtypes it exists for, the dtype of its output (SAME as the inputs, or BOOL),
 * and the value for inputs x0, x1, x2 and numbers s0, s1, computed in the input's type.
 *   F: float32 and float64      N: and int64, uint8      A: and bool */
/* clang-format off */
#define WK_LOOPS(X)                                                                                   \
    X(ADD, 2, A, SAME)              /* a + b            (bool: or)                                 */ \
    X(SUB, 2, N, SAME)              /* a - b                                                       */ \
    X(MUL, 2, A, SAME)              /* a b              (bool: and)                                */ \
    X(DIV, 2, F, SAME)              /* a / b                                                       */ \
    X(POW, 2, N, SAME)              /* a^b; integers wrap; 1 / a^-b, rounded to 0, for b < 0       */ \
    X(MAXIMUM, 2, A, SAME)          /* NaN if either is                                            */ \
    X(MINIMUM, 2, A, SAME)                                                                            \
    X(EQ, 2, A, BOOL)                                                                                 \
    X(NE, 2, A, BOOL)                                                                                 \
    X(LT, 2, A, BOOL)                                                                                 \
    X(LE, 2, A, BOOL)                                                                                 \
    X(GT, 2, A, BOOL)                                                                                 \
    X(GE, 2, A, BOOL)                                                                                 \
    X(NEG, 1, N, SAME)                                                                                \
    X(ABS, 1, A, SAME)                                                                                \
    X(SIGN, 1, A, SAME)             /* NaN gives 0, as PyTorch                                     */ \
    WK_MATH_FUNCTIONS(WK_MATH_LOOP_, X)                                                               \
    X(SQRT, 1, F, SAME)                                                                               \
    X(RECIPROCAL, 1, F, SAME)       /* 1 / x                                                      */  \
    X(RSQRT, 1, F, SAME)            /* 1 / sqrt(x)                                                */  \
    X(SIGMOID, 1, F, SAME)          /* 1 / (1 + e^-x)                                              */ \
    X(ERF, 1, F, SAME)              /* 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x       */ \
    X(SINH, 1, F, SAME)                                                                               \
    X(COSH, 1, F, SAME)                                                                               \
    X(ASINH, 1, F, SAME)                                                                              \
    X(ACOSH, 1, F, SAME)                                                                              \
    X(RELU, 1, N, SAME)             /* x < 0 ? 0 : x, so that NaN and -0 stay                      */ \
    X(FLOOR, 1, F, SAME)                                                                              \
    X(CEIL, 1, F, SAME)                                                                               \
    X(ROUND, 1, F, SAME)            /* to the nearest whole number, halves to the even one        */  \
    X(TRUNC, 1, F, SAME)                                                                              \
    X(FRAC, 1, F, SAME)             /* x - trunc x                                                */  \
    X(CLAMP, 1, F, SAME)            /* min(max(x, s0), s1); a NaN number is no bound; NaN stays    */ \
    X(SCALE, 1, F, SAME)            /* s0 x                                                        */ \
    X(RELU_GRAD, 2, F, SAME)        /* (dy, y)  y <= 0 ? 0 : dy                                    */ \
    X(SIGMOID_GRAD, 2, F, SAME)     /* (dy, y)  dy (1 - y) y                                       */ \
    X(TANH_GRAD, 2, F, SAME)        /* (dy, y)  dy (1 - y^2)                                       */ \
    X(BCE, 2, F, SAME)              /* (x, t)  (t - 1) max(log1p(-x), -100) - t max(log x, -100)   */ \
    X(BCE_GRAD, 3, F, SAME)         /* (dy, x, t)  s0 dy (x - t) / max(x (1 - x), 1e-12)           */ \
    X(FMOD, 2, N, SAME)             /* a - b trunc(a / b), exact; integers: no b is 0              */ \
    X(REMAINDER, 2, N, SAME)        /* a - b floor(a / b), of the sign of b; likewise              */ \
    X(DIV_TRUNC, 2, N, SAME)        /* trunc(a / b); likewise                                      */ \
    X(DIV_FLOOR, 2, N, SAME)        /* floor(a / b) as Python's a // b; likewise                   */ \
    X(FMAX, 2, A, SAME)             /* the larger; of a number and NaN the number                  */ \
    X(FMIN, 2, A, SAME)                                                                               \
    X(ATAN2, 2, F, SAME)                                                                              \
    X(HYPOT, 2, F, SAME)            /* sqrt(a^2 + b^2) that does not overflow inside               */ \
    X(COPYSIGN, 2, F, SAME)         /* |a| with the sign of b                                      */ \
    X(LOGADDEXP, 2, F, SAME)        /* log(e^a + e^b)                                              */ \
    X(LOGADDEXP2, 2, F, SAME)       /* log2(2^a + 2^b)                                             */ \
    X(XLOGY, 2, F, SAME)            /* a log b; 0 for a = 0 unless b is NaN                        */ \
    X(LOGICAL_AND, 2, A, BOOL)      /* a != 0 and b != 0                                           */ \
    X(LOGICAL_OR, 2, A, BOOL)                                                                         \
    X(LOGICAL_XOR, 2, A, BOOL)                                                                        \
    X(LERP, 3, F, SAME)             /* a + c (b - a), computed from the nearer end                 */ \
    X(ADDCMUL, 3, N, SAME)          /* a + s0 b c                                                  */ \
    X(ADDCDIV, 3, F, SAME)          /* a + s0 b / c                                                */ \
    X(CLAMP_TENSOR, 3, N, SAME)     /* min(max(a, b), c); NaN if one is                            */ \
    X(NAN_TO_NUM, 1, F, SAME)       /* s0 for NaN, s1 for inf, s2 for -inf                         */ \
    X(SQUARED_ERROR, 2, F, SAME)    /* (a - b)^2                                                   */ \
    X(SQUARED_ERROR_GRAD, 3, F, SAME) /* (dy, a, b)  s0 (a - b) dy                                 */ \
    /* Losses of d = a - b that bend at |d| = s0, and their slopes with the bend at s1; m = min(|d|, bend) */ \
    X(SMOOTH_L1, 2, F, SAME)        /* (a, b)  m (|d| - m / 2) / s0                                */ \
    X(HUBER, 2, F, SAME)            /* (a, b)  m (|d| - m / 2)                                     */ \
    X(SMOOTH_L1_GRAD, 3, F, SAME)   /* (dy, a, b)  s0 dy min(max(d, -s1), s1) / s1                 */ \
    X(HUBER_GRAD, 3, F, SAME)       /* (dy, a, b)  s0 dy min(max(d, -s1), s1)                      */ \
    X(LEAKY_RELU, 1, F, SAME)       /* x > 0 ? x : s0 x; a gradient is of (dy, x), here and below   */ \
    X(LEAKY_RELU_GRAD, 2, F, SAME)                                                                    \
    X(PRELU, 2, F, SAME)            /* (x, w)  x > 0 ? x : w x                                      */ \
    X(PRELU_GRAD, 3, F, SAME)       /* (dy, x, w)                                                   */ \
    X(PRELU_WEIGHT_GRAD, 2, F, SAME)                                                                  \
    X(HARDTANH_GRAD, 2, F, SAME)    /* s0 < x < s1 ? dy : 0                                         */ \
    X(HARDSIGMOID, 1, F, SAME)      /* min(max(x + 3, 0), 6) / 6                                    */ \
    X(HARDSIGMOID_GRAD, 2, F, SAME)                                                                   \
    X(HARDSWISH, 1, F, SAME)        /* x min(max(x + 3, 0), 6) / 6                                  */ \
    X(HARDSWISH_GRAD, 2, F, SAME)                                                                     \
    X(SOFTSHRINK, 1, F, SAME)       /* x - s0, x + s0, or 0 between                                 */ \
    X(HARDSHRINK, 1, F, SAME)       /* x, or 0 where -s0 <= x <= s0                                 */ \
    X(SHRINK_GRAD, 2, F, SAME)      /* of both                                                      */ \
    X(THRESHOLD, 1, F, SAME)        /* x <= s0 ? s1 : x                                             */ \
    X(THRESHOLD_GRAD, 2, F, SAME)                                                                     \
    X(ELU, 1, F, SAME)              /* x < 0 ? s0 (e^(s2 x) - 1) : s1 x                             */ \
    X(ELU_GRAD, 2, F, SAME)                                                                           \
    X(GELU, 1, F, SAME)             /* x (1 + erf(x / sqrt 2)) / 2                                  */ \
    X(GELU_GRAD, 2, F, SAME)                                                                          \
    X(GELU_TANH, 1, F, SAME)        /* the approximation of gelu by tanh                            */ \
    X(GELU_TANH_GRAD, 2, F, SAME)                                                                     \
    X(SILU, 1, F, SAME)             /* x / (1 + e^-x)                                               */ \
    X(SILU_GRAD, 2, F, SAME)                                                                          \
    X(MISH, 1, F, SAME)             /* x tanh(log(1 + e^x))                                         */ \
    X(MISH_GRAD, 2, F, SAME)                                                                          \
    X(SOFTPLUS, 1, F, SAME)         /* s0 x > s1 ? x : log(1 + e^(s0 x)) / s0                       */ \
    X(SOFTPLUS_GRAD, 2, F, SAME)                                                                      \
    X(LOGSIGMOID, 1, F, SAME)       /* min(x, 0) - log(1 + e^-|x|)                                  */ \
    X(LOGSIGMOID_GRAD, 2, F, SAME)                                                                    \
    X(NORMALIZE, 4, F, SAME)        /* (x, m, f, b)  (x - m) f + b                                  */ \
    X(NORMALIZE_SUM, 4, F, SAME)    /* (dy, x, m, f)  dy (x - m) f: what a sum over it takes        */ \
    X(NORMALIZE_GRAD, 6, F, SAME)   /* (dy, x, m, p, q, r)  dy p + (x - m) q + r                    */
/* clang-format on */

#define WK_ENUMERATOR_(name, inputs, dtypes, output) WK_##name,
typedef enum wk_loop_id { WK_LOOPS(WK_ENUMERATOR_) WK_LOOP_COUNT } wk_loop_id;
#undef WK_ENUMERATOR_

/* Optimizer steps, in place over p[0], the parameter; p[1] is its gradient, and p[2] to p[4] are state. Documented with the
 * loops. */
#define WK_STEPS(X) X(SGD) X(ADAM) X(NADAM) X(RADAM) X(ADAMAX) X(ADAGRAD) X(ADADELTA) X(RMSPROP) X(RPROP) X(ASGD)
#define WK_ENUMERATOR_(name) WK_STEP_##name,
typedef enum wk_step_id { WK_STEPS(WK_ENUMERATOR_) WK_STEP_COUNT } wk_step_id;
#undef WK_ENUMERATOR_

/* How wk_reduce folds elements: x + y, |x| + |y|, x^2 + y^2, x y, the larger, the smaller (NaN if either is). */
typedef enum wk_fold {
    WK_FOLD_SUM,
    WK_FOLD_SUM_ABS,
    WK_FOLD_SUM_SQUARES,
    WK_FOLD_PROD,
    WK_FOLD_MAX,
    WK_FOLD_MIN,
    WK_FOLD_COUNT
} wk_fold;

/* Running totals along a dimension: y_k = y_(k-1) + x_k and y_k = y_(k-1) x_k. */
typedef enum wk_scan { WK_SCAN_SUM, WK_SCAN_PROD, WK_SCAN_COUNT } wk_scan;

typedef struct wk_device {
    const char *name;                              /* of the instruction set: "avx2" */
    wk_loop *loop[WK_LOOP_COUNT][WK_DTYPE_COUNT];  /* NULL: does not exist for the dtype */
    wk_loop *where[WK_DTYPE_COUNT];                /* p: output, condition (bool), a, b */
    wk_loop *cast[WK_DTYPE_COUNT][WK_DTYPE_COUNT]; /* [from][to] */
    wk_loop *step[WK_STEP_COUNT][WK_DTYPE_COUNT];
    /* The fold of n >= 1 elements that are step bytes apart. Sums of float32 and float64 add blocks pairwise, and give the same
     * bits on every instruction set. Sums and products of the other dtypes are int64, in which they wrap. */
    void (*fold[WK_FOLD_COUNT][WK_DTYPE_COUNT])(int64_t n, const char *x, int64_t step, void *out);
    /* Rows of that many contiguous columns, step bytes apart, folded into the row out, one after the other; more: into what
     * out holds already. Only where the result has x's dtype. */
    void (*fold_columns[WK_FOLD_COUNT][WK_DTYPE_COUNT])(int64_t rows, int64_t columns, const char *x, int64_t step,
                                                        void *out, bool more);
    /* Mean of n >= 1 elements that are step bytes apart, and the sum of the squares of what they differ from it. */
    void (*moments[2])(int64_t n, const char *x, int64_t step, double *mean, double *squares);
    /* Of contiguous (outer, n, inner), running totals along n, from its start or (reverse) from its end; float32 in double.
     * recurrence: y_k = b_k + a_k y_(k-1). Output may be an input's own memory. */
    void (*scan[WK_SCAN_COUNT][WK_DTYPE_COUNT])(int64_t outer, int64_t n, int64_t inner, bool reverse, const void *x,
                                                void *y);
    void (*recurrence[2])(int64_t outer, int64_t n, int64_t inner, bool reverse, const void *a, const void *b, void *y);
    /* Position of the largest and smallest of n >= 1 elements that are step bytes apart: the first; NaN is both. */
    int64_t (*argmax[WK_DTYPE_COUNT])(int64_t n, const char *x, int64_t step);
    int64_t (*argmin[WK_DTYPE_COUNT])(int64_t n, const char *x, int64_t step);
    /* C = alpha op(A) op(B), or that + C, without BLAS: as wk_gemm. */
    void (*gemm[WK_DTYPE_COUNT])(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, double alpha,
                                 const void *A, int64_t lda, const void *B, int64_t ldb, bool add, void *C,
                                 int64_t ldc);
    /* Rows of n contiguous elements: y = softmax or log_softmax of x, and dx from dy and y. */
    void (*softmax[2])(bool log, int64_t rows, int64_t n, const void *x, void *y);
    void (*softmax_grad[2])(bool log, int64_t rows, int64_t n, const void *dy, const void *y, void *dx);
    /* The same rows: y = (x - mean) rstd w + b and the statistics of each row, and dx. w and b (n) may be NULL. Not
     * centred: the mean counts as 0. */
    void (*layer_norm[2])(bool centred, int64_t rows, int64_t n, double eps, const void *x, const void *w,
                          const void *b, void *y, void *mean, void *rstd);
    void (*layer_norm_grad[2])(bool centred, int64_t rows, int64_t n, const void *dy, const void *x, const void *w,
                               const void *mean, const void *rstd, void *dx);
} wk_device;

/* The CPU's table for the best instruction set that this machine has. WICK_ISA=base|avx2|avx512 in the environment asks for
 * a lower one. */
const wk_device *wk_cpu(void);

/* Runs a loop over out's elements: inputs are of the loop's dtype and broadcast to out's shape. False, with a DtypeError
 * naming function, if the loop does not exist for the inputs' dtype. */
bool wk_map(const char *function, wk_loop_id id, wick_tensor *out, int inputs, const wick_tensor *const *input,
            const double *s);

/* The same for a loop taken from the table by hand (where, cast, step), which must not be NULL. */
void wk_map_loop(wk_loop *loop, wick_tensor *out, int inputs, const wick_tensor *const *input, const double *s);

/* Reduces the dimensions of x whose bit is set in mask. out has x's shape without them (or with size 1), contiguous. Sum and
 * prod: out has x's dtype, or int64 where x is not floating point; the other folds: x's dtype, sums of absolute values and of
 * squares floating point only. Of no elements: 0, prod and min 1, which makes max and min of bool "any" and "all". var: the
 * sum of squared deviations from the mean over max(n - correction, 0), or the root of it; floating point; of no elements NaN.
 * argmax, argmin: one dimension or all; out is int64. */
void wk_reduce(wk_fold fold, const wick_tensor *x, unsigned mask, wick_tensor *out);
static inline void wk_reduce_sum(const wick_tensor *x, unsigned mask, wick_tensor *out)
{
    wk_reduce(WK_FOLD_SUM, x, mask, out);
}
void wk_reduce_var(const wick_tensor *x, unsigned mask, double correction, bool root, wick_tensor *out);
void wk_reduce_arg(const wick_tensor *x, unsigned mask, bool largest, wick_tensor *out);

/* Along dimension dim of contiguous tensors of one dtype, from its start or its end: running totals of float32, float64 or int64,
 * and y_k = b_k + a_k y_(k-1) of a floating dtype. A 0-dimensional tensor is its own total. */
void wk_scan_along(wk_scan scan, const wick_tensor *x, int dim, bool reverse, wick_tensor *y);
void wk_recurrence(const wick_tensor *a, const wick_tensor *b, int dim, bool reverse, wick_tensor *y);

/* Over the last dimension of contiguous tensors of one floating dtype. */
void wk_softmax(bool log, const wick_tensor *x, wick_tensor *y);
void wk_softmax_grad(bool log, const wick_tensor *dy, const wick_tensor *y, wick_tensor *dx);

/* Normalises contiguous rows of n elements: the device's layer_norm. w and b: contiguous, n elements, or NULL. statistics
 * is (2, rows): the means, and the reciprocals of the standard deviations. */
void wk_layer_norm(bool centred, int64_t n, double eps, const wick_tensor *x, const wick_tensor *w,
                   const wick_tensor *b, wick_tensor *y, wick_tensor *statistics);
void wk_layer_norm_grad(bool centred, int64_t n, const wick_tensor *dy, const wick_tensor *x, const wick_tensor *w,
                        const wick_tensor *statistics, wick_tensor *dx);

/* C = alpha op(A) op(B) + beta C, row-major, op(A) (m, k), op(B) (k, n), C (m, n), leading dimensions in elements; of
 * float32 or float64 through BLAS, or a built-in kernel for tiny sizes and for builds without BLAS; int64 and uint8 by the
 * built-in kernel. beta is 0 or 1; with beta 0, C is not read. */
void wk_gemm(wick_dtype dtype, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, double alpha, const void *A,
             int64_t lda, const void *B, int64_t ldb, double beta, void *C, int64_t ldc);

/* The same for each of count products, A, B and C of which lie step_a, step_b and step_c elements apart. */
void wk_gemm_batch(wick_dtype dtype, bool trans_a, bool trans_b, int64_t count, int64_t m, int64_t n, int64_t k,
                   double alpha, const void *A, int64_t lda, int64_t step_a, const void *B, int64_t ldb, int64_t step_b,
                   double beta, void *C, int64_t ldc, int64_t step_c);
