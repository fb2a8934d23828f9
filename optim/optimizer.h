/* optimizer.h - the optimizer as the files of this layer see it, and what a method (SGD, Adam, ...) is. */
#pragma once

#include <float.h>
#include <math.h>

#include "../nn/module.h"
#include "../tensor/kernels.h"
#include "optim.h"

enum { WK_HYPERS_MAX = 10, WK_STATES_MAX = 3, WK_SCALARS_MAX = 3, WK_NUMBERS_MAX = 12, WK_NO_HYPER = -1 };

typedef enum wk_kind { WK_REAL, WK_WHOLE, WK_FLAG } wk_kind; /* any number, a whole one, 0 or 1 */

/* A hyperparameter: its name, what messages call it, and the values that it may have. Never NaN. */
typedef struct wk_hyper {
    const char *name; /* as in param_groups: "lr" */
    const char *what; /* "learning rate" */
    double min, max;
    wk_kind kind;
} wk_hyper;

#define WK_INF ((double)INFINITY)
#define WK_BELOW_ONE (1.0 - DBL_EPSILON / 2)
#define WK_AT_LEAST_0(name)                       \
    {                                             \
        name, name " value", 0.0, WK_INF, WK_REAL \
    }
#define WK_ANY(name)                                  \
    {                                                 \
        name, name " value", -WK_INF, WK_INF, WK_REAL \
    }
#define WK_FLAG_OF(name)                               \
    {                                                  \
        name, name " flag (0 or 1)", 0.0, 1.0, WK_FLAG \
    }
#define WK_LR                                       \
    {                                               \
        "lr", "learning rate", 0.0, WK_INF, WK_REAL \
    }
#define WK_BETA1                                                         \
    {                                                                    \
        "beta1", "beta parameter at index 0", 0.0, WK_BELOW_ONE, WK_REAL \
    }
#define WK_BETA2                                                         \
    {                                                                    \
        "beta2", "beta parameter at index 1", 0.0, WK_BELOW_ONE, WK_REAL \
    }
#define WK_EPS                                       \
    {                                                \
        "eps", "epsilon value", 0.0, WK_INF, WK_REAL \
    }

/* A tensor of the parameter's shape and dtype that a method keeps for it: its name in the state dict, and the
 * hyperparameter that it is filled with at the start; WK_NO_HYPER: with 0. */
typedef struct wk_state {
    const char *name;
    int filled_by;
} wk_state;

typedef struct wk_param {
    wick_tensor *tensor;
    wick_tensor *state[WK_STATES_MAX]; /* contiguous; NULL until first used */
    float scalar[WK_SCALARS_MAX];      /* scalar[0]: steps in which the state was used; the rest is the method's */
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
    struct wk_lbfgs *lbfgs; /* what LBFGS remembers, as one for all parameters; NULL before its first step */
} wk_group;

/* An update rule. */
typedef struct wk_method {
    const char *name;     /* PyTorch's: "SGD" */
    const char *function; /* that makes such an optimizer: "wick_optim_sgd" */
    const char *written;  /* what wrote a parameter, for messages: "SGD.step" */
    wk_step_id id;        /* its kernel */
    const wk_hyper *hyper;
    int hypers;
    wk_state state[WK_STATES_MAX];
    int states;
    const char *scalar[WK_SCALARS_MAX]; /* the names of a parameter's scalars in the state dict */
    int scalars;                        /* how many are in it */
    bool at_once;                       /* the state is made with the group, not at the first step */
    bool (*check)(const char *function, const double *hyper);        /* of values that must fit together; may be NULL */
    bool (*check_param)(const char *function, const wick_tensor *t); /* may be NULL */
    unsigned (*uses)(const double *hyper);                           /* bit k: a step with these values uses state k */
    /* The numbers s for a step of a parameter, whose steps, this one included, are scalar[0]; advances the scalars. */
    void (*numbers)(const double *hyper, float *scalar, double *s);
    /* For a method that is no kernel: bytes that the update of t needs, and the update, which cannot fail. */
    size_t (*scratch)(const wick_tensor *t);
    void (*update)(wk_param *p, const double *hyper, void *scratch);
    /* For a method that evaluates the loss itself: the whole step. NULL with an error and nothing changed. */
    wick_tensor *(*run)(wick_optim *optim, wick_optim_closure *closure, void *context);
} wk_method;

struct wick_optim {
    wick_object base;
    const wk_method *method;
    double defaults[WK_HYPERS_MAX]; /* the hyperparameters that it was made with */
    wk_group *group;
    size_t count, capacity;
    int running;             /* steps of a method that evaluates the loss itself: its groups stay as they are */
    bool scheduled, stepped; /* whether it has a scheduler, and a step was made since it has one */
};

extern const wk_class wk_optim_class;
#define WK_OPTIM(o, function, name) wk_check(o, &wk_optim_class, function, name)

/* An optimizer with one group, owned by the innermost scope. */
wick_optim *wk_optim_new(const wk_method *method, const double *hyper, wick_list *params);

bool wk_hyper_allows(const wk_hyper *h, double value);
bool wk_check_hypers(const char *function, const wk_method *method, const double *hyper);
void wk_group_clear(wk_group *group);

/* Makes the state that a step of the parameter needs and does not have yet. */
bool wk_prepare(const char *function, const wk_method *method, const double *hyper, wk_param *p);

/* The closure's loss, computed with grad mode on; NULL with an error. */
wick_tensor *wk_evaluate(const char *function, wick_optim_closure *closure, void *context);

/* ---- What the Adam family shares (adam.c)
 * ------------------------------------------------------------------------- */

/* Its first hyperparameters, in this order; and the first seven of its kernels' numbers. */
enum { WK_MOMENT_LR, WK_MOMENT_BETA1, WK_MOMENT_BETA2, WK_MOMENT_EPS, WK_MOMENT_DECAY, WK_MOMENT_HYPERS };
#define WK_MOMENT_ROWS WK_LR, WK_BETA1, WK_BETA2, WK_EPS, WK_AT_LEAST_0("weight_decay")
#define WK_MOMENT_VALUES(o) (o).lr, (o).beta1, (o).beta2, (o).eps, (o).weight_decay
void wk_moment_numbers(const double *hyper, bool maximize, bool decoupled, double *s);

unsigned wk_uses_one(const double *hyper); /* a method that always uses its first state, or its first two */
unsigned wk_uses_two(const double *hyper);

/* ---- What LBFGS remembers (lbfgs.c)
 * ------------------------------------------------------------------------------- */

/* A number of PyTorch's program that is a Python float or a 0-dimensional tensor, which rounds what it is computed
 * with. */
typedef struct wk_number {
    double value;
    bool tensor;
} wk_number;

typedef struct wk_lbfgs {
    int64_t func_evals, n_iter;
    bool moved;                  /* whether the rest is set: an iteration was made */
    wick_tensor *d;              /* (n): the last direction */
    wick_tensor *gradient;       /* (n): before the last step */
    wk_number t, h;              /* the last step length, and the scale of the first Hessian */
    double loss;                 /* before the last step */
    wick_tensor **dirs, **steps; /* differences of gradients and of positions, oldest first; each (n) */
    double *ro;                  /* 1 / (dirs . steps) */
    size_t count, capacity;      /* of the three */
} wk_lbfgs;

wk_lbfgs *wk_lbfgs_new(size_t capacity);
void wk_lbfgs_free(wk_lbfgs *memory);
