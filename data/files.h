/* files.h - IDX files, and state dicts in .pth files. */
#ifndef WICK_DATA_FILES_H
#define WICK_DATA_FILES_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"

WICK_BEGIN_DECLS

/* The contents of an IDX file, plain or gzipped, as uint8 of the file's shape (http://yann.lecun.com/exdb/mnist/). */
WICK_API wick_tensor *wick_data_read_idx(const char *path);

/* Writes a state dict as torch.save does; torch.load(path, weights_only=True) reads it. The file appears whole or not at
 * all. False on error. */
WICK_API bool wick_save(wick_dict *dict, const char *path);

/* Reads a file that torch.save(model.state_dict(), path) or wick_save wrote. Nothing in the file is executed; a file of
 * other contents is an error that says what was found. */
WICK_API wick_dict *wick_load(const char *path);

WICK_END_DECLS
#endif
