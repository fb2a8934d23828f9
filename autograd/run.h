/* run.h - internal: a run of the backward pass, as the files of the engine see it:
 *
 *     backward.c         the pass itself: visit, order, run
 *     sums.c             gradients on their way: brought to the input's shape and dtype, and added up
 *     special.c          nodes with hooks, of users' functions, with several results
 *     marks.c            where a node stands in a run: runs within runs, and of several threads
 *     commit.c           the gradients that become a .grad
 *     differentiate.c    wick_backward and wick_grad: what a run is asked for */
#pragma once

#include "node.h"

/* A node in the list of a run. */
typedef struct wk_visit {
    wick_node *node;
    unsigned long long mark; /* that the node had before */
    wick_tensor *grad;       /* of the node's result, as far as it has come in; held */
    wick_tensor **grads;     /* of a node of several results: of each; held */
    wick_tensor *result;     /* what the caller gets of a wanted one, or the hooks behind .grad of a leaf; held */
    bool zero;               /* a rule said that the gradient is zero */
    bool wanted;             /* is one of the wanted inputs: its gradient is for the caller */
    bool root;               /* its node is held, and with it all others: a hook may change what the root is */
    bool runs;               /* leads on to one of them, or to a leaf of wick_backward: its rules are called */
} wk_visit;

typedef struct wk_run {
    uint32_t number;
    bool alone;    /* no other run was active when it began */
    bool recorded; /* create_graph */
    bool retain_graph;
    bool to_leaves; /* wick_backward: gradients go to .grad */
    bool checks_nan;
    wk_visit *visits;
    size_t count, capacity;
    struct wk_run *outer; /* the run of this thread that this one began in */
} wk_run;

/* ---- backward.c ----------------------------------------------------------------------------------------------------------- */

/* Lists the node if it is new. */
bool wk_run_enter(wk_run *r, wick_node *node);

/* Lists all that is reachable from what is listed, and puts it in order. */
bool wk_run_order(wk_run *r);

/* Calls the rules of the nodes that are to run, in order. */
bool wk_run_nodes(wk_run *r);

/* The gradient of input i by its rule, fitted, or NULL for zero; false with an error. */
bool wk_run_rule(wk_run *r, wick_node *node, int i, wick_tensor *dy, wick_tensor **dx);

/* Whether anybody waits for the gradient of a node (NULL: nobody). False with an error. */
bool wk_run_needs(wk_run *r, wick_node *node, bool *needed);

/* ---- marks.c -------------------------------------------------------------------------------------------------------------- */

/* Gives r its number, and makes it this thread's innermost run; and gives back all that it holds, and the nodes their marks. */
void wk_run_begin(wk_run *r);
void wk_run_end(wk_run *r);

/* Where the node stands; NULL if it is not listed. */
wk_visit *wk_run_search(const wk_run *r, wick_node *node, unsigned long long mark);
static inline wk_visit *wk_run_find(const wk_run *r, wick_node *node)
{
    unsigned long long mark = atomic_load_explicit(&node->mark, memory_order_acquire);
    size_t i = (uint32_t)mark;
    if (mark >> 32 == r->number && i < r->count && r->visits[i].node == node) /* numbers of runs come round again */
        return &r->visits[i];
    return wk_run_search(r, node, mark);
}

/* The same for one that was listed; NULL with an error if another thread took its mark. */
void *wk_run_lost(const wick_node *node);
static inline wk_visit *wk_run_visit(const wk_run *r, wick_node *node)
{
    wk_visit *v = wk_run_find(r, node);
    return v ? v : wk_run_lost(node);
}

/* Notes that the node of visit i stands there. */
static inline void wk_run_mark(const wk_run *r, size_t i)
{
    atomic_store_explicit(&r->visits[i].node->mark, (unsigned long long)r->number << 32 | i, memory_order_release);
}

/* Whether the mark is that of a run of another thread that is not over. */
bool wk_run_is_foreign(const wk_run *r, unsigned long long mark);

/* ---- sums.c --------------------------------------------------------------------------------------------------------------- */

/* *sum += g; *sum may be NULL, and is held. */
bool wk_run_add(const wk_run *r, wick_tensor **sum, wick_tensor *g);

/* g, which `from` gave for its input i, in that input's shape and dtype; checked for NaN if the run does so. NULL with an
 * error. */
wick_tensor *wk_run_fit(const wk_run *r, const wick_node *from, int i, wick_tensor *g);

/* Adds g, which fits, up at the node that computed input i. */
bool wk_run_deliver(wk_run *r, const wick_node *from, int i, wick_tensor *g);

/* Whether nothing else can see t's elements, so that they may be added to in place. */
bool wk_is_private(const wick_tensor *t);

/* ---- special.c ------------------------------------------------------------------------------------------------------------ */

/* Whether a node that is no leaf has anything but rules: hooks, a user's function, several results or one of several. */
static inline bool wk_run_is_special(const wk_visit *v)
{
    return v->node->output >= 0 || v->grads || (v->grad && (v->node->ctx || v->node->hooks));
}

/* Passes on what such a node gives. */
bool wk_run_special(wk_run *r, wk_visit *v);

/* What a leaf's gradient goes through before it is added to .grad. */
bool wk_run_leaf(wk_visit *v);

/* ---- commit.c ------------------------------------------------------------------------------------------------------------- */

/* The gradients of leaves, and of tensors with retain_grad, go to their .grad. After an error no .grad has changed. */
bool wk_run_commit(wk_run *r);

/* Calls the hooks that wait for .grad. */
bool wk_run_committed(wk_run *r);
