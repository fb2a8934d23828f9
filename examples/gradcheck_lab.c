/* gradcheck_lab.c - checks the gradient of any operation by its name, and draws how the error of a difference depends on
 * its step.
 *
 *     gradcheck_lab sigmoid
 *     gradcheck_lab softmax --eps-sweep softmax.png --float32
 *
 * The operations and their inputs are the tests': the rows of tests/ops/<family>/test_ops_<family>.c, and the cases of
 * tests/ops/<family>/ops_<family>.txt that ask to be checked. An operation that is in that table is in the laboratory. */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/wick.h>

#include "../tests/ops/op_suite.h"
#include "suites.h"

#ifndef WICK_TESTS_DIR
#define WICK_TESTS_DIR "tests"
#endif

#define DECLARE(name) extern const op_family *const ops_##name##_family;
#define ADDRESS(name) &ops_##name##_family,
WICK_FAMILIES(DECLARE)
static const op_family *const *const families[] = {WICK_FAMILIES(ADDRESS)};
enum { FAMILIES = sizeof families / sizeof *families };

/* ---- Options ----------------------------------------------------------------------------------------------------- */

typedef struct options {
    const char *operation;
    const char *sweep; /* the picture's file */
    int number;        /* of the one case; -1: all */
    double eps;        /* 0: the default */
    uint64_t seed;
    bool list, report, float32, seeded;
} options;

/* Says what is wrong with what was asked for, and ends the program. */
static _Noreturn void refuse(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("gradcheck_lab: ", stderr);
    vfprintf(stderr, format, values);
    fputs("\nTry 'gradcheck_lab --help'.\n", stderr);
    va_end(values);
    exit(2);
}

static options parse(int argc, char **argv)
{
    options o = {.number = -1};
    wick_parse_args(
        argc, argv, "Compares an operation's first and second derivatives with differences.",
        WICK_ARG("OPERATION", &o.operation, "its name"), WICK_ARG("--list", &o.list, "the operations"),
        WICK_ARG("--report", &o.report, "what was seen in each case, at length"),
        WICK_ARG("--case N", &o.number, "case N alone, counted from 0; -1: all"),
        WICK_ARG("--seed N", &o.seed, "other inputs: random numbers between those of the case", .given = &o.seeded),
        WICK_ARG("--eps E", &o.eps, "half the step of the differences; without it 1e-6, in float32 5e-3", .above = 0),
        WICK_ARG("--float32", &o.float32, "inputs in float32, with tolerances of 1e-2"),
        WICK_ARG("--eps-sweep FILE", &o.sweep,
                 "draws the error for steps from 1e-12 to 1 into FILE, a .png or .svg, with --float32 both errors; by "
                 "gnuplot, from a .dat and a .gp beside it, which stay"));
    if (!o.operation && !o.list)
        refuse("which operation?");
    return o;
}

/* ---- The operations ---------------------------------------------------------------------------------------------- */

/* Names in lines of at most 100 columns. */
static void list_rows(const op_family *family, bool checked)
{
    int column = 0;
    for (int i = 0; i < family->count; i++) {
        const op_row *row = &family->rows[i];
        if ((OP_GRADIENT(row) == CHECKED) != checked)
            continue;
        if (column == 0 || column + (int)strlen(row->name) > 96)
            column = printf("%s    ", column ? "\n" : "") - 1;
        column += printf("%s ", row->name);
    }
    if (column)
        printf("\n");
}

static void list(void)
{
    for (int f = 0; f < FAMILIES; f++) {
        printf("%s\n", (*families[f])->name);
        list_rows(*families[f], true);
    }
    printf("without a gradient to check\n");
    for (int f = 0; f < FAMILIES; f++)
        list_rows(*families[f], false);
}

static const op_row *find(const char *name, const op_family **family)
{
    for (int f = 0; f < FAMILIES; f++) {
        *family = *families[f];
        for (int i = 0; i < (*family)->count; i++)
            if (strcmp((*family)->rows[i].name, name) == 0)
                return &(*family)->rows[i];
    }
    fprintf(stderr, "gradcheck_lab: no operation is called '%s'", name);
    const char *words = "; do you mean";
    for (int f = 0; f < FAMILIES; f++) {
        for (int i = 0; i < (*families[f])->count; i++) {
            const char *other = (*families[f])->rows[i].name;
            if (strstr(other, name) || strstr(name, other) || strncmp(other, name, 4) == 0) {
                fprintf(stderr, "%s %s", words, other);
                words = ",";
            }
        }
    }
    fprintf(stderr, "%s\nSee gradcheck_lab --list.\n", *words == ',' ? "?" : "");
    exit(2);
}

