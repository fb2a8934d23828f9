/* ops.c - single operations on n x n matrices, without recording and with their backward pass: at n = 4 what a call
 * costs, at n = 512 how fast the kernels are. */
#include <wick/wick.h>

#include "measure.h"

typedef struct arguments {
    wick_tensor *x, *w, *b;
} arguments;

static wick_tensor *add(const arguments *a) { return wick_add(a->x, a->w); }
static wick_tensor *mul(const arguments *a) { return wick_mul(a->x, a->w); }
static wick_tensor *relu(const arguments *a) { return wick_relu(a->x); }
static wick_tensor *sigmoid(const arguments *a) { return wick_sigmoid(a->x); }
static wick_tensor *linear(const arguments *a) { return wick_linear(a->x, a->w, a->b); }
static wick_tensor *softmax(const arguments *a) { return wick_softmax(a->x, 1); }
static wick_tensor *log_softmax(const arguments *a) { return wick_log_softmax(a->x, 1); }
static wick_tensor *sum(const arguments *a) { return wick_sum(a->x); }
static wick_tensor *sum_rows(const arguments *a) { return wick_sum(a->x, 0); }

static const struct {
    const char *name;
    wick_tensor *(*call)(const arguments *);
} operations[] = {{"add", add},
                  {"mul", mul},
                  {"relu", relu},
                  {"sigmoid", sigmoid},
                  {"linear", linear},
                  {"softmax", softmax},
                  {"log_softmax", log_softmax},
                  {"sum", sum},
                  {"sum_rows", sum_rows}};

typedef struct run {
    arguments a;
    wick_tensor *(*call)(const arguments *);
    wick_tensor *dy;
} run;

static void forward(void *context)
{
    const run *r = context;
    WICK_SCOPE;
    WICK_NO_GRAD;
    r->call(&r->a);
}

static void both(void *context)
{
    const run *r = context;
    WICK_SCOPE;
    wick_backward(r->call(&r->a), .gradient = r->dy);
    wick_set_grad(r->a.x, NULL);
    wick_set_grad(r->a.w, NULL);
    wick_set_grad(r->a.b, NULL);
}

static void measure(int64_t n)
{
    WICK_SCOPE;
    run r = {.a = {wick_randn(n, n, .requires_grad = true), wick_randn(n, n, .requires_grad = true),
                   wick_randn(n, .requires_grad = true)}};
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        char name[64];
        r.call = operations[i].call;
        r.dy = wick_ones_like(r.call(&r.a));
        snprintf(name, sizeof name, "%s_%lld", operations[i].name, (long long)n);
        report(name, seconds_of(forward, &r, 0.02), 0);
        snprintf(name, sizeof name, "%s_%lld_backward", operations[i].name, (long long)n);
        report(name, seconds_of(both, &r, 0.02), 0);
    }
}

int main(void)
{
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(0);
    while (next_round()) {
        measure(4);
        measure(64);
        measure(512);
        end_round();
    }
}
