/* gradcheck_report.c - what a gradient check has seen, in words: one line for the message, a few for people to read. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"

const char *wick_gradcheck_verdict_name(wick_gradcheck_verdict verdict)
{
#define NAME(verdict, name) name,
    static const char *const names[] = {WICK_GRADCHECK_VERDICTS(NAME)};
#undef NAME
    return (size_t)verdict < sizeof names / sizeof *names ? names[verdict] : "unknown";
}

void wk_gradcheck_text(char *text, size_t size, const char *source)
{
    snprintf(text, size, "%.*s", (int)size - 1, source);
}

/* ---- The nodes before an input ------------------------------------------------------------------------------------------- */

enum { MOST_NODES = 1000 }; /* in larger graphs one does not look */

static int newest_first(const void *a, const void *b)
{
    uint64_t na = (*(wick_node *const *)a)->number, nb = (*(wick_node *const *)b)->number;
    return na < nb ? 1 : na > nb ? -1 : 0;
}

/* Lists the nodes that can be reached from the first. Returns how many; 0 where there are too many. */
static int reach(wick_node **nodes, wick_node *root)
{
    int count = 1;
    nodes[0] = root;
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < nodes[i]->inputs; k++) {
            wick_node *next = nodes[i]->input[k];
            int known = 0;
            while (known < count && nodes[known] != next)
                known++;
            if (!next || known < count)
                continue;
            if (count == MOST_NODES)
                return 0;
            nodes[count++] = next;
        }
    }
    qsort(nodes, (size_t)count, sizeof *nodes, newest_first);
    return count;
}

static bool leads_to(const wick_node *node, const wick_node *target)
{
    for (int k = 0; k < node->inputs; k++)
        if (node->input[k] == target)
            return true;
    return false;
}

void wk_gradcheck_route(char *text, size_t size, wick_tensor *y, wick_tensor *x)
{
    wick_node *nodes[MOST_NODES], *target = x->grad_fn ? x->grad_fn : atomic_load(&x->accumulate);
    size_t used = 0;
    *text = '\0';
    for (int i = 0, count = target && y->grad_fn ? reach(nodes, y->grad_fn) : 0; i < count; i++) {
        const char *name = nodes[i]->op->name;
        if (!leads_to(nodes[i], target) || strstr(text, name)) /* each once */
            continue;
        bool fits = used + strlen(name) + 2 + sizeof ", ..." <= size;
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", fits ? name : "...");
        if (!fits)
            break;
    }
}

/* ---- Words --------------------------------------------------------------------------------------------------------------- */

enum { ELEMENT_TEXT = 192 };

/* "[1, 2]" */
static const char *index_text(const int64_t *index, int ndim, char *text)
{
    size_t used = (size_t)snprintf(text, ELEMENT_TEXT, "[");
    for (int d = 0; d < ndim; d++)
        used += (size_t)snprintf(text + used, ELEMENT_TEXT - used, "%s%lld", d ? ", " : "", (long long)index[d]);
    snprintf(text + used, ELEMENT_TEXT - used, "]");
    return text;
}
#define INDEX(index, ndim) index_text(index, ndim, (char[ELEMENT_TEXT]){0})

/* "output element [1, 2]", or in the second order "element [0] of the gradient of input 1" */
static const char *output_text(int gradient_of, const int64_t *output_index, int ndim, char *text)
{
    const char *index = INDEX(output_index, ndim);
    if (gradient_of < 0)
        snprintf(text, 2 * ELEMENT_TEXT, "output element %s", index);
    else
        snprintf(text, 2 * ELEMENT_TEXT, "element %s of the gradient of input %d", index, gradient_of);
    return text;
}
/* Of the report, or of an element in its list. */
#define OUTPUT(r) output_text((r)->gradient_of, (r)->output_index, (r)->output_ndim, (char[2 * ELEMENT_TEXT]){0})