/* The n-th case that asks to be checked; NULL if there are fewer. */
static const ref_case *nth_case(const ref_file *file, const char *name, int n)
{
    for (int i = 0; i < file->count; i++) {
        const ref_case *c = &file->cases[i];
        if (c->check && strcmp(c->op, name) == 0 && n-- == 0)
            return c;
    }
    return NULL;
}

/* ---- A case ------------------------------------------------------------------------------------------------------ */

typedef struct subject {
    const op_row *row;
    const ref_case *c;
    wick_tensor *in[REF_MAX_INPUTS];
} subject;

static wick_tensor *call(wick_tensor *const *in, int n, void *context)
{
    const subject *s = context;
    (void)n;
    return s->row->call(in, s->c->inputs, s->c->real, s->c->whole, s->c->args);
}

/* Each element becomes a number between itself and another of its sign, so that a function that is defined on an interval,
 * or with a hole at 0, has a value there. */
static void stir(ref_tensor *t)
{
    double *values = t->data;
    for (int64_t i = 0; i < t->numel; i++) {
        int64_t other = (int64_t)(wick_item(wick_rand(1)) * (double)t->numel);
        if (signbit(values[other]) == signbit(values[i]))
            values[i] += wick_item(wick_rand(1)) * (values[other] - values[i]);
    }
}

static subject make(const op_row *row, const ref_case *c, const options *o, bool float32)
{
    subject s = {.row = row, .c = c};
    if (o->seeded)
        wick_manual_seed(o->seed);
    for (int i = 0; i < c->inputs; i++) {
        ref_input input = c->in[i];
        bool real = input.can_grad && input.value.dtype == WICK_FLOAT64;
        void *copy = NULL;
        if (o->seeded && real && input.value.numel > 0) {
            size_t bytes = (size_t)input.value.numel * sizeof(double);
            copy = malloc(bytes);
            if (!copy)
                refuse("out of memory");
            input.value.data = memcpy(copy, c->in[i].value.data, bytes);
            stir(&input.value);
        }
        wick_tensor *x = ref_make(&input, false);
        if (float32 && wick_dtype_is_floating(wick_dtype_of(x)) && input.number == REF_TENSOR)
            x = wick_to(x, WICK_FLOAT32);
        s.in[i] = input.can_grad ? wick_requires_grad_(wick_detach(x), true) : x;
        free(copy);
    }
    return s;
}

static wick_gradcheck_options check_options(subject *s, wick_gradcheck_report *r, double eps, bool float32)
{
    wick_gradcheck_options o = {.size_ = sizeof o, 0, WICK_GRADCHECK_DEFAULTS};
    o.context = s;
    o.report = r;
    if (float32) {
        o.eps = 5e-3;
        o.atol = o.rtol = 1e-2;
    }
    if (eps > 0)
        o.eps = eps;
    return o;
}

/* Of the largest input. */
static int64_t elements(const ref_case *c)
{
    int64_t most = 0;
    for (int i = 0; i < c->inputs; i++)
        if (c->in[i].can_grad && c->in[i].value.numel > most)
            most = c->in[i].value.numel;
    return most;
}

/* "(2, 3), (3)" */
static const char *shapes(const ref_case *c)
{
    static char text[256];
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < c->inputs && used < 200; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s(", i ? ", " : "");
        for (int d = 0; d < c->in[i].value.ndim; d++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%lld", d ? ", " : "",
                                     (long long)c->in[i].value.shape[d]);
        used += (size_t)snprintf(text + used, sizeof text - used, ")");
    }
    return text;
}

/* Both orders of one case. Whether both pass. */
static bool check_case(const op_row *row, const ref_case *c, int number, const options *o)
{
    WICK_SCOPE;
    enum { LISTED = 100 };
    wick_gradcheck_report r[2];
    wick_gradcheck_element differing[2][LISTED];
    bool passes = true;
    for (int order = 0; order < 2; order++) {
        subject s = make(row, c, o, o->float32);
        wick_gradcheck_options how = check_options(&s, &r[order], o->eps, o->float32);
        how.elements = differing[order];
        how.element_room = LISTED;
        bool passed = order == 0 ? wick_gradcheck_opt(call, s.in, c->inputs, &how)
                                 : wick_gradgradcheck_opt(call, s.in, c->inputs, &how);
        passes = passes && passed;
        if (r[order].verdict == WICK_GRADCHECK_ERROR)
            fprintf(stderr, "case %d: %s\n", number, r[order].message);
        wick_clear_error();
    }
    printf("case %-3d %-24s gradcheck %-18s error %8.1e   gradgradcheck %-18s error %8.1e\n", number, shapes(c),
           wick_gradcheck_verdict_name(r[0].verdict), r[0].largest_error, wick_gradcheck_verdict_name(r[1].verdict),
           r[1].largest_error);
    for (int order = 0; order < 2; order++)
        if (o->report || !r[order].passed)
            wick_gradcheck_print(stdout, &r[order]);
    return passes;
}

