/* autograd.h - the public header of the autograd layer: recording, backward, derivatives of functions, and checks. Hooks,
 * functions of one's own, checkpoints and anomaly mode have headers of their own: hooks.h, function.h, anomaly.h.
 *
 * Operations (ops.h) on tensors that require grad record a grad_fn node in their result: its name, edges to the nodes of
 * its inputs, and what its derivative needs. wick_backward walks that graph from the result to the leaves. */
#ifndef WICK_AUTOGRAD_AUTOGRAD_H
#define WICK_AUTOGRAD_AUTOGRAD_H

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

/* Marks a leaf as one to compute gradients for, and returns it: t.requires_grad_(). Only floating-point leaves can. */
WICK_API wick_tensor *wick_requires_grad_(wick_tensor *t, bool requires_grad);
WICK_API bool wick_requires_grad(const wick_tensor *t);

/* Whether t was made by the user and not by a recorded operation. */
WICK_API bool wick_is_leaf(const wick_tensor *t);

/* What backward accumulated for t: t.grad, which t holds. NULL before the first backward, and not an error. Of
 * what is no leaf, and was not retained, there is none: a warning. */
WICK_API wick_tensor *wick_grad_of(const wick_tensor *t);

/* t.grad = grad; NULL clears it. Shape and dtype must be t's. False on error. */
WICK_API bool wick_set_grad(wick_tensor *t, wick_tensor *grad);

/* Asks backward to leave the gradient of a non-leaf in .grad too: t.retain_grad(). False on error. */
WICK_API bool wick_retain_grad(wick_tensor *t);

/* A tensor on the same storage that is not part of the graph: t.detach(). */
WICK_API wick_tensor *wick_detach(wick_tensor *t);

/* ---- Backward ------------------------------------------------------------------------------------------------------ */

typedef struct wick_backward_options {
    size_t size_;
    char start_;
    wick_tensor *gradient; /* d(objective)/d(root), of the root's shape; default: 1, for a root with one element */
    bool retain_graph;     /* keep what the nodes saved, so that backward can run again; default: create_graph */
    bool create_graph;     /* record the backward pass itself, for derivatives of derivatives; default false. A gradient
                            * then refers to its leaf and the leaf to it, which is never freed: a warning */
} wick_backward_options;
#define WICK_BACKWARD_DEFAULTS 0, NULL, false, false

/* Computes d(root)/d(leaf) for every leaf that root was made from and adds it to the leaf's .grad:
 *     wick_backward(loss);     wick_backward(y, .gradient = v, .retain_graph = true);
 * The nodes are visited in topological order, newest first, without recursion. False, with an error, for a root that
 * does not require grad, for a root with several elements and no gradient, for a second backward through a graph that
 * was not retained, and for a saved tensor that was changed in place since. After an error no .grad has changed. */
WICK_API bool wick_backward_opt(wick_tensor *root, const wick_backward_options *options);
#define wick_backward(root, ...) \
    wick_backward_opt(root, WICK_OPTIONS(wick_backward_options, WICK_BACKWARD_DEFAULTS, __VA_ARGS__))

/* The same from several roots at once: torch.autograd.backward(roots, gradients). gradients may be NULL, or a list with
 * one gradient per root. */
WICK_API bool wick_backward_n(wick_list *roots, wick_list *gradients, bool retain_graph, bool create_graph);

typedef struct wick_grad_options {
    size_t size_;
    char start_;
    wick_list *grad_outputs; /* one gradient per output; default: ones for outputs with one element */
    bool retain_graph;       /* default: create_graph */
    bool create_graph;       /* default false */
    bool allow_unused;      /* an input that the outputs do not depend on gives NULL, and not an error; default false */
    bool materialize_grads; /* it gives zeros; default false */
} wick_grad_options;
#define WICK_GRAD_DEFAULTS 0, NULL, false, false, false, false

/* The gradients of the sum of outputs with respect to inputs, as a list, leaving every .grad alone but that of tensors in
 * between that wick_retain_grad was called for: torch.autograd.grad(outputs, inputs).
 *     wick_list *g = wick_grad(wick_list_of(y), wick_list_of(x, w), .allow_unused = true);
 *     wick_list_get(g, 1)                                // NULL if y does not depend on w */
WICK_API wick_list *wick_grad_opt(wick_list *outputs, wick_list *inputs, const wick_grad_options *options);
#define wick_grad(outputs, inputs, ...) \
    wick_grad_opt(outputs, inputs, WICK_OPTIONS(wick_grad_options, WICK_GRAD_DEFAULTS, __VA_ARGS__))

/* ---- Grad mode ------------------------------------------------------------------------------------------------------ */

/* Whether operations record, in this thread. True at the start. */
WICK_API bool wick_is_grad_enabled(void);

/* Sets it and returns what it was. */
WICK_API bool wick_set_grad_enabled(bool enabled);

/* To the block's end, with torch.no_grad(): and with torch.enable_grad():. */
WICK_API void wick_grad_mode_restore_(bool *before);
#ifdef WICK_GUARD
#define WICK_NO_GRAD WICK_GUARD(no_grad, bool, wick_grad_mode_restore_, wick_set_grad_enabled(false))
#define WICK_ENABLE_GRAD WICK_GUARD(enable_grad, bool, wick_grad_mode_restore_, wick_set_grad_enabled(true))
#endif

/* ---- The graph ------------------------------------------------------------------------------------------------------- */

