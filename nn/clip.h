/* clip.h - clipping of gradients, and parameters as one vector: torch.nn.utils; a part of nn.h. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"

WICK_BEGIN_DECLS

/* The norm of all elements of the tensors, as if they were one vector: torch.nn.utils.get_total_norm. It is (sum of
 * |x|^p)^(1/p) with p = norm_type; the largest |x| for INFINITY, the smallest for -INFINITY, and the number of elements other
 * than 0 for 0. The result is a 0-dimensional tensor; it is 0 for an empty list. It is computed in float64, so that squares
 * do not overflow, as they do in PyTorch; the norm of each tensor is rounded to its dtype, and the result has the widest of
 * these dtypes. Errors: a dtype that is not floating point, the largest or smallest of no elements, and, with
 * .error_if_nonfinite, a norm that is not finite. */
typedef struct wick_nn_norm_options {
    size_t size_;
    char start_;
    double norm_type;        /* default 2 */
    bool error_if_nonfinite; /* default false */
} wick_nn_norm_options;
WICK_API wick_tensor *wick_nn_get_total_norm_opt(wick_list *tensors, const wick_nn_norm_options *options);
#define wick_nn_get_total_norm(tensors, ...) \
    wick_nn_get_total_norm_opt(tensors, WICK_OPTIONS(wick_nn_norm_options, 2.0, __VA_ARGS__))

/* Multiplies the gradients of the parameters, in place, by max_norm / (norm + 1e-6) if that is less than 1, and returns
 * the norm before: torch.nn.utils.clip_grad_norm_(parameters, max_norm). Parameters without a gradient are skipped; an
 * empty list warns. After an error the result is NULL, and no gradient has changed.
 *     wick_nn_clip_grad_norm_(wick_nn_parameters(model), 1.0) */
WICK_API wick_tensor *wick_nn_clip_grad_norm_opt_(wick_list *parameters, double max_norm,
                                                  const wick_nn_norm_options *options);
#define wick_nn_clip_grad_norm_(parameters, max_norm, ...) \
    wick_nn_clip_grad_norm_opt_(parameters, max_norm, WICK_OPTIONS(wick_nn_norm_options, 2.0, __VA_ARGS__))

/* The same with a norm that is already known: torch.nn.utils.clip_grads_with_norm_. False on error. */
WICK_API bool wick_nn_clip_grads_with_norm_(wick_list *parameters, double max_norm, wick_tensor *total_norm);

/* Clamps the elements of the gradients to [-clip_value, clip_value]: torch.nn.utils.clip_grad_value_. NaN stays NaN. False on
 * error. */
WICK_API bool wick_nn_clip_grad_value_(wick_list *parameters, double clip_value);

/* The elements of all parameters in one tensor, (n): torch.nn.utils.parameters_to_vector. The operation is recorded. */
WICK_API wick_tensor *wick_nn_parameters_to_vector(wick_list *parameters);

/* Copies such a vector back into the parameters: torch.nn.utils.vector_to_parameters. It copies and converts; in PyTorch the
 * parameters then share the vector's memory and have its dtype. The vector may be longer than all parameters together. False on
 * error. */
WICK_API bool wick_nn_vector_to_parameters(wick_tensor *vector, wick_list *parameters);

WICK_END_DECLS
