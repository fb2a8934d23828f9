"""The reference numbers of tests/torch/nn/test_init.c: torch.nn.init, written to init.txt.

    python3 tests/torch/nn/init.py            (torch and numpy; the same output each time)

    NAME DTYPE SHAPE SEED A B C D VALUE ...    the first and the last 8 numbers; A to D as case() is given them
    end CASES                                  closes the file
"""
import os

import torch
import torch.nn.init as init

lines = []
MODES = ["fan_in", "fan_out"]
NAMES = ["leaky_relu", "relu", "tanh", "sigmoid", "linear", "selu"]
CALLS = {
    "uniform": lambda t, a, b, c, d: init.uniform_(t, a, b),
    "normal": lambda t, a, b, c, d: init.normal_(t, a, b),
    "constant": lambda t, a, b, c, d: init.constant_(t, a),
    "eye": lambda t, a, b, c, d: init.eye_(t),
    "trunc_normal": lambda t, a, b, c, d: init.trunc_normal_(t, a, b, c, d),
    "xavier_uniform": lambda t, a, b, c, d: init.xavier_uniform_(t, a),
    "xavier_normal": lambda t, a, b, c, d: init.xavier_normal_(t, a),
    "orthogonal": lambda t, a, b, c, d: init.orthogonal_(t, a),
    "kaiming_uniform": lambda t, a, b, c, d: init.kaiming_uniform_(t, a, MODES[int(b)], NAMES[int(c)]),
    "kaiming_normal": lambda t, a, b, c, d: init.kaiming_normal_(t, a, MODES[int(b)], NAMES[int(c)]),
    "sparse": lambda t, a, b, c, d: init.sparse_(t, a, b),
}


def case(name, shape, dtype, seed, *numbers):
    a, b, c, d = (numbers + (0, 0, 0, 0))[:4]
    torch.manual_seed(seed)
    t = torch.empty(shape, dtype=dtype)
    CALLS[name](t, a, b, c, d)
    x = t.reshape(-1).tolist()
    x = x if len(x) < 16 else x[:8] + x[-8:]
    lines.append(f"{name} {str(dtype)[6:]} {'x'.join(map(str, shape))} {seed} {a} {b} {c} {d} " + " ".join(v.hex() for v in x))


SHAPES = [(3, 5), (5, 3), (16, 7), (2, 3, 4), (20, 30), (1, 1)]
seed = 0
for dtype in [torch.float32, torch.float64]:
    for shape in SHAPES:
        calls = [("uniform", -1.5, 2.5), ("normal", 0.5, 2), ("constant", 0.3), ("trunc_normal", 0, 1, -2, 2),
                 ("trunc_normal", 0, 0.02, -2, 2), ("trunc_normal", 0, 1, 2, 3), ("trunc_normal", 1, 2, -1, 1.5),
                 ("xavier_uniform", 1), ("xavier_uniform", 5 / 3), ("xavier_normal", 1), ("orthogonal", 1), ("orthogonal", 1.7)]
        calls += [(name, a, b, c) for name in ("kaiming_uniform", "kaiming_normal") for a, b, c in
                  [(0, 0, 0), (0.2, 1, 0), (0, 0, 1), (0, 1, 2), (0, 0, 3), (0, 0, 5)]]
        if len(shape) == 2:
            calls += [("eye",), ("sparse", 0.3, 0.01), ("sparse", 1.0, 2)]
        for name, *numbers in calls:
            seed += 1
            case(name, shape, dtype, seed, *numbers)
lines.append(f"end {len(lines)}")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "init.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(lines[-1])
