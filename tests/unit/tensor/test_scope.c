/* test_scope.c - the ownership rule: what a scope frees and when, however its block is left, in one or more threads. */
#define _POSIX_C_SOURCE 200809L
#include "check_wick.h"

#include <setjmp.h>

/* ---- Objects that tell when they die ----------------------------------------------------------------------------- */

static atomic_int deaths;

static void note_death(wick_module *m)
{
    (void)m;
    atomic_fetch_add(&deaths, 1);
}

static wick_tensor *pass_on(wick_module *m, wick_tensor *x)
{
    (void)m;
    return x;
}

/* A module that counts its destruction in deaths. */
static wick_module *mortal(void)
{
    wick_module *m = wick_nn_module("Mortal", .forward = pass_on, .destroy = note_death);
    ck_assert_ptr_nonnull(m);
    return m;
}

/* ---- Ways out of a block ----------------------------------------------------------------------------------------- */

START_TEST(every_way_out_of_a_block)
{
    size_t bytes = memory_in_use();
    long long objects = wick_scope_count();
    atomic_store(&deaths, 0);
    {
        WICK_SCOPE;
        mortal();
        ck_assert_int_eq(wick_scope_count(), objects + 1);
        ck_assert_int_eq(atomic_load(&deaths), 0);
    }
    ck_assert_int_eq(atomic_load(&deaths), 1);
    for (int i = 0; i < 10; i++) {
        WICK_SCOPE;
        mortal();
        if (i == 2)
            continue;
        if (i == 4)
            break;
        mortal();
    }
    ck_assert_int_eq(atomic_load(&deaths), 1 + 2 + 2 + 1 + 2 + 1);
    ck_assert_int_eq(wick_scope_count(), objects);
    for (;;) {
        WICK_SCOPE;
        mortal();
        {
            WICK_SCOPE;
            mortal();
            goto out; /* of two scopes */
        }
    }
out:
    ck_assert_int_eq(atomic_load(&deaths), 11);
    ck_assert_int_eq(wick_scope_count(), objects);
    ck_assert_uint_eq(memory_in_use(), bytes);
}
END_TEST

static int returns_early(int x)
{
    WICK_SCOPE;
    mortal();
    if (x > 0)
        return x + (int)wick_item(wick_full(1.0, 1)); /* computed before the scope ends */
    mortal();
    return 0;
}

static wick_tensor *fails_within(void)
{
    WICK_SCOPE;
    mortal();
    wick_tensor *y = wick_matmul(wick_ones(2, 3), wick_ones(2, 3));
    if (!y)
        return NULL;
    return wick_out(y);
}

START_TEST(return_and_error)
{
    size_t bytes = memory_in_use();
    long long objects = wick_scope_count();
    atomic_store(&deaths, 0);
    ck_assert_int_eq(returns_early(4), 5);
    ck_assert_int_eq(atomic_load(&deaths), 1);
    ck_assert_int_eq(returns_early(0), 0);
    ck_assert_int_eq(atomic_load(&deaths), 3);
    ASSERT_FAILS(fails_within(), WICK_ERROR_SHAPE, "wick_matmul", "(2, 3)");
    ck_assert_int_eq(atomic_load(&deaths), 4);
    ck_assert_int_eq(wick_scope_count(), objects);
    ck_assert_uint_eq(memory_in_use(), bytes);
}
END_TEST

START_TEST(objects_end_in_reverse_order_and_once)
{
    size_t bytes = memory_in_use();
    {
        WICK_SCOPE;
        wick_tensor *x = wick_ones(3, .requires_grad = true);
        wick_tensor *y = wick_mul(x, x), *same = wick_contiguous(y); /* the same object, owned twice */
        ck_assert_ptr_eq(same, y);
        {
            WICK_SCOPE;
            ck_assert_ptr_eq(wick_contiguous(y), y);
        }
        ASSERT_VALUES(y, 1, 1, 1);
        wick_tensor *row = wick_select(wick_ones(2, 2), 0, 1); /* outlives the tensor that it is a view of */
        ASSERT_VALUES(row, 1, 1);
    }
    ck_assert_uint_eq(memory_in_use(), bytes);
}
END_TEST

