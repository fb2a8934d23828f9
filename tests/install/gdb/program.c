/* What check_gdb.py looks at in gdb. Nothing but the public header. */
#include <stdlib.h>
#include <wick/wick.h>

/* Where the debugger stops. */
static void stop_here(void) {}

static void look(wick_tensor *x, wick_list *parameters, wick_module *model, wick_optim *optim)
{
    WICK_SCOPE;
    wick_tensor *nothing = NULL;
    wick_tensor *freed;
    wick_tensor *unused = wick_ones(2, .requires_grad = true);
    wick_tensor *y = wick_nn_forward(model, x);
    wick_tensor *loss = wick_mean(wick_mul(y, y));
    wick_tensor *turned = wick_transpose(x, 0, 1);
    wick_tensor *large = wick_arange(10000);
    wick_tensor *cube = wick_reshape(wick_arange(8, .dtype = WICK_FLOAT64), 2, 2, 2);
    wick_tensor *small = wick_from(((double[]){1e-9, 1, NAN, -INFINITY}), 4);
    wick_tensor *mask = wick_gt(x, 3);
    wick_tensor *none = wick_zeros(0, 3);
    wick_tensor *number = wick_full(0.1f, .dtype = WICK_FLOAT32), *whole = wick_full(-3, 2);
    wick_list *holes =
        wick_grad(wick_list_of(loss), wick_list_of(x, unused), .allow_unused = true, .retain_graph = true);
    wick_dict *state = wick_nn_state_dict(model);
    {
        WICK_SCOPE;
        freed = wick_ones(3);
    }
    stop_here();
    (void)nothing, (void)freed, (void)turned, (void)large, (void)cube, (void)small, (void)mask, (void)none;
    (void)number, (void)whole, (void)holes, (void)state, (void)optim;
}

int main(void)
{
    wick_manual_seed(0);
    WICK_SCOPE;
    wick_module *model = wick_nn_sequential(wick_nn_linear(2, 3), wick_nn_relu(), wick_nn_linear(3, 1));
    wick_list *parameters = wick_nn_parameters(model);
    wick_optim *optim = wick_optim_adam(parameters, .lr = 0.01);
    wick_tensor *x = wick_from(((float[][2]){{5, 7}, {1, 2.5f}, {10, 6}}), 3, 2, .requires_grad = true);
    look(x, parameters, model, optim);
    abort();
}
