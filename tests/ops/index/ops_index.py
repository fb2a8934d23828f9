"""Cases of the indexing."""

import torch
import torch.nn.functional as F

from ops_record import (
    DTYPES,
    FLOATS,
    INF,
    NAN,
    RUN,
    UNSET,
    In,
    bool_,
    case,
    distinct,
    error,
    f32,
    f64,
    i64,
    in_place,
    tensor,
    u8,
    uniform,
)

ALL = -(2**63)  # WICK_ALL: a number that is no index


def indices(x):
    return tuple(slice(None) if isinstance(i, int) and i == ALL else i for i in x)


def put_(y, x, accumulate):
    """y[x[2:]] = x[1], or += x[1]."""
    where = indices(x[2:])
    if isinstance(x[1], torch.Tensor) or accumulate:
        value = torch.as_tensor(x[1], dtype=None if isinstance(x[1], torch.Tensor) else y.dtype)
        torch.ops.aten.index_put_(y, [None if isinstance(i, slice) else i for i in where], value, bool(accumulate))
    else:
        y[where] = x[1]
    return y


def unique(f):
    def run(x, a):
        options = {"sorted": bool(a[1])} if f is torch.unique else {}
        if len(a) > 2 and a[2] is not UNSET:
            options["dim"] = a[2]
        return f(x[0], return_inverse=True, return_counts=True, **options)[a[0]]

    return run


RUN.update(
    {
        "index": lambda x, a: x[0][indices(x[1:])],
        "index_put": lambda x, a: put_(x[0].clone(), x, a[0]),
        "index_put_": in_place(lambda y, x, a: put_(y, x, a[1])),
        "gather": lambda x, a: torch.gather(x[0], a[0], x[1]),
        "scatter": lambda x, a: torch.scatter(x[0], a[0], x[1], x[2]),
        "scatter_": in_place(lambda y, x, a: y.scatter_(a[1], x[1], x[2])),
        "scatter_add": lambda x, a: torch.scatter_add(x[0], a[0], x[1], x[2]),
        "scatter_add_": in_place(lambda y, x, a: y.scatter_add_(a[1], x[1], x[2])),
        "take": lambda x, a: torch.take(x[0], x[1]),
        "take_along_dim": lambda x, a: torch.take_along_dim(x[0], x[1], *a),
        "index_select": lambda x, a: torch.index_select(x[0], a[0], x[1]),
        "index_add": lambda x, a: torch.index_add(x[0], a[0], x[1], x[2], alpha=a[1]),
        "index_add_": in_place(lambda y, x, a: y.index_add_(a[1], x[1], x[2], alpha=a[2])),
        "index_copy": lambda x, a: torch.index_copy(x[0], a[0], x[1], x[2]),
        "index_copy_": in_place(lambda y, x, a: y.index_copy_(a[1], x[1], x[2])),
        "index_fill": lambda x, a: torch.index_fill(x[0], a[0], x[1], x[2]),
        "index_fill_": in_place(lambda y, x, a: y.index_fill_(a[1], x[1], x[2])),
        "embedding": lambda x, a: F.embedding(x[0], x[1], *a[:1], scale_grad_by_freq=len(a) > 1),
        "masked_select": lambda x, a: torch.masked_select(x[0], x[1]),
        "nonzero": lambda x, a: torch.nonzero(x[0]),
        "sort": lambda x, a: torch.sort(x[0], dim=a[0], descending=bool(a[1]), **({"stable": True} if a[2] else {}))[a[3]],
        "argsort": lambda x, a: torch.argsort(x[0], dim=a[0], descending=bool(a[1]), stable=bool(a[2])),
        "topk": lambda x, a: torch.topk(x[0], a[0], dim=a[1], largest=bool(a[2]), sorted=bool(a[3]))[a[4]],
        "kthvalue": lambda x, a: torch.kthvalue(x[0], a[0], dim=a[1], keepdim=bool(a[2]))[a[3]],
        "unique": unique(torch.unique),
        "unique_consecutive": unique(torch.unique_consecutive),
        "one_hot": lambda x, a: F.one_hot(x[0], *a),
        "bincount": lambda x, a: torch.bincount(x[0], *x[1:], minlength=a[0]),
        "searchsorted": lambda x, a: torch.searchsorted(x[0], x[1], right=bool(a[0])),
        "bucketize": lambda x, a: torch.bucketize(x[0], x[1], right=bool(a[0])),
    }
)


def mask(values):
    return tensor(values, bool_)


def at(values):
    """Indices: a list becomes a tensor; True and False, masks and numbers stay what they are."""
    return values if isinstance(values, (int, torch.Tensor)) else tensor(values, i64)


def constant(x):
    return In(x, grad=False)


