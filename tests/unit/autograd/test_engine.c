/* test_engine.c - the engine on graphs of every shape: deep, wide, shared, in many threads, and failing half way. */
#define _POSIX_C_SOURCE 200809L
#include "check_wick.h"

/* ---- Shapes of graphs -------------------------------------------------------------------------------------------- */

START_TEST(diamonds_and_shared_parts)
{
    wick_tensor *x = wick_full(2.0, .dtype = WICK_FLOAT64, .requires_grad = true);
    wick_tensor *a = wick_mul(x, 3), *b = wick_mul(x, x); /* y = 3x * x^2, twice along each path */
    wick_tensor *y = wick_add(wick_mul(a, b), wick_mul(a, b));
    ck_assert(wick_backward(y));
    ASSERT_VALUES(wick_grad_of(x), 72);

    /* x^(2^k) by squaring: 2^k paths through k nodes, each of which runs once. */
    wick_set_grad(x, NULL);
    wick_tensor *p = wick_mul(x, 0.5);
    for (int k = 0; k < 60; k++)
        p = wick_mul(p, p);
    ck_assert(wick_backward(p));
    ASSERT_VALUES(wick_grad_of(x), ldexp(1, 59));

    /* Long and short ways to the same node, which waits for all of its consumers. */
    wick_set_grad(x, NULL);
    wick_tensor *head = wick_mul(x, 2), *tail = head;
    for (int k = 0; k < 50; k++)
        tail = wick_add(wick_mul(tail, 1), head);
    ck_assert(wick_backward(wick_mul(tail, head)));
    ASSERT_VALUES(wick_grad_of(x), 2 * 51 * 4 * 2.0);
}
END_TEST

START_TEST(fan_out_and_fan_in)
{
    int count = is_slow() ? 200 : 1000;
    wick_tensor *x = wick_full(2.0, 3, .requires_grad = true), *m = wick_mul(x, 1.0), *sum = wick_zeros(3);
    for (int i = 1; i <= count; i++)
        sum = wick_add(sum, wick_mul(m, (double)i));
    ck_assert(wick_backward(wick_sum(sum)));
    double each = (double)count * (count + 1) / 2;
    ASSERT_VALUES(wick_grad_of(x), each, each, each);

    /* One node of many inputs, some of them the same. */
    wick_tensor **parts = malloc((size_t)count * sizeof *parts);
    wick_tensor *leaf = wick_ones(1, .requires_grad = true);
    for (int i = 0; i < count; i++)
        parts[i] = i % 2 ? leaf : wick_mul(leaf, 2);
    wick_tensor *joined = wick_cat(wick_list_n(parts, count), 0);
    free(parts);
    ASSERT_SHAPE(joined, count);
    ck_assert(wick_backward(wick_sum(joined)));
    ASSERT_VALUES(wick_grad_of(leaf), 1.5 * count);

    /* Many leaves. */
    wick_tensor **leaves = malloc((size_t)count * sizeof *leaves);
    sum = wick_zeros(1);
    for (int i = 0; i < count; i++) {
        leaves[i] = wick_full((double)i, 1, .requires_grad = true);
        sum = wick_add(sum, wick_mul(leaves[i], leaves[i]));
    }
    ck_assert(wick_backward(sum));
    for (int i = 0; i < count; i++)
        ck_assert_double_eq(wick_item(wick_grad_of(leaves[i])), 2.0 * i);
    free(leaves);
}
END_TEST

/* ---- Depth ------------------------------------------------------------------------------------------------------- */

/* A chain of as many nodes, each the only holder of the next: forward, backward and destruction. */
static void *long_chain(void *argument)
{
    int length = *(int *)argument;
    WICK_SCOPE;
    wick_tensor *x = wick_full(2.0, .requires_grad = true), *y = wick_keep(x);
    size_t before = wick_memory_allocated();
    for (int i = 0; i < length; i++) {
        WICK_SCOPE;
        wick_tensor *next = wick_keep(wick_neg(y));
        wick_release(y);
        CHECK(next);
        y = next;
    }
    CHECK(wick_memory_allocated() > before + (size_t)length * 64);
    CHECK(wick_backward(y, .retain_graph = true));
    CHECK(wick_get_n(wick_grad_of(x), NULL, 0) == (length % 2 ? -1 : 1));
    CHECK(wick_backward(y));
    CHECK(wick_get_n(wick_grad_of(x), NULL, 0) == (length % 2 ? -2 : 2));
    {
        WICK_SCOPE;
        wick_list *g = wick_grad(wick_list_of(y), wick_list_of(x));
        CHECK(wick_get_n(wick_list_get(g, 0), NULL, 0) == (length % 2 ? -1 : 1));
    }
    wick_release(y); /* destroys the chain */
    CHECK(wick_memory_allocated() < before + 4096);
    return NULL;
}

START_TEST(a_chain_of_a_million_nodes)
{
    int length = is_slow() ? 20000 : 1000000;
    run_in_thread(long_chain, &length,
                  (size_t)(is_slow() ? 512 : 64) << 10); /* no recursion: a small stack is enough */
}
END_TEST

