"""Writes layers.txt: what modules of torch.nn print, hold and compute, for tests/torch/nn/test_nn_replay.c.  Run: python layers.py

A row is five lines:

    <row> <inputs> <names of the state dict, or -> <repr, with | for a new line>
    float32, training      what the state dict holds, the output, and the gradients of parameters and inputs
    float32, evaluation    the output and the gradients again; = if they are the same
    float64, training
    float64, evaluation

Each dtype is the default dtype while the module is made, after manual_seed(7), and its inputs, one after another, after
manual_seed(1). An input is a letter and its shape; capitals require grad, and are given as x * 1:

    n4x6  randn         s4  signs, -1 or 1         i5:4x2  randint below 5
    u4x6  rand          b4  0 or 1                 m4x3    label lists of multilabel_margin: (3 i + j) % 4 - 1

The upstream gradient is cos(0), cos(1), ..."""
import os
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
BN, LN, E = nn.BatchNorm1d, nn.LayerNorm, nn.Embedding
given = E.from_pretrained
nan, inf = float("nan"), float("inf")


def ramp(*shape):
    """0.5, 1, 1.5, ... in the default dtype."""
    return torch.arange(1, torch.Size(shape).numel() + 1, dtype=torch.get_default_dtype()).reshape(shape) / 2


def wide(*options, **more):
    """Of larger norms than are drawn."""
    return given(ramp(5, 2) - 3, False, *options, **more)


