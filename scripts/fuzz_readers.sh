#!/usr/bin/env bash
# Searches with clang's libFuzzer, under AddressSanitizer and UndefinedBehaviorSanitizer, for bytes that break a reader or a
# parser: .pth files, pickles, IDX files, tables, state dicts, equations, formats. Each target has its time and at most 1 GB; a
# file that breaks one is left in build/fuzz. What is new in what it finds does not go into tests/fuzz/corpus by itself.
#     scripts/fuzz_readers.sh [--seconds N] [target ...]      default: 60 seconds each, every target
# Without clang, exit status 77: skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=60 targets=()
while [[ $# -gt 0 ]]; do
    case $1 in
    --seconds) seconds=$2 && shift ;;
    -*) sed -n '2,7s/^# //p' "$0" && exit 2 ;;
    *) targets+=("$1") ;;
    esac
    shift
done
if ! command -v clang >/dev/null; then
    echo "needs clang (Debian: apt-get install clang)"
    exit 77
fi
[[ ${#targets[@]} -gt 0 ]] || targets=(pth pickle idx table state einsum format)

CC=clang cmake -B build/fuzz -DWICK_FUZZ=ON -DWICK_SANITIZE=address,undefined -DWICK_EXAMPLES=OFF \
    -DWICK_BENCH=OFF -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
cmake --build build/fuzz --parallel "$(nproc)" --target "${targets[@]/#/fuzz_}" >/dev/null

passed=0 failed=0
for target in "${targets[@]}"; do
    mkdir -p "build/fuzz/found/$target"
    seeds=("tests/fuzz/corpus/$target")
    if [[ $target == pth ]]; then
        mkdir -p build/fuzz/reference
        cp tests/torch/pth/*.pth build/fuzz/reference
        seeds+=(build/fuzz/reference)
    fi
    if OPENBLAS_NUM_THREADS=1 "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -max_len=65536 -artifact_prefix=build/fuzz/ -print_final_stats=1 "build/fuzz/found/$target" "${seeds[@]}" \
        >build/fuzz/log 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        tail -n 40 build/fuzz/log
    fi
    echo "$target: $(sed -n 's/stat::number_of_executed_units: *//p' build/fuzz/log) inputs in $seconds s"
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
