/* 002_boundaries.c - document 002, "Multilayer Perceptron": its picture of what MLPs with 1, 2 and 4 hidden layers of 3 neurons
 * can tell apart. The document shows the picture without its code; the points here are two half moons. */
#include <stdio.h>
#include <wick/wick.h>

enum { N = 200 }; /* points of each class */

static wick_module *mlp(int depth)
{
    wick_module *layers = wick_nn_sequential();
    for (int i = 0; i < depth; i++) {
        wick_nn_append(layers, wick_nn_linear(i == 0 ? 2 : 3, 3));
        wick_nn_append(layers, wick_nn_tanh());
    }
    wick_nn_append(layers, wick_nn_linear(3, 1)); /* a logit */
    return layers;
}

int main(int argc, char **argv)
{
    const char *pictures = NULL;
    wick_parse_args(argc, argv, "Decision boundaries of MLPs with 1, 2 and 4 hidden layers.",
                    WICK_ARG("--pictures DIR", &pictures));
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(1);
    WICK_SCOPE;

    /* Two half circles that reach into each other, and noise */
    wick_tensor *angle = wick_linspace(0, 3.14159265, N), *x = wick_cos(angle), *y = wick_sin(angle);
    wick_tensor *upper = wick_stack(wick_list_of(x, y), 1);
    wick_tensor *lower = wick_stack(wick_list_of(wick_sub(1, x), wick_sub(0.5, y)), 1);
    wick_tensor *X = wick_cat(wick_list_of(upper, lower), 0); /* (2 N, 2) */
    X = wick_add(X, wick_mul(wick_randn(2 * N, 2), 0.15));
    wick_tensor *labels = wick_cat(wick_list_of(wick_zeros(N, 1), wick_ones(N, 1)), 0);

    static const int depths[] = {1, 2, 4};
    wick_figure *figure = wick_plot_subplots(1, 3, .figsize = {18, 5});
    for (int i = 0; i < 3; i++) {
        wick_module *model = mlp(depths[i]), *loss_fn = wick_nn_bce_with_logits_loss();
        wick_optim *opt = wick_optim_adam(wick_nn_parameters(model), .lr = 0.02);
        for (int step = 0; step < 1000; step++) {
            WICK_SCOPE;
            wick_optim_zero_grad(opt);
            wick_backward(wick_nn_forward(loss_fn, wick_nn_forward(model, X), labels));
            wick_optim_step(opt);
        }
        WICK_NO_GRAD;
        wick_tensor *right = wick_eq(wick_gt(wick_nn_forward(model, X), 0), labels);
        printf("hidden layers: %d, accuracy: %.3f\n", depths[i], wick_item(wick_mean(wick_to(right, WICK_FLOAT32))));
        wick_plot_decision_boundary(model, X, labels, NULL, .figure = figure, .logits = true,
                                    .title = wick_format("hidden layers: %d", depths[i]));
    }
    if (pictures)
        wick_plot_savefig(figure, wick_format("%s/002_boundaries_layers.png", pictures));
}
