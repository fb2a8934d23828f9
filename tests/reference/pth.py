"""Writes the .pth files that test_pth.c reads, with PyTorch, and what is in them as text.

A line of the text is: name dtype requires_grad dimensions size... value..., floats in C's hexadecimal notation.
Run in this directory: python pth.py
"""
import collections

import torch
from torch import nn


def write(name, state):
    torch.save(state, name + ".pth")
    with open(name + ".txt", "w") as text:
        for key, t in state.items():
            values = [float(v).hex() for v in t.detach().flatten().tolist()]
            sizes = [str(n) for n in t.shape]
            dtype = str(t.dtype).replace("torch.", "")
            print(key, dtype, int(t.requires_grad), t.dim(), *sizes, *values, file=text)


torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1), nn.Sigmoid())
write("student_torch", model.state_dict())

# Every dtype; a view into a larger storage, its transpose, an expanded tensor; no dimensions; no elements; a Parameter.
a = torch.arange(12, dtype=torch.float64).reshape(3, 4)
write("types_torch", collections.OrderedDict(
    float32=torch.tensor([1.5, -0.1, float("inf")]),
    float64=a[1:, 1:],
    transposed=a.t(),
    int64=torch.tensor([[2**60, -1], [70000, 255]]),
    uint8=torch.tensor([0, 255], dtype=torch.uint8),
    bool=torch.tensor([True, False, True]),
    expanded=torch.tensor([3.0]).expand(4),
    scalar=torch.tensor(7),
    empty=torch.zeros(0, 3),
    parameter=nn.Parameter(torch.tensor([0.25])),
    leaf=torch.tensor([1.0], requires_grad=True),
))

# What wick_load does not read, and says so.
torch.save({"model": model.state_dict(), "epoch": 3}, "checkpoint_torch.pth")
torch.save(collections.OrderedDict(epoch=3), "epoch_torch.pth")
torch.save(model, "module_torch.pth")
torch.save(torch.zeros(2), "tensor_torch.pth")
torch.save({"w": torch.zeros(2, dtype=torch.float16)}, "half_torch.pth")
torch.save({"w": torch.zeros(2)}, "legacy_torch.pth", _use_new_zipfile_serialization=False)
