/* test_print.c - the text of tensors against PyTorch's (print.txt, which print.py there describes), and what
 * options, files, threads and a lack of memory do to it. */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wick/wick.h>

#include "../../../tensor/tensor_struct.h"

static void default_options(void)
{
    wick_set_printoptions(4, 1000, 3, 80, 2);
    wick_set_default_dtype(WICK_FLOAT32);
}

/* ---- Against PyTorch --------------------------------------------------------------------------------------------- */

static wick_dtype dtype_named(const char *name)
{
    for (wick_dtype dtype = WICK_FLOAT32; dtype <= WICK_BOOL; dtype++)
        if (strcmp(name, wick_dtype_name(dtype)) == 0)
            return dtype;
    ck_abort_msg("no dtype %s", name);
    return WICK_DTYPE_AUTO;
}

/* "2x3" into numbers; "-": none. Returns how many. */
static int parse_dims(const char *text, int64_t *dims)
{
    int count = 0;
    while (*text && *text != '-') {
        char *end;
        ck_assert_int_lt(count, WICK_MAX_DIMS);
        dims[count++] = strtoll(text, &end, 10);
        text = *end == 'x' ? end + 1 : end;
    }
    return count;
}

/* The tensor of a line "values ..." or "range ...", of which kind, dtype and shape are cut off. */
static wick_tensor *make_tensor(const char *kind, const char *dtype, const char *shape, char *rest)
{
    int64_t dims[WICK_MAX_DIMS];
    int ndim = parse_dims(shape, dims);
    wick_tensor *t = wick_empty_n(dims, ndim, dtype_named(dtype));
    ck_assert_ptr_nonnull(t);
    bool listed = strcmp(kind, "values") == 0;
    double start = listed ? 0 : strtod(rest, &rest), step = listed ? 0 : strtod(rest, &rest);
    for (int64_t i = 0; i < t->numel; i++) {
        if (!listed)
            wk_store(t, i, start + (double)i * step);
        else if (t->dtype == WICK_INT64)
            ((int64_t *)wk_data(t))[i] = strtoll(rest, &rest, 10);
        else
            wk_store(t, i, strtod(rest, &rest));
    }
    return t;
}

static wick_tensor *result_of(const char *grad_fn, wick_tensor *x)
{
    if (strcmp(grad_fn, "MulBackward0") == 0)
        return wick_mul(x, 1.0);
    if (strcmp(grad_fn, "CloneBackward0") == 0)
        return wick_clone(x);
    if (strcmp(grad_fn, "TransposeBackward0") == 0)
        return wick_transpose(x, 0, 1);
    ck_abort_msg("no operation for %s", grad_fn);
    return NULL;
}

enum { MAX_TEXT = 1 << 16 };

