"""The reference numbers of tests/torch/random/test_random.c: what PyTorch's CPU generator gives, written to rng.txt.

    python3 tests/torch/random/rng.py            (torch and numpy; a few seconds; the same output each time)

(Not random.py: Python would take that for its own module random in every script of this folder.)

After each seed come draws of all kinds in a shuffled order, so that the state that one draw leaves to the next (words
used, the cached second normal) is compared too. The file, a line an item:
    seed SEED
    KIND DTYPE N A B hash HEX           N elements; the hash is FNV-1a over the bits of each element
    KIND DTYPE N A B near VALUE ...     all of them, or the first and the last four
    end DRAWS                           closes the file
KIND, and what A and B are (- if nothing): rand; uniform (low, high); randn; normal (mean, std); bernoulli (p); randint
(low, high); randperm; generator (seed of a generator of its own; a permutation); word (one 64-bit draw without its top
bit); probabilities (p: torch.bernoulli of a tensor full of p); exponential (lambd); random (random_()); between (low,
high: random_(low, high)); multinomial (count, replacement; of the weights 1 .. n); strided (normal_(A, B) of a transposed
(3, n) tensor); state (the bytes of the generator's state). Numbers that rest on the C library's functions are compared
nearly, all else to the bit.

bernoulli(p) is torch.bernoulli of probabilities in float64, which draws as bernoulli_(p) does in builds of PyTorch
without MKL.
"""
import os
import random

import numpy as np
import torch

torch.set_num_threads(1)
pick = random.Random(7)
f32, f64, i64, u8, bool_ = torch.float32, torch.float64, torch.int64, torch.uint8, torch.bool
SIZES = [0, 1, 2, 3, 7, 15, 16, 17, 31, 32, 100, 625]
SEEDS = [0, 1, 2, 42, 137, 1234, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 42, 2**53 + 1, 2**63, 2**64 - 1]
SEEDS += [pick.getrandbits(62) for _ in range(14)]
BITS = {f32: np.uint32, f64: np.uint64, i64: np.uint64, u8: np.uint8, bool_: np.uint8}


def fnv(t):
    h = 0xCBF29CE484222325
    for bits in t.numpy().view(BITS[t.dtype]).tolist():
        h = (h ^ bits) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"hash {h:016x}"


def near(t):
    values = t.tolist()
    return " ".join(["near"] + [v.hex() for v in (values if len(values) < 8 else values[:4] + values[-4:])])


def real(low, high):
    """A number that hexadecimal digits give exactly."""
    return round(pick.uniform(low, high) * 4096) / 4096


def draw(kind, dtype, n):
    """The rest of a line: A, B and the numbers."""
    if kind == "rand":
        return f"- - {fnv(torch.rand(n, dtype=dtype))}"
    if kind == "uniform":
        low = real(-3, 3)
        high = low + real(0, 4)
        return f"{low.hex()} {high.hex()} {fnv(torch.empty(n, dtype=dtype).uniform_(low, high))}"
    if kind in ("randn", "normal"):
        mean, std = (0.0, 1.0) if kind == "randn" else (real(-3, 3), real(0, 4))
        t = torch.randn(n, dtype=dtype) if kind == "randn" else torch.normal(mean, std, (n,), dtype=dtype)
        numbers = fnv(t) if dtype == f32 and n >= 16 else near(t)
        return f"- - {numbers}" if kind == "randn" else f"{mean.hex()} {std.hex()} {numbers}"
    if kind == "bernoulli":
        p = real(0, 1)
        return f"{p.hex()} - {fnv(torch.bernoulli(torch.full((n,), p, dtype=f64)).to(dtype))}"
    if kind == "randint":
        low, high = pick.choice(RANGES[dtype])
        return f"{low} {high} {fnv(torch.randint(low, high, (n,), dtype=dtype))}"
    if kind == "probabilities":
        p = real(0, 1)
        return f"{p.hex()} - {fnv(torch.bernoulli(torch.full((n,), p, dtype=dtype)))}"
    if kind == "exponential":
        lambd = real(0.1, 3)
        return f"{lambd.hex()} - {near(torch.empty(n, dtype=dtype).exponential_(lambd))}"
    if kind == "random":
        return f"- - {fnv(torch.empty(n, dtype=dtype).random_())}"
    if kind == "between":
        low, high = pick.choice(RANGES[dtype])
        return f"{low} {high} {fnv(torch.empty(n, dtype=dtype).random_(low, high))}"
    if kind == "multinomial":
        n = max(n, 1)
        weights = torch.arange(1, n + 1, dtype=dtype)
        replacement = pick.randrange(2)
        count = pick.randrange(1, n + 1) if not replacement else pick.randrange(1, 40)
        return f"{count} {replacement} {fnv(torch.multinomial(weights, count, replacement=bool(replacement)))}"
    if kind == "strided":
        mean, std = real(-3, 3), real(0, 4)
        return f"{mean.hex()} {std.hex()} {near(torch.empty(n, 3, dtype=dtype).t().normal_(mean, std).contiguous().view(-1))}"
    if kind == "state":
        return f"- - {fnv(torch.get_rng_state())}"
    if kind == "randperm":
        return f"- - {fnv(torch.randperm(n))}"
    if kind == "generator":
        seed = pick.getrandbits(64)
        g = torch.Generator()
        g.manual_seed(seed)
        return f"{seed} - {fnv(torch.randperm(n, generator=g))}"
    return f"- - {fnv(torch.empty(1, dtype=i64).random_())}"


RANGES = {
    i64: [(0, 1), (0, 10), (-5, 6), (0, 2**28 - 1), (0, 2**28), (-(2**27), 2**27 + 1), (0, 2**32), (7, 2**40),
          (0, 2**63 - 1), (-(2**63), 2**63 - 1), (-(2**63), 0)],
    f32: [(0, 10), (-(2**24), 2**24)],
    f64: [(0, 10), (-(2**53), 2**53)],
    u8: [(0, 256), (3, 5)],
    bool_: [(0, 2), (1, 2)],
}
KINDS = ([(k, d) for k in ("rand", "uniform", "randn", "normal") for d in (f32, f64)] +
         [("randn", f32), ("normal", f64)] +
         [("bernoulli", f32), ("bernoulli", f64), ("randperm", i64), ("generator", i64), ("word", i64)] +
         [("randint", d) for d in (i64, i64, f32, f64, u8, bool_)] +
         [(k, d) for k in ("probabilities", "exponential", "multinomial", "strided") for d in (f32, f64)] +
         [(k, d) for k in ("random", "between") for d in (i64, f32, f64, u8, bool_)] + [("state", u8)])

lines, draws = [], 0
for seed in SEEDS:
    lines.append(f"seed {seed}")
    torch.manual_seed(seed)
    kinds = 2 * KINDS
    pick.shuffle(kinds)
    for kind, dtype in kinds:
        n = 1 if kind == "word" else 5056 if kind == "state" else pick.choice(SIZES)
        n = max(n, 1) if kind == "multinomial" else n
        lines.append(f"{kind} {str(dtype)[6:]} {n} {draw(kind, dtype, n)}")
        draws += 1
lines.append(f"end {draws}")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "rng.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(f"{len(SEEDS)} seeds, {draws} draws")
