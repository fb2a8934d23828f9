/* test_plot.c - the files that pictures are made from, running the programs that draw, texts with special characters, what is
 * refused, and the graph against torchviz (graph.txt, which graph.py there describes). Where gnuplot and Graphviz
 * are not installed, the pictures themselves are not looked at. */
#define _XOPEN_SOURCE 700

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wick/plot/picture.h>

#include "check_wick.h"

/* ---- A folder of its own for each test --------------------------------------------------------------------------------- */

static char folder[64], home[4096], search[65536];

static void enter_folder(void)
{
    strcpy(folder, "/tmp/wick_plot_XXXXXX");
    ck_assert(getcwd(home, sizeof home) != NULL);
    ck_assert(mkdtemp(folder) != NULL);
    ck_assert_int_eq(chdir(folder), 0);
    const char *path = getenv("PATH");
    snprintf(search, sizeof search, "%s", path ? path : "");
}

/* Removes what is there, and says how many files that was. */
static int leave_folder(void)
{
    int files = 0;
    DIR *d = opendir(".");
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            files += remove(e->d_name) == 0;
    closedir(d);
    setenv("PATH", search, 1);
    ck_assert_int_eq(chdir(home), 0);
    ck_assert_int_eq(rmdir(folder), 0);
    return files;
}

static bool installed(const char *program)
{
    char said[128];
    return wk_run_program((const char *const[]){program, strcmp(program, "dot") == 0 ? "-V" : "--version", NULL}, said,
                          sizeof said) == WK_RAN;
}

/* What the file holds, in the innermost scope. */
static const char *text_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "no file %s", path);
    static char text[200000];
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

/* The call drew its picture, or said that the program is not installed; begins is what a .png or an .svg begins with. */
#define ASSERT_DRAWN(call, program, path) check_drawn(__LINE__, call, program, path)
static void check_drawn(int line, bool drawn, const char *program, const char *path)
{
    if (!installed(program)) {
        ck_assert_msg(!drawn, "line %d: drawn without %s", line, program);
        ASSERT_ERROR(WICK_ERROR_PROGRAM, program, "is not installed", "written", "apt-get install");
        return;
    }
    ck_assert_msg(drawn, "line %d: %s", line, wick_error() ? wick_error() : "no error");
    const char *begin = text_of(path);
    bool svg = strcmp(path + strlen(path) - 4, ".svg") == 0;
    ck_assert_msg(svg ? strstr(begin, "<svg") != NULL : memcmp(begin, "\x89PNG", 4) == 0, "%s is no picture", path);
}

static wick_module *network(int64_t outputs)
{
    return wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_tanh(), wick_nn_dropout(0.5), wick_nn_linear(4, outputs));
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------------- */

START_TEST(curves)
{
    enter_folder();
    wick_tensor *a = wick_from(((double[]){1, 0.5, INFINITY, 0.25}), 4), *b = wick_from(((float[]){3, NAN, 2}), 3);
    wick_requires_grad_(a, true);
    ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({"a", a}, {"b", b}, {"none", wick_zeros(0)}), "loss.png"), "gnuplot",
                 "loss.png");
    ck_assert_str_eq(text_of("loss.dat"), "0 1\n1 0.5\nNaN NaN\n3 0.25\n\n\n0 3\nNaN NaN\n2 2\n\n\nNaN NaN\n\n\n");
    ck_assert(strstr(text_of("loss.gp"), "set output './loss.png'\ndata = './loss.dat'\n") != NULL);
    wick_tensor *x = wick_from(((double[]){1, 10, 100, 1000}), 4);
    ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({NULL, a}), "log.svg", .title = "t", .x = x, .logx = true,
                                  .logy = true, .width = 300, .height = 200),
                 "gnuplot", "log.svg");
    ck_assert_str_eq(text_of("log.dat"), "1 1\n10 0.5\nNaN NaN\n1000 0.25\n\n\n");
    ck_assert(strstr(text_of("log.gp"), "svg size 300,200 ") != NULL);
    leave_folder();
}
END_TEST

/* Tics at round numbers that all have the same digits, and stand right under their tics: no space before the number. */
START_TEST(axes)
{
    enter_folder();
    static const struct {
        double low, high;
        const char *tics;
    } cases[] = {
        {0.1, 0.3, "set ytics 0.05\nset format y '%.2f'\n"},    {0.1, 0.32, "set ytics 0.05\nset format y '%.2f'\n"},
        {0, 1, "set ytics 0.2\nset format y '%.1f'\n"},         {-3, 12, "set ytics 5\nset format y '%.0f'\n"},
        {0, 2, "set ytics 0.5\nset format y '%.1f'\n"},         {0, 2.5, "set ytics 0.5\nset format y '%.1f'\n"},
        {0, 2e-7, "set ytics 5e-08\nset format y '%.1e'\n"},    {0, 3e6, "set ytics 1000000\nset format y '%.0e'\n"},
        {1e5, 1.0004e5, "set ytics 10\nset format y '%.0f'\n"}, {1e9, 1e9 + 40, "set ytics 10\nset format y '%.8e'\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wick_tensor *y = wick_from(((double[]){cases[i].low, NAN, cases[i].high}), 3);
        ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({"a", y}), "y.png"), "gnuplot", "y.png");
        const char *script = text_of("y.gp");
        ck_assert_msg(strstr(script, cases[i].tics) != NULL, "%g to %g: %s", cases[i].low, cases[i].high, script);
        ck_assert(strstr(script, "set xtics 1\nset format x '%.0f'\n") != NULL);
        ck_assert(strstr(script, "set format '%g'\n") != NULL);
    }
    /* a range that is a point, and a logarithmic axis, have gnuplot's own */
    ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({"a", wick_ones(4)}), "y.png", .logx = true), "gnuplot", "y.png");
    ck_assert(!strstr(text_of("y.gp"), "ytics") && !strstr(text_of("y.gp"), "xtics"));
    leave_folder();
}
END_TEST

