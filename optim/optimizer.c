/* optimizer.c - what every optimizer does: groups, hyperparameters by name, clearing gradients. */
#include <string.h>

#include "optimizer.h"

/* ---- Life -------------------------------------------------------------------------------------------------------- */

void wk_group_clear(wk_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        wk_unref(group->param[i].tensor);
        for (int k = 0; k < WK_STATES_MAX; k++)
            wk_unref(group->param[i].state[k]);
    }
    wk_free(group->param, group->count * sizeof *group->param);
    wk_lbfgs_free(group->lbfgs);
    *group = (wk_group){0};
}

static void optim_destroy(wick_object *object)
{
    wick_optim *optim = (wick_optim *)object;
    for (size_t g = 0; g < optim->count; g++)
        wk_group_clear(&optim->group[g]);
    wk_free(optim->group, optim->capacity * sizeof *optim->group);
    wk_free(optim, sizeof *optim);
}

const wk_class wk_optim_class = {"optimizer", optim_destroy};

/* ---- Hyperparameters --------------------------------------------------------------------------------------------- */

bool wk_hyper_allows(const wk_hyper *h, double value)
{
    return value >= h->min && value <= h->max && (h->kind == WK_REAL || value == floor(value));
}

static bool check_value(const char *function, const wk_hyper *h, double value)
{
    if (wk_hyper_allows(h, value))
        return true;
    wick_fail(WICK_ERROR_ARGUMENT, "%s: Invalid %s: %s", function, h->what, WK_REAL(value));
    return false;
}

bool wk_check_hypers(const char *function, const wk_method *method, const double *hyper)
{
    for (int i = 0; i < method->hypers; i++)
        if (!check_value(function, &method->hyper[i], hyper[i]))
            return false;
    return !method->check || method->check(function, hyper);
}

const char *const wk_kept_name[WK_KEPT_COUNT] = {"initial_lr",    "max_lr",       "min_lr",
                                                 "base_momentum", "max_momentum", "swa_lr"};

/* The group, and in *index the place of the named hyperparameter in it, or WK_HYPERS_MAX plus the place of what schedulers
 * keep in it; NULL with an error if there is none. */
static wk_group *locate(const char *function, const wick_optim *optim, int group, const char *name, int *index)
{
    if (!WK_OPTIM(optim, function, "optim"))
        return NULL;
    if (group < 0 || (size_t)group >= optim->count)
        return wick_fail(WICK_ERROR_INDEX, "%s: group %d of an optimizer with %zu; groups are counted from 0", function,
                         group, optim->count);
    const wk_method *method = optim->method;
    wk_text known = {0};
    for (int i = 0; i < method->hypers; i++) {
        if (name && strcmp(method->hyper[i].name, name) == 0) {
            wk_text_free(&known);
            *index = i;
            return &optim->group[group];
        }
    }
    for (int k = 0; k < WK_KEPT_COUNT; k++) {
        if (name && strcmp(wk_kept_name[k], name) == 0) {
            *index = WK_HYPERS_MAX + k;
            return &optim->group[group];
        }
    }
    for (int i = 0; i < method->hypers; i++)
        wk_text_add(&known, "%s%s", i ? ", " : "", method->hyper[i].name);
    wick_fail(WICK_ERROR_ARGUMENT, "%s: no hyperparameter is named \"%s\"; there are %s", function,
              name ? name : "NULL", known.s ? known.s : "others");
    wk_text_free(&known);
    return NULL;
}

double wick_optim_get(const wick_optim *optim, int group, const char *name)
{
    WK_ENTER;
    int i;
    const wk_group *g = locate("wick_optim_get", optim, group, name, &i);
    if (!g)
        return (double)NAN;
    if (i < WK_HYPERS_MAX)
        return g->hyper[i];
    if (isnan(g->kept[i - WK_HYPERS_MAX]))
        wick_fail(WICK_ERROR_ARGUMENT, "wick_optim_get: group %d has no %s; a scheduler that uses it sets it", group,
                  name);
    return g->kept[i - WK_HYPERS_MAX];
}

bool wick_optim_set(wick_optim *optim, int group, const char *name, double value)
{
    WK_ENTER;
    int i;
    wk_group *g = locate("wick_optim_set", optim, group, name, &i);
    if (!g)
        return false;
    if (i >= WK_HYPERS_MAX) {
        if (isnan(value))
            return wick_fail(WICK_ERROR_ARGUMENT, "wick_optim_set: Invalid %s: nan", name) != NULL;
        g->kept[i - WK_HYPERS_MAX] = value;
        return true;
    }
    /* The others stay unchecked: a scheduler may have left a rate of -1e-18 there, as PyTorch's do. */
    double hyper[WK_HYPERS_MAX];
    memcpy(hyper, g->hyper, sizeof hyper);
    hyper[i] = value;
    if (!check_value("wick_optim_set", &optim->method->hyper[i], value) ||
        (optim->method->check && !optim->method->check("wick_optim_set", hyper)))
        return false;
    g->hyper[i] = value;
    return true;
}

