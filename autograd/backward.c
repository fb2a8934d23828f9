/* backward.c - the backward pass: the graph in topological order, each node's rules called once.
 *
 *     visit    from the roots, everything reachable is listed (with a stack of its own: no recursion)
 *     order    newest first. A node's number is greater than the number of every node it depends on, so this is a
 *              topological order: when a node is reached, all its consumers have sent their part of its gradient
 *     run      each node's rules turn the gradient of its result into gradients of its inputs, which are brought to the
 *              inputs' shapes (sums.c), added to what other consumers sent, and freed when the node is done */
#include <stdlib.h>

#include "../tensor/thread.h"
#include "run.h"

/* ---- Visit --------------------------------------------------------------------------------------------------------------- */

bool wk_run_enter(wk_run *r, wick_node *node)
{
    if (wk_run_find(r, node))
        return true;
    unsigned long long mark = atomic_load_explicit(&node->mark, memory_order_acquire);
    if (mark && !node->leaf && wk_run_is_foreign(r, mark))
        return wk_run_visit(r, node) != NULL;
    if (r->count == UINT32_MAX || !WK_GROW(r->visits, r->count, r->capacity))
        return false;
    r->visits[r->count] = (wk_visit){.node = node, .mark = mark};
    wk_run_mark(r, r->count++);
    return true;
}

/* ---- Order --------------------------------------------------------------------------------------------------------------- */

static int newest_first(const void *a, const void *b)
{
    uint64_t na = ((const wk_visit *)a)->node->number, nb = ((const wk_visit *)b)->node->number;
    return na < nb ? 1 : na > nb ? -1 : 0;
}

/* Most graphs are small, and found nearly in order. */
static void sort(wk_visit *v, size_t count)
{
    if (count > 64) {
        qsort(v, count, sizeof *v, newest_first);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        wk_visit x = v[i];
        size_t k = i;
        for (; k > 0 && v[k - 1].node->number < x.node->number; k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

bool wk_run_order(wk_run *r)
{
    bool sorted = true;
    for (size_t i = 0; i < r->count; i++) { /* the list itself is the queue of what is still to be looked at */
        wick_node *node = r->visits[i].node;
        for (int k = 0; k < node->inputs; k++)
            if (node->input[k] && !wk_run_enter(r, node->input[k]))
                return false;
        sorted = sorted && (i == 0 || r->visits[i - 1].node->number >= node->number);
    }
    if (!sorted) {
        sort(r->visits, r->count);
        for (size_t i = 0; i < r->count; i++)
            wk_run_mark(r, i);
    }
    return true;
}

/* ---- Run ----------------------------------------------------------------------------------------------------------------- */

bool wk_run_needs(wk_run *r, wick_node *node, bool *needed)
{
    const wk_visit *v = node ? wk_run_visit(r, node) : NULL;
    *needed = v && (v->wanted || v->runs);
    return v || !node;
}

/* Inline, as a call for each edge of the graph would be 1 % of a small training step; special.c calls it by wk_run_rule. */
static inline bool call_rule(wk_run *r, wick_node *node, int i, wick_tensor *dy, wick_tensor **dx)
{
    const wk_rule *rule = &node->op->rule[node->op->any_inputs ? 0 : i];
    wick_tensor *saved[4] = {NULL}; /* a, b, c, y: what the rule uses of them */
    for (int k = 0; k < 4; k++)
        if (rule->uses & (1u << k) && !(saved[k] = wk_unpack(node, k, r->recorded)))
            return false;
    wk_grad_rule *f = rule->fused && !r->recorded ? rule->fused : rule->rule;
    unsigned failures = wk_this_thread.failures;
    *dx = f(node, &node->args, dy, saved[0], saved[1], saved[2], saved[3], i);
    if (!*dx)
        return !wk_user_failed(failures);
    return (*dx = wk_run_fit(r, node, i, *dx)) != NULL;
}

bool wk_run_rule(wk_run *r, wick_node *node, int i, wick_tensor *dy, wick_tensor **dx)
{
    return call_rule(r, node, i, dy, dx);
}

/* Calls the rules of one node, and passes on what they give. */
static bool call_rules(wk_run *r, wick_node *node, wick_tensor *dy)
{
    WICK_SCOPE;
    for (int i = 0; i < node->inputs; i++) {
        wick_tensor *dx;
        bool needed;
        if (!wk_run_needs(r, node->input[i], &needed))
            return false;
        if (!needed)
            continue;
        if (!call_rule(r, node, i, dy, &dx))
            return false;
        if (!dx)
            wk_run_visit(r, node->input[i])->zero = true;
        else if (!wk_run_deliver(r, node, i, dx))
            return false;
    }
    return true;
}

/* A gradient of zero is one of zero for the inputs, and no rule is called. */
static bool pass_zero(wk_run *r, wick_node *node)
{
    for (int i = 0; i < node->inputs; i++) {
        wk_visit *to = node->input[i] ? wk_run_visit(r, node->input[i]) : NULL;
        if (to)
            to->zero = true;
        else if (node->input[i])
            return false;
    }
    return true;
}

static bool run_node(wk_run *r, wk_visit *v)
{
    wick_node *node = v->node;
    if (v->wanted && v->runs) /* as in PyTorch: what passes through is given to the caller as it comes in */
        v->result = wk_ref(v->grad);
    if (node->hooks && v->grad && !wk_call_tensor_hooks(node, &v->grad))
        return false;
    if (v->wanted && !v->runs)
        v->result = wk_ref(v->grad);
    if (!v->runs)
        return true;
    if (node->leaf)
        return !node->hooks || !v->grad || wk_run_leaf(v);
    bool ok = wk_run_is_special(v) ? wk_run_special(r, v)
              : v->grad            ? call_rules(r, node, v->grad)
                                   : !v->zero || pass_zero(r, node);
    if (ok && !r->retain_graph)
        wk_release_saved(node);
    return ok;
}

bool wk_run_nodes(wk_run *r)
{
    for (size_t i = 0; i < r->count; i++) {
        wk_visit *v = &r->visits[i];
        if (!v->runs && !v->wanted)
            continue;
        if (r->recorded) /* what is made now stands where that stands whose derivative it is */
            wk_this_thread.deriving = &v->node->site;
        bool ok = run_node(r, v);
        if (r->recorded)
            wk_this_thread.deriving = NULL;
        if (!ok)
            return false;
        if (!v->node->retains && !v->node->leaf) {
            wk_unref(v->grad);
            v->grad = NULL;
        }
    }
    return true;
}
