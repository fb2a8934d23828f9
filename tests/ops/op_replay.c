/* op_replay.c - see op_replay.h. A replay builds the inputs of a case, makes the call, and holds what comes back
 * against what the file says; every comparison ends in fail() or in nothing. */
#include "op_replay.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_ALLOCATIONS = 2000 };

static void fail(op_report *r, const ref_case *c, const char *format, ...) WICK_PRINTF(3, 4);
static void fail(op_report *r, const ref_case *c, const char *format, ...)
{
    char text[448];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (r->failures == 0)
        snprintf(r->first, sizeof r->first, "%s:%d: %s: %s", c->file, c->line, c->op, text);
    if (r->failures++ < r->shown)
        fprintf(stderr, "%s:%d: %s: %s\n", c->file, c->line, c->op, text);
}

/* The error of the last call, forgotten. */
static const char *take_error(void)
{
    static char text[256];
    snprintf(text, sizeof text, "%s", wick_error() ? wick_error() : "no error was recorded");
    wick_clear_error();
    return text;
}

/* ---- Comparison -------------------------------------------------------------------------------------------------- */

/* How far apart two float32 numbers are, counted in the float32 numbers between them. */
static double ulps_between(double a, double b)
{
    float values[2] = {(float)a, (float)b};
    int64_t order[2];
    for (int i = 0; i < 2; i++) {
        int32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        order[i] = bits < 0 ? (int64_t)INT32_MIN - bits : bits;
    }
    return fabs((double)(order[0] - order[1]));
}

static double largest(const ref_tensor *t, double least)
{
    for (int64_t i = 0; t->data && wick_dtype_is_floating(t->dtype) && i < t->numel; i++) {
        double v = fabs(ref_real(t, i));
        if (isfinite(v) && v > least)
            least = v;
    }
    return least;
}

/* What an error of element i of want is divided by. weights: for a gradient, that of the result; NULL for a value. */
static double scale_of(const op_report *r, const ref_case *c, const ref_tensor *want, const ref_tensor *weights,
                       int64_t i)
{
    double own = fabs(ref_real(want, i));
    if (weights && weights->numel == want->numel && r->row->compare <= ULPS)
        return fmax(own, fabs(ref_real(weights, i)));
    if (weights)
        return largest(weights, largest(want, 0));
    if (r->row->compare <= ULPS)
        return own;
    double scale = largest(want, 0);
    for (int j = 0; r->row->compare == SUMMED && j < c->inputs; j++)
        scale = largest(&c->in[j].value, scale);
    return scale;
}

/* 1e-12, unless something less precise than float64 took part: float32, but in single functions, and in a gradient an
 * integer that becomes the default dtype. */
static double tolerance_of(const op_report *r, const ref_case *c, const ref_tensor *want, bool is_gradient)
{
    bool precise = want->dtype == WICK_FLOAT64 && (!is_gradient || c->out.dtype == WICK_FLOAT64);
    for (int i = 0; i < c->inputs; i++) {
        const wick_dtype dtype = c->in[i].value.dtype;
        if (is_gradient)
            precise = precise && (dtype == WICK_FLOAT64 || (!c->in[i].can_grad && r->row->compare != ULPS));
        else
            precise = precise && (dtype != WICK_FLOAT32 || r->row->compare <= ULPS);
    }
    return (precise ? 1e-12 : 1e-6) * (r->row->compare <= ULPS ? 1 : r->slack);
}

static bool same_shape(wick_tensor *got, const ref_tensor *want)
{
    bool same = wick_ndim(got) == want->ndim;
    for (int d = 0; same && d < want->ndim; d++)
        same = wick_shape(got)[d] == want->shape[d];
    return same;
}

