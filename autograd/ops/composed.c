/* composed.c - the operations of one tensor whose headers say what they are made of: a row there is all that one needs. */
#include "../node.h"

#define DEFINE(name, formula)                                          \
    wick_tensor *wick_##name(wick_tensor *x)                           \
    {                                                                  \
        WK_ENTER;                                                      \
        const char *function = "wick_" #name;                          \
        WICK_SCOPE;                                                    \
        return WK_TENSOR(x, function, "x") ? wick_out(formula) : NULL; \
    }
WICK_COMPOSED_POINTWISE(DEFINE)
WICK_COMPOSED_ACTIVATIONS(DEFINE)
