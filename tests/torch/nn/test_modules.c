/* test_modules.c - modules as such, against modules.txt: what they print, list and refuse, hooks, containers,
 * state dicts. A case writes its text line by line; the same case in modules.py made the reference. */
#include <wick/nn/module.h>

#include "transcript.h"

/* ---- Modules of the tests -------------------------------------------------------------------------------------------- */

static wick_tensor *pass(wick_module *m, wick_tensor *x)
{
    (void)m;
    return x;
}

typedef struct own_fields {
    const char *extra;
} own_fields;

static void own_extra(wick_module *m, char *text, size_t length)
{
    snprintf(text, length, "%s", ((own_fields *)wick_nn_fields(m))->extra);
}

static wick_module *own_n(const char *name, const char *extra, const wick_named_module *children, int count)
{
    wick_module *m = wick_nn_module(name, .forward = pass, .size = sizeof(own_fields), .print_extra = own_extra);
    ((own_fields *)wick_nn_fields(m))->extra = extra;
    for (int i = 0; i < count; i++)
        ck_assert_ptr_nonnull(wick_nn_register_module(m, children[i].name, children[i].module));
    return m;
}
#define OWN(name, extra, ...)                                    \
    own_n(name, extra, (const wick_named_module[]){__VA_ARGS__}, \
          (int)(sizeof((const wick_named_module[]){__VA_ARGS__}) / sizeof(wick_named_module)))
#define ALONE(name, extra) own_n(name, extra, NULL, 0)

#define L(in, out_features) wick_nn_linear(in, out_features)
#define R wick_nn_relu()
#define I wick_nn_identity()
#define S(...) wick_nn_sequential(__VA_ARGS__)
#define S0 wick_nn_sequential_n(NULL, 0)
#define ML(...) wick_nn_module_list(__VA_ARGS__)
#define ML0 wick_nn_module_list_n(NULL, 0)
#define MD(...) wick_nn_module_dict(__VA_ARGS__)
#define MD0 wick_nn_module_dict_n(NULL, 0)
#define LAZY(...) wick_nn_lazy_linear(__VA_ARGS__)

/* n modules, each made anew. */
static wick_module *many(int n, wick_module *(*make)(void))
{
    wick_module *m = ML0;
    for (int i = 0; i < n; i++)
        ck_assert_ptr_eq(wick_nn_append(m, make()), m);
    return m;
}

static wick_module *linear44(void) { return L(4, 4); }

static wick_module *encoder_layer(void)
{
    return OWN("Layer", "", {"attention", OWN("Attention", "heads=8", {"q", L(8, 8)}, {"k", L(8, 8)})},
               {"norm", wick_nn_layer_norm(WICK_DIMS(8))}, {"drop", wick_nn_dropout(0.1)});
}

static wick_module *shared_list(void)
{
    wick_module *r = R;
    return ML(r, r, L(1, 1), r);
}

static wick_module *long_parameter_list(void)
{
    wick_tensor *t[120];
    for (int i = 0; i < 120; i++)
        t[i] = wick_ones(10, 20);
    return wick_nn_parameter_list_n(t, 120);
}

static wick_module *parameter_dict(void)
{
    wick_module *m = wick_nn_parameter_dict();
    wick_nn_register_parameter(m, "w", wick_ones(2, 3));
    wick_nn_register_parameter(m, "b", wick_ones(3, .dtype = WICK_FLOAT64));
    return m;
}

/* ---- Print ------------------------------------------------------------------------------------------------------------ */

