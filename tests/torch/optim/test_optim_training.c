/* test_optim_training.c - networks trained by every optimizer with every option, against the same in PyTorch
 * (optim_training.txt, whose script says what is trained). */
#include "optim_cases.h"

enum { SAMPLE = 7, MOST_VALUES = 64, PARAMS_MAX = 4 };

typedef struct training {
    wick_tensor *X, *y, *p[PARAMS_MAX]; /* (16, n), (16, 1), and weight, bias, weight, bias or two weights */
    int params, t;
    bool all; /* samples in each step */
    wick_optim *optim;
} training;

static wick_tensor *numbers(wick_dtype dtype, int seed, int64_t rows, int64_t columns, double scale)
{
    wick_tensor *t = columns ? wick_zeros(rows, columns, .dtype = dtype) : wick_zeros(rows, .dtype = dtype);
    for (int64_t k = 0; k < wick_numel(t); k++) {
        double x = (double)((k * k * 13 + k * 37 + seed * 29) % 127 - 63) / 64 * scale;
        ck_assert(columns ? wick_set(t, x, k / columns, k % columns) : wick_set(t, x, k));
    }
    return t;
}

static void set_up(training *tr, const run *r)
{
    static const double starts[][2] = {{-1.25, 1.0}, {0.0, 0.0}, {3.0, -4.0}, {-2.0, -2.0}, {1.5, 2.5}, {0.5, 8.0}};
    const int start = (int)option_of(r, "rosenbrock", -1);
    const int rows_of[] = {option_of(r, "lr", 0) != 0 ? 8 : 4, 8, 6, 4};
    const bool muon = strcmp(r->method, "Muon") == 0;
    const int rows = muon ? rows_of[(int)option_of(r, "adjust_lr_fn", 0)] : 8, columns = muon ? 6 : 4;
    *tr = (training){.X = numbers(r->dtype, 1, 16, columns, 1), .all = strcmp(r->method, "LBFGS") == 0};
    tr->y = numbers(r->dtype, 2, 16, 1, tr->all ? 2 : 0.5);
    tr->p[tr->params++] = numbers(r->dtype, 3, rows, columns, 0.5);
    if (!muon)
        tr->p[tr->params++] = numbers(r->dtype, 4, rows, 0, 0.5);
    tr->p[tr->params++] = numbers(r->dtype, muon ? 4 : 5, 1, rows, 0.5);
    if (!muon)
        tr->p[tr->params++] = numbers(r->dtype, 6, 1, 0, 0.5);
    for (int i = 0; i < tr->params; i++)
        wick_requires_grad_(tr->p[i], true);
    if (start >= 0) {
        tr->params = 1;
        tr->p[0] = wick_zeros(2, .dtype = r->dtype);
        for (int i = 0; i < 2; i++)
            ck_assert(wick_set(tr->p[0], starts[start][i], i));
        wick_requires_grad_(tr->p[0], true);
    }
    tr->optim = make_optim(r, wick_list_n(tr->p, tr->params));
    ck_assert_msg(tr->optim != NULL, "%s: %s", r->text, wick_error());
}

/* (1 - u)^2 + 100 (v - u^2)^2 */
static wick_tensor *rosenbrock(const training *tr)
{
    wick_tensor *u = wick_select(tr->p[0], 0, 0), *v = wick_select(tr->p[0], 0, 1);
    wick_optim_zero_grad(tr->optim);
    wick_tensor *loss = wick_add(wick_square(wick_sub(1, u)), wick_mul(100, wick_square(wick_sub(v, wick_square(u)))));
    ck_assert(wick_backward(loss));
    return loss;
}

static wick_tensor *closure(void *context)
{
    const training *tr = context;
    if (tr->params == 1)
        return rosenbrock(tr);
    wick_tensor *w = tr->p[0], *b = tr->params == 4 ? tr->p[1] : NULL;
    wick_tensor *v = tr->p[tr->params / 2], *c = tr->params == 4 ? tr->p[3] : NULL;
    const int start = tr->all ? 0 : tr->t * 4 % 16, stop = tr->all ? 16 : start + 4;
    wick_tensor *X = wick_slice(tr->X, 0, start, stop), *y = wick_slice(tr->y, 0, start, stop);
    wick_optim_zero_grad(tr->optim);
    wick_tensor *hidden = wick_tanh(b ? wick_linear(X, w, b) : wick_matmul(X, wick_t(w)));
    wick_tensor *loss = wick_mse_loss(c ? wick_linear(hidden, v, c) : wick_matmul(hidden, wick_t(v)), y);
    for (int i = 0; i < tr->params; i++)
        loss = wick_add(loss, wick_mul(tr->all ? 0.02 : 0.01, wick_sum(wick_square(tr->p[i]))));
    ck_assert(wick_backward(loss));
    return loss;
}

