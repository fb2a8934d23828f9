"""Cases of the pointwise operations."""

import itertools
import math
import operator

import torch

from ops_record import DTYPES, EDGES, FLOATS, INF, NAN, RUN, In
from ops_record import bool_, case, elementary, error, f32, f64, i64, in_place, plain_rows, start, tensor, u8, uniform


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
ELEMENTARY = elementary()
ROUNDING = ["floor", "ceil", "round", "trunc", "frac"]
PLAIN = plain_rows("pointwise")
UNARY = ELEMENTARY + [op for op in PLAIN if op != "logical_not"]  # which has cases of its own
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
        smooth = PLAIN.get(op, "CHECKED") == "CHECKED"
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


MODES = [None, "trunc", "floor", "up"]
LARGEST = 1.7976931348623157e308  # stands for an option that is not given
IN_PLACE_UNARY = [op for op in UNARY if not op.startswith("is")] + ["logical_not"]


def second_number(f):
    """f of two operands, of which PyTorch takes the second alone as a number."""
    return lambda x, a: f(x[0], x[1]) if isinstance(x[0], torch.Tensor) else promoted(f)(x, a)


def tensors_only(name):
    """A method in place, where PyTorch's own takes a tensor only."""

    def run(y, x, a):
        v = x[1]
        getattr(y, name)(v if isinstance(v, torch.Tensor) else torch.tensor(v, dtype=torch.result_type(y, v)))

    return in_place(run)


def nan_to_num_options(a):
    return {k: v for k, v in zip(["nan", "posinf", "neginf"], a) if abs(v) != LARGEST}


RUN.update({op: promoted(getattr(torch, op)) for op in "atan2 hypot logaddexp logaddexp2 fmax fmin".split()})
RUN.update({op: promoted(getattr(torch, op)) for op in "logical_and logical_or logical_xor".split()})
RUN.update({op: second_number(getattr(torch, op)) for op in "fmod remainder copysign xlogy clamp_min clamp_max".split()})


def xlogy(x, a):
    """With a derivative of 0 by b where a = b = 0; PyTorch's is NaN there."""
    y = torch.xlogy(*x)
    if y.grad_fn is not None and all(map(torch.is_tensor, x)) and x[0].shape == x[1].shape:
        vanishes = (x[0] == 0) & (x[1] == 0)
        y.grad_fn.register_hook(lambda gi, go: (gi[0], gi[1] if gi[1] is None else torch.where(vanishes, 0, gi[1])))
    return y


RUN["xlogy"] = xlogy
RUN["logical_not"] = lambda x, a: torch.logical_not(x[0])
RUN["div"] = lambda x, a: torch.div(x[0], x[1], rounding_mode=MODES[a[0]]) if a else x[0] / x[1]
RUN["div_"] = in_place(lambda y, x, a: y.div_(x[1], rounding_mode=MODES[a[1]]) if len(a) > 1 else y.div_(x[1]))
RUN["isclose"] = lambda x, a: torch.isclose(x[0], x[1], *a[:2], equal_nan=bool(a[2])) if a else torch.isclose(x[0], x[1])
RUN["lerp"] = lambda x, a: torch.lerp(x[0], x[1], x[2])
RUN["addcmul"] = lambda x, a: torch.addcmul(x[0], x[1], x[2], **({"value": a[0]} if a else {}))
RUN["addcdiv"] = lambda x, a: torch.addcdiv(x[0], x[1], x[2], **({"value": a[0]} if a else {}))
RUN["masked_fill"] = lambda x, a: x[0].masked_fill(x[1], x[2])
RUN["clamp_tensor"] = lambda x, a: torch.clamp(x[0], x[1], x[2])
RUN["nan_to_num"] = lambda x, a: torch.nan_to_num(x[0], **nan_to_num_options(a))
RUN.update({op + "_": in_place((lambda m: lambda y, x, a: getattr(y, m)())(op + "_")) for op in IN_PLACE_UNARY})
NO_DERIVATIVE_IN_PLACE = ["asinh", "acosh", "atanh"]  # PyTorch raises in their backward: the same by way of the function
for op in NO_DERIVATIVE_IN_PLACE:
    RUN[op + "_"] = in_place((lambda f: lambda y, x, a: y.copy_(f(y.clone())) if y.is_floating_point() else f(y, out=y))(getattr(torch, op)))
for op in "pow fmod remainder copysign xlogy clamp_min clamp_max".split():
    RUN[op + "_"] = in_place((lambda m: lambda y, x, a: getattr(y, m)(x[1]))(op + "_"))
