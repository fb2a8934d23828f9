/* radix.h - internal: putting elements in order by keys.
 *
 * A key is an unsigned number whose order is that of the elements: of floating-point numbers the bits, turned so that negative
 * ones come first, -0 as 0 and NaN last; for descending order all bits are inverted. */
#pragma once

#include "../tensor/tensor_struct.h"

typedef struct wk_keyed {
    uint64_t key;
    int64_t at; /* which element */
} wk_keyed;

/* The keys of n elements of the contiguous x: item i is element start + i * step, or, with given, start + items[i].at *
 * step; else at becomes i. */
void wk_read_keys(const wick_tensor *x, int64_t start, int64_t step, bool descending, bool given, int64_t n,
                  wk_keyed *items);

/* Sorts n items whose keys are those of elements of so many bytes; equal ones keep their order. spare has room for n. The
 * result is in items or in spare: the one that is returned. In time proportional to n. */
wk_keyed *wk_sort_keys(wk_keyed *items, wk_keyed *spare, int64_t n, size_t bytes);

/* The k smallest, 1 <= k <= n, of the n elements start + i * step of x, by their keys: into picked, which has room for k, in
 * their order in x; of equal ones the first. items has room for n. In time proportional to n. */
void wk_smallest_keys(const wick_tensor *x, int64_t start, int64_t step, bool descending, int64_t n, int64_t k,
                      wk_keyed *items, wk_keyed *picked);
