/* differences.c - the Jacobian of a function by backward, against central differences.
 *
 *     analytical   one backward pass for each element of the output, from the gradient that is 1 there and 0 elsewhere: a
 *                  row of the Jacobian of all inputs; each twice, to see whether it is the same
 *     numerical    for each element of an input, f at x + eps and x - eps: a column
 *     judgement    where the two differ, f at x +- 2 eps and x +- 3 eps as well: see judge()
 *
 * The inputs are changed where they lie, and put back. */
#include "differences.h"

#include <math.h>
#include <string.h>

#include "trial.h"

/* ---- Values -------------------------------------------------------------------------------------------------------------- */

/* count doubles in a block that the innermost scope owns. */
static double *doubles(int64_t count)
{
    wick_tensor *block = wk_own(wk_new(&count, 1, WICK_FLOAT64));
    return block ? wk_data(block) : NULL;
}

/* A copy of y's elements, since y may be a view of an input, in row-major order, that the scope outside owns. */
static double *elements_out(wick_tensor *y)
{
    wick_tensor *copy = y ? wk_own(wk_new(y->shape, y->ndim, WICK_FLOAT64)) : NULL;
    return copy && wk_copy(copy, y) && wick_out(copy) ? wk_data(copy) : NULL;
}

double *wk_checked_value(const wk_differences *c)
{
    WICK_SCOPE;
    wick_tensor *y = wk_call(c->name, c->f, c->inputs, c->n, c->o.context);
    if (y && c->y && !wk_same_shape(y, c->y))
        return wick_fail(
            WICK_ERROR_AUTOGRAD,
            "%s: the function's value has shape %s, and shape %s after a small change of an input; gradients "
            "can be checked only where the shape is fixed",
            c->name, WK_SHAPE(c->y), WK_SHAPE(y));
    return elements_out(y);
}

int64_t wk_position(const wick_tensor *t, int64_t i)
{
    int64_t at = t->offset;
    for (int d = t->ndim - 1; d >= 0; d--) {
        at += i % t->shape[d] * t->strides[d];
        i /= t->shape[d];
    }
    return at;
}

static void unflatten(int64_t i, const int64_t *shape, int ndim, int64_t *index)
{
    for (int d = ndim - 1; d >= 0; d--) {
        index[d] = shape[d] ? i % shape[d] : 0;
        i /= shape[d] ? shape[d] : 1;
    }
}

/* ---- The report ---------------------------------------------------------------------------------------------------------- */

/* Which element of which input and of the output is meant. */
static wick_gradcheck_element locate(const wk_differences *c, int k, int64_t i, int64_t j)
{
    const wick_tensor *x = c->inputs[k], *y = c->y;
    wick_gradcheck_element at = {.input = k, .ndim = x->ndim, .gradient_of = -1};
    unflatten(i, x->shape, x->ndim, at.index);
    for (int m = 0; c->second && m < c->second->n; m++) { /* y is the gradients of these, side by side */
        if (!wk_needs_grad(c->inputs[m]))
            continue;
        if (j < c->inputs[m]->numel) {
            at.gradient_of = m;
            y = c->inputs[m];
            break;
        }
        j -= c->inputs[m]->numel;
    }
    at.output_ndim = y->ndim;
    unflatten(j, y->shape, y->ndim, at.output_index);
    return at;
}

/* Notes that this is the element that the report is about. */
static void point_at(wick_gradcheck_report *r, const wick_gradcheck_element *at)
{
    r->input = at->input;
    r->ndim = at->ndim;
    memcpy(r->index, at->index, sizeof r->index);
    r->gradient_of = at->gradient_of;
    r->output_ndim = at->output_ndim;
    memcpy(r->output_index, at->output_index, sizeof r->output_index);
}

typedef struct element {
    wick_gradcheck_verdict verdict; /* PASS: it agrees */
    double analytical, numerical, tolerance, left, right;
    bool kink, subgradient;
} element;

/* Adds an element that differs to the caller's list, if there is room. */
static void list_element(wk_differences *c, wick_gradcheck_element at, const element *e)
{
    if (e->verdict == WICK_GRADCHECK_PASS || c->r.listed >= c->o.element_room)
        return;
    at.verdict = e->verdict;
    at.analytical = e->analytical;
    at.numerical = e->numerical;
    at.tolerance = e->tolerance;
    c->o.elements[c->r.listed++] = at;
}

/* As torch.allclose(analytical, numerical). */
static bool agrees(const element *e)
{
    double error = fabs(e->analytical - e->numerical);
    return e->analytical == e->numerical || (isfinite(error) && error <= e->tolerance);
}

