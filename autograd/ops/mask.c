/* mask.c - the elements that are not zero, and those that a mask picks. */
#include "../parts.h"

#include "../../tensor/kernels.h"

wick_tensor *wk_mask_positions(wick_tensor *mask)
{
    wick_tensor *bools = mask ? wk_own(wk_cast(mask, WICK_BOOL)) : NULL;
    bools = bools ? wk_own(wk_contiguous(bools)) : NULL;
    if (!bools)
        return NULL;
    const bool *is_set = wk_data(bools);
    int64_t count = 0;
    for (int64_t i = 0; i < bools->numel; i++)
        count += is_set[i];
    wick_tensor *positions = wk_own(wk_new(&count, 1, WICK_INT64));
    if (!positions)
        return NULL;
    int64_t *to = wk_data(positions), found = 0;
    for (int64_t i = 0; found < count; i++) { /* a branch on each element would be guessed wrong half of the time */
        to[found] = i;
        found += is_set[i];
    }
    return positions;
}

wick_tensor *wick_nonzero(wick_tensor *x)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_nonzero", "x"))
        return NULL;
    WICK_SCOPE;
    wick_tensor *positions = wk_mask_positions(x);
    wick_tensor *y = positions ? wk_own(wk_new((int64_t[]){positions->numel, x->ndim}, 2, WICK_INT64)) : NULL;
    if (!y || !y->numel)
        return wick_out(y);
    const int64_t *p = wk_data(positions), row = x->shape[x->ndim - 1];
    int64_t *to = wk_data(y), index[WICK_MAX_DIMS] = {0}, begin = 0; /* of the row that p[i] is in */
    for (int64_t i = 0; i < positions->numel; i++, to += x->ndim) {
        for (; p[i] - begin >= row; begin += row)
            wk_next(x->shape, x->ndim - 1, index, 0, NULL, NULL);
        for (int d = 0; d < x->ndim - 1; d++)
            to[d] = index[d];
        to[x->ndim - 1] = p[i] - begin;
    }
    return wick_out(y);
}

/* masked_select   y = the elements of x where mask is true, both broadcast */
static const wk_op masked_select_op = WK_TAKE_OP("MaskedSelectBackward0");

wick_tensor *wick_masked_select(wick_tensor *x, wick_tensor *mask)
{
    WK_ENTER;
    const char *function = "wick_masked_select";
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(mask, function, "mask"))
        return NULL;
    if (mask->dtype != WICK_BOOL)
        return wick_fail(WICK_ERROR_DTYPE, "%s: the mask must be bool, not %s", function, wick_dtype_name(mask->dtype));
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_broadcast(function, x->shape, x->ndim, mask->shape, mask->ndim, shape, &ndim))
        return NULL;
    WICK_SCOPE;
    if (ndim != x->ndim || !wk_same_shape(x, mask))
        x = wick_expand_n(x, shape, ndim);
    wick_tensor *positions = x ? wk_mask_positions(wick_expand_n(mask, shape, ndim)) : NULL;
    if (!positions)
        return NULL;
    return wick_out(wk_take_places(&masked_select_op, x, positions, NULL, positions->shape, 1));
}
