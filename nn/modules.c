/* modules.c - lists of modules with their names: all of a model, and the children of one module. */
#include "module.h"

struct wick_modules {
    wick_object base;
    wk_names names;
};

static void modules_destroy(wick_object *object)
{
    wick_modules *modules = (wick_modules *)object;
    wk_names_clear(&modules->names);
    wk_free(modules, sizeof *modules);
}

static const wk_class modules_class = {"list of modules", modules_destroy};

/* The modules that a walk from m enters; with own, m's children alone. */
static wick_modules *modules_of(const char *function, wick_module *m, bool own)
{
    if (!WK_MODULE(m, function, "m"))
        return NULL;
    wick_modules *modules = wk_alloc_zero(sizeof *modules);
    if (!modules)
        return NULL;
    wk_object_init(&modules->base, &modules_class);
    bool ok = true;
    if (own) {
        wk_set seen = {0};
        bool failed = false;
        const wk_names *children = &m->table[WK_CHILDREN];
        for (size_t i = 0; ok && i < children->count; i++) {
            const wk_entry *e = &children->entry[i];
            if (wk_set_add(&seen, e->object, &failed))
                ok = wk_names_set(&modules->names, e->name, e->length, e->object);
            ok = ok && !failed;
        }
        wk_set_free(&seen);
    } else {
        wk_walk walk = {.root = m, .visit = WK_ONCE};
        for (wick_module *at; ok && (at = wk_walk_enter(&walk)) != NULL;) {
            size_t length = walk.prefix.length ? walk.prefix.length - 1 : 0; /* without the dot at the end */
            ok = wk_walk_is_shallow(&walk, function) && wk_names_set(&modules->names, walk.prefix.s, length, at);
        }
        ok = wk_walk_end(&walk) && ok;
    }
    if (!ok) {
        wk_unref(modules);
        return NULL;
    }
    return wk_own(modules);
}

wick_modules *wick_nn_modules(wick_module *m)
{
    WK_ENTER;
    return modules_of("wick_nn_modules", m, false);
}
wick_modules *wick_nn_children(wick_module *m)
{
    WK_ENTER;
    return modules_of("wick_nn_children", m, true);
}

#define CHECK(modules, function) wk_check(modules, &modules_class, function, "modules")

long long wick_nn_modules_count(const wick_modules *modules)
{
    WK_ENTER;
    return modules && CHECK(modules, "wick_nn_modules_count") ? (int64_t)modules->names.count : 0;
}

static const wk_entry *entry_at(const wick_modules *modules, int64_t i, const char *function)
{
    if (!CHECK(modules, function) || i < 0 || (uint64_t)i >= modules->names.count)
        return NULL;
    return &modules->names.entry[i];
}

wick_module *wick_nn_modules_get(const wick_modules *modules, int64_t i)
{
    WK_ENTER;
    const wk_entry *e = entry_at(modules, i, "wick_nn_modules_get");
    return e ? e->object : NULL;
}

const char *wick_nn_modules_name(const wick_modules *modules, int64_t i)
{
    WK_ENTER;
    const wk_entry *e = entry_at(modules, i, "wick_nn_modules_name");
    return e ? e->name : NULL;
}
