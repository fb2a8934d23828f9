/* 003_numpy_mlp.c - document 003, "Custom Version": Linear, ReLU and CrossEntropy written by hand, each with its backward
 * pass, without autograd. float64, a column a sample, as in the document. At the end it saves the parameters to
 * numpy_mlp.pth, which the document does not. */
#include "003_tabular.h"

/* ---- class Linear ------------------------------------------------------------------------------------------------ */

/* What forward and backward leave in the fields of a layer belongs to the scope of the iteration that made it: the same
 * iteration uses it, and the next one makes it anew. */
typedef struct {
    wick_tensor *W, *b;   /* (out_features, in_features), (out_features, 1) */
    wick_tensor *x;       /* (in_features, N), of the last forward */
    wick_tensor *dW, *db; /* of the last backward */
} Linear;

static Linear Linear_init(int64_t in_features, int64_t out_features)
{
    return (Linear){.W = wick_mul(wick_numpy_randn(out_features, in_features), sqrt(2.0 / (double)in_features)),
                    .b = wick_zeros(out_features, 1)};
}

static wick_tensor *Linear_forward(Linear *self, wick_tensor *x)
{
    self->x = x;
    return wick_add(wick_matmul(self->W, x), self->b);
}

static wick_tensor *Linear_backward(Linear *self, wick_tensor *grad_output)
{
    int64_t batch_size = wick_size(grad_output, 1);
    self->dW = wick_div(wick_matmul(grad_output, wick_t(self->x)), batch_size);
    self->db = wick_div(wick_sum(grad_output, .dim = 1, .keepdim = true), batch_size);
    return wick_matmul(wick_t(self->W), grad_output);
}

/* ---- class ReLU -------------------------------------------------------------------------------------------------- */

typedef struct {
    wick_tensor *mask;
} ReLU;

static wick_tensor *ReLU_forward(ReLU *self, wick_tensor *x)
{
    self->mask = wick_gt(x, 0);
    return wick_maximum(0, x);
}

static wick_tensor *ReLU_backward(ReLU *self, wick_tensor *grad_output) { return wick_mul(grad_output, self->mask); }

/* ---- class CrossEntropy ------------------------------------------------------------------------------------------ */

typedef struct {
    wick_tensor *probs, *labels; /* (num_classes, N) */
} CrossEntropy;

static double CrossEntropy_forward(CrossEntropy *self, wick_tensor *logits, wick_tensor *labels)
{
    wick_tensor *shifted = wick_sub(logits, wick_max(logits, .dim = 0, .keepdim = true));
    wick_tensor *exp_scores = wick_exp(shifted);
    wick_tensor *probs = wick_div(exp_scores, wick_sum(exp_scores, .dim = 0, .keepdim = true));
    self->probs = probs;
    self->labels = labels;
    return -wick_item(wick_sum(wick_mul(labels, wick_log(wick_add(probs, 1e-15))))) / (double)wick_size(labels, 1);
}

static wick_tensor *CrossEntropy_backward(CrossEntropy *self)
{
    return wick_div(wick_sub(self->probs, self->labels), wick_size(self->labels, 1));
}

/* ---- class ThreeLayerNN ------------------------------------------------------------------------------------------ */

typedef struct {
    Linear fc1, fc2, fc3;
    ReLU act1, act2;
} ThreeLayerNN;

static ThreeLayerNN ThreeLayerNN_init(int64_t input_dim, int64_t hidden_dim1, int64_t hidden_dim2, int64_t output_dim)
{
    ThreeLayerNN self = {0};
    self.fc1 = Linear_init(input_dim, hidden_dim1);
    self.fc2 = Linear_init(hidden_dim1, hidden_dim2);
    self.fc3 = Linear_init(hidden_dim2, output_dim);
    return self;
}

static wick_tensor *ThreeLayerNN_forward(ThreeLayerNN *self, wick_tensor *x)
{
    wick_tensor *z1 = Linear_forward(&self->fc1, x);
    wick_tensor *a1 = ReLU_forward(&self->act1, z1);
    wick_tensor *z2 = Linear_forward(&self->fc2, a1);
    wick_tensor *a2 = ReLU_forward(&self->act2, z2);
    wick_tensor *logits = Linear_forward(&self->fc3, a2);
    return logits;
}

static void ThreeLayerNN_backward(ThreeLayerNN *self, wick_tensor *grad_output)
{
    wick_tensor *grad_hidden2 = Linear_backward(&self->fc3, grad_output);
    grad_hidden2 = ReLU_backward(&self->act2, grad_hidden2);
    wick_tensor *grad_hidden1 = Linear_backward(&self->fc2, grad_hidden2);
    grad_hidden1 = ReLU_backward(&self->act1, grad_hidden1);
    Linear_backward(&self->fc1, grad_hidden1);
}

static void ThreeLayerNN_step(ThreeLayerNN *self, double lr)
{
    wick_sub_(self->fc1.W, wick_mul(lr, self->fc1.dW));
    wick_sub_(self->fc1.b, wick_mul(lr, self->fc1.db));
    wick_sub_(self->fc2.W, wick_mul(lr, self->fc2.dW));
    wick_sub_(self->fc2.b, wick_mul(lr, self->fc2.db));
    wick_sub_(self->fc3.W, wick_mul(lr, self->fc3.dW));
    wick_sub_(self->fc3.b, wick_mul(lr, self->fc3.db));
}

/* ---- Helpers ----------------------------------------------------------------------------------------------------- */

static wick_tensor *one_hot(wick_tensor *labels, int64_t num_classes)
{
    wick_tensor *eye = wick_eye(num_classes);
    return wick_t(wick_index(eye, wick_list_of(labels))); /* np.eye(num_classes)[labels].T */
}

