/* node.c - recording: making nodes, what they save, and where gradients go. */
#include "node.h"

#include <stdio.h>
#include <string.h>

#include "../tensor/thread.h"

static size_t node_size(int inputs) { return sizeof(wick_node) + (size_t)inputs * sizeof(wick_node *); }

wick_node *wk_node_ref(wick_node *node)
{
    if (node)
        wk_ref(node->leaf ? (void *)node->leaf : (void *)node);
    return node;
}

void wk_node_unref(wick_node *node)
{
    if (node)
        wk_unref(node->leaf ? (void *)node->leaf : (void *)node);
}

void wk_saved_release(wk_saved *saved)
{
    if (!saved->tensor)
        return;
    if (saved->segment)
        wk_segment_release(saved);
    wk_unref(saved->tensor);
    saved->tensor = NULL;
}

void wk_release_saved(wick_node *node)
{
    for (int k = 0; k < 4; k++)
        wk_saved_release(&node->saved[k]);
    if (node->ctx)
        wk_release_ctx(node->ctx);
}

static void node_destroy(wick_object *object)
{
    wick_node *node = (wick_node *)object;
    wk_release_saved(node);
    if (node->ctx)
        wk_free_ctx(node->ctx);
    if (node->hooks)
        wk_drop_hooks(&node->hooks);
    for (int i = 0; i < node->inputs; i++)
        wk_node_unref(node->input[i]);
    if (node->retains)
        node->retains->retains_grad = false;
    wk_free(node, node_size(node->inputs));
}

const wk_class wk_node_class = {"node", node_destroy};

wick_tensor *wk_zero_rule(WICK_UNUSED const wick_node *node, WICK_UNUSED const wk_args *args, wick_tensor *dy,
                          WICK_UNUSED wick_tensor *a, WICK_UNUSED wick_tensor *b, WICK_UNUSED wick_tensor *c,
                          WICK_UNUSED wick_tensor *y, WICK_UNUSED int i)
{
    return wick_zeros_like(dy);
}

const wk_op wk_accumulate_grad = {.name = "AccumulateGrad"};

/* Numbers of nodes: one count for all threads, so that a graph may be built by several. */
static atomic_ullong next_number = 1;

uint64_t wk_next_node_number(void) { return atomic_fetch_add_explicit(&next_number, 1, memory_order_relaxed); }

static inline wick_node *node_new(const wk_op *op, const wk_args *args, const wick_tensor *y, const wick_tensor *a,
                                  int inputs)
{
    wick_node *node = wk_alloc(node_size(inputs));
    if (!node)
        return NULL;
    wk_object_init(&node->base, &wk_node_class);
    node->op = op;
    node->number = 0;
    atomic_init(&node->mark, 0);
    node->leaf = node->retains = NULL;
    node->hooks = NULL;
    node->ctx = NULL;
    node->outputs = 1;
    node->output = -1;
    const wk_thread *self = &wk_this_thread;
    node->site = self->deriving ? *self->deriving : self->site;
    node->dtype = y->dtype;
    node->ndim = y->ndim;
    memcpy(node->shape, y->shape, sizeof node->shape); /* as far as ndim; all of it is copied faster */
    node->a_ndim = a ? a->ndim : 0;
    if (a)
        memcpy(node->a_shape, a->shape, sizeof node->a_shape);
    if (args)
        node->args = *args;
    for (int k = 0; k < 4; k++)
        node->saved[k] = (wk_saved){.tensor = NULL};
    node->inputs = inputs;
    memset(node->input, 0, (size_t)inputs * sizeof *node->input);
    return node;
}

wick_node *wk_node_new(const wk_op *op, const wk_args *args, const wick_tensor *y, const wick_tensor *a, int inputs)
{
    return node_new(op, args, y, a, inputs);
}

wick_node *wk_edge(wick_tensor *t)
{
    if (t->grad_fn)
        return t->grad_fn;
    if (!t->requires_grad)
        return NULL;
    wick_node *node = atomic_load_explicit(&t->accumulate, memory_order_acquire);
    if (node)
        return node;
    node = node_new(&wk_accumulate_grad, NULL, t, NULL, 0);
    if (!node)
        return NULL;
    node->leaf = t;          /* not held: the leaf owns the node */
    wick_node *other = NULL; /* that another thread may have made meanwhile */
    if (!atomic_compare_exchange_strong(&t->accumulate, &other, node)) {
        wk_unref(node);
        return other;
    }
    return node;
}

void wk_tensor_dies(wick_tensor *t)
{
    if (t->retains_grad && t->grad_fn)
        t->grad_fn->retains = NULL;
    wk_unref(t->grad_fn);
    wk_unref(t->grad);
    wk_unref(t->view_of);
    wk_unref(atomic_load(&t->accumulate));
}

const char *wk_grad_fn_name(const wick_tensor *t)
{
    (void)wk_refresh_view((wick_tensor *)t); /* if that fails, the name is that of what t was */
    return t->grad_fn ? t->grad_fn->op->name : NULL;
}

/* An alias keeps an operation that later changes t's place in the graph from closing a cycle through the node; a leaf that
 * requires grad cannot be changed so. */
