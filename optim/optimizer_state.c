/* optimizer_state.c - an optimizer's state and hyperparameters by name, and loading them back.
 *
 * Loading makes new groups from the dict, noting all that does not fit; only if everything does, they take the place of
 * the old ones. */
#include <math.h>
#include <string.h>

#include "optimizer.h"

enum { NAME_SIZE = 96 };

/* ---- Making one -------------------------------------------------------------------------------------------------- */

/* Adds t, of which this takes over the reference, under the name. NULL: false. */
static bool put(wick_dict *dict, const char *name, wick_tensor *t)
{
    const bool ok = t && wk_names_set(&dict->names, name, strlen(name), t);
    wk_unref(t);
    return ok;
}

static wick_tensor *scalar(double value, wick_dtype dtype)
{
    wick_tensor *t = wk_new(NULL, 0, dtype);
    if (t)
        wk_fill(t, value);
    return t;
}

static bool put_scalar(wick_dict *dict, const char *name, double value, wick_dtype dtype)
{
    return put(dict, name, scalar(value, dtype));
}

static bool put_copy(wick_dict *dict, const char *name, const wick_tensor *t)
{
    wick_tensor *copy = wk_new_like(t);
    if (copy && !wk_copy(copy, t)) {
        wk_unref(copy);
        copy = NULL;
    }
    return put(dict, name, copy);
}

static bool has_state(const wk_param *p)
{
    bool any = false;
    for (int k = 0; k < WK_STATES_MAX; k++)
        any |= p->state[k] != NULL;
    return any;
}

static bool put_param(wick_dict *dict, const wk_method *method, const wk_param *p, int64_t index)
{
    char name[NAME_SIZE];
    bool ok = true;
    for (int k = 0; ok && has_state(p) && k < method->scalars; k++) {
        snprintf(name, sizeof name, "state.%lld.%s", (long long)index, method->scalar[k]);
        ok = put_scalar(dict, name, (double)p->scalar[k], WICK_FLOAT32);
    }
    for (int k = 0; ok && k < method->states; k++) {
        snprintf(name, sizeof name, "state.%lld.%s", (long long)index, method->state[k].name);
        ok = !p->state[k] || put_copy(dict, name, p->state[k]);
    }
    return ok;
}

/* The number of LBFGS's memory under a name of PyTorch's: of the dtype of its vectors if it is a tensor there. */
static bool put_number(wick_dict *dict, const char *name, const wk_lbfgs *m, wk_number x)
{
    return put_scalar(dict, name, x.value, x.tensor ? m->d->dtype : WICK_FLOAT64);
}

static bool put_lbfgs(wick_dict *dict, const wk_lbfgs *m)
{
    bool ok = put_scalar(dict, "state.0.func_evals", (double)m->func_evals, WICK_FLOAT64) &&
              put_scalar(dict, "state.0.n_iter", (double)m->n_iter, WICK_FLOAT64);
    if (!m->moved || !ok)
        return ok;
    ok = put_copy(dict, "state.0.d", m->d) && put_number(dict, "state.0.t", m, m->t) &&
         put_number(dict, "state.0.H_diag", m, m->h) && put_copy(dict, "state.0.prev_flat_grad", m->gradient) &&
         put_scalar(dict, "state.0.prev_loss", m->loss, WICK_FLOAT64);
    for (size_t i = 0; ok && i < m->count; i++) {
        char name[NAME_SIZE];
        snprintf(name, sizeof name, "state.0.old_dirs.%zu", i);
        ok = put_copy(dict, name, m->dirs[i]);
        snprintf(name, sizeof name, "state.0.old_stps.%zu", i);
        ok = ok && put_copy(dict, name, m->steps[i]);
        snprintf(name, sizeof name, "state.0.ro.%zu", i);
        ok = ok && put_number(dict, name, m, (wk_number){m->ro[i], true});
    }
    return ok;
}

