#!/usr/bin/env bash
# The whole suite on each instruction set that a binary for x86-64 carries (WICK_ISA), for what tests run by themselves is
# the best of the machine's, and the operations on the others. Sets that this processor lacks are named and left out.
#     scripts/check_isas.sh [BUILD]      a folder with a build; without it, one is made in build/isas
set -uo pipefail
cd "$(dirname "$0")/.." || exit
source scripts/packages.sh
source scripts/suites.sh

build=${1:-build/isas}
if [[ $# -eq 0 ]]; then
    need_packages "${build_packages[@]}" check
    configure_and_build . "$build" --preset release -DWICK_EXAMPLES=OFF -DWICK_BENCH=OFF || exit 1
fi

ok=yes passed=0 failed=0 lines=()
for isa in base avx2 avx512; do
    flag=$isa
    [[ $isa == avx512 ]] && flag=avx512vl
    if [[ $isa != base ]] && ! grep -qw "$flag" /proc/cpuinfo; then
        lines+=("$isa: skipped, this processor has no $isa")
        continue
    fi
    say "Testing with WICK_ISA=$isa"
    # Only the suites: what else ctest runs is of the tree, or asks for an instruction set itself.
    every_suite "$build/isa" -- env WICK_ISA=$isa "$build/tests/wick_tests" || ok=no
    passed=$((passed + good)) failed=$((failed + ${#bad[@]}))
    lines+=("$isa: $good suites pass, ${#bad[@]} fail: ${bad[*]:-none}")
done
say "Summary"
printf '%s\n' "${lines[@]}"
echo "$passed passed, $failed failed"
[[ $ok == yes ]]
