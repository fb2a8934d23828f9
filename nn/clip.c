/* clip.c - gradients made smaller, and parameters as one vector: torch.nn.utils.
 *
 * What can fail comes first: norms, copies of what is not contiguous, checks. Then the gradients are written by loops that
 * cannot. */
#include "clip.h"

#include <math.h>
#include <string.h>

#include "../autograd/node.h"
#include "module.h"

enum { CHUNK = 256, LANES = 8 };

/* ---- Norms ------------------------------------------------------------------------------------------------------- */

/* What is summed for a norm of type p; of the largest and smallest, the elements themselves. */
typedef struct norm {
    double p, so_far;
} norm;

static norm norm_begin(double p) { return (norm){p, isinf(p) ? (p > 0 ? -(double)INFINITY : (double)INFINITY) : 0}; }

static double norm_end(const norm *n)
{
    if (isinf(n->p) || n->p == 0 || n->p == 1)
        return n->so_far;
    return n->p == 2 ? sqrt(n->so_far) : pow(n->so_far, 1 / n->p);
}

/* Sums in several lanes at once, which is faster and more exact than in one. */
static double sum_squares(const double *x, size_t count)
{
    double lane[LANES] = {0}, sum = 0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            lane[k] += x[i + k] * x[i + k];
    for (; i < count; i++)
        sum += x[i] * x[i];
    for (size_t k = 0; k < LANES; k++)
        sum += lane[k];
    return sum;
}

static void norm_add(norm *n, const double *x, size_t count)
{
    if (n->p == 2) {
        n->so_far += sum_squares(x, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        double a = fabs(x[i]);
        if (isinf(n->p))
            n->so_far = isnan(a) || isnan(n->so_far) ? (double)NAN : n->p > 0 ? fmax(n->so_far, a) : fmin(n->so_far, a);
        else
            n->so_far += n->p == 0 ? a != 0 : n->p == 1 ? a : pow(a, n->p);
    }
}

/* Of a contiguous tensor, rounded to its dtype. */
static double norm_of(const wick_tensor *t, double p)
{
    norm n = norm_begin(p);
    const float *narrow = wk_data(t);
    const double *wide = wk_data(t);
    for (int64_t at = 0; at < t->numel; at += CHUNK) {
        size_t count = (size_t)(t->numel - at < CHUNK ? t->numel - at : CHUNK);
        double chunk[CHUNK];
        for (size_t i = 0; t->dtype == WICK_FLOAT32 && i < count; i++)
            chunk[i] = (double)narrow[(size_t)at + i];
        norm_add(&n, t->dtype == WICK_FLOAT32 ? chunk : wide + at, count);
    }
    double result = norm_end(&n);
    return t->dtype == WICK_FLOAT32 ? (double)(float)result : result;
}

/* What the norm is of: the tensors of a list, or their gradients, where there are any. */
static wick_tensor *member(const wick_list *list, int64_t i, bool gradients)
{
    return gradients ? list->items[i]->grad : list->items[i];
}

static wick_tensor *total_norm(const char *function, const wick_list *list, bool gradients,
                               wick_nn_norm_options options)
{
    double p = options.norm_type;
    norm total = norm_begin(p);
    int64_t count = 0;
    wick_dtype dtype = wick_default_dtype(); /* of no tensors */
    for (int64_t i = 0; i < list->count; i++) {
        const wick_tensor *t = member(list, i, gradients);
        if (!t)
            continue;
        if (!wk_check_floating(function, t, "tensor"))
            return NULL;
        if (t->numel == 0 && (isinf(p) || p < 0))
            return wick_fail(
                WICK_ERROR_SHAPE,
                "%s: cannot compute the %s norm of tensor %lld of shape %s: it has no elements; leave it out", function,
                WK_REAL(p), (long long)i, WK_SHAPE(t));
        wick_tensor *whole = wk_contiguous(t);
        if (!whole)
            return NULL;
        double one = norm_of(whole, p);
        wk_unref(whole);
        norm_add(&total, &one, 1);
        dtype = count++ == 0 || t->dtype == WICK_FLOAT64 ? t->dtype : dtype;
    }
    double value = count ? norm_end(&total) : 0;
    if (options.error_if_nonfinite && !isfinite(value))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: The total norm of order %s is non-finite (%s), so it cannot be clipped. To disable this "
                         "error and scale the gradients by the non-finite norm anyway, set .error_if_nonfinite = false",
                         function, WK_REAL(p), WK_REAL(value));
    return wick_full_n(WICK_NUMBER(value), NULL, 0, dtype);
}

