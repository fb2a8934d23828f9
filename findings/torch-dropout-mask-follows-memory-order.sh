#!/usr/bin/env bash
# PyTorch 2.15.0: the same seed and an equal input give another dropout mask where the input is a transposed view. The mask
# is drawn in the order of memory, so its rows become columns: two tensors that torch.equal calls equal are trained with
# different masks. rand_like does the same. But torch.bernoulli of equal probabilities draws in the order of indices, and
# so does each of them where the input is a slice with gaps, which is not dense.
#
# Seen: with seed 0, dropout of ones(3, 4) and of ones(4, 3).t() differ, and the second is that of ones(4, 3), transposed;
# bernoulli of the two is equal; of ones(3, 4)[:, ::2] and ones(3, 2) all three are equal.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import torch

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
draws = {
    "dropout": (lambda x: torch.nn.functional.dropout(x, 0.5), "memory"),
    "rand_like": (torch.rand_like, "memory"),
    "bernoulli": (lambda x: torch.bernoulli(x / 2), "indices"),
}
for name, (draw, order) in draws.items():
    def drawn(x):
        torch.manual_seed(0)
        return draw(x)

    plain, view, base = torch.ones(3, 4), torch.ones(4, 3).t(), torch.ones(4, 3)
    assert torch.equal(plain, view)
    by_indices = torch.equal(drawn(plain), drawn(view))
    by_memory = torch.equal(drawn(view), drawn(base).t())
    gaps = torch.equal(drawn(torch.ones(3, 4)[:, ::2]), drawn(torch.ones(3, 2)))
    print(f"{name:10} by indices: {by_indices}  by memory: {by_memory}  a slice with gaps as contiguous: {gaps}")
    assert (by_indices, by_memory) == ((False, True) if order == "memory" else (True, False)) and gaps
print("as found: dropout's mask of PyTorch 2.15.0 depends on the strides of an equal input, bernoulli's does not")
PYTHON
