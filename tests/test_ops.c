/* test_ops.c - the operations against PyTorch: every row of op_table.h, every case of reference/ops.txt.
 *
 * A row is a test of each kind: values and gradients (it prints a line: the row, how many cases, the largest error),
 * gradient checks, refusals, failing allocations. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "op_table.h"

#ifndef WICK_REFERENCE_DIR
#define WICK_REFERENCE_DIR "tests/reference"
#endif

static ref_file reference;

/* Reads the file once, before tests are forked. */
static void read_reference(void)
{
    char message[512] = "";
    if (!ref_read(WICK_REFERENCE_DIR "/ops.txt", &reference, message, sizeof message))
        ck_abort_msg("%s", message);
}

static void forget_reference(void) { ref_free(&reference); }

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
    op_report report = {.row = &op_rows[_i]};
    ck_assert_msg(visit_cases(&report, replay_case, CASES, 1) > 0, "%s has no case", report.row->name);
    printf("%-34s %4d cases %4d with gradients", report.row->name, report.cases, report.gradients);
    if (report.row->compare == ULPS)
        printf("   float32 %.0f ulps,", report.ulps);
    printf("   values %.1e   gradients %.1e\n", report.value_error, report.gradient_error);
    fflush(stdout);
    bool expected = report.row->gradient != NO_GRAD;
    ck_assert_msg((report.gradients > 0) == expected, "%s has %d cases with gradients", report.row->name,
                  report.gradients);
    finish(&report);
}
END_TEST

START_TEST(test_gradients)
{
    op_report report = {.row = &op_rows[_i]};
    int met = visit_cases(&report, replay_gradcheck, CHECKS, 1);
    ck_assert_msg((met > 0) == (report.row->gradient == CHECKED), "%s has %d gradient checks", report.row->name, met);
    finish(&report);
}
END_TEST

START_TEST(test_refusals)
{
    op_report report = {.row = &op_rows[_i]};
    visit_cases(&report, replay_error, ERRORS, 1);
    finish(&report);
}
END_TEST

START_TEST(test_null)
{
    op_report report = {.row = &op_rows[_i]};
    visit_cases(&report, replay_null, CASES, 25);
    finish(&report);
}
END_TEST

/* On cases that are gradient-checked, if there are any: they go through backward as well, and are small. */
START_TEST(test_without_memory)
{
    op_report report = {.row = &op_rows[_i]};
    visit_cases(&report, replay_without_memory, report.row->gradient == CHECKED ? CHECKS : CASES, 4);
    finish(&report);
}
END_TEST

/* No case names a row that is not there. */
START_TEST(test_rows_exist)
{
    for (int i = 0; i < reference.count; i++) {
        bool found = false;
        for (int row = 0; row < OP_ROWS; row++)
            found = found || strcmp(op_rows[row].name, reference.cases[i].op) == 0;
        ck_assert_msg(found, "ops.txt:%d: no row for %s in op_table.h", reference.cases[i].line, reference.cases[i].op);
    }
}
END_TEST

/* The reader refuses what is missing, empty, cut short or garbled. */
START_TEST(test_reference_must_be_whole)
{
    static const char *const texts[] = {"", "case add\n", "end 0 0\n", "case add\nin float32 2 c g 1\nend 1 0\n",
                                        "nonsense\n"};
    char message[512];
    ref_file file;
    ck_assert(!ref_read(WICK_REFERENCE_DIR "/there-is-no-such-file.txt", &file, message, sizeof message));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char path[] = "wick-test-reference.txt";
        FILE *out = fopen(path, "w");
        ck_assert_ptr_nonnull(out);
        fputs(texts[i], out);
        fclose(out);
        bool read = ref_read(path, &file, message, sizeof message);
        remove(path);
        ck_assert_msg(!read, "takes \"%s\"", texts[i]);
        ck_assert(message[0]);
    }
}
END_TEST

/* Of 40000 elements about p are 0, the rest 1 / (1 - p), and the gradient is the same mask. */
START_TEST(test_dropout_mask)
{
    static const double ps[] = {0.1, 0.3, 0.5, 0.9};
    wick_manual_seed(1);
    for (size_t k = 0; k < sizeof ps / sizeof *ps; k++) {
        for (int dtype = WICK_FLOAT32; dtype <= WICK_FLOAT64; dtype++) {
            WICK_SCOPE;
            double p = ps[k], n = 40000;
            wick_tensor *x = wick_ones(200, 200, .dtype = (wick_dtype)dtype, .requires_grad = true);
            wick_tensor *y = wick_dropout(x, p, true);
            wick_tensor *dx = wick_list_get(
                wick_grad(wick_list_of(y), wick_list_of(x), .grad_outputs = wick_list_of(wick_ones_like(y))), 0);
            ck_assert_msg(dx, "%s", wick_error());
            ck_assert(wick_equal(wick_detach(y), dx));
            double zeros = 0;
            for (int64_t i = 0; i < 40000; i++) {
                double v = tensor_real(y, i);
                zeros += v == 0;
                ck_assert_double_eq_tol(v == 0 ? 1 / (1 - p) : v, 1 / (1 - p), 1e-6 / (1 - p));
            }
            ck_assert_double_eq_tol(zeros / n, p, 5 * sqrt(p * (1 - p) / n));
            ck_assert(!wick_equal(wick_detach(y), wick_detach(wick_dropout(x, p, true)))); /* another draw */
            ck_assert(wick_equal(wick_detach(x), wick_detach(wick_dropout(x, p, false))));
        }
    }
    ck_assert_ptr_null(wick_error());
}
END_TEST

