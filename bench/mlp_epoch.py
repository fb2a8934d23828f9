"""mlp_epoch.c in PyTorch."""

import time

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from measure import report, rounds

IMAGES, PIXELS, HIDDEN, CLASSES, BATCH = 60000, 784, 256, 10, 256


def scrambled(n):
    return ((torch.arange(n) * 2654435761) & 0xFFFFFFFF) >> 8


class Classifier:
    def __init__(self):
        self.model = nn.Sequential(nn.Linear(PIXELS, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES))
        self.loss_fn = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def step(self, X, y):
        loss = self.loss_fn(self.model(X), y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.loss = loss.item()


def epoch_of_slices(c, X, y):
    order = torch.randperm(IMAGES)
    X_shuffled, y_shuffled = X[order], y[order]
    for start in range(0, IMAGES, BATCH):
        c.step(X_shuffled[start : start + BATCH], y_shuffled[start : start + BATCH])


def epoch_of_loader(c, loader):
    for X, y in loader:
        c.step(X, y)


torch.manual_seed(0)
X = ((scrambled(IMAGES * PIXELS) & 255).float() / 255).reshape(IMAGES, PIXELS)
y = scrambled(IMAGES) % CLASSES
loader = DataLoader(TensorDataset(X, y), batch_size=BATCH, shuffle=True)
slices, loaded = Classifier(), Classifier()
for _ in rounds():
    start = time.process_time()
    epoch_of_slices(slices, X, y)
    between = time.process_time()
    report("mlp_epoch_slices", between - start, slices.loss)
    epoch_of_loader(loaded, loader)
    report("mlp_epoch_loader", time.process_time() - between, loaded.loss)
