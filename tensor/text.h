/* text.h - internal: text that grows as it is written. */
#pragma once

#include <stdarg.h>

#include "platform.h"

/* snprintf and strtod as in the C locale: numbers have a point, whatever the program has set LC_NUMERIC to. Every number
 * with a fraction that Wick writes or reads as text goes through these or through a wk_text. */
int wk_snprintf(char *text, size_t size, const char *format, ...) WICK_PRINTF(3, 4);
int wk_vsnprintf(char *text, size_t size, const char *format, va_list values) WICK_PRINTF(3, 0);
double wk_strtod(const char *text, char **end);

/* What they are made of, for functions that write to a file: between the two, this thread writes numbers with a point. No
 * function of the user's may be called there. Where there is no POSIX, the program's locale stays. */
typedef struct wk_locale {
    void *own, *before; /* locale_t; NULL where the locale has a point already */
} wk_locale;
wk_locale wk_point_begin(void);
void wk_point_end(wk_locale point);

/* All zero is an empty text. Once memory ran out, failed is set and nothing more is added. */
typedef struct wk_text {
    char *s; /* ends with a 0; NULL as long as nothing was added */
    size_t length, capacity;
    bool failed;
} wk_text;

void wk_text_put(wk_text *text, const char *characters);
void wk_text_add(wk_text *text, const char *format, ...) WICK_PRINTF(2, 3);
void wk_text_vadd(wk_text *text, const char *format, va_list values) WICK_PRINTF(2, 0);

/* The text of repr(x) in Python, whatever the locale: the fewest digits that read back as x. In out, which is returned. */
#define WK_FLOAT_TEXT 32
char *wk_float_text(double x, char *out);
void wk_text_add_float(wk_text *text, double x);
void wk_text_cut(wk_text *text, size_t length); /* to its first length characters */

void wk_text_free(wk_text *text);

/* How many bytes the UTF-8 character at s has; 0 if there is none in the count bytes. Surrogates are none in UTF-8, but Python
 * writes and reads them so ("surrogatepass"). */
size_t wk_utf8_character(const char *s, size_t count);
bool wk_is_utf8(const char *s, size_t count);

/* x for a message: with as many digits as tell it from every other double, where six do not, so that 1.0000001 is not "1";
 * with a point in every locale. Into a buffer of WK_REAL_TEXT bytes, which is returned. */
#define WK_REAL_TEXT 32
char *wk_real_text(double x, char *text);
#define WK_REAL(x) wk_real_text(x, (char[WK_REAL_TEXT]){0})

/* x with so many digits, and more where the other number would look the same. Into such a buffer, too. */
char *wk_apart_text(double x, double other, int digits, char *text);
#define WK_APART(x, other, digits) wk_apart_text(x, other, digits, (char[WK_REAL_TEXT]){0})

/* Text from outside, such as a file, for a message: control characters and backslashes are shown as Python's repr shows
 * them, \t, \x1b and \\, and what is long is cut, with three dots. Into a buffer of WK_SHOWN_TEXT bytes, which is returned. */
#define WK_SHOWN_TEXT 160
char *wk_shown_text(const char *s, size_t length, char *text);
#define WK_SHOWN(s, length) wk_shown_text(s, length, (char[WK_SHOWN_TEXT]){0})

/* The same, whole. */
void wk_text_put_shown(wk_text *text, const char *s);