/* ---- Handing on -------------------------------------------------------------------------------------------------- */

static wick_tensor *mean_square(wick_tensor *x)
{
    WICK_SCOPE;
    return wick_out(wick_mean(wick_mul(x, x)));
}

START_TEST(out)
{
    long long objects = wick_scope_count();
    wick_tensor *y = mean_square(wick_from(((float[]){1, 2, 3}), 3));
    ASSERT_VALUES(y, 14 / 3.0);
    ck_assert_int_eq(wick_scope_count(), objects + 2); /* the argument and the result */
    ck_assert_ptr_null(wick_out(NULL));
    ASSERT_NO_ERROR();

    /* One scope at a time. */
    atomic_store(&deaths, 0);
    {
        WICK_SCOPE;
        wick_module *m;
        {
            WICK_SCOPE;
            {
                WICK_SCOPE;
                m = wick_out(mortal());
                mortal();
            }
            ck_assert_int_eq(atomic_load(&deaths), 1);
            ck_assert_str_eq(wick_nn_name(m), "Mortal");
            ck_assert_ptr_eq(wick_out(m), m);
        }
        ck_assert_int_eq(atomic_load(&deaths), 1);
        ck_assert_str_eq(wick_nn_name(m), "Mortal");
    }
    ck_assert_int_eq(atomic_load(&deaths), 2);

    /* Handed out from the middle of others, twice, and something that another scope owns. */
    wick_tensor *outer = wick_ones(2), *first, *second;
    {
        WICK_SCOPE;
        mortal();
        first = wick_full(1.0, 1), second = wick_full(2.0, 1);
        mortal();
        wick_out(second), wick_out(first), wick_out(second), wick_out(outer);
        mortal();
    }
    ck_assert_int_eq(atomic_load(&deaths), 5);
    ck_assert_double_eq(wick_item(first) + wick_item(second), 3);
    ASSERT_VALUES(outer, 1, 1);
}
END_TEST

START_TEST(keep_and_release)
{
    size_t bytes = memory_in_use();
    wick_tensor *best;
    {
        WICK_SCOPE;
        best = wick_keep(wick_full(7.0, 2));
        ck_assert_ptr_eq(wick_keep(best), best);
    }
    ASSERT_VALUES(best, 7, 7);
    wick_release(best);
    ASSERT_VALUES(best, 7, 7);
    wick_release(best);
    ck_assert_uint_eq(memory_in_use(), bytes);
    ck_assert_ptr_null(wick_keep(NULL));
    wick_release(NULL);

    atomic_store(&deaths, 0);
    wick_module *m;
    {
        WICK_SCOPE;
        m = wick_keep(mortal());
    }
    ck_assert_int_eq(atomic_load(&deaths), 0);
    wick_release(m);
    ck_assert_int_eq(atomic_load(&deaths), 1);

    /* Kept results hold their graphs. */
    wick_tensor *loss;
    {
        WICK_SCOPE;
        wick_tensor *w = wick_full(3.0, 1, .requires_grad = true);
        loss = wick_keep(wick_mul(w, w));
    }
    wick_node *leaf = wick_node_input(wick_grad_fn(loss), 0);
    ck_assert(wick_backward(loss));
    ASSERT_VALUES(wick_grad_of(wick_node_variable(leaf)), 6);
    wick_release(loss);
    ck_assert_uint_eq(memory_in_use(), bytes);
}
END_TEST

#define ASSERT_NOT_KEPT() \
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "wick_release: no wick_keep holds this object", "once for each wick_keep")

