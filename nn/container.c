/* container.c - Sequential: modules one after another. */
#include <stdio.h>

#include "internal.h"

/* What a layer makes on the way is freed when it is done, and its result when the next layer has read it, unless the
 * graph holds them: evaluating a deep model needs the memory of its two largest neighbouring results. */
static wick_tensor *sequential_forward(wick_module *m, wick_tensor *x)
{
    const wk_names *children = &m->table[WK_CHILDREN];
    wk_ref(x);
    for (size_t i = 0; x && i < children->count; i++) {
        wick_scope scope = wick_scope_push();
        wick_tensor *y = wk_ref(wick_nn_forward_n(children->entry[i].object, &x, 1));
        wick_scope_pop(&scope);
        wk_unref(x);
        x = y;
    }
    return wk_own(x);
}

static bool append(wick_module *sequential, wick_module *module)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", sequential->table[WK_CHILDREN].count);
    return wick_nn_register_module(sequential, name, module) != NULL;
}

wick_module *wick_nn_sequential_n(wick_module *const *modules, int count)
{
    for (int i = 0; i < count; i++)
        if (!WK_MODULE(modules[i], "wick_nn_sequential", "module"))
            return NULL;
    wick_module *m = wk_module_new("Sequential", &(wick_module_options){.forward = sequential_forward});
    for (int i = 0; m && i < count; i++)
        if (!append(m, modules[i])) {
            wk_unref(m);
            return NULL;
        }
    return wk_own(m);
}

wick_module *wick_nn_append(wick_module *sequential, wick_module *module)
{
    if (!WK_MODULE(sequential, "wick_nn_append", "sequential") || !WK_MODULE(module, "wick_nn_append", "module"))
        return NULL;
    if (sequential->options.forward != sequential_forward)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_nn_append: the first argument is a %s, not a Sequential; use wick_nn_register_module",
                         sequential->name);
    return append(sequential, module) ? sequential : NULL;
}
