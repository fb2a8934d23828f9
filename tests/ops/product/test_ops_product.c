/* test_ops_product.c - the rows of the products. */
#include "../op_suite.h"

/* .beta and .alpha, where they are given. */
static wick_tensor *addmm(wick_tensor *(*f)(wick_tensor *, wick_tensor *, wick_tensor *, const wick_addmm_options *),
                          wick_tensor *const *in, const double *real, int args)
{
    wick_addmm_options o = {.size_ = sizeof o, 0, WICK_ADDMM_DEFAULTS};
    if (args > 1) {
        o.beta = real[0];
        o.alpha = real[1];
    }
    return f(in[0], in[1], in[2], &o);
}

/* The equation's characters are the digits, in base 128, of the numbers, seven a number. */
static wick_tensor *einsum(wick_tensor *const *in, int n, const int64_t *whole, int args)
{
    char equation[7 * REF_MAX_ARGS + 1], *end = equation;
    for (int i = 0; i < args; i++)
        for (int64_t rest = whole[i]; rest > 0; rest /= 128)
            *end++ = (char)(rest % 128);
    *end = '\0';
    return wick_einsum_from(equation, wick_list_n(in, n));
}

#define ROWS(X)                                                                                           \
    X(matmul, SUMMED, CHECKED, wick_matmul(in[0], in[1]))                                                 \
    X(mm, SUMMED, CHECKED, wick_mm(in[0], in[1]))                                                         \
    X(mv, SUMMED, CHECKED, wick_mv(in[0], in[1]))                                                         \
    X(dot, SUMMED, CHECKED, wick_dot(in[0], in[1]))                                                       \
    X(outer, ULPS, CHECKED, wick_outer(in[0], in[1]))                                                     \
    X(bmm, SUMMED, CHECKED, wick_bmm(in[0], in[1]))                                                       \
    X(addmm, SUMMED, CHECKED, addmm(wick_addmm_opt, in, real, args))                                      \
    X(baddbmm, SUMMED, CHECKED, addmm(wick_baddbmm_opt, in, real, args))                                  \
    X(linear, SUMMED, CHECKED | NULL_FROM(2), wick_linear(in[0], in[1], n > 2 ? in[2] : NULL))            \
    X(bilinear, SUMMED, CHECKED | NULL_FROM(3), wick_bilinear(in[0], in[1], in[2], n > 3 ? in[3] : NULL)) \
    X(einsum, SUMMED, CHECKED, einsum(in, n, whole, args))

OP_FAMILY(product, ROWS)

Suite *ops_product_suite(void) { return op_suite(&family, enter); }
