/* dtype.h - element types and devices. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "platform.h"

WICK_BEGIN_DECLS

/* The element types: enumerator and its value, C type, and the name that PyTorch prints after "torch.". The values follow one
 * another, so that a loop goes from WICK_FLOAT32 to WICK_BOOL, and no size, dimension, index or count has one of them:
 * wick_ones(2, WICK_FLOAT64), which lacks ".dtype =", is an error and not a shape. */
#define WICK_DTYPES(X)                            \
    X(WICK_FLOAT32, -1111111168, float, float32)  \
    X(WICK_FLOAT64, -1111111167, double, float64) \
    X(WICK_INT64, -1111111166, int64_t, int64)    \
    X(WICK_UINT8, -1111111165, uint8_t, uint8)    \
    X(WICK_BOOL, -1111111164, bool, bool)

#define WICK_ENUMERATOR_(enumerator, value, type, name) enumerator = (value),
typedef enum wick_dtype {
    WICK_DTYPE_AUTO = 0, /* not given: the call picks the dtype by PyTorch's rule for it */
    WICK_DTYPES(WICK_ENUMERATOR_)
} wick_dtype;
#undef WICK_ENUMERATOR_

/* "float32", "int64" and so on; "auto" for WICK_DTYPE_AUTO. */
WICK_API const char *wick_dtype_name(wick_dtype dtype);

/* Bytes per element. */
WICK_API size_t wick_dtype_size(wick_dtype dtype);

/* Whether it is float32 or float64: only these carry gradients. */
WICK_API bool wick_dtype_is_floating(wick_dtype dtype);

/* The dtype that holds both, as torch.promote_types: bool < uint8 < int64 < float32 < float64. */
WICK_API wick_dtype wick_promote_types(wick_dtype a, wick_dtype b);

/* The dtype of tensors that are made without one, as torch.set_default_dtype; float32 at the start. Process-wide.
 * False, with an error, if it is not a floating-point dtype. */
WICK_API bool wick_set_default_dtype(wick_dtype dtype);
WICK_API wick_dtype wick_default_dtype(void);

/* Where a tensor lives. There is the CPU; asking for another device is an error that says so. */
typedef enum wick_device_type { WICK_DEVICE_CPU, WICK_DEVICE_CUDA } wick_device_type;
typedef struct wick_device {
    wick_device_type type;
    int index;
} wick_device;

/* torch.device("cpu") and torch.device("cuda:index"). */
WICK_API wick_device wick_cpu(void);
WICK_API wick_device wick_cuda(int index);

/* Always false: there is no CUDA backend yet. */
WICK_API bool wick_cuda_is_available(void);

WICK_END_DECLS
