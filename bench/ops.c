/* ops.c - single operations on n x n matrices, without recording and with their backward pass: at n = 4 what a call
 * costs, at n = 512 how fast the kernels are. */
#include <wick/wick.h>

#include "measure.h"

/* x and w of n x n random numbers; p of numbers from 0.5 to 1.5, q from 1 to 2, m of both truths, t of n matrices (at most 64);
 * b of n; g of n x n, and s of n, places along a dimension of x. */
#define ARGUMENTS(X) X(x) X(w) X(p) X(q) X(m) X(t) X(b) X(g) X(s)

#define OPERATIONS(X)                                                            \
    X(add, wick_add(x, w))                                                       \
    X(mul, wick_mul(x, w))                                                       \
    X(div, wick_div(x, w))                                                       \
    X(exp, wick_exp(x))                                                          \
    X(log1p, wick_log1p(p))                                                      \
    X(sin, wick_sin(x))                                                          \
    X(tan, wick_tan(x))                                                          \
    X(atan, wick_atan(x))                                                        \
    X(sinh, wick_sinh(x))                                                        \
    X(cosh, wick_cosh(x))                                                        \
    X(asinh, wick_asinh(x))                                                      \
    X(acosh, wick_acosh(q))                                                      \
    X(tanh, wick_tanh(x))                                                        \
    X(erf, wick_erf(x))                                                          \
    X(pow, wick_pow(p, w))                                                       \
    X(atan2, wick_atan2(x, w))                                                   \
    X(fmod, wick_fmod(x, w))                                                     \
    X(remainder, wick_remainder(x, w))                                           \
    X(div_floor, wick_div(x, w, .rounding_mode = "floor"))                       \
    X(hypot, wick_hypot(x, w))                                                   \
    X(logaddexp, wick_logaddexp(x, w))                                           \
    X(lerp, wick_lerp(x, w, p))                                                  \
    X(addcmul, wick_addcmul(x, w, p))                                            \
    X(where, wick_where(m, x, w))                                                \
    X(clamp, wick_clamp(x, -1, 1))                                               \
    X(relu, wick_relu(x))                                                        \
    X(sigmoid, wick_sigmoid(x))                                                  \
    X(gelu, wick_gelu(x))                                                        \
    X(silu, wick_silu(x))                                                        \
    X(softplus, wick_softplus(x))                                                \
    X(linear, wick_linear(x, w, b))                                              \
    X(bmm, wick_bmm(t, t))                                                       \
    X(softmax, wick_softmax(x, 1))                                               \
    X(log_softmax, wick_log_softmax(x, 1))                                       \
    X(layer_norm, wick_layer_norm(x, WICK_DIMS(wick_size(x, 1)), .weight = b))   \
    X(batch_norm, wick_batch_norm(x, NULL, NULL, .weight = b, .training = true)) \
    X(sum, wick_sum(x))                                                          \
    X(sum_rows, wick_sum(x, 0))                                                  \
    X(prod, wick_prod(p, 1))                                                     \
    X(var, wick_var(x, 1))                                                       \
    X(norm, wick_norm(x, 2, 1))                                                  \
    X(logsumexp, wick_logsumexp(x, 1))                                           \
    X(amax, wick_amax(x, 1))                                                     \
    X(cumsum, wick_cumsum(x, 1))                                                 \
    X(sort, wick_sort(x, .dim = 1))                                              \
    X(gather, wick_gather(x, 1, g))                                              \
    X(scatter_add, wick_scatter_add(x, 1, g, w))                                 \
    X(index_select, wick_index_select(x, 0, s))                                  \
    X(cat, wick_cat(wick_list_of(x, w), .dim = 1))                               \
    X(flip, wick_flip(x, 0))                                                     \
    X(cross_entropy, wick_cross_entropy(x, s))                                   \
    X(mse_loss, wick_mse_loss(x, w))

typedef struct arguments {
#define MEMBER(name) wick_tensor *name;
    ARGUMENTS(MEMBER)
#undef MEMBER
} arguments;

#define LOCAL(name)              \
    wick_tensor *name = a->name; \
    (void)name;
#define CALL(name, call)                              \
    static wick_tensor *name##_of(const arguments *a) \
    {                                                 \
        ARGUMENTS(LOCAL)                              \
        return call;                                  \
    }
OPERATIONS(CALL)
#undef CALL
#undef LOCAL

static const struct {
    const char *name;
    wick_tensor *(*call)(const arguments *);
} operations[] = {
#define ENTRY(name, call) {#name, name##_of},
    OPERATIONS(ENTRY)
#undef ENTRY
};

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
#define CLEAR(name)                    \
    if (wick_requires_grad(r->a.name)) \
        wick_set_grad(r->a.name, NULL);
    ARGUMENTS(CLEAR)
#undef CLEAR
}

static void measure(int64_t n)
{
    WICK_SCOPE;
    const int64_t batch = n < 64 ? n : 64;
    run r = {.a = {.x = wick_randn(n, n, .requires_grad = true),
                   .w = wick_randn(n, n, .requires_grad = true),
                   .p = wick_requires_grad_(wick_add(wick_rand(n, n), 0.5), true),
                   .q = wick_requires_grad_(wick_add(wick_rand(n, n), 1), true),
                   .m = wick_gt(wick_randn(n, n), 0),
                   .t = wick_randn(batch, batch, batch, .requires_grad = true),
                   .b = wick_randn(n, .requires_grad = true),
                   .g = wick_randint(0, n, n, n),
                   .s = wick_randint(0, n, n)}};
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
