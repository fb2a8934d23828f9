/* function.c - operations that users define.
 *
 * A call has a wick_ctx, which its node holds. The node of an operation with one result is that result's grad_fn. With
 * several results it stands behind a node for each, which tells the engine whose gradient comes in (node.h: output); for
 * the user these are one, and wick_grad_fn gives the node behind. The gradients of its results are all handed to backward at once. */
#include "function.h"

#include <stdio.h>
#include <string.h>

#include "../tensor/thread.h"
#include "node.h"

typedef struct result {
    wick_tensor *given;  /* what forward returned; while forward's scope is open */
    wick_tensor *tensor; /* what the caller gets: on the same storage, with its own place in the graph */
    bool differentiable;
    wick_dtype dtype;
    int ndim;
    int64_t shape[WICK_MAX_DIMS];
} result;

typedef struct kept {
    wick_tensor *tensor; /* in forward; held. NULL: none */
    bool any;            /* whether the user gave a tensor */
    int result;          /* which of the results it is; -1: none of them */
    wk_saved saved;
} kept;

struct wick_ctx {
    wk_op op; /* its name is that of the node */
    char *name;
    size_t name_size;
    wick_function_def def;
    wick_node *node; /* not held; NULL in forward */
    void *context;
    void *data;
    bool materialize;
    bool in_forward;
    bool *needs; /* by input */
    int inputs;
    kept *kept;
    size_t kept_count, kept_capacity;
    wick_tensor **marked; /* not differentiable; in forward; held */
    size_t marked_count, marked_capacity;
    result *results;
    int count;
};

static const char *name_of(const wick_ctx *ctx) { return ctx->def.name; }

static bool check_ctx(const wick_ctx *ctx, const char *function, bool in_forward)
{
    if (!ctx)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: ctx is NULL", function);
    else if (ctx->in_forward != in_forward)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: of %s: it is for %s alone", function, name_of(ctx),
                  in_forward ? "forward" : "backward");
    else
        return true;
    return false;
}

/* ---- The life of a ctx ------------------------------------------------------------------------------------------------------- */

void wk_release_ctx(wick_ctx *ctx)
{
    for (size_t i = 0; i < ctx->kept_count; i++)
        wk_saved_release(&ctx->kept[i].saved);
}

/* Drops what only forward needs. */
static void end_forward(wick_ctx *ctx)
{
    ctx->in_forward = false;
    ctx->context = NULL;
    for (size_t i = 0; i < ctx->kept_count; i++) {
        wk_unref(ctx->kept[i].tensor);
        ctx->kept[i].tensor = NULL;
    }
    for (size_t i = 0; i < ctx->marked_count; i++)
        wk_unref(ctx->marked[i]);
    wk_free(ctx->marked, ctx->marked_capacity * sizeof *ctx->marked);
    ctx->marked = NULL;
    ctx->marked_count = ctx->marked_capacity = 0;
}

void wk_free_ctx(wick_ctx *ctx)
{
    if (ctx->in_forward)
        end_forward(ctx);
    wk_release_ctx(ctx);
    if (ctx->data) {
        if (ctx->def.destroy) {
            WK_USERS_CODE;
            ctx->def.destroy(ctx->data);
        }
        wk_free(ctx->data, ctx->def.size);
    }
    wk_free(ctx->kept, ctx->kept_capacity * sizeof *ctx->kept);
    if (ctx->results)
        wk_free(ctx->results, (size_t)ctx->count * sizeof *ctx->results);
    if (ctx->needs)
        wk_free(ctx->needs, (size_t)ctx->inputs * sizeof *ctx->needs);
    if (ctx->name)
        wk_free(ctx->name, ctx->name_size);
    wk_free(ctx, sizeof *ctx);
}

static wick_ctx *ctx_new(const wick_function_def *def, wick_tensor *const *inputs, int n, void *context)
{
    wick_ctx *ctx = wk_alloc_zero(sizeof *ctx);
    if (!ctx)
        return NULL;
    ctx->def = *def;
    ctx->context = context;
    ctx->materialize = ctx->in_forward = true;
    ctx->inputs = n;
    ctx->name_size = strlen(def->name) + sizeof "Backward";
    ctx->name = wk_alloc(ctx->name_size);
    ctx->needs = ctx->name ? wk_alloc((size_t)n * sizeof *ctx->needs) : NULL;
    ctx->data = ctx->needs && def->size ? wk_alloc_zero(def->size) : NULL;
    if (!ctx->needs || (def->size && !ctx->data)) {
        wk_free_ctx(ctx);
        return NULL;
    }
    snprintf(ctx->name, ctx->name_size, "%sBackward", def->name);
    ctx->op.name = ctx->name;
    for (int i = 0; i < n; i++)
        ctx->needs[i] = wk_needs_grad(inputs[i]);
    return ctx;
}

