#!/usr/bin/env python3
"""Writes autograd.txt: what PyTorch's hooks, functions, checkpoints and autograd.grad see and give. Needs torch.

    python3 autograd.py

A line is a scenario's name and numbers: what was noted, in order. A call of a hook notes its code and the elements of what it
saw; "none" stands for None. tests/torch/autograd/test_hooks.c, test_function.c and test_checkpoint.c play the same scenarios."""
import os

import torch
from torch.autograd import Function, grad
from torch.utils.checkpoint import checkpoint

lines, notes = [], []


def T(*values, requires_grad=True):
    return torch.tensor(values, dtype=torch.float64, requires_grad=requires_grad)


def note(*things):
    for t in things:
        if t is None:
            notes.append("none")
        elif isinstance(t, torch.Tensor):
            notes.extend(repr(v) for v in t.detach().reshape(-1).tolist())
        else:
            notes.append(repr(t))


def scenario(f):
    notes.clear()
    f()
    lines.append(" ".join([f.__name__] + notes))


def hook(code, factor=None):
    def f(g):
        note(code, g)
        return None if factor is None else g * factor
    return f


def pre(code, factor=None):
    def f(gs):
        note(code, *gs)
        return None if factor is None else tuple(None if g is None else g * factor for g in gs)
    return f


def post(code, factor=None):
    def f(gi, go):
        note(code, *gi, *go)
        return None if factor is None else tuple(None if g is None else g * factor for g in gi)
    return f


@scenario
def order():
    x = T(1., 2.)
    y = x * 3
    y.register_hook(hook(1, 2))
    y.retain_grad()
    y.register_hook(hook(2, 10))
    x.register_hook(hook(3, 5))
    x.register_hook(hook(4))
    (y * y).sum().backward()
    note(y.grad, x.grad)


@scenario
def summed():
    x = T(1.)
    y = x * 2
    y.register_hook(hook(1))
    (y * 3 + y * 4).backward()


@scenario
def grad_of_leaf():
    x = T(1.)
    x.register_hook(hook(1, 5))
    note(*grad(x * 3, x), x.grad)


@scenario
def grad_of_nonleaf():
    x = T(1.)
    y = x * 3
    y.register_hook(hook(1, 5))
    z = y * 2
    note(*grad(z, y, retain_graph=True))
    note(*grad(z, [y, x], retain_graph=True))
    y.retain_grad()
    note(*grad(z, x, retain_graph=True), y.grad)
    y.grad = None
    note(*grad(z, y, retain_graph=True), y.grad)


@scenario
def retain_beyond():
    x = T(1.)
    w = x * 2
    w.retain_grad()
    y = w * 3
    note(*grad(y * 2, y), w.grad)


@scenario
def nodes():
    x, w = T(1., 2.), T(3., 4.)
    y = x * w
    y.register_hook(hook(1, 2))
    y.retain_grad()
    y.grad_fn.register_prehook(pre(2, 10))
    y.grad_fn.register_hook(post(3, 100))
    y.sum().backward(retain_graph=True)
    note(y.grad, x.grad, w.grad)
    note(*grad(y.sum(), y, retain_graph=True))
    note(*grad(y.sum(), x, retain_graph=True))
    note(*grad(y.sum(), [y, x], retain_graph=True))


@scenario
def accumulate_node():
    x = T(1.)
    node = (x * 1).grad_fn.next_functions[0][0]
    node.register_prehook(pre(1, 2))
    node.register_hook(post(2))
    x.register_hook(hook(3))
    x.register_post_accumulate_grad_hook(lambda p: note(4, p, p.grad))
    (x * 3).sum().backward()
    note(x.grad)
    note(*grad(x * 3, x))


@scenario
def in_place():
    x = T(1.)
    y = x * 2
    y.register_hook(hook(1))
    y.mul_(3)
    y.register_hook(hook(2))
    (y * 5).backward()


@scenario
def hook_recorded():
    x = T(2.)
    y = x * x
    y.register_hook(lambda g: g * x)
    g, = grad(y.sum(), x, create_graph=True)
    note(g, *grad(g.sum(), x))


@scenario
def grad_none():
    x, w = T(1.), T(2.)
    note(*grad(x * 2, [x, w], allow_unused=True))
    note(*grad(x * 2, [x, w], materialize_grads=True))


class MyExp(Function):  # saves its result
    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dy):
        return dy * ctx.saved_tensors[0]


class Pair(Function):  # 2 x, 3 x w
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        note(*map(int, ctx.needs_input_grad))
        return x * 2, x * w * 3

    @staticmethod
    def backward(ctx, da, db):
        x, w = ctx.saved_tensors
        note(*map(int, ctx.needs_input_grad), da, db)
        return da * 2 + db * w * 3, (db * x * 3 if ctx.needs_input_grad[1] else None)


class Sparse(Function):  # the same without zeros
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2, x * 3

    @staticmethod
    def backward(ctx, da, db):
        note(da, db)
        return da * 2


class Marked(Function):
    @staticmethod
    def forward(ctx, x):
        y, z = x * 2, x * 3
        ctx.mark_non_differentiable(z)
        return y, x > 0, z

    @staticmethod
    def backward(ctx, dy, di, dz):
        note(dy, int(di.item()), dz)
        return dy * 2


class Itself(Function):
    @staticmethod
    def forward(ctx, x):
        return x

    @staticmethod
    def backward(ctx, dy):
        return dy * 7


@scenario
def function_result():
    x = T(1., 2.)
    y = MyExp.apply(x)
    g, = grad(y.sum(), x, create_graph=True)
    note(g, *grad(g.sum(), x))


@scenario
def function_pair():
    x, w = T(2.), T(5.)
    a, b = Pair.apply(x, w)
    (a * b).backward(retain_graph=True)
    note(x.grad, w.grad)
    note(*grad(a, x, retain_graph=True))
    a, b = Pair.apply(x, w.detach())
    note(*grad(b, x))


@scenario
def function_pair_hooks():
    x, w = T(2.), T(5.)
    a, b = Pair.apply(x, w)
    a.register_hook(hook(1, 2))
    b.register_hook(hook(2, 3))
    a.retain_grad()
    b.retain_grad()
    a.grad_fn.register_prehook(pre(3, 10))
    b.grad_fn.register_hook(post(4, 100))
    (a * b).backward()
    note(a.grad, b.grad, x.grad, w.grad)


@scenario
def function_pair_half():
    x, w = T(2.), T(5.)
    a, b = Pair.apply(x, w)
    a.grad_fn.register_prehook(pre(3))
    a.grad_fn.register_hook(post(4))
    a.backward()
    note(x.grad, w.grad)


@scenario
def function_sparse():
    x = T(1.)
    a, b = Sparse.apply(x)
    a.backward()
    note(x.grad)


@scenario
def function_marked():
    x = T(1.)
    y, i, z = Marked.apply(x)
    note(int(y.requires_grad), int(i.requires_grad), int(z.requires_grad))
    y.backward()
    note(x.grad)


@scenario
def function_itself():
    x = T(1.)
    y = Itself.apply(x)
    note(int(y is x))
    y.backward()
    note(x.grad)


@scenario
def checkpointed():
    x, w = T(0.5, 1.5), T(2., 3.)
    y = checkpoint(lambda x, w: (x.sin() * w).exp().tanh(), x * 2, w, use_reentrant=False)
    gx, gw = grad(y.sum(), [x, w], create_graph=True)
    note(gx, gw)
    (gx.sum() + gw.sum()).backward()
    note(x.grad, w.grad)


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "autograd.txt"), "w") as out:
    out.write("\n".join(lines) + "\n")
