/* dtype.c - element types, promotion between them, and devices. */
#include "dtype.h"

#include <stdatomic.h>

#include "tensor_struct.h"

const char *wick_dtype_name(wick_dtype dtype)
{
    static const char *const names[] = {
#define NAME(enumerator, value, type, name) [WK_DTYPE_INDEX(enumerator)] = #name,
        WICK_DTYPES(NAME)
#undef NAME
    };
    return wk_is_dtype(dtype) ? names[WK_DTYPE_INDEX(dtype)] : "auto";
}

const char *wk_dtype_enumerator(int64_t value)
{
    static const char *const names[] = {
#define NAME(enumerator, value, type, name) [WK_DTYPE_INDEX(enumerator)] = #enumerator,
        WICK_DTYPES(NAME)
#undef NAME
    };
    return wk_is_dtype(value) ? names[WK_DTYPE_INDEX(value)] : NULL;
}

bool wk_check_whole(const char *function, const char *name, int64_t value)
{
    if (wk_is_dtype(value))
        wick_fail(WICK_ERROR_ARGUMENT, "%s: %s is %lld", function, name, (long long)value);
    return !wk_is_dtype(value);
}

size_t wick_dtype_size(wick_dtype dtype) { return wk_is_dtype(dtype) ? (size_t)wk_element_size(dtype) : 0; }

bool wick_dtype_is_floating(wick_dtype dtype) { return dtype == WICK_FLOAT32 || dtype == WICK_FLOAT64; }

/* The order of promotion: each holds those of lower rank. */
static int rank(wick_dtype dtype)
{
    static const int ranks[] = {[WK_DTYPE_INDEX(WICK_BOOL)] = 0,
                                [WK_DTYPE_INDEX(WICK_UINT8)] = 1,
                                [WK_DTYPE_INDEX(WICK_INT64)] = 2,
                                [WK_DTYPE_INDEX(WICK_FLOAT32)] = 3,
                                [WK_DTYPE_INDEX(WICK_FLOAT64)] = 4};
    return ranks[WK_DTYPE_INDEX(dtype)];
}

wick_dtype wick_promote_types(wick_dtype a, wick_dtype b)
{
    WK_ENTER;
    if (!wk_is_dtype(a) || !wk_is_dtype(b)) {
        wick_fail(WICK_ERROR_DTYPE, "wick_promote_types: %d and %d are not both dtypes", (int)a, (int)b);
        return WICK_DTYPE_AUTO;
    }
    return rank(a) > rank(b) ? a : b;
}

/* bool, integers, floating point. */
static int category(wick_dtype dtype) { return dtype == WICK_BOOL ? 0 : wick_dtype_is_floating(dtype) ? 2 : 1; }

wick_dtype wk_result_type(const wick_tensor *a, const wick_tensor *b)
{
    if (!b)
        return a->dtype;
    /* What decides first: tensors with dimensions, then 0-dimensional ones, then numbers. */
    int level_a = a->is_number ? 2 : a->ndim == 0, level_b = b->is_number ? 2 : b->ndim == 0;
    wick_dtype high = level_a <= level_b ? a->dtype : b->dtype;
    wick_dtype low = level_a <= level_b ? b->dtype : a->dtype;
    wick_dtype both = level_a == level_b ? wick_promote_types(high, low) : category(low) <= category(high) ? high : low;
    /* Where a number decides, its category does, and not its precision: Python's float is of the default dtype. */
    bool number = level_a == 2 ? level_b == 2 || both != b->dtype : level_b == 2 && both != a->dtype;
    return number && category(both) == 2 ? wick_default_dtype() : both;
}

bool wk_check_floating(const char *function, const wick_tensor *t, const char *name)
{
    if (!wick_dtype_is_floating(t->dtype))
        wick_fail(WICK_ERROR_DTYPE, "%s: %s must be of a floating-point dtype, not %s; convert it with wick_to",
                  function, name, wick_dtype_name(t->dtype));
    return wick_dtype_is_floating(t->dtype);
}

bool wk_can_hold(wick_dtype to, wick_dtype from) { return category(from) <= category(to); }

static atomic_int default_dtype = WICK_FLOAT32;

wick_dtype wick_default_dtype(void) { return (wick_dtype)atomic_load_explicit(&default_dtype, memory_order_relaxed); }

bool wick_set_default_dtype(wick_dtype dtype)
{
    WK_ENTER;
    if (!wick_dtype_is_floating(dtype)) {
        wick_fail(WICK_ERROR_DTYPE, "wick_set_default_dtype: %s is not a floating-point dtype", wick_dtype_name(dtype));
        return false;
    }
    atomic_store(&default_dtype, dtype);
    return true;
}

wick_device wick_cpu(void) { return (wick_device){WICK_DEVICE_CPU, 0}; }
wick_device wick_cuda(int index) { return (wick_device){WICK_DEVICE_CUDA, index}; }
bool wick_cuda_is_available(void) { return false; }
