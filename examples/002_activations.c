/* 002_activations.c - document 002, "Activation functions": ReLU, sigmoid and tanh with their gradients, as plain arrays of
 * float64. What the document draws is printed at each hundredth point, and drawn if that is wanted. */
#include <stdio.h>
#include <wick/wick.h>

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
    const char *pictures = NULL;
    wick_parse_args(argc, argv, "Activation functions and their gradients.", WICK_ARG("--pictures DIR", &pictures));
    wick_on_error(wick_print_and_exit);
    WICK_SCOPE;
    wick_set_default_dtype(WICK_FLOAT64); /* as in NumPy */
    wick_tensor *x = wick_linspace(-4, 4, 1024);

    /* One plot of the functions and one of the gradients, which are autograd's here */
    if (pictures)
        wick_plot_activations(WICK_PLOT_FUNCTIONS({"ReLU(x)", relu}, {"σ(x)", sigmoid}, {"tanh(x)", tanh_}),
                              wick_format("%s/002_activations_functions.png", pictures), .low = -4, .high = 4,
                              .figsize = {16, 5});

    /* What the two plots show, at each hundredth point */
    for (int i = 0; i < 1024; i += 100)
        printf("x=%.6f relu=%.6f sigmoid=%.6f tanh=%.6f g_relu=%.6f g_sigmoid=%.6f g_tanh=%.6f\n", wick_get(x, i),
               wick_get(relu(x), i), wick_get(sigmoid(x), i), wick_get(tanh_(x), i), wick_get(g_relu(x), i),
               wick_get(g_sigmoid(x), i), wick_get(g_tanh(x), i));
}
