/* test_nn_replay.c - layers against torch.nn: print, initial values, running statistics, outputs and gradients.
 * reference/layers.py tells the format. */
#include "check_wick.h"

#define ROWS(X)                                                                                     \
    X(relu, wick_nn_relu())                                                                         \
    X(relu_inplace, wick_nn_relu(true))                                                             \
    X(relu6, wick_nn_relu6())                                                                       \
    X(leaky_relu, wick_nn_leaky_relu())                                                             \
    X(leaky_relu_2, wick_nn_leaky_relu(0.2, .inplace = true))                                       \
    X(elu, wick_nn_elu(1e-5))                                                                       \
    X(selu, wick_nn_selu())                                                                         \
    X(celu, wick_nn_celu(2.0))                                                                      \
    X(gelu, wick_nn_gelu())                                                                         \
    X(gelu_tanh, wick_nn_gelu(WICK_GELU_TANH))                                                      \
    X(silu, wick_nn_silu(.inplace = true))                                                          \
    X(mish, wick_nn_mish())                                                                         \
    X(softplus, wick_nn_softplus())                                                                 \
    X(softplus_2, wick_nn_softplus(2.0, 1.5))                                                       \
    X(softsign, wick_nn_softsign())                                                                 \
    X(hardtanh, wick_nn_hardtanh())                                                                 \
    X(hardtanh_2, wick_nn_hardtanh(-0.25, 0.5, true))                                               \
    X(hardsigmoid, wick_nn_hardsigmoid())                                                           \
    X(hardswish, wick_nn_hardswish())                                                               \
    X(sigmoid, wick_nn_sigmoid())                                                                   \
    X(logsigmoid, wick_nn_logsigmoid())                                                             \
    X(tanh, wick_nn_tanh())                                                                         \
    X(tanhshrink, wick_nn_tanhshrink())                                                             \
    X(softshrink, wick_nn_softshrink())                                                             \
    X(hardshrink, wick_nn_hardshrink(0.25))                                                         \
    X(glu, wick_nn_glu())                                                                           \
    X(softmax, wick_nn_softmax(1))                                                                  \
    X(log_softmax, wick_nn_log_softmax(-1))                                                         \
    X(softmin, wick_nn_softmin(0))                                                                  \
    X(dropout, wick_nn_dropout())                                                                   \
    X(dropout_2, wick_nn_dropout(0.25))                                                             \
    X(alpha_dropout, wick_nn_alpha_dropout(.p = 0.1))                                               \
    X(flatten, wick_nn_flatten(0))                                                                  \
    X(identity, wick_nn_identity())                                                                 \
    X(linear, wick_nn_linear(6, 3))                                                                 \
    X(linear_plain, wick_nn_linear(6, 3, .bias = false))                                            \
    X(batch_norm, wick_nn_batch_norm1d(6))                                                          \
    X(batch_norm_2, wick_nn_batch_norm1d(6, .momentum = (double)NAN, .affine = false))              \
    X(batch_norm_3, wick_nn_batch_norm1d(6, .eps = 0.5, .track_running_stats = false))              \
    X(layer_norm, wick_nn_layer_norm(WICK_DIMS(6)))                                                 \
    X(layer_norm_2, wick_nn_layer_norm(WICK_DIMS(4, 6), .bias = false))                             \
    X(layer_norm_3, wick_nn_layer_norm(WICK_DIMS(6), 1e-12, .elementwise_affine = false))           \
    X(embedding, wick_nn_embedding(5, 3))                                                           \
    X(embedding_2, wick_nn_embedding(5, 3, .padding_idx = -2))                                      \
    X(bilinear, wick_nn_bilinear(2, 3, 4))                                                          \
    X(bilinear_plain, wick_nn_bilinear(3, 2, 4, .bias = false))                                     \
    X(batch_norm_4, wick_nn_batch_norm1d(6, .bias = false))                                         \
    X(nested, wick_nn_sequential(wick_nn_linear(6, 5), wick_nn_batch_norm1d(5), wick_nn_relu(true), \
                                 wick_nn_sequential(wick_nn_linear(5, 4), wick_nn_layer_norm(WICK_DIMS(4)))))
#define MAKE(name, call) \
    static wick_module *make_##name(void) { return call; }
ROWS(MAKE)
static const struct row {
    const char *name;
    wick_module *(*make)(void);
} rows[] = {
#define ROW(name, call) {#name, make_##name},
    ROWS(ROW)};

/* The elements of t are the next numbers of the line. */
static void compare(const char *row, const char *what, wick_tensor *t, double limit, char **at)
{
    ck_assert_msg(t != NULL, "%s: %s is NULL: %s", row, what, wick_error() ? wick_error() : "no error");
    for (int64_t i = 0; i < wick_numel(t); i++) {
        double expected = (double)strtof(*at, at); /* 9 digits say which float32 it is */
        double value = wick_dtype_of(t) == WICK_INT64 ? (double)tensor_whole(t, i) : tensor_real(t, i);
        ck_assert_msg(fabs(value - expected) <= limit * fmax(1, fabs(expected)),
                      "%s: element %lld of %s is %.9g, not %.9g", row, (long long)i, what, value, expected);
    }
}