/* Counts the element, and keeps it if it is the worst so far. */
static void note(wk_differences *c, int k, int64_t i, int64_t j, const element *e, wk_severity s)
{
    wick_gradcheck_report *r = &c->r;
    double error = fabs(e->analytical - e->numerical), score = error / e->tolerance;
    r->compared++;
    r->zero += e->analytical == 0;
    if (e->analytical == e->numerical)
        error = score = 0;
    if (s != WK_HAS_NO_VALUE && (isnan(error) || error > r->largest_error)) /* NaN stays */
        r->largest_error = error;
    if (fabs(e->analytical) > r->largest_gradient)
        r->largest_gradient = fabs(e->analytical);
    if (s == WK_IS_WRONG) {
        double ratio = e->analytical / e->numerical;
        if (!c->has_ratio)
            r->ratio = ratio;
        else if (!(fabs(ratio - r->ratio) <= 0.01 * fabs(r->ratio)))
            r->ratio = NAN;
        c->has_ratio = true;
    }
    if (isnan(score))
        score = INFINITY;
    const wick_gradcheck_element at = locate(c, k, i, j);
    list_element(c, at, e);
    if (r->input >= 0 && (s < c->worst || (s == c->worst && score <= c->score)))
        return;
    c->worst = s;
    c->score = score;
    point_at(r, &at);
    r->analytical = e->analytical;
    r->numerical = e->numerical;
    r->left = e->left;
    r->right = e->right;
    r->error = error;
    r->relative = error == 0 ? 0 : error / fabs(e->numerical);
    r->tolerance = e->tolerance;
    r->kink = e->kink;
    r->subgradient = e->subgradient;
}

/* ---- Judgement of what differs ------------------------------------------------------------------------------------------- */

enum { REACH = 3, POINTS = 2 * REACH + 1 }; /* f at x - 3 eps, ..., x + 3 eps */

/* The derivative at x + 0 (side 1) or x - 0 (side -1) by the parabola through the three values beyond the step, and what it
 * makes of f(x). So neither sees a kink within eps of x. */
static double one_sided(double *const *points, int64_t j, int side, double eps, double *end)
{
    double v[REACH + 1];
    bool finite = true;
    for (int s = 0; s <= REACH; s++) {
        const double *p = points[REACH + side * s];
        v[s] = p ? p[j] : NAN;
        finite = finite && (s == 0 || isfinite(v[s]));
    }
    *end = finite ? 3 * v[1] - 3 * v[2] + v[3] : v[0];
    return side * (finite ? -2.5 * v[1] + 4 * v[2] - 1.5 * v[3] : v[1] - v[0]) / eps;
}

/* What to think of an element that differs: at a kink, and right there; wrong; or hidden by
 *     rounding     u |f| / eps of the values, and u |x| / eps of the step
 *     truncation   eps^2 f''' / 6: a difference with step 2 eps has four times as much of it, so that a third of how far the
 *                  two are apart takes it away. */
static wk_severity judge(wk_differences *c, double *const *points, int64_t j, double x, element *e)
{
    double eps = c->o.eps, largest = 0, from_left = NAN, from_right = NAN;
    for (int s = 0; s < POINTS; s++)
        if (points[s] && isfinite(points[s][j]))
            largest = fmax(largest, fabs(points[s][j]));
    double rounding = c->unit * (largest + (isfinite(e->numerical) ? fabs(e->numerical * x) : 0)) / eps;
    e->left = one_sided(points, j, -1, eps, &from_left);
    e->right = one_sided(points, j, 1, eps, &from_right);
    double jump = fmax(fabs(e->right - e->left), fabs(from_right - from_left) / eps);
    bool edge = isfinite(e->left) != isfinite(e->right); /* f has no value on one side */
    e->kink = edge || (isfinite(jump) && jump > fmax(e->tolerance, 32 * rounding));
    if (e->kink) {
        double low = isfinite(e->left) ? e->left : e->right, high = isfinite(e->right) ? e->right : e->left;
        double slack = c->o.atol + c->o.rtol * fmax(fabs(low), fabs(high)) + 32 * rounding;
        e->subgradient = e->analytical >= fmin(low, high) - slack && e->analytical <= fmax(low, high) + slack;
        if (e->subgradient) {
            e->verdict = WICK_GRADCHECK_KINK;
            c->r.kinks++;
            return c->o.allow_kinks ? WK_EXCUSED : WK_FAILS;
        }
    }
    const double *after = points[REACH + 2], *before = points[REACH - 2];
    double wide = after && before ? (after[j] - before[j]) / (4 * eps) : NAN;
    double better = e->numerical - (wide - e->numerical) / 3;
    if (fabs(e->analytical - e->numerical) <= 4 * rounding ||
        (isfinite(better) && fabs(e->analytical - better) <= e->tolerance + 4 * rounding)) {
        e->verdict = WICK_GRADCHECK_IMPRECISE;
        c->r.imprecise++;
        return c->o.allow_kinks ? WK_FAILS : WK_EXCUSED;
    }
    e->verdict = WICK_GRADCHECK_WRONG;
    c->r.wrong++;
    return WK_IS_WRONG;
}

