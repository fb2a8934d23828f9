/* named.c - the optimizers as functions without options, which have an address. In the bodies the names are macros. */
#include "optim.h"

#define DEFINE(name) \
    wick_optim *(name)(wick_list * params) { return name(params); }
WICK_NAMED_OPTIMS(DEFINE)
