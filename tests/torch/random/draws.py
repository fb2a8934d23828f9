#!/usr/bin/env python3
"""Draws into tensors that do not lie row by row: writes draws.txt, with PyTorch on the CPU.

    python3 draws.py

A line is a function, a dtype, a layout, a seed, and the result's elements row by row. The layouts, of
the numbers 1/128, 2/128, ...: see LAYOUTS here and layout() in test_draws.c."""
import os

import torch
import torch.nn.functional as F


def numbers(dtype, *shape):
    n = 1
    for size in shape:
        n *= size
    return ((torch.arange(n, dtype=dtype) + 1) / 128).reshape(shape)


LAYOUTS = {
    "rows": lambda d: numbers(d, 6, 4),
    "t": lambda d: numbers(d, 6, 4).t(),
    "small": lambda d: numbers(d, 2, 3).t(),
    "step": lambda d: numbers(d, 6, 8)[:, ::2],
    "step_t": lambda d: numbers(d, 6, 8)[:, ::2].t(),
    "expand_t": lambda d: numbers(d, 6, 1).expand(6, 4).t(),
    "permute": lambda d: numbers(d, 3, 4, 5).permute(1, 2, 0),
    "permute_back": lambda d: numbers(d, 3, 4, 5).permute(2, 0, 1),
    "expand_3": lambda d: numbers(d, 1, 4, 3).expand(6, 4, 3).permute(2, 0, 1),
}
NEW = {
    "rand_like": torch.rand_like,
    "randn_like": torch.randn_like,
    "dropout": lambda x: F.dropout(x, 0.5),
    "alpha_dropout": lambda x: F.alpha_dropout(x, 0.25, True),
    "bernoulli": torch.bernoulli,
    "rrelu": lambda x: F.rrelu(-x, training=True),
    "multinomial": lambda x: torch.multinomial(x, 2),
    "multinomial_1": lambda x: torch.multinomial(x, 1),
    "multinomial_replacement": lambda x: torch.multinomial(x, 3, replacement=True),
}
IN_PLACE = {
    "uniform_": lambda x: x.uniform_(-1, 1),
    "normal_": lambda x: x.normal_(1, 2),
    "bernoulli_": lambda x: x.bernoulli_(0.25),
    "exponential_": lambda x: x.exponential_(2),
    "random_": lambda x: x.random_(0, 100),
    "dropout_": lambda x: F.dropout(x, 0.5, inplace=True),
    "xavier_uniform_": torch.nn.init.xavier_uniform_,
    "xavier_normal_": torch.nn.init.xavier_normal_,
    "kaiming_uniform_": torch.nn.init.kaiming_uniform_,
    "kaiming_normal_": torch.nn.init.kaiming_normal_,
    "trunc_normal_": torch.nn.init.trunc_normal_,
    "orthogonal_": torch.nn.init.orthogonal_,
    "sparse_": lambda x: torch.nn.init.sparse_(x, 0.5),
}

torch.set_num_threads(1)
lines = []
for layout, make in LAYOUTS.items():
    for dtype in (torch.float32, torch.float64):
        for name, f in {**NEW, **IN_PLACE}.items():
            x = make(dtype)
            if x.dim() > 2 and (name.startswith("multinomial") or name in ("orthogonal_", "sparse_")):
                continue
            if "expand" in layout and name in IN_PLACE:
                continue
            torch.manual_seed(7)
            y = f(x)
            digits = "%.9g" if dtype is torch.float32 else "%.17g"
            values = " ".join(digits % v for v in y.contiguous().flatten().tolist())
            lines.append("%s %s %s 7 %s\n" % (name, str(dtype)[6:], layout, values))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "draws.txt"), "w") as out:
    out.writelines(lines)
print(len(lines), "lines")
