/* clip.h - gradients made smaller, and parameters as one vector: torch.nn.utils; a part of nn.h. */
#ifndef WICK_NN_CLIP_H
#define WICK_NN_CLIP_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../autograd/autograd.h"

WICK_BEGIN_DECLS

/* The norm of all elements of the tensors, as if they were one vector: (sum of |x|^p)^(1/p), p = norm_type; INFINITY: the
 * largest |x|, -INFINITY: the smallest, 0: how many are not 0. A tensor without dimensions; of no tensors 0. Computed in
 * float64, so that squares do not overflow as in PyTorch; the norm of each tensor is rounded to its dtype, and the result
 * is in the widest of these.
 * torch.nn.utils.get_total_norm. An error for dtypes that are not floating point, for the largest or smallest of no
 * elements, and, if asked for, for a norm that is not finite. */
typedef struct wick_nn_norm_options {
    size_t size_;
    char start_;
    double norm_type;        /* default 2 */
    bool error_if_nonfinite; /* default false */
} wick_nn_norm_options;
#define WICK_NN_NORM_DEFAULTS 0, 2.0, false
WICK_API wick_tensor *wick_nn_get_total_norm_opt(wick_list *tensors, const wick_nn_norm_options *options);
#define wick_nn_get_total_norm(tensors, ...) \
    wick_nn_get_total_norm_opt(tensors, WICK_OPTIONS(wick_nn_norm_options, WICK_NN_NORM_DEFAULTS, __VA_ARGS__))

/* Multiplies the gradients of the parameters, in place, by max_norm / (norm + 1e-6) if that is less than 1, and returns
 * their norm before: torch.nn.utils.clip_grad_norm_(parameters, max_norm). Parameters without a gradient are skipped; an
 * empty list gives a warning. NULL with an error, and no gradient changed.
 *     wick_nn_clip_grad_norm_(wick_nn_parameters(model), 1.0) */
WICK_API wick_tensor *wick_nn_clip_grad_norm_opt_(wick_list *parameters, double max_norm,
                                                  const wick_nn_norm_options *options);
#define wick_nn_clip_grad_norm_(parameters, max_norm, ...) \
    wick_nn_clip_grad_norm_opt_(parameters, max_norm,      \
                                WICK_OPTIONS(wick_nn_norm_options, WICK_NN_NORM_DEFAULTS, __VA_ARGS__))

/* The same with a norm that is known: torch.nn.utils.clip_grads_with_norm_. */
WICK_API bool wick_nn_clip_grads_with_norm_(wick_list *parameters, double max_norm, wick_tensor *total_norm);

/* Brings the elements of the gradients into [-clip_value, clip_value]: torch.nn.utils.clip_grad_value_. NaN stays. */
WICK_API bool wick_nn_clip_grad_value_(wick_list *parameters, double clip_value);

/* The elements of all parameters one after the other, (n): torch.nn.utils.parameters_to_vector. It is recorded. */
WICK_API wick_tensor *wick_nn_parameters_to_vector(wick_list *parameters);

/* Copies such a vector back into the parameters: torch.nn.utils.vector_to_parameters (which lets them share the vector's
 * memory and take its dtype, where this copies and converts). It may be longer than all of them together. */
WICK_API bool wick_nn_vector_to_parameters(wick_tensor *vector, wick_list *parameters);

WICK_END_DECLS
#endif
