/* test_checkpoint.c - functions that are computed again in the backward pass: the same gradients, in less memory. */
#include "scenario.h"

/* ---- The same gradients --------------------------------------------------------------------------------------------- */

static wick_tensor *waves(wick_tensor *const *x, int n, void *context)
{
    (void)n;
    (void)context;
    return wick_tanh(wick_exp(wick_mul(wick_sin(x[0]), x[1])));
}

START_TEST(as_pytorch)
{
    wick_tensor *x = leaf2(0.5, 1.5), *w = leaf2(2, 3);
    wick_tensor *y = wick_checkpoint(waves, WICK_TENSORS(wick_mul(x, 2), w));
    ck_assert_str_eq(wick_node_name(wick_grad_fn(y)), "TanhBackward0");
    wick_list *g = wick_grad(wick_list_of(wick_sum(y)), wick_list_of(x, w), .create_graph = true);
    note_list(g);
    ck_assert(wick_backward(wick_add(wick_sum(wick_list_get(g, 0)), wick_sum(wick_list_get(g, 1)))));
    note(wick_grad_of(x));
    note(wick_grad_of(w));
    check_scenario("checkpointed");
}
END_TEST

static wick_tensor *checked(wick_tensor *const *x, int n, void *context)
{
    (void)context;
    return wick_checkpoint(waves, x, n);
}

typedef struct net {
    wick_module *module;
    int calls;
} net;

static wick_tensor *run_net(wick_tensor *const *x, int n, void *context)
{
    (void)n;
    net *self = context;
    self->calls++;
    return wick_nn_forward(self->module, x[0]);
}

static wick_module *a_net(void)
{
    wick_manual_seed(1);
    return wick_nn_sequential(wick_nn_linear(6, 16), wick_nn_relu(), wick_nn_dropout(0.5), wick_nn_linear(16, 6),
                              wick_nn_tanh(), wick_nn_dropout(0.3));
}

/* Parameters' gradients after two blocks, with or without checkpoints, dropout included. */
static wick_dict *train(bool with, int *calls)
{
    net first = {a_net(), 0}, second = {a_net(), 0};
    wick_manual_seed(7);
    wick_tensor *x = wick_randn(5, 6, .requires_grad = true), *h, *y;
    h = with ? wick_checkpoint(run_net, WICK_TENSORS(x), &first) : run_net(&x, 1, &first);
    y = with ? wick_checkpoint(run_net, WICK_TENSORS(h), &second) : run_net(&h, 1, &second);
    wick_tensor *noise = wick_randn_like(y); /* the stream goes on as if nothing was */
    ck_assert(wick_backward(wick_sum(wick_mul(y, noise))));
    wick_dict *all = wick_nn_dict_new();
    wick_nn_dict_set(all, "x", wick_grad_of(x));
    wick_nn_dict_set(all, "y", wick_detach(y));
    wick_nn_dict_set(all, "after", wick_randn(4)); /* nor does the second call disturb it */
    wick_list *parameters = wick_nn_parameters(first.module), *others = wick_nn_parameters(second.module);
    for (int i = 0; i < 4; i++) {
        char name[8];
        snprintf(name, sizeof name, "%d", i);
        wick_nn_dict_set(all, name, wick_grad_of(wick_list_get(parameters, i)));
        snprintf(name, sizeof name, "%d", 4 + i);
        wick_nn_dict_set(all, name, wick_grad_of(wick_list_get(others, i)));
    }
    *calls = first.calls + second.calls;
    return all;
}

START_TEST(the_same_bits)
{
    int once, twice;
    wick_dict *want = train(false, &once), *got = train(true, &twice);
    ck_assert_int_eq(once, 2);
    ck_assert_int_eq(twice, 4);
    ck_assert_int_eq(wick_nn_dict_count(want), 11);
    for (int i = 0; i < wick_nn_dict_count(want); i++)
        ck_assert_msg(wick_equal(wick_nn_dict_tensor(want, i), wick_nn_dict_tensor(got, i)), "%s differs",
                      wick_nn_dict_name(want, i));

    wick_tensor *const xw[] = {leaf2(0.3, -0.4), leaf2(1.5, 0.6)};
    ck_assert(wick_gradcheck(checked, xw, 2) && wick_gradgradcheck(checked, xw, 2));
}
END_TEST

