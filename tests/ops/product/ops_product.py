"""Cases of the products."""

import itertools

import torch
import torch.nn.functional as F

from ops_record import DTYPES, FLOATS, INF, NAN, RUN, In, bool_, case, error, f32, f64, i64, start, tensor, u8, uniform


def packed(equation):
    """The equation as numbers: seven characters each, digits in base 128."""
    parts = [equation[i : i + 7] for i in range(0, len(equation), 7)]
    return [sum(ord(c) << 7 * i for i, c in enumerate(part)) for part in parts]


def unpacked(numbers):
    text = ""
    for rest in numbers:
        while rest:
            text, rest = text + chr(rest % 128), rest // 128
    return text


def scaled(f):
    """Numbers, where there are any: beta, alpha."""
    return lambda x, a: f(*x, **dict(zip(("beta", "alpha"), a)))


RUN.update(
    {
        "mv": lambda x, a: torch.mv(*x),
        "dot": lambda x, a: torch.dot(*x),
        "outer": lambda x, a: torch.outer(*x),
        "bmm": lambda x, a: torch.bmm(*x),
        "baddbmm": scaled(torch.baddbmm),
        "bilinear": lambda x, a: F.bilinear(*x),
        "einsum": lambda x, a: torch.einsum(unpacked(a), *x),
        "matmul": lambda x, a: torch.matmul(*x),
        "mm": lambda x, a: torch.mm(*x),
        "addmm": scaled(torch.addmm),
        "linear": lambda x, a: F.linear(*x),
    }
)


def cases():
    products()
    start("mv")
    vectors()
    start("bmm")
    batches()
    start("addmm")
    factors()
    start("bilinear")
    bilinear()
    start("einsum")
    einsum()
    found()


def found():
    """What fuzz.py found."""
    for dt in FLOATS:  # a weight of one dimension, and biases of other shapes
        for s in [[(3,), (3,)], [(2, 3), (3,)], [(0, 3), (3,)], [(2, 0), (0,)], [(4, 2, 3), (3,)], [(2, 1, 2, 3), (3,)]]:
            case("linear", [uniform(x, dt) for x in s], check=dt == f64 and 0 not in s[0], name=len(s[0]) < 3)
        for x, w, b in [
            [(3,), (3,), ()],
            [(4, 2, 3), (3,), ()],
            [(4, 2, 3), (3,), (4, 2)],
            [(3,), (2, 3), ()],
            [(4, 3), (2, 3), ()],
            [(4, 2, 3), (2, 3), ()],
            [(4, 3), (2, 3), (1,)],
            [(4, 3), (2, 3), (4, 1)],
            [(4, 3), (2, 3), (4, 2)],
            [(4, 3), (1, 3), (1, 1)],
            [(4, 2, 3), (2, 3), (1, 2)],
            [(4, 2, 3), (2, 3), (4, 2, 2)],
        ]:
            case("linear", [uniform(x, dt), uniform(w, dt), uniform(b, dt)], check=dt == f64, name=len(x) < 3 or not b)
    for s in [
        [(2, 3), (4,)],
        [(4,), (3,)],
        [(2, 3), (3,), ()],
        [(2, 3), (3,), (2,)],
        [(2, 3), (3,), (2, 1)],
        [(3,), (3,), (1,)],
        [(4, 2, 3), (3,), (2,)],
        [(4, 2, 3), (3,), (3, 2)],
        [(4, 2, 3), (2, 3), (5, 4, 2, 2)],
        [(4, 2, 3), (2, 3), (4, 1)],
        [(4, 3), (2, 3), (1, 4, 2)],
        [(2, 3), ()],
        [(2, 3), (2, 2, 3)],
    ]:
        error("linear", [uniform(x) for x in s])
    error("linear", [uniform((2, 3)), uniform(3, f64)])


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


