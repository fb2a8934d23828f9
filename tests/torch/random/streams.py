#!/usr/bin/env python3
"""Writes streams.txt: thousands of numbers of every random function of PyTorch and of NumPy's legacy stream, for 20 seeds.

    python3 streams.py            (torch and numpy; the same output each time, on processors that are not Intel's: on those,
                                   PyTorch's builds with MKL take masks and exponentials from another stream)

    seeds SEED ...                    the 20 seeds
    hash NAME COUNT HEX ...           one a seed: FNV-1a over the bits of COUNT numbers, drawn after the seed
    ulp NAME COUNT SUM BITS           one line a seed: COUNT numbers that rest on the C library's functions. BITS has the two lowest
                                      bits of each number's place among the floating-point numbers, three numbers a
                                      character (from "0" on): they tell each number's neighbours from it. SUM, the sum
                                      of the magnitudes, rules out that all of them are far off
    sums NAME COUNT SUM ...           one line a seed: 8 sums of all numbers with different signs, where an algorithm's rounding
                                      is its own (orthogonal)
    end LINES

tests/torch/random/test_streams.c draws the same by name."""
import os

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn import init
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
f32, f64, i64, u8 = torch.float32, torch.float64, torch.int64, torch.uint8
N, M = 4000, 3000
SEEDS = [0, 1, 2, 3, 7, 8, 42, 99, 123, 137, 1234, 2024, 31337, 65535, 10**6, 123456789, 2**31 - 1, 2**31, 2**32 - 2,
         2**32 - 1]
E = lambda dtype=f32, n=N: torch.empty(n, dtype=dtype)
W = lambda *shape, dtype=f32: torch.empty(shape, dtype=dtype)
weights = lambda n, dtype=f32: torch.arange(1, n + 1, dtype=dtype) % 17
few = lambda dtype: torch.cat([torch.randn(1 + i % 15, dtype=dtype) for i in range(375)])


def loader():
    data = TensorDataset(torch.arange(1500))
    order = [i for _ in range(2) for (b,) in DataLoader(data, batch_size=64, shuffle=True) for i in b.tolist()]
    return torch.tensor(order + torch.randint(0, 1000, (2,)).tolist())


def state():
    torch.randn(N + 5, dtype=f64)
    torch.randn(3)
    return torch.get_rng_state()


def resumed():
    g = torch.Generator()
    g.manual_seed(torch.initial_seed() % 2**32 ^ 5)
    g.set_state(torch.get_rng_state())
    first = torch.rand(N, generator=g)
    return torch.cat([first, torch.rand(N)])


def generator():
    g = torch.Generator().manual_seed(torch.initial_seed() + 1)
    return torch.cat([torch.randint(0, 100, (N,), generator=g), torch.randperm(N, generator=g), torch.randint(0, 9, (9,))])


