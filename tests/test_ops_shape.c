/* test_ops_shape.c - the rows of the shapes, joining and copies. */
#include "op_suite.h"

#define ROWS(X)                                                                         \
    X(reshape, EXACT, CHECKED, wick_reshape_n(in[0], whole, args))                      \
    X(view, EXACT, CHECKED, wick_view_n(in[0], whole, args))                            \
    X(transpose, EXACT, CHECKED, wick_transpose(in[0], whole[0], whole[1]))             \
    X(t, EXACT, CHECKED, wick_t(in[0]))                                                 \
    X(permute, EXACT, CHECKED, wick_permute_n(in[0], whole, args))                      \
    X(squeeze, EXACT, CHECKED, wick_squeeze(in[0], whole[0]))                           \
    X(unsqueeze, EXACT, CHECKED, wick_unsqueeze(in[0], whole[0]))                       \
    X(flatten, EXACT, CHECKED, wick_flatten(in[0], whole[0], whole[1]))                 \
    X(expand, EXACT, CHECKED, wick_expand_n(in[0], whole, args))                        \
    X(slice, EXACT, CHECKED, wick_slice(in[0], whole[0], whole[1], whole[2], whole[3])) \
    X(narrow, EXACT, CHECKED, wick_narrow(in[0], whole[0], whole[1], whole[2]))         \
    X(select, EXACT, CHECKED, wick_select(in[0], whole[0], whole[1]))                   \
    X(cat, EXACT, CHECKED, wick_cat(wick_list_n(in, n), whole[0]))                      \
    X(stack, EXACT, CHECKED, wick_stack(wick_list_n(in, n), whole[0]))                  \
    X(clone, EXACT, CHECKED, wick_clone(in[0]))                                         \
    X(contiguous, EXACT, CHECKED, wick_contiguous(in[0]))                               \
    X(to_dtype, EXACT, CHECKED, wick_to_dtype(in[0], (wick_dtype)whole[0]))             \
    X(to_device, EXACT, CHECKED, wick_to_device(in[0], whole[0] ? wick_cuda(0) : wick_cpu()))

OP_FAMILY(shape, ROWS)

Suite *ops_shape_suite(void) { return op_suite(&family, enter); }