def index_cases():
    for s, lists in [
        ((5,), [[0, 2, 2, -1]]),
        ((4, 3), [[3, 0, 3]]),
        ((4, 3), [[0, 1, 3], [2, 0, 2]]),
        ((4, 3), [[[0], [1]], [0, 2]]),
        ((4, 3), [tensor(2, i64)]),
        ((4, 3), [tensor(1, i64), tensor(-1, i64)]),
        ((4, 3), [[0, 1], tensor(2, i64)]),
        ((2, 3, 4), [[1, 0], [2, 2]]),
        ((2, 3, 4), [[1, 0], [2, 2], [0, 3]]),
        ((4, 3), [[]]),
        ((2, 3, 4), [[[0, 1], [1, 0]]]),
        ((4, 3), [[1, 1], [2, 2]]),
    ]:
        for dt in FLOATS:
            case("index", [uniform(s, dt), *map(at, lists)], check=dt == f64 and lists != [[]])
        case("index", [uniform(s, DTYPES[2 + len(s) % 3]), *map(at, lists)])
        for layout in "tse":
            if len(s) >= 2:
                case("index", [In(uniform(s, f64), layout), *map(at, lists)])
    case("index", [uniform((0, 3)), tensor([], i64)])
    error("index", [uniform((4, 3)), tensor([4], i64)])
    error("index", [uniform((4, 3)), tensor([-5], i64)])
    error("index", [uniform((4, 3)), tensor([0], i64), tensor([3], i64)])
    error("index", [uniform((4, 3)), tensor([0, 1], i64), tensor([0, 1, 2], i64)])
    error("index", [uniform(4), tensor([0], i64), tensor([0], i64)])
    error("index", [uniform(4), tensor([0.0])])

    rows, columns, grid = mask([True, False, True]), mask([True, True, False, True]), uniform((3, 4), bool_)
    some = [
        ((3, 4), [grid]),
        ((3, 4), [grid.to(u8)]),
        ((3, 4), [rows]),
        ((3, 4), [ALL, columns]),
        ((3, 4), [rows, 1]),
        ((3, 4), [rows, tensor([1, -1], i64)]),
        ((3, 4), [rows, tensor([2], i64)]),
        ((3, 4), [ALL, tensor([1, 1, -1], i64)]),
        ((3, 4), [ALL, tensor([[1], [0]], i64)]),
        ((3, 4), [2, tensor([1, 0], i64)]),
        ((3, 4), [tensor([1, 0], i64), ALL]),
        ((3, 4), [ALL, 1]),
        ((3, 4), [-1, ALL]),
        ((3, 4), [mask(True)]),
        ((3, 4), [mask(False)]),
        ((3, 4), [mask(True), tensor([0, 1], i64)]),
        ((3, 4), [ALL, mask(True)]),
        ((3, 4), [ALL, ALL, mask(True)]),
        ((3, 4), [mask(True), ALL, tensor([0, 1], i64)]),
        ((3, 4), [mask([False, False, False])]),
        ((2, 3, 4), [ALL, tensor([0, 2], i64)]),
        ((2, 3, 4), [ALL, ALL, tensor([0, 2, 2], i64)]),
        ((2, 3, 4), [ALL, tensor([0, 2], i64), ALL]),
        ((2, 3, 4), [ALL, tensor([0, 2], i64), tensor([[1], [3]], i64)]),
        ((2, 3, 4), [ALL, grid]),
        ((2, 3, 4), [tensor([1], i64), grid]),
        ((2, 3, 4), [mask([True, True]), ALL, columns[1:3].repeat(2)[:4]]),
        ((2, 3, 4), [tensor([0, 1, 1], i64), ALL, tensor([0, 3, 2], i64)]),
        ((2, 3, 4), [tensor([[0, 1]], i64), ALL, tensor([[0], [2]], i64)]),
        ((2, 3, 4), [tensor([0, 1], i64), 1, tensor([0, 2], i64)]),
        ((2, 3, 4), [0, ALL, tensor([0, 2, 1], i64)]),
        ((2, 3, 4), [ALL, tensor([0, 2, 1], i64), -1]),
        ((2, 3, 4), [tensor([1, 0], i64), ALL, 2]),
        ((2, 3, 4), [ALL, 1, ALL]),
        ((2, 3, 2, 2), [ALL, tensor([0, 1], i64), ALL, tensor([1, 0], i64)]),
        ((2, 3, 2, 2), [tensor([0, 1], i64), ALL, ALL, tensor([1, 0], i64)]),
        ((2, 3, 2, 2), [tensor([0, 1], i64), 2, ALL, tensor([1, 0], i64)]),
        ((2, 3, 2, 2), [ALL, tensor([0, 1], i64), 1]),
        ((2, 3, 2, 2), [ALL, tensor([0, 1], i64), 1, ALL]),
        ((2, 3, 2, 2), [ALL, 0, rows[:2], tensor([0], i64)]),
    ]
    for s, lists in some:
        advanced = any(isinstance(i, torch.Tensor) for i in lists)
        x = uniform(s, f64)
        case("index", [x, *map(constant_of, lists)], check=x[indices(lists)].numel() > 0, name=advanced)
        case("index", [In(uniform(s, f32), "t"), *map(constant_of, lists)], name=advanced)
    case("index", [uniform((3, 4), i64), mask([True, False, True])])
    case("index", [uniform((3, 4), bool_), ALL, In(tensor([1, 2, 3, 0], i64), "s")])
    case("index", [uniform((2, 3, 4), f32), In(tensor([[0, 1], [1, 1]], i64), "t"), ALL, In(mask([[True], [False], [True], [False]])[:, 0], "s")])
    case("index", [uniform((), f64), mask(True)], check=True)
    case("index", [uniform((), f64), mask(False)])
    case("index", [uniform((0, 3)), mask(torch.zeros(0).tolist())])
    case("index", [uniform((0, 3)), torch.zeros(0, 3, dtype=bool_)])
    case("index", [uniform((3, 0)), tensor([0, 2, 2], i64)])
    case("index", [uniform((1, 1, 1, 1, 1, 1, 2, 2), f64), ALL, tensor([0, 0, 0], i64), ALL, ALL])
    error("index", [uniform((3, 4)), mask([True, False])])
    error("index", [uniform((3, 4)), ALL, mask([True, False, True])])
    error("index", [uniform((3, 4)), mask([[True, False, True]])])
    error("index", [uniform((3, 4)), grid, tensor([1], i64)])
    error("index", [uniform((3, 4)), ALL, ALL, ALL])
    error("index", [uniform((3, 4)), rows, tensor([1, 2, 3], i64)])
    error("index", [uniform((3, 4)), 3])
    error("index", [uniform((3, 4)), ALL, -5])
    error("index", [uniform(()), 0])
    error("index", [uniform((0, 3)), tensor([0], i64)])
    error("index", [uniform((3, 0)), ALL, tensor([0], i64)])
    error("index", [uniform((3, 4)), tensor([0.0, 1.0], f64)])

    index_put_cases(some, rows, grid)


def constant_of(i):
    return constant(i) if isinstance(i, torch.Tensor) else i


