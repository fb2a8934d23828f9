/* map.c - runs a pointwise loop over tensors of any strides.
 *
 * Where every operand is contiguous and of the output's shape, or a single element, one call of the loop does it.
 * Otherwise dimensions of size 1 are dropped, the rest sorted so that the output's innermost comes last, dimensions
 * that lie behind one another in memory for every operand are merged, and the loop runs over the innermost dimension of
 * each row. */
#include "../kernels.h"
#include "../parallel.h"

#include <string.h>

enum {
    MAX_OPERANDS = 8,
    PARALLEL = 1 << 18, /* elements from which several threads share the work: below, waking them can cost more */
    GRAIN = 1 << 14,    /* elements that one thread takes at a time */
    SHORT = 8           /* elements of a row below which rows are run across */
};

/* Dimensions of a walk, outermost first, and how many bytes each operand advances in them. */
typedef struct walk {
    int operands, ndim;
    int64_t size[WICK_MAX_DIMS];
    int64_t step[WICK_MAX_DIMS][MAX_OPERANDS];
} walk;

/* A loop over n elements one after the other, or over the rows of a walk. */
typedef struct run {
    wk_loop *loop;
    int operands;
    int64_t n, grain; /* elements, or rows */
    char *const *p;
    const int64_t *step;
    const walk *w;
    const double *s;
} run;

static void run_grains(void *context, int64_t from, int64_t to)
{
    const run *r = context;
    for (int64_t start = from * GRAIN; start < to * GRAIN && start < r->n; start += GRAIN) {
        char *q[MAX_OPERANDS];
        for (int k = 0; k < r->operands; k++)
            q[k] = r->p[k] ? r->p[k] + start * r->step[k] : NULL;
        r->loop(r->n - start < GRAIN ? r->n - start : GRAIN, q, r->step, r->s);
    }
}

static void run_flat(wk_loop *loop, int operands, int64_t n, char *const *p, const int64_t *step, const double *s)
{
    if (n < PARALLEL) {
        loop(n, p, step, s);
        return;
    }
    run r = {.loop = loop, .operands = operands, .n = n, .p = p, .step = step, .s = s};
    wk_parallel((n + GRAIN - 1) / GRAIN, run_grains, &r);
}

/* Rows [from, to) of the walk; a row is one innermost dimension. */
static void run_rows(wk_loop *loop, const walk *w, int64_t from, int64_t to, char *const *p, const double *s)
{
    const int inner = w->ndim - 1;
    int64_t at[WICK_MAX_DIMS], rest = from;
    char *q[MAX_OPERANDS];
    memcpy(q, p, (size_t)w->operands * sizeof *q);
    for (int d = inner - 1; d >= 0; d--) {
        at[d] = rest % w->size[d];
        rest /= w->size[d];
        for (int k = 0; k < w->operands; k++)
            q[k] += at[d] * w->step[d][k];
    }
    for (int64_t row = from; row < to; row++) {
        loop(w->size[inner], q, w->step[inner], s);
        for (int d = inner - 1; d >= 0; d--) {
            if (++at[d] < w->size[d]) {
                for (int k = 0; k < w->operands; k++)
                    q[k] += w->step[d][k];
                break;
            }
            at[d] = 0;
            for (int k = 0; k < w->operands; k++)
                q[k] -= (w->size[d] - 1) * w->step[d][k];
        }
    }
}

static void run_row_grains(void *context, int64_t from, int64_t to)
{
    const run *r = context;
    run_rows(r->loop, r->w, from * r->grain, to * r->grain < r->n ? to * r->grain : r->n, r->p, r->s);
}

/* Whether dimension d + 1 follows dimension d in memory for every operand. */
static bool mergeable(const walk *w, int d)
{
    for (int k = 0; k < w->operands; k++)
        if (w->step[d][k] != w->size[d + 1] * w->step[d + 1][k])
            return false;
    return true;
}

