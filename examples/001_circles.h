/* 001_circles.h - document 001, "How to train Multilayer Perceptron in PyTorch": what its programs share. Is a point inside
 * a circle or outside it? The data, an MLP with dropout, training in batches, and evaluation on points it has not seen. */
#ifndef WICK_EXAMPLES_001_CIRCLES_H
#define WICK_EXAMPLES_001_CIRCLES_H

#include <wick/wick.h>

#include "cli.h"

/* X_train, y_train, X_test, y_test */
typedef struct {
    wick_tensor *X_train, *y_train; /* (0.8 n_samples, 2), (0.8 n_samples, 1) */
    wick_tensor *X_test, *y_test;   /* (0.2 n_samples, 2), (0.2 n_samples, 1) */
} split;

/* Create synthetic data */
static inline split generate_data(int64_t n_samples)
{
    WICK_SCOPE;
    wick_numpy_seed(42);                             /* np.random.seed(42) */
    wick_tensor *X = wick_numpy_randn(n_samples, 2); /* float64, as NumPy's */

    /* Create non-linear decision boundary: y = (X[:, 0]**2 + X[:, 1]**2 > 1.5).astype(np.float32) */
    wick_tensor *X0 = wick_select(X, 1, 0), *X1 = wick_select(X, 1, 1);
    wick_tensor *y = wick_to(wick_gt(wick_add(wick_pow(X0, 2), wick_pow(X1, 2)), 1.5), WICK_FLOAT32);

    /* torch.FloatTensor(X), torch.FloatTensor(y).reshape(-1, 1) */
    X = wick_to(X, WICK_FLOAT32);
    y = wick_reshape(y, -1, 1);

    /* Split into train and test */
    int64_t train_size = n_samples * 8 / 10;
    return (split){.X_train = wick_out(wick_slice(X, 0, .end = train_size)),   /* X[:train_size] */
                   .y_train = wick_out(wick_slice(y, 0, .end = train_size)),   /* y[:train_size] */
                   .X_test = wick_out(wick_slice(X, 0, .start = train_size)),  /* X[train_size:] */
                   .y_test = wick_out(wick_slice(y, 0, .start = train_size))}; /* y[train_size:] */
}

/* ---- class MLP(nn.Module) ---------------------------------------------------------------------------------------- */

typedef struct {
    wick_module *model;
} MLP_fields;

static inline wick_tensor *MLP_forward(wick_module *m, wick_tensor *x)
{
    MLP_fields *self = wick_nn_fields(m);
    return wick_nn_forward(self->model, x);
}

static inline wick_module *MLP(int64_t input_size, const int64_t *hidden_sizes, int hidden_count, int64_t output_size,
                               double dropout_rate)
{
    WICK_SCOPE;
    wick_module *m = wick_nn_module("MLP", .forward = MLP_forward, .size = sizeof(MLP_fields));
    MLP_fields *self = wick_nn_fields(m);

    /* Input layer */
    wick_module *layers =
        wick_nn_sequential(wick_nn_linear(input_size, hidden_sizes[0]), wick_nn_relu(), wick_nn_dropout(dropout_rate));
    /* Hidden layers */
    for (int i = 0; i < hidden_count - 1; i++) {
        wick_nn_append(layers, wick_nn_linear(hidden_sizes[i], hidden_sizes[i + 1]));
        wick_nn_append(layers, wick_nn_relu());
        wick_nn_append(layers, wick_nn_dropout(dropout_rate));
    }
    /* Output layer */
    wick_nn_append(layers, wick_nn_linear(hidden_sizes[hidden_count - 1], output_size));
    wick_nn_append(layers, wick_nn_sigmoid()); /* For binary classification */

    self->model = wick_nn_register_module(m, "model", layers);
    return wick_out(m);
}

/* ---- Model initialization ---------------------------------------------------------------------------------------- */

/* Define model hyperparameters */
static const int64_t input_size = 2;            /* Our data has 2 features */
static const int64_t hidden_sizes[] = {64, 32}; /* Two hidden layers with 64 and 32 neurons */
static const int64_t output_size = 1;           /* Binary classification (single output with sigmoid) */

/* The variables at the top level of the document's listings. */
typedef struct {
    split data;
    wick_loader *train_loader, *test_loader;
    wick_module *model, *criterion;
    wick_optim *optimizer;
} circles;