def vectors():
    for op, shapes in [
        ("mv", [((2, 3), (3,)), ((1, 4), (4,)), ((3, 1), (1,)), ((2, 0), (0,)), ((0, 3), (3,))]),
        ("dot", [((3,), (3,)), ((1,), (1,)), ((0,), (0,)), ((40,), (40,))]),
        ("outer", [((2,), (3,)), ((1,), (1,)), ((0,), (2,)), ((3,), (0,))]),
    ]:
        for a, b in shapes:
            for dt in FLOATS:
                case(op, [uniform(a, dt), uniform(b, dt)], check=dt == f64 and 0 not in a + b)
            case(op, [uniform(a, i64), uniform(b, i64)])
        a, b = shapes[0]
        case(op, [uniform(a, u8), uniform(b, u8)])
        for la, lb in ["ts", "sc", "es", "cs", "ce"]:
            if len(a) > 1 or la != "t":
                case(op, [In(uniform(a), la), In(uniform(b), lb)])
        edges = tensor([[INF, 1.0], [0.0, NAN]])
        case(op, [edges if op == "mv" else edges[0], tensor([0.0, 2.0])])
        error(op, [uniform(a), uniform((2, 2))])
        error(op, [uniform(()), uniform(b)])
        error(op, [uniform((2, 2, 3)), uniform(b)])
        if op != "outer":
            error(op, [uniform(a), uniform(4)])
            for dt in [f64, i64, bool_]:
                error(op, [uniform(a), uniform(b, dt)])
            error(op, [uniform(a, bool_), uniform(b, bool_)])
    for left, right in itertools.product(DTYPES, repeat=2):
        case("outer", [uniform(2, left), uniform(3, right)])


def batches():
    for a, b in [
        ((2, 3, 4), (2, 4, 2)),
        ((1, 2, 3), (1, 3, 2)),
        ((3, 1, 2), (3, 2, 1)),
        ((2, 1, 1), (2, 1, 3)),
        ((0, 2, 3), (0, 3, 2)),
        ((2, 0, 3), (2, 3, 2)),
        ((2, 2, 0), (2, 0, 3)),
        ((2, 2, 3), (2, 3, 0)),
    ]:
        for dt in FLOATS:
            case("bmm", [uniform(a, dt), uniform(b, dt)], check=dt == f64 and 0 not in a + b)
        case("bmm", [uniform(a, i64), uniform(b, i64)])
    case("bmm", [uniform((2, 2, 2), u8), uniform((2, 2, 2), u8)])
    for la, lb in itertools.product("ctse", repeat=2):
        case("bmm", [In(uniform((2, 3, 4)), la), In(uniform((2, 4, 2)), lb)])
    case("bmm", [uniform((2, 17, 18)), uniform((2, 18, 19))])
    for a, b in [
        ((2, 3, 4), (2, 3, 4)),
        ((1, 3, 4), (2, 4, 2)),
        ((2, 3, 4), (1, 4, 2)),
        ((3, 4), (2, 4, 2)),
        ((2, 3, 4), (4, 2)),
        ((2, 2, 3, 4), (2, 2, 4, 2)),
    ]:
        error("bmm", [uniform(a), uniform(b)])
    for dt in [f64, i64]:
        error("bmm", [uniform((2, 2, 2)), uniform((2, 2, 2), dt)])
    error("bmm", [uniform((2, 2, 2), bool_), uniform((2, 2, 2), bool_)])