START_TEST(test_reference)
{
    WICK_SCOPE;
    FILE *file = fopen(WICK_TESTS_DIR "/torch/text/print.txt", "r");
    ck_assert_msg(file != NULL, "no file " WICK_TESTS_DIR "/torch/text/print.txt");
    static char line[MAX_TEXT], expected[MAX_TEXT];
    char a[64], b[64], c[64], name[64];
    int cases = 0, end = -1, first = 0;
    wick_tensor *t = NULL;
    wick_scope scope = wick_scope_push();
    for (int number = 1; end < 0 && fgets(line, sizeof line, file); number++) {
        int o[5], rest = 0;
        long long offset;
        line[strcspn(line, "\n")] = '\0';
        bool opens = sscanf(line, "case %d %d %d %d %d %63s", &o[0], &o[1], &o[2], &o[3], &o[4], name) == 6;
        if (t && (opens || sscanf(line, "end %d", &end) == 1)) { /* the case before is complete */
            const char *text = wick_to_string(t);
            ck_assert_msg(text && strcmp(text, expected) == 0, "print.txt:%d: expected\n%s\nand not\n%s", first,
                          expected, text ? text : wick_error());
            wick_scope_pop(&scope);
            scope = wick_scope_push();
            cases++;
        }
        if (opens) {
            wick_set_default_dtype(dtype_named(name));
            wick_set_printoptions(o[0], o[1], o[2], o[3], o[4]);
            first = number;
            expected[0] = '\0';
        } else if (line[0] == '|') {
            ck_assert_uint_lt(strlen(expected) + strlen(line) + 1, sizeof expected);
            strcat(strcat(expected, expected[0] ? "\n" : ""), line + 1);
        } else if (strcmp(line, "requires_grad") == 0 || strcmp(line, "parameter") == 0) {
            t->requires_grad = true;
            t->is_parameter = line[0] == 'p';
        } else if (sscanf(line, "grad_fn %63s", name) == 1) {
            t->requires_grad = true;
            t = result_of(name, t);
            ck_assert_msg(t != NULL, "print.txt:%d: %s", number, wick_error());
        } else if (sscanf(line, "view %63s %63s %lld", a, b, &offset) == 3) {
            int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS];
            int ndim = parse_dims(a, shape);
            ck_assert_int_eq(parse_dims(b, strides), ndim);
            t = wk_own(wk_alias(t, shape, strides, ndim, offset));
        } else if (end < 0) {
            ck_assert_msg(sscanf(line, "%63s %63s %63s%n", a, b, c, &rest) == 3, "print.txt:%d: not understood",
                          number);
            t = make_tensor(a, b, c, line + rest);
        }
    }
    wick_scope_pop(&scope);
    fclose(file);
    default_options();
    ck_assert_int_eq(cases, end);
    ck_assert_int_ge(cases, 100);
}
END_TEST

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static void expect_text(wick_tensor *t, const char *text) { ck_assert_str_eq(wick_to_string(t), text); }

START_TEST(test_options_stay)
{
    WICK_SCOPE;
    wick_tensor *x = wick_full(1.0 / 3, 2);
    wick_set_printoptions(.precision = 2);
    expect_text(x, "tensor([0.33, 0.33])");
    wick_set_printoptions(.sci_mode = 1); /* the precision stays */
    expect_text(x, "tensor([3.33e-01, 3.33e-01])");
    default_options();
    expect_text(x, "tensor([0.3333, 0.3333])");
}
END_TEST

START_TEST(test_bad_options)
{
    WICK_SCOPE;
    wick_tensor *x = wick_full(1.0 / 3, 2);
    const wick_print_options bad[] = {{sizeof *bad, 0, -2, -1, -1, -1, -1},
                                      {sizeof *bad, 0, 1, -5, -1, -1, -1},
                                      {sizeof *bad, 0, 1, -1, -1, -1, 3},
                                      {sizeof *bad, 0, 1, -1, INT32_MIN, -1, -1},
                                      {sizeof *bad, 0, 1 << 20, -1, -1, -1, -1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wick_set_printoptions_opt(&bad[i]);
        ck_assert_int_eq(wick_error_kind(), WICK_ERROR_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(wick_error(), "wick_set_printoptions: "));
        wick_clear_error();
        expect_text(x, "tensor([0.3333, 0.3333])"); /* the good members of a bad call do nothing either */
    }
}
END_TEST

static void *print_short(void *right)
{
    WICK_SCOPE;
    wick_tensor *x = wick_full(1.0 / 3, 2);
    const char *before = wick_to_string(x);
    wick_set_printoptions(.precision = 1);
    const char *after = wick_to_string(x);
    *(bool *)right =
        before && after && strcmp(before, "tensor([0.3333, 0.3333])") == 0 && strcmp(after, "tensor([0.3, 0.3])") == 0;
    return NULL;
}

START_TEST(test_options_of_a_thread)
{
    WICK_SCOPE;
    wick_set_printoptions(.precision = 2);
    pthread_t thread;
    bool right = false;
    ck_assert_int_eq(pthread_create(&thread, NULL, print_short, &right), 0);
    pthread_join(thread, NULL);
    ck_assert(right);
    expect_text(wick_full(1.0 / 3, 2), "tensor([0.33, 0.33])");
    default_options();
}
END_TEST

START_TEST(test_locale)
{
    WICK_SCOPE;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8", "ps_AF.UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) { /* those that the machine has */
        if (setlocale(LC_NUMERIC, names[i])) {
            expect_text(wick_full(-0.5, 2), "tensor([-0.5000, -0.5000])");
            expect_text(wick_full(2.0, 2), "tensor([2., 2.])");
            expect_text(wick_full(1e-5, 1), "tensor([1.0000e-05])");
            setlocale(LC_NUMERIC, "C");
        }
    }
}
END_TEST