/* "element [1, 2] of input 0" */
static const char *input_text(int input, int inputs, const int64_t *input_index, int ndim, char *text)
{
    const char *index = INDEX(input_index, ndim);
    if (input == inputs)
        snprintf(text, 2 * ELEMENT_TEXT, "element %s of the gradient of the output", index);
    else
        snprintf(text, 2 * ELEMENT_TEXT, "element %s of input %d", index, input);
    return text;
}
#define INPUT_OF(e, inputs) input_text((e)->input, inputs, (e)->index, (e)->ndim, (char[2 * ELEMENT_TEXT]){0})
#define INPUT(r) INPUT_OF(r, (r)->inputs)

/* What a common factor of all wrong elements suggests; NULL for nothing. */
static const char *hint(const wick_gradcheck_report *r, char *text, size_t size)
{
    if (r->wrong == 0 || isnan(r->ratio))
        return NULL;
    const char *where = r->wrong == 1 ? "there" : "in every wrong element";
    if (fabs(r->ratio) < 1e-6)
        snprintf(text, size, "backward gives nothing %s, as where a term is missing", where);
    else if (fabs(r->ratio) > 1e6)
        snprintf(text, size, "backward gives a gradient %s, where the function does not change", where);
    else if (fabs(r->ratio + 1) < 0.01)
        snprintf(text, size, "backward has the other sign %s", where);
    else
        wk_snprintf(text, size, "backward gives %.4g times the derivative %s", r->ratio, where);
    return text;
}

/* The one-sided derivatives in words. */
static void sides(const wick_gradcheck_report *r, char *text, size_t size)
{
    if (isfinite(r->left) != isfinite(r->right))
        wk_snprintf(text, size, "%.6g from the %s, and the function has no value on the other side",
                    (isfinite(r->left) ? r->left : r->right) + 0.0, isfinite(r->left) ? "left" : "right");
    else
        wk_snprintf(text, size, "%.6g from the left and %.6g from the right", r->left + 0.0, r->right + 0.0);
}

/* What to do where f has no value within eps. */
static void no_value(const wick_gradcheck_report *r, char *text, size_t size)
{
    if (r->usable_eps > 0)
        wk_snprintf(text, size, "use a smaller eps, such as %g", r->usable_eps);
    else
        snprintf(text, size, "at an element f itself is not finite: use another input");
}

/* Two numbers that differ look different. */
#define ANALYTICAL(r) WK_APART((r)->analytical, (r)->numerical, 10)
#define NUMERICAL(r) WK_APART((r)->numerical, (r)->analytical, 10)

/* ---- The message --------------------------------------------------------------------------------------------------------- */

