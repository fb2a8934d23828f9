/* functional.c - derivatives of functions: v^T J, J v, the Jacobian, the Hessian and H v, by the engine alone.
 *
 *     v^T J      one backward pass that starts with v
 *     J v        v^T J is linear in v, and its Jacobian by v is J^T: the gradient of u^T J by u, that starts with v, is
 *                J v. So two passes, the first of which is recorded; u may be anything, and is 0
 *     J          e^T J for each unit vector e of the output: one pass a row
 *     H          the Jacobian of the recorded gradient
 *     H v        (v^T H)^T, since H is symmetric: one pass that starts with v through the recorded gradient
 *
 * The function is called with aliases of the inputs, so that the caller's tensors, their .grad and their graphs are left
 * alone, and so that a tensor that is given twice counts as two inputs. */
#include <string.h>

#include "../tensor/thread.h"
#include "node.h"

typedef struct call {
    const char *name;
    bool strict, create_graph;
    wick_list *x;   /* the variables, one an input */
    wick_tensor *y; /* the value of the function there */
} call;

/* A list of f(t) for each t. */
static wick_list *mapped(wick_list *list, wick_tensor *(*f)(wick_tensor *))
{
    if (!list)
        return NULL;
    size_t bytes = wk_bytes(list->count, sizeof(wick_tensor *));
    wick_tensor **items = wk_alloc(bytes);
    bool ok = items != NULL;
    for (int64_t i = 0; ok && i < list->count; i++)
        ok = (items[i] = f(list->items[i])) != NULL;
    wick_list *result = ok ? wick_list_n(items, list->count) : NULL;
    wk_free(items, bytes);
    return result;
}

/* ---- The frame of a call ----------------------------------------------------------------------------------------------- */

static wick_tensor *users_value(wick_function f, wick_tensor *const *inputs, int n, void *context)
{
    WK_USERS_CODE;
    return f(inputs, n, context);
}

wick_tensor *wk_call(const char *name, wick_function f, wick_tensor *const *inputs, int n, void *context)
{
    if (!wk_stack_left(name))
        return NULL;
    wick_tensor *y = users_value(f, inputs, n, context);
    if (!y && !wick_error_kind())
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the function returned NULL for %d inputs, the first of shape %s", name, n,
                  WK_SHAPE(inputs[0]));
    return y;
}

static wick_tensor *leaf(wick_tensor *t) { return wick_requires_grad_(wick_detach(t), true); }

/* A leaf; for results whose graph is to go on into that of t, a view of t. */
static wick_tensor *connected(wick_tensor *t)
{
    return wk_needs_grad(t) ? wick_expand_n(t, t->shape, t->ndim) : leaf(t);
}

/* Checks the arguments, and calls f. */
static bool begin(call *c, const char *name, wick_function f, wick_tensor *const *inputs, int n,
                  const wick_functional_options *o)
{
    *c = (call){.name = name, .strict = o->strict, .create_graph = o->create_graph};
    if (o->value)
        *o->value = NULL;
    if (!f || !inputs || n < 1) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: needs a function and at least one input", name);
        return false;
    }
    for (int i = 0; i < n; i++) {
        if (!WK_TENSOR(inputs[i], name, "an input") || !wk_refresh_view(inputs[i]))
            return false;
        if (!wick_dtype_is_floating(inputs[i]->dtype)) {
            wick_fail(
                WICK_ERROR_DTYPE,
                "%s: input %d, of shape %s, is %s; only floating-point tensors have derivatives; pass others to the "
                "function through .context",
                name, i, WK_SHAPE(inputs[i]), wick_dtype_name(inputs[i]->dtype));
            return false;
        }
    }
    c->x = mapped(wick_list_n(inputs, n), o->create_graph ? connected : leaf);
    c->y = c->x ? wk_call(name, f, c->x->items, n, o->context) : NULL;
    if (!c->y || !WK_TENSOR(c->y, name, "the value of the function") || !wk_refresh_view(c->y))
        return false;
    if (!wick_dtype_is_floating(c->y->dtype)) {
        wick_fail(WICK_ERROR_DTYPE, "%s: the function's value, of shape %s, is %s; it must be floating point", name,
                  WK_SHAPE(c->y), wick_dtype_name(c->y->dtype));
        return false;
    }
    return true;
}

