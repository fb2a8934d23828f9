/* test_ops_index.c - the rows of the indexing. */
#include "op_suite.h"

#define ROWS(X) X(index, EXACT, CHECKED, wick_index(in[0], wick_list_n(in + 1, n - 1)))

OP_FAMILY(index, ROWS)

Suite *ops_index_suite(void) { return op_suite(&family, enter); }