void wk_gradcheck_message(char *message, size_t size, const char *name, const wick_gradcheck_report *r)
{
    char text[1536], one_sided[160], suggestion[128], nodes[256] = "", coarse[320] = "";
    sides(r, one_sided, sizeof one_sided);
    if (r->operation[0] && strcmp(r->operation, r->through) != 0 && r->through[0])
        snprintf(nodes, sizeof nodes, "; %s, through %s", r->operation, r->through);
    else if (r->operation[0])
        snprintf(nodes, sizeof nodes, "; %s", r->operation);
    if (r->dtype != WICK_FLOAT64)
        wk_snprintf(
            coarse, sizeof coarse,
            "; with %s and eps %g differences are good to about %.1e, at best to %.1e with eps %.1e: use float64, or "
            "such an eps and wider tolerances",
            wick_dtype_name(r->dtype), r->eps, r->rounding + r->truncation, r->best_error, r->best_eps);
    switch (r->verdict) {
    case WICK_GRADCHECK_VACUOUS:
        snprintf(text, sizeof text, "every gradient is zero, so the check shows nothing; use other inputs%s%s%s",
                 r->note ? " (" : "", r->note ? r->note : "", r->note ? ")" : "");
        break;
    case WICK_GRADCHECK_NONDETERMINISTIC:
        if (r->input < 0)
            snprintf(text, sizeof text,
                     "not deterministic: two calls on the same inputs give %s and %s for %s; the tolerance, "
                     ".nondet_tol, is %s",
                     ANALYTICAL(r), NUMERICAL(r), OUTPUT(r), WK_REAL(r->tolerance));
        else
            snprintf(text, sizeof text,
                     "not deterministic: backward, run twice, gives %s and %s for the derivative of %s by %s; the "
                     "tolerance, .nondet_tol, is %s",
                     ANALYTICAL(r), NUMERICAL(r), OUTPUT(r), INPUT(r), WK_REAL(r->tolerance));
        break;
    case WICK_GRADCHECK_KINK:
        snprintf(text, sizeof text,
                 "kink: the derivative of %s by %s is %s analytically and %s numerically, but there the function is "
                 "not smooth: it is %s; move the input off it, or set .allow_kinks = true (%lld of %lld elements)%s",
                 OUTPUT(r), INPUT(r), ANALYTICAL(r), NUMERICAL(r), one_sided, (long long)r->kinks,
                 (long long)r->compared, nodes);
        break;
    case WICK_GRADCHECK_NO_VALUE:
        no_value(r, suggestion, sizeof suggestion);
        wk_snprintf(text, sizeof text,
                    "no value within eps: f has no value for %s within eps, %s, of %s, where its derivative is %.10g "
                    "analytically; %s (%lld of %lld elements)%s%s%s",
                    OUTPUT(r), WK_REAL(r->eps), INPUT(r), r->analytical, suggestion, (long long)r->no_value,
                    (long long)r->compared, nodes, r->message[0] ? "; f says: " : "", r->message);
        break;
    case WICK_GRADCHECK_IMPRECISE:
    case WICK_GRADCHECK_WRONG:
    default:
        if (r->note && r->input < 0)
            snprintf(text, sizeof text, "%s%s", r->note, nodes);
        else
            snprintf(text, sizeof text,
                     "the derivative of %s by %s is %s analytically and %s numerically%s%s; error %s, tolerance "
                     "%s, %lld of %lld elements differ%s%s%s%s%s",
                     OUTPUT(r), INPUT(r), ANALYTICAL(r), NUMERICAL(r),
                     r->verdict == WICK_GRADCHECK_IMPRECISE ? ", which differ by no more than rounding and truncation"
                                                            : "",
                     r->kink ? ", at a kink where neither side has that derivative" : "",
                     WK_APART(r->error, r->tolerance, 3), WK_APART(r->tolerance, r->error, 3),
                     (long long)(r->wrong + r->kinks + r->imprecise + r->no_value), (long long)r->compared,
                     hint(r, suggestion, sizeof suggestion) ? "; " : "",
                     hint(r, suggestion, sizeof suggestion) ? suggestion : "", nodes, r->note ? "; " : "",
                     r->note ? r->note : "");
    }
    snprintf(message, size, "%s: %s%s", name, text, r->verdict == WICK_GRADCHECK_VACUOUS ? "" : coarse);
}

/* ---- The lines ----------------------------------------------------------------------------------------------------------- */

static void print_worst(FILE *file, const wick_gradcheck_report *r)
{
    char text[160];
    bool repeated = r->verdict == WICK_GRADCHECK_NONDETERMINISTIC;
    fprintf(file, "    %-12s %s", r->passed ? "largest" : "where", OUTPUT(r));
    if (r->input >= 0)
        fprintf(file, " by %s%s%s", INPUT(r), r->through[0] ? ", through " : "", r->through);
    fprintf(file, "\n    %-12s %.17g\n    %-12s %.17g\n", repeated ? "once" : "backward", r->analytical,
            repeated ? "again" : "differences", r->numerical);
    if (repeated) {
        fprintf(file, "    %-12s %.2e, tolerance %g\n", "error", r->error, r->tolerance);
        return;
    }
    fprintf(file, "    %-12s %.2e, relative %.2e, tolerance %.2e = %g + %g |differences|\n", "error", r->error,
            r->relative, r->tolerance, r->atol, r->rtol);
    if (r->verdict == WICK_GRADCHECK_NO_VALUE) {
        no_value(r, text, sizeof text);
        fprintf(file, "    %-12s f has no value within eps; %s\n", "edge", text);
    }
    if (r->kink) {
        sides(r, text, sizeof text);
        fprintf(file, "    %-12s the derivative is %s; backward is %s\n", "kink", text,
                r->subgradient ? "one of these or between" : "neither of these, nor between");
    }
    if (hint(r, text, sizeof text))
        fprintf(file, "    %-12s %s\n", "pattern", text);
}

