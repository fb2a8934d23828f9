/* test_module_hooks.c - hooks of modules, and summaries: against modules.txt, and by themselves. */
#include "transcript.h"

/* ---- Hooks that write down what they see, and multiply it ------------------------------------------------------------- */

typedef struct note {
    int code;
    double factor; /* 0: leave it as it is */
} note;

static wick_list *times(wick_list *list, double factor)
{
    wick_tensor *t[2];
    int64_t n = wick_list_count(list);
    for (int64_t i = 0; i < n; i++)
        t[i] = wick_list_get(list, i) ? wick_mul(factor, wick_list_get(list, i)) : NULL;
    return factor != 0.0 ? wick_grads_n(t, n) : NULL;
}

static wick_list *pre(wick_module *m, wick_list *inputs, void *context)
{
    (void)m;
    const note *n = context;
    say("pre %d %l", n->code, inputs);
    return times(inputs, n->factor);
}

static wick_tensor *after(wick_module *m, wick_list *inputs, wick_tensor *y, void *context)
{
    (void)m;
    const note *n = context;
    say("after %d %l %t", n->code, inputs, y);
    return n->factor != 0.0 ? wick_mul(n->factor, y) : NULL;
}

static wick_list *backward(wick_module *m, wick_list *gi, wick_list *go, void *context)
{
    (void)m;
    const note *n = context;
    say("backward %d %l of %l", n->code, gi, go);
    return times(gi, n->factor);
}

static wick_list *before(wick_module *m, wick_list *go, void *context)
{
    (void)m;
    const note *n = context;
    say("before %d %l", n->code, go);
    return times(go, n->factor);
}

#define NOTE(...) (&(note){__VA_ARGS__})

/* ---- Modules and leaves ------------------------------------------------------------------------------------------------ */

static wick_tensor *mix_forward(wick_module *m, wick_tensor *x, wick_tensor *y)
{
    (void)m;
    return wick_add(wick_mul(x, 3), wick_mul(y, y));
}

static wick_tensor *first_forward(wick_module *m, wick_tensor *x, wick_tensor *y)
{
    (void)m, (void)y;
    return wick_mul(x, 2);
}

static wick_tensor *scale_forward(wick_module *m, wick_tensor *x, wick_tensor *y)
{
    return wick_mul(wick_mul(wick_nn_get(m, "w"), x), y);
}

static wick_module *mix(void) { return wick_nn_module("Mix", .forward2 = mix_forward); }

static wick_tensor *pair(double a, double b, bool requires_grad)
{
    return wick_from(((double[]){a, b}), 2, .requires_grad = requires_grad);
}

static wick_tensor *one(double a)
{
    return wick_from(((double[1]){a}), 1, .dtype = WICK_FLOAT64, .requires_grad = true);
}

/* ---- Forward ------------------------------------------------------------------------------------------------------------- */

START_TEST(forward_hooks)
{
    wick_module *m = mix();
    wick_nn_register_forward_pre_hook(m, pre, NOTE(1, 0));
    wick_hook *h = wick_nn_register_forward_pre_hook(m, pre, NOTE(2, 2));
    wick_nn_register_forward_pre_hook(m, pre, NOTE(3, 0), .prepend = true);
    wick_nn_register_forward_hook(m, after, NOTE(4, 0));
    wick_nn_register_forward_hook(m, after, NOTE(5, 10));
    wick_nn_register_forward_hook(m, after, .context = NOTE(6, 0), .prepend = true);
    wick_tensor *x = pair(1, 2, true), *y = pair(3, 4, true);
    say("%t", wick_nn_forward(m, x, y));
    wick_hook_remove(h);
    wick_hook_remove(h);
    say("%t", wick_nn_forward(m, x, y));
    ck_assert(wick_backward(wick_sum(wick_nn_forward(m, x, y))));
    say("%t %t", wick_grad_of(x), wick_grad_of(y));
    compare("forward_hooks");
}
END_TEST

static wick_list *name_before(wick_module *m, wick_list *inputs, void *context)
{
    (void)context;
    say("%s %l", wick_nn_name(m), inputs);
    return NULL;
}

static wick_tensor *name_after(wick_module *m, wick_list *inputs, wick_tensor *y, void *context)
{
    (void)context;
    say("%s %l %t", wick_nn_name(m), inputs, y);
    return NULL;
}

