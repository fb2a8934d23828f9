/* engine.c - backward: the graph in topological order, each node's rules called once.
 *
 *     visit    from the roots, everything reachable is listed (with a stack of its own: no recursion)
 *     order    newest first. A node's number is greater than the number of every node it depends on, so this is a
 *              topological order: when a node is reached, all its consumers have sent their part of its gradient
 *     run      each node's rules turn the gradient of its result into gradients of its inputs, which are summed over
 *              broadcast dimensions, added to what other consumers sent, and freed when the node is done. Hooks are called
 *              on the way: those of the result's tensor, then those before the node, then those after it
 *     commit   the leaves' gradients go to their .grad, in a step that cannot fail: after an error no .grad has changed.
 *              Then come the hooks that wait for .grad
 *
 * A node of a user's function may have several results. Each result then has a node of its own before it (node.h: output),
 * which hands its gradient to the one node of them all.
 *
 * A node stands in the list of the present run at the place that its mark tells. Threads may run backward at the same time
 * through graphs that share leaves, but not through one and the same graph, which is an error where it is seen. A run may
 * begin within another of the same thread, from a hook or a user's backward, on the same graph or another: at its end it gives the
 * nodes back the marks that they had. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdlib.h>

#include "../tensor/kernels.h"
#include "../tensor/thread.h"
#include "node.h"

typedef struct visit {
    wick_node *node;
    unsigned long long mark; /* that the node had before */
    wick_tensor *grad;       /* of the node's result, as far as it has come in; held */
    wick_tensor **grads;     /* of a node of several results: of each; held */
    wick_tensor *result;     /* what the caller gets of a wanted one, or the hooks behind .grad of a leaf; held */
    bool zero;               /* a rule said that the gradient is zero */
    bool wanted;             /* is one of the wanted inputs: its gradient is for the caller */
    bool root;               /* its node is held, and with it all others: a hook may change what the root is */
    bool runs;               /* leads on to one of them, or to a leaf of wick_backward: its rules are called */
} visit;

typedef struct wk_run {
    uint32_t number;
    bool alone;    /* no other run was active when it began */
    bool recorded; /* create_graph */
    bool retain_graph;
    bool to_leaves; /* wick_backward: gradients go to .grad */
    bool checks_nan;
    visit *visits;
    size_t count, capacity;
    struct wk_run *outer; /* the run of this thread that this one began in */
} run;

static atomic_uint last_run, active_runs;

/* Some of the active runs: each has the place of its number's last bits, if that was free. */
#define SEEN_RUNS 64
static atomic_uint seen_runs[SEEN_RUNS];

/* ---- Visit and order --------------------------------------------------------------------------------------------------- */

static visit *find(const run *r, wick_node *node)
{
    unsigned long long mark = atomic_load_explicit(&node->mark, memory_order_acquire);
    size_t i = (uint32_t)mark;
    if (mark >> 32 == r->number && i < r->count && r->visits[i].node == node) /* numbers of runs come round again */
        return &r->visits[i];
    bool undisturbed = r->alone && atomic_load_explicit(&last_run, memory_order_relaxed) == r->number;
    if (node->leaf && mark && !undisturbed) /* another thread's run may have marked the leaf since */
        for (i = 0; i < r->count; i++)
            if (r->visits[i].node == node)
                return &r->visits[i];
    return NULL;
}

static void set_mark(const run *r, size_t i)
{
    atomic_store_explicit(&r->visits[i].node->mark, (unsigned long long)r->number << 32 | i, memory_order_release);
}

/* Where the node stands; NULL with an error if another thread took its mark. */
static visit *visit_of(run *r, wick_node *node)
{
    visit *v = find(r, node);
    return v ? v
             : wick_fail(
                   WICK_ERROR_AUTOGRAD,
                   "wick_backward: two threads run backward through one graph at the same time, and met at %s; let one "
                   "of them wait, or give each a graph of its own",
                   node->op->name);
}