static bool put_group(wick_dict *dict, const wk_method *method, const wk_group *group, size_t g, int64_t first)
{
    char name[NAME_SIZE];
    for (int k = 0; k < method->hypers; k++) {
        snprintf(name, sizeof name, "param_groups.%zu.%s", g, method->hyper[k].name);
        if (!put_scalar(dict, name, group->hyper[k], WICK_FLOAT64))
            return false;
    }
    for (int k = 0; k < WK_KEPT_COUNT; k++) {
        snprintf(name, sizeof name, "param_groups.%zu.%s", g, wk_kept_name[k]);
        if (!isnan(group->kept[k]) && !put_scalar(dict, name, group->kept[k], WICK_FLOAT64))
            return false;
    }
    wick_tensor *params = wk_new((const int64_t[]){(int64_t)group->count}, 1, WICK_INT64);
    for (size_t i = 0; params && i < group->count; i++)
        ((int64_t *)wk_data(params))[i] = first + (int64_t)i;
    snprintf(name, sizeof name, "param_groups.%zu.params", g);
    return put(dict, name, params);
}

wick_dict *wick_optim_state_dict(wick_optim *optim)
{
    WK_ENTER;
    if (!WK_OPTIM(optim, "wick_optim_state_dict", "optim"))
        return NULL;
    wick_dict *dict = wk_dict_new();
    bool ok = dict != NULL;
    int64_t index = 0;
    for (size_t g = 0; ok && g < optim->count; g++) {
        const wk_group *group = &optim->group[g];
        for (size_t i = 0; ok && i < group->count; i++)
            ok = put_param(dict, optim->method, &group->param[i], index++);
        ok = ok && (!group->lbfgs || put_lbfgs(dict, group->lbfgs));
    }
    index = 0;
    for (size_t g = 0; ok && g < optim->count; g++) {
        ok = put_group(dict, optim->method, &optim->group[g], g, index);
        index += (int64_t)optim->group[g].count;
    }
    if (!ok) {
        wk_unref(dict);
        return NULL;
    }
    return wk_own(dict);
}

/* ---- Loading one ------------------------------------------------------------------------------------------------- */

/* What does not fit, and the names that were asked for. Out of memory: failed. */
typedef struct loading {
    const char *function;
    const wk_method *method;
    wick_dict *dict;
    wk_names known;
    wk_text missing, unexpected, wrong;
    bool failed;
} loading;

static void add_key(wk_text *text, const char *name)
{
    wk_text_put(text, text->length ? ", \"" : "\"");
    wk_text_put_shown(text, name);
    wk_text_put(text, "\"");
}

static bool is_there(const loading *l, const char *name)
{
    return wk_names_find(&l->dict->names, name, strlen(name)) != NULL;
}

/* The entry of that name, which must have this shape (any, if shape is NULL and ndim negative); NULL with a note if
 * there is none, or it has not. */
static wick_tensor *take(loading *l, const char *name, const int64_t *shape, int ndim)
{
    l->failed |= !wk_names_set(&l->known, name, strlen(name), l->dict);
    wick_tensor *t = wk_names_find(&l->dict->names, name, strlen(name));
    if (!t) {
        add_key(&l->missing, name);
        return NULL;
    }
    bool fits = t->ndim == ndim;
    for (int d = 0; fits && d < ndim; d++)
        fits = t->shape[d] == shape[d];
    if (fits)
        return t;
    char own[WK_SHAPE_TEXT];
    wk_text_add(&l->wrong, "\n\tsize mismatch for %s: shape %s in the dict, %s in the optimizer.", name, WK_SHAPE(t),
                wk_shape_text(shape, ndim, own));
    return NULL;
}

static double take_number(loading *l, const char *name, double otherwise)
{
    const wick_tensor *t = take(l, name, NULL, 0);
    return t ? wk_load(t, t->offset) : otherwise;
}

/* The same for a number that counts: whole from 0 on, up to where doubles hold every integer. */
static int64_t take_count(loading *l, const char *name)
{
    const double count = take_number(l, name, 0);
    if (count >= 0 && count <= 0x1p53 && count == floor(count))
        return (int64_t)count;
    wk_text_add(&l->wrong, "\n\t%s is %s; it must be a whole number from 0.", name, WK_REAL(count));
    return 0;
}

/* A copy of the entry in this dtype; NULL if there is none that fits. */
static wick_tensor *take_copy(loading *l, const char *name, const int64_t *shape, int ndim, wick_dtype dtype)
{
    const wick_tensor *t = take(l, name, shape, ndim);
    wick_tensor *copy = t ? wk_new(shape, ndim, dtype) : NULL;
    if (copy && !wk_copy(copy, t)) {
        wk_unref(copy);
        copy = NULL;
    }
    l->failed |= t && !copy;
    return copy;
}

