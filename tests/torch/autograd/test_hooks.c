/* test_hooks.c - hooks on tensors and nodes, as PyTorch calls them, and what becomes of them. */
#define _POSIX_C_SOURCE 200809L
#include "scenario.h"

/* ---- Hooks that note what they see ------------------------------------------------------------------------------- */

/* A hook's code, and the factor that it multiplies what it saw by; 0: it leaves it. */
typedef struct rule {
    int code;
    double factor;
} rule;

static wick_tensor *on_tensor(wick_tensor *g, void *context)
{
    const rule *r = context;
    note_number(r->code);
    note(g);
    return r->factor != 0 ? wick_mul(g, r->factor) : NULL;
}

static wick_list *scaled(wick_list *list, double factor)
{
    wick_tensor *items[4] = {NULL};
    for (int64_t i = 0; i < wick_list_count(list); i++)
        items[i] = wick_list_get(list, i) ? wick_mul(wick_list_get(list, i), factor) : NULL;
    return wick_grads_n(items, wick_list_count(list));
}

static wick_list *before_node(wick_list *dy, void *context)
{
    const rule *r = context;
    note_number(r->code);
    note_list(dy);
    return r->factor != 0 ? scaled(dy, r->factor) : NULL;
}

static wick_list *after_node(wick_list *dx, wick_list *dy, void *context)
{
    const rule *r = context;
    note_number(r->code);
    note_list(dx);
    note_list(dy);
    return r->factor != 0 ? scaled(dx, r->factor) : NULL;
}

static void on_accumulated(wick_tensor *t, void *context)
{
    const rule *r = context;
    note_number(r->code);
    note(t);
    note(wick_grad_of(t));
}

#define RULE(code, factor) (&(rule){code, factor})

/* ---- As PyTorch ---------------------------------------------------------------------------------------------------- */

START_TEST(order_and_replacement)
{
    wick_tensor *x = leaf2(1, 2), *y = wick_mul(x, 3);
    wick_register_hook(y, on_tensor, RULE(1, 2));
    ck_assert(wick_retain_grad(y));
    wick_register_hook(y, on_tensor, RULE(2, 10));
    wick_register_hook(x, on_tensor, RULE(3, 5));
    wick_register_hook(x, on_tensor, RULE(4, 0));
    ck_assert(wick_backward(wick_sum(wick_mul(y, y))));
    note(wick_grad_of(y));
    note(wick_grad_of(x));
    check_scenario("order");

    x = leaf1(1), y = wick_mul(x, 2);
    wick_register_hook(y, on_tensor, RULE(1, 0));
    ck_assert(wick_backward(wick_add(wick_mul(y, 3), wick_mul(y, 4))));
    check_scenario("summed");

    x = leaf1(1), y = wick_mul(x, 2);
    wick_register_hook(y, on_tensor, RULE(1, 0));
    y = wick_mul_(y, 3);
    wick_register_hook(y, on_tensor, RULE(2, 0));
    ck_assert(wick_backward(wick_mul(y, 5)));
    check_scenario("in_place");
}
END_TEST

static wick_list *grads(wick_tensor *y, wick_list *x) { return wick_grad(wick_list_of(y), x, .retain_graph = true); }

