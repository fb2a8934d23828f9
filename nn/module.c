/* module.c - the module: its life, what is registered in it, finding that again by name, and running its forward. */
#include <string.h>

#include "../autograd/node.h"
#include "../tensor/thread.h"
#include "module.h"

/* ---- Life -------------------------------------------------------------------------------------------------------- */

static void module_destroy(wick_object *object)
{
    wick_module *m = (wick_module *)object;
    void (*destroy)(wick_module *) = m->options.destroy;
    if (destroy) {
        m->options.destroy = NULL; /* it is called once */
        wk_revive(object, &wk_module_class);
        {
            WK_CODE_OF(m->users);
            destroy(m);
        }
        if (wk_lives_on(object))
            return;
    }
    wk_drop_hooks(&m->hooks);
    for (wk_table t = 0; t < WK_TABLE_COUNT; t++)
        wk_names_clear(&m->table[t]);
    wk_free(m->fields, m->options.size);
    wk_free(m, m->size);
}

const wk_class wk_module_class = {"module", module_destroy};

wick_module *wk_module_new(const char *name, const wick_module_options *options)
{
    size_t length = strlen(name), size = sizeof(wick_module) + length + 1;
    wick_module *m = wk_alloc_zero(size);
    if (!m)
        return NULL;
    if (options->size && (m->fields = wk_alloc_zero(options->size)) == NULL) {
        wk_free(m, size);
        return NULL;
    }
    wk_object_init(&m->base, &wk_module_class);
    m->options = *options;
    m->training = true;
    m->version = 1;
    m->size = size;
    memcpy(m->name, name, length + 1);
    return m;
}

wick_module *wick_nn_module_opt(const char *name, const wick_module_options *given)
{
    WK_ENTER;
    wick_module_options options = WK_OPTIONS(wick_module_options, 0, given);
    if (!name)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_nn_module: name is NULL; a module needs a class name");
    int forwards = (options.forward != NULL) + (options.forward2 != NULL) + (options.forward_n != NULL) +
                   (options.forward_list != NULL);
    if (forwards != 1)
        return wick_fail(
            WICK_ERROR_ARGUMENT,
            "wick_nn_module: %s has %d forward functions; give exactly one of .forward, .forward2, .forward_n and "
            ".forward_list",
            name, forwards);
    wick_module *m = wk_module_new(name, &options);
    if (m)
        m->users = true;
    return wk_own(m);
}

void *wick_nn_fields(const wick_module *m)
{
    WK_ENTER;
    return WK_MODULE(m, "wick_nn_fields", "m") ? m->fields : NULL;
}
const char *wick_nn_name(const wick_module *m)
{
    WK_ENTER;
    return WK_MODULE(m, "wick_nn_name", "m") ? m->name : NULL;
}

/* ---- Registering ------------------------------------------------------------------------------------------------- */

bool wk_module_register(const char *function, wick_module *m, wk_table table, const char *name, void *object)
{
    size_t length = name ? strlen(name) : 0;
    if (length == 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the name can't be empty string \"\" (in a %s)", function, m->name) !=
               NULL;
    if (strchr(name, '.'))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: name \"%s\" can't contain \".\"; dots separate the names of nested modules (in a %s)",
                         function, name, m->name) != NULL;
    for (wk_table t = 0; t < WK_TABLE_COUNT; t++)
        if (wk_names_find(&m->table[t], name, length))
            return wick_fail(WICK_ERROR_ARGUMENT, "%s: attribute '%s' already exists in this %s; choose another name",
                             function, name, m->name) != NULL;
    return wk_names_set(&m->table[table], name, length, object);
}

bool wk_check_parameter(const char *function, const wick_module *m, const char *name, const wick_tensor *t)
{
    WK_ENTER;
    if (!wick_dtype_is_floating(t->dtype))
        wick_fail(
            WICK_ERROR_DTYPE,
            "%s: parameter \"%s\" of %s is %s, and only floating-point tensors can require gradients; register it "
            "as a buffer, or convert it",
            function, name ? name : "", m->name, wick_dtype_name(t->dtype));
    else if (t->grad_fn)
        wick_fail(WICK_ERROR_AUTOGRAD,
                  "%s: parameter \"%s\" of %s is the result of an operation that is recorded, not a leaf; register "
                  "wick_detach of it",
                  function, name ? name : "", m->name);
    else
        return true;
    return false;
}

void wk_make_parameter(wick_tensor *t)
{
    t->requires_grad = true;
    t->is_parameter = true;
}

wick_tensor *wick_nn_register_parameter(wick_module *m, const char *name, wick_tensor *parameter)
{
    WK_ENTER;
    const char *function = "wick_nn_register_parameter";
    if (!WK_MODULE(m, function, "m") || !parameter || !WK_TENSOR(parameter, function, "parameter") ||
        !wk_check_parameter(function, m, name, parameter) ||
        !wk_module_register(function, m, WK_PARAMETERS, name, parameter))
        return NULL;
    wk_make_parameter(parameter);
    return parameter;
}

