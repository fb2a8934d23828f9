#!/usr/bin/env bash
# Measures how easily Wick's functions are found and read, by universal-ctags and python3, and prints a table with the
# budgets.
#
#     measure_house.sh [--list] [--check] [DIRECTORY]      of another copy of the source: its directory
#
# --list names the functions that count against a budget; --check fails where a budget is exceeded. What is counted:
#     function-hiding macros       names in lower case, wick_f, that a public header defines as a macro with arguments
#     #define lines                lines of public headers that begin with #define, guards and all
#     functions                    what public headers declare with WICK_API, by a prototype or by a row of a table
#     without a definition         ... of which ctags finds no definition in the sources: it sees no macros' rows, and no
#                                  parenthesised names
#     without a comment            ... of which nothing is said: no comment beside the prototype, and none above that it is
#                                  the first below or that names it (with or without prefix and suffix). Forms of a
#                                  function, _opt, _n, _from, _tuple and in place, are said of with it
#     length                       of the functions in the library's sources, in lines, from the name to the brace
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
list=no check=no root=$PWD
for argument in "$@"; do
    case $argument in
    --list) list=yes ;;
    --check) check=yes ;;
    -*)
        sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
    *) root=$argument ;;
    esac
done
command -v python3 >/dev/null || { echo "python3 is not installed" && exit 77; }
ctags --version 2>/dev/null | grep -q '^Universal Ctags' || {
    echo "universal-ctags is not installed (Debian: apt-get install universal-ctags)"
    exit 77
}
PYTHONPATH=$here/scripts PYTHONDONTWRITEBYTECODE=1 python3 - "$root" "$list" "$check" <<'PYTHON'
import subprocess
import sys
from pathlib import Path

import headers

root, listed, checked = Path(sys.argv[1]).resolve(), sys.argv[2] == "yes", sys.argv[3] == "yes"
headers.ROOT = root
every, _ = headers.headers()
functions = [(h, f) for h in every for b in h.blocks for f in b.functions]
sources = sorted(p for layer in ("tensor", "autograd", "nn", "optim", "data", "plot") for p in root.glob(f"{layer}/**/*.c"))
command = ["ctags", "--options=NONE", "--languages=C", "--kinds-C=f", "--fields=+ne", "-f", "-", *map(str, sources)]
lengths, defined = [], set()
for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
    if line.startswith("!"):
        continue
    name, file, *rest = line.split("\t")
    fields = dict(part.split(":", 1) for part in rest if ":" in part and not part.startswith("/"))
    defined.add(name)
    if "end" in fields:
        lengths.append((int(fields["end"]) - int(fields["line"]) + 1, f"{Path(file).relative_to(root)}:{fields['line']} {name}"))
hiding = sorted({name for h in every for name in h.hiding})
undefined = [(h, f) for h, f in functions if f.name not in defined]
silent = list(headers.undocumented(every))
lines = sum(p.read_text(errors="replace").count("\n") for p in [*sources, *root.glob("*/*.h"), *root.glob("*/*/*.h")]
            if p.relative_to(root).parts[0] in ("tensor", "autograd", "nn", "optim", "data", "plot"))

over = 0
print(f"{'':52} {'now':>8} {'budget':>8}")
for name, now, budget in [
    ("public headers", len(every), None),
    ("function-hiding macros in them", len(hiding), 370),
    ("#define lines in them", sum(h.defines for h in every), 560),
    ("functions that they declare", len(functions), None),
    ("  of these without a definition that ctags finds", len(undefined), 0),
    ("  of these without a comment of their own", len(silent), 0),
    ("functions in the library's sources", len(lengths), None),
    ("  mean length in lines", f"{sum(n for n, _ in lengths) / max(1, len(lengths)):.1f}", None),
    ("  longest", max(lengths)[0] if lengths else 0, None),
    ("lines of the library, its internal headers included", lines, None),
]:
    exceeded = budget is not None and now > budget
    over += exceeded
    print(f"{name:52} {now:>8} {'' if budget is None else budget:>8}{'   over' if exceeded else ''}")
if listed:
    for title, found in (("Without a definition that ctags finds", undefined), ("Without a comment of their own", silent)):
        print(f"\n{title}:")
        for header, function in found:
            print(f"{header.path}:{function.line}: {function.name}")
    print("\nThe longest functions:")
    for n, where in sorted(lengths, reverse=True)[:10]:
        print(f"{n:5} {where}")
sys.exit(1 if checked and over else 0)
PYTHON
