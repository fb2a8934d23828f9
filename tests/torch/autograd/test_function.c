/* test_function.c - operations that a user defines, forward and backward. */
#include "scenario.h"

/* ---- The operations of autograd.py ------------------------------------------------------------------------ */

static wick_tensor *exp_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)n;
    wick_tensor *y = wick_exp(x[0]);
    return wick_ctx_save(ctx, y) ? y : NULL;
}
static wick_list *exp_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)n;
    return wick_grads(wick_mul(dy[0], wick_ctx_saved(ctx, 0)));
}
static const wick_function_def my_exp = {"MyExp", .forward = exp_forward, .backward = exp_backward};

static void note_needs(const wick_ctx *ctx)
{
    note_number(wick_ctx_needs_input_grad(ctx, 0));
    note_number(wick_ctx_needs_input_grad(ctx, 1));
}
static bool noting = true;
static wick_list *pair_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)n;
    if (noting)
        note_needs(ctx);
    if (!wick_ctx_save(ctx, x[0], x[1]))
        return NULL;
    wick_tensor *a = wick_mul(x[0], 2);
    return a ? wick_list_of(a, wick_mul(wick_mul(x[0], x[1]), 3)) : NULL;
}
static wick_list *pair_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    wick_tensor *x = wick_ctx_saved(ctx, 0), *w = x ? wick_ctx_saved(ctx, 1) : NULL;
    if (noting)
        note_needs(ctx);
    for (int k = 0; k < n && noting; k++)
        note(dy[k]);
    wick_tensor *dx = w ? wick_add(wick_mul(dy[0], 2), wick_mul(wick_mul(dy[1], w), 3)) : NULL;
    return dx ? wick_grads(dx, wick_ctx_needs_input_grad(ctx, 1) ? wick_mul(wick_mul(dy[1], x), 3) : NULL) : NULL;
}
static const wick_function_def pair = {"Pair", .forward_n = pair_forward, .backward = pair_backward};

static wick_list *sparse_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)n;
    wick_ctx_set_materialize_grads(ctx, false);
    return wick_list_of(wick_mul(x[0], 2), wick_mul(x[0], 3));
}
static wick_list *sparse_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)ctx;
    (void)n;
    note(dy[0]);
    note(dy[1]);
    return wick_grads(wick_mul(dy[0], 2));
}
static const wick_function_def sparse = {"Sparse", .forward_n = sparse_forward, .backward = sparse_backward};

static wick_list *marked_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)n;
    wick_tensor *z = wick_mul(x[0], 3);
    wick_ctx_mark_non_differentiable(ctx, z);
    return wick_list_of(wick_mul(x[0], 2), wick_gt(x[0], 0), z);
}
static wick_list *marked_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)ctx;
    for (int k = 0; k < n; k++)
        note(dy[k]);
    return wick_grads(wick_mul(dy[0], 2));
}
static const wick_function_def marked = {"Marked", .forward_n = marked_forward, .backward = marked_backward};

static wick_tensor *itself_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)ctx;
    (void)n;
    return x[0];
}
static wick_list *seven_times(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)ctx;
    (void)n;
    return wick_grads(wick_mul(dy[0], 7));
}
static const wick_function_def itself = {"Itself", .forward = itself_forward, .backward = seven_times};

/* ---- As PyTorch ---------------------------------------------------------------------------------------------------- */

