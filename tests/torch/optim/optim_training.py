"""Writes optim_training.txt: networks trained by torch.optim, for tests/torch/optim/test_optim_training.c.
Run: python optim_training.py > optim_training.txt

    case <method> <dtype> <name=value ...>   the optimizer, and the options that are not PyTorch's defaults
    <steps> <apart> <values>                 after so many steps: every SAMPLE-th of the parameters, flattened in order
    <steps> <apart> <values>                 after the last one: all

The network is 4-8-1 with tanh between, for Muon two matrices without biases, (rows, 6) and (1, rows). Step t sees a
quarter of the 16 samples, in turn, LBFGS all of them; the loss is the mean squared error and a penalty on the squares
of all parameters, without which a difference in the last bit grows with the steps, in PyTorch as in Wick. Everything
starts as numbers k / 64 from the formula of numbers(). The reference is the single-tensor path, foreach=False, on one
thread. steps: fewer of them, where differences grow all the same, or each is many iterations.
apart: by how much PyTorch's run in float32 differs from its own in float64, relative to the largest value: no two
float32 programs can agree much better.
rosenbrock: that function in place of the network, from that start, where line searches are put to work; a line after
each step; in float64 only, as there the cubics' discriminants are near 0 and what rounds them decides where to go. Of
ASGD with t0, the averages are compared in place of the parameters."""
import torch

