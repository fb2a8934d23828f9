/* test_named.c - a function with options is a macro, and the function of its name is the macro without any. */
#include "check_wick.h"

/* clang-format off */
#define OF_TENSOR(X) \
    X(wick_leaky_relu) X(wick_elu) X(wick_celu) X(wick_gelu) X(wick_softplus) X(wick_hardtanh) \
    X(wick_softshrink) X(wick_hardshrink) X(wick_glu) X(wick_rrelu) X(wick_leaky_relu_) X(wick_elu_) \
    X(wick_celu_) X(wick_hardtanh_) X(wick_rrelu_) X(wick_clamp) X(wick_clamp_) X(wick_nan_to_num) \
    X(wick_nan_to_num_) X(wick_normalize) X(wick_sum) X(wick_mean) X(wick_nansum) X(wick_nanmean) X(wick_prod) \
    X(wick_count_nonzero) X(wick_any) X(wick_all) X(wick_max) X(wick_min) X(wick_argmax) X(wick_argmin) \
    X(wick_amax) X(wick_amin) X(wick_median) X(wick_logsumexp) X(wick_var) X(wick_std) X(wick_norm) X(wick_sort) \
    X(wick_argsort) X(wick_unique) X(wick_unique_consecutive) X(wick_bincount) X(wick_one_hot) X(wick_squeeze) \
    X(wick_flatten) X(wick_diagonal) X(wick_diff) X(wick_tril) X(wick_triu) X(wick_tril_) X(wick_triu_) \
    X(wick_diag) X(wick_diag_embed)
#define OF_TWO(X) \
    X(wick_l1_loss) X(wick_mse_loss) X(wick_smooth_l1_loss) X(wick_huber_loss) X(wick_kl_div) \
    X(wick_poisson_nll_loss) X(wick_binary_cross_entropy) X(wick_binary_cross_entropy_with_logits) \
    X(wick_multilabel_soft_margin_loss) X(wick_soft_margin_loss) X(wick_hinge_embedding_loss) X(wick_nll_loss) \
    X(wick_cross_entropy) X(wick_multi_margin_loss) X(wick_multilabel_margin_loss) X(wick_pairwise_distance) \
    X(wick_cosine_similarity) X(wick_isclose)
#define LAYERS(X) \
    X(wick_nn_lazy_batch_norm1d) X(wick_nn_prelu) X(wick_nn_flatten) X(wick_nn_dropout) X(wick_nn_alpha_dropout) \
    X(wick_nn_softmax) X(wick_nn_log_softmax) X(wick_nn_softmin) X(wick_nn_relu) X(wick_nn_relu6) \
    X(wick_nn_selu) X(wick_nn_silu) X(wick_nn_mish) X(wick_nn_hardsigmoid) X(wick_nn_hardswish) \
    X(wick_nn_leaky_relu) X(wick_nn_rrelu) X(wick_nn_elu) X(wick_nn_celu) X(wick_nn_hardtanh) X(wick_nn_gelu) \
    X(wick_nn_softplus) X(wick_nn_softshrink) X(wick_nn_hardshrink) X(wick_nn_glu)
#define LOSSES(X) \
    X(wick_nn_l1_loss) X(wick_nn_mse_loss) X(wick_nn_bce_loss) X(wick_nn_bce_with_logits_loss) \
    X(wick_nn_nll_loss) X(wick_nn_cross_entropy_loss) X(wick_nn_soft_margin_loss) \
    X(wick_nn_multilabel_soft_margin_loss) X(wick_nn_multilabel_margin_loss) X(wick_nn_smooth_l1_loss) \
    X(wick_nn_huber_loss) X(wick_nn_kl_div_loss) X(wick_nn_poisson_nll_loss) X(wick_nn_hinge_embedding_loss) \
    X(wick_nn_multi_margin_loss) X(wick_nn_pairwise_distance) X(wick_nn_cosine_similarity) \
    X(wick_nn_cosine_embedding_loss) X(wick_nn_margin_ranking_loss) X(wick_nn_triplet_margin_loss) \
    X(wick_nn_gaussian_nll_loss)
#define INITS(X) \
    X(wick_init_uniform_) X(wick_init_normal_) X(wick_init_trunc_normal_) X(wick_init_xavier_uniform_) \
    X(wick_init_xavier_normal_) X(wick_init_orthogonal_) X(wick_init_kaiming_uniform_) \
    X(wick_init_kaiming_normal_)
#define OPTIMS(X) \
    X(wick_optim_sgd) X(wick_optim_adam) X(wick_optim_adamw) X(wick_optim_nadam) X(wick_optim_radam) \
    X(wick_optim_adamax) X(wick_optim_adagrad) X(wick_optim_adadelta) X(wick_optim_rmsprop) X(wick_optim_rprop) \
    X(wick_optim_asgd) X(wick_optim_muon) X(wick_optim_lbfgs)
/* clang-format on */

#define BY_MACRO(name) \
    static wick_tensor *macro_##name(wick_tensor *x) { return name(x); }
OF_TENSOR(BY_MACRO)
INITS(BY_MACRO)
#undef BY_MACRO
#define BY_MACRO(name) \
    static wick_tensor *macro_##name(wick_tensor *x, wick_tensor *y) { return name(x, y); }
OF_TWO(BY_MACRO)
#undef BY_MACRO
#define BY_MACRO(name) \
    static wick_module *macro_##name(void) { return name(); }
LAYERS(BY_MACRO)
LOSSES(BY_MACRO)
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
    } rows[] = {OF_TENSOR(ROW) INITS(ROW)};
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
    } rows[] = {OF_TWO(ROW)};
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
    } rows[] = {LAYERS(ROW) LOSSES(ROW)};
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
    } rows[] = {OPTIMS(ROW_OF_OPTIM)};
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
