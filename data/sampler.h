/* sampler.h - internal: a sampler as the loader sees it. */
#ifndef WICK_DATA_SAMPLER_H
#define WICK_DATA_SAMPLER_H

#include "../tensor/internal.h"
#include "data.h"

struct wick_sampler {
    wick_object base;
    wick_dataset *dataset; /* whose length counts; NULL for the index sampler */
    wick_tensor *indices;  /* (n), int64, of the index sampler */
    void (*fill)(const wick_sampler *s, int64_t *order, int64_t n); /* writes the order of one pass */
};

extern const wk_class wk_sampler_class;

/* How many indices a pass has; -1 after an error. */
int64_t wk_sampler_length(const wick_sampler *s);

#endif
