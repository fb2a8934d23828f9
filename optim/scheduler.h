/* scheduler.h - internal: the scheduler, and what a kind of scheduler (StepLR, CyclicLR) is.
 *
 * All that a scheduler counts and is set to are doubles, which hold Python's integers where it matters, and stand in
 * tables under their names; so the frame checks them, puts them back when a step fails, and writes and reads state dicts
 * without knowing the kind. */
#pragma once

#include <float.h>
#include <math.h>

#include "optimizer.h"

enum { WK_LR_NUMBERS = 11, WK_LR_LISTS = 4 };

/* A setting or a counter, and the values that it may have. Never NaN. */
typedef struct wk_lr_number {
    const char *name; /* as in PyTorch's state_dict: "step_size" */
    double min, max;
    bool whole;
    const char *must; /* "it must be ..." */
} wk_lr_number;

#define WK_LR_MOST 9007199254740992.0 /* 2^53: up to here doubles hold every integer */
#define WK_LR_WHOLE(from) from, WK_LR_MOST, true, "a whole number from " #from
#define WK_LR_ANY -DBL_MAX, DBL_MAX, false, "finite"
#define WK_LR_FLAG 0, 1, true, "0 or 1"
#define WK_LR_UNIT 0, 1, false, "in [0, 1]"

typedef enum wk_lr_counter { WK_LAST_EPOCH, WK_STEPS_MADE, WK_LR_COUNTERS } wk_lr_counter;
extern const wk_lr_number wk_lr_counter_rule[WK_LR_COUNTERS];

typedef struct wk_lr_kind {
    const char *name;                       /* "StepLR" */
    const char *function;                   /* that makes one: "wick_lr_step_lr" */
    wk_lr_number number[WK_LR_NUMBERS + 1]; /* up to one without a name; */
    wk_lr_number list[WK_LR_LISTS + 1];     /* behind these, a kind may keep what it needs only to begin */
    bool groups_of_old;                     /* only for the groups that there were when it was made */
    bool holds;                             /* other schedulers */
    bool uncounted;                         /* it has no last_epoch */

    /* Of group g in last_epoch: the next rate, from the present one; the same from the initial one, where there is a
     * formula; and the momentum. */
    double (*rate)(const wick_scheduler *s, size_t g);
    double (*closed)(const wick_scheduler *s, size_t g);
    double (*momentum)(const wick_scheduler *s, size_t g);

    void (*begin)(wick_scheduler *s, bool anew); /* puts into the groups what it needs there; may be NULL */
    bool (*may)(const wick_scheduler *s);    /* whether there are rates for last_epoch; an error if not; may be NULL */
    bool (*step)(wick_scheduler *s);         /* NULL: counts the step and the epoch, and writes the rates */
    void (*to)(wick_scheduler *s, double e); /* sets what belongs to epoch e; NULL: last_epoch */
} wk_lr_kind;

typedef struct wk_lr_values {
    double *v;
    size_t count;
} wk_lr_values;

/* What a group had before a step, should that fail. */
typedef struct wk_lr_before {
    double last_lr, lr, momentum, kept[WK_KEPT_COUNT];
} wk_lr_before;

struct wick_scheduler {
    wick_object base;
    const wk_lr_kind *kind;
    wick_optim *optim; /* held */
    int lr, momentum;  /* places of these hyperparameters; momentum is -1 if it is left alone */
    bool initial;      /* in the step that making it is */
    int depth;         /* 1, or one more than the schedulers it holds */
    double counter[WK_LR_COUNTERS], counter_before[WK_LR_COUNTERS];
    double number[WK_LR_NUMBERS], number_before[WK_LR_NUMBERS];
    wk_lr_values base_lrs, last_lr, list[WK_LR_LISTS];
    wk_lr_before *before; /* as many as last_lr */
    wick_lr_lambda *lambda;
    size_t lambdas;
    double (*scale_fn)(double x, void *context);
    void *scale_context;
    wick_scheduler **inner; /* held */
    size_t inners;
};

extern const wk_class wk_scheduler_class;
#define WK_SCHEDULER(s, function, name) wk_check(s, &wk_scheduler_class, function, name)

/* ---- Making one: each returns NULL or false after an error, and takes NULL for that ------------------------------- */

/* A scheduler that has its settings, and has done nothing yet; one reference, the caller's. */
wick_scheduler *wk_lr_make(const wk_lr_kind *kind, wick_optim *optim, int64_t last_epoch, const double *number);

/* Room for count numbers in a list; and the same with given numbers, or with one for all groups. */
bool wk_lr_room(wk_lr_values *values, size_t count);
bool wk_lr_fill(wick_scheduler *s, int list, const char *name, wick_lr_list given, double one);

/* Finds what momentum is called here. */
bool wk_lr_cycle_momentum(wick_scheduler *s);

/* Holds schedulers of one optimizer, in its place if s is NULL. */
bool wk_lr_hold(wick_scheduler *s, wick_scheduler *const *inner, int count);

/* The initial rates and the first step. Gives s to the innermost scope, or drops it. */
wick_scheduler *wk_lr_begin(wick_scheduler *s);

/* The place of a word in a list that ends with NULL; -1 with an error. */
int wk_lr_choice(const char *function, const char *name, const char *word, const char *const *words);

/* Whether the value is allowed: what is wrong otherwise is added to errors. */
bool wk_lr_check(wk_text *errors, const wk_lr_number *rule, double value);

/* ---- Steps -------------------------------------------------------------------------------------------------------- */

static inline double wk_lr_now(const wick_scheduler *s, size_t g) { return s->optim->group[g].hyper[s->lr]; }
static inline double wk_lr_kept(const wick_scheduler *s, size_t g, wk_kept k) { return s->optim->group[g].kept[k]; }

/* Remembers what a step changes, of s and of all it holds; and puts it back. */
bool wk_lr_save(const char *function, wick_scheduler *s);
void wk_lr_restore(wick_scheduler *s);

/* Steps that may stop half way: whoever was called from outside has saved, and restores. */
bool wk_lr_step(wick_scheduler *s);
bool wk_lr_first_step(wick_scheduler *s);
bool wk_lr_update(wick_scheduler *s, double epoch); /* last_epoch is epoch, and the rates are closed */
bool wk_lr_write(wick_scheduler *s, double (*rate)(const wick_scheduler *s, size_t g));
void wk_lr_look(wick_scheduler *s); /* last_lr is what the optimizer has */