RUN.update({op: tensors_only(op) for op in "atan2_ hypot_ logical_and_ logical_or_ logical_xor_".split()})
RUN["clamp_"] = in_place(lambda y, x, a: y.clamp_(*(None if v != v else v for v in a[1:3])))
RUN["nan_to_num_"] = in_place(lambda y, x, a: y.nan_to_num_(**nan_to_num_options(a[1:])))
RUN["lerp_"] = in_place(lambda y, x, a: y.lerp_(x[1], x[2]))
RUN["addcmul_"] = in_place(lambda y, x, a: y.addcmul_(x[1], x[2], value=a[1]))
RUN["addcdiv_"] = in_place(lambda y, x, a: y.addcdiv_(x[1], x[2], value=a[1]))
RUN["masked_fill_"] = in_place(lambda y, x, a: y.masked_fill_(x[1], x[2]))
RUN["clamp_tensor_"] = in_place(lambda y, x, a: y.clamp_(x[1], x[2]))

LOGICAL = ["logical_and", "logical_or", "logical_xor"]
DIVISIONS = ["fmod", "remainder", "div"]  # div with a rounding mode
NEW_BINARY = DIVISIONS + "atan2 hypot copysign xlogy logaddexp logaddexp2 fmax fmin clamp_min clamp_max".split() + LOGICAL
POWERS_OF_TEN = {
    f32: [1e-45, 1e-40, 1e-30, 1e-10, 0.7, 3.0, 50.0, 1e10, 1e20, 1e38],
    f64: [5e-324, 1e-310, 1e-200, 1e-30, 0.7, 3.0, 50.0, 1e30, 1e200, 1e308],
}


def pair(op, a, b, dtype):
    """Two operands with no kink, jump or edge of the domain near."""
    op = op.rstrip("_")
    if op in DIVISIONS:  # quotients between whole numbers
        return uniform(a, dtype, away=0.3), uniform(b, dtype, 2.3, 3.0) * (1 if dtype == bool_ else -1 if len(b) % 2 and dtype != u8 else 1)
    if op in ("atan2", "hypot", "copysign"):
        return uniform(a, dtype, away=0.2), uniform(b, dtype, away=0.2)
    if op in ("xlogy", "pow"):
        return (uniform(a, dtype, 0.3, 2.5), uniform(b, dtype, 0.3, 2.5))
    x, y = uniform(a, dtype), uniform(b, dtype)
    return (x, apart(x, y)) if dtype.is_floating_point and op in ("fmax", "fmin", "clamp_min", "clamp_max") else (x, y)


def whole_pair(op, da, db):
    x, y = uniform(4, da), uniform(4, db)
    if db in (i64, u8) and op.rstrip("_") in DIVISIONS:
        y = torch.where(y == 0, 3, y)
    return x, y


