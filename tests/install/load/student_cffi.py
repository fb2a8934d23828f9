#!/usr/bin/env python3
"""The training of student_ctypes.py by cffi: student_cffi.py path/to/libwick.so path/to/wick.cdef"""

import re
import struct
import sys
import weakref
from pathlib import Path

try:
    from cffi import FFI
except ImportError:
    print("skipped: Python has no cffi (Debian: apt-get install python3-cffi)")
    sys.exit(77)

ffi = FFI()
cdef = Path(sys.argv[2]).read_text()
ffi.cdef(cdef)
wick = ffi.dlopen(sys.argv[1])
alive = weakref.WeakKeyDictionary()  # the texts in options, as long as these


def options(name, **given):
    struct, text = re.search(r"(?m)^/[*] %s: (\w+) {(.*)} [*]/$" % name, cdef).groups()
    defaults = eval(f"dict({text})", {"nan": float("nan"), "inf": float("inf")})
    values = {**defaults, **given, "size_": ffi.sizeof(struct)}
    values = {k: ffi.new("char[]", v.encode()) if isinstance(v, str) else v for k, v in values.items()}
    made = ffi.new(struct + " *", values)
    alive[made] = values
    return made


def real(x):
    return {"kind": wick.WICK_NUMBER_FLOAT, "integer": int.from_bytes(struct.pack("=d", x), sys.byteorder, signed=True)}


def check():
    message = wick.wick_error_message()
    if message:
        text = ffi.string(message).decode()
        wick.wick_clear_error()
        raise RuntimeError(text)


def tensor(rows):
    numbers = [x for row in rows for x in row]
    return wick.wick_from_n(ffi.new("float[]", numbers), wick.WICK_FLOAT32, [len(rows), len(rows[0])], 2)


everything = ffi.new("wick_scope *", wick.wick_scope_push())
wick.wick_manual_seed(0)
X, y = tensor([[0.5, 0.7], [0.1, 0.2], [1.0, 0.6], [0.2, 0.8]]), tensor([[1], [0], [1], [0]])
model = wick.wick_nn_sequential_n(
    [wick.wick_nn_linear_opt(2, 4, ffi.NULL), wick.wick_nn_sigmoid(), wick.wick_nn_linear_opt(4, 1, ffi.NULL)], 3)
optimizer = wick.wick_optim_sgd_opt(wick.wick_nn_parameters(model), options("optim_sgd", lr=0.1))
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
for name in re.findall(r"(?m)^/[*] (\w+): wick_", cdef):
    options(name)
assert ffi.string(options("lr_cyclic_lr").mode) == b"triangular" and options("slice").end == -(2**63)
assert wick.wick_item(wick.wick_full_n(real(0.5), ffi.NULL, 0, wick.WICK_FLOAT64)) == 0.5
wick.wick_scope_pop(everything)
