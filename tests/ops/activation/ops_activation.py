"""Cases of the activations."""

import torch
import torch.nn.functional as F

from ops_pointwise import unary
from ops_record import DTYPES, EDGES, FLOATS, INF, NAN, RUN, In
from ops_record import bool_, case, error, f32, f64, i64, in_place, start, tensor, u8, uniform

PLAIN = "relu6 selu silu mish logsigmoid softsign tanhshrink hardsigmoid hardswish".split()
NUMBERS = "leaky_relu elu celu softplus hardtanh softshrink hardshrink threshold".split()
IN_PLACE = "relu relu6 selu silu mish hardsigmoid hardswish".split()
IN_PLACE_NUMBERS = "threshold leaky_relu elu celu hardtanh".split()
RUN.update({name: (lambda f: lambda x, a: f(x[0]))(getattr(F, name)) for name in PLAIN})
RUN.update({name: (lambda f: lambda x, a: f(x[0], *a))(getattr(F, name)) for name in NUMBERS})
for name in IN_PLACE + IN_PLACE_NUMBERS:  # a[0]: on row 1
    RUN[name + "_"] = in_place((lambda f: lambda y, x, a: f(y, *a[1:], inplace=True))(getattr(F, name)))
RUN["sigmoid_"] = in_place(lambda y, x, a: y.sigmoid_())

RUN.update(
    {
        "relu": lambda x, a: torch.relu(x[0]),
        "sigmoid": lambda x, a: torch.sigmoid(x[0]),
        "softmax": lambda x, a: torch.softmax(x[0], a[0]),
        "log_softmax": lambda x, a: torch.log_softmax(x[0], a[0]),
        "gelu": lambda x, a: F.gelu(x[0], approximate=["none", "tanh"][a[0]]),
        "prelu": lambda x, a: F.prelu(x[0], x[1]),
        "glu": lambda x, a: F.glu(x[0], a[0]),
        "softmin": lambda x, a: F.softmin(x[0], a[0]),
        "alpha_dropout": lambda x, a: F.alpha_dropout(x[0], a[0], bool(a[1])),
        "dropout": lambda x, a: F.dropout(x[0], a[0], bool(a[1])),
        "rrelu": lambda x, a: F.rrelu(x[0], a[0], a[1], bool(a[2])),
        "dropout_": in_place(lambda y, x, a: F.dropout(y, a[1], bool(a[2]), inplace=True)),
        "alpha_dropout_": in_place(lambda y, x, a: F.alpha_dropout(y, a[1], bool(a[2]), inplace=True)),
        "rrelu_": in_place(lambda y, x, a: F.rrelu(y, a[1], a[2], bool(a[3]), inplace=True)),
    }
)


def softmax():
    for op in ["softmax", "log_softmax"]:
        for dt in FLOATS:
            for s, d in [
                ((), 0),
                ((), -1),
                ((4,), 0),
                ((1,), 0),
                ((2, 3), 0),
                ((2, 3), 1),
                ((2, 3), -1),
                ((2, 3, 4), 1),
                ((2, 3, 4), 0),
                ((3, 1), 1),
                ((0, 3), 1),
                ((2, 0), 1),
                ((3, 19), 1),
            ]:
                case(
                    op,
                    [uniform(s, dt, -3, 3)],
                    [d],
                    check=dt == f64
                    and 0 not in s
                    and s not in [(3, 19)]
                    and not (op == "softmax" and (s == () or s in [(1,), (3, 1)]))
                    and not (op == "log_softmax" and (s == () or s in [(1,), (3, 1)])),
                )
            for layout in "tse":
                for d in [0, 1]:
                    case(op, [In(uniform((3, 4), dt), layout)], [d], check=dt == f64 and layout != "e")
            case(op, [In(uniform((2, 3, 4), dt), "t")], [1])
            case(op, [tensor([[1000.0, 999.0, -1000.0], [-1e30, 0.0, 3.0], [88.0, -104.0, 90.0]], dt)], [1])
            case(op, [tensor([[-INF, 1.0, 2.0], [0.0, -INF, -INF]], dt)], [1])
            case(op, [tensor([[-INF, -INF], [INF, 1.0], [NAN, 1.0], [INF, INF]], dt)], [1])
        error(op, [uniform((2, 3))], [2])
        error(op, [uniform((2, 3))], [-3])
        error(op, [uniform((2, 3), i64)], [1])
        error(op, [uniform((2, 3), bool_)], [1])