static void compare(op_report *r, const ref_case *c, const char *what, wick_tensor *got, const ref_tensor *want,
                    const ref_tensor *weights)
{
    if (!got) {
        fail(r, c, "%s: NULL: %s", what, take_error());
        return;
    }
    if (wick_dtype_of(got) != want->dtype) {
        fail(r, c, "%s: dtype %s, PyTorch %s", what, wick_dtype_name(wick_dtype_of(got)), wick_dtype_name(want->dtype));
        return;
    }
    if (!same_shape(got, want)) {
        fail(r, c, "%s: another shape than PyTorch's; %d dimensions, PyTorch %d", what, wick_ndim(got), want->ndim);
        return;
    }
    bool in_ulps = r->row->compare == ULPS && want->dtype == WICK_FLOAT32 && !weights;
    double tolerance = tolerance_of(r, c, want, weights != NULL);
    double *worst = in_ulps ? &r->ulps : weights ? &r->gradient_error : &r->value_error;
    for (int64_t i = 0; i < want->numel; i++) {
        if (!wick_dtype_is_floating(want->dtype)) {
            if (tensor_whole(got, i) != ref_whole(want, i)) {
                fail(r, c, "%s: element %lld is %lld, PyTorch %lld", what, (long long)i,
                     (long long)tensor_whole(got, i), (long long)ref_whole(want, i));
                return;
            }
            continue;
        }
        double a = tensor_real(got, i), b = ref_real(want, i), error = 0;
        bool good = isnan(b) ? isnan(a) : a == b;
        if (!good && isfinite(a) && isfinite(b)) {
            error = in_ulps ? ulps_between(a, b) : fabs(a - b) / scale_of(r, c, want, weights, i);
            good = in_ulps ? error <= 4 : (r->row->compare != EXACT || weights) && error <= tolerance;
            *worst = fmax(*worst, error);
        }
        if (!good) {
            fail(r, c, "%s: element %lld is %.9g, PyTorch %.9g (error %.3g%s)", what, (long long)i, a, b, error,
                 in_ulps ? " ulps" : "");
            return;
        }
    }
}

/* ---- The inputs of a case ---------------------------------------------------------------------------------------- */

typedef struct inputs {
    wick_tensor *in[REF_MAX_INPUTS];
} inputs;

/* Those whose bit is set in mask require grad if they can. */
static inputs make_inputs(const ref_case *c, unsigned mask)
{
    inputs x = {{NULL}};
    for (int i = 0; i < c->inputs; i++)
        x.in[i] = ref_make(&c->in[i], mask >> i & 1);
    return x;
}

static wick_tensor *call(const op_report *r, const ref_case *c, wick_tensor *const *in)
{
    wick_tensor *y = r->row->call(in, c->inputs, c->real, c->whole, c->args);
    wick_clear_warning(); /* of a loss that broadcasts, which is meant here */
    return y;
}

static unsigned can_grad(const ref_case *c)
{
    unsigned mask = 0;
    for (int i = 0; i < c->inputs; i++)
        mask |= (unsigned)c->in[i].can_grad << i;
    return mask;
}

/* The call has left its inputs as they were. */
static void check_inputs(op_report *r, const ref_case *c, const inputs *x)
{
    for (int i = 0; i < c->inputs; i++) {
        const ref_tensor *v = &c->in[i].value;
        bool same = wick_dtype_of(x->in[i]) == v->dtype || c->in[i].number;
        for (int64_t k = 0; same && !c->in[i].number && k < v->numel; k++) {
            if (wick_dtype_is_floating(v->dtype)) {
                double a = tensor_real(x->in[i], k), b = ref_real(v, k);
                same = isnan(b) ? isnan(a) : a == b;
            } else {
                same = tensor_whole(x->in[i], k) == ref_whole(v, k);
            }
        }
        if (!same || !x->in[i])
            fail(r, c, "input %d has changed", i);
    }
}

static void check_memory(op_report *r, const ref_case *c, size_t before, const char *what)
{
    if (wick_memory_allocated() != before)
        fail(r, c, "%s: %lld bytes are left allocated", what, (long long)wick_memory_allocated() - (long long)before);
}

/* ---- Values and gradients ---------------------------------------------------------------------------------------- */

static void check_strides(op_report *r, const ref_case *c, wick_tensor *y, wick_tensor *x)
{
    if (!y || !c->has_strides || c->out.numel == 0)
        return;
    if (wick_same_storage(y, x) == c->copied) {
        fail(r, c, c->copied ? "shares storage; PyTorch copies" : "copies; PyTorch shares storage");
        return;
    }
    for (int d = 0; !c->copied && d < c->out.ndim; d++) {
        if (c->out.shape[d] > 1 && wick_strides(y)[d] != c->strides[d])
            fail(r, c, "stride %d is %lld, PyTorch %lld", d, (long long)wick_strides(y)[d], (long long)c->strides[d]);
    }
}

static void check_node(op_report *r, const ref_case *c, wick_tensor *y)
{
    if (!y)
        return;
    if (wick_requires_grad(y) != c->has_gradients)
        fail(r, c, c->has_gradients ? "does not require grad" : "requires grad; PyTorch's does not");
    const char *name = wick_grad_fn(y) ? wick_node_name(wick_grad_fn(y)) : "none";
    if (c->fn && strcmp(name, c->fn) != 0)
        fail(r, c, "grad_fn is %s, PyTorch %s", name, c->fn);
}

