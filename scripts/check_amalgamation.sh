#!/usr/bin/env bash
# The library in one file: written twice it is the same, it compiles by itself without a warning, a program learns with it what
# it learns with the library, and C++ takes its header.
#     check_amalgamation.sh EXAMPLE [-D... -l...]      (CC and CXX: the compilers)
# EXAMPLE is the program examples/000_student.c, built with the library; the rest is what it needs to write its .pth file.
set -euo pipefail
cd "$(dirname "$0")/.."
example=$(realpath "$1")
shift

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PYTHONHASHSEED=1 scripts/amalgamate "$folder/wick"
PYTHONHASHSEED=2 scripts/amalgamate "$folder/again"
diff -r "$folder/wick" "$folder/again"
sed 's|<wick/wick.h>|"wick.h"|' examples/000_student.c >"$folder/wick/student.c"
cd "$folder/wick"

# Without optimization, because it takes a minute; the numbers are the same.
warnings=(-Wall -Wextra -Werror)
"${CC:-cc}" "${warnings[@]}" -c wick.c
"${CC:-cc}" -std=c11 "${warnings[@]}" -Wpedantic student.c wick.c -o student "$@" -lm -pthread
"${CXX:-c++}" -x c++ -std=c++17 "${warnings[@]}" -Wpedantic -fsyntax-only - <<<'#include "wick.h"'
./student >../one_file
"$example" >../library
diff ../library ../one_file
echo "one file: $(wc -l <wick.c) lines, and the program prints the same $(wc -l <../one_file)"
