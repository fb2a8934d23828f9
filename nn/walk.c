/* walk.c - visiting a module and all below it, depth first, with a stack of its own: models may nest to any depth. */
#include <string.h>

#include "module.h"

/* ---- A set of pointers ------------------------------------------------------------------------------------------- */

static size_t place(const wk_set *set, const void *pointer)
{
    /* Objects are aligned to 64 bytes: the low bits say nothing. Multiplying by 2^64 / phi spreads the others. */
    uint64_t h = ((uint64_t)(uintptr_t)pointer >> 6) * 0x9E3779B97F4A7C15u;
    size_t i = (size_t)(h >> 32) & (set->size - 1);
    while (set->slot[i] && set->slot[i] != pointer)
        i = (i + 1) & (set->size - 1);
    return i;
}

bool wk_set_add(wk_set *set, const void *pointer, bool *failed)
{
    if (set->count >= set->size / 2) {
        wk_set larger = {.count = set->count, .size = set->size ? set->size * 2 : 16};
        larger.slot = wk_alloc_zero(larger.size * sizeof *larger.slot);
        if (!larger.slot) {
            *failed = true;
            return false;
        }
        for (size_t i = 0; i < set->size; i++)
            if (set->slot[i])
                larger.slot[place(&larger, set->slot[i])] = set->slot[i];
        wk_set_free(set);
        *set = larger;
    }
    size_t i = place(set, pointer);
    if (set->slot[i])
        return false;
    set->slot[i] = pointer;
    set->count++;
    return true;
}

void wk_set_free(wk_set *set)
{
    wk_free(set->slot, set->size * sizeof *set->slot);
    *set = (wk_set){0};
}

/* ---- The walk ---------------------------------------------------------------------------------------------------- */

static wick_module *enter(wk_walk *walk, wick_module *m, const char *name)
{
    if (!WK_GROW(walk->frame, walk->depth, walk->capacity)) {
        walk->failed = true;
        return NULL;
    }
    walk->frame[walk->depth++] = (wk_frame){wk_ref(m), 0, walk->prefix.length};
    walk->name = name;
    return m;
}

/* Whether the child that the frame has just passed is to be visited. */
static bool wanted(wk_walk *walk, const wk_frame *frame, const wick_module *child)
{
    const wk_entry *children = frame->module->table[WK_CHILDREN].entry;
    switch (walk->visit) {
    case WK_ONCE: return wk_set_add(&walk->seen, child, &walk->failed);
    case WK_ONCE_A_PARENT:
        for (size_t i = 0; i + 1 < frame->next; i++)
            if (children[i].object == child)
                return false;
        return true;
    case WK_EVERY:
    default: return true;
    }
}

wick_module *wk_walk_step(wk_walk *walk)
{
    if (walk->root) {
        wick_module *root = walk->root;
        walk->root = NULL;
        if (walk->visit == WK_ONCE && !wk_set_add(&walk->seen, root, &walk->failed))
            return NULL;
        wk_text_add(&walk->prefix, "%s", "");
        walk->failed |= walk->prefix.failed;
        return walk->failed ? NULL : enter(walk, root, NULL);
    }
    if (walk->leaving) {
        walk->leaving = false;
        wk_unref(walk->frame[--walk->depth].module);
    }
    while (walk->depth > 0 && !walk->failed) {
        wk_frame *top = &walk->frame[walk->depth - 1];
        const wk_names *children = &top->module->table[WK_CHILDREN];
        wk_text_cut(&walk->prefix, top->prefix);
        if (top->next == children->count) {
            walk->leaving = true;
            return top->module;
        }
        const wk_entry *child = &children->entry[top->next++];
        if (!wanted(walk, top, child->object))
            continue;
        wk_text_add(&walk->prefix, "%s.", child->name);
        walk->failed |= walk->prefix.failed;
        return walk->failed ? NULL : enter(walk, child->object, child->name);
    }
    return NULL;
}

wick_module *wk_walk_enter(wk_walk *walk)
{
    wick_module *m;
    do
        m = wk_walk_step(walk);
    while (m && walk->leaving);
    return m;
}

bool wk_walk_is_shallow(const wk_walk *walk, const char *function)
{
    enum { DEEPEST = 5000 };
    return walk->depth <= DEEPEST ||
           wick_fail(WICK_ERROR_ARGUMENT, "%s: modules are nested more than %d deep", function, DEEPEST) != NULL;
}

bool wk_walk_end(wk_walk *walk)
{
    while (walk->depth > 0)
        wk_unref(walk->frame[--walk->depth].module);
    wk_free(walk->frame, walk->capacity * sizeof *walk->frame);
    wk_text_free(&walk->prefix);
    wk_set_free(&walk->seen);
    return !walk->failed;
}

/* ---- Tensors by their dotted names ------------------------------------------------------------------------------- */

bool wk_gather(wick_module *m, unsigned tables, unsigned options, wk_names *into)
{
    bool once = options & WK_GATHER_ONCE;
    wk_walk walk = {.root = m, .visit = once ? WK_ONCE : WK_EVERY};
    wk_set seen = {0};
    bool failed = false;
    for (wick_module *at; !failed && (at = wk_walk_enter(&walk)) != NULL;) {
        size_t length = walk.prefix.length;
        for (wk_table t = WK_PARAMETERS; t <= WK_BUFFERS; t++) {
            const wk_names *own = &at->table[t];
            for (size_t i = 0; tables & (1u << t) && i < own->count && !failed; i++) {
                const wk_entry *e = &own->entry[i];
                if ((options & WK_GATHER_STATE && e->transient) || (once && !wk_set_add(&seen, e->object, &failed)))
                    continue;
                wk_text_put(&walk.prefix, e->name);
                failed = walk.prefix.failed || !wk_names_set(into, walk.prefix.s, walk.prefix.length, e->object);
                wk_text_cut(&walk.prefix, length);
            }
        }
        if (options & WK_GATHER_OWN)
            break;
    }
    wk_set_free(&seen);
    return wk_walk_end(&walk) && !failed;
}
