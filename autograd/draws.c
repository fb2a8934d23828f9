/* draws.c - tensors filled with random numbers in place.
 *
 * A distribution fills contiguous memory; this file brings its numbers to where the tensor's elements lie. PyTorch fills
 * in the order of memory, and a normal tensor that is not contiguous one number at a time. */
#include "draws.h"

#include <math.h>

#include "../tensor/generator.h"
#include "node.h"

typedef struct draw {
    const char *function;
    const wk_op *op;
    void (*fill)(wick_tensor *t, const struct draw *d); /* t is contiguous */
    double a, b;
    int64_t low, high;
    wick_generator *generator;
    int64_t part; /* of a tensor that is not contiguous, so many elements at a time; 0: all */
} draw;

/* Named as in PyTorch, where an overload of a function has a node of its own. */
#define NODE(name) static const wk_op name##_op = {#name, {{wk_zero_rule, 0, NULL}}, false};
NODE(UniformBackward0)
NODE(NormalBackward0)
NODE(BernoulliBackward0) /* of a tensor of probabilities */
NODE(BernoulliBackward2)
NODE(ExponentialBackward0)
NODE(RandomBackward0)
NODE(RandomBackward1) /* from 0 */
NODE(RandomBackward2) /* without bounds */

/* Random numbers in the shape of t, in its order of memory. One reference, the caller's. */
static void fill(wick_tensor *t, const void *d) { ((const draw *)d)->fill(t, d); }
static wick_tensor *drawn(const wick_tensor *t, const draw *d)
{
    return wk_drawn_like(t, t->contiguous ? 0 : -d->part, fill, d);
}

static wick_tensor *overwrite(wick_tensor *t, const draw *d)
{
    bool recorded;
    if (!wk_check_writable(d->function, t, false) || !wk_recording(t, NULL, &recorded))
        return NULL;
    if (t->contiguous && !recorded) {
        d->fill(t, d);
        wk_bump_version(t, d->function);
        return t;
    }
    WICK_SCOPE;
    wick_tensor *y = drawn(t, d);
    if (recorded)
        return wk_assign(d->function, t, wk_record(d->op, NULL, y, t, NULL, NULL));
    if (!wk_own(y))
        return NULL;
    wk_copy(t, y);
    wk_bump_version(t, d->function);
    return t;
}

/* Whether the arguments are a tensor, floating point if it must be, and a generator or none. */
static bool check(wick_tensor *t, bool floating, const draw *d)
{
    return WK_TENSOR(t, d->function, "t") && wk_check_generator(d->function, d->generator) &&
           (!floating || wk_check_floating(d->function, t, "t"));
}

wick_tensor *wick_bernoulli_opt(wick_tensor *p, const wick_random_options *given)
{
    WK_ENTER;
    wick_random_options o = WK_OPTIONS(wick_random_options, 0, given);
    return wk_record(&BernoulliBackward0_op, NULL, wk_bernoulli(p, o.generator), p, NULL, NULL);
}

/* ---- The distributions ------------------------------------------------------------------------------------------- */

static void fill_uniform(wick_tensor *t, const draw *d) { wk_rand_fill(t, d->a, d->b, d->generator); }

wick_tensor *wick_uniform_opt_(wick_tensor *t, const wick_uniform_options *given)
{
    WK_ENTER;
    wick_uniform_options o = WK_OPTIONS(wick_uniform_options, WICK_UNIFORM_DEFAULTS, given);
    draw d = {"wick_uniform_", &UniformBackward0_op, fill_uniform, .a = o.from, .b = o.to, .generator = o.generator};
    if (!check(t, true, &d))
        return NULL;
    if (!(o.from <= o.to && isfinite(o.to - o.from)))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: from is %s and to is %s; they must be finite, and from not above to",
                         d.function, WK_REAL(o.from), WK_REAL(o.to));
    return overwrite(t, &d);
}

static void fill_normal(wick_tensor *t, const draw *d) { wk_randn_fill(t, d->a, d->b, d->generator); }

wick_tensor *wick_normal_opt_(wick_tensor *t, const wick_normal_options *given)
{
    WK_ENTER;
    wick_normal_options o = WK_OPTIONS(wick_normal_options, WICK_NORMAL_DEFAULTS, given);
    draw d = {"wick_normal_", &NormalBackward0_op,      fill_normal,           .a = o.mean,
              .b = o.std,     .generator = o.generator, .part = WK_NORMAL_PART};
    if (!check(t, true, &d))
        return NULL;
    if (!(o.std >= 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: std is %s; it must be 0 or more", d.function, WK_REAL(o.std));
    return overwrite(t, &d);
}

static void fill_bernoulli(wick_tensor *t, const draw *d) { wk_bernoulli_fill(t, d->a, d->generator); }

wick_tensor *wick_bernoulli_opt_(wick_tensor *t, const wick_bernoulli_options *given)
{
    WK_ENTER;
    wick_bernoulli_options o = WK_OPTIONS(wick_bernoulli_options, 0.5, given);
    draw d = {"wick_bernoulli_", &BernoulliBackward2_op, fill_bernoulli, .a = o.p, .generator = o.generator};
    if (!check(t, false, &d))
        return NULL;
    if (!(o.p >= 0 && o.p <= 1))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: p is %s; it must be in [0, 1]", d.function, WK_REAL(o.p));
    return overwrite(t, &d);
}

static void fill_exponential(wick_tensor *t, const draw *d) { wk_exponential_fill(t, d->a, d->generator); }

wick_tensor *wick_exponential_opt_(wick_tensor *t, const wick_exponential_options *given)
{
    WK_ENTER;
    wick_exponential_options o = WK_OPTIONS(wick_exponential_options, 1.0, given);
    draw d = {"wick_exponential_", &ExponentialBackward0_op, fill_exponential, .a = o.lambd, .generator = o.generator};
    if (!check(t, true, &d))
        return NULL;
    if (!(o.lambd > 0))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: lambd is %s; it must be above 0", d.function, WK_REAL(o.lambd));
    return overwrite(t, &d);
}

static void fill_random(wick_tensor *t, const draw *d)
{
    if (d->high == WICK_UNSET)
        wk_random_fill(t, d->generator);
    else
        wk_randint_fill(t, d->low, d->high, d->generator);
}

wick_tensor *wick_random_opt_(wick_tensor *t, const wick_random_in_place_options *given)
{
    WK_ENTER;
    wick_random_in_place_options o = WK_OPTIONS(wick_random_in_place_options, WICK_RANDOM_IN_PLACE_DEFAULTS, given);
    const wk_op *op = o.to == WICK_UNSET ? &RandomBackward2_op
                      : o.from == 0      ? &RandomBackward1_op
                                         : &RandomBackward0_op;
    draw d = {"wick_random_", op, fill_random, .low = o.from, .high = o.to, .generator = o.generator};
    if (!check(t, false, &d))
        return NULL;
    if (o.to == WICK_UNSET && o.from != 0)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: give .to as well as .from", d.function);
    if (o.to != WICK_UNSET && !wk_check_whole_interval(d.function, d.low, d.high, t->dtype))
        return NULL;
    return overwrite(t, &d);
}