/* In place of a crash where the scope, or what holds the object, gives back its own reference. */
START_TEST(release_without_keep)
{
    size_t bytes = memory_in_use();
    atomic_store(&deaths, 0);
    {
        WICK_SCOPE;
        wick_tensor *x = wick_full(7.0, 2);
        wick_release(x); /* the scope's */
        ASSERT_NOT_KEPT();
        wick_keep(x);
        wick_release(x);
        wick_release(x);
        ASSERT_NOT_KEPT();
        ASSERT_VALUES(x, 7, 7);

        wick_module *inner = mortal(), *model = wick_nn_sequential(wick_nn_linear(2, 2), inner);
        wick_release(inner); /* the model's */
        ASSERT_NOT_KEPT();
        wick_release(wick_list_get(wick_nn_parameters(model), 0));
        ASSERT_NOT_KEPT();
        ck_assert(wick_nn_forward(model, x) != NULL);
        wick_generator *g = wick_generator_new();
        wick_release(g);
        ASSERT_NOT_KEPT();
        int64_t number = 0;
        wick_release(&number); /* no object at all */
        ASSERT_NOT_KEPT();
    }
    ck_assert_int_eq(atomic_load(&deaths), 1);

    /* Twice what was kept once: the second time its memory is somebody else's, and is not looked at. */
    wick_tensor *best;
    {
        WICK_SCOPE;
        best = wick_keep(wick_full(7.0, 2));
    }
    wick_release(best);
    wick_release(best);
    ASSERT_NOT_KEPT();
    if (!is_watched()) {
        ASSERT_FAILS(wick_keep(best), WICK_ERROR_ARGUMENT, "wick_keep", "freed already");
    }
    ck_assert_uint_eq(memory_in_use(), bytes);

    /* As many as memory has, in any order. */
    enum { MANY = 5000 };
    static wick_tensor *many[MANY];
    {
        WICK_SCOPE;
        for (int i = 0; i < MANY; i++)
            many[i] = wick_keep(wick_full(i, 1));
    }
    for (int i = 0; i < MANY; i++) {
        wick_tensor *t = many[i * 7 % MANY];
        ASSERT_VALUES(t, i * 7 % MANY);
        wick_release(t);
        wick_release(t);
        ASSERT_NOT_KEPT();
    }
    ck_assert_uint_eq(memory_in_use(), bytes);
}
END_TEST

/* Guards of every kind on one line are variables of different names. */
#define ALL_GUARDS \
    WICK_SCOPE;    \
    WICK_NO_GRAD;  \
    WICK_ENABLE_GRAD

START_TEST(guards_on_one_line)
{
    long long count = wick_scope_count();
    for (int i = 0; i < 2; i++) {
        ALL_GUARDS;
        ck_assert(wick_is_grad_enabled());
        wick_ones(2);
    }
    ck_assert_int_eq(wick_scope_count(), count);
    ck_assert(wick_is_grad_enabled());
}
END_TEST

/* ---- Without the guard ------------------------------------------------------------------------------------------- */

START_TEST(push_and_pop)
{
    long long objects = wick_scope_count();
    atomic_store(&deaths, 0);
    wick_scope a = wick_scope_push();
    mortal();
    wick_scope b = wick_scope_push();
    mortal();
    wick_scope_pop(&b);
    ck_assert_int_eq(atomic_load(&deaths), 1);
    wick_scope_pop(&b); /* a second time: nothing */
    ck_assert_int_eq(atomic_load(&deaths), 1);
    wick_scope_pop(&a);
    ck_assert_int_eq(atomic_load(&deaths), 2);
    wick_scope_pop(&a);
    wick_scope_pop(NULL);
    ck_assert_int_eq(atomic_load(&deaths), 2);
    ck_assert_int_eq(wick_scope_count(), objects);

    /* The outer one first: it ends the inner one, and nothing is freed twice or too early. */
    {
        WICK_SCOPE;
        wick_module *outside = mortal();
        a = wick_scope_push();
        mortal();
        b = wick_scope_push();
        mortal();
        wick_scope_pop(&a);
        wick_scope_pop(&b);
        ck_assert_str_eq(wick_nn_name(outside), "Mortal");
        wick_tensor *t = wick_ones(2); /* belongs to the scope of this block */
        ASSERT_VALUES(t, 1, 1);
    }
    ck_assert_int_eq(atomic_load(&deaths), 5);
    ck_assert_int_eq(wick_scope_count(), objects);

    /* Left by longjmp, which no guard sees: the scope outside frees what is left. */
    {
        WICK_SCOPE;
        static jmp_buf back;
        if (setjmp(back) == 0) {
            wick_scope_push();
            mortal();
            longjmp(back, 1);
        }
        wick_scope c = wick_scope_push();
        mortal();
        wick_scope_pop(&c);
        ck_assert_int_eq(atomic_load(&deaths), 6);
    }
    wick_scope_pop(&left_over.scope); /* ends the scopes inside it */
    left_over.scope = wick_scope_push();
}
END_TEST

