#!/usr/bin/env bash
# The shared library takes at most 64 bytes of the memory for thread-local objects, which libraries that are loaded late
# share: with more, no program in another language could load it.
#     check_tls.sh LIBRARY
set -euo pipefail
size=$(LC_ALL=C readelf -lW "$1" | awk '$1 == "TLS" { print $6 }')
echo "thread-local: $((${size:-0})) bytes"
[[ $((${size:-0})) -le 64 ]]
