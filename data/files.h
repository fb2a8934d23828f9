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

/* Writes t, uint8 of 1 to 8 dimensions and at least one element, as such a file, not gzipped; the file appears whole or not
 * at all. False on error. */
WICK_API bool wick_data_write_idx(const char *path, wick_tensor *t);

/* Writes a state dict as torch.save does; torch.load(path, weights_only=True) reads it. Names must be UTF-8. The file appears
 * whole or not at all: in place of the one that was there, whose mode it keeps; through links, and into devices and pipes.
 * False on error. */
WICK_API bool wick_save(wick_dict *dict, const char *path);

/* Reads a file that torch.save(model.state_dict(), path) or wick_save wrote. Nothing in the file is executed; a file of
 * other contents is an error that says what was found. Tensors of any device come to the CPU (map_location="cpu"). What the
 * file says of a tensor is done or is an error: views that are stored with the other sign are negated, and are then tensors
 * of their own; hooks are refused; attributes of Python's object are left out. Checksums that are 0 are not compared, as
 * PyTorch compares none. */
WICK_API wick_dict *wick_load(const char *path);

WICK_END_DECLS
#endif
