/* op_suite.c - see op_suite.h. A row is a test of each kind: values and gradients (it prints a line: the row, how many
 * cases, the largest error; a line of the family's totals follows), gradient checks, refusals, inputs that are NULL,
 * failing allocations. */
#include "op_suite.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef WICK_TESTS_DIR
#define WICK_TESTS_DIR "tests"
#endif

static const op_family *current;
static ref_file reference;
static const char *elsewhere; /* a folder with other cases, made by fuzz.py; not every row has one */
static FILE *reports;         /* an op_report of each row whose values were replayed, by processes of their own */

/* Reads the family's file once, before tests are forked. */
void op_enter(const op_family *family)
{
    char path[512], message[512] = "";
    current = family;
    elsewhere = getenv("WICK_CASES");
    if (elsewhere)
        snprintf(path, sizeof path, "%s/ops_%s.txt", elsewhere, family->name);
    else
        snprintf(path, sizeof path, WICK_TESTS_DIR "/ops/%s/ops_%s.txt", family->name, family->name);
    if (!ref_read(path, &reference, message, sizeof message))
        ck_abort_msg("%s", message);
    reports = tmpfile();
    ck_assert_ptr_nonnull(reports);
}

/* Random cases may cancel more than those that were chosen, and scripts/fuzz.sh counts what is printed. */
static op_report report_of(int row)
{
    return (op_report){.row = &current->rows[row], .slack = elsewhere ? 20 : 1, .shown = elsewhere ? INT_MAX : 10};
}

/* What was seen of a row, or of all: how many cases, and the largest errors. */
static void print_report(const char *name, const op_report *r, bool in_ulps)
{
    printf("%-34s %4d cases %4d with gradients", name, r->cases, r->gradients);
    if (in_ulps)
        printf("   float32 %.0f ulps,", r->ulps);
    printf("   values %.1e   gradients %.1e\n", r->value_error, r->gradient_error);
    fflush(stdout);
}

static void print_total(void)
{
    op_report total = {.row = NULL}, r;
    int operations = 0;
    bool in_ulps = false;
    for (rewind(reports); fread(&r, sizeof r, 1, reports) == 1; operations++) {
        total.cases += r.cases;
        total.gradients += r.gradients;
        total.ulps = fmax(total.ulps, r.ulps);
        total.value_error = fmax(total.value_error, r.value_error);
        total.gradient_error = fmax(total.gradient_error, r.gradient_error);
        in_ulps = in_ulps || r.row->compare == ULPS;
    }
    char name[64];
    snprintf(name, sizeof name, "%s: %d operations", current->name, operations);
    if (operations)
        print_report(name, &total, in_ulps);
}

static void leave(void)
{
    print_total();
    fclose(reports);
    ref_free(&reference);
}

typedef void visit(op_report *report, const ref_case *c);

typedef enum kind {
    CASES,
    CHECKS,
    ERRORS
} kind; /* all that PyTorch takes, those to gradient-check, those it refuses */

/* Visits the cases of a kind of the report's row: the first and every step-th after it. Returns how many. */
static int visit_cases(op_report *report, visit *f, kind which, int step)
{
    int met = 0, visited = 0;
    for (int i = 0; i < reference.count; i++) {
        const ref_case *c = &reference.cases[i];
        bool wanted = which == ERRORS ? c->error : !c->error && (which == CASES || c->check);
        if (!wanted || strcmp(c->op, report->row->name) != 0 || met++ % step != 0)
            continue;
        f(report, c);
        visited++;
    }
    return visited;
}

static void finish(const op_report *report)
{
    if (report->failures)
        ck_abort_msg("%d disagreements; the first: %s", report->failures, report->first);
}

START_TEST(test_values)
{
    op_report report = report_of(_i);
    ck_assert_msg(visit_cases(&report, replay_case, CASES, 1) > 0 || elsewhere, "%s has no case", report.row->name);
    print_report(report.row->name, &report, report.row->compare == ULPS);
    ck_assert(fwrite(&report, sizeof report, 1, reports) == 1 && fflush(reports) == 0);
    bool expected = OP_GRADIENT(report.row) != NO_GRAD;
    ck_assert_msg((report.gradients > 0) == expected || elsewhere, "%s has %d cases with gradients", report.row->name,
                  report.gradients);
    finish(&report);
}
END_TEST

START_TEST(test_gradients)
{
    op_report report = report_of(_i);
    int met = visit_cases(&report, replay_gradcheck, CHECKS, 1);
    ck_assert_msg((met > 0) == (OP_GRADIENT(report.row) == CHECKED), "%s has %d gradient checks", report.row->name,
                  met);
    finish(&report);
}
END_TEST

START_TEST(test_refusals)
{
    op_report report = report_of(_i);
    visit_cases(&report, replay_error, ERRORS, 1);
    finish(&report);
}
END_TEST

START_TEST(test_null)
{
    op_report report = report_of(_i);
    visit_cases(&report, replay_null, CASES, 25);
    finish(&report);
}
END_TEST

/* On cases that are gradient-checked, if there are any: they go through backward as well, and are small. */
START_TEST(test_without_memory)
{
    op_report report = report_of(_i);
    visit_cases(&report, replay_without_memory, OP_GRADIENT(report.row) == CHECKED ? CHECKS : CASES, 4);
    finish(&report);
}
END_TEST

/* No case names a row that is not there. */
START_TEST(test_rows_exist)
{
    for (int i = 0; i < reference.count; i++) {
        bool found = false;
        for (int row = 0; row < current->count; row++)
            found = found || strcmp(current->rows[row].name, reference.cases[i].op) == 0;
        ck_assert_msg(found, "%s:%d: no row for %s in test_ops_%s.c", reference.name, reference.cases[i].line,
                      reference.cases[i].op, current->name);
    }
}
END_TEST

Suite *op_suite(const op_family *family, void (*enter)(void))
{
    const struct {
        const char *name;
        const TTest *test;
        bool by_row;
    } cases[] = {
        {"rows", test_rows_exist, false},  {"values", test_values, true}, {"gradients", test_gradients, true},
        {"refusals", test_refusals, true}, {"null", test_null, true},     {"without memory", test_without_memory, true},
    };
    Suite *suite = suite_create(family->suite);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TCase *tc = tcase_create(cases[i].name);
        tcase_add_unchecked_fixture(tc, enter, leave);
        if (cases[i].by_row)
            tcase_add_loop_test(tc, cases[i].test, 0, family->count);
        else
            tcase_add_test(tc, cases[i].test);
        suite_add_tcase(suite, tc);
    }
    return suite;
}
