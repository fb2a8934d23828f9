/* 000_student_full.c - document 000, "Full code (put together)". Every loss is printed, and not each hundredth. */
#include <stdio.h>
#include <wick/wick.h>

int main(int argc, char **argv)
{
    int epochs = 1000;
    uint64_t seed = 0;
    wick_parse_args(argc, argv, "Learns whether a student passes, from hours studied and hours slept.",
                    WICK_ARG("--epochs N", &epochs, .least = 1), WICK_ARG("--seed N", &seed));
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(seed);
    WICK_SCOPE;

    /* data */
    wick_tensor *X = wick_from(((float[][2]){{5, 7}, {1, 2}, {10, 6}, {2, 8}}), 4, 2);
    wick_tensor *y = wick_from(((float[][1]){{1}, {0}, {1}, {0}}), 4, 1);

    /* model */
    wick_module *model =
        wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_linear(4, 1), wick_nn_sigmoid());

    /* loss + optimizer */
    wick_module *loss_fn = wick_nn_bce_loss();
    wick_optim *opt = wick_optim_adam(wick_nn_parameters(model), .lr = 0.01);

    /* training */
    for (int epoch = 0; epoch < epochs; epoch++) {
        WICK_SCOPE;
        wick_tensor *pred = wick_nn_forward(model, X);
        wick_tensor *loss = wick_nn_forward(loss_fn, pred, y);
        wick_optim_zero_grad(opt);
        wick_backward(loss);
        wick_optim_step(opt);
        printf("epoch %d, loss: %.4f\n", epoch, wick_item(loss));
    }

    /* save */
    wick_save(wick_nn_state_dict(model), "mlp_student.pth");
    printf("model saved.\n");

    /* inference */
    wick_nn_load_state_dict(model, wick_load("mlp_student.pth"));
    wick_nn_eval(model);
    wick_tensor *new_student = wick_from(((float[][2]){{6, 5}}), 1, 2);
    WICK_NO_GRAD;
    printf("pass probability: %s\n", wick_repr(wick_item(wick_nn_forward(model, new_student))));
}
