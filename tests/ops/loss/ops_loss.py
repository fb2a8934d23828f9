"""Cases of the losses."""

import itertools

import torch
import torch.nn.functional as F


import ops_record
from ops_record import DTYPES, RUN, FLOATS, INF, NAN, In, bool_, error, f32, f64, i64, rng, start, tensor, u8, uniform

MEAN, SUM, NONE, BATCHMEAN = range(4)
REDUCTIONS = ["mean", "sum", "none", "batchmean"]


def loss(f, *keywords):
    """Numbers: reduction, whether there is a weight, a pos_weight, and then ignore_index, label_smoothing."""

    def run(x, a):
        o = {"reduction": REDUCTIONS[int(a[0])]}
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


def options(f, *names, inputs=2):
    """Numbers: the options in order. weight: whether the last input is one."""

    def run(x, a):
        o = dict(zip(names, a))
        if "reduction" in o:
            o["reduction"] = REDUCTIONS[int(o["reduction"])]
        for name in ("log_target", "log_input", "full", "swap", "keepdim"):
            if name in o:
                o[name] = bool(o[name])
        if "weight" in o:
            o["weight"] = x[-1] if o["weight"] else None
        return f(*x[:inputs], **o)

    return run


def reduced(e, reduction):
    return e if reduction == NONE else e.sum() if reduction == SUM else e.mean()


def the_same(composed, of_torch):
    """composed, which can be differentiated twice, as PyTorch's own node cannot."""
    assert torch.allclose(composed, of_torch, equal_nan=True), (composed, of_torch)
    return composed


def kl_div(x, a):
    """With t log t differentiable where t = 0, to -inf; PyTorch's is NaN there."""
    of_torch, (reduction, log_target) = options(F.kl_div, "reduction", "log_target")(x, a), a
    if log_target:
        return of_torch
    t = x[1]
    below = torch.where(t < 0, t, -1)
    e = torch.where(t < 0, below * below.log(), -torch.special.entr(t)) - t * x[0]
    if reduction == BATCHMEAN:
        return the_same(e.sum() / x[0].size(0) if x[0].dim() else e.sum(), of_torch)
    return the_same(reduced(e, reduction), of_torch)


def poisson_nll_loss(x, a):
    """With a gradient by a target of 0, which does not come into Stirling's formula; PyTorch's is NaN there."""
    of_torch = options(F.poisson_nll_loss, "log_input", "full", "eps", "reduction")(x, a)
    log_input, full, eps, reduction = a
    if not full:
        return of_torch
    x, y = x
    e = x.exp() - y * x if log_input else x - y * (x + eps).log()
    large = torch.where(y <= 1, 1, y)
    e = e + (large * large.log() - large + 0.5 * (2 * torch.pi * large).log()).masked_fill(y <= 1, 0)
    return the_same(reduced(e, reduction), of_torch)


def multi_margin_loss(x, a):
    scores, labels, (p, margin, weighted, reduction) = x[0], x[1], a
    of_torch = options(F.multi_margin_loss, "p", "margin", "weight", "reduction")(x, a)
    scores = scores.reshape(-1, scores.shape[-1] if scores.dim() else 1)
    own = scores.gather(-1, labels.reshape(-1, 1))
    e = margin - own + scores
    e = torch.where((e > 0) & (torch.arange(scores.shape[-1]) != labels.reshape(-1, 1)), e, 0) ** p
    if weighted:
        e = e * x[2][labels].reshape(-1, 1)
    return the_same(reduced((e.sum(-1) / scores.shape[-1]).reshape(labels.shape), reduction), of_torch)


def multilabel_margin_loss(x, a):
    scores, labels = x[0], x[1]
    of_torch = F.multilabel_margin_loss(scores, labels, reduction=REDUCTIONS[int(a[0])])
    shape = scores.shape[:-1]
    if scores.dim() == 0:
        scores = scores.reshape(1)
    labels = labels.reshape(scores.shape)
    rows = []
    for s, row in zip(scores.reshape(-1, scores.shape[-1]), labels.reshape(-1, scores.shape[-1]).tolist()):
        row = row[: row.index(-1)] if -1 in row else row
        others = [j for j in range(len(s)) if j not in row]
        e = [torch.where(1 - s[i] + s[j] > 0, 1 - s[i] + s[j], 0) for i in row for j in others]
        rows.append((sum(e) if e else s.sum() * 0) / len(s))
    e = torch.stack(rows)
    return the_same(reduced(e.reshape(shape), a[0]), of_torch)


RUN.update(
    {
        "l1_loss": loss(F.l1_loss),
        "smooth_l1_loss": options(F.smooth_l1_loss, "reduction", "beta"),
        "huber_loss": options(F.huber_loss, "reduction", "delta", "weight"),
        "kl_div": kl_div,
        "poisson_nll_loss": poisson_nll_loss,
        "gaussian_nll_loss": options(F.gaussian_nll_loss, "full", "eps", "reduction", inputs=3),
        "soft_margin_loss": loss(F.soft_margin_loss),
        "multilabel_soft_margin_loss": loss(F.multilabel_soft_margin_loss),
        "hinge_embedding_loss": options(F.hinge_embedding_loss, "margin", "reduction"),
        "pairwise_distance": options(F.pairwise_distance, "p", "eps", "keepdim"),
        "cosine_similarity": lambda x, a: F.cosine_similarity(*x, dim=int(a[0]), eps=a[1]),
        "cosine_embedding_loss": options(F.cosine_embedding_loss, "margin", "reduction", inputs=3),
        "margin_ranking_loss": options(F.margin_ranking_loss, "margin", "reduction", inputs=3),
        "triplet_margin_loss": options(
            F.triplet_margin_loss, "margin", "p", "eps", "swap", "reduction", inputs=3
        ),
        "multi_margin_loss": multi_margin_loss,
        "multilabel_margin_loss": multilabel_margin_loss,
        "mse_loss": loss(F.mse_loss),
        "binary_cross_entropy": loss(F.binary_cross_entropy),
        "binary_cross_entropy_with_logits": loss(F.binary_cross_entropy_with_logits),
        "nll_loss": loss(F.nll_loss, "ignore_index"),
        "cross_entropy": loss(F.cross_entropy, "ignore_index", "label_smoothing"),
    }
)