def index_put_cases(some, rows, grid):
    for op, first in [("index_put", []), ("index_put_", [0])]:
        for accumulate in [0, 1]:
            a = first + [accumulate]
            for s, lists in some:
                numbers = [i for i in lists if isinstance(i, int)]
                tensors = [i for i in lists if isinstance(i, torch.Tensor)]
                if any(i != ALL for i in numbers) or not tensors or any(i.dim() == 0 for i in tensors):
                    continue  # for these, PyTorch writes to a view
                x = uniform(s, f64)
                places = torch.arange(x.numel()).reshape(s)[indices(lists)]
                once = places.unique().numel() == places.numel() > 0
                case(op, [x, uniform(places.shape, f64), *map(constant_of, lists)], a, check=once)
            x = (3, 4)
            case(op, [uniform(x), 2.5, grid], a, name=False)
            case(op, [uniform(x), 2, tensor([0, 2], i64)], a, name=False)
            case(op, [uniform(x, i64), 2, ALL, tensor([0, 2], i64)], a)
            case(op, [uniform(x, f64), uniform((4,), f64), tensor([0, -1], i64)], a, check=True)
            case(op, [uniform(x, f64), uniform((2, 1), f64), tensor([0, 2], i64)], a, check=True)
            case(op, [uniform(x, f64), uniform((), f64), tensor([0, 2], i64)], a, check=True)
            case(op, [In(uniform(x, f64), "t"), In(uniform((2, 4), f64), "s"), tensor([0, 2], i64)], a, check=True)
            case(op, [In(uniform(x, f32), "e"), In(uniform((2, 4), f32), "e"), tensor([0, 2], i64)], a)
            case(op, [uniform(x, f64), uniform((1,), f64), tensor([1, 1], i64), tensor([2, 2], i64)], a, check=accumulate == 1)
            case(op, [uniform(x, f64), uniform((3, 4), f64), tensor([1, 1, 0], i64)], a, check=accumulate == 1)
            for dt in [i64, u8, bool_]:
                case(op, [uniform(x, dt), uniform((2, 4), dt), tensor([1, 1], i64)], a)
            case(op, [uniform(x), uniform((0, 4)), tensor([], i64)], a)
            case(op, [uniform((0, 4)), uniform((0, 4)), tensor([], i64)], a)
            error(op, [uniform(x), uniform((2, 4), f64), tensor([0, 1], i64)], a)
            error(op, [uniform(x, i64), uniform((2, 4)), tensor([0, 1], i64)], a)
            error(op, [uniform(x), uniform((2,)), tensor([0, 1], i64)], a)
            error(op, [uniform(x), uniform((1, 2, 4)), tensor([0, 1], i64)], a)
            error(op, [uniform(x), uniform((6,)), torch.ones(3, 4, dtype=bool_)], a)
            error(op, [uniform(x), uniform(()), tensor([3], i64)], a)
            error(op, [uniform(x), uniform(()), tensor([-4], i64)], a)
            error(op, [uniform(x), uniform(()), mask([True, False])], a)
            error(op, [uniform(x), uniform(()), tensor([0.5])], a)
    case("index_put_", [uniform((3, 4), f64), uniform((), f64), tensor([0, -1], i64)], [1, 0], check=True, name=False)
    case("index_put_", [uniform((3, 4), f64), uniform((2,), f64), tensor([0, 0], i64)], [1, 1], check=True, name=False)
    case("index_put_", [uniform((3, 4), i64), uniform((), i64), mask([True, False, True, True])], [1, 0])


