/* test_autograd.c - leaves and .grad, backward and wick_grad, grad mode, and the graph; gradients are PyTorch's. */
#include "check_wick.h"

static wick_tensor *leaf_x(void) { return wick_from(((double[]){0.5, -1, 2}), 3, .requires_grad = true); }

static wick_tensor *leaf_w(void) { return wick_from(((double[][2]){{1, 2}, {3, 4}}), 2, 2, .requires_grad = true); }

/* ---- Leaves ------------------------------------------------------------------------------------------------------ */

START_TEST(leaves)
{
    wick_tensor *t = wick_ones(2, .requires_grad = true), *plain = wick_ones(2);
    ck_assert(wick_is_leaf(t) && wick_is_leaf(plain) && wick_is_leaf(wick_detach(wick_mul(t, 2))));
    ck_assert(!wick_is_leaf(wick_mul(t, 2)) && !wick_is_leaf(wick_view(t, 2)) &&
              !wick_is_leaf(wick_to(t, WICK_FLOAT64)));
    ck_assert_ptr_eq(wick_contiguous(t), t);
    ck_assert(wick_is_leaf(wick_mul(plain, 2)) && !wick_requires_grad(wick_mul(plain, 2)));
    ck_assert(wick_requires_grad(wick_mul(t, 2)) && wick_requires_grad(wick_add(plain, t)));
    ck_assert(!wick_requires_grad(wick_detach(t)));
    ck_assert(!wick_requires_grad(wick_eq(t, 1)) && wick_is_leaf(wick_argmax(t))); /* nothing to differentiate */
    ck_assert(wick_is_leaf(wick_to(t, WICK_INT64)));

    ck_assert_ptr_eq(wick_requires_grad_(plain, true), plain);
    ck_assert(wick_requires_grad(plain) && wick_is_leaf(plain));
    wick_tensor *y = wick_mul(plain, 3);
    ck_assert_ptr_eq(wick_requires_grad_(y, true), y); /* a non-leaf does already */
    wick_requires_grad_(plain, false);
    ck_assert(!wick_requires_grad(plain) && wick_requires_grad(y));
    ck_assert(!wick_requires_grad(wick_mul(plain, 2)));
}
END_TEST

START_TEST(grad_accumulates)
{
    wick_tensor *w = wick_from(((float[]){1, 2}), 2, .requires_grad = true);
    ck_assert_ptr_null(wick_grad_of(w));
    ASSERT_NO_ERROR();
    wick_tensor *loss = wick_sum(wick_mul(w, w));
    ck_assert(wick_backward(loss, .retain_graph = true));
    ASSERT_VALUES(wick_grad_of(w), 2, 4);
    ck_assert(!wick_requires_grad(wick_grad_of(w)));
    wick_tensor *first = wick_grad_of(w);
    ck_assert(wick_backward(loss));
    ASSERT_VALUES(wick_grad_of(w), 4, 8);
    ck_assert_ptr_eq(wick_grad_of(w), first); /* added to in place, as in PyTorch */
    ck_assert(wick_backward(wick_mul(wick_sum(w), 10)));
    ASSERT_VALUES(wick_grad_of(w), 14, 18);

    wick_tensor *seven = wick_full(7.0, 2);
    ck_assert(wick_set_grad(w, seven));
    ck_assert_ptr_eq(wick_grad_of(w), seven);
    ck_assert(wick_backward(wick_sum(w)));
    ASSERT_VALUES(wick_grad_of(w), 8, 8);
    ck_assert(wick_set_grad(w, NULL));
    ck_assert_ptr_null(wick_grad_of(w));

    /* A gradient that others can see is copied into .grad, not shared. */
    wick_tensor *g = wick_full(3.0, 2);
    ck_assert(wick_backward(wick_add(w, 0), .gradient = g));
    ck_assert(!wick_same_storage(wick_grad_of(w), g));
    ck_assert(wick_backward(wick_sum(w)));
    ASSERT_VALUES(g, 3, 3);
    ASSERT_VALUES(wick_grad_of(w), 4, 4);
    wick_tensor *a = wick_ones(2, .requires_grad = true), *b = wick_ones(2, .requires_grad = true);
    ck_assert(wick_backward(wick_sum(wick_add(a, b))));
    ck_assert(!wick_same_storage(wick_grad_of(a), wick_grad_of(b)));
}
END_TEST

