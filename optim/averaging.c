/* averaging.c - averages of a model's weights: torch.optim.swa_utils.
 *
 * An update computes every new average before it writes the first one. */
#include "averaging.h"

#include <math.h>
#include <string.h>

#include "../autograd/node.h"
#include "optimizer.h"

enum { PARAMETERS, BUFFERS, TABLES };

static const unsigned tables_of[TABLES] = {1u << WK_PARAMETERS, 1u << WK_BUFFERS};

struct wick_averaged_model {
    wick_object base;
    wick_averaged_model_options options;
    int64_t n_averaged;
    wk_names table[TABLES]; /* a contiguous copy of each tensor under its first name */
    wk_names all;           /* the same tensors under all their names, in the order of state dicts, behind "module." */
};

static void averages_destroy(wick_object *object)
{
    wick_averaged_model *a = (wick_averaged_model *)object;
    for (int t = 0; t < TABLES; t++)
        wk_names_clear(&a->table[t]);
    wk_names_clear(&a->all);
    wk_free(a, sizeof *a);
}

static const wk_class averages_class = {"averaged model", averages_destroy};
#define WK_AVERAGES(a, function, name) wk_check(a, &averages_class, function, name)

/* ---- Making them ------------------------------------------------------------------------------------------------- */

static wick_tensor *copy_of(const wick_tensor *t)
{
    wick_tensor *copy = wk_new_like(t);
    if (copy && !wk_copy(copy, t)) {
        wk_unref(copy);
        return NULL;
    }
    return copy;
}

static wick_tensor *copy_that_stands_for(const wick_averaged_model *a, const wk_names *unique, const wick_tensor *t)
{
    for (int k = 0; k < TABLES; k++)
        for (size_t i = 0; i < unique[k].count; i++)
            if (unique[k].entry[i].object == t)
                return a->table[k].entry[i].object;
    return NULL;
}

/* The tensors of both tables under their first names, which is what parameters() and buffers() go through. */
static bool gather(const char *function, wick_module *model, wk_names *unique)
{
    return wk_gather(model, tables_of[PARAMETERS], true, &unique[PARAMETERS]) &&
           wk_gather(model, tables_of[BUFFERS], true, &unique[BUFFERS]) &&
           wk_check_initialized(function, &unique[PARAMETERS]);
}

static void clear(wk_names *unique)
{
    for (int k = 0; k < TABLES; k++)
        wk_names_clear(&unique[k]);
}

static bool copy_all(wick_averaged_model *a, wick_module *model)
{
    wk_names unique[TABLES] = {{0}}, all = {0};
    bool ok = gather("wick_optim_averaged_model", model, unique) &&
              wk_gather(model, tables_of[PARAMETERS] | tables_of[BUFFERS], false, &all);
    for (int k = 0; k < TABLES; k++)
        for (size_t i = 0; ok && i < unique[k].count; i++) {
            wick_tensor *copy = copy_of(unique[k].entry[i].object);
            ok = copy && wk_names_set(&a->table[k], unique[k].entry[i].name, unique[k].entry[i].length, copy);
            wk_unref(copy);
        }
    wk_text name = {0};
    for (size_t i = 0; ok && i < all.count; i++) {
        wk_text_cut(&name, 0);
        wk_text_add(&name, "module.%s", all.entry[i].name);
        ok = !name.failed &&
             wk_names_set(&a->all, name.s, name.length, copy_that_stands_for(a, unique, all.entry[i].object));
    }
    wk_text_free(&name);
    clear(unique);
    wk_names_clear(&all);
    return ok;
}

wick_averaged_model *wick_optim_averaged_model_opt(wick_module *model, const wick_averaged_model_options *given)
{
    WK_ENTER;
    wick_averaged_model_options options = WK_OPTIONS(wick_averaged_model_options, WICK_AVERAGED_MODEL_NO_DECAY, given);
    const char *function = "wick_optim_averaged_model";
    if (!WK_MODULE(model, function, "model"))
        return NULL;
    bool decays = options.decay != WICK_AVERAGED_MODEL_NO_DECAY;
    if (decays && !(options.decay >= 0 && options.decay <= 1))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: Invalid decay value %s provided. Please provide a value in [0,1] range", function,
                         WK_REAL(options.decay));
    if (decays && options.avg_fn)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: Only one of .avg_fn and .decay should be provided", function);
    wick_averaged_model *a = wk_alloc_zero(sizeof *a);
    if (!a)
        return NULL;
    wk_object_init(&a->base, &averages_class);
    a->options = options;
    if (!copy_all(a, model)) {
        wk_unref(a);
        return NULL;
    }
    return wk_own(a);
}

/* ---- The model and the averages ---------------------------------------------------------------------------------- */

