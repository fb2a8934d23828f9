/* init.c - torch.nn.init. */
#include "init.h"

#include <math.h>
#include <string.h>

#include "../autograd/node.h"

double wick_init_calculate_gain(const char *nonlinearity, double param)
{
    WK_ENTER;
    static const struct {
        const char *name;
        double gain;
    } gains[] = {
        {"linear", 1},           {"conv1d", 1},
        {"conv2d", 1},           {"conv3d", 1},
        {"conv_transpose1d", 1}, {"conv_transpose2d", 1},
        {"conv_transpose3d", 1}, {"sigmoid", 1},
        {"tanh", 5.0 / 3},       {"relu", 1.4142135623730951}, /* sqrt(2) */
        {"selu", 3.0 / 4},
    };
    if (nonlinearity && strcmp(nonlinearity, "leaky_relu") == 0 && isnan(param)) {
        wick_fail(WICK_ERROR_ARGUMENT, "wick_init_calculate_gain: the slope of leaky_relu is nan; it must be a number");
        return (double)NAN;
    }
    if (nonlinearity && strcmp(nonlinearity, "leaky_relu") == 0)
        return sqrt(2.0 / (1 + param * param));
    for (size_t i = 0; nonlinearity && i < sizeof gains / sizeof *gains; i++)
        if (strcmp(nonlinearity, gains[i].name) == 0)
            return gains[i].gain;
    wick_fail(WICK_ERROR_ARGUMENT,
              "wick_init_calculate_gain: unknown nonlinearity %s%s%s; known are linear, conv1d to conv_transpose3d, "
              "sigmoid, tanh, relu, leaky_relu and selu",
              nonlinearity ? "\"" : "", nonlinearity ? nonlinearity : "NULL", nonlinearity ? "\"" : "");
    return (double)NAN;
}

/* ---- Without fans ------------------------------------------------------------------------------------------------ */

wick_tensor *wick_init_ones_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_constant_(t, 1);
}

wick_tensor *wick_init_zeros_(wick_tensor *t)
{
    WK_ENTER;
    return wick_init_constant_(t, 0);
}

