"""The reference values of the operations: builds every case, runs it in PyTorch on the CPU, and writes ops_<family>.txt.

    python3 tests/ops/ops.py [family ...]    (torch and numpy; takes some minutes; the same output each time)

ops_<family>.py has the cases of a family: RUN says what each operation is in PyTorch, and cases() makes its cases.

A case names a row of the table, its numbers (the row in test_ops_<family>.c says what they mean) and its inputs. PyTorch gives
the output, the name of its grad_fn, and, for a fixed gradient dy of the output, the gradient of each input. A case may
ask to be gradient-checked (check=True): it must then pass torch.autograd.gradcheck and gradgradcheck here, so that a
failure of the same check in C is a fault of the C side. An error case must raise here, and fail there.

The file, a line an item (reference.c reads it):
    case ROW | error ROW        opens a case
    arg NUMBER ...              numbers of the call; "unset" is WICK_UNSET
    in DTYPE SHAPE LAYOUT GRAD VALUE ...
                                an input, values in row-major order. SHAPE 2x3, or "-" for none. LAYOUT c: contiguous,
                                t: last two dimensions swapped in memory, s: every second element of memory,
                                e: stretched along dimension 0 (stride 0). GRAD g if it can require grad, else -
    num float|int|bool VALUE    an input that is a number
    out DTYPE SHAPE VALUE ...   the result
    strides N ...               of a result that shares the first input's storage; "strides copy" if it does not
    fn NAME                     of its grad_fn; "none" where it has none
    dy VALUE ...                gradient of the result
    grad I VALUE ...            gradient of input I; "grad I none" where PyTorch gives none
    check                       gradient-check it
    # TEXT                      a remark
    end CASES ERRORS            closes the file
"""

import glob
import importlib
import os
import sys

from ops_record import start, write

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.extend(sorted(glob.glob(os.path.join(HERE, "*", ""))))


def families():
    return sorted(os.path.basename(path)[4:-3] for path in glob.glob(os.path.join(HERE, "*", "ops_*.py")))


def main():
    for family in sys.argv[1:] or families():
        start(family)
        importlib.import_module("ops_" + family).cases()
        write(os.path.join(HERE, family, f"ops_{family}.txt"))


if __name__ == "__main__":
    main()
