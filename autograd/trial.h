/* trial.h - internal: calls whose failure is an answer, as that of a function outside of its domain, and no error. */
#pragma once

#include "../tensor/thread.h"

/* The failure that stood before, set aside. */
typedef struct wk_trial {
    wk_failure failure;
    bool quiet;
} wk_trial;

/* From here to wk_trial_end no error stands, so that wick_error() and wick_error_kind() say what failed in between, and the
 * handler is told of nothing. */
void wk_trial_begin(wk_trial *before);

/* Puts back what stood before. What failed in between is forgotten; or, if it counts, an error after all, in the name of the
 * function that failed, which the handler is told of as the public function around returns. */
void wk_trial_end(wk_trial *before, bool counts);
