#!/usr/bin/env bash
# How much of the library the tests' suites run, by gcov: lines and branches, all together, without the kernels, and the
# files with the most lines that nothing runs.
#     scripts/coverage.sh [--files] [SUITE...]     --files: every file's lines that nothing runs, by number
set -uo pipefail
cd "$(dirname "$0")/.." || exit
source scripts/packages.sh
source scripts/suites.sh

files=no
if [[ ${1:-} == --files ]]; then
    files=yes
    shift
fi
need_packages "${build_packages[@]}" check lcov
build=$PWD/build/coverage
configure_and_build . "$build" -DCMAKE_BUILD_TYPE=Debug -DWICK_EXAMPLES=OFF -DWICK_BENCH=OFF \
    -DCMAKE_C_FLAGS="--coverage -O0 -fprofile-update=atomic" || exit 1
find "$build" -name '*.gcda' -delete

say "Running the suites"
every_suite "$build/suite" "$@" -- "$build/tests/wick_tests"
status=$?
# Command lines are tested by a program of their own.
[[ $# -gt 0 ]] || ctest --test-dir "$build" -R '^args$' >"$build/suite.args" || status=1

say "Coverage"
lcov=(lcov --quiet --rc lcov_branch_coverage=1)
"${lcov[@]}" --capture --directory "$build" --base-directory "$PWD" --no-external --output-file "$build/all.info" 2>"$build/lcov.log" &&
    "${lcov[@]}" --remove "$build/all.info" "$PWD/tests/*" "$build/*" --output-file "$build/library.info" &&
    "${lcov[@]}" --remove "$build/library.info" '*/tensor/kernels/*' --output-file "$build/no_kernels.info" || exit 1
figures() { lcov --rc lcov_branch_coverage=1 --summary "$1" 2>&1 | grep -E 'lines|branches'; }
echo "All:"
figures "$build/library.info"
echo "Without tensor/kernels:"
figures "$build/no_kernels.info"
if [[ $files == yes ]]; then
    awk -F: -v root="$PWD/" '
        $1 == "SF" { file = substr($2, length(root) + 1); lines = "" }
        $1 == "DA" { split($2, at, ","); if (at[2] == 0) lines = lines " " at[1] }
        $1 == "end_of_record" && lines { print file ":" lines }' "$build/library.info"
else
    echo "The ten files with most lines that no suite runs:"
    awk -F: -v root="$PWD/" '
        $1 == "SF" { file = substr($2, length(root) + 1); dead = 0 }
        $1 == "DA" { split($2, at, ","); dead += at[2] == 0 }
        $1 == "end_of_record" && dead { print dead, file }' "$build/library.info" | sort -rn | head
fi
echo "$good passed, ${#bad[@]} failed"
exit $status
