/* student_step.c - one training step of the 2-4-1 network that tells whether a student passes: forward, BCELoss,
 * zero_grad, backward, Adam. There is hardly any arithmetic in it: it measures what a recorded operation costs. */
#include <wick/wick.h>

#include "measure.h"

typedef struct student {
    wick_tensor *X, *y; /* (4, 2), (4, 1) */
    wick_module *model, *loss_fn;
    wick_optim *optimizer;
    double loss;
} student;

static void step(void *context)
{
    student *s = context;
    WICK_SCOPE;
    wick_tensor *prediction = wick_nn_forward(s->model, s->X);
    wick_tensor *loss = wick_nn_forward(s->loss_fn, prediction, s->y);
    wick_optim_zero_grad(s->optimizer);
    wick_backward(loss);
    wick_optim_step(s->optimizer);
    s->loss = wick_item(loss);
}

int main(void)
{
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(0);
    student s = {0};
    s.X = wick_from(((float[][2]){{5, 7}, {1, 2}, {10, 6}, {2, 8}}), 4, 2);
    s.y = wick_from(((float[][1]){{1}, {0}, {1}, {0}}), 4, 1);
    s.model = wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_linear(4, 1), wick_nn_sigmoid());
    s.loss_fn = wick_nn_bce_loss();
    s.optimizer = wick_optim_adam(wick_nn_parameters(s.model), .lr = 0.01);
    for (int i = 0; i < 100; i++)
        step(&s);
    double check = s.loss;
    while (next_round()) {
        report("student_step", seconds_of(step, &s, 0.1), check);
        end_round();
    }
}
