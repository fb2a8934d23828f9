/* nn.h - the public header of the nn layer: modules, layers, losses as modules, state dicts.
 *
 * A module has parameters, buffers and child modules, each under a name, and a forward function. It keeps them alive, and the
 * scope in which it was made owns the module. A user's own module is a forward function and a struct of fields:
 *
 *     typedef struct { wick_tensor *W, *b; } my_layer;
 *
 *     static wick_tensor *my_forward(wick_module *m, wick_tensor *x)
 *     {
 *         my_layer *self = wick_nn_fields(m);
 *         return wick_mul(3, wick_add(wick_matmul(x, wick_t(self->W)), self->b));
 *     }
 *
 *     wick_module *m = wick_nn_module("MyLayer", .forward = my_forward, .size = sizeof(my_layer));
 *     my_layer *self = wick_nn_fields(m);
 *     self->W = wick_nn_register_parameter(m, "W", wick_randn(5, 3)); */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"
#include "containers.h"
#include "layers.h"
#include "losses.h"
#include "module_hooks.h"
#include "summary.h"

WICK_BEGIN_DECLS

/* An ordered map from names to tensors: a state dict, or named parameters. It keeps the tensors alive. */
typedef struct wick_dict wick_dict;

/* ---- Named tensors --------------------------------------------------------------------------------------------------- */

/* An empty dict, which the innermost open scope owns. */
WICK_API wick_dict *wick_nn_dict_new(void);

/* A new dict with entries: wick_nn_dict_of({"W1", W1}, {"b1", b1}) is {"W1": W1, "b1": b1}. With a NULL among the tensors or names
 * it is NULL. */
typedef struct wick_named_tensor {
    const char *name;
    wick_tensor *tensor;
} wick_named_tensor;
WICK_API wick_dict *wick_nn_dict_n(const wick_named_tensor *tensors, int count);
#define wick_nn_dict_of(...)                                            \
    wick_nn_dict_n(((const wick_named_tensor[]){{0}, __VA_ARGS__} + 1), \
                   (int)(sizeof((const wick_named_tensor[]){{0}, __VA_ARGS__}) / sizeof(wick_named_tensor)) - 1)

/* dict[name] = tensor: adds an entry under a copy of name, or replaces the tensor of that name. False on error. */
WICK_API bool wick_nn_dict_set(wick_dict *dict, const char *name, wick_tensor *tensor);

/* The tensor of that name, which the dict keeps alive; NULL, without an error, if there is none. */
WICK_API wick_tensor *wick_nn_dict_get(const wick_dict *dict, const char *name);

/* The number of entries; 0 for NULL. */
WICK_API long long wick_nn_dict_count(const wick_dict *dict);

/* The name of entry i, in order of insertion, which the dict owns; NULL, without an error, if there is none. */
WICK_API const char *wick_nn_dict_name(const wick_dict *dict, int64_t i);

/* The tensor of entry i, in order of insertion, which the dict keeps alive; NULL, without an error, if there is none. */
WICK_API wick_tensor *wick_nn_dict_tensor(const wick_dict *dict, int64_t i);

/* The tensors without their names, in order of insertion, as a new list. */
WICK_API wick_list *wick_nn_dict_tensors(const wick_dict *dict);

/* ---- Your own modules -------------------------------------------------------------------------------------------------- */

/* A module of the given class name, without parameters at first. Exactly one of the four forwards must be given. */
typedef struct wick_module_options {
    size_t size_;
    char start_;
    wick_tensor *(*forward)(wick_module *m, wick_tensor *x);                           /* with one input */
    wick_tensor *(*forward2)(wick_module *m, wick_tensor *x, wick_tensor *y);          /* with two inputs */
    wick_tensor *(*forward_n)(wick_module *m, wick_tensor *const *inputs, int count);  /* with any number */
    wick_list *(*forward_list)(wick_module *m, wick_tensor *const *inputs, int count); /* with several results */
    size_t size; /* bytes of the fields, which start at 0; default 0 */
    void (*print_extra)(wick_module *m, char *text,
                        size_t length); /* writes what print shows in Name(...); default none */
    /* Called once, before the module is freed; default none. If it keeps the module or puts it into another one, the module
     * lives on. */
    void (*destroy)(wick_module *m);
} wick_module_options;
WICK_API wick_module *wick_nn_module_opt(const char *name, const wick_module_options *options);
#define wick_nn_module(name, ...) wick_nn_module_opt(name, WICK_OPTIONS(wick_module_options, 0, __VA_ARGS__))

/* The fields of a module made with .size; aligned for any type. NULL for NULL. */
WICK_API void *wick_nn_fields(const wick_module *m);

/* Registers a tensor under name as a parameter of m, which keeps it alive, and returns it. parameter must be a floating-point
 * leaf, and requires grad from then on. name must not be empty or taken, and must not contain a dot. A NULL parameter is not
 * registered, and the result is NULL: as PyTorch's None, it is in no list and in no state dict. */
