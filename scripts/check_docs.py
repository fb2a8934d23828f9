#!/usr/bin/env python3
"""Every program in README.md and docs/*.md compiles, runs, and prints what the text says.

    check_docs.py INCLUDE_DIR LIBRARY      (CC: the compiler)

A program is a ```c block that contains "int main". If the next code block after it stands under a line
<!-- output -->, the program's standard output must be exactly that block. A program that is not meant to run here
(it wants data, say) stands under a line <!-- compile only -->.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^([ ]*)```(\w*)[^\n]*\n(.*?)^\1```[ ]*$", re.MULTILINE | re.DOTALL)


def programs(text):
    """Yields (line number, source, expected output or None, whether to run) of each program in a Markdown text."""
    blocks = list(BLOCK.finditer(text))
    for i, block in enumerate(blocks):
        if block[2] != "c" or "int main" not in block[3]:
            continue
        before = text[: block.start()].rstrip().splitlines()
        run = not (before and before[-1].strip() == "<!-- compile only -->")
        expected = None
        if i + 1 < len(blocks):
            following = blocks[i + 1]
            if text[block.end() : following.start()].rstrip().endswith("<!-- output -->"):
                expected = following[3]
        yield text.count("\n", 0, block.start()) + 1, block[3], expected, run


def check(source, expected, run, include, library, folder):
    """Returns what is wrong with one program, or None."""
    (folder / "program.c").write_text(source)
    warnings = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
    link = [str(library), f"-Wl,-rpath,{library.parent}", "-lm"]
    compiler = [os.environ.get("CC", "cc"), *warnings, f"-I{include}", "program.c", *link, "-o", "program"]
    done = subprocess.run(compiler, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        return "does not compile:\n" + done.stderr
    if not run:
        return None
    done = subprocess.run(["./program"], cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return f"exits with {done.returncode}:\n{done.stdout}{done.stderr}"
    if expected is not None and done.stdout != expected:
        return f"prints\n{done.stdout}but the text says\n{expected}"
    return None


def main():
    include, library = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    count = failed = 0
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]:
        if not path.exists():
            continue
        for line, source, expected, run in programs(path.read_text()):
            count += 1
            with tempfile.TemporaryDirectory() as folder:
                wrong = check(source, expected, run, include, library, Path(folder))
            if wrong:
                failed += 1
                print(f"{path.relative_to(ROOT)}:{line}: {wrong}")
    print(f"{count} programs, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
