/* op_replay.h - a row of the operation table, and the replay of PyTorch's cases on it. */
#pragma once

#include "reference.h"

/* Values. EXACT: equal. ULPS: each within 4 units in the last place (float64: 1e-12 relative). SCALED: within 1e-6
 * (1e-12) of the largest magnitude of the result. SUMMED: the same, of the result and the inputs, since sums cancel.
 * Gradients: within 1e-6 (1e-12) of their own size or of what they are multiplied with. */
typedef enum op_compare { EXACT, ULPS, SCALED, SUMMED } op_compare;

/* Gradient. NO_GRAD: none. ZERO_GRAD: zero everywhere, so that a check of it shows nothing. CHECKED: gradient-checked
 * to the second order. */
typedef enum op_gradient { NO_GRAD, ZERO_GRAD, CHECKED } op_gradient;

/* CHECKED | NULL_FROM(2): inputs from in[2] on may be NULL, as the bias of linear. */
#define NULL_FROM(k) ((k) << 4)
#define OP_GRADIENT(row) ((op_gradient)((row)->gradient & 15))
#define OP_NULL_FROM(row) ((row)->gradient >> 4 ? (row)->gradient >> 4 : REF_MAX_INPUTS)

/* The call sees the inputs in[0 .. n-1] and args numbers of the case, as real[] and as whole[] (integers). */
typedef wick_tensor *op_call(wick_tensor *const *in, int n, const double *real, const int64_t *whole, int args);

typedef struct op_row {
    const char *name;
    op_compare compare;
    int gradient; /* an op_gradient, and NULL_FROM */
    op_call *call;
} op_row;

/* What was seen of one row. */
typedef struct op_report {
    const op_row *row;
    double slack; /* how many times the tolerances of gradients, SCALED and SUMMED */
    int shown;    /* how many failures are printed */
    int cases, errors, gradients, checks, failures;
    double ulps;        /* the largest distance between values in float32, where the row compares ulps */
    double value_error; /* the largest error of a value, relative to what it is held against, and of a gradient */
    double gradient_error;
    char first[512]; /* the first failure */
} op_report;

/* Each returns nothing: what disagrees goes into the report and to stderr. */

/* Values, shape, dtype, strides, name of the grad_fn, gradients: of all inputs and of each alone, by wick_backward and
 * by wick_grad with create_graph (which uses no fused kernel); inputs left alone; no memory left behind. */
void replay_case(op_report *report, const ref_case *c);

/* A call that PyTorch refuses fails, with an error that names the function, and leaves no memory behind. */
void replay_error(op_report *report, const ref_case *c);

/* wick_gradcheck and wick_gradgradcheck. */
void replay_gradcheck(op_report *report, const ref_case *c);

/* Every allocation of the call and of its backward fails once, in turn: an error, and nothing left behind. */
void replay_without_memory(op_report *report, const ref_case *c);

/* The call with NULL for each input in turn, for those that it cannot do without. */
void replay_null(op_report *report, const ref_case *c);
