/* pth.h - internal: what writing and reading .pth files have in common. */
#ifndef WICK_DATA_PTH_H
#define WICK_DATA_PTH_H

#include "../tensor/dtype.h"

/* The class of PyTorch that stands for storage of a dtype: torch.FloatStorage. */
extern const char *const wk_storage_class[WICK_DTYPE_COUNT];

/* "little" or "big", as the entry byteorder of a file says it. */
const char *wk_byteorder(void);

/* Records the error of a build without libzip. */
void *wk_no_libzip(const char *function);

#endif