def dropout():
    start("dropout")
    for dt in FLOATS:
        for a in [(0.0, 1), (0.5, 0), (0.0, 0), (1.0, 1), (1.0, 0)]:
            case("dropout", [uniform((2, 3), dt)], a, name=False, check=dt == f64 and a != (1.0, 1))
        case("dropout", [uniform((0, 3), dt)], (0.5, 1), name=False)
        case("dropout", [In(uniform((2, 3), dt), "t")], (0.3, 0), name=False)
    error("dropout", [uniform(3)], (-0.1, 1))
    error("dropout", [uniform(3)], (1.1, 1))
    error("dropout", [uniform(3)], (1.5, 0))
    error("dropout", [uniform(3)], (NAN, 1))


# The numbers to call with; the first are the defaults. And where the kinks and jumps lie, for the first numbers.
CALLS = {
    "leaky_relu": [(0.01,), (0.3,), (-0.5,), (0.0,)],
    "elu": [(1.0,), (0.4,), (-1.5,)],
    "celu": [(1.0,), (0.5,), (-2.0,)],
    "gelu": [(0,), (1,)],
    "softplus": [(1.0, 20.0), (2.0, 1.0), (-1.0, 0.5)],
    "hardtanh": [(-1.0, 1.0), (0.25, 1.5), (0.5, 0.5)],
    "softshrink": [(0.5,), (0.0,), (1.25,)],
    "hardshrink": [(0.5,), (0.0,), (-1.0,)],
    "threshold": [(0.5, 2.5), (-1.0, 0.0)],
}
KINKS = {
    "relu6": (0.0, 6.0),
    "selu": (0.0,),
    "logsigmoid": (0.0,),
    "softsign": (0.0,),
    "hardsigmoid": (-3.0, 3.0),
    "hardswish": (-3.0, 3.0),
    "leaky_relu": (0.0,),
    "elu": (0.0,),
    "celu": (0.0,),
    "softplus": (20.0, 0.5, -0.5),
    "hardtanh": (-1.0, 1.0, 0.25, 1.5, 0.5),
    "softshrink": (-0.5, 0.5, 0.0, 1.25, -1.25),
    "hardshrink": (-0.5, 0.5, 0.0, 1.0, -1.0),
    "threshold": (0.5, -1.0),
    "relu": (0.0,),
}
FAR = [1e3, -1e3, 1e4, -1e4, 40.5, -40.5, 80.0, -80.0, 44.0, -44.0, 15.0, -15.0, 21.0, -21.0, 3.5, -3.5]
NAMED_APART = ("selu_", "elu_", "celu_", "threshold_", "leaky_relu_")  # PyTorch has another node for these in place


def smooth_at(x, kinks):
    """x moved away from the kinks, on both sides of which it may lie."""
    for k in kinks:
        x = torch.where((x - k).abs() < 0.05, k + 0.1, x)
    return x


def live(op, x, a):
    """Whether op's gradient at x is not 0 everywhere, which a check needs."""
    x = x.clone().requires_grad_()
    return bool(torch.autograd.grad(RUN[op]([x], a).sum(), x)[0].any())


def pointwise(op, first=()):
    """Shapes, layouts, values, dtypes; first: what stands before the numbers, for the operation in place."""
    start(op)
    name = op.rstrip("_")
    kinks, checked = KINKS.get(name, ()), "first" if name == "hardsigmoid" else True
    calls = CALLS.get(name, [()])
    named = op not in NAMED_APART
    if op in ("leaky_relu_", "elu_", "celu_"):  # in place, PyTorch has no gradient of these with a negative number
        calls = [numbers for numbers in calls if numbers[0] > 0]
    for n, numbers in enumerate(calls):
        a = first + numbers
        for dt in FLOATS:
            for s in [(5,), (2, 3)] if n else [(), (1,), (0,), (5,), (2, 0, 3), (2, 1, 3)]:
                x = smooth_at(uniform(s, dt, -4.0, 4.0), kinks)
                case(op, [x], a, name=named, check=dt == f64 and 0 not in s and live(op, x, a) and checked)
            case(op, [tensor(EDGES + FAR, dt)], a, name=named)
            if kinks:
                near = [k + d for k in kinks for d in (0.0, 1e-7, -1e-7)]
                case(op, [tensor(near, dt)], a, name=named)
        if n == 0:
            case(op, [uniform(67, f32, -8.0, 8.0)], a, name=named)
            for layout in "tse":
                x = In(smooth_at(uniform((3, 5), f64, -4.0, 4.0), kinks), layout)
                case(op, [x], a, name=named, check=layout != "e" and checked)
            case(op, [In(uniform((2, 3, 4), f32, -4.0, 4.0), "t")], a, name=named)
        for dt in [i64, u8, bool_]:
            case(op, [uniform((2, 3), dt)], a, name=named, may_fail=True)


