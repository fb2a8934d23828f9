/* error.h - how a call reports that it failed.
 *
 * A call that fails returns NULL (or false, or NaN) and records the first cause for its thread. A later call that gets this
 * NULL returns NULL and changes nothing, so one check at the end of a chain is enough:
 *
 *     wick_tensor *loss = wick_mse_loss(wick_matmul(x, w), y);
 *     if (!loss) { fprintf(stderr, "%s\n", wick_error()); wick_clear_error(); }
 *
 * For an optional argument, such as the bias of wick_linear, NULL means "not given": test what you pass there if it may be
 * the result of a call that failed. The library never exits, and prints nothing but warnings (below). A handler, if one is
 * set, is called for each call that fails. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "platform.h"

WICK_BEGIN_DECLS

/* The kinds of failure: the enumerator, and the name that messages begin with. */
#define WICK_ERROR_CODES(X)                                                                \
    X(WICK_OK, "no error")                                                                 \
    X(WICK_ERROR_ARGUMENT, "ArgumentError") /* a NULL, a freed object, a bad option */     \
    X(WICK_ERROR_SHAPE, "ShapeError")       /* shapes that do not fit */                   \
    X(WICK_ERROR_DTYPE, "DtypeError")       /* a dtype that the operation does not take */ \
    X(WICK_ERROR_INDEX, "IndexError")       /* a dimension, index or label out of range */ \
    X(WICK_ERROR_AUTOGRAD, "AutogradError") /* the graph does not allow it */              \
    X(WICK_ERROR_MEMORY, "MemoryError")     /* memory ran out */                           \
    X(WICK_ERROR_FILE, "FileError")         /* missing, truncated or malformed file */     \
    X(WICK_ERROR_DEVICE, "DeviceError")     /* a device that does not exist */             \
    X(WICK_ERROR_BUILD, "BuildError")       /* the library was built without this part */  \
    X(WICK_ERROR_PROGRAM, "ProgramError")   /* gnuplot or dot is not installed */          \
    X(WICK_ERROR_WARNING, "WarningError")   /* a warning, where WICK_WARNINGS=error */

#define WICK_ENUMERATOR_(code, name) code,
typedef enum wick_error_code { WICK_ERROR_CODES(WICK_ENUMERATOR_) WICK_ERROR_CODE_COUNT } wick_error_code;
#undef WICK_ENUMERATOR_

/* The message of this thread's first failure since the last wick_clear_error(), or NULL if there was none. It reads
 * "train.c:17: ShapeError: wick_matmul: ..." and stays valid until the thread clears it. If a file could not be written since
 * then, a second line says so, so that it is not missed. An error inside a module also names where the module is in the
 * model: "..., in 2 (Linear) of Sequential".
 *
 * The place is the line of the program that called the library. Where the library calls a function of the program, such as a
 * closure, a hook or the forward of a module, the place is the line of the call in that function. libdw reads it from the
 * program's debug information (compile with -g) when the message is asked for. Without these it is an address,
 * "train+0x12ab", for addr2line: addr2line -e train 0x12ab. The place is left out where it is not known: in WebAssembly, in
 * an object that is no longer loaded, and where the compiler turned the call into a jump because it was the last thing that a
 * function did (a tail call, from -O2 on: -fno-optimize-sibling-calls keeps the place). */
WICK_API const char *wick_error(void);

/* The same without the place: "ShapeError: wick_matmul: ...", for bindings to languages that show their own lines. */
WICK_API const char *wick_error_message(void);

/* The kind of that failure; WICK_OK if there was none. */
WICK_API wick_error_code wick_error_kind(void);

/* Forgets this thread's failure: wick_error() is NULL again. */
WICK_API void wick_clear_error(void);

/* A function that is called for every call that fails, in its thread, as the last thing that the call does. By then the call
 * holds no locks or memory, and wick_error() returns the failure if it was the first. The message has the name of the
 * function that the program called, and the place. It is a copy of at most 8191 bytes, valid until the handler returns. The
 * handler may clear the error, and may call functions that fail.
 *
 * A handler may leave by longjmp, as bindings to other languages do. The jump skips what the program has opened since setjmp,
 * so open a scope before it and end that scope after the jump, which also ends the scopes inside; and restore the grad mode.
 *     wick_scope scope = wick_scope_push();
 *     if (setjmp(away))  { wick_scope_pop(&scope); ... }
 * It must not jump out of a function of the program that the library is calling, such as a closure, a hook or the forward of
 * a module: there the handler is called when the failing function returns to that code, and the library's call around it
 * still needs what it holds. */
typedef void (*wick_error_handler)(wick_error_code code, const char *message);

/* Sets the error handler of the whole process and returns the one before; NULL, the default, means none. */
WICK_API wick_error_handler wick_on_error(wick_error_handler handler);

/* A handler for programs that do not handle errors themselves: prints the message to stderr and exits with status 1. If
 * gnuplot or dot is not installed (WICK_ERROR_PROGRAM), the message says what was written and what to install, and the
 * program goes on: a missing picture is no reason to lose the rest of the run. */
WICK_API void wick_print_and_exit(wick_error_code code, const char *message);

/* Records a failure, as the library's own functions do; for modules, datasets and operations that a user writes. The first
 * cause is kept; the handler is called each time, at once. Always returns NULL. */
WICK_API void *wick_fail(wick_error_code code, const char *format, ...) WICK_PRINTF(2, 3);

/* ---- Warnings ------------------------------------------------------------------------------------------------------------ */

/* A call that was probably not meant as it is written warns and goes on: it succeeds, and no error is recorded. The comments
 * of such functions say when they warn. As in Python, a warning is shown on stderr, each text once in a process; if a handler
 * is set, it is called for every warning instead. WICK_WARNINGS in the environment, read at the first warning, changes that:
 *     once     the default
 *     ignore   nothing is shown, and no handler is called
 *     error    a call that warns fails with WICK_ERROR_WARNING, and changes nothing */

/* The text of this thread's first warning since the last wick_clear_warning() for which no handler was called, such as
 * "train.c:17: Warning: wick_lr_step: ...", or NULL if there was none. It stays valid until the thread clears it. */
WICK_API const char *wick_warning(void);

/* Forgets this thread's warning: wick_warning() is NULL again. */
WICK_API void wick_clear_warning(void);

/* A function that is called for every warning, in the thread that warns, before the call returns. It must return. */
typedef void (*wick_warning_handler)(const char *message);

/* Sets the warning handler of the whole process and returns the one before; NULL, the default, means none. */
WICK_API wick_warning_handler wick_on_warning(wick_warning_handler handler);

/* A handler that prints every message to stderr and goes on. */
WICK_API void wick_print_warning(const char *message);

/* Warns, as the library's own functions do: warnings.warn. With WICK_WARNINGS=error it records an error and returns false,
 * and the caller must fail. */
WICK_API bool wick_warn(const char *format, ...) WICK_PRINTF(1, 2);

WICK_END_DECLS