/* A line alone has no legend, unless it is asked for. */
START_TEST(legends)
{
    enter_folder();
    wick_tensor *y = wick_arange(3);
    ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({"one", y}), "a.png"), "gnuplot", "a.png");
    ck_assert(strstr(text_of("a.gp"), "unset key\n") != NULL);
    ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({"one", y}), "a.png", .legend = true), "gnuplot", "a.png");
    ck_assert(strstr(text_of("a.gp"), "unset key\n") == NULL);
    ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({"one", y}, {"two", y}), "a.png"), "gnuplot", "a.png");
    ck_assert(strstr(text_of("a.gp"), "unset key\n") == NULL);
    ASSERT_DRAWN(wick_plot_activations(WICK_PLOT_FUNCTIONS({"tanh(x)", wick_tanh}), "a.png"), "gnuplot", "a.png");
    ck_assert(strstr(text_of("a.gp"), "title 'tanh(x)'") != NULL);
    ck_assert(strstr(text_of("a.gp"), "title '\xE2\x88\x82/\xE2\x88\x82x '.'tanh(x)'") != NULL);
    leave_folder();
}
END_TEST

START_TEST(sizes)
{
    enter_folder();
    wick_tensor *y = wick_arange(3);
    ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({"a", y}), "a.png", .figsize = {10, 5}), "gnuplot", "a.png");
    ck_assert(strstr(text_of("a.gp"), "pngcairo size 2000,1000 font 'Sans,10' fontscale 2 ") != NULL);
    ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({"a", y}), "a.svg", .figsize = {10, 5}), "gnuplot", "a.svg");
    ck_assert(strstr(text_of("a.gp"), "svg size 1000,500 font 'Helvetica,12' fontscale 1 ") != NULL);
    ASSERT_FAILS(wick_plot_histogram(y, "x.png", .figsize = {10}), WICK_ERROR_ARGUMENT, ".figsize = {10, 0}");
    ASSERT_FAILS(wick_plot_histogram(y, "x.png", .figsize = {10, NAN}), WICK_ERROR_ARGUMENT, ".figsize");
    ASSERT_FAILS(wick_plot_histogram(y, "x.png", .figsize = {10, 81}), WICK_ERROR_ARGUMENT, "81");
    ASSERT_FAILS(wick_plot_histogram(y, "x.png", .figsize = {10, 5}, .width = 100), WICK_ERROR_ARGUMENT, ".width");
    leave_folder();
}
END_TEST

START_TEST(subplots)
{
    enter_folder();
    wick_tensor *y = wick_arange(3), *X = wick_from(((float[][2]){{0, 0}, {1, 2}, {2, 1}}), 3, 2);
    wick_figure *figure = wick_plot_subplots(2, 2, .title = "whole", .figsize = {8, 6});
    ASSERT_FAILS(wick_plot_savefig(figure, "f.png"), WICK_ERROR_ARGUMENT, "nothing is drawn");
    ck_assert(wick_plot_curves(WICK_PLOT_SERIES({"a", y}, {"b", y}), NULL, .figure = figure, .title = "one"));
    ck_assert(wick_plot_decision_boundary(network(1), X, y, NULL, .figure = figure, .logits = true, .resolution = 10));
    ck_assert_int_eq(leave_folder(), 0); /* nothing is written before the end */
    enter_folder();
    ASSERT_DRAWN(wick_plot_savefig(figure, "f.png"), "gnuplot", "f.png");
    ck_assert_str_eq(text_of("f.1.dat"), "0 0\n1 1\n2 2\n\n\n0 0\n1 1\n2 2\n\n\n");
    const char *script = text_of("f.gp"), *second = strstr(script, "data = './f.2.dat'\n");
    ck_assert(strstr(script, "size 1600,1200") && strstr(script, "layout 2, 2 title 'whole'") && second);
    ck_assert(strstr(script, "title 'one'") < second && strstr(second, "set palette") && !strstr(second, ".3.dat"));

    /* more panels, another file; then it is full */
    ck_assert(wick_plot_histogram(y, NULL, .figure = figure));
    ck_assert(wick_plot_confusion_matrix(y, y, NULL, .figure = figure));
    ASSERT_DRAWN(wick_plot_savefig(figure, "g.svg"), "gnuplot", "g.svg");
    ck_assert(strstr(text_of("g.gp"), "data = './g.4.dat'\n") != NULL);
    ASSERT_FAILS(wick_plot_scatter(X, y, NULL, .figure = figure), WICK_ERROR_ARGUMENT, "all 4 panels");

    wick_figure *small = wick_plot_subplots(1, 1);
    ck_assert(wick_plot_gnuplot(X, "plot data using 1:2", NULL, .figure = small));
    ASSERT_DRAWN(wick_plot_savefig(small, "h.png"), "gnuplot", "h.png");
    small = wick_plot_subplots(1, 1);
    ASSERT_FAILS(wick_plot_curves(WICK_PLOT_SERIES({"a", y}), "x.png", .figure = small), WICK_ERROR_ARGUMENT, "x.png");
    ASSERT_FAILS(wick_plot_scatter(X, y, NULL, .figure = small, .width = 100), WICK_ERROR_ARGUMENT, "size");
    ASSERT_FAILS(wick_plot_parameters(network(1), NULL, .figure = small), WICK_ERROR_ARGUMENT, "no .figure");
    ASSERT_FAILS(wick_plot_scatter(X, y, NULL, .figure = (wick_figure *)X), WICK_ERROR_ARGUMENT, ".figure");
    ASSERT_FAILS(wick_plot_subplots(0, 2), WICK_ERROR_ARGUMENT, "0 rows");
    ASSERT_FAILS(wick_plot_subplots(11, 10), WICK_ERROR_ARGUMENT, "11 rows");
    ASSERT_FAILS(wick_plot_subplots(1, 2, .logx = true), WICK_ERROR_ARGUMENT, "no .logx");
    ASSERT_FAILS(wick_plot_savefig(NULL, "x.png"), WICK_ERROR_ARGUMENT, "figure is NULL");
    leave_folder();
}
END_TEST

