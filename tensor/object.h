/* object.h - internal: what tensors, nodes, modules, optimizers, datasets, loaders and strings have in common.
 *
 * An object begins with a wick_object: its class and a reference count. It is made with one reference; wk_own gives that
 * one to the innermost scope. Destroying is not recursive: what a destroyed object drops is destroyed after it, from a
 * list, so that a graph of a million nodes needs no stack. */
#pragma once

#include <stdatomic.h>

#include "error.h"
#include "scope.h"

typedef struct wick_object wick_object;

typedef struct wk_class {
    const char *name;               /* "tensor": for messages */
    void (*destroy)(wick_object *); /* drops what the object holds (wk_unref) and frees its memory (wk_free) */
} wk_class;

/* Of a tensor whose shape is not known yet, which no function takes for a tensor (nn/lazy.c). */
extern const wk_class wk_uninitialized_class;

struct wick_object {
    const wk_class *cls;
    wick_object
        *next; /* while it is kept: the next one in kept's chain; while it waits to be destroyed: in that list */
    atomic_int refs;
    int keeps; /* how many of the references are a wick_keep's; under the lock of kept */
};

/* Makes *object a live object with one reference, the caller's. */
static inline void wk_object_init(wick_object *object, const wk_class *cls)
{
    object->cls = cls;
    object->next = NULL;
    object->keeps = 0;
    atomic_init(&object->refs, 1);
}

/* Destroys an object without references, now or after those that are being destroyed. */
void wk_destroy(wick_object *object);

/* Adds a reference and returns object. NULL stays NULL. */
static inline void *wk_ref(void *object)
{
    if (object)
        atomic_fetch_add_explicit(&((wick_object *)object)->refs, 1, memory_order_relaxed);
    return object;
}

/* Drops a reference; the last one destroys. NULL is ignored. */
static inline void wk_unref(void *object)
{
    wick_object *o = object;
    /* Who holds the only reference needs no atomic subtraction to know it. */
    if (o && (atomic_load_explicit(&o->refs, memory_order_acquire) == 1 ||
              atomic_fetch_sub_explicit(&o->refs, 1, memory_order_acq_rel) == 1))
        wk_destroy(o);
}

/* To the end of the block, object lives, also if the user's code that is called drops every other reference to it. May be
 * NULL. */
#define WK_HOLD(object) WICK_GUARD(held, void *, wk_end_hold, wk_ref(object))
void wk_end_hold(void **object);

/* What a destroy function of the user's is called between, first: for it, object is alive, and of class cls. Then: whether it
 * has given the object a new owner, so that it is not to be freed. */
void wk_revive(wick_object *object, const wk_class *cls);
bool wk_lives_on(wick_object *object);

/* Gives the caller's reference to the innermost scope and returns object. When the scope cannot grow, drops it and returns
 * NULL with an error. NULL stays NULL. */
void *wk_own(void *object);

/* Whether a scope of this thread owns object; which may have been freed. */
bool wk_owns(const void *object);

/* The error of an object that is no live one of class cls; false. */
bool wk_refuse(const void *object, const wk_class *cls, const char *function, const char *name);

/* No object lies below or at the very end of the address space. What points there is NULL or a whole number, of which older
 * compilers make a pointer with a mere warning. */
#define WK_NO_POINTERS ((uintptr_t)4096)

/* Whether object is a live object of class cls. If not, records an error "<function>: argument <name> ..." that says
 * whether it is NULL (unless the NULL came from a call that already failed), freed, or of another class. */
static inline bool wk_check(const void *object, const wk_class *cls, const char *function, const char *name)
{
    const bool is_pointer = (uintptr_t)object + WK_NO_POINTERS >= 2 * WK_NO_POINTERS;
    return (is_pointer && ((const wick_object *)object)->cls == cls) || wk_refuse(object, cls, function, name);
}

/* A copy of text that the innermost scope owns, for functions that return strings; length excludes the final 0. */
char *wk_string(const char *text, size_t length);

/* ---- Memory: the one allocator ------------------------------------------------------------------------------------------- */

/* size bytes, aligned to 64, from this thread's cache or the system; NULL, with an error, if there are none. wk_free
 * takes the same size. size 0 is allowed. */
void *wk_alloc(size_t size);
void *wk_alloc_zero(size_t size);
void wk_free(void *memory, size_t size);

/* A growing array: makes room for one more element of the given size. */
#define WK_GROW(array, count, capacity) wk_grow((void **)&(array), count, &(capacity), sizeof *(array))
bool wk_enlarge(void **array, size_t count, size_t *capacity, size_t element);
static inline bool wk_grow(void **array, size_t count, size_t *capacity, size_t element)
{
    return count < *capacity || wk_enlarge(array, count, capacity, element);
}

/* The bytes of count elements of a size, count >= 0; SIZE_MAX, which wk_alloc refuses, for more than can be addressed. A
 * number of elements is an int64_t, which a size_t of 32 bits would cut. */
static inline size_t wk_bytes(int64_t count, size_t size)
{
    return (uint64_t)count <= SIZE_MAX / size ? (size_t)count * size : SIZE_MAX;
}

/* a * b in *result; false if it overflows. */
static inline bool wk_mul_size(size_t a, size_t b, size_t *result)
{
#if defined(__GNUC__)
    return !__builtin_mul_overflow(a, b, result);
#else
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *result = a * b;
    return true;
#endif
}
