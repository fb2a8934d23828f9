/* steps.h - the optimizers' loops, each one pass over memory; part of loops.c.
 *
 * The numbers are computed in double by the optimizer and rounded once to the type of the tensors. */
#ifndef WICK_TENSOR_KERNELS_STEPS_H
#define WICK_TENSOR_KERNELS_STEPS_H

#include "pointwise.h"

/* SGD   p: parameter, gradient, momentum buffer (NULL if momentum is 0)
 *       s: lr, momentum, dampening, weight_decay, nesterov, maximize, first (whether the buffer is still to be filled)
 *
 *       g <- -g if maximize;  g <- g + weight_decay p
 *       buffer <- g if first, else momentum buffer + (1 - dampening) g
 *       p <- p - lr (g + momentum buffer if nesterov, else buffer) */
#define SGD(tag, T, U, name)                                                             \
    static void name##_##tag(SIGNATURE)                                                  \
    {                                                                                    \
        const T lr = (T)s[0], momentum = (T)s[1], gain = (T)(1 - s[2]), decay = (T)s[3]; \
        const T sign = s[5] != 0 ? -1 : 1; /* of the gradient */                         \
        const bool nesterov = s[4] != 0, first = s[6] != 0;                              \
        const bool contiguous = step[0] == sizeof(T) && step[1] == sizeof(T);            \
        if (contiguous && momentum == 0) {                                               \
            T *w = (T *)(void *)p[0];                                                    \
            const T *grad = (const T *)(void *)p[1];                                     \
            INDEPENDENT                                                                  \
            for (int64_t i = 0; i < n; i++) {                                            \
                T g = sign * grad[i];                                                    \
                g = decay != 0 ? g + decay * w[i] : g;                                   \
                w[i] = w[i] - lr * g;                                                    \
            }                                                                            \
            return;                                                                      \
        }                                                                                \
        if (contiguous && step[2] == sizeof(T)) {                                        \
            T *w = (T *)(void *)p[0], *buffer = (T *)(void *)p[2];                       \
            const T *grad = (const T *)(void *)p[1];                                     \
            INDEPENDENT                                                                  \
            for (int64_t i = 0; i < n; i++) {                                            \
                T g = sign * grad[i];                                                    \
                g = decay != 0 ? g + decay * w[i] : g;                                   \
                const T b = first ? g : momentum * buffer[i] + gain * g;                 \
                buffer[i] = b;                                                           \
                w[i] = w[i] - lr * (nesterov ? g + momentum * b : b);                    \
            }                                                                            \
            return;                                                                      \
        }                                                                                \
        for (int64_t i = 0; i < n; i++) {                                                \
            T g = sign * AT(const T, 1, i);                                              \
            g = decay != 0 ? g + decay * AT(const T, 0, i) : g;                          \
            if (momentum != 0) {                                                         \
                const T b = first ? g : momentum * AT(const T, 2, i) + gain * g;         \
                AT(T, 2, i) = b;                                                         \
                g = nesterov ? g + momentum * b : b;                                     \
            }                                                                            \
            AT(T, 0, i) = AT(const T, 0, i) - lr * g;                                    \
        }                                                                                \
    }
EACH_F(SGD, SGD)

/* Adam  p: parameter, gradient, exp_avg m, exp_avg_sq v, max_exp_avg_sq (NULL if not amsgrad)
 *       s: beta1, beta2, eps, weight_decay, maximize, step_size = lr / (1 - beta1^t), root = sqrt(1 - beta2^t), amsgrad
 *
 *       g <- -g if maximize;  g <- g + weight_decay p
 *       m <- m + (1 - beta1) (g - m)
 *       v <- beta2 v + (1 - beta2) g g;  with amsgrad v is from here on the largest v so far
 *       p <- p - step_size m / (sqrt(v) / root + eps)
 *
 * A weight 1 - beta1 of 1/2 or more interpolates from the other end, as torch.lerp does. */
#define ADAM_ELEMENT(tag, T, W, G, M, V)                                                         \
    T g = sign * (G);                                                                            \
    g = decay != 0 ? g + decay * (W) : g;                                                        \
    const T m_old = (M);                                                                         \
    const T m = weight < (T)0.5 ? m_old + weight * (g - m_old) : g - (g - m_old) * (1 - weight); \
    T v = (V)*beta2 + gain * g * g;                                                              \
    (M) = m;                                                                                     \
    (V) = v;

#define ADAM(tag, T, U, name)                                                                                  \
    static void name##_##tag(SIGNATURE)                                                                        \
    {                                                                                                          \
        const T weight = (T)(1 - s[0]), beta2 = (T)s[1], gain = (T)(1 - s[1]), eps = (T)s[2], decay = (T)s[3]; \
        const T sign = s[4] != 0 ? -1 : 1, minus_step_size = (T)-s[5], root = (T)s[6];                         \
        const bool amsgrad = s[7] != 0;                                                                        \
        const int64_t unit = sizeof(T);                                                                        \
        if (!amsgrad && step[0] == unit && step[1] == unit && step[2] == unit && step[3] == unit) {            \
            T *w = (T *)(void *)p[0], *exp_avg = (T *)(void *)p[2], *exp_avg_sq = (T *)(void *)p[3];           \
            const T *grad = (const T *)(void *)p[1];                                                           \
            INDEPENDENT                                                                                        \
            for (int64_t i = 0; i < n; i++) {                                                                  \
                ADAM_ELEMENT(tag, T, w[i], grad[i], exp_avg[i], exp_avg_sq[i])                                 \
                w[i] = w[i] + minus_step_size * m / (sqrt_##tag(v) / root + eps);                              \
            }                                                                                                  \
            return;                                                                                            \
        }                                                                                                      \
        for (int64_t i = 0; i < n; i++) {                                                                      \
            ADAM_ELEMENT(tag, T, AT(T, 0, i), AT(const T, 1, i), AT(T, 2, i), AT(T, 3, i))                     \
            if (amsgrad)                                                                                       \
                AT(T, 4, i) = v = max_##tag(AT(const T, 4, i), v);                                             \
            AT(T, 0, i) = AT(const T, 0, i) + minus_step_size * m / (sqrt_##tag(v) / root + eps);              \
        }                                                                                                      \
    }
EACH_F(ADAM, ADAM)

#endif
