/* scope.h - who owns what.
 *
 * Everything that a call returns belongs to the innermost open scope and is freed at that scope's end, unless it is kept
 * (wick_keep) or handed to the scope outside (wick_out). This holds for tensors, modules, optimizers, datasets, loaders and
 * strings; a string that is needed longer must be copied. Modules and optimizers keep their parameters alive, and graph nodes
 * keep what they saved. If no scope is open, the thread's root scope owns the result, and ends with the thread.
 *
 *     for (int epoch = 0; epoch < 10; epoch++) {
 *         WICK_SCOPE;
 *         wick_tensor *loss = ...;       // freed at the end of each iteration, also by break, continue and return
 *     }
 *
 *     wick_tensor *mean_square(wick_tensor *x)
 *     {
 *         WICK_SCOPE;
 *         return wick_out(wick_mean(wick_mul(x, x)));   // the product is freed here, the mean by the caller's scope
 *     }
 *
 * Scopes are per thread and nest; opening one costs no memory and cannot fail. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "platform.h"

WICK_BEGIN_DECLS

/* An open scope: what to return to when it ends. */
typedef struct wick_scope {
    size_t outer_;           /* where the objects of the scope outside begin */
    size_t depth_;           /* the number of scopes that were open before this one */
    const char *outer_file_; /* where the scope outside was opened */
    int outer_line_;
} wick_scope;

/* Opens a scope. */
WICK_API wick_scope wick_scope_push(void);

/* Opens a scope and notes where, for the report of WICK_DEBUG=scopes. With that in the environment, tensors that are still
 * alive when the process ends, because they were kept and not released, or because a recorded backward pass left a cycle, are
 * listed on stderr with the scope in which they were made. */
WICK_API wick_scope wick_scope_push_at(const char *file, int line);

/* Ends the scope and frees what it owns. Scopes end in the reverse order of their beginning; a scope that is still open inside
 * this one ends with it. (If more than 31 scopes are nested, what the inner ones own may live until an outer one ends.) */
WICK_API void wick_scope_pop(wick_scope *scope);

/* Opens a scope that ends with the block in which it stands. */
#ifdef WICK_GUARD
#define WICK_SCOPE WICK_GUARD(scope, wick_scope, wick_scope_pop, wick_scope_push_at(__FILE__, __LINE__))
#endif

/* Takes a reference that does not end with any scope, and returns object: for what must outlive every scope, such as the best
 * weights so far. Give it back with wick_release. NULL gives NULL; an object that was already freed is an error. */
WICK_API void *wick_keep(void *object);
#ifndef __cplusplus
#define wick_keep(object) _Generic((object), WICK_OBJECTS(WICK_KEEP_) void * : (wick_keep))(object)
#endif

/* Gives back one wick_keep, from any thread. NULL is ignored. If there is no wick_keep to give back (the object was never
 * kept or is already released, or the pointer is not an object), that is an error and nothing changes. */
WICK_API void wick_release(void *object);

/* Hands object to the scope outside the innermost one, and returns it: return wick_out(y). The object moves out by one scope; a
 * function that returns from two nested scopes of its own closes the inner one first. NULL gives NULL. */
WICK_API void *wick_out(void *object);
#ifndef __cplusplus
#define wick_out(object) _Generic((object), WICK_OBJECTS(WICK_OUT_) void * : (wick_out))(object)
#endif

/* In C and C++, wick_keep and wick_out return a pointer of the type of their argument, so that a tensor that is assigned to an
 * optimizer does not compile, and neither does something that is not an object, such as a string. A void * stays a void *. */
#define WICK_OBJECTS(X) \
    X(averaged_model)   \
    X(dataset)          \
    X(dict)             \
    X(figure)           \
    X(generator)        \
    X(hook)             \
    X(iterator)         \
    X(list)             \
    X(loader)           \
    X(module)           \
    X(modules)          \
    X(node)             \
    X(optim)            \
    X(progress)         \
    X(sampler)          \
    X(scheduler)        \
    X(series)           \
    X(tensor)
#define WICK_TYPE_(name) typedef struct wick_##name wick_##name;
WICK_OBJECTS(WICK_TYPE_)
#undef WICK_TYPE_

/* The number of objects that this thread's open scopes own, the root scope included. */
WICK_API long long wick_scope_count(void);

/* Returns to the system the memory that this thread's caches keep for reuse. */
WICK_API void wick_empty_cache(void);

/* The number of bytes that this thread has allocated and not freed, for tensors, graphs and everything else, its caches not
 * counted; 0 in a thread that frees more than it allocates. In a steady training loop it is the same at the end of every
 * iteration. */
WICK_API size_t wick_memory_allocated(void);

/* Makes the n-th allocation from now in this thread fail (n = 1: the next one); those after it succeed again. 0: none fails.
 * For tests of what a program does when memory runs out. */
WICK_API void wick_fail_allocation(long n);

WICK_END_DECLS

#ifdef __cplusplus
template <class T> struct wick_is_object_ {
    static const bool value = false;
};
#define WICK_TYPE_(name)                                    \
    template <> struct wick_is_object_<wick_##name> {       \
        static const bool value = true;                     \
    };                                                      \
    template <> struct wick_is_object_<const wick_##name> { \
        static const bool value = true;                     \
    };
WICK_OBJECTS(WICK_TYPE_)
#undef WICK_TYPE_
template <class T> inline T *wick_keep(T *object)
{
    static_assert(wick_is_object_<T>::value, "wick_keep takes an object of Wick's");
    return static_cast<T *>(wick_keep(const_cast<void *>(static_cast<const void *>(object))));
}
template <class T> inline T *wick_out(T *object)
{
    static_assert(wick_is_object_<T>::value, "wick_out takes an object of Wick's");
    return static_cast<T *>(wick_out(const_cast<void *>(static_cast<const void *>(object))));
}
#else
#define WICK_TYPED_(call, name)                                                               \
    static inline wick_##name *wick_##call##_##name##_(wick_##name *object)                   \
    {                                                                                         \
        return (wick_##name *)(wick_##call)(object);                                          \
    }                                                                                         \
    static inline const wick_##name *wick_##call##_const_##name##_(const wick_##name *object) \
    {                                                                                         \
        return (const wick_##name *)(wick_##call)((void *)(uintptr_t)object);                 \
    }
#define WICK_TYPE_(name) WICK_TYPED_(keep, name) WICK_TYPED_(out, name)
WICK_OBJECTS(WICK_TYPE_)
#undef WICK_TYPE_
#undef WICK_TYPED_
#define WICK_CHOICE_(call, name) \
    wick_##name * : wick_##call##_##name##_, const wick_##name * : wick_##call##_const_##name##_,
#define WICK_KEEP_(name) WICK_CHOICE_(keep, name)
#define WICK_OUT_(name) WICK_CHOICE_(out, name)
#endif
