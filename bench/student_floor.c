/* student_floor.c - the arithmetic of student_step.c and nothing else: loops over fixed sizes, written by hand.
 * Wick only makes the first weights. */
#include <math.h>
#include <string.h>
#include <wick/wick.h>

#include "measure.h"

enum { N = 4, IN = 2, HIDDEN = 4, PARAMETERS = HIDDEN * IN + HIDDEN + HIDDEN + 1 };

static const float X[N][IN] = {{5, 7}, {1, 2}, {10, 6}, {2, 8}};
static const float target[N] = {1, 0, 1, 0};

/* The parameters in the model's order, their gradients, and Adam's moments. */
static struct {
    float W1[HIDDEN][IN], b1[HIDDEN], W2[HIDDEN], b2;
} p, g;
static float m[PARAMETERS], v[PARAMETERS];
static double t, last_loss;

static void adam(float *w, const float *grad)
{
    t += 1;
    const float rate = (float)(0.01 / (1 - pow(0.9, t))), root = (float)sqrt(1 - pow(0.999, t));
    for (int i = 0; i < PARAMETERS; i++) {
        m[i] += 0.1f * (grad[i] - m[i]);
        v[i] = 0.999f * v[i] + 0.001f * grad[i] * grad[i];
        w[i] -= rate * m[i] / (sqrtf(v[i]) / root + 1e-8f);
    }
}

static void step(void *context)
{
    (void)context;
    float loss = 0;
    memset(&g, 0, sizeof g);
    for (int n = 0; n < N; n++) {
        float h[HIDDEN], z = p.b2;
        for (int j = 0; j < HIDDEN; j++) {
            h[j] = X[n][0] * p.W1[j][0] + X[n][1] * p.W1[j][1] + p.b1[j];
            h[j] = h[j] < 0 ? 0 : h[j];
            z += h[j] * p.W2[j];
        }
        const float y = 1 / (1 + expf(-z));
        loss -= target[n] * fmaxf(logf(y), -100) + (1 - target[n]) * fmaxf(log1pf(-y), -100);
        const float dy = (y - target[n]) / fmaxf((1 - y) * y, 1e-12f) / N, dz = dy * (1 - y) * y;
        for (int j = 0; j < HIDDEN; j++) {
            const float dh = h[j] <= 0 ? 0 : dz * p.W2[j];
            g.W2[j] += dz * h[j];
            g.W1[j][0] += dh * X[n][0];
            g.W1[j][1] += dh * X[n][1];
            g.b1[j] += dh;
        }
        g.b2 += dz;
    }
    adam((float *)&p, (const float *)&g);
    last_loss = (double)(loss / N);
}

int main(void)
{
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(0);
    wick_list *first = wick_nn_parameters(wick_nn_sequential(wick_nn_linear(IN, HIDDEN), wick_nn_linear(HIDDEN, 1)));
    float *to = (float *)&p;
    for (int64_t i = 0; i < wick_list_count(first); i++) {
        wick_tensor *w = wick_list_get(first, i);
        memcpy(to, wick_data_float32(w), (size_t)wick_numel(w) * sizeof *to);
        to += wick_numel(w);
    }
    for (int i = 0; i < 100; i++)
        step(NULL);
    double check = last_loss;
    while (next_round()) {
        report("student_step", seconds_of(step, NULL, 0.1), check);
        end_round();
    }
}
