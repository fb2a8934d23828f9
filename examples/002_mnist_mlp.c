/* 002_mnist_mlp.c - document 002, "Multilayer Perceptron (MLP)": modules, parameters, losses and optimizers one by one, and
 * then an MLP that learns the digits of MNIST. The document's first part is in 002_activations.c and 002_numpy_mlp.c. At the
 * end it saves the parameters to mlp_mnist.pth, which the document does not. */
#include <stdio.h>
#include <string.h>
#include <wick/wick.h>

/* ---- class MyFullyConnectedLayer(nn.Module) ---------------------------------------------------------------------- */

static wick_tensor *MyFullyConnectedLayer_forward(wick_module *self, wick_tensor *x)
{
    /* x assumed to be (N, in_features) */
    wick_tensor *W = wick_nn_get(self, "W"), *b = wick_nn_get(self, "b");
    wick_tensor *z = wick_add(wick_matmul(x, wick_transpose(W, 0, 1)), b);
    /* For no good reason, our custom layer multiplies outputs by 3 */
    return wick_mul(3, z);
}

static wick_module *MyFullyConnectedLayer(int in_features, int out_features)
{
    wick_module *self = wick_nn_module("MyFullyConnectedLayer", .forward = MyFullyConnectedLayer_forward);
    /* self.W = nn.Parameter(torch.randn(out_features, in_features, requires_grad=True)) */
    wick_nn_register_parameter(self, "W", wick_randn(out_features, in_features, .requires_grad = true));
    wick_nn_register_parameter(self, "b", wick_randn(out_features, .requires_grad = true));
    return self;
}

/* In place of torchviz.make_dot: the computation graph as lines, each node below the one that it gives its result to. */
static void show_graph(wick_node *node, int depth)
{
    if (!node)
        return;
    wick_tensor *leaf = wick_node_variable(node);
    printf("%*s%s", 2 * depth, "", wick_node_name(node));
    for (int i = 0; leaf && i < wick_ndim(leaf); i++)
        printf("%s%lld%s", i ? ", " : " [", wick_size(leaf, i), i + 1 < wick_ndim(leaf) ? "" : "]");
    putchar('\n');
    for (int i = 0; i < wick_node_inputs(node); i++)
        show_graph(wick_node_input(node, i), depth + 1);
}

/* ---- class MLP(torch.nn.Module) ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    wick_module *(*make)(void);
} NLS[] = {{"relu", wick_nn_relu},
           {"tanh", wick_nn_tanh},
           {"sigmoid", wick_nn_sigmoid},
           {"softmax", wick_nn_softmax},
           {"logsoftmax", wick_nn_log_softmax}};

static wick_tensor *MLP_forward(wick_module *self, wick_tensor *x)
{
    x = wick_reshape(x, wick_size(x, 0), -1); /* (N, D_in) */
    wick_tensor *z = wick_nn_forward(wick_nn_get_module(self, "fc_layers"), x);
    return wick_nn_forward(wick_nn_get_module(self, "log_softmax"), z); /* Output is always log-probability */
}

static wick_module *MLP(int64_t D_in, const int64_t *hidden_dims, int hidden_count, int D_out, const char *nonlin)
{
    wick_module *(*non_linearity)(void) = NULL; /* MLP.NLS[nonlin] */
    for (size_t i = 0; i < sizeof NLS / sizeof *NLS; i++)
        if (strcmp(NLS[i].name, nonlin) == 0)
            non_linearity = NLS[i].make;
    if (!non_linearity)
        return wick_fail(WICK_ERROR_ARGUMENT, "MLP: there is no non-linearity '%s'", nonlin);

    wick_module *self = wick_nn_module("MLP", .forward = MLP_forward);
    /* for in_dim, out_dim in zip(all_dims[:-1], all_dims[1:]), with all_dims = [D_in, *hidden_dims, D_out] */
    wick_module *layers = wick_nn_sequential();
    int64_t in_dim = D_in;
    for (int i = 0; i < hidden_count; i++) {
        wick_nn_append(layers, wick_nn_linear(in_dim, hidden_dims[i], .bias = true));
        wick_nn_append(layers, non_linearity());
        in_dim = hidden_dims[i];
    }
    wick_nn_append(layers, wick_nn_linear(in_dim, D_out, .bias = true));
    wick_nn_register_module(self, "fc_layers", layers);
    /* Output non-linearity */
    wick_nn_register_module(self, "log_softmax", wick_nn_log_softmax(1));
    return self;
}

/* ---- The document, from top to bottom ---------------------------------------------------------------------------- */

/* Linear and MyFullyConnectedLayer, each with its output and its parameters. */
static void show_fully_connected_layers(const char *pictures)
{
    WICK_SCOPE;
    wick_module *fc = wick_nn_linear(3, 5, .bias = true);
    /* Input tensor with 10 samples of 3 features */
    wick_tensor *t = wick_randn(10, 3);
    /* Forward pass, notice that grad_fn exists */
    wick_print(wick_nn_forward(fc, t)); /* (10, 5) */

    /* Note parameter shapes: for i, param in enumerate(fc.parameters()) */
    int i = 0;
    WICK_FOR_EACH (param, wick_nn_parameters(fc))
        printf("Parameter #%d of shape %s:\n%s\n\n", i++, wick_shape_string(param), wick_to_string(wick_detach(param)));

    wick_module *myfc = MyFullyConnectedLayer(3, 5);
    wick_print(wick_nn_forward(myfc, t));
    wick_list_print(wick_nn_parameters(myfc), .notebook = true); /* list(myfc.parameters()) */

    show_graph(wick_grad_fn(wick_nn_forward(myfc, t)), 0);
    if (pictures) /* torchviz.make_dot(myfc(t), params=dict(W=myfc.W, b=myfc.b)) */
        wick_plot_graph(wick_nn_forward(myfc, t), wick_nn_named_parameters(myfc),
                        wick_format("%s/002_mnist_mlp_myfc.svg", pictures));
}

