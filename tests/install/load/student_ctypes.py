#!/usr/bin/env python3
"""Trains a small network with Wick from Python, by ctypes: student_ctypes.py path/to/libwick.so"""

import sys
from ctypes import CDLL, POINTER, Structure, byref, c_bool, c_char, c_char_p, c_double, c_float, c_int, c_int64, c_size_t, c_uint64, c_void_p, sizeof

library = CDLL(sys.argv[1])
library.wick_error_message.restype = c_char_p


class Scope(Structure):  # wick_scope
    _fields_ = [("outer", c_size_t), ("depth", c_size_t), ("outer_file", c_char_p), ("outer_line", c_int)]


class SGD(Structure):  # wick_optim_sgd_options
    _fields_ = [("size", c_size_t), ("start", c_char), ("lr", c_double), ("momentum", c_double), ("dampening", c_double),
                ("weight_decay", c_double), ("nesterov", c_bool), ("maximize", c_bool)]


def wick(name, result, *parameters):
    """The function wick_<name>: its errors are exceptions here."""
    function = library["wick_" + name]
    function.restype, function.argtypes = result, parameters

    def call(*arguments):
        value = function(*arguments)
        if message := library.wick_error_message():
            library.wick_clear_error()
            raise RuntimeError(message.decode())
        return value

    return call


scope_push, scope_pop = wick("scope_push", Scope), wick("scope_pop", None, c_void_p)
manual_seed, item = wick("manual_seed", None, c_uint64), wick("item", c_double, c_void_p)
from_n = wick("from_n", c_void_p, c_void_p, c_int, c_void_p, c_int)
linear, sigmoid = wick("nn_linear_opt", c_void_p, c_int64, c_int64, c_void_p), wick("nn_sigmoid", c_void_p)
sequential = wick("nn_sequential_n", c_void_p, c_void_p, c_int)
forward, parameters = wick("nn_forward_n", c_void_p, c_void_p, c_void_p, c_int), wick("nn_parameters", c_void_p, c_void_p)
sub, matmul = wick("sub", c_void_p, c_void_p, c_void_p), wick("matmul", c_void_p, c_void_p, c_void_p)
t, backward = wick("t", c_void_p, c_void_p), wick("backward_opt", c_bool, c_void_p, c_void_p)
sgd, step = wick("optim_sgd_opt", c_void_p, c_void_p, POINTER(SGD)), wick("optim_step", c_bool, c_void_p)
zero_grad = wick("optim_zero_grad", None, c_void_p)
FLOAT32 = -1111111168  # WICK_FLOAT32


def tensor(rows):
    numbers = [x for row in rows for x in row]
    shape = (c_int64 * 2)(len(rows), len(rows[0]))
    return from_n((c_float * len(numbers))(*numbers), FLOAT32, shape, 2)


everything = scope_push()
manual_seed(0)
X, y = tensor([[0.5, 0.7], [0.1, 0.2], [1.0, 0.6], [0.2, 0.8]]), tensor([[1], [0], [1], [0]])
layers = (c_void_p * 3)(linear(2, 4, None), sigmoid(), linear(4, 1, None))  # None: the options' defaults
model = sequential(layers, 3)
optimizer = sgd(parameters(model), byref(SGD(size=sizeof(SGD), lr=0.1)))
for epoch in range(100):
    scope = scope_push()  # what a step makes is freed at its end
    error = sub(forward(model, byref(c_void_p(X)), 1), y)  # (4, 1)
    loss = matmul(t(error), error)  # (1, 1): the sum of squares
    zero_grad(optimizer)
    backward(loss, None)
    step(optimizer)
    if epoch % 33 == 0:
        print(f"{item(loss):.4f}")
    scope_pop(byref(scope))
try:
    matmul(X, X)
except RuntimeError as e:
    print(e)
scope_pop(byref(everything))
