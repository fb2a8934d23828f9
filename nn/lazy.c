/* lazy.c - parameters whose shape is not known yet, and LazyLinear, which has such until its first forward.
 *
 * Such a parameter is a tensor object of another class: every function that checks for a tensor refuses it. Getting its shape
 * makes it a tensor, the same one that a state dict or a user has asked for by name. */
#include <string.h>

#include "module.h"

bool wk_is_uninitialized(const wick_tensor *t) { return t->base.cls == &wk_uninitialized_class; }

void wk_make_uninitialized(wick_tensor *const *t, int count)
{
    for (int i = 0; i < count; i++)
        t[i]->base.cls = &wk_uninitialized_class;
}

bool wk_materialize(wick_tensor *t, const int64_t *shape, int ndim)
{
    wick_tensor *fresh = wk_new(shape, ndim, t->dtype);
    if (!fresh)
        return false;
    wk_storage *before = t->storage;
    t->storage = fresh->storage;
    fresh->storage = before;
    t->ndim = (uint8_t)ndim;
    memcpy(t->shape, fresh->shape, sizeof t->shape);
    memcpy(t->strides, fresh->strides, sizeof t->strides);
    t->numel = fresh->numel;
    t->contiguous = fresh->contiguous;
    t->base.cls = &wk_tensor_class;
    wk_unref(fresh);
    return true;
}

bool wk_check_initialized(const char *function, const wk_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (wk_is_uninitialized(names->entry[i].object)) {
            wick_fail(WICK_ERROR_ARGUMENT,
                      "%s: parameter \"%s\" is uninitialized: its shape is known after the first forward; call "
                      "wick_nn_forward on the model once before",
                      function, names->entry[i].name);
            return false;
        }
    return true;
}

/* ---- LazyLinear -------------------------------------------------------------------------------------------------- */

typedef struct lazy {
    wk_linear linear; /* first: these are the fields of the Linear that it becomes */
    int64_t out;
} lazy;

static bool initialize(const lazy *self, int64_t in)
{
    const wk_linear *linear = &self->linear;
    wick_tensor *bias = linear->bias;
    /* The weight comes last: when memory runs out before it, the next forward begins anew. */
    return (!bias || !wk_is_uninitialized(bias) || wk_materialize(bias, &self->out, 1)) &&
           wk_materialize(linear->weight, (const int64_t[]){self->out, in}, 2) && wk_linear_reset(linear);
}

static wick_tensor *lazy_forward(wick_module *m, wick_tensor *x)
{
    const lazy *self = m->fields;
    const wick_tensor *weight = self->linear.weight;
    if (x->ndim == 0)
        return wick_fail(WICK_ERROR_SHAPE, "wick_nn_forward: LazyLinear: the input has no dimensions");
    int64_t in = x->shape[x->ndim - 1];
    if (wk_is_uninitialized(weight) && !initialize(self, in))
        return NULL;
    int64_t own = weight->ndim ? weight->shape[weight->ndim - 1] : 0; /* as it was loaded */
    if (in != own)
        return wick_fail(WICK_ERROR_SHAPE,
                         "wick_nn_forward: The in_features inferred from input: %lld is not equal to in_features from "
                         "self.weight: %lld",
                         (long long)in, (long long)own);
    m->options.forward = wk_linear_forward;
    m->options.print_extra = wk_linear_extra;
    memcpy(m->name, "Linear", sizeof "Linear"); /* shorter than what stood there */
    return wk_linear_forward(m, x);
}

static void lazy_extra(wick_module *m, char *text, size_t length)
{
    const lazy *self = m->fields;
    wk_extra(text, length, "in_features=0, out_features=%lld, bias=%s", (long long)self->out,
             self->linear.bias ? "True" : "False");
}

static wick_tensor *uninitialized(wick_module *m, const char *name, wick_dtype dtype)
{
    wick_tensor *t = wk_layer_parameter(m, name, (const int64_t[]){0}, 1, dtype);
    if (t)
        wk_make_uninitialized(&t, 1);
    return t;
}

/* PyTorch's warning, in its words. */
bool wk_warn_of_laziness(void)
{
    return wick_warn(
        "Lazy modules are a new feature under heavy development so changes to the API or functionality can "
        "happen at any moment.");
}

wick_module *wick_nn_lazy_linear_opt(int64_t out, const wick_nn_linear_options *given)
{
    WK_ENTER;
    wick_nn_linear_options options = WK_OPTIONS(wick_nn_linear_options, true, given);
    if (out < 0)
        return wick_fail(WICK_ERROR_SHAPE, "wick_nn_lazy_linear: out_features=%lld must not be negative",
                         (long long)out);
    wick_dtype dtype = wk_layer_dtype("wick_nn_lazy_linear", options.dtype);
    if (dtype == WICK_DTYPE_AUTO || !wk_warn_of_laziness())
        return NULL;
    wick_module *m = wk_module_new(
        "LazyLinear", &(wick_module_options){.forward = lazy_forward, .size = sizeof(lazy), .print_extra = lazy_extra});
    if (!m)
        return NULL;
    lazy *self = m->fields;
    self->out = out;
    if (!(self->linear.weight = uninitialized(m, "weight", dtype)) ||
        (options.bias && !(self->linear.bias = uninitialized(m, "bias", dtype)))) {
        wk_unref(m);
        return NULL;
    }
    return wk_own(m);
}
