/* anomaly.c - anomaly mode: which call made a node, and whether a gradient has NaN in it.
 *
 * A call notes its place after it is done, in the nodes behind its result that have none: those that were made inside it,
 * since the calls of its arguments have noted theirs. Nodes from before anomaly mode was switched on are left without. */
#include <stdio.h>
#include <string.h>

#include "here.h"
#include "node.h"

enum { OFF, PLACES, CHECKS_NAN };

extern WICK_API atomic_int wick_anomaly_mode_;
atomic_int wick_anomaly_mode_;
static atomic_ullong first_number; /* of the nodes made since anomaly mode was switched on */

int wick_set_detect_anomaly_opt(bool on, wick_anomaly_options options)
{
    int before = atomic_load(&wick_anomaly_mode_);
    wick_anomaly_restore(!on ? OFF : options.check_nan ? CHECKS_NAN : PLACES);
    return before;
}

bool wick_is_anomaly_enabled(void) { return atomic_load(&wick_anomaly_mode_) != OFF; }

void wick_anomaly_restore(int before)
{
    if (atomic_exchange(&wick_anomaly_mode_, before) == OFF && before != OFF)
        atomic_store(&first_number, wk_next_node_number());
}

int wick_anomaly_enter_(void) { return wick_set_detect_anomaly(true); }
void wick_anomaly_leave_(int *before) { wick_anomaly_restore(*before); }

bool wk_anomaly_checks_nan(void)
{
    return atomic_load_explicit(&wick_anomaly_mode_, memory_order_relaxed) == CHECKS_NAN;
}
bool wk_anomaly_places(void) { return atomic_load_explicit(&wick_anomaly_mode_, memory_order_relaxed) != OFF; }

/* ---- Places ------------------------------------------------------------------------------------------------------------------- */

typedef struct pile {
    wick_node **nodes;
    size_t count, capacity;
} pile;

/* Notes the place in the node, and puts it on the pile of those whose inputs are to be looked at, if it has none. */
static bool note(pile *p, wick_node *node, const char *file, int line)
{
    if (!node || node->file || node->leaf || node->number < atomic_load_explicit(&first_number, memory_order_relaxed))
        return true;
    if (!WK_GROW(p->nodes, p->count, p->capacity))
        return false;
    node->file = file;
    node->line = line;
    p->nodes[p->count++] = node;
    return true;
}

bool wk_note_place(wick_tensor *t, const char *file, int line)
{
    if (!t || !file)
        return true;
    pile p = {NULL, 0, 0};
    bool ok = note(&p, t->grad_fn, file, line) && (!t->view_of || note(&p, t->view_of->grad_fn, file, line));
    while (ok && p.count > 0) {
        const wick_node *node = p.nodes[--p.count];
        for (int i = 0; ok && i < node->inputs; i++)
            ok = note(&p, node->input[i], file, line);
    }
    wk_free(p.nodes, p.capacity * sizeof *p.nodes);
    return ok;
}

wick_tensor *wick_note_here_(wick_tensor *result, const char *file, int line)
{
    WK_ENTER;
    return wk_note_place(result, file, line) ? result : NULL;
}

wick_list *wick_note_here_list_(wick_list *result, const char *file, int line)
{
    WK_ENTER;
    bool ok = true;
    for (int64_t i = 0; result && ok && i < result->count; i++)
        ok = wk_note_place(result->items[i], file, line);
    return ok ? result : NULL;
}

char *wk_place_text(const wick_node *node, bool hint, char *text)
{
    if (node->file)
        snprintf(text, WK_PLACE_TEXT, ", made at %s:%d", node->file, node->line);
    else if (hint)
        snprintf(text, WK_PLACE_TEXT, "; where it was made is told if anomaly mode (WICK_DETECT_ANOMALY) is on then");
    return text;
}

const char *wick_place_of(wick_tensor *t)
{
    WK_ENTER;
    if (!WK_TENSOR(t, "wick_place_of", "t") || !wk_refresh_view(t) || !t->grad_fn || !t->grad_fn->file)
        return NULL;
    char text[WK_PLACE_TEXT];
    snprintf(text, sizeof text, "%s:%d", t->grad_fn->file, t->grad_fn->line);
    return wk_string(text, strlen(text));
}

/* ---- NaN ---------------------------------------------------------------------------------------------------------------------- */

bool wk_has_nan(const wick_tensor *t)
{
    if (!wick_dtype_is_floating((wick_dtype)t->dtype))
        return false;
    int64_t index[WICK_MAX_DIMS] = {0}, at = t->offset;
    const int64_t *const strides[1] = {t->strides};
    for (int64_t i = 0; i < t->numel; i++) {
        if (isnan(wk_load(t, at)))
            return true;
        wk_next(t->shape, t->ndim, index, 1, strides, &at);
    }
    return false;
}
