"""Cases of the reductions."""

import torch

from ops_record import (
    DTYPES,
    FLOATS,
    INF,
    NAN,
    RUN,
    In,
    bool_,
    case,
    distinct,
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


def reduce(f, option=None):
    """Numbers: 0 for all, 1 for .dim, 2 for .dims; keepdim; an option of the operation's own; the dimensions. The option is
    the argument of that name, or else 1 to return the indices and 2 + k for dtype=DTYPES[k]."""

    def run(x, a):
        how, keepdim, own, dims = a[0], bool(a[1]), a[2], [int(d) for d in a[3:]]
        more = {option: own} if option else {"dtype": DTYPES[own - 2]} if own > 1 else {}
        if how == 0:
            return f(x[0], dim=None, keepdim=True, **more) if keepdim else f(x[0], **more)
        y = f(x[0], dim=dims[0] if how == 1 else dims, keepdim=keepdim, **more)
        return y if isinstance(y, torch.Tensor) else y.indices if own == 1 else y.values

    return run


def logsumexp(x, dim=None, keepdim=False):
    """Wick's goes over all dimensions without dim; PyTorch's insists on them."""
    dim = list(range(x.dim())) or 0 if dim is None else dim
    return torch.logsumexp(x, dim, keepdim)


RUN.update(
    {
        "sum": reduce(torch.sum),
        "mean": reduce(torch.mean),
        "nansum": reduce(torch.nansum),
        "nanmean": reduce(torch.nanmean),
        "prod": reduce(torch.prod),
        "count_nonzero": lambda x, a: torch.count_nonzero(x[0], None if a[0] == 0 else list(a[3:])),
        "any": reduce(torch.any),
        "all": reduce(torch.all),
        "max": reduce(torch.max),
        "min": reduce(torch.min),
        "argmax": reduce(torch.argmax),
        "argmin": reduce(torch.argmin),
        "amax": reduce(lambda x, dim=None, keepdim=False: torch.amax(x, () if dim is None else dim, keepdim)),
        "amin": reduce(lambda x, dim=None, keepdim=False: torch.amin(x, () if dim is None else dim, keepdim)),
        "median": reduce(torch.median),
        "logsumexp": reduce(logsumexp),
        "var": reduce(torch.var, "correction"),
        "std": reduce(torch.std, "correction"),
        "norm": reduce(torch.norm, "p"),
        "cumsum": lambda x, a: torch.cumsum(x[0], a[0]),
        "cumprod": lambda x, a: torch.cumprod(x[0], a[0]),
        "cumsum_": in_place(lambda y, x, a: y.cumsum_(a[1])),
        "cumprod_": in_place(lambda y, x, a: y.cumprod_(a[1])),
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
    totals()
    truths()
    orders()
    statistics()
    running()


SHAPES = [(), (1,), (5,), (2, 3), (2, 3, 4)]
PLACES = [((), 0), ((), -1), ((4,), 0), ((2, 3), 0), ((2, 3), -1), ((2, 3, 4), 1), ((2, 3, 4), 0), ((2, 1, 3), 1)]
EMPTY = [
    ((0,), [0, 0, 0]),
    ((0, 3), [0, 0, 0]),
    ((0, 3), [1, 0, 0, 0]),
    ((0, 3), [1, 0, 0, 1]),
    ((2, 0, 3), [1, 1, 0, 0]),
    ((2, 0, 3), [1, 0, 0, 1]),
]


def grid(op, x, own=0, several=True, keep_all=True, check=False, name=True, may_fail=False, layouts="tse"):
    """The forms of a call: whole, by dimension and dimensions, in every layout; x makes an input of a shape."""

    def one(v, a, check=check):
        a = [a[0], a[1], own, *a[3:]]
        case(op, [v], a, check=check, name=name, may_fail=may_fail)

    for s in SHAPES:
        one(x(s), [0, 0, 0])
    if keep_all:
        one(x((2, 3)), [0, 1, 0])
        one(x(()), [0, 1, 0])
    for i, (s, d) in enumerate(PLACES):
        one(x(s), [1, i % 2, 0, d])
    one(x((2, 3)), [1, 0, 0, 0])
    if several:
        for i, dims in enumerate([(0, 1), (0, 2), (-1, 0), (0, 1, 2), (1,)]):
            one(x((2, 3, 4)), [2, i % 2, 0, *dims])
        one(x((2, 1, 2, 1, 2, 1, 2, 2)), [2, 0, 0, 0, 2, 5, 7], False)
    for layout in layouts:
        for a in [[0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 1]]:
            one(In(x((3, 4)), layout), a, check and layout != "e")
    one(In(x((2, 3, 4)), "t"), [2, 0, 0, 0, 2] if several else [1, 0, 0, 1])


def refusals(op, x, own=0, several=True):
    for s, a in [((2, 3), [1, 0, own, 2]), ((2, 3), [1, 0, own, -3]), ((), [1, 0, own, 1])]:
        error(op, [x(s)], a)
    if several:
        for dims in [(0, 0), (0, -2), (0, 2)]:
            error(op, [x((2, 3))], [2, 0, own, *dims])


def big(op, own=0, dt=f32, low=-2, high=2):
    """Enough elements for the ways that the loops of large rows and columns take."""
    for s, a in [((70,), [0, 0]), ((2, 67), [1, 0, 1]), ((37, 18), [1, 0, 0]), ((3, 5, 17), [2, 0, 0, 1])]:
        if a[0] < 2 or op != "prod":
            case(op, [In(uniform(s, dt, low, high), grad=False)], [*a[:2], own, *a[2:]])


def totals():
    start("nansum")
    for op, several in [("nansum", True), ("nanmean", True), ("prod", False)]:
        nan = op != "prod"
        for dt in FLOATS:
            name = op != "nanmean"
            grid(op, lambda s: uniform(s, dt), 0, several, nan, check=dt == f64, name=name)
            for s, a in EMPTY:
                case(op, [uniform(s, dt)], a, name=name)
            odd = tensor([[1, NAN, 2, NAN], [NAN, NAN, NAN, NAN], [INF, -1, NAN, 0], [INF, -INF, 1, 2]], dt)
            for t in [odd, odd[0], odd[1], odd[2], odd[3], odd[2:, :2]]:
                case(op, [t], [0, 0, 0], name=name)
                case(op, [t], [1, 0, 0, -1], name=name)
        for dt in [i64, u8, bool_]:
            for a in [[0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 1]]:
                case(op, [uniform((2, 3), dt)], a, may_fail=True)
                case(op, [uniform((0, 3), dt)], a, may_fail=True)
        refusals(op, uniform, 0, several)
    big("prod", low=0.5, high=1.5)
    big("prod", dt=f64, low=0.5, high=1.5)
    big("prod", dt=i64)
    big("prod", dt=u8)
    case("prod", [tensor([2**62, 2, 3], i64)], [0, 0, 0])
    # gradients where there are zeros
    for dt in FLOATS:
        for zeros in [[1], [0], [1, 3], [0, 1, 2], [0, 1, 2, 3]]:
            x = uniform((4,), dt)
            x[zeros] = 0
            case("prod", [x], [0, 0, 0], check=dt == f64 and len(zeros) == 1)
            case("prod", [torch.stack([x, uniform(4, dt)])], [1, 0, 0, 1], check=dt == f64)
            case("prod", [torch.stack([x, uniform(4, dt)])], [1, 1, 0, 0], check=dt == f64)
            case("prod", [x.reshape(2, 2)], [0, 0, 0], check=dt == f64 and len(zeros) == 1)
        case("prod", [tensor(0, dt)], [0, 0, 0], check=dt == f64)
        case("prod", [tensor(0, dt)], [1, 0, 0, 0], check=dt == f64)
        case("prod", [tensor([0], dt)], [0, 0, 0], check=dt == f64)
        case("prod", [tensor([2, INF, 3], dt)], [0, 0, 0])
        case("prod", [tensor([0, INF, 3], dt)], [0, 0, 0])
        case("prod", [tensor([NAN, 0, 3], dt)], [0, 0, 0])
    # dtype
    for op in ["sum", "mean", "nansum", "prod"]:
        for dt in DTYPES:
            for k, to in enumerate(DTYPES):
                x = tensor([[1.5, 200, 3], [0, -2, 1]], f64).to(dt) if dt != u8 else tensor([[1, 200, 3], [0, 2, 1]], u8)
                grad = dt in FLOATS and to in FLOATS
                case(op, [In(x, grad=grad)], [0, 0, 2 + k], may_fail=True)
                case(op, [In(x, grad=grad)], [1, 1, 2 + k, 1], may_fail=True)


def some_zeros(s, dt):
    return uniform(s, dt, -1, 1).round() if dt in FLOATS else uniform(s, dt) // 3 * 3 if dt != bool_ else uniform(s, dt)


def truths():
    for op in ["any", "all"]:
        for dt in DTYPES:
            grid(op, lambda s: some_zeros(s, dt), layouts="t")
            for s, a in EMPTY:
                case(op, [uniform(s, dt)], a)
        for v in [NAN, INF, -0.0, 1e-40]:
            case(op, [tensor([0, v])], [0, 0, 0])
            case(op, [tensor([[0, v], [1, v]])], [1, 0, 0, 0])
        for s, a in [((130,), [0, 0, 0]), ((3, 70), [1, 0, 0, 1]), ((40, 19), [1, 0, 0, 0])]:
            for fill in [0, 1]:
                x = torch.full(s, fill, dtype=f32)
                x.view(-1)[[41, 69]] = 1 - fill
                case(op, [x], a)
        refusals(op, uniform)
    for dt in DTYPES:
        for s in SHAPES:
            case("count_nonzero", [some_zeros(s, dt)], [0, 0, 0])
        for s, d in PLACES:
            case("count_nonzero", [some_zeros(s, dt)], [1, 0, 0, d])
        case("count_nonzero", [In(uniform((2, 3, 4), dt), "t")], [2, 0, 0, 0, 2])
        for s, a in EMPTY:
            if not a[1]:
                case("count_nonzero", [uniform(s, dt)], a)
    case("count_nonzero", [tensor([0.0, -0.0, NAN, INF, 1e-40])], [0, 0, 0])
    refusals("count_nonzero", uniform)


def orders():
    for op, several in [("amax", True), ("amin", True), ("median", False)]:
        for dt in DTYPES if op != "amin" else [f64, u8]:
            x = (lambda s: distinct(s, dt)) if dt in FLOATS else (lambda s: uniform(s, dt))
            layouts = "tse" if several else "ts"  # PyTorch's median along a stride of 0 is not one
            grid(op, x, 0, several, several, check=dt == f64, may_fail=dt == bool_, layouts=layouts)
            for s, a in EMPTY if several or dt != bool_ else []:
                case(op, [uniform(s, dt)], a, may_fail=True)
            if several:
                big(op, dt=dt)
        for dt in FLOATS:
            ties = tensor([[1, 2, 2, 0], [3, 3, 3, 3], [-1, -1, 2, 2], [0.0, -0.0, 0.0, -0.0]], dt)
            nans = tensor([[1, NAN, 2, NAN], [INF, 3, -INF, INF], [-INF, -INF, -INF, -INF]], dt)
            for t in [ties, nans, ties[0], nans[1:], nans[2:], nans[0]]:
                case(op, [t], [0, 0, 0])
                for d in range(t.dim()):
                    case(op, [t], [1, 1, 0, d])
                    if op == "median":
                        case(op, [t], [1, 0, 1, d])
            if several:
                case(op, [ties], [2, 0, 0, 0, 1])
                case(op, [nans], [2, 1, 0, 0, 1])
        refusals(op, uniform, 0, several)
    for op in ["amax", "amin", "max", "min"]:  # NaN in each place that a lane may have it
        for at in [0, 31, 32, 50, 69]:
            x = uniform((70,))
            x[at] = NAN
            case(op, [x], [0, 0, 0])
            case(op, [torch.stack([uniform(70), x])], [1, 0, 0, 1])
            case(op, [torch.stack([uniform(70), x, uniform(70)])], [1, 0, 0, 0])
    for n in [2, 3, 4, 5, 6, 7, 8, 15, 16, 40, 101]:  # where equal elements are, which one is found
        for dt in [f32, i64]:
            x = uniform((n,), i64).to(dt)
            case("median", [x], [0, 0, 0])
            case("median", [x], [1, 0, 1, 0])
            case("median", [uniform((n,), dt)], [1, 0, 1, 0])
    for n in [5, 16]:
        case("median", [torch.arange(n)], [1, 0, 1, 0])
        case("median", [torch.arange(n).flip(0)], [1, 0, 1, 0])
        case("median", [torch.zeros(n)], [1, 0, 1, 0])
    case("median", [tensor([2**62, 2**62 + 1, 2**62 - 1, -(2**63), 2**63 - 1], i64)], [0, 0, 0])
    case("median", [In(uniform((3, 5, 2)), "t")], [1, 0, 1, 1])
    organ = list(range(0, 60, 2)) + list(range(59, 0, -2))
    case("median", [tensor(organ)], [1, 0, 1, 0])


def statistics():
    for dt in FLOATS:
        grid("logsumexp", lambda s: uniform(s, dt), check=dt == f64)
        for s, a in EMPTY:
            case("logsumexp", [uniform(s, dt)], a)
        odd = [[-INF, -INF], [INF, 1], [INF, -INF], [NAN, 1], [NAN, INF], [1000, 1000], [-1000, -1001], [0, -INF]]
        for v in odd:
            case("logsumexp", [tensor(v, dt)], [0, 0, 0])
        case("logsumexp", [tensor(odd, dt)], [1, 1, 0, 1])
        case("logsumexp", [tensor(odd, dt)], [1, 0, 0, 0])
        big("logsumexp", dt=dt)
    for dt in [i64, u8, bool_]:
        case("logsumexp", [uniform((2, 3), dt)], [1, 0, 0, 1])
        case("logsumexp", [uniform((), dt)], [1, 0, 0, 0])
    refusals("logsumexp", uniform)

    for op in ["var", "std"]:
        for dt in FLOATS:
            grid(op, lambda s: uniform(s, dt), 0 if dt == f32 else 1)
            for a in [[0, 0, 1], [1, 0, 1, 0], [1, 1, 0, -1], [2, 0, 1, 0, 2], [2, 0, 0.5, 0, 1], [0, 1, 2]]:
                case(op, [uniform((2, 3, 4), dt)], a, check=dt == f64)
            case(op, [In(uniform((3, 4), dt), "t")], [1, 0, 1, 0], check=dt == f64)
            for correction in [-1, 0, 0.5, 1, 2, 3, 4]:
                for x in [tensor([1, 2, 4], dt), tensor([2, 2, 2], dt), tensor([3], dt), tensor(3, dt)]:
                    case(op, [x], [0, 0, correction])
                    case(op, [x], [1, 0, correction, 0])
                case(op, [tensor([[1, 2, 4], [2, 2, 2]], dt)], [1, 1, correction, 1])
            for s, a in EMPTY:
                case(op, [uniform(s, dt)], [a[0], a[1], 1, *a[3:]])
                case(op, [uniform(s, dt)], [a[0], a[1], -1, *a[3:]])
            for v in [[1, INF], [NAN, 1], [INF, -INF], [1e30, -1e30], [1e-30, 0]]:
                case(op, [tensor(v, dt)], [0, 0, 1])
                case(op, [tensor([v, [1, 2]], dt)], [1, 0, 1, 1])
            big(op, 1, dt)
            for away in [1e2, 1e4]:  # far from 0, where sums of squares cancel
                far = uniform((130,), dt) + away
                case(op, [In(far, grad=False)], [0, 0, 1])
                case(op, [In(far.reshape(65, 2)[:20], grad=False)], [1, 0, 1, 0])
        for dt in [i64, u8, bool_]:
            error(op, [uniform((2, 3), dt)], [0, 0, 1])
            error(op, [uniform((2, 3), dt)], [1, 0, 1, 0])
        refusals(op, uniform, 1)

    powers = [0, 1, 2, 3, 1.5, 0.5, -1, -0.5, 2.5, INF, -INF]
    for dt in FLOATS:
        for p in powers:
            check = dt == f64 and p != 0
            x = (lambda s: distinct(s, dt)) if abs(p) == INF else (lambda s: uniform(s, dt))
            if p == 2 or (dt, p) == (f64, INF):
                grid("norm", x, p, check=check)
            for a in [[0, 0, p], [1, 0, p, 1], [1, 1, p, 0], [2, 0, p, 0, 1]]:
                case("norm", [x((3, 2))], a, check=check)
            case("norm", [In(x((2, 3)), "t")], [1, 0, p, 0])
            for v in [[0, 0, 0], [0, 1, -2], [2, -2, 1], [NAN, 1, -2], [INF, 1, -2, -INF], [-2], [0], [-0.0, 3]]:
                case("norm", [tensor([v, v[::-1]], dt)], [1, 0, p, 1])
                if dt == f64:
                    case("norm", [tensor(v, dt)], [0, 0, p])
            for v in [-2, 0]:
                case("norm", [tensor(v, dt)], [1, 0, p, 0])
            for s, a in EMPTY if dt == f32 else []:
                case("norm", [uniform(s, dt)], [a[0], a[1], p, *a[3:]], may_fail=True)
        for p in [1, 2, 3, 0.5, INF]:
            case("norm", [tensor([1e-30, 1e-30] if dt == f32 else [1e-200, 1e-200], dt)], [0, 0, p])
            case("norm", [tensor([[1e-30], [1e30]] if dt == f32 else [[1e-200], [1e200]], dt)], [1, 0, p, 1])
            case("norm", [tensor([[1e-30], [1e30]] if dt == f32 else [[1e-200], [1e200]], dt)], [1, 0, p, 0])
        for p in [1, 2, 3, INF]:
            big("norm", p, dt)
        case("norm", [tensor([1, 2], dt)], [0, 0, NAN])
    for dt in [i64, u8, bool_]:
        for p in [0, 1, 2, INF]:
            error("norm", [uniform((2, 3), dt)], [0, 0, p])
    refusals("norm", uniform, 2)


def running():
    for op in ["cumsum", "cumprod"]:
        for dt in DTYPES:
            check = dt == f64
            for s, d in [*PLACES, ((1,), 0), ((2, 3, 4), 2), ((5, 3), 1)]:
                case(op, [uniform(s, dt)], [d], check=check)
            for layout in "tse":
                for d in [0, 1]:
                    case(op, [In(uniform((3, 4), dt), layout)], [d], check=check and layout != "e")
            case(op, [In(uniform((2, 3, 4), dt), "t")], [1])
            for s, d in [((0,), 0), ((0, 3), 0), ((0, 3), 1), ((2, 0, 3), 1), ((2, 0, 3), 0)]:
                case(op, [uniform(s, dt)], [d])
            for s in [(2, 3), ()]:
                error(op, [uniform(s, dt)], [2])
                error(op, [uniform(s, dt)], [-3])
            case(op + "_", [uniform((2, 3), dt)], [0, 0], check=check, may_fail=True)
            case(op + "_", [uniform((2, 3), dt)], [0, -1], check=check, may_fail=True)
            case(op + "_", [uniform((2, 3), dt)], [1, 0], check=check, may_fail=True)
            if dt != bool_:  # which PyTorch refuses, but for these
                case(op + "_", [uniform((), dt)], [0, 0], check=check)
                case(op + "_", [uniform((0, 2), dt)], [0, 0])
            error(op + "_", [uniform((2, 3), dt)], [0, 2])
            error(op + "_", [uniform((2, 3), dt)], [1, 1])
        for dt in FLOATS:
            for v in [[1, INF, 2], [INF, -INF, 1], [1, NAN, 2], [-0.0, 0.0, -1]]:
                case(op, [In(tensor(v, dt), grad=op == "cumsum")], [0])
            for s, d in [((70,), 0), ((7, 30), 1), ((6, 70), 0)]:
                case(op, [In(uniform(s, dt, 0.7, 1.3), grad=False)], [d])
        case(op, [tensor([2**62, 3, 5], i64)], [0])
    case("cumsum", [uniform((90,), f32) + 1e6], [0])
    case("cumsum_", [tensor([200, 100, 3], u8)], [0, 0])
    case("cumprod_", [tensor([200, 100, 3], u8)], [0, 0])
    for dt in FLOATS:
        for zeros in [[1], [0], [3], [1, 3], [0, 1], [0, 1, 2, 3]]:
            x = uniform((4,), dt)
            x[zeros] = 0
            case("cumprod", [x], [0], check=dt == f64)
            case("cumprod", [torch.stack([x, uniform(4, dt)])], [1], check=dt == f64)
            case("cumprod", [torch.stack([x, uniform(4, dt)])], [0], check=dt == f64)