START_TEST(in_wick_grad)
{
    wick_tensor *x = leaf1(1);
    wick_register_hook(x, on_tensor, RULE(1, 5));
    note_list(grads(wick_mul(x, 3), wick_list_of(x)));
    note(wick_grad_of(x));
    check_scenario("grad_of_leaf");

    x = leaf1(1);
    wick_tensor *y = wick_mul(x, 3), *z;
    wick_register_hook(y, on_tensor, RULE(1, 5));
    z = wick_mul(y, 2);
    note_list(grads(z, wick_list_of(y)));
    note_list(grads(z, wick_list_of(y, x)));
    wick_retain_grad(y);
    note_list(grads(z, wick_list_of(x)));
    note(wick_grad_of(y));
    wick_set_grad(y, NULL);
    note_list(grads(z, wick_list_of(y)));
    note(wick_grad_of(y));
    check_scenario("grad_of_nonleaf");

    x = leaf1(1);
    wick_tensor *w = wick_mul(x, 2);
    wick_retain_grad(w);
    y = wick_mul(w, 3);
    note_list(grads(wick_mul(y, 2), wick_list_of(y)));
    note(wick_grad_of(w));
    check_scenario("retain_beyond");

    x = leaf1(1), w = leaf1(2);
    note_list(wick_grad(wick_list_of(wick_mul(x, 2)), wick_list_of(x, w), .allow_unused = true));
    note_list(wick_grad(wick_list_of(wick_mul(x, 2)), wick_list_of(x, w), .materialize_grads = true));
    check_scenario("grad_none");
    ASSERT_FAILS(grads(wick_mul(x, 2), wick_list_of(x, w)), WICK_ERROR_AUTOGRAD, "input 1", "allow_unused");

    /* A list with a NULL is for looking at. */
    wick_list *g = wick_grad(wick_list_of(wick_mul(x, 2)), wick_list_of(x, w), .allow_unused = true);
    ASSERT_FAILS(wick_cat(g, 0), WICK_ERROR_ARGUMENT, "wick_cat", "item 1", "no such gradient");
}
END_TEST

START_TEST(on_nodes)
{
    wick_tensor *x = leaf2(1, 2), *w = leaf2(3, 4), *y = wick_mul(x, w), *sum;
    wick_register_hook(y, on_tensor, RULE(1, 2));
    wick_retain_grad(y);
    wick_node_register_prehook(wick_grad_fn(y), before_node, RULE(2, 10));
    wick_node_register_hook(wick_grad_fn(y), after_node, RULE(3, 100));
    sum = wick_sum(y);
    ck_assert(wick_backward(sum, .retain_graph = true));
    note(wick_grad_of(y));
    note(wick_grad_of(x));
    note(wick_grad_of(w));
    note_list(grads(sum, wick_list_of(y)));
    note_list(grads(sum, wick_list_of(x)));
    note_list(grads(sum, wick_list_of(y, x)));
    check_scenario("nodes");

    x = leaf1(1);
    wick_node *node = wick_node_input(wick_grad_fn(wick_mul(x, 1)), 0);
    wick_node_register_prehook(node, before_node, RULE(1, 2));
    wick_node_register_hook(node, after_node, RULE(2, 0));
    wick_register_hook(x, on_tensor, RULE(3, 0));
    wick_register_post_accumulate_grad_hook(x, on_accumulated, RULE(4, 0));
    ck_assert(wick_backward(wick_sum(wick_mul(x, 3))));
    note(wick_grad_of(x));
    note_list(grads(wick_mul(x, 3), wick_list_of(x)));
    check_scenario("accumulate_node");
}
END_TEST

static wick_tensor *times_x(wick_tensor *g, void *x) { return wick_mul(g, (wick_tensor *)x); }

START_TEST(recorded)
{
    wick_tensor *x = leaf1(2), *y = wick_mul(x, x);
    wick_register_hook(y, times_x, x);
    wick_list *g = wick_grad(wick_list_of(wick_sum(y)), wick_list_of(x), .create_graph = true);
    note_list(g);
    note_list(grads(wick_sum(wick_list_get(g, 0)), wick_list_of(x)));
    check_scenario("hook_recorded");

    /* Not recorded, a gradient that is a part of a graph does not become .grad with it. */
    wick_set_grad(x, NULL);
    wick_register_hook(x, times_x, x);
    ck_assert(wick_backward(wick_sum(wick_mul(x, 3))));
    ASSERT_VALUES(wick_grad_of(x), 6);
    ck_assert(!wick_requires_grad(wick_grad_of(x)));
}
END_TEST

/* ---- Errors -------------------------------------------------------------------------------------------------------- */

