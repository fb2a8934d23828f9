"""Writes corpus/<target>/, the seeds of the fuzz targets: small inputs of every kind that a reader takes, and some that it
refuses. Nothing but Python is needed, and the same files come out each time. Run in this directory: python3 seeds.py
"""
import gzip
import os
import shutil
import struct
import zipfile


def write(target, name, data):
    os.makedirs("corpus/" + target, exist_ok=True)
    with open("corpus/%s/%s" % (target, name), "wb") as f:
        f.write(data)


shutil.rmtree("corpus", ignore_errors=True)

# ---- Pickles of state dicts, as torch.save writes them --------------------------------------------------------------------

ORDERED = b"ccollections\nOrderedDict\n)R"
V2 = b"ctorch._utils\n_rebuild_tensor_v2\n"


def text(s):
    s = s.encode()
    return b"X" + struct.pack("<I", len(s)) + s


def number(n):
    return b"K" + bytes([n]) if 0 <= n < 256 else b"J" + struct.pack("<i", n)


def sizes(*n):
    return b"(" + b"".join(map(number, n)) + b"t"


def storage(kind, key, numel):
    return b"(" + text("storage") + b"ctorch\n" + kind + b"\n" + text(key) + text("cpu") + number(numel) + b"tQ"


def arguments(kind=b"FloatStorage", key="0", numel=2, offset=0, size=(2,), stride=(1,), grad=b"\x89", hooks=ORDERED, more=b""):
    return b"(" + storage(kind, key, numel) + number(offset) + sizes(*size) + sizes(*stride) + grad + hooks + more + b"t"


def tensor(*a, **k):
    return V2 + arguments(*a, **k) + b"R"


def state(*entries, end=b""):
    return b"\x80\x02" + ORDERED + b"(" + b"".join(text(k) + v for k, v in entries) + b"u" + end + b"."


def metadata(**versions):
    modules = b"".join(text(k) + b"}" + text("version") + number(v) + b"s" for k, v in versions.items())
    return b"}" + text("_metadata") + ORDERED + b"(" + modules + b"us" + b"b"


PICKLES = {
    "empty": b"\x80\x02}.",
    "one": state(("0.weight", tensor(size=(1, 2), stride=(2, 1)))),
    "shared": state(("0.weight", tensor(size=(1, 2), stride=(2, 1)) + b"q\x01"), ("again", b"h\x01"),
                    ("view", tensor(offset=1, size=(), stride=()))),
    "double": state(("1.running_var", tensor(b"DoubleStorage", "1", 8, 7, (1,), (1,)))),
    "long": state(("1.num_batches_tracked", tensor(b"LongStorage", "1", 8, 0, (), ()))),
    "bytes": state(("b", tensor(b"BoolStorage", "0", 8, 0, (2, 2, 2), (4, 2, 1))),
                   ("u", tensor(b"ByteStorage", "1", 64, 0, (0, 9), (9, 1)))),
    "none": state(("w", tensor(b"FloatStorage", "2", 0, 0, (0,), (1,)))),
    "sign": state(("w", tensor(more=b"}" + text("neg") + b"\x88s"))),
    "parameter": state(("w", b"ctorch._utils\n_rebuild_parameter\n(" + tensor() + b"\x88" + ORDERED + b"tR")),
    "noted": state(("w", b"ctorch._utils\n_rebuild_parameter_with_state\n(" + tensor() + b"\x88" + ORDERED + b"}"
                    + text("note") + b"Nst" + b"R")),
    "type": state(("w", b"ctorch._tensor\n_rebuild_from_type_v2\n(" + V2 + b"ctorch\nTensor\n" + arguments() + b"}tR")),
    "uint16": state(("w", b"ctorch._utils\n_rebuild_tensor_v3\n" + arguments(more=b"ctorch\nuint16\n") + b"R")),
    "sparse": state(("w", b"ctorch._utils\n_rebuild_sparse_tensor\n(N)tR")),
    "versions": state(("0.weight", tensor(size=(1, 2), stride=(2, 1))), end=metadata(**{"": 1, "0": 1, "1": 2})),
    "checkpoint": b"\x80\x02}" + text("model") + state(("w", tensor()))[2:-1] + b"s" + text("epoch") + b"K\x03s.",
    "list": b"\x80\x02](K\x01G" + struct.pack(">d", 0.5) + b"\x88N" + text("a") + b"e.",
    "deep": b"\x80\x02)" + b"\x85" * 99 + b".",
    "wide": b"\x80\x02(" + b"K\x01" * 500 + b"t.",
    "memo": b"\x80\x03}q\x00r\x05\x00\x00\x00(h\x00j\x05\x00\x00\x00\x86\x87.",
    "module": b"\x80\x02ctorch.nn.modules.linear\nLinear\n)\x81}" + text("training") + b"\x88sb.",
}
for name, data in PICKLES.items():
    write("pickle", name, data)

# ---- Archives ----------------------------------------------------------------------------------------------------------------


