/* model.c - what is done to a whole model, a module and all below it: parameters, modes, gradients, conversion. */
#include "../autograd/node.h"
#include "../tensor/thread.h"
#include "module.h"

enum { PARAMETERS = 1u << WK_PARAMETERS, BUFFERS = 1u << WK_BUFFERS };

/* ---- Parameters and buffers -------------------------------------------------------------------------------------- */

/* What the options of a list of parameters or buffers ask wk_gather for. */
static unsigned wanted(wick_named_options o)
{
    return (o.recurse ? 0u : WK_GATHER_OWN) | (o.remove_duplicate ? WK_GATHER_ONCE : 0u);
}

static wick_dict *named(const char *function, wick_module *m, unsigned tables, wick_named_options options)
{
    if (!WK_MODULE(m, function, "m"))
        return NULL;
    wick_dict *dict = wk_dict_new();
    if (dict && !wk_gather(m, tables, wanted(options), &dict->names)) {
        wk_unref(dict);
        return NULL;
    }
    return wk_own(dict);
}

wick_dict *wick_nn_named_parameters_opt(wick_module *m, const wick_named_options *given)
{
    WK_ENTER;
    wick_named_options options = WK_OPTIONS(wick_named_options, WICK_NAMED_DEFAULTS, given);
    return named("wick_nn_named_parameters", m, PARAMETERS, options);
}

wick_dict *wick_nn_named_buffers_opt(wick_module *m, const wick_named_options *given)
{
    WK_ENTER;
    wick_named_options options = WK_OPTIONS(wick_named_options, WICK_NAMED_DEFAULTS, given);
    return named("wick_nn_named_buffers", m, BUFFERS, options);
}

/* The same as names of this call's own, for functions that only look at the tensors; empty after an error. */
static bool gather(const char *function, wick_module *m, unsigned tables, unsigned options, wk_names *names)
{
    *names = (wk_names){0};
    if (WK_MODULE(m, function, "m") && wk_gather(m, tables, options, names))
        return true;
    wk_names_clear(names);
    return false;
}

static wick_list *list(const char *function, wick_module *m, unsigned tables, wick_named_options options)
{
    wick_dict dict = {0}; /* not an object that anybody else sees */
    wk_object_init(&dict.base, &wk_dict_class);
    wick_list *tensors = NULL;
    if (gather(function, m, tables, wanted(options), &dict.names) && wk_check_initialized(function, &dict.names))
        tensors = wick_nn_dict_tensors(&dict);
    wk_names_clear(&dict.names);
    return tensors;
}

wick_list *wick_nn_parameters_opt(wick_module *m, const wick_named_options *given)
{
    WK_ENTER;
    wick_named_options options = WK_OPTIONS(wick_named_options, WICK_NAMED_DEFAULTS, given);
    return list("wick_nn_parameters", m, PARAMETERS, options);
}

wick_list *wick_nn_buffers_opt(wick_module *m, const wick_named_options *given)
{
    WK_ENTER;
    wick_named_options options = WK_OPTIONS(wick_named_options, WICK_NAMED_DEFAULTS, given);
    return list("wick_nn_buffers", m, BUFFERS, options);
}

/* For C++, where there are no keyword arguments. */
#undef wick_nn_parameters
wick_list *wick_nn_parameters(wick_module *m)
{
    WK_ENTER;
    return wick_nn_parameters_opt(m, NULL);
}

static int64_t count_parameters(const char *function, wick_module *m, bool trainable)
{
    wk_names names;
    int64_t sum = 0;
    bool ok = gather(function, m, PARAMETERS, WK_GATHER_ONCE, &names) && wk_check_initialized(function, &names);
    for (size_t i = 0; ok && i < names.count; i++) {
        const wick_tensor *t = names.entry[i].object;
        sum += !trainable || t->requires_grad ? t->numel : 0;
    }
    wk_names_clear(&names);
    return sum;
}

long long wick_nn_parameter_count(wick_module *m)
{
    WK_ENTER;
    return count_parameters("wick_nn_parameter_count", m, false);
}

