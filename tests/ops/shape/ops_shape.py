"""Cases of the views, of joining, and of the copies."""

import itertools

import torch
import torch.nn.functional as F

from ops_record import (
    DTYPES,
    EDGES,
    FIXED,
    FLOATS,
    INF,
    NAN,
    RUN,
    UNSET,
    VIEWS,
    In,
    bool_,
    case,
    error,
    f32,
    f64,
    i64,
    in_place,
    start,
    tensor,
    u8,
    uniform,
)

PAD_MODES = ["constant", "reflect", "replicate", "circular"]


def squeeze(x, a):
    """Numbers: none, or unset; a dimension; several."""
    return x[0].squeeze() if not a or a[0] is UNSET else x[0].squeeze(a[0] if len(a) == 1 else tuple(a))


def diff(x, a):
    """Numbers: n, dim, whether the second input is prepended, whether the last one is appended."""
    return x[0].diff(a[0], a[1], x[1] if a[2] else None, x[-1] if a[3] else None)


RUN.update(
    {
        "reshape": lambda x, a: x[0].reshape(a),
        "view": lambda x, a: x[0].view(a),
        "transpose": lambda x, a: x[0].transpose(*a),
        "t": lambda x, a: x[0].t(),
        "permute": lambda x, a: x[0].permute(a),
        "squeeze": squeeze,
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
        "view_as": lambda x, a: x[0].view_as(x[1]),
        "reshape_as": lambda x, a: x[0].reshape_as(x[1]),
        "ravel": lambda x, a: x[0].ravel(),
        "movedim": lambda x, a: x[0].movedim(tuple(a[: (len(a) + 1) // 2]), tuple(a[(len(a) + 1) // 2 :])),
        "unflatten": lambda x, a: x[0].unflatten(a[0], tuple(a[1:])),
        "expand_as": lambda x, a: x[0].expand_as(x[1]),
        "broadcast_to": lambda x, a: x[0].broadcast_to(a),
        "meshgrid": lambda x, a: torch.meshgrid(*x, indexing=["ij", "xy"][a[1]])[a[0]],
        "split": lambda x, a: x[0].split(list(a[3:]) if a[1] else a[3], a[2])[a[0]],
        "tensor_split": lambda x, a: x[0].tensor_split(tuple(a[3:]) if a[1] else a[3], a[2])[a[0]],
        "chunk": lambda x, a: x[0].chunk(a[2], a[1])[a[0]],
        "unbind": lambda x, a: x[0].unbind(a[1])[a[0]],
        "unfold": lambda x, a: x[0].unfold(*a),
        "diagonal": lambda x, a: x[0].diagonal(*a),
        "diag": lambda x, a: x[0].diag(a[0]),
        "diag_embed": lambda x, a: x[0].diag_embed(*a),
        "trace": lambda x, a: x[0].trace(),
        "tril": lambda x, a: x[0].tril(a[0]),
        "triu": lambda x, a: x[0].triu(a[0]),
        "tril_": in_place(lambda y, x, a: y.tril_(a[1])),
        "triu_": in_place(lambda y, x, a: y.triu_(a[1])),
        "flip": lambda x, a: x[0].flip(a),
        "roll": lambda x, a: x[0].roll(tuple(a[1 : 1 + a[0]]), tuple(a[1 + a[0] :])),
        "repeat": lambda x, a: x[0].repeat(a),
        "tile": lambda x, a: x[0].tile(a),
        "repeat_interleave": lambda x, a: x[0].repeat_interleave(a[0], a[1]),
        "pad": lambda x, a: F.pad(x[0], tuple(a[2:]), PAD_MODES[a[0]], a[1]),
        "diff": diff,
        "hstack": lambda x, a: torch.hstack(x),
        "vstack": lambda x, a: torch.vstack(x),
        "dstack": lambda x, a: torch.dstack(x),
    }
)
FIXED.update(meshgrid=[0, 1], split=[0, 1], tensor_split=[0, 1], chunk=[0], unbind=[0])
FIXED.update(roll=[0], diff=[2, 3], pad=[0], tril_=[0], triu_=[0])
VIEWS |= set("reshape view transpose t permute squeeze unsqueeze flatten expand slice narrow select".split())
VIEWS |= set("clone contiguous to_dtype to_device".split())
VIEWS |= set("view_as reshape_as ravel movedim unflatten expand_as broadcast_to meshgrid split tensor_split".split())
VIEWS |= set("chunk unbind unfold diagonal diag diag_embed flip roll repeat tile repeat_interleave pad".split())


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


# By operation: calls as (shape, numbers), for all dtypes and layouts; and calls that PyTorch refuses. It may refuse
# some dtypes of the first, too.
CALLS = {
    "squeeze": [((1, 3, 1), ()), ((1, 3, 1), (0, 2)), ((1, 3, 1), (-1, 1)), ((2, 1), (0, 1)), ((), (UNSET,))],
    "flatten": [((2, 3), ()), ((2, 3, 2), (1,)), ((2, 3, 2), (-2,)), ((), ())],
    "ravel": [((2, 3), ()), ((), ()), ((0, 3), ()), ((2, 1, 3), ())],
    "movedim": [
        ((2, 3), (0, 1)),
        ((2, 3, 4), (0, -1)),
        ((2, 3, 4), (-1, 0)),
        ((2, 3, 4), (1, 1)),
        ((2, 3, 4), (0, 2, -1, 0)),
        ((2, 3, 4), (0, 1, 2, 1)),
        ((2, 0, 3), (0, 1, 2, 2, 1, 0)),
    ],
    "unflatten": [
        ((6,), (0, 2, 3)),
        ((2, 6), (1, -1, 2)),
        ((6, 2), (-2, 3, 1, 2)),
        ((2, 3), (1, -1)),
        ((2, 0), (1, 0, 3)),
        ((2, 0), (1, -1, 3)),
        ((4, 3), (0, 2, 2)),
    ],
    "broadcast_to": [((3,), (2, 3)), ((2, 1), (2, 4)), ((3,), (2, -1)), ((), (2,)), ((1, 3), (0, 3))],
    "split": [
        ((5,), (0, 0, 0, 2)),
        ((5,), (2, 0, 0, 2)),
        ((5, 2), (1, 0, 0, 3)),
        ((2, 5), (1, 0, -1, 4)),
        ((2, 5), (0, 0, 1, 9)),
        ((0, 2), (0, 0, 0, 0)),
        ((0, 2), (0, 0, 0, 3)),
        ((5,), (1, 1, 0, 2, 3)),
        ((5, 2), (0, 1, 0, 1, 4, 0)),
        ((5, 2), (2, 1, 0, 1, 4, 0)),
        ((2, 5, 2), (2, 1, 1, 2, 1, 2)),
    ],
    "tensor_split": [
        ((5,), (0, 0, 0, 2)),
        ((5,), (1, 0, 0, 2)),
        ((3, 2), (3, 0, 0, 5)),
        ((2, 7), (1, 0, 1, 3)),
        ((5,), (1, 1, 0, 1, 3)),
        ((5,), (2, 1, 0, 3, 1)),
        ((5,), (1, 1, 0, 3, 1)),
        ((2, 5), (1, 1, -1, -1, 9)),
        ((5,), (0, 1, 0)),
    ],
    "chunk": [
        ((5,), (0, 0, 2)),
        ((5,), (1, 0, 2)),
        ((5,), (4, 0, 9)),
        ((2, 6), (2, 1, 4)),
        ((0, 2), (1, 0, 3)),
        ((3, 4), (0, -1, 1)),
    ],
    "unbind": [((3,), (1, 0)), ((3, 4), (2, 0)), ((3, 4), (0, 1)), ((2, 3, 2), (2, -2)), ((2, 0), (1, 0))],
    "unfold": [
        ((5,), (0, 2, 1)),
        ((5,), (0, 3, 2)),
        ((7,), (0, 2, 3)),
        ((5,), (0, 5, 1)),
        ((4, 5), (1, 3, 1)),
        ((4, 3), (0, 2, 1)),
        ((2, 5, 2), (-2, 2, 2)),
        ((), (0, 1, 1)),
        ((), (-1, 0, 2)),
        ((3,), (0, 0, 1)),
        ((0, 2), (0, 0, 1)),
        ((0, 3), (1, 2, 1)),
        ((5,), (0, 2, 1 << 62)),
    ],
    "diagonal": [
        ((3, 3), (0, 0, 1)),
        ((3, 4), (1, 0, 1)),
        ((3, 4), (-1, 0, 1)),
        ((3, 4), (2, 1, 0)),
        ((3, 4), (9, 0, 1)),
        ((3, 4), (-9, 0, 1)),
        ((2, 3, 4), (0, 0, 2)),
        ((2, 3, 4), (1, -1, -2)),
        ((2, 0, 3), (0, 0, 1)),
        ((3, 4), (-(1 << 60), 0, 1)),
    ],
    "diag": [
        ((3,), (0,)),
        ((3,), (2,)),
        ((3,), (-1,)),
        ((0,), (0,)),
        ((0,), (1,)),
        ((3, 4), (0,)),
        ((3, 4), (1,)),
        ((3, 4), (-2,)),
        ((3, 4), (4,)),
        ((0, 3), (0,)),
    ],
    "diag_embed": [
        ((3,), (0, -2, -1)),
        ((2, 3), (0, -2, -1)),
        ((2, 3), (1, 0, 2)),
        ((2, 3), (-1, 2, 0)),
        ((2, 3), (0, 1, 0)),
        ((2, 0), (0, -2, -1)),
        ((2, 0), (-2, -2, -1)),
    ],
    "trace": [((3, 3), ()), ((2, 4), ()), ((4, 2), ()), ((0, 3), ()), ((1, 1), ())],
    "tril": [
        ((3, 4), (0,)),
        ((4, 3), (0,)),
        ((3, 3), (1,)),
        ((3, 3), (-1,)),
        ((3, 3), (9,)),
        ((3, 3), (-9,)),
        ((2, 3, 3), (-1,)),
        ((2, 3, 2), (1,)),
        ((0, 3), (0,)),
        ((2, 3, 0), (0,)),
        ((1, 1), (0,)),
    ],
    "flip": [
        ((4,), (0,)),
        ((3, 4), (0,)),
        ((3, 4), (1,)),
        ((3, 4), (0, 1)),
        ((3, 4), (-1, 0)),
        ((2, 3, 4), (0, 2)),
        ((2, 3, 4), (1,)),
        ((2, 3, 4), (2, 1)),
        ((0, 3), (0, 1)),
        ((3, 4), ()),
        ((), ()),
        ((), (0,)),
    ],
    "roll": [
        ((5,), (1, 2)),
        ((5,), (1, -1, 0)),
        ((3, 4), (1, 5)),
        ((3, 4), (1, -2)),
        ((3, 4), (1, 1, 0)),
        ((3, 4), (1, -6, -1)),
        ((3, 4), (2, 1, 2, 0, 1)),
        ((3, 4), (2, 1, 1, 0, 0)),
        ((3, 4), (2, 2, 1, -1, 1)),
        ((2, 3, 4), (3, 1, 2, -1, 2, 0, 1)),
        ((2, 3, 4), (1, 1, 1)),
        ((0, 3), (1, 1, 0)),
        ((0, 3), (1, 1)),
        ((3,), (1, 0, 0)),
        ((3,), (1, -(1 << 61), 0)),
        ((), (1, 1)),
    ],
    "repeat": [
        ((3,), (2,)),
        ((3,), (2, 2)),
        ((2, 3), (1, 2)),
        ((2, 3), (2, 1)),
        ((2, 3), (2, 3)),
        ((2, 3), (1, 1)),
        ((2, 1, 2), (2, 3, 2)),
        ((2,), (2, 1, 2)),
        ((2, 3), (0, 2)),
        ((2, 3), (2, 0)),
        ((), (3,)),
        ((), ()),
        ((0, 2), (2, 2)),
    ],
    "tile": [((3,), (2,)), ((2, 3), (2,)), ((2, 3), (2, 1)), ((3,), (2, 2)), ((2, 3), ()), ((), (2,)), ((2, 2), (0,))],
    "repeat_interleave": [
        ((3,), (2, UNSET)),
        ((2, 3), (2, UNSET)),
        ((2, 3), (2, 0)),
        ((2, 3), (3, 1)),
        ((2, 3), (1, -1)),
        ((2, 2, 2), (2, 1)),
        ((2, 3), (0, 0)),
        ((2, 0), (3, 1)),
        ((), (2, UNSET)),
    ],
    "pad": [
        *[((2, 3), (mode, 0, *pads)) for mode in (1, 2, 3) for pads in [(1, 2), (2, 0), (0, 0), (-1, 1), (-1, -1), (0, -2)]],
        *[((1, 2, 3), (mode, 0, *pads)) for mode in (1, 2, 3) for pads in [(2, 1), (1, 1, 1, 0), (-1, -1, 1, 0)]],
        *[((1, 2, 3), (mode, 0, -1, 2, 1, -1)) for mode in (1, 2)],
        *[((1, 1, 2, 3), (mode, 0, *pads)) for mode in (1, 2, 3) for pads in [(1, 1, 0, 1), (1, 0, 1, 1, 0, 0)]],
        *[((1, 1, 2, 2, 3), (mode, 0, 1, 2, 1, 0, 1, 1)) for mode in (1, 2, 3)],
        *[((0, 2, 3), (mode, 0, 1, 2)) for mode in (1, 2, 3)],
        ((1, 2), (2, 0, 4, 5)),
        ((1, 3), (2, 0, -3, 1)),
        ((1, 3), (3, 0, -3, 0)),
        ((1, 3), (3, 0, 3, 3)),
        ((1, 3), (3, 0, -1, 2)),
        ((3,), (0, 0, 1, 2)),
        ((3,), (0, 1.5, 2, 0)),
        ((2, 3), (0, -1, 1, 0)),
        ((2, 3), (0, 2, 1, 0, 0, 2)),
        ((2, 3), (0, 0, -1, 1, 1, -1)),
        ((2, 3), (0, 3, -1, -1)),
        ((2, 3), (0, 3, -2, -1)),
        ((2, 3), (0, 3, -3, 2)),
        ((2, 3), (0, 3, 0, 0)),
        ((2, 3), (0, 3)),
        ((), (0, 1)),
        ((0, 3), (0, 7, 1, 1, 2, 0)),
        ((2, 2, 2), (0, 1, 1, 0, 0, 1, 1, 1)),
    ],
}
CALLS["triu"] = CALLS["tril"]
CALLS["tril_"] = [(s, (0, *a)) for s, a in CALLS["tril"]] + [((2, 3, 3), (1, 0)), ((3, 2, 4), (1, 1))]
CALLS["triu_"] = CALLS["tril_"]
REFUSED = {
    "squeeze": [((1, 1), (0, 0)), ((1, 1), (0, 2))],
    "movedim": [
        ((2, 3), (0, 2)),
        ((2, 3), (0, 0, 0, 1)),
        ((2, 3), (0, 1, 1, 1)),
        ((2, 3), (0, 1, 0)),
        ((2, 3), (-3, 0)),
    ],
    "unflatten": [
        ((6,), (0, 4, 2)),
        ((6,), (0, 4, -1)),
        ((6,), (0, -1, -1)),
        ((6,), (0, -2, -3)),
        ((6,), (0,)),
        ((6,), (1, 2, 3)),
        ((2, 0), (1, 0, -1)),
        ((), (0, 1)),
    ],
    "broadcast_to": [((3,), (2, 4)), ((3,), (-1, 3)), ((2, 3), (3,))],
    "split": [
        ((5,), (0, 0, 0, 0)),
        ((5,), (0, 0, 0, -1)),
        ((5,), (0, 0, 1, 2)),
        ((5,), (3, 0, 0, 2)),
        ((), (0, 0, 0, 1)),
        ((5,), (0, 1, 0, 2, 2)),
        ((5,), (0, 1, 0, 3, 3)),
        ((5,), (0, 1, 0, 6, -1)),
        ((5,), (0, 1, 0)),
        ((0,), (0, 1, 0)),
    ],
    "tensor_split": [((5,), (0, 0, 0, 0)), ((5,), (0, 0, 0, -1)), ((5,), (0, 0, 1, 1)), ((), (0, 0, 0, 1))],
    "chunk": [((5,), (0, 0, 0)), ((5,), (0, 0, -1)), ((5,), (0, 1, 1)), ((), (0, 0, 1)), ((5,), (3, 0, 3))],
    "unbind": [((5,), (0, 1)), ((), (0, 0)), ((5,), (5, 0)), ((0, 2), (0, 0))],
    "unfold": [
        ((3,), (0, 4, 1)),
        ((3,), (0, -1, 1)),
        ((3,), (0, 1, 0)),
        ((3,), (0, 1, -1)),
        ((3,), (1, 1, 1)),
        ((), (0, 2, 1)),
    ],
    "diagonal": [((3,), (0, 0, 1)), ((3, 3), (0, 1, 1)), ((3, 3), (0, 0, 2)), ((), (0, 0, 0)), ((3, 3), (0, -1, 1))],
    "diag": [((), (0,)), ((2, 2, 2), (0,))],
    "diag_embed": [((), (0, -2, -1)), ((2,), (0, 0, 0)), ((2,), (0, 0, 2)), ((2,), (0, -1, 1))],
    "trace": [((3,), ()), ((), ()), ((2, 2, 2), ())],
    "tril": [((3,), (0,)), ((), (0,))],
    "triu": [((3,), (0,)), ((), (0,))],
    "tril_": [((3,), (0, 0)), ((), (0, 0))],
    "triu_": [((3,), (0, 0)), ((), (0, 0))],
    "flip": [((2, 2), (0, 0)), ((2, 2), (0, -2)), ((2, 2), (2,)), ((), (1,))],
    "roll": [
        ((2, 3), (1, 1, 2)),
        ((2, 3), (2, 1, 2)),
        ((2, 3), (1, 1, 0, 1)),
        ((2, 3), (0,)),
        ((2, 3), (0, 1)),
        ((), (1, 1, 0)),
    ],
    "repeat": [((2,), (-1,)), ((2, 2), (2,)), ((2, 2), ())],
    "tile": [((2,), (-1,)), ((2, 2), (1, -2))],
    "repeat_interleave": [((2,), (-1, UNSET)), ((2,), (2, 1)), ((), (2, 0))],
    "pad": [
        ((3,), (0, 0, 1)),
        ((3,), (0, 0, 1, 1, 1, 1)),
        ((3,), (0, 0, -2, -2)),
        ((3,), (0, 0, -4, 2)),
        ((3,), (0, 0, 4, -4)),
        ((3,), (0, 1e40, 1, 1)),
        ((3,), (1, 0, 1, 1)),
        ((3,), (2, 0, 1, 1)),
        ((3,), (3, 0, 1, 1)),
        ((2, 3), (1, 0, 3, 0)),
        ((2, 3), (1, 0, 0, 3)),
        ((2, 3), (3, 0, 4, 0)),
        ((2, 3), (1, 0, -3, 0)),
        ((2, 3), (2, 0, -3, 0)),
        ((2, 3), (3, 0, -4, 0)),
        ((2, 3), (2, 0, -4, 0)),
        ((2, 3), (2, 1, 1, 1)),
        ((2, 3), (2, 0)),
        ((2, 3), (2, 0, 1, 1, 1, 1)),
        ((2, 3, 3, 3), (2, 0, 1, 1)),
        ((0, 3), (1, 0, 1, 1)),
        ((0, 3), (2, 0, 1, 1)),
        ((2, 0, 3), (2, 0, 1, 1)),
        ((2, 3, 0), (2, 0, 1, 1)),
        ((2, 3, 0), (1, 0, 1, 1)),
        ((2, 3, 0), (1, 0, 0, 0)),
        ((2, 3, 0), (3, 0, 1, 1)),
        ((2, 2, 2, 2, 2), (1, 0, 1, 1, 1, 1)),
    ],
}
ONE_NODE = {"ravel", "repeat_interleave"}  # in Wick, with another name than in PyTorch, which composes it


def has_gradient(op, x, a):
    """Whether a check of the gradient shows something: some of it is not zero."""
    x = x.clone().requires_grad_()
    return bool(torch.autograd.grad(RUN[op]([x], a).sum(), x)[0].any())


def calls():
    for op, table in CALLS.items():
        start(op)
        for n, (s, a) in enumerate(table):
            a = list(a)
            name = op not in ONE_NODE and not (op == "pad" and a[0] == 3) and not (op == "movedim" and s == ())
            for dt in FLOATS:
                x = uniform(s, dt)
                case(op, [x], a, check=dt == f64 and has_gradient(op, x, a), name=name)
            case(op, [uniform(s, DTYPES[2 + n % 3])], a, may_fail=True)
            for layout in "tse"[n % 3 :][: 3 if n < 6 else 1]:
                if len(s) >= (2 if layout == "t" else 1) and not (layout == "e" and s[0] == 0):
                    case(op, [In(uniform(s, f64), layout)], a, name=name)
    for op, table in REFUSED.items():
        start(op)
        for s, a in table:
            error(op, [uniform(s)], list(a))
    eight = uniform((2, 1, 2, 1, 2, 1, 1, 2))
    for op, a in [
        ("movedim", [7, 0]),
        ("unflatten", [-1, 2]),
        ("split", [1, 0, 7, 1]),
        ("unbind", [1, 7]),
        ("diagonal", [0, 0, 7]),
        ("tril", [0]),
        ("flip", [0, 4, 7]),
        ("roll", [2, 1, 1, 0, 7]),
        ("repeat", [1, 2, 1, 1, 2, 1, 1, 2]),
        ("repeat_interleave", [2, 4]),
        ("pad", [0, 1, *[1, 0] * 5]),
    ]:
        case(op, [eight], a, name=op not in ONE_NODE)
        case(op, [In(eight, "t")], a, name=op not in ONE_NODE)
    for value in [NAN, INF, -INF, -0.0, 1e30]:
        case("pad", [uniform(2)], [0, value, 1, 1])
    for dt in (i64, u8, bool_):
        for value in [NAN, INF, -1, 1.9, 300, 255.5, -0.5, 0.5]:
            case("pad", [uniform(2, dt)], [0, value, 1, 1], may_fail=True)
    edges = tensor(EDGES).reshape(4, 4)
    for op, a in [("tril", [0]), ("triu", [1]), ("flip", [1]), ("roll", [1, 3]), ("diag", [0]), ("repeat", [1, 2])]:
        case(op, [edges], a)
    case("pad", [edges], [1, 0, 1, 1])


def several():
    """Operations of several tensors."""
    for op, s, other in [
        ("view_as", (2, 3), (3, 2)),
        ("view_as", (6,), (1, 6)),
        ("view_as", (), (1,)),
        ("reshape_as", (2, 3), (6,)),
        ("reshape_as", (0, 3), (3, 0)),
        ("reshape_as", (2, 3), (2, 3)),
        ("expand_as", (3,), (2, 3)),
        ("expand_as", (2, 1), (2, 4)),
        ("expand_as", (), (2,)),
    ]:
        for dt in FLOATS:
            check = dt == f64 and 0 not in s
            case(op, [uniform(s, dt), In(uniform(other, dt), grad=False)], check=check)
        strided = In(uniform(s, f64), "s" if s else "c")
        case(op, [strided, In(uniform(other, i64))], may_fail=True, name=op != "reshape_as")
    error("view_as", [uniform((2, 3)), uniform(5)])
    error("view_as", [In(uniform((2, 3)), "t"), uniform(6)])
    error("reshape_as", [uniform((2, 3)), uniform((2, 2))])
    error("expand_as", [uniform((2, 3)), uniform((2, 4))])
    error("expand_as", [uniform((2, 3)), uniform(3)])
    for sizes in [[3], [2, 3], [(), 3], [2, 1, 3], [0, 2]]:
        for xy in (0, 1):
            for pick in range(len(sizes)):
                for dt in [f32, f64, DTYPES[2 + pick]]:
                    xs = [uniform(s, dt) for s in sizes]
                    case("meshgrid", xs, [pick, xy], check=dt == f64 and 0 not in sizes, name=xy == 0 or len(sizes) > 1)
        case("meshgrid", [In(uniform(s, f64), "s" if s != () else "c") for s in sizes], [0, 0])
    error("meshgrid", [uniform(2), uniform((2, 2))], [0, 0])
    error("meshgrid", [uniform(2), uniform(2, f64)], [0, 0])
    error("meshgrid", [uniform(2), uniform(2)], [2, 0])
    for s, dim in [((5,), -1), ((3, 4), 0), ((3, 4), 1), ((2, 3, 2), -2), ((0,), 0), ((2, 0), 1), ((1, 2), 0)]:
        for n in [1, 2, 0, 9]:
            for dt in FLOATS:
                x = uniform(s, dt)
                check = dt == f64 and 0 not in s and x.diff(n, dim).numel() > 0
                case("diff", [x], [n, dim, 0, 0], check=check, name=n != 0 and s[dim] != 0)
            case("diff", [uniform(s, DTYPES[2 + n % 3])], [n, dim, 0, 0])
        case("diff", [uniform(s, bool_)], [2, dim, 0, 0])
        case("diff", [uniform(s, u8)], [1, dim, 0, 0])
        for before, after in [(1, 0), (0, 2), (2, 1), (0, 0)]:
            joined = [list(s), list(s)]
            joined[0][dim], joined[1][dim] = before or 1, after or 1
            given = [j for j, size in zip(joined, (before, after)) if size]
            for dt in FLOATS:
                xs = [uniform(s, dt), *(uniform(j, dt) for j in given)]
                y = RUN["diff"](xs, [1, dim, before, after])
                check = dt == f64 and y.numel() > 0 and 0 not in s
                case("diff", xs, [1, dim, int(before > 0), int(after > 0)], check=check, name=y.numel() > 0)
    for layout in "tse":
        case("diff", [In(uniform((3, 4), f64), layout)], [1, 0, 0, 0])
    case("diff", [uniform(3), uniform(2, f64)], [1, 0, 1, 0])
    case("diff", [uniform(3, bool_), uniform(2, i64)], [1, 0, 0, 1])
    case("diff", [uniform(3), uniform(2)], [0, 0, 1, 0], name=False)
    case("diff", [tensor([INF, INF, NAN, 1.0, -0.0, 0.0])], [1, 0, 0, 0])
    error("diff", [uniform(())], [1, 0, 0, 0])
    error("diff", [uniform(3)], [-1, 0, 0, 0])
    error("diff", [uniform(3)], [1, 1, 0, 0])
    error("diff", [uniform(3), uniform(())], [1, 0, 1, 0])
    error("diff", [uniform((2, 3)), uniform(2)], [1, 1, 1, 0])
    error("diff", [uniform((2, 3)), uniform((1, 1))], [1, 1, 0, 1])
    for op in ["hstack", "vstack", "dstack"]:
        for s in [[(2,), (3,)], [(2,), (2,)], [(2, 3), (2, 3)], [(2, 3), (1, 3)], [(2, 2), (2, 1)], [(), ()], [(), (1,)], [(2, 2, 1), (2, 2, 1)], [(2,), (1, 2)], [(0,), (2,)], [(4,)]]:
            for dt in FLOATS:
                xs = [uniform(x, dt) for x in s]
                try:
                    RUN[op](xs, [])
                except RuntimeError:
                    error(op, xs)
                else:
                    case(op, xs, check=dt == f64 and (0,) not in s)
        case(op, [uniform(2, i64), uniform(2, u8)])
        case(op, [In(uniform((3, 3), f64), "t"), In(uniform((3, 3), f64), "s")])


def found():
    """What fuzz.py found."""
    case("diff", [uniform((2, 3))], [0, 3, 0, 0], name=False)
    case("cat", [uniform(0), uniform(0)], [2])


def cases():
    shapes()
    copies()
    calls()
    several()
    found()
