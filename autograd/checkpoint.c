/* checkpoint.c - functions whose intermediate results are computed again instead of being kept.
 *
 * The function is called, and recorded, as ever; but what its nodes save is put into their slots without its elements: a
 * tensor of the same shape and dtype, with its place in the graph, and a number. The first time that a rule asks for one,
 * the function is called again, and what is saved during that call, in the same order, has the elements of all of them. The
 * graph of the second call goes with its scope. Leaves that require grad are saved as they are.
 *
 * A segment is the call of one function. The slots hold it, and with the last of them it goes. Segments nest: what an inner
 * one needs to be called again, its inputs, is saved in the outer one. */
#include "../tensor/random.h"
#include "../tensor/thread.h"
#include "function.h"
#include "node.h"

typedef struct slot {
    wick_tensor *tensor; /* what the second call saved; held. NULL: not called yet, or released */
    uint32_t version;
    bool released;
} slot;

typedef struct wk_segment {
    wick_object base;
    wick_function f;
    wick_checkpoint_options options;
    wk_saved *inputs;
    int n;
    wick_tensor *random; /* state of the default generator before the first call; NULL: not kept */
    wick_tensor *empty;  /* without elements; gives its storage to the tensors in the slots */
    slot *slots;
    size_t count, capacity; /* of tensors saved in the first call */
    size_t again;           /* in the second */
    bool complete;          /* the first call is over */
    bool refilling;         /* in the second */
} segment;

static void segment_destroy(wick_object *object)
{
    segment *s = (segment *)object;
    for (int i = 0; s->inputs && i < s->n; i++)
        wk_saved_release(&s->inputs[i]);
    if (s->inputs)
        wk_free(s->inputs, (size_t)s->n * sizeof *s->inputs);
    for (size_t i = 0; i < s->count; i++)
        wk_unref(s->slots[i].tensor);
    wk_free(s->slots, s->capacity * sizeof *s->slots);
    wk_unref(s->random);
    wk_unref(s->empty);
    if (s->options.destroy) {
        WK_USERS_CODE;
        s->options.destroy(s->options.context);
    }
    wk_free(s, sizeof *s);
}

static const wk_class segment_class = {"checkpoint", segment_destroy};

static segment *segment_new(wick_function f, wick_tensor *const *inputs, int n, wick_checkpoint_options options)
{
    segment *s = wk_alloc_zero(sizeof *s);
    if (!s)
        return NULL;
    wk_object_init(&s->base, &segment_class);
    s->f = f;
    s->n = n;
    s->options = options;
    s->options.destroy = NULL; /* of a call that fails, the context stays the caller's */
    bool ok = (s->inputs = wk_alloc_zero((size_t)n * sizeof *s->inputs)) != NULL &&
              (s->empty = wk_new((int64_t[]){0}, 1, WICK_FLOAT32)) != NULL;
    if (ok && options.preserve_rng_state)
        ok = (s->random = wk_ref(wick_generator_get_state(wick_default_generator()))) != NULL;
    for (int i = 0; ok && i < n; i++)
        ok = wk_refresh_view(inputs[i]) && wk_save(&s->inputs[i], inputs[i], true);
    if (!ok) {
        wk_unref(s);
        return NULL;
    }
    return s;
}

/* f(inputs), with what it saves going to the segment. */
static wick_tensor *call(segment *s, wick_tensor *const *inputs)
{
    segment *outer = wk_this_thread.segment;
    wk_this_thread.segment = s;
    wick_tensor *y = wk_call("wick_checkpoint", s->f, inputs, s->n, s->options.context);
    wk_this_thread.segment = outer;
    return y;
}

wick_tensor *wick_checkpoint_opt(wick_function f, wick_tensor *const *inputs, int n,
                                 const wick_checkpoint_options *given)
{
    WK_ENTER;
    wick_checkpoint_options options = WK_OPTIONS(wick_checkpoint_options, WICK_CHECKPOINT_DEFAULTS, given);
    if (!f || n < 1 || !inputs)
        return wick_fail(WICK_ERROR_ARGUMENT, "wick_checkpoint: needs a function and at least one input");
    for (int i = 0; i < n; i++)
        if (!WK_TENSOR(inputs[i], "wick_checkpoint", "an input"))
            return NULL;
    WICK_SCOPE;
    wick_tensor *y;
    if (!wick_is_grad_enabled()) { /* nothing is saved */
        y = wick_out(wk_call("wick_checkpoint", f, inputs, n, options.context));
        if (y && options.destroy) {
            WK_USERS_CODE;
            options.destroy(options.context);
        }
        return y;
    }
    segment *s = segment_new(f, inputs, n, options);
    if (!s)
        return NULL;
    y = wick_out(call(s, inputs));
    s->complete = true;
    if (y)
        s->options.destroy = options.destroy;
    wk_unref(s);
    return y;
}

