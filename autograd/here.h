/* here.h - anomaly mode, and where in the user's source a call stands.
 *
 * Anomaly mode finds the operation whose gradient went wrong: torch.autograd.set_detect_anomaly. While it is on, backward
 * checks what each node computes, and a NaN is an error that names the node and the call that made it:
 *
 *     WICK_DETECT_ANOMALY;                                     // to the end of the block
 *     wick_tensor *y = wick_mul(wick_sqrt(x), 0);
 *     wick_backward(wick_sum(y));
 *     // AutogradError: wick_backward: Function 'SqrtBackward0' returned nan values in its 0th output, made at train.c:17
 *
 * So every operation is a macro over itself that tells the nodes made by it where it stands, if they do not know yet. This
 * needs anomaly mode to be on while the operation is called. What a recorded backward pass makes stands where that stands
 * whose derivative it is. C++ has no such macros. */
#ifndef WICK_AUTOGRAD_HERE_H
#define WICK_AUTOGRAD_HERE_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/tensor.h"

WICK_BEGIN_DECLS

typedef struct wick_anomaly_options {
    char start_;
    bool check_nan; /* whether a NaN in a gradient is an error; without it, only places are noted; default true */
} wick_anomaly_options;
#define WICK_ANOMALY_DEFAULTS 0, true

/* Switches anomaly mode on or off, for the whole process, and returns what it was: 0 for off, and otherwise what is to be
 * given to wick_anomaly_restore to have it back. It makes everything slower, and is for finding a mistake. */
WICK_API int wick_set_detect_anomaly_opt(bool on, wick_anomaly_options options);
#define wick_set_detect_anomaly(on, ...) \
    wick_set_detect_anomaly_opt(on, WICK_OPTIONS(wick_anomaly_options, WICK_ANOMALY_DEFAULTS, __VA_ARGS__))
WICK_API bool wick_is_anomaly_enabled(void);
WICK_API void wick_anomaly_restore(int before);

/* To the block's end, with torch.autograd.detect_anomaly(): */
WICK_API int wick_anomaly_enter_(void);
WICK_API void wick_anomaly_leave_(int *before);
#ifdef WICK_GUARD
#define WICK_DETECT_ANOMALY WICK_GUARD(anomaly, int, wick_anomaly_leave_, wick_anomaly_enter_())
#endif

/* Where t's node was made, as "train.c:17", owned by the innermost scope; NULL, and no error, where it is not known: of a
 * leaf, and of what was made without anomaly mode. */
WICK_API const char *wick_place_of(wick_tensor *t);

/* Notes the place in the nodes that the result of a call depends on and that have none; returns the result. */
WICK_API wick_tensor *wick_note_here_(wick_tensor *result, const char *file, int line);
WICK_API wick_list *wick_note_here_list_(wick_list *result, const char *file, int line);

WICK_END_DECLS

/* In a user's C file: the value of the call, a tensor or a list, after noting where the call stands. */
#if !defined(__cplusplus) && !defined(WICK_BUILD)
#include <stdatomic.h>
extern WICK_API atomic_int wick_anomaly_mode_;
static inline wick_tensor *wick_here_(wick_tensor *result, const char *file, int line)
{
    return atomic_load_explicit(&wick_anomaly_mode_, memory_order_relaxed) ? wick_note_here_(result, file, line)
                                                                           : result;
}
static inline wick_list *wick_here_list_(wick_list *result, const char *file, int line)
{
    return atomic_load_explicit(&wick_anomaly_mode_, memory_order_relaxed) ? wick_note_here_list_(result, file, line)
                                                                           : result;
}
#define WICK_HERE(call) wick_here_(call, __FILE__, __LINE__)
#define WICK_HERE_LIST(call) wick_here_list_(call, __FILE__, __LINE__)
#endif

#endif
