/* scan.c - running sums and products along a dimension, and products, whose gradients are made of them.
 *
 * Products are differentiated without division, so that zeros in the input are like any other number. */
#include "../../tensor/kernels.h"
#include "../node.h"

/* ---- Running totals ------------------------------------------------------------------------------------------------------------- */

/* t moved along dim by one place, up if `up`, with `fill` at the place that is left: element k is t's k - 1 or k + 1. */
static wick_tensor *shifted(wick_tensor *t, int dim, bool up, double fill)
{
    if (!t || t->shape[dim] == 0)
        return t;
    int64_t shape[WICK_MAX_DIMS];
    for (int i = 0; i < t->ndim; i++)
        shape[i] = i == dim ? 1 : t->shape[i];
    wick_tensor *edge = wick_full_n(WICK_NUMBER(fill), shape, t->ndim, t->dtype);
    wick_tensor *rest = wick_narrow(t, dim, up ? 0 : 1, t->shape[dim] - 1);
    return wick_cat(up ? wick_list_of(edge, rest) : wick_list_of(rest, edge), dim);
}

/* recurrence     y_k = b_k + a_k y_(k-1)        db_k = dy_k + a_(k+1) db_(k+1)        da_k = db_k y_(k-1)
   keepdim: from the end, with k + 1 for k - 1; db is a recurrence in the other direction. */
static wick_tensor *recurrence(wick_tensor *a, wick_tensor *b, int dim, bool reverse);
GRAD(recurrence_db)
{
    return recurrence(shifted(a, (int)args->dim, args->keepdim, 0), dy, (int)args->dim, !args->keepdim);
}
GRAD(recurrence_da)
{
    wick_tensor *db = recurrence(shifted(a, (int)args->dim, args->keepdim, 0), dy, (int)args->dim, !args->keepdim);
    return wick_mul(db, shifted(y, (int)args->dim, !args->keepdim, 0));
}
static const wk_op recurrence_op = {
    "RecurrenceBackward0", {{recurrence_da, USES_A | USES_Y, NULL}, {recurrence_db, USES_A, NULL}}, false};

static wick_tensor *recurrence(wick_tensor *a, wick_tensor *b, int dim, bool reverse)
{
    if (!a || !b)
        return NULL;
    wick_tensor *flat_a = wk_contiguous(a), *flat_b = wk_contiguous(b), *y = flat_a && flat_b ? wk_new_like(b) : NULL;
    if (y)
        wk_recurrence(flat_a, flat_b, dim, reverse, y);
    wk_unref(flat_a);
    wk_unref(flat_b);
    return wk_record(&recurrence_op, &(wk_args){.dim = dim, .keepdim = reverse}, y, a, b, NULL);
}

/* cumsum      y_k = x_0 + ... + x_k        dx_k = dy_k + dy_(k+1) + ...
   cumprod     y_k = x_0 ... x_k            dx_k = y_(k-1) r_k,  r_k = dy_k + x_(k+1) r_(k+1)
   keepdim: from the end. */
static wick_tensor *scan(const char *function, wk_scan kind, const wk_op *op, wick_tensor *x, int64_t dim,
                         bool reverse);
GRAD(cumsum_d);
GRAD(cumprod_d);
static const wk_op cumsum_op = {"CumsumBackward0", {{cumsum_d, 0, NULL}}, false};
static const wk_op cumprod_op = {"CumprodBackward0", {{cumprod_d, USES_A | USES_Y, NULL}}, false};
GRAD(cumsum_d) { return scan("wick_cumsum", WK_SCAN_SUM, &cumsum_op, dy, args->dim, !args->keepdim); }
GRAD(cumprod_d)
{
    if (a->ndim == 0)
        return dy;
    const int dim = (int)args->dim;
    wick_tensor *r = recurrence(shifted(a, dim, args->keepdim, 0), dy, dim, !args->keepdim);
    return wick_mul(r, shifted(y, dim, !args->keepdim, 1));
}