START_TEST(retain_grad)
{
    wick_tensor *t = wick_ones(2, .requires_grad = true), *m = wick_mul(t, 3), *y = wick_sum(wick_mul(m, m));
    ck_assert_ptr_null(wick_grad_of(m));
    ck_assert_ptr_nonnull(strstr(wick_warning(), "not a leaf"));
    wick_clear_warning();
    ck_assert(wick_retain_grad(m) && wick_retain_grad(m) && wick_retain_grad(t));
    ck_assert(wick_backward(y, .retain_graph = true));
    ASSERT_VALUES(wick_grad_of(m), 6, 6);
    ASSERT_VALUES(wick_grad_of(t), 18, 18);
    ck_assert(wick_backward(y));
    ASSERT_VALUES(wick_grad_of(m), 12, 12);
    ASSERT_VALUES(wick_grad_of(t), 36, 36);

    /* Of the root, and of a tensor that is gone when backward comes to it. */
    wick_tensor *root = wick_sum(t);
    wick_retain_grad(root);
    {
        WICK_SCOPE;
        root = wick_out(wick_sum(wick_mul(t, 2)));
        wick_retain_grad(root);
        wick_tensor *gone = wick_mul(t, 5);
        wick_retain_grad(gone);
        root = wick_out(wick_add(root, wick_sum(gone)));
        wick_retain_grad(root);
    }
    ck_assert(wick_backward(root));
    ASSERT_VALUES(wick_grad_of(root), 1);
    ASSERT_VALUES(wick_grad_of(t), 43, 43);
}
END_TEST

START_TEST(detach)
{
    wick_tensor *x = leaf_x(), *y = wick_mul(x, 2), *d = wick_detach(y);
    ck_assert(wick_same_storage(y, d) && wick_is_leaf(d) && !wick_grad_fn(d));
    ck_assert(wick_backward(wick_sum(wick_mul(y, d)))); /* d counts as a constant */
    ASSERT_VALUES(wick_grad_of(x), 2, -4, 8);
    wick_requires_grad_(d, true);
    ck_assert(wick_backward(wick_sum(wick_mul(d, d))));
    ASSERT_VALUES(wick_grad_of(d), 2, -4, 8);
    ASSERT_VALUES(wick_grad_of(x), 2, -4, 8);
}
END_TEST

/* ---- Grad mode --------------------------------------------------------------------------------------------------- */

static bool leaves_by_return(wick_tensor *t)
{
    WICK_NO_GRAD;
    if (wick_requires_grad(wick_mul(t, 2)))
        return false;
    {
        WICK_ENABLE_GRAD;
        if (!wick_requires_grad(wick_mul(t, 2)))
            return false;
        {
            WICK_NO_GRAD;
            return !wick_is_grad_enabled();
        }
    }
}

