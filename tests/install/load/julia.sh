#!/usr/bin/env bash
# Julia reads the generated wick.jl, and calls the library: julia.sh WICK.jl LIBRARY
set -euo pipefail
command -v julia >/dev/null || {
    echo "skipped: julia is not installed (Debian has no package of it)"
    exit 77
}
WICK_LIBRARY=$2 julia -e 'include(ARGS[1]); using .Wick; println(unsafe_string(wick_dtype_name(WICK_FLOAT32)))' "$1"
