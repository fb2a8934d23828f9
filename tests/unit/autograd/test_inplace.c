/* test_inplace.c - writing in place to leaves, to parts of graphs, and to views; values and gradients are PyTorch's. */
#include "check_wick.h"

/* w, and what each test below ends with: the gradient of (y * c).sum(), with c = 1, 2, ..., 6. */
static wick_tensor *leaf(void) { return wick_from(((double[][3]){{1, 2, 3}, {4, 5, 6}}), 2, 3, .requires_grad = true); }

static void backward(wick_tensor *y)
{
    wick_tensor *c = wick_add(wick_reshape(wick_arange(6, .dtype = WICK_FLOAT64), 2, 3), 1);
    bool ok = wick_backward(wick_sum(wick_mul(y, c)));
    ck_assert_msg(ok, "%s", wick_error());
}

#define ASSERT_NODE(t, name) ck_assert_str_eq(wick_node_name(wick_grad_fn(t)), name)

static wick_tensor *row(wick_tensor *x, int64_t i) { return wick_select(x, 0, i); }

/* ---- Tensors that are no views ----------------------------------------------------------------------------------- */

START_TEST(without_a_graph)
{
    wick_tensor *x = wick_from(((float[]){1, 2, 3}), 3);
    ck_assert_ptr_eq(wick_add_(x, 1), x);
    ck_assert_ptr_eq(wick_mul_(x, x), x);
    ck_assert_ptr_eq(wick_sub_(x, wick_arange(3)), x);
    ck_assert_ptr_eq(wick_div_(x, 2.0), x);
    ASSERT_VALUES(x, 2, 4, 7);
    wick_add_(wick_slice(x, 0, 0, 2, 1),
              wick_slice(x, 0, 1, 3, 1)); /* overlapping: as if the source were copied first */
    ASSERT_VALUES(x, 6, 11, 7);
    wick_copy_(wick_slice(x, 0, 1, 3, 1), wick_slice(x, 0, 0, 2, 1));
    ASSERT_VALUES(x, 6, 6, 11);
    ASSERT_VALUES(wick_copy_(x, wick_full(4, 1, .dtype = WICK_INT64)), 4, 4, 4); /* converted and broadcast */
    wick_tensor *n = wick_arange(3);
    ASSERT_VALUES(wick_add_(n, wick_full(2, 1, .dtype = WICK_UINT8)), 2, 3, 4);
    ASSERT_FAILS(wick_div_(n, 2), WICK_ERROR_DTYPE, "wick_div_", "float32", "int64");
    ASSERT_FAILS(wick_sub_(wick_ones(1, .dtype = WICK_BOOL), 1), WICK_ERROR_DTYPE, "wick_sub_", "bool");
    ASSERT_VALUES(n, 2, 3, 4);
    ASSERT_SHAPE(wick_add_(wick_zeros(0, 3), 1), 0, 3);
}
END_TEST

START_TEST(leaves_refuse)
{
    wick_tensor *w = leaf();
    ASSERT_FAILS(wick_add_(w, 1), WICK_ERROR_AUTOGRAD, "wick_add_", "leaf", "WICK_NO_GRAD");
    ASSERT_FAILS(wick_mul_(row(w, 0), 2), WICK_ERROR_AUTOGRAD, "wick_mul_", "view", "leaf");
    ASSERT_FAILS(wick_zero_(wick_view(w, 6)), WICK_ERROR_AUTOGRAD, "wick_zero_");
    ASSERT_FAILS(wick_fill_(w, 1), WICK_ERROR_AUTOGRAD, "wick_fill_");
    ASSERT_FAILS(wick_copy_(w, wick_zeros(2, 3)), WICK_ERROR_AUTOGRAD, "wick_copy_");
    ASSERT_VALUES(w, 1, 2, 3, 4, 5, 6);
    ck_assert_uint_eq(wick_version(w), 0);
    {
        WICK_NO_GRAD;
        wick_add_(row(w, 0), 1);
        wick_mul_(w, 2);
    }
    ASSERT_VALUES(w, 4, 6, 8, 8, 10, 12);
    ck_assert_uint_eq(wick_version(w), 2);
    ck_assert(wick_is_leaf(w) && wick_requires_grad(w));
    backward(w);
    ASSERT_VALUES(wick_grad_of(w), 1, 2, 3, 4, 5, 6);
    ck_assert(!wick_requires_grad(wick_add_(wick_detach(w), 1))); /* behind autograd's back, as in PyTorch */
    ASSERT_VALUES(w, 5, 7, 9, 9, 11, 13);
}
END_TEST

