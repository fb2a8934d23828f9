/* 003_torch_mlp.c - document 003, "PyTorch Version": the network of 003_numpy_mlp.c as a module, with autograd, a loader and
 * an optimizer. At the end it saves the parameters to torch_mlp.pth, which the document does not. */
#include "003_tabular.h"

/* ---- class TorchMLP(nn.Module) ----------------------------------------------------------------------------------- */

typedef struct {
    wick_module *net;
} TorchMLP_fields;

static wick_tensor *TorchMLP_forward(wick_module *m, wick_tensor *x)
{
    TorchMLP_fields *self = wick_nn_fields(m);
    return wick_nn_forward(self->net, x);
}

static wick_module *TorchMLP(int64_t input_dim, int64_t hidden_dim, int64_t output_dim)
{
    wick_module *m = wick_nn_module("TorchMLP", .forward = TorchMLP_forward, .size = sizeof(TorchMLP_fields));
    TorchMLP_fields *self = wick_nn_fields(m);
    self->net = wick_nn_register_module(m, "net",
                                        wick_nn_sequential(wick_nn_linear(input_dim, hidden_dim), wick_nn_relu(),
                                                           wick_nn_linear(hidden_dim, hidden_dim), wick_nn_relu(),
                                                           wick_nn_linear(hidden_dim, output_dim)));
    return m;
}

/* ---- Training utilities ------------------------------------------------------------------------------------------ */

/* The pair that evaluate_model returns */
typedef struct {
    double loss, acc;
} evaluation;

/* There is one device, so nothing is moved to it. */
static evaluation evaluate_model(wick_module *model, wick_module *criterion, wick_loader *data_loader)
{
    WICK_SCOPE;
    wick_nn_eval(model);
    double total_loss = 0.0, correct = 0, total = 0;
    WICK_NO_GRAD;
    wick_tensor *xb, *yb; /* (N, input_dim), (N) */
    WICK_FOR_EACH_BATCH (data_loader, &xb, &yb) {
        WICK_SCOPE;
        wick_tensor *logits = wick_nn_forward(model, xb);
        wick_tensor *loss = wick_nn_forward(criterion, logits, yb);
        total_loss += wick_item(loss) * (double)wick_size(xb, 0);
        wick_tensor *preds = wick_argmax(logits, .dim = 1);
        correct += wick_item(wick_sum(wick_eq(preds, yb)));
        total += (double)wick_size(xb, 0);
    }
    return (evaluation){total_loss / total, correct / total};
}

/* Returns history (epochs, 5), a tensor of known length for Python's list of tuples. */
static wick_tensor *train_model(wick_module *model, wick_module *criterion, wick_optim *optimizer,
                                wick_loader *train_loader, wick_loader *val_loader, int epochs)
{
    wick_tensor *history = wick_zeros(epochs, 5, .dtype = WICK_FLOAT64);
    for (int epoch = 1; epoch <= epochs; epoch++) {
        WICK_SCOPE;
        wick_nn_train(model);
        double epoch_loss = 0.0, correct = 0, total = 0;
        wick_tensor *xb, *yb;
        WICK_FOR_EACH_BATCH (train_loader, &xb, &yb) {
            WICK_SCOPE;
            wick_optim_zero_grad(optimizer);
            wick_tensor *logits = wick_nn_forward(model, xb);
            wick_tensor *loss = wick_nn_forward(criterion, logits, yb);
            wick_backward(loss);
            wick_optim_step(optimizer);
            epoch_loss += wick_item(loss) * (double)wick_size(xb, 0);
            wick_tensor *preds = wick_argmax(logits, .dim = 1);
            correct += wick_item(wick_sum(wick_eq(preds, yb)));
            total += (double)wick_size(xb, 0);
        }
        double train_loss = epoch_loss / total;
        double train_acc = correct / total;
        evaluation val = evaluate_model(model, criterion, val_loader);
        wick_copy_(wick_select(history, 0, epoch - 1),
                   wick_from(((double[]){epoch, train_loss, train_acc, val.loss, val.acc}), 5));
        printf("Epoch %02d: train_loss=%.4f train_acc=%.4f val_loss=%.4f val_acc=%.4f\n", epoch, train_loss, train_acc,
               val.loss, val.acc);
    }
    return history;
}

