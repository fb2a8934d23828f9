"""The reference text of tests/torch/text/test_print.c: tensors as PyTorch prints them, written to print.txt.

    python3 tests/torch/text/print.py            (torch; a second; the same output each time)

The file, a line an item:
    case PRECISION THRESHOLD EDGEITEMS LINEWIDTH SCI DEFAULT
                                opens a case: print options (SCI: 0 never, 1 always, 2 as needed), default dtype
    values DTYPE SHAPE VALUE ...      the tensor, row-major; SHAPE 2x3, or "-" for none
    range DTYPE SHAPE START STEP      the tensor, whose i-th element is START + i STEP
    view SHAPE STRIDES OFFSET   printed is this view of it
    requires_grad               it is a leaf that requires grad
    parameter                   the same of a module
    grad_fn NAME                it is the result of the operation with this grad_fn, applied to such a leaf
    |TEXT                       a line of the text
    end CASES                   closes the file
"""
import math
import os
import random

import torch

pick = random.Random(11)
f32, f64, i64, u8, bool_ = torch.float32, torch.float64, torch.int64, torch.uint8, torch.bool
inf, nan = math.inf, math.nan
lines, cases = [], 0

OPERATIONS = {
    "MulBackward0": lambda x: x * 1.0,
    "CloneBackward0": lambda x: x.clone(),
    "TransposeBackward0": lambda x: x.transpose(0, 1),
}


def dims(shape):
    return "x".join(map(str, shape)) or "-"


def case(dtype, shape, values=None, start=None, step=None, view=None, grad=None, precision=4, threshold=1000,
         edgeitems=3, linewidth=80, sci=2, default=f32):
    """values, or start and step, make the tensor; view is (shape, strides, offset); grad: True, "parameter" or a grad_fn's
    name."""
    global cases
    cases += 1
    name = str(dtype)[6:]
    lines.append(f"case {precision} {threshold} {edgeitems} {linewidth} {sci} {str(default)[6:]}")
    if values is not None:
        assert len(values) == math.prod(shape)
        text = [float(v).hex() if dtype in (f32, f64) else str(int(v)) for v in values]
        lines.append(" ".join(["values", name, dims(shape)] + text))
    else:
        values = [start + i * step for i in range(math.prod(shape))]
        lines.append(f"range {name} {dims(shape)} {float(start).hex()} {float(step).hex()}")
    t = torch.tensor(values, dtype=dtype).reshape(shape)
    if view:
        t = t.as_strided(*view)
        lines.append(f"view {dims(view[0])} {dims(view[1])} {view[2]}")
    if grad:
        t = torch.nn.Parameter(t) if grad == "parameter" else t.detach().requires_grad_()
        lines.append({True: "requires_grad", "parameter": grad}.get(grad, f"grad_fn {grad}"))
        if grad in OPERATIONS:
            t = OPERATIONS[grad](t)
            assert type(t.grad_fn).__name__ == grad
    torch.set_default_dtype(default)
    torch.set_printoptions(precision, threshold, edgeitems, linewidth, sci_mode=[False, True, None][sci])
    lines.extend("|" + line for line in str(t).split("\n"))
    torch.set_default_dtype(f32)


# One number, and none.
for dtype in (f32, f64, i64, u8, bool_):
    case(dtype, (), [1])
    for shape in [(0,), (0, 3), (2, 0, 3)]:
        case(dtype, shape, [])
case(f32, (0,), [], default=f64)
case(f64, (0,), [], default=f64)
case(f32, (0, 3), [], grad=True)
for value in (0.0, -0.0, 0.5, -3.0, 1e-5, 123456789.0, 1e8, 99999999.5, nan, inf, -inf):
    case(f64, (), [value])
    case(f32, (1,), [value])

# Whole, fixed, scientific: at the limits of each.
for values in [[1, 2, 3], [1.5, 2, 3], [1, 1000], [1, 1001], [1.5, 1501], [1e-4, 0.05], [9.9e-5, 0.05], [1e8, 1e8],
               [1e8, 1e8 + 8], [0, 0, 0], [0, -0.0], [1, nan], [1.5, nan, inf], [-inf, 2, 3], [nan, nan], [-1.5, 10],
               [-1, 10], [1e-45, 1], [3e38, 1], [0.99999, 1.00001], [99999.99996, 1000.5], [-1e-7, -2e-7],
               [0.1, 0.25, 1 / 3]]:
    case(f32, (len(values),), values)
    case(f64, (len(values),), values, grad=True)
    case(f64, (len(values),), values, sci=1, precision=2)
    case(f32, (len(values),), values, sci=0, precision=6)
    case(f64, (len(values),), values, precision=0, default=f64)
