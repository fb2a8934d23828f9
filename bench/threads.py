"""threads.c in PyTorch."""

import time

import torch

threads = torch.get_num_threads()  # before measure sets it to one

from torch import nn

from measure import report, rounds

CASES = [("wide", [1024, 1024, 1024, 1024, 10], 20, 256), ("mnist", [784, 256, 10], 200, 256), ("student", [2, 4, 1], 2000, 4)]


class Network:
    def __init__(self, sizes, batch):
        torch.manual_seed(0)
        layers = []
        for i in range(len(sizes) - 1):
            layers += [nn.Linear(sizes[i], sizes[i + 1])] + ([nn.ReLU()] if i < len(sizes) - 2 else [])
        self.model = nn.Sequential(*layers)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01)
        self.X, self.y = torch.rand(batch, sizes[0]), torch.rand(batch, sizes[-1])

    def run(self, name, steps):
        start = time.perf_counter()
        for _ in range(steps):
            loss = nn.functional.mse_loss(self.model(self.X), self.y)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.loss = loss.item()
        report(name, (time.perf_counter() - start) / steps, self.loss)


networks = [[Network(sizes, batch), Network(sizes, batch)] for _, sizes, _, batch in CASES]
for _ in rounds():
    for (name, _, steps, _), (by_default, with_one) in zip(CASES, networks):
        torch.set_num_threads(threads)
        by_default.run(name + "_default", steps)
        torch.set_num_threads(1)
        with_one.run(name + "_one_thread", steps)