/* Whether the mark is that of a run of another thread that is not over. */
static bool is_foreign(const run *r, unsigned long long mark)
{
    uint32_t number = (uint32_t)(mark >> 32);
    if (number == 0 || atomic_load_explicit(&active_runs, memory_order_relaxed) == 1 ||
        atomic_load_explicit(&seen_runs[number % SEEN_RUNS], memory_order_acquire) != number)
        return false;
    while (r && r->number != number)
        r = r->outer;
    return !r;
}

/* Lists the node if it is new. */
static bool enter(run *r, wick_node *node)
{
    if (find(r, node))
        return true;
    unsigned long long mark = atomic_load_explicit(&node->mark, memory_order_acquire);
    if (mark && !node->leaf && is_foreign(r, mark))
        return visit_of(r, node) != NULL;
    if (r->count == UINT32_MAX || !WK_GROW(r->visits, r->count, r->capacity))
        return false;
    r->visits[r->count] = (visit){.node = node, .mark = mark};
    set_mark(r, r->count++);
    return true;
}

static int newest_first(const void *a, const void *b)
{
    uint64_t na = ((const visit *)a)->node->number, nb = ((const visit *)b)->node->number;
    return na < nb ? 1 : na > nb ? -1 : 0;
}

/* Most graphs are small, and found nearly in order. */
static void sort(visit *v, size_t count)
{
    if (count > 64) {
        qsort(v, count, sizeof *v, newest_first);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        visit x = v[i];
        size_t k = i;
        for (; k > 0 && v[k - 1].node->number < x.node->number; k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

/* Lists all that is reachable from what is listed. The list itself is the queue of what is still to be looked at. */
static bool discover(run *r)
{
    bool sorted = true;
    for (size_t i = 0; i < r->count; i++) {
        wick_node *node = r->visits[i].node;
        for (int k = 0; k < node->inputs; k++)
            if (node->input[k] && !enter(r, node->input[k]))
                return false;
        sorted = sorted && (i == 0 || r->visits[i - 1].node->number >= node->number);
    }
    if (!sorted) {
        sort(r->visits, r->count);
        for (size_t i = 0; i < r->count; i++)
            set_mark(r, i);
    }
    return true;
}

/* ---- Gradients on their way --------------------------------------------------------------------------------------------- */

wick_tensor *wk_sum_to(wick_tensor *g, const int64_t *shape, int ndim)
{
    int extra = g->ndim - ndim;
    wick_reduce_options o = {sizeof o, WICK_REDUCE_DEFAULTS};
    o.keepdim = true;
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
    wick_tensor *sum = wk_new(shape, ndim, (wick_dtype)g->dtype); /* not recorded: straight to the shape */
    if (sum)
        wk_reduce_sum(g, mask, sum);
    return wk_own(sum);
}

/* Whether nothing else can see t's elements, so that they may be added to in place. */
static bool is_private(const wick_tensor *t)
{
    return atomic_load_explicit(&t->base.refs, memory_order_acquire) == 1 && t->contiguous && !t->view_of &&
           atomic_load_explicit(&t->storage->refs, memory_order_acquire) == 1;
}

/* *sum += g; *sum may be NULL, and is held. */
static bool accumulate(run *r, wick_tensor **sum, wick_tensor *g)
{
    if (!*sum) {
        *sum = wk_ref(g);
        return true;
    }
    if (!r->recorded && is_private(*sum) && (*sum)->dtype == g->dtype)
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

/* The same as fit, of a g that is of another shape or dtype. */
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

/* g, brought to the shape and dtype of input i, which node `to` computed. NULL with an error. */
static inline wick_tensor *fit(const wick_node *to, wick_tensor *g, const wick_node *from, int i)
{
    return g->dtype == to->dtype && has_shape(g, to->shape, to->ndim) ? g : bring(to, g, from, i);
}

static bool check_nan(const wick_node *node, const wick_tensor *g, int i)
{
    bool good = !wk_has_nan(g);
    if (!good)
        wick_fail(WICK_ERROR_AUTOGRAD, "wick_backward: Function '%s' returned nan values in its %dth output%s",
                  node->op->name, i, WK_PLACE(node));
    return good;
}

/* Adds g, which fits, up at the node that computed input i. */
static bool deliver(run *r, const wick_node *from, int i, wick_tensor *g)
{
    wick_node *to = from->input[i];
    visit *v = visit_of(r, to);
    if (!v)
        return false;
    wick_tensor **sum = &v->grad;
    if (from->output >= 0) { /* one of the results of a node of several */
        if (!v->grads && !(v->grads = wk_alloc_zero((size_t)to->outputs * sizeof *v->grads)))
            return false;
        sum = &v->grads[from->output];
    }
    return accumulate(r, sum, g);
}

/* ---- Run ---------------------------------------------------------------------------------------------------------------- */

static bool is_needed(run *r, wick_node *node, bool *needed)
{
    const visit *v = node ? visit_of(r, node) : NULL;
    *needed = v && (v->wanted || v->runs);
    return v || !node;
}

/* The gradient of input i by its rule, fitted, or NULL for zero; false with an error. */
static inline bool call_rule(run *r, wick_node *node, int i, wick_tensor *dy, wick_tensor **dx)
{
    const wk_rule *rule = &node->op->rule[node->op->any_inputs ? 0 : i];
    wick_tensor *saved[4] = {NULL};
    for (int k = 0; k < 4; k++)
        if (rule->uses & (1u << k) && !(saved[k] = wk_unpack(node, k, r->recorded)))
            return false;
    wk_grad_rule *f = rule->fused && !r->recorded ? rule->fused : rule->rule;
    unsigned failures = wk_this_thread.failures;
    *dx = f(node, &node->args, dy, saved[0], saved[1], saved[2], saved[3], i);
    if (!*dx)
        return !wk_user_failed(failures);
    return (*dx = fit(node->input[i], *dx, node, i)) != NULL && (!r->checks_nan || check_nan(node, *dx, i));
}

/* Calls the rules of one node, and passes on what they give. */
static bool call_rules(run *r, wick_node *node, wick_tensor *dy)
{
    WICK_SCOPE;
    for (int i = 0; i < node->inputs; i++) {
        wick_tensor *dx;
        bool needed;
        if (!is_needed(r, node->input[i], &needed))
            return false;
        if (!needed)
            continue;
        if (!call_rule(r, node, i, dy, &dx))
            return false;
        if (!dx)
            visit_of(r, node->input[i])->zero = true;
        else if (!deliver(r, node, i, dx))
            return false;
    }
    return true;
}

/* The same for a node with hooks, or of a user's function: all gradients of the inputs come before any is passed on. dy and
 * dx have room for one per result and one per input. */
static bool call_all(run *r, wick_node *node, wick_tensor **dy, wick_tensor **dx)
{
    bool needed;
    if (node->hooks && !wk_call_pre_hooks(node, dy))
        return false;
    if (node->ctx && !wk_call_backward(node, dy, r->recorded, dx))
        return false;
    for (int i = 0; i < node->inputs; i++) {
        if (!is_needed(r, node->input[i], &needed))
            return false;
        if (!needed) {
            dx[i] = NULL;
        } else if (!node->ctx) {
            if (dy[0] && !call_rule(r, node, i, dy[0], &dx[i]))
                return false;
            if (dy[0] && !dx[i])
                visit_of(r, node->input[i])->zero = true;
        } else if (dx[i]) {
            if (!(dx[i] = fit(node->input[i], dx[i], node, i)) || (r->checks_nan && !check_nan(node, dx[i], i)))
                return false;
        }
    }
    if (node->hooks && !wk_call_post_hooks(node, dx, dy))
        return false;
    for (int i = 0; i < node->inputs; i++) {
        if (!is_needed(r, node->input[i], &needed) || (needed && dx[i] && !deliver(r, node, i, dx[i])))
            return false;
    }
    return true;
}

static bool call_with_hooks(run *r, visit *v)
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

/* What a leaf's gradient goes through before it is added to .grad. */
static bool pass_leaf(visit *v)
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

static bool run_node(run *r, visit *v)
{
    wick_node *node = v->node;
    if (r->recorded) /* what is made now stands where that stands whose derivative it is */
        wk_this_thread.deriving = &node->site;
    if (v->wanted && v->runs) /* as in PyTorch: what passes through is given to the caller as it comes in */
        v->result = wk_ref(v->grad);
    if (node->hooks && v->grad && !wk_call_tensor_hooks(node, &v->grad))
        return false;
    if (v->wanted && !v->runs)
        v->result = wk_ref(v->grad);
    if (!v->runs)
        return true;
    if (node->leaf)
        return !node->hooks || !v->grad || pass_leaf(v);
    if (node->output >= 0) {
        if (v->grad && !deliver(r, node, 0, v->grad))
            return false;
        if (!v->grad && v->zero && !v->wanted)
            visit_of(r, node->input[0])->zero = true;
    } else if (v->grads || (v->grad && (node->ctx || node->hooks))) {
        if (!call_with_hooks(r, v))
            return false;
    } else if (v->grad) {
        if (!call_rules(r, node, v->grad))
            return false;
    } else if (v->zero) {
        for (int i = 0; i < node->inputs; i++) {
            visit *to = node->input[i] ? visit_of(r, node->input[i]) : NULL;
            if (to)
                to->zero = true;
            else if (node->input[i])
                return false;
        }
    }
    if (!r->retain_graph)
        wk_release_saved(node);
    return true;
}

static bool run_nodes(run *r)
{
    for (size_t i = 0; i < r->count; i++) {
        visit *v = &r->visits[i];
        if (!v->runs && !v->wanted)
            continue;
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

/* A run with the roots and their gradients listed, ordered. gradients[i] NULL: 1, for a root with one element. */
static bool start(run *r, const char *function, wick_list *roots, wick_list *gradients)
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
    r->checks_nan = wk_anomaly_checks_nan();
    if (gradients && gradients->count != roots->count) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: %lld gradients for %lld roots; give one per root", function,
                  (long long)gradients->count, (long long)roots->count);
        return false;
    }
    for (int64_t i = 0; i < roots->count; i++) {
        wick_tensor *root = roots->items[i], *g = gradients ? gradients->items[i] : NULL; /* NULL: 1 */
        if (!wk_refresh_view(root))
            return false;
        if (!wk_needs_grad(root)) {
            wick_fail(
                WICK_ERROR_AUTOGRAD,
                "%s: the tensor does not require grad and has no grad_fn: none of what it was made from requires grad, "
                "or it was made under no-grad",
                function);
            return false;
        }
        if (!g && root->numel != 1) {
            wick_fail(
                WICK_ERROR_AUTOGRAD,
                "%s: grad can be created implicitly only for scalar outputs, and this one has shape %s; reduce it first, "
                "or give its gradient",
                function, WK_SHAPE(root));
            return false;
        }
        if (g && !wk_same_shape(g, root)) {
            wick_fail(WICK_ERROR_SHAPE, "%s: a gradient of shape %s for a tensor of shape %s; they must be equal",
                      function, WK_SHAPE(g), WK_SHAPE(root));
            return false;
        }
        if (!g)
            g = wick_ones_like(root);
        else if (g->dtype != root->dtype)
            g = wick_to_dtype(g, (wick_dtype)root->dtype);
        wick_node *node = wk_edge(root);
        if (!g || !node || !enter(r, node))
            return false;
        visit *v = find(r, node);
        if (!v->root)
            wk_node_ref(node);
        v->root = true;
        if (!accumulate(r, &v->grad, g))
            return false;
    }
    return discover(r);
}

static void finish(run *r)
{
    wk_this_thread.run = r->outer;
    for (size_t i = 0; i < r->count; i++) {
        visit *v = &r->visits[i];
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

/* ---- Commit -------------------------------------------------------------------------------------------------------------- */

/* Several threads may bring gradients to one leaf. */
static pthread_mutex_t leaf_lock = PTHREAD_MUTEX_INITIALIZER;

/* Whether g may be added into old as it is, whose elements must each have a place of their own. */
static bool adds_in_place(const run *r, const wick_tensor *old, const wick_tensor *g)
{
    return !r->recorded && !wk_needs_grad(old) && old->dtype == g->dtype && old->contiguous;
}

/* The tensor that a visit's gradient belongs to: its leaf, or what asked for retain_grad; NULL for none. */
static wick_tensor *receiver(const run *r, const visit *v)
{
    wick_tensor *leaf = v->node->leaf;
    if (!v->grad || (leaf && (!r->to_leaves || !leaf->requires_grad))) /* which it may have stopped doing since */
        return NULL;
    return leaf ? leaf : v->node->retains;
}

static bool commit(run *r)
{
    bool ok = true;
    pthread_mutex_lock(&leaf_lock);
    /* All that needs memory first. A gradient becomes a .grad as it is if nobody else can see it. */
    for (size_t i = 0; ok && i < r->count; i++) {
        visit *v = &r->visits[i];
        wick_tensor *t = receiver(r, v), *g = v->grad;
        if (!t || (t->grad && adds_in_place(r, t->grad, g)))
            continue;
        if (t->grad)
            g = (wick_add)(t->grad, g);
        else if (r->recorded || !is_private(g) || wk_needs_grad(g))
            g = wick_clone(g);
        ok = g != NULL;
        if (ok && g != v->grad) {
            wk_unref(v->grad);
            v->grad = wk_ref(g);
        }
    }
    for (size_t i = 0; ok && i < r->count; i++) {
        visit *v = &r->visits[i];
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

/* The hooks that wait for .grad. */
static bool call_accumulated(run *r)
{
    for (size_t i = 0; i < r->count; i++) {
        visit *v = &r->visits[i];
        if (v->node->leaf && v->result && !wk_call_accumulated_hooks(v->node, v->result))
            return false;
    }
    return true;
}

bool wick_backward_n(wick_list *roots, wick_list *gradients, bool retain_graph, bool create_graph)
{
    WK_ENTER;
    if (!WK_LIST(roots, "wick_backward", "roots") ||
        (gradients && !WK_LIST_OR_HOLES(gradients, "wick_backward", "gradients")) || !wk_stack_left("wick_backward"))
        return false;
    if (create_graph &&
        !wick_warn(
            "wick_backward: Using wick_backward with .create_graph = true will create a reference cycle between a "
            "parameter and its gradient, which is never freed. We recommend wick_grad instead; if you use "
            "wick_backward, set the gradients to NULL after use (wick_nn_zero_grad)"))
        return false;
    WICK_SCOPE;
    bool before = wick_set_grad_enabled(create_graph);
    run r = {.recorded = create_graph, .retain_graph = retain_graph || create_graph, .to_leaves = true};
    bool ok = start(&r, "wick_backward", roots, gradients);
    for (size_t i = 0; i < r.count; i++)
        r.visits[i].runs = true;
    ok = ok && run_nodes(&r) && commit(&r) && call_accumulated(&r);
    finish(&r);
    wick_set_grad_enabled(before);
    return ok;
}

bool wick_backward_opt(wick_tensor *root, const wick_backward_options *given)
{
    WK_ENTER;
    wick_backward_options o = WK_OPTIONS(wick_backward_options, WICK_BACKWARD_DEFAULTS, given);
    WICK_SCOPE;
    wick_list *roots = WK_TENSOR(root, "wick_backward", "root") ? wick_list_of(root) : NULL;
    wick_list *gradients =
        o.gradient && WK_TENSOR(o.gradient, "wick_backward", "gradient") ? wick_list_of(o.gradient) : NULL;
    if (!roots || (o.gradient && !gradients))
        return false;
    return wick_backward_n(roots, gradients, o.retain_graph, o.create_graph);
}

/* ---- wick_grad: the gradients of chosen tensors ------------------------------------------------------------------------- */

static bool refuse_unused(int64_t i)
{
    wick_fail(
        WICK_ERROR_AUTOGRAD,
        "wick_grad: input %lld was not used in making the outputs; set .allow_unused = true for no gradient there "
        "(NULL), or .materialize_grads = true for zeros",
        (long long)i);
    return false;
}

/* Marks the nodes of the inputs, and what leads to them. */
static bool want(run *r, wick_list *inputs, bool allow_unused)
{
    for (int64_t i = 0; i < inputs->count; i++) {
        wick_tensor *t = inputs->items[i];
        if (!wk_refresh_view(t))
            return false;
        wick_node *node = wk_edge(t);
        visit *v = node ? find(r, node) : NULL;
        if (!node) {
            if (!wk_needs_grad(t))
                wick_fail(WICK_ERROR_AUTOGRAD, "wick_grad: input %lld does not require grad", (long long)i);
            return false;
        }
        if (!v && !allow_unused)
            return refuse_unused(i);
        if (v)
            v->wanted = true;
    }
    for (size_t i = r->count; i-- > 0;) { /* oldest first: what a node depends on is decided before it */
        visit *v = &r->visits[i];
        for (int k = 0; k < v->node->inputs && !v->runs; k++)
            if (!is_needed(r, v->node->input[k], &v->runs))
                return false;
    }
    return true;
}

wick_list *wick_grad_opt(wick_list *outputs, wick_list *inputs, const wick_grad_options *given)
{
    WK_ENTER;
    wick_grad_options o = WK_OPTIONS(wick_grad_options, WICK_GRAD_DEFAULTS, given);
    return wk_grad(outputs, inputs, o, &(int64_t){0});
}

/* The gradients of the inputs, NULL or zeros for those that have none. */
static bool results(run *r, wick_list *inputs, wick_grad_options o, wick_tensor **gradients, int64_t *unused)
{
    for (int64_t i = 0; i < inputs->count; i++) {
        wick_tensor *t = inputs->items[i];
        const visit *v = find(r, wk_edge(t));
        bool none = !v || (!v->result && !v->zero);
        if (none && *unused < 0)
            *unused = i;
        if (none && !o.allow_unused && !o.materialize_grads)
            return refuse_unused(i);
        gradients[i] = v && v->result ? v->result : none && !o.materialize_grads ? NULL : wick_zeros_like(t);
        if (!gradients[i] && !(none && !o.materialize_grads))
            return false;
    }
    return true;
}

wick_list *wk_grad(wick_list *outputs, wick_list *inputs, wick_grad_options o, int64_t *unused)
{
    if (!WK_LIST(outputs, "wick_grad", "outputs") || !WK_LIST(inputs, "wick_grad", "inputs") ||
        (o.grad_outputs && !WK_LIST_OR_HOLES(o.grad_outputs, "wick_grad", "grad_outputs")) ||
        !wk_stack_left("wick_grad"))
        return NULL;
    WICK_SCOPE;
    *unused = -1;
    bool before = wick_set_grad_enabled(o.create_graph);
    run r = {.recorded = o.create_graph, .retain_graph = o.retain_graph || o.create_graph};
    bool ok = start(&r, "wick_grad", outputs, o.grad_outputs) &&
              want(&r, inputs, o.allow_unused || o.materialize_grads) && run_nodes(&r);
    size_t bytes = (size_t)inputs->count * sizeof(wick_tensor *);
    wick_tensor **gradients = ok ? wk_alloc(bytes) : NULL;
    wick_list *list =
        gradients && results(&r, inputs, o, gradients, unused) ? wk_list_with_holes(gradients, inputs->count) : NULL;
    if (gradients)
        wk_free(gradients, bytes);
    list = wick_out(list);
    if (list && !commit(&r)) /* of the tensors with retain_grad */
        list = NULL;
    finish(&r);
    wick_set_grad_enabled(before);
    return list;
}