int main(int argc, char **argv)
{
    int num_epochs = 10;
    uint64_t seed = 4; /* a run much like the document's */
    const char *data = NULL, *pictures = NULL;
    wick_parse_args(
        argc, argv, "Shows what a model is made of, and learns the digits of MNIST.",
        WICK_ARG("--data DIR", &data, "with train-images-idx3-ubyte.gz and the other three", .required = true),
        WICK_ARG("--epochs N", &num_epochs, .least = 1), WICK_ARG("--seed N", &seed),
        WICK_ARG("--pictures DIR", &pictures));
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(seed);
    WICK_SCOPE;

    const int batch_size = 512;
    const int train_size = batch_size * 10;
    const int test_size = batch_size * 2;

    /* Datasets and loaders. The first train_size training images are used: SubsetRandomSampler(range(train_size)). */
    wick_dataset *ds_train = wick_data_mnist(data, true);
    wick_loader *dl_train = wick_data_loader(ds_train, .batch_size = batch_size,
                                             .sampler = wick_data_subset_random_sampler(wick_arange(train_size)));

    /* The document makes a test loader, too, and does not use it. */
    wick_dataset *ds_test = wick_data_mnist(data, false);
    wick_loader *dl_test = wick_data_loader(ds_test, .batch_size = batch_size,
                                            .sampler = wick_data_subset_random_sampler(wick_arange(test_size)));
    (void)dl_test;

    wick_tensor *x0, *y0; /* x0, y0 = ds_train[0] */
    wick_list_unpack(wick_data_item(ds_train, 0), &x0, &y0);
    const long long n_features = wick_numel(x0);
    const int n_classes = 10;
    printf("x0: %s, y0: %lld\n", wick_shape_string(x0), wick_item_int(y0));

    /* Show first few samples */
    if (pictures) {
        wick_list *images = wick_list_of(), *labels = wick_list_of();
        for (int i = 0; i < 10; i++) {
            wick_tensor *x, *y;
            wick_list_unpack(wick_data_item(ds_train, i), &x, &y);
            wick_list_append(images, x);
            wick_list_append(labels, y);
        }
        wick_plot_images(wick_stack(images), wick_stack(labels),
                         wick_format("%s/002_mnist_mlp_first_images.png", pictures));
    }

    show_fully_connected_layers(pictures);

    /* Create an instance of the model: 5-layer MLP */
    wick_module *mlp5 = MLP(n_features, WICK_INTS(32, 64, 128, 64), n_classes, "tanh");
    wick_nn_print(mlp5);

    printf("number of parameter tensors: %lld\n", wick_list_count(wick_nn_parameters(mlp5)));
    printf("number of parameters: %lld\n", wick_nn_parameter_count(mlp5));

    /* Check that a forward pass works */
    wick_tensor *y_hat0 = wick_nn_forward(mlp5, x0);
    printf("x0.shape=%s\n\n", wick_shape_string(x0));
    printf("y_hat0.shape=%s\n\n", wick_shape_string(y_hat0));
    printf("y_hat0=%s\n", wick_to_string(y_hat0));

    show_graph(wick_grad_fn(wick_nn_forward(mlp5, x0)), 0);
    if (pictures) /* torchviz.make_dot(mlp5(x0), params=dict(mlp5.named_parameters())) */
        wick_plot_graph(wick_nn_forward(mlp5, x0), wick_nn_named_parameters(mlp5),
                        wick_format("%s/002_mnist_mlp_mlp5.svg", pictures));

    /* Loss: assumes *log*-probabilities (given by our LogSoftmax layer) */
    wick_module *loss_fn = wick_nn_nll_loss();
    /* Fake labels (no need to 1-hot encode) */
    wick_tensor *yt = wick_randint(0, n_classes, wick_size(y_hat0, 0));
    /* Try out the loss */
    wick_print(wick_nn_forward(loss_fn, y_hat0, yt));

    /* Model for training */
    wick_module *model = MLP(n_features, WICK_INTS(32, 32, 32), n_classes, "relu");
    /* Optimizer: instantiated using our model's parameters */
    wick_optim *optimizer =
        wick_optim_sgd(wick_nn_parameters(model), .lr = 5e-2, .weight_decay = 0.01, .momentum = 0.9);

    for (int epoch_idx = 0; epoch_idx < num_epochs; epoch_idx++) {
        WICK_SCOPE;
        double total_loss = 0;
        wick_tensor *X, *y; /* (batch_size, 1, 28, 28), (batch_size) */
        WICK_FOR_EACH_BATCH (dl_train, &X, &y) {
            WICK_SCOPE;
            /* Forward pass */
            wick_tensor *y_pred = wick_nn_forward(model, X); /* (batch_size, n_classes) */
            /* Compute loss */
            wick_tensor *loss = wick_nn_forward(loss_fn, y_pred, y);
            total_loss += wick_item(loss);
            /* Backward pass */
            wick_optim_zero_grad(optimizer); /* Zero gradients of all parameters */
            wick_backward(loss);             /* Run backprop algorithms to calculate gradients */
            /* Optimization step */
            wick_optim_step(optimizer); /* Use gradients to update model parameters */
        }
        printf("Epoch #%d: Avg. loss=%s\n", epoch_idx + 1, wick_repr(total_loss / (double)wick_data_batches(dl_train)));
    }

    wick_save(wick_nn_state_dict(model), "mlp_mnist.pth");
}
