/* update_bn.c - running statistics for averaged weights: torch.optim.swa_utils.update_bn. */
#include <math.h>
#include <string.h>

#include "../autograd/autograd.h"
#include "../tensor/thread.h"
#include "averaging.h"
#include "optimizer.h"

/* Its statistics: two lists, and how many batches they are of. */
enum { MEAN, VAR, COUNT, STATISTICS };
static const char *const names[STATISTICS] = {"running_mean", "running_var", "num_batches_tracked"};

typedef struct batch_norm {
    double *momentum, before;
    wick_tensor *t[STATISTICS], *copy[STATISTICS]; /* not there without track_running_stats */
} batch_norm;

typedef struct batch_norms {
    batch_norm *item;
    size_t count, capacity;
} batch_norms;

static bool add(batch_norms *all, wick_module *m, double *momentum)
{
    if (!WK_GROW(all->item, all->count, all->capacity))
        return false;
    batch_norm *b = &all->item[all->count++];
    *b = (batch_norm){.momentum = momentum, .before = *momentum};
    for (int k = 0; k < STATISTICS; k++) {
        b->t[k] = wk_names_find(&m->table[WK_BUFFERS], names[k], strlen(names[k]));
        if (b->t[k] && ((b->copy[k] = wk_new_like(b->t[k])) == NULL || !wk_copy(b->copy[k], b->t[k])))
            return false;
    }
    return true;
}

static bool find(batch_norms *all, wick_module *model)
{
    wk_walk walk = {.root = model, .visit = WK_ONCE};
    bool ok = true;
    for (wick_module *at; ok && (at = wk_walk_enter(&walk)) != NULL;) {
        double *momentum = wk_batch_norm_momentum(at);
        ok = !momentum || add(all, at, momentum);
    }
    return wk_walk_end(&walk) && ok;
}

/* Statistics of nothing, which become the mean over all batches. */
static void reset(const batch_norms *all)
{
    for (size_t i = 0; i < all->count; i++) {
        *all->item[i].momentum = (double)NAN;
        for (int k = 0; k < STATISTICS; k++)
            if (all->item[i].t[k]) {
                wk_fill(all->item[i].t[k], k == VAR);
                wk_bump_version(all->item[i].t[k], "update_bn");
            }
    }
}

static wick_tensor *users_input(wick_next_input next, void *context)
{
    WK_USERS_CODE;
    return next(context);
}

static bool run(wick_module *model, wick_next_input next, void *context)
{
    unsigned failures = wk_this_thread.failures;
    for (;;) {
        WICK_SCOPE;
        wick_tensor *x = users_input(next, context);
        if (!x)
            return wk_this_thread.failures == failures;
        if (!wick_nn_forward(model, x))
            return false;
    }
}

static bool finish(batch_norms *all, bool ok)
{
    for (size_t i = 0; i < all->count; i++) {
        batch_norm *b = &all->item[i];
        *b->momentum = b->before;
        for (int k = 0; k < STATISTICS; k++) {
            if (!ok && b->copy[k])
                wk_copy(b->t[k], b->copy[k]);
            wk_unref(b->copy[k]);
        }
    }
    wk_free(all->item, all->capacity * sizeof *all->item);
    return ok;
}

bool wick_optim_update_bn(wick_module *model, wick_next_input next, void *context)
{
    WK_ENTER;
    const char *function = "wick_optim_update_bn";
    if (!WK_MODULE(model, function, "model"))
        return false;
    if (!next)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: next is NULL; give a function that returns the next input",
                         function) != NULL;
    WK_HOLD(model);
    WICK_NO_GRAD;
    batch_norms all = {0};
    bool ok = find(&all, model);
    if (!ok || all.count == 0)
        return finish(&all, ok);
    bool training = model->training;
    ok = wick_nn_train(model) != NULL;
    if (ok) {
        reset(&all);
        ok = run(model, next, context);
        ok = (training ? wick_nn_train(model) : wick_nn_eval(model)) && ok;
    }
    return finish(&all, ok);
}
