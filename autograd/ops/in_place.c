/* in_place.c - pointwise operations that write over their operand, from those that make a new tensor. */
#include "../../tensor/kernels.h"
#include "../node.h"

/* x = f(x). Where nothing is recorded and x has a floating dtype, the loop writes over x in one pass. */
static wick_tensor *apply(const char *function, wick_tensor *(*f)(wick_tensor *), wk_loop_id loop, wick_tensor *x)
{
    if (!WK_TENSOR(x, function, "x"))
        return NULL;
    bool recorded;
    if (!wk_check_writable(function, x, false) || !wk_recording(x, NULL, &recorded))
        return NULL;
    if (recorded || !wick_dtype_is_floating((wick_dtype)x->dtype)) {
        WK_IN_PLACE(function, x, f(before));
    }

    if (!wk_map(function, loop, x, 1, (const wick_tensor *const[]){x}, NULL))
        return NULL;
    wk_bump_version(x, function);
    return x;
}

#define IN_PLACE(X, name, NAME)                                     \
    wick_tensor *wick_##name##_(wick_tensor *x)                     \
    {                                                               \
        WK_ENTER;                                                   \
        return apply("wick_" #name "_", wick_##name, WK_##NAME, x); \
    }
WICK_ELEMENTARY(IN_PLACE, )
IN_PLACE(, neg, NEG)
IN_PLACE(, abs, ABS)
IN_PLACE(, sign, SIGN)
IN_PLACE(, floor, FLOOR)
IN_PLACE(, ceil, CEIL)
IN_PLACE(, round, ROUND)
IN_PLACE(, trunc, TRUNC)
IN_PLACE(, frac, FRAC)

wick_tensor *wick_square_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_square_", x, wick_square(before));
}

wick_tensor *wick_logical_not_(wick_tensor *x)
{
    WK_ENTER;
    WK_IN_PLACE("wick_logical_not_", x, wick_logical_not(before));
}

wick_tensor *wick_clamp__opt(wick_tensor *x, wick_clamp_options o)
{
    WK_ENTER;
    WK_IN_PLACE("wick_clamp_", x, wick_clamp_opt(before, o));
}

wick_tensor *wick_nan_to_num__opt(wick_tensor *x, wick_nan_to_num_options o)
{
    WK_ENTER;
    WK_IN_PLACE("wick_nan_to_num_", x, wick_nan_to_num_opt(before, o));
}

#define LOGICAL(name)                                               \
    wick_tensor *(wick_##name##_)(wick_tensor * a, wick_tensor * b) \
    {                                                               \
        WK_ENTER;                                                   \
        WK_IN_PLACE("wick_" #name "_", a, wick_##name(before, b));  \
    }
LOGICAL(logical_and)
LOGICAL(logical_or)
LOGICAL(logical_xor)
