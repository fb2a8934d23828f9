"""Writes gradcheck.txt: whether torch.autograd.gradcheck passes functions right and wrong, for tests/unit/autograd/test_gradcheck.c.
Run: python gradcheck.py > gradcheck.txt

    <function> <gradcheck> <gradcheck, fast_mode=True> <gradgradcheck>      each pass or fail

A function's inputs are named by letters, see INPUTS. Of a wrong one, what is detached counts in the value and not in the
derivative: times(y, c) is y with c times its gradient, and given(x, y, g) is y with the gradient g."""
import warnings

import torch

warnings.simplefilter("ignore")
torch.manual_seed(1)
f64 = torch.float64


def numbers(k, *shape):
    n = 1
    for size in shape:
        n *= size
    i = torch.arange(n, dtype=torch.int64)
    return (((i * 2654435761 + (k + 1) * 1013904223) & 0xFFFFFFFF).double() / 2**32 - 0.5).reshape(shape)


INPUTS = {
    "a": lambda: numbers(0, 3),
    "b": lambda: numbers(1, 3),
    "m": lambda: numbers(2, 2, 3),
    "w": lambda: numbers(3, 3, 2),
    "s": lambda: numbers(4),
    "p": lambda: numbers(5, 3) + 1,
    "z": lambda: torch.zeros(3, dtype=f64),
    "k": lambda: torch.tensor([0.5, 0, -0.25], dtype=f64),
    "i": lambda: torch.tensor([1, -2, 3], dtype=f64),
    "t": lambda: torch.tensor([1, 1, 0.5], dtype=f64),
    "n": lambda: torch.tensor([5e-7, -0.25, 1], dtype=f64),
    "f": lambda: numbers(0, 3).float(),
    "v": lambda: numbers(2, 3, 2).t(),
}


class AddsOne(torch.autograd.Function):  # a gradient that is not a multiple of that of the output
    @staticmethod
    def forward(ctx, x):
        return x * 1

    @staticmethod
    def backward(ctx, dy):
        return dy + 1e-6


def detach(x):
    return x.detach()


def times(y, c):
    return c * y + (1 - c) * y.detach()


def given(x, y, g):
    return y.detach() + (x - x.detach()) * g