/* ---- Element by element -------------------------------------------------------------------------------------------------- */

/* f with one element of x set to another number, a point that f may have no value at; NULL with an error, in a trial. */
static double *value_at(const wk_differences *c, wick_tensor *x, int64_t at, double number)
{
    double before = wk_load(x, at);
    wk_store(x, at, number);
    double *v = wk_checked_value(c);
    wk_store(x, at, before);
    return v;
}

/* Ends a trial of f. False, with the error, if it failed other than as f does where it has no value; then f's words are
 * kept. */
static bool end_trial(wk_differences *c, wk_trial *trial, bool has_value)
{
    const bool refused = !has_value && wick_error_kind() == WICK_ERROR_ARGUMENT;
    if (refused)
        wk_gradcheck_text(c->r.message, sizeof c->r.message, wick_error_message());
    wk_trial_end(trial, !has_value && !refused);
    return has_value || refused;
}

/* The value there, NULL where f has none. False with an error. */
static bool try_value_at(wk_differences *c, wick_tensor *x, int64_t at, double number, double **v)
{
    wk_trial trial;
    wk_trial_begin(&trial);
    *v = value_at(c, x, at, number);
    return end_trial(c, &trial, *v != NULL);
}

static bool all_finite(const wk_differences *c, const double *v)
{
    bool finite = v != NULL;
    for (int64_t j = 0; finite && j < c->y->numel; j++)
        finite = isfinite(v[j]) || !isfinite(c->value[j]);
    return finite;
}

/* A tenth of the largest of eps / 10, eps / 100, ... with which f has values on both sides of x; 0 if none has that still
 * moves x. False with an error. */
static bool find_eps(wk_differences *c, wick_tensor *x, int64_t at, double *found)
{
    const double x0 = wk_load(x, at);
    *found = 0;
    for (double eps = c->o.eps / 10; *found == 0 && fabs(x0) * 8 * c->unit < eps && eps > c->o.eps * 1e-12; eps /= 10) {
        WICK_SCOPE;
        double *above, *below;
        if (!try_value_at(c, x, at, x0 + eps, &above) || !try_value_at(c, x, at, x0 - eps, &below))
            return false;
        if (all_finite(c, above) && all_finite(c, below))
            *found = eps / 10 > fabs(x0) * 8 * c->unit ? eps / 10 : eps; /* and not just at the edge */
    }
    return true;
}

/* Whether the element has no value within eps, and that is all there is to say of it: not at the very edge of a domain, where
 * no eps will do. */
static bool has_no_value(wk_differences *c, const double *above, const double *below, int64_t j, double usable_eps)
{
    const bool here = isfinite(c->value[j]);
    if (here && ((above && isfinite(above[j]) && below && isfinite(below[j])) || usable_eps == 0))
        return false;
    wick_gradcheck_report *r = &c->r;
    const double eps = here ? usable_eps : 0;
    r->usable_eps = r->no_value ? fmin(r->usable_eps, eps) : eps;
    r->no_value++;
    return true;
}

/* f at the points further out, where it may have no value: NULL then. False only if memory runs out. */
static bool look_further(const wk_differences *c, wick_tensor *x, int64_t at, double **points)
{
    double x0 = wk_load(x, at);
    for (int s = -REACH; s <= REACH; s++) {
        if (s >= -1 && s <= 1)
            continue;
        wk_trial trial;
        wk_trial_begin(&trial);
        points[REACH + s] = value_at(c, x, at, x0 + s * c->o.eps);
        const bool no_memory = !points[REACH + s] && wick_error_kind() == WICK_ERROR_MEMORY;
        wk_trial_end(&trial, no_memory);
        if (no_memory)
            return false;
    }
    return true;
}

