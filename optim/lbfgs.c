/* lbfgs.c - the limited-memory method of Broyden, Fletcher, Goldfarb and Shanno: torch.optim.LBFGS.
 *
 * All parameters together are one vector of n elements, of float64 if any parameter is and float32 otherwise. The
 * vectors are tensors and their arithmetic that of the operations, NULL where memory ran out, which goes through to the
 * end. A step works on a copy of what is remembered and notes where the parameters were; it takes the place of the old
 * one at the end, or the parameters go back. */
#include <string.h>

#include "line_search.h"

enum { LR, MAX_ITER, MAX_EVAL, TOLERANCE_GRAD, TOLERANCE_CHANGE, HISTORY_SIZE, LINE_SEARCH, MAXIMIZE, HYPERS };

/* ---- What is remembered ------------------------------------------------------------------------------------------ */

wk_lbfgs *wk_lbfgs_new(size_t capacity)
{
    wk_lbfgs *m = wk_alloc_zero(sizeof *m);
    if (!m)
        return NULL;
    m->capacity = capacity;
    m->dirs = wk_alloc_zero(capacity * sizeof *m->dirs);
    m->steps = wk_alloc_zero(capacity * sizeof *m->steps);
    m->ro = wk_alloc_zero(capacity * sizeof *m->ro);
    if (m->dirs && m->steps && m->ro)
        return m;
    wk_lbfgs_free(m);
    return NULL;
}

void wk_lbfgs_free(wk_lbfgs *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->count; i++) {
        wk_unref(m->dirs[i]);
        wk_unref(m->steps[i]);
    }
    wk_free(m->dirs, m->capacity * sizeof *m->dirs);
    wk_free(m->steps, m->capacity * sizeof *m->steps);
    wk_free(m->ro, m->capacity * sizeof *m->ro);
    wk_unref(m->d);
    wk_unref(m->gradient);
    wk_free(m, sizeof *m);
}

static wick_tensor *ref(wick_tensor *t) { return t ? wk_ref(t) : NULL; }

/* A copy that holds the same tensors, with room for one more iteration's worth at a time: history is the most it
 * keeps. */
static wk_lbfgs *copy_of(const wk_lbfgs *old, size_t history)
{
    wk_lbfgs *m = wk_lbfgs_new(old && old->count > history ? old->count : history);
    if (!m || !old)
        return m;
    wk_lbfgs fresh = *old;
    fresh.dirs = m->dirs, fresh.steps = m->steps, fresh.ro = m->ro, fresh.capacity = m->capacity;
    *m = fresh;
    ref(m->d);
    ref(m->gradient);
    for (size_t i = 0; i < m->count; i++) {
        m->dirs[i] = wk_ref(old->dirs[i]);
        m->steps[i] = wk_ref(old->steps[i]);
        m->ro[i] = old->ro[i];
    }
    return m;
}

static void hold(wick_tensor **place, wick_tensor *t)
{
    wick_tensor *before = *place;
    *place = ref(t);
    wk_unref(before);
}

static void forget_oldest(wk_lbfgs *m)
{
    wk_unref(m->dirs[0]);
    wk_unref(m->steps[0]);
    m->count--;
    memmove(m->dirs, m->dirs + 1, m->count * sizeof *m->dirs);
    memmove(m->steps, m->steps + 1, m->count * sizeof *m->steps);
    memmove(m->ro, m->ro + 1, m->count * sizeof *m->ro);
}

/* ---- Parameters as one vector ------------------------------------------------------------------------------------ */

static wk_number number(const wk_problem *p, wick_tensor *t)
{
    *p->failed |= t == NULL;
    return wk_scalar(t ? wick_item(t) : (double)NAN);
}

wk_number wk_dot(const wk_problem *p, wick_tensor *a, wick_tensor *b) { return number(p, wick_dot(a, b)); }
wk_number wk_largest(const wk_problem *p, wick_tensor *a) { return number(p, wick_max(wick_abs(a))); }

static int64_t numel(const wk_group *group)
{
    int64_t n = 0;
    for (size_t i = 0; i < group->count; i++)
        n += group->param[i].tensor->numel;
    return n;
}

/* The gradients of all parameters, 0 where there is none, one after the other (n); the negative if the loss is
 * maximized. */