def factors():
    """addmm and baddbmm with beta and alpha."""
    for op, batch in [("addmm", ()), ("baddbmm", (2,))]:
        a, b = batch + (2, 3), batch + (3, 4)
        for dt in FLOATS:
            for c in [batch + (2, 4), (4,), (2, 1), (1,), ()]:
                for f in [(), (1, 1), (0.5, 2), (0, -1.5), (-1, 0.25), (2, 1)]:
                    if f and c not in [batch + (2, 4), (4,)]:
                        continue
                    case(op, [uniform(c, dt), uniform(a, dt), uniform(b, dt)], f, check=dt == f64)
            case(op, [tensor([NAN, INF, 1.0, 2.0], dt), uniform(a, dt), uniform(b, dt)], [0, 1])
            case(op, [tensor([NAN, INF, 1.0, 2.0], dt), uniform(a, dt), uniform(b, dt)], [1, 1])
            case(op, [uniform(3, dt), uniform(batch + (2, 0), dt), uniform(batch + (0, 3), dt)], [0.5, 2])
            case(op, [uniform(3, dt), uniform(batch + (2, 0), dt), uniform(batch + (0, 3), dt)], [0, 2])
            case(op, [uniform(2, dt), uniform(batch + (0, 3), dt), uniform(batch + (3, 2), dt)], [0.5, 2])
        for dt in [i64, u8]:
            for f in [(), (2, -3), (0, 1), (2.5, 3)]:
                if dt == i64 or f in [(), (0, 1)]:
                    case(op, [uniform(4, dt), uniform(a, dt), uniform(b, dt)], f)
        for layouts in ["tct", "sss", "ett"]:
            inputs = zip([batch + (2, 4), a, b], layouts)
            case(op, [In(uniform(s), l) for s, l in inputs], [0.5, 2])
        for c in [(3,), batch + (2, 3), (2,) + batch + (2, 4), (3, 1)]:
            error(op, [uniform(c), uniform(a), uniform(b)], [0, 2])
        error(op, [uniform(4), uniform(b), uniform(b)])
        error(op, [uniform(4), uniform(a), uniform(4)])
        error(op, [uniform(4, f64), uniform(a), uniform(b)])
        error(op, [uniform(4), uniform(a), uniform(b, i64)])
        error(op, [uniform(4, bool_), uniform(a, bool_), uniform(b, bool_)])


def bilinear():
    for dt in FLOATS:
        for batch in [(), (2,), (2, 3), (0,), (1, 0)]:
            for out, one, two in [(2, 3, 2), (1, 1, 1)]:
                s = [batch + (one,), batch + (two,), (out, one, two), (out,)]
                for n in (3, 4):
                    case("bilinear", [uniform(x, dt) for x in s[:n]], check=dt == f64 and 0 not in batch, name=False)
        for layouts in ["tsts", "sctc", "ecsc"]:
            s = [(3, 3), (3, 2), (2, 3, 2), (2,)]
            case("bilinear", [In(uniform(x, dt), l) for x, l in zip(s, layouts)], name=False)
    case("bilinear", [uniform((2, 3), i64), uniform((2, 2), i64), uniform((2, 3, 2), i64), uniform(2, i64)])
    for s in [
        [(2, 3), (2, 2), (2, 3, 3), (2,)],
        [(2, 3), (2, 2), (2, 2, 2), (2,)],
        [(2, 3), (2, 2), (2, 3, 2), (3,)],
        [(2, 3), (2, 2), (2, 3, 2), (1,)],
        [(2, 3), (1, 2), (2, 3, 2), (2,)],
        [(2, 3), (2,), (2, 3, 2), (2,)],
        [(2, 3), (2, 2), (3, 2), (2,)],
        [(), (2,), (2, 3, 2), (2,)],
    ]:
        error("bilinear", [uniform(x) for x in s])
    shapes = [(2, 3), (2, 2), (2, 3, 2), (2,)]
    for other in range(4):
        error("bilinear", [uniform(s, f64 if i == other else f32) for i, s in enumerate(shapes)])


