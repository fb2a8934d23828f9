#!/usr/bin/env python3
"""Writes modules.txt: what PyTorch's modules print, list, call and refuse. Needs torch.

    python3 modules.py

A case is a line "== name", and the text that follows. tests/torch/nn/test_modules.c makes the same text with Wick, case by case."""
import os
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
cases = {}
out = []


def say(*words):
    """A line of words; a tensor is its elements, None is none."""
    def text(w):
        if isinstance(w, torch.Tensor):
            return " ".join("%.9g" % v for v in w.detach().double().reshape(-1).tolist())
        return "none" if w is None else "%.9g" % w if isinstance(w, float) else str(w)
    out.append(" ".join(text(w) for w in words))


def case(f):
    out.clear()
    f()
    cases[f.__name__] = "\n".join(out)


def refused(f, *kinds):
    try:
        f()
    except kinds or Exception as e:
        return str(e)
    raise AssertionError("not refused")


# ---- Print ------------------------------------------------------------------------------------------------------------


class Own(nn.Module):
    """A class of the user's with this name, extra text and children."""

    def __init__(self, name, extra="", **children):
        super().__init__()
        self.name, self.extra = name, extra
        for k, v in children.items():
            self.add_module(k, v)

    def _get_name(self):
        return self.name

    def extra_repr(self):
        return self.extra

    def forward(self, x):
        return x


L, S, ML, MD, R, I = nn.Linear, nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.ReLU, nn.Identity
P = lambda *shape: nn.Parameter(torch.ones(shape))
D = nn.Dropout

