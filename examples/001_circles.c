/* 001_circles.c - document 001, "How to train Multilayer Perceptron in PyTorch": an MLP with dropout learns which points of the
 * plane lie outside a circle; it is evaluated on points that it has not seen, drawn, saved to mlp_model.pth and loaded again.
 * The document's "Advanced Techniques" are options: --scheduler, --init, --early-stopping. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <wick/wick.h>

/* Create synthetic data: X_train, y_train, X_test, y_test */
static wick_list *generate_data(int n_samples)
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

    /* Split into train and test: X[:train_size], y[:train_size], X[train_size:], y[train_size:] */
    int train_size = n_samples * 8 / 10;
    return wick_out(wick_list_of(wick_slice(X, 0, .end = train_size), wick_slice(y, 0, .end = train_size),
                                 wick_slice(X, 0, .start = train_size), wick_slice(y, 0, .start = train_size)));
}

/* ---- class MLP(nn.Module) ---------------------------------------------------------------------------------------- */

static wick_tensor *MLP_forward(wick_module *self, wick_tensor *x)
{
    return wick_nn_forward(wick_nn_get_module(self, "model"), x); /* self.model(x) */
}

static wick_module *MLP(int input_size, const int64_t *hidden_sizes, int hidden_count, int output_size,
                        double dropout_rate)
{
    wick_module *self = wick_nn_module("MLP", .forward = MLP_forward);

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

    wick_nn_register_module(self, "model", layers); /* self.model = nn.Sequential(*layers) */
    return self;
}

/* ---- Training and evaluation ------------------------------------------------------------------------------------- */

/* "Training code as before": one epoch of the loop in train_model. Returns epoch_loss. */
static double train_epoch(wick_module *model, wick_loader *train_loader, wick_module *criterion, wick_optim *optimizer)
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
    return running_loss / (double)wick_data_count(wick_data_loader_dataset(train_loader));
}

/* Returns train_losses. */
static wick_series *train_model(wick_module *model, wick_loader *train_loader, wick_module *criterion,
                                wick_optim *optimizer, int num_epochs)
{
    /* Lists to store metrics */
    wick_series *train_losses = wick_series_new();

    /* Training loop */
    for (int epoch = 0; epoch < num_epochs; epoch++) {
        double epoch_loss = train_epoch(model, train_loader, criterion, optimizer);
        wick_series_append(train_losses, epoch_loss);

        /* Print progress */
        if ((epoch + 1) % 10 == 0)
            printf("Epoch %d/%d, Loss: %.4f\n", epoch + 1, num_epochs, epoch_loss);
    }
    return train_losses;
}

/* Returns avg_loss, and the accuracy in *accuracy. */
static double evaluate_model(wick_module *model, wick_loader *test_loader, wick_module *criterion, double *accuracy)
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
    *accuracy = correct / total;
    return test_loss / (double)wick_data_count(wick_data_loader_dataset(test_loader));
}

/* ---- Advanced techniques ----------------------------------------------------------------------------------------- */

/* Modify training loop to use scheduler */
static void train_with_scheduler(wick_module *model, wick_loader *train_loader, wick_module *criterion,
                                 wick_optim *optimizer, wick_scheduler *scheduler, int num_epochs)
{
    for (int epoch = 0; epoch < num_epochs; epoch++) {
        double epoch_loss = train_epoch(model, train_loader, criterion, optimizer);

        /* Add scheduler step after each epoch */
        wick_lr_step_metric(scheduler, epoch_loss);

        printf("Epoch %d/%d, Loss: %.4f, lr: %s\n", epoch + 1, num_epochs, epoch_loss,
               wick_repr(wick_optim_get(optimizer, 0, "lr")));
    }
}

/* Custom weight initialization. wick_nn_apply passes what it was given as context, which is not needed here. */
static void init_weights(wick_module *m, void *context)
{
    (void)context;
    if (strcmp(wick_nn_name(m), "Linear") == 0) { /* type(m) == nn.Linear */
        wick_init_xavier_uniform_(wick_nn_get(m, "weight"));
        wick_fill_(wick_detach(wick_nn_get(m, "bias")), 0.01); /* m.bias.data.fill_(0.01) */
    }
}

/* Returns the losses of each epoch, in training and in validation. */
static wick_series *train_with_early_stopping(wick_module *model, wick_loader *train_loader, wick_loader *val_loader,
                                              wick_module *criterion, wick_optim *optimizer, int patience,
                                              int num_epochs)
{
    double best_val_loss = INFINITY, accuracy;
    int counter = 0;
    wick_series *losses = wick_series_new();

    for (int epoch = 0; epoch < num_epochs; epoch++) {
        WICK_SCOPE;
        double epoch_loss = train_epoch(model, train_loader, criterion, optimizer);

        /* Validation after each epoch */
        double val_loss = evaluate_model(model, val_loader, criterion, &accuracy);
        printf("Epoch %d/%d, Loss: %.4f, Validation Loss: %.4f\n", epoch + 1, num_epochs, epoch_loss, val_loss);
        wick_series_append(losses, epoch_loss, val_loss);

        /* Check if validation loss improved */
        if (val_loss < best_val_loss) {
            best_val_loss = val_loss;
            counter = 0;
            /* Save best model */
            wick_save(wick_nn_state_dict(model), "best_model.pth");
        } else {
            counter += 1;
        }

        /* Check early stopping condition */
        if (counter >= patience) {
            printf("Early stopping at epoch %d\n", epoch + 1);
            break;
        }
    }
    return losses;
}

