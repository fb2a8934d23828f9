#!/usr/bin/env bash
# What takes too long for every run of the tests of files: 500 kills of a program that writes (WICK_KILLS), and a .pth file of
# more than 4 GiB (WICK_HUGE), for which /dev/shm or /tmp needs the room.
#     scripts/check_files.sh [BUILD]      default: build/release
set -euo pipefail
cd "$(dirname "$0")/.."

program=${1:-build/release}/tests/wick_tests
passed=0 failed=0
run()
{
    if env CK_TIMEOUT_MULTIPLIER=10 "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
run WICK_KILLS=500 "$program" file
folder=$([[ -w /dev/shm ]] && echo /dev/shm || echo /tmp)
if [[ $(df --output=avail -k "$folder" | tail -n 1) -gt 9000000 ]]; then
    run WICK_HUGE=1 "$program" pth
else
    echo "$folder has less than 9 GB: no file of 4 GiB"
fi
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