def fixed(t):
    return In(t, grad=False)


def case(op, inputs, args=(), check=False, name=True):
    """A case, gradient-checked only where a gradient is not 0: of no slope there is nothing to check."""
    if check:
        leaves = [x.leaf() if isinstance(x, In) else x for x in ops_record.spread(*inputs)]
        y = RUN[op](leaves, args)
        of = [x for x in leaves if isinstance(x, torch.Tensor) and x.requires_grad]
        check = any(g is not None and g.any() for g in torch.autograd.grad(y.sum(), of, allow_unused=True))
    ops_record.case(op, inputs, args, check=check, name=name)


def shapes():
    """Every loss of inputs and targets of few dimensions, whether or not PyTorch takes them."""
    few = [(), (1,), (3,), (1, 3), (2, 3), (2, 1)]
    for s, t, r in itertools.product(few, few, [MEAN, NONE]):
        x, y, p = uniform(s, f64), uniform(t, f64) + 0.0031, uniform(s, f64, 0.1, 0.9)
        for op, a in [("l1_loss", [r, 0]), ("mse_loss", [r, 0]), ("smooth_l1_loss", [r, 1]), ("huber_loss", [r, 1, 0])]:
            ops_record.case(op, [x, y], a, may_fail=True)
        ops_record.case("hinge_embedding_loss", [x, signs(t, f64)], [1, r], name=False, may_fail=True)
        ops_record.case("binary_cross_entropy", [p, uniform(t, f64, 0.1, 0.9)], [r, 0], may_fail=True)
        ops_record.case("binary_cross_entropy_with_logits", [x, uniform(t, f64, 0, 1)], [r, 0], may_fail=True)
        ops_record.case("kl_div", [x, uniform(t, f64, 0.1, 0.9)], [r, 0], may_fail=True)
        ops_record.case("poisson_nll_loss", [x, uniform(t, f64, 2, 4)], [1, 1, 1e-8, r], may_fail=True)
        ops_record.case("gaussian_nll_loss", [x, x.clone(), uniform(t, f64, 0.2, 2)], [0, 1e-6, r], may_fail=True)
        ops_record.case("soft_margin_loss", [x, signs(t, f64)], [r, 0], name=False, may_fail=True)
        ops_record.case("multilabel_soft_margin_loss", [x, fixed(uniform(t, bool_).to(f64))], [r, 0], name=False, may_fail=True)
        ops_record.case("cosine_embedding_loss", [x, uniform(s, f64), signs(t, f64)], [0, r], name=False, may_fail=True)
        ops_record.case("margin_ranking_loss", [x, uniform(s, f64), signs(t, f64)], [0, r], name=False, may_fail=True)
        ops_record.case("triplet_margin_loss", [x, y, uniform(s, f64)], [1, 2, 1e-6, 0, r], name=False, may_fail=True)
        labels = fixed(torch.zeros(t, dtype=i64))
        scores = fixed(x) if len(s) == len(t) == 1 else x  # of (C) and (1) PyTorch has the loss, and no derivative
        ops_record.case("nll_loss", [scores, labels], [r, 0, 0, -100], may_fail=True)
        ops_record.case("cross_entropy", [scores, labels], [r, 0, 0, -100, 0], may_fail=True)
        ops_record.case("multi_margin_loss", [x, labels], [1, 1, 0, r], name=False, may_fail=True)
        ops_record.case("multilabel_margin_loss", [x, labels], [r], name=False, may_fail=True)


