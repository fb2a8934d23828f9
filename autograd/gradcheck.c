/* gradcheck.c - gradients against central differences.
 *
 * For every element x of an input and every element y of the output, the numerical derivative
 *     (y(x + eps) - y(x - eps)) / (2 eps)
 * is compared with the one that backward computes from the gradient that is 1 at y and 0 elsewhere. */
#include <math.h>

#include "../tensor/thread.h"
#include "node.h"

/* A copy of y's value for the inputs as they are, float64: y may be a view of an input. NULL with an error. */
static wick_tensor *value(wick_function f, wick_tensor *const *inputs, int n, void *context)
{
    WICK_SCOPE;
    wick_tensor *y = f(inputs, n, context);
    return y ? wick_out(wick_clone(wick_to_dtype(wick_detach(y), WICK_FLOAT64))) : NULL;
}

/* The numerical derivative of all of y by the element of input k at storage position at. */
static wick_tensor *numerical(wick_function f, wick_tensor *const *inputs, int n, int k, int64_t at,
                              const wick_gradcheck_options *o)
{
    WICK_SCOPE;
    wick_tensor *x = inputs[k];
    double x0 = wk_load(x, at);
    wk_store(x, at, x0 + o->eps);
    wick_tensor *above = value(f, inputs, n, o->context);
    wk_store(x, at, x0 - o->eps);
    wick_tensor *below = value(f, inputs, n, o->context);
    wk_store(x, at, x0);
    return wick_out(wick_div(wick_sub(above, below), 2 * o->eps));
}

/* The storage position of the i-th element of t, in row-major order. */
static int64_t position(const wick_tensor *t, int64_t i)
{
    int64_t at = t->offset;
    for (int d = t->ndim - 1; d >= 0; d--) {
        at += i % t->shape[d] * t->strides[d];
        i /= t->shape[d];
    }
    return at;
}

static bool check_input(const char *function, wick_function f, wick_tensor *const *inputs, int n, int k,
                        const wick_gradcheck_options *o, double *largest)
{
    wick_tensor *x = inputs[k];
    WICK_SCOPE;
    wick_tensor *y = wk_call(function, f, inputs, n, o->context);
    if (!y)
        return false;
    /* Analytical gradients, one row of the Jacobian for each element of y. */
    wick_tensor *jacobian = wick_zeros_n((int64_t[]){y->numel, x->numel}, 2, WICK_FLOAT64);
    for (int64_t j = 0; jacobian && j < y->numel && wk_needs_grad(y); j++) {
        WICK_SCOPE;
        wick_tensor *unit = wick_zeros_like(y);
        if (!unit)
            return false;
        wk_store(unit, j, 1);
        wick_list *g = wick_grad(wick_list_of(y), wick_list_of(x), .grad_outputs = wick_list_of(unit),
                                 .retain_graph = true, .materialize_grads = true);
        wick_tensor *row = g ? wick_contiguous(g->items[0]) : NULL;
        if (!row)
            return false;
        for (int64_t i = 0; i < x->numel; i++)
            wk_store(jacobian, j * x->numel + i, wk_load(row, row->offset + i));
    }
    if (!jacobian)
        return false;
    for (int64_t i = 0; i < x->numel; i++) {
        WICK_SCOPE;
        wick_tensor *column = numerical(f, inputs, n, k, position(x, i), o);
        if (!column)
            return false;
        for (int64_t j = 0; j < y->numel; j++) {
            double a = wk_load(jacobian, j * x->numel + i), b = wk_load(column, j);
            if (fabs(a) > *largest)
                *largest = fabs(a);
            if (!(fabs(a - b) <= o->atol + o->rtol * fabs(b))) {
                wick_fail(WICK_ERROR_AUTOGRAD,
                          "%s: the derivative of output element %lld by element %lld of input %d is %.10g "
                          "analytically and %.10g numerically%s",
                          function, (long long)j, (long long)i, k, a, b,
                          x->dtype == WICK_FLOAT32
                              ? "; the input is float32, which is too coarse for a small eps: use float64"
                              : "");
                return false;
            }
        }
    }
    return true;
}

static bool check(const char *function, wick_function f, wick_tensor *const *inputs, int n, wick_gradcheck_options o)
{
    if (!f || !inputs || n < 1) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: needs a function and at least one input", function);
        return false;
    }
    WICK_ENABLE_GRAD;
    double largest = 0;
    bool any = false;
    for (int k = 0; k < n; k++)
        if (!WK_TENSOR(inputs[k], function, "an input"))
            return false;
    for (int k = 0; k < n; k++) {
        if (!wk_needs_grad(inputs[k]))
            continue;
        if (!wick_is_leaf(inputs[k]) && !inputs[k]->view_of) {
            wick_fail(WICK_ERROR_ARGUMENT, "%s: input %d is not a leaf; detach it and make it require grad", function,
                      k);
            return false;
        }
        any = true;
        if (!check_input(function, f, inputs, n, k, &o, &largest))
            return false;
    }
    if (!any) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: none of the inputs requires grad, so there is nothing to check", function);
        return false;
    }
    if (largest == 0) {
        wick_fail(WICK_ERROR_AUTOGRAD, "%s: every gradient is zero, so the check shows nothing; use other inputs",
                  function);
        return false;
    }
    return true;
}

bool wick_gradcheck_opt(wick_function f, wick_tensor *const *inputs, int n, wick_gradcheck_options o)
{
    return check("wick_gradcheck", f, inputs, n, o);
}

/* ---- Second order ------------------------------------------------------------------------------------------------------------- */

/* The gradients of a function as a function: of its n inputs and of a gradient of its output. */
typedef struct gradients {
    wick_function f;
    void *context;
    int n;
} gradients;

/* All gradients side by side, flat. */
static wick_tensor *gradients_of(wick_tensor *const *inputs, int n, void *context)
{
    const gradients *g = context;
    (void)n;
    WICK_SCOPE;
    wick_tensor *y = g->f(inputs, g->n, g->context);
    wick_tensor *flat = NULL;
    if (!y)
        return NULL;
    for (int k = 0; k < g->n; k++) {
        if (!wk_needs_grad(inputs[k]))
            continue;
        wick_list *dx = wick_grad(wick_list_of(y), wick_list_of(inputs[k]), .grad_outputs = wick_list_of(inputs[g->n]),
                                  .create_graph = true, .materialize_grads = true);
        wick_tensor *part = dx ? wick_reshape(dx->items[0], -1) : NULL;
        flat = flat && part ? wick_cat(wick_list_of(flat, part), 0) : part;
        if (!flat)
            return NULL;
    }
    return wick_out(flat);
}

bool wick_gradgradcheck_opt(wick_function f, wick_tensor *const *inputs, int n, wick_gradcheck_options o)
{
    enum { MOST = 16 };
    if (!f || !inputs || n < 1 || n >= MOST) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_gradgradcheck: needs a function and 1 to %d inputs", MOST - 1);
        return false;
    }
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    wick_tensor *all[MOST];
    for (int k = 0; k < n; k++) {
        if (!WK_TENSOR(inputs[k], "wick_gradgradcheck", "an input"))
            return false;
        all[k] = inputs[k];
    }
    wick_tensor *y = wk_call("wick_gradgradcheck", f, inputs, n, o.context);
    all[n] = y ? wick_requires_grad_(wick_randn_like(wick_detach(y)), true) : NULL;
    if (!all[n])
        return false;
    gradients g = {f, o.context, n};
    o.context = &g;
    return check("wick_gradgradcheck", gradients_of, all, n + 1, o);
}
