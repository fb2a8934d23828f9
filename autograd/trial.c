/* trial.c - calls whose failure is an answer: the thread's error is set aside meanwhile, and its handler not told. */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "../tensor/call.h"

void wk_trial_begin(wk_trial *before)
{
    wk_thread *self = &wk_this_thread;
    before->error = self->error;
    before->error_long = self->error_long;
    before->error_before = self->error_before;
    before->second_line = self->second_line;
    before->quiet = self->quiet;
    memcpy(before->error_text, self->error_text, sizeof self->error_text);
    self->error = WICK_OK;
    self->error_long = self->error_before = NULL;
    self->second_line = false;
    self->quiet = true;
}

void wk_trial_end(wk_trial *before, bool counts)
{
    wk_thread *self = &wk_this_thread;
    wk_trial tried;
    const bool quiet = before->quiet;
    wk_trial_begin(&tried);
    self->error = before->error;
    self->error_long = before->error_long;
    self->error_before = before->error_before;
    self->second_line = before->second_line;
    self->quiet = quiet;
    memcpy(self->error_text, before->error_text, sizeof self->error_text);
    const char *text = tried.error_long ? tried.error_long : tried.error_text;
    const char *kind = strstr(text, ": "); /* "ShapeError: wick_sum: ..." */
    if (counts && tried.error) {
        WK_OWN_CODE;
        wick_fail(tried.error, "%s", kind ? kind + 2 : text);
    }
    free(tried.error_long);
    free(tried.error_before);
}
