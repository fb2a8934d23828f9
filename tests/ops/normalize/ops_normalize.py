"""Cases of the normalizations."""

import itertools
import math

import torch
import torch.nn.functional as F

from ops_record import DTYPES, EDGES, FLOATS, INF, NAN, RUN, In, bool_, case, distinct, error, f32, f64, i64, start, tensor, uniform

RUNNING, WEIGHT, BIAS = 1, 2, 4  # which inputs follow the first: bits of a[0]


def given(x, mask):
    """running_mean, running_var, weight, bias from the inputs behind the first; None for those that are not there."""
    rest = iter(x[1:])
    running = (next(rest).clone(), next(rest).clone()) if mask & RUNNING else (None, None)
    return running + tuple(next(rest) if mask & bit else None for bit in (WEIGHT, BIAS))


def batch_norm(x, a):
    mean, var, weight, bias = given(x, a[0])
    y = F.batch_norm(x[0], mean, var, weight, bias, bool(a[1]), a[2], a[3])
    return torch.stack([mean, var]) if a[4] else y


def checked(check, mask):
    """PyTorch's second derivative is wrong where there is a bias and no weight."""
    return "first" if check and mask & (WEIGHT | BIAS) == BIAS else check


RUN.update(
    {
        "normalize": lambda x, a: F.normalize(x[0], a[0], a[1], a[2]),
        "layer_norm": lambda x, a: F.layer_norm(x[0], a[3 : 3 + a[2]], *given(x, a[0])[2:], a[1]),
        "rms_norm": lambda x, a: F.rms_norm(
            x[0], a[3 : 3 + a[2]], given(x, a[0])[2], None if math.isnan(a[1]) else a[1]
        ),
        "batch_norm": batch_norm,
        "group_norm": lambda x, a: F.group_norm(x[0], a[2], *given(x, a[0])[2:], a[1]),
    }
)


def normalize():
    start("normalize")
    for dt in FLOATS:
        for p in [2.0, 1.0, 3.0, 1.5, 0.5, INF, -INF, 0.0, -1.0]:
            check = dt == f64
            case("normalize", [uniform((2, 3), dt, away=0.1)], (p, 1, 1e-12), name=False, check=check)
            case("normalize", [uniform((2, 3, 2), dt, away=0.1)], (p, -2, 1e-12), name=False, check=check and p > 0)
            case("normalize", [tensor([[3.0, 4.0, 0.0], [1e-13, 0.0, 0.0], [0.0, 0.0, 0.0]], dt)], (p, 1, 1e-12), name=False)
            case("normalize", [tensor([[1.0, -2.0, 2.0], [2.0, 2.0, -2.0]], dt)], (p, 1, 1e-12), name=False)
        for s, d in [((4,), 0), ((), 0), ((1,), -1), ((0, 3), 1), ((2, 0, 3), 2), ((3, 1), 1)]:
            case("normalize", [uniform(s, dt, away=0.1)], (2.0, d, 1e-12), name=False)
        case("normalize", [uniform((2, 0), dt)], (2.0, 1, 1e-12), name=False)
        case("normalize", [uniform((2, 3), dt)], (2.0, 1, 10.0), name=False, check=dt == f64)
        case("normalize", [uniform((2, 3), dt)], (2.0, 0, 0.0), name=False)
        for layout in "tse":
            case("normalize", [In(uniform((3, 4), dt), layout)], (2.0, 1, 1e-12), name=False)
        case("normalize", [tensor([[INF, 1.0, 2.0], [NAN, 1.0, 2.0], [-INF, INF, 1.0], [1e10, 1e12, -1e11]], dt)], (2.0, 1, 1e-12), name=False)
        case("normalize", [uniform((2, 67), dt)], (2.0, 1, 1e-12), name=False)
    for x, d in [(uniform(3), 1), (uniform((2, 3)), 2), (uniform((2, 3)), -3), (uniform((2, 3), i64), 1), (uniform((2, 3), bool_), 1)]:
        error("normalize", [x], (2.0, d, 1e-12))


