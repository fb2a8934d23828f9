"""Cases of the pointwise operations."""

import itertools
import math
import operator

import torch

from ops_record import DTYPES, EDGES, FLOATS, INF, NAN, RUN, In
from ops_record import bool_, case, error, f32, f64, i64, in_place, start, tensor, u8, uniform


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


RUN.update(
    {
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
    }
)
ELEMENTARY = "reciprocal rsqrt exp2 expm1 log1p log2 log10 sinh cosh asinh acosh atanh".split()
ELEMENTARY += "sin cos tan asin acos atan erf erfc".split()
UNARY = ["neg", "abs", "exp", "log", "sqrt", "sign", "tanh", "square"] + ELEMENTARY
ROUNDING = ["floor", "ceil", "round", "trunc", "frac"]
UNARY += ROUNDING + ["isnan", "isinf", "isfinite"]
COMPARE = ["eq", "ne", "lt", "le", "gt", "ge"]
ARITHMETIC = ["add", "sub", "mul", "div", "pow", "maximum", "minimum"]
RUN.update({name: (lambda f: lambda x, a: f(x[0]))(getattr(torch, name)) for name in UNARY})
RUN.update({name: (lambda f: lambda x, a: f(x[0], x[1]))(getattr(operator, name)) for name in COMPARE})

SHAPE_PAIRS = [
    ((), ()),
    ((5,), (5,)),
    ((2, 3), (2, 3)),
    ((2, 3), (3,)),
    ((2, 1, 3), (4, 1)),
    ((), (2, 3)),
    ((3,), ()),
    ((3, 1), (1, 4)),
    ((0,), (1,)),
    ((2, 0), (2, 1)),
    ((0,), ()),
    ((1, 1), (1,)),
    ((2, 1, 2, 1), (3, 1, 2)),
]


def operand(op, where, shape, dtype):
    """Values in op's domain: divisors away from 0, bases of powers positive."""
    if op in ("pow",) and where == 0:
        return uniform(shape, dtype, 0.3, 2.5)
    if op in ("div", "div_") and where == 1:
        return uniform(shape, dtype, away=0.4)
    return uniform(shape, dtype)


def apart(x, y):
    """y moved so that no two elements that meet are close: a maximum of the two has no kink there."""
    return y + torch.where((y - torch.round(y * 2) / 2).abs() < 2, 0.013, 0.0).to(y.dtype) if x is not None else y