/* ---- Many and deep ----------------------------------------------------------------------------------------------- */

START_TEST(many_objects_and_scopes)
{
    size_t bytes = memory_in_use();
    long long objects = wick_scope_count();
    int count = is_slow() ? 10000 : 100000;
    {
        WICK_SCOPE;
        for (int i = 0; i < count; i++)
            ck_assert(wick_full(i, 1) != NULL);
        ck_assert_int_eq(wick_scope_count(), objects + count);
    }
    ck_assert_int_eq(wick_scope_count(), objects);
    ck_assert_uint_eq(memory_in_use(), bytes);

    enum { DEPTH = 10000 };
    static wick_scope scopes[DEPTH];
    for (int i = 0; i < DEPTH; i++) {
        scopes[i] = wick_scope_push();
        wick_full(i, 1);
    }
    ck_assert_int_eq(wick_scope_count(), objects + DEPTH);
    for (int i = DEPTH; i-- > 0;) {
        wick_scope_pop(&scopes[i]);
        ck_assert_int_eq(wick_scope_count(), objects + i);
    }
    ck_assert_uint_eq(memory_in_use(), bytes);
}
END_TEST

/* ---- All kinds of objects ---------------------------------------------------------------------------------------- */

static int64_t length_of_6(wick_dataset *d)
{
    (void)d;
    return 6;
}

static wick_list *item_of(wick_dataset *d, int64_t i)
{
    (void)d;
    return wick_list_of(wick_full((double)i, 2), wick_full((double)i));
}

static void dataset_dies(wick_dataset *d)
{
    (void)d;
    atomic_fetch_add(&deaths, 1);
}

START_TEST(all_kinds_of_objects)
{
    size_t bytes = memory_in_use();
    long long objects = wick_scope_count();
    atomic_store(&deaths, 0);
    {
        WICK_SCOPE;
        wick_optim *opt;
        wick_loader *loader;
        const char *text;
        wick_dict *state;
        {
            WICK_SCOPE;
            wick_module *model =
                wick_nn_sequential(wick_nn_linear(2, 4), mortal(), wick_nn_relu(), wick_nn_linear(4, 1));
            opt = wick_out(wick_optim_adam(wick_nn_parameters(model), .lr = 0.01));
            state = wick_out(wick_nn_state_dict(model));
            text = wick_nn_to_string(model);
            ck_assert_ptr_nonnull(strstr(text, "Linear"));
            loader = wick_out(wick_data_loader(
                wick_data_dataset(.length = length_of_6, .item = item_of, .destroy = dataset_dies), .batch_size = 4));
        }
        ck_assert_int_eq(atomic_load(&deaths), 1); /* the model; the loader holds its dataset */
        ck_assert(wick_optim_step(opt));           /* the optimizer holds its parameters */
        ck_assert_int_eq(wick_nn_dict_count(state), 4);
        int batches = 0;
        wick_tensor *X, *y;
        WICK_FOR_EACH_BATCH (loader, &X, &y) {
            WICK_SCOPE;
            ASSERT_VALUES(wick_sum(wick_sub(wick_mean(X, 1), y)), 0);
            batches++;
            if (batches == 2)
                break;
        }
        ck_assert_int_eq(batches, 2);
    }
    ck_assert_int_eq(atomic_load(&deaths), 2);
    ck_assert_int_eq(wick_scope_count(), objects);
    ck_assert_uint_eq(memory_in_use(), bytes);
}
END_TEST

