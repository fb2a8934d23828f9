"""optim.c in PyTorch, with its default: the single-tensor path on a CPU."""

import torch

from measure import report, rounds, seconds_of

CASES = [
    ("sgd", torch.optim.SGD, dict()),
    ("sgd_momentum", torch.optim.SGD, dict(momentum=0.9)),
    ("adam", torch.optim.Adam, dict()),
    ("adam_amsgrad", torch.optim.Adam, dict(amsgrad=True)),
    ("adamw", torch.optim.AdamW, dict()),
    ("nadam", torch.optim.NAdam, dict()),
    ("radam", torch.optim.RAdam, dict()),
    ("adamax", torch.optim.Adamax, dict()),
    ("adagrad", torch.optim.Adagrad, dict()),
    ("adadelta", torch.optim.Adadelta, dict()),
    ("rmsprop", torch.optim.RMSprop, dict()),
    ("rmsprop_centered", torch.optim.RMSprop, dict(centered=True, momentum=0.5)),
    ("rprop", torch.optim.Rprop, dict()),
    ("asgd", torch.optim.ASGD, dict()),
]

for _ in rounds():
    for name, make, options in CASES:
        w = torch.ones(1000, 1000, requires_grad=True)
        w.grad = torch.full((1000, 1000), 0.5)
        optimizer = make([w], lr=1e-3, **options)
        for _ in range(3):
            optimizer.step()
        check = w[0, 0].item()
        report(f"{name}_step", seconds_of(optimizer.step, 0.1), check)