wick_tensor *wick_nn_register_buffer_opt(wick_module *m, const char *name, wick_tensor *buffer,
                                         const wick_buffer_options *given)
{
    WK_ENTER;
    wick_buffer_options options = WK_OPTIONS(wick_buffer_options, true, given);
    const char *function = "wick_nn_register_buffer";
    if (!WK_MODULE(m, function, "m") || !buffer || !WK_TENSOR(buffer, function, "buffer") ||
        !wk_module_register(function, m, WK_BUFFERS, name, buffer))
        return NULL;
    m->table[WK_BUFFERS].entry[m->table[WK_BUFFERS].count - 1].transient = !options.persistent;
    return buffer;
}

/* Whether below is m or stands anywhere below it; *failed on no memory. */
static bool contains(wick_module *m, const wick_module *below, bool *failed)
{
    wk_walk walk = {.root = m, .visit = WK_ONCE};
    wick_module *at;
    do
        at = wk_walk_enter(&walk);
    while (at && at != below);
    *failed = !wk_walk_end(&walk);
    return at != NULL;
}

/* Whether child may come to stand below m; an error if not. */
static bool check_child(const char *function, wick_module *m, const char *name, wick_module *child)
{
    /* A module that was never registered stands below none. */
    bool failed = false, cycle = m == child || (m->registered && contains(child, m, &failed));
    if (cycle)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: \"%s\" would make this %s contain itself", function, name ? name : "",
                  m->name);
    return !failed && !cycle;
}

wick_module *wick_nn_register_module(wick_module *m, const char *name, wick_module *child)
{
    WK_ENTER;
    const char *function = "wick_nn_register_module";
    if (!WK_MODULE(m, function, "m") || !child || !WK_MODULE(child, function, "child") ||
        !check_child(function, m, name, child) || !wk_module_register(function, m, WK_CHILDREN, name, child))
        return NULL;
    child->registered = true;
    return child;
}

bool wk_module_replace(const char *function, wick_module *m, const char *name, wick_module *child)
{
    if (!check_child(function, m, name, child) || !wk_names_set(&m->table[WK_CHILDREN], name, strlen(name), child))
        return false;
    child->registered = true;
    return true;
}

/* ---- Finding ----------------------------------------------------------------------------------------------------- */

/* The module that the dotted name goes through, and the rest of the name, which has no dot. */
static wick_module *descend(wick_module *m, const char **name)
{
    for (const char *dot; m && (dot = strchr(*name, '.')) != NULL; *name = dot + 1)
        m = wk_names_find(&m->table[WK_CHILDREN], *name, (size_t)(dot - *name));
    return m;
}

wick_tensor *wick_nn_get(wick_module *m, const char *name)
{
    WK_ENTER;
    if (!WK_MODULE(m, "wick_nn_get", "m") || !name || (m = descend(m, &name)) == NULL)
        return NULL;
    wick_tensor *t = wk_names_find(&m->table[WK_PARAMETERS], name, strlen(name));
    return t ? t : wk_names_find(&m->table[WK_BUFFERS], name, strlen(name));
}

wick_module *wick_nn_get_module(wick_module *m, const char *name)
{
    WK_ENTER;
    if (!WK_MODULE(m, "wick_nn_get_module", "m") || !name)
        return NULL;
    if (*name == '\0') /* as get_submodule("") */
        return m;
    m = descend(m, &name);
    return m ? wk_names_find(&m->table[WK_CHILDREN], name, strlen(name)) : NULL;
}

long long wick_nn_child_count(const wick_module *m)
{
    WK_ENTER;
    return WK_MODULE(m, "wick_nn_child_count", "m") ? (long long)m->table[WK_CHILDREN].count : 0;
}

static const wk_entry *child_at(const wick_module *m, int i, const char *function)
{
    if (!WK_MODULE(m, function, "m"))
        return NULL;
    const wk_names *children = &m->table[WK_CHILDREN];
    size_t at =
        i < 0 ? children->count - (size_t) - (int64_t)i : (size_t)i; /* too far before the first: a huge number */
    if (at >= children->count)
        return wick_fail(WICK_ERROR_INDEX, "%s: index %d is out of range: %s has %zu children", function, i, m->name,
                         children->count);
    return &children->entry[at];
}

wick_module *wick_nn_child(const wick_module *m, int i)
{
    WK_ENTER;
    const wk_entry *e = child_at(m, i, "wick_nn_child");
    return e ? e->object : NULL;
}

