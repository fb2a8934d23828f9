/* text_rows.h - internal: a text file as rows of fields. */
#pragma once

#include "source.h"

enum { WK_LOOKAHEAD = 32 }; /* the longest that begins a comment */

enum { WK_ENDS = 1 << 14 }; /* fields in a block */

/* A reader, and the row that it read last. */
typedef struct wk_rows {
    wk_source source;
    const char *comments; /* NULL: none */
    int delimiter, quote; /* -1: white space, and none */
    int64_t line;         /* that comes next, from 1 on */

    char *text; /* the fields, each with a 0 behind it */
    size_t length, capacity;
    uint32_t *
        *ends; /* where in the text they end, by blocks, since one row may be the whole file: blocks need no copies */
    size_t count, blocks, blocks_capacity;
    bool quoted;      /* the last field is */
    int64_t row_line; /* where the row began */

    unsigned char *buffer;
    size_t at, end; /* what is left in it */
    bool is_over;   /* the file is read to its end */
} wk_rows;

/* Field i of the row. */
static inline const char *wk_rows_field(const wk_rows *r, size_t i, size_t *length)
{
    size_t start = i ? (size_t)r->ends[(i - 1) / WK_ENDS][(i - 1) % WK_ENDS] + 1 : 0;
    *length = r->ends[i / WK_ENDS][i % WK_ENDS] - start;
    return r->text + start;
}

/* Opens the file; false with an error. wk_rows_close is called in either case; all zero is closed. */
bool wk_rows_open(wk_rows *r, const char *function, const char *path);
void wk_rows_close(wk_rows *r);

/* Passes over a line; false at the end of the file, and with an error. */
bool wk_rows_skip(wk_rows *r);

/* Reads the next row that is not empty; the same. */
bool wk_rows_next(wk_rows *r);
