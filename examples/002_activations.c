/* 002_activations.c - document 002, "Activation functions": ReLU, sigmoid and tanh with their gradients, as plain arrays of
 * float64. What the document draws is printed at each hundredth point, and drawn if that is wanted. */
#include <wick/wick.h>

#include "cli.h"

/* Activation functions */
static wick_tensor *relu(wick_tensor *x) { return wick_maximum(0, x); }
static wick_tensor *sigmoid(wick_tensor *x) { return wick_div(1, wick_add(1, wick_exp(wick_neg(x)))); }
static wick_tensor *tanh_(wick_tensor *x) /* C has a tanh */
{
    wick_tensor *up = wick_exp(x), *down = wick_exp(wick_neg(x));
    return wick_div(wick_sub(up, down), wick_add(up, down));
}

/* Their gradients */
static wick_tensor *g_relu(wick_tensor *x) { return wick_to(wick_gt(relu(x), 0), WICK_FLOAT64); }
static wick_tensor *g_sigmoid(wick_tensor *x) { return wick_mul(sigmoid(x), wick_sub(1, sigmoid(x))); }
static wick_tensor *g_tanh(wick_tensor *x) { return wick_sub(1, wick_pow(tanh_(x), 2)); }

int main(int argc, char **argv)
{
    cli args = cli_parse(argc, argv,
                         (cli){.name = "002_activations",
                               .about = "Activation functions and their gradients.",
                               .pictures = CLI_OPTIONAL});
    wick_on_error(cli_print_and_exit);
    WICK_SCOPE;
    wick_set_default_dtype(WICK_FLOAT64); /* as in NumPy */
    wick_tensor *x = wick_linspace(-4, 4, 1024);

    /* One plot of the functions and one of the gradients, which are autograd's here */
    if (args.pictures)
        wick_plot_activations(WICK_PLOT_FUNCTIONS({"ReLU(x)", relu}, {"σ(x)", sigmoid}, {"tanh(x)", tanh_}),
                              cli_picture(&args, "functions.png"), .low = -4, .high = 4);

    /* What the two plots show, at each hundredth point */
    const struct {
        const char *name;
        wick_tensor *values; /* (1024) */
    } curves[] = {{"relu", relu(x)},     {"sigmoid", sigmoid(x)},     {"tanh", tanh_(x)},
                  {"g_relu", g_relu(x)}, {"g_sigmoid", g_sigmoid(x)}, {"g_tanh", g_tanh(x)}};
    for (int i = 0; i < 1024; i += 100) {
        printf("x=%.6f", wick_get(x, i));
        for (size_t k = 0; k < sizeof curves / sizeof *curves; k++)
            printf(" %s=%.6f", curves[k].name, wick_get(curves[k].values, i));
        putchar('\n');
    }
    return 0;
}
