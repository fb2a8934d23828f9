/* summary.h - a table of a model's modules, with the shapes and sizes of their results and parameters; a part of nn.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"

WICK_BEGIN_DECLS

typedef struct wick_module wick_module;

/* A table of all modules of m: name and class, the shape of the result and its bytes, the number of elements of the module's
 * own parameters (each counted once) and their bytes; and the sums. For it the model runs once on the inputs, which may be
 * zeros:
 *     wick_nn_print_summary(model, wick_zeros(64, 784));
 * It runs in evaluation mode, without gradients. Modes, buffers and the state of the default generator are the same
 * afterwards; hooks are called. Only new memory counts as bytes of a result: a view, or the result of another module, counts
 * 0. The sum is the memory of the activations between modules; what a forward function allocates for itself is not counted.
 * The text belongs to the innermost scope. NULL after an error, for example in a forward. */
WICK_API const char *wick_nn_summary_n(wick_module *m, wick_tensor *const *inputs, int count);
#define wick_nn_summary(m, ...) wick_nn_summary_n(m, WICK_TENSORS(__VA_ARGS__))

/* Writes that table and a newline to stdout. False on error. */
WICK_API bool wick_nn_print_summary_n(wick_module *m, wick_tensor *const *inputs, int count);
#define wick_nn_print_summary(m, ...) wick_nn_print_summary_n(m, WICK_TENSORS(__VA_ARGS__))

WICK_END_DECLS