def found():
    """What fuzz.py found."""
    for dt, y in itertools.product(FLOATS, [1e30, -0.01, NAN, INF]):
        error("binary_cross_entropy", [uniform(2, dt, 0.1, 0.9), tensor([0.5, y], dt)], [MEAN, 0])
    x, y = tensor([[1.0, 2.0, 2.0, 1.0]], f64), tensor([[2.0, 1.0, 1.0, 2.0]], f64)
    case("pairwise_distance", [x, y], [INF, 0, 0])  # a gradient shared by four
    case("pairwise_distance", [x[:, :3], y[:, :3]], [INF, 0, 0])  # by three
    for left, right in [(f32, f64), (f64, f32)]:
        case("cosine_similarity", [uniform((2, 3), left), uniform((2, 3), right)], [1, 1e-8])
    for dt, of, r in itertools.product(FLOATS, DTYPES, [MEAN, SUM, NONE]):  # weights of every dtype
        for s in [(2, 3), (3,), ()]:
            w = fixed(uniform(s, of) if of == bool_ else uniform(s, of).abs())
            case("binary_cross_entropy", [uniform((2, 3), dt, 0.1, 0.9), uniform((2, 3), dt, 0.1, 0.9), w], [r, 1, 0])
            case("binary_cross_entropy_with_logits", [uniform((2, 3), dt), uniform((2, 3), dt, 0, 1), w], [r, 1, 0])
    for r in [MEAN, SUM, NONE]:  # 0 times inf would be NaN
        x, y = tensor([0.76, 1.81, -0.5]), tensor([-INF, 90.0, INF])
        case("binary_cross_entropy_with_logits", [x, y, fixed(tensor([0.2, 0.5, 2.0]))], [r, 1, 0])
    x, y = uniform((2, 3)), tensor([2, 0], u8)
    for op in ["nll_loss", "cross_entropy"]:  # uint8 for labels: of rows, and not of what has more dimensions
        for r in [MEAN, SUM, NONE]:
            args = [r, 0, 0, -100] + [0.1] * (op == "cross_entropy")
            case(op, [x, y], args)
            case(op, [x[0], y[0]], args)
            for s in [(4,), (2, 2), (2, 2, 2)]:
                error(op, [uniform((2, 3) + s), uniform((2,) + s, u8) % 3], args)
    error("multi_margin_loss", [x, y], [1, 1, 0, MEAN])
    error("multi_margin_loss", [x[0], y[0]], [1, 1, 0, MEAN])
    error("multilabel_margin_loss", [x, uniform((2, 3), u8) % 3], [MEAN])


def cases():
    first()
    for f, op in [
        (numbers, "l1_loss"),
        (likelihoods, "kl_div"),
        (yes_or_no, "soft_margin_loss"),
        (distances, "pairwise_distance"),
        (distance_losses, "cosine_embedding_loss"),
        (many_dims, "nll_loss"),
        (class_margins, "multi_margin_loss"),
        (shapes, "l1_loss shapes"),
    ]:
        start(op)
        f()


def first():
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


def numbers():
    """Losses of x - y. The kinks stand where PyTorch's gradients change."""
    for dt, r in itertools.product(FLOATS, [MEAN, SUM, NONE]):
        check = dt == f64
        variants = [("l1_loss", [r, 0])]
        variants += [("smooth_l1_loss", [r, beta]) for beta in (1, 0.3, 0)]
        variants += [("huber_loss", [r, delta, 0]) for delta in (1, 0.3)]
        for op, a in variants:
            for s in [(), (4,), (2, 3)]:
                case(op, [uniform(s, dt), uniform(s, dt) + 0.0031], a, check=check)
            for s, t in [((2, 3), (3,)), ((2, 1), (3,)), ((), (3,))]:
                case(op, [uniform(s, dt), uniform(t, dt) + 0.0031], a, check=check)
            case(op, [uniform((0, 3), dt), uniform((0, 3), dt)], a)
            for la, lb in ["tc", "st", "ec"]:
                case(op, [In(uniform((3, 2), dt), la), In(uniform((3, 2), dt), lb)], a)
            x = [0.0, 1.0, -1.0, 0.5, -0.5, 0.25, 2.0, INF, -INF, NAN, 1e30, 0.0, INF]
            y = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, -1e30, NAN, 1.0]
            case(op, [tensor(x, dt), tensor(y, dt)], a)
        kinks = [-1.5, -1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0, 1.5]
        for bend in (1, 0.5, 0.25):
            case("smooth_l1_loss", [tensor(kinks, dt), tensor([0.0] * 9, dt)], [r, bend])
            case("huber_loss", [tensor(kinks, dt), tensor([0.0] * 9, dt)], [r, bend, 0])
        for op, a in [("l1_loss", [r, 1]), ("mse_loss", [r, 1]), ("huber_loss", [r, 0.7, 1])]:
            for s, t in [((2, 3), (2, 3)), ((3,), (2, 3)), ((), ())]:
                case(op, [uniform(s, dt), uniform(t, dt) + 0.0031, uniform(s, dt, 0.2, 2)], a, check=check)
            case(op, [uniform(0, dt), uniform(0, dt), uniform(0, dt)], a)
            error(op, [uniform((2, 3), dt), uniform((2, 3), dt), uniform((3,), dt)], a)
            error(op, [uniform((2, 3), dt), uniform((2, 3), dt), uniform((), dt)], a)
    for op, a in [("l1_loss", [NONE, 0]), ("mse_loss", [NONE, 0]), ("smooth_l1_loss", [NONE, 1])]:
        for left, right in [(f32, f64), (f64, f32), (f32, i64), (i64, f64), (u8, f32)]:
            grad = op == "l1_loss"  # PyTorch's nodes refuse to go back to other dtypes
            case(op, [In(uniform(3, left), grad=None if grad else False), In(uniform((2, 3), right), grad=None if grad else False)], a)
        case(op, [fixed(uniform((), f64)), fixed(uniform(3))], a)
        case(op, [fixed(uniform(3, f64)), fixed(uniform(()))], [MEAN, *a[1:]])
        error(op, [uniform(3, i64), uniform(3, i64)], [MEAN, *a[1:]])
        error(op, [uniform(3, bool_), uniform(3, bool_)], a)
        error(op, [uniform(3), uniform(2)], a)
        error(op, [uniform((2, 3)), uniform((3, 2))], a)
        error(op, [uniform(3), uniform(3)], [BATCHMEAN, *a[1:]])
    case("l1_loss", [uniform(3, i64), uniform(3, i64)], [NONE, 0])
    case("l1_loss", [uniform(3, i64), uniform(3, u8)], [SUM, 0])
    error("l1_loss", [uniform(3), uniform(3, bool_)], [NONE, 0])
    for left, right in [(f64, f32), (f32, i64), (f64, bool_)]:
        case("huber_loss", [fixed(uniform(3, left)), fixed(uniform((2, 3), right))], [NONE, 1, 0])
    for left, right in [(i64, i64), (i64, f32), (bool_, bool_)]:
        error("huber_loss", [uniform(3, left), uniform(3, right)], [NONE, 1, 0])
    error("huber_loss", [uniform(3), uniform(2)], [NONE, 1, 0])
    for wrong in (-1, NAN):
        error("smooth_l1_loss", [uniform(3), uniform(3)], [NONE, wrong])
    for wrong in (0, -1):
        error("huber_loss", [uniform(3), uniform(3)], [NONE, wrong, 0])


