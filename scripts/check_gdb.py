#!/usr/bin/env python3
"""What wick_gdb.py makes of Wick's objects: gdb stops in tests/install/gdb/program.c, which includes the public header alone, and on
its core file, and prints what tests/install/gdb/expected.txt says; of a library without debug information it says what to do. And
the sessions in docs/debugging.md, the blocks under <!-- gdb session -->, are what gdb prints for the program there; a line
"..." stands for any lines.

    check_gdb.py INCLUDE_DIR LIBRARY [--write]      (CC: the compiler). --write: expected.txt anew
Exit status 77: no gdb, or no debug information here.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from check_docs import ROOT, blocks

EXPECTED = ROOT / "tests" / "install" / "gdb" / "expected.txt"
LOOKS = """
p *x
p x
p nothing
p *nothing
p freed
p *freed
p *y
p *loss->grad_fn
p *loss->grad_fn->input[0]
p *turned
p *large
p *cube
p *small
p *mask
p *none
p *number
p *whole
p *holes
p *parameters
p *model
p *state
p *optim
wick-graph loss
wick-graph x
wick-graph nothing
info args
p *x->storage
"""


def gdb(arguments, commands, folder):
    command = ["gdb", "-q", "-nx", "-batch", "-ex", "set pagination off", "-ex", "set debuginfod enabled off"]
    command += ["-ex", f"source {ROOT / 'scripts' / 'wick_gdb.py'}"]
    for line in commands:
        command += ["-ex", line]
    environment = {**os.environ, "LC_ALL": "C", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "DEBUGINFOD_URLS": ""}
    done = subprocess.run([*command, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, timeout=200,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")  # fmt: skip
    return done.stdout


def looks():
    """Each command, after a line that repeats it."""
    for line in LOOKS.strip().splitlines():
        yield f"echo \\n(gdb) {line}\\n"
        yield line


def plain(output):
    """From the first command on, without addresses and the numbers of values."""
    output = output[output.find("(gdb)") :]
    output = re.sub(r"0x[0-9a-f]{5,}", "0xADDRESS", output)
    output = re.sub(r"(?m)^\$\d+ = ", "$ = ", output)
    return re.sub(r"(?ms)^\(gdb\) p \*x->storage.*", "", output).strip() + "\n"


def compiled(folder, include, source):
    """Builds the program in the folder, with the library in its lib."""
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-g", "-O0", f"-I{include}", str(source), "-Llib", "-lwick",
                    f"-Wl,-rpath,{folder / 'lib'}", "-lm", "-o", source.stem], cwd=folder, check=True)  # fmt: skip


def wrong_sessions(folder, include):
    """Yields (line in the page, what gdb printed) of each session that is not as the page says."""
    program = ""
    for line, language, source, comment in blocks((ROOT / "docs" / "debugging.md").read_text()):
        if language == "c" and "int main" in source:
            program = source
        if comment != "gdb session":
            continue
        (folder / "train.c").write_text(program)
        compiled(folder, include, folder / "train.c")
        commands = re.findall(r"(?m)^\(gdb\) (.*)$", source)
        said = [part for command in commands for part in (f"echo \\n(gdb) {command}\\n", command)]
        seen = gdb(["train"], said, folder)
        seen = re.sub(r"\n\n(?=\(gdb\))", "\n", seen[seen.find("(gdb)") :])
        pattern = "".join(r"(.*\n)*?" if text == "..." else re.escape(text) + r"\n" for text in source.splitlines())
        if not re.match(pattern, seen + "\n"):
            yield line, seen


def main():
    os.environ.pop("WICK_CACHE", None)  # without the cache, what a freed object was is overwritten
    include, library = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    if not shutil.which("gdb"):
        print("gdb is not installed (Debian: apt-get install gdb)")
        return 77
    if "python" not in subprocess.run(["gdb", "--configuration"], capture_output=True, text=True).stdout.replace("without-python", ""):
        print("this gdb has no Python")
        return 77
    if b".debug_info" not in library.read_bytes():
        print("the library has no debug information: a Debug or RelWithDebInfo build is what this needs")
        return 77
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        (folder / "lib").mkdir()
        for name in library.parent.glob("libwick.so*"):
            shutil.copy(library, folder / "lib" / name.name)
        compiled(folder, include, ROOT / "tests" / "install" / "gdb" / "program.c")

        start = ["break stop_here", "run", "up"]
        live = gdb(["program"], [*start, *looks(), "generate-core-file core"], folder)
        if "(gdb)" not in live or "Breakpoint 1, stop_here" not in live:
            print(live + "gdb cannot run a program here")
            return 77
        if sys.argv[3:] == ["--write"]:
            EXPECTED.write_text(plain(live))
            return 0
        cases = [("a program that runs", live)]
        if (folder / "core").exists():
            cases.append(("its core file", gdb(["program", "core"], ["up", *looks()], folder)))
        else:
            print("no core file could be written: that is not tried")
        for what, output in cases:
            if plain(output) == EXPECTED.read_text():
                print(f"{what}: as expected")
                continue
            failed += 1
            print(f"{what}: other than tests/install/gdb/expected.txt:")
            for name, content in (("expected", EXPECTED.read_text()), ("seen", plain(output))):
                (folder / name).write_text(content)
            subprocess.run(["diff", "-u", "expected", "seen"], cwd=folder)

        for line, seen in wrong_sessions(folder, include):
            failed += 1
            print(f"docs/debugging.md:{line}: gdb prints\n{seen}")

        if shutil.which("objcopy"):
            for name in (folder / "lib").iterdir():
                subprocess.run(["objcopy", "--strip-debug", name], check=True)
            output = gdb(["program"], [*start, "p *x"], folder)
            good = "<libwick has no debug information: build it with" in output
            failed += not good
            print(f"a library without debug information: {'as expected' if good else output}")
    return 1 if failed else 0


sys.exit(main())
