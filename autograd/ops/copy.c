/* copy.c - copies: clone, contiguous, conversions, and writing whole tensors in place. */
#include "../../tensor/kernels.h"
#include "../../tensor/thread.h"
#include "../node.h"

/* clone    y = x                          dx = dy */
GRAD(copy_d) { return dy; }
static const wk_op clone_op = {"CloneBackward0", {{copy_d, 0, NULL}}, false};

wick_tensor *wick_clone(wick_tensor *x)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_clone", "x"))
        return NULL;
    wick_tensor *y = wk_new_like(x);
    if (y)
        wk_copy(y, x);
    return wk_record(&clone_op, NULL, y, x, NULL, NULL);
}

wick_tensor *wick_contiguous(wick_tensor *x)
{
    WK_ENTER;
    if (!WK_TENSOR(x, "wick_contiguous", "x"))
        return NULL;
    return x->contiguous ? wk_own(wk_ref(x)) : wick_clone(x);
}

/* to       y = x in another dtype         dx = dy, in x's dtype, which the engine sees to */
static const wk_op to_op = {"ToCopyBackward0", {{copy_d, 0, NULL}}, false};

wick_tensor *wick_to_dtype(wick_tensor *x, wick_dtype dtype)
{
    WK_ENTER_AS("wick_to");
    if (!WK_TENSOR(x, "wick_to", "x"))
        return NULL;
    if (!wk_is_dtype(dtype))
        return wick_fail(WICK_ERROR_DTYPE, "wick_to: %d is not a dtype", (int)dtype);
    if (x->dtype == dtype)
        return wk_own(wk_ref(x));
    wick_tensor *y = wk_cast(x, dtype);
    return wick_dtype_is_floating(dtype) ? wk_record(&to_op, NULL, y, x, NULL, NULL) : wk_own(y);
}

wick_tensor *wick_to_device(wick_tensor *x, wick_device device)
{
    WK_ENTER_AS("wick_to");
    if (!WK_TENSOR(x, "wick_to", "x"))
        return NULL;
    if (device.type != WICK_DEVICE_CPU)
        return wick_fail(
            WICK_ERROR_DEVICE,
            "wick_to: there is no CUDA device in this build; ask wick_cuda_is_available(), and use wick_cpu()");
    return wk_own(wk_ref(x));
}

/* ---- In place --------------------------------------------------------------------------------------------------------------- */

/* fill_    x = value                      dx = 0 */
static const wk_op fill_op = {"FillBackward2", {{wk_zero_rule, 0, NULL}}, false};
static const wk_op zero_op = {"ZeroBackward0", {{wk_zero_rule, 0, NULL}}, false};

static wick_tensor *fill(const char *function, const wk_op *op, wick_tensor *x, wick_number value)
{
    if (!WK_TENSOR(x, function, "x") || !wk_check_writable(function, x, true) ||
        !wk_check_number(function, value, x->dtype))
        return NULL;
    bool recorded;
    if (!wk_recording(x, NULL, &recorded))
        return NULL;
    if (recorded) {
        WICK_SCOPE;
        wick_tensor *y = wk_new_like(x);
        if (y)
            wk_fill_number(y, value);
        return wk_assign(function, x, wk_record(op, NULL, y, x, NULL, NULL));
    }
    wk_fill_number(x, value);
    wk_bump_version(x, function);
    return x;
}

#undef wick_fill_
wick_tensor *wick_fill_(wick_tensor *x, wick_number value)
{
    WK_ENTER;
    return fill("wick_fill_", &fill_op, x, value);
}
wick_tensor *wick_zero_(wick_tensor *x)
{
    WK_ENTER;
    return fill("wick_zero_", &zero_op, x, wick_number_int(0));
}

/* copy_    x = source, broadcast          dx = 0          dsource = dy */
static const wk_op copy_op = {"CopyBackwards", {{wk_zero_rule, 0, NULL}, {copy_d, 0, NULL}}, false};

wick_tensor *wick_copy_(wick_tensor *x, wick_tensor *source)
{
    WK_ENTER;
    const char *function = "wick_copy_";
    if (!WK_TENSOR(x, function, "x") || !WK_TENSOR(source, function, "source") ||
        !wk_check_writable(function, x, false))
        return NULL;
    if (!wk_broadcasts_to(function, source, x->shape, x->ndim))
        return NULL;
    bool recorded = false;
    if (wick_dtype_is_floating(x->dtype) && !wk_recording(x, source, &recorded))
        return NULL;
    WICK_SCOPE;
    if (recorded) {
        wick_tensor *y = wk_new_like(x);
        if (y)
            wk_copy(y, source);
        return wk_assign(function, x, wk_record(&copy_op, NULL, y, x, source, NULL));
    }
    if (x->storage == source->storage && x != source) { /* which may overlap */
        source = wick_clone(source);
        if (!source)
            return NULL;
    }
    wk_copy(x, source);
    wk_bump_version(x, function);
    return x;
}