/* ---- What forward and backward ask for --------------------------------------------------------------------------------------- */

bool wick_ctx_save_n(wick_ctx *ctx, wick_tensor *const *tensors, int n)
{
    WK_ENTER;
    if (!check_ctx(ctx, "wick_ctx_save", true))
        return false;
    for (int i = 0; i < n; i++) {
        if ((tensors[i] || wick_error_kind()) && !WK_TENSOR(tensors[i], "wick_ctx_save", "a tensor"))
            return false;
        if (!WK_GROW(ctx->kept, ctx->kept_count, ctx->kept_capacity))
            return false;
        ctx->kept[ctx->kept_count++] = (kept){.tensor = wk_ref(tensors[i]), .any = tensors[i] != NULL, .result = -1};
    }
    return true;
}

/* A node that stands for result k of the given one: an edge to it that knows which result the gradient is of. */
static wick_node *result_node(wick_node *node, int k, const wick_tensor *y)
{
    wick_node *of = wk_node_new(node->op, NULL, y, NULL, 1);
    if (!of)
        return NULL;
    of->input[0] = wk_node_ref(node);
    of->output = k;
    of->site = node->site;
    of->number = wk_next_node_number();
    return of;
}

wick_tensor *wick_ctx_saved(wick_ctx *ctx, int i)
{
    WK_ENTER;
    if (!check_ctx(ctx, "wick_ctx_saved", false))
        return NULL;
    if (i < 0 || (size_t)i >= ctx->kept_count)
        return wick_fail(WICK_ERROR_INDEX, "wick_ctx_saved: tensor %d of %s, which saved %d", i, name_of(ctx),
                         (int)ctx->kept_count);
    kept *k = &ctx->kept[i];
    if (!k->any)
        return NULL;
    wick_tensor *t = wk_saved_tensor(&k->saved, ctx->node);
    if (!t || k->result < 0 || !ctx->results[k->result].differentiable || !wick_is_grad_enabled())
        return t;
    wick_tensor *y = wk_alias(t, t->shape, t->strides, t->ndim, t->offset); /* a result was saved without its history */
    if (!y)
        return NULL;
    y->grad_fn = ctx->node->outputs == 1 ? wk_ref(ctx->node) : result_node(ctx->node, k->result, y);
    if (!y->grad_fn) {
        wk_unref(y);
        return NULL;
    }
    return wk_own(y);
}

void *wick_ctx_data(wick_ctx *ctx)
{
    WK_ENTER;
    return ctx ? ctx->data : wick_fail(WICK_ERROR_ARGUMENT, "wick_ctx_data: ctx is NULL");
}

void *wick_ctx_context(wick_ctx *ctx)
{
    WK_ENTER;
    return ctx ? ctx->context : wick_fail(WICK_ERROR_ARGUMENT, "wick_ctx_context: ctx is NULL");
}

bool wick_ctx_needs_input_grad(const wick_ctx *ctx, int i)
{
    WK_ENTER;
    if (ctx && i >= 0 && i < ctx->inputs)
        return ctx->needs[i];
    wick_fail(WICK_ERROR_INDEX, "wick_ctx_needs_input_grad: input %d of %s, which has %d", i,
              ctx ? name_of(ctx) : "NULL", ctx ? ctx->inputs : 0);
    return false;
}

bool wick_ctx_mark_non_differentiable(wick_ctx *ctx, wick_tensor *t)
{
    WK_ENTER;
    if (!check_ctx(ctx, "wick_ctx_mark_non_differentiable", true) ||
        !WK_TENSOR(t, "wick_ctx_mark_non_differentiable", "result") ||
        !WK_GROW(ctx->marked, ctx->marked_count, ctx->marked_capacity))
        return false;
    ctx->marked[ctx->marked_count++] = wk_ref(t);
    return true;
}

