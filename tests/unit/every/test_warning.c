/* test_warning.c - when calls warn, in PyTorch's conditions; what is shown on stderr; WICK_WARNINGS. */
#define _XOPEN_SOURCE 700

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check_wick.h"

/* The call warned, with these words. */
#define ASSERT_WARNS(call, words)                                                       \
    do {                                                                                \
        ck_assert(!wick_warning());                                                     \
        ck_assert((call) ? true : false);                                               \
        ck_assert_msg(wick_warning() && strstr(wick_warning(), words), "%s: %s", #call, \
                      wick_warning() ? wick_warning() : "no warning");                  \
        wick_clear_warning();                                                           \
    } while (0)
#define ASSERT_SILENT(call)                                              \
    do {                                                                 \
        ck_assert((call) ? true : false);                                \
        ck_assert_msg(!wick_warning(), "%s: %s", #call, wick_warning()); \
    } while (0)

START_TEST(losses_that_broadcast)
{
    wick_tensor *column = wick_rand(4, 1), *row = wick_rand(4), *x = wick_rand(4, 4);
    const char *words = "target size (4,) that is different to the input size (4, 1)";
    ASSERT_WARNS(wick_mse_loss(column, row), words);
    ASSERT_WARNS(wick_l1_loss(column, row), words);
    ASSERT_WARNS(wick_smooth_l1_loss(column, row), words);
    ASSERT_WARNS(wick_smooth_l1_loss(column, row, .beta = 0), words);
    ASSERT_WARNS(wick_huber_loss(column, row), words);
    ASSERT_WARNS(wick_nn_forward(wick_nn_mse_loss(), column, row), words);
    ASSERT_SILENT(wick_mse_loss(row, row));
    ASSERT_SILENT(wick_huber_loss(x, x));

    wick_tensor *log = wick_log_softmax(x, 1), *p = wick_softmax(x, 1);
    ASSERT_WARNS(wick_kl_div(log, p), "WICK_BATCHMEAN");
    ASSERT_SILENT(wick_kl_div(log, p, .reduction = WICK_BATCHMEAN));
    ASSERT_SILENT(wick_kl_div(log, p, .reduction = WICK_SUM));
}
END_TEST

START_TEST(gradients_of_what_is_no_leaf)
{
    wick_tensor *x = wick_ones(2, .requires_grad = true), *y = wick_mul(x, 2), *kept = wick_mul(x, 3);
    ASSERT_WARNS(!wick_grad_of(y), "wick_retain_grad");
    ASSERT_SILENT(!wick_grad_of(x));
    wick_retain_grad(kept);
    ASSERT_SILENT(!wick_grad_of(kept));
    wick_backward(wick_sum(kept));
    ASSERT_SILENT(wick_grad_of(kept));
    WICK_NO_GRAD;
    ASSERT_SILENT(!wick_grad_of(wick_mul(x, 2)));
}
END_TEST

START_TEST(modules_and_schedulers)
{
    ASSERT_WARNS(wick_nn_lazy_linear(3), "Lazy modules");
    ASSERT_WARNS(wick_nn_lazy_batch_norm1d(), "Lazy modules");
    ASSERT_WARNS(wick_nn_forward(wick_nn_softmax(), wick_rand(2, 2)), "Implicit dimension");
    wick_optim *opt = wick_optim_sgd(wick_nn_parameters(wick_nn_linear(2, 1)));
    wick_scheduler *s = wick_lr_step_lr(opt, 3);
    ASSERT_WARNS(wick_lr_step(s), "before wick_optim_step");
}
END_TEST

static wick_tensor *doubled(wick_tensor *const *in, int n, void *context)
{
    (void)n, (void)context;
    return wick_mul(in[0], in[0]);
}

static bool detects(void)
{
    WICK_DETECT_ANOMALY;
    return wick_is_anomaly_enabled();
}

/* One sample of three, and two parts of nothing or of something. */
static bool split(double first, double second)
{
    wick_dataset *a, *b;
    return wick_data_random_split(wick_data_tensor_dataset(wick_rand(3, 2)), WICK_SPLITS({first, &a}, {second, &b}));
}

START_TEST(rarer_ones)
{
    wick_tensor *x = wick_rand(1, 3), *leaf = wick_rand(2, .requires_grad = true), *none = wick_empty(0, 3);
    ASSERT_WARNS(wick_std(x, .dim = 0), "wick_std: degrees of freedom is <= 0 for x of shape (1, 3) and correction 1.");
    ASSERT_WARNS(wick_var(wick_rand(3), .correction = 3.5), "correction 3.5");
    ASSERT_WARNS(wick_var(wick_ones()), "wick_var: degrees of freedom");
    ASSERT_WARNS(wick_std(wick_empty(0, 1), .dim = 1), "degrees of freedom");
    ASSERT_SILENT(wick_std(wick_empty(0, 2), .dim = 1, .correction = -1));
    ASSERT_SILENT(wick_std(x, .dim = 0, .correction = -1));
    ASSERT_SILENT(wick_var(x, .dim = 1));

    ASSERT_WARNS(wick_backward(wick_sum(wick_mul(leaf, leaf)), .create_graph = true), "reference cycle");
    wick_set_grad(leaf, NULL);
    ASSERT_SILENT(wick_backward(wick_sum(wick_mul(leaf, leaf)), .retain_graph = true));
    ASSERT_SILENT(wick_grad(wick_list_of(wick_sum(wick_mul(leaf, leaf))), wick_list_of(leaf), .create_graph = true));
    ASSERT_WARNS(detects(), "Anomaly Detection has been enabled");
    ASSERT_SILENT(wick_set_detect_anomaly(true) == 0);
    wick_set_detect_anomaly(false);
    ASSERT_WARNS(wick_gradcheck(doubled, &leaf, 1, .eps = 1e-2, .atol = 1e-1),
                 "wick_gradcheck: Input #0 requires gradient and is not a double precision");
    ASSERT_WARNS(wick_gradgradcheck(doubled, &leaf, 1, .eps = 1e-2, .atol = 1e-1), "Input #0 requires gradient");
    leaf = wick_rand(2, .dtype = WICK_FLOAT64, .requires_grad = true);
    ASSERT_SILENT(wick_gradcheck(doubled, &leaf, 1));

    ASSERT_WARNS(wick_init_trunc_normal_(wick_empty(3), .mean = 4.5), "more than 2 std from [a, b]: mean 4.5");
    ASSERT_WARNS(wick_init_trunc_normal_(wick_empty(3), .mean = -4.5), "more than 2 std");
    ASSERT_SILENT(wick_init_trunc_normal_(wick_empty(3), .mean = 4));
    ASSERT_WARNS(wick_init_kaiming_uniform_(none),
                 "wick_init_kaiming_uniform_: Initializing zero-element tensors is a no-op");
    ASSERT_WARNS(wick_init_kaiming_normal_(none, .mode = "fan_in"), "zero-element");
    ASSERT_SILENT(wick_init_xavier_uniform_(none));
    ASSERT_SILENT(wick_init_orthogonal_(none));
    ASSERT_WARNS(wick_nn_linear(0, 3), "zero-element");
    ASSERT_WARNS(wick_nn_linear(3, 0), "zero-element");
    ASSERT_WARNS(wick_nn_clip_grad_norm_(wick_nn_parameters(wick_nn_relu()), 1.0), "no gradient clipping will occur");
    ASSERT_SILENT(wick_nn_clip_grad_norm_(wick_list_of(leaf), 1.0));

    ASSERT_WARNS(split(0.999, 0.001), "wick_data_random_split: Length of split at index 1 is 0.");
    ASSERT_SILENT(split(0.5, 0.5));
    ASSERT_SILENT(split(0, 3)); /* whole numbers: it is what was asked for */
    wick_dataset *d = wick_data_tensor_dataset(wick_rand(3, 2));
    ASSERT_WARNS(wick_data_loader(d, .num_workers = 100000), "create 100000 worker threads in total");
    ASSERT_SILENT(wick_data_loader(d, .num_workers = 1));
}
END_TEST

START_TEST(epochs_of_schedulers)
{
    wick_optim *opt = wick_optim_sgd(wick_nn_parameters(wick_nn_linear(2, 1)), .lr = 1);
    wick_scheduler *s = wick_lr_step_lr(opt, 3), *warm = wick_lr_cosine_annealing_warm_restarts(opt, 3);
    wick_optim_step(opt);
    ASSERT_WARNS(wick_lr_step_epoch(s, 4), "wick_lr_step_epoch: The epoch parameter was not necessary");
    ck_assert_int_eq(wick_lr_last_epoch(s), 4);
    ASSERT_SILENT(wick_lr_step(s));
    ASSERT_SILENT(wick_lr_step_epoch(warm, 1.5));
}
END_TEST

/* A child with WICK_WARNINGS as given runs f; what it wrote to stderr. */
static const char *said_by(const char *wish, int (*f)(void))
{
    static char text[4096];
    int ends[2], status;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        if (wish)
            setenv("WICK_WARNINGS", wish, 1);
        _exit(f());
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t n; (n = read(ends[0], text + length, sizeof text - 1 - length)) > 0;)
        length += (size_t)n;
    text[length] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "line %d of the child: %s", WEXITSTATUS(status), text);
    static char plain[sizeof text]; /* each line without its place */
    plain[0] = '\0';
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        strcat(strcat(plain, without_place(line)), "\n");
    }
    return plain;
}

