"""Writes lr.txt: what the schedulers of torch.optim make of the learning rates, for tests/torch/optim/test_lr.c.  Run: python lr.py > lr.txt
And lr_states.txt: what they say of themselves.  Run: python lr.py states > lr_states.txt

    case <name>
    <step> <lr of group 0> <lr of group 1> [<momentum or beta1 of both>]    after so many steps of the scheduler
    sum <the same numbers, each the sum of (step + 1) times the number over all steps>

Two parameters, in groups of their own with lr 0.1 and 0.03. Each step is optimizer.step(), scheduler.step(). In cases named
..._hand the rates are halved by hand before the steps 100 and 250. In cases named resume_... the groups' initial rates are
0.2 and 0.06 (and what OneCycleLR keeps). In cases named closed_... step i is scheduler.step(3 i % 170).

    case <name>
    <step> last_epoch() <scheduler.last_epoch>                     - where there is none
    <step> get_last_lr() <of group 0> <of group 1>
    <step> <name> <number> ...                                     of the state dict, whose other members are left out"""
import sys
import warnings

import torch
from torch.optim.lr_scheduler import *
from torch.optim.swa_utils import SWALR

warnings.simplefilter("ignore")
STEPS = 500


def metric(i):
    return 1.0 / (1.0 + i * 0.01) + ((i * 37) % 101) / 500.0