static wick_tensor *flat(wick_tensor *x) { return wick_sign(x); }
static wick_tensor *constant_one(wick_tensor *x) { return wick_ones_like(x); }
static wick_tensor *summed(wick_tensor *x) { return wick_sum(x); }

START_TEST(activations)
{
    enter_folder();
    WICK_NO_GRAD;
    ASSERT_DRAWN(wick_plot_activations(WICK_PLOT_FUNCTIONS({"tanh", wick_tanh}, {"sign", flat}, {"1", constant_one}),
                                       "f.png", .low = -1, .high = 1),
                 "gnuplot", "f.png");
    ck_assert(!wick_is_grad_enabled());
    const char *line = text_of("f.dat");
    double x, y;
    for (int block = 0; block < 6; block++) {
        for (int i = 0; i <= 1024; i++, line = strchr(line, '\n') + 1) {
            ck_assert_int_eq(sscanf(line, "%lf %lf", &x, &y), 2);
            double t = tanh(x), expected[] = {t, (x > 0) - (x < 0), 1, 1 - t * t, 0, 0};
            ck_assert_double_eq_tol(x, -1 + i / 512.0, 1e-8);
            ck_assert_double_eq_tol(y, expected[block], 1e-7);
        }
        line += 2;
    }
    ck_assert_str_eq(line, "");
    ASSERT_FAILS(wick_plot_activations(WICK_PLOT_FUNCTIONS({"s", summed}), "f.png"), WICK_ERROR_SHAPE, "\"s\"", "()");
    ASSERT_FAILS(wick_plot_activations(WICK_PLOT_FUNCTIONS({"n", NULL}), "f.png"), WICK_ERROR_ARGUMENT, "\"n\"");
    ASSERT_FAILS(wick_plot_activations(WICK_PLOT_FUNCTIONS({"t", wick_tanh}), "f.png", .low = 2, .high = 1),
                 WICK_ERROR_ARGUMENT, "2", "1");
    leave_folder();
}
END_TEST

START_TEST(points)
{
    enter_folder();
    wick_tensor *X = wick_from(((float[][2]){{0, 0}, {1, 2}, {3, NAN}, {2, 1}}), 4, 2);
    wick_tensor *y = wick_from(((float[][1]){{0}, {2}, {2}, {0}}), 4, 1);
    ASSERT_DRAWN(wick_plot_scatter(X, y, "s.png", .class_names = WICK_PLOT_NAMES("zero")), "gnuplot", "s.png");
    ck_assert_str_eq(text_of("s.dat"), "0 0\n2 1\n\n\nNaN NaN\n\n\n1 2\n3 NaN\n\n\n");
    ck_assert(strstr(text_of("s.gp"), "title 'zero'") && strstr(text_of("s.gp"), "title '2'") &&
              !strstr(text_of("s.gp"), "title '1'"));
    ASSERT_DRAWN(wick_plot_scatter(X, NULL, "s.svg"), "gnuplot", "s.svg");

    /* the mode of every module, and grad mode, are as before */
    wick_manual_seed(0);
    wick_module *model = network(3);
    wick_nn_train(model);
    wick_nn_eval(wick_nn_child(model, 1));
    ASSERT_DRAWN(wick_plot_decision_boundary(model, X, y, "d.png", .resolution = 20), "gnuplot", "d.png");
    ck_assert(wick_nn_is_training(model) && wick_nn_is_training(wick_nn_child(model, 2)) &&
              !wick_nn_is_training(wick_nn_child(model, 1)) && wick_is_grad_enabled());

    /* the map is the argmax at the middle of each cell, the lowest row first; the margin is a tenth */
    const char *line = strstr(text_of("d.dat"), "1 2\n3 NaN\n\n\n") + strlen("1 2\n3 NaN\n\n\n");
    wick_nn_eval(model);
    for (int i = 0; i < 400; i++) {
        WICK_SCOPE;
        float at[] = {(float)(-0.2 + 2.4 * (i % 20 + 0.5) / 20), (float)(-0.2 + 2.4 * (i / 20 + 0.5) / 20)};
        char *end;
        double cell = strtod(line, &end);
        wick_tensor *scores = wick_nn_forward(model, wick_from(at, 1, 2));
        ck_assert_double_eq(cell, wick_item(wick_argmax(scores)));
        line = end;
    }
    wick_module *one = network(1);
    ASSERT_DRAWN(wick_plot_decision_boundary(one, X, y, "d.svg", .resolution = 20, .logits = true), "gnuplot", "d.svg");
    double p = strtod(strstr(text_of("d.dat"), "3 NaN\n\n\n") + strlen("3 NaN\n\n\n"), NULL);
    wick_nn_eval(one);
    wick_tensor *corner = wick_from(((float[][2]){{-0.14F, -0.14F}}), 1, 2);
    ck_assert_double_eq_tol(p, wick_item(wick_sigmoid(wick_nn_forward(one, corner))), 1e-4);

    /* gnuplot writes the line at 0.5 in the axes' formats: what rounds the tics must not be set yet */
    const char *script = text_of("d.gp");
    ck_assert(strstr(script, "unset table\n") < strstr(script, "set format x"));

    /* there is room for the colour box, and for longer names */
    ck_assert(strstr(text_of("d.gp"), "set rmargin 16\n") != NULL);
    ASSERT_DRAWN(wick_plot_decision_boundary(one, X, y, "d.svg", .resolution = 20, .logits = true,
                                             .class_names = WICK_PLOT_NAMES("inside the circle", "outside")),
                 "gnuplot", "d.svg");
    ck_assert(strstr(text_of("d.gp"), "set rmargin 24\n") != NULL);
    leave_folder();
}
END_TEST

