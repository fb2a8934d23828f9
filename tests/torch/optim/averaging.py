"""Writes averaging.txt: averages of a model by torch.optim.swa_utils, for tests/torch/optim/test_averaging.c.  Run: python averaging.py > averaging.txt

    case <name>
    <updates> <w (3), v (2), mean (2), count> after so many updates

The model has the parameters w (float32) and v (float64) and the buffers mean (float32) and count (int64, no dimensions). At the
t-th update, from 0, w is 0.3 t - 1, 1 / (t + 1), 0.1 t t; v 0.7 t, 2 - t; mean 0.5 t, -t / 3; count 3 t + 1."""
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.zeros(3))
        self.v = torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))
        self.register_buffer("mean", torch.zeros(2))
        self.register_buffer("count", torch.tensor(0))

    def at(self, t):
        with torch.no_grad():
            self.w.copy_(torch.tensor([0.3 * t - 1, 1 / (t + 1), 0.1 * t * t], dtype=torch.float64))
            self.v.copy_(torch.tensor([0.7 * t, 2.0 - t], dtype=torch.float64))
            self.mean.copy_(torch.tensor([0.5 * t, -t / 3], dtype=torch.float64))
            self.count.fill_(3 * t + 1)


CASES = {
    "swa": {},
    "swa_buffers": dict(use_buffers=True),
    "ema": dict(multi_avg_fn=get_ema_multi_avg_fn(0.9)),
    "ema_fast": dict(multi_avg_fn=get_ema_multi_avg_fn(0.3)),
    "ema_buffers": dict(multi_avg_fn=get_ema_multi_avg_fn(0.9), use_buffers=True),
    "own": dict(avg_fn=lambda a, c, n: a * 0.5 + c * 0.25 + n * 0.125),
}
for name, options in CASES.items():
    model = Model()
    model.at(100)
    averages = AveragedModel(model, **options)
    print("case", name)
    for t in range(7):
        model.at(t)
        averages.update_parameters(model)
        m = averages.module
        print(t + 1, *(repr(float(x)) for p in (m.w, m.v, m.mean, m.count) for x in p.detach().flatten()))