def einsum():
    def run(equation, shapes, dtypes=FLOATS, layouts=None):
        for dt in dtypes:
            inputs = [In(uniform(s, dt), l) for s, l in zip(shapes, layouts or "c" * len(shapes))]
            # more than two operands: PyTorch chooses the order, and sums in another one
            check = dt == f64 and all(0 not in s for s in shapes) and not layouts
            case("einsum", inputs, packed(equation), check=check, name=False)

    for equation, *shapes in [
        ("ij,jk->ik", (2, 3), (3, 2)),
        ("ij,jk", (2, 3), (3, 2)),
        ("ij,kj->ki", (2, 3), (2, 3)),
        ("ji,jk->ik", (2, 3), (2, 2)),
        ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)),
        ("bij,bkj->bik", (2, 2, 3), (2, 2, 3)),
        ("ibj,jbk->kib", (2, 2, 3), (3, 2, 2)),
        ("bhqd,bhkd->bhqk", (2, 1, 2, 2), (2, 1, 3, 2)),
        ("bi,bi->b", (3, 2), (3, 2)),
        ("bi,ib->", (3, 2), (2, 3)),
        ("i,i->", (3,), (3,)),
        ("i,j->ij", (2,), (3,)),
        ("i,j", (2,), (3,)),
        ("i,j->ji", (2,), (3,)),
        ("ij,ij->ij", (2, 3), (2, 3)),
        ("ij,j->i", (2, 3), (3,)),
        ("ij,j->ij", (2, 3), (3,)),
        ("ij,kl->ijkl", (2, 2), (1, 3)),
        ("ij,kl->", (2, 2), (2, 3)),
        ("ij,kl->il", (2, 2), (2, 3)),
        ("ii", (3, 3)),
        ("ii->i", (3, 3)),
        ("iij->j", (2, 2, 3)),
        ("ijij->ji", (2, 3, 2, 3)),
        ("iii->i", (2, 2, 2)),
        ("aabb->ab", (2, 2, 3, 3)),
        ("ii,ij->j", (2, 2), (2, 3)),
        ("ij->ji", (2, 3)),
        ("ij->", (2, 3)),
        ("ij->j", (2, 3)),
        ("bA", (2, 3)),
        ("ba", (2, 3)),
        ("zYxB", (1, 2, 3, 2)),
        ("", ()),
        ("->", ()),
        (",", (), ()),
        ("ij,", (2, 3), ()),
        (",i->i", (), (3,)),
        ("...", (2, 3)),
        ("...->...", ()),
        ("...->", (2, 3)),
        ("...ij->...ji", (2, 2, 3)),
        ("i...->...", (2, 2, 3)),
        ("i...j->ij...", (2, 3, 2, 2)),
        ("...i->i...", (2, 2, 3)),
        ("...ij,...jk->...ik", (2, 2, 3), (1, 3, 2)),
        ("...ij,...jk->...ik", (2, 1, 2, 3), (2, 3, 2)),
        ("...ij,jk", (2, 2, 3), (3, 2)),
        ("...,...->...", (2, 3), (3,)),
        ("...,...->", (2, 3), (3,)),
        ("...i,i...->i", (2, 3), (3, 2)),
        ("i...,j...->ij", (2, 2), (3, 2)),
        ("ij->...", (2, 3)),
        ("ij->...ji", (2, 3)),
        (" i j , j k -> k i ", (2, 3), (3, 2)),
        ("... i -> i ...", (2, 3)),
        ("ij,jk,kl->il", (2, 3), (3, 2), (2, 2)),
        ("ij,jk,kl", (2, 3), (3, 2), (2, 2)),
        ("i,j,k->kji", (2,), (3,), (2,)),
        ("i,i,i->i", (3,), (3,), (3,)),
        ("i,i,i->", (3,), (3,), (3,)),
        ("bn,anm,bm->ba", (2, 3), (2, 3, 2), (2, 2)),
        ("ij,ij,jk->ik", (2, 3), (2, 3), (3, 2)),
        ("ij,ik,il->jkl", (2, 2), (2, 3), (2, 1)),
        ("i,ij,j->", (2,), (2, 3), (3,)),
        ("ij,jk->ik", (2, 3), (1, 2)),
        ("ij,ij->ij", (2, 1), (1, 3)),
        ("ij,ij->", (2, 1), (1, 3)),
        ("ij,ij->i", (1, 3), (2, 1)),
        ("i,i->i", (1,), (1,)),
        ("ij,jk->ik", (1, 1), (1, 1)),
        ("ij,jk,ki->j", (1, 3), (3, 2), (2, 2)),
        ("ij,jk->ik", (2, 0), (0, 3)),
        ("ij,jk->ik", (0, 2), (2, 3)),
        ("bij,bjk->bik", (0, 2, 2), (0, 2, 3)),
        ("i,i->i", (0,), (1,)),
        ("i->", (0,)),
        ("ii->i", (0, 0)),
        ("ij->j", (0, 2)),
        ("i,j->ij", (0,), (2,)),
        ("bi,bi->b", (3, 0), (3, 0)),
    ]:
        run(equation, shapes)
    deep = (1, 2, 1, 2, 1, 1, 1, 2)
    run("abcdefgh->hgfedcba", [deep], [f32])
    run("abcdefgh,hb->gfedca", [deep, (2, 2)], [f32])
    run("abcdefgh,...->hgf", [deep, (2, 1)], [f32])
    run("abcdef,defghi->abcghi", [(1, 2, 1, 2, 1, 2), (2, 1, 2, 1, 2, 1)], [f32])
    for layouts in ["tt", "sc", "es", "te", "ss"]:
        run("ij,jk->ik", [(2, 3), (3, 2)], [f32], layouts)
        run("bij,bjk->kbi", [(2, 2, 3), (2, 3, 2)], [f32], layouts)
        run("ij,ij->i", [(2, 3), (2, 3)], [f32], layouts)
        run("ii,ik->ki", [(3, 3), (3, 2)], [f32], layouts)
    for dt in [i64, u8]:
        run("ij,jk->ik", [(2, 3), (3, 2)], [dt])
        run("bij,bjk->bik", [(2, 2, 3), (2, 3, 2)], [dt])
        run("bi,bi->b", [(2, 3), (2, 3)], [dt])
        run("ij->", [(2, 3)], [dt])
        run("ii->i", [(2, 2)], [dt])
    run("ij,ij->ij", [(2, 3), (2, 3)], [i64, u8, bool_])
    run("ij->ji", [(2, 3)], [bool_])
    run("ii->", [(2, 2)], [bool_])
    case("einsum", [uniform(2), uniform(3, f64)], packed("i,j->ij"), name=False)
    case("einsum", [uniform(2), uniform(3, i64)], packed("i,j->ij"), name=False)
    case("einsum", [tensor([[INF, 1.0], [NAN, 2.0]]), tensor([0.0, 2.0])], packed("ij,j->i"), name=False)
    for equation, *shapes in [
        ("ij,jk->ii", (2, 3), (3, 2)),
        ("ij->k", (2, 3)),
        ("i.j->ij", (2, 3)),
        ("i..j->ij", (2, 3)),
        ("i...j...->ij", (2, 3)),
        (". ..i->i", (2, 3)),
        ("ij->..", (2, 3)),
        ("...ij->...i...", (2, 3)),
        ("i-j", (2, 3)),
        ("i->-", (2,)),
        ("i- >i", (2,)),
        ("ij->i>", (2, 3)),
        ("ij->i->j", (2, 3)),
        ("i->i,j", (2,)),
        ("i1", (2, 3)),
        ("i;j", (2, 3)),
        ("i,j", (2,), (3,), (2,)),
        ("i,j,k", (2,), (3,)),
        ("ij->", (2, 3), (2,)),
        ("ijk", (2, 3)),
        ("i", (2, 3)),
        ("", (2,)),
        ("i", ()),
        ("ijk...", (2, 3)),
        ("ii->i", (3, 1)),
        ("ii", (3, 2)),
        ("ij,jk->ik", (2, 3), (2, 3)),
        ("i...,j...->ij", (2, 2), (3, 4)),
        ("...ij,...jk->...ik", (2, 2, 3), (3, 3, 2)),
    ]:
        error("einsum", [uniform(s) for s in shapes], packed(equation))
    error("einsum", [uniform((2, 3)), uniform((3, 2), f64)], packed("ij,jk->ik"))
    error("einsum", [uniform(3, bool_), uniform(3, bool_)], packed("i,i->"))
    error("einsum", [uniform(3), uniform(3, f64)], packed("i,i->"))
