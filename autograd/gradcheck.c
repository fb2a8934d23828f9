/* gradcheck.c - wick_gradcheck and wick_gradgradcheck: what is accepted, the order of a check, its verdict. differences.c
 * compares, and gradcheck_report.c makes the messages. */
#include <math.h>

#include "../tensor/thread.h"
#include "differences.h"

/* ---- A check ------------------------------------------------------------------------------------------------------------- */

/* Whether two elements of t may lie at the same place: the dimensions, smallest stride first, do not each step over all
 * that the ones before reach. */
static bool overlaps(const wick_tensor *t)
{
    bool done[WICK_MAX_DIMS] = {false};
    int64_t reach = 0; /* from the smallest stride on: how far the dimensions up to here reach */
    for (int round = 0; round < t->ndim; round++) {
        int least = -1;
        for (int d = 0; d < t->ndim; d++)
            if (!done[d] && (least < 0 || t->strides[d] < t->strides[least]))
                least = d;
        done[least] = true;
        if (t->shape[least] < 2)
            continue;
        if (t->strides[least] <= reach)
            return t->numel > 0;
        reach += (t->shape[least] - 1) * t->strides[least];
    }
    return false;
}

static bool check_arguments(wk_differences *c)
{
    if (!c->f || !c->inputs || c->n < 1) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: needs a function and at least one input", c->name);
        return false;
    }
    if (c->o.element_room < 0 || (c->o.element_room && !c->o.elements)) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .element_room is %lld, and .elements %s", c->name,
                  (long long)c->o.element_room, c->o.elements ? "is given" : "NULL");
        return false;
    }
    if (!(c->o.eps > 0) || !isfinite(c->o.eps) || !(c->o.atol >= 0) || !(c->o.rtol >= 0) || !(c->o.nondet_tol >= 0)) {
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: eps must be positive, and atol, rtol and nondet_tol not negative; they are %s, %s, %s and %s",
                  c->name, WK_REAL(c->o.eps), WK_REAL(c->o.atol), WK_REAL(c->o.rtol), WK_REAL(c->o.nondet_tol));
        return false;
    }
    for (int k = 0; k < c->n; k++)
        if (!WK_TENSOR(c->inputs[k], c->name, "an input") || !wk_refresh_view(c->inputs[k]))
            return false;
    return wick_list_n(c->inputs, c->n) != NULL; /* which holds them, whatever f drops */
}

/* The inputs that require grad, and what to expect of their precision. */
static bool choose_inputs(wk_differences *c)
{
    size_t bytes = (size_t)c->n * sizeof(wick_tensor *);
    wick_tensor **items = wk_alloc(bytes);
    int count = 0;
    bool fine = items != NULL;
    c->r.dtype = WICK_FLOAT64;
    for (int k = 0; fine && k < c->n; k++) {
        wick_tensor *x = c->inputs[k];
        if (!wk_needs_grad(x))
            continue;
        items[count++] = x;
        c->columns += x->numel;
        if (x->dtype != WICK_FLOAT64) {
            c->r.dtype = x->dtype;
            fine = wick_warn(
                "%s: Input #%d requires gradient and is not a double precision floating point. This check will "
                "likely fail if all the inputs are not of double precision floating point.",
                c->name, k);
        }
        if (!fine)
            break;
        fine = !overlaps(x);
        if (!fine)
            wick_fail(WICK_ERROR_ARGUMENT,
                      "%s: elements of input %d, of shape %s, share memory, as those of wick_expand do, so that they "
                      "cannot be changed one by one; pass wick_clone of it",
                      c->name, k, WK_SHAPE(x));
    }
    if (fine && count == 0) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: none of the inputs requires grad, so there is nothing to check", c->name);
        fine = false;
    }
    c->checked = fine ? wick_list_n(items, count) : NULL;
    wk_free(items, bytes);
    return c->checked != NULL;
}

/* f twice: its value, and whether it is the same again. */
static bool evaluate(wk_differences *c)
{
    c->y = wk_call(c->name, c->f, c->inputs, c->n, c->o.context);
    if (!c->y || !WK_TENSOR(c->y, c->name, "the function's value") || !wk_refresh_view(c->y))
        return false;
    wick_tensor *copy = wk_own(wk_new(c->y->shape, c->y->ndim, WICK_FLOAT64));
    if (!copy || !wk_copy(copy, c->y))
        return false;
    c->value = wk_data(copy);
    if (!c->second && c->y->grad_fn)
        wk_gradcheck_text(c->r.operation, sizeof c->r.operation, c->y->grad_fn->op->name);
    if (wick_dtype_is_floating(c->y->dtype) && c->y->dtype != WICK_FLOAT64)
        c->r.dtype = c->y->dtype;
    c->unit = c->r.dtype == WICK_FLOAT64 ? 0x1p-53 : 0x1p-24;
    double largest = 0;
    for (int64_t j = 0; j < c->y->numel; j++)
        if (isfinite(c->value[j]))
            largest = fmax(largest, fabs(c->value[j]));
    c->r.rounding = c->unit * largest / c->o.eps;
    c->r.truncation = c->o.eps * c->o.eps * largest / 6;
    c->r.best_eps = cbrt(3 * c->unit);
    c->r.best_error = largest * (c->unit / c->r.best_eps + c->r.best_eps * c->r.best_eps / 6);
    WICK_SCOPE;
    double *again = wk_checked_value(c);
    if (!again)
        return false;
    for (int64_t j = 0; j < c->y->numel; j++)
        if (!wk_is_repeated(c, -1, j, c->value[j], again[j]))
            return false;
    return true;
}

