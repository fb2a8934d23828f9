/* lr_cosine.c - rates along a cosine (Loshchilov and Hutter 2017): CosineAnnealingLR, CosineAnnealingWarmRestarts. */
#include "scheduler.h"

#define EPOCH (s->counter[WK_LAST_EPOCH])
#define LR wk_lr_now(s, g)
#define BASE (s->base_lrs.v[g])

static const double pi = 3.14159265358979323846;

/* ---- CosineAnnealingLR ------------------------------------------------------------------------------------------- */

enum { T_MAX, ETA_MIN };

static double annealing_rate(const wick_scheduler *s, size_t g)
{
    double t_max = s->number[T_MAX], eta_min = s->number[ETA_MIN];
    if (s->initial)
        return LR;
    if (fmod(EPOCH - 1 - t_max, 2 * t_max) == 0) /* from the lowest point, where the quotient below is 0 / 0 */
        return LR + (BASE - eta_min) * (1 - cos(pi / t_max)) / 2;
    return (1 + cos(pi * EPOCH / t_max)) / (1 + cos(pi * (EPOCH - 1) / t_max)) * (LR - eta_min) + eta_min;
}

static double annealing_closed(const wick_scheduler *s, size_t g)
{
    double eta_min = s->number[ETA_MIN];
    return eta_min + (BASE - eta_min) * (1 + cos(pi * EPOCH / s->number[T_MAX])) / 2;
}

wick_scheduler *wick_lr_cosine_annealing_lr_opt(wick_optim *optim, int64_t T_max,
                                                const wick_lr_cosine_annealing_lr_options *given)
{
    WK_ENTER;
    wick_lr_cosine_annealing_lr_options options =
        WK_OPTIONS(wick_lr_cosine_annealing_lr_options, WICK_LR_COSINE_ANNEALING_LR_DEFAULTS, given);
    static const wk_lr_kind kind = {.name = "CosineAnnealingLR",
                                    .function = "wick_lr_cosine_annealing_lr",
                                    .number = {{"T_max", WK_LR_WHOLE(1)}, {"eta_min", WK_LR_ANY}},
                                    .groups_of_old = true,
                                    .rate = annealing_rate,
                                    .closed = annealing_closed};
    return wk_lr_begin(wk_lr_make(&kind, optim, options.last_epoch, (const double[]){(double)T_max, options.eta_min}));
}

/* ---- CosineAnnealingWarmRestarts --------------------------------------------------------------------------------- */

/* T_i: how long the present cosine is; T_cur: how far on it we are. */
enum { T_0, T_MULT, RESTARTS_ETA_MIN, T_I, T_CUR };

static double restarts_rate(const wick_scheduler *s, size_t g)
{
    double eta_min = s->number[RESTARTS_ETA_MIN];
    return eta_min + (BASE - eta_min) * (1 + cos(pi * s->number[T_CUR] / s->number[T_I])) / 2;
}

static void restarts_to(wick_scheduler *s, double epoch)
{
    double t0 = s->number[T_0], mult = s->number[T_MULT];
    if (epoch < t0) {
        s->number[T_I] = t0;
        s->number[T_CUR] = epoch;
    } else if (mult == 1) {
        s->number[T_CUR] = fmod(epoch, t0);
    } else {
        double power = pow(mult, trunc(log(epoch / t0 * (mult - 1) + 1) / log(mult))); /* of the restarts so far */
        s->number[T_CUR] = epoch - t0 * (power - 1) / (mult - 1);
        s->number[T_I] = t0 * power;
    }
    EPOCH = floor(epoch);
}

static bool restarts_step(wick_scheduler *s)
{
    if (EPOCH < 0) {
        restarts_to(s, 0);
    } else {
        EPOCH++;
        s->number[T_CUR]++;
        if (s->number[T_CUR] >= s->number[T_I]) {
            s->number[T_CUR] = fmod(s->number[T_CUR], s->number[T_I]);
            s->number[T_I] *= s->number[T_MULT];
        }
    }
    return wk_lr_write(s, restarts_rate);
}

wick_scheduler *wick_lr_cosine_annealing_warm_restarts_opt(wick_optim *optim, int64_t T_0_,
                                                           const wick_lr_cosine_annealing_warm_restarts_options *given)
{
    WK_ENTER;
    wick_lr_cosine_annealing_warm_restarts_options options = WK_OPTIONS(
        wick_lr_cosine_annealing_warm_restarts_options, WICK_LR_COSINE_ANNEALING_WARM_RESTARTS_DEFAULTS, given);
    static const wk_lr_kind kind = {.name = "CosineAnnealingWarmRestarts",
                                    .function = "wick_lr_cosine_annealing_warm_restarts",
                                    .number = {[T_0] = {"T_0", WK_LR_WHOLE(1)},
                                               [T_MULT] = {"T_mult", WK_LR_WHOLE(1)},
                                               [RESTARTS_ETA_MIN] = {"eta_min", WK_LR_ANY},
                                               [T_I] = {"T_i", 1, DBL_MAX, true, "a whole number from 1"},
                                               [T_CUR] = {"T_cur", WK_LR_ANY}},
                                    .groups_of_old = true,
                                    .rate = restarts_rate,
                                    .step = restarts_step,
                                    .to = restarts_to};
    return wk_lr_begin(wk_lr_make(&kind, optim, options.last_epoch,
                                  (const double[]){(double)T_0_, (double)options.T_mult, options.eta_min, (double)T_0_,
                                                   (double)options.last_epoch}));
}