/* Hands the result, and the value if it is wanted, to the caller. */
static void *finish(const call *c, const wick_functional_options *o, void *result)
{
    wick_tensor *value = result && o->value && !o->create_graph ? wick_detach(c->y) : c->y;
    result = value ? wick_out(result) : NULL;
    if (result && o->value && !(*o->value = wick_out(value)))
        return NULL;
    return result;
}

static bool is_scalar(const call *c, const char *what)
{
    if (c->y->numel == 1)
        return true;
    wick_fail(WICK_ERROR_SHAPE, "%s: %s needs a function whose value has one element, and this one has shape %s",
              c->name, what, WK_SHAPE(c->y));
    return false;
}

/* v, fit for a pass: one tensor a variable, of its shape. NULL stands for 1, if there is one variable with one element. */
static wick_list *direction(const call *c, wick_list *v, const wick_functional_options *o)
{
    const wick_list *x = c->x;
    if (!v && (x->count != 1 || x->items[0]->numel != 1))
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: without v there must be one input with one element; here are %d, the first of shape %s",
                         c->name, (int)x->count, WK_SHAPE(x->items[0]));
    if (!v)
        return mapped(c->x, wick_ones_like);
    if (!WK_LIST(v, c->name, "v"))
        return NULL;
    if (v->count != x->count)
        return wick_fail(WICK_ERROR_SHAPE, "%s: v has %d tensors for %d inputs; give one for each input", c->name,
                         (int)v->count, (int)x->count);
    for (int64_t i = 0; i < x->count; i++)
        if (!wk_same_shape(v->items[i], x->items[i]))
            return wick_fail(WICK_ERROR_SHAPE, "%s: v has shape %s for input %d of shape %s; they must be equal",
                             c->name, WK_SHAPE(v->items[i]), (int)i, WK_SHAPE(x->items[i]));
    return o->create_graph ? v : mapped(v, wick_detach);
}

/* ---- Passes ------------------------------------------------------------------------------------------------------------ */

/* Whether what does not depend on input i may pass for constant. */
static bool may_be_constant(const call *c, const char *what, int64_t i)
{
    bool may = !c->strict || !what;
    if (!may)
        wick_fail(
            WICK_ERROR_AUTOGRAD,
            "%s: %s does not depend on input %d, of shape %s, which .strict forbids; without it the result is zeros",
            c->name, what, (int)i, WK_SHAPE(c->x->items[i]));
    return may;
}

static const char *const the_value = "the function's value", *const the_gradient = "the function's gradient";

/* The gradients by x of the sum of the products v_i y_i; zeros for what nothing depends on, if that may be. what: y, for
 * messages; NULL: it may always be. */
static wick_list *pass(const call *c, const char *what, wick_list *y, wick_list *v, wick_list *x, bool retain_graph,
                       bool create_graph)
{
    if (!y || !v || !x)
        return NULL;
    size_t bytes = wk_bytes(y->count, sizeof(wick_tensor *));
    wick_tensor **roots = wk_alloc(bytes), **starts = wk_alloc(bytes);
    int64_t count = 0;
    bool ok = roots && starts;
    for (int64_t i = 0; ok && i < y->count; i++)
        if (wk_needs_grad(y->items[i])) {
            roots[count] = y->items[i];
            starts[count++] = v->items[i];
        } else {
            ok = may_be_constant(c, what, i);
        }
    wick_list *outputs = ok ? wick_list_n(roots, count) : NULL;
    wick_list *gradients = outputs ? wick_list_n(starts, count) : NULL;
    wk_free(roots, bytes);
    wk_free(starts, bytes);
    if (!gradients)
        return NULL;
    if (count == 0)
        return mapped(x, wick_zeros_like);
    int64_t unused;
    wick_grad_options o = {.size_ = sizeof o};
    o.grad_outputs = gradients;
    o.retain_graph = retain_graph;
    o.create_graph = create_graph;
    o.materialize_grads = true;
    wick_list *dx = wk_grad(outputs, x, o, &unused);
    if (dx && unused >= 0 && !may_be_constant(c, what, unused))
        return NULL;
    return create_graph ? dx : mapped(dx, wick_detach); /* it may be a tensor that requires grad, as in 1 x */
}

