/* 003_torch_mlp.c - document 003, "PyTorch Version": the network of 003_numpy_mlp.c as a module, with autograd, a loader and
 * an optimizer. At the end it saves the parameters to torch_mlp.pth, which the document does not. */
#include <stdio.h>
#include <string.h>
#include <wick/wick.h>

/* ---- class TorchMLP(nn.Module) ----------------------------------------------------------------------------------- */

static wick_tensor *TorchMLP_forward(wick_module *self, wick_tensor *x)
{
    return wick_nn_forward(wick_nn_get_module(self, "net"), x); /* self.net(x) */
}

static wick_module *TorchMLP(int64_t input_dim, int hidden_dim, int output_dim)
{
    wick_module *self = wick_nn_module("TorchMLP", .forward = TorchMLP_forward);
    wick_nn_register_module(self, "net",
                            wick_nn_sequential(wick_nn_linear(input_dim, hidden_dim), wick_nn_relu(),
                                               wick_nn_linear(hidden_dim, hidden_dim), wick_nn_relu(),
                                               wick_nn_linear(hidden_dim, output_dim)));
    return self;
}

/* ---- Training utilities ------------------------------------------------------------------------------------------ */

/* Returns the loss, and the accuracy in *acc. */
static double evaluate_model(wick_module *model, wick_module *criterion, wick_loader *data_loader, wick_device device,
                             double *acc)
{
    WICK_SCOPE;
    wick_nn_eval(model);
    double total_loss = 0.0, correct = 0, total = 0;
    WICK_NO_GRAD;
    wick_tensor *xb, *yb; /* (N, input_dim), (N) */
    WICK_FOR_EACH_BATCH (data_loader, &xb, &yb) {
        WICK_SCOPE;
        xb = wick_to(xb, device);
        yb = wick_to(yb, device);
        wick_tensor *logits = wick_nn_forward(model, xb);
        wick_tensor *loss = wick_nn_forward(criterion, logits, yb);
        total_loss += wick_item(loss) * (double)wick_size(xb, 0);
        wick_tensor *preds = wick_argmax(logits, .dim = 1);
        correct += wick_item(wick_sum(wick_eq(preds, yb)));
        total += (double)wick_size(xb, 0);
    }
    *acc = correct / total;
    return total_loss / total;
}

