/* test_mutation.c - would gradcheck notice? Every rule of every operation of the table is broken in every way below, on a
 * small case of its, and gradcheck must catch each mutant, or gradgradcheck where only the second order is broken.
 *
 * A mutant is a node of the operation's graph with another wk_op, whose rule calls the right one and spoils what comes out
 * (or what goes in). Whether a mutant computes something else at all is found by comparing its Jacobian with the right
 * one: a sign flip of 0 and a roll of a constant are no mutants, and are counted as equivalent. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/autograd/node.h>

#include "check_wick.h"
#include "op_suite.h"
#include "suites.h"

#ifndef WICK_TESTS_DIR
#define WICK_TESTS_DIR "tests"
#endif

/* ---- Ways to break a rule ---------------------------------------------------------------------------------------- */

#define WAYS(X)                                                                   \
    X(SIGN, "sign")         /* -dx                                             */ \
    X(FACTOR, "factor")     /* 1.01 dx                                         */ \
    X(DROP, "drop")         /* dx, its first element that is not 0 set to 0    */ \
    X(SHIFT, "shift")       /* dx, each element in the place of the next       */ \
    X(UNSUMMED, "unsummed") /* dx, not summed over what was broadcast          */ \
    X(UNSCALED, "unscaled") /* the rule for a gradient of ones                 */ \
    X(SAVED, "saved")       /* the rule with what was saved, shifted           */ \
    X(CONSTANT, "constant") /* dx, constant in what was saved: second order    */
#define ENUMERATOR(way, name) way,
#define NAME(way, name) name,
typedef enum way { WAYS(ENUMERATOR) COUNT } way;
static const char *const way_names[] = {WAYS(NAME)};

typedef struct mutant {
    wk_op op; /* first: a rule finds the mutant by its node's op */
    const wk_op *right;
    way how;
    int node, slot; /* the node, counted from the result, and the input whose gradient is spoiled */
} mutant;

static wick_tensor *shifted(wick_tensor *t)
{
    int64_t n = t->numel;
    if (n < 2)
        return t;
    wick_tensor *flat = wick_reshape(t, n);
    flat = wick_cat(wick_list_of(wick_slice(flat, 0, n - 1, n, 1), wick_slice(flat, 0, 0, n - 1, 1)), 0);
    return wick_reshape_n(flat, t->shape, t->ndim);
}

static wick_tensor *dropped(wick_tensor *dx)
{
    wick_tensor *keep = wick_ones_like(dx);
    for (int64_t i = 0; i < dx->numel; i++) {
        if (tensor_real(dx, i) != 0) {
            wk_store(keep, i, 0);
            break;
        }
    }
    return wick_mul(dx, keep);
}

/* The first slice alone of each dimension in which the input was broadcast. */
static wick_tensor *unsummed(wick_tensor *dx, const wick_node *to)
{
    while (dx->ndim > to->ndim)
        dx = wick_select(dx, 0, 0);
    for (int d = 0; d < dx->ndim; d++)
        if (to->shape[d] == 1 && dx->shape[d] != 1)
            dx = wick_narrow(dx, d, 0, 1);
    return dx;
}

static bool is_real(const wick_tensor *t) { return t && wick_dtype_is_floating((wick_dtype)t->dtype); }

static wick_tensor *spoil(const wick_node *node, const wk_args *args, wick_tensor *dy, wick_tensor *a, wick_tensor *b,
                          wick_tensor *c, wick_tensor *y, int i, bool fused)
{
    const mutant *m = (const mutant *)(const void *)node->op;
    const wk_rule *rule = &m->right->rule[m->right->any_inputs ? 0 : i];
    wk_grad_rule *f = fused ? rule->fused : rule->rule;
    if (i != m->slot)
        return f(node, args, dy, a, b, c, y, i);
    if (m->how == UNSCALED)
        dy = wick_ones_like(dy);
    if (m->how == SAVED) {
        wick_tensor **first = is_real(a) ? &a : is_real(b) ? &b : is_real(c) ? &c : is_real(y) ? &y : &b;
        *first = *first ? shifted(*first) : NULL; /* in the end b, the positions of what indexes */
    }
    if (m->how == CONSTANT && wick_is_grad_enabled()) {
        a = a ? wick_detach(a) : NULL;
        b = b ? wick_detach(b) : NULL;
        c = c ? wick_detach(c) : NULL;
        y = y ? wick_detach(y) : NULL;
    }
    wick_tensor *dx = f(node, args, dy, a, b, c, y, i);
    if (!dx)
        return NULL;
    switch (m->how) {
    case SIGN: return wick_neg(dx);
    case FACTOR: return wick_mul(dx, 1.01);
    case DROP: return dropped(dx);
    case SHIFT: return shifted(dx);
    case UNSUMMED: return unsummed(dx, node->input[i]);
    default: return dx;
    }
}

