/* averaging.h - averages of a model's weights over training: torch.optim.swa_utils; a part of optim.h.
 *
 *     PyTorch                                                         Wick
 *     swa = AveragedModel(model)                                      swa = wick_optim_averaged_model(model)
 *     ema = AveragedModel(model,                                      ema = wick_optim_averaged_model(model, .decay = 0.999)
 *               multi_avg_fn=get_ema_multi_avg_fn(0.999))
 *     swa.update_parameters(model)                                    wick_optim_update_parameters(swa, model)
 *     scheduler = SWALR(opt, swa_lr=0.05)                             scheduler = wick_lr_swa_lr(opt, 0.05)
 *     pred = swa(x)                                                   wick_optim_swap_averages(swa, model)
 *                                                                     pred = wick_nn_forward(model, x)
 *                                                                     wick_optim_swap_averages(swa, model)
 *     swa.state_dict()                                                wick_optim_averaged_state_dict(swa)
 *     swa.load_state_dict(dict)                                       wick_optim_load_averaged_state_dict(swa, dict)
 *
 * PyTorch copies the module. A module in C has a struct of its own, which nobody else can copy; so an average here is
 * the numbers, a copy of every parameter and buffer, and runs in a model of the same structure. */
#ifndef WICK_OPTIM_AVERAGING_H
#define WICK_OPTIM_AVERAGING_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"

WICK_BEGIN_DECLS

/* The averages of a model, owned by the innermost scope; it does not hold the model. */
typedef struct wick_averaged_model wick_averaged_model;

/* The new average of a parameter, from the one before, the parameter now, and how many have gone into the average: of the
 * average's shape, in any dtype. NULL with an error. Called in a scope of its own, with grad mode off. */
typedef wick_tensor *(*wick_avg_fn)(wick_tensor *averaged, wick_tensor *current, int64_t n_averaged, void *context);

/* Averages of model: AveragedModel(model). The first update copies; those that follow give every model the same weight,
 * average + (current - average) / (n_averaged + 1) (stochastic weight averaging: Izmailov et al. 2018), or with .decay, in
 * [0, 1], decay average + (1 - decay) current (get_ema_multi_avg_fn, and get_ema_avg_fn up to rounding), or what .avg_fn gives.
 * Buffers are copied each time, or averaged like the parameters with .use_buffers = true. */
typedef struct wick_averaged_model_options {
    size_t size_;
    char start_;
    double decay;       /* default: none, equal weights */
    wick_avg_fn avg_fn; /* in place of them; default none */
    void *context;      /* passed to avg_fn; default NULL */
    bool use_buffers;   /* default false */
} wick_averaged_model_options;
#define WICK_AVERAGED_MODEL_NO_DECAY (-1.0)
#define WICK_AVERAGED_MODEL_DEFAULTS 0, WICK_AVERAGED_MODEL_NO_DECAY, NULL, NULL, false
WICK_API wick_averaged_model *wick_optim_averaged_model_opt(wick_module *model,
                                                            const wick_averaged_model_options *options);
#define wick_optim_averaged_model(model, ...) \
    wick_optim_averaged_model_opt(            \
        model, WICK_OPTIONS(wick_averaged_model_options, WICK_AVERAGED_MODEL_DEFAULTS, __VA_ARGS__))

/* Takes the model as it is now into the averages: swa_model.update_parameters(model). False, with an error and nothing
 * changed, for a model of other names or shapes. */
WICK_API bool wick_optim_update_parameters(wick_averaged_model *averages, wick_module *model);

/* How many updates have gone into the averages: swa_model.n_averaged. -1 with an error. */
WICK_API long long wick_optim_n_averaged(const wick_averaged_model *averages);

/* Exchanges the numbers of the averages and of a model of the same structure: the model computes with the averages until
 * the second call. Between the two calls neither is updated. The elements are written in place, so a graph that needs them as
 * they were can no longer run backward. */
WICK_API bool wick_optim_swap_averages(wick_averaged_model *averages, wick_module *model);

/* Copies the averages into a model of the same structure: model.load_state_dict(swa_model.module.state_dict()). */
WICK_API bool wick_optim_store_averages(wick_averaged_model *averages, wick_module *model);

/* What AveragedModel.state_dict() has: "n_averaged" (int64, no dimensions), and the averages under "module." and their names,
 * on the same storage. Saved with wick_save, PyTorch loads it. */
WICK_API wick_dict *wick_optim_averaged_state_dict(wick_averaged_model *averages);

/* Copies such a dict into the averages. What does not fit is an error that lists it all, and nothing is copied. */
WICK_API bool wick_optim_load_averaged_state_dict(wick_averaged_model *averages, wick_dict *dict);

/* The next input of a model, such as loader's next batch; NULL at the end, or with an error. Called in a scope of its own. */
typedef wick_tensor *(*wick_next_input)(void *context);

/* Computes the running statistics of every BatchNorm1d in model anew, as the mean over all inputs that next gives, by running
 * the model in training mode on them: torch.optim.swa_utils.update_bn(loader, model). Averaged weights need it, as theirs
 * were never computed: call wick_optim_swap_averages or wick_optim_store_averages first. Of a model without BatchNorm1d next
 * is not called. As in PyTorch, all modules of the model end in its own mode, training or not. False, with an error and the
 * statistics as they were. */
WICK_API bool wick_optim_update_bn(wick_module *model, wick_next_input next, void *context);

WICK_END_DECLS
#endif
