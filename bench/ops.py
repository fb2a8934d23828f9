"""ops.c in PyTorch."""

import torch
from torch.nn import functional as F

from measure import report, rounds, seconds_of

operations = {
    "add": lambda x, w, b: x + w,
    "mul": lambda x, w, b: x * w,
    "relu": lambda x, w, b: torch.relu(x),
    "sigmoid": lambda x, w, b: torch.sigmoid(x),
    "linear": F.linear,
    "softmax": lambda x, w, b: torch.softmax(x, 1),
    "log_softmax": lambda x, w, b: torch.log_softmax(x, 1),
    "sum": lambda x, w, b: x.sum(),
    "sum_rows": lambda x, w, b: x.sum(0),
}


def measure(n):
    a = [torch.randn(n, n, requires_grad=True), torch.randn(n, n, requires_grad=True)]
    a.append(torch.randn(n, requires_grad=True))
    for name, call in operations.items():
        dy = torch.ones_like(call(*a)).detach()

        def both():
            call(*a).backward(dy)
            a[0].grad = a[1].grad = a[2].grad = None

        with torch.no_grad():
            report(f"{name}_{n}", seconds_of(lambda: call(*a), 0.02), 0)
        report(f"{name}_{n}_backward", seconds_of(both, 0.02), 0)


torch.manual_seed(0)
for _ in rounds():
    measure(4)
    measure(64)
    measure(512)