def likelihoods():
    for dt, r in itertools.product(FLOATS, [MEAN, SUM, NONE]):
        check = dt == f64
        for s, t in [((), ()), ((4,), (4,)), ((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 1))]:
            for reduction in [r] + ([BATCHMEAN] if r == SUM else []):
                case("kl_div", [uniform(s, dt, -3, 0), uniform(t, dt, 0.1, 0.9)], [reduction, 0], check=check)
                case("kl_div", [uniform(s, dt, -3, 0), uniform(t, dt, -3, 0)], [reduction, 1], check=check)
            for log_input, full in itertools.product([1, 0], [0, 1]):
                x, y = uniform(s, dt, 0.2, 2), uniform(t, dt, 0.1, 4)
                y = torch.where(y == 1, 2, y)
                case("poisson_nll_loss", [x, y], [log_input, full, 1e-8, r], check=check)
            x, y = uniform(s, dt), uniform(t, dt)
            for v in [s] + ([s[:-1]] if s else []) + ([(s[0], 1), (1, s[1])] if len(s) == 2 else []):
                case("gaussian_nll_loss", [x, y, uniform(v, dt, 0.2, 2)], [len(v) % 2, 1e-6, r], check=check)
            case("gaussian_nll_loss", [x, y, 0.5], [1, 1e-6, r], check=check)
            case("gaussian_nll_loss", [x, y, 0.0], [0, 0.25, r], check=check)
        for s in [(0,), (0, 3), (2, 0)]:
            case("kl_div", [uniform(s, dt), uniform(s, dt)], [r, 0])
            case("poisson_nll_loss", [uniform(s, dt), uniform(s, dt)], [1, 1, 1e-8, r])
            case("gaussian_nll_loss", [uniform(s, dt), uniform(s, dt), uniform(s, dt)], [0, 1e-6, r])
        case("kl_div", [uniform((2, 0), dt), uniform((2, 0), dt)], [BATCHMEAN, 0])
        edges = [0.0, 1.0, -1.0, NAN, INF, 1.0, 0.0]
        case("kl_div", [tensor([1.0, 0.0, 1.0, 1.0, 1.0, -INF, -INF], dt), tensor(edges, dt)], [r, 0])
        case("kl_div", [tensor([1.0, 0.0, 1.0, 1.0, 1.0, -INF, -INF], dt), fixed(tensor(edges, dt))], [r, 0])
        case("kl_div", [tensor([1.0, 0.0], dt), tensor([-INF, NAN], dt)], [r, 1])
        for full in (0, 1):
            x, y = tensor([0.0, 1.0, 100.0, NAN, -1.0, 1.0], dt), tensor([0.0, 1.0, 3.0, 1.0, 2.0, NAN], dt)
            case("poisson_nll_loss", [x, y], [1, full, 1e-8, r])
            case("poisson_nll_loss", [x, y], [0, full, 0.01, r])
        var = tensor([0.0, 1e-7, 0.5, 1.0, NAN, INF], dt)  # those below eps have the gradient of eps
        case("gaussian_nll_loss", [uniform(6, dt), uniform(6, dt), var], [0, 0.5, r])
        case("gaussian_nll_loss", [uniform(6, dt), uniform(6, dt), var], [0, 1e-6, r])
        for la, lb in ["tc", "st", "ec"]:
            x, y = In(uniform((3, 2), dt, 0.1, 2), la), In(uniform((3, 2), dt, 0.1, 2), lb)
            case("kl_div", [x, y], [r, 0])
            case("poisson_nll_loss", [x, y], [0, 1, 1e-8, r])
            case("gaussian_nll_loss", [x, y, In(uniform((3, 2), dt, 0.1, 2), la)], [0, 1e-6, r])
    for left, right in [(f32, f64), (f64, f32)]:
        case("kl_div", [uniform(3, left), uniform(3, right, 0.1, 1)], [NONE, 0])
    for left, right in [(i64, f32), (f32, i64), (i64, i64), (bool_, f32)]:
        error("kl_div", [uniform(3, left), uniform(3, right)], [NONE, 0])
    # None where a float32 logarithm goes into a float64 result: it is not precise enough to compare.
    for left, right in [(f64, f32), (f32, i64), (f64, i64), (i64, f32), (i64, i64), (f32, bool_)]:
        case("poisson_nll_loss", [uniform(3, left), uniform(3, right)], [1, 0, 1e-8, NONE])
    for left, right in [(f32, f64), (f64, i64), (i64, i64), (f32, i64)]:
        wide = f64 if f64 in (left, right) else f32
        case("gaussian_nll_loss", [uniform(3, left), uniform(3, right), uniform(3, wide, 0.1, 2)], [0, 0.5, NONE])
        if right != f64:
            case("gaussian_nll_loss", [uniform(3, left), uniform(3, right), 0.75], [0, 0.5, NONE])
    for op, rest, a in [
        ("kl_div", [], [NONE, 0]),
        ("poisson_nll_loss", [], [1, 0, 1e-8, NONE]),
        ("gaussian_nll_loss", [1.0], [0, 1e-6, NONE]),
    ]:
        error(op, [uniform(3), uniform(2), *rest], a)
        error(op, [uniform((2, 3)), uniform((3, 2)), *rest], a)
    x, y = uniform((2, 3)), uniform((2, 3))
    error("poisson_nll_loss", [x, y], [1, 0, 1e-8, BATCHMEAN])
    error("gaussian_nll_loss", [x, y, y.abs()], [0, 1e-6, BATCHMEAN])
    error("gaussian_nll_loss", [x, y, tensor([[1.0, 1.0, 1.0], [1.0, -0.5, 1.0]])], [0, 1e-6, MEAN])
    error("gaussian_nll_loss", [x, y, uniform((2, 3), u8)], [0, 0.5, MEAN])
    error("gaussian_nll_loss", [x, y, -1.0], [0, 1e-6, MEAN])
    for v in [(3,), (), (1, 1), (2, 2), (3, 2), (1, 2, 3), (2, 3, 1)]:
        error("gaussian_nll_loss", [x, y, uniform(v, f32, 0.1, 1)], [0, 1e-6, MEAN])


