/* summary.h - a table of a model's layers, with the shapes and sizes of what they make and hold; a part of nn.h. */
#ifndef WICK_NN_SUMMARY_H
#define WICK_NN_SUMMARY_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"

WICK_BEGIN_DECLS

typedef struct wick_module wick_module;

/* A table of all modules of m: name and class, the shape and bytes of the result, the parameters that the module itself has (each
 * counted once) and their bytes; and the sums. The model is run once on the inputs, which may be zeros of the shape to look at:
 *     wick_nn_print_summary(model, wick_zeros(64, 784));
 * in evaluation mode, without gradients. Modes, buffers and the default generator's state are afterwards as they were; hooks are
 * called. Bytes of a result are those of new memory: a view, or what another module made, counts nothing. Together they are
 * the activations of the pass, those between modules alone: what a forward function makes on its way is not seen.
 * The text belongs to the innermost scope. NULL with an error, such as that of the forward. */
WICK_API const char *wick_nn_summary_n(wick_module *m, wick_tensor *const *inputs, int count);
#define wick_nn_summary(m, ...) wick_nn_summary_n(m, WICK_TENSORS(__VA_ARGS__))

/* The same, written to stdout with a newline. False on error. */
WICK_API bool wick_nn_print_summary_n(wick_module *m, wick_tensor *const *inputs, int count);
#define wick_nn_print_summary(m, ...) wick_nn_print_summary_n(m, WICK_TENSORS(__VA_ARGS__))

WICK_END_DECLS
#endif
