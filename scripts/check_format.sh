#!/usr/bin/env bash
# Every C file is formatted as .clang-format says. With --fix, formats them.
# Versions of clang-format differ in details: this is about version 14, of Debian 12 and Ubuntu 22.04; others are not asked.
set -euo pipefail
cd "$(dirname "$0")/.."

tool=""
for candidate in clang-format-14 clang-format; do
    if "$candidate" --version 2>/dev/null | grep -q 'version 14\.'; then
        tool=$candidate
        break
    fi
done
if [[ -z $tool ]]; then
    echo "skipped: clang-format 14 is not installed"
    exit 77
fi
mapfile -t files < <(find . -path ./build -prune -o -path ./.git -prune -o -path ./tests/install -prune -o -name '*.[ch]' -print | sort)
if [[ ${1:-} == --fix ]]; then
    "$tool" -i "${files[@]}"
    exit
fi
wrong=$("$tool" --dry-run "${files[@]}" 2>&1 | sed -nE 's/^([^ :]+):[0-9]+:[0-9]+: .*clang-formatted.*/\1/p' | uniq -c)
if [[ -n $wrong ]]; then
    echo "Places to format, and the file (scripts/check_format.sh --fix does it):"
    echo "$wrong"
    exit 1
fi
echo "${#files[@]} files"