def binary():
    for op in ARITHMETIC + COMPARE:
        start(op)
        smooth = op in ARITHMETIC
        for n, (a, b) in enumerate(SHAPE_PAIRS):
            for dt in FLOATS if smooth and n < 6 else [FLOATS[n % 2]]:
                x, y = operand(op, 0, a, dt), operand(op, 1, b, dt)
                if op in ("maximum", "minimum"):
                    y = apart(x, y)
                case(op, [x, y], check=smooth and dt == f64 and x.numel() * y.numel() > 0)
        for la, lb, dt in [
            ("t", "c", f64),
            ("c", "t", f32),
            ("s", "t", f64),
            ("e", "s", f32),
            ("e", "e", f32),
            ("s", "s", f32),
        ]:
            x, y = In(operand(op, 0, (3, 4), dt), la), In(operand(op, 1, (3, 4), dt), lb)
            if op in ("maximum", "minimum"):
                y.values = apart(x, y.values)
            case(op, [x, y], check=smooth and dt == f64)
        case(op, [In(operand(op, 0, (2, 3, 4), f32), "t"), In(operand(op, 1, (4,), f32), "s")])
        case(op, [operand(op, 0, 67, f32), operand(op, 1, 67, f32)])
        pairs = list(itertools.product([INF, -INF, NAN, 0.0, -0.0, 1.0, -2.0, 1e30], repeat=2))
        for dt in FLOATS if smooth else [f32]:
            case(op, [In(tensor([p[0] for p in pairs], dt)), In(tensor([p[1] for p in pairs], dt))])
        for da, db in itertools.product(DTYPES, DTYPES):  # promotion; and with a 0-dimensional tensor
            if op == "pow" and da in (i64, u8, bool_) and db in (i64, u8, bool_):
                x, y = uniform(4, da), uniform(4, db).abs() if db != bool_ else uniform(4, db)
            else:
                x, y = operand(op, 0, 4, da), operand(op, 1, 4, db)
            if op == "pow" and db == bool_:
                x = In(x, grad=False)  # PyTorch's own backward of a power of bool exponent raises
            case(op, [x, y], may_fail=True)
            case(op, [x, y[2]], may_fail=True)
            if op in ("add", "div", "lt"):
                case(op, [x[1], y], may_fail=True)
                case(op, [x[1], y[1]], may_fail=True)
        for dt, v in itertools.product(DTYPES, [3, 2.5, True]):
            if op == "pow" and dt == bool_ and v is True:
                continue  # defined for a tensor and a number, and for nothing else of bool
            case(op, [operand(op, 0, (2, 2), dt), v], may_fail=True)
            case(op, [v, operand(op, 1, (2, 2), dt)], may_fail=True, name=op not in ("sub", "div"))
        case(op, [operand(op, 0, (), f32), 2.5])
        x, y = operand(op, 0, (2, 3), f64), operand(op, 1, (2, 3), f64)
        low_high = op in ("maximum", "minimum")  # where a number between the elements shows most
        case(op, [x, float(x.median()) + 0.005 if low_high else 1.5], check=smooth)
        case(op, [float(y.median()) + 0.005 if low_high else 2, y], check=smooth, name=op not in ("sub", "div"))
        case(op, [operand(op, 0, (0, 3), f32), 2])
        error(op, [uniform((2, 3)), uniform((4,))])
        error(op, [uniform((2, 3)), uniform((3, 3))])
        error(op, [uniform((0,)), uniform((2,))])
    start("add")
    for op in ["add", "mul", "div", "sub", "lt", "eq"]:  # numbers that the dtype does not hold
        for dt, v in [
            (f32, 1e300),
            (f32, 2**53 + 1),
            (f64, 2**53 + 1),
            (i64, 2**62),
            (u8, 300),
            (u8, -1),
            (f32, INF),
            (i64, NAN),
        ]:
            case(op, [uniform(3, dt), v], may_fail=True)
    for op in ["add", "mul", "maximum", "lt"]:  # as many dimensions as there may be
        a, b = (2, 1, 1, 2, 1, 2, 1, 2), (1, 2, 1, 1, 2)
        case(op, [In(uniform(a), "t"), uniform(b)])
        case(op, [uniform(b, f64), In(uniform(a, f64), "s")])
    big = tensor([2**62, -(2**63), 2**63 - 1, 2**53 + 1], i64)
    for op in ["add", "sub", "mul", "maximum"] + COMPARE:
        case(op, [big, tensor([2**62, -1, 1, 2**53], i64)])
        case(op, [tensor([0, 1, 200, 255], u8), tensor([1, 2, 100, 255], u8)])
    for v in [-1, 0, 0.5, 1, 2, 3, -2]:  # powers with a rule of their own
        case("pow", [In(tensor(EDGES)), v])
        case("pow", [uniform((3,), f64, 0.5, 2), v])
    case("pow", [tensor([-3, -1, 0, 1, 2, 10], i64), tensor([3, 5, 0, 62, 62, 19], i64)])
    case("pow", [2, uniform((3,), f64)], check=True)
    error("pow", [tensor([1, 2], i64), -1])


