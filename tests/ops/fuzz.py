"""Random calls of every operation, answered by PyTorch, for the replay of tests/ops/op_suite.c.

    python3 tests/ops/fuzz.py OUT [--cases N] [--seed S] [--family F ...]      (torch and numpy)
    WICK_CASES=OUT CK_RUN_CASE=values   build/release/tests/wick_tests ops_pointwise ...
    WICK_CASES=OUT CK_RUN_CASE=refusals build/release/tests/wick_tests ops_pointwise ...

scripts/fuzz.sh does all of it. A call is one of the cases of ops_<family>.py with its shapes, strides, dtypes, values
and numbers changed at random; where PyTorch takes it, Wick must give the same, and where PyTorch refuses, Wick must too.
Cases that found something are kept in ops_<family>.py, in found().
"""

import argparse
import importlib
import os
import random
import traceback

import numpy as np
import torch

import ops_record
from ops import HERE, families
from ops_record import DTYPES, EDGES, FIXED, NoBackward, FLOATS, UNSET, In, bool_, describe, f32, i64, lines, u8, write_case

# Numbers of a call that say which form of it is meant, and not what its arguments are, stay. By family, where all have the
# same form: their places, or all whole numbers. ops_record.FIXED has others by operation.
WHOLE = "whole"
FORMS = {"reduce": {0, 2}, "loss": WHOLE, "normalize": WHOLE, "index": WHOLE}
FIXED.update(einsum=range(99), dropout={0, 1}, alpha_dropout={0, 1}, dropout_={0, 1, 2}, alpha_dropout_={0, 1, 2},
             rrelu={0, 1, 2}, rrelu_={0, 1, 2, 3}, gelu={0}, to_dtype={0}, to_device={0})

SIZES = [0, 1, 1, 2, 2, 3, 3, 4, 5]


class Template:
    """A call as a family's cases() made it."""

    def __init__(self, family, op, inputs, args):
        self.family, self.op, self.inputs, self.args = family, op, ops_record.spread(*inputs), list(args)


def templates(family):
    """The calls of a family, by operation."""
    found = {}
    module = importlib.import_module("ops_" + family)

    def note(op, inputs, args=(), **_):
        if all(x.values.numel() < 100 for x in ops_record.spread(*inputs) if isinstance(x, In)):
            found.setdefault(op, []).append(Template(family, op, inputs, args))

    for name in ["case", "error"]:
        setattr(module, name, note)
        for other in [importlib.import_module("ops_" + f) for f in families()]:  # one family's helper may serve another
            if hasattr(other, name):
                setattr(other, name, note)
    module.cases()
    return found


def resized(shape, sizes, r):
    return tuple(sizes.setdefault(n, r.choice(SIZES)) if n != 1 or r.random() < 0.1 else 1 for n in shape)


def new_values(old, shape, dtype, r):
    """Values like the old ones, so that they stay in the operation's domain, in another shape and dtype."""
    n = int(np.prod(shape, dtype=np.int64))
    flat = old.reshape(-1)
    if flat.numel() == 0:
        x = torch.from_numpy(np.asarray([r.uniform(0.1, 0.9) for _ in range(n)]))
    else:
        x = flat[torch.tensor([r.randrange(flat.numel()) for _ in range(n)], dtype=i64)]
    if x.is_floating_point():
        finite = flat[torch.isfinite(flat)] if flat.is_floating_point() else flat.double()
        low, high = (float(finite.min()), float(finite.max())) if finite.numel() else (0.0, 1.0)
        if dtype in FLOATS and high - low < 1e3 and r.random() < 0.7:
            x = torch.tensor([round(r.uniform(low, high), 2) for _ in range(n)], dtype=torch.float64)
        if dtype in FLOATS and r.random() < 0.1:
            for i in range(n):
                if r.random() < 0.3:
                    x[i] = r.choice(EDGES)
        if dtype not in FLOATS:
            x = torch.nan_to_num(x, 0.0, 9.0, -9.0).clamp(-9, 9)
            x = x.abs() if dtype == u8 else x
    elif x.dtype == i64 and dtype == i64 and n and r.random() < 0.1:
        x = x.clone()
        x[r.randrange(n)] += r.choice([-1, 1, 5, -7])
    return x.to(dtype).reshape(shape)


