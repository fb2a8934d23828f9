/* 002_numpy_mlp.c - document 002, "Two-layer MLP from scratch": gradients by hand, without autograd, on arrays of float64.
 * At the end it prints what the document draws, the losses, and saves the parameters to 002_numpy_mlp.pth. */
#include <stdio.h>
#include <wick/wick.h>

/* a.T */
static wick_tensor *T(wick_tensor *a) { return wick_t(a); }

int main(int argc, char **argv)
{
    int epochs = 250;
    unsigned seed = 0; /* NumPy's seeds have 32 bits */
    const char *pictures = NULL;
    wick_parse_args(argc, argv, "A two-layer MLP with its gradients written out, on random data.",
                    WICK_ARG("--epochs N", &epochs, .least = 1), WICK_ARG("--seed N", &seed),
                    WICK_ARG("--pictures DIR", &pictures));
    wick_on_error(wick_print_and_exit);
    wick_set_default_dtype(WICK_FLOAT64); /* as in NumPy */
    wick_numpy_seed(seed);                /* np.random.seed(0) */
    WICK_SCOPE;

    /* N: batch size, D_in: number of features */
    const int N = 64, D_in = 10;
    /* H: hidden-layer, D_out: output dimension */
    const int H = 100, D_out = 1;

    /* Random input data */
    wick_tensor *X = wick_numpy_randn(N, D_in);
    wick_tensor *y = wick_numpy_randn(N, D_out);

    /* Model weights and biases */
    const double wstd = 0.01;
    wick_tensor *W1 = wick_mul(wick_numpy_randn(H, D_in), wstd);
    wick_tensor *b1 = wick_add(wick_mul(wick_numpy_randn(H), wstd), 0.1);
    wick_tensor *W2 = wick_mul(wick_numpy_randn(D_out, H), wstd);
    wick_tensor *b2 = wick_add(wick_mul(wick_numpy_randn(D_out), wstd), 0.1);

    const double reg_lambda = 0.5;
    const double learning_rate = 1e-3;

    wick_series *losses = wick_series_new();
    for (int epoch = 0; epoch < epochs; epoch++) {
        WICK_SCOPE;
        /* Forward pass, hidden layer: A = relu(X W1 + b1), Shape: (N, H) */
        wick_tensor *Z = wick_add(wick_matmul(X, T(W1)), b1);
        wick_tensor *A = wick_maximum(Z, 0);

        /* Forward pass, output layer: Y_hat = A W2 + b2, Shape: (N, D_out) */
        wick_tensor *Y_hat = wick_add(wick_matmul(A, T(W2)), b2);

        /* Loss calculation (MSE) */
        wick_tensor *loss = wick_mean(wick_pow(wick_sub(Y_hat, y), 2));
        wick_series_append(losses, wick_item(loss));

        /* Backward pass:  Output layer */
        wick_tensor *d_Y_hat = wick_mul(1. / N, wick_sub(Y_hat, y)); /* (N, D_out) */
        wick_tensor *d_W2 = wick_matmul(T(d_Y_hat), A);              /* (D_out, H) */
        wick_tensor *d_A = wick_matmul(d_Y_hat, W2);                 /* (N, H) */
        wick_tensor *d_b2 = wick_sum(d_Y_hat, .dim = 0);             /* (D_out,) */

        /* Backward pass: Hidden layer */
        wick_tensor *d_Z = wick_mul(d_A, wick_to(wick_gt(Z, 0), WICK_FLOAT64)); /* (N, H) */
        wick_tensor *d_W1 = wick_matmul(T(d_Z), X);                             /* (H, D_in) */
        wick_tensor *d_b1 = wick_sum(d_Z, .dim = 0);                            /* (H,) */

        /* Backward pass: Regularization term */
        wick_add_(d_W2, wick_mul(reg_lambda, W2));
        wick_add_(d_W1, wick_mul(reg_lambda, W1));

        /* Gradient descent step */
        wick_sub_(W2, wick_mul(d_W2, learning_rate));
        wick_sub_(b2, wick_mul(d_b2, learning_rate));
        wick_sub_(W1, wick_mul(d_W1, learning_rate));
        wick_sub_(b1, wick_mul(d_b1, learning_rate));
        putchar('.');
    }

    /* What the plot shows, the losses, as numbers, and the plot if one is wanted */
    putchar('\n');
    for (int epoch = 0; epoch < epochs; epoch++)
        if (epoch < 10 || (epoch + 1) % 25 == 0)
            printf("losses[%d] = %.12f\n", epoch, wick_series_get(losses, epoch));
    if (pictures)
        wick_plot_curves(WICK_PLOT_SERIES({NULL, wick_series_tensor(losses)}),
                         wick_format("%s/002_numpy_mlp_losses.png", pictures), .xlabel = "Epoch", .ylabel = "MSE loss",
                         .figsize = {10, 5});

    wick_save(wick_nn_dict_of({"W1", W1}, {"b1", b1}, {"W2", W2}, {"b2", b2}), "002_numpy_mlp.pth");
}