def where():
    for n, (c, a, b) in enumerate(
        [
            ((), (), ()),
            ((4,), (4,), (4,)),
            ((2, 3), (3,), (2, 1)),
            ((2, 1), (), (1, 3)),
            ((0,), (1,), ()),
            ((3,), (2, 3), (2, 3)),
            ((2, 3), (), ()),
        ]
    ):
        for dt in FLOATS:
            x, y = uniform(a, dt), uniform(b, dt)
            case("where", [uniform(c, bool_), x, y], check=dt == f64 and n not in (4,))
    for lc, la, lb in [("t", "c", "t"), ("s", "t", "e"), ("e", "s", "c")]:
        case("where", [In(uniform((3, 4), bool_), lc), In(uniform((3, 4)), la), In(uniform((3, 4)), lb)])
    for da, db in itertools.product(DTYPES, DTYPES):
        case("where", [uniform(4, bool_), uniform(4, da), uniform(4, db)], may_fail=True)
        case("where", [uniform(4, bool_), uniform(4, da), uniform((), db)], may_fail=True)
    for dt, v in itertools.product(DTYPES, [3, 2.5, True]):
        case("where", [uniform((2, 2), bool_), uniform((2, 2), dt), v])
        case("where", [uniform((2, 2), bool_), v, uniform((2, 2), dt)])
    case("where", [uniform(3, bool_), 1.0, 0.0])
    case("where", [uniform(3, bool_), 1, 0])
    case("where", [tensor([1, 0, 1, 0], bool_), tensor([NAN, NAN, INF, 1.0]), tensor([1.0, 2.0, NAN, NAN])])
    error("where", [uniform(3, bool_), uniform(3), uniform(4)])
    error("where", [uniform(3, bool_), uniform((2, 2)), uniform(())])
    error("where", [uniform(3), uniform(3), uniform(3)])
    error("where", [uniform(3, i64), uniform(3), uniform(3)])


def in_place_cases():
    for op in ["add_", "sub_", "mul_", "div_", "copy_"]:
        start(op)
        for n, (a, b) in enumerate(
            [((), ()), ((4,), (4,)), ((2, 3), (3,)), ((2, 3), ()), ((2, 3), (2, 1)), ((0,), (1,)), ((2, 0), (2, 0))]
        ):
            for dt in FLOATS:
                case(op, [operand(op, 0, a, dt), operand(op, 1, b, dt)], check=dt == f64 and n < 5)
        for dt in FLOATS:  # through a view
            case(op, [operand(op, 0, (3, 2), dt), operand(op, 1, (2,), dt)], [1], check=dt == f64)
            case(op, [operand(op, 0, (3, 2), dt), operand(op, 1, (), dt)], [1], check=dt == f64)
        case(op, [In(uniform((3, 4)), "t"), In(operand(op, 1, (3, 4), f32), "s")])
        case(op, [In(uniform((3, 4)), "s"), In(operand(op, 1, (3, 4), f32), "e")])
        for da, db in itertools.product(DTYPES, DTYPES):
            case(op, [uniform(4, da), operand(op, 1, 4, db) if db.is_floating_point else uniform(4, db)], may_fail=True)
        if op != "copy_":
            for dt, v in itertools.product(DTYPES, [3, 2.5, True]):
                case(op, [uniform(3, dt), v], may_fail=True)
        error(op, [uniform((2, 3)), uniform((2, 2))])
        error(op, [uniform((3,)), uniform((2, 3))])
    case("copy_", [tensor([0, 0, 0, 0], i64), tensor([1.9, -1.9, 0.5, 3])])
    case("copy_", [tensor([0, 0, 0, 0], bool_), tensor([0.0, -0.0, 0.1, NAN])])
    for dt in DTYPES:
        case("zero_", [uniform((2, 3), dt)])
        case("zero_", [uniform((2, 3), dt)], [1])
        for v in [1, 2.75, 0, -2] if dt != u8 else [1, 2.75, 0]:
            case("fill_", [uniform((2, 3), dt)], [0, v])
        case("fill_", [uniform((2, 3), dt)], [1, 1])
    for v in [INF, -INF, NAN, 1e300, 0.1]:
        case("fill_", [uniform((3,), f64)], [0, v])
        if v != 1e300:
            case("fill_", [uniform((3,), f32)], [0, v])
    for op, args in [("zero_", [0]), ("fill_", [0, 3])]:
        case(op, [uniform(())], args)
        case(op, [uniform((0, 2))], args)
        case(op, [In(uniform((3, 2)), "t")], args)


def both_signs(x):
    """x with its first element positive and its last, if there is another, negative: both sides of the kink at 0."""
    signs = torch.ones_like(x)
    if x.numel() > 1:
        signs.view(-1)[-1] = -1
    if x.numel():
        signs.view(-1)[1:-1] = torch.sign(x.reshape(-1)[1:-1])
    return x.abs() * signs