GRAD(spoiled) { return spoil(node, args, dy, a, b, c, y, i, false); }
GRAD(spoiled_fused) { return spoil(node, args, dy, a, b, c, y, i, true); }

/* ---- The function that is checked -------------------------------------------------------------------------------- */

typedef struct call {
    const op_row *row;
    const ref_case *c;
    wick_tensor *in[REF_MAX_INPUTS];
    int place[REF_MAX_INPUTS]; /* which of them are the function's inputs */
    int inputs;
    mutant *m; /* NULL: none */
} call;

enum { MOST_NODES = 64 };

/* The nodes of y's graph that have rules, from the result on; how many. */
static int nodes_of(wick_tensor *y, wick_node **nodes)
{
    int count = 0;
    wick_node *root = wick_grad_fn(y);
    if (root && !root->leaf)
        nodes[count++] = root;
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < nodes[i]->inputs; k++) {
            wick_node *next = nodes[i]->input[k];
            bool known = !next || next->leaf;
            for (int j = 0; j < count; j++)
                known = known || nodes[j] == next;
            if (!known && count < MOST_NODES)
                nodes[count++] = next;
        }
    }
    return count;
}

static wick_tensor *value(wick_tensor *const *in, int n, void *context)
{
    const call *k = context;
    wick_tensor *all[REF_MAX_INPUTS];
    memcpy(all, k->in, sizeof all);
    for (int i = 0; i < n && i < k->inputs; i++)
        all[k->place[i]] = in[i];
    wick_tensor *y = k->row->call(all, k->c->inputs, k->c->real, k->c->whole, k->c->args);
    wick_clear_warning();
    wick_node *nodes[MOST_NODES];
    if (y && k->m && nodes_of(y, nodes) > k->m->node)
        nodes[k->m->node]->op = &k->m->op;
    return y;
}

/* Its value, flat, and its gradients for the gradient in[n - 1] of the value, flat: what wick_jacobian is asked for. */
static wick_tensor *flat_value(wick_tensor *const *in, int n, void *context)
{
    wick_tensor *y = value(in, n, context);
    return y ? wick_reshape(y, y->numel) : NULL;
}

static wick_tensor *flat_gradients(wick_tensor *const *in, int n, void *context)
{
    wick_tensor *y = value(in, n - 1, context), *flat[REF_MAX_INPUTS];
    wick_list *g = wick_grad(wick_list_of(y), wick_list_n(in, n - 1), .grad_outputs = wick_list_of(in[n - 1]),
                             .create_graph = true, .allow_unused = true, .materialize_grads = true);
    for (int i = 0; g && i < n - 1; i++)
        flat[i] = wick_reshape(wick_list_get(g, i), in[i]->numel);
    return g ? wick_cat(wick_list_n(flat, n - 1), 0) : NULL;
}

/* The inputs that can have gradients, as leaves. */
static call make_call(const op_row *row, const ref_case *c, wick_tensor **leaves)
{
    call k = {.row = row, .c = c};
    for (int i = 0; i < c->inputs; i++) {
        k.in[i] = ref_make(&c->in[i], false);
        if (c->in[i].can_grad) {
            leaves[k.inputs] = wick_requires_grad_(ref_make(&c->in[i], false), true);
            k.place[k.inputs++] = i;
        }
    }
    return k;
}

/* ---- Mutants ----------------------------------------------------------------------------------------------------- */

typedef struct tally {
    int rows, bare, mutants, caught, equivalent;
    int by_way[COUNT];
} tally;

/* How far two Jacobians are apart: the largest |difference| / (atol + rtol |right|), by the checks' tolerances. */
static double distance(wick_list *right, wick_list *other)
{
    double largest = 0;
    for (int64_t k = 0; k < wick_list_count(right); k++) {
        wick_tensor *a = wick_list_get(right, k), *b = wick_list_get(other, k);
        for (int64_t i = 0; i < wick_numel(a); i++) {
            double x = tensor_real(a, i), apart = fabs(x - tensor_real(b, i)) / (1e-5 + 1e-3 * fabs(x));
            if (!(apart <= largest))
                largest = isnan(apart) ? INFINITY : apart;
        }
    }
    return largest;
}