def element_cases():
    for s, d, index in [
        ((4,), 0, [3, 0, 0, 1, 2, 2]),
        ((3, 4), 1, [[0, 1], [3, 3], [2, 0]]),
        ((3, 4), 0, [[0, 1, 2, 0], [2, 1, 2, 1]]),
        ((3, 4), 0, [[1, 0]]),
        ((3, 4), -1, [[1, 0, 3, 3, 0]]),
        ((2, 3, 2), 0, [[[0, 1], [1, 0]]]),
        ((2, 3, 2), 1, [[[0, 1], [2, 0]], [[2, 2], [2, 1]]]),
        ((2, 3, 2), -1, [[[0, 1, 1]], [[1, 0, 0]]]),
        ((), 0, 0),
        ((), -1, [0, 0]),
        ((3,), 0, 2),
        ((3, 4), 1, []),
        ((3, 0), 0, [[], []]),
        ((1, 1), 1, [[0]]),
    ]:
        index = tensor(index, i64)
        some = index.numel() > 0
        for dt in FLOATS:
            case("gather", [uniform(s, dt), index], [d], check=some and dt == f64)
        case("gather", [uniform(s, DTYPES[2 + len(s) % 3]), index], [d])
        if len(s) >= 2 and 0 not in s:
            case("gather", [In(uniform(s, f64), "t"), In(index, "t" if index.dim() > 1 else "c")], [d], check=some)
            case("gather", [In(uniform(s, f32), "s"), In(index, "s")], [d])
            case("gather", [In(uniform(s, f32), "e"), In(index, "e")], [d])
        if index.dim() == len(s) and s and some:  # each place once, for what overwrites
            once = torch.argsort(uniform(s, f64), d)[tuple(slice(0, k) for k in index.shape)]
        else:
            once = index.reshape(-1)[:1] if index.dim() == 1 else index
        for op, first, i in [
            ("scatter", [], once),
            ("scatter_", [0], once),
            ("scatter_add", [], index),
            ("scatter_add_", [0], index),
        ]:
            for dt in FLOATS + [DTYPES[2 + len(s) % 3]]:
                case(op, [uniform(s, dt), i, uniform(i.shape, dt)], first + [d], check=dt == f64 and i.numel() > 0)
            if len(s) >= 2 and 0 not in s and i.numel():
                case(op, [In(uniform(s, f64), "t"), In(i, "t"), In(uniform(i.shape, f64), "s")], first + [d], check=True)
                case(op, [In(uniform(s, f32), "e"), i, In(uniform(i.shape), "e")], first + [d])
                larger = uniform(tuple(k + 1 for k in i.shape), f32)
                case(op, [uniform(s, f32), i, In(larger, grad=False)], first + [d])
            if op.startswith("scatter_add"):
                error(op, [uniform((3, 4)), tensor([[0]], i64), uniform((1, 1), f64)], first + [0])
            else:
                case(op, [uniform(s, f64), i, 2.5], first + [d], check=0 < i.numel() < uniform(s).numel())
                for number in [2, 1.75, True]:
                    case(op, [uniform(s, DTYPES[2 + d % 3]), i, number], first + [d])
    for op, first in [("scatter", []), ("scatter_", [0])]:
        case(op, [uniform((3, 4)), tensor([[0, 0]], i64), 4], first + [1])
    case("gather", [tensor([NAN, INF, -0.0]), tensor([2, 0, 1, 0], i64)], [0])
    case("scatter_add", [tensor([200, 1], u8), tensor([0, 0], i64), tensor([100, 7], u8)], [0])
    case("scatter_add", [tensor([2**62, 1], i64), tensor([0, 0], i64), tensor([2**53 + 1, 1], i64)], [0])
    case("scatter_add_", [uniform((3, 4), f64), tensor([0, 1, 1], i64), uniform((3,), f64)], [1, 0], check=True, name=False)
    case("scatter_", [uniform((3, 4), f64), tensor([3, 1], i64), uniform((2,), f64)], [1, 0], check=True, name=False)
    wrong = [
        ((3, 4), 1, tensor([[0, -1]], i64)),
        ((3, 4), 1, tensor([[4]], i64)),
        ((3, 4), 0, tensor([[3]], i64)),
        ((3, 4), 0, tensor([0], i64)),
        ((3, 4), 0, tensor([[0, 0, 0, 0, 0]], i64)),
        ((3, 4), 1, torch.zeros(4, 1, dtype=i64)),
        ((3, 4), 2, tensor([[0]], i64)),
        ((3, 4), -3, tensor([[0]], i64)),
        ((3, 4), 0, tensor([[0]], u8)),
        ((3, 4), 0, tensor([[0.0]])),
        ((3, 4), 0, tensor([[True]], bool_)),
        ((), 0, tensor(1, i64)),
        ((0, 3), 0, torch.zeros(1, 3, dtype=i64)),
    ]
    for s, d, index in wrong:
        error("gather", [uniform(s), index], [d])
        for op, first in [("scatter", []), ("scatter_", [0]), ("scatter_add", []), ("scatter_add_", [0])]:
            error(op, [uniform(s), index, uniform(index.shape)], first + [d])
    for op, first in [("scatter", []), ("scatter_", [0]), ("scatter_add", []), ("scatter_add_", [0])]:
        index = tensor([[0, 1]], i64)
        error(op, [uniform((3, 4)), index, uniform((1, 1))], first + [0])
        error(op, [uniform((3, 4)), index, uniform((1,))], first + [0])
        error(op, [uniform((3, 4)), index, uniform(())], first + [0])
        error(op, [uniform((3, 4)), index, uniform((1, 2), i64)], first + [0])

    for s, index in [
        ((3, 4), [[0, -1], [5, 5]]),
        ((3, 4), 3),
        ((3, 4), [[]]),
        ((6,), [-6, 5]),
        ((2, 2, 2), [7, 0, 0, -8]),
        ((), [0, -1, 0]),
        ((0,), []),
    ]:
        index = tensor(index, i64)
        for dt in FLOATS:
            case("take", [uniform(s, dt), index], check=dt == f64 and index.numel() > 0)
        for dt in [i64, u8, bool_]:
            case("take", [uniform(s, dt), index])
        if len(s) > 1:
            case("take", [In(uniform(s, f64), "t"), In(index, "s" if index.dim() else "c")])
    error("take", [uniform((3, 4)), tensor([12], i64)])
    error("take", [uniform((3, 4)), tensor([-13], i64)])
    error("take", [uniform((0,)), tensor([0], i64)])
    error("take", [uniform((3,)), tensor([0], u8)])
    error("take", [uniform((3,)), tensor([0.0])])

    for s, index, a in [
        ((3, 4), [[0], [1], [2]], [1]),
        ((3, 4), [[3]], [-1]),
        ((3, 4), [[0, 2, 1, 0]], [0]),
        ((3, 4), [[0], [2]], [0]),
        ((1, 4), [[0], [3], [1]], [1]),
        ((2, 1, 3), [[[0, 1], [2, 0]]], [2]),
        ((3, 4), [0, 11, 5], []),
        ((3, 4), [[0, 11]], []),
        ((3, 4), 3, []),
        ((), [0], []),
        ((3, 4), [[], [], []], [1]),
        ((3, 4), [[-1], [-4], [0]], [1]),
    ]:
        index = tensor(index, i64)
        for dt in FLOATS + [u8]:
            case("take_along_dim", [uniform(s, dt), index], a, check=dt == f64 and index.numel() > 0)
        if len(s) == 2 and a:
            case("take_along_dim", [In(uniform(s, f64), "t"), index], a, check=index.numel() > 0)
    for s, index, a in [
        ((3, 4), [0], [1]),
        ((3, 4), [[0, 3]], [0]),
        ((3, 4), [0, -1], []),
        ((3, 4), [12], []),
        ((3, 4), [[0]], [2]),
        ((), 0, [0]),
    ]:
        error("take_along_dim", [uniform(s), tensor(index, i64)], a)
    error("take_along_dim", [uniform((3, 4)), tensor([[0.0]])], [0])
    error("take_along_dim", [uniform((3, 4)), tensor([[0]], u8)], [0])