/* Whether a hyperparameter may be loaded: a rate may be below 0 by the rounding of the scheduler that made it, as PyTorch's. */
static bool loadable(const wk_hyper *h, double value)
{
    return wk_hyper_allows(h, value) || (strcmp(h->name, "lr") == 0 && value > -1e-12 && value < 0);
}

static void take_group(loading *l, wk_group *group, size_t g)
{
    char name[NAME_SIZE];
    for (int k = 0; k < l->method->hypers; k++) {
        const wk_hyper *h = &l->method->hyper[k];
        snprintf(name, sizeof name, "param_groups.%zu.%s", g, h->name);
        const double value = take_number(l, name, group->hyper[k]);
        if (loadable(h, value))
            group->hyper[k] = value;
        else
            wk_text_add(&l->wrong, "\n\t%s: Invalid %s: %s.", name, h->what, WK_REAL(value));
    }
    for (int k = 0; k < WK_KEPT_COUNT;
         k++) { /* what the dict does not have, from before there was a scheduler, stays */
        snprintf(name, sizeof name, "param_groups.%zu.%s", g, wk_kept_name[k]);
        if (is_there(l, name))
            group->kept[k] = take_number(l, name, group->kept[k]);
    }
}

/* Whether a name begins with the prefix. */
static bool any_with(const loading *l, const char *prefix)
{
    const size_t length = strlen(prefix);
    for (size_t i = 0; i < l->dict->names.count; i++)
        if (strncmp(l->dict->names.entry[i].name, prefix, length) == 0)
            return true;
    return false;
}

/* The state of a parameter that has the number index in the dict. */
static void take_param(loading *l, wk_param *p, const double *hyper, int64_t index)
{
    const wick_tensor *t = p->tensor;
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "state.%lld.", (long long)index);
    if (!any_with(l, name))
        return;
    for (int k = 0; k < l->method->scalars; k++) {
        snprintf(name, sizeof name, "state.%lld.%s", (long long)index, l->method->scalar[k]);
        const double value = take_number(l, name, 0);
        p->scalar[k] = (float)value;
        if (!isfinite(p->scalar[k]) || (k == 0 && value < 0)) /* scalar[0] is the number of steps */
            wk_text_add(&l->wrong, "\n\t%s is %s; it must be finite%s.", name, WK_REAL(value),
                        k == 0 ? ", and 0 or more" : "");
    }
    if (l->method->scalars == 0)
        p->scalar[0] = 1; /* it is not the first step */
    const unsigned uses = l->method->uses(hyper);
    for (int k = 0; k < l->method->states; k++) {
        snprintf(name, sizeof name, "state.%lld.%s", (long long)index, l->method->state[k].name);
        if (uses >> k & 1 || is_there(l, name))
            p->state[k] = take_copy(l, name, t->shape, t->ndim, t->dtype);
    }
}

static wk_number take_lbfgs_number(loading *l, const char *name, wick_dtype dtype)
{
    const wick_tensor *t = take(l, name, NULL, 0);
    wk_number x = {t ? wk_load(t, t->offset) : 0, t && t->dtype == dtype};
    if (dtype == WICK_FLOAT64) /* then a tensor rounds nothing */
        x.tensor = false;
    return x;
}

static void take_lbfgs(loading *l, wk_group *group)
{
    if (!any_with(l, "state.0."))
        return;
    wick_dtype dtype = WICK_FLOAT32;
    int64_t n = 0;
    for (size_t i = 0; i < group->count; i++) {
        n += group->param[i].tensor->numel;
        if (group->param[i].tensor->dtype == WICK_FLOAT64)
            dtype = WICK_FLOAT64;
    }
    size_t count = 0;
    char name[NAME_SIZE] = "state.0.old_dirs.0";
    while (is_there(l, name))
        snprintf(name, sizeof name, "state.0.old_dirs.%zu", ++count);
    wk_lbfgs *m = group->lbfgs = wk_lbfgs_new(count + 1);
    if (!m) {
        l->failed = true;
        return;
    }
    m->func_evals = take_count(l, "state.0.func_evals");
    m->n_iter = take_count(l, "state.0.n_iter");
    m->moved = m->n_iter > 0 || is_there(l, "state.0.d");
    if (!m->moved)
        return;
    m->d = take_copy(l, "state.0.d", &n, 1, dtype);
    m->gradient = take_copy(l, "state.0.prev_flat_grad", &n, 1, dtype);
    m->t = take_lbfgs_number(l, "state.0.t", dtype);
    m->h = take_lbfgs_number(l, "state.0.H_diag", dtype);
    m->loss = take_number(l, "state.0.prev_loss", 0);
    for (; m->count < count; m->count++) {
        snprintf(name, sizeof name, "state.0.old_dirs.%zu", m->count);
        m->dirs[m->count] = take_copy(l, name, &n, 1, dtype);
        snprintf(name, sizeof name, "state.0.old_stps.%zu", m->count);
        m->steps[m->count] = take_copy(l, name, &n, 1, dtype);
        snprintf(name, sizeof name, "state.0.ro.%zu", m->count);
        m->ro[m->count] = take_number(l, name, 0);
    }
}