static wick_tensor *same(wick_module *m, wick_tensor *x)
{
    (void)m;
    return x;
}

START_TEST(hooks_everywhere)
{
    wick_module *twice = wick_nn_module("Twice", .forward = same);
    wick_nn_register_module(twice, "r", wick_nn_relu());
    wick_module *m = wick_nn_sequential(wick_nn_relu(), twice);
    wick_nn_register_forward_pre_hook(twice, pre, NOTE(1, 0));
    wick_nn_register_forward_hook(twice, after, NOTE(2, 0));
    wick_hook *handles[] = {wick_nn_register_module_forward_pre_hook(name_before),
                            wick_nn_register_module_forward_hook(name_after),
                            wick_nn_register_module_forward_pre_hook(pre, NOTE(3, 2)),
                            wick_nn_register_module_forward_hook(after, NOTE(4, 10))};
    wick_tensor *x = pair(-1, 2, true);
    say("%t", wick_nn_forward(m, x));
    for (int i = 3; i >= 0; i--) {
        wick_hook_remove(handles[i]);
        say("%t", wick_nn_forward(m, x));
    }
    compare("hooks_everywhere");
    ASSERT_FAILS(wick_nn_register_module_forward_hook(NULL), WICK_ERROR_ARGUMENT,
                 "wick_nn_register_module_forward_hook");
}
END_TEST

static wick_hook *handle;

static wick_tensor *once(wick_module *m, wick_list *inputs, wick_tensor *y, void *context)
{
    (void)m, (void)inputs, (void)context;
    say("once %t", y);
    wick_hook_remove(handle);
    return NULL;
}

static wick_list *more(wick_module *m, wick_list *inputs, void *context)
{
    say("more %l", inputs);
    wick_nn_register_forward_pre_hook(m, pre, context);
    return NULL;
}

START_TEST(one_call_only)
{
    wick_module *m = wick_nn_identity();
    handle = wick_nn_register_forward_hook(m, once);
    wick_nn_register_forward_hook(m, after, NOTE(1, 0));
    wick_nn_register_forward_pre_hook(m, more, NOTE(2, 0));
    wick_tensor *x = one(1);
    wick_nn_forward(m, x);
    say("second");
    wick_nn_forward(m, x);
    compare("one_call_only");
}
END_TEST

/* ---- Backward ------------------------------------------------------------------------------------------------------------ */

static void play(const char *name, wick_module *m, wick_tensor *x, wick_tensor *y, double a, double b, double c,
                 double d)
{
    wick_nn_register_full_backward_pre_hook(m, before, NOTE(1, a));
    wick_nn_register_full_backward_pre_hook(m, before, NOTE(2, b));
    wick_nn_register_full_backward_hook(m, backward, NOTE(3, c));
    wick_nn_register_full_backward_hook(m, backward, NOTE(4, d));
    wick_nn_register_full_backward_hook(m, backward, NOTE(5, 0), .prepend = true);
    wick_tensor *z = wick_nn_forward(m, x, y);
    say("%s", wick_grad_fn(z) ? wick_node_name(wick_grad_fn(z)) : "none");
    if (wick_requires_grad(z))
        ck_assert(wick_backward(wick_sum(wick_mul(z, pair(1, 10, false)))));
    say("%t %t", wick_grad_of(x), wick_grad_of(y));
    wick_tensor *w = wick_nn_get(m, "w");
    if (w)
        say("%t", wick_grad_of(w));
    compare(name);
}

START_TEST(backward_hooks)
{
    play("backward_hooks", mix(), pair(1, 2, true), pair(3, 4, true), 0, 0, 0, 0);
    play("backward_hooks_replace", mix(), pair(1, 2, true), pair(3, 4, true), 2, 3, 5, 7);
    play("backward_hooks_one_input", mix(), pair(1, 2, true), pair(3, 4, false), 0, 3, 0, 7);
    wick_module *scale = wick_nn_module("Scale", .forward2 = scale_forward);
    wick_nn_register_parameter(scale, "w", pair(2, 3, false));
    play("backward_hooks_no_input", scale, pair(1, 2, false), pair(3, 4, false), 0, 3, 0, 0);
    wick_module *first = wick_nn_module("First", .forward2 = first_forward);
    play("backward_hooks_unused_input", first, pair(1, 2, true), pair(3, 4, true), 0, 0, 0, 2);
    WICK_NO_GRAD;
    play("backward_hooks_no_grad", mix(), pair(1, 2, true), pair(3, 4, true), 0, 0, 0, 2);
}
END_TEST

