/* container.c - Sequential, ModuleList, ModuleDict, ParameterList and ParameterDict. */
#include <stdio.h>
#include <string.h>

#include "module.h"

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

/* All layers but the last few. What a layer makes on the way is freed when it is done, and its result when the next layer has read it, unless the
 * graph holds them: evaluating a deep model needs the memory of its two largest neighbouring results. */
static wick_tensor *first_layers(wick_module *m, wick_tensor *x, size_t but)
{
    const wk_names *children = &m->table[WK_CHILDREN];
    wk_ref(x);
    for (size_t i = 0; x && i + but < children->count; i++) {
        wick_scope scope = wick_scope_push();
        wick_tensor *y = wk_ref(wick_nn_forward_n(children->entry[i].object, &x, 1));
        wick_scope_pop(&scope);
        wk_unref(x);
        x = y;
    }
    return wk_own(x);
}

static wick_tensor *sequential_forward(wick_module *m, wick_tensor *x) { return first_layers(m, x, 0); }

wick_list *wk_sequential_results(wick_module *m, wick_tensor *x)
{
    const wk_names *children = &m->table[WK_CHILDREN];
    WICK_SCOPE;
    wick_tensor *y = first_layers(m, x, 1);
    if (!y)
        return NULL;
    return wick_out(children->count ? wick_nn_forward_list_n(children->entry[children->count - 1].object, &y, 1)
                                    : wick_list_n(&y, 1));
}

static wick_tensor *no_forward(wick_module *m, wick_tensor *const *inputs, int count)
{
    (void)inputs, (void)count;
    return wick_fail(WICK_ERROR_ARGUMENT, "wick_nn_forward: Module [%s] is missing the required \"forward\" function",
                     m->name);
}

static const wick_module_options without_forward = {.forward_n = no_forward};

/* ---- Children by number ------------------------------------------------------------------------------------------ */

/* A new container; one reference, the caller's. */
static wick_module *container_new(wk_container kind)
{
    static const char *const names[] = {"", "Sequential", "ModuleList", "ModuleDict"};
    wick_module *m = kind == WK_SEQUENTIAL
                         ? wk_module_new(names[kind], &(wick_module_options){.forward = sequential_forward})
                         : wk_module_new(names[kind], &without_forward);
    if (m)
        m->container = kind;
    return m;
}

/* Whether there may be so many in an array that is there; an error if not. */
static bool check_array(const char *function, const void *array, int count)
{
    if (count >= 0 && (array || count == 0))
        return true;
    wick_fail(WICK_ERROR_ARGUMENT, array ? "%s: count is %d; it must be 0 or more" : "%s: the array of %d is NULL",
              function, count);
    return false;
}

static bool append(wick_module *m, wick_module *module)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", m->table[WK_CHILDREN].count);
    return wick_nn_register_module(m, name, module) != NULL;
}

/* A container of these; names NULL: "0", "1", ... */
static wick_module *container(const char *function, wk_container kind, wick_module *const *modules,
                              const wick_named_module *named, int count)
{
    if (!check_array(function, named ? (const void *)named : modules, count))
        return NULL;
    for (int i = 0; i < count; i++)
        if (!WK_MODULE(named ? named[i].module : modules[i], function, "module"))
            return NULL;
    wick_module *m = container_new(kind);
    for (int i = 0; m && i < count; i++)
        if (named ? !wick_nn_register_module(m, named[i].name, named[i].module) : !append(m, modules[i])) {
            wk_unref(m);
            return NULL;
        }
    return wk_own(m);
}

wick_module *wick_nn_sequential_n(wick_module *const *modules, int count)
{
    WK_ENTER;
    return container("wick_nn_sequential", WK_SEQUENTIAL, modules, NULL, count);
}

wick_module *wick_nn_module_list_n(wick_module *const *modules, int count)
{
    WK_ENTER;
    return container("wick_nn_module_list", WK_MODULE_LIST, modules, NULL, count);
}

wick_module *wick_nn_sequential_dict_n(const wick_named_module *modules, int count)
{
    WK_ENTER;
    return container("wick_nn_sequential_dict", WK_SEQUENTIAL, NULL, modules, count);
}

wick_module *wick_nn_module_dict_n(const wick_named_module *modules, int count)
{
    WK_ENTER;
    return container("wick_nn_module_dict", WK_MODULE_DICT, NULL, modules, count);
}

