/* bits.h - the bits of a tensor's elements, for comparing many numbers by one. */
#pragma once

#include <string.h>

#include <wick/tensor/tensor_struct.h>

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

/* The C library whose log, sin and cos the reference's numbers are made with; others may be off by a place. */
#if defined(__x86_64__) && defined(__GLIBC__)
#define SAME_LIBM true
#else
#define SAME_LIBM false
#endif

/* Whether the hash of t is this. A generator's state ends with a normal that was drawn and not used yet: with another C
 * library it may be a neighbour. */
static inline bool has_hash(wick_tensor *t, uint64_t hash)
{
    if (SAME_LIBM || fnv(t) == hash || wick_dtype_of(t) != WICK_UINT8 || wick_numel(t) != 5056)
        return fnv(t) == hash;
    unsigned char *bytes = (unsigned char *)wk_data(t) + 5024, first = bytes[0];
    for (int apart = -2; apart <= 2; apart++) {
        bytes[0] = (unsigned char)(first + apart);
        if (fnv(t) == hash)
            return true;
    }
    return false;
}