FUNCTIONS = {
    # Right.
    "identity": ("a", lambda a: a),
    "exp": ("a", lambda a: a.exp()),
    "log": ("p", lambda p: p.log()),
    "sin": ("a", lambda a: a.sin()),
    "cos": ("a", lambda a: a.cos()),
    "tan": ("a", lambda a: a.tan()),
    "tanh": ("a", lambda a: a.tanh()),
    "sigmoid": ("a", lambda a: a.sigmoid()),
    "sqrt": ("p", lambda p: p.sqrt()),
    "square": ("a", lambda a: a * a),
    "cube": ("a", lambda a: a**3),
    "reciprocal": ("p", lambda p: 1 / p),
    "erf": ("a", lambda a: a.erf()),
    "abs": ("a", lambda a: a.abs()),
    "relu": ("a", lambda a: a.relu()),
    "add": ("ab", lambda a, b: a + b),
    "mul": ("ab", lambda a, b: a * b),
    "div": ("ap", lambda a, p: a / p),
    "power": ("pa", lambda p, a: p**a),
    "matmul": ("mw", lambda m, w: m @ w),
    "broadcast": ("mb", lambda m, b: m * b),
    "number": ("ms", lambda m, s: m * s),
    "sum": ("m", lambda m: (m * m).sum()),
    "mean": ("m", lambda m: (m * m).mean(1)),
    "softmax": ("m", lambda m: m.softmax(1)),
    "log_softmax": ("m", lambda m: m.log_softmax(0)),
    "maximum": ("m", lambda m: m.max()),
    "reshape": ("m", lambda m: m.exp().reshape(3, 2)),
    "transposed": ("v", lambda v: v.exp().t()),
    "cat": ("ab", lambda a, b: torch.cat([a * b, b])),
    "where": ("ab", lambda a, b: torch.where(a > b, a * a, b * b * b)),
    "twice": ("a", lambda a: a * a.exp() + a),
    "steep": ("a", lambda a: (20 * a).exp()),
    "flat_tail": ("a", lambda a: 1e-4 * a),
    "tiny": ("a", lambda a: 1e-7 * a),
    "huge": ("a", lambda a: 1e6 * a * a),
    # All gradients are zero.
    "sign": ("a", lambda a: a.sign()),
    "floor": ("a", lambda a: a.floor()),
    "zero_times": ("a", lambda a: a * 0),
    "constant": ("a", lambda a: torch.ones(2, dtype=f64)),
    # Wrong.
    "detached": ("a", lambda a: 2 * a.detach()),
    "half": ("a", lambda a: a.detach() * a),
    "flipped_exp": ("a", lambda a: times(a.exp(), -1)),
    "flipped_sum": ("m", lambda m: times((m * m).sum(), -1)),
    "flipped_matmul": ("mw", lambda m, w: times(m @ w, -1)),
    "double_tanh": ("a", lambda a: times(a.tanh(), 2)),
    "half_softmax": ("m", lambda m: times(m.softmax(1), 0.5)),
    "percent_sin": ("a", lambda a: times(a.sin(), 1.01)),
    "percent_log": ("p", lambda p: times(p.log(), 0.99)),
    "percent_matmul": ("mw", lambda m, w: times(m @ w, 1.01)),
    "within_rtol": ("a", lambda a: times(a.exp(), 1.0005)),
    "beyond_rtol": ("a", lambda a: times(a.exp(), 1.002)),
    "within_atol": ("a", lambda a: a + times(5e-6 * a, 0)),
    "beyond_atol": ("a", lambda a: 1e-3 * a + times(2e-5 * a, 0)),
    "dropped_term": ("a", lambda a: a.exp() + (a * a).detach()),
    "dropped_factor": ("ab", lambda a, b: a * b.detach()),
    "dropped_mean": ("m", lambda m: m - m.detach().mean()),
    "missing_element": ("a", lambda a: torch.where(a > 0, a.exp(), a.exp().detach())),
    "no_broadcast_sum": ("mb", lambda m, b: m * times(b, 0.5)),
    "wrong_saved": ("ab", lambda a, b: given(a, a * b, a.detach())),
    "rolled": ("a", lambda a: given(a, a * a, 2 * a.detach().roll(1))),
    "transposed_gradient": ("m", lambda m: given(m, m * m, 2 * m.detach().reshape(3, 2).t())),
    "where_there_is_none": ("a", lambda a: a - a.detach()),
    "softmax_diagonal": ("m", lambda m: given(m, m.softmax(1), m.detach().softmax(1))),
    "sigmoid_of_sigmoid": ("a", lambda a: given(a, a.sigmoid(), a.detach().sigmoid())),
    "second_input": ("ab", lambda a, b: a * b * b.detach()),
    "second_order": ("a", lambda a: 2 * a * a.detach() - a.detach() ** 2),
    "second_order_exp": ("a", lambda a: given(a, a.exp(), a.detach().exp())),
    "second_order_matmul": ("mw", lambda m, w: m @ w.detach() + m.detach() @ w - (m @ w).detach()),
    "adds_one": ("a", AddsOne.apply),
    # At and near kinks, and where there is no value.
    "abs_at_0": ("k", lambda k: k.abs()),
    "relu_at_0": ("k", lambda k: k.relu()),
    "clamp_at_end": ("k", lambda k: k.clamp(0, 2)),
    "max_of_ties": ("t", lambda t: t.max()),
    "floor_at_whole": ("i", lambda i: i.floor()),
    "frac_at_whole": ("i", lambda i: i.frac()),
    "abs_near_0": ("n", lambda n: n.abs()),
    "flipped_abs_at_0": ("k", lambda k: times(k.abs(), -1)),
    "sqrt_at_0": ("z", lambda z: z.sqrt()),
    "log_at_0": ("z", lambda z: z.log()),
    "square_at_0": ("k", lambda k: k * k),
    # In float32.
    "single_exp": ("f", lambda f: f.exp()),
    "single_flipped": ("f", lambda f: times(f.exp(), -1)),
}


def verdict(check, f, letters, **options):
    inputs = [INPUTS[x]().detach().requires_grad_() for x in letters]
    try:
        return "pass" if check(f, inputs, **options) else "fail"
    except Exception as error:  # a GradcheckError, or what gradgradcheck stumbles over
        return "fail"


for name, (letters, f) in FUNCTIONS.items():
    print(
        name,
        verdict(torch.autograd.gradcheck, f, letters),
        verdict(torch.autograd.gradcheck, f, letters, fast_mode=True),
        verdict(torch.autograd.gradgradcheck, f, letters),
    )