static wick_tensor *on_tensor(wick_tensor *g, void *context)
{
    const double *rule = context;
    note_number(rule[0]);
    note(g);
    return wick_mul(g, rule[1]);
}
static wick_list *scaled(wick_list *list, double factor)
{
    wick_tensor *items[4] = {NULL};
    for (int64_t i = 0; i < wick_list_count(list); i++)
        items[i] = wick_list_get(list, i) && factor != 0 ? wick_mul(wick_list_get(list, i), factor) : NULL;
    return factor != 0 ? wick_grads_n(items, wick_list_count(list)) : NULL;
}
static wick_list *before_node(wick_list *dy, void *context)
{
    const double *rule = context;
    note_number(rule[0]);
    for (int64_t i = 0; i < wick_list_count(dy); i++)
        note(wick_list_get(dy, i));
    return scaled(dy, rule[1]);
}
static wick_list *after_node(wick_list *dx, wick_list *dy, void *context)
{
    before_node(dx, context);
    for (int64_t i = 0; i < wick_list_count(dy); i++)
        note(wick_list_get(dy, i));
    return scaled(dx, ((const double *)context)[1]);
}
#define RULE(code, factor) ((double[]){code, factor})

#define BOTH(call)           \
    wick_list *all_ = call;  \
    ck_assert(all_ != NULL); \
    wick_tensor *a = wick_list_get(all_, 0), *b = wick_list_get(all_, 1)

START_TEST(results)
{
    wick_tensor *x = leaf2(1, 2), *y = wick_apply(&my_exp, WICK_TENSORS(x));
    ck_assert_str_eq(wick_node_name(wick_grad_fn(y)), "MyExpBackward");
    ck_assert(strstr(wick_to_string(y), "grad_fn=<MyExpBackward>"));
    wick_list *g = wick_grad(wick_list_of(wick_sum(y)), wick_list_of(x), .create_graph = true);
    note_list(g);
    note_list(wick_grad(wick_list_of(wick_sum(wick_list_get(g, 0))), wick_list_of(x)));
    check_scenario("function_result");

    x = leaf1(1), y = wick_apply(&itself, WICK_TENSORS(x));
    note_number(x == y);
    ck_assert(wick_backward(y));
    note(wick_grad_of(x));
    check_scenario("function_itself");
    ASSERT_FAILS(wick_mul_(y, 2), WICK_ERROR_AUTOGRAD, "wick_mul_", "view");
}
END_TEST

START_TEST(several_results)
{
    wick_tensor *x = leaf1(2), *w = leaf1(5);
    {
        BOTH(wick_apply_list(&pair, WICK_TENSORS(x, w)));
        ck_assert(wick_grad_fn(a) == wick_grad_fn(b) && wick_node_inputs(wick_grad_fn(a)) == 2);
        ck_assert(wick_node_variable(wick_node_input(wick_grad_fn(a), 1)) == w);
        ck_assert(wick_node_input(wick_grad_fn(wick_mul(b, 2)), 0) == wick_grad_fn(a));
        ck_assert(strstr(wick_to_string(b), "grad_fn=<PairBackward>"));
        ck_assert(wick_backward(wick_mul(a, b), .retain_graph = true));
        note(wick_grad_of(x));
        note(wick_grad_of(w));
        note_list(wick_grad(wick_list_of(a), wick_list_of(x)));
    }
    {
        BOTH(wick_apply_list(&pair, WICK_TENSORS(x, wick_detach(w))));
        ck_assert(a != NULL);
        note_list(wick_grad(wick_list_of(b), wick_list_of(x)));
    }
    check_scenario("function_pair");
    {
        x = leaf1(2), w = leaf1(5);
        BOTH(wick_apply_list(&pair, WICK_TENSORS(x, w)));
        wick_register_hook(a, on_tensor, RULE(1, 2));
        wick_register_hook(b, on_tensor, RULE(2, 3));
        wick_retain_grad(a);
        wick_retain_grad(b);
        wick_node_register_prehook(wick_grad_fn(a), before_node, RULE(3, 10));
        wick_node_register_hook(wick_grad_fn(b), after_node, RULE(4, 100));
        ck_assert(wick_backward(wick_mul(a, b)));
        note(wick_grad_of(a));
        note(wick_grad_of(b));
        note(wick_grad_of(x));
        note(wick_grad_of(w));
    }
    check_scenario("function_pair_hooks");
}
END_TEST

