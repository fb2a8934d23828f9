/* marks.c - where a node stands in a run.
 *
 * A node's mark is the number of the run that saw it last, and its place in that run's list. Threads may run backward at the
 * same time through graphs that share leaves, but not through one and the same graph, which is an error where it is seen. A
 * run may begin within another of the same thread, from a hook or a user's backward, on the same graph or another: at its end
 * it gives the nodes back the marks that they had. */
#include "../tensor/thread.h"
#include "run.h"

static atomic_uint last_run, active_runs;

/* Some of the active runs: each has the place of its number's last bits, if that was free. */
#define SEEN_RUNS 64
static atomic_uint seen_runs[SEEN_RUNS];

void wk_run_begin(wk_run *r)
{
    atomic_fetch_add(&active_runs, 1);
    do /* number 0 is that of nodes no run has seen */
        r->number = atomic_fetch_add(&last_run, 1) + 1;
    while (r->number == 0);
    r->alone =
        atomic_load(&active_runs) == 1; /* asked with the number taken: a run of a lower one is counted, or over */
    r->outer = wk_this_thread.run;
    wk_this_thread.run = r;
    atomic_compare_exchange_strong(&seen_runs[r->number % SEEN_RUNS], &(unsigned){0}, r->number);
}

void wk_run_end(wk_run *r)
{
    wk_this_thread.run = r->outer;
    for (size_t i = 0; i < r->count; i++) {
        wk_visit *v = &r->visits[i];
        unsigned long long mine = (unsigned long long)r->number << 32 | i;
        if (r->outer) /* which may stand at this node */
            atomic_compare_exchange_strong(&v->node->mark, &mine, v->mark);
        for (int k = 0; v->grads && k < v->node->outputs; k++)
            wk_unref(v->grads[k]);
        if (v->grads)
            wk_free(v->grads, (size_t)v->node->outputs * sizeof *v->grads);
        wk_unref(v->grad);
        wk_unref(v->result);
    }
    for (size_t i = 0; i < r->count; i++)
        if (r->visits[i].root)
            wk_node_unref(r->visits[i].node);
    atomic_compare_exchange_strong(&seen_runs[r->number % SEEN_RUNS], &(unsigned){r->number}, 0);
    atomic_fetch_sub(&active_runs, 1);
    wk_free(r->visits, r->capacity * sizeof *r->visits);
}

wk_visit *wk_run_search(const wk_run *r, wick_node *node, unsigned long long mark)
{
    bool undisturbed = r->alone && atomic_load_explicit(&last_run, memory_order_relaxed) == r->number;
    if (node->leaf && mark && !undisturbed) /* another thread's run may have marked the leaf since */
        for (size_t i = 0; i < r->count; i++)
            if (r->visits[i].node == node)
                return &r->visits[i];
    return NULL;
}

void *wk_run_lost(const wick_node *node)
{
    return wick_fail(
        WICK_ERROR_AUTOGRAD,
        "wick_backward: two threads run backward through one graph at the same time, and met at %s; let one of them wait, or "
        "give each a graph of its own",
        node->op->name);
}

bool wk_run_is_foreign(const wk_run *r, unsigned long long mark)
{
    uint32_t number = (uint32_t)(mark >> 32);
    if (number == 0 || atomic_load_explicit(&active_runs, memory_order_relaxed) == 1 ||
        atomic_load_explicit(&seen_runs[number % SEEN_RUNS], memory_order_acquire) != number)
        return false;
    while (r && r->number != number)
        r = r->outer;
    return !r;
}