START_TEST(images)
{
    enter_folder();
    wick_tensor *grey =
        wick_from(((unsigned char[][2][2]){{{0, 255}, {51, 0}}, {{7, 7}, {7, 7}}, {{1, 2}, {3, 4}}}), 3, 2, 2);
    wick_tensor *labels = wick_from(((int[]){1, 0, 12}), 3);
    ASSERT_DRAWN(wick_plot_images(grey, labels, "i.png", .count = 2, .class_names = WICK_PLOT_NAMES("a 'b'", "c")),
                 "gnuplot", "i.png");
    ck_assert_str_eq(text_of("i.dat"), "0 1\n0.2 0\n\n\n0 0\n0 0\n\n\n");
    ck_assert(strstr(text_of("i.gp"), "'a ''b'''") != NULL);
    wick_tensor *color = wick_zeros(1, 3, 1, 2);
    wick_set(color, 1, 0, 1, 0, 1); /* green */
    ASSERT_DRAWN(wick_plot_images(color, NULL, "c.svg", .captions = WICK_PLOT_NAMES("one")), "gnuplot", "c.svg");
    ck_assert_str_eq(text_of("c.dat"), "0 1\n\n\n");
    ASSERT_FAILS(wick_plot_images(wick_zeros(2, 2), NULL, "i.png"), WICK_ERROR_SHAPE, "(2, 2)");
    ASSERT_FAILS(wick_plot_images(wick_zeros(0, 2, 2), NULL, "i.png"), WICK_ERROR_SHAPE, "(0, 2, 2)");
    ASSERT_FAILS(wick_plot_images(grey, NULL, "i.png", .count = 4), WICK_ERROR_ARGUMENT, "4 of 3");
    ASSERT_FAILS(wick_plot_images(grey, wick_arange(2), "i.png"), WICK_ERROR_SHAPE, "(2,)");
    ASSERT_FAILS(wick_plot_images(wick_expand(wick_zeros(1, 1, 1), 1, 10000, 10000), NULL, "i.png"), WICK_ERROR_SHAPE,
                 "(10000, 10000)");
    leave_folder();
}
END_TEST

START_TEST(histograms)
{
    enter_folder();
    wick_tensor *t = wick_from(((double[]){0, 0.5, 1, 4, 4, NAN, -INFINITY}), 7);
    ASSERT_DRAWN(wick_plot_histogram(t, "h.png", .bins = 4), "gnuplot", "h.png");
    ck_assert_str_eq(text_of("h.dat"), "0.5 2\n1.5 1\n2.5 0\n3.5 2\n\n\n");
    ck_assert(strstr(text_of("h.gp"), "'2 not finite'") != NULL);
    ASSERT_DRAWN(wick_plot_histogram(wick_full(7.0), "h.svg", .bins = 2, .logy = true), "gnuplot", "h.svg");
    ck_assert_str_eq(text_of("h.dat"), "6.75 0\n7.25 1\n\n\n");
    ASSERT_FAILS(wick_plot_histogram(wick_full((double)NAN, 3), "h.png"), WICK_ERROR_ARGUMENT, "none of the 3");
    ASSERT_FAILS(wick_plot_histogram(wick_zeros(0), "h.png"), WICK_ERROR_ARGUMENT, "none of the 0");
    ASSERT_FAILS(wick_plot_histogram(t, "h.png", .bins = -1), WICK_ERROR_ARGUMENT, "-1");

    wick_module *model = network(1);
    ASSERT_FAILS(wick_plot_parameters(model, "g.png", .gradients = true), WICK_ERROR_ARGUMENT, "wick_backward");
    ASSERT_FAILS(wick_plot_parameters(wick_nn_relu(), "g.png"), WICK_ERROR_ARGUMENT, "no parameters");
    wick_backward(wick_sum(wick_nn_forward(model, wick_ones(3, 2))));
    wick_set_grad(wick_nn_get(model, "0.bias"), NULL);
    ASSERT_DRAWN(wick_plot_parameters(model, "g.png", .gradients = true, .bins = 5, .title = "gradients"), "gnuplot",
                 "g.png");
    ck_assert(strstr(text_of("g.gp"), "'0.weight'") && !strstr(text_of("g.gp"), "'0.bias'"));
    wick_fill_(wick_detach(wick_nn_get(model, "0.bias")), (double)NAN);
    ASSERT_DRAWN(wick_plot_parameters(model, "w.png"), "gnuplot", "w.png");
    leave_folder();
}
END_TEST