def more_binary():
    for op in NEW_BINARY:
        start(op)
        smooth = op not in LOGICAL and op != "div"
        for args in [[1], [2]] if op == "div" else [[]]:
            for n, (a, b) in enumerate(SHAPE_PAIRS[:11]):
                if op == "div" and n > 5:
                    break
                dt = f64 if n % 2 == 0 or n == 3 else f32
                x, y = pair(op, a, b, dt)
                case(op, [x, y], args, check=smooth and dt == f64 and x.numel() * y.numel() > 0)
            for la, lb, dt in [("t", "c", f64), ("s", "t", f32), ("e", "s", f32), ("c", "e", f64)]:
                x, y = pair(op, (3, 4), (3, 4), dt)
                case(op, [In(x, la), In(y, lb)], args)
            case(op, [uniform(37, low=-40, high=40), In(uniform((37,), low=-9, high=9, away=0.1), "s")], args)
            pairs = list(itertools.product([INF, -INF, NAN, 0.0, -0.0, 1.0, -2.0, 1e30], repeat=2))
            for dt in FLOATS:
                case(op, [In(tensor([p[k] for p in pairs], dt), grad=dt == f32) for k in (0, 1)], args)
                pairs_ = [(x if (i + j) % 3 else -x, -y if j % 2 else y) for i, x in enumerate(POWERS_OF_TEN[dt]) for j, y in enumerate(POWERS_OF_TEN[dt])]
                if op in DIVISIONS:  # PyTorch's vectorised fmod gives NaN where the quotient overflows
                    pairs_ = [p for p in pairs_ if abs(float(tensor(p[0], dt) / tensor(p[1], dt))) < INF]
                if op not in LOGICAL:
                    pairs_ = pairs_ if dt == f32 else pairs_[::3]
                    case(op, [In(tensor([p[k] for p in pairs_], dt), grad=False) for k in (0, 1)], args)
            for da, db in itertools.product(DTYPES, DTYPES):
                x, y = whole_pair(op, da, db)
                g = None if bool_ not in (da, db) else False  # PyTorch's own backward of some raises for bool
                case(op, [In(x, grad=g), In(y, grad=g)], args, may_fail=True)
                case(op, [In(x, grad=g), In(y[1], grad=g)], args, may_fail=True)
            for dt, v in itertools.product(DTYPES, [3, 2.5, True]):
                x, y = whole_pair(op, dt, dt)
                case(op, [In(x, grad=None if v is not True else False), v], args, may_fail=True)
                if not op.startswith("clamp"):
                    case(op, [v, In(y, grad=None if v is not True else False)], args, may_fail=True)
            if op in DIVISIONS:
                big = [2**62 + 1, -(2**62) - 1, 7, -7, 7, -7, 2**53 + 1, 0]
                case(op, [tensor(big, i64), tensor([3, 3, 2, 2, -2, -2, -1, -5], i64)], args)
                case(op, [tensor([7, 200, 255, 0], u8), tensor([2, 7, 255, 1], u8)], args)
                for dt in [i64, u8]:
                    error(op, [tensor([7, 2], dt), tensor([1, 0], dt)], args)
                    error(op, [tensor([7, 2], dt), 0], args)
                case(op, [uniform(0, i64), tensor([0], i64)], args)
                for dt in FLOATS:
                    q = tensor([0.1, -0.1, 7.3, -7.3, 1e9, -1e9, 1e-9, 0.5, 3.0, -6.0], dt)
                    case(op, [In(q, grad=False), In(tensor([0.1, 0.3, -0.7, 2.0, 0.7, 0.7, 3.0, -0.5, 1.5, -1.5], dt), grad=False)], args)
                    case(op, [q, 0.0], args)
                if op != "div":
                    y = uniform(6, f64, away=0.4)
                    case(op, [off_steps(uniform(6, f64) * 3) * y, y], args, check=True)
            error(op, [uniform((2, 3)), uniform((4,), away=0.4)], args)
    start("xlogy")
    case("xlogy", [uniform((2, 2), f64), 2.5], check=True)
    case("xlogy", [2.5, uniform((2, 2), f64, 0.3, 2)], check=True)
    for op in ["clamp_min", "clamp_max"]:
        start(op)
        for dt in FLOATS:
            case(op, [tensor([-0.5, 0.5, 0.25, NAN, INF, -0.0], dt), 0.25])
            case(op, [tensor([-0.5, 0.5, 0.25, NAN], dt), NAN])
        case(op, [uniform((2, 2), f64) + 0.003, 0.5], check=True)
    error("div", [uniform(3), uniform(3, away=0.4)], [3])
    case("div", [uniform(3), uniform(3, away=0.4)], [0], name=False)
    for op in ["pow"]:
        case(op, [tensor([1, 0], bool_), False])
        case(op, [tensor([1, 0], bool_), True])
        error(op, [tensor([1, 0], bool_), tensor([1, 0], bool_)])
        error(op, [True, tensor([1, 0], bool_)])


