/* parse_number.h - internal: numbers from text, the same in every locale. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether c is one of ASCII's characters that Python's str.isspace() is true for. */
static inline bool wk_is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F);
}

/* The text without the spaces around it. */
const char *wk_strip(const char *text, size_t *length);

/* The number that the whole text is, spaces around it apart, as Python's float() reads it, but for underscores: decimal,
 * rounded once, infinite beyond the range; inf, infinity and nan in any case and with a sign. False if it is none. */
bool wk_parse_real(const char *text, size_t length, double *value);

/* The same for a decimal integer; false also if int64 does not hold it. */
bool wk_parse_whole(const char *text, size_t length, int64_t *value);
