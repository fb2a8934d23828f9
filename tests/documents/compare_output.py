#!/usr/bin/env python3
"""Runs an example and compares what it prints with what PyTorch printed.

    compare_output.py [--exact N] [--within X] [--picture FILE]... EXPECTED PROGRAM [ARGUMENT...]

The program's lines must be the first lines of the file EXPECTED. Without --exact they must be equal to the letter.
With --exact the first N must; in those below, numbers may differ by as much as X. Says how many lines were equal.
With --picture the program must have drawn FILE: data and script, and the picture where gnuplot or dot is installed.
"""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def close(a, b, within):
    """Whether two lines are the same but for numbers that are nearly the same."""
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b))
    return NUMBER.sub("#", a) == NUMBER.sub("#", b) and all(abs(float(x) - float(y)) <= within for x, y in pairs)


def files_of(picture):
    """What a call of the plot layer leaves: a graph's script, or data (of a figure's first panel) and script; and the
    picture."""
    graph = picture.suffix == ".svg"  # as the examples name them
    data = ".1.dat" if picture.stem.endswith("_layers") else ".dat"
    files = [picture.with_suffix(suffix) for suffix in ([".dot"] if graph else [data, ".gp"])]
    return files + [picture] * (shutil.which("dot" if graph else "gnuplot") is not None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--exact", type=int, default=sys.maxsize)
    parser.add_argument("--within", type=float, default=0)
    parser.add_argument("--picture", type=Path, action="append", default=[])
    parser.add_argument("expected")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    with open(options.expected) as f:
        expected = f.read().splitlines()
    files = [file for picture in options.picture for file in files_of(picture)]
    for file in files:
        file.unlink(missing_ok=True)
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
    for file in files:
        if not file.exists() or file.stat().st_size == 0:
            failed += 1
            print(f"{file} is {'empty' if file.exists() else 'missing'}")
    print(f"{len(lines)} of {len(expected)} lines, {sum(equal)} equal, the first {(equal + [False]).index(False)} of them")
    return 1 if failed else 0


sys.exit(main())
