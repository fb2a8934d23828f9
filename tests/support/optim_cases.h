/* optim_cases.h - the cases of torch/optim/optim.txt and optim_training.txt: a method, a dtype, and options by PyTorch's
 * names. */
#pragma once

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_wick.h"

enum { MAX_OPTIONS = 12 };

typedef struct option {
    char name[32];
    double value;
} option;

typedef struct run {
    char method[12];
    wick_dtype dtype;
    option options[MAX_OPTIONS];
    int count;
    char text[256]; /* the line, for messages */
} run;

/* "case SGD float32 lr=0.1 momentum=0.9" */
static inline run parse_case(char *line)
{
    run r = {0};
    line[strcspn(line, "\n")] = '\0';
    snprintf(r.text, sizeof r.text, "%.200s", line);
    char *word = strtok(line, " ");
    for (int i = 0; word; word = strtok(NULL, " "), i++) {
        if (i == 1)
            snprintf(r.method, sizeof r.method, "%s", word);
        else if (i == 2)
            r.dtype = strcmp(word, "float64") == 0 ? WICK_FLOAT64 : WICK_FLOAT32;
        else if (i > 2) {
            char *equals = strchr(word, '=');
            ck_assert_ptr_nonnull(equals);
            ck_assert_int_lt(r.count, MAX_OPTIONS);
            option *o = &r.options[r.count++];
            o->value = strtod(equals + 1, NULL);
            *equals = '\0';
            snprintf(o->name, sizeof o->name, "%s", word);
        }
    }
    return r;
}

/* The option's value, or otherwise. */
static inline double option_of(const run *r, const char *name, double otherwise)
{
    for (int i = 0; i < r->count; i++)
        if (strcmp(r->options[i].name, name) == 0)
            return r->options[i].value;
    return otherwise;
}

#define REAL(field, name) o.field = option_of(r, name, o.field);
#define NUMBER(field) REAL(field, #field)
#define WHOLE(field) o.field = (int)option_of(r, #field, o.field);
#define FLAG(field) o.field = option_of(r, #field, o.field) != 0;
#define MOMENTS NUMBER(lr) REAL(beta1, "beta1") REAL(beta2, "beta2") NUMBER(eps) NUMBER(weight_decay) FLAG(maximize)
#define DECOUPLED FLAG(decoupled_weight_decay)

static const char *const adjust_names[] = {NULL, "original", "match_rms_adamw", "spectral_unclamped"};
#define ADJUST o.adjust_lr_fn = adjust_names[(int)option_of(r, "adjust_lr_fn", 0)];
#define LINE_SEARCH o.line_search_fn = option_of(r, "line_search_fn", 0) != 0 ? "strong_wolfe" : NULL;

#define METHODS(X)                                                                                                     \
    X(SGD, sgd, SGD, NUMBER(lr) NUMBER(momentum) NUMBER(dampening) NUMBER(weight_decay) FLAG(nesterov) FLAG(maximize)) \
    X(Adam, adam, ADAM, MOMENTS FLAG(amsgrad) DECOUPLED)                                                               \
    X(AdamW, adamw, ADAMW, MOMENTS FLAG(amsgrad))                                                                      \
    X(NAdam, nadam, NADAM, MOMENTS NUMBER(momentum_decay) DECOUPLED)                                                   \
    X(RAdam, radam, RADAM, MOMENTS DECOUPLED)                                                                          \
    X(Adamax, adamax, ADAMAX, MOMENTS)                                                                                 \
    X(Adagrad, adagrad, ADAGRAD,                                                                                       \
      NUMBER(lr) NUMBER(lr_decay) NUMBER(weight_decay) NUMBER(initial_accumulator_value) NUMBER(eps) FLAG(maximize))   \
    X(Adadelta, adadelta, ADADELTA, NUMBER(lr) NUMBER(rho) NUMBER(eps) NUMBER(weight_decay) FLAG(maximize))            \
    X(RMSprop, rmsprop, RMSPROP,                                                                                       \
      NUMBER(lr) NUMBER(alpha) NUMBER(eps) NUMBER(weight_decay) NUMBER(momentum) FLAG(centered) FLAG(maximize))        \
    X(Rprop, rprop, RPROP,                                                                                             \
      NUMBER(lr) REAL(etaminus, "etaminus") REAL(etaplus, "etaplus") REAL(step_size_min, "step_size_min")              \
          REAL(step_size_max, "step_size_max") FLAG(maximize))                                                         \
    X(ASGD, asgd, ASGD, NUMBER(lr) NUMBER(lambd) NUMBER(alpha) NUMBER(t0) NUMBER(weight_decay) FLAG(maximize))         \
    X(Muon, muon, MUON,                                                                                                \
      NUMBER(lr) NUMBER(weight_decay) NUMBER(momentum) FLAG(nesterov) REAL(ns_a, "ns_a") REAL(ns_b, "ns_b")            \
          REAL(ns_c, "ns_c") NUMBER(eps) WHOLE(ns_steps) ADJUST)                                                       \
    X(LBFGS, lbfgs, LBFGS,                                                                                             \
      NUMBER(lr) WHOLE(max_iter) WHOLE(max_eval) NUMBER(tolerance_grad) NUMBER(tolerance_change) WHOLE(history_size)   \
          LINE_SEARCH FLAG(maximize))

#define MAKER(name, function, constant, options)                                                      \
    if (strcmp(r->method, #name) == 0) {                                                              \
        wick_optim_##function##_options o = {.size_ = sizeof o, 0, WICK_OPTIM_##constant##_DEFAULTS}; \
        options return wick_optim_##function##_opt(params, &o);                                       \
    }

/* The optimizer with the case's options; the others are Wick's defaults, as PyTorch's run had PyTorch's. */
static inline wick_optim *make_optim(const run *r, wick_list *params)
{
    METHODS(MAKER)
    ck_abort_msg("no method %s", r->method);
    return NULL;
}
