/* text.c - text that grows as it is written: what print shows, error messages that list things, dotted names; and numbers
 * and text from outside as they may stand in messages. */
#define _POSIX_C_SOURCE 200809L /* a locale of one thread */

#include "text.h"

#ifdef WICK_POSIX
#include <langinfo.h>
#endif
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object.h"

/* ---- Numbers with a point ---------------------------------------------------------------------------------------- */

/* The whole C locale, for which glibc has a constant: one with C's numbers alone takes memory, and glibc loses some of it where
 * LOCPATH is set. Of what Wick writes only numbers depend on the locale; of a user's format, wide characters do too. */
#ifdef WICK_POSIX
wk_locale wk_point_begin(void)
{
    wk_locale point = {0};
    if (strcmp(nl_langinfo(RADIXCHAR), ".") == 0)
        return point;
    locale_t own = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (own)
        point = (wk_locale){own, uselocale(own)};
    return point;
}

void wk_point_end(wk_locale point)
{
    if (!point.own)
        return;
    uselocale((locale_t)point.before);
    freelocale((locale_t)point.own);
}
#else /* C has no locale of one thread */
wk_locale wk_point_begin(void) { return (wk_locale){0}; }
void wk_point_end(wk_locale point) { (void)point; }
#endif

int wk_vsnprintf(char *text, size_t size, const char *format, va_list values)
{
    wk_locale point = wk_point_begin();
    int length = vsnprintf(text, size, format, values);
    wk_point_end(point);
    return length;
}

int wk_snprintf(char *text, size_t size, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int length = wk_vsnprintf(text, size, format, values);
    va_end(values);
    return length;
}

double wk_strtod(const char *text, char **end)
{
    wk_locale point = wk_point_begin();
    double x = strtod(text, end);
    wk_point_end(point);
    return x;
}

/* ---- Text that grows --------------------------------------------------------------------------------------------- */

/* Makes room for more characters and the final 0. */
static bool reserve(wk_text *text, size_t more)
{
    if (text->failed || more < text->capacity - text->length)
        return !text->failed;
    size_t wanted = text->capacity ? text->capacity * 2 : 128;
    while (wanted - text->length <= more)
        wanted *= 2;
    char *larger = wk_alloc(wanted);
    if (!larger) {
        text->failed = true;
        return false;
    }
    if (text->s)
        memcpy(larger, text->s, text->length + 1);
    wk_free(text->s, text->capacity);
    text->s = larger;
    text->capacity = wanted;
    return true;
}

void wk_text_put(wk_text *text, const char *characters)
{
    size_t length = strlen(characters);
    if (!reserve(text, length))
        return;
    memcpy(text->s + text->length, characters, length + 1);
    text->length += length;
}

void wk_text_vadd(wk_text *text, const char *format, va_list values)
{
    if (text->failed)
        return;
    va_list again;
    va_copy(again, values);
    int needed = wk_vsnprintf(NULL, 0, format, values);
    if (needed >= 0 && reserve(text, (size_t)needed)) {
        wk_vsnprintf(text->s + text->length, (size_t)needed + 1, format, again);
        text->length += (size_t)needed;
    }
    va_end(again);
}

void wk_text_add(wk_text *text, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    wk_text_vadd(text, format, values);
    va_end(values);
}

void wk_text_cut(wk_text *text, size_t length)
{
    if (length < text->length) {
        text->length = length;
        text->s[length] = '\0';
    }
}

void wk_text_free(wk_text *text)
{
    wk_free(text->s, text->capacity);
    *text = (wk_text){0};
}

/* ---- For messages ------------------------------------------------------------------------------------------------ */

char *wk_real_text(double x, char *text)
{
    for (int digits = 6; digits <= 17; digits++) {
        wk_snprintf(text, WK_REAL_TEXT, "%.*g", digits, x);
        if (!isfinite(x) || wk_strtod(text, NULL) == x)
            break;
    }
    return text;
}

char *wk_apart_text(double x, double other, int digits, char *text)
{
    char beside[WK_REAL_TEXT];
    for (bool same = true; same && digits <= 17; digits++) {
        wk_snprintf(text, WK_REAL_TEXT, "%.*g", digits, x);
        wk_snprintf(beside, sizeof beside, "%.*g", digits, other);
        same = isfinite(x) && x != other && strcmp(text, beside) == 0;
    }
    return text;
}

/* How many bytes of s are one character, and its text, of up to 4 bytes. */
static size_t show(const char *s, size_t length, char out[5])
{
    const unsigned char *c = (const unsigned char *)s;
    bool c1 = c[0] == 0xC2 && length > 1 && c[1] >= 0x80 && c[1] < 0xA0; /* a control character in UTF-8 */
    if (c[0] == '\t' || c[0] == '\n' || c[0] == '\r' || c[0] == '\\')
        snprintf(out, 5, "\\%c", c[0] == '\t' ? 't' : c[0] == '\n' ? 'n' : c[0] == '\r' ? 'r' : '\\');
    else if (c[0] < 0x20 || c[0] == 0x7F || c1)
        snprintf(out, 5, "\\x%02x", c1 ? c[1] : c[0]);
    else
        snprintf(out, 5, "%c", c[0]);
    return c1 ? 2 : 1;
}

