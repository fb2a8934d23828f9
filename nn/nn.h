/* nn.h - the public header of the nn layer: modules, layers, losses as modules, state dicts.
 *
 * A module has parameters, buffers and child modules, each under a name, and a forward function. It holds them; the
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
#ifndef WICK_NN_NN_H
#define WICK_NN_NN_H

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

/* An ordered map from names to tensors, which it holds: a state dict, or named parameters. */
typedef struct wick_dict wick_dict;

/* ---- Named tensors --------------------------------------------------------------------------------------------------- */

WICK_API wick_dict *wick_dict_new(void);

/* {"W1": W1, "b1": b1} is wick_dict_of({"W1", W1}, {"b1", b1}). A NULL among the tensors or names gives NULL. */
typedef struct wick_named_tensor {
    const char *name;
    wick_tensor *tensor;
} wick_named_tensor;
WICK_API wick_dict *wick_dict_n(const wick_named_tensor *tensors, int count);
#define wick_dict_of(...)                                            \
    wick_dict_n(((const wick_named_tensor[]){{0}, __VA_ARGS__} + 1), \
                (int)(sizeof((const wick_named_tensor[]){{0}, __VA_ARGS__}) / sizeof(wick_named_tensor)) - 1)

/* Adds tensor under a copy of name, or replaces what was there. False on error. */
WICK_API bool wick_dict_set(wick_dict *dict, const char *name, wick_tensor *tensor);

/* The tensor of that name, which the dict holds; NULL if there is none, which is no error. */
WICK_API wick_tensor *wick_dict_get(const wick_dict *dict, const char *name);

/* The number of entries (0 for NULL), and the i-th name and tensor, in order of insertion (NULL out of range). */
WICK_API long long wick_dict_size(const wick_dict *dict);
WICK_API const char *wick_dict_name(const wick_dict *dict, int64_t i);
WICK_API wick_tensor *wick_dict_tensor(const wick_dict *dict, int64_t i);

/* The tensors alone, in order. */
WICK_API wick_list *wick_dict_tensors(const wick_dict *dict);

/* ---- Modules of one's own ---------------------------------------------------------------------------------------------- */

typedef struct wick_module_options {
    size_t size_;
    char start_;
    wick_tensor *(*forward)(wick_module *m, wick_tensor *x);                           /* of one input */
    wick_tensor *(*forward2)(wick_module *m, wick_tensor *x, wick_tensor *y);          /* of two inputs */
    wick_tensor *(*forward_n)(wick_module *m, wick_tensor *const *inputs, int count);  /* of any number */
    wick_list *(*forward_list)(wick_module *m, wick_tensor *const *inputs, int count); /* with several results */
    size_t size; /* bytes of the fields, zeroed; default 0 */
    void (*print_extra)(wick_module *m, char *text,
                        size_t length); /* writes what print shows in Name(...); default none */
    void (*destroy)(wick_module *m);    /* called once, before the module is freed; default none. Who keeps it
                                         there, or puts it into another module, has it live on */
} wick_module_options;
#define WICK_MODULE_DEFAULTS 0, NULL, NULL, NULL, NULL, 0, NULL, NULL

/* A module of the given class name with no parameters yet. Exactly one of the four forwards is given. */
WICK_API wick_module *wick_nn_module_opt(const char *name, const wick_module_options *options);
#define wick_nn_module(name, ...) \
    wick_nn_module_opt(name, WICK_OPTIONS(wick_module_options, WICK_MODULE_DEFAULTS, __VA_ARGS__))

/* The fields of a module made with .size; aligned for any type. NULL for NULL. */
WICK_API void *wick_nn_fields(const wick_module *m);

/* Registers a tensor or module under name (no dots, not empty, not taken) and returns it. The module holds it from now
 * on. A parameter is made to require grad and must be a floating-point leaf. A NULL parameter, buffer or child is passed
 * through as NULL and not registered: as PyTorch's None, it is in no list and in no state dict. A module cannot contain
 * itself. */
typedef struct wick_buffer_options {
    size_t size_;
    char start_;
    bool persistent; /* a part of the state dict; default true */
} wick_buffer_options;
#define WICK_BUFFER_DEFAULTS 0, true
WICK_API wick_tensor *wick_nn_register_parameter(wick_module *m, const char *name, wick_tensor *parameter);
WICK_API wick_tensor *wick_nn_register_buffer_opt(wick_module *m, const char *name, wick_tensor *buffer,
                                                  const wick_buffer_options *options);
