/* check_wick.h - what the suites of the core share: expected errors, values, threads, and a look at what is left over.
 *
 * A suite made with MAKE_SUITE runs each test in a scope of its own, and fails a test that leaves behind an error, an
 * object in the root scope, memory, or a changed setting. */
#pragma once

#include <check.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/tensor/thread.h>
#include <wick/wick.h>

#include "../ops/reference.h"

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/* What follows the place that a message begins with: from the name of its kind on. */
static inline const char *without_place(const char *message)
{
    for (const char *at = message; at; at = (at = strstr(at, ": ")) ? at + 2 : NULL) {
        size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
        if (*at >= 'A' && *at <= 'Z' && strncmp(at + length, ": ", 2) == 0)
            return at;
    }
    return message;
}

#define ASSERT_NO_ERROR() ck_assert_msg(!wick_error(), "%s", wick_error())

/* The error that is recorded is of this kind, and its message has these words in it. Forgets it. */
#define ASSERT_ERROR(kind, ...) check_message(__FILE__, __LINE__, kind, (const char *const[]){__VA_ARGS__, NULL})

/* The same for the whole text of the message. */
#define ASSERT_MESSAGE(kind, text)                    \
    do {                                              \
        ck_assert_int_eq(wick_error_kind(), kind);    \
        ck_assert_str_eq(wick_error_message(), text); \
        wick_clear_error();                           \
    } while (0)

/* The call gives NULL, false or 0, with such an error. */
#define ASSERT_FAILS(call, kind, ...)                                                 \
    do {                                                                              \
        ASSERT_NO_ERROR();                                                            \
        ck_assert_msg(!(call), "%s:%d: %s does not fail", __FILE__, __LINE__, #call); \
        ASSERT_ERROR(kind, __VA_ARGS__);                                              \
    } while (0)

static inline void check_message(const char *file, int line, wick_error_code kind, const char *const *words)
{
    ck_assert_msg(wick_error() != NULL, "%s:%d: no error was recorded", file, line);
    ck_assert_msg(wick_error_kind() == kind, "%s:%d: another kind of error: %s", file, line, wick_error());
    for (; *words; words++)
        ck_assert_msg(strstr(wick_error(), *words) != NULL, "%s:%d: no '%s' in: %s", file, line, *words, wick_error());
    wick_clear_error();
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

/* Shape (sizes...), and elements (values...) in row-major order, up to rounding in the tensor's dtype. */
#define ASSERT_SHAPE(t, ...) check_shape(__FILE__, __LINE__, #t, t, WICK_INTS(__VA_ARGS__))
#define ASSERT_VALUES(t, ...)                                              \
    check_values(__FILE__, __LINE__, #t, t, (const double[]){__VA_ARGS__}, \
                 (int64_t)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double)))

static inline void check_shape(const char *file, int line, const char *text, wick_tensor *t, const int64_t *shape,
                               int ndim)
{
    ck_assert_msg(t != NULL, "%s:%d: %s is NULL: %s", file, line, text, wick_error() ? wick_error() : "no error");
    ck_assert_msg(wick_ndim(t) == ndim, "%s:%d: %s has %d dimensions, not %d", file, line, text, wick_ndim(t), ndim);
    for (int d = 0; d < ndim; d++)
        ck_assert_msg(wick_size(t, d) == shape[d], "%s:%d: size %d of %s is %lld, not %lld", file, line, d, text,
                      wick_size(t, d), (long long)shape[d]);
}

static inline void check_values(const char *file, int line, const char *text, wick_tensor *t, const double *values,
                                int64_t count)
{
    ck_assert_msg(t != NULL, "%s:%d: %s is NULL: %s", file, line, text, wick_error() ? wick_error() : "no error");
    ck_assert_msg(wick_numel(t) == count, "%s:%d: %s has %lld elements, not %lld", file, line, text, wick_numel(t),
                  (long long)count);
    double limit = wick_dtype_of(t) == WICK_FLOAT32 ? 2e-6 : wick_dtype_of(t) == WICK_FLOAT64 ? 1e-12 : 0;
    for (int64_t i = 0; i < count; i++) {
        double x = limit > 0 ? tensor_real(t, i) : (double)tensor_whole(t, i), y = values[i];
        bool same = isnan(y) ? isnan(x) : x == y || fabs(x - y) <= limit * fmax(1, fabs(y));
        ck_assert_msg(same, "%s:%d: element %lld of %s is %.17g, not %.17g", file, line, (long long)i, text, x, y);
    }
}

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

