/* rows.h - internal: a text file as rows of fields. */
#ifndef WICK_DATA_ROWS_H
#define WICK_DATA_ROWS_H

#include "source.h"

enum { WK_LOOKAHEAD = 32 }; /* the longest that begins a comment */

typedef struct wk_field {
    size_t start, length; /* in the row's text */
    bool quoted;
} wk_field;

/* A reader, and the row that it read last. */
typedef struct wk_rows {
    wk_source source;
    const char *comments; /* NULL: none */
    int delimiter, quote; /* -1: white space, and none */
    int64_t line;         /* that comes next, from 1 on */

    char *text; /* the fields, each with a 0 behind it */
    size_t length, capacity;
    wk_field *fields;
    size_t count, fields_capacity;
    int64_t row_line; /* where the row began */

    unsigned char *buffer;
    size_t at, end; /* what is left in it */
    bool is_over;   /* the file is read to its end */
} wk_rows;

/* Opens the file; false with an error. wk_rows_close is called in either case; all zero is closed. */
bool wk_rows_open(wk_rows *r, const char *function, const char *path);
void wk_rows_close(wk_rows *r);

/* Passes over a line; false at the end of the file, and with an error. */
bool wk_rows_skip(wk_rows *r);

/* Reads the next row that is not empty; the same. */
bool wk_rows_next(wk_rows *r);

#endif
