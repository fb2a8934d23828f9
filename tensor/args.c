/* args.c - a program's command line. */
#include "args.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

typedef struct line {
    const char *program;
    const wick_arg *args;
    int count;
} line;

static _Noreturn void fail(const line *l, const char *format, ...) WICK_PRINTF(2, 3);
static _Noreturn void fail(const line *l, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fprintf(stderr, "%s: ", l->program);
    wk_locale point = wk_point_begin();
    vfprintf(stderr, format, values);
    wk_point_end(point);
    fprintf(stderr, "\nTry '%s --help'.\n", l->program);
    va_end(values);
    exit(2);
}

/* The name without what stands for its value: "--epochs" of "--epochs N". */
static int name_length(const wick_arg *a) { return (int)strcspn(a->name, " "); }
static bool has_place(const wick_arg *a) { return a->name[0] != '-'; }

/* ---- Help -------------------------------------------------------------------------------------------------------- */

/* The default, "5" or "0.1"; NULL where there is none to show. */
static const char *default_text(const wick_arg *a, char *buffer, size_t size)
{
    switch (a->kind) {
    case WICK_ARG_FLAG: return NULL;
    case WICK_ARG_TEXT: return *(const char **)a->value;
    case WICK_ARG_FLOAT:
        return wk_float_text(a->size == sizeof(float) ? (double)*(float *)a->value : *(double *)a->value, buffer);
    case WICK_ARG_SIGNED:
        snprintf(buffer, size, "%lld",
                 a->size == sizeof(int) ? (long long)*(int *)a->value : (long long)*(int64_t *)a->value);
        return buffer;
    case WICK_ARG_UNSIGNED:
        snprintf(buffer, size, "%llu",
                 a->size == sizeof(int) ? (unsigned long long)*(unsigned *)a->value
                                        : (unsigned long long)*(uint64_t *)a->value);
        return buffer;
    }
    return NULL;
}