/* Runs them. What it makes belongs to the scope of the caller. */
static inline circles circles_setup(uint64_t seed)
{
    wick_manual_seed(seed);
    circles c;
    c.data = generate_data(1000);

    /* Create DataLoader for batch processing */
    wick_dataset *train_dataset = wick_data_tensor_dataset(c.data.X_train, c.data.y_train);
    wick_dataset *test_dataset = wick_data_tensor_dataset(c.data.X_test, c.data.y_test);

    c.train_loader = wick_data_loader(train_dataset, .batch_size = 32, .shuffle = true);
    c.test_loader = wick_data_loader(test_dataset, .batch_size = 32);

    /* Create the model */
    c.model = MLP(input_size, hidden_sizes, 2, output_size, 0.2);
    wick_nn_print(c.model);

    /* Define loss function and optimizer */
    c.criterion = wick_nn_bce_loss(); /* Binary Cross Entropy Loss */
    c.optimizer = wick_optim_adam(wick_nn_parameters(c.model), .lr = 0.001);
    return c;
}

/* ---- Training and evaluation ------------------------------------------------------------------------------------- */

/* "Training code as before": one epoch of the loop in train_model. Returns epoch_loss. */
static inline double train_epoch(wick_module *model, wick_loader *train_loader, wick_module *criterion,
                                 wick_optim *optimizer)
{
    WICK_SCOPE;
    wick_nn_train(model); /* Set model to training mode */
    double running_loss = 0.0;

    wick_tensor *inputs, *targets; /* (N, 2), (N, 1) */
    WICK_FOR_EACH_BATCH (train_loader, &inputs, &targets) {
        WICK_SCOPE;
        /* Zero the parameter gradients */
        wick_optim_zero_grad(optimizer);

        /* Forward pass */
        wick_tensor *outputs = wick_nn_forward(model, inputs); /* (N, 1) */
        wick_tensor *loss = wick_nn_forward(criterion, outputs, targets);

        /* Backward pass and optimize */
        wick_backward(loss);
        wick_optim_step(optimizer);

        running_loss += wick_item(loss) * (double)wick_size(inputs, 0);
    }

    /* Calculate epoch loss: running_loss / len(train_loader.dataset) */
    return running_loss / (double)wick_data_length(wick_data_loader_dataset(train_loader));
}

/* Returns train_losses (num_epochs). */
static inline wick_tensor *train_model(wick_module *model, wick_loader *train_loader, wick_module *criterion,
                                       wick_optim *optimizer, int num_epochs)
{
    /* To store metrics: a tensor of known length for Python's list */
    wick_tensor *train_losses = wick_zeros(num_epochs, .dtype = WICK_FLOAT64);

    /* Training loop */
    for (int epoch = 0; epoch < num_epochs; epoch++) {
        double epoch_loss = train_epoch(model, train_loader, criterion, optimizer);
        wick_set(train_losses, epoch_loss, epoch); /* train_losses.append(epoch_loss) */

        /* Print progress */
        if ((epoch + 1) % 10 == 0)
            printf("Epoch %d/%d, Loss: %.4f\n", epoch + 1, num_epochs, epoch_loss);
    }
    return train_losses;
}

/* The pair that evaluate_model returns: avg_loss, accuracy */
typedef struct {
    double loss, accuracy;
} evaluation;

static inline evaluation evaluate_model(wick_module *model, wick_loader *test_loader, wick_module *criterion)
{
    WICK_SCOPE;
    wick_nn_eval(model); /* Set model to evaluation mode */
    double test_loss = 0.0, correct = 0, total = 0;

    /* No gradient calculation needed for evaluation */
    WICK_NO_GRAD;
    wick_tensor *inputs, *targets;
    WICK_FOR_EACH_BATCH (test_loader, &inputs, &targets) {
        WICK_SCOPE;
        /* Forward pass */
        wick_tensor *outputs = wick_nn_forward(model, inputs);

        /* Calculate loss */
        wick_tensor *loss = wick_nn_forward(criterion, outputs, targets);
        test_loss += wick_item(loss) * (double)wick_size(inputs, 0);

        /* Calculate accuracy: (predicted == targets).sum().item() */
        wick_tensor *predicted = wick_to(wick_gt(outputs, 0.5), WICK_FLOAT32);
        total += (double)wick_size(targets, 0);
        correct += wick_item(wick_sum(wick_eq(predicted, targets)));
    }

    /* Calculate metrics */
    return (evaluation){.loss = test_loss / (double)wick_data_length(wick_data_loader_dataset(test_loader)),
                        .accuracy = correct / total};
}

#endif