/* ---- Within each other, and with functions of the user's ---------------------------------------------------------------- */

static wick_tensor *outer(wick_tensor *const *x, int n, void *context)
{
    wick_tensor *h = wick_checkpoint(waves, WICK_TENSORS(wick_cos(x[0]), x[1]));
    (void)n;
    (void)context;
    return wick_mul(h, wick_exp(h));
}
static wick_tensor *flat_outer(wick_tensor *const *x, int n, void *context)
{
    wick_tensor *h = waves(WICK_TENSORS(wick_cos(x[0]), x[1]), NULL);
    (void)n;
    (void)context;
    return wick_mul(h, wick_exp(h));
}

static wick_tensor *cube_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)n;
    wick_tensor *square = wick_mul(x[0], x[0]), *y = wick_mul(square, x[0]);
    return wick_ctx_save(ctx, x[0], square, y) ? y : NULL;
}
static wick_list *cube_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)n;
    wick_tensor *x = wick_ctx_saved(ctx, 0);
    return wick_grads(wick_mul(wick_mul(dy[0], 3), wick_mul(x, x)));
}
static const wick_function_def cube = {"Cube", .forward = cube_forward, .backward = cube_backward};

/* A gradient inside the function, and a user's operation. */
static wick_tensor *penalty(wick_tensor *const *x, int n, void *context)
{
    (void)n;
    (void)context;
    wick_tensor *y = wick_apply(&cube, WICK_TENSORS(wick_sin(x[0])));
    wick_list *g = y ? wick_grad(wick_list_of(wick_sum(y)), wick_list_of(x[0]), .create_graph = true) : NULL;
    return g ? wick_add(wick_mul(wick_list_get(g, 0), wick_list_get(g, 0)), y) : NULL;
}

/* A rule that looks at what it keeps beside its inputs. */
static wick_tensor *normed(wick_tensor *const *x, int n, void *context)
{
    (void)n;
    (void)context;
    return wick_mul(wick_layer_norm(wick_mul(x[0], 3), WICK_DIMS(2)), wick_exp(x[1]));
}

static void same_gradients(wick_function f, wick_function plain)
{
    for (int recorded = 0; recorded < 2; recorded++) {
        wick_tensor *got[2], *x = leaf2(0.4, -1.1), *w = leaf2(0.7, 1.3), *const xw[] = {x, w};
        for (int k = 0; k < 2; k++) {
            wick_tensor *y = k ? wick_checkpoint(f, xw, 2) : plain(xw, 2, NULL);
            wick_list *g =
                wick_grad(wick_list_of(wick_sum(y)), wick_list_of(x), .create_graph = recorded, .retain_graph = true);
            got[k] = wick_list_get(g, 0);
            if (recorded)
                got[k] = wick_list_get(wick_grad(wick_list_of(wick_sum(got[k])), wick_list_of(x)), 0);
        }
        ASSERT_NO_ERROR();
        ck_assert(wick_equal(got[0], got[1]));
    }
}

START_TEST(nested)
{
    same_gradients(outer, flat_outer);
    same_gradients(waves, waves);
    same_gradients(penalty, penalty);
    same_gradients(normed, normed);
}
END_TEST

/* ---- Memory -------------------------------------------------------------------------------------------------------------- */

static wick_tensor *long_block(wick_tensor *const *x, int n, void *context)
{
    (void)n;
    (void)context;
    wick_tensor *y = x[0];
    for (int i = 0; i < 8; i++)
        y = wick_sin(y);
    return y;
}

static size_t kept_by(bool with)
{
    WICK_SCOPE;
    wick_tensor *y = wick_keep(wick_rand(10000, .requires_grad = true)), *x = wick_keep(y);
    size_t before = memory_in_use();
    for (int i = 0; i < 8; i++) {
        WICK_SCOPE;
        wick_tensor *next = wick_keep(with ? wick_checkpoint(long_block, &y, 1) : long_block(&y, 1, NULL));
        wick_release(y);
        y = next;
    }
    size_t after = memory_in_use();
    ck_assert(wick_backward(wick_sum(y)));
    ck_assert(wick_grad_of(x) != NULL);
    wick_release(y);
    wick_release(x);
    return after - before;
}