static wick_tensor *flat_gradient(const wk_problem *problem)
{
    wick_tensor *flat = wick_zeros(numel(problem->group), .dtype = problem->dtype);
    int64_t offset = 0;
    for (size_t i = 0; flat && i < problem->group->count; i++) {
        const wick_tensor *t = problem->group->param[i].tensor;
        int64_t strides[WICK_MAX_DIMS];
        wk_contiguous_strides(t->shape, t->ndim, strides);
        if (t->grad && !wk_copy_at(flat, offset, strides, t->grad))
            return NULL;
        offset += t->numel;
    }
    return problem->maximize ? wick_neg(flat) : flat;
}

bool wk_problem_evaluate(const wk_problem *problem, double *loss, wick_tensor **gradient, wick_tensor **tensor)
{
    wick_tensor *value = wk_evaluate(problem->function, problem->closure, problem->context);
    if (!value)
        return false;
    if (value->numel != 1)
        return wick_fail(WICK_ERROR_SHAPE,
                         "%s: the closure returned a tensor of shape %s; the loss must have one element",
                         problem->function, WK_SHAPE(value)) != NULL;
    *loss = problem->maximize ? -wick_item(value) : wick_item(value);
    if (tensor)
        *tensor = value;
    *gradient = flat_gradient(problem);
    return *gradient != NULL;
}

bool wk_problem_move(const wk_problem *problem, double t, wick_tensor *d)
{
    wick_tensor *by = wick_mul(d, t);
    int64_t offset = 0;
    for (size_t i = 0; i < problem->group->count; i++) {
        wick_tensor *p = problem->group->param[i].tensor;
        wick_tensor *part = wick_reshape_n(wick_narrow(by, 0, offset, p->numel), p->shape, p->ndim);
        wick_tensor *moved = wick_add(wick_detach(p), part);
        if (!moved || !wk_copy(p, moved))
            return false;
        wk_bump_version(p, "LBFGS.step");
        offset += p->numel;
    }
    return true;
}

wick_list *wk_problem_positions(const wk_problem *problem)
{
    const size_t bytes = problem->group->count * sizeof(wick_tensor *);
    wick_tensor **copies = wk_alloc_zero(bytes);
    bool ok = copies != NULL;
    for (size_t i = 0; ok && i < problem->group->count; i++)
        ok = (copies[i] = wick_clone(wick_detach(problem->group->param[i].tensor))) != NULL;
    wick_list *list = ok ? wick_list_n(copies, (int64_t)problem->group->count) : NULL;
    wk_free(copies, bytes);
    return list;
}

void wk_problem_go_back(const wk_problem *problem, const wick_list *positions)
{
    for (size_t i = 0; i < problem->group->count; i++) {
        wick_tensor *p = problem->group->param[i].tensor;
        wk_copy(p, positions->items[i]);
        wk_bump_version(p, "LBFGS.step");
    }
}

/* ---- The direction ----------------------------------------------------------------------------------------------- */

static wick_tensor *scaled(wick_tensor *x, wk_number by) { return wick_mul(x, by.value); }

/* Notes how the gradient has changed over the last step. */
static bool learn(const wk_problem *p, wk_lbfgs *m, wick_tensor *gradient, size_t history)
{
    wick_tensor *y = wick_sub(gradient, m->gradient), *s = scaled(m->d, m->t);
    if (!y || !s)
        return false;
    const wk_number ys = wk_dot(p, y, s), yy = wk_dot(p, y, y);
    if (wk_less(p, wk_python(1e-10), ys)) {
        while (m->count >= history)
            forget_oldest(m);
        m->dirs[m->count] = wk_ref(y);
        m->steps[m->count] = wk_ref(s);
        m->ro[m->count++] = wk_calculate(p, wk_python(1), '/', ys).value;
        m->h = wk_calculate(p, ys, '/', yy);
    }
    return true;
}

/* -H gradient, by the two loops over what is remembered (Nocedal and Wright, algorithm 7.4); alpha has room for it. */
static wick_tensor *direction(const wk_problem *p, const wk_lbfgs *m, wick_tensor *gradient, wk_number *alpha)
{
    wick_tensor *q = wick_neg(gradient);
    for (size_t i = m->count; q && i-- > 0;) {
        alpha[i] = wk_calculate(p, wk_dot(p, m->steps[i], q), '*', wk_scalar(m->ro[i]));
        q = wick_sub(q, scaled(m->dirs[i], alpha[i]));
    }
    wick_tensor *r = q ? scaled(q, m->h) : NULL;
    for (size_t i = 0; r && i < m->count; i++) {
        const wk_number beta = wk_calculate(p, wk_dot(p, m->dirs[i], r), '*', wk_scalar(m->ro[i]));
        r = wick_add(r, scaled(m->steps[i], wk_calculate(p, alpha[i], '-', beta)));
    }
    return r;
}