/* ---- A training loop --------------------------------------------------------------------------------------------- */

START_TEST(a_training_loop_holds_its_level)
{
    wick_tensor *X = wick_rand(16, 8), *labels = wick_randint(0, 3, 16);
    wick_module *model =
        wick_nn_sequential(wick_nn_linear(8, 16), wick_nn_relu(), wick_nn_dropout(0.5), wick_nn_linear(16, 3));
    wick_module *loss_fn = wick_nn_cross_entropy_loss();
    wick_optim *opt = wick_optim_adam(wick_nn_parameters(model), .lr = 0.01);
    size_t level = 0, cached = 0, stack = 0;
    long long objects = wick_scope_count();
    double first = 0, last = 0;
    for (int epoch = 0; epoch < 200; epoch++) {
        {
            WICK_SCOPE;
            wick_tensor *loss = wick_nn_forward(loss_fn, wick_nn_forward(model, X), labels);
            wick_optim_zero_grad(opt);
            ck_assert(wick_backward(loss));
            ck_assert(wick_optim_step(opt));
            last = wick_item(loss);
            first = epoch ? first : last;
        }
        if (epoch == 2) { /* the first steps make gradients, state, and the caches' blocks */
            level = wick_memory_allocated();
            cached = wk_this_thread.cached;
            stack = wk_this_thread.owned_capacity;
        } else if (epoch > 2) {
            ck_assert_uint_eq(wick_memory_allocated(), level);
            ck_assert_uint_eq(wk_this_thread.cached, cached); /* every block comes from the cache and goes back */
            ck_assert_uint_eq(wk_this_thread.owned_capacity, stack);
        }
        ck_assert_int_eq(wick_scope_count(), objects);
    }
    ck_assert_double_lt(last, first);
    wick_empty_cache();
    ck_assert_uint_eq(wk_this_thread.cached, 0);
    ck_assert_uint_eq(wick_memory_allocated(), level);
}
END_TEST

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

static void *use_the_root_scope(void *unused)
{
    (void)unused;
    CHECK(wick_scope_count() == 0 && wick_memory_allocated() == 0 && !wick_error());
    wick_module *m = mortal();
    CHECK(wick_out(m) == m); /* there is no scope outside the root scope */
    mortal();
    wick_add(wick_ones(2), wick_ones(3)); /* and an error that nobody clears */
    wick_fail(WICK_ERROR_ARGUMENT, "%2000d", 1);
    CHECK(wick_scope_count() == 4);
    wick_scope_push(); /* that nobody ends */
    mortal();
    return NULL;
}

START_TEST(the_root_scope_ends_with_its_thread)
{
    size_t bytes = memory_in_use();
    long long objects = wick_scope_count();
    atomic_store(&deaths, 0);
    run_in_thread(use_the_root_scope, NULL, 0);
    ck_assert_int_eq(atomic_load(&deaths), 3);
    ck_assert_int_eq(wick_scope_count(), objects);
    ck_assert_uint_eq(memory_in_use(), bytes);
    ASSERT_NO_ERROR();
}
END_TEST

