/* adam.c - Adam, AMSGrad and AdamW (torch.optim.Adam, AdamW), and what they share with NAdam and RAdam. */
#include "optimizer.h"

enum { AMSGRAD = WK_MOMENT_HYPERS, MAXIMIZE, DECOUPLED, HYPERS };

unsigned wk_uses_one(const double *hyper)
{
    (void)hyper;
    return 1;
}

unsigned wk_uses_two(const double *hyper)
{
    (void)hyper;
    return 3;
}

void wk_moment_numbers(const double *hyper, bool maximize, bool decoupled, double *s)
{
    s[0] = maximize ? -1 : 1;
    s[1] = decoupled ? 0 : hyper[WK_MOMENT_DECAY];
    s[2] = decoupled ? 1 - hyper[WK_MOMENT_LR] * hyper[WK_MOMENT_DECAY] : 1;
    s[3] = 1 - hyper[WK_MOMENT_BETA1];
    s[4] = hyper[WK_MOMENT_BETA2];
    s[5] = 1 - hyper[WK_MOMENT_BETA2];
    s[6] = hyper[WK_MOMENT_EPS];
}

static unsigned uses(const double *hyper) { return hyper[AMSGRAD] != 0.0 ? 7 : 3; }

static void numbers(const double *hyper, float *scalar, double *s)
{
    const double t = scalar[0];
    wk_moment_numbers(hyper, hyper[MAXIMIZE] != 0.0, hyper[DECOUPLED] != 0.0, s);
    s[7] = -(hyper[WK_MOMENT_LR] / (1 - pow(hyper[WK_MOMENT_BETA1], t)));
    s[8] = sqrt(1 - pow(hyper[WK_MOMENT_BETA2], t));
    s[9] = hyper[AMSGRAD];
}

static const wk_hyper hypers[HYPERS] = {WK_MOMENT_ROWS, WK_FLAG_OF("amsgrad"), WK_FLAG_OF("maximize"),
                                        WK_FLAG_OF("decoupled_weight_decay")};

#define ADAM_METHOD(title, maker)                                                                          \
    {                                                                                                      \
        .name = title, .function = maker, .written = title ".step", .id = WK_STEP_ADAM, .hyper = hypers,   \
        .hypers = HYPERS,                                                                                  \
        .state = {{"exp_avg", WK_NO_HYPER}, {"exp_avg_sq", WK_NO_HYPER}, {"max_exp_avg_sq", WK_NO_HYPER}}, \
        .states = 3, .scalar = {"step"}, .scalars = 1, .uses = uses, .numbers = numbers                    \
    }
static const wk_method adam = ADAM_METHOD("Adam", "wick_optim_adam");
static const wk_method adamw = ADAM_METHOD("AdamW", "wick_optim_adamw");

wick_optim *wick_optim_adam_opt(wick_list *params, const wick_optim_adam_options *given)
{
    WK_ENTER;
    wick_optim_adam_options o = WK_OPTIONS(wick_optim_adam_options, WICK_OPTIM_ADAM_DEFAULTS, given);
    const double hyper[HYPERS] = {WK_MOMENT_VALUES(o), o.amsgrad, o.maximize, o.decoupled_weight_decay};
    return wk_optim_new(&adam, hyper, params);
}

wick_optim *wick_optim_adamw_opt(wick_list *params, const wick_optim_adamw_options *given)
{
    WK_ENTER;
    wick_optim_adamw_options o = WK_OPTIONS(wick_optim_adamw_options, WICK_OPTIM_ADAMW_DEFAULTS, given);
    const double hyper[HYPERS] = {WK_MOMENT_VALUES(o), o.amsgrad, o.maximize, true};
    return wk_optim_new(&adamw, hyper, params);
}
