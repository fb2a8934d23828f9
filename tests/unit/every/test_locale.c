/* test_locale.c - what is written and read as text in a locale with a decimal comma is what it is in C's. */
#define _POSIX_C_SOURCE 200809L
#include <locale.h>
#include <math.h>
#include <unistd.h>

#include "check_wick.h"

static char folder[] = "/tmp/wick_locale_XXXXXX";

/* Sets the decimal comma: of an installed locale, or of one made in the folder, where the machine has localedef. */
static bool use_comma(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8"};
    bool set = false;
    for (size_t i = 0; !set && i < sizeof names / sizeof *names; i++)
        set = setlocale(LC_NUMERIC, names[i]) != NULL;
    if (!set) {
        static const char making[] =
            "cd %s && printf 'LC_NUMERIC\\ndecimal_point \",\"\\nthousands_sep \"\"\\ngrouping -1\\nEND LC_NUMERIC\\n' >source "
            "&& localedef -c -i ./source ./comma >log 2>&1; true";
        char command[sizeof making + sizeof folder];
        snprintf(command, sizeof command, making, folder);
        set = system(command) == 0 && setenv("LOCPATH", folder, 1) == 0 && setlocale(LC_NUMERIC, "comma") != NULL;
    }
    return set && *localeconv()->decimal_point == ',';
}

/* ---- All that is written ------------------------------------------------------------------------------------------- */

typedef struct {
    char s[16384];
    size_t length;
} page;

static void put(page *p, const char *text)
{
    ck_assert_ptr_nonnull(text);
    size_t length = strlen(text);
    ck_assert_uint_lt(p->length + length + 2, sizeof p->s);
    memcpy(p->s + p->length, text, length);
    memcpy(p->s + p->length + length, "\n", 2);
    p->length += length + 1;
}

static void put_error(page *p)
{
    put(p, wick_error());
    wick_clear_error();
}

static void put_rest(page *p, FILE *file)
{
    char text[4096];
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    put(p, text);
}

/* x^2, whose gradient is 1.25 times too large. */
static wick_tensor *wrong(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    wick_tensor *y = wick_mul(in[0], in[0]);
    return wick_sub(wick_mul(y, 1.25), wick_mul(wick_detach(y), 0.25));
}

static wick_tensor *absolute(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_abs(in[0]);
}

/* The square root, which has no value within eps of the input. */
static wick_tensor *root(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_sqrt(in[0]);
}

static void put_gradcheck(page *p, wick_function f, double x, wick_dtype dtype)
{
    wick_tensor *inputs[] = {wick_requires_grad_(wick_full(x, 2, .dtype = dtype), true)};
    wick_gradcheck_report report;
    wick_gradcheck(f, inputs, 1, .report = &report);
    put(p, report.message);
    if (dtype == WICK_FLOAT32)
        put(p, wick_warning());
    wick_clear_warning();
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    wick_gradcheck_print(file, &report);
    put_rest(p, file);
}

static void write_all(page *p)
{
    WICK_SCOPE;
    put(p, wick_nn_to_string(
               wick_nn_sequential(wick_nn_dropout(0.25), wick_nn_leaky_relu(0.125), wick_nn_batch_norm1d(4))));
    put(p, wick_to_string(wick_from(((double[]){0.5, -1.25, 3}), 3)));
    put(p, wick_to_string(wick_from(((double[]){0.5, 1e-9}), 2)));
    put(p, wick_to_string(wick_ones(2)));
    put(p, wick_repr(0.1));
    put(p, wick_format("%.2f%% of %s: %g", 12.5, "1,5", 0.25));
    wick_series *s = wick_series_new();
    wick_series_append(s, 0.75);
    put(p, wick_series_to_string(s));

    wick_dropout(wick_ones(2), 1.5, true);
    put_error(p);
    wick_full(-300.5, 2, .dtype = WICK_UINT8); /* a number in a message */
    put_error(p);
    wick_fail(WICK_ERROR_ARGUMENT, "mine: %g, and %5.1f", 0.5, 2.5);
    put_error(p);

    put_gradcheck(p, wrong, 0.75, WICK_FLOAT64);
    put_gradcheck(p, wrong, 0.75, WICK_FLOAT32);
    put_gradcheck(p, absolute, 0, WICK_FLOAT64);
    put_gradcheck(p, root, 1e-8, WICK_FLOAT64);

    char path[sizeof folder + 8];
    snprintf(path, sizeof path, "%s/table", folder);
    wick_tensor *t = wick_from(((double[]){0.5, -1.25, 1e-20, 3}), 2, 2);
    ck_assert(wick_data_savetxt(path, t, .fmt = "%8.3g", .delimiter = ","));
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    put_rest(p, file);
    ck_assert(wick_data_savetxt(path, t));
    ck_assert(wick_equal(wick_data_loadtxt(path, .dtype = WICK_FLOAT64), t));
    ASSERT_NO_ERROR();
}

/* Line by line, so that a failure shows the first that differs. */
static void compare(const char *a, const char *b)
{
    while (*a && *b) {
        size_t length = strcspn(a, "\n"), other = strcspn(b, "\n");
        ck_assert_msg(length == other && memcmp(a, b, length) == 0, "%.*s\nis in the C locale\n%.*s", (int)length, a,
                      (int)other, b);
        a += length + (a[length] == '\n');
        b += other + (b[other] == '\n');
    }
    ck_assert_str_eq(a, b);
}

START_TEST(text_is_that_of_the_c_locale)
{
    static page plain, comma;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    write_all(&plain);
    ck_assert_ptr_nonnull(strstr(plain.s, "(0): Dropout(p=0.25, inplace=False)"));
    ck_assert_ptr_nonnull(strstr(plain.s, "12.50% of 1,5: 0.25\n"));
    if (!use_comma()) {
        printf("skipped: no locale with a decimal comma is installed, and localedef makes none\n");
    } else {
        float learning_rate = 0;
        const wick_arg args[] = {WICK_ARG("--lr X", &learning_rate)};
        char program[] = "p", option[] = "--lr", value[] = "0.25", *argv[] = {program, option, value, NULL};
        write_all(&comma);
        compare(comma.s, plain.s);
        wick_parse_args_n(3, argv, "about", args, 1);
        char own[8];
        snprintf(own, sizeof own, "%.1f", 0.5);
        ck_assert_str_eq(own, "0,5"); /* the program's locale is as it was */
        setlocale(LC_NUMERIC, "C");
        ck_assert(learning_rate == 0.25F);
    }
    char command[sizeof folder + 16];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

Suite *locale_suite(void);
Suite *locale_suite(void)
{
    const TTest *const tests[] = {text_is_that_of_the_c_locale};
    return MAKE_SUITE("locale", tests);
}
