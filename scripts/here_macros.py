#!/usr/bin/env python3
"""Writes the block of macros at the end of each header of operations that tells anomaly mode where a call stands.

    here_macros.py [--check] [HEADER...]        by default autograd/ops/*.h

Every function that returns a wick_tensor * or a wick_list *, those of the rows X(name, formula) and
F(X, name, loop) of its tables included, becomes a macro over itself, wick_exp(...) ->
WICK_HERE(wick_exp(...)); see autograd/here.h. A macro over itself that is there already, as that of wick_add, which takes
numbers for tensors, is made anew with WICK_HERE around what it stands for. With --check nothing is written, and the exit
status is 1 if a header has not the block that it should have."""
import glob
import os
import re
import sys

TITLE = "/* ---- Where a call stands (here.h): made by scripts/here_macros.py ---- */"
LIMIT = 120


def block(text):
    functions = re.findall(r"^WICK_API wick_(tensor|list) \*(wick_\w+)\(", text, re.M)
    functions += [("tensor", "wick_" + name) for name in re.findall(r"^    X\((\w+), ", text, re.M)]
    for name in re.findall(r"^    F\(X, (\w+),", text, re.M):
        functions += [("tensor", "wick_" + name), ("tensor", "wick_" + name + "_")]
    own = {}  # macros over themselves
    others = set()  # and those over other functions, as wick_div is over wick_div_opt: they have their place from these
    joined = text.replace("\\\n", " ")
    for name, parameters, body in re.findall(r"^#define (wick_\w+)\(([^)]*)\) (.*)$", joined, re.M):
        if re.search(r"\b%s\(" % name, body):
            own[name] = (parameters, re.sub(r"\s+", " ", body).strip())
        else:
            others.add(name)
    lines = [TITLE, '#include "../here.h"', "#ifdef WICK_HERE"]
    for kind, name in functions:
        if name in others:
            continue
        here = "WICK_HERE" if kind == "tensor" else "WICK_HERE_LIST"
        parameters, body = own.get(name, ("...", name + "(__VA_ARGS__)"))
        head = "#define %s(%s)" % (name, parameters)
        if name in own:
            lines.append("#undef " + name)
        line = "%s %s(%s)" % (head, here, body)
        if len(line) > LIMIT:
            lines.append(head + " \\")
            line = "    %s(%s)" % (here, body)
        lines.append(line)
    return "\n".join(["/* clang-format off */"] + lines + ["#endif", "/* clang-format on */", ""]) if functions else ""


def rewritten(text):
    text = re.sub(r"\n*/\* clang-format off \*/\n" + re.escape(TITLE) + r".*?/\* clang-format on \*/\n", "\n", text, flags=re.S)
    end = text.rindex("#endif")
    made = block(text[:end])
    return text[:end].rstrip("\n") + "\n\n" + (made + "\n" if made else "") + text[end:]


def main():
    check = "--check" in sys.argv[1:]
    headers = [a for a in sys.argv[1:] if not a.startswith("-")]
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    wrong = 0
    for header in headers or sorted(glob.glob("autograd/ops/*.h")):
        with open(header) as f:
            text = f.read()
        new = rewritten(text)
        if new == text:
            continue
        wrong += 1
        if check:
            print("%s: the macros that say where a call stands are out of date; run scripts/here_macros.py" % header)
        else:
            with open(header, "w") as f:
                f.write(new)
    return 1 if check and wrong else 0


sys.exit(main())