case(f64, (3,), [1e300, 1e-300, 5e-324])
case(f64, (2,), [1 / 3, 2 / 3], precision=17)

# Integers and booleans.
case(i64, (3,), [-(2**63), 2**63 - 1, 0])
case(i64, (2, 3), [1, -22, 333, 4, 5, 6])
case(u8, (2, 2), [0, 255, 7, 10])
case(bool_, (3,), [1, 0, 1])
case(bool_, (2, 2), [1, 1, 1, 1])

# Lines: wrapping, blank lines between matrices, suffixes that do not fit.
for n in (9, 10, 11, 12, 13, 30):
    case(f32, (n,), start=0.5, step=1.25)
    case(i64, (n,), start=100, step=7)
for shape in [(2, 30), (2, 3, 4), (2, 1, 2, 3), (1, 1, 1), (2, 2, 2, 2, 2), (1, 40, 1)]:
    case(f32, shape, start=-2, step=0.5)
    case(i64, shape, start=0, step=3)
for linewidth in (0, 10, 20, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 120):
    case(f64, (7,), start=0.25, step=1, grad=True, linewidth=linewidth)
    case(f32, (2, 2), start=0.25, step=1, grad="MulBackward0", linewidth=linewidth)
for grad in OPERATIONS:
    case(f32, (2, 3), start=0, step=1, grad=grad)
    case(f64, (3, 2), start=0.5, step=1, grad=grad)

# Summaries.
for shape in [(10, 100), (1001,), (6, 200), (7, 200), (1001, 1), (1, 1001), (11, 10, 10), (2, 3, 4, 50)]:
    case(f32, shape, start=0, step=0.25)
    case(i64, shape, start=-5, step=1)
for edgeitems in (0, 1, 2, 4):
    for shape in [(), (1,), (5,), (9,), (3, 5), (9, 9), (3, 3, 3)]:
        case(f32, shape, start=0.5, step=1, threshold=0, edgeitems=edgeitems)
case(f32, (2000,), start=1e-3, step=1)  # the left-out middle has no say in the format
case(f32, (9,), [1.0] * 4 + [0.12345, 1e9] + [1.0] * 3, threshold=5)
case(f32, (100,), start=0, step=0.125, threshold=10, edgeitems=20)
case(bool_, (30, 50), start=0, step=0)

# Views.
case(f32, (3, 4), start=0, step=1, view=((4, 3), (1, 4), 0))
case(f32, (3, 4), start=0.5, step=1, view=((2, 2), (4, 2), 5))
case(i64, (5,), start=1, step=1, view=((3, 5), (0, 1), 0))
case(f64, (50, 50), start=1, step=1, view=((50, 25), (1, 100), 50))
case(i64, (9,), start=0, step=1, view=((), (), 4))

# And whatever else chance makes.
for _ in range(120):
    shape = [pick.randint(1, 4) for _ in range(pick.randint(0, 3))]
    n = math.prod(shape)
    make = pick.choice([lambda: pick.gauss(0, 1), lambda: pick.gauss(0, 1000), lambda: 10 ** pick.uniform(-5, 5),
                        lambda: float(pick.randint(-9, 9)), lambda: pick.choice([0.0, -0.0, 1.5, nan, inf, -inf])])
    case(pick.choice([f32, f64]), shape, [torch.tensor(make()).item() for _ in range(n)],
         grad=pick.choice([None, True]), precision=pick.choice([4, 4, 1, 8]), threshold=pick.choice([1000, 10]),
         edgeitems=pick.choice([3, 1, 2]), linewidth=pick.choice([80, 80, 33]), sci=pick.choice([2, 2, 0, 1]))

# Parameters, and suffixes below numbers of every kind.
for shape in [(), (0,), (2, 0), (3,), (12,), (2, 3), (2, 2, 2), (11, 100)]:
    case(f32, shape, start=-0.75, step=0.5, grad="parameter")
    case(f64, shape, start=1e-7, step=1000, grad="parameter")
for values in [[0.0, -0.0], [nan, -inf, inf], [1e-5, 1.0], [1e9, 1.5], [-1.0, 2.0]]:
    for grad in ("parameter", "MulBackward0"):
        case(f32, (len(values),), values, grad=grad)
        case(f64, (1, len(values)), values, grad=grad, default=f64)
for dtype, step in [(u8, 1), (i64, -(10**12)), (bool_, 1)]:
    case(dtype, (250,), start=0, step=step, threshold=100)
    case(dtype, (3, 4), start=0, step=step)

lines.append(f"end {cases}")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "print.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(f"{cases} cases")