def more_in_place():
    for op in ["pow_", "div_", "fmod_", "remainder_", "atan2_", "hypot_", "copysign_", "xlogy_", "clamp_min_", "clamp_max_"] + [o + "_" for o in LOGICAL]:
        start(op)
        nograd = op[:-1] in LOGICAL
        for more in [[1], [2]] if op == "div_" else [[]]:
            for a, b in [((), ()), ((4,), (4,)), ((2, 3), (3,)), ((2, 3), ()), ((0,), (1,))]:
                for dt in FLOATS:
                    x, y = pair(op, a, b, dt)
                    case(op, [In(v, grad=False if nograd else None) for v in (x, y)], [0] + more, check=dt == f64 and a != (0,) and not nograd and not more)
            x, y = pair(op, (3, 2), (2,), f64)
            case(op, [In(v, grad=False if nograd else None) for v in (x, y)], [1] + more, check=not nograd and not more)
            x, y = pair(op, (3, 4), (3, 4), f32)
            case(op, [In(x, "t", grad=False if nograd else None), In(y, "s", grad=False if nograd else None)], [0] + more)
            for da, db in itertools.product(DTYPES, DTYPES):
                x, y = whole_pair(op, da, db)
                case(op, [In(x, grad=False), In(y.abs() if op == "pow_" and db == i64 else y, grad=False)], [0] + more, may_fail=True)
            for dt, v in itertools.product(DTYPES, [3, 2.5, True]):
                case(op, [In(uniform(3, dt), grad=False), v], [0] + more, may_fail=True)
            error(op, [uniform((2, 3)), uniform((2, 2), away=0.4)], [0] + more)
            error(op, [uniform((3,)), uniform((2, 3), away=0.4)], [0] + more)
    for op in ["fmod_", "remainder_"]:
        error(op, [tensor([7, 2], i64), tensor([1, 0], i64)], [0])
    case("pow_", [tensor([1, 0], bool_), False], [0])
    for op in IN_PLACE_UNARY:
        start(op + "_")
        kink, nograd = op in ("abs", "sign"), op == "logical_not"
        smooth = op not in ["sign", "floor", "ceil", "round", "trunc", "logical_not"]
        low, high = DOMAIN.get(op, (-3.0, 3.0))
        away = 0.1 if kink else 0.4 if op == "reciprocal" else 0.0
        for dt, s, layout, row in [(f64, (2, 3), "c", 0), (f64, (3, 2), "c", 1), (f32, (3, 4), "t", 0), (f32, (2, 3), "s", 1), (f32, (), "c", 0), (f64, (0,), "c", 0)]:
            x = uniform(s, dt, low, high, away)
            x = both_signs(x) if kink else off_steps(x) if op == "frac" else x
            case(op + "_", [In(x, layout, grad=False if nograd else None)], [row], check=smooth and dt == f64 and 0 not in s, name=op not in NO_DERIVATIVE_IN_PLACE)
        for dt in [i64, u8, bool_]:
            x = uniform(3, dt)
            case(op + "_", [x.abs() if dt == i64 and low > 0 else x], [0], may_fail=True)


def ternary():
    shapes = [((), (), ()), ((4,), (4,), (4,)), ((2, 3), (3,), (2, 1)), ((2, 1), (), (1, 3)), ((0,), (1,), ()), ((3,), (2, 3), (2, 3)), ((2, 3), (), ())]
    for op in ["lerp", "addcmul", "addcdiv", "clamp_tensor"]:
        for suffix in ["", "_"]:
            start(op + suffix)
            value = op.startswith("addc")
            args = [0, 1.5] if suffix and value else [0] if suffix else []

            def three(shapes, dt):
                x, y, z = (uniform(s, dt, -2, 2, 0.4 if k == 2 and op == "addcdiv" else 0) for k, s in enumerate(shapes))
                if op == "clamp_tensor":
                    x, y, z = x + 0.003, y * 0.5 - 0.5, z.abs() + 0.2 if dt != bool_ else z
                if op == "lerp":
                    z = z * 0.7
                return x, y, z

            for n, s in enumerate(shapes):
                if suffix and n in (3, 5):
                    error(op + suffix, list(three(s, f32)), args)
                    continue
                for dt in FLOATS:
                    case(op + suffix, list(three(s, dt)), args, check=dt == f64 and n != 4)
            for layouts in ["tct", "ste", "scs"]:
                case(op + suffix, [In(v, l) for v, l in zip(three([(3, 4)] * 3, f32), layouts)], args)
            for k in [None, 2] if suffix else [None, 2, 0]:  # one of them a single number
                case(op + suffix, [v[0] if i == k else v for i, v in enumerate(three([(19,)] * 3, f32))], args)
            if suffix:
                case(op + suffix, list(three([(3, 2), (2,), (2,)], f64)), [1] + args[1:], check=True)
            edges = list(itertools.product([INF, NAN, 0.0, -2.0], repeat=3))
            if not suffix:
                case(op, [In(tensor([e[k] for e in edges])) for k in range(3)], args)
            pool = itertools.product(DTYPES, DTYPES, DTYPES) if not suffix else itertools.product(DTYPES, DTYPES, [f32, i64])
            for d in pool:
                x = [uniform(2, v) for v in d]
                if op == "addcdiv":
                    x[2] = x[2].abs() + 1 if d[2] != bool_ else torch.ones(2, dtype=bool_)
                case(op + suffix, [In(v, grad=False) for v in x], args, may_fail=True)
                if d[0] != d[2] and not suffix:
                    case(op, [In(x[0], grad=False), In(x[1], grad=False), In(x[2][1], grad=False)], args, may_fail=True)
            error(op + suffix, [uniform((2, 3)), uniform((2, 3)), uniform((4,))], args)
            error(op + suffix, [uniform((2, 3)), uniform((4,)), uniform((3,))], args)
    for op, v in itertools.product(["addcmul", "addcdiv"], [0, -2.5, 3]):
        case(op, [uniform((2, 3), f64), uniform(3, f64), uniform((2, 1), f64, away=0.4)], [v], check=v != 0)
    for dt, v in itertools.product([i64, u8], [2, 2.5, -1, -2.5, 300, 1e20]):
        case("addcmul", [uniform(3, dt), uniform(3, dt), uniform(3, dt)], [v], may_fail=True)
    start("lerp")
    for v in [0, 1, 0.5, 0.3, 0.7, -1.5, 2.5, True]:
        case("lerp", [uniform((2, 3), f64), uniform((2, 3), f64), v], check=True)
        case("lerp", [uniform((2, 3)), uniform(3), v])
        case("lerp_", [uniform((2, 3), f64), uniform(3, f64), v], [0], check=True)
    for dt in [i64, u8, bool_]:
        error("lerp", [uniform(3, dt), uniform(3, dt), 0.5])
    for dt in FLOATS:
        m = POWERS_OF_TEN[dt]
        for w in [0.25, 1.0, 0.9]:
            case("lerp", [In(tensor(m, dt), grad=False), In(tensor([-v for v in m[::-1]], dt), grad=False), w])
        case("addcmul", [In(tensor(v, dt), grad=False) for v in (m, m[::-1], m)])
        case("addcdiv", [In(tensor(v, dt), grad=False) for v in (m, m[::-1], m)])
    start("clamp_tensor")
    for lo, hi in itertools.product([0.0, 1.0, 2.0, NAN], repeat=2):
        for dt in FLOATS:
            case("clamp_tensor", [tensor([-1, 0, 0.5, 1, 2, 3, NAN, INF, -INF], dt), tensor([lo] * 9, dt), tensor([hi] * 9, dt)])


