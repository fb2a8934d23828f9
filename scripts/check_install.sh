#!/usr/bin/env bash
# An installed copy is complete: the program of tests/install builds against it with pkg-config and with find_package,
# shared and static, and learns; the target uninstall takes all of it away, and nothing else.
#     check_install.sh BUILD_DIR [CMAKE]      (CC: the compiler)
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
build=$1
cmake=${2:-cmake}
cc=${CC:-cc}
program=$source/tests/install/north_star.c

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
"$cmake" --install "$build" --prefix "$prefix" >"$work/log" || {
    cat "$work/log"
    exit 1
}
pc=$(find "$prefix" -name wick.pc)
lib=$(dirname "$(dirname "$pc")")

echo "== installed headers: no internal one"
(cd "$prefix/include" && find wick -type f | sort)
if grep -rlE '"(.*/)?(internal|object|kernels|node|thread)\.h"' "$prefix/include"; then
    echo "these installed headers include internal ones"
    exit 1
fi

# The loss, which the program prints every 100 epochs, falls; the saved model is there.
learns()
{
    echo "== $1"
    (mkdir "$work/run.$1" && cd "$work/run.$1" && "${@:2}") | tee "$work/out"
    awk '/loss:/ { last = $NF; if (!n++) first = last }
         END { if (n < 2 || !(last < first)) { print "the loss does not fall"; exit 1 } }' "$work/out"
    grep -q '^pass probability: 0\.' "$work/out" || { echo "no probability was printed"; exit 1; }
    [[ -s $work/run.$1/mlp_student.pth ]] || { echo "mlp_student.pth was not written"; exit 1; }
}

if command -v pkg-config >/dev/null; then
    export PKG_CONFIG_PATH=${pc%/*}
    read -ra flags < <(pkg-config --cflags --libs wick)
    "$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror "$program" "${flags[@]}" -o "$work/by_pkg_config"
    learns pkg-config env LD_LIBRARY_PATH="$lib" "$work/by_pkg_config"
else
    echo "pkg-config is not installed: only find_package is checked"
fi

if ! { "$cmake" -S "$source/tests/install" -B "$work/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" &&
    "$cmake" --build "$work/build"; } >"$work/log" 2>&1; then
    cat "$work/log"
    exit 1
fi
learns find_package "$work/build/north_star"
learns find_package_static "$work/build/north_star_static"

echo "== uninstall"
touch "$prefix/include/of_another.h" "$prefix/share/doc/.hidden"
"$cmake" --install "$build" --prefix "$prefix" >"$work/log"
"$cmake" --build "$build" --target uninstall >"$work/log" || {
    cat "$work/log"
    exit 1
}
left=$(cd "$prefix" && find . -type f -o -type l | sort | tr '\n' ' ')
[[ $left == "./include/of_another.h ./share/doc/.hidden " ]] || { echo "uninstall leaves: $left" && exit 1; }
left=$(find "$prefix" -type d -name 'wick')
[[ -z $left ]] || { echo "uninstall leaves folders: $left" && exit 1; }
