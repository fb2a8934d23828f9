/* autograd.h - the public header of the autograd layer: recording, backward, derivatives of functions, and checks. Hooks,
 * your own functions, checkpoints and anomaly mode have headers of their own: hooks.h, function.h, anomaly.h.
 *
 * Operations (ops.h) on tensors that require grad record a grad_fn node in their result: its name, edges to the nodes of
 * its inputs, and what its derivative needs. wick_backward walks that graph from the result to the leaves. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/tensor.h"
#include "anomaly.h"
#include "function.h"
#include "hooks.h"
#include "ops.h"

WICK_BEGIN_DECLS

/* ---- Leaves and gradients ------------------------------------------------------------------------------------------ */

/* Sets whether backward computes a gradient for the leaf t, and returns t: t.requires_grad_(). t must be floating point and a
 * leaf. */
WICK_API wick_tensor *wick_requires_grad_(wick_tensor *t, bool requires_grad);

/* Whether t requires grad, which the result of a recorded operation does, too: t.requires_grad. False for NULL. */
WICK_API bool wick_requires_grad(const wick_tensor *t);

/* Whether t was made by the user and not by a recorded operation: t.is_leaf. */
WICK_API bool wick_is_leaf(const wick_tensor *t);

/* The gradient that backward accumulated for t, which keeps it alive: t.grad. NULL, without an error, before the first
 * backward. A tensor that is not a leaf has none unless wick_retain_grad was called: then it warns. */
WICK_API wick_tensor *wick_grad_of(const wick_tensor *t);

/* t.grad = grad, of t's shape and dtype; NULL clears it. False on error. */
WICK_API bool wick_set_grad(wick_tensor *t, wick_tensor *grad);

/* Makes backward store the gradient of t in .grad even if t is not a leaf: t.retain_grad(). False on error. */
WICK_API bool wick_retain_grad(wick_tensor *t);

/* A tensor on the same storage that is not part of the graph: t.detach(). */
WICK_API wick_tensor *wick_detach(wick_tensor *t);

/* ---- Backward ------------------------------------------------------------------------------------------------------ */

typedef struct wick_backward_options {
    size_t size_;
    char start_;
    wick_tensor *gradient; /* d(objective)/d(root), of the root's shape; default: 1, if the root has one element */
    bool retain_graph;     /* keep what the nodes saved, so that backward can run again; default: create_graph */
    bool create_graph;     /* record the backward pass itself, for derivatives of derivatives; default false. The
                            * gradient and its leaf then refer to each other and are never freed: it warns */
} wick_backward_options;

/* Computes d(root)/d(leaf) for every leaf that root was made from and adds it to the leaf's .grad:
 *     wick_backward(loss);     wick_backward(y, .gradient = v, .retain_graph = true);
 * The nodes are visited in topological order, newest first, without recursion. Errors, for which the result is false and no
 * .grad changes: a root that does not require grad; several elements and no gradient; a second backward through a graph that
 * was not retained; a saved tensor that was changed in place since. */
WICK_API bool wick_backward_opt(wick_tensor *root, const wick_backward_options *options);

/* The same from several roots at once: torch.autograd.backward(roots, gradients). gradients may be NULL, or a list with
 * one gradient per root. */
WICK_API bool wick_backward_from(wick_list *roots, wick_list *gradients, bool retain_graph, bool create_graph);
#define wick_backward(root, ...) wick_backward_opt(root, WICK_OPTIONS(wick_backward_options, 0, __VA_ARGS__))

typedef struct wick_grad_options {
    size_t size_;
    char start_;
    wick_list *grad_outputs; /* one gradient per output; default: ones for outputs with one element */
    bool retain_graph;       /* default: create_graph */
    bool create_graph;       /* default false */
    bool allow_unused;       /* an input that the outputs do not depend on gives NULL, not an error; default false */
    bool materialize_grads;  /* such an input gives zeros; default false */
} wick_grad_options;

/* The gradients of the sum of outputs with respect to inputs, as a list: torch.autograd.grad(outputs, inputs). No .grad
 * changes, except for tensors in between for which wick_retain_grad was called.
 *     wick_list *g = wick_grad(wick_list_of(y), wick_list_of(x, w), .allow_unused = true);
 *     wick_list_get(g, 1)                                // NULL if y does not depend on w */
WICK_API wick_list *wick_grad_opt(wick_list *outputs, wick_list *inputs, const wick_grad_options *options);
#define wick_grad(outputs, inputs, ...) wick_grad_opt(outputs, inputs, WICK_OPTIONS(wick_grad_options, 0, __VA_ARGS__))

/* ---- Grad mode ------------------------------------------------------------------------------------------------------ */

/* Whether operations are recorded in this thread; at first they are: torch.is_grad_enabled(). */
WICK_API bool wick_is_grad_enabled(void);

/* Sets grad mode and returns what it was before: torch.set_grad_enabled(enabled). */
WICK_API bool wick_set_grad_enabled(bool enabled);

/* WICK_NO_GRAD and WICK_ENABLE_GRAD set grad mode until the end of the block: with torch.no_grad(): and with
 * torch.enable_grad():. At its end they call wick_grad_mode_restore_. */
WICK_API void wick_grad_mode_restore_(bool *before);
#ifdef WICK_GUARD
#define WICK_NO_GRAD WICK_GUARD(no_grad, bool, wick_grad_mode_restore_, wick_set_grad_enabled(false))
#define WICK_ENABLE_GRAD WICK_GUARD(enable_grad, bool, wick_grad_mode_restore_, wick_set_grad_enabled(true))
#endif

