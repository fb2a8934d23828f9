"""Cases of the views, of joining, and of the copies."""

import itertools

import torch

from ops_record import DTYPES, EDGES, FLOATS, RUN, UNSET, VIEWS, In, case, error, f32, f64, i64, tensor, uniform

RUN.update(
    {
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
        "clone": lambda x, a: x[0].clone(),
        "contiguous": lambda x, a: x[0].contiguous(),
        "to_dtype": lambda x, a: x[0].to(DTYPES[a[0]]),
        "to_device": lambda x, a: x[0].to("cuda" if a[0] else "cpu"),
    }
)
VIEWS |= set("reshape view transpose t permute squeeze unsqueeze flatten expand slice narrow select".split())
VIEWS |= set("clone contiguous to_dtype to_device".split())


def shapes():
    table = {
        "reshape": [
            ((2, 3), (3, 2)),
            ((2, 3), (6,)),
            ((2, 3), (-1,)),
            ((2, 3, 4), (2, -1)),
            ((2, 3, 4), (4, 3, 2)),
            ((), (1, 1)),
            ((1,), ()),
            ((0, 3), (3, 0)),
            ((0, 3), (-1, 3)),
            ((0,), (2, 0, 3)),
            ((2, 3), (2, 3)),
            ((6,), (1, 2, 1, 3)),
        ],
        "view": [
            ((2, 3), (3, 2)),
            ((2, 3), (-1,)),
            ((2, 3, 4), (6, 4)),
            ((), (1,)),
            ((1,), ()),
            ((0, 3), (0,)),
            ((2, 3), (2, 3)),
            ((2, 3, 4), (2, 3, 2, 2)),
        ],
        "transpose": [
            ((2, 3), (0, 1)),
            ((2, 3, 4), (0, 2)),
            ((2, 3, 4), (-1, 1)),
            ((2, 3), (0, 0)),
            ((), (0, -1)),
            ((0, 3), (0, 1)),
            ((4,), (0, 0)),
        ],
        "t": [((2, 3), ()), ((4,), ()), ((), ()), ((0, 3), ())],
        "permute": [
            ((2, 3, 4), (2, 0, 1)),
            ((2, 3), (1, 0)),
            ((2, 3), (0, 1)),
            ((2, 3, 4), (-1, 0, -2)),
            ((3,), (0,)),
            ((), ()),
            ((2, 0, 3), (1, 2, 0)),
            ((2, 1, 2, 3), (3, 1, 0, 2)),
        ],
        "squeeze": [
            ((1, 3, 1), (UNSET,)),
            ((1, 3, 1), (0,)),
            ((1, 3, 1), (1,)),
            ((1, 3, 1), (-1,)),
            ((2, 3), (UNSET,)),
            ((), (UNSET,)),
            ((), (0,)),
            ((), (-1,)),
            ((1,), (UNSET,)),
            ((1, 0), (UNSET,)),
            ((1, 1, 1), (UNSET,)),
        ],
        "unsqueeze": [
            ((2, 3), (0,)),
            ((2, 3), (2,)),
            ((2, 3), (-1,)),
            ((2, 3), (-3,)),
            ((2, 3), (1,)),
            ((), (0,)),
            ((), (-1,)),
            ((0,), (1,)),
        ],
        "flatten": [
            ((2, 3), (0, -1)),
            ((2, 3, 4), (1, -1)),
            ((2, 3, 4), (0, 1)),
            ((2, 3, 4), (1, 1)),
            ((), (0, -1)),
            ((4,), (0, -1)),
            ((0, 3), (0, -1)),
            ((2, 0, 3), (1, 2)),
            ((2, 3, 4), (-2, -1)),
        ],
        "expand": [
            ((3,), (2, 3)),
            ((2, 1), (2, 4)),
            ((2, 1), (-1, 4)),
            ((1, 3), (2, -1)),
            ((), (3,)),
            ((), (2, 2)),
            ((2, 3), (2, 3)),
            ((1,), (0,)),
            ((1, 3), (0, 3)),
            ((), ()),
            ((1, 2, 1), (3, 2, 2, 4)),
            ((0, 1), (0, 3)),
        ],
        "slice": [
            ((5,), (0, 1, 4, 1)),
            ((5,), (0, UNSET, UNSET, 2)),
            ((5,), (0, -3, UNSET, 1)),
            ((5,), (0, 1, -1, 2)),
            ((5,), (0, 3, 2, 1)),
            ((5,), (0, -100, 100, 3)),
            ((5,), (0, 9, 12, 1)),
            ((3, 4), (1, 1, UNSET, 2)),
            ((3, 4), (-2, UNSET, 2, 1)),
            ((2, 3, 4), (1, 0, 2, 1)),
            ((0, 3), (0, UNSET, UNSET, 1)),
            ((2, 3), (0, UNSET, UNSET, 1)),
            ((5,), (0, 0, 1 << 60, 7)),
        ],
        "narrow": [
            ((5,), (0, 1, 3)),
            ((3, 4), (1, 2, 2)),
            ((3, 4), (-1, 0, 0)),
            ((3, 4), (0, 3, 0)),
            ((3, 4), (0, -2, 1)),
            ((3, 4), (0, 0, 3)),
            ((0, 3), (1, 1, 2)),
        ],
        "select": [
            ((5,), (0, 2)),
            ((3, 4), (0, 1)),
            ((3, 4), (1, -1)),
            ((2, 3, 4), (-2, 0)),
            ((2, 3, 4), (2, 3)),
            ((3, 0), (0, 1)),
            ((1,), (0, 0)),
        ],
    }
    for op, cases in table.items():
        for n, (s, a) in enumerate(cases):
            for dt in FLOATS:
                x = uniform(s, dt)
                case(op, [x], list(a), check=dt == f64 and RUN[op]([x], list(a)).numel() > 0)
            case(op, [uniform(s, DTYPES[2 + n % 3])], list(a))
            for layout in "tse":
                if op == "view" or len(s) < (2 if layout == "t" else 1) or (layout == "e" and s[0] == 0):
                    continue
                case(
                    op,
                    [In(uniform(s, f64), layout)],
                    list(a),
                    check=layout == "t" and 0 not in s and RUN[op]([uniform(s, f64)], list(a)).numel() > 0,
                )
    for s, layout, a in [
        ((4, 3), "t", (3, 4)),
        ((2, 3, 4), "t", (6, 4)),
        ((2, 3, 4), "t", (24,)),
        ((3, 4), "s", (2, 6)),
        ((2, 3, 4), "t", (2, 1, 3, 4)),
        ((3, 4), "s", (2, 2, 3)),
        ((3, 4), "s", (12,)),
        ((3, 4), "e", (12,)),
        ((3, 4), "e", (3, 2, 2)),
        ((4, 3), "t", (2, 2, 3)),
        ((4, 3), "t", (4, 1, 3, 1)),
    ]:
        case("view", [In(uniform(s, f64), layout)], list(a), may_fail=True)
        case("reshape", [In(uniform(s, f64), layout)], list(a))
    for op, s, a in [
        ("reshape", (2, 3), (4,)),
        ("reshape", (2, 3), (-1, -1)),
        ("reshape", (2, 3), (-1, 4)),
        ("reshape", (2, 3), (-2, 3)),
        ("reshape", (0,), (-1, 0)),
        ("view", (2, 3), (5,)),
        ("view", (2, 3), (-1, -1)),
        ("transpose", (2, 3), (0, 2)),
        ("transpose", (2, 3), (-3, 0)),
        ("t", (2, 3, 4), ()),
        ("permute", (2, 3), (0,)),
        ("permute", (2, 3), (0, 0)),
        ("permute", (2, 3), (0, 2)),
        ("permute", (2, 3), (0, 1, 2)),
        ("squeeze", (2, 1), (2,)),
        ("squeeze", (2, 1), (-3,)),
        ("squeeze", (), (1,)),
        ("unsqueeze", (2, 3), (3,)),
        ("unsqueeze", (2, 3), (-4,)),
        ("flatten", (2, 3), (1, 0)),
        ("flatten", (2, 3), (0, 2)),
        ("flatten", (2, 3), (-3, 1)),
        ("expand", (2, 3), (3,)),
        ("expand", (2, 3), (2, 4)),
        ("expand", (2, 3), (4, 3)),
        ("expand", (3,), (-1, 3)),
        ("expand", (2,), (-2,)),
        ("slice", (5,), (1, 0, 2, 1)),
        ("slice", (5,), (0, 0, 2, 0)),
        ("slice", (5,), (0, 0, 2, -1)),
        ("slice", (), (0, 0, 1, 1)),
        ("narrow", (5,), (0, 3, 3)),
        ("narrow", (5,), (0, 0, -1)),
        ("narrow", (5,), (1, 0, 1)),
        ("narrow", (5,), (0, 6, 0)),
        ("narrow", (5,), (0, -6, 1)),
        ("narrow", (), (0, 0, 1)),
        ("select", (3,), (0, 3)),
        ("select", (3,), (0, -4)),
        ("select", (3,), (1, 0)),
        ("select", (), (0, 0)),
        ("select", (0,), (0, 0)),
    ]:
        error(op, [uniform(s)], list(a))
    for s in [[(2, 3), (2, 3)], [(4,)], [(2, 3), (2, 3), (2, 3)], [(0, 3), (0, 3)]]:
        for dt in FLOATS:
            xs = [uniform(x, dt) for x in s]
            for op, dims in [("cat", range(-len(s[0]), len(s[0]))), ("stack", range(-len(s[0]) - 1, len(s[0]) + 1))]:
                for d in dims:
                    case(op, xs, [d], check=dt == f64 and 0 not in s[0])
    case("stack", [uniform(()), uniform(())], [0])
    case("stack", [uniform((), f64), uniform((), f64), uniform((), f64)], [-1], check=True)
    for s, d in [
        ([(2, 3), (1, 3), (4, 3)], 0),
        ([(2, 1), (2, 3)], 1),
        ([(2, 3), (0, 3)], 0),
        ([(2, 2, 2), (2, 1, 2)], -2),
    ]:
        for dt in FLOATS:
            case("cat", [uniform(x, dt) for x in s], [d], check=dt == f64 and all(0 not in x for x in s))
    for da, db in itertools.product(DTYPES, DTYPES):
        case("cat", [uniform(2, da), uniform(3, db)], [0])
        case("stack", [uniform(2, da), uniform(2, db)], [0])
    case("cat", [uniform((0,)), uniform((2, 3))], [0])  # an empty tensor of one dimension goes with every shape
    case("cat", [uniform((2, 3), f64), uniform((0,), f64), uniform((2, 1), f64)], [1])
    case("cat", [uniform((0,)), uniform((0,))], [0])
    x = uniform((2, 1, 2, 1, 2, 1, 2, 2))
    for op, a in [
        ("permute", [7, 0, 6, 1, 5, 2, 4, 3]),
        ("transpose", [0, -1]),
        ("reshape", [4, -1]),
        ("squeeze", [UNSET]),
        ("flatten", [1, -2]),
        ("expand", [2, 3, 2, 1, 2, 3, 2, 2]),
        ("clone", []),
    ]:
        case(op, [x], a)
        case(op, [In(x, "t")], a)
    error("unsqueeze", [x.reshape(2, 2, 2, 2, 2)], [9])
    for op in ["cat", "stack"]:
        for layouts in ["tt", "st", "ec"]:
            for d in [0, 1]:
                case(op, [In(uniform((3, 3), f64), l) for l in layouts], [d], check="e" not in layouts)
    for op, s, d in [
        ("cat", [(2, 3), (2, 4)], 0),
        ("cat", [(2, 3), (2, 3)], 2),
        ("cat", [(2, 3), (2, 3)], -3),
        ("cat", [(2, 3), (3,)], 0),
        ("cat", [(), ()], 0),
        ("stack", [(2, 3), (2, 4)], 0),
        ("stack", [(2,), (2,)], 2),
        ("stack", [(2,), (2,)], -3),
    ]:
        error(op, [uniform(x) for x in s], [d])