def new_number(v, r):
    if v is UNSET:
        return UNSET if r.random() < 0.7 else r.randrange(-3, 4)
    if isinstance(v, float):
        return r.choice([v, -v, v * r.uniform(0, 2), 0.0, 0.5, 1.0, 2.0])
    return v if r.random() < 0.3 else v + r.choice([-2, -1, 1, 2]) if r.random() < 0.8 else r.randrange(-4, 6)


def mutated(t, r):
    sizes, args = {}, list(t.args)
    keep = r.random() < 0.3  # the shapes as they are
    inputs = []
    every = {}  # an old dtype becomes one new dtype everywhere
    if r.random() < 0.35:
        every = {f32: r.choice(DTYPES), torch.float64: r.choice(DTYPES)}
        if r.random() < 0.3:
            every[i64] = r.choice(DTYPES)
    for x in t.inputs:
        if not isinstance(x, In):
            inputs.append(r.choice([x, x, 2, -1.5, True, 0]))
            continue
        shape = tuple(x.values.shape)
        if not keep:
            shape = resized(shape, sizes, r)
        if r.random() < 0.06:
            shape = r.choice([shape[1:], shape + (r.choice(SIZES),), (r.choice(SIZES),) + shape, shape[:-1] + (r.choice(SIZES),)])
        shape = shape[:8]
        dtype = every.get(x.values.dtype, x.values.dtype)
        if r.random() < 0.03:
            dtype = r.choice(DTYPES)
        v = new_values(x.values, shape, dtype, r)
        layouts = ["c", "c"] + ["t"] * (v.dim() > 1) + ["s"] * (v.dim() > 0) + ["e"] * (v.dim() > 0 and v.shape[0] > 0)
        inputs.append(In(v, r.choice(layouts), v.is_floating_point() and (x.grad or not x.values.is_floating_point())))
    form = FIXED.get(t.op, {0} if t.op.endswith("_") else FORMS.get(t.family, ()))  # in place: on the tensor, or a row
    free = [i for i, v in enumerate(args) if not (isinstance(v, (int, str)) if form == WHOLE else i in form)]
    if free and r.random() < 0.4:
        i = r.choice(free)
        args[i] = new_number(args[i], r)
    return inputs, args


def is_float(x):
    return not isinstance(x, In) or x.values.is_floating_point()


def tensors(inputs):
    return [x.values for x in inputs if isinstance(x, In)]


def has_nan(inputs):
    return any(bool(torch.isnan(v).any()) for v in tensors(inputs) if v.is_floating_point())


def is_huge(inputs):
    return any(bool((v.abs() > 1e15).any()) for v in tensors(inputs) if v.is_floating_point())


def repeats(v):
    v = torch.nan_to_num(v, 0.5) if v.is_floating_point() else v
    return v.numel() != v.unique().numel()


def is_constant(v):
    """Whether all elements along some dimension are the same."""
    return v.numel() > 0 and (v.dim() == 0 or any(bool((v.amax(d) == v.amin(d)).any()) for d in range(v.dim())))


def whole_bounds(v, sizes):
    """Whether every index is one that Python takes for the smallest of the sizes."""
    n = min(sizes, default=1)
    return v.numel() == 0 or v.dtype != i64 or (int(v.min()) >= 0 and int(v.max()) < n)


# Where Wick differs on purpose, or PyTorch does not agree with itself (docs/decisions.md has the list for users): such calls
# are left out, or, where only gradients differ, made without. By operation: what it is about, whether a call (inputs,
# numbers) is one of these, and whether it is compared without gradients.
DIFFERENT = []