def slice_cases():
    for s, d, index in [
        ((4,), 0, [3, 0, 0, 1]),
        ((3, 4), 0, [0, 2, 2]),
        ((3, 4), 1, [3, 3, 0, 1, 2]),
        ((3, 4), -2, 1),
        ((2, 3, 2), 1, [2, 0]),
        ((2, 3, 2), 2, [1, 1, 0]),
        ((2, 3, 2), 0, [1]),
        ((3, 4), 0, []),
        ((2, 0), 0, [1, 0]),
        ((2, 0), 1, []),
        ((), 0, 0),
        ((), 0, [0]),
    ]:
        index = tensor(index, i64)
        part = tuple(index.numel() if k == d % len(s) else s[k] for k in range(len(s)))
        some = index.numel() > 0 and 0 not in s
        for dt in FLOATS + [DTYPES[2 + len(s) % 3]]:
            case("index_select", [uniform(s, dt), index], [d], check=some and dt == f64)
        if len(s) >= 2 and 0 not in s:
            case("index_select", [In(uniform(s, f64), "t"), In(index, "s" if index.dim() else "c")], [d], check=some)
            case("index_select", [In(uniform(s, f32), "s"), index], [d])
            case("index_select", [In(uniform(s, f32), "e"), index], [d])
        once = index.unique(sorted=False) if index.dim() else index
        covered = tuple(once.numel() if k == d % len(s) else s[k] for k in range(len(s)))
        for op, first, i, shape, last in [
            ("index_add", [], index, part, [1]),
            ("index_add", [], index, part, [-0.5]),
            ("index_add_", [0], index, part, [1]),
            ("index_add_", [0], index, part, [2]),
            ("index_copy", [], once, covered, []),
            ("index_copy_", [0], once, covered, []),
        ]:
            if "add" in op and s == () and index.dim():
                continue
            for dt in FLOATS + [DTYPES[2 + len(s) % 3]]:
                if last == [-0.5] and dt not in FLOATS:
                    continue
                case(op, [uniform(s, dt), i, uniform(shape, dt)], first + [d] + last, check=some and dt == f64)
            if len(s) >= 2 and some:
                case(op, [In(uniform(s, f64), "t"), i, In(uniform(shape, f64), "t")], first + [d] + last, check=True)
                case(op, [In(uniform(s, f32), "e"), i, In(uniform(shape), "s")], first + [d] + last)
        for op, first in [("index_fill", []), ("index_fill_", [0])]:
            left = some and s and index.unique().numel() < s[d]
            case(op, [uniform(s, f64), index, 2.5], first + [d], check=left)
            case(op, [uniform(s, f64), index, uniform((), f64)], first + [d], check=some)
            case(op, [uniform(s, f32), index, 3], first + [d])
            case(op, [uniform(s, DTYPES[2 + len(s) % 3]), index, 2.5], first + [d])
            if len(s) >= 2 and some:
                case(op, [In(uniform(s, f64), "t"), index, uniform((), f64)], first + [d], check=True)
                case(op, [In(uniform(s, f32), "e"), index, 1], first + [d])
                case(op, [uniform(s, f64), index - s[d], 1.5], first + [d], check=left)
    case("index_add", [tensor([200, 1], u8), tensor([0, 0], i64), tensor([100, 7], u8)], [0, 3])
    case("index_add", [tensor([3, 4], i64), tensor([1, 1], i64), tensor([5, -2], i64)], [0, -2])
    case("index_copy", [uniform((3, 2)), tensor([0, 0], i64), uniform((2, 2))], [0])
    case("index_copy", [uniform((3,), f64), tensor([2], i64), uniform((), f64)], [0], check=True)
    case("index_copy", [uniform((), f64), tensor(0, i64), uniform((1,), f64)], [0], check=True)
    case("index_fill", [uniform((2, 2), i64), tensor([1], i64), In(uniform((), f32), grad=False)], [0])
    case("index_add_", [uniform((3, 4), f64), tensor([3, 3], i64), uniform((2,), f64)], [1, 0, 1], check=True, name=False)
    case("index_copy_", [uniform((3, 4), f64), tensor([3, 1], i64), uniform((2,), f64)], [1, 0], check=True, name=False)
    case("index_fill_", [uniform((3, 4), f64), tensor([3, 1], i64), uniform((), f64)], [1, 0], check=True, name=False)
    for index in [tensor([3], i64), tensor([-4], i64), tensor([[1]], i64), tensor([0], u8), tensor([0.0]), tensor([True], bool_)]:
        source = uniform((1, 4))
        error("index_select", [uniform((3, 4)), index], [0])
        for op, first, last in [("index_add", [], [1]), ("index_add_", [0], [1]), ("index_copy", [], []), ("index_copy_", [0], [])]:
            error(op, [uniform((3, 4)), index, source], first + [0] + last)
        for op, first in [("index_fill", []), ("index_fill_", [0])]:
            error(op, [uniform((3, 4)), index, 1.0], first + [0])
    zero = tensor([0], i64)
    error("index_select", [uniform((3, 4)), tensor([-1], i64)], [0])
    error("index_select", [uniform((3, 4)), zero], [2])
    error("index_select", [uniform(()), tensor([0, 0], i64)], [0])
    error("index_select", [uniform(()), tensor([1], i64)], [0])
    error("index_select", [uniform((0, 3)), zero], [0])
    for op, first, last in [("index_add", [], [1]), ("index_add_", [0], [1]), ("index_copy", [], []), ("index_copy_", [0], [])]:
        error(op, [uniform((3, 4)), tensor([-1], i64), uniform((1, 4))], first + [0] + last)
        error(op, [uniform((3, 4)), zero, uniform((1, 3))], first + [0] + last)
        error(op, [uniform((3, 4)), zero, uniform((2, 4))], first + [0] + last)
        error(op, [uniform((3, 4)), zero, uniform((4,))], first + [0] + last)
        error(op, [uniform((3, 4)), zero, uniform((1, 4), f64)], first + [0] + last)
        error(op, [uniform((3, 4)), zero, uniform((1, 4))], first + [2] + last)
    error("index_fill", [uniform((3, 4)), zero, uniform((1,))], [0])

    for index in [[0, 2, 2, 1], [[1, 0], [3, 3]], 2, [], [[[0], [3]]]]:
        index = tensor(index, i64)
        for dt in FLOATS:
            for a in [[], [2], [-1]]:
                padded = a and (index == a[0] % 4).any()
                check = dt == f64 and index.numel() > 0 and not padded
                case("embedding", [index, uniform((4, 3), dt)], a, check=check)
        case("embedding", [index, uniform((4, 3), i64)])
    case("embedding", [tensor([1, 0], i64), In(uniform((4, 3), f64), "t")], [2], check=True)
    case("embedding", [In(tensor([[1, 0], [2, 2]], i64), "t"), In(uniform((4, 3), f32), "s")])
    case("embedding", [tensor([1, 0], i64), In(uniform((4, 3), f32), "e")])
    case("embedding", [tensor([], i64), uniform((0, 3))])
    case("embedding", [tensor([1], i64), uniform((2, 0))])
    case("embedding", [tensor([1, 0], i64), uniform((2, 2), bool_)])
    error("embedding", [tensor([4], i64), uniform((4, 3))])
    error("embedding", [tensor([-1], i64), uniform((4, 3))])
    error("embedding", [tensor([0], i64), uniform((4, 3))], [4])
    error("embedding", [tensor([0], i64), uniform((4, 3))], [-5])
    error("embedding", [tensor([0], i64), uniform((4,))])
    error("embedding", [tensor([0], i64), uniform((4, 3, 2))])
    error("embedding", [tensor([0], i64), uniform(())])
    error("embedding", [tensor([0.0]), uniform((4, 3))])
    error("embedding", [tensor([0], u8), uniform((4, 3))])
    for dt in FLOATS:  # the gradient by frequency, which is no derivative; counts that divide exactly
        case("embedding", [tensor([[1, 0, 3], [1, 1, 1]], i64), uniform((4, 3), dt)], [2, 1])
        case("embedding", [tensor([1, 1], i64), uniform((2, 2), dt)], [1, 1])
        case("embedding", [tensor([], i64), uniform((3, 2), dt)], [0, 1])


