/* trial.c - calls whose failure is an answer: the thread's error is set aside meanwhile, and its handler not told. */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "../tensor/call.h"

void wk_trial_begin(wk_trial *before)
{
    wk_thread *self = &wk_this_thread;
    before->failure = self->failure;
    before->quiet = self->quiet;
    self->failure.code = WICK_OK;
    self->failure.longer = self->failure.before = NULL;
    self->failure.second_line = self->failure.placed = false;
    self->failure.place = 0;
    self->quiet = true;
}

void wk_trial_end(wk_trial *before, bool counts)
{
    wk_thread *self = &wk_this_thread;
    wk_failure tried = self->failure;
    self->failure = before->failure;
    self->quiet = before->quiet;
    const char *text = (tried.longer ? tried.longer : tried.text) + WK_SITE_TEXT;
    const char *kind = strstr(text, ": "); /* "ShapeError: wick_sum: ..." */
    if (counts && tried.code) {
        WK_OWN_CODE;
        wick_fail(tried.code, "%s", kind ? kind + 2 : text);
    }
    free(tried.longer);
    free(tried.before);
}