PRINTED = {
    "p_empty_list": lambda: ML(),
    "p_empty_dict": lambda: MD(),
    "p_empty_sequential": lambda: S(),
    "p_list_one": lambda: ML([L(2, 3)]),
    "p_list_two_equal": lambda: ML([L(2, 3), L(2, 3)]),
    "p_list_three_equal": lambda: ML([R(), R(), R()]),
    "p_list_two_unequal": lambda: ML([L(2, 3), L(3, 2)]),
    "p_list_runs": lambda: ML([R(), R(), L(1, 1), R(), R(), R(), L(1, 2), L(1, 2)]),
    "p_list_alternating": lambda: ML([R(), I(), R(), I()]),
    "p_list_twelve": lambda: ML([L(4, 4) for _ in range(12)]),
    "p_list_prefix": lambda: ML([L(1, 1), L(1, 11), L(1, 1), L(1, 1)]),
    "p_list_of_lists": lambda: ML([ML([R(), R()]), ML([R(), R()]), ML([R()])]),
    "p_list_of_sequentials": lambda: ML([S(L(2, 2), R()), S(L(2, 2), R()), S(L(2, 2))]),
    "p_list_of_empty": lambda: ML([S(), S(), ML(), ML(), MD()]),
    "p_list_in_sequential": lambda: S(L(1, 1), ML([R(), R()]), R()),
    "p_list_in_own": lambda: Own("Net", "", blocks=ML([L(8, 8), L(8, 8), L(8, 8)]), head=L(8, 1)),
    "p_list_three_deep": lambda: ML([ML([ML([R(), R()]), ML([R(), R()])]), ML([ML([R(), R()]), ML([R(), R()])])]),
    "p_list_shared": lambda: (lambda r: ML([r, r, L(1, 1), r]))(R()),
    "p_list_equal_after_nested": lambda: ML([S(R()), R(), R(), S(R()), S(R())]),
    "p_sequential_equal": lambda: S(R(), R(), R()),
    "p_sequential_nested": lambda: S(S(L(2, 2), R()), S(S(R()), D(0.1))),
    "p_dict_two": lambda: MD({"conv": L(1, 2), "pool": R()}),
    "p_dict_equal": lambda: MD({"a": R(), "b": R()}),
    "p_dict_of_lists": lambda: MD({"xs": ML([R(), R()]), "ys": ML([L(1, 1)])}),
    "p_list_of_dicts": lambda: ML([MD({"a": R()}), MD({"a": R()}), MD({"b": R()})]),
    "p_named_sequential": lambda: S(nn.modules.container.OrderedDict([("fc1", L(2, 3)), ("relu", R()), ("fc2", L(3, 1))])),
    "p_lazy": lambda: nn.LazyLinear(3),
    "p_lazy_no_bias": lambda: nn.LazyLinear(5, bias=False),
    "p_lazy_in_sequential": lambda: S(nn.LazyLinear(3), R(), nn.LazyLinear(1)),
    "p_lazy_list": lambda: ML([nn.LazyLinear(3), nn.LazyLinear(3), L(1, 3)]),
    "p_parameter_list": lambda: nn.ParameterList([P(2, 3), P(4), P(1, 2, 3)]),
    "p_parameter_list_one": lambda: nn.ParameterList([P(2, 3)]),
    "p_parameter_list_scalar": lambda: nn.ParameterList([P(), P(0)]),
    "p_parameter_list_empty": lambda: nn.ParameterList([]),
    "p_parameter_list_long": lambda: nn.ParameterList([P(10, 20) for _ in range(120)]),
    "p_parameter_dict": lambda: nn.ParameterDict([("w", P(2, 3)), ("b", nn.Parameter(torch.ones(3, dtype=torch.float64)))]),
    "p_parameters_in_own": lambda: Own("Net", "", ps=nn.ParameterList([P(1), P(2)]), fc=L(1, 1)),
    "p_own_empty": lambda: Own("Net"),
    "p_own_extra": lambda: Own("Net", "width=3"),
    "p_own_extra_lines": lambda: Own("Net", "width=3\nheight=4\ndepth=5"),
    "p_own_extra_children": lambda: Own("Net", "width=3", fc=L(1, 1)),
    "p_own_lines_children": lambda: Own("Net", "a=1\n  b=2", fc=L(1, 1), inner=Own("Inner", "c=3\nd=4")),
    "p_own_in_list": lambda: ML([Own("Block", "n=1\nm=2"), Own("Block", "n=1\nm=2"), Own("Block", "n=2\nm=2")]),
    "p_own_nested": lambda: Own("A", "", b=Own("B", "", c=Own("C", "", d=Own("D", "x", e=R())))),
    "p_own_blank_line": lambda: S(Own("A", "a\n\nb", r=R())),
    "p_encoder": lambda: Own("Encoder", "", layers=ML([Own("Layer", "", attention=Own("Attention", "heads=8", q=L(8, 8),
                             k=L(8, 8)), norm=nn.LayerNorm(8), drop=D(0.1)) for _ in range(6)]), out=L(8, 2)),
}
for name, make in PRINTED.items():
    cases[name] = repr(make())

# ---- Containers, lists -----------------------------------------------------------------------------------------------


def show(m):
    for name, module in m.named_modules():
        say("module", "'%s'" % name, module._get_name())


def tree():
    shared, tied = R(), L(2, 2)
    m = Own("Net", "", body=S(L(2, 2), shared, S(tied, shared)), again=tied, head=ML([L(2, 1), tied]))
    m.register_parameter("w", P(5))
    m.register_buffer("kept", torch.zeros(1))
    m.register_buffer("left", torch.zeros(2), persistent=False)
    m.body[0].register_buffer("inner", torch.zeros(3), persistent=False)
    return m


@case
def traversal():
    m = tree()
    show(m)
    for name, child in m.named_children():
        say("child", name, child._get_name())
    for name, child in m.head.named_children():
        say("child", name, child._get_name())
    twice = S(m.again, m.again, R())
    for name, child in twice.named_children():
        say("child", name, child._get_name())


@case
def lists_of_tensors():
    m = tree()
    for recurse in (True, False):
        for once in (True, False):
            for name, p in m.named_parameters(recurse=recurse, remove_duplicate=once):
                say("parameter", name, p.numel())
            for name, p in m.named_buffers(recurse=recurse, remove_duplicate=once):
                say("buffer", name, p.numel())
        say(len(list(m.parameters(recurse))), len(list(m.buffers(recurse))))
    for name, t in m.state_dict().items():
        say("state", name, t.numel())
    say(sum(p.numel() for p in m.parameters()))
    m.body.requires_grad_(False)
    say(sum(p.numel() for p in m.parameters() if p.requires_grad))