static wick_tensor *fails(wick_tensor *g, void *context)
{
    (void)g;
    (void)context;
    return wick_fail(WICK_ERROR_ARGUMENT, "my hook: no");
}
static void fails_after(wick_tensor *t, void *context)
{
    (void)t;
    (void)context;
    wick_fail(WICK_ERROR_ARGUMENT, "my hook: no");
}
static wick_list *fails_before(wick_list *dy, void *context)
{
    (void)dy;
    return (void *)fails(NULL, context);
}
static wick_tensor *other_shape(wick_tensor *g, void *context)
{
    (void)context;
    return wick_narrow(g, 0, 0, 1);
}
static wick_tensor *other_dtype(wick_tensor *g, void *context)
{
    (void)context;
    return wick_to_dtype(g, WICK_FLOAT32);
}
static wick_list *too_many(wick_list *dy, void *context)
{
    (void)context;
    return wick_list_of(wick_list_get(dy, 0), wick_list_get(dy, 0));
}
static wick_list *too_few(wick_list *dx, wick_list *dy, void *context)
{
    (void)context;
    (void)dy;
    return wick_list_of(wick_list_get(dx, 0));
}

START_TEST(errors)
{
    wick_tensor *x = leaf2(1, 2), *w = leaf2(3, 4);
    ASSERT_FAILS(wick_register_hook(wick_ones(2), on_tensor), WICK_ERROR_AUTOGRAD, "wick_register_hook",
                 "require grad");
    ASSERT_FAILS(wick_register_hook(x, NULL), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_register_hook(NULL, on_tensor), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_register_post_accumulate_grad_hook(wick_mul(x, 2), on_accumulated), WICK_ERROR_AUTOGRAD,
                 "not a leaf");
    ASSERT_FAILS(wick_node_register_hook(NULL, after_node), WICK_ERROR_ARGUMENT, "NULL");

    wick_tensor *y = wick_mul(x, w);
    wick_set_grad(w, wick_full(5.0, 2, .dtype = WICK_FLOAT64));
    wick_tensor *sum = wick_sum(y);
#define BACKWARD_FAILS(register, kind, ...)                                        \
    do {                                                                           \
        wick_hook *h = register;                                                   \
        ASSERT_FAILS(wick_backward(sum, .retain_graph = true), kind, __VA_ARGS__); \
        ASSERT_VALUES(wick_grad_of(w), 5, 5);                                      \
        ck_assert(!wick_grad_of(x));                                               \
        wick_hook_remove(h);                                                       \
    } while (0)
    BACKWARD_FAILS(wick_register_hook(y, fails), WICK_ERROR_ARGUMENT, "my hook");
    BACKWARD_FAILS(wick_register_hook(x, fails), WICK_ERROR_ARGUMENT, "my hook");
    BACKWARD_FAILS(wick_register_hook(y, other_shape), WICK_ERROR_SHAPE, "MulBackward0", "(1,)", "(2,)");
    BACKWARD_FAILS(wick_register_hook(x, other_dtype), WICK_ERROR_SHAPE, "AccumulateGrad", "float32", "float64");
    BACKWARD_FAILS(wick_node_register_prehook(wick_grad_fn(y), fails_before), WICK_ERROR_ARGUMENT, "my hook");
    BACKWARD_FAILS(wick_node_register_prehook(wick_grad_fn(y), too_many), WICK_ERROR_ARGUMENT, "returned 2 gradients",
                   "instead of 1");
    BACKWARD_FAILS(wick_node_register_hook(wick_grad_fn(y), too_few), WICK_ERROR_ARGUMENT, "returned 1 gradients",
                   "instead of 2");

    /* A hook behind .grad comes too late to keep it. */
    wick_hook *h = wick_register_post_accumulate_grad_hook(x, fails_after);
    ASSERT_FAILS(wick_backward(sum, .retain_graph = true), WICK_ERROR_ARGUMENT, "my hook");
    ASSERT_VALUES(wick_grad_of(x), 3, 4);
    wick_hook_remove(h);

    /* An error from before is not taken for the hook's. */
    h = wick_register_hook(y, on_tensor, RULE(1, 0));
    wick_fail(WICK_ERROR_ARGUMENT, "old");
    ck_assert(wick_backward(sum, .retain_graph = true));
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "old");
    ck_assert_int_eq(note_count, 3);
    note_count = 0;
}
END_TEST

/* ---- Lifetimes ----------------------------------------------------------------------------------------------------- */

static int freed;
static void count_freed(void *context)
{
    (void)context;
    freed++;
}

