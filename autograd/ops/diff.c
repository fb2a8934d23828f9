/* diff.c - differences of neighbours. */
#include "../../tensor/kernels.h"
#include "../node.h"

/* Whether t has x's shape but in dimension dim; NULL has. */
static bool fits(const char *function, const wick_tensor *x, const wick_tensor *t, const char *name, int dim)
{
    if (!t)
        return true;
    if (!WK_TENSOR(t, function, name))
        return false;
    bool same = t->ndim == x->ndim;
    for (int d = 0; same && d < x->ndim; d++)
        same = d == dim || t->shape[d] == x->shape[d];
    if (!same)
        wick_fail(WICK_ERROR_SHAPE, "%s: %s has shape %s, and must have the shape of x, %s, except in dimension %d",
                  function, name, WK_SHAPE(t), WK_SHAPE(x), dim);
    return same;
}

wick_tensor *wick_diff_opt(wick_tensor *x, const wick_diff_options *given)
{
    WK_ENTER;
    wick_diff_options o = WK_OPTIONS(wick_diff_options, WICK_DIFF_DEFAULTS, given);
    const char *function = "wick_diff";
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    if (x->ndim == 0)
        return wick_fail(WICK_ERROR_SHAPE, "%s: a 0-dimensional tensor has no neighbours", function);
    if (o.n < 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: n is %lld, and must be 0 or more", function, (long long)o.n);
    if (o.n == 0 && !o.prepend && !o.append) /* of any dimension */
        return wick_clone(x);
    const int d = wk_wrap_dim(function, o.dim, x->ndim);
    if (d < 0 || !fits(function, x, o.prepend, "prepend", d) || !fits(function, x, o.append, "append", d))
        return NULL;
    WICK_SCOPE;
    if (o.n == 0)
        return wick_out(wick_clone(x));
    wick_tensor *y = x;
    if (o.prepend || o.append) {
        wick_tensor *all[3] = {o.prepend ? o.prepend : x, o.prepend ? x : o.append, o.append};
        y = wick_cat(wick_list_n(all, 1 + (o.prepend != NULL) + (o.append != NULL)), d);
    }
    const int64_t times = y && o.n > y->shape[d] ? y->shape[d] : o.n;
    if (y && times == 0) /* there is nothing */
        return wick_out(wick_clone(y));
    for (int64_t i = 0; y && i < times; i++) {
        const int64_t left = y->shape[d] - 1;
        wick_tensor *next = wick_narrow(y, d, 1, left), *here = wick_narrow(y, d, 0, left);
        y = y->dtype == WICK_BOOL ? wick_ne(next, here) : wick_sub(next, here);
    }
    return wick_out(y);
}
