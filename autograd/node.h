/* node.h - internal: how an operation records itself.
 *
 * An operation is a wk_op: the name of its node, and for each input a rule that computes the gradient of that input. A rule
 * is written in differentiable operations, so that derivatives of derivatives come for free:
 *
 *     // mul     y = a b        da = dy b        db = dy a
 *     GRAD(mul_da) { return wick_mul(dy, b); }
 *     GRAD(mul_db) { return wick_mul(dy, a); }
 *     static const wk_op mul = {"MulBackward0", {{mul_da, USES_B}, {mul_db, USES_A}}};
 *
 * The engine calls a rule only where the input needs a gradient, sums the result over broadcast dimensions to the shape of
 * the input, brings it to the input's dtype, and adds it to what other consumers sent. A rule names what it uses, and only
 * that is saved, only when the rule can be called. A rule that returns NULL without an error means a gradient of zero. */
#pragma once

#include "../tensor/tensor_struct.h"
#include "autograd.h"

enum { USES_NOTHING = 0, USES_A = 1, USES_B = 2, USES_C = 4, USES_Y = 8 };

/* The numbers of one call: dimensions, a flag, a scalar. Each operation says which it uses. */
typedef struct wk_args {
    double s, t;
    int64_t dim, dim2, start, step;
    bool keepdim;
    int ndim;
    int64_t dims[WICK_MAX_DIMS];
} wk_args;

/* What a rule sees: the node, the gradient of the result, the inputs a, b, c and the result y where it uses them (NULL
 * otherwise), and which input it is for. It returns a new tensor in the innermost scope, or one of those it was given. */
typedef wick_tensor *wk_grad_rule(const wick_node *node, const wk_args *args, wick_tensor *dy, wick_tensor *a,
                                  wick_tensor *b, wick_tensor *c, wick_tensor *y, int i);
#define GRAD(name)                                                                                                \
    static wick_tensor *name(WICK_UNUSED const wick_node *node, WICK_UNUSED const wk_args *args,                  \
                             WICK_UNUSED wick_tensor *dy, WICK_UNUSED wick_tensor *a, WICK_UNUSED wick_tensor *b, \
                             WICK_UNUSED wick_tensor *c, WICK_UNUSED wick_tensor *y, WICK_UNUSED int i)

/* The rule of an operation that is flat: zeros. */
wk_grad_rule wk_zero_rule;

typedef struct wk_rule {
    wk_grad_rule *rule; /* NULL: not differentiable in this input */
    unsigned uses;
    wk_grad_rule *fused; /* the same in one pass, for when the backward pass is not itself recorded; may be NULL */
} wk_rule;

typedef struct wk_op {
    const char *name; /* as PyTorch prints it: "MulBackward0" */
    wk_rule rule[3];  /* by input; an operation of more inputs (cat) has one rule, called with i */
    bool any_inputs;  /* rule[0] serves every input, and no input is saved */
} wk_op;

/* A tensor as it was when the node was made. Within a checkpointed function, only its shape, dtype and place in the graph
 * are kept, in a tensor without elements, and its elements are computed again when they are asked for: checkpoint.c. */
typedef struct wk_saved {
    wick_tensor
        *tensor; /* an alias, so that no cycle arises; of a leaf that requires grad: the leaf. NULL: nothing was saved,
                          * or a backward pass that did not retain the graph has freed it */
    struct wk_segment *segment; /* of a tensor without elements: where to get them; held. Else NULL */
    uint32_t version;           /* or, with a segment, the place there */
} wk_saved;

struct wick_node {
    wick_object base;
    const wk_op *op;
    uint64_t number;    /* counts up: greater than the number of every node it depends on; 0 for AccumulateGrad */
    atomic_ullong mark; /* of the engine: which run saw it last, and where it stands there */
    wick_tensor *leaf;  /* of an AccumulateGrad node: its leaf, which owns the node */
    wick_hook *hooks;   /* of the result and of the node, in order of registration; hooks.c */
    wick_ctx *ctx;      /* of a function that the user defined; function.c */
    int outputs;        /* how many results it has; 1 but for such a function */
    int output;         /* which of the results of input[0], a node of several, it stands for; -1: it is no such node */
    wk_site site;       /* where the user's call stands that made it */
    wick_tensor *retains; /* the tensor that asked for retain_grad; not held: it clears this when it dies */
    wick_dtype dtype;     /* of the result */
    int ndim;             /* shape of the result */
    int64_t shape[WICK_MAX_DIMS];
    int a_ndim; /* shape of the first input */
    int64_t a_shape[WICK_MAX_DIMS];
    wk_args args;
    wk_saved saved[4]; /* a, b, c, y */
    int inputs;
    wick_node *input[]; /* the nodes of the inputs; NULL where no gradient is needed */
};

