#!/usr/bin/env python3
"""Runs tools/args.c with command lines, good and bad, and compares status, output and message.    check_args.py PROGRAM"""

import subprocess
import sys

READ = "D 10 -1 7 7 0 0 0.1 1e-06 0.5 0 . - - 0"
HELP = """\
Usage: args --data DIR [--epochs N] [--count N] [--seed32 N] [--seed N] [--wide N] [--wide-seed N] [--lr X] [--eps X] \
[--decay X] [--verbose] [--out DIR] [FILE] [SECOND]
Prints what it has read.

  --data DIR     folder
  --epochs N     how long (default 10)
  --count N      (default -1)
  --seed32 N     a seed of NumPy's (default 7)
  --seed N       a seed (default 7)
  --wide N       wide (default 0)
  --wide-seed N  wide (default 0)
  --lr X         learning rate (default 0.1)
  --eps X        step (default 1e-06)
  --decay X      decay (default 0.5)
  --verbose
  --out DIR      results (default .)
  FILE           a file
  SECOND         another
  --help         this text
"""
GOOD = {
    "": READ,
    "--epochs 5": READ.replace(" 10 ", " 5 "),
    "--epochs=2147483647": READ.replace(" 10 ", " 2147483647 "),
    "--count -9223372036854775808": READ.replace(" -1 ", " -9223372036854775808 "),
    "--seed32 4294967295": READ.replace("-1 7 7", "-1 4294967295 7"),
    "--seed 18446744073709551615": READ.replace("-1 7 7", "-1 7 18446744073709551615")[:-1] + "1",
    "--seed 0": READ.replace("-1 7 7", "-1 7 0")[:-1] + "1",
    "--wide 9223372036854775807 --wide-seed 9223372036854775808":
        READ.replace("7 0 0 ", "7 9223372036854775807 9223372036854775808 "),
    "--lr -1e-3 --eps 0.5 --decay 0": READ.replace("0.1 1e-06 0.5", "-0.001 0.5 0.0"),
    "--verbose --out there": READ.replace("0 . -", "1 there -"),
    "a b": READ.replace("- -", "a b"),
    "a --verbose b": READ.replace("0 . - -", "1 . a b"),
    "-- --a": READ.replace("- -", "--a -"),
    "-": READ,
    "--epochs 1 --epochs 2": READ.replace(" 10 ", " 2 "),
}
BAD = {
    "--epochs 0": "--epochs takes a whole number from 1 to 2147483647, not '0'",
    "--epochs 2147483648": "not '2147483648'",
    "--epochs 1e3": "not '1e3'",
    "--epochs 5x": "not '5x'",
    "--epochs +5": "not '+5'",
    "--epochs=": "--epochs needs a value",
    "--epochs": "--epochs needs a value",
    "--epoch 5": "unknown option '--epoch'",
    "-e 5": "unknown option '-e'",
    "--seed32 4294967296": "--seed32 takes a whole number from 0 to 4294967295, not '4294967296'",
    "--seed32 -1": "not '-1'",
    "--seed 18446744073709551616": "--seed takes a whole number from 0 to 18446744073709551615",
    "--seed 0x10": "not '0x10'",
    "--wide 9223372036854775808": "to 9223372036854775807, not",
    "--lr fast": "--lr takes a number, not 'fast'",
    "--lr nan": "not 'nan'",
    "--lr 1e999": "not '1e999'",
    "--eps 0": "--eps takes a number above 0, not '0'",
    "--decay -1": "--decay takes a number from 0 on, not '-1'",
    "--verbose=yes": "--verbose takes no value",
    "a b c": "there is no place for 'c'",
}


def main():
    failed = 0

    def run(arguments, status, output, message):
        nonlocal failed
        done = subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True)
        good = done.returncode == status and done.stdout == output and message in done.stderr and (status or not done.stderr)
        if not good:
            failed += 1
            print(f"{arguments}: status {done.returncode}\n{done.stdout}{done.stderr}expected\n{output}{message}")

    for line, output in GOOD.items():
        run(["--data", "D", *line.split()], 0, output + "\n", "")
    for line, message in BAD.items():
        run(["--data", "D", *line.split()], 2, "", message)
    run([], 2, "", "args: --data DIR is missing: folder\nTry 'args --help'.\n")
    run(["--data", ""], 2, "", "--data needs a value")
    run(["--help"], 0, HELP, "")
    run(["--epochs", "x", "--help"], 0, HELP, "")
    print(f"{len(GOOD) + len(BAD) + 4} command lines, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
