/* losses.c - the loss functions as modules of two inputs, (prediction, target), that keep their options. */
#include "internal.h"

/* The fields of a loss are its options; weight and pos_weight are held as buffers, as in PyTorch. */
static wick_module *loss(const char *name, wick_tensor *(*forward2)(wick_module *, wick_tensor *, wick_tensor *),
                         const wick_loss_options *options)
{
    if ((options->weight && !WK_TENSOR(options->weight, name, "weight")) ||
        (options->pos_weight && !WK_TENSOR(options->pos_weight, name, "pos_weight")))
        return NULL;
    wick_module *m = wk_module_new(name, &(wick_module_options){.forward2 = forward2, .size = sizeof *options});
    if (!m)
        return NULL;
    *(wick_loss_options *)m->fields = *options;
    if ((options->weight && !wick_nn_register_buffer(m, "weight", options->weight)) ||
        (options->pos_weight && !wick_nn_register_buffer(m, "pos_weight", options->pos_weight))) {
        wk_unref(m);
        return NULL;
    }
    return wk_own(m);
}

#define LOSSES(X)                                                                           \
    X(mse_loss, "MSELoss", wick_mse_loss_opt)                                               \
    X(bce_loss, "BCELoss", wick_binary_cross_entropy_opt)                                   \
    X(bce_with_logits_loss, "BCEWithLogitsLoss", wick_binary_cross_entropy_with_logits_opt) \
    X(nll_loss, "NLLLoss", wick_nll_loss_opt)                                               \
    X(cross_entropy_loss, "CrossEntropyLoss", wick_cross_entropy_opt)

#define DEFINE(function, class_name, operation)                                                          \
    static wick_tensor *function##_forward(wick_module *m, wick_tensor *prediction, wick_tensor *target) \
    {                                                                                                    \
        return operation(prediction, target, *(const wick_loss_options *)m->fields);                     \
    }                                                                                                    \
    wick_module *wick_nn_##function##_opt(wick_loss_options options)                                     \
    {                                                                                                    \
        return loss(class_name, function##_forward, &options);                                           \
    }
LOSSES(DEFINE)
#undef DEFINE