WICK_API wick_tensor *wick_nn_register_parameter(wick_module *m, const char *name, wick_tensor *parameter);

/* The same for a buffer, a tensor that is part of the module's state but not trained. */
typedef struct wick_buffer_options {
    size_t size_;
    char start_;
    bool persistent; /* is part of the state dict; default true */
} wick_buffer_options;
WICK_API wick_tensor *wick_nn_register_buffer_opt(wick_module *m, const char *name, wick_tensor *buffer,
                                                  const wick_buffer_options *options);
#define wick_nn_register_buffer(m, name, buffer, ...) \
    wick_nn_register_buffer_opt(m, name, buffer, WICK_OPTIONS(wick_buffer_options, true, __VA_ARGS__))

/* The same for a child module. A module cannot contain itself. */
WICK_API wick_module *wick_nn_register_module(wick_module *m, const char *name, wick_module *child);

/* ---- Using a module ------------------------------------------------------------------------------------------------------ */

/* model(x), loss_fn(pred, y): runs the module's forward with the given inputs. The result belongs to the innermost scope, and
 * intermediate results to the scopes that forward opens. */
WICK_API wick_tensor *wick_nn_forward_n(wick_module *m, wick_tensor *const *inputs, int count);
#define wick_nn_forward(m, ...) wick_nn_forward_n(m, WICK_POINTERS_(int, wick_tensor *const, __VA_ARGS__))

/* The same for a module whose forward returns several tensors, as a forward in PyTorch may return a tuple. A module with one
 * result gives a list of that one, and a Sequential gives what its last module gives. For a module that returns more or fewer
 * than one tensor, wick_nn_forward is an error.
 *     wick_tensor *mu, *log_var;                                                     // mu, log_var = encoder(x)
 *     wick_list_unpack(wick_nn_forward_list(encoder, x), &mu, &log_var); */
WICK_API wick_list *wick_nn_forward_list_n(wick_module *m, wick_tensor *const *inputs, int count);
#define wick_nn_forward_list(m, ...) wick_nn_forward_list_n(m, WICK_POINTERS_(int, wick_tensor *const, __VA_ARGS__))

/* All parameters, each once: first those of the module itself, then those of its children, depth first: model.parameters().
 * Parameters whose shape is not known yet (wick_nn_lazy_linear) are an error. */
typedef struct wick_named_options {
    size_t size_;
    char start_;
    bool recurse;          /* includes those of the children; default true */
    bool remove_duplicate; /* a tensor with several names appears once, under the first of them; default true */
} wick_named_options;
#define WICK_NAMED_DEFAULTS true, true
WICK_API wick_list *wick_nn_parameters_opt(wick_module *m, const wick_named_options *options);
WICK_API wick_list *wick_nn_parameters(wick_module *m);
#define wick_nn_parameters(m, ...) \
    wick_nn_parameters_opt(m, WICK_OPTIONS(wick_named_options, WICK_NAMED_DEFAULTS, __VA_ARGS__))

/* All buffers, in the same order: model.buffers(). */
WICK_API wick_list *wick_nn_buffers_opt(wick_module *m, const wick_named_options *options);
#define wick_nn_buffers(m, ...) \
    wick_nn_buffers_opt(m, WICK_OPTIONS(wick_named_options, WICK_NAMED_DEFAULTS, __VA_ARGS__))

/* The parameters under their dotted names, "fc_layers.0.weight": model.named_parameters(). */
WICK_API wick_dict *wick_nn_named_parameters_opt(wick_module *m, const wick_named_options *options);
#define wick_nn_named_parameters(m, ...) \
    wick_nn_named_parameters_opt(m, WICK_OPTIONS(wick_named_options, WICK_NAMED_DEFAULTS, __VA_ARGS__))

/* The buffers under their dotted names: model.named_buffers(). */
WICK_API wick_dict *wick_nn_named_buffers_opt(wick_module *m, const wick_named_options *options);
#define wick_nn_named_buffers(m, ...) \
    wick_nn_named_buffers_opt(m, WICK_OPTIONS(wick_named_options, WICK_NAMED_DEFAULTS, __VA_ARGS__))

/* The number of elements of all parameters. A parameter without a shape yet is an error, and the result 0. */
WICK_API long long wick_nn_parameter_count(wick_module *m);

/* The number of elements of the parameters that require grad. */
WICK_API long long wick_nn_trainable_parameter_count(wick_module *m);

/* The parameter or buffer of a dotted name, "fc.weight"; NULL, without an error, if there is none. */
WICK_API wick_tensor *wick_nn_get(wick_module *m, const char *name);

/* The module of a dotted name, "layers.0", and m for "": model.get_submodule(name). NULL, without an error, if there is none. */
WICK_API wick_module *wick_nn_get_module(wick_module *m, const char *name);

/* The number of direct children. A child that was registered under two names counts twice. */
WICK_API long long wick_nn_child_count(const wick_module *m);

/* The i-th direct child, in the order of registration; a negative i counts from the end. An i out of range is an error. */
WICK_API wick_module *wick_nn_child(const wick_module *m, int i);