extern const wk_class wk_node_class;
extern const wk_op wk_accumulate_grad;

/* Whether operations on t are to be recorded: it requires grad, or was made from one that does. */
static inline bool wk_needs_grad(const wick_tensor *t) { return t && (t->grad_fn || t->requires_grad); }

/* Gives y (one reference, the caller's) its node if an input needs one and grad mode is on, and then to the innermost
 * scope. Returns y; NULL with an error, and y dropped, if memory runs out. y NULL gives NULL. */
wick_tensor *wk_record(const wk_op *op, const wk_args *args, wick_tensor *y, wick_tensor *a, wick_tensor *b,
                       wick_tensor *c);
wick_tensor *wk_record_n(const wk_op *op, const wk_args *args, wick_tensor *y, wick_tensor *const *inputs, int count);

/* Saves a tensor for USES_C in the node that y was given, if it was: for an operation of any number of inputs. */
bool wk_save_extra(wick_tensor *y, wick_tensor *extra);

/* The node that a gradient for t goes to: its grad_fn, or the AccumulateGrad node of a leaf that requires grad. NULL if t
 * needs no gradient, and after an error. Not a new reference. */
wick_node *wk_edge(wick_tensor *t);

/* An edge holds its node; the AccumulateGrad node of a leaf is held by holding the leaf. */
wick_node *wk_node_ref(wick_node *node);
void wk_node_unref(wick_node *node);

/* A node without edges and saved tensors, for results of y's shape and dtype. And the number of a node that has its edges. */
wick_node *wk_node_new(const wk_op *op, const wk_args *args, const wick_tensor *y, const wick_tensor *a, int inputs);
uint64_t wk_next_node_number(void);

/* Puts t into a saved slot; history: with its place in the graph. False with an error. And what it holds, checked for its
 * version; NULL with an error, in the name of the node that saved it. And frees it. */
bool wk_save(wk_saved *saved, wick_tensor *t, bool history);
wick_tensor *wk_saved_tensor(wk_saved *saved, const wick_node *node);
void wk_saved_release(wk_saved *saved);

/* The tensor that saved slot k (0..3: a, b, c, y) holds, checked for its version; NULL with an error. recorded: for a
 * backward pass that is recorded itself. */
wick_tensor *wk_unpack(wick_node *node, int k, bool recorded);
void wk_release_saved(wick_node *node);

/* Whether an operation with these inputs (b may be NULL) is recorded now, after bringing views up to date. False with an
 * error. */
bool wk_recording(wick_tensor *a, wick_tensor *b, bool *recording);

/* f(inputs); if it returns NULL without an error, one that says so, in the name of the given function. functional.c. */
wick_tensor *wk_call(const char *name, wick_function f, wick_tensor *const *inputs, int n, void *context);

/* ---- Hooks: hooks.c ------------------------------------------------------------------------------------------------------- */

typedef enum wk_hook_kind {
    WK_HOOK_TENSOR,
    WK_HOOK_ACCUMULATED,
    WK_HOOK_PRE,
    WK_HOOK_POST,
    WK_HOOK_FORWARD_PRE, /* of modules */
    WK_HOOK_FORWARD,
    WK_HOOK_FORWARD_LIST,
    WK_HOOK_BACKWARD_PRE,
    WK_HOOK_BACKWARD
} wk_hook_kind;

typedef void wk_hook_function(void); /* of any type: it is converted back before it is called */

/* A new hook at the end of the list, or before all in it; owned by the innermost scope. NULL with an error. */
wick_hook *wk_hook_add(wick_hook **list, wk_hook_kind kind, wk_hook_function *f, bool first, wick_hook_options options);
void wk_drop_hooks(wick_hook **list); /* of a dying node or module */

/* The hooks of a kind, one after the other, without those that are registered meanwhile:
 *     for (wk_hook_walk w = wk_hooks_begin(list, kind); wk_hooks_next(&w);)
 *         if (... w.f, w.context ...)
 *             return wk_hooks_stop(&w);    // false
 */