START_TEST(grad_mode)
{
    wick_tensor *t = wick_ones(2, .requires_grad = true);
    ck_assert(wick_is_grad_enabled());
    ck_assert(leaves_by_return(t));
    ck_assert(wick_is_grad_enabled());
    {
        WICK_NO_GRAD;
        wick_tensor *y = wick_mul(t, 2);
        ck_assert(!wick_requires_grad(y) && wick_is_leaf(y) && !wick_grad_fn(y));
        {
            WICK_ENABLE_GRAD;
            ck_assert(wick_requires_grad(wick_mul(t, 2)));
        }
        ck_assert(!wick_is_grad_enabled());
        wick_tensor *made = wick_ones(2, .requires_grad = true);
        ck_assert(wick_requires_grad(made));
    }
    for (int i = 0; i < 3; i++) {
        WICK_NO_GRAD;
        if (i == 1)
            continue;
        if (i == 2)
            break;
    }
    ck_assert(wick_is_grad_enabled());
    ck_assert(wick_set_grad_enabled(false));
    ck_assert(!wick_set_grad_enabled(true));
    wick_tensor *y = wick_sum(wick_mul(t, 2));
    {
        WICK_NO_GRAD;
        ck_assert(wick_backward(y)); /* the graph is there already */
        ck_assert(!wick_is_grad_enabled());
    }
    ASSERT_VALUES(wick_grad_of(t), 2, 2);
}
END_TEST

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

START_TEST(given_gradients_and_roots)
{
    wick_tensor *t = wick_ones(2, .requires_grad = true);
    ck_assert(wick_backward(wick_mul(t, 3), .gradient = wick_from(((float[]){1, 10}), 2)));
    ASSERT_VALUES(wick_grad_of(t), 3, 30);
    wick_set_grad(t, NULL);
    ck_assert(wick_backward(wick_mul(t, 3), .gradient = wick_ones(2, .dtype = WICK_FLOAT64))); /* converted */
    ASSERT_VALUES(wick_grad_of(t), 3, 3);
    wick_set_grad(t, NULL);

    wick_tensor *m = wick_mul(t, 3), *n = wick_mul(m, 2); /* one root lies behind the other */
    ck_assert(wick_backward_from(wick_list_of(wick_sum(m), wick_sum(n)), NULL, false, false));
    ASSERT_VALUES(wick_grad_of(t), 9, 9);
    wick_set_grad(t, NULL);
    m = wick_mul(t, 3);
    wick_list *two = wick_list_of(wick_from(((float[]){1, 2}), 2), wick_from(((float[]){10, 20}), 2));
    ck_assert(wick_backward_from(wick_list_of(m, m), two, false, false));
    ASSERT_VALUES(wick_grad_of(t), 33, 66);
    wick_set_grad(t, NULL);
    wick_tensor *shared = wick_exp(t);
    wick_list *three = wick_list_of(wick_sum(shared), wick_sum(wick_mul(shared, 2)), wick_sum(t));
    ck_assert(wick_backward_from(three, NULL, false, false));
    ASSERT_VALUES(wick_grad_of(t), 1 + 3 * 2.718281828, 1 + 3 * 2.718281828);
    ASSERT_FAILS(wick_backward_from(wick_list_of(m, m), wick_list_of(wick_ones(2)), false, false), WICK_ERROR_ARGUMENT,
                 "wick_backward", "1 gradients", "2 roots");
    ck_assert(wick_backward_from(wick_list_n(NULL, 0), NULL, false, false)); /* nothing to do */

    wick_tensor *s = wick_full(3.0, .requires_grad = true); /* a leaf is a root like any other */
    ck_assert(wick_backward(s));
    ASSERT_VALUES(wick_grad_of(s), 1);
    wick_set_grad(s, NULL);
    ck_assert(wick_backward_from(wick_list_of(s, wick_mul(s, 2)), NULL, false, false));
    ASSERT_VALUES(wick_grad_of(s), 3);
}
END_TEST

