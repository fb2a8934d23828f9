/* args.h - reading a program's command line, as Python's argparse does:
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
 * The values of the variables before the call are the defaults. An option is given as "--epochs 5" or "--epochs=5", and a
 * flag as "--verbose"; an argument whose name has no dashes is given by its position. --help prints all of them with their
 * defaults and ends the program with status 0. A command line that does not fit is reported on stderr and ends the program
 * with status 2. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <math.h>

#include "platform.h"

WICK_BEGIN_DECLS

typedef enum wick_arg_kind {
    WICK_ARG_FLAG,     /* bool; true if the flag is given */
    WICK_ARG_SIGNED,   /* a whole number that the type can hold, in digits; 007 is 7 */
    WICK_ARG_UNSIGNED, /* the same, from 0 on */
    WICK_ARG_FLOAT,    /* double or float; finite */
    WICK_ARG_TEXT      /* const char *; not empty; it points into argv */
} wick_arg_kind;

typedef struct wick_arg {
    const char *name; /* "--epochs N": an option, and what --help shows for its value; "FILE": given by its position */
    void *value;      /* the variable, whose type fits the kind */
    wick_arg_kind kind;
    size_t size; /* the variable's size in bytes */
    char start_;
    const char *help;
    bool required; /* leaving it out is an error; default false */
    bool *given;   /* becomes whether it was given; default NULL */
    int64_t least; /* for numbers: the least value; default: the least that the type can hold */
    double above;  /* for float and double: the value must be greater than this; default -INFINITY */
} wick_arg;

/* One argument: its name, the address of its variable, whose type gives the kind, and its options, of which .help comes
 * first. */
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

/* Reads the command line into the arguments' variables, and returns if it fits. Messages call the program by argv[0]. about
 * is what --help says of the program. */
WICK_API void wick_parse_args_n(int argc, char **argv, const char *about, const wick_arg *args, int count);
#define wick_parse_args(argc, argv, about, ...)                           \
    wick_parse_args_n(argc, argv, about, (const wick_arg[]){__VA_ARGS__}, \
                      (int)(sizeof((const wick_arg[]){__VA_ARGS__}) / sizeof(wick_arg)))

WICK_END_DECLS