/* ---- A step ------------------------------------------------------------------------------------------------------ */

/* Where a step is: the loss and the gradient (n), held, and how often they were evaluated. */
typedef struct progress {
    wk_lbfgs *m;
    double loss;
    wick_tensor *gradient;
    int64_t evaluations;
    bool more;
} progress;

static bool is_optimal(const wk_problem *p, wick_tensor *gradient, const double *hyper)
{
    return gradient->numel == 0 || wk_at_most(p, wk_largest(p, gradient), wk_python(hyper[TOLERANCE_GRAD]));
}

/* Goes along m->d, by m->t or by what the line search finds, and evaluates there; not at the end, without line
 * search. */
static bool go(const wk_problem *p, const double *hyper, progress *at, wk_number slope, bool last)
{
    wk_lbfgs *m = at->m;
    int64_t evaluations = 0;
    wick_tensor *gradient = NULL;
    if (hyper[LINE_SEARCH] != 0.0) {
        const wk_point start = {m->t, at->loss, at->gradient, slope};
        wk_point found;
        if (!wk_strong_wolfe(p, start, m->d, hyper[TOLERANCE_CHANGE], (int64_t)hyper[MAX_EVAL] - at->evaluations,
                             &found, &evaluations) ||
            !wk_problem_move(p, found.t.value, m->d))
            return false;
        m->t = found.t;
        at->loss = found.loss;
        gradient = found.gradient;
    } else {
        if (!wk_problem_move(p, m->t.value, m->d))
            return false;
        if (!last) {
            if (!wk_problem_evaluate(p, &at->loss, &gradient, NULL))
                return false;
            evaluations = 1;
        }
    }
    if (gradient)
        hold(&at->gradient, gradient);
    at->evaluations += evaluations;
    m->func_evals += evaluations;
    return true;
}

static bool iterate(const wk_problem *p, const double *hyper, progress *at, wk_number *alpha, bool last)
{
    WICK_SCOPE;
    wk_lbfgs *m = at->m;
    const double lr = hyper[LR];
    m->n_iter++;
    if (m->n_iter == 1) {
        m->h = wk_python(1);
        hold(&m->d, wick_neg(at->gradient));
    } else {
        if (!learn(p, m, at->gradient, (size_t)hyper[HISTORY_SIZE]))
            return false;
        hold(&m->d, direction(p, m, at->gradient, alpha));
    }
    if (!m->d)
        return false;
    hold(&m->gradient, at->gradient);
    m->loss = at->loss;
    m->moved = true;
    m->t = wk_python(lr);
    if (m->n_iter == 1) {
        const wk_number inverse = wk_calculate(p, wk_python(1), '/', number(p, wick_sum(wick_abs(at->gradient))));
        m->t = wk_calculate(p, wk_less(p, inverse, wk_python(1)) ? inverse : wk_python(1), '*', wk_python(lr));
    }
    const wk_number slope = wk_dot(p, at->gradient, m->d);
    at->more = false;
    if (wk_less(p, wk_python(-hyper[TOLERANCE_CHANGE]), slope))
        return true;
    if (!go(p, hyper, at, slope, last))
        return false;
    wick_tensor *moved = scaled(m->d, m->t);
    if (!moved)
        return false;
    at->more = !last && at->evaluations < (int64_t)hyper[MAX_EVAL] && !is_optimal(p, at->gradient, hyper) &&
               !wk_at_most(p, wk_largest(p, moved), wk_python(hyper[TOLERANCE_CHANGE])) &&
               !(fabs(at->loss - m->loss) < hyper[TOLERANCE_CHANGE]);
    return true;
}

