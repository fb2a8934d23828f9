"""Cases of the indexing."""

from ops_record import DTYPES, FLOATS, RUN, In, case, error, f64, i64, tensor, uniform

RUN.update(
    {
        "index": lambda x, a: x[0][tuple(x[1:])],
    }
)


def cases():
    for s, indices in [
        ((5,), [[0, 2, 2, -1]]),
        ((4, 3), [[3, 0, 3]]),
        ((4, 3), [[0, 1, 3], [2, 0, 2]]),
        ((4, 3), [[[0], [1]], [0, 2]]),
        ((4, 3), [2]),
        ((4, 3), [1, -1]),
        ((4, 3), [[0, 1], 2]),
        ((2, 3, 4), [[1, 0], [2, 2]]),
        ((2, 3, 4), [[1, 0], [2, 2], [0, 3]]),
        ((4, 3), [[]]),
        ((2, 3, 4), [[[0, 1], [1, 0]]]),
        ((4, 3), [[1, 1], [2, 2]]),
    ]:
        for dt in FLOATS:
            case("index", [uniform(s, dt), *(tensor(i, i64) for i in indices)], check=dt == f64 and indices != [[]])
        case("index", [uniform(s, DTYPES[2 + len(s) % 3]), *(tensor(i, i64) for i in indices)])
        for layout in "tse":
            if len(s) >= 2:
                case("index", [In(uniform(s, f64), layout), *(tensor(i, i64) for i in indices)])
    case("index", [uniform((0, 3)), tensor([], i64)])
    error("index", [uniform((4, 3)), tensor([4], i64)])
    error("index", [uniform((4, 3)), tensor([-5], i64)])
    error("index", [uniform((4, 3)), tensor([0], i64), tensor([3], i64)])
    error("index", [uniform((4, 3)), tensor([0, 1], i64), tensor([0, 1, 2], i64)])
    error("index", [uniform(4), tensor([0], i64), tensor([0], i64)])
    error("index", [uniform(4), tensor([0.0])])