/* A recorded operation (wick_node): a tensor holds its grad_fn and a node holds the nodes behind it. */

/* The node that made t, or NULL for a leaf: t.grad_fn. */
WICK_API wick_node *wick_grad_fn(wick_tensor *t);

/* "AddmmBackward0" and so on, as PyTorch names it; "AccumulateGrad" for the node of a leaf. */
WICK_API const char *wick_node_name(const wick_node *node);

/* The nodes of the operation's inputs, in order: node.next_functions. An input that needs no gradient is NULL. */
WICK_API int wick_node_inputs(const wick_node *node);
WICK_API wick_node *wick_node_input(const wick_node *node, int i);

/* The leaf of an AccumulateGrad node; NULL for another node. */
WICK_API wick_tensor *wick_node_variable(const wick_node *node);

/* ---- Derivatives of functions ---------------------------------------------------------------------------------------- */

/* What is differentiated or checked is a wick_function (function.h): a function of n tensors, that makes its value from
 * them, and takes all else that it needs by context. For gradcheck it must return the same value each time. */

typedef struct wick_functional_options {
    size_t size_;
    char start_;
    bool create_graph;   /* record the computation, so that the result can be differentiated again; default false */
    bool strict;         /* what does not depend on an input is an error, and not zeros; default false */
    void *context;       /* passed to the function; NULL */
    wick_tensor **value; /* where to put the function's value, which the innermost scope owns (NULL after an error);
                            default nowhere */
} wick_functional_options;
#define WICK_FUNCTIONAL_DEFAULTS 0, false, false, NULL, NULL
#define WICK_FUNCTIONAL_OPTIONS(...) WICK_OPTIONS(wick_functional_options, WICK_FUNCTIONAL_DEFAULTS, __VA_ARGS__)

/* Derivatives of y = f(x_0, ..., x_(n-1)) at the n inputs: torch.autograd.functional. All of them
 *     - call f once, recorded whatever the grad mode, with aliases of the inputs that require grad. The inputs need not
 *       require grad, and their .grad and their graphs are left alone; with .create_graph the result belongs to the graph
 *       of those that do. What f takes by context is constant;
 *     - give zeros where y, or its gradient where that is differentiated, does not depend on an input; with .strict that is
 *       an error;
 *     - return an object that the innermost scope owns, whose tensors have the dtype of what they are gradients of, and
 *       do not require grad unless .create_graph is set; NULL after an error: for f or an input NULL, an input or a value
 *       that is not floating point, an f that returns NULL, and shapes that do not fit. */

/* v^T J, one backward pass: sum over y of v dy/dx_i, as a list with a tensor of x_i's shape for each input. v has y's
 * shape; it may be NULL, for 1, if y has one element.
 *     wick_list *g = wick_vjp(f, inputs, n, v, .value = &y); */
WICK_API wick_list *wick_vjp_opt(wick_function f, wick_tensor *const *inputs, int n, wick_tensor *v,
                                 const wick_functional_options *options);
#define wick_vjp(f, inputs, n, v, ...) wick_vjp_opt(f, inputs, n, v, WICK_FUNCTIONAL_OPTIONS(__VA_ARGS__))

/* J v = sum over i of dy/dx_i v_i, of y's shape: how y changes as the inputs move along v. v has one tensor per input, of
 * its shape; it may be NULL, for 1, if there is one input, with one element. By two backward passes, so f's operations
 * must be differentiable twice, as all in ops.h are. */
WICK_API wick_tensor *wick_jvp_opt(wick_function f, wick_tensor *const *inputs, int n, wick_list *v,
                                   const wick_functional_options *options);
#define wick_jvp(f, inputs, n, v, ...) wick_jvp_opt(f, inputs, n, v, WICK_FUNCTIONAL_OPTIONS(__VA_ARGS__))

/* The Jacobian, as a list with a tensor of shape y.shape + x_i.shape for each input; more than 8 dimensions are an error.
 * One backward pass for each element of y. */
WICK_API wick_list *wick_jacobian_opt(wick_function f, wick_tensor *const *inputs, int n,
                                      const wick_functional_options *options);
#define wick_jacobian(f, inputs, n, ...) wick_jacobian_opt(f, inputs, n, WICK_FUNCTIONAL_OPTIONS(__VA_ARGS__))

/* The Hessian of a y with one element, as a list of n n blocks: block i n + k is d^2 y / (dx_i dx_k) and has shape
 * x_i.shape + x_k.shape; more than 8 dimensions are an error. One backward pass for each element of the inputs. */
WICK_API wick_list *wick_hessian_opt(wick_function f, wick_tensor *const *inputs, int n,
                                     const wick_functional_options *options);
#define wick_hessian(f, inputs, n, ...) wick_hessian_opt(f, inputs, n, WICK_FUNCTIONAL_OPTIONS(__VA_ARGS__))

/* The Hessian of a y with one element times v, as a list with a tensor of x_i's shape for each input; v as for wick_jvp.
 * By two backward passes, without the Hessian: it costs a few times what y costs, in time and in memory. */
WICK_API wick_list *wick_hvp_opt(wick_function f, wick_tensor *const *inputs, int n, wick_list *v,
                                 const wick_functional_options *options);
#define wick_hvp(f, inputs, n, v, ...) wick_hvp_opt(f, inputs, n, v, WICK_FUNCTIONAL_OPTIONS(__VA_ARGS__))

WICK_END_DECLS

#include "gradcheck.h"

#endif