START_TEST(gradients_fit_their_tensors)
{
    /* Un-broadcast: summed over what was stretched. */
    wick_tensor *a = wick_ones(2, 1, 3, .requires_grad = true), *b = wick_ones(4, 1, .requires_grad = true);
    wick_tensor *c = wick_ones(.requires_grad = true), *d = wick_ones(1, .requires_grad = true);
    wick_tensor *y = wick_mul(wick_add(wick_mul(a, b), c), d);
    ASSERT_SHAPE(y, 2, 4, 3);
    ck_assert(wick_backward(wick_sum(y)));
    ASSERT_SHAPE(wick_grad_of(a), 2, 1, 3);
    ASSERT_VALUES(wick_grad_of(a), 4, 4, 4, 4, 4, 4);
    ASSERT_SHAPE(wick_grad_of(b), 4, 1);
    ASSERT_VALUES(wick_grad_of(b), 6, 6, 6, 6);
    ck_assert_int_eq(wick_ndim(wick_grad_of(c)), 0);
    ASSERT_VALUES(wick_grad_of(c), 24);
    ASSERT_SHAPE(wick_grad_of(d), 1);
    ASSERT_VALUES(wick_grad_of(d), 48);

    /* Of the dtype of what they are gradients of. */
    wick_tensor *single = wick_full(2.0, .requires_grad = true);
    wick_tensor *twice = wick_from(((double[]){1, 2}), 2, .requires_grad = true);
    ck_assert(wick_backward(wick_sum(wick_mul(single, twice))));
    ck_assert_int_eq(wick_dtype_of(wick_grad_of(single)), WICK_FLOAT32);
    ck_assert_int_eq(wick_dtype_of(wick_grad_of(twice)), WICK_FLOAT64);
    ASSERT_VALUES(wick_grad_of(single), 3);
    ASSERT_VALUES(wick_grad_of(twice), 2, 2);

    /* Of no elements. */
    wick_tensor *none = wick_zeros(0, 3, .requires_grad = true);
    ck_assert(wick_backward(wick_sum(wick_mul(none, 2))));
    ASSERT_SHAPE(wick_grad_of(none), 0, 3);
}
END_TEST

/* ---- Values ------------------------------------------------------------------------------------------------------ */

#define ASSERT_LOSS(loss, value)                             \
    do {                                                     \
        wick_tensor *f = loss;                               \
        ASSERT_VALUES(f, value);                             \
        ck_assert_msg(wick_backward(f), "%s", wick_error()); \
    } while (0)

START_TEST(composite_functions)
{
    wick_tensor *x = leaf_x(), *w = leaf_w();
    /* (torch.tanh(x) * torch.exp(-x) / (1 + x * x)).sum() */
    ASSERT_LOSS(wick_sum(wick_div(wick_mul(wick_tanh(x), wick_exp(wick_neg(x))), wick_add(1, wick_mul(x, x)))),
                -0.78478980887213401);
    ASSERT_VALUES(wick_grad_of(x), -0.022011313086451156, 0.57080431061422932, -0.045055790536607465);
    wick_set_grad(x, NULL);
    /* torch.log_softmax(x, 0)[2] * torch.sigmoid(x).mean() */
    ASSERT_LOSS(wick_mul(wick_select(wick_log_softmax(x, 0), 0, 2), wick_mean(wick_sigmoid(x))), -0.1425504521409855);
    ASSERT_VALUES(wick_grad_of(x), -0.12245276772579898, -0.038919966015434036, 0.11820944397663678);
    wick_set_grad(x, NULL);
    /* ((w @ w).t().reshape(4)[1:] ** 2).sum() / torch.sqrt(w.abs().max() + 1) */
    wick_tensor *part = wick_slice(wick_reshape(wick_t(wick_matmul(w, w)), 4), 0, 1, WICK_UNSET, 1);
    ASSERT_LOSS(wick_div(wick_sum(wick_pow(part, 2)), wick_sqrt(wick_add(wick_max(wick_abs(w)), 1))),
                361.79579875946598);
    ASSERT_VALUES(wick_grad_of(w), 58.137767414994528, 103.75355415599024, 106.43683572898999, 179.37737315503313);
    wick_set_grad(w, NULL);
    /* torch.stack([torch.cat([x, w[0]]), torch.cat([w[:, 1], x * 2])]).pow(3).mean(0)[1:4].sum() */
    wick_tensor *top = wick_cat(wick_list_of(x, wick_select(w, 0, 0)), 0);
    wick_tensor *low = wick_cat(wick_list_of(wick_select(w, 1, 1), wick_mul(x, 2)), 0);
    ASSERT_LOSS(wick_sum(wick_narrow(wick_mean(wick_pow(wick_stack(wick_list_of(top, low), 0), 3), 0), 0, 1, 3)), 32.5);
    ASSERT_VALUES(wick_grad_of(w), 1.5, 0, 0, 24);
    ASSERT_VALUES(wick_grad_of(x), 3, 13.5, 6);
    wick_set_grad(w, NULL), wick_set_grad(x, NULL);
    /* g = x[:, None] - w[:, 0]; torch.where(g > 0, g, g * 0.1).mean(1).pow(2).sum() */
    wick_tensor *g = wick_sub(wick_unsqueeze(x, 1), wick_select(w, 1, 0));
    ASSERT_LOSS(wick_sum(wick_pow(wick_mean(wick_where(wick_gt(g, 0), g, wick_mul(g, 0.1)), 1), 2)),
                0.31500000000000006);
    ASSERT_VALUES(wick_grad_of(w), -0.405, 0, 0, 0);
    ASSERT_VALUES(wick_grad_of(x), -0.03, -0.06, 0.495);
}
END_TEST