def mask_cases():
    for s, m in [
        ((3, 4), uniform((3, 4), bool_)),
        ((3, 4), mask([True, False, True, True])),
        ((3, 4), mask([[True], [False], [True]])),
        ((3, 4), mask(True)),
        ((), uniform((2, 2), bool_)),
        ((), mask(True)),
        ((), mask(False)),
        ((2,), mask([[True, False], [True, True]])),
        ((3, 1), mask([[True, False]])),
        ((3, 4), torch.zeros(3, 4, dtype=bool_)),
        ((0,), torch.zeros(0, dtype=bool_)),
        ((2, 3, 2), uniform((2, 3, 2), bool_)),
    ]:
        for dt in DTYPES:
            x = uniform(s, dt)
            case("masked_select", [x, m], check=dt == f64 and torch.masked_select(x, m).numel() > 0)
        if len(s) == 2:
            case("masked_select", [In(uniform(s, f64), "t"), In(m, "t" if m.dim() > 1 else "c")])
            case("masked_select", [In(uniform(s, f64), "e"), In(m, "s" if m.dim() else "c")])
    error("masked_select", [uniform((3, 4)), mask([True, False])])
    error("masked_select", [uniform((3, 4)), tensor([1, 0, 0, 1], u8)])
    error("masked_select", [uniform((3, 4)), tensor([1, 0, 0, 1], i64)])
    error("masked_select", [uniform((2,)), tensor([1.0, 0.0])])

    for dt in DTYPES:
        for s in [(), (1,), (6,), (3, 4), (2, 2, 3), (0,), (0, 3), (2, 0)]:
            case("nonzero", [constant((uniform(s, dt) * uniform(s, bool_)).to(dt))])
    case("nonzero", [constant(tensor(0.0))])
    case("nonzero", [constant(tensor([NAN, 0.0, -0.0, INF, 1e-45]))])
    case("nonzero", [In(uniform((3, 4), i64), "t")])
    case("nonzero", [In(uniform((3, 4), bool_), "s")])
    case("nonzero", [In(uniform((3, 4), u8), "e")])