static wick_tensor *second_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)ctx, (void)n;
    return x[1];
}
static wick_list *second_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)ctx, (void)n;
    return wick_grads(dy[0], NULL);
}

/* What a function gives that is one of its inputs has another history than that input, which a write could not change. */
START_TEST(writes_to_a_given_input)
{
    static const wick_function_def second = {"Second", .forward = second_forward, .backward = second_backward};
    wick_tensor *x = wick_requires_grad_(wick_ones(2), true), *y = wick_apply(&second, WICK_TENSORS(x, wick_ones(2)));
    ASSERT_FAILS(wick_mul_(y, 2), WICK_ERROR_AUTOGRAD, "by a function of the user's");
}
END_TEST

START_TEST(missing_gradients)
{
    wick_tensor *x = leaf1(2), *w = leaf1(5);
    {
        BOTH(wick_apply_list(&pair, WICK_TENSORS(x, w)));
        ck_assert(b != NULL);
        wick_node_register_prehook(wick_grad_fn(a), before_node, RULE(3, 0));
        wick_node_register_hook(wick_grad_fn(a), after_node, RULE(4, 0));
        ck_assert(wick_backward(a));
    }
    note(wick_grad_of(x));
    note(wick_grad_of(w));
    check_scenario("function_pair_half");

    x = leaf1(1);
    ck_assert(wick_backward(wick_list_get(wick_apply_list(&sparse, WICK_TENSORS(x)), 0)));
    note(wick_grad_of(x));
    check_scenario("function_sparse");

    x = leaf1(1);
    wick_list *all = wick_apply_list(&marked, WICK_TENSORS(x));
    for (int i = 0; i < 3; i++)
        note_number(wick_requires_grad(wick_list_get(all, i)));
    ck_assert(wick_backward(wick_list_get(all, 0)));
    note(wick_grad_of(x));
    check_scenario("function_marked");
}
END_TEST

/* ---- Derivatives of derivatives ----------------------------------------------------------------------------------------- */

static wick_tensor *exp_of(wick_tensor *const *x, int n, void *context)
{
    (void)context;
    return wick_apply(&my_exp, x, n);
}
static wick_tensor *pair_product(wick_tensor *const *x, int n, void *context)
{
    (void)context;
    BOTH(wick_apply_list(&pair, x, n));
    return a ? wick_mul(wick_mul(a, b), a) : NULL;
}

/* Saves its second result: the gradient of a saved result goes through the node of them all. */
static wick_list *both_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)n;
    wick_tensor *a = wick_sin(x[0]), *b = wick_exp(x[0]);
    return wick_ctx_save(ctx, b, x[0]) ? wick_list_of(a, b) : NULL;
}
static wick_list *both_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)n;
    return wick_grads(
        wick_add(wick_mul(dy[0], wick_cos(wick_ctx_saved(ctx, 1))), wick_mul(dy[1], wick_ctx_saved(ctx, 0))));
}
static const wick_function_def both = {"Both", .forward_n = both_forward, .backward = both_backward};
static wick_tensor *both_product(wick_tensor *const *x, int n, void *context)
{
    (void)context;
    BOTH(wick_apply_list(&both, x, n));
    return a ? wick_mul(a, b) : NULL;
}

/* x + b, with b broadcast: the gradient of b is summed by the engine. */
static wick_tensor *shift_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)ctx;
    (void)n;
    return wick_add(x[0], x[1]);
}
static wick_list *shift_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)ctx;
    (void)n;
    return wick_grads(dy[0], dy[0]);
}
static const wick_function_def shift = {"Shift", .forward = shift_forward, .backward = shift_backward};
static wick_tensor *shift_squared(wick_tensor *const *x, int n, void *context)
{
    (void)context;
    wick_tensor *y = wick_apply(&shift, x, n);
    return wick_mul(y, y);
}