/* What is compared: the parameters, or their averages, as one vector. */
static wick_tensor *values_of(const training *tr, bool averages)
{
    wick_tensor *parts[PARAMS_MAX];
    wick_dict *dict = averages ? wick_optim_state_dict(tr->optim) : NULL;
    for (int i = 0; i < tr->params; i++) {
        char name[32];
        snprintf(name, sizeof name, "state.%d.ax", i);
        parts[i] = wick_reshape(averages ? wick_nn_dict_get(dict, name) : wick_detach(tr->p[i]), -1);
    }
    return wick_cat(wick_list_n(parts, tr->params));
}

/* The largest difference from a line's values, relative to the largest of them; *apart is the line's. */
static double difference(wick_tensor *value, const char *line, double *apart)
{
    double expected[MOST_VALUES], largest = 0, worst = 0;
    char *rest, *end;
    int n = 0;
    strtol(line, &rest, 10);
    *apart = strtod(rest, &rest);
    for (double x = strtod(rest, &end); end != rest; rest = end, x = strtod(rest, &end)) {
        ck_assert_int_lt(n, MOST_VALUES);
        largest = fmax(largest, fabs(x));
        expected[n++] = x;
    }
    const int every = n == wick_numel(value) ? 1 : SAMPLE;
    ck_assert_int_eq(n, (wick_numel(value) + every - 1) / every);
    for (int i = 0; i < n; i++) {
        double d = fabs(wick_get(value, i * every) - expected[i]) / largest;
        worst = d <= worst ? worst : d; /* NaN is the worst */
    }
    return worst;
}

static void train(const char *methods)
{
    const bool print = getenv("WICK_OPTIM_PRINT") != NULL;
    FILE *file = fopen(WICK_TESTS_DIR "/torch/optim/optim_training.txt", "r");
    ck_assert_ptr_nonnull(file);
    static char line[4096];
    int cases = 0;
    bool more = fgets(line, sizeof line, file) != NULL;
    while (more) {
        WICK_SCOPE;
        run r = parse_case(line);
        if (!strstr(methods, r.method)) {
            while ((more = fgets(line, sizeof line, file) != NULL) && strncmp(line, "case ", 5) != 0)
                ;
            continue;
        }
        training tr;
        bool lost = false;
        set_up(&tr, &r);
        while ((more = fgets(line, sizeof line, file) != NULL) && strncmp(line, "case ", 5) != 0) {
            long steps = strtol(line, NULL, 10);
            if (is_slow() && steps > 10)
                continue;
            for (; tr.t < steps; tr.t++) {
                WICK_SCOPE;
                ck_assert_msg(wick_optim_step_closure(tr.optim, closure, &tr) != NULL, "%s: %s", r.text, wick_error());
            }
            double apart, d = difference(values_of(&tr, option_of(&r, "t0", 0) != 0), line, &apart);
            /* In float32 as close as the dtype determines the values, by how far PyTorch is from itself in float64; where
             * that is much, each rounding leads elsewhere, and there is nothing to compare from there on. The C library's tanh
             * rounds otherwise than the vectors of PyTorch and SLEEF: without SLEEF that point is reached earlier. */
            double limit = r.dtype == WICK_FLOAT32 ? fmax(1e-6, 4 * apart) : 1e-10;
#ifdef WICK_HAVE_SLEEF
            lost |= apart > 1e-2;
#else
            lost |= apart > 1e-3;
#endif
            if (print)
                printf("%-9.2g %-9.2g %s %s %ld\n", d, apart, lost ? "not compared:" : "", r.text, steps);
            else if (!lost)
                ck_assert_msg(d <= limit, "%s: differs by %g of PyTorch's after %ld steps", r.text, d, steps);
        }
        cases++;
    }
    fclose(file);
    ck_assert_int_gt(cases, 0);
    ASSERT_NO_ERROR();
}

START_TEST(sgd_and_its_kind) { train("SGD ASGD Rprop"); }
END_TEST

START_TEST(adam_and_its_kind) { train("Adam AdamW NAdam RAdam Adamax"); }
END_TEST

START_TEST(scaled_gradients) { train("Adagrad Adadelta RMSprop"); }
END_TEST

START_TEST(muon) { train("Muon"); }
END_TEST

START_TEST(lbfgs) { train("LBFGS"); }
END_TEST

Suite *optim_training_suite(void)
{
    Suite *suite = suite_create("optim_training");
    TCase *c = tcase_create("training");
    tcase_set_timeout(c, 300); /* under valgrind */
    tcase_add_test(c, sgd_and_its_kind);
    tcase_add_test(c, adam_and_its_kind);
    tcase_add_test(c, scaled_gradients);
    tcase_add_test(c, muon);
    tcase_add_test(c, lbfgs);
    suite_add_tcase(suite, c);
    return suite;
}
