/* radix.c - see radix.h. Both algorithms look at keys byte by byte: radix sort from the lowest one on, radix selection from
 * the highest (Knuth, The Art of Computer Programming 3, sections 5.2.5 and 5.3.3). Neither recurses or compares numbers,
 * so that NaN is a key like any other. */
#include "radix.h"

#include <string.h>

/* ---- Keys ---------------------------------------------------------------------------------------------------------------------- */

static inline uint64_t key_float32(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits = value == 0 ? 0 : bits;
    bits = bits >> 31 ? ~bits : bits | UINT32_C(1) << 31;
    return value != value ? UINT32_MAX : bits;
}

static inline uint64_t key_float64(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits = value == 0 ? 0 : bits;
    bits = bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
    return value != value ? UINT64_MAX : bits;
}

static inline uint64_t key_int64(int64_t value) { return (uint64_t)value ^ UINT64_C(1) << 63; }
static inline uint64_t key_uint8(uint8_t value) { return value; }
static inline uint64_t key_bool(bool value) { return value; }

void wk_read_keys(const wick_tensor *x, int64_t start, int64_t step, bool descending, bool given, int64_t n,
                  wk_keyed *items)
{
    const size_t bits = 8 * wick_dtype_size(x->dtype);
    const uint64_t invert = descending ? UINT64_MAX >> (64 - bits) : 0;
    for (int64_t i = 0; i < n && !given; i++)
        items[i].at = i;
    switch (x->dtype) {
#define CASE(enumerator, value, type, name)                               \
    case enumerator: {                                                    \
        const type *from = (const type *)wk_data(x) + start;              \
        for (int64_t i = 0; i < n; i++)                                   \
            items[i].key = key_##name(from[items[i].at * step]) ^ invert; \
        break;                                                            \
    }
        WICK_DTYPES(CASE)
#undef CASE
    case WICK_DTYPE_AUTO: break;
    }
}

/* ---- Sorting -------------------------------------------------------------------------------------------------------------------- */

enum { FEW = 48 }; /* items for which passes over all 256 values of a byte cost more than comparing them */

static void insertion_sort(wk_keyed *items, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        const wk_keyed item = items[i];
        int64_t k = i;
        for (; k > 0 && items[k - 1].key > item.key; k--)
            items[k] = items[k - 1];
        items[k] = item;
    }
}

wk_keyed *wk_sort_keys(wk_keyed *items, wk_keyed *spare, int64_t n, size_t bytes)
{
    if (n <= FEW) {
        insertion_sort(items, n);
        return items;
    }
    int64_t counts[8][256];
    memset(counts, 0, bytes * sizeof *counts);
    for (int64_t i = 0; i < n; i++)
        for (size_t b = 0; b < bytes; b++)
            counts[b][items[i].key >> 8 * b & 255]++;
    for (size_t b = 0; b < bytes; b++) {
        if (counts[b][items[0].key >> 8 * b & 255] == n) /* the same in all */
            continue;
        int64_t start = 0;
        for (int v = 0; v < 256; v++) {
            int64_t count = counts[b][v];
            counts[b][v] = start;
            start += count;
        }
        for (int64_t i = 0; i < n; i++)
            spare[counts[b][items[i].key >> 8 * b & 255]++] = items[i];
        wk_keyed *sorted = spare;
        spare = items;
        items = sorted;
    }
    return items;
}

/* ---- Selection ------------------------------------------------------------------------------------------------------------------ */

/* The k smallest of n items, in their order among these. */
static void select_keys(const wk_keyed *items, int64_t n, int64_t k, size_t bytes, wk_keyed *picked)
{
    uint64_t prefix = 0, mask = 0; /* of the k-th smallest key, as far as it is known */
    int64_t rank = k;              /* of it among the keys with this prefix, from 1 */
    for (size_t b = bytes; b-- > 0;) {
        int64_t counts[256] = {0};
        for (int64_t i = 0; i < n; i++)
            counts[items[i].key >> 8 * b & 255] += (items[i].key & mask) == prefix;
        uint64_t v = 0;
        while (counts[v] < rank)
            rank -= counts[v++];
        prefix |= v << 8 * b;
        mask |= UINT64_C(255) << 8 * b;
    }
    /* All below it, and rank of those equal to it. */
    for (int64_t i = 0, found = 0; found < k; i++)
        if (items[i].key < prefix || (items[i].key == prefix && rank-- > 0))
            picked[found++] = items[i];
}

enum { CHUNK = 1024 }; /* at least so many elements are looked at together: items that stay in the cache */

void wk_smallest_keys(const wick_tensor *x, int64_t start, int64_t step, bool descending, int64_t n, int64_t k,
                      wk_keyed *items, wk_keyed *picked)
{
    const size_t bytes = wick_dtype_size(x->dtype);
    const int64_t chunk = k > CHUNK / 4 ? 4 * k : CHUNK;
    int64_t held = 0;   /* the smallest so far: the first items, at most k */
    uint64_t limit = 0; /* of k: the largest of their keys, which those that follow must be below */
    for (int64_t from = 0; from < n; from += chunk) {
        const int64_t length = n - from < chunk ? n - from : chunk;
        wk_keyed *next = items + held;
        wk_read_keys(x, start + from * step, step, descending, false, length, next);
        int64_t kept = 0;
        for (int64_t i = 0; i < length; i++) {
            next[kept] = (wk_keyed){next[i].key, next[i].at + from};
            kept += held < k || next[i].key < limit;
        }
        held += kept;
        if (held > k) {
            select_keys(items, held, k, bytes, picked);
            memcpy(items, picked, (size_t)k * sizeof *items);
            held = k;
        }
        limit = 0;
        for (int64_t i = 0; i < held; i++)
            limit = items[i].key > limit ? items[i].key : limit;
    }
    memcpy(picked, items, (size_t)k * sizeof *items);
}