HASH = {
    "rand": lambda: torch.rand(N),
    "rand_f64": lambda: torch.rand(N, dtype=f64),
    "rand_like": lambda: torch.rand_like(W(40, 100)),
    "uniform_": lambda: E().uniform_(-2.5, 3.25),
    "uniform_f64_": lambda: E(f64).uniform_(-2.5, 3.25),
    "randn": lambda: torch.randn(N),
    "randn_tail": lambda: torch.randn(N + 9),
    "randn_like": lambda: torch.randn_like(W(40, 100)),
    "normal": lambda: torch.normal(1.5, 2.25, (N,)),
    "normal_": lambda: E().normal_(-1.5, 0.75),
    "randint": lambda: torch.randint(0, 10, (N,)),
    "randint_negative": lambda: torch.randint(-1000, 1001, (N,)),
    "randint_28": lambda: torch.randint(0, 2**28, (N,)),
    "randint_40": lambda: torch.randint(-2**40, 2**40, (N,)),
    "randint_f32": lambda: torch.randint(0, 1000, (N,), dtype=f32),
    "randint_u8": lambda: torch.randint(0, 256, (N,), dtype=u8),
    "randperm": lambda: torch.randperm(N),
    "random_": lambda: E(i64).random_(),
    "random_f32_": lambda: E(f32).random_(),
    "random_f64_": lambda: E(f64).random_(),
    "random_u8_": lambda: E(u8).random_(),
    "random_to_": lambda: E(i64).random_(77),
    "random_between_": lambda: E(f32).random_(-100, 100),
    "bernoulli": lambda: torch.bernoulli(torch.arange(N) / N),
    "bernoulli_f64": lambda: torch.bernoulli(torch.arange(N, dtype=f64) / N),
    "bernoulli_": lambda: E().bernoulli_(0.3),
    "bernoulli_i64_": lambda: E(i64).bernoulli_(0.8),
    "multinomial_replaced": lambda: torch.multinomial(weights(100), N, replacement=True),
    "multinomial_replaced_f64": lambda: torch.multinomial(weights(100, f64), N, replacement=True),
    "multinomial": lambda: torch.cat([torch.multinomial(1 + weights(50), 10) for _ in range(400)]),
    "multinomial_f64": lambda: torch.multinomial(1 + weights(5000, f64), N),  # in float32, weights that tie, as 4000 will
    "multinomial_one": lambda: torch.cat([torch.multinomial(weights(50), 1) for _ in range(2000)]),
    "multinomial_rows": lambda: torch.multinomial(1 + weights(6000).reshape(60, 100), 70).reshape(-1),
    "dropout": lambda: F.dropout(torch.ones(N), 0.5),
    "dropout_fifth": lambda: F.dropout(torch.ones(40, 100), 0.2).reshape(-1),
    "dropout_f64": lambda: F.dropout(torch.ones(N, dtype=f64), 0.9),
    "dropout_module": lambda: nn.Sequential(nn.Dropout(0.25), nn.Dropout(0.5))(torch.ones(N)),
    "linear": lambda: torch.cat([p.detach().reshape(-1) for p in nn.Linear(60, 70).parameters()]),
    "loader": loader,
    "state": state,
    "resumed": resumed,
    "generator": generator,
    "init_uniform_": lambda: init.uniform_(W(60, 70), -1, 2),
    "init_normal_": lambda: init.normal_(W(60, 70), 0.5, 2),
    "init_xavier_uniform_": lambda: init.xavier_uniform_(W(60, 70), 5 / 3),
    "init_xavier_uniform_f64_": lambda: init.xavier_uniform_(W(60, 70, dtype=f64)),
    "init_xavier_normal_": lambda: init.xavier_normal_(W(60, 70), 2.0),
    "init_kaiming_uniform_": lambda: init.kaiming_uniform_(W(60, 70)),
    "init_kaiming_uniform_fan_out_": lambda: init.kaiming_uniform_(W(60, 70), 0.2, "fan_out"),
    "init_kaiming_uniform_relu_": lambda: init.kaiming_uniform_(W(60, 70), nonlinearity="relu"),
    "init_kaiming_uniform_conv_": lambda: init.kaiming_uniform_(W(20, 8, 5, 5), nonlinearity="tanh"),
    "init_kaiming_normal_": lambda: init.kaiming_normal_(W(60, 70)),
    "init_kaiming_normal_fan_out_": lambda: init.kaiming_normal_(W(60, 70), 0, "fan_out", "relu"),
    "init_kaiming_normal_selu_": lambda: init.kaiming_normal_(W(60, 70), nonlinearity="selu"),
    "init_sparse_": lambda: init.sparse_(W(60, 70), 0.3),
    "init_constants_": lambda: torch.cat([x.reshape(-1) for x in (init.constant_(W(60, 20), 0.3), init.ones_(W(60, 20)),
                                          init.zeros_(W(60, 20)), init.eye_(W(60, 20)))]),
    "np_rand": lambda: np.random.rand(N),
    "np_rand_2d": lambda: np.random.rand(40, 100),
    "np_uniform": lambda: np.random.uniform(-2.5, 3.25, N),
    "np_randint": lambda: np.random.randint(0, 10, N),
    "np_randint_wide": lambda: np.random.randint(-2**40, 2**40, N),
    "np_randint_17": lambda: np.random.randint(0, 2**17 + 1, N),
    "np_shuffle": lambda: shuffled(np.arange(N)),
    "np_shuffle_2d": lambda: shuffled(np.arange(2 * N).reshape(N, 2)),
    "np_permutation": lambda: np.random.permutation(N),
    "np_choice": lambda: np.random.choice(100, N),
    "np_choice_without": lambda: np.random.choice(5000, N, replace=False),
    "np_choice_p": lambda: np.random.choice(100, N, p=np.arange(1, 101) / 5050),
    "np_choice_p_without": lambda: np.random.choice(2000, 1000, replace=False, p=np.arange(1, 2001) / 2001000),
    "np_mixed": lambda: np.concatenate([np.random.permutation(1000), shuffled(np.arange(1000)), np.random.randint(0, 9, 1000)]),
}
ULP = {
    "randn_f64": lambda: torch.randn(M, dtype=f64),
    "randn_few": lambda: few(f32),
    "randn_few_f64": lambda: few(f64),
    "normal_f64_": lambda: E(f64, M).normal_(0, 0.75),
    "exponential_": lambda: E(f32, M).exponential_(1.5),
    "exponential_f64_": lambda: E(f64, M).exponential_(),
    "init_trunc_normal_": lambda: init.trunc_normal_(W(60, 50), 0, 0.02),
    "init_trunc_normal_tight_": lambda: init.trunc_normal_(W(60, 50), 0, 1, -1, 0.5),
    "np_randn": lambda: np.random.randn(M),
    "np_normal": lambda: np.random.normal(0, 0.75, M),
}
SUMS = {
    "init_orthogonal_": lambda: init.orthogonal_(W(60, 70)),
    "init_orthogonal_tall_f64_": lambda: init.orthogonal_(W(90, 50, dtype=f64), 1.7),
}


