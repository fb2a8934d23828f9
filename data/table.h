/* table.h - numbers in text files. */
#ifndef WICK_DATA_TABLE_H
#define WICK_DATA_TABLE_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/tensor.h"

WICK_BEGIN_DECLS
WICK_END_DECLS
#endif
