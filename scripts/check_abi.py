#!/usr/bin/env python3
"""Programs that were compiled against an earlier version of this major version still run: every function that was exported is,
and the members of every options struct lie where they lay, new ones behind what was the struct's end.

    check_abi.py INCLUDE_DIR LIBRARY [--record]      (CC: the compiler)

The record is in tests/install/abi/: functions.txt, and options.txt of a 64-bit machine. --record adds what is new; a release does so.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "install" / "abi"


def exported(library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split()[-1] for line in lines if line.split()[-2] == "T"]


def structs(include):
    """{options struct: (size, {member: (offset, size)})}, as the compiler lays them out."""
    source = subprocess.run([os.environ.get("CC", "cc"), "-E", "-P", "-std=c11", f"-I{include}", "-"], input="#include <wick/wick.h>\n",
                            capture_output=True, text=True, check=True).stdout
    found = {}
    for body, name in re.findall(r"typedef struct wick_\w+_options \{(.*?)\} (wick_\w+_options);", source, re.S):
        members = []
        for declaration in body.split(";")[:-1]:
            callback = re.search(r"\(\*(\w+)\)", declaration)
            members += [callback[1]] if callback else [re.search(r"(\w+)\s*(\[[^]]*\])?$", part.strip())[1] for part in declaration.split(",")]
        found[name] = members
    program = "#include <stdio.h>\n#include <wick/wick.h>\nint main(void)\n{\n"
    for name, members in found.items():
        program += f'printf("{name} %zu\\n", sizeof({name}));\n'
        for member in members:
            program += f'printf("    {member} %zu %zu\\n", offsetof({name}, {member}), sizeof((({name} *)0)->{member}));\n'
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "layout.c").write_text(program + "}\n")
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", f"-I{include}", "layout.c", "-o", "layout"], cwd=folder, check=True)
        text = subprocess.run([Path(folder) / "layout"], capture_output=True, text=True, check=True).stdout
    return parse(text)


def parse(text):
    found = {}
    for line in text.splitlines():
        words = line.split()
        if line.startswith(" "):
            members[words[0]] = (int(words[1]), int(words[2]))
        else:
            members = {}
            found[words[0]] = (int(words[1]), members)
    return found


def unparse(found):
    return "".join(f"{name} {size}\n" + "".join(f"    {m} {at} {bytes}\n" for m, (at, bytes) in members.items())
                   for name, (size, members) in sorted(found.items()))


def main():
    include, library = (os.path.abspath(path) for path in sys.argv[1:3])
    functions, options = exported(library), structs(include)
    if sys.maxsize <= 2**32:
        print("needs a 64-bit machine")
        return 77
    wrong = []
    if RECORD.is_dir():
        before = parse((RECORD / "options.txt").read_text())
        wrong += [f"{name} is exported no more" for name in (RECORD / "functions.txt").read_text().split() if name not in functions]
        for name, (size, members) in before.items():
            if name not in options:
                wrong.append(f"{name} has gone")
                continue
            new_size, new = options[name]
            wrong += [f"{name}.{m} was at {place} and is at {new.get(m, 'no place')}" for m, place in members.items() if new.get(m) != place]
            wrong += [f"{name}.{m} is new, and lies in what was padding: put it at {size} or behind" for m, (at, _) in new.items()
                      if m not in members and at < size]
    if "--record" in sys.argv and not wrong:
        RECORD.mkdir(exist_ok=True)
        (RECORD / "functions.txt").write_text("".join(name + "\n" for name in sorted(functions)))
        (RECORD / "options.txt").write_text(unparse(options))
    print("\n".join(wrong + [f"{len(functions)} functions, {len(options)} options structs, {len(wrong)} wrong"]))
    return 1 if wrong else 0


sys.exit(main())