void wick_ctx_set_materialize_grads(wick_ctx *ctx, bool materialize)
{
    WK_ENTER;
    if (check_ctx(ctx, "wick_ctx_set_materialize_grads", true))
        ctx->materialize = materialize;
}

/* ---- Forward ------------------------------------------------------------------------------------------------------------------ */

static wick_tensor *users_forward(wick_ctx *ctx, wick_tensor *const *inputs, int n)
{
    WK_USERS_CODE;
    return ctx->def.forward(ctx, inputs, n);
}

static wick_list *users_forward_n(wick_ctx *ctx, wick_tensor *const *inputs, int n)
{
    WK_USERS_CODE;
    return ctx->def.forward_n(ctx, inputs, n);
}

/* Calls forward, and notes its results; false with an error. */
static bool call_forward(wick_ctx *ctx, wick_tensor *const *inputs, int n)
{
    if (!wk_stack_left("wick_apply"))
        return false;
    wick_list *list;
    unsigned failures = wk_this_thread.failures;
    bool before = wick_set_grad_enabled(false);
    if (ctx->def.forward) {
        wick_tensor *y = users_forward(ctx, inputs, n);
        list = y ? wick_list_of(y) : NULL;
    } else {
        list = users_forward_n(ctx, inputs, n);
    }
    wick_set_grad_enabled(before);
    if (wk_user_failed(failures))
        return false;
    if (!list) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_apply: the forward of %s returned NULL", name_of(ctx));
        return false;
    }
    if (!WK_LIST(list, "wick_apply", "what forward returned"))
        return false;
    if (list->count == 0) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_apply: the forward of %s returned an empty list", name_of(ctx));
        return false;
    }
    if (!(ctx->results = wk_alloc_zero((size_t)list->count * sizeof *ctx->results)))
        return false;
    ctx->count = (int)list->count;
    for (int k = 0; k < ctx->count; k++) {
        wick_tensor *y = list->items[k];
        result *to = &ctx->results[k];
        to->given = y;
        to->dtype = y->dtype;
        to->ndim = y->ndim;
        memcpy(to->shape, y->shape, y->ndim * sizeof *y->shape);
        to->differentiable = wick_dtype_is_floating(to->dtype);
        for (size_t i = 0; i < ctx->marked_count; i++)
            to->differentiable = to->differentiable && ctx->marked[i] != y;
    }
    return true;
}

/* Refuses what forward wrote to. */
static bool check_unwritten(const wick_ctx *ctx, wick_tensor *const *inputs, const uint32_t *versions)
{
    for (int i = 0; i < ctx->inputs; i++)
        if (ctx->needs[i] && wick_version(inputs[i]) != versions[i]) {
            wick_fail(
                WICK_ERROR_AUTOGRAD,
                "wick_apply: the forward of %s wrote in place to input %d, which requires grad; make a new tensor instead",
                name_of(ctx), i);
            return false;
        }
    return true;
}

/* The results as tensors of their own: forward may have returned an input, a view of one, or a tensor twice. */
static bool make_tensors(wick_ctx *ctx, wick_tensor *const *inputs)
{
    for (int k = 0; k < ctx->count; k++) {
        wick_tensor *t = ctx->results[k].given, *base = t->view_of;
        for (int i = 0; i < ctx->inputs && !base; i++)
            base = t == inputs[i] ? t : NULL;
        wick_tensor *y = wk_own(wk_alias(t, t->shape, t->strides, t->ndim, t->offset));
        if (!y)
            return false;
        if (base) {
            y->view_of = wk_ref(base);
            y->no_grad_view = true; /* writing to it is refused: its base would not learn what backward makes of it */
        }
        ctx->results[k].tensor = y;
    }
    return true;
}

static bool keep(wick_ctx *ctx, wick_tensor *const *inputs)
{
    for (size_t i = 0; i < ctx->kept_count; i++) {
        kept *k = &ctx->kept[i];
        bool input = false;
        for (int j = 0; j < ctx->inputs; j++)
            input |= k->tensor == inputs[j];
        for (int j = ctx->count; j-- > 0 && !input;)
            if (k->tensor == ctx->results[j].given)
                k->result = j;
        if (k->tensor && !wk_save(&k->saved, k->tensor, k->result < 0))
            return false;
    }
    return true;
}

