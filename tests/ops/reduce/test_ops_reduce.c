/* test_ops_reduce.c - the rows of the reductions. */
#include "../op_suite.h"

/* Numbers of a call: how (0 all, 1 .dim, 2 .dims), keepdim, an option of the operation's own, the dimensions. */

static wick_reduce_options dims_of(const int64_t *whole, int args)
{
    wick_reduce_options o = {sizeof o, WICK_REDUCE_DEFAULTS};
    o.keepdim = whole[1] != 0;
    if (whole[0] == 1)
        o.dim = whole[3];
    if (whole[0] == 2) {
        for (int i = 3; i < args; i++)
            o.dims.dim[o.dims.count++] = whole[i];
    }
    return o;
}

/* The option: 1 to return the indices; 2 + k for .dtype = k. */
static wick_tensor *reduce(wick_tensor *(*f)(wick_tensor *, const wick_reduce_options *), wick_tensor *x,
                           const int64_t *whole, int args)
{
    wick_tensor *indices = NULL;
    wick_reduce_options o = dims_of(whole, args);
    if (whole[2] == 1)
        o.indices = &indices;
    if (whole[2] > 1)
        o.dtype = WICK_FLOAT32 + (int)(whole[2] - 2);
    wick_tensor *values = f(x, &o);
    return whole[2] == 1 ? indices : values;
}

/* The option: correction. */
static wick_tensor *var(wick_tensor *(*f)(wick_tensor *, const wick_var_options *), wick_tensor *x, const double *real,
                        const int64_t *whole, int args)
{
    wick_reduce_options dims = dims_of(whole, args);
    wick_var_options o = {sizeof o, WICK_VAR_DEFAULTS};
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
    wick_norm_options o = {sizeof o, WICK_NORM_DEFAULTS};
    o.dim = dims.dim;
    o.keepdim = dims.keepdim;
    o.dims = dims.dims;
    o.p = real[2];
    return wick_norm_opt(x, &o);
}

#define REDUCTION(f) reduce(wick_##f##_opt, in[0], whole, args)
#define ROWS(X)                                                          \
    X(sum, SUMMED, CHECKED, REDUCTION(sum))                              \
    X(mean, SUMMED, CHECKED, REDUCTION(mean))                            \
    X(nansum, SUMMED, CHECKED, REDUCTION(nansum))                        \
    X(nanmean, SUMMED, CHECKED, REDUCTION(nanmean))                      \
    X(prod, SCALED, CHECKED, REDUCTION(prod))                            \
    X(count_nonzero, EXACT, NO_GRAD, REDUCTION(count_nonzero))           \
    X(any, EXACT, NO_GRAD, REDUCTION(any))                               \
    X(all, EXACT, NO_GRAD, REDUCTION(all))                               \
    X(max, EXACT, CHECKED, REDUCTION(max))                               \
    X(min, EXACT, CHECKED, REDUCTION(min))                               \
    X(argmax, EXACT, NO_GRAD, REDUCTION(argmax))                         \
    X(argmin, EXACT, NO_GRAD, REDUCTION(argmin))                         \
    X(amax, EXACT, CHECKED, REDUCTION(amax))                             \
    X(amin, EXACT, CHECKED, REDUCTION(amin))                             \
    X(median, EXACT, CHECKED, REDUCTION(median))                         \
    X(logsumexp, SCALED, CHECKED, REDUCTION(logsumexp))                  \
    X(var, SCALED, CHECKED, var(wick_var_opt, in[0], real, whole, args)) \
    X(std, SCALED, CHECKED, var(wick_std_opt, in[0], real, whole, args)) \
    X(norm, SCALED, CHECKED, norm(in[0], real, whole, args))             \
    X(cumsum, SUMMED, CHECKED, wick_cumsum(in[0], whole[0]))             \
    X(cumprod, SCALED, CHECKED, wick_cumprod(in[0], whole[0]))           \
    X(cumsum_, SUMMED, CHECKED, ON_COPY(wick_cumsum_(target, whole[1]))) \
    X(cumprod_, SCALED, CHECKED, ON_COPY(wick_cumprod_(target, whole[1])))

OP_FAMILY(reduce, ROWS)

Suite *ops_reduce_suite(void) { return op_suite(&family, enter); }
