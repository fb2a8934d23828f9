/* cli.h - the command line of the example programs.
 *
 * Every program takes --help, and those that train --epochs N and --seed N; some take --data DIR, where a data set lies, --set
 * NAME, which one, --out DIR, where the trained model goes, or --pictures DIR, where they draw what their document draws. What
 * the programs print on stdout is their document's output and nothing else. */
#ifndef WICK_EXAMPLES_CLI_H
#define WICK_EXAMPLES_CLI_H

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/wick.h>

/* ---- Options ----------------------------------------------------------------------------------------------------- */

/* As .data: the option must be given. */
#define CLI_REQUIRED ""

/* As .pictures: the option may be given; without it, .pictures is NULL after cli_parse. */
#define CLI_OPTIONAL ""

/* The defaults of a program's options before cli_parse, their values after it. */
typedef struct cli {
    const char *name;     /* of the program */
    const char *about;    /* what it does, for --help */
    const char *files;    /* what --data has to contain */
    int epochs;           /* --epochs N; 0: neither this option nor --seed */
    uint64_t seed;        /* --seed N */
    const char *data;     /* --data DIR; NULL: no such option */
    const char *out;      /* --out DIR; NULL: no such option */
    const char *pictures; /* --pictures DIR; NULL: no such option */
    const char *set;      /* --set NAME, optdigits or winequality-red; NULL: no such option */
} cli;

static inline void cli_help(const cli *defaults)
{
    printf("Usage: %s%s%s%s%s%s\n%s\n\n", defaults->name, defaults->epochs ? " [--epochs N] [--seed N]" : "",
           defaults->data ? " --data DIR" : "", defaults->out ? " [--out DIR]" : "",
           defaults->pictures ? " [--pictures DIR]" : "", defaults->set ? " [--set NAME]" : "", defaults->about);
    if (defaults->epochs) {
        printf("  --epochs N      how many epochs to train (default %d)\n", defaults->epochs);
        printf("  --seed N        seed of the random numbers (default %llu)\n", (unsigned long long)defaults->seed);
    }
    if (defaults->data)
        printf("  --data DIR      directory with %s\n", defaults->files);
    if (defaults->out)
        printf("  --out DIR       existing directory for the model's file (default %s)\n", defaults->out);
    if (defaults->pictures)
        printf(
            "  --pictures DIR  existing directory for pictures, by gnuplot and Graphviz, and their data (default: none)\n");
    if (defaults->set)
        printf("  --set NAME      optdigits or winequality-red (default %s)\n", defaults->set);
    printf("  --help          this text\n");
}

/* Says what is wrong with the command line and ends the program. */
static inline _Noreturn void cli_fail(const cli *defaults, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fprintf(stderr, "%s: ", defaults->name);
    vfprintf(stderr, format, values);
    fprintf(stderr, "\nTry '%s --help'.\n", defaults->name);
    va_end(values);
    exit(2);
}

/* A whole number from least to most, in digits alone. */
static inline uint64_t cli_number(const cli *defaults, const char *option, const char *text, uint64_t least,
                                  uint64_t most)
{
    errno = 0;
    unsigned long long number = strtoull(text, NULL, 10);
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0' || errno || number < least || number > most)
        cli_fail(defaults, "%s takes a whole number from %llu to %llu, not '%s'", option, (unsigned long long)least,
                 (unsigned long long)most, text);
    return number;
}

