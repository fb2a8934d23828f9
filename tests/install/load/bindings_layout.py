#!/usr/bin/env python3
"""Options as cffi lays them out lie as the record of the ABI has them: bindings_layout.py path/to/wick.cdef path/to/options.txt"""

import sys
from pathlib import Path

try:
    from cffi import FFI
except ImportError:
    print("skipped: Python has no cffi (Debian: apt-get install python3-cffi)")
    sys.exit(77)
if sys.maxsize <= 2**32:
    print("skipped: the record is of a 64-bit machine")
    sys.exit(77)

ffi = FFI()
ffi.cdef(Path(sys.argv[1]).read_text())
wrong, structs = [], 0
for line in Path(sys.argv[2]).read_text().splitlines():
    name, *numbers = line.split()
    if line.startswith(" "):
        member = dict(ffi.typeof(struct).fields)[name]
        seen, what = [member.offset, ffi.sizeof(member.type)], f"{struct}.{name}"
    else:
        struct, structs = name, structs + 1
        seen, what = [ffi.sizeof(struct)], struct
    if seen != [int(n) for n in numbers]:
        wrong.append(f"{what}: {seen}, and the record has {numbers}")
print("\n".join([*wrong, f"{structs} structs, {len(wrong)} wrong"]))
sys.exit(1 if wrong or not structs else 0)
