/* text_rows.c - a text file as rows of fields, split as numpy.loadtxt splits them.
 *
 * The file is read once, a piece at a time, with enough ahead to see a comment's beginning. A row ends at \n, \r or \r\n, or
 * with the file. Within quotes, line ends and delimiters belong to the field, and a doubled quote stands for one. */
#include "text_rows.h"

#include <string.h>

#include "parse_number.h"

enum { PIECE = 1 << 16, SIZE = PIECE + WK_LOOKAHEAD };

bool wk_rows_open(wk_rows *r, const char *function, const char *path)
{
    r->line = 1;
    if (!wk_source_open(&r->source, function, path, "a text file") || !(r->buffer = wk_alloc(SIZE)))
        return false;
    int64_t got = wk_source_read(&r->source, r->buffer, PIECE);
    if (got < 0 || wk_source_is_packed(&r->source, r->buffer, got))
        return false;
    r->end = (size_t)got;
    r->is_over = got < PIECE;
    if (r->end >= 3 && memcmp(r->buffer, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark, as some programs write it */
        r->at = 3;
    return true;
}

void wk_rows_close(wk_rows *r)
{
    if (r->source.file)
        wk_source_close(&r->source);
    wk_free(r->buffer, r->buffer ? SIZE : 0);
    wk_free(r->text, r->capacity);
    while (r->blocks)
        wk_free(r->ends[--r->blocks], WK_ENDS * sizeof **r->ends);
    wk_free(r->ends, r->blocks_capacity * sizeof *r->ends);
}

/* Sees to it that the next WK_LOOKAHEAD bytes are there, or all that the file still has; false with an error. */
static bool refill(wk_rows *r)
{
    memmove(r->buffer, r->buffer + r->at, r->end - r->at);
    r->end -= r->at;
    r->at = 0;
    int64_t got = wk_source_read(&r->source, r->buffer + r->end, SIZE - r->end);
    if (got < 0)
        return false;
    r->is_over = (size_t)got < SIZE - r->end;
    r->end += (size_t)got;
    return true;
}

/* The next byte, which stays next; -1 at the end of the file, -2 with an error. */
static inline int peek(wk_rows *r)
{
    if (r->end - r->at < WK_LOOKAHEAD && !r->is_over && !refill(r))
        return -2;
    return r->at < r->end ? r->buffer[r->at] : -1;
}

static bool is_line_end(int c) { return c == '\n' || c == '\r'; }

/* Takes a line end: \n, \r or \r\n. */
static void take_line_end(wk_rows *r)
{
    r->line++;
    if (r->buffer[r->at++] == '\r' && peek(r) == '\n')
        r->at++;
}

bool wk_rows_skip(wk_rows *r)
{
    int c = peek(r);
    if (c < 0)
        return false;
    for (; c >= 0 && !is_line_end(c); c = peek(r))
        r->at++;
    if (c >= 0)
        take_line_end(r);
    return c > -2;
}

static bool is_comment(const wk_rows *r)
{
    if (!r->comments || r->buffer[r->at] != (unsigned char)*r->comments)
        return false;
    size_t length = strlen(r->comments);
    return r->end - r->at >= length && memcmp(r->buffer + r->at, r->comments, length) == 0;
}

/* Room for more text. Of a row that may be the whole file the thread need not keep the blocks that it outgrew. */
static bool grow_text(wk_rows *r)
{
    if (!WK_GROW(r->text, r->length, r->capacity))
        return false;
    if (r->capacity > PIECE)
        wick_empty_cache();
    return true;
}

static bool put(wk_rows *r, char c)
{
    if (r->length == r->capacity && !grow_text(r))
        return false;
    r->text[r->length++] = c;
    return true;
}

/* Notes that a field ends here; false with an error. */
static bool end_field(wk_rows *r)
{
    if (r->length > UINT32_MAX)
        return wick_fail(WICK_ERROR_FILE, "%s: '%s', line %lld: the row has more than %llu bytes", r->source.function,
                         r->source.path, (long long)r->row_line, (unsigned long long)UINT32_MAX) != NULL;
    if (r->count == r->blocks * WK_ENDS) {
        if (!WK_GROW(r->ends, r->blocks, r->blocks_capacity) ||
            !(r->ends[r->blocks] = wk_alloc(WK_ENDS * sizeof **r->ends)))
            return false;
        r->blocks++;
    }
    r->ends[r->count / WK_ENDS][r->count % WK_ENDS] = (uint32_t)r->length;
    r->count++;
    return put(r, '\0');
}

/* Reads one field, up to what ends it; false with an error. */
static bool read_field(wk_rows *r)
{
    bool spaces = r->delimiter < 0, within = false;
    int c = peek(r);
    for (; spaces && c >= 0 && wk_is_space((unsigned char)c) && !is_line_end(c); c = peek(r))
        r->at++;
    r->quoted = c >= 0 && c == r->quote;
    if (r->quoted) {
        within = true;
        r->at++;
        c = peek(r);
    }
    for (; c >= 0; c = peek(r)) {
        if (within && c == r->quote) {
            r->at++;
            if (peek(r) != r->quote) {
                within = false;
                continue;
            }
        } else if (within && is_line_end(c)) {
            take_line_end(r);
            if (!put(r, '\n'))
                return false;
            continue;
        } else if (!within &&
                   (is_line_end(c) || is_comment(r) || (spaces ? wk_is_space((unsigned char)c) : c == r->delimiter))) {
            break;
        }
        r->at++;
        if (!put(r, (char)c))
            return false;
    }
    return c > -2 && end_field(r);
}

/* Reads a line; fields that are there for an empty line, and behind trailing white space, do not count. */
static bool read_row(wk_rows *r)
{
    r->length = r->count = 0;
    r->row_line = r->line;
    int c;
    for (;;) {
        if (!read_field(r))
            return false;
        c = peek(r);
        if (c < 0 || is_line_end(c) || is_comment(r))
            break;
        r->at++; /* the delimiter */
    }
    size_t length;
    (void)wk_rows_field(r, r->count - 1, &length);
    if ((r->count == 1 || r->delimiter < 0) && length == 0 && !r->quoted)
        r->count--;
    return c > -2 && (c < 0 || wk_rows_skip(r)); /* what is left of the line: a comment */
}

bool wk_rows_next(wk_rows *r)
{
    do {
        if (peek(r) < 0 || !read_row(r))
            return false;
    } while (r->count == 0);
    return true;
}