@case
def changing_lists():
    m = S(R(), I())
    m.append(nn.Tanh())
    m.insert(1, nn.Sigmoid())
    m.insert(4, D(0.1))
    m.insert(0, L(1, 1))
    show(m)
    m.extend(S(nn.Tanh(), I()))
    say(m.pop(1)._get_name())
    say(m.pop(-1)._get_name())
    m[2] = L(2, 2)
    m[-1] = I()
    show(m)
    say(len(m), m[-2]._get_name(), repr(m[0]))
    ls = ML([R()])
    ls.extend(ML([I(), nn.Tanh()])).append(R())
    ls.insert(0, nn.Sigmoid())
    say(ls.pop(2)._get_name())
    ls[0] = I()
    show(ls)


@case
def changing_dicts():
    d = MD({"a": R(), "b": I()})
    d["c"] = nn.Tanh()
    d["a"] = L(1, 1)
    show(d)
    say(d.pop("b")._get_name(), len(d), "b" in d, "c" in d)
    d["b"] = I()
    for k in d.keys():
        say(k)
    d.update(MD({"e": D(0.1), "c": nn.Sigmoid()}))
    d.update(d)
    d.update(MD())
    show(d)
    d.clear()
    say(len(d), repr(d))
    d["c"] = R()
    show(d)


@case
def refusals():
    say(refused(lambda: ML([R()])(torch.ones(1))))
    say(refused(lambda: MD()(torch.ones(1))))
    m = nn.LazyLinear(3)
    m.load_state_dict(L(4, 3).state_dict())
    say(refused(lambda: m(torch.ones(2, 5))))


@case
def modes():
    m = S(R(), S(D(0.5), R()), ML([R()]))
    say(*[int(x.training) for x in m.modules()])
    m.train(False)
    say(*[int(x.training) for x in m.modules()])
    m[1].train()
    say(*[int(x.training) for x in m.modules()])
    m.train().eval()
    m[2].train(True)
    say(*[int(x.training) for x in m.modules()])
    shared = R()
    m = S(shared, S(shared, L(1, 1)), shared)
    m.apply(lambda x: say(x._get_name()))


@case
def running_statistics():
    B = nn.BatchNorm1d
    for m in (B(2), B(2, momentum=None), B(2, momentum=0.75, affine=False), B(2, eps=0.5, bias=False),
              B(2, track_running_stats=False), B(2, momentum=None, affine=False, track_running_stats=False)):
        m.double()
        for step in range(5):
            n = 12 if step % 2 else 6
            x = torch.sin(torch.arange(n, dtype=torch.float64) * (step + 1)).reshape((2, 2, 3) if step % 2 else (3, 2))
            y = m.train(step != 2)(x)
            say(y)
            say(m.running_mean, m.running_var, m.num_batches_tracked)


@case
def conversion():
    m = S(L(2, 1), nn.BatchNorm1d(1))
    m(torch.ones(3, 2)).sum().backward()
    for f in (m.double, m.float, lambda: m.to(torch.float64)):
        f()
        say(*[str(t.dtype) for t in m.state_dict().values()], m[0].weight.grad.dtype)
    m.zero_grad()
    say(m[0].weight.grad)


# ---- LazyLinear -------------------------------------------------------------------------------------------------------