/* ---- wick_grad --------------------------------------------------------------------------------------------------- */

START_TEST(grad)
{
    wick_tensor *x = leaf_x(), *w = leaf_w(), *m = wick_mul(x, x), *y = wick_add(wick_sum(m), wick_sum(w));
    wick_list *g = wick_grad(wick_list_of(y), wick_list_of(w, x, m), .retain_graph = true);
    ck_assert_int_eq(wick_list_count(g), 3);
    ASSERT_VALUES(wick_list_get(g, 0), 1, 1, 1, 1);
    ASSERT_VALUES(wick_list_get(g, 1), 1, -2, 4);
    ASSERT_VALUES(wick_list_get(g, 2), 1, 1, 1); /* a non-leaf */
    ck_assert(!wick_grad_of(x) && !wick_grad_of(w) && !wick_grad_of(m));
    wick_clear_warning(); /* m is no leaf */
    ck_assert(!wick_requires_grad(wick_list_get(g, 1)));
    ck_assert(wick_backward(y));
    ASSERT_VALUES(wick_grad_of(x), 1, -2, 4);
    ASSERT_FAILS(wick_grad(wick_list_of(y), wick_list_of(x)), WICK_ERROR_AUTOGRAD, "second time", "retain_graph");

    g = wick_grad(wick_list_of(wick_mul(x, 2), wick_sum(x)), wick_list_of(x, x),
                  .grad_outputs =
                      wick_list_of(wick_from(((double[]){1, 2, 3}), 3), wick_full(10.0, .dtype = WICK_FLOAT64)));
    ASSERT_VALUES(wick_list_get(g, 0), 12, 14, 16);
    ASSERT_VALUES(wick_list_get(g, 1), 12, 14, 16);

    y = wick_sum(x);
    ASSERT_FAILS(wick_grad(wick_list_of(y), wick_list_of(x, w)), WICK_ERROR_AUTOGRAD, "wick_grad", "input 1",
                 "allow_unused");
    g = wick_grad(wick_list_of(y), wick_list_of(x, w), .allow_unused = true);
    ASSERT_VALUES(wick_list_get(g, 0), 1, 1, 1);
    ck_assert(wick_list_get(g, 1) == NULL);
    g = wick_grad(wick_list_of(y), wick_list_of(x, w), .materialize_grads = true);
    ASSERT_VALUES(wick_list_get(g, 1), 0, 0, 0, 0);
    ASSERT_FAILS(wick_grad(wick_list_of(y), wick_list_of(wick_ones(2)), .allow_unused = true), WICK_ERROR_AUTOGRAD,
                 "wick_grad", "input 0", "require grad");
    ASSERT_FAILS(wick_grad(wick_list_of(x), wick_list_of(x)), WICK_ERROR_AUTOGRAD, "wick_grad", "(3,)");

    /* Only what leads to the inputs is run: the other branch, whose saved tensor has changed, is not in the way. */
    wick_tensor *e = wick_exp(x), *both = wick_add(wick_sum(e), wick_sum(wick_mul(w, w)));
    {
        WICK_NO_GRAD;
        wick_add_(e, 1);
    }
    ASSERT_VALUES(wick_list_get(wick_grad(wick_list_of(both), wick_list_of(w), .retain_graph = true), 0), 2, 4, 6, 8);
    ASSERT_FAILS(wick_grad(wick_list_of(both), wick_list_of(x)), WICK_ERROR_AUTOGRAD, "ExpBackward0");
}
END_TEST

