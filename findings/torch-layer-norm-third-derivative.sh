#!/usr/bin/env bash
# PyTorch 2.15.0: the third derivative of layer_norm is wrong on the CPU, and nothing warns. The first and second are right,
# and gradcheck and gradgradcheck pass, so that what is built on second derivatives is safe; a derivative of a Hessian-vector
# product, or a gradient penalty on one, is not. group_norm with one group, and the formula written out, have it right.
#
# Seen: f(v) = layer_norm(v (1, 2, 4), eps = 1) in float64. The third derivatives of its elements at v = 0 are
# (6.2222, 1.5556, -7.7778) by the formula and by group_norm, and (17.1111, 1.5556, -29.5556) by layer_norm; at v = 0.5
# (-1.0948, -0.2737, 1.3685), and (1.6726, 0.1521, -2.8891).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 numpy
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import torch

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
torch.set_default_dtype(torch.float64)
direction = torch.tensor([1.0, 2.0, 4.0])


def formula(x):
    return (x - x.mean()) / torch.sqrt(x.var(correction=0) + 1)


def layer_norm(x):
    return torch.nn.functional.layer_norm(x, (3,), eps=1.0)


def group_norm(x):
    return torch.nn.functional.group_norm(x.reshape(1, 3), 1, eps=1.0).reshape(3)


def derivatives(f, at):
    """Of each element of f(v (1, 2, 4)) by v: the first three."""
    rows = []
    for i in range(3):
        v = torch.tensor(at, requires_grad=True)
        y, row = f(v * direction)[i], []
        for _ in range(3):
            (y,) = torch.autograd.grad(y, v, create_graph=True)
            row.append(y.item())
        rows.append(row)
    return torch.tensor(rows)


x = torch.randn(2, 3, requires_grad=True)
assert torch.autograd.gradcheck(layer_norm, (x[0].detach().requires_grad_(),))
assert torch.autograd.gradgradcheck(layer_norm, (x[0].detach().requires_grad_(),))
for at in (0.0, 0.5):
    right, other, wrong = (derivatives(f, at) for f in (formula, group_norm, layer_norm))
    print("v =", at)
    for name, d in (("formula", right), ("group_norm", other), ("layer_norm", wrong)):
        print(f"    {name:10} third derivatives {[round(t, 4) for t in d[:, 2].tolist()]}")
    assert torch.allclose(right, other)
    assert torch.allclose(right[:, :2], wrong[:, :2])
    assert not torch.allclose(right[:, 2], wrong[:, 2], rtol=0.1)
print("as found: layer_norm of PyTorch 2.15.0 has right first and second derivatives and a wrong third one")
PYTHON
