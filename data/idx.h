/* idx.h - internal: reading an IDX file on behalf of a named function. */
#pragma once

#include "../tensor/tensor_struct.h"

/* The contents as uint8 of the file's shape: one reference, the caller's. */
wick_tensor *wk_read_idx(const char *function, const char *path);