/* The gradient of the value, which has one element, recorded. */
static wick_list *recorded_gradient(const call *c)
{
    wick_tensor *one = wick_ones_like(c->y);
    return one ? pass(c, the_value, wick_list_of(c->y), wick_list_of(one), c->x, true, true) : NULL;
}

wick_list *wick_vjp_opt(wick_function f, wick_tensor *const *inputs, int n, wick_tensor *v,
                        const wick_functional_options *given)
{
    WK_ENTER;
    wick_functional_options o = WK_OPTIONS(wick_functional_options, 0, given);
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    call c;
    if (!begin(&c, "wick_vjp", f, inputs, n, &o) || (v && !WK_TENSOR(v, "wick_vjp", "v")))
        return NULL;
    if (!v && c.y->numel != 1)
        return wick_fail(WICK_ERROR_SHAPE,
                         "wick_vjp: without v the function's value must have one element, and it has shape %s",
                         WK_SHAPE(c.y));
    if (v && !wk_same_shape(v, c.y))
        return wick_fail(WICK_ERROR_SHAPE, "wick_vjp: v has shape %s and the function's value %s; they must be equal",
                         WK_SHAPE(v), WK_SHAPE(c.y));
    v = !v ? wick_ones_like(c.y) : o.create_graph ? v : wick_detach(v);
    return v ? finish(&c, &o, pass(&c, the_value, wick_list_of(c.y), wick_list_of(v), c.x, false, o.create_graph))
             : NULL;
}

wick_tensor *wick_jvp_opt(wick_function f, wick_tensor *const *inputs, int n, wick_list *v,
                          const wick_functional_options *given)
{
    WK_ENTER;
    wick_functional_options o = WK_OPTIONS(wick_functional_options, 0, given);
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    call c;
    if (!begin(&c, "wick_jvp", f, inputs, n, &o) || !(v = direction(&c, v, &o)))
        return NULL;
    wick_tensor *u = wick_requires_grad_(wick_zeros_like(c.y), true);
    wick_list *us = u ? wick_list_of(u) : NULL;
    wick_list *transposed = pass(&c, the_value, wick_list_of(c.y), us, c.x, true, true);
    wick_list *product = pass(&c, NULL, transposed, v, us, false, o.create_graph);
    return finish(&c, &o, product ? product->items[0] : NULL);
}

wick_list *wick_hvp_opt(wick_function f, wick_tensor *const *inputs, int n, wick_list *v,
                        const wick_functional_options *given)
{
    WK_ENTER;
    wick_functional_options o = WK_OPTIONS(wick_functional_options, 0, given);
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    call c;
    if (!begin(&c, "wick_hvp", f, inputs, n, &o) || !is_scalar(&c, "a Hessian") || !(v = direction(&c, v, &o)))
        return NULL;
    return finish(&c, &o, pass(&c, the_gradient, recorded_gradient(&c), v, c.x, false, o.create_graph));
}

/* ---- All rows ---------------------------------------------------------------------------------------------------------- */

static wick_tensor *flat(wick_tensor *t) { return wick_flatten(t, 0, -1); }

/* Row j of the Jacobian of y by each of x, flat. */
static wick_list *row(const call *c, const char *what, wick_tensor *y, int64_t j)
{
    WICK_SCOPE;
    wick_tensor *unit = wick_zeros_like(y);
    if (!unit)
        return NULL;
    wk_store(unit, j, 1);
    return wick_out(mapped(pass(c, what, wick_list_of(y), wick_list_of(unit), c->x, true, c->create_graph), flat));
}