static void replay(const struct row *row, const char *printed, char *numbers)
{
    WICK_SCOPE;
    wick_manual_seed(7);
    wick_module *m = row->make();
    ck_assert_msg(m != NULL, "%s: %s", row->name, wick_error());
    ck_assert_str_eq(wick_nn_to_string(m), printed);
    bool runs = strcmp(wick_nn_name(m), "Embedding") != 0 && strcmp(wick_nn_name(m), "Bilinear") != 0;
    wick_tensor *x = NULL, *y = NULL;
    if (runs) {
        wick_manual_seed(1);
        x = wick_requires_grad_(wick_randn(4, 6), true);
        y = wick_nn_forward(m, wick_mul(x, 1));
        ck_assert_msg(y != NULL, "%s: %s", row->name, wick_error());
        wick_tensor *dy = wick_cos(wick_arange(wick_numel(y), .dtype = WICK_FLOAT32));
        ck_assert(wick_backward(y, wick_view_as(dy, y)));
    }
    wick_dict *state = wick_nn_state_dict(m);
    for (int64_t i = 0; i < wick_dict_size(state); i++)
        compare(row->name, wick_dict_name(state, i), wick_dict_tensor(state, i), runs ? 1e-6 : 0, &numbers);
    if (runs) {
        compare(row->name, "the output", y, 1e-6, &numbers);
        wick_list *parameters = wick_nn_parameters(m);
        for (int64_t i = 0; i < wick_list_size(parameters); i++)
            compare(row->name, "a parameter's gradient", wick_grad_of(wick_list_get(parameters, i)), 1e-6, &numbers);
        compare(row->name, "the gradient of x", wick_grad_of(x), 1e-6, &numbers);
    }
    ck_assert_uint_eq(strspn(numbers, "\n"), strlen(numbers));
}

START_TEST(as_pytorchs)
{
    static char line[1 << 15], numbers[1 << 15], name[64], printed[4096];
    FILE *file = fopen(WICK_REFERENCE_DIR "/layers.txt", "r");
    ck_assert_ptr_nonnull(file);
    size_t i = 0;
    for (; fgets(line, sizeof line, file); i++) {
        ck_assert(fgets(numbers, sizeof numbers, file) && sscanf(line, "%63s %4095[^\n]", name, printed) == 2);
        ck_assert_uint_lt(i, sizeof rows / sizeof *rows);
        ck_assert_str_eq(rows[i].name, name);
        for (char *bar; (bar = strchr(printed, '|')) != NULL;)
            *bar = '\n';
        replay(&rows[i], printed, numbers);
    }
    fclose(file);
    ck_assert_uint_eq(i, sizeof rows / sizeof *rows);
}
END_TEST

START_TEST(losses_of_every_class)
{
    WICK_SCOPE;
    wick_tensor *x = wick_rand(4, 3), *z = wick_rand(4, 3), *w = wick_rand(4, 3);
    wick_tensor *sign = wick_from(((float[]){1, -1, -1, 1}), 4), *signs = wick_unsqueeze(sign, 1);
    wick_tensor *labels = wick_from(((int[][3]){{0, 2, -1}, {1, -1, 0}, {2, 1, 0}, {-1, 0, 0}}), 4, 3);
    const struct {
        wick_module *m;
        wick_tensor *in[3], *expected;
    } rows_[] = {
        {wick_nn_l1_loss(.reduction = WICK_SUM), {x, z}, wick_l1_loss(x, z, .reduction = WICK_SUM)},
        {wick_nn_smooth_l1_loss(.beta = 0.1), {x, z}, wick_smooth_l1_loss(x, z, .beta = 0.1)},
        {wick_nn_huber_loss(.delta = 0.1), {x, z}, wick_huber_loss(x, z, .delta = 0.1)},
        {wick_nn_kl_div_loss(WICK_BATCHMEAN, true), {x, z}, wick_kl_div(x, z, WICK_BATCHMEAN, true)},
        {wick_nn_poisson_nll_loss(.full = true), {x, z}, wick_poisson_nll_loss(x, z, .full = true)},
        {wick_nn_hinge_embedding_loss(0.5), {x, signs}, wick_hinge_embedding_loss(x, signs, 0.5)},
        {wick_nn_soft_margin_loss(), {x, signs}, wick_soft_margin_loss(x, signs)},
        {wick_nn_multilabel_soft_margin_loss(), {x, z}, wick_multilabel_soft_margin_loss(x, z)},
        {wick_nn_multilabel_margin_loss(), {x, labels}, wick_multilabel_margin_loss(x, labels)},
        {wick_nn_multi_margin_loss(.p = 2, .weight = wick_ones(3)),
         {x, wick_select(wick_abs(labels), 1, 0)},
         wick_multi_margin_loss(x, wick_select(wick_abs(labels), 1, 0), .p = 2)},
        {wick_nn_cosine_embedding_loss(0.2), {x, z, sign}, wick_cosine_embedding_loss(x, z, sign, 0.2)},
        {wick_nn_margin_ranking_loss(0.2), {x, z, signs}, wick_margin_ranking_loss(x, z, signs, 0.2)},
        {wick_nn_triplet_margin_loss(.swap = true), {x, z, w}, wick_triplet_margin_loss(x, z, w, .swap = true)},
        {wick_nn_gaussian_nll_loss(true), {x, z, w}, wick_gaussian_nll_loss(x, z, w, true)},
    };
    for (size_t i = 0; i < sizeof rows_ / sizeof *rows_; i++) {
        ASSERT_NO_ERROR();
        wick_tensor *y = wick_nn_forward_n(rows_[i].m, rows_[i].in, rows_[i].in[2] ? 3 : 2);
        ck_assert_msg(y && wick_equal(y, rows_[i].expected), "row %zu: %s", i, wick_error() ? wick_error() : "differs");
        ASSERT_FAILS(wick_nn_forward(rows_[i].m, x), WICK_ERROR_ARGUMENT, wick_nn_name(rows_[i].m), "1 was given");
    }
}
END_TEST