/* Names that were not asked for, and what does not fit, as one error. */
static bool report(loading *l)
{
    for (size_t i = 0; i < l->dict->names.count; i++) {
        const wk_entry *e = &l->dict->names.entry[i];
        if (!wk_names_find(&l->known, e->name, e->length))
            add_key(&l->unexpected, e->name);
    }
    if (l->failed || l->missing.failed || l->unexpected.failed || l->wrong.failed)
        return false;
    if (!l->missing.length && !l->unexpected.length && !l->wrong.length)
        return true;
    wk_text all = {0};
    if (l->missing.length)
        wk_text_add(&all, "\n\tMissing key(s) in state_dict: %s. ", l->missing.s);
    if (l->unexpected.length)
        wk_text_add(&all, "\n\tUnexpected key(s) in state_dict: %s. ", l->unexpected.s);
    wk_text_add(&all, "%s", l->wrong.length ? l->wrong.s : "");
    if (!all.failed)
        wick_fail(WICK_ERROR_SHAPE, "%s: Error(s) in loading state_dict for %s:%s", l->function, l->method->name,
                  all.s);
    wk_text_free(&all);
    return false;
}

/* The group's parameters with the state and the hyperparameters of the dict, in fresh, which is all zero. */
static void load_group(loading *l, const wk_group *old, wk_group *fresh, size_t g)
{
    fresh->param = wk_alloc_zero(old->count * sizeof *fresh->param);
    if (!fresh->param) {
        l->failed = true;
        return;
    }
    fresh->count = old->count;
    memcpy(fresh->hyper, old->hyper, sizeof fresh->hyper);
    memcpy(fresh->kept, old->kept, sizeof fresh->kept);
    for (size_t i = 0; i < old->count; i++)
        fresh->param[i].tensor = wk_ref(old->param[i].tensor);
    take_group(l, fresh, g);
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "param_groups.%zu.params", g);
    const wick_tensor *numbers = take(l, name, (const int64_t[]){(int64_t)old->count}, 1);
    for (size_t i = 0; numbers && !l->method->run && i < old->count; i++)
        take_param(l, &fresh->param[i], fresh->hyper,
                   wk_load_int(numbers, numbers->offset + (int64_t)i * numbers->strides[0]));
    if (l->method->run)
        take_lbfgs(l, fresh);
}

bool wick_optim_load_state_dict(wick_optim *optim, wick_dict *dict)
{
    WK_ENTER;
    const char *function = "wick_optim_load_state_dict";
    if (!WK_OPTIM(optim, function, "optim") || !WK_DICT(dict, function, "dict"))
        return false;
    if (optim->running)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: %s is making a step; load the state when it has finished", function,
                         optim->method->name) != NULL;
    loading l = {.function = function, .method = optim->method, .dict = dict};
    const size_t bytes = optim->capacity * sizeof(wk_group);
    wk_group *fresh = wk_alloc_zero(bytes);
    bool ok = fresh != NULL;
    for (size_t g = 0; ok && g < optim->count; g++)
        load_group(&l, &optim->group[g], &fresh[g], g);
    ok = ok && report(&l);
    for (size_t g = 0; ok && g < optim->count; g++)
        ok = !l.method->check || l.method->check(function, fresh[g].hyper);
    if (ok) {
        wk_group *before = optim->group;
        optim->group = fresh;
        fresh = before;
    }
    for (size_t g = 0; fresh && g < optim->count; g++)
        wk_group_clear(&fresh[g]);
    wk_free(fresh, bytes);
    wk_names_clear(&l.known);
    wk_text_free(&l.missing);
    wk_text_free(&l.unexpected);
    wk_text_free(&l.wrong);
    return ok;
}
