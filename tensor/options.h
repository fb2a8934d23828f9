/* options.h - internal: how a function reads the options that it is given. */
#pragma once

#include <string.h>

#include "platform.h"

/* The options that were given, or the defaults for those that were not: for all where given is NULL, and for those that the
 * caller's struct, which was compiled earlier, does not have. What it has beyond ours is not known here. */
#define WK_OPTIONS(type, defaults, given) \
    (*(const type *)wk_options(&(type){.size_ = sizeof(type), 0, defaults}, sizeof(type), given))
static inline const void *wk_options(void *own, size_t size, const void *given)
{
    size_t theirs = 0;
    if (given)
        memcpy(&theirs, given, sizeof theirs);
    if (theirs == size)
        return given;
    if (given) {
        memcpy(own, given, theirs < size ? theirs : size);
        memcpy(own, &size, sizeof size);
    }
    return own;
}
