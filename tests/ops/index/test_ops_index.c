/* test_ops_index.c - the rows of the indexing. */
#include "../op_suite.h"

/* The numbers of an operation in place are ON_COPY's flag and then those of the one out of place. */

/* What a call with several results returns: which of them the case asks for. */
static wick_tensor *pick(wick_tensor *y, int64_t which, wick_tensor *first, wick_tensor *second)
{
    return !y || which == 0 ? y : which == 1 ? first : second;
}

/* whole[]: dim, descending, stable, whether to return the indices. */
static wick_tensor *sort(wick_tensor *x, const int64_t *whole)
{
    wick_tensor *indices = NULL;
    wick_tensor *y = wick_sort(x, whole[0], whole[1] != 0, .stable = whole[2] != 0, .indices = &indices);
    return pick(y, whole[3], indices, NULL);
}

/* whole[]: k, dim, largest, sorted, whether to return the indices. */
static wick_tensor *topk(wick_tensor *x, const int64_t *whole)
{
    wick_tensor *indices = NULL;
    wick_tensor *y =
        wick_topk(x, whole[0], whole[1], .largest = whole[2] != 0, .sorted = whole[3] != 0, .indices = &indices);
    return pick(y, whole[4], indices, NULL);
}

/* whole[]: k, dim, keepdim, whether to return the indices. */
static wick_tensor *kthvalue(wick_tensor *x, const int64_t *whole)
{
    wick_tensor *indices = NULL;
    wick_tensor *y = wick_kthvalue(x, whole[0], whole[1], .keepdim = whole[2] != 0, .indices = &indices);
    return pick(y, whole[3], indices, NULL);
}

/* whole[]: which result (0 values, 1 inverse, 2 counts), sorted, and, if given, dim. */
static wick_tensor *unique(wick_tensor *x, const int64_t *whole)
{
    wick_tensor *inverse = NULL, *counts = NULL;
    wick_tensor *y = wick_unique(x, .sorted = whole[1] != 0, .inverse = &inverse, .counts = &counts, .dim = whole[2]);
    return pick(y, whole[0], inverse, counts);
}

static wick_tensor *unique_consecutive(wick_tensor *x, const int64_t *whole)
{
    wick_tensor *inverse = NULL, *counts = NULL;
    wick_tensor *y = wick_unique_consecutive(x, .inverse = &inverse, .counts = &counts, .dim = whole[2]);
    return pick(y, whole[0], inverse, counts);
}

/* The inputs from in[first] on, as a list. */
#define LIST(first) wick_list_n(in + (first), n - (first))

#define ROWS(X)                                                                                                   \
    X(index, EXACT, CHECKED, wick_index(in[0], LIST(1)))                                                          \
    X(index_put, SUMMED, CHECKED, wick_index_put(in[0], LIST(2), in[1], .accumulate = whole[0] != 0))             \
    X(index_put_, SUMMED, CHECKED, ON_COPY(wick_index_put_(target, LIST(2), in[1], .accumulate = whole[1] != 0))) \
    X(gather, EXACT, CHECKED, wick_gather(in[0], whole[0], in[1]))                                                \
    X(scatter, EXACT, CHECKED, wick_scatter(in[0], whole[0], in[1], in[2]))                                       \
    X(scatter_, EXACT, CHECKED, ON_COPY(wick_scatter_(target, whole[1], in[1], in[2])))                           \
    X(scatter_add, SUMMED, CHECKED, wick_scatter_add(in[0], whole[0], in[1], in[2]))                              \
    X(scatter_add_, SUMMED, CHECKED, ON_COPY(wick_scatter_add_(target, whole[1], in[1], in[2])))                  \
    X(take, EXACT, CHECKED, wick_take(in[0], in[1]))                                                              \
    X(take_along_dim, EXACT, CHECKED,                                                                             \
      args ? wick_take_along_dim(in[0], in[1], whole[0]) : wick_take_along_dim(in[0], in[1]))                     \
    X(index_select, EXACT, CHECKED, wick_index_select(in[0], whole[0], in[1]))                                    \
    X(index_add, SUMMED, CHECKED, wick_index_add(in[0], whole[0], in[1], in[2], .alpha = real[1]))                \
    X(index_add_, SUMMED, CHECKED, ON_COPY(wick_index_add_(target, whole[1], in[1], in[2], .alpha = real[2])))    \
    X(index_copy, EXACT, CHECKED, wick_index_copy(in[0], whole[0], in[1], in[2]))                                 \
    X(index_copy_, EXACT, CHECKED, ON_COPY(wick_index_copy_(target, whole[1], in[1], in[2])))                     \
    X(index_fill, EXACT, CHECKED, wick_index_fill(in[0], whole[0], in[1], in[2]))                                 \
    X(index_fill_, EXACT, CHECKED, ON_COPY(wick_index_fill_(target, whole[1], in[1], in[2])))                     \
    X(embedding, EXACT, CHECKED,                                                                                  \
      args ? wick_embedding(in[0], in[1], .padding_idx = whole[0], .scale_grad_by_freq = args > 1)                \
           : wick_embedding(in[0], in[1]))                                                                        \
    X(masked_select, EXACT, CHECKED, wick_masked_select(in[0], in[1]))                                            \
    X(nonzero, EXACT, NO_GRAD, wick_nonzero(in[0]))                                                               \
    X(sort, EXACT, CHECKED, sort(in[0], whole))                                                                   \
    X(argsort, EXACT, NO_GRAD, wick_argsort(in[0], whole[0], whole[1] != 0, .stable = whole[2] != 0))             \
    X(topk, EXACT, CHECKED, topk(in[0], whole))                                                                   \
    X(kthvalue, EXACT, CHECKED, kthvalue(in[0], whole))                                                           \
    X(unique, EXACT, NO_GRAD, unique(in[0], whole))                                                               \
    X(unique_consecutive, EXACT, NO_GRAD, unique_consecutive(in[0], whole))                                       \
    X(one_hot, EXACT, NO_GRAD, args ? wick_one_hot(in[0], whole[0]) : wick_one_hot(in[0]))                        \
    X(bincount, EXACT, NO_GRAD | NULL_FROM(1), wick_bincount(in[0], n > 1 ? in[1] : NULL, .minlength = whole[0])) \
    X(searchsorted, EXACT, NO_GRAD, wick_searchsorted(in[0], in[1], .right = whole[0] != 0))                      \
    X(bucketize, EXACT, NO_GRAD, wick_bucketize(in[0], in[1], .right = whole[0] != 0))

OP_FAMILY(index, ROWS)

Suite *ops_index_suite(void) { return op_suite(&family, enter); }