/* Returns history: epoch, train_loss, train_acc, val_loss, val_acc. */
static wick_series *train_model(wick_module *model, wick_module *criterion, wick_optim *optimizer,
                                wick_loader *train_loader, wick_loader *val_loader, int epochs, wick_device device)
{
    wick_series *history = wick_series_new();
    wick_nn_to(model, device);
    for (int epoch = 1; epoch <= epochs; epoch++) {
        WICK_SCOPE;
        wick_nn_train(model);
        double epoch_loss = 0.0, correct = 0, total = 0;
        wick_tensor *xb, *yb;
        WICK_FOR_EACH_BATCH (train_loader, &xb, &yb) {
            WICK_SCOPE;
            xb = wick_to(xb, device);
            yb = wick_to(yb, device);
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
        double train_loss = epoch_loss / total, train_acc = correct / total;
        double val_acc, val_loss = evaluate_model(model, criterion, val_loader, device, &val_acc);
        wick_series_append(history, epoch, train_loss, train_acc, val_loss, val_acc);
        printf("Epoch %02d: train_loss=%.4f train_acc=%.4f val_loss=%.4f val_acc=%.4f\n", epoch, train_loss, train_acc,
               val_loss, val_acc);
    }
    return history;
}

int main(int argc, char **argv)
{
    int epochs = 50;
    uint64_t seed = 8;
    const char *train_file = NULL, *test_file = NULL, *data = ".", *set = "optdigits";
    wick_parse_args(argc, argv, "Learns classes of rows of a table, with modules, autograd and an optimizer.",
                    WICK_ARG("--train FILE", &train_file, "the class stands in its first column"),
                    WICK_ARG("--test FILE", &test_file),
                    WICK_ARG("--data DIR", &data, "without these, of public tables"),
                    WICK_ARG("--set NAME", &set, "optdigits or winequality-red"),
                    WICK_ARG("--epochs N", &epochs, .least = 1), WICK_ARG("--seed N", &seed));
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(seed); /* torch.manual_seed(8) */
    WICK_SCOPE;

    /* Load data and create train/validation/test splits. The class stands in the first column. */
    wick_tensor *train_data, *test_data;
    int train_cutoff = 4000;
    if (train_file) {
        train_data = wick_data_loadtxt(train_file, .delimiter = ",");
        test_data = wick_data_loadtxt(test_file, .delimiter = ",");
    } else if (strcmp(set, "winequality-red") == 0) { /* public tables, of which the last column becomes the first */
        train_cutoff = 1280;
        train_data = wick_roll(wick_data_loadtxt(wick_format("%s/%s.csv", data, set), .delimiter = ","), 1, 1);
        wick_sub_(wick_select(train_data, 1, 0), 3); /* quality 3 is class 0 */
        test_data = wick_slice(train_data, 0, .start = 1440);
        train_data = wick_slice(train_data, 0, .end = 1440);
    } else {
        train_cutoff = 3520;
        train_data = wick_roll(wick_data_loadtxt(wick_format("%s/%s.tra", data, set), .delimiter = ","), 1, 1);
        test_data = wick_roll(wick_data_loadtxt(wick_format("%s/%s.tes", data, set), .delimiter = ","), 1, 1);
    }

    wick_tensor *y_train_full = wick_to(wick_select(train_data, 1, 0), WICK_INT64); /* [:, 0].astype(int) */
    wick_tensor *X_train_full = wick_slice(train_data, 1, .start = 1);              /* [:, 1:] */

    wick_tensor *y_test = wick_to(wick_select(test_data, 1, 0), WICK_INT64);
    wick_tensor *X_test = wick_slice(test_data, 1, .start = 1);

    wick_tensor *X_train_raw = wick_slice(X_train_full, 0, .end = train_cutoff); /* [:train_cutoff] */
    wick_tensor *y_train = wick_slice(y_train_full, 0, .end = train_cutoff);
    wick_tensor *X_val_raw = wick_slice(X_train_full, 0, .start = train_cutoff); /* [train_cutoff:] */
    wick_tensor *y_val = wick_slice(y_train_full, 0, .start = train_cutoff);

    /* NumPy's std divides by n: .correction = 0 */
    wick_tensor *mean = wick_mean(X_train_raw, .dim = 0, .keepdim = true);
    wick_tensor *std = wick_add(wick_std(X_train_raw, .dim = 0, .correction = 0, .keepdim = true), 1e-8);

    wick_tensor *X_train_std = wick_div(wick_sub(X_train_raw, mean), std);
    wick_tensor *X_val_std = wick_div(wick_sub(X_val_raw, mean), std);
    wick_tensor *X_test_std = wick_div(wick_sub(X_test, mean), std);

    wick_tensor *X_train_tensor = wick_to(X_train_std, WICK_FLOAT32);
    wick_tensor *X_val_tensor = wick_to(X_val_std, WICK_FLOAT32);
    wick_tensor *X_test_tensor = wick_to(X_test_std, WICK_FLOAT32);

    const int batch_size = 64;
    wick_dataset *train_dataset = wick_data_tensor_dataset(X_train_tensor, y_train);
    wick_dataset *val_dataset = wick_data_tensor_dataset(X_val_tensor, y_val);
    wick_dataset *test_dataset = wick_data_tensor_dataset(X_test_tensor, y_test);

    wick_loader *train_loader = wick_data_loader(train_dataset, .batch_size = batch_size, .shuffle = true);
    wick_loader *val_loader = wick_data_loader(val_dataset, .batch_size = batch_size);
    wick_loader *test_loader = wick_data_loader(test_dataset, .batch_size = batch_size);

    const long long input_dim = wick_size(X_train_tensor, 1);
    const int num_classes = (int)wick_item_int(wick_max(y_train_full)) + 1; /* 2 in the document */

    /* Train the PyTorch model with the same hyperparameters as the custom implementation */
    wick_device device = wick_cuda_is_available() ? wick_cuda(0) : wick_cpu();

    const int hidden_units = 64;
    const double learning_rate = 0.1;

    wick_module *model = TorchMLP(input_dim, hidden_units, num_classes);
    wick_module *criterion = wick_nn_cross_entropy_loss();
    wick_optim *optimizer = wick_optim_sgd(wick_nn_parameters(model), .lr = learning_rate);

    wick_series *pytorch_history = train_model(model, criterion, optimizer, train_loader, val_loader, epochs, device);
    (void)pytorch_history; /* which the document does not use either */

    double pytorch_val_acc, pytorch_val_loss = evaluate_model(model, criterion, val_loader, device, &pytorch_val_acc);
    double pytorch_test_acc,
        pytorch_test_loss = evaluate_model(model, criterion, test_loader, device, &pytorch_test_acc);

    printf("PyTorch validation accuracy: %.4f, loss: %.4f\n", pytorch_val_acc, pytorch_val_loss);
    printf("PyTorch test accuracy: %.4f, loss: %.4f\n", pytorch_test_acc, pytorch_test_loss);

    wick_save(wick_nn_state_dict(model), "torch_mlp.pth");
}