wick_tensor *wick_nn_get_total_norm_opt(wick_list *tensors, const wick_nn_norm_options *given)
{
    WK_ENTER;
    wick_nn_norm_options options = WK_OPTIONS(wick_nn_norm_options, 2.0, given);
    const char *function = "wick_nn_get_total_norm";
    return WK_LIST(tensors, function, "tensors") ? total_norm(function, tensors, false, options) : NULL;
}

/* ---- Clipping ---------------------------------------------------------------------------------------------------- */

/* How an element is changed: multiplied by factor, or brought between low and high. */
typedef struct change {
    bool clamp;
    double factor, low, high;
} change;

static double changed(const change *c, double x)
{
    if (!c->clamp)
        return x * c->factor;
    x = x < c->low || isnan(c->low) ? c->low : x; /* the lower end first, as PyTorch: it matters if they cross */
    return x > c->high ? c->high : x;
}

static void change_all(wick_tensor *t, const change *c)
{
    if (t->contiguous && t->dtype == WICK_FLOAT32) {
        float *x = wk_data(t), factor = (float)c->factor;
        for (int64_t i = 0; i < t->numel; i++)
            x[i] = c->clamp ? (float)changed(c, (double)x[i]) : x[i] * factor;
        return;
    }
    int64_t index[WICK_MAX_DIMS] = {0}, at = t->offset;
    const int64_t *strides = t->strides;
    change rounded = *c;
    if (t->dtype == WICK_FLOAT32) /* two floats multiply exactly in double, and so round once */
        rounded.factor = (double)(float)c->factor;
    for (int64_t i = 0; i < t->numel; i++, wk_next(t->shape, t->ndim, index, 1, &strides, &at))
        wk_store(t, at, changed(&rounded, wk_load(t, at)));
}

/* Whether every gradient can be written in place. */
static bool writable(const char *function, const wick_list *parameters)
{
    WICK_NO_GRAD;
    for (int64_t i = 0; i < parameters->count; i++)
        if (parameters->items[i]->grad && !wk_check_writable(function, parameters->items[i]->grad, false))
            return false;
    return true;
}

static void change_gradients(const char *function, const wick_list *parameters, const change *c)
{
    for (int64_t i = 0; i < parameters->count; i++) {
        wick_tensor *grad = parameters->items[i]->grad;
        if (!grad)
            continue;
        change_all(grad, c);
        wk_bump_version(grad, function);
    }
}

static void clip_with(const char *function, const wick_list *parameters, double max_norm, double total)
{
    double factor = max_norm / (total + 1e-6);
    change_gradients(function, parameters, &(change){.factor = factor > 1 ? 1 : factor});
}

wick_tensor *wick_nn_clip_grad_norm_opt_(wick_list *parameters, double max_norm, const wick_nn_norm_options *given)
{
    WK_ENTER;
    wick_nn_norm_options options = WK_OPTIONS(wick_nn_norm_options, 2.0, given);
    const char *function = "wick_nn_clip_grad_norm_";
    if (!WK_LIST(parameters, function, "parameters") || !writable(function, parameters) ||
        (parameters->count == 0 &&
         !wick_warn("%s: `parameters` is an empty list, no gradient clipping will occur.", function)))
        return NULL;
    wick_tensor *total = total_norm(function, parameters, true, options);
    if (total)
        clip_with(function, parameters, max_norm, wk_load(total, total->offset));
    return total;
}

