/* op_table.h - one row an operation: what tests/test_ops.c drives.
 *
 * A row is: the public name without wick_, how its values compare with PyTorch's, what its gradient is (op_replay.h),
 * and the call, which sees in, n, real, whole and args. An operation in place is called on a copy, or on a row of it.
 * Adding an operation adds a row here and cases in reference/ops.py; scripts/check_op_rows.sh fails where one lacks. */
#ifndef WICK_TESTS_OP_TABLE_H
#define WICK_TESTS_OP_TABLE_H

#include "op_replay.h"

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

/* Numbers: reduction, whether a weight and a pos_weight follow the two inputs, ignore_index, label_smoothing. */
static wick_loss_options loss_options(wick_tensor *const *in, const double *real, const int64_t *whole, int args)
{
    wick_loss_options o = {WICK_LOSS_DEFAULTS};
    int next = 2;
    o.reduction = (wick_reduction)whole[0];
    if (args > 1 && whole[1])
        o.weight = in[next++];
    if (args > 2 && whole[2])
        o.pos_weight = in[next];
    if (args > 3)
        o.ignore_index = whole[3];
    if (args > 4)
        o.label_smoothing = real[4];
    return o;
}

/* The call, which must return its first argument, on a copy of in[0], or (whole[0]: 1) on row 1 of the copy. */
#define ON_COPY(call)                                                                 \
    (y = wick_clone(in[0]), target = args > 0 && whole[0] ? wick_select(y, 0, 1) : y, \
     target && (call) == target ? y : NULL)
#define LOSS loss_options(in, real, whole, args)