/* The verdict; whether that is a pass. */
static bool conclude(wk_differences *c)
{
    wick_gradcheck_report *r = &c->r;
    if (r->verdict == WICK_GRADCHECK_NONDETERMINISTIC)
        return false;
    if (r->wrong)
        r->verdict = WICK_GRADCHECK_WRONG;
    else if (r->kinks && !c->o.allow_kinks)
        r->verdict = WICK_GRADCHECK_KINK;
    else if (r->no_value && !(r->imprecise && c->o.allow_kinks))
        r->verdict = WICK_GRADCHECK_NO_VALUE;
    else if (r->imprecise)
        r->verdict = WICK_GRADCHECK_IMPRECISE;
    else if (r->kinks)
        r->verdict = WICK_GRADCHECK_KINK;
    else if (r->largest_gradient == 0)
        r->verdict = WICK_GRADCHECK_VACUOUS;
    else
        r->verdict = WICK_GRADCHECK_PASS;
    return r->verdict == WICK_GRADCHECK_PASS || (r->verdict == WICK_GRADCHECK_KINK && c->o.allow_kinks);
}

/* Runs the check up to a verdict; false with an error if it does not come to one. */
static bool run(wk_differences *c)
{
    bool same = true;
    if (!evaluate(c))
        return c->r.verdict == WICK_GRADCHECK_NONDETERMINISTIC;
    if (c->o.fast_mode && !wk_compare_projections(c, &same))
        return c->r.verdict == WICK_GRADCHECK_NONDETERMINISTIC;
    if (!c->o.fast_mode || !same) { /* a projection does not tell where it goes wrong */
        c->r.compared = 0;
        c->r.largest_error = 0;
        if (!wk_compare_elements(c))
            return c->r.verdict == WICK_GRADCHECK_NONDETERMINISTIC;
    }
    if (!same && c->worst == WK_AGREES) {
        c->r.imprecise++;
        c->r.note = "fast mode: a random projection differs, though every element agrees";
    }
    return !wk_needs_grad(c->y) || c->worst == WK_IS_WRONG || wk_compare_zero(c);
}

/* Says what a check that did not pass has found: in the report, if the caller wants one, and else as an error. */
static void say_verdict(const char *name, wick_gradcheck_report *r, bool reported)
{
    char text[2048];
    wk_gradcheck_message(text, sizeof text, name, r);
    if (reported)
        wk_gradcheck_text(r->message, sizeof r->message, text);
    else
        wick_fail(WICK_ERROR_AUTOGRAD, "%s", text);
}

/* The error's text, for a check that came to no verdict. */
static void keep_error(wick_gradcheck_report *r)
{
    wk_gradcheck_text(r->message, sizeof r->message, wick_error() ? wick_error() : "");
}

static bool check_gradients(const char *name, wick_function f, wick_tensor *const *inputs, int n,
                            const wick_gradcheck_options *o, const wk_gradients *second, const char *operation)
{
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    wk_differences c = {.name = name, .f = f, .inputs = inputs, .n = n, .second = second, .o = *o};
    wick_gradcheck_report *r = &c.r;
    r->order = second ? 2 : 1;
    r->inputs = second ? second->n : n;
    r->fast_mode = o->fast_mode;
    r->eps = o->eps;
    r->atol = o->atol;
    r->rtol = o->rtol;
    r->input = r->gradient_of = -1;
    r->analytical = r->numerical = r->left = r->right = r->ratio = NAN;
    wk_gradcheck_text(r->operation, sizeof r->operation, operation);
    if (check_arguments(&c) && choose_inputs(&c) && run(&c)) {
        r->passed = conclude(&c);
        if (r->input >= 0)
            wk_gradcheck_route(r->through, sizeof r->through, c.y, inputs[r->input]);
        if (r->passed)
            r->message[0] = '\0'; /* what f said where it had no value */
        else
            say_verdict(name, r, o->report != NULL);
    } else {
        keep_error(r);
    }
    r->elements = r->listed ? o->elements : NULL;
    if (o->report)
        *o->report = *r;
    return r->passed;
}