/* Gives the results their place in the graph; the ctx then belongs to the node. */
static bool record(wick_ctx *ctx, wick_tensor *const *inputs)
{
    wick_node *node = wk_node_new(&ctx->op, NULL, ctx->results[0].tensor, NULL, ctx->inputs);
    if (!node)
        return false;
    for (int i = 0; i < ctx->inputs; i++) {
        wick_node *edge = ctx->needs[i] ? wk_edge(inputs[i]) : NULL;
        if (ctx->needs[i] && !edge)
            goto failed;
        node->input[i] = wk_node_ref(edge);
    }
    if (!keep(ctx, inputs))
        goto failed;
    node->number = wk_next_node_number();
    node->outputs = ctx->count;
    wk_ref(node); /* a result that gets its node may be all that holds it, and the next may fail */
    node->ctx = ctx;
    ctx->node = node;
    for (int k = ctx->count; k-- > 0;) { /* the first result gets the highest number: its hooks are called first */
        if (!ctx->results[k].differentiable)
            continue;
        wick_node *of = ctx->count == 1 ? wk_ref(node) : result_node(node, k, ctx->results[k].tensor);
        if (!of) {
            for (int j = k + 1; j < ctx->count; j++) {
                wk_unref(ctx->results[j].tensor->grad_fn);
                ctx->results[j].tensor->grad_fn = NULL;
            }
            node->ctx = NULL; /* it stays the caller's */
            wk_unref(node);
            goto failed;
        }
        ctx->results[k].tensor->grad_fn = of;
    }
    wk_unref(node);
    wk_unref(node); /* now the results hold it */
    return true;
failed:
    wk_unref(node);
    return false;
}

static wick_list *apply(const char *function, const wick_function_def *def, wick_tensor *const *inputs, int n,
                        wick_apply_options options)
{
    if (!def || !def->name || !def->backward || (def->forward != NULL) == (def->forward_n != NULL))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: %s%s; a function has a name, a backward, and exactly one of .forward and .forward_n",
                         function, def ? "the definition of " : "the definition is NULL",
                         !def        ? ""
                         : def->name ? def->name
                                     : "a function without name");
    if (n < 0 || (n && !inputs))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d inputs for %s", function, n, def->name);
    WICK_SCOPE;
    size_t bytes = (size_t)n * sizeof(uint32_t);
    bool recorded = false;
    for (int i = 0; i < n; i++) {
        if ((inputs[i] || wick_error_kind()) && !WK_TENSOR(inputs[i], function, "an input"))
            return NULL;
        if (inputs[i] && !wk_refresh_view(inputs[i]))
            return NULL;
        recorded |= wick_is_grad_enabled() && wk_needs_grad(inputs[i]);
    }
    if (!wk_list_with_holes(inputs, n)) /* which holds the inputs, whatever forward drops */
        return NULL;
    wick_ctx *ctx = ctx_new(def, inputs, n, options.context);
    uint32_t *versions = ctx ? wk_alloc(bytes) : NULL;
    bool ok = versions != NULL;
    for (int i = 0; ok && i < n; i++)
        versions[i] = inputs[i] ? wick_version(inputs[i]) : 0;
    ok = ok && call_forward(ctx, inputs, n) && check_unwritten(ctx, inputs, versions) && make_tensors(ctx, inputs);
    if (versions)
        wk_free(versions, bytes);
    bool any = false;
    wick_tensor **tensors = ok ? wk_alloc((size_t)ctx->count * sizeof *tensors) : NULL;
    for (int k = 0; tensors && k < ctx->count; k++) {
        tensors[k] = ctx->results[k].tensor;
        any |= ctx->results[k].differentiable;
    }
    wick_list *list = tensors ? wick_out(wk_list_with_holes(tensors, ctx->count)) : NULL;
    if (tensors)
        wk_free(tensors, (size_t)ctx->count * sizeof *tensors);
    bool attached = list && recorded && any && record(ctx, inputs);
    if (recorded && any && !attached)
        list = NULL;
    if (attached)
        end_forward(ctx);
    else if (ctx)
        wk_free_ctx(ctx);
    return list;
}

wick_list *wick_apply_list_opt(const wick_function_def *def, wick_tensor *const *inputs, int n,
                               const wick_apply_options *given)
{
    WK_ENTER;
    wick_apply_options options = WK_OPTIONS(wick_apply_options, 0, given);
    return apply("wick_apply_list", def, inputs, n, options);
}