static void *train(void *unused)
{
    (void)unused;
    WICK_SCOPE;
    wick_tensor *w = wick_ones(4, .requires_grad = true);
    size_t level = 0;
    for (int i = 0; i < 50; i++) {
        {
            WICK_SCOPE;
            wick_tensor *loss = mean_square(wick_sub(w, 3));
            wick_set_grad(w, NULL);
            CHECK(wick_backward(loss));
            WICK_NO_GRAD;
            CHECK(wick_sub_(w, wick_mul(wick_grad_of(w), 0.5)) == w);
        }
        CHECK(wick_is_grad_enabled());
        if (i == 1)
            level = wick_memory_allocated();
        CHECK(i < 1 || wick_memory_allocated() == level);
    }
    CHECK(fabs(wick_get(w, 3) - 3) < 1e-3);
    return NULL;
}

START_TEST(scopes_in_threads) { run_in_threads(train, 4); }
END_TEST

/* What one thread makes and another frees: each thread counts its own bytes, so both sides are threads of their own. */
static void *_Atomic handed;

static void *make_and_hand(void *unused)
{
    (void)unused;
    WICK_SCOPE;
    wick_tensor *w = wick_full(2.0, 3, .requires_grad = true);
    mortal();
    atomic_store(&handed, wick_keep(wick_sum(wick_mul(w, w))));
    return NULL;
}

static void *take_and_free(void *unused)
{
    (void)unused;
    WICK_SCOPE;
    wick_tensor *loss = atomic_load(&handed);
    CHECK(wick_item(loss) == 12);
    CHECK(wick_backward(loss));
    wick_node *mul = wick_node_input(wick_grad_fn(loss), 0);
    wick_tensor *w = wick_node_variable(wick_node_input(mul, 1));
    CHECK(wick_get(wick_grad_of(w), 2) == 4);
    wick_release(loss);
    return NULL;
}

START_TEST(objects_handed_between_threads)
{
    atomic_store(&deaths, 0);
    run_in_thread(make_and_hand, NULL, 0);
    ck_assert_int_eq(atomic_load(&deaths), 1);
    run_in_thread(take_and_free, NULL, 0);
}
END_TEST

/* What one thread kept, several release: one of them does, and to the others it is an error. */
static atomic_int released;
static void *release_handed(void *unused)
{
    (void)unused;
    for (int i = 0; i < 100; i++) {
        wick_release(atomic_load(&handed));
        if (!wick_error())
            atomic_fetch_add(&released, 1);
        wick_clear_error();
    }
    return NULL;
}

START_TEST(released_by_many_threads)
{
    wick_tensor *t = wick_ones(2);
    for (int i = 0; i < 50; i++)
        wick_keep(t);
    atomic_store(&handed, t);
    atomic_store(&released, 0);
    run_in_threads(release_handed, 4);
    ck_assert_int_eq(atomic_load(&released), 50);
    ASSERT_VALUES(t, 1, 1);
}
END_TEST

static void *read_handed(void *unused)
{
    (void)unused;
    WICK_SCOPE;
    wick_tensor *t = wick_keep(atomic_load(&handed));
    for (int i = 0; i < 200; i++) {
        WICK_SCOPE;
        CHECK(wick_item(wick_sum(wick_select(t, 0, i % 4))) == 8);
        wick_release(wick_keep(t));
    }
    wick_release(t);
    return NULL;
}

START_TEST(a_tensor_read_by_many_threads)
{
    atomic_store(&handed, wick_full(1.0, 4, 8));
    run_in_threads(read_handed, 4);
}
END_TEST

Suite *scope_suite(void);
Suite *scope_suite(void)
{
    const TTest *const tests[] = {
        every_way_out_of_a_block,
        return_and_error,
        objects_end_in_reverse_order_and_once,
        out,
        keep_and_release,
        release_without_keep,
        guards_on_one_line,
        push_and_pop,
        many_objects_and_scopes,
        all_kinds_of_objects,
        a_training_loop_holds_its_level,
        the_root_scope_ends_with_its_thread,
        scopes_in_threads,
        objects_handed_between_threads,
        released_by_many_threads,
        a_tensor_read_by_many_threads,
    };
    return MAKE_SUITE("scope", tests);
}
