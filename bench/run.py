#!/usr/bin/env python3
"""Runs the benchmarks: Wick, PyTorch and the floor in turn, one thread each, and prints how their times compare.

    bench/run.py --build build/release --python /path/to/python/with/torch [student_step] [mlp_epoch] [ops] [optim] [threads]

All sides of a benchmark are started once and then asked for one round each, again and again: A B C A B C ... A case's
time is the median over the rounds. Only ratios are printed: what else the machine is doing changes every time, and all
sides alike.
"""

import argparse
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

# Benchmark: its sides, and the rounds of each.
BENCHMARKS = {
    "student_step": ({"Wick": "student_step", "PyTorch": "student_step.py", "floor": "student_floor"}, 15),
    "mlp_epoch": ({"Wick": "mlp_epoch", "PyTorch": "mlp_epoch.py", "floor": "mlp_floor"}, 5),
    "ops": ({"Wick": "ops", "PyTorch": "ops.py"}, 5),
    "optim": ({"Wick": "optim", "PyTorch": "optim.py"}, 5),
    "threads": ({"Wick": "threads", "PyTorch": "threads.py"}, 15),
}

HOW_TO_READ = """
PyTorch/Wick  how many times as long as Wick PyTorch takes: above 1, Wick is faster.
Wick/floor    how many times as long Wick takes as bare loops and calls of BLAS that do the same arithmetic.
spread        of Wick's rounds, as their interquartile range over the median: differences smaller than it mean nothing.
_backward     the operation, recorded, and its backward pass; the number is n, for matrices of n x n.
Times are processor time, so that other programs on the machine matter less; they still share its caches and memory.
Those of threads are times of the clock on the wall.
"""


class Side:
    def __init__(self, command, environment):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.seconds = {}
        self.check = {}

    def round(self):
        """Asks for one round and notes its cases' times."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        while True:
            line = self.process.stdout.readline()
            if line == "":
                sys.exit(f"{' '.join(self.process.args)} ended early, with status {self.process.wait()}")
            if line == "\n":
                return
            case, seconds, check = line.split()
            self.seconds.setdefault(case, []).append(float(seconds))
            self.check.setdefault(case, float(check))  # of the first round: later ones drift apart

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def environment(benchmark):
    e = dict(os.environ)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        e.pop(name, None)
        if benchmark != "threads":  # which is about what happens without them
            e[name] = "1"
    e.pop("OPENBLAS_CORETYPE", None)  # OpenBLAS is to choose its own kernels
    return e


def has_torch(python):
    try:
        command = [python, "-c", "import torch"]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def spread(times):
    if len(times) < 2:
        return float("nan")
    low, middle, high = statistics.quantiles(times, n=4, method="inclusive")
    return (high - low) / middle


def ratio(sides, above, below, case):
    if above not in sides or below not in sides:
        return "-"
    a, b = (statistics.median(sides[name].seconds[case]) for name in (above, below))
    return f"{a / b:.2f}" if a < 10 * b else f"{a / b:.0f}"


def run(benchmark, rounds, build, python):
    commands, usual_rounds = BENCHMARKS[benchmark]
    sides = {}
    for name, program in commands.items():
        if program.endswith(".py"):
            if python:
                sides[name] = Side([python, os.path.join(HERE, program)], environment(benchmark))
            continue
        path = os.path.join(build, "bench", "bench_" + program)
        if os.path.exists(path):
            sides[name] = Side([path], environment(benchmark))
        elif name == "Wick":
            sys.exit(f"{path} is missing: build with -DWICK_BENCH=ON, and name the build directory with --build")
        else:
            print(f"{benchmark}: no {name}, because {path} is missing (it needs BLAS)")
    for _ in range(rounds or usual_rounds):
        for side in sides.values():
            side.round()
    for side in sides.values():
        side.end()
    for case, times in sides["Wick"].seconds.items():
        print(
            f"{case:26} {ratio(sides, 'PyTorch', 'Wick', case):>12} {ratio(sides, 'Wick', 'floor', case):>11}"
            f" {spread(times):>7.0%}",
            flush=True,
        )
        checks = {name: side.check[case] for name, side in sides.items() if name != "floor"}
        if max(checks.values()) - min(checks.values()) > 1e-4:
            sys.exit(f"{case}: the sides did not do the same work: they came to {checks}")
    for case in sides["Wick"].seconds if benchmark == "threads" else ():
        if case.endswith("_default"):
            one = case.replace("_default", "_one_thread")
            gains = (f"{statistics.median(s.seconds[one]) / statistics.median(s.seconds[case]):.2f} ({name})" for name, s in sides.items())
            print(f"{one} / {case}: {', '.join(gains)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(HERE, "..", "build", "release"), help="the build directory")
    parser.add_argument("--python", default=sys.executable, help="a Python that has torch; default: this one")
    parser.add_argument("--rounds", type=int, help="of each side; default: 15, for an epoch, operations and optimizers 5")
    parser.add_argument("benchmarks", nargs="*", metavar="BENCHMARK", help=f"of {', '.join(BENCHMARKS)}; default: all")
    arguments = parser.parse_args()
    unknown = set(arguments.benchmarks) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    python = arguments.python
    if not has_torch(python):
        print(f"{python} has no torch: the PyTorch sides are skipped. Name a Python that has it with --python.")
        python = None
    print(f"{'':26} {'PyTorch/Wick':>12} {'Wick/floor':>11} {'spread':>7}")
    for benchmark in arguments.benchmarks or BENCHMARKS:
        run(benchmark, arguments.rounds, arguments.build, python)
    print(HOW_TO_READ, end="", flush=True)


if __name__ == "__main__":
    main()
