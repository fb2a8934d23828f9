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
 * PyTorch copies the module. In C a module has a struct of its own, which only it could copy. So the averages here are a copy
 * of every parameter and buffer, and they run in a model of the same structure. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"

WICK_BEGIN_DECLS

/* The averages of a model. They do not keep the model alive. */
typedef struct wick_averaged_model wick_averaged_model;

/* Returns the new average of a parameter, in the shape of the average and any dtype, from the average so far, the parameter
 * now, and the number of models in the average. NULL with an error. It is called in a scope of its own, with grad mode off. */
typedef wick_tensor *(*wick_avg_fn)(wick_tensor *averaged, wick_tensor *current, int64_t n_averaged, void *context);

/* Averages of model: AveragedModel(model). The first update copies. Each later one gives every model the same weight,
 * average + (current - average) / (n_averaged + 1) (stochastic weight averaging: Izmailov et al. 2018); or, with .decay in
 * [0, 1], it is decay average + (1 - decay) current (get_ema_multi_avg_fn, and get_ema_avg_fn up to rounding); or it is what
 * .avg_fn returns. Buffers are copied each time, or averaged like the parameters with .use_buffers = true. */
typedef struct wick_averaged_model_options {
    size_t size_;
    char start_;
    double decay;       /* default: none, which means equal weights */
    wick_avg_fn avg_fn; /* instead of both; default none */
    void *context;      /* passed to avg_fn; default NULL */
    bool use_buffers;   /* default false */
} wick_averaged_model_options;
#define WICK_AVERAGED_MODEL_NO_DECAY (-1.0)
WICK_API wick_averaged_model *wick_optim_averaged_model_opt(wick_module *model,
                                                            const wick_averaged_model_options *options);
#define wick_optim_averaged_model(model, ...) \
    wick_optim_averaged_model_opt(            \
        model, WICK_OPTIONS(wick_averaged_model_options, WICK_AVERAGED_MODEL_NO_DECAY, __VA_ARGS__))

/* Adds the model as it is now to the averages: swa_model.update_parameters(model). A model with other names or shapes is an
 * error: false, and nothing changes. */
WICK_API bool wick_optim_update_parameters(wick_averaged_model *averages, wick_module *model);

/* The number of updates in the averages: swa_model.n_averaged. -1 with an error. */
WICK_API long long wick_optim_n_averaged(const wick_averaged_model *averages);

/* Exchanges the elements of the averages and of a model of the same structure: the model then computes with the averages,
 * until a second call exchanges them back. Update neither between the two calls. The elements are written in place, so a
 * graph that needs the old ones can no longer run backward. False on error. */
WICK_API bool wick_optim_swap_averages(wick_averaged_model *averages, wick_module *model);

/* Copies the averages into a model of the same structure: model.load_state_dict(swa_model.module.state_dict()). False on
 * error. */
WICK_API bool wick_optim_store_averages(wick_averaged_model *averages, wick_module *model);

/* The entries of AveragedModel.state_dict(): "n_averaged" (int64, 0-dimensional), and the averages under "module." and their
 * names, on the same storage. PyTorch loads what wick_save writes of it. */
WICK_API wick_dict *wick_optim_averaged_state_dict(wick_averaged_model *averages);

/* Copies such a dict into the averages. Entries that do not fit are an error that lists them all; then nothing is copied. */
WICK_API bool wick_optim_load_averaged_state_dict(wick_averaged_model *averages, wick_dict *dict);

/* Returns the next input of a model, such as the next batch of a loader; NULL at the end, or with an error. It is called in a
 * scope of its own. */
typedef wick_tensor *(*wick_next_input)(void *context);

/* Computes the running statistics of every BatchNorm1d in model again, as the mean over all inputs that next returns, by
 * running the model on them in training mode: torch.optim.swa_utils.update_bn(loader, model). Averaged weights need this,
 * because statistics for them were never computed: call wick_optim_swap_averages or wick_optim_store_averages first. If the
 * model has no BatchNorm1d, next is not called. As in PyTorch, all modules then have the mode that the model itself has,
 * training or not. After an error the result is false, and the statistics are as before. */
WICK_API bool wick_optim_update_bn(wick_module *model, wick_next_input next, void *context);

WICK_END_DECLS