START_TEST(non_leaves)
{
    wick_tensor *w = leaf(), *x = wick_mul(w, 2); /* x.sub_(w * w).div_(w).mul_(x.detach().clone()) */
    wick_div_(wick_sub_(x, wick_mul(w, w)), w);
    wick_mul_(x, wick_clone(wick_detach(x)));
    ASSERT_VALUES(x, 1, 0, 1, 4, 9, 16);
    ASSERT_NODE(x, "MulBackward0");
    backward(x);
    ASSERT_VALUES(wick_grad_of(w), -1, 0, 3, 8, 15, 24);

    w = leaf(), x = wick_mul(w, 2); /* y is made from x as it was */
    wick_tensor *y = wick_mul(x, 3);
    wick_add_(x, 5);
    backward(y);
    ASSERT_VALUES(wick_grad_of(w), 6, 12, 18, 24, 30, 36);

    w = leaf(), x = wick_mul(w, 2); /* x.mul_(x) overwrites what it saved */
    wick_mul_(x, x);
    ASSERT_VALUES(x, 4, 16, 36, 64, 100, 144);
    ASSERT_FAILS(wick_backward(wick_sum(x)), WICK_ERROR_AUTOGRAD, "MulBackward0", "wick_mul_", "version 1");
    w = leaf(), x = wick_mul(w, 2);
    wick_add_(x, x);
    backward(x);
    ASSERT_VALUES(wick_grad_of(w), 4, 8, 12, 16, 20, 24);

    /* A tensor without a history gets one; a leaf on the right. */
    w = leaf(), x = wick_ones(2, 3, .dtype = WICK_FLOAT64);
    ck_assert(wick_is_leaf(x));
    wick_mul_(x, w);
    ck_assert(!wick_is_leaf(x) && wick_requires_grad(x));
    backward(x);
    ASSERT_VALUES(wick_grad_of(w), 1, 2, 3, 4, 5, 6);
    /* Broadcast, and of another dtype, on the right. */
    wick_tensor *b = wick_ones(3, .requires_grad = true);
    w = leaf(), x = wick_mul(w, 1);
    wick_mul_(x, b);
    backward(x);
    ASSERT_VALUES(wick_grad_of(b), 17, 29, 45);
    ck_assert_int_eq(wick_dtype_of(wick_grad_of(b)), WICK_FLOAT32);
}
END_TEST

START_TEST(fill_zero_copy)
{
    wick_tensor *w = leaf(), *x = wick_mul(w, w);
    wick_fill_(x, 7);
    ASSERT_NODE(x, "FillBackward2");
    backward(x);
    ASSERT_VALUES(wick_grad_of(w), 0, 0, 0, 0, 0, 0);

    w = leaf(), x = wick_mul(w, 2);
    wick_zero_(row(x, 0));
    ASSERT_VALUES(x, 0, 0, 0, 8, 10, 12);
    ASSERT_NODE(x, "CopySlices");
    backward(x);
    ASSERT_VALUES(wick_grad_of(w), 0, 0, 0, 8, 10, 12);

    w = leaf(), x = wick_mul(w, 2); /* x.copy_(w[0]) */
    wick_copy_(x, row(w, 0));
    ASSERT_VALUES(x, 1, 2, 3, 1, 2, 3);
    ASSERT_NODE(x, "CopyBackwards");
    backward(x);
    ASSERT_VALUES(wick_grad_of(w), 5, 7, 9, 0, 0, 0);
}
END_TEST

/* ---- Views ------------------------------------------------------------------------------------------------------- */

START_TEST(writing_to_a_view)
{
    wick_tensor *w = leaf(), *x = wick_mul(w, 2); /* x[0].add_(1); x[1] *= w[0] */
    wick_add_(row(x, 0), 1);
    wick_mul_(row(x, 1), row(w, 0));
    ASSERT_VALUES(x, 3, 5, 7, 8, 20, 36);
    ASSERT_NODE(x, "CopySlices");
    backward(x);
    ASSERT_VALUES(wick_grad_of(w), 34, 54, 78, 8, 20, 36);

    /* b = zeros; b[:, 1].copy_(w[1, :2]): a base without a history. */
    w = leaf();
    wick_tensor *b = wick_zeros(2, 3, .dtype = WICK_FLOAT64);
    wick_copy_(wick_select(b, 1, 1), wick_slice(row(w, 1), 0, 0, 2, 1));
    ck_assert(wick_requires_grad(b) && !wick_is_leaf(b));
    ASSERT_VALUES(b, 0, 4, 0, 0, 5, 0);
    backward(b);
    ASSERT_VALUES(wick_grad_of(w), 0, 0, 0, 2, 5, 0);
}
END_TEST