typedef struct subject {
    call k;
    wick_tensor *leaves[REF_MAX_INPUTS + 1]; /* the last but for the second order: a gradient of the value */
    wick_list *right[2];                     /* the Jacobians of the value and of the gradients, as they should be */
} subject;

static wick_list *jacobian(const subject *s, int order)
{
    return wick_jacobian(order == 1 ? flat_value : flat_gradients, s->leaves, s->k.inputs + order - 1,
                         .context = (void *)(uintptr_t)(const void *)&s->k);
}

/* One mutant: whether it computes something else, and if so, whether it is caught. */
static void try_mutant(subject *s, mutant *m, tally *t)
{
    WICK_SCOPE;
    const ref_case *c = s->k.c;
    int order = m->how == CONSTANT ? 2 : 1;
    wick_gradcheck_report r;
    s->k.m = m;
    wick_list *broken = jacobian(s, order);
    ck_assert_msg(broken || m->how == SAVED, "%s:%d: %s: %s", c->file, c->line, way_names[m->how], wick_error());
    double apart = broken ? distance(s->right[order - 1], broken) : INFINITY;
    wick_clear_error(); /* a rule may refuse what it did not save */
    t->mutants++;
    if (apart < 1) { /* as far as the checks can see */
        t->equivalent++;
    } else {
        bool passed = order == 1 ? wick_gradcheck(value, s->leaves, s->k.inputs, .context = &s->k, .report = &r)
                                 : wick_gradgradcheck(value, s->leaves, s->k.inputs, .context = &s->k, .report = &r,
                                                      .grad_outputs = s->leaves[s->k.inputs]);
        ck_assert_msg(!passed || apart < 1.01,
                      "%s:%d: %s survives with the mutation \"%s\" of node %d, %s, input %d: %g tolerances off",
                      c->file, c->line, c->op, way_names[m->how], m->node, m->right->name, m->slot, apart);
        ck_assert_msg(passed || !broken || r.verdict == WICK_GRADCHECK_WRONG || r.verdict == WICK_GRADCHECK_VACUOUS ||
                          r.verdict == WICK_GRADCHECK_KINK,
                      "%s:%d: %s, \"%s\" of node %d, %s: %s", c->file, c->line, c->op, way_names[m->how], m->node,
                      m->right->name, r.message);
        t->caught++;
        t->by_way[m->how]++;
        wick_clear_error();
    }
    s->k.m = NULL;
}

/* Every mutant of the case, or those of one way alone. */
static void try_case(const op_row *row, const ref_case *c, int only, tally *t)
{
    WICK_SCOPE;
    subject s = {.k = {0}};
    s.k = make_call(row, c, s.leaves);
    wick_node *nodes[MOST_NODES];
    wick_tensor *y = value(s.leaves, s.k.inputs, &s.k);
    ck_assert_msg(y != NULL, "%s:%d: %s", c->file, c->line, wick_error());
    s.leaves[s.k.inputs] = wick_requires_grad_(ref_tensor_of(&c->dy), true);
    s.right[0] = jacobian(&s, 1);
    s.right[1] = only < 0 ? jacobian(&s, 2) : NULL;
    ck_assert_msg(s.right[0] && (only >= 0 || s.right[1]), "%s:%d: %s", c->file, c->line, wick_error());
    int count = nodes_of(y, nodes);
    for (int node = 0; node < count; node++) {
        for (int slot = 0; slot < nodes[node]->inputs && slot < 3; slot++) {
            for (int how = 0; how < COUNT; how++) {
                const wk_op *right = nodes[node]->op;
                if (!nodes[node]->input[slot] || (only >= 0 ? how != only : how == UNSUMMED))
                    continue;
                if (how == SAVED && strcmp(right->name, "CopySlices") == 0) /* saves where a view lies, no numbers */
                    continue;
                mutant m = {*right, right, (way)how, node, slot};
                for (int i = 0; i < 3; i++) {
                    m.op.rule[i].rule = right->rule[i].rule ? spoiled : NULL;
                    m.op.rule[i].fused = right->rule[i].fused ? spoiled_fused : NULL;
                }
                try_mutant(&s, &m, t);
            }
        }
    }
}

/* ---- Cases ------------------------------------------------------------------------------------------------------- */

