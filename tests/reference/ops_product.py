"""Cases of the products."""

import itertools

import torch
import torch.nn.functional as F

from ops_record import FLOATS, INF, NAN, RUN, In, bool_, case, error, f32, f64, i64, tensor, u8, uniform

RUN.update(
    {
        "matmul": lambda x, a: torch.matmul(*x),
        "mm": lambda x, a: torch.mm(*x),
        "addmm": lambda x, a: torch.addmm(*x),
        "linear": lambda x, a: F.linear(*x),
    }
)


def cases():
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
