/* table.h - numbers in text files: comma-separated values and similar formats. */
#ifndef WICK_DATA_TABLE_H
#define WICK_DATA_TABLE_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"

WICK_BEGIN_DECLS

/* What turns the text of a column into numbers: names of classes, or a function. */
typedef struct wick_converter {
    int64_t column;                                      /* of the file; a negative one counts from its last */
    wick_dict *classes;                                  /* the number of each name (see below) */
    double (*function)(const char *text, void *context); /* in place of classes; fails by wick_fail */
    void *context;                                       /* passed to it */
    bool known_only; /* whether a name that is not in classes is an error, and not a new class; default false */
} wick_converter;
typedef struct wick_converters {
    const wick_converter *items;
    int64_t count;
} wick_converters;
#define WICK_CONVERTERS(...)                                  \
    ((wick_converters){(const wick_converter[]){__VA_ARGS__}, \
                       (int64_t)(sizeof((const wick_converter[]){__VA_ARGS__}) / sizeof(wick_converter))})

/* One of them: the column's classes, which grow or are known, or its function and context. */
#define WICK_CLASSES(column, classes)      \
    {                                      \
        column, classes, NULL, NULL, false \
    }
#define WICK_KNOWN_CLASSES(column, classes) /* those of the dict, and no others */ \
    {                                                                              \
        column, classes, NULL, NULL, true                                          \
    }
#define WICK_CONVERTER(column, function, context) \
    {                                             \
        column, NULL, function, context, false    \
    }

/* Columns of a file. */
typedef struct wick_columns {
    const int64_t *items;
    int64_t count;
} wick_columns;
#define WICK_COLUMNS(...)                           \
    ((wick_columns){(const int64_t[]){__VA_ARGS__}, \
                    (int64_t)(sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))})

typedef struct wick_loadtxt_options {
    size_t size_;
    char start_;
    wick_dtype dtype;           /* default float64 */
    const char *comments;       /* begins a comment, which ends with the line; default "#"; NULL: there are none */
    const char *delimiter;      /* one character between fields; default NULL: any white space */
    wick_converters converters; /* default: none */
    int64_t skiprows;           /* lines to pass over first, comments among them; default 0 */
    wick_columns usecols;  /* the columns to read, in this order; negative ones count from the last; default: all */
    int ndmin;             /* the fewest dimensions of the result: 0, 1 or 2; default 0 */
    int64_t max_rows;      /* read at most this many rows, empty lines not counted; default: all */
    const char *quotechar; /* one character around fields that delimiters may stand in, doubled within them;
                                   default NULL: there is none */
} wick_loadtxt_options;
#define WICK_LOADTXT_DEFAULTS 0, WICK_FLOAT64, "#", NULL, {NULL, 0}, 0, {NULL, 0}, 0, INT64_MAX, NULL
/* The numbers of a text file, plain or gzipped, one row per line: numpy.loadtxt, with its options, defaults and values to the
 * bit. A tensor (rows, columns), without the dimensions of size 1, as NumPy squeezes them unless ndmin says otherwise.
 *     wick_tensor *wine = wick_data_loadtxt("winequality-red.csv", .delimiter = ",", .skiprows = 1);
 *
 * Text in a column, such as iris' last, becomes numbers by a dict: a name that is in it stands for its number, and a new
 * one is added with the number of names before it. So the names come out numbered in the order of the file; a dict that was
 * filled first sets the numbers, and the dict of one file serves the next. A test file must bring no class of its own:
 * there WICK_KNOWN_CLASSES makes a name that is not in the dict an error. Spaces around a name are not part of it; a call
 * that fails adds none.
 *     wick_dict *species = wick_dict_new();
 *     wick_tensor *iris = wick_data_loadtxt("iris.csv", .delimiter = ",",
 *                                           .converters = WICK_CONVERTERS(WICK_CLASSES(-1, species)));
 *     wick_dict_name(species, 0);     // "Iris-setosa"
 *
 * An empty file gives an empty tensor (0). Text that is not a number, rows of different lengths or of more than 4 GiB, and missing
 * fields are errors that name line and column. Numbers are those of Python's float(): "1.", "1e5", "inf", "NaN"; for int64, uint8 and bool, whole
 * numbers only, within the range. The decimal point is a point in every locale. */
WICK_API wick_tensor *wick_data_loadtxt_opt(const char *path, const wick_loadtxt_options *options);
#define wick_data_loadtxt(path, ...) \
    wick_data_loadtxt_opt(path, WICK_OPTIONS(wick_loadtxt_options, WICK_LOADTXT_DEFAULTS, __VA_ARGS__))

typedef struct wick_savetxt_options {
    size_t size_;
    char start_;
    const char *fmt;       /* one conversion of printf's: e, f, g, or d, which cuts fractions off; default "%.18e" */
    const char *delimiter; /* between columns; default " " */
    const char *newline;   /* default "\n" */
    const char *header;    /* lines before the rows, each with comments before it; default: none */
    const char *footer;    /* the same behind them */
    const char *comments;  /* default "# " */
} wick_savetxt_options;
#define WICK_SAVETXT_DEFAULTS 0, "%.18e", " ", "\n", NULL, NULL, "# "
/* Writes t (rows, columns), or (rows) as one column, as numpy.savetxt does; the default keeps every bit of float64. The file
 * appears whole or not at all. False on error.
 *     wick_data_savetxt("scores.csv", scores, .fmt = "%.6g", .delimiter = ",", .header = "loss,accuracy", .comments = ""); */
WICK_API bool wick_data_savetxt_opt(const char *path, wick_tensor *t, const wick_savetxt_options *options);
#define wick_data_savetxt(path, t, ...) \
    wick_data_savetxt_opt(path, t, WICK_OPTIONS(wick_savetxt_options, WICK_SAVETXT_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
#endif
