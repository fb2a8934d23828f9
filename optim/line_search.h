/* line_search.h - the function that LBFGS minimizes, and how far it goes along a direction (line_search.c).
 *
 * PyTorch's program is written with Python floats and 0-dimensional tensors mixed. A tensor's dtype rounds the result
 * of what it takes part in, and the other operand before; comparisons, too. To come to the same decisions as it does,
 * so does this one. */
#pragma once

#include "optimizer.h"

typedef struct wk_problem {
    const char *function; /* for messages */
    const wk_group *group;
    wick_optim_closure *closure;
    void *context;
    wick_dtype dtype; /* of the vectors */
    bool maximize;
    bool *failed; /* set where memory ran out for a number, which then is NaN */
} wk_problem;

/* A point on the line: how far, the loss, the gradient (n) and its product with the direction. */
typedef struct wk_point {
    wk_number t;
    double loss;
    wick_tensor *gradient;
    wk_number slope;
} wk_point;

static inline double wk_rounded(const wk_problem *p, bool tensor, double x)
{
    return tensor && p->dtype == WICK_FLOAT32 ? (double)(float)x : x;
}

static inline wk_number wk_python(double x) { return (wk_number){x, false}; }
static inline wk_number wk_scalar(double x) { return (wk_number){x, true}; } /* x has the vectors' dtype already */

static inline wk_number wk_calculate(const wk_problem *p, wk_number a, char operation, wk_number b)
{
    const bool tensor = a.tensor || b.tensor;
    const double x = wk_rounded(p, tensor, a.value), y = wk_rounded(p, tensor, b.value);
    if (operation == '/' && b.tensor &&
        !a.tensor) /* a float over a tensor is the float times the tensor's reciprocal */
        return (wk_number){wk_rounded(p, true, x * wk_rounded(p, true, 1 / y)), true};
    const double result = operation == '+' ? x + y : operation == '-' ? x - y : operation == '*' ? x * y : x / y;
    return (wk_number){wk_rounded(p, tensor, result), tensor};
}

static inline bool wk_less(const wk_problem *p, wk_number a, wk_number b)
{
    const bool tensor = a.tensor || b.tensor;
    return wk_rounded(p, tensor, a.value) < wk_rounded(p, tensor, b.value);
}

static inline bool wk_at_most(const wk_problem *p, wk_number a, wk_number b)
{
    const bool tensor = a.tensor || b.tensor;
    return wk_rounded(p, tensor, a.value) <= wk_rounded(p, tensor, b.value);
}

static inline wk_number wk_absolute(wk_number a) { return (wk_number){fabs(a.value), a.tensor}; }

/* a . b and max |a| of vectors. */
wk_number wk_dot(const wk_problem *p, wick_tensor *a, wick_tensor *b);
wk_number wk_largest(const wk_problem *p, wick_tensor *a);

/* The loss at the present parameters (negative if it is maximized), and the gradient there; tensor, which may be NULL:
 * what the closure returned. False with an error. */
bool wk_problem_evaluate(const wk_problem *problem, double *loss, wick_tensor **gradient, wick_tensor **tensor);
/* Every parameter: += t d; a copy of all; and back to such a copy. */
bool wk_problem_move(const wk_problem *problem, double t, wick_tensor *d);
wick_list *wk_problem_positions(const wk_problem *problem);
void wk_problem_go_back(const wk_problem *problem, const wick_list *positions);

/* A point along d from the present parameters (at, where t is the length to try first) that satisfies the strong Wolfe
 * conditions, or the best found in most evaluations. Leaves the parameters where they are. False with an error. */
bool wk_strong_wolfe(const wk_problem *problem, wk_point at, wick_tensor *d, double tolerance_change, int64_t most,
                     wk_point *found, int64_t *evaluations);
