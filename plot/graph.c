/* graph.c - the computation graph as torchviz draws it: walked from the result to the leaves, without recursion, each node
 * once, under a number in the order in which it is met. */
#include <string.h>

#include "../autograd/node.h"
#include "../tensor/thread.h"
#include "picture.h"

enum { MOST_NODES = 5000 };

/* A node on its way: how many of its inputs have been followed. */
typedef struct frame {
    wick_node *node;
    int64_t number;
    int next;
} frame;

/* Where the walk stands, and the numbers that nodes have: places and numbers of one table, by address. */
typedef struct walk {
    const char *function;
    wk_text *out;
    wick_dict *params;
    frame *stack;
    size_t depth, capacity;
    struct seen {
        const void *thing;
        int64_t number;
    } * table;
    size_t size;
    int64_t count;
    bool show_saved, failed;
} walk;

/* The number of a thing, which is new if it was not met before. */
static int64_t number_of(walk *w, const void *thing, bool *is_new)
{
    size_t i = ((size_t)(uintptr_t)thing >> 4) * 0x9E3779B1u % w->size;
    while (w->table[i].thing && w->table[i].thing != thing)
        i = (i + 1) % w->size;
    *is_new = !w->table[i].thing;
    if (*is_new)
        w->table[i] = (struct seen){thing, w->count++};
    return w->table[i].number;
}

/* "name\n (2, 3)", as torchviz has it. */
static void put_tensor(wk_text *out, int64_t number, const char *name, const wick_tensor *t, const char *color)
{
    char shape[WK_SHAPE_TEXT];
    wk_shape_text(t->shape, t->ndim, shape);
    size_t length = strlen(shape);
    if (t->ndim == 1 && length > 2) /* "(3,)" is "(3)" there */
        memmove(shape + length - 2, shape + length - 1, 2);
    wk_text_add(out, "    n%lld [label=\"", (long long)number);
    wk_put_dot(out, name);
    wk_text_add(out, "\\n %s\", fillcolor=%s]\n", shape, color);
}

static void put_edge(wk_text *out, int64_t from, int64_t to, const char *how)
{
    wk_text_add(out, "    n%lld -> n%lld%s\n", (long long)from, (long long)to, how);
}

static const char *name_of(const wick_dict *params, const wick_tensor *t)
{
    for (int64_t i = 0; params && i < wick_nn_dict_count(params); i++)
        if (wick_nn_dict_tensor(params, i) == t)
            return wick_nn_dict_name(params, i);
    return "";
}

/* The number of a node; if it is new, it is written, with what belongs to it, and its inputs wait to be followed. */
static int64_t visit(walk *w, wick_node *node)
{
    static const char *const names[] = {"a", "b", "c", "result"};
    bool is_new, leaf_is_new;
    int64_t number = number_of(w, node, &is_new);
    if (!is_new)
        return number;
    if (w->count > MOST_NODES) {
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: the graph has more than %d nodes, too many to read; draw that of a smaller model", w->function,
                  MOST_NODES);
        w->failed = true;
        return number;
    }
    wk_text_add(w->out, "    n%lld [label=\"", (long long)number);
    wk_put_dot(w->out, wick_node_name(node));
    wk_text_put(w->out, "\"]\n");
    wick_tensor *leaf = wick_node_variable(node);
    if (leaf) {
        int64_t k = number_of(w, leaf, &leaf_is_new);
        if (leaf_is_new)
            put_tensor(w->out, k, name_of(w->params, leaf), leaf, "lightblue");
        put_edge(w->out, k, number, "");
    }
    for (int i = 0; w->show_saved && i < 4; i++) {
        const wick_tensor *saved = node->saved[i].tensor;
        if (!saved)
            continue;
        int64_t k = w->count++; /* of its own: what is saved is an alias */
        put_tensor(w->out, k, names[i], saved, "orange");
        put_edge(w->out, number, k, " [dir=none]");
    }
    if (!WK_GROW(w->stack, w->depth, w->capacity)) {
        w->failed = true;
        return number;
    }
    w->stack[w->depth++] = (frame){node, number, 0};
    return number;
}

static void walk_from(walk *w, wick_node *root)
{
    visit(w, root);
    while (w->depth > 0 && !w->failed) {
        frame *top = &w->stack[w->depth - 1];
        if (top->next == wick_node_inputs(top->node)) {
            w->depth--;
            continue;
        }
        int64_t to = top->number;
        wick_node *input = wick_node_input(top->node, top->next++);
        if (input) {
            int64_t from = visit(w, input); /* top may have moved */
            put_edge(w->out, from, to, "");
        }
    }
}

bool wick_plot_graph_opt(wick_tensor *t, wick_dict *params, const char *path, const wick_plot_options *given)
{
    WK_ENTER;
    wick_plot_options options = WK_OPTIONS(wick_plot_options, 0, given);
    static const char function[] = "wick_plot_graph";
    WICK_SCOPE;
    wk_picture p;
    if (!WK_TENSOR(t, function, "t") || (params && !WK_DICT(params, function, "params")) ||
        !wk_picture_begin(&p, function, path, &options, WK_TAKES_show_saved))
        return false;
    if (options.width || options.height)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: a graph has no .width and .height; its size is what its nodes need",
                         function);
    walk w = {.function = function,
              .out = &p.script,
              .params = params,
              .size = 4 * MOST_NODES,
              .show_saved = options.show_saved};
    size_t bytes = w.size * sizeof *w.table;
    w.table = wk_alloc_zero(bytes);
    bool drawn = false, is_new;
    unsigned failures = wk_this_thread.failures;
    if (w.table) {
        wk_text_put(
            w.out,
            "digraph {\n    graph [charset=\"UTF-8\", dpi=144, fontname=\"sans\", fontsize=12, nodesep=0.2, ranksep=0.25");
        if (options.title) {
            wk_text_put(w.out, ", labelloc=t, label=\"");
            wk_put_dot(w.out, options.title);
            wk_text_put(w.out, "\"");
        }
        wk_text_put(w.out,
                    "]\n    node [style=filled, shape=box, fillcolor=lightgrey, fontname=\"monospace\", fontsize=10, "
                    "height=0.2, margin=\"0.08,0.04\"]\n    edge [color=\"#444444\", arrowsize=0.7]\n");
        int64_t number = number_of(&w, t, &is_new);
        put_tensor(w.out, number, name_of(params, t), t, "darkolivegreen1");
        wick_node *root = wick_grad_fn(t);
        if (root) {
            put_edge(w.out, number + 1, number, "");
            walk_from(&w, root);
        }
        wk_text_put(w.out, "}\n");
        drawn = !w.failed && wk_this_thread.failures == failures && wk_picture_draw_graph(&p);
    }
    wk_free(w.table, bytes);
    wk_free(w.stack, w.capacity * sizeof *w.stack);
    wk_picture_free(&p);
    return drawn;
}
