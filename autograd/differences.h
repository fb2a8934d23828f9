/* differences.h - internal: gradcheck.c runs a check, differences.c compares. */
#pragma once

#include "node.h"

/* How an element came out, in the order in which the worst is chosen. */
typedef enum wk_severity { WK_AGREES, WK_EXCUSED, WK_HAS_NO_VALUE, WK_FAILS, WK_IS_WRONG } wk_severity;

/* The function that wick_gradgradcheck checks: the gradients of f, of its n inputs and of a gradient of its output. */
typedef struct wk_gradients {
    wick_function f;
    void *context;
    int n;
    bool finite; /* f's value for the inputs as they are */
} wk_gradients;

/* A check, and what it has seen. */
typedef struct wk_differences {
    const char *name;
    wick_function f;
    wick_tensor *const *inputs;
    int n;
    const wk_gradients *second; /* of wick_gradgradcheck; else NULL */
    wick_gradcheck_options o;
    wick_gradcheck_report r;
    wick_list *checked; /* the inputs that require grad, */
    int64_t columns;    /* and their elements together */
    wick_tensor *y;     /* the value, with its graph */
    double *value;      /* and its elements */
    double *jacobian;   /* (elements of y, columns) */
    double unit;        /* the precision of the least precise dtype */
    wk_severity worst;
    double score; /* error / tolerance of the worst element */
    bool has_ratio;
} wk_differences;

/* The function's value for the inputs as they are, which must have c->y's shape: a copy of its elements, row-major, that the
 * scope outside owns. NULL with an error. */
double *wk_checked_value(const wk_differences *c);

/* Each returns false with an error, or with the verdict that backward is not deterministic. Elements: the Jacobian by
 * backward and by differences. Projections: v^T J u for random u, v, for each input; *same: whether both ways agree.
 * Zero: a rule must be linear in the gradient that it is given, so that it makes zeros of zeros. */
bool wk_compare_elements(wk_differences *c);
bool wk_compare_projections(wk_differences *c, bool *same);
bool wk_compare_zero(wk_differences *c);

/* Whether two runs gave the same, within the tolerance, for element j of the output and this column of the Jacobian, -1
 * for the value; if not, that is noted. */
bool wk_is_repeated(wk_differences *c, int64_t column, int64_t j, double once, double again);

/* The storage position of the i-th element of t, in row-major order. */
int64_t wk_position(const wick_tensor *t, int64_t i);

/* count random numbers in [0, 1), of a generator of their own (splitmix64): the same for the same seed, which goes on. */
void wk_draw(double *v, int64_t count, uint64_t *seed);
