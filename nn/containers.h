/* containers.h - modules made of modules or parameters that one adds and takes out by number or name; a part of nn.h. */
#ifndef WICK_NN_CONTAINERS_H
#define WICK_NN_CONTAINERS_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"

WICK_BEGIN_DECLS

typedef struct wick_module wick_module;

/* ---- Sequential and ModuleList: children under the names "0", "1", ... ------------------------------------------------- */

/* The modules one after another: torch.nn.Sequential; wick_nn_sequential() is empty, to be
 * appended to, and gives its input back. A NULL among them gives NULL. (In what order C makes the modules that are
 * written as arguments, and so in what order they draw random numbers, the standard leaves open; gcc and clang go from left
 * to right.) */
WICK_API wick_module *wick_nn_sequential_n(wick_module *const *modules, int count);

/* Modules for a forward function to loop over: torch.nn.ModuleList. It has no forward of its own. An empty one is
 * wick_nn_module_list(). wick_nn_child(list, i) is list[i], and wick_nn_child_count(list) len(list). */
WICK_API wick_module *wick_nn_module_list_n(wick_module *const *modules, int count);

#define WICK_MODULES_(...) WICK_POINTERS_(int, wick_module *const, __VA_ARGS__)
#define wick_nn_sequential(...) wick_nn_sequential_n(WICK_MODULES_(__VA_ARGS__))
#define wick_nn_module_list(...) wick_nn_module_list_n(WICK_MODULES_(__VA_ARGS__))

/* Changes to a Sequential or a ModuleList, to which each but pop returns it, or NULL with an error and nothing changed.
 * Children behind the place move; an i below 0 counts from the end.
 *     append    m.append(module)
 *     extend    m.extend(other): the children of a Sequential or ModuleList
 *     insert    m.insert(i, module), before child i; i may be the number of children
 *     set_child m[i] = module
 *     pop_child m.pop(i): takes child i out, which is returned and belongs to the innermost scope */
WICK_API wick_module *wick_nn_append(wick_module *m, wick_module *module);
WICK_API wick_module *wick_nn_extend(wick_module *m, wick_module *other);
WICK_API wick_module *wick_nn_insert(wick_module *m, int i, wick_module *module);
WICK_API wick_module *wick_nn_set_child(wick_module *m, int i, wick_module *module);
WICK_API wick_module *wick_nn_pop_child(wick_module *m, int i);

/* ---- By name -------------------------------------------------------------------------------------------------------------- */

typedef struct wick_named_module {
    const char *name;
    wick_module *module;
} wick_named_module;

/* Sequential(OrderedDict([("fc1", a), ("relu", b)])) is wick_nn_sequential_dict({"fc1", a}, {"relu", b}). */
WICK_API wick_module *wick_nn_sequential_dict_n(const wick_named_module *modules, int count);

/* Modules under names, in the order in which they were added: torch.nn.ModuleDict({"conv": a, "pool": b}) is
 * wick_nn_module_dict({"conv", a}, {"pool", b}). It has no forward of its own. An empty one is wick_nn_module_dict().
 * wick_nn_get_module(dict, name) is dict[name], and NULL if there is none; the keys are wick_nn_child_name(dict, i). */
WICK_API wick_module *wick_nn_module_dict_n(const wick_named_module *modules, int count);

#define WICK_NAMED_MODULES_(...)                         \
    ((const wick_named_module[]){{0}, __VA_ARGS__} + 1), \
        (int)(sizeof((const wick_named_module[]){{0}, __VA_ARGS__}) / sizeof(wick_named_module)) - 1
#define wick_nn_sequential_dict(...) wick_nn_sequential_dict_n(WICK_NAMED_MODULES_(__VA_ARGS__))
#define wick_nn_module_dict(...) wick_nn_module_dict_n(WICK_NAMED_MODULES_(__VA_ARGS__))

/* Changes to a ModuleDict, with nothing changed on an error.
 *     set_module  dict[name] = module: a new child at the end, or another in the place of one. Returns module
 *     pop_module  dict.pop(name), which belongs to the innermost scope; a name that is not there is an error
 *     update      dict.update(other): sets every child of another ModuleDict. Returns dict
 *     clear       dict.clear(): lets all children go. Returns dict */
WICK_API wick_module *wick_nn_set_module(wick_module *dict, const char *name, wick_module *module);
WICK_API wick_module *wick_nn_pop_module(wick_module *dict, const char *name);
WICK_API wick_module *wick_nn_update(wick_module *dict, wick_module *other);
WICK_API wick_module *wick_nn_clear(wick_module *dict);

/* ---- Parameters ------------------------------------------------------------------------------------------------------------ */

/* Parameters under the names "0", "1", ...: torch.nn.ParameterList. wick_nn_get(list, "1") is list[1]; more are added by
 * wick_nn_register_parameter. And torch.nn.ParameterDict, at first empty: wick_nn_register_parameter(dict, name, t) is
 * dict[name] = t, wick_nn_get(dict, name) dict[name]. */
WICK_API wick_module *wick_nn_parameter_list_n(wick_tensor *const *parameters, int count);
#define wick_nn_parameter_list(...) wick_nn_parameter_list_n(WICK_TENSORS(__VA_ARGS__))
WICK_API wick_module *wick_nn_parameter_dict(void);

WICK_END_DECLS
#endif