START_TEST(higher_derivatives)
{
    wick_tensor *x = leaf_x(); /* y = (x ** 4 * torch.exp(x)).sum() */
    wick_tensor *y = wick_sum(wick_mul(wick_pow(x, 4), wick_exp(x)));
    wick_tensor *g1 = wick_list_get(wick_grad(wick_list_of(y), wick_list_of(x), .create_graph = true), 0);
    ck_assert(wick_requires_grad(g1));
    wick_tensor *g2 = wick_list_get(wick_grad(wick_list_of(wick_sum(g1)), wick_list_of(x), .create_graph = true), 0);
    wick_tensor *g3 = wick_list_get(wick_grad(wick_list_of(wick_sum(g2)), wick_list_of(x)), 0);
    ASSERT_VALUES(g1, 0.92740571476882216, -1.103638323514327, 354.67469274867119);
    ASSERT_VALUES(g2, 6.6979301622192704, 1.8393972058572117, 945.79918066312325);
    ASSERT_VALUES(g3, 37.199273670171635, 0.36787944117144233, 2246.2730540749176);
    ck_assert(!wick_requires_grad(g3));

    /* x.grad as part of a graph. */
    ck_assert(wick_backward(wick_sum(wick_mul(wick_mul(x, x), x)), .create_graph = true));
    wick_clear_warning(); /* of the cycle, which is undone below */
    wick_tensor *g = wick_grad_of(x);
    ASSERT_VALUES(g, 0.75, 3, 12);
    wick_keep(g); /* .grad holds a graph that leads to x: taking it away breaks the cycle, as in PyTorch */
    wick_set_grad(x, NULL);
    ck_assert(wick_backward(wick_sum(wick_pow(g, 2))));
    ASSERT_VALUES(wick_grad_of(x), 4.5, -36, 288);
    wick_release(g);
}
END_TEST

/* ---- The graph --------------------------------------------------------------------------------------------------- */

START_TEST(inspection)
{
    wick_tensor *t = wick_ones(2, .requires_grad = true);
    ck_assert_ptr_null(wick_grad_fn(t));
    ASSERT_NO_ERROR();
    wick_tensor *y = wick_add(wick_mul(wick_ones(3), wick_sum(t)), 1);
    wick_node *add = wick_grad_fn(y), *mul = wick_node_input(add, 0), *sum = wick_node_input(mul, 1);
    ck_assert_str_eq(wick_node_name(add), "AddBackward0");
    ck_assert_int_eq(wick_node_inputs(add), 2);
    ck_assert_ptr_null(wick_node_input(add, 1));
    ck_assert_str_eq(wick_node_name(mul), "MulBackward0");
    ck_assert_ptr_null(wick_node_input(mul, 0));
    ck_assert_str_eq(wick_node_name(sum), "SumBackward0");
    wick_node *leaf = wick_node_input(sum, 0);
    ck_assert_str_eq(wick_node_name(leaf), "AccumulateGrad");
    ck_assert_int_eq(wick_node_inputs(leaf), 0);
    ck_assert_ptr_eq(wick_node_variable(leaf), t);
    ck_assert_ptr_null(wick_node_variable(sum));
    ASSERT_NO_ERROR();
    ASSERT_FAILS(wick_node_input(add, 2), WICK_ERROR_INDEX, "wick_node_input", "AddBackward0", "2");
    ASSERT_FAILS(wick_node_input(add, -1), WICK_ERROR_INDEX, "wick_node_input", "-1");
    ck_assert_ptr_eq(wick_node_input(wick_grad_fn(wick_exp(t)), 0), leaf); /* one node for all uses of a leaf */
    wick_tensor *joined = wick_cat(wick_list_of(t, wick_ones(1), y, t), 0);
    ck_assert_int_eq(wick_node_inputs(wick_grad_fn(joined)), 4);
    ck_assert_ptr_null(wick_node_input(wick_grad_fn(joined), 1));
    ck_assert_ptr_eq(wick_node_input(wick_grad_fn(joined), 2), add);
}
END_TEST