static inline bool save(wk_saved *saved, wick_tensor *t, bool history)
{
    bool leaf = t->requires_grad && !t->grad_fn && history;
    if (wk_this_thread.segment && !leaf) {
        bool done, ok = wk_segment_save(wk_this_thread.segment, saved, t, history, &done);
        if (!ok || done)
            return ok;
    }
    if (leaf) {
        saved->tensor = wk_ref(t);
    } else {
        saved->tensor = wk_alias(t, t->shape, t->strides, t->ndim, t->offset);
        if (!saved->tensor)
            return false;
        if (history && t->grad_fn)
            saved->tensor->grad_fn = wk_ref(t->grad_fn);
    }
    saved->version = atomic_load_explicit(&t->storage->version, memory_order_relaxed);
    return true;
}

bool wk_save(wk_saved *saved, wick_tensor *t, bool history) { return save(saved, t, history); }

/* The error of a saved tensor that is there no more, or is not what it was; NULL. */
static wick_tensor *refuse(const wk_saved *saved, const wick_node *node)
{
    const wick_tensor *t = saved->tensor;
    if (!t)
        return wick_fail(
            WICK_ERROR_AUTOGRAD,
            "wick_backward: a second time through the graph: what %s saved was freed by the first; call the "
            "first backward with .retain_graph = true%s",
            node->op->name, WK_PLACE(node));
    const char *writer = atomic_load_explicit(&t->storage->written, memory_order_relaxed);
    wk_site wrote = {atomic_load_explicit(&t->storage->written_at, memory_order_relaxed),
                     atomic_load_explicit(&t->storage->written_by, memory_order_relaxed)};
    return wick_fail(
        WICK_ERROR_AUTOGRAD,
        "wick_backward: a tensor of shape %s that %s%s saved for its gradient was modified in place by %s%s: it "
        "is at version %u, and was saved at version %u; use the out-of-place operation, or clone first",
        WK_SHAPE(t), node->op->name, WK_PLACE(node), writer ? writer : "an in-place operation",
        wk_place_text("", wrote, (char[WK_PLACE_TEXT]){0}),
        atomic_load_explicit(&t->storage->version, memory_order_relaxed), saved->version);
}

wick_tensor *wk_saved_tensor(wk_saved *saved, const wick_node *node)
{
    wick_tensor *t = saved->tensor;
    if (t && saved->segment)
        return wk_segment_tensor(saved, node);
    bool as_it_was = t && atomic_load_explicit(&t->storage->version, memory_order_relaxed) == saved->version;
    return as_it_was ? t : refuse(saved, node);
}

wick_tensor *wk_unpack(wick_node *node, int k, bool recorded)
{
    wick_tensor *t = wk_saved_tensor(&node->saved[k], node);
    if (t && k == 3 && recorded) { /* the result: saved without its history, which is this node */
        wick_tensor *y = wk_alias(t, t->shape, t->strides, t->ndim, t->offset);
        if (y)
            y->grad_fn = wk_ref(node);
        return wk_own(y);
    }
    return t;
}

/* Gives y a node over these inputs. True if none was needed. */
static bool attach(const wk_op *op, const wk_args *args, wick_tensor *y, wick_tensor *const *inputs, int count)
{
    wick_node *node = node_new(op, args, y, inputs[0], count);
    if (!node)
        return false;
    unsigned uses = 0;
    bool any = false;
    for (int i = 0; i < count; i++) {
        const wk_rule *rule = &op->rule[op->any_inputs ? 0 : i];
        if (!rule->rule || !wk_needs_grad(inputs[i]))
            continue;
        wick_node *edge = wk_edge(inputs[i]);
        if (!edge)
            goto failed;
        node->input[i] = wk_node_ref(edge);
        uses |= rule->uses;
        any = true;
    }
    if (!any) {
        wk_unref(node);
        return true;
    }
    for (int k = 0; k < 3 && k < count && !op->any_inputs; k++)
        if (uses & (1u << k) && !save(&node->saved[k], inputs[k], true))
            goto failed;
    if (uses & USES_Y && !save(&node->saved[3], y, false))
        goto failed;
    node->number = wk_next_node_number();
    y->grad_fn = node;
    return true;
failed:
    wk_unref(node);
    return false;
}

wick_tensor *wk_record_n(const wk_op *op, const wk_args *args, wick_tensor *y, wick_tensor *const *inputs, int count)
{
    if (!y)
        return NULL;
    for (int i = 1; i < count; i++) /* 0 unless draws are numbered */
        if (inputs[i - 1] && inputs[i] && inputs[i]->draw && inputs[i - 1]->draw > inputs[i]->draw)
            wk_debug_order(op->name, inputs[i - 1]->draw, inputs[i]->draw);
    bool needed = false;
    for (int i = 0, n = wk_this_thread.grad_off ? 0 : count; i < n; i++) {
        if (!wk_refresh_view(inputs[i]))
            goto failed;
        needed |= wk_needs_grad(inputs[i]);
    }
    if (needed && !attach(op, args, y, inputs, count))
        goto failed;
    return wk_own(y);
failed:
    wk_unref(y);
    return NULL;
}

bool wk_save_extra(wick_tensor *y, wick_tensor *extra)
{
    struct wk_segment *segment = wk_this_thread.segment;
    wk_this_thread.segment = NULL; /* rules may look at it themselves: it is kept in a checkpoint, too */
    bool ok = !y->grad_fn || (extra && save(&y->grad_fn->saved[2], extra, false));
    wk_this_thread.segment = segment;
    return ok;
}

wick_tensor *wk_record(const wk_op *op, const wk_args *args, wick_tensor *y, wick_tensor *a, wick_tensor *b,
                       wick_tensor *c)
{
    return wk_record_n(op, args, y, (wick_tensor *const[]){a, b, c}, c ? 3 : b ? 2 : 1);
}