START_TEST(writing_to_the_base)
{
    wick_tensor *w = leaf(), *x = wick_mul(w, 2), *v = row(x, 0); /* x.mul_(3) is seen in v */
    wick_mul_(x, 3);
    ASSERT_VALUES(v, 6, 12, 18);
    ASSERT_NODE(v, "AsStridedBackward0");
    ck_assert(wick_backward(v, .gradient = wick_from(((double[]){1, 10, 100}), 3)));
    ASSERT_VALUES(wick_grad_of(w), 6, 60, 600, 0, 0, 0);
}
END_TEST

START_TEST(views_of_views)
{
    wick_tensor *w = leaf(), *x = wick_mul(w, 2), *v = wick_t(x),
                *u = row(v, 1); /* v = x.t(); u = v[1]; u.mul_(w[:, 0]) */
    wick_mul_(u, wick_select(w, 1, 0));
    ASSERT_VALUES(x, 2, 4, 6, 8, 40, 12);
    ASSERT_VALUES(v, 2, 8, 4, 40, 6, 12);
    ASSERT_NODE(u, "AsStridedBackward0");
    ASSERT_NODE(v, "AsStridedBackward0");
    wick_tensor *c = wick_add(wick_reshape(wick_arange(6, .dtype = WICK_FLOAT64), 2, 3), 1);
    ck_assert(wick_backward(x, .gradient = c, .retain_graph = true));
    ASSERT_VALUES(wick_grad_of(w), 10, 4, 6, 58, 40, 12);
    wick_set_grad(w, NULL);
    ck_assert(wick_backward(v, .gradient = wick_t(c), .retain_graph = true));
    ASSERT_VALUES(wick_grad_of(w), 10, 4, 6, 58, 40, 12);
    wick_set_grad(w, NULL);
    ck_assert(wick_backward(wick_sum(u)));
    ASSERT_VALUES(wick_grad_of(w), 4, 2, 0, 10, 8, 0);

    w = leaf(), x = wick_mul(w, 2); /* x.t()[1].narrow(0, 0, 1).mul_(10); x.view(6)[4].add_(w.sum()) */
    wick_mul_(wick_narrow(row(wick_t(x), 1), 0, 0, 1), 10);
    wick_add_(row(wick_view(x, 6), 4), wick_sum(w));
    ASSERT_VALUES(x, 2, 40, 6, 8, 31, 12);
    backward(x);
    ASSERT_VALUES(wick_grad_of(w), 7, 45, 11, 13, 15, 17);
}
END_TEST

START_TEST(detach_shares_storage_and_version)
{
    wick_tensor *w = leaf(), *x = wick_mul(w, 2), *d = wick_detach(x);
    wick_add_(d, 1);
    ASSERT_VALUES(x, 3, 5, 7, 9, 11, 13);
    ck_assert_uint_eq(wick_version(x), 1);
    ASSERT_NODE(x, "MulBackward0");
    backward(x); /* mul by a number saved nothing of x */
    ASSERT_VALUES(wick_grad_of(w), 2, 4, 6, 8, 10, 12);
    x = wick_exp(leaf());
    wick_mul_(wick_detach(x), 2);
    ASSERT_FAILS(wick_backward(wick_sum(x)), WICK_ERROR_AUTOGRAD, "ExpBackward0", "wick_mul_");
}
END_TEST

START_TEST(retained_gradients)
{
    wick_tensor *w = leaf(), *x = wick_mul(w, 2); /* of what x has become */
    wick_retain_grad(x);
    wick_mul_(x, 3);
    backward(x);
    ASSERT_VALUES(wick_grad_of(x), 1, 2, 3, 4, 5, 6);
    ASSERT_VALUES(wick_grad_of(w), 6, 12, 18, 24, 30, 36);

    w = leaf(), x = wick_mul(w, 2);
    wick_tensor *v = row(x, 0); /* a view that is written over before it is used has no gradient */
    wick_retain_grad(v);
    wick_add_(x, 1);
    backward(x);
    ck_assert_ptr_null(wick_grad_of(v));
    ASSERT_VALUES(wick_grad_of(w), 2, 4, 6, 8, 10, 12);
}
END_TEST

