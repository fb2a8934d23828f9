"""Cases of the reductions."""

import torch

from ops_record import FLOATS, INF, NAN, RUN, In, bool_, case, distinct, error, f32, f64, i64, tensor, u8, uniform


def reduce(f):
    """Numbers: 0 for all, 1 for .dim, 2 for .dims; keepdim; whether to return the indices; the dimensions."""

    def run(x, a):
        how, keepdim, indices, dims = a[0], bool(a[1]), a[2], list(a[3:])
        if how == 0:
            return f(x[0], dim=None, keepdim=True) if keepdim else f(x[0])
        y = f(x[0], dim=dims[0] if how == 1 else dims, keepdim=keepdim)
        return y if isinstance(y, torch.Tensor) else y.indices if indices else y.values

    return run


RUN.update(
    {
        "sum": reduce(torch.sum),
        "mean": reduce(torch.mean),
        "max": reduce(torch.max),
        "min": reduce(torch.min),
        "argmax": reduce(torch.argmax),
        "argmin": reduce(torch.argmin),
    }
)


def cases():
    both = [("sum", True), ("mean", True), ("max", False), ("min", False), ("argmax", False), ("argmin", False)]
    for op, several in both:
        smooth = not op.startswith("arg")
        for dt in FLOATS + ([i64, u8, bool_] if op != "mean" else []):
            check = smooth and dt == f64
            x = (lambda s: distinct(s, dt)) if dt in FLOATS else (lambda s: uniform(s, dt))
            small = dt in FLOATS or dt == i64
            case(op, [x((2, 3))], [0, 0, 0], check=check, may_fail=dt == bool_)
            case(op, [x((2, 3))], [1, 0, 0, 1], check=check, may_fail=dt == bool_)
            if not small:
                continue
            for s in [(), (1,), (5,), (2, 3, 4)]:
                case(op, [x(s)], [0, 0, 0], check=check)
            for s, d in [
                ((), 0),
                ((), -1),
                ((4,), 0),
                ((2, 3), 0),
                ((2, 3), -1),
                ((2, 3, 4), 1),
                ((2, 3, 4), 0),
                ((2, 1, 3), 1),
                ((2, 3, 4), 2),
            ]:
                for keepdim in [0, 1]:
                    case(op, [x(s)], [1, keepdim, 0, d], check=check)
                    if op in ("max", "min"):
                        case(op, [x(s)], [1, keepdim, 1, d])
            if several:
                for dims in [(0, 1), (0, 2), (-1, 0), (1, 2), (0, 1, 2), (1,)]:
                    for keepdim in [0, 1]:
                        case(op, [x((2, 3, 4))], [2, keepdim, 0, *dims], check=check)
            for layout in "tse":
                for a in [[0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 1]]:
                    case(op, [In(x((3, 4)), layout)], a, check=check and layout != "e")
            case(op, [In(x((2, 3, 4)), "t")], [1, 0, 0, 1])
            for s, a in [
                ((0, 3), [1, 0, 0, 1]),
                ((2, 0, 3), [1, 1, 0, 0]),
                ((0, 3), [1, 0, 0, 0]),
                ((0,), [0, 0, 0]),
                ((2, 0), [0, 0, 0]),
                ((2, 0), [1, 0, 0, 1]),
            ]:
                case(op, [x(s)], a, may_fail=True)
            if dt in FLOATS:
                ties = tensor([[1, 2, 2, 0], [3, 3, 3, 3], [-1, -1, 2, 2]], dt)
                nans = tensor([[1, NAN, 2, NAN], [INF, 3, -INF, INF], [-INF, -INF, -INF, -INF]], dt)
                for t in [ties, nans, ties.flatten()[:4], nans[1:], nans[2:]]:
                    case(op, [t], [0, 0, 0])
                    for d in range(t.dim()):
                        case(op, [t], [1, 0, 0, d])
                        if op in ("max", "min"):
                            case(op, [t], [1, 0, 1, d])
                for n in [40, 131] + [300] * (dt == f32):
                    case(op, [uniform(n, dt)], [0, 0, 0])
                case(op, [uniform((3, 47), dt)], [1, 0, 0, 1])
                case(op, [uniform((47, 3), dt)], [1, 0, 0, 0])
        error(op, [uniform((2, 3))], [1, 0, 0, 2])
        error(op, [uniform((2, 3))], [1, 0, 0, -3])
        error(op, [uniform(())], [1, 0, 0, 1])
    for op in ["sum", "mean", "argmax", "argmin"]:
        case(op, [distinct((2, 3), f32)], [0, 1, 0])
        case(op, [distinct((), f32)], [0, 1, 0])
    x = distinct((2, 1, 2, 1, 2, 1, 2, 2), f64)
    for op, a in [
        ("sum", [2, 0, 0, 0, 2, 5, 7]),
        ("mean", [2, 1, 0, -1, -8, 3]),
        ("max", [1, 0, 0, 4]),
        ("argmin", [1, 1, 0, 6]),
    ]:
        case(op, [x], a)
        case(op, [In(x, "t")], a)
    case("sum", [tensor([2**62, 2**62, 2**62], i64)], [0, 0, 0])
    error("sum", [uniform((2, 3))], [2, 0, 0, 0, 0])
    error("sum", [uniform((2, 3))], [2, 0, 0, 0, -2])
    for dt in [i64, u8, bool_]:
        error("mean", [uniform((2, 3), dt)], [0, 0, 0])
        error("mean", [uniform((2, 3), dt)], [1, 0, 0, 0])
