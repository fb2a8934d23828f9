#!/usr/bin/env python3
"""The programs of the five documents can be copied: taken from their pages, they build against an installed copy of Wick, by
pkg-config, in a folder where there is nothing else, and those that need no data print what their documents say.

    check_pages.py BUILD_DIR [CMAKE]      (CC: the compiler). Exit status 77: pkg-config is not installed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from check_docs import ROOT, blocks

PRINTED = ROOT / "tests" / "documents"
RUNS = [  # program, options, what it prints
    ("000_student", [], "000_student"),
    ("000_student_full", [], "000_student_full"),
    ("001_circles", [], "001_circles"),
    ("001_circles", ["--scheduler"], "001_circles_scheduler"),
    ("001_circles", ["--init"], "001_circles_init"),
    ("001_circles", ["--early-stopping"], "001_circles_early_stopping"),
    ("002_boundaries", [], "002_boundaries"),
    ("002_activations", [], "002_activations"),
    ("002_numpy_mlp", [], "002_numpy_mlp"),
    ("002_mnist_mlp", ["--help"], None),
    ("003_numpy_mlp", ["--help"], None),
    ("003_torch_mlp", ["--help"], None),
    ("004_fashion_scratch", ["--help"], None),
]


def installed(build, cmake, prefix):
    """Installs the build, and returns the flags of a program and the environment that it runs in."""
    subprocess.run([cmake, "--install", build, "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
    pc = next(prefix.glob("**/wick.pc")).parent
    query = ["pkg-config", "--cflags", "--libs", "wick"]
    done = subprocess.run(query, env={**os.environ, "PKG_CONFIG_PATH": str(pc)}, check=True, capture_output=True, text=True)
    return done.stdout.split(), {**os.environ, "LD_LIBRARY_PATH": str(pc.parent)}


def main():
    if not shutil.which("pkg-config"):
        print("pkg-config is not installed")
        return 77
    cc, cmake = os.environ.get("CC", "cc"), sys.argv[2] if len(sys.argv) > 2 else "cmake"
    failed, names = 0, set()
    with tempfile.TemporaryDirectory() as work:
        flags, environment = installed(Path(sys.argv[1]), cmake, Path(work) / "prefix")
        folder = Path(work) / "programs"
        folder.mkdir()
        for page in sorted((ROOT / "docs" / "documents").glob("*.md")):
            for _, _, source, comment in blocks(page.read_text()):
                if not comment.startswith("whole "):
                    continue
                name = Path(comment[len("whole ") :]).stem
                names.add(name)
                (folder / f"{name}.c").write_text(source)
                command = [cc, "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"{name}.c", *flags, "-lm", "-o", name]
                done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
                failed += done.returncode != 0
                print(done.stderr, end="")
        for name, options, expected in RUNS:
            if name not in names:
                failed += 1
                print(f"{name} stands in no page")
                continue
            done = subprocess.run([f"./{name}", *options], cwd=folder, capture_output=True, text=True, env=environment)
            good = done.returncode == 0
            good &= done.stdout == (PRINTED / f"{expected}.txt").read_text() if expected else "Usage" in done.stdout
            failed += not good
            print(f"{name} {' '.join(options)}: {'as in the document' if good else done.stdout + done.stderr}")
    known = {name for name, _, _ in RUNS}
    failed += len(names - known)
    print(f"{len(names)} programs, {len(RUNS)} runs, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
