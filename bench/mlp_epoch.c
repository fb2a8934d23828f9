/* mlp_epoch.c - one epoch of a 784-256-10 network over 60,000 images in memory: ReLU, cross-entropy, SGD with
 * learning rate 0.1, batches of 256. The batches come as slices of a shuffled copy, and from a loader over a tensor
 * dataset. */
#include "images.h"
#include "measure.h"

typedef struct classifier {
    wick_module *model, *loss_fn;
    wick_optim *optimizer;
    double loss;
} classifier;

static classifier make(void)
{
    classifier c = {0};
    c.model = wick_nn_sequential(wick_nn_linear(PIXELS, HIDDEN), wick_nn_relu(), wick_nn_linear(HIDDEN, CLASSES));
    c.loss_fn = wick_nn_cross_entropy_loss();
    c.optimizer = wick_optim_sgd(wick_nn_parameters(c.model), .lr = 0.1);
    return c;
}

static void step(classifier *c, wick_tensor *X, wick_tensor *y)
{
    wick_tensor *loss = wick_nn_forward(c->loss_fn, wick_nn_forward(c->model, X), y);
    wick_optim_zero_grad(c->optimizer);
    wick_backward(loss);
    wick_optim_step(c->optimizer);
    c->loss = wick_item(loss);
}

static void epoch_of_slices(classifier *c, wick_tensor *X, wick_tensor *y)
{
    WICK_SCOPE;
    wick_list *order = wick_list_of(wick_randperm(IMAGES));
    wick_tensor *X_shuffled = wick_index(X, order), *y_shuffled = wick_index(y, order);
    for (int64_t start = 0; start < IMAGES; start += BATCH) {
        WICK_SCOPE;
        step(c, wick_slice(X_shuffled, 0, start, start + BATCH, 1), wick_slice(y_shuffled, 0, start, start + BATCH, 1));
    }
}

static void epoch_of_loader(classifier *c, wick_loader *loader)
{
    WICK_SCOPE;
    wick_tensor *X, *y;
    WICK_FOR_EACH_BATCH (loader, &X, &y) {
        WICK_SCOPE;
        step(c, X, y);
    }
}

int main(void)
{
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(0);
    wick_tensor *X = make_images(), *y = make_labels();
    wick_loader *loader = wick_data_loader(wick_data_tensor_dataset(X, y), .batch_size = BATCH, .shuffle = true);
    classifier slices = make(), loaded = make();
    while (next_round()) {
        double start = seconds_now();
        epoch_of_slices(&slices, X, y);
        double between = seconds_now();
        report("mlp_epoch_slices", between - start, slices.loss);
        epoch_of_loader(&loaded, loader);
        report("mlp_epoch_loader", seconds_now() - between, loaded.loss);
        end_round();
    }
}