CASES = {
    "step": lambda o: StepLR(o, 30, 0.5),
    "step_default": lambda o: StepLR(o, 7),
    "step_hand": lambda o: StepLR(o, 30, 0.5),
    "multi": lambda o: MultiStepLR(o, [30, 80, 80, 200], 0.3),
    "multi_unordered": lambda o: MultiStepLR(o, [200, 30, 80]),
    "constant": lambda o: ConstantLR(o),
    "constant_long": lambda o: ConstantLR(o, 0.25, 40),
    "linear": lambda o: LinearLR(o),
    "linear_long": lambda o: LinearLR(o, 0.1, 0.7, 120),
    "linear_to_zero": lambda o: LinearLR(o, 0.7, 0.0, 33),
    "linear_hand": lambda o: LinearLR(o, 0.1, 0.7, 300),
    "exponential": lambda o: ExponentialLR(o, 0.97),
    "exponential_hand": lambda o: ExponentialLR(o, 0.99),
    "polynomial": lambda o: PolynomialLR(o),
    "polynomial_long": lambda o: PolynomialLR(o, 300, 0.9),
    "polynomial_hand": lambda o: PolynomialLR(o, 450, 2.0),
    "cosine": lambda o: CosineAnnealingLR(o, 50),
    "cosine_min": lambda o: CosineAnnealingLR(o, 33, 0.001),
    "cosine_hand": lambda o: CosineAnnealingLR(o, 70, 0.002),
    "restarts": lambda o: CosineAnnealingWarmRestarts(o, 10),
    "restarts_double": lambda o: CosineAnnealingWarmRestarts(o, 10, 2, 1e-4),
    "restarts_hand": lambda o: CosineAnnealingWarmRestarts(o, 7, 3),
    "fraction_restarts": lambda o: CosineAnnealingWarmRestarts(o, 10),
    "fraction_restarts_triple": lambda o: CosineAnnealingWarmRestarts(o, 4, 3, 1e-3),
    "cyclic": lambda o: CyclicLR(o, 0.01, 0.1, 20),
    "cyclic_uneven": lambda o: CyclicLR(o, 0.01, 0.1, 20, 35, mode="triangular2"),
    "cyclic_exp": lambda o: CyclicLR(o, 0.01, 0.1, 20, 35, mode="exp_range", gamma=0.994),
    "cyclic_scale": lambda o: CyclicLR(o, 0.01, 0.1, 17, scale_fn=lambda x: 1 / x, base_momentum=0.7),
    "cyclic_scale_steps": lambda o: CyclicLR(
        o, 0.01, 0.1, 17, scale_fn=lambda x: 1 / (x + 1), scale_mode="iterations", cycle_momentum=False),
    "cyclic_lists": lambda o: CyclicLR(
        o, [0.01, 0.02], [0.1, 0.5], 25, base_momentum=[0.6, 0.7], max_momentum=[0.8, 0.95]),
    "adam_cyclic": lambda o: CyclicLR(o, 0.001, 0.01, 20),
    "cyclic_hand": lambda o: CyclicLR(o, 0.01, 0.1, 20),
    "one_cycle": lambda o: OneCycleLR(o, 0.3, 600),
    "one_cycle_exact": lambda o: OneCycleLR(o, 0.3, 500),
    "one_cycle_linear": lambda o: OneCycleLR(o, 0.3, epochs=20, steps_per_epoch=30, anneal_strategy="linear",
                                             pct_start=0.2),
    "one_cycle_three": lambda o: OneCycleLR(o, 0.3, 555, three_phase=True, pct_start=0.35, div_factor=10.0,
                                            final_div_factor=100.0),
    "one_cycle_lists": lambda o: OneCycleLR(o, [0.3, 0.1], 600, base_momentum=[0.8, 0.7], max_momentum=[0.9, 0.99]),
    "one_cycle_still": lambda o: OneCycleLR(o, 0.3, 600, cycle_momentum=False),
    "adam_one_cycle": lambda o: OneCycleLR(o, 0.01, 600),
    "one_cycle_hand": lambda o: OneCycleLR(o, 0.3, 600),
    "lambda": lambda o: LambdaLR(o, lambda e: 0.95 ** e),
    "lambda_list": lambda o: LambdaLR(o, [lambda e: 0.95 ** e, lambda e: e // 30]),
    "multiplicative": lambda o: MultiplicativeLR(o, lambda e: 0.98),
    "multiplicative_list": lambda o: MultiplicativeLR(o, [lambda e: 0.98, lambda e: 1 + 1 / (e * e + 1)]),
    "multiplicative_hand": lambda o: MultiplicativeLR(o, lambda e: 0.99),
    "sequential": lambda o: SequentialLR(o, [ConstantLR(o, 0.1, 20), ExponentialLR(o, 0.99)], [20]),
    "sequential_three": lambda o: SequentialLR(
        o, [LinearLR(o, 0.2, 1.0, 10), CosineAnnealingLR(o, 60, 1e-3), StepLR(o, 40, 0.5)], [10, 130]),
    "sequential_closed": lambda o: SequentialLR(
        o, [ExponentialLR(o, 0.9), PolynomialLR(o, 100, 2.0), LinearLR(o), ConstantLR(o, 0.5, 30),
            MultiStepLR(o, [10, 20])], [30, 100, 200, 300]),
    "sequential_restarts": lambda o: SequentialLR(
        o, [CosineAnnealingWarmRestarts(o, 9), CosineAnnealingWarmRestarts(o, 10, 2), LambdaLR(o, lambda e: 0.9 ** e)],
        [50, 300]),
    "sequential_cyclic": lambda o: SequentialLR(o, [CyclicLR(o, 0.01, 0.1, 20), MultiplicativeLR(o, lambda e: 0.98)],
                                                [90]),
    "sequential_one_cycle": lambda o: SequentialLR(o, [LinearLR(o), OneCycleLR(o, 0.3, 450)], [60]),
    "sequential_at_once": lambda o: SequentialLR(o, [ConstantLR(o), ExponentialLR(o, 0.99)], [0]),
    "sequential_chained": lambda o: SequentialLR(
        o, [ChainedScheduler([ExponentialLR(o, 0.98), StepLR(o, 20)]), CosineAnnealingLR(o, 90)], [70]),
    "sequential_nested": lambda o: SequentialLR(
        o, [SequentialLR(o, [LinearLR(o), ExponentialLR(o, 0.97)], [6]), CosineAnnealingLR(o, 90)], [70]),
    "sequential_hand": lambda o: SequentialLR(o, [LinearLR(o, 0.2, 1.0, 150), CosineAnnealingLR(o, 400)], [150]),
    "chained": lambda o: ChainedScheduler([ConstantLR(o, 0.1, 20), ExponentialLR(o, 0.99)]),
    "chained_three": lambda o: ChainedScheduler([LinearLR(o, 0.2, 1.0, 30), CosineAnnealingLR(o, 400), StepLR(o, 100)]),
    "chained_hand": lambda o: ChainedScheduler([PolynomialLR(o, 480), StepLR(o, 100, 0.7)]),
    "plateau": lambda o: ReduceLROnPlateau(o),
    "plateau_max": lambda o: ReduceLROnPlateau(o, "max", 0.5, 3),
    "plateau_cooldown": lambda o: ReduceLROnPlateau(o, factor=0.7, patience=2, cooldown=15, min_lr=0.001),
    "plateau_abs": lambda o: ReduceLROnPlateau(
        o, "min", 0.9, 4, threshold=0.01, threshold_mode="abs", min_lr=[0.02, 0.0001]),
    "plateau_max_abs": lambda o: ReduceLROnPlateau(o, "max", 0.9, 4, threshold=0.1, threshold_mode="abs", eps=1e-3),
    "plateau_hand": lambda o: ReduceLROnPlateau(o, patience=40),
    "swa": lambda o: SWALR(o, 0.05),
    "swa_linear": lambda o: SWALR(o, 0.05, 35, "linear"),
    "swa_at_once": lambda o: SWALR(o, 0.05, 0),
    "swa_lists": lambda o: SWALR(o, [0.05, 0.2], 120),
    "swa_hand": lambda o: SWALR(o, 0.05, 200),
    "resume_step": lambda o: StepLR(o, 15, 0.5, last_epoch=44),
    "resume_multi": lambda o: MultiStepLR(o, [30, 45, 200], last_epoch=44),
    "resume_constant": lambda o: ConstantLR(o, 0.5, 60, last_epoch=44),
    "resume_linear": lambda o: LinearLR(o, 0.5, 1.0, 60, last_epoch=44),
    "resume_exponential": lambda o: ExponentialLR(o, 0.97, last_epoch=44),
    "resume_polynomial": lambda o: PolynomialLR(o, 200, 2.0, last_epoch=44),
    "resume_cosine": lambda o: CosineAnnealingLR(o, 40, last_epoch=44),
    "resume_restarts": lambda o: CosineAnnealingWarmRestarts(o, 10, 2, last_epoch=24),
    "resume_cyclic": lambda o: CyclicLR(o, 0.01, 0.1, 20, last_epoch=44),
    "resume_one_cycle": lambda o: OneCycleLR(o, 0.5, 600, last_epoch=44),
    "resume_lambda": lambda o: LambdaLR(o, lambda e: 0.95 ** e, last_epoch=44),
    "resume_multiplicative": lambda o: MultiplicativeLR(o, lambda e: 0.98, last_epoch=44),
    "resume_sequential": lambda o: SequentialLR(o, [ConstantLR(o, 0.1, 20), ExponentialLR(o, 0.99)], [20], last_epoch=44),
    "resume_swa": lambda o: SWALR(o, 0.05, last_epoch=44),
    "closed_step": lambda o: StepLR(o, 30, 0.5),
    "closed_multi": lambda o: MultiStepLR(o, [80, 30, 80]),
    "closed_constant": lambda o: ConstantLR(o, 0.25, 40),
    "closed_linear": lambda o: LinearLR(o, 0.1, 0.7, 120),
    "closed_exponential": lambda o: ExponentialLR(o, 0.97),
    "closed_polynomial": lambda o: PolynomialLR(o, 100, 0.9),
    "closed_cosine": lambda o: CosineAnnealingLR(o, 50, 1e-3),
    "closed_cyclic": lambda o: CyclicLR(o, 0.01, 0.1, 20),
    "closed_one_cycle": lambda o: OneCycleLR(o, 0.3, 200),
    "closed_lambda": lambda o: LambdaLR(o, lambda e: 0.95 ** e),
}


def make_case(name, make):
    params = [torch.nn.Parameter(torch.ones(1)) for _ in range(2)]
    groups = [{"params": [params[0]], "lr": 0.1}, {"params": [params[1]], "lr": 0.03}]
    adam = name.startswith("adam")
    optim = torch.optim.Adam(groups) if adam else torch.optim.SGD(groups, momentum=0.9)
    if name.startswith("resume"):
        for group, lr in zip(optim.param_groups, (0.2, 0.06)):
            group.update(initial_lr=lr, max_lr=5 * lr, min_lr=lr / 1e4, max_momentum=0.95, base_momentum=0.8)
    return optim, make(optim)


def step(name, scheduler, i):
    if name.startswith("plateau"):
        scheduler.step(metric(i))
    elif name.startswith("fraction"):
        scheduler.step(i * 7 % 311 / 8)
    elif name.startswith("closed"):
        scheduler.step(3 * i % 170)
    else:
        scheduler.step()


def run(name, make):
    optim, scheduler = make_case(name, make)
    adam = name.startswith("adam")
    cycles = "cycl" in name

    def numbers():
        row = [float(g["lr"]) for g in optim.param_groups]
        if cycles:
            row += [g["betas"][0] if adam else g["momentum"] for g in optim.param_groups]
        return row

    print("case", name)
    sums = numbers()
    print(0, *map(repr, sums))
    for i in range(1, STEPS + 1):
        if name.endswith("_hand") and i in (100, 250):
            for group in optim.param_groups:
                group["lr"] *= 0.5
        optim.step()
        step(name, scheduler, i)
        row = numbers()
        sums = [s + (i + 1) * x for s, x in zip(sums, row)]
        assert row[:2] == [float(x) for x in scheduler.get_last_lr()]
        if i < 5 or i % 50 == 0:
            print(i, *map(repr, row))
    print("sum", *map(repr, sums))


# What only the calls themselves need, or follows from others; min_lrs from default_min_lr, where it is not given
LEFT_OUT = ("_is_initial", "_get_lr_called_within_step", "cycle_momentum", "use_beta1", "mode_worse", "min_lrs")


def members(prefix, scheduler):
    """The numbers of a scheduler's state, and of those that it holds."""
    inner = getattr(scheduler, "_schedulers", [])
    for name, value in scheduler.state_dict().items():
        if name in LEFT_OUT or (name == "_step_count" and isinstance(scheduler, ChainedScheduler)):
            continue
        values = value if isinstance(value, (list, tuple)) else [value]
        if all(isinstance(v, (int, float)) for v in values) and len(values):
            yield prefix + name, [float(v) for v in values]
    for i, one in enumerate(inner):
        yield from members(f"{prefix}_schedulers.{i}.", one)


def states(name, make):
    optim, scheduler = make_case(name, make)
    print("case", name)
    for i in range(8):
        if i:
            optim.step()
            step(name, scheduler, i)
        if i in (0, 1, 7):
            print(i, "last_epoch()", getattr(scheduler, "last_epoch", "-"))
            print(i, "get_last_lr()", *map(repr, map(float, scheduler.get_last_lr())))
            for member, values in members("", scheduler):
                print(i, member, *map(repr, values))


for name, make in CASES.items():
    (states if sys.argv[1:] == ["states"] else run)(name, make)