static int64_t cost(const ref_case *c)
{
    int64_t elements = 0;
    for (int i = 0; i < c->inputs; i++)
        elements += c->in[i].can_grad ? c->in[i].value.numel : 0;
    return elements * c->out.numel;
}

/* Whether an input has fewer elements than another of those that have gradients, or than the result. */
static bool has_broadcast(const ref_case *c)
{
    for (int i = 0; i < c->inputs; i++)
        for (int j = 0; j < c->inputs; j++)
            if (c->in[i].can_grad && c->in[j].can_grad && c->in[i].value.numel < c->in[j].value.numel)
                return true;
    return false;
}

/* The cheapest case of the row to check, of those after a given one, that has elements to shift; with broadcast, one that
 * broadcasts. NULL if there is none. */
static const ref_case *next_case(const ref_file *file, const char *name, const ref_case *after, bool broadcast)
{
    const ref_case *best = NULL;
    for (int i = 0; i < file->count; i++) {
        const ref_case *c = &file->cases[i];
        bool later = !after || cost(c) > cost(after) || (cost(c) == cost(after) && c > after), shifts = false;
        for (int j = 0; j < c->inputs; j++)
            shifts = shifts || (c->in[j].can_grad && c->in[j].value.numel >= 2);
        if (strcmp(c->op, name) != 0 || !c->check || !shifts || !later || (broadcast && !has_broadcast(c)))
            continue;
        if (!best || cost(c) < cost(best))
            best = c;
    }
    return best;
}

/* Several cases of the row, until mutants of the ways that break any rule were there, and one that broadcasts. */
static void try_row(const ref_file *file, const op_row *row, tally *t)
{
    enum { CASES = 4 };
    bool enough = false;
    const ref_case *c = next_case(file, row->name, NULL, false), *broadcast = next_case(file, row->name, NULL, true);
    for (int tried = 0; c && (tried < CASES || !enough); tried++) {
        try_case(row, c, -1, t);
        c = next_case(file, row->name, c, false);
        enough = t->by_way[SIGN] && t->by_way[FACTOR] && t->by_way[DROP] && t->by_way[SHIFT] && t->by_way[UNSCALED];
    }
    if (broadcast)
        try_case(row, broadcast, UNSUMMED, t);
    /* Without a mutant, the row returns its input in every case to check, as dropout does in evaluation. */
    ck_assert_msg(t->mutants == 0 || (t->by_way[SIGN] && t->by_way[FACTOR] && t->by_way[DROP]),
                  "%s: no mutant computes anything else", row->name);
}

#define DECLARE(name) extern const op_family *const ops_##name##_family;
#define ADDRESS(name) &ops_##name##_family,
WICK_FAMILIES(DECLARE)
static const op_family *const *const families[] = {WICK_FAMILIES(ADDRESS)};

START_TEST(test_family)
{
    const op_family *family = *families[_i];
    char path[512], message[512] = "";
    ref_file file;
    tally all = {0};
    snprintf(path, sizeof path, WICK_TESTS_DIR "/ops/%s/ops_%s.txt", family->name, family->name);
    ck_assert_msg(ref_read(path, &file, message, sizeof message), "%s", message);
    for (int i = 0; i < family->count;
         i += is_slow() ? 5 : 1) { /* for a checker of memory, one is as good as another */
        const op_row *row = &family->rows[i];
        tally t = {0};
        if (OP_GRADIENT(row) != CHECKED)
            continue;
        try_row(&file, row, &t);
        all.rows++;
        all.bare += t.mutants == 0;
        all.mutants += t.mutants;
        all.caught += t.caught;
        all.equivalent += t.equivalent;
        for (int how = 0; how < COUNT; how++)
            all.by_way[how] += t.by_way[how];
    }
    printf("%-12s %3d rows, %d without a node  %5d mutants  %5d caught  %5d equivalent  caught by way:", family->name,
           all.rows, all.bare, all.mutants, all.caught, all.equivalent);
    for (int how = 0; how < COUNT; how++)
        printf(" %s %d", way_names[how], all.by_way[how]);
    printf("\n");
    fflush(stdout);
    ck_assert(all.caught > 0 && all.bare < all.rows);
    ref_free(&file);
}
END_TEST

Suite *mutation_suite(void)
{
    Suite *suite = suite_create("mutation");
    TCase *tc = tcase_create("families");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, test_family, 0, (int)(sizeof families / sizeof *families));
    suite_add_tcase(suite, tc);
    return suite;
}
