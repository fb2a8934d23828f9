"""Inputs, cases and errors of ops.py: how they are made, run in PyTorch, and written down."""

import math
import os
import re
import warnings
import zlib

import numpy as np
import torch


warnings.filterwarnings("ignore")
torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(20)
UNSET = None
RUN = {}  # what each row of the table computes in PyTorch: a function of the inputs x and of the numbers a of a call
VIEWS = set()  # operations whose results may share storage with their input
f32, f64, i64, u8, bool_ = torch.float32, torch.float64, torch.int64, torch.uint8, torch.bool
FLOATS = [f32, f64]
DTYPES = [f32, f64, i64, u8, bool_]  # in the order of wick_dtype
INF, NAN = math.inf, math.nan

FIXED = {}  # by operation: the places of numbers that say which form of a call is meant, and that fuzz.py leaves alone

# Node names that tell which of several paths PyTorch took inside, and that nobody would look for.
INTERNAL = {("reshape", "ReshapeAliasBackward0"), ("flatten", "ReshapeAliasBackward0"), ("index", "SelectBackward0")}
INTERNAL |= {("pairwise_distance", "NormBackward1")}  # ours is that of norm


def elementary():
    """The functions that pointwise.h lists as elementary."""
    with open(os.path.join(HERE, "..", "..", "autograd", "ops", "pointwise.h")) as header:
        return re.findall(r"^    F\(X, (\w+),", header.read(), re.M)


def plain_rows(family):
    """The operations of a family whose row in the table of the tests is wick_<name>(in[0]), each with what the row says of its
    gradient. They are called by their name in PyTorch, too, and need no entry in RUN and no cases of their own."""
    with open(os.path.join(HERE, family, f"test_ops_{family}.c")) as table:
        return dict(re.findall(r"\bX\((\w+), \w+, (\w+), wick_\1\(in\[0\]\)\)", table.read()))


def in_place(f):
    """f on a copy of the first input, or (first number 1) on row 1 of the copy."""

    def run(x, a):
        y = x[0].clone()
        f(y.select(0, 1) if a and a[0] else y, x, a)
        return y

    return run


class In:
    """An input: its values, how they lie in memory, and whether it may require grad."""

    def __init__(self, values, layout="c", grad=None):
        if layout == "e":
            values = values[:1].expand(values.shape)
        self.values, self.layout = values.clone().contiguous(), layout
        self.grad = values.is_floating_point() if grad is None else grad

    def leaf(self, grad=True):
        v = self.values
        if self.layout == "t":
            v = v.transpose(-1, -2).contiguous().transpose(-1, -2)
        elif self.layout == "s":
            v = torch.zeros(v.shape[:-1] + (2 * v.shape[-1],), dtype=v.dtype)[..., 1::2].copy_(v)
        elif self.layout == "e":
            v = v[:1].contiguous().expand(v.shape)
        else:
            v = v.clone()
        return v.detach().requires_grad_(grad and self.grad)


def uniform(shape, dtype=f32, low=-2.0, high=2.0, away=0.0):
    """Random numbers of two decimals, none nearer to 0 than away; small whole ones for the integer dtypes."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if dtype == bool_:
        return torch.from_numpy(np.asarray(rng.randint(0, 2, shape).astype(bool)))
    if dtype in (i64, u8):
        return torch.from_numpy(np.asarray(rng.randint(0 if dtype == u8 else -4, 6, shape))).to(dtype)
    x = np.asarray(np.round(rng.uniform(low, high, shape), 2))
    x = np.where(np.abs(x) < away, np.where(x < 0, x - away, x + away), x)
    return torch.from_numpy(x.astype(np.float32 if dtype == f32 else np.float64))


def distinct(shape, dtype=f64):
    """Numbers far apart from each other, in random order: no two compete for a maximum."""
    n = int(np.prod(shape))
    return torch.from_numpy(((rng.permutation(n) - n / 2) * 0.3 + 0.07).reshape(shape)).to(dtype)


def tensor(values, dtype=f32):
    return torch.tensor(values, dtype=dtype)


EDGES = [INF, -INF, NAN, 0.0, -0.0, 1e30, -1e30, 1e-30, 1e-40, 90.0, -104.0, 20.0, -20.0, 0.5, 1.0, -1.0]


lines = []
numbered = {}


def number(v):
    if v is UNSET:
        return "unset"
    text = str(v if isinstance(v, (int, np.generic)) else np.float64(v))
    return text[:-2] if text.endswith(".0") else text


def values(t):
    t = t.detach()
    if t.dtype == bool_:
        t = t.to(u8)
    return " ".join(number(v) for v in t.contiguous().numpy().reshape(-1))


def shape(t):
    return "x".join(map(str, t.shape)) or "-"


def dtype(t):
    return str(t.dtype)[6:]


def describe(kind, op, inputs, args):
    lines.append(f"{kind} {op}")
    if args:
        lines.append("arg " + " ".join(number(v) for v in args))
    for x in inputs:
        if isinstance(x, In):
            lines.append(
                f"in {dtype(x.values)} {shape(x.values)} {x.layout} {'g' if x.grad else '-'} " + values(x.values)
            )
        else:
            lines.append(f"num {type(x).__name__} {number(int(x) if isinstance(x, bool) else x)}")


def start(op):
    """Seeds the random inputs of op's next case, by its number. Each case does it for the one that follows; where another
    operation's cases begin, it is called by hand, so that a new operation changes the inputs of no other."""
    rng.seed(zlib.crc32(f"{op} {numbered.get(op, 0)}".encode()))


