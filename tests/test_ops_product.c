/* test_ops_product.c - the rows of the products. */
#include "op_suite.h"

#define ROWS(X)                                                \
    X(matmul, SUMMED, CHECKED, wick_matmul(in[0], in[1]))      \
    X(mm, SUMMED, CHECKED, wick_mm(in[0], in[1]))              \
    X(addmm, SUMMED, CHECKED, wick_addmm(in[0], in[1], in[2])) \
    X(linear, SUMMED, CHECKED | NULL_FROM(2), wick_linear(in[0], in[1], n > 2 ? in[2] : NULL))

OP_FAMILY(product, ROWS)

Suite *ops_product_suite(void) { return op_suite(&family, enter); }