def order_cases():
    specials = [3.0, NAN, 1.0, INF, -0.0, 0.0, -INF, NAN, 1.0, 1e-40, -1e-40, -3.5]
    for dt in FLOATS + [i64, u8, bool_]:
        smooth = dt in FLOATS
        x = (lambda s: distinct(s, dt)) if smooth else (lambda s: uniform(s, dt))
        for s, d in [((), -1), ((1,), 0), ((7,), 0), ((3, 4), -1), ((3, 4), 0), ((2, 3, 4), 1), ((2, 3, 4), -1)]:
            for descending in [0, 1]:
                stable = descending ^ (len(s) & 1)
                case("sort", [x(s)], [d, descending, stable, 0], check=dt == f64)
                case("sort", [x(s)], [d, descending, 0, 1])
                case("argsort", [x(s)], [d, descending, stable])
        for s, d in [((0,), 0), ((0, 3), -1), ((0, 3), 0), ((3, 0), 1)]:
            case("sort", [uniform(s, dt)], [d, 0, 0, 0])
            case("argsort", [uniform(s, dt)], [d, 1, 0])
        for layout in "tse":
            case("sort", [In(x((3, 4)), layout)], [0, 0, 0, 0])
            case("sort", [In(x((3, 4)), layout)], [1, 1, 0, 1])
        # Rows long enough to be sorted by bytes.
        for n in [60, 300] if dt in (f32, i64) else [60]:
            for descending in [0, 1]:
                long = uniform(n, dt) if dt != i64 else uniform(n, f64, -1e15, 1e15).to(i64)
                case("sort", [constant(long)], [0, descending, 0, 0])
                case("sort", [constant(long)], [0, descending, 1, 1])
                case("argsort", [constant(long)], [0, descending, 1])
        case("sort", [constant(uniform((60, 2), dt))], [0, 0, 1, 1])
        if smooth:
            for values in [specials, specials * 6]:
                for descending in [0, 1]:
                    case("sort", [tensor(values, dt)], [0, descending, 1, 0])
                    case("argsort", [tensor(values, dt)], [0, descending, 1])
        error("sort", [x((3, 4))], [2, 0, 0, 0])
        error("argsort", [x((3, 4))], [-3, 0, 0])
    case("sort", [tensor([-(2**63), 2**63 - 1, 0, -1, 2**53 + 1, 2**53], i64)], [0, 0, 0, 0])

    for dt in FLOATS + [i64, u8]:
        smooth = dt in FLOATS
        for s, k, d in [
            ((), 1, 0),
            ((), 0, -1),
            ((7,), 3, 0),
            ((7,), 7, -1),
            ((3, 4), 2, -1),
            ((3, 4), 0, -1),
            ((3, 4), 2, 0),
            ((2, 3, 4), 2, 1),
            ((2, 3, 4), 1, -1),
            ((60,), 20, 0),
            ((0, 3), 1, 1),
            ((0, 3), 0, 0),
        ]:
            for largest in [0, 1]:
                case("topk", [distinct(s, dt) if smooth else uniform(s, dt)], [k, d, largest, 1, 0], check=dt == f64 and 0 not in s + (k,))
                if smooth or dt == i64:
                    case("topk", [distinct(s, f64).mul(10).to(dt)], [k, d, largest, 1, 1])
        if smooth:
            case("topk", [In(distinct((3, 4), dt), "t")], [2, 0, 1, 1, 0])
            case("topk", [In(distinct((3, 4), dt), "s")], [2, 1, 1, 1, 1])
            case("topk", [constant(tensor([1.0, NAN, 3.0, INF, NAN], dt))], [3, 0, 1, 1, 0])
            case("topk", [constant(tensor([1.0, NAN, 3.0, -INF, NAN], dt))], [4, 0, 0, 1, 0])
            for s, k, d in [((7,), 1, 0), ((3, 5), 3, -1), ((3, 5), 2, 0), ((2, 3, 4), 3, 1), ((), 1, 0), ((60,), 33, 0)]:
                for keepdim in [0, 1]:
                    case("kthvalue", [distinct(s, dt)], [k, d, keepdim, 0], check=dt == f64)
                    case("kthvalue", [distinct(s, dt)], [k, d, keepdim, 1])
            case("kthvalue", [tensor([1.0, NAN, 0.0, 2.0], dt)], [4, 0, 0, 1])
            case("kthvalue", [In(distinct((3, 4), dt), "t")], [2, 0, 0, 0])
        case("kthvalue", [uniform((3, 5), dt)], [3, 1, 0, 0])
        for op, k, last in [("topk", 5, [1, 1, 0]), ("topk", -1, [1, 1, 0]), ("kthvalue", 5, [0, 0]), ("kthvalue", 0, [0, 0])]:
            error(op, [uniform((3, 4), dt)], [k, 1, *last])
        error("topk", [uniform((3, 4), dt)], [1, 2, 1, 1, 0])
        error("kthvalue", [uniform((3, 4), dt)], [1, -3, 0, 0])
    error("topk", [uniform((), f32)], [2, 0, 1, 1, 0])
    error("topk", [uniform((3,), bool_)], [2, 0, 1, 1, 0])
    error("kthvalue", [uniform((3,), bool_)], [2, 0, 0, 0])


