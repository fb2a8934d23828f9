/* dataset.h - internal: what the loader and the samplers ask of a dataset. */
#ifndef WICK_DATA_DATASET_H
#define WICK_DATA_DATASET_H

#include "data.h"

bool wk_check_dataset(const void *object, const char *function, const char *name);

/* The samples of count > 0 indices, each in [0, length), as one list, owned by the innermost scope. */
wick_list *wk_dataset_batch(wick_dataset *d, const int64_t *indices, int64_t count, const char *function);

#endif
