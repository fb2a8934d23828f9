#!/usr/bin/env python3
"""Runs an example and compares what it prints with what PyTorch printed.

    compare_output.py [--exact N] [--within X] EXPECTED PROGRAM [ARGUMENT...]

The program's lines must be the first lines of the file EXPECTED. Without --exact they must be equal to the letter.
With --exact the first N must; in those below, numbers may differ by as much as X. Says how many lines were equal.
"""

import argparse
import re
import subprocess
import sys

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def close(a, b, within):
    """Whether two lines are the same but for numbers that are nearly the same."""
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b))
    return NUMBER.sub("#", a) == NUMBER.sub("#", b) and all(abs(float(x) - float(y)) <= within for x, y in pairs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--exact", type=int, default=sys.maxsize)
    parser.add_argument("--within", type=float, default=0)
    parser.add_argument("expected")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    with open(options.expected) as f:
        expected = f.read().splitlines()
    done = subprocess.run(options.command, stdout=subprocess.PIPE, text=True)
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines or len(lines) > len(expected):
        print(f"exit status {done.returncode}, {len(lines)} lines of {len(expected)}")
        return 1
    failed = 0
    equal = [a == b for a, b in zip(lines, expected)]
    for i, (a, b) in enumerate(zip(lines, expected)):
        if not equal[i]:
            good = i >= options.exact and close(a, b, options.within)
            failed += not good
            print(f"line {i + 1}{'' if good else ', WRONG'}:\n    Wick    {a}\n    PyTorch {b}")
    print(f"{len(lines)} of {len(expected)} lines, {sum(equal)} equal, the first {(equal + [False]).index(False)} of them")
    return 1 if failed else 0


sys.exit(main())
