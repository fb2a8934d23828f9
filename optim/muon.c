/* muon.c - momentum whose matrix is orthogonalised by Newton and Schulz's iteration: torch.optim.Muon.
 *
 * PyTorch iterates in bfloat16. Its products add in float32 and round to bfloat16 once, what is added to them
 * included, by fused multiply-adds; so here the matrices are float32 that hold bfloat16 numbers, products are those of
 * float32, and what is added to them is added in double. */
#include <string.h>

#include "optimizer.h"

enum { LR, WEIGHT_DECAY, MOMENTUM, NESTEROV, NS_A, NS_B, NS_C, EPS, NS_STEPS, ADJUST, HYPERS };
enum { ORIGINAL = 1, MATCH_RMS_ADAMW, SPECTRAL_UNCLAMPED };

static float to_bfloat16(float x) /* to the nearest, ties to even; NaN and inf stay */
{
    uint32_t bits;
    if (!isfinite(x))
        return x;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits + 0x7fffu + (bits >> 16 & 1)) & 0xffff0000u;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* O (rows, columns), rows <= columns, of which the first columns of gram (rows, rows) and update (rows, rows), and
 * next (as O), are the scratch. */
static void iterate(float *O, float *gram, float *update, float *next, int64_t rows, int64_t columns,
                    const double *hyper)
{
    const float a = (float)hyper[NS_A], b = (float)hyper[NS_B], c = (float)hyper[NS_C];
    for (int i = 0; i < (int)hyper[NS_STEPS]; i++) {
        wk_gemm(WICK_FLOAT32, false, true, rows, rows, columns, 1.0, O, columns, O, columns, 0.0, gram, rows);
        for (int64_t k = 0; k < rows * rows; k++)
            gram[k] = to_bfloat16(gram[k]);
        wk_gemm(WICK_FLOAT32, false, false, rows, rows, rows, 1.0, gram, rows, gram, rows, 0.0, update, rows);
        for (int64_t k = 0; k < rows * rows; k++)
            update[k] = to_bfloat16((float)((double)b * (double)gram[k] + (double)(c * update[k])));
        wk_gemm(WICK_FLOAT32, false, false, rows, columns, rows, 1.0, update, rows, O, columns, 0.0, next, columns);
        for (int64_t k = 0; k < rows * columns; k++)
            O[k] = to_bfloat16((float)((double)a * (double)O[k] + (double)next[k]));
    }
}

static void normalize(float *O, int64_t n, double eps)
{
    double squares = 0;
    for (int64_t k = 0; k < n; k++)
        squares += (double)O[k] * (double)O[k];
    float norm = to_bfloat16((float)sqrt(squares));
    if (norm < to_bfloat16((float)eps))
        norm = to_bfloat16((float)eps);
    for (int64_t k = 0; k < n; k++)
        O[k] = to_bfloat16(O[k] / norm);
}

static double adjusted_lr(const double *hyper, double rows, double columns)
{
    switch ((int)hyper[ADJUST]) {
    case MATCH_RMS_ADAMW: return hyper[LR] * (0.2 * sqrt(fmax(rows, columns)));
    case SPECTRAL_UNCLAMPED: return hyper[LR] * sqrt(rows / columns);
    default: return hyper[LR] * sqrt(fmax(1, rows / columns));
    }
}

static size_t scratch(const wick_tensor *t)
{
    const int64_t least = t->shape[0] < t->shape[1] ? t->shape[0] : t->shape[1];
    return wk_bytes(t->numel + least * least, 2 * sizeof(float));
}

static double lerp(double x, double y, double weight, bool narrow)
{
    if (narrow) {
        const float a = (float)x, b = (float)y, w = (float)weight;
        return (double)(w < 0.5f ? a + w * (b - a) : b - (b - a) * (1 - w));
    }
    return weight < 0.5 ? x + weight * (y - x) : y - (y - x) * (1 - weight);
}

