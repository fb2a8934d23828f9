/* containers.h - modules that hold modules or parameters by index or name; a part of nn.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"

WICK_BEGIN_DECLS

typedef struct wick_module wick_module;

/* ---- Sequential and ModuleList: children under the names "0", "1", ... ------------------------------------------------- */

/* Calls the modules one after another: torch.nn.Sequential. wick_nn_sequential() is empty and returns its input;
 * wick_nn_append adds modules. A NULL among the modules gives NULL. (The C standard does not say in which order the modules
 * that are written as arguments are made, and so in which order they draw random numbers; gcc and clang go from left to
 * right.) */
WICK_API wick_module *wick_nn_sequential_n(wick_module *const *modules, int count);
#define wick_nn_sequential(...) wick_nn_sequential_n(WICK_MODULES_(__VA_ARGS__))

/* Modules over which a forward function loops: torch.nn.ModuleList. It has no forward of its own. wick_nn_module_list() is
 * empty. wick_nn_child(list, i) is list[i], and wick_nn_child_count(list) is len(list). */
WICK_API wick_module *wick_nn_module_list_n(wick_module *const *modules, int count);
#define wick_nn_module_list(...) wick_nn_module_list_n(WICK_MODULES_(__VA_ARGS__))

#define WICK_MODULES_(...) WICK_POINTERS_(int, wick_module *const, __VA_ARGS__)

/* The functions of this group change a Sequential or a ModuleList m. All except wick_nn_pop_child return m, or NULL after an
 * error, which changes nothing. A negative i counts from the end. */

/* m.append(module) */
WICK_API wick_module *wick_nn_append(wick_module *m, wick_module *module);

/* m.extend(other): appends the children of other, a Sequential or ModuleList. */
WICK_API wick_module *wick_nn_extend(wick_module *m, wick_module *other);

/* m.insert(i, module): before child i; i may be the number of children. */
WICK_API wick_module *wick_nn_insert(wick_module *m, int i, wick_module *module);

/* m[i] = module */
WICK_API wick_module *wick_nn_set_child(wick_module *m, int i, wick_module *module);

/* m.pop(i): removes child i and returns it; it then belongs to the innermost scope. The children behind it move up. */
WICK_API wick_module *wick_nn_pop_child(wick_module *m, int i);

/* ---- By name -------------------------------------------------------------------------------------------------------------- */

typedef struct wick_named_module {
    const char *name;
    wick_module *module;
} wick_named_module;

/* Sequential(OrderedDict([("fc1", a), ("relu", b)])) is wick_nn_sequential_dict({"fc1", a}, {"relu", b}). */
WICK_API wick_module *wick_nn_sequential_dict_n(const wick_named_module *modules, int count);
#define wick_nn_sequential_dict(...) wick_nn_sequential_dict_n(WICK_NAMED_MODULES_(__VA_ARGS__))

/* Modules under names, in the order in which they were added: torch.nn.ModuleDict({"conv": a, "pool": b}) is
 * wick_nn_module_dict({"conv", a}, {"pool", b}). It has no forward of its own. An empty one is wick_nn_module_dict().
 * wick_nn_get_module(dict, name) is dict[name], and NULL if there is none; the keys are wick_nn_child_name(dict, i). */
WICK_API wick_module *wick_nn_module_dict_n(const wick_named_module *modules, int count);
#define wick_nn_module_dict(...) wick_nn_module_dict_n(WICK_NAMED_MODULES_(__VA_ARGS__))

#define WICK_NAMED_MODULES_(...)                         \
    ((const wick_named_module[]){{0}, __VA_ARGS__} + 1), \
        (int)(sizeof((const wick_named_module[]){{0}, __VA_ARGS__}) / sizeof(wick_named_module)) - 1

/* The functions of this group change a ModuleDict. An error changes nothing, and the result is NULL. */

/* dict[name] = module: adds a child at the end, or replaces the child of that name. Returns module. */
WICK_API wick_module *wick_nn_set_module(wick_module *dict, const char *name, wick_module *module);

/* dict.pop(name): removes the child of that name and returns it; it then belongs to the innermost scope. A missing name is an
 * error. */
WICK_API wick_module *wick_nn_pop_module(wick_module *dict, const char *name);

/* dict.update(other): sets every child of other, another ModuleDict. Returns dict. */
WICK_API wick_module *wick_nn_update(wick_module *dict, wick_module *other);

/* dict.clear(): removes all children. Returns dict. */
WICK_API wick_module *wick_nn_clear(wick_module *dict);

/* ---- Parameters ------------------------------------------------------------------------------------------------------------ */

/* Parameters under the names "0", "1", ...: torch.nn.ParameterList. wick_nn_get(list, "1") is list[1], and
 * wick_nn_register_parameter adds more. */
WICK_API wick_module *wick_nn_parameter_list_n(wick_tensor *const *parameters, int count);
#define wick_nn_parameter_list(...) wick_nn_parameter_list_n(WICK_TENSORS(__VA_ARGS__))

/* Parameters under names, at first none: torch.nn.ParameterDict. wick_nn_register_parameter(dict, name, t) is dict[name] = t,
 * and wick_nn_get(dict, name) is dict[name]. */
WICK_API wick_module *wick_nn_parameter_dict(void);

WICK_END_DECLS
