#!/usr/bin/env python3
"""Every program in README.md, CHANGELOG.md and docs/*.md compiles, runs, and prints what the text says; every excerpt is one.

    check_docs.py INCLUDE_DIR LIBRARY      (CC: the compiler)
    check_docs.py --refresh                writes the blocks of <!-- whole FILE --> anew

A program is a ```c block that contains "int main". If the next code block after it stands under a line
<!-- output -->, the program's standard output must be exactly that block. A program that is not meant to run here
(it wants data, say) stands under a line <!-- compile only -->.

Each name in backquotes that begins with wick_ or WICK_ must be one that the library's sources or CMake files have.

A block under a line <!-- from FILE --> is an excerpt: its lines must be lines of that file of the repository, one after
the other, all indented by as much less as the first. A line "...", "# ..." or "/* ... */" stands for any lines. A block
under a line <!-- whole FILE --> is that file, from its first line to its last; check_pages.py builds and runs it.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^([ ]*)```(\w*)[^\n]*\n(.*?)^\1```[ ]*$", re.MULTILINE | re.DOTALL)
SKIP = {"...", "# ...", "/* ... */"}


def blocks(text):
    """Yields (line number, language, source, the comment on the line above or "") of each code block."""
    end = 0
    for block in BLOCK.finditer(text):
        comment = re.search(r"<!-- (.*) -->\s*$", text[end : block.start()])
        end = block.end()
        yield text.count("\n", 0, block.start()) + 1, block[2], block[3], comment[1] if comment else ""


def programs(text):
    """Yields (line number, source, expected output or None, whether to run) of each program in a Markdown text."""
    every = [*blocks(text), (0, "", "", "")]
    for (line, language, source, comment), following in zip(every, every[1:]):
        if language == "c" and "int main" in source and not comment.startswith(("from ", "whole ")):
            yield line, source, following[2] if following[3] == "output" else None, comment != "compile only"


def excerpts(text):
    """Yields (line number, name of the file, lines) of each excerpt in a Markdown text."""
    for line, _, source, comment in blocks(text):
        if comment.startswith("from "):
            yield line, comment[len("from ") :], source.splitlines()


def check_whole(name, source):
    """Returns what is wrong with a block that is a whole file, or None."""
    if not (ROOT / name).is_file():
        return f"there is no file {name}"
    return None if (ROOT / name).read_text() == source else f"is not {name}; run scripts/check_docs.py --refresh"


def refresh():
    """Writes every block that is a whole file anew."""
    for path in sorted((ROOT / "docs").glob("**/*.md")):
        text = path.read_text()
        new = re.sub(
            r"(<!-- whole (\S+) -->\n```\w*\n).*?(^```$)",
            lambda m: m[1] + (ROOT / m[2]).read_text() + m[3],
            text,
            flags=re.MULTILINE | re.DOTALL,
        )
        if new != text:
            path.write_text(new)
            print(path.relative_to(ROOT))


def first_missing(lines, source):
    """The number of the first of the excerpt's lines that is not in the source where it should be; or None."""
    runs = [(0, [])]  # lines that follow each other, and the number of the first
    for i, line in enumerate(lines):
        if line.strip() in SKIP:
            runs.append((i + 1, []))
        else:
            runs[-1][1].append(line)
    at = 0
    for first, run in runs:
        matched = 0
        for start in range(at, len(source) + 1):
            equal = 0
            while equal < len(run) and start + equal < len(source) and source[start + equal] == run[equal]:
                equal += 1
            matched = max(matched, equal)
            if equal == len(run):
                at = start + equal
                break
        else:
            return first + matched
    return None


def check_excerpt(name, lines):
    """Returns what is wrong with one excerpt, or None."""
    if not (ROOT / name).is_file():
        return f"there is no file {name}"
    source = [line.rstrip() for line in (ROOT / name).read_text().splitlines()]
    furthest = 0
    for indent in {len(line) - len(line.lstrip()) for line in source}:
        dedented = [line[indent:] if line[:indent].strip() == "" else None for line in source]
        missing = first_missing(lines, dedented)
        if missing is None:
            return None
        furthest = max(furthest, missing)
    return f"this line is not there in {name}:\n{lines[furthest]}"


def unknown_names(text, known):
    """Yields (line number, name) of each name in backquotes that is not known; `wick_f` stands for any operation."""
    for match in re.finditer(r"(?<!`)`([^`\n]+)`(?!`)", BLOCK.sub(lambda m: "\n" * m[0].count("\n"), text)):
        for name in re.findall(r"\b(?:wick|WICK)_\w+(?!\w|\.\.\.|\*|<)", match[1]):
            if name not in known | {"wick_f", "wick_f_"}:
                yield text.count("\n", 0, match.start()) + 1, name


def check(source, expected, run, include, library, folder):
    """Returns what is wrong with one program, or None."""
    (folder / "program.c").write_text(source)
    warnings = ["-g", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
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
    if expected is not None and "program+0x" in done.stdout:  # the library was built without libdw
        done.stdout, expected = (re.sub(r"program(\+0x[0-9a-f]+|\.c:\d+)", "program.c", text) for text in (done.stdout, expected))
    if expected is not None and done.stdout != expected:
        return f"prints\n{done.stdout}but the text says\n{expected}"
    return None


def main():
    if sys.argv[1:] == ["--refresh"]:
        return refresh()
    include, library = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    count = excerpt_count = failed = 0
    sources = [p for kind in ["*/**/*.[ch]", "*/**/*.cpp", "*.txt", "cmake/*"] for p in ROOT.glob(kind) if "build" not in p.relative_to(ROOT).parts]
    known = set(re.findall(r"\w+", "\n".join(p.read_text() for p in sources)))

    def report(path, line, wrong):
        nonlocal failed
        if wrong:
            failed += 1
            print(f"{path.relative_to(ROOT)}:{line}: {wrong}")

    for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("**/*.md"))]:
        if not path.exists():
            continue
        for line, source, expected, run in programs(path.read_text()):
            count += 1
            with tempfile.TemporaryDirectory() as folder:
                wrong = check(source, expected, run, include, library, Path(folder))
            report(path, line, wrong)
        for line, name, lines in excerpts(path.read_text()):
            excerpt_count += 1
            report(path, line, check_excerpt(name, lines))
        for line, _, source, comment in blocks(path.read_text()):
            if comment.startswith("whole "):
                excerpt_count += 1
                report(path, line, check_whole(comment[len("whole ") :], source))
        for line, name in unknown_names(path.read_text(), known):
            report(path, line, f"there is no {name}")
    print(f"{count} programs, {excerpt_count} excerpts, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
