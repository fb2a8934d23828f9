/* test_named.c - a function with options is a macro, and the function of its name is the macro without any. */
#include "check_wick.h"

#define BY_MACRO(name) \
    static wick_tensor *macro_##name(wick_tensor *x) { return name(x); }
WICK_NAMED_OF_TENSOR(BY_MACRO)
WICK_NAMED_INITS(BY_MACRO)
#undef BY_MACRO
#define BY_MACRO(name) \
    static wick_tensor *macro_##name(wick_tensor *x, wick_tensor *y) { return name(x, y); }
WICK_NAMED_OF_TWO(BY_MACRO)
#undef BY_MACRO
#define BY_MACRO(name) \
    static wick_module *macro_##name(void) { return name(); }
WICK_NN_NAMED_LAYERS(BY_MACRO)
WICK_NN_NAMED_LOSSES(BY_MACRO)
#undef BY_MACRO

#define ROW(name) {#name, name, macro_##name},

/* The same result, or the same refusal. */
static void same(const char *name, wick_tensor *a, const char *error, wick_tensor *b)
{
    if (a && b)
        ck_assert_msg(wick_equal(a, b), "%s: %s, by its macro %s", name, wick_to_string(a), wick_to_string(b));
    else
        ck_assert_msg(!a && !b && error && strcmp(without_place(error), without_place(wick_error())) == 0,
                      "%s: %s, by its macro %s", name, error ? error : "no error",
                      wick_error() ? wick_error() : "no error");
    wick_clear_error();
}

START_TEST(of_a_tensor)
{
    const struct {
        const char *name;
        wick_tensor *(*function)(wick_tensor *x), *(*macro)(wick_tensor *x);
    } rows[] = {WICK_NAMED_OF_TENSOR(ROW) WICK_NAMED_INITS(ROW)};
    int worked = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int whole = 0; whole < 2; whole++) {
            WICK_SCOPE;
            wick_tensor *x = whole ? wick_from(((int[]){3, 1, 2, 0}), 4)
                                   : wick_from(((float[][4]){{-1.5f, 0.3f, 8, 2}, {0.1f, -7, 1, 3}}), 2, 4);
            ck_assert(rows[i].function != NULL);
            wick_manual_seed(1);
            wick_tensor *a = rows[i].function(wick_clone(x));
            const char *error = wick_error() ? wick_format("%s", wick_error()) : NULL;
            wick_clear_error();
            wick_manual_seed(1);
            worked += a != NULL;
            same(rows[i].name, a, error, rows[i].macro(wick_clone(x)));
        }
    }
    ck_assert_int_gt(worked, (int)(sizeof rows / sizeof *rows)); /* most take one or the other */
}
END_TEST

START_TEST(of_two_tensors)
{
    const struct {
        const char *name;
        wick_tensor *(*function)(wick_tensor *x, wick_tensor *y), *(*macro)(wick_tensor *x, wick_tensor *y);
    } rows[] = {WICK_NAMED_OF_TWO(ROW)};
    wick_tensor *x = wick_from(((float[][3]){{0.2f, 0.3f, 0.5f}, {0.1f, 0.7f, 0.2f}}), 2, 3);
    wick_tensor *ys[] = {wick_from(((float[][3]){{1, 0, 1}, {0, 0, 1}}), 2, 3), wick_from(((int[]){2, 0}), 2)};
    int worked = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int k = 0; k < 2; k++) {
            WICK_SCOPE;
            wick_tensor *a = rows[i].function(x, ys[k]);
            const char *error = wick_error() ? wick_format("%s", wick_error()) : NULL;
            wick_clear_error();
            worked += a != NULL;
            same(rows[i].name, a, error, rows[i].macro(x, ys[k]));
        }
    }
    ck_assert_int_ge(worked, (int)(sizeof rows / sizeof *rows) - 1);
    wick_clear_warning();
}
END_TEST

START_TEST(modules)
{
    const struct {
        const char *name;
        wick_module *(*function)(void), *(*macro)(void);
    } rows[] = {WICK_NN_NAMED_LAYERS(ROW) WICK_NN_NAMED_LOSSES(ROW)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        WICK_SCOPE;
        const char *text = wick_nn_to_string(rows[i].function());
        ck_assert_msg(text != NULL, "%s: %s", rows[i].name, wick_error());
        ck_assert_str_eq(text, wick_nn_to_string(rows[i].macro()));
    }
    wick_module *(*linear)(int64_t, int64_t) = wick_nn_linear;
    ck_assert_str_eq(wick_nn_to_string(linear(3, 2)), "Linear(in_features=3, out_features=2, bias=True)");
    wick_module *(*norms[])(wick_dims) = {wick_nn_layer_norm, wick_nn_rms_norm};
    ck_assert_str_eq(wick_nn_name(norms[0](WICK_DIMS(3))), "LayerNorm");
    ck_assert_str_eq(wick_nn_name(norms[1](WICK_DIMS(3))), "RMSNorm");
    ck_assert_str_eq(wick_nn_name((wick_nn_bilinear)(1, 2, 3)), "Bilinear");
    ck_assert_str_eq(wick_nn_name((wick_nn_lazy_linear)(3)), "LazyLinear");
    wick_clear_warning(); /* of laziness */
    ck_assert_str_eq(wick_nn_name((wick_nn_embedding)(3, 2)), "Embedding");
    ck_assert_str_eq(wick_nn_name((wick_nn_batch_norm1d)(3)), "BatchNorm1d");
    ck_assert_str_eq(wick_nn_name((wick_nn_group_norm)(1, 3)), "GroupNorm");
}
END_TEST

START_TEST(optimizers)
{
#define ROW_OF_OPTIM(name) {#name, name},
    const struct {
        const char *name;
        wick_optim *(*make)(wick_list *params);
    } rows[] = {WICK_NAMED_OPTIMS(ROW_OF_OPTIM)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        WICK_SCOPE;
        wick_tensor *w = wick_ones(2, 2, .requires_grad = true);
        wick_optim *opt = rows[i].make(wick_list_of(w));
        ck_assert_msg(opt != NULL, "%s: %s", rows[i].name, wick_error());
        ck_assert(!isnan(wick_optim_get(opt, 0, "lr")));
    }
    wick_tensor *w = wick_ones(2, .requires_grad = true);
    ck_assert_double_eq(wick_optim_get((wick_optim_adam)(wick_list_of(w)), 0, "lr"), 1e-3);
    ck_assert_double_eq(wick_optim_get((wick_optim_sgd)(wick_list_of(w)), 0, "lr"), 1e-3);
}
END_TEST

Suite *named_suite(void);
Suite *named_suite(void)
{
    const TTest *const tests[] = {of_a_tensor, of_two_tensors, modules, optimizers};
    return MAKE_SUITE("named", tests);
}