#define wick_nn_register_buffer(m, name, buffer, ...) \
    wick_nn_register_buffer_opt(m, name, buffer, WICK_OPTIONS(wick_buffer_options, WICK_BUFFER_DEFAULTS, __VA_ARGS__))
WICK_API wick_module *wick_nn_register_module(wick_module *m, const char *name, wick_module *child);

/* ---- Using a module ------------------------------------------------------------------------------------------------------ */

/* model(x), loss_fn(pred, y): runs the module's forward. The result belongs to the innermost scope, and intermediate
 * results to the scopes that forward opens. */
WICK_API wick_tensor *wick_nn_forward_n(wick_module *m, wick_tensor *const *inputs, int count);
#define wick_nn_forward(m, ...) wick_nn_forward_n(m, WICK_POINTERS_(int, wick_tensor *const, __VA_ARGS__))

/* The same of a module whose forward returns several tensors, as PyTorch's may return a tuple. Of any other module it is a list of
 * its one result, and of a Sequential what its last module gives. wick_nn_forward of a module that gives more or fewer than one
 * tensor is an error.
 *     wick_tensor *mu, *log_var;                                                     // mu, log_var = encoder(x)
 *     wick_list_unpack(wick_nn_forward_list(encoder, x), &mu, &log_var); */
WICK_API wick_list *wick_nn_forward_list_n(wick_module *m, wick_tensor *const *inputs, int count);
#define wick_nn_forward_list(m, ...) wick_nn_forward_list_n(m, WICK_POINTERS_(int, wick_tensor *const, __VA_ARGS__))

/* All parameters, of the module itself first and then of its children, depth first, each once: model.parameters(). And
 * buffers. Parameters whose shape is not known yet (wick_nn_lazy_linear) are an error. */
typedef struct wick_named_options {
    size_t size_;
    char start_;
    bool recurse; /* those of the children too; default true */
    bool
        remove_duplicate; /* of the named ones: a tensor under several names appears under the first alone; default true */
} wick_named_options;
#define WICK_NAMED_DEFAULTS 0, true, true
#define WICK_NAMED_OPTIONS(...) WICK_OPTIONS(wick_named_options, WICK_NAMED_DEFAULTS, __VA_ARGS__)
WICK_API wick_list *wick_nn_parameters_opt(wick_module *m, const wick_named_options *options);
WICK_API wick_list *wick_nn_buffers_opt(wick_module *m, const wick_named_options *options);
WICK_API wick_list *wick_nn_parameters(wick_module *m); /* with the defaults, for C++ */
#ifndef __cplusplus
#define wick_nn_parameters(m, ...) wick_nn_parameters_opt(m, WICK_NAMED_OPTIONS(__VA_ARGS__))
#endif
#define wick_nn_buffers(m, ...) wick_nn_buffers_opt(m, WICK_NAMED_OPTIONS(__VA_ARGS__))

/* The same under their dotted names, "fc_layers.0.weight": model.named_parameters(), model.named_buffers(). */
WICK_API wick_dict *wick_nn_named_parameters_opt(wick_module *m, const wick_named_options *options);
WICK_API wick_dict *wick_nn_named_buffers_opt(wick_module *m, const wick_named_options *options);
#define wick_nn_named_parameters(m, ...) wick_nn_named_parameters_opt(m, WICK_NAMED_OPTIONS(__VA_ARGS__))
#define wick_nn_named_buffers(m, ...) wick_nn_named_buffers_opt(m, WICK_NAMED_OPTIONS(__VA_ARGS__))

/* How many numbers the parameters hold together, and those that require grad. */
WICK_API long long wick_nn_parameter_count(wick_module *m);
WICK_API long long wick_nn_trainable_parameter_count(wick_module *m);

/* A parameter, buffer or child by its dotted name; NULL if there is none, which is no error. */
WICK_API wick_tensor *wick_nn_get(wick_module *m, const char *name);
WICK_API wick_module *wick_nn_get_module(wick_module *m, const char *name);

/* The direct children in order, by number (below 0: from the end): how many, the i-th, and its name. A child that was
 * registered twice counts twice. */
