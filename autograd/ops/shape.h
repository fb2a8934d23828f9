/* shape.h - the same elements in other shapes and places: views, joining, copies; a part of ops.h. */
#ifndef WICK_AUTOGRAD_OPS_SHAPE_H
#define WICK_AUTOGRAD_OPS_SHAPE_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* ---- Shape: views share storage with x where they can ---------------------------------------------------------------------- */

/* x in another shape with as many elements; one size may be -1, for what remains. reshape copies where the strides allow
 * no view, and view refuses. */
WICK_API wick_tensor *wick_reshape_n(wick_tensor *x, const int64_t *shape, int ndim);
WICK_API wick_tensor *wick_view_n(wick_tensor *x, const int64_t *shape, int ndim);
#define wick_reshape(x, ...) wick_reshape_n(x, WICK_INTS(__VA_ARGS__))
#define wick_view(x, ...) wick_view_n(x, WICK_INTS(__VA_ARGS__))

WICK_API wick_tensor *wick_transpose(wick_tensor *x, int64_t dim0, int64_t dim1); /* swaps two dimensions */
WICK_API wick_tensor *wick_t(wick_tensor *x);                                     /* x.t(), for at most 2 dimensions */
WICK_API wick_tensor *wick_permute_n(wick_tensor *x, const int64_t *dims, int ndim); /* dimension i is x's dims[i] */
#define wick_permute(x, ...) wick_permute_n(x, WICK_INTS(__VA_ARGS__))

/* squeeze: without dimension dim if its size is 1, or, with WICK_UNSET, without all such. unsqueeze: a new dimension of
 * size 1 at dim. flatten: dimensions start to end (-1: the last) as one. */
WICK_API wick_tensor *wick_squeeze(wick_tensor *x, int64_t dim);
WICK_API wick_tensor *wick_unsqueeze(wick_tensor *x, int64_t dim);
WICK_API wick_tensor *wick_flatten(wick_tensor *x, int64_t start, int64_t end);

/* x with dimensions of size 1, and new leading ones, stretched without a copy; -1 keeps a size. */
WICK_API wick_tensor *wick_expand_n(wick_tensor *x, const int64_t *shape, int ndim);
#define wick_expand(x, ...) wick_expand_n(x, WICK_INTS(__VA_ARGS__))

/* x[..., start:end:step, ...] in dimension dim, bounds clipped as in Python: X[:n] is wick_slice(X, 0, .end = n), and X[2:8]
 * is wick_slice(X, 0, 2, 8). */
typedef struct wick_slice_options {
    char start_;
    int64_t start; /* default: the first */
    int64_t end;   /* exclusive; default: behind the last */
    int64_t step;  /* above 0; default 1 */
} wick_slice_options;
#define WICK_SLICE_DEFAULTS 0, WICK_UNSET, WICK_UNSET, 1
WICK_API wick_tensor *wick_slice_opt(wick_tensor *x, int64_t dim, wick_slice_options options);
#define wick_slice(x, dim, ...) \
    wick_slice_opt(x, dim, WICK_OPTIONS(wick_slice_options, WICK_SLICE_DEFAULTS, __VA_ARGS__))

/* narrow: length elements from start on. select: x[..., index, ...], one dimension fewer. */
WICK_API wick_tensor *wick_narrow(wick_tensor *x, int64_t dim, int64_t start, int64_t length);
WICK_API wick_tensor *wick_select(wick_tensor *x, int64_t dim, int64_t index);

/* Tensors joined along an existing dimension, or along a new one: wick_cat(wick_list_of(a, b), 0). */
WICK_API wick_tensor *wick_cat(wick_list *tensors, int64_t dim);
WICK_API wick_tensor *wick_stack(wick_list *tensors, int64_t dim);

/* ---- Copies ------------------------------------------------------------------------------------------------------------------ */

WICK_API wick_tensor *wick_clone(wick_tensor *x);                      /* a copy with storage of its own */
WICK_API wick_tensor *wick_contiguous(wick_tensor *x);                 /* x itself if contiguous, else a copy that is */
WICK_API wick_tensor *wick_to_dtype(wick_tensor *x, wick_dtype dtype); /* x itself if it has that dtype */
WICK_API wick_tensor *wick_to_device(wick_tensor *x, wick_device device); /* x itself; any device but the CPU: error */
#ifndef __cplusplus
/* x.to(dtype) and x.to(device). */
#define wick_to(x, target) _Generic((target), wick_device : wick_to_device, default : wick_to_dtype)(x, target)
#endif

WICK_END_DECLS
#endif