/* ---- The sweep --------------------------------------------------------------------------------------------------- */

enum { PER_DECADE = 4, DECADES = 12, STEPS = PER_DECADE * DECADES + 1 };

/* The error at each step, and two lines through them: error = c eps^slope. */
typedef struct curve {
    double eps[STEPS], error[STEPS];
    int best;          /* where the error is smallest; -1: none is a number */
    double rounding;   /* c of slope -1; 0: there is no such part */
    double truncation; /* c of slope 2 */
} curve;

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of error / eps^slope over the points first to last; 0 if the curve does not go that way there. */
static double fit(const curve *c, int first, int last, double slope)
{
    double ratio[STEPS];
    int count = 0;
    for (int i = first < 0 ? 0 : first; i <= last && i < STEPS; i++)
        if (c->error[i] > 0 && isfinite(c->error[i]))
            ratio[count++] = c->error[i] / pow(c->eps[i], slope);
    if (count < 3)
        return 0;
    qsort(ratio, (size_t)count, sizeof *ratio, compare_doubles);
    return ratio[count - 1] / ratio[0] < 1000 ? ratio[count / 2] : 0;
}

static curve sweep(const op_row *row, const ref_case *c, const options *o, bool float32)
{
    curve v = {.best = -1};
    for (int i = 0; i < STEPS; i++) {
        WICK_SCOPE;
        wick_gradcheck_report r;
        subject s = make(row, c, o, float32);
        v.eps[i] = pow(10, (double)i / PER_DECADE - DECADES);
        const wick_gradcheck_options how = check_options(&s, &r, v.eps[i], float32);
        wick_gradcheck_opt(call, s.in, c->inputs, &how);
        v.error[i] = r.compared ? r.largest_error : NAN; /* no value where the step leaves the domain */
        wick_clear_error();
        if (isfinite(v.error[i]) && (v.best < 0 || v.error[i] < v.error[v.best]))
            v.best = i;
    }
    if (v.best >= 0) {
        v.rounding = fit(&v, v.best - 4 * PER_DECADE, v.best - PER_DECADE, -1);
        v.truncation = fit(&v, v.best + PER_DECADE / 2, v.best + 4 * PER_DECADE, 2);
    }
    return v;
}

/* (STEPS, 1 + count): eps, and the largest |backward - difference| of each curve; NaN where a logarithmic axis has no place. */
static wick_tensor *table_of(const curve *curves, int count)
{
    wick_tensor *table = wick_zeros(STEPS, 1 + count, .dtype = WICK_FLOAT64);
    for (int i = 0; i < STEPS; i++) {
        wick_set(table, curves[0].eps[i], i, 0);
        for (int k = 0; k < count; k++)
            wick_set(table, curves[k].error[i] > 0 ? curves[k].error[i] : NAN, i, k + 1);
    }
    return table;
}