typedef struct wk_hook_walk {
    wick_hook **list;
    wk_hook_kind kind;
    int64_t at, end;
    wick_hook *hook; /* held */
    wk_hook_function *f;
    void *context;
    unsigned failures; /* for wk_user_failed */
} wk_hook_walk;
wk_hook_walk wk_hooks_begin(wick_hook **list, wk_hook_kind kind);
wk_hook_walk wk_hooks_again(const wk_hook_walk *begun); /* of the hooks that were there when it had just begun */
bool wk_hooks_next(wk_hook_walk *w);
bool wk_hooks_stop(wk_hook_walk *w);

/* Calls the hooks of node on *g, which is held, and may be replaced. False with an error. */
bool wk_call_tensor_hooks(wick_node *node, wick_tensor **g);

/* The same on the gradients of its results, or of its inputs; NULL among them is none. Replacements are in the innermost
 * scope. */
bool wk_call_pre_hooks(wick_node *node, wick_tensor **dy);
bool wk_call_post_hooks(wick_node *node, wick_tensor **dx, wick_tensor *const *dy);

/* What follows when a leaf's .grad has got dy (NULL: only the hooks on the tensor are called). */
bool wk_call_accumulated_hooks(wick_node *node, wick_tensor *dy);

/* Whether a function of the user's, called since wick_fail had been called this often, failed. */
bool wk_user_failed(unsigned failures);

/* ---- Functions that users define: function.c ------------------------------------------------------------------------------- */

/* The gradients of the inputs from those of the results (NULL: none), into dx, NULL where there is none. */
bool wk_call_backward(wick_node *node, wick_tensor *const *dy, bool recorded, wick_tensor **dx);
void wk_release_ctx(wick_ctx *ctx); /* frees what it saved */
void wk_free_ctx(wick_ctx *ctx);

/* The shape of result k. */
const int64_t *wk_output_shape(const wick_node *node, int k, int *ndim, wick_dtype *dtype);

/* ---- Anomaly mode: anomaly.c ------------------------------------------------------------------------------------------------ */

/* Whether gradients are to be checked for NaN. */
bool wk_anomaly_checks_nan(void);

/* ", made at train.c:17", or what else was done there, into the buffer, which is returned; nothing where that is not known. */
#define WK_PLACE_TEXT 320
#define WK_PLACE(node) wk_place_text(", made", (node)->site, (char[WK_PLACE_TEXT]){0})
char *wk_place_text(const char *what, wk_site site, char text[WK_PLACE_TEXT]);

bool wk_has_nan(const wick_tensor *t);

/* ---- Checkpointing: checkpoint.c ---------------------------------------------------------------------------------------------- */

/* In the first call of the function: puts a tensor without elements for t into the slot, which is then done. In the second:
 * notes t's elements for those who ask for them. False with an error. */
bool wk_segment_save(struct wk_segment *segment, wk_saved *saved, wick_tensor *t, bool history, bool *done);
wick_tensor *wk_segment_tensor(const wk_saved *saved, const wick_node *node);
void wk_segment_release(wk_saved *saved);

/* ---- The engine ----------------------------------------------------------------------------------------------------------------- */

/* wick_grad; *unused, after a success: the first input that the outputs do not depend on, or -1. differentiate.c. */
wick_list *wk_grad(wick_list *outputs, wick_list *inputs, wick_grad_options o, int64_t *unused);

/* ---- Reports of gradient checks: gradcheck_report.c ------------------------------------------------------------------------ */

/* What the report says in one line, in the name of the given function, cut to fit. */
void wk_gradcheck_message(char *message, size_t size, const char *name, const wick_gradcheck_report *report);

/* The names of the nodes in y's graph that send a gradient to x, newest first, "MulBackward0, ExpBackward0", with "..." at
 * the end where there are too many; "" where that cannot be told. */
void wk_gradcheck_route(char *text, size_t size, wick_tensor *y, wick_tensor *x);

/* Copies source into text, cut to fit. */
void wk_gradcheck_text(char *text, size_t size, const char *source);

/* ---- In place: inplace.c ------------------------------------------------------------------------------------------------- */

/* Whether an in-place write to t by the operation is allowed now, of one value everywhere or of many; an error if not. */
bool wk_check_writable(const char *operation, wick_tensor *t, bool one_value);

/* dst = src, data and history: the end of an in-place operation that is recorded. src has dst's shape and dtype. Returns
 * dst, or NULL with an error and nothing done. */
wick_tensor *wk_assign(const char *operation, wick_tensor *dst, wick_tensor *src);