START_TEST(bad_arguments)
{
    WICK_SCOPE;
    wick_tensor *x = wick_ones(1, 6);
    ASSERT_FAILS(wick_nn_forward(wick_nn_batch_norm1d(6), x), WICK_ERROR_SHAPE, "wick_batch_norm");
    ASSERT_FAILS(wick_nn_forward(wick_nn_batch_norm1d(5), x), WICK_ERROR_SHAPE, "BatchNorm1d", "6 channels");
    ASSERT_FAILS(wick_nn_forward(wick_nn_batch_norm1d(6), wick_ones(6)), WICK_ERROR_SHAPE, "2D or 3D");
    ASSERT_FAILS(wick_nn_forward(wick_nn_layer_norm(WICK_DIMS(5)), x), WICK_ERROR_SHAPE, "wick_layer_norm");
    ASSERT_FAILS(wick_nn_layer_norm(WICK_DIMS(-1)), WICK_ERROR_SHAPE, "-1");
    ASSERT_FAILS(wick_nn_batch_norm1d(-1), WICK_ERROR_SHAPE, "num_features=-1");
    ASSERT_FAILS(wick_nn_bilinear(0, 1, 1), WICK_ERROR_SHAPE, "in1_features=0");
    ASSERT_FAILS(wick_nn_embedding(-1, 1), WICK_ERROR_SHAPE, "num_embeddings=-1");
    ASSERT_FAILS(wick_nn_embedding(3, 1, .padding_idx = 3), WICK_ERROR_INDEX, "padding_idx=3");
    ASSERT_FAILS(wick_nn_embedding(3, 1, .dtype = WICK_INT64), WICK_ERROR_DTYPE, "int64");
    wick_tensor *outside = wick_from(((int[]){3}), 1);
    ASSERT_FAILS(wick_nn_forward(wick_nn_embedding(3, 1), outside), WICK_ERROR_INDEX, "3");
    ASSERT_FAILS(wick_nn_dropout(1.5), WICK_ERROR_ARGUMENT, "between 0 and 1");
    ASSERT_FAILS(wick_nn_alpha_dropout(-0.5), WICK_ERROR_ARGUMENT, "between 0 and 1");
    ASSERT_FAILS(wick_nn_huber_loss(.weight = x), WICK_ERROR_ARGUMENT, "takes no weight");
}
END_TEST

/* Every allocation of making and of running a module fails once: an error, and nothing left behind. */
START_TEST(without_memory)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (long n = 1, passed = 0; !passed; n++) {
            size_t bytes = memory_in_use(), objects = wick_scope_count();
            {
                WICK_SCOPE;
                wick_tensor *x = wick_ones(4, 6);
                wick_fail_allocation(n);
                wick_module *m = rows[i].make();
                bool runs = m && strcmp(wick_nn_name(m), "Embedding") != 0 && strcmp(wick_nn_name(m), "Bilinear") != 0;
                passed = m && (!runs || wick_nn_forward(m, wick_mul(x, 1)));
                wick_fail_allocation(0);
                ck_assert_msg(passed || wick_error_kind() == WICK_ERROR_MEMORY, "%s, allocation %ld: %s", rows[i].name,
                              n, wick_error() ? wick_error() : "no error");
                wick_clear_error();
            }
            ck_assert_msg(memory_in_use() == bytes, "%s, allocation %ld leaves bytes", rows[i].name, n);
            ck_assert_uint_eq(wick_scope_count(), objects);
        }
}
END_TEST

Suite *nn_replay_suite(void)
{
    const TTest *const tests[] = {as_pytorchs, losses_of_every_class, bad_arguments, without_memory};
    return MAKE_SUITE("nn_replay", tests);
}