/* Whether m is a container whose children are changed by number, or by name; an error if not. The fields of other modules may
 * point to their children. */
static bool check(const char *function, const wick_module *m, bool by_name)
{
    if (!WK_MODULE(m, function, "m"))
        return false;
    if (by_name ? m->container == WK_MODULE_DICT : m->container == WK_SEQUENTIAL || m->container == WK_MODULE_LIST)
        return true;
    return wick_fail(WICK_ERROR_ARGUMENT, "%s: the first argument is a %s, not a %s; use wick_nn_register_module",
                     function, m->name, by_name ? "ModuleDict" : "Sequential or ModuleList") != NULL;
}

/* i counted from the first, below limit; false with an error if it is not. */
static bool wrap(const char *function, const wick_module *m, int i, size_t limit, size_t *at)
{
    size_t count = m->table[WK_CHILDREN].count;
    *at = i < 0 ? count - (size_t) - (int64_t)i : (size_t)i; /* too far before the first: a huge number */
    if (*at < limit)
        return true;
    return wick_fail(WICK_ERROR_INDEX, "%s: index %d is out of range: %s has %zu children", function, i, m->name,
                     count) != NULL;
}

wick_module *wick_nn_append(wick_module *m, wick_module *module)
{
    WK_ENTER;
    if (!check("wick_nn_append", m, false) || !WK_MODULE(module, "wick_nn_append", "module"))
        return NULL;
    return append(m, module) ? m : NULL;
}

wick_module *wick_nn_extend(wick_module *m, wick_module *other)
{
    WK_ENTER;
    if (!check("wick_nn_extend", m, false) || !check("wick_nn_extend", other, false))
        return NULL;
    wk_names *children = &m->table[WK_CHILDREN];
    const wk_names *others = &other->table[WK_CHILDREN];
    size_t before = children->count, count = others->count; /* of m itself, too, if that is the other */
    for (size_t i = 0; i < count; i++)
        if (!append(m, others->entry[i].object)) {
            while (children->count > before) {
                const wk_entry *last = &children->entry[children->count - 1];
                wk_names_remove(children, last->name, last->length);
            }
            return NULL;
        }
    return m;
}

wick_module *wick_nn_insert(wick_module *m, int i, wick_module *module)
{
    WK_ENTER;
    const char *function = "wick_nn_insert";
    size_t at;
    if (!check(function, m, false) || !WK_MODULE(module, function, "module") ||
        !wrap(function, m, i, m->table[WK_CHILDREN].count + 1, &at) || !append(m, module))
        return NULL;
    wk_entry *e = m->table[WK_CHILDREN].entry; /* names stay where they are, and modules move */
    for (size_t k = m->table[WK_CHILDREN].count - 1; k > at; k--)
        e[k].object = e[k - 1].object;
    e[at].object = module;
    return m;
}

wick_module *wick_nn_set_child(wick_module *m, int i, wick_module *module)
{
    WK_ENTER;
    const char *function = "wick_nn_set_child";
    size_t at;
    if (!check(function, m, false) || !WK_MODULE(module, function, "module") ||
        !wrap(function, m, i, m->table[WK_CHILDREN].count, &at) ||
        !wk_module_replace(function, m, m->table[WK_CHILDREN].entry[at].name, module))
        return NULL;
    return m;
}

wick_module *wick_nn_pop_child(wick_module *m, int i)
{
    WK_ENTER;
    const char *function = "wick_nn_pop_child";
    size_t at;
    if (!check(function, m, false) || !wrap(function, m, i, m->table[WK_CHILDREN].count, &at))
        return NULL;
    wk_names *children = &m->table[WK_CHILDREN];
    wk_entry *e = children->entry;
    wick_module *gone = e[at].object, *out = wk_own(wk_ref(gone));
    if (!out)
        return NULL;
    size_t last = children->count - 1;
    for (size_t k = at; k < last; k++)
        e[k].object = e[k + 1].object;
    e[last].object = gone;
    wk_names_remove(children, e[last].name, e[last].length);
    return out;
}

/* ---- Children by name -------------------------------------------------------------------------------------------- */

wick_module *wick_nn_set_module(wick_module *dict, const char *name, wick_module *module)
{
    WK_ENTER;
    const char *function = "wick_nn_set_module";
    if (!check(function, dict, true) || !WK_MODULE(module, function, "module"))
        return NULL;
    if (name && wk_names_find(&dict->table[WK_CHILDREN], name, strlen(name)))
        return wk_module_replace(function, dict, name, module) ? module : NULL;
    return wick_nn_register_module(dict, name, module);
}