/* ---- The graph ------------------------------------------------------------------------------------------------------- */

/* A wick_node is a recorded operation. A tensor keeps its grad_fn alive, and a node keeps the nodes behind it alive. */

/* The node that made t, or NULL for a leaf: t.grad_fn. */
WICK_API wick_node *wick_grad_fn(wick_tensor *t);

/* PyTorch's name for the node, such as "AddmmBackward0", and "AccumulateGrad" for the node of a leaf. The node owns the text. */
WICK_API const char *wick_node_name(const wick_node *node);

/* The number of inputs of the operation: len(node.next_functions). */
WICK_API int wick_node_inputs(const wick_node *node);

/* The node of input i, from 0, which the node keeps alive: node.next_functions[i][0]. NULL for an input that needs no
 * gradient. An i out of range is an error. */
WICK_API wick_node *wick_node_input(const wick_node *node, int i);

/* The leaf of an AccumulateGrad node: node.variable. NULL for another node. */
WICK_API wick_tensor *wick_node_variable(const wick_node *node);

/* ---- Derivatives of functions ---------------------------------------------------------------------------------------- */

/* The functions below differentiate or check a wick_function (function.h): a function of n tensors, which computes its value
 * from them and gets everything else that it needs through context. For gradcheck it must return the same value each time. */

typedef struct wick_functional_options {
    size_t size_;
    char start_;
    bool create_graph; /* record the computation, so that the result can be differentiated again; default false */
    bool strict;   /* a value that does not depend on an input is an error, and does not give zeros; default false */
    void *context; /* passed to the function; NULL */
    wick_tensor **value; /* where to put the function's value, which the innermost scope owns (NULL after an error);
                            default: nowhere */
} wick_functional_options;

/* Derivatives of y = f(x_0, ..., x_(n-1)) at the n inputs: torch.autograd.functional. All of them
 *     - call f once, recorded in any grad mode, with aliases of the inputs that require grad. The inputs themselves need not
 *       require grad, and neither their .grad nor their graphs change; with .create_graph, the result belongs to the graph of
 *       those that do. What f gets through context is constant;
 *     - give zeros where y, or the gradient that is differentiated, does not depend on an input; with .strict this is an error;
 *     - return an object that the innermost scope owns, whose tensors have the dtypes of their inputs or of y, and do not
 *       require grad unless .create_graph is set. The result is NULL after an error: f or an input is NULL, an input or the
 *       value is not floating point, f returns NULL, or shapes do not fit. */

/* v^T J by one backward pass: the sum over the elements of y of v dy/dx_i, as a list with a tensor of x_i's shape for each
 * input. v has y's shape; if y has one element, it may be NULL, which means 1.
 *     wick_list *g = wick_vjp(f, inputs, n, v, .value = &y); */
WICK_API wick_list *wick_vjp_opt(wick_function f, wick_tensor *const *inputs, int n, wick_tensor *v,
                                 const wick_functional_options *options);
#define wick_vjp(f, inputs, n, v, ...) \
    wick_vjp_opt(f, inputs, n, v, WICK_OPTIONS(wick_functional_options, 0, __VA_ARGS__))

/* J v = the sum over i of dy/dx_i v_i, in y's shape: how y changes as the inputs move along v. v has a tensor of each input's
 * shape; if there is one input with one element, it may be NULL, which means 1. It takes two backward passes, so f's operations
 * must be differentiable twice, as all in ops.h are. */
WICK_API wick_tensor *wick_jvp_opt(wick_function f, wick_tensor *const *inputs, int n, wick_list *v,
                                   const wick_functional_options *options);
#define wick_jvp(f, inputs, n, v, ...) \
    wick_jvp_opt(f, inputs, n, v, WICK_OPTIONS(wick_functional_options, 0, __VA_ARGS__))

/* The Jacobian, as a list with a tensor of shape y.shape + x_i.shape for each input; more than 8 dimensions are an error. It
 * takes one backward pass for each element of y. */
WICK_API wick_list *wick_jacobian_opt(wick_function f, wick_tensor *const *inputs, int n,
                                      const wick_functional_options *options);
#define wick_jacobian(f, inputs, n, ...) \
    wick_jacobian_opt(f, inputs, n, WICK_OPTIONS(wick_functional_options, 0, __VA_ARGS__))

/* The Hessian of a y with one element, as a list of n n blocks: block i n + k is d^2 y / (dx_i dx_k) and has shape
 * x_i.shape + x_k.shape; more than 8 dimensions are an error. It takes one backward pass for each element of the inputs. */
WICK_API wick_list *wick_hessian_opt(wick_function f, wick_tensor *const *inputs, int n,
                                     const wick_functional_options *options);
#define wick_hessian(f, inputs, n, ...) \
    wick_hessian_opt(f, inputs, n, WICK_OPTIONS(wick_functional_options, 0, __VA_ARGS__))

/* The Hessian of a y with one element times v, as a list with a tensor of x_i's shape for each input; v is as for wick_jvp.
 * Two backward passes compute it without the Hessian: it costs a few times the time and memory of y. */
WICK_API wick_list *wick_hvp_opt(wick_function f, wick_tensor *const *inputs, int n, wick_list *v,
                                 const wick_functional_options *options);
#define wick_hvp(f, inputs, n, v, ...) \
    wick_hvp_opt(f, inputs, n, v, WICK_OPTIONS(wick_functional_options, 0, __VA_ARGS__))

WICK_END_DECLS

#include "gradcheck.h"