/* All iterations of a step, from where the loss and the gradient are known. */
static bool descend(const wk_problem *p, const double *hyper, progress *at)
{
    const size_t bytes = at->m->capacity * sizeof(wk_number);
    wk_number *alpha = wk_alloc(bytes);
    bool ok = alpha != NULL;
    at->more = true;
    for (int64_t i = 1; ok && at->more && i <= (int64_t)hyper[MAX_ITER]; i++)
        ok = iterate(p, hyper, at, alpha, i == (int64_t)hyper[MAX_ITER]);
    wk_free(alpha, bytes);
    return ok && !*p->failed;
}

static wick_tensor *run(wick_optim *optim, wick_optim_closure *closure, void *context)
{
    WICK_SCOPE;
    WICK_NO_GRAD;
    wk_group *group = &optim->group[0];
    double hyper[WK_HYPERS_MAX]; /* of this step: the closure may set others */
    memcpy(hyper, group->hyper, sizeof hyper);
    bool failed = false;
    wk_problem problem = {.failed = &failed,
                          .function = "wick_optim_step_closure",
                          .group = group,
                          .closure = closure,
                          .context = context,
                          .dtype = WICK_FLOAT32,
                          .maximize = hyper[MAXIMIZE] != 0.0};
    for (size_t i = 0; i < group->count; i++)
        if (group->param[i].tensor->dtype == WICK_FLOAT64)
            problem.dtype = WICK_FLOAT64;
    wick_tensor *loss, *gradient;
    wick_list *start = wk_problem_positions(&problem);
    progress at = {.m = copy_of(group->lbfgs, (size_t)hyper[HISTORY_SIZE]), .evaluations = 1};
    if (at.m && at.m->moved && (at.m->d->numel != numel(group) || at.m->d->dtype != problem.dtype)) {
        wick_fail(WICK_ERROR_DTYPE,
                  "%s: the parameters' dtype has changed since the first step; make the optimizer after "
                  "the conversion",
                  problem.function);
        wk_lbfgs_free(at.m);
        return NULL;
    }
    bool ok = start && at.m && wk_problem_evaluate(&problem, &at.loss, &gradient, &loss);
    if (ok) {
        at.m->func_evals++;
        hold(&at.gradient, gradient);
        ok = is_optimal(&problem, gradient, hyper) || descend(&problem, hyper, &at);
        if (!ok)
            wk_problem_go_back(&problem, start);
    }
    wk_unref(at.gradient);
    wk_lbfgs_free(ok ? group->lbfgs : at.m);
    if (!ok)
        return NULL;
    group->lbfgs = at.m;
    return wick_out(loss);
}

/* ---- The optimizer ----------------------------------------------------------------------------------------------- */

static const wk_hyper hypers[HYPERS] = {
    WK_LR,
    {"max_iter", "max_iter value, which is whole and not negative,", 0, 1e9, WK_WHOLE},
    {"max_eval", "max_eval value, which is whole and not negative,", 0, 2e9, WK_WHOLE},
    WK_ANY("tolerance_grad"),
    WK_ANY("tolerance_change"),
    {"history_size", "history_size value, which is whole and at least 1,", 1, 1e6, WK_WHOLE},
    {"line_search_fn", "line_search_fn, which is 0 or 1 (strong_wolfe),", 0, 1, WK_WHOLE},
    WK_FLAG_OF("maximize")};

static const wk_method lbfgs = {
    .name = "LBFGS",
    .function = "wick_optim_lbfgs",
    .written = "LBFGS.step",
    .hyper = hypers,
    .hypers = HYPERS,
    .run = run,
};

wick_optim *wick_optim_lbfgs_opt(wick_list *params, const wick_optim_lbfgs_options *given)
{
    WK_ENTER;
    wick_optim_lbfgs_options o = WK_OPTIONS(wick_optim_lbfgs_options, WICK_OPTIM_LBFGS_DEFAULTS, given);
    if (o.line_search_fn && strcmp(o.line_search_fn, "strong_wolfe") != 0)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_optim_lbfgs: only 'strong_wolfe' is supported as line_search_fn, not '%s'",
                         o.line_search_fn);
    const double max_eval = o.max_eval < 0 ? o.max_iter / 4 * 5 + o.max_iter % 4 * 5 / 4 : o.max_eval;
    const double hyper[HYPERS] = {
        o.lr,      o.max_iter, max_eval, o.tolerance_grad, o.tolerance_change, o.history_size, o.line_search_fn != NULL,
        o.maximize};
    return wk_optim_new(&lbfgs, hyper, params);
}