START_TEST(another_part_of_the_same_storage)
{
    wick_tensor *w = leaf(), *x = wick_mul(w, 2), *e = row(x, 0),
                *y = wick_mul(e, e); /* as PyTorch: one version a storage */
    wick_add_(row(x, 1), 1);
    ASSERT_FAILS(wick_backward(wick_sum(y)), WICK_ERROR_AUTOGRAD, "MulBackward0", "wick_add_");
}
END_TEST

START_TEST(history_in_corners)
{
    /* What a view was, and asked to retain, does not report to what it has become. */
    wick_tensor *w = leaf(), *x = wick_mul(w, 2), *z;
    {
        WICK_SCOPE;
        wick_tensor *v = row(x, 0);
        wick_retain_grad(v);
        z = wick_out(wick_sum(wick_mul(v, 3)));
        wick_add_(x, 1);
        wick_add(v, 1);
    }
    ck_assert(wick_backward(z));
    ASSERT_VALUES(wick_grad_of(w), 6, 6, 6, 0, 0, 0);

    /* A write under no-grad from the tensor's own storage leaves the history alone. */
    w = leaf(), x = wick_mul(wick_slice(w, 1, 0, 2, 1), 2);
    {
        WICK_NO_GRAD;
        wick_copy_(x, wick_t(x));
    }
    ASSERT_VALUES(x, 2, 8, 4, 10);
    ck_assert(wick_backward(wick_sum(x)));
    ASSERT_VALUES(wick_grad_of(w), 2, 2, 0, 2, 2, 0);

    /* A view that is itself a leaf that requires grad. */
    wick_tensor *v = wick_requires_grad_(row(wick_zeros(2, 3), 0), true);
    ASSERT_FAILS(wick_add_(v, 1), WICK_ERROR_AUTOGRAD, "wick_add_", "leaf");
}
END_TEST

START_TEST(memory_without_cycles)
{
    size_t bytes = memory_in_use();
    for (int i = 0; i < 3; i++) {
        WICK_SCOPE;
        wick_tensor *w = leaf(), *x = wick_mul(w, w), *v = row(x, 1);
        wick_mul_(x, wick_exp(x)), wick_add_(v, row(x, 0)), wick_copy_(row(wick_t(x), 2), wick_sum(v));
        wick_exp(v);
        if (i)
            backward(x);
    }
    ck_assert_uint_eq(memory_in_use(), bytes);
}
END_TEST

/* ---- Saved tensors ----------------------------------------------------------------------------------------------- */

/* Which of x, u and the result y, changed under no-grad between forward and backward, PyTorch notices. */
#define SAVING(X)                                                                \
    X(mul, "xu", "MulBackward0", wick_mul(x, u))                                 \
    X(div, "xu", "DivBackward0", wick_div(x, u))                                 \
    X(pow, "xuy", "PowBackward1", wick_pow(x, u))                                \
    X(square, "x", "PowBackward0", wick_pow(x, 2))                               \
    X(power_of_2, "xy", "PowBackward2", wick_pow(2, x))                          \
    X(exp, "y", "ExpBackward0", wick_exp(x))                                     \
    X(log, "x", "LogBackward0", wick_log(x))                                     \
    X(sqrt, "y", "SqrtBackward0", wick_sqrt(x))                                  \
    X(relu, "y", "ReluBackward0", wick_relu(x))                                  \
    X(sigmoid, "y", "SigmoidBackward0", wick_sigmoid(x))                         \
    X(tanh, "y", "TanhBackward0", wick_tanh(x))                                  \
    X(abs, "x", "AbsBackward0", wick_abs(x))                                     \
    X(maximum, "xu", "MaximumBackward0", wick_maximum(x, u))                     \
    X(minimum, "xu", "MinimumBackward0", wick_minimum(x, u))                     \
    X(clamp, "x", "ClampBackward1", wick_clamp(x, .min = 0.3))                   \
    X(softmax, "y", "SoftmaxBackward0", wick_softmax(x, 0))                      \
    X(log_softmax, "y", "LogSoftmaxBackward0", wick_log_softmax(x, 0))           \
    X(matmul, "xu", "", wick_matmul(x, u))                                       \
    X(mse_loss, "xu", "MseLossBackward0", wick_mse_loss(x, u))                   \
    X(bce, "xu", "BinaryCrossEntropyBackward0", wick_binary_cross_entropy(x, u)) \
    X(bce_logits, "xu", "", wick_binary_cross_entropy_with_logits(x, u))         \
    X(max, "xy", "MaxBackward1", wick_max(x))                                    \
    X(sum, "", "", wick_sum(x))                                                  \
    X(mean, "", "", wick_mean(x))                                                \
    X(add, "", "", wick_add(x, u))                                               \
    X(sub, "", "", wick_sub(x, u))                                               \
    X(neg, "", "", wick_neg(x))                                                  \
    X(sign, "", "", wick_sign(x))                                                \
    X(clone, "", "", wick_clone(x))                                              \
    X(max_dim, "", "", wick_max(x, 0))                                           \
    X(where, "", "", wick_where(wick_gt(x, 0.4), x, u))                          \
    X(cat, "", "", wick_cat(wick_list_of(x, u), 0))                              \
    X(dropout, "", "", wick_dropout(x, 0.5, true))                               \
    X(view, "", "", wick_reshape(wick_unsqueeze(x, 0), 3, 1))

