/* 004_fashion_scratch.c - document 004, "Multilayer Perceptrons Implementation from Scratch": one hidden layer, softmax,
 * cross-entropy and gradient descent written with tensors alone, without modules or optimizers, trained on Fashion-MNIST. At
 * the end it saves the parameters to fashion_scratch.pth, which the document does not. */
#include <math.h>
#include <stdio.h>
#include <wick/wick.h>

/* Weights and biases of the hidden layer and of the output layer: W1 (num_inputs, num_hiddens), b1 (num_hiddens),
 * W2 (num_hiddens, num_outputs), b2 (num_outputs). */
static wick_list *init_params(int num_inputs, int num_outputs, int num_hiddens)
{
    wick_tensor *W1 = wick_normal(0, 0.01, num_inputs, num_hiddens, .requires_grad = true);
    wick_tensor *b1 = wick_zeros(num_hiddens, .requires_grad = true);
    wick_tensor *W2 = wick_normal(0, 0.01, num_hiddens, num_outputs, .requires_grad = true);
    wick_tensor *b2 = wick_zeros(num_outputs, .requires_grad = true);
    return wick_list_of(W1, b1, W2, b2);
}

/* ReLU, element-wise. */
static wick_tensor *relu(wick_tensor *X) { return wick_maximum(wick_zeros_like(X), X); } /* torch.max(A, X) */

/* X (num_samples, 1, 28, 28) -> (num_samples, num_outputs) */
static wick_tensor *mlp(wick_tensor *X, wick_list *params)
{
    wick_tensor *W1, *b1, *W2, *b2;
    wick_list_unpack(params, &W1, &b1, &W2, &b2);
    wick_tensor *H1 = relu(wick_add(wick_matmul(wick_reshape(X, -1, wick_size(W1, 0)), W1), b1));
    return wick_add(wick_matmul(H1, W2), b2);
}

/* Softmax of each row of X (num_samples, num_classes). */
static wick_tensor *softmax(wick_tensor *X)
{
    wick_tensor *X_exp = wick_exp(X);
    wick_tensor *partition = wick_sum(X_exp, 1, .keepdim = true); /* (num_samples, 1) */
    return wick_div(X_exp, partition);
}

/* Probabilities y_hat (num_samples, num_classes) and labels y (num_samples) -> (). */
static wick_tensor *cross_entropy_loss(wick_tensor *y_hat, wick_tensor *y)
{
    /* -torch.mean(torch.log(y_hat[range(len(y_hat)), y])) */
    wick_tensor *range = wick_arange(wick_size(y_hat, 0));
    return wick_neg(wick_mean(wick_log(wick_index(y_hat, wick_list_of(range, y)))));
}

/* Gradient descent. */
static void updater(wick_list *params, double lr)
{
    WICK_NO_GRAD;
    WICK_FOR_EACH (p, params) {
        wick_sub_(p, wick_mul(lr, wick_grad_of(p))); /* p -= lr * p.grad */
        wick_zero_(wick_grad_of(p));                 /* Reset gradients */
    }
}

/* Images (batch_size, 1, 28, 28) and labels (batch_size), to train and to test. */
static void load_data_fashion_mnist(const char *root, int batch_size, wick_loader **train_iter, wick_loader **test_iter)
{
    *train_iter = wick_data_loader(wick_data_fashion_mnist(root, true), .batch_size = batch_size, .shuffle = true);
    *test_iter = wick_data_loader(wick_data_fashion_mnist(root, false), .batch_size = batch_size, .shuffle = false);
}

/* The number of correct predictions. */
static double accuracy(wick_tensor *y_hat, wick_tensor *y)
{
    return wick_item(wick_sum(wick_eq(wick_argmax(y_hat, .dim = 1), y))); /* float((y_pred == y).sum()) */
}

/* The accuracy of the model on the data. */
static double evaluate_accuracy(wick_loader *data_iter, wick_list *params)
{
    WICK_SCOPE;
    double acc_sum = 0.0, n = 0;
    wick_tensor *X, *y;
    WICK_FOR_EACH_BATCH (data_iter, &X, &y) {
        WICK_SCOPE;
        acc_sum += accuracy(softmax(mlp(X, params)), y);
        n += (double)wick_size(y, 0); /* len(y) */
    }
    return acc_sum / n;
}

static void train(wick_loader *train_iter,   /* Training data */
                  wick_loader *test_iter,    /* Test data */
                  wick_list *params,         /* Hidden layer and output layer parameters */
                  int num_epochs, double lr) /* Hyperparameters */
{
    for (int epoch = 0; epoch < num_epochs; epoch++) {
        WICK_SCOPE;
        double loss = NAN;  /* l.item(), of the last batch */
        wick_tensor *X, *y; /* (batch_size, 1, 28, 28), (batch_size) */
        WICK_FOR_EACH_BATCH (train_iter, &X, &y) {
            WICK_SCOPE;
            /* Forward pass */
            wick_tensor *y_hat = softmax(mlp(X, params));
            wick_tensor *l = cross_entropy_loss(y_hat, y);

            /* Backward pass */
            wick_backward(l);
            updater(params, lr);

            loss = wick_item(l);
        }

        /* Evaluate on test set */
        double eval_acc = evaluate_accuracy(test_iter, params);

        printf("Epoch %d, Loss: %.4f, Test Accuracy: %.4f\n", epoch + 1, loss, eval_acc);
    }
}

int main(int argc, char **argv)
{
    int num_epochs = 10; /* Number of epochs */
    uint64_t seed = 0;
    const char *root = NULL;
    wick_parse_args(
        argc, argv, "Learns Fashion-MNIST with an MLP made of tensors alone.",
        WICK_ARG("--data DIR", &root, "with train-images-idx3-ubyte.gz and the other three", .required = true),
        WICK_ARG("--epochs N", &num_epochs, .least = 1), WICK_ARG("--seed N", &seed));
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(seed);
    WICK_SCOPE;

    const int num_inputs = 28 * 28, num_outputs = 10; /* Number of input features and output classes */
    const int num_hiddens = 256;                      /* Number of hidden units */

    const int batch_size = 256;                                            /* Number of samples per batch */
    const double lr = 0.1;                                                 /* Learning rate */
    wick_list *params = init_params(num_inputs, num_outputs, num_hiddens); /* Parameters */

    /* Load the data */
    wick_loader *train_iter, *test_iter;
    load_data_fashion_mnist(root, batch_size, &train_iter, &test_iter);

    /* Train the model */
    train(train_iter, test_iter, params, num_epochs, lr);

    wick_tensor *W1, *b1, *W2, *b2;
    wick_list_unpack(params, &W1, &b1, &W2, &b2);
    wick_save(wick_nn_dict_of({"W1", W1}, {"b1", b1}, {"W2", W2}, {"b2", b2}), "fashion_scratch.pth");
}