START_TEST(long_chains_that_save)
{
    int length = is_slow() ? 2000 : 100000;
    size_t bytes = memory_in_use();
    {
        WICK_SCOPE;
        wick_tensor *x = wick_full(1.0, 2, .requires_grad = true), *y = x;
        for (int i = 0; i < length; i++)
            y = wick_mul(y, x); /* all owned by this scope, which destroys from the end */
        ck_assert(wick_backward(wick_sum(y)));
        ASSERT_VALUES(wick_grad_of(x), length + 1, length + 1);
        for (int i = 0; i < length; i++)
            y = wick_tanh(y); /* and one whose backward nobody runs */
    }
    ck_assert_uint_eq(memory_in_use(), bytes);

    { /* A chain of views, and one of in-place writes. */
        WICK_SCOPE;
        wick_tensor *x = wick_full(1.0, 2, 3, .requires_grad = true), *y = x, *z = wick_mul(x, 1);
        for (int i = 0; i < length / 10; i++) {
            y = wick_t(y);
            ck_assert_ptr_eq(wick_add_(z, 1), z);
        }
        ck_assert(wick_backward(wick_add(wick_sum(y), wick_sum(z))));
        ASSERT_VALUES(wick_grad_of(x), 2, 2, 2, 2, 2, 2);
    }
    ck_assert_uint_eq(memory_in_use(), bytes);
}
END_TEST

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

START_TEST(backward_frees_what_was_saved)
{
    wick_tensor *x = wick_rand(1000, .requires_grad = true);
    wick_set_grad(x, wick_zeros(1000));
    wick_tensor *y;
    size_t empty = memory_in_use(), full;
    {
        WICK_SCOPE;
        y = wick_out(wick_sum(wick_exp(wick_sigmoid(wick_exp(x)))));
    }
    full = memory_in_use();
    ck_assert_uint_gt(full, empty + 3 * 4000);
    ck_assert(wick_backward(y, .retain_graph = true));
    ck_assert_uint_eq(memory_in_use(), full);
    ck_assert(wick_backward(y));
    ck_assert_uint_lt(memory_in_use(), empty + 4000);
}
END_TEST

/* ---- Failures ---------------------------------------------------------------------------------------------------- */

START_TEST(a_failing_backward_changes_no_grad)
{
    wick_tensor *a = wick_ones(2, .requires_grad = true), *b = wick_ones(2, .requires_grad = true);
    wick_tensor *c = wick_ones(2, .requires_grad = true);
    ck_assert(wick_backward(wick_sum(wick_mul(a, 5))));
    wick_tensor *grad = wick_grad_of(a);
    wick_tensor *e = wick_exp(wick_mul(b, 1)); /* older than the rest: reached last */
    wick_tensor *m = wick_mul(c, 2);
    wick_retain_grad(m);
    wick_tensor *y = wick_sum(wick_add(wick_add(wick_mul(a, a), wick_mul(m, m)), e));
    {
        WICK_NO_GRAD;
        wick_zero_(e);
    }
    ASSERT_FAILS(wick_backward(y, .retain_graph = true), WICK_ERROR_AUTOGRAD, "ExpBackward0", "wick_zero_");
    ck_assert_ptr_eq(wick_grad_of(a), grad);
    ASSERT_VALUES(grad, 5, 5);
    ck_assert_uint_eq(wick_version(grad), 0);
    ck_assert(!wick_grad_of(b) && !wick_grad_of(c) && !wick_grad_of(m));
    ck_assert(wick_is_grad_enabled());
    ck_assert(wick_backward(wick_sum(wick_mul(c, 3)))); /* everything goes on working */
    ASSERT_VALUES(wick_grad_of(c), 3, 3);
}
END_TEST

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

/* All in threads of their own, as bytes count for the thread that frees them. */
static wick_tensor *_Atomic shared_leaf;

static void *use_the_leaf(void *unused)
{
    (void)unused;
    wick_tensor *w = atomic_load(&shared_leaf);
    for (int i = 0; i < 50; i++) {
        WICK_SCOPE;
        wick_tensor *x = wick_full(i % 2 ? 1.0 : 3.0, 4);
        wick_tensor *y = wick_sum(wick_mul(wick_add(w, w), x));
        CHECK(wick_backward(y));
        wick_list *g = wick_grad(wick_list_of(wick_sum(wick_mul(w, w))), wick_list_of(w));
        CHECK(wick_get(wick_list_get(g, 0), 3) == 2);
        CHECK(!wick_error());
    }
    return NULL;
}

static void *share_a_leaf(void *unused)
{
    enum { THREADS = 4 };
    (void)unused;
    WICK_SCOPE;
    atomic_store(&shared_leaf,
                 wick_ones(4, .requires_grad = true)); /* without .grad, or a node: the threads race for both */
    pthread_t threads[THREADS];
    void *wrong[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, use_the_leaf, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], &wrong[i]) == 0);
    for (int i = 0; i < THREADS; i++)
        if (wrong[i])
            return wrong[i];
    CHECK(wick_get(wick_grad_of(atomic_load(&shared_leaf)), 2) == THREADS * 25 * (2 * 1 + 2 * 3));
    return NULL;
}

START_TEST(a_leaf_in_graphs_of_many_threads) { run_in_thread(share_a_leaf, NULL, 0); }
END_TEST

static void *own_grad_mode(void *unused)
{
    (void)unused;
    CHECK(wick_is_grad_enabled());
    wick_set_grad_enabled(false);
    return NULL;
}

START_TEST(grad_mode_is_the_threads_own)
{
    {
        WICK_NO_GRAD;
        run_in_thread(own_grad_mode, NULL, 0);
    }
    run_in_thread(own_grad_mode, NULL, 0);
    ck_assert(wick_is_grad_enabled());
}
END_TEST

Suite *engine_suite(void);
Suite *engine_suite(void)
{
    const TTest *const tests[] = {
        diamonds_and_shared_parts,        fan_out_and_fan_in,
        a_chain_of_a_million_nodes,       long_chains_that_save,
        backward_frees_what_was_saved,    a_failing_backward_changes_no_grad,
        a_leaf_in_graphs_of_many_threads, grad_mode_is_the_threads_own,
    };
    return MAKE_SUITE("engine", tests);
}