START_TEST(less_memory)
{
    size_t with = kept_by(true), without = kept_by(false);
    ck_assert_msg(without > 64 * 40000, "%zu", without);
    ck_assert_msg(with < 10 * 40000 + 64 * 2000, "%zu bytes with checkpoints, %zu without", with, without);
}
END_TEST

/* ---- Lifetimes and errors ------------------------------------------------------------------------------------------------- */

static int freed;
static void count_freed(void *context)
{
    (void)context;
    freed++;
}

static wick_tensor *changes(wick_tensor *const *x, int n, void *context)
{
    (void)n;
    int call = (*(int *)context)++;
    switch (call) {
    case 1: return wick_exp(x[0]);                                 /* one tensor less */
    case 3: return wick_exp(wick_sin(wick_narrow(x[0], 0, 0, 1))); /* other shapes */
    case 5: return wick_fail(WICK_ERROR_ARGUMENT, "changes: no");
    case 7: return NULL;
    default: return wick_exp(wick_sin(x[0]));
    }
}

START_TEST(errors)
{
    wick_tensor *x = leaf2(1, 2);
    int calls = 0;
    freed = 0;
    static const char *const words[] = {"saved 2 tensors", "(2,)", "changes: no", "returned NULL"};
    for (int i = 0; i < 4; i++) {
        WICK_SCOPE;
        wick_tensor *y = wick_mul(x, 1);
        y = wick_sum(wick_checkpoint(changes, &y, 1, &calls, count_freed));
        ck_assert(!wick_backward(y));
        ck_assert_msg(strstr(wick_error(), words[i]) != NULL, "%d: %s", i, wick_error());
        wick_clear_error();
        ck_assert(!wick_grad_of(x));
        ck_assert_int_eq(freed, i);
    }
    ck_assert_int_eq(freed, 4);

    wick_tensor *y = wick_sum(wick_checkpoint(long_block, &x, 1));
    ck_assert(wick_backward(y));
    ASSERT_FAILS(wick_backward(y), WICK_ERROR_AUTOGRAD, "SinBackward0", "second time");

    wick_tensor *a = wick_mul(x, 1);
    y = wick_sum(wick_checkpoint(long_block, &a, 1));
    wick_mul_(a, 2);
    ASSERT_FAILS(wick_backward(y), WICK_ERROR_AUTOGRAD, "modified in place by wick_mul_");

    calls = 5; /* in the first call: nothing is freed */
    ASSERT_FAILS(wick_checkpoint(changes, &x, 1, &calls, count_freed), WICK_ERROR_ARGUMENT, "changes: no");
    ck_assert_int_eq(freed, 4);
    ASSERT_FAILS(wick_checkpoint(NULL, &x, 1), WICK_ERROR_ARGUMENT, "wick_checkpoint");
    wick_tensor *null = NULL;
    ASSERT_FAILS(wick_checkpoint(long_block, &null, 1), WICK_ERROR_ARGUMENT, "NULL");

    calls = 0; /* where nothing is recorded, the function is called once */
    WICK_NO_GRAD;
    ck_assert(wick_checkpoint(changes, &x, 1, &calls, count_freed) != NULL);
    ck_assert_int_eq(calls, 1);
    ck_assert_int_eq(freed, 5);
}
END_TEST

static bool everything(void)
{
    WICK_SCOPE;
    wick_tensor *x = leaf2(0.4, -1.1), *w = x ? leaf2(0.7, 1.3) : NULL;
    wick_tensor *y = w ? wick_checkpoint(outer, WICK_TENSORS(wick_mul(x, 2), w)) : NULL;
    y = y ? wick_checkpoint(penalty, WICK_TENSORS(wick_dropout(y, 0.5, true))) : NULL;
    wick_list *g = y ? wick_grad(wick_list_of(wick_sum(y)), wick_list_of(x), .create_graph = true) : NULL;
    return g && wick_backward(wick_sum(wick_list_get(g, 0))) && wick_set_grad(x, NULL) && wick_set_grad(w, NULL);
}

START_TEST(without_memory) { check_failing_allocations(everything); }
END_TEST

Suite *checkpoint_suite(void);
Suite *checkpoint_suite(void)
{
    const TTest *const tests[] = {
        as_pytorch, the_same_bits, nested, less_memory, errors, without_memory,
    };
    return MAKE_SUITE("checkpoint", tests);
}