#define OP_TABLE(X)                                                                             \
    X(add, ULPS, CHECKED, wick_add(in[0], in[1]))                                               \
    X(sub, ULPS, CHECKED, wick_sub(in[0], in[1]))                                               \
    X(mul, ULPS, CHECKED, wick_mul(in[0], in[1]))                                               \
    X(div, ULPS, CHECKED, wick_div(in[0], in[1]))                                               \
    X(pow, ULPS, CHECKED, wick_pow(in[0], in[1]))                                               \
    X(maximum, EXACT, CHECKED, wick_maximum(in[0], in[1]))                                      \
    X(minimum, EXACT, CHECKED, wick_minimum(in[0], in[1]))                                      \
    X(eq, EXACT, NO_GRAD, wick_eq(in[0], in[1]))                                                \
    X(ne, EXACT, NO_GRAD, wick_ne(in[0], in[1]))                                                \
    X(lt, EXACT, NO_GRAD, wick_lt(in[0], in[1]))                                                \
    X(le, EXACT, NO_GRAD, wick_le(in[0], in[1]))                                                \
    X(gt, EXACT, NO_GRAD, wick_gt(in[0], in[1]))                                                \
    X(ge, EXACT, NO_GRAD, wick_ge(in[0], in[1]))                                                \
    X(where, EXACT, CHECKED, wick_where(in[0], in[1], in[2]))                                   \
    X(add_, ULPS, CHECKED, ON_COPY(wick_add_(target, in[1])))                                   \
    X(sub_, ULPS, CHECKED, ON_COPY(wick_sub_(target, in[1])))                                   \
    X(mul_, ULPS, CHECKED, ON_COPY(wick_mul_(target, in[1])))                                   \
    X(div_, ULPS, CHECKED, ON_COPY(wick_div_(target, in[1])))                                   \
    X(neg, EXACT, CHECKED, wick_neg(in[0]))                                                     \
    X(abs, EXACT, CHECKED, wick_abs(in[0]))                                                     \
    X(exp, ULPS, CHECKED, wick_exp(in[0]))                                                      \
    X(exp2, ULPS, CHECKED, wick_exp2(in[0]))                                                    \
    X(expm1, ULPS, CHECKED, wick_expm1(in[0]))                                                  \
    X(log, ULPS, CHECKED, wick_log(in[0]))                                                      \
    X(log1p, ULPS, CHECKED, wick_log1p(in[0]))                                                  \
    X(log2, ULPS, CHECKED, wick_log2(in[0]))                                                    \
    X(log10, ULPS, CHECKED, wick_log10(in[0]))                                                  \
    X(sqrt, ULPS, CHECKED, wick_sqrt(in[0]))                                                    \
    X(rsqrt, ULPS, CHECKED, wick_rsqrt(in[0]))                                                  \
    X(reciprocal, ULPS, CHECKED, wick_reciprocal(in[0]))                                        \
    X(sign, EXACT, ZERO_GRAD, wick_sign(in[0]))                                                 \
    X(square, ULPS, CHECKED, wick_square(in[0]))                                                \
    X(relu, EXACT, CHECKED, wick_relu(in[0]))                                                   \
    X(sigmoid, ULPS, CHECKED, wick_sigmoid(in[0]))                                              \
    X(tanh, ULPS, CHECKED, wick_tanh(in[0]))                                                    \
    X(sinh, ULPS, CHECKED, wick_sinh(in[0]))                                                    \
    X(cosh, ULPS, CHECKED, wick_cosh(in[0]))                                                    \
    X(asinh, ULPS, CHECKED, wick_asinh(in[0]))                                                  \
    X(acosh, ULPS, CHECKED, wick_acosh(in[0]))                                                  \
    X(atanh, ULPS, CHECKED, wick_atanh(in[0]))                                                  \
    X(sin, ULPS, CHECKED, wick_sin(in[0]))                                                      \
    X(cos, ULPS, CHECKED, wick_cos(in[0]))                                                      \
    X(tan, ULPS, CHECKED, wick_tan(in[0]))                                                      \
    X(asin, ULPS, CHECKED, wick_asin(in[0]))                                                    \
    X(acos, ULPS, CHECKED, wick_acos(in[0]))                                                    \
    X(atan, ULPS, CHECKED, wick_atan(in[0]))                                                    \
    X(erf, ULPS, CHECKED, wick_erf(in[0]))                                                      \
    X(erfc, ULPS, CHECKED, wick_erfc(in[0]))                                                    \
    X(floor, EXACT, ZERO_GRAD, wick_floor(in[0]))                                               \
    X(ceil, EXACT, ZERO_GRAD, wick_ceil(in[0]))                                                 \
    X(round, EXACT, ZERO_GRAD, wick_round(in[0]))                                               \
    X(trunc, EXACT, ZERO_GRAD, wick_trunc(in[0]))                                               \
    X(frac, EXACT, CHECKED, wick_frac(in[0]))                                                   \
    X(isnan, EXACT, NO_GRAD, wick_isnan(in[0]))                                                 \
    X(isinf, EXACT, NO_GRAD, wick_isinf(in[0]))                                                 \
    X(isfinite, EXACT, NO_GRAD, wick_isfinite(in[0]))                                           \
    X(clamp, EXACT, CHECKED, wick_clamp(in[0], real[0], real[1]))                               \
    X(dropout, ULPS, CHECKED, wick_dropout(in[0], real[0], whole[1] != 0))                      \
    X(matmul, SUMMED, CHECKED, wick_matmul(in[0], in[1]))                                       \
    X(mm, SUMMED, CHECKED, wick_mm(in[0], in[1]))                                               \
    X(addmm, SUMMED, CHECKED, wick_addmm(in[0], in[1], in[2]))                                  \
    X(linear, SUMMED, CHECKED, wick_linear(in[0], in[1], n > 2 ? in[2] : NULL))                 \
    X(sum, SUMMED, CHECKED, reduce(wick_sum_opt, in[0], whole, args))                           \
    X(mean, SUMMED, CHECKED, reduce(wick_mean_opt, in[0], whole, args))                         \
    X(max, EXACT, CHECKED, reduce(wick_max_opt, in[0], whole, args))                            \
    X(min, EXACT, CHECKED, reduce(wick_min_opt, in[0], whole, args))                            \
    X(argmax, EXACT, NO_GRAD, reduce(wick_argmax_opt, in[0], whole, args))                      \
    X(argmin, EXACT, NO_GRAD, reduce(wick_argmin_opt, in[0], whole, args))                      \
    X(softmax, SCALED, CHECKED, wick_softmax(in[0], whole[0]))                                  \
    X(log_softmax, SCALED, CHECKED, wick_log_softmax(in[0], whole[0]))                          \
    X(reshape, EXACT, CHECKED, wick_reshape_n(in[0], whole, args))                              \
    X(view, EXACT, CHECKED, wick_view_n(in[0], whole, args))                                    \
    X(transpose, EXACT, CHECKED, wick_transpose(in[0], whole[0], whole[1]))                     \
    X(t, EXACT, CHECKED, wick_t(in[0]))                                                         \
    X(permute, EXACT, CHECKED, wick_permute_n(in[0], whole, args))                              \
    X(squeeze, EXACT, CHECKED, wick_squeeze(in[0], whole[0]))                                   \
    X(unsqueeze, EXACT, CHECKED, wick_unsqueeze(in[0], whole[0]))                               \
    X(flatten, EXACT, CHECKED, wick_flatten(in[0], whole[0], whole[1]))                         \
    X(expand, EXACT, CHECKED, wick_expand_n(in[0], whole, args))                                \
    X(slice, EXACT, CHECKED, wick_slice(in[0], whole[0], whole[1], whole[2], whole[3]))         \
    X(narrow, EXACT, CHECKED, wick_narrow(in[0], whole[0], whole[1], whole[2]))                 \
    X(select, EXACT, CHECKED, wick_select(in[0], whole[0], whole[1]))                           \
    X(cat, EXACT, CHECKED, wick_cat(wick_list_n(in, n), whole[0]))                              \
    X(stack, EXACT, CHECKED, wick_stack(wick_list_n(in, n), whole[0]))                          \
    X(index, EXACT, CHECKED, wick_index(in[0], wick_list_n(in + 1, n - 1)))                     \
    X(clone, EXACT, CHECKED, wick_clone(in[0]))                                                 \
    X(contiguous, EXACT, CHECKED, wick_contiguous(in[0]))                                       \
    X(to_dtype, EXACT, CHECKED, wick_to_dtype(in[0], (wick_dtype)whole[0]))                     \
    X(to_device, EXACT, CHECKED, wick_to_device(in[0], whole[0] ? wick_cuda(0) : wick_cpu()))   \
    X(fill_, EXACT, ZERO_GRAD, ON_COPY(wick_fill_(target, real[1])))                            \
    X(zero_, EXACT, ZERO_GRAD, ON_COPY(wick_zero_(target)))                                     \
    X(copy_, EXACT, CHECKED, ON_COPY(wick_copy_(target, in[1])))                                \
    X(mse_loss, SCALED, CHECKED, wick_mse_loss_opt(in[0], in[1], LOSS))                         \
    X(binary_cross_entropy, SCALED, CHECKED, wick_binary_cross_entropy_opt(in[0], in[1], LOSS)) \
    X(binary_cross_entropy_with_logits, SCALED, CHECKED,                                        \
      wick_binary_cross_entropy_with_logits_opt(in[0], in[1], LOSS))                            \
    X(nll_loss, SUMMED, CHECKED, wick_nll_loss_opt(in[0], in[1], LOSS))                         \
    X(cross_entropy, SCALED, CHECKED, wick_cross_entropy_opt(in[0], in[1], LOSS))

#define OP_FUNCTION_(name, compare, gradient, call)                                                                   \
    static wick_tensor *row_##name(wick_tensor *const *in, int n, const double *real, const int64_t *whole, int args) \
    {                                                                                                                 \
        wick_tensor *y = NULL, *target = NULL;                                                                        \
        (void)in, (void)n, (void)real, (void)whole, (void)args, (void)y, (void)target;                                \
        return call;                                                                                                  \
    }
OP_TABLE(OP_FUNCTION_)

#define OP_ROW_(name, compare, gradient, call) {#name, compare, gradient, row_##name},
static const op_row op_rows[] = {OP_TABLE(OP_ROW_)};
enum { OP_ROWS = sizeof op_rows / sizeof *op_rows };

#endif