# Of one input, N4x6 where no other is named.
LAYERS = {
    "relu": lambda: nn.ReLU(), "relu_inplace": lambda: nn.ReLU(True), "relu6": lambda: nn.ReLU6(),
    "relu6_inplace": lambda: nn.ReLU6(True), "leaky_relu": lambda: nn.LeakyReLU(),
    "leaky_relu_2": lambda: nn.LeakyReLU(0.2, True), "elu": lambda: nn.ELU(1e-5), "elu_inplace": lambda: nn.ELU(0.5, True),
    "selu": lambda: nn.SELU(), "selu_inplace": lambda: nn.SELU(True), "celu": lambda: nn.CELU(2.0),
    "celu_inplace": lambda: nn.CELU(inplace=True), "gelu": lambda: nn.GELU(), "gelu_tanh": lambda: nn.GELU("tanh"),
    "silu": lambda: nn.SiLU(), "silu_inplace": lambda: nn.SiLU(True), "mish": lambda: nn.Mish(),
    "mish_inplace": lambda: nn.Mish(True), "softplus": lambda: nn.Softplus(), "softplus_2": lambda: nn.Softplus(2.0, 1.5),
    "softsign": lambda: nn.Softsign(), "hardtanh": lambda: nn.Hardtanh(),
    "hardtanh_2": lambda: nn.Hardtanh(-0.25, 0.5, True), "hardsigmoid": lambda: nn.Hardsigmoid(),
    "hardsigmoid_inplace": lambda: nn.Hardsigmoid(True), "hardswish": lambda: nn.Hardswish(),
    "hardswish_inplace": lambda: nn.Hardswish(True), "sigmoid": lambda: nn.Sigmoid(), "logsigmoid": lambda: nn.LogSigmoid(),
    "tanh": lambda: nn.Tanh(), "tanhshrink": lambda: nn.Tanhshrink(), "softshrink": lambda: nn.Softshrink(),
    "softshrink_2": lambda: nn.Softshrink(0.1), "hardshrink": lambda: nn.Hardshrink(0.25), "glu": lambda: nn.GLU(),
    "glu_2": lambda: nn.GLU(0), "threshold": lambda: nn.Threshold(0.5, -1.0),
    "threshold_inplace": lambda: nn.Threshold(-0.5, 20.0, True), "prelu": lambda: nn.PReLU(),
    "prelu_2": lambda: nn.PReLU(6, 0.1), "rrelu": lambda: nn.RReLU(), "rrelu_2": lambda: nn.RReLU(0.25, 0.75, True),
    "softmax": lambda: nn.Softmax(1), "softmax_none": lambda: nn.Softmax(), "log_softmax": lambda: nn.LogSoftmax(-1),
    "log_softmax_none": lambda: nn.LogSoftmax(), "softmin": lambda: nn.Softmin(0), "softmin_none": lambda: nn.Softmin(),
    "dropout": lambda: nn.Dropout(), "dropout_2": lambda: nn.Dropout(0.25), "dropout_inplace": lambda: nn.Dropout(0.75, True),
    "alpha_dropout": lambda: nn.AlphaDropout(0.1), "alpha_dropout_inplace": lambda: nn.AlphaDropout(inplace=True),
    "flatten": lambda: nn.Flatten(0), "identity": lambda: nn.Identity(),
    "unflatten": lambda: nn.Unflatten(1, (2, 3)), "unflatten_2": lambda: nn.Unflatten(-2, (4,)),
    "linear": lambda: nn.Linear(6, 3), "linear_plain": lambda: nn.Linear(6, 3, bias=False),
    "lazy_linear": lambda: nn.LazyLinear(2),
    "batch_norm": lambda: BN(6), "batch_norm_2": lambda: BN(6, momentum=None, affine=False),
    "batch_norm_3": lambda: BN(6, eps=0.5, track_running_stats=False), "batch_norm_4": lambda: BN(6, bias=False),
    "batch_norm_5": lambda: BN(6, affine=False, track_running_stats=False),
    "batch_norm_6": lambda: BN(6, momentum=0.75), "lazy_batch_norm": lambda: nn.LazyBatchNorm1d(),
    "lazy_batch_norm_2": lambda: nn.LazyBatchNorm1d(0.5, None, affine=False),
    "lazy_batch_norm_3": lambda: nn.LazyBatchNorm1d(bias=False, track_running_stats=False),
    "lazy_both": lambda: nn.Sequential(nn.LazyLinear(4), nn.LazyBatchNorm1d(), nn.ReLU(), nn.LazyLinear(2)),
    "layer_norm": lambda: LN(6),
    "layer_norm_2": lambda: LN((4, 6), bias=False), "layer_norm_3": lambda: LN(6, 1e-12, elementwise_affine=False),
    "rms_norm": lambda: nn.RMSNorm(6), "rms_norm_2": lambda: nn.RMSNorm((4, 6), 1e-6),
    "rms_norm_3": lambda: nn.RMSNorm(6, elementwise_affine=False), "group_norm": lambda: nn.GroupNorm(2, 6),
    "group_norm_2": lambda: nn.GroupNorm(3, 6, 0.5, False), "group_norm_3": lambda: nn.GroupNorm(1, 6, bias=False),
    "nested": lambda: nn.Sequential(nn.Linear(6, 5), BN(5), nn.ReLU(True), nn.Sequential(nn.Linear(5, 4), LN(4))),
    "nested_2": lambda: nn.Sequential(nn.Linear(6, 8), nn.PReLU(8), nn.GroupNorm(2, 8), nn.Dropout(0.5),
                                      nn.Unflatten(1, (2, 4)), BN(2), nn.Flatten(), nn.RMSNorm(8), nn.RReLU(), nn.Softmin(1)),
}
OTHERS = {  # name: (make, inputs)
    "prelu_3": (lambda: nn.PReLU(3), "N2x3x4"), "batch_norm_7": (lambda: BN(3), "N4x3x2"),
    "batch_norm_8": (lambda: BN(3, momentum=None), "N2x3x4"),
    "batch_norm_9": (lambda: BN(3, affine=False, track_running_stats=False), "N2x3x4"),
    "group_norm_4": (lambda: nn.GroupNorm(2, 4), "N2x4x3"), "softmax_none_3": (lambda: nn.Softmax(), "N2x3x2"),
    "softmax_none_1": (lambda: nn.Softmax(), "N5"), "flatten_2": (lambda: nn.Flatten(), "N2x3x2"),
    "flatten_3": (lambda: nn.Flatten(0, -2), "N2x3x2"), "unflatten_3": (lambda: nn.Unflatten(-1, (2, -1, 1)), "N2x6"),
    "dropout_3": (lambda: nn.Dropout(0.5), "N3x5x7"),
    "bilinear": (lambda: nn.Bilinear(2, 3, 4), "N4x2 N4x3"), "bilinear_plain": (lambda: nn.Bilinear(3, 2, 4, bias=False), "N3 N2"),
    "embedding": (lambda: E(5, 3), "i5:2x3"), "embedding_2": (lambda: E(5, 3, padding_idx=-2), "i5:4x2"),
    "embedding_3": (lambda: E(5, 2, max_norm=1.0), "i5:4"),
    "embedding_4": (lambda: E(5, 2, 1, 1.5, 1.0, True), "i5:2x4"), "embedding_5": (lambda: E(5, 2, scale_grad_by_freq=True), "i5:7"),
    "embedding_6": (lambda: wide(max_norm=0.75, norm_type=inf), "i5:6"), "embedding_7": (lambda: given(ramp(5, 2)), "i5:4"),
    "embedding_8": (lambda: wide(4, 1.25, 3.0, True), "i5:9"), "pairwise_distance": (lambda: nn.PairwiseDistance(), "N4x3 N4x3"),
    "pairwise_distance_2": (lambda: nn.PairwiseDistance(1.0, 1e-3, True), "N4x3 N4x3"),
    "cosine_similarity": (lambda: nn.CosineSimilarity(), "N4x3 N4x3"),
    "cosine_similarity_2": (lambda: nn.CosineSimilarity(0, 0.5), "N4x3 N4x3"),
    "l1_loss": (lambda: nn.L1Loss(), "N4x3 N4x3"), "l1_loss_2": (lambda: nn.L1Loss(reduction="sum"), "N4x3 N4x3"),
    "mse_loss": (lambda: nn.MSELoss(), "N4x3 N4x3"), "mse_loss_2": (lambda: nn.MSELoss(reduction="none"), "N4x3 N4x3"),
    "smooth_l1_loss": (lambda: nn.SmoothL1Loss(), "N4x3 N4x3"), "smooth_l1_loss_2": (lambda: nn.SmoothL1Loss(beta=0.25), "N4x3 N4x3"),
    "huber_loss": (lambda: nn.HuberLoss(), "N4x3 N4x3"), "huber_loss_2": (lambda: nn.HuberLoss("sum", 0.25), "N4x3 N4x3"),
    "kl_div_loss": (lambda: nn.KLDivLoss(), "N4x3 U4x3"),
    "kl_div_loss_2": (lambda: nn.KLDivLoss(reduction="batchmean", log_target=True), "N4x3 N4x3"),
    "poisson_nll_loss": (lambda: nn.PoissonNLLLoss(), "N4x3 u4x3"),
    "poisson_nll_loss_2": (lambda: nn.PoissonNLLLoss(False, True, eps=1e-3), "U4x3 i9:4x3"),
    "gaussian_nll_loss": (lambda: nn.GaussianNLLLoss(), "N4x3 N4x3 U4x3"),
    "gaussian_nll_loss_2": (lambda: nn.GaussianNLLLoss(full=True, reduction="none"), "N4x3 N4x3 U4x1"),
    "bce_loss": (lambda: nn.BCELoss(), "U4x3 b4x3"), "bce_loss_2": (lambda: nn.BCELoss(ramp(3)), "U4x3 u4x3"),
    "bce_with_logits_loss": (lambda: nn.BCEWithLogitsLoss(), "N4x3 b4x3"),
    "bce_with_logits_loss_2": (lambda: nn.BCEWithLogitsLoss(ramp(4, 3), pos_weight=ramp(3)), "N4x3 u4x3"),
    "nll_loss": (lambda: nn.NLLLoss(), "N4x3 i3:4"),
    "nll_loss_2": (lambda: nn.NLLLoss(ramp(3), ignore_index=1, reduction="sum"), "N4x3x2 i3:4x2"),
    "cross_entropy_loss": (lambda: nn.CrossEntropyLoss(), "N4x3 i3:4"),
    "cross_entropy_loss_2": (lambda: nn.CrossEntropyLoss(ramp(3), ignore_index=0, label_smoothing=0.25), "N4x3 i3:4"),
    "cross_entropy_loss_3": (lambda: nn.CrossEntropyLoss(reduction="none"), "N4x3 U4x3"),
    "soft_margin_loss": (lambda: nn.SoftMarginLoss(), "N4x3 s4x3"),
    "multilabel_soft_margin_loss": (lambda: nn.MultiLabelSoftMarginLoss(), "N4x3 b4x3"),
    "multilabel_soft_margin_loss_2": (lambda: nn.MultiLabelSoftMarginLoss(ramp(3), reduction="none"), "N4x3 b4x3"),
    "multilabel_margin_loss": (lambda: nn.MultiLabelMarginLoss(), "N4x3 m4x3"),
    "multi_margin_loss": (lambda: nn.MultiMarginLoss(), "N4x3 i3:4"),
    "multi_margin_loss_2": (lambda: nn.MultiMarginLoss(2, 0.5, ramp(3), reduction="sum"), "N4x3 i3:4"),
    "hinge_embedding_loss": (lambda: nn.HingeEmbeddingLoss(), "N4x3 s4x3"),
    "hinge_embedding_loss_2": (lambda: nn.HingeEmbeddingLoss(0.5, reduction="none"), "N4x3 s4x3"),
    "cosine_embedding_loss": (lambda: nn.CosineEmbeddingLoss(), "N4x3 N4x3 s4"),
    "cosine_embedding_loss_2": (lambda: nn.CosineEmbeddingLoss(0.25, reduction="none"), "N4x3 N4x3 s4"),
    "margin_ranking_loss": (lambda: nn.MarginRankingLoss(), "N4x3 N4x3 s4x3"),
    "margin_ranking_loss_2": (lambda: nn.MarginRankingLoss(0.5, reduction="sum"), "N4x3 N4x3 s4x3"),
    "triplet_margin_loss": (lambda: nn.TripletMarginLoss(), "N4x3 N4x3 N4x3"),
    "triplet_margin_loss_2": (lambda: nn.TripletMarginLoss(2.0, 1.0, swap=True, reduction="none"), "N4x3 N4x3 N4x3"),
}