static void check_gradient(op_report *r, const ref_case *c, const char *how, int i, wick_tensor *gradient)
{
    char what[64];
    snprintf(what, sizeof what, "gradient of input %d (%s)", i, how);
    if (c->grad[i].data)
        compare(r, c, what, gradient, &c->grad[i], &c->dy);
    for (int64_t k = 0; !c->grad[i].data && gradient && k < wick_numel(gradient); k++) {
        if (tensor_real(gradient, k) != 0)
            fail(r, c, "%s: PyTorch has none", what);
    }
}

/* The call with the inputs of mask requiring grad, and wick_backward. */
static void replay_backward(op_report *r, const ref_case *c, unsigned mask, const char *how)
{
    WICK_SCOPE;
    inputs x = make_inputs(c, mask);
    wick_tensor *y = call(r, c, x.in);
    compare(r, c, how, y, &c->out, NULL);
    check_inputs(r, c, &x);
    check_strides(r, c, y, x.in[0]);
    if (mask == can_grad(c))
        check_node(r, c, y);
    if (!y || !c->has_gradients || !wick_requires_grad(y))
        return;
    if (!wick_backward(y, .gradient = ref_tensor_of(&c->dy)))
        fail(r, c, "backward (%s): %s", how, take_error());
    for (int i = 0; i < c->inputs; i++) {
        if (mask >> i & c->in[i].can_grad)
            check_gradient(r, c, how, i, wick_grad_of(x.in[i]));
        else if (wick_grad_of(x.in[i]))
            fail(r, c, "input %d has a gradient that nobody asked for (%s)", i, how);
    }
}

/* The gradients again, by the rules that can themselves be differentiated. */
static void replay_create_graph(op_report *r, const ref_case *c)
{
    WICK_SCOPE;
    inputs x = make_inputs(c, can_grad(c));
    wick_tensor *asked[REF_MAX_INPUTS];
    int index[REF_MAX_INPUTS], count = 0;
    for (int i = 0; i < c->inputs; i++) {
        if (c->in[i].can_grad) {
            index[count] = i;
            asked[count++] = x.in[i];
        }
    }
    wick_tensor *y = call(r, c, x.in), *dy = ref_tensor_of(&c->dy);
    wick_list *gradients = wick_grad(wick_list_of(y), wick_list_n(asked, count), .grad_outputs = wick_list_of(dy),
                                     .create_graph = true, .materialize_grads = true);
    if (!gradients) {
        fail(r, c, "wick_grad with create_graph: %s", take_error());
        return;
    }
    for (int k = 0; k < count; k++)
        check_gradient(r, c, "create_graph", index[k], wick_list_get(gradients, k));
}

static void replay_no_grad(op_report *r, const ref_case *c)
{
    WICK_SCOPE;
    WICK_NO_GRAD;
    inputs x = make_inputs(c, can_grad(c));
    wick_tensor *y = call(r, c, x.in);
    compare(r, c, "in no_grad", y, &c->out, NULL);
    bool is_input = false;
    for (int i = 0; i < c->inputs; i++)
        is_input = is_input || y == x.in[i];
    if (!is_input && (wick_requires_grad(y) || wick_grad_fn(y)))
        fail(r, c, "records in no_grad");
}

static void replay_once(op_report *r, const ref_case *c)
{
    unsigned all = can_grad(c);
    replay_backward(r, c, all, "value");
    replay_backward(r, c, 0, "value without grad");
    replay_no_grad(r, c);
    if (!c->has_gradients)
        return;
    for (int i = 0; i < c->inputs; i++) {
        char how[32];
        snprintf(how, sizeof how, "only input %d", i);
        if (all != 1u << i && (all >> i & 1))
            replay_backward(r, c, 1u << i, how);
    }
    replay_create_graph(r, c);
}

void replay_case(op_report *r, const ref_case *c)
{
    int failures = r->failures;
    r->cases++;
    r->gradients += c->has_gradients;
    size_t before = wick_memory_allocated();
    replay_once(r, c);
    if (wick_memory_allocated() != before && r->failures == failures) { /* may have grown a table that stays */
        before = wick_memory_allocated();
        replay_once(r, c);
        check_memory(r, c, before, "replay");
    }
    if (r->failures == failures && wick_error())
        fail(r, c, "an error though nothing failed: %s", wick_error());
    wick_clear_error();
}

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

static void expect_error(op_report *r, const ref_case *c, const char *what, wick_tensor *y)
{
    char name[64];
    snprintf(name, sizeof name, "wick_%s", strncmp(c->op, "to_", 3) == 0 ? "to" : c->op);
    if (y)
        fail(r, c, "%s: succeeds", what);
    else if (!wick_error() || !(strstr(wick_error(), name) || strstr(wick_error(), "wick_list")))
        fail(r, c, "%s: the message does not name %s: %s", what, name, take_error());
    wick_clear_error();
}