/* Each call of EACH(CHECK, ...) fails with such an error while it would be recorded, and succeeds where nothing is. */
#define REFUSED(call, ...) ASSERT_FAILS(call, __VA_ARGS__);
#define TAKEN(call, ...) ck_assert_ptr_nonnull(call);
#define ONLY_UNRECORDED(...)   \
    EACH(REFUSED, __VA_ARGS__) \
    WICK_NO_GRAD;              \
    EACH(TAKEN, )

/* A weight that has no derivative would otherwise never learn, and nobody would know. */
START_TEST(weights_of_losses_are_constants)
{
    wick_tensor *x = wick_full(0.5, 2, 3, .requires_grad = true), *t = wick_full(0.5, 2, 3), *w = wick_ones(3);
    wick_tensor *labels = wick_from(((int64_t[]){0, 2}), 2);
    ck_assert_ptr_nonnull(wick_requires_grad_(w, true));
#define EACH(CHECK, ...)                                                             \
    CHECK(wick_binary_cross_entropy(x, t, .weight = w), __VA_ARGS__)                 \
    CHECK(wick_binary_cross_entropy_with_logits(x, t, .weight = w), __VA_ARGS__)     \
    CHECK(wick_binary_cross_entropy_with_logits(x, t, .pos_weight = w), __VA_ARGS__) \
    CHECK(wick_nll_loss(x, labels, .weight = w), __VA_ARGS__)                        \
    CHECK(wick_cross_entropy(x, labels, .weight = w), __VA_ARGS__)                   \
    CHECK(wick_multi_margin_loss(x, labels, .weight = w), __VA_ARGS__)
    ONLY_UNRECORDED(WICK_ERROR_AUTOGRAD, "weight, which requires grad")
#undef EACH
}
END_TEST

/* Of a reduction in a dtype that has no gradients. */
START_TEST(no_gradient_in_integers)
{
    wick_tensor *x = wick_full(1.5, 2, 3, .requires_grad = true);
#define EACH(CHECK, ...)                                   \
    CHECK(wick_sum(x, .dtype = WICK_INT64), __VA_ARGS__)   \
    CHECK(wick_nansum(x, .dtype = WICK_BOOL), __VA_ARGS__) \
    CHECK(wick_prod(x, .dim = 0, .dtype = WICK_UINT8), __VA_ARGS__)
    ONLY_UNRECORDED(WICK_ERROR_DTYPE, "x requires grad", "wick_detach")
#undef EACH
}
END_TEST

Suite *autograd_suite(void);
Suite *autograd_suite(void)
{
    const TTest *const tests[] = {
        leaves,
        grad_accumulates,
        retain_grad,
        detach,
        grad_mode,
        given_gradients_and_roots,
        gradients_fit_their_tensors,
        composite_functions,
        grad,
        higher_derivatives,
        inspection,
        weights_of_losses_are_constants,
        no_gradient_in_integers,
    };
    return MAKE_SUITE("autograd", tests);
}