bool wick_nn_clip_grads_with_norm_(wick_list *parameters, double max_norm, wick_tensor *total)
{
    WK_ENTER;
    const char *function = "wick_nn_clip_grads_with_norm_";
    if (!WK_LIST(parameters, function, "parameters") || !WK_TENSOR(total, function, "total_norm"))
        return false;
    if (total->numel != 1)
        return wick_fail(WICK_ERROR_SHAPE, "%s: total_norm is of shape %s; it must be one number", function,
                         WK_SHAPE(total)) != NULL;
    if (!writable(function, parameters))
        return false;
    clip_with(function, parameters, max_norm, wk_load(total, total->offset));
    return true;
}

bool wick_nn_clip_grad_value_(wick_list *parameters, double clip_value)
{
    WK_ENTER;
    const char *function = "wick_nn_clip_grad_value_";
    if (!WK_LIST(parameters, function, "parameters") || !writable(function, parameters))
        return false;
    change_gradients(function, parameters, &(change){.clamp = true, .low = -clip_value, .high = clip_value});
    return true;
}

/* ---- One vector -------------------------------------------------------------------------------------------------- */

wick_tensor *wick_nn_parameters_to_vector(wick_list *parameters)
{
    WK_ENTER;
    const char *function = "wick_nn_parameters_to_vector";
    if (!WK_LIST(parameters, function, "parameters"))
        return NULL;
    WICK_SCOPE;
    size_t bytes = (size_t)parameters->count * sizeof(wick_tensor *);
    wick_tensor **flat = wk_alloc(bytes);
    if (!flat)
        return NULL;
    for (int64_t i = 0; i < parameters->count; i++)
        flat[i] = wick_reshape_n(parameters->items[i], (const int64_t[]){-1}, 1);
    wick_tensor *vector = wick_cat(wick_list_n(flat, parameters->count), 0);
    wk_free(flat, bytes);
    return wick_out(vector);
}

bool wick_nn_vector_to_parameters(wick_tensor *vector, wick_list *parameters)
{
    WK_ENTER;
    const char *function = "wick_nn_vector_to_parameters";
    if (!WK_TENSOR(vector, function, "vector") || !WK_LIST(parameters, function, "parameters"))
        return false;
    int64_t needed = 0;
    for (int64_t i = 0; i < parameters->count; i++)
        needed += parameters->items[i]->numel;
    if (vector->ndim != 1 || vector->numel < needed)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: vector is of shape %s, and must be (%lld,), the number of elements of the parameters",
                         function, WK_SHAPE(vector), (long long)needed) != NULL;
    /* A copy of its own, in case the vector shares the memory of a parameter; then views of it in the parameters' shapes. */
    WICK_NO_GRAD;
    wick_tensor *whole = wk_new_like(vector);
    bool ok = whole && wk_copy(whole, vector);
    for (int64_t i = 0; ok && i < parameters->count; i++)
        ok = wk_check_writable(function, parameters->items[i], false);
    size_t bytes = (size_t)parameters->count * sizeof(wick_tensor *);
    wick_tensor **part = ok ? wk_alloc_zero(bytes) : NULL;
    ok = part != NULL;
    int64_t at = 0;
    for (int64_t i = 0; ok && i < parameters->count; i++) {
        const wick_tensor *p = parameters->items[i];
        int64_t strides[WICK_MAX_DIMS];
        wk_contiguous_strides(p->shape, p->ndim, strides);
        ok = (part[i] = wk_alias(whole, p->shape, strides, p->ndim, whole->offset + at)) != NULL;
        at += p->numel;
    }
    for (int64_t i = 0; part && i < parameters->count; i++) {
        if (ok) {
            ok = wk_copy(parameters->items[i], part[i]);
            wk_bump_version(parameters->items[i], function);
        }
        wk_unref(part[i]);
    }
    wk_free(part, part ? bytes : 0);
    wk_unref(whole);
    return ok;
}