wick_tensor *wick_init_eye_(wick_tensor *t)
{
    WK_ENTER;
    const char *function = "wick_init_eye_";
    if (!WK_TENSOR(t, function, "t"))
        return NULL;
    if (t->ndim != 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: t must have 2 dimensions; its shape is %s", function, WK_SHAPE(t));
    if (!wick_init_constant_(t, 0))
        return NULL;
    for (int64_t i = 0; i < t->shape[0] && i < t->shape[1]; i++)
        wk_store(t, t->offset + i * (t->strides[0] + t->strides[1]), 1);
    return t;
}

#undef wick_init_constant_
wick_tensor *wick_init_constant_(wick_tensor *t, wick_number value)
{
    WK_ENTER;
    WICK_NO_GRAD;
    return wick_fill_(t, value);
}

wick_tensor *wick_init_uniform_opt_(wick_tensor *t, const wick_init_uniform_options *given)
{
    WK_ENTER;
    wick_init_uniform_options o = WK_OPTIONS(wick_init_uniform_options, WICK_INIT_UNIFORM_DEFAULTS, given);
    WICK_NO_GRAD;
    return wick_uniform_(t, o.a, o.b, o.generator);
}

wick_tensor *wick_init_normal_opt_(wick_tensor *t, const wick_init_normal_options *given)
{
    WK_ENTER;
    wick_init_normal_options o = WK_OPTIONS(wick_init_normal_options, WICK_INIT_NORMAL_DEFAULTS, given);
    WICK_NO_GRAD;
    return wick_normal_(t, o.mean, o.std, o.generator);
}

/* ---- Truncated normal -------------------------------------------------------------------------------------------- */

static double normal_cdf(double x) { return (1 + erf(x / sqrt(2.0))) / 2; }

/* t becomes a where the mask is false, b where it is true. */
static bool replace(wick_tensor *t, wick_tensor *mask, wick_tensor *b)
{
    wick_tensor *chosen = wick_where(mask, b, t);
    return chosen && wick_copy_(t, chosen);
}

/* Where much of the normal lies within the bounds: all numbers, and again all, until those outside are replaced. */
static bool reject_normals(wick_tensor *t, const wick_init_trunc_normal_options *o)
{
    double low = t->dtype == WICK_FLOAT32 ? (double)(float)o->a : o->a;
    double high = t->dtype == WICK_FLOAT32 ? (double)(float)o->b : o->b;
    if (!wick_normal_(t, o->mean, o->std, o->generator))
        return false;
    for (;;) {
        WICK_SCOPE;
        wick_tensor *outside = wick_ne(wick_add(wick_lt(t, low), wick_gt(t, high)), 0);
        wick_tensor *count = wick_sum(outside);
        if (!count || wick_item_int(count) == 0)
            return count != NULL;
        if (!replace(t, outside, wick_normal_(wick_empty_like(t), o->mean, o->std, o->generator)))
            return false;
    }
}

/* Otherwise: uniform candidates, each taken with the probability exp(log density - its peak). */
static bool reject_uniforms(wick_tensor *t, const wick_init_trunc_normal_options *o)
{
    double mode = fmax(o->a, fmin(o->mean, o->b)), peak = (mode - o->mean) / o->std, log_peak = -0.5 * (peak * peak);
    wick_tensor *pending = NULL;
    for (;;) {
        WICK_SCOPE;
        wick_tensor *candidates = wick_uniform_(pending ? wick_empty_like(t) : t, o->a, o->b, o->generator);
        if (!candidates || (pending && !replace(t, pending, candidates)))
            return false;
        wick_tensor *z = wick_div(wick_sub(candidates, o->mean), o->std);
        wick_tensor *log_density = wick_sub(wick_mul(wick_pow(z, 2), -0.5), log_peak);
        wick_tensor *refused =
            wick_gt(wick_log(wick_uniform_(wick_empty_like(t), .generator = o->generator)), log_density);
        pending = wick_out(pending ? wick_mul(pending, refused) : refused);
        wick_tensor *count = wick_sum(pending);
        if (!count || wick_item_int(count) == 0)
            return count != NULL;
    }
}

wick_tensor *wick_init_trunc_normal_opt_(wick_tensor *t, const wick_init_trunc_normal_options *given)
{
    WK_ENTER;
    wick_init_trunc_normal_options o =
        WK_OPTIONS(wick_init_trunc_normal_options, WICK_INIT_TRUNC_NORMAL_DEFAULTS, given);
    const char *function = "wick_init_trunc_normal_";
    if (!WK_TENSOR(t, function, "t"))
        return NULL;
    if (!(o.std > 0 && o.a < o.b))
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "%s: std is %s and the bounds are %s and %s; std must be above 0, and a below b", function,
                         WK_REAL(o.std), WK_REAL(o.a), WK_REAL(o.b));
    if ((o.mean < o.a - 2 * o.std || o.mean > o.b + 2 * o.std) &&
        !wick_warn(
            "%s: mean is more than 2 std from [a, b]: mean %s, std %s, [%s, %s]. The distribution of values may be "
            "incorrect.",
            function, WK_REAL(o.mean), WK_REAL(o.std), WK_REAL(o.a), WK_REAL(o.b)))
        return NULL;
    WICK_NO_GRAD;
    WICK_SCOPE;
    wick_tensor *drawn = wick_empty_like(wick_detach(t));
    double within = normal_cdf((o.b - o.mean) / o.std) - normal_cdf((o.a - o.mean) / o.std);
    if (!drawn || !(within > 0.3 ? reject_normals : reject_uniforms)(drawn, &o))
        return NULL;
    return wick_copy_(t, drawn);
}