def made(word):
    kind, rest = word[0].lower(), word[1:]
    below, _, shape = rest.rpartition(":")
    shape = [int(n) for n in shape.split("x")]
    if kind == "m":
        i, j = torch.meshgrid(torch.arange(shape[0]), torch.arange(shape[1]), indexing="ij")
        return (3 * i + j) % 4 - 1
    if kind in "nu":
        return (torch.randn if kind == "n" else torch.rand)(shape, requires_grad=word[0].isupper())
    if kind == "i":
        return torch.randint(int(below), shape)
    drawn = torch.randint(2, shape).to(torch.get_default_dtype())
    return drawn if kind == "b" else 2 * drawn - 1


def numbers(tensors):
    digits = "%.9g" if torch.get_default_dtype() == torch.float32 else "%.13g"
    return " ".join(digits % v for t in tensors if t is not None for v in t.flatten().tolist())


def run(m, inputs):
    """The output and the gradients of parameters and inputs."""
    leaves = [*m.parameters(), *inputs]
    for t in leaves:
        t.grad = None
    y = m(*[x * 1 if x.requires_grad else x for x in inputs])
    if y.requires_grad:
        y.backward(torch.cos(torch.arange(y.numel(), dtype=y.dtype)).reshape(y.shape))
    return [y.detach(), *(t.grad for t in [*m.parameters(), *inputs])]


def rows():
    for name, make in LAYERS.items():
        yield name, make, "N4x6"
    for name, (make, inputs) in OTHERS.items():
        yield name, make, inputs


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "layers.txt"), "w") as file:
    for name, make, words in rows():
        lines = []
        for dtype in (torch.float32, torch.float64):
            torch.set_default_dtype(dtype)
            torch.manual_seed(7)
            m = make()
            printed = repr(m).replace("\n", "|")
            torch.manual_seed(1)
            inputs = [made(word) for word in words.split()]
            trained = run(m, inputs)
            state, names = numbers(m.state_dict().values()), ",".join(m.state_dict()) or "-"
            evaluated = run(m.eval(), inputs)
            lines += [(state + " " + numbers(trained)).strip(), "=" if numbers(trained) == numbers(evaluated) else numbers(evaluated)]
        torch.set_default_dtype(torch.float32)
        print(f"{name} {words.replace(' ', ',')} {names} {printed}", *lines, sep="\n", file=file)