long long wick_nn_trainable_parameter_count(wick_module *m)
{
    WK_ENTER;
    return count_parameters("wick_nn_trainable_parameter_count", m, true);
}

void wick_nn_zero_grad(wick_module *m)
{
    WK_ENTER;
    wk_names names;
    gather("wick_nn_zero_grad", m, PARAMETERS, WK_GATHER_ONCE, &names);
    for (size_t i = 0; i < names.count; i++) {
        wick_tensor *t = names.entry[i].object, *grad = t->grad;
        t->grad = NULL;
        wk_unref(grad);
    }
    wk_names_clear(&names);
}

wick_module *wick_nn_requires_grad_(wick_module *m, bool requires_grad)
{
    WK_ENTER;
    wk_names names;
    bool ok = gather("wick_nn_requires_grad_", m, PARAMETERS, WK_GATHER_ONCE, &names) &&
              wk_check_initialized("wick_nn_requires_grad_", &names);
    for (size_t i = 0; ok && i < names.count; i++)
        ((wick_tensor *)names.entry[i].object)->requires_grad = requires_grad;
    wk_names_clear(&names);
    return ok ? m : NULL;
}

/* ---- Modules ----------------------------------------------------------------------------------------------------- */

/* Every module of a model, as they are left: children first. */
typedef struct modules {
    wick_module **item; /* held: a function that is called on one may take others out */
    size_t count, capacity;
} modules;

static void modules_free(modules *all)
{
    for (size_t i = 0; i < all->count; i++)
        wk_unref(all->item[i]);
    wk_free(all->item, all->capacity * sizeof *all->item);
}

/* The whole list is made before anything is done with it, so that running out of memory changes nothing. */
static bool modules_of(const char *function, wick_module *m, wk_walk_kind visit, modules *all)
{
    *all = (modules){0};
    if (!WK_MODULE(m, function, "m"))
        return false;
    wk_walk walk = {.root = m, .visit = visit};
    bool ok = true;
    for (wick_module *at; ok && (at = wk_walk_step(&walk)) != NULL;)
        if (walk.leaving && (ok = WK_GROW(all->item, all->count, all->capacity)))
            all->item[all->count++] = wk_ref(at);
    ok = wk_walk_end(&walk) && ok;
    if (!ok)
        modules_free(all);
    return ok;
}

static wick_module *set_training(const char *function, wick_module *m, bool training)
{
    modules all;
    if (!modules_of(function, m, WK_ONCE, &all))
        return NULL;
    for (size_t i = 0; i < all.count; i++)
        all.item[i]->training = training;
    modules_free(&all);
    return m;
}

wick_module *wick_nn_train_opt(wick_module *m, const wick_train_options *given)
{
    WK_ENTER;
    wick_train_options options = WK_OPTIONS(wick_train_options, true, given);
    return set_training("wick_nn_train", m, options.mode);
}
wick_module *wick_nn_eval(wick_module *m)
{
    WK_ENTER;
    return set_training("wick_nn_eval", m, false);
}
bool wick_nn_is_training(const wick_module *m)
{
    WK_ENTER;
    return WK_MODULE(m, "wick_nn_is_training", "m") && m->training;
}

wick_module *wick_nn_apply(wick_module *m, void (*f)(wick_module *m, void *context), void *context)
{
    WK_ENTER;
    if (!f)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_nn_apply: f is NULL; give the function to call on each module");
    modules all;
    if (!wk_stack_left("wick_nn_apply") ||
        !modules_of("wick_nn_apply", m, WK_ONCE_A_PARENT, &all)) /* as PyTorch counts them */
        return NULL;
    for (size_t i = 0; i < all.count; i++) {
        WK_USERS_CODE;
        f(all.item[i], context);
    }
    modules_free(&all);
    return m;
}

/* ---- Conversion -------------------------------------------------------------------------------------------------- */

