#!/usr/bin/env bash
# Each public header compiles by itself, as C11 and as C++17, without a warning.
#     check_headers.sh INCLUDE_DIR HEADER...      (CC and CXX: the compilers)
set -euo pipefail
include=$1
shift

warnings=(-Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion)
wrong=0
check() # compiler, language, standard, header
{
    echo "#include <wick/$4>" |
        "$1" -x "$2" "-std=$3" "${warnings[@]}" -DWICK_CHECK_HEADERS -I"$include" -fsyntax-only - || {
        echo "wick/$4 does not compile as $3"
        wrong=$((wrong + 1))
    }
}
for header in "$@"; do
    check "${CC:-cc}" c c11 "$header"
    check "${CXX:-c++}" c++ c++17 "$header"
done
echo "$# headers, $wrong failures"
[[ $# -gt 0 && $wrong -eq 0 ]]
