/* autograd.c - leaves, .grad, grad mode, and looking at the graph. */
#include "autograd.h"

#include "../tensor/thread.h"
#include "node.h"

wick_tensor *wick_requires_grad_(wick_tensor *t, bool requires_grad)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_requires_grad_", "t"))
        return NULL;
    if (requires_grad && !wick_dtype_is_floating(t->dtype))
        return wick_fail(WICK_ERROR_DTYPE,
                         "wick_requires_grad_: only floating-point tensors can require gradients, not %s",
                         wick_dtype_name(t->dtype));
    if (t->grad_fn) {
        if (!requires_grad)
            return wick_fail(
                WICK_ERROR_AUTOGRAD,
                "wick_requires_grad_: only a leaf can stop requiring grad, and this tensor was made by %s; use "
                "wick_detach",
                t->grad_fn->op->name);
        return t;
    }
    t->requires_grad = requires_grad;
    return t;
}

bool wick_requires_grad(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_requires_grad", "t") && wk_refresh_view((wick_tensor *)t) && wk_needs_grad(t);
}

bool wick_is_leaf(const wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_is_leaf", "t") && wk_refresh_view((wick_tensor *)t) && !t->grad_fn;
}

wick_tensor *wick_grad_of(const wick_tensor *t)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_grad_of", "t"))
        return NULL;
    if (t->grad_fn && !t->retains_grad && !t->grad)
        wick_warn(
            "wick_grad_of: t is not a leaf, so backward stores no gradient in it; call wick_retain_grad(t) before "
            "backward, or use the leaf");
    return t->grad;
}

bool wick_set_grad(wick_tensor *t, wick_tensor *grad)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_set_grad", "t") || (grad && !WK_TENSOR(grad, "wick_set_grad", "grad")))
        return false;
    if (grad && (!wk_same_shape(t, grad) || t->dtype != grad->dtype)) {
        wick_fail(WICK_ERROR_SHAPE,
                  "wick_set_grad: a gradient of shape %s and dtype %s for a tensor of shape %s and dtype %s",
                  WK_SHAPE(grad), wick_dtype_name(grad->dtype), WK_SHAPE(t), wick_dtype_name(t->dtype));
        return false;
    }
    if (grad == t) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_set_grad: a tensor cannot be its own gradient");
        return false;
    }
    wk_ref(grad);
    wk_unref(t->grad);
    t->grad = grad;
    return true;
}

bool wick_retain_grad(wick_tensor *t)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_retain_grad", "t") || !wk_refresh_view(t))
        return false;
    if (!wk_needs_grad(t)) {
        wick_fail(WICK_ERROR_AUTOGRAD, "wick_retain_grad: the tensor does not require grad");
        return false;
    }
    if (t->grad_fn && !t->retains_grad) {
        t->grad_fn->retains = t;
        t->retains_grad = true;
    }
    return true;
}

wick_tensor *wick_detach(wick_tensor *t)
{
    WK_ENTER;
    return WK_TENSOR(t, "wick_detach", "t") ? wk_own(wk_alias(t, t->shape, t->strides, t->ndim, t->offset)) : NULL;
}

/* ---- Grad mode ------------------------------------------------------------------------------------------------------------ */

bool wick_is_grad_enabled(void) { return !wk_this_thread.grad_off; }

bool wick_set_grad_enabled(bool enabled)
{
    bool before = !wk_this_thread.grad_off;
    wk_this_thread.grad_off = !enabled;
    return before;
}

void wick_grad_mode_restore_(bool *before) { wk_this_thread.grad_off = !*before; }

/* ---- The graph ------------------------------------------------------------------------------------------------------------ */

/* A node that stands for a result of a node of several is not the user's business. */
static wick_node *behind_result(wick_node *node) { return node && node->output >= 0 ? node->input[0] : node; }

wick_node *wick_grad_fn(wick_tensor *t)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_grad_fn", "t") || !wk_refresh_view(t))
        return NULL;
    return behind_result(t->grad_fn);
}

#define NODE(node, function) wk_check(node, &wk_node_class, function, "node")

const char *wick_node_name(const wick_node *node)
{
    WK_ENTER;
    return NODE(node, "wick_node_name") ? node->op->name : NULL;
}

int wick_node_inputs(const wick_node *node)
{
    WK_ENTER;
    return NODE(node, "wick_node_inputs") ? node->inputs : 0;
}

wick_node *wick_node_input(const wick_node *node, int i)
{
    WK_ENTER;
    if (!NODE(node, "wick_node_input"))
        return NULL;
    if (i < 0 || i >= node->inputs)
        return wick_fail(WICK_ERROR_INDEX, "wick_node_input: input %d of %s, which has %d", i, node->op->name,
                         node->inputs);
    return behind_result(node->input[i]);
}

wick_tensor *wick_node_variable(const wick_node *node)
{
    WK_ENTER;
    return NODE(node, "wick_node_variable") ? node->leaf : NULL;
}
