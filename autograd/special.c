/* special.c - the backward pass through nodes that have more than rules: hooks, users' functions, several results.
 *
 * A node of a user's function may have several results. Each result then has a node of its own before it (node.h: output),
 * which hands its gradient to the one node of them all. */
#include "run.h"

/* All gradients of the inputs come before any is passed on. dy and dx have room for one per result and one per input. */
static bool call_all(wk_run *r, wick_node *node, wick_tensor **dy, wick_tensor **dx)
{
    bool needed;
    if (node->hooks && !wk_call_pre_hooks(node, dy))
        return false;
    if (node->ctx && !wk_call_backward(node, dy, r->recorded, dx))
        return false;
    for (int i = 0; i < node->inputs; i++) {
        if (!wk_run_needs(r, node->input[i], &needed))
            return false;
        if (!needed) {
            dx[i] = NULL;
        } else if (!node->ctx) {
            if (dy[0] && !wk_run_rule(r, node, i, dy[0], &dx[i]))
                return false;
            if (dy[0] && !dx[i])
                wk_run_visit(r, node->input[i])->zero = true;
        } else if (dx[i]) {
            if (!(dx[i] = wk_run_fit(r, node, i, dx[i])))
                return false;
        }
    }
    if (node->hooks && !wk_call_post_hooks(node, dx, dy))
        return false;
    for (int i = 0; i < node->inputs; i++) {
        if (!wk_run_needs(r, node->input[i], &needed) || (needed && dx[i] && !wk_run_deliver(r, node, i, dx[i])))
            return false;
    }
    return true;
}

static bool call_with_hooks(wk_run *r, wk_visit *v)
{
    WICK_SCOPE;
    wick_node *node = v->node;
    size_t count = (size_t)node->outputs + (size_t)node->inputs, bytes = count * sizeof(wick_tensor *);
    wick_tensor **all = wk_alloc_zero(bytes);
    if (!all)
        return false;
    for (int k = 0; k < node->outputs; k++)
        all[k] = v->grads ? v->grads[k] : v->grad;
    bool ok = call_all(r, node, all, all + node->outputs);
    wk_free(all, bytes);
    return ok;
}

bool wk_run_special(wk_run *r, wk_visit *v)
{
    if (v->node->output < 0)
        return call_with_hooks(r, v);
    if (v->grad && !wk_run_deliver(r, v->node, 0, v->grad))
        return false;
    if (!v->grad && v->zero && !v->wanted)
        wk_run_visit(r, v->node->input[0])->zero = true;
    return true;
}

bool wk_run_leaf(wk_visit *v)
{
    WICK_SCOPE;
    wick_tensor *dy = v->grad;
    if (!wk_call_pre_hooks(v->node, &dy))
        return false;
    wk_ref(dy);
    wk_unref(v->grad);
    v->grad = dy;
    return true;
}