def not_all(shape):
    """A mask that leaves an element, and takes another if there are two."""
    mask = uniform(shape, bool_)
    mask.view(-1)[-1:] = True
    mask.view(-1)[:1] = False
    return mask


def masked_fill():
    for op, args in [("masked_fill", []), ("masked_fill_", [0])]:
        start(op)
        for n, (a, m) in enumerate([((), ()), ((4,), (4,)), ((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), ()), ((0,), (1,)), ((2, 0), (2, 0))]):
            for dt in FLOATS:
                case(op, [uniform(a, dt), not_all(m), 1.5], args, check=dt == f64 and n < 5)
                case(op, [uniform(a, dt), not_all(m), uniform((), dt)], args, check=dt == f64 and n < 5)
        for a, m in [((3,), (2, 3)), ((2, 1), (3,)), ((), (2, 2))]:
            if args:
                error(op, [uniform(a), uniform(m, bool_), 1.5], args)
            else:
                case(op, [uniform(a, f64), not_all(m), uniform((), f64)], args, check=True)
        for la, lm in ["tc", "st", "es"] if not args else ["tc", "st"]:
            case(op, [In(uniform((3, 4)), la), In(uniform((3, 4), bool_), lm), 7], args)
        if args:
            case(op, [uniform((3, 2), f64), not_all(2), uniform((), f64)], [1], check=True)
        for dt in DTYPES:
            for v in [3, 2.5, True, -1, -2.5, 300, -300, 1e300, 2**53 + 1, INF, -INF, NAN]:
                case(op, [In(uniform(3, dt), grad=False), tensor([1, 0, 1], bool_), v], args, may_fail=True)
            for dv in DTYPES:
                case(op, [uniform(3, dt), tensor([1, 0, 1], bool_), In(uniform((), dv), grad=None if dt in FLOATS else False)], args, may_fail=True)
            case(op, [In(uniform(3, dt), grad=False), tensor([1, 0, 1], bool_), tensor(300, i64)], args, may_fail=True)
        error(op, [uniform(3), uniform(3, i64), 1], args)
        error(op, [uniform(3), uniform(3, u8), 1], args)
        error(op, [uniform(3), uniform(3, bool_), uniform(1)], args)
        error(op, [uniform((2, 3)), uniform(4, bool_), 1], args)