/* ---- With fans --------------------------------------------------------------------------------------------------- */

static bool fans(const char *function, const wick_tensor *t, double *in, double *out)
{
    if (!WK_TENSOR(t, function, "t"))
        return false;
    if (t->ndim < 2) {
        wick_fail(WICK_ERROR_SHAPE, "%s: t must have 2 dimensions or more for its fan in and fan out; its shape is %s",
                  function, WK_SHAPE(t));
        return false;
    }
    double field = 1;
    for (int i = 2; i < t->ndim; i++)
        field *= (double)t->shape[i];
    *in = (double)t->shape[1] * field;
    *out = (double)t->shape[0] * field;
    return true;
}

wick_tensor *wick_init_xavier_uniform_opt_(wick_tensor *t, const wick_init_gain_options *given)
{
    WK_ENTER;
    wick_init_gain_options o = WK_OPTIONS(wick_init_gain_options, 1.0, given);
    double in, out;
    if (!fans("wick_init_xavier_uniform_", t, &in, &out))
        return NULL;
    double a = sqrt(3.0) * (o.gain * sqrt(2.0 / (in + out)));
    return t->numel ? wick_init_uniform_(t, -a, a, o.generator) : t;
}

wick_tensor *wick_init_xavier_normal_opt_(wick_tensor *t, const wick_init_gain_options *given)
{
    WK_ENTER;
    wick_init_gain_options o = WK_OPTIONS(wick_init_gain_options, 1.0, given);
    double in, out;
    if (!fans("wick_init_xavier_normal_", t, &in, &out))
        return NULL;
    return t->numel ? wick_init_normal_(t, 0, o.gain * sqrt(2.0 / (in + out)), o.generator) : t;
}

/* t, which has no elements; NULL where warnings are errors. */
static wick_tensor *warn_of_nothing(const char *function, wick_tensor *t)
{
    return wick_warn("%s: Initializing zero-element tensors is a no-op", function) ? t : NULL;
}

/* gain / sqrt(fan), or NaN with an error. */
static double kaiming_std(const char *function, const wick_tensor *t, const wick_init_kaiming_options *o)
{
    double in, out;
    bool fan_in = o->mode && strcmp(o->mode, "fan_in") == 0, fan_out = o->mode && strcmp(o->mode, "fan_out") == 0;
    if (!fans(function, t, &in, &out))
        return (double)NAN;
    if (!fan_in && !fan_out) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: mode is \"%s\"; it must be \"fan_in\" or \"fan_out\"", function,
                  o->mode ? o->mode : "NULL");
        return (double)NAN;
    }
    return wick_init_calculate_gain(o->nonlinearity, o->a) / sqrt(fan_in ? in : out);
}

wick_tensor *wick_init_kaiming_uniform_opt_(wick_tensor *t, const wick_init_kaiming_options *given)
{
    WK_ENTER;
    wick_init_kaiming_options o = WK_OPTIONS(wick_init_kaiming_options, WICK_INIT_KAIMING_DEFAULTS, given);
    double std = kaiming_std("wick_init_kaiming_uniform_", t, &o), bound = sqrt(3.0) * std;
    if (isnan(std))
        return NULL;
    return t->numel ? wick_init_uniform_(t, -bound, bound, o.generator)
                    : warn_of_nothing("wick_init_kaiming_uniform_", t);
}

wick_tensor *wick_init_kaiming_normal_opt_(wick_tensor *t, const wick_init_kaiming_options *given)
{
    WK_ENTER;
    wick_init_kaiming_options o = WK_OPTIONS(wick_init_kaiming_options, WICK_INIT_KAIMING_DEFAULTS, given);
    double std = kaiming_std("wick_init_kaiming_normal_", t, &o);
    if (isnan(std))
        return NULL;
    return t->numel ? wick_init_normal_(t, 0, std, o.generator) : warn_of_nothing("wick_init_kaiming_normal_", t);
}