def different(operations, why, test, gradients=False):
    DIFFERENT.extend((op, why, test, gradients) for op in operations.split())


def different_gradients(operations, why, test):
    different(operations, why, test, gradients=True)


LOSSES = "mse_loss l1_loss smooth_l1_loss huber_loss hinge_embedding_loss cosine_embedding_loss margin_ranking_loss kl_div"
LOSSES += " poisson_nll_loss gaussian_nll_loss soft_margin_loss multilabel_soft_margin_loss pairwise_distance"
LOSSES += " cosine_similarity triplet_margin_loss"
different(LOSSES, "losses are of floating point", lambda x, a: not all(map(is_float, x)))
different("mm bmm mv matmul linear addmm baddbmm dot bilinear einsum", "products are not for bool, also if empty",
          lambda x, a: any(v.dtype == bool_ for v in tensors(x)))
different("bilinear", "of no elements PyTorch refuses some and takes others", lambda x, a: any(v.numel() == 0 for v in tensors(x)))
different("softmax log_softmax softmin dropout dropout_ batch_norm group_norm layer_norm alpha_dropout alpha_dropout_ cross_entropy",
          "floating point only, also if empty", lambda x, a: not is_float(x[0]))
different("dropout alpha_dropout", "random", lambda x, a: 0 < a[0] < 1)
different_gradients("elu_ celu_ leaky_relu_", "PyTorch has no derivative in place of a negative slope", lambda x, a: a[1] < 0)
different_gradients("elu elu_ celu celu_ selu selu_ hardtanh hardtanh_ relu6 relu6_ softshrink hardshrink hardswish hardswish_ hardsigmoid"
          " hardsigmoid_ leaky_relu leaky_relu_", "PyTorch's gradient at NaN depends on the element's place",
          lambda x, a: has_nan(x))
different("celu celu_", "PyTorch rounds 1 / alpha to float32", lambda x, a: x[0].values.dtype == torch.float64)
different("gaussian_nll_loss", "PyTorch refuses a variance that is an int", lambda x, a: not isinstance(x[-1], In))
different("multilabel_margin_loss multi_margin_loss", "of no rows PyTorch returns what is in memory",
          lambda x, a: x[0].values.numel() == 0)
different("cross_entropy", "PyTorch takes a negative label_smoothing", lambda x, a: len(a) > 4 and a[4] < 0)
different("topk kthvalue median", "which of equal elements it is", lambda x, a: repeats(x[0].values))
different("take_along_dim", "PyTorch takes indices modulo the size, and no strides without dim",
          lambda x, a: not a or a[0] is UNSET or not whole_bounds(x[1].values, x[0].values.shape))
different("index_fill index_fill_ index_add index_add_ index_copy index_copy_ index_select index index_put index_put_",
          "of no elements PyTorch does not check the indices",
          lambda x, a: any(v.numel() == 0 for v in tensors(x)) or any(v.shape == (0,) for v in tensors(x)))
different("index_add index_add_", "bool", lambda x, a: x[0].values.dtype == bool_)
different("index_put index_put_", "numbers in place of indices are PyTorch's for x[...] alone",
          lambda x, a: any(not isinstance(v, In) for v in x[2:]))
different("scatter scatter_ scatter_add scatter_add_ gather", "PyTorch takes uint8 indices of no elements, and has no "
          "derivative where src is larger than index", lambda x, a: any(isinstance(v, In) and v.values.dtype == u8 for v in x[1:2])
          or isinstance(x[-1], In) and x[-1].values.shape != x[1].values.shape)