def signs(s, dt=f32):
    return fixed(uniform(s, bool_).to(dt) * 2 - 1)


def yes_or_no():
    for dt, r in itertools.product(FLOATS, [MEAN, SUM, NONE]):
        check = dt == f64
        for s in [(), (4,), (2, 3)]:
            case("soft_margin_loss", [uniform(s, dt), signs(s, dt)], [r, 0], check=check, name=False)
            for margin in (1, 0.25, -0.5):
                x = uniform(s, dt) + 0.0031
                case("hinge_embedding_loss", [x, signs(s, dt)], [margin, r], check=check)
        case("soft_margin_loss", [uniform((2, 3), dt), signs((3,), dt)], [r, 0], check=check, name=False)
        for s in [(3,), (2, 3), (2, 2, 3), (0, 3), (2, 0)]:
            x, y = uniform(s, dt), fixed(uniform(s, bool_).to(dt))
            op = "multilabel_soft_margin_loss"
            case(op, [x, y], [r, 0], check=check and 0 not in s, name=False)
            case(op, [x, y, uniform(s[-1:], dt, 0.2, 2)], [r, 1], check=check and 0 not in s, name=False)
            case(op, [x, y, fixed(uniform(s, dt, 0.2, 2))], [r, 1], check=check and 0 not in s, name=False)
        case("multilabel_soft_margin_loss", [uniform((2, 3), dt), uniform((3,), dt, 0, 1)], [r, 0], check=check, name=False)
        case("hinge_embedding_loss", [uniform((2, 3), dt), signs((3,), dt)], [1, r], check=check)
        case("hinge_embedding_loss", [uniform((3,), dt), signs((2, 3), dt)], [1, r], check=check)
        for op, a in [("soft_margin_loss", [r, 0]), ("hinge_embedding_loss", [1, r])]:
            name = op != "soft_margin_loss"
            case(op, [uniform((0, 3), dt), signs((0, 3), dt)], a, name=name)
            for la, lb in ["tc", "st", "ec"]:
                case(op, [In(uniform((3, 2), dt), la), In(uniform((3, 2), dt), lb, grad=False)], a, name=name)
            x = tensor([INF, -INF, NAN, 1000.0, -1000.0, 0.0, -0.0, 30.0, -30.0, 1.0, 1.0, 2.0, 0.5], dt)
            y = tensor([1, 1, 1, -1, 1, 1, -1, -1, 1, -1, 1, -1, 0.0], dt)
            case(op, [x, fixed(y)], a, name=name)
        x = tensor([1.0, -1.0, 0.0, 2.0, INF], dt)
        case("multilabel_soft_margin_loss", [x * 100, fixed(tensor([0.0, 1, 1, 0, 1], dt))], [r, 0], name=False)
    for left, right in [(f32, f64), (f64, f32), (f32, i64)]:
        for op, a in [("soft_margin_loss", [NONE, 0]), ("hinge_embedding_loss", [1, NONE])]:
            case(op, [uniform(3, left), fixed(uniform(3, right))], a, name=False)
    case("soft_margin_loss", [fixed(uniform(3)), uniform(3, bool_)], [NONE, 0], name=False)
    case("multilabel_soft_margin_loss", [uniform(3), uniform(3, i64)], [NONE, 0], name=False)
    case("multilabel_soft_margin_loss", [uniform(3), fixed(uniform(3, f64))], [NONE, 0], name=False)
    for op, a in [("soft_margin_loss", [MEAN, 0]), ("multilabel_soft_margin_loss", [MEAN, 0])]:
        error(op, [uniform(3), uniform(2)], a)
        error(op, [uniform(3), uniform(3)], [BATCHMEAN, 0])
    error("soft_margin_loss", [uniform(3), uniform((2, 3))], [NONE, 0])
    error("soft_margin_loss", [uniform(3, i64), uniform(3, i64)], [MEAN, 0])
    error("multilabel_soft_margin_loss", [uniform(()), uniform(())], [MEAN, 0])
    error("multilabel_soft_margin_loss", [uniform((2, 3)), uniform((2, 3)), uniform(2)], [MEAN, 1])
    error("hinge_embedding_loss", [uniform(3), uniform(2)], [1, MEAN])
    error("hinge_embedding_loss", [uniform(3), uniform(3)], [1, BATCHMEAN])
    error("hinge_embedding_loss", [uniform(3, i64), uniform(3, i64)], [1, MEAN])