START_TEST(backward_hooks_twice)
{
    wick_module *m = wick_nn_sequential(wick_nn_double(wick_nn_linear(2, 1)), wick_nn_tanh());
    wick_tensor *weight = wick_nn_get(m, "0.weight");
    wick_set(weight, 0.5, 0, 0);
    wick_set(weight, -0.25, 0, 1);
    wick_set(wick_nn_get(m, "0.bias"), 0, 0);
    wick_nn_register_full_backward_hook(m, backward, NOTE(1, 2));
    wick_nn_register_full_backward_hook(wick_nn_child(m, 0), backward, NOTE(2, 0));
    wick_tensor *x = pair(1, 2, true), *y = wick_nn_forward(m, x);
    ck_assert(wick_backward(y, .retain_graph = true));
    say("%t", wick_grad_of(x));
    ck_assert(wick_backward(y));
    say("%t %t", wick_grad_of(x), wick_grad_of(weight));
    compare("backward_hooks_twice");
}
END_TEST

START_TEST(backward_hooks_double_backward)
{
    wick_module *m = wick_nn_tanh();
    wick_nn_register_full_backward_hook(m, backward, NOTE(1, 0));
    wick_tensor *x = one(0.5), *y = wick_nn_forward(m, x);
    wick_tensor *g = wick_list_get(wick_grad(wick_list_of(y), wick_list_of(x), .create_graph = true), 0);
    say("first %t", g);
    ck_assert(wick_backward(g));
    say("%t", wick_grad_of(x));
    compare("backward_hooks_double_backward");
}
END_TEST

/* ---- Failures, and the end of hooks --------------------------------------------------------------------------------------- */

static int calls, ends;
static void count_end(void *context) { ends += *(int *)context; }

static wick_list *fail_pre(wick_module *m, wick_list *inputs, void *context)
{
    (void)m, (void)inputs, (void)context;
    return wick_fail(WICK_ERROR_ARGUMENT, "no input today");
}

static wick_tensor *fail_after(wick_module *m, wick_list *inputs, wick_tensor *y, void *context)
{
    (void)m, (void)context;
    calls++;
    return wick_add(wick_list_get(inputs, 0), wick_reshape(y, -1, 77));
}

static wick_list *fail_backward(wick_module *m, wick_list *gi, wick_list *go, void *context)
{
    (void)m, (void)gi, (void)go, (void)context;
    return wick_fail(WICK_ERROR_ARGUMENT, "no gradient today");
}

static wick_list *too_many(wick_module *m, wick_list *gi, wick_list *go, void *context)
{
    (void)m, (void)go, (void)context;
    return wick_list_of(wick_list_get(gi, 0), wick_list_get(gi, 0));
}