different("count_nonzero prod median max min", "a .keepdim that PyTorch does not have", lambda x, a: a[0] == 0 and a[1] != 0)
different("count_nonzero", "a .keepdim that PyTorch does not have", lambda x, a: a[1] != 0)
different("cumsum_ cumprod_", "bool of no dimensions, or of no elements", lambda x, a: x[0].values.dtype == bool_)
different("median", "PyTorch's, of strides of 0", lambda x, a: x[0].layout == "e")
different("unfold", "a step that PyTorch cannot print", lambda x, a: abs(a[-1]) > 2**40)
different_gradients("logical_and_ logical_or_ logical_xor_ logical_not_", "PyTorch keeps a wrong history", lambda x, a: is_float(x[0]))
different("clamp clamp_", "whole numbers as bounds are those of Python's int", lambda x, a: not is_float(x[0]))
different("nan_to_num nan_to_num_", "the largest numbers stand for not given",
          lambda x, a: any(abs(v) > 1e308 for v in a if isinstance(v, float)))
different("addcdiv_ addcmul_", "PyTorch promotes no operand of no dimensions here", lambda x, a: not all(map(is_float, x)))
different("masked_fill masked_fill_", "a value with a gradient, into integers", lambda x, a: not is_float(x[0]))
different("div div_", "the row has no such rounding mode", lambda x, a: bool(a) and a[-1] not in (0, 1, 2))
different_gradients("logaddexp logaddexp2", "PyTorch refuses bool in backward only", lambda x, a: any(
    isinstance(v, bool) or isinstance(v, In) and v.values.dtype == bool_ for v in x))
different("normalize", "PyTorch has no negative norm of no elements", lambda x, a: x[0].values.numel() == 0)
different_gradients("normalize", "0 divided by 0, where eps does not prevent it, and rounding of 0 where there is one element",
                    lambda x, a: a[2] < 0 or is_constant(x[0].values))
different_gradients("pow pow_", "of False as exponent", lambda x, a: any(isinstance(v, bool) for v in x[1:]))
different("normalize layer_norm rms_norm batch_norm group_norm", "overflow on the way", lambda x, a: is_huge(x))
different_gradients("layer_norm group_norm batch_norm", "the gradient of equal elements is 0, and PyTorch's is rounding",
          lambda x, a: is_constant(x[0].values))
different_gradients("layer_norm group_norm batch_norm", "of two elements PyTorch's gradient is half rounding",
                    lambda x, a: x[0].values.dtype == f32 and x[0].values.dim() > 0 and x[0].values.numel() <= 6 * x[0].values.shape[0])
different("layer_norm group_norm batch_norm", "of equal elements, without eps, PyTorch has NaN or infinity by its rounding",
          lambda x, a: any(v in (0, 0.0) for v in a) and (is_constant(x[0].values) or x[0].values.dim() == 2))
different("var std", "of equal elements PyTorch has what is left of rounding, and not 0", lambda x, a: is_constant(x[0].values))
different("fmod fmod_ remainder remainder_ div div_", "PyTorch's vector loops give NaN where the quotient overflows",
          lambda x, a: is_huge(x) or any(bool((v.abs() < 1e-20).any()) for v in tensors(x) if v.is_floating_point()))
different_gradients("atan2 atan2_", "PyTorch negates bool in backward", lambda x, a: any(
    isinstance(v, bool) or isinstance(v, In) and v.values.dtype == bool_ for v in x))
different("index_fill index_fill_", "a value with a gradient, into integers", lambda x, a: not is_float(x[0]))
different("addmm baddbmm", "a fraction of integers: PyTorch refuses it or cuts it off, by the sizes",
          lambda x, a: not is_float(x[0]) and bool(a) and any(v != int(v) for v in a))
different("batch_norm group_norm", "of no elements", lambda x, a: x[0].values.numel() == 0)
different("scatter scatter_ scatter_add scatter_add_ gather", "PyTorch takes any dtype for no indices",
          lambda x, a: isinstance(x[1], In) and x[1].values.numel() == 0 and x[1].values.dtype != i64)
