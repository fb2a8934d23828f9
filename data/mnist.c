/* mnist.c - MNIST (LeCun, Cortes, Burges) and Fashion-MNIST (Xiao, Rasul, Vollgraf 2017), which share a file layout.
 *
 * Images stay bytes in memory, a quarter of their size as float32, and become floats as a batch is made: x / 255 in
 * float32, as torchvision's ToTensor computes it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fetch.h"
#include "idx.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10 };

typedef struct {
    wick_tensor *images; /* (N, 28, 28), uint8 */
    wick_tensor *labels; /* (N), uint8 */
} mnist;

static int64_t mnist_length(wick_dataset *d) { return ((mnist *)wick_data_fields(d))->images->shape[0]; }

static wick_list *mnist_batch(wick_dataset *d, const int64_t *indices, int64_t count)
{
    mnist *self = wick_data_fields(d);
    wick_tensor *x = wk_own(wk_new((const int64_t[]){count, 1, SIDE, SIDE}, 4, WICK_FLOAT32));
    wick_tensor *y = wk_own(wk_new(&count, 1, WICK_INT64));
    if (!x || !y)
        return NULL;
    const uint8_t *images = wk_data(self->images), *labels = wk_data(self->labels);
    float *to = wk_data(x);
    int64_t *label = wk_data(y);
    for (int64_t i = 0; i < count; i++, to += PIXELS) {
        const uint8_t *from = images + indices[i] * PIXELS;
        for (int j = 0; j < PIXELS; j++)
            to[j] = (float)from[j] / 255.0f;
        label[i] = labels[indices[i]];
    }
    return wick_list_of(x, y);
}

static void mnist_destroy(wick_dataset *d)
{
    mnist *self = wick_data_fields(d);
    wk_unref(self->images);
    wk_unref(self->labels);
}

/* The IDX file of this name in the directory, or that name with .gz. */
static wick_tensor *read_file(const char *function, const char *directory, const char *name, char *path, size_t size)
{
    static const char *const endings[] = {"", ".gz"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, size, "%s/%s%s", directory, name, endings[i]);
        FILE *file = fopen(path, "rb");
        if (!file && errno == ENOENT)
            continue;
        if (file)
            (void)fclose(file);
        return wk_read_idx(function, path);
    }
    return wick_fail(WICK_ERROR_FILE, "%s: there is neither '%s/%s' nor '%s'", function, directory, name, path);
}

/* Fills self from the directory; false after an error. */
static bool read_files(mnist *self, const char *function, const char *directory, bool train)
{
    const char *part = train ? "train" : "t10k";
    char name[32];
    size_t size = strlen(directory) + sizeof name + 8;
    char *path = wk_alloc(size);
    if (!path)
        return false;
    bool good = false;
    snprintf(name, sizeof name, "%s-images-idx3-ubyte", part);
    wick_tensor *images = self->images = read_file(function, directory, name, path, size);
    if (!images)
        goto done;
    if (images->ndim != 3 || images->shape[1] != SIDE || images->shape[2] != SIDE) {
        wick_fail(WICK_ERROR_FILE, "%s: '%s' has shape %s; images of shape (N, 28, 28) are expected", function, path,
                  WK_SHAPE(images));
        goto done;
    }
    snprintf(name, sizeof name, "%s-labels-idx1-ubyte", part);
    wick_tensor *labels = self->labels = read_file(function, directory, name, path, size);
    if (!labels)
        goto done;
    if (labels->ndim != 1) {
        wick_fail(WICK_ERROR_FILE, "%s: '%s' has shape %s; labels of shape (N) are expected", function, path,
                  WK_SHAPE(labels));
        goto done;
    }
    if (labels->shape[0] != images->shape[0]) {
        wick_fail(WICK_ERROR_FILE, "%s: '%s' has %lld labels, and there are %lld images; the numbers must be equal",
                  function, path, (long long)labels->shape[0], (long long)images->shape[0]);
        goto done;
    }
    const uint8_t *label = wk_data(labels);
    for (int64_t i = 0; i < labels->numel; i++) {
        if (label[i] >= CLASSES) {
            wick_fail(WICK_ERROR_FILE, "%s: '%s' has label %d at index %lld; labels are 0 to 9", function, path,
                      label[i], (long long)i);
            goto done;
        }
    }
    good = true;
done:
    wk_free(path, size);
    return good;
}

static wick_dataset *load(const char *function, const char *directory, bool train)
{
    if (!directory)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the directory is NULL", function);
    mnist self = {NULL, NULL};
    wick_dataset *d = NULL;
    if (read_files(&self, function, directory, train))
        d = wk_dataset_new(&(wick_dataset_options){
            .length = mnist_length, .batch = mnist_batch, .size = sizeof self, .destroy = mnist_destroy});
    if (d) {
        *(mnist *)wick_data_fields(d) = self;
        return d;
    }
    wk_unref(self.images);
    wk_unref(self.labels);
    return NULL;
}

wick_dataset *wick_data_mnist(const char *directory, bool train)
{
    WK_ENTER;
    return load("wick_data_mnist", directory, train);
}

wick_dataset *wick_data_fashion_mnist(const char *directory, bool train)
{
    WK_ENTER;
    return load("wick_data_fashion_mnist", directory, train);
}

const char *wick_data_fashion_mnist_class(int64_t label)
{
    static const char *const names[CLASSES] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                               "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
    return label >= 0 && label < CLASSES ? names[label] : NULL;
}
