/* internal.h - the optimizer as the files of this layer see it, and what a method (SGD, Adam) is. */
#ifndef WICK_OPTIM_INTERNAL_H
#define WICK_OPTIM_INTERNAL_H

#include "../nn/internal.h"
#include "../tensor/kernels.h"
#include "optim.h"

enum { WK_HYPERS_MAX = 8, WK_STATES_MAX = 3 };

/* A hyperparameter: its name, what messages call it, and the values that it may have. Never NaN. */
typedef struct wk_hyper {
    const char *name; /* as in param_groups: "lr" */
    const char *what; /* "learning rate" */
    double min, max;
    bool flag; /* 0 or 1 */
} wk_hyper;

/* An update rule. It keeps up to WK_STATES_MAX tensors for each parameter, which are zero at the start. */
typedef struct wk_method {
    const char *function; /* that makes such an optimizer: "wick_optim_sgd" */
    const char *written;  /* what wrote a parameter, for messages: "SGD.step" */
    wk_step_id id;
    int hypers;
    wk_hyper hyper[WK_HYPERS_MAX];
    bool (*check)(const char *function, const double *hyper);   /* of values that must fit together; may be NULL */
    int (*states)(const double *hyper);                         /* how many tensors a step with these values uses */
    void (*numbers)(const double *hyper, int64_t t, double *s); /* of the t-th step (from 1), for the kernel */
} wk_method;

typedef struct wk_param {
    wick_tensor *tensor;
    wick_tensor *state[WK_STATES_MAX]; /* contiguous, of the parameter's shape and dtype; NULL until first used */
    int64_t steps;                     /* in which the state was used */
} wk_param;

/* What schedulers keep in a group, beside its hyperparameters, as PyTorch does; NaN if it is not there. */
typedef enum wk_kept {
    WK_INITIAL_LR,
    WK_MAX_LR,
    WK_MIN_LR,
    WK_BASE_MOMENTUM,
    WK_MAX_MOMENTUM,
    WK_SWA_LR,
    WK_KEPT_COUNT
} wk_kept;

extern const char *const wk_kept_name[WK_KEPT_COUNT]; /* in param_groups: "initial_lr" */

typedef struct wk_group {
    double hyper[WK_HYPERS_MAX];
    double kept[WK_KEPT_COUNT];
    wk_param *param;
    size_t count;
} wk_group;

struct wick_optim {
    wick_object base;
    const wk_method *method;
    double defaults[WK_HYPERS_MAX]; /* the hyperparameters that it was made with */
    wk_group *group;
    size_t count, capacity;
    bool scheduled, stepped; /* whether it has a scheduler, and a step was made since it has one */
};

extern const wk_class wk_optim_class;
#define WK_OPTIM(o, function, name) wk_check(o, &wk_optim_class, function, name)

/* An optimizer with one group, owned by the innermost scope. */
wick_optim *wk_optim_new(const wk_method *method, const double *hyper, wick_list *params);

#endif
