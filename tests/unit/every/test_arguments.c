/* test_arguments.c - arguments at the ends of their ranges: a call that fails says why, and an array that is not there is an
 * error. */
#include <limits.h>
#include <math.h>

#include "check_wick.h"

/* ---- Every failure has an error ---------------------------------------------------------------------------------- */

/* The call, which is NULL or false with an error, or neither. */
#define SAYS(call)                                                                                             \
    do {                                                                                                       \
        WICK_SCOPE;                                                                                            \
        bool gave = (call) ? true : false;                                                                     \
        ck_assert_msg(gave == !wick_error(), "%s: %s", #call, wick_error() ? wick_error() : "fails silently"); \
        wick_clear_error();                                                                                    \
        wick_clear_warning();                                                                                  \
    } while (0);

/* clang-format off */
/* Of what a call is given as a number d or a whole number i. */
#define REAL_CALLS(X) \
    X(wick_arange(d)) X(wick_arange(0, d)) X(wick_arange(0, 1, d)) X(wick_normal(d, 1, 3)) X(wick_normal(0, d, 3)) \
    X(wick_full(d, 3)) X(wick_full(d, 2, .dtype = WICK_INT64)) X(wick_full(d, 2, .dtype = WICK_UINT8)) \
    X(wick_linspace(d, 1, 3)) X(wick_linspace(0, d, 3)) X(wick_set(t, d, 0, 0)) X(wick_fill_(whole, d)) \
    X(wick_numpy_normal(d, 1, 3)) X(wick_numpy_normal(0, d, 3)) X(wick_numpy_uniform(d, 1, 3)) \
    X(wick_numpy_uniform(0, d, 3)) X(wick_uniform_(t, d, 1)) X(wick_uniform_(t, 0, d)) X(wick_normal_(t, d, 1)) \
    X(wick_normal_(t, 0, d)) X(wick_bernoulli_(t, d)) X(wick_exponential_(t, d)) X(wick_dropout(t, d, true)) \
    X(wick_dropout_(t, d, true)) X(wick_alpha_dropout(t, d, true)) X(wick_rrelu(t, .lower = d)) \
    X(wick_rrelu(t, .upper = d, .training = true)) X(wick_leaky_relu(t, d)) X(wick_elu(t, d)) X(wick_celu(t, d)) \
    X(wick_softplus(t, d)) X(wick_softplus(t, .threshold = d)) X(wick_hardtanh(t, d)) \
    X(wick_hardtanh(t, .max_val = d)) X(wick_hardtanh(whole, d)) X(wick_softshrink(t, d)) X(wick_hardshrink(t, d)) \
    X(wick_threshold(t, d, 1)) X(wick_threshold(whole, 1, d)) X(wick_pad(whole, WICK_TUPLE(1, 1), .value = d)) \
    X(wick_clamp(t, .min = d)) X(wick_clamp(whole, .max = d)) X(wick_clamp(whole, .min = d)) \
    X(wick_nan_to_num(t, d)) X(wick_addcmul(t, t, t, .value = d)) X(wick_addcmul( whole, whole, whole, .value = d)) \
    X(wick_addmm(square, square, square, .beta = d)) X(wick_addmm(square, square, square, .alpha = d)) \
    X(wick_index_add(t, 0, at, t, .alpha = d)) X(wick_norm(t, d)) X(wick_norm(t, d, .dim = 0)) \
    X(wick_var(t, .correction = d)) X(wick_std(t, .dim = 1, .correction = d)) X(wick_isclose(t, t, .rtol = d)) \
    X(wick_isclose(t, t, .atol = d)) X(wick_normalize(t, d)) X(wick_normalize(t, .eps = d)) \
    X(wick_layer_norm(t, WICK_DIMS(3), .eps = d)) X(wick_rms_norm(t, WICK_DIMS(3), .eps = d)) \
    X(wick_group_norm(t, 1, .eps = d)) X(wick_batch_norm(t, NULL, NULL, .training = true, .eps = d)) \
    X(wick_smooth_l1_loss(t, t, .beta = d)) X(wick_huber_loss(t, t, .delta = d)) \
    X(wick_poisson_nll_loss(t, t, .eps = d)) X(wick_gaussian_nll_loss( t, t, t, .eps = d)) \
    X(wick_hinge_embedding_loss(t, t, .margin = d)) X(wick_pairwise_distance( t, t, .p = d)) \
    X(wick_pairwise_distance(t, t, .eps = d)) X(wick_cosine_similarity(t, t, .eps = d)) \
    X(wick_margin_ranking_loss( t, t, t, .margin = d)) X(wick_triplet_margin_loss(t, t, t, .margin = d)) \
    X(wick_triplet_margin_loss(t, t, t, .p = d)) X(wick_multi_margin_loss( t, labels, .margin = d)) \
    X(wick_cross_entropy(t, labels, .label_smoothing = d)) X(wick_add(whole, d)) X(wick_mul(t, d)) \
    X(wick_pow(t, d)) X(wick_pow(whole, d)) X(wick_masked_fill(t, wick_gt(t, 0), d)) \
    X(wick_masked_fill(whole, wick_gt(whole, 0), d)) X(wick_lerp(t, t, d)) X(wick_fmod(whole, d)) \
    X(wick_init_constant_(t, d)) X(wick_init_uniform_(t, d)) X(wick_init_uniform_(t, .b = d)) \
    X(wick_init_normal_(t, d)) X(wick_init_normal_( t, .std = d)) X(wick_init_trunc_normal_(t, d)) \
    X(wick_init_trunc_normal_(t, .a = d)) X(wick_init_trunc_normal_( t, .b = d)) X(wick_init_xavier_uniform_(t, d)) \
    X(wick_init_xavier_normal_(t, d)) X(wick_init_orthogonal_(t, d)) X(wick_init_kaiming_uniform_(t, d)) \
    X(wick_init_kaiming_normal_(t, d)) X(wick_init_kaiming_uniform_(t, d, "fan_out")) \
    X(wick_init_kaiming_normal_(t, d, "fan_out")) X(wick_init_sparse_(t, d)) \
    X(wick_init_sparse_(t, 0.5, .std = d)) X(wick_nn_dropout(d)) X(wick_nn_threshold(d, 1)) \
    X(wick_nn_forward( wick_nn_dropout( d), t)) X(wick_nn_forward( wick_nn_prelu( .init = d), t)) \
    X(wick_nn_forward( wick_nn_batch_norm1d( 3, .momentum = d), t)) \
    X(wick_nn_forward(wick_nn_layer_norm(WICK_DIMS(3), d), t)) X(wick_nn_get_total_norm(list, .norm_type = d)) \
    X(wick_nn_clip_grad_norm_(list, d)) X(wick_nn_clip_grad_norm_(list, 1, .norm_type = d)) \
    X(wick_nn_clip_grad_value_(list, d)) X(wick_optim_sgd(list, d)) X(wick_optim_sgd(list, 0.1, .momentum = d)) \
    X(wick_optim_sgd(list, 0.1, .dampening = d)) X(wick_optim_sgd(list, 0.1, .weight_decay = d)) \
    X(wick_optim_adam(list, d)) X(wick_optim_adam(list, .beta1 = d, .beta2 = 0.9)) X(wick_optim_adam(list, .eps = d)) \
    X(wick_optim_nadam(list, .momentum_decay = d)) X(wick_optim_adagrad(list, .lr_decay = d)) \
    X(wick_optim_adadelta(list, .rho = d)) X(wick_optim_rmsprop(list, .alpha = d)) \
    X(wick_optim_rprop(list, .etaminus = d, .etaplus = 1.2)) X(wick_optim_rprop(list, .step_size_min = d, .step_size_max = 50)) \
    X(wick_optim_asgd(list, .lambd = d)) X(wick_optim_asgd(list, .t0 = d)) X(wick_optim_lbfgs(list, d)) \
    X(wick_optim_lbfgs(list, .tolerance_grad = d)) X(wick_optim_muon(list, d)) X(wick_optim_set(opt, 0, "lr", d)) \
    X(wick_optim_set(opt, 0, "momentum", d)) X(wick_optim_set(opt, 0, "initial_lr", d)) \
    X(wick_optim_averaged_model(m, .decay = d)) X(wick_lr_step_lr(opt, 3, d)) X(wick_lr_exponential_lr(opt, d)) \
    X(wick_lr_constant_lr(opt, d)) X(wick_lr_linear_lr(opt, d)) X(wick_lr_linear_lr(opt, .end_factor = d)) \
    X(wick_lr_polynomial_lr(opt, .power = d)) X(wick_lr_cosine_annealing_lr(opt, 5, .eta_min = d)) \
    X(wick_lr_cyclic_lr(opt, d, 1)) X(wick_lr_cyclic_lr(opt, 0.1, d)) \
    X(wick_lr_one_cycle_lr( opt, d, .total_steps = 5)) \
    X(wick_lr_one_cycle_lr( opt, 1, .total_steps = 5, .pct_start = d)) X(wick_lr_swa_lr(opt, d)) \
    X(wick_lr_reduce_on_plateau( opt, .factor = d)) X(wick_lr_reduce_on_plateau( opt, .threshold = d)) \
    X(wick_lr_step_epoch(lr, d)) X(wick_allclose( t, t, .rtol = d) || !wick_error()) \
    X(wick_data_random_split( set, WICK_SPLITS( {d, &a}, {1, &b})))

#define WHOLE_CALLS(X) \
    X(wick_eye(i)) X(wick_linspace(0, 1, i)) X(wick_randint(i, 5, 3)) X(wick_randint(0, i, 3)) X(wick_randperm(i)) \
    X(wick_multinomial(wick_abs(t), i)) X(wick_numpy_randint(i, 5, 3)) X(wick_numpy_choice(i, 2)) \
    X(wick_numpy_choice(5, i)) X(wick_transpose(t, i, 0)) X(wick_unsqueeze(t, i)) X(wick_squeeze(t, i)) \
    X(wick_flatten(t, i)) X(wick_flatten(t, 0, i)) X(wick_slice(t, 0, i)) X(wick_slice(t, 0, 0, i)) \
    X(wick_slice(t, 0, 0, 2, i)) X(wick_slice(t, i)) X(wick_narrow(t, 0, i, 1)) X(wick_narrow(t, 0, 0, i)) \
    X(wick_select(t, 0, i)) X(wick_select(t, i, 0)) X(wick_split(t, i)) X(wick_chunk(t, i)) X(wick_unbind(t, i)) \
    X(wick_unfold(t, 0, i, 1)) X(wick_unfold(t, 0, 1, i)) X(wick_diagonal(t, i)) X(wick_tril(t, i)) \
    X(wick_triu(t, i)) X(wick_diag(t, i)) X(wick_diag(wick_select(t, 0, 0), i)) X(wick_cat(list, i)) \
    X(wick_stack(list, i)) X(wick_roll(t, i)) X(wick_roll(t, 1, i)) X(wick_repeat(t, i, 1)) X(wick_tile(t, i)) \
    X(wick_repeat_interleave(t, i)) X(wick_pad(t, WICK_TUPLE(i, 0))) X(wick_pad( t, WICK_TUPLE( 0, i))) \
    X(wick_diff(t, i)) X(wick_diff(t, 1, i)) X(wick_view(t, i)) X(wick_view(t, i, -1)) X(wick_reshape(t, i)) \
    X(wick_expand(t, i, 3)) X(wick_zeros(i)) X(wick_ones(i, i)) X(wick_softmax(t, i)) X(wick_log_softmax(t, i)) \
    X(wick_glu(wick_pad(t, WICK_TUPLE(0, 1)), i)) X(wick_sum(t, i)) X(wick_cumsum(t, i)) X(wick_sort(t, i)) \
    X(wick_topk(t, i)) X(wick_topk(t, 1, i)) X(wick_kthvalue(t, i)) X(wick_kthvalue(t, 1, i)) \
    X(wick_one_hot(labels, i)) X(wick_bincount(labels, .minlength = i)) X(wick_gather(t, i, labels)) \
    X(wick_index_select(t, i, labels)) X(wick_group_norm(t, i)) X(wick_layer_norm(t, WICK_DIMS(i))) \
    X(wick_argmax(t, i)) X(wick_normalize(t, 2, i)) \
    X(wick_multi_margin_loss(t, labels, .p = i)) X(wick_nn_linear(i, 0)) X(wick_nn_linear(2, i)) \
    X(wick_nn_bilinear(i, 1, 1)) X(wick_nn_lazy_linear(i)) X(wick_nn_embedding(i, 2)) X(wick_nn_embedding(2, i)) \
    X(wick_nn_embedding(2, 2, .padding_idx = i)) X(wick_nn_batch_norm1d(i)) X(wick_nn_layer_norm(WICK_DIMS(i))) \
    X(wick_nn_rms_norm(WICK_DIMS(i))) X(wick_nn_group_norm(i, 4)) X(wick_nn_group_norm(1, i)) X(wick_nn_prelu(i)) \
    X(wick_nn_forward( wick_nn_softmax(i), t)) \
    X(wick_nn_forward(wick_nn_glu(i), t)) X(wick_lr_step_lr(opt, i)) X(wick_lr_step_lr( opt, 3, .last_epoch = i)) \
    \
    X(wick_lr_cosine_annealing_lr(opt, i)) X(wick_lr_cosine_annealing_warm_restarts(opt, i)) \
    X(wick_lr_cosine_annealing_warm_restarts(opt, 3, i)) \
    X(wick_lr_one_cycle_lr(opt, 1, .total_steps = i)) \
    X(wick_data_random_sampler( set, .num_samples = i)) X(wick_data_weighted_random_sampler( wick_ones(3), i)) \
    X(wick_data_batch_sampler( wick_data_sequential_sampler( set), i, false)) \
    X(wick_data_loader( set, .batch_size = i)) X(wick_data_item(set, i)) X(wick_list_get( list, i)) \
    X(wick_progress_bar( i)) X(!isnan(wick_get(t, i, 0))) X(!isnan(wick_get(t, 0, i))) X(wick_set(t, 1, 0, i)) \
    X(wick_permute(t, 0, i)) X(wick_flip(t, i)) X(wick_movedim(t, i, 0)) X(wick_movedim(t, 0, i)) X(wick_empty(2, i)) \
    X(wick_rand(2, i)) X(wick_randn(i, 2)) X(wick_full(1, 2, i)) X(wick_randint(0, 5, 2, i)) X(wick_normal(0, 1, 2, i)) \
    X(wick_from(fourteen, 2, i)) X(wick_arange(0, 10, (double)i)) X(wick_arange(5, (double)i)) X(wick_eye(3, i)) \
    X(wick_broadcast_to(t, 2, i)) X(wick_unflatten(t, 0, 2, i)) X(wick_mean(t, i)) X(wick_prod(t, i)) X(wick_var(t, i)) \
    X(wick_cumprod(t, i)) X(wick_diag_embed(t, i)) X(wick_narrow(t, i, 0, 1)) X(wick_numpy_rand(2, i)) \
    X(wick_index_fill(t, i, labels, 0)) X(wick_scatter(t, i, labels, t)) X(wick_nn_forward(wick_nn_flatten(i), t)) \
    X(wick_tensor_split(t, i)) X(wick_numpy_permutation(i)) X(wick_list_get(list, i))

/* Where every whole number has a meaning. */
#define ANY_WHOLE_CALLS(X) \
    X(wick_nll_loss(t, labels, .ignore_index = i)) X(wick_nn_flatten(i)) X(wick_nn_unflatten(i, WICK_DIMS(1, 3))) \
    X(wick_lr_constant_lr(opt, .total_iters = i)) X(wick_lr_linear_lr(opt, .total_iters = i)) \
    X(wick_lr_multi_step_lr(opt, WICK_INTS(i))) X(wick_lr_reduce_on_plateau( opt, .patience = i))

/* clang-format on */

START_TEST(every_failure_has_an_error)
{
    static const double reals[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, -1, 0, 0.5, 1, 2, 1e308, -1e308,
                                   1e-320};
    static const int64_t whole_numbers[] = {0, 1, -1, 2, -2, 3, 7, INT32_MIN, INT64_MAX, INT64_MIN, INT64_MAX / 8};
    wick_tensor *t = wick_ones(2, 3), *whole = wick_ones(2, 3, .dtype = WICK_INT64), *square = wick_ones(3, 3);
    wick_tensor *labels = wick_from(((int64_t[]){0, 1}), 2), *at = labels;
    const float fourteen[14] = {0}; /* 2 x 7, the largest number below that is a size */
    wick_module *m = wick_nn_linear(3, 2);
    wick_list *list = wick_nn_parameters(m);
    wick_optim *opt = wick_optim_sgd(list, 0.1, .momentum = 0.5);
    wick_scheduler *lr = wick_lr_step_lr(opt, 2);
    wick_dataset *set = wick_data_tensor_dataset(t), *a, *b;
    for (size_t k = 0; k < sizeof reals / sizeof *reals; k++) {
        const double d = reals[k];
        REAL_CALLS(SAYS)
    }
    for (size_t k = 0; k < sizeof whole_numbers / sizeof *whole_numbers; k++) {
        const int64_t i = whole_numbers[k];
        WHOLE_CALLS(SAYS)
        ANY_WHOLE_CALLS(SAYS)
    }
}
END_TEST

/* ---- A dtype where a size, a dimension, an index or a count is wanted ------------------------------------------ */

/* The call, which has to fail with an error that names the dtype and says where it goes. */
#define NAMES_DTYPE(call)                                                         \
    do {                                                                          \
        WICK_SCOPE;                                                               \
        if (!(call))                                                              \
            ck_assert_msg(wick_error(), "%s fails silently", #call);              \
        ck_assert_msg(wick_error() && strstr(wick_error(), "WICK_FLOAT64") &&     \
                          strstr(wick_error(), ".dtype = WICK_FLOAT64"),          \
                      "%s: %s", #call, wick_error() ? wick_error() : "no error"); \
        wick_clear_error();                                                       \
        wick_clear_warning();                                                     \
    } while (0);

START_TEST(dtypes_out_of_place)
{
    const int64_t i = WICK_FLOAT64;
    wick_tensor *t = wick_ones(2, 3), *labels = wick_from(((int64_t[]){0, 1}), 2);
    const float fourteen[14] = {0};
    wick_list *list = wick_nn_parameters(wick_nn_linear(3, 2));
    wick_optim *opt = wick_optim_sgd(list, 0.1, .momentum = 0.5);
    wick_dataset *set = wick_data_tensor_dataset(t);
    WHOLE_CALLS(NAMES_DTYPE)
    ASSERT_FAILS(wick_ones(2, WICK_FLOAT64), WICK_ERROR_DTYPE, "wick_ones: WICK_FLOAT64 stands where a size is wanted",
                 "a dtype goes in by name: wick_ones(2, .dtype = WICK_FLOAT64)");
    ASSERT_FAILS(wick_full(1.5, 2, WICK_BOOL), WICK_ERROR_DTYPE, "by name: wick_full(..., 2, .dtype = WICK_BOOL)");
    ASSERT_FAILS(wick_eye(3, WICK_BOOL), WICK_ERROR_DTYPE, "by name: wick_eye(3, .dtype = WICK_BOOL)");
    ASSERT_FAILS(wick_sum(t, WICK_FLOAT32), WICK_ERROR_INDEX, "wick_sum: dimension out of range",
                 "is WICK_FLOAT32:", ".dtype = WICK_FLOAT32");
    ASSERT_VALUES(wick_zeros_n(NULL, 0, 0), 0); /* a zero in place of a dtype is "not given" */
}
END_TEST

/* A program that was compiled when the options ended earlier, and one that gives none. */
START_TEST(options_of_an_earlier_version)
{
    wick_tensor *x = wick_from(((float[]){1, 2, 3, 4}), 2, 2), *y = wick_zeros(2, 2);
    const struct {
        size_t size;
        char start;
        wick_reduction reduction;
    } early = {sizeof early, 0, WICK_SUM};
    ASSERT_VALUES(wick_mse_loss_opt(x, y, (const wick_mse_loss_options *)&early), 30);
    ASSERT_VALUES(wick_mse_loss_opt(x, y, NULL), 7.5);
    const struct {
        size_t size;
        char start;
        double lr;
    } adam = {sizeof adam, 0, 0.25};
    x = wick_requires_grad_(x, true);
    wick_optim *opt = wick_optim_adam_opt(wick_list_of(x), (const wick_optim_adam_options *)&adam);
    ck_assert(wick_optim_get(opt, 0, "lr") == 0.25);
    ck_assert(wick_optim_get(opt, 0, "beta1") == 0.9);
    ck_assert(wick_optim_get(opt, 0, "eps") == 1e-8);

    /* A later one than this: what is known here counts. */
    struct {
        wick_mse_loss_options known;
        double unknown;
    } late = {{.size_ = sizeof late}, 3};
    late.known.reduction = WICK_SUM;
    ASSERT_VALUES(wick_mse_loss_opt(y, y, &late.known), 0);
    ASSERT_VALUES(wick_mse_loss_opt(wick_detach(x), y, &late.known), 30);
}
END_TEST

Suite *arguments_suite(void);
Suite *arguments_suite(void)
{
    const TTest *const tests[] = {
        every_failure_has_an_error,
        dtypes_out_of_place,
        options_of_an_earlier_version,
    };
    return MAKE_SUITE("arguments", tests);
}
