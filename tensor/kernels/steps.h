/* steps.h - the optimizers' loops, each one pass over memory; part of loops.c.
 *
 * Operands are the parameter w, its gradient and three tensors of state, a, b and c; a method that keeps fewer never
 * touches the others, which may be anything. The numbers s are computed in double by the optimizer (the order is that
 * of the constants below, and of the method's numbers()) and rounded once to the type T of the tensors. Operations
 * come in PyTorch's order. g is the gradient, times sign = -1 if the loss is to be maximized, plus decay w. */
#pragma once

#include "pointwise_loops.h"

/* constants(T) declares what no element changes; element(tag, T, w, grad, a, b, c) updates one. */
#define STEP(tag, T, U, name, constants, element)                                                          \
    static void name##_##tag(SIGNATURE)                                                                    \
    {                                                                                                      \
        constants(T);                                                                                      \
        const int64_t unit = sizeof(T);                                                                    \
        if (step[0] == unit && step[1] == unit && step[2] == unit && step[3] == unit && step[4] == unit) { \
            T *const w = (T *)(void *)p[0];                                                                \
            T *const a = (T *)(void *)p[2], *const b = (T *)(void *)p[3], *const c = (T *)(void *)p[4];    \
            const T *const grad = (const T *)(void *)p[1];                                                 \
            (void)a, (void)b, (void)c;                                                                     \
            INDEPENDENT                                                                                    \
            for (int64_t i = 0; i < n; i++) {                                                              \
                element(tag, T, w[i], grad[i], a[i], b[i], c[i])                                           \
            }                                                                                              \
            return;                                                                                        \
        }                                                                                                  \
        for (int64_t i = 0; i < n; i++) {                                                                  \
            element(tag, T, AT(T, 0, i), AT(const T, 1, i), AT(T, 2, i), AT(T, 3, i), AT(T, 4, i))         \
        }                                                                                                  \
    }

#define GRADIENT(T, w, grad) \
    T g = sign * (grad);     \
    g = decay != 0 ? g + decay * (w) : g;

/* x + weight (g - x), from the other end where the weight is 1/2 or more, as torch.lerp. */
#define LERP(x, weight) ((weight) < 0.5f ? (x) + (weight) * (g - (x)) : g - (g - (x)) * (1 - (weight)))

/* SGD       a: momentum buffer v;  v <- g if first, else momentum v + gain g;  w <- w + lr' (g + momentum v or v or
 * g) */
#define SGD_CONSTANTS(T)                                                             \
    const T sign = (T)s[0], decay = (T)s[1], minus_lr = (T)s[2], momentum = (T)s[3]; \
    const T gain = (T)s[4];                                                          \
    const bool nesterov = s[5] != 0, first = s[6] != 0
#define SGD_ELEMENT(tag, T, w, grad, a, b, c)              \
    GRADIENT(T, w, grad)                                   \
    if (momentum != 0) {                                   \
        const T v = first ? g : momentum * (a) + gain * g; \
        (a) = v;                                           \
        g = nesterov ? g + momentum * v : v;               \
    }                                                      \
    (w) = (w) + minus_lr * g;
EACH_F(STEP, SGD, SGD_CONSTANTS, SGD_ELEMENT)

/* What the Adam family shares. a: m <- lerp(m, g, 1 - beta1);  b: v <- beta2 v + (1 - beta2) g g;  w shrinks first. */
#define MOMENT_CONSTANTS(T)                                                                                       \
    const T sign = (T)s[0], decay = (T)s[1], shrink = (T)s[2], weight = (T)s[3], beta2 = (T)s[4], gain = (T)s[5]; \
    const T eps = (T)s[6]
#define MOMENT_UPDATE(T, w, grad, a, b) \
    GRADIENT(T, w, grad)                \
    T x = (w)*shrink;                   \
    const T m_old = (a);                \
    const T m = LERP(m_old, weight);    \
    T v = (b)*beta2 + gain * g * g;     \
    (a) = m;                            \
    (b) = v;

/* Adam      c: with amsgrad the largest v so far, used in its place;  w <- w + size m / (sqrt(v) / root + eps) */
#define ADAM_CONSTANTS(T)                   \
    MOMENT_CONSTANTS(T);                    \
    const T size = (T)s[7], root = (T)s[8]; \
    const bool amsgrad = s[9] != 0