static void update(wk_param *p, const double *hyper, void *memory)
{
    wick_tensor *t = p->tensor, *buffer = p->state[0];
    const wick_tensor *grad = t->grad;
    const int64_t A = t->shape[0], B = t->shape[1], rows = A < B ? A : B, columns = A < B ? B : A;
    const bool tall = A > B, narrow = t->dtype == WICK_FLOAT32;
    float *O = memory, *next = O + t->numel, *gram = next + t->numel, *square = gram + rows * rows;
    for (int64_t i = 0; i < A; i++)
        for (int64_t j = 0; j < B; j++) {
            const double g = wk_load(grad, grad->offset + i * grad->strides[0] + j * grad->strides[1]);
            const int64_t at = buffer->offset + i * B + j;
            wk_store(buffer, at, lerp(wk_load(buffer, at), g, 1 - hyper[MOMENTUM], narrow));
            const double m = wk_load(buffer, at);
            O[tall ? j * A + i : i * B + j] =
                to_bfloat16((float)(hyper[NESTEROV] != 0.0 ? lerp(g, m, hyper[MOMENTUM], narrow) : m));
        }
    normalize(O, t->numel, hyper[EPS]);
    iterate(O, gram, square, next, rows, columns, hyper);
    const double shrink = 1 - hyper[LR] * hyper[WEIGHT_DECAY], lr = adjusted_lr(hyper, (double)A, (double)B);
    for (int64_t i = 0; i < A; i++)
        for (int64_t j = 0; j < B; j++) {
            const int64_t at = t->offset + i * t->strides[0] + j * t->strides[1];
            const float o = O[tall ? j * A + i : i * B + j];
            const double w = wk_load(t, at);
            wk_store(t, at, narrow ? (double)((float)w * (float)shrink - (float)lr * o) : w * shrink - lr * (double)o);
        }
}

static bool check_param(const char *function, const wick_tensor *t)
{
    if (t->ndim == 2)
        return true;
    wick_fail(
        WICK_ERROR_SHAPE,
        "%s: Muon only supports 2D parameters whereas we found a parameter with size: %s; give the others to AdamW",
        function, WK_SHAPE(t));
    return false;
}

static const wk_hyper hypers[HYPERS] = {
    WK_LR,
    WK_AT_LEAST_0("weight_decay"),
    WK_AT_LEAST_0("momentum"),
    WK_FLAG_OF("nesterov"),
    WK_ANY("ns_a"),
    WK_ANY("ns_b"),
    WK_ANY("ns_c"),
    {"eps", "epsilon value", -WK_INF, WK_INF, WK_REAL},
    {"ns_steps", "ns_steps value, which is whole and less than 100,", 0, 99, WK_WHOLE},
    {"adjust_lr_fn", "adjust_lr_fn, which is 0 to 3,", 0, 3, WK_WHOLE}};

static const wk_method muon = {
    .name = "Muon",
    .function = "wick_optim_muon",
    .written = "Muon.step",
    .hyper = hypers,
    .hypers = HYPERS,
    .state = {{"momentum_buffer", WK_NO_HYPER}},
    .states = 1,
    .check_param = check_param,
    .uses = wk_uses_one,
    .scratch = scratch,
    .update = update,
};

wick_optim *wick_optim_muon_opt(wick_list *params, const wick_optim_muon_options *given)
{
    WK_ENTER;
    wick_optim_muon_options o = WK_OPTIONS(wick_optim_muon_options, WICK_OPTIM_MUON_DEFAULTS, given);
    static const char *const names[] = {NULL, "original", "match_rms_adamw", "spectral_unclamped"};
    int adjust = 0;
    while (o.adjust_lr_fn && ++adjust <= SPECTRAL_UNCLAMPED && strcmp(o.adjust_lr_fn, names[adjust]) != 0)
        ;
    if (adjust > SPECTRAL_UNCLAMPED)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_optim_muon: Adjust learning rate function %s is not supported; there are original, "
                         "match_rms_adamw and spectral_unclamped",
                         o.adjust_lr_fn);
    const double hyper[HYPERS] = {o.lr,   o.weight_decay, o.momentum, o.nesterov, o.ns_a,
                                  o.ns_b, o.ns_c,         o.eps,      o.ns_steps, adjust};
    return wk_optim_new(&muon, hyper, params);
}