def finish(op):
    numbered[op] = numbered.get(op, 0) + 1
    start(op)


def spread(*inputs):
    """Bare tensors as contiguous inputs."""
    return [In(x) if isinstance(x, torch.Tensor) else x for x in inputs]


class NoBackward(Exception):
    """PyTorch takes the call and refuses its backward."""


def write_case(op, inputs, args, check=False, name=True):
    """Runs a case in PyTorch and writes it. Raises what PyTorch raises."""
    leaves = [x.leaf() if isinstance(x, In) else x for x in inputs]
    y = RUN[op](leaves, args)
    describe("case", op, inputs, args)
    lines.append(f"out {dtype(y)} {shape(y)} {values(y)}")
    if op in VIEWS:
        shared = y.untyped_storage().data_ptr() == leaves[0].untyped_storage().data_ptr()
        lines.append("strides " + (" ".join(map(str, y.stride())) if shared else "copy"))
    if y.requires_grad:
        node = type(y.grad_fn).__name__ if y.grad_fn else "none"
        if name and (op, node) not in INTERNAL:
            lines.append("fn " + node)
        dy = uniform(y.shape, y.dtype, 0.2, 1.5)
        lines.append("dy " + values(dy))
        wanted = [i for i, x in enumerate(inputs) if isinstance(x, In) and x.grad]
        try:
            gradients = torch.autograd.grad(y, [leaves[i] for i in wanted], dy, allow_unused=True)
        except RuntimeError as e:
            raise NoBackward(str(e))
        for i, g in zip(wanted, gradients):
            lines.append(f"grad {i} " + ("none" if g is None else values(g)))
    if check:
        assert y.dtype == f64 and all(x.layout != "e" for x in inputs if isinstance(x, In)), op
        given = tuple(x for x in leaves if isinstance(x, torch.Tensor))

        def f(*tensors):
            rest = iter(tensors)
            return RUN[op]([next(rest) if isinstance(x, In) else x for x in inputs], args)

        torch.autograd.gradcheck(f, given)
        if check != "first":
            torch.autograd.gradgradcheck(f, given)
        lines.append("check")


def case(op, inputs, args=(), check=False, name=True, may_fail=False):
    """A case, written. may_fail: it becomes an error case if PyTorch refuses it. check "first": PyTorch has no second
    derivative of it."""
    inputs = spread(*inputs)
    kept = len(lines)
    try:
        write_case(op, inputs, args, check, name)
    except (RuntimeError, TypeError, IndexError, ValueError):
        if not may_fail or len(lines) > kept:
            raise
        describe("error", op, inputs, args)
    finish(op)


def error(op, inputs, args=()):
    inputs = spread(*inputs)
    try:
        RUN[op]([x.leaf(grad=False) if isinstance(x, In) else x for x in inputs], args)
    except (RuntimeError, TypeError, IndexError, ValueError, AssertionError):
        describe("error", op, inputs, args)
        finish(op)
    else:
        raise AssertionError(f"PyTorch takes {op} {args} of {[getattr(x, 'values', x) for x in inputs]}")


def write(path):
    """Writes the cases since the last call to a file, closed by their number."""
    counts = {kind: sum(line.startswith(kind + " ") for line in lines) for kind in ["case", "error"]}
    lines.append(f"end {counts['case']} {counts['error']}")
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    print(f"{path}: {counts['case']} cases, {counts['error']} errors, {os.path.getsize(path)} bytes")
    lines.clear()
