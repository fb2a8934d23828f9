/* test_reference.c - the reader of PyTorch's answers. */
#include <check.h>
#include <stdio.h>

#include "reference.h"

#ifndef WICK_TESTS_DIR
#define WICK_TESTS_DIR "tests"
#endif

/* The reader refuses what is missing, empty, cut short or garbled. */
START_TEST(test_reference_must_be_whole)
{
    static const char *const texts[] = {"", "case add\n", "end 0 0\n", "case add\nin float32 2 c g 1\nend 1 0\n",
                                        "nonsense\n"};
    char message[512];
    ref_file file;
    ck_assert(!ref_read(WICK_TESTS_DIR "/there-is-no-such-file.txt", &file, message, sizeof message));
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

Suite *reference_suite(void)
{
    Suite *suite = suite_create("reference");
    TCase *tc = tcase_create("reader");
    tcase_add_test(tc, test_reference_must_be_whole);
    suite_add_tcase(suite, tc);
    return suite;
}
