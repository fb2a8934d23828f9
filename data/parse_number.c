/* parse_number.c - numbers from text.
 *
 * Most numbers in files have few digits, and are an integer below 2^53 times or over a power of ten below 10^23: both are
 * exact in float64, and so one operation rounds correctly (Clinger 1990). The others are left to strtod, as an integer and
 * an exponent, in which no locale's decimal point can stand. */
#include "parse_number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 800 }; /* more than 767 digits only matter by being there or not */

const char *wk_strip(const char *text, size_t *length)
{
    while (*length > 0 && wk_is_space((unsigned char)*text)) {
        text++;
        --*length;
    }
    while (*length > 0 && wk_is_space((unsigned char)text[*length - 1]))
        --*length;
    return text;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_word(const char *text, size_t length, const char *word)
{
    if (length != strlen(word))
        return false;
    for (size_t i = 0; i < length; i++)
        if ((text[i] | 0x20) != word[i])
            return false;
    return true;
}

/* digits, an integer without leading zeros, times 10^exponent. */
static double slow(const char *digits, int count, int64_t exponent)
{
    if (exponent + count > 400)
        return HUGE_VAL;
    if (exponent + count < -400)
        return 0;
    char text[DIGITS + 32];
    snprintf(text, sizeof text, "%.*se%lld", count, digits, (long long)exponent);
    return strtod(text, NULL);
}

bool wk_parse_real(const char *text, size_t length, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    text = wk_strip(text, &length);
    const char *end = text + length;
    bool negative = length > 0 && *text == '-';
    if (length > 0 && (*text == '-' || *text == '+'))
        text++;

    char digits[DIGITS + 1]; /* and a 1 for all that are not kept */
    int count = 0;
    uint64_t whole = 0; /* the first 19 of them */
    int64_t exponent = 0;
    bool any = false, point = false, more = false;
    for (; text < end && (is_digit(*text) || (*text == '.' && !point)); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        any = true;
        exponent -= point;
        if (count == 0 && *text == '0')
            continue;
        if (count == DIGITS) {
            more = more || *text != '0';
            exponent++;
            continue;
        }
        if (count < 19)
            whole = whole * 10 + (uint64_t)(*text - '0');
        digits[count++] = *text;
    }
    double x;
    if (!any) {
        size_t left = (size_t)(end - text);
        if (point || !(is_word(text, left, "inf") || is_word(text, left, "infinity") || is_word(text, left, "nan")))
            return false;
        x = (*text | 0x20) == 'i' ? (double)INFINITY : (double)NAN;
        *value = copysign(x, negative ? -1 : 1);
        return true;
    }
    if (text < end && (*text | 0x20) == 'e') {
        bool down = ++text < end && *text == '-';
        if (text < end && (*text == '-' || *text == '+'))
            text++;
        if (text == end)
            return false;
        int64_t written = 0;
        for (; text < end && is_digit(*text); text++)
            if (written < INT64_C(1) << 60)
                written = written < (INT64_C(1) << 60) / 10 ? written * 10 + (*text - '0') : INT64_C(1) << 60;
        exponent += down ? -written : written;
    }
    if (text < end)
        return false;
    if (count == 0) {
        x = 0;
    } else if (FLT_EVAL_METHOD == 0 && count <= 19 && whole <= UINT64_C(1) << 53 && exponent >= -22 && exponent <= 22) {
        x = exponent < 0 ? (double)whole / powers[-exponent] : (double)whole * powers[exponent];
    } else {
        if (more) {
            digits[count++] = '1';
            exponent--;
        }
        x = slow(digits, count, exponent);
    }
    *value = negative ? -x : x;
    return true;
}

bool wk_parse_whole(const char *text, size_t length, int64_t *value)
{
    text = wk_strip(text, &length);
    const char *end = text + length;
    bool negative = length > 0 && *text == '-';
    if (length > 0 && (*text == '-' || *text == '+'))
        text++;
    uint64_t limit = (uint64_t)INT64_MAX + negative, x = 0;
    if (text == end)
        return false;
    for (; text < end; text++) {
        if (!is_digit(*text))
            return false;
        uint64_t digit = (uint64_t)(*text - '0');
        if (x > (limit - digit) / 10)
            return false;
        x = x * 10 + digit;
    }
    *value = negative ? (int64_t)(0 - x) : (int64_t)x;
    return true;
}