START_TEST(hooks_that_fail)
{
    wick_tensor *x = one(2);
    wick_module *m = wick_nn_tanh();
    wick_hook *h = wick_nn_register_forward_pre_hook(m, fail_pre);
    wick_nn_register_forward_hook(m, fail_after);
    calls = 0;
    ASSERT_FAILS(wick_nn_forward(m, x), WICK_ERROR_ARGUMENT, "no input today");
    ck_assert_int_eq(calls, 0);
    wick_hook_remove(h);
    ASSERT_FAILS(wick_nn_forward(m, x), WICK_ERROR_SHAPE, "77");
    ck_assert_int_eq(calls, 1);
    m = wick_nn_tanh();
    h = wick_nn_register_full_backward_hook(m, fail_backward);
    ASSERT_FAILS(wick_backward(wick_nn_forward(m, x)), WICK_ERROR_ARGUMENT, "no gradient today");
    ck_assert_ptr_null(wick_grad_of(x));
    wick_tensor *y = wick_nn_forward(m, x);
    wick_hook_remove(h); /* the hook is gone, also for what was computed before */
    ck_assert(wick_backward(y));
    wick_nn_register_full_backward_hook(m, too_many);
    ASSERT_FAILS(wick_backward(wick_nn_forward(m, x)), WICK_ERROR_ARGUMENT,
                 "a backward hook of Tanh returned 2 gradients, but expected 1");
    ASSERT_FAILS(wick_nn_register_forward_hook(m, NULL), WICK_ERROR_ARGUMENT, "wick_nn_register_forward_hook");
    ASSERT_FAILS(wick_nn_register_full_backward_pre_hook(NULL, before), WICK_ERROR_ARGUMENT, "full_backward_pre_hook");
    wick_module *scale = wick_nn_module("Scale", .forward2 = scale_forward);
    wick_nn_register_parameter(scale, "w", pair(2, 3, false));
    wick_nn_register_full_backward_hook(scale, too_many);
    wick_tensor *sum = wick_sum(wick_nn_forward(scale, pair(1, 2, false), pair(1, 2, false)));
    ck_assert(!wick_backward(sum)); /* wick_list_of takes no NULL */
    wick_clear_error();
    wick_module *tanh = wick_nn_tanh();
    ck_assert_ptr_nonnull(wick_nn_register_full_backward_hook(tanh, backward, NOTE(1, 0)));
    ASSERT_FAILS(wick_add_(wick_nn_forward(tanh, x), 1), WICK_ERROR_AUTOGRAD, "wick_add_");
}
END_TEST

START_TEST(contexts_end_with_their_hooks)
{
    int weight = 1;
    ends = 0;
    wick_tensor *x = one(2), *y;
    {
        WICK_SCOPE;
        wick_module *m = wick_nn_tanh();
        wick_nn_register_forward_hook(m, fail_after, .context = &weight, .destroy = count_end);
        wick_nn_register_full_backward_hook(m, fail_backward, .context = &weight, .destroy = count_end);
        wick_hook *h = wick_nn_register_forward_pre_hook(m, fail_pre, .context = &weight, .destroy = count_end);
        wick_hook_remove(h);
        ck_assert_int_eq(ends, 0); /* the scope holds it */
    }
    ck_assert_int_eq(ends, 3);
    note *n = NOTE(1, 0);
    {
        WICK_SCOPE;
        wick_module *m = wick_nn_tanh();
        wick_nn_register_full_backward_hook(m, backward, .context = n, .destroy = NULL);
        y = wick_out(wick_nn_forward(m, x)); /* the graph holds the module, and so its hooks */
    }
    ck_assert(wick_backward(y));
    ck_assert_str_eq(out, "backward 1 0.0706508249 of 1\n");
    out[out_length = 0] = '\0';
}
END_TEST

/* Every allocation of a forward and backward pass with hooks fails once, in turn. */
START_TEST(hooks_without_memory)
{
    bool done = false;
    for (long n = 1; !done; n++) {
        WICK_SCOPE;
        wick_module *m = wick_nn_sequential(wick_nn_linear(2, 2), wick_nn_tanh());
        wick_nn_register_forward_pre_hook(m, pre, NOTE(1, 2));
        wick_nn_register_forward_hook(m, after, NOTE(2, 2));
        wick_nn_register_full_backward_hook(m, backward, NOTE(3, 2));
        wick_nn_register_full_backward_pre_hook(m, before, NOTE(4, 2));
        wick_tensor *x = wick_ones(2, 2, .requires_grad = true);
        ASSERT_NO_ERROR();
        {
            WICK_SCOPE;
            wick_fail_allocation(n);
            wick_tensor *y = wick_nn_forward(m, x);
            done = y && wick_backward(wick_sum(y));
            wick_fail_allocation(0);
        }
        ck_assert_int_eq(wick_error_kind(), done ? WICK_OK : WICK_ERROR_MEMORY);
        ck_assert(done || !wick_grad_of(x));
        wick_clear_error();
        out[out_length = 0] = '\0';
    }
}
END_TEST

/* ---- Summaries -------------------------------------------------------------------------------------------------------------- */

static wick_tensor *residual(wick_module *m, wick_tensor *x)
{
    wick_tensor *counter = wick_nn_get(m, "counter");
    wick_set(counter, wick_get(counter, 0) + 1, 0);
    return wick_rand(1) ? wick_add(x, wick_nn_forward(wick_nn_get_module(m, "fc"), x)) : NULL;
}

