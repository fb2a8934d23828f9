"""Writes functional.txt: what torch.autograd.functional gives, for tests/torch/autograd/test_functional.c.
Run: python functional.py > functional.txt

    <case> <what> <i> <ndim> <sizes> <elements>     tensor i of the result; elements as hexadecimal numbers

Every tensor is numbers(k, shape): input k is numbers(k), v for a value is numbers(8), v for input k is numbers(9 + k).
The cases are float64. Of the networks there are digests:

    tanh <what> ...       20-16-1, loss on 10 samples, float64; the Hessian by all parameters as one matrix H (353, 353):
                          its diagonal, every 211th element in row-major order, and H r for r = numbers(20), (21), (22)
    mlp, small <what>     sizes-1 networks, float32: the loss, and of each part of the Hessian-vector product its norm,
                          its sum, and its elements at 0, n/3, n/2 and n-1"""
import torch
from torch.autograd import functional as F

torch.set_num_threads(2)


def numbers(k, *shape):
    n = 1
    for size in shape:
        n *= size
    i = torch.arange(n, dtype=torch.int64)
    return (((i * 2654435761 + (k + 1) * 1013904223) & 0xFFFFFFFF).double() / 2**32 - 0.5).reshape(shape)


def put(case, what, i, t):
    print(case, what, i, t.dim(), *t.shape, *(float(x).hex() for x in t.detach().flatten()))


def put_all(case, what, result):
    for i, t in enumerate(result if isinstance(result, tuple) else (result,)):
        put(case, what, i, t)


CASES = {
    "exp_rows": (lambda x: x.exp().sum(1), (2, 3)),
    "product": (lambda a, b: a.tanh() * b.exp(), (3,), (2, 3)),
    "matmul": (lambda a, b: a @ b, (2, 3), (3, 2)),
    "log_softmax": (lambda x: x.log_softmax(0), (4,)),
    "one_of_two": (lambda a, b: a * a, (2, 2), (3,)),
    "constant": (lambda x: torch.ones(2, dtype=torch.float64), (3,)),
    "itself": (lambda x: x, (2,)),
    "number": (lambda x: (x * x).exp(), ()),
    "cubic": (lambda a, b: (a**3).sum() * (b * b).sum() + (a * b).sum(), (3,), (3,)),
    "mixed": (lambda a, b: ((a * b).sigmoid() * a).mean(), (2, 2), ()),
    "linear": (lambda a, b: (3 * a).sum() + b.sum(), (3,), (2,)),
    "transposed": (lambda a: (a.t() @ a).exp().mean(), (2, 3)),
    "first_only": (lambda a, b: a.tanh().sum(), (3,), (2,)),
}
for case, (f, *shapes) in CASES.items():
    x = tuple(numbers(k, *shape) for k, shape in enumerate(shapes))
    v = tuple(numbers(9 + k, *shape) for k, shape in enumerate(shapes))
    y = f(*x)
    put(case, "value", 0, y)
    put_all(case, "vjp", F.vjp(f, x, numbers(8, *y.shape))[1])
    put_all(case, "jvp", F.jvp(f, x, v)[1])
    put_all(case, "jacobian", F.jacobian(f, x))
    if y.numel() == 1:
        put_all(case, "hessian", tuple(block for row in F.hessian(f, x) for block in row))
        put_all(case, "hvp", F.hvp(f, x, v)[1])


def network(X, Y):
    def loss(*p):
        h = X
        for i in range(0, len(p), 2):
            h = torch.nn.functional.linear(h, p[i], p[i + 1])
            h = h.tanh() if i + 2 < len(p) else h
        return torch.nn.functional.mse_loss(h, Y)

    return loss


def parameters(sizes, dtype, k=0):
    p = []
    for i in range(len(sizes) - 1):
        p += [2 * numbers(k + 2 * i, sizes[i + 1], sizes[i]) / sizes[i] ** 0.5, numbers(k + 2 * i + 1, sizes[i + 1])]
    return tuple(t.to(dtype) for t in p)


p = parameters((20, 16, 1), torch.float64)
blocks = F.hessian(network(numbers(30, 10, 20), numbers(31, 10, 1)), p)
H = torch.cat([torch.cat([b.reshape(p[i].numel(), -1) for b in row], 1) for i, row in enumerate(blocks)])
put("tanh", "diagonal", 0, H.diagonal())
put("tanh", "elements", 0, H.flatten()[::211])
for i in range(3):
    put("tanh", "product", i, H @ numbers(20 + i, len(H)))

for case, sizes in (("mlp", (500, 1000, 500, 1)), ("small", (50, 40, 30, 1))):
    loss = network(numbers(30, 8, sizes[0]).float(), numbers(31, 8, 1).float())
    y, hv = F.hvp(loss, parameters(sizes, torch.float32), parameters(sizes, torch.float32, 9))
    put(case, "value", 0, y)
    for i, t in enumerate(hv):
        t, n = t.flatten().double(), t.numel()
        put(case, "digest", i, torch.stack([t.norm(), t.sum(), t[0], t[n // 3], t[n // 2], t[n - 1]]))