/* The model's tensors in the order of the averages; an error if it has others. */
static bool match(const char *function, const wick_averaged_model *a, wick_module *model, wk_names *unique)
{
    if (!WK_AVERAGES(a, function, "averages") || !WK_MODULE(model, function, "model") ||
        !gather(function, model, unique))
        return false;
    for (int k = 0; k < TABLES; k++) {
        const wk_names *own = &a->table[k], *other = &unique[k];
        bool same = own->count == other->count;
        for (size_t i = 0; same && i < own->count; i++) {
            const wick_tensor *mine = own->entry[i].object, *theirs = other->entry[i].object;
            same = strcmp(own->entry[i].name, other->entry[i].name) == 0 && wk_same_shape(mine, theirs);
            if (!same) {
                wick_fail(
                    WICK_ERROR_SHAPE,
                    "%s: the averages have \"%s\" of shape %s where the model has \"%s\" of shape %s; it must have "
                    "the structure of the model from which the averages were made",
                    function, own->entry[i].name, WK_SHAPE(mine), other->entry[i].name, WK_SHAPE(theirs));
                return false;
            }
        }
        if (!same) {
            wick_fail(
                WICK_ERROR_SHAPE,
                "%s: the averages have %zu %s, and the model %zu; it must have the structure of the model from which "
                "the averages were made",
                function, own->count, k == PARAMETERS ? "parameters" : "buffers", other->count);
            return false;
        }
    }
    return true;
}

static wick_tensor *average(const wick_averaged_model *a, wick_tensor *averaged, wick_tensor *current)
{
    const wick_averaged_model_options *o = &a->options;
    wick_dtype dtype = averaged->dtype;
    if (o->avg_fn) {
        wick_tensor *detached = wick_detach(current);
        WK_USERS_CODE;
        return o->avg_fn(averaged, detached, a->n_averaged, o->context);
    }
    if (o->decay == WICK_AVERAGED_MODEL_NO_DECAY)
        return wick_add(averaged, wick_div(wick_sub(current, averaged), a->n_averaged + 1));
    if (wick_dtype_is_floating(dtype))
        return wick_lerp(averaged, wick_to(current, dtype), 1 - o->decay);
    return wick_add(wick_mul(averaged, o->decay), wick_mul(current, 1 - o->decay));
}

/* What one average becomes: one reference. NULL with an error. */
static wick_tensor *updated(const wick_averaged_model *a, int table, size_t i, wick_tensor *current)
{
    const char *function = "wick_optim_update_parameters";
    WICK_NO_GRAD;
    WICK_SCOPE;
    wick_tensor *averaged = a->table[table].entry[i].object;
    if (a->n_averaged == 0 || (table == BUFFERS && !a->options.use_buffers))
        return copy_of(current);
    wick_tensor *next = average(a, averaged, current);
    if (!next && !wick_error_kind())
        wick_fail(WICK_ERROR_ARGUMENT, "%s: .avg_fn returned NULL for \"%s\"", function, a->table[table].entry[i].name);
    if (!next || !WK_TENSOR(next, function, "what .avg_fn returned") ||
        !wk_broadcasts_to(function, next, averaged->shape, averaged->ndim))
        return NULL;
    return wk_ref(next);
}

/* Writes the new averages, in the order of the tables. */
static bool write_all(const wick_averaged_model *a, wick_tensor *const *next)
{
    bool ok = true;
    for (int k = 0; k < TABLES; k++)
        for (size_t i = 0; ok && i < a->table[k].count; i++) {
            wick_tensor *averaged = a->table[k].entry[i].object;
            ok = wk_copy(averaged, *next++);
            wk_bump_version(averaged, "update_parameters");
        }
    return ok;
}

bool wick_optim_update_parameters(wick_averaged_model *averages, wick_module *model)
{
    WK_ENTER;
    wk_names unique[TABLES] = {{0}};
    wick_averaged_model *a = averages;
    wick_tensor **next = NULL;
    size_t count = 0, done = 0;
    bool ok = match("wick_optim_update_parameters", a, model, unique);
    WK_HOLD(ok ? a : NULL);
    if (ok) {
        count = a->table[PARAMETERS].count + a->table[BUFFERS].count;
        ok = (next = wk_alloc_zero(count * sizeof *next)) != NULL;
    }
    for (int k = 0; k < TABLES; k++)
        for (size_t i = 0; ok && i < unique[k].count; i++)
            ok = (next[done++] = updated(a, k, i, unique[k].entry[i].object)) != NULL;
    if (ok && (ok = write_all(a, next)))
        a->n_averaged++;
    for (size_t i = 0; i < done; i++)
        wk_unref(next[i]);
    wk_free(next, count * sizeof *next);
    clear(unique);
    return ok;
}

long long wick_optim_n_averaged(const wick_averaged_model *averages)
{
    WK_ENTER;
    return WK_AVERAGES(averages, "wick_optim_n_averaged", "averages") ? averages->n_averaged : -1;
}