START_TEST(gradient_checks)
{
    noting = false;
    wick_tensor *x = leaf2(0.3, -0.7), *w = leaf2(1.2, 0.4), *b = leaf1(0.5);
    ck_assert(wick_gradcheck(exp_of, &x, 1) && wick_gradgradcheck(exp_of, &x, 1));
    ck_assert(wick_gradcheck(both_product, &x, 1) && wick_gradgradcheck(both_product, &x, 1));
    wick_tensor *const xw[] = {x, w}, *const xb[] = {x, b};
    ck_assert(wick_gradcheck(pair_product, xw, 2) && wick_gradgradcheck(pair_product, xw, 2));
    ck_assert(wick_gradcheck(shift_squared, xb, 2) && wick_gradgradcheck(shift_squared, xb, 2));
    noting = true;
}
END_TEST

/* ---- Data, contexts, options ----------------------------------------------------------------------------------------------- */

typedef struct powers {
    double exponent;
} powers;
static int destroyed;
static void destroy_powers(void *data)
{
    double exponent = ((powers *)data)->exponent;
    ck_assert(exponent == 3 || exponent == 0); /* as it is before forward */
    destroyed++;
}
static wick_tensor *power_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    powers *p = wick_ctx_data(ctx);
    p->exponent = *(double *)wick_ctx_context(ctx);
    return n == 2 && !x[1] && wick_ctx_save(ctx, x[0], NULL) ? wick_pow(x[0], p->exponent) : NULL;
}
static wick_list *power_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)n;
    const powers *p = wick_ctx_data(ctx);
    if (wick_ctx_context(ctx) || wick_ctx_saved(ctx, 1))
        return NULL;
    wick_tensor *slope = wick_mul(wick_pow(wick_ctx_saved(ctx, 0), p->exponent - 1), p->exponent);
    return wick_grads(wick_mul(dy[0], slope), NULL);
}
static const wick_function_def power = {"Power",
                                        .forward = power_forward,
                                        .backward = power_backward,
                                        .size = sizeof(powers),
                                        .destroy = destroy_powers,
                                        .once_differentiable = true};

START_TEST(data_of_a_call)
{
    double three = 3;
    destroyed = 0;
    wick_tensor *x = leaf1(2);
    {
        WICK_SCOPE;
        wick_tensor *y = wick_apply(&power, WICK_TENSORS(x, NULL), .context = &three);
        ASSERT_VALUES(y, 8);
        ck_assert_int_eq(destroyed, 0);
        ck_assert(wick_backward(y));
        ASSERT_VALUES(wick_grad_of(x), 12);
    }
    ck_assert_int_eq(destroyed, 1);
    { /* not recorded, the call is over at once */
        WICK_NO_GRAD;
        ASSERT_VALUES(wick_apply(&power, WICK_TENSORS(x, NULL), .context = &three), 8);
        ck_assert_int_eq(destroyed, 2);
    }
    {
        WICK_SCOPE;
        wick_tensor *y = wick_apply(&power, WICK_TENSORS(x, NULL), .context = &three);
        wick_list *g = wick_grad(wick_list_of(wick_sum(y)), wick_list_of(x), .create_graph = true);
        ck_assert(!wick_requires_grad(wick_list_get(g, 0)));
        y = wick_apply(&power, WICK_TENSORS(x, NULL), .context = &three);
        g = wick_grad(wick_list_of(wick_mul(y, y)), wick_list_of(x), .create_graph = true);
        ASSERT_VALUES(wick_list_get(g, 0), 6 * 32);
        ASSERT_FAILS(wick_backward(wick_sum(wick_list_get(g, 0))), WICK_ERROR_AUTOGRAD, "once_differentiable");
    }
    ck_assert_int_eq(destroyed, 4);
}
END_TEST

/* ---- Errors -------------------------------------------------------------------------------------------------------------- */

