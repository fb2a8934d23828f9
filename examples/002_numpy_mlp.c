/* 002_numpy_mlp.c - document 002, "Two-layer MLP from scratch": gradients by hand, without autograd, on arrays of float64.
 * At the end it prints what the document draws, the losses, and saves the parameters to numpy_mlp.pth. */
#include <wick/wick.h>

#include "cli.h"

/* a.T */
static wick_tensor *T(wick_tensor *a) { return wick_t(a); }

int main(int argc, char **argv)
{
    cli args = cli_parse(argc, argv,
                         (cli){.name = "002_numpy_mlp",
                               .about = "A two-layer MLP with its gradients written out, on random data.",
                               .epochs = 250,
                               .out = ".",
                               .pictures = CLI_OPTIONAL});
    wick_on_error(cli_print_and_exit);
    wick_set_default_dtype(WICK_FLOAT64); /* as in NumPy */
    wick_numpy_seed((uint32_t)args.seed); /* np.random.seed(0) */
    WICK_SCOPE;

    /* N: batch size, D_in: number of features */
    const int64_t N = 64, D_in = 10;
    /* H: hidden-layer, D_out: output dimension */
    const int64_t H = 100, D_out = 1;

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

    wick_tensor *losses = wick_zeros(args.epochs);
    for (int epoch = 0; epoch < args.epochs; epoch++) {
        WICK_SCOPE;
        /* Forward pass, hidden layer: A = relu(X W1 + b1), Shape: (N, H) */
        wick_tensor *Z = wick_add(wick_matmul(X, T(W1)), b1);
        wick_tensor *A = wick_maximum(Z, 0);

        /* Forward pass, output layer: Y_hat = A W2 + b2, Shape: (N, D_out) */
        wick_tensor *Y_hat = wick_add(wick_matmul(A, T(W2)), b2);

        /* Loss calculation (MSE) */
        wick_tensor *loss = wick_mean(wick_pow(wick_sub(Y_hat, y), 2));
        wick_set(losses, wick_item(loss), epoch); /* losses.append(loss) */

        /* Backward pass:  Output layer */
        wick_tensor *d_Y_hat = wick_mul(1. / (double)N, wick_sub(Y_hat, y)); /* (N, D_out) */
        wick_tensor *d_W2 = wick_matmul(T(d_Y_hat), A);                      /* (D_out, H) */
        wick_tensor *d_A = wick_matmul(d_Y_hat, W2);                         /* (N, H) */
        wick_tensor *d_b2 = wick_sum(d_Y_hat, .dim = 0);                     /* (D_out,) */

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
    for (int epoch = 0; epoch < args.epochs; epoch++)
        if (epoch < 10 || (epoch + 1) % 25 == 0)
            printf("losses[%d] = %.12f\n", epoch, wick_get(losses, epoch));
    if (args.pictures)
        wick_plot_curves(WICK_PLOT_SERIES({NULL, losses}), cli_picture(&args, "losses.png"), .xlabel = "Epoch",
                         .ylabel = "MSE loss");

    wick_dict *parameters = wick_dict_new();
    wick_dict_set(parameters, "W1", W1);
    wick_dict_set(parameters, "b1", b1);
    wick_dict_set(parameters, "W2", W2);
    wick_dict_set(parameters, "b2", b2);
    wick_save(parameters, cli_out_path(&args, "numpy_mlp.pth"));
    return 0;
}
