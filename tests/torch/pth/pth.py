"""Writes the .pth files that test_pth.c reads, with PyTorch, and what is in them as text.

A line of the text is: name dtype requires_grad dimensions size... value..., floats in C's hexadecimal notation.
Run in this directory: python pth.py
"""
import collections
import os
import zipfile

import numpy
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

# The same as a big-endian machine saves it. PyTorch has no option for that, but reads it.
with zipfile.ZipFile("types_torch.pth") as little, zipfile.ZipFile("types_big_endian_torch.pth", "w") as big:
    for name in little.namelist():
        data = little.read(name)
        if name.endswith("/byteorder"):
            data = b"big"
        elif "/data/" in name:
            width = (4, 8, 8, 1, 1, 4, 8, 4, 4, 4)[int(name.rsplit("/", 1)[1])]
            data = numpy.frombuffer(data, f"u{width}").byteswap().tobytes()
        big.writestr(zipfile.ZipInfo(name), data)
for key, t in torch.load("types_big_endian_torch.pth").items():
    assert torch.equal(t, torch.load("types_torch.pth")[key]), key

# Lazy signs: the elements in the file are the negative of the tensor's. The second and third share a storage.
z = torch.tensor([[1 + 2j, 3 - 4j], [5 + 0j, -7 + 8j]])
write("signs_torch", {
    "n": torch.tensor([1 + 2j]).conj().imag,
    "imag": z.conj().imag,
    "plain": z.imag,
    "turned": z.conj().imag.t()[1:],
    "empty": z.conj().imag[:0],
    "leaf": torch.tensor([1 + 2j, 2 - 3j], dtype=torch.complex128).conj().imag.requires_grad_(),
})

# Tensors with attributes of their own, and buffers: _rebuild_parameter_with_state and _rebuild_from_type_v2.
noted = nn.Parameter(torch.tensor([1.0, 2.0]))
noted.note = "mine"
named = torch.tensor([3.0])
named.note = {"a": 1}
frozen = nn.Parameter(torch.tensor([4.0]), requires_grad=False)
frozen.note = 1
noted_leaf = torch.tensor([5.0], requires_grad=True)
noted_leaf.note = None
write("attributes_torch", {"noted": noted, "named": named, "frozen": frozen, "noted_leaf": noted_leaf,
                           "buffer": nn.Buffer(torch.tensor([6, 7])), "again": noted})

# Without checksums; with another protocol; all packed; and with storages that hold nothing yet.
torch.manual_seed(1)
small = nn.Linear(3, 2).state_dict()
torch.serialization.set_crc32_options(False)
write("crc_torch", small)
torch.serialization.set_crc32_options(True)
torch.save(small, "protocol_torch.pth", pickle_protocol=3)
with torch.serialization.skip_data():
    torch.save(small, "skip_torch.pth")
many = {f"layers.{i}.weight": torch.tensor([float(i), -float(i)]) for i in range(300)}
torch.save(many, "many.tmp")
with zipfile.ZipFile("many.tmp") as stored, zipfile.ZipFile("packed_torch.pth", "w", zipfile.ZIP_DEFLATED, True, 9) as packed:
    for name in stored.namelist():
        packed.writestr(zipfile.ZipInfo(name), stored.read(name), zipfile.ZIP_DEFLATED, 9)
os.remove("many.tmp")

# A few thousand bytes that unpack to 4 MiB of tuples in tuples.
with zipfile.ZipFile("bomb.pth", "w") as bomb:
    bomb.writestr(zipfile.ZipInfo("m/data.pkl"), b"\x80\x02)" + b"\x85" * (1 << 22) + b".", zipfile.ZIP_DEFLATED, 9)

# Batch norm: as it is; as before version 2, without num_batches_tracked; without it, with and without _metadata.
bn = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
bn[1].num_batches_tracked.fill_(5)
state = bn.state_dict()
torch.save(state, "bn_torch.pth")
del state["1.num_batches_tracked"]
torch.save(state, "bn_missing_torch.pth")
state._metadata["1"]["version"] = 1
torch.save(state, "bn_version1_torch.pth")
torch.save(dict(state), "bn_bare_torch.pth")

# What wick_load does not read, and says so.
torch.save({"model": model.state_dict(), "epoch": 3}, "checkpoint_torch.pth")
torch.save(collections.OrderedDict(epoch=3), "epoch_torch.pth")
torch.save(model, "module_torch.pth")
torch.save(torch.zeros(2), "tensor_torch.pth")
torch.save({"w": torch.zeros(2, dtype=torch.float16)}, "half_torch.pth")
torch.save({"w": torch.zeros(2)}, "legacy_torch.pth", _use_new_zipfile_serialization=False)
torch.save({"w": torch.zeros(2, dtype=torch.uint16)}, "uint16_torch.pth")
torch.save({"w": torch.eye(2).to_sparse()}, "sparse_torch.pth")
torch.save({"w": torch.zeros(2, device="meta")}, "meta_torch.pth")
torch.save({"w": torch.zeros(2, dtype=torch.complex64)}, "complex_torch.pth")
