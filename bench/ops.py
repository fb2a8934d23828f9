"""ops.c in PyTorch."""

import torch
from torch.nn import functional as F

from measure import report, rounds, seconds_of

# Of the tensors that ops.c describes.
operations = {
    "add": lambda x, w, p, q, m, t, b, g, s: x + w,
    "mul": lambda x, w, p, q, m, t, b, g, s: x * w,
    "div": lambda x, w, p, q, m, t, b, g, s: x / w,
    "exp": lambda x, w, p, q, m, t, b, g, s: torch.exp(x),
    "log1p": lambda x, w, p, q, m, t, b, g, s: torch.log1p(p),
    "sin": lambda x, w, p, q, m, t, b, g, s: torch.sin(x),
    "tan": lambda x, w, p, q, m, t, b, g, s: torch.tan(x),
    "atan": lambda x, w, p, q, m, t, b, g, s: torch.atan(x),
    "sinh": lambda x, w, p, q, m, t, b, g, s: torch.sinh(x),
    "cosh": lambda x, w, p, q, m, t, b, g, s: torch.cosh(x),
    "asinh": lambda x, w, p, q, m, t, b, g, s: torch.asinh(x),
    "acosh": lambda x, w, p, q, m, t, b, g, s: torch.acosh(q),
    "tanh": lambda x, w, p, q, m, t, b, g, s: torch.tanh(x),
    "erf": lambda x, w, p, q, m, t, b, g, s: torch.erf(x),
    "pow": lambda x, w, p, q, m, t, b, g, s: torch.pow(p, w),
    "atan2": lambda x, w, p, q, m, t, b, g, s: torch.atan2(x, w),
    "fmod": lambda x, w, p, q, m, t, b, g, s: torch.fmod(x, w),
    "remainder": lambda x, w, p, q, m, t, b, g, s: torch.remainder(x, w),
    "div_floor": lambda x, w, p, q, m, t, b, g, s: torch.div(x, w, rounding_mode="floor"),
    "hypot": lambda x, w, p, q, m, t, b, g, s: torch.hypot(x, w),
    "logaddexp": lambda x, w, p, q, m, t, b, g, s: torch.logaddexp(x, w),
    "lerp": lambda x, w, p, q, m, t, b, g, s: torch.lerp(x, w, p),
    "addcmul": lambda x, w, p, q, m, t, b, g, s: torch.addcmul(x, w, p),
    "where": lambda x, w, p, q, m, t, b, g, s: torch.where(m, x, w),
    "clamp": lambda x, w, p, q, m, t, b, g, s: torch.clamp(x, -1, 1),
    "relu": lambda x, w, p, q, m, t, b, g, s: torch.relu(x),
    "sigmoid": lambda x, w, p, q, m, t, b, g, s: torch.sigmoid(x),
    "gelu": lambda x, w, p, q, m, t, b, g, s: F.gelu(x),
    "silu": lambda x, w, p, q, m, t, b, g, s: F.silu(x),
    "softplus": lambda x, w, p, q, m, t, b, g, s: F.softplus(x),
    "linear": lambda x, w, p, q, m, t, b, g, s: F.linear(x, w, b),
    "bmm": lambda x, w, p, q, m, t, b, g, s: torch.bmm(t, t),
    "softmax": lambda x, w, p, q, m, t, b, g, s: torch.softmax(x, 1),
    "log_softmax": lambda x, w, p, q, m, t, b, g, s: torch.log_softmax(x, 1),
    "layer_norm": lambda x, w, p, q, m, t, b, g, s: F.layer_norm(x, (x.shape[1],), b),
    "batch_norm": lambda x, w, p, q, m, t, b, g, s: F.batch_norm(x, None, None, b, training=True),
    "sum": lambda x, w, p, q, m, t, b, g, s: x.sum(),
    "sum_rows": lambda x, w, p, q, m, t, b, g, s: x.sum(0),
    "prod": lambda x, w, p, q, m, t, b, g, s: torch.prod(p, 1),
    "var": lambda x, w, p, q, m, t, b, g, s: torch.var(x, 1),
    "norm": lambda x, w, p, q, m, t, b, g, s: torch.linalg.vector_norm(x, 2, 1),
    "logsumexp": lambda x, w, p, q, m, t, b, g, s: torch.logsumexp(x, 1),
    "amax": lambda x, w, p, q, m, t, b, g, s: torch.amax(x, 1),
    "cumsum": lambda x, w, p, q, m, t, b, g, s: torch.cumsum(x, 1),
    "sort": lambda x, w, p, q, m, t, b, g, s: torch.sort(x, dim=1)[0],
    "gather": lambda x, w, p, q, m, t, b, g, s: torch.gather(x, 1, g),
    "scatter_add": lambda x, w, p, q, m, t, b, g, s: torch.scatter_add(x, 1, g, w),
    "index_select": lambda x, w, p, q, m, t, b, g, s: torch.index_select(x, 0, s),
    "cat": lambda x, w, p, q, m, t, b, g, s: torch.cat((x, w), 1),
    "flip": lambda x, w, p, q, m, t, b, g, s: torch.flip(x, (0,)),
    "cross_entropy": lambda x, w, p, q, m, t, b, g, s: F.cross_entropy(x, s),
    "mse_loss": lambda x, w, p, q, m, t, b, g, s: F.mse_loss(x, w),
}


def measure(n):
    k = min(n, 64)
    x, w, t, b = torch.randn(n, n), torch.randn(n, n), torch.randn(k, k, k), torch.randn(n)
    p, q, m = torch.rand(n, n) + 0.5, torch.rand(n, n) + 1, torch.randn(n, n) > 0
    g, s = torch.randint(n, (n, n)), torch.randint(n, (n,))
    a = [x, w, p, q, m, t, b, g, s]
    leaves = [y.requires_grad_() for y in a if y.is_floating_point()]
    for name, call in operations.items():
        dy = torch.ones_like(call(*a)).detach()

        def both():
            call(*a).backward(dy)
            for y in leaves:
                y.grad = None

        with torch.no_grad():
            report(f"{name}_{n}", seconds_of(lambda: call(*a), 0.02), 0)
        report(f"{name}_{n}_backward", seconds_of(both, 0.02), 0)


torch.manual_seed(0)
for _ in rounds():
    measure(4)
    measure(64)
    measure(512)