/* ---- Files, errors, memory --------------------------------------------------------------------------------------- */

START_TEST(test_file)
{
    WICK_SCOPE;
    wick_tensor *x = wick_zeros(2, 2);
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    long long objects = wick_scope_count();
    ck_assert(wick_fprint(file, x));
    ck_assert_int_eq(wick_scope_count(), objects); /* no string is left behind */
    rewind(file);
    char text[128];
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    ck_assert_str_eq(text, "tensor([[0., 0.],\n        [0., 0.]])\n");

    FILE *read_only = fopen(WICK_TESTS_DIR "/torch/text/print.txt", "r");
    ck_assert(!wick_fprint(read_only, x));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_FILE);
    fclose(read_only);
    wick_clear_error();
}
END_TEST

START_TEST(test_null)
{
    WICK_SCOPE;
    ck_assert_ptr_null(wick_to_string(NULL));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_ARGUMENT);
    wick_clear_error();
    ck_assert(!wick_print(NULL));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_ARGUMENT);
    wick_clear_error();
    ck_assert(!wick_fprint(stdout, NULL));
    wick_clear_error();
    ck_assert(!wick_fprint(NULL, wick_zeros(1)));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_ARGUMENT);
    wick_clear_error();
    ck_assert_ptr_null(wick_shape_string(NULL));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_ARGUMENT);
    wick_clear_error();
}
END_TEST

/* str(x.shape) */
START_TEST(test_shape_string)
{
    WICK_SCOPE;
    ck_assert_str_eq(wick_shape_string(wick_zeros(2, 3)), "torch.Size([2, 3])");
    ck_assert_str_eq(wick_shape_string(wick_zeros(0)), "torch.Size([0])");
    ck_assert_str_eq(wick_shape_string(wick_scalar(1)), "torch.Size([])");
}
END_TEST

START_TEST(test_no_memory)
{
    WICK_SCOPE;
    wick_tensor *x = wick_zeros(30, 30); /* a text that grows a few times */
    FILE *file = tmpfile();
    size_t before = wick_memory_allocated();
    bool done = false;
    long failures = 0;
    for (long n = 1; !done; n++) {
        WICK_SCOPE;
        ck_assert_int_lt(n, 100);
        wick_fail_allocation(n);
        done = wick_to_string(x) != NULL;
        wick_fail_allocation(0);
        if (!done) {
            ck_assert_int_eq(wick_error_kind(), WICK_ERROR_MEMORY);
            ck_assert_uint_eq(wick_memory_allocated(), before);
            wick_clear_error();
            failures++;
        }
    }
    ck_assert_int_gt(failures, 2);
    wick_fail_allocation(1);
    ck_assert(!wick_fprint(file, x));
    wick_fail_allocation(0);
    ck_assert_int_eq(ftell(file), 0);
    wick_clear_error();
    fclose(file);
}
END_TEST

Suite *print_suite(void);
Suite *print_suite(void)
{
    Suite *suite = suite_create("print");
    TCase *tests = tcase_create("print");
    tcase_add_test(tests, test_reference);
    tcase_add_test(tests, test_options_stay);
    tcase_add_test(tests, test_bad_options);
    tcase_add_test(tests, test_options_of_a_thread);
    tcase_add_test(tests, test_locale);
    tcase_add_test(tests, test_file);
    tcase_add_test(tests, test_null);
    tcase_add_test(tests, test_shape_string);
    tcase_add_test(tests, test_no_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