@case
def lazy():
    torch.manual_seed(3)
    m = S(nn.LazyLinear(2), R(), nn.LazyLinear(1, bias=False))
    say(torch.rand(1))
    y = m(-torch.ones(4, 3))
    say(repr(m))
    for name, p in m.named_parameters():
        say(name, p, p.requires_grad)
    say(y, torch.rand(1))
    y.sum().backward()
    say(m[0].weight.grad, m[2].weight.grad)
    torch.manual_seed(4)
    m = nn.LazyLinear(3)
    m.load_state_dict(L(2, 3).state_dict())
    say(repr(m))
    say(m.weight, m.bias, torch.rand(1))
    m(torch.ones(1, 2))
    say(repr(m))
    say(m.weight, m.bias, torch.rand(1))
    m = nn.LazyLinear(2).double()
    m(torch.ones(1, 2, dtype=torch.float64))
    say(m.weight, m.bias, m.weight.dtype)


# ---- Hooks ------------------------------------------------------------------------------------------------------------


class Mix(nn.Module):
    def forward(self, x, y):
        return x * 3 + y * y


def T(*values, requires_grad=True):
    return torch.tensor(values, dtype=torch.float64, requires_grad=requires_grad)


def pre(code, factor=None):
    def f(m, inputs):
        say("pre", code, *inputs)
        return None if factor is None else tuple(x * factor for x in inputs)
    return f


def after(code, factor=None):
    def f(m, inputs, y):
        say("after", code, *inputs, y)
        return None if factor is None else y * factor
    return f


def backward(code, factor=None):
    def f(m, gi, go):
        say("backward", code, *gi, "of", *go)
        return None if factor is None else tuple(None if g is None else g * factor for g in gi)
    return f


def before(code, factor=None):
    def f(m, go):
        say("before", code, *go)
        return None if factor is None else tuple(g * factor for g in go)
    return f


@case
def forward_hooks():
    m = Mix()
    m.register_forward_pre_hook(pre(1))
    h = m.register_forward_pre_hook(pre(2, 2.0))
    m.register_forward_pre_hook(pre(3), prepend=True)
    m.register_forward_hook(after(4))
    m.register_forward_hook(after(5, 10.0))
    m.register_forward_hook(after(6), prepend=True)
    x, y = T(1., 2.), T(3., 4.)
    say(m(x, y))
    h.remove()
    h.remove()
    say(m(x, y))
    z = m(x, y)
    z.sum().backward()
    say(x.grad, y.grad)


@case
def hooks_everywhere():
    every = nn.modules.module

    def name(m, inputs, *y):
        say(m._get_name(), *inputs, *y)
    m = S(R(), Own("Twice", "", r=R()))
    m[1].register_forward_pre_hook(pre(1))
    m[1].register_forward_hook(after(2))
    handles = [every.register_module_forward_pre_hook(name), every.register_module_forward_hook(name),
               every.register_module_forward_pre_hook(pre(3, 2.0)), every.register_module_forward_hook(after(4, 10.0))]
    x = T(-1., 2.)
    say(m(x))
    for h in handles[::-1]:
        h.remove()
        say(m(x))


@case
def one_call_only():
    m = I()
    handles = []

    def once(m, inputs, y):
        say("once", y)
        handles[0].remove()
    handles.append(m.register_forward_hook(once))
    m.register_forward_hook(after(1))

    def more(m, inputs):
        say("more", *inputs)
        m.register_forward_pre_hook(pre(2))
    m.register_forward_pre_hook(more)
    x = T(1.)
    m(x)
    say("second")
    m(x)


def play(m, x, y, factors):
    a, b, c, d = factors
    m.register_full_backward_pre_hook(before(1, a))
    m.register_full_backward_pre_hook(before(2, b))
    m.register_full_backward_hook(backward(3, c))
    m.register_full_backward_hook(backward(4, d))
    m.register_full_backward_hook(backward(5), prepend=True)
    z = m(x, y)
    say(z.grad_fn.name() if z.grad_fn else None)
    if z.requires_grad:
        (z * T(1., 10., requires_grad=False)).sum().backward()
    say(x.grad, y.grad)


@case
def backward_hooks():
    play(Mix(), T(1., 2.), T(3., 4.), (None, None, None, None))


@case
def backward_hooks_replace():
    play(Mix(), T(1., 2.), T(3., 4.), (2., 3., 5., 7.))