bool wick_gradcheck_opt(wick_function f, wick_tensor *const *inputs, int n, const wick_gradcheck_options *given)
{
    WK_ENTER;
    wick_gradcheck_options o = WK_OPTIONS(wick_gradcheck_options, WICK_GRADCHECK_DEFAULTS, given);
    return check_gradients("wick_gradcheck", f, inputs, n, &o, NULL, "");
}

/* ---- Second order -------------------------------------------------------------------------------------------------------- */

static bool is_finite(const wick_tensor *t)
{
    for (int64_t i = 0; i < t->numel; i++)
        if (!isfinite(wk_load(t, wk_position(t, i))))
            return false;
    return true;
}

/* All gradients side by side, flat; NaN where f itself has no value, though the formula of its gradient may. */
static wick_tensor *gradients_of(wick_tensor *const *inputs, int n, void *context)
{
    const wk_gradients *g = context;
    WK_OWN_CODE;
    WICK_SCOPE;
    wick_tensor *y = wk_call("wick_gradgradcheck", g->f, inputs, g->n, g->context), *flat = NULL;
    const bool outside = y && g->finite && !is_finite(y);
    for (int k = 0; y && k < n - 1; k++) {
        if (!wk_needs_grad(inputs[k]))
            continue;
        wick_list *dx = wick_grad(wick_list_of(y), wick_list_of(inputs[k]), .grad_outputs = wick_list_of(inputs[g->n]),
                                  .create_graph = true, .allow_unused = true, .materialize_grads = true);
        wick_tensor *part = dx ? wick_reshape(dx->items[0], inputs[k]->numel) : NULL;
        flat = flat && part ? wick_cat(wick_list_of(flat, part), 0) : part;
        if (!flat)
            return NULL;
    }
    return wick_out(outside ? wick_mul(flat, (double)NAN) : flat);
}

/* A gradient for y, to be varied: that given, or a random one. */
static wick_tensor *gradient_for(wick_tensor *y, const wick_gradcheck_options *o)
{
    uint64_t seed = 2;
    if (o->grad_outputs)
        return WK_TENSOR(o->grad_outputs, "wick_gradgradcheck", "grad_outputs") ? o->grad_outputs : NULL;
    wick_tensor *dy = wick_zeros_like(y);
    if (dy && o->gen_non_contig_grad_outputs && y->numel > 1) { /* every second element of twice as many */
        dy = wick_stack(wick_list_of(dy, dy), -1);
        dy = dy ? wick_detach(wick_select(dy, -1, 0)) : NULL;
    }
    for (int64_t i = 0; dy && i < dy->numel; i++) {
        double number;
        wk_draw(&number, 1, &seed);
        wk_store(dy, wk_position(dy, i), 2 * number - 1);
    }
    return wick_requires_grad_(dy, true);
}

static bool fails(const wick_gradcheck_options *o)
{
    if (o->report)
        keep_error(o->report);
    return false;
}

bool wick_gradgradcheck_opt(wick_function f, wick_tensor *const *inputs, int n, const wick_gradcheck_options *given)
{
    WK_ENTER;
    wick_gradcheck_options o = WK_OPTIONS(wick_gradcheck_options, WICK_GRADCHECK_DEFAULTS, given);
    static const char name[] = "wick_gradgradcheck";
    wk_differences first = {.name = name, .f = f, .inputs = inputs, .n = n, .o = o};
    if (o.report)
        *o.report = (wick_gradcheck_report){.order = 2, .input = -1, .gradient_of = -1};
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    wick_tensor *y = check_arguments(&first) && choose_inputs(&first) ? wk_call(name, f, inputs, n, o.context) : NULL;
    if (!y || !wk_refresh_view(y))
        return fails(&o);
    if (!wk_needs_grad(y)) {
        first.r.order = 2;
        first.r.inputs = n;
        first.r.input = first.r.gradient_of = -1;
        first.r.verdict = WICK_GRADCHECK_VACUOUS;
        first.r.note = "the function's value does not depend on an input that requires grad";
        say_verdict(name, &first.r, o.report != NULL);
        if (o.report)
            *o.report = first.r;
        return false;
    }
    const char *operation = y->grad_fn ? y->grad_fn->op->name : "";
    wick_tensor *dy = gradient_for(y, &o);
    size_t bytes = ((size_t)n + 1) * sizeof(wick_tensor *);
    wick_tensor **all = dy ? wk_alloc(bytes) : NULL;
    if (!all)
        return fails(&o);
    for (int k = 0; k < n; k++)
        all[k] = inputs[k];
    all[n] = dy;
    wk_gradients g = {f, o.context, n, is_finite(y)};
    o.context = &g;
    bool passed = check_gradients(name, gradients_of, all, n + 1, &o, &g, operation);
    wk_free(all, bytes);
    return passed;
}
