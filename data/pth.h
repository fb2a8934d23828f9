/* pth.h - internal: what writing and reading .pth files have in common. */
#pragma once

#include "../tensor/tensor_struct.h"

/* The class of PyTorch that stands for storage of a dtype: torch.FloatStorage. */
extern const char *const wk_storage_class[WK_DTYPE_COUNT];

/* "little" or "big", as the entry byteorder of a file says it. */
const char *wk_byteorder(void);

/* Whether libzip failed because its memory, which it has from the system, ran out. */
struct zip_error;
bool wk_zip_got_no_memory(struct zip_error *error);

/* Records the error of a build without libzip. */
void *wk_no_libzip(const char *function);
