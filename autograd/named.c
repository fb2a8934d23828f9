/* named.c - the operations with options as functions without any, which have an address. In the bodies the names are macros. */
#include "ops.h"

#define DEFINE(name) \
    wick_tensor *(name)(wick_tensor * x) { return name(x); }
WICK_NAMED_OF_TENSOR(DEFINE)
#undef DEFINE

#define DEFINE(name) \
    wick_tensor *(name)(wick_tensor * x, wick_tensor * y) { return name(x, y); }
WICK_NAMED_OF_TWO(DEFINE)
