/* test_ops_shape.c - the rows of the shapes, joining and copies. */
#include <string.h>

#include "../op_suite.h"

/* whole[]: dimensions; none, or WICK_UNSET: all. */
static wick_tensor *squeeze(wick_tensor *x, const int64_t *whole, int args)
{
    if (args == 0)
        return wick_squeeze(x);
    if (args == 1)
        return wick_squeeze(x, whole[0]);
    wick_dims dims = {.count = args};
    memcpy(dims.dim, whole, (size_t)args * sizeof *whole);
    return wick_squeeze(x, .dims = dims);
}

static wick_tensor *flatten(wick_tensor *x, const int64_t *whole, int args)
{
    return args == 0   ? wick_flatten(x)
           : args == 1 ? wick_flatten(x, whole[0])
                       : wick_flatten(x, .start_dim = whole[0], .end_dim = whole[1]);
}

/* whole[]: the sources, and then as many destinations, or one too few; one of each: as numbers. */
static wick_tensor *movedim(wick_tensor *x, const int64_t *whole, int args)
{
    if (args == 2)
        return wick_movedim(x, whole[0], whole[1]);
    wick_dims from = {.count = (args + 1) / 2}, to = {.count = args / 2};
    memcpy(from.dim, whole, (size_t)from.count * sizeof *whole);
    memcpy(to.dim, whole + from.count, (size_t)to.count * sizeof *whole);
    return wick_movedim(x, from, to);
}

/* whole[]: which part; whether a tuple is given; the dimension; the number, or the numbers. */
#define PARTS(f)                                                                                                     \
    wick_list_get(whole[1] ? f(in[0], ((wick_tuple){whole + 3, args - 3}), whole[2]) : f(in[0], whole[3], whole[2]), \
                  whole[0])

/* whole[]: the shifts, how many there are last but for the dimensions (which may be fewer): n, shifts, dims. */
static wick_tensor *roll(wick_tensor *x, const int64_t *whole, int args)
{
    int n = (int)whole[0], count = args - 1 - n;
    wick_tuple shifts = {whole + 1, n};
    if (count == 0)
        return n == 1 ? wick_roll(x, whole[1]) : wick_roll(x, shifts);
    if (n == 1 && count == 1)
        return wick_roll(x, whole[1], whole[2]);
    wick_dims dims = {.count = count};
    memcpy(dims.dim, whole + 1 + n, (size_t)count * sizeof *whole);
    return wick_roll(x, shifts, .dims = dims);
}

/* whole[]: times, dimension, whether in[1] is prepended, and whether the last input is appended. */
static wick_tensor *diff(wick_tensor *const *in, int n, const int64_t *whole)
{
    if (whole[0] == 1 && !whole[2] && !whole[3])
        return wick_diff(in[0], .dim = whole[1]);
    if ((whole[2] && !in[1]) || (whole[3] && !in[n - 1]))
        return wick_diff(NULL);
    return wick_diff(in[0], whole[0], whole[1], .prepend = whole[2] ? in[1] : NULL,
                     .append = whole[3] ? in[n - 1] : NULL);
}

/* Numbers: mode, value, the pads. */
static wick_tensor *pad(wick_tensor *x, const double *real, const int64_t *whole, int args)
{
    return wick_pad(x, ((wick_tuple){whole + 2, args - 2}), .mode = (wick_pad_mode)whole[0], .value = real[1]);
}

/* wick_meshgrid and a member of what it returns. */
static wick_tensor *meshgrid(wick_tensor *const *in, int n, const int64_t *whole)
{
    return wick_list_get(wick_meshgrid(wick_list_n(in, n), (wick_indexing)whole[1]), whole[0]);
}