/* One input's columns against what differences say. first: the number of its first column. */
static bool compare_input(wk_differences *c, int k, int64_t first)
{
    wick_tensor *x = c->inputs[k];
    for (int64_t i = 0; i < x->numel; i++) {
        WICK_SCOPE;
        int64_t at = wk_position(x, i);
        double x0 = wk_load(x, at), *points[POINTS] = {NULL};
        double *above, *below, usable_eps = -1; /* not sought yet */
        bool looked = false;
        if (!try_value_at(c, x, at, x0 + c->o.eps, &above) || !try_value_at(c, x, at, x0 - c->o.eps, &below))
            return false;
        points[REACH] = c->value;
        points[REACH + 1] = above;
        points[REACH - 1] = below;
        for (int64_t j = 0; j < c->y->numel; j++) {
            element e = {.verdict = WICK_GRADCHECK_PASS, .left = NAN, .right = NAN};
            e.analytical = c->jacobian[j * c->columns + first + i];
            e.numerical = above && below ? (above[j] - below[j]) / (2 * c->o.eps) : (double)NAN;
            e.tolerance = c->o.atol + c->o.rtol * fabs(e.numerical);
            wk_severity s = WK_AGREES;
            if (!agrees(&e) && !isfinite(e.numerical) && usable_eps < 0 && !find_eps(c, x, at, &usable_eps))
                return false;
            if (!agrees(&e) && !isfinite(e.numerical) && has_no_value(c, above, below, j, usable_eps)) {
                e.verdict = WICK_GRADCHECK_NO_VALUE;
                s = WK_HAS_NO_VALUE;
            } else if (!agrees(&e)) {
                if (!looked && !look_further(c, x, at, points))
                    return false;
                looked = true;
                s = judge(c, points, j, x0, &e);
            }
            note(c, k, i, j, &e, s);
        }
    }
    return true;
}

/* The gradients of the checked inputs for this gradient of y, one after the other in row. */
static bool backward(const wk_differences *c, wick_tensor *dy, double *row)
{
    WICK_SCOPE;
    wick_list *g = wick_grad(wick_list_of(c->y), c->checked, .grad_outputs = wick_list_of(dy), .retain_graph = true,
                             .allow_unused = true, .materialize_grads = true);
    for (int64_t k = 0; g && k < g->count; k++) {
        const wick_tensor *dx = g->items[k];
        for (int64_t i = 0; i < dx->numel; i++)
            *row++ = wk_load(dx, wk_position(dx, i));
    }
    return g != NULL;
}

/* Which input a column belongs to; *column becomes the element in it. */
static int input_of(const wk_differences *c, int64_t *column)
{
    for (int k = 0; k < c->n; k++) {
        if (!wk_needs_grad(c->inputs[k]))
            continue;
        if (*column < c->inputs[k]->numel)
            return k;
        *column -= c->inputs[k]->numel;
    }
    return -1;
}

bool wk_is_repeated(wk_differences *c, int64_t column, int64_t j, double once, double again)
{
    if (!(fabs(once - again) > c->o.nondet_tol))
        return true;
    c->r.verdict = WICK_GRADCHECK_NONDETERMINISTIC;
    int k = column < 0 ? -1 : input_of(c, &column);
    const wick_gradcheck_element at_j = locate(c, k < 0 ? 0 : k, column < 0 ? 0 : column, j);
    point_at(&c->r, &at_j);
    c->r.input = k;
    c->r.analytical = once;
    c->r.numerical = again;
    c->r.error = fabs(once - again);
    c->r.tolerance = c->o.nondet_tol;
    return false;
}

/* Fills the Jacobian. False with an error, or with the verdict that backward is not deterministic. */
static bool analytical(wk_differences *c)
{
    c->jacobian = doubles(c->y->numel * c->columns);
    double *again = doubles(c->columns);
    wick_tensor *unit = wick_zeros_like(c->y);
    if (!c->jacobian || !again || !unit)
        return false;
    for (int64_t j = 0; j < c->y->numel; j++) {
        double *row = c->jacobian + j * c->columns;
        wk_store(unit, j, 1);
        bool done = backward(c, unit, row) && backward(c, unit, again);
        wk_store(unit, j, 0);
        if (!done)
            return false;
        for (int64_t i = 0; i < c->columns; i++)
            if (!wk_is_repeated(c, i, j, row[i], again[i]))
                return false;
    }
    return true;
}

bool wk_compare_elements(wk_differences *c)
{
    WICK_SCOPE;
    if (wk_needs_grad(c->y)) {
        if (!analytical(c))
            return false;
    } else if (!(c->jacobian = doubles(c->y->numel * c->columns))) {
        return false;
    } else {
        for (int64_t i = 0; i < c->y->numel * c->columns; i++)
            c->jacobian[i] = 0;
    }
    int64_t first = 0;
    for (int k = 0; k < c->n; k++) {
        if (!wk_needs_grad(c->inputs[k]))
            continue;
        if (!compare_input(c, k, first))
            return false;
        first += c->inputs[k]->numel;
    }
    return true;
}