/* Whether the Jacobian of something of y's shape by each of x is a tensor at all. */
static bool fits(const call *c, const wick_tensor *y, const char *what)
{
    for (int64_t k = 0; k < c->x->count; k++)
        if (y->ndim + c->x->items[k]->ndim > WICK_MAX_DIMS) {
            wick_fail(WICK_ERROR_SHAPE,
                      "%s: %s of shape %s and input %d of shape %s give a block with %d dimensions; a tensor has at "
                      "most %d: flatten them first",
                      c->name, what, WK_SHAPE(y), (int)k, WK_SHAPE(c->x->items[k]), y->ndim + c->x->items[k]->ndim,
                      WICK_MAX_DIMS);
            return false;
        }
    return true;
}

/* The Jacobian of y by each of x: blocks[k] has shape y.shape + x[k].shape. */
static bool jacobian(const call *c, const char *what, wick_tensor *y, wick_tensor **blocks)
{
    WICK_SCOPE;
    const wick_list *x = c->x;
    size_t bytes = wk_bytes(y->numel, sizeof(void *));
    wick_list **rows = wk_alloc(bytes);
    wick_tensor **parts = wk_alloc(bytes);
    bool ok = rows && parts;
    for (int64_t j = 0; ok && j < y->numel; j++)
        ok = (rows[j] = row(c, what, y, j)) != NULL;
    for (int64_t k = 0; ok && k < x->count; k++) {
        const wick_tensor *t = x->items[k];
        int64_t shape[WICK_MAX_DIMS];
        memcpy(shape, y->shape, y->ndim * sizeof *shape);
        memcpy(shape + y->ndim, t->shape, t->ndim * sizeof *shape);
        for (int64_t j = 0; j < y->numel; j++)
            parts[j] = rows[j]->items[k];
        wick_tensor *joined =
            y->numel ? wick_cat(wick_list_n(parts, y->numel), 0) : wick_zeros_n(WICK_INTS(0), t->dtype);
        blocks[k] = wick_out(wick_reshape_n(joined, shape, y->ndim + t->ndim));
        ok = blocks[k] != NULL;
    }
    wk_free(rows, bytes);
    wk_free(parts, bytes);
    return ok;
}

/* The Jacobians of all of y by all of x, those of y[0] first. */
static wick_list *jacobians(const call *c, const char *what, wick_list *y)
{
    if (!y)
        return NULL;
    int64_t count = y->count * c->x->count;
    size_t bytes = wk_bytes(count, sizeof(wick_tensor *));
    wick_tensor **blocks = wk_alloc(bytes);
    bool ok = blocks != NULL;
    for (int64_t i = 0; ok && i < y->count; i++)
        ok = jacobian(c, what, y->items[i], blocks + i * c->x->count);
    wick_list *result = ok ? wick_list_n(blocks, count) : NULL;
    wk_free(blocks, bytes);
    return result;
}

wick_list *wick_jacobian_opt(wick_function f, wick_tensor *const *inputs, int n, const wick_functional_options *given)
{
    WK_ENTER;
    wick_functional_options o = WK_OPTIONS(wick_functional_options, 0, given);
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    call c;
    if (!begin(&c, "wick_jacobian", f, inputs, n, &o) || !fits(&c, c.y, "a value"))
        return NULL;
    return finish(&c, &o, jacobians(&c, the_value, wick_list_of(c.y)));
}

wick_list *wick_hessian_opt(wick_function f, wick_tensor *const *inputs, int n, const wick_functional_options *given)
{
    WK_ENTER;
    wick_functional_options o = WK_OPTIONS(wick_functional_options, 0, given);
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    call c;
    if (!begin(&c, "wick_hessian", f, inputs, n, &o) || !is_scalar(&c, "a Hessian"))
        return NULL;
    for (int i = 0; i < n; i++)
        if (!fits(&c, c.x->items[i], "an input"))
            return NULL;
    return finish(&c, &o, jacobians(&c, the_gradient, recorded_gradient(&c)));
}
