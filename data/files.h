/* files.h - IDX files, and state dicts in .pth files. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"

WICK_BEGIN_DECLS

/* The contents of an IDX file, plain or gzipped, as a uint8 tensor in the file's shape (http://yann.lecun.com/exdb/mnist/). */
WICK_API wick_tensor *wick_data_read_idx(const char *path);

/* Writes t, uint8 with 1 to 8 dimensions and at least one element, as an IDX file, not gzipped. The file appears complete or
 * not at all. False on error. */
WICK_API bool wick_data_write_idx(const char *path, wick_tensor *t);

/* Writes a state dict as torch.save does; torch.load(path, weights_only=True) reads it. Names must be UTF-8. The file appears
 * complete or not at all. An existing file is replaced and its mode kept; links are followed; devices and pipes are written
 * to. False on error. */
WICK_API bool wick_save(wick_dict *dict, const char *path);

/* Reads a file that torch.save(model.state_dict(), path) or wick_save wrote. Nothing in the file is executed; other contents
 * are an error that says what was found. Tensors of any device are loaded to the CPU (map_location="cpu"). Every property of
 * a stored tensor is either respected or an error: views that PyTorch stored with the opposite sign are negated, and no
 * longer share storage; hooks are an error; Python attributes are left out. A checksum of 0 is not compared, since PyTorch
 * compares none. */
WICK_API wick_dict *wick_load(const char *path);

WICK_END_DECLS