/* ---- The document, from top to bottom ---------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
    int epochs = 100;
    uint64_t seed = 0;
    bool scheduled = false, init = false, early_stopping = false;
    const char *pictures = NULL;
    wick_parse_args(argc, argv, "Learns which points of the plane lie outside a circle.",
                    WICK_ARG("--epochs N", &epochs, .least = 1), WICK_ARG("--seed N", &seed),
                    WICK_ARG("--scheduler", &scheduled), WICK_ARG("--init", &init),
                    WICK_ARG("--early-stopping", &early_stopping), WICK_ARG("--pictures DIR", &pictures));
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(seed);
    WICK_SCOPE;

    wick_tensor *X_train, *y_train, *X_test, *y_test; /* (0.8 n, 2), (0.8 n, 1), (0.2 n, 2), (0.2 n, 1) */
    wick_list_unpack(generate_data(1000), &X_train, &y_train, &X_test, &y_test);

    /* Create DataLoader for batch processing */
    wick_dataset *train_dataset = wick_data_tensor_dataset(X_train, y_train);
    wick_dataset *test_dataset = wick_data_tensor_dataset(X_test, y_test);

    wick_loader *train_loader = wick_data_loader(train_dataset, .batch_size = 32, .shuffle = true);
    wick_loader *test_loader = wick_data_loader(test_dataset, .batch_size = 32);

    /* Define model hyperparameters */
    const int input_size = 2;                /* Our data has 2 features */
    const int64_t hidden_sizes[] = {64, 32}; /* Two hidden layers with 64 and 32 neurons */
    const int output_size = 1;               /* Binary classification (single output with sigmoid) */

    /* Create the model */
    wick_module *model = MLP(input_size, hidden_sizes, 2, output_size, 0.2);
    wick_nn_print(model);

    /* Define loss function and optimizer */
    wick_module *criterion = wick_nn_bce_loss(); /* Binary Cross Entropy Loss */
    wick_optim *optimizer = wick_optim_adam(wick_nn_parameters(model), .lr = 0.001);

    if (scheduled) {
        /* Define a learning rate scheduler */
        wick_scheduler *scheduler = wick_lr_reduce_on_plateau(optimizer, "min", .patience = 5, .factor = 0.5);
        train_with_scheduler(model, train_loader, criterion, optimizer, scheduler, epochs);
    } else if (early_stopping) {
        /* The test data take the place of validation data, which the document does not make. */
        wick_series *losses =
            train_with_early_stopping(model, train_loader, test_loader, criterion, optimizer, 10, epochs);
        wick_tensor *both = wick_series_tensor(losses); /* (epochs, 2) */
        if (pictures)                                   /* "This is what we get": training and validation loss */
            wick_plot_curves(WICK_PLOT_SERIES({"Training Loss", wick_select(both, 1, 0)},
                                              {"Validation Loss", wick_select(both, 1, 1)}),
                             wick_format("%s/001_circles_early_stopping_losses.png", pictures),
                             .title = "Training and Validation Loss", .xlabel = "Epochs", .ylabel = "Loss");
    } else {
        /* Apply to model */
        if (init)
            wick_nn_apply(model, init_weights, NULL);

        /* Train the model */
        wick_series *train_losses = train_model(model, train_loader, criterion, optimizer, epochs);

        /* Evaluate the model */
        if (!init) {
            double test_accuracy, test_loss = evaluate_model(model, test_loader, criterion, &test_accuracy);
            printf("Test Loss: %.4f\n", test_loss);
            printf("Test Accuracy: %.4f\n", test_accuracy);
        }

        /* Plot training loss: the first ten points of the curve as numbers, and the picture if one is wanted */
        for (int epoch = 0; epoch < epochs && epoch < 10; epoch++)
            printf("train_losses[%d] = %.4f\n", epoch, wick_series_get(train_losses, epoch));
        if (pictures) {
            wick_plot_curves(WICK_PLOT_SERIES({"Training Loss", wick_series_tensor(train_losses)}),
                             wick_format("%s/001_circles_training_loss.png", pictures),
                             .title = "Training Loss Over Epochs", .xlabel = "Epochs", .ylabel = "Loss", .legend = true,
                             .figsize = {10, 5});

            /* Plot decision boundary */
            wick_tensor *X_all = wick_cat(wick_list_of(X_train, X_test), 0);
            wick_tensor *y_all = wick_cat(wick_list_of(y_train, y_test), 0);
            wick_plot_decision_boundary(
                model, X_all, y_all, wick_format("%s/001_circles_decision_boundary.png", pictures),
                .title = "Decision Boundary", .xlabel = "Feature 1", .ylabel = "Feature 2", .figsize = {10, 8});
        }
    }

    /* Save the model */
    wick_save(wick_nn_state_dict(model), "mlp_model.pth");

    /* Load the model (for later use) */
    wick_module *loaded_model = MLP(input_size, hidden_sizes, 2, output_size, 0.2);
    wick_nn_load_state_dict(loaded_model, wick_load("mlp_model.pth"));
    wick_nn_eval(loaded_model); /* Set to evaluation mode */
}
