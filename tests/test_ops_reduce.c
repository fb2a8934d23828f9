/* test_ops_reduce.c - the rows of the reductions. */
#include "op_suite.h"

/* whole[]: how (0 all, 1 .dim, 2 .dims), keepdim, whether to return the indices, the dimensions. */
static wick_reduce_options reduce_options(const int64_t *whole, int args, wick_tensor **indices)
{
    wick_reduce_options o = {WICK_REDUCE_DEFAULTS};
    o.keepdim = whole[1] != 0;
    o.indices = whole[2] ? indices : NULL;
    if (whole[0] == 1)
        o.dim = whole[3];
    if (whole[0] == 2) {
        for (int i = 3; i < args; i++)
            o.dims.dim[o.dims.count++] = whole[i];
    }
    return o;
}

static wick_tensor *reduce(wick_tensor *(*f)(wick_tensor *, wick_reduce_options), wick_tensor *x, const int64_t *whole,
                           int args)
{
    wick_tensor *indices = NULL;
    wick_tensor *values = f(x, reduce_options(whole, args, &indices));
    return whole[2] ? indices : values;
}

#define ROWS(X)                                                            \
    X(sum, SUMMED, CHECKED, reduce(wick_sum_opt, in[0], whole, args))      \
    X(mean, SUMMED, CHECKED, reduce(wick_mean_opt, in[0], whole, args))    \
    X(max, EXACT, CHECKED, reduce(wick_max_opt, in[0], whole, args))       \
    X(min, EXACT, CHECKED, reduce(wick_min_opt, in[0], whole, args))       \
    X(argmax, EXACT, NO_GRAD, reduce(wick_argmax_opt, in[0], whole, args)) \
    X(argmin, EXACT, NO_GRAD, reduce(wick_argmin_opt, in[0], whole, args))

OP_FAMILY(reduce, ROWS)

Suite *ops_reduce_suite(void) { return op_suite(&family, enter); }
