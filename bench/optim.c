/* optim.c - one step of each elementwise optimizer on a parameter of 1,000 x 1,000: reading and writing
 * memory, and an element's square roots and divisions. */
#include <wick/wick.h>

#include "measure.h"

static void step(void *context) { wick_optim_step(context); }

static void measure(const char *name, wick_tensor *w, wick_optim *optim)
{
    WICK_SCOPE;
    wick_set_grad(w, wick_full(0.5, 1000, 1000));
    for (int i = 0; i < 3; i++)
        wick_optim_step(optim);
    double check = wick_get(w, 0, 0);
    report(name, seconds_of(step, optim, 0.1), check);
}

#define MEASURE(name, make, ...)                                       \
    do {                                                               \
        WICK_SCOPE;                                                    \
        wick_tensor *w = wick_ones(1000, 1000, .requires_grad = true); \
        measure(name "_step", w, make(wick_list_of(w), __VA_ARGS__));  \
    } while (0)

int main(void)
{
    wick_on_error(wick_print_and_exit);
    while (next_round()) {
        MEASURE("sgd", wick_optim_sgd, .lr = 1e-3);
        MEASURE("sgd_momentum", wick_optim_sgd, .lr = 1e-3, .momentum = 0.9);
        MEASURE("adam", wick_optim_adam, .lr = 1e-3);
        MEASURE("adam_amsgrad", wick_optim_adam, .lr = 1e-3, .amsgrad = true);
        MEASURE("adamw", wick_optim_adamw, .lr = 1e-3);
        MEASURE("nadam", wick_optim_nadam, .lr = 1e-3);
        MEASURE("radam", wick_optim_radam, .lr = 1e-3);
        MEASURE("adamax", wick_optim_adamax, .lr = 1e-3);
        MEASURE("adagrad", wick_optim_adagrad, .lr = 1e-3);
        MEASURE("adadelta", wick_optim_adadelta, .lr = 1e-3);
        MEASURE("rmsprop", wick_optim_rmsprop, .lr = 1e-3);
        MEASURE("rmsprop_centered", wick_optim_rmsprop, .lr = 1e-3, .centered = true, .momentum = 0.5);
        MEASURE("rprop", wick_optim_rprop, .lr = 1e-3);
        MEASURE("asgd", wick_optim_asgd, .lr = 1e-3);
        end_round();
    }
}