def stand_ins():
    none = [LARGEST, LARGEST, -LARGEST]
    for op, first in [("nan_to_num", []), ("nan_to_num_", [0])]:
        start(op)
        for dt in FLOATS:
            x = tensor(EDGES, dt)
            for k, v in [(0, 2.5), (0, INF), (0, NAN), (1, 1.5), (1, NAN), (2, -7), (2, INF), (0, 1e39)]:
                a = list([0.0] + none[1:])
                a[k] = v
                case(op, [x], first + a)
            case(op, [x], first + [0.0] + none[1:])
            if not first:
                case(op, [x])
            for s in [(), (0,), (2, 3)]:
                case(op, [uniform(s, dt)], first + [0.0, 1.0, 2.0], check=dt == f64 and s != (0,))
            for layout in "tse" if not first else "ts":
                case(op, [In(uniform((2, 3), dt), layout)], first + [0.0, 1.0, 2.0])
        for dt in [i64, u8, bool_]:
            case(op, [uniform(3, dt)], first + [0.0] + none[1:])
    case("nan_to_num_", [tensor([[1, 2], [NAN, INF]], f64)], [1, 5.0, 6.0, 7.0])
    start("clamp_")
    for dt in DTYPES:
        for a in [(-0.5, 0.7), (NAN, 1), (1, NAN), (0, 2)]:
            case("clamp_", [uniform((3, 4), dt) + 0.001 if dt in FLOATS else uniform(4, dt)], [0, *a], check=dt == f64, may_fail=True)
    case("clamp_", [uniform((3, 2), f64)], [1, -0.5, 0.5], check=True)
    case("clamp_", [In(uniform((3, 4)), "t")], [0, -0.5, 0.5])
    start("logical_not")
    for dt in DTYPES:
        for s in [(), (0,), (2, 3)]:
            case("logical_not", [uniform(s, dt).round() if dt in FLOATS else uniform(s, dt)])
    case("logical_not", [tensor(EDGES)])
    case("logical_not", [In(uniform((2, 3), i64), "t")])


def isclose():
    start("isclose")
    x = tensor([INF, -INF, NAN, 0.0, -0.0, 1.0, 1.0 + 1e-6, 1.0001, -1.0, 1e30, 1e-9], f64)
    x, y = x[:, None], x[None]
    for a in [[], [1e-5, 1e-8, 1], [0.0, 0.0, 0], [0.0, 0.0, 1], [0.5, 0.0, 0], [0.0, 1.5, 1], [INF, 0.0, 0], [0.0, INF, 0]]:
        for dt in FLOATS:
            case("isclose", [x.to(dt), y.to(dt)], a)
        for dt in [i64, u8, bool_]:
            case("isclose", [uniform((5, 1), dt), uniform((1, 5), dt)], a, may_fail=True)
    for a, b in SHAPE_PAIRS:
        case("isclose", [uniform(a, f64).round(), uniform(b, f64).round()])
    for la, lb in ["tc", "st", "es"]:
        case("isclose", [In(uniform((3, 4)).round(), la), In(uniform((3, 4)).round(), lb)])
    for da, db in itertools.product(DTYPES, DTYPES):
        if da != db:
            error("isclose", [uniform(3, da), uniform(3, db)])
            error("isclose", [uniform(3, da), uniform((), db)])
    for a in [[-1.0, 0.0, 0], [0.0, -1.0, 0], [NAN, 0.0, 0]]:
        case("isclose", [uniform(3), uniform(3)], a, may_fail=True)
    error("isclose", [uniform(3), uniform(4)])


def found():
    """What fuzz.py found."""
    for dt, v in [(i64, 1e300), (i64, INF), (i64, NAN), (u8, 300), (u8, -1.5), (u8, -256), (f32, 1e300)]:
        error("fill_", [uniform(3, dt)], [0, v])
    case("fill_", [uniform(3, u8)], [0, 255.5])
    case("where", [tensor([1, 0, 2], u8), uniform(3), uniform(3)])
    case("logaddexp2", [tensor([-0.78, -1.82, 1.05, -1.04]), In(tensor([[-1.49, -0.45, 1.03, -1.51], [0.15, -1.08, 0.86, -1.27]]), "t")])


def cases():
    binary()
    where()
    in_place_cases()
    unary(UNARY)
    clamp()
    more_binary()
    more_in_place()
    ternary()
    masked_fill()
    stand_ins()
    isclose()
    found()