static wick_hook *hooks[3];
static wick_tensor *removes(wick_tensor *g, void *which)
{
    note_number(*(int *)which);
    wick_hook_remove(hooks[0]);
    wick_hook_remove(hooks[1]);
    (void)g;
    return NULL;
}

static wick_tensor *registers(wick_tensor *g, void *t)
{
    (void)g;
    note_number(7);
    wick_register_hook(t, on_tensor, RULE(8, 0));
    return NULL;
}

START_TEST(lifetimes)
{
    static rule one = {1, 0}, five = {5, 3}; /* the hooks live longer than blocks */
    freed = 0;
    wick_tensor *x = leaf1(1);
    { /* the end of a scope does not remove */
        WICK_SCOPE;
        wick_register_hook(x, on_tensor, &one, count_freed);
    }
    ck_assert_int_eq(freed, 0);
    ck_assert(wick_backward(wick_mul(x, 2)));
    ck_assert_int_eq(note_count, 2);
    note_count = 0;
    {
        WICK_SCOPE;
        wick_hook *h = wick_register_hook(x, on_tensor, &one, count_freed);
        wick_hook_remove(h);
        wick_hook_remove(h);
        wick_hook_remove(NULL);
    }
    ck_assert_int_eq(freed, 1);

    { /* with the tensor goes the hook; its handle stays good */
        WICK_SCOPE;
        wick_hook *h;
        {
            WICK_SCOPE;
            h = wick_keep(wick_register_hook(wick_mul(x, 2), on_tensor, NULL, count_freed));
        }
        ck_assert_int_eq(freed, 1);
        wick_hook_remove(h);
        wick_release(h);
        ck_assert_int_eq(freed, 2);
    }

    { /* a tensor goes and its node stays */
        WICK_SCOPE;
        wick_tensor *z;
        {
            WICK_SCOPE;
            wick_tensor *y = wick_mul(x, 2);
            wick_register_hook(y, on_tensor, &five, count_freed);
            z = wick_out(wick_mul(y, 2));
        }
        wick_set_grad(x, NULL);
        ck_assert(wick_backward(z));
        ASSERT_VALUES(wick_grad_of(x), 12);
        note_count = 0;
    }
    ck_assert_int_eq(freed, 3);

    /* Removed while they run, and registered while they run. */
    x = leaf1(1);
    int first = 1, second = 2;
    hooks[0] = wick_register_hook(x, removes, &first);
    hooks[1] = wick_register_hook(x, removes, &second);
    ck_assert(wick_backward(wick_mul(x, 2)) && wick_backward(wick_mul(x, 2)));
    ck_assert_int_eq(note_count, 1);
    note_count = 0;
    x = leaf1(1);
    wick_register_hook(x, registers, x);
    ck_assert(wick_backward(wick_mul(x, 2)));
    ck_assert_int_eq(note_count, 1);
    note_count = 0;
}
END_TEST

/* ---- Passes within passes --------------------------------------------------------------------------------------------- */

typedef struct inner {
    wick_tensor *y, *x;
} inner;

static wick_tensor *differentiates(wick_tensor *g, void *context)
{
    const inner *in = context;
    wick_list *dx = wick_grad(wick_list_of(in->y), wick_list_of(in->x), .retain_graph = true);
    return dx ? wick_mul(g, wick_list_get(dx, 0)) : NULL;
}

START_TEST(passes_within_passes)
{
    wick_tensor *x = leaf1(3), *a = wick_mul(x, x), *b = wick_mul(a, 2), *y = wick_mul(b, a); /* 2 x^4 */
    inner in = {a, x};
    wick_hook *h =
        wick_register_hook(b, differentiates, &in); /* a pass through nodes that the outer one is yet to reach */
    ck_assert(wick_backward(y, .retain_graph = true));
    /* dy/db = a = 9, times da/dx = 6, is 54; the other way from y to a has b = 18 */
    ASSERT_VALUES(wick_grad_of(x), 54 * 2 * 6 + 18 * 6);
    wick_hook_remove(h);
    wick_set_grad(x, NULL);
    ck_assert(wick_backward(y));
    ASSERT_VALUES(wick_grad_of(x), 8 * 27);
}
END_TEST

