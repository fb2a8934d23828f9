/* number.h - numbers as arguments: what Python's bool, int and float are to PyTorch.
 *
 * A parameter that is the value of an element is a wick_number, which holds an int64 or a double, so that no whole number loses
 * digits: wick_full(9007199254740993, 2) is exact, as in PyTorch. In C such a function is a macro, which makes a wick_number of
 * a number of any real type: char, the signed and unsigned integers of all sizes, bool, enums, float, double and long double
 * (which becomes a double). An unsigned number above INT64_MAX is an error. Anything else, such as a pointer or a struct, does
 * not compile. In C11 the macro true is an int; (bool)true is a bool. In gcc a bit-field has a type of its own: convert it, as
 * in (int)s.bits.
 *
 * C++ converts a bool, an integer or a floating-point number to a wick_number by itself; other languages fill in the struct. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "error.h"
#include "platform.h"

WICK_BEGIN_DECLS

typedef enum wick_number_kind {
    WICK_NUMBER_NONE, /* an error: the number did not fit */
    WICK_NUMBER_BOOL,
    WICK_NUMBER_INT,
    WICK_NUMBER_FLOAT
} wick_number_kind;

typedef struct wick_number {
    wick_number_kind kind;
    union {
        int64_t integer; /* the value of WICK_NUMBER_INT, and 0 or 1 for WICK_NUMBER_BOOL */
        double real;     /* the value of WICK_NUMBER_FLOAT */
    };
#ifdef __cplusplus
#define WICK_NUMBER_FROM_(type, of_kind, member) \
    wick_number(type value) : kind(of_kind) { member = value; }
    WICK_NUMBER_FROM_(bool, WICK_NUMBER_BOOL, integer)
    WICK_NUMBER_FROM_(int, WICK_NUMBER_INT, integer)
    WICK_NUMBER_FROM_(unsigned, WICK_NUMBER_INT, integer)
    WICK_NUMBER_FROM_(long, WICK_NUMBER_INT, integer)
    WICK_NUMBER_FROM_(long long, WICK_NUMBER_INT, integer)
    WICK_NUMBER_FROM_(float, WICK_NUMBER_FLOAT, real)
    WICK_NUMBER_FROM_(double, WICK_NUMBER_FLOAT, real)
#undef WICK_NUMBER_FROM_
#endif
} wick_number;

/* An unsigned number as an int64. If it is above INT64_MAX, *fits becomes false, and the error says so. */
WICK_API int64_t wick_natural_(uint64_t value, bool *fits);

WICK_END_DECLS

#ifndef __cplusplus
static inline wick_number wick_number_bool(bool value)
{
    wick_number n = {WICK_NUMBER_BOOL, {0}};
    n.integer = value;
    return n;
}
static inline wick_number wick_number_int(int64_t value)
{
    wick_number n = {WICK_NUMBER_INT, {0}};
    n.integer = value;
    return n;
}
static inline wick_number wick_number_uint(uint64_t value)
{
    bool fits = true;
    wick_number n = wick_number_int(wick_natural_(value, &fits));
    n.kind = fits ? WICK_NUMBER_INT : WICK_NUMBER_NONE;
    return n;
}
static inline wick_number wick_number_float(double value)
{
    wick_number n = {WICK_NUMBER_FLOAT, {0}};
    n.real = value;
    return n;
}
static inline wick_number wick_number_long_double_(long double value) { return wick_number_float((double)value); }
static inline wick_number wick_same_number_(wick_number value) { return value; }

/* The associations of _Generic for the integers, and for all real numbers: what the first are given to, the unsigned ones
 * that may be above INT64_MAX, float and double, long double, bool. */
/* clang-format off */
#define WICK_INTEGERS_(integer, natural)                                                                             \
    char:integer, signed char:integer, unsigned char:integer, short:integer, unsigned short:integer, int:integer,     \
    unsigned:integer, long:integer, unsigned long:natural, long long:integer, unsigned long long:natural
#define WICK_REALS_(integer, natural, real, long_real, boolean)                                                      \
    WICK_INTEGERS_(integer, natural), float:real, double:real, long double:long_real, bool:boolean

/* x, of any of these types, or a wick_number itself, as a wick_number. */
#define WICK_NUMBER(x)                                                                                               \
    _Generic((x), WICK_REALS_(wick_number_int, wick_number_uint, wick_number_float, wick_number_long_double_,         \
                              wick_number_bool), wick_number : wick_same_number_)(x)
/* clang-format on */
#else /* where a function of this type's name takes it as it is */
#define WICK_NUMBER(x) x
#endif
