"""Writes optim.txt: parameters after steps of torch.optim, for tests/torch/optim/test_optim.c.  Run: python optim.py > optim.txt

    case <method> <dtype> <name=value ...>    hyperparameters; half_at=t: before step t, lr is halved in every group
    <steps> <7 values>                          the parameters after so many steps, as hexadecimal numbers

The parameters are a (3) and b (2, 2), in one group; where a case has a hyperparameter name_1, b is in a second group
that has this value. The gradient in step t (from 0) is c (p - target) + (t % 7 - 3) / 8, computed in the dtype one
operation after the other; b has none in steps 0 to 3 and wherever t % 3 == 2."""
import torch

STEPS = 120
A = ([1.0, -2.0, 0.5], [0.25, 0.5, 0.125], [0.5, 1.0, 3.0])
B = ([[3.0, -1.0], [0.0, 0.75]], [[0.5, 1.0], [0.25, 0.375]], [[-1.0, 2.0], [0.0, 0.5]])
CASES = [
    ("SGD", {}),
    ("SGD", dict(lr=0.1)),
    ("SGD", dict(lr=0.05, momentum=0.9)),
    ("SGD", dict(lr=0.05, momentum=0.9, dampening=0.3)),
    ("SGD", dict(lr=0.05, weight_decay=0.1)),
    ("SGD", dict(lr=0.05, momentum=0.9, nesterov=True)),
    ("SGD", dict(lr=0.002, momentum=0.5, maximize=True)),
    ("SGD", dict(lr=0.02, momentum=0.8, weight_decay=0.05, nesterov=True, half_at=50)),
    ("SGD", dict(lr=0.02, momentum=0.8, dampening=0.5, weight_decay=0.05, lr_1=0.1, momentum_1=0.0, weight_decay_1=0)),
    ("Adam", {}),
    ("Adam", dict(lr=0.05)),
    ("Adam", dict(lr=0.05, beta1=0.3, beta2=0.95)),
    ("Adam", dict(lr=0.05, eps=0.1)),
    ("Adam", dict(lr=0.05, weight_decay=0.1)),
    ("Adam", dict(lr=0.05, amsgrad=True)),
    ("Adam", dict(lr=0.01, maximize=True)),
    ("Adam", dict(lr=0.05, beta1=0.0, weight_decay=0.02, amsgrad=True, half_at=50)),
    ("Adam", dict(lr=0.05, lr_1=0.2, weight_decay_1=0.1, beta1_1=0.5)),
    ("Adam", dict(lr=0.05, weight_decay=0.1, decoupled_weight_decay=True, lr_1=0.2)),
    ("AdamW", dict(lr=0.05, half_at=50, weight_decay_1=0.2)),
    ("NAdam", dict(lr=0.05, beta1=0.8, lr_1=0.02)),
    ("RAdam", dict(lr=0.05, weight_decay=0.1, lr_1=0.02)),
    ("Adamax", dict(lr=0.05, weight_decay=0.1, lr_1=0.02)),
    ("Adagrad", dict(lr=0.1, lr_decay=0.01, initial_accumulator_value=0.5, lr_1=0.2)),
    ("Adadelta", dict(weight_decay=0.1, rho_1=0.5)),
    ("RMSprop", dict(lr=0.01, momentum=0.5, centered=True, alpha_1=0.9)),
    ("Rprop", dict(lr=0.05, half_at=50, step_size_max_1=0.1)),
    ("ASGD", dict(lr=0.1, t0=20, lambd=0.01, lr_1=0.05)),
]


def torch_options(options):
    o = {k: v for k, v in options.items() if not k.endswith("_1") and k not in ("beta1", "beta2", "half_at")}
    if "beta1" in options or "beta2" in options:
        o["betas"] = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    return o


def run(method, options, dtype):
    values, scales, targets = ([torch.tensor(p[i], dtype=dtype) for p in (A, B)] for i in range(3))
    params = [torch.nn.Parameter(v) for v in values]
    optim = getattr(torch.optim, method)(params[:1], **torch_options(options))
    optim.add_param_group({"params": params[1:]})
    second = {k[:-2]: v for k, v in options.items() if k.endswith("_1")}
    if "beta1" in second:
        second["betas"] = (second.pop("beta1"), optim.defaults["betas"][1])
    if "step_size_max" in second:
        second["step_sizes"] = (optim.defaults["step_sizes"][0], second.pop("step_size_max"))
    optim.param_groups[1].update(second)
    print("case", method, str(dtype)[6:], *(f"{k}={float(v)!r}" for k, v in options.items()))
    for t in range(STEPS):
        if t == options.get("half_at"):
            for group in optim.param_groups:
                group["lr"] *= 0.5
        optim.zero_grad()
        for i, p in enumerate(params):
            if i == 0 or (t > 3 and t % 3 != 2):
                p.grad = scales[i] * (p.detach() - targets[i]) + (t % 7 - 3) / 8
        optim.step()
        if t + 1 in (1, 5, 40, STEPS):
            print(t + 1, *(float(x).hex() for p in params for x in p.detach().flatten()))


for method, options in CASES:
    for dtype in (torch.float32, torch.float64):
        run(method, options, dtype)
