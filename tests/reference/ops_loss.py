"""Cases of the losses."""

import itertools

import torch
import torch.nn.functional as F

from ops_record import RUN, FLOATS, INF, NAN, In, bool_, case, error, f32, f64, i64, rng, tensor, uniform

MEAN, SUM, NONE = 0, 1, 2


def loss(f, *keywords):
    """Numbers: reduction, whether there is a weight, a pos_weight, and then ignore_index, label_smoothing."""

    def run(x, a):
        o = {"reduction": ["mean", "sum", "none"][int(a[0])]}
        rest = list(x[2:])
        if a[1]:
            o["weight"] = rest.pop(0)
        if len(a) > 2 and a[2]:
            o["pos_weight"] = rest.pop(0)
        for key, value in zip(("ignore_index", "label_smoothing"), a[3:]):
            if key in keywords:
                o[key] = int(value) if key == "ignore_index" else value
        return f(x[0], x[1], **o)

    return run


RUN.update(
    {
        "mse_loss": loss(F.mse_loss),
        "binary_cross_entropy": loss(F.binary_cross_entropy),
        "binary_cross_entropy_with_logits": loss(F.binary_cross_entropy_with_logits),
        "nll_loss": loss(F.nll_loss, "ignore_index"),
        "cross_entropy": loss(F.cross_entropy, "ignore_index", "label_smoothing"),
    }
)