static void refused_once(op_report *r, const ref_case *c, unsigned mask)
{
    WICK_SCOPE;
    inputs x = make_inputs(c, mask);
    expect_error(r, c, "a call that PyTorch refuses", call(r, c, x.in));
    check_inputs(r, c, &x);
}

void replay_error(op_report *r, const ref_case *c)
{
    r->errors++;
    refused_once(r, c, 0); /* tables that stay grow */
    size_t before = wick_memory_allocated();
    refused_once(r, c, can_grad(c));
    check_memory(r, c, before, "a refused call");
}

void replay_null(op_report *r, const ref_case *c)
{
    for (int i = 0; i < c->inputs && i < OP_NULL_FROM(r->row); i++) {
        WICK_SCOPE;
        inputs x = make_inputs(c, can_grad(c));
        x.in[i] = NULL;
        wick_tensor *y = call(r, c, x.in);
        if (!y && wick_error_kind() != WICK_ERROR_ARGUMENT)
            fail(r, c, "NULL for input %d: %s", i, wick_error() ? wick_error() : "no error");
        expect_error(r, c, "a NULL input", y);
    }
}

/* The call and its gradients, by the fused rules or by those that are recorded, while the n-th allocation fails;
 * whether all went well. */
static bool run_without_memory(op_report *r, const ref_case *c, const inputs *x, wick_tensor *dy, long n, bool recorded)
{
    wick_tensor *asked[REF_MAX_INPUTS];
    int count = 0;
    for (int i = 0; i < c->inputs; i++) {
        if (c->in[i].can_grad)
            asked[count++] = x->in[i];
    }
    wick_list *leaves = count ? wick_list_n(asked, count) : NULL, *dys = dy ? wick_list_of(dy) : NULL;
    wick_fail_allocation(n);
    wick_tensor *y = call(r, c, x->in);
    bool done = y != NULL;
    if (y && dy && recorded)
        done = wick_grad(wick_list_of(y), leaves, .grad_outputs = dys, .create_graph = true,
                         .materialize_grads = true) != NULL;
    else if (y && dy)
        done = wick_backward(y, .gradient = dy);
    wick_fail_allocation(0);
    return done;
}

/* One try with the n-th allocation failing; whether that allocation was reached. */
static bool try_without_memory(op_report *r, const ref_case *c, long n, bool recorded)
{
    WICK_SCOPE;
    inputs x = make_inputs(c, can_grad(c));
    wick_tensor *dy = c->has_gradients ? ref_tensor_of(&c->dy) : NULL;
    bool done = run_without_memory(r, c, &x, dy, n, recorded);
    if (done && wick_error())
        fail(r, c, "allocation %ld failed, and nothing was said but the error: %s", n, wick_error());
    if (!done && wick_error_kind() != WICK_ERROR_MEMORY)
        fail(r, c, "allocation %ld failed, and the error is: %s", n, wick_error() ? wick_error() : "none");
    for (int i = 0; !done && i < c->inputs; i++) {
        if (wick_grad_of(x.in[i]))
            fail(r, c, "allocation %ld failed, and input %d has a gradient", n, i);
    }
    check_inputs(r, c, &x);
    wick_clear_error();
    return !done;
}

void replay_without_memory(op_report *r, const ref_case *c)
{
    for (int recorded = 0; recorded <= c->has_gradients; recorded++) {
        try_without_memory(r, c, 0, recorded); /* nothing fails yet; tables that stay grow */
        size_t before = wick_memory_allocated();
        long n = 1;
        while (n < MAX_ALLOCATIONS && r->failures < r->shown && try_without_memory(r, c, n, recorded)) {
            check_memory(r, c, before, "after a failed allocation");
            n++;
        }
        if (n == MAX_ALLOCATIONS)
            fail(r, c, "allocates without end");
    }
}

/* ---- Gradient checks --------------------------------------------------------------------------------------------- */

typedef struct closure {
    const op_report *report;
    const ref_case *c;
} closure;

static wick_tensor *call_in_check(wick_tensor *const *in, int n, void *context)
{
    const closure *k = context;
    (void)n;
    return call(k->report, k->c, in);
}

void replay_gradcheck(op_report *r, const ref_case *c)
{
    WICK_SCOPE;
    r->checks++;
    inputs x = make_inputs(c, can_grad(c));
    closure k = {r, c};
    if (!wick_gradcheck(call_in_check, x.in, c->inputs, .context = &k))
        fail(r, c, "gradcheck: %s", take_error());
    else if (!wick_gradgradcheck(call_in_check, x.in, c->inputs, .context = &k))
        fail(r, c, "gradgradcheck: %s", take_error());
    wick_clear_error();
}