def shuffled(x):
    np.random.shuffle(x)
    return x


UNSIGNED = {1: np.uint8, 4: np.uint32, 8: np.uint64}


def bits(x):
    x = x.detach().numpy() if isinstance(x, torch.Tensor) else x
    x = np.ascontiguousarray(x).reshape(-1)
    return x, x.view(UNSIGNED[x.itemsize])


def fnv(x):
    h = 0xCBF29CE484222325
    for b in bits(x)[1].tolist():
        h = (h ^ b) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return "%016x" % h


def low_bits(x):
    """Two bits a number, three numbers a character."""
    values, u = bits(x)
    places = [-(b & (1 << 8 * values.itemsize - 1) - 1) if b >> 8 * values.itemsize - 1 else b for b in u.tolist()]
    places += [0] * (-len(places) % 3)
    return "".join(chr(48 + (places[i] & 3) + 4 * (places[i + 1] & 3) + 16 * (places[i + 2] & 3))
                   for i in range(0, len(places), 3)).replace("\\", "~")


def sums(x):
    x = bits(x)[0].astype(np.float64)
    i = np.arange(x.size)
    return ["%.9g" % np.sum(np.where((i * (2 * k + 3)) % 7 < 3, x, -x)) for k in range(8)]


def seeded(f, seed):
    torch.manual_seed(seed)
    np.random.seed(seed)
    return f()


lines = ["seeds " + " ".join(map(str, SEEDS))]
for name, f in HASH.items():
    drawn = [seeded(f, s) for s in SEEDS]
    lines.append(" ".join(["hash", name, str(bits(drawn[0])[0].size)] + [fnv(x) for x in drawn]))
for name, f in ULP.items():
    for s in SEEDS:
        x = seeded(f, s)
        lines.append("ulp %s %d %.9g %s" % (name, bits(x)[0].size, np.abs(bits(x)[0].astype(np.float64)).sum(), low_bits(x)))
for name, f in SUMS.items():
    for s in SEEDS:
        x = seeded(f, s)
        lines.append(" ".join(["sums", name, str(bits(x)[0].size)] + sums(x)))
lines.append("end %d" % len(lines))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "streams.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(lines[-1], len(HASH) + len(ULP) + len(SUMS), "functions")