/* For functions of threads, which return NULL, or what is wrong: a failing ck_assert would jump to another stack. */
#define TEXT_OF_(x) #x
#define TEXT_OF(x) TEXT_OF_(x)
#define CHECK(condition)                                                \
    do {                                                                \
        if (!(condition))                                               \
            return __FILE__ ":" TEXT_OF(__LINE__) ": not: " #condition; \
    } while (0)

/* Runs f in a thread of its own; stack: its bytes, or 0 for the usual. The system may ask for more, as what libraries
 * keep for each thread lies there too. */
static inline void run_in_thread(void *(*f)(void *), void *argument, size_t stack)
{
    pthread_attr_t attributes;
    pthread_t thread;
    void *wrong;
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    int status;
    do {
        if (stack)
            while ((status = pthread_attr_setstacksize(&attributes, stack)) == EINVAL && stack < (size_t)512 << 10)
                stack *= 2; /* arm64 asks for 128 KiB */
        status = pthread_create(&thread, &attributes, f, argument);
    } while (status == EINVAL && stack && (stack *= 2) <= (size_t)512 << 10);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(pthread_join(thread, &wrong), 0);
    pthread_attr_destroy(&attributes);
    ck_assert_msg(!wrong, "%s", (char *)wrong);
}

/* Runs f in several threads at once. */
static inline void run_in_threads(void *(*f)(void *), int count)
{
    pthread_t threads[16];
    void *wrong[16];
    ck_assert_int_le(count, 16);
    for (int i = 0; i < count; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, f, NULL), 0);
    for (int i = 0; i < count; i++)
        ck_assert_int_eq(pthread_join(threads[i], &wrong[i]), 0);
    for (int i = 0; i < count; i++)
        ck_assert_msg(!wrong[i], "%s", (char *)wrong[i]);
}

/* ---- What is left over ------------------------------------------------------------------------------------------- */

/* Whether a checker watches every block, and freed memory must not be looked at: WICK_CACHE=0, or AddressSanitizer. */
static inline bool is_watched(void) { return wk_cache_max() == 0; }

/* Whether the program runs many times slower than it would by itself, so that large tests take smaller sizes. */
static inline bool is_slow(void)
{
#if defined(__SANITIZE_THREAD__)
    return true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
    return true;
#endif
#endif
    return is_watched();
}

/* Bytes in use for objects: the stack of owned objects grows as it needs and does not shrink. */
static inline size_t memory_in_use(void)
{
    return wick_memory_allocated() - wk_this_thread.owned_capacity * sizeof *wk_this_thread.owned;
}

static struct left_over {
    wick_scope scope;
    long long objects;
    size_t bytes;
} left_over;

static inline void begin_test(void)
{
    wick_clear_error();
    wick_clear_warning();
    left_over.objects = wick_scope_count();
    left_over.bytes = memory_in_use();
    left_over.scope = wick_scope_push();
}

static inline void end_test(void)
{
    ASSERT_NO_ERROR();
    wick_scope_pop(&left_over.scope);
    ck_assert_int_eq(wick_scope_count(), left_over.objects);
    ck_assert_uint_eq(memory_in_use(), left_over.bytes);
    ck_assert(wick_on_error(NULL) == NULL);
    if (wick_warning() &&
        !strstr(wick_warning(), "suggested max number of worker")) /* on machines with few processors */
        ck_abort_msg("%s", wick_warning());
    ck_assert(wick_on_warning(NULL) == NULL);
    ck_assert(wick_is_grad_enabled());
    ck_assert_int_eq(wick_default_dtype(), WICK_FLOAT32);
}

#define MAKE_SUITE(name, tests) make_suite(name, tests, sizeof(tests) / sizeof *(tests))
static inline Suite *make_suite(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *c = tcase_create(name);
    tcase_add_checked_fixture(c, begin_test, end_test);
    tcase_set_timeout(c, 120);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(c, tests[i]);
    suite_add_tcase(suite, c);
    return suite;
}