@case
def backward_hooks_one_input():
    play(Mix(), T(1., 2.), T(3., 4., requires_grad=False), (None, 3., None, 7.))


@case
def backward_hooks_no_input():
    class Scale(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(T(2., 3.))

        def forward(self, x, y):
            return self.w * x * y
    m = Scale()
    play(m, T(1., 2., requires_grad=False), T(3., 4., requires_grad=False), (None, 3., None, None))
    say(m.w.grad)


@case
def backward_hooks_unused_input():
    class First(nn.Module):
        def forward(self, x, y):
            return x * 2
    play(First(), T(1., 2.), T(3., 4.), (None, None, None, 2.))


@case
def backward_hooks_no_grad():
    m = Mix()
    with torch.no_grad():
        play(m, T(1., 2.), T(3., 4.), (None, None, None, 2.))


@case
def backward_hooks_twice():
    m = S(L(2, 1).double(), nn.Tanh())
    with torch.no_grad():
        m[0].weight.copy_(torch.tensor([[0.5, -0.25]]))
        m[0].bias.zero_()
    m.register_full_backward_hook(backward(1, 2.0))
    m[0].register_full_backward_hook(backward(2))
    x = T(1., 2.)
    y = m(x)
    y.backward(retain_graph=True)
    say(x.grad)
    y.backward()
    say(x.grad, m[0].weight.grad)


@case
def backward_hooks_double_backward():
    m = nn.Tanh()
    m.register_full_backward_hook(backward(1))
    x = T(0.5)
    y = m(x)
    g, = torch.autograd.grad(y, x, create_graph=True)
    say("first", g)
    g.backward()
    say(x.grad)


# ---- What load_state_dict refuses ----------------------------------------------------------------------------------------


def fails(name, m, entries, strict=True):
    state = nn.modules.container.OrderedDict((k, torch.zeros(v)) for k, v in entries)
    state._metadata = m.state_dict()._metadata  # without it BatchNorm takes the state for one of PyTorch 0.4
    cases[name] = refused(lambda: m.load_state_dict(state, strict=strict))


good = [("0.weight", (3, 2)), ("0.bias", (3,)), ("2.weight", (1, 3)), ("2.bias", (1,))]
net = lambda: S(L(2, 3), R(), L(3, 1))
fails("l_missing", net(), good[:2])
fails("l_empty", net(), [])
fails("l_unexpected", net(), good + [("3.weight", (1,)), ("extra", (2,))])
fails("l_unexpected_below", net(), good + [("0.weight.x", (1,)), ("1.weight", (1,)), ("0", (1,)), ("2.x.y", (1,))])
fails("l_shapes", net(), [("0.weight", (2, 3)), ("0.bias", ()), ("2.weight", (1, 3)), ("2.bias", (2, 2))])
fails("l_shapes_not_strict", net(), [("0.weight", (2, 3)), ("other", (1,))], False)
fails("l_all", net(), [("0.weight", (3, 2)), ("0.bias", (4,)), ("7.x", (1,)), ("2.weight", (3, 1))])
fails("l_own", Own("Net", "", fc=L(1, 2), body=S(nn.BatchNorm1d(2))), [("fc.weight", (2, 2)), ("fc.scale", (1,))])
fails("l_scalar", nn.BatchNorm1d(2), [("weight", (2,)), ("bias", (2,)), ("running_mean", (2,)), ("running_var", (2,)),
                                      ("num_batches_tracked", (2,))])
fails("l_transient", (lambda m: (m.register_buffer("left", torch.zeros(2), persistent=False), m)[1])(L(1, 1)),
      [("weight", (1, 1)), ("left", (2,))])
fails("l_module_dict", MD({"a": L(1, 1), "b": ML([L(1, 1)])}), [("a.weight", (1, 1)), ("b.1.bias", (1,)), ("c", (1,))])

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "modules.txt"), "w") as f:
    for name, text in cases.items():
        f.write("== %s\n%s\n" % (name, text))
print(len(cases), "cases,", len(PRINTED), "of print")