different("einsum linear mm bmm mv matmul dot", "PyTorch takes two dtypes where there are no elements",
          lambda x, a: any(v.numel() == 0 for v in tensors(x)) and len({v.dtype for v in tensors(x)}) > 1)
different("linear", "PyTorch takes a path of its own for a bias that is stretched, or of another dtype",
          lambda x, a: len(x) > 2 and x[0].values.dim() != 2
          and (x[2].layout == "e" or x[2].values.dtype != x[0].values.dtype or x[2].values.shape != x[1].values.shape[:-1]))
different("scatter scatter_", "PyTorch does not check the number where there are no elements",
          lambda x, a: any(v.numel() == 0 for v in tensors(x)) and not isinstance(x[-1], In))
different("index_put index_put_", "PyTorch converts a single value, but only by a mask",
          lambda x, a: any(isinstance(v, In) and v.values.dtype == bool_ for v in x[2:])
          and isinstance(x[1], In) and x[1].values.numel() == 1 and x[1].values.dtype != x[0].values.dtype)
different("index_put index_put_", "a mask of no dimensions beside indices, of nothing",
          lambda x, a: any(isinstance(v, In) and v.values.dtype == bool_ and v.values.numel() == 1 for v in x[2:]))
different("index_put index_put_", "PyTorch takes no uint8 mask for a single value",
          lambda x, a: any(isinstance(v, In) and v.values.dtype == u8 for v in x[2:])
          and (not isinstance(x[1], In) or x[1].values.numel() == 1))
different("index_fill_ index_fill index_copy index_copy_", "PyTorch takes many indices into no dimensions",
          lambda x, a: x[0].values.dim() == 0 and x[1].values.numel() != 1)
different("bucketize searchsorted", "PyTorch takes bool for both where there are no elements",
          lambda x, a: any(v.numel() == 0 for v in tensors(x)) and any(v.dtype == bool_ for v in tensors(x)))
different("batch_norm", "PyTorch reads a weight with strides as if it had none", lambda x, a: any(isinstance(v, In) and v.layout == "s" for v in x[1:]))
different("kthvalue", "PyTorch takes a single bool", lambda x, a: x[0].values.dtype == bool_)
different_gradients("cumprod cumprod_ prod", "the derivative where a product is NaN or infinite",
                    lambda x, a: is_huge(x) or has_nan(x))
different("roll", "PyTorch does not check the dimensions of no elements", lambda x, a: x[0].values.numel() == 0)
different("cross_entropy", "PyTorch smooths no labels of no elements",
          lambda x, a: x[0].values.numel() == 0 and len(a) > 4 and a[4] != 0)
different("cross_entropy", "PyTorch takes labels of uint8, but not for smoothing with weights",
          lambda x, a: x[1].values.dtype == u8 and len(x) > 2)
different("unique", "the order of NaN among slices", lambda x, a: len(a) > 2 and has_nan(x))
different("binary_cross_entropy_with_logits", "PyTorch takes two dtypes for input and target, no bool for pos_weight, and 0 - 1 of uint8 as 255",
          lambda x, a: x[0].values.dtype != x[1].values.dtype or any(a[2:3]) and x[-1].values.dtype in (bool_, u8))
different("threshold threshold_", "PyTorch takes -1 as 255, and refuses -1.0",
          lambda x, a: x[0].values.dtype == u8 and any(v < 0 and v == int(v) for v in a[-2:]))
different("index_add index_add_", "PyTorch cuts a fraction off alpha", lambda x, a: not is_float(x[0]) and a[-1] != int(a[-1]))
different("index_fill index_fill_", "PyTorch's derivative by the value takes no negative index",
          lambda x, a: isinstance(x[2], In) and bool((x[1].values < 0).any()))
different("gaussian_nll_loss", "PyTorch takes a var of no elements in other shapes", lambda x, a: x[0].values.numel() == 0)
different("nll_loss cross_entropy", "PyTorch takes a weight of any shape for images",
          lambda x, a: any(isinstance(v, In) and v.values.dim() != 1 for v in x[2:]))
