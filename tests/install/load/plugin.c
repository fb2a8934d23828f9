/* plugin.c - a plugin of some program's that trains with Wick. */
#include <wick/wick.h>

#include "student.h"

WICK_API train_function plugin_train;

double plugin_train(void)
{
    WICK_SCOPE;
    wick_manual_seed(0);
    wick_tensor *X = wick_from(((float[][2]){{5, 7}, {1, 2}, {10, 6}, {2, 8}}), 4, 2);
    wick_tensor *y = wick_from(((float[][1]){{1}, {0}, {1}, {0}}), 4, 1);
    wick_module *model =
        wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_linear(4, 1), wick_nn_sigmoid());
    wick_module *loss_fn = wick_nn_bce_loss();
    wick_optim *opt = wick_optim_adam(wick_nn_parameters(model), .lr = 0.01);
    double last = -1;
    for (int step = 0; step < 100; step++) {
        WICK_SCOPE;
        wick_tensor *loss = wick_nn_forward(loss_fn, wick_nn_forward(model, X), y);
        wick_optim_zero_grad(opt);
        wick_backward(loss);
        wick_optim_step(opt);
        last = wick_item(loss);
    }
    /* Large enough for several threads. */
    wick_tensor *large = wick_rand(700, 700);
    double sum = wick_item(wick_sum(wick_exp(wick_matmul(large, large))));
    return wick_error() || !(sum > 0) ? -1 : last;
}