static int mistake;
static wick_list *wrong_backward(wick_ctx *ctx, wick_tensor *const *dy, int n)
{
    (void)n;
    switch (mistake) {
    case 0: return wick_grads(dy[0], dy[0]);
    case 1: return wick_grads(wick_narrow(dy[0], 0, 0, 1));
    case 2: return wick_grads(wick_gt(dy[0], 0));
    case 3: return NULL;
    case 4: return wick_grads(wick_ctx_saved(ctx, 3));
    case 5: return wick_grads(wick_matmul(wick_ones(2, 3), wick_ones(2, 3)));
    case 6: return wick_grads(wick_to_dtype(wick_expand(dy[0], 3, 2), WICK_FLOAT32)); /* no mistake */
    default: return wick_grads(NULL);
    }
}
static wick_tensor *twice(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)n;
    return wick_ctx_save(ctx, x[0]) ? wick_mul(x[0], 2) : NULL;
}
static const wick_function_def wrong = {"Wrong", .forward = twice, .backward = wrong_backward};

static wick_tensor *writes(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)ctx;
    (void)n;
    return wick_mul_(x[0], 2);
}
static const wick_function_def writer = {"Writer", .forward = writes, .backward = seven_times};
static wick_tensor *nothing(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)ctx;
    (void)x;
    (void)n;
    return NULL;
}
static const wick_function_def returns_null = {"Nothing", .forward = nothing, .backward = seven_times};

static wick_list *no_results_forward(wick_ctx *ctx, wick_tensor *const *x, int n)
{
    (void)ctx;
    (void)x;
    (void)n;
    return wick_list_n(NULL, 0);
}
static const wick_function_def no_results = {"NoResults", .forward_n = no_results_forward, .backward = pair_backward};

START_TEST(errors)
{
    wick_tensor *x = leaf2(1, 2);
#define MISTAKE(number, kind, ...)                                      \
    do {                                                                \
        mistake = number;                                               \
        wick_tensor *y = wick_sum(wick_apply(&wrong, WICK_TENSORS(x))); \
        ASSERT_FAILS(wick_backward(y), kind, __VA_ARGS__);              \
        ck_assert(!wick_grad_of(x));                                    \
    } while (0)
    MISTAKE(0, WICK_ERROR_ARGUMENT, "WrongBackward returned an incorrect number of gradients (expected 1, got 2)");
    MISTAKE(1, WICK_ERROR_AUTOGRAD, "WrongBackward", "(1,)", "(2,)", "index 0");
    MISTAKE(2, WICK_ERROR_DTYPE, "WrongBackward", "bool", "index 0");
    MISTAKE(3, WICK_ERROR_ARGUMENT, "WrongBackward returned NULL");
    MISTAKE(4, WICK_ERROR_INDEX, "tensor 3 of Wrong");
    MISTAKE(5, WICK_ERROR_SHAPE, "wick_matmul");
    mistake = 6; /* a gradient is summed and converted */
    ck_assert(wick_backward(wick_sum(wick_apply(&wrong, WICK_TENSORS(x)))));
    ASSERT_VALUES(wick_grad_of(x), 3, 3);
    mistake = 7; /* no gradient */
    wick_set_grad(x, NULL);
    wick_tensor *y = wick_sum(wick_apply(&wrong, WICK_TENSORS(x)));
    ck_assert(wick_backward(y) && !wick_grad_of(x));
    y = wick_sum(wick_apply(&wrong, WICK_TENSORS(x)));
    ASSERT_FAILS(wick_grad(wick_list_of(y), wick_list_of(x)), WICK_ERROR_AUTOGRAD, "input 0", "not used");

    /* What was saved is watched, and freed. */
    wick_tensor *a = wick_mul(x, 1);
    y = wick_apply(&my_exp, WICK_TENSORS(a));
    wick_mul_(y, 2);
    ASSERT_FAILS(wick_backward(wick_sum(y)), WICK_ERROR_AUTOGRAD, "MyExpBackward", "modified in place by wick_mul_");
    y = wick_sum(wick_apply(&my_exp, WICK_TENSORS(a)));
    ck_assert(wick_backward(y));
    ASSERT_FAILS(wick_backward(y), WICK_ERROR_AUTOGRAD, "MyExpBackward", "second time");

    ASSERT_FAILS(wick_apply(&writer, WICK_TENSORS(a)), WICK_ERROR_AUTOGRAD, "Writer wrote in place to input 0");
    ASSERT_VALUES(wick_apply(&writer, WICK_TENSORS(wick_ones(2))), 2, 2);
    ASSERT_FAILS(wick_apply(&returns_null, WICK_TENSORS(x)), WICK_ERROR_ARGUMENT, "Nothing returned NULL");
    ASSERT_FAILS(wick_apply_list(&no_results, WICK_TENSORS(x)), WICK_ERROR_ARGUMENT,
                 "NoResults returned an empty list");
    ASSERT_FAILS(wick_ctx_needs_input_grad(NULL, 2), WICK_ERROR_INDEX, "input 2 of NULL");
    ASSERT_FAILS(wick_apply(NULL, WICK_TENSORS(x)), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_apply(&(wick_function_def){.name = "F"}, WICK_TENSORS(x)), WICK_ERROR_ARGUMENT, "F",
                 "exactly one");
    noting = false;
    ASSERT_FAILS(wick_apply(&pair, WICK_TENSORS(x, x)), WICK_ERROR_ARGUMENT, "Pair has 2 results", "wick_apply_list");
    noting = true;
    ASSERT_FAILS(wick_apply(&my_exp, WICK_TENSORS(wick_matmul(wick_ones(2, 3), wick_ones(2, 3)))), WICK_ERROR_SHAPE,
                 "wick_matmul");
    wick_fail(WICK_ERROR_ARGUMENT, "old"); /* a failed call is not taken for no gradient */
    ck_assert(!wick_grads(NULL));
    ASSERT_ERROR(WICK_ERROR_ARGUMENT, "old");
}
END_TEST