def prelu():
    start("prelu")
    for dt in FLOATS:
        for s, w in [((), ()), ((), (1,)), ((4,), (1,)), ((4,), ()), ((2, 3), (3,)), ((2, 3), (1,)), ((2, 3, 2), (3,))]:
            case("prelu", [smooth_at(uniform(s, dt), (0.0,)), uniform(w, dt)], check=dt == f64, name=s != ())
        for s, w in [((0, 3), (3,)), ((2, 0), (0,)), ((2, 3, 0), (3,)), ((0,), (1,)), ((2, 3, 67), (3,))]:
            case("prelu", [uniform(s, dt), uniform(w, dt)])
        for layout in "tse":
            x = smooth_at(uniform((3, 4), dt), (0.0,))
            case("prelu", [In(x, layout), In(uniform(4, dt), "s")], check=dt == f64 and layout != "e")
        case("prelu", [tensor(EDGES, dt), tensor([0.25], dt)])
        case("prelu", [tensor([EDGES], dt), tensor(EDGES, dt)])
    for x, w in [
        (uniform(3), uniform(3)),
        (uniform((2, 3)), uniform(2)),
        (uniform((2, 3)), uniform((1, 3))),
        (uniform(()), uniform(2)),
        (uniform((2, 3)), uniform((2, 3, 1))),
        (uniform((2, 3)), uniform(3, f64)),
        (uniform((2, 3), i64), uniform(3, i64)),
        (uniform((2, 3), i64), uniform(3)),
    ]:
        error("prelu", [x, w])


def glu():
    start("glu")
    for dt in FLOATS:
        for s, d in [((4,), -1), ((2, 6), -1), ((2, 6), 0), ((2, 3, 4), 2), ((2, 4, 3), 1), ((4, 2, 1), -3)]:
            case("glu", [uniform(s, dt)], [d], name=False, check=dt == f64)
        for s, d in [((0,), 0), ((0, 4), 1), ((0, 4), 0), ((134,), 0)]:
            case("glu", [uniform(s, dt)], [d], name=False)
        for layout in "tse":
            case("glu", [In(uniform((4, 6), dt), layout)], [-1], name=False, check=dt == f64 and layout != "e")
        case("glu", [tensor([EDGES, EDGES[::-1]], dt)], [0], name=False)
    for x, d in [((), -1), ((3,), -1), ((2, 3), 1), ((2, 4), 2), ((2, 4), -3)]:
        error("glu", [uniform(x)], [d])
    for dt in [i64, u8, bool_]:
        error("glu", [uniform((2, 4), dt)], [1])


def softmin():
    start("softmin")
    for dt in FLOATS:
        for s, d in [((), 0), ((4,), 0), ((2, 3), 0), ((2, 3), -1), ((2, 3, 2), 1), ((0, 3), 1), ((2, 0), 1)]:
            case("softmin", [uniform(s, dt, -3, 3)], [d], check=dt == f64 and 0 not in s and s != ())
        case("softmin", [In(uniform((3, 4), dt), "t")], [1])
        case("softmin", [tensor([[1000.0, 999.0, -1000.0], [-INF, 0.0, 3.0], [INF, -104.0, NAN]], dt)], [1])
    error("softmin", [uniform((2, 3))], [2])
    error("softmin", [uniform((2, 3), i64)], [1])
    error("softmin", [uniform((2, 3), bool_)], [1])