const char *wick_nn_child_name(const wick_module *m, int i)
{
    WK_ENTER;
    const wk_entry *e = child_at(m, i, "wick_nn_child_name");
    return e ? e->name : NULL;
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

static wick_tensor *call_forward(wick_module *m, wick_tensor *const *inputs, int count)
{
    const wick_module_options *o = &m->options;
    WK_CODE_OF(m->users);
    return o->forward    ? o->forward(m, inputs[0])
           : o->forward2 ? o->forward2(m, inputs[0], inputs[1])
                         : o->forward_n(m, inputs, count);
}

static wick_list *call_forward_list(wick_module *m, wick_tensor *const *inputs, int count)
{
    WK_CODE_OF(m->users);
    return m->options.forward_list(m, inputs, count);
}

/* ---- Where in a model a call stands ---- */

static const char *name_of_child(const wick_module *parent, const void *child)
{
    const wk_names *children = &parent->table[WK_CHILDREN];
    for (size_t i = 0; i < children->count; i++)
        if (children->entry[i].object == child)
            return children->entry[i].name;
    return NULL;
}

/* ", in 2 (Linear) of layers (Sequential) of Net"; what does not fit is left out at the end. */
static void describe(const wk_work *work, char *text, size_t size)
{
    const char *between = ", in ";
    if (!work->outer) /* the program called this module itself: it knows */
        return;
    for (size_t at = 0; work && at < size - 1; work = work->outer, between = " of ") {
        const wick_module *m = work->object;
        const char *name = work->outer ? name_of_child(work->outer->object, m) : NULL;
        int length = snprintf(text + at, size - at, name ? "%s%s (%s)" : "%s%s%s", between, name ? name : m->name,
                              name ? m->name : "");
        at += length > 0 ? (size_t)length : size;
    }
}

/* To the end of the block, m is at work. */
#define AT_WORK(m)                                                                      \
    WICK_GUARD(work, wk_work, end_work, ((wk_work){wk_this_thread.work, m, describe})); \
    wk_this_thread.work = &WICK_PASTE(wick_work_guard_, __LINE__)
static void end_work(wk_work *work) { wk_this_thread.work = work->outer; }

/* The one result of a module without forward_list. */
static wick_tensor *run(wick_module *m, wick_tensor *const *inputs, int count)
{
    const char *function = "wick_nn_forward";
    const wick_module_options *o = &m->options;
    int takes = o->forward ? 1 : o->forward2 ? 2 : count;
    if (count != takes)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %s takes %d input%s but %d %s given", function, m->name, takes,
                         takes == 1 ? "" : "s", count, count == 1 ? "was" : "were");
    wick_tensor *y = call_forward(m, inputs, count);
    if (!y && !wick_error_kind())
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the forward of %s returned NULL", function, m->name);
    return y;
}

wick_list *wk_module_results(wick_module *m, wick_tensor *const *inputs, int count)
{
    const char *function = "wick_nn_forward";
    if (!m->options.forward_list) {
        if (m->container == WK_SEQUENTIAL && count == 1)
            return wk_sequential_results(m, inputs[0]);
        wick_tensor *y = run(m, inputs, count);
        return y ? wick_list_n(&y, 1) : NULL;
    }
    wick_list *results = call_forward_list(m, inputs, count);
    if (!results && !wick_error_kind())
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the forward of %s returned NULL", function, m->name);
    return results && WK_LIST(results, function, "what forward_list returned") ? results : NULL;
}

/* Whether m is a module, and these may be its inputs. */
static bool check_inputs(const char *function, const wick_module *m, wick_tensor *const *inputs, int count)
{
    if (!WK_MODULE(m, function, "m") || !wk_stack_left(function))
        return false;
    if (count < 0 || (count > 0 && !inputs))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %d inputs at %p for %s", function, count, (const void *)inputs,
                         m->name) != NULL;
    for (int i = 0; i < count; i++)
        if (!WK_TENSOR(inputs[i], function, "input"))
            return false;
    return true;
}

static wick_list *results_of(wick_module *m, wick_tensor *const *inputs, int count)
{
    return wk_module_has_hooks(m) ? wk_module_run_with_hooks(m, inputs, count) : wk_module_results(m, inputs, count);
}

wick_tensor *wick_nn_forward_n(wick_module *m, wick_tensor *const *inputs, int count)
{
    WK_ENTER;
    const char *function = "wick_nn_forward";
    if (!check_inputs(function, m, inputs, count))
        return NULL;
    WK_HOLD(m);
    AT_WORK(m);
    if (!m->options.forward_list && !wk_module_has_hooks(m))
        return run(m, inputs, count);
    WICK_SCOPE;
    wick_list *results = results_of(m, inputs, count);
    if (results && results->count != 1)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %s gives %lld tensors; call wick_nn_forward_list", function, m->name,
                         (long long)results->count);
    return results ? wick_out(results->items[0]) : NULL;
}

wick_list *wick_nn_forward_list_n(wick_module *m, wick_tensor *const *inputs, int count)
{
    WK_ENTER;
    if (!check_inputs("wick_nn_forward_list", m, inputs, count))
        return NULL;
    WK_HOLD(m);
    AT_WORK(m);
    return results_of(m, inputs, count);
}