/* ---- Groups ------------------------------------------------------------------------------------------------------ */

static bool check_param(const char *function, const wick_tensor *t, int64_t i)
{
    if (t->grad_fn)
        wick_fail(WICK_ERROR_AUTOGRAD,
                  "%s: can't optimize a non-leaf Tensor: parameter %lld is the result of a recorded operation; give "
                  "wick_detach of it",
                  function, (long long)i);
    else if (!wick_dtype_is_floating(t->dtype))
        wick_fail(WICK_ERROR_DTYPE, "%s: parameter %lld is %s; only float32 and float64 can be optimized", function,
                  (long long)i, wick_dtype_name(t->dtype));
    else
        return true;
    return false;
}

/* Whether the parameters may be in a group: floating-point leaves, none twice, none in a group already. */
static bool check_params(const char *function, const wick_optim *optim, const wick_list *params)
{
    const wk_method *method = optim->method;
    wk_set seen = {0};
    bool ok = true, failed = false;
    for (size_t g = 0; g < optim->count; g++)
        for (size_t i = 0; ok && i < optim->group[g].count; i++) {
            wk_set_add(&seen, optim->group[g].param[i].tensor, &failed);
            ok = !failed;
        }
    size_t before = seen.count;
    for (int64_t i = 0; ok && i < params->count; i++) {
        ok = check_param(function, params->items[i], i) &&
             (!method->check_param || method->check_param(function, params->items[i]));
        if (ok && !wk_set_add(&seen, params->items[i], &failed)) {
            ok = false;
            if (!failed)
                wick_fail(WICK_ERROR_ARGUMENT,
                          "%s: some parameters appear more than once: parameter %lld is in the list twice%s", function,
                          (long long)i, before ? " or in another parameter group" : "");
        }
    }
    wk_set_free(&seen);
    return ok;
}

static bool add_group(const char *function, wick_optim *optim, const wick_list *params)
{
    const wk_method *method = optim->method;
    if (method->run && optim->count)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: %s doesn't support per-parameter options (parameter groups); give all parameters in one "
                         "list when you make it",
                         function, method->name) != NULL;
    if (!check_params(function, optim, params) || !WK_GROW(optim->group, optim->count, optim->capacity))
        return false;
    wk_group *group = &optim->group[optim->count];
    size_t count = (size_t)params->count;
    *group = (wk_group){0};
    memcpy(group->hyper, optim->defaults, sizeof group->hyper);
    for (int k = 0; k < WK_KEPT_COUNT; k++)
        group->kept[k] = (double)NAN;
    group->param = wk_alloc_zero(count * sizeof *group->param);
    if (!group->param)
        return false;
    group->count = count;
    for (size_t i = 0; i < count; i++)
        group->param[i].tensor = wk_ref(params->items[i]);
    for (size_t i = 0; method->at_once && i < count; i++)
        if (!wk_prepare(function, method, group->hyper, &group->param[i])) {
            wk_group_clear(group);
            return false;
        }
    optim->count++;
    return true;
}

wick_optim *wk_optim_new(const wk_method *method, const double *hyper, wick_list *params)
{
    if (!WK_LIST(params, method->function, "params") || !wk_check_hypers(method->function, method, hyper))
        return NULL;
    if (params->count == 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: optimizer got an empty parameter list", method->function);
    wick_optim *optim = wk_alloc_zero(sizeof *optim);
    if (!optim)
        return NULL;
    wk_object_init(&optim->base, &wk_optim_class);
    optim->method = method;
    memcpy(optim->defaults, hyper, (size_t)method->hypers * sizeof *hyper);
    if (!add_group(method->function, optim, params)) {
        wk_unref(optim);
        return NULL;
    }
    return wk_own(optim);
}

int wick_optim_add_param_group(wick_optim *optim, wick_list *params)
{
    WK_ENTER;
    const char *function = "wick_optim_add_param_group";
    if (!WK_OPTIM(optim, function, "optim") || !WK_LIST(params, function, "params") ||
        !add_group(function, optim, params))
        return -1;
    return (int)optim->count - 1;
}

long long wick_optim_group_count(const wick_optim *optim)
{
    WK_ENTER;
    return WK_OPTIM(optim, "wick_optim_group_count", "optim") ? (long long)optim->count : 0;
}

/* ---- Gradients --------------------------------------------------------------------------------------------------- */

void wick_optim_zero_grad(wick_optim *optim)
{
    WK_ENTER;
    if (!WK_OPTIM(optim, "wick_optim_zero_grad", "optim"))
        return;
    for (size_t g = 0; g < optim->count; g++)
        for (size_t i = 0; i < optim->group[g].count; i++) {
            wick_tensor *t = optim->group[g].param[i].tensor, *grad = t->grad;
            t->grad = NULL;
            wk_unref(grad);
        }
}