/* A copy of t with t's place in the graph: what t was, for the rules of an operation that overwrites it. */
wick_tensor *wk_before(wick_tensor *t);

/* An operation in place from the one out of place:
 *     wick_tensor *wick_exp_(wick_tensor *x) { WK_IN_PLACE("wick_exp_", x, wick_exp(before)); }
 * value sees x as it was by the name before; it must have x's shape and a dtype that x can hold. */
#define WK_IN_PLACE(function, x, value)                               \
    do {                                                              \
        WICK_SCOPE;                                                   \
        wick_tensor *before = wk_begin_in_place(function, x);         \
        return wk_end_in_place(function, x, before ? (value) : NULL); \
    } while (0)
wick_tensor *wk_begin_in_place(const char *function, wick_tensor *x);
wick_tensor *wk_end_in_place(const char *function, wick_tensor *x, wick_tensor *value);

/* Gives a view the grad_fn that it has since its base was written in place, if it was; nothing to do for other tensors.
 * False with an error. */
bool wk_follow_base(wick_tensor *view);
static inline bool wk_refresh_view(wick_tensor *view) { return !view->view_of || wk_follow_base(view); }

/* Notes that y (fresh) is a view of x, so that writes to one are seen in the history of the other. */
void wk_note_view(wick_tensor *y, wick_tensor *x);

/* The gradient g summed to shape, for an operand that was broadcast from it; g itself where nothing is to do. */
wick_tensor *wk_sum_to(wick_tensor *g, const int64_t *shape, int ndim);

/* Whether a tuple that was given to a function can be read; an error if not. */
static inline bool wk_check_tuple(const char *function, wick_tuple t)
{
    bool valid = t.count >= 0 && (t.count == 0 || t.item);
    if (!valid)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: a tuple of %d numbers at NULL", function, t.count);
    return valid;
}

/* ---- Operations that rules share: ops/ ------------------------------------------------------------------------------------ */

/* a / b, and 0 where b is 0, as are all its derivatives there. (Of where(b == 0, 0, a / b) they are NaN: the quotient that is
 * not chosen is infinite, and stays in the graph.) */
wick_tensor *wk_div_or_0(wick_tensor *a, wick_tensor *b);

/* take: y = the elements of x at these flat (row-major) positions, int64, whose shape y gets. put: y = 0 but for those of x
 * at these positions, added up where they meet; y has the given shape. Position -1 is nowhere: 0 is taken from there, and
 * what is put there is lost. Each is the gradient of the other. */
wick_tensor *wk_take(wick_tensor *x, wick_tensor *positions);
wick_tensor *wk_put(wick_tensor *x, wick_tensor *positions, const int64_t *shape, int ndim);

/* A view of x with this shape, these strides and this offset, recorded as op with args. */
wick_tensor *wk_view(const wk_op *op, const wk_args *args, wick_tensor *x, const int64_t *shape, const int64_t *strides,
                     int ndim, int64_t offset);

/* ---- Reductions: ops/reduce.c ------------------------------------------------------------------------------------------------- */

/* The dimensions that a call names, .dim (WICK_UNSET: none) or .dims (NULL: it has no such option), as a set of bits; every one if
 * it names none. False with an error: x is no tensor, or they are wrong. */
bool wk_reduce_dims(const char *function, const wick_tensor *x, int64_t dim, const wick_dims *dims, unsigned *mask);

/* Options that name the dimensions of mask and keep them in the shape. */
wick_sum_options wk_reduce_kept(const wick_tensor *x, unsigned mask);

/* An uninitialised result of reducing x over mask, with sizes of 1 left in if kept; own reference. How many elements of x go
 * into each of its own. What the rules of the reduction are to know: mask in start, and keepdim. */
wick_tensor *wk_reduced(const wick_tensor *x, unsigned mask, bool keepdim, wick_dtype dtype);
int64_t wk_reduced_count(const wick_tensor *x, unsigned mask);
wk_args wk_reduce_args(unsigned mask, bool keepdim);

/* x in the dtype that is asked for by .dtype; NULL with an error. */
wick_tensor *wk_reduce_input(const char *function, wick_tensor *x, wick_dtype dtype);

/* t, in the shape of the result, with sizes of 1 where dimensions were reduced away; and stretched to the input's shape. */
wick_tensor *wk_with_dims(const wick_node *node, const wk_args *args, wick_tensor *t);
wick_tensor *wk_unreduce(const wick_node *node, const wk_args *args, wick_tensor *dy);
