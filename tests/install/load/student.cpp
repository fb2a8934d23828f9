/* student.cpp - the training of student.out in C++, with the defaults that scripts/bindings.py writes. */
#include <cmath>
#include <cstdio>

#include "defaults.h"

int main()
{
    WICK_SCOPE;
    const wick_optim_adam_options adam = wick_optim_adam_defaults();
    if (adam.lr != 1e-3 || adam.beta2 != 0.999 || adam.size_ != sizeof adam ||
        wick_cross_entropy_defaults().ignore_index != -100 || !std::isnan(wick_clamp_defaults().min) ||
        wick_sum_defaults().dim != WICK_UNSET || !wick_nn_linear_defaults().bias ||
        wick_loadtxt_defaults().dtype != WICK_FLOAT64 || wick_l1_loss_defaults().reduction != WICK_MEAN)
        return 1;
    const float points[] = {0.5f, 0.7f, 0.1f, 0.2f, 1.0f, 0.6f, 0.2f, 0.8f}, labels[] = {1, 0, 1, 0};
    const int64_t shape[] = {4, 2}, column[] = {4, 1};
    wick_tensor *X = wick_from_n(points, WICK_FLOAT32, shape, 2), *y = wick_from_n(labels, WICK_FLOAT32, column, 2);
    wick_manual_seed(42);
    wick_module *layers[] = {wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_linear(4, 1)};
    wick_module *model = wick_nn_sequential_n(layers, 3);
    wick_optim_sgd_options options = wick_optim_sgd_defaults();
    options.lr = 0.1;
    wick_optim *opt = wick_optim_sgd_opt(wick_nn_parameters(model), &options);
    double first = 0, last = 0;
    for (int epoch = 0; epoch < 100; epoch++) {
        WICK_SCOPE;
        wick_tensor *inputs[] = {X};
        wick_tensor *loss = wick_mse_loss(wick_nn_forward_n(model, inputs, 1), y);
        wick_optim_zero_grad(opt);
        wick_backward(loss);
        wick_optim_step(opt);
        last = wick_item(loss);
        first = epoch == 0 ? last : first;
    }
    std::printf("%.4f to %.4f\n", first, last);
    return last < first / 4 ? 0 : 1;
}
