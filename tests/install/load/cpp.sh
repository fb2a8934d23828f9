#!/usr/bin/env bash
# Compiles a C++ program with the generated defaults.h beside it, and runs it; and C takes the header, too:
#     cpp.sh PROGRAM.cpp DEFAULTS.h INCLUDE LIBRARY      (CC and CXX: the compilers)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$1" "$folder/program.cpp"
cp "$2" "$folder/defaults.h"
"${CC:-cc}" -std=c11 -Wall -Wextra -Werror -I"$3" -fsyntax-only -x c - <<<"#include \"$folder/defaults.h\""
"${CXX:-c++}" -std=c++11 -Wall -Wextra -Werror -I"$3" "$folder/program.cpp" -o "$folder/program" "$4" -Wl,-rpath,"$(dirname "$4")"
"$folder/program"
