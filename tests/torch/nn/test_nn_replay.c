/* test_nn_replay.c - layers and losses against torch.nn, in both floating dtypes, training and evaluating: print, initial values,
 * running statistics, outputs and gradients. layers.py tells the format. */
#include "check_wick.h"

/* ---- The modules ------------------------------------------------------------------------------------------------------ */

/* 0.5, 1, 1.5, ... in the default dtype. */
static wick_tensor *ramp(int64_t rows, int64_t columns)
{
    wick_tensor *t = wick_arange(1, (double)(rows * columns) + 1, .dtype = wick_default_dtype());
    return wick_div(wick_view(t, rows, columns), 2);
}
#define RAMP(n) wick_view(ramp(1, n), n)
#define WIDE wick_sub(ramp(5, 2), 3), false

#define BN(...) wick_nn_batch_norm1d(__VA_ARGS__)
#define GIVEN(...) wick_nn_embedding_from_pretrained(__VA_ARGS__)

#define ROWS(X)                                                                                                        \
    X(relu, wick_nn_relu())                                                                                            \
    X(relu_inplace, wick_nn_relu(true))                                                                                \
    X(relu6, wick_nn_relu6())                                                                                          \
    X(relu6_inplace, wick_nn_relu6(true))                                                                              \
    X(leaky_relu, wick_nn_leaky_relu())                                                                                \
    X(leaky_relu_2, wick_nn_leaky_relu(0.2, .inplace = true))                                                          \
    X(elu, wick_nn_elu(1e-5))                                                                                          \
    X(elu_inplace, wick_nn_elu(0.5, true))                                                                             \
    X(selu, wick_nn_selu())                                                                                            \
    X(selu_inplace, wick_nn_selu(true))                                                                                \
    X(celu, wick_nn_celu(2.0))                                                                                         \
    X(celu_inplace, wick_nn_celu(.inplace = true))                                                                     \
    X(gelu, wick_nn_gelu())                                                                                            \
    X(gelu_tanh, wick_nn_gelu(WICK_GELU_TANH))                                                                         \
    X(silu, wick_nn_silu())                                                                                            \
    X(silu_inplace, wick_nn_silu(.inplace = true))                                                                     \
    X(mish, wick_nn_mish())                                                                                            \
    X(mish_inplace, wick_nn_mish(true))                                                                                \
    X(softplus, wick_nn_softplus())                                                                                    \
    X(softplus_2, wick_nn_softplus(2.0, 1.5))                                                                          \
    X(softsign, wick_nn_softsign())                                                                                    \
    X(hardtanh, wick_nn_hardtanh())                                                                                    \
    X(hardtanh_2, wick_nn_hardtanh(-0.25, 0.5, true))                                                                  \
    X(hardsigmoid, wick_nn_hardsigmoid())                                                                              \
    X(hardsigmoid_inplace, wick_nn_hardsigmoid(true))                                                                  \
    X(hardswish, wick_nn_hardswish())                                                                                  \
    X(hardswish_inplace, wick_nn_hardswish(true))                                                                      \
    X(sigmoid, wick_nn_sigmoid())                                                                                      \
    X(logsigmoid, wick_nn_logsigmoid())                                                                                \
    X(tanh, wick_nn_tanh())                                                                                            \
    X(tanhshrink, wick_nn_tanhshrink())                                                                                \
    X(softshrink, wick_nn_softshrink())                                                                                \
    X(softshrink_2, wick_nn_softshrink(0.1))                                                                           \
    X(hardshrink, wick_nn_hardshrink(0.25))                                                                            \
    X(glu, wick_nn_glu())                                                                                              \
    X(glu_2, wick_nn_glu(0))                                                                                           \
    X(threshold, wick_nn_threshold(0.5, -1.0))                                                                         \
    X(threshold_inplace, wick_nn_threshold(-0.5, 20.0, true))                                                          \
    X(prelu, wick_nn_prelu())                                                                                          \
    X(prelu_2, wick_nn_prelu(6, 0.1))                                                                                  \
    X(rrelu, wick_nn_rrelu())                                                                                          \
    X(rrelu_2, wick_nn_rrelu(0.25, 0.75, true))                                                                        \
    X(softmax, wick_nn_softmax(1))                                                                                     \
    X(softmax_none, wick_nn_softmax())                                                                                 \
    X(log_softmax, wick_nn_log_softmax(-1))                                                                            \
    X(log_softmax_none, wick_nn_log_softmax())                                                                         \
    X(softmin, wick_nn_softmin(0))                                                                                     \
    X(softmin_none, wick_nn_softmin())                                                                                 \
    X(dropout, wick_nn_dropout())                                                                                      \
    X(dropout_2, wick_nn_dropout(0.25))                                                                                \
    X(dropout_inplace, wick_nn_dropout(0.75, true))                                                                    \
    X(alpha_dropout, wick_nn_alpha_dropout(.p = 0.1))                                                                  \
    X(alpha_dropout_inplace, wick_nn_alpha_dropout(.inplace = true))                                                   \
    X(flatten, wick_nn_flatten(0))                                                                                     \
    X(identity, wick_nn_identity())                                                                                    \
    X(unflatten, wick_nn_unflatten(1, WICK_DIMS(2, 3)))                                                                \
    X(unflatten_2, wick_nn_unflatten(-2, WICK_DIMS(4)))                                                                \
    X(linear, wick_nn_linear(6, 3))                                                                                    \
    X(linear_plain, wick_nn_linear(6, 3, .bias = false))                                                               \
    X(lazy_linear, wick_nn_lazy_linear(2))                                                                             \
    X(batch_norm, BN(6))                                                                                               \
    X(batch_norm_2, BN(6, .momentum = (double)NAN, .affine = false))                                                   \
    X(batch_norm_3, BN(6, .eps = 0.5, .track_running_stats = false))                                                   \
    X(batch_norm_4, BN(6, .bias = false))                                                                              \
    X(batch_norm_5, BN(6, .affine = false, .track_running_stats = false))                                              \
    X(batch_norm_6, BN(6, .momentum = 0.75))                                                                           \
    X(lazy_batch_norm, wick_nn_lazy_batch_norm1d())                                                                    \
    X(lazy_batch_norm_2, wick_nn_lazy_batch_norm1d(0.5, (double)NAN, .affine = false))                                 \
    X(lazy_batch_norm_3, wick_nn_lazy_batch_norm1d(.bias = false, .track_running_stats = false))                       \
    X(lazy_both,                                                                                                       \
      wick_nn_sequential(wick_nn_lazy_linear(4), wick_nn_lazy_batch_norm1d(), wick_nn_relu(), wick_nn_lazy_linear(2))) \
    X(layer_norm, wick_nn_layer_norm(WICK_DIMS(6)))                                                                    \
    X(layer_norm_2, wick_nn_layer_norm(WICK_DIMS(4, 6), .bias = false))                                                \
    X(layer_norm_3, wick_nn_layer_norm(WICK_DIMS(6), 1e-12, .elementwise_affine = false))                              \
    X(rms_norm, wick_nn_rms_norm(WICK_DIMS(6)))                                                                        \
    X(rms_norm_2, wick_nn_rms_norm(WICK_DIMS(4, 6), 1e-6))                                                             \
    X(rms_norm_3, wick_nn_rms_norm(WICK_DIMS(6), .elementwise_affine = false))                                         \
    X(group_norm, wick_nn_group_norm(2, 6))                                                                            \
    X(group_norm_2, wick_nn_group_norm(3, 6, 0.5, false))                                                              \
    X(group_norm_3, wick_nn_group_norm(1, 6, .bias = false))                                                           \
    X(nested, wick_nn_sequential(wick_nn_linear(6, 5), BN(5), wick_nn_relu(true),                                      \
                                 wick_nn_sequential(wick_nn_linear(5, 4), wick_nn_layer_norm(WICK_DIMS(4)))))          \
    X(nested_2,                                                                                                        \
      wick_nn_sequential(wick_nn_linear(6, 8), wick_nn_prelu(8), wick_nn_group_norm(2, 8), wick_nn_dropout(0.5),       \
                         wick_nn_unflatten(1, WICK_DIMS(2, 4)), BN(2), wick_nn_flatten(),                              \
                         wick_nn_rms_norm(WICK_DIMS(8)), wick_nn_rrelu(), wick_nn_softmin(1)))                         \
    X(prelu_3, wick_nn_prelu(3))                                                                                       \
    X(batch_norm_7, BN(3))                                                                                             \
    X(batch_norm_8, BN(3, .momentum = (double)NAN))                                                                    \
    X(batch_norm_9, BN(3, .affine = false, .track_running_stats = false))                                              \
    X(group_norm_4, wick_nn_group_norm(2, 4))                                                                          \
    X(softmax_none_3, wick_nn_softmax())                                                                               \
    X(softmax_none_1, wick_nn_softmax())                                                                               \
    X(flatten_2, wick_nn_flatten())                                                                                    \
    X(flatten_3, wick_nn_flatten(0, -2))                                                                               \
    X(unflatten_3, wick_nn_unflatten(-1, WICK_DIMS(2, -1, 1)))                                                         \
    X(dropout_3, wick_nn_dropout(0.5))                                                                                 \
    X(bilinear, wick_nn_bilinear(2, 3, 4))                                                                             \
    X(bilinear_plain, wick_nn_bilinear(3, 2, 4, .bias = false))                                                        \
    X(embedding, wick_nn_embedding(5, 3))                                                                              \
    X(embedding_2, wick_nn_embedding(5, 3, .padding_idx = -2))                                                         \
    X(embedding_3, wick_nn_embedding(5, 2, .max_norm = 1))                                                             \
    X(embedding_4, wick_nn_embedding(5, 2, 1, 1.5, 1, true))                                                           \
    X(embedding_5, wick_nn_embedding(5, 2, .scale_grad_by_freq = true))                                                \
    X(embedding_6, GIVEN(WIDE, .max_norm = 0.75, .norm_type = (double)INFINITY))                                       \
    X(embedding_7, GIVEN(ramp(5, 2)))                                                                                  \
    X(embedding_8, GIVEN(WIDE, 4, 1.25, 3, true))                                                                      \
    X(pairwise_distance, wick_nn_pairwise_distance())                                                                  \
    X(pairwise_distance_2, wick_nn_pairwise_distance(1, 1e-3, true))                                                   \
    X(cosine_similarity, wick_nn_cosine_similarity())                                                                  \
    X(cosine_similarity_2, wick_nn_cosine_similarity(0, 0.5))                                                          \
    X(l1_loss, wick_nn_l1_loss())                                                                                      \
    X(l1_loss_2, wick_nn_l1_loss(WICK_SUM))                                                                            \
    X(mse_loss, wick_nn_mse_loss())                                                                                    \
    X(mse_loss_2, wick_nn_mse_loss(WICK_NONE))                                                                         \
    X(smooth_l1_loss, wick_nn_smooth_l1_loss())                                                                        \
    X(smooth_l1_loss_2, wick_nn_smooth_l1_loss(.beta = 0.25))                                                          \
    X(huber_loss, wick_nn_huber_loss())                                                                                \
    X(huber_loss_2, wick_nn_huber_loss(WICK_SUM, 0.25))                                                                \
    X(kl_div_loss, wick_nn_kl_div_loss())                                                                              \
    X(kl_div_loss_2, wick_nn_kl_div_loss(WICK_BATCHMEAN, .log_target = true))                                          \
    X(poisson_nll_loss, wick_nn_poisson_nll_loss())                                                                    \
    X(poisson_nll_loss_2, wick_nn_poisson_nll_loss(false, true, 1e-3))                                                 \
    X(gaussian_nll_loss, wick_nn_gaussian_nll_loss())                                                                  \
    X(gaussian_nll_loss_2, wick_nn_gaussian_nll_loss(.full = true, .reduction = WICK_NONE))                            \
    X(bce_loss, wick_nn_bce_loss())                                                                                    \
    X(bce_loss_2, wick_nn_bce_loss(.weight = RAMP(3)))                                                                 \
    X(bce_with_logits_loss, wick_nn_bce_with_logits_loss())                                                            \
    X(bce_with_logits_loss_2, wick_nn_bce_with_logits_loss(.weight = ramp(4, 3), .pos_weight = RAMP(3)))               \
    X(nll_loss, wick_nn_nll_loss())                                                                                    \
    X(nll_loss_2, wick_nn_nll_loss(WICK_SUM, RAMP(3), .ignore_index = 1))                                              \
    X(cross_entropy_loss, wick_nn_cross_entropy_loss())                                                                \
    X(cross_entropy_loss_2, wick_nn_cross_entropy_loss(.weight = RAMP(3), .ignore_index = 0, .label_smoothing = 0.25)) \
    X(cross_entropy_loss_3, wick_nn_cross_entropy_loss(WICK_NONE))                                                     \
    X(soft_margin_loss, wick_nn_soft_margin_loss())                                                                    \
    X(multilabel_soft_margin_loss, wick_nn_multilabel_soft_margin_loss())                                              \
    X(multilabel_soft_margin_loss_2, wick_nn_multilabel_soft_margin_loss(WICK_NONE, RAMP(3)))                          \
    X(multilabel_margin_loss, wick_nn_multilabel_margin_loss())                                                        \
    X(multi_margin_loss, wick_nn_multi_margin_loss())                                                                  \
    X(multi_margin_loss_2, wick_nn_multi_margin_loss(2, 0.5, RAMP(3), WICK_SUM))                                       \
    X(hinge_embedding_loss, wick_nn_hinge_embedding_loss())                                                            \
    X(hinge_embedding_loss_2, wick_nn_hinge_embedding_loss(0.5, WICK_NONE))                                            \
    X(cosine_embedding_loss, wick_nn_cosine_embedding_loss())                                                          \
    X(cosine_embedding_loss_2, wick_nn_cosine_embedding_loss(0.25, WICK_NONE))                                         \
    X(margin_ranking_loss, wick_nn_margin_ranking_loss())                                                              \
    X(margin_ranking_loss_2, wick_nn_margin_ranking_loss(0.5, WICK_SUM))                                               \
    X(triplet_margin_loss, wick_nn_triplet_margin_loss())                                                              \
    X(triplet_margin_loss_2, wick_nn_triplet_margin_loss(2, 1, .swap = true, .reduction = WICK_NONE))