/* Writes the averages into the model, and, if it is to be an exchange, the model into the averages. */
static bool put(const char *function, wick_averaged_model *a, wick_module *model, bool exchange)
{
    WICK_NO_GRAD;
    wk_names unique[TABLES] = {{0}};
    bool ok = match(function, a, model, unique);
    size_t count = ok ? unique[PARAMETERS].count + unique[BUFFERS].count : 0, n = 0;
    wick_tensor **before = ok ? wk_alloc_zero(count * sizeof *before) : NULL; /* what the model has */
    ok = before != NULL;
    for (int k = 0; k < TABLES; k++)
        for (size_t i = 0; ok && i < unique[k].count; i++) {
            wick_tensor *t = unique[k].entry[i].object, *mine = a->table[k].entry[i].object;
            ok = wk_check_writable(function, t, false) && (!exchange || (before[n++] = copy_of(t)) != NULL);
            if (ok && exchange && t->dtype != mine->dtype)
                ok = wick_fail(WICK_ERROR_DTYPE,
                               "%s: \"%s\" is %s in the averages, and %s in the model; make the averages after the "
                               "conversion",
                               function, unique[k].entry[i].name, wick_dtype_name(mine->dtype),
                               wick_dtype_name(t->dtype)) != NULL;
        }
    for (int k = 0; k < TABLES; k++)
        for (size_t i = 0; ok && i < unique[k].count; i++) {
            ok = wk_copy(unique[k].entry[i].object, a->table[k].entry[i].object);
            wk_bump_version(unique[k].entry[i].object, function);
        }
    if (ok && exchange)
        ok = write_all(a, before);
    for (size_t i = 0; i < n; i++)
        wk_unref(before[i]);
    wk_free(before, count * sizeof *before);
    clear(unique);
    return ok;
}

bool wick_optim_swap_averages(wick_averaged_model *averages, wick_module *model)
{
    WK_ENTER;
    return put("wick_optim_swap_averages", averages, model, true);
}

bool wick_optim_store_averages(wick_averaged_model *averages, wick_module *model)
{
    WK_ENTER;
    return put("wick_optim_store_averages", averages, model, false);
}

/* ---- State dicts ------------------------------------------------------------------------------------------------- */

static const char counter[] = "n_averaged";

static bool state(const wick_averaged_model *a, wk_names *into)
{
    wick_tensor *n = wk_new(NULL, 0, WICK_INT64);
    bool ok = n != NULL;
    if (ok) {
        *(int64_t *)wk_data(n) = a->n_averaged;
        ok = wk_names_set(into, counter, strlen(counter), n);
    }
    wk_unref(n);
    for (size_t i = 0; ok && i < a->all.count; i++)
        ok = wk_names_set(into, a->all.entry[i].name, a->all.entry[i].length, a->all.entry[i].object);
    return ok;
}

wick_dict *wick_optim_averaged_state_dict(wick_averaged_model *averages)
{
    WK_ENTER;
    if (!WK_AVERAGES(averages, "wick_optim_averaged_state_dict", "averages"))
        return NULL;
    wick_dict *dict = wk_dict_new();
    if (dict && !state(averages, &dict->names)) {
        wk_unref(dict);
        return NULL;
    }
    return wk_own(dict);
}

bool wick_optim_load_averaged_state_dict(wick_averaged_model *averages, wick_dict *dict)
{
    WK_ENTER;
    const char *function = "wick_optim_load_averaged_state_dict";
    if (!WK_AVERAGES(averages, function, "averages") || !WK_DICT(dict, function, "dict"))
        return false;
    wk_names own = {0};
    const wk_names *given = &dict->names, *all = &averages->all;
    bool ok = state(averages, &own) && wk_state_fits(function, "AveragedModel", &own, given);
    wk_names_clear(&own);
    if (!ok)
        return false;
    const wick_tensor *n = wk_names_find(given, counter, strlen(counter));
    const wick_number count = wk_load_number(n, n->offset);
    const double real = wk_number_real(count);
    if (!(real >= 0 && real <= 0x1p53 && real == trunc(real) && wk_in_range(count, WICK_INT64)))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: n_averaged is %s; it must be a whole number from 0", function,
                         WK_NUMBER(count)) != NULL;
    for (size_t i = 0; ok && i < all->count; i++) {
        wick_tensor *t = all->entry[i].object;
        const wick_tensor *from = wk_names_find(given, all->entry[i].name, all->entry[i].length);
        if (t->ndim == 0) /* from may be of shape (1) */
            wk_store_number(t, t->offset, wk_load_number(from, from->offset));
        else
            ok = wk_copy(t, from);
        wk_bump_version(t, "load_state_dict");
    }
    if (ok)
        averages->n_averaged = wk_load_int(n, n->offset);
    return ok;
}
