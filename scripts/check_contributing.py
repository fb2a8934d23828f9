#!/usr/bin/env python3
"""The diffs of CONTRIBUTING.md show how what exists was added: each can be taken out of a copy of the tree, and put back, which
leaves the files as they are.

    check_contributing.py [--refresh]      --refresh writes the numbers of the hunks' lines anew
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "CONTRIBUTING.md"


def numbered(diff):
    """The diff with its hunks' lines numbered as they stand in the files, and the files' names."""
    out, names, shift = [], [], 0
    lines = diff.splitlines()
    for i, line in enumerate(lines):
        if line.startswith("+++ "):
            names.append(line[6:])
            shift = 0
        if not line.startswith("@@"):
            out.append(line)
            continue
        hunk = []
        for following in lines[i + 1 :]:
            if following.startswith(("@@", "--- ")):
                break
            hunk.append(following or " ")
        new = [text[1:] for text in hunk if text[0] in " +"]
        old = [text for text in hunk if text[0] in " -"]
        source = (ROOT / names[-1]).read_text().splitlines()
        found = [at for at in range(len(source)) if source[at : at + len(new)] == new]
        if len(found) != 1:
            sys.exit("CONTRIBUTING.md: these lines are %d times in %s:\n%s" % (len(found), names[-1], "\n".join(new)))
        first = found[0] + 1
        out.append("@@ -%d,%d +%d,%d @@" % (first - shift, len(old), first, len(new)))
        shift += len(new) - len(old)
    return "\n".join(line or " " for line in out) + "\n", names


def main():
    text = PAGE.read_text()
    blocks = re.findall(r"^```diff\n(.*?)^```$", text, re.M | re.S)
    for block in blocks:
        diff, names = numbered(block)
        text = text.replace(block, diff)
        with tempfile.TemporaryDirectory() as folder:
            for name in names:
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                (Path(folder) / name).write_text((ROOT / name).read_text())
            for direction in (["-R"], []):
                done = subprocess.run(["patch", "-p1", "-s", *direction], cwd=folder, input=diff, text=True, capture_output=True)
                if done.returncode:
                    sys.exit("CONTRIBUTING.md: patch says %s%s" % (done.stdout, done.stderr))
            for name in names:
                if (Path(folder) / name).read_text() != (ROOT / name).read_text():
                    sys.exit("CONTRIBUTING.md: %s is not what it was" % name)
    if sys.argv[1:] == ["--refresh"]:
        PAGE.write_text(text)
    elif text != PAGE.read_text():
        sys.exit("CONTRIBUTING.md: the diffs' line numbers are old; run scripts/check_contributing.py --refresh")
    print("%d diffs" % len(blocks))


main()
