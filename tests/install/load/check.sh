#!/usr/bin/env bash
# A program in another language that loads the library prints what the others print: check.sh EXPECTED PROGRAM ARGUMENT...
set -uo pipefail
expected=$1
shift
if ! command -v "$1" >/dev/null; then
    echo "skipped: $1 is not installed"
    exit 77
fi
printed=$("$@")
status=$?
echo "$printed"
[[ $status -eq 0 ]] || exit "$status"
diff - "$expected" <<<"$printed"