wick_tensor *wick_apply_opt(const wick_function_def *def, wick_tensor *const *inputs, int n,
                            const wick_apply_options *given)
{
    WK_ENTER;
    wick_apply_options options = WK_OPTIONS(wick_apply_options, 0, given);
    WICK_SCOPE;
    wick_list *list = apply("wick_apply", def, inputs, n, options);
    if (list && list->count != 1)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_apply: %s has %d results; call wick_apply_list", def->name,
                         (int)list->count);
    return list ? wick_out(list->items[0]) : NULL;
}

/* ---- Backward ----------------------------------------------------------------------------------------------------------------- */

const int64_t *wk_output_shape(const wick_node *node, int k, int *ndim, wick_dtype *dtype)
{
    const result *of = node->ctx ? &node->ctx->results[k] : NULL;
    *ndim = of ? of->ndim : node->ndim;
    *dtype = of ? of->dtype : node->dtype;
    return of ? of->shape : node->shape;
}

GRAD(no_second_derivative)
{
    return wick_fail(WICK_ERROR_AUTOGRAD,
                     "wick_backward: differentiating twice a function that is .once_differentiable%s", WK_PLACE(node));
}
static const wk_op once_op = {"OnceDifferentiableBackward", {{no_second_derivative, USES_NOTHING, NULL}}, true};

/* Gives what a once-differentiable backward returned a place in the graph behind dy, where to differentiate is an error. */
static wick_tensor *guard(wick_tensor *g, wick_tensor *const *dy, int n)
{
    for (int k = 0; g && k < n; k++)
        if (wk_needs_grad(dy[k]))
            g = wk_record(&once_op, NULL, wk_alias(g, g->shape, g->strides, g->ndim, g->offset), g, dy[k], NULL);
    return g;
}

static wick_list *users_backward(wick_ctx *ctx, wick_tensor *const *dy)
{
    WK_USERS_CODE;
    return ctx->def.backward(ctx, dy, ctx->count);
}

bool wk_call_backward(wick_node *node, wick_tensor *const *dy, bool recorded, wick_tensor **dx)
{
    wick_ctx *ctx = node->ctx;
    size_t bytes = (size_t)ctx->count * sizeof(wick_tensor *);
    wick_tensor **given = wk_alloc(bytes);
    bool ok = given != NULL, once = ctx->def.once_differentiable;
    for (int k = 0; ok && k < ctx->count; k++) {
        const result *of = &ctx->results[k];
        given[k] = dy[k] || !ctx->materialize ? dy[k] : wick_zeros_n(of->shape, of->ndim, of->dtype);
        ok = given[k] || !ctx->materialize;
    }
    unsigned failures = wk_this_thread.failures;
    bool before = wick_is_grad_enabled();
    if (once)
        wick_set_grad_enabled(false);
    wick_list *list = ok ? users_backward(ctx, given) : NULL;
    wick_set_grad_enabled(before);
    ok = ok && !wk_user_failed(failures);
    if (ok && !list) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_backward: function %s returned NULL instead of a list of gradients%s",
                  ctx->name, WK_PLACE(node));
        ok = false;
    }
    ok = ok && WK_LIST_OR_HOLES(list, "wick_backward", "what a function's backward returned");
    if (ok && list->count != node->inputs) {
        wick_fail(WICK_ERROR_ARGUMENT,
                  "wick_backward: function %s returned an incorrect number of gradients (expected %d, got %d)%s",
                  ctx->name, node->inputs, (int)list->count, WK_PLACE(node));
        ok = false;
    }
    for (int i = 0; ok && i < node->inputs; i++) {
        wick_tensor *g = list->items[i];
        if (g && node->input[i] && !wick_dtype_is_floating(g->dtype)) {
            wick_fail(
                WICK_ERROR_DTYPE,
                "wick_backward: function %s returned a gradient of dtype %s at index %d; it must be floating point%s",
                ctx->name, wick_dtype_name(g->dtype), i, WK_PLACE(node));
            ok = false;
            break;
        }
        dx[i] = g && node->input[i] && once && recorded ? guard(g, given, ctx->count) : g;
        ok = !g || dx[i];
    }
    if (given)
        wk_free(given, bytes);
    return ok;
}