#define ADAM_ELEMENT(tag, T, w, grad, a, b, c) \
    MOMENT_UPDATE(T, w, grad, a, b)            \
    if (amsgrad)                               \
        (c) = v = max_##tag((c), v);           \
    (w) = x + size * m / (sqrt_##tag(v) / root + eps);
EACH_F(STEP, ADAM, ADAM_CONSTANTS, ADAM_ELEMENT)

/* NAdam     d = sqrt(v / correction) + eps;  w <- w + of_g g / d + of_m m / d */
#define NADAM_CONSTANTS(T) \
    MOMENT_CONSTANTS(T);   \
    const T correction = (T)s[7], of_g = (T)s[8], of_m = (T)s[9]
#define NADAM_ELEMENT(tag, T, w, grad, a, b, c)   \
    MOMENT_UPDATE(T, w, grad, a, b)               \
    const T d = sqrt_##tag(v / correction) + eps; \
    x = x + of_g * g / d;                         \
    (w) = x + of_m * m / d;
EACH_F(STEP, NADAM, NADAM_CONSTANTS, NADAM_ELEMENT)

/* RAdam     u = m / correction lr, times root / (sqrt(v) + eps) rect if rectified;  w <- w - u */
#define RADAM_CONSTANTS(T)                                                       \
    MOMENT_CONSTANTS(T);                                                         \
    const T correction = (T)s[7], lr = (T)s[8], root = (T)s[9], rect = (T)s[10]; \
    const bool rectified = s[11] != 0
#define RADAM_ELEMENT(tag, T, w, grad, a, b, c)                        \
    MOMENT_UPDATE(T, w, grad, a, b)                                    \
    T u = m / correction * lr;                                         \
    u = rectified ? u * (1 / (sqrt_##tag(v) + eps) * root) * rect : u; \
    (w) = x - u;
EACH_F(STEP, RADAM, RADAM_CONSTANTS, RADAM_ELEMENT)

/* Adamax    b: u <- max(beta2 u, |g| + eps);  w <- w + size m / u */
#define ADAMAX_CONSTANTS(T) \
    const T sign = (T)s[0], decay = (T)s[1], weight = (T)s[2], beta2 = (T)s[3], eps = (T)s[4], size = (T)s[5]
#define ADAMAX_ELEMENT(tag, T, w, grad, a, b, c)          \
    GRADIENT(T, w, grad)                                  \
    const T m_old = (a);                                  \
    const T m = LERP(m_old, weight);                      \
    const T u = max_##tag((b)*beta2, abs_##tag(g) + eps); \
    (a) = m;                                              \
    (b) = u;                                              \
    (w) = (w) + size * m / u;
EACH_F(STEP, ADAMAX, ADAMAX_CONSTANTS, ADAMAX_ELEMENT)

/* Adagrad   a: sum <- sum + g g;  w <- w + size g / (sqrt(sum) + eps) */
#define ADAGRAD_CONSTANTS(T) const T sign = (T)s[0], decay = (T)s[1], eps = (T)s[2], size = (T)s[3]
#define ADAGRAD_ELEMENT(tag, T, w, grad, a, b, c) \
    GRADIENT(T, w, grad)                          \
    const T sum = (a) + g * g;                    \
    (a) = sum;                                    \
    (w) = (w) + size * g / (sqrt_##tag(sum) + eps);
EACH_F(STEP, ADAGRAD, ADAGRAD_CONSTANTS, ADAGRAD_ELEMENT)

/* Adadelta  a: v <- rho v + gain g g;  d = sqrt(b + eps) / sqrt(v + eps) g;  b <- rho b + gain d d;  w <- w + lr' d */
#define ADADELTA_CONSTANTS(T) \
    const T sign = (T)s[0], decay = (T)s[1], minus_lr = (T)s[2], rho = (T)s[3], gain = (T)s[4], eps = (T)s[5]
#define ADADELTA_ELEMENT(tag, T, w, grad, a, b, c)             \
    GRADIENT(T, w, grad)                                       \
    const T v = (a)*rho + gain * g * g, e = (b);               \
    const T d = sqrt_##tag(e + eps) / sqrt_##tag(v + eps) * g; \
    (a) = v;                                                   \
    (b) = e * rho + gain * d * d;                              \
    (w) = (w) + minus_lr * d;
EACH_F(STEP, ADADELTA, ADADELTA_CONSTANTS, ADADELTA_ELEMENT)

/* RMSprop   a: v <- alpha v + gain g g;  c: centered, the mean of g, whose square is taken from v;
 *           d = sqrt(v) + eps;  w <- w + lr' g / d, or with b <- momentum b + g / d: w + lr' b
 *
 * A loop for each combination, as compilers give up on vectors where a loop may write two tensors or not. */
#define RMSPROP_CONSTANTS(T)                                                                                     \
    const T sign = (T)s[0], decay = (T)s[1], minus_lr = (T)s[2], alpha = (T)s[3], gain = (T)s[4], eps = (T)s[5]; \
    const T momentum = (T)s[6];                                                                                  \
    (void)momentum
#define RMSPROP_BODY(tag, T, w, grad, a, b, c, with_mean, with_momentum) \
    GRADIENT(T, w, grad)                                                 \
    T v = (a)*alpha + gain * g * g;                                      \
    (a) = v;                                                             \
    if (with_mean) {                                                     \
        const T mean_old = (c);                                          \
        const T mean = LERP(mean_old, gain);                             \
        (c) = mean;                                                      \
        v = v - mean * mean;                                             \
    }                                                                    \
    const T d = sqrt_##tag(v) + eps;                                     \
    if (with_momentum) {                                                 \
        const T u = (b)*momentum + g / d;                                \
        (b) = u;                                                         \
        (w) = (w) + minus_lr * u;                                        \
    } else {                                                             \
        (w) = (w) + minus_lr * g / d;                                    \
    }
#define RMSPROP_PLAIN(tag, T, w, grad, a, b, c) RMSPROP_BODY(tag, T, w, grad, a, b, c, false, false)
#define RMSPROP_MOMENTUM(tag, T, w, grad, a, b, c) RMSPROP_BODY(tag, T, w, grad, a, b, c, false, true)
#define RMSPROP_MEAN(tag, T, w, grad, a, b, c) RMSPROP_BODY(tag, T, w, grad, a, b, c, true, false)
#define RMSPROP_BOTH(tag, T, w, grad, a, b, c) RMSPROP_BODY(tag, T, w, grad, a, b, c, true, true)
EACH_F(STEP, rmsprop_plain, RMSPROP_CONSTANTS, RMSPROP_PLAIN)
EACH_F(STEP, rmsprop_momentum, RMSPROP_CONSTANTS, RMSPROP_MOMENTUM)
EACH_F(STEP, rmsprop_mean, RMSPROP_CONSTANTS, RMSPROP_MEAN)
EACH_F(STEP, rmsprop_both, RMSPROP_CONSTANTS, RMSPROP_BOTH)
#define RMSPROP_CHOICE(tag, T, U, name)                                               \
    static void name##_##tag(SIGNATURE)                                               \
    {                                                                                 \
        if (s[7] != 0)                                                                \
            (s[6] > 0 ? rmsprop_both_##tag : rmsprop_mean_##tag)(n, p, step, s);      \
        else                                                                          \
            (s[6] > 0 ? rmsprop_momentum_##tag : rmsprop_plain_##tag)(n, p, step, s); \
    }
EACH_F(RMSPROP_CHOICE, RMSPROP)

/* Rprop     a: the gradient of the last step;  b: the step size, times up or down as the signs agree or not, within
 * bounds;
 *           g <- 0 where they do not;  w <- w - sign(g) size */
#define RPROP_CONSTANTS(T) const T sign = (T)s[0], down = (T)s[1], up = (T)s[2], least = (T)s[3], most = (T)s[4]
#define RPROP_ELEMENT(tag, T, w, grad, a, b, c)                                             \
    const T g = sign * (grad), turn = g * (a);                                              \
    const T size = (b) * (turn > 0 ? up : turn < 0 ? down : 1);                             \
    const T size_kept = min_##tag(max_##tag(size, least), most), g_kept = turn < 0 ? 0 : g; \
    (a) = g_kept;                                                                           \
    (b) = size_kept;                                                                        \
    (w) = (w)-sign_##tag(g_kept) * size_kept;
EACH_F(STEP, RPROP, RPROP_CONSTANTS, RPROP_ELEMENT)

/* ASGD      w <- shrink w - eta g;  a: the average, w where mu is 1, else a + (w - a) mu */
#define ASGD_CONSTANTS(T) const T sign = (T)s[0], decay = (T)s[1], shrink = (T)s[2], eta = (T)s[3], mu = (T)s[4]
#define ASGD_ELEMENT(tag, T, w, grad, a, b, c) \
    GRADIENT(T, w, grad)                       \
    const T x = (w)*shrink - eta * g;          \
    (a) = mu == 1 ? x : (a) + (x - (a)) * mu;  \
    (w) = x;
EACH_F(STEP, ASGD, ASGD_CONSTANTS, ASGD_ELEMENT)