#define ROWS(X)                                                                                                      \
    X(reshape, EXACT, CHECKED, wick_reshape_n(in[0], whole, args))                                                   \
    X(view, EXACT, CHECKED, wick_view_n(in[0], whole, args))                                                         \
    X(transpose, EXACT, CHECKED, wick_transpose(in[0], whole[0], whole[1]))                                          \
    X(t, EXACT, CHECKED, wick_t(in[0]))                                                                              \
    X(permute, EXACT, CHECKED, wick_permute_n(in[0], whole, args))                                                   \
    X(squeeze, EXACT, CHECKED, squeeze(in[0], whole, args))                                                          \
    X(unsqueeze, EXACT, CHECKED, wick_unsqueeze(in[0], whole[0]))                                                    \
    X(flatten, EXACT, CHECKED, flatten(in[0], whole, args))                                                          \
    X(view_as, EXACT, CHECKED, wick_view_as(in[0], in[1]))                                                           \
    X(reshape_as, EXACT, CHECKED, wick_reshape_as(in[0], in[1]))                                                     \
    X(ravel, EXACT, CHECKED, wick_ravel(in[0]))                                                                      \
    X(movedim, EXACT, CHECKED, movedim(in[0], whole, args))                                                          \
    X(unflatten, EXACT, CHECKED, wick_unflatten_n(in[0], whole[0], whole + 1, args - 1))                             \
    X(expand_as, EXACT, CHECKED, wick_expand_as(in[0], in[1]))                                                       \
    X(broadcast_to, EXACT, CHECKED, wick_broadcast_to_n(in[0], whole, args))                                         \
    X(meshgrid, EXACT, CHECKED, meshgrid(in, n, whole))                                                              \
    X(split, EXACT, CHECKED, PARTS(wick_split))                                                                      \
    X(tensor_split, EXACT, CHECKED, PARTS(wick_tensor_split))                                                        \
    X(chunk, EXACT, CHECKED, wick_list_get(wick_chunk(in[0], whole[2], .dim = whole[1]), whole[0]))                  \
    X(unbind, EXACT, CHECKED, wick_list_get(whole[1] ? wick_unbind(in[0], whole[1]) : wick_unbind(in[0]), whole[0])) \
    X(unfold, EXACT, CHECKED, wick_unfold(in[0], whole[0], whole[1], whole[2]))                                      \
    X(diagonal, EXACT, CHECKED, wick_diagonal(in[0], whole[0], whole[1], whole[2]))                                  \
    X(diag, EXACT, CHECKED, wick_diag(in[0], .diagonal = whole[0]))                                                  \
    X(diag_embed, EXACT, CHECKED, wick_diag_embed(in[0], whole[0], whole[1], whole[2]))                              \
    X(trace, SUMMED, CHECKED, wick_trace(in[0]))                                                                     \
    X(tril, EXACT, CHECKED, whole[0] ? wick_tril(in[0], whole[0]) : wick_tril(in[0]))                                \
    X(triu, EXACT, CHECKED, whole[0] ? wick_triu(in[0], whole[0]) : wick_triu(in[0]))                                \
    X(tril_, EXACT, CHECKED, ON_COPY(wick_tril_(target, .diagonal = whole[1])))                                      \
    X(triu_, EXACT, CHECKED, ON_COPY(wick_triu_(target, .diagonal = whole[1])))                                      \
    X(flip, EXACT, CHECKED, wick_flip_n(in[0], whole, args))                                                         \
    X(roll, EXACT, CHECKED, roll(in[0], whole, args))                                                                \
    X(repeat, EXACT, CHECKED, wick_repeat_n(in[0], whole, args))                                                     \
    X(tile, EXACT, CHECKED, wick_tile_n(in[0], whole, args))                                                         \
    X(repeat_interleave, EXACT, CHECKED, wick_repeat_interleave(in[0], whole[0], whole[1]))                          \
    X(pad, EXACT, CHECKED, pad(in[0], real, whole, args))                                                            \
    X(diff, EXACT, CHECKED, diff(in, n, whole))                                                                      \
    X(hstack, EXACT, CHECKED, wick_hstack(wick_list_n(in, n)))                                                       \
    X(vstack, EXACT, CHECKED, wick_vstack(wick_list_n(in, n)))                                                       \
    X(dstack, EXACT, CHECKED, wick_dstack(wick_list_n(in, n)))                                                       \
    X(expand, EXACT, CHECKED, wick_expand_n(in[0], whole, args))                                                     \
    X(slice, EXACT, CHECKED, wick_slice(in[0], whole[0], whole[1], whole[2], whole[3]))                              \
    X(narrow, EXACT, CHECKED, wick_narrow(in[0], whole[0], whole[1], whole[2]))                                      \
    X(select, EXACT, CHECKED, wick_select(in[0], whole[0], whole[1]))                                                \
    X(cat, EXACT, CHECKED, wick_cat(wick_list_n(in, n), whole[0]))                                                   \
    X(stack, EXACT, CHECKED, wick_stack(wick_list_n(in, n), whole[0]))                                               \
    X(clone, EXACT, CHECKED, wick_clone(in[0]))                                                                      \
    X(contiguous, EXACT, CHECKED, wick_contiguous(in[0]))                                                            \
    X(to_dtype, EXACT, CHECKED, wick_to_dtype(in[0], WICK_FLOAT32 + (int)whole[0]))                                  \
    X(to_device, EXACT, CHECKED, wick_to_device(in[0], whole[0] ? wick_cuda(0) : wick_cpu()))

OP_FAMILY(shape, ROWS)

/* ---- Views ------------------------------------------------------------------------------------------------------------- */

static wick_tensor *part(wick_list *list, int64_t i) { return wick_list_get(list, i); }

