/* main.c - runs the suites that are named on the command line, or all of them.
 *
 *     wick_tests [suite ...]
 *
 * Suites come from the files test_<name>.c, each of which defines Suite *<name>_suite(void); CMake writes their names into
 * suites.h. libcheck's environment variables work as always: CK_FORK=no, CK_RUN_CASE, CK_VERBOSITY. */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

#define DECLARE(name) Suite *name##_suite(void);
WICK_SUITES(DECLARE)

typedef struct entry {
    const char *name;
    Suite *(*make)(void);
} entry;

#define ENTRY(name) {#name, name##_suite},
static const entry suites[] = {WICK_SUITES(ENTRY){NULL, NULL}};

static bool is_wanted(const char *name, int count, char **wanted)
{
    for (int i = 0; i < count; i++)
        if (strcmp(name, wanted[i]) == 0)
            return true;
    return count == 0;
}

static bool is_suite(const char *name)
{
    for (const entry *e = suites; e->name; e++)
        if (strcmp(name, e->name) == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!is_suite(argv[i])) {
            fprintf(stderr, "%s: there is no suite \"%s\"; suites:", argv[0], argv[i]);
            for (const entry *e = suites; e->name; e++)
                fprintf(stderr, " %s", e->name);
            fprintf(stderr, "\n");
            return 2;
        }
    }
    if (WICK_DEFAULT_DATA_DIR[0])
        setenv("WICK_DATA_DIR", WICK_DEFAULT_DATA_DIR, 0);

    SRunner *runner = srunner_create(NULL);
    for (const entry *e = suites; e->name; e++)
        if (is_wanted(e->name, argc - 1, argv + 1))
            srunner_add_suite(runner, e->make());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