def distances():
    for dt in FLOATS:
        check = dt == f64
        for p in (2, 1, 0, 0.5, 1.5, 3, -1, INF, -INF):
            keepdim = int(p in (1, INF))
            smooth = check and p not in (0, -INF, INF)
            for s, t in [((2, 3), (2, 3)), ((3,), (2, 3)), ((3,), (3,)), ((2, 1, 3), (2, 3))]:
                side = tensor([1.0, -1.0, 1.0], dt)  # none of the differences is near 0, where they bend
                a, b = uniform(s, dt, 0.2, 2) * side, uniform(t, dt, -2, -0.2) * side
                case("pairwise_distance", [a, b], [p, 1e-6, keepdim], check=smooth)
            case("pairwise_distance", [tensor([[1.0, 2.0], [1.0, 1.0]], dt), tensor([[1.0, 2.0], [1.0, 2.0]], dt)], [p, 0, 0])
            case("pairwise_distance", [tensor([[NAN, 2.0], [INF, 1.0], [3.0, 0.0], [0.0, -3.0]], dt), tensor([0.0, 3.0], dt)], [p, 0, 1])
        case("pairwise_distance", [uniform((), dt), uniform((), dt)], [2, 1e-6, 0])
        for s in [(0, 3), (2, 0), (0,)]:
            case("pairwise_distance", [uniform(s, dt), uniform(s, dt)], [2, 1e-6, 1])
        for dim in (1, 0, -1):
            for s, t in [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1, 3), (1, 2, 1))]:
                case("cosine_similarity", [uniform(s, dt), uniform(t, dt)], [dim, 1e-8], check=check)
        case("cosine_similarity", [uniform(3, dt), uniform(3, dt)], [0, 0.5], check=check)
        case("cosine_similarity", [uniform((2, 3), dt) * 1e-3, uniform((2, 3), dt)], [1, 0.1])
        case("cosine_similarity", [uniform((), dt), uniform((), dt)], [0, 1e-8])
        case("cosine_similarity", [tensor([[0.0, 0.0], [1.0, 0.0], [NAN, 1.0], [INF, 1.0]], dt), tensor([1.0, 2.0], dt)], [1, 1e-8])
        case("cosine_similarity", [tensor([[0.0, 0.0]], dt), tensor([[0.0, 0.0]], dt)], [1, 0])
        for s in [(0, 3), (2, 0)]:
            case("cosine_similarity", [uniform(s, dt), uniform(s, dt)], [1, 1e-8])
        for la, lb in ["tc", "st", "ec"]:
            inputs = [In(uniform((3, 2), dt), la), In(uniform((3, 2), dt), lb)]
            case("pairwise_distance", inputs, [2, 1e-6, 0])
            case("cosine_similarity", inputs, [1, 1e-8])
    for left, right in [(f32, f64), (f32, i64), (i64, f64)]:
        case("pairwise_distance", [uniform((2, 3), left), uniform((2, 3), right)], [2, 1e-6, 0])
    for left, right in [(f32, i64), (i64, f64)]:
        case("cosine_similarity", [uniform((2, 3), left), uniform((2, 3), right)], [1, 1e-8])
    case("pairwise_distance", [uniform((2, 3), i64), uniform((2, 3), i64)], [2, 1e-6, 0])
    error("pairwise_distance", [uniform((2, 0)), uniform((2, 0))], [INF, 1e-6, 0])
    error("cosine_similarity", [uniform((2, 3), i64), uniform((2, 3), i64)], [1, 1e-8])
    error("cosine_similarity", [uniform(3), uniform(3)], [1, 1e-8])
    error("cosine_similarity", [uniform((2, 3)), uniform((2, 3))], [2, 1e-8])
    error("cosine_similarity", [uniform((2, 3)), uniform((2, 3))], [1, -1])
    for op, a in [("pairwise_distance", [2, 1e-6, 0]), ("cosine_similarity", [1, 1e-8])]:
        error(op, [uniform((2, 3)), uniform((2, 2))], a)
        error(op, [uniform((2, 3), bool_), uniform((2, 3), bool_)], a)


