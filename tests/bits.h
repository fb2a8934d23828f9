/* bits.h - the bits of a tensor's elements, for comparing many numbers by one. */
#ifndef WICK_TESTS_BITS_H
#define WICK_TESTS_BITS_H

#include <string.h>

#include <wick/tensor/internal.h>

/* The bits of one element. */
static inline uint64_t bits_of(const wick_tensor *t, int64_t i)
{
    size_t size = wick_dtype_size(wick_dtype_of(t));
    const unsigned char *at = (const unsigned char *)wk_data(t) + (size_t)i * size;
    uint8_t one;
    uint32_t four;
    uint64_t eight;
    switch (size) {
    case 1: memcpy(&one, at, size); return one;
    case 4: memcpy(&four, at, size); return four;
    default: memcpy(&eight, at, size); return eight;
    }
}

/* FNV-1a over the bits of each element, in memory's order. http://www.isthe.com/chongo/tech/comp/fnv/ */
static inline uint64_t fnv(const wick_tensor *t)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (int64_t i = 0; i < wick_numel(t); i++)
        hash = (hash ^ bits_of(t, i)) * UINT64_C(0x100000001b3);
    return hash;
}

#endif