wick_module *wick_nn_to_device(wick_module *m, wick_device device)
{
    WK_ENTER_AS("wick_nn_to");
    if (!WK_MODULE(m, "wick_nn_to", "m"))
        return NULL;
    if (device.type != WICK_DEVICE_CPU)
        return wick_fail(WICK_ERROR_DEVICE,
                         "wick_nn_to: cuda:%d is not available: there is no CUDA backend; use wick_cpu(), or ask "
                         "wick_cuda_is_available() first",
                         device.index);
    return m;
}

/* Puts the elements of converted, which it frees, into t, which stays the tensor that layers and optimizers hold. */
static void take_over(wick_tensor *t, wick_tensor *converted)
{
    wk_storage *before = t->storage;
    t->storage = converted->storage;
    converted->storage = before;
    /* A graph that saved t as it was must notice. */
    atomic_store(&t->storage->version, atomic_load(&before->version));
    wk_bump_version(t, "wick_nn_to");
    t->offset = converted->offset;
    t->dtype = converted->dtype;
    for (int d = 0; d < t->ndim; d++)
        t->strides[d] = converted->strides[d];
    t->contiguous = converted->contiguous;
    wick_tensor *base = t->view_of; /* it is a view no longer */
    t->view_of = NULL;
    wk_unref(base);
    wk_unref(converted);
    wick_node *accumulate = atomic_load(&t->accumulate);
    if (accumulate)
        accumulate->dtype = t->dtype;
}

static bool converts(const wick_tensor *t, wick_dtype dtype)
{
    return t && t->dtype != dtype && wick_dtype_is_floating(t->dtype);
}

wick_module *wick_nn_float(wick_module *m)
{
    WK_ENTER;
    return wick_nn_to_dtype(m, WICK_FLOAT32);
}
wick_module *wick_nn_double(wick_module *m)
{
    WK_ENTER;
    return wick_nn_to_dtype(m, WICK_FLOAT64);
}

wick_module *wick_nn_to_dtype(wick_module *m, wick_dtype dtype)
{
    WK_ENTER_AS("wick_nn_to");
    if (!wick_dtype_is_floating(dtype))
        return wick_fail(WICK_ERROR_DTYPE, "wick_nn_to: a module takes floating-point dtypes only, but got %s",
                         wick_dtype_name(dtype));
    wk_names names;
    if (!gather("wick_nn_to", m, PARAMETERS | BUFFERS, WK_GATHER_ONCE, &names))
        return NULL;
    /* Everything is converted before the first tensor changes: of each its elements, and its gradient's. */
    size_t bytes = 2 * names.count * sizeof(wick_tensor *);
    wick_tensor **converted = wk_alloc_zero(bytes);
    bool ok = converted != NULL;
    for (size_t i = 0; ok && i < names.count; i++) {
        const wick_tensor *t = names.entry[i].object;
        if (t->grad_fn)
            ok =
                wick_fail(
                    WICK_ERROR_AUTOGRAD,
                    "wick_nn_to: buffer \"%s\" is the result of an operation that is recorded, and cannot be converted "
                    "in place; register wick_detach of it",
                    names.entry[i].name) != NULL;
        if (ok && converts(t, dtype) && !wk_is_uninitialized(t))
            ok = (converted[2 * i] = wk_cast(t, dtype)) != NULL;
        if (ok && converts(t->grad, dtype))
            ok = (converted[2 * i + 1] = wk_cast(t->grad, dtype)) != NULL;
    }
    for (size_t i = 0; converted && i < names.count; i++) {
        wick_tensor *t = names.entry[i].object;
        if (!ok) {
            wk_unref(converted[2 * i]);
            wk_unref(converted[2 * i + 1]);
            continue;
        }
        if (wk_is_uninitialized(t))
            t->dtype = dtype;
        if (converted[2 * i])
            take_over(t, converted[2 * i]);
        if (converted[2 * i + 1]) {
            wk_unref(t->grad);
            t->grad = converted[2 * i + 1];
        }
    }
    wk_free(converted, bytes);
    wk_names_clear(&names);
    return ok ? m : NULL;
}
