#!/usr/bin/env bash
# Compiles a Rust program with the generated wick.rs beside it, and runs it: rust.sh PROGRAM.rs WICK.rs LIBRARY
set -euo pipefail
command -v rustc >/dev/null || {
    echo "skipped: rustc is not installed"
    exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$1" "$folder/program.rs"
cp "$2" "$folder/wick.rs"
libraries=$(dirname "$3")
rustc --edition 2021 -D warnings -L "$libraries" -C link-arg="-Wl,-rpath,$libraries" "$folder/program.rs" -o "$folder/program" >&2
"$folder/program"
