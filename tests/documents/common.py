"""What the scripts of this folder share: where data lies, how many epochs, and what they write down of parameters.

Environment: WICK_DATA_DIR, the folder with mnist/, fashion-mnist/ and tabular/; EPOCHS in place of a document's number;
DIGEST, a file for the parameters at the end; PICTURES, a folder for what the document draws, by Matplotlib and torchviz,
which nothing else needs.
"""

import gzip
import os

import numpy as np
import torch

torch.set_num_threads(1)
DATA = os.environ.get("WICK_DATA_DIR", "../shared/data")
PICTURES = os.environ.get("PICTURES")
if PICTURES:
    import matplotlib
    matplotlib.use("Agg")


def epochs(default):
    return int(os.environ.get("EPOCHS", default))


def idx_dataset(folder, train):
    """torchvision.datasets.MNIST(..., transform=ToTensor()): float32 (1, 28, 28) in [0, 1], and the label."""
    name = os.path.join(DATA, folder, "train" if train else "t10k")
    with gzip.open(name + "-images-idx3-ubyte.gz") as f:
        images = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(name + "-labels-idx1-ubyte.gz") as f:
        labels = np.frombuffer(f.read(), np.uint8, offset=8)
    images = torch.from_numpy(images.copy()).to(torch.float32).div(255)
    return torch.utils.data.TensorDataset(images, torch.from_numpy(labels.astype(np.int64)))


def digest(state):
    """Writes up to 64 elements of each tensor, evenly spaced, as lines "name index value"."""
    path = os.environ.get("DIGEST")
    if not path:
        return
    with open(path, "w") as f:
        for name, value in state.items():
            flat = np.asarray(value.detach() if isinstance(value, torch.Tensor) else value).reshape(-1)
            for i in range(0, flat.size, -(-flat.size // 64)):
                f.write(f"{name} {i} {flat[i]:.9g}\n")