def unique_cases():
    for op in ["unique", "unique_consecutive"]:
        for which in [0, 1, 2]:
            for dt in DTYPES:
                whole = constant(tensor([3, 1, 1, 2, 0, 3, 3], dt))
                case(op, [whole], [which, 1, UNSET])
                case(op, [whole], [which, 0, UNSET])
                case(op, [constant(tensor([[3, 1], [3, 1], [1, 2], [3, 1]], dt))], [which, 1, 0])
                case(op, [constant(tensor([[3, 3, 1, 3], [1, 1, 2, 1]], dt))], [which, 1, -1])
            case(op, [constant(uniform((2, 3, 4), u8))], [which, 1, UNSET])
            case(op, [constant((uniform((2, 5, 2), u8) // 4).to(f32))], [which, 1, 1])
            case(op, [constant((uniform((70,), i64)))], [which, 1, UNSET])
            case(op, [constant((uniform((70, 2), i64) // 3))], [which, 1, 0])
            case(op, [In((uniform((3, 4), i64) // 2), "t")], [which, 1, UNSET])
            case(op, [In((uniform((4, 3), i64) // 3), "t")], [which, 1, 0])
            case(op, [In(uniform((3, 4), i64), "e")], [which, 1, 0])
            case(op, [In(uniform((3, 4), f32), "s", grad=False)], [which, 1, 1])
            for x in [
                tensor(3.0),
                torch.zeros(0),
                torch.zeros(0, 3),
                tensor([3.0, NAN, 1.0, NAN, -0.0, 0.0]),
                tensor([NAN, NAN, 0.0, -0.0]),
                tensor([2**53, 2**53 + 1, 2**53], i64),
            ]:
                case(op, [constant(x)], [which, 1, UNSET])
            case(op, [constant(torch.zeros(0, 3))], [which, 1, 0], may_fail=True)
            case(op, [constant(tensor([[0.0, 3.0], [-0.0, 3.0], [0.0, 1.0]]))], [which, 1, 0])
            case(op, [constant(tensor([[3.0, NAN], [3.0, NAN], [1.0, 2.0]]))], [which, 1, 0])
        error(op, [constant(uniform((3, 4)))], [0, 1, 2])
        error(op, [constant(torch.zeros(3, 0))], [0, 1, 0])
        error(op, [constant(torch.zeros(0, 0))], [0, 1, 0])
    error("unique", [constant(uniform(()))], [0, 1, 0])


def bin_cases():
    for classes in [[0, 2, 1], [[0, 1], [1, 0]], 2, [[[3]], [[0]]]]:
        case("one_hot", [tensor(classes, i64)])
        case("one_hot", [tensor(classes, i64)], [-1])
        case("one_hot", [tensor(classes, i64)], [5])
    case("one_hot", [In(tensor([[0, 1, 2], [1, 0, 3]], i64), "t")], [4])
    case("one_hot", [tensor([], i64)], [3])
    case("one_hot", [torch.zeros(2, 0, dtype=i64)], [3])
    for classes, a in [
        (tensor([0, 2, 1], i64), [2]),
        (tensor([0, -1], i64), [-1]),
        (tensor([0, -1], i64), [3]),
        (tensor([0], i64), [0]),
        (tensor([0], i64), [-2]),
        (tensor([], i64), []),
        (tensor([], i64), [0]),
        (tensor([0.0, 1.0]), []),
        (tensor([0, 1], u8), []),
        (tensor([True], bool_), []),
    ]:
        error("one_hot", [constant(classes)], a)

    for dt in [i64, u8]:
        x = tensor([0, 1, 1, 5, 0, 1], dt)
        for minlength in [0, 3, 8]:
            case("bincount", [x], [minlength])
            for w in [f32, f64, i64, u8, bool_]:
                case("bincount", [x, constant(uniform(6, w))], [minlength])
    case("bincount", [In(tensor([0, 1, 1, 5], i64), "s"), In(uniform(4, f32), "s", grad=False)], [0])
    case("bincount", [tensor([], i64)], [0])
    case("bincount", [tensor([], i64)], [3])
    case("bincount", [tensor([], i64), constant(torch.zeros(0))], [2])
    error("bincount", [tensor([-1], i64)], [0])
    error("bincount", [tensor([0, 1], i64)], [-1])
    error("bincount", [tensor([[0]], i64)], [0])
    error("bincount", [tensor(0, i64)], [0])
    error("bincount", [constant(tensor([0.0]))], [0])
    error("bincount", [tensor([True], bool_)], [0])
    error("bincount", [tensor([0, 1], i64), constant(tensor([1.0]))], [0])
    error("bincount", [tensor([0, 1], i64), constant(tensor([[1.0, 2.0]]))], [0])

    for dt in FLOATS + [i64, u8]:
        row, v = tensor([1, 3, 3, 5], dt), tensor([0, 1, 2, 3, 5, 9], dt)
        for right in [0, 1]:
            case("searchsorted", [constant(row), constant(v)], [right])
            case("searchsorted", [constant(row), constant(v.reshape(2, 3))], [right])
            case("searchsorted", [constant(row), constant(v[3])], [right])
            case("searchsorted", [constant(row), 3], [right])
            case("searchsorted", [constant(row), 3.0], [right])
            case("searchsorted", [constant(tensor([[1, 3, 5], [0, 1, 2]], dt)), constant(tensor([[3, 9], [1, 0]], dt))], [right])
            case("searchsorted", [In(tensor([[0, 3], [1, 5]], dt), "t", grad=False), In(v.reshape(2, 3), "t", grad=False)], [right])
            case("searchsorted", [constant(row[:0]), constant(v)], [right])
            case("searchsorted", [constant(row), constant(v[:0])], [right])
            case("bucketize", [constant(v), constant(row)], [right])
            case("bucketize", [constant(v.reshape(2, 3)), constant(row)], [right])
            case("bucketize", [3, constant(row)], [right])
    for right in [0, 1]:
        case("searchsorted", [constant(tensor([1.0, 3.0, 5.0])), constant(tensor([NAN, INF, -INF, -0.0]))], [right])
        case("searchsorted", [constant(tensor([1.0, NAN])), constant(tensor([1.0, NAN, 2.0]))], [right])
        case("searchsorted", [constant(tensor([2**53, 2**53 + 2], i64)), constant(tensor([2**53 + 1], i64))], [right])
    case("bucketize", [constant(tensor([0, 3, 9], i64)), constant(tensor([1.0, 3.5, 5.0]))], [0])
    error("searchsorted", [constant(tensor([[1.0, 3.0], [0.0, 1.0]])), constant(tensor([3.0]))], [0])
    error("searchsorted", [constant(tensor([[1.0, 3.0], [0.0, 1.0]])), 3.0], [0])
    error("searchsorted", [constant(tensor([[1.0, 3.0]])), constant(tensor([[3.0], [1.0]]))], [0])
    error("searchsorted", [constant(tensor(1.0)), constant(tensor([3.0]))], [0])
    error("searchsorted", [tensor([False, True], bool_), tensor([True], bool_)], [0])
    error("bucketize", [constant(tensor([1.0])), constant(tensor([[3.0], [1.0]]))], [0])
    error("bucketize", [constant(tensor([1.0])), constant(tensor(3.0))], [0])


def found():
    """What fuzz.py found."""
    for dt in [f32, f64, i64, u8]:  # boundaries of bool, for values of other dtypes
        case("bucketize", [tensor([0, 1, 2], dt), tensor([0, 1], bool_)], [0])
    error("bucketize", [tensor([0, 1], bool_), tensor([0, 1], bool_)], [0])
    zero = tensor([0], i64)
    case("index_put", [uniform((3, 2)), 2, tensor([1, 1], i64)], [1])  # twice
    case("index_put_", [uniform((3, 2), bool_), 2.5, tensor([True, False, True], bool_)], [0, 1])
    for v in [300, -1.5, -256]:
        error("scatter", [uniform(3, u8), zero, v], [0])
        error("index_fill", [uniform(3, u8), zero, v], [0])
    error("scatter", [uniform(3), zero, 1e300], [0])



def cases():
    index_cases()
    element_cases()
    slice_cases()
    mask_cases()
    order_cases()
    unique_cases()
    bin_cases()
    found()
