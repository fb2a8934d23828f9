/* pictures.c - one picture of each kind, from a small network that learns which points lie inside a circle: activation
 * functions, images, points, curves, weights and gradients, the decision boundary, the confusion matrix, the graph.
 *
 * gnuplot and Graphviz draw them. Without these programs the data and the scripts are left all the same. */
#include <math.h>
#include <stdio.h>
#include <wick/wick.h>

enum { POINTS = 400, IMAGES = 10, SIDE = 28 };

/* Says which picture is drawn. */
static void report(const char *path, bool drawn)
{
    if (drawn)
        printf("%s\n", path);
}

/* Discs, squares and crosses, in turn, of all sizes: (IMAGES, 1, SIDE, SIDE), and their classes. */
static wick_tensor *shapes(wick_tensor **labels)
{
    wick_tensor *images = wick_zeros(IMAGES, 1, SIDE, SIDE);
    *labels = wick_zeros(IMAGES, .dtype = WICK_INT64);
    for (int i = 0; i < IMAGES; i++) {
        double radius = 4 + i % 6, middle = (SIDE - 1) / 2.0;
        wick_set(*labels, i % 3, i);
        for (int r = 0; r < SIDE; r++) {
            for (int c = 0; c < SIDE; c++) {
                double x = fabs(c - middle), y = fabs(r - middle), far = x > y ? x : y, near = x > y ? y : x;
                double inside = i % 3 == 0   ? radius - hypot(x, y)
                                : i % 3 == 1 ? radius - far
                                             : (far <= radius ? 2 - near : -1);
                wick_set(images, inside > 1 ? 1 : inside > 0 ? inside : 0, i, 0, r, c);
            }
        }
    }
    return images;
}

int main(int argc, char **argv)
{
    int epochs = 150;
    uint64_t seed = 1;
    const char *out = ".", *path;
    wick_parse_args(argc, argv, "Draws a picture of each kind, with gnuplot and Graphviz.",
                    WICK_ARG("--out DIR", &out, "folder to draw in"), WICK_ARG("--epochs N", &epochs, .least = 1),
                    WICK_ARG("--seed N", &seed));
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(seed);
    WICK_SCOPE;
    const char *const *sides = WICK_PLOT_NAMES("inside", "outside");

    path = wick_format("%s/activations.png", out);
    report(path, wick_plot_activations(
                     WICK_PLOT_FUNCTIONS({"ReLU", wick_relu}, {"sigmoid", wick_sigmoid}, {"tanh", wick_tanh}), path));

    wick_tensor *labels, *images = shapes(&labels);
    path = wick_format("%s/images.png", out);
    report(path, wick_plot_images(images, labels, path, .class_names = WICK_PLOT_NAMES("disc", "square", "cross")));

    /* Points, a quarter of which are kept for validation */
    wick_tensor *X = wick_randn(POINTS, 2);
    wick_tensor *y = wick_reshape(wick_to(wick_gt(wick_sum(wick_mul(X, X), 1), 1.5), WICK_FLOAT32), -1, 1);
    wick_tensor *X_train = wick_slice(X, 0, .end = POINTS * 3 / 4), *y_train = wick_slice(y, 0, .end = POINTS * 3 / 4);
    wick_tensor *X_val = wick_slice(X, 0, .start = POINTS * 3 / 4), *y_val = wick_slice(y, 0, .start = POINTS * 3 / 4);
    path = wick_format("%s/points.png", out);
    report(path, wick_plot_scatter(X, y, path, .class_names = sides));

    wick_module *model = wick_nn_sequential(wick_nn_linear(2, 16), wick_nn_tanh(), wick_nn_linear(16, 16),
                                            wick_nn_tanh(), wick_nn_linear(16, 1));
    wick_module *loss_fn = wick_nn_bce_with_logits_loss();
    wick_optim *optimizer = wick_optim_adam(wick_nn_parameters(model), .lr = 0.01);
    wick_series *train_losses = wick_series_new(), *val_losses = wick_series_new();
    wick_progress *bar = wick_progress_bar(epochs, .description = "training", .unit = "epoch");
    for (int epoch = 0; epoch < epochs; epoch++) {
        WICK_SCOPE;
        wick_tensor *loss = wick_nn_forward(loss_fn, wick_nn_forward(model, X_train), y_train);
        wick_optim_zero_grad(optimizer);
        wick_backward(loss);
        wick_optim_step(optimizer);
        WICK_NO_GRAD;
        wick_tensor *val_loss = wick_nn_forward(loss_fn, wick_nn_forward(model, X_val), y_val);
        wick_series_append(train_losses, wick_item(loss));
        wick_series_append(val_losses, wick_item(val_loss));
        wick_progress_set_postfix(bar, "loss", wick_item(loss));
        wick_progress_update(bar, 1);
    }
    wick_progress_close(bar);

    path = wick_format("%s/losses.png", out);
    report(path, wick_plot_curves(WICK_PLOT_SERIES({"training", wick_series_tensor(train_losses)},
                                                   {"validation", wick_series_tensor(val_losses)}),
                                  path, .title = "Loss over epochs", .xlabel = "Epoch", .ylabel = "Loss"));
    path = wick_format("%s/boundary.png", out);
    report(path, wick_plot_decision_boundary(model, X, y, path, .class_names = sides, .logits = true,
                                             .title = "Decision boundary"));
    path = wick_format("%s/weights.png", out);
    report(path, wick_plot_parameters(model, path, .title = "Weights"));
    path = wick_format("%s/gradients.png", out);
    report(path, wick_plot_parameters(model, path, .gradients = true, .title = "Gradients"));

    wick_tensor *logits = wick_nn_forward(model, X);
    path = wick_format("%s/logits.png", out);
    report(path, wick_plot_histogram(logits, path, .xlabel = "logit"));
    path = wick_format("%s/confusion.png", out);
    report(path, wick_plot_confusion_matrix(y, wick_gt(logits, 0), path, .class_names = sides));
    path = wick_format("%s/graph.svg", out);
    report(path, wick_plot_graph(wick_nn_forward(loss_fn, logits, y), wick_nn_named_parameters(model), path));
    return 0;
}
