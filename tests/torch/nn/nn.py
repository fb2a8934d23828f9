"""Writes nn.txt: what torch.nn.Linear holds after torch.manual_seed, for tests/unit/nn/test_nn.c.  Run: python nn.py > nn.txt

    linear <seed> <in> <out> <bias 0|1> <dtype> <values of weight, then of bias, as hexadecimal numbers>"""
import warnings

import torch

warnings.simplefilter("ignore")
for seed, n_in, n_out, bias, dtype in [
    (0, 2, 4, True, torch.float32),
    (0, 2, 4, False, torch.float32),
    (1, 7, 3, True, torch.float64),
    (42, 20, 13, True, torch.float32),
    (5, 1, 1, True, torch.float32),
    (3, 0, 3, True, torch.float32),
    (3, 3, 0, True, torch.float32),
]:
    torch.manual_seed(seed)
    m = torch.nn.Linear(n_in, n_out, bias=bias, dtype=dtype)
    values = [float(x).hex() for p in m.parameters() for x in p.detach().flatten()]
    print("linear", seed, n_in, n_out, int(bias), str(dtype)[6:], *values)
