/* named_optimizers.c - the optimizers as functions without options, which have an address.
 * NULL stands for the defaults. The macros over the names are those of the headers. */
#include "../tensor/call.h"
#include "optim.h"

#undef wick_optim_sgd
wick_optim *wick_optim_sgd(wick_list *params)
{
    WK_ENTER;
    return wick_optim_sgd_opt(params, NULL);
}

#undef wick_optim_adam
wick_optim *wick_optim_adam(wick_list *params)
{
    WK_ENTER;
    return wick_optim_adam_opt(params, NULL);
}

#undef wick_optim_adamw
wick_optim *wick_optim_adamw(wick_list *params)
{
    WK_ENTER;
    return wick_optim_adamw_opt(params, NULL);
}

#undef wick_optim_nadam
wick_optim *wick_optim_nadam(wick_list *params)
{
    WK_ENTER;
    return wick_optim_nadam_opt(params, NULL);
}

#undef wick_optim_radam
wick_optim *wick_optim_radam(wick_list *params)
{
    WK_ENTER;
    return wick_optim_radam_opt(params, NULL);
}

#undef wick_optim_adamax
wick_optim *wick_optim_adamax(wick_list *params)
{
    WK_ENTER;
    return wick_optim_adamax_opt(params, NULL);
}

#undef wick_optim_adagrad
wick_optim *wick_optim_adagrad(wick_list *params)
{
    WK_ENTER;
    return wick_optim_adagrad_opt(params, NULL);
}

#undef wick_optim_adadelta
wick_optim *wick_optim_adadelta(wick_list *params)
{
    WK_ENTER;
    return wick_optim_adadelta_opt(params, NULL);
}

#undef wick_optim_rmsprop
wick_optim *wick_optim_rmsprop(wick_list *params)
{
    WK_ENTER;
    return wick_optim_rmsprop_opt(params, NULL);
}

#undef wick_optim_rprop
wick_optim *wick_optim_rprop(wick_list *params)
{
    WK_ENTER;
    return wick_optim_rprop_opt(params, NULL);
}

#undef wick_optim_asgd
wick_optim *wick_optim_asgd(wick_list *params)
{
    WK_ENTER;
    return wick_optim_asgd_opt(params, NULL);
}

#undef wick_optim_muon
wick_optim *wick_optim_muon(wick_list *params)
{
    WK_ENTER;
    return wick_optim_muon_opt(params, NULL);
}

#undef wick_optim_lbfgs
wick_optim *wick_optim_lbfgs(wick_list *params)
{
    WK_ENTER;
    return wick_optim_lbfgs_opt(params, NULL);
}
