"""Writes table.txt: what numpy.loadtxt makes of text files, for test_table.c.

A line is: options, the file's bytes in hexadecimal, and either "error" or the shape and the elements. Options are letters
with values: t dtype, d delimiter, c comments (each a character code, or - for None), q quotechar, s skiprows, m max_rows,
n ndmin, u usecols. Elements are the bits of float64 and float32 in hexadecimal, or whole numbers. Run in this directory:
python table.py
"""
import random
import struct
import warnings

import numpy as np

warnings.simplefilter("ignore")
types = {"float64": np.float64, "float32": np.float32, "int64": np.int64, "uint8": np.uint8, "bool": np.bool_}
lines = []


def code(text):
    return "-" if text is None else text.encode().hex()


def case(data, t="float64", d=None, c="#", q=None, s=0, m=None, n=0, u=None):
    with open("/tmp/table_case.txt", "wb") as file:
        file.write(data)
    options = f"t{t} d{code(d)} c{code(c)} q{code(q)} s{s} m{-1 if m is None else m} n{n} u{'-' if u is None else ','.join(map(str, u))}"
    try:
        a = np.loadtxt("/tmp/table_case.txt", dtype=types[t], delimiter=d, comments=c, quotechar=q, skiprows=s, max_rows=m,
                       ndmin=n, usecols=u)
    except ValueError:
        lines.append(f"{options} {data.hex() or '-'} error")
        return
    a = np.ascontiguousarray(a)
    form = {"float64": ("<d", "<Q"), "float32": ("<f", "<I")}.get(t)
    a0 = np.loadtxt("/tmp/table_case.txt", dtype=types[t], delimiter=d, comments=c, quotechar=q, skiprows=s, max_rows=m,
                    ndmin=n, usecols=u)
    elements = [f"{struct.unpack(form[1], struct.pack(form[0], x))[0]:x}" if form else str(int(x)) for x in a.ravel()]
    lines.append(" ".join([options, data.hex() or "-", "x".join(map(str, a0.shape)) or "()"] + elements))


# Numbers: texts that are hard to round, and forms that are numbers or not.
rng = random.Random(1)
numbers = ["0", "-0", "1", "+1", "1.", ".5", "-.5e1", "1e5", "1E+5", "1e-5", "9007199254740993", "9007199254740992.999999",
           "9007199254740993.00000000000000000000000000000000001", "1e22", "1e23", "123456789012345678e-30", "4.9e-324",
           "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072011e-308", "1.7976931348623157e308",
           "1.7976931348623158e308", "1.797693134862315807e308", "1e309", "-1e309", "1e-400", "1e400", "0e999999999999",
           "1e999999999999999999999", "1e-999999999999999999999", "0." + "0" * 400 + "1e401", "1" + "0" * 400 + "e-400",
           "7" * 900, "0." + "3" * 900, "1" + "0" * 800 + "1e-801", "inf", "-inf", "+Infinity", "iNfInItY", "nan", "-nan",
           "+NaN", "0.1", "0.3", "16777217", "3.4028236e38", "1e-46", "0.1e1", "00012", "5e-1",
           "179769313486231580793728971405301e276", "2.22507385850720138309e-308", "8.41e21", "9.5e-5", "1e16", "1e15"]
for _ in range(220):
    bits = rng.getrandbits(64)
    x = struct.unpack("<d", struct.pack("<Q", bits))[0]
    if x == x and abs(x) != float("inf"):
        numbers.append(rng.choice(["%.17g", "%.16g", "%.15g", "%.25e", "%.5e", "%.3g"]) % x)
for _ in range(120):  # halfway between two neighbours, and a little beside
    m, e = rng.getrandbits(52) | 1 << 52, rng.randint(-60, 60)
    exact = (2 * m + 1) * (1 << e) if e >= 0 else (2 * m + 1) * 5 ** -e
    text = f"{exact + rng.choice([-1, 0, 1])}e{min(e, 0)}"
    numbers.append(text)
for _ in range(150):
    numbers.append(f"{rng.uniform(-1000, 1000):.{rng.randint(0, 6)}f}")
for i in range(0, len(numbers), 8):
    text = " ".join(numbers[i:i + 8]).encode()
    case(text)
    case(text, t="float32")
for bad in ["0x10", "1_0", "1e", "1e+", ".", "-", "+-1", "--1", "nan(1)", "infin", "1d5", "2j", "e5", ".e5", "1.2.3", "1-2", "na",
            "1\0", "\0", "True", "1,", "infinity1", "i", "1f", "0b1"]:
    case(bad.encode())