def copies():
    for op, args in [("clone", []), ("contiguous", []), ("to_device", [0])]:
        for n, s in enumerate([(), (0,), (4,), (2, 3), (2, 3, 2)]):
            for dt in DTYPES:
                if dt in FLOATS or n == 3:
                    case(op, [uniform(s, dt)], args, check=dt == f64 and 0 not in s)
        for layout in "tse":
            for dt in DTYPES:
                case(op, [In(uniform((3, 4), dt), layout)], args, check=dt == f64 and layout != "e")
            case(op, [In(uniform((2, 3, 4), f32), layout)], args)
        case(op, [In(tensor(EDGES))], args)
    error("to_device", [uniform(3)], [1])
    for da, (n, db) in itertools.product(DTYPES, enumerate(DTYPES)):
        case("to_dtype", [uniform((2, 3), da, 0.0, 4.0)], [n], check=da == f64 and db == f64)
        case("to_dtype", [In(uniform((3, 4), da, 0.0, 4.0), "t")], [n])
        case("to_dtype", [uniform((), da, 0.0, 4.0)], [n])
        case("to_dtype", [uniform((0, 2), da)], [n])
    case("to_dtype", [In(tensor(EDGES))], [1])
    case("to_dtype", [In(tensor(EDGES, f64))], [0])
    case("to_dtype", [In(tensor(EDGES))], [4])
    case("to_dtype", [tensor([1e300, -1e300, 1e-300, 0.1], f64)], [0])
    case("to_dtype", [tensor([1.9, -1.9, 0.5, 1e15])], [2])
    case("to_dtype", [tensor([256, 257, -1, 2**40 + 3], i64)], [3])
    case("to_dtype", [tensor([2**53 + 1, -(2**63), 16777217], i64)], [0])
    case("to_dtype", [tensor([2**53 + 1, -(2**63)], i64)], [1])


def cases():
    shapes()
    copies()