static wick_tensor *scan(const char *function, wk_scan kind, const wk_op *op, wick_tensor *x, int64_t dim, bool reverse)
{
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    int d = wk_wrap_dim(function, dim, x->ndim);
    if (d < 0)
        return NULL;
    const bool floating = wick_dtype_is_floating(x->dtype);
    wick_tensor *flat = floating || x->dtype == WICK_INT64 ? wk_contiguous(x) : wk_cast(x, WICK_INT64);
    wick_tensor *y = flat ? wk_new_like(flat) : NULL;
    if (y)
        wk_scan_along(kind, flat, d, reverse, y);
    wk_unref(flat);
    return wk_record(op, &(wk_args){.dim = d, .keepdim = reverse}, y, x, NULL, NULL);
}

wick_tensor *wick_cumsum(wick_tensor *x, int64_t dim)
{
    WK_ENTER;
    return scan("wick_cumsum", WK_SCAN_SUM, &cumsum_op, x, dim, false);
}

wick_tensor *wick_cumprod(wick_tensor *x, int64_t dim)
{
    WK_ENTER;
    return scan("wick_cumprod", WK_SCAN_PROD, &cumprod_op, x, dim, false);
}

wick_tensor *wick_cumsum_(wick_tensor *x, int64_t dim)
{
    WK_ENTER;
    WK_IN_PLACE("wick_cumsum_", x, wick_cumsum(before, dim));
}
wick_tensor *wick_cumprod_(wick_tensor *x, int64_t dim)
{
    WK_ENTER;
    WK_IN_PLACE("wick_cumprod_", x, wick_cumprod(before, dim));
}

/* ---- Products ------------------------------------------------------------------------------------------------------------------- */

/* The product of all elements along dim but each one itself. */
static wick_tensor *product_of_others(wick_tensor *x, int dim)
{
    wick_tensor *before = shifted(scan("wick_prod", WK_SCAN_PROD, &cumprod_op, x, dim, false), dim, true, 1);
    wick_tensor *after = shifted(scan("wick_prod", WK_SCAN_PROD, &cumprod_op, x, dim, true), dim, false, 1);
    return wick_mul(before, after);
}

/* prod     y = product of x over all, or over dimension t        dx = dy y / x, and where there is a 0: dy times the others */
GRAD(prod_d)
{
    dy = wk_unreduce(node, args, dy);
    if (a->ndim == 0)
        return dy;
    wick_tensor *nonzero = wick_all(a);
    if (!nonzero)
        return NULL;
    if (wk_load(nonzero, 0) != 0)
        return wick_mul(dy, wick_div(wk_with_dims(node, args, y), a));
    if (args->dim >= 0)
        return wick_mul(dy, product_of_others(a, (int)args->dim));
    wick_tensor *others = product_of_others(wick_reshape_n(a, &(int64_t){-1}, 1), 0);
    return wick_mul(dy, wick_reshape_n(others, node->a_shape, node->a_ndim));
}
static const wk_op prod_op = {"ProdBackward0", {{prod_d, USES_A | USES_Y, NULL}}, false};
static const wk_op prod_dim_op = {"ProdBackward1", {{prod_d, USES_A | USES_Y, NULL}}, false};

static wick_tensor *prod(wick_tensor *x, int64_t dim, unsigned mask, bool keepdim)
{
    const bool floating = wick_dtype_is_floating(x->dtype), whole = dim == WICK_UNSET;
    wick_tensor *y = wk_reduced(x, mask, keepdim, floating ? x->dtype : WICK_INT64);
    if (y)
        wk_reduce(WK_FOLD_PROD, x, mask, y);
    wk_args args = wk_reduce_args(mask, keepdim);
    args.dim = whole ? -1 : wk_wrap_dim("wick_prod", dim, x->ndim);
    return wk_record(whole ? &prod_op : &prod_dim_op, &args, y, x, NULL, NULL);
}

wick_tensor *wick_prod_opt(wick_tensor *x, const wick_prod_options *given)
{
    WK_ENTER;
    wick_prod_options o = WK_OPTIONS(wick_prod_options, WICK_UNSET, given);
    unsigned mask;
    if (!wk_reduce_dims("wick_prod", x, o.dim, NULL, &mask))
        return NULL;
    if (o.dtype == WICK_DTYPE_AUTO)
        return prod(x, o.dim, mask, o.keepdim);
    WICK_SCOPE;
    wick_tensor *converted = wk_reduce_input("wick_prod", x, o.dtype);
    wick_tensor *y = converted ? prod(converted, o.dim, mask, o.keepdim) : NULL;
    return y ? wick_out(wick_to_dtype(y, o.dtype)) : NULL;
}
