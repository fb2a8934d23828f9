/* memory_order.c - the order in which a tensor's elements lie in memory.
 *
 * PyTorch draws random numbers in the order of memory, and what it makes "like" a tensor lies as that does: a transposed one
 * has its numbers column by column. A new tensor of Wick is always contiguous, and has the same number at each place. */
#include "kernels.h"

/* Which of two dimensions lies further out: 1 for a, -1 for b, 0 where a stride of 0 leaves it open. */
static int compare(const wick_tensor *t, int a, int b)
{
    if (t->strides[a] == 0 || t->strides[b] == 0)
        return 0;
    if (t->strides[a] != t->strides[b])
        return t->strides[a] > t->strides[b] ? 1 : -1;
    return t->shape[a] > t->shape[b] ? 1 : 0;
}

/* The dimensions, outermost first. */
static void outermost_first(const wick_tensor *t, int *order)
{
    const int n = t->ndim;
    int inner[WICK_MAX_DIMS]; /* innermost first, and sorted by insertion as PyTorch does it, for the open ones */
    for (int i = 0; i < n; i++)
        inner[i] = n - 1 - i;
    for (int i = 1; i < n; i++)
        for (int k = i, j = i - 1; j >= 0; j--) {
            const int which = compare(t, inner[j], inner[k]);
            if (which < 0)
                break;
            if (which > 0) {
                const int dim = inner[j];
                inner[j] = inner[k];
                inner[k] = dim;
                k = j;
            }
        }
    for (int i = 0; i < n; i++)
        order[i] = inner[n - 1 - i];
}

wick_tensor *wk_drawn_like(const wick_tensor *t, int64_t part, wk_filler *draw, const void *context)
{
    int order[WICK_MAX_DIMS];
    int64_t shape[WICK_MAX_DIMS], strides[WICK_MAX_DIMS], contiguous[WICK_MAX_DIMS];
    outermost_first(t, order);
    for (int i = 0; i < t->ndim; i++)
        shape[i] = t->shape[order[i]];
    wk_contiguous_strides(shape, t->ndim, contiguous);
    for (int i = 0; i < t->ndim; i++)
        strides[order[i]] = contiguous[i];
    wick_tensor *flat = wk_new(shape, t->ndim, t->dtype);
    wick_tensor *y = flat ? wk_alias(flat, t->shape, strides, t->ndim, 0) : NULL;
    const bool cut = y && (part < 0 || (part > 0 && !y->contiguous));
    const int64_t n = flat ? flat->numel : 0, length = part < 0 ? -part : part, most = cut && length < n ? length : n;
    wick_tensor *slice = y ? wk_alias(flat, &most, (int64_t[]){1}, 1, 0) : NULL; /* what is left can not fail */
    for (int64_t from = 0; slice && from < n; from += most) {
        slice->offset = from;
        slice->shape[0] = slice->numel = n - from < most ? n - from : most;
        draw(slice, context);
    }
    wk_unref(flat);
    if (!slice) {
        wk_unref(y);
        return NULL;
    }
    wk_unref(slice);
    return y;
}

bool wk_draw_into(wick_tensor *y, const wick_tensor *t, int64_t part, wk_filler *draw, const void *context)
{
    wick_tensor *drawn = wk_drawn_like(t, part, draw, context);
    if (drawn)
        wk_map_loop(wk_cpu()->cast[WK_DTYPE_INDEX(y->dtype)][WK_DTYPE_INDEX(y->dtype)], y, 1,
                    (const wick_tensor *const[]){drawn}, NULL);
    wk_unref(drawn);
    return drawn != NULL;
}
