"""The reference values of tests/op_table.h: builds every case, runs it in PyTorch on the CPU, and writes ops.txt.

    python3 tests/reference/ops.py            (torch and numpy; takes under a minute; the same output each time)

A case names a row of the table, its numbers (the row in op_table.h says what they mean) and its inputs. PyTorch gives
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
    end CASES ERRORS            closes the file
"""

import os

from ops_losses import losses
from ops_pointwise import binary, in_place_cases, unary, where
from ops_record import counts, lines, start
from ops_reductions import products, reductions
from ops_shapes import copies, shapes


def main():
    for family in [binary, where, in_place_cases, unary, products, reductions, shapes, copies, losses]:
        start(family.__name__)
        family()
    lines.append(f"end {counts['case']} {counts['error']}")
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ops.txt")
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    print(f"{path}: {counts['case']} cases, {counts['error']} errors, {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
