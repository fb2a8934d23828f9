/* commit.c - the gradients that become a .grad, in a step that cannot fail: all that needs memory comes first, so that after an
 * error no .grad has changed. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "../tensor/kernels.h"
#include "run.h"

/* Several threads may bring gradients to one leaf. */
static pthread_mutex_t leaf_lock = PTHREAD_MUTEX_INITIALIZER;

/* Whether g may be added into old as it is, whose elements must each have a place of their own. */
static bool adds_in_place(const wk_run *r, const wick_tensor *old, const wick_tensor *g)
{
    return !r->recorded && !wk_needs_grad(old) && old->dtype == g->dtype && old->contiguous;
}

/* The tensor that a visit's gradient belongs to: its leaf, or what asked for retain_grad; NULL for none. */
static wick_tensor *receiver(const wk_run *r, const wk_visit *v)
{
    wick_tensor *leaf = v->node->leaf;
    if (!v->grad || (leaf && (!r->to_leaves || !leaf->requires_grad))) /* which it may have stopped doing since */
        return NULL;
    return leaf ? leaf : v->node->retains;
}

bool wk_run_commit(wk_run *r)
{
    bool ok = true;
    pthread_mutex_lock(&leaf_lock);
    /* All that needs memory first. A gradient becomes a .grad as it is if nobody else can see it. */
    for (size_t i = 0; ok && i < r->count; i++) {
        wk_visit *v = &r->visits[i];
        wick_tensor *t = receiver(r, v), *g = v->grad;
        if (!t || (t->grad && adds_in_place(r, t->grad, g)))
            continue;
        if (t->grad)
            g = (wick_add)(t->grad, g);
        else if (r->recorded || !wk_is_private(g) || wk_needs_grad(g))
            g = wick_clone(g);
        ok = g != NULL;
        if (ok && g != v->grad) {
            wk_unref(v->grad);
            v->grad = wk_ref(g);
        }
    }
    for (size_t i = 0; ok && i < r->count; i++) {
        wk_visit *v = &r->visits[i];
        wick_tensor *t = receiver(r, v);
        if (!t)
            continue;
        if (v->node->leaf && v->node->hooks)
            v->result = wk_ref(v->grad);
        if (t->grad && adds_in_place(r, t->grad, v->grad)) {
            wk_map("wick_backward", WK_ADD, t->grad, 2, (const wick_tensor *const[]){t->grad, v->grad}, NULL);
            wk_bump_version(t->grad, "wick_backward");
        } else {
            wk_unref(t->grad);
            t->grad = v->grad;
            v->grad = NULL;
        }
    }
    pthread_mutex_unlock(&leaf_lock);
    return ok;
}

bool wk_run_committed(wk_run *r)
{
    for (size_t i = 0; i < r->count; i++) {
        wk_visit *v = &r->visits[i];
        if (v->node->leaf && v->result && !wk_call_accumulated_hooks(v->node, v->result))
            return false;
    }
    return true;
}