for whole in ["0", "-0", "+7", "255", "256", "-1", "1.0", "1e2", "9223372036854775807", "9223372036854775808",
              "-9223372036854775808", "-9223372036854775809", "00099", "", "nan", "99999999999999999999999", "1 2"]:
    for t in ("int64", "uint8", "bool"):
        case(f" {whole} ".encode() if whole else b"", t=t, d=",")

# Shapes, and what an empty file is.
for data in (b"", b"# c\n", b"5", b"1 2", b"1\n2\n", b"1 2\n3 4", b"\n\n"):
    for n in (0, 1, 2):
        case(data, n=n)
        case(data, n=n, u=(0,))
    case(data, u=(0, 1))
case(b"1 2\n3 4\n5 6", m=0)
case(b"1 2\n3 4\n5 6", m=2)
case(b"1 2\n3 4 5", m=1)

# Lines, fields, comments, quotes, columns.
for data in (b"1,2\r\n3,4\r\n", b"1,2\r3,4", b"1,2\n\n3,4\n\n\n", b"1,2\n  \n3,4", b" 1 , 2 \n3,4", b"1,2,\n3,4,\n", b"1,,2\n",
             b",", b"1,2\n#\n3,4", b"1,2\n #\n3,4", b"1,2\n3,4 #5", b"1,2#,3\n4,5", b"#1,2\r\n3,4", b"1,2\n3", b"1\n2,3",
             b"1\t,2", b"1,2\r\r\n3,4", b"1;2"):
    case(data, d=",")
    case(data, d=",", c=None)
    case(data, d=",", s=1)
    case(data, d=",", u=(0,))
    case(data, d=",", u=(-1,))
for data in (b"1\t2\x0b3\x0c4\x1c5 6", b"  1   2  \n3 4", b"1 2\n  \n3 4", b"1 2 # x\n#y\n3 4", b"1 2#3", b"1 2\n3", b"\n\n#x\n1 2\n3 4",
             b"1 2 3\n4 5 6", b"a b\n1 2\n"):
    for s in (0, 1, 2, 9):
        case(data, s=s)
    case(data, u=(1,))
    case(data, u=(2, 0, 2, -3))
    case(data, u=(-4,))
    case(data, d=" ")
    case(data, d="\t")
case(b"1%2", c="%")
case(b"1 2//3\n4 5/6", c="//")
case(b"1 2//3\n4 5", c="//")
case(b"1/2", d="/", c=None)
case(b"1#2", d="#", c=None)
for data in (b'"1","2"\n"3",4', b'"1""2"', b'"1"2,3', b'"1\n",2', b'"1\r\n",2', b'"1,2', b'"",2', b'""\n2', b'"1#2"', b'1"2', b' "1",2',
             b'"1" ,2', b'"1', b'"1"\n"2"\r\n', b'"1"#,2', b'"1"x"2"'):
    case(data, d=",", q='"')
    case(data, d=",")
case(b' "1" "2"', q='"')
case(b"'1' 2\n'3' '4'", q="'")

# Whatever comes. No quotes between white space: there NumPy takes a space behind a quoted last field for one field more if
# the row's first is quoted, too.
for _ in range(500):
    size = rng.randint(1, 24)
    data = "".join(rng.choice("0123456789..--+e,, \n\n\r\t\"#ainf") for _ in range(size)).encode()
    d = rng.choice([None, ",", ",", " "])
    case(data, d=d, q=rng.choice([None, None, '"']) if d else None, s=rng.choice([0, 0, 1]),
         n=rng.choice([0, 0, 1, 2]), m=rng.choice([None, None, 2]))
for _ in range(250):
    rows, width = rng.randint(1, 4), rng.randint(1, 4)
    end, mark = rng.choice(["\n", "\r\n", "\r"]), rng.choice([",", " ", ";"])
    data = end.join(mark.join(rng.choice(["1", "-2.5", "1e3", " 7", "nan", '"4"']) for _ in range(width)) +
                    rng.choice(["", "", "#c", mark, end]) for _ in range(rows)).encode()
    d = rng.choice([mark, mark, None])
    case(data, d=d, q=rng.choice([None, '"']) if d else None, s=rng.choice([0, 0, 1]), t=rng.choice(["float64", "float32"]),
         u=rng.choice([None, None, (0,), (-1, 0)]))

with open("table.txt", "w") as text:
    print("\n".join(lines), file=text)
