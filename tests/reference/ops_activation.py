"""Cases of the activations."""

import torch
import torch.nn.functional as F

from ops_pointwise import unary
from ops_record import FLOATS, INF, NAN, RUN, In, bool_, case, error, f64, i64, start, tensor, uniform

RUN.update(
    {
        "relu": lambda x, a: torch.relu(x[0]),
        "sigmoid": lambda x, a: torch.sigmoid(x[0]),
        "softmax": lambda x, a: torch.softmax(x[0], a[0]),
        "log_softmax": lambda x, a: torch.log_softmax(x[0], a[0]),
        "dropout": lambda x, a: F.dropout(x[0], a[0], bool(a[1])),
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


def cases():
    unary(["relu", "sigmoid"])
    softmax()
    dropout()
