"""What each row of tests/op_table.h computes, in PyTorch: a function of the inputs x and of the numbers a of a call."""

import math
import operator

import torch
import torch.nn.functional as F

DTYPES = [torch.float32, torch.float64, torch.int64, torch.uint8, torch.bool]  # in the order of wick_dtype
UNSET = None


def promoted(f):
    """f of two operands, of which one may be a number, where PyTorch's own f takes tensors only."""

    def run(x, a):
        dtype = torch.result_type(x[0], x[1])
        return f(
            *(
                (
                    torch.tensor(v, dtype=dtype)
                    if not isinstance(v, torch.Tensor)
                    else v.to(dtype) if not isinstance(x[0], torch.Tensor) or not isinstance(x[1], torch.Tensor) else v
                )
                for v in x
            )
        )

    return run


def in_place(f):
    """f on a copy of the first input, or (first number 1) on row 1 of the copy."""

    def run(x, a):
        y = x[0].clone()
        f(y.select(0, 1) if a and a[0] else y, x, a)
        return y

    return run


def reduce(f):
    """Numbers: 0 for all, 1 for .dim, 2 for .dims; keepdim; whether to return the indices; the dimensions."""

    def run(x, a):
        how, keepdim, indices, dims = a[0], bool(a[1]), a[2], list(a[3:])
        if how == 0:
            return f(x[0], dim=None, keepdim=True) if keepdim else f(x[0])
        y = f(x[0], dim=dims[0] if how == 1 else dims, keepdim=keepdim)
        return y if isinstance(y, torch.Tensor) else y.indices if indices else y.values

    return run


def loss(f, *keywords):
    """Numbers: reduction, whether there is a weight, a pos_weight, and then ignore_index, label_smoothing."""

    def run(x, a):
        o = {"reduction": ["mean", "sum", "none"][int(a[0])]}
        rest = list(x[2:])
        if a[1]:
            o["weight"] = rest.pop(0)
        if len(a) > 2 and a[2]:
            o["pos_weight"] = rest.pop(0)
        for key, value in zip(("ignore_index", "label_smoothing"), a[3:]):
            if key in keywords:
                o[key] = int(value) if key == "ignore_index" else value
        return f(x[0], x[1], **o)

    return run


def ints(a):
    return [int(v) for v in a]


RUN = {
    "add": lambda x, a: x[0] + x[1],
    "sub": lambda x, a: x[0] - x[1],
    "mul": lambda x, a: x[0] * x[1],
    "div": lambda x, a: x[0] / x[1],
    "pow": lambda x, a: x[0] ** x[1],
    "maximum": promoted(torch.maximum),
    "minimum": promoted(torch.minimum),
    "where": lambda x, a: torch.where(x[0], x[1], x[2]),
    "add_": in_place(lambda y, x, a: y.add_(x[1])),
    "sub_": in_place(lambda y, x, a: y.sub_(x[1])),
    "mul_": in_place(lambda y, x, a: y.mul_(x[1])),
    "div_": in_place(lambda y, x, a: y.div_(x[1])),
    "copy_": in_place(lambda y, x, a: y.copy_(x[1])),
    "zero_": in_place(lambda y, x, a: y.zero_()),
    "fill_": in_place(lambda y, x, a: y.fill_(a[1])),
    "clamp": lambda x, a: torch.clamp(x[0], *(None if isinstance(v, float) and math.isnan(v) else v for v in a)),
    "dropout": lambda x, a: F.dropout(x[0], a[0], bool(a[1])),
    "matmul": lambda x, a: torch.matmul(*x),
    "mm": lambda x, a: torch.mm(*x),
    "addmm": lambda x, a: torch.addmm(*x),
    "linear": lambda x, a: F.linear(*x),
    "sum": reduce(torch.sum),
    "mean": reduce(torch.mean),
    "max": reduce(torch.max),
    "min": reduce(torch.min),
    "argmax": reduce(torch.argmax),
    "argmin": reduce(torch.argmin),
    "softmax": lambda x, a: torch.softmax(x[0], a[0]),
    "log_softmax": lambda x, a: torch.log_softmax(x[0], a[0]),
    "reshape": lambda x, a: x[0].reshape(a),
    "view": lambda x, a: x[0].view(a),
    "transpose": lambda x, a: x[0].transpose(*a),
    "t": lambda x, a: x[0].t(),
    "permute": lambda x, a: x[0].permute(a),
    "squeeze": lambda x, a: x[0].squeeze() if a[0] is UNSET else x[0].squeeze(a[0]),
    "unsqueeze": lambda x, a: x[0].unsqueeze(a[0]),
    "flatten": lambda x, a: x[0].flatten(*a),
    "expand": lambda x, a: x[0].expand(a),
    "slice": lambda x, a: torch.ops.aten.slice(x[0], *a),
    "narrow": lambda x, a: x[0].narrow(*a),
    "select": lambda x, a: x[0].select(*a),
    "cat": lambda x, a: torch.cat(x, a[0]),
    "stack": lambda x, a: torch.stack(x, a[0]),
    "index": lambda x, a: x[0][tuple(x[1:])],
    "clone": lambda x, a: x[0].clone(),
    "contiguous": lambda x, a: x[0].contiguous(),
    "to_dtype": lambda x, a: x[0].to(DTYPES[a[0]]),
    "to_device": lambda x, a: x[0].to("cuda" if a[0] else "cpu"),
    "mse_loss": loss(F.mse_loss),
    "binary_cross_entropy": loss(F.binary_cross_entropy),
    "binary_cross_entropy_with_logits": loss(F.binary_cross_entropy_with_logits),
    "nll_loss": loss(F.nll_loss, "ignore_index"),
    "cross_entropy": loss(F.cross_entropy, "ignore_index", "label_smoothing"),
}
ELEMENTARY = "reciprocal rsqrt exp2 expm1 log1p log2 log10 sinh cosh asinh acosh atanh".split()
ELEMENTARY += "sin cos tan asin acos atan erf erfc".split()
UNARY = ["neg", "abs", "exp", "log", "sqrt", "sign", "relu", "sigmoid", "tanh", "square"] + ELEMENTARY
ROUNDING = ["floor", "ceil", "round", "trunc", "frac"]
UNARY += ROUNDING + ["isnan", "isinf", "isfinite"]
COMPARE = ["eq", "ne", "lt", "le", "gt", "ge"]
ARITHMETIC = ["add", "sub", "mul", "div", "pow", "maximum", "minimum"]
RUN.update({name: (lambda f: lambda x, a: f(x[0]))(getattr(torch, name)) for name in UNARY})
RUN.update({name: (lambda f: lambda x, a: f(x[0], x[1]))(getattr(operator, name)) for name in COMPARE})
