/* mask.c - the elements that are not zero, and those that a mask picks. */
#include "../places.h"

#include "../../tensor/kernels.h"

/* The elements of mask that are not zero: their indices into columns of n, one a dimension, columns apart by step; NULL: only
 * counts them. */
static int64_t find_nonzero(const wick_tensor *mask, int64_t *const *column, int64_t step)
{
    int64_t index[WICK_MAX_DIMS] = {0}, at = mask->offset, found = 0;
    for (int64_t i = 0; i < mask->numel; i++) {
        if (mask->dtype == WICK_INT64 ? wk_load_int(mask, at) != 0 : wk_load(mask, at) != 0) {
            for (int d = 0; column && d < mask->ndim; d++)
                column[d][found * step] = index[d];
            found++;
        }
        wk_next(mask->shape, mask->ndim, index, 1, (const int64_t *const[]){mask->strides}, &at);
    }
    return found;
}

bool wk_mask_indices(const wick_tensor *mask, wick_tensor **columns)
{
    int64_t count = find_nonzero(mask, NULL, 0), *column[WICK_MAX_DIMS];
    for (int d = 0; d < mask->ndim; d++) {
        columns[d] = wk_own(wk_new(&count, 1, WICK_INT64));
        if (!columns[d])
            return false;
        column[d] = wk_data(columns[d]);
    }
    find_nonzero(mask, column, 1);
    return true;
}

wick_tensor *wick_nonzero(wick_tensor *x)
{
    if (!WK_TENSOR(x, "wick_nonzero", "x"))
        return NULL;
    wick_tensor *y = wk_new((int64_t[]){find_nonzero(x, NULL, 0), x->ndim}, 2, WICK_INT64);
    if (y && y->numel) {
        int64_t *column[WICK_MAX_DIMS];
        for (int d = 0; d < x->ndim; d++)
            column[d] = (int64_t *)wk_data(y) + d;
        find_nonzero(x, column, x->ndim);
    }
    return wk_own(y);
}

/* masked_select   y = the elements of x where mask is true, both broadcast */
static const wk_op masked_select_op = WK_TAKE_OP("MaskedSelectBackward0");

wick_tensor *wick_masked_select(wick_tensor *x, wick_tensor *mask)
{
    const char *function = "wick_masked_select";
    WK_NAMED(function);
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(mask, function, "mask"))
        return NULL;
    if (mask->dtype != WICK_BOOL)
        return wick_fail(WICK_ERROR_DTYPE, "%s: the mask must be bool, not %s", function,
                         wick_dtype_name((wick_dtype)mask->dtype));
    int64_t shape[WICK_MAX_DIMS];
    int ndim;
    if (!wk_broadcast(function, x->shape, x->ndim, mask->shape, mask->ndim, shape, &ndim))
        return NULL;
    WICK_SCOPE;
    if (ndim != x->ndim || !wk_same_shape(x, mask))
        x = wick_expand_n(x, shape, ndim);
    wick_tensor *all = x ? wick_contiguous(wick_expand_n(mask, shape, ndim)) : NULL;
    if (!all)
        return NULL;
    const bool *is_picked = wk_data(all);
    int64_t count = 0;
    for (int64_t i = 0; i < all->numel; i++)
        count += is_picked[i];
    wick_tensor *positions = wk_own(wk_new(&count, 1, WICK_INT64));
    if (!positions)
        return NULL;
    int64_t *to = wk_data(positions);
    for (int64_t i = 0; i < all->numel; i++)
        if (is_picked[i])
            *to++ = i;
    return wick_out(wk_take_places(&masked_select_op, x, positions, NULL, &count, 1));
}
