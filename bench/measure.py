"""How the PyTorch sides measure: measure.h in Python. Imported by them, after which PyTorch runs on one thread."""

import sys
import time

import torch

torch.set_num_threads(1)


def seconds_of(f, at_least):
    """Seconds of processor time that one call of f takes, over as many calls as fill at_least seconds."""
    calls = 1
    while True:
        start = time.process_time()
        for _ in range(calls):
            f()
        taken = time.process_time() - start
        if taken >= at_least:
            return taken / calls
        calls *= 2


def rounds():
    """One item for every round that is asked for by a line on standard input."""
    for line in iter(sys.stdin.readline, ""):
        yield line
        print(flush=True)


def report(name, seconds, check):
    print(name, f"{seconds:.9g} {check:.9g}")
