/* test_progress.c - the progress bar on a terminal, which the test reads, and where there is none. */
#define _XOPEN_SOURCE 700

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "check_wick.h"

/* A terminal of our own: what is written to the file is read from the number. */
static FILE *terminal(int *reader)
{
    *reader = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert(*reader >= 0 && grantpt(*reader) == 0 && unlockpt(*reader) == 0);
    setenv("TERM", "xterm", 1);
    int slave = open(ptsname(*reader), O_RDWR | O_NOCTTY);
    ck_assert_int_ge(slave, 0);
    return fdopen(slave, "w");
}

/* What was written, which takes its time through the system: up to this ending; or, if that is "", anything at all. */
static const char *written(int reader, const char *ending)
{
    static char text[65536];
    size_t length = 0, wanted = strlen(ending);
    struct pollfd ready = {.fd = reader, .events = POLLIN};
    while (length < sizeof text - 1 &&
           (length < wanted || !wanted || memcmp(text + length - wanted, ending, wanted) != 0)) {
        if (poll(&ready, 1, wanted ? 20000 : 50) <= 0)
            break;
        ssize_t got = read(reader, text + length, sizeof text - 1 - length);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    text[length] = '\0';
    return text;
}

START_TEST(on_a_terminal)
{
    int reader;
    FILE *file = terminal(&reader);
    {
        WICK_SCOPE;
        wick_progress *bar =
            wick_progress_bar(4, .description = "epoch\n1", .unit = "batch", .interval = 0, .file = file);
        ck_assert(wick_progress_set_postfix(bar, "loss", 0.5) && wick_progress_set_postfix(bar, "acc", 1));
        wick_progress_update(bar, 1);
        const char *text = written(reader, "\033[K");
        ck_assert_msg(strstr(text, "\repoch 1:  25% |#") && strstr(text, "| 1/4 [00:00<00:00, ") &&
                          strstr(text, "batch/s") && strstr(text, ", loss=0.5, acc=1]\033[K"),
                      "%s", text);
        ck_assert(!strchr(text, '\n'));
        wick_progress_clear(bar);
        ck_assert_str_eq(written(reader, "\033[K"), "\r\033[K");
        wick_progress_set_postfix(bar, "loss", 0.25);
        ck_assert(wick_progress_set_description(bar, "two"));
        wick_progress_update(bar, 3);
        text = written(reader, "\033[K");
        ck_assert_msg(strstr(text, "\rtwo: 100% |") && strstr(text, "4/4 [") && strstr(text, "loss=0.25, acc=1]"), "%s",
                      text);
        ck_assert_int_eq(wick_progress_count(bar), 4);
    }
    const char *text = written(reader, "\n"); /* closed by its scope */
    ck_assert_msg(strstr(text, "\rtwo: 100%") && strstr(text, "\n"), "%s", text);
    {
        WICK_SCOPE;
        wick_progress *bar = wick_progress_bar(0, .leave = false, .interval = 0, .file = file);
        wick_progress_update(bar, 7);
        text = written(reader, "\033[K");
        ck_assert_msg(strncmp(text, "\r7 [00:00, ", 11) == 0, "%s", text);
        wick_progress_close(bar);
        ck_assert_str_eq(written(reader, "\033[K"), "\r\033[K");
        wick_progress_update(bar, 1);
        wick_progress_close(bar);
        ck_assert_str_eq(written(reader, ""), "");
        /* no more often than the interval says */
        bar = wick_progress_bar(100000, .interval = 3600, .leave = false, .file = file);
        for (int i = 0; i < 99999; i++)
            wick_progress_update(bar, 1);
        ck_assert_str_eq(written(reader, ""), "");
        /* no longer than the terminal */
        char wide[400];
        memset(wide, 'w', sizeof wide - 1);
        wide[sizeof wide - 1] = '\0';
        wick_progress_set_description(bar, wide);
        wick_progress_update(bar, 1);
        ck_assert_uint_eq(strlen(written(reader, "\033[K")), 1 + 79 + 3);
    }
    fclose(file);
    close(reader);
}
END_TEST

START_TEST(in_a_pipe)
{
    FILE *file = tmpfile();
    {
        WICK_SCOPE;
        wick_progress *bar = wick_progress_bar(2, .interval = 0, .file = file);
        wick_progress_update(bar, 1);
        wick_progress_clear(bar);
        wick_progress_update(bar, 1);
    }
    ck_assert_int_eq(ftell(file), 0);
    fclose(file);
    wick_progress *bar = wick_progress_bar(2);
    ASSERT_FAILS(wick_progress_bar(-1), WICK_ERROR_ARGUMENT, "-1");
    ASSERT_FAILS(wick_progress_set_postfix(bar, "", 1), WICK_ERROR_ARGUMENT, "0");
    ASSERT_FAILS(wick_progress_set_postfix(bar, "a name that is longer than 31 bytes", 1), WICK_ERROR_ARGUMENT, "35");
    for (int i = 0; i < 8; i++)
        ck_assert(wick_progress_set_postfix(bar, (char[]){(char)('a' + i), '\0'}, i));
    ASSERT_FAILS(wick_progress_set_postfix(bar, "z", 1), WICK_ERROR_ARGUMENT, "\"z\"");
    ASSERT_FAILS(wick_progress_count(NULL), WICK_ERROR_ARGUMENT, "wick_progress_count");
}
END_TEST

Suite *progress_suite(void)
{
    const TTest *const tests[] = {on_a_terminal, in_a_pipe};
    return MAKE_SUITE("progress", tests);
}