def archive(name, entries, packed=False, checked=True):
    path = "corpus/pth/" + name
    os.makedirs("corpus/pth", exist_ok=True)
    with zipfile.ZipFile(path, "w") as z:
        for entry, data in entries:
            info = zipfile.ZipInfo(entry)
            z.writestr(info, data, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED, 9)
    if not checked:  # checksums of 0, in local headers and in the directory
        with zipfile.ZipFile(path) as z:
            infos = z.infolist()
        with open(path, "r+b") as f:
            data = bytearray(f.read())
            at = 0
            for info in infos:
                data[info.header_offset + 14:info.header_offset + 18] = bytes(4)
                at = data.index(b"PK\1\2", at) + 16
                data[at:at + 4] = bytes(4)
            f.seek(0)
            f.write(data)


floats = struct.pack("<2f", 1, -2)
whole = [("m/data.pkl", PICKLES["one"]), ("m/byteorder", b"little"), ("m/data/0", floats), ("m/version", b"3\n")]
archive("stored", whole)
archive("unchecked", whole, checked=False)
archive("packed", whole, packed=True)
archive("packed_unchecked", whole, packed=True, checked=False)
archive("minimal", [("a/data.pkl", PICKLES["sign"]), ("a/data/0", floats)], checked=False)
archive("shared", [("m/data.pkl", PICKLES["shared"]), ("m/data/0", floats)], checked=False)
archive("big", [("m/data.pkl", PICKLES["one"]), ("m/byteorder", b"big"), ("m/data/0", floats)], checked=False)
archive("no_storage", whole[:2])
archive("other", [("m/readme", b"hello")])
archive("root", [("data.pkl", PICKLES["empty"])])
archive("accent", [("\u00fc/data.pkl", PICKLES["one"]), ("\u00fc/data/0", floats)], checked=False)
archive("bomb", [("m/data.pkl", b"\x80\x02)" + b"\x85" * 100000 + b".")], packed=True)
write("pth", "legacy", bytes([0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]) + b".")

# ---- IDX -----------------------------------------------------------------------------------------------------------------------


def idx(shape, kind=8):
    count = 1
    for n in shape:
        count *= n
    return bytes([0, 0, kind, len(shape)]) + struct.pack(">%dI" % len(shape), *shape) + bytes(i % 256 for i in range(count))


for name, data in {"labels": idx([5]), "images": idx([2, 3, 4]), "eight": idx([1] * 8)}.items():
    write("idx", name, data)
    write("idx", name + "_gz", gzip.compress(data, 9, mtime=0))
write("idx", "floats", idx([2], 0x0D))
write("idx", "short", idx([9])[:-3])
write("idx", "long", idx([3]) + b"more")
write("idx", "short_gz", gzip.compress(idx([300]), mtime=0)[:-9])
write("idx", "vast", bytes([0, 0, 8, 3]) + b"\xff" * 12)
write("idx", "bomb_gz", gzip.compress(bytes([0, 0, 8, 1]) + struct.pack(">I", 200000) + bytes(200000), 9, mtime=0))

# ---- Tables: four bytes of options, then text ----------------------------------------------------------------------------------

write("table", "plain", bytes(4) + b"1 2 3\n4 5 6\n")
write("table", "comma", bytes([1, 1, 0, 0]) + b"1,2.5,-3e4\n4,nan,inf # and more\n\n")
write("table", "quoted", bytes([17, 1, 0, 128]) + b'1,"a ""b"", c"\n2,"d\ne"\n')
write("table", "classes", bytes([1, 1, 1, 128]) + b"x,y,class\n1,2,yes\n3,4,no\n5,6,?\n")
write("table", "whole", bytes([2, 2, 0, 64]) + b"1;-2\r\n9223372036854775807;4\r\n")
write("table", "bytes", bytes([0, 3, 16 + 32, 0]) + b"0 255\n256 -1\n")
write("table", "mark", bytes([1, 0, 0, 0]) + b"\xef\xbb\xbf1,2\r3,4\r")
write("table", "packed", bytes([1, 1, 0, 0]) + gzip.compress(b"0,0,0\n" * 1000, 9, mtime=0))
write("table", "wide", bytes([1, 1, 0, 0]) + b"1," * 2000 + b"1\n")

write(".", "table_gz", gzip.compress(b"1,2\n" * 300, 9, mtime=0))  # of failing_mallocs.c

# ---- Equations, formats, state dicts ---------------------------------------------------------------------------------------------

for i, equation in enumerate(["ij,jk->ik", "ii", "i,j", "...ij,...jk->...ik", "ab,bc,cd->ad", "ij->", "i j -> j i", "->", "ijk,ilm"]):
    write("einsum", str(i), bytes([equation.count(","), 2, 2, 2][:2 + equation.count(",")]) + equation.encode())
for i, fmt in enumerate(["%.18e", "%d", "%+08.3f", "% i", "%g\0,", "%5.2G\0; ", "%s", "%n", "%*d", "%%", "%lld", "%.99999f"]):
    write("format", str(i), fmt.encode())
for which in range(32):
    write("state", str(which), bytes([which]) + bytes(which % 5 * 40))
write("state", "numbers", bytes([1]) + b"".join(bytes([8]) + struct.pack("<d", x) for x in [-1.0, float("nan"), 1e300, 0.5] * 8))
