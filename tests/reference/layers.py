"""Writes layers.txt: what modules of torch.nn print, hold and compute, for tests/test_nn_replay.c.  Run: python layers.py

    <row> <repr, with | for a new line>
    <parameters and buffers in the order of the state dict, the output, and the gradients of parameters and input>

Each is made after manual_seed(7), and sees x = randn(4, 6) after manual_seed(1); the upstream gradient is cos(0), cos(1), ...
Of Embedding and Bilinear there is only what they hold."""
import torch
from torch import nn

ROWS = [
    ("relu", nn.ReLU()), ("relu_inplace", nn.ReLU(True)), ("relu6", nn.ReLU6()), ("leaky_relu", nn.LeakyReLU()),
    ("leaky_relu_2", nn.LeakyReLU(0.2, True)), ("elu", nn.ELU(1e-5)), ("selu", nn.SELU()), ("celu", nn.CELU(2.0)),
    ("gelu", nn.GELU()), ("gelu_tanh", nn.GELU("tanh")), ("silu", nn.SiLU(True)), ("mish", nn.Mish()),
    ("softplus", nn.Softplus()), ("softplus_2", nn.Softplus(2.0, 1.5)), ("softsign", nn.Softsign()),
    ("hardtanh", nn.Hardtanh()), ("hardtanh_2", nn.Hardtanh(-0.25, 0.5, True)), ("hardsigmoid", nn.Hardsigmoid()),
    ("hardswish", nn.Hardswish()), ("sigmoid", nn.Sigmoid()), ("logsigmoid", nn.LogSigmoid()), ("tanh", nn.Tanh()),
    ("tanhshrink", nn.Tanhshrink()), ("softshrink", nn.Softshrink()), ("hardshrink", nn.Hardshrink(0.25)),
    ("glu", nn.GLU()), ("softmax", nn.Softmax(1)), ("log_softmax", nn.LogSoftmax(-1)), ("softmin", nn.Softmin(0)),
    ("dropout", nn.Dropout()), ("dropout_2", nn.Dropout(0.25)), ("alpha_dropout", nn.AlphaDropout(0.1)),
    ("flatten", nn.Flatten(0)), ("identity", nn.Identity()),
    ("linear", lambda: nn.Linear(6, 3)), ("linear_plain", lambda: nn.Linear(6, 3, bias=False)),
    ("batch_norm", lambda: nn.BatchNorm1d(6)),
    ("batch_norm_2", lambda: nn.BatchNorm1d(6, momentum=None, affine=False)),
    ("batch_norm_3", lambda: nn.BatchNorm1d(6, eps=0.5, track_running_stats=False)),
    ("layer_norm", lambda: nn.LayerNorm(6)), ("layer_norm_2", lambda: nn.LayerNorm((4, 6), bias=False)),
    ("layer_norm_3", lambda: nn.LayerNorm(6, 1e-12, elementwise_affine=False)),
    ("embedding", lambda: nn.Embedding(5, 3)), ("embedding_2", lambda: nn.Embedding(5, 3, padding_idx=-2)),
    ("bilinear", lambda: nn.Bilinear(2, 3, 4)), ("bilinear_plain", lambda: nn.Bilinear(3, 2, 4, bias=False)),
    ("batch_norm_4", lambda: nn.BatchNorm1d(6, bias=False)),
    ("nested", lambda: nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(True),
                                     nn.Sequential(nn.Linear(5, 4), nn.LayerNorm(4)))),
]
with open("layers.txt", "w") as file:
    for name, make in ROWS:
        torch.manual_seed(7)
        m = make if isinstance(make, nn.Module) else make()
        results = []
        if not isinstance(m, (nn.Embedding, nn.Bilinear)):
            torch.manual_seed(1)
            x = torch.randn(4, 6, requires_grad=True)
            y = m(x * 1)
            y.backward(torch.cos(torch.arange(y.numel(), dtype=torch.float32)).reshape(y.shape))
            results = [y.detach(), *(p.grad for p in m.parameters()), x.grad]
        numbers = [v for t in [*m.state_dict().values(), *results] for v in t.flatten().tolist()]
        print(name, repr(m).replace("\n", "|"), file=file)
        print(*("%.9g" % v for v in numbers), file=file)