#define PRINTED(X)                                                                                                    \
    X(empty_list, ML0)                                                                                                \
    X(empty_dict, MD0)                                                                                                \
    X(empty_sequential, S0)                                                                                           \
    X(list_one, ML(L(2, 3)))                                                                                          \
    X(list_two_equal, ML(L(2, 3), L(2, 3)))                                                                           \
    X(list_three_equal, ML(R, R, R))                                                                                  \
    X(list_two_unequal, ML(L(2, 3), L(3, 2)))                                                                         \
    X(list_runs, ML(R, R, L(1, 1), R, R, R, L(1, 2), L(1, 2)))                                                        \
    X(list_alternating, ML(R, I, R, I))                                                                               \
    X(list_twelve, many(12, linear44))                                                                                \
    X(list_prefix, ML(L(1, 1), L(1, 11), L(1, 1), L(1, 1)))                                                           \
    X(list_of_lists, ML(ML(R, R), ML(R, R), ML(R)))                                                                   \
    X(list_of_sequentials, ML(S(L(2, 2), R), S(L(2, 2), R), S(L(2, 2))))                                              \
    X(list_of_empty, ML(S0, S0, ML0, ML0, MD0))                                                                       \
    X(list_in_sequential, S(L(1, 1), ML(R, R), R))                                                                    \
    X(list_in_own, OWN("Net", "", {"blocks", ML(L(8, 8), L(8, 8), L(8, 8))}, {"head", L(8, 1)}))                      \
    X(list_three_deep, ML(ML(ML(R, R), ML(R, R)), ML(ML(R, R), ML(R, R))))                                            \
    X(list_shared, shared_list())                                                                                     \
    X(list_equal_after_nested, ML(S(R), R, R, S(R), S(R)))                                                            \
    X(sequential_equal, S(R, R, R))                                                                                   \
    X(sequential_nested, S(S(L(2, 2), R), S(S(R), wick_nn_dropout(0.1))))                                             \
    X(dict_two, MD({"conv", L(1, 2)}, {"pool", R}))                                                                   \
    X(dict_equal, MD({"a", R}, {"b", R}))                                                                             \
    X(dict_of_lists, MD({"xs", ML(R, R)}, {"ys", ML(L(1, 1))}))                                                       \
    X(list_of_dicts, ML(MD({"a", R}), MD({"a", R}), MD({"b", R})))                                                    \
    X(named_sequential, wick_nn_sequential_dict({"fc1", L(2, 3)}, {"relu", R}, {"fc2", L(3, 1)}))                     \
    X(lazy, LAZY(3))                                                                                                  \
    X(lazy_no_bias, LAZY(5, .bias = false))                                                                           \
    X(lazy_in_sequential, S(LAZY(3), R, LAZY(1)))                                                                     \
    X(lazy_list, ML(LAZY(3), LAZY(3), L(1, 3)))                                                                       \
    X(parameter_list, wick_nn_parameter_list(wick_ones(2, 3), wick_ones(4), wick_ones(1, 2, 3)))                      \
    X(parameter_list_one, wick_nn_parameter_list(wick_ones(2, 3)))                                                    \
    X(parameter_list_scalar, wick_nn_parameter_list(wick_ones(), wick_ones(0)))                                       \
    X(parameter_list_empty, wick_nn_parameter_list_n(NULL, 0))                                                        \
    X(parameter_list_long, long_parameter_list())                                                                     \
    X(parameter_dict, parameter_dict())                                                                               \
    X(parameters_in_own, OWN("Net", "", {"ps", wick_nn_parameter_list(wick_ones(1), wick_ones(2))}, {"fc", L(1, 1)})) \
    X(own_empty, ALONE("Net", ""))                                                                                    \
    X(own_extra, ALONE("Net", "width=3"))                                                                             \
    X(own_extra_lines, ALONE("Net", "width=3\nheight=4\ndepth=5"))                                                    \
    X(own_extra_children, OWN("Net", "width=3", {"fc", L(1, 1)}))                                                     \
    X(own_lines_children, OWN("Net", "a=1\n  b=2", {"fc", L(1, 1)}, {"inner", ALONE("Inner", "c=3\nd=4")}))           \
    X(own_in_list, ML(ALONE("Block", "n=1\nm=2"), ALONE("Block", "n=1\nm=2"), ALONE("Block", "n=2\nm=2")))            \
    X(own_nested, OWN("A", "", {"b", OWN("B", "", {"c", OWN("C", "", {"d", OWN("D", "x", {"e", R})})})}))             \
    X(own_blank_line, S(OWN("A", "a\n\nb", {"r", R})))                                                                \
    X(encoder, OWN("Encoder", "", {"layers", many(6, encoder_layer)}, {"out", L(8, 2)}))

