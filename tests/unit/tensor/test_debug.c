/* test_debug.c - WICK_DEBUG=scopes: what the report says of tensors that outlive every scope. */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "check_wick.h"

/* What the report, which goes to stderr, says now; it forgets everything then. */
static const char *report(void)
{
    static char text[1 << 17];
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fflush(stderr);
    int before = dup(STDERR_FILENO);
    ck_assert(before >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    wk_debug_report();
    fflush(stderr);
    ck_assert(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Another thread's tensor; each thread counts its own memory, and so releases what it made. */
static void *keep_in_a_thread(void *unused)
{
    (void)unused;
    WICK_SCOPE;
    wick_tensor *kept = wick_keep(wick_ones(2, .dtype = WICK_BOOL));
    const char *text = report();
    wick_release(kept);
    return strncmp(text, "wick: 1 tensor ", 15) == 0 && strstr(text, "bool (2,), made in the scope opened at")
               ? NULL
               : (void *)(uintptr_t)text;
}

/* The environment is read once, before the first tensor: this is one test. */
START_TEST(what_outlives_every_scope)
{
    setenv("WICK_DEBUG", "scopes", 1);
    if (!wk_debug_scopes()) { /* CK_FORK=no, and another suite came before this one */
        printf("what_outlives_every_scope: skipped, the environment has been read\n");
        return;
    }
    char expected[1024];

    /* Freed with its scope, released, or handed out and freed there: nothing to report. */
    {
        WICK_SCOPE;
        wick_tensor *x = wick_randn(3, 4, .requires_grad = true);
        ck_assert(wick_backward(wick_sum(wick_tanh(x))));
        wick_release(wick_keep(wick_ones(2)));
        wick_from(((int64_t[]){1, 2}), 2);
    }
    ck_assert_str_eq(report(), "wick: 0 tensors outlived every scope\n");

    wick_tensor *one;
    int line = __LINE__ + 2;
    {
        WICK_SCOPE;
        one = wick_keep(wick_zeros(2, 3, .dtype = WICK_UINT8));
    }
    snprintf(expected, sizeof expected,
             "wick: 1 tensor outlived every scope\nwick:   uint8 (2, 3), made in the scope opened at %s:%d\n", __FILE__,
             line);
    ck_assert_str_eq(report(), expected);
    wick_release(one); /* one that the report has forgotten */

    /* A result holds its graph: the leaf, the number and itself. */
    line = __LINE__ + 2;
    {
        WICK_SCOPE;
        one = wick_keep(wick_mul(wick_ones(3, .requires_grad = true), 2));
    }
    const char *text = report();
    snprintf(expected, sizeof expected, "by MulBackward0, made in the scope opened at %s:%d\n", __FILE__, line);
    ck_assert_msg(strncmp(text, "wick: 3 tensors", 15) == 0 && strstr(text, expected), "%s", text);
    wick_release(one);

    run_in_thread(keep_in_a_thread, NULL, 0);
    /* A scope that does not say where it stands. */
    wick_scope scope = wick_scope_push();
    one = wick_keep(wick_ones(5));
    wick_scope_pop(&scope);
    text = report();
    ck_assert_msg(strncmp(text, "wick: 1 tensor ", 15) == 0 && strstr(text, "float32 (5,), made in "), "%s", text);
    wick_release(one);

    /* More than the notes begin with; every third one stays. */
    static wick_tensor *many[1000];
    {
        WICK_SCOPE;
        for (int i = 0; i < 1000; i++)
            many[i] = wick_keep(wick_ones(i + 1));
    }
    for (int i = 0; i < 1000; i++)
        if (i % 3)
            wick_release(many[i]);
    text = report();
    ck_assert_msg(strncmp(text, "wick: 334 tensors outlived", 26) == 0, "%.60s", text);
    for (int i = 0; i < 1000; i += 3) {
        snprintf(expected, sizeof expected, "wick:   float32 (%d,), made in", i + 1);
        ck_assert_msg(strstr(text, expected) != NULL, "no tensor of %d elements", i + 1);
        wick_release(many[i]);
    }
    ck_assert_str_eq(report(), "wick: 0 tensors outlived every scope\n");
}
END_TEST

Suite *debug_suite(void)
{
    const TTest *const tests[] = {what_outlives_every_scope};
    return MAKE_SUITE("debug", tests);
}