START_TEST(confusion)
{
    enter_folder();
    wick_tensor *truth = wick_from(((int[]){0, 0, 1, 1, 1}), 5), *taken = wick_from(((float[]){0, 1, 1, 1, 2}), 5);
    ASSERT_DRAWN(wick_plot_confusion_matrix(truth, taken, "c.png", .class_names = WICK_PLOT_NAMES("a", "b")), "gnuplot",
                 "c.png");
    ck_assert_str_eq(text_of("c.dat"), "0 0 1\n0 1 1\n0 2 0\n1 0 0\n1 1 2\n1 2 1\n2 0 0\n2 1 0\n2 2 0\n");
    ck_assert(strstr(text_of("c.gp"), "('a' 0, 'b' 1, '2' 2)") != NULL);
    ASSERT_DRAWN(wick_plot_confusion_matrix(truth, truth, "c.svg", .normalize = true), "gnuplot", "c.svg");
    ck_assert_str_eq(text_of("c.dat"), "0 0 1\n0 1 0\n1 0 0\n1 1 1\n");
    ASSERT_FAILS(wick_plot_confusion_matrix(truth, wick_arange(4), "c.png"), WICK_ERROR_SHAPE, "predictions", "(4,)");
    ASSERT_FAILS(wick_plot_confusion_matrix(wick_zeros(0), wick_zeros(0), "c.png"), WICK_ERROR_SHAPE, "(0,)");
    ASSERT_FAILS(wick_plot_confusion_matrix(truth, wick_full(0.5, 5), "c.png"), WICK_ERROR_ARGUMENT, "0.5");
    ASSERT_FAILS(wick_plot_confusion_matrix(truth, wick_full(-1, 5), "c.png"), WICK_ERROR_ARGUMENT, "-1");
    ASSERT_FAILS(wick_plot_confusion_matrix(truth, wick_full((double)NAN, 5), "c.png"), WICK_ERROR_ARGUMENT, "nan");
    leave_folder();
}
END_TEST

START_TEST(any_other)
{
    enter_folder();
    wick_tensor *table = wick_t(wick_from(((double[][3]){{1, 2, 3}, {0.5, INFINITY, 1e-9}}), 2, 3));
    ASSERT_DRAWN(wick_plot_gnuplot(table, "plot data using 1:2 with lines", "own.png", .xlabel = "x"), "gnuplot",
                 "own.png");
    ck_assert_str_eq(text_of("own.dat"), "1 0.5\n2 NaN\n3 1e-09\n");
    if (installed("gnuplot"))
        ASSERT_FAILS(wick_plot_gnuplot(table, "plot nothing", "own.png"), WICK_ERROR_FILE, "could not draw own.png",
                     "undefined variable: nothing", "own.dat and ./own.gp are written");
    ASSERT_FAILS(wick_plot_gnuplot(wick_ones(3), "", "own.png"), WICK_ERROR_SHAPE, "(3,)");
    ASSERT_FAILS(wick_plot_gnuplot(table, NULL, "own.png"), WICK_ERROR_ARGUMENT, "commands");
    leave_folder();
}
END_TEST

/* ---- The graph ---------------------------------------------------------------------------------------------------------- */

static wick_tensor *leaf(wick_dict *params, const char *name, wick_tensor *t)
{
    wick_requires_grad_(t, true);
    if (params)
        wick_nn_dict_set(params, name, t);
    return t;
}

/* The networks of graph.py. */
static wick_tensor *build(const char *name, wick_dict *p)
{
#define IS(word) strcmp(name, word) == 0
    if (IS("mlp")) {
        wick_tensor *W1 = leaf(p, "W1", wick_rand(3, 4)), *b1 = leaf(p, "b1", wick_rand(4)),
                    *W2 = leaf(p, "W2", wick_rand(4, 2)), *b2 = leaf(p, "b2", wick_rand(2)), *x = wick_rand(5, 3);
        wick_tensor *h = wick_tanh(wick_add(wick_matmul(x, W1), b1));
        return wick_mean(wick_pow(wick_add(wick_matmul(h, W2), b2), 2));
    }
    if (IS("custom_layer")) {
        wick_tensor *W = leaf(p, "W", wick_rand(5, 3)), *b = leaf(p, "b", wick_rand(5)), *t = wick_rand(10, 3);
        return wick_mul(3, wick_add(wick_matmul(t, wick_transpose(W, 0, 1)), b));
    }
    if (IS("shared")) {
        wick_tensor *w = leaf(p, "w", wick_rand(3)), *v = leaf(p, "v", wick_rand(3)), *y = wick_exp(w);
        return wick_sum(wick_add(wick_add(wick_mul(y, y), wick_mul(y, wick_sin(v))), w));
    }
    if (IS("diamond")) {
        wick_tensor *x = leaf(p, "x", wick_rand(2, 2)), *a = wick_sigmoid(x);
        return wick_add(wick_relu(a), wick_mean(wick_cat(wick_list_of(a, x), 0)));
    }
    if (IS("unnamed"))
        return wick_log_softmax(wick_mul(leaf(NULL, "", wick_rand(2, 3)), leaf(NULL, "", wick_rand())), 1);
    if (IS("a_leaf"))
        return leaf(NULL, "", wick_rand(4));
    if (IS("constant"))
        return wick_rand(2);
    ck_assert_msg(IS("deep"), "an unknown network: %s", name);
    wick_tensor *x = leaf(p, "x", wick_rand(2)), *y = x;
    for (int i = 0; i < 40; i++)
        y = wick_add(wick_sin(y), y);
    return wick_sum(y);
#undef IS
}

