#!/usr/bin/env bash
# Builds the library and the examples for macOS and Windows, with every warning an error; nothing of them is run. For macOS the
# compiler is zig's, by the Python package ziglang, for Windows mingw-w64.
#     scripts/check_ports.sh [PORT...]      x86_64-macos, aarch64-macos, x86_64-windows; all, if none is named
# Exit status 77: a compiler cannot be had, and what could be tried builds.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
source scripts/packages.sh

[[ $# -gt 0 ]] || set -- x86_64-macos aarch64-macos x86_64-windows
build=$PWD/build/ports
mkdir -p "$build"
need_packages cmake make python3 python3-venv

# port NAME CMAKE_OPTION...
good=0 bad=() missing=()
port()
{
    local name=$1
    shift
    if configure_and_build . "$build/$name" -DCMAKE_SYSTEM_PROCESSOR="${name%-*}" -DCMAKE_BUILD_TYPE=Debug -DWICK_WERROR=ON \
        -DWICK_TESTS=OFF -DWICK_BENCH=OFF -DWICK_BLAS=OFF -DWICK_SLEEF=OFF -DWICK_ZLIB=OFF -DWICK_LIBZIP=OFF -DWICK_LIBDW=OFF \
        "$@"; then
        good=$((good + 1))
    else
        bad+=("$name")
    fi
}

has_zig()
{
    local python=$build/zig/bin/python
    "$python" -m ziglang version >/dev/null 2>&1 ||
        { python3 -m venv "$build/zig" && "$build/zig/bin/pip" install --quiet ziglang && "$python" -m ziglang version; }
}

# zig_tool TARGET TOOL ARGUMENT...: a program of that name, since CMake wants one for the compiler, ar and ranlib.
zig_tool()
{
    local file=$build/$1-tools/$2
    mkdir -p "${file%/*}"
    printf '#!/bin/sh\nexec "%s/zig/bin/python" -m ziglang %s "$@"\n' "$build" "${*:2}" >"$file"
    chmod +x "$file"
}

for name in "$@"; do
    case $name in
    *-macos)
        if ! has_zig; then
            missing+=("$name: pip has no ziglang")
            continue
        fi
        zig_tool "$name" cc -target "$name"
        zig_tool "$name" ar
        zig_tool "$name" ranlib
        tools=$build/$name-tools
        port "$name" -DCMAKE_SYSTEM_NAME=Darwin -DCMAKE_C_COMPILER="$tools/cc" -DCMAKE_AR="$tools/ar" \
            -DCMAKE_RANLIB="$tools/ranlib"
        ;;
    x86_64-windows)
        # A shell of its own, because need_packages leaves the one that it is called in.
        compiler=x86_64-w64-mingw32-gcc
        if ! command -v $compiler >/dev/null && ! (need_packages gcc-mingw-w64-x86-64-posix); then
            missing+=("$name: there is no $compiler")
            continue
        fi
        command -v $compiler-posix >/dev/null && compiler+=-posix # with POSIX threads, of Debian's two
        # mingw's isnan and isfinite pass a double where they ask for the size of a float.
        port "$name" -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_C_COMPILER=$compiler -DCMAKE_C_FLAGS=-Wno-float-conversion
        ;;
    *)
        echo "unknown port: $name"
        exit 2
        ;;
    esac
done

say "ports: $good build, ${#bad[@]} do not: ${bad[*]:-none}"
echo "$good passed, ${#bad[@]} failed"
[[ ${#bad[@]} -eq 0 ]] || exit 1
if [[ ${#missing[@]} -gt 0 ]]; then
    printf '%s\n' "${missing[@]}"
    exit 77
fi