START_TEST(saved_tensors_are_watched)
{
#define X(name, saved, node, call)                                                                               \
    for (const char *part = "xuy"; *part; part++) {                                                              \
        WICK_SCOPE;                                                                                              \
        wick_tensor *w = wick_from(((double[]){0.5, 0.25, 0.75}), 3, .requires_grad = true);                     \
        wick_tensor *x = wick_mul(w, 1), *u = wick_mul(w, 0.5), *y = call, *loss = wick_sum(y);                  \
        ck_assert_msg(loss != NULL, "%s", wick_error() ? wick_error() : #name);                                  \
        {                                                                                                        \
            WICK_NO_GRAD;                                                                                        \
            wick_add_(*part == 'x' ? x : *part == 'u' ? u : y, 0.1);                                             \
        }                                                                                                        \
        bool noticed = strchr(saved, *part) != NULL, ok = wick_backward(loss);                                   \
        ck_assert_msg(ok == !noticed, "%s, %c changed: %s", #name, *part, ok ? "not noticed" : wick_error());    \
        if (noticed)                                                                                             \
            ASSERT_ERROR(WICK_ERROR_AUTOGRAD, node, "modified in place by wick_add_", "version 1", "version 0"); \
    }
    SAVING(X)
#undef X
}
END_TEST

/* Elements put by index into what is not contiguous, and from what shares its storage: as into a copy. */
START_TEST(putting_into_views)
{
    wick_tensor *x = wick_reshape(wick_arange(6, .dtype = WICK_FLOAT32), 2, 3), *t = wick_t(x); /* (3, 2) */
    wick_tensor *index = wick_from(((int64_t[]){2, 0}), 2),
                *source = wick_from(((float[][2]){{10, 20}, {30, 40}}), 2, 2);
    ck_assert(wick_index_copy_(t, 0, index, source));
    ASSERT_VALUES(x, 30, 1, 10, 40, 4, 20);
    ck_assert(wick_index_add_(t, 0, index, source));
    ASSERT_VALUES(x, 60, 1, 20, 80, 4, 40);
    index = wick_from(((int64_t[][1]){{1}, {0}, {1}}), 3, 1);
    source = wick_from(((float[][1]){{7}, {8}, {9}}), 3, 1);
    ck_assert(wick_scatter_(t, 1, index, source));
    ASSERT_VALUES(x, 60, 8, 20, 7, 4, 9);

    x = wick_arange(4, .dtype = WICK_FLOAT32);
    ck_assert(wick_index_copy_(x, 0, wick_from(((int64_t[]){1, 2, 3}), 3), wick_narrow(x, 0, 0, 3)));
    ASSERT_VALUES(x, 0, 0, 1, 2);
}
END_TEST

Suite *inplace_suite(void);
Suite *inplace_suite(void)
{
    const TTest *const tests[] = {
        without_a_graph,
        leaves_refuse,
        non_leaves,
        fill_zero_copy,
        writing_to_a_view,
        writing_to_the_base,
        views_of_views,
        detach_shares_storage_and_version,
        retained_gradients,
        another_part_of_the_same_storage,
        history_in_corners,
        memory_without_cycles,
        saved_tensors_are_watched,
        putting_into_views,
    };
    return MAKE_SUITE("inplace", tests);
}
