#!/usr/bin/env bash
# PyTorch 2.15.0: a seed of the CPU's generator has 64 bits, of which 32 count. torch.manual_seed takes any from -2**63 to
# 2**64 - 1, and initial_seed() gives all of it back, but seeds that are equal in their low 32 bits draw the same numbers: 0,
# 2**32 and -2**63 are one stream, and so are seeds taken from a clock in nanoseconds every 4.29 s. The generator's state,
# which is saved in checkpoints, still holds 64 bits that differ. NumPy 2.4.6 refuses such seeds in its legacy generator
# (ValueError), and its new one uses all bits.
#
# Seen: torch.rand(3) is the same after 0, 2**32, 7 * 2**32 and -2**63, with four values of initial_seed().
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import torch

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
assert np.__version__ == "2.4.6", np.__version__
seeds = [0, 2**32, 7 * 2**32, -(2**63)]


def drawn(seed):
    torch.manual_seed(seed)
    return torch.rand(3)


for seed in seeds:
    numbers = drawn(seed)
    print(f"{seed:20}  initial_seed {torch.initial_seed():20}  {numbers.tolist()}")
    assert torch.equal(numbers, drawn(0)) and not torch.equal(numbers, drawn(seed + 1))
assert len({(torch.manual_seed(seed), torch.initial_seed())[1] for seed in seeds}) == len(seeds)
assert len({torch.get_rng_state().numpy().tobytes() for seed in seeds if drawn(seed) is not None}) == len(seeds)
try:
    np.random.seed(2**32)
    raise SystemExit("np.random.seed takes 2**32")
except ValueError as error:
    print(f"np.random.seed(2**32): ValueError: {error}")
assert np.random.default_rng(0).random() != np.random.default_rng(2**32).random()
print("as found: of a seed of PyTorch 2.15.0's CPU generator the low 32 bits count")
PYTHON
