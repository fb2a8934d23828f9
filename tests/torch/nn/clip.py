"""Writes clip.txt: gradients clipped by torch.nn.utils, for tests/torch/nn/test_clip.c.  Run: python clip.py > clip.txt

    norm <dtype of a> <dtype of b> <norm type> <max norm> <dtype of the norm> <norm> <the 10 elements of both gradients after>
    value <dtype of a> <dtype of b> <clip value> <the elements after>

Gradient a (3, 2) has the elements 0.75 (i - 2.5), and b (4) 0.6 (i - 1.5) (i + 0.5); a third parameter has none."""
import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

DTYPES = ((torch.float32, torch.float32), (torch.float64, torch.float64), (torch.float32, torch.float64),
          (torch.float64, torch.float32))


def parameters(dtypes):
    values = (torch.tensor([0.75 * (i - 2.5) for i in range(6)], dtype=torch.float64).reshape(3, 2),
              torch.tensor([0.6 * (i - 1.5) * (i + 0.5) for i in range(4)], dtype=torch.float64))
    params = [torch.nn.Parameter(torch.zeros_like(v, dtype=d)) for v, d in zip(values, dtypes)]
    for p, v, d in zip(params, values, dtypes):
        p.grad = v.to(d)
    return params + [torch.nn.Parameter(torch.ones(2))]


def elements(params):
    return [repr(float(x)) for p in params[:2] for x in p.grad.flatten()]


for dtypes in DTYPES:
    names = [str(d)[6:] for d in dtypes]
    for p in (1.0, 2.0, float("inf"), 0.5, 3.0, -1.0, float("-inf"), 0.0):
        for most in (0.5, 100.0, -1.0):
            params = parameters(dtypes)
            norm = clip_grad_norm_(params, most, p)
            print("norm", *names, p, most, str(norm.dtype)[6:], repr(float(norm)), *elements(params))
    for most in (1.2, -0.5):
        params = parameters(dtypes)
        clip_grad_value_(params, most)
        print("value", *names, most, *elements(params))