WICK_API int wick_nn_child_count(const wick_module *m);
WICK_API wick_module *wick_nn_child(const wick_module *m, int i);
WICK_API const char *wick_nn_child_name(const wick_module *m, int i);

/* Modules with their dotted names, in order: a list of its own, which holds them.
 *     wick_modules *all = wick_nn_modules(model);
 *     for (int64_t i = 0; i < wick_modules_size(all); i++)
 *         printf("%s: %s\n", wick_modules_name(all, i), wick_nn_name(wick_modules_get(all, i)));
 * modules: m itself, under the name "", and all below it, depth first, each once: model.named_modules(). children: the direct
 * ones, each once: model.named_children(). wick_modules_size of NULL is 0; an i out of range gives NULL. */
typedef struct wick_modules wick_modules;
WICK_API wick_modules *wick_nn_modules(wick_module *m);
WICK_API wick_modules *wick_nn_children(wick_module *m);
WICK_API long long wick_modules_size(const wick_modules *modules);
WICK_API wick_module *wick_modules_get(const wick_modules *modules, int64_t i);
WICK_API const char *wick_modules_name(const wick_modules *modules, int64_t i);

/* The class name: "Linear". */
WICK_API const char *wick_nn_name(const wick_module *m);

/* Training and evaluation mode, of the module and all below it; returns m: model.train(), model.train(mode), model.eval(). */
typedef struct wick_train_options {
    size_t size_;
    char start_;
    bool mode; /* default true */
} wick_train_options;
#define WICK_TRAIN_DEFAULTS 0, true
WICK_API wick_module *wick_nn_train_opt(wick_module *m, const wick_train_options *options);
#define wick_nn_train(m, ...) wick_nn_train_opt(m, WICK_OPTIONS(wick_train_options, WICK_TRAIN_DEFAULTS, __VA_ARGS__))
WICK_API wick_module *wick_nn_eval(wick_module *m);
WICK_API bool wick_nn_is_training(const wick_module *m);

/* Clears the gradient of every parameter: model.zero_grad(). */
WICK_API void wick_nn_zero_grad(wick_module *m);

/* Sets requires_grad of every parameter; returns m. */
WICK_API wick_module *wick_nn_requires_grad_(wick_module *m, bool requires_grad);

/* Calls f on every module below m, children first, and then on m itself; returns m: model.apply(f). */
WICK_API wick_module *wick_nn_apply(wick_module *m, void (*f)(wick_module *m, void *context), void *context);

/* Moves the parameters and buffers: model.to(device), model.to(dtype), in place; returns m, or NULL with nothing moved.
 * float: to float32, double: to float64, as model.float() and model.double(). */
WICK_API wick_module *wick_nn_to_device(wick_module *m, wick_device device);
WICK_API wick_module *wick_nn_to_dtype(wick_module *m, wick_dtype dtype);
WICK_API wick_module *wick_nn_float(wick_module *m);
WICK_API wick_module *wick_nn_double(wick_module *m);
#ifndef __cplusplus
#define wick_nn_to(m, target) \
    _Generic((target), wick_device : wick_nn_to_device, int : wick_nn_to_dtype, unsigned : wick_nn_to_dtype)(m, target)
#endif

/* The parameters and buffers under their dotted names, detached, on the same storage: model.state_dict(). A tensor that is
 * registered under several names appears under each. */
WICK_API wick_dict *wick_nn_state_dict(wick_module *m);

/* Copies the entries of dict into the parameters and buffers of the same names: model.load_state_dict(dict). Missing or
 * unexpected names (unless .strict = false) and wrong shapes are an error that lists them all, and nothing is copied. */
typedef struct wick_load_options {
    size_t size_;
    char start_;
    bool strict; /* default true */
} wick_load_options;
#define WICK_LOAD_DEFAULTS 0, true
WICK_API bool wick_nn_load_state_dict_opt(wick_module *m, wick_dict *dict, const wick_load_options *options);
#define wick_nn_load_state_dict(m, dict, ...) \
    wick_nn_load_state_dict_opt(m, dict, WICK_OPTIONS(wick_load_options, WICK_LOAD_DEFAULTS, __VA_ARGS__))

/* The text of print(model), to the letter, owned by the innermost scope; and the same written to stdout with a newline. */
WICK_API const char *wick_nn_to_string(wick_module *m);
WICK_API bool wick_nn_print(wick_module *m);

WICK_END_DECLS
#endif
