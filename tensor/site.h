/* site.h - internal: where in the user's program a call stands.
 *
 * A public function knows the address that it returns to, and that is all that is noted while the program runs: by the
 * outermost public function of a thread (call.h), by a node, by a storage that is written in place. It becomes "train.c:17"
 * only when somebody reads it. */
#pragma once

#include <stddef.h>

typedef struct wk_site {
    const void *address;  /* that the call returns to; NULL: not known */
    const char *function; /* that was called, as the linker knows it */
} wk_site;

/* Where the function that this stands in was called. */
#if defined(__GNUC__) && !defined(__wasm__)
#define WK_SITE ((wk_site){__builtin_extract_return_addr(__builtin_return_address(0)), __func__})
#else
#define WK_SITE ((wk_site){NULL, NULL})
#endif

/* The text of a site, and its zero. */
#define WK_SITE_TEXT 256

/* Writes "train.c:17", by the debug information of the object that the address lies in, and returns the length. A line is
 * written only if the call that returns there goes to this very function; of a call that a tail call made on another's
 * behalf that cannot be said, and nothing is written, as where the object is no longer loaded: 0. Without debug information:
 * "train+0x12ab", for addr2line. */
size_t wk_site_text(wk_site site, char text[WK_SITE_TEXT]);