/* A number on either side, of each type of C, and arguments without a name. */
START_TEST(test_numbers_as_operands)
{
    WICK_SCOPE;
    wick_tensor *x = wick_from(((float[]){1, 2, 4}), 3), *n = wick_from(((int[]){1, 2, 4}), 3);
    unsigned char small = 2;
    ck_assert_double_eq(wick_get(wick_mul(3, x), 1), 6);
    ck_assert_double_eq(wick_get(wick_sub(1.0, x), 1), -1);
    ck_assert_double_eq(wick_get(wick_div(x, 2L), 1), 1);
    ck_assert_double_eq(wick_get(wick_pow(x, 2.0F), 2), 16);
    ck_assert_double_eq(wick_get(wick_pow(2U, x), 2), 16);
    ck_assert_double_eq(wick_get(wick_add(x, true), 0), 2);
    ck_assert_double_eq(wick_get(wick_add(x, 5LL), 0), 6);
    ck_assert_double_eq(wick_get(wick_maximum(x, 3), 0), 3);
    ck_assert_double_eq(wick_get(wick_minimum(3, x), 2), 3);
    ck_assert_double_eq(wick_get(wick_where(wick_gt(x, 1.5), x, -1), 0), -1);
    ck_assert_double_eq(wick_get(wick_where(wick_le(2, n), 1, 0), 2), 1);
    ck_assert_double_eq(wick_get(wick_add_(x, 1), 2), 5);
    ck_assert_double_eq(wick_get(wick_sub_(x, 1.0), 2), 4);
    ck_assert_double_eq(wick_get(wick_mul_(x, small + 0), 2), 8);
    ck_assert_double_eq(wick_get(wick_div_(x, 2), 2), 4);
    ck_assert_int_eq(wick_dtype_of(wick_add(n, 1)), WICK_INT64);
    ck_assert_int_eq(wick_dtype_of(wick_add(n, 1.0)), WICK_FLOAT32);
    ck_assert_int_eq(wick_dtype_of(wick_eq(n, true)), WICK_BOOL);

    wick_tensor *m = wick_reshape(x, 1, 3), *where = NULL;
    ck_assert_double_eq(wick_item(wick_sum(x)), 7);
    ck_assert_int_eq(wick_ndim(wick_sum(m, 1)), 1);
    ck_assert_int_eq(wick_ndim(wick_sum(m, 1, .keepdim = true)), 2);
    ck_assert_int_eq(wick_ndim(wick_mean(m, .dims = WICK_DIMS(0, 1))), 0);
    ck_assert_double_eq(wick_get(wick_max(m, 1, .indices = &where), 0), 4);
    ck_assert_int_eq(wick_item_int(where), 2);
    ck_assert_double_eq(wick_get(wick_clamp(x, .max = 2), 2), 2);
    ck_assert_double_eq(wick_get(wick_clamp(x, 2), 0), 2);
    ck_assert_int_eq(wick_dtype_of(wick_to(x, WICK_FLOAT64)), WICK_FLOAT64);
    ck_assert(wick_to(x, wick_cpu()) == x);
    ck_assert_double_eq(wick_get(wick_mse_loss(x, x, .reduction = WICK_NONE), 2), 0);
    ck_assert_int_eq(wick_ndim(wick_view(m, -1)), 1);
    ck_assert_int_eq((int)wick_size(wick_expand(m, 4, -1), 0), 4);
    ck_assert_int_eq((int)wick_size(wick_permute(m, 1, 0), 0), 3);
    ck_assert_ptr_null(wick_error());
}
END_TEST

Suite *ops_suite(void)
{
    const struct {
        const char *name;
        const TTest *test;
        bool by_row;
    } cases[] = {
        {"reference", test_reference_must_be_whole, false},
        {"rows", test_rows_exist, false},
        {"values", test_values, true},
        {"gradients", test_gradients, true},
        {"refusals", test_refusals, true},
        {"null", test_null, true},
        {"without memory", test_without_memory, true},
        {"dropout", test_dropout_mask, false},
        {"numbers", test_numbers_as_operands, false},
    };
    Suite *suite = suite_create("ops");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TCase *tc = tcase_create(cases[i].name);
        tcase_add_unchecked_fixture(tc, read_reference, forget_reference);
        if (cases[i].by_row)
            tcase_add_loop_test(tc, cases[i].test, 0, OP_ROWS);
        else
            tcase_add_test(tc, cases[i].test);
        suite_add_tcase(suite, tc);
    }
    return suite;
}
