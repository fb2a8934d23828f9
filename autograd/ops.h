/* ops.h - the operations.
 *
 * Names, semantics, defaults, broadcasting and type promotion are PyTorch's. Every operation returns a new tensor, which
 * the innermost scope owns, and NULL after an error; one whose name ends in _ works in place and returns its first
 * argument. x, a, b stand for inputs, y for the result, d for a gradient; a dimension may be negative, to count from the
 * end. Operations record a node where an input requires grad and grad mode is on.
 *
 * Broadcasting: shapes are aligned at their last dimension, and a dimension of size 1 or absent is stretched.
 * https://pytorch.org/docs/stable/notes/broadcasting.html
 * Promotion: operands are converted to one dtype, which those of the higher category decide.
 * https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc
 *
 * A call with options is a macro; the name without parentheses is a function that uses the defaults, and has an address:
 *     const struct { const char *name; wick_tensor *(*f)(wick_tensor *); } pools[] = {{"mean", wick_mean}, {"max", wick_max}};
 *     wick_plot_activations(WICK_PLOT_FUNCTIONS({"GELU", wick_gelu}, {"ELU", wick_elu}), "activations.png");
 *
 * Each family has a header in ops/. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "ops/activation.h"
#include "ops/index.h"
#include "ops/loss.h"
#include "ops/normalize.h"
#include "ops/pointwise.h"
#include "ops/product.h"
#include "ops/reduce.h"
#include "ops/shape.h"

WICK_BEGIN_DECLS

/* Whether wick_isclose(a, b), with the same options, is true everywhere: torch.allclose. False after an error. */
WICK_API bool wick_allclose_opt(wick_tensor *a, wick_tensor *b, const wick_isclose_options *options);
#define wick_allclose(a, b, ...) \
    wick_allclose_opt(a, b, WICK_OPTIONS(wick_isclose_options, WICK_ISCLOSE_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