def over_last():
    for op in ["layer_norm", "rms_norm"]:
        start(op)
        masks = [0, WEIGHT, WEIGHT | BIAS, BIAS] if op == "layer_norm" else [0, WEIGHT]
        default = 1e-5 if op == "layer_norm" else NAN

        def run(x, shape, mask, eps=default, check=False, layout="c"):
            dt = x.dtype
            more = [In(uniform(shape, dt), "s" if layout != "c" else "c") for bit in (WEIGHT, BIAS) if mask & bit]
            named = op == "layer_norm" and mask != BIAS
            case(op, [In(x, layout)] + more, [mask, eps, len(shape), *shape], name=named, check=checked(check, mask))

        for dt in FLOATS:
            for mask in masks:
                for s, k in [((4,), 1), ((2, 5), 1), ((2, 3, 4), 1), ((2, 3, 4), 2), ((2, 3), 2)]:
                    run(distinct(s, dt), s[len(s) - k :], mask, check=dt == f64)
                for s, k in [((3, 67), 1), ((0, 3), 1), ((2, 0), 1), ((2, 0, 3), 1), ((2, 0, 3), 2), ((3, 1), 1)]:
                    if s == (3, 1) and dt == f32:
                        continue  # the gradient is 0, and PyTorch's the rounding error of a difference
                    run(uniform(s, dt), s[len(s) - k :], mask)
                for layout in "tse":
                    run(distinct((3, 4), dt), (4,), mask, check=dt == f64 and layout != "e", layout=layout)
                run(uniform((2, 5), dt), (5,), mask, 0.5, check=dt == f64)
            run(tensor([[INF, 1.0, 2.0], [NAN, 1.0, 2.0], [1e10, 1e12, -1e11], [3.0, 3.0, 3.0]], dt), (3,), masks[-1])
            if dt == f32:
                run(uniform((1, 600), dt), (600,), WEIGHT)
        for x, shape in [((2, 3), (2,)), ((2, 3), ()), ((), ()), ((2, 3), (1, 2, 3)), ((2, 3), (3, 2)), ((3,), (-1,))]:
            error(op, [uniform(x)], [0, 1e-5, len(shape), *shape])
        for dt in [i64, bool_]:
            error(op, [uniform((2, 3), dt)], [0, 1e-5, 1, 3])
        for w in [(2,), (1, 3), (), (1,)]:
            error(op, [uniform((2, 3)), uniform(w)], [WEIGHT, 1e-5, 1, 3])
            if op == "layer_norm":
                error(op, [uniform((2, 3)), uniform(w)], [BIAS, 1e-5, 1, 3])
    error("layer_norm", [uniform((2, 3)), uniform(3, f64)], [WEIGHT, 1e-5, 1, 3])
    error("layer_norm", [uniform((2, 3), f64), uniform(3)], [WEIGHT, 1e-5, 1, 3])