def cases():
    fixed = lambda t: In(t, grad=False)
    for dt, r in itertools.product(FLOATS, [MEAN, SUM, NONE]):
        check = dt == f64
        for s in [(), (4,), (2, 3), (2, 1, 3)]:
            case("mse_loss", [uniform(s, dt), uniform(s, dt)], [r, 0], check=check)
            case("binary_cross_entropy", [uniform(s, dt, 0.1, 0.9), uniform(s, dt, 0.1, 0.9)], [r, 0], check=check)
            case("binary_cross_entropy_with_logits", [uniform(s, dt), uniform(s, dt, 0, 1)], [r, 0], check=check)
            case(
                "binary_cross_entropy_with_logits",
                [uniform(s, dt), fixed(uniform(s, bool_).to(dt))],
                [r, 0],
                check=check,
            )
            case(
                "binary_cross_entropy", [uniform(s, dt, 0.1, 0.9), fixed(uniform(s, bool_).to(dt))], [r, 0], check=check
            )
        case("mse_loss", [uniform((2, 3), dt), uniform((3,), dt)], [r, 0], check=check)
        case("mse_loss", [uniform((2, 1), dt), uniform((1, 3), dt)], [r, 0], check=check)
        case("mse_loss", [uniform((2, 3), dt), uniform((), dt)], [r, 0], check=check)
        case("mse_loss", [uniform((37,), dt), uniform((37,), dt)], [r, 0])
        for op, low, high in [
            ("mse_loss", -2, 2),
            ("binary_cross_entropy", 0.1, 0.9),
            ("binary_cross_entropy_with_logits", -2, 2),
        ]:
            case(op, [uniform((0,), dt), uniform((0,), dt)], [r, 0])
            case(op, [uniform((0, 3), dt), uniform((0, 3), dt)], [r, 0])
            for la, lb in [("t", "c"), ("s", "t"), ("e", "c"), ("c", "s")]:
                case(
                    op,
                    [In(uniform((3, 4), dt, low, high), la), In(uniform((3, 4), dt, 0.1, 0.9), lb)],
                    [r, 0],
                    check=check and la != "e",
                )
        for w in [(2, 3), (3,), (), (2, 1)]:
            x, y = uniform((2, 3), dt, 0.1, 0.9), fixed(uniform((2, 3), dt, 0, 1))
            case("binary_cross_entropy", [x, y, fixed(uniform(w, dt, 0.2, 2))], [r, 1], check=check)
            x = uniform((2, 3), dt)
            case("binary_cross_entropy_with_logits", [x, y, fixed(uniform(w, dt, 0.2, 2))], [r, 1, 0], check=check)
            case("binary_cross_entropy_with_logits", [x, y, fixed(uniform(w, dt, 0.2, 2))], [r, 0, 1], check=check)
            case(
                "binary_cross_entropy_with_logits",
                [x, y, fixed(uniform((3,), dt, 0.2, 2)), fixed(uniform(w, dt, 0.2, 2))],
                [r, 1, 1],
                check=check,
            )
        case(
            "binary_cross_entropy",
            [tensor([0.0, 1.0, 0.0, 1.0, 1e-20, 1.0, 0.5], dt), fixed(tensor([0.0, 1.0, 1.0, 0.0, 1.0, 0.5, 0.0], dt))],
            [r, 0],
        )
        case(
            "binary_cross_entropy_with_logits",
            [
                tensor([100.0, -100.0, 1000.0, -1000.0, 0.0, INF, -INF, NAN], dt),
                fixed(tensor([1.0, 1.0, 0.0, 0.0, 0.5, 1.0, 0.0, 0.0], dt)),
            ],
            [r, 0],
        )
        case("mse_loss", [tensor([INF, NAN, 1.0, 1e30], dt), tensor([1.0, 1.0, INF, 0.0], dt)], [r, 0])
        # Class losses: input (N, C) and (C); weight; ignore_index; smoothing.
        weight = lambda c: [fixed(uniform(c, dt, 0.2, 2))]
        for w, ignore in itertools.product([0, 1], [-100, 1]):
            scores, labels = uniform((5, 3), dt), tensor([0, 2, 1, 2, 0], i64)
            case(
                "nll_loss",
                [torch.log_softmax(scores, 1).to(f32).to(dt), labels, *(weight(3) if w else [])],
                [r, w, 0, ignore],
                check=check,
            )
            for smooth in [0.0, 0.2, 1.0]:
                case(
                    "cross_entropy",
                    [scores, labels, *(weight(3) if w else [])],
                    [r, w, 0, ignore, smooth],
                    check=check,
                    name=smooth == 0,
                )
            case(
                "nll_loss", [uniform(3, dt), tensor(2, i64), *(weight(3) if w else [])], [r, w, 0, ignore], check=check
            )
            case(
                "cross_entropy",
                [uniform(3, dt), tensor(2, i64), *(weight(3) if w else [])],
                [r, w, 0, ignore, 0.1 * w],
                check=check,
                name=False,
            )
        for w, smooth in itertools.product([0, 1], [0.0, 0.3, 1.0]):
            target = torch.softmax(uniform((4, 3), dt), 1)
            target = torch.round(target * 100) / 100
            case(
                "cross_entropy",
                [uniform((4, 3), dt), fixed(target), *(weight(3) if w else [])],
                [r, w, 0, -100, smooth],
                check=check,
                name=False,
            )
            case(
                "cross_entropy",
                [uniform(3, dt), fixed(target[0]), *(weight(3) if w else [])],
                [r, w, 0, -100, smooth],
                check=check,
                name=False,
            )
        case(
            "cross_entropy",
            [uniform((4, 3), dt), uniform((4, 3), dt, 0.1, 0.9)],
            [r, 0, 0, -100, 0.1],
            check=check,
            name=False,
        )
        for op in ["nll_loss", "cross_entropy"]:
            case(op, [uniform((2, 3), dt), tensor([-100, -100], i64)], [r, 0, 0, -100, 0.0])  # all ignored
            case(op, [uniform((0, 3), dt), tensor([], i64)], [r, 0, 0, -100, 0.0])
            case(op, [uniform((3, 1), dt), tensor([0, 0, 0], i64)], [r, 0, 0, -100, 0.0])
            case(op, [uniform((3, 4), dt), tensor([0, -100, 3], i64)], [r, 0, 0, -100, 0.0], check=check)
            case(op, [uniform((3,), dt), tensor(-100, i64)], [r, 0, 0, -100, 0.0])
            for layout in "tse":
                case(
                    op,
                    [In(uniform((3, 4), dt), layout), tensor([0, 1, 3], i64)],
                    [r, 0, 0, -100, 0.0],
                    check=check and layout != "e",
                )
            case(op, [uniform((3, 4), dt), In(tensor([0, 1, 3], i64), "s")], [r, 0, 0, -100, 0.0])
        case("cross_entropy", [uniform((0, 3), dt), fixed(uniform((0, 3), dt))], [r, 0, 0, -100, 0.0], name=False)
        case(
            "cross_entropy",
            [tensor([[1000.0, 0.0, -1000.0], [-1e30, 1e30, 0.0]], dt), tensor([0, 0], i64)],
            [r, 0, 0, -100, 0.0],
        )
        case(
            "cross_entropy",
            [tensor([[-INF, 0.0, 1.0], [2.0, -INF, 1.0]], dt), tensor([1, 0], i64)],
            [r, 0, 0, -100, 0.0],
        )
        case(
            "cross_entropy",
            [tensor([[-INF, 0.0, 1.0], [NAN, 0.0, 1.0], [1.0, 2.0, 3.0]], dt), tensor([0, 1, 2], i64)],
            [r, 0, 0, -100, 0.0],
        )
        case(
            "cross_entropy",
            [uniform((12, 10), dt, -5, 5), In(torch.from_numpy(rng.randint(0, 10, 12)))],
            [r, 0, 0, -100, 0.0],
        )
    for dt in FLOATS:
        x = tensor([0.0, 1.0, 0.0, 1.0, 0.5], dt)
        case("binary_cross_entropy", [x, tensor([0.0, 1.0, 1.0, 0.0, 0.25], dt)], [NONE, 0])
        case("cross_entropy", [uniform((2, 3), dt), tensor([-100, -100], i64)], [MEAN, 0, 0, -100, 0.3], name=False)
        case("cross_entropy", [uniform((2, 3), dt), tensor([2, 0], i64)], [MEAN, 0, 0, 2, 0.3], name=False)
        case(
            "cross_entropy",
            [tensor([[-INF, 0.0, 1.0], [1.0, 2.0, 3.0]], dt), tensor([1, 2], i64)],
            [NONE, 0, 0, -100, 0.1],
            name=False,
        )
        case(
            "nll_loss",
            [tensor([[0.0, NAN], [INF, 1.0]], dt), tensor([1, 0], i64), In(tensor([0.0, 0.0], dt), grad=False)],
            [SUM, 1, 0, -100],
        )
        case(
            "nll_loss",
            [uniform((2, 2), dt), tensor([1, 0], i64), In(tensor([0.0, 0.0], dt), grad=False)],
            [MEAN, 1, 0, -100],
        )
    error("binary_cross_entropy", [tensor([0.5, NAN]), tensor([1.0, 1.0])], [0, 0])
    error("binary_cross_entropy", [uniform(3, i64), uniform(3, i64)], [0, 0])
    error("mse_loss", [uniform(3, i64), uniform(3, i64)], [0, 0])
    x, y = uniform((2, 3)), tensor([0, 2], i64)
    plain = [0, 0, 0, -100, 0.0]
    error("mse_loss", [uniform((2, 3)), uniform((2, 2))], [0, 0])
    error("binary_cross_entropy", [uniform((2, 3), f32, 0, 1), uniform((3,), f32, 0, 1)], [0, 0])
    error("binary_cross_entropy", [uniform((2, 3), f32, 0, 1) + 1.5, uniform((2, 3), f32, 0, 1)], [0, 0])
    error("binary_cross_entropy", [-uniform((2, 3), f32, 0.1, 1), uniform((2, 3), f32, 0, 1)], [0, 0])
    error(
        "binary_cross_entropy",
        [uniform((2, 3), f32, 0, 1), uniform((2, 3), f32, 0, 1), uniform((4,), f32, 0, 1)],
        [0, 1],
    )
    error("binary_cross_entropy_with_logits", [uniform((2, 3)), uniform((3,))], [0, 0])
    error("binary_cross_entropy_with_logits", [uniform((2, 3)), uniform((2, 3)), uniform(2)], [0, 0, 1])
    for op in ["nll_loss", "cross_entropy"]:
        error(op, [x, tensor([0, 3], i64)], plain)
        error(op, [x, tensor([0, -1], i64)], plain)
        error(op, [x, tensor([0, 1, 2], i64)], plain)
        error(op, [x, y, uniform(2)], [0, 1, 0, -100, 0.0])
        error(op, [x, tensor([[0, 2]], i64)], plain)
        error(op, [uniform(()), tensor(0, i64)], plain)
        error(op, [uniform(3), tensor([0, 1], i64)], plain)
        error(op, [uniform((2, 3), i64), y], plain)
    error("nll_loss", [x, tensor([0.0, 1.0])], plain)
    error("cross_entropy", [x, tensor([0.0, 1.0])], plain)
    error("cross_entropy", [x, y], [0, 0, 0, -100, 1.5])
    error("cross_entropy", [x, uniform((2, 4), f32, 0, 1)], plain)
