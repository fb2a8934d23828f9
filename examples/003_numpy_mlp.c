/* 003_numpy_mlp.c - document 003, "Custom Version": Linear, ReLU and CrossEntropy written by hand, each with its backward
 * pass, without autograd. float64, a column a sample, as in the document. At the end it saves the parameters to
 * 003_numpy_mlp.pth, which the document does not. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <wick/wick.h>

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
    return (ThreeLayerNN){.fc1 = Linear_init(input_dim, hidden_dim1),
                          .fc2 = Linear_init(hidden_dim1, hidden_dim2),
                          .fc3 = Linear_init(hidden_dim2, output_dim)};
}

static wick_tensor *ThreeLayerNN_forward(ThreeLayerNN *self, wick_tensor *x)
{
    wick_tensor *z1 = Linear_forward(&self->fc1, x);
    wick_tensor *a1 = ReLU_forward(&self->act1, z1);
    wick_tensor *z2 = Linear_forward(&self->fc2, a1);
    wick_tensor *a2 = ReLU_forward(&self->act2, z2);
    return Linear_forward(&self->fc3, a2);
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
    return wick_t(wick_index(wick_eye(num_classes), wick_list_of(labels))); /* np.eye(num_classes)[labels].T */
}

/* np.mean(np.argmax(logits, axis=0) == labels) */
static double accuracy(wick_tensor *logits, wick_tensor *labels)
{
    return wick_item(wick_mean(wick_to(wick_eq(wick_argmax(logits, .dim = 0), labels), WICK_FLOAT64)));
}

int main(int argc, char **argv)
{
    int epochs = 50;
    unsigned seed = 8;
    const char *train_file = NULL, *test_file = NULL, *data = ".", *set = "optdigits";
    wick_parse_args(argc, argv, "Learns classes of rows of a table, with a network whose gradients are written out.",
                    WICK_ARG("--train FILE", &train_file, "the class stands in its first column"),
                    WICK_ARG("--test FILE", &test_file),
                    WICK_ARG("--data DIR", &data, "without these, of public tables"),
                    WICK_ARG("--set NAME", &set, "optdigits or winequality-red"),
                    WICK_ARG("--epochs N", &epochs, .least = 1), WICK_ARG("--seed N", &seed));
    wick_on_error(wick_print_and_exit);
    wick_set_default_dtype(WICK_FLOAT64); /* as in NumPy */
    wick_numpy_seed(seed);                /* np.random.seed(8) */
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

    wick_tensor *X_train_np = wick_t(X_train_std); /* (features, N) */
    wick_tensor *X_val_np = wick_t(X_val_std);
    wick_tensor *X_test_np = wick_t(X_test_std);

    const int num_classes = (int)wick_item_int(wick_max(y_train_full)) + 1; /* 2 in the document */
    const int hidden_units = 64;

    wick_tensor *Y_train = one_hot(y_train, num_classes); /* (num_classes, N) */

    const int hidden_dim1 = hidden_units, hidden_dim2 = hidden_units;
    ThreeLayerNN custom_model = ThreeLayerNN_init(wick_size(X_train_np, 0), hidden_dim1, hidden_dim2, num_classes);
    CrossEntropy criterion_np = {0};

    const int batch_size = 64;
    const long long num_samples = wick_size(X_train_np, 1);
    const double learning_rate = 0.1;

    wick_series *custom_history = wick_series_new();
    for (int epoch = 1; epoch <= epochs; epoch++) {
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
        double train_acc = accuracy(ThreeLayerNN_forward(&custom_model, X_train_np), y_train);
        double val_acc = accuracy(ThreeLayerNN_forward(&custom_model, X_val_np), y_val);
        wick_series_append(custom_history, epoch, epoch_loss, train_acc, val_acc);
        if (epoch % 10 == 0 || epoch == 1)
            printf("Epoch %02d: loss=%.4f train_acc=%.4f val_acc=%.4f\n", epoch, epoch_loss, train_acc, val_acc);
    }

    double custom_val_acc = accuracy(ThreeLayerNN_forward(&custom_model, X_val_np), y_val);
    double custom_test_acc = accuracy(ThreeLayerNN_forward(&custom_model, X_test_np), y_test);

    printf("Custom validation accuracy: %.4f\n", custom_val_acc);
    printf("Custom test accuracy: %.4f\n", custom_test_acc);

    Linear fc1 = custom_model.fc1, fc2 = custom_model.fc2, fc3 = custom_model.fc3;
    wick_save(wick_nn_dict_of({"fc1.W", fc1.W}, {"fc1.b", fc1.b}, {"fc2.W", fc2.W}, {"fc2.b", fc2.b}, {"fc3.W", fc3.W},
                              {"fc3.b", fc3.b}),
              "003_numpy_mlp.pth");
}