torch.set_num_threads(1)
SAMPLE = 7
M = dict(maximize=True)
D = dict(decoupled_weight_decay=True, weight_decay=0.05)
W = dict(weight_decay=0.02)
CASES = {
    "SGD": [{}, dict(lr=0.1), dict(lr=0.05, momentum=0.9), dict(lr=0.05, momentum=0.9, dampening=0.3),
            dict(lr=0.05, momentum=0.8, nesterov=True), dict(lr=0.1, **W), dict(lr=1e-4, **M),
            dict(lr=0.05, momentum=0.8, nesterov=True, **W), dict(lr=1e-4, momentum=0.5, dampening=0.2, **W, **M)],
    "Adam": [{}, dict(lr=0.01), dict(beta1=0.4, beta2=0.98), dict(lr=0.01, eps=1e-3), dict(lr=0.01, **W),
             dict(lr=0.01, amsgrad=True), dict(lr=1e-4, **M), dict(lr=0.01, **D),
             dict(lr=0.01, beta1=0.8, eps=1e-6, amsgrad=True, **D), dict(lr=1e-4, beta2=0.99, amsgrad=True, **W, **M)],
    "AdamW": [{}, dict(lr=0.01), dict(beta1=0.4, beta2=0.98), dict(lr=0.01, eps=1e-3),
              dict(lr=0.01, weight_decay=0.1), dict(lr=0.01, amsgrad=True), dict(lr=1e-4, **M),
              dict(lr=0.01, beta1=0.7, weight_decay=0.0, eps=1e-6, amsgrad=True)],
    "NAdam": [{}, dict(lr=0.01), dict(beta1=0.4, beta2=0.98), dict(lr=0.01, eps=1e-3), dict(lr=0.01, **W),
              dict(lr=0.01, momentum_decay=0.1), dict(lr=0.01, **D), dict(lr=1e-4, **M),
              dict(lr=0.01, momentum_decay=0.02, beta2=0.99, **D)],
    "RAdam": [{}, dict(lr=0.01), dict(beta1=0.4, beta2=0.98), dict(lr=0.01, eps=1e-3), dict(lr=0.01, **W),
              dict(lr=0.01, **D), dict(lr=1e-4, **M), dict(beta2=0.9, **W)],
    "Adamax": [{}, dict(lr=0.01), dict(beta1=0.4, beta2=0.98), dict(lr=0.01, eps=1e-3), dict(lr=0.01, **W),
               dict(lr=1e-4, **M), dict(lr=0.01, beta1=0.8, eps=1e-5, **W)],
    "Adagrad": [{}, dict(lr=0.1), dict(lr=0.1, lr_decay=0.01), dict(lr=0.1, **W),
                dict(lr=0.1, initial_accumulator_value=0.1), dict(lr=0.1, eps=1e-3), dict(lr=1e-3, **M),
                dict(lr=0.1, lr_decay=0.001, initial_accumulator_value=0.5, eps=1e-6, **W)],
    "Adadelta": [{}, dict(lr=0.5), dict(rho=0.5), dict(eps=1e-4), W, dict(lr=0.01, **M),
                 dict(lr=0.7, rho=0.95, eps=1e-5, **W)],
    "RMSprop": [dict(steps=100), dict(lr=1e-3), dict(lr=1e-3, alpha=0.9), dict(lr=1e-3, eps=1e-3), dict(lr=1e-3, **W),
                dict(lr=1e-3, momentum=0.8), dict(lr=1e-3, centered=True), dict(lr=1e-4, **M),
                dict(lr=1e-3, alpha=0.95, eps=1e-5, momentum=0.5, centered=True, **W),
                dict(lr=1e-3, alpha=0.45, eps=1e-2)],
    "Rprop": [{}, dict(lr=1e-3), dict(etaminus=0.3, etaplus=1.1), dict(step_size_min=1e-4, step_size_max=0.01),
              dict(step_size_max=1e-3, **M), dict(lr=0.05, etaminus=0.6, etaplus=1.3, step_size_max=0.1)],
    "ASGD": [{}, dict(lr=0.1), dict(lr=0.1, lambd=1e-2), dict(lr=0.1, lambd=1e-2, alpha=0.5), dict(lr=0.1, t0=100),
             dict(lr=0.1, **W), dict(lr=1e-4, **M), dict(lr=0.2, lambd=1e-3, alpha=0.9, t0=300, **W)],
    "Muon": [{}, dict(lr=0.01), dict(lr=0.01, weight_decay=0.0), dict(lr=0.01, momentum=0.5),
             dict(lr=0.01, nesterov=False), dict(lr=0.01, ns_a=2.0, ns_b=-1.5, ns_c=0.5), dict(lr=0.01, ns_steps=3),
             dict(lr=0.01, eps=10.0), dict(lr=0.01, adjust_lr_fn=1), dict(lr=0.01, adjust_lr_fn=2, steps=100),
             dict(lr=0.01, adjust_lr_fn=3, momentum=0.8, nesterov=False, ns_steps=4)],
    "LBFGS": [{}, dict(lr=0.5), dict(max_iter=4), dict(max_eval=7), dict(tolerance_grad=1e-2),
              dict(tolerance_change=1e-3), dict(history_size=3, steps=1), dict(line_search_fn=1),
              dict(line_search_fn=1, max_iter=5), dict(line_search_fn=1, max_eval=6), dict(line_search_fn=1, lr=0.1),
              dict(line_search_fn=1, history_size=2, max_iter=8, steps=1), dict(line_search_fn=1, tolerance_grad=1e-3),
              dict(line_search_fn=1, tolerance_change=1e-4), dict(lr=0.01, max_iter=3, **M),
              dict(lr=0.1, max_iter=1, steps=1000)]
             + [dict(line_search_fn=1, rosenbrock=start, steps=2 if lr < 1 else 5, max_iter=4, lr=lr)
                for start in range(6) for lr in (0.01, 1, 8)]
             + [dict(line_search_fn=1, rosenbrock=start, steps=3, max_iter=30, max_eval=50) for start in range(6)],
}
STARTS = [(-1.25, 1.0), (0.0, 0.0), (3.0, -4.0), (-2.0, -2.0), (1.5, 2.5), (0.5, 8.0)]
PAIRS = {"betas": ("beta1", "beta2"), "etas": ("etaminus", "etaplus"), "step_sizes": ("step_size_min", "step_size_max"),
         "ns_coefficients": ("ns_a", "ns_b", "ns_c")}
NAMES = {"line_search_fn": [None, "strong_wolfe"],
         "adjust_lr_fn": [None, "original", "match_rms_adamw", "spectral_unclamped"]}