static void plan(walk *w, const wick_tensor *out, int inputs, const wick_tensor *const *input)
{
    w->operands = inputs + 1;
    w->ndim = 0;
    for (int d = 0; d < out->ndim; d++) {
        if (out->shape[d] == 1)
            continue;
        int64_t step[MAX_OPERANDS] = {out->strides[d] * wk_element_size(out->dtype)};
        for (int k = 0; k < inputs; k++) {
            const wick_tensor *x = input[k];
            const int at = d - (out->ndim - x->ndim); /* x's dimension, counted from the last */
            step[k + 1] = at < 0 || x->shape[at] == 1 ? 0 : x->strides[at] * wk_element_size(x->dtype);
        }
        int place = w->ndim++;
        for (; place > 0 && w->step[place - 1][0] < step[0]; place--) {
            w->size[place] = w->size[place - 1];
            memcpy(w->step[place], w->step[place - 1], sizeof step);
        }
        w->size[place] = out->shape[d];
        memcpy(w->step[place], step, sizeof step);
    }
    int last = 0;
    for (int d = 1; d < w->ndim; d++) {
        w->size[last + 1] = w->size[d];
        memcpy(w->step[last + 1], w->step[d], sizeof w->step[d]);
        if (mergeable(w, last)) {
            w->size[last] *= w->size[last + 1];
            memcpy(w->step[last], w->step[last + 1], sizeof w->step[last]);
        } else {
            last++;
        }
    }
    w->ndim = w->ndim ? last + 1 : 0;
    /* A loop of a few elements costs more than its elements: the dimension before, if it is longer, is run instead. */
    if (last > 0 && w->size[last] < SHORT && w->size[last - 1] > w->size[last]) {
        const int64_t size = w->size[last];
        int64_t step[MAX_OPERANDS];
        w->size[last] = w->size[last - 1];
        w->size[last - 1] = size;
        memcpy(step, w->step[last], sizeof step);
        memcpy(w->step[last], w->step[last - 1], sizeof step);
        memcpy(w->step[last - 1], step, sizeof step);
    }
}

static void map_strided(wk_loop *loop, wick_tensor *out, int inputs, const wick_tensor *const *input, char *const *p,
                        const double *s)
{
    walk w;
    plan(&w, out, inputs, input);
    if (w.ndim == 0) {
        const int64_t step[MAX_OPERANDS] = {0};
        loop(1, p, step, s);
        return;
    }
    if (w.ndim == 1) {
        run_flat(loop, w.operands, w.size[0], p, w.step[0], s);
        return;
    }
    const int64_t rows = out->numel / w.size[w.ndim - 1];
    if (out->numel < PARALLEL || rows == 1) {
        run_rows(loop, &w, 0, rows, p, s);
        return;
    }
    run r = {.loop = loop,
             .n = rows,
             .grain = (GRAIN + w.size[w.ndim - 1] - 1) / w.size[w.ndim - 1],
             .p = p,
             .w = &w,
             .s = s};
    wk_parallel((rows + r.grain - 1) / r.grain, run_row_grains, &r);
}

void wk_map_loop(wk_loop *loop, wick_tensor *out, int inputs, const wick_tensor *const *input, const double *s)
{
    const int64_t n = out->numel;
    if (n == 0)
        return;
    char *p[MAX_OPERANDS];
    int64_t step[MAX_OPERANDS];
    bool flat = out->contiguous;
    p[0] = wk_data(out);
    step[0] = wk_element_size(out->dtype);
    for (int k = 0; k < inputs; k++) {
        const wick_tensor *x = input[k];
        p[k + 1] = wk_data(x);
        if (x->numel == n) {
            flat &= x->contiguous;
            step[k + 1] = wk_element_size(x->dtype);
        } else {
            flat &= x->numel == 1;
            step[k + 1] = 0;
        }
    }
    if (flat)
        run_flat(loop, inputs + 1, n, p, step, s);
    else
        map_strided(loop, out, inputs, input, p, s);
}

bool wk_map(const char *function, wk_loop_id id, wick_tensor *out, int inputs, const wick_tensor *const *input,
            const double *s)
{
    wk_loop *loop = wk_cpu()->loop[id][WK_DTYPE_INDEX(input[0]->dtype)];
    if (!loop) {
        wick_fail(WICK_ERROR_DTYPE, "%s: not defined for %s; convert the tensor to a floating-point dtype first",
                  function, wick_dtype_name(input[0]->dtype));
        return false;
    }
    wk_map_loop(loop, out, inputs, input, s);
    return true;
}