enum { SHOWN_CHARACTERS = 100 };

char *wk_shown_text(const char *s, size_t length, char *text)
{
    size_t used = 0, at = 0;
    while (at < length) {
        char one[5];
        size_t taken = show(s + at, length - at, one), size = strlen(one);
        bool begins = ((unsigned char)one[0] & 0xC0) != 0x80; /* a character, and not the middle of one */
        if ((used + size > SHOWN_CHARACTERS && begins) || used + size > SHOWN_CHARACTERS + 3)
            break;
        memcpy(text + used, one, size);
        used += size;
        at += taken;
    }
    strcpy(text + used, at < length ? "..." : "");
    return text;
}

void wk_text_put_shown(wk_text *text, const char *s)
{
    for (size_t left = strlen(s), taken; left > 0; s += taken, left -= taken) {
        char one[5];
        taken = show(s, left, one);
        wk_text_put(text, one);
    }
}

size_t wk_utf8_character(const char *s, size_t count)
{
    const unsigned char *c = (const unsigned char *)s;
    if (count == 0 || c[0] < 0x80)
        return count > 0;
    size_t length = c[0] >= 0xF0 ? 4 : c[0] >= 0xE0 ? 3 : 2;
    if (c[0] < 0xC2 || c[0] > 0xF4 || length > count)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((c[i] & 0xC0) != 0x80)
            return 0;
    bool wrong = (c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xF0 && c[1] < 0x90) || (c[0] == 0xF4 && c[1] > 0x8F);
    return wrong ? 0 : length;
}

bool wk_is_utf8(const char *s, size_t count)
{
    for (size_t length; count > 0; s += length, count -= length)
        if ((length = wk_utf8_character(s, count)) == 0)
            return false;
    return true;
}

/* ---- Numbers as Python writes them ------------------------------------------------------------------------------- */

/* Whether the decimal number 0.d1 d2 ... dn * 10^point reads back as x > 0. */
static bool reads_back(const char *digits, int n, int point, double x)
{
    char number[WK_FLOAT_TEXT];
    snprintf(number, sizeof number, "%.*se%d", n, digits, point - n);
    return strtod(number, NULL) == x;
}

/* Adds 1 to the last of n digits. */
static void next_decimal(char *digits, int n, int *point)
{
    int i = n - 1;
    for (; i >= 0 && digits[i] == '9'; i--)
        digits[i] = '0';
    if (i >= 0) {
        digits[i]++;
    } else {
        digits[0] = '1';
        ++*point;
    }
}

/* The shortest decimal that reads back as x > 0, and of those the closest: digits in digits, returns how many. */
static int shortest_decimal(double x, char *digits, int *point)
{
    /* Above a power of two the neighbours lie twice as far as below it: there a decimal may read back although one that is
     * closer, on the other side, does not. */
    int exponent;
    bool lopsided = frexp(x, &exponent) == 0.5;
    for (int n = 1;; n++) {
        char number[WK_FLOAT_TEXT]; /* "d,ddde-ddd", with the locale's decimal point */
        snprintf(number, sizeof number, "%.*e", n - 1, x);
        const char *e = strchr(number, 'e');
        *point = atoi(e + 1) + 1;
        digits[0] = number[0];
        memcpy(digits + 1, e - (n - 1), (size_t)(n - 1));
        if (n == 17 || reads_back(digits, n, *point, x))
            return n;
        if (lopsided) {
            next_decimal(digits, n, point);
            if (reads_back(digits, n, *point, x))
                return n;
        }
    }
}

char *wk_float_text(double x, char *out)
{
    const char *sign = signbit(x) && !isnan(x) ? "-" : "";
    if (!isfinite(x) || x == 0) {
        snprintf(out, WK_FLOAT_TEXT, "%s%s", sign, isnan(x) ? "nan" : isinf(x) ? "inf" : "0.0");
        return out;
    }
    char digits[18];
    int point, n = shortest_decimal(fabs(x), digits, &point);
    static const char zeros[] = "0000000000000000";
    if (point > 16 || point < -3)
        snprintf(out, WK_FLOAT_TEXT, "%s%c%s%.*se%+03d", sign, digits[0], n > 1 ? "." : "", n - 1, digits + 1,
                 point - 1);
    else if (point <= 0)
        snprintf(out, WK_FLOAT_TEXT, "%s0.%.*s%.*s", sign, -point, zeros, n, digits);
    else if (n <= point)
        snprintf(out, WK_FLOAT_TEXT, "%s%.*s%.*s.0", sign, n, digits, point - n, zeros);
    else
        snprintf(out, WK_FLOAT_TEXT, "%s%.*s.%.*s", sign, point, digits, n - point, digits + point);
    return out;
}

void wk_text_add_float(wk_text *text, double x)
{
    char number[WK_FLOAT_TEXT];
    wk_text_put(text, wk_float_text(x, number));
}
