/* north_star.c - what a user writes: a small model trained, saved, loaded and asked. */
#include <stdio.h>
#include <wick/wick.h>

int main(void)
{
    wick_on_error(wick_print_and_exit);        /* or: test for NULL and read wick_error() */
    wick_manual_seed(0);

    WICK_SCOPE;                                /* whatever is made from here on is freed at the block's end */
    wick_tensor *X = wick_from(((float[][2]){{5, 7}, {1, 2}, {10, 6}, {2, 8}}), 4, 2);
    wick_tensor *y = wick_from(((float[][1]){{1}, {0}, {1}, {0}}), 4, 1);

    wick_module *model = wick_nn_sequential(
        wick_nn_linear(2, 4), wick_nn_relu(),
        wick_nn_linear(4, 1), wick_nn_sigmoid());
    wick_module *loss_fn = wick_nn_bce_loss();
    wick_optim  *opt = wick_optim_adam(wick_nn_parameters(model), .lr = 0.01);

    for (int epoch = 0; epoch < 1000; epoch++) {
        WICK_SCOPE;                            /* ... and what one iteration makes, at the iteration's end */
        wick_tensor *pred = wick_nn_forward(model, X);
        wick_tensor *loss = wick_nn_forward(loss_fn, pred, y);
        wick_optim_zero_grad(opt);
        wick_backward(loss);
        wick_optim_step(opt);
        if (epoch % 100 == 0)
            printf("epoch %d, loss: %.4f\n", epoch, wick_item(loss));
    }

    wick_save(wick_nn_state_dict(model), "mlp_student.pth");         /* torch.load reads it */
    wick_nn_load_state_dict(model, wick_load("mlp_student.pth"));
    wick_nn_eval(model);

    WICK_NO_GRAD;                              /* to the block's end */
    wick_tensor *prob = wick_nn_forward(model, wick_from(((float[]){6, 5}), 1, 2));
    printf("pass probability: %.4f\n", wick_item(prob));
}
