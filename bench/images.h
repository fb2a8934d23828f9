/* images.h - the data of mlp_epoch.c and mlp_floor.c: as many images as MNIST has, of bytes that look random,
 * scaled to [0, 1], with labels that cannot be learned; the same numbers as mlp_epoch.py makes. */
#pragma once

#include <wick/wick.h>

enum { IMAGES = 60000, PIXELS = 784, HIDDEN = 256, CLASSES = 10, BATCH = 256 };

static inline uint32_t scrambled(uint32_t i) { return (i * 2654435761u) >> 8; }

static inline wick_tensor *make_images(void) /* (IMAGES, PIXELS) */
{
    wick_tensor *t = wick_empty(IMAGES, PIXELS);
    float *x = wick_data_float32(t);
    for (uint32_t i = 0; x && i < (uint32_t)IMAGES * PIXELS; i++)
        x[i] = (float)(scrambled(i) & 255u) / 255;
    return t;
}

static inline wick_tensor *make_labels(void) /* (IMAGES) */
{
    wick_tensor *t = wick_empty(IMAGES, .dtype = WICK_INT64);
    int64_t *y = wick_data_int64(t);
    for (uint32_t i = 0; y && i < IMAGES; i++)
        y[i] = scrambled(i) % CLASSES;
    return t;
}
