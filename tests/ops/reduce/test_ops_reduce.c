/* test_ops_reduce.c - the rows of the reductions. */
#include "../op_suite.h"

/* Numbers of a call: how (0 all, 1 .dim, 2 .dims), keepdim, an option of the operation's own, the dimensions. */

static wick_reduce_options dims_of(const int64_t *whole, int args)
{
    wick_reduce_options o = {.size_ = sizeof o, .dim = WICK_UNSET, .keepdim = whole[1] != 0};
    if (whole[0] == 1)
        o.dim = whole[3];
    if (whole[0] == 2) {
        for (int i = 3; i < args; i++)
            o.dims.dim[o.dims.count++] = whole[i];
    }
    return o;
}

static wick_tensor *reduce(wick_tensor *(*f)(wick_tensor *, const wick_reduce_options *), wick_tensor *x,
                           const int64_t *whole, int args)
{
    const wick_reduce_options o = dims_of(whole, args);
    return f(x, &o);
}

/* The option: 2 + k for .dtype = k. */
static wick_dtype dtype_of(const int64_t *whole)
{
    return whole[2] > 1 ? WICK_FLOAT32 + (int)(whole[2] - 2) : WICK_DTYPE_AUTO;
}

static wick_tensor *sum(wick_tensor *(*f)(wick_tensor *, const wick_sum_options *), wick_tensor *x,
                        const int64_t *whole, int args)
{
    const wick_reduce_options dims = dims_of(whole, args);
    const wick_sum_options o = {.size_ = sizeof o, 0, dims.dim, dims.keepdim, dims.dims, dtype_of(whole)};
    return f(x, &o);
}

static wick_tensor *prod(wick_tensor *x, const int64_t *whole, int args)
{
    const wick_reduce_options dims = dims_of(whole, args);
    const wick_prod_options o = {.size_ = sizeof o, 0, dims.dim, dims.keepdim, dtype_of(whole)};
    return wick_prod_opt(x, &o);
}

/* The option: 1 to return the indices. */
static wick_tensor *max(wick_tensor *(*f)(wick_tensor *, const wick_max_options *), wick_tensor *x,
                        const int64_t *whole, int args)
{
    wick_tensor *indices = NULL;
    const wick_reduce_options dims = dims_of(whole, args);
    const wick_max_options o = {.size_ = sizeof o, 0, dims.dim, dims.keepdim, whole[2] == 1 ? &indices : NULL};
    wick_tensor *values = f(x, &o);
    return whole[2] == 1 ? indices : values;
}

static wick_tensor *argmax(wick_tensor *(*f)(wick_tensor *, const wick_argmax_options *), wick_tensor *x,
                           const int64_t *whole, int args)
{
    const wick_reduce_options dims = dims_of(whole, args);
    const wick_argmax_options o = {.size_ = sizeof o, 0, dims.dim, dims.keepdim};
    return f(x, &o);
}

/* The option: correction. */
static wick_tensor *var(wick_tensor *(*f)(wick_tensor *, const wick_var_options *), wick_tensor *x, const double *real,
                        const int64_t *whole, int args)
{
    wick_reduce_options dims = dims_of(whole, args);
    wick_var_options o = {.size_ = sizeof o, 0, WICK_VAR_DEFAULTS};
    o.dim = dims.dim;
    o.keepdim = dims.keepdim;
    o.dims = dims.dims;
    o.correction = real[2];
    return f(x, &o);
}

/* The option: p. */
static wick_tensor *norm(wick_tensor *x, const double *real, const int64_t *whole, int args)
{
    wick_reduce_options dims = dims_of(whole, args);
    wick_norm_options o = {.size_ = sizeof o, 0, WICK_NORM_DEFAULTS};
    o.dim = dims.dim;
    o.keepdim = dims.keepdim;
    o.dims = dims.dims;
    o.p = real[2];
    return wick_norm_opt(x, &o);
}

#define BY(kind, f) kind(wick_##f##_opt, in[0], whole, args)
#define ROWS(X)                                                          \
    X(sum, SUMMED, CHECKED, BY(sum, sum))                                \
    X(mean, SUMMED, CHECKED, BY(sum, mean))                              \
    X(nansum, SUMMED, CHECKED, BY(sum, nansum))                          \
    X(nanmean, SUMMED, CHECKED, BY(sum, nanmean))                        \
    X(prod, SCALED, CHECKED, prod(in[0], whole, args))                   \
    X(count_nonzero, EXACT, NO_GRAD, BY(reduce, count_nonzero))          \
    X(any, EXACT, NO_GRAD, BY(reduce, any))                              \
    X(all, EXACT, NO_GRAD, BY(reduce, all))                              \
    X(max, EXACT, CHECKED, BY(max, max))                                 \
    X(min, EXACT, CHECKED, BY(max, min))                                 \
    X(argmax, EXACT, NO_GRAD, BY(argmax, argmax))                        \
    X(argmin, EXACT, NO_GRAD, BY(argmax, argmin))                        \
    X(amax, EXACT, CHECKED, BY(reduce, amax))                            \
    X(amin, EXACT, CHECKED, BY(reduce, amin))                            \
    X(median, EXACT, CHECKED, BY(max, median))                           \
    X(logsumexp, SCALED, CHECKED, BY(reduce, logsumexp))                 \
    X(var, SCALED, CHECKED, var(wick_var_opt, in[0], real, whole, args)) \
    X(std, SCALED, CHECKED, var(wick_std_opt, in[0], real, whole, args)) \
    X(norm, SCALED, CHECKED, norm(in[0], real, whole, args))             \
    X(cumsum, SUMMED, CHECKED, wick_cumsum(in[0], whole[0]))             \
    X(cumprod, SCALED, CHECKED, wick_cumprod(in[0], whole[0]))           \
    X(cumsum_, SUMMED, CHECKED, ON_COPY(wick_cumsum_(target, whole[1]))) \
    X(cumprod_, SCALED, CHECKED, ON_COPY(wick_cumprod_(target, whole[1])))

OP_FAMILY(reduce, ROWS)

Suite *ops_reduce_suite(void) { return op_suite(&family, enter); }