/* Reads "--option value" and "--option=value". --help and a bad command line end the program, with status 0 and 2. */
static inline cli cli_parse(int argc, char **argv, cli defaults)
{
    (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* lines appear as they are printed, in a pipe too */
    cli args = defaults;
    const char *epochs = NULL, *seed = NULL;
    const struct {
        const char *name;
        const char **value; /* NULL: the program does not have it */
    } options[] = {{"--epochs", defaults.epochs ? &epochs : NULL},
                   {"--seed", defaults.epochs ? &seed : NULL},
                   {"--data", defaults.data ? &args.data : NULL},
                   {"--out", defaults.out ? &args.out : NULL},
                   {"--pictures", defaults.pictures ? &args.pictures : NULL},
                   {"--set", defaults.set ? &args.set : NULL}};
    const size_t count = sizeof options / sizeof *options;

    for (int i = 1; i < argc; i++) {
        const char *option = argv[i];
        if (strcmp(option, "--help") == 0) {
            cli_help(&defaults);
            exit(0);
        }
        size_t length = strcspn(option, "="), k = 0;
        while (k < count && (!options[k].value || strlen(options[k].name) != length ||
                             strncmp(options[k].name, option, length) != 0))
            k++;
        if (k == count)
            cli_fail(&defaults, "unknown option '%s'", option);
        const char *value = option[length] == '=' ? option + length + 1 : argv[++i];
        if (!value || *value == '\0')
            cli_fail(&defaults, "%s needs a value", options[k].name);
        *options[k].value = value;
    }
    if (epochs)
        args.epochs = (int)cli_number(&defaults, "--epochs", epochs, 1, INT_MAX);
    if (seed)
        args.seed = cli_number(&defaults, "--seed", seed, 0, UINT64_MAX);
    if (args.data && *args.data == '\0')
        cli_fail(&defaults, "--data DIR is missing; pass the directory with %s", defaults.files);
    if (args.pictures && *args.pictures == '\0')
        args.pictures = NULL;
    if (args.set && strcmp(args.set, "optdigits") != 0 && strcmp(args.set, "winequality-red") != 0)
        cli_fail(&defaults, "--set: there is no '%s'; take optdigits or winequality-red", args.set);
    return args;
}

/* directory/file, or with a prefix directory/prefix_file, in a buffer that the next call overwrites. */
static inline const char *cli_path(const cli *args, const char *directory, const char *prefix, const char *file)
{
    static char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s%s%s", directory, prefix, *prefix ? "_" : "", file);
    if (length < 0 || length >= (int)sizeof path)
        cli_fail(args, "the path of %s is longer than %zu characters", file, sizeof path - 1);
    return path;
}

/* The path of a file in the directory of --data. */
static inline const char *cli_data_path(const cli *args, const char *file)
{
    return cli_path(args, args->data, "", file);
}

/* The path of a file in the directory of --out. */
static inline const char *cli_out_path(const cli *args, const char *file)
{
    return cli_path(args, args->out, "", file);
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

/* The path of a picture in the directory of --pictures; the program's name stands in front of the file's. */
static inline const char *cli_picture(const cli *args, const char *file)
{
    return cli_path(args, args->pictures, args->name, file);
}

/* A handler as wick_print_and_exit is, for programs that draw: where gnuplot or dot is not installed, the message says what
 * to install and the program goes on. */
static inline void cli_print_and_exit(wick_error_code code, const char *message)
{
    if (code != WICK_ERROR_PROGRAM)
        wick_print_and_exit(code, message);
    fprintf(stderr, "%s\n", message);
    wick_clear_error();
}

/* Draws the first n images of a dataset, 100 at most, with their labels, or the names that class_name gives for these. */
static inline void cli_draw_first_images(wick_dataset *dataset, int n, const char *(*class_name)(int64_t),
                                         const char *path)
{
    WICK_SCOPE;
    wick_tensor *images[100], *labels[100];
    const char *captions[100 + 1] = {NULL};
    for (int i = 0; i < n; i++) {
        wick_list *sample = wick_data_item(dataset, i);
        images[i] = wick_list_get(sample, 0);
        labels[i] = wick_list_get(sample, 1);
        captions[i] = class_name ? class_name(wick_item_int(labels[i])) : NULL;
    }
    wick_plot_images(wick_stack(wick_list_n(images, n)), wick_stack(wick_list_n(labels, n)), path,
                     .captions = class_name ? captions : NULL);
}

/* ---- Output ------------------------------------------------------------------------------------------------------ */

/* The digits of print(x) in Python, the fewest that give x when read, in a buffer that the next call overwrites. */
static inline const char *cli_repr(double x)
{
    static char text[64];
    bool fixed = x == 0 || (fabs(x) >= 1e-4 && fabs(x) < 1e16);
    for (int digits = 1; digits <= 21; digits++) {
        (void)snprintf(text, sizeof text, fixed ? "%.*f" : "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    return text;
}

#endif
