/* alloc.c - the one allocator: blocks by size class, kept by each thread for reuse.
 *
 * A training step makes the same tensors and nodes again and again, so after the first step every block comes from the
 * cache and nothing is asked of the system. Sizes are rounded up to a class: multiples of 64 up to 1024 bytes, and four
 * classes to each doubling above that, which wastes at most a fifth. A freed block goes to the cache of the thread that
 * frees it. Caching is off where a checker wants to see every block: with WICK_CACHE=0 in the environment, and in builds
 * with AddressSanitizer. */
#include <stdlib.h>
#include <string.h>

#include "thread.h"

#ifdef _WIN32
#include <malloc.h>
#endif

#define ALIGNMENT 64u
#define SMALL_MAX 1024u
#define LOG2_MAX (SIZE_MAX > UINT32_MAX ? 41u : 30u) /* blocks of more than two to this are in no class */
#define CACHE_MAX ((size_t)1 << 30) /* bytes that a thread keeps at most; no more than all classes hold */

#if defined(__SANITIZE_ADDRESS__)
#define CHECKED_BUILD true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CHECKED_BUILD true
#endif
#endif
#ifndef CHECKED_BUILD
#define CHECKED_BUILD false
#endif

/* The link of a cached block stands behind its first word, which of a destroyed object still says that it was freed. */
static void **link_of(void *block) { return (void **)block + 1; }

/* The same as size_class, of a size beyond SMALL_MAX. */
static unsigned large_class(size_t size, size_t *rounded)
{
    unsigned log2 = 10; /* of the largest power of two below size */
    while (log2 < LOG2_MAX && (size - 1) >> (log2 + 1))
        log2++;
    if (log2 >= LOG2_MAX) {
        *rounded = size;
        return WK_SIZE_CLASSES;
    }
    size_t quarter = (size_t)1 << (log2 - 2);
    unsigned k = (unsigned)((size - 1 - ((size_t)1 << log2)) / quarter);
    *rounded = ((size_t)1 << log2) + (k + 1) * quarter;
    return SMALL_MAX / ALIGNMENT + (log2 - 10) * 4 + k;
}

/* The class of a size, and the size of the class; for a size beyond all classes WK_SIZE_CLASSES, of which no block is cached. */
static inline unsigned size_class(size_t size, size_t *rounded)
{
    if (size > SMALL_MAX)
        return large_class(size, rounded);
    unsigned c = (unsigned)(size - (size > 0)) / ALIGNMENT;
    *rounded = (c + 1) * (size_t)ALIGNMENT;
    return c;
}

/* Windows has no aligned_alloc, and what it has instead is not freed by free. */
#ifdef _WIN32
static void *aligned(size_t size) { return _aligned_malloc(size, ALIGNMENT); }
static void release(void *block) { _aligned_free(block); }
#else
static void *aligned(size_t size) { return aligned_alloc(ALIGNMENT, size); }
static void release(void *block) { free(block); }
#endif

static void *out_of_memory(size_t size)
{
    return wick_fail(WICK_ERROR_MEMORY, "out of memory: %zu bytes could not be allocated", size);
}

/* A new block of the system's, when the cache has none. */
static void *new_block(wk_thread *self, size_t size, size_t rounded)
{
    if (rounded > SIZE_MAX / 2)
        return out_of_memory(size);
    rounded = (rounded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *block = aligned(rounded);
    if (!block) {
        wick_empty_cache();
        block = aligned(rounded);
    }
    if (!block)
        return out_of_memory(size);
    self->allocated += size;
    return block;
}

void *wk_alloc(size_t size)
{
    wk_thread *self = &wk_this_thread;
    if (self->fail_in && --self->fail_in == 0)
        return out_of_memory(size);
    size_t rounded;
    unsigned c = size_class(size, &rounded);
    void *block = self->cache[c];
    if (!block)
        return new_block(self, size, rounded);
    self->cache[c] = *link_of(block);
    self->cached -= rounded;
    self->allocated += size;
    return block;
}

void *wk_alloc_zero(size_t size)
{
    void *block = wk_alloc(size);
    return block ? memset(block, 0, size) : NULL;
}

void wk_free(void *block, size_t size)
{
    if (!block)
        return;
    wk_thread *self = &wk_this_thread;
    self->allocated -= size < self->allocated ? size : self->allocated; /* less than nothing if others allocated it */
    size_t rounded;
    unsigned c = size_class(size, &rounded);
    if (rounded > self->cache_max - self->cached) {
        release(block);
        return;
    }
    *link_of(block) = self->cache[c];
    self->cache[c] = block;
    self->cached += rounded;
}

bool wk_enlarge(void **array, size_t count, size_t *capacity, size_t element)
{
    size_t wanted = *capacity ? *capacity * 2 : 16, bytes;
    if (wanted < *capacity || !wk_mul_size(wanted, element, &bytes))
        return out_of_memory(SIZE_MAX) != NULL;
    void *larger = wk_alloc(bytes);
    if (!larger)
        return false;
    if (count)
        memcpy(larger, *array, count * element);
    wk_free(*array, *capacity * element);
    *array = larger;
    *capacity = wanted;
    return true;
}

void wick_empty_cache(void)
{
    wk_thread *self = &wk_this_thread;
    for (unsigned c = 0; c < WK_SIZE_CLASSES; c++) {
        for (void *block = self->cache[c], *next; block; block = next) {
            next = *link_of(block);
            release(block);
        }
        self->cache[c] = NULL;
    }
    self->cached = 0;
}

size_t wick_memory_allocated(void) { return wk_this_thread.allocated; }

void wick_fail_allocation(long n) { wk_this_thread.fail_in = n > 0 ? n : 0; }

size_t wk_cache_max(void)
{
    const char *setting = getenv("WICK_CACHE");
    return (setting ? strcmp(setting, "0") != 0 : !CHECKED_BUILD) ? CACHE_MAX : 0;
}
