"""float.txt: what Python writes for a float, a line "bits text" each: repr(x), for wick_repr.    python3 float.py > float.txt

Powers of two are most of it: above one the neighbours lie twice as far as below it, and the shortest text may be another than
rounding gives (2**-44)."""

import random
import struct


def show(bits):
    print(f"{bits:016x} {struct.unpack('<d', struct.pack('<Q', bits))[0]!r}")


def bits_of(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


random.seed(0)
for x in (0.0, -0.0, 1.0, -1.5, 0.1, 0.2, 1 / 3, 2 / 3, 1e-4, 9.999e-5, 1e-5, 123456.789, 1e15, 9999999999999998.0, 1e16, 1.5e16,
          1e17, 1e22, 1e23, 1e100, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, float("inf"), float("-inf"),
          100.0, 0.001, 0.05, 3.90625e-06, 9007199254740993.0, 9.5, 99.0):
    show(bits_of(x))
show(0x7FF8000000000000)
show(0xFFF8000000000000)
for exponent in [*range(-1074, 1024, 5), *range(-60, 61)]:
    show(bits_of(2.0**exponent))
for _ in range(200):
    show(random.getrandbits(64))
for _ in range(60):
    show(bits_of(random.random()))
    show(bits_of(struct.unpack("<f", struct.pack("<f", random.random()))[0]))