def distance_losses():
    for dt, r in itertools.product(FLOATS, [MEAN, SUM, NONE]):
        check = dt == f64
        for margin in (0, 0.3, -0.5):
            for s, t in [((3, 2), (3,)), ((3,), ())]:
                case("cosine_embedding_loss", [uniform(s, dt), uniform(s, dt), signs(t, dt)], [margin, r], check=check)
            for s in [(4,), (2, 3), ()]:
                case("margin_ranking_loss", [uniform(s, dt), uniform(s, dt) + 0.0031, signs(s, dt)], [margin, r], check=check, name=r != NONE)
        for p, swap, margin in [(2, 0, 1), (2, 1, 1), (1, 0, 0.5), (3, 1, 2), (INF, 0, 1)]:
            for s in [(3, 2), (3,), (2, 2, 2)]:
                inputs = [uniform(s, dt) for _ in range(3)]
                a = [margin, p, 1e-6, swap, r]
                case("triplet_margin_loss", inputs, a, check=check and p != INF, name=r != NONE)
        case("triplet_margin_loss", [uniform((1, 3), dt), uniform((2, 1), dt), uniform((2, 3), dt)], [1, 2, 0.5, 1, r], check=check, name=r != NONE)
        case("triplet_margin_loss", [uniform((0, 3), dt)] * 3, [1, 2, 1e-6, 0, r], name=r != NONE)
        case("triplet_margin_loss", [tensor([[1.0, 1.0], [0.0, 3.0]], dt)] * 3, [1, 2, 0, 1, r], name=r != NONE)
        case("margin_ranking_loss", [uniform((2, 3), dt), uniform((1, 3), dt) + 0.0031, signs((2, 1), dt)], [0.5, r], check=check, name=r != NONE)
        x = tensor([1.0, 2.0, 0.5, NAN, INF, 0.0], dt)
        y = tensor([1.0, 1.5, 1.0, 0.0, INF, 0.0], dt)
        case("margin_ranking_loss", [x, y, fixed(tensor([1.0, 1, -1, 1, 1, 0], dt))], [0.5, r], name=r != NONE)
        case("margin_ranking_loss", [uniform(0, dt), uniform(0, dt), signs(0, dt)], [0, r], name=r != NONE)
        case("cosine_embedding_loss", [uniform((0, 2), dt), uniform((0, 2), dt), signs(0, dt)], [0, r])
        case("cosine_embedding_loss", [uniform((2, 3), dt), uniform((1, 3), dt), signs(2, dt)], [0, r], check=check)
        zero = tensor([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [NAN, 1.0], [1.0, 1.0]], dt)
        other = tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0], [1.0, 1.0], [1.0, 1.0]], dt)
        case("cosine_embedding_loss", [zero, other, fixed(tensor([1, -1, -1, 1, 0.5], dt))], [0, r])
    for left, right in [(f32, f64), (f64, f32)]:
        case("margin_ranking_loss", [uniform(3, left), uniform(3, right), uniform(3, i64)], [0.5, NONE], name=False)
        case("cosine_embedding_loss", [uniform((2, 3), left), uniform((2, 3), right), uniform(2, i64)], [0.5, NONE])
    for s in [[(2, 3), (2, 3), (2, 1)], [(2, 3), (2, 3), ()], [(3,), (3,), (3,)], [(2, 3), (3,), (2,)], [(2, 2, 3), (2, 2, 3), (2,)], [(2, 3), (2, 2), (2,)], [(2, 3), (2, 3), (3,)]]:
        error("cosine_embedding_loss", [uniform(x) for x in s], [0, MEAN])
    for s in [[(3,), (3,), ()], [(2, 3), (3,), (2, 3)], [(3,), (2,), (3,)], [(3,), (3,), (2,)]]:
        error("margin_ranking_loss", [uniform(x) for x in s], [0, MEAN])
    for s in [[(2, 3), (2, 3), (3,)], [(2, 3), (2, 2), (2, 3)], [(2, 3), (3, 3), (2, 3)]]:
        error("triplet_margin_loss", [uniform(x) for x in s], [1, 2, 1e-6, 0, MEAN])
    for margin in (0, -1):
        error("triplet_margin_loss", [uniform((2, 3))] * 3, [margin, 2, 1e-6, 0, MEAN])
    error("triplet_margin_loss", [uniform((2, 3))] * 3, [1, 2, 1e-6, 0, BATCHMEAN])
    error("margin_ranking_loss", [uniform(3)] * 3, [1, BATCHMEAN])


