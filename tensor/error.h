/* error.h - how a call says that it failed.
 *
 * A call that fails returns NULL (or false, or NaN) and records the first cause for its thread. A NULL that goes into a
 * further call comes out as NULL and changes nothing, so one check at the end of a chain is enough:
 *
 *     wick_tensor *loss = wick_mse_loss(wick_matmul(x, w), y);
 *     if (!loss) { fprintf(stderr, "%s\n", wick_error()); wick_clear_error(); }
 *
 * An optional argument, such as the bias of wick_linear, is not given if it is NULL: test what you pass there if it may have
 * failed. The library never exits, and prints warnings alone (below). A handler, if one is set, is told of each call that failed. */
#ifndef WICK_TENSOR_ERROR_H
#define WICK_TENSOR_ERROR_H

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
    X(WICK_ERROR_MEMORY, "MemoryError")     /* the allocator said no */                    \
    X(WICK_ERROR_FILE, "FileError")         /* missing, truncated or malformed file */     \
    X(WICK_ERROR_DEVICE, "DeviceError")     /* a device that is not there */               \
    X(WICK_ERROR_BUILD, "BuildError")       /* the library was built without this part */  \
    X(WICK_ERROR_PROGRAM, "ProgramError")   /* gnuplot or dot is not installed */          \
    X(WICK_ERROR_WARNING, "WarningError")   /* a warning, where WICK_WARNINGS=error */

#define WICK_ENUMERATOR_(code, name) code,
typedef enum wick_error_code { WICK_ERROR_CODES(WICK_ENUMERATOR_) WICK_ERROR_CODE_COUNT } wick_error_code;
#undef WICK_ENUMERATOR_

/* The message of this thread's first failure since the last wick_clear_error(), or NULL if there was none. It reads
 * "train.c:17: ShapeError: wick_matmul: ..." and stays valid until the thread clears it. A file that could not be written
 * since then is a second line of it, so that it is not missed; what a module failed at names its place in the model, too:
 * "..., in 2 (Linear) of Sequential".
 *
 * The place is the line of the program's call of the library that failed; where the library calls functions of the
 * program's, such as closures, hooks and the forward of a module, those have places of their own. It is read from the
 * program's debug information (compile with -g) by libdw, when the message is asked for. Without either it is an address,
 * "train+0x12ab", as addr2line takes it: addr2line -e train 0x12ab. Nothing stands there where it cannot be told: in
 * WebAssembly, in an object that is no longer loaded, and where the compiler made the call the last thing that a function
 * does (a tail call, from -O2 on: -fno-optimize-sibling-calls keeps the place). */
WICK_API const char *wick_error(void);

/* The same without the place: "ShapeError: wick_matmul: ...", for bindings to languages that show places of their own. */
WICK_API const char *wick_error_message(void);

/* The kind of that failure; WICK_OK if there was none. */
WICK_API wick_error_code wick_error_kind(void);

/* Forgets this thread's failure. */
WICK_API void wick_clear_error(void);

/* Told of every call that fails, in its thread, as the last thing that the call does: it holds nothing any more, the message
 * bears the name of the function that the program called, and its place, and wick_error() has recorded it, if it was the first. The message
 * is the handler's own copy of at most 8191 bytes, and valid until the handler returns; it may clear the error, and call
 * functions that fail in turn.
 *
 * A handler may leave by longjmp, as bindings to other languages do. The jump goes past what the program has opened since
 * setjmp: take a scope before, and end it after the jump, which ends those inside it, too; and restore the grad mode.
 *     wick_scope scope = wick_scope_push();
 *     if (setjmp(away))  { wick_scope_pop(&scope); ... }
 * The one place that it may not leave is a function of the program's own that a call of the library is calling, such as a
 * closure, a hook, or the forward of a module: there the handler is told as the function that failed returns to that code,
 * and the call around it still holds what it needs. */
typedef void (*wick_error_handler)(wick_error_code code, const char *message);

/* Sets the handler of the whole process and returns the one before; NULL (the default) for none. */
WICK_API wick_error_handler wick_on_error(wick_error_handler handler);

/* A handler for programs without error handling of their own: prints the message to stderr and exits with status 1. Where
 * gnuplot or dot is not installed (WICK_ERROR_PROGRAM), the message says what was written and what to install, and the program
 * goes on: a picture is no reason to lose what comes after it. */
WICK_API void wick_print_and_exit(wick_error_code code, const char *message);

/* Records a failure, as the library's own functions do; for modules, datasets and operations that a user writes. Keeps
 * the first cause; calls the handler each time, at once. Always returns NULL. */
WICK_API void *wick_fail(wick_error_code code, const char *format, ...) WICK_PRINTF(2, 3);

/* ---- Warnings ------------------------------------------------------------------------------------------------------------ */

/* A call that does what it was asked to, but was probably not meant so, warns and goes on: it succeeds, and no error is
 * recorded. Each such call says in its comment when it warns. As in Python, a warning is shown on stderr, each text once in
 * a process; a handler, if one is set, is told of every one instead. WICK_WARNINGS in the environment, read at the first
 * warning, changes that:
 *     once     the default
 *     ignore   nothing is shown and nobody is told
 *     error    a call that warns fails with WICK_ERROR_WARNING, and changes nothing */

/* The text of this thread's first warning since the last wick_clear_warning() that no handler was told of, such as
 * "train.c:17: Warning: wick_lr_step: ...", or NULL if there was none. It stays valid until the thread clears it. */
WICK_API const char *wick_warning(void);

/* Forgets this thread's warning. */
WICK_API void wick_clear_warning(void);

/* Told of every warning, in the thread where it happens, before the warning call returns; it must return, too. */
typedef void (*wick_warning_handler)(const char *message);

/* Sets the handler of the whole process and returns the one before; NULL (the default) for none. */
WICK_API wick_warning_handler wick_on_warning(wick_warning_handler handler);

/* A handler that prints every message to stderr and goes on. */
WICK_API void wick_print_warning(const char *message);

/* Warns, as the library's own functions do: warnings.warn. False, with an error, where WICK_WARNINGS=error: the caller
 * fails then. */
WICK_API bool wick_warn(const char *format, ...) WICK_PRINTF(1, 2);

WICK_END_DECLS
#endif