bool wk_compare_zero(wk_differences *c)
{
    WICK_SCOPE;
    double *row = doubles(c->columns);
    wick_tensor *zero = row ? wick_zeros_like(c->y) : NULL;
    if (!zero || !backward(c, zero, row))
        return false;
    for (int64_t i = 0; i < c->columns; i++) {
        int64_t column = i;
        if (row[i] == 0 || (isnan(row[i]) && c->r.no_value)) /* 0 times an infinite derivative */
            continue;
        int k = input_of(c, &column);
        const element e = {WICK_GRADCHECK_WRONG, row[i], 0, c->o.atol, NAN, NAN, false, false};
        note(c, k, column, 0, &e, WK_IS_WRONG);
        c->r.wrong++;
        c->r.note = "backward does not give zeros for a gradient of zeros: it adds what does not depend on it";
        break;
    }
    return true;
}

/* ---- By random projection ------------------------------------------------------------------------------------------------ */

void wk_draw(double *v, int64_t count, uint64_t *seed)
{
    for (int64_t i = 0; i < count; i++) {
        uint64_t z = *seed += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        v[i] = (double)((z ^ z >> 31) >> 11) * 0x1p-53;
    }
}

/* The same, scaled to length 1; their sum in *sum. */
static double *direction(int64_t count, uint64_t *seed, double *sum)
{
    double *v = doubles(count), square = 0;
    if (!v)
        return NULL;
    wk_draw(v, count, seed);
    for (int64_t i = 0; i < count; i++)
        square += v[i] * v[i];
    *sum = 0;
    for (int64_t i = 0; i < count; i++)
        *sum += v[i] /= sqrt(square);
    return v;
}

/* f with x moved by step along u. */
static double *value_along(const wk_differences *c, wick_tensor *x, const double *u, double step, double *before)
{
    for (int64_t i = 0; i < x->numel; i++)
        before[i] = wk_load(x, wk_position(x, i));
    for (int64_t i = 0; i < x->numel; i++)
        wk_store(x, wk_position(x, i), before[i] + step * u[i]);
    double *v = wk_checked_value(c);
    for (int64_t i = 0; i < x->numel; i++)
        wk_store(x, wk_position(x, i), before[i]);
    return v;
}

bool wk_compare_projections(wk_differences *c, bool *same)
{
    WICK_SCOPE;
    uint64_t seed = 1;
    double sum_v = 0, *v = direction(c->y->numel, &seed, &sum_v), *row = v ? doubles(c->columns) : NULL;
    double *again = row ? doubles(c->columns) : NULL;
    wick_tensor *dy = again ? wick_zeros_like(c->y) : NULL;
    if (!dy)
        return false;
    for (int64_t j = 0; j < c->y->numel; j++)
        wk_store(dy, j, v[j]);
    for (int64_t i = 0; i < c->columns; i++)
        row[i] = 0;
    if (wk_needs_grad(c->y) && !(backward(c, dy, row) && backward(c, dy, again)))
        return false;
    for (int64_t i = 0; i < c->columns && wk_needs_grad(c->y); i++)
        if (!wk_is_repeated(c, i, 0, row[i], again[i]))
            return false;
    for (int k = 0; k < c->n; k++) {
        wick_tensor *x = c->inputs[k];
        if (!wk_needs_grad(x))
            continue;
        WICK_SCOPE;
        double sum_u = 0, *u = direction(x->numel, &seed, &sum_u), *before = u ? doubles(x->numel) : NULL;
        if (!before)
            return false;
        wk_trial trial;
        wk_trial_begin(&trial);
        double *above = value_along(c, x, u, c->o.eps, before);
        double *below = above ? value_along(c, x, u, -c->o.eps, before) : NULL;
        if (!end_trial(c, &trial, below != NULL))
            return false;
        element e = {.left = NAN, .right = NAN};
        for (int64_t i = 0; i < x->numel; i++) {
            e.analytical += row[i] * u[i];
            c->r.largest_gradient = fmax(c->r.largest_gradient, fabs(row[i]));
        }
        for (int64_t j = 0; j < c->y->numel; j++)
            e.numerical += below ? v[j] * (above[j] - below[j]) / (2 * c->o.eps) : (double)NAN;
        e.tolerance = c->o.atol * sum_u * sum_v + c->o.rtol * fabs(e.numerical);
        *same = *same && agrees(&e);
        c->r.compared++;
        c->r.largest_error = fmax(c->r.largest_error, fabs(e.analytical - e.numerical));
        row += x->numel;
    }
    return true;
}