/* Views of x (4, 6) whose elements lie apart. */
#define VIEWS(V)                                                            \
    V(part(wick_split(x, 4, 1), 1))                                         \
    V(part(wick_split(x, WICK_TUPLE(1, 3)), 1))                             \
    V(part(wick_chunk(x, 3, .dim = 1), 2))                                  \
    V(part(wick_tensor_split(x, 3), 0))                                     \
    V(part(wick_tensor_split(x, WICK_TUPLE(1, 2), 1), 1))                   \
    V(part(wick_unbind(x), 2))                                              \
    V(part(wick_unbind(x, 1), 5))                                           \
    V(wick_movedim(x, 0, 1))                                                \
    V(wick_movedim(wick_unsqueeze(x, 1), WICK_DIMS(0, 2), WICK_DIMS(1, 0))) \
    V(wick_squeeze(wick_unsqueeze(x, 1), .dims = WICK_DIMS(0, 1)))          \
    V(wick_unflatten(x, 1, 2, -1))                                          \
    V(wick_ravel(x))                                                        \
    V(wick_flatten(x))                                                      \
    V(wick_view_as(x, wick_zeros(3, 8)))                                    \
    V(wick_unfold(x, 1, 2, 2))                                              \
    V(wick_unfold(x, 1, 2, 3))                                              \
    V(wick_select(wick_unfold(x, 0, 3, 1), 0, 1))                           \
    V(wick_diagonal(x))                                                     \
    V(wick_diagonal(x, .offset = -1))                                       \
    V(wick_diagonal(part(wick_split(x, 3, 1), 1), 1))

static wick_tensor *view_of(wick_tensor *x, int which)
{
    int n = 0;
#define NEXT(v)       \
    if (n++ == which) \
        return v;
    VIEWS(NEXT)
#undef NEXT
    return NULL;
}

enum {
#define COUNT(v) +1
    VIEW_COUNT = 0 VIEWS(COUNT)
#undef COUNT
};

static void expect_equal(wick_tensor *a, wick_tensor *b)
{
    ck_assert_msg(a && b && wick_equal(a, b), "%s\n%s\n%s", wick_error() ? wick_error() : "", wick_to_string(a),
                  wick_to_string(b));
}

/* b = x; a view of b is tripled in place: b and its gradient are tripled there. */
START_TEST(test_write_view)
{
    WICK_SCOPE;
    wick_tensor *x = wick_requires_grad_(wick_randn(4, 6), true), *weight = wick_randn(4, 6);
    wick_tensor *factor = wick_ones(4, 6), *b = wick_mul(x, 1);
    ck_assert_ptr_nonnull(wick_mul_(view_of(factor, _i), 3));
    ck_assert_ptr_nonnull(wick_mul_(view_of(b, _i), 3));
    expect_equal(wick_mul(wick_detach(x), factor), wick_detach(b));
    ck_assert(wick_backward(wick_sum(wick_mul(b, weight))));
    expect_equal(wick_grad_of(x), wick_mul(weight, factor));
}
END_TEST

/* A view of b, and then b is doubled in place: the view sees it, and so does its gradient. */
START_TEST(test_write_base)
{
    WICK_SCOPE;
    wick_tensor *x = wick_requires_grad_(wick_randn(4, 6), true), *z = wick_requires_grad_(wick_detach(x), true);
    wick_tensor *b = wick_mul(x, 1), *v = view_of(b, _i);
    ck_assert_ptr_nonnull(v);
    wick_tensor *weight = wick_randn_like(v);
    ck_assert_ptr_nonnull(wick_mul_(b, 2));
    wick_tensor *wanted = view_of(wick_mul(z, 2), _i);
    expect_equal(wick_detach(v), wick_detach(wanted));
    ck_assert(wick_backward(wick_sum(wick_mul(v, weight))));
    ck_assert(wick_backward(wick_sum(wick_mul(wanted, weight))));
    expect_equal(wick_grad_of(x), wick_grad_of(z));
}
END_TEST

/* Windows that meet take no write of many values, and take one of one value. */
START_TEST(test_write_windows)
{
    WICK_SCOPE;
    wick_tensor *x = wick_requires_grad_(wick_arange(6, .dtype = WICK_FLOAT32), true), *b = wick_mul(x, 1);
    wick_tensor *windows = wick_unfold(b, 0, 3, 2), *before = wick_clone(wick_detach(b)); /* [0, 3) and [2, 5) */
    ck_assert_ptr_null(wick_mul_(windows, 2));
    ck_assert_ptr_nonnull(strstr(wick_error(), "wick_mul_"));
    ck_assert_ptr_null(wick_copy_(windows, wick_zeros(2, 3)));
    ck_assert_ptr_null(wick_tril_(windows));
    ck_assert_ptr_null(wick_mul_(wick_t(windows), 2));
    wick_clear_error();
    expect_equal(wick_detach(b), before);
    ck_assert_ptr_nonnull(wick_fill_(windows, 7));
    ck_assert(wick_backward(wick_sum(b)));
    expect_equal(wick_detach(b), wick_from(((float[]){7, 7, 7, 7, 7, 5}), 6));
    expect_equal(wick_grad_of(x), wick_from(((float[]){0, 0, 0, 0, 0, 1}), 6));
}
END_TEST

Suite *ops_shape_suite(void)
{
    Suite *suite = op_suite(&family, enter);
    TCase *views = tcase_create("views");
    tcase_add_loop_test(views, test_write_view, 0, VIEW_COUNT);
    tcase_add_loop_test(views, test_write_base, 0, VIEW_COUNT);
    tcase_add_test(views, test_write_windows);
    suite_add_tcase(suite, views);
    return suite;
}
