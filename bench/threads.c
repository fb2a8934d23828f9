/* threads.c - a training step with the default number of threads, and with one: of a 1024-1024-1024-1024-10 network, of a
 * 784-256-10 network, both on batches of 256, and of the 2-4-1 network, which is too small for more than one. Time is that
 * of the clock on the wall: processor time would add the threads' up. */
#include <wick/wick.h>

#include "measure.h"

typedef struct network {
    wick_module *model;
    wick_optim *optimizer;
    wick_tensor *X, *y;
    double loss;
} network;

static network make(const int64_t *sizes, int layers, int64_t batch)
{
    wick_manual_seed(0);
    network n = {.model = wick_nn_sequential_n(NULL, 0)};
    for (int i = 0; i < layers; i++) {
        wick_nn_append(n.model, wick_nn_linear(sizes[i], sizes[i + 1]));
        if (i < layers - 1)
            wick_nn_append(n.model, wick_nn_relu());
    }
    n.optimizer = wick_optim_sgd(wick_nn_parameters(n.model), .lr = 0.01);
    n.X = wick_rand(batch, sizes[0]);
    n.y = wick_rand(batch, sizes[layers]);
    return n;
}

static void step(network *n)
{
    WICK_SCOPE;
    wick_tensor *loss = wick_mse_loss(wick_nn_forward(n->model, n->X), n->y);
    wick_optim_zero_grad(n->optimizer);
    wick_backward(loss);
    wick_optim_step(n->optimizer);
    n->loss = wick_item(loss);
}

static void run(const char *name, network *n, int steps)
{
    double start = wall_seconds();
    for (int i = 0; i < steps; i++)
        step(n);
    report(name, (wall_seconds() - start) / steps, n->loss);
}

int main(void)
{
    static const struct {
        const char *by_default, *with_one;
        int64_t sizes[5];
        int layers, steps;
        int64_t batch;
    } cases[] = {
        {"wide_default", "wide_one_thread", {1024, 1024, 1024, 1024, 10}, 4, 20, 256},
        {"mnist_default", "mnist_one_thread", {784, 256, 10}, 2, 200, 256},
        {"student_default", "student_one_thread", {2, 4, 1}, 2, 2000, 4},
    };
    enum { CASES = sizeof cases / sizeof *cases };
    wick_on_error(wick_print_and_exit);
    const int threads = wick_get_num_threads();
    network networks[CASES][2];
    for (int i = 0; i < CASES; i++)
        for (int k = 0; k < 2; k++)
            networks[i][k] = make(cases[i].sizes, cases[i].layers, cases[i].batch);
    while (next_round()) {
        for (int i = 0; i < CASES; i++) {
            wick_set_num_threads(threads);
            run(cases[i].by_default, &networks[i][0], cases[i].steps);
            wick_set_num_threads(1);
            run(cases[i].with_one, &networks[i][1], cases[i].steps);
        }
        end_round();
    }
}
