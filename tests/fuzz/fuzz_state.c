/* fuzz_state.c - state dicts of any names and numbers, loaded into optimizers, schedulers, averages and a model: bytes change
 * the state dict that each has itself. */
#define _GNU_SOURCE
#include "fuzz.h"

/* The dict, with what the bytes say: for each entry whether it is there, and its dtype, shape and first number. */
static wick_dict *changed(wick_dict *own, input *in)
{
    wick_dict *dict = wick_nn_dict_new();
    for (int64_t i = 0; i < wick_nn_dict_count(own); i++) {
        const char *name = wick_nn_dict_name(own, i);
        wick_tensor *t = wick_nn_dict_tensor(own, i);
        uint8_t what = next_byte(in);
        if (what & 1)
            t = wick_to(wick_mul(wick_to(t, WICK_FLOAT64), 1), WICK_FLOAT64);
        if (what & 2)
            t = wick_full(next_double(in), 1, .dtype = WICK_FLOAT64);
        if (what & 4)
            t = wick_reshape(wick_full(next_double(in), 1, .dtype = WICK_FLOAT64), 1, 1, 1);
        if (what & 8)
            t = wick_to(wick_scalar(next_double(in)), WICK_FLOAT64);
        if (what & 16)
            t = wick_to(t, what & 32 ? WICK_UINT8 : WICK_INT64);
        wick_clear_error();
        if (t && (what & 192) != 192)
            wick_nn_dict_set(dict, name, t);
        if ((what & 192) == 128)
            wick_nn_dict_set(dict, "param_groups.0.more", wick_scalar_int(what));
    }
    return dict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = {data, size};
    uint8_t which = next_byte(&in);
    {
        WICK_SCOPE;
        wick_module *model = wick_nn_sequential(wick_nn_linear(2, 2), wick_nn_batch_norm1d(2));
        wick_list *parameters = wick_nn_parameters(model);
        wick_optim *optim = NULL;
        switch (which % 8) {
        case 0: optim = wick_optim_sgd(parameters, .lr = 0.1, .momentum = 0.9); break;
        case 1: optim = wick_optim_adam(parameters, .amsgrad = true); break;
        case 2: optim = wick_optim_lbfgs(parameters); break;
        case 3: optim = wick_optim_asgd(parameters); break;
        case 4: optim = wick_optim_rprop(parameters); break;
        case 5: optim = wick_optim_rmsprop(parameters, .centered = true, .momentum = 0.5); break;
        case 6: optim = wick_optim_adadelta(parameters); break;
        default: optim = wick_optim_nadam(parameters); break;
        }
        wick_scheduler *scheduler = NULL;
        switch (which / 8 % 4) {
        case 0: scheduler = wick_lr_step_lr(optim, 3); break;
        case 1: scheduler = wick_lr_one_cycle_lr(optim, 0.5, .total_steps = 20, .cycle_momentum = false); break;
        case 2: scheduler = wick_lr_reduce_on_plateau(optim); break;
        default: scheduler = wick_lr_cosine_annealing_lr(optim, 9); break;
        }
        if (!optim || !scheduler)
            abort();
        wick_tensor *x = wick_from(((float[][2]){{1, 2}, {3, -1}}), 2, 2);
        wick_backward(wick_sum(wick_square(wick_nn_forward(model, x))));
        if (which % 8 != 2)
            wick_optim_step(optim);
        check(true);
        check(wick_optim_load_state_dict(optim, changed(wick_optim_state_dict(optim), &in)));
        check(wick_lr_load_state_dict(scheduler, changed(wick_lr_state_dict(scheduler), &in)));
        check(wick_nn_load_state_dict(model, changed(wick_nn_state_dict(model), &in)));
        if (which % 8 != 2) {
            wick_optim_step(optim);
            wick_clear_error();
        }
        if (which / 8 % 4 != 2) {
            wick_lr_step(scheduler);
            wick_clear_error();
        }
        wick_clear_warning();
    }
    check_left_over();
    return 0;
}