/* ---- Orthogonal and sparse --------------------------------------------------------------------------------------- */

/* Makes the n vectors of m numbers orthonormal (modified Gram-Schmidt, twice: Giraud et al. 2005). It is the Q of the one
 * QR decomposition whose R has a positive diagonal, which is what PyTorch's signs come to. */
static void orthonormalise(double *v, int64_t n, int64_t m)
{
    for (int64_t i = 0; i < n; i++) {
        double *x = v + i * m, square = 0;
        for (int64_t k = 0; k < 2 * i; k++) {
            const double *q = v + k % i * m;
            double along = 0;
            for (int64_t j = 0; j < m; j++)
                along += q[j] * x[j];
            for (int64_t j = 0; j < m; j++)
                x[j] -= along * q[j];
        }
        for (int64_t j = 0; j < m; j++)
            square += x[j] * x[j];
        for (int64_t j = 0; j < m && square > 0; j++)
            x[j] /= sqrt(square);
    }
}

wick_tensor *wick_init_orthogonal_opt_(wick_tensor *t, const wick_init_gain_options *given)
{
    WK_ENTER;
    wick_init_gain_options o = WK_OPTIONS(wick_init_gain_options, 1.0, given);
    const char *function = "wick_init_orthogonal_";
    if (!WK_TENSOR(t, function, "t"))
        return NULL;
    if (t->ndim < 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: t must have 2 dimensions or more; its shape is %s", function,
                         WK_SHAPE(t));
    if (t->numel == 0)
        return t;
    WICK_NO_GRAD;
    WICK_SCOPE;
    int64_t rows = t->shape[0], columns = t->numel / rows;
    wick_tensor *x = wick_normal_(wick_empty_n((int64_t[]){rows, columns}, 2, t->dtype), 0, 1, o.generator);
    /* As one vector a row, whichever of the two there are fewer of. */
    wick_tensor *vectors = x ? wick_clone(wick_to_dtype(rows < columns ? x : wick_t(x), WICK_FLOAT64)) : NULL;
    wick_tensor *flat = vectors ? wick_contiguous(vectors) : NULL;
    if (!flat)
        return NULL;
    orthonormalise(wk_data(flat), flat->shape[0], flat->shape[1]);
    wick_tensor *q = wick_mul(rows < columns ? flat : wick_t(flat), o.gain);
    return wick_copy_(t, wick_reshape_n(q, t->shape, t->ndim));
}

wick_tensor *wick_init_sparse_opt_(wick_tensor *t, double sparsity, const wick_init_sparse_options *given)
{
    WK_ENTER;
    wick_init_sparse_options o = WK_OPTIONS(wick_init_sparse_options, 0.01, given);
    const char *function = "wick_init_sparse_";
    if (!WK_TENSOR(t, function, "t"))
        return NULL;
    if (t->ndim != 2)
        return wick_fail(WICK_ERROR_SHAPE, "%s: t must have 2 dimensions; its shape is %s", function, WK_SHAPE(t));
    if (!(sparsity >= 0 && sparsity <= 1))
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: sparsity is %s; it must be in [0, 1]", function, WK_REAL(sparsity));
    int64_t zeros = (int64_t)ceil(sparsity * (double)t->shape[0]);
    WICK_SCOPE;
    wick_tensor *rows = wick_empty(t->shape[0], .dtype = WICK_INT64);
    if (!rows || !wick_init_normal_(t, 0, o.std, o.generator))
        return NULL;
    for (int64_t column = 0; column < t->shape[1]; column++) {
        const int64_t *row = wk_data(rows);
        wk_randperm_fill(wk_data(rows), t->shape[0], NULL);
        for (int64_t i = 0; i < zeros; i++)
            wk_store(t, t->offset + row[i] * t->strides[0] + column * t->strides[1], 0);
    }
    return t;
}
