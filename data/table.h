/* table.h - numbers in text files: comma-separated values and similar formats. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"

WICK_BEGIN_DECLS

/* How the text of a column becomes numbers: by names of classes, or by a function. */
typedef struct wick_converter {
    int64_t column;     /* the column in the file; a negative one counts from the last */
    wick_dict *classes; /* the index of each name (see below) */
    double (*function)(const char *text, void *context); /* instead of classes; it fails by calling wick_fail */
    void *context;                                       /* passed to the function */
    bool known_only; /* a name that is not in classes is an error, not a new class; default false */
} wick_converter;
typedef struct wick_converters {
    const wick_converter *items;
    int64_t count;
} wick_converters;
#define WICK_CONVERTERS(...)                                  \
    ((wick_converters){(const wick_converter[]){__VA_ARGS__}, \
                       (int64_t)(sizeof((const wick_converter[]){__VA_ARGS__}) / sizeof(wick_converter))})

/* One converter: for a column, a dict of classes that grows, a dict of all classes, or a function with its context. */
#define WICK_CLASSES(column, classes)      \
    {                                      \
        column, classes, NULL, NULL, false \
    }
#define WICK_KNOWN_CLASSES(column, classes) /* only the classes of the dict */ \
    {                                                                          \
        column, classes, NULL, NULL, true                                      \
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
    const char *comments;       /* begins a comment, which ends with the line; default "#"; NULL: no comments */
    const char *delimiter;      /* one character between fields; default NULL: white space */
    wick_converters converters; /* default: none */
    int64_t skiprows;           /* the number of lines to skip first, comments included; default 0 */
    wick_columns usecols;  /* the columns to read, in this order; negative ones count from the last; default: all */
    int ndmin;             /* the least number of dimensions of the result: 0, 1 or 2; default 0 */
    int64_t max_rows;      /* the largest number of rows to read, empty lines not counted; default: all */
    const char *quotechar; /* one character around fields that may contain delimiters; doubled inside such a
                                   field; default NULL: none */
} wick_loadtxt_options;
#define WICK_LOADTXT_DEFAULTS WICK_FLOAT64, "#", NULL, {NULL, 0}, 0, {NULL, 0}, 0, INT64_MAX, NULL
/* The numbers of a text file, plain or gzipped, one row per line: numpy.loadtxt, with its options and defaults, and the same
 * bits. The result is (rows, columns); as in NumPy, dimensions of size 1 are left out unless ndmin asks for them.
 *     wick_tensor *wine = wick_data_loadtxt("winequality-red.csv", .delimiter = ",", .skiprows = 1);
 *
 * Text in a column, such as the last one of iris, becomes numbers by a dict: a name in the dict stands for its index, and a
 * new name is added with the next index. So names are numbered in the order of the file, unless the dict had names before;
 * use the dict of one file for the next. A test file should not add classes: WICK_KNOWN_CLASSES makes a name that is not in
 * the dict an error. Spaces around a name do not count. A call that fails adds no names.
 *     wick_dict *species = wick_nn_dict_new();
 *     wick_tensor *iris = wick_data_loadtxt("iris.csv", .delimiter = ",",
 *                                           .converters = WICK_CONVERTERS(WICK_CLASSES(-1, species)));
 *     wick_nn_dict_name(species, 0);     // "Iris-setosa"
 *
 * An empty file gives an empty tensor (0). Text that is not a number, rows of different lengths or of more than 4 GiB, and
 * missing fields are errors that name line and column. Numbers are written as for Python's float(): "1.", "1e5", "inf",
 * "NaN"; for int64, uint8 and bool they must be whole and within the range. The decimal point is a point in every locale. */
WICK_API wick_tensor *wick_data_loadtxt_opt(const char *path, const wick_loadtxt_options *options);
#define wick_data_loadtxt(path, ...) \
    wick_data_loadtxt_opt(path, WICK_OPTIONS(wick_loadtxt_options, WICK_LOADTXT_DEFAULTS, __VA_ARGS__))

typedef struct wick_savetxt_options {
    size_t size_;
    char start_;
    const char *fmt;       /* one conversion of printf: e, f, g, or d, which cuts off fractions; default "%.18e" */
    const char *delimiter; /* between columns; default " " */
    const char *newline;   /* default "\n" */
    const char *header;    /* lines before the rows, each after the text of .comments; default: none */
    const char *footer;    /* such lines after the rows */
    const char *comments;  /* default "# " */
} wick_savetxt_options;
#define WICK_SAVETXT_DEFAULTS "%.18e", " ", "\n", NULL, NULL, "# "
/* Writes t (rows, columns), or (rows) as one column: numpy.savetxt. The default format keeps every bit of a float64. The file
 * appears complete or not at all. False on error.
 *     wick_data_savetxt("scores.csv", scores, .fmt = "%.6g", .delimiter = ",", .header = "loss,accuracy", .comments = ""); */
WICK_API bool wick_data_savetxt_opt(const char *path, wick_tensor *t, const wick_savetxt_options *options);
#define wick_data_savetxt(path, t, ...) \
    wick_data_savetxt_opt(path, t, WICK_OPTIONS(wick_savetxt_options, WICK_SAVETXT_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