static int lines_of(const char *text, const char *with)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, with)) != NULL; at++)
        count++;
    return count;
}

START_TEST(graph_against_torchviz)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/plot/graph.txt", "r");
    ck_assert_msg(file != NULL, "no file " WICK_TESTS_DIR "/torch/plot/graph.txt");
    enter_folder();
    setenv("PATH", folder, 1); /* the scripts alone */
    char line[512], name[64] = "", expected[512];
    const char *dot = "";
    int graphs = 0, edges = 0, nodes = 0;
    bool ended = false;
    while (fgets(line, sizeof line, file)) {
        char color[64];
        int number, from, to, label = 0;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#')
            continue;
        ended = strcmp(line, "end") == 0;
        if (ended || sscanf(line, "graph %63s", name) == 1) {
            ck_assert_msg(lines_of(dot, " -> ") == edges && lines_of(dot, "[label=") == nodes, "before %s:\n%s", line,
                          dot);
            if (ended)
                continue;
            WICK_SCOPE;
            wick_dict *params = wick_nn_dict_new();
            ck_assert(!wick_plot_graph(build(name, params), strcmp(name, "unnamed") == 0 ? NULL : params, "g.png"));
            ASSERT_ERROR(WICK_ERROR_PROGRAM, "dot is not installed", "g.dot is written", "graphviz");
            dot = text_of("g.dot");
            graphs++;
            edges = nodes = 0;
        } else if (sscanf(line, "e %d %d", &from, &to) == 2) {
            snprintf(expected, sizeof expected, "    n%d -> n%d\n", from, to);
            ck_assert_msg(strstr(dot, expected) != NULL, "%s: no%s in\n%s", name, expected, dot);
            edges++;
        } else {
            ck_assert_int_eq(sscanf(line, "n %d %63s %n", &number, color, &label), 2);
            char *bar = strchr(line + label, '|');
            if (bar)
                *bar = '\0';
            int used = snprintf(expected, sizeof expected, "    n%d [label=\"%s%s%s\"", number, line + label,
                                bar ? "\\n" : "", bar ? bar + 1 : "");
            snprintf(expected + used, sizeof expected - (size_t)used,
                     strcmp(color, "-") == 0 ? "]\n" : ", fillcolor=%s]\n", color);
            ck_assert_msg(strstr(dot, expected) != NULL, "%s: no%s in\n%s", name, expected, dot);
            nodes++;
        }
    }
    fclose(file);
    ck_assert(ended && graphs == 8);
    leave_folder();
}
END_TEST

START_TEST(graph)
{
    enter_folder();
    wick_tensor *a = wick_ones(2, 3, .requires_grad = true);
    wick_dict *params = wick_nn_dict_new();
    wick_nn_dict_set(params, "the \"a\" \\n &amp; <b>\n100% \xC3\xA9", a);
    wick_tensor *y = wick_mul(wick_exp(a), a);
    ASSERT_DRAWN(wick_plot_graph(y, params, "g.svg", .title = "a \"title\"", .show_saved = true), "dot", "g.svg");
    const char *dot = text_of("g.dot");
    ck_assert(
        strstr(dot,
               "label=\"the \\\"a\\\" \\\\n &amp;amp; &lt;b&gt;\\n100% \xC3\xA9\\n (2, 3)\", fillcolor=lightblue") !=
        NULL);
    ck_assert(strstr(dot, "label=\"a \\\"title\\\"\"") != NULL);
    ck_assert(strstr(dot, "label=\"result\\n (2, 3)\", fillcolor=orange]") && strstr(dot, " [dir=none]"));
    ck_assert_int_eq(lines_of(dot, "fillcolor=orange"), 3); /* exp's result, and both factors */
    ASSERT_DRAWN(wick_plot_graph(y, NULL, "g.png"), "dot", "g.png");
    ASSERT_FAILS(wick_plot_graph(y, NULL, "g.png", .width = 100), WICK_ERROR_ARGUMENT, ".width");
    for (int i = 0; i < 6000; i++)
        y = wick_neg(y);
    ASSERT_FAILS(wick_plot_graph(y, NULL, "g.png"), WICK_ERROR_ARGUMENT, "5000");
    leave_folder();
}
END_TEST

/* ---- Names and texts ------------------------------------------------------------------------------------------------------ */

