/* test_text.c - numbers as Python writes them (float.txt, which float.py there makes), and formatted strings. */
#include <inttypes.h>
#include <locale.h>

#include "check_wick.h"

static void compare_with_python(void)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/text/float.txt", "r");
    ck_assert_msg(file != NULL, "no file " WICK_TESTS_DIR "/torch/text/float.txt");
    uint64_t bits;
    char expected[64];
    int count = 0;
    for (; fscanf(file, "%" SCNx64 " %63s", &bits, expected) == 2; count++) {
        WICK_SCOPE;
        double x;
        memcpy(&x, &bits, sizeof x);
        ck_assert_str_eq(wick_repr(x), expected);
    }
    fclose(file);
    ck_assert_int_gt(count, 800);
}

START_TEST(repr) { compare_with_python(); }
END_TEST

START_TEST(repr_in_another_locale)
{
    /* Where such a locale is installed, its decimal comma must not show; Wick's own output is Python's everywhere. */
    const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "fr_FR.utf8"};
    bool found = false;
    for (size_t i = 0; !found && i < sizeof names / sizeof *names; i++)
        found = setlocale(LC_NUMERIC, names[i]) != NULL;
    compare_with_python();
    ck_assert_str_eq(wick_nn_to_string(wick_nn_dropout(0.25)), "Dropout(p=0.25, inplace=False)");
    setlocale(LC_NUMERIC, "C");
}
END_TEST

START_TEST(format)
{
    ck_assert_str_eq(wick_format("%s/%03d.png", "out", 7), "out/007.png");
    ck_assert_str_eq(wick_format("%s", ""), "");
    const char *longer = wick_format("%0*d", 5000, 1);
    ck_assert_uint_eq(strlen(longer), 5000);
    ck_assert_str_eq(wick_format("%lld", wick_numel(wick_ones(2, 3))), "6"); /* no cast */
    const char *none = NULL; /* a variable, as a compiler warns of the constant */
    ASSERT_FAILS(wick_format(none, 1), WICK_ERROR_ARGUMENT, "wick_format");
    wick_series *s = wick_series_new();
    wick_series_append(s, 0.1);
    ck_assert_str_eq(wick_format("%s", wick_series_to_string(s)), "[0.1]");
}
END_TEST

Suite *text_suite(void);
Suite *text_suite(void)
{
    const TTest *const tests[] = {repr, repr_in_another_locale, format};
    return MAKE_SUITE("text", tests);
}
