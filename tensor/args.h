/* args.h - what a program's user may set on its command line, as Python's argparse has it:
 *
 *     int epochs = 10;
 *     double lr = 0.1;
 *     const char *data = NULL;
 *     bool verbose = false;
 *     wick_parse_args(argc, argv, "Learns the digits of MNIST.",
 *                     WICK_ARG("--data DIR", &data, "folder of the IDX files", .required = true),
 *                     WICK_ARG("--epochs N", &epochs, "how long to train", .least = 1), WICK_ARG("--lr X", &lr),
 *                     WICK_ARG("--verbose", &verbose));
 *
 * What the variables hold before is the default. An option is given as "--epochs 5" or "--epochs=5", a flag as "--verbose", what
 * has a name without dashes by its place. --help prints all of them with their defaults and ends the program with status 0. A
 * command line that does not fit is said on stderr and ends it with status 2. */
#ifndef WICK_TENSOR_ARGS_H
#define WICK_TENSOR_ARGS_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <math.h>

#include "platform.h"

WICK_BEGIN_DECLS

typedef enum wick_arg_kind {
    WICK_ARG_FLAG,     /* bool: true if it is given */
    WICK_ARG_SIGNED,   /* a whole number that the type can hold, in digits; 007 is 7 */
    WICK_ARG_UNSIGNED, /* the same, from 0 on */
    WICK_ARG_FLOAT,    /* double or float; finite */
    WICK_ARG_TEXT      /* const char *; not empty; it points into argv */
} wick_arg_kind;

typedef struct wick_arg {
    const char *name; /* "--epochs N", an option and what --help shows for its value; "FILE", by its place */
    void *value;      /* a variable of the kind */
    wick_arg_kind kind;
    size_t size; /* of the variable */
    char start_;
    const char *help;
    bool required; /* it is an error not to give it; default false */
    bool *given;   /* set to whether it was given; default NULL */
    int64_t least; /* of a number; default: what the type can hold */
    double above;  /* of a double: greater than this; default -INFINITY */
} wick_arg;

/* One of the arguments; its variable's type says its kind. Without a name, what follows it is its .help. */
/* clang-format off */
#define WICK_ARG(name, value, ...) \
    ((wick_arg){name, value, WICK_ARG_KIND_(value), sizeof *(value), 0, NULL, false, NULL, INT64_MIN, -HUGE_VAL, \
                .start_ = 0, __VA_ARGS__})
#define WICK_ARG_KIND_(value)                                                                                          \
    _Generic((value), bool * : WICK_ARG_FLAG, int * : WICK_ARG_SIGNED, long * : WICK_ARG_SIGNED,                       \
             long long * : WICK_ARG_SIGNED, unsigned * : WICK_ARG_UNSIGNED, unsigned long * : WICK_ARG_UNSIGNED,       \
             unsigned long long * : WICK_ARG_UNSIGNED, float * : WICK_ARG_FLOAT, double * : WICK_ARG_FLOAT,            \
             const char ** : WICK_ARG_TEXT)
/* clang-format on */

/* Reads the command line into the arguments' variables; returns if it fits. The program's name in messages is argv[0]'s. */
WICK_API void wick_parse_args_n(int argc, char **argv, const char *about, const wick_arg *args, int count);
#define wick_parse_args(argc, argv, about, ...)                           \
    wick_parse_args_n(argc, argv, about, (const wick_arg[]){__VA_ARGS__}, \
                      (int)(sizeof((const wick_arg[]){__VA_ARGS__}) / sizeof(wick_arg)))

WICK_END_DECLS
#endif