different("bilinear", "the order of products with infinity", lambda x, a: is_huge(x))
different("median", "PyTorch takes bool of no elements", lambda x, a: x[0].values.dtype == bool_ and x[0].values.numel() == 0)
different("kl_div", "of no elements, PyTorch has no NaN for a negative target", lambda x, a: any(v.numel() == 0 for v in tensors(x)))
different("norm", "NaN is a norm of no elements", lambda x, a: a[2] != a[2])
different("repeat tile", "PyTorch takes a negative count of no elements", lambda x, a: x[0].values.numel() == 0 and min(a, default=0) < 0)
different("pad", "PyTorch checks no value where nothing is added", lambda x, a: not any(a[2:]))
different("baddbmm addmm", "PyTorch refuses float numbers for integers of no elements", lambda x, a: any(v.numel() == 0 for v in tensors(x)))
different("einsum", "PyTorch takes two dtypes where a sum is of one element",
          lambda x, a: len({v.dtype for v in tensors(x)}) > 1 and any(1 in v.shape for v in tensors(x)))
different("bilinear", "PyTorch stretches a bias of other shapes", lambda x, a: len(x) > 3 and x[3].values.shape != x[2].values.shape[:1])
different("pad", "PyTorch takes more away than there is where it repeats the edge", lambda x, a: a[0] != 0 and any(
    -p >= n for n, pair in zip(reversed(x[0].values.shape), zip(a[2::2], a[3::2])) for p in pair))
different("roll", "a shift that a double cannot hold", lambda x, a: any(abs(v) > 2**53 for v in a))


def is_different(op, inputs, args, gradients):
    return any(op == name and test(inputs, args) for name, _, test, only in DIFFERENT if only == gradients)


def ours(op, error):
    """Whether the call never came to PyTorch: RUN itself stumbled over a number that is not there or out of place, or an
    operation in place got a tensor without the row that it was to work on."""
    text = str(error)
    if "is not differentiable with respect to" in text or "Autograd not support" in text:
        return True  # which the replay without gradients would not be refused
    if isinstance(error, AssertionError):
        return "torch" not in traceback.extract_tb(error.__traceback__)[-1].filename
    missing = isinstance(error, IndexError) and text.split()[0] in ("list", "tuple")
    missing = missing or isinstance(error, (StopIteration, KeyError, AttributeError, UnicodeError, OverflowError))
    missing = missing or "INTERNAL ASSERT FAILED" in text  # a bug of PyTorch's
    return missing or "values to unpack" in text or (op.endswith("_") and "select()" in text)


def fuzz(family, count, r):
    """Writes count cases of a family's operations, all operations alike."""
    table = templates(family)
    names, made = sorted(table), 0
    while made < count:
        t = r.choice(table[r.choice(names)])
        inputs, args = mutated(t, r)
        if is_different(t.op, inputs, args, gradients=False):
            continue
        if is_different(t.op, inputs, args, gradients=True):
            for x in inputs:
                if isinstance(x, In):
                    x.grad = False
        kept = len(lines)
        try:
            write_case(t.op, inputs, args, name=False)
        except Exception as e:
            del lines[kept:]
            if isinstance(e, NoBackward) or ours(t.op, e):
                continue
            describe("error", t.op, inputs, args)
            lines.append("# " + str(e).split("\n")[0][:150])
        made += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--cases", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--family", nargs="*", default=families())
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    weights = {f: len(templates(f)) for f in options.family}
    for family in options.family:
        ops_record.rng.seed(options.seed)
        fuzz(family, options.cases * weights[family] // sum(weights.values()) + 1, random.Random(f"{options.seed} {family}"))
        ops_record.write(os.path.join(options.out, f"ops_{family}.txt"))


if __name__ == "__main__":
    main()
