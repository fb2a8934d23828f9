"""The reference numbers of tests/torch/random/test_numpy_random.c: NumPy's legacy stream, written to numpy_rng.txt.

    python3 tests/torch/random/numpy_rng.py            (numpy; the same output each time)

    seed SEED
    KIND N A B hash HEX         FNV-1a over the bits of the N float64 or int64 numbers
    KIND N A B near VALUE ...   the first and the last four, where they rest on the C library's log
    end DRAWS                   closes the file
KIND, and what A and B are (- if nothing): rand; randn; uniform (low, high); normal (loc, scale); randint (low, high);
permutation; shuffle (of the rows of arange(2 N) as (N, 2)); choice (n, replace); weighted (n, replace; p in proportion to
1 .. n)
"""
import os
import random

import numpy as np

pick = random.Random(11)
SIZES = [0, 1, 2, 3, 7, 16, 100, 700]
SEEDS = [0, 1, 8, 42, 1234, 2**31, 2**32 - 1] + [pick.getrandbits(32) for _ in range(15)]
RANGES = [(0, 1), (0, 10), (-5, 6), (0, 2**16), (0, 2**31), (0, 2**32), (-(2**33), 2**40), (-(2**63), 2**63 - 1)]


def fnv(x):
    h = 0xCBF29CE484222325
    for bits in np.ascontiguousarray(x).reshape(-1).view(np.uint64).tolist():
        h = (h ^ bits) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"hash {h:016x}"


def near(x):
    values = x.tolist()
    return " ".join(["near"] + [v.hex() for v in (values if len(values) < 8 else values[:4] + values[-4:])])


def real(low, high):
    return round(pick.uniform(low, high) * 4096) / 4096


def draw(kind, n):
    if kind == "rand":
        return f"- - {fnv(np.random.rand(n))}"
    if kind == "randn":
        return f"- - {near(np.random.randn(n))}"
    if kind in ("uniform", "normal"):
        a, b = real(-3, 3), real(0, 4)
        x = np.random.uniform(a, a + b, n) if kind == "uniform" else np.random.normal(a, b, n)
        return f"{a.hex()} {(a + b if kind == 'uniform' else b).hex()} {fnv(x) if kind == 'uniform' else near(x)}"
    if kind == "randint":
        low, high = pick.choice(RANGES)
        return f"{low} {high} {fnv(np.random.randint(low, high, n, dtype=np.int64))}"
    if kind == "permutation":
        return f"- - {fnv(np.random.permutation(n))}"
    if kind == "shuffle":
        x = np.arange(2 * n).reshape(n, 2)
        np.random.shuffle(x)
        return f"- - {fnv(x)}"
    replace = pick.randrange(2)
    m = n + pick.randrange(1, 20)
    p = np.arange(1, m + 1) / (m * (m + 1) / 2) if kind == "weighted" else None
    return f"{m} {replace} {fnv(np.random.choice(m, n, replace=bool(replace), p=p))}"


lines, draws = [], 0
for seed in SEEDS:
    lines.append(f"seed {seed}")
    np.random.seed(seed)
    kinds = 3 * "rand randn uniform normal randint randint permutation shuffle choice weighted".split()
    pick.shuffle(kinds)
    for kind in kinds:
        n = pick.choice(SIZES)
        lines.append(f"{kind} {n} {draw(kind, n)}")
        draws += 1
lines.append(f"end {draws}")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "numpy_rng.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(f"{len(SEEDS)} seeds, {draws} draws")