/* "9 compared: 2 wrong, 1 at a kink; 3 are exactly zero" */
static void print_counts(FILE *file, const wick_gradcheck_report *r)
{
    const struct {
        int64_t count;
        const char *what;
    } kinds[] = {{r->wrong, "wrong"},
                 {r->kinks, "at kinks"},
                 {r->imprecise, "not precise enough"},
                 {r->no_value, "without a value within eps"}};
    if (r->fast_mode && r->input < 0) {
        fprintf(file, "    %-12s %lld, one an input; largest error %.2e\n", "projections", (long long)r->compared,
                r->largest_error);
        return;
    }
    fprintf(file, "    %-12s %lld compared", "elements", (long long)r->compared);
    const char *between = ": ";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].count) {
            fprintf(file, "%s%lld %s", between, (long long)kinds[i].count, kinds[i].what);
            between = ", ";
        }
    }
    fprintf(file, "; %lld are exactly zero\n", (long long)r->zero);
}

/* The elements that differ, one per line, if there are several. */
static void print_elements(FILE *file, const wick_gradcheck_report *r)
{
    enum { MOST_LINES = 10 };
    const int64_t differ = r->wrong + r->kinks + r->imprecise + r->no_value;
    const int64_t shown = r->listed < MOST_LINES ? r->listed : MOST_LINES;
    for (int64_t i = 0; differ > 1 && i < shown; i++) {
        const wick_gradcheck_element *e = &r->elements[i];
        fprintf(file, "    %-12s %s by %s: backward %.10g, differences %.10g; %s\n", i ? "" : "differ", OUTPUT(e),
                INPUT_OF(e, r->inputs), e->analytical, e->numerical, wick_gradcheck_verdict_name(e->verdict));
    }
    if (differ > 1 && shown && differ > shown)
        fprintf(file, "    %-12s and %lld more\n", "", (long long)(differ - shown));
}

void wick_gradcheck_print(FILE *file, const wick_gradcheck_report *r)
{
    if (!file || !r)
        return;
    wk_locale point = wk_point_begin();
    fprintf(file, "%s%s%s: %s%s\n", r->order == 2 ? "gradgradcheck" : "gradcheck", r->operation[0] ? " of " : "",
            r->operation, wick_gradcheck_verdict_name(r->verdict),
            r->passed && r->verdict == WICK_GRADCHECK_KINK ? ", allowed" : "");
    if (r->input >= 0 || r->verdict == WICK_GRADCHECK_NONDETERMINISTIC)
        print_worst(file, r);
    if (r->compared)
        print_counts(file, r);
    print_elements(file, r);
    if (r->verdict == WICK_GRADCHECK_ERROR && r->message[0])
        fprintf(file, "    %-12s %s\n", "message", r->message);
    if (r->verdict != WICK_GRADCHECK_ERROR && r->best_eps > 0)
        fprintf(file, "    %-12s %s, eps %g: rounding ~ %.0e, truncation ~ %.0e; at best ~ %.0e, with eps ~ %.0e\n",
                "precision", wick_dtype_name(r->dtype), r->eps, r->rounding, r->truncation, r->best_error, r->best_eps);
    if (r->dtype != WICK_FLOAT64 && r->best_eps > 0)
        fprintf(file, "    %-12s %s is too coarse for a small eps: use float64\n", "warning",
                wick_dtype_name(r->dtype));
    if (r->note)
        fprintf(file, "    %-12s %s\n", "note", r->note);
    wk_point_end(point);
}