static void help(const line *l, const char *about)
{
    int width = (int)strlen("--help");
    printf("Usage: %s", l->program);
    for (int i = 0; i < l->count; i++) {
        const wick_arg *a = &l->args[i];
        width = (int)strlen(a->name) > width ? (int)strlen(a->name) : width;
        printf(a->required ? " %s" : " [%s]", a->name);
    }
    printf("\n%s\n\n", about);
    for (int i = 0; i < l->count; i++) {
        const wick_arg *a = &l->args[i];
        char buffer[WK_FLOAT_TEXT];
        const char *value = a->required ? NULL : default_text(a, buffer, sizeof buffer);
        printf("  %-*s", a->help || value ? width : 0, a->name);
        if (a->help)
            printf("  %s", a->help);
        if (value)
            printf("%s(default %s)", a->help ? " " : "  ", value);
        putchar('\n');
    }
    printf("  %-*s  this text\n", width, "--help");
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

static void read_signed(const line *l, const wick_arg *a, const char *text)
{
    int64_t last = a->size == sizeof(int) ? INT_MAX : INT64_MAX, first = -last - 1;
    first = a->least > first ? a->least : first;
    const char *digits = text + (*text == '-');
    errno = 0;
    long long x = strtoll(text, NULL, 10);
    if (!*digits || digits[strspn(digits, "0123456789")] || errno || x < first || x > last)
        fail(l, "%.*s takes a whole number from %" PRId64 " to %" PRId64 ", not '%s'", name_length(a), a->name, first,
             last, text);
    if (a->size == sizeof(int))
        *(int *)a->value = (int)x;
    else
        *(int64_t *)a->value = x;
}

static void read_unsigned(const line *l, const wick_arg *a, const char *text)
{
    uint64_t last = a->size == sizeof(int) ? UINT_MAX : UINT64_MAX, first = a->least > 0 ? (uint64_t)a->least : 0;
    errno = 0;
    unsigned long long x = strtoull(text, NULL, 10);
    if (!*text || text[strspn(text, "0123456789")] || errno || x < first || x > last)
        fail(l, "%.*s takes a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'", name_length(a), a->name, first,
             last, text);
    if (a->size == sizeof(int))
        *(unsigned *)a->value = (unsigned)x;
    else
        *(uint64_t *)a->value = x;
}

static void read_float(const line *l, const wick_arg *a, const char *text)
{
    char *end;
    double x = wk_strtod(text, &end);
    if (!*text || *end || !isfinite(x) || !(x > a->above) || (a->least != INT64_MIN && x < (double)a->least)) {
        if (a->above > -HUGE_VAL)
            fail(l, "%.*s takes a number above %g, not '%s'", name_length(a), a->name, a->above, text);
        if (a->least != INT64_MIN)
            fail(l, "%.*s takes a number from %" PRId64 " on, not '%s'", name_length(a), a->name, a->least, text);
        fail(l, "%.*s takes a number, not '%s'", name_length(a), a->name, text);
    }
    if (a->size == sizeof(float))
        *(float *)a->value = (float)x;
    else
        *(double *)a->value = x;
}

static void read_value(const line *l, const wick_arg *a, const char *text)
{
    if (!text || !*text)
        fail(l, "%.*s needs a value", name_length(a), a->name);
    switch (a->kind) {
    case WICK_ARG_FLAG: break;
    case WICK_ARG_SIGNED: read_signed(l, a, text); break;
    case WICK_ARG_UNSIGNED: read_unsigned(l, a, text); break;
    case WICK_ARG_FLOAT: read_float(l, a, text); break;
    case WICK_ARG_TEXT: *(const char **)a->value = text; break;
    }
}

/* ---- The line ---------------------------------------------------------------------------------------------------- */

/* The option of a word "--name" or "--name=value"; NULL if there is none. */
static const wick_arg *option_named(const line *l, const char *word, size_t length)
{
    for (int i = 0; i < l->count; i++)
        if (!has_place(&l->args[i]) && (size_t)name_length(&l->args[i]) == length &&
            strncmp(l->args[i].name, word, length) == 0)
            return &l->args[i];
    return NULL;
}

/* The argument of the next place, after *at. */
static const wick_arg *next_place(const line *l, int *at)
{
    while (*at < l->count && !has_place(&l->args[*at]))
        ++*at;
    return *at < l->count ? &l->args[(*at)++] : NULL;
}

void wick_parse_args_n(int argc, char **argv, const char *about, const wick_arg *args, int count)
{
    const char *path = argc > 0 && argv[0] ? argv[0] : "program", *slash = strrchr(path, '/');
    const line l = {slash ? slash + 1 : path, args, count};
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            help(&l, about);
            exit(0);
        }
    bool given[64] = {false};
    if (count < 0 || count > (int)(sizeof given / sizeof *given))
        fail(&l, "a program may have %d arguments, not %d", (int)(sizeof given / sizeof *given), count);
    int place = 0;
    bool options_end = false; /* after "--" */
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        const wick_arg *a;
        if (!options_end && strcmp(word, "--") == 0) {
            options_end = true;
            continue;
        }
        if (options_end || word[0] != '-' || word[1] == '\0') {
            if ((a = next_place(&l, &place)) == NULL)
                fail(&l, "there is no place for '%s'", word);
            read_value(&l, a, word);
        } else {
            size_t length = strcspn(word, "=");
            if ((a = option_named(&l, word, length)) == NULL)
                fail(&l, "unknown option '%s'", word);
            if (a->kind != WICK_ARG_FLAG)
                read_value(&l, a, word[length] == '=' ? word + length + 1 : i + 1 < argc ? argv[++i] : NULL);
            else if (word[length] == '=')
                fail(&l, "%.*s takes no value", name_length(a), a->name);
            else
                *(bool *)a->value = true;
        }
        given[a - args] = true;
    }
    for (int i = 0; i < count; i++) {
        if (args[i].required && !given[i])
            fail(&l, "%s is missing%s%s", args[i].name, args[i].help ? ": " : "", args[i].help ? args[i].help : "");
        if (args[i].given)
            *args[i].given = given[i];
    }
}
