/* platform.h - what differs between compilers, in one place.
 *
 * Everything that is not plain C11 has a name that is defined here: symbol visibility, the clean-up attribute behind WICK_SCOPE
 * and WICK_NO_GRAD, and the warnings that keyword arguments would otherwise cause. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define WICK_BEGIN_DECLS extern "C" {
#define WICK_END_DECLS }
#else
#define WICK_BEGIN_DECLS
#define WICK_END_DECLS
#endif

/* POSIX: processes, terminals. Elsewhere pictures are not drawn (plot.h), and progress is not shown (progress.h). */
#if defined(__unix__) || defined(__APPLE__)
#define WICK_POSIX 1
#endif

/* The library hides every symbol without WICK_API. A function with it is neither inlined nor cloned, so that its return address
 * is the place of the call, which its errors report. */
#if defined(__GNUC__)
#ifdef __has_attribute
#if __has_attribute(noclone)
#define WICK_ONE_COPY_ __attribute__((noclone))
#endif
#endif
#ifndef WICK_ONE_COPY_
#define WICK_ONE_COPY_
#endif
#define WICK_API __attribute__((visibility("default"), noinline)) WICK_ONE_COPY_
#if defined(__MINGW32__) && !defined(__clang__) /* where printf is Microsoft's */
#define WICK_PRINTF(text, first) __attribute__((format(gnu_printf, text, first)))
#else
#define WICK_PRINTF(text, first) __attribute__((format(printf, text, first)))
#endif
#define WICK_UNUSED __attribute__((unused))
#else
#define WICK_API
#define WICK_PRINTF(text, first)
#define WICK_UNUSED
#endif

/* WICK_GUARD(name, type, close, open): a variable that runs close(&variable) in whatever way its block is left: at the end, by
 * break, continue, return or goto. With a compiler without the clean-up attribute, use the push and pop functions instead. */
#define WICK_PASTE_(a, b) a##b
#define WICK_PASTE(a, b) WICK_PASTE_(a, b)
#if defined(__GNUC__)
#define WICK_GUARD(name, type, close, open) \
    type WICK_PASTE(wick_##name##_guard_, __LINE__) __attribute__((cleanup(close), unused)) = open
#endif

/* Public headers call themselves system headers, because -Wpedantic objects to macros that may be called without
 * variadic arguments, as wick_sum(x) is. With WICK_CHECK_HEADERS defined they are checked like any other file. */

/* Keyword arguments are designated initialisers written over a struct's defaults:
 *     wick_nn_linear(784, 256, .bias = false)   ->   (options){ defaults, .bias = false }
 * Overriding an initialiser is the purpose, so the warnings about it are switched off in a file that includes this header.
 * Define WICK_KEEP_WARNINGS before the include to keep them. */
#if defined(__GNUC__) && !defined(__cplusplus) && !defined(WICK_KEEP_WARNINGS)
#if defined(__clang__)
#pragma clang diagnostic ignored "-Winitializer-overrides"
#pragma clang diagnostic ignored "-Wgnu-zero-variadic-macro-arguments"
#pragma clang diagnostic ignored "-Wgnu-empty-initializer" /* wick_nn_sequential() */
#pragma clang diagnostic ignored "-Wzero-length-array"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif
#endif

/* The first member of an options struct is its size, so that a program that was compiled before a member was added still works:
 * the new member then has its default. The next is start_, so that arguments without a name go to the members after it, in
 * order, as in Python: wick_sum(x, 1, .keepdim = true). defaults are the members' defaults, in order: a WICK_..._DEFAULTS, or
 * the first member's alone; what is not named is zero. The ..._opt() functions take a pointer to the struct; NULL means the
 * defaults. */
#ifndef __cplusplus
#define WICK_OPTIONS(type, defaults, ...) (&(type){sizeof(type), 0, defaults, .start_ = 0, __VA_ARGS__})
#else /* no keyword arguments: wick_sum(x) is without options, and one that is given does not compile */
extern "C++" {
template <typename type> inline const type *wick_no_options_() { return 0; }
}
#define WICK_OPTIONS(type, defaults, ...) wick_no_options_<type>(__VA_ARGS__)
#endif

/* Pointers of one type as the two arguments (array, count). There may be none: the NULL in front keeps the array from being
 * empty, which C does not allow. */
#define WICK_POINTERS_(count, type, ...) \
    ((type[]){NULL, __VA_ARGS__} + 1), (count)(sizeof((type[]){NULL, __VA_ARGS__}) / sizeof(type)) - 1

/* A list of integers as the two arguments (pointer, count). */
#define WICK_INTS(...) ((const int64_t[]){__VA_ARGS__}), (int)(sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))