/* ---- Slots -------------------------------------------------------------------------------------------------------------------- */

bool wk_segment_save(segment *s, wk_saved *saved, wick_tensor *t, bool history, bool *done)
{
    *done = !s->refilling;
    if (s->refilling) {
        slot *to = s->again < s->count ? &s->slots[s->again] : NULL;
        s->again++;
        if (!to || to->released || to->tensor)
            return true;
        to->tensor = wk_alias(t, t->shape, t->strides, t->ndim, t->offset);
        to->version = wick_version(t);
        return to->tensor != NULL;
    }
    if (s->count == UINT32_MAX || !WK_GROW(s->slots, s->count, s->capacity))
        return false;
    wick_tensor *outline = wk_alias(s->empty, t->shape, t->strides, t->ndim, 0);
    if (!outline)
        return false;
    outline->dtype = t->dtype;
    if (history)
        outline->grad_fn = wk_ref(t->grad_fn);
    saved->tensor = outline;
    saved->segment = wk_ref(s);
    saved->version = (uint32_t)s->count;
    s->slots[s->count++] = (slot){NULL, 0, false};
    return true;
}

void wk_segment_release(wk_saved *saved)
{
    segment *s = saved->segment;
    slot *of = &s->slots[saved->version];
    wk_unref(of->tensor);
    of->tensor = NULL;
    of->released = true;
    saved->segment = NULL;
    wk_unref(s);
}

/* Calls the function again. */
static bool refill(segment *s, const wick_node *node)
{
    if (s->refilling) {
        wick_fail(
            WICK_ERROR_AUTOGRAD,
            "wick_checkpoint: the function, called again, needs a tensor that it has not saved yet; it must do the "
            "same each time");
        return false;
    }
    WICK_SCOPE;
    size_t bytes = (size_t)s->n * sizeof(wick_tensor *);
    wick_tensor **inputs = wk_alloc(bytes);
    wick_tensor *random = s->random ? wick_generator_get_state(wick_default_generator()) : NULL;
    bool ok = inputs && (random || !s->random);
    for (int i = 0; ok && i < s->n; i++)
        ok = (inputs[i] = wk_saved_tensor(&s->inputs[i], node)) != NULL;
    ok = ok && (!random || wick_generator_set_state(wick_default_generator(), s->random));
    if (ok) {
        bool before = wick_set_grad_enabled(true);
        s->refilling = true;
        s->again = 0;
        ok = call(s, inputs) != NULL;
        s->refilling = false;
        wick_set_grad_enabled(before);
        if (random)
            ok = wick_generator_set_state(wick_default_generator(), random) && ok;
    }
    if (inputs)
        wk_free(inputs, bytes);
    if (ok && s->complete && s->again != s->count) {
        wick_fail(
            WICK_ERROR_AUTOGRAD,
            "wick_checkpoint: the function saved %zu tensors for backward when it was called, and %zu when it was "
            "called again; it must do the same each time",
            s->count, s->again);
        ok = false;
    }
    return ok;
}

wick_tensor *wk_segment_tensor(const wk_saved *saved, const wick_node *node)
{
    segment *s = saved->segment;
    const wick_tensor *outline = saved->tensor;
    size_t at = saved->version;
    if (!s->slots[at].tensor && !refill(s, node))
        return NULL;
    wick_tensor *t = s->slots[at].tensor; /* the list may have moved */
    if (!t || !wk_same_shape(t, outline) || t->dtype != outline->dtype)
        return wick_fail(
            WICK_ERROR_AUTOGRAD,
            "wick_checkpoint: what the function saved for %s has shape %s and dtype %s, and %s and %s when it was "
            "called again; it must do the same each time",
            node->op->name, WK_SHAPE(outline), wick_dtype_name(outline->dtype), t ? WK_SHAPE(t) : "nothing",
            t ? wick_dtype_name(t->dtype) : "none");
    if (wick_version(t) != s->slots[at].version)
        return wick_fail(
            WICK_ERROR_AUTOGRAD,
            "wick_backward: a tensor of shape %s that %s saved for its gradient was modified in place by a "
            "checkpointed function; use the out-of-place operation, or clone first",
            WK_SHAPE(t), node->op->name);
    if (!outline->grad_fn)
        return t;
    wick_tensor *placed = wk_alias(t, t->shape, t->strides, t->ndim, t->offset);
    if (placed)
        placed->grad_fn = wk_ref(outline->grad_fn);
    return wk_own(placed);
}
