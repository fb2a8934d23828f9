#!/usr/bin/env bash
# Every symbol that the shared library exports begins with wick_.
#     check_symbols.sh LIBRARY
set -euo pipefail
exported=$(nm -D --defined-only "$1" | awk '{ print $NF }')
wrong=$(grep -v '^wick_' <<<"$exported" || true)
if [[ -n $wrong ]]; then
    echo "exported, and not wick_...:"
    echo "$wrong"
    exit 1
fi
echo "$(grep -c . <<<"$exported") symbols, all wick_..."
[[ -n $exported ]]