/* ---- Without memory ------------------------------------------------------------------------------------------------------- */

static bool everything(void)
{
    WICK_SCOPE;
    noting = false;
    double three = 3;
    wick_tensor *x = leaf2(1, 2), *w = x ? leaf2(3, 4) : NULL;
    wick_list *list = w ? wick_apply_list(&pair, WICK_TENSORS(x, w)) : NULL;
    if (!list)
        return false;
    wick_tensor *y = wick_mul(wick_list_get(list, 0), wick_apply(&my_exp, WICK_TENSORS(wick_list_get(list, 1))));
    wick_list *more = y ? wick_apply_list(&both, WICK_TENSORS(y)) : NULL;
    y = more ? wick_sum(wick_mul(wick_list_get(more, 0), wick_list_get(more, 1))) : NULL;
    wick_list *g = y ? wick_grad(wick_list_of(y), wick_list_of(x), .create_graph = true) : NULL;
    y = g ? wick_sum(wick_list_get(g, 0)) : NULL;
    if (!y || !wick_backward(y))
        return false;
    y = wick_apply(&power, WICK_TENSORS(x, NULL), .context = &three);
    return y && wick_backward(wick_sum(wick_mul(y, y)), .create_graph = true) && wick_set_grad(x, NULL) &&
           wick_set_grad(w, NULL);
}

START_TEST(without_memory)
{
    check_failing_allocations(everything);
    noting = true;
    wick_clear_warning(); /* of create_graph */
}
END_TEST

Suite *function_suite(void);
Suite *function_suite(void)
{
    const TTest *const tests[] = {
        results,        several_results, writes_to_a_given_input, missing_gradients, gradient_checks,
        data_of_a_call, errors,          without_memory,
    };
    return MAKE_SUITE("function", tests);
}