# Where the inputs lie: for most cases (elsewhere: -3 to 3), and for one with values far out (-15 to 80; to 80).
POSITIVE = (0.1, 4.0)
DOMAIN = {op: POSITIVE for op in ["log", "log2", "log10", "sqrt", "rsqrt"]}
DOMAIN.update({op: (-0.95, 0.95) for op in ["asin", "acos", "atanh"]})
DOMAIN.update(log1p=(-0.9, 4.0), acosh=(1.1, 4.0), tan=(-1.4, 1.4))
WIDE = {op: (-15, 15) for op in ["exp", "expm1", "sinh", "cosh"]}
WIDE.update({op: (-1, 1) for op in ["asin", "acos", "atanh"]})
WIDE.update(log1p=(-0.99, 80), acosh=(1, 80), erfc=(-9, 9))
def off_steps(x):
    """x with every fraction between 0.1 and 0.9: no step of frac is near."""
    return torch.floor(x) + 0.1 + 0.8 * (x - torch.floor(x))


MAGNITUDES = {
    f32: [10.0**k for k in range(-38, 39, 4)] + [0.1, 3.0, 30.0, 87.5, 89.0, 89.3],
    f64: [10.0**k for k in range(-300, 301, 30)] + [0.1, 3.0, 30.0, 300.0, 700.0, 709.5],
}


def unary(ops):
    """Every operation of one operand: shapes, layouts, values, dtypes."""
    for op in ops:
        start(op)
        positive, kink = DOMAIN.get(op) == POSITIVE, op in ("abs", "relu", "sign")
        smooth = op not in ["sign", "floor", "ceil", "round", "trunc", "isnan", "isinf", "isfinite"]
        low, high = DOMAIN.get(op, (-3.0, 3.0))
        away = 0.1 if kink else 0.4 if op == "reciprocal" else 0.0
        for dt in FLOATS:
            for s in [(), (1,), (0,), (5,), (2, 3), (3, 0, 2), (2, 1, 3)]:
                x = uniform(s, dt, low, high, away)
                case(op, [both_signs(x) if kink else off_steps(x) if op == "frac" else x], check=dt == f64 and 0 not in s and smooth)
            case(op, [uniform(67, dt, low, high, away)])
            for layout in "tse":
                x = uniform((3, 5), dt, low, high, away)
                case(
                    op,
                    [In(off_steps(x) if op == "frac" else x, layout)],
                    check=dt == f64 and layout != "e" and smooth,
                )
            case(op, [In(tensor(EDGES, dt))])
            case(op, [In(uniform((2, 3, 4), dt, low, high, away), "t")])
        case(op, [uniform(33, f32, *WIDE.get(op, (0.001 if positive else -15, 80)))])
        for dt in [i64, u8, bool_]:
            x = uniform((2, 3), dt)
            case(op, [x.abs() if positive and dt == i64 else x], may_fail=True)
        if op in ROUNDING:
            for dt in FLOATS:
                case(op, [tensor([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999997, 8388609.0, 1e18, -7.0], dt)])
        if op in ELEMENTARY:
            for dt in FLOATS:  # every magnitude
                case(op, [In(tensor(MAGNITUDES[dt] + [-x for x in MAGNITUDES[dt]], dt), grad=False)])


def clamp():
    start("clamp")
    for dt in FLOATS:
        for a in [(-0.5, 0.7), (NAN, 0.7), (-0.5, NAN), (0.5, -0.5), (-INF, 0.3), (0.0, 0.0)]:
            case("clamp", [uniform((3, 4), dt) + 0.001], a, check=dt == f64 and a not in [(0.5, -0.5), (0.0, 0.0)])
        for s in [(), (0,), (1,)]:
            case("clamp", [uniform(s, dt)], (-1.0, 1.0))
        for layout in "tse":
            case("clamp", [In(uniform((3, 4), dt), layout)], (-1.0, 0.5))
        case("clamp", [tensor([-0.5, 0.5, 0.25, -0.75, NAN, INF, -INF, 0.0, -0.0], dt)], (-0.5, 0.5))
    for dt in [i64, u8]:
        case("clamp", [uniform((2, 3), dt)], (1, 3))
        case("clamp", [uniform((2, 3), dt)], (NAN, 2))
    case("clamp", [tensor([-(2**62), 2**53 + 1, 3], i64)], (-5, NAN))


def cases():
    binary()
    where()
    in_place_cases()
    unary(UNARY)
    clamp()