static int warn_often(void)
{
    for (int i = 0; i < 3; i++)
        if (!wick_warn("of %d", 7) || !wick_warn("of %d", i % 2))
            return 1;
    return wick_error() ? 2 : 0;
}

static int warn_and_fail(void)
{
    wick_tensor *x = wick_rand(4, 1), *y = wick_rand(4);
    if (wick_mse_loss(x, y) || wick_error_kind() != WICK_ERROR_WARNING ||
        strncmp(wick_error_message(), "WarningError: wick_mse_loss: Using a target size", 48) != 0)
        return 1;
    wick_clear_error();
    if (wick_nn_lazy_linear(3) || wick_nn_lazy_batch_norm1d() || wick_error_kind() != WICK_ERROR_WARNING)
        return 2;
    wick_clear_error();
    if (wick_kl_div(wick_rand(2, 2), wick_rand(2, 2)) || wick_error_kind() != WICK_ERROR_WARNING)
        return 3;
    wick_clear_error();
    wick_tensor *z = wick_nn_forward(wick_nn_softmax(), wick_rand(2, 2));
    if (z || wick_error_kind() != WICK_ERROR_WARNING)
        return 4;
    wick_clear_error();
    wick_optim *opt = wick_optim_sgd(wick_nn_parameters(wick_nn_linear(2, 1)), .lr = 1);
    wick_scheduler *s = wick_lr_step_lr(opt, 1);
    if (wick_lr_step(s) || wick_error_kind() != WICK_ERROR_WARNING || wick_optim_get(opt, 0, "lr") != 1)
        return 5;
    wick_clear_error();

    /* And those that change something: it is as it was. */
    wick_tensor *t = wick_full(7, 2), *leaf = wick_ones(2, .requires_grad = true);
    wick_optim *other = wick_optim_sgd(wick_nn_parameters(wick_nn_linear(2, 1)), .lr = 1);
    wick_scheduler *stepped = wick_lr_step_lr(other, 1);
    wick_optim_step(other);
    const bool came[] = {wick_init_trunc_normal_(t, .mean = 9) != NULL || wick_get(t, 0) != 7,
                         wick_std(t, .correction = 2) != NULL,
                         wick_backward(wick_sum(wick_mul(leaf, leaf)), .create_graph = true) || wick_grad_of(leaf),
                         detects(),
                         wick_nn_linear(0, 1) != NULL,
                         wick_nn_clip_grad_norm_(wick_list_n(NULL, 0), 1) != NULL,
                         split(0.999, 0.001),
                         wick_data_loader(wick_data_tensor_dataset(t), .num_workers = 100000) != NULL,
                         wick_lr_step_epoch(stepped, 5) || wick_optim_get(other, 0, "lr") != 1 ||
                             wick_lr_last_epoch(stepped) != 0,
                         wick_gradcheck(doubled, &leaf, 1, .eps = 1e-2, .atol = 1e-1)};
    for (int i = 0; i < (int)(sizeof came / sizeof *came); i++)
        if (came[i])
            return 10 + i;
    if (wick_error_kind() != WICK_ERROR_WARNING)
        return 7;
    wick_clear_error();
    return wick_warning() ? 6 : 0;
}

START_TEST(shown_once)
{
    if (getenv("CK_FORK")) /* other suites warned in this process, which has read the environment */
        return;
    ck_assert_str_eq(said_by(NULL, warn_often), "Warning: of 7\nWarning: of 0\nWarning: of 1\n");
    ck_assert_str_eq(said_by("once", warn_often), "Warning: of 7\nWarning: of 0\nWarning: of 1\n");
    ck_assert_str_eq(said_by("ignore", warn_often), "");
    ck_assert_str_eq(said_by("error", warn_and_fail), "");
}
END_TEST

Suite *warning_suite(void)
{
    const TTest *const tests[] = {losses_that_broadcast,  gradients_of_what_is_no_leaf,
                                  modules_and_schedulers, rarer_ones,
                                  epochs_of_schedulers,   shown_once};
    return MAKE_SUITE("warning", tests);
}
