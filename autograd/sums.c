/* sums.c - gradients on their way: summed over the dimensions in which an operand was broadcast, brought to its dtype, and added
 * up at the node that they are for. */
#include "../tensor/kernels.h"
#include "run.h"

wick_tensor *wk_sum_to(wick_tensor *g, const int64_t *shape, int ndim)
{
    int extra = g->ndim - ndim;
    wick_sum_options o = {.size_ = sizeof o, .dim = WICK_UNSET, .keepdim = true};
    unsigned mask = 0;
    for (int i = 0; i < g->ndim; i++)
        if (i < extra || (shape[i - extra] == 1 && g->shape[i] != 1)) { /* was stretched */
            o.dims.dim[o.dims.count++] = i;
            mask |= 1u << i;
        }
    if (!mask)
        return g;
    if (wick_is_grad_enabled())
        return wick_reshape_n(wick_sum_opt(g, &o), shape, ndim);
    wick_tensor *sum = wk_new(shape, ndim, g->dtype); /* not recorded: straight to the shape */
    if (sum)
        wk_reduce_sum(g, mask, sum);
    return wk_own(sum);
}

bool wk_is_private(const wick_tensor *t)
{
    return atomic_load_explicit(&t->base.refs, memory_order_acquire) == 1 && t->contiguous && !t->view_of &&
           atomic_load_explicit(&t->storage->refs, memory_order_acquire) == 1;
}

bool wk_run_add(const wk_run *r, wick_tensor **sum, wick_tensor *g)
{
    if (!*sum) {
        *sum = wk_ref(g);
        return true;
    }
    if (!r->recorded && wk_is_private(*sum) && (*sum)->dtype == g->dtype)
        return wk_map("wick_backward", WK_ADD, *sum, 2, (const wick_tensor *const[]){*sum, g}, NULL);
    wick_tensor *total = (wick_add)(*sum, g);
    if (!total)
        return false;
    wk_unref(*sum);
    *sum = wk_ref(total);
    return true;
}

static bool has_shape(const wick_tensor *g, const int64_t *shape, int ndim)
{
    bool same = g->ndim == ndim;
    for (int d = 0; same && d < ndim; d++)
        same = g->shape[d] == shape[d];
    return same;
}

/* g of another shape or dtype, in those of the result of `to`, which is input i of `from`. */
static wick_tensor *bring(const wick_node *to, wick_tensor *g, const wick_node *from, int i)
{
    if (!has_shape(g, to->shape, to->ndim)) {
        bool stretched = g->ndim >= to->ndim; /* from the input's shape */
        for (int d = 1; stretched && d <= to->ndim; d++)
            stretched = to->shape[to->ndim - d] == g->shape[g->ndim - d] || to->shape[to->ndim - d] == 1;
        if (!stretched)
            return wick_fail(WICK_ERROR_AUTOGRAD,
                             "wick_backward: %s gave a gradient of shape %s for an input of shape %s, at index %d%s",
                             from->op->name, WK_SHAPE(g), wk_shape_text(to->shape, to->ndim, (char[WK_SHAPE_TEXT]){0}),
                             i, WK_PLACE(from));
        g = wk_sum_to(g, to->shape, to->ndim);
    }
    return g && g->dtype != to->dtype ? wick_to_dtype(g, to->dtype) : g;
}

static bool check_nan(const wick_node *node, const wick_tensor *g, int i)
{
    bool good = !wk_has_nan(g);
    if (!good)
        wick_fail(WICK_ERROR_AUTOGRAD, "wick_backward: Function '%s' returned nan values in its %dth output%s",
                  node->op->name, i, WK_PLACE(node));
    return good;
}

wick_tensor *wk_run_fit(const wk_run *r, const wick_node *from, int i, wick_tensor *g)
{
    const wick_node *to = from->input[i];
    if (g->dtype != to->dtype || !has_shape(g, to->shape, to->ndim))
        g = bring(to, g, from, i);
    return g && r->checks_nan && !check_nan(from, g, i) ? NULL : g;
}

bool wk_run_deliver(wk_run *r, const wick_node *from, int i, wick_tensor *g)
{
    wick_node *to = from->input[i];
    wk_visit *v = wk_run_visit(r, to);
    if (!v)
        return false;
    wick_tensor **sum = &v->grad;
    if (from->output >= 0) { /* one of the results of a node of several */
        if (!v->grads && !(v->grads = wk_alloc_zero((size_t)to->outputs * sizeof *v->grads)))
            return false;
        sum = &v->grads[from->output];
    }
    return wk_run_add(r, sum, g);
}
