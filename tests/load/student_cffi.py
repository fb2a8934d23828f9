#!/usr/bin/env python3
"""The training of student_ctypes.py by cffi: student_cffi.py path/to/libwick.so"""

import sys
from pathlib import Path

try:
    from cffi import FFI
except ImportError:
    print("skipped: Python has no cffi (Debian: apt-get install python3-cffi)")
    sys.exit(77)

ffi = FFI()
ffi.cdef(Path(__file__).with_name("student.cdef").read_text())
wick = ffi.dlopen(sys.argv[1])


def check():
    message = wick.wick_error_message()
    if message:
        text = ffi.string(message).decode()
        wick.wick_clear_error()
        raise RuntimeError(text)


def tensor(rows):
    numbers = [x for row in rows for x in row]
    return wick.wick_from_n(ffi.new("float[]", numbers), 0, [len(rows), len(rows[0])], 2)


everything = ffi.new("wick_scope *", wick.wick_scope_push())
wick.wick_manual_seed(0)
X, y = tensor([[0.5, 0.7], [0.1, 0.2], [1.0, 0.6], [0.2, 0.8]]), tensor([[1], [0], [1], [0]])
model = wick.wick_nn_sequential_n(
    [wick.wick_nn_linear_opt(2, 4, ffi.NULL), wick.wick_nn_sigmoid(), wick.wick_nn_linear_opt(4, 1, ffi.NULL)], 3)
options = ffi.new("wick_optim_sgd_options *", {"size_": ffi.sizeof("wick_optim_sgd_options"), "lr": 0.1})
optimizer = wick.wick_optim_sgd_opt(wick.wick_nn_parameters(model), options)
for epoch in range(100):
    scope = ffi.new("wick_scope *", wick.wick_scope_push())
    error = wick.wick_sub(wick.wick_nn_forward_n(model, [X], 1), y)
    loss = wick.wick_matmul(wick.wick_t(error), error)
    wick.wick_optim_zero_grad(optimizer)
    wick.wick_backward_opt(loss, ffi.NULL)
    wick.wick_optim_step(optimizer)
    check()
    if epoch % 33 == 0:
        print(f"{wick.wick_item(loss):.4f}")
    wick.wick_scope_pop(scope)
try:
    wick.wick_matmul(X, X)
    check()
except RuntimeError as e:
    print(e)
wick.wick_scope_pop(everything)
