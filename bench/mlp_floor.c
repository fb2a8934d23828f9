/* mlp_floor.c - the arithmetic of mlp_epoch.c and nothing else: calls of BLAS and loops written by hand, into
 * memory that is allocated once. Wick only makes the data, the first weights and the orders. */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "images.h"
#include "measure.h"

/* The parameters are the tensors that Wick made; the rest is what a batch needs. */
typedef struct network {
    float *W1, *b1, *W2, *b2; /* (HIDDEN, PIXELS), (HIDDEN), (CLASSES, HIDDEN), (CLASSES) */
    float dW1[HIDDEN * PIXELS], db1[HIDDEN], dW2[CLASSES * HIDDEN], db2[CLASSES];
    float h[BATCH * HIDDEN], dh[BATCH * HIDDEN], z[BATCH * CLASSES]; /* z is turned into its own gradient */
    double loss;
} network;

static void make(network *net)
{
    wick_list *p =
        wick_nn_parameters(wick_nn_sequential(wick_nn_linear(PIXELS, HIDDEN), wick_nn_linear(HIDDEN, CLASSES)));
    float **place[] = {&net->W1, &net->b1, &net->W2, &net->b2};
    for (int i = 0; i < 4; i++)
        *place[i] = wick_data_float32(wick_keep(wick_list_get(p, i)));
}

/* Y (n, out) = X (n, in) W^T + b */
static void linear(int n, int in, int out, const float *X, const float *W, const float *b, float *Y)
{
    for (int i = 0; i < n; i++)
        memcpy(Y + i * out, b, (size_t)out * sizeof *b);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, out, in, 1, X, in, W, in, 1, Y, out);
}

/* dW (out, in) = dY^T X, db = sum of dY */
static void linear_grad(int n, int in, int out, const float *X, const float *dY, float *dW, float *db)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, n, 1, dY, out, X, in, 0, dW, in);
    memset(db, 0, (size_t)out * sizeof *db);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < out; j++)
            db[j] += dY[i * out + j];
}

static void descend(int n, float *w, const float *g)
{
    for (int i = 0; i < n; i++)
        w[i] -= 0.1f * g[i];
}

static void step(network *net, int n, const float *X, const int64_t *y)
{
    linear(n, PIXELS, HIDDEN, X, net->W1, net->b1, net->h);
    for (int i = 0; i < n * HIDDEN; i++)
        net->h[i] = net->h[i] < 0 ? 0 : net->h[i];
    linear(n, HIDDEN, CLASSES, net->h, net->W2, net->b2, net->z);
    double loss = 0;
    for (int i = 0; i < n; i++) {
        float *z = net->z + i * CLASSES, largest = z[0], sum = 0;
        for (int j = 1; j < CLASSES; j++)
            largest = z[j] > largest ? z[j] : largest;
        const float label = z[y[i]] - largest;
        for (int j = 0; j < CLASSES; j++)
            sum += z[j] = expf(z[j] - largest);
        loss += (double)(logf(sum) - label);
        for (int j = 0; j < CLASSES; j++)
            z[j] /= sum * (float)n;
        z[y[i]] -= 1 / (float)n;
    }
    net->loss = loss / n;
    linear_grad(n, HIDDEN, CLASSES, net->h, net->z, net->dW2, net->db2);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, HIDDEN, CLASSES, 1, net->z, CLASSES, net->W2, HIDDEN, 0,
                net->dh, HIDDEN);
    for (int i = 0; i < n * HIDDEN; i++)
        net->dh[i] = net->h[i] <= 0 ? 0 : net->dh[i];
    linear_grad(n, PIXELS, HIDDEN, X, net->dh, net->dW1, net->db1);
    descend(HIDDEN * PIXELS, net->W1, net->dW1);
    descend(HIDDEN, net->b1, net->db1);
    descend(CLASSES * HIDDEN, net->W2, net->dW2);
    descend(CLASSES, net->b2, net->db2);
}

static void gather(int64_t n, const int64_t *order, const float *X, const int64_t *y, float *X_to, int64_t *y_to)
{
    for (int64_t i = 0; i < n; i++) {
        memcpy(X_to + i * PIXELS, X + order[i] * PIXELS, PIXELS * sizeof *X);
        y_to[i] = y[order[i]];
    }
}

/* One epoch; a copy of at_once shuffled images is made at a time: all of them, or one batch. */
static void epoch(network *net, int64_t at_once, const float *X, const int64_t *y)
{
    WICK_SCOPE;
    const int64_t *order = wick_data_int64(wick_randperm(IMAGES));
    float *X_copy = wick_data_float32(wick_empty(at_once, PIXELS));
    int64_t *y_copy = wick_data_int64(wick_empty(at_once, .dtype = WICK_INT64));
    for (int64_t start = 0; start < IMAGES; start += at_once) {
        const int64_t copied = IMAGES - start < at_once ? IMAGES - start : at_once;
        gather(copied, order + start, X, y, X_copy, y_copy);
        for (int64_t i = 0; i < copied; i += BATCH)
            step(net, (int)(copied - i < BATCH ? copied - i : BATCH), X_copy + i * PIXELS, y_copy + i);
    }
}

int main(void)
{
    static network slices, loaded;
    wick_on_error(wick_print_and_exit);
    wick_manual_seed(0);
    const float *X = wick_data_float32(make_images());
    const int64_t *y = wick_data_int64(make_labels());
    make(&slices);
    make(&loaded);
    while (next_round()) {
        double start = seconds_now();
        epoch(&slices, IMAGES, X, y);
        double between = seconds_now();
        report("mlp_epoch_slices", between - start, slices.loss);
        epoch(&loaded, BATCH, X, y);
        report("mlp_epoch_loader", seconds_now() - between, loaded.loss);
        end_round();
    }
}