/* Runs backward in another thread while this one stands in a hook of the same graph. */
static wick_tensor *the_root;
static void *other_pass(void *unused)
{
    (void)unused;
    bool done = wick_backward(the_root, .retain_graph = true);
    const char *wrong = !done && strstr(wick_error(), "two threads") ? NULL : "the other thread was let through";
    wick_clear_error();
    return (void *)(uintptr_t)wrong;
}
static wick_tensor *waits(wick_tensor *g, void *unused)
{
    (void)g;
    (void)unused;
    run_in_thread(other_pass, NULL, 0);
    return NULL;
}

/* The hook's writing to the root takes the root's node away from it, and the pass goes on. */
static wick_tensor *rewrite(wick_tensor *g, void *context)
{
    (void)g;
    WICK_ENABLE_GRAD;
    wick_tensor *const *t = context;
    wick_copy_(t[0], t[1]);
    return NULL;
}

static wick_list *wrong_shape(wick_list *dx, wick_list *dy, void *context)
{
    (void)dx, (void)dy, (void)context;
    return wick_grads(wick_ones(100), NULL); /* a multiplication by a number has two inputs */
}
static wick_list *no_gradient(wick_list *dy, void *context)
{
    (void)dy, (void)context;
    wick_tensor *none[1] = {NULL};
    return wick_grads_n(none, 1);
}

START_TEST(hostile)
{
    wick_tensor *x = leaf2(1, 2), *w = leaf2(3, 4), *y = wick_add(wick_mul(x, 3), 1);
    wick_tensor *both[] = {y, w};
    ck_assert_ptr_nonnull(wick_register_hook(y, rewrite, .context = both));
    ck_assert(wick_backward(y, .gradient = wick_ones(2)));
    ck_assert_ptr_nonnull(wick_grad_of(x));

    wick_tensor *z = wick_mul(x, 2);
    wick_node_register_prehook(wick_grad_fn(z), no_gradient);
    wick_node_register_hook(wick_grad_fn(z), wrong_shape);
    ASSERT_FAILS(wick_backward(wick_sum(z)), WICK_ERROR_SHAPE, "returned a gradient of shape (100,)");
}
END_TEST

START_TEST(two_threads)
{
    wick_tensor *x = leaf1(3), *a = wick_mul(x, x);
    wick_register_hook(a, waits);
    the_root = wick_mul(a, 2);
    ck_assert(wick_backward(the_root, .retain_graph = true));
    ASSERT_VALUES(wick_grad_of(x), 12);
}
END_TEST

/* ---- Without memory ---------------------------------------------------------------------------------------------------- */

static bool everything(void)
{
    WICK_SCOPE;
    note_count = 0;
    wick_tensor *x = leaf2(1, 2), *y = wick_mul(x, 3);
    wick_node *node = wick_grad_fn(y);
    freed = 0;
    bool ok = y && node && wick_register_hook(y, on_tensor, RULE(1, 2), count_freed) &&
              wick_register_hook(x, on_tensor, RULE(1, 2), count_freed) &&
              wick_node_register_prehook(node, before_node, RULE(1, 2)) &&
              wick_node_register_hook(node, after_node, RULE(1, 2)) &&
              wick_register_post_accumulate_grad_hook(x, on_accumulated, RULE(1, 2));
    wick_tensor *sum = ok ? wick_sum(y) : NULL;
    wick_list *g = sum ? wick_grad(wick_list_of(sum), wick_list_of(x), .create_graph = true) : NULL;
    return g && wick_backward(sum) && wick_grad_of(x);
}

START_TEST(without_memory)
{
    check_failing_allocations(everything);
    note_count = 0;
}
END_TEST

Suite *hooks_suite(void);
Suite *hooks_suite(void)
{
    const TTest *const tests[] = {
        order_and_replacement, in_wick_grad, on_nodes,    recorded,       errors, lifetimes,
        passes_within_passes,  hostile,      two_threads, without_memory,
    };
    return MAKE_SUITE("hooks", tests);
}
