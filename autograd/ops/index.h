/* index.h - elements picked, put and ordered by position; a part of ops.h. */
#ifndef WICK_AUTOGRAD_OPS_INDEX_H
#define WICK_AUTOGRAD_OPS_INDEX_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../../tensor/tensor.h"

WICK_BEGIN_DECLS

/* x[i, j, ...] with int64 tensors that broadcast together and index the leading dimensions; negative indices count from
 * the end: y_hat[range(n), y] is wick_index(y_hat, wick_list_of(wick_arange(n), y)). */
WICK_API wick_tensor *wick_index(wick_tensor *x, wick_list *indices);

WICK_END_DECLS
#endif