/* Lines of gnuplot's language that draw the table, and the two lines through each curve. */
static void write_commands(FILE *file, const curve *curves, int count)
{
    static const char *const names[] = {"float64", "float32"}, *const colors[] = {"#0072B2", "#D55E00"};
    double low = INFINITY, high = 0;
    for (int i = 0; i < STEPS * count; i++) {
        double error = curves[i / STEPS].error[i % STEPS];
        if (error > 0 && isfinite(error)) {
            low = fmin(low, error);
            high = fmax(high, error);
        }
    }
    if (high == 0) /* nothing to see */
        low = high = 1;
    fprintf(file,
            "set xtics 1e-12, 10\nset xrange [3e-13:4]\nset yrange [%.3e:%.3e]\n"
            "set key outside bottom center vertical Left reverse maxrows 2 spacing 1.4 samplen 2 font ',8'\n"
            "set lmargin 11\nset rmargin 4\n"
            "set arrow from first 1e-6, graph 0 to first 1e-6, graph 1 nohead dt 3 lc rgb '#888888'\n"
            "set label 'default eps ' at first 1e-6, graph 0.97 right tc rgb '#888888'\n",
            low / 30, high * 8);
    for (int k = 0; k < count; k++) { /* where the circles are */
        const curve *v = &curves[k];
        if (v->best >= 0 && v->error[v->best] > 0)
            fprintf(file, "$best%d << EOD\n%.6e %.6e\nEOD\n", k, v->eps[v->best], v->error[v->best]);
    }
    fprintf(file, "plot ");
    for (int k = 0; k < count; k++) { /* wide and pale, behind the curves */
        const curve *v = &curves[k];
        const char *hue = k ? "#f5d3c0" : "#bfdcec";
        double middle = v->best >= 0 ? v->eps[v->best] : 1;
        if (v->rounding > 0 && v->truncation > 0)
            middle = cbrt(v->rounding / v->truncation);
        if (v->rounding > 0)
            fprintf(file, "(x < %.3e && x > %.3e ? %.6e / x : 1/0) with lines lw 8 lc rgb '%s' title '%s', ",
                    middle * 3, middle * 1e-5, v->rounding, hue, k ? "" : "slope -1: rounding");
        if (v->truncation > 0)
            fprintf(file, "(x > %.3e && x < 2 ? %.6e * x**2 : 1/0) with lines lw 8 lc rgb '%s' title '%s', ",
                    middle / 3, v->truncation, hue, k ? "" : "slope 2: truncation");
    }
    for (int k = 0; k < count; k++) {
        const curve *v = &curves[k];
        double best = v->best >= 0 ? v->eps[v->best] : NAN, least = v->best >= 0 ? v->error[v->best] : NAN;
        fprintf(file, "data using 1:%d with linespoints pt 7 ps 0.7 lw 2 lc rgb '%s' title '%s: ", k + 2, colors[k],
                names[k]);
        if (least > 0)
            fprintf(file,
                    "best eps %.1e, error %.1e', $best%d using 1:2 with points pt 6 ps 2.6 lw 2 lc rgb '%s' notitle",
                    best, least, k, colors[k]);
        else
            fprintf(file, "no error with eps %.1e'", best);
        fprintf(file, "%s", k + 1 < count ? ", " : "\n");
    }
}

static int draw(const op_row *row, const ref_case *c, int number, const options *o)
{
    curve curves[2];
    int count = o->float32 ? 2 : 1;
    for (int k = 0; k < count; k++) {
        curves[k] = sweep(row, c, o, k == 1);
        if (curves[k].best >= 0)
            printf("%s: best eps %.1e, error %.1e\n", k ? "float32" : "float64", curves[k].eps[curves[k].best],
                   curves[k].error[curves[k].best]);
    }
    char title[512], *commands = NULL;
    size_t length = 0;
    snprintf(title, sizeof title, "%s: the error of a central difference\ncase %d, inputs of shape %s", row->name,
             number, shapes(c));
    FILE *text = open_memstream(&commands, &length);
    if (text)
        write_commands(text, curves, count);
    if (!text || fclose(text) != 0)
        refuse("out of memory");
    bool drawn = wick_plot_gnuplot(table_of(curves, count), commands, o->sweep, .title = title,
                                   .xlabel = "eps, half the step of the central difference",
                                   .ylabel = "largest |backward - difference|", .logx = true, .logy = true);
    free(commands);
    if (drawn)
        printf("%s is drawn\n", o->sweep);
    else
        printf("%s\n", wick_error());
    return !drawn && wick_error_kind() != WICK_ERROR_PROGRAM;
}

/* ------------------------------------------------------------------------------------------------------------------ */

int main(int argc, char **argv)
{
    options o = parse(argc, argv);
    if (o.list) {
        list();
        return 0;
    }
    const op_family *family = NULL;
    const op_row *row = find(o.operation, &family);
    char path[4096], message[512] = "";
    ref_file file;
    if (OP_GRADIENT(row) != CHECKED)
        refuse("%s has %s", row->name, OP_GRADIENT(row) == NO_GRAD ? "no gradient" : "gradients that are zero");
    snprintf(path, sizeof path, "%s/ops/%s/ops_%s.txt", WICK_TESTS_DIR, family->name, family->name);
    if (!ref_read(path, &file, message, sizeof message))
        refuse("%s", message);
    int first = o.number < 0 ? 0 : o.number, cases = 0, passed = 0, status = 0;
    const ref_case *c = nth_case(&file, row->name, first);
    if (!c)
        refuse("%s has no case %d", row->name, first);
    if (o.sweep) {
        WICK_SCOPE;
        while (o.number < 0 && elements(c) < 2 && nth_case(&file, row->name, first + 1))
            c = nth_case(&file, row->name, ++first);
        status = draw(row, c, first, &o);
    } else {
        for (; c; c = o.number < 0 ? nth_case(&file, row->name, first + cases) : NULL) {
            passed += check_case(row, c, first + cases, &o);
            cases++;
        }
        printf("%s: %d of %d cases pass\n", row->name, passed, cases);
        status = passed < cases;
    }
    ref_free(&file);
    return status;
}
