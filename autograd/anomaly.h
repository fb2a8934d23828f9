/* anomaly.h - anomaly mode, and the line of the user's source that made a tensor.
 *
 * Anomaly mode finds the operation whose gradient went wrong: torch.autograd.set_detect_anomaly. While it is on, backward
 * checks what each node computes, and a NaN is an error that names the node and the call that made it:
 *
 *     WICK_DETECT_ANOMALY;                                     // to the end of the block
 *     wick_tensor *y = wick_mul(wick_sqrt(x), 0);
 *     wick_backward(wick_sum(y));
 *     // train.c:18: AutogradError: wick_backward: Function 'SqrtBackward0' returned nan values in its 0th output, made at
 *     // train.c:17
 *
 * Places are known in a program compiled with -g; error.h says how. A node that a recorded backward pass makes has the place of
 * the operation whose derivative it is. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../tensor/tensor.h"

WICK_BEGIN_DECLS

typedef struct wick_anomaly_options {
    size_t size_;
    char start_;
    bool check_nan; /* whether a NaN in a gradient is an error; default true. Places are known in any case */
} wick_anomaly_options;

/* Switches anomaly mode on or off for the whole process: torch.autograd.set_detect_anomaly. Returns what it was before, for
 * wick_anomaly_restore; 0 means off. Anomaly mode makes everything slower, and is for finding a mistake. */
WICK_API int wick_set_detect_anomaly_opt(bool on, const wick_anomaly_options *options);
#define wick_set_detect_anomaly(on, ...) \
    wick_set_detect_anomaly_opt(on, WICK_OPTIONS(wick_anomaly_options, true, __VA_ARGS__))

/* Whether anomaly mode is on: torch.is_anomaly_enabled(). */
WICK_API bool wick_is_anomaly_enabled(void);

/* Sets anomaly mode to what wick_set_detect_anomaly returned. */
WICK_API void wick_anomaly_restore(int before);

/* WICK_DETECT_ANOMALY switches anomaly mode on until the end of the block: with torch.autograd.detect_anomaly(). It warns
 * that it is on, and calls wick_anomaly_enter_ at its beginning and wick_anomaly_leave_ at the end. */
WICK_API int wick_anomaly_enter_(void);
WICK_API void wick_anomaly_leave_(int *before);
#ifdef WICK_GUARD
#define WICK_DETECT_ANOMALY WICK_GUARD(anomaly, int, wick_anomaly_leave_, wick_anomaly_enter_())
#endif

/* The place of the call that made t, "train.c:17"; the string belongs to the innermost scope. NULL, without an error, where
 * the place is not known: for a leaf, and where error.h says so. */
WICK_API const char *wick_place_of(wick_tensor *t);

WICK_END_DECLS
