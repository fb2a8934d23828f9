/* lr_state.c - schedulers as dicts: what a scheduler goes on from, by name, and taking it over again.
 *
 * Both go through the same fields in the same order. Loading first compares everything, and lists all that does not
 * fit; then nothing can fail any more. */
#include <string.h>

#include "scheduler.h"

/* ---- Fields ------------------------------------------------------------------------------------------------------ */

typedef struct field {
    const wk_lr_number *rule; /* of each number */
    double *at;
    int64_t count; /* of a list; -1: one number */
} field;

typedef bool (*visit)(const char *name, const field *f, void *context);

static bool visit_field(wk_text *name, const field *f, visit v, void *context)
{
    size_t prefix = name->length;
    wk_text_put(name, f->rule->name);
    bool ok = !name->failed && v(name->s, f, context);
    wk_text_cut(name, prefix);
    return ok;
}

static bool visit_numbers(wk_text *name, const wk_lr_number *rule, double *at, visit v, void *context)
{
    return visit_field(name, &(field){rule, at, -1}, v, context);
}

static bool visit_values(wk_text *name, const wk_lr_number *rule, const wk_lr_values *values, visit v, void *context)
{
    return values->count == 0 || visit_field(name, &(field){rule, values->v, (int64_t)values->count}, v, context);
}

/* Calls v on every field of s and of the schedulers that it holds, until that returns false. */
static bool each_field(wick_scheduler *s, wk_text *name, visit v, void *context)
{
    static const wk_lr_number base_lrs = {"base_lrs", WK_LR_ANY}, last_lr = {"_last_lr", WK_LR_ANY};
    const wk_lr_kind *kind = s->kind;
    bool ok = true;
    for (int i = 0; ok && i < WK_LR_COUNTERS && !kind->uncounted; i++)
        ok = visit_numbers(name, &wk_lr_counter_rule[i], &s->counter[i], v, context);
    for (int i = 0; ok && kind->number[i].name; i++)
        ok = visit_numbers(name, &kind->number[i], &s->number[i], v, context);
    ok = ok && visit_values(name, &base_lrs, &s->base_lrs, v, context) &&
         visit_values(name, &last_lr, &s->last_lr, v, context);
    for (int i = 0; ok && kind->list[i].name; i++)
        ok = visit_values(name, &kind->list[i], &s->list[i], v, context);
    size_t prefix = name->length;
    for (size_t i = 0; ok && i < s->inners; i++) {
        wk_text_add(name, "_schedulers.%zu.", i);
        ok = !name->failed && each_field(s->inner[i], name, v, context);
        wk_text_cut(name, prefix);
    }
    return ok;
}

static bool all_fields(wick_scheduler *s, visit v, void *context)
{
    wk_text name = {0};
    wk_text_put(&name, "");
    bool ok = !name.failed && each_field(s, &name, v, context);
    wk_text_free(&name);
    return ok;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

static bool write_field(const char *name, const field *f, void *context)
{
    wick_tensor *t = wk_new(&f->count, f->count < 0 ? 0 : 1, f->rule->whole ? WICK_INT64 : WICK_FLOAT64);
    for (int64_t i = 0; t && i < t->numel; i++) {
        if (f->rule->whole)
            ((int64_t *)wk_data(t))[i] = (int64_t)f->at[i];
        else
            ((double *)wk_data(t))[i] = f->at[i];
    }
    bool ok = t && wk_names_set(context, name, strlen(name), t);
    wk_unref(t);
    return ok;
}

wick_dict *wick_lr_state_dict(wick_scheduler *scheduler)
{
    WK_ENTER;
    if (!WK_SCHEDULER(scheduler, "wick_lr_state_dict", "scheduler"))
        return NULL;
    wick_dict *dict = wk_dict_new();
    if (dict && !all_fields(scheduler, write_field, &dict->names)) {
        wk_unref(dict);
        return NULL;
    }
    return wk_own(dict);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

typedef struct load {
    const wk_names *given;
    wk_text wrong;
} load;

static double number_at(const wick_tensor *t, int64_t i)
{
    return wk_load(t, t->offset + i * (t->ndim ? t->strides[0] : 0));
}

static bool check_field(const char *name, const field *f, void *context)
{
    load *l = context;
    const wick_tensor *t = wk_names_find(l->given, name, strlen(name));
    for (int64_t i = 0; i < t->numel; i++) {
        size_t before = l->wrong.length;
        wk_text_add(&l->wrong, "\n\tfor %s: ", name);
        if (wk_lr_check(&l->wrong, f->rule, number_at(t, i)))
            wk_text_cut(&l->wrong, before);
    }
    return !l->wrong.failed;
}

static bool read_field(const char *name, const field *f, void *context)
{
    const load *l = context;
    const wick_tensor *t = wk_names_find(l->given, name, strlen(name));
    for (int64_t i = 0; i < t->numel; i++)
        f->at[i] = number_at(t, i);
    return true;
}

bool wick_lr_load_state_dict(wick_scheduler *scheduler, wick_dict *dict)
{
    WK_ENTER;
    const char *function = "wick_lr_load_state_dict";
    if (!WK_SCHEDULER(scheduler, function, "scheduler") || !WK_DICT(dict, function, "dict"))
        return false;
    const char *name = scheduler->kind->name;
    load l = {.given = &dict->names};
    wk_names own = {0};
    bool ok = all_fields(scheduler, write_field, &own) && wk_state_fits(function, name, &own, l.given) &&
              all_fields(scheduler, check_field, &l);
    if (ok && l.wrong.length)
        ok = wick_fail(WICK_ERROR_ARGUMENT, "%s: Error(s) in loading state_dict for %s:%s", function, name,
                       l.wrong.s) != NULL;
    ok = ok && all_fields(scheduler, read_field, &l);
    wk_text_free(&l.wrong);
    wk_names_clear(&own);
    return ok;
}