def alpha_dropout():
    start("alpha_dropout")
    for dt in FLOATS:
        for a in [(0.0, 1), (0.5, 0), (1.0, 1), (1.0, 0)]:
            case("alpha_dropout", [uniform((2, 3), dt)], a, name=False, check=dt == f64 and a != (1.0, 1))
        case("alpha_dropout", [uniform((0, 3), dt)], (0.5, 1), name=False)
        case("alpha_dropout", [tensor([INF, NAN, -2.0], dt)], (1.0, 1), name=False)
    for p in [-0.1, 1.1, NAN]:
        error("alpha_dropout", [uniform(3)], (p, 1))
    error("alpha_dropout", [uniform(3, i64)], (0.5, 1))


def rrelu():
    start("rrelu")
    for dt in FLOATS:
        for a in [(0.125, 1 / 3, 0), (0.25, 0.25, 1), (-0.5, 2.0, 0), (-0.5, -0.5, 1)]:  # nothing is left to chance
            for s in [(5,), (2, 3), (), (0, 3)]:
                case("rrelu", [smooth_at(uniform(s, dt), (0.0,))], a, check=dt == f64 and 0 not in s)
            case("rrelu", [tensor(EDGES, dt)], a)
        case("rrelu", [In(smooth_at(uniform((4, 3), dt), (0.0,)), "t")], (0.25, 0.25, 1), check=dt == f64)
        case("rrelu", [In(smooth_at(uniform((4, 3), dt), (0.0,)), "s")], (0.125, 0.25, 0), check=dt == f64)
    for a in [(0.3, 0.1, 0), (0.3, 0.1, 1), (NAN, 1.0, 0), (0.1, INF, 1)]:
        error("rrelu", [uniform(3)], a)
    error("rrelu", [uniform(3, i64)], (0.1, 0.2, 0))


def random_in_place():
    for op, calls in [
        ("dropout_", [(0.0, 1), (0.5, 0), (1.0, 1), (1.0, 0)]),
        ("alpha_dropout_", [(0.0, 1), (0.5, 0), (1.0, 1)]),
        ("rrelu_", [(0.125, 1 / 3, 0), (0.25, 0.25, 1)]),
    ]:
        start(op)
        for dt in FLOATS:
            for a in calls:
                for row in (0, 1):
                    x = smooth_at(uniform((3, 4), dt), (0.0,))
                    case(op, [x], (row,) + a, name=False, check=dt == f64 and (row == 1 or a != (1.0, 1)))
        error(op, [uniform(3)], (0, -0.1, -0.2, 1))


def cases():
    unary(["relu", "sigmoid"])
    softmax()
    dropout()
    for op in PLAIN + list(CALLS):
        pointwise(op)
    for op in IN_PLACE + ["sigmoid"] + IN_PLACE_NUMBERS:
        pointwise(op + "_", (0,))
        for dt in FLOATS:  # through a view
            x = smooth_at(uniform((3, 4), dt, -4.0, 4.0), KINKS.get(op, ()))
            checked = "first" if op == "hardsigmoid" else True
            case(op + "_", [x], (1,) + CALLS.get(op, [()])[0], name=op + "_" not in NAMED_APART, check=dt == f64 and checked)
    error("hardtanh", [uniform(3)], (1.0, 0.5))
    error("hardtanh_", [uniform(3)], (0, 1.0, 0.5))
    error("celu", [uniform(3)], (0.0,))
    error("celu_", [uniform(3)], (0, 0.0))
    error("softshrink", [uniform(3)], (-0.1,))
    error("softshrink", [uniform(3)], (NAN,))
    for dt in [i64, u8]:
        case("threshold", [uniform(6, dt)], (1.5, 2.7))
        case("threshold", [uniform(6, dt)], (1, 3))
        case("hardtanh", [uniform(6, dt)], (1, 3))
        for a in [(-2, -1), (300, 400), (1e30, 1e31), (0, 1e30)]:  # no number of the dtype, or a bound that it cannot hold
            case("hardtanh", [uniform(6, dt)], a, may_fail=True)
        case("hardtanh", [uniform(6, dt)], (1.5, 3.7), may_fail=True)
    for a in [(1, 256.0), (300.0, 1), (-1.0, 2), (-0.5, 2.5), (2, 256.0)]:
        error("threshold", [uniform(6, u8)], a)
    error("threshold", [uniform(6, i64)], (1e19, 2))
    prelu()
    glu()
    softmin()
    alpha_dropout()
    rrelu()
    random_in_place()