def channels():
    start("batch_norm")

    def run(x, mask, training, momentum=0.1, eps=1e-5, what=0, check=False, layout="c"):
        c, dt = x.shape[1], x.dtype
        running = [In(uniform(c, dt), grad=False), In(uniform(c, dt, 0.5, 2.0), grad=False)] if mask & RUNNING else []
        more = [In(uniform(c, dt), layout if layout == "s" else "c") for bit in (WEIGHT, BIAS) if mask & bit]
        named = mask & (WEIGHT | BIAS) != BIAS and x.numel() > 0
        args = [mask, training, momentum, eps, what]
        case("batch_norm", [In(x, layout, grad=False if what else None)] + running + more, args, name=named, check=checked(check, mask))

    for dt in FLOATS:
        for mask in [0, RUNNING, WEIGHT, BIAS, WEIGHT | BIAS, RUNNING | WEIGHT | BIAS]:
            for training in [1, 0] if mask & RUNNING else [1]:
                for s in [(4, 2), (2, 2, 3), (2, 3, 2, 2)]:
                    run(uniform(s, dt), mask, training, check=dt == f64)
                for layout in "tse":
                    run(uniform((3, 4), dt), mask, training, layout=layout, check=dt == f64 and layout != "e")
                run(uniform((2, 3, 2), dt), mask, training, 0.3, 0.5, check=dt == f64)
                if mask == WEIGHT | BIAS:
                    run(uniform((1, 2, 67), dt), mask, training)
                if mask in (WEIGHT, RUNNING | WEIGHT | BIAS):
                    run(uniform((5, 67), dt), mask, training)
                if mask == 0:
                    run(uniform((2, 0, 3), dt), mask, training)
                run(uniform((2, 3, 4), dt), mask, training, layout="t")
                if not training:
                    run(uniform((1, 3), dt), mask, training)
        for s in [(0, 3), (2, 3, 0)]:
            run(uniform(s, dt), RUNNING | WEIGHT | BIAS, 0)
        for momentum in [0.1, 0.0, 1.0, 0.7]:
            running = [In(uniform(3, dt), grad=False), In(uniform(3, dt, 0.5, 2.0), grad=False)]
            for s in [(4, 3), (2, 3, 5)]:
                for training in [0, 1]:
                    x = In(uniform(s, dt), grad=False)
                    case("batch_norm", [x] + running, [RUNNING, training, momentum, 1e-5, 1])
        run(tensor([[INF, 1.0, 2.0, 3.0], [1.0, NAN, 1e12, 3.0], [0.5, 1.0, -1e11, 3.0]], dt), WEIGHT | BIAS, 1)

    def refuse(x, *more, mask, training=1):
        error("batch_norm", [x, *more], [mask, training, 0.1, 1e-5, 0])

    refuse(uniform((1, 3)), mask=0)
    refuse(uniform((1, 3, 1)), mask=0)
    refuse(uniform(3), mask=0)
    refuse(uniform(()), mask=0)
    refuse(uniform((2, 3)), mask=0, training=0)
    refuse(uniform((2, 3), i64), mask=0)
    refuse(uniform((2, 3)), uniform(2), uniform(2), mask=RUNNING)
    refuse(uniform((2, 3)), uniform(3, f64), uniform(3, f64), mask=RUNNING)
    refuse(uniform((2, 3)), uniform(2), mask=WEIGHT)
    refuse(uniform((2, 3)), uniform(2), mask=BIAS)
    refuse(uniform((2, 3)), uniform(3, f64), mask=WEIGHT)

    start("group_norm")

    def group(x, groups, mask, eps=1e-5, check=False, layout="c"):
        more = [uniform(x.shape[1], x.dtype) for bit in (WEIGHT, BIAS) if mask & bit]
        # The gradient of a small group is what is left where much cancels: of float32, only rounding errors.
        grad = x.dtype == f64 or x.stride(0) >= 12 * groups
        case("group_norm", [In(x, layout, grad), *more], [mask, eps, groups], name=False, check=checked(check, mask))

    for dt in FLOATS:
        for mask in [0, WEIGHT, BIAS, WEIGHT | BIAS]:
            for s, g in [((2, 4), 2), ((2, 4, 3), 2), ((2, 4, 3), 1), ((2, 4, 3), 4), ((1, 2, 2, 2), 2), ((3, 6, 2), 3), ((2, 6, 4), 2)]:
                group(distinct(s, dt), g, mask, check=dt == f64)
            for layout in "tse":
                group(distinct((3, 4), dt), 2, mask, 0.5, check=dt == f64 and layout != "e", layout=layout)
            group(distinct((0, 4, 2), dt), 2, mask)
            group(distinct((2, 2, 35), dt), 2, mask)
    for s, g in [((2, 3), 2), ((4,), 2), ((1, 4), 4), ((2, 4, 0), 2), ((2, 4), -2), ((), 1)]:
        error("group_norm", [uniform(s)], [0, 1e-5, g])
    error("group_norm", [uniform((2, 4)), uniform(2)], [WEIGHT, 1e-5, 2])
    error("group_norm", [uniform((2, 4), i64)], [0, 1e-5, 2])


def found():
    """What fuzz.py found."""
    x, running = uniform((4, 2)), [In(uniform(2), grad=False), In(uniform(2, f32, 0.5, 2.0), grad=False)]
    for eps, training in [(0.0, 1), (-1e-5, 1), (-1e-5, 0)]:
        error("batch_norm", [x, *running], [RUNNING, training, 0.1, eps, 0])
    case("batch_norm", [x, *running], [RUNNING, 0, 0.1, 0.0, 0])
    error("group_norm", [uniform((2, 0, 3))], [0, 1e-5, 2])
    for dt, of in itertools.product(FLOATS, DTYPES):
        if dt != of:
            case("rms_norm", [uniform((2, 3), dt), uniform(3, of)], [WEIGHT, 1e-5, 1, 3], name=False)


def cases():
    normalize()
    over_last()
    channels()
    found()
