/* number.c - numbers as arguments, and what dtypes can hold of them. */
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "tensor_struct.h"

int64_t wick_natural_(uint64_t value, bool *fits)
{
    WK_ENTER_AS("wick_number"); /* what the call is given that the macro stands in */
    *fits = value <= INT64_MAX;
    if (!*fits)
        wick_fail(WICK_ERROR_ARGUMENT, "wick_number: %llu does not fit into int64, whose largest number is %lld",
                  (unsigned long long)value, (long long)INT64_MAX);
    return *fits ? (int64_t)value : 0;
}

bool wk_is_number(const char *function, wick_number value)
{
    const bool is = value.kind > WICK_NUMBER_NONE && value.kind <= WICK_NUMBER_FLOAT;
    if (!is && !wick_error_kind())
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the value is not a number", function);
    return is;
}

double wk_number_real(wick_number value)
{
    return value.kind == WICK_NUMBER_FLOAT ? value.real : (double)value.integer;
}

void wk_write_number(void *element, wick_dtype dtype, wick_number value)
{
    /* What does not fit into int64, and NaN, is the smallest, as in conversions. */
    const bool real = value.kind == WICK_NUMBER_FLOAT, fits = !real || (value.real >= -0x1p63 && value.real < 0x1p63);
    const int64_t whole = !real ? value.integer : fits ? (int64_t)value.real : INT64_MIN;
    switch (dtype) {
    case WICK_FLOAT32: *(float *)element = real ? (float)value.real : (float)value.integer; break; /* rounded once */
    case WICK_FLOAT64: *(double *)element = wk_number_real(value); break;
    case WICK_INT64: *(int64_t *)element = whole; break;
    case WICK_UINT8: *(uint8_t *)element = (uint8_t)(whole & 0xff); break;
    default: *(bool *)element = wk_number_real(value) != 0; break;
    }
}

char *wk_number_text(wick_number value, char *text)
{
    if (value.kind == WICK_NUMBER_FLOAT)
        wk_snprintf(text, WK_NUMBER_TEXT, "%g", value.real);
    else
        snprintf(text, WK_NUMBER_TEXT, "%lld", (long long)value.integer);
    return text;
}

bool wk_in_range(wick_number value, wick_dtype dtype)
{
    if (value.kind != WICK_NUMBER_FLOAT)
        return dtype != WICK_UINT8 || (value.integer >= 0 && value.integer < 256);
    switch (dtype) {
    case WICK_FLOAT32: return !isfinite(value.real) || fabs(value.real) <= (double)FLT_MAX;
    case WICK_INT64: return value.real >= -0x1p63 && value.real < 0x1p63;
    case WICK_UINT8: return value.real >= 0 && value.real < 256;
    default: return true;
    }
}

bool wk_check_number(const char *function, wick_number value, wick_dtype dtype)
{
    if (!wk_is_number(function, value))
        return false;
    const double real = wk_number_real(value);
    const bool wraps = dtype == WICK_UINT8 && real == trunc(real) && real > -256 && real < 0;
    const bool holds = wraps || wk_in_range(value, dtype);
    if (!holds)
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the value %s cannot be converted to %s without overflow", function,
                  WK_NUMBER(value), wick_dtype_name(dtype));
    return holds;
}

bool wk_check_exact(const char *function, const char *option, double value, wick_dtype dtype, const char *instead)
{
    const bool rounded = dtype == WICK_INT64 && fabs(value) >= 0x1p53 && fabs(value) <= 0x1p63;
    if (rounded)
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: %s is %.17g, and from 2^53 on a double does not hold every whole number; %s", function, option,
                  value, instead);
    return !rounded;
}
