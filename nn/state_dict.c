/* state_dict.c - a model's parameters and buffers by name, and loading them back.
 *
 * Loading first compares everything and lists, in PyTorch's words, all that does not fit; only then does it copy. */
#include <string.h>

#include "module.h"

enum { PARAMETERS_AND_BUFFERS = 1u << WK_PARAMETERS | 1u << WK_BUFFERS };

/* Notes the versions of m's modules, which are 1 or 2, as PyTorch's state dicts do in _metadata. */
static bool add_versions(wick_dict *dict, wick_module *m)
{
    WICK_SCOPE;
    wick_tensor *number[] = {wick_scalar_int(1), wick_scalar_int(2)};
    wk_walk walk = {.root = m, .visit = WK_EVERY};
    bool ok = number[0] && number[1];
    for (wick_module *at; ok && (at = wk_walk_enter(&walk)) != NULL;) {
        size_t length = walk.prefix.length;
        ok = wk_names_set(&dict->versions, walk.prefix.s, length ? length - 1 : 0, number[at->version - 1]);
    }
    return wk_walk_end(&walk) && ok;
}

wick_dict *wick_nn_state_dict(wick_module *m)
{
    WK_ENTER;
    if (!WK_MODULE(m, "wick_nn_state_dict", "m"))
        return NULL;
    wick_dict *dict = wk_dict_new();
    bool ok = dict && wk_gather(m, PARAMETERS_AND_BUFFERS, WK_GATHER_STATE, &dict->names) &&
              wk_check_initialized("wick_nn_state_dict", &dict->names) && add_versions(dict, m);
    for (size_t i = 0; ok && i < dict->names.count; i++) {
        wk_entry *e = &dict->names.entry[i];
        wick_tensor *t = e->object, *detached = wk_alias(t, t->shape, t->strides, t->ndim, t->offset);
        ok = detached != NULL;
        if (ok) {
            e->object = detached;
            wk_unref(t);
        }
    }
    if (!ok) {
        wk_unref(dict);
        return NULL;
    }
    return wk_own(dict);
}

/* ---- What does not fit ------------------------------------------------------------------------------------------- */

/* Adds "<heading> in state_dict: "a", "b". " piece by piece. */
static void add_key(wk_text *errors, const char *heading, bool first, const char *key)
{
    if (first)
        wk_text_add(errors, "\n\t%s in state_dict: \"", heading);
    else
        wk_text_put(errors, ", \"");
    wk_text_put_shown(errors, key);
    wk_text_put(errors, "\"");
}

static void add_missing(wk_text *errors, const wk_names *own, const wk_names *given)
{
    bool first = true;
    for (size_t i = 0; i < own->count; i++)
        if (!wk_names_find(given, own->entry[i].name, own->entry[i].length)) {
            add_key(errors, "Missing key(s)", first, own->entry[i].name);
            first = false;
        }
    if (!first)
        wk_text_add(errors, ". ");
}

/* Whether module m, which has no entry of that name, is the one to say so: the key leads to none of its children. */
static bool is_for(const wick_module *m, const char *name)
{
    const char *dot = strchr(name, '.');
    return !dot || !wk_names_find(&m->table[WK_CHILDREN], name, (size_t)(dot - name));
}

/* Keys that the model does not have, module by module as PyTorch finds them. False on no memory. */
static bool add_unexpected(wk_text *errors, wick_module *m, const wk_names *own, const wk_names *given)
{
    size_t unexpected = 0, listed = 0;
    for (size_t i = 0; i < given->count; i++)
        unexpected += !wk_names_find(own, given->entry[i].name, given->entry[i].length);
    if (unexpected == 0)
        return true;
    wk_walk walk = {.root = m, .visit = WK_EVERY};
    for (wick_module *at; listed < unexpected && (at = wk_walk_enter(&walk)) != NULL;)
        for (size_t i = 0; i < given->count; i++) {
            const wk_entry *e = &given->entry[i];
            if (e->length < walk.prefix.length || memcmp(e->name, walk.prefix.s, walk.prefix.length) != 0 ||
                wk_names_find(own, e->name, e->length) || !is_for(at, e->name + walk.prefix.length))
                continue;
            add_key(errors, "Unexpected key(s)", listed == 0, e->name);
            listed++;
        }
    wk_text_add(errors, ". ");
    return wk_walk_end(&walk);
}

static void add_size(wk_text *errors, const wick_tensor *t)
{
    wk_text_add(errors, "torch.Size([");
    for (int d = 0; d < t->ndim; d++)
        wk_text_add(errors, "%s%lld", d ? ", " : "", (long long)t->shape[d]);
    wk_text_add(errors, "])");
}

/* PyTorch loads a tensor of shape (1) into a 0-dimensional one, for the sake of files of its version 0.3. */
static bool fits(const wick_tensor *own, const wick_tensor *given)
{
    return wk_same_shape(own, given) || (own->ndim == 0 && given->ndim == 1 && given->shape[0] == 1);
}

static void add_mismatches(wk_text *errors, const wk_names *own, const wk_names *given)
{
    for (size_t i = 0; i < own->count; i++) {
        const wk_entry *e = &own->entry[i];
        const wick_tensor *t = wk_names_find(given, e->name, e->length);
        if (!t || wk_is_uninitialized(e->object) || fits(e->object, t))
            continue;
        wk_text_add(errors, "\n\tsize mismatch for %s: copying a param with shape ", e->name);
        add_size(errors, t);
        wk_text_add(errors, " from checkpoint, the shape in current model is ");
        add_size(errors, e->object);
        wk_text_add(errors, ".");
    }
}

