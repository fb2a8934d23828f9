"""Cases of the products and of the reductions."""

import itertools

from ops_record import FLOATS, INF, NAN, In, bool_, case, distinct, error, f32, f64, i64, tensor, u8, uniform


def products():
    shapes = [
        ((3,), (3,)),
        ((2, 3), (3, 4)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((2, 3, 4), (4, 2)),
        ((2, 3, 4), (4,)),
        ((4,), (2, 4, 3)),
        ((3, 4), (2, 4, 2)),
        ((2, 3, 4), (2, 4, 2)),
        ((1, 3, 4), (2, 4, 2)),
        ((2, 1, 2, 3), (3, 3, 2)),
        ((2, 2, 2, 3), (2, 2, 3, 1)),
        ((2, 3, 4), (1, 4, 2)),
        ((1,), (1,)),
        ((1, 1), (1, 1)),
        ((1, 5), (5, 1)),
        ((5, 1), (1, 5)),
        ((2, 1, 1, 2), (2, 3, 2, 2)),
        ((2, 1, 2, 1, 2, 3), (2, 1, 2, 3, 2)),
        ((2, 2, 3), (3, 3)),
    ]
    empty = [
        ((0,), (0,)),
        ((2, 0), (0, 3)),
        ((0, 3), (3, 2)),
        ((2, 3), (3, 0)),
        ((0, 2, 3), (0, 3, 2)),
        ((2, 0, 3), (3, 2)),
        ((2, 3, 0), (2, 0, 2)),
        ((2, 0), (0,)),
        ((0,), (0, 2)),
        ((0, 2, 3), (3,)),
        ((0, 1, 2, 3), (4, 3, 2)),
    ]
    for a, b in shapes + empty:
        for dt in FLOATS:
            case(
                "matmul",
                [uniform(a, dt), uniform(b, dt)],
                check=dt == f64 and (a, b) in shapes,
                name=max(len(a), len(b)) <= 2 and len(a) >= len(b),
            )
    for a, b in shapes[:12] + empty[:3]:
        case("matmul", [uniform(a, i64), uniform(b, i64)])
    case("matmul", [uniform((2, 3), u8), uniform((3, 2), u8)])
    for la, lb in itertools.product("ctse", repeat=2):
        for dt in FLOATS:
            case(
                "matmul",
                [In(uniform((3, 4), dt), la), In(uniform((4, 2), dt), lb)],
                check=dt == f64 and "e" not in la + lb,
            )
        case("matmul", [In(uniform((2, 3, 4)), la), In(uniform((2, 4, 2)), lb)], name=False)
        if "t" not in la:
            case("matmul", [In(uniform(4), la), In(uniform((4, 3)), lb)], name=False)
        if "t" not in lb:
            case("matmul", [In(uniform((3, 4)), la), In(uniform(4), lb)])
    for dt in FLOATS:
        case("matmul", [tensor([[INF, 1.0], [0.0, NAN]], dt), tensor([[0.0, 1.0], [2.0, 3.0]], dt)])
        for op, s in [
            ("mm", [(2, 3), (3, 4)]),
            ("mm", [(1, 1), (1, 1)]),
            ("mm", [(0, 3), (3, 2)]),
            ("mm", [(2, 0), (0, 2)]),
            ("addmm", [(2, 4), (2, 3), (3, 4)]),
            ("addmm", [(4,), (2, 3), (3, 4)]),
            ("addmm", [(2, 1), (2, 3), (3, 4)]),
            ("addmm", [(), (2, 3), (3, 4)]),
            ("addmm", [(1,), (2, 3), (3, 4)]),
            ("addmm", [(3,), (2, 0), (0, 3)]),
            ("addmm", [(2,), (0, 3), (3, 2)]),
            ("linear", [(3,), (2, 3), (2,)]),
            ("linear", [(4, 3), (2, 3), (2,)]),
            ("linear", [(2, 4, 3), (2, 3), (2,)]),
            ("linear", [(2, 1, 2, 3), (2, 3), (2,)]),
            ("linear", [(3,), (2, 3)]),
            ("linear", [(4, 3), (2, 3)]),
            ("linear", [(2, 4, 3), (2, 3)]),
            ("linear", [(2, 1, 2, 3), (2, 3)]),
            ("linear", [(1, 1), (1, 1), (1,)]),
            ("linear", [(0, 3), (2, 3), (2,)]),
            ("linear", [(2, 0), (3, 0), (3,)]),
            ("linear", [(2, 3), (0, 3), (0,)]),
            ("linear", [(0, 3), (2, 3)]),
            ("linear", [(2, 0, 3), (2, 3), (2,)]),
        ]:
            full = all(0 not in x for x in s)
            case(op, [uniform(x, dt) for x in s], check=dt == f64 and full, name=op != "linear" or len(s[0]) == 2)
        case("linear", [uniform((9, 30), dt), uniform((12, 30), dt), uniform(12, dt)])
        for layouts in ["tcc", "ctc", "ttc", "sss", "ets", "cec"]:
            s = [(3, 4), (2, 4), (2,)]
            case("linear", [In(uniform(x, dt), l) for x, l in zip(s, layouts)], check=dt == f64 and "e" not in layouts)
            case("linear", [In(uniform(x, dt), l) for x, l in zip([(2, 3, 4), (2, 4), (2,)], layouts)], name=False)
            case("addmm", [In(uniform(x, dt), l) for x, l in zip([(3, 2), (3, 4), (4, 2)], layouts)])
            case("mm", [In(uniform(x, dt), l) for x, l in zip([(3, 4), (4, 2)], layouts)])
    case("matmul", [uniform((13, 21)), uniform((21, 7))])
    case("matmul", [In(uniform((9, 30)), "t"), In(uniform((30, 11)), "t")])
    case("matmul", [In(uniform((12, 20), f64), "t"), uniform((20, 6), f64)])
    case("mm", [uniform((2, 3), i64), uniform((3, 2), i64)])
    case("addmm", [uniform((2,), i64), uniform((2, 3), i64), uniform((3, 2), i64)])
    for op, s in [
        ("matmul", [(2, 3), (2, 3)]),
        ("matmul", [(3,), (4,)]),
        ("matmul", [(), (3,)]),
        ("matmul", [(3, 2), ()]),
        ("matmul", [(2, 3, 4), (3, 4, 2)]),
        ("matmul", [(2, 3), (2,)]),
        ("matmul", [(2,), (3, 2)]),
        ("mm", [(2, 3), (2, 3)]),
        ("mm", [(3,), (3, 2)]),
        ("mm", [(2, 2, 3), (2, 3, 2)]),
        ("mm", [(2, 3), (3,)]),
        ("addmm", [(3,), (2, 3), (3, 2)]),
        ("addmm", [(2,), (2, 3), (2, 2)]),
        ("addmm", [(2, 2, 2), (2, 2), (2, 2)]),
        ("addmm", [(2,), (3,), (3, 2)]),
        ("linear", [(4, 3), (2, 4)]),
        ("linear", [(4, 3), (2, 3), (3,)]),
        ("linear", [(), (2, 3)]),
    ]:
        error(op, [uniform(x) for x in s])
    for op in ["matmul", "mm"]:
        error(op, [uniform((2, 2)), uniform((2, 2), f64)])
        error(op, [uniform((2, 2)), uniform((2, 2), i64)])
        error(op, [uniform((2, 2), bool_), uniform((2, 2), bool_)])
    error("linear", [uniform((2, 2)), uniform((2, 2), f64)])
    error("linear", [uniform((2, 2)), uniform((2, 2)), uniform(2, f64)])
    error("addmm", [uniform((2, 2)), uniform((2, 2)), uniform((2, 2), f64)])


def reductions():
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