START_TEST(special_characters)
{
    enter_folder();
    static const char *const paths[] = {"a b.png",
                                        "a'b.png",
                                        "a\"b.svg",
                                        "a\\n.png",
                                        "a%d%s.png",
                                        "\xC3\xA9\xE2\x88\x82.png",
                                        "a\nb.png",
                                        "`touch pwned`.png",
                                        "$(touch pwned).png",
                                        "|touch pwned;.png",
                                        "<touch pwned.png",
                                        "-e.png",
                                        "~.png",
                                        "@x.png",
                                        "; touch pwned;.svg",
                                        "a'; system('touch pwned') #.png"};
    wick_tensor *t = wick_arange(3), *w = wick_ones(1, .requires_grad = true);
    int count = (int)(sizeof paths / sizeof *paths);
    for (int i = 0; i < count; i++) {
        ASSERT_DRAWN(wick_plot_curves(WICK_PLOT_SERIES({paths[i], t}), paths[i], .title = paths[i], .xlabel = paths[i],
                                      .ylabel = "\x01\xFF\xC2 ' \t`touch pwned`"),
                     "gnuplot", paths[i]);
        ck_assert_int_ne(access("pwned", F_OK), 0);
    }
    ASSERT_DRAWN(wick_plot_graph(wick_exp(w), NULL, paths[3]), "dot", paths[3]);
    ASSERT_DRAWN(wick_plot_graph(wick_exp(w), NULL, paths[11]), "dot", paths[11]);
    wk_text text = {0};
    wk_put_quoted(&text, "it's\n\x01\xC3\xA9\xFF\tx");
    ck_assert_str_eq(text.s, "'it''s'.\"\\n\".'?\xC3\xA9? x'");
    wk_text_free(&text);
    leave_folder();
}
END_TEST

/* ---- What goes wrong ---------------------------------------------------------------------------------------------------------- */

START_TEST(not_installed)
{
    enter_folder();
    setenv("PATH", folder, 1);
    wick_tensor *t = wick_arange(3);
    ASSERT_FAILS(wick_plot_curves(WICK_PLOT_SERIES({"a", t}), "x.png"), WICK_ERROR_PROGRAM, "wick_plot_curves",
                 "gnuplot is not installed", "./x.dat and ./x.gp are written", "apt-get install gnuplot-nox");
    ck_assert_str_eq(text_of("x.dat"), "0 0\n1 1\n2 2\n\n\n");
    ck_assert_int_eq(leave_folder(), 2);
}
END_TEST

/* A program of the name gnuplot that does as the script says. */
static void fake(const char *script)
{
    FILE *file = fopen("gnuplot", "w");
    ck_assert(file != NULL);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    fclose(file);
    ck_assert_int_eq(chmod("gnuplot", 0755), 0);
}

START_TEST(programs_that_fail)
{
    enter_folder();
    setenv("PATH", folder, 1);
    wick_tensor *t = wick_arange(3);
    fake("echo first >&2; echo; echo '  the reason' >&2; echo >&2; exit 3");
    ASSERT_FAILS(wick_plot_histogram(t, "x.png"), WICK_ERROR_FILE, "could not draw x.png: the reason; ");
    fake("exit 3");
    ASSERT_FAILS(wick_plot_histogram(t, "x.png"), WICK_ERROR_FILE, "exit status 3");
    fake("kill -9 $$");
    ASSERT_FAILS(wick_plot_histogram(t, "x.png"), WICK_ERROR_FILE, "killed by signal 9");
    fake("exit 0");
    ASSERT_FAILS(wick_plot_histogram(t, "x.png"), WICK_ERROR_FILE, "it left no picture");
    fake("i=0; while [ $i -lt 20000 ]; do echo 'a long line of what it has to say, over and over'; i=$((i+1)); done; "
         "echo x > x.png");
    ck_assert_msg(wick_plot_histogram(t, "x.png"), "%s", wick_error());
    leave_folder();
}
END_TEST