#define MAKE(name, call) \
    static wick_module *make_##name(void) { return call; }
ROWS(MAKE)
static struct row {
    const char *name;
    wick_module *(*make)(void);
    char words[32], names[256], *printed, *numbers[2][2]; /* from the file; numbers by dtype and mode */
} rows[] = {
#define ROW(name, call) {#name, make_##name, "", "", NULL, {{NULL, NULL}, {NULL, NULL}}},
    ROWS(ROW)};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

/* ---- The file --------------------------------------------------------------------------------------------------------- */

/* The file's text, cut into lines that the rows point to. */
static void read_rows(void)
{
    static char text[1 << 19], name[64];
    FILE *file = fopen(WICK_TESTS_DIR "/torch/nn/layers.txt", "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    ck_assert(feof(file));
    fclose(file);
    char *at = text;
    for (size_t i = 0; i < ROW_COUNT; i++)
        for (int line = 0; line < 5; line++) {
            char *end = strchr(at, '\n');
            ck_assert_msg(end != NULL, "layers.txt ends in %s", rows[i].name);
            *end = '\0';
            if (line == 0) {
                int printed = 0;
                ck_assert_int_eq(sscanf(at, "%63s %31s %255s %n", name, rows[i].words, rows[i].names, &printed), 3);
                ck_assert_str_eq(rows[i].name, name);
                rows[i].printed = at + printed;
                for (char *bar; (bar = strchr(rows[i].printed, '|')) != NULL;)
                    *bar = '\n';
            } else {
                rows[i].numbers[(line - 1) / 2][(line - 1) % 2] = at;
            }
            at = end + 1;
        }
    ck_assert_str_eq(at, "");
}

/* The input that a word such as N4x6 or i5:4 names. */
static wick_tensor *made(const char *word, const char *end)
{
    int64_t shape[WICK_MAX_DIMS];
    int ndim = 0;
    char kind = *word, lower = (char)(kind | 32), *at = (char *)(uintptr_t)word + 1;
    long below = lower == 'i' ? strtol(at, &at, 10) : 2;
    at += *at == ':';
    for (; at < end; at += *at == 'x')
        shape[ndim++] = strtol(at, &at, 10);
    wick_dtype dtype = wick_default_dtype();
    wick_tensor *t = NULL;
    if (lower == 'n' || lower == 'u') {
        t = lower == 'n' ? wick_randn_n(shape, ndim, dtype) : wick_rand_n(shape, ndim, dtype);
        return kind == lower ? t : wick_requires_grad_(t, true);
    }
    if (lower == 'm') {
        t = wick_add(wick_mul(3, wick_view(wick_arange(shape[0]), -1, 1)), wick_arange(shape[1]));
        return wick_sub(wick_remainder(t, 4), 1);
    }
    t = wick_random_(wick_zeros_n(shape, ndim, WICK_INT64), .to = below);
    t = lower == 'i' ? t : wick_to(t, dtype);
    return lower == 's' ? wick_sub(wick_mul(2, t), 1) : t;
}

/* The inputs of a row, of which there are at most 3; returns how many. */
static int make_inputs(const struct row *row, wick_tensor **in)
{
    int count = 0;
    for (const char *word = row->words; *word; count++) {
        const char *end = word + strcspn(word, ",");
        ck_assert_int_lt(count, 3);
        in[count] = made(word, end);
        ck_assert_msg(in[count] != NULL, "%s: %s", row->name, wick_error());
        word = end + (*end == ',');
    }
    return count;
}

/* ---- Replay ----------------------------------------------------------------------------------------------------------- */

/* The elements of t are the next numbers of the line. */
static void compare(const char *row, const char *what, wick_tensor *t, char **at)
{
    ck_assert_msg(t != NULL, "%s: %s is NULL: %s", row, what, wick_error() ? wick_error() : "no error");
    bool narrow = wick_dtype_of(t) == WICK_FLOAT32, whole = wick_dtype_of(t) == WICK_INT64;
    for (int64_t i = 0; i < wick_numel(t); i++) {
        char *before = *at;
        double expected = narrow ? (double)strtof(*at, at) : strtod(*at, at); /* 9 digits say which float32 it is */
        ck_assert_msg(*at != before, "%s: element %lld of %s is not in the file", row, (long long)i, what);
        double value = whole ? (double)tensor_whole(t, i) : tensor_real(t, i), limit = narrow ? 4e-6 : 1e-12;
        ck_assert_msg(fabs(value - expected) <= limit * fmax(1, fabs(expected)),
                      "%s: element %lld of %s is %.13g, not %.13g", row, (long long)i, what, value, expected);
    }
}

static void check_names(const struct row *row, wick_dict *state)
{
    char names[256] = "-";
    for (int64_t i = 0, length = 0; i < wick_nn_dict_count(state); i++)
        length +=
            snprintf(names + length, sizeof names - (size_t)length, "%s%s", i ? "," : "", wick_nn_dict_name(state, i));
    ck_assert_msg(strcmp(names, row->names) == 0, "%s: the state dict has %s, not %s", row->name, names, row->names);
}

static wick_tensor *forward(wick_module *m, wick_tensor *const *in, int count)
{
    wick_tensor *given[3];
    for (int i = 0; i < count; i++)
        if ((given[i] = wick_requires_grad(in[i]) ? wick_mul(in[i], 1) : in[i]) == NULL)
            return NULL;
    return wick_nn_forward_n(m, given, count);
}

static void replay(const struct row *row, wick_dtype dtype)
{
    WICK_SCOPE;
    wick_set_default_dtype(dtype);
    wick_manual_seed(7);
    wick_module *m = row->make();
    ck_assert_msg(m != NULL, "%s: %s", row->name, wick_error());
    ck_assert_str_eq(wick_nn_to_string(m), row->printed);
    wick_manual_seed(1);
    wick_tensor *in[3];
    int count = make_inputs(row, in);
    for (int mode = 0; mode < 2; mode++) {
        const char *const *numbers = (const char *const *)row->numbers[dtype == WICK_FLOAT64];
        bool same = mode == 1 && strcmp(numbers[1], "=") == 0;
        char *at = (char *)(uintptr_t)numbers[same ? 0 : mode];
        if (mode == 1)
            wick_nn_eval(m);
        wick_tensor *y = forward(m, in, count);
        ck_assert_msg(y != NULL, "%s: %s", row->name, wick_error());
        if (wick_requires_grad(y))
            ck_assert(wick_backward(y, wick_view_as(wick_cos(wick_arange(wick_numel(y), .dtype = dtype)), y)));
        wick_dict *state = wick_nn_state_dict(m);
        check_names(row, state);
        for (int64_t i = 0; i < wick_nn_dict_count(state) && (mode == 0 || same); i++)
            compare(row->name, wick_nn_dict_name(state, i), wick_nn_dict_tensor(state, i), &at);
        compare(row->name, "the output", y, &at);
        wick_list *leaves = wick_nn_parameters(m);
        for (int64_t i = 0; i < wick_list_count(leaves) + count; i++) {
            bool parameter = i < wick_list_count(leaves);
            wick_tensor *t = parameter ? wick_list_get(leaves, i) : in[i - wick_list_count(leaves)];
            if (wick_requires_grad(t))
                compare(row->name, parameter ? "a parameter's gradient" : "an input's gradient", wick_grad_of(t), &at);
            wick_set_grad(t, NULL);
        }
        ck_assert_msg(*at == '\0', "%s: numbers are left over: %s", row->name, at);
        const char *warning = strstr(row->name, "_none")               ? "Implicit dimension choice for"
                              : strstr(row->name, "lazy") && mode == 0 ? "Lazy modules"
                              : strcmp(row->name, "kl_div_loss") == 0  ? "the reduction mean"
                                                                       : NULL;
        ck_assert(warning ? wick_warning() && strstr(wick_warning(), warning) : !wick_warning());
        wick_clear_warning();
    }
    wick_set_default_dtype(WICK_FLOAT32);
}

START_TEST(as_pytorchs)
{
    read_rows();
    for (size_t i = 0; i < ROW_COUNT; i++) {
        replay(&rows[i], WICK_FLOAT32);
        replay(&rows[i], WICK_FLOAT64);
    }
}
END_TEST

START_TEST(bad_arguments)
{
    WICK_SCOPE;
    wick_tensor *x = wick_ones(1, 6), *indices = wick_from(((int[]){0, 3}), 2);
    const char *single = "Expected more than 1 value per channel when training, got input size (1, 6";
    ASSERT_FAILS(wick_nn_forward(BN(6), x), WICK_ERROR_SHAPE, "wick_batch_norm", single);
    ASSERT_FAILS(wick_nn_forward(BN(6), wick_ones(1, 6, 1)), WICK_ERROR_SHAPE, single);
    wick_module *untracked = BN(6, .track_running_stats = false), *tracked = wick_nn_eval(BN(6));
    ASSERT_FAILS(wick_nn_forward(wick_nn_eval(untracked), x), WICK_ERROR_SHAPE, single);
    ck_assert_ptr_nonnull(wick_nn_forward(tracked, x));
    ASSERT_FAILS(wick_nn_forward(wick_nn_group_norm(6, 6), x), WICK_ERROR_SHAPE, "wick_group_norm", single);
    ASSERT_FAILS(wick_nn_forward(BN(5), x), WICK_ERROR_SHAPE, "BatchNorm1d", "6 channels");
    ASSERT_FAILS(wick_nn_forward(BN(6), wick_ones(6)), WICK_ERROR_SHAPE, "expected 2D or 3D input (got 1D input)");
    ASSERT_FAILS(wick_nn_forward(wick_nn_layer_norm(WICK_DIMS(5)), x), WICK_ERROR_SHAPE, "wick_layer_norm");
    ASSERT_FAILS(wick_nn_layer_norm(WICK_DIMS(-1)), WICK_ERROR_SHAPE, "wick_nn_layer_norm", "-1");
    ASSERT_FAILS(wick_nn_rms_norm((wick_dims){0}), WICK_ERROR_SHAPE, "wick_nn_rms_norm", "has 0 dimensions");
    ASSERT_FAILS(wick_nn_rms_norm(WICK_DIMS(3), .dtype = WICK_INT64), WICK_ERROR_DTYPE, "wick_nn_rms_norm", "int64");
    ASSERT_FAILS(wick_nn_group_norm(4, 6), WICK_ERROR_SHAPE, "num_channels (6) must be divisible by num_groups (4)");
    ASSERT_FAILS(wick_nn_group_norm(0, 6), WICK_ERROR_SHAPE, "num_groups (0)");
    ASSERT_FAILS(BN(-1), WICK_ERROR_SHAPE, "num_features=-1");
    ASSERT_FAILS(wick_nn_prelu(-1), WICK_ERROR_SHAPE, "wick_nn_prelu", "-1");
    ASSERT_FAILS(wick_nn_forward(wick_nn_prelu(3), x), WICK_ERROR_SHAPE, "wick_prelu");
    ASSERT_FAILS(wick_nn_forward(wick_nn_rrelu(0.5, 0.25), x), WICK_ERROR_ARGUMENT, "lower not above upper");
    ASSERT_FAILS(wick_nn_unflatten(1, (wick_dims){WICK_MAX_DIMS + 1, {1}}), WICK_ERROR_SHAPE, "unflattened_size");
    ASSERT_FAILS(wick_nn_forward(wick_nn_unflatten(1, WICK_DIMS(4, 2)), x), WICK_ERROR_SHAPE, "wick_unflatten");
    ASSERT_FAILS(wick_nn_bilinear(0, 1, 1), WICK_ERROR_SHAPE, "in1_features=0");
    ASSERT_FAILS(wick_nn_embedding(-1, 1), WICK_ERROR_SHAPE, "num_embeddings=-1");
    ASSERT_FAILS(wick_nn_embedding(3, 1, .padding_idx = 3), WICK_ERROR_INDEX, "padding_idx=3");
    ASSERT_FAILS(wick_nn_embedding(3, 1, .dtype = WICK_INT64), WICK_ERROR_DTYPE, "int64");
    ASSERT_FAILS(wick_nn_forward(wick_nn_embedding(3, 1), indices), WICK_ERROR_INDEX, "3");
    ASSERT_FAILS(GIVEN(wick_ones(3)), WICK_ERROR_SHAPE, "expected to be 2-dimensional");
    ASSERT_FAILS(GIVEN(x, .padding_idx = 1), WICK_ERROR_INDEX, "padding_idx=1");
    ASSERT_FAILS(GIVEN(wick_to(x, WICK_INT64)), WICK_ERROR_DTYPE, "wick_nn_embedding_from_pretrained", "int64");
    ASSERT_FAILS(GIVEN(NULL), WICK_ERROR_ARGUMENT, "embeddings is NULL");
    ASSERT_FAILS(wick_nn_dropout(1.5), WICK_ERROR_ARGUMENT, "between 0 and 1");
    ASSERT_FAILS(wick_nn_alpha_dropout(-0.5), WICK_ERROR_ARGUMENT, "between 0 and 1");
    ASSERT_FAILS(wick_nn_forward(wick_nn_l1_loss(), x), WICK_ERROR_ARGUMENT, "L1Loss takes 2 inputs but 1 was given");
    ASSERT_FAILS(wick_nn_forward(wick_nn_cosine_similarity(), x), WICK_ERROR_ARGUMENT,
                 "CosineSimilarity takes 2 inputs");
    ASSERT_FAILS(wick_nn_forward(wick_nn_triplet_margin_loss(), x, x), WICK_ERROR_ARGUMENT,
                 "TripletMarginLoss takes 3 inputs but 2 were given");
}
END_TEST

/* The rows of a weight are scaled all or not at all, and those within the bound stay as they are; the weight is that which was
 * given. */
START_TEST(norms_of_an_embedding)
{
    wick_tensor *given = wick_from(((float[][2]){{3, 4}, {0.3F, 0.4F}, {6, 8}, {5, 12}}), 4, 2);
    wick_tensor *before = wick_clone(given), *indices = wick_from(((int[]){2, 1, 2, 0}), 4);
    wick_module *m = GIVEN(given, .max_norm = 1);
    ck_assert(!wick_requires_grad(wick_nn_get(m, "weight")));
    for (long n = 1, done = 0; !done; n++) {
        wick_fail_allocation(n);
        done = wick_nn_forward(m, indices) != NULL;
        wick_fail_allocation(0);
        ck_assert(done || wick_error_kind() == WICK_ERROR_MEMORY);
        wick_clear_error();
        bool first = wick_get(given, 0, 0) == 3, third = wick_get(given, 2, 0) == 6;
        ck_assert(first == third && !(done && first));
    }
    ck_assert(wick_equal(wick_select(given, 0, 1), wick_select(before, 0, 1)));
    ck_assert(wick_equal(wick_select(given, 0, 3), wick_select(before, 0, 3)));
    ASSERT_VALUES(wick_select(given, 0, 2), 0.6, 0.8);

    /* A backward pass that needs the weight as it was before sees that it was written. */
    wick_module *learns = GIVEN(wick_clone(before), false, .max_norm = 1);
    wick_tensor *product = wick_mul(wick_nn_get(learns, "weight"), wick_nn_get(learns, "weight"));
    ck_assert_ptr_nonnull(wick_nn_forward(learns, indices));
    ASSERT_FAILS(wick_backward(wick_sum(product)), WICK_ERROR_AUTOGRAD, "wick_embedding");
}
END_TEST

/* Every allocation of making and of running a module fails once: an error, and nothing left behind. */
START_TEST(without_memory)
{
    read_rows();
    for (size_t i = 0; i < ROW_COUNT; i++)
        for (long n = 1, passed = 0; !passed; n++) {
            size_t bytes = memory_in_use();
            long long objects = wick_scope_count();
            {
                WICK_SCOPE;
                wick_tensor *in[3];
                int count = make_inputs(&rows[i], in);
                wick_fail_allocation(n);
                wick_module *m = rows[i].make();
                passed = m && forward(m, in, count);
                wick_fail_allocation(0);
                ck_assert_msg(passed || wick_error_kind() == WICK_ERROR_MEMORY, "%s, allocation %ld: %s", rows[i].name,
                              n, wick_error() ? wick_error() : "no error");
                wick_clear_error();
                wick_clear_warning();
            }
            ck_assert_msg(memory_in_use() == bytes, "%s, allocation %ld leaves bytes", rows[i].name, n);
            ck_assert_int_eq(wick_scope_count(), objects);
        }
}
END_TEST

Suite *nn_replay_suite(void)
{
    const TTest *const tests[] = {as_pytorchs, bad_arguments, norms_of_an_embedding, without_memory};
    return MAKE_SUITE("nn_replay", tests);
}