int main(int argc, char **argv)
{
    cli args = cli_parse(argc, argv,
                         (cli){.name = "003_torch_mlp",
                               .about = "Learns classes of rows of a table, with modules, autograd and an optimizer.",
                               .files = "optdigits.tra, optdigits.tes and winequality-red.csv",
                               .epochs = 50,
                               .seed = 8,
                               .data = CLI_REQUIRED,
                               .out = ".",
                               .pictures = CLI_OPTIONAL,
                               .set = "optdigits"});
    wick_on_error(cli_print_and_exit);
    wick_manual_seed(args.seed);
    WICK_SCOPE;

    tabular data = load_data(&args);
    wick_tensor *X_train_tensor = wick_to(data.X_train_std, WICK_FLOAT32);
    wick_tensor *X_val_tensor = wick_to(data.X_val_std, WICK_FLOAT32);
    wick_tensor *X_test_tensor = wick_to(data.X_test_std, WICK_FLOAT32);

    const int64_t batch_size = 64;
    wick_dataset *train_dataset = wick_data_tensor_dataset(X_train_tensor, data.y_train);
    wick_dataset *val_dataset = wick_data_tensor_dataset(X_val_tensor, data.y_val);
    wick_dataset *test_dataset = wick_data_tensor_dataset(X_test_tensor, data.y_test);

    wick_loader *train_loader = wick_data_loader(train_dataset, .batch_size = batch_size, .shuffle = true);
    wick_loader *val_loader = wick_data_loader(val_dataset, .batch_size = batch_size);
    wick_loader *test_loader = wick_data_loader(test_dataset, .batch_size = batch_size);

    const int64_t input_dim = wick_size(X_train_tensor, 1);

    /* Train the PyTorch model with the same hyperparameters as the custom implementation */
    const int64_t hidden_units = 64;
    const double learning_rate = 0.1;

    wick_module *model = TorchMLP(input_dim, hidden_units, data.num_classes);
    wick_module *criterion = wick_nn_cross_entropy_loss();
    wick_optim *optimizer = wick_optim_sgd(wick_nn_parameters(model), .lr = learning_rate);

    wick_tensor *pytorch_history = train_model(model, criterion, optimizer, train_loader, val_loader, args.epochs);

    evaluation pytorch_val = evaluate_model(model, criterion, val_loader);
    evaluation pytorch_test = evaluate_model(model, criterion, test_loader);

    printf("PyTorch validation accuracy: %.4f, loss: %.4f\n", pytorch_val.acc, pytorch_val.loss);
    printf("PyTorch test accuracy: %.4f, loss: %.4f\n", pytorch_test.acc, pytorch_test.loss);

    if (args.pictures) {
        wick_tensor *epoch = wick_select(pytorch_history, 1, 0);
        wick_tensor *train_loss = wick_select(pytorch_history, 1, 1), *train_acc = wick_select(pytorch_history, 1, 2);
        wick_tensor *val_loss = wick_select(pytorch_history, 1, 3), *val_acc = wick_select(pytorch_history, 1, 4);
        wick_plot_curves(WICK_PLOT_SERIES({"training", train_loss}, {"validation", val_loss}),
                         cli_picture(&args, "loss.png"), .x = epoch, .title = "PyTorch version: loss",
                         .xlabel = "Epoch", .ylabel = "Loss");
        wick_plot_curves(WICK_PLOT_SERIES({"training", train_acc}, {"validation", val_acc}),
                         cli_picture(&args, "accuracy.png"), .x = epoch, .title = "PyTorch version: accuracy",
                         .xlabel = "Epoch", .ylabel = "Accuracy");
    }

    wick_save(wick_nn_state_dict(model), cli_out_path(&args, "torch_mlp.pth"));
    return 0;
}