/* The name of the i-th direct child, which m owns; i as for wick_nn_child. */
WICK_API const char *wick_nn_child_name(const wick_module *m, int i);

/* Modules with their dotted names, in order. The list keeps them alive.
 *     wick_modules *all = wick_nn_modules(model);
 *     for (int64_t i = 0; i < wick_nn_modules_count(all); i++)
 *         printf("%s: %s\n", wick_nn_modules_name(all, i), wick_nn_name(wick_nn_modules_get(all, i))); */
typedef struct wick_modules wick_modules;

/* m itself, under the name "", and all modules below it, depth first, each once: model.named_modules(). */
WICK_API wick_modules *wick_nn_modules(wick_module *m);

/* The direct children of m, each once: model.named_children(). */
WICK_API wick_modules *wick_nn_children(wick_module *m);

/* The number of modules in the list; 0 for NULL. */
WICK_API long long wick_nn_modules_count(const wick_modules *modules);

/* Module i of the list; NULL, without an error, if there is none. */
WICK_API wick_module *wick_nn_modules_get(const wick_modules *modules, int64_t i);

/* The name of module i, which the list owns; NULL, without an error, if there is none. */
WICK_API const char *wick_nn_modules_name(const wick_modules *modules, int64_t i);

/* The name of the module's class: "Linear". The module owns the text. */
WICK_API const char *wick_nn_name(const wick_module *m);

/* Sets training mode, or with .mode = false evaluation mode, for m and all modules below it; returns m: model.train(mode). */
typedef struct wick_train_options {
    size_t size_;
    char start_;
    bool mode; /* default true */
} wick_train_options;
WICK_API wick_module *wick_nn_train_opt(wick_module *m, const wick_train_options *options);
#define wick_nn_train(m, ...) wick_nn_train_opt(m, WICK_OPTIONS(wick_train_options, true, __VA_ARGS__))

/* Sets evaluation mode for m and all modules below it; returns m: model.eval(). */
WICK_API wick_module *wick_nn_eval(wick_module *m);

/* Whether m is in training mode, as a new module is: model.training. False for NULL. */
WICK_API bool wick_nn_is_training(const wick_module *m);

/* Drops the gradient of every parameter, which has none (NULL) afterwards: model.zero_grad(). */
WICK_API void wick_nn_zero_grad(wick_module *m);

/* Sets requires_grad for every parameter of m and of the modules below it; returns m: model.requires_grad_(). */
WICK_API wick_module *wick_nn_requires_grad_(wick_module *m, bool requires_grad);

/* Calls f on every module below m, children first, and then on m itself; returns m: model.apply(f). */
WICK_API wick_module *wick_nn_apply(wick_module *m, void (*f)(wick_module *m, void *context), void *context);

/* Moves all parameters and buffers in place: model.to(device). Returns m, or NULL after an error, with nothing moved. There
 * is only the CPU. */
WICK_API wick_module *wick_nn_to_device(wick_module *m, wick_device device);

/* Converts all floating-point parameters and buffers, and their gradients, in place: model.to(dtype). dtype must be floating
 * point. Returns m, or NULL after an error, with nothing converted. */
WICK_API wick_module *wick_nn_to_dtype(wick_module *m, wick_dtype dtype);

/* wick_nn_to_dtype with float32: model.float(). */
WICK_API wick_module *wick_nn_float(wick_module *m);

/* wick_nn_to_dtype with float64: model.double(). */
WICK_API wick_module *wick_nn_double(wick_module *m);

/* wick_nn_to_device or wick_nn_to_dtype, by the type of target: model.to(target). */
#ifndef __cplusplus
#define wick_nn_to(m, target) \
    _Generic((target), wick_device : wick_nn_to_device, int : wick_nn_to_dtype, unsigned : wick_nn_to_dtype)(m, target)
#endif

/* The parameters and the persistent buffers under their dotted names, detached, on the same storage: model.state_dict(). A
 * tensor with several names appears under each of them. */
WICK_API wick_dict *wick_nn_state_dict(wick_module *m);

/* Copies the entries of dict into the parameters and buffers of the same names: model.load_state_dict(dict). Missing and
 * unexpected names (unless .strict is false) and wrong shapes are an error that lists them all; then nothing is copied. */
typedef struct wick_load_options {
    size_t size_;
    char start_;
    bool strict; /* default true */
} wick_load_options;
WICK_API bool wick_nn_load_state_dict_opt(wick_module *m, wick_dict *dict, const wick_load_options *options);
#define wick_nn_load_state_dict(m, dict, ...) \
    wick_nn_load_state_dict_opt(m, dict, WICK_OPTIONS(wick_load_options, true, __VA_ARGS__))

/* The text of print(model), to the letter. The string belongs to the innermost scope. */
WICK_API const char *wick_nn_to_string(wick_module *m);

/* Writes that text and a newline to stdout: print(model). False on error. */
WICK_API bool wick_nn_print(wick_module *m);

WICK_END_DECLS
