/* step.c - the frame of a step, with and without a closure.
 *
 * A step has two passes. The first allocates all that the step needs, so that running out of memory leaves parameters
 * and state as they were. The second updates each parameter, by the method's kernel or its own function; nothing in it
 * can fail. */
#include "../tensor/thread.h"
#include "optimizer.h"

static wick_tensor *new_state(const wick_tensor *t, double value)
{
    wick_tensor *state = wk_new_like(t);
    if (state)
        wk_fill(state, value);
    return state;
}

bool wk_prepare(const char *function, const wk_method *method, const double *hyper, wk_param *p)
{
    const wick_tensor *t = p->tensor;
    const unsigned uses = method->uses(hyper);
    for (int k = 0; k < method->states; k++) {
        const int filled_by = method->state[k].filled_by;
        if (!(uses >> k & 1))
            continue;
        if (!p->state[k] && (p->state[k] = new_state(t, filled_by == WK_NO_HYPER ? 0.0 : hyper[filled_by])) == NULL)
            return false;
        if (p->state[k]->dtype != t->dtype) {
            wick_fail(
                WICK_ERROR_DTYPE,
                "%s: a parameter of shape %s has become %s since its first step as %s; make the optimizer after the "
                "conversion",
                function, WK_SHAPE(t), wick_dtype_name(t->dtype), wick_dtype_name(p->state[k]->dtype));
            return false;
        }
    }
    return true;
}

/* Lets go of the state that was made for steps that did not take place. */
static void unprepare(wick_optim *optim)
{
    for (size_t g = 0; !optim->method->at_once && g < optim->count; g++)
        for (size_t i = 0; i < optim->group[g].count; i++) {
            wk_param *p = &optim->group[g].param[i];
            for (int k = 0; p->scalar[0] == 0 && k < WK_STATES_MAX; k++) {
                wk_unref(p->state[k]);
                p->state[k] = NULL;
            }
        }
}

/* Everything that the step needs; *scratch, of *size bytes, is enough for the update of any one parameter. */
static bool prepare_all(wick_optim *optim, void **scratch, size_t *size)
{
    const wk_method *method = optim->method;
    for (size_t g = 0; g < optim->count; g++) {
        const wk_group *group = &optim->group[g];
        for (size_t i = 0; i < group->count; i++) {
            wk_param *p = &group->param[i];
            if (!p->tensor->grad)
                continue;
            if (!wk_prepare("wick_optim_step", method, group->hyper, p))
                return false;
            const size_t needs = method->scratch ? method->scratch(p->tensor) : 0;
            *size = needs > *size ? needs : *size;
        }
    }
    return *size == 0 || (*scratch = wk_alloc(*size)) != NULL;
}

/* A gradient has the shape and dtype of its tensor: wick_set_grad and the engine see to it. State that the method does
 * not use is stood in for by the gradient, which its kernel does not touch. */
static void run_kernel(const wk_method *method, const double *hyper, wk_param *p, const double *s)
{
    wick_tensor *t = p->tensor;
    const unsigned uses = method->uses(hyper);
    const wick_tensor *input[1 + WK_STATES_MAX] = {t->grad};
    for (int k = 0; k < WK_STATES_MAX; k++)
        input[1 + k] = uses >> k & 1 ? p->state[k] : t->grad;
    wk_map_loop(wk_cpu()->step[method->id][WK_DTYPE_INDEX(t->dtype)], t, 1 + WK_STATES_MAX, input, s);
}

static void update_group(const wk_method *method, wk_group *group, void *scratch)
{
    double s[WK_NUMBERS_MAX] = {0};
    float t = 0; /* the step that s is for, where s depends on no more than that */
    const bool counts = method->uses(group->hyper) != 0;
    for (size_t i = 0; i < group->count; i++) {
        wk_param *p = &group->param[i];
        if (!p->tensor->grad)
            continue;
        if (counts)
            p->scalar[0] += 1;
        if (method->update) {
            method->update(p, group->hyper, scratch);
        } else {
            if (p->scalar[0] != t || method->scalars > 1 || !counts)
                method->numbers(group->hyper, p->scalar, s);
            t = p->scalar[0];
            run_kernel(method, group->hyper, p, s);
        }
        wk_bump_version(p->tensor, method->written);
    }
}

static bool step(wick_optim *optim)
{
    void *scratch = NULL;
    size_t size = 0;
    if (!prepare_all(optim, &scratch, &size)) {
        unprepare(optim);
        return false;
    }
    for (size_t g = 0; g < optim->count; g++)
        update_group(optim->method, &optim->group[g], scratch);
    wk_free(scratch, size);
    optim->stepped = true;
    return true;
}

bool wick_optim_step(wick_optim *optim)
{
    WK_ENTER;
    if (!WK_OPTIM(optim, "wick_optim_step", "optim"))
        return false;
    if (optim->method->run)
        return wick_fail(
                   WICK_ERROR_ARGUMENT,
                   "wick_optim_step: %s evaluates the loss several times per step and needs a closure that does so: "
                   "wick_optim_step_closure(optim, closure, context)",
                   optim->method->name) != NULL;
    return step(optim);
}

static wick_tensor *users_loss(wick_optim_closure *closure, void *context)
{
    WK_USERS_CODE;
    return closure(context);
}

wick_tensor *wk_evaluate(const char *function, wick_optim_closure *closure, void *context)
{
    WICK_SCOPE;
    WICK_ENABLE_GRAD;
    wick_tensor *loss = users_loss(closure, context);
    if (!loss) /* with the closure's own error, that one stays */
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the closure returned NULL; it has to return the loss", function);
    return wick_out(loss);
}

wick_tensor *wick_optim_step_closure(wick_optim *optim, wick_optim_closure *closure, void *context)
{
    WK_ENTER;
    const char *function = "wick_optim_step_closure";
    if (!WK_OPTIM(optim, function, "optim"))
        return NULL;
    if (!closure)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: closure is NULL; give a function that clears the gradients, computes the loss and its "
                         "gradients, and returns the loss, or call wick_optim_step",
                         function);
    if (!wk_stack_left(function))
        return NULL;
    WK_HOLD(optim);
    if (optim->method->run) {
        optim->running++;
        wick_tensor *loss = optim->method->run(optim, closure, context);
        optim->running--;
        optim->stepped = optim->stepped || loss;
        return loss;
    }
    wick_tensor *loss = wk_evaluate(function, closure, context);
    return loss && step(optim) ? loss : NULL;
}