static const char summary_text[] = "\
Layer               Output shape    Output bytes    Parameters  Parameter bytes\n\
-------------------------------------------------------------------------------\n\
Sequential          (8, 2)                     -             -                -\n\
  0: Flatten        (8, 400)                   -             -                -\n\
  1: Sequential     (8, 3)                     -             -                -\n\
    0: Linear       (8, 3)                    96         1,203            4,812\n\
    1: BatchNorm1d  (8, 3)                    96             6               24\n\
    2: Tanh         (8, 3) x3                288             -                -\n\
    3: Dropout      (8, 3)                     -             -                -\n\
  2: Residual       (8, 3)                    96             1                4\n\
    fc: Linear      (8, 3)                    96            12               48\n\
  5: Linear         (8, 2)                    64             8               32\n\
-------------------------------------------------------------------------------\n\
Parameters:  1,230, of them trainable: 1,218, 4,920 bytes\n\
Buffers:     8, 36 bytes\n\
Activations: 736 bytes in one forward pass";

START_TEST(summary)
{
    wick_module *r = wick_nn_module("Residual", .forward = residual), *tanh = wick_nn_tanh();
    wick_nn_register_module(r, "fc", wick_nn_linear(3, 3));
    wick_nn_register_parameter(r, "scale", wick_ones(1));
    wick_tensor *counter = wick_nn_register_buffer(r, "counter", wick_zeros(1));
    wick_module *body = wick_nn_sequential(wick_nn_linear(400, 3), wick_nn_batch_norm1d(3), tanh, wick_nn_dropout(0.5));
    wick_module *m = wick_nn_sequential(wick_nn_flatten(), body, r);
    wick_nn_append(wick_nn_append(m, tanh), tanh);
    wick_nn_append(m, wick_nn_linear(3, 2));
    wick_nn_requires_grad_(wick_nn_child(r, 0), false);
    wick_nn_eval(body);
    wick_manual_seed(5);
    double next = wick_item(wick_rand(1));
    wick_manual_seed(5);
    const char *text = wick_nn_summary(m, wick_zeros(8, 20, 20));
    ck_assert_str_eq(text, summary_text);
    ck_assert_double_eq(wick_item(wick_rand(1)), next);
    ck_assert(wick_nn_is_training(m) && !wick_nn_is_training(body) && !wick_nn_is_training(wick_nn_child(body, 1)));
    ck_assert_double_eq(wick_get(counter, 0), 0);
    ck_assert_double_eq(wick_item(wick_nn_get(body, "1.num_batches_tracked")), 0);
    ck_assert(wick_is_grad_enabled());
    ASSERT_FAILS(wick_nn_summary(m, wick_zeros(8, 3)), WICK_ERROR_SHAPE, "wick_linear");
    ck_assert(wick_nn_is_training(m) && wick_is_grad_enabled());
    ASSERT_FAILS(wick_nn_summary(NULL, wick_zeros(1)), WICK_ERROR_ARGUMENT, "wick_nn_summary");
    ASSERT_FAILS(wick_nn_summary(m, NULL), WICK_ERROR_ARGUMENT, "wick_nn_summary: input");
    bool done = false;
    for (long n = 1; !done; n++) {
        WICK_SCOPE;
        wick_tensor *x = wick_zeros(8, 20, 20);
        wick_fail_allocation(n);
        done = wick_nn_summary(m, x) != NULL;
        wick_fail_allocation(0);
        ck_assert_int_eq(wick_error_kind(), done ? WICK_OK : WICK_ERROR_MEMORY);
        wick_clear_error();
        ck_assert(wick_nn_is_training(m) && !wick_nn_is_training(body) && wick_is_grad_enabled());
    }
    ck_assert_double_eq(wick_get(counter, 0), 0);
}
END_TEST

Suite *module_hooks_suite(void)
{
    const TTest *const tests[] = {
        forward_hooks,        hooks_everywhere,
        one_call_only,        backward_hooks,
        backward_hooks_twice, backward_hooks_double_backward,
        hooks_that_fail,      contexts_end_with_their_hooks,
        hooks_without_memory, summary,
    };
    return MAKE_SUITE("module_hooks", tests);
}
