/* line_search.c - a step length that satisfies the strong Wolfe conditions (Nocedal and Wright 2006, algorithm 3.5),
 * found by cubic interpolation: first an interval that holds one is bracketed, then it is narrowed down. */
#include "line_search.h"

static const double c1 = 1e-4, c2 = 0.9; /* sufficient decrease, and curvature */

/* Python's min and max of two: the first, unless the second is really less, or more. */
static wk_number lesser(const wk_problem *p, wk_number a, wk_number b) { return wk_less(p, b, a) ? b : a; }
static wk_number greater(const wk_problem *p, wk_number a, wk_number b) { return wk_less(p, a, b) ? b : a; }

/* The minimizer within [low, high] of the cubic with the losses and slopes of two points. */
static wk_number interpolate(const wk_problem *p, const wk_point *one, const wk_point *two, wk_number low,
                             wk_number high)
{
#define DO(a, operation, b) wk_calculate(p, a, operation, b)
    const wk_number x1 = one->t, x2 = two->t, g1 = one->slope, g2 = two->slope;
    const wk_number rise = DO(wk_python(3 * (one->loss - two->loss)), '/', DO(x1, '-', x2));
    const wk_number d1 = DO(DO(g1, '+', g2), '-', rise);
    const wk_number square = DO(DO(d1, '*', d1), '-', DO(g1, '*', g2));
    if (!(square.value >= 0))
        return DO(DO(low, '+', high), '/', wk_python(2));
    const wk_number d2 = {wk_rounded(p, true, sqrt(square.value)), true};
    const wk_number twice = DO(wk_python(2), '*', d2);
    wk_number at;
    if (wk_at_most(p, x1, x2))
        at = DO(x2, '-',
                DO(DO(x2, '-', x1), '*', DO(DO(DO(g2, '+', d2), '-', d1), '/', DO(DO(g2, '-', g1), '+', twice))));
    else
        at = DO(x1, '-',
                DO(DO(x1, '-', x2), '*', DO(DO(DO(g1, '+', d2), '-', d1), '/', DO(DO(g1, '-', g2), '+', twice))));
    return lesser(p, greater(p, at, low), high);
#undef DO
}

/* The point at length t along d; the parameters, which are at start, are back there afterwards. */
static bool evaluate(const wk_problem *p, const wick_list *start, wk_number t, wick_tensor *d, wk_point *point)
{
    point->t = t;
    if (!wk_problem_move(p, t.value, d) || !wk_problem_evaluate(p, &point->loss, &point->gradient, NULL))
        return false;
    wk_problem_go_back(p, start);
    point->slope = wk_dot(p, point->gradient, d);
    return true;
}

/* Whether the loss at the point is not sufficiently below that at the start, where the slope is the start's. */
static bool too_high(const wk_problem *p, const wk_point *start, const wk_point *point)
{
    const wk_number decrease = wk_calculate(p, wk_calculate(p, wk_python(c1), '*', point->t), '*', start->slope);
    return wk_less(p, wk_calculate(p, wk_python(start->loss), '+', decrease), wk_python(point->loss));
}

static bool flat_enough(const wk_problem *p, const wk_point *start, const wk_point *point)
{
    return wk_at_most(p, wk_absolute(point->slope), wk_calculate(p, wk_python(-c2), '*', start->slope));
}

/* The next length to try between two points, kept away from both if the last one, too, was close to one of them
 * (*stuck). */
static wk_number between(const wk_problem *p, const wk_point *bracket, bool *stuck)
{
    const wk_number a = bracket[0].t, b = bracket[1].t;
    const wk_number low = lesser(p, a, b), high = greater(p, a, b);
    const bool ordered = wk_at_most(p, a, b);
    wk_number t = interpolate(p, &bracket[0], &bracket[1], ordered ? a : b, ordered ? b : a);
    const wk_number margin = wk_calculate(p, wk_python(0.1), '*', wk_calculate(p, high, '-', low));
    const wk_number below = wk_calculate(p, high, '-', t), above = wk_calculate(p, t, '-', low);
    if (!wk_less(p, lesser(p, below, above), margin)) {
        *stuck = false;
        return t;
    }
    if (!*stuck && !wk_at_most(p, high, t) && !wk_at_most(p, t, low)) {
        *stuck = true;
        return t;
    }
    *stuck = false;
    return wk_less(p, wk_absolute(below), wk_absolute(above)) ? wk_calculate(p, high, '-', margin)
                                                              : wk_calculate(p, low, '+', margin);
}

bool wk_strong_wolfe(const wk_problem *p, wk_point at, wick_tensor *d, double tolerance_change, int64_t most,
                     wk_point *found, int64_t *evaluations)
{
    const wick_list *positions = wk_problem_positions(p);
    const wk_number width = wk_largest(p, d);
    wk_point point, before = at, bracket[2];
    before.t = wk_python(0);
    const wk_point start = before;
    bool done = false, bracketed = false;
    int64_t i = 0;
    if (!positions || !evaluate(p, positions, at.t, d, &point))
        return false;
    *evaluations = 1;
    for (; i < most; i++) {
        bracketed = true;
        bracket[0] = before, bracket[1] = point;
        if (too_high(p, &start, &point) || (i > 1 && point.loss >= before.loss))
            break;
        if (flat_enough(p, &start, &point)) {
            *found = point;
            return true;
        }
        if (point.slope.value >= 0)
            break;
        bracketed = false;
        const wk_number further = wk_calculate(p, point.t, '-', before.t);
        const wk_number low = wk_calculate(p, point.t, '+', wk_calculate(p, wk_python(0.01), '*', further));
        const wk_number t = interpolate(p, &before, &point, low, wk_calculate(p, point.t, '*', wk_python(10)));
        before = point;
        if (!evaluate(p, positions, t, d, &point))
            return false;
        ++*evaluations;
    }
    if (!bracketed)
        bracket[0] = start, bracket[1] = point;

    bool stuck = false;
    int low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
    while (!done && i < most) {
        const wk_number length = wk_absolute(wk_calculate(p, bracket[1].t, '-', bracket[0].t));
        if (wk_less(p, wk_calculate(p, length, '*', width), wk_python(tolerance_change)))
            break;
        if (!evaluate(p, positions, between(p, bracket, &stuck), d, &point))
            return false;
        ++*evaluations;
        i++;
        if (too_high(p, &start, &point) || point.loss >= bracket[low].loss) {
            bracket[1 - low] = point;
            low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
            continue;
        }
        const wk_number width_now = wk_calculate(p, bracket[1 - low].t, '-', bracket[low].t);
        if (flat_enough(p, &start, &point))
            done = true;
        else if (wk_calculate(p, point.slope, '*', width_now).value >= 0)
            bracket[1 - low] = bracket[low];
        bracket[low] = point;
    }
    *found = bracket[low];
    return true;
}