def numbers(dtype, seed, *shape):
    n = torch.Size(shape).numel()
    values = [((k * k * 13 + k * 37 + seed * 29) % 127 - 63) / 64 for k in range(n)]
    return torch.tensor(values, dtype=dtype).reshape(shape)


def arguments(method, options):
    o = {k: v for k, v in options.items() if k not in ("steps", "rosenbrock")}
    made = getattr(torch.optim, method)([torch.nn.Parameter(torch.zeros(1, 1))])
    for name, parts in PAIRS.items():
        if any(p in o for p in parts):
            o[name] = tuple(o.pop(p, made.defaults[name][i]) for i, p in enumerate(parts))
    for name, values in NAMES.items():
        if name in o:
            o[name] = values[o[name]]
    if "foreach" in made.defaults:
        o["foreach"] = False
    return o


def train(method, options, dtype, steps, write):
    X, y = numbers(dtype, 1, 16, 4), numbers(dtype, 2, 16, 1) * (2 if method == "LBFGS" else 0.5)
    if method == "Muon":
        rows = {1: 8, 2: 6, 3: 4}.get(options.get("adjust_lr_fn"), 8 if "lr" in options else 4)
        X = numbers(dtype, 1, 16, 6)
        p = [numbers(dtype, 3, rows, 6), numbers(dtype, 4, 1, rows)]
    else:
        p = [numbers(dtype, 3, 8, 4), numbers(dtype, 4, 8), numbers(dtype, 5, 1, 8), numbers(dtype, 6, 1)]
    p = [torch.nn.Parameter(t / 2) for t in p]
    if "rosenbrock" in options:
        p = [torch.nn.Parameter(torch.tensor(STARTS[options["rosenbrock"]], dtype=dtype))]
    optim = getattr(torch.optim, method)(p, **arguments(method, options))

    penalty, batch = (0.02, 16) if method == "LBFGS" else (0.01, 4)

    def closure():
        optim.zero_grad()
        if "rosenbrock" in options:
            u, v = p[0]
            loss = (1 - u).square() + 100 * (v - u.square()).square()
            loss.backward()
            return loss
        rows = slice(t * batch % 16, t * batch % 16 + batch)
        w, b, v, c = p if len(p) == 4 else (p[0], None, p[1], None)
        linear = torch.nn.functional.linear
        loss = torch.nn.functional.mse_loss(linear(torch.tanh(linear(X[rows], w, b)), v, c), y[rows])
        loss = loss + penalty * torch.cat([q.flatten() for q in p]).square().sum()
        loss.backward()
        return loss

    for t in range(steps):
        optim.step(closure)
        if t + 1 in (10, 100, steps) or "rosenbrock" in options:
            values = [optim.state[q]["ax"] if "t0" in options else q.detach() for q in p]
            write(t + 1, torch.cat([q.flatten() for q in values]))


def run(method, options):
    steps = options.get("steps", 20 if method == "LBFGS" else 1000)
    noted = {}
    for dtype in (torch.float32, torch.float64):
        noted[dtype] = []

        def note(t, values):
            every = 1 if t == steps or "rosenbrock" in options else SAMPLE
            noted[dtype].append((t, [float(x) for x in values[::every]]))

        train(method, options, dtype, steps, note)
    for dtype, digits in ((torch.float32, 9), (torch.float64, 17)):
        if dtype == torch.float32 and "rosenbrock" in options:
            continue
        print("case", method, str(dtype)[6:], *(f"{k}={float(v)!r}" for k, v in options.items()))
        for (t, values), (_, exact) in zip(noted[dtype], noted[torch.float64]):
            apart = max(abs(x - y) for x, y in zip(values, exact)) / max(abs(y) for y in exact)
            print(t, f"{apart:.2g}", *(f"{x:.{digits}g}" for x in values))


if __name__ == "__main__":
    for method, cases in CASES.items():
        for options in cases:
            run(method, options)