/* np.mean(np.argmax(logits, axis=0) == labels) */
static double accuracy(wick_tensor *logits, wick_tensor *labels)
{
    wick_tensor *preds = wick_argmax(logits, .dim = 0);
    return wick_item(wick_mean(wick_to(wick_eq(preds, labels), WICK_FLOAT64)));
}

int main(int argc, char **argv)
{
    cli args =
        cli_parse(argc, argv,
                  (cli){.name = "003_numpy_mlp",
                        .about = "Learns classes of rows of a table, with a network whose gradients are written out.",
                        .files = "optdigits.tra, optdigits.tes and winequality-red.csv",
                        .epochs = 50,
                        .seed = 8,
                        .data = CLI_REQUIRED,
                        .out = ".",
                        .pictures = CLI_OPTIONAL,
                        .set = "optdigits"});
    wick_on_error(cli_print_and_exit);
    wick_set_default_dtype(WICK_FLOAT64); /* as in NumPy */
    wick_numpy_seed((uint32_t)args.seed); /* np.random.seed(8) */
    WICK_SCOPE;

    tabular data = load_data(&args);
    wick_tensor *X_train_np = wick_t(data.X_train_std); /* (features, N) */
    wick_tensor *X_val_np = wick_t(data.X_val_std);
    wick_tensor *X_test_np = wick_t(data.X_test_std);

    const int64_t hidden_units = 64;

    wick_tensor *Y_train = one_hot(data.y_train, data.num_classes); /* (num_classes, N) */

    const int64_t hidden_dim1 = hidden_units, hidden_dim2 = hidden_units;
    ThreeLayerNN custom_model = ThreeLayerNN_init(wick_size(X_train_np, 0), hidden_dim1, hidden_dim2, data.num_classes);
    CrossEntropy criterion_np = {0};

    const int64_t batch_size = 64, num_samples = wick_size(X_train_np, 1);
    const double learning_rate = 0.1;

    wick_tensor *custom_history = wick_zeros(args.epochs, 4); /* in place of a list */
    for (int epoch = 1; epoch <= args.epochs; epoch++) {
        WICK_SCOPE;
        double epoch_loss = 0.0;

        /* for xb, yb in iterate_minibatches(X_train_np, Y_train, batch_size) */
        wick_tensor *indices = wick_arange(num_samples);
        wick_numpy_shuffle(indices);
        for (int64_t start = 0; start < num_samples; start += batch_size) {
            WICK_SCOPE;
            wick_tensor *batch_idx = wick_slice(indices, 0, start, start + batch_size);
            wick_tensor *xb = wick_index(X_train_np, wick_list_of(WICK_ALL, batch_idx)); /* X[:, batch_idx] */
            wick_tensor *yb = wick_index(Y_train, wick_list_of(WICK_ALL, batch_idx));

            wick_tensor *logits = ThreeLayerNN_forward(&custom_model, xb);
            double loss = CrossEntropy_forward(&criterion_np, logits, yb);
            wick_tensor *grad_logits = CrossEntropy_backward(&criterion_np);
            ThreeLayerNN_backward(&custom_model, grad_logits);
            ThreeLayerNN_step(&custom_model, learning_rate);
            epoch_loss += loss * (double)wick_size(xb, 1);
        }
        epoch_loss /= (double)num_samples;
        double train_acc = accuracy(ThreeLayerNN_forward(&custom_model, X_train_np), data.y_train);
        double val_acc = accuracy(ThreeLayerNN_forward(&custom_model, X_val_np), data.y_val);
        wick_copy_(wick_select(custom_history, 0, epoch - 1),
                   wick_from(((double[]){epoch, epoch_loss, train_acc, val_acc}), 4));
        if (epoch % 10 == 0 || epoch == 1)
            printf("Epoch %02d: loss=%.4f train_acc=%.4f val_acc=%.4f\n", epoch, epoch_loss, train_acc, val_acc);
    }

    double custom_val_acc = accuracy(ThreeLayerNN_forward(&custom_model, X_val_np), data.y_val);
    double custom_test_acc = accuracy(ThreeLayerNN_forward(&custom_model, X_test_np), data.y_test);

    printf("Custom validation accuracy: %.4f\n", custom_val_acc);
    printf("Custom test accuracy: %.4f\n", custom_test_acc);

    if (args.pictures) {
        wick_tensor *epoch = wick_select(custom_history, 1, 0), *loss = wick_select(custom_history, 1, 1);
        wick_tensor *train_acc = wick_select(custom_history, 1, 2), *val_acc = wick_select(custom_history, 1, 3);
        wick_plot_curves(WICK_PLOT_SERIES({"training", loss}), cli_picture(&args, "loss.png"), .x = epoch,
                         .title = "Custom version: loss", .xlabel = "Epoch", .ylabel = "Loss");
        wick_plot_curves(WICK_PLOT_SERIES({"training", train_acc}, {"validation", val_acc}),
                         cli_picture(&args, "accuracy.png"), .x = epoch, .title = "Custom version: accuracy",
                         .xlabel = "Epoch", .ylabel = "Accuracy");
    }

    wick_dict *parameters = wick_dict_new();
    wick_dict_set(parameters, "fc1.W", custom_model.fc1.W);
    wick_dict_set(parameters, "fc1.b", custom_model.fc1.b);
    wick_dict_set(parameters, "fc2.W", custom_model.fc2.W);
    wick_dict_set(parameters, "fc2.b", custom_model.fc2.b);
    wick_dict_set(parameters, "fc3.W", custom_model.fc3.W);
    wick_dict_set(parameters, "fc3.b", custom_model.fc3.b);
    wick_save(parameters, cli_out_path(&args, "numpy_mlp.pth"));
    return 0;
}
