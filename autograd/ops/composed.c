/* composed.c - operations of one tensor that are made of others, and have no gradient rule of their own. */
#include "../node.h"

wick_tensor *wick_square(wick_tensor *x)
{
    WK_ENTER;
    WICK_SCOPE;
    return WK_TENSOR(x, "wick_square", "x") ? wick_out(wick_pow(x, 2)) : NULL;
}

wick_tensor *wick_softsign(wick_tensor *x)
{
    WK_ENTER;
    WICK_SCOPE;
    return WK_TENSOR(x, "wick_softsign", "x") ? wick_out(wick_div(x, wick_add(wick_abs(x), 1))) : NULL;
}

wick_tensor *wick_tanhshrink(wick_tensor *x)
{
    WK_ENTER;
    WICK_SCOPE;
    return WK_TENSOR(x, "wick_tanhshrink", "x") ? wick_out(wick_sub(x, wick_tanh(x))) : NULL;
}