START_TEST(print)
{
#define CASE(name, model)                    \
    {                                        \
        WICK_SCOPE;                          \
        say("%s", wick_nn_to_string(model)); \
        compare("p_" #name);                 \
    }
    PRINTED(CASE)
#undef CASE
    wick_clear_warning(); /* of laziness */
}
END_TEST

/* ---- Containers, lists ------------------------------------------------------------------------------------------------- */

static void show(wick_module *m)
{
    wick_modules *all = wick_nn_modules(m);
    for (int64_t i = 0; i < wick_nn_modules_count(all); i++)
        say("module '%s' %s", wick_nn_modules_name(all, i), wick_nn_name(wick_nn_modules_get(all, i)));
}

static void show_children(wick_module *m)
{
    wick_modules *all = wick_nn_children(m);
    for (int64_t i = 0; i < wick_nn_modules_count(all); i++)
        say("child %s %s", wick_nn_modules_name(all, i), wick_nn_name(wick_nn_modules_get(all, i)));
}

static wick_module *tree(void)
{
    wick_module *shared = R, *tied = L(2, 2);
    wick_module *m =
        OWN("Net", "", {"body", S(L(2, 2), shared, S(tied, shared))}, {"again", tied}, {"head", ML(L(2, 1), tied)});
    wick_nn_register_parameter(m, "w", wick_ones(5));
    wick_nn_register_buffer(m, "kept", wick_zeros(1));
    wick_nn_register_buffer(m, "left", wick_zeros(2), .persistent = false);
    wick_nn_register_buffer(wick_nn_get_module(m, "body.0"), "inner", wick_zeros(3), .persistent = false);
    return m;
}

START_TEST(traversal)
{
    wick_module *m = tree();
    show(m);
    show_children(m);
    show_children(wick_nn_get_module(m, "head"));
    wick_module *again = wick_nn_get_module(m, "again");
    show_children(S(again, again, R));
    compare("traversal");
    wick_modules *all = wick_nn_modules(m);
    ck_assert(!wick_nn_modules_get(all, -1) && !wick_nn_modules_get(all, 8) && !wick_nn_modules_name(all, 8));
    ck_assert_int_eq(wick_nn_modules_count(NULL), 0);
    ASSERT_FAILS(wick_nn_modules(NULL), WICK_ERROR_ARGUMENT, "wick_nn_modules");
}
END_TEST

static void show_tensors(const char *what, wick_dict *dict)
{
    for (int64_t i = 0; i < wick_nn_dict_count(dict); i++)
        say("%s %s %d", what, wick_nn_dict_name(dict, i), (int)wick_numel(wick_nn_dict_tensor(dict, i)));
}

START_TEST(lists_of_tensors)
{
    wick_module *m = tree();
    for (int recurse = 1; recurse >= 0; recurse--) {
        for (int once = 1; once >= 0; once--) {
            show_tensors("parameter", wick_nn_named_parameters(m, recurse != 0, once != 0));
            show_tensors("buffer", wick_nn_named_buffers(m, .recurse = recurse != 0, .remove_duplicate = once != 0));
        }
        say("%d %d", (int)wick_list_count(wick_nn_parameters(m, recurse != 0)),
            (int)wick_list_count(wick_nn_buffers(m, recurse != 0)));
    }
    show_tensors("state", wick_nn_state_dict(m));
    say("%d", (int)wick_nn_parameter_count(m));
    wick_nn_requires_grad_(wick_nn_get_module(m, "body"), false);
    say("%d", (int)wick_nn_trainable_parameter_count(m));
    compare("lists_of_tensors");
}
END_TEST

START_TEST(changing_lists)
{
    wick_module *m = S(R, I);
    wick_nn_append(m, wick_nn_tanh());
    wick_nn_insert(m, 1, wick_nn_sigmoid());
    wick_nn_insert(m, 4, wick_nn_dropout(0.1));
    wick_nn_insert(m, 0, L(1, 1));
    show(m);
    wick_nn_extend(m, S(wick_nn_tanh(), I));
    say("%s", wick_nn_name(wick_nn_pop_child(m, 1)));
    say("%s", wick_nn_name(wick_nn_pop_child(m, -1)));
    wick_nn_set_child(m, 2, L(2, 2));
    wick_nn_set_child(m, -1, I);
    show(m);
    say("%d %s %s", (int)wick_nn_child_count(m), wick_nn_name(wick_nn_child(m, -2)),
        wick_nn_to_string(wick_nn_child(m, 0)));
    wick_module *list = ML(R);
    wick_nn_append(wick_nn_extend(list, ML(I, wick_nn_tanh())), R);
    wick_nn_insert(list, 0, wick_nn_sigmoid());
    say("%s", wick_nn_name(wick_nn_pop_child(list, 2)));
    wick_nn_set_child(list, 0, I);
    show(list);
    compare("changing_lists");

    ck_assert_ptr_eq(wick_nn_extend(list, list), list);
    ck_assert_int_eq(wick_nn_child_count(list), 8);
    ASSERT_FAILS(wick_nn_pop_child(list, 8), WICK_ERROR_INDEX, "wick_nn_pop_child: index 8 is out of range");
    ASSERT_FAILS(wick_nn_set_child(list, -9, R), WICK_ERROR_INDEX,
                 "index -9 is out of range: ModuleList has 8 children");
    ASSERT_FAILS(wick_nn_insert(list, 9, R), WICK_ERROR_INDEX, "wick_nn_insert: index 9");
    ASSERT_FAILS(wick_nn_set_child(list, 0, list), WICK_ERROR_ARGUMENT, "contain itself");
    ASSERT_FAILS(wick_nn_insert(list, 0, S(list)), WICK_ERROR_ARGUMENT, "contain itself");
}
END_TEST

START_TEST(changing_dicts)
{
    wick_module *d = MD({"a", R}, {"b", I});
    wick_nn_set_module(d, "c", wick_nn_tanh());
    wick_nn_set_module(d, "a", L(1, 1));
    show(d);
    wick_module *gone = wick_nn_pop_module(d, "b");
    say("%s %d %s %s", wick_nn_name(gone), (int)wick_nn_child_count(d), wick_nn_get_module(d, "b") ? "True" : "False",
        wick_nn_get_module(d, "c") ? "True" : "False");
    wick_nn_set_module(d, "b", I);
    for (int i = 0; i < wick_nn_child_count(d); i++)
        say("%s", wick_nn_child_name(d, i));
    ck_assert_ptr_eq(wick_nn_update(d, MD({"e", wick_nn_dropout(0.1)}, {"c", wick_nn_sigmoid()})), d);
    ck_assert_ptr_eq(wick_nn_update(d, d), d);
    ck_assert_ptr_eq(wick_nn_update(d, MD0), d);
    show(d);
    ck_assert_ptr_eq(wick_nn_clear(d), d);
    say("%d %s", (int)wick_nn_child_count(d), wick_nn_to_string(d));
    wick_nn_set_module(d, "c", R);
    show(d);
    compare("changing_dicts");
    ASSERT_FAILS(wick_nn_update(d, ML(R)), WICK_ERROR_ARGUMENT, "wick_nn_update", "is a ModuleList, not a ModuleDict");
    ASSERT_FAILS(wick_nn_clear(S(R)), WICK_ERROR_ARGUMENT, "wick_nn_clear", "is a Sequential, not a ModuleDict");
    ASSERT_FAILS(wick_nn_pop_module(d, "z"), WICK_ERROR_INDEX,
                 "wick_nn_pop_module: there is no \"z\" in this ModuleDict");
    ASSERT_FAILS(wick_nn_set_module(d, "x.y", R), WICK_ERROR_ARGUMENT, "can't contain");
    ASSERT_FAILS(wick_nn_set_module(S(R), "0", R), WICK_ERROR_ARGUMENT, "is a Sequential, not a ModuleDict");
    ASSERT_FAILS(wick_nn_append(d, R), WICK_ERROR_ARGUMENT, "is a ModuleDict, not a Sequential or ModuleList");
    ASSERT_FAILS(wick_nn_set_module(d, "a", S(d)), WICK_ERROR_ARGUMENT, "contain itself");
    ASSERT_FAILS(wick_nn_update(d, MD({"x", R}, {"c", S(d)})), WICK_ERROR_ARGUMENT, "wick_nn_update", "contain itself");
    wick_module *first = wick_nn_get_module(d, "c"), *more = MD({"c", I}, {"x", R}, {"y", R});
    for (long n = 1, done = 0; !done; n++) { /* nothing, or everything */
        wick_fail_allocation(n);
        done = wick_nn_update(d, more) != NULL;
        wick_fail_allocation(0);
        ck_assert(done || wick_error_kind() == WICK_ERROR_MEMORY);
        wick_clear_error();
        ck_assert_int_eq(wick_nn_child_count(d), done ? 3 : 1);
        ck_assert(done || wick_nn_get_module(d, "c") == first);
    }
    ASSERT_FAILS(MD({"a", R}, {"a", R}), WICK_ERROR_ARGUMENT, "attribute 'a' already exists");
}
END_TEST

/* The message of the error that is recorded, without its kind and the function's name. */
static void say_error(void)
{
    const char *text = wick_error_message() ? wick_error_message() : "no error";
    for (int i = 0; i < 2 && strstr(text, ": "); i++)
        text = strstr(text, ": ") + 2;
    say("%s", text);
    wick_clear_error();
}

START_TEST(refusals)
{
    wick_tensor *x = wick_ones(1);
    ck_assert_ptr_null(wick_nn_forward(ML(R), x));
    say_error();
    ck_assert_ptr_null(wick_nn_forward(MD0, x));
    say_error();
    wick_module *m = LAZY(3);
    ck_assert(wick_nn_load_state_dict(m, wick_nn_state_dict(L(4, 3))));
    ck_assert_ptr_null(wick_nn_forward(m, wick_ones(2, 5)));
    say_error();
    compare("refusals");
    wick_clear_warning(); /* of laziness */
}
END_TEST

static void say_modes(wick_module *m)
{
    wick_modules *all = wick_nn_modules(m);
    for (int64_t i = 0; i < wick_nn_modules_count(all); i++)
        put("%s%d", i ? " " : "", wick_nn_is_training(wick_nn_modules_get(all, i)));
    put("\n");
}

static void say_name(wick_module *m, void *context)
{
    (void)context;
    say("%s", wick_nn_name(m));
}

START_TEST(modes)
{
    wick_module *m = S(R, S(wick_nn_dropout(0.5), R), ML(R));
    say_modes(m);
    wick_nn_train(m, false);
    say_modes(m);
    wick_nn_train(wick_nn_child(m, 1));
    say_modes(m);
    wick_nn_eval(wick_nn_train(m));
    wick_nn_train(wick_nn_child(m, 2), .mode = true);
    say_modes(m);
    wick_module *shared = R;
    wick_nn_apply(S(shared, S(shared, L(1, 1)), shared), say_name, NULL);
    compare("modes");
}
END_TEST

START_TEST(running_statistics)
{
    const double none = (double)NAN;
    wick_module *rows[] = {
        wick_nn_batch_norm1d(2),
        wick_nn_batch_norm1d(2, .momentum = none),
        wick_nn_batch_norm1d(2, .momentum = 0.75, .affine = false),
        wick_nn_batch_norm1d(2, .eps = 0.5, .bias = false),
        wick_nn_batch_norm1d(2, .track_running_stats = false),
        wick_nn_batch_norm1d(2, .momentum = none, .affine = false, .track_running_stats = false),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wick_module *m = wick_nn_double(rows[i]);
        for (int step = 0; step < 5; step++) {
            wick_tensor *x = wick_sin(wick_mul(wick_arange(step % 2 ? 12 : 6, .dtype = WICK_FLOAT64), step + 1));
            x = step % 2 ? wick_view(x, 2, 2, 3) : wick_view(x, 3, 2);
            say("%t", wick_nn_forward(wick_nn_train(m, step != 2), x));
            say("%t %t %t", wick_nn_get(m, "running_mean"), wick_nn_get(m, "running_var"),
                wick_nn_get(m, "num_batches_tracked"));
        }
    }
    compare("running_statistics");
}
END_TEST

START_TEST(conversion)
{
    wick_module *m = S(L(2, 1), wick_nn_batch_norm1d(1));
    wick_tensor *weight = wick_nn_get(m, "0.weight");
    wick_backward(wick_sum(wick_nn_forward(m, wick_ones(3, 2))));
    for (int k = 0; k < 3; k++) {
        ck_assert_ptr_eq(k == 0 ? wick_nn_double(m) : k == 1 ? wick_nn_float(m) : wick_nn_to(m, WICK_FLOAT64), m);
        wick_dict *state = wick_nn_state_dict(m);
        for (int64_t i = 0; i < wick_nn_dict_count(state); i++)
            put("torch.%s ", wick_dtype_name(wick_dtype_of(wick_nn_dict_tensor(state, i))));
        say("torch.%s", wick_dtype_name(wick_dtype_of(wick_grad_of(weight))));
    }
    wick_nn_zero_grad(m);
    say("%t", wick_grad_of(weight));
    compare("conversion");
}
END_TEST

/* ---- What load_state_dict refuses ------------------------------------------------------------------------------------- */

typedef struct entry {
    const char *name;
    int ndim;
    int64_t shape[2];
} entry;

static void fails(const char *name, wick_module *m, const entry *entries, int count, bool strict)
{
    wick_dict *dict = wick_nn_dict_new();
    for (int i = 0; i < count; i++)
        wick_nn_dict_set(dict, entries[i].name, wick_zeros_n(entries[i].shape, entries[i].ndim, WICK_FLOAT32));
    wick_dict *own = wick_nn_state_dict(m); /* whose _metadata it gets */
    dict->versions = own->versions;
    own->versions = (wk_names){0};
    ck_assert(!wick_nn_load_state_dict(m, dict, .strict = strict));
    ck_assert_int_eq(wick_error_kind(), WICK_ERROR_SHAPE);
    say_error();
    compare(name);
}
#define FAILS(name, m, strict, ...) \
    fails(name, m, (const entry[]){__VA_ARGS__}, (int)(sizeof((const entry[]){__VA_ARGS__}) / sizeof(entry)), strict)
#define GOOD                                                              \
    {"0.weight", 2, {3, 2}}, {"0.bias", 1, {3}}, {"2.weight", 2, {1, 3}}, \
    {                                                                     \
        "2.bias", 1, { 1 }                                                \
    }
#define NET S(L(2, 3), R, L(3, 1))

START_TEST(refused_states)
{
    FAILS("l_missing", NET, true, {"0.weight", 2, {3, 2}}, {"0.bias", 1, {3}});
    fails("l_empty", NET, NULL, 0, true);
    FAILS("l_unexpected", NET, true, GOOD, {"3.weight", 1, {1}}, {"extra", 1, {2}});
    FAILS("l_unexpected_below", NET, true, GOOD, {"0.weight.x", 1, {1}}, {"1.weight", 1, {1}}, {"0", 1, {1}},
          {"2.x.y", 1, {1}});
    FAILS("l_shapes", NET, true, {"0.weight", 2, {2, 3}}, {"0.bias", 0, {0}}, {"2.weight", 2, {1, 3}},
          {"2.bias", 2, {2, 2}});
    FAILS("l_shapes_not_strict", NET, false, {"0.weight", 2, {2, 3}}, {"other", 1, {1}});
    FAILS("l_all", NET, true, {"0.weight", 2, {3, 2}}, {"0.bias", 1, {4}}, {"7.x", 1, {1}}, {"2.weight", 2, {3, 1}});
    FAILS("l_own", OWN("Own", "", {"fc", L(1, 2)}, {"body", S(wick_nn_batch_norm1d(2))}), true,
          {"fc.weight", 2, {2, 2}}, {"fc.scale", 1, {1}});
    FAILS("l_scalar", wick_nn_batch_norm1d(2), true, {"weight", 1, {2}}, {"bias", 1, {2}}, {"running_mean", 1, {2}},
          {"running_var", 1, {2}}, {"num_batches_tracked", 1, {2}});
    wick_module *m = L(1, 1);
    wick_nn_register_buffer(m, "left", wick_zeros(2), .persistent = false);
    FAILS("l_transient", m, true, {"weight", 2, {1, 1}}, {"left", 1, {2}});
    FAILS("l_module_dict", MD({"a", L(1, 1)}, {"b", ML(L(1, 1))}), true, {"a.weight", 2, {1, 1}}, {"b.1.bias", 1, {1}},
          {"c", 1, {1}});
}
END_TEST

Suite *modules_suite(void)
{
    const TTest *const tests[] = {
        print,    traversal, lists_of_tensors,   changing_lists, changing_dicts,
        refusals, modes,     running_statistics, conversion,     refused_states,
    };
    return MAKE_SUITE("modules", tests);
}