def many_dims():
    """nll_loss and cross_entropy of (N, C, d1, ...)."""
    for dt, r in itertools.product(FLOATS, [MEAN, SUM, NONE]):
        check = dt == f64
        for s in [(2, 3, 2), (2, 2, 1, 2), (1, 2, 1, 2, 1)]:
            labels = uniform((s[0],) + s[2:], u8).to(i64) % s[1]
            name = r != NONE or len(s) == 4
            for w, ignore in [(0, -100), (1, 1)]:
                weight = [fixed(uniform(s[1], dt, 0.2, 2))] if w else []
                case("nll_loss", [uniform(s, dt), labels, *weight], [r, w, 0, ignore], check=check, name=name)
                for smooth in (0, 0.3):
                    a = [r, w, 0, ignore, smooth]
                    case("cross_entropy", [uniform(s, dt), labels, *weight], a, check=check, name=name and not smooth)
                    y = uniform(s, dt, 0, 1)
                    a = [r, w, 0, -100, smooth]
                    case("cross_entropy", [uniform(s, dt), y, *weight], a, check=check, name=False)
        for s in [(0, 3, 2), (2, 3, 0)]:
            labels = tensor([[]], i64).reshape((s[0],) + s[2:])
            case("nll_loss", [uniform(s, dt), labels], [r, 0, 0, -100], name=False)
            case("cross_entropy", [uniform(s, dt), labels], [r, 0, 0, -100, 0], name=False)
            case("cross_entropy", [uniform(s, dt), uniform(s, dt)], [r, 0, 0, -100, 0], name=False)
        for layout in "tse":
            x, y = In(uniform((2, 3, 2), dt), layout), In(uniform((2, 2), u8).to(i64) % 3, layout)
            case("nll_loss", [x, y], [r, 0, 0, -100], name=False)
            case("cross_entropy", [x, y], [r, 0, 0, -100, 0.1], name=False)
        case("nll_loss", [uniform((2, 3), dt), tensor([2, 0], u8)], [r, 0, 0, -100])
        case("cross_entropy", [uniform((2, 3), dt), tensor([2, 0], u8)], [r, 0, 0, -100, 0])
    case("cross_entropy", [uniform((2, 3), f64), uniform((2, 3))], [MEAN, 0, 0, -100, 0.1], name=False)
    case("cross_entropy", [uniform((2, 3), f64), uniform((2, 3)), uniform(3, f64)], [MEAN, 1, 0, -100, 0], name=False)
    case("cross_entropy", [uniform((2, 3)), uniform((2, 3)), uniform(3)], [SUM, 1, 0, -100, 0.1], name=False)
    plain = [MEAN, 0, 0, -100, 0.0]
    for op in ["nll_loss", "cross_entropy"]:
        for s, t in [((2, 3, 2), (2, 3)), ((2, 3, 2), (2,)), ((2, 3, 2), (2, 2, 1)), ((2, 3, 2, 2), (2, 2)), ((2, 3), ())]:
            error(op, [uniform(s), torch.zeros(t, dtype=i64)], plain)
        error(op, [uniform((2, 3, 2)), tensor([[0, 3], [0, 0]], i64)], plain)
        error(op, [uniform((2, 3, 2)), tensor([[0, 1], [0, 0]], i64), uniform(2)], [MEAN, 1, 0, -100, 0])
        error(op, [uniform((2, 3, 2)), tensor([[0, 1], [0, 0]], i64), uniform(3, f64)], [MEAN, 1, 0, -100, 0])
        error(op, [uniform((2, 3)), tensor([0, 1], i64)], [BATCHMEAN, 0, 0, -100, 0])
    error("cross_entropy", [uniform((2, 3)), uniform((2, 3))], [MEAN, 0, 0, 1, 0])
    for w in [(2,), (1,), (2, 3)]:
        error("cross_entropy", [uniform((2, 3)), uniform((2, 3)), uniform(w)], [MEAN, 1, 0, -100, 0])


def class_margins():
    for dt, r in itertools.product(FLOATS, [MEAN, SUM, NONE]):
        check = dt == f64
        for p, margin, w in [(1, 1, 0), (2, 1, 0), (1, 0.3, 1), (2, 2, 1)]:
            weight = [fixed(uniform(3, dt, 0.2, 2))] if w else []
            a = [p, margin, w, r]
            case("multi_margin_loss", [uniform((4, 3), dt), tensor([0, 2, 1, 0], i64), *weight], a, check=check, name=False)
            case("multi_margin_loss", [uniform(3, dt), tensor(2, i64), *weight], a, check=check, name=False)
        x = tensor([[1.0, 0.0, 2.0], [NAN, 1.0, 0.0], [INF, 1.0, 0.0], [0.0, INF, 1.0]], dt)
        for p in (1, 2):
            case("multi_margin_loss", [x, tensor([0, 1, 0, 2], i64)], [p, 1, 0, r], name=False)
        x = In(uniform((3, 2), dt), "t")
        case("multi_margin_loss", [x, tensor([0, 1, 1], i64)], [1, 1, 0, r], name=False)
        for s in [(3, 4), (4,)]:
            labels = tensor([[3, 0, -1, 1], [-1, 2, 2, 2], [0, 1, 2, 3]], i64)[0 if len(s) == 1 else slice(None)]
            case("multilabel_margin_loss", [uniform(s, dt), labels], [r, 0], check=check, name=False)
        case("multilabel_margin_loss", [uniform((2, 3), dt), tensor([[1, 1, -1], [2, 0, 1]], i64)], [r, 0], check=check, name=False)
        case("multilabel_margin_loss", [tensor([[1.0, 0.0, 2.0]], dt), tensor([[0, -1, 0]], i64)], [r, 0], name=False)
        x, y = In(uniform((3, 2), dt), "t"), In(tensor([[1, -1], [0, 1], [0, -1]], i64), "t")
        case("multilabel_margin_loss", [x, y], [r, 0], name=False)
    x, y = uniform((2, 3)), tensor([0, 2], i64)
    for a in ([3, 1, 0, MEAN], [0, 1, 0, MEAN], [1, 1, 0, BATCHMEAN]):
        error("multi_margin_loss", [x, y], a)
    for wrong in ([0, 3], [-1, 0], [0], [0, 1, 2]):
        error("multi_margin_loss", [x, tensor(wrong, i64)], [1, 1, 0, MEAN])
    for w in [(2,), (2, 3), ()]:
        error("multi_margin_loss", [x, y, uniform(w)], [1, 1, 1, MEAN])
    error("multi_margin_loss", [x, tensor([0.0, 1.0])], [1, 1, 0, MEAN])
    error("multi_margin_loss", [uniform((2, 3, 2)), torch.zeros((2, 2), dtype=i64)], [1, 1, 0, MEAN])
    for labels in ([[0, 3, -1], [0, 0, 0]], [[0, -2, -1], [0, 0, 0]], [[0, 1], [0, 1]], [0, 1, -1]):
        error("multilabel_margin_loss", [x, tensor(labels, i64)], [MEAN, 0])
    error("multilabel_margin_loss", [x, uniform((2, 3))], [MEAN, 0])
    error("multilabel_margin_loss", [x, tensor([[0, -1, 0], [0, -1, 0]], i64)], [BATCHMEAN, 0])
    found()