bool wk_state_fits(const char *function, const char *what, const wk_names *own, const wk_names *given)
{
    wk_text errors = {0};
    add_missing(&errors, own, given);
    bool first = true;
    for (size_t i = 0; i < given->count; i++)
        if (!wk_names_find(own, given->entry[i].name, given->entry[i].length)) {
            add_key(&errors, "Unexpected key(s)", first, given->entry[i].name);
            first = false;
        }
    if (!first)
        wk_text_add(&errors, ". ");
    add_mismatches(&errors, own, given);
    bool ok = !errors.failed;
    if (ok && errors.length)
        ok = wick_fail(WICK_ERROR_SHAPE, "%s: Error(s) in loading state_dict for %s:%s", function, what, errors.s) !=
             NULL;
    wk_text_free(&errors);
    return ok;
}

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

/* Gives the shapes that are loaded to parameters that have none yet. False, with nothing changed, on no memory. */
static bool materialize(const wk_names *own, const wk_names *given)
{
    size_t bytes = own->count * sizeof(bool), i = 0;
    bool *done = wk_alloc_zero(bytes), ok = done != NULL;
    for (; ok && i < own->count; i++) {
        const wick_tensor *from = wk_names_find(given, own->entry[i].name, own->entry[i].length);
        if (from && wk_is_uninitialized(own->entry[i].object))
            ok = done[i] = wk_materialize(own->entry[i].object, from->shape, from->ndim);
    }
    while (done && !ok && i-- > 0)
        if (done[i])
            ((wick_tensor *)own->entry[i].object)->base.cls = &wk_uninitialized_class;
    wk_free(done, bytes);
    return ok;
}

/* Copies what fits. A 0-dimensional entry reads the one element of a tensor of shape (1) through an alias. */
static bool copy(const wk_names *own, const wk_names *given)
{
    size_t bytes = own->count * sizeof(wick_tensor *);
    wick_tensor **source = wk_alloc_zero(bytes);
    bool ok = source != NULL;
    for (size_t i = 0; ok && i < own->count; i++) {
        const wick_tensor *t = own->entry[i].object;
        wick_tensor *from = wk_names_find(given, own->entry[i].name, own->entry[i].length);
        int ndim = wk_is_uninitialized(t) && from ? from->ndim : t->ndim;
        if (from)
            ok = (source[i] = wk_alias(from, from->shape, from->strides, ndim, from->offset)) != NULL;
    }
    ok = ok && materialize(own, given);
    for (size_t i = 0; source && i < own->count; i++) {
        wick_tensor *t = own->entry[i].object;
        if (ok && source[i]) {
            ok = wk_copy(t, source[i]);
            wk_bump_version(t, "load_state_dict");
        }
        wk_unref(source[i]);
    }
    wk_free(source, bytes);
    return ok;
}

/* The entries of dict, and for those that it may lack, as it is of an older version, or of none that is known, what the model
 * has: _load_from_state_dict of PyTorch's _NormBase. */
static bool complete(wick_module *m, const wick_dict *dict, wk_names *given)
{
    wk_walk walk = {.root = m, .visit = WK_EVERY};
    bool ok = true;
    for (size_t i = 0; ok && i < dict->names.count; i++)
        ok = wk_names_set(given, dict->names.entry[i].name, dict->names.entry[i].length, dict->names.entry[i].object);
    for (wick_module *at; ok && (at = wk_walk_enter(&walk)) != NULL;) {
        size_t length = walk.prefix.length;
        const wick_tensor *version = wk_names_find(&dict->versions, walk.prefix.s, length ? length - 1 : 0);
        const char *name = wk_optional_buffer(at, version ? wk_load_int(version, version->offset) : 0);
        if (!name)
            continue;
        wk_text_put(&walk.prefix, name);
        ok = !walk.prefix.failed;
        if (ok && !wk_names_find(given, walk.prefix.s, walk.prefix.length))
            ok = wk_names_set(given, walk.prefix.s, walk.prefix.length,
                              wk_names_find(&at->table[WK_BUFFERS], name, strlen(name)));
        wk_text_cut(&walk.prefix, length);
    }
    return wk_walk_end(&walk) && ok;
}

bool wick_nn_load_state_dict_opt(wick_module *m, wick_dict *dict, const wick_load_options *asked)
{
    WK_ENTER;
    wick_load_options options = WK_OPTIONS(wick_load_options, true, asked);
    const char *function = "wick_nn_load_state_dict";
    if (!WK_MODULE(m, function, "m") || !WK_DICT(dict, function, "dict"))
        return false;
    wk_names own = {0}, given = {0};
    wk_text errors = {0};
    bool ok = wk_gather(m, PARAMETERS_AND_BUFFERS, WK_GATHER_STATE, &own) && complete(m, dict, &given);
    if (ok && options.strict) {
        add_missing(&errors, &own, &given);
        ok = add_unexpected(&errors, m, &own, &given);
    }
    if (ok) {
        add_mismatches(&errors, &own, &given);
        ok = !errors.failed;
    }
    if (ok && errors.length)
        ok = wick_fail(WICK_ERROR_SHAPE, "%s: Error(s) in loading state_dict for %s:%s", function, m->name, errors.s) !=
             NULL;
    ok = ok && copy(&own, &given);
    wk_text_free(&errors);
    wk_names_clear(&own);
    wk_names_clear(&given);
    return ok;
}