START_TEST(refusals)
{
    enter_folder();
    wick_tensor *t = wick_arange(3), *X = wick_ones(4, 2);
    wick_module *model = network(1);
    static const char *const names[] = {NULL, "", ".png", "x", "x.jpg", "x.png.", "folder/.svg"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ASSERT_FAILS(wick_plot_histogram(t, names[i]), WICK_ERROR_ARGUMENT, "wick_plot_histogram");
    ASSERT_FAILS(wick_plot_histogram(t, "none/x.png"), WICK_ERROR_FILE,
                 "'./none/x.dat' cannot be written: No such file");
    ASSERT_FAILS(wick_plot_histogram(t, "x.png", .width = 63), WICK_ERROR_ARGUMENT, ".width = 63");
    ASSERT_FAILS(wick_plot_histogram(t, "x.png", .height = 20000), WICK_ERROR_ARGUMENT, ".height = 20000");
    ASSERT_FAILS(wick_plot_histogram(t, "x.png", .logits = true), WICK_ERROR_ARGUMENT, "no .logits");
    ASSERT_FAILS(wick_plot_histogram(NULL, "x.png"), WICK_ERROR_ARGUMENT, "t is NULL");
    ASSERT_FAILS(wick_plot_curves(NULL, 0, "x.png"), WICK_ERROR_ARGUMENT, "no lines");
    ASSERT_FAILS(wick_plot_curves(WICK_PLOT_SERIES({"a", NULL}), "x.png"), WICK_ERROR_ARGUMENT, "y is NULL");
    ASSERT_FAILS(wick_plot_curves(WICK_PLOT_SERIES({"a", wick_zeros(0)}), "x.png"), WICK_ERROR_ARGUMENT,
                 "no line has a point");
    ASSERT_FAILS(wick_plot_curves(WICK_PLOT_SERIES({"a", wick_full(-1, 2)}), "x.png", .logy = true),
                 WICK_ERROR_ARGUMENT, "logarithmic");
    ASSERT_FAILS(wick_plot_curves(WICK_PLOT_SERIES({"a", t}), "x.png", .x = X), WICK_ERROR_SHAPE, "(3,)", "(4, 2)");
    ASSERT_FAILS(wick_plot_scatter(t, NULL, "x.png"), WICK_ERROR_SHAPE, "(3,)");
    ASSERT_FAILS(wick_plot_scatter(X, t, "x.png"), WICK_ERROR_SHAPE, "y", "(3,)", "4");
    ASSERT_FAILS(wick_plot_scatter(wick_full((double)NAN, 2, 2), NULL, "x.png"), WICK_ERROR_ARGUMENT, "finite");
    ASSERT_FAILS(wick_plot_scatter(X, wick_full(64, 4), "x.png"), WICK_ERROR_ARGUMENT, "64");
    ASSERT_FAILS(wick_plot_decision_boundary(model, X, NULL, "x.png", .resolution = 9), WICK_ERROR_ARGUMENT, "9");
    ASSERT_FAILS(wick_plot_decision_boundary(NULL, X, NULL, "x.png"), WICK_ERROR_ARGUMENT, "model");
    ASSERT_FAILS(wick_plot_decision_boundary(wick_nn_linear(3, 1), X, NULL, "x.png"), WICK_ERROR_SHAPE, "");
    ASSERT_FAILS(wick_plot_decision_boundary(wick_nn_linear(2, 65), X, NULL, "x.png"), WICK_ERROR_SHAPE, "(4096, 65)");
    wick_fill_(wick_detach(wick_nn_get(model, "3.bias")), 100);
    ASSERT_FAILS(wick_plot_decision_boundary(model, X, NULL, "x.png"), WICK_ERROR_ARGUMENT, ".logits");
    ck_assert(wick_nn_is_training(model));
    ASSERT_FAILS(wick_plot_graph(NULL, NULL, "x.png"), WICK_ERROR_ARGUMENT, "t is NULL");
    ck_assert_int_eq(leave_folder(), 0);
}
END_TEST

/* Every picture, and a bar. */
static int draw_nothing(int which)
{
    WICK_SCOPE;
    if (which == 11)
        return wick_progress_bar(3, .description = "d") != NULL;
    wick_tensor *t = wick_arange(4), *X = wick_ones(4, 2), *w = wick_ones(2, .requires_grad = true);
    wick_module *model = network(1);
    switch (which) {
    case 0: return wick_plot_curves(WICK_PLOT_SERIES({"a", t}, {"b", t}), "x.png", .title = "t");
    case 1: return wick_plot_activations(WICK_PLOT_FUNCTIONS({"tanh", wick_tanh}), "x.png", .title = "t");
    case 2: return wick_plot_scatter(X, t, "x.png");
    case 3: return wick_plot_decision_boundary(model, X, t, "x.png", .resolution = 10, .logits = true);
    case 4: return wick_plot_confusion_matrix(t, t, "x.png");
    case 5: return wick_plot_images(wick_ones(4, 2, 2), t, "x.png");
    case 6: return wick_plot_histogram(t, "x.png");
    case 7: return wick_plot_parameters(model, "x.png");
    case 8: return wick_plot_graph(wick_exp(w), NULL, "x.png", .show_saved = true);
    case 9: return wick_plot_gnuplot(X, "", "x.png");
    case 10: {
        wick_figure *figure = wick_plot_subplots(1, 2, .title = "t");
        return wick_plot_histogram(t, NULL, .figure = figure) && wick_plot_savefig(figure, "x.png");
    }
    default: return 0;
    }
}

START_TEST(memory)
{
    enter_folder();
    setenv("PATH", folder, 1);
    for (int which = 0; which <= 11; which++) {
        wick_error_code kind = WICK_ERROR_MEMORY;
        for (long n = 1; kind == WICK_ERROR_MEMORY; n++) {
            wick_fail_allocation(n);
            bool made = draw_nothing(which);
            wick_fail_allocation(0);
            kind = wick_error_kind();
            ck_assert_msg(made == (kind == WICK_OK), "picture %d, allocation %ld: %s", which, n,
                          made ? "made" : "no error");
            wick_clear_error();
        }
        ck_assert_int_eq(kind, which < 11 ? WICK_ERROR_PROGRAM : WICK_OK);
    }
    leave_folder();
}
END_TEST

Suite *plot_suite(void)
{
    const TTest *const tests[] = {curves,        axes,
                                  legends,       sizes,
                                  subplots,      activations,
                                  points,        images,
                                  histograms,    confusion,
                                  any_other,     graph_against_torchviz,
                                  graph,         special_characters,
                                  not_installed, programs_that_fail,
                                  refusals,      memory};
    return MAKE_SUITE("plot", tests);
}