wick_module *wick_nn_pop_module(wick_module *dict, const char *name)
{
    WK_ENTER;
    const char *function = "wick_nn_pop_module";
    if (!check(function, dict, true))
        return NULL;
    size_t length = name ? strlen(name) : 0;
    wick_module *gone = name ? wk_names_find(&dict->table[WK_CHILDREN], name, length) : NULL;
    if (!gone)
        return wick_fail(WICK_ERROR_INDEX, "%s: there is no \"%s\" in this %s", function, name ? name : "", dict->name);
    if (!wk_own(wk_ref(gone)))
        return NULL;
    wk_names_remove(&dict->table[WK_CHILDREN], name, length);
    return gone;
}

wick_module *wick_nn_update(wick_module *dict, wick_module *other)
{
    WK_ENTER;
    const char *function = "wick_nn_update";
    if (!check(function, dict, true) || !check(function, other, true))
        return NULL;
    wk_names *children = &dict->table[WK_CHILDREN], before = {0};
    const wk_names *others = &other->table[WK_CHILDREN];
    bool copied = true;
    for (size_t i = 0; copied && i < children->count; i++) {
        const wk_entry *e = &children->entry[i];
        copied = wk_names_set(&before, e->name, e->length, e->object);
    }
    bool updated = copied;
    for (size_t i = 0; updated && i < others->count; i++)
        updated = wick_nn_set_module(dict, others->entry[i].name, others->entry[i].object) != NULL;
    if (copied && !updated) {
        wk_names half = *children;
        *children = before;
        before = half;
    }
    wk_names_clear(&before);
    return updated ? dict : NULL;
}

wick_module *wick_nn_clear(wick_module *dict)
{
    WK_ENTER;
    if (!check("wick_nn_clear", dict, true))
        return NULL;
    wk_names gone = dict->table[WK_CHILDREN]; /* first, as what a child's destroy function sees */
    dict->table[WK_CHILDREN] = (wk_names){0};
    wk_names_clear(&gone);
    return dict;
}

/* ---- Parameters -------------------------------------------------------------------------------------------------- */

/* A line for each parameter, as PyTorch writes them. */
static void parameters_extra(wick_module *m, char *text, size_t length)
{
    const wk_names *own = &m->table[WK_PARAMETERS];
    bool is_list = strcmp(m->name, "ParameterList") == 0;
    for (size_t i = 0, at = 0; i < own->count && at < length; i++) {
        const wick_tensor *t = own->entry[i].object;
        const char *type = is_list                    ? wick_dtype_name(t->dtype)
                           : t->dtype == WICK_FLOAT32 ? "FloatTensor"
                                                      : "DoubleTensor";
        at += (size_t)snprintf(text + at, length - at, "%s  (%s): Parameter containing: [torch.%s of size ",
                               i ? "\n" : "", own->entry[i].name, type);
        for (int d = 0; d < t->ndim && at < length; d++)
            at += (size_t)snprintf(text + at, length - at, "%s%lld", d ? "x" : "", (long long)t->shape[d]);
        if (at < length)
            at += (size_t)snprintf(text + at, length - at, "]");
    }
}

static wick_module *parameters_new(const char *name)
{
    wick_module_options options = without_forward;
    options.print_extra = parameters_extra;
    return wk_module_new(name, &options);
}

wick_module *wick_nn_parameter_list_n(wick_tensor *const *parameters, int count)
{
    WK_ENTER;
    const char *function = "wick_nn_parameter_list";
    if (!check_array(function, parameters, count))
        return NULL;
    WICK_SCOPE;
    wick_module *m = wk_own(parameters_new("ParameterList"));
    char name[24];
    for (int i = 0; m && i < count; i++) {
        snprintf(name, sizeof name, "%d", i);
        if (!WK_TENSOR(parameters[i], function, "parameter") || !wk_check_parameter(function, m, name, parameters[i]) ||
            !wk_module_register(function, m, WK_PARAMETERS, name, parameters[i]))
            return NULL;
    }
    if (!wick_out(m))
        return NULL;
    for (int i = 0; i < count; i++) /* now nothing can fail any more */
        wk_make_parameter(parameters[i]);
    return m;
}

wick_module *wick_nn_parameter_dict(void)
{
    WK_ENTER;
    return wk_own(parameters_new("ParameterDict"));
}
